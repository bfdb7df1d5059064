//! `tuple`: its methods, and item and slice access for the core.

use super::support::{self, clamped, comparisons, guarded, items, receiver, same, Outcome};
use crate::class::Type;
use crate::code::CompareOp;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};

const KIND: &[Kind] = &[Kind::Tuple];

const fn method(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "tuple", name, code, bind: Bind::Method }
}

/// Natives of `tuple`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "tuple", name: "__new__", code: new, bind: Bind::Static },
    method("index", index),
    method("count", count),
    method("__len__", |m, args| support::len_of(m, args, KIND, "tuple")),
    method("__iter__", |m, args| support::iter_of(m, args, KIND, "tuple")),
    method("__repr__", |m, args| support::repr_of(m, args, KIND, "tuple")),
    method("__hash__", hash),
    method("__contains__", contains),
    method("__getitem__", getitem),
    method("__getnewargs__", getnewargs),
    method("__add__", add),
    method("__mul__", mul),
    method("__rmul__", mul),
    method("__eq__", eq),
    method("__ne__", ne),
    method("__lt__", lt),
    method("__le__", le),
    method("__gt__", gt),
    method("__ge__", ge),
];

comparisons!("tuple", KIND, "__call_");

fn new(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "tuple", 1, 0, 1)?;
    if args.count < 2 {
        return m.new_tuple(Vec::new());
    }
    let given = m.arg(args, 1)?;
    if given.kind == Kind::Tuple {
        return Ok(given);
    }
    guarded(m, args, "__tuple_new__", |m| {
        let all = items(m, *given)?;
        m.new_tuple(all)
    })
}

fn place_of(m: &mut Machine, tuple: Handle, wanted: Slot, start: usize, stop: usize) -> Result<Option<usize>, Trap> {
    let len = m.heap.tuples.get(tuple).len().min(stop);
    for place in start..len {
        let item = m.heap.tuples.get(tuple)[place];
        if same(m, item, wanted)? {
            return Ok(Some(place));
        }
    }
    m.spend((len.saturating_sub(start)) as u64)?;
    Ok(None)
}

fn index(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "index")?;
    m.expect(args, "index", 1, 1, 3)?;
    guarded(m, args, "__tuple_index__", |m| {
        let wanted = *m.arg(args, 1)?;
        let len = m.heap.tuples.get(tuple).len();
        let start = clamped(m, args, 2, 0, len)?;
        let stop = clamped(m, args, 3, usize::MAX, len)?;
        match place_of(m, tuple, wanted, start, stop)? {
            Some(place) => Ok(Value::int(place as i64)),
            None => Err(m.value_error("tuple.index(x): x not in tuple")),
        }
    })
}

fn count(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "count")?;
    m.expect(args, "tuple.count", 1, 1, 1)?;
    guarded(m, args, "__list_count__", |m| {
        let wanted = *m.arg(args, 1)?;
        let (mut place, mut total) = (0, 0);
        while let Some(found) = place_of(m, tuple, wanted, place, usize::MAX)? {
            (place, total) = (found + 1, total + 1);
        }
        Ok(Value::int(total))
    })
}

fn contains(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "__contains__")?;
    m.expect(args, "tuple.__contains__", 1, 1, 1)?;
    guarded(m, args, "__sequence_contains__", |m| {
        let wanted = *m.arg(args, 1)?;
        place_of(m, tuple, wanted, 0, usize::MAX).map(|found| Value::bool(found.is_some()))
    })
}

fn hash(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "__hash__")?;
    m.expect(args, "tuple.__hash__", 1, 0, 0)?;
    guarded(m, args, "__hash_of__", |m| {
        let hash = m.hash_native(Slot::object(Kind::Tuple, tuple), 0)?;
        support::known(m, hash).map(|hash| Value::int(hash as i64))
    })
}

/// `tuple[key]`.
pub fn get_item(m: &mut Machine, tuple: Handle, key: Slot) -> Result<Slot, Trap> {
    let key = m.payload(*m.force(key)?);
    if support::is_program_index(m, key) {
        return Err(m.call_hidden("__get_item_at__", &[Slot::object(Kind::Tuple, tuple), key]));
    }
    if key.kind == Kind::Slice {
        return slice(m, tuple, key).map(Value::slot);
    }
    let place = m.index_value(key, "tuple indices must be integers or slices")?;
    let object = m.heap.tuples.get(tuple);
    match Machine::place(place, object.len()) {
        Some(place) => Ok(object[place]),
        None => Err(m.raise(Type::IndexError, "tuple index out of range")),
    }
}

fn slice(m: &mut Machine, tuple: Handle, key: Slot) -> Outcome {
    let len = m.heap.tuples.get(tuple).len() as u64;
    let (start, stop, step, count) = m.slice_indices(key, len)?;
    if step == 1 && count == len {
        return Ok(Value::object(Kind::Tuple, tuple));
    }
    m.charge(16 * count)?;
    m.spend(count / 4)?;
    let object = m.heap.tuples.get(tuple);
    let found: Vec<Slot> = match step {
        1 => object[start as usize..(start.max(stop)) as usize].to_vec(),
        _ => super::list::places(start, step, count).map(|place| object[place]).collect(),
    };
    m.new_tuple(found)
}

fn getitem(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "__getitem__")?;
    m.expect(args, "tuple.__getitem__", 1, 1, 1)?;
    let found = get_item(m, tuple, m.arg_slot(args, 1))?;
    m.force(found)
}

fn getnewargs(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "__getnewargs__")?;
    m.new_tuple([Slot::object(Kind::Tuple, tuple)])
}

fn add(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "__add__")?;
    m.expect(args, "tuple.__add__", 1, 1, 1)?;
    let given = *m.arg(args, 1)?;
    let other = m.payload(given);
    if other.kind != Kind::Tuple {
        let message = format!("can only concatenate tuple (not \"{}\") to tuple", m.type_name(given));
        return Err(m.type_error(message));
    }
    let mut all = items(m, Slot::object(Kind::Tuple, tuple))?;
    let more = items(m, other)?;
    all.extend(more);
    m.new_tuple(all)
}

fn mul(m: &mut Machine, args: &Args) -> Outcome {
    let tuple = receiver(m, args, Kind::Tuple, "tuple", "__mul__")?;
    m.expect(args, "tuple.__mul__", 1, 1, 1)?;
    let count = *m.arg(args, 1)?;
    let count = m.index_value(count, "")?;
    m.repeat(Slot::object(Kind::Tuple, tuple), count)
}
