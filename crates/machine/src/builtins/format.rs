//! Formatting: `format()` and `__format__`, `str.format` and `format_map`, and the `%` operator of text and bytes.
//!
//! Specifications and templates are read and applied by the kernel. Where the program's own methods have a say,
//! hidden Python takes over: the whole of a `str.format`, one value of a `%`.

use super::common::{self, integer, receiver, room, see, OrRaise};
use super::support::Outcome;
use crate::class::Type;
use crate::kernel::format::{self as kernel, Amount, Conversion, Piece};
use crate::kernel::template::{self, Field, First, Part, Step};
use crate::kernel::{float, text, Fault};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};

/// `format(value, spec)`. Err with a call of hidden Python when the program's code gives the text.
pub fn format_value(m: &mut Machine, value: impl Into<Slot>, spec: &str) -> Result<String, Trap> {
    let value = m.force(value.into())?;
    if m.user_method(*value, m.names.format).is_some() {
        let spec = m.new_str(spec)?;
        return Err(m.call_hidden("__format_of__", &[*value, *spec]));
    }
    format_plain(m, value, spec)
}

/// As [`format_value`], leaving out a `__format__` of the program.
fn format_plain(m: &mut Machine, value: Value, spec: &str) -> Result<String, Trap> {
    see(m, *value);
    if spec.is_empty() {
        return m.str_of(*value);
    }
    let (plain, bytes_max) = (m.payload(*value), room(m));
    m.spend(spec.len() as u64)?;
    match plain.kind {
        Kind::Str => kernel::format_str(m.heap.text(plain.handle()), spec, bytes_max).or_raise(m),
        Kind::Int | Kind::Bool | Kind::Big => {
            let (number, class) = (m.big(plain), m.type_name(*value));
            kernel::format_int(&number, spec, &class, bytes_max).or_raise(m)
        }
        Kind::Float => kernel::format_float(plain.as_float(), spec, bytes_max).or_raise(m),
        Kind::Complex => {
            let (real, imag) = *m.heap.complexes.get(plain.handle());
            kernel::format_complex(real, imag, spec, bytes_max).or_raise(m)
        }
        _ => {
            // A built-in class shows its module here, one of the program does not.
            let class = m.class_of(*value);
            let class = if m.heap.classes.get(class).builtin { m.class_full_name(class) } else { m.type_name(*value) };
            Err(m.type_error(format!("unsupported format string passed to {class}.__format__")))
        }
    }
}

fn format_function(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "format", 0, 1, 2)?;
    let value = m.arg(args, 0)?;
    let spec = match m.optional(args, 1)? {
        None => String::new(),
        Some(spec) => spec_text(m, spec, "format() argument 2")?,
    };
    let text = format_value(m, value, &spec)?;
    m.new_str(text)
}

fn spec_text(m: &mut Machine, spec: Value, what: &str) -> Result<String, Trap> {
    match common::text(m, *spec) {
        Some(text) => Ok(text),
        None => {
            let class = m.type_name(*spec);
            Err(m.type_error(format!("{what} must be str, not {class}")))
        }
    }
}

/// `__format__` of built-in classes.
fn dunder_format(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "__format__", 1, 1, 1)?;
    let (value, spec) = (m.arg(args, 0)?, m.arg(args, 1)?);
    let spec = spec_text(m, spec, "__format__() argument")?;
    let text = format_plain(m, value, &spec)?;
    m.new_str(text)
}

// ---- str.format

/// Where the values of fields come from.
struct Source {
    positional: Option<Vec<Slot>>,
    keywords: Vec<(String, Slot)>,
    mapping: Option<Slot>,
    /// Number of the next field without a name; None once fields have numbers.
    next: Option<usize>,
    numbered: bool,
}

