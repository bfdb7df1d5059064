//! `str`: its methods, and indexing and slicing for the core.
//!
//! The constructor and `repr` are in `text_of`, encodings in `bytes`, the `format` methods in `format`.

use super::common::{self, bound, receiver, room, see, size_arg, unpack, OrRaise, Signature};
use super::support::{self, comparisons, Outcome};
use crate::class::Type;
use crate::code::{BinaryOp, CompareOp};
use crate::kernel::text::{self, Ends, Place};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};
use num_traits::ToPrimitive;

const KIND: &[Kind] = &[Kind::Str];

comparisons!("str", KIND, "__call_");

/// The receiver's string, after a check of the number of arguments.
fn this(m: &mut Machine, args: &Args, name: &str, min: usize, max: usize) -> Result<Handle, Trap> {
    let this = receiver(m, args, KIND, "str", name)?;
    common::expect_method(m, args, "str", name, min, max)?;
    m.spend(m.heap.text(this.handle()).len() as u64 / 2)?;
    Ok(this.handle())
}

/// As [`this`], for methods whose messages say "takes at least".
fn this_counted(m: &mut Machine, args: &Args, name: &str, min: usize, max: usize) -> Result<Handle, Trap> {
    let this = receiver(m, args, KIND, "str", name)?;
    common::expect_count(m, args, "str", name, min, max)?;
    m.spend(m.heap.text(this.handle()).len() as u64 / 2)?;
    Ok(this.handle())
}

/// The text of a string, apart from the heap.
fn copy(m: &Machine, handle: Handle) -> String {
    m.heap.text(handle).into()
}

/// A string argument; `message` is completed by the class of what is none.
fn text_arg(m: &mut Machine, args: &Args, index: usize, message: &str) -> Result<String, Trap> {
    let value = m.arg(args, index)?;
    match common::text(m, *value) {
        Some(text) => Ok(text),
        None => {
            let class = m.type_name(*value);
            Err(m.type_error(format!("{message}{class}")))
        }
    }
}

/// Strings as a list, joined charges included.
fn list_of(m: &mut Machine, parts: &[&str]) -> Outcome {
    m.spend(16 * parts.len() as u64)?;
    m.charge(parts.iter().map(|part| 64 + part.len() as u64).sum())?;
    let mut items = Vec::with_capacity(parts.len());
    for part in parts {
        items.push(*m.new_str(*part)?);
    }
    m.new_list(items)
}

fn tuple_of(m: &mut Machine, parts: [&str; 3]) -> Outcome {
    let mut items = Vec::with_capacity(3);
    for part in parts {
        items.push(*m.new_str(part)?);
    }
    m.new_tuple(items)
}

// ---- changes and tests of the whole text

macro_rules! changes {
    ($($name:ident)*) => {$(
        fn $name(m: &mut Machine, args: &Args) -> Outcome {
            let this = this(m, args, stringify!($name), 0, 0)?;
            let changed = text::$name(m.heap.text(this));
            m.new_str(changed)
        }
    )*};
}

changes! { upper lower casefold capitalize swapcase title }

macro_rules! tests {
    ($($name:ident $kernel:ident)*) => {$(
        fn $name(m: &mut Machine, args: &Args) -> Outcome {
            let this = this(m, args, stringify!($name), 0, 0)?;
            Ok(Value::bool(text::$kernel(m.heap.text(this))))
        }
    )*};
}

tests! {
    isalpha is_alpha isdigit is_digit isdecimal is_decimal isnumeric is_numeric isalnum is_alnum isspace is_space
    isprintable is_printable isidentifier is_identifier isupper is_upper islower is_lower istitle is_title
}

fn isascii(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "isascii", 0, 0)?;
    Ok(Value::bool(m.heap.text(this).is_ascii()))
}

// ---- search

/// The needle and the bounds of `find` and its kin.
fn needle(m: &mut Machine, args: &Args) -> Result<(String, Option<i64>, Option<i64>), Trap> {
    let needle = text_arg(m, args, 1, "must be str, not ")?;
    let (start, stop) = (m.optional(args, 2)?, m.optional(args, 3)?);
    Ok((needle, bound(m, start)?, bound(m, stop)?))
}

type Finder = fn(&str, &str, Option<i64>, Option<i64>) -> Option<usize>;

fn position(m: &mut Machine, args: &Args, name: &str, find: Finder) -> Result<Option<usize>, Trap> {
    let this = this_counted(m, args, name, 1, 3)?;
    let (needle, start, stop) = needle(m, args)?;
    Ok(find(m.heap.text(this), &needle, start, stop))
}

