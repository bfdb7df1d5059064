//! Format specifications (`format(x, ">10.2f")`) and the printf style (`"%5d" % x`) on plain data.
//!
//! A specification is read and applied with CPython's errors. Every width and precision is checked against
//! a limit in bytes before anything is allocated. The fields of `str.format` are in `template`; what calls
//! `__format__`, `__str__` or a mapping is the machine's.

use super::{Fault, float, int, text, unicode};
use alloc::format;
use alloc::string::{String, ToString};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Align {
    Left,
    Right,
    Center,
    AfterSign,
}

impl Align {
    fn from_letter(letter: char) -> Option<Self> {
        match letter {
            '<' => Some(Align::Left),
            '>' => Some(Align::Right),
            '^' => Some(Align::Center),
            '=' => Some(Align::AfterSign),
            _ => None,
        }
    }
}

/// A specification as it was written; what is absent takes the default of the value's type.
#[derive(Clone, Debug)]
struct Spec {
    fill: char,
    align: Align,
    sign: Option<char>,
    no_negative_zero: bool,
    alternate: bool,
    width: u64,
    grouping: Option<char>,
    precision: Option<u64>,
    kind: Option<char>,
}

/// The letters of a specification that are still to be read.
struct Letters<'s> {
    rest: &'s str,
}

impl Letters<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    fn take_if(&mut self, matches: impl Fn(char) -> bool) -> Option<char> {
        self.peek()
            .filter(|&letter| matches(letter))
            .and_then(|_| self.take())
    }

    /// A number of decimal digits, if there is one.
    fn number(&mut self) -> Result<Option<u64>, Fault> {
        let mut number = None;
        while let Some(value) = self.peek().and_then(unicode::decimal) {
            self.take();
            number = Some(next_digit(number.unwrap_or(0), value)?);
        }
        Ok(number)
    }
}

/// Appends a digit to a number that must stay a signed size.
pub(super) fn next_digit(number: u64, value: u32) -> Result<u64, Fault> {
    number
        .checked_mul(10)
        .and_then(|tens| tens.checked_add(u64::from(value)))
        .filter(|&number| number <= i64::MAX as u64)
        .ok_or_else(|| Fault::value("Too many decimal digits in format string"))
}

fn parse_spec(
    source: &str,
    type_name: &str,
    kind: Option<char>,
    align: Align,
) -> Result<Spec, Fault> {
    let mut letters = Letters { rest: source };
    let mut spec = Spec {
        fill: ' ',
        align,
        sign: None,
        no_negative_zero: false,
        alternate: false,
        width: 0,
        grouping: None,
        precision: None,
        kind,
    };
    let (fill, chosen) = take_fill_and_align(&mut letters);
    spec.fill = fill.unwrap_or(' ');
    spec.align = chosen.unwrap_or(align);
    spec.sign = letters.take_if(|letter| matches!(letter, ' ' | '+' | '-'));
    spec.no_negative_zero = letters.take_if(|letter| letter == 'z').is_some();
    spec.alternate = letters.take_if(|letter| letter == '#').is_some();
    if fill.is_none() && letters.take_if(|letter| letter == '0').is_some() {
        spec.fill = '0';
        if chosen.is_none() && align == Align::Right {
            spec.align = Align::AfterSign;
        }
    }
    spec.width = letters.number()?.unwrap_or(0);
    spec.grouping = take_grouping(&mut letters)?;
    if letters.take_if(|letter| letter == '.').is_some() {
        let precision = letters.number()?;
        spec.precision =
            Some(precision.ok_or_else(|| Fault::value("Format specifier missing precision"))?);
    }
    if letters.rest.chars().nth(1).is_some() {
        return Err(Fault::value(format!(
            "Invalid format specifier '{source}' for object of type '{type_name}'"
        )));
    }
    spec.kind = letters.take().or(kind);
    check_grouping(&spec)?;
    Ok(spec)
}

fn take_fill_and_align(letters: &mut Letters<'_>) -> (Option<char>, Option<Align>) {
    let mut ahead = letters.rest.chars();
    let (first, second) = (ahead.next(), ahead.next());
    if let Some(align) = second.and_then(Align::from_letter) {
        letters.take();
        letters.take();
        return (first, Some(align));
    }
    let align = first.and_then(Align::from_letter);
    if align.is_some() {
        letters.take();
    }
    (None, align)
}

