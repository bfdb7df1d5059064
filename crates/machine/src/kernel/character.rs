//! What `unicodedata` knows of each character, as Unicode 15.0 and so CPython 3.12 have it.
//!
//! Names and normal forms come from crates that follow a newer Unicode. Both are promised never to change for a
//! character once it is assigned, so that what 15.0 does not assign is left out and all else agrees.

use super::character_tables as tables;
use alloc::string::String;
use unicode_normalization::UnicodeNormalization;

fn of_range<T: Copy>(ranges: &[(u32, u32, T)], code: u32) -> Option<T> {
    let after = ranges.partition_point(|&(_, last, _)| last < code);
    ranges.get(after).filter(|&&(first, ..)| first <= code).map(|&(_, _, value)| value)
}

fn of_one<T: Copy>(rows: &[(u32, T)], code: u32) -> Option<T> {
    rows.binary_search_by_key(&code, |&(row, _)| row).ok().map(|at| rows[at].1)
}

/// The general category.
pub fn category(letter: char) -> &'static str {
    of_range(&tables::CATEGORY, letter as u32).unwrap_or("Cn")
}

/// The class in text of two directions; empty when it has none.
pub fn bidirectional(letter: char) -> &'static str {
    of_range(&tables::BIDIRECTIONAL, letter as u32).unwrap_or("")
}

/// The canonical combining class.
pub fn combining(letter: char) -> u8 {
    of_range(&tables::COMBINING, letter as u32).unwrap_or(0)
}

/// 1 for what is mirrored in text from right to left.
pub fn mirrored(letter: char) -> u8 {
    of_range(&tables::MIRRORED, letter as u32).unwrap_or(0)
}

/// The width in East Asian text.
pub fn east_asian_width(letter: char) -> &'static str {
    of_range(&tables::WIDTH, letter as u32).unwrap_or("N")
}

/// The decomposition as the database writes it; empty when there is none.
pub fn decomposition(letter: char) -> &'static str {
    of_one(&tables::DECOMPOSITION, letter as u32).unwrap_or("")
}

/// The numeric value.
pub fn numeric(letter: char) -> Option<f64> {
    of_one(&tables::NUMERIC, letter as u32)
}

/// The value as a digit, decimal or not.
pub fn digit(letter: char) -> Option<u32> {
    super::unicode::decimal(letter).or_else(|| of_one(&tables::DIGIT, letter as u32).map(u32::from))
}

/// The name; control characters have none.
pub fn name(letter: char) -> Option<String> {
    if category(letter) == "Cn" {
        return None;
    }
    unicode_names2::name(letter).map(|name| name.collect())
}

/// The character of a name or of an alias of one.
pub fn named(name: &str) -> Option<char> {
    unicode_names2::character(name).filter(|letter| category(*letter) != "Cn")
}

/// A normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

/// The text in a normal form.
pub fn normalize(text: &str, form: Form) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // What 15.0 does not assign stands between pieces that know nothing of each other.
    while let Some(at) = rest.find(|letter: char| !letter.is_ascii() && category(letter) == "Cn") {
        let width = rest[at..].chars().next().map_or(1, char::len_utf8);
        normalize_piece(&rest[..at], form, &mut out);
        out.push_str(&rest[at..at + width]);
        rest = &rest[at + width..];
    }
    normalize_piece(rest, form, &mut out);
    out
}

fn normalize_piece(piece: &str, form: Form, out: &mut String) {
    match form {
        Form::Nfc => out.extend(piece.nfc()),
        Form::Nfd => out.extend(piece.nfd()),
        Form::Nfkc => out.extend(piece.nfkc()),
        Form::Nfkd => out.extend(piece.nfkd()),
    }
}
