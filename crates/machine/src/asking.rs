//! Asks: how the program's questions leave the machine and how answers come in.
//!
//! A pure hole need not block: its call gives a *pending* slot. All open asks go
//! out as one batch when somebody looks into such a slot. A pending call is a bet
//! that it will not fail; if it does, the machine goes back to the mark before
//! the batch and runs again with the answers it has, so that the exception is
//! raised at the call.

use crate::class::Type;
use crate::code::Code;
use crate::frame::Then;
use crate::machine::{Codes, Machine, Reply, Step};
use crate::mark::Mark;
use crate::run::Exit;
use crate::trap::{Adapt, AskTrap, Trap};
use crate::value::{Handle, Kind, Label, Slot, Value};
use alloc::{boxed::Box, collections::BTreeMap, format, string::String, sync::Arc, vec::Vec};
use emulant_ask::{Answer, Ask, Call, Hole, HoleKind, Limit, Request, Seen, Site};
use num_bigint::BigInt;

/// Deepest nesting of a value that crosses the wall.
const DEPTH_MAX: u32 = 100;
/// Bytes of a value on its way out, besides its text.
const EXPORTED_BYTES: u64 = 80;
/// Answers with more parts than this are labelled by the whole answer only.
const PARTS_MAX: usize = 4096;

/// A pending slot's entry.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) ask: u64,
    pub(crate) value: Option<Value>,
}

/// State of asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    pub(crate) next_id: u64,
    /// Asks of pending slots that were not sent yet, in creation order.
    pub(crate) open: Vec<Ask>,
    pub(crate) pending: Vec<Pending>,
    /// Labels of what each hole saw, by ask id.
    pub(crate) saw: BTreeMap<u64, Label>,
    /// Answers by memo key: the same hole with the same arguments has the same answer in one run.
    pub(crate) memo: BTreeMap<String, (u64, Option<Answer>)>,
    /// Memo keys by ask id.
    pub(crate) keys: BTreeMap<u64, String>,
    /// Answers that did not pass, for the next hole that is asked.
    pub(crate) feedback: Vec<(emulant_ask::Value, String)>,
    /// The ask that the program waits for, and where its answer goes.
    pub(crate) waiting: Option<(u64, Then)>,
    /// Where to go back to when a bet is lost.
    bet: Option<Mark>,
}

impl Asking {
    pub(crate) fn has_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Is output held back until bets are settled?
    pub(crate) fn has_bets(&self) -> bool {
        self.bet.is_some()
    }

    /// Are there asks whose answers were bet on and are not known yet?
    pub(crate) fn is_unsettled(&self) -> bool {
        self.has_bets() || self.has_open() || self.pending.iter().any(|pending| pending.value.is_none())
    }

    /// The value behind a pending slot, when its answer is known.
    pub(crate) fn answered(&self, pending: u64) -> Option<Value> {
        self.pending.get(pending as usize).and_then(|p| p.value)
    }

    pub(crate) fn references(&self, each: &mut dyn FnMut(Slot)) {
        self.pending.iter().filter_map(|p| p.value).for_each(|v| each(*v));
    }
}

impl Machine {
    /// The slot itself, or the answer that it waited for, once that is known.
    pub(crate) fn settled(&self, slot: Slot) -> Slot {
        match slot.kind {
            Kind::Pending => self.asks.answered(slot.bits).map_or(slot, Value::slot),
            _ => slot,
        }
    }

    /// Hand in answers to all asks of the last [`Step::Asks`], and go on.
    pub fn resume(&mut self, replies: Vec<(u64, Reply)>) -> Step {
        if let Some((id, then)) = self.asks.waiting.take() {
            let Some((_, reply)) = replies.into_iter().find(|(ask, _)| *ask == id) else {
                self.asks.waiting = Some((id, then));
                return Step::Asks(Vec::new());
            };
            return match self.take_reply(id, reply, then) {
                Ok(()) => self.go(),
                Err(Exit::Step(step)) => step,
                Err(Exit::Load(_)) => self.go(),
            };
        }
        self.take_batch(replies)
    }

