//! Text of values: `repr`, `str`, `ascii`, `print` and `input`.
//!
//! The walk over nested containers keeps its own stack, so that no nesting touches the host's. Program code is never
//! called: as soon as a `__repr__` or `__str__` of the program is met, hidden Python begins anew at the outermost value,
//! and asks the intrinsics of this file for what they know.

use super::common::{self, see};
use crate::class::Type;
use crate::heap::DescriptorObject;
use crate::kernel::{float, int, text};
use crate::machine::{Machine, Stream};
use crate::native::{Args, Bind, NativeObject, NativeRow};
use crate::trap::{AskTrap, Trap};
use crate::value::{Kind, Slot, Value};
use alloc::{borrow::Cow, format, string::{String, ToString}, vec::Vec};

/// Containers inside each other, as deep as CPython 3.12 goes.
const DEPTH_MAX: usize = 1498;

/// How the items of a group are held apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `a, b`
    Commas,
    /// `a: b, c: d`
    Pairs,
    /// `(a, b), (c, d)`
    Items,
}

/// A container that is being shown.
struct Group {
    items: Vec<Slot>,
    next: usize,
    style: Style,
    close: Cow<'static, str>,
    /// What stands in the list of containers being shown, so that a cycle is seen.
    guard: Option<Slot>,
}

/// What a value begins with.
enum Begun {
    /// Its text is complete.
    Done,
    /// Its items follow.
    Group(Group),
    /// The program's own code gives its text.
    Program,
}

impl Machine {
    /// `repr(value)`. Err with a call of hidden Python when program code has a say in it.
    pub fn repr(&mut self, slot: Slot) -> Result<String, Trap> {
        show(self, slot, false)
    }

    /// `str(value)`, with the same rule.
    pub fn str_of(&mut self, slot: Slot) -> Result<String, Trap> {
        let value = self.force(slot)?;
        see(self, *value);
        match value.kind {
            Kind::Str => Ok(self.heap.text(value.handle()).into()),
            Kind::Instance => self.str_of_instance(value),
            Kind::Class if self.user_method(*value, self.names.str_).is_some() => Err(self.call_hidden("__str_of__", &[*value])),
            _ => show(self, *value, false),
        }
    }

    fn str_of_instance(&mut self, value: Value) -> Result<String, Trap> {
        if self.user_method(*value, self.names.str_).is_some() {
            return Err(self.call_hidden("__str_of__", &[*value]));
        }
        plain_str(self, value)
    }
}

/// `str` of an instance whose class inherits `__str__` from a built-in one.
fn plain_str(m: &mut Machine, value: Value) -> Result<String, Trap> {
    if let Some(text) = m.text_of(*value) {
        return Ok(text.into());
    }
    if value.kind == Kind::Instance && m.is_instance(*value, Type::BaseException) {
        return exception_text(m, value);
    }
    show(m, *value, false)
}

/// `repr`, walking over nested containers. `plain`: leave out the program's `__repr__` of the outermost value.
fn show(m: &mut Machine, slot: Slot, plain: bool) -> Result<String, Trap> {
    let guards = m.repr_guard.len();
    let mut out = String::new();
    let result = walk(m, slot, plain, &mut out);
    m.repr_guard.truncate(guards);
    if result? {
        return Ok(out);
    }
    Err(m.call_hidden("__repr_of__", &[slot, Slot::bool(plain)]))
}

/// Write the text of a value; false when program code is needed.
fn walk(m: &mut Machine, slot: Slot, plain: bool, out: &mut String) -> Result<bool, Trap> {
    let mut open: Vec<Group> = Vec::new();
    let mut next = Some(slot);
    let mut outermost = plain;
    loop {
        if let Some(slot) = next.take() {
            let before = out.len();
            match begin(m, slot, core::mem::take(&mut outermost), out)? {
                Begun::Program => return Ok(false),
                Begun::Group(group) => open_group(m, &mut open, group)?,
                Begun::Done => {}
            }
            m.spend(20 + (out.len() - before) as u64 / 4)?;
            m.charge(out.len() as u64)?;
        }
        let Some(group) = open.last_mut() else { return Ok(true) };
        match group.items.get(group.next) {
            Some(&item) => {
                push_separator(group, out);
                group.next += 1;
                next = Some(item);
            }
            None => {
                out.push_str(&group.close);
                if group.guard.is_some() {
                    m.repr_guard.pop();
                }
                open.pop();
            }
        }
    }
}

fn open_group(m: &mut Machine, open: &mut Vec<Group>, group: Group) -> Result<(), Trap> {
    if open.len() >= DEPTH_MAX {
        return Err(m.raise(Type::RecursionError, "maximum recursion depth exceeded while getting the repr of an object"));
    }
    m.repr_guard.extend(group.guard);
    open.push(group);
    Ok(())
}

