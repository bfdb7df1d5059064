//! Equality, order, truth and length of plain data, and the container look-ups
//! that rest on them. Where a program's `__eq__` or `__lt__` would decide, these
//! say so, and hidden Python does it.

use crate::class::{Type, USER_EQ};
use crate::code::CompareOp;
use crate::kernel::{float, Fault, FaultKind};
use crate::machine::Machine;
use crate::trap::{Adapt, CompareTry, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};
use core::cmp::Ordering;

/// Comparing longer texts costs fuel.
const LONG_TEXT: usize = 64;

/// Deeper nesting of compared data is a RecursionError.
const DEPTH_MAX: u32 = 400;

/// Bytes that a large table of so many members needs besides, where it may be about to move to a larger place.
pub(crate) fn moving(members: usize) -> u64 {
    if members >= 1024 && members.is_multiple_of(512) { 64 * members as u64 } else { 0 }
}

impl Machine {
    /// The exception for a kernel's fault.
    pub fn fault(&mut self, fault: Fault) -> Trap {
        let class = match fault.kind {
            FaultKind::Value => Type::ValueError,
            FaultKind::Type => Type::TypeError,
            FaultKind::Index => Type::IndexError,
            FaultKind::Key => Type::KeyError,
            FaultKind::Overflow => Type::OverflowError,
            FaultKind::Range => {
                let text = self.intern_value("Numerical result out of range");
                return self.raise_with(Type::OverflowError, &[Slot::int(34), text]);
            }
            FaultKind::ZeroDivision => Type::ZeroDivisionError,
            FaultKind::Memory => Type::MemoryError,
            FaultKind::Limit => return Trap::Limit(emulant_ask::Limit::Memory),
        };
        self.raise(class, fault.message)
    }

    fn too_deep(&mut self) -> Trap {
        self.raise(Type::RecursionError, "maximum recursion depth exceeded in comparison")
    }

    /// Does comparing this instance run program code?
    fn has_user_eq(&self, slot: Slot) -> bool {
        match slot.kind {
            Kind::Instance => self.heap.classes.get(slot.class_handle()).special & USER_EQ != 0,
            Kind::Class => self.heap.classes.get(slot.handle()).meta != Type::Type.handle() && self.user_method(slot, self.names.eq).is_some(),
            _ => false,
        }
    }

    /// `a == b` of plain data.
    pub fn equal(&mut self, a: Slot, b: Slot) -> Result<bool, Trap> {
        match self.equal_native(a, b, 0)? {
            Some(equal) => Ok(equal),
            None => Err(self.call_hidden("__equal__", &[a, b])),
        }
    }

    /// Identity first, then equality, as containers compare their members.
    pub fn same_or_equal(&mut self, a: Slot, b: Slot) -> Result<bool, Trap> {
        if a.same(b) { Ok(true) } else { self.equal(a, b) }
    }

    /// Equality of two values that are no containers and no program objects; false for anything else.
    pub fn equal_plain(&self, a: Slot, b: Slot) -> bool {
        if a.same(b) {
            return true;
        }
        match (a.kind, b.kind) {
            (Kind::Str, Kind::Str) => self.heap.text(a.handle()) == self.heap.text(b.handle()),
            (Kind::Bytes, Kind::Bytes) => self.heap.bytes_objects.get(a.handle()) == self.heap.bytes_objects.get(b.handle()),
            _ => self.order_numbers(a, b) == Some(Some(Ordering::Equal)),
        }
    }

    /// None: not both numbers. Some(None): unordered (NaN).
    pub fn order_numbers(&self, a: Slot, b: Slot) -> Option<Option<Ordering>> {
        use Kind::{Big, Bool, Float, Int};
        Some(match (a.kind, b.kind) {
            (Int | Bool, Int | Bool) => Some(a.as_int().cmp(&b.as_int())),
            (Float, Float) => a.as_float().partial_cmp(&b.as_float()),
            (Float, Int | Bool) => float::compare_int(a.as_float(), b.as_int()),
            (Int | Bool, Float) => float::compare_int(b.as_float(), a.as_int()).map(Ordering::reverse),
            (Big, Big) => Some(self.heap.bigs.get(a.handle()).cmp(self.heap.bigs.get(b.handle()))),
            (Big, Int | Bool) => Some(self.big_sign(a)),
            (Int | Bool, Big) => Some(self.big_sign(b).reverse()),
            (Float, Big) => float::compare_big(a.as_float(), self.heap.bigs.get(b.handle())),
            (Big, Float) => float::compare_big(b.as_float(), self.heap.bigs.get(a.handle())).map(Ordering::reverse),
            _ => return None,
        })
    }

    /// A big int is larger or smaller than every small one.
    fn big_sign(&self, big: Slot) -> Ordering {
        match self.heap.bigs.get(big.handle()).sign() {
            num_bigint::Sign::Minus => Ordering::Less,
            _ => Ordering::Greater,
        }
    }