fn found(m: &mut Machine, position: Option<usize>) -> Outcome {
    match position {
        Some(at) => Ok(Value::int(at as i64)),
        None => Err(common::fault_trap(m, text::not_found())),
    }
}

fn find(m: &mut Machine, args: &Args) -> Outcome {
    position(m, args, "find", text::find).map(|at| Value::int(at.map_or(-1, |at| at as i64)))
}

fn rfind(m: &mut Machine, args: &Args) -> Outcome {
    position(m, args, "rfind", text::rfind).map(|at| Value::int(at.map_or(-1, |at| at as i64)))
}

fn index(m: &mut Machine, args: &Args) -> Outcome {
    let at = position(m, args, "index", text::find)?;
    found(m, at)
}

fn rindex(m: &mut Machine, args: &Args) -> Outcome {
    let at = position(m, args, "rindex", text::rfind)?;
    found(m, at)
}

fn count(m: &mut Machine, args: &Args) -> Outcome {
    let this = this_counted(m, args, "count", 1, 3)?;
    let (needle, start, stop) = needle(m, args)?;
    Ok(Value::int(text::count(m.heap.text(this), &needle, start, stop) as i64))
}

type Matcher = fn(&str, &str, Option<i64>, Option<i64>) -> bool;

/// `startswith` and `endswith`: one text or a tuple of texts.
fn matches_end(m: &mut Machine, args: &Args, name: &str, matches: Matcher) -> Outcome {
    let this = this_counted(m, args, name, 1, 3)?;
    let wanted = m.arg(args, 1)?;
    let (start, stop) = (m.optional(args, 2)?, m.optional(args, 3)?);
    let (start, stop) = (bound(m, start)?, bound(m, stop)?);
    let plain = m.payload(*wanted);
    if plain.kind == Kind::Tuple {
        for item in m.items(plain).to_vec() {
            let item = *m.force(item)?;
            see(m, item);
            let Some(text) = common::text(m, item) else {
                let class = m.type_name(item);
                return Err(m.type_error(format!("tuple for {name} must only contain str, not {class}")));
            };
            if matches(m.heap.text(this), &text, start, stop) {
                return Ok(Value::bool(true));
            }
        }
        return Ok(Value::bool(false));
    }
    let wanted = text_arg(m, args, 1, &format!("{name} first arg must be str or a tuple of str, not "))?;
    Ok(Value::bool(matches(m.heap.text(this), &wanted, start, stop)))
}

fn startswith(m: &mut Machine, args: &Args) -> Outcome {
    matches_end(m, args, "startswith", text::starts_with)
}

fn endswith(m: &mut Machine, args: &Args) -> Outcome {
    matches_end(m, args, "endswith", text::ends_with)
}

// ---- cutting

const SPLIT: Signature<2> = Signature { name: "split", names: ["sep", "maxsplit"], positional: 2, required: 0 };
const RSPLIT: Signature<2> = Signature { name: "rsplit", ..SPLIT };

/// Receiver, separator and maximum of `split` and `rsplit`.
fn split_arguments(m: &mut Machine, args: &Args, signature: &Signature<2>) -> Result<(String, Option<String>, i64), Trap> {
    let this = receiver(m, args, KIND, "str", signature.name)?;
    let [separator, maximum] = unpack(m, args, 1, signature)?;
    let separator = match separator.filter(|separator| !separator.is_none()) {
        None => None,
        Some(separator) => match common::text(m, *separator) {
            Some(text) => Some(text),
            None => {
                let class = m.type_name(*separator);
                return Err(m.type_error(format!("must be str or None, not {class}")));
            }
        },
    };
    let maximum = maximum.map_or(Ok(-1), |maximum| size_arg(m, *maximum))?;
    let text = copy(m, this.handle());
    m.spend(text.len() as u64 )?;
    Ok((text, separator, maximum))
}

fn split(m: &mut Machine, args: &Args) -> Outcome {
    let (text, separator, maximum) = split_arguments(m, args, &SPLIT)?;
    let parts = text::split(&text, separator.as_deref(), maximum).or_raise(m)?;
    list_of(m, &parts)
}

fn rsplit(m: &mut Machine, args: &Args) -> Outcome {
    let (text, separator, maximum) = split_arguments(m, args, &RSPLIT)?;
    let parts = text::rsplit(&text, separator.as_deref(), maximum).or_raise(m)?;
    list_of(m, &parts)
}

