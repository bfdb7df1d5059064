//! `complex`: constructor, methods, and the arithmetic behind its operators, step by step as CPython computes it.

use super::common::{self, operator_rows, receiver, unpack, OrRaise, Signature};
use super::support::Outcome;
use crate::class::Type;
use crate::code::BinaryOp;
use crate::kernel::{float, math, text};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{format, string::String};

/// Real and imaginary part.
type Parts = (f64, f64);

const NUMBERS: &[Kind] = &[Kind::Complex, Kind::Float, Kind::Int, Kind::Bool, Kind::Big];

fn parts(m: &mut Machine, slot: Slot) -> Result<Parts, Trap> {
    match slot.kind {
        Kind::Complex => Ok(*m.heap.complexes.get(slot.handle())),
        _ => Ok((m.number_as_float(slot)?, 0.0)),
    }
}

/// An operator on numbers of which one is complex; None when complex numbers do not have it.
pub fn binary(m: &mut Machine, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    if !matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::TrueDiv | BinaryOp::Pow) {
        return Ok(None);
    }
    let (a, b) = (parts(m, a)?, parts(m, b)?);
    let (real, imag) = match op {
        BinaryOp::Add => (a.0 + b.0, a.1 + b.1),
        BinaryOp::Sub => (a.0 - b.0, a.1 - b.1),
        BinaryOp::Mul => product(a, b),
        BinaryOp::TrueDiv => match quotient(a, b) {
            Some(quotient) => quotient,
            None => return Err(m.raise(Type::ZeroDivisionError, "complex division by zero")),
        },
        _ => return power(m, a, b).map(Some),
    };
    Ok(Some(m.new_complex(real, imag)))
}

fn product(a: Parts, b: Parts) -> Parts {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Division that scales by the larger part of the divisor; None when that is zero.
fn quotient(a: Parts, b: Parts) -> Option<Parts> {
    if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let scale = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / scale, (a.1 - a.0 * ratio) / scale))
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let scale = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / scale, (a.1 * ratio - a.0) / scale))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

/// `a ** b`.
pub fn power(m: &mut Machine, a: Parts, b: Parts) -> Outcome {
    let small_whole = b.1 == 0.0 && libm::floor(b.0) == b.0 && b.0.abs() <= 100.0;
    let result = if small_whole { whole_power(a, b.0 as i64) } else { general_power(m, a, b)? };
    match result {
        None => Err(m.raise(Type::ZeroDivisionError, "0.0 to a negative or complex power")),
        Some((real, imag)) if real.is_infinite() || imag.is_infinite() => Err(m.raise(Type::OverflowError, "complex exponentiation")),
        Some((real, imag)) => Ok(m.new_complex(real, imag)),
    }
}

fn whole_power(a: Parts, exponent: i64) -> Option<Parts> {
    if exponent <= 0 {
        return quotient((1.0, 0.0), positive_power(a, exponent.unsigned_abs()));
    }
    Some(positive_power(a, exponent.unsigned_abs()))
}

fn positive_power(base: Parts, exponent: u64) -> Parts {
    let (mut result, mut square, mut bit) = ((1.0, 0.0), base, 1);
    while exponent >= bit {
        if exponent & bit != 0 {
            result = product(result, square);
        }
        bit <<= 1;
        square = product(square, square);
    }
    result
}

/// By length and angle; None for zero to a power that has no value.
fn general_power(m: &mut Machine, a: Parts, b: Parts) -> Result<Option<Parts>, Trap> {
    if b == (0.0, 0.0) {
        return Ok(Some((1.0, 0.0)));
    }
    if a == (0.0, 0.0) {
        return Ok((b.1 == 0.0 && b.0 >= 0.0).then_some((0.0, 0.0)));
    }
    let size = math::hypot(&[a.0, a.1]);
    let angle = function_of_two(m, "atan2", a.1, a.0)?;
    let mut length = math::raw_power(size, b.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        length *= function(m, "exp", -angle * b.1).unwrap_or(f64::INFINITY);
        phase += b.1 * function(m, "log", size)?;
    }
    Ok(Some((length * function(m, "cos", phase)?, length * function(m, "sin", phase)?)))
}

