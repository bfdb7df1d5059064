//! Code as bytes and back, for the modules of the library: so that a process does not compile what every process needs.
//!
//! The bytes are part of a build, beside the text that they were compiled from; code from anywhere else never comes
//! this way (see the invariants: the machine trusts no bytecode). So instructions are not proved here. Damaged bytes give
//! no code, or other code, never a panic. There is no version: whoever keeps the bytes keeps the digest of what made them.
//!
//! One trait says for each part of code how it is written and how it is read.

use crate::code::{BinaryOp, Code, CodeKind, CompareOp, Const, Convert, Handler, Op, Params, Span, UnaryOp};
use alloc::{boxed::Box, sync::Arc, vec::Vec};

/// The code of a module as bytes. None when it has holes, whose shapes are not stored.
pub fn encode(code: &Code) -> Option<Vec<u8>> {
    fn has_holes(code: &Code) -> bool {
        !code.holes.is_empty() || code.children.iter().any(|child| has_holes(child))
    }
    let mut out = Vec::new();
    (!has_holes(code)).then(|| put_code(code, &mut out))?;
    Some(out)
}

/// The code that was encoded, of this file and text.
pub fn decode(mut bytes: &[u8], file: &str, source: &str) -> Option<Arc<Code>> {
    let (file, source) = (file.into(), source.into());
    let code = take_code(&mut bytes, &file, &source, 0)?;
    bytes.is_empty().then_some(code)
}

/// Functions inside functions.
const NESTED_MAX: usize = 64;

/// A part of code.
pub(crate) trait Stored: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(from: &mut &[u8]) -> Option<Self>;
}

macro_rules! integers {
    ($($type:ty),*) => { $(
        impl Stored for $type {
            #[inline]
            fn put(&self, out: &mut Vec<u8>) {
                crate::image::put(out, u64::from(*self));
            }
            #[inline]
            fn take(from: &mut &[u8]) -> Option<$type> {
                Some(number(from)? as $type)
            }
        }
    )* };
}
integers!(u8, u16, u32, u64);

macro_rules! signed {
    ($($type:ty),*) => { $(
        impl Stored for $type {
            fn put(&self, out: &mut Vec<u8>) {
                let value = i64::from(*self);
                ((value << 1 ^ value >> 63) as u64).put(out);
            }
            #[inline]
            fn take(from: &mut &[u8]) -> Option<$type> {
                let bits = number(from)?;
                Some(((bits >> 1) as i64 ^ -((bits & 1) as i64)) as $type)
            }
        }
    )* };
}
signed!(i16, i32, i64);

/// Seven bits a byte, low ones first.
#[inline]
fn number(from: &mut &[u8]) -> Option<u64> {
    let (&first, rest) = from.split_first()?;
    *from = rest;
    if first < 0x80 {
        return Some(u64::from(first));
    }
    let (mut value, mut shift) = (u64::from(first & 0x7f), 7);
    loop {
        let (&byte, rest) = from.split_first()?;
        *from = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte < 0x80 {
            return Some(value);
        }
    }
}

fn raw<'b>(from: &mut &'b [u8]) -> Option<&'b [u8]> {
    let count = usize::try_from(number(from)?).ok()?;
    let (bytes, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(bytes)
}

fn put_raw(bytes: &[u8], out: &mut Vec<u8>) {
    (bytes.len() as u64).put(out);
    out.extend_from_slice(bytes);
}

impl Stored for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn take(from: &mut &[u8]) -> Option<bool> {
        Some(number(from)? != 0)
    }
}

impl Stored for f64 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.to_bits().to_le_bytes());
    }
    fn take(from: &mut &[u8]) -> Option<f64> {
        let (bytes, rest) = from.split_first_chunk()?;
        *from = rest;
        Some(f64::from_bits(u64::from_le_bytes(*bytes)))
    }
}

impl Stored for Box<str> {
    fn put(&self, out: &mut Vec<u8>) {
        put_raw(self.as_bytes(), out);
    }
    fn take(from: &mut &[u8]) -> Option<Box<str>> {
        core::str::from_utf8(raw(from)?).ok().map(Box::from)
    }
}

impl Stored for Box<[u8]> {
    fn put(&self, out: &mut Vec<u8>) {
        put_raw(self, out);
    }
    fn take(from: &mut &[u8]) -> Option<Box<[u8]>> {
        raw(from).map(Box::from)
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        self.iter().for_each(|item| item.put(out));
    }
    fn take(from: &mut &[u8]) -> Option<Vec<T>> {
        // Each takes a byte at least.
        let count = usize::try_from(number(from)?).ok().filter(|count| *count <= from.len())?;
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            all.push(T::take(from)?);
        }
        Some(all)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        self.iter().for_each(|value| value.put(out));
    }
    fn take(from: &mut &[u8]) -> Option<Option<T>> {
        Some(if bool::take(from)? { Some(T::take(from)?) } else { None })
    }
}

