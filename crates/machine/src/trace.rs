//! Tracing: what `sys.settrace` of CPython 3.11 would report, as data.
//!
//! Off by default and then free: the run loop exists twice, and only one of them
//! looks here. Tracing changes nothing that the program can see.

use crate::code::{Code, Op};
use crate::frame::NO_GENERATOR;
use crate::machine::{Codes, Machine};
use crate::value::{Kind, Slot};
use alloc::{boxed::Box, format, string::String, vec::Vec};

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceEvent {
    /// `c` call, `l` line, `r` return or yield.
    pub kind: char,
    /// Function name.
    pub function: String,
    /// Line.
    pub line: u32,
    /// Names and `repr` of the locals that changed since the frame's last event.
    pub locals: Vec<(String, String)>,
    /// `repr` of the returned or yielded value.
    pub value: Option<String>,
}

/// A trace in progress.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Events so far.
    pub events: Vec<TraceEvent>,
    open: Vec<OpenFrame>,
}

/// A traced frame that has not returned.
#[derive(Clone, Debug)]
struct OpenFrame {
    /// Its place among the machine's frames.
    depth: usize,
    /// The generator that it belongs to.
    generator: u32,
    code: u32,
    line: u32,
    pc: usize,
    shown: Vec<Option<String>>,
}

impl Machine {
    /// Record events from here on, or stop.
    pub fn set_trace(&mut self, on: bool) {
        self.trace = on.then(Box::default);
    }

    /// The events since the last call.
    pub fn take_trace(&mut self) -> Vec<TraceEvent> {
        self.trace.as_mut().map(|t| core::mem::take(&mut t.events)).unwrap_or_default()
    }

    /// Before an instruction of the traced loop.
    pub(crate) fn trace_step(&mut self, codes: &Codes, pc: usize) {
        let Some(mut trace) = self.trace.take() else { return };
        let (fuel, reserve, given) = (self.fuel, self.reserve, self.identities_given);
        self.trace_into(&mut trace, codes, pc);
        (self.fuel, self.reserve) = (fuel, reserve);
        if self.identities_given > given {
            // Identities are numbered in the order in which the program asks for them; a trace must not ask.
            self.identities_given = given;
            let limit = 0x7f00_0000_0000 + 16 * given;
            self.identities.retain(|_, number| *number <= limit);
        }
        self.trace = Some(trace);
    }

    fn trace_into(&mut self, trace: &mut Trace, codes: &Codes, pc: usize) {
        let depth = self.frames.len();
        while trace.open.last().is_some_and(|open| open.depth > depth || open.depth == depth && self.other_frame(open)) {
            // It ended with an exception.
            if let Some(open) = trace.open.pop() {
                let function = codes[open.code as usize].code.name.as_ref().into();
                trace.events.push(TraceEvent { kind: 'r', function, line: open.line, locals: Vec::new(), value: Some("None".into()) });
            }
        }
        let Some(frame) = self.frames.last() else { return };
        let (code_id, base, generator) = (frame.code, frame.base as usize, frame.generator);
        let loaded = &codes[code_id as usize];
        let op = loaded.code.ops[pc];
        if loaded.hidden || matches!(op, Op::StartGenerator {}) {
            return;
        }
        let line = loaded.code.spans[pc].line;
        if trace.open.last().is_none_or(|open| open.depth < depth) {
            let entered = if pc <= 1 || generator == NO_GENERATOR { loaded.code.first_line } else { loaded.code.spans[pc - 1].line };
            let mut open = OpenFrame { depth, generator, code: code_id, line: 0, pc, shown: Vec::new() };
            let locals = self.changed_locals(&loaded.code, base, &mut open.shown);
            trace.events.push(event('c', &loaded.code, entered, locals));
            if pc > 1 && generator != NO_GENERATOR {
                open.line = entered;
            }
            trace.open.push(open);
        }
        let Some(open) = trace.open.last_mut() else { return };
        if line > 0 {
            if line != open.line || pc < open.pc {
                open.line = line;
                let locals = self.changed_locals(&loaded.code, base, &mut open.shown);
                trace.events.push(event('l', &loaded.code, line, locals));
            }
        }
        open.pc = pc;
        if let Op::Return { src } | Op::Yield { src, .. } = op {
            let value = self.shown(self.stack[base + src as usize]);
            let function = loaded.code.name.as_ref().into();
            trace.events.push(TraceEvent { kind: 'r', function, line: open.line, locals: Vec::new(), value: Some(value) });
            trace.open.pop();
        }
    }

    fn other_frame(&self, open: &OpenFrame) -> bool {
        self.frames.get(open.depth - 1).is_none_or(|frame| frame.code != open.code || frame.generator != open.generator)
    }

    fn changed_locals(&mut self, code: &Code, base: usize, shown: &mut Vec<Option<String>>) -> Vec<(String, String)> {
        shown.resize(code.locals.len(), None);
        let mut changed = Vec::new();
        for (index, name) in code.locals.iter().enumerate() {
            let slot = self.stack[base + index];
            let slot = if slot.kind == Kind::Cell { *self.heap.cells.get(slot.handle()) } else { slot };
            if slot.is_unbound() || name.as_ref() == ".namespace" {
                shown[index] = None;
                continue;
            }
            let text = self.shown(slot);
            if shown[index].as_deref() != Some(&text) {
                changed.push((name.as_ref().into(), text.clone()));
                shown[index] = Some(text);
            }
        }
        changed
    }

    /// `repr` without running program code.
    fn shown(&mut self, slot: Slot) -> String {
        match self.repr(slot) {
            Ok(text) => without_addresses(&text),
            Err(_) => format!("<{} object>", self.class_full_name(self.class_of(slot))),
        }
    }
}

fn event(kind: char, code: &Code, line: u32, locals: Vec<(String, String)>) -> TraceEvent {
    TraceEvent { kind, function: code.name.as_ref().into(), line, locals, value: None }
}

/// Addresses say nothing in a trace: ` at 0x7f…` is told as ` at 0x`.
fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" at 0x") {
        out.push_str(before);
        out.push_str(" at 0x");
        rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out.push_str(rest);
    out
}
