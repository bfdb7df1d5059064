//! Classes: the table of built-in ones, attribute lookup along the MRO, and the
//! caches that make it cheap.

use crate::dict::DictObject;
use crate::heap::{ClassObject, DescriptorObject};
use crate::machine::Machine;
use crate::trap::{Adapt, CallTrap, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{boxed::Box, format, string::String, vec::Vec};

macro_rules! class_table {
    ($( $name:ident $python:literal : $base:ident ; )*) => {
        /// Built-in classes; the number is the handle.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u32)]
        #[allow(missing_docs, clippy::upper_case_acronyms)]
        pub enum Type { $( $name ),* }

        /// Name and base of each built-in class, by handle.
        pub const CLASSES: &[(&str, Type)] = &[ $( ($python, Type::$base) ),* ];
        const ALL: &[Type] = &[ $( Type::$name ),* ];
    };
}

class_table! {
    Object "object": Object;
    Type "type": Object;
    NoneType "NoneType": Object;
    NotImplementedType "NotImplementedType": Object;
    Ellipsis "ellipsis": Object;
    Int "int": Object;
    Bool "bool": Int;
    Float "float": Object;
    Complex "complex": Object;
    Str "str": Object;
    Bytes "bytes": Object;
    ByteArray "bytearray": Object;
    MemoryView "memoryview": Object;
    Tuple "tuple": Object;
    List "list": Object;
    Dict "dict": Object;
    Set "set": Object;
    FrozenSet "frozenset": Object;
    Range "range": Object;
    Slice "slice": Object;
    Cell "cell": Object;
    Function "function": Object;
    Builtin "builtin_function_or_method": Object;
    MethodDescriptor "method_descriptor": Object;
    Method "method": Object;
    Module "module": Object;
    Generator "generator": Object;
    Coroutine "coroutine": Object;
    AsyncGenerator "async_generator": Object;
    Iterator "iterator": Object;
    ListIterator "list_iterator": Object;
    TupleIterator "tuple_iterator": Object;
    StrIterator "str_ascii_iterator": Object;
    RangeIterator "range_iterator": Object;
    LongRangeIterator "longrange_iterator": Object;
    DictKeyIterator "dict_keyiterator": Object;
    DictValueIterator "dict_valueiterator": Object;
    DictItemIterator "dict_itemiterator": Object;
    SetIterator "set_iterator": Object;
    Reversed "reversed": Object;
    Enumerate "enumerate": Object;
    Zip "zip": Object;
    Map "map": Object;
    Filter "filter": Object;
    Property "property": Object;
    StaticMethod "staticmethod": Object;
    ClassMethod "classmethod": Object;
    Super "super": Object;
    Member "member_descriptor": Object;
    DictKeys "dict_keys": Object;
    DictValues "dict_values": Object;
    DictItems "dict_items": Object;
    Traceback "traceback": Object;
    Tool "tool": Object;
    GenericAlias "types.GenericAlias": Object;
    UnionType "types.UnionType": Object;
    Code "code": Object;
    Deque "collections.deque": Object;
    Pattern "re.Pattern": Object;
    Match "re.Match": Object;
    Random "_random.Random": Object;
    BaseException "BaseException": Object;
    Exception "Exception": BaseException;
    GeneratorExit "GeneratorExit": BaseException;
    KeyboardInterrupt "KeyboardInterrupt": BaseException;
    SystemExit "SystemExit": BaseException;
    BaseExceptionGroup "BaseExceptionGroup": BaseException;
    ExceptionGroup "ExceptionGroup": BaseExceptionGroup;
    ArithmeticError "ArithmeticError": Exception;
    FloatingPointError "FloatingPointError": ArithmeticError;
    OverflowError "OverflowError": ArithmeticError;
    ZeroDivisionError "ZeroDivisionError": ArithmeticError;
    AssertionError "AssertionError": Exception;
    AttributeError "AttributeError": Exception;
    BufferError "BufferError": Exception;
    EOFError "EOFError": Exception;
    ImportError "ImportError": Exception;
    ModuleNotFoundError "ModuleNotFoundError": ImportError;
    LookupError "LookupError": Exception;
    IndexError "IndexError": LookupError;
    KeyError "KeyError": LookupError;
    MemoryError "MemoryError": Exception;
    NameError "NameError": Exception;
    UnboundLocalError "UnboundLocalError": NameError;
    OSError "OSError": Exception;
    BlockingIOError "BlockingIOError": OSError;
    ChildProcessError "ChildProcessError": OSError;
    ConnectionError "ConnectionError": OSError;
    BrokenPipeError "BrokenPipeError": ConnectionError;
    ConnectionAbortedError "ConnectionAbortedError": ConnectionError;
    ConnectionRefusedError "ConnectionRefusedError": ConnectionError;
    ConnectionResetError "ConnectionResetError": ConnectionError;
    FileExistsError "FileExistsError": OSError;
    FileNotFoundError "FileNotFoundError": OSError;
    InterruptedError "InterruptedError": OSError;
    IsADirectoryError "IsADirectoryError": OSError;
    NotADirectoryError "NotADirectoryError": OSError;
    PermissionError "PermissionError": OSError;
    ProcessLookupError "ProcessLookupError": OSError;
    TimeoutError "TimeoutError": OSError;
    ReferenceError "ReferenceError": Exception;
    RuntimeError "RuntimeError": Exception;
    NotImplementedError "NotImplementedError": RuntimeError;
    RecursionError "RecursionError": RuntimeError;
    StopAsyncIteration "StopAsyncIteration": Exception;
    StopIteration "StopIteration": Exception;
    SyntaxError "SyntaxError": Exception;
    IndentationError "IndentationError": SyntaxError;
    TabError "TabError": IndentationError;
    SystemError "SystemError": Exception;
    TypeError "TypeError": Exception;
    ValueError "ValueError": Exception;
    UnicodeError "UnicodeError": ValueError;
    UnicodeDecodeError "UnicodeDecodeError": UnicodeError;
    UnicodeEncodeError "UnicodeEncodeError": UnicodeError;
    UnicodeTranslateError "UnicodeTranslateError": UnicodeError;
    Warning "Warning": Exception;
    BytesWarning "BytesWarning": Warning;
    DeprecationWarning "DeprecationWarning": Warning;
    EncodingWarning "EncodingWarning": Warning;
    FutureWarning "FutureWarning": Warning;
    ImportWarning "ImportWarning": Warning;
    PendingDeprecationWarning "PendingDeprecationWarning": Warning;
    ResourceWarning "ResourceWarning": Warning;
    RuntimeWarning "RuntimeWarning": Warning;
    SyntaxWarning "SyntaxWarning": Warning;
    UnicodeWarning "UnicodeWarning": Warning;
    UserWarning "UserWarning": Warning;
    AskError "emulant.AskError": Exception;
    Refused "emulant.Refused": AskError;
    AskFailed "emulant.AskFailed": AskError;
    Abstained "emulant.Abstained": AskError;
    ToolError "emulant.ToolError": AskError;
    // Behind the exceptions, so that the handles of those before stay.
    GetSet "getset_descriptor": Object;
}

impl Type {
    /// The class's handle.
    #[inline]
    pub const fn handle(self) -> Handle {
        self as Handle
    }
    /// The class as a value.
    #[inline]
    pub const fn value(self) -> Value {
        Value::object(Kind::Class, self as Handle)
    }
    /// The built-in class with this handle.
    pub fn from_handle(handle: Handle) -> Option<Type> {
        ALL.get(handle as usize).copied()
    }
    /// The class that is exactly called `name` (with its module, if it has one).
    pub fn named(name: &str) -> Option<Type> {
        let plain = |n: &str| n.rsplit('.').next() == Some(name);
        CLASSES.iter().position(|(n, _)| n.ends_with(name) && (*n == name || plain(n))).and_then(|i| ALL.get(i).copied())
    }
    /// Is it an exception class?
    pub fn is_exception(self) -> bool {
        (Type::BaseException as u32..Type::GetSet as u32).contains(&(self as u32))
    }
}

/// Cache of one attribute or global site.
#[derive(Clone, Copy, Debug)]
pub struct Cache {
    /// Class (or dict of globals) that it speaks about.
    pub class: Handle,
    /// Version of that class.
    pub version: u32,
    /// What was found.
    pub found: Found,
}

/// What a site's lookup found last time.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// Nothing known.
    Unknown,
    /// No data descriptor on the class; the instance's dict has the name at this position.
    Instance(u32),
    /// Not on the instance (its class's `shadow` bit is clear): this class attribute, a plain function or native method.
    Method(Slot),
    /// Not on the instance: this class attribute, which binds nothing.
    Plain(Slot),
    /// A property with this getter, a plain function.
    Getter(Slot),
    /// As Instance, for an object that does not have the name yet: assigning puts it at this position, the next free one.
    Fresh(u32),
    /// A method found by `super()` behind this class: a function.
    Super(Handle, Handle),
    /// Position in a dict of globals.
    Global(u32),
    /// Not in the globals (whose number of changes was `version`): this builtin.
    Builtin(Slot),
}