fn str_format(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, &[Kind::Str], "str", "format")?;
    let positional: Vec<Slot> = (1..args.count).map(|index| m.arg_slot(args, index)).collect();
    let keywords = m.keywords(args);
    let source = Source { positional: Some(positional), keywords, mapping: None, next: Some(0), numbered: false };
    match render_template(m, this, source) {
        Err(Trap::Call(_)) => {
            let values = common::positional_tuple(m, args, 1)?;
            let named = m.new_dict(Default::default())?;
            for (name, slot) in m.keywords(args) {
                let name = m.intern_value(&name);
                m.dict_set(named.handle(), name, slot)?;
            }
            Err(hidden_format(m, this, *values, *named))
        }
        other => other,
    }
}

fn format_map(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, &[Kind::Str], "str", "format_map")?;
    m.expect(args, "str.format_map", 1, 1, 1)?;
    let mapping = *m.arg(args, 1)?;
    let source = Source { positional: None, keywords: Vec::new(), mapping: Some(mapping), next: Some(0), numbered: false };
    match render_template(m, this, source) {
        Err(Trap::Call(_)) => Err(hidden_format(m, this, Slot::NONE, mapping)),
        other => other,
    }
}

fn hidden_format(m: &mut Machine, template: Slot, values: Slot, named: Slot) -> Trap {
    m.call_hidden("__format_template__", &[template, values, named])
}

fn render_template(m: &mut Machine, template: Slot, mut source: Source) -> Outcome {
    let template = String::from(m.heap.text(template.handle()));
    m.spend(template.len() as u64)?;
    let text = render(m, &template, &mut source, 2)?;
    m.new_str(text)
}

/// The text of a template; a specification may itself be one, once.
fn render(m: &mut Machine, template: &str, source: &mut Source, depth: u32) -> Result<String, Trap> {
    if depth == 0 {
        return Err(m.value_error("Max string recursion exceeded"));
    }
    let mut out = String::with_capacity(template.len());
    for part in template::parts(template) {
        match part.or_raise(m)? {
            Part::Literal(literal) => out.push_str(literal),
            Part::Field(field) => {
                let text = render_field(m, &field, source, depth)?;
                out.push_str(&text);
                m.charge(out.len() as u64)?;
            }
        }
        m.spend(8)?;
    }
    Ok(out)
}

fn render_field(m: &mut Machine, field: &Field<'_>, source: &mut Source, depth: u32) -> Result<String, Trap> {
    let value = field_value(m, field.name, source)?;
    let value = match field.conversion {
        None => value,
        Some(letter) => {
            let text = match letter {
                's' => m.str_of(*value)?,
                'r' => m.repr(*value)?,
                'a' => text::ascii_of_repr(&m.repr(*value)?),
                _ => return Err(common::fault_trap(m, unknown_conversion(letter))),
            };
            m.new_str(text)?
        }
    };
    match field.spec_has_fields {
        true => {
            let spec = render(m, field.spec, source, depth - 1)?;
            format_value(m, value, &spec)
        }
        false => format_value(m, value, field.spec),
    }
}

fn unknown_conversion(letter: char) -> Fault {
    template::unknown_conversion(letter)
}

fn field_value(m: &mut Machine, name: &str, source: &mut Source) -> Result<Value, Trap> {
    let (first, steps) = template::first_and_path(name).or_raise(m)?;
    let mut value = match first {
        First::Name(name) => named_value(m, name, source)?,
        First::Automatic => {
            if source.numbered {
                return Err(m.value_error("cannot switch from manual field specification to automatic field numbering"));
            }
            let index = source.next.unwrap_or(0);
            source.next = Some(index + 1);
            positional_value(m, index as u64, source)?
        }
        First::Position(index) => {
            if source.next.is_some_and(|next| next > 0) {
                return Err(m.value_error("cannot switch from automatic field numbering to manual field specification"));
            }
            source.numbered = true;
            positional_value(m, index, source)?
        }
    };
    for step in steps {
        let found = match step.or_raise(m)? {
            Step::Attribute(name) => {
                let name = m.intern(name);
                m.get_attribute(value, name)?
            }
            Step::Position(index) => m.get_item(*value, Slot::int(index as i64))?,
            Step::Item(key) => {
                let key = m.new_str(key)?;
                m.get_item(*value, *key)?
            }
        };
        value = m.force(found)?;
        see(m, *value);
    }
    Ok(value)
}

