//! The one door for floating-point maths: Python's `math` on plain numbers.
//!
//! Nothing asks the platform, so that bits agree between machines. Where the C library that CPython mostly
//! runs on is nearly correctly rounded (`exp`, `log`, `pow`, `sin`, …), the correctly rounded value is
//! given; where it composes a function of others (hyperbolic functions, `log10`), the same classical
//! formula is. Either may differ from CPython in the last place. What CPython computes itself (`gamma`, `lgamma`,
//! `hypot`, `dist`, `fsum`, `sumprod`) follows its algorithm. Square root, rounding to whole numbers and
//! remainders are exact everywhere. Complex maths is not here.

use super::{Fault, erf, int};
use alloc::vec::Vec;
use core::f64::consts::{LN_2, PI};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// The `ValueError` for an argument where a function has no value.
pub fn domain_error() -> Fault {
    Fault::value("math domain error")
}

/// The `OverflowError` for a result that is too large.
pub fn range_error() -> Fault {
    Fault::overflow("math range error")
}

/// A function of `math` that takes one float and gives one.
pub type Unary = fn(f64) -> Result<f64, Fault>;

/// Every function of `math` from one float to one float, by name.
pub const UNARY: [(&str, Unary); 29] = [
    ("acos", |x| checked(x, core_math::acos(x), Infinite::Domain)),
    ("acosh", |x| checked(x, inverse_cosh(x), Infinite::Domain)),
    ("asin", |x| checked(x, core_math::asin(x), Infinite::Domain)),
    ("asinh", |x| checked(x, inverse_sinh(x), Infinite::Domain)),
    ("atan", |x| checked(x, core_math::atan(x), Infinite::Domain)),
    ("atanh", |x| checked(x, libm::atanh(x), Infinite::Domain)),
    ("cbrt", |x| checked(x, core_math::cbrt(x), Infinite::Domain)),
    ("cos", |x| checked(x, core_math::cos(x), Infinite::Domain)),
    ("cosh", |x| {
        checked(x, hyperbolic_cosine(x), Infinite::Range)
    }),
    ("degrees", |x| Ok(x * (180.0 / PI))),
    ("erf", |x| Ok(erf::error_function(x))),
    ("erfc", |x| Ok(erf::complement(x))),
    ("exp", |x| checked(x, core_math::exp(x), Infinite::Range)),
    ("exp2", |x| checked(x, core_math::exp2(x), Infinite::Range)),
    ("expm1", |x| checked(x, libm::expm1(x), Infinite::Range)),
    ("fabs", |x| Ok(x.abs())),
    ("gamma", gamma),
    ("lgamma", log_gamma),
    ("log", log),
    ("log10", log10),
    ("log1p", |x| checked(x, libm::log1p(x), Infinite::Domain)),
    ("log2", log2),
    ("radians", |x| Ok(x * (PI / 180.0))),
    ("sin", |x| checked(x, core_math::sin(x), Infinite::Domain)),
    ("sinh", |x| checked(x, hyperbolic_sine(x), Infinite::Range)),
    ("sqrt", |x| checked(x, libm::sqrt(x), Infinite::Domain)),
    ("tan", |x| checked(x, core_math::tan(x), Infinite::Domain)),
    ("tanh", |x| {
        checked(x, hyperbolic_tangent(x), Infinite::Domain)
    }),
    ("ulp", |x| Ok(unit_in_last_place(x))),
];

/// A function of `math` that takes two floats and gives one.
pub type Binary = fn(f64, f64) -> Result<f64, Fault>;

/// Every function of `math` from two floats to one float, by name.
pub const BINARY: [(&str, Binary); 5] = [
    ("atan2", |y, x| Ok(core_math::atan2(y, x))),
    ("copysign", |x, y| Ok(x.copysign(y))),
    ("fmod", fmod),
    ("pow", power),
    ("remainder", remainder),
];

/// What an infinite result of a finite argument means.
#[derive(Clone, Copy)]
enum Infinite {
    Domain,
    Range,
}

fn checked(argument: f64, result: f64, infinite: Infinite) -> Result<f64, Fault> {
    if result.is_nan() && !argument.is_nan() {
        return Err(domain_error());
    }
    match infinite {
        _ if result.is_finite() || !argument.is_finite() => Ok(result),
        Infinite::Domain => Err(domain_error()),
        Infinite::Range => Err(range_error()),
    }
}

