//! Arenas: one vector of objects for each kind, with an undo log.
//!
//! Writes pass [`Arena::get_mut`], the epoch barrier: the first write to an
//! object after a mark saves its old content, so that stepping back costs what
//! changed. Without a mark nothing is saved.
//!
//! What the collector asks of every object (is it live, was it reached) stands in a vector of its own, a byte for each,
//! so that a sweep does not walk through the objects that stay.
//!
//! A machine that began from a template shares the template's objects with all others that did: their handles come
//! first. They are never written, marked or freed. The first write to one makes a copy, which stands among the
//! machine's own objects and answers to the old handle from then on.

use crate::value::Handle;
use crate::without;
use alloc::{sync::Arc, vec, vec::Vec};
use core::cell::Cell;
use core::mem;

const LIVE: u8 = 1;
const MARKED: u8 = 2;
/// The copy of a shared object: alive for as long as the machine.
const COPY: u8 = 4;
/// No copy was made.
const NONE: u32 = u32::MAX;

/// Objects that machines share.
#[derive(Clone, Debug)]
pub struct Base<T> {
    objects: Arc<[T]>,
    /// What they are charged.
    bytes: u64,
}

/// Objects of one type, by handle.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    base: Base<T>,
    /// Where the copy of each shared object stands among `objects`; empty until there is one.
    copies: Vec<u32>,
    /// The machine's own objects. Their handles begin behind the shared ones; the vectors below go with them.
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
        Arena::on(Base { objects: Arc::from(Vec::new()), bytes: 0 })
    }
}

impl<T> Arena<T> {
    /// An arena with nothing but shared objects.
    pub fn on(base: Base<T>) -> Arena<T> {
        Arena { base, copies: Vec::new(), objects: Vec::new(), epochs: Vec::new(), states: Vec::new(), free: Vec::new(), epoch: 0, log: Vec::new(), logging: false }
    }

    /// All objects, to be shared. Only for an arena that began without shared ones, right after a sweep.
    pub fn share(&mut self, size: impl Fn(&T) -> u64) -> Base<T> {
        let all = self.objects.iter().zip(&self.states);
        let bytes = all.filter(|(_, state)| state.get() & LIVE != 0).map(|(object, _)| size(object)).sum();
        Base { objects: mem::take(&mut self.objects).into(), bytes }
    }

    /// Place among the machine's own objects; that of a shared one is beyond them.
    #[inline]
    fn own(&self, handle: Handle) -> usize {
        (handle as usize).wrapping_sub(self.base.objects.len())
    }

    #[inline(always)]
    fn of_base(&self, handle: Handle) -> &T {
        if self.copies.is_empty() { &self.base.objects[handle as usize] } else { self.copy_of(handle) }
    }

    #[inline(never)]
    fn copy_of(&self, handle: Handle) -> &T {
        match self.copies[handle as usize] {
            NONE => &self.base.objects[handle as usize],
            place => &self.objects[place as usize],
        }
    }
}

impl<T: Clone + Default> Arena<T> {
    /// Store an object.
    #[inline]
    pub fn add(&mut self, object: T) -> Handle {
        if let Some(handle) = self.free.pop() {
            let place = self.own(handle);
            self.objects[place] = object;
            self.epochs[place] = self.epoch;
            self.states[place].set(LIVE);
            return handle;
        }
        self.grow(object)
    }

    fn grow(&mut self, object: T) -> Handle {
        let handle = self.base.objects.len() + self.objects.len();
        self.objects.push(object);
        self.epochs.push(self.epoch);
        self.states.push(Cell::new(LIVE));
        handle as Handle
    }

    /// Read an object. Handles come from `add` of the same arena and live as long as they are reachable.
    #[inline]
    pub fn get(&self, handle: Handle) -> &T {
        match self.objects.get(self.own(handle)) {
            Some(object) => object,
            None => self.of_base(handle),
        }
    }

    /// Write to an object, through the barrier.
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> &mut T {
        let mut place = self.own(handle);
        if place >= self.objects.len() {
            place = self.copy(handle);
        }
        if !without::BARRIER && self.logging && self.epochs[place] != self.epoch {
            self.save(handle, place);
        }
        &mut self.objects[place]
    }

    /// Place of the copy of a shared object.
    #[cold]
    fn copy(&mut self, handle: Handle) -> usize {
        if self.copies.is_empty() {
            self.copies = vec![NONE; self.base.objects.len()];
        }
        let known = self.copies[handle as usize];
        if known != NONE {
            return known as usize;
        }
        let place = self.objects.len();
        self.copies[handle as usize] = place as u32;
        self.objects.push(self.base.objects[handle as usize].clone());
        // Older than every mark, whose log needs what is there now.
        self.epochs.push(0);
        self.states.push(Cell::new(COPY));
        place
    }

    /// Shared objects of which there are copies.
    pub fn copied(&self) -> impl Iterator<Item = Handle> {
        self.copies.iter().enumerate().filter(|(_, place)| **place != NONE).map(|(handle, _)| handle as Handle)
    }

    #[cold]
    fn save(&mut self, handle: Handle, place: usize) {
        self.epochs[place] = self.epoch;
        self.log.push((handle, self.objects[place].clone()));
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
                let own = self.own(handle);
                let place = if own < self.objects.len() { own } else { self.copies[handle as usize] as usize };
                self.objects[place] = object;
            }
        }
    }

    /// Saved old contents: they keep alive what they refer to.
    pub fn saved(&self) -> impl Iterator<Item = &(Handle, T)> {
        self.log.iter()
    }

    /// All live objects that are the machine's own.
    pub fn iter_live(&self) -> impl Iterator<Item = &T> {
        self.objects.iter().zip(&self.states).filter(|(_, state)| state.get() & LIVE != 0).map(|(object, _)| object)
    }

    /// Mark as reachable; true the first time in this collection, and never for what is shared.
    #[inline]
    pub fn reach(&self, handle: Handle) -> bool {
        let Some(state) = self.states.get(self.own(handle)) else { return false };
        let before = state.replace(state.get() | MARKED);
        before & MARKED == 0
    }

    /// Does the handle name an object that was not freed?
    pub fn is_live(&self, handle: Handle) -> bool {
        (handle as usize) < self.base.objects.len() || self.states.get(self.own(handle)).is_some_and(|state| state.get() & LIVE != 0)
    }

    /// Free what was not reached since the last sweep; the `size` of each survivor is summed up, shared ones included.
    pub fn sweep(&mut self, size: impl Fn(&T) -> u64) -> u64 {
        let replaced: u64 = self.copied().map(|handle| size(&self.base.objects[handle as usize])).sum();
        let mut bytes = self.base.bytes.saturating_sub(replaced);
        let first = self.base.objects.len();
        // The free places, high handles first, so that the low ones are taken first: numbering depends on the
        // program alone.
        self.free.clear();
        for (place, state) in self.states.iter().enumerate().rev() {
            match state.get() {
                LIVE => {
                    state.set(0);
                    self.objects[place] = T::default();
                    self.free.push((first + place) as Handle);
                }
                COPY => bytes += size(&self.objects[place]),
                marked if marked & MARKED != 0 => {
                    state.set(marked & LIVE);
                    if marked & LIVE == 0 {
                        self.free.push((first + place) as Handle);
                    } else {
                        bytes += size(&self.objects[place]);
                    }
                }
                _ => self.free.push((first + place) as Handle),
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
        self.base.objects.len() + self.objects.len() - self.free.len() - self.copied().count()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
