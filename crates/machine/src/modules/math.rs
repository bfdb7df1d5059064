//! `math`: argument checks and messages around `kernel::math`.

use crate::builtins::common::{room, OrRaise};
use crate::builtins::support::{items, needs_program, see, Outcome};
use crate::code::BinaryOp;
use crate::kernel::{float, int, math};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::{Adapt, Trap};
use crate::value::{Kind, Slot, Value};
use alloc::{format, vec::Vec};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

const fn function(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "math", name, code, bind: Bind::Function }
}

macro_rules! unary_table {
    ($($index:literal)*) => { &[$( function(math::UNARY[$index].0, |m, args| unary(m, args, $index)) ),*] };
}

/// Functions of one float.
pub const UNARY_TABLE: &[NativeRow] = unary_table!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 19 20 21 22 23 24 25 26 27 28);

/// Everything else.
pub const TABLE: &[NativeRow] = &[
    function("atan2", |m, args| binary(m, args, 0)),
    function("copysign", |m, args| binary(m, args, 1)),
    function("fmod", |m, args| binary(m, args, 2)),
    function("pow", |m, args| binary(m, args, 3)),
    function("remainder", |m, args| binary(m, args, 4)),
    function("log", log),
    function("isnan", |m, args| test(m, args, "isnan", f64::is_nan)),
    function("isinf", |m, args| test(m, args, "isinf", f64::is_infinite)),
    function("isfinite", |m, args| test(m, args, "isfinite", f64::is_finite)),
    function("ceil", |m, args| whole(m, args, "ceil", libm::ceil)),
    function("floor", |m, args| whole(m, args, "floor", libm::floor)),
    function("trunc", trunc),
    function("factorial", factorial),
    function("perm", |m, args| choices(m, args, "perm")),
    function("comb", |m, args| choices(m, args, "comb")),
    function("gcd", |m, args| folded(m, args, "gcd", BigInt::zero(), int::gcd)),
    function("lcm", |m, args| folded(m, args, "lcm", BigInt::one(), math::least_common_multiple)),
    function("isqrt", isqrt),
    function("fsum", fsum),
    function("prod", prod),
    function("sumprod", sumprod),
    function("dist", dist),
    function("hypot", hypot),
    function("frexp", frexp),
    function("ldexp", ldexp),
    function("modf", modf),
    function("nextafter", nextafter),
    function("isclose", isclose),
];

/// Constants of the module.
pub const CONSTANTS: &[(&str, f64)] = &[
    ("pi", core::f64::consts::PI),
    ("e", core::f64::consts::E),
    ("tau", core::f64::consts::TAU),
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
];

/// A float argument; an object with `__float__` or `__index__` is a need of program code.
fn real(m: &mut Machine, slot: Slot) -> Result<f64, Trap> {
    let value = *m.force(slot)?;
    if value.kind == Kind::Float {
        return Ok(value.as_float());
    }
    if value.kind == Kind::Instance && m.payload(value).kind == Kind::Instance && (m.special(value, m.names.float).is_some() || m.special(value, m.names.index).is_some()) {
        return Err(needs_program(m));
    }
    m.float_arg(value)
}

/// Run `body`; where it met a program's number, hidden code converts the arguments and calls the function again.
fn with_numbers(m: &mut Machine, args: &Args, name: &str, body: impl FnOnce(&mut Machine) -> Outcome) -> Outcome {
    match body(m) {
        Err(Trap::Call(_)) => {
            let callee = m.native_value(&format!("math.{name}"));
            let mut all = Vec::from([callee]);
            all.extend((0..args.count).map(|i| m.arg_slot(args, i)));
            Err(m.call_hidden("__with_floats__", &all))
        }
        other => other,
    }
}

