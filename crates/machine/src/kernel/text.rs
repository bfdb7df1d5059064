//! The methods of Python's `str` as functions on `&str`, and the `repr` of text and bytes.
//!
//! Offsets are in code points, as Python counts. What can give more text than it gets takes a limit in
//! bytes and is refused before it allocates; all else gives at most a small multiple of its input.
//! Encodings are not here; the lone surrogates that CPython's `str` may hold are not representable.

use super::{Fault, unicode};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use memchr::memmem;

/// The number of code points.
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// The byte offset of a code point, or the byte length behind the last one.
pub fn byte_offset(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    text.char_indices()
        .nth(index)
        .map_or(text.len(), |(at, _)| at)
}

/// Slice bounds with step one, clamped as `s[start:stop]` and `find` clamp them; `start` may exceed `stop`.
pub fn clamp_bounds(length: usize, start: Option<i64>, stop: Option<i64>) -> (usize, usize) {
    let length = length as i64;
    let wrap = |at: i64| {
        if at < 0 {
            (at.saturating_add(length)).max(0)
        } else {
            at
        }
    };
    let start = wrap(start.unwrap_or(0));
    let stop = wrap(stop.unwrap_or(length)).min(length);
    (start as usize, stop as usize)
}

/// `slice(start, stop, step).indices(length)` and the number of items it takes.
pub fn slice_indices(
    length: usize,
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<(i64, i64, i64, usize), Fault> {
    let length = length as i64;
    let step = step.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return Err(Fault::value("slice step cannot be zero"));
    }
    let (low, high) = if step < 0 {
        (-1, length - 1)
    } else {
        (0, length)
    };
    let clamp = |at: i64| {
        if at < 0 {
            at.saturating_add(length).max(low)
        } else {
            at.min(high)
        }
    };
    let start = start.map_or(if step < 0 { high } else { low }, clamp);
    let stop = stop.map_or(if step < 0 { low } else { high }, clamp);
    let span = if step < 0 { start - stop } else { stop - start };
    let count = if span <= 0 {
        0
    } else {
        (span - 1) / step.abs() + 1
    };
    Ok((start, stop, step, count as usize))
}

