//! Control labels: what a program does and writes under a condition carries the
//! label of that condition as choice.
//!
//! Off by default and then free: only the observed form of the run loop looks
//! here, before each instruction. Each frame keeps the conditions that it stands
//! under, generators across their suspensions; a condition holds up to the nearest
//! instruction that every way from the branch passes (`joins`). A call inherits
//! what its caller stands under. Containers carry a label of their structure
//! besides those of their items, in a table on the side.
//!
//! What has no label here: how long a run takes, whether it ends, and, below
//! `strict`, what the branch that was not taken would have done.

mod joins;

use crate::code::{Code, Op};
use crate::frame::NO_GENERATOR;
use crate::label::Level;
use crate::machine::{Codes, Machine};
use crate::native::Args;
use crate::value::{Handle, Kind, Label, Slot};
use alloc::{boxed::Box, collections::BTreeMap, sync::Arc, vec::Vec};
use joins::Joins;

/// Methods of built-in containers that change their receiver by what their arguments say.
const PLACING: [&str; 12] = [
    "__delitem__", "__setitem__", "discard", "insert", "move_to_end", "pop", "popitem", "remove", "rotate", "setdefault", "sort", "update",
];
/// The others that change their receiver.
const CHANGING: [&str; 14] = [
    "add", "append", "appendleft", "clear", "difference_update", "extend", "extendleft", "intersection_update", "popleft", "reverse",
    "subtract", "symmetric_difference_update", "write", "__iadd__",
];

/// Control labels of a run in progress.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    level: Level,
    open: Vec<OpenFrame>,
    /// What suspended generators stand under.
    suspended: BTreeMap<Handle, Vec<Scope>>,
    /// Labels of the structure (length, order, keys) of containers, as choice.
    shapes: BTreeMap<(Kind, u64), Label>,
    joins: BTreeMap<u32, Arc<Joins>>,
    /// What the frame that just returned gave.
    returned: Label,
    /// Why the frames that just ended by an exception did.
    raised: Label,
}

/// A frame that has not ended.
#[derive(Clone, Debug)]
struct OpenFrame {
    depth: usize,
    generator: Handle,
    code: u32,
    /// What its caller stood under.
    inherited: Label,
    scopes: Vec<Scope>,
    /// The instruction that runs, and what it reads.
    last: Option<usize>,
    reads: Label,
}

/// A condition that holds from `branch` up to `join`.
#[derive(Clone, Debug)]
struct Scope {
    branch: u32,
    join: u32,
    label: Label,
}

impl Machine {
    /// What the current instruction stands under, as choice.
    pub(crate) fn control_label(&mut self) -> Label {
        let Some(flow) = self.flow.take() else { return 0 };
        let label = flow.open.last().map_or(0, |frame| self.under(frame));
        self.flow = Some(flow);
        label
    }

    /// Before an instruction of the observed loop.
    pub(crate) fn flow_step(&mut self, codes: &Codes, pc: usize) {
        let Some(mut flow) = self.flow.take() else { return };
        self.close_ended(&mut flow, codes);
        self.open_new(&mut flow, codes);
        if let Some(mut frame) = flow.open.pop() {
            self.after_last(&mut flow, &mut frame, codes, pc);
            self.leave_scopes(&mut flow, &mut frame, codes, pc);
            (flow.returned, flow.raised, self.seen) = (0, 0, 0);
            self.before(&mut flow, &mut frame, codes, pc);
            flow.open.push(frame);
        }
        self.flow = Some(flow);
    }

    fn under(&mut self, frame: &OpenFrame) -> Label {
        frame.scopes.iter().fold(frame.inherited, |label, scope| self.labels.join(label, scope.label))
    }

    /// Frames that returned, were suspended or ended by an exception.
    fn close_ended(&mut self, flow: &mut Flow, codes: &Codes) {
        let depth = self.frames.len();
        while let Some(frame) = flow.open.pop_if(|open| {
            open.depth > depth || open.depth == depth && self.frames.last().is_none_or(|f| f.code != open.code || f.generator != open.generator)
        }) {
            let op = frame.last.map(|pc| codes[frame.code as usize].code.ops[pc]);
            match op {
                Some(Op::Return { .. }) => {}
                Some(Op::Yield { .. } | Op::YieldAsync { .. } | Op::YieldFrom { .. } | Op::StartGenerator {}) => {
                    if !frame.scopes.is_empty() {
                        flow.suspended.insert(frame.generator, frame.scopes);
                    }
                }
                _ => {
                    let under = self.under(&frame);
                    let why = self.labels.join(under, frame.reads);
                    flow.raised = self.labels.join(flow.raised, why);
                }
            }
        }
    }

