//! Functions, methods, generators, descriptors, `super`, and code from text.

use super::common;
use crate::class::Type;
use crate::heap::DescriptorObject;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::{Adapt, AskTrap, CallTrap, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{boxed::Box, format, string::String, sync::Arc, vec::Vec};
use emulant_ask::{Compile, CompileMode, Request};

const fn of(owner: &'static str, name: &'static str, code: crate::native::NativeFn, bind: Bind) -> NativeRow {
    NativeRow { owner, name, code, bind }
}

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    of("method", "__new__", method_new, Bind::Static),
    of("method", "__func__", method_function, Bind::Getter),
    of("method", "__self__", method_self, Bind::Getter),
    of("method", "__name__", method_name, Bind::Getter),
    of("method", "__qualname__", method_qualname, Bind::Getter),
    of("method", "__doc__", method_doc, Bind::Getter),
    of("method", "__module__", method_module, Bind::Getter),
    of("builtin_function_or_method", "__name__", native_name, Bind::Getter),
    of("builtin_function_or_method", "__qualname__", native_name, Bind::Getter),
    of("builtin_function_or_method", "__self__", native_self, Bind::Getter),
    of("builtin_function_or_method", "__doc__", nothing, Bind::Getter),
    of("builtin_function_or_method", "__module__", native_module, Bind::Getter),
    of("method_descriptor", "__name__", native_name, Bind::Getter),
    of("method_descriptor", "__qualname__", native_name, Bind::Getter),
    of("method_descriptor", "__doc__", nothing, Bind::Getter),
    of("function", "__get__", function_get, Bind::Method),
    of("function", "__call__", function_call, Bind::Method),
    of("property", "__new__", property_new, Bind::Static),
    of("property", "__init__", property_init, Bind::Method),
    of("property", "getter", property_getter, Bind::Method),
    of("property", "setter", property_setter, Bind::Method),
    of("property", "deleter", property_deleter, Bind::Method),
    of("property", "fget", property_fget, Bind::Getter),
    of("property", "fset", property_fset, Bind::Getter),
    of("property", "fdel", property_fdel, Bind::Getter),
    of("property", "__doc__", property_doc, Bind::Getter),
    of("property", "__get__", property_get, Bind::Method),
    of("property", "__set__", property_set, Bind::Method),
    of("property", "__delete__", property_delete, Bind::Method),
    of("property", "__set_name__", property_named, Bind::Method),
    of("staticmethod", "__new__", static_new, Bind::Static),
    of("staticmethod", "__get__", wrapped, Bind::Method),
    of("classmethod", "__get__", class_get, Bind::Method),
    of("staticmethod", "__func__", wrapped, Bind::Getter),
    of("staticmethod", "__wrapped__", wrapped, Bind::Getter),
    of("staticmethod", "__name__", wrapped_name, Bind::Getter),
    of("staticmethod", "__isabstractmethod__", wrapped_abstract, Bind::Getter),
    of("classmethod", "__new__", class_new, Bind::Static),
    of("classmethod", "__func__", wrapped, Bind::Getter),
    of("classmethod", "__wrapped__", wrapped, Bind::Getter),
    of("classmethod", "__name__", wrapped_name, Bind::Getter),
    of("classmethod", "__isabstractmethod__", wrapped_abstract, Bind::Getter),
    of("property", "__isabstractmethod__", property_abstract, Bind::Getter),
    of("super", "__new__", super_new, Bind::Static),
    of("super", "__thisclass__", |m, args| super_part(m, args, 0), Bind::Getter),
    of("super", "__self__", |m, args| super_part(m, args, 1), Bind::Getter),
    of("super", "__self_class__", |m, args| super_part(m, args, 2), Bind::Getter),
    of("generator", "__iter__", itself, Bind::Method),
    of("generator", "__next__", generator_next, Bind::Method),
    of("generator", "send", generator_send, Bind::Method),
    of("generator", "throw", generator_throw, Bind::Method),
    of("generator", "close", generator_close, Bind::Method),
    of("generator", "__name__", generator_name, Bind::Getter),
    of("generator", "__qualname__", generator_qualname, Bind::Getter),
    of("generator", "gi_running", generator_running, Bind::Getter),
    of("generator", "gi_frame", generator_frame, Bind::Getter),
    of("generator", "gi_code", generator_code, Bind::Getter),
    of("coroutine", "cr_code", generator_code, Bind::Getter),
    of("coroutine", "cr_running", generator_running, Bind::Getter),
    of("coroutine", "cr_frame", generator_frame, Bind::Getter),
    of("coroutine", "__qualname__", generator_qualname, Bind::Getter),
    of("coroutine", "cr_await", generator_delegate, Bind::Getter),
    of("generator", "gi_yieldfrom", generator_delegate, Bind::Getter),
    of("generator", "gi_suspended", generator_suspended, Bind::Getter),
    of("coroutine", "cr_suspended", generator_suspended, Bind::Getter),
    of("async_generator", "__name__", generator_name, Bind::Getter),
    of("async_generator", "__qualname__", generator_qualname, Bind::Getter),
    of("async_generator", "gi_frame", generator_frame, Bind::Getter),
    of("async_generator", "gi_yieldfrom", generator_delegate, Bind::Getter),
    of("async_generator", "gi_suspended", generator_suspended, Bind::Getter),
    of("_emulant", "resume", resume_with, Bind::Function),
    of("_emulant", "is_open", generator_open, Bind::Function),
    of("_emulant", "is_started", generator_started, Bind::Function),
    of("longrange_iterator", "__iter__", itself, Bind::Method),
    of("longrange_iterator", "__next__", generator_next, Bind::Method),
    of("map", "__iter__", itself, Bind::Method),
    of("map", "__next__", generator_next, Bind::Method),
    of("filter", "__iter__", itself, Bind::Method),
    of("filter", "__next__", generator_next, Bind::Method),
    of("coroutine", "__await__", itself, Bind::Method),
    of("coroutine", "send", generator_send, Bind::Method),
    of("coroutine", "throw", generator_throw, Bind::Method),
    of("coroutine", "close", generator_close, Bind::Method),
    of("coroutine", "__name__", generator_name, Bind::Getter),
    of("cell", "cell_contents", cell_contents, Bind::Getter),
    of("code", "co_name", code_name, Bind::Getter),
    of("code", "co_argcount", code_argcount, Bind::Getter),
    of("code", "co_kwonlyargcount", code_kwonly, Bind::Getter),
    of("code", "co_posonlyargcount", code_posonly, Bind::Getter),
    of("code", "co_varnames", code_varnames, Bind::Getter),
    of("code", "co_flags", code_flags, Bind::Getter),
    of("code", "co_firstlineno", code_line, Bind::Getter),
    of("code", "co_filename", code_file, Bind::Getter),
    of("code", "co_freevars", code_freevars, Bind::Getter),
    of("tool", "__name__", tool_name, Bind::Getter),
    of("builtins", "eval", eval, Bind::Function),
    of("builtins", "exec", exec, Bind::Function),
    of("builtins", "compile", compile, Bind::Function),
    of("builtins", "__import__", import, Bind::Function),
    of("intrinsics", "run_code", run_code, Bind::Function),
    of("intrinsics", "run_class_body", run_class_body, Bind::Function),
    of("intrinsics", "ask_compile", ask_compile, Bind::Function),
    of("intrinsics", "dress_generator", dress_generator, Bind::Function),
    of("intrinsics", "make_cell", make_cell, Bind::Function),
    of("intrinsics", "set_cell", set_cell, Bind::Function),
    of("_emulant", "tool", tool, Bind::Function),
];

