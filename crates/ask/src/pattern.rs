//! Regular expressions of types: what an answer may look like. Less than Python's `re`, and never more than
//! Python, JSON Schema and a grammar agree on: `\d`, `\w`, `\s` and their opposites mean ASCII, `.` no end of
//! a line, `$` the end of the text. What remembers or looks around is refused.

use alloc::{boxed::Box, format, string::{String, ToString}, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Longest pattern, in characters.
const CHARS_MAX: usize = 1000;
/// Most states of the automaton; bounds what matching costs.
const STATES_MAX: usize = 4000;
/// Largest count of a repetition.
const COUNT_MAX: u32 = 1000;
/// Deepest nesting of groups.
const DEPTH_MAX: usize = 30;
/// Further repetitions that a sample has, where there is no bound.
const SAMPLE_MORE: u32 = 3;

/// A pattern that occurs somewhere in a text (`^` and `$` tie it to the ends).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    text: String,
    branches: Vec<Branch>,
}

/// One of the alternatives at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Branch {
    from_start: bool,
    to_end: bool,
    node: Node,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    /// One character of these ranges.
    Set(Vec<(char, char)>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Pattern, String> {
        Pattern::new(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.text
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What in it cannot be kept to here.
    pub fn new(text: &str) -> Result<Pattern, String> {
        let wrong = |reason: String| format!("the pattern {text:?}: {reason}");
        if text.chars().count() > CHARS_MAX {
            return Err(wrong(format!("{CHARS_MAX} characters are the most")));
        }
        let mut reader = Reader { chars: text.chars().collect(), at: 0 };
        let branches = reader.branches().map_err(wrong)?;
        let pattern = Pattern { text: text.into(), branches };
        match pattern.automaton() {
            Some(_) => Ok(pattern),
            None => Err(wrong(format!("it stands for more than {STATES_MAX} states"))),
        }
    }

    /// Does JSON Schema mean no more by it than this? Its spaces are those of all scripts.
    pub(crate) fn is_exact(&self) -> bool {
        let has = |part: &&str| self.text.contains(*part);
        !["\\s", "\\S", "\\D", "\\W", "\\A", "\\Z", "\\z", "{,"].iter().any(|part| has(&part)) && !(has(&"[^") && (has(&"\\d") || has(&"\\w")))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Does it occur in the text?
    pub fn is_match(&self, text: &str) -> bool {
        let Some(automaton) = self.automaton() else { return false };
        automaton.is_match(text)
    }

    /// The same for whole texts, in signs that every dialect reads alike.
    pub fn whole(&self) -> String {
        let open = |bound: bool| if bound { "" } else { "[\\s\\S]*" };
        let branch = |branch: &Branch| format!("{}{}{}", open(branch.from_start), written(&branch.node), open(branch.to_end));
        format!("^(?:{})$", self.branches.iter().map(branch).collect::<Vec<_>>().join("|"))
    }

    /// The same, not tied to the ends, in signs that every dialect reads alike.
    pub fn plain(&self) -> String {
        let branch = |branch: &Branch| {
            let (start, end) = (if branch.from_start { "^" } else { "" }, if branch.to_end { "$" } else { "" });
            format!("{start}{}{end}", written(&branch.node))
        };
        self.branches.iter().map(branch).collect::<Vec<_>>().join("|")
    }

    /// A text in which it occurs; `below` gives numbers below its argument.
    pub fn sample(&self, below: &mut dyn FnMut(u64) -> u64) -> String {
        let mut text = String::new();
        let index = below(self.branches.len() as u64) as usize;
        sample(&self.branches[index].node, below, &mut text);
        text
    }

    fn automaton(&self) -> Option<Automaton> {
        let mut automaton = Automaton { states: Vec::new(), starts: Vec::new() };
        for branch in &self.branches {
            let end = automaton.push(State::End { at_end: branch.to_end })?;
            let first = automaton.add(&branch.node, end)?;
            automaton.starts.push((first, branch.from_start));
        }
        Some(automaton)
    }
}

// ---- reading

struct Reader {
    chars: Vec<char>,
    at: usize,
}

const DIGIT: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[('\t', '\r'), (' ', ' ')];
/// What Python takes for space besides.
const SEPARATORS: (char, char) = ('\u{1c}', '\u{1f}');
/// What `.` is not.
const LINE_ENDS: &[(char, char)] = &[('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')];

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let here = self.chars[self.at..].iter().take(wanted.chars().count());
        let found = here.copied().eq(wanted.chars());
        if found {
            self.at += wanted.chars().count();
        }
        found
    }

    fn branches(&mut self) -> Result<Vec<Branch>, String> {
        let mut branches = Vec::new();
        loop {
            let from_start = self.takes("^") || self.takes("\\A");
            let node = self.sequence(0)?;
            let to_end = self.takes("$") || self.takes("\\Z") || self.takes("\\z");
            branches.push(Branch { from_start, to_end, node });
            match self.peek() {
                None => return Ok(branches),
                Some('|') => self.at += 1,
                Some('^' | '$' | '\\') => return Err("^ and $ stand at its ends only".into()),
                Some(_) if branches.last().is_some_and(|branch| branch.to_end) => return Err("^ and $ stand at its ends only".into()),
                Some(other) => return Err(format!("{other:?} stands where nothing is open")),
            }
        }
    }

    fn alternatives(&mut self, depth: usize) -> Result<Node, String> {
        let mut all = vec![self.sequence(depth)?];
        while self.takes("|") {
            all.push(self.sequence(depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Any(all) })
    }

    fn sequence(&mut self, depth: usize) -> Result<Node, String> {
        if depth > DEPTH_MAX {
            return Err("its groups are nested too deep".into());
        }
        let mut all = Vec::new();
        while let Some(next) = self.peek() {
            let ends = next == '\\' && matches!(self.chars.get(self.at + 1), Some('A' | 'Z' | 'z'));
            if matches!(next, '|' | ')' | '^' | '$') || ends {
                break;
            }
            let item = self.item(depth)?;
            all.push(self.repeated(item)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::All(all) })
    }

    fn item(&mut self, depth: usize) -> Result<Node, String> {
        let next = self.peek().unwrap_or_default();
        self.at += 1;
        match next {
            '(' => {
                let looks = matches!(self.chars[self.at..], ['?', '<', '=' | '!', ..]);
                if self.takes("?P<") || !looks && self.takes("?<") {
                    while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                        self.at += 1;
                    }
                    if !self.takes(">") {
                        return Err("a group without a name".into());
                    }
                } else if !self.takes("?:") && self.peek() == Some('?') {
                    return Err("groups that look around, or set flags, are not supported".into());
                }
                let node = self.alternatives(depth + 1)?;
                match self.takes(")") {
                    true => Ok(node),
                    false if matches!(self.peek(), Some('^' | '$' | '\\')) => Err("^ and $ stand at its ends only".into()),
                    false => Err("a group is not closed".into()),
                }
            }
            '[' => self.class(),
            '.' => Ok(Node::Set(without(LINE_ENDS, char::MAX))),
            '*' | '+' | '?' => Err(format!("{next:?} repeats nothing")),
            '\\' => self.escape().map(|(ranges, _)| Node::Set(ranges)),
            one => Ok(Node::Set(vec![(one, one)])),
        }
    }

    fn repeated(&mut self, node: Node) -> Result<Node, String> {
        let (low, high) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => self.counts()?,
            _ => return Ok(node),
        };
        self.at += 1;
        // Whether few or many are tried first changes nothing here.
        self.takes("?");
        match self.peek() {
            Some('*' | '+' | '?' | '{') => Err("a repetition of a repetition".into()),
            _ if high.is_some_and(|high| high < low) => Err("a repetition that ends before it begins".into()),
            _ if low.max(high.unwrap_or(0)) > COUNT_MAX => Err(format!("{COUNT_MAX} repetitions are the most")),
            _ => Ok(Node::Repeat(Box::new(node), low, high)),
        }
    }

    /// `{2}`, `{2,}`, `{,3}` and `{2,3}`, up to the closing brace; one that is none of these is refused, because
    /// dialects differ.
    fn counts(&mut self) -> Result<(u32, Option<u32>), String> {
        let inside: String = self.chars[self.at + 1..].iter().take_while(|c| **c != '}').collect();
        self.at += inside.chars().count() + 1;
        let number = |text: &str| match text.parse() {
            Ok(number) if text.bytes().all(|b| b.is_ascii_digit()) => Ok(number),
            _ => Err("a brace that counts nothing; \\{ is the sign".to_string()),
        };
        if self.peek() != Some('}') {
            return number("").map(|count| (count, None));
        }
        match inside.split_once(',') {
            None => number(&inside).map(|count| (count, Some(count))),
            Some((low, "")) => number(low).map(|low| (low, None)),
            Some(("", high)) => number(high).map(|high| (0, Some(high))),
            Some((low, high)) => Ok((number(low)?, Some(number(high)?))),
        }
    }

    /// What an escape stands for, and whether it stands for one character.
    fn escape(&mut self) -> Result<(Vec<(char, char)>, bool), String> {
        let Some(next) = self.peek() else { return Err("it ends in the middle of an escape".into()) };
        self.at += 1;
        let one = |c: char| Ok((vec![(c, c)], true));
        match next {
            'd' => Ok((DIGIT.to_vec(), false)),
            'w' => Ok((WORD.to_vec(), false)),
            's' => Ok((SPACE.to_vec(), false)),
            'D' => Ok((without(DIGIT, '\u{7f}'), false)),
            'W' => Ok((without(WORD, '\u{7f}'), false)),
            'S' => Ok((without(&sorted([SPACE, &[SEPARATORS]].concat()), '\u{7f}'), false)),
            'n' => one('\n'),
            't' => one('\t'),
            'r' => one('\r'),
            'f' => one('\u{c}'),
            'v' => one('\u{b}'),
            'x' => self.hex(2).and_then(one),
            'u' => self.hex(4).and_then(one),
            c if c.is_ascii_punctuation() || c == ' ' => one(c),
            c => Err(format!("\\{c} is not supported")),
        }
    }

    fn hex(&mut self, digits: usize) -> Result<char, String> {
        let text: String = self.chars[self.at..].iter().take(digits).collect();
        self.at += text.chars().count();
        let code = u32::from_str_radix(&text, 16).ok().filter(|_| text.len() == digits && !text.starts_with('+'));
        code.and_then(char::from_u32).ok_or_else(|| "an escape that names no character".into())
    }

    fn class(&mut self) -> Result<Node, String> {
        let is_not = self.takes("^");
        let (mut ranges, mut is_ascii, mut is_first) = (Vec::new(), false, true);
        loop {
            let Some(next) = self.peek() else { return Err("a class is not closed".into()) };
            self.at += 1;
            let (mut part, is_one) = match next {
                ']' if !is_first => break,
                // Dialects differ about these without a backslash.
                ']' | '[' => return Err(format!("{next:?} in a class; \\{next} is the sign")),
                '&' | '|' | '~' | '-' if self.peek() == Some(next) => return Err(format!("{next}{next} in a class is not supported")),
                '\\' => self.escape()?,
                one => (vec![(one, one)], true),
            };
            is_first = false;
            is_ascii |= !is_one;
            if is_one && self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']') {
                self.at += 1;
                let next = self.peek().unwrap_or_default();
                self.at += 1;
                let (end, is_one) = if next == '\\' { self.escape()? } else { (vec![(next, next)], true) };
                if !is_one || end[0].0 < part[0].0 {
                    return Err("a range that ends before it begins".into());
                }
                part[0].1 = end[0].1;
            }
            ranges.extend(part);
        }
        // What is not `\d` has no digits of other scripts either, and what is not `\s` none of Python's spaces.
        ranges.extend((is_not && is_ascii).then_some(SEPARATORS));
        let ranges = sorted(ranges);
        let ranges = if is_not { without(&ranges, if is_ascii { '\u{7f}' } else { char::MAX }) } else { ranges };
        if ranges.is_empty() { Err("a class without a character".into()) } else { Ok(Node::Set(ranges)) }
    }
}