    fn take_reply(&mut self, id: u64, reply: Reply, then: Then) -> Result<(), Exit> {
        // The same hole with the same arguments has the same answer, also when it was waited for. A failure is taken once.
        if let (Some(key), Reply::Answer(answer @ Answer::Value { .. })) = (self.asks.keys.get(&id), &reply) {
            self.asks.memo.insert(key.clone(), (id, Some(answer.clone())));
        }
        // First the value: it may load code, which needs the list of all codes in its place.
        let mut value = self.reply_value(id, &reply);
        if matches!(value, Err(Trap::Memory)) {
            // The instruction must not run again: it would ask again.
            let codes = core::mem::take(&mut self.codes);
            self.collect(&codes);
            self.codes = codes;
            value = self.reply_value(id, &reply);
        }
        let codes = core::mem::take(&mut self.codes);
        let result = match value {
            Err(Trap::Memory) => Err(Exit::Step(Step::Limit(Limit::Memory))),
            Ok(value) => match self.deliver(&codes, value, Adapt::Plain, then) {
                Ok(None) => Ok(()),
                Ok(Some(trap)) => self.handle_trap(&codes, trap, then),
                Err(exit) => Err(exit),
            },
            Err(trap) => self.handle_trap(&codes, trap, then),
        };
        self.codes = codes;
        result
    }

    fn reply_value(&mut self, id: u64, reply: &Reply) -> Result<Slot, Trap> {
        match reply {
            Reply::Answer(answer) => self.answer_value(id, answer),
            Reply::Code(code) => Ok(self.compiled_value(code.clone())),
            Reply::SyntaxError { class, message, line, col, text } => Err(self.syntax_error(class, message, *line, *col, text)),
        }
    }

    fn syntax_error(&mut self, class: &str, message: &str, line: u32, col: u32, text: &str) -> Trap {
        let class = Type::named(class).unwrap_or(Type::SyntaxError);
        let (file, message, text) = (self.intern_value("<string>"), self.intern_value(message), self.intern_value(text));
        let details = [file, Slot::int(i64::from(line)), Slot::int(i64::from(col)), text];
        match self.new_tuple(details) {
            Ok(details) => self.raise_with(class, &[message, *details]),
            Err(trap) => trap,
        }
    }

    /// The value of an answer, labelled by where it came from; or the exception that it stands for.
    fn answer_value(&mut self, id: u64, answer: &Answer) -> Result<Slot, Trap> {
        match answer {
            Answer::Value { value, .. } => {
                let saw = self.asks.saw.get(&id).copied().unwrap_or(0);
                self.import_answer(value, id, saw).map(Value::slot)
            }
            Answer::Raise { class, message } => {
                let class = Type::named(class).filter(|c| c.is_exception()).unwrap_or(Type::ToolError);
                Err(self.raise(class, message.clone()))
            }
            Answer::Refused { reason } => Err(self.raise(Type::Refused, reason.clone())),
            Answer::Failed { reason } => Err(self.raise(Type::AskFailed, reason.clone())),
            Answer::Abstained { reason } => Err(self.raise(Type::Abstained, reason.clone())),
            Answer::Stopped => Err(Trap::Limit(Limit::Seconds)),
        }
    }

    /// Answers to a batch of pending asks.
    fn take_batch(&mut self, replies: Vec<(u64, Reply)>) -> Step {
        let mut failed = false;
        for (id, reply) in replies {
            let Reply::Answer(answer) = reply else { continue };
            failed |= !matches!(answer, Answer::Value { .. });
            if let Some(key) = self.asks.keys.get(&id).cloned() {
                self.asks.memo.insert(key, (id, Some(answer)));
            }
        }
        self.asks.open.clear();
        if failed {
            return self.lose_bet();
        }
        for index in 0..self.asks.pending.len() {
            if self.asks.pending[index].value.is_some() {
                continue;
            }
            let ask = self.asks.pending[index].ask;
            let key = self.asks.keys.get(&ask).cloned().unwrap_or_default();
            let Some((_, Some(answer))) = self.asks.memo.get(&key).cloned() else { continue };
            match self.answer_value(ask, &answer) {
                Ok(value) => self.asks.pending[index].value = value.value(),
                Err(Trap::Limit(limit)) => return Step::Limit(limit),
                Err(_) => return Step::Limit(Limit::Memory),
            }
        }
        self.asks.bet = None;
        self.release_marks();
        self.go()
    }

    /// Back to the mark before the first pending ask; the answers are known now and are taken at the calls.
    fn lose_bet(&mut self) -> Step {
        if let Some(mark) = self.asks.bet.take() {
            let (memo, keys, next_id) = (core::mem::take(&mut self.asks.memo), core::mem::take(&mut self.asks.keys), self.asks.next_id);
            let saw = core::mem::take(&mut self.asks.saw);
            self.back_to(&mark);
            (self.asks.memo, self.asks.keys, self.asks.next_id, self.asks.saw) = (memo, keys, next_id, saw);
            self.asks.bet = None;
        }
        self.release_marks();
        self.go()
    }