impl Cache {
    /// Knows nothing.
    pub const EMPTY: Cache = Cache { class: Handle::MAX, version: 0, found: Found::Unknown };
}

/// Bit of an attribute name in `ClassObject::shadow`.
#[inline]
pub fn shadow_bit(name: Handle) -> u64 {
    1 << (name & 63)
}

impl Machine {
    /// Make all built-in classes and their methods.
    pub(crate) fn boot_classes(&mut self) {
        for (index, (name, base)) in CLASSES.iter().enumerate() {
            let dict = self.heap.dicts.add(DictObject::default());
            let short = name.rsplit('.').next().unwrap_or(name);
            let name = self.intern_value(short);
            let base = base.handle();
            let mut mro = alloc::vec![index as Handle];
            if index > 0 {
                mro.extend_from_slice(&self.heap.classes.get(base).mro);
            }
            let mut bases = if index == 0 { Vec::new() } else { alloc::vec![base] };
            if index as Handle == Type::ExceptionGroup.handle() {
                // The one built-in class with two bases.
                bases.push(Type::Exception.handle());
                mro.insert(2, Type::Exception.handle());
            }
            let layout = self.builtin_layout(index as Handle, base);
            self.heap.classes.add(ClassObject {
                name, qualname: name, dict, bases: bases.into(), mro: mro.into(),
                meta: Type::Type.handle(), layout, builtin: true, version: index as u32,
                special: if index == 0 { NO_DICT } else { 0 },
                ..ClassObject::default()
            });
            if index > 0 {
                self.heap.classes.get_mut(base).subclasses.push(index as Handle);
            }
        }
        self.class_versions = CLASSES.len() as u32;
    }