impl Machine {
    /// What a compile ask gives the program: a function without parameters that runs the code in given globals.
    pub(crate) fn compiled_value(&mut self, code: Arc<crate::code::Code>) -> Slot {
        let id = self.load(code, false);
        let codes = core::mem::take(&mut self.codes);
        let unbound = [Slot::UNBOUND; 4];
        let function = self.make_function(&codes, id, unbound);
        self.codes = codes;
        function
    }
}

fn pair(m: &Machine, args: &Args) -> Result<(Slot, Slot), Trap> {
    m.arg(args, 0).map(|method| *m.heap.methods.get(method.handle()))
}

/// `types.MethodType(function, object)`
fn method_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    if args.count != 3 || args.keywords > 0 {
        return Err(m.type_error(format!("method expected 2 arguments, got {}", args.count.saturating_sub(1))));
    }
    let (function, object) = (m.arg(args, 1)?, m.arg(args, 2)?);
    if !m.callable(*function) {
        return Err(m.type_error("first argument must be callable"));
    }
    if object.is_none() {
        return Err(m.type_error("instance must not be None"));
    }
    Ok(m.new_method(*function, *object))
}

fn method_function(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (function, _) = pair(m, args)?;
    m.force(function)
}

fn method_self(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (_, this) = pair(m, args)?;
    m.force(this)
}

