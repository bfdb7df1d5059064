//! Code: what the compiler hands to the machine. A register machine's
//! instructions, eight bytes each, and the tables around them.
//!
//! Every frame has a window of `registers` slots. Registers `0..locals.len()`
//! are the named locals, parameters first; the rest are temporaries. A register
//! may be *unbound* (a local before its assignment). Calls use consecutive
//! registers, so that the caller's arguments become the callee's first
//! registers without a copy.
//!
//! One table, [`op_table`], declares every instruction; the enum, its names and
//! the disassembler follow from it.

use crate::stored::Stored;
use alloc::{boxed::Box, format, string::String, sync::Arc, vec::Vec};
use emulant_ask::{HoleKind, Shape, Value, Wish};

/// A register of the current frame.
pub type Reg = u16;
/// Stands for "no register" where an operand is optional.
pub const NO_REG: Reg = u16::MAX;

/// Is this field the register that an instruction writes?
macro_rules! written {
    (dst, $value:expr) => { return Some(u16::from($value)) };
    ($other:ident, $value:expr) => { let _ = $value; };
}

/// Is this field a register whose content decides what an instruction does or gives?
macro_rules! read_fields {
    (a, $value:expr, $each:expr) => { $each($value) };
    (b, $value:expr, $each:expr) => { $each($value) };
    (src, $value:expr, $each:expr) => { $each($value) };
    (obj, $value:expr, $each:expr) => { $each($value) };
    (key, $value:expr, $each:expr) => { $each($value) };
    (iter, $value:expr, $each:expr) => { $each($value) };
    ($other:ident, $value:expr, $each:expr) => { let _ = $value; };
}

