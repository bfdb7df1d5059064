//! Judges an exported journal: bytes that may come from anywhere.

use crate::{Close, Digest, Fault, Journal, PublicKey};
use alloc::{format, string::String, vec::Vec};

/// What a sound journal says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The run's id.
    pub run: String,
    /// Number of entries.
    pub entries: u64,
    /// Number of asks, and how many of them are answered.
    pub asks: u64,
    /// How many of the asks are answered.
    pub answered: u64,
    /// Sequence numbers of acting asks without an answer.
    pub in_doubt: Vec<u64>,
    /// Whether the run is finished.
    pub state: State,
    /// Entries up to here are covered by a signature.
    pub signed_entries: u64,
    /// Who signed, without repetition. Nothing is proved by a signature whose key
    /// came with the journal: compare it with one kept elsewhere.
    pub keys: Vec<PublicKey>,
    /// Digest of the last line.
    pub head: Digest,
}

/// Whether a run is finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It has no end: still running, waiting, killed, or its tail was cut off.
    Open,
    /// It has its signed end.
    Finished(Close),
}

impl Report {
    /// Whether every entry, including the end of the run, is covered by a signature.
    pub fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished(_))
    }
}

/// Checks every byte of an exported journal: canonical lines, numbering, chain,
/// grammar, Merkle roots, signatures, and with `key` that this key made them.
///
/// A finished run has one byte form only, so that any change is found. A journal
/// cut off at the end of a line is the journal of an open run: the report says so.
///
/// # Errors
/// The first line that is wrong, and why.
pub fn verify(bytes: &[u8], key: Option<&PublicKey>) -> Result<Report, Fault> {
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        Fault::new(before.iter().filter(|b| **b == b'\n').count() as u64 + 1, "it is not UTF-8")
    })?;
    let journal = Journal::read(text.split_inclusive('\n'))?;
    let run = journal.run().ok_or_else(|| Fault::new(1, "the journal is empty"))?;
    if let Some(key) = key {
        check_key(&journal, key)?;
    }
    let mut keys: Vec<PublicKey> = Vec::new();
    for (_, signer) in journal.signatures() {
        if !keys.contains(signer) {
            keys.push(*signer);
        }
    }
    Ok(Report {
        run: run.run.clone(),
        entries: journal.next_seq(),
        asks: journal.exchanges().len() as u64,
        answered: journal.exchanges().iter().filter(|exchange| exchange.answer.is_some()).count() as u64,
        in_doubt: journal.in_doubt().map(|exchange| exchange.seq).collect(),
        state: journal.ending().map_or(State::Open, |close| State::Finished(close.clone())),
        signed_entries: journal.signatures().last().map_or(0, |(seq, _)| seq + 1),
        keys,
        head: *journal.head(),
    })
}

fn check_key(journal: &Journal, key: &PublicKey) -> Result<(), Fault> {
    match journal.signatures().iter().find(|(_, signer)| signer != key) {
        Some((seq, signer)) => {
            Err(Fault::new(seq + 1, format!("it is signed by {}, not by {}", signer.to_hex(), key.to_hex())))
        }
        None => Ok(()),
    }
}
