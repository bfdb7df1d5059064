//! `_collections`: `deque`.

use crate::builtins::support::{self, comparisons, guarded, items, receiver_of, same, Outcome};
use crate::class::Type;
use crate::code::CompareOp;
use crate::compare::holds;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeObject, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{collections::VecDeque, format, vec::Vec};

const KIND: &[Kind] = &[Kind::Native2];

const fn method(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "deque", name, code, bind: Bind::Method }
}

/// Natives of `deque`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "deque", name: "__new__", code: new, bind: Bind::Static },
    NativeRow { owner: "deque", name: "maxlen", code: maxlen, bind: Bind::Getter },
    method("__init__", init),
    method("append", |m, args| push(m, args, "append", false)),
    method("appendleft", |m, args| push(m, args, "appendleft", true)),
    method("pop", |m, args| pop(m, args, "pop", false)),
    method("popleft", |m, args| pop(m, args, "popleft", true)),
    method("extend", |m, args| extend(m, args, "extend", false)),
    method("extendleft", |m, args| extend(m, args, "extendleft", true)),
    method("rotate", rotate),
    method("clear", clear),
    method("copy", copy),
    method("__copy__", copy),
    method("__hash__", |m, args| {
        this(m, args, "__hash__")?;
        Err(m.type_error("unhashable type: 'collections.deque'"))
    }),
    method("count", count),
    method("index", index),
    method("insert", insert),
    method("remove", remove),
    method("reverse", reverse),
    method("__len__", |m, args| support::len_of(m, args, KIND, "collections.deque")),
    method("__iter__", |m, args| support::iter_of(m, args, KIND, "collections.deque")),
    method("__repr__", |m, args| support::repr_of(m, args, KIND, "collections.deque")),
    method("__reversed__", reversed),
    method("__contains__", contains),
    method("__getitem__", getitem),
    method("__setitem__", setitem),
    method("__delitem__", delitem),
    method("__add__", add),
    method("__iadd__", iadd),
    method("__mul__", mul),
    method("__rmul__", mul),
    method("__imul__", imul),
    method("__eq__", eq),
    method("__ne__", ne),
    method("__lt__", lt),
    method("__le__", le),
    method("__gt__", gt),
    method("__ge__", ge),
];

comparisons!("collections.deque", KIND, "__call_");

fn this(m: &mut Machine, args: &Args, method: &str) -> Result<Handle, Trap> {
    let slot = receiver_of(m, args, KIND, "collections.deque", method)?;
    match m.heap.natives.get(slot.handle()) {
        NativeObject::Deque(..) => Ok(slot.handle()),
        _ => Err(m.type_error("a deque is expected")),
    }
}

fn items_in(m: &Machine, deque: Handle) -> &VecDeque<Slot> {
    match m.heap.natives.get(deque) {
        NativeObject::Deque(all, _) => all,
        _ => unreachable!("receivers are checked to be deques"),
    }
}

fn items_mut(m: &mut Machine, deque: Handle) -> (&mut VecDeque<Slot>, Option<usize>) {
    match m.heap.natives.get_mut(deque) {
        NativeObject::Deque(all, most) => (all, *most),
        _ => unreachable!("receivers are checked to be deques"),
    }
}

fn most_of(m: &Machine, deque: Handle) -> Option<usize> {
    match m.heap.natives.get(deque) {
        NativeObject::Deque(_, most) => *most,
        _ => None,
    }
}

fn reserve(m: &mut Machine, deque: Handle, more: usize) -> Result<(), Trap> {
    let all = items_in(m, deque);
    let (len, capacity) = (all.len(), all.capacity());
    m.charge(16 * more as u64)?;
    if len + more > capacity {
        let room = (len + more).max(capacity + capacity / 2).max(4);
        m.fits(16 * (room - capacity) as u64)?;
        m.heap.bytes += 16 * (room - capacity) as u64;
        items_mut(m, deque).0.reserve_exact(room - len);
    }
    Ok(())
}