    /// `a == b`; None when program code decides.
    pub fn equal_native(&mut self, a: Slot, b: Slot, depth: u32) -> Result<Option<bool>, Trap> {
        let (a, b) = (*self.force(a)?, *self.force(b)?);
        self.see(a, b);
        if depth > DEPTH_MAX {
            return Err(self.too_deep());
        }
        if let Some(order) = self.order_numbers(a, b) {
            return Ok(Some(order == Some(Ordering::Equal)));
        }
        if self.has_user_eq(a) || self.has_user_eq(b) {
            return Ok(None);
        }
        let (pa, pb) = (self.payload(a), self.payload(b));
        if a.kind == Kind::Instance && pa.kind != Kind::Instance || b.kind == Kind::Instance && pb.kind != Kind::Instance {
            return self.equal_native(pa, pb, depth + 1);
        }
        let (ha, hb) = (a.handle(), b.handle());
        Ok(Some(match (a.kind, b.kind) {
            (Kind::Str, Kind::Str) => ha == hb || {
                let (x, y) = (self.heap.text(ha).len(), self.heap.text(hb).len());
                if x == y && x > LONG_TEXT {
                    self.spend(x as u64 / 16)?;
                }
                x == y && self.heap.text(ha) == self.heap.text(hb)
            },
            (Kind::Tuple, Kind::Tuple) => return self.equal_items(a, b, depth),
            (Kind::List, Kind::List) => return self.equal_items(a, b, depth),
            (Kind::Bytes | Kind::ByteArray, Kind::Bytes | Kind::ByteArray) => self.bytes_of(a) == self.bytes_of(b),
            (Kind::Dict, Kind::Dict) => return self.equal_dicts(ha, hb, depth),
            (Kind::Set | Kind::FrozenSet, Kind::Set | Kind::FrozenSet) => {
                self.heap.sets.get(ha).len() == self.heap.sets.get(hb).len() && {
                    match self.subset(ha, hb, depth)? {
                        Some(subset) => subset,
                        None => return Ok(None),
                    }
                }
            }
            (Kind::DictView, _) | (_, Kind::DictView) => return crate::builtins::views::equal(self, a, b),
            (Kind::Complex, _) | (_, Kind::Complex) => self.equal_complex(a, b),
            (Kind::Range, Kind::Range) => {
                let (x, y) = (*self.heap.ranges.get(ha), *self.heap.ranges.get(hb));
                x.len == y.len && (x.len == 0 || x.start == y.start && (x.len == 1 || x.step == y.step))
            }
            (Kind::Range | Kind::WideRange, Kind::Range | Kind::WideRange) => {
                let ([start, _, step, len], [start_b, _, step_b, len_b]) = (self.range_parts(a), self.range_parts(b));
                let small = |number: i64| len.kind == Kind::Int && len.as_int() == number;
                self.equal_plain(len, len_b) && (small(0) || self.equal_plain(start, start_b) && (small(1) || self.equal_plain(step, step_b)))
            }
            (Kind::Slice, Kind::Slice) => {
                let (x, y) = (*self.heap.slices.get(ha), *self.heap.slices.get(hb));
                for (p, q) in x.into_iter().zip(y) {
                    match self.equal_native(p, q, depth + 1)? {
                        Some(true) => {}
                        other => return Ok(other),
                    }
                }
                true
            }
            (Kind::Traceback, Kind::Traceback) => self.heap.tracebacks.get(ha) == self.heap.tracebacks.get(hb),
            (Kind::Method, Kind::Method) => {
                let ((f, s), (g, t)) = (*self.heap.methods.get(ha), *self.heap.methods.get(hb));
                f.same(g) && s.same(t)
            }
            (Kind::Alias, Kind::Alias) => {
                let ((f, s), (g, t)) = (*self.heap.aliases.get(ha), *self.heap.aliases.get(hb));
                if f.kind == Kind::None && g.kind == Kind::None {
                    // A union: the order of its types does not count.
                    let (left, right) = (self.items(s).to_vec(), self.items(t).to_vec());
                    if left.len() != right.len() {
                        return Ok(Some(false));
                    }
                    for one in left {
                        let mut found = false;
                        for other in &right {
                            match self.equal_native(one, *other, depth + 1)? {
                                Some(equal) => found |= equal,
                                None => return Ok(None),
                            }
                        }
                        if !found {
                            return Ok(Some(false));
                        }
                    }
                    return Ok(Some(true));
                }
                return if f.same(g) { self.equal_native(s, t, depth + 1) } else { Ok(Some(false)) };
            }
            (Kind::Native2, _) | (_, Kind::Native2) if self.view_of(a).is_some() || self.view_of(b).is_some() => return self.equal_views(a, b),
            (Kind::Native2, Kind::Native2) => return crate::modules::equal(self, a, b, depth),
            _ => a.same(b),
        }))
    }

