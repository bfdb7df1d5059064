//! `range`: constructor, methods, item and slice access.
//!
//! A range whose bounds or length do not fit 64 bits is a value of another kind, a tuple of its parts; what is more
//! than looking at them is done by hidden Python.

use super::support::{self, comparisons, guarded, receiver_of, Outcome};
use crate::class::Type;
use crate::code::CompareOp;
use crate::compare::range_contains;
use crate::heap::{IterObject, RangeObject};
use crate::iterate::range_item;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::format;
use num_bigint::BigInt;
use num_traits::Signed;

const KINDS: &[Kind] = &[Kind::Range, Kind::WideRange];

const fn method(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "range", name, code, bind: Bind::Method }
}

const fn getter(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "range", name, code, bind: Bind::Getter }
}

/// Natives of `range`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "range", name: "__new__", code: new, bind: Bind::Static },
    getter("start", |m, args| part(m, args, "start", 0)),
    getter("stop", |m, args| part(m, args, "stop", 1)),
    getter("step", |m, args| part(m, args, "step", 2)),
    method("index", index),
    method("count", count),
    method("__len__", |m, args| support::len_of(m, args, KINDS, "range")),
    method("__iter__", iter),
    method("__repr__", |m, args| support::repr_of(m, args, KINDS, "range")),
    method("__reversed__", reversed),
    method("__contains__", contains),
    method("__getitem__", getitem),
    method("__hash__", hash),
    method("__eq__", eq),
    method("__ne__", ne),
    method("__lt__", lt),
    method("__le__", le),
    method("__gt__", gt),
    method("__ge__", ge),
];

comparisons!("range", KINDS, "__call_");

fn part(m: &mut Machine, args: &Args, name: &str, place: usize) -> Outcome {
    let range = receiver_of(m, args, KINDS, "range", name)?;
    m.force(m.range_parts(range)[place])
}

/// The receiver, whose parts fit; a wide one's method is hidden Python, called with the same arguments.
fn narrow(m: &mut Machine, args: &Args, name: &str, wide: &str) -> Result<Handle, Trap> {
    let range = receiver_of(m, args, KINDS, "range", name)?;
    if range.kind == Kind::Range {
        return Ok(range.handle());
    }
    let all = support::positional(m, args);
    Err(m.call_hidden(wide, &all))
}

impl Machine {
    /// Start, stop, step and length of a range.
    pub(crate) fn range_parts(&self, range: Slot) -> [Slot; 4] {
        if range.kind == Kind::WideRange {
            let parts = self.heap.tuples.get(range.handle());
            return [0, 1, 2, 3].map(|place| parts.get(place).copied().unwrap_or(Slot::int(0)));
        }
        let range = self.heap.ranges.get(range.handle());
        [range.start, range.stop, range.step, range.len as i64].map(Slot::int)
    }
}

/// A range with its length. None: it does not fit.
pub fn ranged(start: i64, stop: i64, step: i64) -> Option<RangeObject> {
    let span = if step > 0 { i128::from(stop) - i128::from(start) } else { i128::from(start) - i128::from(stop) };
    let stride = i128::from(step).abs();
    let len = if span <= 0 { 0 } else { (span + stride - 1) / stride };
    let len = u64::try_from(len).ok().filter(|len| *len <= i64::MAX as u64)?;
    Some(RangeObject { start, stop, step, len })
}

fn new_range(m: &mut Machine, range: RangeObject) -> Value {
    m.heap.bytes += 48;
    Value::object(Kind::Range, m.heap.ranges.add(range))
}

fn new(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "range", 1, 1, 3)?;
    let mut parts = [Slot::int(0); 3];
    for index in 1..args.count {
        parts[index - 1] = bound(m, args, index)?;
    }
    let [start, stop, step] = match args.count {
        2 => [Slot::int(0), parts[0], Slot::int(1)],
        3 => [parts[0], parts[1], Slot::int(1)],
        _ => parts,
    };
    if step.kind == Kind::Int && step.as_int() == 0 {
        return Err(m.value_error("range() arg 3 must not be zero"));
    }
    if [start, stop, step].iter().all(|part| part.kind == Kind::Int) {
        if let Some(range) = ranged(start.as_int(), stop.as_int(), step.as_int()) {
            return Ok(new_range(m, range));
        }
    }
    wide_range(m, start, stop, step)
}

fn wide_range(m: &mut Machine, start: Slot, stop: Slot, step: Slot) -> Outcome {
    let (first, last, stride) = (m.big(start), m.big(stop), m.big(step));
    let span = if stride.is_negative() { first - last } else { last - first };
    let stride = stride.abs();
    let len = if span.is_positive() { (span + &stride - 1) / stride } else { BigInt::ZERO };
    let len = *m.new_int(len)?;
    let parts = m.new_tuple([start, stop, step, len])?;
    Ok(Value::object(Kind::WideRange, parts.handle()))
}

fn bound(m: &mut Machine, args: &Args, index: usize) -> Result<Slot, Trap> {
    let value = *m.arg(args, index)?;
    let plain = m.payload(value);
    if plain.kind == Kind::Big {
        return Ok(plain);
    }
    if plain.kind == Kind::Instance && m.special(plain, m.names.index).is_some() {
        let all = support::positional(m, args);
        return Err(m.call_hidden("__range_new__", &all[1..]));
    }
    m.index_value(value, "").map(Slot::int)
}

