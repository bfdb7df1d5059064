//! `sys`, the native part: limits, exit, output and input. The rest is `sys.py`.

use crate::builtins::support::Outcome;
use crate::class::Type;
use crate::machine::{Machine, Stream};
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::{AskTrap, Trap};
use crate::value::{Kind, Slot, Value};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use emulant_ask::Request;

const fn function(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "sys", name, code, bind: Bind::Function }
}

/// Natives of `sys`.
pub const TABLE: &[NativeRow] = &[
    function("getrecursionlimit", getrecursionlimit),
    function("setrecursionlimit", setrecursionlimit),
    function("exit", exit),
    function("intern", intern),
    function("exc_info", exc_info),
    function("getsizeof", getsizeof),
    function("_write", write),
    function("_readline", readline),
];

/// Highest recursion limit that a program may set: deeper frames are refused by the depth limit anyway.
const RECURSION_MAX: i64 = 1 << 30;

/// Values of the module that depend on the run.
pub fn constants(m: &mut Machine) -> Vec<(&'static str, Slot)> {
    let argv: Vec<String> = m.options.argv.clone();
    let argv = argv.iter().map(|text| m.intern_value(text)).collect();
    let argv = m.new_list(argv).map_or(Slot::NONE, Value::slot);
    Vec::from([("argv", argv), ("modules", Slot::object(Kind::Dict, m.modules))])
}

fn getrecursionlimit(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "sys.getrecursionlimit", 0, 0, 0)?;
    Ok(Value::int(i64::from(m.recursion_limit)))
}

fn setrecursionlimit(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "sys.setrecursionlimit", 0, 1, 1)?;
    let limit = *m.arg(args, 0)?;
    let limit = m.index_value(limit, "")?;
    if limit < 1 {
        return Err(m.value_error("recursion limit must be greater or equal than 1"));
    }
    let limit = limit.min(RECURSION_MAX) as u32;
    if m.frames.len() as u32 >= limit {
        let message = format!("cannot set the recursion limit to {limit} at the recursion depth {}: the limit is too low", m.frames.len());
        return Err(m.raise(Type::RecursionError, message));
    }
    m.recursion_limit = limit.min(m.limits.depth);
    Ok(Value::NONE)
}

fn exit(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "exit", 0, 0, 1)?;
    let status: Vec<Slot> = (0..args.count).map(|i| m.arg_slot(args, i)).collect();
    Err(m.raise_with(Type::SystemExit, &status))
}

fn intern(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "sys.intern", 0, 1, 1)?;
    let given = m.arg(args, 0)?;
    if given.kind != Kind::Str {
        let message = format!("intern() argument must be str, not {}", m.type_name(*given));
        return Err(m.type_error(message));
    }
    let interned = m.intern_handle(given.handle());
    Ok(Value::object(Kind::Str, interned))
}

fn exc_info(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "sys.exc_info", 0, 0, 0)?;
    match m.current_handled() {
        Some(exception) => {
            let (class, traceback) = m.exception_info(*exception);
            m.new_tuple([class, *exception, traceback])
        }
        None => m.new_tuple([Slot::NONE, Slot::NONE, Slot::NONE]),
    }
}

/// Sizes that follow from the value alone are CPython's; those that depend on how an object grew are refused.
fn getsizeof(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "getsizeof", 0, 1, 2)?;
    let value = m.arg(args, 0)?;
    let handle = value.handle();
    let whole = |bits: u64| 24 + 4 * bits.div_ceil(30).max(1);
    let size = match value.kind {
        Kind::Int | Kind::Bool => whole(64 - u64::from(value.as_int().unsigned_abs().leading_zeros())),
        Kind::Big => whole(m.heap.bigs.get(handle).bits()),
        Kind::Float => 24,
        Kind::Complex => 32,
        Kind::None | Kind::Ellipsis | Kind::NotImplemented => 16,
        Kind::Str => text_size(m.heap.text(handle)),
        Kind::Bytes => 33 + m.heap.bytes_objects.get(handle).len() as u64,
        Kind::Tuple => 40 + 8 * m.heap.tuples.get(handle).len() as u64,
        Kind::Range => 48,
        Kind::Slice => 56,
        Kind::List if m.heap.lists.get(handle).is_empty() => 56,
        Kind::Dict if m.heap.dicts.get(handle).changes == 0 => 64,
        Kind::Set | Kind::FrozenSet if m.heap.sets.get(handle).bytes() == crate::set::SetTable::default().bytes() => 216,
        _ => {
            let message = format!("not supported: sys.getsizeof of this '{}' object (its size depends on how it grew)", m.type_name(*value));
            return Err(m.raise(Type::NotImplementedError, message));
        }
    };
    Ok(Value::int(size as i64))
}

/// A string is stored by its widest letter: one, two or four bytes each, and an end.
fn text_size(text: &str) -> u64 {
    let count = text.chars().count() as u64 + 1;
    match text.chars().max() {
        None | Some('\0'..='\x7f') => 40 + count,
        Some('\u{80}'..='\u{ff}') => 56 + count + u64::from(count == 2) * 3,
        Some('\u{100}'..='\u{ffff}') => 56 + 2 * count,
        Some(_) => 56 + 4 * count,
    }
}

/// `_write(number, text)`: 1 is standard output, 2 standard error.
fn write(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "_write", 0, 2, 2)?;
    let stream = if m.arg(args, 0)?.as_int() == 2 { Stream::Err } else { Stream::Out };
    let given = *m.arg(args, 1)?;
    let Some(text) = m.text_of(given).map(String::from) else {
        let message = format!("write() argument must be str, not {}", m.type_name(given));
        return Err(m.type_error(message));
    };
    let written = text.chars().count() as i64;
    m.write(stream, text)?;
    Ok(Value::int(written))
}

/// A line of standard input, as the host answers: without its end.
fn readline(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "_readline", 0, 0, 0)?;
    Err(Trap::Ask(Box::new(AskTrap { request: Request::Input { prompt: String::new() }, seen: Vec::new() })))
}