fn function_attribute(m: &mut Machine, args: &Args, name: &str) -> Result<Value, Trap> {
    let (function, _) = pair(m, args)?;
    let (function, name) = (m.force(function)?, m.intern(name));
    let found = m.get_attribute(function, name)?;
    m.force(found)
}

fn method_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    function_attribute(m, args, "__name__")
}

fn method_qualname(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    function_attribute(m, args, "__qualname__")
}

fn method_doc(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    function_attribute(m, args, "__doc__")
}

fn method_module(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    function_attribute(m, args, "__module__")
}

fn native_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let native = m.arg(args, 0)?;
    let row = if native.kind == Kind::Method { m.heap.methods.get(native.handle()).0.handle() } else { native.handle() };
    let name = m.shared.clone().natives[row as usize].name;
    m.new_str(name)
}

fn native_self(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let native = m.arg(args, 0)?;
    if native.kind == Kind::Method { m.force(m.heap.methods.get(native.handle()).1) } else { Ok(Value::NONE) }
}

fn native_module(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let native = m.arg(args, 0)?;
    if native.kind == Kind::Method {
        return Ok(Value::NONE);
    }
    let owner = m.shared.clone().natives[native.handle() as usize].owner;
    m.new_str(owner)
}

fn nothing(_m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    Ok(Value::NONE)
}

fn itself(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.arg(args, 0)
}

fn function_get(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (function, object) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Ok(if object.is_none() { function } else { m.new_method(*function, *object) })
}

fn function_call(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let callee = m.arg(args, 0)?;
    let rest: Vec<Slot> = m.stack[args.first + 1..args.first + args.count].to_vec();
    let mut keywords = Vec::new();
    for (name, value) in m.keywords(args) {
        keywords.push((m.intern_value(&name), value));
    }
    Err(Trap::Call(Box::new(CallTrap { callee, args: rest, keywords, adapt: Adapt::Plain })))
}

// ---- descriptors

fn descriptor(m: &mut Machine, object: DescriptorObject) -> Value {
    m.heap.bytes += 96;
    Value::object(Kind::Descriptor, m.heap.descriptors.add(object))
}

const PROPERTY: common::Signature<4> = common::Signature { name: "property", names: ["fget", "fset", "fdel", "doc"], positional: 4, required: 0 };

/// Getter, setter, deleter and doc from a call; a doc of None is the getter's.
fn property_arguments(m: &mut Machine, args: &Args) -> Result<[Slot; 5], Trap> {
    let [get, set, delete, doc] = common::unpack(m, args, 1, &PROPERTY)?.map(|given| given.map_or(Slot::NONE, Value::slot));
    Ok([get, set, delete, if doc.kind == Kind::None { Slot::UNBOUND } else { doc }, Slot::UNBOUND])
}

fn property_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let class = m.arg(args, 0)?.handle();
    let derived = class != Type::Property.handle();
    if derived && m.lookup_class(class, m.names.init).is_some_and(|init| init.kind != Kind::Native) {
        // Its own `__init__` says what the arguments mean.
        let nothing = [Slot::NONE, Slot::NONE, Slot::NONE, Slot::UNBOUND, Slot::UNBOUND];
        return Ok(descriptor(m, DescriptorObject::Property(nothing)));
    }
    let parts = property_arguments(m, args)?;
    let made = descriptor(m, DescriptorObject::Property(parts));
    if !derived {
        return Ok(made);
    }
    let instance = m.new_instance(class, made.slot());
    keep_doc(m, instance, parts)?;
    Ok(instance)
}

fn property_init(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.arg(args, 0)?;
    let property = m.payload(*this);
    let parts = property_arguments(m, args)?;
    if property.kind == Kind::Descriptor {
        *m.heap.descriptors.get_mut(property.handle()) = DescriptorObject::Property(parts);
        keep_doc(m, this, parts)?;
    }
    Ok(Value::NONE)
}

