//! Saving: objects are numbered as they are met, breadth by arena, until none is
//! left that was met and not written.

use super::objects::{self as object, arena_of, arenas, ARENAS, INTERNED, PLAIN, SEALED, STRINGS};
use super::wire::{fixed, flag, list, optional, put, slots, small, text, Done, Pass};
use super::{code_digest, CodeName, ImageError};
use crate::class::CLASSES;
use crate::frame::{Frame, Then};
use crate::hash::Map;
use crate::heap::Heap;
use crate::machine::{Loaded, Machine, Step, Stream};
use crate::value::{Handle, Kind, Label, Slot};
use alloc::{collections::BTreeSet, format, string::{String, ToString}, vec::Vec};
use core::{array::from_fn, mem};
use emulant_ask::{Answer, Limits};

/// What may be spent and what waits to be handed out: the part of an image that is no part of its state.
#[derive(Default)]
pub(super) struct Budget {
    pub(super) limits: Limits,
    pub(super) eager: bool,
    pub(super) tools: Vec<(String, Vec<String>)>,
    pub(super) argv: Vec<String>,
    pub(super) inputs: Vec<(String, Option<emulant_ask::Value>)>,
    pub(super) fuel: u64,
    pub(super) output: Vec<(bool, String)>,
}

impl Budget {
    fn of(machine: &Machine) -> Budget {
        let options = &machine.options;
        Budget {
            limits: machine.limits,
            eager: options.eager,
            tools: options.tools.iter().map(|(name, parameters)| (name.clone(), parameters.clone())).collect(),
            argv: options.argv.clone(),
            inputs: options.inputs.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect(),
            fuel: machine.fuel_left().max(0) as u64,
            output: machine.output.iter().map(|(stream, text)| (*stream == Stream::Err, text.clone())).collect(),
        }
    }

    pub(super) fn pass<P: Pass>(&mut self, p: &mut P) -> Done {
        let limits = &mut self.limits;
        p.number(&mut limits.instructions)?;
        p.number(&mut limits.memory_bytes)?;
        p.number(&mut limits.output_bytes)?;
        p.number(&mut limits.asks)?;
        small(p, &mut limits.depth)?;
        flag(p, &mut self.eager)?;
        list(p, &mut self.tools, Default::default, |p, (name, parameters)| {
            text(p, name)?;
            list(p, parameters, String::new, text)
        })?;
        list(p, &mut self.argv, String::new, text)?;
        list(p, &mut self.inputs, Default::default, |p, (name, value)| {
            text(p, name)?;
            json(p, value)
        })?;
        p.number(&mut self.fuel)?;
        list(p, &mut self.output, Default::default, |p, (error, written)| {
            flag(p, error)?;
            text(p, written)
        })
    }
}

/// A word of the wall as its canonical text; nothing is the empty text.
fn json<P: Pass, T: serde::Serialize + serde::de::DeserializeOwned>(p: &mut P, word: &mut Option<T>) -> Done {
    let mut written = match (&word, P::READS) {
        (Some(word), false) => serde_json::to_value(word).map(|json| emulant_ask::canonical(&json)).unwrap_or_default(),
        _ => String::new(),
    };
    text(p, &mut written)?;
    if P::READS && !written.is_empty() {
        *word = Some(serde_json::from_str(&written).map_err(|_| ImageError::Corrupt("an answer"))?);
    }
    Ok(())
}

/// Everything from which objects are met.
#[derive(Default)]
pub(super) struct Roots {
    pub(super) builtins: Handle,
    pub(super) modules: Handle,
    pub(super) hidden_globals: Handle,
    pub(super) frames: Vec<Frame>,
    pub(super) stack: Vec<Slot>,
    pub(super) repr_guard: Vec<Slot>,
    pub(super) next_id: u64,
    /// Holes by key, with their answers; the last one has none if the program waits for it.
    pub(super) memo: Vec<(String, u64, Option<Answer>)>,
    pub(super) saw: Vec<(u64, Label)>,
    pub(super) waiting: Option<(u64, Then)>,
    pub(super) output_bytes: u64,
    pub(super) recursion_limit: u32,
}

/// The registers of all frames. What lies between two frames was left there by others, and is no part of the state.
fn registers(machine: &Machine) -> Vec<Slot> {
    let mut stack = machine.stack[..machine.scratch_top().min(machine.stack.len())].to_vec();
    let mut top = 0;
    for frame in &machine.frames {
        let base = (frame.base as usize).min(stack.len());
        if base > top {
            stack[top..base].fill(Slot::UNBOUND);
        }
        top = top.max(base + frame.registers as usize);
    }
    stack
}

