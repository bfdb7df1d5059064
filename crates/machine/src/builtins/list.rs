//! `list`: its methods, and item and slice access for the core. Sorting is in `sorting`.

use super::support::{self, clamped, comparisons, guarded, items, receiver, same, see, Outcome};
use crate::class::Type;
use crate::code::CompareOp;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};

const KIND: &[Kind] = &[Kind::List];

const fn method(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "list", name, code, bind: Bind::Method }
}

/// Natives of `list`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "list", name: "__new__", code: new, bind: Bind::Static },
    method("__init__", init),
    method("append", append),
    method("extend", extend),
    method("insert", insert),
    method("remove", remove),
    method("pop", pop),
    method("clear", clear),
    method("index", index),
    method("count", count),
    method("reverse", reverse),
    method("copy", copy),
    method("sort", super::sorting::list_sort),
    method("__len__", |m, args| support::len_of(m, args, KIND, "list")),
    method("__iter__", |m, args| support::iter_of(m, args, KIND, "list")),
    method("__repr__", |m, args| support::repr_of(m, args, KIND, "list")),
    method("__reversed__", reversed),
    method("__contains__", contains),
    method("__getitem__", getitem),
    method("__setitem__", setitem),
    method("__delitem__", delitem),
    method("__add__", add),
    method("__mul__", mul),
    method("__rmul__", mul),
    method("__iadd__", iadd),
    method("__imul__", imul),
    method("__eq__", eq),
    method("__ne__", ne),
    method("__lt__", lt),
    method("__le__", le),
    method("__gt__", gt),
    method("__ge__", ge),
];

comparisons!("list", KIND, "__call_");

/// Make room for `more` items, charged; capacity doubles so that appending stays cheap.
pub fn reserve(m: &mut Machine, list: Handle, more: usize) -> Result<(), Trap> {
    let object = m.heap.lists.get(list);
    let (len, capacity) = (object.len(), object.capacity());
    let wanted = len.saturating_add(more);
    m.charge(16 * more as u64)?;
    if wanted > capacity {
        let room = wanted.max(capacity + capacity / 2).max(4);
        // Old and new place exist at once while it moves.
        m.fits(16 * room as u64)?;
        m.heap.bytes += 16 * (room - capacity) as u64;
        m.heap.lists.get_mut(list).reserve_exact(room - len);
    }
    Ok(())
}

fn new(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "list", 1, 0, 1)?;
    if args.count < 2 {
        return m.new_list(Vec::new());
    }
    guarded(m, args, "__list_new__", |m| {
        let all = items(m, m.arg_slot(args, 1))?;
        m.new_list(all)
    })
}

fn init(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__init__")?;
    m.expect(args, "list", 1, 0, 1)?;
    guarded(m, args, "__list_init__", |m| {
        let all = if args.count == 2 { items(m, m.arg_slot(args, 1))? } else { Vec::new() };
        reserve(m, list, all.len())?;
        let object = m.heap.lists.get_mut(list);
        object.clear();
        object.extend(all);
        Ok(Value::NONE)
    })
}

fn append(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "append")?;
    m.expect(args, "list.append", 1, 1, 1)?;
    reserve(m, list, 1)?;
    let item = m.arg_slot(args, 1);
    m.heap.lists.get_mut(list).push(item);
    Ok(Value::NONE)
}

fn extend(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "extend")?;
    m.expect(args, "list.extend", 1, 1, 1)?;
    guarded(m, args, "__list_extend__", |m| {
        let all = items(m, m.arg_slot(args, 1))?;
        reserve(m, list, all.len())?;
        m.heap.lists.get_mut(list).extend(all);
        Ok(Value::NONE)
    })
}

fn insert(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "insert")?;
    m.expect(args, "insert", 1, 2, 2)?;
    let place = support::index_arg(m, args, 1, "list.insert")?;
    let len = m.heap.lists.get(list).len();
    let place = if place < 0 { place.saturating_add(len as i64).max(0) as usize } else { (place as u64).min(len as u64) as usize };
    reserve(m, list, 1)?;
    m.spend((len - place) as u64 / 4)?;
    let item = m.arg_slot(args, 2);
    m.heap.lists.get_mut(list).insert(place, item);
    Ok(Value::NONE)
}

/// First place in `start..stop` of an item equal to `wanted`.
fn place_of(m: &mut Machine, list: Handle, wanted: Slot, start: usize, stop: usize) -> Result<Option<usize>, Trap> {
    let mut place = start;
    while place < stop.min(m.heap.lists.get(list).len()) {
        let item = m.heap.lists.get(list)[place];
        if same(m, item, wanted)? {
            return Ok(Some(place));
        }
        m.spend(4)?;
        place += 1;
    }
    Ok(None)
}

fn remove(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "remove")?;
    m.expect(args, "list.remove", 1, 1, 1)?;
    guarded(m, args, "__list_remove__", |m| {
        let wanted = *m.arg(args, 1)?;
        match place_of(m, list, wanted, 0, usize::MAX)? {
            Some(place) => {
                m.heap.lists.get_mut(list).remove(place);
                Ok(Value::NONE)
            }
            None => Err(m.value_error("list.remove(x): x not in list")),
        }
    })
}

