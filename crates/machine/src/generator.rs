//! Generators and coroutines: frames that are put aside and taken up again.

use crate::class::Type;
use crate::code::{CodeKind, Op};
use crate::frame::{Frame, Then, NO_GENERATOR};
use crate::heap::GeneratorObject;
use crate::machine::{Codes, Machine};
use crate::run::Exit;
use crate::trap::{Adapt, CallTrap, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, vec::Vec};

impl Machine {
    /// The class that a generator object shows.
    pub(crate) fn generator_class(&self, generator: Slot) -> Handle {
        let object = self.heap.generators.get(generator.handle());
        if object.dress.kind == Kind::Class {
            return object.dress.handle();
        }
        match object.kind {
            CodeKind::Coroutine => Type::Coroutine,
            CodeKind::AsyncGenerator => Type::AsyncGenerator,
            _ => Type::Generator,
        }
        .handle()
    }

    /// StartGenerator: the frame becomes an object, which is the call's result.
    pub(crate) fn start_generator(&mut self, codes: &Codes) -> Result<(), Exit> {
        let Some(mut frame) = self.frames.pop() else { return Err(Exit::Step(self.finish())) };
        let (then, adapt) = (frame.then, frame.adapt);
        frame.pc += 1;
        let base = frame.base as usize;
        let registers: Vec<Slot> = self.stack[base..base + frame.registers as usize].to_vec();
        let names = match frame.function {
            Handle::MAX => (Slot::NONE, Slot::NONE),
            function => {
                let function = self.heap.functions.get(function);
                (function.name, function.qualname)
            }
        };
        let kind = codes[frame.code as usize].code.kind;
        self.heap.bytes += 200 + 16 * registers.len() as u64;
        let object = GeneratorObject { registers, frame: Some(frame.at_rest()), running: false, started: false, kind, names, dress: Slot::UNBOUND };
        let generator = Slot::object(Kind::Generator, self.heap.generators.add(object));
        if kind == CodeKind::AsyncGenerator {
            // Its protocol is the machine's own Python, around the plain generator.
            let callee = self.hidden("async_generator");
            let call = CallTrap { callee, args: alloc::vec![generator], keywords: Vec::new(), adapt };
            return self.handle_trap(codes, Trap::Call(alloc::boxed::Box::new(call)), then);
        }
        match self.deliver(codes, generator, adapt, then)? {
            None => Ok(()),
            Some(trap) => self.handle_trap(codes, trap, then),
        }
    }

    /// Take a generator up again: with a value, or with an exception raised where it stands.
    pub(crate) fn resume_generator(&mut self, codes: &Codes, generator: Handle, sent: Slot, throw: Option<Value>, then: Then, adapt: Adapt) -> Result<(), Trap> {
        if self.frames.len() >= self.recursion_limit as usize {
            return Err(self.raise(Type::RecursionError, "maximum recursion depth exceeded"));
        }
        self.fuel -= 8;
        let object = self.heap.generators.get(generator);
        if object.running {
            let what = if object.kind == CodeKind::Coroutine { "coroutine" } else { "generator" };
            let message = format!("{what} already executing");
            return Err(self.value_error(message));
        }
        if object.frame.is_none() {
            return self.resume_finished(codes, generator, throw, then);
        }
        if !object.started && throw.is_none() && sent.kind != Kind::None {
            let what = if object.kind == CodeKind::Coroutine { "coroutine" } else { "generator" };
            let message = format!("can't send non-None value to a just-started {what}");
            return Err(self.type_error(message));
        }
        self.push_generator(codes, generator, sent, then, adapt)?;
        match throw {
            None => Ok(()),
            Some(exception) => self.throw_into(codes, exception),
        }
    }

