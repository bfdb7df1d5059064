//! Built-in functions over iterables: `len`, `iter`, `next`, `sorted`, `sum`, `zip`, …
//!
//! They are native where every input iterates natively and no program function is called; otherwise a function or
//! generator of the hidden module does the same in Python.

use super::sorting;
use super::support::{self, guarded, items, known, needs_program, Outcome};
use super::views;
use crate::class::Type;
use crate::code::{BinaryOp, CompareOp};
use crate::heap::IterObject;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::{Adapt, DefaultFor, Trap};
use crate::value::{Kind, Slot, Value};
use alloc::{format, vec::Vec};

const fn function(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "builtins", name, code, bind: Bind::Function }
}

const fn class(owner: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner, name: "__new__", code, bind: Bind::Static }
}

const fn iterator(owner: &'static str, name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner, name, code, bind: Bind::Method }
}

macro_rules! iterators {
    ($($owner:literal),*) => { &[$(
        iterator($owner, "__iter__", itself),
        iterator($owner, "__next__", next_of),
        iterator($owner, "__length_hint__", length_hint),
        iterator($owner, "__reduce__", reduce),
    )*] };
}

/// Natives of iterables.
pub const TABLE: &[NativeRow] = &[
    function("len", len),
    function("iter", iter),
    function("next", next),
    function("sorted", sorted),
    function("min", |m, args| extreme(m, args, CompareOp::Lt, "min")),
    function("max", |m, args| extreme(m, args, CompareOp::Gt, "max")),
    function("sum", sum),
    function("any", |m, args| first_truth(m, args, true, "any")),
    function("all", |m, args| first_truth(m, args, false, "all")),
    class("reversed", reversed),
    class("enumerate", enumerate),
    class("zip", zip),
    class("map", map),
    class("filter", filter),
];

/// Iterators over sequences can be put to a place.
pub const PLACED: &[NativeRow] = &[
    iterator("list_iterator", "__setstate__", set_state), iterator("tuple_iterator", "__setstate__", set_state), iterator("str_ascii_iterator", "__setstate__", set_state),
    iterator("range_iterator", "__setstate__", set_state), iterator("iterator", "__setstate__", set_state),
];

/// Methods that all iterators have.
pub const ITERATORS: &[NativeRow] = iterators!(
    "iterator", "list_iterator", "tuple_iterator", "str_ascii_iterator", "range_iterator", "dict_keyiterator",
    "dict_valueiterator", "dict_itemiterator", "set_iterator", "reversed", "enumerate", "zip", "map", "filter"
);

// ---- iterators as objects

fn itself(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "iterator.__iter__", 1, 0, 0)?;
    m.arg(args, 0)
}

fn next_of(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "iterator.__next__", 1, 0, 0)?;
    let this = *m.arg(args, 0)?;
    advance(m, this, None)
}

