//! Arenas: one vector of objects for each kind, with an undo log.
//!
//! Writes pass [`Arena::get_mut`], the epoch barrier: the first write to an
//! object after a mark saves its old content, so that stepping back costs what
//! changed. Without a mark nothing is saved.
//!
//! What the collector asks of every object (is it live, was it reached) stands in a vector of its own, a byte for each,
//! so that a sweep does not walk through the objects that stay.

use crate::value::Handle;
use crate::without;
use alloc::vec::Vec;
use core::cell::Cell;

const LIVE: u8 = 1;
const MARKED: u8 = 2;

/// Objects of one type, by handle.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    objects: Vec<T>,
    /// Epoch of the last saved or first content of each.
    epochs: Vec<u32>,
    /// Is it live, and was it reached?
    states: Vec<Cell<u8>>,
    free: Vec<Handle>,
    epoch: u32,
    /// Old contents, oldest first; only filled while a mark is held.
    log: Vec<(Handle, T)>,
    logging: bool,
}

impl<T> Default for Arena<T> {
    fn default() -> Arena<T> {
        Arena { objects: Vec::new(), epochs: Vec::new(), states: Vec::new(), free: Vec::new(), epoch: 0, log: Vec::new(), logging: false }
    }
}

impl<T: Clone + Default> Arena<T> {
    /// Store an object.
    #[inline]
    pub fn add(&mut self, object: T) -> Handle {
        if let Some(handle) = self.free.pop() {
            self.objects[handle as usize] = object;
            self.epochs[handle as usize] = self.epoch;
            self.states[handle as usize].set(LIVE);
            return handle;
        }
        self.grow(object)
    }

    fn grow(&mut self, object: T) -> Handle {
        self.objects.push(object);
        self.epochs.push(self.epoch);
        self.states.push(Cell::new(LIVE));
        (self.objects.len() - 1) as Handle
    }

    /// Read an object. Handles come from `add` of the same arena and live as long as they are reachable.
    #[inline]
    pub fn get(&self, handle: Handle) -> &T {
        &self.objects[handle as usize]
    }

    /// Write to an object, through the barrier.
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> &mut T {
        if !without::BARRIER && self.logging && self.epochs[handle as usize] != self.epoch {
            self.save(handle);
        }
        &mut self.objects[handle as usize]
    }

    #[cold]
    fn save(&mut self, handle: Handle) {
        self.epochs[handle as usize] = self.epoch;
        self.log.push((handle, self.objects[handle as usize].clone()));
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
                self.objects[handle as usize] = object;
            }
        }
    }

    /// Saved old contents: they keep alive what they refer to.
    pub fn saved(&self) -> impl Iterator<Item = &(Handle, T)> {
        self.log.iter()
    }

    /// All live objects.
    pub fn iter_live(&self) -> impl Iterator<Item = &T> {
        self.objects.iter().zip(&self.states).filter(|(_, state)| state.get() & LIVE != 0).map(|(object, _)| object)
    }

    /// Mark as reachable; true the first time in this collection.
    #[inline]
    pub fn reach(&self, handle: Handle) -> bool {
        let state = &self.states[handle as usize];
        let before = state.replace(state.get() | MARKED);
        before & MARKED == 0
    }

    /// Does the handle name an object that was not freed?
    pub fn is_live(&self, handle: Handle) -> bool {
        self.states.get(handle as usize).is_some_and(|state| state.get() & LIVE != 0)
    }

    /// Free what was not reached since the last sweep; `size` of each survivor is summed up.
    pub fn sweep(&mut self, size: impl Fn(&T) -> u64) -> u64 {
        let mut bytes = 0;
        // The free places, high handles first, so that the low ones are taken first: numbering depends on the
        // program alone.
        self.free.clear();
        for (handle, state) in self.states.iter().enumerate().rev() {
            match state.get() {
                LIVE => {
                    state.set(0);
                    self.objects[handle] = T::default();
                    self.free.push(handle as Handle);
                }
                marked if marked & MARKED != 0 => {
                    state.set(marked & LIVE);
                    if marked & LIVE == 0 {
                        self.free.push(handle as Handle);
                    } else {
                        bytes += size(&self.objects[handle]);
                    }
                }
                _ => self.free.push(handle as Handle),
            }
        }
        bytes
    }

    /// Bytes that move when there is no room for `soon` bytes more; old and new place exist at once then.
    pub fn growing(&self, soon: u64) -> u64 {
        let size = (size_of::<T>() + size_of::<u32>() + 1) as u64;
        let room = (self.objects.capacity() - self.objects.len() + self.free.len()) as u64;
        if room.saturating_mul(size) < soon { self.objects.len() as u64 * size } else { 0 }
    }

    /// Number of live objects.
    pub fn len(&self) -> usize {
        self.objects.len() - self.free.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
