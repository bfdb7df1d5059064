//! The heap: one arena for each kind of object, and what objects are made of.
//!
//! Nothing here knows Python's rules; it stores, walks, counts and frees.

use crate::arena::{Arena, Base};
use crate::dict::DictObject;
use crate::native::NativeObject;
use crate::rope::{Ropes, NO_ROPE, ROPE_MIN};
use crate::value::{Handle, Kind, Slot};
use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use core::cmp::Ordering;
use num_bigint::BigInt;

/// The hash of a string: 0 until somebody asked. Machines that share the string may ask at once, and find the same.
#[derive(Debug, Default)]
pub struct Hash(AtomicU64);

impl Hash {
    /// What is known.
    #[inline]
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }

    /// Now it is known.
    #[inline]
    pub fn set(&self, hash: u64) {
        self.0.store(hash, Relaxed);
    }
}

impl Clone for Hash {
    fn clone(&self) -> Hash {
        Hash(AtomicU64::new(self.get()))
    }
}

/// An immutable string.
#[derive(Clone, Debug)]
pub struct StrObject {
    /// The text, unless it stands in a buffer; read it by [`Heap::text`].
    text: Box<str>,
    /// Number of code points; equal to the number of bytes when all are ASCII.
    pub chars: u32,
    /// The buffer at whose beginning it stands, or [`NO_ROPE`], and how long it is there.
    rope: u32,
    bytes: u32,
    /// Hash, 0 until someone asked.
    pub hash: Hash,
    /// An append to it is priced as a copy: it was appended to before, or is interned. Part of the state, which the room
    /// behind it in a buffer is not.
    pub sealed: bool,
}

impl Default for StrObject {
    fn default() -> StrObject {
        StrObject { text: Box::default(), chars: 0, rope: NO_ROPE, bytes: 0, hash: Hash::default(), sealed: false }
    }
}

impl StrObject {
    /// Number of bytes.
    #[inline]
    pub fn len(&self) -> usize {
        if self.rope == NO_ROPE { self.text.len() } else { self.bytes as usize }
    }
    /// Is the text empty?
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Is each byte a code point?
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.chars as usize == self.len()
    }
}

/// A Python function.
#[derive(Clone, Debug)]
pub struct FunctionObject {
    /// Loaded code.
    pub code: u32,
    /// Dict of globals.
    pub globals: Handle,
    /// Values of the last positional parameters.
    pub defaults: Vec<Slot>,
    /// Dict of keyword-only defaults, or unbound.
    pub keyword_defaults: Slot,
    /// Cells, in the order of the code's free variables.
    pub closure: Vec<Slot>,
    /// Attributes; made on first use. Unbound or a dict.
    pub dict: Slot,
    /// `__name__`, `__qualname__`, `__doc__`, `__annotations__`, `__module__`.
    pub name: Slot,
    /// Qualified name.
    pub qualname: Slot,
    /// Docstring or None.
    pub doc: Slot,
    /// A dict, or unbound when never asked for.
    pub annotations: Slot,
    /// Module name.
    pub module: Slot,
    /// The code itself, for introspection.
    pub source: Option<alloc::sync::Arc<crate::code::Code>>,
}

impl Default for FunctionObject {
    fn default() -> FunctionObject {
        let none = Slot::NONE;
        FunctionObject {
            code: 0, globals: 0, defaults: Vec::new(), keyword_defaults: Slot::UNBOUND, closure: Vec::new(),
            dict: Slot::UNBOUND, name: none, qualname: none, doc: none, annotations: Slot::UNBOUND, module: none, source: None,
        }
    }
}

/// A class, built in or of the program.
#[derive(Clone, Debug)]
pub struct ClassObject {
    /// `__name__`.
    pub name: Slot,
    /// `__qualname__`.
    pub qualname: Slot,
    /// Handle of the namespace dict.
    pub dict: Handle,
    /// Direct bases.
    pub bases: Arc<[Handle]>,
    /// Method resolution order, itself first.
    pub mro: Arc<[Handle]>,
    /// Direct subclasses.
    pub subclasses: Vec<Handle>,
    /// Its metaclass.
    pub meta: Handle,
    /// The built-in class whose payload instances carry (`object` for plain ones).
    pub layout: Handle,
    /// Changes whenever an attribute of it or of a base changes; never repeats.
    pub version: u32,
    /// Is it one of the built-in classes?
    pub builtin: bool,
    /// Bits of attribute names that instances may hold themselves.
    pub shadow: u64,
    /// Which special methods a program class defines, see `class::Special`.
    pub special: u64,
}