fn length_hint(m: &mut Machine, args: &Args) -> Outcome {
    let this = *m.arg(args, 0)?;
    if this.kind != Kind::Iter {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (of, used) = match *m.heap.iters.get(this.handle()) {
        IterObject::Sequence(of, index) => (of, index),
        IterObject::Reversed(_, left) => return Ok(Value::int(left as i64)),
        IterObject::Empty => return Ok(Value::int(0)),
        IterObject::Enumerate(..) | IterObject::Zip(..) => return Ok(Value::NOT_IMPLEMENTED),
        _ => return Ok(Value::int(rest(m, this)?.len() as i64)),
    };
    let len = m.length(of)?.unwrap_or(0);
    Ok(Value::int(len.saturating_sub(used) as i64))
}

/// What an iterator has left, without using it up.
fn rest(m: &mut Machine, iter: Slot) -> Result<Vec<Slot>, Trap> {
    let state = m.heap.iters.get(iter.handle()).clone();
    let copy = m.heap.iters.add(state);
    let mut items = Vec::new();
    while let Some(item) = m.iter_next(copy)? {
        m.spend(1)?;
        m.charge(16 * items.len() as u64)?;
        items.push(item);
    }
    Ok(items)
}

/// How a native iterator is made again: `iter` of its sequence and the place in it, or of what is left.
fn reduce(m: &mut Machine, args: &Args) -> Outcome {
    let this = *m.arg(args, 0)?;
    let shown = if this.kind == Kind::Iter { m.heap.iters.get(this.handle()).clone() } else { IterObject::Zip(Vec::new(), false) };
    let name = m.intern("iter");
    let iter = m.lookup_in_dict(m.builtins, name).unwrap_or(Slot::NONE);
    match shown {
        IterObject::Sequence(of, index) => {
            let of = *m.new_tuple([of])?;
            m.new_tuple([iter, of, Slot::int(index as i64)])
        }
        IterObject::Enumerate(..) | IterObject::Zip(..) => {
            let message = format!("cannot pickle '{}' object", m.type_name(this));
            Err(m.type_error(message))
        }
        _ => {
            let left = rest(m, this)?;
            let list = *m.new_list(left)?;
            let of = *m.new_tuple([list])?;
            m.new_tuple([iter, of])
        }
    }
}

/// `__setstate__(index)` of an iterator over a sequence.
fn set_state(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "__setstate__", 1, 1, 1)?;
    let (this, index) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let index = m.index_value(index, "an integer is required")?.max(0) as u64;
    if this.kind == Kind::Iter {
        if let IterObject::Sequence(of, _) = *m.heap.iters.get(this.handle()) {
            let len = m.length(of)?.unwrap_or(0) as u64;
            *m.heap.iters.get_mut(this.handle()) = IterObject::Sequence(of, index.min(len));
        }
    }
    Ok(Value::NONE)
}

/// The next item, or the default instead of StopIteration.
fn advance(m: &mut Machine, iter: Slot, default: Option<Slot>) -> Outcome {
    match iter.kind {
        Kind::Iter => match m.iter_next(iter.handle())? {
            Some(item) => m.force(item),
            None => match default {
                Some(value) => m.force(value),
                None => Err(m.raise_with(Type::StopIteration, &[])),
            },
        },
        Kind::Generator => {
            let adapt = default.map_or(Adapt::Plain, |value| Adapt::Default(value, DefaultFor::StopIteration));
            // Mode 0 of a generator's call: send the value.
            Err(m.call_trap(iter, Vec::from([Slot::int(0), Slot::NONE]), adapt))
        }
        _ => {
            let adapt = default.map_or(Adapt::Plain, |value| Adapt::Default(value, DefaultFor::StopIteration));
            Err(m.call_next(iter, adapt))
        }
    }
}

fn len(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "len", 0, 1, 1)?;
    let given = *m.arg(args, 0)?;
    if let Some(method) = m.user_method(given, m.names.len) {
        return Err(m.call_trap(method, Vec::from([given]), Adapt::Length(false)));
    }
    match m.length(given)? {
        Some(len) => Ok(Value::int(len as i64)),
        None => {
            let message = format!("object of type '{}' has no len()", m.type_name(given));
            Err(m.type_error(message))
        }
    }
}

fn iter(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "iter", 0, 1, 2)?;
    let given = *m.arg(args, 0)?;
    if args.count == 1 {
        let iter = m.get_iter(given)?;
        return m.force(iter);
    }
    if !m.callable(given) {
        return Err(m.type_error("iter(object, sentinel): object must be callable"));
    }
    Err(m.call_hidden("__iter_sentinel__", &[given, m.arg_slot(args, 1)]))
}

fn next(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "next", 0, 1, 2)?;
    let given = *m.arg(args, 0)?;
    let default = if args.count == 2 { Some(m.arg_slot(args, 1)) } else { None };
    // A pending item stays in its place: the iterator moves only when the item can be handed out.
    if given.kind == Kind::Iter {
        return guarded(m, args, "", |m| advance(m, given, default));
    }
    advance(m, given, default)
}

