//! Python's `re`: patterns, searching, walking over matches, replacement templates.
//!
//! The engine is our own and backtracks as CPython's does, so that captures, empty matches and the order of
//! attempts are the same; every step is counted, so that a pattern that explodes ends in [`OverBudget`] and
//! always at the same step. Spans are byte offsets; what a match object is, is the machine's.

mod program;
mod run;
mod syntax;
mod template;

pub use template::{TemplatePart, parse_template};

use super::Fault;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use program::Program;
use run::{Beginning, Subject};

/// The bits of `re`'s flags.
pub mod flag {
    /// `re.TEMPLATE`, which does nothing.
    pub const TEMPLATE: u32 = 1;
    /// `re.IGNORECASE`.
    pub const IGNORECASE: u32 = 2;
    /// `re.LOCALE`; of bytes, and the locale is always plain.
    pub const LOCALE: u32 = 4;
    /// `re.MULTILINE`.
    pub const MULTILINE: u32 = 8;
    /// `re.DOTALL`.
    pub const DOTALL: u32 = 16;
    /// `re.UNICODE`.
    pub const UNICODE: u32 = 32;
    /// `re.VERBOSE`.
    pub const VERBOSE: u32 = 64;
    /// `re.DEBUG`, which prints nothing here.
    pub const DEBUG: u32 = 128;
    /// `re.ASCII`.
    pub const ASCII: u32 = 256;

    pub(super) const TYPES: u32 = ASCII | LOCALE | UNICODE;
    pub(super) const GLOBALS: u32 = DEBUG | TEMPLATE;

    pub(super) fn of_letter(letter: char) -> Option<u32> {
        Some(match letter {
            'i' => IGNORECASE,
            'L' => LOCALE,
            'm' => MULTILINE,
            's' => DOTALL,
            'x' => VERBOSE,
            'a' => ASCII,
            't' => TEMPLATE,
            'u' => UNICODE,
            _ => return None,
        })
    }
}

/// Why a pattern or a template is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// `re.error(message, pattern, position)`; the position is in code points.
    Syntax {
        /// What is wrong.
        message: String,
        /// Where, if it is at one place.
        position: Option<usize>,
    },
    /// Another exception.
    Fault(Fault),
    /// Nested too deeply: a `RecursionError` in CPython.
    TooDeep,
    /// Valid Python that is not supported here: what it is.
    Unsupported(&'static str),
}

/// The text of a `re.error`, with its line and column where there is more than one line.
pub fn error_text(message: &str, pattern: &str, position: Option<usize>) -> String {
    let Some(position) = position else {
        return message.to_string();
    };
    if !pattern.contains('\n') {
        return format!("{message} at position {position}");
    }
    let (line, column) = line_and_column(pattern, position);
    format!("{message} at position {position} (line {line}, column {column})")
}

/// `lineno` and `colno` of a `re.error`.
pub fn line_and_column(pattern: &str, position: usize) -> (usize, usize) {
    let before: Vec<char> = pattern.chars().take(position).collect();
    let line = before.iter().filter(|&&letter| letter == '\n').count() + 1;
    let column = match before.iter().rposition(|&letter| letter == '\n') {
        Some(newline) => position - newline,
        None => position + 1,
    };
    (line, column)
}

/// How a match lies to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Anywhere from the start on.
    Search,
    /// At the start.
    Match,
    /// From the start to the end.
    Fullmatch,
}

/// What a search may spend; it goes down while searching.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Steps that are left, each of some nanoseconds.
    pub steps: u64,
    /// How many choices may be open at once, each of 40 bytes.
    pub frames_max: usize,
}

impl Budget {
    fn spend(&mut self, steps: u64) -> Result<(), OverBudget> {
        self.steps = self.steps.checked_sub(steps).ok_or(OverBudget)?;
        Ok(())
    }
}

/// A search was given up because its budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverBudget;

/// A match: byte spans of all groups, group 0 being the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The span of each group that took part.
    pub spans: Vec<Option<(usize, usize)>>,
    /// `lastindex`: the group that was closed last.
    pub last_index: Option<usize>,
}

impl Found {
    /// The span of the whole match.
    pub fn span(&self) -> (usize, usize) {
        self.spans.first().copied().flatten().unwrap_or((0, 0))
    }
}

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    program: Program,
    flags: u32,
    names: Vec<(String, usize)>,
    beginning: Beginning,
}

impl Pattern {
    /// Compiles a pattern over text.
    pub fn compile(source: &str, flags: u32) -> Result<Self, PatternError> {
        Self::compile_for::<&str>(source, true, flags)
    }

    /// Compiles a pattern over bytes.
    pub fn compile_bytes(source: &[u8], flags: u32) -> Result<Self, PatternError> {
        let as_text: String = source.iter().map(|&byte| byte as char).collect();
        Self::compile_for::<&[u8]>(&as_text, false, flags)
    }

    fn compile_for<S: Subject>(
        source: &str,
        is_text: bool,
        flags: u32,
    ) -> Result<Self, PatternError> {
        let tree = syntax::parse(source, is_text, flags)?;
        let program = program::compile(&tree)?;
        let beginning = Beginning::of::<S>(&program);
        Ok(Self {
            program,
            flags: tree.flags,
            names: tree.names,
            beginning,
        })
    }