/// Ranges in order, without overlaps.
fn sorted(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.sort_unstable();
    let mut all: Vec<(char, char)> = Vec::new();
    for (from, to) in ranges {
        match all.last_mut() {
            Some(last) if from <= last.1 || after(last.1) == Some(from) => last.1 = last.1.max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

/// The next character, over the gap of surrogates.
fn after(c: char) -> Option<char> {
    if c == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(c) + 1) }
}

fn before(c: char) -> Option<char> {
    if c == '\u{e000}' { Some('\u{d7ff}') } else { u32::from(c).checked_sub(1).and_then(char::from_u32) }
}

/// All characters up to `top` outside of sorted ranges.
fn without(ranges: &[(char, char)], top: char) -> Vec<(char, char)> {
    let (mut all, mut next) = (Vec::new(), Some('\0'));
    for (from, to) in ranges {
        if let (Some(start), Some(end)) = (next, before(*from))
            && start <= end
            && start <= top
        {
            all.push((start, end.min(top)));
        }
        next = after(*to);
    }
    if let Some(start) = next.filter(|start| *start <= top) {
        all.push((start, top));
    }
    all
}

// ---- writing

fn written(node: &Node) -> String {
    match node {
        Node::Set(ranges) => match ranges.as_slice() {
            [(from, to)] if from == to => sign(*from),
            ranges => {
                let range = |(from, to): &(char, char)| if from == to { sign(*from) } else { format!("{}-{}", sign(*from), sign(*to)) };
                format!("[{}]", ranges.iter().map(range).collect::<String>())
            }
        },
        Node::All(all) => all.iter().map(written).collect(),
        Node::Any(all) => format!("(?:{})", all.iter().map(written).collect::<Vec<_>>().join("|")),
        Node::Repeat(node, low, high) => {
            let inner = if matches!(**node, Node::Set(_) | Node::Any(_)) { written(node) } else { format!("(?:{})", written(node)) };
            let counts = match (low, high) {
                (0, None) => "*".to_string(),
                (1, None) => "+".into(),
                (0, Some(1)) => "?".into(),
                (low, None) => format!("{{{low},}}"),
                (low, Some(high)) if low == high => format!("{{{low}}}"),
                (low, Some(high)) => format!("{{{low},{high}}}"),
            };
            inner + &counts
        }
    }
}

/// A character in a pattern, also in a class.
fn sign(c: char) -> String {
    match c {
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        c if c.is_ascii_alphanumeric() || matches!(c, '_' | ' ') => c.into(),
        c if c.is_ascii_graphic() => format!("\\{c}"),
        c if u32::from(c) < 0x80 => format!("\\x{:02x}", u32::from(c)),
        c => c.into(),
    }
}

fn sample(node: &Node, below: &mut dyn FnMut(u64) -> u64, text: &mut String) {
    match node {
        Node::Set(ranges) => {
            let (from, to) = ranges[below(ranges.len() as u64) as usize];
            let code = u32::from(from) + below(u64::from(u32::from(to) - u32::from(from)) + 1) as u32;
            text.push(char::from_u32(code).unwrap_or(from));
        }
        Node::All(all) => all.iter().for_each(|node| sample(node, below, text)),
        Node::Any(all) => sample(&all[below(all.len() as u64) as usize], below, text),
        Node::Repeat(node, low, high) => {
            let most = high.map_or(SAMPLE_MORE, |high| (high - low).min(SAMPLE_MORE));
            (0..u64::from(*low) + below(u64::from(most) + 1)).for_each(|_| sample(node, below, text));
        }
    }
}

// ---- matching

/// All states at once, so that the time is bounded by text times states.
struct Automaton {
    states: Vec<State>,
    /// First states, and whether only the beginning of the text leads to them.
    starts: Vec<(usize, bool)>,
}

enum State {
    One(Vec<(char, char)>, usize),
    Split(Vec<usize>),
    End { at_end: bool },
}

impl Automaton {
    fn push(&mut self, state: State) -> Option<usize> {
        self.states.push(state);
        (self.states.len() <= STATES_MAX).then(|| self.states.len() - 1)
    }

    /// The first state of `node`, behind which `next` comes.
    fn add(&mut self, node: &Node, next: usize) -> Option<usize> {
        match node {
            Node::Set(ranges) => self.push(State::One(ranges.clone(), next)),
            Node::All(all) => all.iter().rev().try_fold(next, |next, node| self.add(node, next)),
            Node::Any(all) => {
                let ways = all.iter().map(|node| self.add(node, next)).collect::<Option<Vec<_>>>()?;
                self.push(State::Split(ways))
            }
            Node::Repeat(node, low, high) => {
                let mut end = next;
                match high {
                    None => {
                        let again = self.push(State::Split(vec![next]))?;
                        let first = self.add(node, again)?;
                        if let State::Split(ways) = &mut self.states[again] {
                            ways.push(first);
                        }
                        end = again;
                    }
                    Some(high) => {
                        for _ in *low..*high {
                            let first = self.add(node, end)?;
                            end = self.push(State::Split(vec![first, next]))?;
                        }
                    }
                }
                (0..*low).try_fold(end, |end, _| self.add(node, end))
            }
        }
    }

    fn is_match(&self, text: &str) -> bool {
        let (mut now, mut chars, mut is_start) = (Vec::new(), text.chars(), true);
        loop {
            let mut seen = vec![false; self.states.len()];
            let mut open: Vec<usize> = core::mem::take(&mut now);
            open.extend(self.starts.iter().filter(|(_, from_start)| is_start || !from_start).map(|(state, _)| *state));
            let next = chars.next();
            while let Some(state) = open.pop() {
                if core::mem::replace(&mut seen[state], true) {
                    continue;
                }
                match &self.states[state] {
                    State::Split(ways) => open.extend(ways),
                    State::End { at_end } if next.is_none() || !at_end => return true,
                    State::End { .. } => {}
                    State::One(ranges, behind) => {
                        if next.is_some_and(|c| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c))) {
                            now.push(*behind);
                        }
                    }
                }
            }
            if next.is_none() {
                return false;
            }
            is_start = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_occur_where_they_should() {
        let cases: [(&str, &[&str], &[&str]); 14] = [
            ("^a+$", &["a", "aaa"], &["", "ba", "ab", "a\n"]),
            ("b", &["b", "abc"], &["", "ac"]),
            (r"^\d{3}-\d{4}$", &["555-1234"], &["5555-123", "٣٣٣-1234"]),
            ("^[A-Z][a-z]*( [A-Z][a-z]*)?$", &["Ann", "Ann Lee", "A"], &["ann", "Ann lee", "Ann  Lee"]),
            ("^a|b$", &["ax", "xb"], &["xa", "bx"]),
            ("^(?:ab|c){2,3}$", &["abab", "ccab"], &["ab", "cccc"]),
            (r"^[^\d]+$", &["ab-"], &["a1", "é"]),
            ("^[^x]$", &["é", "\n"], &["x", "ab"]),
            ("^.$", &["é", "\t"], &["\n", "\r", ""]),
            (r"^\S\s\S$", &["a b", "a\tb"], &["a  b", "é b"]),
            ("^(?P<year>[0-9]{4})?$", &["", "2026"], &["20"]),
            ("", &["", "x"], &[]),
            (r"^[\w.+-]+@[\w-]+\.[a-z]{2,}$", &["a.b@c-d.org"], &["a@b", "@c.de"]),
            (r"^\$\{x\}$", &["${x}"], &["$x"]),
        ];
        for (text, good, bad) in cases {
            let pattern = Pattern::new(text).unwrap();
            let whole = Pattern::new(&pattern.plain()).unwrap();
            for (texts, wanted) in [(good, true), (bad, false)] {
                for text in texts {
                    assert_eq!(pattern.is_match(text), wanted, "{} {text:?}", pattern.as_str());
                    assert_eq!(whole.is_match(text), wanted, "{} {text:?}", whole.as_str());
                }
            }
            // Written out it stays as it is.
            assert_eq!(whole.plain(), pattern.plain());
        }
    }

    #[test]
    fn what_cannot_be_kept_to_is_refused() {
        let cases = [
            ("(?=a)", "look around"),
            ("(?!a)", "look around"),
            ("(?<=a)", "look around"),
            ("(?i)a", "look around"),
            (r"(a)\1", "\\1 is not supported"),
            (r"\bа", "\\b is not supported"),
            ("a(^b)", "at its ends only"),
            ("a$b", "at its ends only"),
            ("a**", "repetition of a repetition"),
            ("*a", "repeats nothing"),
            ("a{3,2}", "before it begins"),
            ("a{x}", "counts nothing"),
            ("(a", "not closed"),
            ("a)", "nothing is open"),
            ("[a", "not closed"),
            ("[]", "is the sign"),
            ("[b-a]", "before it begins"),
            ("a{1001}", "are the most"),
            ("((a{100}){100}){100}", "states"),
            ("\\", "middle of an escape"),
            (r"\xg0", "names no character"),
        ];
        for (text, said) in cases {
            let reason = Pattern::new(text).unwrap_err();
            assert!(reason.contains(said), "{text}: {reason}");
        }
        assert!(Pattern::new(&"a".repeat(1001)).is_err());
        assert!(Pattern::new(&"(".repeat(40)).is_err());
    }

    #[test]
    fn samples_are_matched() {
        let mut bits = 7u64;
        let mut below = |below: u64| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (bits >> 33) % below
        };
        for text in ["^a+b?$", r"[^\n]{2,5}", r"^(?:\w+\.)*\d$", "x|^y$", "^[^a-z]{3}$"] {
            let pattern = Pattern::new(text).unwrap();
            for _ in 0..200 {
                let sample = pattern.sample(&mut below);
                assert!(pattern.is_match(&sample), "{text} {sample:?}");
            }
        }
    }
}
