//! Quick forms of the built-ins that programs call most: called by the run loop, they do the plain case at once, without
//! building a description of the call, and without the labels of the arguments, which the loop adds.
//!
//! A quick form stores the same result as the native of its name, or does nothing, and the native has to be called. It
//! never raises.

use crate::class::{CLAIMS, Type};
use crate::heap::{DescriptorObject, IterObject};
use crate::machine::Machine;
use crate::native::{NativeObject, NativeRow};
use crate::value::{head, Handle, Kind, Slot};
use alloc::string::ToString;

/// A quick form: the machine, the stack place of the first argument, the number of arguments, and the stack place of
/// the result. True when it stored one.
pub type QuickFn = fn(&mut Machine, usize, usize, usize) -> bool;

/// A quick form of a function that gives its result, or *unbound*.
macro_rules! stored {
    ($function:expr) => {
        |m, first, count, dst| {
            let result: Slot = $function(m, first, count);
            store(m, dst, result)
        }
    };
}

/// The frequent kinds are told apart once more: kind and label are then one constant, written as one word, which the
/// next instruction can read as one without waiting.
#[inline(always)]
fn store(m: &mut Machine, dst: usize, result: Slot) -> bool {
    m.stack[dst] = match result.head() {
        UNBOUND => return false,
        INT => Slot::new(Kind::Int, result.bits),
        BOOL => Slot::new(Kind::Bool, result.bits),
        STR => Slot::new(Kind::Str, result.bits),
        NONE => Slot::NONE,
        _ => result,
    };
    true
}

const UNBOUND: u64 = head(Kind::Unbound);
const INT: u64 = head(Kind::Int);
const BOOL: u64 = head(Kind::Bool);
const STR: u64 = head(Kind::Str);
const NONE: u64 = head(Kind::None);

const NO: Slot = Slot::UNBOUND;

/// The quick form of a native.
pub fn of_native(row: &NativeRow) -> Option<QuickFn> {
    Some(match row.owner {
        "builtins" => match row.name {
            "len" => stored!(len),
            "ord" => stored!(ord),
            "chr" => stored!(chr),
            "abs" => stored!(abs),
            "min" => stored!(|m: &mut Machine, first, count| extreme(m, first, count, false)),
            "max" => stored!(|m: &mut Machine, first, count| extreme(m, first, count, true)),
            "isinstance" => stored!(isinstance),
            "next" => stored!(next),
            _ => return None,
        },
        "list" => match row.name {
            "append" => stored!(append),
            "pop" => stored!(pop),
            _ => return None,
        },
        "dict" => match row.name {
            "get" => stored!(get),
            _ => return None,
        },
        "set" => match row.name {
            "add" => stored!(add),
            _ => return None,
        },
        "deque" => match row.name {
            "append" => stored!(|m: &mut Machine, first, count| deque_append(m, first, count, false)),
            "appendleft" => stored!(|m: &mut Machine, first, count| deque_append(m, first, count, true)),
            "pop" => stored!(|m: &mut Machine, first, count| deque_pop(m, first, count, false)),
            "popleft" => stored!(|m: &mut Machine, first, count| deque_pop(m, first, count, true)),
            _ => return None,
        },
        "str" => match row.name {
            "startswith" => stored!(|m: &mut Machine, first, count| affix(m, first, count, |text, part| text.starts_with(part))),
            "endswith" => stored!(|m: &mut Machine, first, count| affix(m, first, count, |text, part| text.ends_with(part))),
            "isdigit" => stored!(|m: &mut Machine, first, count| ascii_class(m, first, count, |b| b.is_ascii_digit())),
            "isalpha" => stored!(|m: &mut Machine, first, count| ascii_class(m, first, count, |b| b.is_ascii_alphabetic())),
            "isalnum" => stored!(|m: &mut Machine, first, count| ascii_class(m, first, count, |b| b.is_ascii_alphanumeric())),
            "isspace" => stored!(|m: &mut Machine, first, count| ascii_class(m, first, count, |b| matches!(b, 9..=13 | 28..=32))),
            _ => return None,
        },
        _ => return None,
    })
}

/// The quick form of calling a built-in class.
pub fn of_class(class: Handle) -> Option<QuickFn> {
    Some(match Type::from_handle(class)? {
        Type::Range => stored!(range),
        Type::Int => stored!(int),
        Type::Float => stored!(float),
        Type::Str => stored!(str_),
        Type::Bool => stored!(bool_),
        Type::Super => stored!(super_),
        _ => return None,
    })
}

fn len(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    let handle = of.handle();
    let len = match of.kind {
        _ if count != 1 => return NO,
        Kind::List => m.heap.lists.get(handle).len(),
        Kind::Str => m.heap.strings.get(handle).chars as usize,
        Kind::Tuple => m.heap.tuples.get(handle).len(),
        Kind::Dict => m.heap.dicts.get(handle).len(),
        Kind::Set | Kind::FrozenSet => m.heap.sets.get(handle).len(),
        _ => return NO,
    };
    Slot::int(len as i64)
}