    fn open_new(&mut self, flow: &mut Flow, codes: &Codes) {
        let depth = self.frames.len();
        if flow.open.last().is_some_and(|open| open.depth == depth) {
            return;
        }
        let Some(frame) = self.frames.last() else { return };
        let (code, generator) = (frame.code, frame.generator);
        let mut inherited = 0;
        if let Some(caller) = flow.open.last() {
            inherited = self.under(caller);
            // Which function runs here may itself be the choice of a labelled value.
            let callee = self.callee(codes, caller);
            inherited = self.labels.selected(inherited, callee);
        }
        let scopes = if generator == NO_GENERATOR { Vec::new() } else { flow.suspended.remove(&generator).unwrap_or_default() };
        flow.open.push(OpenFrame { depth, generator, code, inherited, scopes, last: None, reads: 0 });
    }

    /// The label of what is called, and of the object whose method it is.
    fn callee(&mut self, codes: &Codes, caller: &OpenFrame) -> Label {
        let (Some(pc), Some(base)) = (caller.last, self.frames.get(caller.depth - 1).map(|frame| frame.base as usize)) else { return 0 };
        match codes[caller.code as usize].code.ops[pc] {
            Op::CallMethod { func, .. } | Op::CallKw { func, method: true, .. } => {
                let at = base + func as usize;
                self.labels.join(self.stack[at].label, self.stack[at + 1].label)
            }
            // `next(generator)` runs what it is given.
            Op::Call { func, count: 1.., .. } if self.stack[base + func as usize + 1].kind == Kind::Generator => {
                let at = base + func as usize;
                self.labels.join(self.stack[at].label, self.stack[at + 1].label)
            }
            Op::Call { func, .. } | Op::CallKw { func, .. } | Op::CallEx { func, .. } => self.stack[base + func as usize].label,
            _ => 0,
        }
    }

    /// What the instruction that ran leaves behind: labels of what it wrote, or a new condition.
    fn after_last(&mut self, flow: &mut Flow, frame: &mut OpenFrame, codes: &Codes, pc: usize) {
        let Some(last) = frame.last else { return };
        let code = &codes[frame.code as usize].code;
        let under = self.under(frame);
        if let Some(handler) = code.handlers.iter().find(|h| (h.start as usize..h.end as usize).contains(&last) && h.target as usize == pc) {
            let why = self.labels.join(flow.raised, self.seen);
            let why = self.labels.join(why, frame.reads);
            let label = self.labels.selected(under, why);
            let joins = flow.joins_of(frame.code, code);
            frame.scopes.iter_mut().for_each(|scope| scope.join = joins.common(scope.join, handler.target));
            if label != 0 {
                let join = joins.common(last as u32, handler.target);
                frame.scopes.push(Scope { branch: last as u32, join, label });
            }
            return;
        }
        let op = code.ops[last];
        let shape = self.shape_of_reads(flow, op);
        let by = self.labels.join(under, shape);
        if by != 0 {
            self.label_written(code, op, by);
        }
        if joins::is_branch(op) {
            let told = self.labels.join(flow.returned, self.seen);
            let condition = self.labels.join(frame.reads, told);
            let condition = self.labels.join(condition, shape);
            let label = self.labels.as_choice(condition);
            if label != 0 {
                let join = flow.joins_of(frame.code, code).of(last as u32);
                match frame.scopes.iter_mut().find(|scope| scope.branch == last as u32) {
                    Some(scope) => scope.label = self.labels.join(scope.label, label),
                    None => frame.scopes.push(Scope { branch: last as u32, join, label }),
                }
            }
        }
    }

    /// Conditions end where all ways meet.
    fn leave_scopes(&mut self, flow: &mut Flow, frame: &mut OpenFrame, codes: &Codes, pc: usize) {
        while let Some(place) = frame.scopes.iter().position(|scope| scope.join as usize == pc) {
            let scope = frame.scopes.remove(place);
            if flow.level == Level::Strict {
                let code = &codes[frame.code as usize].code;
                for at in flow.joins_of(frame.code, code).between(code, scope.branch, scope.join) {
                    self.label_untaken(flow, codes, frame.code, code.ops[at as usize], scope.label);
                }
            }
        }
    }

