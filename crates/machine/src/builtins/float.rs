//! `float`: constructor, methods and the methods behind its operators.

use super::common::{self, operator_rows, receiver, OrRaise};
use super::support::{self, comparisons, Outcome};
use crate::class::Type;
use crate::code::{BinaryOp, CompareOp};
use crate::kernel::{float, text};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::{Adapt, Trap};
use crate::value::{Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};

const REALS: &[Kind] = &[Kind::Float, Kind::Int, Kind::Bool, Kind::Big];

comparisons!("float", REALS, "__call_");

fn float_new(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "float", 1, 0, 1)?;
    let Some(value) = m.optional(args, 1)? else { return Ok(Value::float(0.0)) };
    if let Some(method) = m.user_method(*value, m.names.float) {
        return Err(m.call_trap(method, Vec::from([*value]), Adapt::Float));
    }
    let plain = m.payload(*value);
    let plain = super::bytes::without_view(m, plain)?;
    match plain.kind {
        Kind::Float | Kind::Int | Kind::Bool | Kind::Big => m.number_as_float(plain).map(Value::float),
        Kind::Str => {
            m.spend(m.heap.text(plain.handle()).len() as u64)?;
            float::parse(m.heap.text(plain.handle())).or_raise(m).map(Value::float)
        }
        Kind::Bytes | Kind::ByteArray => parse_bytes(m, plain),
        _ if m.user_method(*value, m.names.index).is_some() => {
            let callee = m.native_value("float.__new__");
            let all = m.new_list(Vec::from([*Type::Float.value(), *value]))?;
            Err(m.call_hidden("__with_index__", &[callee, *all, Slot::int(1)]))
        }
        _ => {
            let class = m.type_name(*value);
            Err(m.type_error(format!("float() argument must be a string or a real number, not '{class}'")))
        }
    }
}

fn parse_bytes(m: &mut Machine, plain: Slot) -> Outcome {
    let bytes = m.bytes_of(plain);
    let ascii: String = bytes.iter().map(|&byte| if byte < 128 { byte as char } else { '?' }).collect();
    let shown = text::repr_bytes(bytes);
    match float::parse(&ascii) {
        Ok(number) => Ok(Value::float(number)),
        Err(_) => Err(m.value_error(format!("could not convert string to float: {shown}"))),
    }
}

fn this(m: &mut Machine, args: &Args, name: &str) -> Result<f64, Trap> {
    let this = receiver(m, args, &[Kind::Float], "float", name)?;
    common::expect_method(m, args, "float", name, 0, 0)?;
    Ok(this.as_float())
}

fn itself(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "__float__").map(Value::float)
}

fn imag(_: &mut Machine, _: &Args) -> Outcome {
    Ok(Value::float(0.0))
}

fn is_integer(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "is_integer").map(|number| Value::bool(float::is_integer(number)))
}

fn as_integer_ratio(m: &mut Machine, args: &Args) -> Outcome {
    let number = this(m, args, "as_integer_ratio")?;
    let (numerator, denominator) = float::as_integer_ratio(number).or_raise(m)?;
    let pair = [*m.new_int(numerator)?, *m.new_int(denominator)?];
    m.new_tuple(pair.to_vec())
}

fn hex(m: &mut Machine, args: &Args) -> Outcome {
    let number = this(m, args, "hex")?;
    m.new_str(float::hex(number))
}

fn from_hex(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "float.fromhex", 1, 1, 1)?;
    let (class, source) = (m.arg(args, 0)?, *m.arg(args, 1)?);
    let Some(source) = common::text(m, source) else { return Err(m.type_error("bad argument type for built-in operation")) };
    let number = Value::float(float::from_hex(&source).or_raise(m)?);
    match class.handle() == Type::Float.handle() {
        true => Ok(number),
        false => Err(m.call_trap(*class, Vec::from([*number]), Adapt::Plain)),
    }
}

fn to_int(m: &mut Machine, args: &Args, round: fn(f64) -> f64) -> Outcome {
    let number = this(m, args, "__trunc__")?;
    let whole = float::to_int(round(number)).or_raise(m)?;
    m.new_int(whole)
}

fn dunder_round(m: &mut Machine, args: &Args) -> Outcome {
    let number = receiver(m, args, &[Kind::Float], "float", "__round__")?.as_float();
    let places = m.optional(args, 1)?.filter(|places| !places.is_none());
    super::int::round_float(m, number, places)
}

fn dunder_bool(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "__bool__").map(|number| Value::bool(number != 0.0))
}

fn dunder_abs(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "__abs__").map(|number| Value::float(number.abs()))
}

fn dunder_neg(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "__neg__").map(|number| Value::float(-number))
}

fn dunder_hash(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, &[Kind::Float], "float", "__hash__")?;
    m.hash(this).map(|hash| Value::int(hash as i64))
}

fn dunder_divmod(m: &mut Machine, args: &Args) -> Outcome {
    let (a, b) = (receiver(m, args, &[Kind::Float], "float", "__divmod__")?, *m.arg(args, 1)?);
    let b = m.payload(b);
    Ok(super::int::divide_modulo(m, a, b)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

fn binary(m: &mut Machine, args: &Args, op: BinaryOp, swapped: bool) -> Outcome {
    let this = receiver(m, args, &[Kind::Float], "float", "__add__")?;
    common::operator(m, args, this, REALS, op, swapped)
}

const fn method(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "float", name, code, bind: Bind::Method }
}

/// Methods behind the operators of `float`.
pub const OPERATORS: &[NativeRow] = operator_rows!("float", binary,
    Add "__add__" "__radd__", Sub "__sub__" "__rsub__", Mul "__mul__" "__rmul__", TrueDiv "__truediv__" "__rtruediv__",
    FloorDiv "__floordiv__" "__rfloordiv__", Mod "__mod__" "__rmod__", Pow "__pow__" "__rpow__",
);

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "float", name: "__new__", code: float_new, bind: Bind::Static },
    NativeRow { owner: "float", name: "fromhex", code: from_hex, bind: Bind::Class },
    NativeRow { owner: "float", name: "real", code: itself, bind: Bind::Getter },
    NativeRow { owner: "float", name: "imag", code: imag, bind: Bind::Getter },
    method("conjugate", itself),
    method("is_integer", is_integer),
    method("as_integer_ratio", as_integer_ratio),
    method("hex", hex),
    method("__float__", itself),
    method("__pos__", itself),
    method("__neg__", dunder_neg),
    method("__abs__", dunder_abs),
    method("__bool__", dunder_bool),
    method("__hash__", dunder_hash),
    method("__round__", dunder_round),
    method("__divmod__", dunder_divmod),
    method("__int__", |m, args| to_int(m, args, libm::trunc)),
    method("__trunc__", |m, args| to_int(m, args, libm::trunc)),
    method("__floor__", |m, args| to_int(m, args, libm::floor)),
    method("__ceil__", |m, args| to_int(m, args, libm::ceil)),
    method("__eq__", eq),
    method("__ne__", ne),
    method("__lt__", lt),
    method("__le__", le),
    method("__gt__", gt),
    method("__ge__", ge),
];
