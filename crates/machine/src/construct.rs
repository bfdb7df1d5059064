//! Calling classes, and making them.

use crate::class::{Type, APART, CLAIMS, MAPPING, NO_DICT, SEQUENCE, SLOTTED, USER_ATTRIBUTES, USER_EQ, USER_HASH};
use crate::dict::DictObject;
use crate::frame::Then;
use crate::heap::{ClassObject, DescriptorObject};
use crate::machine::{Codes, Machine};
use crate::native::Args;
use crate::trap::{Adapt, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, string::{String, ToString}, vec::Vec};

/// How a class of the metaclass `type` is called.
#[derive(Clone, Copy)]
pub(crate) struct Construct {
    /// Version of the class that it speaks about.
    version: u32,
    /// Its `__new__`, a native.
    new: Handle,
    /// Its `__init__`, or unbound.
    init: Slot,
    /// It has no list of abstract methods.
    concrete: bool,
    /// Its instances carry no built-in value, and `__init__` is a function.
    pub(crate) plain: bool,
}

impl Construct {
    const NONE: Construct = Construct { version: u32::MAX, new: 0, init: Slot::UNBOUND, concrete: false, plain: false };
}

impl Machine {
    /// The `__init__` of a class whose instances are made without any checks, when that is known.
    #[inline]
    pub(crate) fn plain_init(&self, class: Handle) -> Option<Handle> {
        let known = self.constructs.get(class as usize)?;
        (known.plain && known.version == self.heap.classes.get(class).version).then(|| known.init.handle())
    }

    /// Look up how a class is called; None when its `__new__` or its metaclass is program code.
    fn construct_of(&mut self, class: Handle) -> Option<Construct> {
        let object = self.heap.classes.get(class);
        let (version, meta, layout) = (object.version, object.meta, object.layout);
        if let Some(known) = self.constructs.get(class as usize).filter(|known| known.version == version) {
            return Some(*known);
        }
        if meta != Type::Type.handle() {
            return None;
        }
        let new = self.lookup_class(class, self.names.new).filter(|new| new.kind == Kind::Native)?.handle();
        let init = self.lookup_class(class, self.names.init).unwrap_or(Slot::UNBOUND);
        let key = self.intern("__abstractmethods__");
        let concrete = self.lookup_class(class, key).is_none();
        let watched = self.heap.classes.get(class).special & crate::class::USER_DEL != 0;
        let plain = concrete && !watched && layout == Type::Object.handle() && init.kind == Kind::Function;
        let known = Construct { version, new, init, concrete, plain };
        if self.constructs.len() <= class as usize {
            self.constructs.resize(class as usize + 1, Construct::NONE);
        }
        self.constructs[class as usize] = known;
        Some(known)
    }

    /// Call a class.
    pub(crate) fn call_class(&mut self, codes: &Codes, class: Slot, first: usize, count: usize, names: Slot, then: Then) -> Result<Option<Slot>, Trap> {
        let before = self.stack[first - 1];
        let result = self.make(codes, class, first, count, names, then);
        if matches!(result, Err(Trap::Pending | Trap::Memory)) {
            // The instruction runs again, and must find no receiver where none was.
            self.stack[first - 1] = before;
        }
        result
    }