    fn builtin_layout(&self, class: Handle, base: Handle) -> Handle {
        match class {
            _ if Type::from_handle(class).is_some_and(Type::is_exception) => Type::BaseException.handle(),
            _ if class == Type::Bool.handle() => Type::Int.handle(),
            _ => { let _ = base; class }
        }
    }

    /// The class of a value.
    pub fn class_of(&self, value: Slot) -> Handle {
        let class = match value.kind {
            Kind::Instance => return value.class_handle(),
            Kind::Unbound | Kind::Pending | Kind::None | Kind::Position => Type::NoneType,
            Kind::NotImplemented => Type::NotImplementedType,
            Kind::Ellipsis => Type::Ellipsis,
            Kind::Bool => Type::Bool,
            Kind::Int | Kind::Big => Type::Int,
            Kind::Float => Type::Float,
            Kind::Str => Type::Str,
            Kind::Complex => Type::Complex,
            Kind::Bytes => Type::Bytes,
            Kind::ByteArray => Type::ByteArray,
            Kind::Tuple => Type::Tuple,
            Kind::List => Type::List,
            Kind::Dict => Type::Dict,
            Kind::Set => Type::Set,
            Kind::FrozenSet => Type::FrozenSet,
            Kind::Range | Kind::WideRange => Type::Range,
            Kind::Slice => Type::Slice,
            Kind::Cell => Type::Cell,
            Kind::Function => Type::Function,
            Kind::Native => self.native_class(value),
            Kind::Method => self.method_class(value),
            Kind::Class => return self.heap.classes.get(value.handle()).meta,
            Kind::Module => Type::Module,
            Kind::Generator => return self.generator_class(value),
            Kind::Iter => crate::iterate::class_of(self, value),
            Kind::Descriptor => match self.heap.descriptors.get(value.handle()) {
                DescriptorObject::Property(_) => Type::Property,
                DescriptorObject::Static(_) => Type::StaticMethod,
                DescriptorObject::Class(_) => Type::ClassMethod,
                DescriptorObject::Super(..) => Type::Super,
                DescriptorObject::Member(name, _) if self.is_part(name.handle()) => Type::GetSet,
                DescriptorObject::Member(..) => Type::Member,
            },
            Kind::DictView => match self.heap.views.get(value.handle()).1 {
                0 => Type::DictKeys,
                1 => Type::DictValues,
                _ => Type::DictItems,
            },
            Kind::Exception => Type::BaseException,
            Kind::Traceback => Type::Traceback,
            Kind::Tool => Type::Tool,
            Kind::Native2 => self.heap.natives.get(value.handle()).class(),
            Kind::Alias => if self.heap.aliases.get(value.handle()).0.kind == Kind::None { Type::UnionType } else { Type::GenericAlias },
            Kind::Code => Type::Code,
        };
        class.handle()
    }

    fn native_class(&self, value: Slot) -> Type {
        match self.shared.natives[value.handle() as usize].bind {
            crate::native::Bind::Method => Type::MethodDescriptor,
            _ => Type::Builtin,
        }
    }

    fn method_class(&self, value: Slot) -> Type {
        if self.heap.methods.get(value.handle()).0.kind == Kind::Native { Type::Builtin } else { Type::Method }
    }

    /// `__name__` of a class.
    pub fn class_name(&self, class: Handle) -> &str {
        self.heap.text(self.heap.classes.get(class).name.handle())
    }

    /// `type(value).__name__`.
    pub fn type_name(&self, value: Slot) -> String {
        self.class_name(self.class_of(value)).into()
    }

    /// The name of a class as error messages and reprs show it: with its module unless that is `builtins`.
    pub fn class_full_name(&self, class: Handle) -> String {
        if let Some((name, _)) = CLASSES.get(class as usize) {
            return (*name).into();
        }
        let object = self.heap.classes.get(class);
        let qualname = self.heap.text(object.qualname.handle());
        let module = self.lookup_in_dict(object.dict, self.names.module);
        match module {
            Some(m) if m.kind == Kind::Str && self.heap.text(m.handle()) != "builtins" => format!("{}.{}", self.heap.text(m.handle()), qualname),
            _ => qualname.into(),
        }
    }

    /// Is `class` the class `of` or derived from it?
    #[inline]
    pub fn is_subclass(&self, class: Handle, of: Handle) -> bool {
        class == of || self.heap.classes.get(class).mro.contains(&of)
    }

    /// Is the value an instance of the built-in class or of one derived from it (without `__instancecheck__`)?
    pub fn is_instance(&self, value: Slot, of: Type) -> bool {
        self.is_subclass(self.class_of(value), of.handle())
    }

    /// The value under an interned name in a dict.
    #[inline]
    pub fn lookup_in_dict(&self, dict: Handle, name: Handle) -> Option<Slot> {
        let dict = self.heap.dicts.get(dict);
        let hash = self.heap.strings.get(name).hash.get();
        let position = dict.find(hash, |key| key.kind == Kind::Str && (key.handle() == name || self.same_text(key.handle(), name)))?;
        dict.entry(position).map(|e| e.value)
    }

    /// Position of an interned name in a dict.
    pub fn position_in_dict(&self, dict: Handle, name: Handle) -> Option<usize> {
        let hash = self.heap.strings.get(name).hash.get();
        self.heap.dicts.get(dict).find(hash, |key| key.kind == Kind::Str && (key.handle() == name || self.same_text(key.handle(), name)))
    }

    fn same_text(&self, a: Handle, b: Handle) -> bool {
        self.heap.text(a) == self.heap.text(b)
    }