fn push_separator(group: &Group, out: &mut String) {
    let first = group.next == 0;
    out.push_str(match (group.style, group.next % 2) {
        (Style::Commas, _) if first => "",
        (Style::Commas, _) => ", ",
        (Style::Pairs, 0) if first => "",
        (Style::Pairs, 0) => ", ",
        (Style::Pairs, _) => ": ",
        (Style::Items, 0) if first => "(",
        (Style::Items, 0) => "), (",
        (Style::Items, _) => ", ",
    });
}

/// A group of items between two texts.
fn group(items: Vec<Slot>, close: impl Into<Cow<'static, str>>, guard: Option<Slot>) -> Begun {
    Begun::Group(Group { items, next: 0, style: Style::Commas, close: close.into(), guard })
}

fn begin(m: &mut Machine, slot: Slot, plain: bool, out: &mut String) -> Result<Begun, Trap> {
    let value = m.force(slot)?;
    see(m, *value);
    if !plain && matches!(value.kind, Kind::Instance | Kind::Class) && m.user_method(*value, m.names.repr).is_some() {
        return Ok(Begun::Program);
    }
    let shown = m.payload(*value);
    match shown.kind {
        Kind::None | Kind::Unbound | Kind::Pending | Kind::Position => out.push_str("None"),
        Kind::NotImplemented => out.push_str("NotImplemented"),
        Kind::Ellipsis => out.push_str("Ellipsis"),
        Kind::Bool => out.push_str(if shown.bits != 0 { "True" } else { "False" }),
        Kind::Int => out.push_str(&shown.as_int().to_string()),
        Kind::Float => out.push_str(&float::repr(shown.as_float())),
        Kind::Str => out.push_str(&text::repr(m.heap.text(shown.handle()))),
        Kind::Big => out.push_str(&big_text(m, shown)?),
        Kind::Complex => out.push_str(&complex_text(*m.heap.complexes.get(shown.handle()))),
        Kind::Bytes => out.push_str(&text::repr_bytes(m.heap.bytes_objects.get(shown.handle()))),
        Kind::ByteArray => out.push_str(&bytearray_text(m, *value, shown)),
        Kind::List | Kind::Tuple | Kind::Dict | Kind::Set | Kind::FrozenSet | Kind::DictView => return begin_container(m, *value, shown, out),
        Kind::Native2 => return begin_native(m, *value, shown, out),
        Kind::Slice => {
            out.push_str("slice(");
            return Ok(group(m.heap.slices.get(shown.handle()).to_vec(), ")", None));
        }
        Kind::Method => return Ok(begin_method(m, shown, out)),
        Kind::Descriptor => return Ok(begin_descriptor(m, shown, out)),
        Kind::Instance => return begin_instance(m, *value, out),
        _ => {
            match object_text(m, common::known(shown)) {
                Ok(text) => out.push_str(&text),
                // Something in an alias shows itself by program code.
                Err(Trap::Call(_)) => return Ok(Begun::Program),
                Err(trap) => return Err(trap),
            }
        }
    }
    Ok(Begun::Done)
}

/// Decimal digits of a big integer, or the ValueError of one that has too many.
pub fn big_text(m: &mut Machine, slot: Slot) -> Result<String, Trap> {
    let number = m.heap.bigs.get(slot.handle()).clone();
    let digits_max = m.int_digits_max();
    m.spend(int::decimal_cost(number.bits().min(4 * digits_max as u64)))?;
    int::to_decimal_within(&number, digits_max).map_err(|fault| common::fault_trap(m, fault))
}

fn complex_text((real, imaginary): (f64, f64)) -> String {
    crate::kernel::format::repr_complex(real, imaginary)
}

fn bytearray_text(m: &Machine, value: Slot, shown: Slot) -> String {
    // Unlike that of bytes, this text escapes a single quote even between double ones.
    let inner = text::repr_bytes(m.heap.byte_arrays.get(shown.handle()));
    let inner = if inner.starts_with("b\"") { inner.replace('\'', "\\'") } else { inner };
    format!("{}({inner})", m.type_name(value))
}

fn is_open(m: &Machine, slot: Slot) -> bool {
    m.repr_guard.iter().any(|open| open.same(slot))
}