impl Roots {
    fn of(machine: &Machine) -> Roots {
        let asks = &machine.asks;
        let mut memo: Vec<_> = asks.memo.iter().map(|(key, (id, answer))| (key.clone(), *id, answer.clone())).collect();
        // Where the answer that comes is to be remembered.
        let waited = asks.waiting.and_then(|(id, _)| Some((asks.keys.get(&id)?.clone(), id, None)));
        memo.extend(waited.filter(|(key, ..)| !asks.memo.contains_key(key)));
        // What a hole saw matters while its answer may still come, or come again.
        let needed: BTreeSet<u64> = memo.iter().map(|(_, id, _)| *id).chain(asks.waiting.map(|(id, _)| id)).collect();
        let saw = asks.saw.iter().map(|(id, label)| (*id, *label)).filter(|(id, label)| *label != 0 && needed.contains(id)).collect();
        Roots {
            builtins: machine.builtins, modules: machine.modules, hidden_globals: machine.hidden_globals, frames: machine.frames.clone(),
            stack: registers(machine), repr_guard: machine.repr_guard.clone(),
            next_id: asks.next_id, memo, saw, waiting: asks.waiting, output_bytes: machine.output_bytes,
            recursion_limit: machine.recursion_limit,
        }
    }

    pub(super) fn pass<P: Pass>(&mut self, p: &mut P) -> Done {
        p.object(Kind::Dict, &mut self.builtins)?;
        p.object(Kind::Dict, &mut self.modules)?;
        p.object(Kind::Dict, &mut self.hidden_globals)?;
        list(p, &mut self.frames, object::blank_frame, object::frame)?;
        slots(p, &mut self.stack)?;
        slots(p, &mut self.repr_guard)?;
        p.number(&mut self.next_id)?;
        list(p, &mut self.memo, Default::default, |p, (key, id, answer)| {
            text(p, key)?;
            p.number(id)?;
            json(p, answer)
        })?;
        list(p, &mut self.saw, Default::default, |p, (id, label)| {
            p.number(id)?;
            p.label(label)
        })?;
        optional(p, &mut self.waiting, || (0, Then::Discard), |p, (id, then)| {
            p.number(id)?;
            object::then(p, then)
        })?;
        p.number(&mut self.output_bytes)?;
        small(p, &mut self.recursion_limit)
    }
}

/// What speaks of objects without keeping them alive.
#[derive(Default)]
pub(super) struct Weak {
    /// Classes with those of their direct subclasses that are the program's.
    pub(super) subclasses: Vec<(Handle, Vec<Handle>)>,
    pub(super) identities: Vec<(u64, Slot)>,
    pub(super) identities_given: u64,
}

impl Weak {
    pub(super) fn pass<P: Pass>(&mut self, p: &mut P) -> Done {
        list(p, &mut self.subclasses, Default::default, |p, (class, subclasses)| {
            p.object(Kind::Class, class)?;
            object::class_list(p, subclasses)
        })?;
        list(p, &mut self.identities, Default::default, |p, (identity, slot)| {
            p.number(identity)?;
            super::wire::slot(p, slot)
        })?;
        p.number(&mut self.identities_given)
    }
}

/// Objects that an image names instead of holding them.
#[derive(Clone, Copy)]
pub(super) enum External {
    /// A constant: loaded code, its place among those of the code that are objects.
    Constant(u32, u32),
    /// The namespace of a built-in class.
    Namespace(u32),
}

