//! Python's `float` on `f64`: text both ways, exact conversions, rounding, division and power.
//!
//! Every result has the bits that CPython 3.12 gives; the one function that goes through maths of
//! its own is the power, which is correctly rounded. Format specs are in `format`.

use super::{Fault, int, math, text, unicode};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

/// The digits of a finite number: `0.d1d2d3… × 10^point`, without trailing zeros, `0` for zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    /// ASCII digits.
    pub digits: String,
    /// How many of the digits (or zeros beyond them) stand before the decimal point.
    pub point: i32,
}

/// The shortest digits that read back as the same finite number; the sign is left out.
pub fn shortest_digits(number: f64) -> Digits {
    let mut buffer = zmij::Buffer::new();
    from_scientific(buffer.format_finite(number.abs()))
}

/// `count` significant digits (at least one) of a finite number, rounded half to even; the sign is left out.
///
/// Trailing zeros are kept only as far as `f64` can have digits; the caller pads.
pub fn rounded_digits(number: f64, count: usize) -> Digits {
    let text = format!("{:.*e}", count.clamp(1, 800) - 1, number.abs());
    from_scientific(&text)
}

/// Reads digits with an optional point and exponent, as formatters write them.
fn from_scientific(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = String::with_capacity(mantissa.len());
    digits.push_str(whole);
    digits.push_str(fraction);
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = digits.trim_matches('0');
    if trimmed.is_empty() {
        return Digits {
            digits: "0".to_string(),
            point: 1,
        };
    }
    Digits {
        digits: trimmed.to_string(),
        point: whole.len() as i32 - leading as i32 + exponent,
    }
}

/// `repr(x)` and `str(x)`.
pub fn repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_string();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}inf");
    }
    // Small whole numbers are most of what programs print.
    if number.abs() < 1e15 && number as i64 as f64 == number {
        return format!("{sign}{}.0", (number as i64).unsigned_abs());
    }
    let Digits { digits, point } = shortest_digits(number);
    let mut out = String::from(sign);
    if -4 < point && point <= 16 {
        push_fixed(&mut out, &digits, point);
    } else {
        push_exponent(&mut out, &digits, point - 1);
    }
    out
}

fn push_fixed(out: &mut String, digits: &str, point: i32) {
    let count = digits.len() as i32;
    if point <= 0 {
        out.push_str("0.");
        out.extend(core::iter::repeat_n('0', -point as usize));
        out.push_str(digits);
    } else if point >= count {
        out.push_str(digits);
        out.extend(core::iter::repeat_n('0', (point - count) as usize));
        out.push_str(".0");
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        out.push_str(whole);
        out.push('.');
        out.push_str(fraction);
    }
}

fn push_exponent(out: &mut String, digits: &str, exponent: i32) {
    let (first, rest) = digits.split_at(1);
    out.push_str(first);
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
}

/// `float(text)`, with CPython's `ValueError`.
pub fn parse(source: &str) -> Result<f64, Fault> {
    parse_plain(source.trim_matches(unicode::is_space)).ok_or_else(|| {
        Fault::value(format!(
            "could not convert string to float: {}",
            text::repr(source)
        ))
    })
}

/// Reads a number as `float()` does, without white space around it.
fn parse_plain(source: &str) -> Option<f64> {
    let ascii = to_ascii_digits(source)?;
    let unsigned = ascii.strip_prefix(['+', '-']).unwrap_or(&ascii);
    let negative = ascii.starts_with('-');
    let magnitude =
        if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
            f64::INFINITY
        } else if unsigned.eq_ignore_ascii_case("nan") {
            f64::NAN
        } else {
            parse_decimal(unsigned)?
        };
    Some(if negative { -magnitude } else { magnitude })
}

/// Digits of every script become ASCII ones; anything else beyond ASCII is no number.
fn to_ascii_digits(source: &str) -> Option<Cow<'_, str>> {
    if source.is_ascii() {
        return Some(Cow::Borrowed(source));
    }
    let ascii: Option<String> = source
        .chars()
        .map(|letter| match unicode::decimal(letter) {
            Some(value) => char::from_digit(value, 10),
            None if unicode::is_space(letter) => Some(' '),
            None => letter.is_ascii().then_some(letter),
        })
        .collect();
    ascii.map(Cow::Owned)
}

fn parse_decimal(unsigned: &str) -> Option<f64> {
    let plain = without_underscores(unsigned)?;
    let mut digits = 0;
    let mut seen_point = false;
    let bytes = plain.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'0'..=b'9' => digits += 1,
            b'.' if !seen_point => seen_point = true,
            b'e' | b'E' if digits > 0 => {
                check_exponent(&bytes[at + 1..])?;
                break;
            }
            _ => return None,
        }
        at += 1;
    }
    if digits == 0 {
        None
    } else {
        plain.parse().ok()
    }
}