fn begin_container(m: &mut Machine, value: Slot, shown: Slot, out: &mut String) -> Result<Begun, Trap> {
    let handle = shown.handle();
    let (ends, items, style): ((Cow<str>, Cow<str>, &str), Vec<Slot>, Style) = match shown.kind {
        Kind::List => (("[".into(), "]".into(), "[...]"), m.heap.lists.get(handle).clone(), Style::Commas),
        Kind::Tuple => {
            let items = m.heap.tuples.get(handle).to_vec();
            (("(".into(), if items.len() == 1 { ",)" } else { ")" }.into(), "(...)"), items, Style::Commas)
        }
        Kind::Dict => {
            let items = m.heap.dicts.get(handle).iter().flat_map(|e| [e.key, e.value]).collect();
            (("{".into(), "}".into(), "{...}"), items, Style::Pairs)
        }
        Kind::DictView => view_parts(m, shown),
        _ => {
            let items: Vec<Slot> = m.heap.sets.get(handle).iter().collect();
            let name = m.type_name(value);
            if items.is_empty() {
                out.push_str(&format!("{name}()"));
                return Ok(Begun::Done);
            }
            if is_open(m, shown) {
                out.push_str(&format!("{name}(...)"));
                return Ok(Begun::Done);
            }
            let bare = name == "set" && shown.kind == Kind::Set;
            let ends = if bare { ("{".into(), "}".into(), "") } else { (format!("{name}({{").into(), "})".into(), "") };
            (ends, items, Style::Commas)
        }
    };
    if is_open(m, shown) {
        out.push_str(ends.2);
        return Ok(Begun::Done);
    }
    m.charge(16 * items.len() as u64)?;
    m.spend(40 + 2 * items.len() as u64)?;
    out.push_str(&ends.0);
    Ok(Begun::Group(Group { items, next: 0, style, close: Cow::Owned(ends.1.into_owned()), guard: Some(shown) }))
}

fn view_parts(m: &Machine, shown: Slot) -> ((Cow<'static, str>, Cow<'static, str>, &'static str), Vec<Slot>, Style) {
    let (dict, what) = *m.heap.views.get(shown.handle());
    let entries = m.heap.dicts.get(dict);
    match what {
        0 => (("dict_keys([".into(), "])".into(), "..."), entries.iter().map(|e| e.key).collect(), Style::Commas),
        1 => (("dict_values([".into(), "])".into(), "..."), entries.iter().map(|e| e.value).collect(), Style::Commas),
        _ => {
            let items: Vec<Slot> = entries.iter().flat_map(|e| [e.key, e.value]).collect();
            let close = if items.is_empty() { "])" } else { ")])" };
            (("dict_items([".into(), close.into(), "..."), items, Style::Items)
        }
    }
}

fn begin_native(m: &mut Machine, value: Slot, shown: Slot, out: &mut String) -> Result<Begun, Trap> {
    if let NativeObject::Deque(items, maxlen) = m.heap.natives.get(shown.handle()) {
        let close: Cow<'static, str> = match maxlen {
            Some(maxlen) => format!("], maxlen={maxlen})").into(),
            None => "])".into(),
        };
        let items: Vec<Slot> = items.iter().copied().collect();
        if is_open(m, shown) {
            out.push_str("[...]");
            return Ok(Begun::Done);
        }
        out.push_str(&format!("{}([", m.type_name(value)));
        return Ok(group(items, close, Some(shown)));
    }
    if let NativeObject::View(view) = m.heap.natives.get(shown.handle()) {
        let what = if view.base.kind == Kind::None { "released memory" } else { "memory" };
        out.push_str(&at_address(m, what, shown));
        return Ok(Begun::Done);
    }
    let text = crate::modules::re::repr(m, common::known(shown))?;
    out.push_str(&text);
    Ok(Begun::Done)
}

fn begin_method(m: &mut Machine, shown: Slot, out: &mut String) -> Begun {
    let (function, this) = *m.heap.methods.get(shown.handle());
    match function.kind {
        Kind::Native => {
            let name = m.shared.natives[function.handle() as usize].name;
            let class = m.type_name(this);
            let address = m.identity(this);
            out.push_str(&match common::is_dunder(name) && this.kind != Kind::Class {
                true => format!("<method-wrapper '{name}' of {class} object at {address:#x}>"),
                false => format!("<built-in method {name} of {class} object at {address:#x}>"),
            });
            Begun::Done
        }
        _ => {
            let name = match function.kind {
                Kind::Function => m.text_of(m.heap.functions.get(function.handle()).qualname).unwrap_or("?").into(),
                _ => String::from("?"),
            };
            out.push_str(&format!("<bound method {name} of "));
            group(Vec::from([this]), ">", None)
        }
    }
}

fn begin_descriptor(m: &mut Machine, shown: Slot, out: &mut String) -> Begun {
    match m.heap.descriptors.get(shown.handle()).clone() {
        DescriptorObject::Static(function) => {
            out.push_str("<staticmethod(");
            group(Vec::from([function]), ")>", None)
        }
        DescriptorObject::Class(function) => {
            out.push_str("<classmethod(");
            group(Vec::from([function]), ")>", None)
        }
        DescriptorObject::Property(_) => {
            out.push_str(&at_address(m, "property object", shown));
            Begun::Done
        }
        DescriptorObject::Super(class, _, start) if start.kind != Kind::Class => {
            out.push_str(&format!("<super: <class '{}'>, NULL>", m.class_name(class.handle())));
            Begun::Done
        }
        DescriptorObject::Super(class, _, start) => {
            let (class, start) = (m.class_name(class.handle()), m.class_name(start.handle()));
            out.push_str(&format!("<super: <class '{class}'>, <{start} object>>"));
            Begun::Done
        }
        DescriptorObject::Member(name, class) => {
            let what = if m.is_part(name.handle()) { "attribute" } else { "member" };
            let text = format!("<{what} '{}' of '{}' objects>", m.text_of(name).unwrap_or(""), m.class_name(class.handle()));
            out.push_str(&text);
            Begun::Done
        }
    }
}

