//! What natives share: faults of kernels as exceptions, keyword arguments, receivers and index arguments.
//!
//! No native stands here.

use crate::class::Type;
use crate::code::BinaryOp;
use crate::kernel::{Fault, FaultKind};
use crate::machine::Machine;
use crate::native::Args;
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

/// The exception that a kernel's fault stands for. Where memory is short, the machine first looks for garbage.
pub fn fault_trap(m: &mut Machine, fault: Fault) -> Trap {
    match fault.kind {
        FaultKind::Limit => Trap::Memory,
        FaultKind::Memory => m.raise_with(Type::MemoryError, &[]),
        _ => m.fault(fault),
    }
}

/// Results of kernels inside natives.
pub trait OrRaise<T> {
    /// The value, or the fault as an exception.
    fn or_raise(self, m: &mut Machine) -> Result<T, Trap>;
}

impl<T> OrRaise<T> for Result<T, Fault> {
    fn or_raise(self, m: &mut Machine) -> Result<T, Trap> {
        self.map_err(|fault| fault_trap(m, fault))
    }
}

/// Bytes that a result may still take.
pub fn room(m: &Machine) -> u64 {
    m.limits.memory_bytes.saturating_sub(m.heap.bytes)
}

/// The result derives also from what carries this label.
pub fn see(m: &mut Machine, slot: Slot) {
    m.see(slot, slot);
}

/// A slot that is known to hold a value.
pub fn known(slot: Slot) -> Value {
    slot.value().unwrap_or(Value::NONE)
}

