//! `set` and `frozenset`: methods and operators, with results in CPython's order.
//!
//! Each operation walks the same side and grows the result in the same steps as CPython's `setobject.c` does, because
//! the order in which a set is iterated shows it.

use super::support::{self, comparisons, guarded, items, known, needs_program, receiver, receiver_of, Outcome};
use crate::class::Type;
use crate::code::{BinaryOp, CompareOp};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::set::SetTable;
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};

const BOTH: &[Kind] = &[Kind::Set, Kind::FrozenSet];

const fn of_set(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "set", name, code, bind: Bind::Method }
}

const fn of_frozen(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "frozenset", name, code, bind: Bind::Method }
}

/// Natives of `set` and `frozenset`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "set", name: "__new__", code: new, bind: Bind::Static },
    NativeRow { owner: "frozenset", name: "__new__", code: new_frozen, bind: Bind::Static },
    of_set("__init__", init),
    of_set("add", add),
    of_set("remove", remove),
    of_set("discard", discard),
    of_set("pop", pop),
    of_set("clear", clear),
    of_set("update", update),
    of_set("intersection_update", intersection_update),
    of_set("difference_update", difference_update),
    of_set("symmetric_difference_update", symmetric_difference_update),
    of_set("copy", copy),
    of_set("union", union),
    of_set("intersection", intersection),
    of_set("difference", difference),
    of_set("symmetric_difference", symmetric_difference),
    of_set("isdisjoint", isdisjoint),
    of_set("issubset", issubset),
    of_set("issuperset", issuperset),
    of_set("__len__", |m, args| support::len_of(m, args, BOTH, "set")),
    of_set("__iter__", |m, args| support::iter_of(m, args, BOTH, "set")),
    of_set("__repr__", |m, args| support::repr_of(m, args, BOTH, "set")),
    of_set("__contains__", contains),
    of_set("__or__", |m, args| by_name(m, args, BinaryOp::Or, false)),
    of_set("__and__", |m, args| by_name(m, args, BinaryOp::And, false)),
    of_set("__sub__", |m, args| by_name(m, args, BinaryOp::Sub, false)),
    of_set("__xor__", |m, args| by_name(m, args, BinaryOp::Xor, false)),
    of_set("__ror__", |m, args| by_name(m, args, BinaryOp::Or, true)),
    of_set("__rand__", |m, args| by_name(m, args, BinaryOp::And, true)),
    of_set("__rsub__", |m, args| by_name(m, args, BinaryOp::Sub, true)),
    of_set("__rxor__", |m, args| by_name(m, args, BinaryOp::Xor, true)),
    of_set("__ior__", |m, args| in_place_by_name(m, args, update)),
    of_set("__iand__", |m, args| in_place_by_name(m, args, intersection_update)),
    of_set("__isub__", |m, args| in_place_by_name(m, args, difference_update)),
    of_set("__ixor__", |m, args| in_place_by_name(m, args, symmetric_difference_update)),
    of_set("__eq__", eq),
    of_set("__ne__", ne),
    of_set("__lt__", lt),
    of_set("__le__", le),
    of_set("__gt__", gt),
    of_set("__ge__", ge),
    of_frozen("copy", copy),
    of_frozen("union", union),
    of_frozen("intersection", intersection),
    of_frozen("difference", difference),
    of_frozen("symmetric_difference", symmetric_difference),
    of_frozen("isdisjoint", isdisjoint),
    of_frozen("issubset", issubset),
    of_frozen("issuperset", issuperset),
    of_frozen("__len__", |m, args| support::len_of(m, args, BOTH, "frozenset")),
    of_frozen("__iter__", |m, args| support::iter_of(m, args, BOTH, "frozenset")),
    of_frozen("__repr__", |m, args| support::repr_of(m, args, BOTH, "frozenset")),
    of_frozen("__hash__", hash),
    of_frozen("__contains__", contains),
    of_frozen("__or__", |m, args| by_name(m, args, BinaryOp::Or, false)),
    of_frozen("__and__", |m, args| by_name(m, args, BinaryOp::And, false)),
    of_frozen("__sub__", |m, args| by_name(m, args, BinaryOp::Sub, false)),
    of_frozen("__xor__", |m, args| by_name(m, args, BinaryOp::Xor, false)),
    of_frozen("__ror__", |m, args| by_name(m, args, BinaryOp::Or, true)),
    of_frozen("__rand__", |m, args| by_name(m, args, BinaryOp::And, true)),
    of_frozen("__rsub__", |m, args| by_name(m, args, BinaryOp::Sub, true)),
    of_frozen("__rxor__", |m, args| by_name(m, args, BinaryOp::Xor, true)),
    of_frozen("__eq__", eq),
    of_frozen("__ne__", ne),
    of_frozen("__lt__", lt),
    of_frozen("__le__", le),
    of_frozen("__gt__", gt),
    of_frozen("__ge__", ge),
];