fn pop(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "pop")?;
    m.expect(args, "pop", 1, 0, 1)?;
    let wanted = if args.count == 2 { support::index_arg(m, args, 1, "list.pop")? } else { -1 };
    let len = m.heap.lists.get(list).len();
    if len == 0 {
        return Err(m.raise(Type::IndexError, "pop from empty list"));
    }
    let Some(place) = Machine::place(wanted, len) else { return Err(m.raise(Type::IndexError, "pop index out of range")) };
    // The item leaves as a value: what is pending must be known first.
    let item = m.force(m.heap.lists.get(list)[place])?;
    m.spend((len - place) as u64 / 4)?;
    m.heap.lists.get_mut(list).remove(place);
    Ok(item)
}

fn clear(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "clear")?;
    m.expect(args, "list.clear", 1, 0, 0)?;
    *m.heap.lists.get_mut(list) = Vec::new();
    Ok(Value::NONE)
}

fn index(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "index")?;
    m.expect(args, "index", 1, 1, 3)?;
    guarded(m, args, "__list_index__", |m| {
        let wanted = *m.arg(args, 1)?;
        let len = m.heap.lists.get(list).len();
        let start = clamped(m, args, 2, 0, len)?;
        let stop = clamped(m, args, 3, usize::MAX, len)?;
        match place_of(m, list, wanted, start, stop)? {
            Some(place) => Ok(Value::int(place as i64)),
            None => {
                let shown = m.repr(wanted)?;
                Err(m.value_error(format!("{shown} is not in list")))
            }
        }
    })
}

fn count(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "count")?;
    m.expect(args, "list.count", 1, 1, 1)?;
    guarded(m, args, "__list_count__", |m| {
        let wanted = *m.arg(args, 1)?;
        let (mut place, mut total) = (0, 0);
        while let Some(found) = place_of(m, list, wanted, place, usize::MAX)? {
            (place, total) = (found + 1, total + 1);
        }
        Ok(Value::int(total))
    })
}

fn reverse(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "reverse")?;
    m.expect(args, "list.reverse", 1, 0, 0)?;
    m.spend(m.heap.lists.get(list).len() as u64 / 4)?;
    m.heap.lists.get_mut(list).reverse();
    Ok(Value::NONE)
}

fn copy(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "copy")?;
    m.expect(args, "list.copy", 1, 0, 0)?;
    let all = items(m, Slot::object(Kind::List, list))?;
    m.new_list(all)
}

fn reversed(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__reversed__")?;
    m.expect(args, "list.__reversed__", 1, 0, 0)?;
    let len = m.heap.lists.get(list).len() as u64;
    Ok(m.new_iter(crate::heap::IterObject::Reversed(Slot::object(Kind::List, list), len)))
}

fn contains(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__contains__")?;
    m.expect(args, "list.__contains__", 1, 1, 1)?;
    guarded(m, args, "__sequence_contains__", |m| {
        let wanted = *m.arg(args, 1)?;
        place_of(m, list, wanted, 0, usize::MAX).map(|found| Value::bool(found.is_some()))
    })
}

// ---- items and slices

/// `list[key]`.
pub fn get_item(m: &mut Machine, list: Handle, key: Slot) -> Result<Slot, Trap> {
    let key = m.payload(*m.force(key)?);
    if support::is_program_index(m, key) {
        return Err(m.call_hidden("__get_item_at__", &[Slot::object(Kind::List, list), key]));
    }
    if key.kind == Kind::Slice {
        return slice(m, list, key).map(Value::slot);
    }
    let place = m.index_value(key, "list indices must be integers or slices")?;
    let object = m.heap.lists.get(list);
    match Machine::place(place, object.len()) {
        Some(place) => Ok(object[place]),
        None => Err(m.raise(Type::IndexError, "list index out of range")),
    }
}

fn slice(m: &mut Machine, list: Handle, key: Slot) -> Outcome {
    let len = m.heap.lists.get(list).len() as u64;
    let (start, stop, step, count) = m.slice_indices(key, len)?;
    m.charge(16 * count)?;
    m.spend(count / 4)?;
    let object = m.heap.lists.get(list);
    let found: Vec<Slot> = match step {
        1 => object[start as usize..(start.max(stop)) as usize].to_vec(),
        _ => places(start, step, count).map(|place| object[place]).collect(),
    };
    m.new_list(found)
}

/// The places that a slice with a step names.
pub fn places(start: i64, step: i64, count: u64) -> impl Iterator<Item = usize> {
    (0..count as i64).map(move |i| (start + i * step) as usize)
}

/// `list[key] = value`.
pub fn set_item(m: &mut Machine, list: Handle, key: Slot, value: Slot) -> Result<(), Trap> {
    let key = m.payload(*m.force(key)?);
    if support::is_program_index(m, key) {
        return Err(m.call_hidden("__set_item_at__", &[Slot::object(Kind::List, list), key, value]));
    }
    if key.kind == Kind::Slice {
        return set_slice(m, list, key, value);
    }
    let place = m.index_value(key, "list indices must be integers or slices")?;
    let Some(place) = Machine::place(place, m.heap.lists.get(list).len()) else {
        return Err(m.raise(Type::IndexError, "list assignment index out of range"));
    };
    m.heap.lists.get_mut(list)[place] = value;
    Ok(())
}

