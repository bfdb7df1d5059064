//! `int` and `bool`, and the functions of numbers and characters: `abs`, `round`, `divmod`, `pow`, `bin`, `oct`, `hex`,
//! `chr`, `ord`, `hash`, `id`.
//!
//! Operators are the core's; here are only their methods by name.

use super::common::{self, int_argument, operator_rows, receiver, unpack, OrRaise, Signature, INTS};
use super::support::{self, comparisons, Outcome};
use crate::class::Type;
use crate::code::{BinaryOp, CompareOp, UnaryOp};
use crate::kernel::{float, int};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::{Adapt, Trap};
use crate::value::{Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};
use num_traits::{Signed, ToPrimitive};

comparisons!("int", INTS, "__call_");

const INT: Signature<2> = Signature { name: "int", names: ["", "base"], positional: 2, required: 0 };

fn int_new(m: &mut Machine, args: &Args) -> Outcome {
    let [value, base] = unpack(m, args, 1, &INT)?;
    match (value, base) {
        (None, None) => Ok(Value::int(0)),
        (None, Some(_)) => Err(m.type_error("int() missing string argument")),
        (Some(value), None) => int_of(m, value),
        (Some(value), Some(base)) => int_in_base(m, value, base),
    }
}

/// `int(value)`.
fn int_of(m: &mut Machine, value: Value) -> Outcome {
    let trunc = m.intern("__trunc__");
    for (method, name) in [(m.names.int, "__int__"), (m.names.index, "__index__"), (trunc, "__trunc__")] {
        if let Some(method) = m.user_method(*value, method) {
            return Err(m.call_trap(method, Vec::from([*value]), Adapt::Integer(name)));
        }
    }
    let plain = m.payload(*value);
    let plain = super::bytes::without_view(m, plain)?;
    match plain.kind {
        Kind::Int | Kind::Bool => Ok(Value::int(plain.as_int())),
        Kind::Big => Ok(common::known(plain)),
        Kind::Float => {
            let number = float::to_int(plain.as_float()).or_raise(m)?;
            m.new_int(number)
        }
        Kind::Str | Kind::Bytes | Kind::ByteArray => parse(m, plain, 10),
        _ => {
            let class = m.type_name(*value);
            Err(m.type_error(format!("int() argument must be a string, a bytes-like object or a real number, not '{class}'")))
        }
    }
}

fn int_in_base(m: &mut Machine, value: Value, base: Value) -> Outcome {
    // A base that is far out is as wrong as 1.
    let base = m.int_arg(*base)?.to_i64().unwrap_or(1);
    let plain = m.payload(*value);
    match plain.kind {
        Kind::Str | Kind::Bytes | Kind::ByteArray => parse(m, plain, base),
        _ => Err(m.type_error("int() can't convert non-string with explicit base")),
    }
}

fn parse(m: &mut Machine, plain: Slot, base: i64) -> Outcome {
    let number = match plain.kind {
        Kind::Str => {
            // Decimal digits cost their square, but only a few thousand are allowed.
            let length = m.heap.text(plain.handle()).len() as u64;
            let digits_max = m.int_digits_max();
            m.spend(length + length.min(digits_max as u64 + 700).saturating_pow(2) / 256)?;
            int::parse_within(m.heap.text(plain.handle()), base, digits_max)
        }
        _ => int::parse_bytes(m.bytes_of(plain), base),
    };
    let number = number.or_raise(m)?;
    m.new_int(number)
}

fn bool_new(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "bool", 1, 0, 1)?;
    match m.optional(args, 1)? {
        None => Ok(Value::bool(false)),
        Some(value) => m.truth(*value).map(Value::bool),
    }
}

/// The receiver of a method of `int` that takes nothing more.
fn this(m: &mut Machine, args: &Args, name: &str) -> Result<Slot, Trap> {
    let this = receiver(m, args, INTS, "int", name)?;
    common::expect_method(m, args, "int", name, 0, 0)?;
    Ok(this)
}

/// The value itself as a plain int, also of a bool.
fn plain_int(slot: Slot) -> Value {
    if slot.kind == Kind::Big { common::known(slot) } else { Value::int(slot.as_int()) }
}

fn bit_length(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "bit_length")?;
    Ok(Value::int(m.big(this).bits() as i64))
}

fn bit_count(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "bit_count")?;
    Ok(Value::int(int::bit_count(&m.big(this)) as i64))
}

fn as_integer_ratio(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "as_integer_ratio")?;
    m.new_tuple(Vec::from([*plain_int(this), Slot::int(1)]))
}