const SPLITLINES: Signature<1> = Signature { name: "splitlines", names: ["keepends"], positional: 1, required: 0 };

fn splitlines(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, KIND, "str", "splitlines")?;
    let [keep] = unpack(m, args, 1, &SPLITLINES)?;
    let keep = keep.map_or(Ok(false), |keep| m.truth(*keep))?;
    let text = copy(m, this.handle());
    m.spend(text.len() as u64 )?;
    list_of(m, &text::split_lines(&text, keep))
}

fn stripped(m: &mut Machine, args: &Args, name: &str, ends: Ends) -> Outcome {
    let this = this(m, args, name, 0, 1)?;
    let letters = match m.optional(args, 1)?.filter(|letters| !letters.is_none()) {
        None => None,
        Some(letters) => match common::text(m, *letters) {
            Some(letters) => Some(letters),
            None => return Err(m.type_error(format!("{name} arg must be None or str"))),
        },
    };
    let stripped = String::from(text::strip(m.heap.text(this), letters.as_deref(), ends));
    m.new_str(stripped)
}

fn strip(m: &mut Machine, args: &Args) -> Outcome {
    stripped(m, args, "strip", Ends::Both)
}

fn lstrip(m: &mut Machine, args: &Args) -> Outcome {
    stripped(m, args, "lstrip", Ends::Left)
}

fn rstrip(m: &mut Machine, args: &Args) -> Outcome {
    stripped(m, args, "rstrip", Ends::Right)
}

fn partition(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "partition", 1, 1)?;
    let separator = text_arg(m, args, 1, "must be str, not ")?;
    let text = copy(m, this);
    let (before, middle, after) = text::partition(&text, &separator).or_raise(m)?;
    tuple_of(m, [before, middle, after])
}

fn rpartition(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "rpartition", 1, 1)?;
    let separator = text_arg(m, args, 1, "must be str, not ")?;
    let text = copy(m, this);
    let (before, middle, after) = text::rpartition(&text, &separator).or_raise(m)?;
    tuple_of(m, [before, middle, after])
}

fn removeprefix(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "removeprefix", 1, 1)?;
    let prefix = text_arg(m, args, 1, "removeprefix() argument must be str, not ")?;
    let text = copy(m, this);
    m.new_str(text.strip_prefix(prefix.as_str()).unwrap_or(&text))
}

fn removesuffix(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "removesuffix", 1, 1)?;
    let suffix = text_arg(m, args, 1, "removesuffix() argument must be str, not ")?;
    let text = copy(m, this);
    m.new_str(text.strip_suffix(suffix.as_str()).unwrap_or(&text))
}

// ---- joining and filling

fn join(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "join", 1, 1)?;
    let source = m.arg(args, 1)?;
    if !m.iterable(*source) {
        return Err(m.type_error("can only join an iterable"));
    }
    let items = m.items_or_collect(args, 1, "str.join")?;
    let mut bytes = m.heap.text(this).len() as u64 * (items.len() as u64).saturating_sub(1);
    let mut texts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let item = *m.force(*item)?;
        see(m, item);
        let plain = m.payload(item);
        if plain.kind != Kind::Str {
            let class = m.type_name(item);
            return Err(m.type_error(format!("sequence item {index}: expected str instance, {class} found")));
        }
        bytes = bytes.saturating_add(m.heap.text(plain.handle()).len() as u64);
        texts.push(plain.handle());
    }
    m.charge(bytes)?;
    m.spend(texts.len() as u64 * 4 + bytes / 4)?;
    if let ([only], Kind::Str) = (texts.as_slice(), items.first().map_or(Kind::None, |item| item.kind)) {
        return Ok(Value::object(Kind::Str, *only));
    }
    let mut joined = String::with_capacity(bytes as usize);
    for (index, handle) in texts.into_iter().enumerate() {
        if index > 0 {
            joined.push_str(m.heap.text(this));
        }
        joined.push_str(m.heap.text(handle));
    }
    m.new_str(joined)
}

fn replace(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "replace", 2, 3)?;
    let old = text_arg(m, args, 1, "replace() argument 1 must be str, not ")?;
    let new = text_arg(m, args, 2, "replace() argument 2 must be str, not ")?;
    let maximum = match m.optional(args, 3)? {
        Some(maximum) => size_arg(m, *maximum)?,
        None => -1,
    };
    let replaced = text::replace(m.heap.text(this), &old, &new, maximum, room(m)).or_raise(m)?;
    m.spend(replaced.len() as u64 )?;
    m.new_str(replaced)
}

