//! `object` and `type`, and the functions that look at objects: isinstance, getattr, dir, vars, ….

use crate::class::Type;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::{Adapt, CallTrap, DefaultFor, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{boxed::Box, format, string::String, vec::Vec};

const fn function(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: "builtins", name, code, bind: Bind::Function }
}
const fn of(owner: &'static str, name: &'static str, code: crate::native::NativeFn, bind: Bind) -> NativeRow {
    NativeRow { owner, name, code, bind }
}

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    of("object", "__new__", object_new, Bind::Static),
    of("object", "__init__", object_init, Bind::Method),
    of("object", "__init_subclass__", nothing, Bind::Class),
    of("object", "__eq__", object_eq, Bind::Method),
    of("object", "__ne__", object_ne, Bind::Method),
    of("object", "__lt__", not_implemented, Bind::Method),
    of("object", "__le__", not_implemented, Bind::Method),
    of("object", "__gt__", not_implemented, Bind::Method),
    of("object", "__ge__", not_implemented, Bind::Method),
    of("object", "__hash__", object_hash, Bind::Method),
    of("object", "__getattribute__", object_getattribute, Bind::Method),
    of("object", "__setattr__", object_setattr, Bind::Method),
    of("object", "__delattr__", object_delattr, Bind::Method),
    of("object", "__dir__", object_dir, Bind::Method),
    of("object", "__sizeof__", object_sizeof, Bind::Method),
    of("object", "__reduce__", object_reduce, Bind::Method),
    of("object", "__reduce_ex__", object_reduce_ex, Bind::Method),
    of("object", "__getstate__", object_getstate, Bind::Method),
    of("BaseException", "__dict__", own_dict, Bind::Getter),
    of("type", "__dict__", own_dict, Bind::Getter),
    of("type", "__new__", type_new, Bind::Static),
    of("NoneType", "__new__", none_new, Bind::Static),
    of("ellipsis", "__new__", ellipsis_new, Bind::Static),
    of("NotImplementedType", "__new__", not_implemented, Bind::Static),
    of("type", "__init__", nothing_at_all, Bind::Method),
    of("type", "__call__", type_call, Bind::Method),
    of("type", "__prepare__", type_prepare, Bind::Class),
    of("type", "mro", type_mro_list, Bind::Method),
    of("type", "__subclasses__", type_subclasses, Bind::Method),
    of("type", "__instancecheck__", type_instancecheck, Bind::Method),
    of("type", "__subclasscheck__", type_subclasscheck, Bind::Method),
    of("type", "__name__", type_name, Bind::Getter),
    of("type", "__qualname__", type_qualname, Bind::Getter),
    of("type", "__module__", type_module, Bind::Getter),
    of("type", "__bases__", type_bases, Bind::Getter),
    of("type", "__base__", type_base, Bind::Getter),
    of("type", "__mro__", type_mro, Bind::Getter),
    function("isinstance", isinstance),
    function("issubclass", issubclass),
    function("getattr", getattr),
    function("setattr", setattr),
    function("delattr", delattr),
    function("hasattr", hasattr),
    function("callable", callable),
    function("dir", dir),
    function("vars", vars),
    function("globals", globals),
    function("locals", locals),
    of("intrinsics", "type_of", type_of, Bind::Function),
    of("_emulant", "match_as", match_as, Bind::Function),
    of("intrinsics", "new_class", new_class, Bind::Function),
    of("intrinsics", "instance_of", instance_of, Bind::Function),
    of("intrinsics", "subclass_of", subclass_of, Bind::Function),
    of("intrinsics", "bind_method", bind_method, Bind::Function),
    of("intrinsics", "call_init", call_init, Bind::Function),
];

/// `object.__reduce__`, `object.__reduce_ex__` and `object.__getstate__`: hidden code takes the object apart.
fn object_reduce(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__reduce__", 1, 0, 0)?;
    Err(m.call_hidden("__object_reduce__", &[m.arg_slot(args, 0), Slot::int(0)]))
}

fn object_reduce_ex(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__reduce_ex__", 1, 1, 1)?;
    let (this, protocol) = (m.arg_slot(args, 0), m.arg(args, 1)?);
    if !matches!(protocol.kind, Kind::Int | Kind::Bool) {
        let message = format!("'{}' object cannot be interpreted as an integer", m.type_name(*protocol));
        return Err(m.type_error(message));
    }
    Err(m.call_hidden("__object_reduce__", &[this, *protocol, Slot::bool(true)]))
}