/// `text[start:stop:step]`.
pub fn slice(
    text: &str,
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<String, Fault> {
    if step.unwrap_or(1) == 1 {
        return Ok(slice_plain(text, start, stop).to_string());
    }
    let letters: Vec<char> = text.chars().collect();
    let (first, _, step, count) = slice_indices(letters.len(), start, stop, step)?;
    // The last index may be followed by one that does not fit, so each is computed from the first.
    Ok((0..count as i64)
        .map(|nth| letters[(first + nth * step) as usize])
        .collect())
}

/// `text[start:stop]` without copying.
pub fn slice_plain(text: &str, start: Option<i64>, stop: Option<i64>) -> &str {
    if start.unwrap_or(0) >= 0 && stop.is_none() {
        let start = usize::try_from(start.unwrap_or(0)).unwrap_or(usize::MAX);
        return &text[byte_offset(text, start)..];
    }
    let (start, stop) = clamp_bounds(length(text), start, stop);
    if start >= stop {
        return "";
    }
    let from = byte_offset(text, start);
    let rest = &text[from..];
    &rest[..byte_offset(rest, stop - start)]
}

/// The code point at an index, which may count from the end.
pub fn item(text: &str, index: i64) -> Result<char, Fault> {
    let found = if index >= 0 {
        usize::try_from(index)
            .ok()
            .and_then(|index| text.chars().nth(index))
    } else {
        usize::try_from(-(index + 1))
            .ok()
            .and_then(|index| text.chars().rev().nth(index))
    };
    found.ok_or_else(|| Fault::new(super::FaultKind::Index, "string index out of range"))
}

/// The part of the text between two bounds, with its offset in code points; `None` when start is behind the end.
fn window(text: &str, start: Option<i64>, stop: Option<i64>) -> Option<(&str, usize)> {
    if start.is_none() && stop.is_none() {
        return Some((text, 0));
    }
    let (start, stop) = clamp_bounds(length(text), start, stop);
    if start > stop {
        return None;
    }
    let from = byte_offset(text, start);
    let rest = &text[from..];
    Some((&rest[..byte_offset(rest, stop - start)], start))
}

/// `text.find(needle, start, stop)` in code points.
pub fn find(text: &str, needle: &str, start: Option<i64>, stop: Option<i64>) -> Option<usize> {
    let (part, offset) = window(text, start, stop)?;
    let at = memmem::find(part.as_bytes(), needle.as_bytes())?;
    Some(offset + length(&part[..at]))
}

/// `text.rfind(needle, start, stop)` in code points.
pub fn rfind(text: &str, needle: &str, start: Option<i64>, stop: Option<i64>) -> Option<usize> {
    let (part, offset) = window(text, start, stop)?;
    let at = memmem::rfind(part.as_bytes(), needle.as_bytes())?;
    Some(offset + length(&part[..at]))
}

/// The error of `index` and `rindex` where `find` gives -1.
pub fn not_found() -> Fault {
    Fault::value("substring not found")
}

/// `text.count(needle, start, stop)`: without overlaps.
pub fn count(text: &str, needle: &str, start: Option<i64>, stop: Option<i64>) -> usize {
    match window(text, start, stop) {
        None => 0,
        Some((part, _)) if needle.is_empty() => length(part) + 1,
        Some((part, _)) => memmem::find_iter(part.as_bytes(), needle.as_bytes()).count(),
    }
}

/// `text.startswith(prefix, start, stop)`.
pub fn starts_with(text: &str, prefix: &str, start: Option<i64>, stop: Option<i64>) -> bool {
    window(text, start, stop).is_some_and(|(part, _)| part.starts_with(prefix))
}

/// `text.endswith(suffix, start, stop)`.
pub fn ends_with(text: &str, suffix: &str, start: Option<i64>, stop: Option<i64>) -> bool {
    window(text, start, stop).is_some_and(|(part, _)| part.ends_with(suffix))
}

fn limit_of(maximum: i64) -> usize {
    usize::try_from(maximum).unwrap_or(usize::MAX)
}

/// `text.split(separator, maximum)`; a negative maximum is none.
pub fn split<'t>(
    text: &'t str,
    separator: Option<&str>,
    maximum: i64,
) -> Result<Vec<&'t str>, Fault> {
    let maximum = limit_of(maximum);
    match separator {
        Some("") => Err(Fault::value("empty separator")),
        Some(separator) => Ok(text.splitn(maximum.saturating_add(1), separator).collect()),
        None => Ok(split_space(text, maximum)),
    }
}

fn split_space(text: &str, maximum: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start_matches(unicode::is_space);
    while !rest.is_empty() {
        if pieces.len() == maximum {
            pieces.push(rest);
            break;
        }
        let end = rest.find(unicode::is_space).unwrap_or(rest.len());
        pieces.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(unicode::is_space);
    }
    pieces
}

/// `text.rsplit(separator, maximum)`; a negative maximum is none.
pub fn rsplit<'t>(
    text: &'t str,
    separator: Option<&str>,
    maximum: i64,
) -> Result<Vec<&'t str>, Fault> {
    let maximum = limit_of(maximum);
    let mut pieces: Vec<&str> = match separator {
        Some("") => return Err(Fault::value("empty separator")),
        Some(separator) => text.rsplitn(maximum.saturating_add(1), separator).collect(),
        None => rsplit_space(text, maximum),
    };
    pieces.reverse();
    Ok(pieces)
}

