//! The machine as a value: everything a run is made of, and its public face.
//!
//! Start it with code, resume it with replies, until it is done. It holds no
//! clock, no file and no host stack.

use crate::base::{Caches, Interned, Tail};
use crate::class::Type;
use crate::code::{Code, Const};
use crate::frame::Frame;
use crate::heap::{Heap, ModuleObject};
use crate::label::Labels;
use crate::native::{Args, NativeFn, NativeRow};
use crate::template::Template;
use crate::trap::Trap;
use crate::value::{Handle, Kind, Label, Slot, Value};
use alloc::{collections::BTreeMap, format, string::{String, ToString}, sync::Arc, vec::Vec};
use emulant_ask::{Answer, Ask, Limit, Limits};
use crate::hash::Map;
use crate::without;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// Where the machine finds the code of its own modules. Pure: the same name
/// gives the same code for ever.
pub trait Library: Send + Sync {
    /// Code of a module of the standard library, or of the hidden module `builtins` (program
    /// code behind built-ins).
    fn module(&self, name: &str) -> Option<Arc<Code>>;

    /// Is this module a program's own, so that its frames stand in tracebacks?
    fn is_program(&self, _name: &str) -> bool {
        false
    }

    /// What machines of this library begin from, so that they need not start one by one; made by [`Template::new`] of
    /// this library, or of one with the same hidden module.
    fn template(&self) -> Option<Arc<Template>> {
        None
    }

    /// The line of `~` and `^` under a source line in a traceback, for the instruction with this span.
    fn marks(&self, _line: &str, _span: &crate::code::Span) -> Option<String> {
        None
    }
}

/// How a run behaves, besides its limits.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ask each hole at once instead of letting pure ones stay pending.
    pub eager: bool,
    /// Parameter names of each tool, so that positional arguments have names.
    pub tools: BTreeMap<String, Vec<String>>,
    /// Values that the host predefines as globals.
    pub inputs: Vec<(String, emulant_ask::Value)>,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// What labels follow. Above [`crate::label::Level::Flow`], asks go out one by one.
    pub labels: crate::label::Level,
    /// How the library's forms of holes behave, by name.
    pub settings: BTreeMap<String, String>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub enum Step {
    /// The program ended; the exit status of `sys.exit`, 0 otherwise.
    Done {
        /// Exit status.
        status: i32,
    },
    /// An uncaught exception.
    Raised(Box<Uncaught>),
    /// A budget ran out.
    Limit(Limit),
    /// These asks are open; reply to all of them.
    Asks(Vec<Ask>),
    /// Nothing happened but time: call [`Machine::go_on`]. Only after [`Machine::pause_every`].
    Paused,
}

use alloc::boxed::Box;

/// An exception that nobody caught.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uncaught {
    /// Class name as a traceback shows it.
    pub class: String,
    /// `str()` of the exception; empty when it is empty or could not be had.
    pub message: String,
    /// Innermost frame last.
    pub frames: Vec<TraceFrame>,
    /// Lines of `__notes__`.
    pub notes: Vec<String>,
    /// What it was raised from, and whether it was explicit (`raise … from`).
    pub cause: Option<(Box<Uncaught>, bool)>,
    /// Members of an exception group.
    pub members: Vec<Uncaught>,
    /// Is the class one of an ask's (refused, failed, abstained, tool error)?
    pub is_ask: bool,
    /// A suggestion for "Did you mean", without quotes.
    pub suggestion: Option<String>,
    /// Exit status when it is a SystemExit.
    pub exit: Option<i32>,
}

/// One frame of a traceback.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceFrame {
    /// The code, for file, name and source.
    pub code: Arc<Code>,
    /// Place.
    pub span: crate::code::Span,
}

/// The answer to one ask, as the host hands it in.
#[derive(Clone, Debug)]
pub enum Reply {
    /// An answer.
    Answer(Answer),
    /// For `Compile`: the code.
    Code(Arc<Code>),
    /// For `Compile`: a SyntaxError with message, line and column (1-based) and the line's text.
    SyntaxError {
        /// Class: `SyntaxError`, `IndentationError`, `TabError`.
        class: String,
        /// Message.
        message: String,
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        col: u32,
        /// Text of the line.
        text: String,
    },
}

/// Which stream a piece of output goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Stream { Out, Err }

/// Code loaded into a machine: its constants and names are objects.
#[derive(Debug)]
pub struct Loaded {
    pub(crate) code: Arc<Code>,
    /// More registers than the run loop's window has.
    pub(crate) wide: bool,
    /// Size of the register window, number of positional parameters, of free variables and of named locals.
    pub(crate) registers: u32,
    pub(crate) positional: u32,
    pub(crate) free: u32,
    pub(crate) locals: u32,
    /// What a call costs.
    pub(crate) entry_fuel: u32,
    /// Name, qualified name and docstring, for functions made of it.
    pub(crate) names: [Slot; 3],
    pub(crate) consts: Vec<Slot>,
    pub(crate) sites: Vec<Handle>,
    pub(crate) children: Vec<u32>,
    pub(crate) cache_base: usize,
    /// Positional parameters only: the quick way in.
    pub(crate) simple: bool,
    /// Part of the machine's own Python: left out of tracebacks and traces.
    pub(crate) hidden: bool,
}

