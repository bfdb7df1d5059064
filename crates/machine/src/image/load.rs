//! Loading: names first, then places for all objects, then what is in them, then
//! the roots. Every number is checked before it is used; what is made grows with
//! the bytes that are there.
//!
//! What compiled code relies on between its own instructions (which temporary
//! holds which kind of object) is not proved again here: who runs an image from
//! afar authenticates it first.

use super::objects::{arena_of, arenas, least_bytes, ARENAS, INTERNED, PLAIN, SEALED, STRINGS};
use super::save::{constants, native_name, Budget, Piece, Roots, Weak};
use super::wire::{list, small, text, Done, Pass, Source, GONE};
use super::{code_digest, CodeName, ImageError, MAGIC, VERSION};
use crate::class::{shadow_bit, CLASSES};
use crate::code::Code;
use crate::frame::{Frame, Then};
use crate::machine::{Library, Machine, Options, Stream};
use crate::native::NativeObject;
use crate::value::{Handle, Kind, Label, Slot};
use alloc::{string::String, sync::Arc, vec::Vec};
use core::{array::from_fn, mem};
use emulant_ask::Origin;

/// Where the code of program text is found, by its name.
pub type Codes<'c> = dyn Fn(&CodeName) -> Option<Arc<Code>> + 'c;

/// Code that is not of the library may have this many constants and names, and more in a longer image.
const CODE_MAX: usize = 1 << 20;

impl Machine {
    /// The machine that an image was made of, waiting where it waited. Limits and options are those of the image; the
    /// asks that were open have to be answered as after the [`Step`](crate::Step) that gave them.
    pub fn from_image(bytes: &[u8], library: Arc<dyn Library>, codes: &Codes<'_>) -> Result<Machine, ImageError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(ImageError::Version)?;
        let rest = rest.strip_prefix(&VERSION.to_le_bytes()).ok_or(ImageError::Version)?;
        let mut source = Source { rest };
        let mut budget = Budget::default();
        budget.pass(&mut source)?;
        let mut loader = Loader {
            size: bytes.len(), source, machine: machine_of(budget, library)?, natives: Vec::new(), classes: Vec::new(), pieces: Vec::new(), labels: Vec::new(),
            externals: Vec::new(), objects: from_fn(|_| Vec::new()), instances: Vec::new(), exposed: Vec::new(),
        };
        loader.names(codes)?;
        loader.labels()?;
        loader.externals()?;
        loader.objects()?;
        loader.roots()?;
        loader.weak()?;
        if !loader.source.rest.is_empty() {
            return Err(ImageError::Corrupt("more than an image"));
        }
        loader.derive_shadows();
        loader.check()?;
        let mut machine = loader.machine;
        let codes = mem::take(&mut machine.codes);
        machine.collect(&codes);
        machine.codes = codes;
        Ok(machine)
    }
}

fn machine_of(budget: Budget, library: Arc<dyn Library>) -> Result<Machine, ImageError> {
    let inputs: Option<Vec<_>> = budget.inputs.into_iter().map(|(name, value)| Some((name, value?))).collect();
    let options = Options {
        eager: budget.eager, tools: budget.tools.into_iter().collect(), inputs: inputs.ok_or(ImageError::Corrupt("an input"))?, argv: budget.argv, labels: Default::default(), settings: Default::default() };
    let mut machine = Machine::unstarted(library, budget.limits, options);
    machine.fuel = i64::try_from(budget.fuel).map_err(|_| ImageError::Corrupt("the fuel"))?;
    let stream = |error| if error { Stream::Err } else { Stream::Out };
    machine.output = budget.output.into_iter().map(|(error, text)| (stream(error), text)).collect();
    Ok(machine)
}

struct Loader<'b> {
    /// Length of the whole image.
    size: usize,
    source: Source<'b>,
    machine: Machine,
    natives: Vec<u64>,
    classes: Vec<Handle>,
    /// First code and number of codes of each piece.
    pieces: Vec<(u32, u32)>,
    labels: Vec<Label>,
    externals: Vec<(usize, Handle)>,
    objects: [Vec<Handle>; ARENAS],
    /// Classes with dicts of their instances.
    instances: Vec<(Handle, Handle)>,
    /// Dicts that are spoken of as dicts.
    exposed: Vec<Handle>,
}