fn reversed(m: &mut Machine, args: &Args) -> Outcome {
    if args.count != 2 {
        return Err(m.type_error(format!("reversed expected 1 argument, got {}", args.count.saturating_sub(1))));
    }
    let given = *m.arg(args, 1)?;
    if let Some(method) = m.user_method(given, m.names.reversed) {
        if method.kind != Kind::None {
            return Err(m.call_trap(method, Vec::from([given]), Adapt::Plain));
        }
    }
    if m.user_method(given, m.names.getitem).is_some() && m.special(given, m.names.len).is_some() && m.user_method(given, m.names.reversed).is_none() {
        return Err(m.call_hidden("__reversed_sequence__", &[given]));
    }
    let plain = m.payload(given);
    match plain.kind {
        Kind::List | Kind::Tuple | Kind::Str | Kind::Range | Kind::Bytes | Kind::ByteArray => {
            let len = m.length(plain)?.unwrap_or(0);
            Ok(m.new_iter(IterObject::Reversed(plain, len)))
        }
        Kind::WideRange => Err(m.call_hidden("__wide_range_reversed__", &[plain])),
        Kind::Dict => Ok(views::reverse_iter(m, plain.handle(), 0)),
        Kind::DictView => {
            let (dict, what) = *m.heap.views.get(plain.handle());
            Ok(views::reverse_iter(m, dict, what))
        }
        Kind::Native2 if m.view_of(plain).is_some() => Err(m.call_hidden("__reversed_sequence__", &[plain])),
        Kind::Native2 if m.length(plain)?.is_some() => {
            let mut all = items(m, plain)?;
            all.reverse();
            Ok(m.new_iter(IterObject::Items(all, 0)))
        }
        _ => {
            let message = format!("'{}' object is not reversible", m.type_name(given));
            Err(m.type_error(message))
        }
    }
}

/// A native iterator over an argument; anything else needs program code.
fn native_iter(m: &mut Machine, slot: Slot) -> Result<Slot, Trap> {
    let value = *m.force(slot)?;
    match m.iter_native(value)? {
        Some(iter) => Ok(*iter),
        None if m.iterable(value) => Err(needs_program(m)),
        None => {
            let message = format!("'{}' object is not iterable", m.type_name(value));
            Err(m.type_error(message))
        }
    }
}

fn enumerate(m: &mut Machine, args: &Args) -> Outcome {
    if args.count > 3 {
        return Err(m.type_error(format!("enumerate() takes at most 2 arguments ({} given)", args.count.saturating_sub(1) + args.keywords)));
    }
    let [iterable, start] = support::keywords(m, args, ["iterable", "start"], |name| format!("'{name}' is an invalid keyword argument for enumerate()"))?;
    let given = if args.count > 1 { Some(m.arg_slot(args, 1)) } else { iterable };
    let Some(given) = given else { return Err(m.type_error("enumerate() missing required argument 'iterable'")) };
    let start = if args.count > 2 { Some(m.arg_slot(args, 2)) } else { start };
    let start = match start {
        Some(slot) => {
            let number = m.int_arg(slot)?;
            *m.new_int(number)?
        }
        None => Slot::int(0),
    };
    match native_iter(m, given) {
        Ok(inner) => Ok(m.new_iter(IterObject::Enumerate(inner, start))),
        Err(Trap::Call(_)) => Err(m.call_hidden("__enumerate__", &[given, start])),
        Err(trap) => Err(trap),
    }
}

fn zip(m: &mut Machine, args: &Args) -> Outcome {
    let [strict] = support::keywords(m, args, ["strict"], |name| format!("'{name}' is an invalid keyword argument for zip()"))?;
    let strict = match strict {
        Some(slot) => m.truth(slot)?,
        None => false,
    };
    let mut inner = Vec::new();
    for index in 1..args.count {
        match native_iter(m, m.arg_slot(args, index)) {
            Ok(iter) => inner.push(iter),
            Err(Trap::Call(_)) => {
                let mut all = Vec::from([Slot::bool(strict)]);
                all.extend((1..args.count).map(|i| m.arg_slot(args, i)));
                return Err(m.call_hidden("__zip__", &all));
            }
            Err(trap) => return Err(trap),
        }
    }
    Ok(m.new_iter(IterObject::Zip(inner, strict)))
}

