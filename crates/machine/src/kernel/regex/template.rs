//! Replacement templates of `sub` and `expand`.

use super::syntax::{Source, control_escape, is_octal, octal_value};
use super::{Pattern, PatternError};
use crate::kernel::{Fault, FaultKind, text};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A part of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// Text; for bytes, each code point is a byte.
    Literal(String),
    /// What a group matched; nothing when it took no part.
    Group(usize),
}

/// Reads a replacement template for a pattern; `is_text` is false for bytes, given as Latin-1.
pub fn parse_template(
    template: &str,
    pattern: &Pattern,
    is_text: bool,
) -> Result<Vec<TemplatePart>, PatternError> {
    let mut source = Source::new(template, is_text)?;
    let mut parts = Vec::new();
    let mut literal = String::new();
    while let Some(token) = source.take()? {
        let Some(letter) = token.escaped else {
            literal.push(token.letter);
            continue;
        };
        let group = match letter {
            'g' => Some(named(&mut source, pattern)?),
            '0' => {
                let mut digits = String::from(letter);
                source.take_while(2, &mut digits, is_octal)?;
                literal.push(byte_letter(octal_value(&digits, &source).unwrap_or(0)));
                None
            }
            '1'..='9' => numbered(letter, &mut source, pattern, &mut literal)?,
            letter => {
                literal.push_str(&plain(letter, &source)?);
                None
            }
        };
        if let Some(group) = group {
            if !literal.is_empty() {
                parts.push(TemplatePart::Literal(core::mem::take(&mut literal)));
            }
            parts.push(TemplatePart::Group(group));
        }
    }
    if !literal.is_empty() {
        parts.push(TemplatePart::Literal(literal));
    }
    Ok(parts)
}

fn byte_letter(code: u32) -> char {
    char::from(code as u8)
}

fn check_group(
    group: u64,
    pattern: &Pattern,
    source: &Source,
    back: usize,
) -> Result<usize, PatternError> {
    match usize::try_from(group) {
        Ok(group) if group <= pattern.groups() => Ok(group),
        _ => Err(source.error(format!("invalid group reference {group}"), back)),
    }
}

/// The group of `\g<name>` or `\g<1>`.
fn named(source: &mut Source, pattern: &Pattern) -> Result<usize, PatternError> {
    if !source.take_if('<')? {
        return Err(source.error("missing <", 0));
    }
    let name = source.take_until('>', "group name")?;
    let back = text::length(&name) + 1;
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        return match name.parse::<u64>() {
            Ok(group) => check_group(group, pattern, source, back),
            Err(_) => {
                let digits = name.trim_start_matches('0');
                Err(source.error(format!("invalid group reference {digits}"), back))
            }
        };
    }
    source.check_group_name(&name)?;
    let found = pattern.names().iter().find(|(known, _)| *known == name);
    found.map(|&(_, group)| group).ok_or_else(|| {
        let message = format!("unknown group name {}", text::repr(&name));
        PatternError::Fault(Fault::new(FaultKind::Index, message))
    })
}

/// A group number of one or two digits, or three octal digits, which go to the literal.
fn numbered(
    first: char,
    source: &mut Source,
    pattern: &Pattern,
    literal: &mut String,
) -> Result<Option<usize>, PatternError> {
    let mut digits = String::from(first);
    source.take_while(1, &mut digits, |letter| letter.is_ascii_digit())?;
    if digits.len() == 2 && digits.chars().all(is_octal) {
        source.take_while(1, &mut digits, is_octal)?;
        if digits.len() == 3 {
            literal.push(byte_letter(octal_value(&digits, source)?));
            return Ok(None);
        }
    }
    let group = digits.parse().unwrap_or(u64::MAX);
    check_group(group, pattern, source, digits.len()).map(Some)
}

fn plain(letter: char, source: &Source) -> Result<String, PatternError> {
    match control_escape(letter) {
        Some(control) => Ok(String::from(control)),
        None if letter.is_ascii_alphabetic() => {
            Err(source.error(format!("bad escape \\{letter}"), 2))
        }
        None => Ok(String::from_iter(['\\', letter])),
    }
}
