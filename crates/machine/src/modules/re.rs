//! `_re`: patterns and matches over `kernel::regex`. The face of the module is `re.py`.
//!
//! Spans are byte offsets inside; programs see code points. A callable replacement is the business of hidden Python.

use crate::builtins::common::{room, unpack, Signature};
use crate::builtins::support::{receiver_of, Outcome};
use crate::class::Type;
use crate::heap::IterObject;
use crate::kernel::regex::{self, Budget, Found, Mode, PatternError, Scan, TemplatePart};
use crate::kernel::text;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeObject, NativeRow};
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{boxed::Box, format, string::String, sync::Arc, vec::Vec};
use emulant_ask::Limit;

/// A pattern: its source, and what was made of it.
#[derive(Clone)]
pub struct Pattern {
    /// Source text; that of a pattern over bytes has a letter for each byte.
    pub(crate) source: String,
    pub(crate) is_text: bool,
    pub(crate) compiled: Arc<regex::Pattern>,
}

impl core::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Pattern({:?})", self.source)
    }
}

impl Pattern {
    /// Equal patterns have the same source, kind and flags.
    pub fn same_as(&self, other: &Pattern) -> bool {
        self.source == other.source && self.is_text == other.is_text && self.compiled.flags() == other.compiled.flags()
    }
}

/// A match: pattern, subject, the bounds that were searched (in code points) and the spans (in bytes).
#[derive(Clone, Debug)]
pub struct Match {
    pub(crate) pattern: Slot,
    pub(crate) subject: Slot,
    pub(crate) bounds: (usize, usize),
    pub(crate) found: Found,
}

impl Match {
    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        160 + 24 * self.found.spans.len() as u64
    }

    /// Slots it refers to.
    pub fn references(&self, each: &mut dyn FnMut(Slot)) {
        each(self.pattern);
        each(self.subject);
    }
}

const fn of_pattern(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "Pattern", name, code, bind: Bind::Method }
}

const fn of_match(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "Match", name, code, bind: Bind::Method }
}

const fn getter(owner: &'static str, name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner, name, code, bind: Bind::Getter }
}

/// Natives of patterns and matches.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "_re", name: "compile", code: compile, bind: Bind::Function },
    of_pattern("search", |m, args| one(m, args, Mode::Search, "search")),
    of_pattern("match", |m, args| one(m, args, Mode::Match, "match")),
    of_pattern("fullmatch", |m, args| one(m, args, Mode::Fullmatch, "fullmatch")),
    of_pattern("findall", findall),
    of_pattern("finditer", finditer),
    of_pattern("split", split),
    of_pattern("sub", |m, args| substitute(m, args, "sub", false)),
    of_pattern("subn", |m, args| substitute(m, args, "subn", true)),
    of_pattern("__repr__", |m, args| shown(m, args, "re.Pattern")),
    of_pattern("__copy__", |m, args| m.arg(args, 0)),
    of_pattern("__deepcopy__", |m, args| m.arg(args, 0)),
    of_pattern("__hash__", pattern_hash),
    getter("Pattern", "pattern", pattern_source),
    getter("Pattern", "flags", |m, args| pattern(m, args).map(|(_, p)| Value::int(i64::from(p.compiled.flags())))),
    getter("Pattern", "groups", |m, args| pattern(m, args).map(|(_, p)| Value::int(p.compiled.groups() as i64))),
    getter("Pattern", "groupindex", groupindex),
    of_match("group", group),
    of_match("__getitem__", getitem),
    of_match("groups", groups),
    of_match("groupdict", groupdict),
    of_match("start", |m, args| span_of(m, args, "start").map(|(start, _)| Value::int(start))),
    of_match("end", |m, args| span_of(m, args, "end").map(|(_, end)| Value::int(end))),
    of_match("span", span),
    of_match("expand", expand),
    of_match("__repr__", |m, args| shown(m, args, "re.Match")),
    of_match("__copy__", |m, args| m.arg(args, 0)),
    of_match("__deepcopy__", |m, args| m.arg(args, 0)),
    getter("Match", "string", |m, args| matched(m, args).and_then(|found| m.force(found.subject))),
    getter("Match", "re", |m, args| matched(m, args).and_then(|found| m.force(found.pattern))),
    getter("Match", "pos", |m, args| matched(m, args).map(|found| Value::int(found.bounds.0 as i64))),
    getter("Match", "endpos", |m, args| matched(m, args).map(|found| Value::int(found.bounds.1 as i64))),
    getter("Match", "lastindex", |m, args| matched(m, args).map(|f| f.found.last_index.map_or(Value::NONE, |i| Value::int(i as i64)))),
    getter("Match", "lastgroup", lastgroup),
    getter("Match", "regs", regs),
];

