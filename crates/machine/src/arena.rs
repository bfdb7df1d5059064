//! Arenas: one vector of objects for each kind, with an undo log.
//!
//! Writes pass [`Arena::get_mut`], the epoch barrier: the first write to an
//! object after a mark saves its old content, so that stepping back costs what
//! changed. Without a mark nothing is saved.
//!
//! What the collector asks of every object (is it live, was it reached) stands in a vector of its own, a byte for each,
//! so that a sweep does not walk through the objects that stay.
//!
//! A machine that began from a template shares the template's objects with all others that did: their handles have a
//! bit of their own, so that a look-up finds them where it would find nothing else. They are never written, marked or
//! freed. The first write to one makes a copy, which stands among the machine's own objects and answers to the old
//! handle from then on.

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

/// Handles of shared objects have this bit.
const SHARED: Handle = 1 << 31;

/// Place of a shared object among all of them; that of any other is beyond them.
#[inline]
fn place_in_base(handle: Handle) -> usize {
    (handle ^ SHARED) as usize
}

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
    /// Objects that are to be shared: everything that is added while a template is made.
    founding: Vec<T>,
    founds: bool,
    /// The machine's own objects. Their handles are their places; the vectors below go with them.
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
        Arena {
            base, copies: Vec::new(), founding: Vec::new(), founds: false, objects: Vec::new(), epochs: Vec::new(), states: Vec::new(), free: Vec::new(),
            epoch: 0, log: Vec::new(), logging: false,
        }
    }

    /// An arena whose objects are to be shared.
    pub fn founding() -> Arena<T> {
        Arena { founds: true, ..Arena::default() }
    }

    /// All objects, to be shared; those of an arena that does not found are to be copied ([`Base::copied`]).
    pub fn share(&mut self, size: impl Fn(&T) -> u64) -> Base<T> {
        let all = mem::take(if self.founds { &mut self.founding } else { &mut self.objects });
        let bytes = all.iter().map(size).sum();
        Base { objects: all.into(), bytes }
    }

    #[inline(always)]
    fn of_base(&self, handle: Handle) -> &T {
        match self.base.objects.get(place_in_base(handle)) {
            Some(object) if self.copies.is_empty() => object,
            _ => self.of_copies(place_in_base(handle)),
        }
    }

    #[inline(never)]
    fn of_copies(&self, place: usize) -> &T {
        match self.copies.get(place) {
            Some(&copy) if copy != NONE => &self.objects[copy as usize],
            _ if self.founds => &self.founding[place],
            _ => &self.base.objects[place],
        }
    }
}

impl<T: Clone> Base<T> {
    /// An arena with a copy of each, under the same handles as in the arena that gave them, which did not found.
    pub fn copied(&self) -> Arena<T> {
        let count = self.objects.len();
        Arena { objects: self.objects.to_vec(), epochs: vec![0; count], states: vec![Cell::new(LIVE); count], ..Arena::default() }
    }

    /// Bytes of all.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Number of all.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
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
        if self.founds {
            self.founding.push(object);
            return SHARED | (self.founding.len() - 1) as Handle;
        }
        self.objects.push(object);
        self.epochs.push(self.epoch);
        self.states.push(Cell::new(LIVE));
        (self.objects.len() - 1) as Handle
    }

    /// Read an object. Handles come from `add` of the same arena and live as long as they are reachable.
    #[inline]
    pub fn get(&self, handle: Handle) -> &T {
        match self.objects.get(handle as usize) {
            Some(object) => object,
            None => self.of_base(handle),
        }
    }

    /// Write to an object, through the barrier.
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> &mut T {
        let mut place = handle as usize;
        if place >= self.objects.len() {
            if self.founds {
                return &mut self.founding[place_in_base(handle)];
            }
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
        let shared = place_in_base(handle);
        let known = self.copies[shared];
        if known != NONE {
            return known as usize;
        }
        let place = self.objects.len();
        self.copies[shared] = place as u32;
        self.objects.push(self.base.objects[shared].clone());
        // Older than every mark, whose log needs what is there now.
        self.epochs.push(0);
        self.states.push(Cell::new(COPY));
        place
    }

    /// Shared objects of which there are copies.
    pub fn copied(&self) -> impl Iterator<Item = Handle> {
        self.copies.iter().enumerate().filter(|(_, copy)| **copy != NONE).map(|(place, _)| SHARED | place as Handle)
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
                let own = (handle as usize) < self.objects.len();
                let place = if own { handle } else { self.copies[place_in_base(handle)] };
                self.objects[place as usize] = object;
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
        let Some(state) = self.states.get(handle as usize) else { return false };
        let before = state.replace(state.get() | MARKED);
        before & MARKED == 0
    }

    /// Does the handle name an object that was not freed?
    pub fn is_live(&self, handle: Handle) -> bool {
        place_in_base(handle) < self.base.objects.len() || self.states.get(handle as usize).is_some_and(|state| state.get() & LIVE != 0)
    }

    /// Free what was not reached since the last sweep; the `size` of each survivor is summed up, shared ones included.
    pub fn sweep(&mut self, size: impl Fn(&T) -> u64) -> u64 {
        let replaced: u64 = self.copied().map(|handle| size(&self.base.objects[place_in_base(handle)])).sum();
        let mut bytes = self.base.bytes.saturating_sub(replaced);
        // The free places, high handles first, so that the low ones are taken first: numbering depends on the
        // program alone.
        self.free.clear();
        for (place, state) in self.states.iter().enumerate().rev() {
            match state.get() {
                LIVE => {
                    state.set(0);
                    self.objects[place] = T::default();
                    self.free.push(place as Handle);
                }
                COPY => bytes += size(&self.objects[place]),
                marked if marked & MARKED != 0 => {
                    state.set(marked & LIVE);
                    if marked & LIVE == 0 {
                        self.free.push(place as Handle);
                    } else {
                        bytes += size(&self.objects[place]);
                    }
                }
                _ => self.free.push(place as Handle),
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