fn map(m: &mut Machine, args: &Args) -> Outcome {
    if args.keywords > 0 {
        return Err(m.type_error("map() takes no keyword arguments"));
    }
    if args.count < 3 {
        return Err(m.type_error("map() must have at least two arguments."));
    }
    let all: Vec<Slot> = (1..args.count).map(|i| m.arg_slot(args, i)).collect();
    Err(m.call_hidden("__map__", &all))
}

fn filter(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "filter", 1, 2, 2)?;
    Err(m.call_hidden("__filter__", &[m.arg_slot(args, 1), m.arg_slot(args, 2)]))
}

// ---- functions that look at all items

fn sorted(m: &mut Machine, args: &Args) -> Outcome {
    let positional = Args { keywords: 0, ..*args };
    if positional.count != 1 {
        return Err(m.type_error(format!("sorted expected 1 argument, got {}", positional.count)));
    }
    let (key, reverse) = sorting::sort_options(m, args)?;
    let source = m.arg_slot(args, 0);
    let by_program = |m: &mut Machine| m.call_hidden("__sorted__", &[source, key.unwrap_or(Slot::NONE), Slot::bool(reverse)]);
    if key.is_some() {
        let value = *m.force(source)?;
        if !m.iterable(value) {
            return items(m, value).and(Err(needs_program(m)));
        }
        return Err(by_program(m));
    }
    let done = guarded(m, args, "", |m| {
        let all = items(m, source)?;
        let all = sorting::sort(m, all, reverse)?;
        m.new_list(all)
    });
    match done {
        Err(Trap::Call(_)) => Err(by_program(m)),
        other => other,
    }
}

fn extreme(m: &mut Machine, args: &Args, op: CompareOp, name: &str) -> Outcome {
    if args.count == 0 {
        return Err(m.type_error(format!("{name} expected at least 1 argument, got 0")));
    }
    let [key, default] = support::keywords(m, args, ["key", "default"], |keyword| format!("'{keyword}' is an invalid keyword argument for {name}()"))?;
    if args.count > 1 && default.is_some() {
        return Err(m.type_error(format!("Cannot specify a default for {name}() with multiple positional arguments")));
    }
    let key = match key {
        Some(slot) => Some(*m.force(slot)?).filter(|s| s.kind != Kind::None),
        None => None,
    };
    let found = match key {
        Some(_) => Err(needs_program(m)),
        None => guarded(m, args, "", |m| {
            let all = match args.count {
                1 => items(m, m.arg_slot(args, 0))?,
                _ => (0..args.count).map(|i| m.arg_slot(args, i)).collect(),
            };
            match (best(m, &all, op)?, default) {
                (Some(item), _) => m.force(item),
                (None, Some(value)) => m.force(value),
                (None, None) => Err(m.value_error(format!("{name}() iterable argument is empty"))),
            }
        }),
    };
    match found {
        Err(Trap::Call(_)) => {
            let all: Vec<Slot> = (0..args.count).map(|i| m.arg_slot(args, i)).collect();
            let all = *m.new_tuple(all)?;
            let default = match default {
                Some(value) => *m.new_tuple([value])?,
                None => Slot::NONE,
            };
            Err(m.call_hidden("__min_max__", &[Slot::bool(name == "max"), all, key.unwrap_or(Slot::NONE), default]))
        }
        other => other,
    }
}

fn best(m: &mut Machine, all: &[Slot], op: CompareOp) -> Result<Option<Slot>, Trap> {
    let mut best: Option<Slot> = None;
    for slot in all {
        let item = *m.force(*slot)?;
        let better = match best {
            None => true,
            Some(other) => {
                let answer = m.order_native(op, item, other, 0)?;
                known(m, answer)?
            }
        };
        if better {
            best = Some(item);
        }
    }
    Ok(best)
}

