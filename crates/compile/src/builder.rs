//! One code object in the making: instructions with their places, registers,
//! constants, sites, labels, and which locals are surely bound. It knows
//! nothing about Python's syntax.
//!
//! Nothing is emitted where control cannot come, so dead code costs nothing.

use emulant_machine::code::{Const, Handler, Op, Reg, Span};
use emulant_machine::hash::Map;

/// A place that jumps can name before it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(u32);

#[derive(Clone, Debug, Default)]
struct LabelState {
    at: Option<u32>,
    /// Locals bound on every jump so far; `None` when nothing jumps here yet.
    bound: Option<Bound>,
}

/// The set of locals that are surely bound.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bound(Vec<u64>);

impl Bound {
    pub(crate) fn has(&self, reg: Reg) -> bool {
        self.0.get(usize::from(reg) / 64).is_some_and(|word| word >> (reg % 64) & 1 == 1)
    }

    pub(crate) fn set(&mut self, reg: Reg, bound: bool) {
        let index = usize::from(reg) / 64;
        if self.0.len() <= index {
            self.0.resize(index + 1, 0);
        }
        let bit = 1 << (reg % 64);
        if bound { self.0[index] |= bit } else { self.0[index] &= !bit }
    }

    fn meet(&mut self, other: &Bound) {
        for (index, word) in self.0.iter_mut().enumerate() {
            *word &= other.0.get(index).copied().unwrap_or(0);
        }
    }
}

/// Instructions in the making.
pub(crate) struct Builder {
    pub(crate) ops: Vec<Op>,
    pub(crate) spans: Vec<Span>,
    pub(crate) consts: Vec<Const>,
    const_index: Map<ConstKey, u32>,
    pub(crate) sites: Vec<Box<str>>,
    pub(crate) handlers: Vec<Handler>,
    labels: Vec<LabelState>,
    /// First register that is no named local.
    temps: u32,
    next: u32,
    most: u32,
    /// Can control come to the next instruction?
    pub(crate) reachable: bool,
    pub(crate) bound: Bound,
    /// Place given to the instructions that follow.
    pub(crate) span: Span,
    /// A table overflowed: what it holds.
    pub(crate) overflow: Option<&'static str>,
}

/// Constants that are one constant: floats by bits, so that `0.0` and `-0.0` stay apart.
#[derive(PartialEq, Eq, Hash)]
enum ConstKey {
    Text(Box<str>),
    Int(i64),
    Float(u64),
    Other(String),
}

impl ConstKey {
    fn of(value: &Const) -> ConstKey {
        match value {
            Const::Str(text) => ConstKey::Text(text.clone()),
            Const::Int(int) => ConstKey::Int(*int),
            Const::Float(float) => ConstKey::Float(float.to_bits()),
            other => ConstKey::Other(format!("{other:?}")),
        }
    }
}

impl Builder {
    pub(crate) fn new(locals: usize) -> Builder {
        let temps = locals as u32;
        let overflow = (temps > 60_000).then_some("registers");
        Builder {
            ops: Vec::new(),
            spans: Vec::new(),
            consts: Vec::new(),
            const_index: Map::default(),
            sites: Vec::new(),
            handlers: Vec::new(),
            labels: Vec::new(),
            temps,
            next: temps,
            most: temps,
            reachable: true,
            bound: Bound::default(),
            span: Span::default(),
            overflow,
        }
    }

    // ---- instructions

    /// Add an instruction, if control can come here.
    pub(crate) fn emit(&mut self, op: Op) {
        if !self.reachable {
            return;
        }
        self.ops.push(op);
        self.spans.push(self.span);
        if matches!(op, Op::Return { .. } | Op::Raise { .. } | Op::RaiseAgain {} | Op::Reraise { .. }) {
            self.reachable = false;
        }
    }

    /// Line of the last instruction that has one.
    pub(crate) fn last_line(&self) -> u32 {
        self.spans.iter().rev().take(8).map(|span| span.line).find(|line| *line != 0).unwrap_or(0)
    }

    /// Index of the next instruction.
    pub(crate) fn here(&self) -> u32 {
        self.ops.len() as u32
    }