    /// Set an interned name in a dict.
    pub fn store_in_dict(&mut self, dict: Handle, name: Handle, value: Slot) {
        match self.position_in_dict(dict, name) {
            Some(position) => self.heap.dicts.get_mut(dict).set_value(position, value),
            None => {
                let hash = self.heap.strings.get(name).hash.get();
                self.heap.bytes += 56;
                self.heap.dicts.get_mut(dict).insert_new(hash, Slot::object(Kind::Str, name), value);
            }
        }
    }

    /// Attribute of a class found along its MRO, unbound.
    pub fn lookup_class(&self, class: Handle, name: Handle) -> Option<Slot> {
        self.lookup_class_from(class, name).map(|(value, _)| value)
    }

    /// As `lookup_class`, with the class that holds it.
    pub fn lookup_class_from(&self, class: Handle, name: Handle) -> Option<(Slot, Handle)> {
        self.heap.classes.get(class).mro.iter().find_map(|&c| {
            self.lookup_in_dict(self.heap.classes.get(c).dict, name).map(|v| (v, c))
        })
    }

    /// A special method of the value's class, when the program (not the machine) defines it.
    pub fn user_method(&self, value: Slot, name: Handle) -> Option<Slot> {
        let class = match value.kind {
            Kind::Instance => value.class_handle(),
            Kind::Class => {
                let meta = self.heap.classes.get(value.handle()).meta;
                if meta == Type::Type.handle() {
                    return None;
                }
                meta
            }
            _ => return None,
        };
        let (method, owner) = self.lookup_class_from(class, name)?;
        (!self.heap.classes.get(owner).builtin).then_some(method)
    }

    /// Is this the name of a part that every object of a class without slots has: `__dict__` or `__weakref__`?
    pub(crate) fn is_part(&self, name: Handle) -> bool {
        name == self.names.dict || self.heap.text(name) == "__weakref__"
    }

    /// Does this descriptor stand in the class of the object?
    fn is_attribute(&self, descriptor: Slot, object: Slot) -> bool {
        if descriptor.kind == Kind::Instance && self.lookup_class(descriptor.class_handle(), self.names.get).is_none() {
            return false;
        }
        let mro = &self.heap.classes.get(self.class_of(object)).mro;
        mro.iter().any(|class| self.heap.dicts.get(self.heap.classes.get(*class).dict).iter().any(|entry| entry.value.same(descriptor)))
    }

    /// A special method of the value's class, wherever it is defined.
    pub fn special(&self, value: Slot, name: Handle) -> Option<Slot> {
        self.lookup_class(self.class_of(value), name)
    }

    /// After a change of a class attribute: caches that speak of it or a subclass no longer hold.
    pub fn class_changed(&mut self, class: Handle) {
        self.class_versions += 1;
        let version = self.class_versions;
        let object = self.heap.classes.get_mut(class);
        object.version = version;
        for sub in object.subclasses.clone() {
            self.class_changed(sub);
        }
    }

    /// Is the class attribute one that takes precedence over the instance's own?
    fn is_data_descriptor(&self, attribute: Slot) -> bool {
        match attribute.kind {
            Kind::Descriptor => matches!(self.heap.descriptors.get(attribute.handle()), DescriptorObject::Property(_) | DescriptorObject::Member(..)),
            Kind::Instance => {
                let class = attribute.class_handle();
                self.lookup_class(class, self.names.set).is_some() || self.lookup_class(class, self.names.delete).is_some()
            }
            Kind::Native => self.shared.natives[attribute.handle() as usize].bind == crate::native::Bind::Getter,
            _ => false,
        }
    }

    /// `obj.name` for any object. `site` remembers what can be remembered.
    pub fn get_attribute(&mut self, object: Value, name: Handle) -> Result<Slot, Trap> {
        match object.kind {
            Kind::Instance => self.instance_attribute(object, name),
            Kind::Class => self.class_attribute(object, name),
            Kind::Module => self.module_attribute(object, name),
            Kind::Descriptor => self.descriptor_attribute(object, name),
            Kind::Alias => crate::builtins::alias::attribute(self, object, name),
            _ => self.plain_attribute(object, name),
        }
    }

    fn plain_attribute(&mut self, object: Value, name: Handle) -> Result<Slot, Trap> {
        let class = self.class_of(*object);
        if object.kind == Kind::Function {
            if let Some(found) = self.function_attribute(object, name) {
                return Ok(found);
            }
        }
        match self.lookup_class(class, name) {
            Some(attribute) => self.bind(attribute, object, class),
            None => self.special_attribute(object, name),
        }
    }

    fn instance_attribute(&mut self, object: Value, name: Handle) -> Result<Slot, Trap> {
        let class = object.class_handle();
        let hooks = self.heap.classes.get(class).special & USER_ATTRIBUTES != 0;
        if let Some(getattribute) = if hooks { self.user_method(*object, self.names.getattribute) } else { None } {
            let name = Slot::object(Kind::Str, name);
            let fallback = self.user_method(*object, self.names.getattr).is_some();
            let adapt = if fallback { Adapt::Attribute(*object, name) } else { Adapt::Plain };
            return Err(self.call_trap(getattribute, alloc::vec![*object, name], adapt));
        }
        match self.generic_attribute(object, class, name)? {
            Some(found) => Ok(found),
            None if !hooks || matches!(self.heap.text(name), "__dict__" | "__class__") => self.special_attribute(object, name),
            None => match self.user_method(*object, self.names.getattr) {
                Some(getattr) => Err(self.call_trap(getattr, alloc::vec![*object, Slot::object(Kind::Str, name)], Adapt::Plain)),
                None => self.special_attribute(object, name),
            },
        }
    }

