//! `list[int]` and `int | None`: an origin with arguments. A union is an alias whose origin is None.

use crate::class::Type;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};

/// Natives of aliases and unions.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "types.GenericAlias", name: "__new__", code: new, bind: Bind::Static },
];

const GENERIC: [&str; 10] = ["list", "dict", "tuple", "set", "frozenset", "type", "deque", "enumerate", "Pattern", "Match"];

fn alias(m: &mut Machine, origin: Slot, arguments: Slot) -> Slot {
    m.heap.bytes += 48;
    Slot::object(Kind::Alias, m.heap.aliases.add((origin, arguments)))
}

/// `class[key]` of a built-in class.
pub fn of_class(m: &mut Machine, class: Slot, key: Slot) -> Result<Slot, Trap> {
    let name: String = m.class_name(class.handle()).into();
    let generic = |base: Handle| m.heap.classes.get(base).builtin && GENERIC.contains(&m.class_name(base)) && (base != Type::Type.handle() || base == class.handle());
    let generic = m.heap.classes.get(class.handle()).mro.iter().any(|base| generic(*base));
    if !generic {
        let message = format!("type '{name}' is not subscriptable");
        return Err(m.type_error(message));
    }
    let arguments = if key.kind == Kind::Tuple { key } else { *m.new_tuple([key])? };
    Ok(alias(m, class, arguments))
}

/// `alias[key]`: type variables are not substituted; the innermost arguments are replaced.
pub fn subscript(m: &mut Machine, of: Slot, key: Slot) -> Result<Slot, Trap> {
    let (origin, _) = *m.heap.aliases.get(of.handle());
    let arguments = if key.kind == Kind::Tuple { key } else { *m.new_tuple([key])? };
    Ok(alias(m, origin, arguments))
}

/// `a | b` of classes, None and aliases.
pub fn union(m: &mut Machine, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
    let mut members: Vec<Slot> = Vec::new();
    for side in [a, b] {
        let parts = match side.kind {
            Kind::Alias if m.heap.aliases.get(side.handle()).0.kind == Kind::None => m.items(m.heap.aliases.get(side.handle()).1).to_vec(),
            _ => alloc::vec![side],
        };
        for part in parts {
            let part = if part.kind == Kind::None { *Type::NoneType.value() } else { part };
            if !members.iter().any(|other| other.same(part)) {
                members.push(part);
            }
        }
    }
    if let [one] = members.as_slice() {
        return Ok(one.value());
    }
    let members = *m.new_tuple(members)?;
    Ok(alias(m, Slot::NONE, members).value())
}

/// Attributes: its own, else the origin's.
pub fn attribute(m: &mut Machine, object: Value, name: Handle) -> Result<Slot, Trap> {
    let (origin, arguments) = *m.heap.aliases.get(object.handle());
    match m.heap.text(name) {
        "__origin__" if origin.kind != Kind::None => Ok(origin),
        "__args__" => Ok(arguments),
        "__parameters__" => m.new_tuple([]).map(|t| *t),
        "__class__" => Ok(Slot::object(Kind::Class, m.class_of(*object))),
        _ => match origin.value() {
            Some(origin) if origin.kind == Kind::Class => m.get_attribute(origin, name),
            _ => Err(m.no_attribute(object, name)),
        },
    }
}

fn new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "GenericAlias", 1, 2, 2)?;
    let (origin, arguments) = (m.arg(args, 1)?, m.arg(args, 2)?);
    let arguments = if arguments.kind == Kind::Tuple { *arguments } else { *m.new_tuple([*arguments])? };
    let made = alias(m, *origin, arguments);
    m.force(made)
}