fn ord(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    if count != 1 || of.kind != Kind::Str {
        return NO;
    }
    let string = m.heap.strings.get(of.handle());
    match m.heap.text(of.handle()).chars().next() {
        Some(c) if string.chars == 1 => Slot::int(i64::from(u32::from(c))),
        _ => NO,
    }
}

fn chr(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    if count == 1 && of.kind == Kind::Int && of.bits < 128 { Slot::object(Kind::Str, m.ascii[of.bits as usize]) } else { NO }
}

fn abs(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    match of.kind {
        Kind::Int if count == 1 => of.as_int().checked_abs().map_or(NO, Slot::int),
        Kind::Float if count == 1 => Slot::float(of.as_float().abs()),
        _ => NO,
    }
}

/// `min` or `max` of two or three ints or floats, the first one when they are equal.
fn extreme(m: &mut Machine, first: usize, count: usize, largest: bool) -> Slot {
    if !(2..=3).contains(&count) {
        return NO;
    }
    let args = &m.stack[first..first + count];
    let mut best = args[0];
    for &other in &args[1..] {
        let better = match (best.kind, other.kind) {
            (Kind::Int, Kind::Int) => if largest { other.as_int() > best.as_int() } else { other.as_int() < best.as_int() },
            (Kind::Float, Kind::Float) => if largest { other.as_float() > best.as_float() } else { other.as_float() < best.as_float() },
            _ => return NO,
        };
        if better {
            best = other;
        }
    }
    best
}

fn isinstance(m: &mut Machine, first: usize, count: usize) -> Slot {
    if count != 2 {
        return NO;
    }
    let (value, class) = (m.stack[first], m.stack[first + 1]);
    if value.kind <= Kind::Pending || class.kind != Kind::Class || m.heap.classes.get(class.handle()).meta != Type::Type.handle() {
        return NO;
    }
    let derived = m.is_subclass(m.class_of(value), class.handle());
    if !derived && value.kind == Kind::Instance && m.heap.classes.get(value.class_handle()).special & CLAIMS != 0 {
        return NO;
    }
    Slot::bool(derived)
}

/// `next` of a native iterator over a sequence, not yet at its end.
fn next(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    if count != 1 || of.kind != Kind::Iter {
        return NO;
    }
    let IterObject::Sequence(list, index) = *m.heap.iters.get(of.handle()) else { return NO };
    if list.head() != head(Kind::List) {
        return NO;
    }
    match m.heap.lists.get(list.handle()).get(index as usize).copied() {
        Some(item) if item.kind > Kind::Pending && item.label == 0 => {
            *m.heap.iters.get_mut(of.handle()) = IterObject::Sequence(list, index + 1);
            item
        }
        _ => NO,
    }
}

fn append(m: &mut Machine, first: usize, count: usize) -> Slot {
    let (list, item) = (m.stack[first], m.stack[first + 1]);
    if count != 2 || list.kind != Kind::List {
        return NO;
    }
    let items = m.heap.lists.get_mut(list.handle());
    if items.len() == items.capacity() {
        return NO;
    }
    items.push(item);
    Slot::NONE
}

/// `list.pop()`, of the last item.
fn pop(m: &mut Machine, first: usize, count: usize) -> Slot {
    let list = m.stack[first];
    if count != 1 || list.kind != Kind::List {
        return NO;
    }
    match m.heap.lists.get(list.handle()).last().copied() {
        Some(item) if item.kind > Kind::Pending => {
            m.heap.lists.get_mut(list.handle()).pop();
            item
        }
        _ => NO,
    }
}

/// `dict.get` of a key that is there, or that plain keys alone show not to be there.
fn get(m: &mut Machine, first: usize, count: usize) -> Slot {
    let (dict, key) = (m.stack[first], m.stack[first + 1]);
    if !(2..=3).contains(&count) || dict.kind != Kind::Dict || !matches!(key.kind, Kind::Str | Kind::Int | Kind::Tuple) {
        return NO;
    }
    let Ok(Some((_, found))) = m.dict_find_native(dict.handle(), key) else { return NO };
    let slot = match found {
        Some(position) => m.heap.dicts.get(dict.handle()).entry(position).map_or(NO, |entry| entry.value),
        None if count == 3 => m.stack[first + 2],
        None => Slot::NONE,
    };
    if slot.kind == Kind::Pending { NO } else { slot }
}