/// Add items at one end; a bounded deque loses as many at the other.
fn push_all(m: &mut Machine, deque: Handle, items: Vec<Slot>, left: bool) -> Result<(), Trap> {
    let most = most_of(m, deque);
    reserve(m, deque, most.map_or(items.len(), |most| items.len().min(most + 1)))?;
    let (all, _) = items_mut(m, deque);
    for item in items {
        if left { all.push_front(item) } else { all.push_back(item) }
        if most.is_some_and(|most| all.len() > most) {
            if left { all.pop_back() } else { all.pop_front() };
        }
    }
    Ok(())
}

// ---- construction

/// The iterable and the bound, given by position or by name.
fn options(m: &mut Machine, args: &Args) -> Result<(Option<Slot>, Option<usize>), Trap> {
    let [iterable, bound] = support::keywords(m, args, ["iterable", "maxlen"], |name| format!("deque() got an unexpected keyword argument '{name}'"))?;
    if args.count > 3 {
        return Err(m.type_error(format!("deque() takes at most 2 arguments ({} given)", args.count.saturating_sub(1) + args.keywords)));
    }
    let iterable = if args.count > 1 { Some(m.arg_slot(args, 1)) } else { iterable };
    let bound = if args.count > 2 { Some(m.arg_slot(args, 2)) } else { bound };
    let Some(bound) = bound else { return Ok((iterable, None)) };
    let bound = *m.force(bound)?;
    let most = match m.payload(bound).kind {
        Kind::None => None,
        Kind::Int | Kind::Bool => {
            let most = m.payload(bound).as_int();
            Some(usize::try_from(most).map_err(|_| m.value_error("maxlen must be non-negative"))?)
        }
        _ => return Err(m.type_error("an integer is required")),
    };
    Ok((iterable, most))
}

fn new(m: &mut Machine, args: &Args) -> Outcome {
    let (iterable, most) = options(m, args)?;
    let Some(source) = iterable else { return m.new_native(NativeObject::Deque(VecDeque::new(), most)) };
    let made = guarded(m, args, "", |m| {
        let all = items(m, source)?;
        made_of(m, all, most)
    });
    match made {
        Err(Trap::Call(_)) => {
            let most = bound_slot(most);
            Err(m.call_hidden("__deque_new__", &[*Type::Deque.value(), m.arg_slot(args, 0), source, most]))
        }
        other => other,
    }
}

fn bound_slot(most: Option<usize>) -> Slot {
    most.map_or(Slot::NONE, |most| Slot::int(most as i64))
}

fn made_of(m: &mut Machine, mut all: Vec<Slot>, most: Option<usize>) -> Outcome {
    if let Some(most) = most {
        all.drain(..all.len().saturating_sub(most));
    }
    m.new_native(NativeObject::Deque(all.into(), most))
}

fn init(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__init__")?;
    let (iterable, most) = options(m, args)?;
    let done = guarded(m, args, "", |m| {
        let all = match iterable {
            Some(source) => items(m, source)?,
            None => Vec::new(),
        };
        *m.heap.natives.get_mut(deque) = NativeObject::Deque(VecDeque::new(), most);
        push_all(m, deque, all, false).map(|()| Value::NONE)
    });
    match done {
        Err(Trap::Call(_)) => {
            let this = Slot::object(Kind::Native2, deque);
            Err(m.call_hidden("__deque_init__", &[this, iterable.unwrap_or(Slot::NONE), bound_slot(most)]))
        }
        other => other,
    }
}

fn maxlen(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "maxlen")?;
    Ok(most_of(m, deque).map_or(Value::NONE, |most| Value::int(most as i64)))
}

fn copy(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "copy")?;
    m.expect(args, "deque.copy", 1, 0, 0)?;
    let (all, most) = (items_in(m, deque).iter().copied().collect(), most_of(m, deque));
    made_of(m, all, most)
}