    /// `super().name` for a call: the function and its first argument, when it is a plain method.
    pub(crate) fn super_method(&self, object: Value, name: Handle) -> Option<(Slot, Slot)> {
        let DescriptorObject::Super(class, this, start) = *self.heap.descriptors.get(object.handle()) else { return None };
        if this.kind == Kind::Class || start.kind != Kind::Class {
            return None;
        }
        let mro = &self.heap.classes.get(start.handle()).mro;
        let from = mro.iter().position(|&c| c == class.handle())? + 1;
        let attribute = mro[from..].iter().find_map(|&c| self.lookup_in_dict(self.heap.classes.get(c).dict, name))?;
        (attribute.kind == Kind::Function).then_some((attribute, this))
    }

    /// `object.__getattribute__` without the error.
    pub fn generic_attribute(&mut self, object: Value, class: Handle, name: Handle) -> Result<Option<Slot>, Trap> {
        let on_class = self.lookup_class(class, name);
        if let Some(attribute) = on_class {
            // One that only sets leaves reading to the instance's own dict.
            let reads = attribute.kind != Kind::Instance || self.lookup_class(attribute.class_handle(), self.names.get).is_some();
            if reads && self.is_data_descriptor(attribute) {
                return self.bind(attribute, object, class).map(Some);
            }
        }
        if object.kind == Kind::Instance {
            if let Some(found) = self.lookup_in_dict(self.attributes(*object), name) {
                return Ok(Some(found));
            }
        }
        on_class.map(|attribute| self.bind(attribute, object, class)).transpose()
    }

    /// What a class attribute gives when it is read through an object.
    pub fn bind(&mut self, attribute: Slot, object: Value, class: Handle) -> Result<Slot, Trap> {
        match attribute.kind {
            Kind::Function => Ok(self.new_method(attribute, *object).slot()),
            Kind::Native => self.bind_native(attribute, object, class),
            Kind::Descriptor => self.bind_descriptor(attribute, Some(object), class),
            Kind::Instance => match self.lookup_class(attribute.class_handle(), self.names.get) {
                Some(get) => Err(self.call_trap(get, alloc::vec![attribute, *object, Slot::object(Kind::Class, class)], Adapt::Plain)),
                None => Ok(attribute),
            },
            _ => Ok(attribute),
        }
    }

    fn bind_native(&mut self, attribute: Slot, object: Value, class: Handle) -> Result<Slot, Trap> {
        use crate::native::Bind;
        let row = self.shared.natives[attribute.handle() as usize];
        match row.bind {
            Bind::Method => Ok(self.new_method(attribute, *object).slot()),
            Bind::Class => Ok(self.new_method(attribute, Slot::object(Kind::Class, class)).slot()),
            Bind::Function | Bind::Static => Ok(attribute),
            Bind::Getter => self.call_native_with(row.code, &[*object]).map(Value::slot),
        }
    }

    /// Read a property, static or class method. `object` is None when read on the class itself.
    fn bind_descriptor(&mut self, attribute: Slot, object: Option<Value>, class: Handle) -> Result<Slot, Trap> {
        match self.heap.descriptors.get(attribute.handle()).clone() {
            DescriptorObject::Static(function) => Ok(function),
            DescriptorObject::Class(function) => {
                let class = Slot::object(Kind::Class, class);
                match function.kind {
                    Kind::Descriptor => self.bind_descriptor(function, class.value(), class.handle()),
                    _ => Ok(self.new_method(function, class).slot()),
                }
            }
            DescriptorObject::Property([getter, ..]) => match object {
                None => Ok(attribute),
                Some(object) if getter.kind == Kind::None => Err(self.property_error(attribute, object, "getter")),
                Some(object) => Err(self.call_trap(getter, alloc::vec![*object], Adapt::Plain)),
            },
            DescriptorObject::Member(name, _) => match object {
                None => Ok(attribute),
                Some(object) if name.handle() == self.names.dict => self.special_attribute(object, name.handle()),
                Some(object) if self.is_part(name.handle()) => Err(self.call_hidden("__weakref_of__", &[*object])),
                Some(object) => match self.lookup_in_dict(object.handle(), name.handle()) {
                    Some(found) => Ok(found),
                    None => Err(self.no_attribute(object, name.handle())),
                },
            },
            // `super(C)`, kept as an attribute, is bound by being read.
            DescriptorObject::Super(of, _, start) if start.kind != Kind::Class => match object {
                None => Ok(attribute),
                Some(object) => crate::builtins::function::bound_super(self, of, object).map(Value::slot),
            },
            DescriptorObject::Super(..) => Ok(attribute),
        }
    }

    /// `property 'x' of 'C' object has no setter`
    pub(crate) fn property_error(&mut self, property: Slot, object: Value, what: &str) -> Trap {
        let name = match self.heap.descriptors.get(self.payload(property).handle()) {
            DescriptorObject::Property([.., name]) => *name,
            _ => Slot::UNBOUND,
        };
        let class = self.class_of(*object);
        let class_name = self.heap.text(self.heap.classes.get(class).qualname.handle());
        let message = match self.text_of(name) {
            Some(name) => format!("property '{name}' of '{class_name}' object has no {what}"),
            None => format!("property of '{class_name}' object has no {what}"),
        };
        self.raise(Type::AttributeError, message)
    }