fn rsplit_space(text: &str, maximum: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_end_matches(unicode::is_space);
    while !rest.is_empty() {
        if pieces.len() == maximum {
            pieces.push(rest);
            break;
        }
        let last_space = rest
            .char_indices()
            .rev()
            .find(|&(_, letter)| unicode::is_space(letter));
        let start = last_space.map_or(0, |(at, letter)| at + letter.len_utf8());
        pieces.push(&rest[start..]);
        rest = rest[..start].trim_end_matches(unicode::is_space);
    }
    pieces
}

/// Whether Python's `splitlines` ends a line here (a `\r\n` counts once).
pub fn is_line_break(letter: char) -> bool {
    matches!(letter, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `text.splitlines(keep_ends)`.
pub fn split_lines(text: &str, keep_ends: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some((end, letter)) = rest
            .char_indices()
            .find(|&(_, letter)| is_line_break(letter))
        else {
            lines.push(rest);
            break;
        };
        let after = end
            + if rest[end..].starts_with("\r\n") {
                2
            } else {
                letter.len_utf8()
            };
        lines.push(&rest[..if keep_ends { after } else { end }]);
        rest = &rest[after..];
    }
    lines
}

/// Which ends `strip` works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// `strip`.
    Both,
    /// `lstrip`.
    Left,
    /// `rstrip`.
    Right,
}

/// `strip`, `lstrip`, `rstrip`; without `letters`, white space goes.
pub fn strip<'t>(text: &'t str, letters: Option<&str>, ends: Ends) -> &'t str {
    match letters {
        None => strip_matching(text, unicode::is_space, ends),
        Some(letters) if letters.len() <= 16 => {
            strip_matching(text, |letter| letters.contains(letter), ends)
        }
        Some(letters) => {
            // Many letters are looked up in order, so that no pair of long texts takes long.
            let mut sorted: Vec<char> = letters.chars().collect();
            sorted.sort_unstable();
            strip_matching(text, |letter| sorted.binary_search(&letter).is_ok(), ends)
        }
    }
}

fn strip_matching(text: &str, matches: impl Fn(char) -> bool, ends: Ends) -> &str {
    let text = if ends == Ends::Right {
        text
    } else {
        text.trim_start_matches(&matches)
    };
    if ends == Ends::Left {
        text
    } else {
        text.trim_end_matches(&matches)
    }
}

/// `text.partition(separator)`.
pub fn partition<'t>(text: &'t str, separator: &str) -> Result<(&'t str, &'t str, &'t str), Fault> {
    if separator.is_empty() {
        return Err(Fault::value("empty separator"));
    }
    Ok(match text.find(separator) {
        Some(at) => (
            &text[..at],
            &text[at..at + separator.len()],
            &text[at + separator.len()..],
        ),
        None => (text, "", ""),
    })
}

/// `text.rpartition(separator)`.
pub fn rpartition<'t>(
    text: &'t str,
    separator: &str,
) -> Result<(&'t str, &'t str, &'t str), Fault> {
    if separator.is_empty() {
        return Err(Fault::value("empty separator"));
    }
    Ok(match text.rfind(separator) {
        Some(at) => (
            &text[..at],
            &text[at..at + separator.len()],
            &text[at + separator.len()..],
        ),
        None => ("", "", text),
    })
}

/// Refuses a result of more bytes than the caller allows.
pub(super) fn check_size(bytes: u64, bytes_max: u64) -> Result<(), Fault> {
    if bytes > bytes_max {
        Err(Fault::limit(bytes))
    } else {
        Ok(())
    }
}

/// `text.replace(old, new, maximum)`; a negative maximum is none.
pub fn replace(
    text: &str,
    old: &str,
    new: &str,
    maximum: i64,
    bytes_max: u64,
) -> Result<String, Fault> {
    let hits = count(text, old, None, None).min(limit_of(maximum));
    let added = (hits as u64).saturating_mul(new.len() as u64);
    let bytes = (text.len() as u64 + added).saturating_sub((hits * old.len()) as u64);
    check_size(bytes, bytes_max)?;
    Ok(text.replacen(old, new, hits))
}