fn check_exponent(bytes: &[u8]) -> Option<()> {
    let digits = bytes
        .strip_prefix(b"+")
        .or_else(|| bytes.strip_prefix(b"-"))
        .unwrap_or(bytes);
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(())
}

/// Takes underscores away that stand between two digits; any other is a mistake.
fn without_underscores(source: &str) -> Option<Cow<'_, str>> {
    if !source.contains('_') {
        return Some(Cow::Borrowed(source));
    }
    let bytes = source.as_bytes();
    let between_digits = |at: usize| {
        at > 0
            && bytes[at - 1].is_ascii_digit()
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    };
    let fine = (0..bytes.len()).all(|at| bytes[at] != b'_' || between_digits(at));
    fine.then(|| Cow::Owned(source.replace('_', "")))
}

/// The parts of a finite number: `mantissa × 2^exponent`, the sign left out.
fn decompose(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | 1 << 52, exponent - 1075)
    }
}

fn signed(number: f64, magnitude: BigInt) -> BigInt {
    if number.is_sign_negative() {
        -magnitude
    } else {
        magnitude
    }
}

/// `x.hex()`.
pub fn hex(number: f64) -> String {
    if !number.is_finite() {
        return repr(number);
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let (mantissa, exponent) = decompose(number);
    format!(
        "{sign}0x{}.{:013x}p{:+}",
        mantissa >> 52,
        mantissa & ((1 << 52) - 1),
        exponent + 52
    )
}

/// `float.fromhex(text)`.
pub fn from_hex(source: &str) -> Result<f64, Fault> {
    let bad = || Fault::value("invalid hexadecimal floating-point string");
    let is_c_space = |letter: char| matches!(letter, ' ' | '\t'..='\r');
    let trimmed = source.trim_matches(is_c_space);
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let magnitude = if ["inf", "infinity"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word))
    {
        f64::INFINITY
    } else if unsigned.eq_ignore_ascii_case("nan") {
        f64::NAN
    } else {
        let rest = unsigned
            .strip_prefix("0x")
            .or_else(|| unsigned.strip_prefix("0X"))
            .unwrap_or(unsigned);
        hex_magnitude(rest).ok_or_else(bad)??
    };
    Ok(if trimmed.starts_with('-') {
        -magnitude
    } else {
        magnitude
    })
}

