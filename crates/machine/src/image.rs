//! Images: a waiting machine as bytes and back, and the hash of its state.
//!
//! An image holds everything a run is made of except code. Code comes from the
//! library by module name, and from whoever loads by the digest of its text: an
//! image never brings instructions. Objects are numbered in the order in which
//! they are met from the roots, so the bytes depend on neither handles nor free
//! places, and garbage is left out. Bytes are not authenticated here; loading is
//! total all the same: any bytes give a machine or an [`ImageError`].
//!
//! After loading, memory is counted afresh from what is alive. Modules, in the
//! order in which to read them: the wire, the objects, saving, loading.

mod wire;
mod objects;
mod save;
mod load;

use crate::code::Code;
use crate::machine::Machine;
use alloc::{string::String, vec::Vec};
use core::fmt::Write;
use sha2::{Digest, Sha256};

/// First bytes of every image.
pub const MAGIC: [u8; 8] = *b"EMULANT\0";
/// Version of the format: changes whenever the same bytes would mean something else.
pub const VERSION: u16 = 1;

/// Why there is no image, or no machine from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageError {
    /// Asks whose answers were bet on are open: settle them first.
    BetsOpen,
    /// The run has ended: nothing is suspended.
    Ended,
    /// Labels follow control: what the frames stand under is not kept in images.
    Followed,
    /// Written out, the program's texts would take more memory than it may have.
    TooLarge,
    /// These bytes are no image of a version that this machine reads.
    Version,
    /// The bytes contradict themselves or what they speak about; which part does.
    Corrupt(&'static str),
    /// The code of this file or library module is needed and was not given.
    NoCode(String),
    /// The code given for this file or library module is not the code that was running.
    OtherCode(String),
    /// This built-in function or class does not exist on this machine.
    NoNative(String),
}

impl core::fmt::Display for ImageError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            ImageError::BetsOpen => f.write_str("asks are open whose answers were bet on"),
            ImageError::Followed => f.write_str("its labels follow control, which images do not keep"),
            ImageError::Ended => f.write_str("the run has ended"),
            ImageError::TooLarge => f.write_str("the program's texts are too large for an image"),
            ImageError::Version => f.write_str("not an image of a known version"),
            ImageError::Corrupt(part) => write!(f, "the image is damaged: {part}"),
            ImageError::NoCode(name) => write!(f, "the code of {name} is missing"),
            ImageError::OtherCode(name) => write!(f, "the code of {name} is not the code that was running"),
            ImageError::NoNative(name) => write!(f, "this machine has no {name}"),
        }
    }
}

impl core::error::Error for ImageError {}

/// What an image knows about code that is not of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeName {
    /// File name as tracebacks show it.
    pub file: String,
    /// SHA-256 of the source text.
    pub text: [u8; 32],
    /// [`code_digest`] of the compiled code.
    pub code: [u8; 32],
}

impl CodeName {
    /// The name of a piece of code.
    pub fn of(code: &Code) -> CodeName {
        CodeName::of_digest(code, code_digest(code))
    }

    fn of_digest(code: &Code, digest: [u8; 32]) -> CodeName {
        CodeName { file: code.file.as_ref().into(), text: Sha256::digest(code.source.as_bytes()).into(), code: digest }
    }
}

/// SHA-256 of what code does: two codes with the same digest run alike.
pub fn code_digest(code: &Code) -> [u8; 32] {
    let mut hasher = Hasher(Sha256::new());
    hasher.code(code);
    hasher.0.finalize().into()
}

/// Hashes what is written to it, so that no listing is built.
struct Hasher(Sha256);

impl Write for Hasher {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Hasher {
    fn code(&mut self, code: &Code) {
        // Writing to a hasher cannot fail.
        let _ = write!(
            self,
            "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{}{:?}{:?}{:?}{:?}{:?}{}",
            code.kind, code.name, code.qualname, code.params, code.locals, code.cells, code.free, code.registers, code.ops, code.consts,
            code.sites, code.handlers, code.holes, code.children.len()
        );
        if code.partial {
            let _ = self.write_str("partial");
        }
        code.children.iter().for_each(|child| self.code(child));
    }
}

impl Machine {
    /// This moment as bytes. Fails while bets are open and after the end.
    pub fn image(&self) -> Result<Vec<u8>, ImageError> {
        // An attempt is a bet too: that its answer passes.
        if self.asks.is_unsettled() || !self.attempts.is_empty() {
            return Err(ImageError::BetsOpen);
        }
        if self.ended.is_some() {
            return Err(ImageError::Ended);
        }
        if self.flow.is_some() {
            return Err(ImageError::Followed);
        }
        // Texts that share a buffer are written one by one.
        if self.heap.rope_bytes() > self.limits.memory_bytes {
            return Err(ImageError::TooLarge);
        }
        let mut bytes = Vec::from(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(save::budget(self));
        bytes.extend(save::state(self));
        Ok(bytes)
    }

    /// SHA-256 of the state of the program: of everything that decides how it goes on, except what may still be spent
    /// and what was already written. The same moment has the same hash however it was reached.
    pub fn state_hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(VERSION.to_le_bytes());
        hasher.update(save::state(self));
        hasher.update(save::ending(self));
        hasher.finalize().into()
    }
}

pub use load::Codes;
pub(crate) use wire::put;
