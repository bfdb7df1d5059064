//! The kernels: Python's arithmetic, text and tables as pure functions on plain data.
//!
//! Nothing here knows the heap, the run loop or a label; a function takes numbers and text and gives
//! numbers and text, or a [`Fault`] with CPython's words. What could grow past reason takes a limit or
//! has a cost function beside it, so that the caller charges before it computes.

pub mod character;
#[rustfmt::skip]
mod character_tables;
pub mod digest;
mod erf;
pub mod float;
pub mod format;
pub mod hash;
pub mod int;
pub mod json;
pub mod math;
pub mod random;
pub mod regex;
pub mod set;
pub mod template;
pub mod text;
pub mod unicode;
#[rustfmt::skip]
mod unicode_tables;

use alloc::borrow::Cow;

/// Why a kernel gives no value: the exception to raise, in CPython's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The exception type, or a limit of the machine.
    pub kind: FaultKind,
    /// The text of the exception, exactly as CPython 3.12 has it.
    pub message: Cow<'static, str>,
}

/// The exception type that a [`Fault`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `ValueError`.
    Value,
    /// `TypeError`.
    Type,
    /// `IndexError`.
    Index,
    /// `KeyError`.
    Key,
    /// `OverflowError`.
    Overflow,
    /// An `OverflowError` whose arguments are `(34, 'Numerical result out of range')`.
    Range,
    /// `ZeroDivisionError`.
    ZeroDivision,
    /// `MemoryError`.
    Memory,
    /// Not an exception of the program: the work or the result would pass the caller's limit.
    Limit,
}

impl Fault {
    /// A fault with a fixed or computed message.
    pub fn new(kind: FaultKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// A `ValueError`.
    pub fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::Value, message)
    }

    /// A `TypeError`.
    pub fn type_error(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::Type, message)
    }

    /// An `OverflowError`.
    pub fn overflow(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::Overflow, message)
    }

    /// A `ZeroDivisionError`.
    pub fn zero_division(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::ZeroDivision, message)
    }

    /// The `OverflowError` of a float operation, whose arguments are an error number and a text.
    pub fn range() -> Self {
        Self::new(FaultKind::Range, "(34, 'Numerical result out of range')")
    }

    /// A limit of the machine was met before anything was spent; `wanted` bytes or steps were asked for.
    pub fn limit(wanted: u64) -> Self {
        Self::new(FaultKind::Limit, alloc::format!("{wanted}"))
    }
}
