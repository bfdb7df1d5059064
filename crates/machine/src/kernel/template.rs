//! The fields of `str.format` templates: `{name.attribute[item]!r:spec}`.
//!
//! Only reading is here; looking names up, converting and formatting is the machine's.

use super::{Fault, format, unicode};
use alloc::string::String;

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// Text, with doubled braces made single.
    Literal(&'t str),
    /// What an argument is put in for.
    Field(Field<'t>),
}

/// A replacement field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'t> {
    /// What is formatted: see [`first_and_path`].
    pub name: &'t str,
    /// The letter behind `!`.
    pub conversion: Option<char>,
    /// The specification, itself a template when it has braces.
    pub spec: &'t str,
    /// Whether it has braces.
    pub spec_has_fields: bool,
}

/// Reads a template part by part.
pub struct Parts<'t> {
    rest: &'t str,
}

/// The parts of a template.
pub fn parts(template: &str) -> Parts<'_> {
    Parts { rest: template }
}

impl<'t> Iterator for Parts<'t> {
    type Item = Result<Part<'t>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let part = self.part();
        if part.is_err() {
            self.rest = "";
        }
        Some(part)
    }
}

impl<'t> Parts<'t> {
    fn part(&mut self) -> Result<Part<'t>, Fault> {
        let Some(brace) = self.rest.find(['{', '}']) else {
            return Ok(Part::Literal(core::mem::take(&mut self.rest)));
        };
        let letter = self.rest.as_bytes()[brace];
        let next = self.rest.as_bytes().get(brace + 1);
        if next == Some(&letter) {
            let literal = &self.rest[..=brace];
            self.rest = &self.rest[brace + 2..];
            return Ok(Part::Literal(literal));
        }
        if letter == b'}' {
            return Err(Fault::value("Single '}' encountered in format string"));
        }
        if next.is_none() {
            return Err(Fault::value("Single '{' encountered in format string"));
        }
        if brace > 0 {
            let literal = &self.rest[..brace];
            self.rest = &self.rest[brace..];
            return Ok(Part::Literal(literal));
        }
        self.rest = &self.rest[1..];
        self.field().map(Part::Field)
    }

    fn field(&mut self) -> Result<Field<'t>, Fault> {
        let (name, end) = self.name()?;
        let mut field = Field {
            name,
            conversion: None,
            spec: "",
            spec_has_fields: false,
        };
        if end == '}' {
            return Ok(field);
        }
        if end == '!' {
            let mut letters = self.rest.chars();
            let missing = || Fault::value("end of string while looking for conversion specifier");
            field.conversion = Some(letters.next().ok_or_else(missing)?);
            let after = letters.next();
            self.rest = letters.as_str();
            match after {
                Some('}') => return Ok(field),
                Some(':') | None => {}
                Some(_) => return Err(Fault::value("expected ':' after conversion specifier")),
            }
        }
        (field.spec, field.spec_has_fields) = self.spec()?;
        Ok(field)
    }

    /// The name and the letter that ended it; inside brackets everything belongs to it.
    fn name(&mut self) -> Result<(&'t str, char), Fault> {
        let mut in_brackets = false;
        for (at, letter) in self.rest.char_indices() {
            match letter {
                ']' => in_brackets = false,
                _ if in_brackets => {}
                '[' => in_brackets = true,
                '{' => return Err(Fault::value("unexpected '{' in field name")),
                '}' | ':' | '!' => {
                    let name = &self.rest[..at];
                    self.rest = &self.rest[at + 1..];
                    return Ok((name, letter));
                }
                _ => {}
            }
        }
        Err(Fault::value("expected '}' before end of string"))
    }

    fn spec(&mut self) -> Result<(&'t str, bool), Fault> {
        let (mut depth, mut has_fields) = (1, false);
        for (at, letter) in self.rest.char_indices() {
            match letter {
                '{' => {
                    depth += 1;
                    has_fields = true;
                }
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let spec = &self.rest[..at];
                self.rest = &self.rest[at + 1..];
                return Ok((spec, has_fields));
            }
        }
        Err(Fault::value("unmatched '{' in format spec"))
    }
}

