//! Insertion-ordered hash tables behind `dict` and instance attributes.
//!
//! Equality of keys is the caller's: a key may be a program object whose
//! `__eq__` is code, and then the machine's own Python does the probing.

use crate::value::Slot;
use alloc::vec::Vec;
use hashbrown::HashTable;

/// Up to this many entries are found by a scan, without an index.
const SCAN_MAX: usize = 8;

/// One entry; `key` is unbound when it was deleted.
#[derive(Clone, Copy, Debug)]
pub struct DictEntry {
    /// Hash of the key.
    pub hash: u64,
    /// The key.
    pub key: Slot,
    /// The value, possibly pending.
    pub value: Slot,
}

/// A dict.
#[derive(Clone, Debug)]
pub struct DictObject {
    pub(crate) entries: Vec<DictEntry>,
    pub(crate) index: HashTable<u32>,
    pub(crate) live: u32,
    /// Counts insertions and deletions of keys: an iterator compares it.
    pub changes: u32,
    /// For an instance: the built-in value it extends (`class L(list)`), or its exception state.
    pub payload: Slot,
}

impl Default for DictObject {
    fn default() -> DictObject {
        DictObject { entries: Vec::new(), index: HashTable::new(), live: 0, changes: 0, payload: Slot::UNBOUND }
    }
}

impl DictObject {
    /// Number of keys.
    #[inline]
    pub fn len(&self) -> usize {
        self.live as usize
    }

    /// Are there no keys?
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Entry at a position of the table (also deleted ones), for iteration and caches.
    #[inline]
    pub fn entry(&self, position: usize) -> Option<&DictEntry> {
        self.entries.get(position)
    }

    /// Positions used so far, deleted ones included.
    #[inline]
    pub fn positions(&self) -> usize {
        self.entries.len()
    }

    /// Live entries, in insertion order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &DictEntry> {
        self.entries.iter().filter(|e| !e.key.is_unbound())
    }

    /// Position of the key with this hash for which `same` holds.
    #[inline]
    pub fn find(&self, hash: u64, mut same: impl FnMut(Slot) -> bool) -> Option<usize> {
        if self.entries.len() <= SCAN_MAX {
            return self.entries.iter().position(|e| e.hash == hash && !e.key.is_unbound() && same(e.key));
        }
        let found = self.index.find(hash, |&i| {
            let entry = &self.entries[i as usize];
            entry.hash == hash && same(entry.key)
        });
        found.map(|&i| i as usize)
    }

    /// Positions of all live keys with this hash.
    pub fn candidates(&self, hash: u64) -> Vec<usize> {
        if self.entries.len() <= SCAN_MAX {
            return (0..self.entries.len()).filter(|&i| self.entries[i].hash == hash && !self.entries[i].key.is_unbound()).collect();
        }
        let mut found: Vec<usize> = self.index.iter_hash(hash).map(|&i| i as usize).filter(|&i| self.entries[i].hash == hash).collect();
        found.sort_unstable();
        found
    }

    /// Add a key that is not there. Returns its position.
    pub fn insert_new(&mut self, hash: u64, key: Slot, value: Slot) -> usize {
        if self.entries.len() > SCAN_MAX && self.entries.len() >= 2 * self.live as usize + SCAN_MAX {
            self.compact();
        }
        let position = self.entries.len();
        self.entries.push(DictEntry { hash, key, value });
        self.live += 1;
        self.changes = self.changes.wrapping_add(1);
        if self.entries.len() == SCAN_MAX + 1 {
            self.rebuild();
        } else if self.entries.len() > SCAN_MAX {
            let entries = &self.entries;
            self.index.insert_unique(hash, position as u32, |&i| entries[i as usize].hash);
        }
        position
    }

    /// Add a key to a small table that does not hold it; false when it may hold it or has an index.
    #[inline]
    pub(crate) fn append_fresh(&mut self, hash: u64, key: Slot, value: Slot) -> bool {
        if self.entries.len() >= SCAN_MAX || self.entries.iter().any(|e| e.hash == hash) {
            return false;
        }
        self.entries.push(DictEntry { hash, key, value });
        self.live += 1;
        self.changes = self.changes.wrapping_add(1);
        true
    }

    /// Replace the value at a position.
    #[inline]
    pub fn set_value(&mut self, position: usize, value: Slot) {
        self.entries[position].value = value;
    }

    /// Delete the entry at a position; returns it.
    pub fn remove(&mut self, position: usize) -> DictEntry {
        let entry = self.entries[position];
        if self.entries.len() > SCAN_MAX {
            if let Ok(found) = self.index.find_entry(entry.hash, |&i| i as usize == position) {
                found.remove();
            }
        }
        self.entries[position].key = Slot::UNBOUND;
        self.entries[position].value = Slot::NONE;
        self.live -= 1;
        self.changes = self.changes.wrapping_add(1);
        // Popping from the end keeps the table short, so that a stack of keys does not grow.
        if position + 1 == self.entries.len() {
            let had_index = self.entries.len() > SCAN_MAX;
            while self.entries.last().is_some_and(|e| e.key.is_unbound()) {
                self.entries.pop();
            }
            if had_index && self.entries.len() <= SCAN_MAX {
                self.index.clear();
            }
        }
        entry
    }

    /// Remove everything.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.index.clear();
        self.live = 0;
        self.changes = self.changes.wrapping_add(1);
    }

    /// Replace all entries (a dict built elsewhere); the payload stays.
    pub fn replace(&mut self, other: DictObject) {
        let payload = self.payload;
        let changes = self.changes.wrapping_add(1);
        *self = DictObject { payload, changes, ..other };
    }

    /// A dict of these entries, deleted ones included.
    pub(crate) fn of_entries(entries: Vec<DictEntry>, changes: u32, payload: Slot) -> DictObject {
        let live = entries.iter().filter(|e| !e.key.is_unbound()).count() as u32;
        let mut dict = DictObject { entries, index: HashTable::new(), live, changes, payload };
        dict.rebuild();
        dict
    }

    /// Drop deleted entries: positions change.
    fn compact(&mut self) {
        self.entries.retain(|e| !e.key.is_unbound());
        self.rebuild();
    }

    fn rebuild(&mut self) {
        self.index.clear();
        if self.entries.len() > SCAN_MAX {
            let entries = &self.entries;
            for (position, entry) in entries.iter().enumerate() {
                if !entry.key.is_unbound() {
                    self.index.insert_unique(entry.hash, position as u32, |&i| entries[i as usize].hash);
                }
            }
        }
    }

    /// Bytes of its entries, the deleted ones included: unlike [`Self::bytes`], a part of the state.
    pub fn filled(&self) -> u64 {
        (self.entries.len() * core::mem::size_of::<DictEntry>()) as u64
    }

    /// Bytes that the dict holds beside its arena entry, room included.
    pub fn bytes(&self) -> u64 {
        (self.entries.capacity() * core::mem::size_of::<DictEntry>() + self.index.capacity() * 5) as u64
    }
}