fn unary(m: &mut Machine, args: &Args, index: usize) -> Outcome {
    let (name, function) = math::UNARY[index];
    if args.count != 1 || args.keywords != 0 {
        m.expect(args, &format!("math.{name}"), 0, 1, 1)?;
    }
    let given = *m.arg(args, 0)?;
    if matches!(name, "log2" | "log10") && m.payload(given).kind == Kind::Big {
        let big = m.int_arg(given)?;
        return math::log_big(&big, function).or_raise(m).map(Value::float);
    }
    with_numbers(m, args, name, |m| {
        let x = real(m, given)?;
        function(x).or_raise(m).map(Value::float)
    })
}

fn binary(m: &mut Machine, args: &Args, index: usize) -> Outcome {
    let (name, function) = math::BINARY[index];
    m.expect(args, &format!("math.{name}"), 0, 2, 2)?;
    with_numbers(m, args, name, |m| {
        let (x, y) = (real(m, m.arg_slot(args, 0))?, real(m, m.arg_slot(args, 1))?);
        function(x, y).or_raise(m).map(Value::float)
    })
}

/// A logarithm to the base e of an int of any size or a float.
fn natural_log(m: &mut Machine, slot: Slot) -> Result<f64, Trap> {
    let value = *m.force(slot)?;
    if m.payload(value).kind == Kind::Big {
        let big = m.int_arg(value)?;
        return math::log_big(&big, math::log).or_raise(m);
    }
    let x = real(m, value)?;
    math::log(x).or_raise(m)
}

fn log(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "log", 0, 1, 2)?;
    with_numbers(m, args, "log", |m| {
        let number = natural_log(m, m.arg_slot(args, 0))?;
        if args.count == 1 {
            return Ok(Value::float(number));
        }
        let base = natural_log(m, m.arg_slot(args, 1))?;
        float::divide(number, base).or_raise(m).map(Value::float)
    })
}

fn test(m: &mut Machine, args: &Args, name: &str, is: fn(f64) -> bool) -> Outcome {
    m.expect(args, &format!("math.{name}"), 0, 1, 1)?;
    with_numbers(m, args, name, |m| real(m, m.arg_slot(args, 0)).map(|x| Value::bool(is(x))))
}

fn integer_of(m: &mut Machine, number: f64) -> Outcome {
    let number = float::to_int(number).or_raise(m)?;
    m.new_int(number)
}

fn whole(m: &mut Machine, args: &Args, name: &str, round: fn(f64) -> f64) -> Outcome {
    m.expect(args, &format!("math.{name}"), 0, 1, 1)?;
    let given = *m.arg(args, 0)?;
    let method = m.intern(&format!("__{name}__"));
    if let Some(method) = m.user_method(given, method) {
        return Err(m.call_trap(method, Vec::from([given]), Adapt::Plain));
    }
    if let Some(number) = integral(m, given) {
        return Ok(number);
    }
    with_numbers(m, args, name, |m| {
        let x = real(m, given)?;
        integer_of(m, round(x))
    })
}

/// An int as it is.
fn integral(m: &Machine, slot: Slot) -> Option<Value> {
    let plain = m.payload(slot);
    match plain.kind {
        Kind::Int | Kind::Big => plain.value(),
        Kind::Bool => Some(Value::int(plain.as_int())),
        _ => None,
    }
}

fn trunc(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "math.trunc", 0, 1, 1)?;
    let given = *m.arg(args, 0)?;
    let method = m.intern("__trunc__");
    if let Some(method) = m.user_method(given, method) {
        return Err(m.call_trap(method, Vec::from([given]), Adapt::Plain));
    }
    if let Some(number) = integral(m, given) {
        return Ok(number);
    }
    let plain = m.payload(given);
    match plain.kind {
        Kind::Float => integer_of(m, libm::trunc(plain.as_float())),
        _ => {
            let message = format!("type {} doesn't define __trunc__ method", m.type_name(given));
            Err(m.type_error(message))
        }
    }
}

// ---- integers