/// A property of a derived class has its doc among its attributes, since that class has one of its own. Where there is
/// no place for it, only one that comes from the getter is missed.
fn keep_doc(m: &mut Machine, this: Value, parts: [Slot; 5]) -> Result<(), Trap> {
    if this.kind != Kind::Instance {
        return Ok(());
    }
    let doc = doc_of(m, parts);
    match m.generic_set_attribute(this, m.names.doc, Some(doc)) {
        Err(_) if doc.kind == Kind::None || !parts[3].is_unbound() => Ok(()),
        other => other,
    }
}

fn doc_of(m: &mut Machine, [getter, _, _, doc, _]: [Slot; 5]) -> Slot {
    if !doc.is_unbound() {
        return doc;
    }
    match getter.value() {
        Some(getter) if !getter.is_none() => m.get_attribute(getter, m.names.doc).unwrap_or(Slot::NONE),
        _ => Slot::NONE,
    }
}

fn property_parts(m: &Machine, args: &Args) -> Result<[Slot; 5], Trap> {
    let property = m.payload(*m.arg(args, 0)?);
    let nothing = [Slot::NONE, Slot::NONE, Slot::NONE, Slot::UNBOUND, Slot::UNBOUND];
    if property.kind != Kind::Descriptor {
        return Ok(nothing);
    }
    Ok(match m.heap.descriptors.get(property.handle()) {
        DescriptorObject::Property(parts) => *parts,
        _ => nothing,
    })
}

fn property_with(m: &mut Machine, args: &Args, index: usize) -> Result<Value, Trap> {
    let mut parts = property_parts(m, args)?;
    parts[index] = *m.arg(args, 1)?;
    let this = m.arg(args, 0)?;
    if this.kind == Kind::Instance {
        // Of a derived class: the copy is one too, and its docstring comes from the getter again.
        let class = Slot::object(Kind::Class, m.class_of(*this));
        let given = parts[..4].iter().map(|part| if part.is_unbound() { Slot::NONE } else { *part }).collect();
        return Err(m.call_trap(class, given, Adapt::Plain));
    }
    Ok(descriptor(m, DescriptorObject::Property(parts)))
}

fn property_getter(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    property_with(m, args, 0)
}

fn property_setter(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    property_with(m, args, 1)
}

fn property_deleter(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    property_with(m, args, 2)
}

fn property_fget(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.force(property_parts(m, args)?[0])
}

fn property_fset(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.force(property_parts(m, args)?[1])
}

fn property_fdel(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.force(property_parts(m, args)?[2])
}

fn property_doc(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let parts = property_parts(m, args)?;
    let doc = doc_of(m, parts);
    m.force(doc)
}

/// Is one of its functions abstract?
fn property_abstract(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let name = m.intern("__isabstractmethod__");
    for function in &property_parts(m, args)?[..3] {
        let found = match function.value().map(|function| m.get_attribute(function, name)) {
            Some(Ok(found)) => found,
            _ => continue,
        };
        if m.truth(found)? {
            return Ok(Value::bool(true));
        }
    }
    Ok(Value::bool(false))
}

fn property_get(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (property, object) = (m.arg(args, 0)?, m.arg(args, 1)?);
    if object.is_none() {
        return Ok(property);
    }
    property_call(m, args, 0, "getter")
}

fn property_set(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.arg(args, 2)?;
    property_call(m, args, 1, "setter")
}

fn property_delete(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    property_call(m, args, 2, "deleter")
}

/// Calls one of the functions with the object, and with the value if there is one.
fn property_call(m: &mut Machine, args: &Args, index: usize, what: &str) -> Result<Value, Trap> {
    let (property, object) = (m.arg(args, 0)?, m.arg(args, 1)?);
    let function = property_parts(m, args)?[index];
    if function.kind == Kind::None {
        return Err(m.property_error(*property, object, what));
    }
    let mut given = alloc::vec![*object];
    if index == 1 {
        given.push(m.arg_slot(args, 2));
    }
    Err(m.call_trap(function, given, Adapt::Plain))
}

fn property_named(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    if args.count != 3 {
        let message = format!("__set_name__() takes 2 positional arguments but {} were given", args.count.saturating_sub(1));
        return Err(m.type_error(message));
    }
    Ok(Value::NONE)
}

fn static_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "staticmethod", 1, 1, 1)?;
    let function = m.arg(args, 1)?;
    Ok(descriptor(m, DescriptorObject::Static(*function)))
}

fn class_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "classmethod", 1, 1, 1)?;
    let function = m.arg(args, 1)?;
    Ok(descriptor(m, DescriptorObject::Class(*function)))
}

