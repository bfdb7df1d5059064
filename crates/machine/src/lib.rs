//! A deterministic, suspendable machine for Python.
#![no_std]
extern crate alloc;

pub mod code;