fn justified(m: &mut Machine, args: &Args, name: &str, place: Place) -> Outcome {
    let this = this(m, args, name, 1, 2)?;
    let width = m.arg(args, 1)?;
    let width = size_arg(m, *width)?;
    let fill = match m.optional(args, 2)? {
        None => ' ',
        Some(fill) => {
            let Some(text) = common::text(m, *fill) else {
                let class = m.type_name(*fill);
                return Err(m.type_error(format!("The fill character must be a unicode character, not {class}")));
            };
            let mut letters = text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => letter,
                _ => return Err(m.type_error("The fill character must be exactly one character long")),
            }
        }
    };
    let filled = text::justify(m.heap.text(this), width, fill, place, room(m)).or_raise(m)?;
    m.new_str(filled)
}

fn center(m: &mut Machine, args: &Args) -> Outcome {
    justified(m, args, "center", Place::Center)
}

fn ljust(m: &mut Machine, args: &Args) -> Outcome {
    justified(m, args, "ljust", Place::Left)
}

fn rjust(m: &mut Machine, args: &Args) -> Outcome {
    justified(m, args, "rjust", Place::Right)
}

fn zfill(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "zfill", 1, 1)?;
    let width = m.arg(args, 1)?;
    let width = size_arg(m, *width)?;
    let filled = text::zfill(m.heap.text(this), width, room(m)).or_raise(m)?;
    m.new_str(filled)
}

const EXPANDTABS: Signature<1> = Signature { name: "expandtabs", names: ["tabsize"], positional: 1, required: 0 };

fn expandtabs(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, KIND, "str", "expandtabs")?;
    let [size] = unpack(m, args, 1, &EXPANDTABS)?;
    let size = size.map_or(Ok(8), |size| size_arg(m, *size))?;
    let expanded = text::expand_tabs(m.heap.text(this.handle()), size, room(m)).or_raise(m)?;
    m.spend(expanded.len() as u64)?;
    m.new_str(expanded)
}

// ---- translation

fn translate(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "translate", 1, 1)?;
    let table = m.arg(args, 1)?;
    let plain = m.payload(*table);
    let missing = m.user_method(*table, m.names.missing).is_some() || m.user_method(*table, m.names.getitem).is_some();
    if missing || !matches!(plain.kind, Kind::Dict | Kind::List | Kind::Tuple | Kind::Str) {
        if m.special(*table, m.names.getitem).is_none() {
            let class = m.type_name(*table);
            return Err(m.type_error(format!("'{class}' object is not subscriptable")));
        }
        let letters = m.new_str(copy(m, this))?;
        return Err(m.call_hidden("__translate__", &[*letters, *table]));
    }
    let text = copy(m, this);
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        m.spend(8)?;
        match table_item(m, plain, letter)? {
            None => out.push(letter),
            Some(item) => push_translation(m, item, &mut out)?,
        }
        m.charge(out.len() as u64)?;
    }
    m.new_str(out)
}

/// What a built-in table says of a letter; None when it says nothing.
fn table_item(m: &mut Machine, table: Slot, letter: char) -> Result<Option<Slot>, Trap> {
    let code = letter as usize;
    Ok(match table.kind {
        Kind::Dict => m.dict_get(table.handle(), Slot::int(code as i64))?,
        Kind::Str => match m.heap.text(table.handle()).chars().nth(code) {
            Some(other) => Some(*m.new_str(String::from(other))?),
            None => None,
        },
        _ => m.items(table).get(code).copied(),
    })
}

/// Append what a table gave for a letter: None, a code point or a text.
fn push_translation(m: &mut Machine, item: Slot, out: &mut String) -> Result<(), Trap> {
    let item = *m.force(item)?;
    see(m, item);
    if item.kind == Kind::None {
        return Ok(());
    }
    if let Some(text) = m.text_of(item) {
        out.push_str(text);
        return Ok(());
    }
    let Some(code) = common::integer(m, item) else {
        return Err(m.type_error("character mapping must return integer, None or str"));
    };
    match code.to_u32() {
        Some(code) => {
            let letter = super::int::character(m, code, "character mapping must be in range(0x110000)")?;
            out.push_str(m.heap.text(letter.handle()));
            Ok(())
        }
        None => Err(m.value_error("character mapping must be in range(0x110000)")),
    }
}

/// For hidden code: the text of what a program's table gave for a letter.
fn translated(m: &mut Machine, args: &Args) -> Outcome {
    let mut out = String::new();
    let item = *m.arg(args, 0)?;
    push_translation(m, item, &mut out)?;
    m.new_str(out)
}

