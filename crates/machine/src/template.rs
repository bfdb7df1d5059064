//! Templates: a machine after its start, from which others begin.
//!
//! The start is the same in every machine: natives find their classes, names are interned, and the library's hidden
//! module runs. A template does it once. What is there then is shared by all machines that begin from it, and nothing
//! of it is copied but what a machine writes. It was never collected by one of them and is not walked through either:
//! it refers to nothing of theirs, except where they hold a copy (see [`crate::arena`]).
//!
//! A machine that began from a template is, to its program, to its images and to their hash, as one that did not; the
//! fuel of the start is spent.

use crate::base::{Caches, Interned, Tail};
use crate::code::Code;
use crate::heap::{Heap, HeapBase};
use crate::machine::{CodeSource, Library, Loaded, Machine, Names, Shared, Step};
use crate::value::Handle;
use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use emulant_ask::Limits;
use hashbrown::HashTable;

/// Deeper than what the start calls.
const DEPTH: u32 = 64;

/// What machines begin with.
pub struct Template {
    pub(crate) shared: Arc<Shared>,
    heap: HeapBase,
    names: Names,
    operators: [[Handle; 3]; 13],
    ascii: Arc<[Handle]>,
    codes: Arc<[Loaded]>,
    texts: Arc<[Arc<Code>]>,
    /// Start of each piece of code, and the module of the library.
    sources: Vec<(u32, Option<String>)>,
    cache_sites: usize,
    interned: Arc<HashTable<Handle>>,
    class_versions: u32,
    builtins: Handle,
    modules: Handle,
    native_modules: Arc<BTreeMap<&'static str, Vec<u32>>>,
    hidden_globals: Handle,
    watched: Handle,
    /// What the start spends, and the memory that it needs.
    fuel: u64,
    bytes: u64,
}

impl Template {
    /// Start a machine with this library, to begin others from, and load the code of some modules; they are imported as
    /// any others, but their code is shared too. None when its hidden module does more than to define
    /// what the machine needs: every machine starts by itself then.
    pub fn new(library: Arc<dyn Library>, modules: &[&str]) -> Option<Template> {
        let mut machine = Machine::founding(library, Limits::default());
        machine.push_hidden_module().ok()?;
        let ended = machine.frames.is_empty() || matches!(machine.go(), Step::Done { status: 0 });
        let quiet = machine.output.is_empty() && machine.identities_given == 0 && machine.asks.next_id == 0 && machine.repr_guard.is_empty();
        if !ended || !quiet {
            return None;
        }
        for name in modules {
            let code = machine.library.module(name)?;
            machine.load_library(name, code);
        }
        let (fuel, bytes) = (machine.instructions(), machine.heap.bytes);
        Some(Template {
            shared: machine.shared.clone(),
            heap: core::mem::take(&mut machine.heap).share()?,
            names: machine.names.clone(),
            operators: machine.operators,
            ascii: machine.ascii.clone(),
            codes: core::mem::take(&mut machine.codes).share(),
            texts: core::mem::take(&mut machine.texts).share(),
            sources: machine.sources.iter().map(|source| (source.start, source.library.clone())).collect(),
            cache_sites: machine.caches.shared(),
            interned: machine.interned.share(),
            class_versions: machine.class_versions,
            builtins: machine.builtins,
            modules: machine.modules,
            native_modules: machine.native_modules.clone(),
            hidden_globals: machine.hidden_globals,
            watched: machine.watched,
            fuel,
            bytes,
        })
    }

    /// Would a machine with these limits get through its start?
    pub(crate) fn serves(&self, limits: &Limits) -> bool {
        limits.instructions > self.fuel && limits.memory_bytes > self.bytes && limits.depth >= DEPTH
    }

    /// What the start leaves behind, into a machine that has nothing yet.
    pub(crate) fn begin(&self, machine: &mut Machine) {
        machine.heap = Heap::on(&self.heap);
        machine.names = self.names.clone();
        machine.operators = self.operators;
        machine.ascii = self.ascii.clone();
        machine.codes = Tail::on(self.codes.clone());
        machine.texts = Tail::on(self.texts.clone());
        machine.sources = self.sources.iter().map(|(start, library)| CodeSource { start: *start, library: library.clone(), digest: Default::default() }).collect();
        machine.caches = Caches::beside(self.cache_sites);
        machine.interned = Interned::on(self.interned.clone());
        machine.class_versions = self.class_versions;
        machine.first_classes = self.heap.classes.len() as Handle;
        (machine.builtins, machine.modules, machine.hidden_globals) = (self.builtins, self.modules, self.hidden_globals);
        machine.native_modules = self.native_modules.clone();
        machine.watched = self.watched;
        machine.set_fuel(machine.fuel_left().saturating_sub_unsigned(self.fuel));
        machine.started = true;
    }
}