fn begin_instance(m: &mut Machine, value: Slot, out: &mut String) -> Result<Begun, Trap> {
    if m.is_instance(value, Type::BaseException) {
        out.push_str(&format!("{}(", m.type_name(value)));
        let mut args = exception_args(m, common::known(value));
        if m.is_instance(value, Type::OSError) && (3..=5).contains(&args.len()) {
            // File names are attributes, not arguments.
            args.truncate(2);
        }
        return Ok(group(args, ")", Some(value)).unless_open(m, value, out));
    }
    let name = m.class_full_name(value.class_handle());
    out.push_str(&at_address(m, &format!("{name} object"), value));
    Ok(Begun::Done)
}

impl Begun {
    /// An exception among its own arguments: CPython goes on until the depth is spent; the dots end it sooner.
    fn unless_open(self, m: &Machine, value: Slot, out: &mut String) -> Begun {
        if is_open(m, value) {
            out.push_str("...)");
            return Begun::Done;
        }
        self
    }
}

/// Arguments of an exception instance.
pub fn exception_args(m: &Machine, value: Value) -> Vec<Slot> {
    let args = m.heap.exceptions.get(m.exception_state(value)).args;
    match args.kind {
        Kind::Tuple => m.heap.tuples.get(args.handle()).to_vec(),
        _ => Vec::new(),
    }
}

/// `<what at 0x…>`
fn at_address(m: &mut Machine, what: &str, slot: Slot) -> String {
    let address = m.identity(slot);
    format!("<{what} at {address:#x}>")
}

/// Functions, classes, modules and the like.
fn object_text(m: &mut Machine, value: Value) -> Result<String, Trap> {
    let handle = value.handle();
    Ok(match value.kind {
        Kind::Function => {
            let name = m.text_of(m.heap.functions.get(handle).qualname).unwrap_or("?").to_string();
            at_address(m, &format!("function {name}"), *value)
        }
        Kind::Native => native_text(m, *value),
        Kind::Class => format!("<class '{}'>", m.class_full_name(handle)),
        Kind::Module => format!("<module '{}' (built-in)>", m.heap.text(m.heap.modules.get(handle).name)),
        Kind::Generator => generator_text(m, *value),
        Kind::Range | Kind::WideRange => range_text(m, *value)?,
        Kind::Alias => alias_text(m, *value)?,
        Kind::Cell => cell_text(m, *value),
        Kind::Code => {
            let (name, file, line) = m.codes.get(handle as usize).map_or((String::new(), String::new(), 0), |loaded| {
                (loaded.code.name.to_string(), loaded.code.file.to_string(), loaded.code.first_line)
            });
            let address = m.identity(*value);
            format!("<code object {name} at {address:#x}, file \"{file}\", line {line}>")
        }
        Kind::Tool => format!("<tool {}>", m.heap.text(handle)),
        _ => {
            let name = m.class_full_name(m.class_of(*value));
            at_address(m, &format!("{name} object"), *value)
        }
    })
}

fn native_text(m: &mut Machine, slot: Slot) -> String {
    let row = m.shared.natives[slot.handle() as usize];
    match row.bind {
        Bind::Function => format!("<built-in function {}>", row.name),
        Bind::Method if common::is_dunder(row.name) => format!("<slot wrapper '{}' of '{}' objects>", row.name, row.owner),
        Bind::Method => format!("<method '{}' of '{}' objects>", row.name, row.owner),
        Bind::Getter => format!("<attribute '{}' of '{}' objects>", row.name, row.owner),
        Bind::Class => format!("<method '{}' of '{}' objects>", row.name, row.owner),
        Bind::Static => {
            let class = Type::named(row.owner).unwrap_or(Type::Object).value();
            let address = m.identity(*class);
            format!("<built-in method {} of type object at {address:#x}>", row.name)
        }
    }
}

fn generator_text(m: &mut Machine, slot: Slot) -> String {
    let class = m.class_full_name(m.class_of(slot));
    let generator = m.heap.generators.get(slot.handle());
    let what = match m.text_of(generator.names.1) {
        Some(name) if generator.dress.is_unbound() => format!("{class} object {name}"),
        _ => format!("{class} object"),
    };
    at_address(m, &what, slot)
}

fn range_text(m: &mut Machine, range: Slot) -> Result<String, Trap> {
    let [start, stop, step, _] = m.range_parts(range);
    let (first, last) = (m.repr(start)?, m.repr(stop)?);
    Ok(match (step.kind, step.as_int()) {
        (Kind::Int, 1) => format!("range({first}, {last})"),
        _ => format!("range({first}, {last}, {})", m.repr(step)?),
    })
}

