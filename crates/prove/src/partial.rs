//! Code whose definitions are missing: how many of its lines run, and what is asked.
//!
//! A simple statement counts when it completes, the head of a compound one when its
//! body is entered; docstrings do not count. Values that are missing are opaque.

use crate::answered::{Answerer, Program, records, run};
use crate::pure::Ended;
use emulant_ask::{Answer, Hole, Limits};
use emulant_compile::Holes;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a snippet may spend in one run.
const INSTRUCTIONS: u64 = 20_000_000;
const MEMORY: u64 = 256 << 20;
/// The runs without asks: what an opaque value says when its truth is asked.
const RUNS: [&str; 3] = ["true", "even", "odd"];

/// A piece of code without its surroundings.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// Its name.
    pub id: String,
    /// Its text.
    pub source: String,
}

/// What ran of a snippet.
#[derive(Clone, Debug)]
pub struct Covered {
    /// The snippet's name.
    pub id: String,
    /// Statements that count.
    pub lines: usize,
    /// How many completed in the first run.
    pub first: usize,
    /// How many completed in any run.
    pub union: usize,
    /// Asks of all runs.
    pub asks: usize,
    /// How the first run ended.
    pub ended: String,
}

/// Reads records with `id` and `source`.
///
/// # Errors
/// What cannot be read, and why.
pub fn read(path: &Path) -> Result<Vec<Snippet>, String> {
    let text = |record: &Json, name: &str| record[name].as_str().map(String::from);
    let snippets = records(path, "")?.into_iter().filter_map(|record| Some(Snippet { id: text(&record, "id")?, source: text(&record, "source")? }));
    let snippets: Vec<Snippet> = snippets.collect();
    if snippets.is_empty() {
        return Err(format!("{}: no record has id and source", path.display()));
    }
    Ok(snippets)
}

/// Runs one snippet three times. With an answerer, what is forced in the first run is asked, so many times at most.
pub fn measure(snippet: &Snippet, mut answerer: Option<Answerer>, asks: usize) -> Covered {
    let options = emulant_compile::Options { holes: Holes { partial: true, ..Holes::default() }, ..Default::default() };
    let counted: BTreeSet<u32> = match emulant_compile::countable(&snippet.source, &options) {
        Ok(places) => places.into_iter().collect(),
        Err(error) => {
            let ended = format!("not compiled: {}", error.message);
            return Covered { id: snippet.id.clone(), lines: 0, first: 0, union: 0, asks: 0, ended };
        }
    };
    let mut covered = Covered { id: snippet.id.clone(), lines: counted.len(), first: 0, union: 0, asks: 0, ended: String::new() };
    let mut union: BTreeSet<u32> = BTreeSet::new();
    for (index, word) in RUNS.into_iter().enumerate() {
        let asked = index == 0 && answerer.is_some();
        let setting = if asked { "ask" } else { word };
        let program = Program {
            file: "snippet".into(),
            text: snippet.source.clone(),
            holes: options.holes,
            reached: true,
            settings: BTreeMap::from([("partial".to_string(), setting.to_string()), ("partial_asks".to_string(), asks.to_string())]),
            limits: Limits { instructions: INSTRUCTIONS, memory_bytes: MEMORY, ..Limits::default() },
        };
        let mut nobody = |holes: &[&Hole]| holes.iter().map(|_| Answer::Failed { reason: "nobody is asked".into() }).collect();
        let answered = match (&mut answerer, asked) {
            (Some(answer), true) => run(&program, answer),
            _ => run(&program, &mut nobody),
        };
        covered.asks += answered.asks.len();
        let reached: BTreeSet<u32> = answered.ran.errors.split('\0').filter_map(|line| line.split('\n').next()?.parse().ok()).collect();
        union.extend(reached.intersection(&counted));
        if index == 0 {
            covered.first = union.len();
            covered.ended = shown(&answered.ran.ended);
        }
    }
    covered.union = union.len();
    covered
}

fn shown(ended: &Ended) -> String {
    match ended {
        Ended::Done { .. } => "done".into(),
        Ended::Raised { class, message, line, .. } => format!("{class}: {message} (line {line})"),
        Ended::Limit(limit) => format!("limit: {limit:?}"),
        Ended::SyntaxError(text) | Ended::Unsupported(text) => format!("not compiled: {text}"),
    }
}