fn wrapped(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let this = m.payload(*m.arg(args, 0)?);
    if this.kind != Kind::Descriptor {
        return Ok(Value::NONE);
    }
    let inner = match *m.heap.descriptors.get(this.handle()) {
        DescriptorObject::Static(function) | DescriptorObject::Class(function) => function,
        DescriptorObject::Property([getter, ..]) => getter,
        _ => Slot::NONE,
    };
    m.force(inner)
}

/// `classmethod.__get__(object, class=None)`
fn class_get(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "__get__", 1, 1, 2)?;
    let (function, object) = (wrapped(m, args)?, m.arg(args, 1)?);
    let class = match m.optional(args, 2)?.filter(|class| !class.is_none()) {
        Some(class) => *class,
        None => Slot::object(Kind::Class, m.class_of(*object)),
    };
    Ok(m.new_method(*function, class))
}

fn wrapped_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (inner, name) = (wrapped(m, args)?, m.names.name);
    let found = m.get_attribute(inner, name)?;
    m.force(found)
}

fn wrapped_abstract(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (inner, name) = (wrapped(m, args)?, m.intern("__isabstractmethod__"));
    match m.get_attribute(inner, name) {
        Ok(found) => m.force(found),
        Err(_) => Ok(Value::bool(false)),
    }
}

fn super_new(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    if args.count > 3 {
        return Err(m.type_error(format!("super() expected at most 2 arguments, got {}", args.count - 1)));
    }
    if args.count < 2 {
        return Err(m.raise(Type::RuntimeError, "super(): no arguments"));
    }
    let class = m.arg(args, 1)?;
    if class.kind != Kind::Class {
        let message = format!("super() argument 1 must be a type, not {}", m.type_name(*class));
        return Err(m.type_error(message));
    }
    let this = m.optional(args, 2)?.unwrap_or(Value::NONE);
    if this.is_none() {
        return Ok(descriptor(m, DescriptorObject::Super(*class, Slot::NONE, Slot::NONE)));
    }
    bound_super(m, *class, this)
}

/// `super(class, this)`.
pub(crate) fn bound_super(m: &mut Machine, class: Slot, this: Value) -> Result<Value, Trap> {
    let own = m.class_of(*this);
    let start = if this.kind == Kind::Class && m.is_subclass(this.handle(), class.handle()) {
        this.handle()
    } else if m.is_subclass(own, class.handle()) {
        own
    } else {
        return Err(m.type_error("super(type, obj): obj must be an instance or subtype of type"));
    };
    Ok(descriptor(m, DescriptorObject::Super(class, *this, Slot::object(Kind::Class, start))))
}

/// `__thisclass__`, `__self__` and `__self_class__` of `super(class, object)`.
fn super_part(m: &mut Machine, args: &Args, place: usize) -> Result<Value, Trap> {
    let this = m.payload(*m.arg(args, 0)?);
    let part = match (this.kind, this.handle()) {
        (Kind::Descriptor, handle) => match *m.heap.descriptors.get(handle) {
            DescriptorObject::Super(class, object, start) => [class, object, start][place],
            _ => Slot::NONE,
        },
        _ => Slot::NONE,
    };
    m.force(part)
}

// ---- generators

fn resume(m: &Machine, args: &Args, mode: i64, value: Slot) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    Err(Trap::Call(Box::new(CallTrap { callee: generator, args: alloc::vec![Slot::int(mode), value], keywords: Vec::new(), adapt: Adapt::Plain })))
}

fn generator_next(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    resume(m, args, 0, Slot::NONE)
}

fn generator_send(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "generator.send", 1, 1, 1)?;
    let value = m.arg_slot(args, 1);
    resume(m, args, 0, value)
}

fn generator_throw(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect(args, "throw", 1, 1, 3)?;
    let exception = m.arg(args, if args.count > 2 && m.arg(args, 2)?.kind == Kind::Instance { 2 } else { 1 })?;
    let exception = match exception.kind {
        Kind::Class if m.is_subclass(exception.handle(), Type::BaseException.handle()) => {
            let given: Vec<Slot> = if args.count > 2 { alloc::vec![m.arg_slot(args, 2)] } else { Vec::new() };
            let native = m.lookup_class(exception.handle(), m.names.init).is_none_or(|i| i.kind == Kind::Native);
            if !native {
                let this = m.arg_slot(args, 0);
                let list = *m.new_list(given)?;
                return Err(m.call_hidden("__throw_class__", &[this, *exception, list]));
            }
            m.new_exception(exception.handle(), &given)
        }
        Kind::Instance if m.is_instance(*exception, Type::BaseException) => exception,
        _ => {
            let message = format!("exceptions must be classes or instances deriving from BaseException, not {}", m.type_name(*exception));
            return Err(m.type_error(message));
        }
    };
    resume(m, args, 1, *exception)
}