/// Where a piece of loaded code and its children came from.
#[derive(Debug)]
pub(crate) struct CodeSource {
    /// Number of the first of them; the piece itself is the last.
    pub(crate) start: u32,
    /// Module of the library; otherwise it was handed in.
    pub(crate) library: Option<String>,
    /// Its digest, once an image asked for it.
    pub(crate) digest: core::cell::OnceCell<[u8; 32]>,
}

/// What is charged at once and is at least this large also costs fuel for filling it.
const COPIED_BYTES: u64 = 128;
/// A growing arena is looked at each time the heap has grown by this part of the limit.
const GROWTH_PARTS: u64 = 32;
/// Collections that leave the heap nearly full, after which the limit counts as reached.
pub(crate) const TIGHT_MAX: u32 = 8;

/// All code that a machine has loaded.
pub type Codes = Tail<Loaded>;

/// What the table of natives gives.
pub struct Shared {
    pub(crate) natives: Vec<NativeRow>,
    /// Quick forms of natives, by row, and of built-in classes, by handle.
    pub(crate) quick: Vec<Option<crate::builtins::quick::QuickFn>>,
    pub(crate) quick_classes: Vec<Option<crate::builtins::quick::QuickFn>>,
    /// Rows of `next` and of a generator's `send`, which the run loop does itself.
    pub(crate) next: Handle,
    pub(crate) send: Handle,
    /// Row of `dict.get`.
    pub(crate) get: Handle,
}

impl Shared {
    fn new() -> Shared {
        let natives = crate::native::table();
        let quick = natives.iter().map(crate::builtins::quick::of_native).collect();
        let quick_classes = (0..crate::class::CLASSES.len() as Handle).map(crate::builtins::quick::of_class).collect();
        let row = |owner, name| natives.iter().position(|row| (row.owner, row.name) == (owner, name)).map_or(Handle::MAX, |row| row as Handle);
        let (next, send, get) = (row("builtins", "next"), row("generator", "send"), row("dict", "get"));
        Shared { natives, quick, quick_classes, next, send, get }
    }
}

macro_rules! names {
    ($($field:ident = $text:literal),* $(,)?) => {
        /// Strings that the machine itself looks up, interned.
        #[derive(Clone, Debug, Default)]
        #[allow(missing_docs)]
        pub struct Names { $( pub $field: Handle ),* }
        impl Machine {
            fn boot_names(&mut self) {
                self.names = Names { $( $field: self.intern($text) ),* };
            }
        }
    };
}

names! {
    module = "__module__", set = "__set__", delete = "__delete__", get = "__get__", getattribute = "__getattribute__",
    getattr = "__getattr__", setattr = "__setattr__", delattr = "__delattr__", init = "__init__", new = "__new__",
    call = "__call__", eq = "__eq__", ne = "__ne__", lt = "__lt__", le = "__le__", gt = "__gt__", ge = "__ge__",
    hash = "__hash__", bool_ = "__bool__", len = "__len__", iter = "__iter__", next = "__next__", getitem = "__getitem__",
    setitem = "__setitem__", delitem = "__delitem__", contains = "__contains__", repr = "__repr__", str_ = "__str__",
    format = "__format__", enter = "__enter__", exit = "__exit__", aenter = "__aenter__", aexit = "__aexit__",
    await_ = "__await__", aiter = "__aiter__", anext = "__anext__", index = "__index__", int = "__int__",
    float = "__float__", add = "__add__", name = "__name__", dict = "__dict__", class = "__class__", doc = "__doc__",
    neg = "__neg__", pos = "__pos__", invert = "__invert__", missing = "__missing__", main = "__main__",
    match_args = "__match_args__", class_getitem = "__class_getitem__", instancecheck = "__instancecheck__",
    subclasscheck = "__subclasscheck__", reversed = "__reversed__", builtins = "builtins", all = "__all__",
    notes = "__notes__", annotations = "__annotations__", value = "value", slots = "__slots__", set_name = "__set_name__",
    qualname = "__qualname__", length_hint = "__length_hint__", complex = "__complex__", bytes = "__bytes__", del = "__del__", path = "__path__",
}

/// No address space holds more: CPython's MemoryError is certain, so that it is ours too.
const ADDRESSES_MAX: u64 = 1 << 47;

