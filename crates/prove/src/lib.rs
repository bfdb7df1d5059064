//! Is it right? Programs of public corpora, run here and by CPython, and compared.
//!
//! Nothing here changes how a program runs.

pub mod corpus;
pub mod pure;
pub mod oracle;
pub mod conform;
pub mod report;
pub mod cpython;
