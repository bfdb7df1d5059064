//! `bytes` and `bytearray`: constructor, methods, items, and the encodings between text and bytes.
//!
//! Encodings are UTF-8, UTF-16, UTF-32, ASCII and Latin-1; others that CPython knows are refused by name.

use super::common::{self, bound, receiver, room, see, size_arg, unpack, Signature};
use super::int::surrogate;
use super::support::{self, comparisons, Outcome};
use crate::class::Type;
use crate::code::{BinaryOp, CompareOp};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::{Adapt, Trap};
use crate::value::{Kind, Slot, Value};
use alloc::{borrow::Cow, format, string::{String, ToString}, vec::Vec};
use memchr::memmem;
use num_traits::ToPrimitive;

const BYTES: &[Kind] = &[Kind::Bytes, Kind::ByteArray];

comparisons!("bytes", BYTES, "__call_");

/// The class of the receiver, as messages name it.
fn owner(kind: Kind) -> &'static str {
    if kind == Kind::ByteArray { "bytearray" } else { "bytes" }
}

/// The receiver after a check of the number of arguments.
fn this(m: &mut Machine, args: &Args, name: &str, min: usize, max: usize) -> Result<Slot, Trap> {
    let this = receiver(m, args, BYTES, "bytes", name)?;
    common::expect_method(m, args, owner(this.kind), name, min, max)?;
    m.spend(m.bytes_of(this).len() as u64 / 2)?;
    Ok(this)
}

/// New bytes of the same kind.
fn wrap(m: &mut Machine, kind: Kind, bytes: Vec<u8>) -> Outcome {
    if kind != Kind::ByteArray {
        return m.new_bytes(bytes);
    }
    m.charge(40 + bytes.len() as u64)?;
    m.heap.bytes += 40 + bytes.len() as u64;
    Ok(Value::object(Kind::ByteArray, m.heap.byte_arrays.add(bytes)))
}

/// Bytes of a `bytes`, `bytearray` or `memoryview`, also of a derived class.
fn plain_bytes(m: &Machine, slot: Slot) -> Option<Vec<u8>> {
    let plain = m.payload(slot);
    match m.view_of(plain) {
        Some(view) => Some(m.view_bytes(view)),
        None => BYTES.contains(&plain.kind).then(|| m.bytes_of(plain).to_vec()),
    }
}

/// The value, or the bytes that a view shows as an object of their own.
pub(crate) fn without_view(m: &mut Machine, plain: Slot) -> Result<Slot, Trap> {
    match m.view_of(plain) {
        Some(view) => {
            let bytes = m.view_bytes(view);
            m.new_bytes(bytes).map(Value::slot)
        }
        None => Ok(plain),
    }
}

fn bytes_like(m: &mut Machine, slot: Slot) -> Result<Vec<u8>, Trap> {
    match plain_bytes(m, slot) {
        Some(bytes) => Ok(bytes),
        None => {
            let class = m.type_name(slot);
            Err(m.type_error(format!("a bytes-like object is required, not '{class}'")))
        }
    }
}

/// A byte from an int; `what` names what it must be.
fn byte(m: &mut Machine, slot: Slot, what: &str) -> Result<u8, Trap> {
    let number = m.int_arg(slot)?;
    match number.to_u8() {
        Some(byte) => Ok(byte),
        None => Err(m.value_error(format!("{what} must be in range(0, 256)"))),
    }
}

/// The bytes that a list of ints stands for; `what` is "bytes" or "byte", as the message has it.
pub fn bytes_of_items(m: &mut Machine, items: &[Slot], what: &str) -> Result<Vec<u8>, Trap> {
    m.spend(2 * items.len() as u64)?;
    let mut bytes = Vec::with_capacity(items.len());
    for item in items {
        let item = *m.force(*item)?;
        see(m, item);
        bytes.push(byte(m, item, what)?);
    }
    Ok(bytes)
}

// ---- construction

const NEW: Signature<3> = Signature { name: "bytes", names: ["source", "encoding", "errors"], positional: 3, required: 0 };

fn bytes_new(m: &mut Machine, args: &Args) -> Outcome {
    construct(m, args, Kind::Bytes)
}

fn bytearray_new(m: &mut Machine, args: &Args) -> Outcome {
    construct(m, args, Kind::ByteArray)
}

fn construct(m: &mut Machine, args: &Args, kind: Kind) -> Outcome {
    let signature = Signature { name: owner(kind), ..NEW };
    let [source, encoding, errors] = unpack(m, args, 1, &signature)?;
    let text = source.filter(|source| m.text_of(**source).is_some());
    match (text, encoding, errors) {
        (Some(text), Some(_), _) => {
            let encoding = codec_name(m, owner(kind), "encoding", encoding, "utf-8")?;
            let errors = codec_name(m, owner(kind), "errors", errors, "strict")?;
            let payload = m.payload(*text);
            let bytes = encode(m, payload, &encoding, &errors).map_err(|trap| match trap {
                Trap::Call(_) if kind == Kind::ByteArray => m.raise(Type::NotImplementedError, "not supported: a bytearray by an encoding of the program"),
                other => other,
            })?;
            return wrap(m, kind, bytes);
        }
        (Some(_), None, _) => return Err(m.type_error("string argument without an encoding")),
        (None, Some(_), _) => return Err(m.type_error("encoding without a string argument")),
        (None, None, Some(_)) => return Err(m.type_error("errors without a string argument")),
        (None, None, None) => {}
    }
    match source {
        None => wrap(m, kind, Vec::new()),
        Some(source) => convert(m, args, source, kind),
    }
}

fn convert(m: &mut Machine, args: &Args, source: Value, kind: Kind) -> Outcome {
    if let Some(method) = m.user_method(*source, m.names.bytes).filter(|_| kind == Kind::Bytes) {
        return Err(m.call_trap(method, Vec::from([*source]), Adapt::Plain));
    }
    let plain = m.payload(*source);
    if let Some(length) = common::integer(m, plain) {
        let Some(length) = length.to_i64() else {
            return Err(m.raise(Type::OverflowError, "cannot fit 'int' into an index-sized integer"));
        };
        let Ok(length) = usize::try_from(length) else { return Err(m.value_error("negative count")) };
        m.charge(length as u64)?;
        m.spend(length as u64 / 64)?;
        return wrap(m, kind, alloc::vec![0; length]);
    }
    if let Some(bytes) = plain_bytes(m, plain) {
        return wrap(m, kind, bytes);
    }
    if !m.iterable(*source) {
        let class = m.type_name(*source);
        return Err(m.type_error(format!("cannot convert '{class}' object to {}", owner(kind))));
    }
    let (native, what) = if kind == Kind::Bytes { ("bytes.__new__", "bytes") } else { ("bytearray.__new__", "byte") };
    let items = m.items_or_collect(args, 1, native)?;
    let bytes = bytes_of_items(m, &items, what)?;
    wrap(m, kind, bytes)
}

fn from_hex(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "bytes.fromhex", 1, 1, 1)?;
    let (class, source) = (m.arg(args, 0)?, m.arg(args, 1)?);
    let Some(text) = common::text(m, *source) else {
        let class = m.type_name(*source);
        return Err(m.type_error(format!("fromhex() argument must be str, not {class}")));
    };
    let bytes = match read_hex(&text) {
        Ok(bytes) => bytes,
        Err(at) => return Err(m.value_error(format!("non-hexadecimal number found in fromhex() arg at position {at}"))),
    };
    let array = m.is_subclass(class.handle(), Type::ByteArray.handle());
    let value = wrap(m, if array { Kind::ByteArray } else { Kind::Bytes }, bytes)?;
    let exact = [Type::Bytes.handle(), Type::ByteArray.handle()].contains(&class.handle());
    if exact { Ok(value) } else { Err(m.call_trap(*class, Vec::from([*value]), Adapt::Plain)) }
}