fn first_truth(m: &mut Machine, args: &Args, wanted: bool, name: &str) -> Outcome {
    m.expect(args, name, 0, 1, 1)?;
    guarded(m, args, if wanted { "__any__" } else { "__all__" }, |m| {
        let iter = native_iter(m, m.arg_slot(args, 0))?;
        while let Some(item) = m.iter_next(iter.handle())? {
            m.spend(4)?;
            support::see(m, item);
            if m.truth(item)? == wanted {
                return Ok(Value::bool(wanted));
            }
        }
        Ok(Value::bool(!wanted))
    })
}

fn sum(m: &mut Machine, args: &Args) -> Outcome {
    if args.count == 0 {
        return Err(m.type_error(format!("sum() takes at least 1 positional argument ({} given)", args.keywords)));
    }
    if args.count > 2 {
        return Err(m.type_error(format!("sum() takes at most 2 arguments ({} given)", args.count + args.keywords)));
    }
    let [start] = support::keywords(m, args, ["start"], |name| format!("sum() got an unexpected keyword argument '{name}'"))?;
    let start = if args.count == 2 { Some(m.arg_slot(args, 1)) } else { start };
    let start = match start {
        Some(slot) => *m.force(slot)?,
        None => Slot::int(0),
    };
    let refused = match m.payload(start).kind {
        Kind::Str => Some("sum() can't sum strings [use ''.join(seq) instead]"),
        Kind::Bytes => Some("sum() can't sum bytes [use b''.join(seq) instead]"),
        Kind::ByteArray => Some("sum() can't sum bytearray [use b''.join(seq) instead]"),
        _ => None,
    };
    if let Some(message) = refused {
        return Err(m.type_error(message));
    }
    let source = m.arg_slot(args, 0);
    let done = guarded(m, args, "", |m| {
        let all = items(m, source)?;
        total(m, all, start)
    });
    match done {
        Err(Trap::Call(_)) => Err(m.call_hidden("__sum__", &[source, start])),
        other => other,
    }
}

/// A float sum with the running error of Neumaier's method, as CPython adds floats since 3.12.
#[derive(Clone, Copy)]
struct Compensated {
    sum: f64,
    error: f64,
}

impl Compensated {
    fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.error += if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.sum = sum;
    }

    fn value(self) -> f64 {
        if self.error != 0.0 && self.error.is_finite() { self.sum + self.error } else { self.sum }
    }
}

/// The sum in three phases, as in CPython: small ints, then floats, then whatever `+` says.
fn total(m: &mut Machine, all: Vec<Slot>, start: Slot) -> Outcome {
    let mut all = all.into_iter();
    let mut result = start;
    if start.kind == Kind::Int {
        let mut small = start.as_int();
        let stopped = loop {
            let Some(slot) = all.next() else { break None };
            let value = *m.force(slot)?;
            support::see(m, value);
            match if matches!(value.kind, Kind::Int | Kind::Bool) { small.checked_add(value.as_int()) } else { None } {
                Some(next) => small = next,
                None => break Some(value),
            }
        };
        result = Slot::int(small);
        if let Some(value) = stopped {
            result = *plus(m, result, value)?;
        }
    }
    if result.kind == Kind::Float {
        let mut sum = Compensated { sum: result.as_float(), error: 0.0 };
        let stopped = loop {
            let Some(slot) = all.next() else { break None };
            let value = *m.force(slot)?;
            support::see(m, value);
            match value.kind {
                Kind::Float => sum.add(value.as_float()),
                Kind::Int | Kind::Bool => sum.sum += value.as_int() as f64,
                _ => break Some(value),
            }
        };
        result = Slot::float(sum.value());
        if let Some(value) = stopped {
            result = *plus(m, result, value)?;
        }
    }
    for slot in all {
        let value = *m.force(slot)?;
        result = *plus(m, result, value)?;
    }
    m.force(result)
}

/// `a + b`; a call of program code is needed when one side defines it.
fn plus(m: &mut Machine, a: Slot, b: Slot) -> Outcome {
    support::see(m, b);
    match (a.kind, b.kind) {
        (Kind::Instance, _) | (_, Kind::Instance) => Err(needs_program(m)),
        _ => m.binary(BinaryOp::Add, false, a, b),
    }
}