    fn make(&mut self, codes: &Codes, class: Slot, first: usize, count: usize, names: Slot, then: Then) -> Result<Option<Slot>, Trap> {
        let handle = class.handle();
        let meta = self.heap.classes.get(handle).meta;
        if meta != Type::Type.handle() {
            if let Some(call) = self.user_method(class, self.names.call) {
                self.stack[first - 1] = class;
                return self.call_on_stack(codes, call, first - 1, count + 1, names, then);
            }
        }
        let keywords = if names.is_unbound() { 0 } else { self.items(names).len() };
        if handle == Type::Type.handle() && count == 1 && keywords == 0 {
            let value = self.force(self.stack[first])?;
            return Ok(Some(Slot::object(Kind::Class, self.class_of(*value))));
        }
        let (native, init, concrete) = match self.construct_of(handle) {
            Some(known) => (known.new, Some(known.init).filter(|i| !i.is_unbound()), known.concrete),
            None => {
                let Some(new) = self.lookup_class(handle, self.names.new) else { return Err(self.type_error("cannot create instances")) };
                if new.kind != Kind::Native {
                    let list = *self.new_list(self.stack[first..first + count - keywords].to_vec())?;
                    let dict = self.keyword_dict(first + count - keywords, names);
                    return Err(self.call_hidden("__construct__", &[class, list, dict]));
                }
                (new.handle(), self.lookup_class(handle, self.names.init), false)
            }
        };
        let user_init = init.filter(|i| i.kind != Kind::Native);
        let instance = match self.new_for_class(class, (native, concrete), first, count, keywords, names, user_init.is_some()) {
            // Program code makes the value, and `__init__` comes after it.
            Err(Trap::Call(_)) if user_init.is_some() => {
                let list = *self.new_list(self.stack[first..first + count - keywords].to_vec())?;
                let dict = self.keyword_dict(first + count - keywords, names);
                return Err(self.call_hidden("__construct__", &[class, list, dict]));
            }
            made => made?,
        };
        match user_init {
            Some(init) if init.kind == Kind::Function => {
                self.stack[first - 1] = instance;
                self.enter(codes, init.handle(), first - 1, count + 1, names, then, Adapt::Replace(instance, true))?;
                Ok(None)
            }
            Some(_) => {
                let list = *self.new_list(self.stack[first..first + count - keywords].to_vec())?;
                let dict = self.keyword_dict(first + count - keywords, names);
                Err(self.call_hidden("__initialize__", &[instance, list, dict]))
            }
            None => Ok(Some(instance)),
        }
    }

    fn keyword_dict(&mut self, first: usize, names: Slot) -> Slot {
        let dict = self.heap.dicts.add(DictObject::default());
        let keys: Vec<Handle> = if names.is_unbound() { Vec::new() } else { self.items(names).iter().map(|n| n.handle()).collect() };
        for (index, key) in keys.into_iter().enumerate() {
            let key = self.intern_handle(key);
            let value = self.stack[first + index];
            self.store_in_dict(dict, key, value);
        }
        Slot::object(Kind::Dict, dict)
    }

    /// The new object of a class whose `__new__` is native.
    #[allow(clippy::too_many_arguments)]
    fn new_for_class(&mut self, class: Slot, (native, concrete): (Handle, bool), first: usize, count: usize, keywords: usize, names: Slot, user_init: bool) -> Result<Slot, Trap> {
        let handle = class.handle();
        let layout = self.heap.classes.get(handle).layout;
        if layout == Type::BaseException.handle() {
            let args: Vec<Slot> = self.stack[first..first + count - keywords].to_vec();
            let made = self.new_exception_checked(handle, &args, keywords, user_init)?;
            if keywords > 0 && !user_init {
                let keywords = self.keywords(&Args { first, count: count - keywords, keywords, names });
                self.keep_keywords(made, keywords)?;
            }
            return Ok(*made);
        }
        if layout == Type::Object.handle() {
            if !concrete {
                self.check_instantiable(handle)?;
            }
            if count > 0 && !user_init {
                let message = format!("{}() takes no arguments", self.class_name(handle));
                return Err(self.type_error(message));
            }
            let instance = *self.new_instance(handle, Slot::UNBOUND);
            self.watch_instance(handle, instance);
            return Ok(instance);
        }
        // Mutable built-ins are filled by their `__init__`: a derived class with its own one starts empty.
        let mutable = [Type::List, Type::Dict, Type::Set, Type::ByteArray, Type::Deque].iter().any(|t| t.handle() == layout);
        if !concrete && handle != layout && handle != Type::Bool.handle() {
            self.check_instantiable(handle)?;
        }
        self.stack[first - 1] = class;
        // The keywords are for the class's own `__init__`; the constructors of numbers and texts take none then.
        let plain = [Type::Float, Type::Tuple, Type::FrozenSet].iter().any(|t| t.handle() == layout);
        let args = if mutable && user_init {
            Args { first: first - 1, count: 1, keywords: 0, names: Slot::UNBOUND }
        } else if plain && user_init && handle != layout {
            Args { first: first - 1, count: count - keywords + 1, keywords: 0, names: Slot::UNBOUND }
        } else {
            Args { first: first - 1, count: count - keywords + 1, keywords, names }
        };
        self.call_native(native, &args)
    }