/// Pairs of digits with white space between them, or where that ends.
fn read_hex(text: &str) -> Result<Vec<u8>, usize> {
    let letters: Vec<char> = text.chars().collect();
    let mut bytes = Vec::with_capacity(letters.len() / 2);
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        if is_space_char(*letter) {
            at += 1;
            continue;
        }
        let high = letter.to_digit(16).ok_or(at)?;
        let low = letters.get(at + 1).and_then(|letter| letter.to_digit(16)).ok_or(at + 1)?;
        bytes.push((high * 16 + low) as u8);
        at += 2;
    }
    Ok(bytes)
}

fn is_space_char(letter: char) -> bool {
    matches!(letter, ' ' | '\t'..='\r')
}

fn is_space(byte: u8) -> bool {
    is_space_char(byte as char)
}

const HEX: Signature<2> = Signature { name: "hex", names: ["sep", "bytes_per_sep"], positional: 2, required: 0 };

fn hex(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "hex")?;
    let bytes = m.bytes_of(this).to_vec();
    hex_of(m, args, bytes)
}

/// `hex` of these bytes, with the arguments of the method.
pub(crate) fn hex_of(m: &mut Machine, args: &Args, bytes: Vec<u8>) -> Outcome {
    let [separator, group] = unpack(m, args, 1, &HEX)?;
    let group = group.map_or(Ok(1), |group| size_arg(m, *group))?;
    let separator = match separator {
        None => None,
        Some(separator) => Some(hex_separator(m, separator)?),
    };
    m.charge(4 * bytes.len() as u64)?;
    m.spend(4 * bytes.len() as u64)?;
    let mut out = String::with_capacity(3 * bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        // A positive group counts from the right, a negative one from the left.
        let edge = if group > 0 { (bytes.len() - at) as u64 % group.unsigned_abs() == 0 } else { group != 0 && at as u64 % group.unsigned_abs() == 0 };
        if let Some(separator) = separator.filter(|_| at > 0 && edge) {
            out.push(separator);
        }
        out.push_str(&format!("{byte:02x}"));
    }
    m.new_str(out)
}

fn hex_separator(m: &mut Machine, separator: Value) -> Result<char, Trap> {
    let text = match (common::text(m, *separator), plain_bytes(m, *separator)) {
        (Some(text), _) => text,
        (None, Some(bytes)) => bytes.iter().map(|&byte| byte as char).collect(),
        (None, None) => {
            let (class, length) = (m.type_name(*separator), m.length(*separator)?);
            return Err(m.type_error(match length {
                Some(_) => "sep must be str or bytes.".into(),
                None => format!("object of type '{class}' has no len()"),
            }));
        }
    };
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii() => Ok(letter),
        (Some(_), None) => Err(m.value_error("sep must be ASCII.")),
        _ => Err(m.value_error("sep must be length 1.")),
    }
}

// ---- encodings

/// `encoding` or `errors` as text; `function` names the caller in messages.
pub fn codec_name(m: &mut Machine, function: &str, what: &str, value: Option<Value>, usual: &str) -> Result<String, Trap> {
    let Some(value) = value else { return Ok(usual.into()) };
    match common::text(m, *value) {
        Some(text) => Ok(text),
        None => {
            let class = m.type_name(*value);
            Err(m.type_error(format!("{function}() argument '{what}' must be str, not {class}")))
        }
    }
}

/// The encodings that are here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    Utf8,
    Utf8Sig,
    /// Bytes of a unit; its order, or the machine's with a mark.
    Utf16(Order),
    Utf32(Order),
    Ascii,
    Latin1,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Marked,
    Little,
    Big,
}

/// Beginnings of names of encodings that CPython has and that are not here.
const OTHERS: &[&str] = &["cp", "windows", "iso", "koi8", "mac", "gb", "big5", "euc", "shift", "sjis", "hz", "utf_7", "punycode", "idna", "base64", "hex", "rot", "zlib", "bz2", "unicode", "raw", "quopri", "uu", "johab", "ptcp", "tis", "kz", "hp", "palmos"];

/// Hidden code does it: an encoding of the program's, or (`known`) one of ours with a handler of errors that is not built in.
fn by_program(m: &mut Machine, hidden: &str, source: Slot, encoding: &str, errors: &str, known: bool) -> Trap {
    let (encoding, errors) = (m.intern_value(encoding), m.intern_value(errors));
    m.call_hidden(hidden, &[source, encoding, errors, Slot::bool(known)])
}

/// Is this a handler of errors that needs no program code?
fn is_built_in(errors: &str) -> bool {
    matches!(errors, "strict" | "ignore" | "replace" | "backslashreplace" | "xmlcharrefreplace" | "surrogateescape" | "surrogatepass")
}

/// The codec of a name; None where a program may know it.
fn codec(m: &mut Machine, name: &str) -> Result<Option<Codec>, Trap> {
    let folded: String = name.to_ascii_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    Ok(Some(match folded.as_str() {
        "utf_8" | "utf8" | "u8" | "utf" | "cp65001" | "utf8_ucs2" | "utf8_ucs4" => Codec::Utf8,
        "utf_8_sig" | "utf8_sig" => Codec::Utf8Sig,
        "ascii" | "us_ascii" | "646" | "us" | "iso646_us" | "ansi_x3_4_1968" => Codec::Ascii,
        "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859" | "8859" | "cp819" => Codec::Latin1,
        "utf_16" | "utf16" | "u16" => Codec::Utf16(Order::Marked),
        "utf_16_le" | "utf_16le" | "utf16_le" | "unicodelittleunmarked" => Codec::Utf16(Order::Little),
        "utf_16_be" | "utf_16be" | "utf16_be" | "unicodebigunmarked" => Codec::Utf16(Order::Big),
        "utf_32" | "utf32" | "u32" => Codec::Utf32(Order::Marked),
        "utf_32_le" | "utf_32le" | "utf32_le" => Codec::Utf32(Order::Little),
        "utf_32_be" | "utf_32be" | "utf32_be" => Codec::Utf32(Order::Big),
        other if OTHERS.iter().any(|start| other.starts_with(start)) => {
            return Err(m.raise(Type::NotImplementedError, format!("not supported: the encoding {name}")));
        }
        _ => return Ok(None),
    }))
}