fn object_getstate(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__getstate__", 1, 0, 0)?;
    Err(m.call_hidden("__object_state__", &[m.arg_slot(args, 0)]))
}

/// `__dict__` of exceptions and classes.
fn own_dict(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (this, name) = (m.arg(args, 0)?, m.names.dict);
    let dict = m.special_attribute(this, name)?;
    m.force(dict)
}

fn object_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    if args.count == 0 {
        return Err(m.type_error("object.__new__(): not enough arguments"));
    }
    let class = m.arg(args, 0)?;
    if class.kind != Kind::Class {
        let message = format!("object.__new__(X): X is not a type object ({})", m.type_name(*class));
        return Err(m.type_error(message));
    }
    let handle = class.handle();
    m.check_instantiable(handle)?;
    let has = |m: &Machine, name: Handle| m.lookup_class(handle, name).is_some_and(|f| f.kind != Kind::Native);
    if args.count + args.keywords > 1 && (has(m, m.names.new) || !has(m, m.names.init)) {
        let message = if has(m, m.names.new) {
            "object.__new__() takes exactly one argument (the type to instantiate)".into()
        } else {
            format!("{}() takes no arguments", m.class_name(handle))
        };
        return Err(m.type_error(message));
    }
    Ok(m.new_instance(handle, Slot::UNBOUND))
}

fn object_init(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.arg(args, 0)?;
    let class = m.class_of(*this);
    let own = |m: &Machine, name: Handle| m.lookup_class(class, name).is_some_and(|f| f.kind != Kind::Native);
    if args.count + args.keywords > 1 && m.heap.classes.get(class).layout == Type::Object.handle() {
        let whose = match (own(m, m.names.init), own(m, m.names.new)) {
            (true, _) => "object",
            (false, false) => m.class_name(class),
            (false, true) => return Ok(Value::NONE),
        };
        let message = format!("{whose}.__init__() takes exactly one argument (the instance to initialize)");
        return Err(m.type_error(message));
    }
    Ok(Value::NONE)
}

fn nothing(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    if args.keywords > 0 {
        let class = m.arg(args, 0)?;
        let qualname = m.heap.classes.get(class.handle()).qualname;
        let message = format!("{}.__init_subclass__() takes no keyword arguments", m.heap.text(qualname.handle()));
        return Err(m.type_error(message));
    }
    Ok(Value::NONE)
}

fn nothing_at_all(_m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    Ok(Value::NONE)
}

fn not_implemented(_m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    Ok(Value::NOT_IMPLEMENTED)
}

fn object_eq(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (a, b) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Ok(if a.same(*b) { Value::bool(true) } else { Value::NOT_IMPLEMENTED })
}

fn object_ne(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (a, b) = (m.arg(args, 0)?, m.arg(args, 1)?);
    if let Some(eq) = m.user_method(*a, m.names.eq) {
        let negate = m.hidden("__not_equal_by__");
        return Err(m.call_trap(*negate, alloc::vec![eq, *a, *b], Adapt::Plain));
    }
    Ok(if a.same(*b) { Value::bool(false) } else { Value::NOT_IMPLEMENTED })
}

fn object_hash(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.arg(args, 0)?;
    let plain = m.payload(*this);
    let hash = if plain.kind == Kind::Instance || plain.kind == Kind::Class { m.identity(*this) >> 4 } else { m.hash(plain)? };
    Ok(Value::int(hash as i64))
}

/// The interned name in an argument.
fn name_arg(m: &mut Machine, args: &Args, index: usize, what: &str) -> Result<Handle, Trap> {
    let name = m.arg(args, index)?;
    match m.text_of(*name).map(String::from) {
        Some(text) => Ok(m.intern(&text)),
        None if what.is_empty() => {
            let message = format!("attribute name must be string, not '{}'", m.type_name(*name));
            Err(m.type_error(message))
        }
        None => Err(m.type_error(format!("{what}(): attribute name must be string"))),
    }
}

fn object_getattribute(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__getattribute__", 1, 1, 1)?;
    let (this, name) = (m.arg(args, 0)?, name_arg(m, args, 1, "")?);
    let class = m.class_of(*this);
    let found = match m.generic_attribute(this, class, name)? {
        Some(found) => found,
        None => m.special_attribute(this, name)?,
    };
    m.force(found)
}