/// `math.log(x)` of a float.
pub fn log(number: f64) -> Result<f64, Fault> {
    logarithm(number, core_math::log)
}

/// `math.log2(x)` of a float.
pub fn log2(number: f64) -> Result<f64, Fault> {
    logarithm(number, core_math::log2)
}

/// `math.log10(x)` of a float.
pub fn log10(number: f64) -> Result<f64, Fault> {
    logarithm(number, decimal_logarithm)
}

fn logarithm(number: f64, function: fn(f64) -> f64) -> Result<f64, Fault> {
    if number <= 0.0 {
        Err(domain_error())
    } else {
        Ok(function(number))
    }
}

/// The decimal logarithm from the natural one of the fraction, with log10(2) in two parts.
fn decimal_logarithm(number: f64) -> f64 {
    if !number.is_finite() {
        return number;
    }
    let (fraction, exponent) = split(number);
    // The fraction is in 1..2 for numbers from one on, and in 0.5..1 below, so that nothing cancels.
    let (fraction, exponent) = if number >= 1.0 {
        (fraction * 2.0, exponent - 1)
    } else {
        (fraction, exponent)
    };
    let exponent = f64::from(exponent);
    let low =
        exponent * 3.694239077158931e-13 + core::f64::consts::LOG10_E * core_math::log(fraction);
    low + exponent * 0.30102999566361177
}

fn hyperbolic_sine(number: f64) -> f64 {
    let magnitude = number.abs();
    let half = 0.5f64.copysign(number);
    if !number.is_finite() || magnitude < 1.0 / (1u32 << 28) as f64 {
        return number;
    }
    let grown = libm::expm1(magnitude.min(22.0));
    match magnitude {
        1.0.. if magnitude < 22.0 => half * (grown + grown / (grown + 1.0)),
        22.0.. => half_exponential(magnitude).copysign(number),
        _ => half * (2.0 * grown - grown * grown / (grown + 1.0)),
    }
}

fn hyperbolic_cosine(number: f64) -> f64 {
    let magnitude = number.abs();
    if !number.is_finite() {
        return magnitude;
    }
    if magnitude < 0.5 * LN_2 {
        let grown = libm::expm1(magnitude);
        let next = 1.0 + grown;
        return 1.0 + grown * grown / (next + next);
    }
    if magnitude < 22.0 {
        let grown = core_math::exp(magnitude);
        return 0.5 * grown + 0.5 / grown;
    }
    half_exponential(magnitude)
}

/// Half of `exp(x)`, for arguments where `exp(x)` itself may be too large.
fn half_exponential(magnitude: f64) -> f64 {
    if magnitude < 709.78 {
        return 0.5 * core_math::exp(magnitude);
    }
    let root = core_math::exp(0.5 * magnitude);
    (0.5 * root) * root
}

fn hyperbolic_tangent(number: f64) -> f64 {
    let magnitude = number.abs();
    if number.is_nan() || magnitude < f64::EPSILON / 8.0 {
        return number;
    }
    let value = if magnitude >= 22.0 {
        1.0
    } else if magnitude >= 1.0 {
        1.0 - 2.0 / (libm::expm1(2.0 * magnitude) + 2.0)
    } else {
        let shrunk = libm::expm1(-2.0 * magnitude);
        -shrunk / (shrunk + 2.0)
    };
    value.copysign(number)
}

fn inverse_sinh(number: f64) -> f64 {
    let magnitude = number.abs();
    let large = (1u32 << 28) as f64;
    if !number.is_finite() || magnitude < 1.0 / large {
        return number;
    }
    let square = magnitude * magnitude;
    let value = if magnitude > large {
        core_math::log(magnitude) + LN_2
    } else if magnitude > 2.0 {
        core_math::log(2.0 * magnitude + 1.0 / (libm::sqrt(square + 1.0) + magnitude))
    } else {
        libm::log1p(magnitude + square / (1.0 + libm::sqrt(1.0 + square)))
    };
    value.copysign(number)
}