/// `text.encode(encoding, errors)`.
pub fn encode(m: &mut Machine, text: Slot, encoding: &str, errors: &str) -> Result<Vec<u8>, Trap> {
    let Some(codec) = codec(m, encoding)? else { return Err(by_program(m, "__encode__", text, encoding, errors, false)) };
    let source = m.heap.text(text.handle()).to_string();
    m.charge(4 * source.len() as u64)?;
    m.spend(source.len() as u64 )?;
    Ok(match codec {
        Codec::Utf8 => source.into_bytes(),
        Codec::Utf8Sig => ["\u{feff}", &source].concat().into_bytes(),
        Codec::Utf16(order) => {
            let units = mark(order).chain(source.chars()).flat_map(|letter| {
                let mut pair = [0; 2];
                letter.encode_utf16(&mut pair).to_vec()
            });
            units.flat_map(|unit| if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        }
        Codec::Utf32(order) => {
            let units = mark(order).chain(source.chars()).map(u32::from);
            units.flat_map(|unit| if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        }
        Codec::Ascii => encode_narrow(m, text, &source, ("ascii", 128), errors)?,
        Codec::Latin1 => encode_narrow(m, text, &source, ("latin-1", 256), errors)?,
    })
}

fn mark(order: Order) -> impl Iterator<Item = char> {
    (order == Order::Marked).then_some('\u{feff}').into_iter()
}

/// Encodings of one byte a letter.
fn encode_narrow(m: &mut Machine, text: Slot, source: &str, (name, limit): (&str, u32), errors: &str) -> Result<Vec<u8>, Trap> {
    let mut out = Vec::with_capacity(source.len());
    let mut letters = source.chars().enumerate().peekable();
    while let Some((at, letter)) = letters.next() {
        if (letter as u32) < limit {
            out.push(letter as u8);
            continue;
        }
        if errors == "strict" || errors == "surrogateescape" || errors == "surrogatepass" {
            let mut end = at + 1;
            while letters.next_if(|(_, letter)| *letter as u32 >= limit).is_some() {
                end += 1;
            }
            return Err(encode_error(m, text, name, (at, end), limit));
        }
        let code = letter as u32;
        match errors {
            "ignore" => {}
            "replace" => out.push(b'?'),
            "xmlcharrefreplace" => out.extend(format!("&#{code};").bytes()),
            "backslashreplace" => out.extend(backslashed(code).bytes()),
            _ => return Err(by_program(m, "__encode__", text, name, errors, true)),
        }
    }
    Ok(out)
}

fn backslashed(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

fn encode_error(m: &mut Machine, text: Slot, name: &str, (start, end): (usize, usize), limit: u32) -> Trap {
    let (name, reason) = (m.intern_value(name), format!("ordinal not in range({limit})"));
    let reason = m.intern_value(&reason);
    m.raise_with(Type::UnicodeEncodeError, &[name, text, Slot::int(start as i64), Slot::int(end as i64), reason])
}

const DECODE: Signature<2> = Signature { name: "decode", names: ["encoding", "errors"], positional: 2, required: 0 };

fn decode_method(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "decode")?;
    let [encoding, errors] = unpack(m, args, 1, &DECODE)?;
    let encoding = codec_name(m, "decode", "encoding", encoding, "utf-8")?;
    let errors = codec_name(m, "decode", "errors", errors, "strict")?;
    let text = decode(m, this, &encoding, &errors)?;
    m.new_str(text)
}

/// `str(object, encoding, errors)`.
pub fn decode_to_str(m: &mut Machine, object: Option<Value>, encoding: Option<Value>, errors: Option<Value>) -> Outcome {
    let encoding = codec_name(m, "str", "encoding", encoding, "utf-8")?;
    let errors = codec_name(m, "str", "errors", errors, "strict")?;
    let Some(object) = object else { return m.new_str("") };
    let plain = m.payload(*object);
    let plain = without_view(m, plain)?;
    if BYTES.contains(&plain.kind) {
        let text = decode(m, plain, &encoding, &errors)?;
        return m.new_str(text);
    }
    let class = m.type_name(*object);
    Err(m.type_error(match plain.kind {
        Kind::Str => "decoding str is not supported".into(),
        _ => format!("decoding to str: need a bytes-like object, {class} found"),
    }))
}

/// A place where bytes are no text: from, to, and why.
struct Flaw {
    start: usize,
    end: usize,
    reason: &'static str,
}

fn decode(m: &mut Machine, source: Slot, encoding: &str, errors: &str) -> Result<String, Trap> {
    let Some(codec) = codec(m, encoding)? else { return Err(by_program(m, "__decode__", source, encoding, errors, false)) };
    let bytes = m.bytes_of(source).to_vec();
    m.charge(4 * bytes.len() as u64)?;
    m.spend(bytes.len() as u64 )?;
    let (name, rest, next): (&str, usize, Next) = match codec {
        Codec::Utf8 => ("utf-8", 0, next_utf8),
        Codec::Utf8Sig => ("utf-8", if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }, next_utf8),
        Codec::Ascii => ("ascii", 0, next_ascii),
        Codec::Latin1 => ("latin-1", 0, |bytes, at| Ok((Cow::Owned(String::from(bytes[at] as char)), at + 1))),
        Codec::Utf16(order) => match (order, bytes.get(..2)) {
            (Order::Marked, Some([0xff, 0xfe])) => ("utf-16-le", 2, next_utf16_little),
            (Order::Marked, Some([0xfe, 0xff])) => ("utf-16-be", 2, next_utf16_big),
            (Order::Big, _) => ("utf-16-be", 0, next_utf16_big),
            _ => ("utf-16-le", 0, next_utf16_little),
        },
        Codec::Utf32(order) => match (order, bytes.get(..4)) {
            (Order::Marked, Some([0xff, 0xfe, 0, 0])) => ("utf-32-le", 4, next_utf32_little),
            (Order::Marked, Some([0, 0, 0xfe, 0xff])) => ("utf-32-be", 4, next_utf32_big),
            (Order::Big, _) => ("utf-32-be", 0, next_utf32_big),
            _ => ("utf-32-le", 0, next_utf32_little),
        },
    };
    let mut out = String::with_capacity(bytes.len());
    let mut at = rest;
    while at < bytes.len() {
        match next(&bytes, at) {
            Ok((piece, end)) => {
                out.push_str(&piece);
                at = end;
            }
            Err(_) if !is_built_in(errors) => return Err(by_program(m, "__decode__", source, encoding, errors, true)),
            Err(flaw) => {
                mend(m, source, &bytes, name, &flaw, errors, &mut out)?;
                at = flaw.end;
            }
        }
    }
    Ok(out)
}

/// Reads text from a place on, as much as is right, and says where it ended.
type Next = for<'b> fn(&'b [u8], usize) -> Result<(Cow<'b, str>, usize), Flaw>;

fn next_utf8(bytes: &[u8], at: usize) -> Result<(Cow<'_, str>, usize), Flaw> {
    let error = match core::str::from_utf8(&bytes[at..]) {
        Ok(text) => return Ok((Cow::Borrowed(text), bytes.len())),
        Err(error) => error,
    };
    if error.valid_up_to() > 0 {
        let end = at + error.valid_up_to();
        return Ok((String::from_utf8_lossy(&bytes[at..end]), end));
    }
    Err(match error.error_len() {
        None => Flaw { start: at, end: bytes.len(), reason: "unexpected end of data" },
        Some(length) => {
            let starts = matches!(bytes[at], 0xc2..=0xf4);
            Flaw { start: at, end: at + length, reason: if starts { "invalid continuation byte" } else { "invalid start byte" } }
        }
    })
}

fn next_ascii(bytes: &[u8], at: usize) -> Result<(Cow<'_, str>, usize), Flaw> {
    match bytes[at] {
        byte @ 0..=127 => Ok((Cow::Owned(String::from(byte as char)), at + 1)),
        _ => Err(Flaw { start: at, end: at + 1, reason: "ordinal not in range(128)" }),
    }
}

fn next_utf16(bytes: &[u8], at: usize, unit: fn([u8; 2]) -> u16) -> Result<(Cow<'_, str>, usize), Flaw> {
    let read = |at: usize| bytes.get(at..at + 2).map(|pair| unit([pair[0], pair[1]]));
    let Some(first) = read(at) else { return Err(Flaw { start: at, end: bytes.len(), reason: "truncated data" }) };
    let second = if (0xd800..0xdc00).contains(&first) { read(at + 2) } else { None };
    let units: Vec<u16> = [Some(first), second].into_iter().flatten().collect();
    match char::decode_utf16(units.iter().copied()).next() {
        Some(Ok(letter)) => Ok((Cow::Owned(String::from(letter)), at + 2 * letter.len_utf16())),
        _ if (0xd800..0xdc00).contains(&first) && second.is_none() => {
            Err(Flaw { start: at, end: bytes.len(), reason: "unexpected end of data" })
        }
        _ if (0xdc00..0xe000).contains(&first) => Err(Flaw { start: at, end: at + 2, reason: "illegal encoding" }),
        _ => Err(Flaw { start: at, end: at + 2, reason: "illegal UTF-16 surrogate" }),
    }
}

fn next_utf16_little(bytes: &[u8], at: usize) -> Result<(Cow<'_, str>, usize), Flaw> {
    next_utf16(bytes, at, u16::from_le_bytes)
}

fn next_utf16_big(bytes: &[u8], at: usize) -> Result<(Cow<'_, str>, usize), Flaw> {
    next_utf16(bytes, at, u16::from_be_bytes)
}

fn next_utf32(bytes: &[u8], at: usize, unit: fn([u8; 4]) -> u32) -> Result<(Cow<'_, str>, usize), Flaw> {
    let Some(quad) = bytes.get(at..at + 4) else { return Err(Flaw { start: at, end: bytes.len(), reason: "truncated data" }) };
    let code = unit([quad[0], quad[1], quad[2], quad[3]]);
    match char::from_u32(code) {
        Some(letter) => Ok((Cow::Owned(String::from(letter)), at + 4)),
        None if code < 0x110000 => Err(Flaw { start: at, end: at + 4, reason: "code point in surrogate code point range(0xd800, 0xe000)" }),
        None => Err(Flaw { start: at, end: at + 4, reason: "code point not in range(0x110000)" }),
    }
}

fn next_utf32_little(bytes: &[u8], at: usize) -> Result<(Cow<'_, str>, usize), Flaw> {
    next_utf32(bytes, at, u32::from_le_bytes)
}

fn next_utf32_big(bytes: &[u8], at: usize) -> Result<(Cow<'_, str>, usize), Flaw> {
    next_utf32(bytes, at, u32::from_be_bytes)
}

/// What the error handler makes of a flaw.
fn mend(m: &mut Machine, source: Slot, bytes: &[u8], name: &str, flaw: &Flaw, errors: &str, out: &mut String) -> Result<(), Trap> {
    match errors {
        "strict" => Err(decode_error(m, source, name, flaw)),
        "ignore" => Ok(()),
        "replace" => {
            out.push('\u{fffd}');
            Ok(())
        }
        "backslashreplace" => {
            out.extend(bytes[flaw.start..flaw.end].iter().map(|byte| format!("\\x{byte:02x}")));
            Ok(())
        }
        _ => Err(surrogate(m)),
    }
}

fn decode_error(m: &mut Machine, source: Slot, name: &str, flaw: &Flaw) -> Trap {
    let bytes = match source.kind {
        Kind::Bytes => source,
        _ => {
            let copy = m.bytes_of(source).to_vec();
            m.new_bytes(copy).map_or(source, Value::slot)
        }
    };
    let (name, reason) = (m.intern_value(name), m.intern_value(flaw.reason));
    m.raise_with(Type::UnicodeDecodeError, &[name, bytes, Slot::int(flaw.start as i64), Slot::int(flaw.end as i64), reason])
}

// ---- search

/// What is looked for: bytes, or one byte given as an int.
fn needle(m: &mut Machine, slot: Slot) -> Result<Vec<u8>, Trap> {
    if let Some(bytes) = plain_bytes(m, slot) {
        return Ok(bytes);
    }
    if common::integer(m, slot).is_some() {
        return Ok(alloc::vec![byte(m, slot, "byte")?]);
    }
    let class = m.type_name(slot);
    Err(m.type_error(format!("argument should be integer or bytes-like object, not '{class}'")))
}

/// The part of the bytes between two bounds and where it begins; None when the start is behind the end.
fn window(bytes: &[u8], start: Option<i64>, stop: Option<i64>) -> Option<(&[u8], usize)> {
    let (start, stop) = crate::kernel::text::clamp_bounds(bytes.len(), start, stop);
    (start <= stop).then(|| (&bytes[start..stop], start))
}

/// Receiver, needle and bounds of `find` and its kin.
fn search(m: &mut Machine, args: &Args, name: &str) -> Result<(Slot, Vec<u8>, Option<i64>, Option<i64>), Trap> {
    let this = receiver(m, args, BYTES, "bytes", name)?;
    common::expect_count(m, args, owner(this.kind), name, 1, 3)?;
    m.spend(m.bytes_of(this).len() as u64 / 2)?;
    let wanted = m.arg(args, 1)?;
    let (start, stop) = (m.optional(args, 2)?, m.optional(args, 3)?);
    let wanted = needle(m, *wanted)?;
    Ok((this, wanted, bound(m, start)?, bound(m, stop)?))
}

fn position(m: &mut Machine, args: &Args, name: &str) -> Result<Option<usize>, Trap> {
    let (this, wanted, start, stop) = search(m, args, name)?;
    let Some((part, offset)) = window(m.bytes_of(this), start, stop) else { return Ok(None) };
    let at = if name.starts_with('r') { memmem::rfind(part, &wanted) } else { memmem::find(part, &wanted) };
    Ok(at.map(|at| at + offset))
}

fn find(m: &mut Machine, args: &Args, name: &str) -> Outcome {
    position(m, args, name).map(|at| Value::int(at.map_or(-1, |at| at as i64)))
}

fn index(m: &mut Machine, args: &Args, name: &str) -> Outcome {
    match position(m, args, name)? {
        Some(at) => Ok(Value::int(at as i64)),
        None => Err(m.value_error("subsection not found")),
    }
}

fn count(m: &mut Machine, args: &Args) -> Outcome {
    let (this, wanted, start, stop) = search(m, args, "count")?;
    Ok(Value::int(match window(m.bytes_of(this), start, stop) {
        None => 0,
        Some((part, _)) if wanted.is_empty() => part.len() as i64 + 1,
        Some((part, _)) => memmem::find_iter(part, &wanted).count() as i64,
    }))
}

fn matches_end(m: &mut Machine, args: &Args, name: &str, matches: fn(&[u8], &[u8]) -> bool) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", name)?;
    common::expect_count(m, args, owner(this.kind), name, 1, 3)?;
    let wanted = *m.arg(args, 1)?;
    let (start, stop) = (m.optional(args, 2)?, m.optional(args, 3)?);
    let (start, stop) = (bound(m, start)?, bound(m, stop)?);
    let plain = m.payload(wanted);
    let candidates = match plain.kind {
        Kind::Tuple => {
            let mut all = Vec::new();
            for item in m.items(plain).to_vec() {
                let item = *m.force(item)?;
                all.push(bytes_like(m, item)?);
            }
            all
        }
        _ => match plain_bytes(m, plain) {
            Some(bytes) => Vec::from([bytes]),
            None => {
                let class = m.type_name(wanted);
                return Err(m.type_error(format!("{name} first arg must be bytes or a tuple of bytes, not {class}")));
            }
        },
    };
    let part = window(m.bytes_of(this), start, stop);
    Ok(Value::bool(part.is_some_and(|(part, _)| candidates.iter().any(|wanted| matches(part, wanted)))))
}

