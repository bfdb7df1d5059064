//! A deterministic, suspendable machine for Python: code and answers in, asks out.
//!
//! Nothing here reads a clock, a file, a random source or the environment, and no
//! host stack is held while a program waits. Modules, in the order in which to
//! read them:
#![no_std]
extern crate alloc;

pub mod code;
pub mod stored;
pub mod value;
pub mod machine;
pub mod template;
pub mod base;
pub mod arena;
pub mod heap;
pub mod dict;
pub mod set;
pub mod rope;
pub mod tuple;
pub mod label;
mod labelled;
mod without;
pub mod class;
pub mod frame;
pub mod trap;
pub mod native;
pub mod trace;
pub mod mark;
pub mod image;
pub mod compare;
pub mod hash;
pub mod iterate;
pub mod builtins;
pub mod kernel;
pub mod modules;
mod access;
mod arithmetic;
mod asking;
mod attempt;
mod boot;
mod call;
mod construct;
mod flow;
mod generator;
mod import;
mod run;
mod step;
mod unwind;
mod death;

pub use template::Template;
pub use machine::{Library, Machine, Options, Reply, Step, Stream, TraceFrame, Uncaught};
