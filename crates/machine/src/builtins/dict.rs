//! `dict`: its methods, construction and merging, and item access for the core.

use super::support::{self, guarded, items, known, needs_program, receiver, receiver_of, Outcome};
use super::views;
use crate::class::Type;
use crate::dict::DictObject;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};

const KIND: &[Kind] = &[Kind::Dict];

const fn method(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "dict", name, code, bind: Bind::Method }
}

/// Natives of `dict`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "dict", name: "__new__", code: new, bind: Bind::Static },
    NativeRow { owner: "dict", name: "fromkeys", code: fromkeys, bind: Bind::Class },
    method("__init__", init),
    method("get", get),
    method("setdefault", setdefault),
    method("pop", pop),
    method("popitem", popitem),
    method("update", update),
    method("clear", clear),
    method("copy", copy),
    method("keys", |m, args| view(m, args, 0, "keys")),
    method("values", |m, args| view(m, args, 1, "values")),
    method("items", |m, args| view(m, args, 2, "items")),
    method("__len__", |m, args| support::len_of(m, args, KIND, "dict")),
    method("__iter__", |m, args| support::iter_of(m, args, KIND, "dict")),
    method("__repr__", |m, args| support::repr_of(m, args, KIND, "dict")),
    method("__reversed__", reversed),
    method("__contains__", contains),
    method("__getitem__", getitem),
    method("__setitem__", setitem),
    method("__delitem__", delitem),
    method("__or__", |m, args| or(m, args, false)),
    method("__ror__", |m, args| or(m, args, true)),
    method("__ior__", ior),
    method("__eq__", |m, args| equal(m, args, false)),
    method("__ne__", |m, args| equal(m, args, true)),
];

fn this(m: &mut Machine, args: &Args, method: &str) -> Result<Handle, Trap> {
    receiver(m, args, Kind::Dict, "dict", method)
}

fn key_error(m: &mut Machine, key: Slot) -> Trap {
    m.raise_with(Type::KeyError, &[key])
}

/// Hash and position of a key; program code that would be needed is a trap.
fn find(m: &mut Machine, dict: Handle, key: Slot) -> Result<(u64, Option<usize>), Trap> {
    let found = m.dict_find_native(dict, key)?;
    known(m, found)
}

fn value_at(m: &Machine, dict: Handle, place: usize) -> Slot {
    m.heap.dicts.get(dict).entry(place).map_or(Slot::NONE, |e| e.value)
}

/// Put a value under a key whose hash is known.
fn store(m: &mut Machine, dict: Handle, hash: u64, key: Slot, value: Slot) -> Result<(), Trap> {
    let found = m.dict_position(dict, hash, key)?;
    match known(m, found)? {
        Some(place) => m.heap.dicts.get_mut(dict).set_value(place, value),
        None => {
            m.charge(64)?;
            m.heap.bytes += 64;
            m.heap.dicts.get_mut(dict).insert_new(hash, key, value);
        }
    }
    Ok(())
}

// ---- construction

fn new(m: &mut Machine, args: &Args) -> Outcome {
    let dict = m.new_dict(DictObject::default())?;
    match fill(m, args, dict.handle(), "dict", dict) {
        Err(Trap::Call(_)) => {
            let keywords = keyword_dict(m, args)?;
            Err(m.call_hidden("__dict_new__", &[m.arg_slot(args, 0), m.arg_slot(args, 1), *keywords]))
        }
        other => other,
    }
}

fn init(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "__init__")?;
    fill(m, args, dict, "dict", Value::NONE)
}

fn update(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "update")?;
    fill(m, args, dict, "update", Value::NONE)
}

/// `update(source, **keywords)`; the result is `result`.
fn fill(m: &mut Machine, args: &Args, dict: Handle, name: &str, result: Value) -> Outcome {
    let positional = Args { keywords: 0, ..*args };
    m.expect(&positional, name, 1, 0, 1)?;
    let source = if args.count == 2 { Some(m.arg_slot(args, 1)) } else { None };
    if let Some(source) = source {
        match guarded(m, args, "", |m| absorb(m, dict, source).map(|()| Value::NONE)) {
            Err(Trap::Call(_)) => {
                let keywords = keyword_dict(m, args)?;
                let mut trap = m.call_hidden("__dict_fill__", &[Slot::object(Kind::Dict, dict), source, *keywords]);
                if let Trap::Call(call) = &mut trap {
                    call.adapt = crate::trap::Adapt::Replace(*result, false);
                }
                return Err(trap);
            }
            other => other?,
        };
    }
    for (name, value) in m.keywords(args) {
        let key = m.intern_value(&name);
        m.dict_set(dict, key, value)?;
    }
    Ok(result)
}