fn is_integer(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "is_integer")?;
    Ok(Value::bool(true))
}

fn itself(m: &mut Machine, args: &Args) -> Outcome {
    Ok(plain_int(receiver(m, args, INTS, "int", "__int__")?))
}

fn zero(_: &mut Machine, _: &Args) -> Outcome {
    Ok(Value::int(0))
}

fn one(_: &mut Machine, _: &Args) -> Outcome {
    Ok(Value::int(1))
}

/// `byteorder` of `to_bytes` and `from_bytes`: is it little?
fn is_little(m: &mut Machine, function: &str, order: Option<Value>) -> Result<bool, Trap> {
    let Some(order) = order else { return Ok(false) };
    match common::text(m, *order).as_deref() {
        Some("little") => Ok(true),
        Some("big") => Ok(false),
        Some(_) => Err(m.value_error("byteorder must be either 'little' or 'big'")),
        None => {
            let class = m.type_name(*order);
            Err(m.type_error(format!("{function}() argument 'byteorder' must be str, not {class}")))
        }
    }
}

const TO_BYTES: Signature<3> = Signature { name: "to_bytes", names: ["length", "byteorder", "signed"], positional: 2, required: 0 };

fn to_bytes(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, INTS, "int", "to_bytes")?;
    let [length, order, signed] = unpack(m, args, 1, &TO_BYTES)?;
    let length = length.map_or(Ok(1), |length| common::size_arg(m, *length))?;
    let little = is_little(m, "to_bytes", order)?;
    let signed = signed.map_or(Ok(false), |signed| m.truth(*signed))?;
    let Ok(length) = usize::try_from(length) else { return Err(m.value_error("length argument must be non-negative")) };
    m.charge(2 * length as u64)?;
    let bytes = int::to_bytes(&m.big(this), length, little, signed).or_raise(m)?;
    m.new_bytes(bytes)
}

const FROM_BYTES: Signature<3> = Signature { name: "from_bytes", names: ["bytes", "byteorder", "signed"], positional: 2, required: 1 };

fn from_bytes(m: &mut Machine, args: &Args) -> Outcome {
    let class = m.arg(args, 0)?;
    let [source, order, signed] = unpack(m, args, 1, &FROM_BYTES)?;
    let little = is_little(m, "from_bytes", order)?;
    let signed = signed.map_or(Ok(false), |signed| m.truth(*signed))?;
    let source = source.unwrap_or(Value::NONE);
    let plain = m.payload(*source);
    let bytes = match (plain.kind, m.view_of(plain)) {
        (_, Some(view)) => m.view_bytes(view),
        (Kind::Bytes | Kind::ByteArray, _) => m.bytes_of(plain).to_vec(),
        (Kind::Str, _) => return Err(m.type_error("cannot convert 'str' object to bytes")),
        _ => match m.items_of(plain)? {
            Some(items) => super::bytes::bytes_of_items(m, &items, "bytes")?,
            None => {
                let class = m.type_name(*source);
                return Err(m.type_error(format!("cannot convert '{class}' object to bytes")));
            }
        },
    };
    let number = m.new_int(int::from_bytes(&bytes, little, signed))?;
    match class.handle() == Type::Int.handle() {
        true => Ok(number),
        false => Err(m.call_trap(*class, Vec::from([*number]), Adapt::Plain)),
    }
}

fn binary(m: &mut Machine, args: &Args, op: BinaryOp, swapped: bool) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__add__")?;
    common::operator(m, args, this, INTS, op, swapped)
}

fn unary(m: &mut Machine, args: &Args, op: UnaryOp) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__neg__")?;
    m.unary(op, this)
}

