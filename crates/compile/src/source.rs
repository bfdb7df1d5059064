//! Places in a source text: byte offsets to lines and columns in code points,
//! as CPython counts them. It knows nothing about Python's grammar.

use emulant_machine::code::Span;
use ruff_text_size::{Ranged, TextRange, TextSize};

/// The lines of a text.
pub(crate) struct Lines<'s> {
    text: &'s str,
    /// Byte offset of each line's first byte.
    starts: Vec<u32>,
    ascii: bool,
}

impl<'s> Lines<'s> {
    /// Split at `\n`, `\r\n` and lone `\r`, as Python's tokenizer does.
    pub(crate) fn new(text: &'s str) -> Lines<'s> {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(at as u32 + 1);
            }
        }
        Lines { text, starts, ascii: text.is_ascii() }
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &'s str {
        self.text
    }

    /// The text that a node covers.
    pub(crate) fn slice(&self, node: impl Ranged) -> &'s str {
        self.text.get(node.start().to_usize()..node.end().to_usize()).unwrap_or("")
    }

    /// Line (from 1) and column (from 0, in code points) of a byte offset.
    pub(crate) fn place(&self, offset: TextSize) -> (u32, u32) {
        let offset = offset.to_u32();
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let col = if self.ascii { offset - start } else { self.columns(start, offset) };
        (line as u32, col)
    }

    fn columns(&self, start: u32, end: u32) -> u32 {
        let bytes = &self.text.as_bytes()[start as usize..(end as usize).min(self.text.len())];
        bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u32
    }

    /// Line of a byte offset, from 1.
    pub(crate) fn line(&self, offset: TextSize) -> u32 {
        self.starts.partition_point(|start| *start <= offset.to_u32()) as u32
    }

    /// The span of a range.
    pub(crate) fn span(&self, range: TextRange) -> Span {
        let (line, col) = self.place(range.start());
        // Most nodes end on the line on which they begin, and need no search for it.
        let (start, end) = (self.starts[line as usize - 1], range.end().to_u32());
        let (end_line, end_col) = match self.starts.get(line as usize) {
            Some(next) if end >= *next => self.place(range.end()),
            _ if self.ascii => (line, end - start),
            _ => (line, self.columns(start, end)),
        };
        Span { line, end_line, col, end_col }
    }

    /// The text of a line (from 1) without its line break; empty beyond the end.
    pub(crate) fn line_text(&self, line: u32) -> &'s str {
        let Some(start) = (line as usize).checked_sub(1).and_then(|index| self.starts.get(index)) else { return "" };
        let end = self.starts.get(line as usize).map_or(self.text.len(), |end| *end as usize);
        self.text[*start as usize..end].trim_end_matches(['\n', '\r'])
    }

    /// How many lines there are; a text that ends in a line break has no line after it.
    pub(crate) fn count(&self) -> u32 {
        let last_is_empty = self.starts.last().is_some_and(|start| *start as usize == self.text.len());
        (self.starts.len() - usize::from(last_is_empty && self.starts.len() > 1)) as u32
    }
}
