//! `_re`: patterns and matches.

use crate::machine::Machine;
use crate::native::NativeRow;
use crate::trap::Trap;
use crate::value::{Slot, Value};
use alloc::string::String;

/// Natives of patterns and matches.
pub const TABLE: &[NativeRow] = &[];

/// A pattern: its source and flags.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    /// Source text.
    pub source: String,
    /// Flags.
    pub flags: i64,
}

impl Pattern {
    /// Equal patterns have the same source and flags.
    pub fn same_as(&self, other: &Pattern) -> bool {
        self.source == other.source && self.flags == other.flags
    }
}

/// A match.
#[derive(Clone, Debug)]
pub struct Match {
    subject: Slot,
}

impl Match {
    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        200
    }

    /// Slots it refers to.
    pub fn references(&self, each: &mut dyn FnMut(Slot)) {
        each(self.subject);
    }
}

/// The text that `repr` shows.
pub fn repr(_m: &mut Machine, _value: Value) -> Result<String, Trap> {
    Ok(String::new())
}
