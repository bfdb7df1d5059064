//! Programs with natural-language blocks, run unmodified, and answered by the traces
//! that models left when they ran them elsewhere.
//!
//! A trace is a dialogue of tool calls; what it did to the program's state, taken
//! together, is one answer of ours: code, and how control goes on.

use crate::answered::{Program, records, run};
use crate::pure::Ended;
use emulant_ask::{Answer, Hole, Limits, Shape};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// What a program may spend.
const INSTRUCTIONS: u64 = 200_000_000;
/// Appended to a program, so that the harness need not read what it prints.
const TELL: &str = "\nimport json as _json\nprint('\\0' + _json.dumps([[name, bool(held)] for name, held in hard_results.items()]))\n";

/// A program, and what models did with its blocks.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// Its text.
    pub source: String,
    /// Traces: who, and one answer for each block that was run.
    pub traces: Vec<(String, Vec<Done>)>,
}

/// What a trace did in one block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// The code that ran without error.
    pub code: String,
    /// The last control call that was taken: `done`, `return`, `raise`.
    pub end: String,
    /// Calls of the model.
    pub calls: usize,
}

/// What came of one trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The program.
    pub id: String,
    /// Who answered.
    pub by: String,
    /// Did it run to its end?
    pub ran: bool,
    /// How it ended, when not well.
    pub ended: String,
    /// Tests passed, of how many.
    pub passed: usize,
    /// Tests.
    pub tests: usize,
    /// Blocks asked.
    pub blocks: usize,
    /// Asks, with those again after an answer that did not pass.
    pub asks: usize,
    /// Control endings in the trace that the block's text does not name; none of them was taken.
    pub unnamed: usize,
}

/// Reads a folder with `programs*.jsonl` and `traces*.jsonl`.
///
/// # Errors
/// What cannot be read, and why.
pub fn read(folder: &Path) -> Result<Vec<Case>, String> {
    let mut traces: BTreeMap<String, Vec<(String, Vec<Done>)>> = BTreeMap::new();
    for record in records(folder, "traces")? {
        let (Some(name), Some(trace)) = (record["file_name"].as_str(), record["trace"].as_array()) else { continue };
        let by = format!("{} run {}", record["model"].as_str().unwrap_or("?"), record["run"]);
        traces.entry(name.into()).or_default().push((by, blocks_of(trace)));
    }
    let case = |record: &Json| {
        let id = record["id"].as_str()?.to_string();
        let traces = traces.get(&id).cloned().unwrap_or_default();
        Some(Case { source: record["source"].as_str()?.into(), traces, id })
    };
    let cases: Vec<Case> = records(folder, "programs")?.iter().filter_map(case).collect();
    if cases.is_empty() {
        return Err(format!("{}: no record has id and source", folder.display()));
    }
    Ok(cases)
}

/// One entry for each message of the user, which begins a block.
fn blocks_of(trace: &[Json]) -> Vec<Done> {
    let mut blocks: Vec<Done> = Vec::new();
    let mut open: BTreeMap<String, (String, Json)> = BTreeMap::new();
    for message in trace {
        match message["role"].as_str() {
            Some("user") => blocks.push(Done::default()),
            Some("assistant") => {
                for call in message["tool_calls"].as_array().into_iter().flatten() {
                    let arguments = call["function"]["arguments"].as_str().and_then(|text| serde_json::from_str(text).ok());
                    let name = call["function"]["name"].as_str().unwrap_or_default();
                    let id = call["id"].as_str().unwrap_or_default().to_string();
                    if let Some(block) = blocks.last_mut() {
                        block.calls += 1;
                        block.control(name, arguments.as_ref());
                    }
                    open.insert(id, (name.into(), arguments.unwrap_or_default()));
                }
            }
            Some("tool") => {
                let Some((name, arguments)) = message["tool_call_id"].as_str().and_then(|id| open.remove(id)) else { continue };
                let failed = message["content"].as_str().is_some_and(|text| text.starts_with("Error"));
                if let (Some(block), false) = (blocks.last_mut(), failed) {
                    block.take(&name, &arguments);
                } else if let Some(block) = blocks.last_mut() {
                    block.end.clear();
                }
            }
            _ => {}
        }
    }
    blocks
}

impl Done {
    fn control(&mut self, name: &str, arguments: Option<&Json>) {
        if !matches!(name, "done" | "return" | "raise" | "break" | "continue") {
            return;
        }
        self.end = name.into();
        if let (true, Some(variable)) = (name == "raise", arguments.and_then(|arguments| arguments["variable"].as_str())) {
            self.end = format!("raise {variable}");
        }
    }

    fn take(&mut self, name: &str, arguments: &Json) {
        match (name, arguments["code"].as_str(), arguments["expression"].as_str()) {
            ("exec", Some(code), _) => self.code.push_str(&format!("{}\n", code.trim_end())),
            // It was looked at, and may have changed something; what it gave there may not exist here.
            ("eval", _, Some(expression)) => {
                self.code.push_str(&format!("try:\n    ({})\nexcept Exception:\n    pass\n", expression.trim()));
            }
            _ => {}
        }
    }

