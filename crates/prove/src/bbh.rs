//! BIG-Bench Hard as programs with holes: what is code is run, what is judgement is asked.

use crate::answered::{Answerer, Program, records, run};
use crate::pure::Ended;
use crate::random::Random;
use emulant_ask::Limits;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;

/// What one case may spend.
const INSTRUCTIONS: u64 = 500_000_000;
/// Tasks whose program has another name.
const SHARED: [(&str, &str); 2] = [("tracking_shuffled_objects_", "tracking_shuffled_objects"), ("logical_deduction_", "logical_deduction")];
/// The program of a task that is judgement alone.
const JUDGEMENT: &str = "choice";

/// One question.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its task.
    pub task: String,
    /// What is asked.
    pub input: String,
    /// The right answer.
    pub target: String,
}

/// What came of one task.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Cases run.
    pub cases: usize,
    /// Right answers.
    pub right: usize,
    /// Asks.
    pub asks: usize,
    /// Cases that did not end well.
    pub failed: usize,
    /// Why the last of them did not.
    pub reason: String,
}

/// Reads `dev.jsonl` of a folder, or a file; so many of each task, drawn by a seed.
///
/// # Errors
/// What cannot be read, and why.
pub fn read(path: &Path, per_task: usize, seed: u64) -> Result<Vec<Case>, String> {
    let text = |record: &Json, name: &str| record[name].as_str().map(String::from);
    let mut tasks: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for record in records(path, "dev")? {
        if let (Some(task), Some(input), Some(target)) = (text(&record, "task"), text(&record, "input"), text(&record, "target")) {
            tasks.entry(task.clone()).or_default().push(Case { task, input, target });
        }
    }
    let mut random = Random::new(seed);
    let mut cases = Vec::new();
    for (_, mut all) in tasks {
        for _ in 0..per_task.min(all.len()) {
            cases.push(all.swap_remove(random.below(all.len() as u64) as usize));
        }
    }
    if cases.is_empty() { Err(format!("{}: no record has task, input and target", path.display())) } else { Ok(cases) }
}

/// The programs of a folder, by name.
///
/// # Errors
/// What cannot be read, and why.
pub fn programs(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut programs = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            programs.insert(name, std::fs::read_to_string(&path).map_err(at)?);
        }
    }
    Ok(programs)
}

/// The program of a task.
pub fn program_of<'p>(programs: &'p BTreeMap<String, String>, task: &str) -> Option<&'p String> {
    let shared = SHARED.iter().find(|(prefix, _)| task.starts_with(prefix)).map_or(task, |(_, name)| name);
    programs.get(shared).or_else(|| programs.get(JUDGEMENT))
}

/// Runs one case; adds to its row.
pub fn ask(program: &str, case: &Case, answer: Answerer, row: &mut Row) {
    let question = Json::from(Json::from(case.input.as_str()).to_string()).to_string();
    let program = Program {
        file: format!("{}.py", case.task),
        text: format!("{program}\nimport json as _json\nprint('\\0' + solve(_json.loads({question})))\n"),
        limits: Limits { instructions: INSTRUCTIONS, ..Limits::default() },
        ..Program::default()
    };
    let answered = run(&program, answer);
    row.cases += 1;
    row.asks += answered.asks.len();
    let said = answered.ran.output.rsplit('\0').next().unwrap_or_default().trim();
    row.right += usize::from(said == case.target.trim());
    if answered.ran.ended != (Ended::Done { status: 0 }) {
        row.failed += 1;
        row.reason = format!("{:?}", answered.ran.ended);
    }
}

/// The table.
pub fn report(rows: &BTreeMap<String, Row>) -> String {
    let mut text = String::new();
    for (task, row) in rows {
        let share = 100.0 * row.right as f64 / row.cases.max(1) as f64;
        let asks = row.asks as f64 / row.cases.max(1) as f64;
        text.push_str(&format!("{task}: {} of {} right ({share:.0} %), {asks:.1} asks a case", row.right, row.cases));
        text.push_str(&if row.failed == 0 { "\n".into() } else { format!("; {} did not end well: {}\n", row.failed, row.reason) });
    }
    let mean = rows.values().map(|row| row.right as f64 / row.cases.max(1) as f64).sum::<f64>() / rows.len().max(1) as f64;
    text.push_str(&format!("bbh: {} tasks, mean {:.1} % right\n", rows.len(), 100.0 * mean));
    text
}
