//! `slice`: its attributes and `indices`.

use super::support::{self, comparisons, receiver, Outcome};
use crate::code::CompareOp;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::value::{Kind, Slot, Value};

const KIND: &[Kind] = &[Kind::Slice];

const fn row(name: &'static str, code: crate::native::NativeFn, bind: Bind) -> NativeRow {
    NativeRow { owner: "slice", name, code, bind }
}

/// Natives of `slice`.
pub const TABLE: &[NativeRow] = &[
    row("__new__", new, Bind::Static),
    row("start", |m, args| part(m, args, 0), Bind::Getter),
    row("stop", |m, args| part(m, args, 1), Bind::Getter),
    row("step", |m, args| part(m, args, 2), Bind::Getter),
    row("indices", indices, Bind::Method),
    row("__repr__", |m, args| support::repr_of(m, args, KIND, "slice"), Bind::Method),
    row("__eq__", eq, Bind::Method),
    row("__ne__", ne, Bind::Method),
    row("__lt__", lt, Bind::Method),
    row("__le__", le, Bind::Method),
    row("__gt__", gt, Bind::Method),
    row("__ge__", ge, Bind::Method),
];

comparisons!("slice", KIND, "__call_");

fn new(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "slice", 1, 1, 3)?;
    let part = |m: &Machine, index: usize| if index < args.count { m.arg_slot(args, index) } else { Slot::NONE };
    let parts = match args.count {
        2 => [Slot::NONE, part(m, 1), Slot::NONE],
        _ => [part(m, 1), part(m, 2), part(m, 3)],
    };
    m.heap.bytes += 64;
    Ok(Value::object(Kind::Slice, m.heap.slices.add(parts)))
}

fn part(m: &mut Machine, args: &Args, index: usize) -> Outcome {
    let slice = receiver(m, args, Kind::Slice, "slice", "start")?;
    m.force(m.heap.slices.get(slice)[index])
}

fn indices(m: &mut Machine, args: &Args) -> Outcome {
    let slice = receiver(m, args, Kind::Slice, "slice", "indices")?;
    m.expect(args, "slice.indices", 1, 1, 1)?;
    let len = *m.arg(args, 1)?;
    let len = m.index_value(len, "")?;
    if len < 0 {
        return Err(m.value_error("length should not be negative"));
    }
    let (start, stop, step, _) = m.slice_indices(Slot::object(Kind::Slice, slice), len as u64)?;
    m.new_tuple([Slot::int(start), Slot::int(stop), Slot::int(step)])
}