/// The constants of a code that are objects, outer ones first. Strings are not among them: they are interned.
pub(super) fn constants(heap: &Heap, loaded: &Loaded) -> Vec<(usize, Handle)> {
    fn visit(heap: &Heap, slot: Slot, found: &mut Vec<(usize, Handle)>) {
        let Some(arena) = arena_of(slot.kind).filter(|arena| *arena != STRINGS) else { return };
        found.push((arena, slot.handle()));
        match slot.kind {
            Kind::Tuple => heap.tuples.get(slot.handle()).iter().for_each(|item| visit(heap, *item, found)),
            Kind::FrozenSet => heap.sets.get(slot.handle()).iter().for_each(|member| visit(heap, member, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    loaded.consts.iter().for_each(|slot| visit(heap, *slot, &mut found));
    found
}

/// Things by their number, in the order in which they were met.
struct Met<T> {
    all: Vec<T>,
    numbers: Map<T, u64>,
}

impl<T: Copy + Eq + core::hash::Hash> Met<T> {
    fn new() -> Met<T> {
        Met { all: Vec::new(), numbers: Map::default() }
    }

    fn number(&mut self, thing: T) -> u64 {
        let all = &mut self.all;
        *self.numbers.entry(thing).or_insert_with(|| {
            all.push(thing);
            all.len() as u64 - 1
        })
    }
}

struct Saver<'m> {
    machine: &'m Machine,
    out: Vec<u8>,
    objects: [Met<Handle>; ARENAS],
    bodies: [Vec<u8>; ARENAS],
    nameable: Map<(usize, Handle), External>,
    externals: Met<(usize, Handle)>,
    sources: Met<u32>,
    natives: Met<u32>,
    labels: Met<Label>,
}

/// The part of an image that is no part of the state.
pub(super) fn budget(machine: &Machine) -> Vec<u8> {
    let mut saver = Saver::new(machine);
    saver.write(|saver| Budget::of(machine).pass(saver))
}

/// How the run ended, for the hash.
pub(super) fn ending(machine: &Machine) -> Vec<u8> {
    match &machine.ended {
        None => Vec::new(),
        Some(Step::Raised(error)) => format!("raised {}: {}", error.class, error.message).into_bytes(),
        Some(step) => format!("{step:?}").into_bytes(),
    }
}

/// The state of a program.
pub(super) fn state(machine: &Machine) -> Vec<u8> {
    let mut saver = Saver::new(machine);
    saver.find_nameable();
    let roots = saver.write(|saver| Roots::of(machine).pass(saver));
    saver.drain();
    let weak = saver.write(|saver| saver.weak().pass(saver));
    let externals = saver.write(Saver::externals);
    let labels = saver.write(Saver::labels);
    let mut bytes = saver.write(Saver::names);
    bytes.extend(labels);
    bytes.extend(externals);
    saver.objects.iter().for_each(|met| put(&mut bytes, met.all.len() as u64));
    saver.bodies.iter().for_each(|body| bytes.extend(body));
    bytes.extend(roots);
    bytes.extend(weak);
    bytes
}

impl Saver<'_> {
    fn new(machine: &Machine) -> Saver<'_> {
        Saver {
            machine, out: Vec::new(), objects: from_fn(|_| Met::new()), bodies: from_fn(|_| Vec::new()), nameable: Map::default(),
            externals: Met::new(), sources: Met::new(), natives: Met::new(), labels: Met::new(),
        }
    }

    /// What `part` writes.
    fn write(&mut self, part: impl FnOnce(&mut Self) -> Done) -> Vec<u8> {
        let before = mem::take(&mut self.out);
        part(self).expect("writing an image does not fail: only what is read is checked");
        mem::replace(&mut self.out, before)
    }

    fn find_nameable(&mut self) {
        let machine = self.machine;
        for (code, loaded) in machine.codes.iter().enumerate() {
            for (place, object) in constants(&machine.heap, loaded).into_iter().enumerate() {
                self.nameable.insert(object, External::Constant(code as u32, place as u32));
            }
        }
        let namespaces = arena_of(Kind::Dict).unwrap_or(STRINGS);
        for class in 0..CLASSES.len() as Handle {
            self.nameable.insert((namespaces, machine.heap.classes.get(class).dict), External::Namespace(class));
        }
    }

    /// Write what was met until nothing new is met.
    fn drain(&mut self) {
        let mut done = [0; ARENAS];
        while (0..ARENAS).any(|arena| done[arena] < self.objects[arena].all.len()) {
            for arena in 0..ARENAS {
                while let Some(&handle) = self.objects[arena].all.get(done[arena]) {
                    done[arena] += 1;
                    let body = self.write(|saver| saver.body(arena, handle));
                    self.bodies[arena].extend(body);
                }
            }
        }
    }

    fn string(&mut self, handle: Handle) -> Done {
        let mut written = String::from(self.machine.heap.text(handle));
        let interned = self.machine.find_interned(&written) == Some(handle);
        let sealed = self.machine.heap.strings.get(handle).sealed;
        small(self, &mut if interned { INTERNED } else if sealed { SEALED } else { PLAIN })?;
        text(self, &mut written)
    }

    /// Piece of loaded code that a code belongs to.
    fn source_of(&self, code: u32) -> u32 {
        self.machine.sources.partition_point(|source| source.start <= code) as u32 - 1
    }

    fn weak(&self) -> Weak {
        let machine = self.machine;
        let classes = &self.objects[arena_of(Kind::Class).unwrap_or(STRINGS)];
        let kept = |parent: Handle| -> Vec<Handle> {
            let all = machine.heap.classes.get(parent).subclasses.iter().copied();
            // A class that is gone may have left its place to another.
            all.filter(|class| classes.numbers.contains_key(class) && machine.heap.classes.get(*class).bases.contains(&parent)).collect()
        };
        let parents = (0..CLASSES.len() as Handle).chain(classes.all.iter().copied());
        let subclasses = parents.map(|parent| (parent, kept(parent))).filter(|(_, kept)| !kept.is_empty()).collect();
        let slots = machine.identities.iter().map(|((kind, bits), identity)| (*identity, Slot::new(*kind, *bits)));
        let mut identities: Vec<_> = slots.filter(|(_, slot)| self.is_met(*slot)).collect();
        identities.sort_unstable_by_key(|(identity, _)| *identity);
        Weak { subclasses, identities, identities_given: machine.identities_given }
    }

    /// Is the slot no object, or one that the image holds or names?
    fn is_met(&self, slot: Slot) -> bool {
        let kind = match slot.kind {
            Kind::Tool => Kind::Str,
            Kind::Code => Kind::Function,
            kind => kind,
        };
        let Some(arena) = arena_of(kind) else { return true };
        let handle = slot.handle();
        let class_met = slot.kind != Kind::Instance || self.is_met(Slot::object(Kind::Class, slot.class_handle()));
        let known = match self.nameable.get(&(arena, handle)) {
            Some(External::Constant(code, _)) => self.sources.numbers.contains_key(&self.source_of(*code)),
            Some(External::Namespace(_)) => true,
            None => kind == Kind::Class && (handle as usize) < CLASSES.len() || self.objects[arena].numbers.contains_key(&handle),
        };
        known && class_met
    }

    fn externals(&mut self) -> Done {
        let all = mem::take(&mut self.externals.all);
        put(&mut self.out, all.len() as u64);
        for object in all {
            match self.nameable[&object] {
                External::Constant(mut code, place) => {
                    put(&mut self.out, 0);
                    self.code(&mut code)?;
                    put(&mut self.out, u64::from(place));
                }
                External::Namespace(class) => {
                    put(&mut self.out, 1);
                    put(&mut self.out, u64::from(class));
                }
            }
        }
        Ok(())
    }

    fn labels(&mut self) -> Done {
        let mut origins = Met::new();
        let machine = self.machine;
        let sets: Vec<_> = self.labels.all.iter().map(|label| machine.labels.origins(*label)).collect();
        let mut numbers: Vec<[Vec<u64>; 2]> = Vec::new();
        for (data, choice) in &sets {
            let mut side = |all: &'_ [emulant_ask::Origin]| -> Vec<u64> { all.iter().map(|origin| origins.number(machine.labels.place_of(origin))).collect() };
            numbers.push([side(data), side(choice)]);
        }
        put(&mut self.out, origins.all.len() as u64);
        for place in origins.all {
            let mut origin = machine.labels.at_place(place);
            put(&mut self.out, origin.ask);
            text(self, &mut origin.path)?;
        }
        list(self, &mut numbers, Default::default, |p, sides| sides.iter_mut().try_for_each(|side| list(p, side, Default::default, Pass::number)))
    }

    /// Natives, built-in classes and pieces of code that are spoken of.
    fn names(&mut self) -> Done {
        let machine = self.machine;
        let table = &machine.shared.natives;
        let mut natives: Vec<String> = self.natives.all.iter().map(|row| native_name(table, *row as usize)).collect();
        list(self, &mut natives, String::new, text)?;
        let mut classes: Vec<String> = CLASSES.iter().map(|(name, _)| name.to_string()).collect();
        list(self, &mut classes, String::new, text)?;
        let mut pieces: Vec<Piece> = self.sources.all.iter().map(|source| Piece::of(machine, *source as usize)).collect();
        list(self, &mut pieces, Piece::default, Piece::pass)
    }
}

/// A native by its owner, its name, and how many of both names stand before it.
pub(super) fn native_name(table: &[crate::native::NativeRow], row: usize) -> String {
    let this = &table[row];
    let before = table[..row].iter().filter(|other| other.owner == this.owner && other.name == this.name).count();
    if before == 0 { format!("{} {}", this.owner, this.name) } else { format!("{} {} {before}", this.owner, this.name) }
}

/// A piece of code as an image names it.
#[derive(Default)]
pub(super) struct Piece {
    pub(super) library: bool,
    pub(super) hidden: bool,
    /// Module of the library, or file.
    pub(super) name: String,
    pub(super) text: Digest,
    pub(super) code: Digest,
}

type Digest = [u8; 32];

impl Piece {
    fn of(machine: &Machine, source: usize) -> Piece {
        let end = machine.sources.get(source + 1).map_or(machine.codes.len(), |next| next.start as usize);
        let (source, loaded) = (&machine.sources[source], &machine.codes[end - 1]);
        let code = *source.digest.get_or_init(|| code_digest(&loaded.code));
        match &source.library {
            Some(name) => Piece { library: true, hidden: loaded.hidden, name: name.clone(), text: Digest::default(), code },
            None => {
                let name = CodeName::of_digest(&loaded.code, code);
                Piece { library: false, hidden: loaded.hidden, name: name.file, text: name.text, code }
            }
        }
    }

    pub(super) fn pass<P: Pass>(p: &mut P, piece: &mut Piece) -> Done {
        flag(p, &mut piece.library)?;
        flag(p, &mut piece.hidden)?;
        text(p, &mut piece.name)?;
        for digest in [&mut piece.text, &mut piece.code] {
            for part in digest.chunks_exact_mut(8) {
                let mut bits = part.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
                fixed(p, &mut bits)?;
                part.copy_from_slice(&bits.to_be_bytes());
            }
        }
        Ok(())
    }
}

macro_rules! save_bodies {
    ($( $number:literal $field:ident : $kinds:pat, $least:literal, $pass:ident; )*) => {
        impl Saver<'_> {
            fn body(&mut self, arena: usize, handle: Handle) -> Done {
                use super::{objects::*, wire::{slot, slots}};
                match arena {
                    $( $number => {
                        let mut object = self.machine.heap.$field.get(handle).clone();
                        $pass(self, &mut object)
                    } )*
                    _ => self.string(handle),
                }
            }
        }
    };
}
arenas!(save_bodies);