/// `item in bytes`.
pub fn contains(m: &mut Machine, plain: Slot, item: Slot) -> Result<bool, Trap> {
    if common::integer(m, item).is_some() {
        let wanted = byte(m, item, "byte")?;
        return Ok(m.bytes_of(plain).contains(&wanted));
    }
    let wanted = bytes_like(m, item)?;
    Ok(memmem::find(m.bytes_of(plain), &wanted).is_some())
}

// ---- changes

fn mapped(m: &mut Machine, args: &Args, name: &str, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Outcome {
    let this = this(m, args, name, 0, 0)?;
    let changed = change(m.bytes_of(this));
    wrap(m, this.kind, changed)
}

fn swap_case(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte }
}

fn title_case(bytes: &[u8]) -> Vec<u8> {
    let mut inside = false;
    let change = |&byte: &u8| {
        let changed = if inside { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        inside = byte.is_ascii_alphabetic();
        changed
    };
    bytes.iter().map(change).collect()
}

fn capitalized(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

fn tested(m: &mut Machine, args: &Args, name: &str, test: impl FnOnce(&[u8]) -> bool) -> Outcome {
    let this = this(m, args, name, 0, 0)?;
    Ok(Value::bool(test(m.bytes_of(this))))
}

fn all(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| test(byte))
}

fn is_upper(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)
}

