//! The open-addressing table behind `set` and `frozenset`, probed, filled and
//! grown as CPython's `setobject.c` does, so that iteration order is the same
//! wherever it does not depend on a random hash seed.

use crate::value::Slot;
use alloc::{vec, vec::Vec};

const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;
const MIN_SIZE: usize = 8;

/// One place of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell {
    Free,
    Deleted,
    Used(u64, Slot),
}

/// A set of slots with their hashes.
#[derive(Clone, Debug)]
pub struct SetTable {
    cells: Vec<Cell>,
    fill: usize,
    used: usize,
    /// Where the next `pop` begins to look.
    finger: usize,
}

impl Default for SetTable {
    fn default() -> SetTable {
        SetTable { cells: vec![Cell::Free; MIN_SIZE], fill: 0, used: 0, finger: 0 }
    }
}

impl SetTable {
    /// Number of members.
    #[inline]
    pub fn len(&self) -> usize {
        self.used
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Members in table order.
    pub fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        self.hashed().map(|(_, slot)| slot)
    }

    /// Members with their hashes, in table order.
    pub fn hashed(&self) -> impl Iterator<Item = (u64, Slot)> + '_ {
        self.cells.iter().filter_map(|c| if let Cell::Used(h, s) = c { Some((*h, *s)) } else { None })
    }

    /// First member at or after a table position, and the position behind it.
    pub fn next_from(&self, position: usize) -> Option<(Slot, usize)> {
        let offset = self.cells.get(position..)?.iter().position(|c| matches!(c, Cell::Used(..)))?;
        match self.cells[position + offset] {
            Cell::Used(_, slot) => Some((slot, position + offset + 1)),
            _ => None,
        }
    }

    /// Place of the member with this hash for which `same` holds.
    pub fn find(&self, hash: u64, mut same: impl FnMut(Slot) -> bool) -> Option<usize> {
        self.probe(hash, |cell| match cell {
            Cell::Free => Some(false),
            Cell::Used(h, slot) if h == hash && same(slot) => Some(true),
            _ => None,
        })
        .1
    }

    /// Walk the probe sequence until `stop` tells; (last place, the place when it told `true`).
    fn probe(&self, hash: u64, mut stop: impl FnMut(Cell) -> Option<bool>) -> (usize, Option<usize>) {
        let mut yes = false;
        let place = self.probe_places(hash, |_, cell| stop(cell).inspect(|found| yes = *found));
        (place, yes.then_some(place))
    }

    /// Walk the probe sequence until `stop` tells; the place where it did.
    fn probe_places(&self, hash: u64, mut stop: impl FnMut(usize, Cell) -> Option<bool>) -> usize {
        let mask = self.cells.len() - 1;
        let (mut perturb, mut index) = (hash, hash as usize & mask);
        loop {
            let last = if index + LINEAR_PROBES <= mask { index + LINEAR_PROBES } else { index };
            for place in index..=last {
                if stop(place, self.cells[place]).is_some() {
                    return place;
                }
            }
            perturb >>= PERTURB_SHIFT;
            index = (index.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize)) & mask;
        }
    }

    /// Add a member that is not there.
    pub fn insert_new(&mut self, hash: u64, slot: Slot) {
        let mut deleted = None;
        let place = self.probe_places(hash, |place, cell| {
            if let Cell::Deleted = cell {
                deleted = Some(place);
            }
            matches!(cell, Cell::Free).then_some(true)
        });
        self.used += 1;
        if let Some(place) = deleted {
            // The last deleted cell on the way is used again.
            self.cells[place] = Cell::Used(hash, slot);
            return;
        }
        self.cells[place] = Cell::Used(hash, slot);
        self.fill += 1;
        if self.fill * 5 >= (self.cells.len() - 1) * 3 {
            self.resize(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
        }
    }

    /// Remove the member at a place.
    pub fn remove(&mut self, place: usize) -> Option<Slot> {
        match core::mem::replace(&mut self.cells[place], Cell::Deleted) {
            Cell::Used(_, slot) => {
                self.used -= 1;
                Some(slot)
            }
            other => {
                self.cells[place] = other;
                None
            }
        }
    }

    /// Remove some member: the first one behind the last that was popped.
    pub fn pop(&mut self) -> Option<Slot> {
        if self.used == 0 {
            return None;
        }
        let mask = self.cells.len() - 1;
        let mut place = self.finger & mask;
        while !matches!(self.cells[place], Cell::Used(..)) {
            place = (place + 1) & mask;
        }
        self.finger = place + 1;
        self.remove(place)
    }

    /// Make the table afresh when more than a quarter of it are deleted places, as after a difference.
    pub fn shed_deleted(&mut self) {
        if self.fill - self.used > (self.cells.len() - 1) / 4 {
            self.resize(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
        }
    }

    /// Is the table as it was made?
    pub fn is_fresh(&self) -> bool {
        self.fill == 0 && self.cells.len() == MIN_SIZE
    }

    /// Remove all.
    pub fn clear(&mut self) {
        *self = SetTable::default();
    }

    /// Make room as CPython does before merging `more` members of another set.
    pub fn reserve_merge(&mut self, more: usize) {
        if (self.fill + more) * 5 >= (self.cells.len() - 1) * 3 {
            self.resize((self.used + more) * 2);
        }
    }

    /// Add all members of another set, none of which is here, as CPython merges into an empty set.
    pub fn merge_into_empty(&mut self, other: &SetTable) {
        self.reserve_merge(other.used);
        if self.fill == 0 && self.cells.len() == other.cells.len() && other.fill == other.used {
            self.cells.clone_from(&other.cells);
            (self.fill, self.used) = (other.fill, other.used);
            return;
        }
        for (hash, slot) in other.hashed() {
            self.insert_clean(hash, slot);
        }
    }

    /// A copy in the order in which CPython's `set(other)` gives it.
    pub fn copied(&self) -> SetTable {
        let mut copy = SetTable::default();
        copy.reserve_merge(self.used);
        if copy.cells.len() == self.cells.len() && self.fill == self.used {
            return SetTable { finger: 0, ..self.clone() };
        }
        for (hash, slot) in self.hashed() {
            copy.insert_clean(hash, slot);
        }
        copy
    }

    fn resize(&mut self, min_used: usize) {
        let mut size = MIN_SIZE;
        while size <= min_used {
            size <<= 1;
        }
        let old = core::mem::replace(&mut self.cells, vec![Cell::Free; size]);
        self.fill = 0;
        self.used = 0;
        for cell in old {
            if let Cell::Used(hash, slot) = cell {
                self.insert_clean(hash, slot);
            }
        }
    }

    fn insert_clean(&mut self, hash: u64, slot: Slot) {
        let (place, _) = self.probe(hash, |cell| matches!(cell, Cell::Free).then_some(true));
        self.cells[place] = Cell::Used(hash, slot);
        self.fill += 1;
        self.used += 1;
    }

    /// All places, and where the next `pop` begins to look.
    pub(crate) fn to_cells(&self) -> (Vec<Cell>, usize) {
        (self.cells.clone(), self.finger)
    }

    /// A table of these places; None when looking for a free one would not end.
    pub(crate) fn of_cells(cells: Vec<Cell>, finger: usize) -> Option<SetTable> {
        let free = cells.iter().filter(|cell| matches!(cell, Cell::Free)).count();
        let used = cells.iter().filter(|cell| matches!(cell, Cell::Used(..))).count();
        let sound = cells.len() >= MIN_SIZE && cells.len().is_power_of_two() && free > 0;
        sound.then(|| SetTable { fill: cells.len() - free, used, finger, cells })
    }

    /// Bytes that the table holds beside its arena entry.
    pub fn bytes(&self) -> u64 {
        (self.cells.len() * core::mem::size_of::<Cell>()) as u64
    }
}