fn dunder_divmod(m: &mut Machine, args: &Args, swapped: bool) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__divmod__")?;
    common::expect_operands(m, args, 1, 1)?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    if !INTS.contains(&other.kind) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = if swapped { (other, this) } else { (this, other) };
    Ok(divide_modulo(m, a, b)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn dunder_pow(m: &mut Machine, args: &Args) -> Outcome {
    let base = receiver(m, args, INTS, "int", "__pow__")?;
    common::expect_operands(m, args, 1, 2)?;
    match m.optional(args, 2)?.filter(|modulus| !modulus.is_none()) {
        None => {
            let exponent = *m.arg(args, 1)?;
            let exponent = m.payload(exponent);
            match INTS.contains(&exponent.kind) {
                true => m.binary(BinaryOp::Pow, false, base, exponent),
                false => Ok(Value::NOT_IMPLEMENTED),
            }
        }
        Some(modulus) => {
            let three = [base, *m.arg(args, 1)?, *modulus].map(|slot| m.payload(slot));
            match three.iter().all(|slot| INTS.contains(&slot.kind)) {
                true => power_modulo(m, three),
                false => Ok(Value::NOT_IMPLEMENTED),
            }
        }
    }
}

/// `pow` of three ints.
fn power_modulo(m: &mut Machine, three: [Slot; 3]) -> Outcome {
    let [base, exponent, modulus] = three.map(|slot| m.big(slot));
    m.spend(int::power_modulo_cost(exponent.bits(), modulus.bits()))?;
    let result = int::power_modulo(&base, &exponent, &modulus).or_raise(m)?;
    m.new_int(result)
}

fn dunder_hash(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__hash__")?;
    m.hash(this).map(|hash| Value::int(hash as i64))
}

fn dunder_bool(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__bool__")?;
    Ok(Value::bool(this.kind == Kind::Big || this.as_int() != 0))
}

fn dunder_float(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__float__")?;
    m.number_as_float(this).map(Value::float)
}

fn dunder_abs(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__abs__")?;
    let number = m.big(this).abs();
    m.new_int(number)
}

fn dunder_round(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, INTS, "int", "__round__")?;
    let places = m.optional(args, 1)?.filter(|places| !places.is_none());
    round_int(m, this, places)
}

// ---- functions

/// A special method of the program's own classes, called with these arguments.
fn program_method(m: &mut Machine, value: Value, name: &str, args: Vec<Slot>) -> Option<Trap> {
    let name = m.intern(name);
    let method = m.user_method(*value, name)?;
    Some(m.call_trap(method, args, Adapt::Plain))
}

fn abs(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "abs", 0, 1, 1)?;
    let value = m.arg(args, 0)?;
    if let Some(trap) = program_method(m, value, "__abs__", Vec::from([*value])) {
        return Err(trap);
    }
    let plain = m.payload(*value);
    match plain.kind {
        Kind::Int | Kind::Bool if plain.as_int() != i64::MIN => Ok(Value::int(plain.as_int().abs())),
        Kind::Int | Kind::Big => {
            let number = m.big(plain).abs();
            m.new_int(number)
        }
        Kind::Float => Ok(Value::float(plain.as_float().abs())),
        Kind::Complex => super::complex::magnitude(m, plain).map(Value::float),
        _ => {
            let class = m.type_name(*value);
            Err(m.type_error(format!("bad operand type for abs(): '{class}'")))
        }
    }
}

const ROUND: Signature<2> = Signature { name: "round", names: ["number", "ndigits"], positional: 2, required: 1 };

fn round(m: &mut Machine, args: &Args) -> Outcome {
    let [number, places] = unpack(m, args, 0, &ROUND)?;
    let number = number.unwrap_or(Value::NONE);
    let places = places.filter(|places| !places.is_none());
    let given: Vec<Slot> = [Some(number), places].into_iter().flatten().map(Value::slot).collect();
    if let Some(trap) = program_method(m, number, "__round__", given) {
        return Err(trap);
    }
    let plain = m.payload(*number);
    match plain.kind {
        Kind::Int | Kind::Bool | Kind::Big => round_int(m, plain, places),
        Kind::Float => round_float(m, plain.as_float(), places),
        _ => {
            let class = m.type_name(*number);
            Err(m.type_error(format!("type {class} doesn't define __round__ method")))
        }
    }
}

fn round_int(m: &mut Machine, plain: Slot, places: Option<Value>) -> Outcome {
    let Some(places) = places else { return Ok(plain_int(plain)) };
    let places = m.int_arg(*places)?;
    if !places.is_negative() {
        return Ok(plain_int(plain));
    }
    let number = m.big(plain);
    // A place beyond the number's first digit leaves nothing.
    match (-places).to_u64() {
        Some(places) if places <= number.bits() / 3 + 2 => {
            let rounded = int::round_to_places(&number, places);
            m.new_int(rounded)
        }
        _ => Ok(Value::int(0)),
    }
}

/// `round` of a float: an int without places, else a float.
pub fn round_float(m: &mut Machine, number: f64, places: Option<Value>) -> Outcome {
    match places {
        None => {
            let whole = float::to_int(float::round_half_even(number)).or_raise(m)?;
            m.new_int(whole)
        }
        Some(places) => {
            let places = m.int_arg(*places)?;
            let places = places.to_i64().unwrap_or(if places.is_negative() { i64::MIN } else { i64::MAX });
            float::round_digits(number, places).or_raise(m).map(Value::float)
        }
    }
}

