//! The only place where anything happens: journals are kept, tools are called,
//! people are asked. Everything else takes its arguments and returns.
//!
//! Nothing here decides whether a call may happen (`gate`), what an entry of a
//! journal means (`journal`), or how a program runs (`machine`).

pub mod store;
pub mod attest;
pub mod tools;
mod builtin;
mod files;
mod sqlite;
pub mod system;
pub mod mcp;
pub mod schema;
pub mod value;
pub mod origin;
pub mod person;
pub mod record;
pub mod options;
pub mod manifest;
pub mod predicate;
pub mod cedar;
pub mod rules;
pub mod policies;
pub mod lint;
pub mod undo;
pub mod secrets;
mod kept;
mod narrow;
pub mod answer;
pub mod written;
pub mod keep;
mod image;
pub mod run;
pub mod replay;
pub mod why;
pub mod serve;
pub mod report;
pub mod traceback;