// ---- ends

fn push(m: &mut Machine, args: &Args, name: &str, left: bool) -> Outcome {
    let deque = this(m, args, name)?;
    m.expect(args, &format!("deque.{name}"), 1, 1, 1)?;
    reserve(m, deque, 1)?;
    let item = m.arg_slot(args, 1);
    let (all, most) = items_mut(m, deque);
    if left { all.push_front(item) } else { all.push_back(item) }
    if most.is_some_and(|most| all.len() > most) {
        if left { all.pop_back() } else { all.pop_front() };
    }
    Ok(Value::NONE)
}

fn pop(m: &mut Machine, args: &Args, name: &str, left: bool) -> Outcome {
    let deque = this(m, args, name)?;
    m.expect(args, &format!("deque.{name}"), 1, 0, 0)?;
    let all = items_in(m, deque);
    let Some(item) = (if left { all.front() } else { all.back() }).copied() else {
        return Err(m.raise(Type::IndexError, "pop from an empty deque"));
    };
    let item = m.force(item)?;
    let (all, _) = items_mut(m, deque);
    if left { all.pop_front() } else { all.pop_back() };
    Ok(item)
}

fn extend(m: &mut Machine, args: &Args, name: &str, left: bool) -> Outcome {
    let deque = this(m, args, name)?;
    m.expect(args, &format!("deque.{name}"), 1, 1, 1)?;
    guarded(m, args, if left { "__deque_extendleft__" } else { "__deque_extend__" }, |m| {
        let all = items(m, m.arg_slot(args, 1))?;
        push_all(m, deque, all, left).map(|()| Value::NONE)
    })
}

fn rotate(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "rotate")?;
    m.expect(args, "rotate", 1, 0, 1)?;
    let count = match m.optional(args, 1)? {
        Some(count) => m.index_value(*count, "")?,
        None => 1,
    };
    let (all, _) = items_mut(m, deque);
    if !all.is_empty() {
        let steps = count.rem_euclid(all.len() as i64) as usize;
        all.rotate_right(steps);
    }
    Ok(Value::NONE)
}

fn clear(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "clear")?;
    m.expect(args, "deque.clear", 1, 0, 0)?;
    *items_mut(m, deque).0 = VecDeque::new();
    Ok(Value::NONE)
}

fn reverse(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "reverse")?;
    m.expect(args, "deque.reverse", 1, 0, 0)?;
    items_mut(m, deque).0.make_contiguous().reverse();
    Ok(Value::NONE)
}

fn reversed(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__reversed__")?;
    let all: Vec<Slot> = items_in(m, deque).iter().rev().copied().collect();
    Ok(m.new_iter(crate::heap::IterObject::Items(all, 0)))
}

// ---- look-ups

fn place_of(m: &mut Machine, deque: Handle, wanted: Slot, start: usize, stop: usize) -> Result<Option<usize>, Trap> {
    for place in start..stop.min(items_in(m, deque).len()) {
        let item = items_in(m, deque)[place];
        if same(m, item, wanted)? {
            return Ok(Some(place));
        }
        m.spend(1)?;
    }
    Ok(None)
}

fn contains(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__contains__")?;
    m.expect(args, "deque.__contains__", 1, 1, 1)?;
    guarded(m, args, "__sequence_contains__", |m| {
        let wanted = *m.arg(args, 1)?;
        place_of(m, deque, wanted, 0, usize::MAX).map(|found| Value::bool(found.is_some()))
    })
}

fn count(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "count")?;
    m.expect(args, "deque.count", 1, 1, 1)?;
    guarded(m, args, "__list_count__", |m| {
        let wanted = *m.arg(args, 1)?;
        let (mut place, mut total) = (0, 0);
        while let Some(found) = place_of(m, deque, wanted, place, usize::MAX)? {
            (place, total) = (found + 1, total + 1);
        }
        Ok(Value::int(total))
    })
}