fn is_lower(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)
}

fn is_title(bytes: &[u8]) -> bool {
    let text: String = bytes.iter().map(|&byte| if byte.is_ascii() { byte as char } else { ' ' }).collect();
    crate::kernel::text::is_title(&text)
}

// ---- cutting

fn list_of(m: &mut Machine, kind: Kind, parts: Vec<Vec<u8>>) -> Outcome {
    m.spend(16 * parts.len() as u64)?;
    let mut items = Vec::with_capacity(parts.len());
    for part in parts {
        items.push(*wrap(m, kind, part)?);
    }
    m.new_list(items)
}

const SPLIT: Signature<2> = Signature { name: "split", names: ["sep", "maxsplit"], positional: 2, required: 0 };

fn split(m: &mut Machine, args: &Args, name: &'static str) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", name)?;
    let [separator, maximum] = unpack(m, args, 1, &Signature { name, ..SPLIT })?;
    let separator = match separator.filter(|separator| !separator.is_none()) {
        None => None,
        Some(separator) => Some(bytes_like(m, *separator)?),
    };
    let maximum = maximum.map_or(Ok(-1), |maximum| size_arg(m, *maximum))?;
    let maximum = usize::try_from(maximum).unwrap_or(usize::MAX);
    if separator.as_ref().is_some_and(Vec::is_empty) {
        return Err(m.value_error("empty separator"));
    }
    let bytes = m.bytes_of(this).to_vec();
    m.spend(4 * bytes.len() as u64)?;
    let reverse = name == "rsplit";
    let parts = match separator {
        None if reverse => rsplit_space(&bytes, maximum),
        None => split_space(&bytes, maximum),
        Some(separator) => split_by(&bytes, &separator, maximum, reverse),
    };
    list_of(m, this.kind, parts)
}

fn split_space(bytes: &[u8], maximum: usize) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut rest = trimmed(bytes, is_space, true, false);
    while !rest.is_empty() {
        if parts.len() == maximum {
            parts.push(rest.to_vec());
            break;
        }
        let end = rest.iter().position(|&byte| is_space(byte)).unwrap_or(rest.len());
        parts.push(rest[..end].to_vec());
        rest = trimmed(&rest[end..], is_space, true, false);
    }
    parts
}

fn rsplit_space(bytes: &[u8], maximum: usize) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut rest = trimmed(bytes, is_space, false, true);
    while !rest.is_empty() {
        if parts.len() == maximum {
            parts.push(rest.to_vec());
            break;
        }
        let start = rest.iter().rposition(|&byte| is_space(byte)).map_or(0, |at| at + 1);
        parts.push(rest[start..].to_vec());
        rest = trimmed(&rest[..start], is_space, false, true);
    }
    parts.reverse();
    parts
}

fn split_by(bytes: &[u8], separator: &[u8], maximum: usize, reverse: bool) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while parts.len() < maximum {
        let at = if reverse { memmem::rfind(rest, separator) } else { memmem::find(rest, separator) };
        let Some(at) = at else { break };
        let (before, after) = (&rest[..at], &rest[at + separator.len()..]);
        parts.push(if reverse { after } else { before }.to_vec());
        rest = if reverse { before } else { after };
    }
    parts.push(rest.to_vec());
    if reverse {
        parts.reverse();
    }
    parts
}

const SPLITLINES: Signature<1> = Signature { name: "splitlines", names: ["keepends"], positional: 1, required: 0 };

fn splitlines(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "splitlines")?;
    let [keep] = unpack(m, args, 1, &SPLITLINES)?;
    let keep = keep.map_or(Ok(false), |keep| m.truth(*keep))?;
    let bytes = m.bytes_of(this).to_vec();
    m.spend(4 * bytes.len() as u64)?;
    let mut parts = Vec::new();
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let after = end + if rest[end..].starts_with(b"\r\n") { 2 } else { usize::from(end < rest.len()) };
        parts.push(rest[..if keep { after } else { end }].to_vec());
        rest = &rest[after..];
    }
    list_of(m, this.kind, parts)
}

fn trimmed(bytes: &[u8], gone: impl Fn(u8) -> bool, left: bool, right: bool) -> &[u8] {
    let mut part = bytes;
    while let ([first, rest @ ..], true) = (part, left) {
        if !gone(*first) {
            break;
        }
        part = rest;
    }
    while let ([rest @ .., last], true) = (part, right) {
        if !gone(*last) {
            break;
        }
        part = rest;
    }
    part
}

fn strip(m: &mut Machine, args: &Args, name: &str, left: bool, right: bool) -> Outcome {
    let this = this(m, args, name, 0, 1)?;
    let stripped = match m.optional(args, 1)?.filter(|letters| !letters.is_none()) {
        None => trimmed(m.bytes_of(this), is_space, left, right).to_vec(),
        Some(letters) => {
            let letters = bytes_like(m, *letters)?;
            trimmed(m.bytes_of(this), |byte| letters.contains(&byte), left, right).to_vec()
        }
    };
    wrap(m, this.kind, stripped)
}

fn partition(m: &mut Machine, args: &Args, name: &str) -> Outcome {
    let this = this(m, args, name, 1, 1)?;
    let separator = *m.arg(args, 1)?;
    let separator = bytes_like(m, separator)?;
    if separator.is_empty() {
        return Err(m.value_error("empty separator"));
    }
    let bytes = m.bytes_of(this).to_vec();
    let reverse = name == "rpartition";
    let at = if reverse { memmem::rfind(&bytes, &separator) } else { memmem::find(&bytes, &separator) };
    let parts = match at {
        Some(at) => [bytes[..at].to_vec(), separator.clone(), bytes[at + separator.len()..].to_vec()],
        None if reverse => [Vec::new(), Vec::new(), bytes],
        None => [bytes, Vec::new(), Vec::new()],
    };
    let mut items = Vec::with_capacity(3);
    for part in parts {
        items.push(*wrap(m, this.kind, part)?);
    }
    m.new_tuple(items)
}