/// `text.upper()`.
pub fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    changed(text, |_, letter| unicode::to_upper(letter))
}

/// `text.lower()`, with the final form of a sigma at the end of a word.
pub fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    changed(text, |at, letter| lower_in(text, at, letter))
}

/// `text.casefold()`.
pub fn casefold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    changed(text, |_, letter| unicode::to_fold(letter))
}

/// `text.capitalize()`.
pub fn capitalize(text: &str) -> String {
    changed(text, |at, letter| {
        if at == 0 {
            unicode::to_title(letter)
        } else {
            lower_in(text, at, letter)
        }
    })
}

/// `text.swapcase()`.
pub fn swapcase(text: &str) -> String {
    changed(text, |at, letter| {
        if unicode::is_upper(letter) {
            lower_in(text, at, letter)
        } else if unicode::is_lower(letter) {
            unicode::to_upper(letter)
        } else {
            unicode::Cased::One(letter)
        }
    })
}

/// `text.title()`.
pub fn title(text: &str) -> String {
    let mut inside = false;
    changed(text, |at, letter| {
        let change = if inside {
            lower_in(text, at, letter)
        } else {
            unicode::to_title(letter)
        };
        inside = unicode::is_cased(letter);
        change
    })
}

fn changed(text: &str, mut change: impl FnMut(usize, char) -> unicode::Cased) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        change(at, letter).push_to(&mut out);
    }
    out
}

/// The lower case of the letter at a byte offset, where its neighbours matter for a capital sigma.
fn lower_in(text: &str, at: usize, letter: char) -> unicode::Cased {
    if letter != 'Σ' {
        return unicode::to_lower(letter);
    }
    let counts = |letter: &char| !unicode::is_case_ignorable(*letter);
    let before = text[..at].chars().rev().find(counts);
    let after = text[at + letter.len_utf8()..].chars().find(counts);
    let is_final = before.is_some_and(unicode::is_cased) && !after.is_some_and(unicode::is_cased);
    unicode::Cased::One(if is_final { 'ς' } else { 'σ' })
}

fn all(text: &str, matches: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(matches)
}

/// `text.isalpha()`.
pub fn is_alpha(text: &str) -> bool {
    all(text, unicode::is_alpha)
}

/// `text.isdigit()`.
pub fn is_digit(text: &str) -> bool {
    all(text, unicode::is_digit)
}

/// `text.isdecimal()`.
pub fn is_decimal(text: &str) -> bool {
    all(text, |letter| unicode::decimal(letter).is_some())
}

/// `text.isnumeric()`.
pub fn is_numeric(text: &str) -> bool {
    all(text, unicode::is_numeric)
}

/// `text.isalnum()`.
pub fn is_alnum(text: &str) -> bool {
    all(text, unicode::is_alnum)
}

/// `text.isspace()`.
pub fn is_space(text: &str) -> bool {
    all(text, unicode::is_space)
}

/// `text.isprintable()`, true for no text at all.
pub fn is_printable(text: &str) -> bool {
    text.chars().all(unicode::is_printable)
}

/// `text.isidentifier()`; keywords count.
pub fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(unicode::is_identifier_start)
        && letters.all(unicode::is_identifier_continue)
}

/// `text.isupper()`.
pub fn is_upper(text: &str) -> bool {
    text.chars().any(unicode::is_upper)
        && !text
            .chars()
            .any(|letter| unicode::is_lower(letter) || unicode::is_title(letter))
}

/// `text.islower()`.
pub fn is_lower(text: &str) -> bool {
    text.chars().any(unicode::is_lower)
        && !text
            .chars()
            .any(|letter| unicode::is_upper(letter) || unicode::is_title(letter))
}

/// `text.istitle()`.
pub fn is_title(text: &str) -> bool {
    let (mut inside, mut found) = (false, false);
    for letter in text.chars() {
        let large = unicode::is_upper(letter) || unicode::is_title(letter);
        let small = unicode::is_lower(letter);
        if large && inside || small && !inside {
            return false;
        }
        inside = large || small;
        found |= inside;
    }
    found
}