    /// The built-in value from a native `__new__`, as an instance when the class is a derived one.
    pub(crate) fn wrap_new(&mut self, args: &Args, value: Value) -> Value {
        let class = match self.stack.get(args.first) {
            Some(slot) if args.count > 0 && slot.kind == Kind::Class => slot.handle(),
            _ => return value,
        };
        if self.heap.classes.get(class).builtin || value.kind == Kind::Instance || value.kind == Kind::Class {
            return value;
        }
        self.new_instance(class, value.with_label(0).slot()).with_label(value.label)
    }

    /// A native `__new__` called program code (`__float__`, `__str__`, …), whose result would be no instance of a derived
    /// class: hidden code makes the built-in value first.
    #[cold]
    pub(crate) fn derived_new(&mut self, args: &Args, trap: Trap) -> Trap {
        let class = match self.stack.get(args.first) {
            Some(slot) if args.count > 0 && slot.kind == Kind::Class => *slot,
            _ => return trap,
        };
        let layout = self.heap.classes.get(class.handle()).layout;
        let value = [Type::Int, Type::Float, Type::Complex, Type::Str, Type::Bytes].iter().any(|one| one.handle() == layout);
        if self.heap.classes.get(class.handle()).builtin || !value {
            return trap;
        }
        let given = self.stack[args.first + 1..args.first + args.count].to_vec();
        let named = self.keyword_dict(args.first + args.count, args.names);
        match self.new_list(given) {
            Ok(given) => self.call_hidden("__derived__", &[class, Slot::object(Kind::Class, layout), *given, named]),
            Err(trap) => trap,
        }
    }

    /// Abstract classes cannot be instantiated.
    pub(crate) fn check_instantiable(&mut self, class: Handle) -> Result<(), Trap> {
        let key = self.intern("__abstractmethods__");
        let Some(methods) = self.lookup_class(class, key) else { return Ok(()) };
        let Some(items) = self.items_of(methods)? else { return Ok(()) };
        let mut names: Vec<String> = items.iter().filter_map(|i| self.text_of(*i)).map(|t| format!("'{t}'")).collect();
        if names.is_empty() {
            return Ok(());
        }
        names.sort();
        let plural = if names.len() == 1 { "" } else { "s" };
        let message = format!("Can't instantiate abstract class {} without an implementation for abstract method{plural} {}", self.class_name(class), names.join(", "));
        Err(self.type_error(message))
    }

    // ---- making classes