/// How a function takes arguments by position and by keyword.
pub struct Signature<const N: usize> {
    /// The function's name in messages.
    pub name: &'static str,
    /// Names of the parameters; an empty one is positional-only.
    pub names: [&'static str; N],
    /// How many may be given by position.
    pub positional: usize,
    /// How many must be given.
    pub required: usize,
}

/// Arguments in the order of their parameters, `skip` receivers left out, with CPython's errors.
pub fn unpack<const N: usize>(m: &mut Machine, args: &Args, skip: usize, signature: &Signature<N>) -> Result<[Option<Value>; N], Trap> {
    let name = signature.name;
    let given = args.count.saturating_sub(skip);
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    if given + args.keywords > N {
        let kind = if given == 0 { "keyword " } else { "" };
        return Err(m.type_error(format!("{name}() takes at most {N} {kind}argument{} ({} given)", plural(N), given + args.keywords)));
    }
    if given > signature.positional {
        let most = if signature.required < signature.positional { "at most" } else { "exactly" };
        let (count, s) = (signature.positional, plural(signature.positional));
        return Err(m.type_error(format!("{name}() takes {most} {count} positional argument{s} ({given} given)")));
    }
    let mut found = [None; N];
    for (index, place) in found.iter_mut().enumerate().take(given) {
        *place = Some(m.arg(args, skip + index)?);
    }
    for (keyword, slot) in m.keywords(args) {
        let Some(index) = signature.names.iter().position(|n| !n.is_empty() && *n == keyword) else {
            return Err(m.type_error(format!("'{keyword}' is an invalid keyword argument for {name}()")));
        };
        if found[index].is_some() {
            return Err(m.type_error(format!("argument for {name}() given by name ('{keyword}') and position ({})", index + 1)));
        }
        found[index] = Some(m.force(slot)?);
    }
    if let Some(index) = (0..signature.required).find(|&i| found[i].is_none()) {
        let message = match signature.names[index] {
            "" => format!("{name}() takes at least {} positional argument{} ({given} given)", index + 1, plural(index + 1)),
            missing => format!("{name}() missing required argument '{missing}' (pos {})", index + 1),
        };
        return Err(m.type_error(message));
    }
    Ok(found)
}

/// Number of positional arguments of the functions whose messages say "takes at least".
pub fn expect_count(m: &mut Machine, args: &Args, owner: &str, name: &str, min: usize, max: usize) -> Result<(), Trap> {
    let given = args.count.saturating_sub(1);
    if args.keywords > 0 {
        return Err(m.type_error(format!("{owner}.{name}() takes no keyword arguments")));
    }
    let (bound, word) = if given < min { (min, "least") } else { (max, "most") };
    if (min..=max).contains(&given) {
        return Ok(());
    }
    let plural = if bound == 1 { "" } else { "s" };
    Err(m.type_error(format!("{name}() takes at {word} {bound} argument{plural} ({given} given)")))
}

/// The receiver of a method of a built-in class, as its built-in value.
pub fn receiver(m: &mut Machine, args: &Args, kinds: &[Kind], owner: &str, name: &str) -> Result<Slot, Trap> {
    if args.count == 0 {
        return Err(m.type_error(format!("unbound method {owner}.{name}() needs an argument")));
    }
    let value = m.arg(args, 0)?;
    let payload = m.payload(*value);
    if kinds.contains(&payload.kind) {
        return Ok(payload);
    }
    let class = m.type_name(*value);
    let message = match is_dunder(name) {
        true => format!("descriptor '{name}' requires a '{owner}' object but received a '{class}'"),
        false => format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{class}' object"),
    };
    Err(m.type_error(message))
}

/// Is it a name like `__len__`?
pub fn is_dunder(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}

/// Kinds of ints.
pub const INTS: &[Kind] = &[Kind::Int, Kind::Bool, Kind::Big];

/// The integer behind an int or bool, small or big, also of a derived class.
pub fn integer(m: &Machine, slot: Slot) -> Option<BigInt> {
    let slot = m.payload(slot);
    INTS.contains(&slot.kind).then(|| m.big(slot))
}

/// Argument `index` of a native as an int. A program's `__index__` runs in hidden Python, which calls the native again.
pub fn int_argument(m: &mut Machine, args: &Args, index: usize, native: &str) -> Result<BigInt, Trap> {
    let value = m.arg(args, index)?;
    if integer(m, *value).is_none() && m.user_method(*value, m.names.index).is_some() {
        let all: Vec<Slot> = (0..args.count).map(|i| m.arg_slot(args, i)).collect();
        let (list, callee) = (m.new_list(all)?, m.native_value(native));
        return Err(m.call_hidden("__with_index__", &[callee, *list, Slot::int(index as i64)]));
    }
    m.int_arg(*value)
}

/// As `Machine::expect` for a method of a class; the name is put together only when it is needed.
#[inline]
pub fn expect_method(m: &mut Machine, args: &Args, owner: &str, name: &str, min: usize, max: usize) -> Result<(), Trap> {
    let given = args.count.saturating_sub(1);
    if args.keywords == 0 && (min..=max).contains(&given) {
        return Ok(());
    }
    m.expect(args, &format!("{owner}.{name}"), 1, min, max)
}

/// The number of operands of a method behind an operator.
pub fn expect_operands(m: &mut Machine, args: &Args, min: usize, max: usize) -> Result<(), Trap> {
    let given = args.count.saturating_sub(1);
    if args.keywords == 0 && (min..=max).contains(&given) {
        return Ok(());
    }
    let plural = if min == 1 { "" } else { "s" };
    Err(m.type_error(match given < min {
        _ if min == max => format!("expected {min} argument{plural}, got {given}"),
        true => format!("expected at least {min} argument{plural}, got {given}"),
        false => format!("expected at most {max} arguments, got {given}"),
    }))
}

/// An operator's method: `NotImplemented` unless the other operand is of one of the kinds.
pub fn operator(m: &mut Machine, args: &Args, this: Slot, others: &[Kind], op: BinaryOp, swapped: bool) -> Result<Value, Trap> {
    expect_operands(m, args, 1, 1)?;
    let other = *m.arg(args, 1)?;
    let other = m.payload(other);
    if !others.contains(&other.kind) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = if swapped { (other, this) } else { (this, other) };
    Ok(m.binary_native(op, a, b)?.unwrap_or(Value::NOT_IMPLEMENTED))
}

/// Rows of the methods behind the operators of a class: `row!("int", binary, Add "__add__" "__radd__")`.
macro_rules! operator_rows {
    ($owner:literal, $code:ident, $($op:ident $name:literal $reflected:literal),* $(,)?) => {
        &[$(
            NativeRow { owner: $owner, name: $name, code: |m, args| $code(m, args, BinaryOp::$op, false), bind: Bind::Method },
            NativeRow { owner: $owner, name: $reflected, code: |m, args| $code(m, args, BinaryOp::$op, true), bind: Bind::Method },
        )*]
    };
}
pub(crate) use operator_rows;

/// An int argument clamped to 64 bits, where CPython takes a `Py_ssize_t` and refuses what does not fit.
pub fn size_arg(m: &mut Machine, slot: Slot) -> Result<i64, Trap> {
    let number = m.int_arg(slot)?;
    match number.to_i64() {
        Some(small) => Ok(small),
        None => Err(m.raise(Type::OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

/// `start` or `stop` of `find`, `count`, …: None, or an int that is clamped.
pub fn bound(m: &mut Machine, value: Option<Value>) -> Result<Option<i64>, Trap> {
    let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(None) };
    match integer(m, *value) {
        Some(number) => Ok(Some(number.to_i64().unwrap_or(if number.is_negative() { i64::MIN } else { i64::MAX }))),
        None => Err(m.type_error("slice indices must be integers or None or have an __index__ method")),
    }
}

/// The keyword arguments and positional ones as a tuple and a dict, for hidden code.
pub fn positional_tuple(m: &mut Machine, args: &Args, from: usize) -> Result<Value, Trap> {
    let slots: Vec<Slot> = (from..args.count).map(|index| m.arg_slot(args, index)).collect();
    m.new_tuple(slots)
}

/// A string argument's text, or `None` when it is no string.
pub fn text(m: &Machine, slot: Slot) -> Option<String> {
    m.text_of(slot).map(String::from)
}