fn remove_end(m: &mut Machine, args: &Args, name: &str) -> Outcome {
    let this = this(m, args, name, 1, 1)?;
    let end = *m.arg(args, 1)?;
    let end = bytes_like(m, end)?;
    let bytes = m.bytes_of(this);
    let rest = if name == "removeprefix" { bytes.strip_prefix(end.as_slice()) } else { bytes.strip_suffix(end.as_slice()) };
    let rest = rest.unwrap_or(bytes).to_vec();
    wrap(m, this.kind, rest)
}

// ---- joining and filling

fn join(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "join", 1, 1)?;
    let source = *m.arg(args, 1)?;
    if !m.iterable(source) {
        return Err(m.type_error("can only join an iterable"));
    }
    let items = m.items_or_collect(args, 1, "bytes.join")?;
    let separator = m.bytes_of(this).to_vec();
    let mut joined = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let item = *m.force(item)?;
        see(m, item);
        let Some(bytes) = plain_bytes(m, item) else {
            let class = m.type_name(item);
            return Err(m.type_error(format!("sequence item {index}: expected a bytes-like object, {class} found")));
        };
        if index > 0 {
            joined.extend_from_slice(&separator);
        }
        joined.extend(bytes);
        m.charge(joined.len() as u64)?;
    }
    m.spend(joined.len() as u64 / 2)?;
    wrap(m, this.kind, joined)
}

fn replace(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "replace", 2, 3)?;
    let (old, new) = (*m.arg(args, 1)?, *m.arg(args, 2)?);
    let (old, new) = (bytes_like(m, old)?, bytes_like(m, new)?);
    let maximum = match m.optional(args, 3)? {
        Some(maximum) => size_arg(m, *maximum)?,
        None => -1,
    };
    let maximum = usize::try_from(maximum).unwrap_or(usize::MAX);
    let bytes = m.bytes_of(this).to_vec();
    let places: Vec<usize> = match old.is_empty() {
        true => (0..=bytes.len()).take(maximum).collect(),
        false => memmem::find_iter(&bytes, &old).take(maximum).collect(),
    };
    m.charge((places.len() as u64).saturating_mul(new.len() as u64).saturating_add(bytes.len() as u64))?;
    m.spend(bytes.len() as u64 / 4 + places.len() as u64 * 4)?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in places {
        out.extend_from_slice(&bytes[from..at]);
        out.extend_from_slice(&new);
        from = at + old.len();
    }
    out.extend_from_slice(&bytes[from..]);
    wrap(m, this.kind, out)
}

fn justify(m: &mut Machine, args: &Args, name: &str) -> Outcome {
    let this = this(m, args, name, 1, 2)?;
    let width = *m.arg(args, 1)?;
    let width = size_arg(m, width)?;
    let fill = match m.optional(args, 2)? {
        None => b' ',
        Some(fill) => match plain_bytes(m, *fill).as_deref() {
            Some([byte]) => *byte,
            _ => {
                let class = m.type_name(*fill);
                return Err(m.type_error(format!("{name}() argument 2 must be a byte string of length 1, not {class}")));
            }
        },
    };
    let length = m.bytes_of(this).len() as i64;
    let missing = width.saturating_sub(length).max(0);
    m.charge(missing as u64)?;
    let left = match name {
        "ljust" => 0,
        "rjust" => missing,
        _ => missing / 2 + (missing & width & 1),
    };
    let mut out = alloc::vec![fill; left as usize];
    out.extend_from_slice(m.bytes_of(this));
    out.resize(out.len() + (missing - left) as usize, fill);
    wrap(m, this.kind, out)
}

fn zfill(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "zfill", 1, 1)?;
    let width = *m.arg(args, 1)?;
    let width = size_arg(m, width)?;
    let bytes = m.bytes_of(this).to_vec();
    let missing = width.saturating_sub(bytes.len() as i64).max(0) as usize;
    m.charge(missing as u64)?;
    let sign = usize::from(missing > 0 && matches!(bytes.first(), Some(b'+' | b'-')));
    let mut out = bytes[..sign].to_vec();
    out.resize(sign + missing, b'0');
    out.extend_from_slice(&bytes[sign..]);
    wrap(m, this.kind, out)
}

const EXPANDTABS: Signature<1> = Signature { name: "expandtabs", names: ["tabsize"], positional: 1, required: 0 };

fn expandtabs(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "expandtabs")?;
    let [size] = unpack(m, args, 1, &EXPANDTABS)?;
    let size = size.map_or(Ok(8), |size| size_arg(m, *size))?;
    // Bytes as letters of the same number: the kernel of text counts columns alike.
    let text: String = m.bytes_of(this).iter().map(|&byte| byte as char).collect();
    let expanded = match crate::kernel::text::expand_tabs(&text, size, room(m)) {
        Ok(expanded) => expanded,
        Err(fault) => return Err(common::fault_trap(m, fault)),
    };
    m.spend(expanded.len() as u64)?;
    wrap(m, this.kind, expanded.chars().map(|letter| letter as u8).collect())
}

// ---- translation

const TRANSLATE: Signature<2> = Signature { name: "translate", names: ["", "delete"], positional: 2, required: 1 };

fn translate(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "translate")?;
    let [table, gone] = unpack(m, args, 1, &TRANSLATE)?;
    let table = match table.filter(|table| !table.is_none()) {
        None => None,
        Some(table) => Some(bytes_like(m, *table)?),
    };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(m.value_error("translation table must be 256 characters long"));
    }
    let gone = gone.map_or(Ok(Vec::new()), |gone| bytes_like(m, *gone))?;
    m.spend(m.bytes_of(this).len() as u64)?;
    let kept = m.bytes_of(this).iter().filter(|byte| !gone.contains(byte));
    let out = kept.map(|&byte| table.as_ref().map_or(byte, |table| table[byte as usize])).collect();
    wrap(m, this.kind, out)
}

