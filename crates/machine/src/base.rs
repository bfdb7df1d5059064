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
    /// Sites of shared code.
    first: usize,
    pages: Vec<Option<Box<[Cache; PAGE]>>>,
    own: Vec<Cache>,
}

impl Caches {
    /// Caches of a machine whose shared code has so many sites.
    pub(crate) fn behind(first: usize) -> Caches {
        Caches { first, pages: vec![None; first.div_ceil(PAGE)], own: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.first + self.own.len()
    }

    /// Caches of so many more sites.
    pub(crate) fn extend(&mut self, sites: usize) {
        self.own.resize(self.own.len() + sites, Cache::EMPTY);
    }

    /// Nothing is known any more.
    pub(crate) fn forget(&mut self) {
        self.own.fill(Cache::EMPTY);
        self.pages.iter_mut().flatten().for_each(|page| page.fill(Cache::EMPTY));
    }

    #[inline(never)]
    fn of_base(&self, place: usize) -> &Cache {
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
        match self.own.get(place.wrapping_sub(self.first)) {
            Some(cache) => cache,
            None => self.of_base(place),
        }
    }
}

impl IndexMut<usize> for Caches {
    fn index_mut(&mut self, place: usize) -> &mut Cache {
        match place.checked_sub(self.first) {
            Some(own) => &mut self.own[own],
            None => &mut self.pages[place / PAGE].get_or_insert_with(|| Box::new([Cache::EMPTY; PAGE]))[place % PAGE],
        }
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
