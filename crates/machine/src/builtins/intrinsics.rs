//! Intrinsics: what only the hidden Python module may call. They look into tables by hash and identity, so that a
//! program's `__eq__` can do the probing, and give it what Python has no word for.

use super::sorting;
use super::support::{forced, Outcome};
use crate::class::Type;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::vec::Vec;

const fn intrinsic(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "intrinsics", name, code, bind: Bind::Function }
}

/// All intrinsics of this file.
pub const TABLE: &[NativeRow] = &[
    intrinsic("dict_candidates", dict_candidates),
    intrinsic("dict_value", dict_value),
    intrinsic("dict_store", dict_store),
    intrinsic("dict_drop", dict_drop),
    intrinsic("set_candidates", set_candidates),
    intrinsic("set_insert", set_insert),
    intrinsic("set_drop", set_drop),
    intrinsic("set_assign", set_assign),
    intrinsic("tuple_hash", tuple_hash),
    intrinsic("payload", |m, args| m.arg(args, 0).map(|v| m.payload(*v).value().unwrap_or(v))),
    intrinsic("own_method", own_method),
    intrinsic("dress", dress),
    intrinsic("list_take", list_take),
    intrinsic("list_put", list_put),
    intrinsic("sort_keyed", sort_keyed),
];

/// The table that argument 0 holds, and the hash in argument 1.
fn table_and_hash(m: &mut Machine, args: &Args) -> Result<(Handle, u64), Trap> {
    let table = *m.arg(args, 0)?;
    let hash = m.arg(args, 1)?;
    Ok((m.payload(table).handle(), hash.as_int() as u64))
}

fn dict_candidates(m: &mut Machine, args: &Args) -> Outcome {
    let (dict, hash) = table_and_hash(m, args)?;
    let mut keys = Vec::new();
    m.heap.dicts.get(dict).find(hash, |key| {
        keys.push(key);
        false
    });
    m.new_list(keys)
}

/// Place of the entry whose key is this very object.
fn dict_place(m: &mut Machine, args: &Args) -> Result<(Handle, u64, Option<usize>), Trap> {
    let (dict, hash) = table_and_hash(m, args)?;
    let key = *m.arg(args, 2)?;
    Ok((dict, hash, m.heap.dicts.get(dict).find(hash, |other| other.same(key))))
}

fn dict_value(m: &mut Machine, args: &Args) -> Outcome {
    let (dict, _, place) = dict_place(m, args)?;
    let entry = place.and_then(|place| m.heap.dicts.get(dict).entry(place));
    m.force(entry.map_or(Slot::NONE, |e| e.value))
}

fn dict_store(m: &mut Machine, args: &Args) -> Outcome {
    let (dict, hash, place) = dict_place(m, args)?;
    let (key, value) = (*m.arg(args, 2)?, m.arg_slot(args, 3));
    match place {
        Some(place) => m.heap.dicts.get_mut(dict).set_value(place, value),
        None => {
            m.charge(64)?;
            m.heap.bytes += 64;
            m.heap.dicts.get_mut(dict).insert_new(hash, key, value);
        }
    }
    Ok(Value::NONE)
}

fn dict_drop(m: &mut Machine, args: &Args) -> Outcome {
    let (dict, _, place) = dict_place(m, args)?;
    let Some(place) = place else { return Ok(Value::NONE) };
    let value = m.heap.dicts.get(dict).entry(place).map_or(Slot::NONE, |e| e.value);
    let value = m.force(value)?;
    m.heap.dicts.get_mut(dict).remove(place);
    Ok(value)
}

fn set_candidates(m: &mut Machine, args: &Args) -> Outcome {
    let (set, hash) = table_and_hash(m, args)?;
    let mut members = Vec::new();
    m.heap.sets.get(set).find(hash, |member| {
        members.push(member);
        false
    });
    m.new_list(members)
}

