//! `_json`: the quick ways of reading and writing JSON.

use crate::native::NativeRow;

/// Natives of `_json`.
pub const TABLE: &[NativeRow] = &[];
