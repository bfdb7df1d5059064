//! Calls: binding arguments, pushing and popping frames, and what happens to a
//! result before it takes its place.

use crate::class::Type;
use crate::code::{Code, CodeKind, Op};
use crate::frame::{Frame, Then, NO_GENERATOR};
use crate::heap::FunctionObject;
use crate::machine::{Codes, Machine, Step};
use crate::native::Args;
use crate::run::Exit;
use crate::trap::{Adapt, CallTrap, DefaultFor, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use emulant_ask::Limit;

/// Least length of a stack that has grown.
const STACK_MIN: usize = 1024;

impl Machine {
    /// Push a frame for a function whose arguments stand at `first` on the stack; the last ones are keywords when
    /// `names` is a tuple.
    #[allow(clippy::too_many_arguments)] // The call's whole description; a struct would be built on every call.
    pub(crate) fn enter(&mut self, codes: &Codes, function: Handle, first: usize, count: usize, names: Slot, then: Then, adapt: Adapt) -> Result<(), Trap> {
        let object = self.heap.functions.get(function);
        let (code, globals) = (object.code, object.globals);
        let loaded = &codes[code as usize];
        if self.frames.len() >= self.recursion_limit as usize {
            return Err(self.raise(Type::RecursionError, "maximum recursion depth exceeded"));
        }
        let registers = usize::from(loaded.code.registers);
        self.fuel -= 4 + (registers as i64) / 4;
        if self.fuel < 0 {
            if self.fuel_left() < 0 {
                return Err(Trap::Limit(Limit::Instructions));
            }
            self.set_fuel(self.fuel_left());
            self.pause_due = true;
        }
        let needed = first + registers.max(crate::run::WINDOW) + 8;
        if self.stack.len() < needed {
            self.grow_stack(needed)?;
        }
        let positional = usize::from(loaded.code.params.positional);
        let bound = if loaded.simple && count <= positional && names.is_unbound() && self.fill_last(function, first, count, positional) {
            positional
        } else {
            self.bind_arguments(&loaded.code, function, first, count, names)?
        };
        self.stack[first + bound..first + registers].fill(Slot::UNBOUND);
        let free = loaded.code.free.len();
        if free > 0 {
            let start = first + loaded.code.locals.len() - free;
            let object = self.heap.functions.get(function);
            self.stack[start..start + free].copy_from_slice(&object.closure[..free]);
        }
        self.frames.push(Frame {
            code, pc: 0, base: first as u32, registers: registers as u32, globals, then, adapt, handled: Slot::NONE,
            generator: NO_GENERATOR, sent: Slot::NONE, function,
        });
        Ok(())
    }

    /// How long the stack is depends on what ran before and is not part of the state: growing it costs no fuel, which
    /// each frame pays by itself.
    #[cold]
    fn grow_stack(&mut self, needed: usize) -> Result<(), Trap> {
        let size = needed.max(self.stack.len() * 2).max(STACK_MIN);
        self.fits(16 * (size - self.stack.len()) as u64)?;
        self.stack.resize(size, Slot::UNBOUND);
        Ok(())
    }

    /// A stack for a first frame that ends at `top`.
    pub(crate) fn first_stack(&mut self, top: usize) {
        self.stack.resize(self.stack.len().max(top + crate::run::WINDOW), Slot::UNBOUND);
    }

    /// Arrange arguments as the parameters want them. Returns the number of parameter registers.
    fn bind_arguments(&mut self, code: &Code, function: Handle, first: usize, count: usize, names: Slot) -> Result<usize, Trap> {
        if code.kind == CodeKind::Class {
            // The one argument is the namespace, in register 0.
            return Ok(count);
        }
        let params = &code.params;
        if names.is_unbound() && params.keyword_only == 0 && (params.star || count <= usize::from(params.positional)) {
            let positional = usize::from(params.positional);
            let rest = if count > positional { Some(self.stack[first + positional..first + count].into()) } else { None };
            if count >= positional || self.fill_last(function, first, count, positional) {
                return self.bind_rest(code, first, rest);
            }
        }
        let keywords: Vec<Handle> = if names.is_unbound() { Vec::new() } else { self.heap.tuples.get(names.handle()).iter().map(|n| n.handle()).collect() };
        let given = count - keywords.len();
        let positional = usize::from(params.positional);
        let named = positional + usize::from(params.keyword_only);
        let mut bound: Vec<Slot> = alloc::vec![Slot::UNBOUND; params.count()];
        let args: Vec<Slot> = self.stack[first..first + count].to_vec();
        for (index, arg) in args[..given.min(positional)].iter().enumerate() {
            bound[index] = *arg;
        }
        let mut extra: Vec<(Handle, Slot)> = Vec::new();
        for (name, value) in keywords.iter().zip(&args[given..]) {
            let text = self.heap.text(*name);
            let from = usize::from(params.positional_only);
            match code.locals[..named].iter().enumerate().position(|(i, local)| i >= from && local.as_ref() == text) {
                Some(index) if !bound[index].is_unbound() => {
                    let message = format!("{}() got multiple values for argument '{}'", self.function_name(function), self.heap.text(*name));
                    return Err(self.type_error(message));
                }
                Some(index) => bound[index] = *value,
                None if params.double_star => extra.push((*name, *value)),
                None => return Err(self.unexpected_keyword(code, function, *name, &keywords)),
            }
        }
        if given > positional && !params.star {
            return Err(self.too_many_arguments(code, function, given, &bound));
        }
        self.fill_defaults(function, positional, &code.locals[..named], &mut bound);
        if bound[..named].iter().any(|s| s.is_unbound()) {
            return Err(self.missing_arguments(code, function, &bound[..named]));
        }
        let mut next = named;
        if params.star {
            let rest: Vec<Slot> = if given > positional { args[positional..given].to_vec() } else { Vec::new() };
            bound[next] = *self.new_tuple(rest)?;
            next += 1;
        }
        if params.double_star {
            let dict = self.heap.dicts.add(Default::default());
            self.heap.bytes += 112;
            for (name, value) in extra {
                let name = self.intern_handle(name);
                self.store_in_dict(dict, name, value);
            }
            bound[next] = Slot::object(Kind::Dict, dict);
        }
        self.stack[first..first + bound.len()].copy_from_slice(&bound);
        Ok(bound.len())
    }

    /// Put defaults in place of the last parameters; false when there are too few.
    #[inline]
    fn fill_last(&mut self, function: Handle, first: usize, count: usize, positional: usize) -> bool {
        let missing = positional - count;
        if missing > 0 {
            let defaults = &self.heap.functions.get(function).defaults;
            let Some(from) = defaults.len().checked_sub(missing) else { return false };
            self.stack[first + count..first + positional].copy_from_slice(&defaults[from..]);
        }
        true
    }

    /// `*args` and `**kwargs` behind positional parameters that are all there, when no keywords were given.
    fn bind_rest(&mut self, code: &Code, first: usize, rest: Option<Box<[Slot]>>) -> Result<usize, Trap> {
        let mut next = usize::from(code.params.positional);
        if code.params.star {
            self.stack[first + next] = *self.new_tuple(rest.unwrap_or_default())?;
            next += 1;
        }
        if code.params.double_star {
            self.heap.bytes += 112;
            self.stack[first + next] = Slot::object(Kind::Dict, self.heap.dicts.add(Default::default()));
            next += 1;
        }
        Ok(next)
    }

    fn fill_defaults(&mut self, function: Handle, positional: usize, names: &[Box<str>], bound: &mut [Slot]) {
        let object = self.heap.functions.get(function);
        let from = positional - object.defaults.len().min(positional);
        for (index, default) in object.defaults.iter().enumerate() {
            if bound[from + index].is_unbound() {
                bound[from + index] = *default;
            }
        }
        if object.keyword_defaults.kind == Kind::Dict {
            let dict = object.keyword_defaults.handle();
            for index in positional..names.len() {
                if bound[index].is_unbound() {
                    let found = self.find_interned(&names[index]).and_then(|name| self.lookup_in_dict(dict, name));
                    bound[index] = found.unwrap_or(Slot::UNBOUND);
                }
            }
        }
    }

    /// The qualified name of a function, as error messages show it.
    pub(crate) fn function_name(&self, function: Handle) -> String {
        self.heap.text(self.heap.functions.get(function).qualname.handle()).into()
    }

    fn unexpected_keyword(&mut self, code: &Code, function: Handle, name: Handle, keywords: &[Handle]) -> Trap {
        let only: Vec<&str> = keywords.iter().map(|k| self.heap.text(*k))
            .filter(|k| code.locals[..usize::from(code.params.positional_only)].iter().any(|l| l.as_ref() == *k)).collect();
        let message = if only.is_empty() {
            format!("{}() got an unexpected keyword argument '{}'", self.function_name(function), self.heap.text(name))
        } else {
            format!("{}() got some positional-only arguments passed as keyword arguments: '{}'", self.function_name(function), only.join(", "))
        };
        self.type_error(message)
    }

    fn too_many_arguments(&mut self, code: &Code, function: Handle, given: usize, bound: &[Slot]) -> Trap {
        let positional = usize::from(code.params.positional);
        let defaults = self.heap.functions.get(function).defaults.len();
        let keyword_only = bound[positional..positional + usize::from(code.params.keyword_only)].iter().filter(|s| !s.is_unbound()).count();
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let takes = if defaults > 0 { format!("from {} to {positional}", positional - defaults) } else { format!("{positional}") };
        let many = plural(if defaults > 0 { 2 } else { positional });
        let given_text = if keyword_only > 0 {
            format!("{given} positional argument{} (and {keyword_only} keyword-only argument{}) were", plural(given), plural(keyword_only))
        } else {
            format!("{given} {}", if given == 1 { "was" } else { "were" })
        };
        let message = format!("{}() takes {takes} positional argument{many} but {given_text} given", self.function_name(function));
        self.type_error(message)
    }

    fn missing_arguments(&mut self, code: &Code, function: Handle, bound: &[Slot]) -> Trap {
        let positional = usize::from(code.params.positional);
        let missing = |range: core::ops::Range<usize>| -> Vec<String> {
            range.filter(|&i| bound[i].is_unbound()).map(|i| format!("'{}'", code.locals[i])).collect()
        };
        let (mut names, mut kind) = (missing(0..positional), "positional");
        if names.is_empty() {
            (names, kind) = (missing(positional..bound.len()), "keyword-only");
        }
        let list = match names.as_slice() {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [most @ .., last] => format!("{}, and {last}", most.join(", ")),
            [] => String::new(),
        };
        let plural = if names.len() == 1 { "" } else { "s" };
        let message = format!("{}() missing {} required {kind} argument{plural}: {list}", self.function_name(function), names.len());
        self.type_error(message)
    }

    /// Call anything that is neither a function nor a native.
    pub(crate) fn call_other(&mut self, codes: &Codes, callee: Slot, first: usize, count: usize, names: Slot, then: Then) -> Result<Option<Slot>, Trap> {
        let callee = *self.force(callee)?;
        match callee.kind {
            Kind::Function | Kind::Native => self.call_on_stack(codes, callee, first, count, names, then),
            Kind::Method => {
                let (function, this) = *self.heap.methods.get(callee.handle());
                self.call_with_first(codes, function, this, first, count, names, then)
            }
            Kind::Class => self.call_class(codes, callee, first, count, names, then),
            Kind::Tool => Err(self.call_tool(callee, first, count, names)?),
            Kind::Descriptor => match *self.heap.descriptors.get(callee.handle()) {
                crate::heap::DescriptorObject::Static(function) => self.call_other(codes, function, first, count, names, then),
                _ => Err(self.not_callable(callee)),
            },
            Kind::Alias => {
                let (origin, _) = *self.heap.aliases.get(callee.handle());
                self.call_other(codes, origin, first, count, names, then)
            }
            _ => match self.special(callee, self.names.call) {
                Some(method) => self.call_with_first(codes, method, callee, first, count, names, then),
                None => Err(self.not_callable(callee)),
            },
        }
    }

    fn not_callable(&mut self, callee: Slot) -> Trap {
        let message = format!("'{}' object is not callable", self.type_name(callee));
        self.type_error(message)
    }

    /// Call with one more argument in front.
    #[allow(clippy::too_many_arguments)]
    fn call_with_first(&mut self, codes: &Codes, function: Slot, this: Slot, first: usize, count: usize, names: Slot, then: Then) -> Result<Option<Slot>, Trap> {
        if !matches!(function.kind, Kind::Function | Kind::Native) {
            return self.call_chain(codes, function, this, first, count, names, then);
        }
        // The place before the arguments held the callee or nothing: it is free now.
        let before = core::mem::replace(&mut self.stack[first - 1], this);
        let result = self.call_on_stack(codes, function, first - 1, count + 1, names, then);
        if matches!(result, Err(Trap::Pending | Trap::Memory)) {
            // The instruction runs again, and then calls the same callee.
            self.stack[first - 1] = before;
        }
        result
    }

    /// The callee is itself something that is called with one more argument in front, and so on.
    #[allow(clippy::too_many_arguments)]
    fn call_chain(&mut self, codes: &Codes, function: Slot, this: Slot, first: usize, count: usize, names: Slot, then: Then) -> Result<Option<Slot>, Trap> {
        let mut callee = *self.force(function)?;
        let mut before = alloc::vec![this];
        loop {
            if before.len() >= self.recursion_limit as usize {
                return Err(self.raise(Type::RecursionError, "maximum recursion depth exceeded"));
            }
            let next = match callee.kind {
                Kind::Method => {
                    let (function, this) = *self.heap.methods.get(callee.handle());
                    before.push(this);
                    Some(function)
                }
                Kind::Instance => self.special(callee, self.names.call).inspect(|_| before.push(callee)),
                _ => None,
            };
            match next {
                Some(next) => callee = *self.force(next)?,
                None => break,
            }
        }
        before.reverse();
        before.extend_from_slice(&self.stack[first..first + count]);
        let first = self.place_arguments(&before)?;
        self.call_on_stack(codes, callee, first, before.len(), names, then)
    }

    /// Copy arguments to fresh stack places above the current window.
    pub(crate) fn place_arguments(&mut self, args: &[Slot]) -> Result<usize, Trap> {
        // One free place before them, for a receiver.
        let first = self.scratch_top() + 1;
        self.spend(args.len() as u64 / 8)?;
        if self.stack.len() < first + args.len() + 8 {
            self.grow_stack(first + args.len() + 8)?;
        }
        self.stack[first..first + args.len()].copy_from_slice(args);
        Ok(first)
    }

    /// `f(*list, **dict)`
    pub(crate) fn call_spread(&mut self, codes: &Codes, callee: Slot, list: Slot, dict: Slot, then: Then) -> Result<Option<Slot>, Trap> {
        let mut args = self.items(list).to_vec();
        let mut names = Vec::new();
        if dict.kind == Kind::Dict {
            let entries: Vec<(Slot, Slot)> = self.heap.dicts.get(dict.handle()).iter().map(|e| (e.key, e.value)).collect();
            for (key, value) in entries {
                if self.text_of(key).is_none() {
                    return Err(self.type_error("keywords must be strings"));
                }
                names.push(key);
                args.push(value);
            }
        }
        let names = if names.is_empty() { Slot::UNBOUND } else { *self.new_tuple(names)? };
        let first = self.place_arguments(&args)?;
        self.call_on_stack(codes, callee, first, args.len(), names, then)
    }

    /// Call a value with arguments that are not on the stack yet. `Ok(None)`: a frame was pushed, its result goes
    /// through `adapt` to `then`.
    pub(crate) fn call_value(&mut self, codes: &Codes, call: &CallTrap, then: Then) -> Result<Option<Slot>, Trap> {
        if call.callee.kind == Kind::Generator {
            return self.call_generator(codes, call, then).map(|()| None);
        }
        let mut args = call.args.clone();
        args.extend(call.keywords.iter().map(|(_, value)| *value));
        let names = if call.keywords.is_empty() {
            Slot::UNBOUND
        } else {
            let names: Vec<Slot> = call.keywords.iter().map(|(name, _)| *name).collect();
            *self.new_tuple(names)?
        };
        let first = self.place_arguments(&args)?;
        let depth = self.frames.len();
        let result = self.call_on_stack(codes, *call.callee, first, args.len(), names, then)?;
        if result.is_none() && self.frames.len() > depth {
            if let Some(frame) = self.frames.last_mut() {
                frame.adapt = match (frame.adapt, call.adapt) {
                    (adapt, Adapt::Plain) => adapt,
                    (_, adapt) => adapt,
                };
            }
        }
        Ok(result)
    }

    // ---- traps and results

    /// Deal with a trap of the current instruction, whose result goes to `then`.
    pub(crate) fn handle_trap(&mut self, codes: &Codes, trap: Trap, then: Then) -> Result<(), Exit> {
        let mut trap = trap;
        loop {
            match trap {
                Trap::Raise(exception) => {
                    self.add_context(exception);
                    return self.unwind(codes, exception, true);
                }
                Trap::Limit(limit) => return Err(Exit::Step(Step::Limit(limit))),
                Trap::Memory => return self.short_of_memory(codes),
                Trap::Pending => return Err(Exit::Step(self.send_open())),
                Trap::Attempt(units) => match self.begin_attempt(codes, units, then)? {
                    None => return Ok(()),
                    Some(next) => trap = next,
                },
                Trap::Commit(roots) => match self.commit_attempt(codes, roots, then)? {
                    None => return Ok(()),
                    Some(next) => trap = next,
                },
                Trap::Rollback(why) => match self.undo_attempt(codes, &why)? {
                    None => return Ok(()),
                    Some(next) => trap = next,
                },
                Trap::Ask(ask) => {
                    if let Err(refused) = self.may_ask(&ask.request) {
                        trap = refused;
                        continue;
                    }
                    // A hole has noted its place itself, the same whether it blocks or not.
                    if !matches!(ask.request, emulant_ask::Request::Emulate(_)) {
                        self.note_site(codes, 0);
                    }
                    return Err(Exit::Step(self.send_ask(*ask, then)));
                }
                Trap::Call(call) => match self.call_value(codes, &call, then) {
                    Ok(None) => return Ok(()),
                    Ok(Some(value)) => match self.deliver(codes, value, call.adapt, then)? {
                        None => return Ok(()),
                        Some(next) => trap = next,
                    },
                    Err(Trap::Raise(exception)) => {
                        self.add_context(exception);
                        match self.caught_by(codes, call.adapt, then, exception)? {
                            true => return Ok(()),
                            false => return self.unwind(codes, exception, true),
                        }
                    }
                    // The callee is native and wants program code: its adaptation comes after that.
                    Err(Trap::Call(mut inner)) => {
                        if !matches!(call.adapt, Adapt::Plain) && matches!(inner.adapt, Adapt::Plain) {
                            inner.adapt = call.adapt;
                        }
                        trap = Trap::Call(inner);
                    }
                    Err(other) => trap = other,
                },
            }
        }
    }

    fn short_of_memory(&mut self, codes: &Codes) -> Result<(), Exit> {
        if core::mem::replace(&mut self.memory_retry, true) {
            return Err(Exit::Step(Step::Limit(Limit::Memory)));
        }
        self.collect(codes);
        if self.tight > crate::machine::TIGHT_MAX {
            return Err(Exit::Step(Step::Limit(Limit::Memory)));
        }
        self.memory_retry_at = self.instructions();
        Ok(())
    }

    /// Adapt a result and put it in its place in the top frame. A trap has to be dealt with there.
    pub(crate) fn deliver(&mut self, codes: &Codes, value: Slot, adapt: Adapt, then: Then) -> Result<Option<Trap>, Exit> {
        let value = match self.adapt(value, adapt) {
            Ok(value) => value,
            Err(trap) => return Ok(Some(trap)),
        };
        self.memory_retry = false;
        self.place_result(codes, value, then)
    }

    fn place_result(&mut self, codes: &Codes, value: Slot, then: Then) -> Result<Option<Trap>, Exit> {
        let Some(frame) = self.frames.last_mut() else { return Err(Exit::Step(self.finish())) };
        let base = frame.base as usize;
        match then {
            Then::Store(dst) => {
                frame.pc += 1;
                self.stack[base + dst as usize] = value;
            }
            Then::Discard => frame.pc += 1,
            Then::Drop => {}
            Then::Retry(dst) => self.stack[base + dst as usize] = value,
            Then::ForItem(dst) => {
                frame.pc += 2;
                self.stack[base + dst as usize] = value;
            }
            Then::Test(sense) => {
                let (code, pc) = (frame.code, frame.pc as usize);
                match self.truth(value) {
                    Ok(truth) if truth == sense => {
                        let to = match codes[code as usize].code.ops[pc + 1] {
                            Op::Jump { to } | Op::Loop { to } => to,
                            _ => pc as u32 + 2,
                        };
                        if let Some(frame) = self.frames.last_mut() {
                            frame.pc = to;
                        }
                    }
                    Ok(_) => {
                        if let Some(frame) = self.frames.last_mut() {
                            frame.pc += 2;
                        }
                    }
                    Err(trap) => return Ok(Some(trap)),
                }
            }
            // An iterator's `__next__` returned: what is delegated to yields.
            Then::Delegate(_) => self.yield_value(codes, value)?,
            Then::Exit => return Err(Exit::Step(self.finish())),
        }
        Ok(None)
    }

    /// Pop the top frame with its result.
    pub(crate) fn return_value(&mut self, codes: &Codes, value: Slot) -> Result<(), Exit> {
        // The end of the run settles all bets: the instruction runs again when they are answered.
        if self.frames.len() == 1 && self.asks.has_open() {
            return Err(Exit::Step(self.send_open()));
        }
        let Some(frame) = self.frames.pop() else { return Err(Exit::Step(self.finish())) };
        if self.frames.is_empty() && self.has_exits() {
            let trap = self.call_hidden("__end__", &[Slot::NONE]);
            return self.handle_trap(codes, trap, Then::Exit);
        }
        if frame.generator != NO_GENERATOR {
            return self.generator_returned(codes, &frame, value);
        }
        match self.deliver(codes, value, frame.adapt, frame.then)? {
            None => Ok(()),
            Some(trap) => self.handle_trap(codes, trap, frame.then),
        }
    }

    fn adapt(&mut self, value: Slot, adapt: Adapt) -> Result<Slot, Trap> {
        match adapt {
            Adapt::Plain | Adapt::Next | Adapt::Default(..) | Adapt::Attribute(..) => Ok(value),
            Adapt::HasAttribute => Ok(Slot::bool(true)),
            Adapt::Replace(slot, check) => {
                if check && self.force(value)?.kind != Kind::None {
                    let message = format!("__init__() should return None, not '{}'", self.type_name(value));
                    return Err(self.type_error(message));
                }
                Ok(slot)
            }
            Adapt::Bool(negate) => {
                let value = self.force(value)?;
                if value.kind != Kind::Bool {
                    let message = format!("__bool__ should return bool, returned {}", self.type_name(*value));
                    return Err(self.type_error(message));
                }
                Ok(Slot::bool((value.bits != 0) != negate).with_label(value.label))
            }
            Adapt::Truth(negate) => {
                let truth = self.truth(value).map_err(|trap| match trap {
                    Trap::Call(mut call) => {
                        if let (Adapt::Bool(_), true) = (call.adapt, negate) {
                            call.adapt = Adapt::Bool(true);
                        }
                        Trap::Call(call)
                    }
                    other => other,
                })?;
                Ok(Slot::bool(truth != negate).with_label(value.label))
            }
            Adapt::Length(truth) => self.adapt_length(value, truth),
            Adapt::Binary(attempt) if value.kind == Kind::NotImplemented => self.binary_from(attempt).map(Value::slot),
            Adapt::Compare(attempt) if value.kind == Kind::NotImplemented => self.compare_from(attempt).map(Value::slot),
            Adapt::Compare(attempt) if self.compare_negates(&attempt) => {
                let truth = self.truth(value)?;
                Ok(Slot::bool(!truth).with_label(value.label))
            }
            Adapt::Binary(_) | Adapt::Compare(_) => Ok(value),
            Adapt::Text(method) => {
                let value = *self.force(value)?;
                if self.text_of(value).is_none() {
                    let message = format!("{method} returned non-string (type {})", self.type_name(value));
                    return Err(self.type_error(message));
                }
                Ok(value)
            }
            Adapt::Hash => {
                let plain = self.force(value).map(|v| self.payload(*v))?;
                match plain.kind {
                    Kind::Int | Kind::Bool | Kind::Big => self.hash(plain).map(|h| Slot::int(h as i64)),
                    _ => Err(self.type_error("__hash__ method should return an integer")),
                }
            }
            Adapt::Integer(method) => {
                let plain = self.force(value).map(|v| self.payload(*v))?;
                if !matches!(plain.kind, Kind::Int | Kind::Bool | Kind::Big) {
                    let message = format!("{method} returned non-int (type {})", self.type_name(value));
                    return Err(self.type_error(message));
                }
                Ok(plain)
            }
            Adapt::Float => {
                let plain = self.force(value).map(|v| self.payload(*v))?;
                if plain.kind != Kind::Float {
                    let message = format!("__float__ returned non-float (type {})", self.type_name(value));
                    return Err(self.type_error(message));
                }
                Ok(plain)
            }
            Adapt::Iterator => {
                let value = *self.force(value)?;
                let native = matches!(value.kind, Kind::Iter | Kind::Generator);
                if !native && self.special(value, self.names.next).is_none() {
                    let message = format!("iter() returned non-iterator of type '{}'", self.type_name(value));
                    return Err(self.type_error(message));
                }
                Ok(value)
            }
            Adapt::Module(name) => {
                let modules = self.modules;
                Ok(self.lookup_in_dict(modules, name.handle()).unwrap_or(Slot::NONE))
            }
        }
    }

    fn adapt_length(&mut self, value: Slot, truth: bool) -> Result<Slot, Trap> {
        let plain = self.force(value).map(|v| self.payload(*v))?;
        match plain.kind {
            Kind::Int | Kind::Bool if plain.as_int() >= 0 => {
                Ok(if truth { Slot::bool(plain.as_int() != 0) } else { Slot::int(plain.as_int()) }.with_label(value.label))
            }
            Kind::Int | Kind::Big => Err(self.value_error("__len__() should return >= 0")),
            _ => {
                let message = format!("'{}' object cannot be interpreted as an integer", self.type_name(value));
                Err(self.type_error(message))
            }
        }
    }

    /// Does the adaptation of a call that raised take the exception? Then the result is in its place.
    pub(crate) fn caught_by(&mut self, codes: &Codes, adapt: Adapt, then: Then, exception: Value) -> Result<bool, Exit> {
        let is = |m: &Machine, class: Type| m.is_instance(*exception, class);
        let value = match adapt {
            Adapt::Next if is(self, Type::StopIteration) => {
                match then {
                    Then::Delegate(dst) => {
                        let value = self.stop_value(exception);
                        return self.place_result(codes, value, Then::Store(dst)).map(|_| true);
                    }
                    Then::ForItem(_) => {
                        if let Some(frame) = self.frames.last_mut() {
                            frame.pc += 1;
                        }
                        return Ok(true);
                    }
                    _ => return Ok(false),
                }
            }
            Adapt::Default(value, DefaultFor::StopIteration) if is(self, Type::StopIteration) => value,
            Adapt::Default(value, DefaultFor::Attribute) if is(self, Type::AttributeError) => value,
            Adapt::HasAttribute if is(self, Type::AttributeError) => Slot::bool(false),
            Adapt::Attribute(object, name) if is(self, Type::AttributeError) => {
                let Some(getattr) = self.user_method(object, self.names.getattr) else { return Ok(false) };
                let trap = self.call_trap(getattr, alloc::vec![object, name], Adapt::Plain);
                return self.handle_trap(codes, trap, then).map(|()| true);
            }
            _ => return Ok(false),
        };
        match self.place_result(codes, value, then)? {
            None => Ok(true),
            Some(trap) => self.handle_trap(codes, trap, then).map(|()| true),
        }
    }

    /// `value` of a StopIteration.
    pub(crate) fn stop_value(&self, exception: Value) -> Slot {
        let args = self.heap.exceptions.get(self.exception_state(exception)).args;
        self.items(args).first().copied().unwrap_or(Slot::NONE)
    }

    // ---- functions

    /// A function object for loaded code; `parts` are the four optional registers of MakeFunction.
    pub(crate) fn make_function(&mut self, codes: &Codes, code: u32, parts: [Slot; 4]) -> Slot {
        let [name, qualname, doc] = codes[code as usize].names;
        let loaded = &codes[code as usize].code;
        let globals = self.frames.last().map_or(self.hidden_globals, |f| f.globals);
        let module = self.lookup_in_dict(globals, self.names.name).unwrap_or(Slot::NONE);
        let [defaults, keyword_defaults, closure, annotations] = parts;
        let object = FunctionObject {
            code, globals, defaults: self.items(defaults).to_vec(), keyword_defaults, closure: self.items(closure).to_vec(),
            dict: Slot::UNBOUND, name, qualname, doc, annotations, module, source: Some(loaded.clone()),
        };
        self.heap.bytes += 220;
        Slot::object(Kind::Function, self.heap.functions.add(object))
    }

    /// Push the frame of the main program.
    pub(crate) fn push_main(&mut self, code: u32, globals: Handle) {
        let registers = u32::from(self.codes[code as usize].code.registers);
        self.first_stack(registers as usize);
        self.frames.push(Frame {
            code, pc: 0, base: 0, registers, globals, then: Then::Exit, adapt: Adapt::Plain, handled: Slot::NONE,
            generator: NO_GENERATOR, sent: Slot::NONE, function: Handle::MAX,
        });
    }

    /// Push the frame of a module's body above the current one; its result is dropped and the instruction runs again.
    pub(crate) fn push_module(&mut self, code: u32, globals: Handle, name: Slot) -> Result<(), Trap> {
        let registers = usize::from(self.codes[code as usize].code.registers);
        let base = self.scratch_top();
        if self.stack.len() < base + registers + 8 {
            self.grow_stack(base + registers + 8)?;
        }
        self.stack[base..base + registers].fill(Slot::UNBOUND);
        self.frames.push(Frame {
            code, pc: 0, base: base as u32, registers: registers as u32, globals, then: Then::Drop, adapt: Adapt::Module(name), handled: Slot::NONE,
            generator: NO_GENERATOR, sent: Slot::NONE, function: Handle::MAX,
        });
        Ok(())
    }

    /// Remember where the program stands: the innermost frame that is its own, after `skip` frames.
    pub(crate) fn note_site(&mut self, codes: &Codes, skip: usize) {
        let Some(frame) = self.frames.iter().rev().skip(skip).find(|f| !codes[f.code as usize].hidden) else { return };
        let code = &codes[frame.code as usize].code;
        let line = code.spans.get(frame.pc as usize).map_or(0, |s| s.line);
        self.last_site = emulant_ask::Site { file: code.file.as_ref().into(), line, function: code.qualname.as_ref().into() };
    }

    /// Run a native on arguments given as slots, as if it were called by the program.
    pub(crate) fn call_row(&mut self, row: Handle, values: &[Slot]) -> Result<Slot, Trap> {
        let first = self.place_arguments(values)?;
        self.call_native(row, &Args { first, count: values.len(), keywords: 0, names: Slot::UNBOUND })
    }
}