fn inverse_cosh(number: f64) -> f64 {
    if number.is_nan() || number < 1.0 {
        return f64::NAN;
    }
    if number > (1u32 << 28) as f64 {
        return core_math::log(number) + LN_2;
    }
    if number > 2.0 {
        return core_math::log(2.0 * number - 1.0 / (number + libm::sqrt(number * number - 1.0)));
    }
    let above = number - 1.0;
    libm::log1p(above + libm::sqrt(2.0 * above + above * above))
}

/// `log`, `log2` or `log10` of an integer of any size.
pub fn log_big(number: &BigInt, function: Unary) -> Result<f64, Fault> {
    if !number.is_positive() {
        return Err(domain_error());
    }
    if let Ok(small) = int::to_float(number) {
        return function(small);
    }
    let (fraction, exponent) = split_big(number);
    Ok(function(fraction)? + function(2.0)? * exponent as f64)
}

/// A positive big integer as `fraction × 2^exponent`, the fraction rounded and in 0.5..1.
fn split_big(number: &BigInt) -> (f64, u64) {
    let shift = number.bits().saturating_sub(64);
    let top = (number >> shift).to_u64().unwrap_or(u64::MAX);
    // A bit that was shifted out decides only where the rest would be a tie.
    let sticky = u64::from(number.trailing_zeros().is_some_and(|zeros| zeros < shift));
    let (fraction, extra) = split((top | sticky) as f64);
    (fraction, shift + extra as u64)
}

/// `x ** y` as IEEE 754 has it, correctly rounded and without errors.
pub fn raw_power(base: f64, exponent: f64) -> f64 {
    core_math::pow(base, exponent)
}

/// `exp(x)` without errors, correctly rounded.
pub(super) fn raw_exponential(number: f64) -> f64 {
    core_math::exp(number)
}

/// `math.pow(x, y)`.
pub fn power(base: f64, exponent: f64) -> Result<f64, Fault> {
    let result = raw_power(base, exponent);
    if !base.is_finite() || !exponent.is_finite() || result.is_finite() {
        return Ok(result);
    }
    Err(if result.is_infinite() && base != 0.0 {
        range_error()
    } else {
        domain_error()
    })
}

/// `math.fmod(x, y)`.
pub fn fmod(left: f64, right: f64) -> Result<f64, Fault> {
    let result = libm::fmod(left, right);
    if result.is_nan() && !left.is_nan() && !right.is_nan() {
        Err(domain_error())
    } else {
        Ok(result)
    }
}

/// `math.remainder(x, y)`: the difference from the nearest multiple.
pub fn remainder(left: f64, right: f64) -> Result<f64, Fault> {
    if left.is_nan() || right.is_nan() {
        return Ok(f64::NAN);
    }
    if left.is_infinite() || right == 0.0 {
        return Err(domain_error());
    }
    if right.is_infinite() {
        return Ok(left);
    }
    let (magnitude, divisor) = (left.abs(), right.abs());
    let below = libm::fmod(magnitude, divisor);
    let above = divisor - below;
    let rest = if below < above {
        below
    } else if below > above {
        -above
    } else {
        // Halfway: the even multiple is the one whose half leaves no rest.
        below - 2.0 * libm::fmod(0.5 * (magnitude - below), divisor)
    };
    Ok(1.0f64.copysign(left) * rest)
}

/// `math.frexp(x)`: a fraction in 0.5..1 and an exponent of two.
pub fn split(number: f64) -> (f64, i32) {
    if number == 0.0 || !number.is_finite() {
        return (number, 0);
    }
    libm::frexp(number)
}

/// `math.ldexp(x, exponent)`.
pub fn ldexp(number: f64, exponent: &BigInt) -> Result<f64, Fault> {
    if number == 0.0 || !number.is_finite() {
        return Ok(number);
    }
    let clamped = exponent.to_i32().unwrap_or(if exponent.is_negative() {
        i32::MIN
    } else {
        i32::MAX
    });
    let result = scale_by_power_of_two(number, clamped);
    if result.is_infinite() {
        Err(range_error())
    } else {
        Ok(result)
    }
}

/// `number × 2^exponent`, rounded once.
pub fn scale_by_power_of_two(number: f64, exponent: i32) -> f64 {
    libm::ldexp(number, exponent)
}

/// `math.modf(x)`: the fraction and the whole part.
pub fn modf(number: f64) -> (f64, f64) {
    if number.is_infinite() {
        return (0.0f64.copysign(number), number);
    }
    let whole = libm::trunc(number);
    ((number - whole).copysign(number), whole)
}

