//! Escapes in string literals that are no escapes, in CPython's words, and lone
//! surrogates, which our strings cannot hold.

/// What CPython says about the first bad escape of a string token.
pub(crate) fn fault(token: &str) -> Option<String> {
    let start = token.find(['\'', '"'])?;
    let bytes = token[..start].contains(['b', 'B']);
    let rest = &token[start..];
    let quote = if rest.starts_with("'''") || rest.starts_with("\"\"\"") { 3 } else { 1 };
    let content: Vec<char> = rest.get(quote..rest.len().checked_sub(quote)?)?.chars().collect();
    // CPython writes characters beyond ASCII as ten bytes before it decodes.
    let mut position = 0;
    let mut at = 0;
    while let Some(c) = content.get(at) {
        if *c != '\\' {
            position += if c.is_ascii() { 1 } else { 10 };
            at += 1;
            continue;
        }
        if let Some((length, reason)) = bad_escape(&content[at..]) {
            return Some(match bytes {
                true => format!("(value error) invalid \\x escape at position {position}"),
                false => {
                    let end = position + length - 1;
                    format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{end}: {reason}")
                }
            });
        }
        let length = match content.get(at + 1) {
            Some('N') => content[at..].iter().position(|c| *c == '}').map_or(2, |close| close + 1),
            _ => 2,
        };
        position += length;
        at += length;
    }
    None
}

/// Length in bytes of a bad escape at the start, and what is wrong.
fn bad_escape(text: &[char]) -> Option<(usize, &'static str)> {
    let (digits, reason) = match text.get(1)? {
        'x' => (2, "truncated \\xXX escape"),
        'u' => (4, "truncated \\uXXXX escape"),
        'U' => (8, "truncated \\UXXXXXXXX escape"),
        'N' => return bad_name(text),
        _ => return None,
    };
    let found = text[2..].iter().take(digits).take_while(|c| c.is_ascii_hexdigit()).count();
    if found < digits {
        return Some((2 + found, reason));
    }
    let value = text[2..2 + digits].iter().fold(0u32, |value, c| value << 4 | c.to_digit(16).unwrap_or(0));
    (value > 0x10_ffff).then_some((2 + digits, "illegal Unicode character"))
}

/// `\N{…}` is only looked at when the parser refused it.
fn bad_name(text: &[char]) -> Option<(usize, &'static str)> {
    if text.get(2) != Some(&'{') {
        return Some((2, "malformed \\N character escape"));
    }
    match text.iter().position(|c| *c == '}') {
        Some(close) if close > 3 => {
            let name: String = text[3..close].iter().collect();
            let literal = format!("'\\N{{{name}}}'");
            ruff_python_parser::parse_expression(&literal).is_err().then_some((close + 1, "unknown Unicode character name"))
        }
        Some(_) => Some((3, "malformed \\N character escape")),
        None => Some((text.len(), "malformed \\N character escape")),
    }
}

/// Does a string token that is no raw or byte string write a surrogate?
pub(crate) fn has_surrogate(token: &str) -> bool {
    let Some(start) = token.find(['\'', '"']) else { return false };
    if token[..start].contains(['r', 'R', 'b', 'B']) {
        return false;
    }
    surrogate_in(&token[start..])
}

/// Is there an escape of a surrogate in the text?
pub(crate) fn surrogate_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        let digits = match bytes[at + 1] {
            b'u' => bytes.get(at + 2..at + 6),
            b'U' => bytes.get(at + 6..at + 10).filter(|_| bytes[at + 2..].starts_with(b"0000")),
            _ => None,
        };
        if let Some([b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..]) = digits {
            return true;
        }
        at += 2;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_escapes_are_told_as_in_cpython() {
        let codec = "(unicode error) 'unicodeescape' codec can't decode bytes in position";
        assert_eq!(fault("\"C:\\Users\""), Some(format!("{codec} 2-3: truncated \\UXXXXXXXX escape")));
        assert_eq!(fault("'é\\u12'"), Some(format!("{codec} 10-13: truncated \\uXXXX escape")));
        assert_eq!(fault("'\\N{nope}'"), Some(format!("{codec} 0-7: unknown Unicode character name")));
        assert_eq!(fault("'\\N{BULLET}\\x4'"), Some(format!("{codec} 10-12: truncated \\xXX escape")));
        assert_eq!(fault("'\\U00110000'"), Some(format!("{codec} 0-9: illegal Unicode character")));
        assert_eq!(fault("b'\\xg'"), Some("(value error) invalid \\x escape at position 0".into()));
        assert_eq!(fault("'\\d\\\\x'"), None);
    }

    #[test]
    fn surrogates_are_found() {
        assert!(has_surrogate("'\\ud800'") && has_surrogate("'\\U0000DFFF'"));
        assert!(!has_surrogate("r'\\ud800'") && !has_surrogate("'\\\\ud800'") && !has_surrogate("'\\ud7ff'"));
    }
}
