//! What dies visibly: instances with `__del__`, suspended generators with something to clean up, and targets of
//! weak references. CPython counts references to every object; here only these few are looked for.
//!
//! They stand in a list of the hidden module. Before a native is called, the machine looks whether each of them is
//! still referred to, from the registers that are read again and from other objects; one that is not is handed to
//! hidden Python, which runs what its death means and then makes the call. An object in a cycle of garbage is alive,
//! as it is for CPython until it collects.
//!
//! Looking costs fuel, and is put off while it would cost more than what the program computes meanwhile.

use crate::class::USER_DEL;
use crate::code::{Code, Op, Reg, NO_REG};
use crate::frame::Then;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{sync::Arc, vec::Vec};

/// Objects looked at in one search, beyond which searches are put off.
const CHEAP: u64 = 10_000;
/// Objects near the registers that are looked at first.
const NEAR: usize = 400;

/// Natives of this file.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "_emulant", name: "watch", code: watch, bind: Bind::Function },
    NativeRow { owner: "_emulant", name: "weak_key", code: weak_key, bind: Bind::Function },
    NativeRow { owner: "_emulant", name: "weak_get", code: weak_get, bind: Bind::Function },
    NativeRow { owner: "_emulant", name: "reap_cycles", code: reap_cycles, bind: Bind::Function },
    NativeRow { owner: "_emulant", name: "all_watched", code: all_watched, bind: Bind::Function },
    NativeRow { owner: "intrinsics", name: "more_dead", code: more_dead, bind: Bind::Function },
];

impl Machine {
    /// Makes the list; its place is the same in every run.
    pub(crate) fn boot_watched(&mut self) {
        let list = self.heap.lists.add(alloc::vec![Slot::int(0)]);
        self.watched = list;
        let name = self.intern("__watched__");
        let globals = self.hidden_globals;
        self.store_in_dict(globals, name, Slot::object(Kind::List, list));
    }

    /// After an image was loaded: where the list is now.
    pub(crate) fn find_watched(&mut self) {
        let name = self.intern("__watched__");
        let found = self.lookup_in_dict(self.hidden_globals, name);
        self.watched = found.filter(|list| list.kind == Kind::List).map_or(Handle::MAX, Slot::handle);
        self.watching = true;
    }

    /// From now on the death of this object is visible.
    pub(crate) fn watch(&mut self, object: Slot) {
        let list = self.watched;
        if list == Handle::MAX {
            return;
        }
        let object = object.with_label(0);
        if !self.heap.lists.get(list).iter().any(|known| known.same(object)) {
            self.heap.bytes += 16;
            self.heap.lists.get_mut(list).push(object);
            self.watching = true;
        }
    }

    /// An instance was made: is its class one with `__del__`?
    #[inline]
    pub(crate) fn watch_instance(&mut self, class: Handle, instance: Slot) {
        if self.heap.classes.get(class).special & USER_DEL != 0 {
            self.watch(instance);
        }
    }

    /// A generator is put aside: would it clean up if it were dropped?
    #[inline]
    pub(crate) fn watch_generator(&mut self, code: &Code, pc: u32, generator: Handle) {
        if !code.handlers.is_empty() && code.handlers.iter().any(|h| (h.start..h.end).contains(&pc)) {
            self.watch(Slot::object(Kind::Generator, generator));
        }
    }

    /// Is there an object whose death is visible? Then natives have no quick forms.
    #[inline]
    pub(crate) fn watches(&self) -> bool {
        self.watching && self.watched != Handle::MAX && self.heap.lists.get(self.watched).len() >= 2
    }

    /// Before a native runs: what died since, if anything did. `args` are the native's.
    #[inline]
    pub(crate) fn dead_before(&mut self, row: Handle, args: &Args) -> Option<Trap> {
        if !self.watches() {
            return None;
        }
        self.reap(row, args)
    }