comparisons!("set", BOTH, "__call_");

fn this(m: &mut Machine, args: &Args, method: &str) -> Result<Slot, Trap> {
    receiver_of(m, args, BOTH, "set", method)
}

// ---- tables beside the heap

/// Place of a member with this hash in a table that is not in the heap.
fn find(m: &mut Machine, table: &SetTable, hash: u64, item: Slot) -> Result<Option<usize>, Trap> {
    let mut stopped = None;
    if matches!(item.kind, Kind::Int | Kind::Str) {
        // Members of the same simple kind need no machine to compare; others of that hash are rare.
        let (mut unsure, heap) = (false, &m.heap);
        let found = table.find(hash, |other| match (item.kind, other.kind) {
            (Kind::Int, Kind::Int) => item.bits == other.bits,
            (Kind::Str, Kind::Str) => item.bits == other.bits || heap.text(item.handle()) == heap.text(other.handle()),
            _ => {
                unsure = true;
                false
            }
        });
        if !unsure && item.label == 0 {
            return Ok(found);
        }
    }
    let found = table.find(hash, |other| match support::same(m, other, item) {
        Ok(equal) => equal,
        Err(trap) => {
            stopped.get_or_insert(trap);
            true
        }
    });
    stopped.map_or(Ok(found), Err)
}

fn add_to(m: &mut Machine, table: &mut SetTable, hash: u64, item: Slot) -> Result<(), Trap> {
    if find(m, table, hash, item)?.is_none() {
        table.insert_new(hash, item);
    }
    Ok(())
}

fn discard_from(m: &mut Machine, table: &mut SetTable, hash: u64, item: Slot) -> Result<bool, Trap> {
    let found = find(m, table, hash, item)?;
    Ok(found.and_then(|place| table.remove(place)).is_some())
}

/// A set, or the members of another iterable with their hashes, in the order in which they come.
enum Source {
    Table(SetTable),
    Dict(Vec<(u64, Slot)>),
    Members(Vec<(u64, Slot)>),
}

fn source(m: &mut Machine, slot: Slot) -> Result<Source, Trap> {
    let value = *m.force(slot)?;
    let plain = m.payload(value);
    match plain.kind {
        Kind::Set | Kind::FrozenSet => {
            let table = m.heap.sets.get(plain.handle()).clone();
            m.charge(table.bytes())?;
            m.spend(8 * table.len() as u64)?;
            Ok(Source::Table(table))
        }
        Kind::Dict if value.kind == Kind::Dict => Ok(Source::Dict(m.heap.dicts.get(plain.handle()).iter().map(|e| (e.hash, e.key)).collect())),
        _ => {
            let all = items(m, value)?;
            hashed(m, all).map(Source::Members)
        }
    }
}

fn hashed(m: &mut Machine, all: Vec<Slot>) -> Result<Vec<(u64, Slot)>, Trap> {
    m.charge(24 * all.len() as u64)?;
    let mut pairs = Vec::with_capacity(all.len());
    for slot in all {
        let item = *m.force(slot)?;
        let hash = m.hash_native(item, 0)?;
        pairs.push((known(m, hash)?, item));
    }
    Ok(pairs)
}