fn object_setattr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__setattr__", 1, 2, 2)?;
    let (this, name) = (m.arg(args, 0)?, name_arg(m, args, 1, "")?);
    let value = m.arg_slot(args, 2);
    m.generic_set_attribute(this, name, Some(value))?;
    Ok(Value::NONE)
}

fn object_delattr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__delattr__", 1, 1, 1)?;
    let (this, name) = (m.arg(args, 0)?, name_arg(m, args, 1, "")?);
    m.generic_set_attribute(this, name, None)?;
    Ok(Value::NONE)
}

fn names_list(m: &mut Machine, names: Vec<String>) -> Result<Value, Trap> {
    let mut items = Vec::new();
    for name in names {
        items.push(m.intern_value(&name));
    }
    m.new_list(items)
}

fn object_dir(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.arg(args, 0)?;
    let names = m.attribute_names(*this);
    names_list(m, names)
}

fn object_sizeof(m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    Err(m.raise(Type::NotImplementedError, "not supported: sizes of objects"))
}

fn none_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    if args.count > 1 || args.keywords > 0 {
        return Err(m.type_error("NoneType takes no arguments"));
    }
    Ok(Value::NONE)
}

fn ellipsis_new(_m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    Ok(Value::object(Kind::Ellipsis, 0))
}

// ---- type

fn type_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let meta = m.arg(args, 0)?;
    if args.count == 2 {
        let value = m.arg(args, 1)?;
        return Ok(Value::object(Kind::Class, m.class_of(*value)));
    }
    if args.count != 4 {
        return Err(m.type_error("type() takes 1 or 3 arguments"));
    }
    let (name, bases, namespace) = (m.arg(args, 1)?, m.arg(args, 2)?, m.arg(args, 3)?);
    if m.text_of(*name).is_none() {
        let message = format!("type.__new__() argument 1 must be str, not {}", m.type_name(*name));
        return Err(m.type_error(message));
    }
    if bases.kind != Kind::Tuple {
        let message = format!("type.__new__() argument 2 must be tuple, not {}", m.type_name(*bases));
        return Err(m.type_error(message));
    }
    let Some(namespace) = m.dict_of(*namespace) else {
        let message = format!("type.__new__() argument 3 must be dict, not {}", m.type_name(*namespace));
        return Err(m.type_error(message));
    };
    let base_items = m.items(*bases).to_vec();
    let given = meta.handle();
    let meta = winner(m, given, &base_items)?;
    if meta != given && m.lookup_class(meta, m.names.new).is_some_and(|new| new.kind != Kind::Native) {
        // A base's metaclass makes its classes itself.
        let list = *m.new_list(alloc::vec![*name, *bases, m.arg_slot(args, 3)])?;
        let dict = *m.new_dict(Default::default())?;
        return Err(m.call_hidden("__construct__", &[Slot::object(Kind::Class, meta), list, dict]));
    }
    let class = m.make_class(meta, *name, &base_items, namespace)?;
    let keywords = m.keywords(args);
    let dict = *m.new_dict(Default::default())?;
    for (key, value) in keywords {
        let key = m.intern(&key);
        m.store_in_dict(dict.handle(), key, value);
    }
    Err(m.call_hidden("__finish_class__", &[class, dict]))
}

/// The most derived metaclass of the given one and those of the bases.
fn winner(m: &mut Machine, meta: Handle, bases: &[Slot]) -> Result<Handle, Trap> {
    let mut best = meta;
    for base in bases {
        if base.kind != Kind::Class {
            continue;
        }
        let other = m.heap.classes.get(base.handle()).meta;
        if m.is_subclass(best, other) {
            continue;
        }
        if !m.is_subclass(other, best) {
            return Err(m.type_error("metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"));
        }
        best = other;
    }
    Ok(best)
}

/// `type.__call__`: what calling a class does when its metaclass does not say otherwise.
fn type_call(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    let rest: Vec<Slot> = m.stack[args.first + 1..args.first + args.count].to_vec();
    let keywords = m.keywords(args);
    let mut pairs = Vec::new();
    for (name, value) in keywords {
        pairs.push((m.intern_value(&name), value));
    }
    let list = *m.new_list(rest)?;
    let dict = *m.new_dict(Default::default())?;
    for (key, value) in pairs {
        m.store_in_dict(dict.handle(), key.handle(), value);
    }
    Err(m.call_hidden("__construct__", &[*class, list, dict]))
}