    #[cold]
    fn reap(&mut self, row: Handle, args: &Args) -> Option<Trap> {
        let frame = self.frames.last()?;
        // The machine's own Python holds things for a moment only, and a search before every step of it would be wasted.
        if self.texts.get(frame.code as usize).is_none_or(|code| code.file.starts_with("<frozen ")) || self.instructions() < self.search_from() {
            return None;
        }
        let before = self.instructions();
        let dead = self.take_dead(false);
        let cost = self.instructions().saturating_sub(before);
        let next = if cost > CHEAP && dead.is_none() { self.instructions() + 2 * cost } else { 0 };
        if next != self.search_from() {
            self.heap.lists.get_mut(self.watched)[0] = Slot::int(next as i64);
        }
        self.reaping(dead?, row, args)
    }

    /// No search before so many instructions are spent. It stands in the list's first place, so that it goes back and is
    /// stored with the objects.
    fn search_from(&self) -> u64 {
        self.heap.lists.get(self.watched)[0].as_int() as u64
    }

    /// Hidden Python lets these die, and then calls the native.
    fn reaping(&mut self, dead: Vec<Slot>, row: Handle, args: &Args) -> Option<Trap> {
        let given: Vec<Slot> = self.stack[args.first..args.first + args.count].to_vec();
        let named = self.heap.dicts.add(Default::default());
        for (name, value) in self.keywords(args) {
            let name = self.intern(&name);
            self.store_in_dict(named, name, value);
        }
        let (dead, given) = (*self.new_list(dead).ok()?, *self.new_list(given).ok()?);
        Some(self.call_hidden("__reap__", &[dead, Slot::object(Kind::Native, row), given, Slot::object(Kind::Dict, named)]))
    }

    /// Takes off the list what nothing refers to, and gives what of it dies visibly. With `cycles`, also what only
    /// garbage refers to.
    fn take_dead(&mut self, cycles: bool) -> Option<Vec<Slot>> {
        let list = self.watched;
        let watched = self.heap.lists.get(list)[1..].to_vec();
        let first = self.heap.lists.get(list)[0];
        if watched.is_empty() {
            return None;
        }
        let mut dead = watched.clone();
        self.search(&mut dead);
        if !cycles {
            // What another dead one refers to dies after it; what refers to itself in a circle stays.
            let all = dead.clone();
            dead.retain(|slot| !all.iter().any(|other| self.reaches(*other, *slot)));
        }
        if dead.is_empty() {
            return None;
        }
        let left = watched.into_iter().filter(|slot| !dead.iter().any(|d| same_object(*d, *slot)));
        let left: Vec<Slot> = core::iter::once(first).chain(left).collect();
        *self.heap.lists.get_mut(list) = left;
        dead.retain(|slot| self.dies_visibly(*slot));
        (!dead.is_empty()).then_some(dead)
    }

    /// A generator that ended meanwhile has nothing left to do.
    fn dies_visibly(&self, slot: Slot) -> bool {
        slot.kind != Kind::Generator || self.heap.generators.get(slot.handle()).frame.is_some()
    }

    /// `known` holds what was found for a place in code: the frames of a recursion stand mostly at one.
    fn is_live_register(&self, index: usize, register: usize, known: &mut Living) -> bool {
        let Some(frame) = self.frames.get(index) else { return false };
        let Some(code) = self.texts.get(frame.code as usize) else { return false };
        if register >= frame.registers as usize {
            return false;
        }
        // A frame that called waits for the result; its instruction has handed its operands on, unless it runs again.
        let again = self.frames.get(index + 1).is_none_or(|above| matches!(above.then, Then::Retry(_) | Then::Drop));
        let place = (frame.code, frame.pc, again, register as Reg);
        register < code.locals.len() || *known.entry(place).or_insert_with(|| iterates(code, frame.pc, register as Reg) || is_read(code, frame.pc, register as Reg, again))
    }

