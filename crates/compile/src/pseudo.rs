//! Lines that are no Python: which they are, by the parser's error recovery.
//!
//! A faulty line is blanked to a name of the same length, so that every other place
//! in the text stays where it was, and the text is parsed again. A line that opens a
//! block takes the lines below that are indented deeper with it.

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// Most lines of one text that may be pseudocode.
const LINES_MAX: usize = 500;
/// Longest text that is looked through.
const TEXT_MAX: usize = 1 << 20;

/// A line of pseudocode.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Place of the name that stands for it.
    pub(crate) range: TextRange,
    /// What it said, with the block below it.
    pub(crate) text: String,
}

/// The text with its faulty lines blanked, and these lines; as it was when that does not help.
pub(crate) fn recover(text: &str) -> (String, Vec<Line>) {
    let mut blanked = text.to_string();
    let mut lines: Vec<Line> = Vec::new();
    if text.len() > TEXT_MAX {
        return (blanked, lines);
    }
    while let Some(at) = fault(&blanked) {
        let Some(extent) = extent_of(&blanked, at).filter(|extent| !lines.iter().any(|line| line.range.contains(extent.start()))) else {
            return (text.to_string(), Vec::new());
        };
        if lines.len() >= LINES_MAX {
            return (text.to_string(), Vec::new());
        }
        let (start, end) = (extent.start().to_usize(), extent.end().to_usize());
        let first = start + blanked[start..end].split('\n').next().unwrap_or_default().trim_end().len();
        // Lines inside the block that were blanked before are part of this one.
        lines.retain(|line| !extent.contains_range(line.range));
        let name = "_".repeat(first - start);
        let rest: String = blanked[first..end].chars().map(|c| if c == '\n' { "\n".into() } else { " ".repeat(c.len_utf8()) }).collect();
        blanked.replace_range(start..end, &(name + &rest));
        let range = TextRange::new(extent.start(), TextSize::try_from(first).unwrap_or(extent.end()));
        lines.push(Line { range, text: text[start..end].trim_end().to_string() });
    }
    lines.sort_by_key(|line| line.range.start());
    (blanked, lines)
}

/// Where the first error is.
fn fault(text: &str) -> Option<usize> {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY312);
    let parsed = parse_unchecked(text, options);
    parsed.errors().first().map(|error| error.location.start().to_usize())
}

/// The line at a place without its indentation, with what is indented below it.
fn extent_of(text: &str, at: usize) -> Option<TextRange> {
    let mut at = at.min(text.len());
    // An error at a line's end, or at the start of an unexpected indentation, belongs to the line before.
    while at > 0 && (text[..at].ends_with('\n') || text[at..].trim().is_empty()) && text.is_char_boundary(at - 1) {
        at -= 1;
    }
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |newline| from + newline);
    let line = &text[start..line_end(start)];
    let indent = line.len() - line.trim_start().len();
    if line.trim().is_empty() {
        return None;
    }
    let mut end = line_end(start);
    while end < text.len() {
        let next = end + 1;
        let below = &text[next..line_end(next)];
        let deeper = below.len() - below.trim_start().len() > indent;
        if !(deeper || below.trim().is_empty() && next < text.len()) {
            break;
        }
        end = line_end(next);
    }
    let body = text[start..end].trim_end();
    Some(TextRange::new(TextSize::try_from(start + indent).ok()?, TextSize::try_from(start + body.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faulty_lines_are_blanked_in_place() {
        let text = "basket = ['a']\ncount the fruits in basket into n\nprint(n)\n";
        let (blanked, lines) = recover(text);
        assert_eq!(blanked.len(), text.len());
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text, "count the fruits in basket into n");
        assert!(blanked.starts_with("basket = ['a']\n____") && blanked.ends_with("_\nprint(n)\n"), "{blanked}");
    }

    #[test]
    fn a_block_belongs_to_the_line_that_opens_it() {
        let text = "def f(xs):\n    for each x of xs:\n        add it up\n    return total\n";
        let (blanked, lines) = recover(text);
        assert_eq!(lines.len(), 1, "{blanked}");
        assert_eq!(lines[0].text, "for each x of xs:\n        add it up");
        assert!(fault(&blanked).is_none(), "{blanked}");
    }

    #[test]
    fn python_stays_as_it_is_and_hopeless_text_too() {
        for text in ["x = 1\n", "", "(\n", "'''", "\u{e9}\u{e9} x\n  \u{e9}"] {
            let (blanked, lines) = recover(text);
            assert_eq!(blanked.len(), text.len());
            assert!(lines.len() <= 2, "{text:?}");
        }
        assert_eq!(recover("x = 1\n"), ("x = 1\n".to_string(), Vec::new()));
    }
}