macro_rules! op_table {
    ($( $(#[$doc:meta])* $name:ident { $($field:ident : $type:ty),* } )*) => {
        /// One instruction. Branches name absolute instruction indexes.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[allow(missing_docs)]
        pub enum Op { $( $(#[$doc])* $name { $($field: $type),* } ),* }

        impl Op {
            /// The register that it writes, if it writes one.
            #[allow(unused_variables, unreachable_code, clippy::needless_return)]
            pub fn written(&self) -> Option<Reg> {
                match *self {
                    $( Op::$name { $($field),* } => { $( written!($field, $field); )* None } )*
                }
            }

            /// Calls `each` with every register whose content decides what it does or gives (arguments
            /// of calls stand behind the callee and are not among them).
            #[allow(unused_variables)]
            pub fn reads(&self, each: &mut dyn FnMut(Reg)) {
                match *self {
                    $( Op::$name { $($field),* } => { $( read_fields!($field, $field, each); )* } )*
                }
            }

            /// The instruction's name and operands, for listings.
            pub fn listing(&self) -> String {
                match self {
                    $( Op::$name { $($field),* } => {
                        #[allow(unused_mut)]
                        let mut text = String::from(stringify!($name));
                        $( text.push_str(&format!(" {}={:?}", stringify!($field), $field)); )*
                        text
                    } )*
                }
            }
        }

        /// Numbers of the instructions where they are stored, in the order of the table.
        #[allow(non_upper_case_globals, missing_docs)]
        mod numbers {
            #[repr(u8)]
            enum Number { $($name),* }
            $( pub(super) const $name: u8 = Number::$name as u8; )*
        }

        impl Stored for Op {
            fn put(&self, out: &mut Vec<u8>) {
                match self {
                    $( Op::$name { $($field),* } => {
                        out.push(numbers::$name);
                        $( $field.put(out); )*
                    } )*
                }
            }

            fn take(from: &mut &[u8]) -> Option<Op> {
                let (number, rest) = from.split_first()?;
                *from = rest;
                Some(match *number {
                    $( numbers::$name => Op::$name { $($field: Stored::take(from)?),* }, )*
                    _ => return None,
                })
            }
        }
    };
}

op_table! {
    // ---- constants and moves
    /// `dst = consts[index]`
    LoadConst { dst: Reg, index: u32 }
    /// `dst = value`, an int
    LoadInt { dst: Reg, value: i32 }
    /// `dst = None`
    LoadNone { dst: Reg }
    /// `dst = True` or `False`
    LoadBool { value: bool, dst: Reg }
    /// Copy, also of a pending or unbound slot.
    Move { dst: Reg, src: Reg }
    /// Raise UnboundLocalError for the local `src` (its name is `locals[src]`) when it is unbound.
    CheckBound { src: Reg }
    /// Make `dst` unbound (`del x`, the end of `except … as x`).
    Unbind { dst: Reg }

    // ---- names
    /// Put the value of `reg` (or unbound) into a new cell, and the cell into `reg`.
    MakeCell { reg: Reg }
    /// `dst = ` content of the cell in register `cell`; NameError or UnboundLocalError when empty.
    LoadCell { dst: Reg, cell: Reg }
    StoreCell { cell: Reg, src: Reg }
    /// Empty the cell; raises when it is empty already.
    DeleteCell { cell: Reg }
    /// Empty the cell; never raises.
    ClearCell { cell: Reg }
    /// Global, then builtin. `site` indexes `sites`.
    LoadGlobal { dst: Reg, site: u16 }
    StoreGlobal { src: Reg, site: u16 }
    DeleteGlobal { site: u16 }
    /// In a class body (its namespace is in register 0): namespace, then global, then builtin.
    LoadName { dst: Reg, site: u16 }
    /// In a class body: namespace, then the cell.
    LoadNameOrCell { dst: Reg, cell: Reg, site: u16 }
    StoreName { src: Reg, site: u16 }
    DeleteName { site: u16 }

    // ---- arithmetic; int and float pairs inline, the rest by kind or by user methods
    Add { dst: Reg, a: Reg, b: Reg }
    Sub { dst: Reg, a: Reg, b: Reg }
    Mul { dst: Reg, a: Reg, b: Reg }
    TrueDiv { dst: Reg, a: Reg, b: Reg }
    FloorDiv { dst: Reg, a: Reg, b: Reg }
    Mod { dst: Reg, a: Reg, b: Reg }
    /// `dst = a + imm`. When `negative` the source says `a - n` and `imm` is `-n`; errors name that operator.
    AddImm { negative: bool, dst: Reg, a: Reg, imm: i16 }
    /// As AddImm, for `a += n` and `a -= n`: the in-place method first.
    InPlaceImm { negative: bool, dst: Reg, a: Reg, imm: i16 }
    /// The other operators, see [`BinaryOp`].
    Binary { op: BinaryOp, dst: Reg, a: Reg, b: Reg }
    /// Augmented assignment: the in-place method first. `dst` is usually `a`.
    InPlace { op: BinaryOp, dst: Reg, a: Reg, b: Reg }
    Unary { op: UnaryOp, dst: Reg, a: Reg }
    Not { dst: Reg, a: Reg }
    /// `dst = a <op> b`
    Compare { op: CompareOp, dst: Reg, a: Reg, b: Reg }

    // ---- branches. A Test is always followed by a Jump that is taken when the truth equals
    // `sense`, and skipped otherwise.
    Jump { to: u32 }
    /// A jump backwards: charges fuel for the block it repeats.
    Loop { to: u32 }
    /// Test: truth of `a`.
    Test { sense: bool, a: Reg }
    TestLt { sense: bool, a: Reg, b: Reg }
    TestLe { sense: bool, a: Reg, b: Reg }
    TestGt { sense: bool, a: Reg, b: Reg }
    TestGe { sense: bool, a: Reg, b: Reg }
    TestEq { sense: bool, a: Reg, b: Reg }
    TestNe { sense: bool, a: Reg, b: Reg }
    /// Test: `a <op> imm`, an int.
    TestImm { sense: bool, op: CompareOp, a: Reg, imm: i16 }
    /// Test: `a is b`.
    TestIs { sense: bool, a: Reg, b: Reg }
    /// Test: `a is None`.
    TestNone { sense: bool, a: Reg }
    /// Test: `a in b`.
    TestIn { sense: bool, a: Reg, b: Reg }

    // ---- containers
    BuildList { dst: Reg, first: Reg, count: u16 }
    BuildTuple { dst: Reg, first: Reg, count: u16 }
    BuildSet { dst: Reg, first: Reg, count: u16 }
    /// `count` pairs: key, value, key, value, …
    BuildDict { dst: Reg, first: Reg, count: u16 }
    /// Concatenate strings (the parts of an f-string).
    BuildString { dst: Reg, first: Reg, count: u16 }
    /// `dst = slice(first, first+1, first+2)`
    BuildSlice { dst: Reg, first: Reg }
    /// Append to a list made by BuildList (displays and comprehensions).
    ListAppend { list: Reg, src: Reg }
    SetAdd { set: Reg, src: Reg }
    /// `dict[key] = value` on a dict made by BuildDict.
    DictSet { dict: Reg, key: Reg, value: Reg }
    /// `list.extend(src)` for `[*src]`; the error names the value after `*`.
    ListExtend { list: Reg, src: Reg }
    SetUpdate { set: Reg, src: Reg }
    /// `{**src}`
    DictUpdate { dict: Reg, src: Reg }
    /// `f(**src)`: as DictUpdate, but a repeated key is a TypeError that names the function in `func`.
    DictMerge { dict: Reg, src: Reg, func: Reg }
    ListToTuple { dst: Reg, src: Reg }
    GetItem { dst: Reg, obj: Reg, key: Reg }
    SetItem { obj: Reg, key: Reg, src: Reg }
    DelItem { obj: Reg, key: Reg }
    /// Exactly `count` values into `first..`.
    Unpack { src: Reg, first: Reg, count: u16 }
    /// `before` values, then a list, then `after` values, into `first..`.
    UnpackStar { before: u8, src: Reg, first: Reg, after: u16 }

    // ---- attributes
    LoadAttr { dst: Reg, obj: Reg, site: u16 }
    StoreAttr { obj: Reg, src: Reg, site: u16 }
    DeleteAttr { obj: Reg, site: u16 }
    /// For a call `obj.name(…)`: `dst` = the function and `dst+1` = `obj` when it is a method found
    /// on the class; else `dst` = the attribute and `dst+1` = unbound.
    LoadMethod { dst: Reg, obj: Reg, site: u16 }

    // ---- calls. Arguments stand in consecutive registers.
    /// `dst = func(func+1 … func+count)`
    Call { dst: Reg, func: Reg, count: u16 }
    /// After LoadMethod: `dst = func(func+1?, func+2 … func+1+count)`
    CallMethod { dst: Reg, func: Reg, count: u16 }
    /// As Call (`method` false) or CallMethod (true); the last arguments are keywords, whose names are
    /// the constant tuple of the Names instruction that follows. `count` counts both.
    CallKw { method: bool, dst: Reg, func: Reg, count: u16 }
    /// Operand of CallKw: index of a constant tuple of strings.
    Names { index: u32 }
    /// `dst = func(*func+1, **func+2)`: a list or tuple, and a dict or unbound.
    CallEx { dst: Reg, func: Reg }
    /// `dst` = a function of `children[child]`; `first` … `first+3`: tuple of defaults, dict of keyword
    /// defaults, tuple of cells (its order is the child's `free`), dict of annotations; each may be unbound.
    MakeFunction { dst: Reg, first: Reg, child: u16 }
    /// `dst` = the function `__build_class__(body, name, *bases, **keywords)`. A body whose methods
    /// use `__class__` stores that cell as `__classcell__` in its namespace and returns it, else None.
    LoadBuildClass { dst: Reg }
    Return { src: Reg }

    // ---- iteration
    /// For a `for` statement: prepare iteration over `src` in the registers `dst` and `dst+1`.
    GetIter { dst: Reg, src: Reg }
    /// Next item of the iteration in `iter` (and `iter+1`) into `dst`, and skip the Jump that follows;
    /// at the end the Jump is taken.
    ForIter { iter: Reg, dst: Reg }
    /// `dst = iter(src)` as an object, for generator expressions' arguments.
    GetIterObject { dst: Reg, src: Reg }

    // ---- generators
    /// First instruction of a generator, coroutine or async generator: hand the suspended frame to the caller.
    StartGenerator {}
    /// Yield `src`; `dst` = what is sent.
    Yield { dst: Reg, src: Reg }
    /// `dst = iter(src)` for `yield from`; a generator or coroutine stays itself.
    GetYieldFromIter { dst: Reg, src: Reg }
    /// Delegate to the iterator in `iter` until it ends; `dst` = its result.
    YieldFrom { dst: Reg, iter: Reg }
    /// `dst` = what `await src` delegates to.
    GetAwaitable { dst: Reg, src: Reg }
    GetAIter { dst: Reg, src: Reg }
    /// `dst` = awaitable of `src.__anext__()`.
    GetANext { dst: Reg, src: Reg }
    /// In an async generator: yield `src` to the consumer.
    YieldAsync { dst: Reg, src: Reg }

    // ---- exceptions; see `handlers`
    /// `save` = the exception being handled; handle `exc` from here on.
    PushHandled { save: Reg, exc: Reg }
    /// The exception being handled is `save` again.
    PopHandled { save: Reg }
    /// `raise exc`, or `raise exc from cause` when `cause` is not NO_REG.
    Raise { exc: Reg, cause: Reg }
    /// `raise` without operands.
    RaiseAgain {}
    /// Continue with an exception that a handler did not take (end of `finally`, no clause matched).
    Reraise { exc: Reg }
    /// `dst` = does the exception `exc` match `class` (a class or tuple of classes)?
    MatchException { dst: Reg, exc: Reg, class: Reg }
    /// `except*`: split `exc` by `class`: `dst` = the matching group or None, `dst+1` = the rest or None.
    SplitGroup { dst: Reg, exc: Reg, class: Reg }
    /// `except*`: `dst` = the exception to raise from the list of leftovers in `list`, or None.
    JoinGroup { dst: Reg, exc: Reg, list: Reg }
    /// `dst` = bound `__exit__` and `dst+1` = bound `__enter__` of the context manager `src`.
    LoadContext { dst: Reg, src: Reg }
    /// As LoadContext with `__aexit__` and `__aenter__`.
    LoadAsyncContext { dst: Reg, src: Reg }
    /// `dst`, `dst+1`, `dst+2` = type, value and traceback of the exception `exc`.
    LoadExcInfo { dst: Reg, exc: Reg }
    /// `dst = AssertionError`, whatever that name means in the program.
    LoadAssertionError { dst: Reg }
    /// `dst = StopAsyncIteration`, which ends an `async for`.
    LoadStopAsyncIteration { dst: Reg }

    // ---- match
    /// `dst` = can `src` be matched by a sequence pattern?
    MatchSequence { dst: Reg, src: Reg }
    MatchMapping { dst: Reg, src: Reg }
    /// `dst = len(src)`
    Len { dst: Reg, src: Reg }
    /// `dst` = tuple of the values under the tuple of keys in `keys`, or None when one is missing.
    MatchKeys { dst: Reg, src: Reg, keys: Reg }
    /// `dst` = tuple of the attributes, or None when `src` is no instance. `args`: the class;
    /// `args+1`: tuple of keyword names; `args+2`: the number of positional patterns, an int.
    MatchClass { dst: Reg, src: Reg, args: Reg }

    // ---- modules
    /// `dst` = the module for `import`. `args`: name (str); `args+1`: tuple of names after `from`, or None;
    /// `args+2`: level, an int. As CPython's IMPORT_NAME.
    Import { dst: Reg, args: Reg }
    ImportFrom { dst: Reg, module: Reg, site: u16 }
    ImportStar { module: Reg }

    // ---- strings
    /// `dst = format(convert(src), spec)`; `spec` may be NO_REG.
    Format { convert: Convert, dst: Reg, src: Reg, spec: Reg }

    // ---- asks
    /// `dst` = the answer to `holes[hole]` with the arguments in `first…` (as many as the hole's parameters).
    Ask { dst: Reg, first: Reg, hole: u16 }
    /// Nothing (an unreachable place holder).
    Nop {}
}

const _: () = assert!(core::mem::size_of::<Op>() == 8);

/// Binary operators, also as augmented assignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum BinaryOp { Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, MatMul, And, Or, Xor, Shl, Shr }

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum UnaryOp { Neg, Pos, Invert }

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum CompareOp { Lt, Le, Gt, Ge, Eq, Ne, Is, IsNot, In, NotIn }

/// Conversion of a formatted value: none, `!s`, `!r`, `!a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Convert { None, Str, Repr, Ascii }

/// A constant.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Const {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// Decimal digits, possibly with a sign, of an int beyond 64 bits.
    Big(Box<str>),
    Float(f64),
    Complex(f64, f64),
    Str(Box<str>),
    Bytes(Box<[u8]>),
    Tuple(Vec<Const>),
    FrozenSet(Vec<Const>),
}

/// What a code object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CodeKind { Module, Class, Function, Generator, Coroutine, AsyncGenerator }

/// Place in the source of one instruction, for tracebacks and traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// First line, from 1; 0 when the instruction belongs to no line (a trace and a traceback
    /// stay at the line before).
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column, in code points from 0.
    pub col: u32,
    /// Column after the end.
    pub end_col: u32,
}

/// Instructions `start..end` are guarded: an exception there goes into register
/// `exc`, and the frame goes on at `target`. Inner handlers stand before outer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Handler { pub start: u32, pub end: u32, pub target: u32, pub exc: Reg }

/// The parameters of a function; their registers are `0..`, in the order
/// positional, keyword-only, `*args`, `**kwargs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Params {
    /// How many are positional-only.
    pub positional_only: u16,
    /// How many are positional, with the positional-only ones.
    pub positional: u16,
    /// How many are keyword-only.
    pub keyword_only: u16,
    /// Is there `*args`?
    pub star: bool,
    /// Is there `**kwargs`?
    pub double_star: bool,
}

impl Params {
    /// Number of parameter registers.
    pub fn count(&self) -> usize {
        usize::from(self.positional + self.keyword_only) + usize::from(self.star) + usize::from(self.double_star)
    }
}

/// A hole as the compiler found it; the machine adds the arguments.
#[derive(Clone, PartialEq)]
pub struct HoleSpec {
    /// Its dress.
    pub kind: HoleKind,
    /// Function name, or empty.
    pub name: Box<str>,
    /// Signature as written, or empty.
    pub signature: Box<str>,
    /// Docstring; for an expression the question is the only argument, named `question`.
    pub instruction: Box<str>,
    /// Parameter names, one an argument register.
    pub parameters: Vec<Box<str>>,
    /// Type of the answer.
    pub shape: Shape,
    /// Solved examples: arguments by name, and the answer.
    pub examples: Vec<(Vec<(String, Value)>, Value)>,
    /// How it wishes to be answered.
    pub wish: Wish,
    /// Source around the hole.
    pub context: Box<str>,
    /// May the call yield a pending value? (Pure holes whose answer needs no class of the program.)
    pub lazy: bool,
    /// Line of the hole.
    pub line: u32,
}

// By hand: the digest of code is made of this, and code without examples and wishes keeps the digest that stored images name.
impl core::fmt::Debug for HoleSpec {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut shown = f.debug_struct("HoleSpec");
        shown.field("kind", &self.kind).field("name", &self.name).field("signature", &self.signature);
        shown.field("instruction", &self.instruction).field("parameters", &self.parameters).field("shape", &self.shape);
        if !self.examples.is_empty() {
            shown.field("examples", &self.examples);
        }
        if !self.wish.is_empty() {
            shown.field("wish", &self.wish);
        }
        shown.field("context", &self.context).field("lazy", &self.lazy).field("line", &self.line).finish()
    }
}

/// Compiled text: a module, class body or function. Immutable and shared.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Code {
    pub kind: CodeKind,
    pub name: Box<str>,
    pub qualname: Box<str>,
    pub file: Arc<str>,
    pub first_line: u32,
    pub params: Params,
    /// Names of the registers `0..locals.len()`: parameters, then other locals (cells included),
    /// then free variables. Hidden ones start with a dot: `.0` is the iterator of a generator
    /// expression, `.namespace` register 0 of a class body, `.x` the variable `x` of an inlined
    /// comprehension (errors say `x`).
    pub locals: Vec<Box<str>>,
    /// Registers among `locals` that hold cells from the prologue on (MakeCell is emitted for each).
    pub cells: Vec<Reg>,
    /// Free variables by name: their registers are the last `free.len()` of `locals`; the machine
    /// fills them from the function's closure on entry.
    pub free: Vec<Box<str>>,
    /// Size of the register window.
    pub registers: u16,
    pub ops: Vec<Op>,
    /// One for each instruction.
    pub spans: Vec<Span>,
    pub consts: Vec<Const>,
    /// Name of each attribute, global or name site; each site has a cache in the machine.
    pub sites: Vec<Box<str>>,
    pub handlers: Vec<Handler>,
    pub holes: Vec<HoleSpec>,
    pub children: Vec<Arc<Code>>,
    pub doc: Option<Box<str>>,
    /// Does a name that is missing stand for an opaque value?
    pub partial: bool,
    /// The whole text of the file, for tracebacks (shared by all children).
    pub source: Arc<str>,
}

impl Code {
    /// A listing of the code and its children, for people and golden tests.
    pub fn listing(&self) -> String {
        let mut text = format!("{} {:?} registers={} locals={:?}\n", self.qualname, self.kind, self.registers, self.locals);
        for (index, op) in self.ops.iter().enumerate() {
            text.push_str(&format!("{:>5} {:>4}  {}\n", self.spans[index].line, index, op.listing()));
        }
        for handler in &self.handlers {
            text.push_str(&format!("      handler {}..{} -> {} r{}\n", handler.start, handler.end, handler.target, handler.exc));
        }
        for child in &self.children {
            text.push('\n');
            text.push_str(&child.listing());
        }
        text
    }
}