    /// Does a path of references of any length lead from one object to the other?
    fn reaches(&self, from: Slot, to: Slot) -> bool {
        let mut seen = crate::hash::Map::default();
        seen.insert(key(Slot::object(Kind::List, self.watched)), ());
        let mut work = alloc::vec![from];
        while let Some(slot) = work.pop() {
            let mut found = false;
            self.referred(slot, &mut |child| {
                found |= same_object(child, to);
                if child.kind >= Kind::Str && seen.insert(key(child), ()).is_none() {
                    work.push(child);
                }
            });
            if found {
                return true;
            }
            if seen.len() > 100_000 {
                return true;
            }
        }
        false
    }

    /// Takes off the list what can be reached from what is alive: near the registers first, where it mostly is.
    fn search(&mut self, missing: &mut Vec<Slot>) {
        let registers = self.living_registers();
        let mut cost = self.reach(&registers, missing, Some(NEAR));
        if !missing.is_empty() {
            let mut roots = self.lasting_roots();
            roots.extend(registers);
            cost += self.reach(&roots, missing, None);
        }
        self.fuel = self.fuel.saturating_sub(cost);
    }

    /// Walks over what the roots refer to until nothing is missing. With `most`, over that many objects, and not
    /// through code and classes.
    fn reach(&self, roots: &[Slot], missing: &mut Vec<Slot>, most: Option<usize>) -> i64 {
        let mut seen = crate::hash::Map::default();
        seen.insert(key(Slot::object(Kind::List, self.watched)), ());
        let mut met: Vec<Slot> = Vec::new();
        let mut children: Vec<Slot> = roots.to_vec();
        let mut at = 0;
        let mut cost = roots.len() as i64;
        loop {
            for slot in children.drain(..) {
                let slot = self.settled(slot);
                if slot.kind >= Kind::Str && seen.insert(key(slot), ()).is_none() {
                    missing.retain(|one| !same_object(*one, slot));
                    met.push(slot);
                }
            }
            if missing.is_empty() || most.is_some_and(|most| at >= most) {
                return cost;
            }
            let Some(&slot) = met.get(at) else { return cost };
            at += 1;
            if most.is_none() || !matches!(slot.kind, Kind::Function | Kind::Class | Kind::Module | Kind::Code) {
                self.referred(slot, &mut |child| children.push(child));
            }
            cost += 1 + children.len() as i64 / 4;
        }
    }

    /// As the heap's references, with the class and the state of an instance.
    fn referred(&self, slot: Slot, each: &mut dyn FnMut(Slot)) {
        match slot.kind {
            Kind::Code => each(Slot::object(Kind::Function, slot.handle())),
            Kind::Instance => {
                each(Slot::object(Kind::Class, slot.class_handle()));
                self.heap.references(slot, each);
            }
            // A generator's frame names its generator.
            Kind::Generator => self.heap.references(slot, &mut |child| if !same_object(child, slot) { each(child) }),
            _ => self.heap.references(slot, each),
        }
    }

    /// What is in registers that are read again, the innermost frame first.
    fn living_registers(&self) -> Vec<Slot> {
        let (mut found, mut known) = (Vec::new(), Living::default());
        for index in (0..self.frames.len()).rev() {
            let frame = &self.frames[index];
            let base = frame.base as usize;
            for register in 0..frame.registers as usize {
                let slot = self.settled(self.stack[base + register]);
                if slot.kind >= Kind::Str && self.is_live_register(index, register, &mut known) {
                    found.push(slot);
                }
            }
        }
        found
    }

    /// What is alive by itself otherwise.
    fn lasting_roots(&self) -> Vec<Slot> {
        let mut roots = Vec::new();
        self.frames.iter().for_each(|frame| frame.references(&mut |slot| roots.push(slot)));
        roots.extend([self.builtins, self.modules, self.hidden_globals].map(|dict| Slot::object(Kind::Dict, dict)));
        roots.extend(&self.repr_guard);
        roots
    }
}