    /// Join the labels of two inspected values into `seen`.
    #[inline]
    pub fn see(&mut self, a: Slot, b: Slot) {
        if a.label | b.label != 0 {
            let both = self.labels.join(a.label, b.label);
            self.seen = self.labels.join(self.seen, both);
        }
    }

    /// Bytes of a `bytes`, a `bytearray`, or a view that has them side by side.
    pub fn bytes_of(&self, slot: Slot) -> &[u8] {
        match slot.kind {
            Kind::ByteArray => self.heap.byte_arrays.get(slot.handle()),
            Kind::Bytes => self.heap.bytes_objects.get(slot.handle()),
            Kind::Native2 => self.view_slice(slot),
            _ => &[],
        }
    }

    fn equal_complex(&self, a: Slot, b: Slot) -> bool {
        let parts = |s: Slot| match s.kind {
            Kind::Complex => Some(*self.heap.complexes.get(s.handle())),
            Kind::Float => Some((s.as_float(), 0.0)),
            Kind::Int | Kind::Bool => Some((s.as_int() as f64, 0.0)),
            _ => None,
        };
        matches!((parts(a), parts(b)), (Some(x), Some(y)) if x == y)
    }

    /// Items of a list or tuple.
    #[inline]
    pub fn items(&self, slot: Slot) -> &[Slot] {
        match slot.kind {
            Kind::List => self.heap.lists.get(slot.handle()),
            Kind::Tuple => self.heap.tuples.get(slot.handle()),
            _ => &[],
        }
    }

    fn equal_items(&mut self, a: Slot, b: Slot, depth: u32) -> Result<Option<bool>, Trap> {
        let len = self.items(a).len();
        if len != self.items(b).len() {
            return Ok(Some(false));
        }
        self.spend(1 + len as u64)?;
        for index in 0..len {
            let (x, y) = (self.items(a)[index], self.items(b)[index]);
            if !x.same(y) {
                match self.equal_native(x, y, depth + 1)? {
                    Some(true) => {}
                    other => return Ok(other),
                }
            }
        }
        Ok(Some(true))
    }

    fn equal_dicts(&mut self, a: Handle, b: Handle, depth: u32) -> Result<Option<bool>, Trap> {
        if self.heap.dicts.get(a).len() != self.heap.dicts.get(b).len() {
            return Ok(Some(false));
        }
        let entries: Vec<_> = self.heap.dicts.get(a).iter().copied().collect();
        self.spend(1 + 8 * entries.len() as u64)?;
        for entry in entries {
            let Some(found) = self.dict_position(b, entry.hash, entry.key)? else { return Ok(None) };
            let Some(position) = found else { return Ok(Some(false)) };
            let other = self.heap.dicts.get(b).entry(position).map_or(Slot::NONE, |e| e.value);
            if !entry.value.same(other) {
                match self.equal_native(entry.value, other, depth + 1)? {
                    Some(true) => {}
                    other => return Ok(other),
                }
            }
        }
        Ok(Some(true))
    }

    /// Is each member of set `a` in set `b`?
    pub fn subset(&mut self, a: Handle, b: Handle, _depth: u32) -> Result<Option<bool>, Trap> {
        let members: Vec<_> = self.heap.sets.get(a).hashed().collect();
        self.spend(1 + 8 * members.len() as u64)?;
        for (hash, member) in members {
            match self.set_position(b, hash, member)? {
                None => return Ok(None),
                Some(None) => return Ok(Some(false)),
                Some(Some(_)) => {}
            }
        }
        Ok(Some(true))
    }

    // ---- look-ups

    /// Position of a key; the outer None says that program code has to compare.
    pub fn dict_position(&mut self, dict: Handle, hash: u64, key: Slot) -> Result<Option<Option<usize>>, Trap> {
        let heap = &self.heap;
        let mut unsure = false;
        let found = match key.kind {
            Kind::Str => heap.dicts.get(dict).find(hash, |other| match other.kind {
                Kind::Str => other.handle() == key.handle() || heap.text(other.handle()) == heap.text(key.handle()),
                _ => { unsure |= other.kind == Kind::Instance; false }
            }),
            Kind::Int => heap.dicts.get(dict).find(hash, |other| match other.kind {
                Kind::Int | Kind::Bool => other.bits == key.bits,
                _ => { unsure |= other.kind != Kind::Str; false }
            }),
            _ => heap.dicts.get(dict).find(hash, |other| match heap.equal_simple(key, other) {
                Some(same) => same,
                None => {
                    unsure = true;
                    false
                }
            }),
        };
        if found.is_some() || !unsure {
            return Ok(Some(found));
        }
        self.dict_position_slow(dict, hash, key)
    }

