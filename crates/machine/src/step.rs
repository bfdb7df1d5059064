//! Every instruction in full: what the run loop does not do on the spot.
//!
//! The loop in `run.rs` computes the frequent cases of the frequent instructions itself and hands
//! everything else to [`Machine::step`], which does one instruction whatever it meets.

use crate::class::{shadow_bit, Cache, Found, Type};
use crate::code::{BinaryOp, CompareOp, Op, NO_REG};
use crate::frame::Then;
use crate::machine::{Codes, Loaded, Machine};
use crate::run::{Exit, Go};
use crate::trap::{Adapt, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use crate::without;
use alloc::format;

impl Machine {
    /// Remember why the loop stops.
    #[cold]
    pub(crate) fn leave(&mut self, exit: Exit) -> Go {
        self.exit = Some(exit);
        Go::Exit
    }

    #[inline]
    fn joined(&mut self, a: Slot, b: Slot) -> u32 {
        if a.label | b.label == 0 { 0 } else { self.labels.join(a.label, b.label) }
    }

    /// Deal with a trap of the current instruction, whose result goes to `then`.
    #[inline(never)]
    pub(crate) fn trapped(&mut self, codes: &Codes, trap: Trap, then: Then) -> Go {
        match self.handle_trap(codes, trap, then) {
            Ok(()) => Go::Reload,
            Err(exit) => self.leave(exit),
        }
    }

    /// Do the instruction at `pc` of the top frame.
    #[allow(clippy::too_many_lines)] // One arm for each instruction; splitting the match would hide its shape.
    #[inline(never)]
    pub(crate) fn step(&mut self, codes: &Codes, loaded: &Loaded, base: usize, pc: usize) -> Go {
        let mut pc = pc;
        let ops: &[Op] = &loaded.code.ops;
        macro_rules! save {
            () => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.pc = pc as u32;
                }
            };
        }
        macro_rules! reg {
            ($r:expr) => {
                self.stack[base + $r as usize]
            };
        }
        macro_rules! trap {
            ($trap:expr, $then:expr) => {{
                let trap = $trap;
                return self.trapped(codes, trap, $then);
            }};
        }
        // The value of an expression goes into a register; a trap is handled as a call whose result goes there.
        macro_rules! store {
            ($dst:expr, $value:expr) => {
                match $value {
                    Ok(value) => {
                        reg!($dst) = Slot::from(value);
                        pc += 1;
                    }
                    Err(trap) => trap!(trap, Then::Store($dst)),
                }
            };
        }
        macro_rules! effect {
            ($result:expr) => {
                match $result {
                    Ok(_) => pc += 1,
                    Err(trap) => trap!(trap, Then::Discard),
                }
            };
        }
        macro_rules! decide {
            ($holds:expr, $sense:expr) => {
                if $holds == $sense {
                    match ops[pc + 1] {
                        Op::Jump { to } => pc = to as usize,
                        Op::Loop { to } => {
                            if !without::FUEL {
                                self.fuel -= (pc + 2 - to as usize) as i64;
                            }
                            pc = to as usize;
                            if !without::FUEL && self.fuel < 0 || !without::RECLAMATION && self.heap.bytes >= self.collect_at {
                                save!();
                                if let Some(step) = self.pause(codes) {
                                    return self.leave(Exit::Step(step));
                                }
                            }
                        }
                        _ => pc += 1,
                    }
                } else {
                    pc += 2;
                }
            };
        }
        macro_rules! test {
            ($result:expr, $sense:expr) => {
                match $result {
                    Ok(holds) => decide!(holds, $sense),
                    Err(trap) => trap!(trap, Then::Test($sense)),
                }
            };
        }
        macro_rules! arithmetic {
            ($dst:expr, $a:expr, $b:expr, $in_place:expr, $op:expr) => {{
                let (x, y) = (reg!($a), reg!($b));
                store!($dst, self.binary($op, $in_place, x, y));
            }};
        }
        macro_rules! order {
            ($sense:expr, $a:expr, $b:expr, $op:expr, $sign:tt) => {{
                let (x, y) = (reg!($a), reg!($b));
                if x.kind == Kind::Int && y.kind == Kind::Int {
                    decide!((x.as_int() $sign y.as_int()), $sense);
                } else if x.kind == Kind::Float && y.kind == Kind::Float {
                    decide!((x.as_float() $sign y.as_float()), $sense);
                } else {
                    test!(self.compare($op, x, y).and_then(|v| self.truth(*v)), $sense);
                }
            }};
        }

        save!();
        match ops[pc] {
            Op::LoadConst { dst, index } => {
                reg!(dst) = loaded.consts[index as usize];
                pc += 1;
            }
            Op::LoadInt { dst, value } => {
                reg!(dst) = Slot::int(i64::from(value));
                pc += 1;
            }
            Op::LoadNone { dst } => {
                reg!(dst) = Slot::NONE;
                pc += 1;
            }
            Op::LoadBool { value, dst } => {
                reg!(dst) = Slot::bool(value);
                pc += 1;
            }
            Op::Move { dst, src } => {
                reg!(dst) = reg!(src);
                pc += 1;
            }
            Op::CheckBound { src } => {
                if reg!(src).is_unbound() {
                    let name = loaded.code.locals[src as usize].trim_start_matches('.');
                    let message = format!("cannot access local variable '{name}' where it is not associated with a value");
                    let trap = self.raise(Type::UnboundLocalError, message);
                    trap!(trap, Then::Discard);
                }
                pc += 1;
            }
            Op::Unbind { dst } => {
                reg!(dst) = Slot::UNBOUND;
                pc += 1;
            }
            Op::MakeCell { reg } => {
                let content = reg!(reg);
                self.heap.bytes += 32;
                let cell = self.heap.cells.add(content);
                reg!(reg) = Slot::object(Kind::Cell, cell);
                pc += 1;
            }
            Op::LoadCell { dst, cell } => {
                let content = *self.heap.cells.get(reg!(cell).handle());
                if content.is_unbound() {
                    let trap = self.empty_cell(&loaded.code, cell);
                    trap!(trap, Then::Discard);
                }
                reg!(dst) = content;
                pc += 1;
            }
            Op::StoreCell { cell, src } => {
                let value = reg!(src);
                *self.heap.cells.get_mut(reg!(cell).handle()) = value;
                pc += 1;
            }
            Op::DeleteCell { cell } => {
                let handle = reg!(cell).handle();
                if self.heap.cells.get(handle).is_unbound() {
                    let trap = self.empty_cell(&loaded.code, cell);
                    trap!(trap, Then::Discard);
                }
                *self.heap.cells.get_mut(handle) = Slot::UNBOUND;
                pc += 1;
            }
            Op::ClearCell { cell } => {
                *self.heap.cells.get_mut(reg!(cell).handle()) = Slot::UNBOUND;
                pc += 1;
            }
            Op::LoadGlobal { dst, site } => {
                let globals = self.frames[self.frames.len() - 1].globals;
                let cache = self.caches[loaded.cache_base + site as usize];
                if cache.class == globals {
                    if let Found::Global(position) = cache.found {
                        if let Some(entry) = self.heap.dicts.get(globals).entry(position as usize) {
                            if entry.key.kind == Kind::Str && entry.key.handle() == loaded.sites[site as usize] {
                                reg!(dst) = entry.value;
                                pc += 1;
                                return Go::To(pc as u32);
                            }
                        }
                    } else if let Found::Builtin(value) = cache.found {
                        if cache.version == self.heap.dicts.get(globals).changes {
                            reg!(dst) = value;
                            pc += 1;
                            return Go::To(pc as u32);
                        }
                    }
                }
                store!(dst, self.load_global(globals, loaded, site));
            }
            Op::StoreGlobal { src, site } => {
                let (globals, name, value) = (self.frames[self.frames.len() - 1].globals, loaded.sites[site as usize], reg!(src));
                let cache = self.caches[loaded.cache_base + site as usize];
                if let (true, Found::Global(position)) = (cache.class == globals, cache.found) {
                    let same = self.heap.dicts.get(globals).entry(position as usize).is_some_and(|e| e.key.kind == Kind::Str && e.key.handle() == name);
                    if same {
                        self.heap.dicts.get_mut(globals).set_value(position as usize, value);
                        pc += 1;
                        return Go::To(pc as u32);
                    }
                }
                self.store_in_dict(globals, name, value);
                if let Some(position) = self.position_in_dict(globals, name) {
                    self.caches[loaded.cache_base + site as usize] = Cache { class: globals, version: 0, found: Found::Global(position as u32) };
                }
                pc += 1;
            }
            Op::DeleteGlobal { site } => {
                let globals = self.frames[self.frames.len() - 1].globals;
                effect!(self.delete_name(globals, loaded.sites[site as usize]));
            }
            Op::LoadName { dst, site } => {
                let (namespace, globals) = (reg!(0), self.frames[self.frames.len() - 1].globals);
                store!(dst, self.load_name(namespace, globals, loaded, site));
            }
            Op::LoadNameOrCell { dst, cell, site } => {
                let (namespace, cell_value) = (reg!(0), reg!(cell));
                let name = loaded.sites[site as usize];
                match self.lookup_namespace(namespace, name) {
                    Ok(Some(value)) => {
                        reg!(dst) = value;
                        pc += 1;
                    }
                    Ok(None) => {
                        let content = *self.heap.cells.get(cell_value.handle());
                        if content.is_unbound() {
                            let trap = self.empty_cell(&loaded.code, cell);
                            trap!(trap, Then::Discard);
                        }
                        reg!(dst) = content;
                        pc += 1;
                    }
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::StoreName { src, site } => {
                let (namespace, value, name) = (reg!(0), reg!(src), loaded.sites[site as usize]);
                effect!(self.store_namespace(namespace, name, value));
            }
            Op::DeleteName { site } => {
                let namespace = reg!(0);
                effect!(self.delete_name(self.payload(namespace).handle(), loaded.sites[site as usize]));
            }
            Op::Add { dst, a, b } => arithmetic!(dst, a, b, false, BinaryOp::Add),
            Op::Sub { dst, a, b } => arithmetic!(dst, a, b, false, BinaryOp::Sub),
            Op::Mul { dst, a, b } => arithmetic!(dst, a, b, false, BinaryOp::Mul),
            Op::TrueDiv { dst, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if x.kind == Kind::Float && y.kind == Kind::Float && y.as_float() != 0.0 {
                    let label = self.joined(x, y);
                    reg!(dst) = Slot::float(x.as_float() / y.as_float()).with_label(label);
                    pc += 1;
                    return Go::To(pc as u32);
                }
                store!(dst, self.binary(BinaryOp::TrueDiv, false, x, y));
            }
            Op::FloorDiv { dst, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if x.kind == Kind::Int && y.kind == Kind::Int && y.as_int() > 0 {
                    let label = self.joined(x, y);
                    reg!(dst) = Slot::int(x.as_int().div_euclid(y.as_int())).with_label(label);
                    pc += 1;
                    return Go::To(pc as u32);
                }
                store!(dst, self.binary(BinaryOp::FloorDiv, false, x, y));
            }
            Op::Mod { dst, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if x.kind == Kind::Int && y.kind == Kind::Int && y.as_int() > 0 {
                    let label = self.joined(x, y);
                    reg!(dst) = Slot::int(x.as_int().rem_euclid(y.as_int())).with_label(label);
                    pc += 1;
                    return Go::To(pc as u32);
                }
                store!(dst, self.binary(BinaryOp::Mod, false, x, y));
            }
            Op::AddImm { negative, dst, a, imm } => {
                let x = reg!(a);
                if x.kind == Kind::Int {
                    if let Some(value) = x.as_int().checked_add(i64::from(imm)) {
                        reg!(dst) = Slot { bits: value as u64, ..x };
                        pc += 1;
                        return Go::To(pc as u32);
                    }
                }
                let (op, operand) = if negative { (BinaryOp::Sub, -i64::from(imm)) } else { (BinaryOp::Add, i64::from(imm)) };
                store!(dst, self.binary(op, false, x, Slot::int(operand)));
            }
            Op::Binary { op, dst, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if x.kind == Kind::Int && y.kind == Kind::Int {
                    let value = match op {
                        BinaryOp::And => Some(x.as_int() & y.as_int()),
                        BinaryOp::Or => Some(x.as_int() | y.as_int()),
                        BinaryOp::Xor => Some(x.as_int() ^ y.as_int()),
                        _ => None,
                    };
                    if let Some(value) = value {
                        let label = self.joined(x, y);
                        reg!(dst) = Slot::int(value).with_label(label);
                        pc += 1;
                        return Go::To(pc as u32);
                    }
                }
                store!(dst, self.binary(op, false, x, y));
            }
            Op::InPlace { op, dst, a, b } => match op {
                BinaryOp::Add => arithmetic!(dst, a, b, true, BinaryOp::Add),
                BinaryOp::Sub => arithmetic!(dst, a, b, true, BinaryOp::Sub),
                BinaryOp::Mul => arithmetic!(dst, a, b, true, BinaryOp::Mul),
                _ => {
                    let (x, y) = (reg!(a), reg!(b));
                    store!(dst, self.binary(op, true, x, y));
                }
            },
            Op::InPlaceImm { negative, dst, a, imm } => {
                let x = reg!(a);
                if x.kind == Kind::Int {
                    if let Some(value) = x.as_int().checked_add(i64::from(imm)) {
                        reg!(dst) = Slot { bits: value as u64, ..x };
                        pc += 1;
                        return Go::To(pc as u32);
                    }
                }
                let (op, operand) = if negative { (BinaryOp::Sub, -i64::from(imm)) } else { (BinaryOp::Add, i64::from(imm)) };
                store!(dst, self.binary(op, true, x, Slot::int(operand)));
            }
            Op::LoadStopAsyncIteration { dst } => {
                reg!(dst) = *Type::StopAsyncIteration.value();
                pc += 1;
            }
            Op::Unary { op, dst, a } => {
                let x = reg!(a);
                store!(dst, self.unary(op, x));
            }
            Op::Not { dst, a } => {
                let x = reg!(a);
                match self.truth(x) {
                    Ok(truth) => {
                        reg!(dst) = Slot::bool(!truth).with_label(x.label);
                        pc += 1;
                    }
                    Err(trap) => trap!(negated(trap), Then::Store(dst)),
                }
            }
            Op::Compare { op, dst, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if let (CompareOp::In | CompareOp::NotIn, Some(found)) = (op, self.contains_plain(y, x)) {
                    reg!(dst) = Slot::bool(found == (op == CompareOp::In));
                    return Go::To(pc as u32 + 1);
                }
                let label = self.joined(x, y);
                if x.kind == Kind::Int && y.kind == Kind::Int && (op as u8) < CompareOp::Is as u8 {
                    reg!(dst) = Slot::bool(crate::compare::holds(op, x.as_int().cmp(&y.as_int()))).with_label(label);
                    pc += 1;
                    return Go::To(pc as u32);
                }
                self.seen = 0;
                match self.compare(op, x, y) {
                    Ok(value) => {
                        let label = self.labels.join(label, self.seen);
                        reg!(dst) = value.slot().with_label(label);
                        pc += 1;
                    }
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::Jump { to } => pc = to as usize,
            Op::Loop { to } => {
                if !without::FUEL {
                    self.fuel -= (pc + 1 - to as usize) as i64;
                }
                pc = to as usize;
                if !without::FUEL && self.fuel < 0 || !without::RECLAMATION && self.heap.bytes >= self.collect_at {
                    save!();
                    if let Some(step) = self.pause(codes) {
                        return self.leave(Exit::Step(step));
                    }
                }
            }
            Op::Test { sense, a } => {
                let x = reg!(a);
                if x.kind == Kind::Bool || x.kind == Kind::Int {
                    decide!((x.bits != 0), sense);
                } else if x.kind == Kind::None {
                    decide!(false, sense);
                } else {
                    test!(self.truth(x), sense);
                }
            }
            Op::TestLt { sense, a, b } => order!(sense, a, b, CompareOp::Lt, <),
            Op::TestLe { sense, a, b } => order!(sense, a, b, CompareOp::Le, <=),
            Op::TestGt { sense, a, b } => order!(sense, a, b, CompareOp::Gt, >),
            Op::TestGe { sense, a, b } => order!(sense, a, b, CompareOp::Ge, >=),
            Op::TestEq { sense, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if x.kind == Kind::Str && y.kind == Kind::Str {
                    let equal = x.bits == y.bits || self.heap.text(x.handle()) == self.heap.text(y.handle());
                    decide!(equal, sense);
                    return Go::To(pc as u32);
                }
                order!(sense, a, b, CompareOp::Eq, ==);
            }
            Op::TestNe { sense, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if x.kind == Kind::Str && y.kind == Kind::Str {
                    let equal = x.bits == y.bits || self.heap.text(x.handle()) == self.heap.text(y.handle());
                    decide!(equal, !sense);
                    return Go::To(pc as u32);
                }
                order!(sense, a, b, CompareOp::Ne, !=);
            }
            Op::TestImm { sense, op, a, imm } => {
                let x = reg!(a);
                if x.kind == Kind::Int {
                    decide!(crate::compare::holds(op, x.as_int().cmp(&i64::from(imm))), sense);
                } else {
                    test!(self.compare(op, x, Slot::int(i64::from(imm))).and_then(|v| self.truth(*v)), sense);
                }
            }
            Op::TestIs { sense, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                test!(self.force(x).and_then(|x| self.force(y).map(|y| x.same(*y))), sense);
            }
            Op::TestNone { sense, a } => {
                let x = reg!(a);
                test!(self.force(x).map(Value::is_none), sense);
            }
            Op::TestIn { sense, a, b } => {
                let (x, y) = (reg!(a), reg!(b));
                if let Some(found) = self.contains_plain(y, x) {
                    decide!(found, sense);
                    return Go::To(pc as u32);
                }
                test!(self.compare(CompareOp::In, x, y).and_then(|v| self.truth(*v)), sense);
            }
            Op::BuildList { dst, first, count } => {
                let start = base + first as usize;
                let items = self.stack[start..start + count as usize].to_vec();
                store!(dst, self.new_list(items));
            }
            Op::BuildTuple { dst, first, count } => {
                let start = base + first as usize;
                let items = crate::tuple::TupleObject::from(&self.stack[start..start + count as usize]);
                store!(dst, self.new_tuple(items));
            }
            Op::BuildSet { dst, first, count } => {
                let start = base + first as usize;
                store!(dst, self.build_set(start, count as usize));
            }
            Op::BuildDict { dst, first, count } => {
                let start = base + first as usize;
                store!(dst, self.build_dict(start, count as usize));
            }
            Op::BuildString { dst, first, count } => {
                let start = base + first as usize;
                store!(dst, self.build_string(start, count as usize));
            }
            Op::BuildSlice { dst, first } => {
                let parts = [reg!(first), reg!(first + 1), reg!(first + 2)];
                self.heap.bytes += 64;
                let slice = self.heap.slices.add(parts);
                let label = self.joined(parts[0], parts[1]);
                reg!(dst) = Slot::object(Kind::Slice, slice).with_label(label);
                pc += 1;
            }
            Op::ListAppend { list, src } => {
                let (list, value) = (reg!(list), reg!(src));
                effect!(self.list_push(list.handle(), value));
            }
            Op::SetAdd { set, src } => {
                let (set, value) = (reg!(set), reg!(src));
                effect!(self.set_add(set.handle(), value));
            }
            Op::DictSet { dict, key, value } => {
                let (dict, key, value) = (reg!(dict), reg!(key), reg!(value));
                effect!(self.dict_set(dict.handle(), key, value));
            }
            Op::ListExtend { list, src } => {
                let (list, src) = (reg!(list), reg!(src));
                effect!(self.list_extend(list, src));
            }
            Op::SetUpdate { set, src } => {
                let (set, src) = (reg!(set), reg!(src));
                effect!(self.set_update(set, src));
            }
            Op::DictUpdate { dict, src } => {
                let (dict, src) = (reg!(dict), reg!(src));
                effect!(self.dict_update(dict, src));
            }
            Op::DictMerge { dict, src, func } => {
                let (dict, src, func) = (reg!(dict), reg!(src), reg!(func));
                effect!(self.dict_merge(dict, src, func));
            }
            Op::ListToTuple { dst, src } => {
                let items = self.heap.lists.get(reg!(src).handle()).clone();
                store!(dst, self.new_tuple(items));
            }
            Op::GetItem { dst, obj, key } => {
                let (object, key) = (reg!(obj), reg!(key));
                if key.kind == Kind::Int && (object.kind == Kind::List || object.kind == Kind::Tuple) {
                    let items = self.items(object);
                    if let Some(place) = Machine::place(key.as_int(), items.len()) {
                        let item = items[place];
                        let label = if object.label | key.label == 0 { item.label } else {
                            let whole = self.labels.join(object.label, item.label);
                            self.labels.selected(whole, key.label)
                        };
                        reg!(dst) = item.with_label(label);
                        pc += 1;
                        return Go::To(pc as u32);
                    }
                }
                if key.kind == Kind::Int && object.kind == Kind::Str && object.label | key.label == 0 {
                    let string = self.heap.strings.get(object.handle());
                    if string.is_ascii() {
                        if let Some(place) = Machine::place(key.as_int(), string.len()) {
                            reg!(dst) = Slot::object(Kind::Str, self.ascii[self.heap.text(object.handle()).as_bytes()[place] as usize]);
                            pc += 1;
                            return Go::To(pc as u32);
                        }
                    }
                }
                if object.kind == Kind::Dict && object.label | key.label == 0 && matches!(key.kind, Kind::Str | Kind::Int | Kind::Tuple) {
                    if let Ok(Some((_, Some(position)))) = self.dict_find_native(object.handle(), key) {
                        if let Some(entry) = self.heap.dicts.get(object.handle()).entry(position) {
                            reg!(dst) = entry.value;
                            pc += 1;
                            return Go::To(pc as u32);
                        }
                    }
                }
                store!(dst, self.get_item(object, key));
            }
            Op::SetItem { obj, key, src } => {
                let (object, key, value) = (reg!(obj), reg!(key), reg!(src));
                if key.kind == Kind::Int && object.kind == Kind::List {
                    if let Some(place) = Machine::place(key.as_int(), self.heap.lists.get(object.handle()).len()) {
                        self.heap.lists.get_mut(object.handle())[place] = value;
                        pc += 1;
                        return Go::To(pc as u32);
                    }
                }
                if object.kind == Kind::Dict {
                    effect!(self.dict_set(object.handle(), key, value));
                    return Go::To(pc as u32);
                }
                effect!(self.set_item(object, key, value));
            }
            Op::DelItem { obj, key } => {
                let (object, key) = (reg!(obj), reg!(key));
                effect!(self.delete_item(object, key));
            }
            Op::Unpack { src, first, count } => {
                let (source, start) = (reg!(src), base + first as usize);
                match self.unpack(source, start, count as usize) {
                    Ok(()) => pc += 1,
                    // Program code makes a list of the items first; the instruction then runs on that list.
                    Err(trap) => trap!(trap, Then::Retry(src)),
                }
            }
            Op::UnpackStar { before, src, first, after } => {
                let (source, start) = (reg!(src), base + first as usize);
                match self.unpack_star(source, start, before as usize, after as usize) {
                    Ok(()) => pc += 1,
                    Err(trap) => trap!(trap, Then::Retry(src)),
                }
            }
            Op::LoadAttr { dst, obj, site } => {
                let object = reg!(obj);
                if object.kind == Kind::Instance {
                    let cache = self.caches[loaded.cache_base + site as usize];
                    let class = object.class_handle();
                    if cache.class == class && cache.version == self.heap.classes.get(class).version {
                        if let Found::Instance(position) = cache.found {
                            if let Some(entry) = self.heap.dicts.get(object.handle()).entry(position as usize) {
                                if entry.key.kind == Kind::Str && entry.key.handle() == loaded.sites[site as usize] {
                                    let value = entry.value;
                                    reg!(dst) = value;
                                    if object.label != 0 {
                                        reg!(dst).label = self.labels.join(value.label, object.label);
                                    }
                                    pc += 1;
                                    return Go::To(pc as u32);
                                }
                            }
                        } else if let Found::Getter(getter) = cache.found {
                            save!();
                            let first = self.scratch_top() + 1;
                            if self.stack.len() > first + 8 {
                                self.stack[first] = object;
                                match self.enter(codes, getter.handle(), first, 1, Slot::UNBOUND, Then::Store(dst), Adapt::Plain) {
                                    Ok(()) => return Go::Reload,
                                    Err(trap) => trap!(trap, Then::Store(dst)),
                                }
                            }
                        } else if let Found::Plain(value) = cache.found {
                            let name = loaded.sites[site as usize];
                            if self.heap.classes.get(class).shadow & shadow_bit(name) == 0 {
                                reg!(dst) = value;
                                pc += 1;
                                return Go::To(pc as u32);
                            }
                        }
                    }
                }
                let result = self.load_attribute(object, loaded, site);
                store!(dst, result);
            }
            Op::StoreAttr { obj, src, site } => {
                let (object, value) = (reg!(obj), reg!(src));
                if object.kind == Kind::Instance {
                    let cache = self.caches[loaded.cache_base + site as usize];
                    let class = object.class_handle();
                    if cache.class == class && cache.version == self.heap.classes.get(class).version {
                        if let Found::Instance(position) = cache.found {
                            let same = self.heap.dicts.get(object.handle()).entry(position as usize)
                                .is_some_and(|e| e.key.kind == Kind::Str && e.key.handle() == loaded.sites[site as usize]);
                            if same {
                                self.heap.dicts.get_mut(object.handle()).set_value(position as usize, value);
                                pc += 1;
                                return Go::To(pc as u32);
                            }
                        }
                    }
                }
                effect!(self.store_attribute(object, value, loaded, site));
            }
            Op::DeleteAttr { obj, site } => {
                let object = reg!(obj);
                let result = self.force(object).and_then(|o| self.set_attribute(o, loaded.sites[site as usize], None));
                effect!(result);
            }
            Op::LoadMethod { dst, obj, site } => {
                let object = reg!(obj);
                let cache = self.caches[loaded.cache_base + site as usize];
                if let Found::Method(function) = cache.found {
                    let class = match object.kind {
                        Kind::Instance => object.class_handle(),
                        Kind::Str => Type::Str.handle(),
                        Kind::List => Type::List.handle(),
                        Kind::Dict => Type::Dict.handle(),
                        Kind::Set => Type::Set.handle(),
                        _ => Handle::MAX - 1,
                    };
                    if cache.class == class {
                        let known = self.heap.classes.get(class);
                        let name = loaded.sites[site as usize];
                        if cache.version == known.version && (object.kind != Kind::Instance || known.shadow & shadow_bit(name) == 0) {
                            reg!(dst) = function;
                            reg!(dst + 1) = object;
                            pc += 1;
                            return Go::To(pc as u32);
                        }
                    }
                }
                match self.load_method(object, loaded, site) {
                    Ok((function, this)) => {
                        reg!(dst) = function;
                        reg!(dst + 1) = this;
                        pc += 1;
                    }
                    Err(trap) => {
                        reg!(dst + 1) = Slot::UNBOUND;
                        trap!(trap, Then::Store(dst));
                    }
                }
            }
            Op::Call { dst, func, count } => {
                let callee = reg!(func);
                let first = base + func as usize + 1;
                save!();
                match self.call_on_stack(codes, callee, first, count as usize, Slot::UNBOUND, Then::Store(dst)) {
                    Ok(Some(value)) => {
                        reg!(dst) = value;
                        pc += 1;
                    }
                    Ok(None) => return self.entered(),
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::CallMethod { dst, func, count } => {
                let callee = reg!(func);
                let (skip, count) = if reg!(func + 1).is_unbound() { (2, count as usize) } else { (1, count as usize + 1) };
                let first = base + func as usize + skip;
                save!();
                match self.call_on_stack(codes, callee, first, count, Slot::UNBOUND, Then::Store(dst)) {
                    Ok(Some(value)) => {
                        reg!(dst) = value;
                        pc += 1;
                    }
                    Ok(None) => return self.entered(),
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::CallKw { method, dst, func, count } => {
                let callee = reg!(func);
                let (skip, count) = match method {
                    false => (1, count as usize),
                    true if reg!(func + 1).is_unbound() => (2, count as usize),
                    true => (1, count as usize + 1),
                };
                let names = match ops[pc + 1] {
                    Op::Names { index } => loaded.consts[index as usize],
                    _ => Slot::UNBOUND,
                };
                let first = base + func as usize + skip;
                save!();
                match self.call_on_stack(codes, callee, first, count, names, Then::Store(dst)) {
                    Ok(Some(value)) => {
                        reg!(dst) = value;
                        pc += 1;
                    }
                    Ok(None) => return self.entered(),
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::Names { .. } | Op::Nop {} => pc += 1,
            Op::CallEx { dst, func } => {
                let (callee, list, dict) = (reg!(func), reg!(func + 1), reg!(func + 2));
                save!();
                match self.call_spread(codes, callee, list, dict, Then::Store(dst)) {
                    Ok(Some(value)) => {
                        reg!(dst) = value;
                        pc += 1;
                    }
                    Ok(None) => return self.entered(),
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::MakeFunction { dst, first, child } => {
                let parts = [reg!(first), reg!(first + 1), reg!(first + 2), reg!(first + 3)];
                let function = self.make_function(codes, loaded.children[child as usize], parts);
                reg!(dst) = function;
                pc += 1;
            }
            Op::LoadBuildClass { dst } => {
                reg!(dst) = *self.hidden("__build_class__");
                pc += 1;
            }
            Op::Return { src } => {
                let value = reg!(src);
                save!();
                if let Err(exit) = self.return_value(codes, value) {
                    return self.leave(exit);
                }
                return Go::Reload;
            }
            Op::GetIter { dst, src } => {
                let source = reg!(src);
                match source.kind {
                    Kind::List | Kind::Tuple | Kind::Range | Kind::Str => {
                        reg!(dst) = source;
                        reg!(dst + 1) = Slot::new(Kind::Position, 0);
                        pc += 1;
                    }
                    _ => {
                        reg!(dst + 1) = Slot::UNBOUND;
                        store!(dst, self.get_iter(source));
                    }
                }
            }
            Op::ForIter { iter, dst } => {
                let of = reg!(iter);
                let position = reg!(iter + 1);
                if position.kind == Kind::Position {
                    let index = position.bits;
                    let item = match of.kind {
                        Kind::List => self.heap.lists.get(of.handle()).get(index as usize).copied(),
                        Kind::Range => {
                            let range = self.heap.ranges.get(of.handle());
                            (index < range.len).then(|| Slot::int(crate::iterate::range_item(range, index)))
                        }
                        Kind::Tuple => self.heap.tuples.get(of.handle()).get(index as usize).copied(),
                        _ => match self.sequence_item(of, index) {
                            Ok(item) => item,
                            Err(trap) => trap!(trap, Then::ForItem(dst)),
                        },
                    };
                    match item {
                        Some(item) => {
                            reg!(dst) = if of.label == 0 { item } else { item.with_label(self.labels.join(item.label, of.label)) };
                            reg!(iter + 1).bits = index + 1;
                            pc += 2;
                        }
                        None => {
                            // An exhausted list stays exhausted when it grows later.
                            reg!(iter + 1).bits = u64::MAX >> 1;
                            pc += 1;
                        }
                    }
                    return Go::To(pc as u32);
                }
                match of.kind {
                    Kind::Iter => match self.iter_next(of.handle()) {
                        Ok(Some(item)) => {
                            reg!(dst) = if of.label == 0 { item } else { item.with_label(self.labels.join(item.label, of.label)) };
                            pc += 2;
                        }
                        Ok(None) => pc += 1,
                        Err(trap) => trap!(trap, Then::ForItem(dst)),
                    },
                    Kind::Generator => {
                        save!();
                        match self.resume_generator(codes, of.handle(), Slot::NONE, None, Then::ForItem(dst), Adapt::Plain) {
                            Ok(()) => return Go::Reload,
                            Err(trap) => trap!(trap, Then::ForItem(dst)),
                        }
                    }
                    _ => {
                        let trap = self.call_next(of, Adapt::Next);
                        trap!(trap, Then::ForItem(dst));
                    }
                }
            }
            Op::GetIterObject { dst, src } => {
                let source = reg!(src);
                store!(dst, self.get_iter(source));
            }
            Op::StartGenerator {} => {
                save!();
                if let Err(exit) = self.start_generator(codes) {
                    return self.leave(exit);
                }
                return Go::Reload;
            }
            Op::Yield { dst: _, src } | Op::YieldAsync { dst: _, src } => {
                let mut value = reg!(src);
                if let Op::YieldAsync { .. } = ops[pc] {
                    // In a cell, to tell it from what an awaited object yields to the loop.
                    value = Slot::object(Kind::Cell, self.heap.cells.add(value));
                }
                if let Err(exit) = self.yield_value(codes, value) {
                    return self.leave(exit);
                }
                return Go::Reload;
            }
            Op::GetYieldFromIter { dst, src } => {
                let source = reg!(src);
                if source.kind == Kind::Generator {
                    reg!(dst) = source;
                    pc += 1;
                } else {
                    store!(dst, self.get_iter(source));
                }
            }
            Op::YieldFrom { dst, iter } => {
                let inner = reg!(iter);
                save!();
                if let Err(exit) = self.yield_from(codes, dst, inner) {
                    return self.leave(exit);
                }
                return Go::Reload;
            }
            Op::GetAwaitable { dst, src } => {
                let source = reg!(src);
                store!(dst, self.get_awaitable(source));
            }
            Op::GetAIter { dst, src } => {
                let source = reg!(src);
                store!(dst, self.call_special(source, self.names.aiter, "'async for' requires an object with __aiter__ method, got "));
            }
            Op::GetANext { dst, src } => {
                let source = reg!(src);
                store!(dst, self.call_special(source, self.names.anext, "'async for' requires an iterator with __anext__ method, got "));
            }
            Op::PushHandled { save, exc } => {
                let exception = reg!(exc);
                let top = self.frames.len() - 1;
                let before = core::mem::replace(&mut self.frames[top].handled, exception);
                reg!(save) = before;
                pc += 1;
            }
            Op::PopHandled { save } => {
                let before = reg!(save);
                let top = self.frames.len() - 1;
                self.frames[top].handled = before;
                pc += 1;
            }
            Op::Raise { exc, cause } => {
                let exception = reg!(exc);
                let cause = if cause == NO_REG { Slot::UNBOUND } else { reg!(cause) };
                let trap = self.raise_value(exception, cause);
                trap!(trap, Then::Retry(exc));
            }
            Op::RaiseAgain {} => {
                save!();
                let result = match self.current_handled() {
                    Some(exception) => self.unwind(codes, exception, false),
                    None => {
                        let trap = self.raise(Type::RuntimeError, "No active exception to reraise");
                        self.handle_trap(codes, trap, Then::Discard)
                    }
                };
                if let Err(exit) = result {
                    return self.leave(exit);
                }
                return Go::Reload;
            }
            Op::Reraise { exc } => {
                let exception = reg!(exc);
                save!();
                let exception = exception.value().unwrap_or(Value::NONE);
                if let Err(exit) = self.unwind(codes, exception, false) {
                    return self.leave(exit);
                }
                return Go::Reload;
            }
            Op::MatchException { dst, exc, class } => {
                let (exception, class) = (reg!(exc), reg!(class));
                store!(dst, self.match_exception(exception, class));
            }
            Op::SplitGroup { dst, exc, class } => {
                let (exception, class) = (reg!(exc), reg!(class));
                match self.split_group(exception, class) {
                    Ok((matched, rest)) => {
                        reg!(dst) = matched;
                        reg!(dst + 1) = rest;
                        pc += 1;
                    }
                    Err(trap) => trap!(trap, Then::Discard),
                }
            }
            Op::JoinGroup { dst, exc, list } => {
                let (exception, list) = (reg!(exc), reg!(list));
                store!(dst, self.join_group(exception, list));
            }
            Op::LoadContext { dst, src } => {
                let manager = reg!(src);
                match self.load_context(manager, self.names.enter, self.names.exit, "context manager") {
                    Ok((enter, exit)) => {
                        reg!(dst) = exit;
                        reg!(dst + 1) = enter;
                        pc += 1;
                    }
                    Err(trap) => trap!(trap, Then::Discard),
                }
            }
            Op::LoadAsyncContext { dst, src } => {
                let manager = reg!(src);
                match self.load_context(manager, self.names.aenter, self.names.aexit, "asynchronous context manager") {
                    Ok((enter, exit)) => {
                        reg!(dst) = exit;
                        reg!(dst + 1) = enter;
                        pc += 1;
                    }
                    Err(trap) => trap!(trap, Then::Discard),
                }
            }
            Op::LoadExcInfo { dst, exc } => {
                let exception = reg!(exc);
                let (class, traceback) = self.exception_info(exception);
                reg!(dst) = class;
                reg!(dst + 1) = exception;
                reg!(dst + 2) = traceback;
                pc += 1;
            }
            Op::LoadAssertionError { dst } => {
                reg!(dst) = *Type::AssertionError.value();
                pc += 1;
            }
            Op::MatchSequence { dst, src } => {
                let subject = reg!(src);
                store!(dst, self.match_sequence(subject));
            }
            Op::MatchMapping { dst, src } => {
                let subject = reg!(src);
                store!(dst, self.match_mapping(subject));
            }
            Op::Len { dst, src } => {
                let subject = reg!(src);
                store!(dst, self.len_of(subject));
            }
            Op::MatchKeys { dst, src, keys } => {
                let (subject, keys) = (reg!(src), reg!(keys));
                store!(dst, self.match_keys(subject, keys));
            }
            Op::MatchClass { dst, src, args } => {
                let (subject, class, names, count) = (reg!(src), reg!(args), reg!(args + 1), reg!(args + 2));
                store!(dst, self.match_class(subject, class, names, count));
            }
            Op::Import { dst, args } => {
                let (name, from, level) = (reg!(args), reg!(args + 1), reg!(args + 2));
                match self.import(name, from, level) {
                    Ok(Ok(module)) => {
                        reg!(dst) = module;
                        pc += 1;
                    }
                    Ok(Err(load)) => {
                        save!();
                        return self.leave(Exit::Load(load));
                    }
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::ImportFrom { dst, module, site } => {
                let (module, name) = (reg!(module), loaded.sites[site as usize]);
                match self.import_from(module, name) {
                    Ok(Ok(value)) => {
                        reg!(dst) = value;
                        pc += 1;
                    }
                    Ok(Err(load)) => {
                        save!();
                        return self.leave(Exit::Load(load));
                    }
                    Err(trap) => trap!(trap, Then::Store(dst)),
                }
            }
            Op::ImportStar { module } => {
                let module = reg!(module);
                let globals = self.frames[self.frames.len() - 1].globals;
                effect!(self.import_star(module, globals));
            }
            Op::Format { convert, dst, src, spec } => {
                let value = reg!(src);
                let spec = if spec == NO_REG { Slot::UNBOUND } else { reg!(spec) };
                store!(dst, self.format_slot(value, convert, spec));
            }
            Op::Ask { dst, first, hole } => {
                let start = base + first as usize;
                save!();
                store!(dst, self.ask_hole(codes, &loaded.code, hole as usize, start));
            }
        }
        // It succeeded: when memory is short again, it is for something else.
        self.memory_retry = false;
        Go::To(pc as u32)
    }
}

/// `not` of a truth that program code will tell.
fn negated(trap: Trap) -> Trap {
    match trap {
        Trap::Call(mut call) => {
            call.adapt = match call.adapt {
                Adapt::Bool(negate) => Adapt::Bool(!negate),
                Adapt::Length(_) => Adapt::Truth(true),
                other => other,
            };
            Trap::Call(call)
        }
        other => other,
    }
}