fn index(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "index")?;
    m.expect(args, "index", 1, 1, 3)?;
    guarded(m, args, "__deque_index__", |m| {
        let wanted = *m.arg(args, 1)?;
        let len = items_in(m, deque).len();
        let start = support::clamped(m, args, 2, 0, len)?;
        let stop = support::clamped(m, args, 3, usize::MAX, len)?;
        match place_of(m, deque, wanted, start, stop)? {
            Some(place) => Ok(Value::int(place as i64)),
            None => {
                let shown = m.repr(wanted)?;
                Err(m.value_error(format!("{shown} is not in deque")))
            }
        }
    })
}

fn insert(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "insert")?;
    m.expect(args, "insert", 1, 2, 2)?;
    let place = *m.arg(args, 1)?;
    let place = m.index_value(place, "")?;
    let len = items_in(m, deque).len();
    if most_of(m, deque) == Some(len) {
        return Err(m.raise(Type::IndexError, "deque already at its maximum size"));
    }
    let place = if place < 0 { place.saturating_add(len as i64).max(0) as usize } else { (place as u64).min(len as u64) as usize };
    reserve(m, deque, 1)?;
    let item = m.arg_slot(args, 2);
    items_mut(m, deque).0.insert(place, item);
    Ok(Value::NONE)
}

fn remove(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "remove")?;
    m.expect(args, "deque.remove", 1, 1, 1)?;
    guarded(m, args, "__deque_remove__", |m| {
        let wanted = *m.arg(args, 1)?;
        match place_of(m, deque, wanted, 0, usize::MAX)? {
            Some(place) => {
                items_mut(m, deque).0.remove(place);
                Ok(Value::NONE)
            }
            None => {
                let shown = m.repr(wanted)?;
                Err(m.value_error(format!("{shown} is not in deque")))
            }
        }
    })
}

fn place(m: &mut Machine, deque: Handle, key: Slot) -> Result<usize, Trap> {
    let key = *m.force(key)?;
    let index = m.index_value(key, "sequence index must be integer")?;
    match Machine::place(index, items_in(m, deque).len()) {
        Some(place) => Ok(place),
        None => Err(m.raise(Type::IndexError, "deque index out of range")),
    }
}

fn getitem(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__getitem__")?;
    m.expect(args, "deque.__getitem__", 1, 1, 1)?;
    let place = index_of(m, args, deque)?;
    m.force(items_in(m, deque)[place])
}

/// The place that argument 1 names; an index that is no int has a message of its own.
fn index_of(m: &mut Machine, args: &Args, deque: Handle) -> Result<usize, Trap> {
    let key = *m.arg(args, 1)?;
    if !matches!(m.payload(key).kind, Kind::Int | Kind::Bool | Kind::Big) {
        let message = format!("sequence index must be integer, not '{}'", m.type_name(key));
        return Err(m.type_error(message));
    }
    place(m, deque, key)
}

fn setitem(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__setitem__")?;
    m.expect(args, "__setitem__", 1, 2, 2)?;
    let place = index_of(m, args, deque)?;
    let item = m.arg_slot(args, 2);
    items_mut(m, deque).0[place] = item;
    Ok(Value::NONE)
}

fn delitem(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__delitem__")?;
    m.expect(args, "deque.__delitem__", 1, 1, 1)?;
    let place = index_of(m, args, deque)?;
    items_mut(m, deque).0.remove(place);
    Ok(Value::NONE)
}

// ---- operators

fn is_deque(m: &Machine, slot: Slot) -> bool {
    slot.kind == Kind::Native2 && matches!(m.heap.natives.get(slot.handle()), NativeObject::Deque(..))
}

/// `a + b`; None when they are no deques.
pub fn concatenate(m: &mut Machine, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    if !is_deque(m, a) || !is_deque(m, b) {
        return Ok(None);
    }
    let all = items_in(m, a.handle()).iter().chain(items_in(m, b.handle())).copied().collect();
    let most = most_of(m, a.handle());
    made_of(m, all, most).map(Some)
}