fn maketrans(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "maketrans", 0, 1, 3)?;
    let table = m.new_dict(Default::default())?;
    if args.count == 1 {
        maketrans_of_dict(m, args, table)?;
        return Ok(table);
    }
    let from = text_arg(m, args, 0, "");
    let Ok(from) = from else {
        return Err(m.type_error("first maketrans argument must be a string if there is a second argument"));
    };
    let to = text_arg(m, args, 1, "maketrans() argument 2 must be str, not ")?;
    let gone = if args.count == 3 { text_arg(m, args, 2, "maketrans() argument 3 must be str, not ")? } else { String::new() };
    if from.chars().count() != to.chars().count() {
        return Err(m.value_error("the first two maketrans arguments must have equal length"));
    }
    m.spend(32 * (from.len() + gone.len()) as u64)?;
    for (letter, other) in from.chars().zip(to.chars()) {
        m.dict_set(table.handle(), Slot::int(letter as i64), Slot::int(other as i64))?;
    }
    for letter in gone.chars() {
        m.dict_set(table.handle(), Slot::int(letter as i64), Slot::NONE)?;
    }
    Ok(table)
}

fn maketrans_of_dict(m: &mut Machine, args: &Args, table: Value) -> Result<(), Trap> {
    let source = *m.arg(args, 0)?;
    let Some(dict) = m.dict_of(source) else {
        return Err(m.type_error("if you give only one argument to maketrans it must be a dict"));
    };
    let entries: Vec<(Slot, Slot)> = m.heap.dicts.get(dict).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        let key = *m.force(key)?;
        let key = match common::text(m, key) {
            Some(text) => {
                let mut letters = text.chars();
                match (letters.next(), letters.next()) {
                    (Some(letter), None) => Slot::int(letter as i64),
                    _ => return Err(m.value_error("string keys in translate table must be of length 1")),
                }
            }
            None if common::integer(m, key).is_some() => key,
            None => return Err(m.type_error("keys in translate table must be strings or integers")),
        };
        m.dict_set(table.handle(), key, value)?;
    }
    Ok(())
}

// ---- encoding

const ENCODE: Signature<2> = Signature { name: "encode", names: ["encoding", "errors"], positional: 2, required: 0 };

fn encode(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, KIND, "str", "encode")?;
    let [encoding, errors] = unpack(m, args, 1, &ENCODE)?;
    let encoding = super::bytes::codec_name(m, "encode", "encoding", encoding, "utf-8")?;
    let errors = super::bytes::codec_name(m, "encode", "errors", errors, "strict")?;
    let bytes = super::bytes::encode(m, this, &encoding, &errors)?;
    m.new_bytes(bytes)
}

// ---- items

/// `text[key]`.
pub fn get_item(m: &mut Machine, text: Slot, key: Slot) -> Outcome {
    let text = m.payload(text);
    let plain = m.payload(key);
    match plain.kind {
        Kind::Int | Kind::Bool => letter_at(m, text.handle(), plain.as_int()),
        Kind::Slice => slice(m, text.handle(), plain),
        Kind::Big => Err(m.raise(Type::IndexError, "cannot fit 'int' into an index-sized integer")),
        _ if m.user_method(key, m.names.index).is_some() => Err(m.call_hidden("__item_at__", &[text, key])),
        _ => {
            let class = m.type_name(key);
            Err(m.type_error(format!("string indices must be integers, not '{class}'")))
        }
    }
}

fn letter_at(m: &mut Machine, handle: Handle, index: i64) -> Outcome {
    let object = m.heap.strings.get(handle);
    let length = object.chars as usize;
    let Some(at) = Machine::place(index, length) else {
        return Err(m.raise(Type::IndexError, "string index out of range"));
    };
    if object.is_ascii() {
        let byte = m.heap.text(handle).as_bytes()[at];
        return Ok(Value::object(Kind::Str, m.ascii[byte as usize]));
    }
    m.spend(at.min(length - at) as u64 / 2)?;
    let letter = text::item(m.heap.text(handle), index).or_raise(m)?;
    m.new_str(String::from(letter))
}

