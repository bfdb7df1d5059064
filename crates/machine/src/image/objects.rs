//! What each kind of object is made of, on the wire: one short description each,
//! for writing and for reading.

use super::wire::{choice, fixed, flag, list, optional, signed, slot, slots, small, text, Done, Pass};
use super::ImageError;
use crate::code::{BinaryOp, CodeKind, CompareOp};
use crate::dict::{DictEntry, DictObject};
use crate::frame::{Frame, Then, NO_GENERATOR};
use crate::heap::{ClassObject, DescriptorObject, ExceptionObject, FunctionObject, GeneratorObject, IterObject, ModuleObject, RangeObject, SetObject, TracebackEntry};
use crate::kernel::{random::Twister, regex};
use crate::modules::{random::State, re};
use crate::builtins::memoryview::View;
use crate::native::NativeObject;
use crate::set::Cell;
use crate::trap::{Adapt, BinaryTry, CompareTry, DefaultFor};
use crate::value::{Handle, Kind, Slot};
use alloc::{boxed::Box, collections::VecDeque, string::String, sync::Arc, vec::Vec};
use num_bigint::BigInt;

/// Calls `$table!` with all arenas but that of strings: number on the wire, field of the heap, kinds, fewest bytes of
/// an object (a memory of the load bound), description.
macro_rules! arenas {
    ($table:ident) => {
        $table! {
            1 bigs: Kind::Big, 1, big;
            2 complexes: Kind::Complex, 4, complex;
            3 bytes_objects: Kind::Bytes, 1, bytes;
            4 byte_arrays: Kind::ByteArray, 1, bytes;
            5 tuples: Kind::Tuple, 1, tuple;
            6 lists: Kind::List, 1, slots;
            7 dicts: Kind::Dict | Kind::Instance, 3, dict;
            8 sets: Kind::Set | Kind::FrozenSet, 10, set;
            9 ranges: Kind::Range, 4, range;
            10 slices: Kind::Slice, 3, slice;
            11 cells: Kind::Cell, 1, slot;
            12 functions: Kind::Function, 12, function;
            13 methods: Kind::Method, 2, pair;
            14 classes: Kind::Class, 8, class;
            15 modules: Kind::Module, 2, module;
            16 generators: Kind::Generator, 8, generator;
            17 iters: Kind::Iter, 1, iter;
            18 descriptors: Kind::Descriptor, 2, descriptor;
            19 views: Kind::DictView, 2, view;
            20 exceptions: Kind::Exception, 5, exception;
            21 tracebacks: Kind::Traceback, 1, traceback;
            22 aliases: Kind::Alias, 2, pair;
            23 natives: Kind::Native2, 1, native;
        }
    };
}
pub(super) use arenas;

/// Number of arenas, that of strings included.
pub(super) const ARENAS: usize = 24;
/// The arena of strings.
pub(super) const STRINGS: usize = 0;

/// What a string is besides its text: nothing, interned, or one to which appending is priced as a copy.
pub(super) const PLAIN: u8 = 0;
pub(super) const INTERNED: u8 = 1;
pub(super) const SEALED: u8 = 2;

macro_rules! arena_numbers {
    ($( $number:literal $field:ident : $kinds:pat, $least:literal, $pass:ident; )*) => {
        /// The arena of a kind.
        pub(super) fn arena_of(kind: Kind) -> Option<usize> {
            match kind {
                Kind::Str => Some(STRINGS),
                $( $kinds => Some($number), )*
                _ => None,
            }
        }

        /// Fewest bytes of an object of an arena.
        pub(super) fn least_bytes(arena: usize) -> u64 {
            match arena {
                $( $number => $least, )*
                _ => 2,
            }
        }
    };
}
arenas!(arena_numbers);

pub(super) fn big<P: Pass>(p: &mut P, object: &mut BigInt) -> Done {
    let mut bytes = object.to_signed_bytes_le();
    p.raw(&mut bytes)?;
    *object = BigInt::from_signed_bytes_le(&bytes);
    Ok(())
}

pub(super) fn complex<P: Pass>(p: &mut P, object: &mut (f64, f64)) -> Done {
    let (mut re, mut im) = (object.0.to_bits(), object.1.to_bits());
    fixed(p, &mut re)?;
    fixed(p, &mut im)?;
    *object = (f64::from_bits(re), f64::from_bits(im));
    Ok(())
}