fn cell_text(m: &mut Machine, slot: Slot) -> String {
    let address = m.identity(slot);
    let content = *m.heap.cells.get(slot.handle());
    if content.is_unbound() {
        return format!("<cell at {address:#x}: empty>");
    }
    let name = m.type_name(content);
    let inner = m.identity(content);
    format!("<cell at {address:#x}: {name} object at {inner:#x}>")
}

/// Aliases inside each other that are shown; here the host's stack is used.
const ALIASES_MAX: usize = 50;

/// `list[int]`, `int | None`.
fn alias_text(m: &mut Machine, slot: Slot) -> Result<String, Trap> {
    let depth = m.repr_guard.iter().filter(|open| open.kind == Kind::Alias).count();
    if is_open(m, slot) || depth >= ALIASES_MAX {
        return Err(m.raise(Type::RecursionError, "maximum recursion depth exceeded while getting the repr of an object"));
    }
    m.repr_guard.push(slot);
    let text = alias_parts(m, slot);
    m.repr_guard.pop();
    text
}

fn alias_parts(m: &mut Machine, slot: Slot) -> Result<String, Trap> {
    let (origin, args) = *m.heap.aliases.get(slot.handle());
    let items = match args.kind {
        Kind::Tuple => m.items(args).to_vec(),
        _ => Vec::from([args]),
    };
    let parts = type_texts(m, &items)?;
    if origin.kind == Kind::None {
        return Ok(parts.join(" | "));
    }
    let inside = if parts.is_empty() { "()".into() } else { parts.join(", ") };
    Ok(format!("{}[{inside}]", type_text(m, origin)?))
}

fn type_texts(m: &mut Machine, items: &[Slot]) -> Result<Vec<String>, Trap> {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        let text = type_text(m, *item)?;
        m.spend(8 + text.len() as u64)?;
        m.charge(text.len() as u64)?;
        texts.push(text);
    }
    Ok(texts)
}

/// A type as annotations show it.
fn type_text(m: &mut Machine, slot: Slot) -> Result<String, Trap> {
    let slot = *m.force(slot)?;
    Ok(match slot.kind {
        Kind::Ellipsis => "...".into(),
        Kind::Class if slot.handle() == Type::NoneType.handle() => "None".into(),
        Kind::Class => m.class_full_name(slot.handle()),
        Kind::Alias => alias_text(m, slot)?,
        Kind::List if m.items(slot).iter().all(|item| item.kind == Kind::Class) => {
            let items = m.items(slot).to_vec();
            format!("[{}]", type_texts(m, &items)?.join(", "))
        }
        _ => show(m, slot, false)?,
    })
}

/// Exceptions inside each other whose texts are asked for; here the host's stack is used.
const EXCEPTIONS_MAX: usize = 200;

/// `str(exception)` by the rules of its built-in base.
pub fn exception_text(m: &mut Machine, value: Value) -> Result<String, Trap> {
    let depth = m.repr_guard.iter().filter(|open| open.kind == Kind::Instance).count();
    if depth >= EXCEPTIONS_MAX {
        return Err(m.raise(Type::RecursionError, "maximum recursion depth exceeded while getting the str of an object"));
    }
    m.repr_guard.push(*value);
    let text = text_by_class(m, value);
    m.repr_guard.pop();
    text
}

fn text_by_class(m: &mut Machine, value: Value) -> Result<String, Trap> {
    let args = exception_args(m, value);
    args.iter().for_each(|arg| see(m, *arg));
    if let Some(text) = special_exception_text(m, value, &args)? {
        return Ok(text);
    }
    match args.as_slice() {
        [] => Ok(String::new()),
        [one] if m.is_instance(*value, Type::KeyError) => show(m, *one, false),
        [one] => m.str_of(*one),
        _ => {
            let tuple = m.heap.exceptions.get(m.exception_state(value)).args;
            show(m, tuple, false)
        }
    }
}

fn special_exception_text(m: &mut Machine, value: Value, args: &[Slot]) -> Result<Option<String>, Trap> {
    if m.is_instance(*value, Type::OSError) && args.len() >= 2 {
        return os_error_text(m, value, args).map(Some);
    }
    if m.is_instance(*value, Type::SyntaxError) && !args.is_empty() {
        return syntax_error_text(m, value, args).map(Some);
    }
    if m.is_instance(*value, Type::BaseExceptionGroup) && args.len() == 2 {
        let count = m.length(args[1])?.unwrap_or(0);
        let plural = if count == 1 { "" } else { "s" };
        return Ok(Some(format!("{} ({count} sub-exception{plural})", m.str_of(args[0])?)));
    }
    let coded = m.is_instance(*value, Type::UnicodeDecodeError) || m.is_instance(*value, Type::UnicodeEncodeError);
    if args.len() == 5 && coded || args.len() == 4 && m.is_instance(*value, Type::UnicodeTranslateError) {
        return unicode_error_text(m, value, args);
    }
    Ok(None)
}

