//! `_system`: the asks by which modules of the library reach files, databases and addresses.
//!
//! They are calls of tools like any others: gated, recorded, replayed and labelled. The tools' names have a dot, so
//! that no program can name one as a global, and no tool of a program can be called from here.

use crate::builtins::support::Outcome;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::{AskTrap, Trap};
use crate::value::{Kind, Slot};
use alloc::{boxed::Box, string::String, vec::Vec};
use emulant_ask::{Call, Request, Seen};

/// Natives of `_system`, the built-in `open`, and what code of the mode `single` shows values with.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "_system", name: "ask", code: ask, bind: Bind::Function },
    NativeRow { owner: "builtins", name: "open", code: open, bind: Bind::Function },
    NativeRow { owner: "builtins", name: "__displayhook__", code: display, bind: Bind::Function },
];

/// `ask(tool, arguments)`: what the host answers.
fn ask(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "ask", 0, 2, 2)?;
    let (tool, given) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let tool = String::from(m.text_of(tool).unwrap_or_default());
    if !tool.contains('.') || given.kind != Kind::Dict {
        return Err(m.type_error("ask(tool, arguments) of a tool of the system is expected"));
    }
    let entries: Vec<(Slot, Slot)> = m.heap.dicts.get(given.handle()).iter().map(|entry| (entry.key, entry.value)).collect();
    let (mut arguments, mut seen) = (Vec::new(), Vec::new());
    for (key, value) in entries {
        let name = String::from(m.text_of(key).unwrap_or_default());
        let mut label = 0;
        let value = m.export(value, &mut label)?;
        if label != 0 {
            let (data, choice) = m.labels.origins(label);
            seen.push(Seen { part: name.clone(), data, choice });
        }
        arguments.push((name, value));
    }
    Err(Trap::Ask(Box::new(AskTrap { request: Request::Call(Call { tool, arguments }), seen })))
}

/// `open(…)` is that of `io`, which is loaded when a file is first opened.
fn open(m: &mut Machine, args: &Args) -> Outcome {
    let given: Vec<Slot> = (0..args.count).map(|index| m.arg_slot(args, index)).collect();
    let mut trap = m.call_hidden("__open__", &given);
    if let Trap::Call(call) = &mut trap {
        call.keywords = m.keywords(args).into_iter().map(|(name, value)| (m.intern_value(&name), value)).collect();
    }
    Err(trap)
}

/// A value of an expression that stands alone, as a prompt shows it.
fn display(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "displayhook", 0, 1, 1)?;
    let value = m.arg_slot(args, 0);
    Err(m.call_hidden("__display__", &[value]))
}