    /// `type(name, bases, namespace)`, without `__set_name__` and `__init_subclass__`.
    pub(crate) fn make_class(&mut self, meta: Handle, name: Slot, bases: &[Slot], namespace: Handle) -> Result<Slot, Trap> {
        let bases: Vec<Handle> = if bases.is_empty() { alloc::vec![Type::Object.handle()] } else { self.base_handles(bases)? };
        let layout = self.layout_of(&bases)?;
        let mro_tail = self.merge_mro(&bases, name)?;
        let dict = self.heap.dicts.get(namespace).clone();
        self.charge(512 + dict.filled())?;
        self.heap.bytes += 512 + dict.bytes();
        let dict = self.heap.dicts.add(DictObject { payload: Slot::UNBOUND, ..dict });
        let qualname = self.take_entry(dict, self.names.qualname).unwrap_or(name);
        let class_cell = self.intern("__classcell__");
        let class_cell = self.take_entry(dict, class_cell);
        if let Some(cell) = class_cell.filter(|cell| cell.kind != Kind::Cell) {
            let class = Slot::object(Kind::Class, self.class_of(cell));
            let message = format!("__classcell__ must be a nonlocal cell, not {}", self.repr(class)?);
            return Err(self.type_error(message));
        }
        self.class_versions += 1;
        let version = self.class_versions;
        let object = ClassObject { name, qualname, dict, bases: bases.as_slice().into(), mro: Default::default(), subclasses: Vec::new(), meta, layout, version, builtin: false, shadow: 0, special: 0 };
        let class = self.heap.classes.add(object);
        let mro = core::iter::once(class).chain(mro_tail).collect();
        self.heap.classes.get_mut(class).mro = mro;
        for base in bases {
            self.heap.classes.get_mut(base).subclasses.push(class);
        }
        if let Some(cell) = class_cell {
            *self.heap.cells.get_mut(cell.handle()) = Slot::object(Kind::Class, class);
        }
        self.complete_namespace(class, dict)?;
        self.refresh_special(class);
        Ok(Slot::object(Kind::Class, class))
    }

    fn base_handles(&mut self, bases: &[Slot]) -> Result<Vec<Handle>, Trap> {
        let mut handles = Vec::new();
        for base in bases {
            if base.kind != Kind::Class {
                return Err(self.type_error("bases must be types"));
            }
            const FINAL: [Type; 9] = [Type::Bool, Type::NoneType, Type::Function, Type::Range, Type::Slice, Type::Generator, Type::Builtin, Type::Method, Type::Ellipsis];
            if FINAL.iter().any(|t| t.handle() == base.handle()) {
                let message = format!("type '{}' is not an acceptable base type", self.class_name(base.handle()));
                return Err(self.type_error(message));
            }
            if handles.contains(&base.handle()) {
                let message = format!("duplicate base class {}", self.class_name(base.handle()));
                return Err(self.type_error(message));
            }
            handles.push(base.handle());
        }
        Ok(handles)
    }

    fn layout_of(&mut self, bases: &[Handle]) -> Result<Handle, Trap> {
        let mut layout = Type::Object.handle();
        for &base in bases {
            let other = self.heap.classes.get(base).layout;
            if other == Type::Object.handle() || other == layout {
                continue;
            }
            if layout != Type::Object.handle() {
                return Err(self.type_error("multiple bases have instance lay-out conflict"));
            }
            layout = other;
        }
        Ok(layout)
    }