    /// Are there asks that were not sent yet?
    pub(crate) fn has_open_asks(&self) -> bool {
        self.asks.has_open()
    }

    /// The program looked into a pending slot: send all open asks.
    pub(crate) fn send_open(&mut self) -> Step {
        self.clear_beyond();
        Step::Asks(self.asks.open.clone())
    }

    /// The run would end with an exception while asks are open: go back to where the first was made, and ask eagerly
    /// from there on. False when none is open.
    pub(crate) fn rewind_open(&mut self) -> bool {
        if !self.asks.has_open() {
            return false;
        }
        let Some(mark) = self.asks.bet.take() else { return false };
        self.back_to(&mark);
        drop(mark);
        self.asks.bet = None;
        self.release_marks();
        self.options.eager = true;
        true
    }

    /// An ask that blocks. All bets are settled first.
    pub(crate) fn send_ask(&mut self, ask: AskTrap, then: Then) -> Step {
        if self.asks.has_open() {
            return self.send_open();
        }
        let id = self.asks.next_id;
        if id >= self.limits.asks {
            return Step::Limit(Limit::Asks);
        }
        self.clear_beyond();
        self.asks.next_id += 1;
        let label = ask.seen.iter().fold(0, |label, seen| {
            let one = self.labels.of(seen.data.clone(), seen.choice.clone());
            self.labels.join(label, one)
        });
        // A model may repeat what it saw; a tool was only told which answer is wanted.
        let saw = if matches!(ask.request, Request::Emulate(_)) { label } else { self.labels.as_choice(label) };
        if saw != 0 {
            self.asks.saw.insert(id, saw);
        }
        let site = self.site();
        self.asks.waiting = Some((id, then));
        Step::Asks(alloc::vec![Ask { id, request: ask.request, site, seen: ask.seen }])
    }

    /// Forget what calls that are over left in registers beyond those of the top frame: an image and a mark do not
    /// have it, and the state must be the same with and without them.
    fn clear_beyond(&mut self) {
        let top = self.scratch_top().min(self.stack.len());
        let most = self.frames.iter().map(|frame| (frame.base + frame.registers) as usize).max().unwrap_or(0);
        let most = most.min(self.stack.len()).max(top);
        self.stack[top..most].fill(Slot::UNBOUND);
    }

    fn site(&self) -> Site {
        // Inside the loop `codes` is lent out; the frame's own line was noted when the trap was made.
        self.last_site.clone()
    }

    /// What the ask itself stands under: an entry for the empty part.
    pub(crate) fn stands_under(&mut self) -> Option<Seen> {
        let label = self.control_label();
        let choice = self.labels.origins(label).1;
        (!choice.is_empty()).then(|| Seen { part: String::new(), data: Vec::new(), choice })
    }

    /// The Ask instruction.
    pub(crate) fn ask_hole(&mut self, codes: &Codes, code: &Arc<Code>, hole: usize, start: usize) -> Result<Slot, Trap> {
        let spec = &code.holes[hole];
        if self.asks.has_open() && (self.options.eager || !spec.lazy) {
            // What blocks is asked after what is open.
            return Err(Trap::Pending);
        }
        let mut arguments = Vec::new();
        let mut seen: Vec<Seen> = self.stands_under().into_iter().collect();
        let mut saw = 0;
        for (index, name) in spec.parameters.iter().enumerate() {
            let slot = self.stack[start + index];
            let before = seen.len();
            let value = self.export_seen(slot, name, &mut seen)?;
            for part in &seen[before..] {
                let label = self.labels.of(part.data.clone(), part.choice.clone());
                saw = self.labels.join(saw, label);
            }
            arguments.push((String::from(name.as_ref()), value));
        }
        let instruction = match (spec.kind, arguments.first()) {
            (HoleKind::Expression, Some((_, emulant_ask::Value::Str(question)))) => question.clone(),
            _ => spec.instruction.as_ref().into(),
        };
        let request = Request::Emulate(Hole {
            hole: spec.kind, name: spec.name.as_ref().into(), signature: spec.signature.as_ref().into(), instruction, arguments,
            shape: spec.shape.clone(), examples: spec.examples.clone(), feedback: core::mem::take(&mut self.asks.feedback),
            context: spec.context.as_ref().into(), wish: spec.wish.clone(),
        });
        self.may_ask(&request)?;
        self.last_site = Site { file: code.file.as_ref().into(), line: spec.line, function: code.qualname.as_ref().into() };
        if spec.kind == HoleKind::Stub {
            // The line that calls the stub says more than the stub's own, which is in the hole.
            self.note_site(codes, 1);
        }
        let key = self.memo_key(&request);
        if let Some((id, answer)) = self.asks.memo.get(&key).cloned() {
            return self.memo_hit(id, answer, key);
        }
        if self.options.eager || !spec.lazy {
            if !self.asks.has_open() {
                self.asks.keys.insert(self.asks.next_id, key);
            }
            return Err(Trap::Ask(Box::new(AskTrap { request, seen })));
        }
        self.open_ask(request, seen, saw, key)
    }

