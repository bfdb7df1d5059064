//! State of objects whose modules are written in Rust, and the table of all
//! built-in functions and methods.

use crate::machine::Machine;
use crate::trap::Trap;
use crate::value::{Slot, Value};
use alloc::{boxed::Box, collections::VecDeque, vec::Vec};

/// Arguments of a native call: consecutive slots of the machine's stack.
#[derive(Clone, Copy, Debug)]
pub struct Args {
    /// Absolute place of the first argument.
    pub first: usize,
    /// Number of positional arguments.
    pub count: usize,
    /// Number of keyword arguments, which follow the positional ones.
    pub keywords: usize,
    /// Tuple of the keyword arguments' names, when there are any.
    pub names: Slot,
}

/// A built-in function. It computes on plain data and never calls program code:
/// where program code would run, it returns `Trap::Call` to a function of the
/// machine's own Python *before it has changed anything*, and the result of that
/// call takes the place of its own.
pub type NativeFn = fn(&mut Machine, &Args) -> Result<Value, Trap>;

/// One row of the table of natives.
#[derive(Clone, Copy)]
pub struct NativeRow {
    /// The class or module it belongs to (`str`, `builtins`, `math`).
    pub owner: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// The code.
    pub code: NativeFn,
    /// How its class holds it.
    pub bind: Bind,
}

/// How a native is found on its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bind {
    /// A function of a module.
    Function,
    /// A method: the receiver is the first argument.
    Method,
    /// A class method: the class is the first argument.
    Class,
    /// A static method.
    Static,
    /// A property: called with the receiver when it is read.
    Getter,
}

/// State of objects of native modules.
#[derive(Clone, Debug, Default)]
pub enum NativeObject {
    /// Nothing (a freed entry).
    #[default]
    Empty,
    /// `collections.deque`: items and maxlen.
    Deque(VecDeque<Slot>, Option<usize>),
    /// A compiled pattern of `re`: source text and flags; compiled on load.
    Pattern(Box<crate::modules::re::Pattern>),
    /// A match of `re`.
    Match(Box<crate::modules::re::Match>),
    /// A `memoryview`.
    View(Box<crate::builtins::memoryview::View>),
    /// The Mersenne Twister of `random`.
    Random(Box<crate::modules::random::State>),
}

impl NativeObject {
    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        match self {
            NativeObject::Empty => 16,
            NativeObject::Deque(items, _) => 64 + 16 * items.capacity() as u64,
            NativeObject::Pattern(_) => 2048,
            NativeObject::Match(found) => found.bytes(),
            NativeObject::View(_) => 96,
            NativeObject::Random(_) => 2600,
        }
    }

    /// Its class.
    pub fn class(&self) -> crate::class::Type {
        use crate::class::Type;
        match self {
            NativeObject::Empty => Type::Object,
            NativeObject::Deque(..) => Type::Deque,
            NativeObject::Pattern(_) => Type::Pattern,
            NativeObject::Match(_) => Type::Match,
            NativeObject::View(_) => Type::MemoryView,
            NativeObject::Random(_) => Type::Random,
        }
    }

    /// Number of items, when it is a container.
    pub fn len(&self) -> Option<u64> {
        match self {
            NativeObject::Deque(items, _) => Some(items.len() as u64),
            _ => None,
        }
    }

    /// Its item at a place, when it can be iterated.
    pub fn item(&self, place: usize) -> Option<Slot> {
        match self {
            NativeObject::Deque(items, _) => items.get(place).copied(),
            _ => None,
        }
    }

    /// Slots it refers to.
    pub fn references(&self, each: &mut dyn FnMut(Slot)) {
        match self {
            NativeObject::Deque(items, _) => items.iter().for_each(|s| each(*s)),
            NativeObject::Match(found) => found.references(each),
            NativeObject::View(view) => [view.base, view.shape].into_iter().for_each(each),
            _ => {}
        }
    }
}

/// All natives, in the order of their numbers.
pub fn table() -> Vec<NativeRow> {
    let mut rows = Vec::new();
    for part in crate::builtins::TABLES.iter().chain(crate::modules::TABLES) {
        rows.extend_from_slice(part);
    }
    rows
}
