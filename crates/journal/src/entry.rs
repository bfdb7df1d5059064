//! What an entry says. Only data: how it becomes bytes is in `line`, which
//! entries may follow which is in `journal`.

use alloc::{string::String, vec::Vec};
use emulant_ask::{Answer, AnswerDetail, Ask, Limits, Request, Value};
use serde::{Deserialize, Serialize};

/// One entry of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Entry {
    /// The opening: everything that a replay starts from.
    Run(Run),
    /// A step that is about to leave the program.
    Ask(Asked),
    /// A call leaves that its ask did not let through, or with more than its ask says.
    Leave(Leave),
    /// What came back.
    Answer(Answered),
    /// The host stopped the program at an instruction.
    Stop(Stop),
    /// A signed checkpoint over all entries before it.
    Sign(Sign),
    /// The end of the run, signed; nothing follows it.
    Close(Close),
}

impl Entry {
    /// The program's values in it, which may be of any form.
    pub(crate) fn values(&self) -> Vec<&Value> {
        match self {
            Entry::Run(run) => run.inputs.iter().map(|(_, value)| value).chain([&run.options]).collect(),
            Entry::Ask(asked) => match &asked.ask.request {
                Request::Call(call) => call.arguments.iter().map(|(_, value)| value).collect(),
                Request::Emulate(hole) => {
                    let examples = hole.examples.iter().flat_map(|(arguments, answer)| {
                        arguments.iter().map(|(_, value)| value).chain([answer])
                    });
                    hole.arguments.iter().map(|(_, value)| value).chain(examples).collect()
                }
                _ => Vec::new(),
            },
            Entry::Answer(Answered { answer: Answer::Value { value, .. }, .. }) => Vec::from([value]),
            _ => Vec::new(),
        }
    }
}

/// Whether `value` is nested deeper than `left`. Looks no deeper than that, so it
/// is safe where turning the value into text would not be.
pub(crate) fn is_deep(value: &Value, left: u32) -> bool {
    let deep = |inner: &Value| left == 0 || is_deep(inner, left - 1);
    match value {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().any(deep),
        Value::Dict(pairs) => pairs.iter().any(|(key, value)| deep(key) || deep(value)),
        Value::Record(_, fields) => fields.iter().any(|(_, value)| deep(value)),
        _ => false,
    }
}

/// The opening of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The run's id.
    pub run: String,
    /// The program.
    pub program: Program,
    /// Inputs by name, in order.
    pub inputs: Vec<(String, Value)>,
    /// What the run may spend.
    pub limits: Limits,
    /// How the host was told to run it (holes, grants, model, seed); a dict.
    pub options: Value,
    /// Version of the language's semantics, as the machine tells it.
    pub semantics: u64,
    /// Version of the words in asks and answers ([`emulant_ask::VERSION`]).
    pub words: u64,
    /// When it started, in microseconds since the epoch.
    pub started_us: u64,
    /// Random text, so that equal runs have different digests.
    pub salt: String,
    /// The run that this one was forked from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
}

/// The text of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// File name as tracebacks show it.
    pub file: String,
    /// SHA-256 of the text, in hex; checked on reading.
    pub sha256: String,
    /// The text.
    pub text: String,
}

impl Program {
    /// A program with its digest.
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Program {
        let text = text.into();
        Program { file: file.into(), sha256: crate::hex(&crate::sha256(text.as_bytes())), text }
    }
}

/// Where a fork left its parent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Id of the parent.
    pub run: String,
    /// The parent's entry whose answer was replaced.
    pub at: u64,
}

/// An ask, written before it leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The ask. Its id continues the run's sequence, unless it is an approval
    /// that the host asks for: that one carries the id of its call.
    pub ask: Ask,
    /// Whether answering it may change the world outside.
    pub acts: bool,
    /// What the gate's stages said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// When it was asked, in microseconds since the epoch.
    pub at_us: u64,
}

/// A call that may act leaves now, and its ask did not say so yet: it was let through later,
/// or what it will change was kept before. Written before it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Sequence number of the entry that asked.
    pub to: u64,
    /// What the gate's stages said at this moment.
    pub verdicts: Vec<Verdict>,
    /// When it left, in microseconds since the epoch.
    pub at_us: u64,
}

/// One stage of the gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Name of the stage.
    pub stage: String,
    /// What it said.
    pub outcome: Outcome,
    /// Why, for a person; empty when it passed without a remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What a stage of the gate said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The call may go on.
    Pass,
    /// The stage has nothing to judge for this call.
    Skip,
    /// A person must decide.
    NeedsApproval,
    /// The call must not happen.
    Refused,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// Sequence number of the entry that asked.
    pub to: u64,
    /// What came back.
    pub answer: Answer,
    /// What the gate said after the ask was written: judged again after an
    /// approval, and on the result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// Who answered and at what cost, where the answer itself does not say.
    #[serde(default, skip_serializing_if = "AnswerDetail::is_empty")]
    pub detail: AnswerDetail,
    /// When it came, in microseconds since the epoch.
    pub at_us: u64,
}

/// The host stopped the program, which replays as a stop at the same instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The count of instructions at which it stopped.
    pub instructions: u64,
    /// Why, for a person.
    pub reason: String,
}

/// A checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// Merkle root over the digests of all entries before this one, in hex.
    pub root: String,
    /// The Ed25519 public key, in hex.
    pub key: String,
    /// Signature of this line without this field, in hex.
    pub signature: String,
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// How it ended.
    pub ending: Ending,
    /// The exit status that the run deserves.
    pub exit_status: u8,
    /// The exception or the limit, in one line; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// SHA-256 of everything written to standard output, in hex. The output
    /// itself follows by replay.
    pub output_sha256: String,
    /// How many bytes that was.
    pub output_bytes: u64,
    /// Instructions spent.
    pub instructions: u64,
    /// When it ended, in microseconds since the epoch.
    pub ended_us: u64,
    /// The checkpoint that goes with it; filled in by [`crate::Journal::close`].
    #[serde(flatten)]
    pub sign: Sign,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The last line was reached.
    Done,
    /// An exception was not caught.
    Raised,
    /// The program called `sys.exit`.
    Exit,
    /// A limit ran out.
    Limit,
    /// The text did not compile, or uses what is not supported.
    Rejected,
}

impl Sign {
    /// A checkpoint still to be filled in.
    pub fn blank() -> Sign {
        Sign { root: String::new(), key: String::new(), signature: String::new() }
    }
}
