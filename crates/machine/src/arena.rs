//! Arenas: one vector of objects for each kind, with an undo log.
//!
//! Writes pass [`Arena::get_mut`], the epoch barrier: the first write to an
//! object after a mark saves its old content, so that stepping back costs what
//! changed. Without a mark nothing is saved.

use crate::value::Handle;
use alloc::vec::Vec;

#[derive(Clone, Debug)]
struct Entry<T> {
    /// Epoch of the last saved or first content.
    epoch: u32,
    live: bool,
    marked: bool,
    object: T,
}

/// Objects of one type, by handle.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    entries: Vec<Entry<T>>,
    free: Vec<Handle>,
    epoch: u32,
    /// Old contents, oldest first; only filled while a mark is held.
    log: Vec<(Handle, T)>,
    logging: bool,
}

impl<T> Default for Arena<T> {
    fn default() -> Arena<T> {
        Arena { entries: Vec::new(), free: Vec::new(), epoch: 0, log: Vec::new(), logging: false }
    }
}

impl<T: Clone + Default> Arena<T> {
    /// Store an object.
    #[inline]
    pub fn add(&mut self, object: T) -> Handle {
        let entry = Entry { epoch: self.epoch, live: true, marked: false, object };
        if let Some(handle) = self.free.pop() {
            self.entries[handle as usize] = entry;
            return handle;
        }
        self.entries.push(entry);
        (self.entries.len() - 1) as Handle
    }

    /// Read an object. Handles come from `add` of the same arena and live as long as they are reachable.
    #[inline]
    pub fn get(&self, handle: Handle) -> &T {
        &self.entries[handle as usize].object
    }

    /// Write to an object, through the barrier.
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> &mut T {
        if self.entries[handle as usize].epoch != self.epoch {
            self.save(handle);
        }
        &mut self.entries[handle as usize].object
    }

    #[cold]
    fn save(&mut self, handle: Handle) {
        let entry = &mut self.entries[handle as usize];
        entry.epoch = self.epoch;
        if self.logging {
            self.log.push((handle, entry.object.clone()));
        }
    }

    /// Begin an epoch: every object written from now on is saved first. Returns the place in the log.
    pub fn mark(&mut self) -> usize {
        self.epoch += 1;
        self.logging = true;
        self.log.len()
    }

    /// Forget all marks.
    pub fn forget(&mut self) {
        self.log.clear();
        self.logging = false;
    }

    /// Restore the contents of the moment when `mark` gave `place`. Objects added since become garbage.
    pub fn back_to(&mut self, place: usize) {
        self.epoch += 1;
        while self.log.len() > place {
            if let Some((handle, object)) = self.log.pop() {
                self.entries[handle as usize].object = object;
            }
        }
    }

    /// Saved old contents: they keep alive what they refer to.
    pub fn saved(&self) -> impl Iterator<Item = &(Handle, T)> {
        self.log.iter()
    }

    /// Mark as reachable; true the first time in this collection.
    #[inline]
    pub fn reach(&mut self, handle: Handle) -> bool {
        let entry = &mut self.entries[handle as usize];
        !core::mem::replace(&mut entry.marked, true)
    }

    /// Does the handle name an object that was not freed?
    pub fn is_live(&self, handle: Handle) -> bool {
        self.entries.get(handle as usize).is_some_and(|entry| entry.live)
    }

    /// Free what was not reached since the last sweep; `size` of each survivor is summed up.
    pub fn sweep(&mut self, size: impl Fn(&T) -> u64) -> u64 {
        let mut bytes = 0;
        for (handle, entry) in self.entries.iter_mut().enumerate() {
            if entry.marked {
                entry.marked = false;
                bytes += size(&entry.object);
            } else if entry.live {
                entry.live = false;
                entry.object = T::default();
                self.free.push(handle as Handle);
            }
        }
        // Low handles first, so that numbering depends on the program alone.
        self.free.sort_unstable_by(|a, b| b.cmp(a));
        bytes
    }

    /// Bytes that move when there is no room for `soon` bytes more; old and new place exist at once then.
    pub fn growing(&self, soon: u64) -> u64 {
        let size = size_of::<Entry<T>>() as u64;
        let room = (self.entries.capacity() - self.entries.len() + self.free.len()) as u64;
        if room.saturating_mul(size) < soon { self.entries.len() as u64 * size } else { 0 }
    }

    /// Number of live objects.
    pub fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
