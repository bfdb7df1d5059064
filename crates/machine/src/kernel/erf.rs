//! The error function and its complement, by the classical rational approximations.
//!
//! Four ranges of the argument have a quotient of polynomials each, with the coefficients of fdlibm (Sun
//! Microsystems, 1993, freely usable). The polynomials are summed in pairs, as
//! the C library does that CPython mostly runs on, so that the last digits agree.

use super::math::raw_exponential;

/// `erf(1)`, rounded so that what is left out is small.
const ERF_OF_ONE: f64 = 0.8450629115104675;
/// `2 / sqrt(π) - 1`.
const SLOPE_ABOVE_ONE: f64 = 0.1283791670955126;

/// For magnitudes in 0..0.84375.
const SMALL_NUMERATOR: [f64; 5] = [
    0.12837916709551256,
    -0.3250421072470015,
    -0.02848174957559851,
    -0.005770270296489442,
    -2.3763016656650163e-05,
];
/// For magnitudes in 0..0.84375.
const SMALL_DENOMINATOR: [f64; 6] = [
    1.0,
    0.39791722395915535,
    0.0650222499887673,
    0.005081306281875766,
    0.00013249473800432164,
    -3.960228278775368e-06,
];
/// For magnitudes in 0.84375..1.25.
const MIDDLE_NUMERATOR: [f64; 7] = [
    -0.0023621185607526594,
    0.41485611868374833,
    -0.3722078760357013,
    0.31834661990116175,
    -0.11089469428239668,
    0.035478304325618236,
    -0.002166375594868791,
];
/// For magnitudes in 0.84375..1.25.
const MIDDLE_DENOMINATOR: [f64; 7] = [
    1.0,
    0.10642088040084423,
    0.540397917702171,
    0.07182865441419627,
    0.12617121980876164,
    0.01363708391202905,
    0.011984499846799107,
];
/// For magnitudes in 1.25..1/0.35.
const LARGE_NUMERATOR: [f64; 8] = [
    -0.009864944034847148,
    -0.6938585727071818,
    -10.558626225323291,
    -62.375332450326006,
    -162.39666946257347,
    -184.60509290671104,
    -81.2874355063066,
    -9.814329344169145,
];
/// For magnitudes in 1.25..1/0.35.
const LARGE_DENOMINATOR: [f64; 9] = [
    1.0,
    19.651271667439257,
    137.65775414351904,
    434.56587747522923,
    645.3872717332679,
    429.00814002756783,
    108.63500554177944,
    6.570249770319282,
    -0.0604244152148581,
];
/// For magnitudes in 1/0.35..28.
const HUGE_NUMERATOR: [f64; 7] = [
    -0.0098649429247001,
    -0.799283237680523,
    -17.757954917754752,
    -160.63638485582192,
    -637.5664433683896,
    -1025.0951316110772,
    -483.5191916086514,
];
/// For magnitudes in 1/0.35..28.
const HUGE_DENOMINATOR: [f64; 8] = [
    1.0,
    30.33806074348246,
    325.7925129965739,
    1536.729586084437,
    3199.8582195085955,
    2553.0504064331644,
    474.52854120695537,
    -22.44095244658582,
];

/// Sums coefficients from the lowest power up, two and two.
fn polynomial(coefficients: &[f64], at: f64) -> f64 {
    let square = at * at;
    let fourth = square * square;
    let powers = [1.0, square, fourth, fourth * square, fourth * fourth];
    let pair = |pair: &[f64]| match pair {
        [low, high] => low + at * high,
        _ => pair[0],
    };
    let mut pairs = coefficients.chunks(2).zip(powers);
    let first = pairs
        .next()
        .map_or(0.0, |(coefficients, _)| pair(coefficients));
    pairs.fold(first, |sum, (coefficients, power)| {
        sum + power * pair(coefficients)
    })
}

fn quotient(numerator: &[f64], denominator: &[f64], at: f64) -> f64 {
    polynomial(numerator, at) / polynomial(denominator, at)
}

/// `x * erfc(x)` for `x` in 1.25..28.
fn scaled_tail(magnitude: f64) -> f64 {
    let at = 1.0 / (magnitude * magnitude);
    let correction = if magnitude < 1.0 / 0.35 {
        quotient(&LARGE_NUMERATOR, &LARGE_DENOMINATOR, at)
    } else {
        quotient(&HUGE_NUMERATOR, &HUGE_DENOMINATOR, at)
    };
    // The square of the upper half of the bits is exact.
    let upper = f64::from_bits(magnitude.to_bits() & !0xffff_ffff);
    let exact = raw_exponential(-upper * upper - 0.5625);
    exact * raw_exponential((upper - magnitude) * (upper + magnitude) + correction)
}

/// `math.erf(x)`.
pub(super) fn error_function(number: f64) -> f64 {
    let magnitude = number.abs();
    if number.is_nan() {
        return number;
    }
    if magnitude < 1.0 / (1u32 << 28) as f64 {
        return number + SLOPE_ABOVE_ONE * number;
    }
    if magnitude < 0.84375 {
        let ratio = quotient(&SMALL_NUMERATOR, &SMALL_DENOMINATOR, number * number);
        return number + number * ratio;
    }
    let value = if magnitude < 1.25 {
        ERF_OF_ONE + quotient(&MIDDLE_NUMERATOR, &MIDDLE_DENOMINATOR, magnitude - 1.0)
    } else if magnitude < 6.0 {
        1.0 - scaled_tail(magnitude) / magnitude
    } else {
        1.0
    };
    value.copysign(number)
}

/// `math.erfc(x)`.
pub(super) fn complement(number: f64) -> f64 {
    let magnitude = number.abs();
    if number.is_nan() {
        return number;
    }
    if magnitude < f64::EPSILON / 16.0 {
        return 1.0 - number;
    }
    if magnitude < 0.84375 {
        let ratio = quotient(&SMALL_NUMERATOR, &SMALL_DENOMINATOR, number * number);
        return if number < 0.25 {
            1.0 - (number + number * ratio)
        } else {
            0.5 - (number * ratio + (number - 0.5))
        };
    }
    if magnitude < 1.25 {
        let above = quotient(&MIDDLE_NUMERATOR, &MIDDLE_DENOMINATOR, magnitude - 1.0);
        return if number > 0.0 {
            (1.0 - ERF_OF_ONE) - above
        } else {
            1.0 + (ERF_OF_ONE + above)
        };
    }
    match (number > 0.0, magnitude < 28.0) {
        (true, true) => scaled_tail(magnitude) / magnitude,
        (true, false) => 0.0,
        (false, _) if magnitude < 6.0 => 2.0 - scaled_tail(magnitude) / magnitude,
        (false, _) => 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(error_function(1.0), 0.8427007929497149);
        assert_eq!(error_function(-0.0).to_bits(), (-0.0f64).to_bits());
        assert_eq!(complement(2.0), 0.004677734981047265);
        assert_eq!(complement(f64::NEG_INFINITY), 2.0);
    }
}
