//! Which part of a failed expression a traceback marks: the operator of a binary
//! operation, or the brackets of a subscript, as CPython 3.12 does.

use ruff_python_ast::{Expr, Operator};
use ruff_python_parser::parse_expression;
use ruff_text_size::Ranged;

/// Longest expression that is looked into; a longer one is marked as a whole.
const SEGMENT_BYTES_MAX: usize = 4096;
/// Most brackets in it; the parser's stack grows with their depth.
const BRACKETS_MAX: usize = 100;

/// The marked part of `segment`, the text of an expression on one line: start and end in
/// code points. `None` when the whole of it is marked.
pub fn carets(segment: &str) -> Option<(usize, usize)> {
    let brackets = segment.bytes().filter(|byte| b"([{".contains(byte)).count();
    if segment.len() > SEGMENT_BYTES_MAX || brackets > BRACKETS_MAX {
        return None;
    }
    let parsed = parse_expression(segment).ok()?;
    let (start, end) = match parsed.expr() {
        Expr::BinOp(binary) => operator(segment, binary.left.end().to_usize(), binary.op)?,
        Expr::Subscript(subscript) => {
            brackets_of(segment, subscript.value.end().to_usize(), subscript.slice.end().to_usize())?
        }
        _ => return None,
    };
    let characters = |to: usize| segment.get(..to).map(|text| text.chars().count());
    Some((characters(start)?, characters(end)?))
}

/// The operator behind `from`, where only blanks and closing brackets can stand before it.
fn operator(segment: &str, from: usize, operator: Operator) -> Option<(usize, usize)> {
    let gap = segment.get(from..)?;
    let start = from + gap.find(|c: char| !c.is_whitespace() && c != ')')?;
    Some((start, start + operator.as_str().len()))
}

fn brackets_of(segment: &str, value_end: usize, slice_end: usize) -> Option<(usize, usize)> {
    let start = value_end + segment.get(value_end..)?.find('[')?;
    let end = slice_end + segment.get(slice_end..)?.find(']').map_or(segment.len() - slice_end, |at| at + 1);
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::carets;

    #[test]
    fn operators_and_brackets_are_marked() {
        let marked = |text: &'static str| carets(text).map(|(start, end)| text.chars().skip(start).take(end - start).collect::<String>());
        assert_eq!(marked("a + b").as_deref(), Some("+"));
        assert_eq!(marked("(a + b) * 2 // c").as_deref(), Some("//"));
        assert_eq!(marked("(a) ** (b)").as_deref(), Some("**"));
        assert_eq!(marked("é['x'][7]").as_deref(), Some("[7]"));
        assert_eq!(marked("a[(1)]").as_deref(), Some("[(1)]"));
        for whole in ["f(a + b)", "a < b", "-a", "a.b", "x = 1", "a +", ""] {
            assert_eq!(marked(whole), None, "{whole}");
        }
    }
}
