//! Properties and case changes of code points, as Unicode 15.0 and so CPython 3.12 have them.
//!
//! Rust's own `char` methods follow a newer Unicode and would change with the toolchain, so none of
//! them is used beyond ASCII. Normalization and names are not here.

use super::unicode_tables as tables;

/// The version of Unicode that every answer follows.
pub const VERSION: &str = tables::VERSION;

fn in_ranges(ranges: &[(u32, u32)], code: u32) -> bool {
    let after = ranges.partition_point(|&(_, last)| last < code);
    ranges.get(after).is_some_and(|&(first, _)| first <= code)
}

/// `str.isalpha` of one code point.
pub fn is_alpha(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphabetic()
    } else {
        in_ranges(&tables::ALPHA, letter as u32)
    }
}

/// `str.isnumeric` of one code point.
pub fn is_numeric(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_digit()
    } else {
        in_ranges(&tables::NUMERIC, letter as u32)
    }
}

/// `str.isdigit` of one code point.
pub fn is_digit(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_digit()
    } else {
        in_ranges(&tables::DIGIT, letter as u32)
    }
}

/// The value of a decimal digit of any script (`str.isdecimal` where there is one).
pub fn decimal(letter: char) -> Option<u32> {
    if letter.is_ascii() {
        return letter.to_digit(10);
    }
    let code = letter as u32;
    let after = tables::DECIMAL_ZEROS.partition_point(|&zero| zero <= code);
    let zero = *tables::DECIMAL_ZEROS.get(after.checked_sub(1)?)?;
    (code - zero < 10).then_some(code - zero)
}

/// `str.isalnum` of one code point.
pub fn is_alnum(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphanumeric()
    } else {
        is_alpha(letter) || is_numeric(letter)
    }
}

/// `str.isspace` of one code point; what `strip` and `split` take away by default.
pub fn is_space(letter: char) -> bool {
    if letter.is_ascii() {
        matches!(letter, '\t'..='\r' | '\x1c'..='\x20')
    } else {
        in_ranges(&tables::SPACE, letter as u32)
    }
}

/// Whether `repr` shows the code point as it is.
pub fn is_printable(letter: char) -> bool {
    if letter.is_ascii() {
        matches!(letter, ' '..='~')
    } else {
        in_ranges(&tables::PRINTABLE, letter as u32)
    }
}

/// Upper-case letters.
pub fn is_upper(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_uppercase()
    } else {
        in_ranges(&tables::UPPER, letter as u32)
    }
}

/// Lower-case letters.
pub fn is_lower(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_lowercase()
    } else {
        in_ranges(&tables::LOWER, letter as u32)
    }
}

/// Title-case letters, such as one that stands for two of which the first is large.
pub fn is_title(letter: char) -> bool {
    in_ranges(&tables::TITLE, letter as u32)
}

/// Letters that have a case; some of them are also ignorable (see [`is_case_ignorable`]).
pub fn is_cased(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphabetic()
    } else {
        in_ranges(&tables::CASED, letter as u32)
    }
}

/// What stands between letters without ending a word, for the final sigma.
pub fn is_case_ignorable(letter: char) -> bool {
    in_ranges(&tables::CASE_IGNORABLE, letter as u32)
}

/// Whether an identifier may begin with it.
pub fn is_identifier_start(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphabetic() || letter == '_'
    } else {
        in_ranges(&tables::IDENTIFIER_START, letter as u32)
    }
}

/// Whether an identifier may go on with it.
pub fn is_identifier_continue(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphanumeric() || letter == '_'
    } else {
        in_ranges(&tables::IDENTIFIER_CONTINUE, letter as u32)
    }
}

/// What a case change gives: one code point, or the text of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cased {
    /// One code point.
    One(char),
    /// Several.
    Many(&'static str),
}

impl Cased {
    /// Appends the changed code point to a text.
    pub fn push_to(self, text: &mut alloc::string::String) {
        match self {
            Cased::One(letter) => text.push(letter),
            Cased::Many(letters) => text.push_str(letters),
        }
    }
}

type Simple = (u32, u32, u32, i32);