fn own_attribute(m: &mut Machine, value: Value, name: &str) -> Option<Slot> {
    let name = m.intern(name);
    m.lookup_in_dict(value.handle(), name).filter(|slot| !matches!(slot.kind, Kind::None | Kind::Unbound))
}

fn os_error_text(m: &mut Machine, value: Value, args: &[Slot]) -> Result<String, Trap> {
    let (number, message) = (m.str_of(args[0])?, m.str_of(args[1])?);
    let mut out = format!("[Errno {number}] {message}");
    let file = own_attribute(m, value, "filename").or_else(|| args.get(2).copied().filter(|s| s.kind != Kind::None));
    if let Some(file) = file {
        out.push_str(": ");
        out.push_str(&show(m, file, false)?);
        let second = own_attribute(m, value, "filename2").or_else(|| args.get(4).copied().filter(|s| s.kind != Kind::None));
        if let Some(second) = second {
            out.push_str(" -> ");
            out.push_str(&show(m, second, false)?);
        }
    }
    Ok(out)
}

fn syntax_error_text(m: &mut Machine, value: Value, args: &[Slot]) -> Result<String, Trap> {
    let message = m.str_of(args[0])?;
    let details = args.get(1).filter(|slot| slot.kind == Kind::Tuple).map(|slot| m.heap.tuples.get(slot.handle()).to_vec());
    let detail = |index: usize| details.as_ref().and_then(|d| d.get(index).copied());
    let file = own_attribute(m, value, "filename").or(detail(0)).and_then(|s| common::text(m, s));
    let line = own_attribute(m, value, "lineno").or(detail(1)).filter(|s| s.kind == Kind::Int).map(Slot::as_int);
    let file = file.map(|f| f.rsplit('/').next().unwrap_or("").to_string());
    Ok(match (file, line) {
        (Some(file), Some(line)) => format!("{message} ({file}, line {line})"),
        (Some(file), None) => format!("{message} ({file})"),
        (None, Some(line)) => format!("{message} (line {line})"),
        (None, None) => message,
    })
}

fn unicode_error_text(m: &mut Machine, value: Value, args: &[Slot]) -> Result<Option<String>, Trap> {
    // The parts are attributes that a program can set; a translation has no encoding.
    let shift = 5 - args.len();
    let mut part = |name: &str, index: usize| own_attribute(m, value, name).unwrap_or(args[index - shift]);
    let [object, start, end, reason] = [part("object", 1), part("start", 2), part("end", 3), part("reason", 4)];
    let encoding = if shift == 0 { part("encoding", 0) } else { Slot::NONE };
    let Some(reason) = common::text(m, reason) else { return Ok(None) };
    let (start, end) = (start.as_int(), end.as_int());
    let at = usize::try_from(start).unwrap_or(0);
    let single = match (object.kind, end == start.saturating_add(1)) {
        (_, false) => None,
        (Kind::Bytes, true) => m.heap.bytes_objects.get(object.handle()).get(at).map(|byte| format!("byte 0x{byte:02x}")),
        (_, true) => m.text_of(object).and_then(|t| t.chars().nth(at)).map(|letter| match letter as u32 {
            code @ 0..=0xff => format!("character '\\x{code:02x}'"),
            code @ 0x100..=0xffff => format!("character '\\u{code:04x}'"),
            code => format!("character '\\U{code:08x}'"),
        }),
    };
    let (verb, many) = if object.kind == Kind::Bytes { ("decode", "bytes") } else { ("encode", "characters") };
    let who = match common::text(m, encoding) {
        Some(encoding) => format!("'{encoding}' codec can't {verb}"),
        None if shift == 1 => String::from("can't translate"),
        None => return Ok(None),
    };
    Ok(Some(match single {
        Some(single) => format!("{who} {single} in position {start}: {reason}"),
        None => format!("{who} {many} in position {start}-{}: {reason}", end.saturating_sub(1)),
    }))
}

// ---- natives

fn repr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "repr", 0, 1, 1)?;
    let text = m.repr(m.arg_slot(args, 0))?;
    m.new_str(text)
}

fn ascii(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "ascii", 0, 1, 1)?;
    let value = m.arg(args, 0)?;
    match m.repr(*value) {
        Ok(shown) => m.new_str(text::ascii_of_repr(&shown)),
        Err(Trap::Call(_)) => Err(m.call_hidden("__ascii_of__", &[*value])),
        Err(trap) => Err(trap),
    }
}

fn escape(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let shown = common::text(m, *m.arg(args, 0)?).unwrap_or_default();
    m.new_str(text::ascii_of_repr(&shown))
}