/// Reads hexadecimal digits with an optional point and binary exponent; `None` for what is no number.
fn hex_magnitude(source: &str) -> Option<Result<f64, Fault>> {
    let (mantissa, exponent) = match source.find(['p', 'P']) {
        Some(at) => (&source[..at], parse_saturating(&source[at + 1..])?),
        None => (source, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut significant = 0u128;
    let mut sticky = false;
    let mut shift = 0i64;
    let mut kept = 0;
    for (index, letter) in whole.chars().chain(fraction.chars()).enumerate() {
        let value = letter.to_digit(16)?;
        if kept < 30 {
            significant = significant << 4 | u128::from(value);
            kept += usize::from(significant != 0);
        } else {
            sticky |= value != 0;
            shift += 4;
        }
        if index >= whole.chars().count() {
            shift -= 4;
        }
    }
    if significant == 0 {
        return Some(Ok(0.0));
    }
    let exponent = exponent.saturating_add(shift);
    let scaled = scale_rounded(
        significant << 1 | u128::from(sticky),
        exponent.saturating_sub(1),
    );
    Some(
        scaled
            .ok_or_else(|| Fault::overflow("hexadecimal value too large to represent as a float")),
    )
}

/// A signed decimal integer; what is too long for `i64` becomes very large.
fn parse_saturating(source: &str) -> Option<i64> {
    check_exponent(source.as_bytes())?;
    let huge = if source.starts_with('-') {
        i64::MIN / 4
    } else {
        i64::MAX / 4
    };
    Some(
        source
            .parse::<i64>()
            .map_or(huge, |value| value.clamp(i64::MIN / 4, i64::MAX / 4)),
    )
}

/// `significant × 2^exponent`, rounded half to even; `None` when it is too large. Zero gives zero.
pub(super) fn scale_rounded(significant: u128, exponent: i64) -> Option<f64> {
    let length = 128 - i64::from(significant.leading_zeros());
    let top = length.saturating_add(exponent);
    if significant == 0 || top < -1080 {
        return Some(0.0);
    }
    if top > 1024 {
        return None;
    }
    // The lowest bit that the result can hold, from the top bit or from the smallest number.
    let lowest = (top - 53).max(-1074);
    let drop = lowest - exponent;
    let rounded = if drop <= 0 {
        significant << -drop
    } else if drop > 127 {
        0
    } else {
        let half = 1u128 << (drop - 1);
        let rest = significant & (half | (half - 1));
        let kept = significant >> drop;
        kept + u128::from(rest > half || rest == half && kept & 1 == 1)
    };
    let result = math::scale_by_power_of_two(rounded as f64, lowest as i32);
    result.is_finite().then_some(result)
}

/// `x.as_integer_ratio()`: numerator and denominator in lowest terms.
pub fn as_integer_ratio(number: f64) -> Result<(BigInt, BigInt), Fault> {
    if number.is_nan() {
        return Err(Fault::value("cannot convert NaN to integer ratio"));
    }
    if number.is_infinite() {
        return Err(Fault::overflow("cannot convert Infinity to integer ratio"));
    }
    if number == 0.0 {
        return Ok((BigInt::ZERO, BigInt::from(1)));
    }
    let (mantissa, exponent) = decompose(number);
    let zeros = mantissa.trailing_zeros();
    let (mantissa, exponent) = (BigInt::from(mantissa >> zeros), exponent + zeros as i32);
    Ok(if exponent >= 0 {
        (signed(number, mantissa << exponent), BigInt::from(1))
    } else {
        (signed(number, mantissa), BigInt::from(1) << -exponent)
    })
}

/// `int(x)`: the whole part, towards zero.
pub fn to_int(number: f64) -> Result<BigInt, Fault> {
    if number.is_nan() {
        return Err(Fault::value("cannot convert float NaN to integer"));
    }
    if number.is_infinite() {
        return Err(Fault::overflow("cannot convert float infinity to integer"));
    }
    Ok(whole_part(number))
}

fn whole_part(number: f64) -> BigInt {
    if number.abs() < 9e18 {
        return BigInt::from(number as i64);
    }
    let (mantissa, exponent) = decompose(number);
    signed(number, BigInt::from(mantissa) << exponent)
}

/// `round(x)`: the nearest whole number, halves to even, still as a float.
pub fn round_half_even(number: f64) -> f64 {
    libm::rint(number)
}

/// `round(x, digits)` with a digit count, rounding the exact decimal value as CPython does.
pub fn round_digits(number: f64, digits: i64) -> Result<f64, Fault> {
    if !number.is_finite() || number == 0.0 || digits > 323 {
        return Ok(number);
    }
    if digits < -308 {
        return Ok(0.0 * number);
    }
    let rounded = if digits >= 0 {
        format!("{:.*}", digits as usize, number)
    } else {
        round_left_of_point(number, -digits as usize)
    };
    match rounded.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(Fault::overflow("rounded value too large to represent")),
    }
}

/// The decimal text of a number rounded to a multiple of `10^places`, halves to even.
fn round_left_of_point(number: f64, places: usize) -> String {
    let unit = BigInt::from(10).pow(places as u32);
    let whole = whole_part(number.abs());
    let exact = libm::trunc(number) == number;
    let (quotient, rest) = (&whole / &unit, &whole % &unit);
    let up = match (rest * 2u32).cmp(&unit) {
        Ordering::Less => false,
        Ordering::Equal => !exact || quotient.bit(0),
        Ordering::Greater => true,
    };
    let rounded = (quotient + u32::from(up)) * unit;
    let sign = if number.is_sign_negative() { "-" } else { "" };
    format!("{sign}{rounded}")
}

/// `hash(x)`, equal to the hash of an equal `int`. `None` for a NaN, whose hash is its identity.
pub fn hash(number: f64) -> Option<i64> {
    if number.is_nan() {
        return None;
    }
    if number.is_infinite() {
        return Some(if number > 0.0 { 314159 } else { -314159 });
    }
    let (mantissa, exponent) = decompose(number);
    // Modulo 2**61 - 1, a power of two is a rotation.
    let reduced = int::reduce_modulus(mantissa);
    let turn = exponent.rem_euclid(61) as u32;
    let rotated = ((reduced << turn) & int::HASH_MODULUS) | (reduced >> (61 - turn));
    let hash = int::reduce_modulus(rotated) as i64;
    let hash = if number.is_sign_negative() {
        -hash
    } else {
        hash
    };
    Some(if hash == -1 { -2 } else { hash })
}

/// Compares with a big integer, exactly. `None` for a NaN.
pub fn compare_big(number: f64, other: &BigInt) -> Option<Ordering> {
    if number.is_nan() {
        return None;
    }
    if number.is_infinite() {
        return Some(if number > 0.0 {
            Ordering::Greater
        } else {
            Ordering::Less
        });
    }
    let whole = whole_part(number);
    Some(whole.cmp(other).then_with(|| fraction_order(number)))
}

/// Compares with a machine integer, exactly. `None` for a NaN.
pub fn compare_int(number: f64, other: i64) -> Option<Ordering> {
    if number.is_nan() {
        return None;
    }
    if number >= 9223372036854775808.0 {
        return Some(Ordering::Greater);
    }
    if number < -9223372036854775808.0 {
        return Some(Ordering::Less);
    }
    Some(
        (number as i64)
            .cmp(&other)
            .then_with(|| fraction_order(number)),
    )
}

/// How a finite number stands to its own whole part.
fn fraction_order(number: f64) -> Ordering {
    number
        .partial_cmp(&libm::trunc(number))
        .unwrap_or(Ordering::Equal)
}

/// `x / y`.
pub fn divide(left: f64, right: f64) -> Result<f64, Fault> {
    if right == 0.0 {
        return Err(Fault::zero_division("float division by zero"));
    }
    Ok(left / right)
}

/// `x // y`.
pub fn floor_divide(left: f64, right: f64) -> Result<f64, Fault> {
    if right == 0.0 {
        return Err(Fault::zero_division("float floor division by zero"));
    }
    Ok(quotient_and_rest(left, right).0)
}

/// `x % y`, with the sign of `y`.
pub fn modulo(left: f64, right: f64) -> Result<f64, Fault> {
    if right == 0.0 {
        return Err(Fault::zero_division("float modulo"));
    }
    Ok(rest_with_sign(left, right).0)
}

/// `divmod(x, y)`.
pub fn divide_modulo(left: f64, right: f64) -> Result<(f64, f64), Fault> {
    if right == 0.0 {
        return Err(Fault::zero_division("float divmod()"));
    }
    Ok(quotient_and_rest(left, right))
}

/// The rest with the divisor's sign, and whether the divisor was added to get it.
fn rest_with_sign(left: f64, right: f64) -> (f64, bool) {
    let rest = libm::fmod(left, right);
    if rest == 0.0 {
        return (0.0f64.copysign(right), false);
    }
    if (right < 0.0) != (rest < 0.0) {
        (rest + right, true)
    } else {
        (rest, false)
    }
}

fn quotient_and_rest(left: f64, right: f64) -> (f64, f64) {
    let truncated_rest = libm::fmod(left, right);
    let (rest, adjusted) = rest_with_sign(left, right);
    let quotient = (left - truncated_rest) / right - if adjusted { 1.0 } else { 0.0 };
    if quotient == 0.0 {
        return (0.0f64.copysign(left / right), rest);
    }
    // The division may have landed just below the whole number that it stands for.
    let floor = libm::floor(quotient);
    (
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        },
        rest,
    )
}

