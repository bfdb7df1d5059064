//! A hole becomes a request, a response becomes an answer.
//!
//! Three backends stand behind one trait: a language model in this process
//! ([`Local`]), an endpoint that speaks the OpenAI dialect ([`OpenAi`]), and
//! answers read from a file ([`Script`]). [`open`] picks one by a short text.
//!
//! Nothing here knows how a program runs, decides whether an answer may be used,
//! or writes a journal. Recorded answers never come back here to be repeated.

mod spec;
mod prompt;
mod script;
mod weights;
mod local;
mod openai;

pub use local::Local;
pub use openai::OpenAi;
pub use prompt::{prompt_text, uncovered_labels};
pub use script::{Script, unfit};
pub use spec::{Spec, parse_spec};
pub use weights::{Entry, Hub, Part, cached, catalogue, find, models_folder, pull};

use emulant_ask::{Answer, Hole};
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
}

impl Default for Options {
    fn default() -> Options {
        Options { answer_tokens_max: 512, question_tokens_max: 8192, timeout_seconds: 120, retries: 4 }
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

/// The backend that `spec` names. Weights that are not on this computer yet are
/// fetched, which `progress` tells.
///
/// # Errors
/// A sentence for a person: no network, a full disk, a damaged file.
pub fn open(spec: &Spec, options: &Options, progress: &mut dyn FnMut(&Progress)) -> Result<Box<dyn Backend>, ModelError> {
    Ok(match spec {
        Spec::Named(name) => {
            let path = pull(name, progress)?;
            let entry = find(name)?;
            Box::new(Local::open_pinned(&entry, &path, options, progress)?)
        }
        Spec::File(path) => Box::new(Local::open(path, options, progress)?),
        Spec::OpenAi { name, url } => Box::new(OpenAi::new(name, url, options)?),
        Spec::Script(path) => Box::new(Script::open(path)?),
    })
}