/// A Python program in progress.
pub struct Machine {
    /// All objects.
    pub heap: Heap,
    /// Registers of all frames.
    pub stack: Vec<Slot>,
    /// Calls in progress, innermost last.
    pub frames: Vec<Frame>,
    /// Labels of this run.
    pub labels: Labels,
    /// Interned strings.
    pub names: Names,
    pub(crate) shared: Arc<Shared>,
    pub(crate) library: Arc<dyn Library>,
    pub(crate) codes: Codes,
    /// The code of each of them, for natives: `codes` is lent to the loop while it runs.
    pub(crate) texts: Tail<Arc<Code>>,
    pub(crate) sources: Vec<CodeSource>,
    pub(crate) caches: Caches,
    pub(crate) interned: Interned,
    pub(crate) ascii: Arc<[Handle]>,
    pub(crate) class_versions: u32,
    /// Classes that are there for good: built-in ones, and those to which shared objects refer.
    pub(crate) first_classes: Handle,
    /// Dict of built-in names.
    pub builtins: Handle,
    /// `sys.modules`.
    pub modules: Handle,
    pub(crate) native_modules: Arc<BTreeMap<&'static str, Vec<u32>>>,
    pub(crate) hidden_globals: Handle,
    /// It began from a template: the hidden module has run.
    pub(crate) started: bool,
    /// What may be spent.
    pub limits: Limits,
    pub(crate) options: Options,
    /// Fuel left until the next pause; negative means that it is due, or that the limit is reached.
    pub(crate) fuel: i64,
    /// Fuel beyond the next pause.
    pub(crate) reserve: i64,
    /// Fuel between two pauses; 0 means that there are none.
    slice: i64,
    /// Fuel ran out at a call: the pause is taken as soon as its frame stands.
    pub(crate) pause_due: bool,
    /// Bytes at which the loop pauses: to collect, or to look at what is about to grow.
    pub(crate) collect_at: u64,
    /// Bytes at which it is time to collect.
    pub(crate) collect_due: u64,
    /// Collections that left the heap nearly full.
    pub(crate) tight: u32,
    /// Bytes of the value that is on its way out.
    pub(crate) exported: u64,
    pub(crate) output: Vec<(Stream, String)>,
    pub(crate) output_bytes: u64,
    /// Labels of what the running native looked at, besides its arguments.
    pub seen: Label,
    pub(crate) asks: crate::asking::Asking,
    /// What the program's forms of holes tell the host, by name.
    pub(crate) notes: Vec<(String, emulant_ask::Value)>,
    /// Open attempts, innermost last.
    pub(crate) attempts: Vec<crate::attempt::Attempt>,
    /// Lazily given identities: the numbers that `id()` shows.
    pub(crate) identities: Map<(Kind, u64), u64>,
    /// How many identities were given: none is given twice, also when its object is gone.
    pub(crate) identities_given: u64,
    pub(crate) ended: Option<Step>,
    /// Moments that somebody may go back to.
    pub(crate) marks: Vec<Arc<crate::mark::Moment>>,
    /// Why the run loop stops, while it does.
    pub(crate) exit: Option<crate::run::Exit>,
    /// How classes are called, by handle, as long as their version is the remembered one.
    pub(crate) constructs: Vec<crate::construct::Construct>,
    pub(crate) memory_retry: bool,
    pub(crate) memory_retry_at: u64,
    pub(crate) trace: Option<Box<crate::trace::Trace>>,
    pub(crate) flow: Option<Box<crate::flow::Flow>>,
    /// The running native chose its result by an argument, and copied nothing of that argument.
    pub(crate) selects: bool,
    /// `random` without a seed and `seed` asks go through here once known.
    pub(crate) repr_guard: Vec<Slot>,
    pub(crate) recursion_limit: u32,
    /// List of the objects whose death would be visible.
    pub(crate) watched: Handle,
    /// Something may be in that list.
    pub(crate) watching: bool,
    pub(crate) last_site: emulant_ask::Site,
    /// Names of the methods of each binary operator: `__x__`, `__rx__`, `__ix__`.
    pub(crate) operators: [[Handle; 3]; 13],
}

/// Bytes to be charged before the first collection, and at least between two: small enough that what is freed is taken
/// again while it is still near the processor.
const COLLECT_FIRST: u64 = 4 << 20;

impl Machine {
    /// A machine that is ready to start.
    pub fn new(library: Arc<dyn Library>, limits: Limits, options: Options) -> Machine {
        // Labels of control are kept of the start too.
        let follows = crate::flow::Flow::at(options.labels).is_some();
        match library.template().filter(|template| !follows && template.serves(&limits)) {
            Some(template) => {
                let mut machine = Machine::empty(template.shared.clone(), library, limits, options);
                template.begin(&mut machine);
                machine
            }
            None => Machine::unstarted(library, limits, options),
        }
    }

    /// A machine whose hidden module has not run.
    pub(crate) fn unstarted(library: Arc<dyn Library>, limits: Limits, options: Options) -> Machine {
        let mut machine = Machine::empty(Arc::new(Shared::new()), library, limits, options);
        machine.boot();
        machine
    }

    /// A machine whose objects and code are to be shared.
    pub(crate) fn founding(library: Arc<dyn Library>, limits: Limits) -> Machine {
        let mut machine = Machine::empty(Arc::new(Shared::new()), library, limits, Options::default());
        (machine.heap, machine.caches) = (Heap::founding(), Caches::founding());
        machine.boot();
        machine
    }

    fn boot(&mut self) {
        self.boot_names();
        self.boot_operators();
        self.ascii = (0u8..128).map(|b| self.intern(&(b as char).to_string())).collect();
        self.boot_classes();
        crate::builtins::boot(self);
        self.boot_watched();
    }

