//! Names, attributes, items and containers as the instructions use them: the
//! cold halves of the run loop's arms, which also fill its caches.

use crate::class::{shadow_bit, Cache, Found, Type, MAPPING, SEQUENCE};
use crate::code::{Code, Convert};
use crate::heap::DescriptorObject;
use crate::machine::{Loaded, Machine};
use crate::native::Bind;
use crate::trap::{Adapt, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};

impl Machine {
    // ---- names

    #[cold]
    pub(crate) fn load_global(&mut self, globals: Handle, loaded: &Loaded, site: u16) -> Result<Slot, Trap> {
        let name = loaded.sites[site as usize];
        let place = loaded.cache_base + site as usize;
        if let Some(position) = self.position_in_dict(globals, name) {
            self.caches[place] = Cache { class: globals, version: 0, found: Found::Global(position as u32) };
            return Ok(self.heap.dicts.get(globals).entry(position).map_or(Slot::NONE, |e| e.value));
        }
        if let Some(value) = self.lookup_in_dict(self.builtins, name) {
            let version = self.heap.dicts.get(globals).changes;
            self.caches[place] = Cache { class: globals, version, found: Found::Builtin(value) };
            return Ok(value);
        }
        if loaded.code.partial {
            return Err(self.call_hidden("__opaque_name__", &[Slot::object(Kind::Str, name)]));
        }
        Err(self.name_error(name))
    }

    fn name_error(&mut self, name: Handle) -> Trap {
        let message = format!("name '{}' is not defined", self.heap.text(name));
        let trap = self.raise(Type::NameError, message);
        if let Trap::Raise(exception) = &trap {
            let key = self.intern("name");
            self.store_in_dict(exception.handle(), key, Slot::object(Kind::Str, name));
        }
        trap
    }

    pub(crate) fn load_name(&mut self, namespace: Slot, globals: Handle, loaded: &Loaded, site: u16) -> Result<Slot, Trap> {
        match self.lookup_namespace(namespace, loaded.sites[site as usize])? {
            Some(value) => Ok(value),
            None => self.load_global(globals, loaded, site),
        }
    }

    /// A name in a class body's namespace (a dict, or a dict subclass from `__prepare__`).
    pub(crate) fn lookup_namespace(&mut self, namespace: Slot, name: Handle) -> Result<Option<Slot>, Trap> {
        let plain = self.payload(namespace);
        Ok(self.lookup_in_dict(plain.handle(), name))
    }

    pub(crate) fn store_namespace(&mut self, namespace: Slot, name: Handle, value: Slot) -> Result<(), Trap> {
        if let Some(method) = self.user_method(namespace, self.names.setitem) {
            return Err(self.call_trap(method, alloc::vec![namespace, Slot::object(Kind::Str, name), value], Adapt::Plain));
        }
        let plain = self.payload(namespace);
        self.store_in_dict(plain.handle(), name, value);
        Ok(())
    }

    pub(crate) fn delete_name(&mut self, dict: Handle, name: Handle) -> Result<(), Trap> {
        match self.position_in_dict(dict, name) {
            Some(position) => {
                self.heap.dicts.get_mut(dict).remove(position);
                Ok(())
            }
            None => Err(self.name_error(name)),
        }
    }

    pub(crate) fn empty_cell(&mut self, code: &Code, cell: u16) -> Trap {
        let name = &code.locals[cell as usize];
        let free = code.locals.len() - code.free.len();
        if usize::from(cell) >= free {
            let message = format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope");
            self.raise(Type::NameError, message)
        } else {
            let message = format!("cannot access local variable '{name}' where it is not associated with a value");
            self.raise(Type::UnboundLocalError, message)
        }
    }

    // ---- attributes

    /// LoadAttr, when the cache did not help.
    pub(crate) fn load_attribute(&mut self, object: Slot, loaded: &Loaded, site: u16) -> Result<Slot, Trap> {
        let object = self.force(object)?;
        let name = loaded.sites[site as usize];
        match object.kind {
            Kind::Instance => self.remember_instance(object, name, loaded.cache_base + site as usize),
            Kind::Module => self.remember_module(object, name, loaded.cache_base + site as usize),
            _ => {}
        }
        let value = self.get_attribute(object, name)?;
        Ok(if object.label == 0 { value } else { value.with_label(self.labels.join(value.label, object.label)) })
    }

    /// Fill the cache of an attribute site for a module that has the name.
    fn remember_module(&mut self, module: Value, name: Handle, place: usize) {
        let dict = self.heap.modules.get(module.handle()).dict;
        if let Some(position) = self.position_in_dict(dict, name) {
            self.caches[place] = Cache { class: dict, version: 0, found: Found::Global(position as u32) };
        }
    }