/// For hidden code: the text of a value, None when the program's `__repr__` gives it, or a list of texts and
/// one-tuples of items; then the value counts as being shown until `done`.
fn parts(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (value, plain) = (m.arg(args, 0)?, m.arg(args, 1)?.bits != 0);
    let guards = m.repr_guard.len();
    let mut out = String::new();
    let complete = walk(m, *value, plain, &mut out);
    m.repr_guard.truncate(guards);
    if complete? {
        return m.new_str(out);
    }
    if value.kind == Kind::Alias {
        let pieces = alias_pieces(m, *value)?;
        let list = m.new_list(pieces)?;
        m.repr_guard.push(*value);
        return Ok(list);
    }
    out.clear();
    let mut group = match begin(m, *value, plain, &mut out)? {
        Begun::Program | Begun::Done => return Ok(Value::NONE),
        Begun::Group(group) => group,
    };
    let mut pieces = Vec::new();
    while let Some(&item) = group.items.get(group.next) {
        push_separator(&group, &mut out);
        group.next += 1;
        pieces.push(*m.new_str(core::mem::take(&mut out))?);
        pieces.push(*m.new_tuple(Vec::from([item]))?);
    }
    out.push_str(&group.close);
    pieces.push(*m.new_str(out)?);
    let list = m.new_list(pieces)?;
    m.repr_guard.push(group.guard.unwrap_or(Slot::NONE));
    Ok(list)
}

/// An alias for hidden code: what shows itself by program code is left to it.
fn alias_pieces(m: &mut Machine, slot: Slot) -> Result<Vec<Slot>, Trap> {
    let (origin, args) = *m.heap.aliases.get(slot.handle());
    let union = origin.kind == Kind::None;
    let mut pieces = Vec::new();
    if !union {
        let begin = format!("{}[", type_text(m, origin)?);
        pieces.push(*m.new_str(begin)?);
    }
    for (index, item) in m.items(args).to_vec().into_iter().enumerate() {
        if index > 0 {
            pieces.push(*m.new_str(if union { " | " } else { ", " })?);
        }
        pieces.push(match type_text(m, item) {
            Ok(text) => *m.new_str(text)?,
            Err(Trap::Call(_)) => *m.new_tuple(Vec::from([item]))?,
            Err(trap) => return Err(trap),
        });
    }
    if !union {
        pieces.push(*m.new_str("]")?);
    }
    Ok(pieces)
}

fn done(m: &mut Machine, _: &Args) -> Result<Value, Trap> {
    m.repr_guard.pop();
    Ok(Value::NONE)
}

/// `__repr__` of built-in classes.
fn dunder_repr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__repr__", 1, 0, 0)?;
    let value = m.arg(args, 0)?;
    let text = show(m, *value, true)?;
    m.new_str(text)
}

/// `__str__` of built-in classes.
fn dunder_str(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__str__", 1, 0, 0)?;
    let value = m.arg(args, 0)?;
    let text = plain_str(m, value)?;
    m.new_str(text)
}

/// `object.__repr__`: the class and where it lies, whatever the value holds.
fn object_repr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__repr__", 1, 0, 0)?;
    let value = m.arg(args, 0)?;
    let name = m.class_full_name(m.class_of(*value));
    let text = at_address(m, &format!("{name} object"), *value);
    m.new_str(text)
}

/// `object.__str__`: what `repr` gives.
fn object_str(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__str__", 1, 0, 0)?;
    let text = m.repr(m.arg_slot(args, 0))?;
    m.new_str(text)
}

const STR: common::Signature<3> = common::Signature { name: "str", names: ["object", "encoding", "errors"], positional: 3, required: 0 };

fn str_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let [object, encoding, errors] = common::unpack(m, args, 1, &STR)?;
    if encoding.is_some() || errors.is_some() {
        return super::bytes::decode_to_str(m, object, encoding, errors);
    }
    match object {
        None => m.new_str(""),
        Some(object) if object.kind == Kind::Str => Ok(object),
        Some(object) => {
            let text = m.str_of(*object)?;
            m.new_str(text)
        }
    }
}

/// A separator or end of `print`: None stands for the usual one.
fn piece(m: &mut Machine, args: &Args, name: &str, usual: &str) -> Result<String, Trap> {
    let Some(slot) = m.keyword(args, name) else { return Ok(usual.into()) };
    let value = m.force(slot)?;
    if value.is_none() {
        return Ok(usual.into());
    }
    match common::text(m, *value) {
        Some(text) => Ok(text),
        None => {
            let class = m.type_name(*value);
            Err(m.type_error(format!("{name} must be None or a string, not {class}")))
        }
    }
}

