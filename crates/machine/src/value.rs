//! Slots and values: sixteen bytes, kind, label and payload.
//!
//! A [`Slot`] is what registers, containers and attributes hold: it may be
//! *pending* (an ask whose answer nobody has looked at) or *unbound*. A [`Value`]
//! never is. `Machine::force` is the only way from one to the other.

use crate::without;

/// An interned pair of origin sets; 0 is "from no answer". See `label.rs`.
pub type Label = u32;
/// Index of an object in the arena of its kind.
pub type Handle = u32;

/// What a slot holds. Kinds after `Float` are handles into the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
#[allow(missing_docs)]
pub enum Kind {
    /// No value: a local before its assignment, a deleted entry.
    Unbound,
    /// The answer of an ask that is still open (payload: ask id).
    Pending,
    None,
    NotImplemented,
    Ellipsis,
    Bool,
    Int,
    Float,
    /// A position inside a `for` statement's hidden iterator register.
    Position,
    Str,
    Big,
    Complex,
    Bytes,
    ByteArray,
    Tuple,
    List,
    Dict,
    Set,
    FrozenSet,
    Range,
    Slice,
    Cell,
    Function,
    /// A built-in function or unbound method (payload: row in the table of natives).
    Native,
    /// A bound method, of a function or of a native.
    Method,
    Class,
    /// Instance of a class of the program or of an exception: class in the upper half of the
    /// payload, its dict in the lower half.
    Instance,
    Module,
    Generator,
    /// A native iterator object.
    Iter,
    /// `property`, `staticmethod`, `classmethod`, `super`, slots and other small descriptors.
    Descriptor,
    /// `dict.keys()`, `.values()`, `.items()`.
    DictView,
    /// State behind an exception instance: arguments, cause, context, traceback.
    Exception,
    /// A traceback object.
    Traceback,
    /// A tool by name (payload: string handle).
    Tool,
    /// Native state of modules written in Rust: patterns, matches, deques, generators of numbers.
    Native2,
    /// `list[int]` and the like.
    Alias,
    Code,
    /// A range whose bounds or length do not fit 64 bits (payload: the tuple of start, stop, step and length).
    WideRange,
}

/// A place that can hold a value, a pending answer, or nothing.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Slot {
    /// What it holds.
    pub kind: Kind,
    /// Which answers it came from.
    pub label: Label,
    /// Payload, by kind.
    pub bits: u64,
}

/// A value: never pending, never unbound.
#[derive(Clone, Copy, Debug)]
pub struct Value(Slot);

const _: () = assert!(core::mem::size_of::<Slot>() == 16);

/// Kind and label of a slot as one word: comparing it with the head of a kind asks for that kind *without a label*
/// in one compare, which is what the run loop does on every operand.
#[inline]
pub(crate) const fn head(kind: Kind) -> u64 {
    kind as u64
}

impl Default for Slot {
    fn default() -> Slot {
        Slot::UNBOUND
    }
}

impl Slot {
    /// Nothing.
    pub const UNBOUND: Slot = Slot { kind: Kind::Unbound, label: 0, bits: 0 };
    /// `None`.
    pub const NONE: Slot = Slot { kind: Kind::None, label: 0, bits: 0 };

    /// A slot of `kind` with a payload.
    #[inline]
    pub const fn new(kind: Kind, bits: u64) -> Slot {
        Slot { kind, label: 0, bits }
    }
    /// A heap object.
    #[inline]
    pub const fn object(kind: Kind, handle: Handle) -> Slot {
        Slot { kind, label: 0, bits: handle as u64 }
    }
    /// An int.
    #[inline]
    pub const fn int(value: i64) -> Slot {
        Slot { kind: Kind::Int, label: 0, bits: value as u64 }
    }
    /// A float.
    #[inline]
    pub const fn float(value: f64) -> Slot {
        Slot { kind: Kind::Float, label: 0, bits: value.to_bits() }
    }
    /// A bool.
    #[inline]
    pub const fn bool(value: bool) -> Slot {
        Slot { kind: Kind::Bool, label: 0, bits: value as u64 }
    }
    /// The same with another label.
    #[inline]
    pub const fn with_label(self, label: Label) -> Slot {
        if without::LABELS { self } else { Slot { label, ..self } }
    }
    /// Kind and label as one word, see [`head`].
    #[inline]
    pub(crate) const fn head(self) -> u64 {
        self.kind as u64 | (self.label as u64) << 32
    }
    /// Payload of an int or bool.
    #[inline]
    pub const fn as_int(self) -> i64 {
        self.bits as i64
    }
    /// Payload of a float.
    #[inline]
    pub const fn as_float(self) -> f64 {
        f64::from_bits(self.bits)
    }
    /// Handle of an object (for an instance: of its dict).
    #[inline]
    pub const fn handle(self) -> Handle {
        self.bits as u32
    }
    /// Class of an instance.
    #[inline]
    pub const fn class_handle(self) -> Handle {
        (self.bits >> 32) as u32
    }
    /// Does it hold nothing?
    #[inline]
    pub fn is_unbound(self) -> bool {
        self.kind == Kind::Unbound
    }
    /// The value, when it is neither pending nor unbound.
    #[inline]
    pub fn value(self) -> Option<Value> {
        if self.kind > Kind::Pending { Some(Value(self)) } else { None }
    }
    /// Same kind and payload: Python's `is`.
    #[inline]
    pub fn same(self, other: Slot) -> bool {
        self.kind == other.kind && self.bits == other.bits
    }
}

impl Value {
    /// `None`.
    pub const NONE: Value = Value(Slot::NONE);
    /// An instance of a class with its dict.
    #[inline]
    pub const fn instance(class: Handle, dict: Handle) -> Value {
        Value(Slot { kind: Kind::Instance, label: 0, bits: (class as u64) << 32 | dict as u64 })
    }
    /// A heap object. `kind` must not be `Pending` or `Unbound`.
    #[inline]
    pub const fn object(kind: Kind, handle: Handle) -> Value {
        Value(Slot::object(kind, handle))
    }
    /// An int.
    #[inline]
    pub const fn int(value: i64) -> Value {
        Value(Slot::int(value))
    }
    /// A float.
    #[inline]
    pub const fn float(value: f64) -> Value {
        Value(Slot::float(value))
    }
    /// A bool.
    #[inline]
    pub const fn bool(value: bool) -> Value {
        Value(Slot::bool(value))
    }
    /// `NotImplemented`.
    pub const NOT_IMPLEMENTED: Value = Value(Slot::new(Kind::NotImplemented, 0));
    /// The same with another label.
    #[inline]
    pub const fn with_label(self, label: Label) -> Value {
        Value(self.0.with_label(label))
    }
    /// As a slot.
    #[inline]
    pub const fn slot(self) -> Slot {
        self.0
    }
    /// Is it `None`?
    #[inline]
    pub fn is_none(self) -> bool {
        self.0.kind == Kind::None
    }
}

impl core::ops::Deref for Value {
    type Target = Slot;
    #[inline]
    fn deref(&self) -> &Slot {
        &self.0
    }
}

impl From<Value> for Slot {
    #[inline]
    fn from(value: Value) -> Slot {
        value.0
    }
}