fn type_prepare(m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    m.new_dict(Default::default())
}

fn class_values(classes: Vec<Handle>) -> Vec<Slot> {
    classes.into_iter().map(|c| Slot::object(Kind::Class, c)).collect()
}

fn type_mro_list(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    let mro = class_values(m.heap.classes.get(class.handle()).mro.to_vec());
    m.new_list(mro)
}

fn type_mro(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    let mro = class_values(m.heap.classes.get(class.handle()).mro.to_vec());
    m.new_tuple(mro)
}

fn type_bases(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    let bases = class_values(m.heap.classes.get(class.handle()).bases.to_vec());
    m.new_tuple(bases)
}

fn type_base(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    Ok(m.heap.classes.get(class.handle()).bases.first().map_or(Value::NONE, |b| Value::object(Kind::Class, *b)))
}

fn type_subclasses(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    let subclasses = class_values(m.heap.classes.get(class.handle()).subclasses.clone());
    m.new_list(subclasses)
}

fn type_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    m.force(m.heap.classes.get(class.handle()).name)
}

fn type_qualname(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    m.force(m.heap.classes.get(class.handle()).qualname)
}

fn type_module(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?;
    let dict = m.heap.classes.get(class.handle()).dict;
    if let Some(found) = m.lookup_in_dict(dict, m.names.module) {
        return m.force(found);
    }
    let full = m.class_full_name(class.handle());
    let module = full.rsplit_once('.').map_or("builtins", |(module, _)| module);
    let module = m.intern_value(module);
    m.force(module)
}

// ---- instance and subclass checks

fn type_instancecheck(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (class, value) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Ok(Value::bool(m.is_subclass(m.class_of(*value), class.handle())))
}

fn type_subclasscheck(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (class, other) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Ok(Value::bool(other.kind == Kind::Class && m.is_subclass(other.handle(), class.handle())))
}

/// One check against a class, a tuple of classes or a union. `None`: program code decides.
fn check(m: &mut Machine, class_of: Handle, against: Slot, hook: Handle, depth: u32, what: &str) -> Result<Option<bool>, Trap> {
    let against = *m.force(against)?;
    let parts = match against.kind {
        Kind::Class => {
            if m.is_subclass(class_of, against.handle()) && what == "isinstance" {
                return Ok(Some(true));
            }
            let meta = m.heap.classes.get(against.handle()).meta;
            if meta != Type::Type.handle() && m.user_method(against, hook).is_some() {
                return Ok(None);
            }
            return Ok(Some(m.is_subclass(class_of, against.handle())));
        }
        Kind::Tuple if depth < 50 => m.items(against).to_vec(),
        Kind::Alias if m.heap.aliases.get(against.handle()).0.kind == Kind::None => m.items(m.heap.aliases.get(against.handle()).1).to_vec(),
        Kind::Alias => {
            let message = format!("{what}() argument 2 cannot be a parameterized generic");
            return Err(m.type_error(message));
        }
        Kind::None if depth > 0 => return Ok(Some(class_of == Type::NoneType.handle())),
        Kind::Instance if m.user_method(against, hook).is_some() => return Ok(None),
        _ => {
            let message = match what {
                "isinstance" => "isinstance() arg 2 must be a type, a tuple of types, or a union",
                _ => "issubclass() arg 2 must be a class, a tuple of classes, or a union",
            };
            return Err(m.type_error(message));
        }
    };
    let mut sure = true;
    for part in parts {
        match check(m, class_of, part, hook, depth + 1, what)? {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => sure = false,
        }
    }
    Ok(if sure { Some(false) } else { None })
}

/// Has the program a word in what `value.__class__` is?
fn claims_a_class(m: &Machine, value: Value) -> bool {
    value.kind == Kind::Instance && m.heap.classes.get(value.class_handle()).special & crate::class::CLAIMS != 0
}

fn isinstance(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "isinstance", 0, 2, 2)?;
    let (value, class) = (m.arg(args, 0)?, m.arg(args, 1)?);
    match check(m, m.class_of(*value), *class, m.names.instancecheck, 0, "isinstance")? {
        Some(false) if claims_a_class(m, value) => Err(m.call_hidden("__isinstance_by_claim__", &[*value, *class])),
        Some(result) => Ok(Value::bool(result)),
        None => Err(m.call_hidden("__isinstance__", &[*value, *class])),
    }
}

