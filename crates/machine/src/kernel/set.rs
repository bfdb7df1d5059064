//! The table behind `set` and `frozenset`, probed, grown and merged as CPython's, so that sets iterate alike.
//!
//! An item is a hash and a payload; what equal means is the caller's closure, which may fail. Where a
//! comparison has to call user code, the caller walks the [`Probe`] itself and then uses [`Table::insert_at`].
//! Charging is the caller's: [`Table::slots_after_insert`] and [`Table::slots_after_merge`] say what will be
//! allocated.

use alloc::vec;
use alloc::vec::Vec;

/// A slot of the table. A dummy keeps the place of a removed item, so that probing goes on behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot<T> {
    /// Never used since the table was made.
    Empty,
    /// Its item was removed.
    Dummy,
    /// In use.
    Item {
        /// The hash of the item.
        hash: i64,
        /// The payload.
        item: T,
    },
}

impl<T: Copy> Slot<T> {
    fn item(&self) -> Option<(i64, T)> {
        match *self {
            Slot::Item { hash, item } => Some((hash, item)),
            Slot::Empty | Slot::Dummy => None,
        }
    }
}

const SLOTS_MIN: usize = 8;
/// How many neighbours are tried before the probe jumps.
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

/// A hash table with CPython's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<T> {
    slots: Vec<Slot<T>>,
    /// Items and dummies.
    fill: usize,
    used: usize,
    /// Where `pop` looks first.
    finger: usize,
}

/// What a step of a probe found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// An item with the same hash, in that slot: compare it, and take the next step if it differs.
    Candidate(usize, T),
    /// A free slot: nothing equal is in the table.
    Free(usize),
}

/// The slots that a hash visits, in order.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    hash: i64,
    perturb: u64,
    /// Start of the present run of neighbours.
    start: usize,
    /// How many of them have been visited.
    offset: usize,
    /// The last dummy that was passed; a new item takes it instead of the free slot behind it.
    dummy: Option<usize>,
}

impl Probe {
    fn new(hash: i64, mask: usize) -> Self {
        Self {
            hash,
            perturb: hash as u64,
            start: hash as usize & mask,
            offset: 0,
            dummy: None,
        }
    }

    /// The next slot to look at.
    fn next_slot(&mut self, mask: usize) -> usize {
        let run = if self.start + LINEAR_PROBES <= mask {
            LINEAR_PROBES
        } else {
            0
        };
        if self.offset > run {
            self.perturb >>= PERTURB_SHIFT;
            let jump = (self.start as u64)
                .wrapping_mul(5)
                .wrapping_add(1)
                .wrapping_add(self.perturb);
            self.start = jump as usize & mask;
            self.offset = 0;
        }
        self.offset += 1;
        self.start + self.offset - 1
    }
}

impl<T: Copy> Default for Table<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy> Table<T> {
    /// A table without items.
    pub fn new() -> Self {
        Self {
            slots: vec![Slot::Empty; SLOTS_MIN],
            fill: 0,
            used: 0,
            finger: 0,
        }
    }

    /// The table that another one's [`Table::slots`] and [`Table::finger`] describe. `None` if they cannot.
    pub fn from_slots(slots: Vec<Slot<T>>, finger: usize) -> Option<Self> {
        let fill = slots
            .iter()
            .filter(|slot| !matches!(slot, Slot::Empty))
            .count();
        let used = slots
            .iter()
            .filter(|slot| matches!(slot, Slot::Item { .. }))
            .count();
        // Without a free slot a probe would not end.
        let sound = slots.len() >= SLOTS_MIN
            && slots.len().is_power_of_two()
            && fill * 5 < (slots.len() - 1) * 3;
        sound.then_some(Self {
            slots,
            fill,
            used,
            finger,
        })
    }

    /// The slots as they lie.
    pub fn slots(&self) -> &[Slot<T>] {
        &self.slots
    }

