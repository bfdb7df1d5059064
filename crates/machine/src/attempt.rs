//! Attempts: code that is run to see what it does, and taken back as a whole when it fails.
//!
//! An attempt begins at a mark. Either it is kept, or the machine steps back to the
//! mark and the call that began it returns why. So an answer that changes objects
//! changes all of them or none, and a check leaves no trace. While an attempt is open
//! nothing leaves the machine but text to compile, output is held back, and fuel can
//! be fenced: code that spends more than it was given has failed, whatever it catches.

use crate::class::Type;
use crate::frame::Then;
use crate::machine::{Codes, Machine, Step};
use crate::mark::Mark;
use crate::run::Exit;
use crate::trap::{Adapt, Trap};
use crate::heap::Heap;
use crate::value::{Kind, Slot};
use alloc::{format, string::String, vec::Vec};
use emulant_ask::{Limit, Request};

/// Most attempts inside attempts.
const NESTED_MAX: usize = 8;

/// An open attempt.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    mark: Mark,
    /// Where the call that began it puts its result.
    then: Then,
    /// Fuel beyond the fence.
    pub(crate) rest: i64,
    /// What it was given, for the message.
    units: Option<u64>,
}

impl Machine {
    /// Begin an attempt that may spend so much fuel; the call gives None now, and a text when it was taken back.
    pub(crate) fn begin_attempt(&mut self, codes: &Codes, units: Option<u64>, then: Then) -> Result<Option<Trap>, Exit> {
        if self.asks.is_unsettled() {
            return Ok(Some(Trap::Pending));
        }
        if self.attempts.len() >= NESTED_MAX {
            return Ok(Some(self.raise(Type::RecursionError, "too many attempts inside attempts")));
        }
        let mark = self.mark();
        let given = units.and_then(|units| i64::try_from(units).ok()).unwrap_or(i64::MAX).min(self.fuel_left());
        let rest = self.fuel_left() - given;
        self.attempts.push(Attempt { mark, then, rest, units });
        self.set_fuel(given);
        self.deliver(codes, Slot::NONE, Adapt::Plain, then)
    }

    /// Keep what the innermost attempt did.
    pub(crate) fn keep_attempt(&mut self) {
        if let Some(attempt) = self.attempts.pop() {
            self.set_fuel(self.fuel_left().max(0).saturating_add(attempt.rest));
        }
        self.forget_attempts();
    }

    /// Keep what the innermost attempt did, unless it changed what it was not shown: then it is taken back.
    pub(crate) fn commit_attempt(&mut self, codes: &Codes, roots: Slot, then: Then) -> Result<Option<Trap>, Exit> {
        if let Some(why) = self.trespass(roots) {
            return self.undo_attempt(codes, &why);
        }
        self.keep_attempt();
        self.deliver(codes, Slot::NONE, Adapt::Plain, then)
    }

    /// What of the program changed that cannot be reached from `roots` by data: a module's names, or an object
    /// of the main module. None when all is well, or when no roots are given.
    fn trespass(&self, roots: Slot) -> Option<String> {
        if roots.kind != Kind::List {
            return None;
        }
        let namespaces = self.namespaces();
        let is_namespace = |slot: &Slot| namespaces.iter().find(|(_, dict)| slot.kind == Kind::Dict && slot.handle() == *dict);
        let changed = self.heap.changed(&|dict| namespaces.iter().any(|(_, handle)| *handle == dict));
        if let Some((name, _)) = changed.iter().find_map(is_namespace) {
            return Some(format!("it changes the names of the module {name}"));
        }
        if changed.is_empty() {
            return None;
        }
        let mine = self.heap.data_from(&[roots]);
        let main = namespaces.iter().find(|(name, _)| name == "__main__").map(|(_, dict)| Slot::object(Kind::Dict, *dict));
        let program = self.heap.data_from(&main.into_iter().collect::<Vec<_>>());
        let foreign = changed.iter().find(|slot| program.contains(&Heap::place(**slot)) && !mine.contains(&Heap::place(**slot)))?;
        Some(format!("it changes a {} that the text does not name", self.type_name(*foreign)))
    }

    /// Names and namespaces of all modules.
    fn namespaces(&self) -> Vec<(String, u32)> {
        let entries = self.heap.dicts.get(self.modules).iter();
        let modules = entries.filter(|entry| entry.value.kind == Kind::Module).map(|entry| self.heap.modules.get(entry.value.handle()));
        let mut all: Vec<(String, u32)> = modules.map(|module| (self.heap.text(module.name).into(), module.dict)).collect();
        all.push(("builtins".into(), self.builtins));
        all.push(("builtins".into(), self.hidden_globals));
        all
    }

    /// Take back what the innermost attempt did; its call returns `why`.
    pub(crate) fn undo_attempt(&mut self, codes: &Codes, why: &str) -> Result<Option<Trap>, Exit> {
        let Some(attempt) = self.attempts.pop() else {
            return Ok(Some(self.raise(Type::RuntimeError, "no attempt is open")));
        };
        let fuel = self.fuel_left().max(0).saturating_add(attempt.rest);
        let asks = core::mem::take(&mut self.asks);
        self.back_to(&attempt.mark);
        // What was asked stays asked, and what was spent stays spent.
        self.asks = asks;
        self.set_fuel(fuel);
        self.forget_attempts();
        let why = match self.new_str(why) {
            Ok(why) => why.slot(),
            Err(trap) => return Ok(Some(trap)),
        };
        self.deliver(codes, why, Adapt::Plain, attempt.then)
    }

    /// A step that leaves the loop; None when it only says that a fenced attempt spent what it had.
    pub(crate) fn undo_spent(&mut self, step: Step) -> Option<Step> {
        let fenced = self.attempts.last().filter(|attempt| attempt.rest > 0);
        let (Step::Limit(Limit::Instructions), Some(attempt)) = (&step, fenced) else { return Some(step) };
        let why = format!("it took more than {} steps", attempt.units.unwrap_or_default());
        let codes = core::mem::take(&mut self.codes);
        let undone = self.undo_attempt(&codes, &why);
        self.codes = codes;
        match undone {
            Ok(None) => None,
            Ok(Some(_)) => Some(step),
            Err(Exit::Step(step)) => Some(step),
            Err(Exit::Load(_)) => None,
        }
    }

    fn forget_attempts(&mut self) {
        self.release_marks();
    }

    /// May this leave the machine now?
    pub(crate) fn may_ask(&mut self, request: &Request) -> Result<(), Trap> {
        if self.attempts.is_empty() || matches!(request, Request::Compile(_)) {
            return Ok(());
        }
        let message: String = format!("code that only may compute asked for something ({})", request.kind());
        Err(self.raise(Type::Refused, message))
    }
}