    /// The answer to a block of this shape, and whether the trace's ending was not named by the text.
    fn answer(&self, shape: &Shape) -> (Json, bool) {
        let allowed = |word: &str| match shape {
            Shape::Record { fields, .. } => fields.iter().any(|field| match (&field.shape, field.name.as_str()) {
                (Shape::Literal { values }, "end") => values.iter().any(|value| value.as_str() == Some(word)),
                _ => false,
            }),
            _ => false,
        };
        let mut code = self.code.clone();
        let (word, variable) = self.end.split_once(' ').unwrap_or((&self.end, ""));
        let unnamed = !matches!(word, "done" | "") && !allowed(word);
        if word == "raise" && allowed("raise") {
            code.push_str(&format!("raise {variable}\n"));
        }
        let mut answer = json!({"code": code});
        if allowed("done") {
            answer["end"] = json!("done");
        }
        (answer, unnamed)
    }
}

/// Runs a program with the answers of one trace.
pub fn replay(case: &Case, by: &str, blocks: &[Done]) -> Outcome {
    let program = Program {
        file: format!("{}.py", case.id),
        text: format!("{}{TELL}", case.source),
        limits: Limits { instructions: INSTRUCTIONS, ..Limits::default() },
        ..Program::default()
    };
    let (mut next, mut unnamed) = (0, 0);
    let mut answer = |holes: &[&Hole]| -> Vec<Answer> {
        let one = |hole: &&Hole| {
            if !hole.feedback.is_empty() {
                return Answer::Failed { reason: "the trace has no other answer".into() };
            }
            next += 1;
            let Some(done) = blocks.get(next - 1) else {
                return Answer::Failed { reason: "the trace ends before this block".into() };
            };
            let (json, is_unnamed) = done.answer(&hole.shape);
            unnamed += usize::from(is_unnamed);
            hole.shape.accept(&json).map_or_else(|mismatch| Answer::Failed { reason: mismatch.to_string() }, Answer::value)
        };
        holes.iter().map(one).collect()
    };
    let answered = run(&program, &mut answer);
    let tests: Vec<(String, bool)> = answered
        .ran
        .output
        .rsplit('\0')
        .next()
        .and_then(|text| serde_json::from_str(text.trim()).ok())
        .unwrap_or_default();
    let ended = match &answered.ran.ended {
        Ended::Done { .. } => String::new(),
        other => format!("{other:?}"),
    };
    Outcome {
        id: case.id.clone(),
        by: by.into(),
        ran: ended.is_empty(),
        ended,
        passed: tests.iter().filter(|(_, held)| *held).count(),
        tests: tests.len(),
        blocks: next,
        asks: answered.asks.len(),
        unnamed,
    }
}

/// All programs with all their traces.
pub fn replay_all(cases: &[Case]) -> Vec<Outcome> {
    cases.iter().flat_map(|case| case.traces.iter().map(move |(by, blocks)| replay(case, by, blocks))).collect()
}

/// The report: a row a program and answerer, then the sums.
pub fn report(outcomes: &[Outcome]) -> String {
    let mut rows: BTreeMap<(String, String), (usize, f64, usize, usize, usize)> = BTreeMap::new();
    for one in outcomes {
        let model = one.by.split(" run ").next().unwrap_or_default().to_string();
        let row = rows.entry((model, one.id.clone())).or_default();
        row.0 += 1;
        row.1 += one.passed as f64 / one.tests.max(1) as f64;
        row.2 += one.blocks;
        row.3 += one.asks;
        row.4 += one.unnamed;
    }
    let mut text = String::new();
    for ((model, id), (runs, share, blocks, asks, unnamed)) in &rows {
        text.push_str(&format!("{model}  {id}: tests {:.2}, {runs} runs, {blocks} blocks, {asks} asks, {unnamed} endings not named\n", share / *runs as f64));
    }
    for one in outcomes.iter().filter(|one| !one.ran) {
        text.push_str(&format!("did not end well: {} ({}): {}\n", one.id, one.by, one.ended));
    }
    let ran = outcomes.iter().filter(|one| one.ran).count();
    let blocks: usize = outcomes.iter().map(|one| one.blocks).sum();
    let asks: usize = outcomes.iter().map(|one| one.asks).sum();
    let unnamed: usize = outcomes.iter().map(|one| one.unnamed).sum();
    let mean = rows.values().map(|row| row.1 / row.0 as f64).sum::<f64>() / rows.len().max(1) as f64;
    text.push_str(&format!(
        "nightjar: {ran} of {} runs ended well, mean share of tests {mean:.3}, {blocks} blocks, {:.2} asks a block, {unnamed} endings that no text names, none taken\n",
        outcomes.len(),
        asks as f64 / blocks.max(1) as f64,
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialogue_becomes_one_answer() {
        let call = |id: &str, name: &str, arguments: Json| json!({"role": "assistant", "tool_calls": [{"id": id, "function": {"name": name, "arguments": arguments.to_string()}}]});
        let said = |id: &str, content: &str| json!({"role": "tool", "tool_call_id": id, "content": content});
        let trace = [
            json!({"role": "user", "content": "Count."}),
            call("1", "eval", json!({"expression": "n = 1"})),
            said("1", "Error: invalid syntax"),
            call("2", "exec", json!({"code": "n = 2\n"})),
            said("2", "Success"),
            call("3", "return", json!({"variable": "n"})),
        ];
        let blocks = blocks_of(&trace);
        assert_eq!(blocks, [Done { code: "n = 2\n".into(), end: "return".into(), calls: 3 }]);
        assert_eq!(blocks[0].answer(&Shape::Any), (json!({"code": "n = 2\n"}), true));
    }
}