    fn empty(shared: Arc<Shared>, library: Arc<dyn Library>, limits: Limits, options: Options) -> Machine {
        let flow = crate::flow::Flow::at(options.labels);
        let options = Options { eager: options.eager || flow.is_some(), ..options };
        Machine {
            heap: Heap::default(), stack: Vec::new(), frames: Vec::new(), labels: Labels::default(), names: Names::default(),
            shared, library, codes: Codes::default(), texts: Tail::default(), sources: Vec::new(), caches: Caches::default(), interned: Interned::default(), ascii: Arc::from([]), class_versions: 0, first_classes: crate::class::CLASSES.len() as Handle,
            builtins: 0, modules: 0, native_modules: Arc::default(), hidden_globals: 0, started: false, limits, options,
            fuel: limits.instructions.min(i64::MAX as u64) as i64, reserve: 0, slice: 0, pause_due: false, collect_at: COLLECT_FIRST, collect_due: COLLECT_FIRST, tight: 0, exported: 0, output: Vec::new(), output_bytes: 0,
            seen: 0, asks: crate::asking::Asking::default(), attempts: Vec::new(), notes: Vec::new(), identities: Map::default(), identities_given: 0, ended: None, marks: Vec::new(), exit: None, constructs: Vec::new(), memory_retry: false, memory_retry_at: 0,
            trace: None, flow, selects: false, repr_guard: Vec::new(), recursion_limit: limits.depth, last_site: Default::default(), watched: Handle::MAX, watching: false, operators: [[0; 3]; 13],
        }
    }

    /// Run `code` as `__main__` until it is done or asks.
    pub fn start(&mut self, code: Arc<Code>) -> Step {
        let id = self.load(code, false);
        let main = self.names.main;
        let globals = self.new_module(main);
        let file = self.texts[id as usize].file.clone();
        if !file.starts_with('<') {
            let (key, file) = (self.intern("__file__"), self.intern_value(&file));
            self.store_in_dict(globals, key, file);
        }
        for (name, value) in core::mem::take(&mut self.options.inputs) {
            match self.import_value(&value, 0) {
                Ok(value) => {
                    let name = self.intern(&name);
                    self.store_in_dict(globals, name, value.slot());
                }
                Err(_) => return Step::Limit(Limit::Memory),
            }
        }
        self.push_main(id, globals);
        if !self.started {
            if let Err(step) = self.push_hidden_module() {
                return step;
            }
        }
        self.go()
    }

    /// Instructions spent so far, in units of fuel.
    pub fn instructions(&self) -> u64 {
        // Fuel beyond the fence of an open attempt is not spent either.
        let beyond = self.attempts.iter().fold(0i64, |sum, attempt| sum.saturating_add(attempt.rest));
        self.limits.instructions.saturating_sub(self.fuel_left().max(0).saturating_add(beyond) as u64)
    }

    /// From now on, stop with [`Step::Paused`] about every so many instructions, so that the host can look at its
    /// clock and show output. Pauses change nothing: not the program, its asks or its count of instructions.
    ///
    /// At a pause, a run of the same program that is limited to one instruction less than [`Machine::instructions`]
    /// says ends exactly here.
    pub fn pause_every(&mut self, instructions: u64) {
        self.slice = i64::try_from(instructions).unwrap_or(i64::MAX);
        self.set_fuel(self.fuel_left());
    }

    /// The ask that the program stands still for; none while bets are open or nothing is asked.
    pub fn waits_for(&self) -> Option<u64> {
        self.asks.waiting.map(|(id, _)| id)
    }

    /// After [`Step::Paused`]: run until there is something to say.
    pub fn go_on(&mut self) -> Step {
        self.go()
    }

    /// Fuel left before the limit of instructions is reached.
    pub(crate) fn fuel_left(&self) -> i64 {
        self.fuel.saturating_add(self.reserve)
    }

    pub(crate) fn set_fuel(&mut self, left: i64) {
        self.fuel = if self.slice > 0 { left.min(self.slice) } else { left };
        self.reserve = left - self.fuel;
    }

    /// Fuel is negative where no pause can be taken: take what is needed from beyond the pause, which is due then.
    /// False when the limit is reached.
    #[cold]
    pub(crate) fn overdraw(&mut self) -> bool {
        let left = self.fuel_left();
        if left >= 0 {
            (self.fuel, self.reserve) = (0, left);
        }
        left >= 0
    }

    /// Output that is settled, in order; it is handed out once.
    pub fn take_output(&mut self) -> Vec<(Stream, String)> {
        if self.asks.has_bets() || !self.attempts.is_empty() { Vec::new() } else { core::mem::take(&mut self.output) }
    }

    /// How the library's forms of holes behave; an image does not say it.
    pub fn set_settings(&mut self, settings: BTreeMap<String, String>) {
        self.options.settings = settings;
    }

    /// What forms of holes told, in order; it is handed out once.
    pub fn take_notes(&mut self) -> Vec<(String, emulant_ask::Value)> {
        core::mem::take(&mut self.notes)
    }

    // ---- strings

    /// The one string object with this text.
    pub fn intern(&mut self, text: &str) -> Handle {
        let hash = crate::hash::of_text(text);
        if let Some(handle) = self.interned.find(&self.heap, hash, text) {
            return handle;
        }
        let handle = self.heap.add_string(text.into());
        let string = self.heap.strings.get_mut(handle);
        string.hash.set(hash);
        string.sealed = true;
        self.interned.insert(&self.heap, hash, handle);
        handle
    }

    /// The interned string with this text, if there is one.
    pub(crate) fn find_interned(&self, text: &str) -> Option<Handle> {
        self.interned.find(&self.heap, crate::hash::of_text(text), text)
    }

    /// As a slot.
    pub fn intern_value(&mut self, text: &str) -> Slot {
        let handle = self.intern(text);
        Slot::object(Kind::Str, handle)
    }

    /// The interned string equal to this one, if there is one (attribute names from data).
    pub fn intern_handle(&mut self, handle: Handle) -> Handle {
        let text = String::from(self.heap.text(handle));
        self.intern(&text)
    }

