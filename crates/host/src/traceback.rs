//! What CPython 3.12 prints for an exception that nobody caught, and for a text
//! that is no program. Only text: it reads no files, since code carries its source.

use emulant_compile::{CompileError, ErrorKind};
use emulant_machine::{TraceFrame, Uncaught};
use std::fmt::Write;

/// A line that repeats more often than this is counted instead of shown.
const REPEATS_SHOWN: usize = 3;
/// Most members of a group that are shown.
const MEMBERS_SHOWN: usize = 15;
/// Deepest nesting of groups that is shown.
const GROUP_DEPTH_MAX: usize = 10;

/// The traceback of an uncaught exception, as standard error gets it.
pub fn text(uncaught: &Uncaught) -> String {
    let mut printer = Printer { out: String::new(), depth: 0, needs_close: false };
    printer.exception(uncaught);
    printer.out
}

/// The report of a text that does not compile.
pub fn rejected(file: &str, error: &CompileError) -> String {
    let mut out = format!("  File \"{file}\", line {}\n", error.line);
    if error.kind == ErrorKind::NotSupported {
        let line = error.text.trim();
        if !line.is_empty() {
            let _ = writeln!(out, "    {line}");
        }
        let _ = writeln!(out, "NotSupported: {}", error.message);
    } else {
        let _ = writeln!(out, "{error}");
    }
    out
}

struct Printer {
    out: String,
    /// How many exception groups we are in.
    depth: usize,
    needs_close: bool,
}

impl Printer {
    fn exception(&mut self, uncaught: &Uncaught) {
        if let Some((cause, explicit)) = &uncaught.cause {
            self.exception(cause);
            self.emit(match explicit {
                true => "\nThe above exception was the direct cause of the following exception:\n\n",
                false => "\nDuring handling of the above exception, another exception occurred:\n\n",
            });
        }
        match uncaught.members.is_empty() {
            true => {
                self.stack(uncaught, "Traceback (most recent call last):\n", '|');
                self.emit(&last_lines(uncaught));
            }
            false => self.group(uncaught),
        }
    }

    fn stack(&mut self, uncaught: &Uncaught, header: &str, margin: char) {
        if !uncaught.frames.is_empty() {
            self.emit_with(header, margin);
            self.emit(&frames(&uncaught.frames));
        }
    }

    fn group(&mut self, uncaught: &Uncaught) {
        if self.depth > GROUP_DEPTH_MAX {
            return self.emit(&format!("... (max_group_depth is {GROUP_DEPTH_MAX})\n"));
        }
        let outermost = self.depth == 0;
        if outermost {
            self.depth = 1;
        }
        let margin = if outermost { '+' } else { '|' };
        self.stack(uncaught, "Exception Group Traceback (most recent call last):\n", margin);
        self.emit(&last_lines(uncaught));
        self.members(&uncaught.members);
        if outermost {
            self.depth = 0;
        }
    }

    fn members(&mut self, members: &[Uncaught]) {
        let shown = if members.len() <= MEMBERS_SHOWN { members.len() } else { MEMBERS_SHOWN + 1 };
        self.needs_close = false;
        for index in 0..shown {
            let is_last = index + 1 == shown;
            self.needs_close |= is_last;
            let title = if index < MEMBERS_SHOWN { (index + 1).to_string() } else { "...".into() };
            let lead = if index == 0 { "+-" } else { "  " };
            let _ = writeln!(self.out, "{}{lead}+---------------- {title} ----------------", self.indent());
            self.depth += 1;
            match members.get(index) {
                Some(member) if index < MEMBERS_SHOWN => self.exception(member),
                _ => {
                    let more = members.len() - MEMBERS_SHOWN;
                    self.emit(&format!("and {more} more exception{}\n", if more == 1 { "" } else { "s" }));
                }
            }
            if is_last && self.needs_close {
                let _ = writeln!(self.out, "{}+------------------------------------", self.indent());
                self.needs_close = false;
            }
            self.depth -= 1;
        }
    }

    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    fn emit(&mut self, text: &str) {
        self.emit_with(text, '|');
    }

    fn emit_with(&mut self, text: &str, margin: char) {
        if self.depth == 0 {
            return self.out.push_str(text);
        }
        let indent = format!("{}{margin} ", self.indent());
        for line in text.split_inclusive('\n') {
            self.out.push_str(&indent);
            self.out.push_str(line);
        }
    }
}

