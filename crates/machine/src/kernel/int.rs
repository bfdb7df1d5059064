//! Python's `int` on `i64` and `BigInt`: text both ways, division, power, shifts, exact conversion.
//!
//! Additions, products and bit operations are `num-bigint`'s own and are not wrapped. What can take
//! long has a cost function beside it, in units of about a nanosecond, for charging beforehand.

use super::{Fault, float, text, unicode};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// How many decimal digits text and integers may have when one becomes the other.
pub const DECIMAL_DIGITS_MAX: usize = 4300;

/// The modulus of number hashes: 2**61 - 1, a prime.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;

/// Reduces modulo [`HASH_MODULUS`].
pub fn reduce_modulus(number: u64) -> u64 {
    number % HASH_MODULUS
}

/// `hash(n)` of a machine integer.
pub fn hash_small(number: i64) -> i64 {
    with_hash_sign(reduce_modulus(number.unsigned_abs()), number < 0)
}

/// `hash(n)` of a big integer.
pub fn hash(number: &BigInt) -> i64 {
    let modulus = u128::from(HASH_MODULUS);
    // 2**64 is 8 modulo the modulus.
    let fold = |sum: u128, word: u64| (sum * 8 + u128::from(word)) % modulus;
    let reduced = number.iter_u64_digits().rev().fold(0u128, fold) as u64;
    with_hash_sign(reduced, number.is_negative())
}

fn with_hash_sign(magnitude: u64, negative: bool) -> i64 {
    match (magnitude as i64, negative) {
        (1, true) => -2,
        (magnitude, true) => -magnitude,
        (magnitude, false) => magnitude,
    }
}

/// `int(text, base)` with CPython's errors; `base` 0 reads prefixes.
pub fn parse(source: &str, base: i64) -> Result<BigInt, Fault> {
    parse_within(source, base, DECIMAL_DIGITS_MAX)
}

/// As `parse`, with another limit of decimal digits.
pub fn parse_within(source: &str, base: i64, digits_max: usize) -> Result<BigInt, Fault> {
    parse_shown(source, base, digits_max, || text::repr(source))
}

/// `int(data, base)` of bytes.
pub fn parse_bytes(source: &[u8], base: i64) -> Result<BigInt, Fault> {
    let shown = || text::repr_bytes(source);
    // A byte beyond ASCII is no digit and no space, whatever it is called.
    let as_text: String = source
        .iter()
        .map(|&byte| if byte < 128 { byte as char } else { '?' })
        .collect();
    parse_shown(&as_text, base, DECIMAL_DIGITS_MAX, shown)
}

fn parse_shown(source: &str, base: i64, digits_max: usize, shown: impl FnOnce() -> String) -> Result<BigInt, Fault> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(Fault::value("int() base must be >= 2 and <= 36, or 0"));
    }
    match parse_literal(source, base as u32, digits_max) {
        Ok(number) => Ok(number),
        Err(Some(fault)) => Err(fault),
        Err(None) => {
            let shown: String = shown().chars().take(200).collect();
            Err(Fault::value(format!(
                "invalid literal for int() with base {base}: {shown}"
            )))
        }
    }
}