fn function(m: &mut Machine, name: &str, number: f64) -> Result<f64, Trap> {
    let row = math::UNARY.iter().find(|(other, _)| *other == name);
    row.map_or(Ok(f64::NAN), |(_, function)| function(number)).or_raise(m)
}

fn function_of_two(m: &mut Machine, name: &str, a: f64, b: f64) -> Result<f64, Trap> {
    let row = math::BINARY.iter().find(|(other, _)| *other == name);
    row.map_or(Ok(f64::NAN), |(_, function)| function(a, b)).or_raise(m)
}

/// `abs` of a complex number.
pub fn magnitude(m: &mut Machine, slot: Slot) -> Result<f64, Trap> {
    let (real, imag) = parts(m, slot)?;
    let size = math::hypot(&[real, imag]);
    if size.is_infinite() && real.is_finite() && imag.is_finite() {
        return Err(m.raise(Type::OverflowError, "absolute value too large"));
    }
    Ok(size)
}

// ---- construction

const COMPLEX: Signature<2> = Signature { name: "complex", names: ["real", "imag"], positional: 2, required: 0 };

fn complex_new(m: &mut Machine, args: &Args) -> Outcome {
    let [real, imag] = unpack(m, args, 1, &COMPLEX)?;
    if let Some(first) = real {
        if let Some(source) = common::text(m, *first) {
            if imag.is_some() {
                return Err(m.type_error("complex() can't take second arg if first is a string"));
            }
            return parse(m, &source);
        }
    }
    if imag.is_some_and(|imag| m.text_of(*imag).is_some()) {
        return Err(m.type_error("complex() second arg can't be a string"));
    }
    let converts = |m: &Machine, value: Value| [m.names.float, m.names.index].iter().any(|name| m.user_method(*value, *name).is_some());
    if real.is_some_and(|real| m.user_method(*real, m.names.complex).is_some() || converts(m, real)) || imag.is_some_and(|imag| converts(m, imag)) {
        let given = [real, imag].map(|value| value.map_or(Slot::int(0), Value::slot));
        return Err(m.call_hidden("__complex_of__", &[given[0], given[1], Slot::bool(imag.is_some())]));
    }
    let (a, b) = (part(m, real, true)?, part(m, imag, false)?);
    // An imaginary part may itself be complex: (a + ib) + i(c + id).
    match imag {
        None => Ok(m.new_complex(a.0, a.1)),
        Some(_) => {
            let complex_imag = imag.is_some_and(|imag| m.payload(*imag).kind == Kind::Complex);
            let complex_real = real.is_some_and(|real| m.payload(*real).kind == Kind::Complex);
            let real = if complex_imag { a.0 - b.1 } else { a.0 };
            let imag = if complex_real { b.0 + a.1 } else { b.0 };
            Ok(m.new_complex(real, imag))
        }
    }
}

fn part(m: &mut Machine, value: Option<Value>, first: bool) -> Result<Parts, Trap> {
    let Some(value) = value else { return Ok((0.0, 0.0)) };
    let plain = m.payload(*value);
    if NUMBERS.contains(&plain.kind) {
        return parts(m, plain);
    }
    let class = m.type_name(*value);
    Err(m.type_error(match first {
        true => format!("complex() first argument must be a string or a number, not '{class}'"),
        false => format!("complex() second argument must be a number, not '{class}'"),
    }))
}

fn parse(m: &mut Machine, source: &str) -> Outcome {
    let Some(plain) = without_underscores(source) else {
        return Err(m.value_error(format!("could not convert string to complex: {}", text::repr(source))));
    };
    match read(&plain) {
        Some((real, imag)) => Ok(m.new_complex(real, imag)),
        None => Err(m.value_error("complex() arg is a malformed string")),
    }
}

/// Underscores may only stand between digits.
fn without_underscores(source: &str) -> Option<String> {
    let bytes = source.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let misplaced = bytes.iter().enumerate().any(|(at, &byte)| byte == b'_' && !(digit(at.checked_sub(1)) && digit(Some(at + 1))));
    (!misplaced).then(|| source.replace('_', ""))
}