fn take_grouping(letters: &mut Letters<'_>) -> Result<Option<char>, Fault> {
    let comma = letters.take_if(|letter| letter == ',');
    let underscore = letters.take_if(|letter| letter == '_');
    if underscore.is_some() && (comma.is_some() || letters.peek() == Some(',')) {
        return Err(Fault::value("Cannot specify both ',' and '_'."));
    }
    Ok(comma.or(underscore))
}

fn check_grouping(spec: &Spec) -> Result<(), Fault> {
    let Some(separator) = spec.grouping else {
        return Ok(());
    };
    match spec.kind {
        None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F') => Ok(()),
        Some('b' | 'o' | 'x' | 'X') if separator == '_' => Ok(()),
        Some(kind @ '!'..='~') => Err(Fault::value(format!(
            "Cannot specify '{separator}' with '{kind}'."
        ))),
        Some(kind) => Err(Fault::value(format!(
            "Cannot specify '{separator}' with '\\x{:x}'.",
            kind as u32
        ))),
    }
}

fn unknown_kind(kind: char, type_name: &str) -> Fault {
    Fault::value(match kind {
        '!'..='~' => format!("Unknown format code '{kind}' for object of type '{type_name}'"),
        _ => format!(
            "Unknown format code '\\x{:x}' for object of type '{type_name}'",
            kind as u32
        ),
    })
}

/// `format(text, spec)`.
pub fn format_str(value: &str, source: &str, bytes_max: u64) -> Result<String, Fault> {
    if source.is_empty() {
        return Ok(value.to_string());
    }
    let spec = parse_spec(source, "str", Some('s'), Align::Left)?;
    let refused = if spec.kind != Some('s') {
        return Err(unknown_kind(spec.kind.unwrap_or('s'), "str"));
    } else if spec.sign == Some(' ') {
        "Space not allowed in string format specifier"
    } else if spec.sign.is_some() {
        "Sign not allowed in string format specifier"
    } else if spec.no_negative_zero {
        "Negative zero coercion (z) not allowed in string format specifier"
    } else if spec.alternate {
        "Alternate form (#) not allowed in string format specifier"
    } else if spec.align == Align::AfterSign {
        "'=' alignment not allowed in string format specifier"
    } else {
        let kept = truncated(value, spec.precision);
        return pad(kept, &spec, bytes_max);
    };
    Err(Fault::value(refused))
}

fn truncated(value: &str, precision: Option<u64>) -> &str {
    match precision.map(usize::try_from) {
        Some(Ok(count)) => &value[..text::byte_offset(value, count)],
        _ => value,
    }
}

/// Pads a text that has no sign to the width.
fn pad(body: &str, spec: &Spec, bytes_max: u64) -> Result<String, Fault> {
    let missing = spec.width.saturating_sub(text::length(body) as u64);
    let left = match spec.align {
        Align::Left => 0,
        Align::Center => missing / 2,
        Align::Right | Align::AfterSign => missing,
    };
    text::pad(body, spec.fill, left, missing - left, bytes_max)
}

/// A number as text, in the parts between which padding and separators go.
struct Number<'n> {
    sign: &'n str,
    prefix: &'n str,
    /// The digits before the point; none for infinities, NaN and characters.
    digits: &'n str,
    /// Everything after them.
    rest: &'n str,
}