    /// Where `pop` looks first.
    pub fn finger(&self) -> usize {
        self.finger
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Hashes and payloads in the order in which Python iterates.
    pub fn iter(&self) -> impl Iterator<Item = (i64, T)> + '_ {
        self.slots.iter().filter_map(Slot::item)
    }

    /// The next item at or behind a slot, and the slot behind it: an iterator that survives between calls.
    pub fn next_from(&self, slot: usize) -> Option<(usize, i64, T)> {
        let rest = self.slots.get(slot..)?;
        rest.iter()
            .zip(slot..)
            .find_map(|(found, at)| found.item().map(|(hash, item)| (at + 1, hash, item)))
    }

    fn mask(&self) -> usize {
        self.slots.len() - 1
    }

    /// Begins to look for a hash; see [`Table::step`].
    pub fn probe(&self, hash: i64) -> Probe {
        Probe::new(hash, self.mask())
    }

    /// The next candidate of a probe, or the free slot at its end. The table must not have changed since it began.
    pub fn step(&self, probe: &mut Probe) -> Found<T> {
        loop {
            let at = probe.next_slot(self.mask());
            match self.slots[at] {
                Slot::Empty => return Found::Free(probe.dummy.unwrap_or(at)),
                Slot::Dummy => probe.dummy = Some(at),
                Slot::Item { hash, item } if hash == probe.hash => {
                    return Found::Candidate(at, item);
                }
                Slot::Item { .. } => {}
            }
        }
    }

    /// The slot of an equal item, or the free slot where it would go.
    pub fn find<E>(
        &self,
        hash: i64,
        mut equal: impl FnMut(T) -> Result<bool, E>,
    ) -> Result<Found<T>, E> {
        let mut probe = self.probe(hash);
        loop {
            match self.step(&mut probe) {
                Found::Candidate(_, item) if !equal(item)? => {}
                found => return Ok(found),
            }
        }
    }

    /// Whether an equal item is there.
    pub fn contains<E>(
        &self,
        hash: i64,
        equal: impl FnMut(T) -> Result<bool, E>,
    ) -> Result<bool, E> {
        Ok(matches!(self.find(hash, equal)?, Found::Candidate(..)))
    }

    /// How many slots the table will have at most after one more item.
    pub fn slots_after_insert(&self) -> usize {
        let grows = (self.fill + 1) * 5 >= self.mask() * 3;
        let grown = if grows {
            slots_for(growth(self.used + 1))
        } else {
            0
        };
        grown.max(self.slots.len())
    }

    /// Puts an item in the free slot that a probe found; then the table may grow.
    pub fn insert_at(&mut self, slot: usize, hash: i64, item: T) {
        let reused = matches!(self.slots[slot], Slot::Dummy);
        self.slots[slot] = Slot::Item { hash, item };
        self.used += 1;
        if reused {
            return;
        }
        self.fill += 1;
        if self.fill * 5 >= self.mask() * 3 {
            self.resize(growth(self.used));
        }
    }

    /// Adds an item unless an equal one is there; says whether it was added.
    pub fn add<E>(
        &mut self,
        hash: i64,
        item: T,
        equal: impl FnMut(T) -> Result<bool, E>,
    ) -> Result<bool, E> {
        match self.find(hash, equal)? {
            Found::Candidate(..) => Ok(false),
            Found::Free(slot) => {
                self.insert_at(slot, hash, item);
                Ok(true)
            }
        }
    }

    /// Takes the item out of a slot that a probe found.
    pub fn remove_at(&mut self, slot: usize) {
        if matches!(self.slots[slot], Slot::Item { .. }) {
            self.slots[slot] = Slot::Dummy;
            self.used -= 1;
        }
    }