fn set_insert(m: &mut Machine, args: &Args) -> Outcome {
    let (set, hash) = table_and_hash(m, args)?;
    let item = *m.arg(args, 2)?;
    m.charge(64)?;
    m.heap.bytes += 40;
    m.heap.sets.get_mut(set).insert_new(hash, item);
    Ok(Value::NONE)
}

fn set_drop(m: &mut Machine, args: &Args) -> Outcome {
    let (set, hash) = table_and_hash(m, args)?;
    let item = *m.arg(args, 2)?;
    if let Some(place) = m.heap.sets.get(set).find(hash, |other| other.same(item)) {
        m.heap.sets.get_mut(set).remove(place);
    }
    Ok(Value::NONE)
}

/// `set_assign(target, source)`: the target has the members of the other set, in the very same order.
fn set_assign(m: &mut Machine, args: &Args) -> Outcome {
    let (target, source) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let table = m.heap.sets.get(m.payload(source).handle()).clone();
    m.charge(table.bytes())?;
    m.heap.bytes += table.bytes();
    let target = m.payload(target).handle();
    *m.heap.sets.get_mut(target) = table;
    Ok(Value::NONE)
}

/// `tuple_hash(hashes)`: the hash of a tuple whose items have these.
fn tuple_hash(m: &mut Machine, args: &Args) -> Outcome {
    let list = *m.arg(args, 0)?;
    let hashes: Vec<u64> = forced(m, m.items(list).to_vec())?.into_iter().map(|slot| slot.as_int() as u64).collect();
    Ok(Value::int(crate::hash::of_tuple(hashes.into_iter()) as i64))
}

/// `own_method(value, name)`: the special method when the program defines it, else None.
fn own_method(m: &mut Machine, args: &Args) -> Outcome {
    let (value, name) = (*m.arg(args, 0)?, m.arg(args, 1)?);
    let name = m.intern_handle(name.handle());
    let found = m.user_method(value, name).filter(|method| method.kind != Kind::None);
    m.force(found.unwrap_or(Slot::NONE))
}

/// `dress(generator, name)`: the generator shows itself as this built-in class.
fn dress(m: &mut Machine, args: &Args) -> Outcome {
    let (generator, name) = (m.arg(args, 0)?, *m.arg(args, 1)?);
    let class = m.text_of(name).and_then(Type::named);
    if let (Some(class), Kind::Generator) = (class, generator.kind) {
        m.heap.generators.get_mut(generator.handle()).dress = *class.value();
    }
    Ok(generator)
}

/// `list_take(list)`: its items as another list; it is empty afterwards.
fn list_take(m: &mut Machine, args: &Args) -> Outcome {
    let list = *m.arg(args, 0)?;
    let list = m.payload(list).handle();
    let items = core::mem::take(m.heap.lists.get_mut(list));
    m.new_list(items)
}

/// `list_put(list, items)`: put the items back; was the list changed meanwhile?
fn list_put(m: &mut Machine, args: &Args) -> Outcome {
    let (list, items) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let list = m.payload(list).handle();
    let items = m.heap.lists.get(items.handle()).clone();
    let changed = !m.heap.lists.get(list).is_empty();
    *m.heap.lists.get_mut(list) = items;
    Ok(Value::bool(changed))
}

/// `sort_keyed(items, keys, reverse)`: sort both lists by the keys (the items when None); False: program code compares.
fn sort_keyed(m: &mut Machine, args: &Args) -> Outcome {
    let (list, keys) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let reverse = m.arg(args, 2)?.bits != 0;
    let items = m.items(list).to_vec();
    let sorted_by = if keys.kind == Kind::None { items.clone() } else { m.items(keys).to_vec() };
    let keyed = forced(m, sorted_by)?.into_iter().zip(items).collect();
    match sorting::sort_keyed(m, keyed, reverse) {
        Ok(sorted) => {
            *m.heap.lists.get_mut(list.handle()) = sorted.into_iter().map(|(_, item)| item).collect();
            Ok(Value::bool(true))
        }
        Err(Trap::Call(_)) => Ok(Value::bool(false)),
        Err(trap) => Err(trap),
    }
}