fn named_value(m: &mut Machine, name: &str, source: &Source) -> Result<Value, Trap> {
    if let Some(mapping) = source.mapping {
        let key = m.new_str(name)?;
        let found = m.get_item(mapping, *key)?;
        return m.force(found);
    }
    match source.keywords.iter().find(|(other, _)| other == name) {
        Some((_, slot)) => m.force(*slot),
        None => {
            let key = m.new_str(name)?;
            Err(m.raise_with(Type::KeyError, &[*key]))
        }
    }
}

fn positional_value(m: &mut Machine, index: u64, source: &Source) -> Result<Value, Trap> {
    let Some(positional) = &source.positional else {
        return Err(m.value_error("Format string contains positional fields"));
    };
    match usize::try_from(index).ok().and_then(|index| positional.get(index)) {
        Some(slot) => m.force(*slot),
        None => {
            let message = format!("Replacement index {index} out of range for positional args tuple");
            Err(m.raise(Type::IndexError, message))
        }
    }
}

/// For hidden code: the parts of a template, texts and tuples `(name, conversion, spec, spec has fields)`.
fn template_parts(m: &mut Machine, args: &Args) -> Outcome {
    let template = common::text(m, *m.arg(args, 0)?).unwrap_or_default();
    let mut list = Vec::new();
    for part in template::parts(&template) {
        let item = match part.or_raise(m)? {
            Part::Literal(literal) => m.new_str(literal)?,
            Part::Field(field) => {
                let conversion = match field.conversion {
                    None => Slot::NONE,
                    Some(letter @ ('s' | 'r' | 'a')) => *m.new_str(String::from(letter))?,
                    Some(letter) => return Err(common::fault_trap(m, unknown_conversion(letter))),
                };
                let (name, spec) = (*m.new_str(field.name)?, *m.new_str(field.spec)?);
                m.new_tuple(Vec::from([name, conversion, spec, Slot::bool(field.spec_has_fields)]))?
            }
        };
        list.push(*item);
    }
    m.new_list(list)
}

/// For hidden code: what a field name begins with (None, an int or a str), and the steps `(is attribute, key)`.
fn field_path(m: &mut Machine, args: &Args) -> Outcome {
    let name = common::text(m, *m.arg(args, 0)?).unwrap_or_default();
    let (first, steps) = template::first_and_path(&name).or_raise(m)?;
    let first = match first {
        First::Automatic => Slot::NONE,
        First::Position(index) => Slot::int(index as i64),
        First::Name(name) => *m.new_str(name)?,
    };
    let mut path = Vec::new();
    for step in steps {
        let (is_attribute, key) = match step.or_raise(m)? {
            Step::Attribute(name) => (true, *m.new_str(name)?),
            Step::Position(index) => (false, Slot::int(index as i64)),
            Step::Item(key) => (false, *m.new_str(key)?),
        };
        path.push(*m.new_tuple(Vec::from([Slot::bool(is_attribute), key]))?);
    }
    let path = *m.new_list(path)?;
    m.new_tuple(Vec::from([first, path]))
}

// ---- the % operator

/// The arguments of a `%`, taken one after the other.
struct Arguments {
    whole: Slot,
    items: Vec<Slot>,
    taken: usize,
    mapping: bool,
    /// What hidden Python made of values that the program's code converts, in order, and how many were used.
    known: Vec<Slot>,
    used: usize,
    bytes: bool,
}

/// `template % argument` of text and bytes.
pub fn percent(m: &mut Machine, template: Slot, argument: Slot) -> Outcome {
    percent_with(m, template, argument, Vec::new())
}

/// For hidden code: go on with a `%`, knowing what the program made of the first values that it converts.
fn percent_again(m: &mut Machine, args: &Args) -> Outcome {
    let (template, argument, known) = (*m.arg(args, 0)?, *m.arg(args, 1)?, *m.arg(args, 2)?);
    let known = m.items(known).to_vec();
    percent_with(m, template, argument, known)
}

