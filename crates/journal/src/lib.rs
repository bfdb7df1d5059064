//! The record of a run: an append-only list of entries, one canonical JSON line
//! each, chained by SHA-256 and signed at checkpoints.
//!
//! [`Journal`] is a plain value. [`Journal::append`] takes an entry and gives the
//! line to store; [`Journal::read`] takes stored lines and gives the journal back;
//! [`verify`] judges exported bytes that nobody here wrote. Times, ids and salts
//! come in with the entries: nothing here reads a clock, a file or a random source,
//! and nothing here knows what a machine or a tool is.
#![no_std]
extern crate alloc;

mod entry;
mod journal;
mod verify;
mod line;
mod chain;
mod key;

pub use chain::{Digest, hex, sha256, unhex};
pub use entry::{Answered, Asked, Close, Ending, Entry, Leave, Outcome, Parent, Program, Run, Sign, Stop, Verdict};
pub use journal::{Approval, Exchange, Journal, Settled};
pub use key::{Key, PublicKey};
pub use line::LINE_BYTES_MAX;
pub use verify::{Report, State, verify};

use alloc::string::String;

/// Version of the entries' form, the `v` of every line.
pub const VERSION: u64 = 1;

/// What is wrong with a journal, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// One sentence.
    pub reason: String,
}

impl Fault {
    pub(crate) fn new(line: u64, reason: impl Into<String>) -> Fault {
        Fault { line, reason: reason.into() }
    }
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl core::error::Error for Fault {}