    /// A value as it leaves, and where it came from.
    pub(crate) fn export_seen(&mut self, slot: Slot, part: &str, seen: &mut Vec<Seen>) -> Result<emulant_ask::Value, Trap> {
        let mut label = 0;
        let value = self.export(slot, &mut label)?;
        if label != 0 {
            let (data, choice) = self.labels.origins(label);
            seen.push(Seen { part: part.into(), data, choice });
        }
        Ok(value)
    }

    /// Ask a hole of the library and wait for its answer.
    pub(crate) fn ask_now(&mut self, hole: Hole, seen: Vec<Seen>) -> Result<Value, Trap> {
        let request = Request::Emulate(hole);
        self.may_ask(&request)?;
        let key = self.memo_key(&request);
        match self.asks.memo.get(&key).cloned() {
            Some((_, None)) => return Err(Trap::Pending),
            Some((id, answer)) => {
                let slot = self.memo_hit(id, answer, key)?;
                return self.force(slot);
            }
            None => {}
        }
        if self.asks.has_open() {
            return Err(Trap::Pending);
        }
        self.asks.keys.insert(self.asks.next_id, key);
        Err(Trap::Ask(Box::new(AskTrap { request, seen })))
    }

    fn memo_key(&self, request: &Request) -> String {
        match serde_json::to_value(request) {
            Ok(json) => emulant_ask::canonical(&json),
            Err(_) => String::new(),
        }
    }

    fn memo_hit(&mut self, id: u64, answer: Option<Answer>, key: String) -> Result<Slot, Trap> {
        match answer {
            Some(answer) => {
                if !matches!(answer, Answer::Value { .. }) {
                    // A failure is taken once; asking again asks again. It is not taken on a bet, which may be lost.
                    if self.asks.has_open() {
                        return Err(Trap::Pending);
                    }
                    self.asks.memo.remove(&key);
                }
                self.answer_value(id, &answer)
            }
            None => Ok(self.pending_slot(id)),
        }
    }

    fn pending_slot(&mut self, ask: u64) -> Slot {
        self.asks.pending.push(Pending { ask, value: None });
        Slot::new(Kind::Pending, self.asks.pending.len() as u64 - 1)
    }

    fn open_ask(&mut self, request: Request, seen: Vec<Seen>, saw: Label, key: String) -> Result<Slot, Trap> {
        let id = self.asks.next_id;
        if id >= self.limits.asks {
            return Err(Trap::Limit(Limit::Asks));
        }
        if self.asks.bet.is_none() {
            let mark = self.mark();
            self.asks.bet = Some(mark);
        }
        self.asks.next_id += 1;
        self.asks.saw.insert(id, saw);
        self.asks.keys.insert(id, key.clone());
        self.asks.memo.insert(key, (id, None));
        let site = self.last_site.clone();
        self.asks.open.push(Ask { id, request, site, seen });
        Ok(self.pending_slot(id))
    }

    /// A call of a tool object: an ask, as a trap.
    pub(crate) fn call_tool(&mut self, tool: Slot, first: usize, count: usize, names: Slot) -> Result<Trap, Trap> {
        let name: String = self.heap.text(tool.handle()).into();
        let keywords: Vec<Handle> = if names.is_unbound() { Vec::new() } else { self.items(names).iter().map(|n| n.handle()).collect() };
        let parameters = self.options.tools.get(&name).map_or(0, Vec::len);
        let given = count - keywords.len();
        if given > parameters {
            let message = format!("{name}() takes at most {parameters} positional arguments ({given} given)");
            return Err(self.type_error(message));
        }
        let mut arguments = Vec::new();
        let mut seen: Vec<Seen> = self.stands_under().into_iter().collect();
        for index in 0..count {
            let part = if index < given { self.options.tools[&name][index].clone() } else { self.heap.text(keywords[index - given]).into() };
            let mut label = 0;
            let value = self.export(self.stack[first + index], &mut label)?;
            if label != 0 {
                let (data, choice) = self.labels.origins(label);
                seen.push(Seen { part: part.clone(), data, choice });
            }
            arguments.push((part, value));
        }
        Ok(Trap::Ask(Box::new(AskTrap { request: Request::Call(Call { tool: name, arguments }), seen })))
    }