fn keyword_dict(m: &mut Machine, args: &Args) -> Outcome {
    let dict = m.new_dict(DictObject::default())?;
    for (name, value) in m.keywords(args) {
        let key = m.intern_value(&name);
        m.dict_set(dict.handle(), key, value)?;
    }
    Ok(dict)
}

/// Take over the items of a dict, or pairs of an iterable. Made again from the start, it does the same.
fn absorb(m: &mut Machine, dict: Handle, source: Slot) -> Result<(), Trap> {
    let source = *m.force(source)?;
    let plain = m.payload(source);
    if plain.kind == Kind::Dict && m.user_method(source, m.names.iter).is_none() {
        return absorb_dict(m, dict, plain.handle());
    }
    let keys = m.intern("keys");
    if source.kind == Kind::Instance && m.special(source, keys).is_some() {
        return Err(needs_program(m));
    }
    for (index, pair) in items(m, source)?.into_iter().enumerate() {
        let (key, value) = pair_of(m, pair, index)?;
        let hash = m.hash_native(key, 0)?;
        let hash = known(m, hash)?;
        store(m, dict, hash, key, value)?;
    }
    Ok(())
}

fn absorb_dict(m: &mut Machine, dict: Handle, source: Handle) -> Result<(), Trap> {
    let entries: Vec<_> = m.heap.dicts.get(source).iter().copied().collect();
    m.spend(entries.len() as u64 * 12)?;
    if m.heap.dicts.get(dict).is_empty() && m.heap.dicts.get(source).positions() == entries.len() {
        let copy = m.heap.dicts.get(source).clone();
        m.charge(copy.filled())?;
        m.heap.bytes += copy.bytes();
        m.heap.dicts.get_mut(dict).replace(copy);
        return Ok(());
    }
    for entry in entries {
        store(m, dict, entry.hash, entry.key, entry.value)?;
    }
    Ok(())
}

/// The two items of an element of a sequence of pairs.
fn pair_of(m: &mut Machine, pair: Slot, index: usize) -> Result<(Slot, Slot), Trap> {
    let pair = *m.force(pair)?;
    if !m.iterable(pair) {
        return Err(m.type_error(format!("cannot convert dictionary update sequence element #{index} to a sequence")));
    }
    let both = items(m, pair)?;
    match both[..] {
        [key, value] => Ok((*m.force(key)?, value)),
        _ => Err(m.value_error(format!("dictionary update sequence element #{index} has length {}; 2 is required", both.len()))),
    }
}

fn fromkeys(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "fromkeys", 1, 1, 2)?;
    let value = if args.count == 3 { m.arg_slot(args, 2) } else { Slot::NONE };
    let class = m.arg_slot(args, 0);
    let source = m.arg_slot(args, 1);
    if !class.same(*Type::Dict.value()) {
        return Err(m.call_hidden("__dict_fromkeys__", &[class, source, value]));
    }
    let made = guarded(m, args, "", |m| {
        let dict = m.new_dict(DictObject::default())?;
        for key in items(m, source)? {
            let key = *m.force(key)?;
            let hash = m.hash_native(key, 0)?;
            let hash = known(m, hash)?;
            store(m, dict.handle(), hash, key, value)?;
        }
        Ok(dict)
    });
    match made {
        Err(Trap::Call(_)) => Err(m.call_hidden("__dict_fromkeys__", &[class, source, value])),
        other => other,
    }
}

fn copy(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "copy")?;
    m.expect(args, "dict.copy", 1, 0, 0)?;
    copied(m, dict)
}

/// A new plain dict with the same items.
pub fn copied(m: &mut Machine, dict: Handle) -> Outcome {
    m.charge(m.heap.dicts.get(dict).filled())?;
    m.spend(m.heap.dicts.get(dict).len() as u64 * 4)?;
    let mut copy = m.heap.dicts.get(dict).clone();
    copy.payload = Slot::UNBOUND;
    m.new_dict(copy)
}