/// The figures of all snippets.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Snippets.
    pub snippets: usize,
    /// Mean share of lines in one run.
    pub first: f64,
    /// Mean share of lines in three runs.
    pub union: f64,
    /// Share of snippets that ran completely, in three runs.
    pub complete: f64,
    /// Asks for each snippet.
    pub asks: f64,
}

/// Sums up.
pub fn figures(covered: &[Covered]) -> Figures {
    let count = covered.len().max(1) as f64;
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let mean = |of: &dyn Fn(&Covered) -> f64| covered.iter().map(of).sum::<f64>() / count;
    Figures {
        snippets: covered.len(),
        first: mean(&|one| share(one.first, one.lines)),
        union: mean(&|one| share(one.union, one.lines)),
        complete: mean(&|one| f64::from(u8::from(one.lines > 0 && one.union == one.lines))),
        asks: mean(&|one| one.asks as f64),
    }
}

/// The report as text; `show` lists so many snippets that ran least.
pub fn report(covered: &[Covered], show: usize) -> String {
    let mut text = String::new();
    let mut worst: Vec<&Covered> = covered.iter().filter(|one| one.union < one.lines || one.lines == 0).collect();
    worst.sort_by_key(|one| (one.union * 1000).checked_div(one.lines).unwrap_or(0));
    for one in worst.iter().take(show) {
        text.push_str(&format!("{}: {} of {} lines; {}\n", one.id, one.union, one.lines, one.ended));
    }
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    for one in covered {
        *ends.entry(one.ended.split(" (line").next().unwrap_or_default().split(':').next().unwrap_or_default()).or_default() += 1;
    }
    let mut ends: Vec<(usize, &str)> = ends.into_iter().map(|(end, count)| (count, end)).collect();
    ends.sort_by(|a, b| b.cmp(a));
    let ends: Vec<String> = ends.iter().take(8).map(|(count, end)| format!("{end} {count}")).collect();
    text.push_str(&format!("first run ended: {}\n", ends.join(", ")));
    let f = figures(covered);
    text.push_str(&format!(
        "partial: {} snippets, lines in one run {:.1} %, in three {:.1} %, complete {:.1} %, asks per snippet {:.2}\n",
        f.snippets, 100.0 * f.first, 100.0 * f.union, 100.0 * f.complete, f.asks
    ));
    text
}

/// Everything as JSON.
pub fn to_json(covered: &[Covered]) -> Json {
    let rows = covered.iter().map(|one| {
        json!({"id": one.id, "lines": one.lines, "first": one.first, "union": one.union, "asks": one.asks, "ended": one.ended})
    });
    let f = figures(covered);
    json!({"lines_one_run": f.first, "lines_three_runs": f.union, "complete": f.complete, "asks": f.asks, "snippets": rows.collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Covered {
        measure(&Snippet { id: "t".into(), source: source.into() }, None, 0)
    }

    #[test]
    fn what_is_missing_absorbs_and_every_line_runs() {
        let one = of("resp = session.get(url, headers=hdrs)\nif resp.status_code == 429:\n    time.sleep(int(resp.headers['Retry-After']))\nprint(resp.json()['items'][0]['id'])\n");
        assert_eq!((one.lines, one.first, one.asks, one.ended.as_str()), (4, 4, 0, "done"));
    }

    #[test]
    fn the_other_branch_runs_in_another_run() {
        let one = of("if flag:\n    a = 1\nelse:\n    b = 2\n");
        assert_eq!((one.lines, one.first, one.union), (3, 2, 3), "{one:?}");
    }

    #[test]
    fn endless_loops_end() {
        let one = of("while more():\n    n = next(stream)\nprint('end')\n");
        assert_eq!((one.lines, one.union, one.ended.as_str()), (3, 3, "done"));
    }

    #[test]
    fn unpacking_imports_and_exceptions_know_their_place() {
        let source = "import numpy as np\nfrom lib.core import Thing, helper\na, b = helper(np.array([1]))\nfor k, v in a:\n    d = k + v\n\
                      try:\n    raise Thing.Error('x')\nexcept Thing.Error as e:\n    f = e\nclass K(Thing):\n    def m(self):\n        \"\"\"doc\"\"\"\n        return 1\nK().m()\n";
        let one = of(source);
        assert_eq!((one.lines, one.union), (13, 12), "{one:?}");
    }
}