impl Source {
    fn pairs(&self) -> Vec<(u64, Slot)> {
        match self {
            Source::Table(table) => table.hashed().collect(),
            Source::Dict(pairs) | Source::Members(pairs) => pairs.clone(),
        }
    }
}

fn merge(m: &mut Machine, table: &mut SetTable, from: &Source) -> Result<(), Trap> {
    match from {
        Source::Table(other) if table.is_fresh() => *table = other.copied(),
        _ => {
            let pairs = from.pairs();
            m.charge(48 * pairs.len() as u64)?;
            if !matches!(from, Source::Members(_)) {
                table.reserve_merge(pairs.len());
            }
            for (hash, item) in pairs {
                add_to(m, table, hash, item)?;
            }
        }
    }
    Ok(())
}

/// The members that both have; the smaller of two sets is walked.
fn common(m: &mut Machine, table: &SetTable, other: &Source) -> Result<SetTable, Trap> {
    let mut result = SetTable::default();
    let (walked, asked) = match other {
        Source::Table(other) if other.len() > table.len() => (table.hashed().collect(), other),
        other => (other.pairs(), table),
    };
    m.spend(8 * walked.len() as u64)?;
    // Members of a set or keys of a dict differ already.
    let differ = !matches!(other, Source::Members(_));
    for (hash, item) in walked {
        if find(m, asked, hash, item)?.is_some() {
            if differ { result.insert_new(hash, item) } else { add_to(m, &mut result, hash, item)? }
        }
    }
    Ok(result)
}

fn subtract(m: &mut Machine, table: &mut SetTable, other: &Source) -> Result<(), Trap> {
    let pairs = match other {
        Source::Table(other) if other.len() >> 3 > table.len() => common(m, table, &Source::Table(other.clone()))?.hashed().collect(),
        other => other.pairs(),
    };
    for (hash, item) in pairs {
        discard_from(m, table, hash, item)?;
    }
    table.shed_deleted();
    Ok(())
}

/// `table - other` as a new set.
fn without(m: &mut Machine, table: &SetTable, other: &Source) -> Result<SetTable, Trap> {
    let other_table = match other {
        Source::Table(other) if table.len() >> 2 <= other.len() => other.clone(),
        Source::Dict(pairs) if table.len() >> 2 <= pairs.len() => {
            let mut keys = SetTable::default();
            for (hash, item) in pairs {
                add_to(m, &mut keys, *hash, *item)?;
            }
            keys
        }
        other => {
            let mut result = table.copied();
            subtract(m, &mut result, other)?;
            return Ok(result);
        }
    };
    let mut result = SetTable::default();
    for (hash, item) in table.hashed().collect::<Vec<_>>() {
        if find(m, &other_table, hash, item)?.is_none() {
            result.insert_new(hash, item);
        }
    }
    Ok(result)
}

/// Each member of `pairs` changes sides: out of the table when it is there, into it otherwise.
fn toggle(m: &mut Machine, table: &mut SetTable, pairs: Vec<(u64, Slot)>) -> Result<(), Trap> {
    for (hash, item) in pairs {
        if !discard_from(m, table, hash, item)? {
            add_to(m, table, hash, item)?;
        }
    }
    Ok(())
}

/// A set of an iterable's members.
pub fn collect(m: &mut Machine, slot: Slot) -> Result<SetTable, Trap> {
    let mut table = SetTable::default();
    let from = source(m, slot)?;
    merge(m, &mut table, &from)?;
    Ok(table)
}

fn table_of(m: &mut Machine, set: Slot) -> Result<SetTable, Trap> {
    let table = m.heap.sets.get(set.handle()).clone();
    m.charge(table.bytes())?;
    m.spend(table.len() as u64 * 4)?;
    Ok(table)
}