    /// Fill the cache of an attribute site for instances of the object's class, where that is safe.
    fn remember_instance(&mut self, object: Value, name: Handle, place: usize) {
        let class = object.class_handle();
        if self.heap.classes.get(class).special & crate::class::USER_ATTRIBUTES != 0 {
            return;
        }
        let version = self.heap.classes.get(class).version;
        let found = match self.lookup_class(class, name) {
            None => match self.position_in_dict(object.handle(), name) {
                Some(position) => Found::Instance(position as u32),
                None => return,
            },
            Some(value) if value.kind == Kind::Descriptor => match *self.heap.descriptors.get(value.handle()) {
                DescriptorObject::Property([getter, ..]) if getter.kind == Kind::Function => Found::Getter(getter),
                _ => return,
            },
            Some(value) if matches!(value.kind, Kind::Function | Kind::Native | Kind::Instance) => return,
            Some(value) => match self.position_in_dict(object.handle(), name) {
                Some(position) => Found::Instance(position as u32),
                None if self.heap.classes.get(class).shadow & shadow_bit(name) == 0 => Found::Plain(value),
                None => return,
            },
        };
        // A position is only good while the key at it is this very string: intern what data brought in.
        self.caches[place] = Cache { class, version, found };
    }

    /// StoreAttr, when the cache did not help.
    pub(crate) fn store_attribute(&mut self, object: Slot, value: Slot, loaded: &Loaded, site: u16) -> Result<(), Trap> {
        let object = self.force(object)?;
        let name = loaded.sites[site as usize];
        let fresh = object.kind == Kind::Instance && self.position_in_dict(object.handle(), name).is_none();
        self.set_attribute(object, name, Some(value))?;
        if object.kind == Kind::Instance {
            let class = object.class_handle();
            let plain = self.heap.classes.get(class).special & crate::class::USER_ATTRIBUTES == 0 && self.lookup_class(class, name).is_none_or(|a| !matches!(a.kind, Kind::Descriptor | Kind::Instance));
            if let (true, Some(position)) = (plain, self.position_in_dict(object.handle(), name)) {
                let version = self.heap.classes.get(class).version;
                let exception = self.heap.classes.get(class).layout == Type::BaseException.handle();
                let position = position as u32;
                let found = if fresh && !exception { Found::Fresh(position) } else { Found::Instance(position) };
                self.caches[loaded.cache_base + site as usize] = Cache { class, version, found };
            }
        }
        Ok(())
    }

    /// LoadMethod: the function and its first argument, or a callable and nothing.
    pub(crate) fn load_method(&mut self, object: Slot, loaded: &Loaded, site: u16) -> Result<(Slot, Slot), Trap> {
        let object = self.force(object)?;
        let name = loaded.sites[site as usize];
        let class = self.class_of(*object);
        let special = matches!(object.kind, Kind::Class | Kind::Module | Kind::Descriptor | Kind::Alias)
            || object.kind == Kind::Instance && self.heap.classes.get(class).special & crate::class::USER_ATTRIBUTES != 0 && self.user_method(*object, self.names.getattribute).is_some();
        if !special {
            if let Some(attribute) = self.lookup_class(class, name) {
                let method = match attribute.kind {
                    Kind::Function => true,
                    Kind::Native => self.shared.natives[attribute.handle() as usize].bind == Bind::Method,
                    _ => false,
                };
                let own = object.kind == Kind::Instance && self.lookup_in_dict(self.attributes(*object), name).is_some();
                if method && !own && self.heap.classes.get(class).special & crate::class::APART != 0 && object.kind == Kind::Instance {
                    return Ok((attribute, *object));
                }
                if method && !own {
                    let version = self.heap.classes.get(class).version;
                    self.caches[loaded.cache_base + site as usize] = Cache { class, version, found: Found::Method(attribute) };
                    return Ok((attribute, *object));
                }
            }
        }
        if object.kind == Kind::Module {
            self.remember_module(object, name, loaded.cache_base + site as usize);
        }
        if object.kind == Kind::Descriptor {
            if let Some(found) = self.super_method(object, name) {
                if let DescriptorObject::Super(class, this, start) = *self.heap.descriptors.get(object.handle()) {
                    if this.kind == Kind::Instance {
                        let (start, version) = (start.handle(), self.heap.classes.get(start.handle()).version);
                        self.caches[loaded.cache_base + site as usize] = Cache { class: start, version, found: Found::Super(class.handle(), found.0.handle()) };
                    }
                }
                return Ok(found);
            }
        }
        let value = self.get_attribute(object, name)?;
        if value.kind == Kind::Method {
            return Ok(*self.heap.methods.get(value.handle()));
        }
        Ok((value, Slot::UNBOUND))
    }