    /// C3 linearisation of the bases, without the class itself.
    fn merge_mro(&mut self, bases: &[Handle], _name: Slot) -> Result<Vec<Handle>, Trap> {
        let mut lists: Vec<Vec<Handle>> = bases.iter().map(|b| self.heap.classes.get(*b).mro.to_vec()).collect();
        lists.push(bases.to_vec());
        let total: usize = lists.iter().map(Vec::len).sum();
        self.spend(200 + 16 * (total * lists.len()) as u64)?;
        let mut mro = Vec::new();
        loop {
            lists.retain(|l| !l.is_empty());
            if lists.is_empty() {
                return Ok(mro);
            }
            let next = lists.iter().map(|l| l[0]).find(|c| lists.iter().all(|l| !l[1..].contains(c)));
            let Some(next) = next else {
                let mut names: Vec<String> = Vec::new();
                for list in &lists {
                    let name = self.class_name(list[0]).to_string();
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                let message = format!("Cannot create a consistent method resolution\norder (MRO) for bases {}", names.join(", "));
                return Err(self.type_error(message));
            };
            mro.push(next);
            for list in &mut lists {
                if list[0] == next {
                    list.remove(0);
                }
            }
        }
    }

    fn take_entry(&mut self, dict: Handle, name: Handle) -> Option<Slot> {
        let position = self.position_in_dict(dict, name)?;
        Some(self.heap.dicts.get_mut(dict).remove(position).value)
    }

    /// What CPython adds to a namespace: `__doc__`, `__hash__ = None`, implicit class methods, slots.
    fn complete_namespace(&mut self, class: Handle, dict: Handle) -> Result<(), Trap> {
        self.add_slots(class, dict)?;
        self.add_parts(class, dict);
        self.name_properties(dict);
        if self.lookup_in_dict(dict, self.names.doc).is_none() {
            self.store_in_dict(dict, self.names.doc, Slot::NONE);
        }
        if self.lookup_in_dict(dict, self.names.eq).is_some() && self.lookup_in_dict(dict, self.names.hash).is_none() {
            self.store_in_dict(dict, self.names.hash, Slot::NONE);
        }
        for name in ["__init_subclass__", "__class_getitem__"] {
            let name = self.intern(name);
            if let Some(function) = self.lookup_in_dict(dict, name).filter(|f| f.kind == Kind::Function) {
                let descriptor = self.heap.descriptors.add(DescriptorObject::Class(function));
                self.store_in_dict(dict, name, Slot::object(Kind::Descriptor, descriptor));
            }
        }
        if let Some(function) = self.lookup_in_dict(dict, self.names.new).filter(|f| f.kind == Kind::Function) {
            let descriptor = self.heap.descriptors.add(DescriptorObject::Static(function));
            self.store_in_dict(dict, self.names.new, Slot::object(Kind::Descriptor, descriptor));
        }
        Ok(())
    }

    /// `__dict__` and `__weakref__` of the first class that gives them to its instances.
    fn add_parts(&mut self, class: Handle, dict: Handle) {
        let object = self.heap.classes.get(class);
        let (layout, bases, open) = (object.layout, object.bases.clone(), self.lookup_in_dict(dict, self.names.slots).is_none());
        let is = |types: &[Type]| types.iter().any(|one| one.handle() == layout);
        let weak = self.intern("__weakref__");
        let has_dict = is(&[Type::BaseException, Type::Type, Type::Module, Type::Function]) || Type::from_handle(layout).is_some_and(Type::is_exception);
        let has_weak = is(&[Type::Type, Type::Module, Type::Function, Type::Set, Type::FrozenSet, Type::Deque, Type::Int, Type::Bool, Type::Tuple, Type::Bytes]);
        let listed = |m: &Machine, name: Handle| {
            let slots = m.lookup_in_dict(dict, m.names.slots).unwrap_or(Slot::NONE);
            let same = |item: &Slot| m.text_of(*item) == Some(m.heap.text(name));
            same(&slots) || m.items(slots).iter().any(same)
        };
        for (name, has) in [(self.names.dict, has_dict), (weak, has_weak)] {
            let inherited = has || bases.iter().any(|base| self.lookup_class(*base, name).is_some());
            if !inherited && (open || listed(self, name)) && self.lookup_in_dict(dict, name).is_none() {
                let part = self.heap.descriptors.add(DescriptorObject::Member(Slot::object(Kind::Str, name), Slot::object(Kind::Class, class)));
                self.store_in_dict(dict, name, Slot::object(Kind::Descriptor, part));
            }
        }
    }

    /// `property.__set_name__`.
    fn name_properties(&mut self, dict: Handle) {
        let named = |slot: &Slot| matches!(slot.kind, Kind::Descriptor | Kind::Instance);
        let found: Vec<(Slot, Slot)> = self.heap.dicts.get(dict).iter().map(|entry| (entry.key, entry.value)).filter(|(_, value)| named(value)).collect();
        for (name, value) in found {
            let value = self.payload(value);
            if value.kind != Kind::Descriptor || !matches!(self.heap.descriptors.get(value.handle()), DescriptorObject::Property(_)) {
                continue;
            }
            if let DescriptorObject::Property(parts) = self.heap.descriptors.get_mut(value.handle()) {
                parts[4] = name;
            }
        }
    }

    fn add_slots(&mut self, class: Handle, dict: Handle) -> Result<(), Trap> {
        let Some(slots) = self.lookup_in_dict(dict, self.names.slots) else { return Ok(()) };
        let names = match slots.kind {
            Kind::Str => alloc::vec![slots],
            _ => match self.items_of(slots)? {
                Some(names) => names,
                None => return Err(self.raise(Type::NotImplementedError, "not supported: __slots__ that is neither a string nor a built-in collection")),
            },
        };
        let object = self.heap.classes.get(class);
        let (layout, name) = (object.layout, self.text_of(object.name).unwrap_or_default().to_string());
        if !names.is_empty() && [Type::Int, Type::Tuple, Type::Bytes].iter().any(|base| base.handle() == layout) {
            let base = self.text_of(self.heap.classes.get(layout).name).unwrap_or_default();
            let message = format!("nonempty __slots__ not supported for subtype of '{base}'");
            return Err(self.type_error(message));
        }
        let mut has_dict = false;
        for item in names {
            let Some(text) = self.text_of(item).map(String::from) else {
                let message = format!("__slots__ items must be strings, not '{}'", self.type_name(item));
                return Err(self.type_error(message));
            };
            if !crate::kernel::text::is_identifier(&text) {
                return Err(self.type_error("__slots__ must be identifiers"));
            }
            if text == "__dict__" {
                has_dict = true;
                continue;
            }
            if text == "__weakref__" {
                continue;
            }
            let text = private(&text, &name);
            let key = self.intern(&text);
            if self.lookup_in_dict(dict, key).is_some() {
                let message = format!("'{text}' in __slots__ conflicts with class variable");
                return Err(self.value_error(message));
            }
            let member = self.heap.descriptors.add(DescriptorObject::Member(Slot::object(Kind::Str, key), Slot::object(Kind::Class, class)));
            self.store_in_dict(dict, key, Slot::object(Kind::Descriptor, member));
            self.heap.classes.get_mut(class).special |= SLOTTED;
        }
        let bases = self.heap.classes.get(class).bases.clone();
        let free = bases.iter().all(|b| *b == Type::Object.handle() || self.heap.classes.get(*b).special & NO_DICT != 0);
        if free && !has_dict {
            self.heap.classes.get_mut(class).special |= NO_DICT;
        }
        Ok(())
    }

    /// Note which comparisons of instances run program code.
    pub(crate) fn refresh_special(&mut self, class: Handle) {
        let user = |m: &Machine, name: Handle| m.lookup_class_from(class, name).is_some_and(|(_, owner)| !m.heap.classes.get(owner).builtin);
        let (eq, hash) = (user(self, self.names.eq), user(self, self.names.hash));
        let del = user(self, self.names.del);
        let n = &self.names;
        let attributes = [n.getattribute, n.getattr, n.setattr, n.delattr].into_iter().any(|name| user(self, name));
        let claims = user(self, self.names.class) || user(self, self.names.getattribute);
        let object = self.heap.classes.get_mut(class);
        let attributes = attributes || object.special & APART != 0;
        object.special = object.special & (NO_DICT | APART | SLOTTED | SEQUENCE | MAPPING) | if claims { CLAIMS } else { 0 } | if eq { USER_EQ } else { 0 } | if hash { USER_HASH } else { 0 } | if attributes { USER_ATTRIBUTES } else { 0 } | if del { crate::class::USER_DEL } else { 0 };
        for sub in object.subclasses.clone() {
            self.refresh_special(sub);
        }
    }

}

/// A name as the body of this class means it: `__x` belongs to the class alone.
fn private(name: &str, class: &str) -> String {
    let class = class.trim_start_matches('_');
    match name.starts_with("__") && !name.ends_with("__") && !class.is_empty() {
        true => format!("_{class}{name}"),
        false => name.into(),
    }
}