/// The receiver as a pattern.
fn pattern(m: &mut Machine, args: &Args) -> Result<(Slot, Pattern), Trap> {
    let slot = receiver_of(m, args, &[Kind::Native2], "re.Pattern", "search")?;
    match m.heap.natives.get(slot.handle()) {
        NativeObject::Pattern(pattern) => Ok((slot, (**pattern).clone())),
        _ => Err(m.type_error("a re.Pattern is expected")),
    }
}

/// The receiver as a match.
fn matched(m: &mut Machine, args: &Args) -> Result<Match, Trap> {
    let slot = receiver_of(m, args, &[Kind::Native2], "re.Match", "group")?;
    match m.heap.natives.get(slot.handle()) {
        NativeObject::Match(found) => Ok((**found).clone()),
        _ => Err(m.type_error("a re.Match is expected")),
    }
}

/// The pattern of a match.
fn pattern_of(m: &Machine, found: &Match) -> Option<Pattern> {
    match m.heap.natives.get(found.pattern.handle()) {
        NativeObject::Pattern(pattern) => Some((**pattern).clone()),
        _ => None,
    }
}

// ---- compiling

/// `compile(source, flags)`
fn compile(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "compile", 0, 2, 2)?;
    let (given, flags) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let flags = m.payload(flags).as_int() as u32;
    let plain = m.payload(given);
    let (source, compiled) = match plain.kind {
        Kind::Str => {
            let source: String = m.heap.text(plain.handle()).into();
            m.spend(64 * source.len() as u64 + 1000)?;
            let compiled = regex::Pattern::compile(&source, flags);
            (source, compiled)
        }
        Kind::Bytes | Kind::ByteArray => {
            let bytes = m.bytes_of(plain).to_vec();
            m.spend(64 * bytes.len() as u64 + 1000)?;
            (bytes.iter().map(|byte| *byte as char).collect(), regex::Pattern::compile_bytes(&bytes, flags))
        }
        _ => return Err(m.type_error("first argument must be string or compiled pattern")),
    };
    match compiled {
        Ok(compiled) => {
            m.charge(compiled.bytes() + 2048)?;
            let pattern = Pattern { source, is_text: plain.kind == Kind::Str, compiled: Arc::new(compiled) };
            m.new_native(NativeObject::Pattern(Box::new(pattern)))
        }
        Err(error) => Err(refused(m, error, given)),
    }
}

/// The exception for a pattern or template that is wrong: `re.error` is a class of Python code.
fn refused(m: &mut Machine, error: PatternError, source: Slot) -> Trap {
    match error {
        PatternError::Syntax { message, position } => {
            let message = match m.new_str(message) {
                Ok(message) => *message,
                Err(trap) => return trap,
            };
            let position = position.map_or(Slot::NONE, |position| Slot::int(position as i64));
            m.call_hidden("__re_error__", &[message, source, position])
        }
        PatternError::Fault(fault) => m.fault(fault),
        PatternError::TooDeep => m.raise(Type::RecursionError, "maximum recursion depth exceeded"),
        PatternError::Unsupported(what) => m.raise(Type::NotImplementedError, format!("not supported: {what}")),
    }
}

// ---- searching

/// What is searched, checked against the pattern's kind.
fn subject(m: &mut Machine, pattern: &Pattern, given: Value) -> Result<Slot, Trap> {
    let plain = m.payload(*given);
    match (plain.kind, pattern.is_text) {
        (Kind::Str, true) | (Kind::Bytes | Kind::ByteArray, false) => Ok(plain),
        (Kind::Str, false) => Err(m.type_error("cannot use a bytes pattern on a string-like object")),
        (Kind::Bytes | Kind::ByteArray, true) => Err(m.type_error("cannot use a string pattern on a bytes-like object")),
        _ => {
            let message = format!("expected string or bytes-like object, got '{}'", m.type_name(*given));
            Err(m.type_error(message))
        }
    }
}