fn set_slice(m: &mut Machine, list: Handle, key: Slot, value: Slot) -> Result<(), Trap> {
    let value = *m.force(value)?;
    let len = m.heap.lists.get(list).len();
    let (start, stop, step, count) = m.slice_indices(key, len as u64)?;
    if !m.iterable(value) {
        let message = if step == 1 { "can only assign an iterable" } else { "must assign iterable to extended slice" };
        return Err(m.type_error(message));
    }
    let Some(all) = m.items_of(value)? else {
        return Err(m.call_hidden("__set_slice__", &[Slot::object(Kind::List, list), key, value]));
    };
    m.spend((len + all.len()) as u64 / 4)?;
    if step == 1 {
        let (start, stop) = (start as usize, stop.max(start) as usize);
        reserve(m, list, all.len().saturating_sub(stop - start))?;
        m.heap.lists.get_mut(list).splice(start..stop, all);
        return Ok(());
    }
    if all.len() as u64 != count {
        let message = format!("attempt to assign sequence of size {} to extended slice of size {count}", all.len());
        return Err(m.value_error(message));
    }
    let object = m.heap.lists.get_mut(list);
    places(start, step, count).zip(all).for_each(|(place, item)| object[place] = item);
    Ok(())
}

/// `del list[key]`.
pub fn delete_item(m: &mut Machine, list: Handle, key: Slot) -> Result<(), Trap> {
    let key = m.payload(*m.force(key)?);
    if support::is_program_index(m, key) {
        return Err(m.call_hidden("__delete_item_at__", &[Slot::object(Kind::List, list), key]));
    }
    let len = m.heap.lists.get(list).len();
    if key.kind != Kind::Slice {
        let place = m.index_value(key, "list indices must be integers or slices")?;
        let Some(place) = Machine::place(place, len) else {
            return Err(m.raise(Type::IndexError, "list assignment index out of range"));
        };
        m.spend((len - place) as u64 / 4)?;
        m.heap.lists.get_mut(list).remove(place);
        return Ok(());
    }
    let (start, stop, step, count) = m.slice_indices(key, len as u64)?;
    m.spend(len as u64 / 4)?;
    let object = m.heap.lists.get_mut(list);
    if step == 1 {
        object.drain(start as usize..stop.max(start) as usize);
        return Ok(());
    }
    let mut doomed: Vec<usize> = places(start, step, count).collect();
    doomed.sort_unstable();
    let mut place = 0;
    object.retain(|_| {
        place += 1;
        doomed.binary_search(&(place - 1)).is_err()
    });
    Ok(())
}

fn getitem(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__getitem__")?;
    m.expect(args, "list.__getitem__", 1, 1, 1)?;
    let found = get_item(m, list, m.arg_slot(args, 1))?;
    m.force(found)
}

fn setitem(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__setitem__")?;
    m.expect(args, "__setitem__", 1, 2, 2)?;
    set_item(m, list, m.arg_slot(args, 1), m.arg_slot(args, 2)).map(|()| Value::NONE)
}

fn delitem(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__delitem__")?;
    m.expect(args, "list.__delitem__", 1, 1, 1)?;
    delete_item(m, list, m.arg_slot(args, 1)).map(|()| Value::NONE)
}

// ---- operators called by name

fn add(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__add__")?;
    m.expect(args, "list.__add__", 1, 1, 1)?;
    let given = *m.arg(args, 1)?;
    let other = m.payload(given);
    if other.kind != Kind::List {
        let message = format!("can only concatenate list (not \"{}\") to list", m.type_name(given));
        return Err(m.type_error(message));
    }
    let mut all = items(m, Slot::object(Kind::List, list))?;
    let more = items(m, other)?;
    all.extend(more);
    m.new_list(all)
}

fn mul(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__mul__")?;
    m.expect(args, "list.__mul__", 1, 1, 1)?;
    let count = *m.arg(args, 1)?;
    let count = m.index_value(count, "")?;
    m.repeat(Slot::object(Kind::List, list), count)
}

fn iadd(m: &mut Machine, args: &Args) -> Outcome {
    let this = m.arg(args, 0)?;
    match extend(m, args) {
        Err(Trap::Call(_)) => Err(m.call_hidden("__list_iadd__", &[*this, m.arg_slot(args, 1)])),
        other => other.map(|_| this),
    }
}

fn imul(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "__imul__")?;
    let repeated = mul(m, args)?;
    let all = m.heap.lists.get(repeated.handle()).clone();
    *m.heap.lists.get_mut(list) = all;
    m.arg(args, 0)
}

/// What a list of slots shows of its labels: needed where a result depends on all of them.
pub fn see_all(m: &mut Machine, all: &[Slot]) {
    for slot in all {
        see(m, *slot);
    }
}