impl<'n> Number<'n> {
    /// Splits a number that was written with at most a minus.
    fn split(written: &'n str, spec: &Spec) -> Self {
        let (negative, body) = match written.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, written),
        };
        let end = body
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(body.len());
        Number {
            sign: sign_text(negative, spec.sign),
            prefix: "",
            digits: &body[..end],
            rest: &body[end..],
        }
    }

    /// Groups, pads and joins the parts.
    fn lay_out(&self, spec: &Spec, bytes_max: u64) -> Result<String, Fault> {
        let fixed = (self.sign.len() + self.prefix.len() + text::length(self.rest)) as u64;
        let body_bytes = (self.digits.len() * 2 + self.rest.len() + 8) as u64;
        text::check_size(
            spec.width
                .saturating_mul(spec.fill.len_utf8() as u64)
                .saturating_add(body_bytes),
            bytes_max,
        )?;
        let zero_padded = spec.fill == '0' && spec.align == Align::AfterSign;
        let width_of_digits = if zero_padded {
            spec.width.saturating_sub(fixed)
        } else {
            0
        };
        let digits = if self.digits.is_empty() {
            String::new()
        } else {
            grouped(self.digits, spec, width_of_digits as usize)
        };
        let missing = spec.width.saturating_sub(fixed + digits.len() as u64) as usize;
        let (left, inner, right) = match spec.align {
            Align::Left => (0, 0, missing),
            Align::Right => (missing, 0, 0),
            Align::Center => (missing / 2, 0, missing - missing / 2),
            Align::AfterSign => (0, missing, 0),
        };
        let fill = |count| core::iter::repeat_n(spec.fill, count);
        let mut out = String::with_capacity(spec.width as usize + body_bytes as usize);
        out.extend(fill(left));
        out.push_str(self.sign);
        out.push_str(self.prefix);
        out.extend(fill(inner));
        out.push_str(&digits);
        out.push_str(self.rest);
        out.extend(fill(right));
        Ok(out)
    }
}

fn sign_text(negative: bool, sign: Option<char>) -> &'static str {
    match (negative, sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        (false, _) => "",
    }
}

/// Digits with separators, filled with zeros up to a width that counts the separators.
fn grouped(digits: &str, spec: &Spec, width: usize) -> String {
    let Some(separator) = spec.grouping else {
        let zeros = width.saturating_sub(digits.len());
        return core::iter::repeat_n('0', zeros)
            .chain(digits.chars())
            .collect();
    };
    let size = if matches!(spec.kind, Some('b' | 'o' | 'x' | 'X')) {
        4
    } else {
        3
    };
    // Written backwards: a separator before each further group, and never one in front.
    let mut reversed = String::with_capacity(digits.len().max(width) * 2);
    let mut letters = digits.chars().rev().peekable();
    let mut in_group = 0;
    while letters.peek().is_some() || reversed.len() < width {
        if in_group == size {
            reversed.push(separator);
            in_group = 0;
        }
        reversed.push(letters.next().unwrap_or('0'));
        in_group += 1;
    }
    reversed.chars().rev().collect()
}

/// `format(n, spec)` of an integer; `type_name` is `int`, or `bool` for what counts as 0 or 1.
pub fn format_int(
    value: &BigInt,
    source: &str,
    type_name: &str,
    bytes_max: u64,
) -> Result<String, Fault> {
    if source.is_empty() {
        return int::to_decimal(value);
    }
    let spec = parse_spec(source, type_name, Some('d'), Align::Right)?;
    match spec.kind {
        Some('b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') => format_int_digits(value, &spec, bytes_max),
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
            format_float_with(int::to_float(value)?, &spec, bytes_max)
        }
        kind => Err(unknown_kind(kind.unwrap_or('d'), type_name)),
    }
}

fn format_int_digits(value: &BigInt, spec: &Spec, bytes_max: u64) -> Result<String, Fault> {
    if spec.precision.is_some() {
        return Err(Fault::value(
            "Precision not allowed in integer format specifier",
        ));
    }
    if spec.no_negative_zero {
        return Err(Fault::value(
            "Negative zero coercion (z) not allowed in integer format specifier",
        ));
    }
    let base = match spec.kind {
        Some('c') => return format_code_point(value, spec, bytes_max),
        Some('b') => 2,
        Some('o') => 8,
        Some('x' | 'X') => 16,
        _ => 10,
    };
    let mut digits = if base == 10 {
        int::to_decimal(value)?.trim_start_matches('-').to_string()
    } else {
        text::check_size(int::radix_length(value.bits(), base), bytes_max)?;
        int::magnitude_digits(value, base)
    };
    let prefix = match spec.kind {
        Some('b') => "0b",
        Some('o') => "0o",
        Some('x') => "0x",
        Some('X') => "0X",
        _ => "",
    };
    if spec.kind == Some('X') {
        digits.make_ascii_uppercase();
    }
    let sign = sign_text(value.is_negative(), spec.sign);
    let prefix = if spec.alternate { prefix } else { "" };
    Number {
        sign,
        prefix,
        digits: &digits,
        rest: "",
    }
    .lay_out(spec, bytes_max)
}

