//! Is it right? Programs of public corpora, run here and by CPython, and compared; and campaigns:
//! claims about all programs, tried on many that are made by chance.
//!
//! Nothing here changes how a program runs.

pub mod dice;
pub mod generate;
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
pub mod campaign;
pub mod campaigns;
pub mod worker;