    /// Removes an equal item and gives it.
    pub fn discard<E>(
        &mut self,
        hash: i64,
        equal: impl FnMut(T) -> Result<bool, E>,
    ) -> Result<Option<T>, E> {
        match self.find(hash, equal)? {
            Found::Free(_) => Ok(None),
            Found::Candidate(slot, item) => {
                self.remove_at(slot);
                Ok(Some(item))
            }
        }
    }

    /// `set.pop()`: the first item behind the last one that was popped.
    pub fn pop(&mut self) -> Option<(i64, T)> {
        let mask = self.mask();
        let slots = (0..=mask).map(|step| (self.finger + step) & mask);
        let (slot, found) = slots
            .filter_map(|at| Some((at, self.slots[at].item()?)))
            .next()?;
        self.remove_at(slot);
        self.finger = slot + 1;
        Some(found)
    }

    /// `set.clear()`.
    pub fn clear(&mut self) {
        *self = Self {
            finger: self.finger,
            ..Self::new()
        };
    }

    fn resize(&mut self, items: usize) {
        let old = core::mem::replace(&mut self.slots, vec![Slot::Empty; slots_for(items)]);
        self.fill = 0;
        self.used = 0;
        old.iter()
            .filter_map(Slot::item)
            .for_each(|(hash, item)| self.insert_new(hash, item));
    }

    /// Puts an item that no other equals into a table without dummies and with room.
    fn insert_new(&mut self, hash: i64, item: T) {
        let mut probe = self.probe(hash);
        let slot = loop {
            let at = probe.next_slot(self.mask());
            if matches!(self.slots[at], Slot::Empty) {
                break at;
            }
        };
        self.slots[slot] = Slot::Item { hash, item };
        self.fill += 1;
        self.used += 1;
    }

    /// How many slots the table will have after [`Table::reserve`] of so many items.
    pub fn slots_after_merge(&self, more: usize) -> usize {
        let grows = (self.fill + more) * 5 >= self.mask() * 3;
        if grows {
            slots_for((self.used + more) * 2)
        } else {
            self.slots.len()
        }
    }

    /// Makes room for so many items at once, as CPython does before it merges a set or a dict.
    pub fn reserve(&mut self, more: usize) {
        if (self.fill + more) * 5 >= self.mask() * 3 {
            self.resize((self.used + more) * 2);
        }
    }

    /// `set.copy()`, whose order may differ from the original's.
    pub fn copied(&self) -> Self {
        let mut copy = Self::new();
        if self.used > 0 {
            copy.reserve(self.used);
            copy.fill_from(self);
        }
        copy
    }

    /// Takes all items of another table into one that has nothing but room for them.
    fn fill_from(&mut self, other: &Self) {
        if self.slots.len() == other.slots.len() && other.fill == other.used {
            self.slots.copy_from_slice(&other.slots);
            (self.fill, self.used) = (other.fill, other.used);
        } else {
            other
                .iter()
                .for_each(|(hash, item)| self.insert_new(hash, item));
        }
    }

    /// `set.update(other)` of a set that is not this one. The closure compares two items.
    pub fn merge<E>(
        &mut self,
        other: &Self,
        mut equal: impl FnMut(T, T) -> Result<bool, E>,
    ) -> Result<(), E> {
        if other.used == 0 {
            return Ok(());
        }
        self.reserve(other.used);
        if self.fill == 0 {
            self.fill_from(other);
            return Ok(());
        }
        for (hash, item) in other.iter() {
            self.add(hash, item, |old| equal(old, item))?;
        }
        Ok(())
    }

    /// `self & other`.
    pub fn intersection<E>(
        &self,
        other: &Self,
        mut equal: impl FnMut(T, T) -> Result<bool, E>,
    ) -> Result<Self, E> {
        // The smaller one is walked, and its items are taken.
        let (walked, asked) = if other.used > self.used {
            (self, other)
        } else {
            (other, self)
        };
        let mut result = Self::new();
        for (hash, item) in walked.iter() {
            if asked.contains(hash, |old| equal(old, item))? {
                result.add(hash, item, |old| equal(old, item))?;
            }
        }
        Ok(result)
    }