pub(super) fn bytes<P: Pass>(p: &mut P, object: &mut Vec<u8>) -> Done {
    p.raw(object)
}

pub(super) fn tuple<P: Pass>(p: &mut P, object: &mut crate::tuple::TupleObject) -> Done {
    let mut items = object.to_vec();
    slots(p, &mut items)?;
    *object = items.into();
    Ok(())
}

pub(super) fn dict<P: Pass>(p: &mut P, object: &mut DictObject) -> Done {
    slot(p, &mut object.payload)?;
    small(p, &mut object.changes)?;
    let mut entries = core::mem::take(&mut object.entries);
    list(p, &mut entries, || DictEntry { hash: 0, key: Slot::UNBOUND, value: Slot::NONE }, entry)?;
    if P::READS {
        *object = DictObject::of_entries(entries, object.changes, object.payload);
    }
    Ok(())
}

fn entry<P: Pass>(p: &mut P, entry: &mut DictEntry) -> Done {
    slot(p, &mut entry.key)?;
    match entry.key.kind {
        // Deleted.
        Kind::Unbound => return Ok(()),
        Kind::Str if P::READS => entry.hash = p.text_hash(entry.key.handle()),
        Kind::Str => {}
        _ => fixed(p, &mut entry.hash)?,
    }
    slot(p, &mut entry.value)
}

pub(super) fn set<P: Pass>(p: &mut P, object: &mut SetObject) -> Done {
    let (mut cells, mut finger) = object.to_cells();
    list(p, &mut cells, || Cell::Free, cell)?;
    small(p, &mut finger)?;
    if P::READS {
        *object = SetObject::of_cells(cells, finger).ok_or(ImageError::Corrupt("a set"))?;
    }
    Ok(())
}

fn cell<P: Pass>(p: &mut P, cell: &mut Cell) -> Done {
    let (mut tag, mut hash, mut member) = match *cell {
        Cell::Free => (0, 0, Slot::NONE),
        Cell::Deleted => (1, 0, Slot::NONE),
        Cell::Used(hash, slot) => (2, hash, slot),
    };
    p.number(&mut tag)?;
    *cell = match tag {
        0 => Cell::Free,
        1 => Cell::Deleted,
        2 => {
            fixed(p, &mut hash)?;
            slot(p, &mut member)?;
            Cell::Used(hash, member)
        }
        _ => return Err(ImageError::Corrupt("a set")),
    };
    Ok(())
}

pub(super) fn range<P: Pass>(p: &mut P, object: &mut RangeObject) -> Done {
    signed(p, &mut object.start)?;
    signed(p, &mut object.stop)?;
    signed(p, &mut object.step)?;
    p.number(&mut object.len)
}

pub(super) fn slice<P: Pass>(p: &mut P, object: &mut [Slot; 3]) -> Done {
    object.iter_mut().try_for_each(|part| slot(p, part))
}

pub(super) fn pair<P: Pass>(p: &mut P, object: &mut (Slot, Slot)) -> Done {
    slot(p, &mut object.0)?;
    slot(p, &mut object.1)
}

pub(super) fn function<P: Pass>(p: &mut P, object: &mut FunctionObject) -> Done {
    p.code(&mut object.code)?;
    p.object(Kind::Dict, &mut object.globals)?;
    slots(p, &mut object.defaults)?;
    slots(p, &mut object.closure)?;
    let rest = [
        &mut object.keyword_defaults, &mut object.dict, &mut object.name, &mut object.qualname, &mut object.doc, &mut object.annotations,
        &mut object.module,
    ];
    rest.into_iter().try_for_each(|part| slot(p, part))
}

pub(super) fn class<P: Pass>(p: &mut P, object: &mut ClassObject) -> Done {
    slot(p, &mut object.name)?;
    slot(p, &mut object.qualname)?;
    p.object(Kind::Dict, &mut object.dict)?;
    for list in [&mut object.bases, &mut object.mro] {
        let mut all = list.to_vec();
        class_list(p, &mut all)?;
        *list = all.into();
    }
    p.object(Kind::Class, &mut object.meta)?;
    p.object(Kind::Class, &mut object.layout)?;
    p.number(&mut object.special)
}

