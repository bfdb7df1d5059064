//! Text to tree, with the parser's errors in CPython's words.

use crate::error::CompileError;
use crate::limits;
use crate::source::Lines;
use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// The tree of a text that is within the limits.
pub(crate) fn parse(lines: &Lines, mode: Mode) -> Result<Mod, CompileError> {
    let options = ParseOptions::from(mode).with_target_version(PythonVersion::PY312);
    let parsed = parse_unchecked(lines.text(), options);
    if let Some(error) = parsed.errors().first() {
        return Err(CompileError::syntax(lines, error.location, "invalid syntax"));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        return Err(CompileError::syntax(lines, error.range, "invalid syntax"));
    }
    Ok(parsed.into_syntax())
}

pub(crate) use limits::check;