    fn class_attribute(&mut self, object: Value, name: Handle) -> Result<Slot, Trap> {
        let class = object.handle();
        let meta = self.heap.classes.get(class).meta;
        if name == self.names.dict {
            return self.special_attribute(object, name);
        }
        let on_meta = self.lookup_class(meta, name);
        if let Some(attribute) = on_meta {
            if self.is_data_descriptor(attribute) && !self.shadowed_getter(attribute, class, name) {
                return self.bind(attribute, object, meta);
            }
        }
        if let Some(attribute) = self.lookup_class(class, name) {
            return self.read_on_class(attribute, class);
        }
        if let Some(attribute) = on_meta {
            return self.bind(attribute, object, meta);
        }
        if let Some(getattr) = self.user_method(*object, self.names.getattr) {
            return Err(self.call_trap(getattr, alloc::vec![*object, Slot::object(Kind::Str, name)], Adapt::Plain));
        }
        self.special_attribute(object, name)
    }

    /// Native getters of `type` (`__name__`, `__doc__`, …) give way to what the class itself defines, except the name.
    fn shadowed_getter(&self, attribute: Slot, class: Handle, name: Handle) -> bool {
        attribute.kind == Kind::Native && ["__doc__", "__module__", "__annotations__"].contains(&self.heap.text(name)) && self.lookup_in_dict(self.heap.classes.get(class).dict, name).is_some()
    }

    /// A class attribute read on the class itself.
    fn read_on_class(&mut self, attribute: Slot, class: Handle) -> Result<Slot, Trap> {
        match attribute.kind {
            Kind::Descriptor => self.bind_descriptor(attribute, None, class),
            Kind::Native if self.shared.natives[attribute.handle() as usize].bind == crate::native::Bind::Class => {
                Ok(self.new_method(attribute, Slot::object(Kind::Class, class)).slot())
            }
            Kind::Instance => match self.lookup_class(attribute.class_handle(), self.names.get) {
                Some(get) => Err(self.call_trap(get, alloc::vec![attribute, Slot::NONE, Slot::object(Kind::Class, class)], Adapt::Plain)),
                None => Ok(attribute),
            },
            _ => Ok(attribute),
        }
    }

    fn module_attribute(&mut self, object: Value, name: Handle) -> Result<Slot, Trap> {
        let module = self.heap.modules.get(object.handle()).clone();
        if let Some(found) = self.lookup_in_dict(module.dict, name) {
            return Ok(found);
        }
        if let Some(getattr) = self.lookup_in_dict(module.dict, self.names.getattr) {
            return Err(self.call_trap(getattr, alloc::vec![Slot::object(Kind::Str, name)], Adapt::Plain));
        }
        if self.heap.text(name) == "__dict__" {
            return Ok(Slot::object(Kind::Dict, module.dict));
        }
        if let Some(attribute) = self.lookup_class(Type::Module.handle(), name) {
            return self.bind(attribute, object, Type::Module.handle());
        }
        let message = format!("module '{}' has no attribute '{}'", self.heap.text(module.name), self.heap.text(name));
        Err(self.raise_attribute(message, object, name))
    }

    fn descriptor_attribute(&mut self, object: Value, name: Handle) -> Result<Slot, Trap> {
        if let DescriptorObject::Super(class, this, start @ Slot { kind: Kind::Class, .. }) = self.heap.descriptors.get(object.handle()).clone() {
            return self.super_attribute(object, class, this, start.handle(), name);
        }
        self.plain_attribute(object, name)
    }

    /// Attribute of `super(class, this)`: along the MRO of `start`, behind `class`.
    fn super_attribute(&mut self, object: Value, class: Slot, this: Slot, start: Handle, name: Handle) -> Result<Slot, Trap> {
        let mro = &self.heap.classes.get(start).mro;
        let from = mro.iter().position(|&c| c == class.handle()).map_or(mro.len(), |i| i + 1);
        let found = mro[from..].iter().find_map(|&c| self.lookup_in_dict(self.heap.classes.get(c).dict, name));
        let Some(this_value) = this.value().filter(|_| name != self.names.class) else { return self.plain_attribute(object, name) };
        match found {
            // On a class (`super()` in a class method or `__new__`), functions stay plain and class methods bind it.
            Some(attribute) if this.kind == Kind::Class && this.handle() == start => self.read_on_class(attribute, start),
            Some(attribute) => self.bind(attribute, this_value, start),
            None => self.plain_attribute(object, name),
        }
    }

    /// Assign or (with `None`) delete an attribute.
    pub fn set_attribute(&mut self, object: Value, name: Handle, value: Option<Slot>) -> Result<(), Trap> {
        let hook = if value.is_some() { self.names.setattr } else { self.names.delattr };
        let hooks = object.kind != Kind::Instance || self.heap.classes.get(object.class_handle()).special & USER_ATTRIBUTES != 0;
        if let Some(setattr) = if hooks { self.user_method(*object, hook) } else { None } {
            let mut args = alloc::vec![*object, Slot::object(Kind::Str, name)];
            args.extend(value);
            return Err(self.call_trap(setattr, args, Adapt::Plain));
        }
        self.generic_set_attribute(object, name, value)
    }