/// Where `center`, `ljust` and `rjust` put the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `ljust`.
    Left,
    /// `center`.
    Center,
    /// `rjust`.
    Right,
}

/// `ljust`, `center`, `rjust` to a width in code points.
pub fn justify(
    text: &str,
    width: i64,
    fill: char,
    place: Place,
    bytes_max: u64,
) -> Result<String, Fault> {
    let have = length(text) as i64;
    let missing = width.saturating_sub(have).max(0);
    let left = match place {
        Place::Left => 0,
        // An odd rest goes to the left when the width is odd.
        Place::Center => missing / 2 + (missing & width & 1),
        Place::Right => missing,
    };
    pad(text, fill, left as u64, (missing - left) as u64, bytes_max)
}

pub(super) fn pad(
    text: &str,
    fill: char,
    left: u64,
    right: u64,
    bytes_max: u64,
) -> Result<String, Fault> {
    let added = left
        .saturating_add(right)
        .saturating_mul(fill.len_utf8() as u64);
    check_size(added.saturating_add(text.len() as u64), bytes_max)?;
    let mut out = String::with_capacity(text.len() + added as usize);
    out.extend(core::iter::repeat_n(fill, left as usize));
    out.push_str(text);
    out.extend(core::iter::repeat_n(fill, right as usize));
    Ok(out)
}

/// `text.zfill(width)`: zeros behind the sign.
pub fn zfill(text: &str, width: i64, bytes_max: u64) -> Result<String, Fault> {
    let missing = width.saturating_sub(length(text) as i64).max(0) as u64;
    match text.strip_prefix(['+', '-']) {
        Some(rest) if missing > 0 => {
            let mut out = String::from(&text[..1]);
            out.push_str(&pad(rest, '0', missing, 0, bytes_max)?);
            Ok(out)
        }
        _ => pad(text, '0', missing, 0, bytes_max),
    }
}

/// `text.expandtabs(size)`.
pub fn expand_tabs(text: &str, size: i64, bytes_max: u64) -> Result<String, Fault> {
    let bytes = tab_widths(text, size).fold(text.len() as u64, |sum, (_, spaces)| {
        sum.saturating_add(spaces)
    });
    check_size(bytes, bytes_max)?;
    let mut out = String::with_capacity(bytes as usize);
    for (letter, spaces) in tab_widths(text, size) {
        if letter == '\t' {
            out.extend(core::iter::repeat_n(' ', spaces as usize));
        } else {
            out.push(letter);
        }
    }
    Ok(out)
}

/// Each code point with the spaces that stand for it, which are none unless it is a tab.
fn tab_widths(text: &str, size: i64) -> impl Iterator<Item = (char, u64)> {
    let size = u64::try_from(size).unwrap_or(0);
    text.chars().scan(0u64, move |column, letter| {
        let spaces = if letter == '\t' && size > 0 {
            size - *column % size
        } else {
            0
        };
        *column = match letter {
            '\n' | '\r' => 0,
            '\t' => column.saturating_add(spaces),
            _ => column.saturating_add(1),
        };
        Some((letter, spaces))
    })
}

/// What a table of `translate` says of one code point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation {
    /// It stays.
    Keep,
    /// It goes.
    Drop,
    /// Another one stands in its place.
    Letter(char),
    /// A text stands in its place.
    Text(String),
}

/// `text.translate(table)`, the table being asked once for each code point.
pub fn translate<E: From<Fault>>(
    text: &str,
    bytes_max: u64,
    mut lookup: impl FnMut(char) -> Result<Translation, E>,
) -> Result<String, E> {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match lookup(letter)? {
            Translation::Keep => out.push(letter),
            Translation::Drop => {}
            Translation::Letter(other) => out.push(other),
            Translation::Text(other) => {
                check_size((out.len() + other.len()) as u64, bytes_max)?;
                out.push_str(&other);
            }
        }
        check_size(out.len() as u64, bytes_max)?;
    }
    Ok(out)
}

