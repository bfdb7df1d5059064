//! Built-in functions, and methods of built-in classes: one file a class, one row a native.
//!
//! How to write one:
//!
//! - Arguments: `m.arg(args, i)?` (forced), `m.optional(args, i)?`, `m.keyword(args, "key")`; `m.expect(…)` checks
//!   their number with CPython's messages. A method's receiver is argument 0; use `m.payload(slot)` on it, since it
//!   may be an instance of a class derived from the built-in one.
//! - Program code is never called. Where it would have to run (a key function, `__eq__` of an instance, an iterator
//!   that is a generator), return `Err(m.call_hidden("name", &slots))` *before anything has changed*: a function of
//!   the hidden Python module `crates/stdlib/python/builtins.py` does the same thing in Python, and its result takes
//!   the place of the native's.
//! - Containers hold slots: look at them through `m.force(slot)?`. `Err(Trap::Pending)` runs the whole native again
//!   later, so change nothing before.
//! - Charge before allocating (`m.charge(bytes)?`, the `new_*` functions do it), and `m.spend(units)?` for loops.
//! - Labels: the machine joins the labels of all arguments into the result; a native that looks *inside* a container
//!   or object joins what it saw into `m.seen`.
//! - Never hold a borrow of the heap across a call that may allocate; clone the small thing or copy the slots.

use crate::machine::Machine;
use crate::native::NativeRow;

pub mod support;
pub mod sorting;
pub mod list;
pub mod tuple;
pub mod dict;
pub mod set;
pub(crate) mod quick;
pub mod range;
pub mod slice;
pub mod iteration;
pub mod intrinsics;
pub mod views;
pub mod alias;
pub mod exception;
pub mod frames;
pub mod function;
pub mod object;
pub mod bytes;
pub mod memoryview;
pub mod common;
pub mod complex;
pub mod float;
pub mod format;
pub mod int;
pub mod string;
pub mod text_of;

/// The tables of all files, in a fixed order (a native's number is its place).
pub const TABLES: &[&[NativeRow]] = &[alias::TABLE, exception::TABLE, frames::TABLE, crate::death::TABLE, function::TABLE, object::TABLE, text_of::REPRS, text_of::TABLE, string::TABLE, bytes::BYTES_TABLE, bytes::BYTEARRAY_TABLE, bytes::TABLE, memoryview::TABLE, int::OPERATORS, int::TABLE, float::OPERATORS, float::TABLE, complex::OPERATORS, complex::TABLE, format::TABLE, list::TABLE, tuple::TABLE, dict::TABLE, set::TABLE, range::TABLE, slice::TABLE, iteration::TABLE, iteration::ITERATORS, iteration::PLACED, intrinsics::TABLE, views::TABLE, views::SET_TABLE];

/// Put all natives into their classes, modules and the namespace of built-ins.
pub(crate) fn boot(m: &mut Machine) {
    crate::boot::natives(m);
}
