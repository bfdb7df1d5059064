//! `dict.keys()`, `.values()`, `.items()`: methods and set operators.

use super::set;
use super::support::{self, guarded, items, known, receiver, receiver_of, Outcome};
use crate::class::Type;
use crate::code::{BinaryOp, CompareOp};
use crate::heap::IterObject;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::set::SetTable;
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};

const KIND: &[Kind] = &[Kind::DictView];
const VALUES: u8 = 1;

const fn row(owner: &'static str, name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner, name, code, bind: Bind::Method }
}

macro_rules! shared {
    ($($owner:literal),*) => { &[$(
        row($owner, "__len__", |m, args| support::len_of(m, args, KIND, $owner)),
        row($owner, "__iter__", |m, args| support::iter_of(m, args, KIND, $owner)),
        row($owner, "__repr__", |m, args| support::repr_of(m, args, KIND, $owner)),
        row($owner, "__reversed__", reversed),
        NativeRow { owner: $owner, name: "mapping", code: mapping, bind: Bind::Getter },
    )*] };
}

macro_rules! set_like {
    ($($owner:literal),*) => { &[$(
        row($owner, "__contains__", contains_method),
        row($owner, "isdisjoint", isdisjoint),
        row($owner, "__and__", |m, args| by_name(m, args, BinaryOp::And, false)),
        row($owner, "__or__", |m, args| by_name(m, args, BinaryOp::Or, false)),
        row($owner, "__sub__", |m, args| by_name(m, args, BinaryOp::Sub, false)),
        row($owner, "__xor__", |m, args| by_name(m, args, BinaryOp::Xor, false)),
        row($owner, "__rand__", |m, args| by_name(m, args, BinaryOp::And, true)),
        row($owner, "__ror__", |m, args| by_name(m, args, BinaryOp::Or, true)),
        row($owner, "__rsub__", |m, args| by_name(m, args, BinaryOp::Sub, true)),
        row($owner, "__rxor__", |m, args| by_name(m, args, BinaryOp::Xor, true)),
        row($owner, "__eq__", |m, args| compare(m, args, CompareOp::Eq)),
        row($owner, "__ne__", |m, args| compare(m, args, CompareOp::Ne)),
        row($owner, "__lt__", |m, args| compare(m, args, CompareOp::Lt)),
        row($owner, "__le__", |m, args| compare(m, args, CompareOp::Le)),
        row($owner, "__gt__", |m, args| compare(m, args, CompareOp::Gt)),
        row($owner, "__ge__", |m, args| compare(m, args, CompareOp::Ge)),
    )*] };
}

/// What all three views have.
pub const TABLE: &[NativeRow] = shared!("dict_keys", "dict_values", "dict_items");
/// What the two set-like views have.
pub const SET_TABLE: &[NativeRow] = set_like!("dict_keys", "dict_items");

/// A view of a dict: keys (0), values (1) or items (2).
pub fn new_view(m: &mut Machine, dict: Handle, what: u8) -> Value {
    m.heap.bytes += 32;
    Value::object(Kind::DictView, m.heap.views.add((dict, what)))
}

fn is_set_like(m: &Machine, slot: Slot) -> bool {
    slot.kind == Kind::DictView && m.heap.views.get(slot.handle()).1 != VALUES
}

fn reversed(m: &mut Machine, args: &Args) -> Outcome {
    let view = receiver(m, args, Kind::DictView, "dict_keys", "__reversed__")?;
    m.expect(args, "dict_keys.__reversed__", 1, 0, 0)?;
    let (dict, what) = *m.heap.views.get(view);
    Ok(reverse_iter(m, dict, what))
}

/// An iterator over a dict from its end.
pub fn reverse_iter(m: &mut Machine, dict: Handle, what: u8) -> Value {
    let changes = m.heap.dicts.get(dict).changes;
    m.new_iter(IterObject::Dict { dict, position: 0, what, changes, reverse: true })
}

fn mapping(m: &mut Machine, args: &Args) -> Outcome {
    let _ = args;
    Err(m.raise(Type::NotImplementedError, "not supported: the mapping attribute of dict views"))
}

