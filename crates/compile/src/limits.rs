//! Bounds on the text, checked before a tree is built: a deep tree overflows the
//! host's stack when it is walked or dropped. It works on tokens alone.

use crate::{
    error::{CompileError, ErrorKind},
    source::Lines,
};
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer::lex};

/// Longest source, in bytes.
pub(crate) const SOURCE_BYTES_MAX: usize = 10 << 20;
/// Most open brackets, as CPython.
const BRACKETS_MAX: usize = 200;
/// Most open indentations, as CPython.
const INDENTS_MAX: usize = 100;
/// Most tokens without a separator, over all open brackets: no expression's tree can be deeper.
const CHAIN_MAX: usize = 6000;

/// Refuse text that is too long or nested too deeply; else how deep its tree can be at most.
pub(crate) fn check(lines: &Lines, mode: Mode) -> Result<usize, CompileError> {
    if lines.text().len() > SOURCE_BYTES_MAX {
        return Err(at_line(lines, 1, ErrorKind::NotSupported, "a source text of more than 10 MB"));
    }
    if let Some(at) = lines.text().find('\0') {
        let line = lines.text()[..at].matches('\n').count() as u32 + 1;
        return Err(at_line(lines, line, ErrorKind::SyntaxError, "source code string cannot contain null bytes"));
    }
    let mut lexer = lex(lines.text(), mode);
    let mut depth = Depth { open: vec![0], total: 0, deepest: 0, indents: 0, line: 1 };
    loop {
        let token = lexer.next_token();
        if token == TokenKind::EndOfFile {
            return Ok(depth.deepest);
        }
        if let Err((kind, message)) = depth.step(token) {
            return Err(at_line(lines, depth.line, kind, message));
        }
    }
}

/// Is a short text safe to parse on any stack?
pub(crate) fn is_shallow(text: &str) -> bool {
    check(&Lines::new(text), Mode::Module).is_ok_and(|deepest| deepest <= 100)
}

struct Depth {
    /// Tokens since the last separator, for each open bracket.
    open: Vec<usize>,
    total: usize,
    deepest: usize,
    indents: usize,
    line: u32,
}

impl Depth {
    fn step(&mut self, token: TokenKind) -> Result<(), (ErrorKind, &'static str)> {
        match token {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                self.open.push(0);
                if self.open.len() > BRACKETS_MAX + 1 {
                    return Err((ErrorKind::SyntaxError, "too many nested parentheses"));
                }
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace if self.open.len() > 1 => {
                self.total -= self.open.pop().unwrap_or(0);
            }
            TokenKind::Indent => {
                self.indents += 1;
                if self.indents >= INDENTS_MAX {
                    return Err((ErrorKind::IndentationError, "too many levels of indentation"));
                }
            }
            TokenKind::Dedent => self.indents = self.indents.saturating_sub(1),
            TokenKind::Newline => {
                self.line += 1;
                self.open = vec![0];
                self.total = 0;
            }
            TokenKind::Comma | TokenKind::Semi => {
                if let Some(last) = self.open.last_mut() {
                    self.total -= core::mem::take(last);
                }
            }
            TokenKind::NonLogicalNewline => self.line += 1,
            _ => {}
        }
        self.count()
    }

    fn count(&mut self) -> Result<(), (ErrorKind, &'static str)> {
        if let Some(last) = self.open.last_mut() {
            *last += 1;
            self.total += 1;
        }
        self.deepest = self.deepest.max(self.total);
        match self.total > CHAIN_MAX {
            true => Err((ErrorKind::NotSupported, "an expression of more than 6000 parts in a row")),
            false => Ok(()),
        }
    }
}

fn at_line(lines: &Lines, line: u32, kind: ErrorKind, message: &str) -> CompileError {
    CompileError {
        kind,
        message: message.to_string(),
        line,
        col: 0,
        end_line: line,
        end_col: 0,
        text: lines.line_text(line).to_string(),
    }
}