/// An int argument; an object with `__index__` is a need of program code.
fn integer(m: &mut Machine, slot: Slot) -> Result<BigInt, Trap> {
    let value = *m.force(slot)?;
    if value.kind == Kind::Instance && m.payload(value).kind == Kind::Instance && m.special(value, m.names.index).is_some() {
        return Err(needs_program(m));
    }
    m.int_arg(value)
}

fn with_integers(m: &mut Machine, args: &Args, name: &str, body: impl FnOnce(&mut Machine) -> Outcome) -> Outcome {
    match body(m) {
        Err(Trap::Call(_)) => {
            let callee = m.native_value(&format!("math.{name}"));
            let mut all = Vec::from([callee]);
            all.extend((0..args.count).map(|i| m.arg_slot(args, i)));
            Err(m.call_hidden("__with_integers__", &all))
        }
        other => other,
    }
}

fn factorial(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "math.factorial", 0, 1, 1)?;
    with_integers(m, args, "factorial", |m| {
        let number = integer(m, m.arg_slot(args, 0))?;
        let count = u64::try_from(&number).unwrap_or(0);
        m.spend(math::range_product_cost(count, number.bits()))?;
        let result = math::factorial(&number, room(m)).or_raise(m)?;
        m.new_int(result)
    })
}

fn choices(m: &mut Machine, args: &Args, name: &str) -> Outcome {
    let least = if name == "perm" { 1 } else { 2 };
    m.expect(args, name, 0, least, 2)?;
    with_integers(m, args, name, |m| {
        let number = integer(m, m.arg_slot(args, 0))?;
        let taken = match m.optional(args, 1)? {
            Some(value) if !value.is_none() || name == "comb" => integer(m, *value)?,
            _ => {
                let count = u64::try_from(&number).unwrap_or(0);
                m.spend(math::range_product_cost(count, number.bits()))?;
                let result = math::factorial(&number, room(m)).or_raise(m)?;
                return m.new_int(result);
            }
        };
        let fewer = if name == "comb" { (&number - &taken).min(taken.clone()) } else { taken.clone() };
        m.spend(math::range_product_cost(u64::try_from(&fewer).unwrap_or(0), number.bits()))?;
        let function = if name == "perm" { math::permutations } else { math::combinations };
        let result = function(&number, &taken, room(m)).or_raise(m)?;
        m.new_int(result)
    })
}

fn folded(m: &mut Machine, args: &Args, name: &str, start: BigInt, join: fn(&BigInt, &BigInt) -> BigInt) -> Outcome {
    m.expect(args, &format!("math.{name}"), 0, 0, usize::MAX)?;
    with_integers(m, args, name, |m| {
        let mut result = start;
        for index in 0..args.count {
            let number = integer(m, m.arg_slot(args, index))?;
            m.spend(int::gcd_cost(result.bits(), number.bits()))?;
            m.charge((result.bits() + number.bits()) / 8)?;
            result = join(&result, &number);
        }
        m.new_int(result.abs())
    })
}

fn isqrt(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "math.isqrt", 0, 1, 1)?;
    with_integers(m, args, "isqrt", |m| {
        let number = integer(m, m.arg_slot(args, 0))?;
        m.spend(int::square_root_cost(number.bits()))?;
        let root = int::square_root(&number).or_raise(m)?;
        m.new_int(root)
    })
}

// ---- several numbers

/// The floats of an iterable argument.
fn reals(m: &mut Machine, slot: Slot) -> Result<Vec<f64>, Trap> {
    let all = items(m, slot)?;
    all.into_iter()
        .map(|slot| {
            see(m, slot);
            real(m, slot)
        })
        .collect()
}