/// Put a table in the place of a set's own, charged.
fn replace(m: &mut Machine, set: Handle, table: SetTable) -> Result<(), Trap> {
    let grown = table.bytes().saturating_sub(m.heap.sets.get(set).bytes());
    m.charge(grown)?;
    m.heap.bytes += grown;
    *m.heap.sets.get_mut(set) = table;
    Ok(())
}

/// `a <op> b` of two sets, of the kind of `a`; None for other operators.
pub fn operator(m: &mut Machine, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    match operate(m, op, a, b) {
        Ok(Some(table)) => m.new_set(a.kind, table).map(Some),
        Ok(None) => Ok(None),
        Err(Trap::Call(_)) => {
            let name = match op {
                BinaryOp::Or => "__set_union__",
                BinaryOp::And => "__set_intersection__",
                BinaryOp::Sub => "__set_difference__",
                _ => "__set_symmetric_difference__",
            };
            Err(m.call_hidden(name, &[a, b]))
        }
        Err(trap) => Err(trap),
    }
}

fn operate(m: &mut Machine, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<SetTable>, Trap> {
    let left = table_of(m, a)?;
    Ok(Some(match op {
        BinaryOp::Or => {
            let mut result = left.copied();
            if !a.same(b) {
                let from = source(m, b)?;
                merge(m, &mut result, &from)?;
            }
            result
        }
        BinaryOp::And if a.same(b) => left.copied(),
        BinaryOp::And => {
            let from = source(m, b)?;
            common(m, &left, &from)?
        }
        BinaryOp::Sub => {
            let from = source(m, b)?;
            without(m, &left, &from)?
        }
        BinaryOp::Xor => {
            let mut result = collect(m, b)?;
            toggle(m, &mut result, left.hashed().collect())?;
            result
        }
        _ => return Ok(None),
    }))
}

/// `set | iterable`, in place on a fresh set.
pub fn united(m: &mut Machine, set: Slot, other: Slot) -> Result<SetTable, Trap> {
    let mut table = table_of(m, set)?;
    let from = source(m, other)?;
    merge(m, &mut table, &from)?;
    Ok(table)
}

/// `set - iterable`, in place on a fresh set.
pub fn reduced(m: &mut Machine, set: Slot, other: Slot) -> Result<SetTable, Trap> {
    let mut table = table_of(m, set)?;
    let from = source(m, other)?;
    subtract(m, &mut table, &from)?;
    Ok(table)
}

/// `set ^ iterable`, in place on a fresh set.
pub fn toggled(m: &mut Machine, set: Slot, other: Slot) -> Result<SetTable, Trap> {
    let mut table = table_of(m, set)?;
    let other = collect(m, other)?;
    toggle(m, &mut table, other.hashed().collect())?;
    Ok(table)
}

/// `set & iterable`.
pub fn shared(m: &mut Machine, set: Slot, other: Slot) -> Result<SetTable, Trap> {
    let table = table_of(m, set)?;
    let from = source(m, other)?;
    common(m, &table, &from)
}

/// `a <op>= b` of a set with another set; the result is `this`, whose built-in value is `a`.
pub fn in_place(m: &mut Machine, op: BinaryOp, this: Slot, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    let twin = match op {
        BinaryOp::Or => "__set_update__",
        BinaryOp::And => "__set_intersection_update__",
        BinaryOp::Sub => "__set_difference_update__",
        _ => "__set_symmetric_difference_update__",
    };
    match change(m, op, a, b) {
        Ok(()) => Ok(this.value()),
        Err(Trap::Call(_)) => {
            let mut trap = m.call_hidden(twin, &[a, b]);
            if let Trap::Call(call) = &mut trap {
                call.adapt = crate::trap::Adapt::Replace(this, false);
            }
            Err(trap)
        }
        Err(trap) => Err(trap),
    }
}

fn change(m: &mut Machine, op: BinaryOp, a: Slot, b: Slot) -> Result<(), Trap> {
    let set = a.handle();
    if a.same(b) {
        if matches!(op, BinaryOp::Sub | BinaryOp::Xor) {
            m.heap.sets.get_mut(set).clear();
        }
        return Ok(());
    }
    let from = source(m, b)?;
    if op == BinaryOp::Or {
        return add_all(m, set, &from);
    }
    let mut table = table_of(m, a)?;
    match op {
        BinaryOp::And => table = common(m, &table, &from)?,
        BinaryOp::Sub => subtract(m, &mut table, &from)?,
        _ => toggle(m, &mut table, from.pairs())?,
    }
    replace(m, set, table)
}

// ---- constructors

fn new(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "set", 1, 0, 1)?;
    guarded(m, args, "__set_new__", |m| {
        let table = if args.count == 2 { collect(m, m.arg_slot(args, 1))? } else { SetTable::default() };
        m.new_set(Kind::Set, table)
    })
}