fn format_code_point(value: &BigInt, spec: &Spec, bytes_max: u64) -> Result<String, Fault> {
    if spec.sign.is_some() {
        return Err(Fault::value(
            "Sign not allowed with integer format specifier 'c'",
        ));
    }
    if spec.alternate {
        return Err(Fault::value(
            "Alternate form (#) not allowed with integer format specifier 'c'",
        ));
    }
    let mut buffer = [0; 4];
    let letter = code_point(value)?.encode_utf8(&mut buffer);
    Number {
        sign: "",
        prefix: "",
        digits: "",
        rest: letter,
    }
    .lay_out(spec, bytes_max)
}

/// The character of a code point, for `c`; a lone surrogate is refused, as text cannot hold one.
fn code_point(value: &BigInt) -> Result<char, Fault> {
    let code = value
        .to_i64()
        .ok_or_else(|| Fault::overflow("Python int too large to convert to C long"))?;
    let code = u32::try_from(code).ok().filter(|&code| code < 0x110000);
    let code = code.ok_or_else(|| Fault::overflow("%c arg not in range(0x110000)"))?;
    char::from_u32(code).ok_or_else(|| Fault::value("surrogates are not supported in text"))
}

/// `format(x, spec)` of a float.
pub fn format_float(value: f64, source: &str, bytes_max: u64) -> Result<String, Fault> {
    if source.is_empty() {
        return Ok(float::repr(value));
    }
    let spec = parse_spec(source, "float", None, Align::Right)?;
    match spec.kind {
        None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => {
            format_float_with(value, &spec, bytes_max)
        }
        Some(kind) => Err(unknown_kind(kind, "float")),
    }
}

fn format_float_with(value: f64, spec: &Spec, bytes_max: u64) -> Result<String, Fault> {
    let mut written = match spec.kind {
        Some('%') => write_float(value * 100.0, &notation(spec, 'f', 6)?, bytes_max)?,
        Some('n') => write_float(value, &notation(spec, 'g', 6)?, bytes_max)?,
        Some(kind) => write_float(value, &notation(spec, kind, 6)?, bytes_max)?,
        None => {
            let kind = if spec.precision.is_some() { 'g' } else { 'r' };
            write_float(
                value,
                &Notation {
                    keep_point_zero: true,
                    ..notation(spec, kind, 0)?
                },
                bytes_max,
            )?
        }
    };
    if spec.kind == Some('%') {
        written.push('%');
    }
    let is_bare =
        spec.width == 0 && spec.grouping.is_none() && matches!(spec.sign, None | Some('-'));
    if is_bare {
        return Ok(written);
    }
    Number::split(&written, spec).lay_out(spec, bytes_max)
}

fn notation(spec: &Spec, kind: char, default_precision: u64) -> Result<Notation, Fault> {
    let precision = spec.precision.unwrap_or(default_precision);
    if precision > i32::MAX as u64 {
        return Err(Fault::value("precision too big"));
    }
    Ok(Notation {
        kind,
        precision: precision as usize,
        alternate: spec.alternate,
        keep_point_zero: false,
        no_negative_zero: spec.no_negative_zero,
    })
}

/// How a float is written: the kind is one of `e E f F g G`, or `r` for the shortest text.
#[derive(Clone, Copy, Debug)]
struct Notation {
    kind: char,
    precision: usize,
    alternate: bool,
    /// A whole number in short notation ends in `.0`.
    keep_point_zero: bool,
    no_negative_zero: bool,
}

fn write_float(value: f64, notation: &Notation, bytes_max: u64) -> Result<String, Fault> {
    let large = notation.kind.is_ascii_uppercase();
    if !value.is_finite() {
        let plain = float::repr(value);
        return Ok(if large {
            plain.to_ascii_uppercase()
        } else {
            plain
        });
    }
    // The longest number has 309 digits before the point.
    text::check_size((notation.precision as u64).saturating_add(330), bytes_max)?;
    let mut written = match notation.kind.to_ascii_lowercase() {
        'f' => write_fixed(value, notation),
        'e' => write_scientific(value, notation),
        _ => write_general(value, notation),
    };
    if large {
        written.make_ascii_uppercase();
    }
    let is_zero = || {
        !written
            .split(['e', 'E'])
            .next()
            .unwrap_or("")
            .contains(|digit: char| ('1'..='9').contains(&digit))
    };
    let negative = value.is_sign_negative() && !(notation.no_negative_zero && is_zero());
    if negative {
        written.insert(0, '-');
    }
    Ok(written)
}

