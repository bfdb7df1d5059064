//! The person at the terminal: approvals on `/dev/tty`, and lines for `input()`.

use emulant_ask::{Answer, AnswerDetail, Value};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, Read, Write};

/// Longest line that is read.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// A terminal with somebody in front of it, independent of where standard input
/// and output lead.
pub struct Terminal(File);

impl Terminal {
    /// The controlling terminal, if there is one.
    pub fn open() -> Option<Terminal> {
        OpenOptions::new().read(true).write(true).open("/dev/tty").ok().map(Terminal)
    }

    /// Shows `sentence`, which must be safe to print (the gate's are), and asks for
    /// a yes or a no. `None` when the person gives neither (end of input, or
    /// nothing understandable three times).
    pub fn approve(&mut self, sentence: &str) -> Option<bool> {
        let mut reader = std::io::BufReader::new(self.0.try_clone().ok()?);
        ask_yes_no(&mut reader, &mut self.0, sentence)
    }
}

impl Terminal {
    /// Shows `text`, which must be safe to print, and gives the next line; `None` at the
    /// end of input.
    pub fn line(&mut self, text: &str) -> Option<String> {
        self.0.write_all(text.as_bytes()).and_then(|()| self.0.flush()).ok()?;
        let mut line = String::new();
        let reader = std::io::BufReader::new(self.0.try_clone().ok()?);
        (reader.take(LINE_BYTES_MAX).read_line(&mut line).ok()? > 0).then_some(line)
    }
}

fn ask_yes_no(reader: &mut impl BufRead, writer: &mut impl Write, sentence: &str) -> Option<bool> {
    for _ in 0..3 {
        write!(writer, "{sentence}\nAllow this call? [y/N] ").and_then(|()| writer.flush()).ok()?;
        let mut line = String::new();
        if reader.by_ref().take(1000).read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => return Some(true),
            "" | "n" | "no" => return Some(false),
            _ => {}
        }
    }
    None
}

/// The answer to an approval that a person gave.
pub fn approval(granted: bool) -> Answer {
    let detail = AnswerDetail { by: "person".into(), ..AnswerDetail::default() };
    Answer::Value { value: Value::Bool(granted), detail }
}

/// The answer to `input()`: the next line without its newline, or `EOFError`.
pub fn input_line(reader: &mut impl BufRead) -> Answer {
    let raise = |class: &str, message: &str| Answer::Raise { class: class.into(), message: message.into() };
    let mut bytes = Vec::new();
    match reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes) {
        Err(error) => return raise("OSError", &error.to_string()),
        Ok(0) => return raise("EOFError", "EOF when reading a line"),
        Ok(_) => {}
    }
    if bytes.len() as u64 == LINE_BYTES_MAX && bytes.last() != Some(&b'\n') {
        return raise("OSError", "a line of standard input is too long");
    }
    if bytes.ends_with(b"\n") {
        bytes.pop();
        // Python reads standard input with universal newlines.
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    match String::from_utf8(bytes) {
        Ok(line) => Answer::Value { value: Value::Str(line), detail: AnswerDetail { by: "person".into(), ..AnswerDetail::default() } },
        Err(_) => raise("ValueError", "standard input is not UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        let ask = |typed: &str| ask_yes_no(&mut typed.as_bytes(), &mut Vec::new(), "send_mail(to=\"a\")");
        assert_eq!(ask("y\n"), Some(true));
        assert_eq!(ask("maybe\nYES\n"), Some(true));
        assert_eq!(ask("\n"), Some(false));
        assert_eq!(ask("n\n"), Some(false));
        assert_eq!(ask(""), None);
        assert_eq!(ask("yup\nsure\nok\ny\n"), None);
    }

    #[test]
    fn input_reads_lines_until_the_end() {
        let mut text = &b"a b\r\n\nlast\xc3\xa9"[..];
        let mut next = || match input_line(&mut text) {
            Answer::Value { value, .. } => value.as_str().unwrap_or_default().to_string(),
            Answer::Raise { class, message } => format!("{class}: {message}"),
            other => format!("{other:?}"),
        };
        assert_eq!([next(), next(), next(), next()], ["a b", "", "lasté", "EOFError: EOF when reading a line"]);
        assert!(matches!(input_line(&mut &b"\xff\n"[..]), Answer::Raise { class, .. } if class == "ValueError"));
    }
}