fn init(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "__init__")?;
    m.expect(args, "set", 1, 0, 1)?;
    guarded(m, args, "__set_init__", |m| {
        let table = if args.count == 2 { collect(m, m.arg_slot(args, 1))? } else { SetTable::default() };
        replace(m, set, table).map(|()| Value::NONE)
    })
}

fn new_frozen(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "frozenset", 1, 0, 1)?;
    if args.count == 2 {
        let given = m.arg(args, 1)?;
        if given.kind == Kind::FrozenSet && m.arg_slot(args, 0).same(*Type::FrozenSet.value()) {
            return Ok(given);
        }
    }
    guarded(m, args, "__frozenset_new__", |m| {
        let table = if args.count == 2 { collect(m, m.arg_slot(args, 1))? } else { SetTable::default() };
        m.new_set(Kind::FrozenSet, table)
    })
}

// ---- single members

/// What a member is looked up as: a set stands for the frozen set of its members.
fn wanted(m: &mut Machine, args: &Args) -> Result<Slot, Trap> {
    let given = *m.arg(args, 1)?;
    let plain = m.payload(given);
    Ok(if plain.kind == Kind::Set { Slot::object(Kind::FrozenSet, plain.handle()) } else { given })
}

fn add(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "add")?;
    m.expect(args, "set.add", 1, 1, 1)?;
    let item = *m.arg(args, 1)?;
    guarded(m, args, "__set_add__", |m| m.set_add(set, item).map(|_| Value::NONE))
}

fn remove(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "remove")?;
    m.expect(args, "set.remove", 1, 1, 1)?;
    let given = *m.arg(args, 1)?;
    let item = wanted(m, args)?;
    guarded(m, args, "__set_remove__", |m| {
        let found = m.set_find_native(set, item)?;
        match known(m, found)?.1 {
            Some(place) => {
                m.heap.sets.get_mut(set).remove(place);
                Ok(Value::NONE)
            }
            None => Err(m.raise_with(Type::KeyError, &[given])),
        }
    })
}

fn discard(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "discard")?;
    m.expect(args, "set.discard", 1, 1, 1)?;
    let item = wanted(m, args)?;
    guarded(m, args, "__set_discard__", |m| {
        let found = m.set_find_native(set, item)?;
        if let Some(place) = known(m, found)?.1 {
            m.heap.sets.get_mut(set).remove(place);
        }
        Ok(Value::NONE)
    })
}

fn contains(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "__contains__")?;
    m.expect(args, "set.__contains__", 1, 1, 1)?;
    let item = wanted(m, args)?;
    guarded(m, args, "__set_contains__", |m| {
        let found = m.set_find_native(set.handle(), item)?;
        Ok(Value::bool(known(m, found)?.1.is_some()))
    })
}

fn pop(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "pop")?;
    m.expect(args, "set.pop", 1, 0, 0)?;
    match m.heap.sets.get_mut(set).pop() {
        Some(item) => m.force(item),
        None => {
            let message = m.intern_value("pop from an empty set");
            Err(m.raise_with(Type::KeyError, &[message]))
        }
    }
}

fn clear(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "clear")?;
    m.expect(args, "set.clear", 1, 0, 0)?;
    m.heap.sets.get_mut(set).clear();
    Ok(Value::NONE)
}