/// One walk over a subject between two bounds.
struct Walk {
    pattern: Pattern,
    subject: Slot,
    /// In code points.
    bounds: (usize, usize),
    /// Byte offset behind the last place that may match.
    end: usize,
    scan: Scan,
}

/// Optional bounds in code points, clamped.
fn walk(m: &mut Machine, pattern: Pattern, subject: Slot, pos: Option<Value>, endpos: Option<Value>) -> Result<Walk, Trap> {
    let len = m.length(subject)?.unwrap_or(0) as i64;
    let bound = |m: &mut Machine, value: Option<Value>, default: i64| match value {
        Some(value) => crate::builtins::support::saturated_index(m, *value, "an integer is required").map(|i| i.clamp(0, len)),
        None => Ok(default),
    };
    let end = bound(m, endpos, len)?;
    let start = bound(m, pos, 0)?;
    let (start_offset, end_offset) = match subject.kind {
        Kind::Str if !m.heap.strings.get(subject.handle()).is_ascii() => {
            let whole = m.heap.text(subject.handle());
            (text::byte_offset(whole, start as usize), text::byte_offset(whole, end as usize))
        }
        _ => (start as usize, end as usize),
    };
    Ok(Walk { pattern, subject, bounds: (start as usize, end as usize), end: end_offset, scan: Scan::new(start_offset) })
}

impl Walk {
    /// The next match in this mode; what it costs is charged.
    fn next(&mut self, m: &mut Machine, mode: Mode) -> Result<Option<Found>, Trap> {
        if self.scan.position > self.end {
            return Ok(None);
        }
        let steps = m.fuel_left().max(0) as u64;
        let mut budget = Budget { steps, frames_max: (room(m) / 40).min(1 << 26) as usize };
        let compiled = &self.pattern.compiled;
        let found = match self.subject.kind {
            Kind::Str => self.scan.next(compiled, &m.heap.text(self.subject.handle())[..self.end], mode, &mut budget),
            _ => {
                // A bytearray may have become shorter since the walk began.
                let data = m.bytes_of(self.subject);
                let end = self.end.min(data.len());
                if self.scan.position > end {
                    return Ok(None);
                }
                self.scan.next_bytes(compiled, &data[..end], mode, &mut budget)
            }
        };
        // What a match costs besides its steps.
        m.spend(steps - budget.steps + 40)?;
        found.map_err(|_| Trap::Limit(Limit::Instructions))
    }

    /// A piece of the subject as a value.
    fn piece(&self, m: &mut Machine, start: usize, end: usize) -> Result<Slot, Trap> {
        piece(m, self.subject, start, end)
    }

    /// A match as an object.
    fn object(&self, m: &mut Machine, this: Slot, given: Slot, found: Found) -> Outcome {
        m.new_native(NativeObject::Match(Box::new(Match { pattern: this, subject: given, bounds: self.bounds, found })))
    }
}

fn piece(m: &mut Machine, subject: Slot, start: usize, end: usize) -> Result<Slot, Trap> {
    match subject.kind {
        Kind::Str => {
            let part: String = m.heap.text(subject.handle())[start..end].into();
            m.new_str(part).map(Value::slot)
        }
        _ => {
            // A bytearray may have become shorter since it was matched.
            let data = m.bytes_of(subject);
            let part = data[start.min(data.len())..end.min(data.len())].to_vec();
            m.new_bytes(part).map(Value::slot)
        }
    }
}

fn one(m: &mut Machine, args: &Args, mode: Mode, name: &'static str) -> Outcome {
    let (this, pattern) = pattern(m, args)?;
    let [given, pos, endpos] = unpack(m, args, 1, &Signature { name, names: ["string", "pos", "endpos"], positional: 3, required: 1 })?;
    let given = given.unwrap_or(Value::NONE);
    let subject = subject(m, &pattern, given)?;
    let mut walk = walk(m, pattern, subject, pos, endpos)?;
    match walk.next(m, mode)? {
        Some(found) => walk.object(m, this, *given, found),
        None => Ok(Value::NONE),
    }
}

