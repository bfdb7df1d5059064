//! A hole becomes a request, a response becomes an answer.
//!
//! Behind one trait stand a language model in this process ([`Local`]), endpoints that
//! speak one of several formats ([`Remote`]), a person ([`Person`]), answers read from a
//! file ([`Script`]) or recorded before ([`Cassette`]), and a ladder of these ([`Route`]).
//! [`open`] makes one by a short text. Around a model [`Steady`] frees its decisions from
//! what it favours and says what its confidence is worth. The other way round, [`serve`]
//! answers requests in these formats from any of them.
//!
//! Nothing here knows how a program runs, decides whether an answer may be used,
//! or writes a journal. Recorded answers never come back here to be repeated.

mod spec;
mod prompt;
mod script;
mod weights;
mod local;
mod remote;
mod person;
mod measure;
mod calibrate;
mod steady;
mod route;
mod cassette;
mod open;
mod serve;
mod typed;
mod report;
mod page;

pub use calibrate::{Calibration, family};
pub use cassette::{Cassette, Mode};
pub use local::{Local, Speed, random_shape};
pub use measure::{Bin, Sample, accuracy, auroc, calibration_error, percentile, reliability};
pub use open::{Teller, calibration_file, open};
pub use page::page;
pub use person::{Asker, Person};
pub use prompt::{SESSION, call, prompt_text, prompt_version, uncovered_labels};
pub use remote::Remote;
pub use report::{Pair, Price, Prices, Recorded, Row, recorded, routed, rows};
pub use route::{Route, Rung};
pub use serve::{Parts, Response, refusal, serve};
pub use steady::Steady;
pub use typed::{Case, Half, Outcome, ask, load};
pub use script::{Script, unfit};
pub use spec::{Spec, parse_spec};
pub use weights::{Entry, Hub, Part, cached, catalogue, find, models_folder, pull};

use emulant_ask::{Answer, Hole};
use serde_json::Value as Json;
use std::{fmt, ops::ControlFlow, path::Path};

/// One that answers holes.
pub trait Backend: Send {
    /// Who answers: a name, and for weights the start of their SHA-256.
    fn identity(&self) -> String;

    /// One answer for each of `holes`, in their order. The holes are independent
    /// of each other, so a backend may work on all of them at once. What goes
    /// wrong is an answer too: this neither fails nor panics.
    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer>;

    /// From now on `watcher` is told about progress inside [`Backend::answer`].
    /// When it breaks, holes that are still open become [`Answer::Stopped`].
    fn watch(&mut self, watcher: Watcher);

    /// How answers come about, as far as it could change them.
    fn decoding(&self) -> String {
        String::new()
    }

    /// Hears of an answer that this backend gave in an earlier process, oldest first.
    fn recall(&mut self, _hole: &Hole, _answer: &Answer) {}

    /// Continues a chat. `heard` is told each part of the text as soon as it is certain, in
    /// order, and between parts the empty text; when it breaks, the work ends.
    ///
    /// # Errors
    /// It does not write text, the work was ended, or something went wrong on the way.
    fn chat(&mut self, _request: &Chat, _heard: Heard<'_>) -> Result<Said, String> {
        Err(format!("{} fills holes and {NO_TEXT}", self.identity()))
    }
}

/// How a backend says that it cannot chat.
const NO_TEXT: &str = "writes no text";

/// Hears a part of a text, with its tokens, and may end the work.
pub type Heard<'h> = &'h mut dyn FnMut(&str, &[Log]) -> ControlFlow<()>;

/// A token that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// What it spells; a character may be spelt by several tokens.
    pub bytes: Vec<u8>,
    /// The logarithm of its probability among the tokens that were allowed.
    pub log: f64,
    /// The likeliest tokens at this place, when the request wishes for them.
    pub top: Vec<(Vec<u8>, f64)>,
}

/// A chat to be continued.
#[derive(Clone, Debug, PartialEq)]
pub struct Chat {
    /// Who said what: `system`, `user` or `assistant`, and the text.
    pub messages: Vec<(String, String)>,
    /// The text has to be JSON of this schema.
    pub schema: Option<Json>,
    /// 0 takes the likeliest token each time.
    pub temperature: f64,
    /// What drawn tokens depend on.
    pub seed: u64,
    /// Most tokens to write.
    pub tokens_max: usize,
    /// Texts before which to end.
    pub stop: Vec<String>,
    /// How many of the likeliest tokens are told at each place.
    pub top: usize,
}