fn maketrans(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "maketrans", 0, 2, 2)?;
    let (from, to) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let (from, to) = (bytes_like(m, from)?, bytes_like(m, to)?);
    if from.len() != to.len() {
        return Err(m.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (byte, other) in from.into_iter().zip(to) {
        table[byte as usize] = other;
    }
    m.new_bytes(table)
}

// ---- items

/// `bytes[key]`.
pub fn get_item(m: &mut Machine, bytes: Slot, key: Slot) -> Outcome {
    let bytes = m.payload(bytes);
    let plain = m.payload(key);
    match plain.kind {
        Kind::Int | Kind::Bool => match Machine::place(plain.as_int(), m.bytes_of(bytes).len()) {
            Some(at) => Ok(Value::int(i64::from(m.bytes_of(bytes)[at]))),
            None => Err(out_of_range(m, bytes.kind)),
        },
        Kind::Slice => {
            let (start, _, step, count) = m.slice_indices(plain, m.bytes_of(bytes).len() as u64)?;
            m.charge(count)?;
            let source = m.bytes_of(bytes);
            let sliced = (0..count as i64).map(|nth| source[(start + nth * step) as usize]).collect();
            wrap(m, bytes.kind, sliced)
        }
        _ => Err(bad_index(m, bytes, key)),
    }
}

fn out_of_range(m: &mut Machine, kind: Kind) -> Trap {
    let message = if kind == Kind::ByteArray { "bytearray index out of range" } else { "index out of range" };
    m.raise(Type::IndexError, message)
}

fn bad_index(m: &mut Machine, bytes: Slot, key: Slot) -> Trap {
    if m.payload(key).kind == Kind::Big {
        return m.raise(Type::IndexError, "cannot fit 'int' into an index-sized integer");
    }
    if m.user_method(key, m.names.index).is_some() {
        return m.call_hidden("__item_at__", &[bytes, key]);
    }
    let class = m.type_name(key);
    let what = if bytes.kind == Kind::ByteArray { "bytearray" } else { "byte" };
    m.type_error(format!("{what} indices must be integers or slices, not {class}"))
}

/// The bytes that are assigned to a slice.
fn assigned(m: &mut Machine, value: Slot) -> Result<Vec<u8>, Trap> {
    if let Some(bytes) = plain_bytes(m, value) {
        return Ok(bytes);
    }
    let items = if m.text_of(value).is_some() { None } else { m.items_of(value)? };
    match items {
        Some(items) => bytes_of_items(m, &items, "byte"),
        None => Err(m.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)")),
    }
}

/// `bytearray[key] = value`.
pub fn set_item(m: &mut Machine, array: Slot, key: Slot, value: Slot) -> Result<(), Trap> {
    let array = m.payload(array);
    let (value, plain) = (*m.force(value)?, m.payload(key));
    match plain.kind {
        Kind::Int | Kind::Bool => {
            let length = m.bytes_of(array).len();
            let new = byte(m, value, "byte")?;
            let Some(at) = Machine::place(plain.as_int(), length) else { return Err(out_of_range(m, array.kind)) };
            m.heap.byte_arrays.get_mut(array.handle())[at] = new;
            Ok(())
        }
        Kind::Slice => {
            let new = assigned(m, value)?;
            set_slice(m, array, plain, new)
        }
        _ => Err(bad_index(m, array, key)),
    }
}

fn set_slice(m: &mut Machine, array: Slot, key: Slot, new: Vec<u8>) -> Result<(), Trap> {
    let (start, _, step, count) = m.slice_indices(key, m.bytes_of(array).len() as u64)?;
    m.charge(new.len() as u64)?;
    if step == 1 {
        let (from, to) = (start as usize, start as usize + count as usize);
        m.heap.bytes += new.len() as u64;
        m.heap.byte_arrays.get_mut(array.handle()).splice(from..to, new);
        return Ok(());
    }
    if new.is_empty() {
        return remove_steps(m, array, start, step, count);
    }
    if new.len() as u64 != count {
        let size = new.len();
        return Err(m.value_error(format!("attempt to assign bytes of size {size} to extended slice of size {count}")));
    }
    let target = m.heap.byte_arrays.get_mut(array.handle());
    for (nth, byte) in new.into_iter().enumerate() {
        target[(start + nth as i64 * step) as usize] = byte;
    }
    Ok(())
}

fn remove_steps(m: &mut Machine, array: Slot, start: i64, step: i64, count: u64) -> Result<(), Trap> {
    let mut gone: Vec<usize> = (0..count as i64).map(|nth| (start + nth * step) as usize).collect();
    gone.sort_unstable();
    let mut at = 0;
    m.heap.byte_arrays.get_mut(array.handle()).retain(|_| {
        let keep = gone.binary_search(&at).is_err();
        at += 1;
        keep
    });
    Ok(())
}

/// `del bytearray[key]`.
pub fn delete_item(m: &mut Machine, array: Slot, key: Slot) -> Result<(), Trap> {
    let array = m.payload(array);
    let plain = m.payload(key);
    match plain.kind {
        Kind::Int | Kind::Bool => {
            let Some(at) = Machine::place(plain.as_int(), m.bytes_of(array).len()) else { return Err(out_of_range(m, array.kind)) };
            m.heap.byte_arrays.get_mut(array.handle()).remove(at);
            Ok(())
        }
        Kind::Slice => {
            let (start, _, step, count) = m.slice_indices(plain, m.bytes_of(array).len() as u64)?;
            remove_steps(m, array, start, step, count)
        }
        _ => Err(bad_index(m, array, key)),
    }
}

// ---- bytearray

/// The receiver of a method that changes a bytearray.
fn array(m: &mut Machine, args: &Args, name: &str, min: usize, max: usize) -> Result<Slot, Trap> {
    let this = receiver(m, args, &[Kind::ByteArray], "bytearray", name)?;
    common::expect_method(m, args, "bytearray", name, min, max)?;
    Ok(this)
}

fn append(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "append", 1, 1)?;
    let item = *m.arg(args, 1)?;
    let new = byte(m, item, "byte")?;
    m.charge(2)?;
    m.heap.bytes += 1;
    m.heap.byte_arrays.get_mut(this.handle()).push(new);
    Ok(Value::NONE)
}

fn extend(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "extend", 1, 1)?;
    let source = *m.arg(args, 1)?;
    let more = match plain_bytes(m, source) {
        Some(bytes) => bytes,
        None if !m.iterable(source) => {
            let class = m.type_name(source);
            return Err(m.type_error(format!("can't extend bytearray with {class}")));
        }
        None => {
            let items = m.items_or_collect(args, 1, "bytearray.extend")?;
            bytes_of_items(m, &items, "byte")?
        }
    };
    m.charge(more.len() as u64)?;
    m.heap.bytes += more.len() as u64;
    m.heap.byte_arrays.get_mut(this.handle()).extend(more);
    Ok(Value::NONE)
}

fn insert(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "insert", 2, 2)?;
    let (index, item) = (*m.arg(args, 1)?, *m.arg(args, 2)?);
    let index = size_arg(m, index)?;
    let new = byte(m, item, "byte")?;
    let length = m.bytes_of(this).len() as i64;
    let at = if index < 0 { index.saturating_add(length).max(0) } else { index.min(length) };
    m.charge(2)?;
    m.heap.bytes += 1;
    m.heap.byte_arrays.get_mut(this.handle()).insert(at as usize, new);
    Ok(Value::NONE)
}

fn pop(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "pop", 0, 1)?;
    let index = match m.optional(args, 1)? {
        Some(index) => size_arg(m, *index)?,
        None => -1,
    };
    let length = m.bytes_of(this).len();
    if length == 0 {
        return Err(m.raise(Type::IndexError, "pop from empty bytearray"));
    }
    let Some(at) = Machine::place(index, length) else { return Err(m.raise(Type::IndexError, "pop index out of range")) };
    let byte = m.heap.byte_arrays.get_mut(this.handle()).remove(at);
    Ok(Value::int(i64::from(byte)))
}

fn remove(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "remove", 1, 1)?;
    let item = *m.arg(args, 1)?;
    let wanted = byte(m, item, "byte")?;
    let Some(at) = m.bytes_of(this).iter().position(|&byte| byte == wanted) else {
        return Err(m.value_error("value not found in bytearray"));
    };
    m.heap.byte_arrays.get_mut(this.handle()).remove(at);
    Ok(Value::NONE)
}

fn reverse(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "reverse", 0, 0)?;
    m.heap.byte_arrays.get_mut(this.handle()).reverse();
    Ok(Value::NONE)
}

fn clear(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "clear", 0, 0)?;
    m.heap.byte_arrays.get_mut(this.handle()).clear();
    Ok(Value::NONE)
}

fn copy(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "copy", 0, 0)?;
    let bytes = m.bytes_of(this).to_vec();
    wrap(m, Kind::ByteArray, bytes)
}

