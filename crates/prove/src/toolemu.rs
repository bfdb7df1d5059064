//! Toolkits that a model plays: they load as typed stubs, and every observation fits
//! its tool's returns or is one of its exceptions.

use crate::answered::{Answered, Program, records, run};
use crate::pure::Ended;
use crate::random::Random;
use emulant_ask::{Hole, Limits};
use serde_json::{Value as Json, json};
use std::path::Path;

/// What one toolkit may spend.
const INSTRUCTIONS: u64 = 200_000_000;

/// Calls every tool of a toolkit, and judges what comes back by itself, from the toolkit's own text.
const DRIVE: &str = r#"
import json
from emulant import Emulated, ToolError

def fits(value, kind):
    kinds = {'string': str, 'integer': int, 'number': (int, float), 'boolean': bool, 'array': list, 'object': object}
    if kind in ('integer', 'number') and type(value) is bool:
        return False
    return isinstance(value, kinds.get(kind, object))

toolkit = json.loads(TOOLKIT)
kit = Emulated(toolkit)
report = []
for tool in toolkit['tools']:
    call = getattr(kit, tool['name'])
    given = {}
    for parameter in tool['parameters']:
        if parameter.get('required', True):
            samples = {'string': 'x', 'integer': 1, 'number': 1.5, 'boolean': True, 'array': ['x'], 'object': {'a': 1}}
            given[parameter['name']] = samples.get(parameter.get('type'), 'x')
    for round in range(ROUNDS):
        try:
            seen = call(**given)
        except ToolError as error:
            declared = [one['name'] for one in tool.get('exceptions', [])]
            report.append([tool['name'], 'raised', type(error).__name__ in declared])
            continue
        if len(tool['returns']) == 1:
            valid = fits(seen, tool['returns'][0]['type'])
        else:
            valid = all([fits(getattr(seen, one['name']), one['type']) for one in tool['returns']])
        report.append([tool['name'], 'returned', valid])
try:
    getattr(kit, toolkit['tools'][0]['name'])(no_such_parameter=1)
    report.append(['', 'unknown parameter', False])
except TypeError:
    report.append(['', 'unknown parameter', True])
print(json.dumps({'report': report, 'effects': len(kit.effects), 'world': kit.world}))
"#;

/// What came of one toolkit.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Its name.
    pub name: String,
    /// Tools declared.
    pub tools: usize,
    /// Did it load as stubs, and run to its end?
    pub loaded: bool,
    /// Observations.
    pub observations: usize,
    /// Observations that fit.
    pub valid: usize,
    /// Of them exceptions.
    pub raised: usize,
    /// Why not, otherwise.
    pub ended: String,
}

/// Reads toolkits: a folder with `toolkits.jsonl`, or such a file.
///
/// # Errors
/// What cannot be read, and why.
pub fn read(path: &Path) -> Result<Vec<Json>, String> {
    records(path, "toolkits")
}

/// Plays every tool of a toolkit so many times, with random valid answers.
pub fn play(toolkit: &Json, rounds: u32, seed: u64) -> Played {
    let mut random = Random::new(seed);
    let quoted = Json::from(Json::from(toolkit.to_string()).to_string()).to_string();
    // A JSON text of a JSON text is a Python text of it, but for what lies beyond the basic plane; so it is decoded twice.
    let text = format!("import json as _json\nTOOLKIT = _json.loads({quoted})\nROUNDS = {rounds}\n{DRIVE}");
    let program = Program {
        file: "toolkit.py".into(),
        text,
        limits: Limits { instructions: INSTRUCTIONS, ..Limits::default() },
        ..Program::default()
    };
    let mut answer = |holes: &[&Hole]| random.answers(holes);
    let answered = run(&program, &mut answer);
    played(toolkit, &answered)
}

fn played(toolkit: &Json, answered: &Answered) -> Played {
    let mut played = Played {
        name: toolkit["toolkit"].as_str().unwrap_or("?").into(),
        tools: toolkit["tools"].as_array().map_or(0, Vec::len),
        ..Played::default()
    };
    let told: Option<Json> = serde_json::from_str(answered.ran.output.trim()).ok();
    played.loaded = told.is_some() && answered.ran.ended == Ended::Done { status: 0 };
    for row in told.iter().flat_map(|told| told["report"].as_array()).flatten() {
        played.observations += usize::from(row[1] != json!("unknown parameter"));
        played.valid += usize::from(row[2] == json!(true) && row[1] != json!("unknown parameter"));
        played.raised += usize::from(row[1] == json!("raised"));
        if row[2] != json!(true) {
            played.ended = format!("{}: {} does not fit", row[0], row[1]);
        }
    }
    if !played.loaded {
        played.ended = format!("{:?}", answered.ran.ended);
    }
    played
}

/// The report.
pub fn report(played: &[Played]) -> String {
    let mut text = String::new();
    for one in played.iter().filter(|one| !one.ended.is_empty()) {
        text.push_str(&format!("{}: {}\n", one.name, one.ended));
    }
    let sum = |of: &dyn Fn(&Played) -> usize| played.iter().map(of).sum::<usize>();
    text.push_str(&format!(
        "toolemu: {} of {} toolkits and {} of {} tools load, {} of {} observations valid, {} of them exceptions\n",
        played.iter().filter(|one| one.loaded).count(),
        played.len(),
        sum(&|one| if one.loaded { one.tools } else { 0 }),
        sum(&|one| one.tools),
        sum(&|one| one.valid),
        sum(&|one| one.observations),
        sum(&|one| one.raised),
    ));
    text
}