fn percent_with(m: &mut Machine, template: Slot, argument: Slot, known: Vec<Slot>) -> Outcome {
    let (template, argument) = (m.payload(template), *m.force(argument)?);
    let bytes = template.kind != Kind::Str;
    // Bytes are read as letters of the same number, and written back so.
    let source: String = match bytes {
        true => m.bytes_of(template).iter().map(|&byte| byte as char).collect(),
        false => m.heap.text(template.handle()).into(),
    };
    let plain = m.payload(argument);
    let items = if plain.kind == Kind::Tuple { m.items(plain).to_vec() } else { Vec::from([argument]) };
    let mapping = plain.kind != Kind::Tuple && is_mapping(m, argument, plain, bytes);
    let mut arguments = Arguments { whole: argument, items, taken: 0, mapping, known, used: 0, bytes };
    let text = match interpolate(m, template, &source, &mut arguments) {
        Ok(text) => text,
        Err(Stop::Trap(trap)) => return Err(trap),
        Err(Stop::Program(how, value)) => {
            let how = m.intern_value(how);
            let known = *m.new_list(arguments.known)?;
            return Err(m.call_hidden("__percent_step__", &[template, argument, known, how, value]));
        }
    };
    m.spend(text.len() as u64 / 4)?;
    if !bytes {
        return m.new_str(text);
    }
    let result: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    if template.kind == Kind::Bytes {
        return m.new_bytes(result);
    }
    m.charge(result.len() as u64)?;
    m.heap.bytes += 40 + result.len() as u64;
    Ok(Value::object(Kind::ByteArray, m.heap.byte_arrays.add(result)))
}

/// Does the argument take keys, so that it need not be used up?
fn is_mapping(m: &Machine, argument: Slot, plain: Slot, bytes: bool) -> bool {
    match plain.kind {
        Kind::Str => false,
        Kind::Bytes | Kind::ByteArray => !bytes,
        Kind::Dict | Kind::List | Kind::Range | Kind::WideRange => true,
        Kind::Instance | Kind::Native2 => m.special(argument, m.names.getitem).is_some(),
        _ => false,
    }
}

/// Why there is no text yet: an error, or a value that the program's code converts (and how).
enum Stop {
    Trap(Trap),
    Program(&'static str, Slot),
}

impl From<Trap> for Stop {
    fn from(trap: Trap) -> Stop {
        Stop::Trap(trap)
    }
}

fn interpolate(m: &mut Machine, template: Slot, source: &str, arguments: &mut Arguments) -> Result<String, Stop> {
    let mut out = String::with_capacity(source.len());
    for piece in kernel::pieces(source, arguments.mapping) {
        match piece.or_raise(m)? {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Conversion(conversion) => {
                let text = convert(m, conversion, arguments)?;
                out.push_str(&text);
            }
        }
        m.charge(out.len() as u64)?;
        m.spend(8)?;
    }
    if !arguments.mapping && arguments.taken < arguments.items.len() {
        let kind = if template.kind == Kind::Str { "string" } else { "bytes" };
        return Err(m.type_error(format!("not all arguments converted during {kind} formatting")).into());
    }
    Ok(out)
}

impl Arguments {
    fn next(&mut self, m: &mut Machine) -> Result<Value, Stop> {
        let Some(&slot) = self.items.get(self.taken) else {
            return Err(m.type_error("not enough arguments for format string").into());
        };
        self.taken += 1;
        let value = m.force(slot)?;
        see(m, *value);
        Ok(value)
    }

    /// What the program's code made of a value, or the stop that finds it out.
    fn by_program(&mut self, how: &'static str, value: Slot) -> Result<Slot, Stop> {
        let known = self.known.get(self.used).copied();
        self.used += 1;
        known.ok_or(Stop::Program(how, value))
    }

