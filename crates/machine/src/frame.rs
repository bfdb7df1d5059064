//! Frames: Python calls in progress, as data. No host stack is held.

use crate::trap::Adapt;
use crate::value::{Handle, Slot};

/// One call.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Loaded code.
    pub code: u32,
    /// Next instruction, or the current one while a call is in progress or an error is handled.
    pub pc: u32,
    /// First register on the machine's stack.
    pub base: u32,
    /// Number of registers.
    pub registers: u32,
    /// Dict of globals.
    pub globals: Handle,
    /// Where the result goes.
    pub then: Then,
    /// What happens to the result first.
    pub adapt: Adapt,
    /// The exception that this frame handles now, or None.
    pub handled: Slot,
    /// The generator that this frame belongs to, or `NO_GENERATOR`.
    pub generator: Handle,
    /// What was sent into a generator at its last resumption.
    pub sent: Slot,
    /// The function, for tracing and `super`.
    pub function: Handle,
}

/// No generator.
pub const NO_GENERATOR: Handle = Handle::MAX;

/// Where the result of a frame goes, in the frame below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Into a register.
    Store(u16),
    /// Nowhere.
    Discard,
    /// It decides a Test: the Jump that follows is taken when its truth is this.
    Test(bool),
    /// It is the next item of a `for`, into a register; the Jump behind is skipped.
    ForItem(u16),
    /// It is what the generator below delegates to yields, or its result: see YieldFrom.
    Delegate(u16),
    /// Into a register, and the instruction runs again.
    Retry(u16),
    /// Nowhere, and the instruction runs again.
    Drop,
    /// The run is done.
    Exit,
}

impl Frame {
    /// The frame of a generator that nobody runs. Where it stood and what it was sent is set anew when it is resumed.
    pub(crate) fn at_rest(self) -> Frame {
        Frame { base: 0, then: Then::Discard, adapt: Adapt::Plain, sent: Slot::NONE, ..self }
    }

    /// Slots that the frame itself (not its registers) refers to.
    pub fn references(&self, each: &mut dyn FnMut(Slot)) {
        use crate::value::Kind;
        each(Slot::object(Kind::Dict, self.globals));
        each(self.handled);
        each(self.sent);
        if self.function != Handle::MAX {
            each(Slot::object(Kind::Function, self.function));
        }
        if self.generator != NO_GENERATOR {
            each(Slot::object(Kind::Generator, self.generator));
        }
        match self.adapt {
            Adapt::Replace(slot, _) | Adapt::Module(slot) | Adapt::Default(slot, _) => each(slot),
            Adapt::Binary(t) => [t.a, t.b].into_iter().for_each(each),
            Adapt::Compare(t) => [t.a, t.b].into_iter().for_each(each),
            Adapt::Attribute(object, name) => [object, name].into_iter().for_each(each),
            _ => {}
        }
    }
}