fn dunder_setitem(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "__setitem__", 2, 2)?;
    let (key, value) = (*m.arg(args, 1)?, *m.arg(args, 2)?);
    set_item(m, this, key, value).map(|()| Value::NONE)
}

fn dunder_delitem(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "__delitem__", 1, 1)?;
    let key = *m.arg(args, 1)?;
    delete_item(m, this, key).map(|()| Value::NONE)
}

fn dunder_iadd(m: &mut Machine, args: &Args) -> Outcome {
    let this = array(m, args, "__iadd__", 1, 1)?;
    let other = *m.arg(args, 1)?;
    m.binary(BinaryOp::Add, true, this, other)
}

// ---- methods that stand behind operators

fn dunder_getitem(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "__getitem__")?;
    common::expect_operands(m, args, 1, 1)?;
    let key = *m.arg(args, 1)?;
    get_item(m, this, key)
}

fn dunder_contains(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "__contains__")?;
    common::expect_operands(m, args, 1, 1)?;
    let item = *m.arg(args, 1)?;
    contains(m, this, item).map(Value::bool)
}

fn dunder_hash(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "__hash__")?;
    super::int::hash_value(m, this)
}

fn dunder_bytes(m: &mut Machine, args: &Args) -> Outcome {
    Ok(common::known(receiver(m, args, &[Kind::Bytes], "bytes", "__bytes__")?))
}

fn operator(m: &mut Machine, args: &Args, op: BinaryOp) -> Outcome {
    let this = receiver(m, args, BYTES, "bytes", "__add__")?;
    common::expect_operands(m, args, 1, 1)?;
    let other = *m.arg(args, 1)?;
    if op == BinaryOp::Mul {
        m.int_arg(other)?;
    }
    m.binary(op, false, this, other)
}

macro_rules! rows {
    ($owner:literal) => {
        &[
            row($owner, "find", |m, args| find(m, args, "find")),
            row($owner, "rfind", |m, args| find(m, args, "rfind")),
            row($owner, "index", |m, args| index(m, args, "index")),
            row($owner, "rindex", |m, args| index(m, args, "rindex")),
            row($owner, "count", count),
            row($owner, "startswith", |m, args| matches_end(m, args, "startswith", |part, wanted| part.starts_with(wanted))),
            row($owner, "endswith", |m, args| matches_end(m, args, "endswith", |part, wanted| part.ends_with(wanted))),
            row($owner, "upper", |m, args| mapped(m, args, "upper", |bytes| bytes.to_ascii_uppercase())),
            row($owner, "lower", |m, args| mapped(m, args, "lower", |bytes| bytes.to_ascii_lowercase())),
            row($owner, "swapcase", |m, args| mapped(m, args, "swapcase", |bytes| bytes.iter().map(|&byte| swap_case(byte)).collect())),
            row($owner, "title", |m, args| mapped(m, args, "title", title_case)),
            row($owner, "capitalize", |m, args| mapped(m, args, "capitalize", capitalized)),
            row($owner, "isalpha", |m, args| tested(m, args, "isalpha", |bytes| all(bytes, |byte| byte.is_ascii_alphabetic()))),
            row($owner, "isdigit", |m, args| tested(m, args, "isdigit", |bytes| all(bytes, |byte| byte.is_ascii_digit()))),
            row($owner, "isalnum", |m, args| tested(m, args, "isalnum", |bytes| all(bytes, |byte| byte.is_ascii_alphanumeric()))),
            row($owner, "isspace", |m, args| tested(m, args, "isspace", |bytes| all(bytes, is_space))),
            row($owner, "isascii", |m, args| tested(m, args, "isascii", |bytes| bytes.is_ascii())),
            row($owner, "isupper", |m, args| tested(m, args, "isupper", is_upper)),
            row($owner, "islower", |m, args| tested(m, args, "islower", is_lower)),
            row($owner, "istitle", |m, args| tested(m, args, "istitle", is_title)),
            row($owner, "split", |m, args| split(m, args, "split")),
            row($owner, "rsplit", |m, args| split(m, args, "rsplit")),
            row($owner, "splitlines", splitlines),
            row($owner, "strip", |m, args| strip(m, args, "strip", true, true)),
            row($owner, "lstrip", |m, args| strip(m, args, "lstrip", true, false)),
            row($owner, "rstrip", |m, args| strip(m, args, "rstrip", false, true)),
            row($owner, "partition", |m, args| partition(m, args, "partition")),
            row($owner, "rpartition", |m, args| partition(m, args, "rpartition")),
            row($owner, "removeprefix", |m, args| remove_end(m, args, "removeprefix")),
            row($owner, "removesuffix", |m, args| remove_end(m, args, "removesuffix")),
            row($owner, "join", join),
            row($owner, "replace", replace),
            row($owner, "center", |m, args| justify(m, args, "center")),
            row($owner, "ljust", |m, args| justify(m, args, "ljust")),
            row($owner, "rjust", |m, args| justify(m, args, "rjust")),
            row($owner, "zfill", zfill),
            row($owner, "expandtabs", expandtabs),
            row($owner, "translate", translate),
            row($owner, "hex", hex),
            row($owner, "decode", decode_method),
            row($owner, "__len__", |m, args| support::len_of(m, args, BYTES, $owner)),
            row($owner, "__iter__", |m, args| support::iter_of(m, args, BYTES, $owner)),
            row($owner, "__getitem__", dunder_getitem),
            row($owner, "__contains__", dunder_contains),
            row($owner, "__add__", |m, args| operator(m, args, BinaryOp::Add)),
            row($owner, "__mul__", |m, args| operator(m, args, BinaryOp::Mul)),
            row($owner, "__rmul__", |m, args| operator(m, args, BinaryOp::Mul)),
            row($owner, "__mod__", |m, args| operator(m, args, BinaryOp::Mod)),
            row($owner, "__eq__", eq),
            row($owner, "__ne__", ne),
            row($owner, "__lt__", lt),
            row($owner, "__le__", le),
            row($owner, "__gt__", gt),
            row($owner, "__ge__", ge),
            NativeRow { owner: $owner, name: "fromhex", code: from_hex, bind: Bind::Class },
            NativeRow { owner: $owner, name: "maketrans", code: maketrans, bind: Bind::Static },
        ]
    };
}

const fn row(owner: &'static str, name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner, name, code, bind: Bind::Method }
}

/// Methods of `bytes`.
pub const BYTES_TABLE: &[NativeRow] = rows!("bytes");
/// Methods of `bytearray` that `bytes` has too.
pub const BYTEARRAY_TABLE: &[NativeRow] = rows!("bytearray");

/// Constructors, and the methods that change a bytearray.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "bytes", name: "__new__", code: bytes_new, bind: Bind::Static },
    NativeRow { owner: "bytearray", name: "__new__", code: bytearray_new, bind: Bind::Static },
    row("bytes", "__hash__", dunder_hash),
    row("bytes", "__bytes__", dunder_bytes),
    row("bytearray", "append", append),
    row("bytearray", "extend", extend),
    row("bytearray", "insert", insert),
    row("bytearray", "pop", pop),
    row("bytearray", "remove", remove),
    row("bytearray", "reverse", reverse),
    row("bytearray", "clear", clear),
    row("bytearray", "copy", copy),
    row("bytearray", "__setitem__", dunder_setitem),
    row("bytearray", "__delitem__", dunder_delitem),
    row("bytearray", "__iadd__", dunder_iadd),
];