/// Several classes.
pub(super) fn class_list<P: Pass>(p: &mut P, classes: &mut Vec<Handle>) -> Done {
    list(p, classes, Handle::default, |p, class| p.object(Kind::Class, class))
}

pub(super) fn module<P: Pass>(p: &mut P, object: &mut ModuleObject) -> Done {
    p.object(Kind::Str, &mut object.name)?;
    p.object(Kind::Dict, &mut object.dict)
}

const CODE_KINDS: [CodeKind; 6] =
    [CodeKind::Module, CodeKind::Class, CodeKind::Function, CodeKind::Generator, CodeKind::Coroutine, CodeKind::AsyncGenerator];

pub(super) fn generator<P: Pass>(p: &mut P, object: &mut GeneratorObject) -> Done {
    slots(p, &mut object.registers)?;
    optional(p, &mut object.frame, blank_frame, frame)?;
    flag(p, &mut object.running)?;
    flag(p, &mut object.started)?;
    choice(p, &mut object.kind, &CODE_KINDS)?;
    slot(p, &mut object.names.0)?;
    slot(p, &mut object.names.1)?;
    slot(p, &mut object.dress)
}

pub(super) fn iter<P: Pass>(p: &mut P, object: &mut IterObject) -> Done {
    let mut tag = match object {
        IterObject::Empty => 0,
        IterObject::Sequence(..) => 1,
        IterObject::Reversed(..) => 2,
        IterObject::Dict { .. } => 3,
        IterObject::Set { .. } => 4,
        IterObject::Enumerate(..) => 5,
        IterObject::Zip(..) => 6,
        IterObject::Items(..) => 7,
        IterObject::Deque(..) => 8,
    };
    p.number(&mut tag)?;
    if P::READS {
        let none = Slot::NONE;
        *object = match tag {
            0 => IterObject::Empty,
            1 => IterObject::Sequence(none, 0),
            2 => IterObject::Reversed(none, 0),
            3 => IterObject::Dict { dict: 0, position: 0, what: 0, changes: 0, reverse: false },
            4 => IterObject::Set { set: none, position: 0, size: 0 },
            5 => IterObject::Enumerate(none, none),
            6 => IterObject::Zip(Vec::new(), false),
            7 => IterObject::Items(Vec::new(), 0),
            8 => IterObject::Deque(none, 0, 0),
            _ => return Err(ImageError::Corrupt("an iterator")),
        };
    }
    match object {
        IterObject::Empty => Ok(()),
        IterObject::Sequence(of, place) | IterObject::Reversed(of, place) => {
            slot(p, of)?;
            p.number(place)
        }
        IterObject::Dict { dict, position, what, changes, reverse } => {
            p.object(Kind::Dict, dict)?;
            small(p, position)?;
            small(p, what)?;
            small(p, changes)?;
            flag(p, reverse)
        }
        IterObject::Set { set, position, size } => {
            slot(p, set)?;
            small(p, position)?;
            small(p, size)
        }
        IterObject::Enumerate(a, b) => {
            slot(p, a)?;
            slot(p, b)
        }
        IterObject::Zip(all, strict) => {
            slots(p, all)?;
            flag(p, strict)
        }
        IterObject::Items(all, place) => {
            slots(p, all)?;
            small(p, place)
        }
        IterObject::Deque(of, place, changes) => {
            slot(p, of)?;
            p.number(place)?;
            p.number(changes)
        }
    }
}

pub(super) fn descriptor<P: Pass>(p: &mut P, object: &mut DescriptorObject) -> Done {
    let mut tag = match object {
        DescriptorObject::Property(_) => 0,
        DescriptorObject::Static(_) => 1,
        DescriptorObject::Class(_) => 2,
        DescriptorObject::Super(..) => 3,
        DescriptorObject::Member(..) => 4,
    };
    p.number(&mut tag)?;
    if P::READS {
        let none = Slot::NONE;
        *object = match tag {
            0 => DescriptorObject::Property([none; 5]),
            1 => DescriptorObject::Static(none),
            2 => DescriptorObject::Class(none),
            3 => DescriptorObject::Super(none, none, none),
            4 => DescriptorObject::Member(none, none),
            _ => return Err(ImageError::Corrupt("a descriptor")),
        };
    }
    match object {
        DescriptorObject::Property(parts) => parts.iter_mut().try_for_each(|part| slot(p, part)),
        DescriptorObject::Static(of) | DescriptorObject::Class(of) => slot(p, of),
        DescriptorObject::Super(a, b, c) => [a, b, c].into_iter().try_for_each(|part| slot(p, part)),
        DescriptorObject::Member(a, b) => [a, b].into_iter().try_for_each(|part| slot(p, part)),
    }
}