fn generator_close(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    let object = m.heap.generators.get_mut(generator.handle());
    if object.frame.is_none() && !object.running || !object.started {
        object.frame = None;
        return Ok(Value::NONE);
    }
    Err(m.call_hidden("__close_generator__", &[*generator]))
}

fn generator_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    m.force(m.heap.generators.get(generator.handle()).names.0)
}

fn generator_qualname(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    m.force(m.heap.generators.get(generator.handle()).names.1)
}

fn generator_running(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    Ok(Value::bool(m.heap.generators.get(generator.handle()).running))
}

/// What the generator delegates to while it is suspended there, or None.
fn generator_delegate(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    let object = m.heap.generators.get(generator.handle());
    let Some(frame) = object.frame.as_ref().filter(|_| object.started && !object.running) else { return Ok(Value::NONE) };
    let op = m.texts.get(frame.code as usize).and_then(|code| code.ops.get(frame.pc as usize));
    match op {
        Some(crate::code::Op::YieldFrom { iter, .. }) => m.force(object.registers[*iter as usize]),
        _ => Ok(Value::NONE),
    }
}

fn generator_suspended(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    let object = m.heap.generators.get(generator.handle());
    Ok(Value::bool(object.frame.is_some() && object.started && !object.running))
}

/// `resume(generator, mode, value)`: mode 0 sends, 1 throws.
fn resume_with(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (mode, value) = (m.arg(args, 1)?.as_int(), m.arg_slot(args, 2));
    resume(m, args, mode, value)
}

/// `is_open(generator)`: it has not ended.
fn generator_open(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    let object = m.heap.generators.get(generator.handle());
    Ok(Value::bool(object.frame.is_some() || object.running))
}

/// `is_started(generator)`
fn generator_started(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    Ok(Value::bool(m.heap.generators.get(generator.handle()).started))
}

/// The code that a generator runs; unknown when it has ended.
fn generator_code(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    let frame = m.heap.generators.get(generator.handle()).frame.as_ref();
    let running = m.frames.iter().rev().find(|frame| frame.generator == generator.handle());
    match frame.or(running).map(|frame| frame.function).filter(|function| *function != Handle::MAX) {
        Some(function) => Ok(Value::object(Kind::Code, function)),
        None => Err(m.raise(Type::NotImplementedError, "not supported: the code of a generator that has ended")),
    }
}

fn generator_frame(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let generator = m.arg(args, 0)?;
    if m.heap.generators.get(generator.handle()).frame.is_none() {
        return Ok(Value::NONE);
    }
    let object = m.heap.generators.get(generator.handle());
    let code = object.frame.as_ref().map(|frame| (frame.code, frame.pc));
    let (code, pc) = code.unwrap_or_default();
    let place = m.texts.get(code as usize).map(|code| (code.clone(), code.spans.get(pc as usize).map_or(0, |span| span.line)));
    let Some((code, line)) = place else { return Ok(Value::NONE) };
    let row = [m.intern_value(&code.file), Slot::int(line.into()), m.intern_value(&code.name), m.intern_value(&code.qualname), Slot::int(code.first_line.into()), Slot::NONE, Slot::NONE];
    let row = *m.new_tuple(row)?;
    Err(m.call_hidden("__passed_frame__", &[row]))
}

/// `dress_generator(generator, class)`: it shows itself as an instance of that class.
fn dress_generator(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (generator, class) = (m.arg(args, 0)?, m.arg(args, 1)?);
    m.heap.generators.get_mut(generator.handle()).dress = *class;
    Ok(generator)
}

// ---- cells and code

fn make_cell(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let content = if args.count > 0 { m.arg_slot(args, 0) } else { Slot::UNBOUND };
    Ok(Value::object(Kind::Cell, m.heap.cells.add(content)))
}

