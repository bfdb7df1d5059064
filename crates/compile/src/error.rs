//! What can be wrong with a program's text, in CPython's words. It decides
//! nothing: the parser's errors are translated in `parse`, the rest is raised
//! where it is seen.

use crate::source::Lines;
use ruff_text_size::TextRange;
use std::fmt;

/// Kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// As CPython's `SyntaxError`.
    SyntaxError,
    /// As CPython's `IndentationError`.
    IndentationError,
    /// As CPython's `TabError`.
    TabError,
    /// Valid Python that this compiler cannot say.
    NotSupported,
}

impl ErrorKind {
    /// The name of the exception class that the program would see.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::IndentationError => "IndentationError",
            ErrorKind::TabError => "TabError",
            ErrorKind::NotSupported => "NotSupported",
        }
    }
}

/// Why a text is no program for us. `Display` prints it as CPython prints a
/// syntax error, without the line that names the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// What it is.
    pub kind: ErrorKind,
    /// CPython's message, or the name of what is not supported.
    pub message: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1; 0 when unknown.
    pub col: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the end, from 1; 0 when unknown.
    pub end_col: u32,
    /// The source line.
    pub text: String,
}

impl CompileError {
    /// A syntax error over a range.
    pub(crate) fn syntax(lines: &Lines, range: TextRange, message: impl Into<String>) -> CompileError {
        CompileError::new(ErrorKind::SyntaxError, lines, range, message.into())
    }

    /// Something that cannot be said in our code.
    pub(crate) fn not_supported(lines: &Lines, range: TextRange, what: impl Into<String>) -> CompileError {
        CompileError::new(ErrorKind::NotSupported, lines, range, what.into())
    }

    pub(crate) fn new(kind: ErrorKind, lines: &Lines, range: TextRange, message: String) -> CompileError {
        let span = lines.span(range);
        CompileError {
            kind,
            message,
            line: span.line,
            col: span.col + 1,
            end_line: span.end_line,
            end_col: span.end_col + 1,
            text: lines.line_text(span.line).to_string(),
        }
    }

    /// The `^^^^` line under the source line, which is shown without its indentation.
    fn markers(&self) -> Option<String> {
        let stripped = self.text.trim_start_matches([' ', '\t', '\x0c']);
        let removed = (self.text.chars().count() - stripped.chars().count()) as u32;
        let start = self.col.checked_sub(1)?.checked_sub(removed)?;
        let length = stripped.trim_end().chars().count() as u32;
        let end = if self.end_line != self.line || self.end_col == 0 { length } else { self.end_col - 1 - removed };
        let width = end.saturating_sub(start).max(1);
        Some(format!("{}{}", " ".repeat(start as usize), "^".repeat(width as usize)))
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ErrorKind::NotSupported {
            return write!(f, "not supported: {} (line {})", self.message, self.line);
        }
        let stripped = self.text.trim_start_matches([' ', '\t', '\x0c']).trim_end_matches(['\n', '\r']);
        if !stripped.is_empty() {
            writeln!(f, "    {stripped}")?;
            if let Some(markers) = self.markers() {
                writeln!(f, "    {markers}")?;
            }
        }
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for CompileError {}

/// Result of a step of the compiler.
pub(crate) type Step<T = ()> = Result<T, Box<CompileError>>;