/// `repr(text)`.
pub fn repr(text: &str) -> String {
    escaped(text, unicode::is_printable)
}

/// `ascii(text)`.
pub fn ascii(text: &str) -> String {
    escaped(text, |letter| matches!(letter, ' '..='~'))
}

/// Escapes what is not ASCII in text that already is a `repr` (`ascii(x)` of any object).
pub fn ascii_of_repr(shown: &str) -> String {
    let mut out = String::with_capacity(shown.len());
    for letter in shown.chars() {
        if letter.is_ascii() {
            out.push(letter)
        } else {
            push_escape(&mut out, letter)
        }
    }
    out
}

fn escaped(text: &str, shows: impl Fn(char) -> bool) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter == quote => out.extend(['\\', quote]),
            letter if shows(letter) => out.push(letter),
            letter => push_escape(&mut out, letter),
        }
    }
    out.push(quote);
    out
}

fn push_escape(out: &mut String, letter: char) {
    let code = letter as u32;
    out.push_str(&match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    });
}

/// `repr(data)` of bytes.
pub fn repr_bytes(data: &[u8]) -> String {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    let mut out = String::with_capacity(data.len() + 3);
    out.extend(['b', quote as char]);
    for &byte in data {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if byte == quote => out.extend(['\\', quote as char]),
            b' '..=b'~' => out.push(byte as char),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote as char);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const NO_LIMIT: u64 = 1 << 30;

    #[test]
    fn splitting_on_space_keeps_what_is_left() {
        assert_eq!(split("  a  b  c ", None, 1), Ok(vec!["a", "b  c "]));
        assert_eq!(rsplit("  a  b  c ", None, 1), Ok(vec!["  a  b", "c"]));
        assert_eq!(split(" \t", None, -1), Ok(vec![]));
        assert!(split("a", Some(""), -1).is_err());
    }

    #[test]
    fn lines_end_where_python_ends_them() {
        assert_eq!(
            split_lines("a\r\nb\x0bc\u{2028}", true),
            ["a\r\n", "b\x0b", "c\u{2028}"]
        );
    }

    #[test]
    fn a_sigma_is_final_at_the_end_of_a_word() {
        assert_eq!(lower("ΑΣ ΑΣΑ Σ"), "ας ασα σ");
        assert_eq!(title("they're ǆ"), "They'Re ǅ");
    }

    #[test]
    fn slices_count_code_points() {
        assert_eq!(slice("añb", None, None, Some(-1)), Ok("bña".to_string()));
        assert_eq!(slice_plain("añbc", Some(-3), Some(-1)), "ñb");
        assert_eq!(
            slice("abc", Some(i64::MAX), Some(i64::MIN), Some(i64::MIN)),
            Ok("c".to_string())
        );
    }

    #[test]
    fn growth_is_refused_before_it_happens() {
        assert!(justify("a", i64::MAX, ' ', Place::Center, NO_LIMIT).is_err());
        assert!(replace(&"a".repeat(1000), "", &"b".repeat(1000), -1, 1 << 16).is_err());
        assert!(expand_tabs("\t\t", i64::MAX, NO_LIMIT).is_err());
    }

    #[test]
    fn stripping_long_texts_of_many_letters_is_quick() {
        let text = "a".repeat(1 << 18);
        assert_eq!(
            strip(&text, Some(&("b".repeat(1 << 18) + "a")), Ends::Both),
            ""
        );
    }

    #[test]
    fn quotes_are_chosen_as_python_does() {
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(
            repr("'\"\u{7f}\u{ad}é\u{e000}"),
            "'\\'\"\\x7f\\xadé\\ue000'"
        );
        assert_eq!(repr_bytes(b"a'\x00"), "b\"a'\\x00\"");
    }
}