/// `range[key]`.
pub fn get_item(m: &mut Machine, range: Handle, key: Slot) -> Result<Slot, Trap> {
    let object = *m.heap.ranges.get(range);
    let key = m.payload(*m.force(key)?);
    if support::is_program_index(m, key) {
        return Err(m.call_hidden("__get_item_at__", &[Slot::object(Kind::Range, range), key]));
    }
    if key.kind == Kind::Slice {
        return slice(m, range, key).map(Value::slot);
    }
    if key.kind == Kind::Big {
        return Err(m.raise(Type::IndexError, "range object index out of range"));
    }
    let place = m.index_value(key, "range indices must be integers or slices")?;
    let place = if place < 0 { place.saturating_add(object.len as i64) } else { place };
    if place < 0 || place as u64 >= object.len {
        return Err(m.raise(Type::IndexError, "range object index out of range"));
    }
    Ok(Slot::int(range_item(&object, place as u64)))
}

fn slice(m: &mut Machine, handle: Handle, key: Slot) -> Outcome {
    let range = *m.heap.ranges.get(handle);
    let (start, stop, step, count) = m.slice_indices(key, range.len)?;
    let item = |place: i64| i128::from(range.start) + i128::from(place) * i128::from(range.step);
    let parts = (i64::try_from(item(start)), i64::try_from(item(stop)), range.step.checked_mul(step));
    match parts {
        (Ok(start), Ok(stop), Some(step)) => Ok(new_range(m, RangeObject { start, stop, step, len: count })),
        _ => Err(m.call_hidden("__wide_range_item__", &[Slot::object(Kind::Range, handle), key])),
    }
}

fn getitem(m: &mut Machine, args: &Args) -> Outcome {
    let range = narrow(m, args, "__getitem__", "__wide_range_item__")?;
    m.expect(args, "range.__getitem__", 1, 1, 1)?;
    get_item(m, range, m.arg_slot(args, 1)).and_then(|found| m.force(found))
}

fn iter(m: &mut Machine, args: &Args) -> Outcome {
    narrow(m, args, "__iter__", "__wide_range_iter__")?;
    support::iter_of(m, args, KINDS, "range")
}

fn reversed(m: &mut Machine, args: &Args) -> Outcome {
    let range = narrow(m, args, "__reversed__", "__wide_range_reversed__")?;
    m.expect(args, "range.__reversed__", 1, 0, 0)?;
    let len = m.heap.ranges.get(range).len;
    Ok(m.new_iter(IterObject::Reversed(Slot::object(Kind::Range, range), len)))
}

/// Position of a number in the range.
fn place_of(m: &mut Machine, args: &Args, range: RangeObject) -> Result<Option<u64>, Trap> {
    let wanted = *m.arg(args, 1)?;
    let plain = m.payload(wanted);
    if m.user_method(wanted, m.names.eq).is_some() {
        return Err(support::needs_program(m));
    }
    match plain.kind {
        Kind::Int | Kind::Bool => {
            let item = plain.as_int();
            let offset = (i128::from(item) - i128::from(range.start)) / i128::from(range.step);
            Ok(range_contains(&range, item).then_some(offset as u64))
        }
        Kind::Float if crate::kernel::float::to_exact_i64(plain.as_float()).is_some() => {
            let item = crate::kernel::float::to_exact_i64(plain.as_float()).unwrap_or(0);
            let offset = (i128::from(item) - i128::from(range.start)) / i128::from(range.step);
            Ok(range_contains(&range, item).then_some(offset as u64))
        }
        Kind::Instance | Kind::Complex => Err(support::needs_program(m)),
        _ => Ok(None),
    }
}

fn contains(m: &mut Machine, args: &Args) -> Outcome {
    let range = narrow(m, args, "__contains__", "__wide_range_contains__")?;
    let range = *m.heap.ranges.get(range);
    m.expect(args, "range.__contains__", 1, 1, 1)?;
    guarded(m, args, "__sequence_contains__", |m| place_of(m, args, range).map(|found| Value::bool(found.is_some())))
}

fn index(m: &mut Machine, args: &Args) -> Outcome {
    let range = narrow(m, args, "index", "__wide_range_index__")?;
    let range = *m.heap.ranges.get(range);
    m.expect(args, "range.index", 1, 1, 1)?;
    guarded(m, args, "__range_index__", |m| match place_of(m, args, range)? {
        Some(place) => Ok(Value::int(place as i64)),
        None => {
            let wanted = *m.arg(args, 1)?;
            let message = match wanted.kind {
                Kind::Int | Kind::Bool | Kind::Big => format!("{} is not in range", m.repr(wanted)?),
                _ => "sequence.index(x): x not in sequence".into(),
            };
            Err(m.value_error(message))
        }
    })
}

fn count(m: &mut Machine, args: &Args) -> Outcome {
    let range = narrow(m, args, "count", "__wide_range_count__")?;
    let range = *m.heap.ranges.get(range);
    m.expect(args, "range.count", 1, 1, 1)?;
    guarded(m, args, "__list_count__", |m| place_of(m, args, range).map(|found| Value::int(i64::from(found.is_some()))))
}

fn hash(m: &mut Machine, args: &Args) -> Outcome {
    let range = receiver_of(m, args, KINDS, "range", "__hash__")?;
    m.expect(args, "range.__hash__", 1, 0, 0)?;
    m.hash(range).map(|hash| Value::int(hash as i64))
}