    /// Notes what an instruction reads, and labels what it hands on by what it stands under.
    fn before(&mut self, flow: &mut Flow, frame: &mut OpenFrame, codes: &Codes, pc: usize) {
        let code = &codes[frame.code as usize].code;
        let op = code.ops[pc];
        frame.last = Some(pc);
        frame.reads = self.label_of_reads(op);
        let under = self.under(frame);
        let Some(base) = self.frames.last().map(|frame| frame.base as usize) else { return };
        match op {
            Op::Return { src } | Op::Yield { src, .. } | Op::YieldAsync { src, .. } => {
                self.label_register(base, src, under);
                flow.returned = self.stack[base + src as usize].label;
            }
            Op::StoreGlobal { src, .. } | Op::StoreName { src, .. } | Op::StoreCell { src, .. } | Op::StoreAttr { src, .. } => {
                self.label_register(base, src, under);
            }
            Op::SetItem { obj, key, src } => {
                self.label_register(base, src, under);
                let by = self.labels.selected(under, self.stack[base + key as usize].label);
                self.label_shape(flow, self.stack[base + obj as usize], by);
            }
            Op::DelItem { obj, key } => {
                let by = self.labels.selected(under, self.stack[base + key as usize].label);
                self.label_shape(flow, self.stack[base + obj as usize], by);
            }
            Op::ListAppend { list: into, src } | Op::SetAdd { set: into, src } | Op::ListExtend { list: into, src }
            | Op::SetUpdate { set: into, src } | Op::DictUpdate { dict: into, src } | Op::DictMerge { dict: into, src, .. } => {
                self.label_register(base, src, under);
                self.label_shape(flow, self.stack[base + into as usize], under);
            }
            Op::DictSet { dict, value, .. } => {
                self.label_register(base, value, under);
                self.label_shape(flow, self.stack[base + dict as usize], under);
            }
            Op::Call { func, count, .. } => frame.reads = self.before_call(flow, base + func as usize, count as usize, under),
            Op::CallMethod { func, count, .. } => frame.reads = self.before_call(flow, base + func as usize, count as usize + 1, under),
            Op::CallKw { func, count, method, .. } => {
                frame.reads = self.before_call(flow, base + func as usize, count as usize + usize::from(method), under);
            }
            Op::CallEx { func, .. } => frame.reads = self.before_call(flow, base + func as usize, 2, under),
            _ => {}
        }
    }

    /// Arguments stand in registers of their own: labelling them touches no variable. Gives the label
    /// of all of them, which decides whether the call fails.
    fn before_call(&mut self, flow: &mut Flow, callee: usize, count: usize, under: Label) -> Label {
        let first = callee + 1;
        if under != 0 {
            for place in first..first + count {
                if !self.stack[place].is_unbound() {
                    self.stack[place].label = self.labels.join(self.stack[place].label, under);
                }
            }
        }
        let labels: Vec<Label> = self.stack[callee..first + count].iter().map(|slot| slot.label).collect();
        let reads = labels.into_iter().fold(0, |all, label| self.labels.join(all, label));
        let callee = self.stack[callee];
        if callee.kind != Kind::Native || count == 0 {
            return reads;
        }
        let name = self.shared.natives[callee.handle() as usize].name;
        let receiver = self.stack[first];
        if PLACING.contains(&name) {
            let args = Args { first: first + 1, count: count - 1, keywords: 0, names: Slot::UNBOUND };
            let labels: Vec<Label> = self.stack[args.first..args.first + args.count].iter().map(|slot| slot.label).collect();
            let mut by = labels.into_iter().fold(under, |by, label| self.labels.selected(by, label));
            if name == "sort" {
                let items = self.item_labels(receiver);
                by = self.labels.selected(by, items);
            }
            self.label_shape(flow, receiver, by);
        } else if CHANGING.contains(&name) {
            self.label_shape(flow, receiver, under);
        }
        reads
    }

    fn item_labels(&mut self, list: Slot) -> Label {
        if list.kind != Kind::List {
            return 0;
        }
        let labels: Vec<Label> = self.heap.lists.get(list.handle()).iter().map(|item| item.label).collect();
        labels.into_iter().fold(0, |all, label| self.labels.join(all, label))
    }

    fn label_register(&mut self, base: usize, register: u16, label: Label) {
        let slot = self.stack[base + register as usize];
        if label != 0 && !slot.is_unbound() {
            self.stack[base + register as usize].label = self.labels.join(slot.label, label);
        }
    }

    fn label_written(&mut self, code: &Code, op: Op, label: Label) {
        let Some(base) = self.frames.last().map(|frame| frame.base as usize) else { return };
        let choice = self.labels.as_choice(label);
        match op {
            Op::Unpack { first, count, .. } => (first..first + count).for_each(|register| self.label_register(base, register, choice)),
            Op::UnpackStar { before, first, after, .. } => {
                (first..first + u16::from(before) + 1 + after).for_each(|register| self.label_register(base, register, choice));
            }
            // The position of an iteration and the tables of a method call stand beside `dst`.
            _ => {
                if let Some(register) = op.written().filter(|register| *register < code.registers) {
                    let is_cell = self.stack[base + register as usize].kind == Kind::Cell;
                    if !is_cell {
                        self.label_register(base, register, choice);
                    }
                }
            }
        }
    }

