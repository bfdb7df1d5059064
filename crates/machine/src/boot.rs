//! Start: natives into their classes and modules, and the names of `builtins`.

use crate::class::{Type, CLASSES};
use crate::frame::{Frame, Then, NO_GENERATOR};
use crate::machine::{Machine, Step};
use crate::native::Bind;
use crate::trap::Adapt;
use crate::value::{Handle, Kind, Slot};
use alloc::sync::Arc;

/// Classes that are no built-in names.
fn is_public(name: &str, class: Type) -> bool {
    const HIDDEN: [&str; 4] = ["NoneType", "NotImplementedType", "ellipsis", "code"];
    let plain = !name.contains('.') && !name.contains('_') && !HIDDEN.contains(&name);
    let typed = matches!(class, Type::Cell | Type::Function | Type::Method | Type::Module | Type::Generator | Type::Coroutine | Type::Iterator | Type::Traceback | Type::Tool);
    plain && !typed
}

/// Put all natives and classes where programs find them.
pub(crate) fn natives(m: &mut Machine) {
    m.builtins = m.heap.dicts.add(Default::default());
    m.modules = m.heap.dicts.add(Default::default());
    m.hidden_globals = m.heap.dicts.add(Default::default());
    let shared = m.shared.clone();
    // Rows of one owner stand together.
    let mut owner: (&str, Option<Type>) = ("", None);
    for (index, row) in shared.natives.iter().enumerate() {
        let native = Slot::object(Kind::Native, index as Handle);
        let name = m.intern(row.name);
        if owner.0 != row.owner {
            owner = (row.owner, Type::named(row.owner));
        }
        match owner.1.filter(|_| row.bind != Bind::Function) {
            Some(class) => {
                let dict = m.heap.classes.get(class.handle()).dict;
                m.store_in_dict(dict, name, native);
            }
            None if row.owner == "builtins" => m.store_in_dict(m.builtins, name, native),
            None if row.owner == "intrinsics" => m.store_in_dict(m.hidden_globals, name, native),
            None => Arc::make_mut(&mut m.native_modules).entry(row.owner).or_default().push(index as u32),
        }
    }
    for (index, (name, _)) in CLASSES.iter().enumerate() {
        if let Some(class) = Type::from_handle(index as Handle).filter(|c| is_public(name, *c)) {
            let name = m.intern(name);
            m.store_in_dict(m.builtins, name, *class.value());
        }
    }
    for (module, _, _) in crate::modules::constants(m) {
        Arc::make_mut(&mut m.native_modules).entry(module).or_default();
    }
    let rest = [("NotImplemented", Slot::new(Kind::NotImplemented, 0)), ("Ellipsis", Slot::new(Kind::Ellipsis, 0)), ("__debug__", Slot::bool(true)),
        ("EnvironmentError", *Type::OSError.value()), ("IOError", *Type::OSError.value()), ("None", Slot::NONE)];
    for (name, value) in rest {
        let name = m.intern(name);
        m.store_in_dict(m.builtins, name, value);
    }
    let unhashable = [Type::List, Type::Dict, Type::Set, Type::ByteArray];
    for class in unhashable {
        let (dict, hash) = (m.heap.classes.get(class.handle()).dict, m.names.hash);
        m.store_in_dict(dict, hash, Slot::NONE);
    }
    builtins_module(m);
}

/// The module object `builtins`, whose dict is the namespace of built-in names.
fn builtins_module(m: &mut Machine) {
    let (name, dict) = (m.names.builtins, m.builtins);
    let module = m.heap.modules.add(crate::heap::ModuleObject { name, dict });
    let (modules, key, hidden) = (m.modules, m.names.name, m.hidden_globals);
    m.store_in_dict(modules, name, Slot::object(Kind::Module, module));
    m.store_in_dict(dict, key, Slot::object(Kind::Str, name));
    m.store_in_dict(hidden, key, Slot::object(Kind::Str, name));
}

impl Machine {
    /// The body of the machine's own Python runs before the program.
    pub(crate) fn push_hidden_module(&mut self) -> Result<(), Step> {
        let Some(code) = self.library.clone().module("builtins") else { return Ok(()) };
        let id = self.load_library("builtins", code);
        let registers = u32::from(self.codes[id as usize].code.registers);
        let base = self.scratch_top();
        self.first_stack(base + registers as usize);
        self.frames.push(Frame {
            code: id, pc: 0, base: base as u32, registers, globals: self.hidden_globals, then: Then::Drop, adapt: Adapt::Plain, handled: Slot::NONE,
            generator: NO_GENERATOR, sent: Slot::NONE, function: Handle::MAX,
        });
        Ok(())
    }
}
