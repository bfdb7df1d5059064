//! `time`: every reading of a clock is an ask; sleeping takes no time here.

use crate::builtins::support::Outcome;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::{AskTrap, Trap};
use crate::value::Value;
use alloc::{boxed::Box, format, vec::Vec};
use emulant_ask::Request;

const fn function(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "time", name, code, bind: Bind::Function }
}

/// Natives of `time`.
pub const TABLE: &[NativeRow] = &[
    function("time", |m, args| clock(m, args, "time")),
    function("perf_counter", |m, args| clock(m, args, "perf_counter")),
    function("monotonic", |m, args| clock(m, args, "monotonic")),
    function("process_time", |m, args| clock(m, args, "process_time")),
    function("sleep", sleep),
];

fn clock(m: &mut Machine, args: &Args, name: &str) -> Outcome {
    m.expect(args, &format!("time.{name}"), 0, 0, 0)?;
    Err(Trap::Ask(Box::new(AskTrap { request: Request::Clock, seen: Vec::new() })))
}

fn sleep(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "time.sleep", 0, 1, 1)?;
    let given = *m.arg(args, 0)?;
    let seconds = match m.payload(given).kind {
        crate::value::Kind::Float | crate::value::Kind::Int | crate::value::Kind::Bool => m.float_arg(given)?,
        _ => {
            let message = format!("'{}' object cannot be interpreted as an integer", m.type_name(given));
            return Err(m.type_error(message));
        }
    };
    if seconds.is_nan() {
        return Err(m.value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(m.value_error("sleep length must be non-negative"));
    }
    Ok(Value::NONE)
}