/// `math.ulp(x)`.
pub fn unit_in_last_place(number: f64) -> f64 {
    let magnitude = number.abs();
    if !magnitude.is_finite() {
        return magnitude;
    }
    let above = magnitude.next_up();
    if above.is_infinite() {
        magnitude - magnitude.next_down()
    } else {
        above - magnitude
    }
}

/// `math.nextafter(x, y, steps=steps)`, `steps` being 1 by default.
pub fn next_after(from: f64, to: f64, steps: &BigInt) -> Result<f64, Fault> {
    if steps.is_negative() {
        return Err(Fault::value("steps must be a non-negative integer"));
    }
    if steps.is_zero() {
        return Ok(from);
    }
    if from.is_nan() || to.is_nan() {
        return Ok(f64::NAN);
    }
    let (start, end) = (ordinal(from), ordinal(to));
    let distance = (i128::from(end) - i128::from(start)).unsigned_abs();
    let steps = steps.to_u128().unwrap_or(u128::MAX);
    if from == to || steps >= distance {
        return Ok(to);
    }
    let moved = if start < end {
        i128::from(start) + steps as i128
    } else {
        i128::from(start) - steps as i128
    };
    let bits = moved.unsigned_abs() as u64;
    Ok(if moved < 0 || moved == 0 && start < 0 {
        -f64::from_bits(bits)
    } else {
        f64::from_bits(bits)
    })
}

/// Floats in their order as integers; both zeros are zero.
fn ordinal(number: f64) -> i64 {
    let magnitude = (number.to_bits() & !(1 << 63)) as i64;
    if number.is_sign_negative() {
        -magnitude
    } else {
        magnitude
    }
}

/// `math.isclose(a, b, rel_tol=…, abs_tol=…)`.
pub fn is_close(left: f64, right: f64, relative: f64, absolute: f64) -> Result<bool, Fault> {
    if relative < 0.0 || absolute < 0.0 {
        return Err(Fault::value("tolerances must be non-negative"));
    }
    if left == right {
        return Ok(true);
    }
    if left.is_infinite() || right.is_infinite() {
        return Ok(false);
    }
    let difference = (right - left).abs();
    Ok(difference <= (relative * right).abs()
        || difference <= (relative * left).abs()
        || difference <= absolute)
}

/// A sum or product and what rounding took from it.
type Pair = (f64, f64);

fn exact_sum(left: f64, right: f64) -> Pair {
    let sum = left + right;
    let part = sum - left;
    (sum, (left - (sum - part)) + (right - part))
}

fn exact_product(left: f64, right: f64) -> Pair {
    let product = left * right;
    (product, libm::fma(left, right, -product))
}

/// `math.hypot(*coordinates)`.
pub fn hypot(coordinates: &[f64]) -> f64 {
    norm(
        coordinates
            .iter()
            .map(|coordinate| coordinate.abs())
            .collect(),
    )
}

/// `math.dist(p, q)`.
pub fn distance(from: &[f64], to: &[f64]) -> Result<f64, Fault> {
    if from.len() != to.len() {
        return Err(Fault::value(
            "both points must have the same number of dimensions",
        ));
    }
    Ok(norm(
        from.iter().zip(to).map(|(a, b)| (a - b).abs()).collect(),
    ))
}

/// The length of a vector of magnitudes: scaled by a power of two, summed with the errors, corrected once.
fn norm(mut vector: Vec<f64>) -> f64 {
    if vector.iter().any(|value| value.is_infinite()) {
        return f64::INFINITY;
    }
    if vector.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let largest = vector.iter().copied().fold(0.0, f64::max);
    if largest == 0.0 || vector.len() <= 1 {
        return largest;
    }
    let exponent = split(largest).1;
    if exponent < -1023 {
        vector
            .iter_mut()
            .for_each(|value| *value /= f64::MIN_POSITIVE);
        return f64::MIN_POSITIVE * norm(vector);
    }
    let scale = scale_by_power_of_two(1.0, -exponent);
    let (mut sum, mut low_products, mut low_sums) = (1.0, 0.0, 0.0);
    let mut add = |product: Pair| {
        let (high, low) = exact_sum(sum, product.0);
        sum = high;
        low_products += product.1;
        low_sums += low;
        sum - 1.0 + (low_products + low_sums)
    };
    let mut square = 0.0;
    for value in vector {
        square = add(exact_product(value * scale, value * scale));
    }
    let root = libm::sqrt(square);
    let rest = add(exact_product(-root, root));
    (root + rest / (2.0 * root)) / scale
}