/// By code, place in it, whether the instruction there runs again, and register: is it read?
type Living = crate::hash::Map<(u32, u32, bool, Reg), bool>;

fn key(slot: Slot) -> (Kind, u64) {
    // All faces of an instance are one object: the class stands in its bits, too.
    (slot.kind, slot.bits)
}

fn same_object(a: Slot, b: Slot) -> bool {
    a.kind == b.kind && a.bits == b.bits
}

/// Does the register hold the iteration of a `for` that the instruction stands in? It lives as long as the loop, also
/// when the loop ends before the next item.
fn iterates(code: &Code, pc: u32, register: Reg) -> bool {
    code.ops.iter().zip(code.ops.iter().skip(1)).zip(0u32..).any(|((op, following), at)| match (*op, *following) {
        (Op::ForIter { iter, .. }, Op::Jump { to }) => within(register, iter, 2) && (at..to).contains(&pc),
        _ => false,
    })
}

/// Is this register read at or after an instruction (`again`), or only after it, before it is written?
fn is_read(code: &Arc<Code>, pc: u32, register: Reg, again: bool) -> bool {
    let mut seen = alloc::vec![false; code.ops.len()];
    let mut work: Vec<u32> = Vec::new();
    if again {
        work.push(pc);
    } else {
        if writes(&code.ops[pc as usize], register) {
            return handled(code, pc, register, &mut seen);
        }
        after(&code.ops, pc, &mut work);
    }
    work.extend(code.handlers.iter().filter(|h| (h.start..h.end).contains(&pc) && h.exc != register).map(|h| h.target));
    while let Some(at) = work.pop() {
        let Some(op) = code.ops.get(at as usize) else { continue };
        if core::mem::replace(&mut seen[at as usize], true) {
            continue;
        }
        if reads(op, register) {
            return true;
        }
        work.extend(code.handlers.iter().filter(|h| (h.start..h.end).contains(&at) && h.exc != register).map(|h| h.target));
        if !writes(op, register) {
            after(&code.ops, at, &mut work);
        }
    }
    false
}

/// The instruction's result goes into the register: only a handler can still read what is in it.
fn handled(code: &Arc<Code>, pc: u32, register: Reg, _seen: &mut [bool]) -> bool {
    code.handlers.iter().any(|h| (h.start..h.end).contains(&pc) && h.exc != register && is_read(code, h.target, register, true))
}

fn after(ops: &[Op], at: u32, work: &mut Vec<u32>) {
    match ops[at as usize] {
        Op::Jump { to } | Op::Loop { to } => work.push(to),
        Op::Return { .. } | Op::Raise { .. } | Op::RaiseAgain {} | Op::Reraise { .. } => {}
        Op::Test { .. } | Op::TestLt { .. } | Op::TestLe { .. } | Op::TestGt { .. } | Op::TestGe { .. } | Op::TestEq { .. } | Op::TestNe { .. }
        | Op::TestImm { .. } | Op::TestIs { .. } | Op::TestNone { .. } | Op::TestIn { .. } | Op::ForIter { .. } => work.extend([at + 1, at + 2]),
        _ => {
            work.push(at + 1);
            // Whatever stands before a jump may be a test that is not named here.
            if let Some(Op::Jump { .. }) = ops.get(at as usize + 1) {
                work.push(at + 2);
            }
        }
    }
}

fn within(register: Reg, first: Reg, count: usize) -> bool {
    (usize::from(first)..usize::from(first) + count).contains(&usize::from(register))
}

