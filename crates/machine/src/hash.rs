//! Hashes as CPython computes them, so that sets of numbers and tuples iterate
//! in the same order. Hashes of texts are our own (CPython's are random).

use crate::class::Type;
use crate::machine::Machine;
use crate::trap::Trap;
use crate::value::{Kind, Slot};
use alloc::format;
use core::hash::{BuildHasher, Hasher};

/// `hash(None)` of CPython 3.12.
const NONE_HASH: u64 = 0xfca8_6420;

/// A hash map whose order and behaviour are the same on every machine.
pub type Map<K, V> = hashbrown::HashMap<K, V, foldhash::fast::FixedState>;

/// Hash of a text; never 0, which means "not computed".
pub fn of_text(text: &str) -> u64 {
    of_bytes(text.as_bytes())
}

/// Hash of bytes.
pub fn of_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::quality::FixedState::with_seed(0x456d_756c).build_hasher();
    hasher.write(bytes);
    // -1 means an error to CPython's C code: no hash is -1.
    match hasher.finish() {
        0 | u64::MAX => 1,
        hash => hash,
    }
}

/// CPython's tuple hash (xxHash with its constants), from the items' hashes.
pub fn of_tuple(items: impl ExactSizeIterator<Item = u64>) -> u64 {
    const P1: u64 = 11_400_714_785_074_694_791;
    const P2: u64 = 14_029_467_366_897_019_727;
    const P5: u64 = 2_870_177_450_012_600_261;
    let len = items.len() as u64;
    let mut acc = P5;
    for lane in items {
        acc = acc.wrapping_add(lane.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1);
    }
    acc = acc.wrapping_add(len ^ (P5 ^ 3_527_539));
    if acc == u64::MAX { 1_546_275_796 } else { acc }
}

