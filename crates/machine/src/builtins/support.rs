//! What the natives of containers share: receivers, arguments, and the way from a native to its twin in Python.
//!
//! Each native that may meet program code runs inside [`guarded`]: it computes on plain data, and as soon as program
//! code would be needed the whole call is made again by the twin of the same meaning in the hidden module. So a native
//! must not change anything before its last chance to find that out; native iterators that it consumed are put back.

use crate::code::CompareOp;
use crate::heap::IterObject;
use crate::machine::Machine;
use crate::native::Args;
use crate::trap::{Adapt, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};

/// What every native gives.
pub type Outcome = Result<Value, Trap>;

/// The trap that says "program code is needed here"; [`guarded`] replaces it by the call of the twin.
pub fn needs_program(m: &Machine) -> Trap {
    m.call_trap(Slot::NONE, Vec::new(), Adapt::Plain)
}

/// Join the label of what a native saw inside a container into the label of its result.
#[inline]
pub fn see(m: &mut Machine, slot: Slot) {
    m.see(slot, slot);
}

/// The receiver of a method as the handle of its built-in value, which is of `kind`.
pub fn receiver(m: &mut Machine, args: &Args, kind: Kind, class: &str, method: &str) -> Result<Handle, Trap> {
    receiver_of(m, args, &[kind], class, method).map(|s| s.handle())
}

/// As [`receiver`], where several kinds are right.
pub fn receiver_of(m: &mut Machine, args: &Args, kinds: &[Kind], class: &str, method: &str) -> Result<Slot, Trap> {
    if args.count == 0 {
        return Err(m.type_error(format!("unbound method {class}.{method}() needs an argument")));
    }
    let this = m.arg(args, 0)?;
    let payload = m.payload(*this);
    if kinds.contains(&payload.kind) {
        return Ok(payload);
    }
    let shown = m.type_name(*this);
    let message = match method.starts_with("__") {
        true => format!("descriptor '{method}' requires a '{class}' object but received a '{shown}'"),
        false => format!("descriptor '{method}' for '{class}' objects doesn't apply to a '{shown}' object"),
    };
    Err(m.type_error(message))
}

/// All positional arguments, the receiver as its built-in value.
pub fn positional(m: &Machine, args: &Args) -> Vec<Slot> {
    let mut all: Vec<Slot> = (0..args.count).map(|i| m.arg_slot(args, i)).collect();
    if let Some(first) = all.first_mut() {
        *first = m.payload(*first);
    }
    all
}

/// Run a native's body; where program code is needed, call the hidden function `twin` with the same arguments.
pub fn guarded(m: &mut Machine, args: &Args, twin: &str, body: impl FnOnce(&mut Machine) -> Outcome) -> Outcome {
    let saved = snapshot(m, args);
    match body(m) {
        Err(Trap::Call(_)) => {
            restore(m, saved);
            let all = positional(m, args);
            Err(m.call_hidden(twin, &all))
        }
        Err(trap @ (Trap::Pending | Trap::Memory)) => {
            restore(m, saved);
            Err(trap)
        }
        other => other,
    }
}

/// States of the native iterators among the arguments.
fn snapshot(m: &Machine, args: &Args) -> Vec<(Handle, IterObject)> {
    let mut saved = Vec::new();
    for index in 0..args.count {
        save_iter(m, m.arg_slot(args, index), &mut saved);
    }
    saved
}

fn save_iter(m: &Machine, slot: Slot, saved: &mut Vec<(Handle, IterObject)>) {
    if slot.kind != Kind::Iter || saved.iter().any(|(handle, _)| *handle == slot.handle()) {
        return;
    }
    let state = m.heap.iters.get(slot.handle()).clone();
    let inner: Vec<Slot> = match &state {
        IterObject::Enumerate(inner, _) => Vec::from([*inner]),
        IterObject::Zip(all, _) => all.clone(),
        _ => Vec::new(),
    };
    saved.push((slot.handle(), state));
    for slot in inner {
        save_iter(m, slot, saved);
    }
}