/// Run `body`; where an iterable or an item needs program code, hidden code makes lists of floats and calls again.
fn with_lists(m: &mut Machine, args: &Args, name: &str, body: impl FnOnce(&mut Machine) -> Outcome) -> Outcome {
    crate::builtins::support::guarded(m, args, "", body).map_err(|trap| match trap {
        Trap::Call(_) => {
            let callee = m.native_value(&format!("math.{name}"));
            let mut all = Vec::from([callee]);
            all.extend((0..args.count).map(|i| m.arg_slot(args, i)));
            m.call_hidden("__with_float_lists__", &all)
        }
        other => other,
    })
}

fn fsum(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "math.fsum", 0, 1, 1)?;
    with_lists(m, args, "fsum", |m| {
        let all = reals(m, m.arg_slot(args, 0))?;
        m.spend(8 * all.len() as u64)?;
        math::exact_sum_of(all).or_raise(m).map(Value::float)
    })
}

fn dist(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "dist", 0, 2, 2)?;
    with_lists(m, args, "dist", |m| {
        let (p, q) = (reals(m, m.arg_slot(args, 0))?, reals(m, m.arg_slot(args, 1))?);
        math::distance(&p, &q).or_raise(m).map(Value::float)
    })
}

fn hypot(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "math.hypot", 0, 0, usize::MAX)?;
    with_numbers(m, args, "hypot", |m| {
        let mut coordinates = Vec::with_capacity(args.count);
        for index in 0..args.count {
            coordinates.push(real(m, m.arg_slot(args, index))?);
        }
        Ok(Value::float(math::hypot(&coordinates)))
    })
}

fn prod(m: &mut Machine, args: &Args) -> Outcome {
    let positional = Args { keywords: 0, ..*args };
    if args.count != 1 {
        m.expect(&positional, "math.prod", 0, 1, 1)?;
    }
    let start = m.keyword(args, "start").unwrap_or(Slot::int(1));
    let source = m.arg_slot(args, 0);
    let done = crate::builtins::support::guarded(m, args, "", |m| {
        let mut result = m.force(start)?;
        for item in items(m, source)? {
            let item = *m.force(item)?;
            see(m, item);
            if item.kind == Kind::Instance || result.kind == Kind::Instance {
                return Err(needs_program(m));
            }
            result = m.binary(BinaryOp::Mul, false, *result, item)?;
        }
        Ok(result)
    });
    match done {
        Err(Trap::Call(_)) => Err(m.call_hidden("__prod__", &[source, start])),
        other => other,
    }
}

fn sumprod(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "sumprod", 0, 2, 2)?;
    let done = crate::builtins::support::guarded(m, args, "", |m| {
        let (p, q) = (items(m, m.arg_slot(args, 0))?, items(m, m.arg_slot(args, 1))?);
        if p.len() != q.len() {
            return Err(m.value_error("Inputs are not the same length"));
        }
        summed_products(m, &p, &q)
    });
    match done {
        Err(Trap::Call(_)) => Err(m.call_hidden("__sumprod__", &[m.arg_slot(args, 0), m.arg_slot(args, 1)])),
        other => other,
    }
}

/// Ints exactly, then floats with extended precision, then whatever `+` and `*` say.
fn summed_products(m: &mut Machine, p: &[Slot], q: &[Slot]) -> Outcome {
    let mut total = Value::int(0);
    let mut floats = Some(math::ProductSum::default());
    let mut floats_used = false;
    let mut ints = true;
    for (x, y) in p.iter().zip(q) {
        let (x, y) = (*m.force(*x)?, *m.force(*y)?);
        m.see(x, y);
        if x.kind == Kind::Instance || y.kind == Kind::Instance {
            return Err(needs_program(m));
        }
        let is_int = |s: Slot| matches!(s.kind, Kind::Int | Kind::Bool);
        ints &= is_int(x) && is_int(y);
        let one_float = (x.kind == Kind::Float || is_int(x)) && (y.kind == Kind::Float || is_int(y)) && !(is_int(x) && is_int(y));
        if let (Some(sum), true, false) = (floats, one_float, ints) {
            let (a, b) = (real(m, x)?, real(m, y)?);
            floats_used = true;
            if let Some(next) = sum.add(a, b) {
                floats = Some(next);
                continue;
            }
        }
        if !ints {
            if let (Some(sum), true) = (floats.take(), floats_used) {
                total = m.binary(BinaryOp::Add, false, *total, Slot::float(sum.value()))?;
            }
        }
        let product = m.binary(BinaryOp::Mul, false, x, y)?;
        total = m.binary(BinaryOp::Add, false, *total, *product)?;
    }
    match (floats, floats_used) {
        (Some(sum), true) => m.binary(BinaryOp::Add, false, *total, Slot::float(sum.value())),
        _ => Ok(total),
    }
}