/// No float has more digits behind the point than this; what follows is zeros.
const FRACTION_DIGITS_MAX: usize = 1074;

fn write_fixed(value: f64, notation: &Notation) -> String {
    let exact = notation.precision.min(FRACTION_DIGITS_MAX);
    let mut out = format!("{:.*}", exact, value.abs());
    out.extend(core::iter::repeat_n('0', notation.precision - exact));
    if notation.precision == 0 && notation.alternate {
        out.push('.');
    }
    out
}

fn write_scientific(value: f64, notation: &Notation) -> String {
    let float::Digits { digits, point } = float::rounded_digits(value, notation.precision + 1);
    let exponent = if value == 0.0 { 0 } else { point - 1 };
    let zeros = notation.precision + 1 - digits.len();
    with_exponent(&digits, zeros, exponent, notation.alternate)
}

fn with_exponent(digits: &str, zeros: usize, exponent: i32, alternate: bool) -> String {
    let mut out = String::with_capacity(digits.len() + zeros + 8);
    out.push_str(&digits[..1]);
    if digits.len() + zeros > 1 || alternate {
        out.push('.');
    }
    out.push_str(&digits[1..]);
    out.extend(core::iter::repeat_n('0', zeros));
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
    out
}

/// Fixed notation for numbers of ordinary size, else with an exponent; trailing zeros go.
fn write_general(value: f64, notation: &Notation) -> String {
    let shortest = notation.kind == 'r';
    let precision = notation.precision.max(1);
    let float::Digits { digits, point } = if shortest {
        float::shortest_digits(value)
    } else {
        float::rounded_digits(value, precision)
    };
    let largest = match (shortest, notation.keep_point_zero) {
        (true, _) => 16,
        (false, keep) => precision as i64 - i64::from(keep),
    };
    let zeros = if notation.alternate && !shortest {
        precision - digits.len().min(precision)
    } else {
        0
    };
    if point <= -4 || i64::from(point) > largest {
        return with_exponent(&digits, zeros, point - 1, notation.alternate);
    }
    let mut out = String::with_capacity(digits.len() + zeros + 24);
    let before = usize::try_from(point).unwrap_or(0);
    if before == 0 {
        out.push('0');
    }
    out.push_str(&digits[..digits.len().min(before)]);
    let filled = before.saturating_sub(digits.len());
    out.extend(core::iter::repeat_n('0', filled));
    let fraction = &digits[digits.len().min(before)..];
    let more = zeros.saturating_sub(filled);
    if !fraction.is_empty() || more > 0 {
        out.push('.');
        out.extend(core::iter::repeat_n(
            '0',
            usize::try_from(-point).unwrap_or(0),
        ));
        out.push_str(fraction);
        out.extend(core::iter::repeat_n('0', more));
    } else if notation.keep_point_zero {
        out.push_str(".0");
    } else if notation.alternate {
        out.push('.');
    }
    out
}