/// `Class: message`, the suggestion, and the notes.
fn last_lines(uncaught: &Uncaught) -> String {
    let mut out = match uncaught.message.is_empty() {
        true => uncaught.class.clone(),
        false => format!("{}: {}", uncaught.class, uncaught.message),
    };
    let import = forgotten_import(uncaught);
    match (&uncaught.suggestion, import) {
        (Some(name), None) => out.push_str(&format!(". Did you mean: '{name}'?")),
        (Some(name), Some(module)) => out.push_str(&format!(". Did you mean: '{name}'? Or did you forget to import '{module}'?")),
        (None, Some(module)) => out.push_str(&format!(". Did you forget to import '{module}'?")),
        (None, None) => {}
    }
    out.push('\n');
    for note in &uncaught.notes {
        for line in note.split('\n') {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Modules of CPython's library whose names programs use without importing them.
const MODULES: &[&str] = &[
    "abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "calendar", "cmath", "collections", "contextlib", "copy", "csv",
    "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "gc", "getpass", "glob", "hashlib", "heapq", "hmac",
    "html", "inspect", "io", "itertools", "json", "locale", "logging", "math", "numbers", "operator", "os", "pathlib", "pickle", "platform",
    "pprint", "queue", "random", "re", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "statistics", "string", "struct",
    "subprocess", "sys", "tempfile", "textwrap", "threading", "time", "timeit", "tokenize", "traceback", "types", "typing", "unicodedata",
    "unittest", "urllib", "uuid", "warnings", "weakref", "xml", "zipfile", "zlib", "zoneinfo",
];

fn forgotten_import(uncaught: &Uncaught) -> Option<&'static str> {
    if uncaught.class != "NameError" {
        return None;
    }
    let name = uncaught.message.strip_prefix("name '")?.strip_suffix("' is not defined")?;
    MODULES.iter().find(|module| **module == name).copied()
}

fn frames(frames: &[TraceFrame]) -> String {
    let mut out = String::new();
    let mut previous = None;
    let mut count = 0;
    for frame in frames {
        let place = (frame.code.file.clone(), frame.span.line, frame.code.name.clone());
        if previous.as_ref() != Some(&place) {
            repeated(&mut out, count);
            previous = Some(place);
            count = 0;
        }
        count += 1;
        if count <= REPEATS_SHOWN {
            one_frame(&mut out, frame);
        }
    }
    repeated(&mut out, count);
    out
}

fn repeated(out: &mut String, count: usize) {
    if count > REPEATS_SHOWN {
        let more = count - REPEATS_SHOWN;
        let _ = writeln!(out, "  [Previous line repeated {more} more time{}]", if more == 1 { "" } else { "s" });
    }
}

fn one_frame(out: &mut String, frame: &TraceFrame) {
    let span = frame.span;
    let _ = writeln!(out, "  File \"{}\", line {}, in {}", frame.code.file, span.line, frame.code.name);
    // Text given to `exec` has no file: CPython has nothing to show either.
    if frame.code.file.starts_with('<') {
        return;
    }
    let Some(line) = source_line(&frame.code.source, span.line) else { return };
    let shown = line.trim_start_matches([' ', '\t', '\x0c']);
    if shown.trim().is_empty() {
        return;
    }
    let _ = writeln!(out, "    {}", shown.trim_end_matches(['\r', '\n']));
    if let Some(marks) = emulant_compile::marks(line, &frame.span) {
        let _ = writeln!(out, "    {marks}");
    }
}

fn source_line(text: &str, line: u32) -> Option<&str> {
    text.split('\n').nth((line as usize).checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raised(class: &str, message: &str) -> Uncaught {
        Uncaught { class: class.into(), message: message.into(), ..Uncaught::default() }
    }

    #[test]
    fn chains_notes_and_suggestions_read_as_in_cpython() {
        let mut outer = raised("ValueError", "");
        outer.cause = Some((Box::new(raised("NameError", "name 'math' is not defined")), true));
        outer.notes = vec!["a note".into(), "two\nlines".into()];
        let expected = "NameError: name 'math' is not defined. Did you forget to import 'math'?\n\n\
            The above exception was the direct cause of the following exception:\n\nValueError\na note\ntwo\nlines\n";
        assert_eq!(text(&outer), expected);
        let mut missing = raised("NameError", "name 'lenght' is not defined");
        missing.suggestion = Some("length".into());
        assert_eq!(text(&missing), "NameError: name 'lenght' is not defined. Did you mean: 'length'?\n");
    }

    #[test]
    fn groups_are_drawn_as_trees() {
        let mut inner = raised("ExceptionGroup", "in (1 sub-exception)");
        inner.members = vec![raised("KeyError", "'k'")];
        let mut group = raised("ExceptionGroup", "eg (2 sub-exceptions)");
        group.members = vec![raised("ValueError", "1"), inner];
        let expected = "  | ExceptionGroup: eg (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: 1\n    \
            +---------------- 2 ----------------\n    | ExceptionGroup: in (1 sub-exception)\n    +-+---------------- 1 ----------------\n      \
            | KeyError: 'k'\n      +------------------------------------\n";
        assert_eq!(text(&group), expected);
    }
}
