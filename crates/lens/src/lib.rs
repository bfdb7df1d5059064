//! Reads runs: what happened, line by line. Nothing here runs a program, asks
//! anybody, or changes a journal.

pub mod trace;