/// Reads a number; `Err(None)` is text that is no number.
fn parse_literal(source: &str, base: u32, digits_max: usize) -> Result<BigInt, Option<Fault>> {
    let trimmed = source.trim_matches(unicode::is_space);
    let ascii = to_ascii_digits(trimmed).ok_or(None)?;
    let unsigned = ascii.strip_prefix(['+', '-']).unwrap_or(&ascii);
    let (base, body, leading_zero) = split_prefix(unsigned, base);
    let digits = checked_digits(body, base).ok_or(None)?;
    if !base.is_power_of_two() && digits.len() > digits_max {
        return Err(Some(Fault::value(format!(
            "Exceeds the limit ({digits_max} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        ))));
    }
    let magnitude = match u64::from_str_radix(&digits, base) {
        Ok(small) => BigUint::from(small),
        Err(_) => BigUint::parse_bytes(digits.as_bytes(), base).ok_or(None)?,
    };
    if leading_zero && !magnitude.is_zero() {
        return Err(None);
    }
    let sign = if ascii.starts_with('-') {
        Sign::Minus
    } else {
        Sign::Plus
    };
    Ok(BigInt::from_biguint(sign, magnitude))
}

fn to_ascii_digits(source: &str) -> Option<Cow<'_, str>> {
    if source.is_ascii() {
        return Some(Cow::Borrowed(source));
    }
    let to_ascii = |letter: char| match unicode::decimal(letter) {
        Some(value) => char::from_digit(value, 10),
        None => letter.is_ascii().then_some(letter),
    };
    source
        .chars()
        .map(to_ascii)
        .collect::<Option<String>>()
        .map(Cow::Owned)
}

/// The base that a prefix names, what follows it, and whether only a zero may follow (base 0, "0…").
fn split_prefix(unsigned: &str, base: u32) -> (u32, &str, bool) {
    let named = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if named != 0 && (base == 0 || base == named) {
        let body = &unsigned[2..];
        return (named, body.strip_prefix('_').unwrap_or(body), false);
    }
    if base == 0 {
        (10, unsigned, unsigned.starts_with('0'))
    } else {
        (base, unsigned, false)
    }
}

/// The digits without underscores, if each is a digit of the base and each underscore stands between two.
fn checked_digits(body: &str, base: u32) -> Option<Cow<'_, str>> {
    let mut after_digit = false;
    for letter in body.chars() {
        if letter == '_' && after_digit {
            after_digit = false;
        } else {
            letter.to_digit(base)?;
            after_digit = true;
        }
    }
    if !after_digit {
        return None;
    }
    Some(if body.contains('_') {
        Cow::Owned(body.replace('_', ""))
    } else {
        Cow::Borrowed(body)
    })
}

/// `str(n)`, or CPython's error when it has more than [`DECIMAL_DIGITS_MAX`] digits.
pub fn to_decimal(number: &BigInt) -> Result<String, Fault> {
    to_decimal_within(number, DECIMAL_DIGITS_MAX)
}

/// As `to_decimal`, with another limit.
pub fn to_decimal_within(number: &BigInt, digits_max: usize) -> Result<String, Fault> {
    let too_long = || {
        Fault::value(format!(
            "Exceeds the limit ({digits_max} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit"
        ))
    };
    // A digit takes fewer than 3.33 bits; only near the limit is the text made to be counted.
    if number.bits() / 10 * 3 > digits_max as u64 + 10 {
        return Err(too_long());
    }
    let text = number.to_string();
    let sign = usize::from(number.is_negative());
    if text.len() - sign > digits_max {
        Err(too_long())
    } else {
        Ok(text)
    }
}

/// The digits of `|n|` in base 2, 8 or 16, without prefix. The caller charges [`radix_length`] first.
pub fn magnitude_digits(number: &BigInt, base: u32) -> String {
    number.magnitude().to_str_radix(base)
}

/// How many digits a number of so many bits has in base 2, 8 or 16, at most.
pub fn radix_length(bits: u64, base: u32) -> u64 {
    bits.div_ceil(u64::from(base.ilog2())).max(1)
}

/// `bin(n)`, `oct(n)`, `hex(n)`: digits with sign and prefix.
pub fn with_prefix(number: &BigInt, base: u32) -> String {
    let letter = match base {
        2 => 'b',
        8 => 'o',
        _ => 'x',
    };
    let sign = if number.is_negative() { "-" } else { "" };
    format!("{sign}0{letter}{}", magnitude_digits(number, base))
}

/// `a // b`.
pub fn floor_divide(left: &BigInt, right: &BigInt) -> Result<BigInt, Fault> {
    if right.is_zero() {
        return Err(Fault::zero_division("integer division or modulo by zero"));
    }
    Ok(left.div_floor(right))
}

/// `a % b`, with the sign of `b`.
pub fn modulo(left: &BigInt, right: &BigInt) -> Result<BigInt, Fault> {
    if right.is_zero() {
        return Err(Fault::zero_division("integer modulo by zero"));
    }
    Ok(left.mod_floor(right))
}

/// `divmod(a, b)`.
pub fn divide_modulo(left: &BigInt, right: &BigInt) -> Result<(BigInt, BigInt), Fault> {
    if right.is_zero() {
        return Err(Fault::zero_division("integer division or modulo by zero"));
    }
    Ok(left.div_mod_floor(right))
}

/// `a // b` of machine integers; `Ok(None)` where only a big integer holds the result.
pub fn floor_divide_small(left: i64, right: i64) -> Result<Option<i64>, Fault> {
    if right == 0 {
        return Err(Fault::zero_division("integer division or modulo by zero"));
    }
    let Some(quotient) = left.checked_div(right) else {
        return Ok(None);
    };
    let inexact = left % right != 0;
    Ok(Some(
        quotient - i64::from(inexact && (left < 0) != (right < 0)),
    ))
}

/// `a % b` of machine integers.
pub fn modulo_small(left: i64, right: i64) -> Result<i64, Fault> {
    if right == 0 {
        return Err(Fault::zero_division("integer modulo by zero"));
    }
    let rest = left.wrapping_rem(right);
    Ok(if rest != 0 && (rest < 0) != (right < 0) {
        rest + right
    } else {
        rest
    })
}

/// `a / b`, correctly rounded.
pub fn true_divide(left: &BigInt, right: &BigInt) -> Result<f64, Fault> {
    if right.is_zero() {
        return Err(Fault::zero_division("division by zero"));
    }
    // A zero is exact, yet takes its sign from the divisor.
    if left.is_zero() {
        return Ok(if right.is_negative() { -0.0 } else { 0.0 });
    }
    let too_large = || Fault::overflow("integer division result too large for a float");
    let (numerator, denominator) = (left.magnitude(), right.magnitude());
    // The quotient gets 65 or 66 bits, and one more that tells of a rest.
    let shift = denominator.bits() as i64 - numerator.bits() as i64 + 66;
    if shift < -1100 {
        return Err(too_large());
    }
    let negative = left.is_negative() != right.is_negative();
    if shift > 1300 {
        return Ok(if negative { -0.0 } else { 0.0 });
    }
    let (quotient, rest) = if shift >= 0 {
        (numerator << shift as u64).div_rem(denominator)
    } else {
        numerator.div_rem(&(denominator << (-shift) as u64))
    };
    let significant = quotient
        .to_u128()
        .map_or(0, |value| value << 1 | u128::from(!rest.is_zero()));
    let magnitude = float::scale_rounded(significant, -shift - 1).ok_or_else(too_large)?;
    Ok(if negative { -magnitude } else { magnitude })
}

/// `a / b` of machine integers, correctly rounded.
pub fn true_divide_small(left: i64, right: i64) -> Result<f64, Fault> {
    const EXACT: u64 = 1 << 53;
    if right != 0 && left.unsigned_abs() <= EXACT && right.unsigned_abs() <= EXACT {
        return Ok(left as f64 / right as f64);
    }
    true_divide(&BigInt::from(left), &BigInt::from(right))
}

/// `float(n)`, rounded half to even.
pub fn to_float(number: &BigInt) -> Result<f64, Fault> {
    let bits = number.bits();
    let magnitude = number.magnitude();
    let rounded = if bits <= 64 {
        magnitude.to_u64().map(|value| value as f64)
    } else if bits > 1024 {
        None
    } else {
        let drop = bits - 64;
        let top = u128::from((magnitude >> drop).to_u64().unwrap_or(u64::MAX));
        let sticky = magnitude.trailing_zeros().is_some_and(|zeros| zeros < drop);
        float::scale_rounded(top << 1 | u128::from(sticky), drop as i64 - 1)
    };
    let rounded = rounded.ok_or_else(|| Fault::overflow("int too large to convert to float"))?;
    Ok(if number.is_negative() {
        -rounded
    } else {
        rounded
    })
}

/// `a ** b` with `b >= 0`; a result of more than `bytes_max` bytes is a limit, found before computing.
///
/// For `b < 0` Python computes with floats: see [`float::power`] after [`to_float`] of both.
pub fn power(base: &BigInt, exponent: &BigInt, bytes_max: u64) -> Result<BigInt, Fault> {
    if exponent.is_zero() || base.is_one() {
        return Ok(BigInt::one());
    }
    if base.is_zero() {
        return Ok(BigInt::zero());
    }
    if base.magnitude().is_one() {
        return Ok(if exponent.is_even() {
            BigInt::one()
        } else {
            base.clone()
        });
    }
    let small_exponent = exponent.to_u32().ok_or_else(|| Fault::limit(u64::MAX))?;
    let bytes = power_bytes(base.bits(), u64::from(small_exponent));
    if bytes > bytes_max {
        return Err(Fault::limit(bytes));
    }
    Ok(base.pow(small_exponent))
}

/// The bytes that `a ** b` needs at most, `a` having so many bits.
pub fn power_bytes(bits: u64, exponent: u64) -> u64 {
    bits.saturating_mul(exponent).div_ceil(8).saturating_add(8)
}

/// `pow(base, exponent, modulus)`; a negative exponent inverts.
pub fn power_modulo(base: &BigInt, exponent: &BigInt, modulus: &BigInt) -> Result<BigInt, Fault> {
    if modulus.is_zero() {
        return Err(Fault::value("pow() 3rd argument cannot be 0"));
    }
    let positive = modulus.abs();
    if positive.is_one() && !exponent.is_negative() {
        return Ok(BigInt::zero());
    }
    let (base, exponent) = if exponent.is_negative() {
        (inverse(base, &positive)?, -exponent)
    } else {
        (base.mod_floor(&positive), exponent.clone())
    };
    let result = base.modpow(&exponent, &positive);
    Ok(if modulus.is_negative() && !result.is_zero() {
        result + modulus
    } else {
        result
    })
}

fn inverse(base: &BigInt, modulus: &BigInt) -> Result<BigInt, Fault> {
    if modulus.is_one() {
        return Ok(BigInt::zero());
    }
    let reduced = base.mod_floor(modulus);
    reduced
        .modinv(modulus)
        .ok_or_else(|| Fault::value("base is not invertible for the given modulus"))
}

/// `n << count`; a result of more than `bytes_max` bytes is a limit.
pub fn shift_left(number: &BigInt, count: &BigInt, bytes_max: u64) -> Result<BigInt, Fault> {
    if count.is_negative() {
        return Err(Fault::value("negative shift count"));
    }
    if number.is_zero() {
        return Ok(BigInt::zero());
    }
    let Some(count) = count.to_u64().filter(|&count| count < 1 << 63) else {
        return Err(Fault::overflow("too many digits in integer"));
    };
    let bytes = number.bits().saturating_add(count) / 8 + 8;
    if bytes > bytes_max {
        Err(Fault::limit(bytes))
    } else {
        Ok(number << count)
    }
}

/// `n >> count`, rounding down.
pub fn shift_right(number: &BigInt, count: &BigInt) -> Result<BigInt, Fault> {
    if count.is_negative() {
        return Err(Fault::value("negative shift count"));
    }
    match count.to_u64() {
        Some(count) if count < number.bits() => Ok(number >> count),
        _ => Ok(if number.is_negative() {
            BigInt::from(-1)
        } else {
            BigInt::zero()
        }),
    }
}

/// `n.bit_length()` of a machine integer.
pub fn bit_length_small(number: i64) -> u32 {
    64 - number.unsigned_abs().leading_zeros()
}

/// `n.bit_count()`: the ones of the magnitude.
pub fn bit_count(number: &BigInt) -> u64 {
    number.magnitude().count_ones()
}

/// `math.isqrt(n)`.
pub fn square_root(number: &BigInt) -> Result<BigInt, Fault> {
    if number.is_negative() {
        return Err(Fault::value("isqrt() argument must be nonnegative"));
    }
    Ok(number.sqrt())
}

/// `math.gcd(a, b)`.
pub fn gcd(left: &BigInt, right: &BigInt) -> BigInt {
    left.gcd(right)
}

/// `math.gcd(a, b)` of machine integers; at most 2**63, which is why it is unsigned.
pub fn gcd_small(left: i64, right: i64) -> u64 {
    left.unsigned_abs().gcd(&right.unsigned_abs())
}

/// `round(n, -places)`: the nearest multiple of `10**places`, halves to the even one.
pub fn round_to_places(number: &BigInt, places: u64) -> BigInt {
    // A number of b bits is below 10**b / 2, and so is rounded to zero.
    if places > number.bits() {
        return BigInt::zero();
    }
    let unit = BigInt::from(10).pow(places as u32);
    let (quotient, rest) = number.div_mod_floor(&unit);
    let up = match (rest * 2u32).cmp(&unit) {
        core::cmp::Ordering::Less => false,
        core::cmp::Ordering::Equal => quotient.is_odd(),
        core::cmp::Ordering::Greater => true,
    };
    (quotient + u32::from(up)) * unit
}

/// `n.to_bytes(length, order, signed=…)`.
pub fn to_bytes(
    number: &BigInt,
    length: usize,
    little: bool,
    signed: bool,
) -> Result<Vec<u8>, Fault> {
    if number.is_negative() && !signed {
        return Err(Fault::overflow("can't convert negative int to unsigned"));
    }
    let mut bytes = if signed {
        number.to_signed_bytes_le()
    } else {
        number.magnitude().to_bytes_le()
    };
    // CPython takes no byte for a minus one as for a zero, when none is asked for.
    if number.is_zero() || length == 0 && (-number).is_one() {
        bytes.clear();
    }
    if bytes.len() > length {
        return Err(Fault::overflow("int too big to convert"));
    }
    bytes.resize(length, if number.is_negative() { 0xff } else { 0 });
    if !little {
        bytes.reverse();
    }
    Ok(bytes)
}

/// `int.from_bytes(data, order, signed=…)`.
pub fn from_bytes(data: &[u8], little: bool, signed: bool) -> BigInt {
    match (little, signed) {
        (true, true) => BigInt::from_signed_bytes_le(data),
        (false, true) => BigInt::from_signed_bytes_be(data),
        (true, false) => BigInt::from_bytes_le(Sign::Plus, data),
        (false, false) => BigInt::from_bytes_be(Sign::Plus, data),
    }
}

/// What a product of numbers of so many bits costs.
pub fn multiply_cost(left_bits: u64, right_bits: u64) -> u64 {
    let (short, long) = (
        left_bits.min(right_bits) / 64 + 1,
        left_bits.max(right_bits) / 64 + 1,
    );
    (long / short + 1).saturating_mul(square_cost(short))
}

/// Schoolbook below 32 words, then three half-size products.
fn square_cost(words: u64) -> u64 {
    let (mut words, mut factor) = (words, 1u64);
    let mut linear = 0u64;
    while words > 32 {
        linear = linear.saturating_add(factor.saturating_mul(words * 8));
        words = words.div_ceil(2);
        factor = factor.saturating_mul(3);
    }
    factor.saturating_mul(words * words).saturating_add(linear)
}

/// What a division costs: the quotient's words by the divisor's.
pub fn divide_cost(left_bits: u64, right_bits: u64) -> u64 {
    let quotient_words = left_bits.saturating_sub(right_bits) / 64 + 1;
    quotient_words
        .saturating_mul(right_bits / 64 + 1)
        .saturating_mul(2)
}

/// What `a ** b` costs: about twice the last squaring.
pub fn power_cost(bits: u64, exponent: u64) -> u64 {
    let half = bits.saturating_mul(exponent) / 2;
    multiply_cost(half, half).saturating_mul(3)
}

/// What `pow(a, b, c)` costs: a product and a reduction for each bit of the exponent.
pub fn power_modulo_cost(exponent_bits: u64, modulus_bits: u64) -> u64 {
    let words = modulus_bits / 64 + 1;
    words
        .saturating_mul(words)
        .saturating_mul(3)
        .saturating_mul(exponent_bits.saturating_add(1))
}

/// What text in a base that is no power of two costs, both ways.
pub fn decimal_cost(bits: u64) -> u64 {
    let words = bits / 64 + 1;
    words
        .saturating_mul(words)
        .saturating_add(words.saturating_mul(20))
}

/// What an integer square root costs: some divisions by Newton's way.
pub fn square_root_cost(bits: u64) -> u64 {
    divide_cost(bits, bits / 2).saturating_mul(u64::from(bits.max(2).ilog2()))
}

/// What a greatest common divisor costs.
pub fn gcd_cost(left_bits: u64, right_bits: u64) -> u64 {
    let words = left_bits.max(right_bits) / 64 + 1;
    words
        .saturating_mul(left_bits.saturating_add(right_bits))
        .saturating_add(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_with_prefixes_and_underscores() {
        assert_eq!(parse(" -0x_ff ", 0), Ok(BigInt::from(-255)));
        assert_eq!(parse("\u{663}", 10), Ok(BigInt::from(3)));
        for bad in ["", "_1", "1_", "1__2", "012", "0x", "+ 1", "9a"] {
            assert!(parse(bad, 0).is_err(), "{bad}");
        }
    }

    #[test]
    fn division_is_correctly_rounded() {
        let big = BigInt::from(10).pow(400);
        assert_eq!(true_divide(&big, &(&big * 3u32)), Ok(1.0 / 3.0));
        assert!(true_divide(&big, &BigInt::one()).is_err());
        assert_eq!(true_divide(&BigInt::one(), &big), Ok(0.0));
    }

    #[test]
    fn powers_are_charged_before_they_are_computed() {
        let ten = BigInt::from(10);
        assert!(power(&ten, &ten.pow(10), 1 << 20).is_err());
        assert_eq!(
            power_modulo(&BigInt::from(3), &BigInt::from(-1), &BigInt::from(-7)),
            Ok(BigInt::from(-2))
        );
    }
}