/// What a power of two floats is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// An ordinary result.
    Real(f64),
    /// A negative number to a fractional power: the caller computes it with complex numbers.
    Complex,
}

/// `x ** y`.
pub fn power(base: f64, exponent: f64) -> Result<Power, Fault> {
    if base.is_finite() && exponent.is_finite() {
        if base == 0.0 && exponent < 0.0 {
            return Err(Fault::zero_division(
                "0.0 cannot be raised to a negative power",
            ));
        }
        if base < 0.0 && libm::floor(exponent) != exponent {
            return Ok(Power::Complex);
        }
        let result = math::raw_power(base, exponent);
        return if result.is_infinite() {
            Err(Fault::range())
        } else {
            Ok(Power::Real(result))
        };
    }
    Ok(Power::Real(math::raw_power(base, exponent)))
}

/// Whether the number is whole (`x.is_integer()`).
pub fn is_integer(number: f64) -> bool {
    number.is_finite() && libm::trunc(number) == number
}

/// The nearest `i64`, if the number is whole and fits.
pub fn to_exact_i64(number: f64) -> Option<i64> {
    if !is_integer(number) {
        None
    } else {
        whole_part(number).to_i64()
    }
}

/// The exact value of a whole finite number as sign and little-endian 32-bit words.
pub fn whole_words(number: f64) -> (Sign, Vec<u32>) {
    whole_part(number).to_u32_digits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_short_and_switches_layout() {
        for (number, text) in [
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.0, "-0.0"),
            (9007199254740993.0, "9007199254740992.0"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
        ] {
            assert_eq!(repr(number), text);
        }
    }

    #[test]
    fn rounding_uses_the_exact_value() {
        assert_eq!(round_digits(2.675, 2), Ok(2.67));
        assert_eq!(round_digits(25.0, -1), Ok(20.0));
        assert_eq!(round_digits(15.5, -1), Ok(20.0));
        assert!(round_digits(1.7e308, -308).is_err());
    }

    #[test]
    fn floor_division_has_the_divisors_sign() {
        assert_eq!(divide_modulo(-7.5, 2.0), Ok((-4.0, 0.5)));
        assert_eq!(
            divide_modulo(1e300, 1e-300).map(|(_, rest)| rest >= 0.0),
            Ok(true)
        );
    }

    #[test]
    fn text_is_read_strictly() {
        assert_eq!(parse(" 1_000.5\n"), Ok(1000.5));
        for bad in ["", "1__0", "_1", "1_.0", "0x1", "1e", ".", "+-1", "in f"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
