//! Marks: moments to which the machine can step back within a process.
//!
//! The heap's part is an undo log that fills as objects are written; the rest
//! (registers, frames, asks) is copied, which is small. Marks may be held by whoever
//! looks at a run and by the machine for its bets, in any number: what one of them
//! needs is kept until the last copy of it is dropped.

use crate::asking::Asking;
use crate::attempt::Attempt;
use crate::flow::Flow;
use crate::frame::Frame;
use crate::heap::HeapMark;
use crate::machine::{Machine, Stream};
use crate::value::{Kind, Slot};
use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use crate::hash::Map;

/// A moment of a run, held until the last copy is dropped.
#[derive(Clone, Debug)]
pub struct Mark(Arc<Moment>);

#[derive(Debug)]
pub(crate) struct Moment {
    heap: HeapMark,
    stack: Vec<Slot>,
    frames: Vec<Frame>,
    fuel: i64,
    asks: Asking,
    attempts: Vec<Attempt>,
    eager: bool,
    output: Vec<(Stream, String)>,
    output_bytes: u64,
    identities: Map<(Kind, u64), u64>,
    identities_given: u64,
    collect_at: u64,
    flow: Option<Box<Flow>>,
    collect_due: u64,
    recursion_limit: u32,
    repr_guard: Vec<Slot>,
}

impl Moment {
    /// Slots that stay alive while the moment is held.
    pub(crate) fn references(&self, each: &mut dyn FnMut(Slot)) {
        self.stack.iter().for_each(|s| each(*s));
        self.frames.iter().for_each(|f| f.references(each));
        self.asks.references(each);
        self.repr_guard.iter().for_each(|s| each(*s));
    }
}

impl Machine {
    /// Remember this moment. Costs a copy of registers and frames now, and one saved copy of each object written later.
    pub fn mark(&mut self) -> Mark {
        self.release_marks();
        let top = self.scratch_top().min(self.stack.len());
        let moment = Moment {
            heap: self.heap.mark(), stack: self.stack[..top].to_vec(), frames: self.frames.clone(), fuel: self.fuel_left(),
            asks: self.asks.clone(), attempts: self.attempts.clone(), eager: self.options.eager, output: self.output.clone(), output_bytes: self.output_bytes, identities: self.identities.clone(), identities_given: self.identities_given,
            collect_at: self.collect_at, collect_due: self.collect_due, recursion_limit: self.recursion_limit, repr_guard: self.repr_guard.clone(), flow: self.flow.clone(),
        };
        let moment = Arc::new(moment);
        self.marks.push(moment.clone());
        Mark(moment)
    }

    /// Forget the marks that nobody holds, and with the last of them all old contents.
    pub(crate) fn release_marks(&mut self) {
        self.marks.retain(|moment| Arc::strong_count(moment) > 1);
        if self.marks.is_empty() {
            self.heap.forget();
        }
    }

    /// Go back to a moment; marks taken after it no longer hold. False, and nothing changes, when this one does not
    /// hold: the machine went back behind it, of itself too, where a bet on an answer was lost. The way to such a
    /// moment is from an earlier mark, with the answers that were given.
    pub fn back_to(&mut self, mark: &Mark) -> bool {
        let Some(place) = self.marks.iter().position(|moment| Arc::ptr_eq(moment, &mark.0)) else { return false };
        self.marks.truncate(place + 1);
        let mark = &*mark.0;
        self.heap.back_to(&mark.heap);
        self.stack.fill(Slot::UNBOUND);
        self.stack[..mark.stack.len()].copy_from_slice(&mark.stack);
        self.frames.clone_from(&mark.frames);
        self.set_fuel(mark.fuel);
        self.asks = mark.asks.clone();
        self.attempts.clone_from(&mark.attempts);
        self.options.eager = mark.eager;
        self.output.clone_from(&mark.output);
        self.output_bytes = mark.output_bytes;
        self.identities.clone_from(&mark.identities);
        self.identities_given = mark.identities_given;
        (self.collect_at, self.collect_due) = (mark.collect_at, mark.collect_due);
        self.recursion_limit = mark.recursion_limit;
        self.repr_guard.clone_from(&mark.repr_guard);
        self.ended = None;
        self.flow.clone_from(&mark.flow);
        self.memory_retry = false;
        self.watching = true;
        // Classes may have other versions and dicts other positions now.
        self.caches.forget();
        self.constructs.clear();
        true
    }
}