/// `divmod` of built-in numbers; None when they are none.
pub fn divide_modulo(m: &mut Machine, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    let is_int = |slot: Slot| INTS.contains(&slot.kind);
    let (quotient, rest) = if is_int(a) && is_int(b) {
        let (a, b) = (m.big(a), m.big(b));
        m.spend(int::divide_cost(a.bits(), b.bits()))?;
        let (quotient, rest) = int::divide_modulo(&a, &b).or_raise(m)?;
        (m.new_int(quotient)?, m.new_int(rest)?)
    } else if (is_int(a) || a.kind == Kind::Float) && (is_int(b) || b.kind == Kind::Float) {
        let (a, b) = (m.number_as_float(a)?, m.number_as_float(b)?);
        let (quotient, rest) = float::divide_modulo(a, b).or_raise(m)?;
        (Value::float(quotient), Value::float(rest))
    } else {
        return Ok(None);
    };
    m.new_tuple(Vec::from([*quotient, *rest])).map(Some)
}

fn divmod(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "divmod", 0, 2, 2)?;
    let (a, b) = (m.arg(args, 0)?, m.arg(args, 1)?);
    if a.kind == Kind::Instance || b.kind == Kind::Instance {
        return Err(m.call_hidden("__divmod_of__", &[*a, *b]));
    }
    match divide_modulo(m, *a, *b)? {
        Some(pair) => Ok(pair),
        None => {
            let (a, b) = (m.type_name(*a), m.type_name(*b));
            Err(m.type_error(format!("unsupported operand type(s) for divmod(): '{a}' and '{b}'")))
        }
    }
}

const POW: Signature<3> = Signature { name: "pow", names: ["base", "exp", "mod"], positional: 3, required: 2 };

fn pow(m: &mut Machine, args: &Args) -> Outcome {
    let [base, exponent, modulus] = unpack(m, args, 0, &POW)?;
    let (base, exponent) = (base.unwrap_or(Value::NONE), exponent.unwrap_or(Value::NONE));
    let Some(modulus) = modulus.filter(|modulus| !modulus.is_none()) else {
        return m.binary(BinaryOp::Pow, false, *base, *exponent);
    };
    let three = [*base, *exponent, *modulus];
    if let Some(trap) = program_method(m, base, "__pow__", three.to_vec()) {
        return Err(trap);
    }
    let plain = three.map(|slot| m.payload(slot));
    if plain.iter().all(|slot| INTS.contains(&slot.kind)) {
        return power_modulo(m, plain);
    }
    if plain.iter().any(|slot| slot.kind == Kind::Complex) {
        return Err(m.value_error("complex modulo"));
    }
    if plain.iter().any(|slot| slot.kind == Kind::Float) {
        return Err(m.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    let [a, b, c] = three.map(|slot| m.type_name(slot));
    Err(m.type_error(format!("unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{c}'")))
}

fn with_prefix(m: &mut Machine, args: &Args, name: &str, base: u32) -> Outcome {
    m.expect(args, name, 0, 1, 1)?;
    let number = int_argument(m, args, 0, name)?;
    let length = int::radix_length(number.bits(), base);
    m.charge(2 * length)?;
    m.spend(length)?;
    m.new_str(int::with_prefix(&number, base))
}

fn bin(m: &mut Machine, args: &Args) -> Outcome {
    with_prefix(m, args, "bin", 2)
}

fn oct(m: &mut Machine, args: &Args) -> Outcome {
    with_prefix(m, args, "oct", 8)
}

fn hex(m: &mut Machine, args: &Args) -> Outcome {
    with_prefix(m, args, "hex", 16)
}

fn chr(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "chr", 0, 1, 1)?;
    let number = int_argument(m, args, 0, "chr")?;
    let Some(code) = number.to_i32() else {
        let bound = if number.is_negative() { "signed integer is less than minimum" } else { "Python int too large to convert to C int" };
        let message = if number.bits() > 63 { "Python int too large to convert to C int" } else { bound };
        let message = if number.bits() <= 63 && !number.is_negative() { "signed integer is greater than maximum" } else { message };
        return Err(m.raise(Type::OverflowError, message));
    };
    character(m, code as u32, "chr() arg not in range(0x110000)")
}

/// One code point as a string; a lone surrogate is refused, since text here is always valid Unicode.
pub fn character(m: &mut Machine, code: u32, out_of_range: &str) -> Outcome {
    match char::from_u32(code) {
        Some(letter) => m.new_str(String::from(letter)),
        None if code < 0x110000 => Err(surrogate(m)),
        None => Err(m.value_error(out_of_range)),
    }
}

/// The refusal of lone surrogates.
pub fn surrogate(m: &mut Machine) -> Trap {
    m.raise(Type::NotImplementedError, "not supported: lone surrogates in text")
}

fn ord(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "ord", 0, 1, 1)?;
    let value = m.arg(args, 0)?;
    let plain = m.payload(*value);
    let (first, length) = match plain.kind {
        Kind::Str => (m.heap.text(plain.handle()).chars().next().map(u32::from), m.length(plain)?.unwrap_or(0)),
        Kind::Bytes | Kind::ByteArray => (m.bytes_of(plain).first().map(|byte| u32::from(*byte)), m.bytes_of(plain).len() as u64),
        _ => {
            let class = m.type_name(*value);
            return Err(m.type_error(format!("ord() expected string of length 1, but {class} found")));
        }
    };
    match first {
        Some(code) if length == 1 => Ok(Value::int(i64::from(code))),
        _ => Err(m.type_error(format!("ord() expected a character, but string of length {length} found"))),
    }
}

