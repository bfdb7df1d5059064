//! Modules written in Rust. Each gives a table of natives whose owner is the module's name; modules of the standard
//! library written in Python (`crates/stdlib/python`) import them (`_json`, `_random`, `_re`, `_collections`) or they
//! stand for themselves (`math`).

use crate::native::NativeRow;

pub mod random;
pub mod re;

/// The tables of all files, in a fixed order.
pub const TABLES: &[&[NativeRow]] = &[];