/// `format(z, spec)` of a complex number.
pub fn format_complex(
    real: f64,
    imaginary: f64,
    source: &str,
    bytes_max: u64,
) -> Result<String, Fault> {
    let spec = parse_spec(source, "complex", None, Align::Right)?;
    if !matches!(
        spec.kind,
        None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n')
    ) {
        return Err(unknown_kind(spec.kind.unwrap_or('s'), "complex"));
    }
    if spec.fill == '0' {
        return Err(Fault::value(
            "Zero padding is not allowed in complex format specifier",
        ));
    }
    if spec.align == Align::AfterSign {
        return Err(Fault::value(
            "'=' alignment flag is not allowed in complex format specifier",
        ));
    }
    let kind = match (spec.kind, spec.precision) {
        (None, None) => 'r',
        (None, Some(_)) | (Some('n'), _) => 'g',
        (Some(kind), _) => kind,
    };
    let notation = notation(&spec, kind, if spec.kind.is_none() { 0 } else { 6 })?;
    let bare = Spec {
        width: 0,
        ..spec.clone()
    };
    let signed = Spec {
        sign: Some('+'),
        ..bare.clone()
    };
    let part = |value: f64, spec: &Spec| {
        Number::split(&write_float(value, &notation, bytes_max)?, spec).lay_out(spec, bytes_max)
    };
    let only_imaginary = spec.kind.is_none() && real == 0.0 && real.is_sign_positive();
    let body = if only_imaginary {
        format!("{}j", part(imaginary, &bare)?)
    } else {
        let both = format!("{}{}j", part(real, &bare)?, part(imaginary, &signed)?);
        if spec.kind.is_none() {
            format!("({both})")
        } else {
            both
        }
    };
    pad(&body, &spec, bytes_max)
}

/// `repr(z)` of a complex number.
pub fn repr_complex(real: f64, imaginary: f64) -> String {
    let short = |value: f64| {
        let written = float::repr(value);
        written
            .strip_suffix(".0")
            .map_or(written.clone(), ToString::to_string)
    };
    if real == 0.0 && real.is_sign_positive() {
        return format!("{}j", short(imaginary));
    }
    let sign = if imaginary.is_sign_negative() && !imaginary.is_nan() {
        ""
    } else {
        "+"
    };
    format!("({}{sign}{}j)", short(real), short(imaginary))
}

/// A part of a printf-style template.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece<'t> {
    /// Text that stands for itself.
    Literal(&'t str),
    /// What an argument is put in for.
    Conversion(Conversion<'t>),
}

/// A width or precision of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// None was written.
    Absent,
    /// A number was written, or put in place of a star.
    Given(u64),
    /// The next argument, an `int`: see [`Conversion::set_width`] and [`Conversion::set_precision`].
    Star,
}

/// One `%…` of a template. Arguments are taken in the order width, precision, value.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion<'t> {
    /// The name in `%(name)s`.
    pub key: Option<&'t str>,
    /// `-`: padding goes to the right.
    pub left: bool,
    /// `+`: a positive number has a sign.
    pub plus: bool,
    /// A blank: a positive number has a space.
    pub blank: bool,
    /// `#`: prefixes, and points that could be left out.
    pub alternate: bool,
    /// `0`: numbers are padded with zeros.
    pub zero: bool,
    /// The least number of code points.
    pub width: Amount,
    /// Digits of a number, or the most code points of a text.
    pub precision: Amount,
    /// The letter of the conversion, whatever it is: see [`Conversion::unsupported`].
    pub kind: char,
    /// Where the letter stands, in code points, for [`Conversion::unsupported`].
    pub index: usize,
}

impl Conversion<'_> {
    /// The error for a letter that is no conversion.
    pub fn unsupported(&self) -> Fault {
        let code = self.kind as u32;
        let shown = if (31..=126).contains(&code) {
            self.kind
        } else {
            '?'
        };
        Fault::value(format!(
            "unsupported format character '{shown}' (0x{code:x}) at index {}",
            self.index
        ))
    }

    /// Puts the argument of a starred width in its place; a negative one means left.
    pub fn set_width(&mut self, value: i64) {
        self.left |= value < 0;
        self.width = Amount::Given(value.unsigned_abs());
    }

    /// Puts the argument of a starred precision in its place; a negative one is zero.
    pub fn set_precision(&mut self, value: i64) {
        self.precision = Amount::Given(u64::try_from(value).unwrap_or(0));
    }

    fn given(amount: Amount) -> Option<u64> {
        match amount {
            Amount::Given(value) => Some(value),
            Amount::Absent | Amount::Star => None,
        }
    }
}

/// Reads a printf-style template piece by piece, so that earlier arguments fail before later mistakes show.
pub struct Pieces<'t> {
    template: &'t str,
    at: usize,
    has_mapping: bool,
}