    /// The value under the key of `%(key)s` becomes the only argument.
    fn select(&mut self, m: &mut Machine, key: &str) -> Result<(), Stop> {
        let key = match self.bytes {
            false => m.new_str(key)?,
            true => m.new_bytes(key.chars().map(|letter| letter as u8).collect())?,
        };
        let item = match m.get_item(self.whole, *key) {
            Ok(item) => item,
            Err(Trap::Call(_)) => self.by_program("key", *key)?,
            Err(trap) => return Err(trap.into()),
        };
        self.items = Vec::from([item]);
        self.taken = 0;
        Ok(())
    }

    /// An int for a `*`.
    fn star(&mut self, m: &mut Machine, too_big: &'static str) -> Result<i64, Stop> {
        use num_traits::ToPrimitive;
        let value = self.next(m)?;
        let Some(number) = integer(m, *value) else { return Err(m.type_error("* wants int").into()) };
        match number.to_i64() {
            Some(number) => Ok(number),
            None => Err(m.raise(Type::OverflowError, too_big).into()),
        }
    }
}

fn convert(m: &mut Machine, mut conversion: Conversion<'_>, arguments: &mut Arguments) -> Result<String, Stop> {
    if let Some(key) = conversion.key {
        arguments.select(m, key)?;
    }
    if conversion.width == Amount::Star {
        conversion.set_width(arguments.star(m, "Python int too large to convert to C ssize_t")?);
    }
    if conversion.precision == Amount::Star {
        conversion.set_precision(arguments.star(m, "Python int too large to convert to C int")?);
    }
    let value = arguments.next(m)?;
    let bytes_max = room(m);
    match conversion.kind {
        's' | 'b' if arguments.bytes => {
            let text = bytes_text(m, value, arguments)?;
            Ok(conversion.format_text(&text, bytes_max).or_raise(m)?)
        }
        's' | 'r' | 'a' => {
            let text = object_text(m, conversion.kind, value, arguments)?;
            Ok(conversion.format_text(&text, bytes_max).or_raise(m)?)
        }
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let number = whole_number(m, conversion.kind, value, arguments)?;
            Ok(conversion.format_int(&number, bytes_max).or_raise(m)?)
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = real_number(m, value, arguments)?;
            Ok(conversion.format_float(number, bytes_max).or_raise(m)?)
        }
        'c' => one_letter(m, &conversion, value, arguments),
        _ => Err(common::fault_trap(m, conversion.unsupported()).into()),
    }
}

fn object_text(m: &mut Machine, kind: char, value: Value, arguments: &mut Arguments) -> Result<String, Stop> {
    // In bytes, `%r` is another name of `%a`.
    let kind = if arguments.bytes { 'a' } else { kind };
    let how = match kind {
        's' => "str",
        'r' => "repr",
        _ => "ascii",
    };
    let shown = match kind {
        's' => m.str_of(*value),
        'r' => m.repr(*value),
        _ => m.repr(*value).map(|shown| text::ascii_of_repr(&shown)),
    };
    match shown {
        Ok(text) => Ok(text),
        Err(Trap::Call(_)) => {
            let text = arguments.by_program(how, *value)?;
            Ok(common::text(m, text).unwrap_or_default())
        }
        Err(trap) => Err(trap.into()),
    }
}

/// `%s` and `%b` in bytes: bytes only.
fn bytes_text(m: &mut Machine, value: Value, arguments: &mut Arguments) -> Result<String, Stop> {
    let mut plain = m.payload(*value);
    if !matches!(plain.kind, Kind::Bytes | Kind::ByteArray) && m.user_method(*value, m.names.bytes).is_some() {
        plain = arguments.by_program("bytes", *value)?;
    }
    if matches!(plain.kind, Kind::Bytes | Kind::ByteArray) {
        return Ok(m.bytes_of(plain).iter().map(|&byte| byte as char).collect());
    }
    let class = m.type_name(*value);
    let message = format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{class}'");
    Err(m.type_error(message).into())
}