/// `math.fsum(values)`: the exact sum, rounded once.
pub fn exact_sum_of(values: impl IntoIterator<Item = f64>) -> Result<f64, Fault> {
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinite) = (0.0, 0.0);
    for value in values {
        let mut sum = value;
        let mut kept = 0;
        for at in 0..partials.len() {
            let (high, low) = exact_sum(sum, partials[at]);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            sum = high;
        }
        partials.truncate(kept);
        if sum.is_finite() {
            if sum != 0.0 {
                partials.push(sum);
            }
            continue;
        }
        if value.is_finite() {
            return Err(Fault::overflow("intermediate overflow in fsum"));
        }
        if value.is_infinite() {
            infinite += value;
        }
        special += value;
        partials.clear();
    }
    if special != 0.0 {
        return if f64::is_nan(infinite) {
            Err(Fault::value("-inf + inf in fsum"))
        } else {
            Ok(special)
        };
    }
    Ok(round_partials(partials))
}

/// Adds partial sums from the largest down; a tie is decided by the sign of what is left.
fn round_partials(mut partials: Vec<f64>) -> f64 {
    let mut high = partials.pop().unwrap_or(0.0);
    let mut low = 0.0;
    while let Some(next) = partials.pop() {
        (high, low) = exact_sum(high, next);
        if low != 0.0 {
            break;
        }
    }
    if let Some(&left) = partials.last()
        && (low < 0.0 && left < 0.0 || low > 0.0 && left > 0.0)
    {
        let doubled = low * 2.0;
        let rounded = high + doubled;
        if rounded - high == doubled {
            high = rounded;
        }
    }
    high
}

/// A sum of products in three parts, as `math.sumprod` keeps it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProductSum {
    high: f64,
    low: f64,
    tiny: f64,
}

impl ProductSum {
    /// Adds a product. `None` when the sum is no longer finite: the caller then goes on with plain
    /// additions to [`ProductSum::value`], this product first.
    pub fn add(self, left: f64, right: f64) -> Option<Self> {
        let product = exact_product(left, right);
        let (high, sum_low) = exact_sum(self.high, product.0);
        let first = exact_sum(self.low, product.1);
        let second = exact_sum(first.0, sum_low);
        let next = Self {
            high,
            low: second.0,
            tiny: self.tiny + first.1 + second.1,
        };
        high.is_finite().then_some(next)
    }

    /// The sum so far, rounded.
    pub fn value(self) -> f64 {
        let (low, _) = exact_sum(self.low, self.tiny);
        self.high + low
    }
}

/// `math.sumprod` of two equally long sequences of floats; of none at all, Python gives the integer 0.
pub fn sum_of_products(left: &[f64], right: &[f64]) -> Result<f64, Fault> {
    if left.len() != right.len() {
        return Err(Fault::value("Inputs are not the same length"));
    }
    let mut sum = ProductSum::default();
    let mut pairs = left.iter().zip(right);
    for (a, b) in pairs.by_ref() {
        match sum.add(*a, *b) {
            Some(next) => sum = next,
            None => {
                let start = sum.value() + a * b;
                return Ok(pairs.fold(start, |total, (a, b)| total + a * b));
            }
        }
    }
    Ok(sum.value())
}

/// Lanczos' approximation with g = 6.0246…, 13 terms, as a quotient of polynomials.
const LANCZOS_G: f64 = 6.02468004077673;
const LANCZOS_NUMERATOR: [f64; 13] = [
    23531376880.41076,
    42919803642.6491,
    35711959237.35567,
    17921034426.03721,
    6039542586.352028,
    1439720407.3117216,
    248874557.86205417,
    31426415.585400194,
    2876370.6289353725,
    186056.26539522348,
    8071.672002365816,
    210.82427775157936,
    2.5066282746310002,
];
const LANCZOS_DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