/// A walk over an argument `string` with bounds, for `findall` and `finditer`.
fn walk_over(m: &mut Machine, args: &Args, name: &'static str) -> Result<(Slot, Slot, Walk), Trap> {
    let (this, pattern) = pattern(m, args)?;
    let [given, pos, endpos] = unpack(m, args, 1, &Signature { name, names: ["string", "pos", "endpos"], positional: 3, required: 1 })?;
    let given = given.unwrap_or(Value::NONE);
    let subject = subject(m, &pattern, given)?;
    let walk = walk(m, pattern, subject, pos, endpos)?;
    Ok((this, *given, walk))
}

fn findall(m: &mut Machine, args: &Args) -> Outcome {
    let (_, _, mut walk) = walk_over(m, args, "findall")?;
    let mut all = Vec::new();
    while let Some(found) = walk.next(m, Mode::Search)? {
        let spans = &found.spans;
        let item = match spans.len() {
            1 | 2 => {
                let (start, end) = spans[spans.len() - 1].unwrap_or((0, 0));
                walk.piece(m, start, end)?
            }
            _ => {
                let mut parts = Vec::with_capacity(spans.len() - 1);
                for span in &spans[1..] {
                    let (start, end) = span.unwrap_or((0, 0));
                    parts.push(walk.piece(m, start, end)?);
                }
                *m.new_tuple(parts)?
            }
        };
        all.push(item);
        room_for(m, all.len())?;
    }
    m.new_list(all)
}

/// Charge a growing vector of slots now and then.
fn room_for(m: &mut Machine, len: usize) -> Result<(), Trap> {
    if len % 1024 == 0 { m.charge(32 * len as u64) } else { Ok(()) }
}

fn finditer(m: &mut Machine, args: &Args) -> Outcome {
    let (this, given, mut walk) = walk_over(m, args, "finditer")?;
    let mut all = Vec::new();
    while let Some(found) = walk.next(m, Mode::Search)? {
        all.push(*walk.object(m, this, given, found)?);
        room_for(m, all.len())?;
    }
    Ok(m.new_iter(IterObject::Items(all, 0)))
}

fn split(m: &mut Machine, args: &Args) -> Outcome {
    let (_, pattern) = pattern(m, args)?;
    let [given, most] = unpack(m, args, 1, &Signature { name: "split", names: ["string", "maxsplit"], positional: 2, required: 1 })?;
    let subject = subject(m, &pattern, given.unwrap_or(Value::NONE))?;
    let most = most.map_or(Ok(0), |most| m.index_value(*most, ""))?;
    let mut walk = walk(m, pattern, subject, None, None)?;
    let (mut all, mut last, mut made) = (Vec::new(), 0, 0);
    while most == 0 || made < most {
        let Some(found) = walk.next(m, Mode::Search)? else { break };
        let (start, end) = found.span();
        all.push(walk.piece(m, last, start)?);
        for span in &found.spans[1..] {
            all.push(match span {
                Some((start, end)) => walk.piece(m, *start, *end)?,
                None => Slot::NONE,
            });
        }
        room_for(m, all.len())?;
        (last, made) = (end, made + 1);
    }
    all.push(walk.piece(m, last, walk.end)?);
    m.new_list(all)
}

// ---- replacing

/// The parts of a replacement; None when it has to be called.
fn template(m: &mut Machine, pattern: &Pattern, given: Value) -> Result<Option<Vec<TemplatePart>>, Trap> {
    let plain = m.payload(*given);
    let source: String = match plain.kind {
        Kind::Str => m.heap.text(plain.handle()).into(),
        Kind::Bytes | Kind::ByteArray => m.bytes_of(plain).iter().map(|byte| *byte as char).collect(),
        _ if m.callable(*given) => return Ok(None),
        _ => {
            let message = format!("decoding to str: need a bytes-like object, {} found", m.type_name(*given));
            return Err(m.type_error(message));
        }
    };
    if (plain.kind == Kind::Str) != pattern.is_text {
        let (wanted, found) = if pattern.is_text { ("str", "bytes") } else { ("bytes-like object", "str") };
        let message = match pattern.is_text {
            true => format!("sequence item 0: expected {wanted} instance, {found} found"),
            false => format!("sequence item 0: expected a {wanted}, {found} found"),
        };
        return Err(m.type_error(message));
    }
    if !source.contains('\\') {
        return Ok(Some(if source.is_empty() { Vec::new() } else { Vec::from([TemplatePart::Literal(source)]) }));
    }
    match regex::parse_template(&source, &pattern.compiled, pattern.is_text) {
        Ok(parts) => Ok(Some(parts)),
        Err(error) => Err(refused(m, error, *given)),
    }
}