/// Does the instruction read this register? Where an instruction is not named here, yes.
fn reads(op: &Op, r: Reg) -> bool {
    match *op {
        Op::LoadConst { .. } | Op::LoadInt { .. } | Op::LoadNone { .. } | Op::LoadBool { .. } | Op::LoadGlobal { .. } | Op::DeleteGlobal { .. }
        | Op::Jump { .. } | Op::Loop { .. } | Op::Names { .. } | Op::LoadBuildClass { .. } | Op::StartGenerator {} | Op::RaiseAgain {}
        | Op::LoadAssertionError { .. } | Op::LoadStopAsyncIteration { .. } | Op::Nop {} | Op::Unbind { .. } => false,
        Op::Move { src, .. } | Op::CheckBound { src } | Op::StoreGlobal { src, .. } | Op::ListToTuple { src, .. } | Op::Unpack { src, .. }
        | Op::UnpackStar { src, .. } | Op::Return { src } | Op::GetIter { src, .. } | Op::GetIterObject { src, .. } | Op::Yield { src, .. }
        | Op::GetYieldFromIter { src, .. } | Op::GetAwaitable { src, .. } | Op::GetAIter { src, .. } | Op::GetANext { src, .. } | Op::YieldAsync { src, .. }
        | Op::LoadContext { src, .. } | Op::LoadAsyncContext { src, .. } | Op::MatchSequence { src, .. } | Op::MatchMapping { src, .. } | Op::Len { src, .. } => src == r,
        Op::Add { a, b, .. } | Op::Sub { a, b, .. } | Op::Mul { a, b, .. } | Op::TrueDiv { a, b, .. } | Op::FloorDiv { a, b, .. } | Op::Mod { a, b, .. }
        | Op::Binary { a, b, .. } | Op::InPlace { a, b, .. } | Op::Compare { a, b, .. } | Op::TestLt { a, b, .. } | Op::TestLe { a, b, .. } | Op::TestGt { a, b, .. }
        | Op::TestGe { a, b, .. } | Op::TestEq { a, b, .. } | Op::TestNe { a, b, .. } | Op::TestIs { a, b, .. } | Op::TestIn { a, b, .. } => a == r || b == r,
        Op::AddImm { a, .. } | Op::InPlaceImm { a, .. } | Op::Unary { a, .. } | Op::Not { a, .. } | Op::Test { a, .. } | Op::TestImm { a, .. } | Op::TestNone { a, .. } => a == r,
        Op::BuildList { first, count, .. } | Op::BuildTuple { first, count, .. } | Op::BuildSet { first, count, .. } | Op::BuildString { first, count, .. } => within(r, first, count.into()),
        Op::BuildDict { first, count, .. } => within(r, first, 2 * usize::from(count)),
        Op::BuildSlice { first, .. } => within(r, first, 3),
        Op::ListAppend { list, src } | Op::ListExtend { list, src } => list == r || src == r,
        Op::SetAdd { set, src } | Op::SetUpdate { set, src } => set == r || src == r,
        Op::DictUpdate { dict, src } => dict == r || src == r,
        Op::GetItem { obj, key, .. } | Op::DelItem { obj, key } => obj == r || key == r,
        Op::SetItem { obj, key, src } => obj == r || key == r || src == r,
        Op::LoadAttr { obj, .. } | Op::DeleteAttr { obj, .. } | Op::LoadMethod { obj, .. } => obj == r,
        Op::StoreAttr { obj, src, .. } => obj == r || src == r,
        Op::Call { func, count, .. } => within(r, func, 1 + usize::from(count)),
        Op::CallMethod { func, count, .. } => within(r, func, 2 + usize::from(count)),
        Op::CallKw { func, count, .. } => within(r, func, 2 + usize::from(count)),
        Op::CallEx { func, .. } => within(r, func, 3),
        Op::MakeFunction { first, .. } => within(r, first, 4),
        Op::ForIter { iter, .. } => within(r, iter, 2),
        Op::YieldFrom { iter, .. } => iter == r,
        Op::PushHandled { exc, .. } | Op::Reraise { exc } | Op::LoadExcInfo { exc, .. } => exc == r,
        Op::PopHandled { save } => save == r,
        Op::Raise { exc, cause } => exc == r || cause == r && cause != NO_REG,
        Op::MatchException { exc, class, .. } => exc == r || class == r,
        _ => true,
    }
}