fn restore(m: &mut Machine, saved: Vec<(Handle, IterObject)>) {
    for (handle, state) in saved {
        *m.heap.iters.get_mut(handle) = state;
    }
}

/// All items of what iterates natively; anything else needs program code.
pub fn items(m: &mut Machine, slot: Slot) -> Result<Vec<Slot>, Trap> {
    let value = m.force(slot)?;
    match m.items_of(*value)? {
        Some(items) => {
            m.spend(items.len() as u64)?;
            Ok(items)
        }
        None if m.iterable(*value) => Err(needs_program(m)),
        None => {
            let message = format!("'{}' object is not iterable", m.type_name(*value));
            Err(m.type_error(message))
        }
    }
}

/// The items, none of them pending.
pub fn forced(m: &Machine, items: Vec<Slot>) -> Result<Vec<Slot>, Trap> {
    items.into_iter().map(|slot| m.force(slot).map(Value::slot)).collect()
}

/// Keyword arguments by name; any other name is a TypeError made by `unknown`.
pub fn keywords<const N: usize>(
    m: &mut Machine,
    args: &Args,
    names: [&str; N],
    unknown: impl Fn(&str) -> String,
) -> Result<[Option<Slot>; N], Trap> {
    let mut found = [None; N];
    for (name, slot) in m.keywords(args) {
        match names.iter().position(|n| *n == name) {
            Some(index) => found[index] = Some(slot),
            None => return Err(m.type_error(unknown(&name))),
        }
    }
    Ok(found)
}

/// An index argument clamped into `0..=len`, counted from the end when negative.
pub fn clamped(m: &mut Machine, args: &Args, index: usize, default: usize, len: usize) -> Result<usize, Trap> {
    let Some(value) = m.optional(args, index)? else { return Ok(default.min(len)) };
    let number = saturated_index(m, *value, "slice indices must be integers or have an __index__ method")?;
    Ok(if number < 0 { (number + len as i64).max(0) as usize } else { (number as u64).min(len as u64) as usize })
}

/// An integer squeezed into an i64 that may have the length of a container added without overflow.
pub fn saturated_index(m: &mut Machine, slot: Slot, message: &str) -> Result<i64, Trap> {
    let value = m.payload(slot);
    const FAR: i64 = i64::MAX / 2;
    match value.kind {
        Kind::Int | Kind::Bool => Ok(value.as_int().clamp(-FAR, FAR)),
        Kind::Big => Ok(if m.heap.bigs.get(value.handle()).sign() == num_bigint::Sign::Minus { -FAR } else { FAR }),
        Kind::Instance if m.special(value, m.names.index).is_some() => Err(needs_program(m)),
        _ => Err(m.type_error(message)),
    }
}

/// Does a key (an index, or a bound of a slice) have to be turned into an int by program code?
pub fn is_program_index(m: &Machine, key: Slot) -> bool {
    let own = |slot: Slot| slot.kind == Kind::Instance && m.payload(slot).kind == Kind::Instance && m.special(slot, m.names.index).is_some();
    match key.kind {
        Kind::Slice => m.heap.slices.get(key.handle()).iter().any(|part| own(*part)),
        _ => own(key),
    }
}

/// An index argument; one that program code has to make goes through hidden code, which calls the native again.
pub fn index_arg(m: &mut Machine, args: &Args, place: usize, native: &str) -> Result<i64, Trap> {
    let value = *m.arg(args, place)?;
    if is_program_index(m, value) {
        let callee = m.native_value(native);
        let all = positional(m, args);
        let all = *m.new_list(all)?;
        return Err(m.call_hidden("__with_index__", &[callee, all, Slot::int(place as i64)]));
    }
    m.index_value(value, "")
}

/// An answer of a native comparison, or the need of program code.
pub fn known<T>(m: &Machine, answer: Option<T>) -> Result<T, Trap> {
    answer.ok_or_else(|| needs_program(m))
}