impl Loader<'_> {
    fn names(&mut self, codes: &Codes<'_>) -> Done {
        let (mut natives, mut classes, mut pieces) = (Vec::new(), Vec::new(), Vec::new());
        list(self, &mut natives, String::new, text)?;
        list(self, &mut classes, String::new, text)?;
        list(self, &mut pieces, Piece::default, Piece::pass)?;
        let table = self.machine.shared.natives.clone();
        for name in natives {
            let owner = name.split(' ').next().unwrap_or("");
            let mut rows = (0..table.len()).filter(|row| table[*row].owner == owner);
            let row = match rows.find(|row| native_name(&table, *row) == name) {
                Some(row) => row as u64,
                // Only the library's code reaches these, and it is the code of today: it has no use for what is gone.
                None if owner == "intrinsics" => GONE,
                None => return Err(ImageError::NoNative(name)),
            };
            self.natives.push(row);
        }
        for name in classes {
            let class = CLASSES.iter().position(|(known, _)| *known == name).ok_or(ImageError::NoNative(name))?;
            self.classes.push(class as Handle);
        }
        pieces.into_iter().try_for_each(|piece| self.piece(piece, codes))
    }

    /// Load one piece of code: the same code that was running, or none.
    fn piece(&mut self, piece: Piece, codes: &Codes<'_>) -> Done {
        let code = if piece.library {
            let again = self.machine.sources.iter().any(|source| source.library.as_ref() == Some(&piece.name));
            if again {
                return Err(ImageError::Corrupt("a module loaded twice"));
            }
            self.machine.library.module(&piece.name)
        } else {
            codes(&CodeName { file: piece.name.clone(), text: piece.text, code: piece.code })
        };
        let code = code.ok_or_else(|| ImageError::NoCode(piece.name.clone()))?;
        if code_digest(&code) != piece.code {
            return Err(ImageError::OtherCode(piece.name));
        }
        if !piece.library && self.machine.codes.iter().map(|loaded| loaded.consts.len() + loaded.sites.len()).sum::<usize>() > CODE_MAX + 64 * self.size {
            return Err(ImageError::Corrupt("too much code"));
        }
        let start = self.machine.codes.len() as u32;
        let last = if piece.library { self.machine.load_library(&piece.name, code) } else { self.machine.load(code, piece.hidden) };
        self.pieces.push((start, last + 1 - start));
        Ok(())
    }

    fn labels(&mut self) -> Done {
        let mut origins: Vec<Origin> = Vec::new();
        list(self, &mut origins, || Origin { ask: 0, path: String::new() }, |p, origin| {
            p.number(&mut origin.ask)?;
            text(p, &mut origin.path)
        })?;
        let mut sets: Vec<[Vec<u64>; 2]> = Vec::new();
        list(self, &mut sets, Default::default, |p, sides| sides.iter_mut().try_for_each(|side| list(p, side, Default::default, Pass::number)))?;
        for [data, choice] in sets {
            let all = |side: Vec<u64>| -> Option<Vec<Origin>> { side.into_iter().map(|place| origins.get(place as usize).cloned()).collect() };
            let (Some(data), Some(choice)) = (all(data), all(choice)) else { return Err(ImageError::Corrupt("a label")) };
            self.labels.push(self.machine.labels.of(data, choice));
        }
        Ok(())
    }

    fn externals(&mut self) -> Done {
        let mut known: Vec<Option<Vec<(usize, Handle)>>> = Vec::new();
        known.resize_with(self.machine.codes.len(), || None);
        let count = self.source.take_number()?;
        for _ in 0..count {
            let object = match self.source.take_number()? {
                0 => {
                    let mut code = 0;
                    self.code(&mut code)?;
                    let place = self.source.take_number()?;
                    let all = known[code as usize].get_or_insert_with(|| constants(&self.machine.heap, &self.machine.codes[code as usize]));
                    *all.get(place as usize).ok_or(ImageError::Corrupt("a constant"))?
                }
                1 => {
                    let class = self.source.take_number()?;
                    let class = *self.classes.get(class as usize).ok_or(ImageError::Corrupt("a class"))?;
                    (arena_of(Kind::Dict).unwrap_or(STRINGS), self.machine.heap.classes.get(class).dict)
                }
                _ => return Err(ImageError::Corrupt("a named object")),
            };
            self.externals.push(object);
        }
        Ok(())
    }

    fn objects(&mut self) -> Done {
        let mut counts = [0u64; ARENAS];
        let mut least = 0u64;
        for (arena, count) in counts.iter_mut().enumerate() {
            *count = self.source.take_number()?;
            least = least.saturating_add(count.saturating_mul(least_bytes(arena)));
        }
        if least > self.source.rest.len() as u64 {
            return Err(ImageError::Corrupt("more objects than bytes"));
        }
        for _ in 0..counts[STRINGS] {
            let string = self.string()?;
            self.objects[STRINGS].push(string);
        }
        for arena in STRINGS + 1..ARENAS {
            for _ in 0..counts[arena] {
                let handle = self.place(arena);
                self.objects[arena].push(handle);
            }
        }
        for arena in STRINGS + 1..ARENAS {
            for index in 0..self.objects[arena].len() {
                let handle = self.objects[arena][index];
                self.body(arena, handle)?;
            }
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Handle, ImageError> {
        let (mut form, mut written) = (PLAIN, String::new());
        small(self, &mut form)?;
        text(self, &mut written)?;
        if form == INTERNED {
            return Ok(self.machine.intern(&written));
        }
        let handle = self.machine.heap.add_string(written);
        match form {
            PLAIN => {}
            SEALED => self.machine.heap.strings.get_mut(handle).sealed = true,
            _ => return Err(ImageError::Corrupt("a string")),
        }
        Ok(handle)
    }

    fn roots(&mut self) -> Done {
        let mut roots = Roots::default();
        roots.pass(self)?;
        let machine = &mut self.machine;
        (machine.builtins, machine.modules, machine.hidden_globals) = (roots.builtins, roots.modules, roots.hidden_globals);
        machine.find_watched();
        machine.frames = roots.frames;
        machine.stack = roots.stack;
        machine.repr_guard = roots.repr_guard;
        machine.output_bytes = roots.output_bytes;
        machine.recursion_limit = roots.recursion_limit.min(machine.limits.depth);
        machine.asks.next_id = roots.next_id;
        for (key, id, answer) in roots.memo {
            match answer {
                None => drop(machine.asks.keys.insert(id, key)),
                some => drop(machine.asks.memo.insert(key, (id, some))),
            }
        }
        machine.asks.saw = roots.saw.into_iter().collect();
        machine.asks.waiting = roots.waiting;
        Ok(())
    }

    fn weak(&mut self) -> Done {
        let mut weak = Weak::default();
        weak.pass(self)?;
        for (parent, subclasses) in weak.subclasses {
            let all = &mut self.machine.heap.classes.get_mut(parent).subclasses;
            all.retain(|class| (*class as usize) < CLASSES.len());
            all.extend(subclasses);
        }
        self.machine.identities = weak.identities.into_iter().map(|(identity, slot)| ((slot.kind, slot.bits), identity)).collect();
        self.machine.identities_given = weak.identities_given;
        Ok(())
    }

    /// Which names instances of each class may hold follows from the instances: its bits speak of handles, which are new.
    fn derive_shadows(&mut self) {
        self.exposed.sort_unstable();
        self.exposed.dedup();
        self.instances.sort_unstable();
        self.instances.dedup();
        for (class, dict) in mem::take(&mut self.instances) {
            let keys: Vec<Slot> = self.machine.heap.dicts.get(dict).iter().map(|entry| entry.key).collect();
            let mut shadow = if self.exposed.binary_search(&dict).is_ok() { u64::MAX } else { 0 };
            for key in keys {
                // A name that is no interned string is found by its text alone: any name may be meant.
                let interned = key.kind == Kind::Str && self.machine.find_interned(self.machine.heap.text(key.handle())) == Some(key.handle());
                shadow |= if interned { shadow_bit(key.handle()) } else { u64::MAX };
            }
            self.machine.heap.classes.get_mut(class).shadow |= shadow;
        }
    }

    // ---- what the machine takes for granted

    fn check(&mut self) -> Done {
        self.check_frames()?;
        let handles = |kind| arena_of(kind).map_or(&[][..], |arena| &self.objects[arena]);
        handles(Kind::Function).iter().try_for_each(|handle| self.check_function(*handle))?;
        handles(Kind::Generator).iter().try_for_each(|handle| self.check_generator(*handle))?;
        handles(Kind::Native2).iter().try_for_each(|handle| self.check_match(*handle))?;
        handles(Kind::Class).iter().try_for_each(|handle| self.check_class(*handle))?;
        let heap = &self.machine.heap;
        let exceptions = handles(Kind::Exception).iter().flat_map(|handle| &heap.exceptions.get(*handle).traceback);
        let tracebacks = handles(Kind::Traceback).iter().flat_map(|handle| heap.tracebacks.get(*handle));
        let found = exceptions.chain(tracebacks).all(|entry| (entry.pc as usize) < self.code_of(entry.code).ops.len());
        if found { self.give_versions() } else { Err(ImageError::Corrupt("a traceback")) }
    }

    fn code_of(&self, code: u32) -> &Code {
        &self.machine.codes[code as usize].code
    }

    fn check_frames(&mut self) -> Done {
        let wrong = Err(ImageError::Corrupt("a frame"));
        let (mut base, mut below) = (0, 0);
        for frame in &self.machine.frames {
            let top = u64::from(frame.base) + u64::from(frame.registers);
            let within = frame.base >= base && top <= self.machine.stack.len() as u64 + u64::from(u16::MAX);
            if !within || !self.fits(frame) || !goes_below(frame.then, below) {
                return wrong;
            }
            (base, below) = (frame.base, frame.registers);
        }
        if self.machine.scratch_top() != self.machine.stack.len() || self.machine.asks.waiting.is_some_and(|(_, then)| !goes_below(then, below)) {
            return wrong;
        }
        let needed = self.machine.frames.iter().map(|frame| (frame.base + frame.registers) as usize).max().unwrap_or(0);
        self.machine.stack.resize(needed.max(self.machine.stack.len()) + 1024, Slot::UNBOUND);
        Ok(())
    }

    /// Does a frame fit its code?
    fn fits(&self, frame: &Frame) -> bool {
        let code = self.code_of(frame.code);
        (frame.pc as usize) < code.ops.len() && frame.registers == u32::from(code.registers)
    }

    fn check_function(&self, handle: Handle) -> Done {
        let function = self.machine.heap.functions.get(handle);
        let cells = function.closure.iter().all(|slot| slot.kind == Kind::Cell);
        let enough = function.closure.len() >= self.code_of(function.code).free.len();
        if cells && enough { Ok(()) } else { Err(ImageError::Corrupt("a function")) }
    }

    fn check_generator(&self, handle: Handle) -> Done {
        let generator = self.machine.heap.generators.get(handle);
        let sound = generator.frame.as_ref().is_none_or(|frame| self.fits(frame) && generator.registers.len() == frame.registers as usize);
        if sound { Ok(()) } else { Err(ImageError::Corrupt("a generator")) }
    }

    fn check_class(&self, handle: Handle) -> Done {
        let class = self.machine.heap.classes.get(handle);
        let named = class.name.kind == Kind::Str && class.qualname.kind == Kind::Str;
        if named && class.mro.first() == Some(&handle) { Ok(()) } else { Err(ImageError::Corrupt("a class")) }
    }

    fn check_match(&self, handle: Handle) -> Done {
        let heap = &self.machine.heap;
        let NativeObject::Match(object) = heap.natives.get(handle) else { return Ok(()) };
        let pattern = object.pattern.kind == Kind::Native2 && matches!(heap.natives.get(object.pattern.handle()), NativeObject::Pattern(_));
        let subject = self.machine.payload(object.subject);
        let mut spans = object.found.spans.iter().flatten();
        let inside = match subject.kind {
            Kind::Str => spans.all(|(start, end)| heap.text(subject.handle()).get(*start..*end).is_some()),
            Kind::Bytes => spans.all(|(start, end)| heap.bytes_objects.get(subject.handle()).get(*start..*end).is_some()),
            Kind::ByteArray => true,
            _ => false,
        };
        if pattern && inside { Ok(()) } else { Err(ImageError::Corrupt("a match")) }
    }

    fn give_versions(&mut self) -> Done {
        for handle in arena_of(Kind::Class).map_or(&[][..], |arena| &self.objects[arena]) {
            self.machine.class_versions += 1;
            self.machine.heap.classes.get_mut(*handle).version = self.machine.class_versions;
        }
        Ok(())
    }
}

/// Does a result find its place in a frame below with so many registers?
fn goes_below(then: Then, registers: u32) -> bool {
    match then {
        Then::Store(register) | Then::ForItem(register) | Then::Delegate(register) | Then::Retry(register) => u32::from(register) < registers,
        Then::Discard | Then::Test(_) | Then::Drop | Then::Exit => true,
    }
}

macro_rules! load_bodies {
    ($( $number:literal $field:ident : $kinds:pat, $least:literal, $pass:ident; )*) => {
        impl Loader<'_> {
            /// A place for an object that is read later.
            fn place(&mut self, arena: usize) -> Handle {
                match arena {
                    $( $number => self.machine.heap.$field.add(Default::default()), )*
                    _ => 0,
                }
            }

            fn body(&mut self, arena: usize, handle: Handle) -> Done {
                use super::{objects::*, wire::{slot, slots}};
                match arena {
                    $( $number => {
                        let mut object = mem::take(self.machine.heap.$field.get_mut(handle));
                        $pass(self, &mut object)?;
                        *self.machine.heap.$field.get_mut(handle) = object;
                    } )*
                    _ => {}
                }
                Ok(())
            }
        }
    };
}
arenas!(load_bodies);