impl Pass for Saver<'_> {
    const READS: bool = false;

    fn number(&mut self, value: &mut u64) -> Done {
        put(&mut self.out, *value);
        Ok(())
    }

    fn raw(&mut self, bytes: &mut Vec<u8>) -> Done {
        put(&mut self.out, bytes.len() as u64);
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    /// Twice the number of an object, or one more than twice the number of one that is named.
    fn object(&mut self, kind: Kind, handle: &mut Handle) -> Done {
        let arena = arena_of(kind).expect("slots without an object are written by their kind");
        let number = if kind == Kind::Class && (*handle as usize) < CLASSES.len() {
            2 * u64::from(*handle) + 1
        } else if self.nameable.contains_key(&(arena, *handle)) {
            2 * self.externals.number((arena, *handle)) + 1
        } else {
            2 * self.objects[arena].number(*handle)
        };
        put(&mut self.out, number);
        Ok(())
    }

    fn code(&mut self, code: &mut u32) -> Done {
        let source = self.source_of(*code);
        let piece = self.sources.number(source);
        put(&mut self.out, piece);
        put(&mut self.out, u64::from(*code - self.machine.sources[source as usize].start));
        Ok(())
    }

    fn label(&mut self, label: &mut Label) -> Done {
        let number = self.labels.number(*label);
        put(&mut self.out, number);
        Ok(())
    }

    fn native(&mut self, row: &mut u64) -> Done {
        let number = self.natives.number(*row as u32);
        put(&mut self.out, number);
        Ok(())
    }

    fn settled(&self, slot: Slot) -> Slot {
        match self.machine.settled(slot) {
            open if open.kind == Kind::Pending => self.machine.asks.pending.get(open.bits as usize).map_or(open, |pending| Slot::new(Kind::Pending, pending.ask)),
            settled => settled,
        }
    }

    fn instance(&mut self, _: Handle, _: Handle) {}

    fn text_hash(&self, _: Handle) -> u64 {
        0
    }
}