    // ---- values across the wall

    /// A plain value from a program value. All labels met are joined into `label`.
    pub fn export(&mut self, slot: Slot, label: &mut Label) -> Result<emulant_ask::Value, Trap> {
        self.exported = 0;
        self.export_at(slot, label, 0)
    }

    fn export_at(&mut self, slot: Slot, label: &mut Label, depth: u32) -> Result<emulant_ask::Value, Trap> {
        use emulant_ask::Value as Plain;
        let value = self.force(slot)?;
        *label = self.labels.join(*label, value.label);
        if depth > DEPTH_MAX {
            return Err(self.value_error("value is nested too deeply (or refers to itself) to be asked about"));
        }
        let plain = self.payload(*value);
        let handle = plain.handle();
        let long = match plain.kind {
            Kind::Str => self.heap.text(handle).len(),
            Kind::Bytes | Kind::ByteArray => self.bytes_of(plain).len(),
            Kind::Big => self.heap.bigs.get(handle).bits() as usize / 3,
            _ => 0,
        };
        // What crosses the wall is a copy, and part of the program's memory while it is made.
        self.exported += EXPORTED_BYTES + long as u64;
        self.spend(8 + long as u64 / 8)?;
        if self.heap.bytes.saturating_add(self.exported) > self.limits.memory_bytes {
            return Err(Trap::Memory);
        }
        Ok(match plain.kind {
            Kind::None => Plain::None,
            Kind::Bool => Plain::Bool(plain.bits != 0),
            Kind::Int => Plain::Int(plain.as_int()),
            Kind::Big => Plain::Big(alloc::string::ToString::to_string(self.heap.bigs.get(handle))),
            Kind::Float => Plain::Float(plain.as_float()),
            Kind::Str => Plain::Str(self.heap.text(handle).into()),
            Kind::Bytes | Kind::ByteArray => Plain::Bytes(self.bytes_of(plain).to_vec()),
            Kind::List => Plain::List(self.export_items(plain, label, depth)?),
            Kind::Tuple => Plain::Tuple(self.export_items(plain, label, depth)?),
            Kind::Set | Kind::FrozenSet => {
                let members: Vec<Slot> = self.heap.sets.get(handle).iter().collect();
                Plain::Set(members.into_iter().map(|m| self.export_at(m, label, depth + 1)).collect::<Result<_, _>>()?)
            }
            Kind::Dict => Plain::Dict(self.export_entries(handle, label, depth)?),
            Kind::Range | Kind::DictView | Kind::Native2 => match self.items_of(plain)? {
                Some(items) => Plain::List(items.into_iter().map(|i| self.export_at(i, label, depth + 1)).collect::<Result<_, _>>()?),
                None => return Err(self.not_exportable(*value)),
            },
            Kind::Instance => {
                let name = self.type_name(*value);
                let fields = self.export_entries(handle, label, depth)?;
                Plain::Record(name, fields.into_iter().filter_map(|(k, v)| k.as_str().map(String::from).map(|k| (k, v))).collect())
            }
            Kind::Class => Plain::Str(self.class_name(handle).into()),
            _ => return Err(self.not_exportable(*value)),
        })
    }

    fn export_items(&mut self, slot: Slot, label: &mut Label, depth: u32) -> Result<Vec<emulant_ask::Value>, Trap> {
        let items = self.items(slot).to_vec();
        items.into_iter().map(|i| self.export_at(i, label, depth + 1)).collect()
    }

    fn export_entries(&mut self, dict: Handle, label: &mut Label, depth: u32) -> Result<Vec<(emulant_ask::Value, emulant_ask::Value)>, Trap> {
        let entries: Vec<(Slot, Slot)> = self.heap.dicts.get(dict).iter().map(|e| (e.key, e.value)).collect();
        entries.into_iter().map(|(k, v)| Ok((self.export_at(k, label, depth + 1)?, self.export_at(v, label, depth + 1)?))).collect()
    }

    fn not_exportable(&mut self, value: Slot) -> Trap {
        let message = format!("a value of type '{}' cannot be asked about: only plain data crosses the wall", self.type_name(value));
        self.type_error(message)
    }