    /// `self - other`.
    pub fn difference<E>(
        &self,
        other: &Self,
        mut equal: impl FnMut(T, T) -> Result<bool, E>,
    ) -> Result<Self, E> {
        if self.used >> 2 > other.used {
            let mut result = self.copied();
            result.difference_update(other, equal)?;
            return Ok(result);
        }
        let mut result = Self::new();
        for (hash, item) in self.iter() {
            if !other.contains(hash, |old| equal(old, item))? {
                result.add(hash, item, |old| equal(old, item))?;
            }
        }
        Ok(result)
    }

    /// `self -= other`, `other` being another table.
    pub fn difference_update<E>(
        &mut self,
        other: &Self,
        mut equal: impl FnMut(T, T) -> Result<bool, E>,
    ) -> Result<(), E> {
        let common;
        // A far larger other set is first cut down to what both have.
        let walked = if other.used >> 3 > self.used {
            common = self.intersection(other, &mut equal)?;
            &common
        } else {
            other
        };
        for (hash, item) in walked.iter() {
            self.discard(hash, |old| equal(old, item))?;
        }
        self.drop_dummies();
        Ok(())
    }

    /// Rebuilds the table when more than a quarter of it is dummies; CPython does so after removing many.
    pub fn drop_dummies(&mut self) {
        if self.fill - self.used > self.mask() / 4 {
            self.resize(growth(self.used));
        }
    }

    /// `self ^ other`.
    pub fn symmetric_difference<E>(
        &self,
        other: &Self,
        equal: impl FnMut(T, T) -> Result<bool, E>,
    ) -> Result<Self, E> {
        let mut result = other.copied();
        result.symmetric_difference_update(self, equal)?;
        Ok(result)
    }

    /// `self ^= other`, `other` being another table.
    pub fn symmetric_difference_update<E>(
        &mut self,
        other: &Self,
        mut equal: impl FnMut(T, T) -> Result<bool, E>,
    ) -> Result<(), E> {
        for (hash, item) in other.iter() {
            if self.discard(hash, |old| equal(old, item))?.is_none() {
                self.add(hash, item, |old| equal(old, item))?;
            }
        }
        Ok(())
    }
}

/// How many items a table is made for when it has outgrown its slots.
fn growth(used: usize) -> usize {
    if used > 50_000 { used * 2 } else { used * 4 }
}

fn slots_for(items: usize) -> usize {
    (items + 1).next_power_of_two().max(SLOTS_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(items: impl IntoIterator<Item = i64>) -> Table<i64> {
        let mut table = Table::new();
        for item in items {
            table
                .add(item, item, |old| Ok::<_, ()>(old == item))
                .unwrap();
        }
        table
    }

    fn order(table: &Table<i64>) -> Vec<i64> {
        table.iter().map(|(_, item)| item).collect()
    }

    #[test]
    fn small_numbers_come_in_order_of_their_slots() {
        assert_eq!(order(&table([9, 8, 1, 17, 0])), [0, 1, 8, 9, 17]);
        assert_eq!(order(&table([33, 1, 32, 64])), [32, 33, 64, 1]);
    }

    #[test]
    fn pop_goes_round() {
        let mut numbers = table(0..5);
        assert_eq!(numbers.pop(), Some((0, 0)));
        assert_eq!(numbers.pop(), Some((1, 1)));
        numbers.add(0, 0, |old| Ok::<_, ()>(old == 0)).unwrap();
        assert_eq!(numbers.pop(), Some((2, 2)));
        assert_eq!(table([]).pop(), None);
    }

    #[test]
    fn a_table_without_room_is_not_accepted() {
        assert!(Table::from_slots(vec![Slot::<i64>::Dummy; 8], 0).is_none());
        assert!(Table::from_slots(vec![Slot::<i64>::Empty; 8], 99).is_some());
    }
}