pub(super) fn view<P: Pass>(p: &mut P, object: &mut (Handle, u8)) -> Done {
    p.object(Kind::Dict, &mut object.0)?;
    small(p, &mut object.1)
}

pub(super) fn exception<P: Pass>(p: &mut P, object: &mut ExceptionObject) -> Done {
    slot(p, &mut object.args)?;
    slot(p, &mut object.cause)?;
    slot(p, &mut object.context)?;
    flag(p, &mut object.suppress)?;
    traceback(p, &mut object.traceback)
}

pub(super) fn traceback<P: Pass>(p: &mut P, object: &mut Vec<TracebackEntry>) -> Done {
    list(p, object, || TracebackEntry { code: 0, pc: 0 }, |p, entry| {
        p.code(&mut entry.code)?;
        small(p, &mut entry.pc)
    })
}

pub(super) fn native<P: Pass>(p: &mut P, object: &mut NativeObject) -> Done {
    let mut tag = match object {
        NativeObject::Empty => 0,
        NativeObject::Deque(..) => 1,
        NativeObject::Pattern(_) => 2,
        NativeObject::Match(_) => 3,
        NativeObject::Random(_) => 4,
        NativeObject::View(_) => 5,
    };
    p.number(&mut tag)?;
    match (tag, &mut *object) {
        (0, _) => Ok(()),
        (1, NativeObject::Deque(items, max)) => deque(p, items, max),
        (2, NativeObject::Pattern(known)) => pattern(p, &mut known.source, &mut known.is_text, known.compiled.flags()).map(|_| ()),
        (3, NativeObject::Match(found)) => found_match(p, found),
        (4, NativeObject::Random(state)) => random(p, state),
        (5, NativeObject::View(shown)) => shown_bytes(p, shown),
        _ if P::READS => read_native(p, object, tag),
        _ => Err(ImageError::Corrupt("an object of a native module")),
    }
}

fn shown_bytes<P: Pass>(p: &mut P, shown: &mut View) -> Done {
    slot(p, &mut shown.base)?;
    slot(p, &mut shown.shape)?;
    signed(p, &mut shown.start)?;
    p.number(&mut shown.count)?;
    signed(p, &mut shown.stride)?;
    small(p, &mut shown.format)?;
    flag(p, &mut shown.readonly)?;
    // No view has more items than a base can have bytes.
    if shown.count > u64::from(u32::MAX) { Err(ImageError::Corrupt("a view")) } else { Ok(()) }
}

/// As `native`, into an entry that is empty yet.
fn read_native<P: Pass>(p: &mut P, object: &mut NativeObject, tag: u64) -> Done {
    *object = match tag {
        1 => {
            let (mut items, mut max) = (VecDeque::new(), None);
            deque(p, &mut items, &mut max)?;
            NativeObject::Deque(items, max)
        }
        2 => {
            let (mut source, mut is_text) = (String::new(), false);
            let flags = pattern(p, &mut source, &mut is_text, 0)?;
            NativeObject::Pattern(Box::new(compiled(source, is_text, flags)?))
        }
        3 => {
            let found = regex::Found { spans: Vec::new(), last_index: None };
            let mut found = re::Match { pattern: Slot::NONE, subject: Slot::NONE, bounds: (0, 0), found };
            found_match(p, &mut found)?;
            NativeObject::Match(Box::new(found))
        }
        4 => {
            let mut state = State(None);
            random(p, &mut state)?;
            NativeObject::Random(Box::new(state))
        }
        5 => {
            let mut shown = View { base: Slot::NONE, start: 0, count: 0, stride: 1, format: b'B', readonly: true, shape: Slot::NONE };
            shown_bytes(p, &mut shown)?;
            NativeObject::View(Box::new(shown))
        }
        _ => return Err(ImageError::Corrupt("an object of a native module")),
    };
    Ok(())
}