    #[cold]
    fn dict_position_slow(&mut self, dict: Handle, hash: u64, key: Slot) -> Result<Option<Option<usize>>, Trap> {
        for position in self.heap.dicts.get(dict).candidates(hash) {
            let Some(other) = self.heap.dicts.get(dict).entry(position).map(|e| e.key) else { continue };
            if other.same(key) {
                return Ok(Some(Some(position)));
            }
            match self.equal_native(other, key, 0)? {
                Some(true) => return Ok(Some(Some(position))),
                Some(false) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(None))
    }

    /// Place of a member; the outer None says that program code has to compare.
    pub fn set_position(&mut self, set: Handle, hash: u64, item: Slot) -> Result<Option<Option<usize>>, Trap> {
        let heap = &self.heap;
        let mut others = Vec::new();
        let found = heap.sets.get(set).find(hash, |other| {
            let same = match (item.kind, other.kind) {
                (Kind::Str, Kind::Str) => other.handle() == item.handle() || heap.text(other.handle()) == heap.text(item.handle()),
                (Kind::Int, Kind::Int) => other.bits == item.bits,
                _ => heap.equal_simple(item, other).unwrap_or_else(|| {
                    others.push(other);
                    false
                }),
            };
            same
        });
        if found.is_some() || others.is_empty() {
            return Ok(Some(found));
        }
        for other in others {
            match self.equal_native(other, item, 0)? {
                Some(true) => return Ok(Some(self.heap.sets.get(set).find(hash, |o| o.same(other)))),
                Some(false) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(None))
    }

    /// Hash and position of a key.
    pub fn dict_find(&mut self, dict: Handle, key: Slot) -> Result<(u64, Option<usize>), Trap> {
        let key = *self.force(key)?;
        let hash = self.hash_native(key, 0)?;
        if let Some(hash) = hash {
            if let Some(found) = self.dict_position(dict, hash, key)? {
                return Ok((hash, found));
            }
        }
        Err(self.call_hidden("__dict_find__", &[Slot::object(Kind::Dict, dict), key]))
    }

    /// As `dict_find`, or None when program code has to run.
    pub fn dict_find_native(&mut self, dict: Handle, key: Slot) -> Result<Option<(u64, Option<usize>)>, Trap> {
        let key = *self.force(key)?;
        let Some(hash) = self.hash_native(key, 0)? else { return Ok(None) };
        Ok(self.dict_position(dict, hash, key)?.map(|found| (hash, found)))
    }

    /// `dict.get(key)`.
    pub fn dict_get(&mut self, dict: Handle, key: Slot) -> Result<Option<Slot>, Trap> {
        match self.dict_find_native(dict, key)? {
            Some((_, found)) => Ok(found.and_then(|p| self.heap.dicts.get(dict).entry(p)).map(|e| e.value)),
            None => Err(self.call_hidden("__dict_get__", &[Slot::object(Kind::Dict, dict), key])),
        }
    }

    /// `dict[key] = value`.
    pub fn dict_set(&mut self, dict: Handle, key: Slot, value: Slot) -> Result<(), Trap> {
        let key = *self.force(key)?;
        match self.dict_find_native(dict, key)? {
            Some((_, Some(position))) => self.heap.dicts.get_mut(dict).set_value(position, value),
            Some((hash, None)) => {
                self.charge(64 + moving(self.heap.dicts.get(dict).len()))?;
                self.heap.bytes += 64;
                self.heap.dicts.get_mut(dict).insert_new(hash, key, value);
            }
            None => return Err(self.call_hidden("__dict_set__", &[Slot::object(Kind::Dict, dict), key, value])),
        }
        Ok(())
    }

    /// Remove a key; its value when it was there.
    pub fn dict_remove(&mut self, dict: Handle, key: Slot) -> Result<Option<Slot>, Trap> {
        match self.dict_find_native(dict, key)? {
            Some((_, Some(position))) => Ok(Some(self.heap.dicts.get_mut(dict).remove(position).value)),
            Some((_, None)) => Ok(None),
            None => Err(self.call_hidden("__dict_remove__", &[Slot::object(Kind::Dict, dict), key])),
        }
    }

    /// Hash and place of a set member.
    pub fn set_find(&mut self, set: Handle, item: Slot) -> Result<(u64, Option<usize>), Trap> {
        match self.set_find_native(set, item)? {
            Some(found) => Ok(found),
            None => Err(self.call_hidden("__set_find__", &[Slot::object(Kind::Set, set), item])),
        }
    }

    /// As `set_find`, or None when program code has to run.
    pub fn set_find_native(&mut self, set: Handle, item: Slot) -> Result<Option<(u64, Option<usize>)>, Trap> {
        let item = *self.force(item)?;
        let Some(hash) = self.hash_native(item, 0)? else { return Ok(None) };
        Ok(self.set_position(set, hash, item)?.map(|found| (hash, found)))
    }

    /// Add a member; true when it was not there.
    pub fn set_add(&mut self, set: Handle, item: Slot) -> Result<bool, Trap> {
        let item = *self.force(item)?;
        match self.set_find_native(set, item)? {
            Some((_, Some(_))) => Ok(false),
            Some((hash, None)) => {
                self.charge(64 + moving(self.heap.sets.get(set).len()))?;
                self.heap.bytes += 40;
                self.heap.sets.get_mut(set).insert_new(hash, item);
                Ok(true)
            }
            None => Err(self.call_hidden("__set_add__", &[Slot::object(Kind::Set, set), item])),
        }
    }

    // ---- order

    /// `a < b` of plain data. None: program code decides.
    pub fn less(&mut self, a: Slot, b: Slot) -> Result<Option<bool>, Trap> {
        if let Some(order) = self.heap.order_simple(a, b) {
            return Ok(Some(order.is_lt()));
        }
        self.order_native(CompareOp::Lt, a, b, 0)
    }

    /// One of the four order comparisons; None when program code decides.
    pub fn order_native(&mut self, op: CompareOp, a: Slot, b: Slot, depth: u32) -> Result<Option<bool>, Trap> {
        let (a, b) = (*self.force(a)?, *self.force(b)?);
        self.see(a, b);
        if depth > DEPTH_MAX {
            return Err(self.too_deep());
        }
        if let Some(order) = self.order_numbers(a, b) {
            return Ok(Some(order.is_some_and(|o| holds(op, o))));
        }
        let special = |m: &Machine, s: Slot| s.kind == Kind::Instance && m.payload(s).kind == Kind::Instance || m.order_method(op, s).is_some();
        if special(self, a) || special(self, b) {
            return Ok(None);
        }
        self.order_payloads(op, a, b, depth)
    }

    /// The order of what the two are built on, whatever methods a program gave them.
    fn order_payloads(&mut self, op: CompareOp, a: Slot, b: Slot, depth: u32) -> Result<Option<bool>, Trap> {
        let (pa, pb) = (self.payload(a), self.payload(b));
        let (ha, hb) = (pa.handle(), pb.handle());
        match (pa.kind, pb.kind) {
            (Kind::Str, Kind::Str) => Ok(Some(holds(op, self.heap.text(ha).cmp(self.heap.text(hb))))),
            (Kind::Tuple, Kind::Tuple) | (Kind::List, Kind::List) => self.order_items(op, pa, pb, depth),
            (Kind::Bytes | Kind::ByteArray, Kind::Bytes | Kind::ByteArray) => Ok(Some(holds(op, self.bytes_of(pa).cmp(self.bytes_of(pb))))),
            (Kind::Set | Kind::FrozenSet, Kind::Set | Kind::FrozenSet) => self.order_sets(op, ha, hb),
            (Kind::DictView, _) => match crate::builtins::views::order(self, op, pa, pb)? {
                Some(result) => Ok(Some(result)),
                None => Err(self.not_ordered(op, a, b)),
            },
            (Kind::Int | Kind::Bool | Kind::Float | Kind::Big, Kind::Int | Kind::Bool | Kind::Float | Kind::Big) => self.order_native(op, pa, pb, depth + 1),
            (Kind::Native2, Kind::Native2) => match crate::modules::order(self, op, pa, pb)? {
                Some(result) => Ok(Some(result)),
                None => Err(self.not_ordered(op, a, b)),
            },
            _ => Err(self.not_ordered(op, a, b)),
        }
    }

    /// The method of an order comparison, and the one that the other side has for it.
    fn order_names(&self, op: CompareOp) -> (Handle, Handle) {
        let n = &self.names;
        match op {
            CompareOp::Lt => (n.lt, n.gt),
            CompareOp::Le => (n.le, n.ge),
            CompareOp::Gt => (n.gt, n.lt),
            _ => (n.ge, n.le),
        }
    }

    fn order_method(&self, op: CompareOp, slot: Slot) -> Option<Slot> {
        if slot.kind != Kind::Instance && slot.kind != Kind::Class {
            return None;
        }
        let (this, mirror) = self.order_names(op);
        self.user_method(slot, this).or_else(|| self.user_method(slot, mirror))
    }

    fn order_items(&mut self, op: CompareOp, a: Slot, b: Slot, depth: u32) -> Result<Option<bool>, Trap> {
        let len = self.items(a).len().min(self.items(b).len());
        for index in 0..len {
            let (x, y) = (self.items(a)[index], self.items(b)[index]);
            if x.same(y) {
                continue;
            }
            match self.equal_native(x, y, depth + 1)? {
                None => return Ok(None),
                Some(true) => {}
                Some(false) => return self.order_native(op, x, y, depth + 1),
            }
        }
        Ok(Some(holds(op, self.items(a).len().cmp(&self.items(b).len()))))
    }

    fn order_sets(&mut self, op: CompareOp, a: Handle, b: Handle) -> Result<Option<bool>, Trap> {
        let (la, lb) = (self.heap.sets.get(a).len(), self.heap.sets.get(b).len());
        match op {
            CompareOp::Le => if la > lb { Ok(Some(false)) } else { self.subset(a, b, 0) },
            CompareOp::Lt => if la >= lb { Ok(Some(false)) } else { self.subset(a, b, 0) },
            CompareOp::Ge => self.order_sets(CompareOp::Le, b, a),
            _ => self.order_sets(CompareOp::Lt, b, a),
        }
    }

    /// `'<' not supported between instances of 'A' and 'B'`
    pub fn not_ordered(&mut self, op: CompareOp, a: Slot, b: Slot) -> Trap {
        let sign = match op {
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            _ => ">=",
        };
        let message = format!("'{sign}' not supported between instances of '{}' and '{}'", self.type_name(a), self.type_name(b));
        self.raise(Type::TypeError, message)
    }

    // ---- the comparison instruction

    /// `a <op> b` for any operator. A `Trap::Call` carries how to go on.
    pub fn compare(&mut self, op: CompareOp, a: Slot, b: Slot) -> Result<Value, Trap> {
        let (a, b) = (*self.force(a)?, *self.force(b)?);
        match op {
            CompareOp::Is => Ok(Value::bool(a.same(b))),
            CompareOp::IsNot => Ok(Value::bool(!a.same(b))),
            CompareOp::In => self.contains(b, a, false),
            CompareOp::NotIn => self.contains(b, a, true),
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge if matches!(a.kind, Kind::Tuple | Kind::Str | Kind::Float) => {
                match self.heap.order_simple(a, b) {
                    Some(order) => Ok(Value::bool(holds(op, order))),
                    None => self.compare_from(CompareTry { op, a, b, stage: 0 }),
                }
            }
            _ => self.compare_from(CompareTry { op, a, b, stage: 0 }),
        }
    }

    /// Go on with a comparison at a stage: user methods one after the other, then what is built in.
    pub fn compare_from(&mut self, attempt: CompareTry) -> Result<Value, Trap> {
        let CompareTry { op, a, b, stage } = attempt;
        if a.kind == Kind::Instance || b.kind == Kind::Instance || a.kind == Kind::Class || b.kind == Kind::Class {
            if let Some((method, args)) = self.compare_candidate(op, a, b, stage) {
                let next = CompareTry { stage: stage + 1, ..attempt };
                return Err(self.call_trap(method, args, Adapt::Compare(next)));
            }
        }
        match op {
            CompareOp::Eq | CompareOp::Ne => {
                let equal = self.equal_default(op, a, b).map_err(|trap| match trap {
                    // Hidden code answers `==`.
                    Trap::Call(mut call) if op == CompareOp::Ne => {
                        call.adapt = Adapt::Truth(true);
                        Trap::Call(call)
                    }
                    other => other,
                })?;
                Ok(Value::bool(equal == (op == CompareOp::Eq)))
            }
            _ => self.order_default(op, a, b),
        }
    }

    fn equal_default(&mut self, op: CompareOp, a: Slot, b: Slot) -> Result<bool, Trap> {
        let name = if op == CompareOp::Ne { self.names.ne } else { self.names.eq };
        if self.compare_method(op, a, name).is_some() && self.compare_method(op, b, name).is_some() {
            // Both said NotImplemented.
            return Ok(a.same(b));
        }
        // What one of them left to the other is decided by what they are built on.
        let (a, b) = if self.has_user_eq(a) || self.has_user_eq(b) { (self.payload(a), self.payload(b)) } else { (a, b) };
        if self.has_user_eq(a) || self.has_user_eq(b) {
            return Ok(a.same(b));
        }
        match self.equal_native(a, b, 0)? {
            Some(equal) => Ok(equal),
            None => Err(self.call_hidden("__equal__", &[a, b])),
        }
    }

    fn order_default(&mut self, op: CompareOp, a: Slot, b: Slot) -> Result<Value, Trap> {
        let (this, mirror) = self.order_names(op);
        // All methods that the program wrote said NotImplemented; what is left is that of a side without one.
        let (mine, theirs) = (self.user_method(a, this).is_some(), self.user_method(b, mirror).is_some());
        let bare = |m: &Machine, s: Slot| s.kind == Kind::Instance && m.payload(s).kind == Kind::Instance;
        if mine && theirs || bare(self, a) || bare(self, b) {
            return Err(self.not_ordered(op, a, b));
        }
        let ordered = match mine || theirs || self.order_method(op, a).is_some() || self.order_method(op, b).is_some() {
            true => self.order_payloads(op, a, b, 0)?,
            false => self.order_native(op, a, b, 0)?,
        };
        match ordered {
            Some(result) => Ok(Value::bool(result)),
            None => {
                let number = Slot::int(op as i64);
                Err(self.call_hidden("__order__", &[number, a, b]))
            }
        }
    }

    /// The user method to try at a stage, with its arguments.
    fn compare_candidate(&self, op: CompareOp, a: Slot, b: Slot, stage: u8) -> Option<(Slot, Vec<Slot>)> {
        let (this, mirror) = match op {
            CompareOp::Eq => (self.names.eq, self.names.eq),
            CompareOp::Ne => (self.names.ne, self.names.ne),
            _ => self.order_names(op),
        };
        let forward = self.compare_method(op, a, this).map(|f| (f, alloc::vec![a, b]));
        let backward = self.compare_method(op, b, mirror).map(|f| (f, alloc::vec![b, a]));
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let b_first = ca != cb && self.is_subclass(cb, ca);
        let order = if b_first { [backward, forward] } else { [forward, backward] };
        order.into_iter().flatten().nth(stage as usize)
    }

    /// The user's method; for `!=` without `__ne__`, the user's `__eq__` (its result is negated on return), unless a
    /// built-in type below has a `__ne__` of its own.
    fn compare_method(&self, op: CompareOp, slot: Slot, name: Handle) -> Option<Slot> {
        match self.user_method(slot, name) {
            None if op == CompareOp::Ne => {
                let method = self.user_method(slot, self.names.eq)?;
                let (_, owner) = self.lookup_class_from(self.class_of(slot), self.names.ne)?;
                (owner == Type::Object.handle()).then_some(method)
            }
            found => found,
        }
    }

    /// Does the method tried at the stage before `stage` answer `==` although `!=` was asked?
    pub fn compare_negates(&self, attempt: &CompareTry) -> bool {
        attempt.op == CompareOp::Ne
            && self.compare_candidate(attempt.op, attempt.a, attempt.b, attempt.stage - 1).is_some_and(|(method, args)| {
                self.user_method(args[0], self.names.ne).is_none_or(|ne| !ne.same(method))
            })
    }

    /// `item in container` for a plain item without a label in a built-in container; None when it has to be found out
    /// in full.
    pub(crate) fn contains_plain(&mut self, container: Slot, item: Slot) -> Option<bool> {
        if container.label | item.label != 0 || !matches!(item.kind, Kind::Str | Kind::Int | Kind::Tuple) {
            return None;
        }
        let handle = container.handle();
        match container.kind {
            Kind::Dict => match self.dict_find_native(handle, item) {
                Ok(Some((_, found))) => Some(found.is_some()),
                _ => None,
            },
            Kind::Set | Kind::FrozenSet => match self.set_find_native(handle, item) {
                Ok(Some((_, found))) => Some(found.is_some()),
                _ => None,
            },
            Kind::Str if item.kind == Kind::Str => Some(self.heap.text(handle).contains(self.heap.text(item.handle()))),
            // Eight cost no fuel.
            Kind::Tuple | Kind::List if item.kind != Kind::Tuple && self.items(container).len() < 8 => {
                for other in self.items(container) {
                    match self.heap.equal_simple(*other, item) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => return None,
                    }
                }
                Some(false)
            }
            _ => None,
        }
    }

    /// `item in container`, negated when asked.
    pub fn contains(&mut self, container: Slot, item: Slot, negate: bool) -> Result<Value, Trap> {
        if let Some(method) = self.user_method(container, self.names.contains) {
            return Err(self.call_trap(method, alloc::vec![container, item], Adapt::Truth(negate)));
        }
        let plain = self.payload(container);
        let found = match plain.kind {
            Kind::Str => {
                let Some(needle) = self.text_of(item) else {
                    let message = format!("'in <string>' requires string as left operand, not {}", self.type_name(item));
                    return Err(self.raise(Type::TypeError, message));
                };
                self.heap.text(plain.handle()).contains(needle)
            }
            Kind::Dict => match self.dict_find_native(plain.handle(), item)? {
                Some((_, found)) => found.is_some(),
                None => return Err(self.contains_hidden("__dict_contains__", plain, item, negate)),
            },
            Kind::Set | Kind::FrozenSet => match self.set_contains(plain, item)? {
                Some(found) => found,
                None => return Err(self.contains_hidden("__set_contains__", plain, item, negate)),
            },
            Kind::List | Kind::Tuple => match self.contains_item(plain, item)? {
                Some(found) => found,
                None => return Err(self.contains_hidden("__contains_in__", plain, item, negate)),
            },
            Kind::Range if matches!(item.kind, Kind::Int | Kind::Bool) => {
                let range = *self.heap.ranges.get(plain.handle());
                range_contains(&range, item.as_int())
            }
            Kind::Bytes | Kind::ByteArray => crate::builtins::bytes::contains(self, plain, item)?,
            Kind::DictView => match crate::builtins::views::contains(self, plain, item)? {
                Some(found) => found,
                None => return Err(self.contains_hidden("__contains_in__", plain, item, negate)),
            },
            _ => return self.contains_by_iteration(container, item, negate),
        };
        Ok(Value::bool(found != negate))
    }

    fn contains_by_iteration(&mut self, container: Slot, item: Slot, negate: bool) -> Result<Value, Trap> {
        let class = self.class_of(container);
        let native = self.lookup_class(class, self.names.contains);
        if let Some(method) = native.filter(|m| m.kind == Kind::Native) {
            return Err(self.call_trap(method, alloc::vec![container, item], Adapt::Truth(negate)));
        }
        let iterable = self.iterable(container);
        if !iterable {
            let message = format!("argument of type '{}' is not iterable", self.type_name(container));
            return Err(self.raise(Type::TypeError, message));
        }
        Err(self.contains_hidden("__contains_in__", container, item, negate))
    }

    fn contains_hidden(&mut self, name: &str, container: Slot, item: Slot, negate: bool) -> Trap {
        let callee = self.hidden(name);
        self.call_trap(callee.slot(), alloc::vec![container, item], Adapt::Truth(negate))
    }

    fn set_contains(&mut self, set: Slot, item: Slot) -> Result<Option<bool>, Trap> {
        let item = *self.force(item)?;
        // A set can be looked for in a set: as the frozen set of the same members.
        let item = match self.payload(item) {
            inner if inner.kind == Kind::Set => Slot::object(Kind::FrozenSet, inner.handle()),
            _ => item,
        };
        Ok(self.set_find_native(set.handle(), item)?.map(|(_, found)| found.is_some()))
    }

    fn contains_item(&mut self, container: Slot, item: Slot) -> Result<Option<bool>, Trap> {
        let len = self.items(container).len();
        self.spend(len as u64 / 8)?;
        let mut index = 0;
        while index < self.items(container).len() {
            let other = self.items(container)[index];
            if other.same(item) {
                return Ok(Some(true));
            }
            match self.equal_native(other, item, 0)? {
                Some(true) => return Ok(Some(true)),
                Some(false) => {}
                None => return Ok(None),
            }
            index += 1;
        }
        Ok(Some(false))
    }

    // ---- truth and length

    /// Truth of a value. A program's `__bool__` or `__len__` is a `Trap::Call`.
    pub fn truth(&mut self, slot: Slot) -> Result<bool, Trap> {
        let value = self.force(slot)?;
        let handle = value.handle();
        Ok(match value.kind {
            Kind::Bool | Kind::Int => value.bits != 0,
            Kind::None => false,
            Kind::Float => value.as_float() != 0.0,
            Kind::Instance | Kind::Class => return self.truth_of_object(value),
            Kind::Complex => *self.heap.complexes.get(handle) != (0.0, 0.0),
            Kind::WideRange => self.range_parts(*value)[3].bits != 0,
            _ => self.length(*value)?.is_none_or(|len| len != 0),
        })
    }

    fn truth_of_object(&mut self, value: Value) -> Result<bool, Trap> {
        if let Some(method) = self.user_method(*value, self.names.bool_) {
            return Err(self.call_trap(method, alloc::vec![*value], Adapt::Bool(false)));
        }
        if let Some(method) = self.user_method(*value, self.names.len) {
            return Err(self.call_trap(method, alloc::vec![*value], Adapt::Length(true)));
        }
        let payload = self.payload(*value);
        if payload.kind == Kind::Instance || payload.kind == Kind::Class { Ok(true) } else { self.truth(payload) }
    }

    /// `len` of a built-in container.
    pub fn length(&mut self, slot: Slot) -> Result<Option<u64>, Trap> {
        let value = self.force(slot)?;
        let value = self.payload(*value);
        let handle = value.handle();
        Ok(Some(match value.kind {
            Kind::Str => u64::from(self.heap.strings.get(handle).chars),
            Kind::List => self.heap.lists.get(handle).len() as u64,
            Kind::Tuple => self.heap.tuples.get(handle).len() as u64,
            Kind::Dict => self.heap.dicts.get(handle).len() as u64,
            Kind::Set | Kind::FrozenSet => self.heap.sets.get(handle).len() as u64,
            Kind::Bytes => self.heap.bytes_objects.get(handle).len() as u64,
            Kind::ByteArray => self.heap.byte_arrays.get(handle).len() as u64,
            Kind::Range => self.heap.ranges.get(handle).len,
            Kind::WideRange => {
                let [.., len] = self.range_parts(value);
                let len = if len.kind == Kind::Int { len.as_int() as u64 } else { u64::MAX };
                if len > i64::MAX as u64 {
                    return Err(self.raise(Type::OverflowError, "Python int too large to convert to C ssize_t"));
                }
                len
            }
            Kind::DictView => self.heap.dicts.get(self.heap.views.get(handle).0).len() as u64,
            Kind::Native2 => return Ok(self.view_of(value).map(|view| self.items(view.shape).first().map_or(view.count, |size| size.as_int() as u64)).or_else(|| self.heap.natives.get(handle).len())),
            _ => return Ok(None),
        }))
    }
}

/// Is the item in the range?
pub fn range_contains(range: &crate::heap::RangeObject, item: i64) -> bool {
    if range.len == 0 {
        return false;
    }
    let offset = i128::from(item) - i128::from(range.start);
    let step = i128::from(range.step);
    offset % step == 0 && (0..range.len as i128).contains(&(offset / step))
}

/// Does the order satisfy the operator?
pub fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Eq => order.is_eq(),
        _ => order.is_ne(),
    }
}