/// `a | b` of two dicts.
pub fn merged(m: &mut Machine, a: Slot, b: Slot) -> Outcome {
    let result = copied(m, a.handle())?;
    match absorb_dict(m, result.handle(), b.handle()) {
        Ok(()) => Ok(result),
        Err(Trap::Call(_)) => {
            let mut trap = m.call_hidden("__dict_fill__", &[*result, b, Slot::NONE]);
            if let Trap::Call(call) = &mut trap {
                call.adapt = crate::trap::Adapt::Replace(*result, false);
            }
            Err(trap)
        }
        Err(trap) => Err(trap),
    }
}

/// `a |= b` of a dict (`dict` is its built-in value) with a dict or pairs; the result is `a`.
pub fn update_in_place(m: &mut Machine, a: Slot, dict: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    let given = *m.force(b)?;
    if !m.iterable(given) {
        return Ok(None);
    }
    match absorb(m, dict.handle(), given) {
        Ok(()) => Ok(a.value()),
        Err(Trap::Call(_)) => {
            let mut trap = m.call_hidden("__dict_fill__", &[dict, given, Slot::NONE]);
            if let Trap::Call(call) = &mut trap {
                call.adapt = crate::trap::Adapt::Replace(a, false);
            }
            Err(trap)
        }
        Err(trap) => Err(trap),
    }
}

fn or(m: &mut Machine, args: &Args, mirrored: bool) -> Outcome {
    let dict = Slot::object(Kind::Dict, this(m, args, "__or__")?);
    m.expect(args, "dict.__or__", 1, 1, 1)?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    match (other.kind, mirrored) {
        (Kind::Dict, false) => merged(m, dict, other),
        (Kind::Dict, true) => merged(m, other, dict),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn ior(m: &mut Machine, args: &Args) -> Outcome {
    let dict = Slot::object(Kind::Dict, this(m, args, "__ior__")?);
    m.expect(args, "dict.__ior__", 1, 1, 1)?;
    let (a, b) = (m.arg_slot(args, 0), m.arg_slot(args, 1));
    Ok(update_in_place(m, a, dict, b)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

// ---- single keys

fn get(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "get")?;
    if args.keywords > 0 {
        return Err(m.type_error("dict.get() takes no keyword arguments"));
    }
    m.expect(args, "get", 1, 1, 2)?;
    guarded(m, args, "__dict_get_or__", |m| {
        let key = *m.arg(args, 1)?;
        let (_, found) = find(m, dict, key)?;
        let slot = match found {
            Some(place) => value_at(m, dict, place),
            None if args.count == 3 => m.arg_slot(args, 2),
            None => Slot::NONE,
        };
        let value = m.force(slot)?;
        m.selects = true;
        Ok(value)
    })
}

fn setdefault(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "setdefault")?;
    m.expect(args, "setdefault", 1, 1, 2)?;
    guarded(m, args, "__dict_setdefault__", |m| {
        let key = *m.arg(args, 1)?;
        let (hash, found) = find(m, dict, key)?;
        if let Some(place) = found {
            return m.force(value_at(m, dict, place));
        }
        let value = match m.optional(args, 2)? {
            Some(value) => value,
            None => Value::NONE,
        };
        store(m, dict, hash, key, *value)?;
        Ok(value)
    })
}

fn pop(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "pop")?;
    m.expect(args, "pop", 1, 1, 2)?;
    guarded(m, args, "__dict_pop__", |m| {
        let key = *m.arg(args, 1)?;
        match find(m, dict, key)?.1 {
            Some(place) => {
                let value = m.force(value_at(m, dict, place))?;
                m.heap.dicts.get_mut(dict).remove(place);
                Ok(value)
            }
            None if args.count == 3 => m.arg(args, 2),
            None => Err(key_error(m, key)),
        }
    })
}

fn popitem(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "popitem")?;
    m.expect(args, "dict.popitem", 1, 0, 0)?;
    let object = m.heap.dicts.get(dict);
    let last = (0..object.positions()).rev().find(|p| object.entry(*p).is_some_and(|e| !e.key.is_unbound()));
    match last {
        Some(place) => {
            m.charge(72)?;
            let entry = m.heap.dicts.get_mut(dict).remove(place);
            m.new_tuple([entry.key, entry.value])
        }
        None => {
            let message = m.intern_value("popitem(): dictionary is empty");
            Err(key_error(m, message))
        }
    }
}