/// What a field name begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First<'t> {
    /// The next positional argument.
    Automatic,
    /// That positional argument.
    Position(u64),
    /// A keyword argument.
    Name(&'t str),
}

/// A step from a value to one in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'t> {
    /// `.name`.
    Attribute(&'t str),
    /// `[1]`.
    Position(u64),
    /// `[text]`.
    Item(&'t str),
}

/// Splits a field name into what it begins with and the steps that follow.
pub fn first_and_path(name: &str) -> Result<(First<'_>, Steps<'_>), Fault> {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, rest) = name.split_at(end);
    let first = match position(first)? {
        _ if first.is_empty() => First::Automatic,
        Some(number) => First::Position(number),
        None => First::Name(first),
    };
    Ok((first, Steps { rest }))
}

/// The number that a text of digits only stands for.
fn position(text: &str) -> Result<Option<u64>, Fault> {
    let mut number = 0;
    for letter in text.chars() {
        let Some(value) = unicode::decimal(letter) else {
            return Ok(None);
        };
        number = format::next_digit(number, value)?;
    }
    Ok((!text.is_empty()).then_some(number))
}

/// The steps behind the beginning of a field name.
#[derive(Clone, Debug)]
pub struct Steps<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Steps<'t> {
    type Item = Result<Step<'t>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let letter = self.rest.chars().next()?;
        let rest = &self.rest[letter.len_utf8()..];
        let step = match letter {
            '.' => self.attribute(rest),
            '[' => self.item(rest),
            _ => Err(Fault::value(
                "Only '.' or '[' may follow ']' in format field specifier",
            )),
        };
        if step.is_err() {
            self.rest = "";
        }
        Some(step)
    }
}

impl<'t> Steps<'t> {
    fn attribute(&mut self, rest: &'t str) -> Result<Step<'t>, Fault> {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        self.rest = &rest[end..];
        not_empty(&rest[..end]).map(Step::Attribute)
    }

    fn item(&mut self, rest: &'t str) -> Result<Step<'t>, Fault> {
        let end = rest
            .find(']')
            .ok_or_else(|| Fault::value("Missing ']' in format string"))?;
        self.rest = &rest[end + 1..];
        let item = &rest[..end];
        let number = position(item)?;
        not_empty(item)?;
        Ok(number.map_or(Step::Item(item), Step::Position))
    }
}

fn not_empty(text: &str) -> Result<&str, Fault> {
    if text.is_empty() {
        Err(Fault::value("Empty attribute in format string"))
    } else {
        Ok(text)
    }
}

/// The error for a letter behind `!` that is none of `r`, `s`, `a`.
pub fn unknown_conversion(letter: char) -> Fault {
    let message: String = match letter {
        '!'..='~' => alloc::format!("Unknown conversion specifier {letter}"),
        _ => alloc::format!("Unknown conversion specifier '\\x{:x}'", letter as u32),
    };
    Fault::value(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_names_conversions_and_specs() {
        let mut found = parts("{{a}} {0.b[c!]!r:>{w}}");
        assert_eq!(found.next(), Some(Ok(Part::Literal("{"))));
        assert_eq!(found.next(), Some(Ok(Part::Literal("a}"))));
        assert_eq!(found.next(), Some(Ok(Part::Literal(" "))));
        let field = Field {
            name: "0.b[c!]",
            conversion: Some('r'),
            spec: ">{w}",
            spec_has_fields: true,
        };
        assert_eq!(found.next(), Some(Ok(Part::Field(field))));
        assert_eq!(found.next(), None);
    }

    #[test]
    fn names_are_paths() {
        let (first, mut steps) = first_and_path("3.b[2][x]").unwrap();
        assert_eq!(first, First::Position(3));
        assert_eq!(steps.next(), Some(Ok(Step::Attribute("b"))));
        assert_eq!(steps.next(), Some(Ok(Step::Position(2))));
        assert_eq!(steps.next(), Some(Ok(Step::Item("x"))));
    }
}
