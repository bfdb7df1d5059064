//! Native iteration: over everything whose next item needs no program code.

use crate::class::Type;
use crate::heap::{IterObject, RangeObject};
use crate::machine::Machine;
use crate::native::Args;
use crate::trap::Trap;
use crate::value::{head, Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};

/// The class that a native iterator shows.
pub fn class_of(m: &Machine, iter: Slot) -> Type {
    match m.heap.iters.get(iter.handle()) {
        IterObject::Empty | IterObject::Items(..) | IterObject::Deque(..) => Type::Iterator,
        IterObject::Sequence(of, _) => match of.kind {
            Kind::List => Type::ListIterator,
            Kind::Tuple => Type::TupleIterator,
            Kind::Str => Type::StrIterator,
            Kind::Range => Type::RangeIterator,
            _ => Type::Iterator,
        },
        IterObject::Reversed(..) => Type::Reversed,
        IterObject::Dict { what: 0, .. } => Type::DictKeyIterator,
        IterObject::Dict { what: 1, .. } => Type::DictValueIterator,
        IterObject::Dict { .. } => Type::DictItemIterator,
        IterObject::Set { .. } => Type::SetIterator,
        IterObject::Enumerate(..) => Type::Enumerate,
        IterObject::Zip(..) => Type::Zip,
    }
}

/// Item of a range.
#[inline]
pub fn range_item(range: &RangeObject, index: u64) -> i64 {
    range.start.wrapping_add((index as i64).wrapping_mul(range.step))
}

const INT: u64 = head(Kind::Int);
const LIST: u64 = head(Kind::List);

/// What an iterator over pairs gives.
pub(crate) enum Pair {
    /// Two items.
    Items(Slot, Slot),
    /// Nothing more.
    End,
    /// It is another kind of iterator.
    Other,
}

impl Machine {
    /// Does `iter()` work on it at all?
    pub fn iterable(&self, slot: Slot) -> bool {
        let class = self.class_of(slot);
        let plain = self.payload(slot);
        match self.lookup_class(class, self.names.iter) {
            Some(method) if method.kind == Kind::None => false,
            Some(_) => true,
            None => {
                matches!(plain.kind, Kind::Str | Kind::List | Kind::Tuple | Kind::Dict | Kind::Set | Kind::FrozenSet | Kind::Range | Kind::Bytes
                    | Kind::ByteArray | Kind::DictView | Kind::Iter | Kind::Generator)
                    || plain.kind == Kind::Native2 && self.heap.natives.get(plain.handle()).len().is_some()
                    || self.lookup_class(class, self.names.getitem).is_some()
            }
        }
    }

