//! What a traced run records. Off by default.

use alloc::{string::String, vec::Vec};

/// One event of a trace, as `sys.settrace` would report it.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceEvent {
    /// `c` call, `l` line, `r` return, `e` exception.
    pub kind: char,
    /// Function name.
    pub function: String,
    /// Line.
    pub line: u32,
    /// Names and `repr` of the locals that the event shows: all that changed since the frame's last event.
    pub locals: Vec<(String, String)>,
    /// `repr` of the returned value, or the exception.
    pub value: Option<String>,
}

/// A trace in progress.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Events so far.
    pub events: Vec<TraceEvent>,
}
