//! JSON as Python's `json` reads and writes it: a strict parser that calls back, and the encoding of strings.
//!
//! The parser builds nothing and holds no host stack: the caller's [`Visitor`] makes its own values. Errors
//! have CPython's messages and positions in code points. Indenting, sorting and hooks are the machine's.

use super::{Fault, float, int};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use num_bigint::BigInt;

/// What a document is made of, in the order in which it is read.
pub trait Visitor {
    /// Why a visitor stops.
    type Error;
    /// `null`.
    fn null(&mut self) -> Result<(), Self::Error>;
    /// `true` or `false`.
    fn boolean(&mut self, value: bool) -> Result<(), Self::Error>;
    /// A number as it was written; see [`read_number`].
    fn number(&mut self, written: &str, is_float: bool) -> Result<(), Self::Error>;
    /// `NaN`, `Infinity` or `-Infinity`.
    fn constant(&mut self, written: &str) -> Result<(), Self::Error>;
    /// A string that is a value.
    fn string(&mut self, value: Cow<'_, str>) -> Result<(), Self::Error>;
    /// `[`.
    fn begin_list(&mut self) -> Result<(), Self::Error>;
    /// `]`.
    fn end_list(&mut self) -> Result<(), Self::Error>;
    /// `{`.
    fn begin_object(&mut self) -> Result<(), Self::Error>;
    /// A key; its value follows.
    fn key(&mut self, key: Cow<'_, str>) -> Result<(), Self::Error>;
    /// `}`.
    fn end_object(&mut self) -> Result<(), Self::Error>;
}

/// Why a document was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError<E> {
    /// `JSONDecodeError(message, document, position)`; the position is in code points.
    Syntax {
        /// What is wrong.
        message: &'static str,
        /// Where, in code points.
        position: usize,
    },
    /// Nested deeper than the caller allows: a `RecursionError`.
    TooDeep {
        /// Whether it was an object that is too deep.
        in_object: bool,
    },
    /// A lone surrogate, which text cannot hold here.
    Surrogate {
        /// Where, in code points.
        position: usize,
    },
    /// The visitor stopped.
    Visitor(E),
}

/// The text of a `JSONDecodeError`.
pub fn error_text(message: &str, document: &str, position: usize) -> String {
    let (line, column) = line_and_column(document, position);
    format!("{message}: line {line} column {column} (char {position})")
}

/// `lineno` and `colno` of a `JSONDecodeError`.
pub fn line_and_column(document: &str, position: usize) -> (usize, usize) {
    let (mut line, mut column) = (1, 1);
    for letter in document.chars().take(position) {
        (line, column) = if letter == '\n' {
            (line + 1, 1)
        } else {
            (line, column + 1)
        };
    }
    (line, column)
}

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether control characters in strings are refused.
    pub strict: bool,
    /// How deep lists and objects may nest.
    pub depth_max: usize,
}

/// A number.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// An integer that fits.
    Small(i64),
    /// An integer that does not.
    Big(BigInt),
    /// A float.
    Float(f64),
}

/// Reads a number that the parser found, as `int()` and `float()` do.
pub fn read_number(written: &str, is_float: bool) -> Result<Number, Fault> {
    if is_float {
        return float::parse(written).map(Number::Float);
    }
    match written.parse() {
        Ok(small) => Ok(Number::Small(small)),
        Err(_) => int::parse(written, 10).map(Number::Big),
    }
}

/// The value of `NaN`, `Infinity` or `-Infinity`.
pub fn constant_value(written: &str) -> f64 {
    match written {
        "Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ => f64::NAN,
    }
}

/// `json.loads(text)`: one value with white space around it.
pub fn parse_document<V: Visitor>(
    text: &str,
    options: Options,
    visitor: &mut V,
) -> Result<(), JsonError<V::Error>> {
    if text.starts_with('\u{feff}') {
        let message = "Unexpected UTF-8 BOM (decode using utf-8-sig)";
        return Err(JsonError::Syntax {
            message,
            position: 0,
        });
    }
    let mut parser = Parser {
        text,
        at: 0,
        options,
        open: Vec::new(),
        surrogate: None,
    };
    parser.skip_space();
    parser.value(visitor)?;
    parser.skip_space();
    if parser.at < text.len() {
        Err(parser.error("Extra data", parser.at))
    } else {
        Ok(())
    }
}