fn deque<P: Pass>(p: &mut P, items: &mut VecDeque<Slot>, max: &mut Option<usize>) -> Done {
    let mut all: Vec<Slot> = items.iter().copied().collect();
    slots(p, &mut all)?;
    if P::READS {
        *items = all.into();
    }
    optional(p, max, usize::default, small)
}

/// Source, kind and flags of a pattern; returns the flags.
fn pattern<P: Pass>(p: &mut P, source: &mut String, is_text: &mut bool, mut flags: u32) -> Result<u32, ImageError> {
    text(p, source)?;
    flag(p, is_text)?;
    small(p, &mut flags)?;
    Ok(flags)
}

fn compiled(source: String, is_text: bool, flags: u32) -> Result<re::Pattern, ImageError> {
    let compiled = if is_text {
        regex::Pattern::compile(&source, flags)
    } else {
        let bytes: Option<Vec<u8>> = source.chars().map(|letter| u8::try_from(letter as u32).ok()).collect();
        regex::Pattern::compile_bytes(&bytes.ok_or(ImageError::Corrupt("a pattern"))?, flags)
    };
    let compiled = Arc::new(compiled.map_err(|_| ImageError::Corrupt("a pattern"))?);
    Ok(re::Pattern { source, is_text, compiled })
}

fn found_match<P: Pass>(p: &mut P, object: &mut re::Match) -> Done {
    slot(p, &mut object.pattern)?;
    slot(p, &mut object.subject)?;
    small(p, &mut object.bounds.0)?;
    small(p, &mut object.bounds.1)?;
    list(p, &mut object.found.spans, || None, |p, span| {
        optional(p, span, || (0, 0), |p, (start, end)| {
            small(p, start)?;
            small(p, end)
        })
    })?;
    optional(p, &mut object.found.last_index, usize::default, small)
}

fn random<P: Pass>(p: &mut P, object: &mut State) -> Done {
    optional(p, &mut object.0, || Twister::seeded(&BigInt::ZERO), |p, twister| {
        twister.words.iter_mut().try_for_each(|word| small(p, word))?;
        small(p, &mut twister.index)?;
        if twister.index > twister.words.len() { Err(ImageError::Corrupt("a random generator")) } else { Ok(()) }
    })
}

/// A frame that is to be filled in.
pub(super) fn blank_frame() -> Frame {
    Frame {
        code: 0, pc: 0, base: 0, registers: 0, globals: 0, then: Then::Discard, adapt: Adapt::Plain, handled: Slot::NONE,
        generator: NO_GENERATOR, sent: Slot::NONE, function: Handle::MAX,
    }
}

pub(super) fn frame<P: Pass>(p: &mut P, frame: &mut Frame) -> Done {
    p.code(&mut frame.code)?;
    small(p, &mut frame.pc)?;
    small(p, &mut frame.base)?;
    small(p, &mut frame.registers)?;
    p.object(Kind::Dict, &mut frame.globals)?;
    then(p, &mut frame.then)?;
    adapt(p, &mut frame.adapt)?;
    slot(p, &mut frame.handled)?;
    slot(p, &mut frame.sent)?;
    handle_or_none(p, Kind::Generator, &mut frame.generator)?;
    handle_or_none(p, Kind::Function, &mut frame.function)
}

/// A handle of which the greatest means none.
fn handle_or_none<P: Pass>(p: &mut P, kind: Kind, handle: &mut Handle) -> Done {
    let mut known = Some(*handle).filter(|handle| *handle != Handle::MAX);
    optional(p, &mut known, Handle::default, |p, handle| p.object(kind, handle))?;
    *handle = known.unwrap_or(Handle::MAX);
    Ok(())
}