// ---- parts of floats

fn frexp(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "math.frexp", 0, 1, 1)?;
    with_numbers(m, args, "frexp", |m| {
        let (fraction, exponent) = math::split(real(m, m.arg_slot(args, 0))?);
        m.new_tuple([Slot::float(fraction), Slot::int(i64::from(exponent))])
    })
}

fn modf(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "math.modf", 0, 1, 1)?;
    with_numbers(m, args, "modf", |m| {
        let (fraction, whole) = math::modf(real(m, m.arg_slot(args, 0))?);
        m.new_tuple([Slot::float(fraction), Slot::float(whole)])
    })
}

fn ldexp(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "ldexp", 0, 2, 2)?;
    let exponent = *m.arg(args, 1)?;
    if !matches!(m.payload(exponent).kind, Kind::Int | Kind::Bool | Kind::Big) {
        return Err(m.type_error("Expected an int as second argument to ldexp."));
    }
    let exponent = m.int_arg(exponent)?;
    let number = real(m, m.arg_slot(args, 0))?;
    math::ldexp(number, &exponent).or_raise(m).map(Value::float)
}

fn nextafter(m: &mut Machine, args: &Args) -> Outcome {
    let positional = Args { keywords: 0, ..*args };
    m.expect(&positional, "nextafter", 0, 2, 2)?;
    let (x, y) = (real(m, m.arg_slot(args, 0))?, real(m, m.arg_slot(args, 1))?);
    let steps = match m.keyword(args, "steps") {
        Some(slot) if m.force(slot)?.kind != Kind::None => m.int_arg(slot)?,
        _ => BigInt::one(),
    };
    math::next_after(x, y, &steps).or_raise(m).map(Value::float)
}

fn isclose(m: &mut Machine, args: &Args) -> Outcome {
    let [a, b, relative, absolute] = crate::builtins::support::keywords(m, args, ["a", "b", "rel_tol", "abs_tol"], |name| {
        format!("isclose() got an unexpected keyword argument '{name}'")
    })?;
    if args.count > 2 {
        return Err(m.type_error(format!("isclose() takes exactly 2 positional arguments ({} given)", args.count)));
    }
    let a = if args.count > 0 { Some(m.arg_slot(args, 0)) } else { a };
    let b = if args.count > 1 { Some(m.arg_slot(args, 1)) } else { b };
    let (Some(a), Some(b)) = (a, b) else {
        let (name, place) = if a.is_none() { ("a", 1) } else { ("b", 2) };
        return Err(m.type_error(format!("isclose() missing required argument '{name}' (pos {place})")));
    };
    let relative = relative.map_or(Ok(1e-9), |slot| m.float_arg(slot))?;
    let absolute = absolute.map_or(Ok(0.0), |slot| m.float_arg(slot))?;
    let (a, b) = match (real(m, a), real(m, b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(Trap::Call(_)), _) | (_, Err(Trap::Call(_))) => {
            let callee = m.native_value("math.isclose");
            return Err(m.call_hidden("__isclose__", &[callee, a, b, Slot::float(relative), Slot::float(absolute)]));
        }
        (Err(trap), _) | (_, Err(trap)) => return Err(trap),
    };
    math::is_close(a, b, relative, absolute).or_raise(m).map(Value::bool)
}

