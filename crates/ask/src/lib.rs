//! The words that cross the walls: what a program asks, what it is answered,
//! and the plain values inside both. No IO, no clock, no knowledge of how a
//! program runs or who answers.
#![no_std]
extern crate alloc;

mod value;
mod canon;
pub mod path;
mod pattern;
mod shape;
mod schema;
mod word;
mod limits;
mod predicate;

pub use canon::canonical;
pub use limits::{Limit, Limits};
pub use predicate::{Predicate, Verdict};
pub use pattern::Pattern;
pub use shape::{Bounds, Field, ITEMS_MAX, Mismatch, RecordKind, STRING_MAX, Shape};
pub use value::Value;
pub use word::{
    Answer, AnswerDetail, Ask, Call, Compile, CompileMode, Hole, HoleKind, Origin, Prior, Request, Seen, Site, Tried, Wish, VERSION,
};