fn clear(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "clear")?;
    m.expect(args, "dict.clear", 1, 0, 0)?;
    m.heap.dicts.get_mut(dict).clear();
    Ok(Value::NONE)
}

fn view(m: &mut Machine, args: &Args, what: u8, name: &str) -> Outcome {
    let dict = this(m, args, name)?;
    m.expect(args, &format!("dict.{name}"), 1, 0, 0)?;
    Ok(views::new_view(m, dict, what))
}

fn reversed(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "__reversed__")?;
    m.expect(args, "dict.__reversed__", 1, 0, 0)?;
    Ok(views::reverse_iter(m, dict, 0))
}

fn contains(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "__contains__")?;
    m.expect(args, "dict.__contains__", 1, 1, 1)?;
    guarded(m, args, "__dict_contains__", |m| {
        let key = *m.arg(args, 1)?;
        find(m, dict, key).map(|(_, found)| Value::bool(found.is_some()))
    })
}

/// `dict[key]`; KeyError when it is missing.
pub fn get_item(m: &mut Machine, dict: Handle, key: Slot) -> Result<Slot, Trap> {
    let key = *m.force(key)?;
    match m.dict_find_native(dict, key)? {
        Some((_, Some(place))) => Ok(value_at(m, dict, place)),
        Some((_, None)) => Err(key_error(m, key)),
        None => Err(m.call_hidden("__dict_item__", &[Slot::object(Kind::Dict, dict), key])),
    }
}

/// `dict[key] = value`.
pub fn set_item(m: &mut Machine, dict: Handle, key: Slot, value: Slot) -> Result<(), Trap> {
    m.dict_set(dict, key, value)
}

/// `del dict[key]`.
pub fn delete_item(m: &mut Machine, dict: Handle, key: Slot) -> Result<(), Trap> {
    let key = *m.force(key)?;
    match m.dict_find_native(dict, key)? {
        Some((_, Some(place))) => {
            m.heap.dicts.get_mut(dict).remove(place);
            Ok(())
        }
        Some((_, None)) => Err(key_error(m, key)),
        None => Err(m.call_hidden("__dict_delete__", &[Slot::object(Kind::Dict, dict), key])),
    }
}

fn getitem(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "__getitem__")?;
    m.expect(args, "dict.__getitem__", 1, 1, 1)?;
    let (given, key) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    match m.dict_find_native(dict, key)? {
        Some((_, Some(place))) => m.force(value_at(m, dict, place)),
        Some((_, None)) => match m.user_method(given, m.names.missing) {
            Some(missing) => Err(m.call_trap(missing, alloc::vec![given, key], crate::trap::Adapt::Plain)),
            None => Err(key_error(m, key)),
        },
        None => Err(m.call_hidden("__dict_item__", &[Slot::object(Kind::Dict, dict), key, given])),
    }
}

fn setitem(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "__setitem__")?;
    m.expect(args, "__setitem__", 1, 2, 2)?;
    set_item(m, dict, m.arg_slot(args, 1), m.arg_slot(args, 2)).map(|()| Value::NONE)
}

fn delitem(m: &mut Machine, args: &Args) -> Outcome {
    let dict = this(m, args, "__delitem__")?;
    m.expect(args, "dict.__delitem__", 1, 1, 1)?;
    delete_item(m, dict, m.arg_slot(args, 1)).map(|()| Value::NONE)
}

fn equal(m: &mut Machine, args: &Args, negate: bool) -> Outcome {
    let dict = receiver_of(m, args, KIND, "dict", "__eq__")?;
    m.expect(args, "dict.__eq__", 1, 1, 1)?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    if other.kind != Kind::Dict {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match m.equal_native(dict, other, 0)? {
        Some(equal) => Ok(Value::bool(equal != negate)),
        None => Err(m.call_hidden(if negate { "__call_ne__" } else { "__call_eq__" }, &[dict, other])),
    }
}