    /// A new string value. Refuses what would exceed the memory limit.
    pub fn new_str(&mut self, text: impl Into<String>) -> Result<Value, Trap> {
        let text = text.into();
        if let [byte] = text.as_bytes() {
            if byte.is_ascii() {
                return Ok(Value::object(Kind::Str, self.ascii[*byte as usize]));
            }
        }
        self.charge(text.len() as u64)?;
        Ok(Value::object(Kind::Str, self.heap.add_string(text)))
    }

    /// The text of a string value (also of an instance of a class derived from `str`).
    pub fn text_of(&self, value: Slot) -> Option<&str> {
        let value = self.payload(value);
        (value.kind == Kind::Str).then(|| self.heap.text(value.handle()))
    }

    /// The built-in value inside an instance of a class derived from a built-in one; any other value as it is.
    #[inline]
    pub fn payload(&self, value: Slot) -> Slot {
        if value.kind != Kind::Instance {
            return value;
        }
        let payload = self.heap.dicts.get(value.handle()).payload;
        if payload.is_unbound() || payload.kind == Kind::Exception { value } else { payload.with_label(value.label) }
    }

    // ---- new objects; each charges its size first

    /// Refuse now what would not fit: `bytes` more than are charged already.
    #[inline]
    pub fn charge(&mut self, bytes: u64) -> Result<(), Trap> {
        if bytes >= COPIED_BYTES {
            // Whoever makes something large also fills it.
            if !without::FUEL {
                self.fuel = self.fuel.saturating_sub_unsigned(bytes / 8);
            }
        }
        self.fits(bytes)
    }

    /// Refuse what would not fit, for room that is not filled now: how much of it an object has beside its items is
    /// not part of the state, and costs no fuel.
    #[inline]
    pub fn fits(&mut self, bytes: u64) -> Result<(), Trap> {
        if self.heap.bytes.saturating_add(bytes) > self.limits.memory_bytes {
            if bytes > ADDRESSES_MAX {
                return Err(self.raise_with(Type::MemoryError, &[]));
            }
            return Err(Trap::Memory);
        }
        Ok(())
    }

    /// Most decimal digits of an int that becomes text or is read from it; `sys` keeps what a program set.
    pub(crate) fn int_digits_max(&mut self) -> usize {
        let (sys, key) = (self.intern("sys"), self.intern("_int_digits_max"));
        let module = self.lookup_in_dict(self.modules, sys).filter(|found| found.kind == Kind::Module);
        let set = module.and_then(|module| self.lookup_in_dict(self.heap.modules.get(module.handle()).dict, key));
        match set.filter(|set| set.kind == Kind::Int).map(|set| set.as_int()) {
            Some(0) => usize::MAX >> 4,
            Some(most) => most.max(640) as usize,
            None => crate::kernel::int::DECIMAL_DIGITS_MAX,
        }
    }

    /// Charge `units` of fuel for work inside a native (about a nanosecond each).
    #[inline]
    pub fn spend(&mut self, units: u64) -> Result<(), Trap> {
        if !without::FUEL {
            self.fuel = self.fuel.saturating_sub_unsigned(units);
        }
        if self.fuel < 0 && !self.overdraw() { Err(Trap::Limit(Limit::Instructions)) } else { Ok(()) }
    }

    /// A list.
    pub fn new_list(&mut self, items: Vec<Slot>) -> Result<Value, Trap> {
        self.charge(40 + 16 * items.len() as u64)?;
        let bytes = 40 + 16 * items.capacity() as u64;
        self.fits(bytes)?;
        self.heap.bytes += bytes;
        Ok(Value::object(Kind::List, self.heap.lists.add(items)))
    }

    /// A tuple.
    pub fn new_tuple(&mut self, items: impl Into<crate::tuple::TupleObject>) -> Result<Value, Trap> {
        let items = items.into();
        self.charge(40 + 16 * items.len() as u64)?;
        self.heap.bytes += 40 + 16 * items.len() as u64;
        Ok(Value::object(Kind::Tuple, self.heap.tuples.add(items)))
    }

    /// A dict.
    pub fn new_dict(&mut self, dict: crate::dict::DictObject) -> Result<Value, Trap> {
        self.charge(112 + dict.filled())?;
        self.heap.bytes += 112 + dict.bytes();
        Ok(Value::object(Kind::Dict, self.heap.dicts.add(dict)))
    }

    /// A set (`Kind::Set`) or frozen set.
    pub fn new_set(&mut self, kind: Kind, set: crate::set::SetTable) -> Result<Value, Trap> {
        self.charge(64 + set.bytes())?;
        self.heap.bytes += 64 + set.bytes();
        Ok(Value::object(kind, self.heap.sets.add(set)))
    }

    /// An int, small or big.
    pub fn new_int(&mut self, value: BigInt) -> Result<Value, Trap> {
        if let Some(small) = value.to_i64() {
            return Ok(Value::int(small));
        }
        let bytes = 48 + value.bits() / 8;
        self.charge(bytes)?;
        self.heap.bytes += bytes;
        Ok(Value::object(Kind::Big, self.heap.bigs.add(value)))
    }

