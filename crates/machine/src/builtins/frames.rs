//! Tracebacks, and the calls in progress, as programs see them: rows that the library makes text and objects of.

use crate::code::Span;
use crate::heap::TracebackEntry;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{string::String, vec::Vec};

const fn of(owner: &'static str, name: &'static str, code: crate::native::NativeFn, bind: Bind) -> NativeRow {
    NativeRow { owner, name, code, bind }
}

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    of("traceback", "tb_lineno", line, Bind::Getter),
    of("traceback", "tb_lasti", instruction, Bind::Getter),
    of("traceback", "tb_next", next, Bind::Getter),
    of("traceback", "tb_frame", frame, Bind::Getter),
    of("_emulant", "traceback_rows", traceback_rows, Bind::Function),
    of("_emulant", "frame_rows", frame_rows, Bind::Function),
    of("_emulant", "calling_module", calling_module, Bind::Function),
    of("_emulant", "suggestion", suggestion, Bind::Function),
];

/// Entries of a traceback, the innermost first.
fn entries(m: &Machine, args: &Args) -> Result<Vec<TracebackEntry>, Trap> {
    let traceback = m.arg(args, 0)?;
    Ok(if traceback.kind == Kind::Traceback { m.heap.tracebacks.get(traceback.handle()).clone() } else { Vec::new() })
}

fn span(m: &Machine, entry: &TracebackEntry) -> Span {
    m.texts.get(entry.code as usize).and_then(|code| code.spans.get(entry.pc as usize)).copied().unwrap_or_default()
}

fn line(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let entries = entries(m, args)?;
    Ok(entries.last().map_or(Value::NONE, |entry| Value::int(span(m, entry).line.into())))
}

fn instruction(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    Ok(Value::int(entries(m, args)?.last().map_or(-1, |entry| 2 * i64::from(entry.pc))))
}

fn next(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let mut rest = entries(m, args)?;
    rest.pop();
    if rest.is_empty() {
        return Ok(Value::NONE);
    }
    m.heap.bytes += 40 + 8 * rest.len() as u64;
    Ok(Value::object(Kind::Traceback, m.heap.tracebacks.add(rest)))
}

fn frame(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let Some(entry) = entries(m, args)?.pop() else { return Ok(Value::NONE) };
    let row = row(m, entry, false)?;
    Err(m.call_hidden("__passed_frame__", &[row]))
}

/// `(file, line, name, qualname, first line, source line or None, marks or None)`
fn row(m: &mut Machine, entry: TracebackEntry, with_text: bool) -> Result<Slot, Trap> {
    let (span, Some(code)) = (span(m, &entry), m.texts.get(entry.code as usize).cloned()) else { return Ok(Slot::NONE) };
    let source = if with_text && !code.file.starts_with('<') { (span.line as usize).checked_sub(1).and_then(|at| code.source.split('\n').nth(at)) } else { None };
    let marks = source.and_then(|source| m.library.marks(source, &span));
    let text = |m: &mut Machine, text: Option<&str>| text.map_or(Ok(Slot::NONE), |text| m.new_str(text).map(|value| *value));
    let items = [
        text(m, Some(&code.file))?, Slot::int(span.line.into()), text(m, Some(&code.name))?, text(m, Some(&code.qualname))?,
        Slot::int(code.first_line.into()), text(m, source)?, text(m, marks.as_deref())?,
    ];
    m.new_tuple(items).map(|tuple| *tuple)
}

/// `traceback_rows(traceback)`: a list of rows, the outermost first.
fn traceback_rows(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let mut rows = Vec::new();
    for entry in entries(m, args)?.into_iter().rev() {
        m.spend(50)?;
        rows.push(row(m, entry, true)?);
    }
    m.new_list(rows)
}

/// `frame_rows()`: a list of `(row, globals, locals, function or None)`, the innermost first.
fn frame_rows(m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    let mut rows = Vec::new();
    for index in (0..m.frames.len()).rev() {
        m.spend(50)?;
        let frame = m.frames[index].clone();
        let Some(code) = m.texts.get(frame.code as usize).cloned() else { continue };
        if code.file.starts_with("<frozen ") {
            continue;
        }
        let row = row(m, TracebackEntry { code: frame.code, pc: frame.pc }, true)?;
        let locals = m.frame_locals(index)?;
        let function = if frame.function == crate::value::Handle::MAX { Slot::NONE } else { Slot::object(Kind::Function, frame.function) };
        rows.push(*m.new_tuple([row, Slot::object(Kind::Dict, frame.globals), locals, function])?);
    }
    m.new_list(rows)
}

/// `calling_module(depth)`: the `__name__` of the module whose code runs, or of an outer call's; None when there is none.
fn calling_module(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let depth = m.arg(args, 0)?;
    let own = |frame: &&crate::frame::Frame| m.texts.get(frame.code as usize).is_some_and(|code| !code.file.starts_with("<frozen "));
    let found = m.frames.iter().rev().filter(own).nth(usize::try_from(depth.as_int()).unwrap_or(0));
    let name = found.and_then(|frame| m.lookup_in_dict(frame.globals, m.names.name));
    Ok(name.and_then(Slot::value).unwrap_or(Value::NONE))
}

impl Machine {
    /// The variables of a frame as a dict; a module's and a class body's own namespace.
    fn frame_locals(&mut self, index: usize) -> Result<Slot, Trap> {
        let frame = self.frames[index].clone();
        let code = self.texts[frame.code as usize].clone();
        let base = frame.base as usize;
        match code.kind {
            crate::code::CodeKind::Module => return Ok(Slot::object(Kind::Dict, frame.globals)),
            crate::code::CodeKind::Class => return Ok(self.stack[base]),
            _ => {}
        }
        let dict = *self.new_dict(Default::default())?;
        for (register, name) in code.locals.iter().enumerate().filter(|(_, name)| !name.starts_with('.')) {
            let slot = self.stack[base + register];
            let value = if slot.kind == Kind::Cell { *self.heap.cells.get(slot.handle()) } else { slot };
            if !value.is_unbound() {
                let name = self.intern(name);
                self.store_in_dict(dict.handle(), name, value);
            }
        }
        Ok(dict)
    }

    /// A method used a name without `self.`: note it while the frame is there.
    pub(crate) fn note_forgotten_self(&mut self, exception: Value) {
        let key = self.intern("name");
        let Some(name) = self.lookup_in_dict(exception.handle(), key).filter(|name| name.kind == Kind::Str) else { return };
        let Some(frame) = self.frames.last() else { return };
        let (code, base) = (self.texts[frame.code as usize].clone(), frame.base as usize);
        let Some(register) = code.locals.iter().position(|local| &**local == "self") else { return };
        let slot = self.stack[base + register];
        let this = if slot.kind == Kind::Cell { *self.heap.cells.get(slot.handle()) } else { slot };
        let name = self.intern_handle(name.handle());
        let owned = this.kind == Kind::Instance && self.lookup_in_dict(this.handle(), name).is_some();
        if this.value().is_some() && (owned || self.special(this, name).is_some()) {
            let (key, mark) = (self.intern(".self"), Slot::bool(true));
            self.store_in_dict(exception.handle(), key, mark);
        }
    }
}

/// `suggestion(exception)`: the name that was probably meant, or None.
fn suggestion(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let exception = m.arg(args, 0)?;
    let found: Option<String> = if exception.kind == Kind::Instance { m.suggestion(exception) } else { None };
    found.map_or(Ok(Value::NONE), |name| m.new_str(name))
}