    /// At `strict`: what an instruction of the region would have written, whether it ran or not.
    fn label_untaken(&mut self, flow: &mut Flow, codes: &Codes, code: u32, op: Op, label: Label) {
        let Some((base, globals)) = self.frames.last().map(|frame| (frame.base as usize, frame.globals)) else { return };
        let loaded = &codes[code as usize];
        match op {
            Op::StoreGlobal { site, .. } => {
                let name = loaded.sites[site as usize];
                if let Some(position) = self.position_in_dict(globals, name) {
                    if let Some(value) = self.heap.dicts.get(globals).entry(position).map(|entry| entry.value) {
                        let label = self.labels.join(value.label, label);
                        self.heap.dicts.get_mut(globals).set_value(position, value.with_label(label));
                    }
                }
            }
            Op::StoreCell { cell, .. } => {
                let cell = self.stack[base + cell as usize];
                if cell.kind == Kind::Cell {
                    let content = *self.heap.cells.get(cell.handle());
                    if !content.is_unbound() {
                        *self.heap.cells.get_mut(cell.handle()) = content.with_label(self.labels.join(content.label, label));
                    }
                }
            }
            Op::StoreAttr { obj, .. } | Op::SetItem { obj, .. } | Op::DelItem { obj, .. } | Op::DeleteAttr { obj, .. } => {
                self.label_shape(flow, self.stack[base + obj as usize], label);
            }
            Op::CallMethod { func, .. } => self.label_shape(flow, self.stack[base + func as usize + 1], label),
            _ => {
                if let Some(register) = op.written().filter(|register| usize::from(*register) < loaded.code.locals.len()) {
                    self.label_register(base, register, label);
                }
            }
        }
    }

    fn label_of_reads(&mut self, op: Op) -> Label {
        let Some(base) = self.frames.last().map(|frame| frame.base as usize) else { return 0 };
        let mut labels = [0; 4];
        let mut count = 0;
        op.reads(&mut |register| {
            if let (Some(slot), true) = (self.stack.get(base + register as usize), count < 4) {
                labels[count] = slot.label;
                count += 1;
            }
        });
        labels.into_iter().fold(0, |all, label| self.labels.join(all, label))
    }

    fn shape_of_reads(&mut self, flow: &Flow, op: Op) -> Label {
        if flow.shapes.is_empty() {
            return 0;
        }
        let Some(base) = self.frames.last().map(|frame| frame.base as usize) else { return 0 };
        let mut keys = [None; 6];
        let mut count = 0;
        let mut add = |slot: Option<&Slot>| {
            if let (Some(key), true) = (slot.and_then(|slot| shape_key(*slot)), count < 6) {
                keys[count] = Some(key);
                count += 1;
            }
        };
        op.reads(&mut |register| add(self.stack.get(base + register as usize)));
        if let Op::Call { func, count, .. } | Op::CallMethod { func, count, .. } | Op::CallKw { func, count, .. } = op {
            (func + 1..=func + count + 1).for_each(|register| add(self.stack.get(base + register as usize)));
        }
        let labels = keys.into_iter().flatten().filter_map(|key| flow.shapes.get(&key).copied());
        let labels: Vec<Label> = labels.collect();
        labels.into_iter().fold(0, |all, label| self.labels.join(all, label))
    }

    fn label_shape(&mut self, flow: &mut Flow, container: Slot, label: Label) {
        let Some(key) = shape_key(container).filter(|_| label != 0) else { return };
        let choice = self.labels.as_choice(label);
        let known = flow.shapes.entry(key).or_default();
        *known = self.labels.join(*known, choice);
    }
}

impl Flow {
    /// None at the level of flow, which needs none. Above it asks go out one by one: a bet that
    /// was lost would have left labels behind.
    pub(crate) fn at(level: Level) -> Option<Box<Flow>> {
        (level > Level::Flow).then(|| Box::new(Flow { level, ..Flow::default() }))
    }

    fn joins_of(&mut self, code: u32, of: &Code) -> Arc<Joins> {
        self.joins.entry(code).or_insert_with(|| Arc::new(Joins::new(of))).clone()
    }

    /// Forgets the structure of objects that are gone, so that none is taken for theirs.
    pub(crate) fn forget_dead(&mut self, is_live: impl Fn(Slot) -> bool) {
        self.shapes.retain(|(kind, bits), _| is_live(Slot::new(*kind, *bits)));
        self.suspended.retain(|generator, _| is_live(Slot::object(Kind::Generator, *generator)));
    }
}

fn shape_key(slot: Slot) -> Option<(Kind, u64)> {
    let shaped = matches!(slot.kind, Kind::List | Kind::Dict | Kind::Set | Kind::ByteArray | Kind::Instance | Kind::Native2);
    shaped.then_some((slot.kind, slot.bits))
}