fn set_cell(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (cell, value) = (m.arg(args, 0)?, m.arg_slot(args, 1));
    if cell.kind == Kind::Cell {
        *m.heap.cells.get_mut(cell.handle()) = value;
    }
    Ok(Value::NONE)
}

fn cell_contents(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let cell = m.arg(args, 0)?;
    let content = *m.heap.cells.get(cell.handle());
    if content.is_unbound() { Err(m.value_error("Cell is empty")) } else { m.force(content) }
}

fn code_of(m: &Machine, args: &Args) -> Result<Option<Arc<crate::code::Code>>, Trap> {
    m.arg(args, 0).map(|code| m.heap.functions.get(code.handle()).source.clone())
}

fn code_number(m: &Machine, args: &Args, number: impl Fn(&crate::code::Code) -> i64) -> Result<Value, Trap> {
    Ok(code_of(m, args)?.map_or(Value::NONE, |code| Value::int(number(&code))))
}

fn code_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    match code_of(m, args)? {
        Some(code) => m.new_str(code.name.as_ref()),
        None => Ok(Value::NONE),
    }
}

fn code_file(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    match code_of(m, args)? {
        Some(code) => m.new_str(code.file.as_ref()),
        None => Ok(Value::NONE),
    }
}

fn code_argcount(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    code_number(m, args, |c| i64::from(c.params.positional))
}

fn code_kwonly(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    code_number(m, args, |c| i64::from(c.params.keyword_only))
}

fn code_posonly(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    code_number(m, args, |c| i64::from(c.params.positional_only))
}

fn code_line(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    code_number(m, args, |c| i64::from(c.first_line))
}

/// CPython's flags that programs look at: varargs, varkeywords, generator, coroutine, async generator.
fn code_flags(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    use crate::code::CodeKind;
    code_number(m, args, |c| {
        let kind = match c.kind {
            CodeKind::Generator => 0x20,
            CodeKind::Coroutine => 0x80,
            CodeKind::AsyncGenerator => 0x200,
            _ => 0,
        };
        3 | if c.params.star { 4 } else { 0 } | if c.params.double_star { 8 } else { 0 } | kind
    })
}

fn code_names(m: &mut Machine, names: &[Box<str>]) -> Result<Value, Trap> {
    let mut items = Vec::new();
    for name in names.iter().filter(|n| !n.starts_with('.')) {
        items.push(m.intern_value(name));
    }
    m.new_tuple(items)
}

fn code_varnames(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    match code_of(m, args)? {
        Some(code) => code_names(m, &code.locals[..code.locals.len() - code.free.len()]),
        None => Ok(Value::NONE),
    }
}

fn code_freevars(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    match code_of(m, args)? {
        Some(code) => code_names(m, &code.free),
        None => Ok(Value::NONE),
    }
}

// ---- text becomes code

/// An ask to compile; its answer is a function that runs the code.
fn compile_ask(m: &mut Machine, source: Value, file: &str, mode: CompileMode, what: &str) -> Trap {
    let Some(text) = m.text_of(*source).map(String::from) else {
        let message = format!("{what}() arg 1 must be a string, bytes or code object");
        return m.type_error(message);
    };
    let text = if mode == CompileMode::Eval { String::from(text.trim_start_matches([' ', '\t'])) } else { text };
    let mut label = 0;
    let _ = m.export(*source, &mut label);
    let (data, choice) = m.labels.origins(label);
    let seen = if label == 0 { Vec::new() } else { alloc::vec![emulant_ask::Seen { part: "text".into(), data, choice }] };
    Trap::Ask(Box::new(AskTrap { request: Request::Compile(Compile { file: file.into(), mode, text }), seen }))
}