fn lanczos_sum(number: f64) -> f64 {
    let terms = LANCZOS_NUMERATOR.iter().zip(&LANCZOS_DENOMINATOR);
    let (numerator, denominator) = if number < 5.0 {
        terms.rev().fold((0.0, 0.0), |(n, d), (a, b)| {
            (n * number + a, d * number + b)
        })
    } else {
        terms.fold((0.0, 0.0), |(n, d), (a, b)| {
            (n / number + a, d / number + b)
        })
    };
    numerator / denominator
}

/// `sin(πx)`, without the error that a rounded π would bring near whole numbers.
fn sin_pi(number: f64) -> f64 {
    let turn = libm::fmod(number.abs(), 2.0);
    let value = match libm::round(2.0 * turn) as i32 {
        0 => core_math::sin(PI * turn),
        1 => core_math::cos(PI * (turn - 0.5)),
        2 => core_math::sin(PI * (1.0 - turn)),
        3 => -core_math::cos(PI * (turn - 1.5)),
        _ => core_math::sin(PI * (turn - 2.0)),
    };
    1.0f64.copysign(number) * value
}

/// `math.gamma(x)`.
pub fn gamma(number: f64) -> Result<f64, Fault> {
    if number.is_nan() || number == f64::INFINITY {
        return Ok(number);
    }
    let whole = libm::floor(number) == number;
    if number == 0.0 || whole && number < 0.0 {
        return Err(domain_error());
    }
    if whole && number <= 23.0 {
        return Ok((2..number as u64).map(|factor| factor as f64).product());
    }
    let magnitude = number.abs();
    if magnitude < 1e-20 {
        let result = 1.0 / number;
        return if result.is_infinite() {
            Err(range_error())
        } else {
            Ok(result)
        };
    }
    if magnitude > 200.0 {
        return if number < 0.0 {
            Ok(0.0 / sin_pi(number))
        } else {
            Err(range_error())
        };
    }
    let result = gamma_by_lanczos(number, magnitude);
    if result.is_infinite() {
        Err(range_error())
    } else {
        Ok(result)
    }
}

fn gamma_by_lanczos(number: f64, magnitude: f64) -> f64 {
    let shift = LANCZOS_G - 0.5;
    let base = magnitude + shift;
    // What rounding took from `base`, relative to it.
    let lost = if magnitude > shift {
        (base - magnitude) - shift
    } else {
        (base - shift) - magnitude
    };
    let correction = lost * LANCZOS_G / base;
    let mut result = if number < 0.0 {
        let start =
            -PI / sin_pi(magnitude) / magnitude * core_math::exp(base) / lanczos_sum(magnitude);
        start - correction * start
    } else {
        let start = lanczos_sum(magnitude) / core_math::exp(base);
        start + correction * start
    };
    // Two half powers where the whole one would overflow.
    let (factor, times) = if magnitude < 140.0 {
        (raw_power(base, magnitude - 0.5), 1)
    } else {
        (raw_power(base, magnitude / 2.0 - 0.25), 2)
    };
    for _ in 0..times {
        result = if number < 0.0 {
            result / factor
        } else {
            result * factor
        };
    }
    result
}

/// `math.lgamma(x)`.
pub fn log_gamma(number: f64) -> Result<f64, Fault> {
    if !number.is_finite() {
        return Ok(number.abs());
    }
    if libm::floor(number) == number && number <= 2.0 {
        return if number <= 0.0 {
            Err(domain_error())
        } else {
            Ok(0.0)
        };
    }
    let magnitude = number.abs();
    if magnitude < 1e-20 {
        return Ok(-core_math::log(magnitude));
    }
    let log_pi = 1.1447298858494002;
    let mut result = core_math::log(lanczos_sum(magnitude)) - LANCZOS_G;
    result += (magnitude - 0.5) * (core_math::log(magnitude + LANCZOS_G - 0.5) - 1.0);
    if number < 0.0 {
        result =
            log_pi - core_math::log(sin_pi(magnitude).abs()) - core_math::log(magnitude) - result;
    }
    if result.is_infinite() {
        Err(range_error())
    } else {
        Ok(result)
    }
}

/// The product of a range of integers, split in halves so that factors stay of equal size.
fn range_product(first: &BigInt, count: u64) -> BigInt {
    if count <= 8 {
        return (0..count).fold(BigInt::one(), |product, step| product * (first + step));
    }
    let half = count / 2;
    range_product(first, half) * range_product(&(first + half), count - half)
}