macro_rules! words {
    ($($type:ident { $($word:ident),* $(,)? })*) => { $(
        impl Stored for $type {
            fn put(&self, out: &mut Vec<u8>) {
                out.push(*self as u8);
            }
            #[inline]
            fn take(from: &mut &[u8]) -> Option<$type> {
                const ALL: &[$type] = &[$($type::$word),*];
                ALL.get(number(from)? as usize).copied()
            }
        }
    )* };
}

words! {
    BinaryOp { Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, MatMul, And, Or, Xor, Shl, Shr }
    UnaryOp { Neg, Pos, Invert }
    CompareOp { Lt, Le, Gt, Ge, Eq, Ne, Is, IsNot, In, NotIn }
    Convert { None, Str, Repr, Ascii }
    CodeKind { Module, Class, Function, Generator, Coroutine, AsyncGenerator }
}

macro_rules! records {
    ($($type:ident { $($field:ident),* $(,)? })*) => { $(
        impl Stored for $type {
            fn put(&self, out: &mut Vec<u8>) {
                $( self.$field.put(out); )*
            }
            fn take(from: &mut &[u8]) -> Option<$type> {
                Some($type { $( $field: Stored::take(from)? ),* })
            }
        }
    )* };
}

records! {
    Params { positional_only, positional, keyword_only, star, double_star }
    Handler { start, end, target, exc }
}

impl Stored for Const {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Const::None => out.push(0),
            Const::Ellipsis => out.push(1),
            Const::Bool(value) => {
                out.push(2);
                value.put(out);
            }
            Const::Int(value) => {
                out.push(3);
                value.put(out);
            }
            Const::Big(digits) => {
                out.push(4);
                digits.put(out);
            }
            Const::Float(value) => {
                out.push(5);
                value.put(out);
            }
            Const::Complex(real, imag) => {
                out.push(6);
                real.put(out);
                imag.put(out);
            }
            Const::Str(text) => {
                out.push(7);
                text.put(out);
            }
            Const::Bytes(bytes) => {
                out.push(8);
                bytes.put(out);
            }
            Const::Tuple(items) => {
                out.push(9);
                items.put(out);
            }
            Const::FrozenSet(items) => {
                out.push(10);
                items.put(out);
            }
        }
    }

    fn take(from: &mut &[u8]) -> Option<Const> {
        Some(match number(from)? {
            0 => Const::None,
            1 => Const::Ellipsis,
            2 => Const::Bool(Stored::take(from)?),
            3 => Const::Int(Stored::take(from)?),
            4 => Const::Big(Stored::take(from)?),
            5 => Const::Float(Stored::take(from)?),
            6 => Const::Complex(Stored::take(from)?, Stored::take(from)?),
            7 => Const::Str(Stored::take(from)?),
            8 => Const::Bytes(Stored::take(from)?),
            9 => Const::Tuple(Stored::take(from)?),
            10 => Const::FrozenSet(Stored::take(from)?),
            _ => return None,
        })
    }
}

/// Instructions of one place stand together: the place, and how many they are.
fn put_spans(spans: &[Span], out: &mut Vec<u8>) {
    let mut before = 0;
    for run in spans.chunk_by(|a, b| a == b) {
        (run.len() as u64).put(out);
        let span = run[0];
        (i64::from(span.line) - before).put(out);
        before = i64::from(span.line);
        (i64::from(span.end_line) - before).put(out);
        span.col.put(out);
        span.end_col.put(out);
    }
}

fn take_spans(count: usize, from: &mut &[u8]) -> Option<Vec<Span>> {
    let mut spans: Vec<Span> = Vec::with_capacity(count);
    let mut before = 0i64;
    while spans.len() < count {
        let run = usize::try_from(number(from)?).ok().filter(|run| *run > 0 && *run <= count - spans.len())?;
        let line = before.checked_add(i64::take(from)?)?;
        let end_line = line.checked_add(i64::take(from)?)?;
        before = line;
        let span = Span { line: line as u32, end_line: end_line as u32, col: u32::take(from)?, end_col: u32::take(from)? };
        spans.resize(spans.len() + run, span);
    }
    Some(spans)
}

/// One list of what code is made of, for both ways; `file` and `source` are the whole tree's.
macro_rules! code_fields {
    ($($field:ident),*) => {
        fn put_code(code: &Code, out: &mut Vec<u8>) {
            $( code.$field.put(out); )*
            code.ops.put(out);
            put_spans(&code.spans, out);
            (code.children.len() as u64).put(out);
            code.children.iter().for_each(|child| put_code(child, out));
        }

        fn take_code(from: &mut &[u8], file: &Arc<str>, source: &Arc<str>, depth: usize) -> Option<Arc<Code>> {
            $( let $field = Stored::take(from)?; )*
            let ops = Vec::<Op>::take(from)?;
            let spans = take_spans(ops.len(), from)?;
            let count = number(from)?;
            if depth > NESTED_MAX {
                return None;
            }
            let children = (0..count).map(|_| take_code(from, file, source, depth + 1)).collect::<Option<Vec<_>>>()?;
            Some(Arc::new(Code { $( $field, )* ops, spans, children, holes: Vec::new(), file: file.clone(), source: source.clone() }))
        }
    };
}
code_fields!(kind, name, qualname, first_line, params, locals, cells, free, registers, consts, sites, handlers, doc, partial);