/// The pieces of a template; `has_mapping` says whether `%(name)s` is possible.
pub fn pieces(template: &str, has_mapping: bool) -> Pieces<'_> {
    Pieces {
        template,
        at: 0,
        has_mapping,
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Result<Piece<'t>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.template[self.at..];
        if rest.is_empty() {
            return None;
        }
        let literal = rest.find('%').unwrap_or(rest.len());
        if literal > 0 {
            self.at += literal;
            return Some(Ok(Piece::Literal(&rest[..literal])));
        }
        if rest.starts_with("%%") {
            self.at += 2;
            return Some(Ok(Piece::Literal(&rest[..1])));
        }
        self.at += 1;
        let conversion = self.conversion();
        if conversion.is_err() {
            self.at = self.template.len();
        }
        Some(conversion.map(Piece::Conversion))
    }
}

impl<'t> Pieces<'t> {
    fn peek(&self) -> Option<char> {
        self.template[self.at..].chars().next()
    }

    fn take(&mut self) -> Result<char, Fault> {
        let letter = self
            .peek()
            .ok_or_else(|| Fault::value("incomplete format"))?;
        self.at += letter.len_utf8();
        Ok(letter)
    }

    fn take_if(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn conversion(&mut self) -> Result<Conversion<'t>, Fault> {
        let key = if self.take_if('(') {
            Some(self.key()?)
        } else {
            None
        };
        let mut conversion = Conversion {
            key,
            left: false,
            plus: false,
            blank: false,
            alternate: false,
            zero: false,
            width: Amount::Absent,
            precision: Amount::Absent,
            kind: '%',
            index: 0,
        };
        while let Some(flag) = self.peek() {
            match flag {
                '-' => conversion.left = true,
                '+' => conversion.plus = true,
                ' ' => conversion.blank = true,
                '#' => conversion.alternate = true,
                '0' => conversion.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        conversion.width = self.amount(i64::MAX as u64, "width too big")?;
        if self.take_if('.') {
            let precision = self.amount(i32::MAX as u64, "precision too big")?;
            conversion.precision = if precision == Amount::Absent {
                Amount::Given(0)
            } else {
                precision
            };
        }
        if matches!(self.peek(), Some('h' | 'l' | 'L')) {
            self.at += 1;
        }
        let start = self.at;
        conversion.kind = self.take()?;
        conversion.index = text::length(&self.template[..start]);
        Ok(conversion)
    }

    /// The name up to the closing parenthesis; inner ones must balance.
    fn key(&mut self) -> Result<&'t str, Fault> {
        if !self.has_mapping {
            return Err(Fault::type_error("format requires a mapping"));
        }
        let start = self.at;
        let mut depth = 1;
        for (offset, letter) in self.template[start..].char_indices() {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if depth == 0 {
                self.at = start + offset + 1;
                return Ok(&self.template[start..start + offset]);
            }
        }
        Err(Fault::value("incomplete format key"))
    }

    fn amount(&mut self, maximum: u64, too_big: &'static str) -> Result<Amount, Fault> {
        if self.take_if('*') {
            return Ok(Amount::Star);
        }
        let mut amount = Amount::Absent;
        while let Some(digit) = self.peek().and_then(|letter| letter.to_digit(10)) {
            self.at += 1;
            let so_far = Conversion::given(amount).unwrap_or(0);
            let next = so_far
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(u64::from(digit)));
            amount = Amount::Given(
                next.filter(|&next| next <= maximum)
                    .ok_or_else(|| Fault::value(too_big))?,
            );
        }
        Ok(amount)
    }
}

