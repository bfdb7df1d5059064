//! The run loop: one instruction after the other, until the program is done,
//! asks, or a budget runs out.
//!
//! The loop does the frequent cases on the spot: operands of the expected kinds and without labels, look-ups that a
//! cache knows, plain calls and returns. Everything else is [`Machine::step`], which does the same instruction in
//! full; an arm here that does not `continue` falls through to it. So an arm may do less than its instruction means,
//! never something else.
//!
//! Two things make it quick. Registers are a window of [`WINDOW`] slots, borrowed once for an instruction, so that an
//! operand needs no bounds check of its own (code with more registers runs by `step` alone). And operands are looked
//! at in place: kind and label together are one word, one compare.
//!
//! While the loop runs, `self.codes` is taken out and lent to it, so that the current code needs no reference count.

use crate::class::{shadow_bit, Found, Type};
use crate::code::{BinaryOp, CompareOp, Op, UnaryOp};
use crate::frame::{Frame, Then, NO_GENERATOR};
use crate::heap::{DescriptorObject, IterObject};
use crate::machine::{Codes, Loaded, Machine, Step};
use crate::native::Args;
use crate::trap::{Adapt, Trap};
use crate::value::{head, Handle, Kind, Slot};
use crate::labelled::on_integers;
use crate::without;
use alloc::string::String;
use emulant_ask::Limit;

/// Why the loop stopped.
pub(crate) enum Exit {
    /// For good or for an answer.
    Step(Step),
    /// A module of the library has to be loaded before the instruction can run.
    Load(String),
}

/// Where to go on after one instruction.
pub(crate) enum Go {
    /// In the same frame, at this instruction.
    To(u32),
    /// Wherever the top frame now stands.
    Reload,
    /// Nowhere: `Machine::exit` says why.
    Exit,
}

/// Registers that the loop can reach; the stack always has as many above the base of the top frame.
pub(crate) const WINDOW: usize = 256;

/// A register in the window.
#[inline(always)]
const fn r(register: u16) -> usize {
    register as u8 as usize
}

const INT: u64 = head(Kind::Int);
const FLOAT: u64 = head(Kind::Float);
const BOOL: u64 = head(Kind::Bool);
const STR: u64 = head(Kind::Str);
const LIST: u64 = head(Kind::List);
const TUPLE: u64 = head(Kind::Tuple);
const DICT: u64 = head(Kind::Dict);
const INSTANCE: u64 = head(Kind::Instance);
const ITER: u64 = head(Kind::Iter);
const MODULE: u64 = head(Kind::Module);
const GENERATOR: u64 = head(Kind::Generator);
const DESCRIPTOR: u64 = head(Kind::Descriptor);

/// Two numbers as floats, when one of them is a float and the other a float or an int, both without labels.
#[inline(always)]
fn as_floats(x: &Slot, y: &Slot) -> Option<(f64, f64)> {
    match (x.head(), y.head()) {
        (FLOAT, FLOAT) => Some((x.as_float(), y.as_float())),
        (FLOAT, INT) => Some((x.as_float(), y.as_int() as f64)),
        (INT, FLOAT) => Some((x.as_int() as f64, y.as_float())),
        _ => None,
    }
}

impl Machine {
    /// Run until there is something to say.
    pub(crate) fn go(&mut self) -> Step {
        loop {
            let codes = core::mem::take(&mut self.codes);
            let observed = self.trace.is_some() || self.flow.is_some();
            let exit = if observed { self.run::<true>(&codes) } else { self.run::<false>(&codes) };
            self.codes = codes;
            match exit {
                Exit::Step(step) => match self.undo_spent(step) {
                    Some(step) => return step,
                    None => continue,
                },
                Exit::Load(name) => {
                    if let Err(step) = self.load_module(&name) {
                        return step;
                    }
                }
            }
        }
    }

    /// Why the loop stops, after `Go::Exit`.
    #[cold]
    fn left(&mut self) -> Exit {
        match self.exit.take() {
            Some(exit) => exit,
            None => Exit::Step(self.finish()),
        }
    }

    /// Make room for a window above `base`.
    #[cold]
    fn widen(&mut self, base: usize) {
        self.stack.resize((base + WINDOW).max(self.stack.len()), Slot::UNBOUND);
    }

