//! Marks: moments to which the machine can step back within a process.
//!
//! The heap's part is an undo log that fills as objects are written; the rest
//! (registers, frames, asks) is copied, which is small.

use crate::asking::Asking;
use crate::flow::Flow;
use crate::frame::Frame;
use crate::heap::HeapMark;
use crate::machine::{Machine, Stream};
use crate::value::{Kind, Slot};
use alloc::{boxed::Box, string::String, vec::Vec};
use crate::hash::Map;

/// A moment of a run.
#[derive(Clone, Debug)]
pub struct Mark {
    heap: HeapMark,
    stack: Vec<Slot>,
    frames: Vec<Frame>,
    fuel: i64,
    asks: Asking,
    output: Vec<(Stream, String)>,
    output_bytes: u64,
    identities: Map<(Kind, u64), u64>,
    identities_given: u64,
    collect_at: u64,
    flow: Option<Box<Flow>>,
}

impl Mark {
    /// Slots that stay alive while the mark is held.
    pub(crate) fn references(&self, each: &mut dyn FnMut(Slot)) {
        self.stack.iter().for_each(|s| each(*s));
        self.frames.iter().for_each(|f| f.references(each));
        self.asks.references(each);
    }
}

impl Machine {
    /// Remember this moment. Costs a copy of registers and frames now, and one saved copy of each object written later.
    pub fn mark(&mut self) -> Mark {
        let top = self.scratch_top().min(self.stack.len());
        Mark {
            heap: self.heap.mark(), stack: self.stack[..top].to_vec(), frames: self.frames.clone(), fuel: self.fuel_left(),
            asks: self.asks.clone(), output: self.output.clone(), output_bytes: self.output_bytes, identities: self.identities.clone(), identities_given: self.identities_given,
            collect_at: self.collect_at, flow: self.flow.clone(),
        }
    }

    /// Go back to a moment. Marks taken after it no longer hold.
    pub fn back_to(&mut self, mark: &Mark) {
        self.heap.back_to(&mark.heap);
        self.stack.fill(Slot::UNBOUND);
        self.stack[..mark.stack.len()].copy_from_slice(&mark.stack);
        self.frames.clone_from(&mark.frames);
        self.set_fuel(mark.fuel);
        self.asks = mark.asks.clone();
        self.output.clone_from(&mark.output);
        self.output_bytes = mark.output_bytes;
        self.identities.clone_from(&mark.identities);
        self.identities_given = mark.identities_given;
        self.collect_at = mark.collect_at;
        self.flow.clone_from(&mark.flow);
        self.memory_retry = false;
        // Classes may have other versions and dicts other positions now.
        self.caches.fill(crate::class::Cache::EMPTY);
    }
}