impl Default for ClassObject {
    fn default() -> ClassObject {
        ClassObject {
            name: Slot::NONE, qualname: Slot::NONE, dict: 0, bases: Arc::default(), mro: Arc::default(), subclasses: Vec::new(),
            meta: 0, layout: 0, version: 0, builtin: false, shadow: 0, special: 0,
        }
    }
}

/// What stands behind an exception instance.
#[derive(Clone, Debug)]
pub struct ExceptionObject {
    /// Tuple of arguments.
    pub args: Slot,
    /// `__cause__` or None.
    pub cause: Slot,
    /// `__context__` or None.
    pub context: Slot,
    /// `__suppress_context__`.
    pub suppress: bool,
    /// Innermost frame last.
    pub traceback: Vec<TracebackEntry>,
}

impl Default for ExceptionObject {
    fn default() -> ExceptionObject {
        ExceptionObject { args: Slot::UNBOUND, cause: Slot::NONE, context: Slot::NONE, suppress: false, traceback: Vec::new() }
    }
}

/// A frame that an exception passed: loaded code and instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracebackEntry {
    /// Loaded code.
    pub code: u32,
    /// Instruction.
    pub pc: u32,
}

/// A suspended generator, coroutine or async generator.
#[derive(Clone, Debug)]
pub struct GeneratorObject {
    /// Registers while suspended.
    pub registers: Vec<Slot>,
    /// The frame while suspended.
    pub frame: Option<crate::frame::Frame>,
    /// Is it running now?
    pub running: bool,
    /// Has it run past its first instruction?
    pub started: bool,
    /// What it is.
    pub kind: crate::code::CodeKind,
    /// `__name__` and `__qualname__`.
    pub names: (Slot, Slot),
    /// Name that the program sees as its class, when it stands in for `map`, `filter`, … ; or unbound.
    pub dress: Slot,
}

impl Default for GeneratorObject {
    fn default() -> GeneratorObject {
        GeneratorObject { registers: Vec::new(), frame: None, running: false, started: false, kind: crate::code::CodeKind::Generator, names: (Slot::NONE, Slot::NONE), dress: Slot::UNBOUND }
    }
}

/// Native iterators. `next` never calls program code.
#[derive(Clone, Debug, Default)]
pub enum IterObject {
    /// Nothing more.
    #[default]
    Empty,
    /// Position in a sequence: list, tuple, string, bytes, range.
    Sequence(Slot, u64),
    /// Downwards in a list, tuple, string or range: items left.
    Reversed(Slot, u64),
    /// A walk over a dict.
    Dict {
        /// The dict.
        dict: Handle,
        /// Next entry.
        position: u32,
        /// Keys (0), values (1) or items (2).
        what: u8,
        /// Its number of changes at the start.
        changes: u32,
        /// From the end.
        reverse: bool,
    },
    /// A walk over a set.
    Set {
        /// The set.
        set: Slot,
        /// Next place in its table.
        position: u32,
        /// Its size at the start.
        size: u32,
    },
    /// Index and item.
    Enumerate(Slot, Slot),
    /// Several native iterators.
    Zip(Vec<Slot>, bool),
    /// Position in a deque, and its length at the start.
    Deque(Slot, u64, u64),
    /// Items computed beforehand.
    Items(Vec<Slot>, usize),
}

/// Small descriptors and wrappers.
#[derive(Clone, Debug)]
pub enum DescriptorObject {
    /// `property`: getter, setter, deleter (each may be None), doc (unbound: the getter's) and name (unbound: none).
    Property([Slot; 5]),
    /// `staticmethod`.
    Static(Slot),
    /// `classmethod`.
    Class(Slot),
    /// `super(class, self)`: class to start after, the object, its class.
    Super(Slot, Slot, Slot),
    /// A name of `__slots__`: the attribute's name and the class.
    Member(Slot, Slot),
}

impl Default for DescriptorObject {
    fn default() -> DescriptorObject {
        DescriptorObject::Static(Slot::NONE)
    }
}

/// A `range`.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct RangeObject {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    /// Number of items.
    pub len: u64,
}

/// Name and namespace of a module.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct ModuleObject {
    pub name: Handle,
    pub dict: Handle,
}

/// A set's table, in CPython's order.
pub type SetObject = crate::set::SetTable;