/// Text that grows: of a string, or of bytes.
enum Out {
    Text(String),
    Bytes(Vec<u8>),
}

impl Out {
    fn new(subject: Slot) -> Out {
        if subject.kind == Kind::Str { Out::Text(String::new()) } else { Out::Bytes(Vec::new()) }
    }

    fn len(&self) -> usize {
        match self {
            Out::Text(text) => text.len(),
            Out::Bytes(bytes) => bytes.len(),
        }
    }

    fn copy(&mut self, m: &Machine, subject: Slot, start: usize, end: usize) {
        match self {
            Out::Text(text) => text.push_str(&m.heap.text(subject.handle())[start..end]),
            Out::Bytes(bytes) => bytes.extend_from_slice(m.bytes_of(subject).get(start..end).unwrap_or_default()),
        }
    }

    fn literal(&mut self, part: &str) {
        match self {
            Out::Text(text) => text.push_str(part),
            Out::Bytes(bytes) => bytes.extend(part.chars().map(|c| c as u8)),
        }
    }

    fn fill(&mut self, m: &Machine, subject: Slot, parts: &[TemplatePart], found: &Found) {
        for part in parts {
            match part {
                TemplatePart::Literal(part) => self.literal(part),
                TemplatePart::Group(index) => {
                    if let Some((start, end)) = found.spans.get(*index).copied().flatten() {
                        self.copy(m, subject, start, end);
                    }
                }
            }
        }
    }

    fn value(self, m: &mut Machine) -> Outcome {
        match self {
            Out::Text(text) => m.new_str(text),
            Out::Bytes(bytes) => m.new_bytes(bytes),
        }
    }
}

fn substitute(m: &mut Machine, args: &Args, name: &'static str, counted: bool) -> Outcome {
    let (this, pattern) = pattern(m, args)?;
    let [by, given, count] = unpack(m, args, 1, &Signature { name, names: ["repl", "string", "count"], positional: 3, required: 2 })?;
    let (by, given) = (by.unwrap_or(Value::NONE), given.unwrap_or(Value::NONE));
    let count = count.map_or(Ok(0), |count| m.index_value(*count, ""))?;
    let subject = subject(m, &pattern, given)?;
    let Some(parts) = template(m, &pattern, by)? else {
        return Err(m.call_hidden("__sub_callback__", &[this, *by, *given, Slot::int(count), Slot::bool(counted)]));
    };
    let mut walk = walk(m, pattern, subject, None, None)?;
    let (mut out, mut last, mut made) = (Out::new(subject), 0, 0);
    while count <= 0 || made < count {
        let Some(found) = walk.next(m, Mode::Search)? else { break };
        let (start, end) = found.span();
        out.copy(m, subject, last, start);
        out.fill(m, subject, &parts, &found);
        m.charge(out.len() as u64)?;
        (last, made) = (end, made + 1);
    }
    let result = if made == 0 {
        given
    } else {
        out.copy(m, subject, last, walk.end);
        out.value(m)?
    };
    if counted { m.new_tuple([*result, Slot::int(made)]) } else { Ok(result) }
}

// ---- patterns as objects

fn pattern_source(m: &mut Machine, args: &Args) -> Outcome {
    let (_, pattern) = pattern(m, args)?;
    source_value(m, &pattern)
}

fn source_value(m: &mut Machine, pattern: &Pattern) -> Outcome {
    match pattern.is_text {
        true => m.new_str(pattern.source.clone()),
        false => m.new_bytes(pattern.source.chars().map(|c| c as u8).collect()),
    }
}

fn groupindex(m: &mut Machine, args: &Args) -> Outcome {
    let (_, pattern) = pattern(m, args)?;
    let dict = m.new_dict(Default::default())?;
    for (name, index) in pattern.compiled.names() {
        let key = m.intern_value(name);
        m.dict_set(dict.handle(), key, Slot::int(*index as i64))?;
    }
    Ok(dict)
}