/// Does the instruction overwrite this register, whatever happens?
fn writes(op: &Op, r: Reg) -> bool {
    match *op {
        Op::LoadConst { dst, .. } | Op::LoadInt { dst, .. } | Op::LoadNone { dst } | Op::LoadBool { dst, .. } | Op::Move { dst, .. } | Op::Unbind { dst }
        | Op::LoadGlobal { dst, .. } | Op::LoadCell { dst, .. } | Op::LoadName { dst, .. } | Op::Add { dst, .. } | Op::Sub { dst, .. } | Op::Mul { dst, .. }
        | Op::TrueDiv { dst, .. } | Op::FloorDiv { dst, .. } | Op::Mod { dst, .. } | Op::AddImm { dst, .. } | Op::Binary { dst, .. } | Op::Unary { dst, .. }
        | Op::Not { dst, .. } | Op::Compare { dst, .. } | Op::BuildList { dst, .. } | Op::BuildTuple { dst, .. } | Op::BuildSet { dst, .. } | Op::BuildDict { dst, .. }
        | Op::BuildString { dst, .. } | Op::BuildSlice { dst, .. } | Op::ListToTuple { dst, .. } | Op::GetItem { dst, .. } | Op::LoadAttr { dst, .. }
        | Op::Call { dst, .. } | Op::CallMethod { dst, .. } | Op::CallKw { dst, .. } | Op::CallEx { dst, .. } | Op::MakeFunction { dst, .. } | Op::LoadBuildClass { dst }
        | Op::GetIterObject { dst, .. } | Op::Yield { dst, .. } | Op::YieldFrom { dst, .. } | Op::Format { dst, .. } => dst == r,
        Op::LoadMethod { dst, .. } | Op::GetIter { dst, .. } | Op::LoadContext { dst, .. } => within(r, dst, 2),
        Op::Unpack { first, count, .. } => within(r, first, count.into()),
        _ => false,
    }
}

// ---- for the library

/// `watch(object)`
fn watch(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let object = m.arg(args, 0)?;
    m.watch(*object);
    Ok(Value::NONE)
}

/// `weak_key(object)`: numbers by which `weak_get` finds the object without holding it.
fn weak_key(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    let object = m.arg(args, 0)?;
    let identity = m.identity(*object);
    m.watch(*object);
    Ok(Value::int(identity as i64))
}

/// `weak_get(key)`: the object, or None when it died.
fn weak_get(m: &mut Machine, args: &Args) -> Result<Value, Trap> {
    if m.watched == Handle::MAX {
        return Ok(Value::NONE);
    }
    if let Some(dead) = m.take_dead(false) {
        let row = m.shared.natives.iter().position(|row| row.owner == "_emulant" && row.name == "weak_get").unwrap_or_default();
        return m.reaping(dead, row as Handle, args).map_or(Err(Trap::Memory), Err);
    }
    let wanted = m.arg(args, 0)?.as_int() as u64;
    let known = m.heap.lists.get(m.watched).clone();
    m.spend(known.len() as u64 / 4)?;
    let found = known.into_iter().find(|slot| m.identities.get(&(slot.kind, slot.bits)) == Some(&wanted));
    m.force(found.unwrap_or(Slot::NONE))
}

/// `more_dead()`: what died since, as a list.
fn more_dead(m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    let dead = m.take_dead(false).unwrap_or_default();
    m.new_list(dead)
}

/// `reap_cycles()`: what only garbage refers to dies.
fn reap_cycles(m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    let dead = m.take_dead(true).unwrap_or_default();
    let dead = *m.new_list(dead)?;
    Err(m.call_hidden("__let_die__", &[dead]))
}

/// `all_watched()`: a copy of the list.
fn all_watched(m: &mut Machine, _args: &Args) -> Result<Value, Trap> {
    let all = if m.watched == Handle::MAX { Vec::new() } else { m.heap.lists.get(m.watched)[1..].to_vec() };
    m.new_list(all)
}