    /// `object.__setattr__` and `object.__delattr__`.
    pub fn generic_set_attribute(&mut self, object: Value, name: Handle, value: Option<Slot>) -> Result<(), Trap> {
        match object.kind {
            Kind::Instance => self.set_instance_attribute(object, name, value),
            Kind::Class => self.set_class_attribute(object, name, value),
            Kind::Module => {
                let dict = self.heap.modules.get(object.handle()).dict;
                self.set_or_delete(dict, name, value).map_err(|()| self.no_attribute(object, name))
            }
            Kind::Function => self.set_function_attribute(object, name, value),
            Kind::Generator if matches!(self.heap.text(name), "__name__" | "__qualname__") => {
                let qualified = self.heap.text(name) == "__qualname__";
                let Some(text) = value.filter(|value| value.kind == Kind::Str) else {
                    let message = format!("{} must be set to a string object", self.heap.text(name));
                    return Err(self.raise(Type::TypeError, message));
                };
                let names = &mut self.heap.generators.get_mut(object.handle()).names;
                if qualified { names.1 = text } else { names.0 = text }
                Ok(())
            }
            Kind::Descriptor if name == self.names.doc && matches!(self.heap.descriptors.get(object.handle()), DescriptorObject::Property(_)) => {
                if let DescriptorObject::Property(parts) = self.heap.descriptors.get_mut(object.handle()) {
                    parts[3] = value.unwrap_or(Slot::NONE);
                }
                Ok(())
            }
            _ => {
                let found = self.lookup_class(self.class_of(*object), name);
                let (class, name_text) = (self.type_name(*object), String::from(self.heap.text(name)));
                let getter = found.is_some_and(|found| found.kind == Kind::Native && self.is_data_descriptor(found));
                let message = if getter && matches!(class.as_str(), "range" | "slice" | "property" | "super" | "method" | "complex") {
                    // CPython has these as members of structures.
                    String::from("readonly attribute")
                } else if getter {
                    format!("attribute '{name_text}' of '{class}' objects is not writable")
                } else if found.is_some() {
                    format!("'{class}' object attribute '{name_text}' is read-only")
                } else {
                    format!("'{class}' object has no attribute '{name_text}'")
                };
                Err(self.raise_attribute(message, object, name))
            }
        }
    }

    fn set_or_delete(&mut self, dict: Handle, name: Handle, value: Option<Slot>) -> Result<(), ()> {
        match value {
            Some(value) => self.store_in_dict(dict, name, value),
            None => {
                let position = self.position_in_dict(dict, name).ok_or(())?;
                self.heap.dicts.get_mut(dict).remove(position);
            }
        }
        Ok(())
    }

    fn set_instance_attribute(&mut self, object: Value, name: Handle, value: Option<Slot>) -> Result<(), Trap> {
        let class = object.class_handle();
        if let Some(attribute) = self.lookup_class(class, name) {
            if let Some(trap) = self.set_through(attribute, object, name, value) {
                return trap;
            }
        }
        if self.set_special_attribute(object, name, value)? {
            return Ok(());
        }
        if self.heap.classes.get(class).special & crate::class::NO_DICT != 0 {
            return Err(self.no_attribute(object, name));
        }
        if value.is_some() {
            self.heap.classes.get_mut(class).shadow |= shadow_bit(name);
        }
        self.set_or_delete(self.attributes(*object), name, value).map_err(|()| self.no_attribute(object, name))
    }

    /// The dict of an instance's attributes. Mostly it is the object itself; where `__dict__` was assigned, or stands
    /// beside slots and was read, the object holds the slots and, under this name, that dict.
    pub(crate) fn attributes(&self, object: Slot) -> Handle {
        match self.dict_apart(object).map(|dict| self.payload(dict)) {
            Some(dict) if dict.kind == Kind::Dict => dict.handle(),
            _ => object.handle(),
        }
    }

    /// What `__dict__` of this instance was set to.
    pub(crate) fn dict_apart(&self, object: Slot) -> Option<Slot> {
        match self.heap.classes.get(object.class_handle()).special & APART != 0 {
            true => self.lookup_in_dict(object.handle(), self.names.dict),
            false => None,
        }
    }

    /// From now on the instance's attributes are in this dict; its slots stay. Nothing is cached for its class any more.
    pub(crate) fn set_apart(&mut self, object: Value, dict: Slot) {
        let class = object.class_handle();
        let names: Vec<Handle> = self.heap.dicts.get(object.handle()).iter().filter(|entry| entry.key.kind == Kind::Str).map(|entry| entry.key.handle()).collect();
        for name in names {
            let slot = self.lookup_class(class, name).filter(|found| found.kind == Kind::Descriptor);
            if !slot.is_some_and(|found| matches!(self.heap.descriptors.get(found.handle()), DescriptorObject::Member(..))) {
                let _ = self.set_or_delete(object.handle(), name, None);
            }
        }
        self.store_in_dict(object.handle(), self.names.dict, dict);
        let known = self.heap.classes.get_mut(class);
        known.shadow = u64::MAX;
        if known.special & APART == 0 {
            known.special |= APART | USER_ATTRIBUTES;
            self.class_changed(class);
        }
    }

