//! Where a value came from, in words. Finding the item and the line of a text
//! in a recorded answer is the host's work; the gate only needs to know whose
//! answer it was and how to say it.

use alloc::string::String;
use emulant_ask::{Origin, Value};

/// Whose answer an origin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A tool answered.
    Tool,
    /// A language model answered.
    Model,
    /// A person, a clock, a seed: not a reason for distrust.
    Other,
}

/// An origin, described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Whose answer it is.
    pub kind: SourceKind,
    /// As a person would say it: `ticket 7, line 3 (third party, read_text)`.
    pub text: String,
    /// Whether the value's own text was found there, so that the description is
    /// a place and not only a direction.
    pub found: bool,
    /// Is it made of words that nobody outside can choose? A label rule of the tool says so; of a
    /// model's answer, that it repeats a part of what it saw.
    pub trusted: bool,
    /// Where it only selected or counted something: did nobody outside decide that? The length of a list of
    /// one's own is one's own, whatever stands in its items; of a model, what it saw says the rest.
    pub steady: bool,
}

impl Source {
    /// Are its bytes a reason for distrust?
    pub fn is_foreign(&self) -> bool {
        self.kind != SourceKind::Other && !self.trusted
    }

    /// Is what it selected a reason for distrust?
    pub fn steers(&self) -> bool {
        self.kind != SourceKind::Other && !self.steady
    }
}

/// Describes origins.
pub trait Describe {
    /// Describe where in the answer `origin` the text of `value` stands.
    fn describe(&self, origin: &Origin, value: &Value) -> Source;
}