/// How many bytes a product of `count` factors of so many bits needs at most.
fn product_bytes(count: u64, bits: u64) -> u64 {
    count.saturating_mul(bits) / 8 + 8
}

fn check_product(count: u64, bits: u64, bytes_max: u64) -> Result<(), Fault> {
    let bytes = product_bytes(count, bits);
    if bytes > bytes_max {
        Err(Fault::limit(bytes))
    } else {
        Ok(())
    }
}

/// What a product of `count` factors of so many bits costs, in nanoseconds.
pub fn range_product_cost(count: u64, bits: u64) -> u64 {
    let half = count.saturating_mul(bits) / 2;
    int::multiply_cost(half, half)
        .saturating_mul(3)
        .saturating_add(count.saturating_mul(20))
}

/// `math.factorial(n)`; more than `bytes_max` bytes are a limit.
pub fn factorial(number: &BigInt, bytes_max: u64) -> Result<BigInt, Fault> {
    if number.is_negative() {
        return Err(Fault::value("factorial() not defined for negative values"));
    }
    let Some(count) = number.to_i64() else {
        return Err(Fault::overflow(
            "factorial() argument should not exceed 9223372036854775807",
        ));
    };
    check_product(count as u64, number.bits(), bytes_max)?;
    Ok(range_product(&BigInt::one(), count as u64))
}

fn check_not_negative(number: &BigInt, name: char) -> Result<(), Fault> {
    if number.is_negative() {
        return Err(Fault::value(alloc::format!(
            "{name} must be a non-negative integer"
        )));
    }
    Ok(())
}

/// `math.perm(n, k)`.
pub fn permutations(number: &BigInt, taken: &BigInt, bytes_max: u64) -> Result<BigInt, Fault> {
    check_not_negative(number, 'n')?;
    check_not_negative(taken, 'k')?;
    if taken > number {
        return Ok(BigInt::zero());
    }
    let Some(count) = taken.to_i64() else {
        return Err(Fault::overflow("k must not exceed 9223372036854775807"));
    };
    check_product(count as u64, number.bits(), bytes_max)?;
    Ok(range_product(&(number - taken + 1u32), count as u64))
}

/// `math.comb(n, k)`.
pub fn combinations(number: &BigInt, taken: &BigInt, bytes_max: u64) -> Result<BigInt, Fault> {
    check_not_negative(number, 'n')?;
    check_not_negative(taken, 'k')?;
    if taken > number {
        return Ok(BigInt::zero());
    }
    let fewer = (number - taken).min(taken.clone());
    let Some(count) = fewer.to_i64() else {
        return Err(Fault::overflow(
            "min(n - k, k) must not exceed 9223372036854775807",
        ));
    };
    check_product(count as u64, number.bits(), bytes_max)?;
    let product = range_product(&(number - &fewer + 1u32), count as u64);
    Ok(product / range_product(&BigInt::one(), count as u64))
}

/// `math.lcm(a, b)`.
pub fn least_common_multiple(left: &BigInt, right: &BigInt) -> BigInt {
    left.lcm(right).abs()
}

/// The natural logarithm of two, as `math.log(2)` gives it.
pub const LOG_OF_TWO: f64 = LN_2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        assert_eq!(exact_sum_of([0.1; 10]), Ok(1.0));
        assert_eq!(exact_sum_of([1e100, 1.0, -1e100]), Ok(1.0));
        assert!(exact_sum_of([f64::INFINITY, f64::NEG_INFINITY]).is_err());
    }

    #[test]
    fn errors_are_told_apart() {
        assert_eq!(power(0.0, -1.0), Err(domain_error()));
        assert_eq!(power(1e300, 2.0), Err(range_error()));
        assert_eq!(remainder(5.0, 2.0), Ok(1.0));
        assert_eq!(remainder(7.0, 2.0), Ok(-1.0));
    }

    #[test]
    fn whole_number_functions_are_limited() {
        assert_eq!(
            combinations(&BigInt::from(52), &BigInt::from(5), 1 << 20),
            Ok(BigInt::from(2598960))
        );
        assert!(factorial(&BigInt::from(1u64 << 40), 1 << 20).is_err());
    }
}
