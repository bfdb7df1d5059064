//! Ask and answer: one versioned vocabulary.

use crate::{Shape, Value};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Version of this vocabulary, written into every journal.
pub const VERSION: u32 = 1;

/// Where in the program something happened.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Site {
    /// File name as tracebacks show it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Qualified name of the function, `<module>` at top level.
    pub function: String,
}

/// Where bytes came from: one answer, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The [`Ask::id`] that was answered.
    pub ask: u64,
    /// Path inside the answered value (`[6].body`, see [`crate::path`]); empty for the whole, and [`Origin::ANY`] for parts
    /// that were too many to be named.
    pub path: String,
}

impl Origin {
    /// The path that stands for any part.
    pub const ANY: &'static str = "*";
}

/// The label of one part of an ask: which answers its data derives from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Which part: an argument name, or a path below it (`to`, `rows[3].name`).
    pub part: String,
    /// Answers whose bytes flowed into it, sorted.
    pub data: Vec<Origin>,
    /// Answers that selected it, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choice: Vec<Origin>,
}

/// A step that leaves the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Position in creation order, from 0, without gaps.
    pub id: u64,
    /// What is asked.
    pub request: Request,
    /// Where it was asked.
    pub site: Site,
    /// Labels of its parts; parts that derive from no answer are not listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
}

/// The kinds of asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// A language model fills a hole.
    Emulate(Hole),
    /// A tool is called.
    Call(Call),
    /// A person decides about the call with this ask id.
    Approve {
        /// The call's ask id.
        call: u64,
        /// One sentence that says what would happen and where its arguments came from.
        sentence: String,
    },
    /// A line of standard input.
    Input {
        /// The prompt, already written to standard output.
        prompt: String,
    },
    /// Seconds since the epoch, as a float.
    Clock,
    /// A fresh random seed, as an integer of up to 64 bits.
    Seed,
    /// Text becomes code.
    Compile(Compile),
}

impl Request {
    /// The kind's name, as the journal and reports show it.
    pub fn kind(&self) -> &'static str {
        match self {
            Request::Emulate(_) => "emulate",
            Request::Call(_) => "call",
            Request::Approve { .. } => "approve",
            Request::Input { .. } => "input",
            Request::Clock => "clock",
            Request::Seed => "seed",
            Request::Compile(_) => "compile",
        }
    }
}

/// The dress of a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoleKind {
    /// A decorated function without a body.
    Stub,
    /// `ask("…")`.
    Expression,
    /// A call of a name that is defined nowhere.
    Call,
    /// A text that is called: `"the longest word"(words)`.
    Phrase,
    /// A block of natural language that reads and writes names of the program.
    Block,
    /// A line that is no Python.
    Line,
    /// What a name that is missing stands for, once something looks into it.
    Opaque,
    /// A tool that a model plays.
    Tool,
    /// The source of a function, written once and then run.
    Code,
}

impl HoleKind {
    /// All of them, with the word that lists show.
    pub const ALL: [(HoleKind, &'static str); 9] = [
        (HoleKind::Stub, "stub"),
        (HoleKind::Expression, "ask"),
        (HoleKind::Call, "call"),
        (HoleKind::Phrase, "phrase"),
        (HoleKind::Block, "block"),
        (HoleKind::Line, "line"),
        (HoleKind::Opaque, "opaque"),
        (HoleKind::Tool, "tool"),
        (HoleKind::Code, "code"),
    ];

    /// The word that lists show.
    pub fn word(self) -> &'static str {
        HoleKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind that a word names.
    pub fn named(word: &str) -> Option<HoleKind> {
        HoleKind::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// How a hole wishes to be answered. Where it says nothing, the run's own options hold.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wish {
    /// Which model or route, as on the command line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// So many answers are drawn, and their distribution is told; 0 means the likeliest only.
    #[serde(default, skip_serializing_if = "is_none")]
    pub samples: u32,
    /// Below this confidence, in parts per million, the next of the route is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_ppm: Option<u32>,
}

impl Wish {
    /// Nothing is wished.
    pub fn is_empty(&self) -> bool {
        *self == Wish::default()
    }
}

/// What a model needs to fill a hole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hole {
    /// Its dress.
    pub hole: HoleKind,
    /// Name of the function, or empty for an expression.
    pub name: String,
    /// `def name(parameters) -> type` as written, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
    /// The docstring of a stub, or the question of an expression.
    pub instruction: String,
    /// Arguments by parameter name, in order; plain positional arguments of an
    /// undefined call are named `0`, `1`, ….
    pub arguments: Vec<(String, Value)>,
    /// The type of the answer.
    pub shape: Shape,
    /// Solved examples: arguments by name, and the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<(Vec<(String, Value)>, Value)>,
    /// Earlier answers of this very hole that did not pass, and why, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feedback: Vec<(Value, String)>,
    /// Source of the program around the hole, for context; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub context: String,
    /// How it wishes to be answered.
    #[serde(default, skip_serializing_if = "Wish::is_empty")]
    pub wish: Wish,
}

impl Default for Hole {
    /// A stub without a name that takes any answer: what is not said otherwise.
    fn default() -> Hole {
        Hole {
            hole: HoleKind::Stub,
            name: String::new(),
            signature: String::new(),
            instruction: String::new(),
            arguments: Vec::new(),
            shape: Shape::Any,
            examples: Vec::new(),
            feedback: Vec::new(),
            context: String::new(),
            wish: Wish::default(),
        }
    }
}

/// A tool call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The tool's name.
    pub tool: String,
    /// Arguments by name.
    pub arguments: Vec<(String, Value)>,
}