    /// Run while the top frame has more registers than a window.
    #[cold]
    fn run_wide<const OBSERVED: bool>(&mut self, codes: &Codes) -> Option<Exit> {
        loop {
            let frame = self.frames.last()?;
            let (loaded, base, pc) = (&codes[frame.code as usize], frame.base as usize, frame.pc as usize);
            if !loaded.wide {
                return None;
            }
            if OBSERVED {
                self.trace_step(codes, pc);
                self.flow_step(codes, pc);
            }
            match self.step(codes, loaded, base, pc) {
                Go::To(next) => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.pc = next;
                    }
                }
                Go::Reload => {}
                Go::Exit => return Some(self.left()),
            }
        }
    }

    #[allow(clippy::too_many_lines)] // One arm for each frequent instruction; splitting the loop would hide its shape.
    fn run<const OBSERVED: bool>(&mut self, codes: &Codes) -> Exit {
        let mut loaded: &Loaded;
        let mut ops: &[Op];
        // As wide as it is stored, so that the end of a window needs no check of its own.
        let mut base: u32;
        let mut pc: usize;
        let mut globals: Handle;

        macro_rules! reload {
            () => {{
                loop {
                    let Some(frame) = self.frames.last() else { return Exit::Step(self.finish()) };
                    loaded = &codes[frame.code as usize];
                    ops = &loaded.code.ops;
                    base = frame.base;
                    pc = frame.pc as usize;
                    globals = frame.globals;
                    if !loaded.wide {
                        break;
                    }
                    if let Some(exit) = self.run_wide::<OBSERVED>(codes) {
                        return exit;
                    }
                }
                if self.stack.len() < base as usize + WINDOW {
                    self.widen(base as usize);
                }
            }};
        }
        // The registers of the frame.
        macro_rules! window {
            () => {
                match self.stack.get_mut(base as usize..base as usize + WINDOW).and_then(|window| window.first_chunk_mut::<WINDOW>()) {
                    Some(window) => window,
                    None => return self.left(),
                }
            };
        }
        // The instruction is done: `pc` is the next one already.
        macro_rules! next {
            () => {
                continue
            };
        }
        // Copies a slot, in the two words in which it was written: one load of both would wait until the two writes
        // have left the processor's store buffer.
        macro_rules! copy {
            ($to:expr, $from:expr) => {{
                let (kind, label) = ($from.kind, $from.label);
                $to.kind = kind;
                $to.label = label;
                $to.bits = $from.bits;
            }};
        }
        macro_rules! put {
            ($dst:expr, $value:expr) => {{
                let value = $value;
                window!()[r($dst)] = value;
                next!();
            }};
        }
        macro_rules! back_edge {
            ($from:expr, $to:expr) => {{
                if !without::FUEL {
                    self.fuel -= ($from - $to as usize) as i64;
                }
                pc = $to as usize;
                if !without::FUEL && self.fuel < 0 || !without::RECLAMATION && self.heap.bytes >= self.collect_at {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.pc = pc as u32;
                    }
                    if let Some(step) = self.pause(codes) {
                        return Exit::Step(step);
                    }
                }
            }};
        }
        macro_rules! decide {
            ($holds:expr, $sense:expr) => {{
                if $holds == $sense {
                    match ops[pc] {
                        Op::Jump { to } => pc = to as usize,
                        Op::Loop { to } => back_edge!(pc + 1, to),
                        _ => {}
                    }
                } else {
                    pc += 1;
                }
                continue;
            }};
        }
        // On operands with labels, unless it needs `step`.
        macro_rules! labelled {
            ($how:ident, $op:expr, $dst:expr, $a:expr, $b:expr) => {{
                let base = base as usize;
                if self.$how($op, base + r($dst), base + r($a), base + r($b)) {
                    next!();
                }
            }};
        }
        macro_rules! arithmetic {
            ($dst:expr, $a:expr, $b:expr, $op:ident, $checked:ident, $float:tt) => {{
                let window = window!();
                let (x, y) = (&window[r($a)], &window[r($b)]);
                if x.head() == INT && y.head() == INT {
                    if let Some(value) = x.as_int().$checked(y.as_int()) {
                        window[r($dst)] = Slot::int(value);
                        next!();
                    }
                } else if let Some((x, y)) = as_floats(x, y) {
                    window[r($dst)] = Slot::float(x $float y);
                    next!();
                } else if x.label | y.label != 0 {
                    labelled!(labelled_binary, BinaryOp::$op, $dst, $a, $b);
                }
            }};
        }
        macro_rules! order {
            ($sense:expr, $a:expr, $b:expr, $sign:tt) => {{
                let window = window!();
                let (x, y) = (&window[r($a)], &window[r($b)]);
                if x.kind == Kind::Int && y.kind == Kind::Int {
                    decide!((x.as_int() $sign y.as_int()), $sense);
                }
                if x.kind == Kind::Float && y.kind == Kind::Float {
                    decide!((x.as_float() $sign y.as_float()), $sense);
                }
            }};
        }
        macro_rules! equal {
            ($sense:expr, $a:expr, $b:expr, $sign:tt) => {{
                let window = window!();
                let (x, y) = (&window[r($a)], &window[r($b)]);
                if x.kind == Kind::Str && y.kind == Kind::Str {
                    let equal = x.bits == y.bits || self.heap.text(x.handle()) == self.heap.text(y.handle());
                    decide!((equal $sign true), $sense);
                }
                order!($sense, $a, $b, $sign);
            }};
        }
        // Push the frame of a plain function, whose arguments are in place; goes on with `step` where it is not plain.
        macro_rules! call_function {
            ($function:expr, $first:expr, $count:expr, $dst:expr) => {
                call_function!($function, $first, $count, $dst, Adapt::Plain)
            };
            ($function:expr, $first:expr, $count:expr, $dst:expr, $adapt:expr) => {{
                let function: Handle = $function;
                let (first, count): (usize, usize) = ($first, $count);
                let object = self.heap.functions.get(function);
                let callee = &codes[object.code as usize];
                let fuel = self.fuel - i64::from(callee.entry_fuel);
                let plain = callee.simple && count == callee.positional as usize && !callee.wide
                    && self.frames.len() < self.recursion_limit as usize && self.stack.len() >= first + WINDOW && (without::FUEL || fuel >= 0);
                if plain {
                    if !without::FUEL {
                        self.fuel = fuel;
                    }
                    if let Some(frame) = self.frames.last_mut() {
                        frame.pc = pc as u32 - 1;
                    }
                    self.stack[first + count..first + callee.registers as usize].fill(Slot::UNBOUND);
                    if !object.closure.is_empty() && callee.free > 0 {
                        let start = first + callee.locals as usize - callee.free as usize;
                        self.stack[start..start + callee.free as usize].copy_from_slice(&object.closure[..callee.free as usize]);
                    }
                    globals = object.globals;
                    self.frames.push(Frame {
                        code: object.code, pc: 0, base: first as u32, registers: callee.registers, globals, then: Then::Store($dst), adapt: $adapt,
                        handled: Slot::NONE, generator: NO_GENERATOR, sent: Slot::NONE, function,
                    });
                    loaded = callee;
                    ops = &loaded.code.ops;
                    base = first as u32;
                    pc = 0;
                    continue;
                }
            }};
        }
        // Go on in a suspended generator, whose next value goes to `then`; goes on with `step` where that is not plain.
        macro_rules! resume {
            ($generator:expr, $sent:expr, $then:expr) => {{
                let (generator, sent): (Handle, Slot) = ($generator, $sent);
                let above = base as usize + loaded.registers as usize;
                let room = self.stack.len() >= above + WINDOW && self.frames.len() < self.recursion_limit as usize;
                let object = self.heap.generators.get_mut(generator);
                if let (true, false, Some(frame)) = (room, object.running, &object.frame) {
                    let callee = &codes[frame.code as usize];
                    if !callee.wide && (object.started || sent.kind == Kind::None) {
                        let mut frame = Frame { base: above as u32, then: $then, adapt: Adapt::Plain, generator, sent, ..frame.clone() };
                        self.stack[above..above + object.registers.len()].copy_from_slice(&object.registers);
                        if object.started {
                            if let Op::Yield { dst, .. } | Op::YieldAsync { dst, .. } = callee.code.ops[frame.pc as usize] {
                                self.stack[above + dst as usize] = sent;
                                // The yield took it: a later `yield from` must not send it on.
                                frame.sent = Slot::NONE;
                                frame.pc += 1;
                            }
                        }
                        object.started = true;
                        object.running = true;
                        object.frame = None;
                        self.fuel -= 8;
                        if let Some(below) = self.frames.last_mut() {
                            below.pc = pc as u32 - 1;
                        }
                        loaded = callee;
                        ops = &loaded.code.ops;
                        base = above as u32;
                        pc = frame.pc as usize;
                        globals = frame.globals;
                        self.frames.push(frame);
                        continue;
                    }
                }
            }};
        }
        // A native that has a quick form.
        macro_rules! call_quick {
            ($row:expr, $first:expr, $count:expr, $dst:expr) => {{
                let (first, count): (usize, usize) = ($first, $count);
                if let (Some(quick), false) = (self.shared.quick[$row as usize], self.watches()) {
                    let to = base as usize + $dst as usize;
                    if without::LABELS || self.stack[first..first + count].iter().all(|arg| arg.label == 0) {
                        if quick(self, first, count, to) {
                            next!();
                        }
                    } else if $row != self.shared.get && self.labelled_quick(quick, first, count, to) {
                        next!();
                    }
                }
            }};
        }

        reload!();
        loop {
            let at = pc;
            pc += 1;
            if OBSERVED {
                self.trace_step(codes, at);
                self.flow_step(codes, at);
            }
            match ops[at] {
                // Labels that follow control are told by one instruction after the other, each in full.
                _ if OBSERVED && self.flow.is_some() => {}
                Op::LoadConst { dst, index } => put!(dst, loaded.consts[index as usize]),
                Op::LoadInt { dst, value } => put!(dst, Slot::int(i64::from(value))),
                Op::LoadNone { dst } => put!(dst, Slot::NONE),
                Op::LoadBool { value, dst } => put!(dst, Slot::bool(value)),
                Op::Move { dst, src } => {
                    let window = window!();
                    copy!(window[r(dst)], window[r(src)]);
                    next!();
                }
                Op::CheckBound { src } => {
                    if window!()[r(src)].kind != Kind::Unbound {
                        next!();
                    }
                }
                Op::Unbind { dst } => put!(dst, Slot::UNBOUND),
                Op::LoadCell { dst, cell } => {
                    let content = *self.heap.cells.get(window!()[r(cell)].handle());
                    if !content.is_unbound() {
                        put!(dst, content);
                    }
                }
                Op::StoreCell { cell, src } => {
                    let window = window!();
                    *self.heap.cells.get_mut(window[r(cell)].handle()) = window[r(src)];
                    next!();
                }
                Op::LoadGlobal { dst, site } => {
                    let cache = &self.caches[loaded.cache_base + site as usize];
                    if cache.class == globals {
                        let dict = self.heap.dicts.get(globals);
                        match cache.found {
                            Found::Global(position) => {
                                if let Some(entry) = dict.entry(position as usize) {
                                    if entry.key.kind == Kind::Str && entry.key.handle() == loaded.sites[site as usize] {
                                        put!(dst, entry.value);
                                    }
                                }
                            }
                            Found::Builtin(value) if cache.version == dict.changes => put!(dst, value),
                            _ => {}
                        }
                    }
                }
                Op::Add { dst, a, b } => arithmetic!(dst, a, b, Add, checked_add, +),
                Op::Sub { dst, a, b } => arithmetic!(dst, a, b, Sub, checked_sub, -),
                Op::Mul { dst, a, b } => arithmetic!(dst, a, b, Mul, checked_mul, *),
                Op::TrueDiv { dst, a, b } => {
                    let window = window!();
                    let (x, y) = (&window[r(a)], &window[r(b)]);
                    if let Some((x, y)) = as_floats(x, y) {
                        if y != 0.0 {
                            put!(dst, Slot::float(x / y));
                        }
                    } else if x.head() == INT && y.head() == INT && y.bits != 0 && x.as_int().unsigned_abs() | y.as_int().unsigned_abs() < 1 << 53 {
                        // Both are exact as floats, so the quotient is correctly rounded.
                        put!(dst, Slot::float(x.as_int() as f64 / y.as_int() as f64));
                    } else if x.label | y.label != 0 {
                        labelled!(labelled_binary, BinaryOp::TrueDiv, dst, a, b);
                    }
                }
                Op::FloorDiv { dst, a, b } => {
                    let window = window!();
                    let (x, y) = (&window[r(a)], &window[r(b)]);
                    if x.head() == INT && y.head() == INT && y.as_int() > 0 {
                        put!(dst, Slot::int(x.as_int().div_euclid(y.as_int())));
                    } else if x.label | y.label != 0 {
                        labelled!(labelled_binary, BinaryOp::FloorDiv, dst, a, b);
                    }
                }
                Op::Mod { dst, a, b } => {
                    let window = window!();
                    let (x, y) = (&window[r(a)], &window[r(b)]);
                    if x.head() == INT && y.head() == INT && y.as_int() > 0 {
                        put!(dst, Slot::int(x.as_int().rem_euclid(y.as_int())));
                    } else if x.label | y.label != 0 {
                        labelled!(labelled_binary, BinaryOp::Mod, dst, a, b);
                    }
                }
                Op::AddImm { dst, a, imm, .. } | Op::InPlaceImm { dst, a, imm, .. } => {
                    let window = window!();
                    let x = &window[r(a)];
                    if x.kind == Kind::Int {
                        if let Some(value) = x.as_int().checked_add(i64::from(imm)) {
                            let label = x.label;
                            window[r(dst)] = Slot::int(value).with_label(label);
                            next!();
                        }
                    }
                }
                Op::Binary { op, dst, a, b } => {
                    let window = window!();
                    let (x, y) = (&window[r(a)], &window[r(b)]);
                    if x.head() == INT && y.head() == INT {
                        let (x, y) = (x.as_int(), y.as_int());
                        if let Some(value) = on_integers(op, x, y) {
                            window[r(dst)] = Slot::int(value);
                            next!();
                        }
                    } else if x.label | y.label != 0 {
                        labelled!(labelled_binary, op, dst, a, b);
                    }
                }
                Op::InPlace { op, dst, a, b } => match op {
                    BinaryOp::Add => arithmetic!(dst, a, b, Add, checked_add, +),
                    BinaryOp::Sub => arithmetic!(dst, a, b, Sub, checked_sub, -),
                    BinaryOp::Mul => arithmetic!(dst, a, b, Mul, checked_mul, *),
                    _ => {
                        let window = window!();
                        let (x, y) = (&window[r(a)], &window[r(b)]);
                        if x.head() == INT && y.head() == INT {
                            let (x, y) = (x.as_int(), y.as_int());
                            if let Some(value) = on_integers(op, x, y) {
                                window[r(dst)] = Slot::int(value);
                                next!();
                            }
                        } else if x.label | y.label != 0 {
                            labelled!(labelled_binary, op, dst, a, b);
                        }
                    }
                },
                Op::Unary { op: UnaryOp::Neg, dst, a } => {
                    let window = window!();
                    let x = &window[r(a)];
                    if x.head() == INT {
                        if let Some(value) = x.as_int().checked_neg() {
                            put!(dst, Slot::int(value));
                        }
                    } else if x.head() == FLOAT {
                        put!(dst, Slot::float(-x.as_float()));
                    }
                }
                Op::Not { dst, a } => {
                    let x = &window!()[r(a)];
                    if x.head() == BOOL {
                        put!(dst, Slot::bool(x.bits == 0));
                    }
                }
                Op::Compare { op, dst, a, b } => {
                    let window = window!();
                    let (x, y) = (&window[r(a)], &window[r(b)]);
                    if x.head() == INT && y.head() == INT && (op as u8) < CompareOp::Is as u8 {
                        put!(dst, Slot::bool(crate::compare::holds(op, x.as_int().cmp(&y.as_int()))));
                    } else if x.label | y.label != 0 {
                        labelled!(labelled_compare, op, dst, a, b);
                    }
                }
                Op::Jump { to } => {
                    pc = to as usize;
                    continue;
                }
                Op::Loop { to } => {
                    back_edge!(pc, to);
                    continue;
                }
                Op::Test { sense, a } => {
                    let x = &window!()[r(a)];
                    match x.kind {
                        Kind::Bool | Kind::Int => decide!((x.bits != 0), sense),
                        Kind::None => decide!(false, sense),
                        Kind::List => decide!((!self.heap.lists.get(x.handle()).is_empty()), sense),
                        Kind::Str => decide!((!self.heap.text(x.handle()).is_empty()), sense),
                        _ => {}
                    }
                }
                Op::TestLt { sense, a, b } => order!(sense, a, b, <),
                Op::TestLe { sense, a, b } => order!(sense, a, b, <=),
                Op::TestGt { sense, a, b } => order!(sense, a, b, >),
                Op::TestGe { sense, a, b } => order!(sense, a, b, >=),
                Op::TestEq { sense, a, b } => equal!(sense, a, b, ==),
                Op::TestNe { sense, a, b } => equal!(sense, a, b, !=),
                Op::TestImm { sense, op, a, imm } => {
                    let x = &window!()[r(a)];
                    if x.kind == Kind::Int {
                        let (x, y) = (x.as_int(), i64::from(imm));
                        let holds = match op {
                            CompareOp::Lt => x < y,
                            CompareOp::Le => x <= y,
                            CompareOp::Gt => x > y,
                            CompareOp::Ge => x >= y,
                            CompareOp::Eq => x == y,
                            _ => x != y,
                        };
                        decide!(holds, sense);
                    }
                }
                Op::TestIs { sense, a, b } => {
                    let window = window!();
                    let (x, y) = (&window[r(a)], &window[r(b)]);
                    if x.kind > Kind::Pending && y.kind > Kind::Pending {
                        decide!((x.kind == y.kind && x.bits == y.bits), sense);
                    }
                }
                Op::TestNone { sense, a } => {
                    let x = &window!()[r(a)];
                    if x.kind > Kind::Pending {
                        decide!((x.kind == Kind::None), sense);
                    }
                }
                Op::ListAppend { list, src } => {
                    let window = window!();
                    let items = self.heap.lists.get_mut(window[r(list)].handle());
                    if items.len() < items.capacity() {
                        items.push(window[r(src)]);
                        next!();
                    }
                }
                Op::GetItem { dst, obj, key } => {
                    let window = window!();
                    let by = r(key);
                    let (object, key) = (&window[r(obj)], &window[r(key)]);
                    if key.head() == INT {
                        let index = key.as_int();
                        let items: &[Slot] = match object.head() {
                            LIST => self.heap.lists.get(object.handle()),
                            TUPLE => self.heap.tuples.get(object.handle()),
                            STR => {
                                let string = self.heap.strings.get(object.handle());
                                if string.is_ascii() {
                                    if let Some(place) = Machine::place(index, string.len()) {
                                        put!(dst, Slot::object(Kind::Str, self.ascii[self.heap.text(object.handle()).as_bytes()[place] as usize]));
                                    }
                                }
                                &[]
                            }
                            _ => &[],
                        };
                        if let Some(place) = Machine::place(index, items.len()) {
                            window[r(dst)] = items[place];
                            next!();
                        }
                    }
                    if object.head() == DICT && key.label == 0 {
                        let (dict, key) = (object.handle(), Slot::new(key.kind, key.bits));
                        if let Some(value) = self.known_item(dict, key) {
                            put!(dst, value);
                        }
                    } else if object.label | key.label != 0 {
                        let base = base as usize;
                        if self.labelled_item(base + r(dst), base + r(obj), base + by) {
                            next!();
                        }
                    }
                }
                Op::SetItem { obj, key, src } => {
                    let window = window!();
                    let (object, key) = (&window[r(obj)], &window[r(key)]);
                    if key.kind == Kind::Int && object.kind == Kind::List {
                        let items = self.heap.lists.get_mut(object.handle());
                        if let Some(place) = Machine::place(key.as_int(), items.len()) {
                            let place = &mut items[place];
                            copy!(*place, window[r(src)]);
                            next!();
                        }
                    } else if object.kind == Kind::Dict && key.label == 0 {
                        let (dict, key, value) = (object.handle(), Slot::new(key.kind, key.bits), window[r(src)]);
                        if self.replace_known_item(dict, key, value) {
                            next!();
                        }
                    }
                }
                Op::Unpack { src, first, count } => {
                    let window = window!();
                    let source = &window[r(src)];
                    let items: &[Slot] = match source.head() {
                        TUPLE => self.heap.tuples.get(source.handle()),
                        LIST => self.heap.lists.get(source.handle()),
                        _ => &[],
                    };
                    if items.len() == count as usize && count > 0 {
                        window[r(first)..r(first) + count as usize].copy_from_slice(items);
                        next!();
                    }
                }
                Op::LoadAttr { dst, obj, site } => {
                    let object = &window!()[r(obj)];
                    if object.head() == INSTANCE {
                        let cache = &self.caches[loaded.cache_base + site as usize];
                        let class = object.class_handle();
                        if cache.class == class && cache.version == self.heap.classes.get(class).version {
                            if let Found::Instance(position) = cache.found {
                                if let Some(entry) = self.heap.dicts.get(object.handle()).entry(position as usize) {
                                    if entry.key.kind == Kind::Str && entry.key.handle() == loaded.sites[site as usize] {
                                        put!(dst, entry.value);
                                    }
                                }
                            }
                        }
                    } else if object.head() == MODULE {
                        let cache = &self.caches[loaded.cache_base + site as usize];
                        let dict = self.heap.modules.get(object.handle()).dict;
                        if let (true, Found::Global(position)) = (cache.class == dict, cache.found) {
                            if let Some(entry) = self.heap.dicts.get(dict).entry(position as usize) {
                                if entry.key.kind == Kind::Str && entry.key.handle() == loaded.sites[site as usize] {
                                    put!(dst, entry.value);
                                }
                            }
                        }
                    }
                }
                Op::StoreAttr { obj, src, site } => {
                    let window = window!();
                    let object = &window[r(obj)];
                    if object.kind == Kind::Instance {
                        let cache = &self.caches[loaded.cache_base + site as usize];
                        let class = object.class_handle();
                        if cache.class == class && cache.version == self.heap.classes.get(class).version {
                            let name = loaded.sites[site as usize];
                            match cache.found {
                                Found::Instance(position) => {
                                    let dict = self.heap.dicts.get_mut(object.handle());
                                    if dict.entry(position as usize).is_some_and(|e| e.key.kind == Kind::Str && e.key.handle() == name) {
                                        dict.set_value(position as usize, window[r(src)]);
                                        next!();
                                    }
                                }
                                // The attribute is new to this object, as it was to the one before.
                                Found::Fresh(position) => {
                                    let dict = self.heap.dicts.get_mut(object.handle());
                                    if dict.positions() == position as usize && dict.append_fresh(self.heap.strings.get(name).hash.get(), Slot::object(Kind::Str, name), window[r(src)]) {
                                        self.heap.bytes += 56;
                                        next!();
                                    }
                                }
                                _ => {}
                            }
                        }
                    }
                }
                Op::LoadMethod { dst, obj, site } => {
                    let window = window!();
                    let object = &window[r(obj)];
                    let cache = &self.caches[loaded.cache_base + site as usize];
                    if let Found::Method(function) = cache.found {
                        let class = match object.kind {
                            Kind::Instance => object.class_handle(),
                            Kind::Str => Type::Str.handle(),
                            Kind::List => Type::List.handle(),
                            Kind::Dict => Type::Dict.handle(),
                            Kind::Set => Type::Set.handle(),
                            Kind::Tuple => Type::Tuple.handle(),
                            Kind::Int => Type::Int.handle(),
                            Kind::Native2 => self.heap.natives.get(object.handle()).class().handle(),
                            _ => Handle::MAX - 1,
                        };
                        if cache.class == class {
                            let known = self.heap.classes.get(class);
                            let name = loaded.sites[site as usize];
                            if cache.version == known.version && (object.kind != Kind::Instance || known.shadow & shadow_bit(name) == 0) {
                                window[r(dst) + 1] = *object;
                                window[r(dst)] = function;
                                next!();
                            }
                        }
                    } else if let (DESCRIPTOR, Found::Super(class, function)) = (object.head(), cache.found) {
                        if let DescriptorObject::Super(of, this, start) = self.heap.descriptors.get(object.handle()) {
                            let start = start.handle();
                            let known = of.handle() == class && cache.class == start && cache.version == self.heap.classes.get(start).version;
                            if known && this.kind == Kind::Instance {
                                window[r(dst)] = Slot::object(Kind::Function, function);
                                window[r(dst) + 1] = *this;
                                next!();
                            }
                        }
                    } else if let (MODULE, Found::Global(position)) = (object.head(), cache.found) {
                        let dict = self.heap.modules.get(object.handle()).dict;
                        if cache.class == dict {
                            if let Some(entry) = self.heap.dicts.get(dict).entry(position as usize) {
                                // A module's function is called without the module.
                                if entry.key.kind == Kind::Str && entry.key.handle() == loaded.sites[site as usize] && entry.value.kind != Kind::Method {
                                    window[r(dst)] = entry.value;
                                    window[r(dst) + 1] = Slot::UNBOUND;
                                    next!();
                                }
                            }
                        }
                    }
                }
                Op::Call { dst, func, count } => {
                    let callee = &window!()[r(func)];
                    let (kind, handle) = (callee.kind, callee.handle());
                    let first = base as usize + func as usize + 1;
                    if kind == Kind::Function {
                        call_function!(handle, first, count as usize, dst);
                    } else if kind == Kind::Native {
                        if (handle, count) == (self.shared.next, 1) && self.stack[first].kind == Kind::Generator && !self.watches() {
                            resume!(self.stack[first].handle(), Slot::NONE, Then::Store(dst));
                        }
                        call_quick!(handle, first, count as usize, dst);
                    } else if kind == Kind::Class {
                        if let Some(init) = self.plain_init(handle) {
                            let callee = &codes[self.heap.functions.get(init).code as usize];
                            if callee.simple && callee.positional == u32::from(count) + 1 {
                                let instance = self.new_instance(handle, Slot::UNBOUND).slot();
                                self.stack[first - 1] = instance;
                                call_function!(init, first - 1, count as usize + 1, dst, Adapt::Replace(instance, true));
                                // Not so plain after all: the callee stands where it stood.
                                self.stack[first - 1] = Slot::object(Kind::Class, handle);
                            }
                        } else if let (Some(Some(quick)), false) = (self.shared.quick_classes.get(handle as usize), self.watches()) {
                            let to = base as usize + dst as usize;
                            if without::LABELS || self.stack[first..first + count as usize].iter().all(|arg| arg.label == 0) {
                                if quick(self, first, count as usize, to) {
                                    next!();
                                }
                            } else if self.labelled_quick(*quick, first, count as usize, to) {
                                next!();
                            }
                        }
                    }
                }
                Op::CallMethod { dst, func, count } => {
                    let window = window!();
                    let callee = &window[r(func)];
                    let (kind, handle) = (callee.kind, callee.handle());
                    let (skip, count) = if window[r(func) + 1].is_unbound() { (2, count as usize) } else { (1, count as usize + 1) };
                    let first = base as usize + func as usize + skip;
                    if kind == Kind::Function {
                        call_function!(handle, first, count, dst);
                    } else if kind == Kind::Native {
                        if (handle, count) == (self.shared.send, 2) && self.stack[first].kind == Kind::Generator && !self.watches() {
                            resume!(self.stack[first].handle(), self.stack[first + 1], Then::Store(dst));
                        }
                        call_quick!(handle, first, count, dst);
                    }
                }
                Op::Names { .. } | Op::Nop {} => next!(),
                Op::Return { src } => {
                    let from = base as usize + src as usize;
                    let depth = self.frames.len();
                    if let [.., caller, frame] = self.frames.as_mut_slice() {
                        let callee = &codes[caller.code as usize];
                        // The plain way out: a function called by an instruction that stores the result.
                        if let (Then::Store(dst), NO_GENERATOR, false) = (frame.then, frame.generator, callee.wide) {
                            let (to, stack) = (caller.base as usize + dst as usize, self.stack.as_mut_slice());
                            let plain = match frame.adapt {
                                Adapt::Plain => {
                                    copy!(stack[to], stack[from]);
                                    true
                                }
                                Adapt::Replace(instead, _) if stack[from].kind == Kind::None => {
                                    stack[to] = instead;
                                    true
                                }
                                _ => false,
                            };
                            if plain {
                                loaded = callee;
                                ops = &loaded.code.ops;
                                base = caller.base;
                                pc = caller.pc as usize + 1;
                                globals = caller.globals;
                                self.frames.truncate(depth - 1);
                                next!();
                            }
                        }
                    }
                }
                Op::GetIter { dst, src } => {
                    let window = window!();
                    let source = &window[r(src)];
                    if matches!(source.kind, Kind::List | Kind::Tuple | Kind::Range | Kind::Str) {
                        window[r(dst)] = *source;
                        window[r(dst) + 1] = Slot::new(Kind::Position, 0);
                        next!();
                    }
                }
                Op::ForIter { iter, dst } => {
                    let window = window!();
                    let of = &window[r(iter)];
                    let position = &window[r(iter) + 1];
                    if position.kind == Kind::Position {
                        let (index, label) = (position.bits, of.label);
                        let item = match of.kind {
                            Kind::Range => {
                                let range = self.heap.ranges.get(of.handle());
                                if index < range.len {
                                    window[r(dst)] = Slot::int(crate::iterate::range_item(range, index)).with_label(label);
                                    window[r(iter) + 1].bits = index + 1;
                                    pc += 1;
                                    continue;
                                }
                                None
                            }
                            Kind::List => self.heap.lists.get(of.handle()).get(index as usize),
                            Kind::Tuple => self.heap.tuples.get(of.handle()).get(index as usize),
                            _ => {
                                let string = self.heap.strings.get(of.handle());
                                if string.is_ascii() && (index as usize) < string.len() {
                                    let item = Slot::object(Kind::Str, self.ascii[self.heap.text(of.handle()).as_bytes()[index as usize] as usize]);
                                    window[r(dst)] = item.with_label(label);
                                    window[r(iter) + 1].bits = index + 1;
                                    pc += 1;
                                    continue;
                                }
                                None
                            }
                        };
                        if let Some(item) = item {
                            window[r(dst)] = if label == 0 { *item } else { item.with_label(self.labels.join(item.label, label)) };
                            window[r(iter) + 1].bits = index + 1;
                            pc += 1;
                            continue;
                        }
                    } else if of.head() == ITER {
                        let handle = of.handle();
                        // Pairs that are taken apart at once need no tuple, when that stands in no variable.
                        if let Some(Op::Unpack { src, first, count: 2 }) = ops.get(pc + 1) {
                            if *src == dst && u32::from(dst) >= loaded.locals {
                                let first = *first;
                                let failed = match self.iter_next_pair(handle) {
                                    Ok(crate::iterate::Pair::Items(a, b)) => {
                                        let window = window!();
                                        window[r(first)] = a;
                                        window[r(first) + 1] = b;
                                        pc += 2;
                                        continue;
                                    }
                                    Ok(crate::iterate::Pair::End) => next!(),
                                    Ok(crate::iterate::Pair::Other) => None,
                                    Err(trap) => Some(trap),
                                };
                                if let Some(trap) = failed {
                                    if let Some(frame) = self.frames.last_mut() {
                                        frame.pc = at as u32;
                                    }
                                    match self.trapped(codes, trap, Then::ForItem(dst)) {
                                        Go::Exit => return self.left(),
                                        _ => reload!(),
                                    }
                                    continue;
                                }
                            }
                        }
                        match self.iter_next(handle) {
                            Ok(Some(item)) => {
                                window!()[r(dst)] = item;
                                pc += 1;
                                continue;
                            }
                            Ok(None) => next!(),
                            Err(trap) => {
                                if let Some(frame) = self.frames.last_mut() {
                                    frame.pc = at as u32;
                                }
                                match self.trapped(codes, trap, Then::ForItem(dst)) {
                                    Go::Exit => return self.left(),
                                    _ => reload!(),
                                }
                                continue;
                            }
                        }
                    } else if of.head() == GENERATOR {
                        resume!(of.handle(), Slot::NONE, Then::ForItem(dst));
                    }
                }
                Op::Yield { src, .. } => {
                    if let [.., below, frame] = self.frames.as_mut_slice() {
                        let callee = &codes[below.code as usize];
                        let to = match frame.then {
                            Then::ForItem(dst) => Some((dst, 2)),
                            Then::Store(dst) => Some((dst, 1)),
                            _ => None,
                        };
                        // A generator with something to clean up is watched, which `step` sees to.
                        if let (Some((dst, on)), Adapt::Plain, false, true) = (to, frame.adapt, callee.wide, loaded.code.handlers.is_empty()) {
                            let object = self.heap.generators.get_mut(frame.generator);
                            let from = base as usize;
                            object.registers.copy_from_slice(&self.stack[from..from + frame.registers as usize]);
                            object.running = false;
                            frame.pc = at as u32;
                            loaded = callee;
                            ops = &loaded.code.ops;
                            base = below.base;
                            pc = below.pc as usize + on;
                            globals = below.globals;
                            object.frame = self.frames.pop().map(Frame::at_rest);
                            let stack = self.stack.as_mut_slice();
                            copy!(stack[base as usize + dst as usize], stack[from + src as usize]);
                            next!();
                        }
                    }
                }
                _ => {}
            }
            match self.step(codes, loaded, base as usize, at) {
                Go::To(next) => pc = next as usize,
                Go::Reload => reload!(),
                Go::Exit => return self.left(),
            }
        }
    }

    /// The value of a key in a dict, when both are plain and no program code is needed to find it.
    #[inline]
    pub(crate) fn known_item(&mut self, dict: Handle, key: Slot) -> Option<Slot> {
        let position = match key.kind {
            Kind::Str => {
                let (hash, heap) = (self.hash_of_string(key.handle()), &self.heap);
                heap.dicts.get(dict).find(hash, |other| other.kind == Kind::Str && (other.bits == key.bits || heap.text(other.handle()) == heap.text(key.handle())))
            }
            Kind::Int => {
                let hash = crate::kernel::int::hash_small(key.as_int()) as u64;
                self.heap.dicts.get(dict).find(hash, |other| other.kind == Kind::Int && other.bits == key.bits)
            }
            Kind::Tuple => match self.dict_find_native(dict, key) {
                Ok(Some((_, position))) => position,
                _ => None,
            },
            _ => None,
        }?;
        self.heap.dicts.get(dict).entry(position).map(|entry| entry.value)
    }

    /// Give a key that is in a dict another value; false when it has to be looked for in full.
    #[inline]
    fn replace_known_item(&mut self, dict: Handle, key: Slot, value: Slot) -> bool {
        let heap = &self.heap;
        let position = match key.kind {
            Kind::Str => {
                let hash = self.hash_of_string(key.handle());
                heap.dicts.get(dict).find(hash, |other| other.kind == Kind::Str && (other.bits == key.bits || heap.text(other.handle()) == heap.text(key.handle())))
            }
            Kind::Int => {
                let hash = crate::kernel::int::hash_small(key.as_int()) as u64;
                heap.dicts.get(dict).find(hash, |other| other.kind == Kind::Int && other.bits == key.bits)
            }
            _ => None,
        };
        match position {
            Some(position) => {
                self.heap.dicts.get_mut(dict).set_value(position, value);
                true
            }
            None => false,
        }
    }

    /// At a back edge or a call: fuel ran out, or it is time to collect.
    #[cold]
    pub(crate) fn pause(&mut self, codes: &Codes) -> Option<Step> {
        let due = self.fuel < 0;
        if due {
            if self.fuel_left() < 0 {
                return Some(Step::Limit(Limit::Instructions));
            }
            self.set_fuel(self.fuel_left());
        }
        if !without::RECLAMATION && self.heap.bytes >= self.collect_at && !self.make_room(codes) {
            return Some(Step::Limit(Limit::Memory));
        }
        due.then_some(Step::Paused)
    }

    /// A call's frame stands: go on in it, unless a pause came due when it was pushed.
    pub(crate) fn entered(&mut self) -> Go {
        if !core::mem::take(&mut self.pause_due) {
            return Go::Reload;
        }
        self.leave(Exit::Step(Step::Paused))
    }

    /// Call a value whose arguments stand on the stack. `Ok(None)`: a frame was pushed.
    #[inline]
    pub(crate) fn call_on_stack(&mut self, codes: &Codes, callee: Slot, first: usize, count: usize, names: Slot, then: Then) -> Result<Option<Slot>, Trap> {
        match callee.kind {
            Kind::Function => {
                self.enter(codes, callee.handle(), first, count, names, then, Adapt::Plain)?;
                Ok(None)
            }
            Kind::Native => {
                let keywords = if names.is_unbound() { 0 } else { self.heap.tuples.get(names.handle()).len() };
                let args = Args { first, count: count - keywords, keywords, names };
                self.call_native(callee.handle(), &args).map(Some)
            }
            _ => self.call_other(codes, callee, first, count, names, then),
        }
    }

    /// Run a native; the labels of its arguments and of what it saw go into its result.
    #[inline]
    pub(crate) fn call_native(&mut self, row: Handle, args: &Args) -> Result<Slot, Trap> {
        if let Some(trap) = self.dead_before(row, args) {
            return Err(trap);
        }
        let row = &self.shared.natives[row as usize];
        let (code, wrap) = (row.code, row.bind == crate::native::Bind::Static && row.name == "__new__");
        let mut label = 0;
        for slot in &self.stack[args.first..args.first + args.count + args.keywords] {
            if !without::LABELS && slot.label != 0 {
                label = self.labels.join(label, slot.label);
            }
        }
        self.seen = 0;
        self.selects = false;
        let mut value = match code(self, args) {
            Err(Trap::Call(call)) if wrap => return Err(self.derived_new(args, Trap::Call(call))),
            result => result?,
        };
        if wrap {
            value = self.wrap_new(args, value);
        }
        if without::LABELS || label | self.seen == 0 {
            return Ok(value.slot());
        }
        if core::mem::take(&mut self.selects) {
            // What the receiver holds stays data; the other arguments and what was compared chose it.
            let whole = self.labels.join(self.stack[args.first].label, value.label);
            let by = self.labels.join(label, self.seen);
            return Ok(value.slot().with_label(self.labels.selected(whole, by)));
        }
        let label = self.labels.join(label, self.seen);
        Ok(self.relabel(value.slot(), label))
    }

    /// The value with a label joined in; a fresh list or tuple of texts passes it on to its items.
    pub(crate) fn relabel(&mut self, slot: Slot, label: u32) -> Slot {
        if slot.kind == Kind::List {
            let items: alloc::vec::Vec<Slot> = self.heap.lists.get(slot.handle()).clone();
            let items = items.into_iter().map(|i| i.with_label(self.labels.join(i.label, label))).collect();
            *self.heap.lists.get_mut(slot.handle()) = items;
        } else if slot.kind == Kind::Iter {
            if let IterObject::Items(items, _) = self.heap.iters.get(slot.handle()).clone() {
                let items: alloc::vec::Vec<Slot> = items.into_iter().map(|i| i.with_label(self.labels.join(i.label, label))).collect();
                if let IterObject::Items(place, _) = self.heap.iters.get_mut(slot.handle()) {
                    *place = items;
                }
            }
        }
        slot.with_label(self.labels.join(slot.label, label))
    }
}