/// Where a result goes.
pub(super) fn then<P: Pass>(p: &mut P, then: &mut Then) -> Done {
    let (mut tag, mut register) = match *then {
        Then::Store(register) => (0, register),
        Then::Discard => (1, 0),
        Then::Test(sense) => (2, u16::from(sense)),
        Then::ForItem(register) => (3, register),
        Then::Delegate(register) => (4, register),
        Then::Retry(register) => (5, register),
        Then::Drop => (6, 0),
        Then::Exit => (7, 0),
    };
    p.number(&mut tag)?;
    small(p, &mut register)?;
    *then = match tag {
        0 => Then::Store(register),
        1 => Then::Discard,
        2 => Then::Test(register != 0),
        3 => Then::ForItem(register),
        4 => Then::Delegate(register),
        5 => Then::Retry(register),
        6 => Then::Drop,
        7 => Then::Exit,
        _ => return Err(ImageError::Corrupt("the place of a result")),
    };
    Ok(())
}

/// Methods that a result is checked for.
const METHODS: [&str; 10] =
    ["__index__", "__int__", "__trunc__", "__float__", "__complex__", "__str__", "__repr__", "__format__", "__bytes__", "__len__"];

const BINARY: [BinaryOp; 13] = [
    BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul, BinaryOp::TrueDiv, BinaryOp::FloorDiv, BinaryOp::Mod, BinaryOp::Pow, BinaryOp::MatMul,
    BinaryOp::And, BinaryOp::Or, BinaryOp::Xor, BinaryOp::Shl, BinaryOp::Shr,
];

const COMPARE: [CompareOp; 10] = [
    CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge, CompareOp::Eq, CompareOp::Ne, CompareOp::Is, CompareOp::IsNot,
    CompareOp::In, CompareOp::NotIn,
];

/// All ways to adapt a result, by their number on the wire; what they hold is filled in behind it.
const ADAPT: [Adapt; 17] = [
    Adapt::Plain, Adapt::Replace(Slot::NONE, false), Adapt::Bool(false), Adapt::Truth(false), Adapt::Length(false),
    Adapt::Binary(BinaryTry { op: BinaryOp::Add, in_place: false, a: Slot::NONE, b: Slot::NONE, stage: 0 }),
    Adapt::Compare(CompareTry { op: CompareOp::Eq, a: Slot::NONE, b: Slot::NONE, stage: 0 }), Adapt::Text("__str__"), Adapt::Hash,
    Adapt::Integer("__index__"), Adapt::Float, Adapt::Iterator, Adapt::Next, Adapt::Default(Slot::NONE, DefaultFor::Attribute),
    Adapt::Attribute(Slot::NONE, Slot::NONE), Adapt::HasAttribute, Adapt::Module(Slot::NONE),
];

fn adapt<P: Pass>(p: &mut P, adapt: &mut Adapt) -> Done {
    let same = |one: &Adapt| core::mem::discriminant(one) == core::mem::discriminant(adapt);
    let mut tag = ADAPT.iter().position(same).unwrap_or(0) as u64;
    p.number(&mut tag)?;
    if P::READS {
        *adapt = *ADAPT.get(tag as usize).ok_or(ImageError::Corrupt("a use of a result"))?;
    }
    match adapt {
        Adapt::Plain | Adapt::Hash | Adapt::Float | Adapt::Iterator | Adapt::Next | Adapt::HasAttribute => Ok(()),
        Adapt::Replace(value, checked) => {
            slot(p, value)?;
            flag(p, checked)
        }
        Adapt::Bool(sense) | Adapt::Truth(sense) | Adapt::Length(sense) => flag(p, sense),
        Adapt::Binary(operation) => {
            choice(p, &mut operation.op, &BINARY)?;
            flag(p, &mut operation.in_place)?;
            slot(p, &mut operation.a)?;
            slot(p, &mut operation.b)?;
            small(p, &mut operation.stage)
        }
        Adapt::Compare(comparison) => {
            choice(p, &mut comparison.op, &COMPARE)?;
            slot(p, &mut comparison.a)?;
            slot(p, &mut comparison.b)?;
            small(p, &mut comparison.stage)
        }
        Adapt::Text(method) | Adapt::Integer(method) => choice(p, method, &METHODS),
        Adapt::Default(value, what) => {
            slot(p, value)?;
            choice(p, what, &[DefaultFor::Attribute, DefaultFor::StopIteration])
        }
        Adapt::Attribute(object, name) => {
            slot(p, object)?;
            slot(p, name)
        }
        Adapt::Module(name) => slot(p, name),
    }
}