fn read(source: &str) -> Option<Parts> {
    let mut inner = source.trim_matches(crate::kernel::unicode::is_space);
    if let Some(rest) = inner.strip_prefix('(') {
        inner = rest.strip_suffix(')')?.trim_matches(crate::kernel::unicode::is_space);
    }
    let first = float_prefix(inner);
    let (head, rest) = inner.split_at(first);
    if first == 0 {
        return unit(rest).map(|imag| (0.0, imag));
    }
    let number = float::parse(head).ok()?;
    match rest {
        "" => Some((number, 0.0)),
        "j" | "J" => Some((0.0, number)),
        _ if rest.starts_with(['+', '-']) => {
            let second = float_prefix(rest);
            let (imag, unit_text) = rest.split_at(second);
            if second == 0 {
                return unit(rest).map(|imag| (number, imag));
            }
            matches!(unit_text, "j" | "J").then_some(())?;
            Some((number, float::parse(imag).ok()?))
        }
        _ => None,
    }
}

/// `j`, `+j` or `-j`.
fn unit(source: &str) -> Option<f64> {
    match source {
        "j" | "J" | "+j" | "+J" => Some(1.0),
        "-j" | "-J" => Some(-1.0),
        _ => None,
    }
}

/// How many bytes at the beginning are a float.
fn float_prefix(source: &str) -> usize {
    let bytes = source.as_bytes();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let lower = source[sign..].to_ascii_lowercase();
    for word in ["infinity", "inf", "nan"] {
        if lower.starts_with(word) {
            return sign + word.len();
        }
    }
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

// ---- methods

fn this(m: &mut Machine, args: &Args, name: &str) -> Result<Parts, Trap> {
    let this = receiver(m, args, &[Kind::Complex], "complex", name)?;
    common::expect_method(m, args, "complex", name, 0, 0)?;
    parts(m, this)
}

fn real(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "real").map(|(real, _)| Value::float(real))
}

fn imag(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "imag").map(|(_, imag)| Value::float(imag))
}

fn conjugate(m: &mut Machine, args: &Args) -> Outcome {
    let (real, imag) = this(m, args, "conjugate")?;
    Ok(m.new_complex(real, -imag))
}

fn itself(m: &mut Machine, args: &Args) -> Outcome {
    let (real, imag) = this(m, args, "__complex__")?;
    Ok(m.new_complex(real, imag))
}

fn negative(m: &mut Machine, args: &Args) -> Outcome {
    let (real, imag) = this(m, args, "__neg__")?;
    Ok(m.new_complex(-real, -imag))
}

fn absolute(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, &[Kind::Complex], "complex", "__abs__")?;
    magnitude(m, this).map(Value::float)
}

fn truth(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "__bool__").map(|parts| Value::bool(parts != (0.0, 0.0)))
}

fn hash(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, &[Kind::Complex], "complex", "__hash__")?;
    m.hash(this).map(|hash| Value::int(hash as i64))
}

fn equals(m: &mut Machine, args: &Args, negate: bool) -> Outcome {
    let this = receiver(m, args, &[Kind::Complex], "complex", "__eq__")?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    match NUMBERS.contains(&other.kind) {
        true => m.equal(this, other).map(|equal| Value::bool(equal != negate)),
        false => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn operator(m: &mut Machine, args: &Args, op: BinaryOp, swapped: bool) -> Outcome {
    let this = receiver(m, args, &[Kind::Complex], "complex", "__add__")?;
    common::operator(m, args, this, NUMBERS, op, swapped)
}

const fn method(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "complex", name, code, bind: Bind::Method }
}

/// Methods behind the operators of `complex`.
pub const OPERATORS: &[NativeRow] = operator_rows!("complex", operator,
    Add "__add__" "__radd__", Sub "__sub__" "__rsub__", Mul "__mul__" "__rmul__", TrueDiv "__truediv__" "__rtruediv__",
    Pow "__pow__" "__rpow__",
);

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "complex", name: "__new__", code: complex_new, bind: Bind::Static },
    NativeRow { owner: "complex", name: "real", code: real, bind: Bind::Getter },
    NativeRow { owner: "complex", name: "imag", code: imag, bind: Bind::Getter },
    method("conjugate", conjugate),
    method("__complex__", itself),
    method("__pos__", itself),
    method("__neg__", negative),
    method("__abs__", absolute),
    method("__bool__", truth),
    method("__hash__", hash),
    method("__eq__", |m, args| equals(m, args, false)),
    method("__ne__", |m, args| equals(m, args, true)),
];