    /// Write through a data descriptor, if the class attribute is one.
    fn set_through(&mut self, attribute: Slot, object: Value, name: Handle, value: Option<Slot>) -> Option<Result<(), Trap>> {
        match attribute.kind {
            Kind::Descriptor => match self.heap.descriptors.get(attribute.handle()).clone() {
                DescriptorObject::Property([_, setter, deleter, ..]) => {
                    let (function, what) = if value.is_some() { (setter, "setter") } else { (deleter, "deleter") };
                    if function.kind == Kind::None {
                        return Some(Err(self.property_error(attribute, object, what)));
                    }
                    let args = [*object].into_iter().chain(value).collect();
                    Some(Err(self.call_trap(function, args, Adapt::Plain)))
                }
                DescriptorObject::Member(..) if name == self.names.dict => None,
                DescriptorObject::Member(..) if self.is_part(name) => {
                    let message = format!("attribute '__weakref__' of '{}' objects is not writable", self.type_name(*object));
                    Some(Err(self.raise_attribute(message, object, name)))
                }
                DescriptorObject::Member(..) => {
                    Some(self.set_or_delete(object.handle(), name, value).map_err(|()| self.no_attribute(object, name)))
                }
                _ => None,
            },
            Kind::Instance => {
                let hook = if value.is_some() { self.names.set } else { self.names.delete };
                let method = self.lookup_class(attribute.class_handle(), hook)?;
                let args = [attribute, *object].into_iter().chain(value).collect();
                Some(Err(self.call_trap(method, args, Adapt::Plain)))
            }
            _ => None,
        }
    }

    fn set_class_attribute(&mut self, object: Value, name: Handle, value: Option<Slot>) -> Result<(), Trap> {
        let class = object.handle();
        if self.heap.classes.get(class).builtin {
            let message = format!("cannot set '{}' attribute of immutable type '{}'", self.heap.text(name), self.class_name(class));
            return Err(self.raise(Type::TypeError, message));
        }
        let meta = self.heap.classes.get(class).meta;
        if meta != Type::Type.handle() {
            if let Some(attribute) = self.lookup_class(meta, name) {
                if let Some(result) = self.set_through(attribute, object, name, value) {
                    return result;
                }
            }
        }
        if let (Some(value), "__name__" | "__qualname__") = (value, self.heap.text(name)) {
            let short = self.heap.text(name) == "__name__";
            let object = self.heap.classes.get_mut(class);
            if short { object.name = value } else { object.qualname = value }
            return Ok(());
        }
        let dict = self.heap.classes.get(class).dict;
        self.class_changed(class);
        let stored = self.set_or_delete(dict, name, value);
        if self.heap.text(name).starts_with("__") {
            self.refresh_special(class);
        }
        stored.map_err(|()| {
            let message = format!("type object '{}' has no attribute '{}'", self.class_name(class), self.heap.text(name));
            self.raise_attribute(message, object, name)
        })
    }

    /// `'C' object has no attribute 'x'`
    pub fn no_attribute(&mut self, object: Value, name: Handle) -> Trap {
        let text = self.heap.text(name);
        let message = match object.kind {
            Kind::Class => format!("type object '{}' has no attribute '{}'", self.class_name(object.handle()), text),
            _ => format!("'{}' object has no attribute '{}'", self.type_name(*object), text),
        };
        self.raise_attribute(message, object, name)
    }

    /// An AttributeError that remembers object and name, for "Did you mean".
    pub fn raise_attribute(&mut self, message: String, object: Value, name: Handle) -> Trap {
        let trap = self.raise(Type::AttributeError, message);
        if let Trap::Raise(exception) = &trap {
            let dict = exception.handle();
            let (name_key, object_key) = (self.intern("name"), self.intern("obj"));
            self.store_in_dict(dict, name_key, Slot::object(Kind::Str, name));
            self.store_in_dict(dict, object_key, *object);
        }
        trap
    }

    /// A trap that calls `callee`.
    pub fn call_trap(&self, callee: Slot, args: Vec<Slot>, adapt: Adapt) -> Trap {
        if matches!(callee.kind, Kind::Descriptor | Kind::Instance) && args.first().is_some_and(|this| self.is_attribute(callee, *this)) {
            // A special method that is no function: what it gives when it is read through the object is called.
            let by = self.find_interned("__call_special__").and_then(|name| self.lookup_in_dict(self.hidden_globals, name));
            let args = core::iter::once(callee).chain(args).collect();
            return Trap::Call(Box::new(CallTrap { callee: by.and_then(Slot::value).unwrap_or(Value::NONE), args, keywords: Vec::new(), adapt }));
        }
        let callee = callee.value().unwrap_or(Value::NONE);
        Trap::Call(Box::new(CallTrap { callee, args, keywords: Vec::new(), adapt }))
    }
}

/// Bit of `ClassObject::special`: `__slots__` without `__dict__` all the way up.
pub const NO_DICT: u64 = 1;
/// Bit: some class in the MRO defines `__eq__` in program code.
pub const USER_EQ: u64 = 2;
/// Bit: some class in the MRO defines `__getattribute__`, `__getattr__`, `__setattr__` or `__delattr__` in program code.
pub const USER_ATTRIBUTES: u64 = 8;
/// Bit: an instance has its attributes in another dict, see `Machine::attributes`.
pub const APART: u64 = 32;
/// Bit: the program has a word in what `__class__` of an instance is.
pub const CLAIMS: u64 = 128;
/// Bits: patterns take its instances for sequences, or for mappings.
pub const SEQUENCE: u64 = 256;
#[allow(missing_docs)]
pub const MAPPING: u64 = 512;
/// Bit: the class has slots of its own.
pub const SLOTTED: u64 = 64;
/// Bit: some class in the MRO defines `__del__`.
pub const USER_DEL: u64 = 16;
/// Bit: some class in the MRO defines `__hash__` in program code, or sets it to None.
pub const USER_HASH: u64 = 4;