fn hash(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "hash", 0, 1, 1)?;
    let value = m.arg(args, 0)?;
    hash_value(m, *value)
}

/// `hash` as programs see it; nothing but the hash of empty text and bytes is fixed for them.
pub fn hash_value(m: &mut Machine, value: Slot) -> Outcome {
    if matches!(value.kind, Kind::Str | Kind::Bytes) && m.length(value)? == Some(0) {
        return Ok(Value::int(0));
    }
    m.hash(value).map(|hash| Value::int(hash as i64))
}

fn id(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "id", 0, 1, 1)?;
    let value = m.arg(args, 0)?;
    Ok(Value::int(m.identity(*value) as i64))
}

const fn method(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "int", name, code, bind: Bind::Method }
}

const fn getter(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "int", name, code, bind: Bind::Getter }
}

const fn function(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "builtins", name, code, bind: Bind::Function }
}

/// Methods behind the operators of `int`.
pub const OPERATORS: &[NativeRow] = operator_rows!("int", binary,
    Add "__add__" "__radd__", Sub "__sub__" "__rsub__", Mul "__mul__" "__rmul__", TrueDiv "__truediv__" "__rtruediv__",
    FloorDiv "__floordiv__" "__rfloordiv__", Mod "__mod__" "__rmod__", And "__and__" "__rand__",
    Or "__or__" "__ror__", Xor "__xor__" "__rxor__", Shl "__lshift__" "__rlshift__", Shr "__rshift__" "__rrshift__",
);

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "int", name: "__new__", code: int_new, bind: Bind::Static },
    NativeRow { owner: "bool", name: "__new__", code: bool_new, bind: Bind::Static },
    NativeRow { owner: "int", name: "from_bytes", code: from_bytes, bind: Bind::Class },
    method("bit_length", bit_length),
    method("bit_count", bit_count),
    method("to_bytes", to_bytes),
    method("as_integer_ratio", as_integer_ratio),
    method("is_integer", is_integer),
    method("conjugate", itself),
    method("__int__", itself),
    method("__index__", itself),
    method("__trunc__", itself),
    method("__floor__", itself),
    method("__ceil__", itself),
    method("__pos__", |m, args| unary(m, args, UnaryOp::Pos)),
    method("__neg__", |m, args| unary(m, args, UnaryOp::Neg)),
    method("__invert__", |m, args| unary(m, args, UnaryOp::Invert)),
    method("__abs__", dunder_abs),
    method("__round__", dunder_round),
    method("__float__", dunder_float),
    method("__bool__", dunder_bool),
    method("__hash__", dunder_hash),
    method("__divmod__", |m, args| dunder_divmod(m, args, false)),
    method("__rdivmod__", |m, args| dunder_divmod(m, args, true)),
    method("__pow__", dunder_pow),
    method("__rpow__", |m, args| binary(m, args, BinaryOp::Pow, true)),
    method("__eq__", eq),
    method("__ne__", ne),
    method("__lt__", lt),
    method("__le__", le),
    method("__gt__", gt),
    method("__ge__", ge),
    getter("real", itself),
    getter("numerator", itself),
    getter("imag", zero),
    getter("denominator", one),
    function("abs", abs),
    function("round", round),
    function("divmod", divmod),
    function("pow", pow),
    function("bin", bin),
    function("oct", oct),
    function("hex", hex),
    function("chr", chr),
    function("ord", ord),
    function("hash", hash),
    function("id", id),
];