    fn resume_finished(&mut self, _codes: &Codes, generator: Handle, throw: Option<Value>, then: Then) -> Result<(), Trap> {
        if let Some(exception) = throw {
            return Err(Trap::Raise(exception));
        }
        if self.heap.generators.get(generator).kind == CodeKind::Coroutine {
            return Err(self.raise(Type::RuntimeError, "cannot reuse already awaited coroutine"));
        }
        match then {
            Then::ForItem(_) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.pc += 1;
                }
                Ok(())
            }
            Then::Delegate(dst) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.pc += 1;
                    let place = frame.base as usize + dst as usize;
                    self.stack[place] = Slot::NONE;
                }
                Ok(())
            }
            _ => Err(self.raise_with(Type::StopIteration, &[])),
        }
    }

    fn push_generator(&mut self, codes: &Codes, generator: Handle, sent: Slot, then: Then, adapt: Adapt) -> Result<(), Trap> {
        let base = self.scratch_top();
        let object = self.heap.generators.get_mut(generator);
        let Some(frame) = object.frame.take() else { return Ok(()) };
        let count = object.registers.len();
        let started = core::mem::replace(&mut object.started, true);
        object.running = true;
        if self.stack.len() < base + count + 64 {
            self.stack.resize((base + count + 64).max(self.stack.len() * 2), Slot::UNBOUND);
        }
        self.stack[base..base + count].copy_from_slice(&self.heap.generators.get(generator).registers);
        let mut frame = Frame { base: base as u32, then, adapt, generator, sent, ..frame };
        if started {
            if let Op::Yield { dst, .. } | Op::YieldAsync { dst, .. } = codes[frame.code as usize].code.ops[frame.pc as usize] {
                self.stack[base + dst as usize] = sent;
                // The yield took it: a later `yield from` must not send it on.
                frame.sent = Slot::NONE;
                frame.pc += 1;
            }
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Raise in the generator frame on top; when it delegates to a generator, in that one.
    fn throw_into(&mut self, codes: &Codes, exception: Value) -> Result<(), Trap> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let (pc, base, code) = (frame.pc as usize, frame.base as usize, frame.code);
        if let Op::YieldFrom { dst, iter } = codes[code as usize].code.ops[pc] {
            let inner = self.stack[base + iter as usize];
            if inner.kind == Kind::Generator {
                return self.resume_generator(codes, inner.handle(), Slot::NONE, Some(exception), Then::Delegate(dst), Adapt::Plain);
            }
            if inner.kind != Kind::Iter {
                let callee = self.hidden("__throw_to__");
                let call = CallTrap { callee, args: alloc::vec![inner, *exception], keywords: Vec::new(), adapt: Adapt::Next };
                return self.call_value(codes, &call, Then::Delegate(dst)).map(|_| ());
            }
        } else if let Some(Op::Yield { .. } | Op::YieldAsync { .. }) = pc.checked_sub(1).map(|p| codes[code as usize].code.ops[p]) {
            // The exception stands at the yield itself.
            if let Some(frame) = self.frames.last_mut() {
                frame.pc -= 1;
            }
        }
        Err(Trap::Raise(exception))
    }

    /// A trap's call whose callee is a generator: `args` are the mode (0 send, 1 throw) and the value.
    pub(crate) fn call_generator(&mut self, codes: &Codes, call: &CallTrap, then: Then) -> Result<(), Trap> {
        let (mode, value) = (call.args[0].as_int(), call.args[1]);
        let generator = call.callee.handle();
        if mode == 0 {
            return self.resume_generator(codes, generator, value, None, then, call.adapt);
        }
        let Some(exception) = value.value() else { return Ok(()) };
        if !self.heap.generators.get(generator).started {
            // Never begun: it ends here.
            let object = self.heap.generators.get_mut(generator);
            object.frame = None;
            object.registers = Vec::new();
        }
        self.resume_generator(codes, generator, Slot::NONE, Some(exception), then, call.adapt)
    }

    /// Yield from the generator frame on top.
    pub(crate) fn yield_value(&mut self, codes: &Codes, value: Slot) -> Result<(), Exit> {
        let Some(frame) = self.frames.pop() else { return Err(Exit::Step(self.finish())) };
        let (then, adapt, generator) = (frame.then, frame.adapt, frame.generator);
        let base = frame.base as usize;
        let object = self.heap.generators.get_mut(generator);
        object.registers.copy_from_slice(&self.stack[base..base + frame.registers as usize]);
        object.running = false;
        let (code, pc) = (frame.code, frame.pc);
        // What it was resumed with is gone: it keeps nothing alive.
        object.frame = Some(frame.at_rest());
        self.watch_generator(&codes[code as usize].code, pc, generator);
        match self.deliver(codes, value, adapt, then)? {
            None => Ok(()),
            Some(trap) => self.handle_trap(codes, trap, then),
        }
    }

    /// The frame of a generator returned.
    pub(crate) fn generator_returned(&mut self, codes: &Codes, frame: &Frame, value: Slot) -> Result<(), Exit> {
        self.finish_generator(frame.generator);
        match frame.then {
            Then::ForItem(_) => {
                if let Some(below) = self.frames.last_mut() {
                    below.pc += 1;
                }
                Ok(())
            }
            Then::Delegate(dst) => {
                if let Some(below) = self.frames.last_mut() {
                    below.pc += 1;
                    let place = below.base as usize + dst as usize;
                    self.stack[place] = value;
                }
                Ok(())
            }
            _ => {
                let args: &[Slot] = if value.kind == Kind::None { &[] } else { &[value] };
                let stop = self.new_exception(Type::StopIteration.handle(), args);
                if self.caught_by(codes, frame.adapt, frame.then, stop)? {
                    return Ok(());
                }
                self.add_context(stop);
                self.unwind(codes, stop, true)
            }
        }
    }

    /// The frame of a generator ended with an exception; which one goes on.
    pub(crate) fn generator_failed(&mut self, frame: &Frame, exception: Value) -> Value {
        self.finish_generator(frame.generator);
        let kind = self.heap.generators.get(frame.generator).kind;
        let ended = match self.is_instance(*exception, Type::StopIteration) {
            true => "StopIteration",
            false if kind == CodeKind::AsyncGenerator && self.is_instance(*exception, Type::StopAsyncIteration) => "StopAsyncIteration",
            false => return exception,
        };
        let what = match kind {
            CodeKind::Coroutine => "coroutine",
            CodeKind::AsyncGenerator => "async generator",
            _ => "generator",
        };
        let Trap::Raise(error) = self.raise(Type::RuntimeError, format!("{what} raised {ended}")) else { return exception };
        let state = self.exception_state(error);
        let object = self.heap.exceptions.get_mut(state);
        object.cause = *exception;
        object.context = *exception;
        object.suppress = true;
        error
    }

    fn finish_generator(&mut self, generator: Handle) {
        if generator != NO_GENERATOR {
            let object = self.heap.generators.get_mut(generator);
            object.running = false;
            object.frame = None;
            object.registers = Vec::new();
        }
    }

    /// One step of `yield from`: ask the inner iterator for its next value and yield it; at its end go on.
    pub(crate) fn yield_from(&mut self, codes: &Codes, dst: u16, inner: Slot) -> Result<(), Exit> {
        let sent = self.frames.last_mut().map_or(Slot::NONE, |f| core::mem::replace(&mut f.sent, Slot::NONE));
        let then = Then::Delegate(dst);
        let result = match inner.kind {
            Kind::Generator => self.resume_generator(codes, inner.handle(), sent, None, then, Adapt::Plain),
            Kind::Iter => match self.iter_next(inner.handle()) {
                Ok(Some(item)) => return self.yield_value(codes, item),
                Ok(None) => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.pc += 1;
                        let place = frame.base as usize + dst as usize;
                        self.stack[place] = Slot::NONE;
                    }
                    return Ok(());
                }
                Err(trap) => Err(trap),
            },
            _ if sent.kind == Kind::None => Err(self.call_next(inner, Adapt::Next)),
            _ => {
                let send = self.intern("send");
                match self.special(inner, send) {
                    Some(method) => Err(self.call_trap(method, alloc::vec![inner, sent], Adapt::Next)),
                    None => {
                        let message = format!("'{}' object has no attribute 'send'", self.type_name(inner));
                        Err(self.raise(Type::AttributeError, message))
                    }
                }
            }
        };
        match result {
            Ok(()) => Ok(()),
            Err(trap) => self.handle_trap(codes, trap, then),
        }
    }

    /// A trap that calls `__next__` of a program object.
    pub(crate) fn call_next(&mut self, iterator: Slot, adapt: Adapt) -> Trap {
        let iterator = match self.force(iterator) {
            Ok(value) => *value,
            Err(trap) => return trap,
        };
        match self.special(iterator, self.names.next) {
            Some(method) => self.call_trap(method, alloc::vec![iterator], adapt),
            None => {
                let message = format!("'{}' object is not an iterator", self.type_name(iterator));
                self.type_error(message)
            }
        }
    }

    /// `iter(x)`.
    pub(crate) fn get_iter(&mut self, source: Slot) -> Result<Slot, Trap> {
        let source = *self.force(source)?;
        if source.kind == Kind::Generator {
            return Ok(source);
        }
        if let Some(iter) = self.iter_native(source)? {
            return Ok(*iter);
        }
        if let Some(method) = self.special(source, self.names.iter).filter(|m| m.kind != Kind::None) {
            return Err(self.call_trap(method, alloc::vec![source], Adapt::Iterator));
        }
        if self.iterable(source) {
            return Err(self.call_hidden("__iter_getitem__", &[source]));
        }
        let message = format!("'{}' object is not iterable", self.type_name(source));
        Err(self.type_error(message))
    }

    /// What `await x` delegates to.
    pub(crate) fn get_awaitable(&mut self, source: Slot) -> Result<Slot, Trap> {
        let source = *self.force(source)?;
        if source.kind == Kind::Generator && self.heap.generators.get(source.handle()).kind == CodeKind::Coroutine {
            return Ok(source);
        }
        if self.user_method(source, self.names.await_).is_some() {
            return Err(self.call_hidden("__awaited__", &[source]));
        }
        if let Some(method) = self.special(source, self.names.await_) {
            return Err(self.call_trap(method, alloc::vec![source], Adapt::Iterator));
        }
        let message = format!("object {} can't be used in 'await' expression", self.type_name(source));
        Err(self.type_error(message))
    }
}
