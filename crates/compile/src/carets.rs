//! Which part of a source segment a traceback marks with `^`: the operator of a
//! binary operation, the brackets of a subscript. The rest gets `~`.

use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;

use emulant_machine::code::Span;

/// Longest segment that is looked into; CPython marks longer ones too, but they
/// are no lines that a person reads.
const SEGMENT_MAX: usize = 4000;

/// The marked part of the segment of one line that an instruction's span covers, as
/// CPython 3.12 finds it: offsets in characters of its start and its end. `None` when
/// the whole segment is marked.
pub fn carets(segment: &str) -> Option<(usize, usize)> {
    if segment.len() > SEGMENT_MAX || !crate::limits::is_shallow(segment) {
        return None;
    }
    let parsed = parse_module(segment).ok()?;
    let [Stmt::Expr(statement)] = parsed.suite().as_slice() else { return None };
    let characters = |offset: usize| segment[..offset].chars().count();
    match &*statement.value {
        Expr::BinOp(binary) => operator(segment, binary.left.end().to_usize(), binary.right.start().to_usize()),
        Expr::Subscript(subscript) => {
            let open = find(segment, subscript.value.end().to_usize(), '[');
            let close = find(segment, subscript.slice.end().to_usize(), ']');
            Some((characters(open), characters((close + 1).min(segment.len()))))
        }
        _ => None,
    }
}

/// The operator between two operands, with the character after it unless that is blank.
fn operator(segment: &str, left_end: usize, right_start: usize) -> Option<(usize, usize)> {
    let between: Vec<char> = segment.get(left_end..right_start)?.chars().collect();
    let skipped = between.iter().take_while(|c| c.is_whitespace() || **c == ')').count();
    let long = between.get(skipped + 1).is_some_and(|c| !c.is_whitespace());
    let start = segment[..left_end].chars().count() + skipped;
    Some((start, start + 1 + usize::from(long)))
}

/// Byte offset of `wanted` at or after `from`; the end when it is missing.
fn find(segment: &str, from: usize, wanted: char) -> usize {
    let from = (from..=segment.len()).find(|at| segment.is_char_boundary(*at)).unwrap_or(segment.len());
    segment[from.min(segment.len())..].find(wanted).map_or(segment.len(), |at| from + at)
}

/// The line of `~` and `^` under a source line in a traceback, for the instruction with this span;
/// the line is shown without its indentation.
pub fn marks(line: &str, span: &Span) -> Option<String> {
    let characters: Vec<char> = line.trim_end_matches('\r').chars().collect();
    let removed = characters.iter().take_while(|c| [' ', '\t', '\x0c'].contains(c)).count();
    let start = (span.col as usize).max(removed);
    let (end, anchors) = match span.line == span.end_line {
        true => {
            let end = (span.end_col as usize).min(characters.len());
            let segment: String = characters.get(start..end)?.iter().collect();
            (end, carets(&segment))
        }
        // An expression over several lines is marked up to the end of its first line.
        false => (characters.iter().rposition(|c| !c.is_whitespace())? + 1, None),
    };
    if end <= start || (end - start == characters.len() - removed && anchors.is_none()) {
        return None;
    }
    let mark = |at: usize| match anchors {
        _ if at < start => " ",
        Some((left, right)) if at >= start + left && at < start + right => "^",
        Some(_) => "~",
        None => "^",
    };
    Some((removed..end).map(|at| mark(at).repeat(columns(characters[at]))).collect())
}

/// Columns that a character takes on a terminal, as CPython counts them.
fn columns(c: char) -> usize {
    if unicode_width::UnicodeWidthChar::width(c) == Some(2) { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_and_brackets_are_marked_as_in_cpython() {
        assert_eq!(carets("a + b"), Some((2, 3)));
        assert_eq!(carets("(a) // b"), Some((4, 6)));
        assert_eq!(carets("(\"é\")*(2)+(1)"), Some((9, 11)));
        assert_eq!(carets("(a) [ (3) ]"), Some((4, 11)));
        assert_eq!(carets("xs[key][0]"), Some((7, 10)));
        assert_eq!(carets("f(x)"), None);
        assert_eq!(carets("f(x"), None);
    }
}