    /// `iter(x)` as a native iterator; None when program code is involved.
    pub fn iter_native(&mut self, slot: Slot) -> Result<Option<Value>, Trap> {
        let value = *self.force(slot)?;
        if self.user_method(value, self.names.iter).is_some() {
            return Ok(None);
        }
        let plain = self.payload(value);
        let handle = plain.handle();
        let iter = match plain.kind {
            Kind::List | Kind::Tuple | Kind::Str | Kind::Range | Kind::Bytes | Kind::ByteArray => IterObject::Sequence(plain, 0),
            Kind::Dict => self.dict_iter(handle, 0),
            Kind::DictView => {
                let (dict, what) = *self.heap.views.get(handle);
                self.dict_iter(dict, what)
            }
            Kind::Set | Kind::FrozenSet => IterObject::Set { set: plain, position: 0, size: self.heap.sets.get(handle).len() as u32 },
            Kind::Iter => return Ok(plain.value()),
            Kind::Native2 => match self.heap.natives.get(handle).len() {
                Some(len) => IterObject::Deque(plain, 0, len),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some(self.new_iter(iter).with_label(value.label)))
    }

    fn dict_iter(&self, dict: Handle, what: u8) -> IterObject {
        IterObject::Dict { dict, position: 0, what, changes: self.heap.dicts.get(dict).changes, reverse: false }
    }

    /// Next item of a native iterator. Labels of a labelled container are joined into its items.
    pub fn iter_next(&mut self, iter: Handle) -> Result<Option<Slot>, Trap> {
        match self.heap.iters.get(iter) {
            IterObject::Empty => Ok(None),
            IterObject::Sequence(of, index) => {
                let (of, index) = (*of, *index);
                let item = match of.head() {
                    LIST => self.heap.lists.get(of.handle()).get(index as usize).copied(),
                    _ => self.sequence_item(of, index)?,
                };
                match (self.heap.iters.get_mut(iter), item) {
                    (IterObject::Sequence(_, place), Some(_)) => *place = index + 1,
                    (object, _) => *object = IterObject::Empty,
                }
                Ok(item.map(|i| self.join_into(i, of)))
            }
            IterObject::Reversed(of, left) => {
                let (of, left) = (*of, *left);
                let item = if left == 0 { None } else { self.sequence_item(of, left - 1)? };
                let next = if item.is_some() { IterObject::Reversed(of, left - 1) } else { IterObject::Empty };
                *self.heap.iters.get_mut(iter) = next;
                Ok(item)
            }
            IterObject::Dict { .. } => self.dict_next(iter),
            IterObject::Set { set, position, size } => {
                let (set, position, size) = (*set, *position, *size);
                let table = self.heap.sets.get(set.handle());
                if table.len() as u32 != size {
                    return Err(self.raise(Type::RuntimeError, "Set changed size during iteration"));
                }
                let found = table.next_from(position as usize);
                *self.heap.iters.get_mut(iter) = match found {
                    Some((_, next)) => IterObject::Set { set, position: next as u32, size },
                    None => IterObject::Empty,
                };
                Ok(found.map(|(item, _)| item))
            }
            IterObject::Enumerate(..) | IterObject::Zip(..) => match self.iter_next_pair(iter)? {
                Pair::Items(a, b) => self.new_tuple([a, b]).map(|t| Some(*t)),
                Pair::End => Ok(None),
                Pair::Other => {
                    let IterObject::Zip(inner, strict) = self.heap.iters.get(iter) else { return Ok(None) };
                    let (count, strict) = (inner.len(), *strict);
                    self.zip_next(iter, count, strict)
                }
            },
            IterObject::Deque(of, index, len) => {
                let (of, index, len) = (*of, *index, *len);
                let deque = self.heap.natives.get(of.handle());
                if deque.len() != Some(len) {
                    return Err(self.raise(Type::RuntimeError, "deque mutated during iteration"));
                }
                let item = deque.item(index as usize);
                if item.is_some() {
                    *self.heap.iters.get_mut(iter) = IterObject::Deque(of, index + 1, len);
                }
                Ok(item)
            }
            IterObject::Items(items, index) => {
                let (item, index) = (items.get(*index).copied(), *index);
                if item.is_some() {
                    if let IterObject::Items(_, place) = self.heap.iters.get_mut(iter) {
                        *place = index + 1;
                    }
                }
                Ok(item)
            }
        }
    }

    /// Next two items of an iterator over pairs, without the tuple that holds them: of `enumerate`, of `zip` of two and
    /// of the items of a dict.
    pub(crate) fn iter_next_pair(&mut self, iter: Handle) -> Result<Pair, Trap> {
        match self.heap.iters.get(iter) {
            IterObject::Enumerate(inner, count) => {
                let (inner, count) = (*inner, *count);
                let Some(item) = self.iter_next(inner.handle())? else { return Ok(Pair::End) };
                let next = match (count.head(), count.as_int().checked_add(1)) {
                    (INT, Some(next)) => Slot::int(next),
                    _ => *self.binary_native(crate::code::BinaryOp::Add, count, Slot::int(1))?.unwrap_or(Value::NONE),
                };
                if let IterObject::Enumerate(_, place) = self.heap.iters.get_mut(iter) {
                    *place = next;
                }
                Ok(Pair::Items(count, item))
            }
            IterObject::Zip(inner, false) if inner.len() == 2 => {
                let (a, b) = (inner[0], inner[1]);
                let first = self.iter_next(a.handle())?;
                let second = if first.is_some() { self.iter_next(b.handle())? } else { None };
                match (first, second) {
                    (Some(first), Some(second)) => Ok(Pair::Items(first, second)),
                    _ => {
                        *self.heap.iters.get_mut(iter) = IterObject::Empty;
                        Ok(Pair::End)
                    }
                }
            }
            IterObject::Dict { what: 2, .. } => Ok(match self.dict_next_entry(iter)? {
                Some((key, value)) => Pair::Items(key, value),
                None => Pair::End,
            }),
            _ => Ok(Pair::Other),
        }
    }

    #[inline]
    fn join_into(&mut self, item: Slot, of: Slot) -> Slot {
        if of.label == 0 { item } else { item.with_label(self.labels.join(item.label, of.label)) }
    }

    /// Item of a sequence by position; None behind its end.
    pub fn sequence_item(&mut self, of: Slot, index: u64) -> Result<Option<Slot>, Trap> {
        Ok(match of.kind {
            Kind::List | Kind::Tuple => self.items(of).get(index as usize).copied(),
            Kind::Range => {
                let range = self.heap.ranges.get(of.handle());
                (index < range.len).then(|| Slot::int(range_item(range, index)))
            }
            Kind::Str => {
                let string = self.heap.strings.get(of.handle());
                if index >= u64::from(string.chars) {
                    return Ok(None);
                }
                if string.is_ascii() {
                    Some(Slot::object(Kind::Str, self.ascii[self.heap.text(of.handle()).as_bytes()[index as usize] as usize]))
                } else {
                    let c = self.heap.text(of.handle()).chars().nth(index as usize).unwrap_or(' ');
                    self.spend(index / 16)?;
                    Some(*self.new_str(alloc::string::String::from(c))?)
                }
            }
            Kind::Bytes | Kind::ByteArray => self.bytes_of(of).get(index as usize).map(|b| Slot::int(i64::from(*b))),
            _ => None,
        })
    }

    fn dict_next(&mut self, iter: Handle) -> Result<Option<Slot>, Trap> {
        let IterObject::Dict { what, .. } = *self.heap.iters.get(iter) else { return Ok(None) };
        let Some((key, value)) = self.dict_next_entry(iter)? else { return Ok(None) };
        Ok(Some(match what {
            0 => key,
            1 => value,
            _ => *self.new_tuple([key, value])?,
        }))
    }

    fn dict_next_entry(&mut self, iter: Handle) -> Result<Option<(Slot, Slot)>, Trap> {
        let IterObject::Dict { dict, position, changes, reverse, .. } = *self.heap.iters.get(iter) else { return Ok(None) };
        let object = self.heap.dicts.get(dict);
        if object.changes != changes {
            *self.heap.iters.get_mut(iter) = IterObject::Empty;
            return Err(self.raise(Type::RuntimeError, "dictionary changed size during iteration"));
        }
        let mut place = position as usize;
        let entry = loop {
            let found = if reverse { object.positions().checked_sub(place + 1).and_then(|p| object.entry(p)) } else { object.entry(place) };
            place += 1;
            match found {
                Some(entry) if entry.key.is_unbound() => {}
                other => break other.map(|entry| (entry.key, entry.value)),
            }
        };
        match (self.heap.iters.get_mut(iter), entry) {
            (IterObject::Dict { position, .. }, Some(_)) => *position = place as u32,
            (object, _) => *object = IterObject::Empty,
        }
        Ok(entry)
    }

    fn zip_next(&mut self, iter: Handle, count: usize, strict: bool) -> Result<Option<Slot>, Trap> {
        let mut items = Vec::with_capacity(count);
        for index in 0..count {
            let IterObject::Zip(inner, _) = self.heap.iters.get(iter) else { return Ok(None) };
            let one = inner[index];
            match self.iter_next(one.handle())? {
                Some(item) => items.push(item),
                None => {
                    let IterObject::Zip(inner, _) = self.heap.iters.get(iter).clone() else { return Ok(None) };
                    *self.heap.iters.get_mut(iter) = IterObject::Empty;
                    if strict {
                        self.zip_strict_end(&inner, index)?;
                    }
                    return Ok(None);
                }
            }
        }
        if items.is_empty() {
            return Ok(None);
        }
        self.new_tuple(items).map(|t| Some(*t))
    }

    fn zip_strict_end(&mut self, inner: &[Slot], index: usize) -> Result<(), Trap> {
        let others = |n: usize| if n == 1 { alloc::string::String::from(" 1") } else { format!("s 1-{n}") };
        if index > 0 {
            let message = format!("zip() argument {} is shorter than argument{}", index + 1, others(index));
            return Err(self.raise(Type::ValueError, message));
        }
        for later in 1..inner.len() {
            if self.iter_next(inner[later].handle())?.is_some() {
                let message = format!("zip() argument {} is longer than argument{}", later + 1, others(later));
                return Err(self.raise(Type::ValueError, message));
            }
        }
        Ok(())
    }

    /// All items, when native iteration suffices. A native iterator is used up.
    pub fn items_of(&mut self, slot: Slot) -> Result<Option<Vec<Slot>>, Trap> {
        let value = *self.force(slot)?;
        if value.kind == Kind::Instance && self.user_method(value, self.names.iter).is_some() {
            return Ok(None);
        }
        let plain = self.payload(value);
        let items = match plain.kind {
            Kind::List | Kind::Tuple => {
                self.charge(16 * self.items(plain).len() as u64)?;
                self.items(plain).to_vec()
            }
            Kind::Range => {
                let range = *self.heap.ranges.get(plain.handle());
                // A native that only looks at the items meets its limit here, where CPython would go on for
                // ages: that is no MemoryError of the program.
                if self.heap.bytes.saturating_add(range.len.saturating_mul(16)) > self.limits.memory_bytes {
                    return Err(Trap::Memory);
                }
                self.charge(range.len.saturating_mul(16))?;
                self.spend(range.len / 4)?;
                (0..range.len).map(|i| Slot::int(range_item(&range, i))).collect()
            }
            _ => match self.iter_native(value)? {
                Some(iter) => self.drain(iter)?,
                None => return Ok(None),
            },
        };
        if value.label == 0 {
            return Ok(Some(items));
        }
        Ok(Some(items.into_iter().map(|i| self.join_into(i, value)).collect()))
    }

    /// The remaining items of a native iterator. Everything it looks at must be there: a pending item stops it before
    /// anything is consumed only for sequences, which is where pending items live.
    fn drain(&mut self, iter: Value) -> Result<Vec<Slot>, Trap> {
        let mut items = Vec::new();
        while let Some(item) = self.iter_next(iter.handle())? {
            items.push(item);
            if items.len() % 1024 == 0 {
                self.charge(16 * items.len() as u64)?;
                self.spend(1024)?;
            }
        }
        Ok(items)
    }

    /// Items of an argument of a native, or a call of hidden code that collects them and calls the native again.
    pub fn items_or_collect(&mut self, args: &Args, index: usize, native: &str) -> Result<Vec<Slot>, Trap> {
        let slot = *self.arg(args, index)?;
        if let Some(items) = self.items_of(slot)? {
            return Ok(items);
        }
        if !self.iterable(slot) {
            let message = format!("'{}' object is not iterable", self.type_name(slot));
            return Err(self.raise(Type::TypeError, message));
        }
        let all: Vec<Slot> = self.stack[args.first..args.first + args.count].to_vec();
        let list = self.new_list(all)?;
        let callee = self.native_value(native);
        Err(self.call_hidden("__collect__", &[callee, *list, Slot::int(index as i64)]))
    }

    /// The native called `name` (`owner.name`, or a built-in function or class).
    pub fn native_value(&mut self, name: &str) -> Slot {
        let (owner, short) = name.rsplit_once('.').unwrap_or(("builtins", name));
        let row = self.shared.natives.iter().position(|r| r.owner == owner && r.name == short);
        match (row, Type::named(name)) {
            (Some(row), _) => Slot::object(Kind::Native, row as Handle),
            (None, Some(class)) => *class.value(),
            (None, None) => Slot::NONE,
        }
    }
}