fn pattern_hash(m: &mut Machine, args: &Args) -> Outcome {
    let (_, pattern) = pattern(m, args)?;
    let source = source_value(m, &pattern)?;
    let hash = m.hash(*source)?;
    Ok(Value::int((hash ^ u64::from(pattern.compiled.flags())) as i64))
}

// ---- matches as objects

/// The number of the group that an argument names.
fn group_index(m: &mut Machine, found: &Match, key: Slot) -> Result<usize, Trap> {
    let key = *m.force(key)?;
    let plain = m.payload(key);
    let index = match plain.kind {
        Kind::Int | Kind::Bool => usize::try_from(plain.as_int()).ok().filter(|i| *i < found.found.spans.len()),
        Kind::Str => {
            let name = m.heap.text(plain.handle());
            let pattern = pattern_of(m, found);
            pattern.and_then(|p| p.compiled.names().iter().find(|(n, _)| n == name).map(|(_, index)| *index))
        }
        _ => None,
    };
    index.ok_or_else(|| m.raise(Type::IndexError, "no such group"))
}

fn group_value(m: &mut Machine, found: &Match, index: usize, default: Slot) -> Result<Slot, Trap> {
    match found.found.spans[index] {
        Some((start, end)) => {
            let subject = m.payload(found.subject);
            piece(m, subject, start, end)
        }
        None => Ok(default),
    }
}

fn group(m: &mut Machine, args: &Args) -> Outcome {
    let found = matched(m, args)?;
    m.expect(args, "re.Match.group", 1, 0, usize::MAX)?;
    if args.count == 1 {
        let whole = group_value(m, &found, 0, Slot::NONE)?;
        return m.force(whole);
    }
    let mut values = Vec::new();
    for place in 1..args.count {
        let index = group_index(m, &found, m.arg_slot(args, place))?;
        values.push(group_value(m, &found, index, Slot::NONE)?);
    }
    match values[..] {
        [value] => m.force(value),
        _ => m.new_tuple(values),
    }
}

fn getitem(m: &mut Machine, args: &Args) -> Outcome {
    let found = matched(m, args)?;
    m.expect(args, "re.Match.__getitem__", 1, 1, 1)?;
    let index = group_index(m, &found, m.arg_slot(args, 1))?;
    let value = group_value(m, &found, index, Slot::NONE)?;
    m.force(value)
}

fn groups(m: &mut Machine, args: &Args) -> Outcome {
    let found = matched(m, args)?;
    let [default] = unpack(m, args, 1, &Signature { name: "groups", names: ["default"], positional: 1, required: 0 })?;
    let default = default.map_or(Slot::NONE, Value::slot);
    let mut values = Vec::new();
    for index in 1..found.found.spans.len() {
        values.push(group_value(m, &found, index, default)?);
    }
    m.new_tuple(values)
}

fn groupdict(m: &mut Machine, args: &Args) -> Outcome {
    let found = matched(m, args)?;
    let [default] = unpack(m, args, 1, &Signature { name: "groupdict", names: ["default"], positional: 1, required: 0 })?;
    let default = default.map_or(Slot::NONE, Value::slot);
    let dict = m.new_dict(Default::default())?;
    let Some(pattern) = pattern_of(m, &found) else { return Ok(dict) };
    for (name, index) in pattern.compiled.names() {
        let value = group_value(m, &found, *index, default)?;
        let key = *m.new_str(name.clone())?;
        m.dict_set(dict.handle(), key, value)?;
    }
    Ok(dict)
}

/// A byte offset of the subject in code points.
fn in_letters(m: &Machine, subject: Slot, offset: usize) -> i64 {
    let subject = m.payload(subject);
    match subject.kind {
        Kind::Str if !m.heap.strings.get(subject.handle()).is_ascii() => m.heap.text(subject.handle())[..offset].chars().count() as i64,
        _ => offset as i64,
    }
}

fn span_at(m: &Machine, found: &Match, index: usize) -> (i64, i64) {
    match found.found.spans[index] {
        Some((start, end)) => (in_letters(m, found.subject, start), in_letters(m, found.subject, end)),
        None => (-1, -1),
    }
}