/// `ask_compile(text, file, mode)` for hidden code: mode is `exec`, `eval` or `single`.
fn ask_compile(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (text, file, mode) = (m.arg(args, 0)?, m.arg(args, 1)?, m.arg(args, 2)?);
    let file: String = m.text_of(*file).unwrap_or("<string>").into();
    let mode = match m.text_of(*mode) {
        Some("exec") => CompileMode::Exec,
        Some("eval") => CompileMode::Eval,
        Some("single") => CompileMode::Single,
        _ => return Err(m.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    Err(compile_ask(m, text, &file, mode, "compile"))
}

fn scopes(m: &mut Machine, args: &Args, what: &str) -> Result<(Slot, Slot), Trap> {
    let own = Slot::object(Kind::Dict, m.frames.last().map_or(m.hidden_globals, |f| f.globals));
    let globals = match m.optional(args, 1)? {
        Some(value) if !value.is_none() => *value,
        _ => m.keyword(args, "globals").unwrap_or(own),
    };
    if m.dict_of(globals).is_none() {
        let message = format!("{what}() globals must be a dict, not {}", m.type_name(globals));
        return Err(m.type_error(message));
    }
    let locals = match m.optional(args, 2)? {
        Some(value) if !value.is_none() => *value,
        _ => {
            // Without scopes given, names are looked for in the caller's locals too; they are a copy, as in CPython.
            if args.count < 2 && m.keyword(args, "globals").is_none() { function_locals(m, args)?.unwrap_or(globals) } else { globals }
        }
    };
    Ok((globals, locals))
}

fn function_locals(m: &mut Machine, args: &Args) -> Result<Option<Slot>, Trap> {
    let inside = m.frames.last().is_some_and(|f| f.function != Handle::MAX);
    if !inside {
        return Ok(None);
    }
    let row = m.native_value("locals");
    let dict = m.call_row(row.handle(), &[])?;
    let _ = args;
    Ok(Some(dict))
}

fn eval(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect_positional(args, "eval", 1, 3)?;
    let (globals, locals) = scopes(m, args, "eval")?;
    let source = *m.arg(args, 0)?;
    let mode = m.intern_value("eval");
    Err(m.call_hidden("__evaluate__", &[source, globals, locals, mode]))
}

fn exec(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect_positional(args, "exec", 1, 3)?;
    let (globals, locals) = scopes(m, args, "exec")?;
    let source = *m.arg(args, 0)?;
    let mode = m.intern_value("exec");
    Err(m.call_hidden("__evaluate__", &[source, globals, locals, mode]))
}

fn compile(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    m.expect_positional(args, "compile", 3, 6)?;
    ask_compile(m, args)
}

impl Machine {
    /// As `expect` for functions that also take keywords.
    pub(crate) fn expect_positional(&mut self, args: &Args, name: &str, min: usize, max: usize) -> Result<(), Trap> {
        let bare = Args { keywords: 0, ..*args };
        self.expect(&bare, name, 0, min, max)
    }
}

/// `run_code(code, globals, locals)`: run compiled text; names are stored into `locals`.
fn run_code(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (code, globals, locals) = (m.arg(args, 0)?, m.arg(args, 1)?, m.arg(args, 2)?);
    let (Some(globals), true) = (m.dict_of(*globals), code.kind == Kind::Function) else {
        return Err(m.type_error("not supported: this code object"));
    };
    let mut function = m.heap.functions.get(code.handle()).clone();
    function.globals = globals;
    let separate = m.dict_of(*locals) != Some(globals);
    let copy = m.heap.functions.add(function);
    if separate {
        return Err(m.call_hidden("__run_with_locals__", &[Slot::object(Kind::Function, copy), Slot::object(Kind::Dict, globals), *locals]));
    }
    Err(m.call_trap(Slot::object(Kind::Function, copy), Vec::new(), Adapt::Plain))
}

/// `run_class_body(function, namespace)`: run a class body with this namespace in register 0; the value is what it returns.
fn run_class_body(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let (function, namespace) = (m.arg(args, 0)?, m.arg(args, 1)?);
    Err(m.call_trap(*function, alloc::vec![*namespace], Adapt::Plain))
}

fn import(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let name = m.arg(args, 0)?;
    Err(m.call_hidden("__import_by_name__", &[*name]))
}

// ---- tools

/// `_emulant.tool(name)`: the callable that stands for a tool.
fn tool(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let name = m.arg(args, 0)?;
    let text: String = m.text_of(*name).unwrap_or("").into();
    if !m.options.tools.contains_key(&text) {
        let known: Vec<&str> = m.options.tools.keys().map(String::as_str).collect();
        let hint = if known.is_empty() { String::from("no tools are configured (--tools FILE)") } else { format!("there are: {}", known.join(", ")) };
        return Err(m.raise(Type::AttributeError, format!("no tool is called '{text}'; {hint}")));
    }
    let name = m.intern(&text);
    Ok(Value::object(Kind::Tool, name))
}

fn tool_name(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let tool = m.arg(args, 0)?;
    Ok(Value::object(Kind::Str, tool.handle()))
}