/// Text that becomes code. The answer's value is the text's SHA-256 in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compile {
    /// File name for tracebacks.
    pub file: String,
    /// What the text is.
    pub mode: CompileMode,
    /// The text.
    pub text: String,
}

/// As the `mode` of Python's `compile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompileMode {
    /// Statements.
    Exec,
    /// One expression.
    Eval,
    /// Statements of an interactive session.
    Single,
}

/// What came back. Every failure is an ordinary exception in the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// A value, and what is known about it.
    Value {
        /// The value.
        value: Value,
        /// What is known about it.
        #[serde(default, skip_serializing_if = "AnswerDetail::is_empty")]
        detail: AnswerDetail,
    },
    /// The tool or the hole raised a Python exception of this class.
    Raise {
        /// Name of a built-in exception, or `ToolError`.
        class: String,
        /// Its message.
        message: String,
    },
    /// The gate or a person said no; raises `Refused`.
    Refused {
        /// Why, for a person.
        reason: String,
    },
    /// Nobody could answer; raises `AskFailed`.
    Failed {
        /// Why.
        reason: String,
    },
    /// The answerer declined; raises `Abstained`.
    Abstained {
        /// Why.
        reason: String,
    },
    /// The wall-clock limit of the host ran out while the ask was open.
    Stopped,
}

impl Answer {
    /// A bare value.
    pub fn value(value: Value) -> Answer {
        Answer::Value { value, detail: AnswerDetail::default() }
    }
}

/// What is known about an answer besides its value. Integers only, so that the
/// canonical bytes are plain.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct AnswerDetail {
    /// Probability that the answer is right, in parts per million.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_ppm: Option<u32>,
    /// The likeliest answers and their probabilities in parts per million, likeliest
    /// first, where the type has few values or several answers were drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probabilities: Vec<(Value, u32)>,
    /// Name of the fit that made confidence and probabilities; empty when they are as
    /// the model gave them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub calibration: String,
    /// What was known about this hole's answers when this one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// Who was asked before in vain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
    /// Who answered: a model's name and weights digest, a tool server, `person`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Tokens read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tokens_in: u64,
    /// Tokens written.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tokens_out: u64,
    /// Wall time, in microseconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub time_us: u64,
}

impl AnswerDetail {
    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == AnswerDetail::default()
    }
}

/// The mean of the distributions that a model gave for a hole's inputs so far: an
/// answer that it favours whatever the input says little.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prior {
    /// Different inputs.
    pub inputs: u32,
    /// Mean probability of each value of the type, in its order, in parts per million.
    pub mean_ppm: Vec<u32>,
}

/// An answer that was not good enough, so that somebody else was asked.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Tried {
    /// Who gave it.
    pub by: String,
    /// The value, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Its confidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_ppm: Option<u32>,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Tokens read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tokens_in: u64,
    /// Tokens written.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tokens_out: u64,
    /// Wall time, in microseconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub time_us: u64,
}

fn is_none(n: &u32) -> bool {
    *n == 0
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}