/// `item in view`; None when program code has to compare.
pub fn contains(m: &mut Machine, view: Slot, item: Slot) -> Result<Option<bool>, Trap> {
    let (dict, what) = *m.heap.views.get(view.handle());
    let item = *m.force(item)?;
    match what {
        0 => Ok(m.dict_find_native(dict, item)?.map(|(_, found)| found.is_some())),
        VALUES => {
            let values: alloc::vec::Vec<Slot> = m.heap.dicts.get(dict).iter().map(|e| e.value).collect();
            m.spend(values.len() as u64)?;
            any_equal(m, &values, item)
        }
        _ => pair_in(m, dict, item),
    }
}

fn any_equal(m: &mut Machine, values: &[Slot], item: Slot) -> Result<Option<bool>, Trap> {
    for value in values {
        if value.same(item) {
            return Ok(Some(true));
        }
        match m.equal_native(*value, item, 0)? {
            Some(false) => {}
            other => return Ok(other),
        }
    }
    Ok(Some(false))
}

fn pair_in(m: &mut Machine, dict: Handle, item: Slot) -> Result<Option<bool>, Trap> {
    let plain = m.payload(item);
    if plain.kind != Kind::Tuple || m.heap.tuples.get(plain.handle()).len() != 2 {
        return Ok(Some(false));
    }
    let (key, value) = (m.heap.tuples.get(plain.handle())[0], m.heap.tuples.get(plain.handle())[1]);
    let Some((_, found)) = m.dict_find_native(dict, key)? else { return Ok(None) };
    let stored = found.and_then(|place| m.heap.dicts.get(dict).entry(place)).map(|e| e.value);
    match stored {
        None => Ok(Some(false)),
        Some(stored) if stored.same(value) => Ok(Some(true)),
        Some(stored) => m.equal_native(stored, value, 0),
    }
}

fn contains_method(m: &mut Machine, args: &Args) -> Outcome {
    let view = receiver_of(m, args, KIND, "dict_keys", "__contains__")?;
    m.expect(args, "dict_keys.__contains__", 1, 1, 1)?;
    guarded(m, args, "__contains_in__", |m| {
        let found = contains(m, view, m.arg_slot(args, 1))?;
        known(m, found).map(Value::bool)
    })
}

/// The members of a set-like operand, as an operand of a set operation.
fn set_length(m: &mut Machine, slot: Slot) -> Option<usize> {
    match slot.kind {
        Kind::Set | Kind::FrozenSet => Some(m.heap.sets.get(slot.handle()).len()),
        Kind::DictView if is_set_like(m, slot) => Some(m.heap.dicts.get(m.heap.views.get(slot.handle()).0).len()),
        _ => None,
    }
}

/// Is everything in `a` also in `b`?
fn all_in(m: &mut Machine, a: Slot, b: Slot) -> Result<Option<bool>, Trap> {
    let members = items(m, a)?;
    for item in members {
        let found = match b.kind {
            Kind::DictView => contains(m, b, item)?,
            _ => m.set_find_native(b.handle(), item)?.map(|(_, found)| found.is_some()),
        };
        match found {
            Some(true) => {}
            other => return Ok(other),
        }
    }
    Ok(Some(true))
}

/// `a == b` where one is a view; None when program code has to compare.
pub fn equal(m: &mut Machine, a: Slot, b: Slot) -> Result<Option<bool>, Trap> {
    match (set_length(m, a), set_length(m, b)) {
        (Some(x), Some(y)) if x == y => all_in(m, a, b),
        (Some(_), Some(_)) => Ok(Some(false)),
        _ => Ok(Some(a.same(b))),
    }
}

/// An order comparison where `a` is a view; None when the two have none.
pub fn order(m: &mut Machine, op: CompareOp, a: Slot, b: Slot) -> Result<Option<bool>, Trap> {
    let (Some(x), Some(y)) = (set_length(m, a), set_length(m, b)) else { return Ok(None) };
    let (small, large, possible) = match op {
        CompareOp::Lt => (a, b, x < y),
        CompareOp::Le => (a, b, x <= y),
        CompareOp::Gt => (b, a, x > y),
        _ => (b, a, x >= y),
    };
    if !possible {
        return Ok(Some(false));
    }
    match all_in(m, small, large)? {
        Some(result) => Ok(Some(result)),
        None => Err(m.call_hidden("__all_in__", &[small, large])),
    }
}

