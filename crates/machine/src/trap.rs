//! Why an instruction or a native did not give a value.

use crate::value::{Slot, Value};
use alloc::{boxed::Box, string::String, vec::Vec};
use emulant_ask::{Limit, Request, Seen};

/// Why there is no value yet, or none at all.
#[derive(Clone, Debug)]
pub enum Trap {
    /// A Python exception: the instance.
    Raise(Value),
    /// Program code has to run first; its result, adapted, is the value.
    Call(Box<CallTrap>),
    /// Somebody looked into a pending slot: send the batch, then run the instruction again.
    Pending,
    /// The program asks.
    Ask(Box<AskTrap>),
    /// Begin an attempt that may spend so much fuel, see `attempt.rs`.
    Attempt(Option<u64>),
    /// Take the innermost attempt back, and say why.
    Rollback(String),
    /// Keep the innermost attempt, if it changed nothing of the program but what can be reached from these.
    Commit(Slot),
    /// A budget ran out; not catchable.
    Limit(Limit),
    /// Memory is short: collect, run the instruction again, give up the second time.
    Memory,
}

/// A call that a native or a slow path wants to be made.
#[derive(Clone, Debug)]
pub struct CallTrap {
    /// What to call.
    pub callee: Value,
    /// Positional arguments.
    pub args: Vec<Slot>,
    /// Keyword arguments.
    pub keywords: Vec<(Slot, Slot)>,
    /// What to do with the result.
    pub adapt: Adapt,
}

/// An ask as a native wants it made.
#[derive(Clone, Debug)]
pub struct AskTrap {
    /// What is asked.
    pub request: Request,
    /// Labels of its parts.
    pub seen: Vec<Seen>,
}

/// What happens to the result of a call before it takes its place.
#[derive(Clone, Copy, Debug)]
pub enum Adapt {
    /// Nothing.
    Plain,
    /// It is ignored; the value is this one (`__init__` must return None: checked when `true`).
    Replace(Slot, bool),
    /// It must be a bool (`__bool__`); negated when true.
    Bool(bool),
    /// Its truth, negated when true.
    Truth(bool),
    /// A `__len__`: an int that is not negative; its truth when true.
    Length(bool),
    /// NotImplemented means: go on with the next way to do this binary operation.
    Binary(BinaryTry),
    /// NotImplemented means: go on with the next way to compare.
    Compare(CompareTry),
    /// It must be a str, as the named method says.
    Text(&'static str),
    /// It must be an int (`__hash__`); reduced to a hash.
    Hash,
    /// It must be an int (`__index__`, `__int__`).
    Integer(&'static str),
    /// It must be a float (`__float__`).
    Float,
    /// It must be an iterator.
    Iterator,
    /// A `__next__` called by a `for`: StopIteration ends the loop.
    Next,
    /// The default of `getattr`/`next` with three or two arguments: taken instead of AttributeError/StopIteration.
    Default(Slot, DefaultFor),
    /// `__getattribute__`/property raised AttributeError: try `__getattr__` of this object with this name.
    Attribute(Slot, Slot),
    /// `hasattr`: False instead of AttributeError.
    HasAttribute,
    /// The module whose body ran, registered under this name.
    Module(Slot),
}

/// Which exception a default replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DefaultFor { Attribute, StopIteration }

/// A binary operation in progress.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct BinaryTry { pub op: crate::code::BinaryOp, pub in_place: bool, pub a: Slot, pub b: Slot, pub stage: u8 }

/// A comparison in progress.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct CompareTry { pub op: crate::code::CompareOp, pub a: Slot, pub b: Slot, pub stage: u8 }
