//! Exceptions: raising, finding a handler, and what is left when there is none.

use crate::class::Type;
use crate::code::Span;
use crate::frame::{Then, NO_GENERATOR};
use crate::heap::TracebackEntry;
use crate::machine::{Codes, Machine, Step, TraceFrame, Uncaught};
use crate::run::Exit;
use crate::trap::{Adapt, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{boxed::Box, format, string::{String, ToString}, vec::Vec};

impl Machine {
    /// The exception being handled right now, in this frame or one below.
    pub(crate) fn current_handled(&self) -> Option<Value> {
        self.frames.iter().rev().find(|f| f.handled.kind == Kind::Instance).and_then(|f| f.handled.value())
    }

    /// Set `__context__` of a fresh exception.
    pub(crate) fn add_context(&mut self, exception: Value) {
        let Some(handled) = self.current_handled() else { return };
        if handled.same(*exception) || exception.kind != Kind::Instance {
            return;
        }
        // Break a cycle: if the new exception stands in the chain of the handled one, cut it off there.
        let mut at = handled;
        for _ in 0..1000 {
            self.fuel -= 2;
            let state = self.exception_state(at);
            let next = self.heap.exceptions.get(state).context;
            match next.value() {
                Some(next) if next.kind == Kind::Instance => {
                    if next.same(*exception) {
                        self.heap.exceptions.get_mut(state).context = Slot::NONE;
                        break;
                    }
                    at = next;
                }
                _ => break,
            }
        }
        let state = self.exception_state(exception);
        self.heap.exceptions.get_mut(state).context = *handled;
    }

    /// Go to the handler of an exception: in the top frame or one below. `note` adds the top frame to the traceback.
    pub(crate) fn unwind(&mut self, codes: &Codes, exception: Value, note: bool) -> Result<(), Exit> {
        let mut exception = exception;
        let mut note = note;
        loop {
            let Some(frame) = self.frames.last() else { return self.uncaught(codes, exception) };
            let (code, pc, base) = (frame.code, frame.pc, frame.base as usize);
            let loaded = &codes[code as usize];
            if note && !loaded.hidden {
                let state = self.exception_state(exception);
                if self.heap.exceptions.get(state).traceback.is_empty() && self.is_instance(*exception, Type::NameError) {
                    self.note_forgotten_self(exception);
                }
                self.heap.bytes += 16;
                self.fuel -= 8;
                self.heap.exceptions.get_mut(state).traceback.push(TracebackEntry { code, pc });
            }
            note = true;
            if let Some(handler) = loaded.code.handlers.iter().find(|h| (h.start..h.end).contains(&pc)) {
                self.stack[base + handler.exc as usize] = *exception;
                if let Some(frame) = self.frames.last_mut() {
                    frame.pc = handler.target;
                }
                return Ok(());
            }
            let Some(frame) = self.frames.pop() else { continue };
            if frame.generator != NO_GENERATOR {
                exception = self.generator_failed(&frame, exception);
            }
            if let Adapt::Module(name) = frame.adapt {
                let modules = self.modules;
                if let Some(position) = self.position_in_dict(modules, name.handle()) {
                    self.heap.dicts.get_mut(modules).remove(position);
                }
            }
            if let Then::Exit = frame.then {
                return self.uncaught(codes, exception);
            }
            if self.frames.is_empty() {
                continue;
            }
            // What YieldFrom delegates to ended with StopIteration: that is its result, not an error.
            if self.caught_by(codes, frame.adapt, frame.then, exception)? {
                return Ok(());
            }
        }
    }

    /// `raise exc from cause`: an instance is raised, a class is called first.
    pub(crate) fn raise_value(&mut self, exception: Slot, cause: Slot) -> Trap {
        let value = match self.force(exception) {
            Ok(value) => value,
            Err(trap) => return trap,
        };
        let class = match value.kind {
            Kind::Class if self.is_subclass(value.handle(), Type::BaseException.handle()) => {
                // Call the class; the instruction then raises the instance.
                return self.call_trap(*value, Vec::new(), Adapt::Plain);
            }
            Kind::Instance if self.is_instance(*value, Type::BaseException) => value,
            _ => return self.type_error("exceptions must derive from BaseException"),
        };
        if !cause.is_unbound() {
            if let Err(trap) = self.set_cause(class, cause) {
                return trap;
            }
        }
        Trap::Raise(class)
    }

    fn set_cause(&mut self, exception: Value, cause: Slot) -> Result<(), Trap> {
        let cause = *self.force(cause)?;
        let cause = match cause.kind {
            Kind::None => cause,
            Kind::Instance if self.is_instance(cause, Type::BaseException) => cause,
            Kind::Class if self.is_subclass(cause.handle(), Type::BaseException.handle()) => *self.new_exception(cause.handle(), &[]),
            _ => return Err(self.type_error("exception causes must derive from BaseException")),
        };
        let state = self.exception_state(exception);
        let object = self.heap.exceptions.get_mut(state);
        object.cause = cause;
        object.suppress = true;
        Ok(())
    }

    /// `except class:`
    pub(crate) fn match_exception(&mut self, exception: Slot, class: Slot) -> Result<Slot, Trap> {
        let class = *self.force(class)?;
        let classes: Vec<Slot> = if class.kind == Kind::Tuple { self.items(class).to_vec() } else { alloc::vec![class] };
        let mut matches = false;
        for one in classes {
            if one.kind != Kind::Class || !self.is_subclass(one.handle(), Type::BaseException.handle()) {
                return Err(self.type_error("catching classes that do not inherit from BaseException is not allowed"));
            }
            matches |= self.is_subclass(self.class_of(exception), one.handle());
        }
        Ok(Slot::bool(matches))
    }

    /// `except*`: the part of an exception that matches, and the rest.
    pub(crate) fn split_group(&mut self, exception: Slot, class: Slot) -> Result<(Slot, Slot), Trap> {
        if exception.kind == Kind::None {
            return Ok((Slot::NONE, Slot::NONE));
        }
        let group = self.is_instance(exception, Type::BaseExceptionGroup);
        if self.match_exception(exception, class)?.bits != 0 {
            if group {
                return Ok((exception, Slot::NONE));
            }
            let text = self.intern_value("");
            let members = *self.new_tuple([exception])?;
            let wrapped = self.new_exception(Type::ExceptionGroup.handle(), &[text, members]);
            return Ok((*wrapped, Slot::NONE));
        }
        if !group {
            return Ok((Slot::NONE, exception));
        }
        let state = exception.value().map_or(0, |e| self.exception_state(e));
        let args = self.heap.exceptions.get(state).args;
        let (message, members) = (self.items(args)[0], self.items(args)[1]);
        let (mut matched, mut rest) = (Vec::new(), Vec::new());
        for member in self.items(members).to_vec() {
            let (yes, no) = if self.is_instance(member, Type::BaseExceptionGroup) {
                self.split_group(member, class)?
            } else if self.match_exception(member, class)?.bits != 0 {
                (member, Slot::NONE)
            } else {
                (Slot::NONE, member)
            };
            matched.extend((yes.kind != Kind::None).then_some(yes));
            rest.extend((no.kind != Kind::None).then_some(no));
        }
        let matched = self.derived_group(exception, message, matched)?;
        let rest = self.derived_group(exception, message, rest)?;
        Ok((matched, rest))
    }

    fn derived_group(&mut self, of: Slot, message: Slot, members: Vec<Slot>) -> Result<Slot, Trap> {
        if members.is_empty() {
            return Ok(Slot::NONE);
        }
        let members = *self.new_list(members)?;
        let class = self.class_of(of);
        let group = self.new_exception(class, &[message, members]);
        let old = of.value().map_or(0, |e| self.exception_state(e));
        let (cause, context, suppress, traceback) = {
            let object = self.heap.exceptions.get(old);
            (object.cause, object.context, object.suppress, object.traceback.clone())
        };
        let state = self.exception_state(group);
        let object = self.heap.exceptions.get_mut(state);
        (object.cause, object.context, object.suppress, object.traceback) = (cause, context, suppress, traceback);
        Ok(*group)
    }

    /// After all `except*` clauses: what is left to raise.
    pub(crate) fn join_group(&mut self, exception: Slot, list: Slot) -> Result<Slot, Trap> {
        let left: Vec<Slot> = self.items(list).iter().copied().filter(|s| s.kind != Kind::None).collect();
        match left.as_slice() {
            [] => Ok(Slot::NONE),
            [one] => Ok(*one),
            _ => {
                let text = self.intern_value("");
                let message = if self.is_instance(exception, Type::BaseExceptionGroup) {
                    let state = exception.value().map_or(0, |e| self.exception_state(e));
                    self.items(self.heap.exceptions.get(state).args).first().copied().unwrap_or(text)
                } else {
                    text
                };
                self.derived_group(exception, message, left)
            }
        }
    }

    /// Class and traceback of an exception, as `__exit__` gets them.
    pub(crate) fn exception_info(&mut self, exception: Slot) -> (Slot, Slot) {
        let class = Slot::object(Kind::Class, self.class_of(exception));
        let entries = exception.value().map(|e| self.heap.exceptions.get(self.exception_state(e)).traceback.clone()).unwrap_or_default();
        self.heap.bytes += 40 + 8 * entries.len() as u64;
        (class, Slot::object(Kind::Traceback, self.heap.tracebacks.add(entries)))
    }

    // ---- the end

    /// The run ended without an exception.
    pub(crate) fn finish(&mut self) -> Step {
        let step = Step::Done { status: 0 };
        self.ended = Some(step.clone());
        step
    }

    fn uncaught(&mut self, codes: &Codes, exception: Value) -> Result<(), Exit> {
        if self.rewind_open() {
            // Bets are settled first: with their answers the program may never come this far.
            return Ok(());
        }
        if self.has_exits() {
            let trap = self.call_hidden("__end__", &[*exception]);
            return self.handle_trap(codes, trap, Then::Exit);
        }
        let step = if self.is_instance(*exception, Type::SystemExit) {
            self.system_exit(exception)
        } else {
            Step::Raised(Box::new(self.describe(codes, exception, 0)))
        };
        self.ended = Some(step.clone());
        Err(Exit::Step(step))
    }

    /// Are there functions that `atexit` has to run? The hidden function `__end__` takes each off the list first.
    pub(crate) fn has_exits(&mut self) -> bool {
        let (sys, exits) = (self.intern("sys"), self.intern("_exits"));
        let Some(module) = self.lookup_in_dict(self.modules, sys).filter(|found| found.kind == Kind::Module) else { return false };
        let dict = self.heap.modules.get(module.handle()).dict;
        self.lookup_in_dict(dict, exits).is_some_and(|list| list.kind == Kind::List && !self.heap.lists.get(list.handle()).is_empty())
    }

    fn system_exit(&mut self, exception: Value) -> Step {
        let code = self.stop_value(exception);
        match code.kind {
            Kind::None => Step::Done { status: 0 },
            Kind::Int | Kind::Bool => Step::Done { status: (code.as_int() & 0xff) as i32 },
            _ => {
                let text = self.str_of(code).unwrap_or_default();
                let _ = self.write(crate::machine::Stream::Err, format!("{text}\n"));
                Step::Done { status: 1 }
            }
        }
    }

    /// Everything about an exception that a traceback shows.
    pub(crate) fn describe(&mut self, codes: &Codes, exception: Value, depth: u32) -> Uncaught {
        let class = self.class_of(*exception);
        let state = self.exception_state(exception);
        let object = self.heap.exceptions.get(state).clone();
        let frames = object.traceback.iter().rev().map(|e| trace_frame(codes, e)).collect();
        let message = self.str_of(*exception).unwrap_or_else(|_| String::from("<exception str() failed>"));
        let mut uncaught = Uncaught {
            class: self.shown_class(class), message, frames, notes: self.notes_of(exception), is_ask: self.is_subclass(class, Type::AskError.handle()),
            suggestion: self.suggestion(exception), ..Uncaught::default()
        };
        if depth > 50 {
            return uncaught;
        }
        let next = if object.cause.kind == Kind::Instance { Some((object.cause, true)) } else if object.suppress { None } else { Some((object.context, false)) };
        if let Some((Some(cause), explicit)) = next.map(|(slot, explicit)| (slot.value(), explicit)) {
            if cause.kind == Kind::Instance {
                uncaught.cause = Some((Box::new(self.describe(codes, cause, depth + 1)), explicit));
            }
        }
        if self.is_subclass(class, Type::BaseExceptionGroup.handle()) {
            let members = self.items(object.args).get(1).map(|m| self.items(*m).to_vec()).unwrap_or_default();
            uncaught.message = format!("{} ({} sub-exception{})", uncaught.message.rsplit_once(" (").map_or(uncaught.message.as_str(), |(m, _)| m), members.len(), if members.len() == 1 { "" } else { "s" });
            uncaught.members = members.into_iter().filter_map(Slot::value).map(|m| self.describe(codes, m, depth + 1)).collect();
        }
        uncaught
    }

    fn shown_class(&self, class: Handle) -> String {
        let full = self.class_full_name(class);
        full.strip_prefix("__main__.").map(String::from).unwrap_or(full)
    }

    fn notes_of(&mut self, exception: Value) -> Vec<String> {
        let notes = self.lookup_in_dict(exception.handle(), self.names.notes).unwrap_or(Slot::NONE);
        self.items(notes).to_vec().into_iter().map(|n| self.str_of(n).unwrap_or_default()).collect()
    }

    /// The name that a NameError or AttributeError probably meant.
    pub(crate) fn suggestion(&mut self, exception: Value) -> Option<String> {
        let name_key = self.intern("name");
        let name = self.lookup_in_dict(exception.handle(), name_key)?;
        let wanted = self.text_of(name)?.to_string();
        let own = self.intern(".self");
        if self.lookup_in_dict(exception.handle(), own).is_some() {
            return Some(format!("self.{wanted}"));
        }
        let mut candidates: Vec<String> = Vec::new();
        if self.is_instance(*exception, Type::NameError) {
            let state = self.exception_state(exception);
            let entry = *self.heap.exceptions.get(state).traceback.first()?;
            candidates.extend(self.texts[entry.code as usize].locals.iter().filter(|l| !l.starts_with('.')).map(|l| l.to_string()));
            let main = self.lookup_in_dict(self.modules, self.names.main);
            let globals = main.map(|m| self.heap.modules.get(m.handle()).dict);
            for dict in globals.into_iter().chain([self.builtins]) {
                candidates.extend(self.heap.dicts.get(dict).iter().filter_map(|e| self.text_of(e.key).map(String::from)));
            }
        } else if self.is_instance(*exception, Type::AttributeError) {
            let object_key = self.intern("obj");
            let object = self.lookup_in_dict(exception.handle(), object_key)?;
            candidates = self.attribute_names(object);
        }
        closest(&wanted, candidates)
    }

    /// Names that `dir()` shows.
    pub(crate) fn attribute_names(&self, object: Slot) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut add = |m: &Machine, dict: Handle| names.extend(m.heap.dicts.get(dict).iter().filter_map(|e| m.text_of(e.key).map(String::from)));
        match object.kind {
            Kind::Instance => {
                add(self, self.attributes(object));
                if self.dict_apart(object).is_some() {
                    add(self, object.handle());
                }
            }
            Kind::Module => add(self, self.heap.modules.get(object.handle()).dict),
            Kind::Class => self.heap.classes.get(object.handle()).mro.iter().for_each(|c| add(self, self.heap.classes.get(*c).dict)),
            _ => {}
        }
        if !matches!(object.kind, Kind::Module | Kind::Class) {
            self.heap.classes.get(self.class_of(object)).mro.iter().for_each(|c| add(self, self.heap.classes.get(*c).dict));
        }
        names.sort();
        names.dedup();
        names
    }
}