/// `a * count`; None when it is no deque.
pub fn repeat(m: &mut Machine, a: Slot, count: i64) -> Result<Option<Value>, Trap> {
    if !is_deque(m, a) {
        return Ok(None);
    }
    let all: Vec<Slot> = items_in(m, a.handle()).iter().copied().collect();
    let total = (all.len() as u64).saturating_mul(count.max(0) as u64);
    m.charge(total.saturating_mul(16))?;
    m.spend(total)?;
    let all = all.repeat(count.max(0) as usize);
    let most = most_of(m, a.handle());
    made_of(m, all, most).map(Some)
}

/// `a += iterable`; the result is `a`. None when it is no deque.
pub fn in_place_add(m: &mut Machine, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    if !is_deque(m, a) {
        return Ok(None);
    }
    let given = *m.force(b)?;
    match items(m, given) {
        Ok(all) => push_all(m, a.handle(), all, false).map(|()| a.value()),
        Err(Trap::Call(_)) => {
            let mut trap = m.call_hidden("__deque_extend__", &[a, given]);
            if let Trap::Call(call) = &mut trap {
                call.adapt = crate::trap::Adapt::Replace(a, false);
            }
            Err(trap)
        }
        Err(trap) => Err(trap),
    }
}

fn add(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__add__")?;
    m.expect(args, "deque.__add__", 1, 1, 1)?;
    let given = *m.arg(args, 1)?;
    let other = m.payload(given);
    match concatenate(m, Slot::object(Kind::Native2, deque), other)? {
        Some(value) => Ok(value),
        None => {
            let message = format!("can only concatenate deque (not \"{}\") to deque", m.type_name(given));
            Err(m.type_error(message))
        }
    }
}

fn iadd(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__iadd__")?;
    m.expect(args, "deque.__iadd__", 1, 1, 1)?;
    let result = in_place_add(m, Slot::object(Kind::Native2, deque), m.arg_slot(args, 1))?;
    match result {
        Some(_) => m.arg(args, 0),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn mul(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__mul__")?;
    m.expect(args, "deque.__mul__", 1, 1, 1)?;
    let count = *m.arg(args, 1)?;
    let count = m.index_value(count, "")?;
    Ok(repeat(m, Slot::object(Kind::Native2, deque), count)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn imul(m: &mut Machine, args: &Args) -> Outcome {
    let deque = this(m, args, "__imul__")?;
    let repeated = mul(m, args)?;
    let made = m.heap.natives.get(repeated.handle()).clone();
    *m.heap.natives.get_mut(deque) = made;
    m.arg(args, 0)
}

/// `a == b` of two deques; None when program code has to compare.
pub fn equal(m: &mut Machine, a: Handle, b: Handle, depth: u32) -> Result<Option<bool>, Trap> {
    if items_in(m, a).len() != items_in(m, b).len() {
        return Ok(Some(false));
    }
    for place in 0..items_in(m, a).len() {
        let (x, y) = (items_in(m, a)[place], items_in(m, b)[place]);
        if !x.same(y) {
            match m.equal_native(x, y, depth + 1)? {
                Some(true) => {}
                other => return Ok(other),
            }
        }
    }
    Ok(Some(true))
}

/// An order comparison of two deques; program code is a trap.
pub fn order(m: &mut Machine, op: CompareOp, a: Handle, b: Handle) -> Result<bool, Trap> {
    let (la, lb) = (items_in(m, a).len(), items_in(m, b).len());
    for place in 0..la.min(lb) {
        let (x, y) = (items_in(m, a)[place], items_in(m, b)[place]);
        if !same(m, x, y)? {
            let answer = m.order_native(op, x, y, 0)?;
            return support::known(m, answer);
        }
    }
    Ok(holds(op, la.cmp(&lb)))
}