/// `JSONDecoder.raw_decode(text, start)` from a byte offset on; gives the byte offset behind the value.
pub fn parse_value<V: Visitor>(
    text: &str,
    start: usize,
    options: Options,
    visitor: &mut V,
) -> Result<usize, JsonError<V::Error>> {
    let mut parser = Parser {
        text,
        at: start.min(text.len()),
        options,
        open: Vec::new(),
        surrogate: None,
    };
    parser.value(visitor)?;
    Ok(parser.at)
}

/// `json.decoder.scanstring(text, start)` from the byte offset behind the opening quote on.
pub fn parse_string(
    text: &str,
    start: usize,
    strict: bool,
) -> Result<(Cow<'_, str>, usize), JsonError<Fault>> {
    let options = Options {
        strict,
        depth_max: 0,
    };
    let mut parser = Parser {
        text,
        at: start.min(text.len()),
        options,
        open: Vec::new(),
        surrogate: None,
    };
    let string = parser.string()?;
    Ok((string, parser.at))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    List,
    Object,
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    options: Options,
    open: Vec<Open>,
    /// Where the present string has its first lone surrogate.
    surrogate: Option<usize>,
}

impl<'t> Parser<'t> {
    fn error<E>(&self, message: &'static str, at: usize) -> JsonError<E> {
        JsonError::Syntax {
            message,
            position: self.position(at),
        }
    }