fn add(m: &mut Machine, first: usize, count: usize) -> Slot {
    let (set, item) = (m.stack[first], m.stack[first + 1]);
    if count != 2 || set.kind != Kind::Set || !matches!(item.kind, Kind::Str | Kind::Int | Kind::Tuple) {
        return NO;
    }
    match m.set_add(set.handle(), item) {
        Ok(_) => Slot::NONE,
        // Nothing was added: the native finds out why.
        Err(_) => NO,
    }
}

fn deque_append(m: &mut Machine, first: usize, count: usize, left: bool) -> Slot {
    let (deque, item) = (m.stack[first], m.stack[first + 1]);
    if count != 2 || deque.kind != Kind::Native2 {
        return NO;
    }
    let NativeObject::Deque(items, None) = m.heap.natives.get_mut(deque.handle()) else { return NO };
    if items.len() == items.capacity() {
        return NO;
    }
    if left { items.push_front(item) } else { items.push_back(item) }
    Slot::NONE
}

fn deque_pop(m: &mut Machine, first: usize, count: usize, left: bool) -> Slot {
    let deque = m.stack[first];
    if count != 1 || deque.kind != Kind::Native2 {
        return NO;
    }
    let NativeObject::Deque(items, _) = m.heap.natives.get_mut(deque.handle()) else { return NO };
    match if left { items.front() } else { items.back() } {
        Some(item) if item.kind > Kind::Pending => if left { items.pop_front() } else { items.pop_back() }.unwrap_or(NO),
        _ => NO,
    }
}

fn affix(m: &mut Machine, first: usize, count: usize, holds: fn(&str, &str) -> bool) -> Slot {
    let (text, part) = (m.stack[first], m.stack[first + 1]);
    if count != 2 || text.kind != Kind::Str || part.kind != Kind::Str {
        return NO;
    }
    Slot::bool(holds(m.heap.text(text.handle()), m.heap.text(part.handle())))
}

fn ascii_class(m: &mut Machine, first: usize, count: usize, holds: fn(u8) -> bool) -> Slot {
    let text = m.stack[first];
    if count != 1 || text.kind != Kind::Str {
        return NO;
    }
    let string = m.heap.strings.get(text.handle());
    if !string.is_ascii() || string.len() > 64 {
        return NO;
    }
    let text = m.heap.text(text.handle());
    Slot::bool(!text.is_empty() && text.bytes().all(holds))
}

fn range(m: &mut Machine, first: usize, count: usize) -> Slot {
    if !(1..=3).contains(&count) || m.stack[first..first + count].iter().any(|arg| arg.kind != Kind::Int) {
        return NO;
    }
    let at = |index: usize| m.stack[first + index].as_int();
    let (start, stop, step) = match count {
        1 => (0, at(0), 1),
        2 => (at(0), at(1), 1),
        _ => (at(0), at(1), at(2)),
    };
    if step == 0 {
        return NO;
    }
    match super::range::ranged(start, stop, step) {
        Some(range) => {
            m.heap.bytes += 48;
            Slot::object(Kind::Range, m.heap.ranges.add(range))
        }
        None => NO,
    }
}

fn int(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    match of.kind {
        _ if count != 1 => NO,
        Kind::Int => of,
        Kind::Bool => Slot::int(of.as_int()),
        Kind::Float if of.as_float().abs() < 9e18 => Slot::int(of.as_float() as i64),
        Kind::Str => {
            let text = m.heap.text(of.handle()).as_bytes();
            if text.is_empty() || text.len() > 18 || !text.iter().all(u8::is_ascii_digit) {
                return NO;
            }
            Slot::int(text.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
        }
        _ => NO,
    }
}

fn float(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    match of.kind {
        Kind::Float if count == 1 => of,
        Kind::Int if count == 1 => Slot::float(of.as_int() as f64),
        _ => NO,
    }
}

fn str_(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    match of.kind {
        Kind::Str if count == 1 => of,
        Kind::Int if count == 1 => m.new_str(of.as_int().to_string()).map_or(NO, |text| text.slot()),
        _ => NO,
    }
}

/// `super()` in a method: the class and the object come with the call.
fn super_(m: &mut Machine, first: usize, count: usize) -> Slot {
    let (class, this) = (m.stack[first], m.stack[first + 1]);
    if count != 2 || class.kind != Kind::Class || this.kind != Kind::Instance || !m.is_subclass(this.class_handle(), class.handle()) {
        return NO;
    }
    m.heap.bytes += 96;
    let object = DescriptorObject::Super(class, this, Slot::object(Kind::Class, this.class_handle()));
    Slot::object(Kind::Descriptor, m.heap.descriptors.add(object))
}

fn bool_(m: &mut Machine, first: usize, count: usize) -> Slot {
    let of = m.stack[first];
    match of.kind {
        Kind::Bool | Kind::Int if count == 1 => Slot::bool(of.bits != 0),
        Kind::None if count == 1 => Slot::bool(false),
        _ => NO,
    }
}