fn compare(m: &mut Machine, args: &Args, op: CompareOp) -> Outcome {
    let view = receiver_of(m, args, KIND, "dict_keys", "__eq__")?;
    m.expect(args, "dict_keys.__eq__", 1, 1, 1)?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    if set_length(m, other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let result = match op {
        CompareOp::Eq | CompareOp::Ne => equal(m, view, other)?.map(|equal| equal == (op == CompareOp::Eq)),
        _ => order(m, op, view, other)?,
    };
    match result {
        Some(result) => Ok(Value::bool(result)),
        None => Err(m.call_hidden(if op == CompareOp::Eq { "__call_eq__" } else { "__call_ne__" }, &[view, other])),
    }
}

fn isdisjoint(m: &mut Machine, args: &Args) -> Outcome {
    let view = receiver_of(m, args, KIND, "dict_keys", "isdisjoint")?;
    m.expect(args, "dict_keys.isdisjoint", 1, 1, 1)?;
    guarded(m, args, "__view_isdisjoint__", |m| {
        for item in items(m, m.arg_slot(args, 1))? {
            let found = contains(m, view, item)?;
            if known(m, found)? {
                return Ok(Value::bool(false));
            }
        }
        Ok(Value::bool(true))
    })
}

fn by_name(m: &mut Machine, args: &Args, op: BinaryOp, mirrored: bool) -> Outcome {
    let view = receiver_of(m, args, KIND, "dict_keys", "__and__")?;
    m.expect(args, "dict_keys.__and__", 1, 1, 1)?;
    let other = *m.arg(args, 1)?;
    let (a, b) = if mirrored { (other, view) } else { (view, other) };
    Ok(operator(m, op, a, b)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

/// `a <op> b` where one is a keys or items view and the other any iterable; the result is a set.
pub fn operator(m: &mut Machine, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    if !matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Sub | BinaryOp::Xor) || !is_set_like(m, a) && !is_set_like(m, b) {
        return Ok(None);
    }
    match operate(m, op, a, b) {
        Ok(table) => m.new_set(Kind::Set, table).map(Some),
        Err(Trap::Call(_)) => Err(m.call_hidden("__view_operator__", &[Slot::int(op as i64), a, b])),
        Err(trap) => Err(trap),
    }
}

fn operate(m: &mut Machine, op: BinaryOp, a: Slot, b: Slot) -> Result<SetTable, Trap> {
    if op == BinaryOp::And {
        return intersection(m, a, b);
    }
    let left = as_set(m, a)?;
    let left = m.new_set(Kind::Set, left)?;
    let result = match op {
        BinaryOp::Or => set::united(m, *left, b)?,
        BinaryOp::Sub => set::reduced(m, *left, b)?,
        _ => set::toggled(m, *left, b)?,
    };
    Ok(result)
}

/// The set of a view's members; a keys view is taken as its dict, which decides how the table grows.
fn as_set(m: &mut Machine, slot: Slot) -> Result<SetTable, Trap> {
    let from = match slot.kind {
        Kind::DictView => match *m.heap.views.get(slot.handle()) {
            (dict, 0) => Slot::object(Kind::Dict, dict),
            _ => slot,
        },
        _ => slot,
    };
    set::collect(m, from)
}

fn intersection(m: &mut Machine, a: Slot, b: Slot) -> Result<SetTable, Trap> {
    let (mut view, mut other) = if is_set_like(m, a) { (a, b) } else { (b, a) };
    let view_len = set_length(m, view).unwrap_or(0);
    if other.kind == Kind::Set && view_len <= set_length(m, other).unwrap_or(0) {
        return set::shared(m, other, view);
    }
    if is_set_like(m, other) && set_length(m, other).unwrap_or(0) > view_len {
        (view, other) = (other, view);
    }
    let mut result = alloc::vec::Vec::new();
    for item in items(m, other)? {
        let item = *m.force(item)?;
        let found = contains(m, view, item)?;
        if known(m, found)? {
            result.push(item);
        }
    }
    let list = m.new_list(result)?;
    set::collect(m, *list)
}