fn slice(m: &mut Machine, handle: Handle, key: Slot) -> Outcome {
    let length = u64::from(m.heap.strings.get(handle).chars);
    let (start, _, step, count) = m.slice_indices(key, length)?;
    if count == length && step == 1 {
        return Ok(Value::object(Kind::Str, handle));
    }
    m.charge(count)?;
    m.spend(count / 2 + 1)?;
    let object = m.heap.strings.get(handle);
    let (ascii, source) = (object.is_ascii(), m.heap.text(handle));
    let sliced: String = match (ascii, step) {
        _ if count == 0 => String::new(),
        (true, 1) => source[start as usize..start as usize + count as usize].into(),
        (true, _) => (0..count as i64).map(|nth| source.as_bytes()[(start + nth * step) as usize] as char).collect(),
        (false, 1) => text::slice_plain(source, Some(start), Some(start + count as i64)).into(),
        (false, _) => {
            let letters: Vec<char> = source.chars().collect();
            (0..count as i64).map(|nth| letters[(start + nth * step) as usize]).collect()
        }
    };
    if !ascii {
        m.spend(length / 2)?;
    }
    m.new_str(sliced)
}

// ---- methods that stand behind operators

fn dunder_getitem(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, KIND, "str", "__getitem__")?;
    common::expect_operands(m, args, 1, 1)?;
    let key = *m.arg(args, 1)?;
    get_item(m, this, key)
}

fn dunder_contains(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, KIND, "str", "__contains__")?;
    common::expect_operands(m, args, 1, 1)?;
    let item = *m.arg(args, 1)?;
    m.contains(this, item, false)
}

fn dunder_hash(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, KIND, "str", "__hash__")?;
    super::int::hash_value(m, this)
}

fn operator(m: &mut Machine, args: &Args, op: BinaryOp, swapped: bool) -> Outcome {
    let this = receiver(m, args, KIND, "str", "__add__")?;
    common::expect_operands(m, args, 1, 1)?;
    let other = *m.arg(args, 1)?;
    if op == BinaryOp::Mul {
        m.int_arg(other)?;
    }
    let (a, b) = if swapped { (m.payload(other), this) } else { (this, m.payload(other)) };
    if swapped && op == BinaryOp::Mod && a.kind != Kind::Str {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    m.binary(op, false, a, b)
}

const fn method(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "str", name, code, bind: Bind::Method }
}

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    method("upper", upper),
    method("lower", lower),
    method("casefold", casefold),
    method("capitalize", capitalize),
    method("swapcase", swapcase),
    method("title", title),
    method("isalpha", isalpha),
    method("isdigit", isdigit),
    method("isdecimal", isdecimal),
    method("isnumeric", isnumeric),
    method("isalnum", isalnum),
    method("isspace", isspace),
    method("isprintable", isprintable),
    method("isidentifier", isidentifier),
    method("isupper", isupper),
    method("islower", islower),
    method("istitle", istitle),
    method("isascii", isascii),
    method("find", find),
    method("rfind", rfind),
    method("index", index),
    method("rindex", rindex),
    method("count", count),
    method("startswith", startswith),
    method("endswith", endswith),
    method("split", split),
    method("rsplit", rsplit),
    method("splitlines", splitlines),
    method("strip", strip),
    method("lstrip", lstrip),
    method("rstrip", rstrip),
    method("partition", partition),
    method("rpartition", rpartition),
    method("removeprefix", removeprefix),
    method("removesuffix", removesuffix),
    method("join", join),
    method("replace", replace),
    method("center", center),
    method("ljust", ljust),
    method("rjust", rjust),
    method("zfill", zfill),
    method("expandtabs", expandtabs),
    method("translate", translate),
    NativeRow { owner: "str", name: "maketrans", code: maketrans, bind: Bind::Static },
    NativeRow { owner: "intrinsics", name: "translated", code: translated, bind: Bind::Function },
    method("encode", encode),
    method("__len__", |m, args| support::len_of(m, args, KIND, "str")),
    method("__iter__", |m, args| support::iter_of(m, args, KIND, "str")),
    method("__getitem__", dunder_getitem),
    method("__contains__", dunder_contains),
    method("__hash__", dunder_hash),
    method("__add__", |m, args| operator(m, args, BinaryOp::Add, false)),
    method("__mul__", |m, args| operator(m, args, BinaryOp::Mul, false)),
    method("__rmul__", |m, args| operator(m, args, BinaryOp::Mul, false)),
    method("__mod__", |m, args| operator(m, args, BinaryOp::Mod, false)),
    method("__rmod__", |m, args| operator(m, args, BinaryOp::Mod, true)),
    method("__eq__", eq),
    method("__ne__", ne),
    method("__lt__", lt),
    method("__le__", le),
    method("__gt__", gt),
    method("__ge__", ge),
];