fn whole_number(m: &mut Machine, kind: char, value: Value, arguments: &mut Arguments) -> Result<num_bigint::BigInt, Stop> {
    if let Some(number) = integer(m, *value) {
        return Ok(number);
    }
    let decimal = matches!(kind, 'd' | 'i' | 'u');
    let plain = m.payload(*value);
    if plain.kind == Kind::Float && decimal {
        return Ok(float::to_int(plain.as_float()).or_raise(m)?);
    }
    let converts = m.user_method(*value, m.names.index).is_some() || decimal && m.user_method(*value, m.names.int).is_some();
    if converts {
        let number = arguments.by_program(if decimal { "int" } else { "index" }, *value)?;
        return Ok(integer(m, number).unwrap_or_default());
    }
    let (class, wanted) = (m.type_name(*value), if decimal { "a real number" } else { "an integer" });
    Err(m.type_error(format!("%{kind} format: {wanted} is required, not {class}")).into())
}

fn real_number(m: &mut Machine, value: Value, arguments: &mut Arguments) -> Result<f64, Stop> {
    let programs = m.user_method(*value, m.names.float).is_some() || m.user_method(*value, m.names.index).is_some();
    if programs {
        let number = arguments.by_program("float", *value)?;
        return Ok(m.float_arg(number)?);
    }
    let class = m.type_name(*value);
    match m.float_arg(*value) {
        Ok(number) => Ok(number),
        Err(Trap::Raise(_)) if arguments.bytes && !is_number(m, *value) => {
            Err(m.type_error(format!("float argument required, not {class}")).into())
        }
        Err(trap) => Err(trap.into()),
    }
}

fn is_number(m: &Machine, value: Slot) -> bool {
    matches!(m.payload(value).kind, Kind::Float | Kind::Int | Kind::Bool | Kind::Big)
}

/// `%c`: a code point or a text of one letter; in bytes, a byte.
fn one_letter(m: &mut Machine, conversion: &Conversion<'_>, value: Value, arguments: &mut Arguments) -> Result<String, Stop> {
    use num_traits::ToPrimitive;
    let bytes = arguments.bytes;
    let (mut plain, bytes_max) = (m.payload(*value), room(m));
    if plain.kind == Kind::Instance && m.user_method(plain, m.names.index).is_some() {
        plain = arguments.by_program("index", *value)?;
    }
    if let Some(number) = integer(m, plain) {
        if bytes && number.to_u8().is_none() {
            return Err(m.raise(Type::OverflowError, "%c arg not in range(256)").into());
        }
        return Ok(conversion.format_code_point(&number, bytes_max).or_raise(m)?);
    }
    let letter: Option<String> = match plain.kind {
        Kind::Str if !bytes => Some(m.heap.text(plain.handle()).into()),
        Kind::Bytes | Kind::ByteArray if bytes => Some(m.bytes_of(plain).iter().map(|&byte| byte as char).collect()),
        _ => None,
    };
    match letter.filter(|letter| letter.chars().count() == 1) {
        Some(letter) => Ok(conversion.format_text(&letter, bytes_max).or_raise(m)?),
        None => {
            let message = if bytes { "%c requires an integer in range(256) or a single byte" } else { "%c requires int or char" };
            Err(m.type_error(message).into())
        }
    }
}

const fn dunder(owner: &'static str) -> NativeRow {
    NativeRow { owner, name: "__format__", code: dunder_format, bind: Bind::Method }
}

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "builtins", name: "format", code: format_function, bind: Bind::Function },
    NativeRow { owner: "str", name: "format", code: str_format, bind: Bind::Method },
    NativeRow { owner: "str", name: "format_map", code: format_map, bind: Bind::Method },
    NativeRow { owner: "intrinsics", name: "template_parts", code: template_parts, bind: Bind::Function },
    NativeRow { owner: "intrinsics", name: "field_path", code: field_path, bind: Bind::Function },
    NativeRow { owner: "intrinsics", name: "percent_again", code: percent_again, bind: Bind::Function },
    dunder("object"),
    dunder("int"),
    dunder("float"),
    dunder("complex"),
    dunder("str"),
];