/// What was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// Who said it.
    pub by: String,
    /// Tokens read.
    pub tokens_in: u64,
    /// Tokens written.
    pub tokens_out: u64,
    /// Why it ended.
    pub finish: Finish,
    /// Each token.
    pub logs: Vec<Log>,
}

/// Why a text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It was complete.
    Stop,
    /// It had as many tokens as were allowed.
    Length,
}

/// Hears about progress, and may stop the work.
pub type Watcher = Box<dyn FnMut(&Progress) -> ControlFlow<()> + Send>;

/// What is going on while a caller waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Weights are about to be fetched.
    Source {
        /// The model.
        name: String,
        /// Where from, as a person would say it.
        from: String,
        /// Licence of the weights.
        licence: String,
        /// Size of the whole.
        bytes: u64,
    },
    /// A source did not work; the next one is tried.
    SourceFailed {
        /// Which.
        from: String,
        /// Why.
        reason: String,
    },
    /// So much is there.
    Fetched {
        /// Bytes on this computer by now.
        bytes: u64,
        /// Bytes of the whole.
        total: u64,
    },
    /// Somebody else fetches the same weights; we wait for them.
    Waiting {
        /// The model.
        name: String,
    },
    /// The digest of the weights is computed.
    Checking {
        /// The model.
        name: String,
    },
    /// Weights are read into memory.
    Loading {
        /// The model.
        name: String,
    },
    /// So many holes of the batch are answered.
    Answered {
        /// Answered holes.
        done: usize,
        /// Holes of the batch.
        of: usize,
    },
    /// Tokens were written for answers that are not finished yet.
    Written {
        /// Tokens since the batch began.
        tokens: u64,
    },
}

/// What a backend may spend.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tokens of one answer; a longer one is [`Answer::Failed`].
    pub answer_tokens_max: usize,
    /// Tokens of one question; a longer one is [`Answer::Failed`].
    pub question_tokens_max: usize,
    /// Longest wait for one response of an endpoint.
    pub timeout_seconds: u64,
    /// Further tries after an endpoint said that it is busy or broken.
    pub retries: u32,
    /// Whether decisions are freed from what a model favours whatever the input says.
    pub batch_calibration: bool,
    /// Maps of confidence; without it those that come with the model.
    pub calibration: Option<Calibration>,
    /// Whether confidences are mapped at all.
    pub calibrated: bool,
    /// How a person is asked.
    pub person: Option<Asker>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            answer_tokens_max: 512,
            question_tokens_max: 8192,
            timeout_seconds: 120,
            retries: 4,
            batch_calibration: true,
            calibration: None,
            calibrated: true,
            person: None,
        }
    }
}

/// Why there is no backend.
#[derive(Debug)]
pub enum ModelError {
    /// The text names no model.
    Spec(String),
    /// None of the sources could be reached or gave the weights.
    Network(String),
    /// A file could not be read or written.
    Disk(String),
    /// Weights or parts of them are not the ones that we pinned.
    Digest(String),
    /// A file is not what it should be.
    Format(String),
    /// The file is sound, but of a kind that nothing here can run.
    Unsupported(String),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ModelError::Spec(reason)
        | ModelError::Network(reason)
        | ModelError::Disk(reason)
        | ModelError::Digest(reason)
        | ModelError::Format(reason)
        | ModelError::Unsupported(reason)) = self;
        f.write_str(reason)
    }
}

impl std::error::Error for ModelError {}

impl ModelError {
    /// A file operation on `path` that failed; a full disk is named as such.
    fn disk(doing: &str, path: &Path, error: &std::io::Error) -> ModelError {
        let why = match error.kind() {
            std::io::ErrorKind::StorageFull => "the disk is full".to_string(),
            std::io::ErrorKind::NotFound => "there is no such file".to_string(),
            _ => error.to_string(),
        };
        ModelError::Disk(format!("cannot {doing} {}: {why}", path.display()))
    }
}
