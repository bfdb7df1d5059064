//! Policies of the user's own, in Cedar, judged by the process `emulant-cedar`
//! (`cedar/` in the source): found beside this program, on PATH, or where
//! EMULANT_CEDAR says. A process that dies, hangs or talks nonsense refuses.

use emulant_ask::{Call, Value};
use emulant_gate::{Declaration, Facts, Policies, Ruling, State};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The program's name.
const NAME: &str = "emulant-cedar";
/// Longest answer.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

/// A process that judges.
pub struct Cedar {
    process: RefCell<Process>,
    /// The schema that the policies were checked against.
    pub schema: Json,
    /// How many policies there are.
    pub count: u64,
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// The program, if it is installed.
pub fn program() -> Option<PathBuf> {
    let given = std::env::var_os("EMULANT_CEDAR").map(PathBuf::from);
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(NAME)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(NAME));
    given.into_iter().chain(beside).chain(on_path).find(|path| path.is_file())
}

impl Cedar {
    /// Policies (name and text) for these tools and this state.
    ///
    /// # Errors
    /// When the program is not there, or the policies do not parse or fit.
    pub fn open(policies: &[(String, String)], tools: &[Declaration], state: &State) -> Result<Cedar, String> {
        let mut process = Process::start()?;
        let cells: Vec<Json> = state.cells().map(|(name, cell)| json!([name, cell.schema])).collect();
        let tool = |tool: &Declaration| {
            json!({"name": tool.name, "acts": tool.acts, "effect": tool.contract.effect.name(), "server": tool.server, "input_schema": tool.input_schema})
        };
        let question = json!({"open": {"policies": policies, "tools": tools.iter().map(tool).collect::<Vec<_>>(), "state": cells}});
        let said = process.ask(&question)?;
        let ready = said.get("ready").ok_or("the policies are not ready")?;
        let (schema, count) = (ready["schema"].clone(), ready["policies"].as_u64().unwrap_or(0));
        Ok(Cedar { process: RefCell::new(process), schema, count })
    }

    /// Policies that differ from these in one place: what was changed, and their text.
    ///
    /// # Errors
    /// As [`Cedar::open`].
    pub fn mutants(policies: &[(String, String)]) -> Result<Vec<(String, String)>, String> {
        let said = Process::start()?.ask(&json!({"mutants": {"policies": policies}}))?;
        serde_json::from_value(said["mutants"].clone()).map_err(|error| error.to_string())
    }
}

impl Policies for Cedar {
    fn judge(&self, call: &Call, facts: &Facts, state: &State) -> Result<Ruling, String> {
        let label = |(name, label): &(String, emulant_gate::Provenance)| {
            json!([name, {"critical": label.critical, "untrusted": label.untrusted, "chosen": label.chosen, "sources": label.sources}])
        };
        let cells: Vec<(&str, &Value)> = state.cells().map(|(name, cell)| (name, &cell.value)).collect();
        let facts = json!({
            "granted": facts.granted, "approved": facts.approved, "level": facts.level, "labels": facts.labels.iter().map(label).collect::<Vec<_>>(),
            "under": facts.under, "risk": facts.risk, "findings": facts.findings, "digest": facts.digest, "calls_left": facts.left.calls,
            "money_left": facts.left.money,
        });
        let said = self.process.borrow_mut().ask(&json!({"judge": {"call": call, "facts": facts, "state": cells}}))?;
        let ruling = said.get("ruling").ok_or("the policies gave no ruling")?;
        let bad = || "the ruling of the policies is malformed".to_string();
        let because: Vec<(String, String)> = serde_json::from_value(ruling["because"].clone()).map_err(|_| bad())?;
        let errors: Vec<String> = serde_json::from_value(ruling["errors"].clone()).map_err(|_| bad())?;
        Ok(Ruling { allowed: ruling["allowed"].as_bool().ok_or_else(bad)? && errors.is_empty(), because, errors })
    }
}

impl Process {
    fn start() -> Result<Process, String> {
        let path = program().ok_or_else(|| format!("policies of one's own are judged by {NAME}, which is not installed (cargo install --path cedar)"))?;
        let at = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut child = Command::new(&path).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(at)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(Process { child, input, output: BufReader::new(output) }),
            _ => Err(format!("{} has no pipes", path.display())),
        }
    }

    fn ask(&mut self, question: &Json) -> Result<Json, String> {
        let gone = |error: std::io::Error| format!("the policies cannot be asked: {error}");
        let mut line = question.to_string();
        line.push('\n');
        self.input.write_all(line.as_bytes()).and_then(|()| self.input.flush()).map_err(gone)?;
        let mut answer = String::new();
        std::io::Read::take(&mut self.output, ANSWER_BYTES_MAX).read_line(&mut answer).map_err(gone)?;
        let said: Json = serde_json::from_str(&answer).map_err(|_| "the policies gave no answer".to_string())?;
        match said.get("error").and_then(Json::as_str) {
            Some(error) => Err(error.into()),
            None => Ok(said),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends when its input does; whoever hangs is ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