fn trace_frame(codes: &Codes, entry: &TracebackEntry) -> TraceFrame {
    let code = codes[entry.code as usize].code.clone();
    let span = code.spans.get(entry.pc as usize).copied().unwrap_or(Span::default());
    TraceFrame { code, span }
}

/// CPython's choice among candidates: edit distance with moves of cost 2 and case changes of cost 1.
fn closest(wanted: &str, candidates: Vec<String>) -> Option<String> {
    const MOVE: usize = 2;
    let mut best: Option<(usize, String)> = None;
    let mut candidates = candidates;
    candidates.sort();
    for candidate in candidates {
        if candidate == wanted {
            continue;
        }
        let allowed = ((wanted.len() + candidate.len() + 3) * MOVE / 6).min(best.as_ref().map_or(usize::MAX, |b| b.0.saturating_sub(1)));
        let distance = edit_distance(wanted.as_bytes(), candidate.as_bytes(), MOVE);
        if distance <= allowed && best.as_ref().is_none_or(|b| distance < b.0) {
            best = Some((distance, candidate));
        }
    }
    best.map(|b| b.1)
}

fn edit_distance(a: &[u8], b: &[u8], step: usize) -> usize {
    if a.len() > 40 || b.len() > 40 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).map(|i| i * step).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * step;
        for (j, y) in b.iter().enumerate() {
            let cost = if x == y { 0 } else if x.eq_ignore_ascii_case(y) { 1 } else { step };
            let next = (diagonal + cost).min(row[j] + step).min(row[j + 1] + step);
            diagonal = core::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}