    /// A byte string.
    pub fn new_bytes(&mut self, bytes: Vec<u8>) -> Result<Value, Trap> {
        self.charge(40 + bytes.len() as u64)?;
        self.heap.bytes += 40 + bytes.len() as u64;
        Ok(Value::object(Kind::Bytes, self.heap.bytes_objects.add(bytes)))
    }

    /// A complex number.
    pub fn new_complex(&mut self, real: f64, imag: f64) -> Value {
        self.heap.bytes += 32;
        Value::object(Kind::Complex, self.heap.complexes.add((real, imag)))
    }

    /// A bound method.
    pub fn new_method(&mut self, function: Slot, this: Slot) -> Value {
        self.heap.bytes += 48;
        Value::object(Kind::Method, self.heap.methods.add((function, this)))
    }

    /// A native iterator.
    pub fn new_iter(&mut self, iter: crate::heap::IterObject) -> Value {
        self.heap.bytes += 64;
        Value::object(Kind::Iter, self.heap.iters.add(iter))
    }

    /// An object of a native module.
    pub fn new_native(&mut self, object: crate::native::NativeObject) -> Result<Value, Trap> {
        self.charge(object.bytes())?;
        self.heap.bytes += object.bytes();
        Ok(Value::object(Kind::Native2, self.heap.natives.add(object)))
    }

    /// An instance of a class, without `__init__`. `payload` is the built-in value that it extends, or unbound.
    pub fn new_instance(&mut self, class: Handle, payload: Slot) -> Value {
        self.heap.bytes += 112;
        let dict = self.heap.dicts.add(crate::dict::DictObject { payload, ..Default::default() });
        Value::instance(class, dict)
    }

    /// A new module in `sys.modules`; returns its dict.
    pub fn new_module(&mut self, name: Handle) -> Handle {
        let dict = self.heap.dicts.add(Default::default());
        let module = self.heap.modules.add(ModuleObject { name, dict });
        let modules = self.modules;
        self.store_in_dict(modules, name, Slot::object(Kind::Module, module));
        let (name_key, doc_key) = (self.names.name, self.names.doc);
        self.store_in_dict(dict, name_key, Slot::object(Kind::Str, name));
        self.store_in_dict(dict, doc_key, Slot::NONE);
        dict
    }

    // ---- loading code

    /// Load code and its children; the same machine may load many.
    pub fn load(&mut self, code: Arc<Code>, hidden: bool) -> u32 {
        self.sources.push(CodeSource { start: self.codes.len() as u32, library: None, digest: Default::default() });
        self.load_tree(code, hidden)
    }

    /// Load the code of a module of the library, unless it is shared.
    pub(crate) fn load_library(&mut self, name: &str, code: Arc<Code>) -> u32 {
        if let Some(id) = self.shared_code(name) {
            return id;
        }
        self.sources.push(CodeSource { start: self.codes.len() as u32, library: Some(name.into()), digest: Default::default() });
        let hidden = !self.library.is_program(name);
        self.load_tree(code, hidden)
    }

    /// The code of a module of the library, among what is shared.
    fn shared_code(&self, name: &str) -> Option<u32> {
        let first = self.codes.first() as u32;
        let shared = &self.sources[..self.sources.partition_point(|source| source.start < first)];
        let place = shared.iter().position(|source| source.library.as_deref() == Some(name))?;
        Some(shared.get(place + 1).map_or(first, |next| next.start) - 1)
    }

    fn load_tree(&mut self, code: Arc<Code>, hidden: bool) -> u32 {
        let children = code.children.iter().map(|child| self.load_tree(child.clone(), hidden)).collect();
        let consts = code.consts.iter().map(|c| self.constant(c)).collect();
        let sites: Vec<Handle> = code.sites.iter().map(|name| self.intern(name)).collect();
        let doc = code.doc.as_ref().map_or(Slot::NONE, |d| self.intern_value(d));
        let names = [self.intern_value(&code.name), self.intern_value(&code.qualname), doc];
        let cache_base = self.caches.extend(sites.len());
        let p = &code.params;
        let called = !matches!(code.kind, crate::code::CodeKind::Module | crate::code::CodeKind::Class);
        let simple = p.keyword_only == 0 && !p.star && !p.double_star && called;
        let (registers, positional) = (u32::from(code.registers), u32::from(p.positional));
        let (free, locals) = (code.free.len() as u32, code.locals.len() as u32);
        self.texts.push(code.clone());
        self.codes.push(Loaded {
            wide: registers as usize >= crate::run::WINDOW, registers, positional, free, locals, entry_fuel: 4 + registers / 4, names,
            code, consts, sites, children, cache_base, simple, hidden,
        });
        (self.codes.len() - 1) as u32
    }