macro_rules! heap_table {
    ($( $(#[$doc:meta])* $field:ident : $type:ty, $kind:pat, $size:expr; )*) => {
        /// All objects of a run.
        #[derive(Clone, Debug, Default)]
        pub struct Heap {
            $( $(#[$doc])* pub $field: Arena<$type>, )*
            /// Buffers of growing texts.
            pub(crate) ropes: Ropes,
            /// Bytes charged: what survived the last collection plus what came since.
            pub bytes: u64,
        }

        /// All objects that machines share.
        #[derive(Clone, Debug)]
        pub struct HeapBase {
            $( pub(crate) $field: Base<$type>, )*
            bytes: u64,
        }

        /// Places in the undo logs.
        #[derive(Clone, Debug, Default)]
        pub struct HeapMark { places: Vec<usize>, ropes: Vec<usize>, bytes: u64 }

        impl Heap {
            /// A heap with nothing but shared objects, and classes. Those are asked for all the time and changed by
            /// every program (a base knows its subclasses), and built-in ones have fixed handles: each machine has
            /// its own.
            pub fn on(base: &HeapBase) -> Heap {
                let classes = base.classes.copied();
                Heap { classes, ..Heap { $( $field: Arena::on(base.$field.clone()), )* ropes: Ropes::default(), bytes: base.bytes } }
            }

            /// A heap whose objects are to be shared.
            pub fn founding() -> Heap {
                Heap { classes: Arena::default(), ..Heap { $( $field: Arena::founding(), )* ropes: Ropes::default(), bytes: 0 } }
            }

            /// All objects, to be shared. None when a text stands in a buffer.
            pub fn share(mut self) -> Option<HeapBase> {
                if !self.ropes.is_empty() {
                    return None;
                }
                $( let $field = self.$field.share($size); )*
                let bytes = [$( $field.bytes() ),*].into_iter().sum();
                Some(HeapBase { $( $field, )* bytes })
            }

            /// Begin an epoch; see [`Arena::mark`].
            pub fn mark(&mut self) -> HeapMark {
                HeapMark { places: Vec::from([$( self.$field.mark() ),*]), ropes: self.ropes.ends(), bytes: self.bytes }
            }

            /// Restore the contents at `mark`.
            pub fn back_to(&mut self, mark: &HeapMark) {
                let mut places = mark.places.iter();
                $( if let Some(&place) = places.next() { self.$field.back_to(place); } )*
                self.ropes.back_to(&mark.ropes);
                self.bytes = mark.bytes;
            }

            /// Forget all marks.
            pub fn forget(&mut self) {
                $( self.$field.forget(); )*
            }

            /// Bytes of the largest arena that has to move before it takes `soon` bytes more.
            pub fn growing(&self, soon: u64) -> u64 {
                [$( self.$field.growing(soon) ),*].into_iter().max().unwrap_or(0)
            }

            fn reach(&self, slot: Slot) -> bool {
                match slot.kind {
                    $( $kind => self.$field.reach(slot.handle()), )*
                    _ => false,
                }
            }

            /// Is this no object of the heap, or one that was not freed?
            pub fn is_live(&self, slot: Slot) -> bool {
                match slot.kind {
                    $( $kind => self.$field.is_live(slot.handle()), )*
                    _ => true,
                }
            }

            fn sweep(&mut self) -> u64 {
                let mut bytes = 0;
                $( bytes += self.$field.sweep($size); )*
                bytes
            }
        }
    };
}

const WORD: u64 = 16;

heap_table! {
    /// Strings.
    strings: StrObject, Kind::Str, |o| 48 + o.len() as u64;
    /// Integers beyond 64 bits.
    bigs: BigInt, Kind::Big, |o| 48 + o.bits() / 8;
    /// Complex numbers.
    complexes: (f64, f64), Kind::Complex, |_| 32;
    /// Byte strings.
    bytes_objects: Vec<u8>, Kind::Bytes, |o| 40 + o.len() as u64;
    /// Byte arrays.
    byte_arrays: Vec<u8>, Kind::ByteArray, |o| 40 + o.capacity() as u64;
    /// Tuples.
    tuples: crate::tuple::TupleObject, Kind::Tuple | Kind::WideRange, |o| 40 + WORD * o.len() as u64;
    /// Lists.
    lists: Vec<Slot>, Kind::List, |o| 40 + WORD * o.capacity() as u64;
    /// Dicts, and the attributes of instances.
    dicts: DictObject, Kind::Dict | Kind::Instance, |o| 112 + o.bytes();
    /// Sets and frozen sets.
    sets: SetObject, Kind::Set | Kind::FrozenSet, |o| 64 + o.bytes();
    /// Ranges.
    ranges: RangeObject, Kind::Range, |_| 48;
    /// Slices: start, stop, step.
    slices: [Slot; 3], Kind::Slice, |_| 64;
    /// Cells of captured variables.
    cells: Slot, Kind::Cell, |_| 32;
    /// Functions.
    functions: FunctionObject, Kind::Function, |o| 220 + WORD * (o.defaults.len() + o.closure.len()) as u64;
    /// Bound methods: function, self.
    methods: (Slot, Slot), Kind::Method, |_| 48;
    /// Classes.
    classes: ClassObject, Kind::Class, |o| 240 + 4 * (o.mro.len() + o.bases.len()) as u64;
    /// Modules.
    modules: ModuleObject, Kind::Module, |_| 32;
    /// Generators.
    generators: GeneratorObject, Kind::Generator, |o| 200 + WORD * o.registers.len() as u64;
    /// Native iterators.
    iters: IterObject, Kind::Iter, |_| 64;
    /// Descriptors.
    descriptors: DescriptorObject, Kind::Descriptor, |_| 96;
    /// Views of dicts: the dict and what it shows (0 keys, 1 values, 2 items).
    views: (Handle, u8), Kind::DictView, |_| 32;
    /// Exceptions.
    exceptions: ExceptionObject, Kind::Exception, |o| 112 + 16 * o.traceback.len() as u64;
    /// Tracebacks as the program sees them.
    tracebacks: Vec<TracebackEntry>, Kind::Traceback, |o| 40 + 8 * o.len() as u64;
    /// `list[int]`: origin and arguments.
    aliases: (Slot, Slot), Kind::Alias, |_| 48;
    /// State of native modules' objects.
    natives: NativeObject, Kind::Native2, |o| o.bytes();
}

impl Heap {
    /// Everything that cannot be reached from `roots` is freed; `bytes` is exact afterwards.
    pub fn collect(&mut self, roots: impl IntoIterator<Item = Slot>) {
        let mut work: Vec<Slot> = Vec::new();
        for root in roots {
            self.visit(root, &mut work);
        }
        self.visit_saved(&mut work);
        self.visit_copied(&mut work);
        while let Some(slot) = work.pop() {
            self.children(slot, &mut work);
        }
        self.bytes = self.sweep();
        if !self.ropes.is_empty() {
            let mut needed = alloc::vec![0; self.ropes.places()];
            for string in self.strings.iter_live().filter(|s| s.rope != NO_ROPE) {
                let most: &mut u32 = &mut needed[string.rope as usize];
                *most = string.bytes.max(*most);
            }
            self.ropes.keep(&needed);
        }
    }

    #[inline]
    fn visit(&self, slot: Slot, work: &mut Vec<Slot>) {
        if slot.kind < Kind::Str {
            return;
        }
        // Tools and code objects are other faces of an object of another kind.
        let slot = match slot.kind {
            Kind::Tool => Slot::object(Kind::Str, slot.handle()),
            Kind::Code => Slot::object(Kind::Function, slot.handle()),
            _ => slot,
        };
        // What refers to nothing is reached and done with.
        let leaf = matches!(slot.kind, Kind::Str | Kind::Big | Kind::Complex | Kind::Bytes | Kind::ByteArray | Kind::Range);
        if self.reach(slot) && !leaf {
            work.push(slot);
        }
        if slot.kind == Kind::Instance && self.classes.reach(slot.class_handle()) {
            work.push(Slot::object(Kind::Class, slot.class_handle()));
        }
    }

    /// Push every object that `slot` refers to and that was not reached yet.
    fn children(&self, slot: Slot, work: &mut Vec<Slot>) {
        match slot.kind {
            Kind::Tuple | Kind::WideRange => self.tuples.get(slot.handle()).iter().for_each(|s| self.visit(*s, work)),
            Kind::List => self.lists.get(slot.handle()).iter().for_each(|s| self.visit(*s, work)),
            Kind::Dict | Kind::Instance => refer_dict(self.dicts.get(slot.handle()), &mut |s| self.visit(s, work)),
            _ => self.references(slot, &mut |s| self.visit(s, work)),
        }
    }

    /// Call `each` with all slots that an object refers to.
    pub fn references(&self, slot: Slot, each: &mut dyn FnMut(Slot)) {
        let handle = slot.handle();
        match slot.kind {
            Kind::Tuple | Kind::WideRange => self.tuples.get(handle).iter().for_each(|s| each(*s)),
            Kind::List => self.lists.get(handle).iter().for_each(|s| each(*s)),
            Kind::Dict | Kind::Instance => refer_dict(self.dicts.get(handle), each),
            Kind::Set | Kind::FrozenSet => self.sets.get(handle).iter().for_each(|s| each(s)),
            Kind::Slice => self.slices.get(handle).iter().for_each(|s| each(*s)),
            Kind::Cell => each(*self.cells.get(handle)),
            Kind::Function => refer_function(self.functions.get(handle), each),
            Kind::Method => {
                let (function, this) = *self.methods.get(handle);
                each(function);
                each(this);
            }
            Kind::Class => refer_class(self.classes.get(handle), each),
            Kind::Module => {
                let module = self.modules.get(handle);
                each(Slot::object(Kind::Str, module.name));
                each(Slot::object(Kind::Dict, module.dict));
            }
            Kind::Generator => refer_generator(self.generators.get(handle), each),
            Kind::Iter => refer_iter(self.iters.get(handle), each),
            Kind::Descriptor => refer_descriptor(self.descriptors.get(handle), each),
            Kind::DictView => each(Slot::object(Kind::Dict, self.views.get(handle).0)),
            Kind::Exception => {
                let exception = self.exceptions.get(handle);
                [exception.args, exception.cause, exception.context].into_iter().for_each(each);
            }
            Kind::Alias => {
                let (origin, args) = *self.aliases.get(handle);
                each(origin);
                each(args);
            }
            Kind::Native2 => self.natives.get(handle).references(each),
            Kind::Tool => each(Slot::object(Kind::Str, handle)),
            _ => {}
        }
    }

    /// An object's arena and place, in which an instance is its attributes.
    pub fn place(slot: Slot) -> (Kind, Handle) {
        let kind = match slot.kind {
            Kind::Instance => Kind::Dict,
            Kind::FrozenSet => Kind::Set,
            Kind::WideRange => Kind::Tuple,
            kind => kind,
        };
        (kind, slot.handle())
    }

    /// Objects that are older than the mark that is held and have another content now. In namespaces, modules that
    /// were added do not count.
    pub fn changed(&self, is_namespace: &dyn Fn(Handle) -> bool) -> Vec<Slot> {
        let mut all = Vec::new();
        let same = |a: &Slot, b: &Slot| a.same(*b);
        for (handle, old) in self.lists.saved() {
            let now = self.lists.get(*handle);
            if now.len() != old.len() || !now.iter().zip(old).all(|(a, b)| same(a, b)) {
                all.push(Slot::object(Kind::List, *handle));
            }
        }
        for (handle, old) in self.dicts.saved() {
            let counts = |value: Slot| !(is_namespace(*handle) && value.kind == Kind::Module);
            let entries = |dict: &DictObject| -> Vec<(Slot, Slot)> { dict.iter().map(|e| (e.key, e.value)).filter(|(_, value)| counts(*value)).collect() };
            let (now, old) = (entries(self.dicts.get(*handle)), entries(old));
            if now.len() != old.len() || !now.iter().zip(&old).all(|(a, b)| same(&a.0, &b.0) && same(&a.1, &b.1)) {
                all.push(Slot::object(Kind::Dict, *handle));
            }
        }
        for (handle, old) in self.sets.saved() {
            let (now, old): (Vec<Slot>, Vec<Slot>) = (self.sets.get(*handle).iter().collect(), old.iter().collect());
            if now.len() != old.len() || !now.iter().zip(&old).all(|(a, b)| same(a, b)) {
                all.push(Slot::object(Kind::Set, *handle));
            }
        }
        let arrays = self.byte_arrays.saved().filter(|(handle, old)| self.byte_arrays.get(*handle) != old);
        all.extend(arrays.map(|(handle, _)| Slot::object(Kind::ByteArray, *handle)));
        all.extend(self.natives.saved().map(|(handle, _)| Slot::object(Kind::Native2, *handle)));
        all
    }

    /// Everything that is reached from `roots` by data, now or before the mark: through containers and attributes,
    /// not through classes, functions and modules beyond their own attributes.
    pub fn data_from(&self, roots: &[Slot]) -> alloc::collections::BTreeSet<(Kind, Handle)> {
        let mut old: alloc::collections::BTreeMap<(Kind, Handle), Vec<Slot>> = Default::default();
        self.lists.saved().for_each(|(h, o)| old.entry((Kind::List, *h)).or_default().extend(o.iter()));
        self.sets.saved().for_each(|(h, o)| old.entry((Kind::Set, *h)).or_default().extend(o.iter()));
        self.dicts.saved().for_each(|(h, o)| refer_dict(o, &mut |s| old.entry((Kind::Dict, *h)).or_default().push(s)));
        let mut seen = alloc::collections::BTreeSet::new();
        let mut work: Vec<Slot> = roots.to_vec();
        while let Some(slot) = work.pop() {
            if slot.kind < Kind::Str || !seen.insert(Heap::place(slot)) {
                continue;
            }
            match slot.kind {
                // A class that is named may be changed itself; what its methods reach may not.
                Kind::Class => work.push(Slot::object(Kind::Dict, self.classes.get(slot.handle()).dict)),
                Kind::Function | Kind::Module | Kind::Native | Kind::Code => {}
                _ => self.references(slot, &mut |s| work.push(s)),
            }
            work.extend(old.get(&Heap::place(slot)).into_iter().flatten());
        }
        seen
    }

    fn visit_saved(&self, work: &mut Vec<Slot>) {
        let mut found: Vec<Slot> = Vec::new();
        let each = &mut |s| found.push(s);
        self.lists.saved().for_each(|(_, o)| o.iter().for_each(|s| each(*s)));
        self.dicts.saved().for_each(|(_, o)| refer_dict(o, each));
        self.sets.saved().for_each(|(_, o)| o.iter().for_each(|s| each(s)));
        self.cells.saved().for_each(|(_, o)| each(*o));
        self.functions.saved().for_each(|(_, o)| refer_function(o, each));
        self.classes.saved().for_each(|(_, o)| refer_class(o, each));
        self.generators.saved().for_each(|(_, o)| refer_generator(o, each));
        self.iters.saved().for_each(|(_, o)| refer_iter(o, each));
        self.descriptors.saved().for_each(|(_, o)| refer_descriptor(o, each));
        self.exceptions.saved().for_each(|(_, o)| [o.args, o.cause, o.context].into_iter().for_each(&mut *each));
        self.natives.saved().for_each(|(_, o)| o.references(each));
        // An object that was written since a mark is itself alive at the mark only if something saved or rooted
        // refers to it; its handle must not be reused before the log entry goes.
        let lists: Vec<Handle> = self.lists.saved().map(|(h, _)| *h).collect();
        let dicts: Vec<Handle> = self.dicts.saved().map(|(h, _)| *h).collect();
        let sets: Vec<Handle> = self.sets.saved().map(|(h, _)| *h).collect();
        let cells: Vec<Handle> = self.cells.saved().map(|(h, _)| *h).collect();
        let generators: Vec<Handle> = self.generators.saved().map(|(h, _)| *h).collect();
        let iters: Vec<Handle> = self.iters.saved().map(|(h, _)| *h).collect();
        let natives: Vec<Handle> = self.natives.saved().map(|(h, _)| *h).collect();
        let byte_arrays: Vec<Handle> = self.byte_arrays.saved().map(|(h, _)| *h).collect();
        let rest = [
            (Kind::List, lists), (Kind::Dict, dicts), (Kind::Set, sets), (Kind::Cell, cells), (Kind::Generator, generators),
            (Kind::Iter, iters), (Kind::Native2, natives), (Kind::ByteArray, byte_arrays),
            (Kind::Function, self.functions.saved().map(|(h, _)| *h).collect()),
            (Kind::Class, self.classes.saved().map(|(h, _)| *h).collect()),
            (Kind::Exception, self.exceptions.saved().map(|(h, _)| *h).collect()),
            (Kind::Descriptor, self.descriptors.saved().map(|(h, _)| *h).collect()),
        ];
        for (kind, handles) in rest {
            found.extend(handles.into_iter().map(|h| Slot::object(kind, h)));
        }
        for slot in found {
            self.visit(slot, work);
        }
    }

    /// What is shared refers to nothing but what is shared; the copies may refer to anything.
    fn visit_copied(&self, work: &mut Vec<Slot>) {
        let mut visit = |kind, handle| self.children(Slot::object(kind, handle), work);
        self.tuples.copied().for_each(|h| visit(Kind::Tuple, h));
        self.lists.copied().for_each(|h| visit(Kind::List, h));
        self.dicts.copied().for_each(|h| visit(Kind::Dict, h));
        self.sets.copied().for_each(|h| visit(Kind::Set, h));
        self.slices.copied().for_each(|h| visit(Kind::Slice, h));
        self.cells.copied().for_each(|h| visit(Kind::Cell, h));
        self.functions.copied().for_each(|h| visit(Kind::Function, h));
        self.methods.copied().for_each(|h| visit(Kind::Method, h));
        self.classes.copied().for_each(|h| visit(Kind::Class, h));
        self.modules.copied().for_each(|h| visit(Kind::Module, h));
        self.generators.copied().for_each(|h| visit(Kind::Generator, h));
        self.iters.copied().for_each(|h| visit(Kind::Iter, h));
        self.descriptors.copied().for_each(|h| visit(Kind::Descriptor, h));
        self.views.copied().for_each(|h| visit(Kind::DictView, h));
        self.exceptions.copied().for_each(|h| visit(Kind::Exception, h));
        self.aliases.copied().for_each(|h| visit(Kind::Alias, h));
        self.natives.copied().for_each(|h| visit(Kind::Native2, h));
    }

    /// Equality of simple data (numbers, texts, and tuples of them, without labels); None for anything else.
    pub fn equal_simple(&self, a: Slot, b: Slot) -> Option<bool> {
        if a.label | b.label != 0 {
            return None;
        }
        if a.same(b) {
            return Some(true);
        }
        match (a.kind, b.kind) {
            (Kind::Int | Kind::Bool, Kind::Int | Kind::Bool) => Some(a.bits == b.bits),
            (Kind::Str, Kind::Str) => Some(self.text(a.handle()) == self.text(b.handle())),
            (Kind::None, _) | (_, Kind::None) if b.kind != Kind::Instance && a.kind != Kind::Instance => Some(false),
            (Kind::Str, Kind::Int | Kind::Bool | Kind::Tuple) | (Kind::Int | Kind::Bool | Kind::Tuple, Kind::Str) => Some(false),
            (Kind::Tuple, Kind::Tuple) => {
                let (x, y) = (self.tuples.get(a.handle()), self.tuples.get(b.handle()));
                if x.len() != y.len() {
                    return Some(false);
                }
                for (p, q) in x.iter().zip(y.iter()) {
                    // Nested tuples go the long way, which counts depth.
                    if p.kind == Kind::Tuple || q.kind == Kind::Tuple {
                        return None;
                    }
                    match self.equal_simple(*p, *q) {
                        Some(true) => {}
                        other => return other,
                    }
                }
                Some(true)
            }
            _ => None,
        }
    }

    /// Order of simple data (ints, floats, texts, and short tuples of them, without labels); None for anything else
    /// and for what has no order.
    pub fn order_simple(&self, a: Slot, b: Slot) -> Option<Ordering> {
        if a.label | b.label != 0 || a.kind != b.kind {
            return None;
        }
        match a.kind {
            Kind::Int => Some(a.as_int().cmp(&b.as_int())),
            Kind::Float => a.as_float().partial_cmp(&b.as_float()),
            Kind::Str => Some(self.text(a.handle()).cmp(self.text(b.handle()))),
            Kind::Tuple => {
                let (x, y) = (self.tuples.get(a.handle()), self.tuples.get(b.handle()));
                // Longer ones go the long way, which counts what it does.
                if x.len() >= 4 || y.len() >= 4 {
                    return None;
                }
                for (p, q) in x.iter().zip(y.iter()) {
                    // What is the same object is equal, even if it has no order.
                    if p.same(*q) && p.label | q.label == 0 {
                        continue;
                    }
                    match if p.kind == Kind::Tuple { None } else { self.order_simple(*p, *q) } {
                        Some(Ordering::Equal) => {}
                        other => return other,
                    }
                }
                Some(x.len().cmp(&y.len()))
            }
            _ => None,
        }
    }

    /// The text of a string object.
    #[inline]
    pub fn text(&self, handle: Handle) -> &str {
        let string = self.strings.get(handle);
        if string.rope == NO_ROPE { &string.text } else { self.ropes.text(string.rope, string.bytes) }
    }

    /// `a + b`, where `a` is probably not needed any more and [`Heap::grows`]: it grows in place, or is copied once to
    /// where there is room behind it. Charge what is appended first, and see that both would fit.
    pub fn add_grown(&mut self, a: Handle, b: Handle) -> Handle {
        self.strings.get_mut(a).sealed = true;
        let chars = self.strings.get(a).chars + self.strings.get(b).chars;
        let (rope, bytes) = (self.strings.get(a).rope, self.strings.get(a).bytes);
        let more = self.strings.get(b);
        self.bytes += 48 + more.len() as u64;
        let grown = if more.rope == NO_ROPE {
            self.ropes.append(rope, bytes, &more.text)
        } else {
            let copy = String::from(self.ropes.text(more.rope, more.bytes));
            self.ropes.append(rope, bytes, &copy)
        };
        let (rope, bytes) = match grown {
            Some(end) => (rope, end),
            None => {
                let (left, right) = (self.text(a), self.text(b));
                let mut text = String::with_capacity(left.len() + right.len() + left.len() / 2);
                text.push_str(left);
                text.push_str(right);
                self.bytes += self.strings.get(a).len() as u64;
                let end = text.len() as u32;
                (self.ropes.begin(text), end)
            }
        };
        self.strings.add(StrObject { chars, rope, bytes, ..StrObject::default() })
    }

    /// Does appending to this text cost what is appended? Once for each text, so that what was paid to make it also pays
    /// for the one copy of it that may be needed.
    pub fn grows(&self, a: Handle, more: usize) -> bool {
        let text = self.strings.get(a);
        text.len() >= ROPE_MIN && !text.sealed && text.len() + more < 1 << 30
    }

    /// Bytes of all texts that stand in buffers, each counted in full.
    pub fn rope_bytes(&self) -> u64 {
        self.strings.iter_live().filter(|s| s.rope != NO_ROPE).map(|s| u64::from(s.bytes)).sum()
    }

    /// A new string object. Charge its size first.
    pub fn add_string(&mut self, text: String) -> Handle {
        let chars = if text.is_ascii() { text.len() } else { text.chars().count() } as u32;
        self.bytes += 48 + text.len() as u64;
        self.strings.add(StrObject { text: text.into_boxed_str(), chars, ..StrObject::default() })
    }
}

fn refer_dict(dict: &DictObject, each: &mut dyn FnMut(Slot)) {
    each(dict.payload);
    for entry in dict.iter() {
        each(entry.key);
        each(entry.value);
    }
}

fn refer_function(function: &FunctionObject, each: &mut dyn FnMut(Slot)) {
    each(Slot::object(Kind::Dict, function.globals));
    function.defaults.iter().chain(&function.closure).for_each(|s| each(*s));
    let rest = [function.keyword_defaults, function.dict, function.name, function.qualname, function.doc, function.annotations, function.module];
    rest.into_iter().for_each(each);
}

fn refer_class(class: &ClassObject, each: &mut dyn FnMut(Slot)) {
    each(class.name);
    each(class.qualname);
    each(Slot::object(Kind::Dict, class.dict));
    let classes = class.bases.iter().chain(class.mro.iter()).chain([&class.meta, &class.layout]);
    classes.for_each(|c| each(Slot::object(Kind::Class, *c)));
}

fn refer_generator(generator: &GeneratorObject, each: &mut dyn FnMut(Slot)) {
    each(generator.dress);
    generator.registers.iter().for_each(|s| each(*s));
    if let Some(frame) = &generator.frame {
        frame.references(each);
    }
}

fn refer_iter(iter: &IterObject, each: &mut dyn FnMut(Slot)) {
    match iter {
        IterObject::Empty => {}
        IterObject::Sequence(s, _) | IterObject::Reversed(s, _) | IterObject::Deque(s, ..) => each(*s),
        IterObject::Dict { dict, .. } => each(Slot::object(Kind::Dict, *dict)),
        IterObject::Set { set, .. } => each(*set),
        IterObject::Enumerate(a, b) => {
            each(*a);
            each(*b);
        }
        IterObject::Zip(all, _) | IterObject::Items(all, _) => all.iter().for_each(|s| each(*s)),
    }
}

fn refer_descriptor(descriptor: &DescriptorObject, each: &mut dyn FnMut(Slot)) {
    match descriptor {
        DescriptorObject::Property(all) => all.iter().for_each(|s| each(*s)),
        DescriptorObject::Static(s) | DescriptorObject::Class(s) => each(*s),
        DescriptorObject::Super(a, b, c) => [*a, *b, *c].into_iter().for_each(each),
        DescriptorObject::Member(a, b) => [*a, *b].into_iter().for_each(each),
    }
}