fn find_change(simple: &[Simple], long: &[(u32, &'static str)], letter: char) -> Option<Cased> {
    let code = letter as u32;
    let after = simple.partition_point(|&(_, last, _, _)| last < code);
    if let Some(&(first, _, step, shift)) = simple.get(after)
        && first <= code
        && (code - first).is_multiple_of(step)
    {
        return char::from_u32(code.wrapping_add_signed(shift)).map(Cased::One);
    }
    let at = long
        .binary_search_by_key(&code, |&(long_code, _)| long_code)
        .ok()?;
    Some(Cased::Many(long[at].1))
}

/// The upper case of one code point.
pub fn to_upper(letter: char) -> Cased {
    if letter.is_ascii() {
        return Cased::One(letter.to_ascii_uppercase());
    }
    find_change(&tables::TO_UPPER, &tables::TO_UPPER_LONG, letter).unwrap_or(Cased::One(letter))
}

/// The lower case of one code point; a final sigma is the caller's affair.
pub fn to_lower(letter: char) -> Cased {
    if letter.is_ascii() {
        return Cased::One(letter.to_ascii_lowercase());
    }
    find_change(&tables::TO_LOWER, &tables::TO_LOWER_LONG, letter).unwrap_or(Cased::One(letter))
}

/// The title case of one code point.
pub fn to_title(letter: char) -> Cased {
    if letter.is_ascii() {
        return Cased::One(letter.to_ascii_uppercase());
    }
    find_change(&tables::TO_TITLE, &tables::TO_TITLE_LONG, letter)
        .unwrap_or_else(|| to_upper(letter))
}

/// The folded case of one code point.
pub fn to_fold(letter: char) -> Cased {
    if letter.is_ascii() {
        return Cased::One(letter.to_ascii_lowercase());
    }
    find_change(&tables::TO_FOLD, &tables::TO_FOLD_LONG, letter).unwrap_or_else(|| to_lower(letter))
}

/// The one lower-case code point that a pattern compares instead of `letter` when it ignores case.
pub fn pattern_lower(letter: char) -> char {
    let changed = find_change(
        &tables::TO_LOWER_PATTERN,
        &tables::TO_LOWER_PATTERN_LONG,
        letter,
    );
    match changed.unwrap_or_else(|| to_lower(letter)) {
        Cased::One(lower) => lower,
        Cased::Many(_) => letter,
    }
}

/// Whether any code point of a range changes with case as patterns see it.
pub fn pattern_any_cased(first: u32, last: u32) -> bool {
    let after = tables::PATTERN_CASED.partition_point(|&(_, end)| end < first);
    tables::PATTERN_CASED
        .get(after)
        .is_some_and(|&(start, _)| start <= last)
}

/// Calls back with the lower case of each code point of a range that has another one.
pub fn pattern_lowered(first: u32, last: u32, mut each: impl FnMut(u32)) {
    let simple = tables::TO_LOWER.iter().chain(&tables::TO_LOWER_PATTERN);
    for &(start, end, step, shift) in simple {
        let skipped = first.saturating_sub(start).div_ceil(step) * step;
        (start + skipped..=end.min(last))
            .step_by(step as usize)
            .for_each(|code| each(code.wrapping_add_signed(shift)));
    }
}

/// Calls back with each lower-case code point of a range that has others beside it, and those.
pub fn pattern_extra_cases_in(first: u32, last: u32, mut each: impl FnMut(&'static [u32])) {
    let from = tables::EXTRA_CASES.partition_point(|&(code, _)| code < first);
    tables::EXTRA_CASES[from..]
        .iter()
        .take_while(|&&(code, _)| code <= last)
        .for_each(|&(_, others)| each(others));
}

/// Other lower-case code points that a pattern which ignores case takes for the same letter.
pub fn pattern_extra_cases(lower: char) -> &'static [u32] {
    match tables::EXTRA_CASES.binary_search_by_key(&(lower as u32), |&(code, _)| code) {
        Ok(at) => tables::EXTRA_CASES[at].1,
        Err(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_other_scripts_have_values() {
        assert_eq!(decimal('\u{663}'), Some(3));
        assert_eq!(decimal('\u{b2}'), None);
        assert_eq!(decimal('\u{9f}'), None);
    }

    #[test]
    fn case_changes_may_be_long() {
        assert_eq!(to_upper('ß'), Cased::Many("SS"));
        assert_eq!(to_title('ß'), Cased::Many("Ss"));
        assert_eq!(to_fold('ß'), Cased::Many("ss"));
        assert_eq!(to_lower('Ā'), Cased::One('ā'));
        assert_eq!(to_upper('ā'), Cased::One('Ā'));
    }
}
