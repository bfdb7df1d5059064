//! What a run may spend. All counters are exact and deterministic except
//! seconds, which the host keeps.

use serde::{Deserialize, Serialize};

/// The budget of one run. Hitting one ends the run with [`Limit`] at the same
/// instruction every time; the program cannot catch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Units of fuel; about one per instruction of the plain code.
    pub instructions: u64,
    /// Live bytes of the program's heap, as the machine counts them.
    pub memory_bytes: u64,
    /// Bytes written to standard output and standard error together.
    pub output_bytes: u64,
    /// Asks that leave the program.
    pub asks: u64,
    /// Nested Python calls, as `sys.getrecursionlimit()` tells; beyond it a
    /// `RecursionError` is raised, as CPython does.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { instructions: 400_000_000, memory_bytes: 256 << 20, output_bytes: 64 << 20, asks: 10_000, depth: 1000 }
    }
}

/// Which budget ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// [`Limits::instructions`].
    Instructions,
    /// [`Limits::memory_bytes`].
    Memory,
    /// [`Limits::output_bytes`].
    Output,
    /// [`Limits::asks`].
    Asks,
    /// Wall time, stopped by the host at an instruction that the journal names.
    Seconds,
}