fn issubclass(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "issubclass", 0, 2, 2)?;
    let (value, class) = (m.arg(args, 0)?, m.arg(args, 1)?);
    if value.kind != Kind::Class {
        return Err(m.type_error("issubclass() arg 1 must be a class"));
    }
    match check(m, value.handle(), *class, m.names.subclasscheck, 0, "issubclass")? {
        Some(result) => Ok(Value::bool(result)),
        None => Err(m.call_hidden("__issubclass__", &[*value, *class])),
    }
}

fn instance_of(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (value, class) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Ok(Value::bool(class.kind == Kind::Class && m.is_subclass(m.class_of(*value), class.handle())))
}

fn subclass_of(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (value, class) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Ok(Value::bool(value.kind == Kind::Class && class.kind == Kind::Class && m.is_subclass(value.handle(), class.handle())))
}

fn type_of(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let value = m.arg(args, 0)?;
    Ok(Value::object(Kind::Class, m.class_of(*value)))
}

/// `match_as(cls, like)`: patterns take instances of `cls` for what they take those of `like` for, or of what a word names.
/// A built-in class stays what it is.
fn match_as(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (class, like) = (m.arg(args, 0)?, m.arg(args, 1)?);
    let flag = match like.kind {
        Kind::Class => m.collection_of(like.handle()),
        _ if m.text_of(*like) == Some("sequence") => crate::class::SEQUENCE,
        _ => crate::class::MAPPING,
    };
    if class.kind == Kind::Class && flag != 0 && !m.heap.classes.get(class.handle()).builtin && m.collection_of(class.handle()) == 0 {
        m.heap.classes.get_mut(class.handle()).special |= flag;
    }
    Ok(Value::NONE)
}

/// `new_class(cls, args)`: the result of the native or program `__new__` of a class, without `__init__`.
fn new_class(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (class, list, dict) = (m.arg(args, 0)?, m.arg(args, 1)?, m.arg(args, 2)?);
    let Some(new) = m.lookup_class(class.handle(), m.names.new) else { return Err(m.type_error("cannot create instances")) };
    let function = match new.kind {
        Kind::Descriptor => match *m.heap.descriptors.get(new.handle()) {
            crate::heap::DescriptorObject::Static(function) | crate::heap::DescriptorObject::Class(function) => function,
            _ => new,
        },
        _ => new,
    };
    let user_init = m.lookup_class(class.handle(), m.names.init).is_some_and(|i| i.kind != Kind::Native);
    let native = function.kind == Kind::Native;
    let mut call = CallTrap { callee: m.force(function)?, args: alloc::vec![*class], keywords: Vec::new(), adapt: Adapt::Plain };
    // `object.__new__` gets no more arguments when `__init__` takes them.
    let object_new = native && m.heap.classes.get(class.handle()).layout == Type::Object.handle();
    let exception = m.is_subclass(class.handle(), Type::BaseException.handle());
    let mutable = [Type::List, Type::Dict, Type::Set, Type::ByteArray].iter().any(|t| t.handle() == m.heap.classes.get(class.handle()).layout);
    if !(user_init && native && (object_new || mutable)) {
        call.args.extend_from_slice(&m.items(*list).to_vec());
        if !exception {
            call.keywords = m.heap.dicts.get(dict.handle()).iter().map(|e| (e.key, e.value)).collect();
        }
    }
    Err(Trap::Call(Box::new(call)))
}

/// `call_init(object, args, keywords)`: runs `__init__` of the object's class; the value is the object.
fn call_init(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (object, list, dict) = (m.arg(args, 0)?, m.arg(args, 1)?, m.arg(args, 2)?);
    let class = m.class_of(*object);
    let Some(init) = m.lookup_class(class, m.names.init).filter(|i| i.kind != Kind::Native) else { return Ok(object) };
    let callee = m.bind(init, object, class)?;
    let call = CallTrap {
        callee: m.force(callee)?, args: m.items(*list).to_vec(),
        keywords: m.heap.dicts.get(dict.handle()).iter().map(|e| (e.key, e.value)).collect(), adapt: Adapt::Replace(*object, true),
    };
    Err(Trap::Call(Box::new(call)))
}

// ---- attributes by name