    /// Attributes of functions that are no class attributes.
    pub(crate) fn function_attribute(&mut self, object: Value, name: Handle) -> Option<Slot> {
        let handle = object.handle();
        let function = self.heap.functions.get(handle).clone();
        if function.dict.kind == Kind::Dict {
            if let Some(found) = self.lookup_in_dict(function.dict.handle(), name) {
                return Some(found);
            }
        }
        let text: String = self.heap.text(name).into();
        Some(match text.as_str() {
            "__name__" => function.name,
            "__qualname__" => function.qualname,
            "__doc__" => function.doc,
            "__module__" => function.module,
            "__dict__" => self.function_dict(handle),
            "__globals__" => Slot::object(Kind::Dict, function.globals),
            "__defaults__" if function.defaults.is_empty() => Slot::NONE,
            "__defaults__" => *self.new_tuple(function.defaults).ok()?,
            "__kwdefaults__" => if function.keyword_defaults.is_unbound() { Slot::NONE } else { function.keyword_defaults },
            "__closure__" if function.closure.is_empty() => Slot::NONE,
            "__closure__" => *self.new_tuple(function.closure).ok()?,
            "__annotations__" => {
                if function.annotations.is_unbound() {
                    let dict = Slot::object(Kind::Dict, self.heap.dicts.add(Default::default()));
                    self.heap.functions.get_mut(handle).annotations = dict;
                    dict
                } else {
                    function.annotations
                }
            }
            "__code__" => Slot::object(Kind::Code, handle),
            "__type_params__" => *self.new_tuple([]).ok()?,
            _ => return None,
        })
    }

    fn function_dict(&mut self, function: Handle) -> Slot {
        let dict = self.heap.functions.get(function).dict;
        if dict.kind == Kind::Dict {
            return dict;
        }
        let dict = Slot::object(Kind::Dict, self.heap.dicts.add(Default::default()));
        self.heap.functions.get_mut(function).dict = dict;
        dict
    }

