//! Is it right? Programs of public corpora, run here and by CPython, and compared.
//!
//! Nothing here changes how a program runs.

pub mod corpus;
pub mod pure;
pub mod oracle;
pub mod conform;
pub mod report;
pub mod cpython;
pub mod answered;
pub mod random;
pub mod partial;
pub mod nightjar;
pub mod toolemu;
pub mod bbh;