impl Conversion<'_> {
    /// `%s`, `%r` and `%a` of the text that `str`, `repr` or `ascii` gave; `%c` of one character.
    pub fn format_text(&self, value: &str, bytes_max: u64) -> Result<String, Fault> {
        let precision = if self.kind == 'c' {
            None
        } else {
            Self::given(self.precision)
        };
        self.pad("", truncated(value, precision), false, bytes_max)
    }

    /// `%c` of an integer.
    pub fn format_code_point(&self, value: &BigInt, bytes_max: u64) -> Result<String, Fault> {
        let in_range = value
            .to_i64()
            .is_some_and(|code| (0..0x110000).contains(&code));
        if !in_range {
            return Err(Fault::overflow("%c arg not in range(0x110000)"));
        }
        self.format_text(code_point(value)?.encode_utf8(&mut [0; 4]), bytes_max)
    }

    /// `%d`, `%i`, `%u`, `%o`, `%x` and `%X`.
    pub fn format_int(&self, value: &BigInt, bytes_max: u64) -> Result<String, Fault> {
        let (base, prefix) = match self.kind {
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = if base == 10 {
            int::to_decimal(value)?.trim_start_matches('-').to_string()
        } else {
            text::check_size(int::radix_length(value.bits(), base), bytes_max)?;
            int::magnitude_digits(value, base)
        };
        if self.kind == 'X' {
            digits.make_ascii_uppercase();
        }
        let zeros = Self::given(self.precision)
            .unwrap_or(0)
            .saturating_sub(digits.len() as u64);
        let digits = text::pad(&digits, '0', zeros, 0, bytes_max)?;
        let prefix = if self.alternate { prefix } else { "" };
        let lead = format!("{}{prefix}", self.sign(value.is_negative()));
        self.pad(&lead, &digits, self.zero, bytes_max)
    }

    /// `%e`, `%f` and `%g`, large and small.
    pub fn format_float(&self, value: f64, bytes_max: u64) -> Result<String, Fault> {
        let precision = Self::given(self.precision).unwrap_or(6);
        let precision =
            usize::try_from(precision).map_err(|_| Fault::value("precision too big"))?;
        let notation = Notation {
            kind: self.kind,
            precision,
            alternate: self.alternate,
            keep_point_zero: false,
            no_negative_zero: false,
        };
        let written = write_float(value, &notation, bytes_max)?;
        let body = written.strip_prefix('-');
        let sign = self.sign(body.is_some());
        self.pad(sign, body.unwrap_or(&written), self.zero, bytes_max)
    }

    fn sign(&self, negative: bool) -> &'static str {
        let wanted = if self.plus {
            Some('+')
        } else {
            self.blank.then_some(' ')
        };
        sign_text(negative, wanted)
    }

    fn pad(&self, lead: &str, body: &str, zeros: bool, bytes_max: u64) -> Result<String, Fault> {
        let length = (lead.len() + text::length(body)) as u64;
        let missing = Self::given(self.width).unwrap_or(0).saturating_sub(length);
        text::check_size(
            missing.saturating_add((lead.len() + body.len()) as u64),
            bytes_max,
        )?;
        let (outer, inner, right) = match (self.left, zeros) {
            (true, _) => (0, 0, missing),
            (false, true) => (0, missing, 0),
            (false, false) => (missing, 0, 0),
        };
        let mut out = String::with_capacity(lead.len() + body.len() + missing as usize);
        out.extend(core::iter::repeat_n(' ', outer as usize));
        out.push_str(lead);
        out.extend(core::iter::repeat_n('0', inner as usize));
        out.push_str(body);
        out.extend(core::iter::repeat_n(' ', right as usize));
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_LIMIT: u64 = 1 << 30;

    #[test]
    fn numbers_are_grouped_and_filled() {
        let million = BigInt::from(1234567);
        assert_eq!(
            format_int(&million, "012,", "int", NO_LIMIT).unwrap(),
            "0,001,234,567"
        );
        assert_eq!(
            format_int(&million, "#_x", "int", NO_LIMIT).unwrap(),
            "0x12_d687"
        );
        assert_eq!(format_float(-0.001, "z.1f", NO_LIMIT).unwrap(), "0.0");
        assert_eq!(
            format_float(1234.5, ">12,.2f", NO_LIMIT).unwrap(),
            "    1,234.50"
        );
    }

    #[test]
    fn widths_are_refused_before_they_are_filled() {
        assert!(format_str("a", "999999999999", NO_LIMIT).is_err());
        assert!(format_float(1.0, ".2000000000f", NO_LIMIT).is_err());
    }

    #[test]
    fn printf_pieces_come_in_order() {
        let mut found = pieces("a%-5d%", false);
        assert_eq!(found.next(), Some(Ok(Piece::Literal("a"))));
        let Some(Ok(Piece::Conversion(conversion))) = found.next() else {
            unreachable!()
        };
        assert_eq!(
            conversion.format_int(&BigInt::from(-42), NO_LIMIT).unwrap(),
            "-42  "
        );
        assert_eq!(found.next(), Some(Err(Fault::value("incomplete format"))));
    }
}
