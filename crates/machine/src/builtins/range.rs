//! `range`: constructor, methods, item and slice access. Ranges whose bounds or length do not fit 64 bits are refused.

use super::support::{self, comparisons, guarded, receiver, Outcome};
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

const KIND: &[Kind] = &[Kind::Range];

const fn method(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "range", name, code, bind: Bind::Method }
}

const fn getter(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "range", name, code, bind: Bind::Getter }
}

/// Natives of `range`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "range", name: "__new__", code: new, bind: Bind::Static },
    getter("start", |m, args| this(m, args, "start").map(|r| Value::int(r.start))),
    getter("stop", |m, args| this(m, args, "stop").map(|r| Value::int(r.stop))),
    getter("step", |m, args| this(m, args, "step").map(|r| Value::int(r.step))),
    method("index", index),
    method("count", count),
    method("__len__", |m, args| support::len_of(m, args, KIND, "range")),
    method("__iter__", |m, args| support::iter_of(m, args, KIND, "range")),
    method("__repr__", |m, args| support::repr_of(m, args, KIND, "range")),
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

comparisons!("range", KIND, "__call_");

fn this(m: &mut Machine, args: &Args, name: &str) -> Result<RangeObject, Trap> {
    let range = receiver(m, args, Kind::Range, "range", name)?;
    Ok(*m.heap.ranges.get(range))
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
    let mut parts = [0i64; 3];
    for index in 1..args.count {
        parts[index - 1] = bound(m, args, index)?;
    }
    let (start, stop, step) = match args.count {
        2 => (0, parts[0], 1),
        3 => (parts[0], parts[1], 1),
        _ => (parts[0], parts[1], parts[2]),
    };
    if step == 0 {
        return Err(m.value_error("range() arg 3 must not be zero"));
    }
    match ranged(start, stop, step) {
        Some(range) => Ok(new_range(m, range)),
        None => Err(m.raise(Type::NotImplementedError, "not supported: a range with more than 2**63 - 1 items")),
    }
}

fn bound(m: &mut Machine, args: &Args, index: usize) -> Result<i64, Trap> {
    let value = *m.arg(args, index)?;
    let plain = m.payload(value);
    if plain.kind == Kind::Big {
        return Err(m.raise(Type::NotImplementedError, "not supported: a range whose bounds do not fit 64 bits"));
    }
    if plain.kind == Kind::Instance && m.special(plain, m.names.index).is_some() {
        let all = support::positional(m, args);
        return Err(m.call_hidden("__range_new__", &all[1..]));
    }
    m.index_value(value, "")
}

/// `range[key]`.
pub fn get_item(m: &mut Machine, range: Handle, key: Slot) -> Result<Slot, Trap> {
    let object = *m.heap.ranges.get(range);
    let key = m.payload(*m.force(key)?);
    if support::is_program_index(m, key) {
        return Err(m.call_hidden("__get_item_at__", &[Slot::object(Kind::Range, range), key]));
    }
    if key.kind == Kind::Slice {
        return slice(m, object, key).map(Value::slot);
    }
    let place = m.index_value(key, "range indices must be integers or slices")?;
    let place = if place < 0 { place.saturating_add(object.len as i64) } else { place };
    if place < 0 || place as u64 >= object.len {
        return Err(m.raise(Type::IndexError, "range object index out of range"));
    }
    Ok(Slot::int(range_item(&object, place as u64)))
}

fn slice(m: &mut Machine, range: RangeObject, key: Slot) -> Outcome {
    let (start, stop, step, count) = m.slice_indices(key, range.len)?;
    let item = |place: i64| i128::from(range.start) + i128::from(place) * i128::from(range.step);
    let parts = (i64::try_from(item(start)), i64::try_from(item(stop)), range.step.checked_mul(step));
    match parts {
        (Ok(start), Ok(stop), Some(step)) => Ok(new_range(m, RangeObject { start, stop, step, len: count })),
        _ => Err(m.raise(Type::NotImplementedError, "not supported: a range whose bounds do not fit 64 bits")),
    }
}

fn getitem(m: &mut Machine, args: &Args) -> Outcome {
    let range = receiver(m, args, Kind::Range, "range", "__getitem__")?;
    m.expect(args, "range.__getitem__", 1, 1, 1)?;
    get_item(m, range, m.arg_slot(args, 1)).and_then(|found| m.force(found))
}

fn reversed(m: &mut Machine, args: &Args) -> Outcome {
    let range = receiver(m, args, Kind::Range, "range", "__reversed__")?;
    m.expect(args, "range.__reversed__", 1, 0, 0)?;
    let len = m.heap.ranges.get(range).len;
    Ok(m.new_iter(IterObject::Reversed(Slot::object(Kind::Range, range), len)))
}

/// Position of a number in the range.
fn place_of(m: &mut Machine, args: &Args, range: RangeObject) -> Result<Option<u64>, Trap> {
    let wanted = *m.arg(args, 1)?;
    let plain = m.payload(wanted);
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
        Kind::Instance => Err(support::needs_program(m)),
        _ => Ok(None),
    }
}

fn contains(m: &mut Machine, args: &Args) -> Outcome {
    let range = this(m, args, "__contains__")?;
    m.expect(args, "range.__contains__", 1, 1, 1)?;
    guarded(m, args, "__sequence_contains__", |m| place_of(m, args, range).map(|found| Value::bool(found.is_some())))
}

fn index(m: &mut Machine, args: &Args) -> Outcome {
    let range = this(m, args, "index")?;
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
    let range = this(m, args, "count")?;
    m.expect(args, "range.count", 1, 1, 1)?;
    guarded(m, args, "__list_count__", |m| place_of(m, args, range).map(|found| Value::int(i64::from(found.is_some()))))
}

fn hash(m: &mut Machine, args: &Args) -> Outcome {
    let range = receiver(m, args, Kind::Range, "range", "__hash__")?;
    m.expect(args, "range.__hash__", 1, 0, 0)?;
    m.hash(Slot::object(Kind::Range, range)).map(|hash| Value::int(hash as i64))
}