    fn position(&self, at: usize) -> usize {
        self.text
            .get(..at)
            .map_or(0, |before| before.chars().count())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Reads a whole value: after each part, goes on in the innermost list or object that is open.
    fn value<V: Visitor>(&mut self, visitor: &mut V) -> Result<(), JsonError<V::Error>> {
        loop {
            let opened = self.part(visitor)?;
            if opened {
                continue;
            }
            loop {
                let Some(&innermost) = self.open.last() else {
                    return Ok(());
                };
                if self.go_on(innermost, visitor)? {
                    break;
                }
                self.open.pop();
            }
        }
    }

    /// Reads a scalar, an empty container, or the beginning of another one up to its first value.
    fn part<V: Visitor>(&mut self, visitor: &mut V) -> Result<bool, JsonError<V::Error>> {
        let stopped = JsonError::Visitor;
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                let string = self.string()?;
                visitor.string(string).map_err(stopped)?;
            }
            Some(b'{') => {
                self.enter(Open::Object)?;
                visitor.begin_object().map_err(stopped)?;
                self.skip_space();
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    self.open.pop();
                    visitor.end_object().map_err(stopped)?;
                    return Ok(false);
                }
                self.key(visitor)?;
                return Ok(true);
            }
            Some(b'[') => {
                self.enter(Open::List)?;
                visitor.begin_list().map_err(stopped)?;
                self.skip_space();
                if self.peek() != Some(b']') {
                    return Ok(true);
                }
                self.at += 1;
                self.open.pop();
                visitor.end_list().map_err(stopped)?;
            }
            Some(b'n') if self.take_word("null") => visitor.null().map_err(stopped)?,
            Some(b't') if self.take_word("true") => visitor.boolean(true).map_err(stopped)?,
            Some(b'f') if self.take_word("false") => visitor.boolean(false).map_err(stopped)?,
            Some(b'N') if self.take_word("NaN") => visitor.constant("NaN").map_err(stopped)?,
            Some(b'I') if self.take_word("Infinity") => {
                visitor.constant("Infinity").map_err(stopped)?
            }
            Some(b'-') if self.take_word("-Infinity") => {
                visitor.constant("-Infinity").map_err(stopped)?
            }
            _ => {
                let (written, is_float) = self
                    .number()
                    .ok_or_else(|| self.error("Expecting value", self.at))?;
                visitor.number(written, is_float).map_err(stopped)?;
            }
        }
        Ok(false)
    }

    fn enter<E>(&mut self, open: Open) -> Result<(), JsonError<E>> {
        if self.open.len() >= self.options.depth_max {
            return Err(JsonError::TooDeep {
                in_object: open == Open::Object,
            });
        }
        self.open.push(open);
        self.at += 1;
        Ok(())
    }

    /// Behind a value in a container: true when another one follows, false when the container ends.
    fn go_on<V: Visitor>(
        &mut self,
        open: Open,
        visitor: &mut V,
    ) -> Result<bool, JsonError<V::Error>> {
        self.skip_space();
        let next = self.peek();
        match (next, open) {
            (Some(b'}'), Open::Object) => visitor.end_object().map_err(JsonError::Visitor)?,
            (Some(b']'), Open::List) => visitor.end_list().map_err(JsonError::Visitor)?,
            (Some(b','), _) => {}
            _ => return Err(self.error("Expecting ',' delimiter", self.at)),
        }
        self.at += 1;
        if next != Some(b',') {
            return Ok(false);
        }
        self.skip_space();
        if open == Open::Object {
            self.key(visitor)?;
        }
        Ok(true)
    }

    fn key<V: Visitor>(&mut self, visitor: &mut V) -> Result<(), JsonError<V::Error>> {
        if self.peek() != Some(b'"') {
            return Err(self.error("Expecting property name enclosed in double quotes", self.at));
        }
        self.at += 1;
        let key = self.string()?;
        visitor.key(key).map_err(JsonError::Visitor)?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.error("Expecting ':' delimiter", self.at));
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    /// A number as it stands; what follows it is looked at later.
    fn number(&mut self) -> Option<(&'t str, bool)> {
        let bytes = self.text.as_bytes();
        let digits = |from: usize| {
            bytes[from.min(bytes.len())..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        let start = self.at;
        let first = start + usize::from(self.peek() == Some(b'-'));
        let whole = if bytes.get(first) == Some(&b'0') {
            1
        } else {
            digits(first)
        };
        if whole == 0 {
            return None;
        }
        let mut end = first + whole;
        let mut is_float = false;
        if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
            is_float = true;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > 0 {
                end += 1 + sign + exponent;
                is_float = true;
            }
        }
        self.at = end;
        Some((&self.text[start..end], is_float))
    }

    /// A string, its opening quote being behind us.
    fn string<E>(&mut self) -> Result<Cow<'t, str>, JsonError<E>> {
        let start = self.at;
        let mut built: Option<String> = None;
        let mut from = start;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest
                .iter()
                .take_while(|&&byte| byte != b'"' && byte != b'\\' && byte >= 0x20)
                .count();
            self.at += plain;
            match self.peek() {
                None => return Err(self.unterminated(start)),
                Some(b'"') => {
                    let last = &self.text[from..self.at];
                    self.at += 1;
                    if let Some(at) = self.surrogate.take() {
                        return Err(JsonError::Surrogate {
                            position: self.position(at),
                        });
                    }
                    return Ok(match built {
                        None => Cow::Borrowed(last),
                        Some(built) => Cow::Owned(built + last),
                    });
                }
                Some(b'\\') => {
                    let built = built.get_or_insert_default();
                    built.push_str(&self.text[from..self.at]);
                    built.push(self.escape(start)?);
                    from = self.at;
                }
                Some(_) if self.options.strict => {
                    return Err(self.error("Invalid control character at", self.at));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn unterminated<E>(&self, start: usize) -> JsonError<E> {
        let position = self.position(start).wrapping_sub(1);
        JsonError::Syntax {
            message: "Unterminated string starting at",
            position,
        }
    }

    fn escape<E>(&mut self, start: usize) -> Result<char, JsonError<E>> {
        let backslash = self.at;
        let kind = self.text.as_bytes().get(backslash + 1).copied();
        let letter = match kind {
            None => return Err(self.unterminated(start)),
            Some(b'u') => return self.unicode_escape(),
            Some(quoted @ (b'"' | b'\\' | b'/')) => quoted as char,
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Err(self.error("Invalid \\escape", backslash)),
        };
        self.at += 2;
        Ok(letter)
    }

    /// `\uXXXX`, two of them for a code point beyond the basic plane. As in CPython, something must follow.
    fn unicode_escape<E>(&mut self) -> Result<char, JsonError<E>> {
        let backslash = self.at;
        let message = "Invalid \\uXXXX escape";
        let high = match self.hex_digits(backslash + 2) {
            Some(high) if backslash + 6 < self.text.len() => high,
            _ => return Err(self.error(message, backslash + 1)),
        };
        self.at = backslash + 6;
        if let Some(letter) = char::from_u32(high) {
            return Ok(letter);
        }
        let rest = &self.text[self.at..];
        if high < 0xdc00 && rest.starts_with("\\u") && rest.chars().nth(6).is_some() {
            let Some(low) = self.hex_digits(self.at + 2) else {
                return Err(self.error(message, self.at + 1));
            };
            if let 0xdc00..=0xdfff = low {
                self.at += 6;
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        // The string is read to its end, since a mistake in it comes first.
        self.surrogate = self.surrogate.or(Some(backslash));
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex_digits(&self, at: usize) -> Option<u32> {
        let digits = self.text.as_bytes().get(at..at + 4)?;
        digits.iter().try_fold(0, |sum, &byte| {
            Some(sum * 16 + (byte as char).to_digit(16)?)
        })
    }
}

/// Appends a string as `json.dumps` writes it; the caller charges up to twelve bytes for each of its own.
pub fn encode_string(text: &str, ensure_ascii: bool, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, letter) in text.char_indices() {
        let plain = match letter {
            '"' | '\\' | '\0'..='\x1f' => false,
            ' '..='~' => true,
            _ => !ensure_ascii,
        };
        if !plain {
            out.push_str(&text[from..at]);
            push_escape(letter, out);
            from = at + letter.len_utf8();
        }
    }
    out.push_str(&text[from..]);
    out.push('"');
}

fn push_escape(letter: char, out: &mut String) {
    match letter {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        letter => {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
}

/// A float as `json.dumps` writes it; without `allow_nan`, what is no JSON is CPython's `ValueError`.
pub fn encode_float(value: f64, allow_nan: bool) -> Result<String, Fault> {
    let written = float::repr(value);
    if value.is_finite() {
        return Ok(written);
    }
    if !allow_nan {
        return Err(Fault::value(format!(
            "Out of range float values are not JSON compliant: {written}"
        )));
    }
    Ok(String::from(match written.as_str() {
        "nan" => "NaN",
        "inf" => "Infinity",
        _ => "-Infinity",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// Writes a document again, without white space.
    struct Echo(String);

    impl Visitor for Echo {
        type Error = ();
        fn null(&mut self) -> Result<(), ()> {
            self.push("null,")
        }
        fn boolean(&mut self, value: bool) -> Result<(), ()> {
            self.push(if value { "true," } else { "false," })
        }
        fn number(&mut self, written: &str, _: bool) -> Result<(), ()> {
            self.push(&format!("{written},"))
        }
        fn constant(&mut self, written: &str) -> Result<(), ()> {
            self.push(&format!("{written},"))
        }
        fn string(&mut self, value: Cow<'_, str>) -> Result<(), ()> {
            self.push(&format!("{value:?},"))
        }
        fn begin_list(&mut self) -> Result<(), ()> {
            self.push("[")
        }
        fn end_list(&mut self) -> Result<(), ()> {
            self.push("],")
        }
        fn begin_object(&mut self) -> Result<(), ()> {
            self.push("{")
        }
        fn key(&mut self, key: Cow<'_, str>) -> Result<(), ()> {
            self.push(&format!("{key:?}:"))
        }
        fn end_object(&mut self) -> Result<(), ()> {
            self.push("},")
        }
    }

    impl Echo {
        fn push(&mut self, text: &str) -> Result<(), ()> {
            self.0.push_str(text);
            Ok(())
        }
    }

    fn echo(text: &str) -> Result<String, JsonError<()>> {
        let mut echo = Echo(String::new());
        parse_document(
            text,
            Options {
                strict: true,
                depth_max: 50,
            },
            &mut echo,
        )?;
        Ok(echo.0)
    }

    #[test]
    fn documents_are_read_in_order() {
        let text = r#" {"a": [1, -2.5e3, []], "b\u00e9\ud83d\ude00": {"c": null}} "#;
        let expected = r#"{"a":[1,-2.5e3,[],],"bé😀":{"c":null,},},"#;
        assert_eq!(echo(text), Ok(expected.to_string()));
    }

    #[test]
    fn mistakes_have_positions() {
        let error = |message, position| Err(JsonError::Syntax { message, position });
        assert_eq!(echo("[1,]"), error("Expecting value", 3));
        assert_eq!(echo("{\"é\" 1}"), error("Expecting ':' delimiter", 5));
        assert_eq!(echo(""), error("Expecting value", 0));
        assert_eq!(
            error_text("Extra data", "1\n2", 2),
            "Extra data: line 2 column 1 (char 2)"
        );
    }

    #[test]
    fn depth_is_limited() {
        assert_eq!(
            echo(&"[".repeat(1_000_000)),
            Err(JsonError::TooDeep { in_object: false })
        );
    }
}