fn getattr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "getattr", 0, 2, 3)?;
    let (object, name) = (m.arg(args, 0)?, name_arg(m, args, 1, "")?);
    let default = if args.count == 3 { Some(m.arg_slot(args, 2)) } else { None };
    match (m.get_attribute(object, name), default) {
        (Ok(found), _) => m.force(found),
        (Err(Trap::Raise(exception)), Some(default)) if m.is_instance(*exception, Type::AttributeError) => m.force(default),
        (Err(Trap::Call(mut call)), Some(default)) if matches!(call.adapt, Adapt::Plain) => {
            call.adapt = Adapt::Default(default, DefaultFor::Attribute);
            Err(Trap::Call(call))
        }
        (Err(trap), _) => Err(trap),
    }
}

fn hasattr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "hasattr", 0, 2, 2)?;
    let (object, name) = (m.arg(args, 0)?, name_arg(m, args, 1, "hasattr")?);
    match m.get_attribute(object, name) {
        Ok(_) => Ok(Value::bool(true)),
        Err(Trap::Raise(exception)) if m.is_instance(*exception, Type::AttributeError) => Ok(Value::bool(false)),
        Err(Trap::Call(mut call)) => {
            call.adapt = Adapt::HasAttribute;
            Err(Trap::Call(call))
        }
        Err(trap) => Err(trap),
    }
}

fn setattr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "setattr", 0, 3, 3)?;
    let (object, name) = (m.arg(args, 0)?, name_arg(m, args, 1, "")?);
    let value = m.arg_slot(args, 2);
    match m.set_attribute(object, name, Some(value)) {
        Err(Trap::Call(mut call)) => {
            call.adapt = Adapt::Replace(Slot::NONE, false);
            Err(Trap::Call(call))
        }
        other => other.map(|()| Value::NONE),
    }
}

fn delattr(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "delattr", 0, 2, 2)?;
    let (object, name) = (m.arg(args, 0)?, name_arg(m, args, 1, "")?);
    match m.set_attribute(object, name, None) {
        Err(Trap::Call(mut call)) => {
            call.adapt = Adapt::Replace(Slot::NONE, false);
            Err(Trap::Call(call))
        }
        other => other.map(|()| Value::NONE),
    }
}

fn callable(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "callable", 0, 1, 1)?;
    let value = m.arg(args, 0)?;
    Ok(Value::bool(m.callable(*value)))
}

fn dir(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "dir", 0, 0, 1)?;
    let Some(object) = m.optional(args, 0)? else {
        let dict = m.frames.last().map_or(m.hidden_globals, |f| f.globals);
        let mut names: Vec<String> = m.heap.dicts.get(dict).iter().filter_map(|e| m.text_of(e.key).map(String::from)).collect();
        names.sort();
        return names_list(m, names);
    };
    let hook = m.intern("__dir__");
    if let Some(method) = m.user_method(*object, hook) {
        let sorted = m.hidden("__sorted_dir__");
        return Err(m.call_trap(*sorted, alloc::vec![method, *object], Adapt::Plain));
    }
    let names = m.attribute_names(*object);
    names_list(m, names)
}

fn vars(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "vars", 0, 0, 1)?;
    let Some(object) = m.optional(args, 0)? else { return locals(m, args) };
    let name = m.names.dict;
    match m.get_attribute(object, name) {
        Ok(found) => m.force(found),
        Err(Trap::Raise(_)) => Err(m.type_error("vars() argument must have __dict__ attribute")),
        Err(trap) => Err(trap),
    }
}

fn globals(m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    let dict = m.frames.last().map_or(m.hidden_globals, |f| f.globals);
    Ok(Value::object(Kind::Dict, dict))
}

/// `locals()`: a new dict of the bound locals; at module level the globals themselves.
fn locals(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let Some(frame) = m.frames.last().cloned() else { return globals(m, args) };
    let Some(code) = (frame.function != Handle::MAX).then(|| m.heap.functions.get(frame.function).source.clone()).flatten() else {
        return globals(m, args);
    };
    let dict = m.new_dict(Default::default())?;
    for (index, name) in code.locals.iter().enumerate().filter(|(_, n)| !n.starts_with('.')) {
        let slot = m.stack[frame.base as usize + index];
        let slot = if slot.kind == Kind::Cell { *m.heap.cells.get(slot.handle()) } else { slot };
        if !slot.is_unbound() {
            let name = m.intern(name);
            m.store_in_dict(dict.handle(), name, slot);
        }
    }
    Ok(dict)
}

fn bind_method(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (function, this) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Ok(m.new_method(*function, *this))
}