    pub(crate) fn label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(self.labels.len() as u32 - 1)
    }

    /// The label is here.
    pub(crate) fn place(&mut self, label: Label) {
        let here = self.here();
        let state = &mut self.labels[label.0 as usize];
        state.at = Some(here);
        match (&state.bound, self.reachable) {
            (Some(bound), true) => self.bound.meet(bound),
            (Some(bound), false) => self.bound = bound.clone(),
            (None, _) => {}
        }
        self.reachable |= state.bound.is_some();
    }

    fn reaches(&mut self, label: Label) {
        let state = &mut self.labels[label.0 as usize];
        match &mut state.bound {
            Some(bound) => bound.meet(&self.bound),
            None => state.bound = Some(self.bound.clone()),
        }
    }

    /// Go to the label.
    pub(crate) fn jump(&mut self, label: Label) {
        if self.reachable {
            self.emit(Op::Jump { to: label.0 });
            self.reaches(label);
            self.reachable = false;
        }
    }

    /// A test or ForIter and the jump that belongs to it.
    pub(crate) fn branch(&mut self, test: Op, label: Label) {
        if self.reachable {
            self.emit(test);
            self.emit(Op::Jump { to: label.0 });
            self.reaches(label);
        }
    }

    /// Go back to a label that is placed already.
    pub(crate) fn repeat(&mut self, label: Label) {
        if self.reachable {
            self.emit(Op::Loop { to: label.0 });
            self.reachable = false;
        }
    }

    /// Guard `start..end`; exceptions go to `target` in `exc`. Whoever enters finds `bound` bound.
    pub(crate) fn guard(&mut self, start: u32, end: u32, target: Label, exc: Reg, bound: &Bound) {
        if start >= end {
            return;
        }
        self.handlers.push(Handler { start, end, target: target.0, exc });
        let state = &mut self.labels[target.0 as usize];
        match &mut state.bound {
            Some(known) => known.meet(bound),
            None => state.bound = Some(bound.clone()),
        }
    }

    // ---- registers

    /// A fresh temporary; [`Builder::release`] frees it.
    pub(crate) fn temp(&mut self) -> Reg {
        self.take(1)
    }

    /// `count` consecutive temporaries.
    pub(crate) fn take(&mut self, count: u32) -> Reg {
        let first = self.next;
        self.next += count;
        self.most = self.most.max(self.next);
        if self.next >= 65_000 {
            self.overflow = Some("registers");
            self.next = self.temps;
        }
        first.min(65_000) as Reg
    }

    pub(crate) fn mark(&self) -> u32 {
        self.next
    }

    /// Free all temporaries taken since the mark.
    pub(crate) fn release(&mut self, mark: u32) {
        self.next = mark;
    }

    /// Is the register the temporary taken last?
    pub(crate) fn is_top(&self, reg: Reg) -> bool {
        u32::from(reg) + 1 == self.next && u32::from(reg) >= self.temps
    }

    pub(crate) fn is_local(&self, reg: Reg) -> bool {
        u32::from(reg) < self.temps
    }

    pub(crate) fn registers(&self) -> u16 {
        self.most.min(65_535) as u16
    }

    // ---- tables

    pub(crate) fn constant(&mut self, value: Const) -> u32 {
        let next = self.consts.len() as u32;
        let index = *self.const_index.entry(ConstKey::of(&value)).or_insert(next);
        if index == next {
            self.consts.push(value);
        }
        index
    }

    /// A new site: each has a cache of its own.
    pub(crate) fn site(&mut self, name: &str) -> u16 {
        if self.sites.len() >= usize::from(u16::MAX) {
            // Beyond the table's width, uses of one name share a cache.
            let shared = self.sites.iter().position(|site| **site == *name);
            self.overflow = self.overflow.or(shared.is_none().then_some("names in one function or module"));
            return shared.unwrap_or(0) as u16;
        }
        self.sites.push(name.into());
        self.sites.len() as u16 - 1
    }

    // ---- the end

    /// Replace labels by instruction indexes, and shorten jumps that lead to jumps.
    pub(crate) fn finish(&mut self) {
        let places: Vec<u32> = self.labels.iter().map(|label| label.at.unwrap_or(0)).collect();
        for op in &mut self.ops {
            if let Op::Jump { to } | Op::Loop { to } = op {
                *to = places[*to as usize];
            }
        }
        for handler in &mut self.handlers {
            handler.target = places[handler.target as usize];
        }
        self.thread_jumps();
    }

    fn thread_jumps(&mut self) {
        for index in 0..self.ops.len() {
            let Op::Jump { to } = self.ops[index] else { continue };
            let mut target = to;
            for _ in 0..8 {
                match self.ops.get(target as usize) {
                    // A jump with a line is a `break`, which a trace must see.
                    Some(Op::Jump { to }) if !self.is_paired(target as usize) && self.spans[target as usize].line == 0 => target = *to,
                    _ => break,
                }
            }
            self.ops[index] = match self.ops.get(target as usize) {
                Some(back @ Op::Loop { .. }) if !self.is_paired(index) && self.spans[target as usize].line == 0 => *back,
                _ => Op::Jump { to: target },
            };
        }
    }

    /// Does the jump at `index` belong to the test before it?
    fn is_paired(&self, index: usize) -> bool {
        index > 0 && is_test(&self.ops[index - 1])
    }
}

fn is_test(op: &Op) -> bool {
    matches!(
        op,
        Op::Test { .. }
            | Op::TestLt { .. }
            | Op::TestLe { .. }
            | Op::TestGt { .. }
            | Op::TestGe { .. }
            | Op::TestEq { .. }
            | Op::TestNe { .. }
            | Op::TestImm { .. }
            | Op::TestIs { .. }
            | Op::TestNone { .. }
            | Op::TestIn { .. }
            | Op::ForIter { .. }
    )
}