/// CPython's frozenset hash, from the members' hashes.
pub fn of_frozenset(members: impl ExactSizeIterator<Item = u64>) -> u64 {
    let len = members.len() as u64;
    let mut hash = 0u64;
    for member in members {
        hash ^= (member ^ 89_869_747 ^ (member << 16)).wrapping_mul(3_644_798_167);
    }
    hash ^= (len + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX { 590_923_713 } else { hash }
}

impl Machine {
    /// Python's `hash` as 64 bits. A program's `__hash__` runs as a call of hidden code.
    pub fn hash(&mut self, slot: Slot) -> Result<u64, Trap> {
        match self.hash_native(slot, 0)? {
            Some(hash) => Ok(hash),
            None => Err(self.call_hidden("__hash_of__", &[slot])),
        }
    }

    /// As `hash`, or None when program code would have to run.
    pub fn hash_native(&mut self, slot: Slot, depth: u32) -> Result<Option<u64>, Trap> {
        let value = self.force(slot)?;
        let handle = value.handle();
        Ok(Some(match value.kind {
            Kind::Str => self.hash_of_string(handle),
            Kind::Int | Kind::Bool => crate::kernel::int::hash_small(value.as_int()) as u64,
            Kind::None => NONE_HASH,
            Kind::Float => match crate::kernel::float::hash(value.as_float()) {
                Some(hash) => hash as u64,
                None => self.identity(*value) >> 4,
            },
            Kind::Big => crate::kernel::int::hash(self.heap.bigs.get(handle)) as u64,
            Kind::Complex => {
                let (re, im) = *self.heap.complexes.get(handle);
                let part = |f| crate::kernel::float::hash(f).unwrap_or(0) as u64;
                let hash = part(re).wrapping_add(part(im).wrapping_mul(1_000_003));
                if hash == u64::MAX { u64::MAX - 1 } else { hash }
            }
            Kind::Bytes => {
                self.spend(self.heap.bytes_objects.get(handle).len() as u64 / 4)?;
                of_bytes(self.heap.bytes_objects.get(handle))
            }
            Kind::Tuple => return self.hash_tuple(handle, depth),
            Kind::FrozenSet => {
                self.spend(self.heap.sets.get(handle).len() as u64)?;
                let hashes: alloc::vec::Vec<u64> = self.heap.sets.get(handle).hashed().map(|(h, _)| h).collect();
                of_frozenset(hashes.into_iter())
            }
            Kind::List | Kind::Dict | Kind::Set | Kind::ByteArray | Kind::DictView => return Err(self.unhashable(*value)),
            Kind::Native2 => match (self.view_of(*value), self.heap.natives.get(handle).len()) {
                (Some(view), _) => self.hash_view(view)?,
                (None, Some(_)) => return Err(self.type_error("unhashable type: 'collections.deque'")),
                (None, None) => self.identity(*value) >> 4,
            },
            Kind::Slice => return self.hash_slice(handle, depth),
            Kind::Range => {
                let r = *self.heap.ranges.get(handle);
                let int = |i: i64| crate::kernel::int::hash_small(i) as u64;
                let start = if r.len == 0 { NONE_HASH } else { int(r.start) };
                let step = if r.len <= 1 { NONE_HASH } else { int(r.step) };
                of_tuple([int(r.len as i64), start, step].into_iter())
            }
            Kind::WideRange => {
                let [start, _, step, len] = self.range_parts(*value);
                let hash = |slot: Slot| if slot.kind == Kind::Big { crate::kernel::int::hash(self.heap.bigs.get(slot.handle())) } else { crate::kernel::int::hash_small(slot.as_int()) } as u64;
                let few = |most: i64| len.kind == Kind::Int && len.as_int() <= most;
                let start = if few(0) { NONE_HASH } else { hash(start) };
                let step = if few(1) { NONE_HASH } else { hash(step) };
                of_tuple([hash(len), start, step].into_iter())
            }
            Kind::Method => {
                let (function, this) = *self.heap.methods.get(handle);
                (self.identity(function) >> 4) ^ (self.identity(this) >> 4).rotate_left(7)
            }
            Kind::Instance => return self.hash_instance(*value, depth),
            Kind::Alias => {
                let (origin, args) = *self.heap.aliases.get(handle);
                let args = self.hash_native(args, depth + 1)?.unwrap_or(0);
                (self.identity(origin) >> 4) ^ args
            }
            _ => self.identity(*value) >> 4,
        }))
    }

    /// Hash of a string object, computed once.
    #[inline]
    pub fn hash_of_string(&self, handle: u32) -> u64 {
        let string = self.heap.strings.get(handle);
        match string.hash.get() {
            0 => {
                let hash = of_text(self.heap.text(handle));
                string.hash.set(hash);
                hash
            }
            hash => hash,
        }
    }

    fn hash_tuple(&mut self, handle: u32, depth: u32) -> Result<Option<u64>, Trap> {
        if depth > 500 {
            return Err(self.raise(Type::RecursionError, "maximum recursion depth exceeded"));
        }
        let mut small = [0u64; 8];
        let len = self.heap.tuples.get(handle).len();
        self.spend(1 + len as u64)?;
        if len <= 8 {
            for index in 0..len {
                let item = self.heap.tuples.get(handle)[index];
                match self.hash_native(item, depth + 1)? {
                    Some(hash) => small[index] = hash,
                    None => return Ok(None),
                }
            }
            return Ok(Some(of_tuple(small[..len].iter().copied())));
        }
        let mut hashes = alloc::vec::Vec::with_capacity(len);
        for index in 0..len {
            let item = self.heap.tuples.get(handle)[index];
            match self.hash_native(item, depth + 1)? {
                Some(hash) => hashes.push(hash),
                None => return Ok(None),
            }
        }
        Ok(Some(of_tuple(hashes.into_iter())))
    }

    /// A slice hashes as the tuple of its parts (since 3.12).
    fn hash_slice(&mut self, handle: u32, depth: u32) -> Result<Option<u64>, Trap> {
        let mut hashes = [0u64; 3];
        for (index, part) in self.heap.slices.get(handle).clone().into_iter().enumerate() {
            match self.hash_native(part, depth + 1)? {
                Some(hash) => hashes[index] = hash,
                None => return Ok(None),
            }
        }
        Ok(Some(of_tuple(hashes.into_iter())))
    }

    fn hash_instance(&mut self, value: Slot, depth: u32) -> Result<Option<u64>, Trap> {
        let class = value.class_handle();
        if self.heap.classes.get(class).special & crate::class::USER_HASH != 0 {
            return match self.lookup_class(class, self.names.hash) {
                Some(slot) if slot.kind == Kind::None => Err(self.unhashable(value)),
                _ => Ok(None),
            };
        }
        let payload = self.payload(value);
        if payload.kind == Kind::Instance {
            return Ok(Some(self.identity(value) >> 4));
        }
        self.hash_native(payload, depth + 1)
    }

    fn unhashable(&mut self, value: Slot) -> Trap {
        let message = format!("unhashable type: '{}'", self.type_name(value));
        self.raise(Type::TypeError, message)
    }
}