    fn constant(&mut self, constant: &Const) -> Slot {
        match constant {
            Const::None => Slot::NONE,
            Const::Ellipsis => Slot::new(Kind::Ellipsis, 0),
            Const::Bool(b) => Slot::bool(*b),
            Const::Int(i) => Slot::int(*i),
            Const::Big(digits) => {
                let value = digits.parse::<BigInt>().unwrap_or_default();
                Slot::object(Kind::Big, self.heap.bigs.add(value))
            }
            Const::Float(f) => Slot::float(*f),
            Const::Complex(re, im) => *self.new_complex(*re, *im),
            Const::Str(text) => self.intern_value(text),
            Const::Bytes(bytes) => Slot::object(Kind::Bytes, self.heap.bytes_objects.add(bytes.to_vec())),
            Const::Tuple(items) => {
                let items: Vec<Slot> = items.iter().map(|c| self.constant(c)).collect();
                Slot::object(Kind::Tuple, self.heap.tuples.add(items.into()))
            }
            Const::FrozenSet(items) => {
                let mut set = crate::set::SetTable::default();
                for item in items {
                    let slot = self.constant(item);
                    if let Ok(hash) = self.hash(slot) {
                        if set.find(hash, |other| self.equal_plain(slot, other)).is_none() {
                            set.insert_new(hash, slot);
                        }
                    }
                }
                // CPython makes a constant set a second time, of the members of the first in their order.
                let mut again = crate::set::SetTable::default();
                set.hashed().for_each(|(hash, slot)| again.insert_new(hash, slot));
                Slot::object(Kind::FrozenSet, self.heap.sets.add(again))
            }
        }
    }

    // ---- arguments of natives

    /// Positional argument `index`, forced. Must exist.
    #[inline]
    pub fn arg(&self, args: &Args, index: usize) -> Result<Value, Trap> {
        self.force(self.stack[args.first + index])
    }

    /// As `arg`, or None when it was not given.
    pub fn optional(&self, args: &Args, index: usize) -> Result<Option<Value>, Trap> {
        if index < args.count { self.arg(args, index).map(Some) } else { Ok(None) }
    }

    /// The argument as a slot, pending or not.
    #[inline]
    pub fn arg_slot(&self, args: &Args, index: usize) -> Slot {
        self.stack[args.first + index]
    }

    /// Keyword argument by name.
    pub fn keyword(&self, args: &Args, name: &str) -> Option<Slot> {
        if args.keywords == 0 {
            return None;
        }
        let names = self.heap.tuples.get(args.names.handle());
        let index = names.iter().position(|n| self.heap.text(n.handle()) == name)?;
        Some(self.stack[args.first + args.count + index])
    }

    /// Names of all keyword arguments with their slots.
    pub fn keywords(&self, args: &Args) -> Vec<(String, Slot)> {
        if args.keywords == 0 {
            return Vec::new();
        }
        let names = self.heap.tuples.get(args.names.handle());
        names.iter().enumerate().map(|(i, n)| (self.heap.text(n.handle()).into(), self.stack[args.first + args.count + i])).collect()
    }

    /// Check the number of positional arguments of a method (the receiver not counted) or function and that there
    /// are no keywords. `name` as CPython shows it (`list.append`, `len`).
    pub fn expect(&mut self, args: &Args, name: &str, skip: usize, min: usize, max: usize) -> Result<(), Trap> {
        let given = args.count.saturating_sub(skip);
        if args.keywords == 0 && given >= min && given <= max {
            return Ok(());
        }
        if args.keywords > 0 {
            return Err(self.raise(Type::TypeError, format!("{name}() takes no keyword arguments")));
        }
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let short = name.rsplit('.').next().unwrap_or(name);
        let message = match (min, max) {
            (0, 0) => format!("{name}() takes no arguments ({given} given)"),
            (1, 1) => format!("{name}() takes exactly one argument ({given} given)"),
            _ if min == max => format!("{short} expected {min} argument{}, got {given}", plural(min)),
            _ if given < min => format!("{short} expected at least {min} argument{}, got {given}", plural(min)),
            _ => format!("{short} expected at most {max} argument{}, got {given}", plural(max)),
        };
        Err(self.raise(Type::TypeError, message))
    }

    /// Run a native on values that are not on the stack.
    pub fn call_native_with(&mut self, code: NativeFn, values: &[Slot]) -> Result<Value, Trap> {
        let first = self.scratch_top();
        self.stack.truncate(first.max(self.stack.len()));
        if self.stack.len() < first + values.len() {
            self.stack.resize(first + values.len(), Slot::UNBOUND);
        }
        self.stack[first..first + values.len()].copy_from_slice(values);
        code(self, &Args { first, count: values.len(), keywords: 0, names: Slot::UNBOUND })
    }

    /// First stack place above the current frame's window.
    pub(crate) fn scratch_top(&self) -> usize {
        match self.frames.last() {
            Some(frame) => (frame.base + frame.registers) as usize,
            None => 0,
        }
    }

    // ---- pending slots

    /// The value in a slot: follows a pending one whose answer is known, and stops the instruction otherwise.
    #[inline]
    pub fn force(&self, slot: Slot) -> Result<Value, Trap> {
        match slot.value() {
            Some(value) => Ok(value),
            None => self.force_slow(slot),
        }
    }

    #[cold]
    fn force_slow(&self, slot: Slot) -> Result<Value, Trap> {
        if slot.kind == Kind::Unbound {
            return Ok(Value::NONE);
        }
        self.asks.answered(slot.bits).ok_or(Trap::Pending)
    }

    // ---- errors

    /// A new exception of a built-in class with one message, as a trap.
    pub fn raise(&mut self, class: Type, message: impl Into<String>) -> Trap {
        let text: String = message.into();
        let handle = self.heap.add_string(text);
        self.raise_with(class, &[Slot::object(Kind::Str, handle)])
    }

    /// A new exception with these arguments, as a trap.
    pub fn raise_with(&mut self, class: Type, args: &[Slot]) -> Trap {
        Trap::Raise(self.new_exception(class.handle(), args))
    }