fn hash(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::FrozenSet, "frozenset", "__hash__")?;
    m.expect(args, "frozenset.__hash__", 1, 0, 0)?;
    m.hash(Slot::object(Kind::FrozenSet, set)).map(|hash| Value::int(hash as i64))
}

// ---- whole sets

fn no_keywords(m: &mut Machine, args: &Args, method: &str) -> Result<(), Trap> {
    m.expect(args, &format!("set.{method}"), 1, 0, usize::MAX)
}

fn copy(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "copy")?;
    m.expect(args, "set.copy", 1, 0, 0)?;
    if set.kind == Kind::FrozenSet && m.arg_slot(args, 0).kind == Kind::FrozenSet {
        return m.arg(args, 0);
    }
    let table = table_of(m, set)?.copied();
    m.new_set(set.kind, table)
}

fn union(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "union")?;
    no_keywords(m, args, "union")?;
    guarded(m, args, "__set_union__", |m| {
        let mut table = table_of(m, set)?.copied();
        for index in 1..args.count {
            let from = source(m, m.arg_slot(args, index))?;
            merge(m, &mut table, &from)?;
        }
        m.new_set(set.kind, table)
    })
}

/// Add the members of each argument; what was added before an argument fails stays, as in CPython.
fn update(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "update")?;
    no_keywords(m, args, "update")?;
    guarded(m, args, "__set_update__", |m| {
        for index in 1..args.count {
            let from = source(m, m.arg_slot(args, index))?;
            add_all(m, set, &from)?;
        }
        Ok(Value::NONE)
    })
}

fn add_all(m: &mut Machine, set: Handle, from: &Source) -> Result<(), Trap> {
    if let (Source::Table(other), true) = (from, m.heap.sets.get(set).is_fresh()) {
        return replace(m, set, other.copied());
    }
    let pairs = from.pairs();
    if !matches!(from, Source::Members(_)) {
        m.charge(64 * pairs.len() as u64)?;
        m.heap.sets.get_mut(set).reserve_merge(pairs.len());
    }
    for (hash, item) in pairs {
        let found = m.set_position(set, hash, item)?;
        if known(m, found)?.is_none() {
            m.charge(64)?;
            m.heap.bytes += 40;
            m.heap.sets.get_mut(set).insert_new(hash, item);
        }
    }
    Ok(())
}

fn intersected(m: &mut Machine, args: &Args, set: Slot) -> Result<SetTable, Trap> {
    let mut table = table_of(m, set)?;
    if args.count == 1 {
        return Ok(table.copied());
    }
    for index in 1..args.count {
        let from = source(m, m.arg_slot(args, index))?;
        table = common(m, &table, &from)?;
    }
    Ok(table)
}

fn intersection(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "intersection")?;
    no_keywords(m, args, "intersection")?;
    guarded(m, args, "__set_intersection__", |m| {
        let table = intersected(m, args, set)?;
        m.new_set(set.kind, table)
    })
}

fn intersection_update(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "intersection_update")?;
    no_keywords(m, args, "intersection_update")?;
    guarded(m, args, "__set_intersection_update__", |m| {
        let table = intersected(m, args, Slot::object(Kind::Set, set))?;
        replace(m, set, table).map(|()| Value::NONE)
    })
}

fn difference(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "difference")?;
    no_keywords(m, args, "difference")?;
    guarded(m, args, "__set_difference__", |m| {
        let mut table = table_of(m, set)?;
        if args.count == 1 {
            table = table.copied();
        }
        for index in 1..args.count {
            let from = source(m, m.arg_slot(args, index))?;
            if index == 1 { table = without(m, &table, &from)? } else { subtract(m, &mut table, &from)? }
        }
        m.new_set(set.kind, table)
    })
}