fn print(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    for (name, _) in m.keywords(args) {
        if !["sep", "end", "file", "flush"].contains(&name.as_str()) {
            return Err(m.type_error(format!("'{name}' is an invalid keyword argument for print()")));
        }
    }
    let file = match m.keyword(args, "file") {
        Some(file) => m.force(file)?,
        None => Value::NONE,
    };
    let file = if file.is_none() { replaced_stdout(m) } else { Some(file) };
    let (separator, end) = (piece(m, args, "sep", " ")?, piece(m, args, "end", "\n")?);
    if let Some(file) = file {
        let (separator, end) = (m.new_str(separator)?, m.new_str(end)?);
        let values = common::positional_tuple(m, args, 0)?;
        let flush = m.keyword(args, "flush").unwrap_or(Slot::bool(false));
        return Err(m.call_hidden("__print_to__", &[*file, *values, *separator, *end, flush]));
    }
    let mut out = String::new();
    for index in 0..args.count {
        if index > 0 {
            out.push_str(&separator);
        }
        match m.str_of(m.arg_slot(args, index)) {
            Ok(text) => out.push_str(&text),
            Err(Trap::Call(_)) => {
                let (separator, end) = (m.new_str(separator)?, m.new_str(end)?);
                let values = common::positional_tuple(m, args, 0)?;
                return Err(m.call_hidden("__print__", &[*values, *separator, *end]));
            }
            Err(trap) => return Err(trap),
        }
        m.charge(out.len() as u64)?;
    }
    out.push_str(&end);
    m.write(Stream::Out, out)?;
    Ok(Value::NONE)
}

/// What the program put into `sys.stdout`, when it is no longer the standard output itself.
fn replaced_stdout(m: &mut Machine) -> Option<Value> {
    let (sys, stdout, original) = (m.intern("sys"), m.intern("stdout"), m.intern("__stdout__"));
    let module = m.lookup_in_dict(m.modules, sys).filter(|slot| slot.kind == Kind::Module)?;
    let dict = m.heap.modules.get(module.handle()).dict;
    let (now, first) = (m.lookup_in_dict(dict, stdout)?, m.lookup_in_dict(dict, original)?);
    if now.same(first) { None } else { now.value() }
}

/// For hidden code: write to the standard output.
fn write(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let text = common::text(m, *m.arg(args, 0)?).unwrap_or_default();
    m.write(Stream::Out, text)?;
    Ok(Value::NONE)
}

fn input(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "input", 0, 0, 1)?;
    let prompt = match m.optional(args, 0)? {
        None => String::new(),
        Some(prompt) => match m.str_of(*prompt) {
            Ok(text) => text,
            Err(Trap::Call(_)) => {
                let again = m.native_value("input");
                return Err(m.call_hidden("__input__", &[*prompt, again]));
            }
            Err(trap) => return Err(trap),
        },
    };
    if m.has_open_asks() {
        // All bets are settled first; then this runs again, and the prompt is written once.
        return Err(Trap::Pending);
    }
    m.write(Stream::Out, prompt.clone())?;
    let request = emulant_ask::Request::Input { prompt };
    Err(Trap::Ask(alloc::boxed::Box::new(AskTrap { request, seen: Vec::new() })))
}

macro_rules! dunders {
    ($($owner:literal)*) => {
        &[$(NativeRow { owner: $owner, name: "__repr__", code: dunder_repr, bind: Bind::Method }),*]
    };
}

/// `__repr__` of the classes that have their own.
pub const REPRS: &[NativeRow] = dunders! {
    "int" "bool" "float" "complex" "str" "bytes" "bytearray" "list" "tuple" "dict" "set" "frozenset" "range" "slice"
    "NoneType" "ellipsis" "NotImplementedType" "dict_keys" "dict_values" "dict_items" "collections.deque" "BaseException" "type"
    "function" "method" "builtin_function_or_method" "method_descriptor" "module" "generator" "coroutine" "types.GenericAlias"
    "types.UnionType"
};

/// The natives of this file.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "builtins", name: "repr", code: repr, bind: Bind::Function },
    NativeRow { owner: "builtins", name: "ascii", code: ascii, bind: Bind::Function },
    NativeRow { owner: "builtins", name: "print", code: print, bind: Bind::Function },
    NativeRow { owner: "builtins", name: "input", code: input, bind: Bind::Function },
    NativeRow { owner: "str", name: "__new__", code: str_new, bind: Bind::Static },
    NativeRow { owner: "str", name: "__str__", code: dunder_str, bind: Bind::Method },
    NativeRow { owner: "BaseException", name: "__str__", code: dunder_str, bind: Bind::Method },
    NativeRow { owner: "object", name: "__repr__", code: object_repr, bind: Bind::Method },
    NativeRow { owner: "object", name: "__str__", code: object_str, bind: Bind::Method },
    NativeRow { owner: "intrinsics", name: "repr_parts", code: parts, bind: Bind::Function },
    NativeRow { owner: "intrinsics", name: "repr_done", code: done, bind: Bind::Function },
    NativeRow { owner: "intrinsics", name: "ascii_escape", code: escape, bind: Bind::Function },
    NativeRow { owner: "intrinsics", name: "write_out", code: write, bind: Bind::Function },
];