impl Pass for Loader<'_> {
    const READS: bool = true;

    fn number(&mut self, value: &mut u64) -> Done {
        self.source.number(value)
    }

    fn raw(&mut self, bytes: &mut Vec<u8>) -> Done {
        self.source.raw(bytes)
    }

    fn object(&mut self, kind: Kind, handle: &mut Handle) -> Done {
        let wrong = ImageError::Corrupt("a reference");
        let arena = arena_of(kind).ok_or(wrong.clone())?;
        let number = self.source.take_number()?;
        let place = (number / 2) as usize;
        *handle = match (number & 1, kind) {
            (0, _) => *self.objects[arena].get(place).ok_or(wrong)?,
            (_, Kind::Class) => *self.classes.get(place).ok_or(wrong)?,
            _ => self.externals.get(place).filter(|(known, _)| *known == arena).ok_or(wrong)?.1,
        };
        if kind == Kind::Dict {
            self.exposed.push(*handle);
        }
        Ok(())
    }

    fn code(&mut self, code: &mut u32) -> Done {
        let (piece, place) = (self.source.take_number()?, self.source.take_number()?);
        let known = self.pieces.get(piece as usize).filter(|(_, count)| place < u64::from(*count));
        *code = known.ok_or(ImageError::Corrupt("a code"))?.0 + place as u32;
        Ok(())
    }

    fn label(&mut self, label: &mut Label) -> Done {
        let number = self.source.take_number()?;
        *label = *self.labels.get(number as usize).ok_or(ImageError::Corrupt("a label"))?;
        Ok(())
    }

    fn native(&mut self, row: &mut u64) -> Done {
        let number = self.source.take_number()?;
        *row = *self.natives.get(number as usize).ok_or(ImageError::Corrupt("a native"))?;
        Ok(())
    }

    fn settled(&self, slot: Slot) -> Slot {
        slot
    }

    fn instance(&mut self, class: Handle, dict: Handle) {
        self.instances.push((class, dict));
    }

    fn text_hash(&self, string: Handle) -> u64 {
        self.machine.hash_of_string(string)
    }
}

/// Numbers and bytes before there is a machine.
impl Pass for Source<'_> {
    const READS: bool = true;

    fn number(&mut self, value: &mut u64) -> Done {
        *value = self.take_number()?;
        Ok(())
    }

    fn raw(&mut self, bytes: &mut Vec<u8>) -> Done {
        *bytes = self.take_raw()?;
        Ok(())
    }

    fn object(&mut self, _: Kind, _: &mut Handle) -> Done {
        Err(ImageError::Corrupt("a reference"))
    }

    fn code(&mut self, _: &mut u32) -> Done {
        Err(ImageError::Corrupt("a code"))
    }

    fn label(&mut self, _: &mut Label) -> Done {
        Err(ImageError::Corrupt("a label"))
    }

    fn native(&mut self, _: &mut u64) -> Done {
        Err(ImageError::Corrupt("a native"))
    }

    fn settled(&self, slot: Slot) -> Slot {
        slot
    }

    fn instance(&mut self, _: Handle, _: Handle) {}

    fn text_hash(&self, _: Handle) -> u64 {
        0
    }
}