    /// `TypeError` with a message.
    pub fn type_error(&mut self, message: impl Into<String>) -> Trap {
        self.raise(Type::TypeError, message)
    }

    /// `ValueError` with a message.
    pub fn value_error(&mut self, message: impl Into<String>) -> Trap {
        self.raise(Type::ValueError, message)
    }

    /// An instance of an exception class with these arguments.
    pub fn new_exception(&mut self, class: Handle, args: &[Slot]) -> Value {
        self.heap.bytes += 200 + 16 * args.len() as u64;
        let args = Slot::object(Kind::Tuple, self.heap.tuples.add(args.into()));
        let state = self.heap.exceptions.add(crate::heap::ExceptionObject { args, ..Default::default() });
        self.new_instance(class, Slot::object(Kind::Exception, state))
    }

    /// State of an exception instance.
    pub fn exception_state(&self, exception: Value) -> Handle {
        self.heap.dicts.get(exception.handle()).payload.handle()
    }

    /// Write to standard output or error; held back while bets are open.
    pub fn write(&mut self, stream: Stream, text: String) -> Result<(), Trap> {
        self.output_bytes = self.output_bytes.saturating_add(text.len() as u64);
        if self.output_bytes > self.limits.output_bytes {
            return Err(Trap::Limit(Limit::Output));
        }
        match self.output.last_mut() {
            Some((last, buffer)) if *last == stream && buffer.len() < 1 << 16 => buffer.push_str(&text),
            _ => self.output.push((stream, text)),
        }
        Ok(())
    }

    /// The number that `id()` shows for a value: given in the order of asking, so that it is the same in every replay.
    pub fn identity(&mut self, value: Slot) -> u64 {
        let given = &mut self.identities_given;
        *self.identities.entry((value.kind, value.bits)).or_insert_with(|| {
            *given += 1;
            0x7f00_0000_0000 + 16 * *given
        })
    }

    // ---- the machine's own Python

    /// A function of the hidden module `builtins`, by name.
    pub fn hidden(&mut self, name: &str) -> Value {
        let name = self.intern(name);
        match self.lookup_in_dict(self.hidden_globals, name).and_then(Slot::value) {
            Some(function) => function,
            None => Value::NONE,
        }
    }

    /// A trap that calls a function of the hidden module.
    pub fn call_hidden(&mut self, name: &str, args: &[Slot]) -> Trap {
        let callee = self.hidden(name);
        self.call_trap(callee.slot(), args.to_vec(), crate::trap::Adapt::Plain)
    }

    /// All slots that are alive without being referred to by another object.
    pub(crate) fn roots(&self, codes: &Codes) -> Vec<Slot> {
        let mut roots: Vec<Slot> = self.stack.clone();
        for frame in &self.frames {
            frame.references(&mut |s| roots.push(s));
        }
        roots.extend(self.interned.own().map(|h| Slot::object(Kind::Str, h)));
        roots.extend([self.builtins, self.modules, self.hidden_globals].map(|h| Slot::object(Kind::Dict, h)));
        roots.extend((0..self.first_classes).map(|h| Slot::object(Kind::Class, h)));
        for loaded in codes.own() {
            roots.extend(&loaded.consts);
        }
        roots.extend(&self.repr_guard);
        self.asks.references(&mut |s| roots.push(s));
        self.marks.iter().for_each(|moment| moment.references(&mut |s| roots.push(s)));
        roots
    }

    /// Free what cannot be reached; decides when to do it next.
    pub(crate) fn collect(&mut self, codes: &Codes) {
        // A callee may reach less far than its caller, whose registers stay as they are: they are state.
        let top = self.frames.iter().map(|f| (f.base + f.registers) as usize).max().unwrap_or(0);
        for slot in self.stack.iter_mut().skip(top) {
            *slot = Slot::UNBOUND;
        }
        let roots = self.roots(codes);
        self.heap.collect(roots);
        self.caches.forget();
        self.constructs.clear();
        // The place of an object that is gone may be taken by another, which is another object to the program.
        let heap = &self.heap;
        self.identities.retain(|(kind, bits), _| heap.is_live(Slot::new(*kind, *bits)));
        if let Some(flow) = &mut self.flow {
            flow.forget_dead(|slot| heap.is_live(slot));
        }
        let (bytes, limit) = (self.heap.bytes, self.limits.memory_bytes);
        self.tight += u32::from(bytes > limit - limit / 4);
        // Garbage counts as memory too: it goes before the heap is larger than the limit.
        self.collect_due = (2 * bytes).max(bytes + COLLECT_FIRST).min(limit.max(bytes + (1 << 20)));
        self.pause_next();
    }

    fn pause_next(&mut self) {
        self.collect_at = self.collect_due.min(self.heap.bytes + (self.limits.memory_bytes / GROWTH_PARTS).max(1 << 20));
    }

    /// It is time to collect, or to see whether what grows next still fits. False: the limit of memory is reached.
    pub(crate) fn make_room(&mut self, codes: &Codes) -> bool {
        if self.heap.bytes >= self.collect_due {
            self.collect(codes);
        } else {
            self.pause_next();
        }
        let limit = self.limits.memory_bytes;
        self.heap.bytes.saturating_add(self.heap.growing(limit / GROWTH_PARTS)) <= limit && self.tight <= TIGHT_MAX
    }
}