    /// An answer's value: each part is labelled by its place in the answer, and by what the answerer saw.
    fn import_answer(&mut self, value: &emulant_ask::Value, ask: u64, saw: Label) -> Result<Value, Trap> {
        let mut path = if parts(value) <= PARTS_MAX { Some(String::new()) } else { None };
        self.import_part(value, ask, saw, &mut path)
    }

    /// A plain value without origin, with one label.
    pub fn import_value(&mut self, value: &emulant_ask::Value, label: Label) -> Result<Value, Trap> {
        self.import_part(value, u64::MAX, label, &mut None)
    }

    fn import_part(&mut self, value: &emulant_ask::Value, ask: u64, saw: Label, path: &mut Option<String>) -> Result<Value, Trap> {
        use emulant_ask::Value as Plain;
        let label = if ask == u64::MAX { saw } else {
            let own = self.labels.origin(ask, path.clone().unwrap_or_else(|| emulant_ask::Origin::ANY.into()));
            self.labels.join(own, saw)
        };
        let result = match value {
            Plain::None => Value::NONE,
            Plain::Bool(b) => Value::bool(*b),
            Plain::Int(i) => Value::int(*i),
            Plain::Big(digits) => self.new_int(digits.parse::<BigInt>().unwrap_or_default())?,
            Plain::Float(f) => Value::float(*f),
            Plain::Str(text) => self.new_str(text.as_str())?,
            Plain::Bytes(bytes) => self.new_bytes(bytes.clone())?,
            Plain::List(items) => {
                let items = self.import_items(items, ask, saw, path)?;
                self.new_list(items)?
            }
            Plain::Tuple(items) => {
                let items = self.import_items(items, ask, saw, path)?;
                self.new_tuple(items)?
            }
            Plain::Set(items) => {
                let items = self.import_items(items, ask, saw, path)?;
                let set = self.new_set(Kind::Set, Default::default())?;
                for item in items {
                    self.set_add(set.handle(), item)?;
                }
                set
            }
            Plain::Dict(pairs) => {
                let dict = self.new_dict(Default::default())?;
                for (key, value) in pairs {
                    let key = self.import_part(key, u64::MAX, label, &mut None)?;
                    let step = self.text_of(*key).map(emulant_ask::path::name_step).unwrap_or_else(|| String::from("[…]"));
                    let value = self.import_step(value, ask, saw, path, &step)?;
                    self.dict_set(dict.handle(), *key, value)?;
                }
                dict
            }
            Plain::Record(_, fields) => {
                let dict = self.new_dict(Default::default())?;
                for (name, value) in fields {
                    let value = self.import_step(value, ask, saw, path, &emulant_ask::path::name_step(name))?;
                    let name = self.intern(name);
                    self.store_in_dict(dict.handle(), name, value);
                }
                dict
            }
        };
        // The items of a container carry their own labels; its own says what decided length, order and keys.
        let holds = matches!(value, Plain::List(_) | Plain::Tuple(_) | Plain::Set(_) | Plain::Dict(_) | Plain::Record(..));
        Ok(result.with_label(if holds { self.labels.as_choice(label) } else { label }))
    }

    fn import_items(&mut self, items: &[emulant_ask::Value], ask: u64, saw: Label, path: &mut Option<String>) -> Result<Vec<Slot>, Trap> {
        items.iter().enumerate().map(|(i, v)| self.import_step(v, ask, saw, path, &format!("[{i}]"))).collect()
    }

    fn import_step(&mut self, value: &emulant_ask::Value, ask: u64, saw: Label, path: &mut Option<String>, step: &str) -> Result<Slot, Trap> {
        let before = path.as_ref().map(String::len);
        if let Some(path) = path {
            path.push_str(step);
        }
        let value = self.import_part(value, ask, saw, path)?;
        if let (Some(path), Some(before)) = (path, before) {
            path.truncate(before);
        }
        Ok(*value)
    }
}

fn parts(value: &emulant_ask::Value) -> usize {
    use emulant_ask::Value as Plain;
    match value {
        Plain::List(items) | Plain::Tuple(items) | Plain::Set(items) => 1 + items.iter().map(parts).sum::<usize>(),
        Plain::Dict(pairs) => 1 + pairs.iter().map(|(_, v)| parts(v)).sum::<usize>(),
        Plain::Record(_, fields) => 1 + fields.iter().map(|(_, v)| parts(v)).sum::<usize>(),
        _ => 1,
    }
}