fn difference_update(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "difference_update")?;
    no_keywords(m, args, "difference_update")?;
    guarded(m, args, "__set_difference_update__", |m| {
        let mut table = table_of(m, Slot::object(Kind::Set, set))?;
        for index in 1..args.count {
            let from = source(m, m.arg_slot(args, index))?;
            subtract(m, &mut table, &from)?;
        }
        replace(m, set, table).map(|()| Value::NONE)
    })
}

fn symmetric_difference(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "symmetric_difference")?;
    m.expect(args, "set.symmetric_difference", 1, 1, 1)?;
    guarded(m, args, "__set_symmetric_difference__", |m| {
        let left = table_of(m, set)?;
        let mut table = collect(m, m.arg_slot(args, 1))?;
        toggle(m, &mut table, left.hashed().collect())?;
        m.new_set(set.kind, table)
    })
}

fn symmetric_difference_update(m: &mut Machine, args: &Args) -> Outcome {
    let set = receiver(m, args, Kind::Set, "set", "symmetric_difference_update")?;
    m.expect(args, "set.symmetric_difference_update", 1, 1, 1)?;
    guarded(m, args, "__set_symmetric_difference_update__", |m| {
        let mut table = table_of(m, Slot::object(Kind::Set, set))?;
        let pairs = match source(m, m.arg_slot(args, 1))? {
            from @ Source::Members(_) => {
                let mut other = SetTable::default();
                merge(m, &mut other, &from)?;
                other.hashed().collect()
            }
            from => from.pairs(),
        };
        toggle(m, &mut table, pairs)?;
        replace(m, set, table).map(|()| Value::NONE)
    })
}

fn isdisjoint(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "isdisjoint")?;
    m.expect(args, "set.isdisjoint", 1, 1, 1)?;
    guarded(m, args, "__set_isdisjoint__", |m| {
        let pairs = source(m, m.arg_slot(args, 1))?.pairs();
        for (hash, item) in pairs {
            let found = m.set_position(set.handle(), hash, item)?;
            if known(m, found)?.is_some() {
                return Ok(Value::bool(false));
            }
        }
        Ok(Value::bool(true))
    })
}

fn issubset(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "issubset")?;
    m.expect(args, "set.issubset", 1, 1, 1)?;
    guarded(m, args, "__set_issubset__", |m| {
        let other = collect(m, m.arg_slot(args, 1))?;
        for (hash, item) in table_of(m, set)?.hashed() {
            if find(m, &other, hash, item)?.is_none() {
                return Ok(Value::bool(false));
            }
        }
        Ok(Value::bool(true))
    })
}

fn issuperset(m: &mut Machine, args: &Args) -> Outcome {
    let set = this(m, args, "issuperset")?;
    m.expect(args, "set.issuperset", 1, 1, 1)?;
    guarded(m, args, "__set_issuperset__", |m| {
        for (hash, item) in source(m, m.arg_slot(args, 1))?.pairs() {
            let found = m.set_position(set.handle(), hash, item)?;
            if known(m, found)?.is_none() {
                return Ok(Value::bool(false));
            }
        }
        Ok(Value::bool(true))
    })
}

/// An operator called by its method name.
fn by_name(m: &mut Machine, args: &Args, op: BinaryOp, mirrored: bool) -> Outcome {
    let set = this(m, args, "__or__")?;
    m.expect(args, "set.__or__", 1, 1, 1)?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    if !BOTH.contains(&other.kind) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = if mirrored { (other, set) } else { (set, other) };
    match operator(m, op, a, b)? {
        Some(value) => Ok(value),
        None => Err(needs_program(m)),
    }
}

fn in_place_by_name(m: &mut Machine, args: &Args, method: NativeFn) -> Outcome {
    m.expect(args, "set.__ior__", 1, 1, 1)?;
    let other = *m.arg(args, 1)?;
    if !BOTH.contains(&m.payload(other).kind) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let this = m.arg(args, 0)?;
    match method(m, args) {
        Err(Trap::Call(mut call)) => {
            call.adapt = crate::trap::Adapt::Replace(*this, false);
            Err(Trap::Call(call))
        }
        other => other.map(|_| this),
    }
}