fn span_of(m: &mut Machine, args: &Args, name: &str) -> Result<(i64, i64), Trap> {
    let found = matched(m, args)?;
    m.expect(args, name, 1, 0, 1)?;
    let index = if args.count == 2 { group_index(m, &found, m.arg_slot(args, 1))? } else { 0 };
    Ok(span_at(m, &found, index))
}

fn span(m: &mut Machine, args: &Args) -> Outcome {
    let (start, end) = span_of(m, args, "span")?;
    m.new_tuple([Slot::int(start), Slot::int(end)])
}

fn regs(m: &mut Machine, args: &Args) -> Outcome {
    let found = matched(m, args)?;
    let mut all = Vec::new();
    for index in 0..found.found.spans.len() {
        let (start, end) = span_at(m, &found, index);
        all.push(*m.new_tuple([Slot::int(start), Slot::int(end)])?);
    }
    m.new_tuple(all)
}

fn lastgroup(m: &mut Machine, args: &Args) -> Outcome {
    let found = matched(m, args)?;
    let name = pattern_of(m, &found).and_then(|pattern| {
        let last = found.found.last_index?;
        pattern.compiled.names().iter().find(|(_, index)| *index == last).map(|(name, _)| name.clone())
    });
    match name {
        Some(name) => m.new_str(name),
        None => Ok(Value::NONE),
    }
}

fn expand(m: &mut Machine, args: &Args) -> Outcome {
    let found = matched(m, args)?;
    let [given] = unpack(m, args, 1, &Signature { name: "expand", names: ["template"], positional: 1, required: 1 })?;
    let given = given.unwrap_or(Value::NONE);
    let Some(pattern) = pattern_of(m, &found) else { return Ok(Value::NONE) };
    let parts = template(m, &pattern, given)?.unwrap_or_default();
    let subject = m.payload(found.subject);
    let mut out = Out::new(subject);
    out.fill(m, subject, &parts, &found.found);
    out.value(m)
}

// ---- text

fn shown(m: &mut Machine, args: &Args, class: &str) -> Outcome {
    let slot = receiver_of(m, args, &[Kind::Native2], class, "__repr__")?;
    let value = m.force(slot)?;
    let text = repr(m, value)?;
    m.new_str(text)
}

/// The text that `repr` shows of an object of a native module other than a deque.
pub fn repr(m: &mut Machine, value: Value) -> Result<String, Trap> {
    match m.heap.natives.get(value.handle()).clone() {
        NativeObject::Pattern(pattern) => {
            let source = source_value(m, &pattern)?;
            let source: String = m.repr(*source)?.chars().take(200).collect();
            Ok(match flag_names(&pattern) {
                names if names.is_empty() => format!("re.compile({source})"),
                names => format!("re.compile({source}, {names})"),
            })
        }
        NativeObject::Match(found) => {
            let (start, end) = span_at(m, &found, 0);
            let whole = group_value(m, &found, 0, Slot::NONE)?;
            let whole: String = m.repr(whole)?.chars().take(50).collect();
            Ok(format!("<re.Match object; span=({start}, {end}), match={whole}>"))
        }
        _ => {
            let address = m.identity(*value);
            let class = m.class_full_name(m.class_of(*value));
            Ok(format!("<{class} object at {address:#x}>"))
        }
    }
}

/// The flags as Python names them; `re.UNICODE` of a text goes without saying.
fn flag_names(pattern: &Pattern) -> String {
    use regex::flag;
    const NAMES: [(u32, &str); 8] = [
        (flag::IGNORECASE, "re.IGNORECASE"), (flag::LOCALE, "re.LOCALE"), (flag::MULTILINE, "re.MULTILINE"), (flag::DOTALL, "re.DOTALL"),
        (flag::UNICODE, "re.UNICODE"), (flag::VERBOSE, "re.VERBOSE"), (flag::DEBUG, "re.DEBUG"), (flag::ASCII, "re.ASCII"),
    ];
    let mut flags = pattern.compiled.flags();
    if pattern.is_text && flags & (flag::LOCALE | flag::UNICODE | flag::ASCII) == flag::UNICODE {
        flags &= !flag::UNICODE;
    }
    let names: Vec<&str> = NAMES.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| *name).collect();
    names.join("|")
}