    pub(crate) fn set_function_attribute(&mut self, object: Value, name: Handle, value: Option<Slot>) -> Result<(), Trap> {
        let handle = object.handle();
        let text: String = self.heap.text(name).into();
        if let Some(value) = value {
            let items = self.items(value).to_vec();
            let function = self.heap.functions.get_mut(handle);
            match text.as_str() {
                "__name__" => function.name = value,
                "__qualname__" => function.qualname = value,
                "__doc__" => function.doc = value,
                "__module__" => function.module = value,
                "__annotations__" => function.annotations = value,
                "__defaults__" => function.defaults = items,
                "__kwdefaults__" => function.keyword_defaults = if value.kind == Kind::Dict { value } else { Slot::UNBOUND },
                "__dict__" => function.dict = value,
                _ => {
                    let dict = self.function_dict(handle);
                    self.store_in_dict(dict.handle(), name, value);
                }
            }
            return Ok(());
        }
        let dict = self.function_dict(handle);
        match self.position_in_dict(dict.handle(), name) {
            Some(position) => {
                self.heap.dicts.get_mut(dict.handle()).remove(position);
                Ok(())
            }
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// `__class__`, `__dict__` and what exceptions have besides; else AttributeError.
    pub(crate) fn special_attribute(&mut self, object: Value, name: Handle) -> Result<Slot, Trap> {
        let text: String = self.heap.text(name).into();
        match (text.as_str(), object.kind) {
            ("__class__", _) => return Ok(Slot::object(Kind::Class, self.class_of(*object))),
            ("__dict__", Kind::Instance) if self.heap.classes.get(object.class_handle()).special & crate::class::NO_DICT == 0 => {
                if let Some(dict) = self.dict_apart(*object) {
                    return Ok(dict);
                }
                if self.has_slots(object.class_handle()) {
                    return self.dict_beside_slots(object);
                }
                // Whoever holds the dict can put names into it: nothing is certain for this class any more.
                self.heap.classes.get_mut(object.class_handle()).shadow = u64::MAX;
                return Ok(Slot::object(Kind::Dict, object.handle()));
            }
            // A bound method has the attributes of its function.
            (_, Kind::Method) => {
                let (function, _) = *self.heap.methods.get(object.handle());
                if let (Kind::Function | Kind::Instance, Some(function)) = (function.kind, function.value()) {
                    return self.get_attribute(function, name);
                }
            }
            // A static or class method is called and described as what it wraps.
            ("__doc__" | "__module__" | "__qualname__" | "__annotations__", Kind::Descriptor) => {
                if let DescriptorObject::Static(function) | DescriptorObject::Class(function) = *self.heap.descriptors.get(object.handle()) {
                    let function = self.force(function)?;
                    return self.get_attribute(function, name);
                }
            }
            ("__dict__", Kind::Class) => {
                let dict = Slot::object(Kind::Dict, self.heap.classes.get(object.handle()).dict);
                // The machine's own Python may write into it; a program gets a view.
                let own = self.frames.last().and_then(|frame| self.texts.get(frame.code as usize)).is_none_or(|code| code.file.starts_with("<frozen "));
                return if own { Ok(dict) } else { Err(self.call_hidden("__class_dict__", &[dict])) };
            }
            _ => {}
        }
        Err(self.no_attribute(object, name))
    }

    /// Attributes of instances that are not kept in their dict: those of exceptions, and `__class__`.
    pub(crate) fn set_special_attribute(&mut self, object: Value, name: Handle, value: Option<Slot>) -> Result<bool, Trap> {
        let text: String = self.heap.text(name).into();
        let exception = self.heap.dicts.get(object.handle()).payload.kind == Kind::Exception;
        if let (true, Some(value)) = (exception, value) {
            return crate::builtins::exception::set(self, object, &text, value);
        }
        let fixed = ["args", "__traceback__", "__cause__", "__context__"].contains(&text.as_str());
        if exception && fixed {
            return Err(self.type_error(format!("{text} may not be deleted")));
        }
        match text.as_str() {
            "__class__" => Err(self.type_error("not supported: assignment to __class__")),
            "__dict__" if self.heap.classes.get(object.class_handle()).special & crate::class::NO_DICT != 0 => Ok(false),
            "__dict__" => {
                let dict = match value {
                    Some(value) if self.dict_of(value).is_some() => value,
                    Some(value) => {
                        let message = format!("__dict__ must be set to a dictionary, not a '{}'", self.type_name(value));
                        return Err(self.type_error(message));
                    }
                    None => *self.new_dict(Default::default())?,
                };
                self.set_apart(object, dict);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Has a class in the MRO slots?
    fn has_slots(&self, class: Handle) -> bool {
        self.heap.classes.get(class).mro.iter().any(|base| self.heap.classes.get(*base).special & crate::class::SLOTTED != 0)
    }

    /// `__dict__` of an object that has slots: the other attributes move into a dict of their own.
    fn dict_beside_slots(&mut self, object: Value) -> Result<Slot, Trap> {
        let dict = *self.new_dict(Default::default())?;
        let entries: Vec<(Slot, Slot)> = self.heap.dicts.get(object.handle()).iter().map(|entry| (entry.key, entry.value)).collect();
        self.set_apart(object, dict);
        for (key, value) in entries.into_iter().filter(|(key, _)| key.kind == Kind::Str) {
            if self.position_in_dict(object.handle(), key.handle()).is_none() {
                self.store_in_dict(dict.handle(), key.handle(), value);
            }
        }
        Ok(dict)
    }

    // ---- items

    /// `object[key]`
    pub(crate) fn get_item(&mut self, object: Slot, key: Slot) -> Result<Slot, Trap> {
        let (object, key) = (*self.force(object)?, *self.force(key)?);
        if let Some(method) = self.user_method(object, self.names.getitem) {
            return Err(self.call_trap(method, alloc::vec![object, key], Adapt::Plain));
        }
        let plain = self.payload(object);
        if plain.kind != Kind::Dict && self.has_index_hook(key) {
            return Err(self.call_hidden("__indexed_item__", &[object, key]));
        }
        let value = match plain.kind {
            Kind::Dict => self.dict_item(object, plain.handle(), key)?,
            Kind::List => crate::builtins::list::get_item(self, plain.handle(), key)?,
            Kind::Tuple => crate::builtins::tuple::get_item(self, plain.handle(), key)?,
            Kind::Str => *crate::builtins::string::get_item(self, plain, key)?,
            Kind::Bytes | Kind::ByteArray => *crate::builtins::bytes::get_item(self, plain, key)?,
            Kind::Range => crate::builtins::range::get_item(self, plain.handle(), key)?,
            Kind::Class => return self.class_item(object, key),
            Kind::Alias => return crate::builtins::alias::subscript(self, object, key),
            _ => match self.special(object, self.names.getitem) {
                Some(method) => return Err(self.call_trap(method, alloc::vec![object, key], Adapt::Plain)),
                None => {
                    let message = format!("'{}' object is not subscriptable", self.type_name(object));
                    return Err(self.type_error(message));
                }
            },
        };
        let label = object.label | key.label;
        Ok(if label == 0 { value } else {
            let whole = self.labels.join(object.label, value.label);
            value.with_label(self.labels.selected(whole, key.label))
        })
    }

    /// Is the key, or a part of the slice, a program object with `__index__`?
    fn has_index_hook(&self, key: Slot) -> bool {
        match key.kind {
            Kind::Instance => self.user_method(key, self.names.index).is_some(),
            Kind::Slice => self.heap.slices.get(key.handle()).iter().any(|part| part.kind == Kind::Instance && self.user_method(*part, self.names.index).is_some()),
            _ => false,
        }
    }

    fn dict_item(&mut self, object: Slot, dict: Handle, key: Slot) -> Result<Slot, Trap> {
        let Some((_, found)) = self.dict_find_native(dict, key)? else {
            return Err(self.call_hidden("__dict_item__", &[object, key]));
        };
        if let Some(entry) = found.and_then(|p| self.heap.dicts.get(dict).entry(p)) {
            return Ok(entry.value);
        }
        if object.kind == Kind::Instance {
            if let Some(missing) = self.special(object, self.names.missing) {
                return Err(self.call_trap(missing, alloc::vec![object, key], Adapt::Plain));
            }
        }
        Err(self.raise_with(Type::KeyError, &[key]))
    }

    /// `Class[key]`: the metaclass's `__getitem__`, else `__class_getitem__`.
    fn class_item(&mut self, class: Slot, key: Slot) -> Result<Slot, Trap> {
        if let Some(method) = self.lookup_class(class.handle(), self.names.class_getitem) {
            let method = match method.kind {
                Kind::Descriptor => match *self.heap.descriptors.get(method.handle()) {
                    DescriptorObject::Class(function) | DescriptorObject::Static(function) => function,
                    _ => method,
                },
                _ => method,
            };
            return Err(self.call_trap(method, alloc::vec![class, key], Adapt::Plain));
        }
        crate::builtins::alias::of_class(self, class, key)
    }

    /// `object[key] = value`
    pub(crate) fn set_item(&mut self, object: Slot, key: Slot, value: Slot) -> Result<(), Trap> {
        let (object, key) = (*self.force(object)?, *self.force(key)?);
        if let Some(method) = self.user_method(object, self.names.setitem) {
            return Err(self.call_trap(method, alloc::vec![object, key, value], Adapt::Plain));
        }
        let plain = self.payload(object);
        match plain.kind {
            Kind::Dict => self.dict_set(plain.handle(), key, value),
            Kind::List => crate::builtins::list::set_item(self, plain.handle(), key, value),
            Kind::ByteArray => crate::builtins::bytes::set_item(self, plain, key, value),
            _ => match self.special(object, self.names.setitem) {
                Some(method) => Err(self.call_trap(method, alloc::vec![object, key, value], Adapt::Plain)),
                None => {
                    let message = format!("'{}' object does not support item assignment", self.type_name(object));
                    Err(self.type_error(message))
                }
            },
        }
    }

    /// `del object[key]`
    pub(crate) fn delete_item(&mut self, object: Slot, key: Slot) -> Result<(), Trap> {
        let (object, key) = (*self.force(object)?, *self.force(key)?);
        if let Some(method) = self.user_method(object, self.names.delitem) {
            return Err(self.call_trap(method, alloc::vec![object, key], Adapt::Plain));
        }
        let plain = self.payload(object);
        match plain.kind {
            Kind::Dict => match self.dict_remove(plain.handle(), key)? {
                Some(_) => Ok(()),
                None => Err(self.raise_with(Type::KeyError, &[key])),
            },
            Kind::List => crate::builtins::list::delete_item(self, plain.handle(), key),
            _ => match self.special(object, self.names.delitem) {
                Some(method) => Err(self.call_trap(method, alloc::vec![object, key], Adapt::Plain)),
                None => {
                    let sequence = matches!(plain.kind, Kind::Tuple | Kind::Str | Kind::Bytes | Kind::Range);
                    let message = format!("'{}' object {} support item deletion", self.type_name(object), if sequence { "doesn't" } else { "does not" });
                    Err(self.type_error(message))
                }
            },
        }
    }

    // ---- displays

    pub(crate) fn list_push(&mut self, list: Handle, value: Slot) -> Result<(), Trap> {
        let items = self.heap.lists.get(list);
        if items.len() == items.capacity() {
            let more = 16 * items.len().max(4) as u64;
            // Old and new place exist at once while it moves.
            self.fits(2 * more)?;
            self.heap.bytes += more;
        }
        self.heap.lists.get_mut(list).push(value);
        Ok(())
    }

    pub(crate) fn list_extend(&mut self, list: Slot, source: Slot) -> Result<(), Trap> {
        match self.items_of(source)? {
            Some(items) => {
                crate::builtins::list::reserve(self, list.handle(), items.len())?;
                self.heap.lists.get_mut(list.handle()).extend(items);
                Ok(())
            }
            None if self.iterable(source) => Err(self.call_hidden("__list_extend__", &[list, source])),
            None => {
                let what = self.only_starred(list).map_or("Value after *".into(), |function| format!("{} argument after *", self.callee_name(function)));
                let message = format!("{what} must be an iterable, not {}", self.type_name(source));
                Err(self.type_error(message))
            }
        }
    }

    /// The callee, when the list is made of nothing but this one starred argument.
    fn only_starred(&self, list: Slot) -> Option<Slot> {
        if !self.items(list).is_empty() {
            return None;
        }
        let frame = self.frames.last()?;
        let ops = &self.texts[frame.code as usize].ops;
        let (pc, base) = (frame.pc as usize, frame.base as usize);
        let crate::code::Op::ListExtend { list, .. } = *ops.get(pc)? else { return None };
        let uses = |op: &crate::code::Op| matches!(*op, crate::code::Op::ListExtend { list: l, .. } | crate::code::Op::ListAppend { list: l, .. } if l == list);
        let call = (pc + 1..ops.len()).find(|&at| uses(&ops[at]) || matches!(ops[at], crate::code::Op::CallEx { func, .. } if func + 1 == list))?;
        let begun = matches!(ops.get(pc.checked_sub(1)?), Some(crate::code::Op::ListExtend { .. } | crate::code::Op::ListAppend { .. }));
        match ops[call] {
            crate::code::Op::CallEx { func, .. } if !begun => Some(self.stack[base + func as usize]),
            _ => None,
        }
    }

    pub(crate) fn set_update(&mut self, set: Slot, source: Slot) -> Result<(), Trap> {
        if matches!(source.kind, Kind::Set | Kind::FrozenSet) && self.heap.sets.get(set.handle()).is_empty() {
            let other = self.heap.sets.get(source.handle()).clone();
            self.charge(other.bytes())?;
            self.heap.bytes += other.bytes();
            self.heap.sets.get_mut(set.handle()).merge_into_empty(&other);
            return Ok(());
        }
        let Some(items) = self.items_of(source)? else {
            return Err(if self.iterable(source) {
                self.call_hidden("__set_update__", &[set, source])
            } else {
                let message = format!("'{}' object is not iterable", self.type_name(source));
                self.type_error(message)
            });
        };
        for item in items {
            if self.hash_native(item, 0)?.is_none() {
                return Err(self.call_hidden("__set_update__", &[set, source]));
            }
            if let Err(trap) = self.set_add(set.handle(), item) {
                return Err(self.whole(trap, "__set_update__", set, source));
            }
        }
        Ok(())
    }

    /// A step that needs program code makes the whole operation go through hidden code; it can be made again from the start.
    fn whole(&mut self, trap: Trap, hidden: &str, target: Slot, source: Slot) -> Trap {
        match trap {
            Trap::Call(_) => self.call_hidden(hidden, &[target, source]),
            other => other,
        }
    }

    pub(crate) fn dict_update(&mut self, dict: Slot, source: Slot) -> Result<(), Trap> {
        let source = *self.force(source)?;
        let Some(other) = self.dict_of(source) else {
            let keys = self.intern("keys");
            return Err(if self.special(source, keys).is_some() {
                self.call_hidden("__dict_update__", &[dict, source])
            } else {
                let message = format!("'{}' object is not a mapping", self.type_name(source));
                self.type_error(message)
            });
        };
        let entries: Vec<(Slot, Slot)> = self.heap.dicts.get(other).iter().map(|e| (e.key, e.value)).collect();
        for (key, value) in entries {
            if let Err(trap) = self.dict_set(dict.handle(), key, value) {
                return Err(self.whole(trap, "__dict_update__", dict, source));
            }
        }
        Ok(())
    }

    pub(crate) fn dict_merge(&mut self, dict: Slot, source: Slot, function: Slot) -> Result<(), Trap> {
        let source = *self.force(source)?;
        let Some(other) = self.dict_of(source) else {
            let keys = self.intern("keys");
            if self.special(source, keys).is_some() {
                return Err(self.call_hidden("__dict_update__", &[dict, source]));
            }
            let message = format!("{} argument after ** must be a mapping, not {}", self.callee_name(function), self.type_name(source));
            return Err(self.type_error(message));
        };
        let entries: Vec<(Slot, Slot)> = self.heap.dicts.get(other).iter().map(|e| (e.key, e.value)).collect();
        for (key, value) in entries {
            let Some(text) = self.text_of(key).map(String::from) else { return Err(self.type_error("keywords must be strings")) };
            if self.dict_find(dict.handle(), key)?.1.is_some() {
                let message = format!("{} got multiple values for keyword argument '{text}'", self.callee_name(function));
                return Err(self.type_error(message));
            }
            self.dict_set(dict.handle(), key, value)?;
        }
        Ok(())
    }

    /// A callable as error messages about its arguments show it.
    fn callee_name(&mut self, function: Slot) -> String {
        match function.kind {
            Kind::Function => {
                let module = self.heap.functions.get(function.handle()).module;
                let module = self.text_of(module).unwrap_or("").into();
                let name = self.function_name(function.handle());
                if module == "builtins" || String::is_empty(&module) { format!("{name}()") } else { format!("{module}.{name}()") }
            }
            Kind::Class => format!("{}()", self.class_full_name(function.handle())),
            _ => format!("{}()", self.type_name(function)),
        }
    }

    pub(crate) fn build_set(&mut self, start: usize, count: usize) -> Result<Value, Trap> {
        let items: Vec<Slot> = self.stack[start..start + count].to_vec();
        let mut plain = Vec::new();
        for item in &items {
            let item = *self.force(*item)?;
            match self.hash_native(item, 0)? {
                Some(_) if item.kind != Kind::Instance => plain.push(item),
                _ => {
                    let list = *self.new_list(items)?;
                    return Err(self.call_hidden("__build_set__", &[list]));
                }
            }
        }
        let set = self.new_set(Kind::Set, Default::default())?;
        for item in plain {
            if let Err(trap) = self.set_add(set.handle(), item) {
                return Err(if matches!(trap, Trap::Call(_)) {
                    let list = *self.new_list(self.stack[start..start + count].to_vec())?;
                    self.call_hidden("__build_set__", &[list])
                } else { trap });
            }
        }
        Ok(set)
    }

    pub(crate) fn build_dict(&mut self, start: usize, count: usize) -> Result<Value, Trap> {
        for index in 0..count {
            let key = *self.force(self.stack[start + 2 * index])?;
            if self.hash_native(key, 0)?.is_none() {
                let items: Vec<Slot> = self.stack[start..start + 2 * count].to_vec();
                let list = *self.new_list(items)?;
                return Err(self.call_hidden("__build_dict__", &[list]));
            }
        }
        let dict = self.new_dict(Default::default())?;
        for index in 0..count {
            let (key, value) = (self.stack[start + 2 * index], self.stack[start + 2 * index + 1]);
            if let Err(trap) = self.dict_set(dict.handle(), key, value) {
                return Err(if matches!(trap, Trap::Call(_)) {
                    let list = *self.new_list(self.stack[start..start + 2 * count].to_vec())?;
                    self.call_hidden("__build_dict__", &[list])
                } else { trap });
            }
        }
        Ok(dict)
    }

    pub(crate) fn build_string(&mut self, start: usize, count: usize) -> Result<Value, Trap> {
        let mut text = String::new();
        let mut label = 0;
        for index in start..start + count {
            let part = self.force(self.stack[index])?;
            label = self.labels.join(label, part.label);
            let bytes = self.heap.text(part.handle()).len();
            self.charge((text.len() + bytes) as u64)?;
            text.push_str(self.heap.text(part.handle()));
        }
        self.new_str(text).map(|v| v.with_label(label))
    }

    // ---- unpacking

    pub(crate) fn unpack(&mut self, source: Slot, start: usize, count: usize) -> Result<(), Trap> {
        if source.label == 0 && matches!(source.kind, Kind::Tuple | Kind::List) && self.items(source).len() == count {
            for index in 0..count {
                self.stack[start + index] = self.items(source)[index];
            }
            return Ok(());
        }
        let items = self.unpack_items(source)?;
        if items.len() != count {
            let message = if items.len() > count {
                format!("too many values to unpack (expected {count})")
            } else {
                format!("not enough values to unpack (expected {count}, got {})", items.len())
            };
            return Err(self.value_error(message));
        }
        self.stack[start..start + count].copy_from_slice(&items);
        Ok(())
    }

    /// Items of what is unpacked; program code collects them first when it has to (one too many is enough).
    fn unpack_items(&mut self, source: Slot) -> Result<Vec<Slot>, Trap> {
        let source = *self.force(source)?;
        if let Some(items) = self.items_of(source)? {
            return Ok(items);
        }
        if self.iterable(source) {
            return Err(self.call_hidden("__listed__", &[source]));
        }
        let message = format!("cannot unpack non-iterable {} object", self.type_name(source));
        Err(self.type_error(message))
    }

    pub(crate) fn unpack_star(&mut self, source: Slot, start: usize, before: usize, after: usize) -> Result<(), Trap> {
        let items = self.unpack_items(source)?;
        if items.len() < before + after {
            let message = format!("not enough values to unpack (expected at least {}, got {})", before + after, items.len());
            return Err(self.value_error(message));
        }
        let middle = *self.new_list(items[before..items.len() - after].to_vec())?;
        self.stack[start..start + before].copy_from_slice(&items[..before]);
        self.stack[start + before] = middle;
        self.stack[start + before + 1..start + before + 1 + after].copy_from_slice(&items[items.len() - after..]);
        Ok(())
    }

    // ---- with

    /// Bound enter and exit methods.
    pub(crate) fn load_context(&mut self, manager: Slot, enter: Handle, exit: Handle, what: &str) -> Result<(Slot, Slot), Trap> {
        let manager = self.force(manager)?;
        let class = self.class_of(*manager);
        let (Some(enter), Some(exit_method)) = (self.lookup_class(class, enter), self.lookup_class(class, exit)) else {
            let missing = if self.lookup_class(class, enter).is_some() { " (missed __exit__ method)" } else { "" };
            let missing = if what.starts_with('a') { missing.replace("__exit__", "__aexit__") } else { missing.into() };
            let message = format!("'{}' object does not support the {what} protocol{missing}", self.class_shown(class));
            return Err(self.type_error(message));
        };
        let enter = self.bind(enter, manager, class)?;
        let exit = self.bind(exit_method, manager, class)?;
        Ok((enter, exit))
    }

    fn class_shown(&self, class: Handle) -> String {
        self.class_name(class).into()
    }

    /// A call of a special method without arguments.
    pub(crate) fn call_special(&mut self, object: Slot, name: Handle, error: &str) -> Result<Slot, Trap> {
        let object = *self.force(object)?;
        match self.special(object, name) {
            Some(method) => Err(self.call_trap(method, alloc::vec![object], Adapt::Plain)),
            None => {
                let message = format!("{error}{}", self.type_name(object));
                Err(self.type_error(message))
            }
        }
    }

    // ---- match

    pub(crate) fn match_sequence(&mut self, subject: Slot) -> Result<Slot, Trap> {
        let value = self.force(subject)?;
        let native = value.kind == Kind::Native2 && (self.view_of(*value).is_some() || self.heap.natives.get(value.handle()).len().is_some());
        Ok(Slot::bool(native || self.collection_of(self.class_of(*value)) == SEQUENCE).with_label(value.label))
    }

    pub(crate) fn match_mapping(&mut self, subject: Slot) -> Result<Slot, Trap> {
        let value = self.force(subject)?;
        Ok(Slot::bool(self.collection_of(self.class_of(*value)) == MAPPING).with_label(value.label))
    }

    /// Do patterns take the instances of a class for sequences or for mappings? The first class in the MRO decides that
    /// says something: a built-in one, an abstract one, or one that was registered with such.
    pub(crate) fn collection_of(&self, class: Handle) -> u64 {
        let said = |class: &Handle| {
            let is = |types: &[Type]| types.iter().any(|one| one.handle() == *class);
            match self.heap.classes.get(*class).special & (SEQUENCE | MAPPING) {
                0 if is(&[Type::List, Type::Tuple, Type::Range, Type::Deque]) => SEQUENCE,
                0 if is(&[Type::Dict]) => MAPPING,
                said => said,
            }
        };
        self.heap.classes.get(class).mro.iter().map(said).find(|said| *said != 0).unwrap_or(0)
    }

    pub(crate) fn len_of(&mut self, subject: Slot) -> Result<Slot, Trap> {
        let value = self.force(subject)?;
        if let Some(method) = self.user_method(*value, self.names.len) {
            return Err(self.call_trap(method, alloc::vec![*value], Adapt::Length(false)));
        }
        match self.length(*value)? {
            Some(len) => Ok(Slot::int(len as i64).with_label(value.label)),
            None => {
                let message = format!("object of type '{}' has no len()", self.type_name(*value));
                Err(self.type_error(message))
            }
        }
    }

    pub(crate) fn match_keys(&mut self, subject: Slot, keys: Slot) -> Result<Slot, Trap> {
        let subject = *self.force(subject)?;
        let plain = self.payload(subject);
        if plain.kind != Kind::Dict || subject.kind == Kind::Instance {
            return Err(self.call_hidden("__match_keys__", &[subject, keys]));
        }
        let mut values = Vec::new();
        for key in self.items(keys).to_vec() {
            match self.dict_get(plain.handle(), key)? {
                Some(value) => values.push(value),
                None => return Ok(Slot::NONE),
            }
        }
        self.new_tuple(values).map(Value::slot)
    }

    pub(crate) fn match_class(&mut self, subject: Slot, class: Slot, names: Slot, count: Slot) -> Result<Slot, Trap> {
        let subject = *self.force(subject)?;
        if class.kind != Kind::Class {
            return Err(self.type_error("called match pattern must be a class"));
        }
        if !self.is_subclass(self.class_of(subject), class.handle()) {
            let meta = self.heap.classes.get(class.handle()).meta;
            if meta == Type::Type.handle() {
                return Ok(Slot::NONE);
            }
        }
        let count = count.as_int();
        const SELF_MATCHING: [Type; 11] = [Type::Bool, Type::ByteArray, Type::Bytes, Type::Dict, Type::Float, Type::FrozenSet, Type::Int, Type::List, Type::Set, Type::Str, Type::Tuple];
        let own = self.items(names).is_empty() && SELF_MATCHING.iter().any(|t| t.handle() == self.heap.classes.get(class.handle()).layout)
            && self.lookup_class(class.handle(), self.names.match_args).is_none();
        if own && count <= 1 && self.is_subclass(self.class_of(subject), class.handle()) {
            let items = if count == 1 { alloc::vec![subject] } else { Vec::new() };
            return self.new_tuple(items).map(Value::slot);
        }
        Err(self.call_hidden("__match_class__", &[subject, class, names, Slot::int(count)]))
    }

    // ---- strings

    /// FORMAT: convert, then format by the spec.
    pub(crate) fn format_slot(&mut self, value: Slot, convert: Convert, spec: Slot) -> Result<Value, Trap> {
        let value = self.force(value)?;
        let spec_text = if spec.is_unbound() { String::new() } else { self.text_of(*self.force(spec)?).unwrap_or("").into() };
        self.seen = value.label;
        let program = matches!(value.kind, Kind::Instance);
        let text = match convert {
            Convert::None if value.kind == Kind::Str && spec_text.is_empty() => return Ok(value),
            Convert::None if value.kind == Kind::Int && spec_text.is_empty() => alloc::string::ToString::to_string(&value.as_int()),
            _ if program => return self.format_object(value, convert, spec_text),
            Convert::None => crate::builtins::format::format_value(self, value, &spec_text)?,
            Convert::Str | Convert::Repr | Convert::Ascii => {
                let shown = match convert {
                    Convert::Str => self.str_of(*value),
                    Convert::Repr => self.repr(*value),
                    _ => self.repr(*value).map(|r| crate::kernel::text::ascii_of_repr(&r)),
                };
                let shown = match shown {
                    // A program object inside: hidden code does all of it.
                    Err(Trap::Call(_)) => return self.format_object(value, convert, spec_text),
                    other => other?,
                };
                if spec_text.is_empty() { shown } else {
                    let shown = self.new_str(shown)?;
                    crate::builtins::format::format_value(self, shown, &spec_text)?
                }
            }
        };
        let label = self.seen;
        self.new_str(text).map(|v| v.with_label(label))
    }

    fn format_object(&mut self, value: Value, convert: Convert, spec: String) -> Result<Value, Trap> {
        let spec = *self.new_str(spec)?;
        Err(self.call_hidden("__format_object__", &[*value, Slot::int(convert as i64), spec]))
    }
}
