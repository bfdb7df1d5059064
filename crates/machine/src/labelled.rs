//! The frequent instructions on operands with labels: what comes of them is what the run loop does in place for operands
//! without, and has the labels of both. Whatever is left (other kinds, overflow, indices out of range) `step` does.

use crate::builtins::quick::QuickFn;
use crate::code::{BinaryOp, CompareOp};
use crate::machine::Machine;
use crate::value::{Kind, Slot};

/// An operation on small integers, where its result is one and needs no thought.
#[inline(always)]
pub(crate) fn on_integers(op: BinaryOp, x: i64, y: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => x.checked_add(y),
        BinaryOp::Sub => x.checked_sub(y),
        BinaryOp::Mul => x.checked_mul(y),
        BinaryOp::And => Some(x & y),
        BinaryOp::Or => Some(x | y),
        BinaryOp::Xor => Some(x ^ y),
        BinaryOp::Shr if y >= 0 => Some(x >> y.min(63)),
        BinaryOp::Shl if (0..62).contains(&y) && x.unsigned_abs() < 1 << (62 - y) => Some(x << y),
        BinaryOp::FloorDiv if y > 0 => Some(x.div_euclid(y)),
        BinaryOp::Mod if y > 0 => Some(x.rem_euclid(y)),
        _ => None,
    }
}

fn on_floats(op: BinaryOp, x: f64, y: f64) -> Option<f64> {
    match op {
        BinaryOp::Add => Some(x + y),
        BinaryOp::Sub => Some(x - y),
        BinaryOp::Mul => Some(x * y),
        BinaryOp::TrueDiv if y != 0.0 => Some(x / y),
        _ => None,
    }
}

fn number(slot: &Slot) -> Option<f64> {
    match slot.kind {
        Kind::Float => Some(slot.as_float()),
        Kind::Int => Some(slot.as_int() as f64),
        _ => None,
    }
}

impl Machine {
    /// Write `a op b` into `dst` (places on the stack); false when `step` has to.
    #[inline(never)]
    pub(crate) fn labelled_binary(&mut self, op: BinaryOp, dst: usize, a: usize, b: usize) -> bool {
        let (x, y) = (&self.stack[a], &self.stack[b]);
        let value = match (x.kind, y.kind) {
            (Kind::Int, Kind::Int) => on_integers(op, x.as_int(), y.as_int()).map(Slot::int),
            (Kind::Float, _) | (_, Kind::Float) => match (number(x), number(y)) {
                (Some(x), Some(y)) => on_floats(op, x, y).map(Slot::float),
                _ => None,
            },
            _ => None,
        };
        let Some(value) = value else { return false };
        let label = self.labels.join(x.label, y.label);
        self.stack[dst] = value.with_label(label);
        true
    }

    /// As [`Machine::labelled_binary`], of a comparison of integers or floats.
    #[inline(never)]
    pub(crate) fn labelled_compare(&mut self, op: CompareOp, dst: usize, a: usize, b: usize) -> bool {
        let (x, y) = (&self.stack[a], &self.stack[b]);
        let order = match (x.kind, y.kind) {
            (Kind::Int, Kind::Int) if (op as u8) < CompareOp::Is as u8 => x.as_int().cmp(&y.as_int()),
            _ => return false,
        };
        let label = self.labels.join(x.label, y.label);
        self.stack[dst] = Slot::bool(crate::compare::holds(op, order)).with_label(label);
        true
    }

    /// As [`Machine::labelled_binary`], of an item: its own label and its container's, selected by the key.
    #[inline(never)]
    pub(crate) fn labelled_item(&mut self, dst: usize, object: usize, key: usize) -> bool {
        let (object, key) = (&self.stack[object], &self.stack[key]);
        let (of, by) = (object.label, key.label);
        let found = match (object.kind, key.kind) {
            (Kind::List | Kind::Tuple, Kind::Int) => {
                let items: &[Slot] = if object.kind == Kind::List { self.heap.lists.get(object.handle()) } else { self.heap.tuples.get(object.handle()) };
                Machine::place(key.as_int(), items.len()).map(|place| items[place])
            }
            (Kind::Str, Kind::Int) => {
                let text = self.heap.text(object.handle()).as_bytes();
                let ascii = self.heap.strings.get(object.handle()).is_ascii();
                let place = if ascii { Machine::place(key.as_int(), text.len()) } else { None };
                place.map(|place| Slot::object(Kind::Str, self.ascii[text[place] as usize]))
            }
            (Kind::Dict, Kind::Int | Kind::Str | Kind::Tuple) => {
                let (dict, key) = (object.handle(), Slot::new(key.kind, key.bits));
                self.known_item(dict, key)
            }
            _ => None,
        };
        let Some(item) = found else { return false };
        let whole = self.labels.join(of, item.label);
        let label = self.labels.selected(whole, by);
        self.stack[dst] = item.with_label(label);
        true
    }

    /// A quick form on arguments of which some have labels: its result has the labels of all, as a native's. Not for
    /// `dict.get`, whose key chooses.
    #[inline(never)]
    pub(crate) fn labelled_quick(&mut self, quick: QuickFn, first: usize, count: usize, dst: usize) -> bool {
        let label = self.stack[first..first + count].iter().fold(0, |label, arg| self.labels.join(label, arg.label));
        let done = quick(self, first, count, dst);
        if done {
            self.stack[dst] = self.relabel(self.stack[dst], label);
        }
        done
    }
}
