//! Modules written in Rust. Each gives a table of natives whose owner is the module's name; modules of the standard
//! library written in Python (`crates/stdlib/python`) import them (`_json`, `_random`, `_re`, `_collections`) or they
//! stand for themselves (`math`).

use crate::class::Type;
use crate::code::CompareOp;
use crate::machine::Machine;
use crate::native::{NativeObject, NativeRow};
use crate::trap::Trap;
use crate::value::Slot;
use alloc::vec::Vec;

pub mod collections;
pub mod digest;
pub mod holes;
pub mod heapq;
pub mod json;
pub mod math;
pub mod random;
pub mod re;
pub mod sys;
pub mod system;
pub mod time;
pub mod unicodedata;

/// The tables of all files, in a fixed order.
pub const TABLES: &[&[NativeRow]] =
    &[math::TABLE, math::UNARY_TABLE, time::TABLE, sys::TABLE, random::TABLE, collections::TABLE, json::TABLE, re::TABLE, digest::TABLE, system::TABLE, unicodedata::TABLE, holes::TABLE, heapq::TABLE];

/// Constants of native modules: module, name, value.
pub fn constants(m: &mut Machine) -> Vec<(&'static str, &'static str, Slot)> {
    let mut all = Vec::new();
    all.extend(math::CONSTANTS.iter().map(|(name, value)| ("math", *name, Slot::float(*value))));
    all.extend(sys::constants(m).into_iter().map(|(name, value)| ("sys", name, value)));
    all.push(("_collections", "deque", *Type::Deque.value()));
    all.push(("_random", "Random", *Type::Random.value()));
    all.push(("_re", "Pattern", *Type::Pattern.value()));
    all.push(("_re", "Match", *Type::Match.value()));
    let errors = [("AskError", Type::AskError), ("Refused", Type::Refused), ("AskFailed", Type::AskFailed), ("Abstained", Type::Abstained), ("ToolError", Type::ToolError)];
    all.extend(errors.map(|(name, class)| ("_emulant", name, *class.value())));
    all
}

/// `a == b` of objects of native modules; None when program code has to compare.
pub fn equal(m: &mut Machine, a: Slot, b: Slot, depth: u32) -> Result<Option<bool>, Trap> {
    match (m.heap.natives.get(a.handle()), m.heap.natives.get(b.handle())) {
        (NativeObject::Deque(..), NativeObject::Deque(..)) => collections::equal(m, a.handle(), b.handle(), depth),
        (NativeObject::Pattern(x), NativeObject::Pattern(y)) => Ok(Some(x.same_as(y))),
        _ => Ok(Some(a.same(b))),
    }
}

/// An order comparison of objects of native modules; None when they have none.
pub fn order(m: &mut Machine, op: CompareOp, a: Slot, b: Slot) -> Result<Option<bool>, Trap> {
    match (m.heap.natives.get(a.handle()), m.heap.natives.get(b.handle())) {
        (NativeObject::Deque(..), NativeObject::Deque(..)) => match collections::order(m, op, a.handle(), b.handle()) {
            Err(Trap::Call(_)) => Err(m.call_hidden("__order__", &[Slot::int(op as i64), a, b])),
            other => other.map(Some),
        },
        _ => Ok(None),
    }
}