    /// The flags, with those of the pattern itself.
    pub fn flags(&self) -> u32 {
        self.flags
    }

    /// The number of groups, the whole not counted.
    pub fn groups(&self) -> usize {
        self.program.groups
    }

    /// The named groups with their numbers, in order.
    pub fn names(&self) -> &[(String, usize)] {
        &self.names
    }

    /// The bytes that a compiled pattern takes, about.
    pub fn bytes(&self) -> u64 {
        (self.program.ops.len() * 48 + self.program.sets.len() * 128) as u64
    }

    /// Looks for a match in text from a byte offset on, which must lie between code points.
    ///
    /// For `endpos`, cut the text; the start does not hide what is before it from look-behind.
    pub fn search_at(
        &self,
        text: &str,
        start: usize,
        mode: Mode,
        budget: &mut Budget,
    ) -> Result<Option<Found>, OverBudget> {
        run::search(
            &self.program,
            &self.beginning,
            text,
            start,
            mode,
            false,
            budget,
        )
    }

    /// Looks for a match in bytes.
    pub fn search_bytes_at(
        &self,
        data: &[u8],
        start: usize,
        mode: Mode,
        budget: &mut Budget,
    ) -> Result<Option<Found>, OverBudget> {
        run::search(
            &self.program,
            &self.beginning,
            data,
            start,
            mode,
            false,
            budget,
        )
    }
}

/// A walk over all matches that do not overlap, as `finditer`, `findall`, `sub` and `split` make it.
///
/// An empty match may touch the end of the match before it, but not be at the place of another empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Where the next search begins.
    pub position: usize,
    /// Whether the next match must not be empty at that place.
    pub must_advance: bool,
}

impl Scan {
    /// A walk that begins at a byte offset.
    pub fn new(start: usize) -> Self {
        Self {
            position: start,
            must_advance: false,
        }
    }

    /// The next match in text; `mode` is `Search`, or `Match` for `scanner.match`.
    pub fn next(
        &mut self,
        pattern: &Pattern,
        text: &str,
        mode: Mode,
        budget: &mut Budget,
    ) -> Result<Option<Found>, OverBudget> {
        let (program, beginning) = (&pattern.program, &pattern.beginning);
        let found = run::search(
            program,
            beginning,
            text,
            self.position,
            mode,
            self.must_advance,
            budget,
        )?;
        Ok(self.passed(found))
    }

    /// The next match in bytes.
    pub fn next_bytes(
        &mut self,
        pattern: &Pattern,
        data: &[u8],
        mode: Mode,
        budget: &mut Budget,
    ) -> Result<Option<Found>, OverBudget> {
        let (program, beginning) = (&pattern.program, &pattern.beginning);
        let found = run::search(
            program,
            beginning,
            data,
            self.position,
            mode,
            self.must_advance,
            budget,
        )?;
        Ok(self.passed(found))
    }

    fn passed(&mut self, found: Option<Found>) -> Option<Found> {
        if let Some(found) = &found {
            let (start, end) = found.span();
            self.must_advance = start == end;
            self.position = end;
        }
        found
    }
}

/// `re.escape(text)`.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\x0b\x0c".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pattern: &str, text: &str) -> Vec<Option<(usize, usize)>> {
        let pattern = Pattern::compile(pattern, 0).unwrap();
        let mut budget = Budget {
            steps: 100_000,
            frames_max: 10_000,
        };
        let found = pattern
            .search_at(text, 0, Mode::Search, &mut budget)
            .unwrap();
        found.map_or(Vec::new(), |found| found.spans)
    }

    #[test]
    fn captures_are_those_of_the_last_round() {
        assert_eq!(spans("(?:(a)|b)*", "abb"), [Some((0, 3)), Some((0, 1))]);
        assert_eq!(
            spans("(a|ab)(c|bcd)(d*)$", "abcd"),
            [Some((0, 4)), Some((0, 1)), Some((1, 4)), Some((4, 4))]
        );
    }

    #[test]
    fn explosions_end_in_the_budget() {
        let pattern = Pattern::compile("(a+)+$", 0).unwrap();
        let mut budget = Budget {
            steps: 100_000,
            frames_max: 10_000,
        };
        let text = "a".repeat(40) + "b";
        assert_eq!(
            pattern.search_at(&text, 0, Mode::Search, &mut budget),
            Err(OverBudget)
        );
    }

    #[test]
    fn nesting_is_limited() {
        assert_eq!(
            Pattern::compile(&"(".repeat(100_000), 0).err(),
            Some(PatternError::TooDeep)
        );
    }

    #[test]
    fn empty_matches_touch_but_do_not_repeat() {
        let pattern = Pattern::compile("a*", 0).unwrap();
        let mut budget = Budget {
            steps: 1000,
            frames_max: 100,
        };
        let mut scan = Scan::new(0);
        let mut found = Vec::new();
        while let Some(next) = scan
            .next(&pattern, "baac", Mode::Search, &mut budget)
            .unwrap()
        {
            found.push(next.span());
        }
        assert_eq!(found, [(0, 0), (1, 3), (3, 3), (4, 4)]);
    }
}