/// `a == b` as containers compare: identity first. Program code is never run.
pub fn same(m: &mut Machine, a: Slot, b: Slot) -> Result<bool, Trap> {
    if a.same(b) {
        return Ok(true);
    }
    let equal = m.equal_native(a, b, 0)?;
    known(m, equal)
}

/// One of the six comparisons of payloads that are of the same family; `NotImplemented` otherwise.
pub fn compare_payloads(m: &mut Machine, args: &Args, op: CompareOp, family: &[Kind], class: &str, method: &str, twin: &str) -> Outcome {
    let this = receiver_of(m, args, family, class, method)?;
    expect_exactly(m, args, 1)?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    if !family.contains(&other.kind) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    guarded(m, args, twin, |m| {
        let answer = match op {
            CompareOp::Eq => m.equal_native(this, other, 0)?,
            CompareOp::Ne => m.equal_native(this, other, 0)?.map(|equal| !equal),
            _ => m.order_native(op, this, other, 0)?,
        };
        known(m, answer).map(Value::bool)
    })
}

/// The six comparison methods of a class, each a native of its own.
macro_rules! comparisons {
    ($class:literal, $family:expr, $twin:literal) => {
        fn eq(m: &mut Machine, args: &Args) -> Outcome { support::compare_payloads(m, args, CompareOp::Eq, $family, $class, "__eq__", concat!($twin, "eq__")) }
        fn ne(m: &mut Machine, args: &Args) -> Outcome { support::compare_payloads(m, args, CompareOp::Ne, $family, $class, "__ne__", concat!($twin, "ne__")) }
        fn lt(m: &mut Machine, args: &Args) -> Outcome { support::compare_payloads(m, args, CompareOp::Lt, $family, $class, "__lt__", concat!($twin, "lt__")) }
        fn le(m: &mut Machine, args: &Args) -> Outcome { support::compare_payloads(m, args, CompareOp::Le, $family, $class, "__le__", concat!($twin, "le__")) }
        fn gt(m: &mut Machine, args: &Args) -> Outcome { support::compare_payloads(m, args, CompareOp::Gt, $family, $class, "__gt__", concat!($twin, "gt__")) }
        fn ge(m: &mut Machine, args: &Args) -> Outcome { support::compare_payloads(m, args, CompareOp::Ge, $family, $class, "__ge__", concat!($twin, "ge__")) }
    };
}
pub(crate) use comparisons;

/// The number of arguments of a special method that a program calls by its name.
pub fn expect_exactly(m: &mut Machine, args: &Args, count: usize) -> Result<(), Trap> {
    let given = args.count.saturating_sub(1) + args.keywords;
    if given == count && args.keywords == 0 {
        return Ok(());
    }
    let plural = if count == 1 { "" } else { "s" };
    Err(m.type_error(format!("expected {count} argument{plural}, got {given}")))
}

/// `len(self)` as a method of a built-in container.
pub fn len_of(m: &mut Machine, args: &Args, kinds: &[Kind], class: &str) -> Outcome {
    let this = receiver_of(m, args, kinds, class, "__len__")?;
    expect_exactly(m, args, 0)?;
    let len = m.length(this)?.unwrap_or(0);
    Ok(Value::int(len as i64))
}

/// `iter(self)` as a method of a built-in container.
pub fn iter_of(m: &mut Machine, args: &Args, kinds: &[Kind], class: &str) -> Outcome {
    let this = receiver_of(m, args, kinds, class, "__iter__")?;
    expect_exactly(m, args, 0)?;
    let iter = m.iter_native(this)?;
    known(m, iter)
}

/// `repr(self)` as a method of a built-in container: of the built-in value, whatever class extends it.
pub fn repr_of(m: &mut Machine, args: &Args, kinds: &[Kind], class: &str) -> Outcome {
    let this = receiver_of(m, args, kinds, class, "__repr__")?;
    expect_exactly(m, args, 0)?;
    let text = m.repr(this)?;
    m.new_str(text)
}
