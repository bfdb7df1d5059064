//! Lists and tables of a machine whose beginning it shares with all machines of its template; see [`crate::template`].
//! What is shared is never written. An empty beginning is that of a machine without a template.

use crate::class::Cache;
use crate::heap::Heap;
use crate::value::Handle;
use alloc::{boxed::Box, sync::Arc, vec, vec::Vec};
use core::mem;
use core::ops::{Index, IndexMut};
use hashbrown::HashTable;

/// A list that grows at its end.
#[derive(Clone, Debug)]
pub struct Tail<T> {
    base: Arc<[T]>,
    own: Vec<T>,
}

impl<T> Default for Tail<T> {
    fn default() -> Tail<T> {
        Tail::on(Arc::from(Vec::new()))
    }
}

impl<T> Tail<T> {
    /// A list with nothing but its shared beginning.
    pub(crate) fn on(base: Arc<[T]>) -> Tail<T> {
        Tail { base, own: Vec::new() }
    }

    /// All of a list without a shared beginning, to be shared.
    pub(crate) fn share(self) -> Arc<[T]> {
        self.own.into()
    }

    /// Place of the first item that is not shared.
    pub(crate) fn first(&self) -> usize {
        self.base.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.base.len() + self.own.len()
    }

    pub(crate) fn push(&mut self, item: T) {
        self.own.push(item);
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        self.own.get(place.wrapping_sub(self.base.len())).or_else(|| self.base.get(place))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.base.iter().chain(&self.own)
    }

    /// What is not shared.
    pub(crate) fn own(&self) -> &[T] {
        &self.own
    }

    #[inline(never)]
    fn of_base(&self, place: usize) -> &T {
        &self.base[place]
    }
}

impl<T> Index<usize> for Tail<T> {
    type Output = T;

    #[inline]
    fn index(&self, place: usize) -> &T {
        match self.own.get(place.wrapping_sub(self.base.len())) {
            Some(item) => item,
            None => self.of_base(place),
        }
    }
}

/// Places of shared code whose caches are made at once.
const PAGE: usize = 64;

/// Caches of all sites. A cache is written, so none is shared; those of shared code are made where they are needed.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    /// Sites of shared code, and whether all code is to be shared.
    shared: usize,
    founds: bool,
    pages: Vec<Option<Box<[Cache; PAGE]>>>,
    own: Vec<Cache>,
}

/// Places of sites of shared code have this bit.
const SHARED: usize = 1 << (usize::BITS - 1);

impl Caches {
    /// Caches of a machine with shared code of so many sites.
    pub(crate) fn beside(shared: usize) -> Caches {
        Caches { shared, founds: false, pages: vec![None; shared.div_ceil(PAGE)], own: Vec::new() }
    }

    /// Caches of a machine whose code is to be shared.
    pub(crate) fn founding() -> Caches {
        Caches { founds: true, ..Caches::default() }
    }

    /// Sites of shared code.
    pub(crate) fn shared(&self) -> usize {
        self.shared
    }

    /// Caches of so many more sites; gives the place of the first.
    pub(crate) fn extend(&mut self, sites: usize) -> usize {
        if self.founds {
            let first = SHARED | self.shared;
            self.shared += sites;
            self.pages.resize(self.shared.div_ceil(PAGE), None);
            return first;
        }
        let first = self.own.len();
        self.own.resize(first + sites, Cache::EMPTY);
        first
    }

    /// Nothing is known any more.
    pub(crate) fn forget(&mut self) {
        self.own.fill(Cache::EMPTY);
        self.pages.iter_mut().flatten().for_each(|page| page.fill(Cache::EMPTY));
    }

    #[inline(never)]
    fn of_shared(&self, place: usize) -> &Cache {
        let place = place ^ SHARED;
        match self.pages.get(place / PAGE) {
            Some(Some(page)) => &page[place % PAGE],
            _ => &Cache::EMPTY,
        }
    }
}

impl Index<usize> for Caches {
    type Output = Cache;

    #[inline]
    fn index(&self, place: usize) -> &Cache {
        match self.own.get(place) {
            Some(cache) => cache,
            None => self.of_shared(place),
        }
    }
}

impl IndexMut<usize> for Caches {
    fn index_mut(&mut self, place: usize) -> &mut Cache {
        if place & SHARED == 0 {
            return &mut self.own[place];
        }
        let place = place ^ SHARED;
        &mut self.pages[place / PAGE].get_or_insert_with(|| Box::new([Cache::EMPTY; PAGE]))[place % PAGE]
    }
}

/// Strings of which there is one object each, by their texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interned {
    base: Arc<HashTable<Handle>>,
    own: HashTable<Handle>,
}

impl Interned {
    /// A table with nothing but its shared part.
    pub(crate) fn on(base: Arc<HashTable<Handle>>) -> Interned {
        Interned { base, own: HashTable::new() }
    }

    /// All of a table without a shared part, to be shared.
    pub(crate) fn share(&mut self) -> Arc<HashTable<Handle>> {
        Arc::new(mem::take(&mut self.own))
    }

    /// The object with this text, whose hash is `hash`.
    pub(crate) fn find(&self, heap: &Heap, hash: u64, text: &str) -> Option<Handle> {
        let same = |handle: &Handle| heap.text(*handle) == text;
        self.base.find(hash, same).or_else(|| self.own.find(hash, same)).copied()
    }

    /// One that is not there. Its object knows its hash.
    pub(crate) fn insert(&mut self, heap: &Heap, hash: u64, handle: Handle) {
        self.own.insert_unique(hash, handle, |handle| heap.strings.get(*handle).hash.get());
    }

    /// Those that are not shared.
    pub(crate) fn own(&self) -> impl Iterator<Item = Handle> {
        self.own.iter().copied()
    }
}
