//! Policies of the user's own, in Cedar, judged by the process `emulant-cedar`
//! (`cedar/` in the source): found beside this program, on PATH, or where
//! EMULANT_CEDAR says. A process that dies, hangs or talks nonsense refuses.

use emulant_ask::{Call, Value};
use emulant_gate::{Declaration, Facts, Policies, Ruling, State};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// The program's name.
const NAME: &str = "emulant-cedar";
/// Longest answer.
const ANSWER_BYTES_MAX: u64 = 64 << 20;
/// How long the policies may take to be read, and to be changed in each place.
const OPEN_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a judgement may take.
const JUDGE_TIMEOUT: Duration = Duration::from_secs(5);

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
    /// To the thread that talks with the child; dropped when the child is not to be asked any more.
    questions: Option<Sender<String>>,
    answers: Receiver<std::io::Result<Vec<u8>>>,
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
        let said = process.ask(&question, OPEN_TIMEOUT)?;
        let ready = said.get("ready").ok_or("the policies are not ready")?;
        let (schema, count) = (ready["schema"].clone(), ready["policies"].as_u64().unwrap_or(0));
        Ok(Cedar { process: RefCell::new(process), schema, count })
    }

    /// Policies that differ from these in one place: what was changed, and their text.
    ///
    /// # Errors
    /// As [`Cedar::open`].
    pub fn mutants(policies: &[(String, String)]) -> Result<Vec<(String, String)>, String> {
        let said = Process::start()?.ask(&json!({"mutants": {"policies": policies}}), OPEN_TIMEOUT)?;
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
        let said = self.process.borrow_mut().ask(&json!({"judge": {"call": call, "facts": facts, "state": cells}}), JUDGE_TIMEOUT)?;
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
        Process::start_at(&path)
    }

    fn start_at(path: &Path) -> Result<Process, String> {
        let at = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut child = Command::new(path).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(at)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => {
                let (questions, asked) = channel();
                let (told, answers) = channel();
                std::thread::spawn(move || talk(input, output, &asked, &told));
                Ok(Process { child, questions: Some(questions), answers })
            }
            _ => Err(format!("{} has no pipes", path.display())),
        }
    }

    /// Asks, and waits no longer than `timeout`. A process that hung, died or said too much is asked no more: its
    /// next answer could be the one to this question.
    fn ask(&mut self, question: &Json, timeout: Duration) -> Result<Json, String> {
        let questions = self.questions.take().ok_or("the policies gave no answer before")?;
        questions.send(format!("{question}\n")).map_err(|_| "the policies cannot be asked: the process is gone")?;
        let answer = match self.answers.recv_timeout(timeout) {
            Ok(answer) => answer.map_err(|error| format!("the policies cannot be asked: {error}"))?,
            Err(RecvTimeoutError::Timeout) => {
                let _ = self.child.kill();
                return Err(format!("the policies gave no answer in {} seconds", timeout.as_secs()));
            }
            Err(RecvTimeoutError::Disconnected) => return Err("the policies cannot be asked: the process is gone".into()),
        };
        let said: Json = serde_json::from_slice(&answer).map_err(|_| "the policies gave no answer".to_string())?;
        self.questions = Some(questions);
        match said.get("error").and_then(Json::as_str) {
            Some(error) => Err(error.into()),
            None => Ok(said),
        }
    }
}

/// Writes questions and reads answers, one line each, until the other side is gone or says too much.
fn talk(mut input: ChildStdin, output: ChildStdout, asked: &Receiver<String>, told: &Sender<std::io::Result<Vec<u8>>>) {
    let mut output = BufReader::new(output);
    for question in asked {
        let mut answer = Vec::new();
        let said = input.write_all(question.as_bytes()).and_then(|()| input.flush());
        let said = said.and_then(|()| output.by_ref().take(ANSWER_BYTES_MAX).read_until(b'\n', &mut answer));
        let whole = answer.ends_with(b"\n");
        if told.send(said.map(|_| answer)).is_err() || !whole {
            break;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// What a process of this script says to two questions.
    fn asked(script: &str) -> [Result<Json, String>; 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("judge");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let mut process = Process::start_at(&path).unwrap();
        [1, 2].map(|n| process.ask(&json!(n), Duration::from_secs(if script.contains("sleep") { 1 } else { 30 })))
    }

    #[test]
    fn a_process_that_hangs_dies_or_talks_nonsense_judges_nothing() {
        let gone = || Err("the policies gave no answer before".to_string());
        assert_eq!(asked("while read n; do echo $n; done"), [Ok(json!(1)), Ok(json!(2))]);
        assert_eq!(asked("exec sleep 600"), [Err("the policies gave no answer in 1 seconds".into()), gone()]);
        assert_eq!(asked("read n; printf 1"), [Ok(json!(1)), Err("the policies cannot be asked: the process is gone".into())]);
        assert_eq!(asked("read n; echo no; cat"), [Err("the policies gave no answer".into()), gone()]);
        // More than it may say: the rest must not be taken for the next answer.
        let much = format!("read n; head -c {} /dev/zero | tr '\\0' 7; echo; cat", ANSWER_BYTES_MAX + 5);
        assert!(asked(&much)[1].is_err());
    }
}
