//! Reads Python's pattern syntax into a tree, with the messages and positions of `re.error`.
//!
//! Named characters (`\N{…}`) are refused: there is no table of names here.

use super::{PatternError, flag};
use crate::kernel::{Fault, text};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// A repetition without an upper bound.
pub(super) const UNBOUNDED: u32 = u32::MAX;

/// Deeper nesting is refused, as CPython refuses it by its own recursion limit.
const DEPTH_MAX: usize = 200;

/// More groups than CPython can number.
const GROUPS_MAX: u64 = 1073741823;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Digit,
    Space,
    Word,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetItem {
    Range(u32, u32),
    Category { category: Category, negated: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    Boundary,
    NotBoundary,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    Possessive,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Literal(u32),
    Any,
    Set {
        negated: bool,
        items: Vec<SetItem>,
    },
    At(Place),
    Branch(Vec<Sequence>),
    Group {
        index: Option<usize>,
        add: u32,
        remove: u32,
        body: Sequence,
    },
    Repeat {
        least: u32,
        most: u32,
        greed: Greed,
        body: Box<Sequence>,
    },
    Atomic(Sequence),
    Look {
        behind: bool,
        negated: bool,
        body: Sequence,
    },
    BackReference(usize),
    Conditional {
        group: usize,
        yes: Sequence,
        no: Option<Sequence>,
    },
}

/// Nodes in a row, with the number of code points that they match at least and at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    pub(super) nodes: Vec<Node>,
    pub(super) least: u64,
    pub(super) most: u64,
}

/// A pattern that was read.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Sequence,
    pub(super) flags: u32,
    pub(super) names: Vec<(String, usize)>,
    pub(super) groups: usize,
}

type Parsed<T> = Result<T, PatternError>;

/// One step of the source: a character, or a backslash with the character behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) letter: char,
    pub(super) escaped: Option<char>,
}

impl Token {
    fn length(self) -> usize {
        1 + usize::from(self.escaped.is_some())
    }

    fn push_to(self, out: &mut String) {
        out.push(self.letter);
        out.extend(self.escaped);
    }

    fn text(self) -> String {
        let mut out = String::new();
        self.push_to(&mut out);
        out
    }

    /// The character, when it is a plain one.
    fn plain(self) -> Option<char> {
        if self.escaped.is_none() {
            Some(self.letter)
        } else {
            None
        }
    }
}

/// The source with one token of lookahead, as positions in errors need it.
pub(super) struct Source {
    letters: Vec<char>,
    /// Behind the lookahead.
    index: usize,
    pub(super) next: Option<Token>,
    /// Whether the pattern is text, not bytes.
    pub(super) is_text: bool,
}

impl Source {
    pub(super) fn new(source: &str, is_text: bool) -> Parsed<Self> {
        let mut new = Self {
            letters: source.chars().collect(),
            index: 0,
            next: None,
            is_text,
        };
        new.advance()?;
        Ok(new)
    }

    fn advance(&mut self) -> Parsed<()> {
        let Some(&letter) = self.letters.get(self.index) else {
            self.next = None;
            return Ok(());
        };
        let escaped = if letter == '\\' {
            self.letters.get(self.index + 1).copied()
        } else {
            None
        };
        if letter == '\\' && escaped.is_none() {
            let position = Some(self.letters.len() - 1);
            return Err(PatternError::Syntax {
                message: "bad escape (end of pattern)".to_string(),
                position,
            });
        }
        let token = Token { letter, escaped };
        self.index += token.length();
        self.next = Some(token);
        Ok(())
    }

    pub(super) fn take(&mut self) -> Parsed<Option<Token>> {
        let token = self.next;
        self.advance()?;
        Ok(token)
    }

    /// The lookahead, when it is a plain character.
    fn peek(&self) -> Option<char> {
        self.next.and_then(Token::plain)
    }

    pub(super) fn take_if(&mut self, letter: char) -> Parsed<bool> {
        let found = self.peek() == Some(letter);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Appends up to `count` plain characters that match.
    pub(super) fn take_while(
        &mut self,
        count: usize,
        out: &mut String,
        matches: impl Fn(char) -> bool,
    ) -> Parsed<()> {
        for _ in 0..count {
            let Some(letter) = self.peek().filter(|&letter| matches(letter)) else {
                break;
            };
            out.push(letter);
            self.advance()?;
        }
        Ok(())
    }

    /// The text up to a terminator, which is taken too.
    pub(super) fn take_until(&mut self, terminator: char, what: &str) -> Parsed<String> {
        let mut out = String::new();
        loop {
            let Some(token) = self.take()? else {
                return Err(if out.is_empty() {
                    self.error(format!("missing {what}"), 0)
                } else {
                    let length = text::length(&out);
                    self.error(format!("missing {terminator}, unterminated name"), length)
                });
            };
            if token.plain() != Some(terminator) {
                token.push_to(&mut out);
            } else if out.is_empty() {
                return Err(self.error(format!("missing {what}"), 1));
            } else {
                return Ok(out);
            }
        }
    }

    /// The position of the lookahead.
    fn position(&self) -> usize {
        self.index - self.next.map_or(0, Token::length)
    }

    fn seek(&mut self, index: usize) -> Parsed<()> {
        self.index = index;
        self.advance()
    }

    /// An error so many characters before the lookahead.
    pub(super) fn error(&self, message: impl Into<String>, back: usize) -> PatternError {
        self.error_at(message, self.position().saturating_sub(back))
    }

    fn error_at(&self, message: impl Into<String>, position: usize) -> PatternError {
        let message = message.into();
        let message = if self.is_text {
            message
        } else {
            text::ascii_of_repr(&message)
        };
        PatternError::Syntax {
            message,
            position: Some(position),
        }
    }

    pub(super) fn check_group_name(&self, name: &str) -> Parsed<()> {
        let shown = if self.is_text || name.is_ascii() {
            text::repr(name)
        } else {
            text::ascii(name)
        };
        if (self.is_text || name.is_ascii()) && text::is_identifier(name) {
            return Ok(());
        }
        Err(self.error(
            format!("bad character in group name {shown}"),
            text::length(name) + 1,
        ))
    }
}

/// What `\a`, `\n` and their like stand for.
pub(super) fn control_escape(letter: char) -> Option<char> {
    Some(match letter {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' => '\\',
        _ => return None,
    })
}

fn category_escape(letter: char) -> Option<SetItem> {
    let category = match letter.to_ascii_lowercase() {
        'd' => Category::Digit,
        's' => Category::Space,
        'w' => Category::Word,
        _ => return None,
    };
    Some(SetItem::Category {
        category,
        negated: letter.is_ascii_uppercase(),
    })
}

fn place_escape(letter: char) -> Option<Place> {
    Some(match letter {
        'A' => Place::TextStart,
        'Z' => Place::TextEnd,
        'b' => Place::Boundary,
        'B' => Place::NotBoundary,
        _ => return None,
    })
}

pub(super) fn is_octal(letter: char) -> bool {
    letter.is_digit(8)
}

/// The value of octal digits behind a backslash.
pub(super) fn octal_value(digits: &str, source: &Source) -> Parsed<u32> {
    let value = u32::from_str_radix(digits, 8).unwrap_or(u32::MAX);
    if value > 0o377 {
        let message = format!("octal escape value \\{digits} outside of range 0-0o377");
        return Err(source.error(message, digits.len() + 1));
    }
    Ok(value)
}

struct Parser {
    source: Source,
    flags: u32,
    names: BTreeMap<String, usize>,
    /// For each group the width of what it matches, once it is closed; group 0 never is.
    widths: Vec<Option<(u64, u64)>>,
    /// How many groups there were when the outermost look-behind began.
    groups_before_look_behind: Option<usize>,
    /// Numbers of conditional groups that may be defined later, with their positions.
    wanted_groups: Vec<(usize, usize)>,
}

/// Reads a pattern.
pub(super) fn parse(source: &str, is_text: bool, flags: u32) -> Parsed<Tree> {
    let mut parser = Parser {
        source: Source::new(source, is_text)?,
        flags,
        names: BTreeMap::new(),
        widths: vec![None],
        groups_before_look_behind: None,
        wanted_groups: Vec::new(),
    };
    let root = parser.alternatives(flags & flag::VERBOSE != 0, 0)?;
    parser.flags = fixed_flags(parser.flags, is_text).map_err(PatternError::Fault)?;
    if parser.source.next.is_some() {
        return Err(parser.source.error("unbalanced parenthesis", 0));
    }
    let missing = parser
        .wanted_groups
        .iter()
        .find(|&&(group, _)| group >= parser.widths.len());
    if let Some(&(group, position)) = missing {
        return Err(parser
            .source
            .error_at(format!("invalid group reference {group}"), position));
    }
    let mut names: Vec<(String, usize)> = parser.names.into_iter().collect();
    names.sort_unstable_by_key(|&(_, group)| group);
    Ok(Tree {
        root,
        flags: parser.flags,
        names,
        groups: parser.widths.len() - 1,
    })
}

fn fixed_flags(flags: u32, is_text: bool) -> Result<u32, Fault> {
    let has = |bit| flags & bit != 0;
    let refused = match is_text {
        true if has(flag::LOCALE) => "cannot use LOCALE flag with a str pattern",
        true if has(flag::ASCII) && has(flag::UNICODE) => {
            "ASCII and UNICODE flags are incompatible"
        }
        false if has(flag::UNICODE) => "cannot use UNICODE flag with a bytes pattern",
        false if has(flag::LOCALE) && has(flag::ASCII) => "ASCII and LOCALE flags are incompatible",
        true if !has(flag::ASCII) => return Ok(flags | flag::UNICODE),
        _ => return Ok(flags),
    };
    Err(Fault::value(refused))
}

impl Parser {
    fn alternatives(&mut self, mut verbose: bool, depth: usize) -> Parsed<Sequence> {
        if depth > DEPTH_MAX {
            return Err(PatternError::TooDeep);
        }
        let mut branches = Vec::new();
        loop {
            branches.push(self.sequence(verbose, depth, depth == 0 && branches.is_empty())?);
            if !self.source.take_if('|')? {
                break;
            }
            if depth == 0 {
                verbose = self.flags & flag::VERBOSE != 0;
            }
        }
        if branches.len() == 1 {
            return Ok(branches.swap_remove(0));
        }
        Ok(self.measured(vec![Node::Branch(branches)]))
    }

    fn sequence(&mut self, mut verbose: bool, depth: usize, first: bool) -> Parsed<Sequence> {
        let mut nodes = Vec::new();
        while let Some(token) = self.source.next {
            if matches!(token.plain(), Some('|' | ')')) {
                break;
            }
            self.source.take()?;
            let Some(letter) = token.plain() else {
                nodes.push(self.escape(token.escaped.unwrap_or('\\'))?);
                continue;
            };
            if verbose && self.skip_verbose(letter)? {
                continue;
            }
            match letter {
                '[' => nodes.push(self.set()?),
                '*' | '+' | '?' | '{' => self.repeat(letter, &mut nodes)?,
                '.' => nodes.push(Node::Any),
                '^' => nodes.push(Node::At(Place::LineStart)),
                '$' => nodes.push(Node::At(Place::LineEnd)),
                '(' => match self.group(verbose, depth, first && nodes.is_empty())? {
                    Opened::Node(node) => nodes.push(node),
                    Opened::Nothing => {}
                    Opened::Flags => verbose = self.flags & flag::VERBOSE != 0,
                },
                letter => nodes.push(Node::Literal(letter as u32)),
            }
        }
        Ok(self.measured(nodes))
    }

    /// Skips white space and comments of the verbose mode.
    fn skip_verbose(&mut self, letter: char) -> Parsed<bool> {
        if letter == '#' {
            while let Some(token) = self.source.take()? {
                if token.plain() == Some('\n') {
                    break;
                }
            }
            return Ok(true);
        }
        Ok(matches!(letter, ' ' | '\t'..='\r'))
    }

    fn measured(&self, nodes: Vec<Node>) -> Sequence {
        let (mut least, mut most) = (0u64, 0u64);
        for node in &nodes {
            let (low, high) = self.width(node);
            least = least.saturating_add(low);
            most = most.saturating_add(high);
        }
        Sequence { nodes, least, most }
    }

    fn width(&self, node: &Node) -> (u64, u64) {
        match node {
            Node::Literal(_) | Node::Any | Node::Set { .. } => (1, 1),
            Node::At(_) | Node::Look { .. } => (0, 0),
            Node::Branch(branches) => {
                let least = branches
                    .iter()
                    .map(|branch| branch.least)
                    .min()
                    .unwrap_or(0);
                (
                    least,
                    branches.iter().map(|branch| branch.most).max().unwrap_or(0),
                )
            }
            Node::Group { body, .. } | Node::Atomic(body) => (body.least, body.most),
            Node::Repeat {
                least, most, body, ..
            } => {
                let high = match *most {
                    UNBOUNDED if body.most > 0 => u64::MAX,
                    most => body.most.saturating_mul(u64::from(most)),
                };
                (body.least.saturating_mul(u64::from(*least)), high)
            }
            Node::BackReference(group) => {
                self.widths.get(*group).copied().flatten().unwrap_or((0, 0))
            }
            Node::Conditional { yes, no, .. } => match no {
                Some(no) => (yes.least.min(no.least), yes.most.max(no.most)),
                None => (0, yes.most),
            },
        }
    }

    /// `\x41`, `\u0041`, `\U00000041` and `\N{…}`, which mean the same everywhere.
    fn code_escape(&mut self, letter: char) -> Parsed<Option<u32>> {
        let digits = match letter {
            'x' => 2,
            'u' if self.source.is_text => 4,
            'U' if self.source.is_text => 8,
            'N' if self.source.is_text => {
                return Err(PatternError::Unsupported("named characters in patterns"));
            }
            _ => return Ok(None),
        };
        let mut escape = String::new();
        self.source
            .take_while(digits, &mut escape, |letter| letter.is_ascii_hexdigit())?;
        if escape.len() != digits {
            let message = format!("incomplete escape \\{letter}{escape}");
            return Err(self.source.error(message, escape.len() + 2));
        }
        let code = u32::from_str_radix(&escape, 16).unwrap_or(u32::MAX);
        if code >= 0x110000 {
            return Err(self
                .source
                .error(format!("bad escape \\{letter}{escape}"), escape.len() + 2));
        }
        Ok(Some(code))
    }

    fn bad_escape(&self, letter: char) -> PatternError {
        self.source.error(format!("bad escape \\{letter}"), 2)
    }

    fn escape(&mut self, letter: char) -> Parsed<Node> {
        if let Some(place) = place_escape(letter) {
            return Ok(Node::At(place));
        }
        if let Some(item) = category_escape(letter) {
            return Ok(Node::Set {
                negated: false,
                items: vec![item],
            });
        }
        if let Some(control) = control_escape(letter) {
            return Ok(Node::Literal(control as u32));
        }
        if let Some(code) = self.code_escape(letter)? {
            return Ok(Node::Literal(code));
        }
        match letter {
            '0' => {
                let mut digits = String::from(letter);
                self.source.take_while(2, &mut digits, is_octal)?;
                Ok(Node::Literal(octal_value(&digits, &self.source)?))
            }
            '1'..='9' => self.number_escape(letter),
            letter if letter.is_ascii_alphabetic() => Err(self.bad_escape(letter)),
            letter => Ok(Node::Literal(letter as u32)),
        }
    }

    /// Three octal digits, or the number of a group.
    fn number_escape(&mut self, first: char) -> Parsed<Node> {
        let mut digits = String::from(first);
        self.source
            .take_while(1, &mut digits, |letter| letter.is_ascii_digit())?;
        if digits.len() == 2 && digits.chars().all(is_octal) {
            self.source.take_while(1, &mut digits, is_octal)?;
            if digits.len() == 3 {
                return Ok(Node::Literal(octal_value(&digits, &self.source)?));
            }
        }
        let group: usize = digits.parse().unwrap_or(usize::MAX);
        if group >= self.widths.len() {
            return Err(self
                .source
                .error(format!("invalid group reference {group}"), digits.len()));
        }
        if self.widths[group].is_none() {
            return Err(self
                .source
                .error("cannot refer to an open group", digits.len() + 1));
        }
        self.check_look_behind(group)?;
        Ok(Node::BackReference(group))
    }

    /// Inside a look-behind only groups from before it may be referred to.
    fn check_look_behind(&self, group: usize) -> Parsed<()> {
        let Some(before) = self.groups_before_look_behind else {
            return Ok(());
        };
        if self.widths.get(group).copied().flatten().is_none() {
            return Err(self.source.error("cannot refer to an open group", 0));
        }
        if group >= before {
            let message = "cannot refer to group defined in the same lookbehind subpattern";
            return Err(self.source.error(message, 0));
        }
        Ok(())
    }

    fn set(&mut self) -> Parsed<Node> {
        let start = self.source.position() - 1;
        let unterminated = |source: &Source| source.error_at("unterminated character set", start);
        let negated = self.source.take_if('^')?;
        let mut items: Vec<SetItem> = Vec::new();
        loop {
            let token = self
                .source
                .take()?
                .ok_or_else(|| unterminated(&self.source))?;
            if token.plain() == Some(']') && !items.is_empty() {
                break;
            }
            let (item, mut shown) = self.set_item(token)?;
            if !self.source.take_if('-')? {
                items.push(item);
                continue;
            }
            let token = self
                .source
                .take()?
                .ok_or_else(|| unterminated(&self.source))?;
            if token.plain() == Some(']') {
                items.extend([item, SetItem::Range('-' as u32, '-' as u32)]);
                break;
            }
            let (last, last_shown) = self.set_item(token)?;
            match (item, last) {
                (SetItem::Range(low, _), SetItem::Range(high, _)) if low <= high => {
                    items.push(SetItem::Range(low, high));
                }
                _ => {
                    shown.push('-');
                    shown.push_str(&last_shown);
                    let back = text::length(&shown);
                    return Err(self
                        .source
                        .error(format!("bad character range {shown}"), back));
                }
            }
        }
        Ok(Node::Set { negated, items })
    }

    /// A member of a set, and how an error about a range names it.
    fn set_item(&mut self, token: Token) -> Parsed<(SetItem, String)> {
        let shown = token.text();
        let one = |code: u32| SetItem::Range(code, code);
        let Some(letter) = token.escaped else {
            return Ok((one(token.letter as u32), shown));
        };
        if let Some(control) = control_escape(letter) {
            return Ok((one(control as u32), shown));
        }
        if let Some(item) = category_escape(letter) {
            return Ok((item, shown));
        }
        if let Some(code) = self.code_escape(letter)? {
            return Ok((one(code), shown));
        }
        match letter {
            '0'..='7' => {
                let mut digits = String::from(letter);
                self.source.take_while(2, &mut digits, is_octal)?;
                Ok((one(octal_value(&digits, &self.source)?), shown))
            }
            letter if letter.is_ascii_alphanumeric() => Err(self.bad_escape(letter)),
            letter => Ok((one(letter as u32), shown)),
        }
    }

    fn repeat(&mut self, letter: char, nodes: &mut Vec<Node>) -> Parsed<()> {
        let here = self.source.position();
        let (least, most) = match letter {
            '?' => (0, 1),
            '*' => (0, UNBOUNDED),
            '+' => (1, UNBOUNDED),
            _ => match self.bounds(here)? {
                Some(bounds) => bounds,
                None => {
                    nodes.push(Node::Literal(letter as u32));
                    return Ok(());
                }
            },
        };
        let item = match nodes.pop() {
            None | Some(Node::At(_)) => {
                return Err(self.source.error_at("nothing to repeat", here - 1));
            }
            Some(Node::Repeat { .. }) => {
                return Err(self.source.error_at("multiple repeat", here - 1));
            }
            Some(item) => item,
        };
        let body = match item {
            Node::Group {
                index: None,
                add: 0,
                remove: 0,
                body,
            } => body,
            item => self.measured(vec![item]),
        };
        let greed = if self.source.take_if('?')? {
            Greed::Lazy
        } else if self.source.take_if('+')? {
            Greed::Possessive
        } else {
            Greed::Greedy
        };
        nodes.push(Node::Repeat {
            least,
            most,
            greed,
            body: Box::new(body),
        });
        Ok(())
    }

    /// The bounds in braces, or none where the brace stands for itself.
    fn bounds(&mut self, here: usize) -> Parsed<Option<(u32, u32)>> {
        if self.source.peek() == Some('}') {
            return Ok(None);
        }
        let (mut low, mut high) = (String::new(), String::new());
        let is_digit = |letter: char| letter.is_ascii_digit();
        self.source.take_while(usize::MAX, &mut low, is_digit)?;
        if self.source.take_if(',')? {
            self.source.take_while(usize::MAX, &mut high, is_digit)?;
        } else {
            high.clone_from(&low);
        }
        if !self.source.take_if('}')? {
            self.source.seek(here)?;
            return Ok(None);
        }
        let number = |digits: &str, absent: u32| match digits.parse::<u32>() {
            _ if digits.is_empty() => Ok(absent),
            Ok(number) if number < UNBOUNDED => Ok(number),
            _ => Err(PatternError::Fault(Fault::overflow(
                "the repetition number is too large",
            ))),
        };
        let (least, most) = (number(&low, 0)?, number(&high, UNBOUNDED)?);
        if most < least {
            return Err(self
                .source
                .error_at("min repeat greater than max repeat", here));
        }
        Ok(Some((least, most)))
    }
}

/// What an opening parenthesis began.
enum Opened {
    Node(Node),
    /// A comment.
    Nothing,
    /// Flags for the whole pattern.
    Flags,
}

impl Parser {
    fn group(&mut self, verbose: bool, depth: usize, at_start: bool) -> Parsed<Opened> {
        let start = self.source.position() - 1;
        if !self.source.take_if('?')? {
            return self.capture(None, verbose, depth, start);
        }
        let token = self.source.take()?;
        let token = token.ok_or_else(|| self.source.error("unexpected end of pattern", 0))?;
        match token.plain() {
            Some('P') => self.python_extension(verbose, depth, start),
            Some(':') => self.plain_group(0, 0, verbose, depth, start),
            Some('>') => {
                let body = self.body(verbose, depth, start)?;
                Ok(Opened::Node(Node::Atomic(body)))
            }
            Some('#') => self.comment(start),
            Some(letter @ ('=' | '!' | '<')) => self.look(letter, verbose, depth, start),
            Some('(') => self.conditional(verbose, depth, start),
            Some(letter) if letter == '-' || flag::of_letter(letter).is_some() => {
                match self.inline_flags(letter)? {
                    Some((add, remove)) => self.plain_group(add, remove, verbose, depth, start),
                    None if at_start => Ok(Opened::Flags),
                    None => {
                        let message = "global flags not at the start of the expression";
                        Err(self.source.error_at(message, start))
                    }
                }
            }
            _ => {
                let message = format!("unknown extension ?{}", token.text());
                Err(self.source.error(message, token.length() + 1))
            }
        }
    }

    /// What stands up to the closing parenthesis, which is taken.
    fn body(&mut self, verbose: bool, depth: usize, start: usize) -> Parsed<Sequence> {
        let body = self.alternatives(verbose, depth + 1)?;
        self.close(start)?;
        Ok(body)
    }

    fn close(&mut self, start: usize) -> Parsed<()> {
        if self.source.take_if(')')? {
            return Ok(());
        }
        Err(self
            .source
            .error_at("missing ), unterminated subpattern", start))
    }

    fn capture(
        &mut self,
        name: Option<String>,
        verbose: bool,
        depth: usize,
        start: usize,
    ) -> Parsed<Opened> {
        let index = self.widths.len();
        self.widths.push(None);
        if let Some(name) = name {
            if let Some(old) = self.names.get(&name) {
                let shown = text::repr(&name);
                let message =
                    format!("redefinition of group name {shown} as group {index}; was group {old}");
                return Err(self.source.error(message, text::length(&name) + 1));
            }
            self.names.insert(name, index);
        }
        let body = self.body(verbose, depth, start)?;
        self.widths[index] = Some((body.least, body.most));
        Ok(Opened::Node(Node::Group {
            index: Some(index),
            add: 0,
            remove: 0,
            body,
        }))
    }

    fn plain_group(
        &mut self,
        add: u32,
        remove: u32,
        verbose: bool,
        depth: usize,
        start: usize,
    ) -> Parsed<Opened> {
        let verbose = (verbose || add & flag::VERBOSE != 0) && remove & flag::VERBOSE == 0;
        let body = self.body(verbose, depth, start)?;
        Ok(Opened::Node(Node::Group {
            index: None,
            add,
            remove,
            body,
        }))
    }

    fn comment(&mut self, start: usize) -> Parsed<Opened> {
        loop {
            let Some(token) = self.source.next else {
                return Err(self
                    .source
                    .error_at("missing ), unterminated comment", start));
            };
            self.source.take()?;
            if token.plain() == Some(')') {
                return Ok(Opened::Nothing);
            }
        }
    }

    fn python_extension(&mut self, verbose: bool, depth: usize, start: usize) -> Parsed<Opened> {
        if self.source.take_if('<')? {
            let name = self.source.take_until('>', "group name")?;
            self.source.check_group_name(&name)?;
            return self.capture(Some(name), verbose, depth, start);
        }
        if self.source.take_if('=')? {
            let name = self.source.take_until(')', "group name")?;
            self.source.check_group_name(&name)?;
            let group = self.named_group(&name)?;
            if self.widths[group].is_none() {
                return Err(self
                    .source
                    .error("cannot refer to an open group", text::length(&name) + 1));
            }
            self.check_look_behind(group)?;
            return Ok(Opened::Node(Node::BackReference(group)));
        }
        let token = self.source.take()?;
        let token = token.ok_or_else(|| self.source.error("unexpected end of pattern", 0))?;
        Err(self.source.error(
            format!("unknown extension ?P{}", token.text()),
            token.length() + 2,
        ))
    }

    fn named_group(&self, name: &str) -> Parsed<usize> {
        self.names.get(name).copied().ok_or_else(|| {
            let message = format!("unknown group name {}", text::repr(name));
            self.source.error(message, text::length(name) + 1)
        })
    }

    fn look(&mut self, letter: char, verbose: bool, depth: usize, start: usize) -> Parsed<Opened> {
        let behind = letter == '<';
        let mut kind = letter;
        let outer = self.groups_before_look_behind;
        if behind {
            let token = self.source.take()?;
            let token = token.ok_or_else(|| self.source.error("unexpected end of pattern", 0))?;
            kind = match token.plain() {
                Some(kind @ ('=' | '!')) => kind,
                _ => {
                    let message = format!("unknown extension ?<{}", token.text());
                    return Err(self.source.error(message, token.length() + 2));
                }
            };
            self.groups_before_look_behind = outer.or(Some(self.widths.len()));
        }
        let body = self.alternatives(verbose, depth + 1)?;
        if behind {
            self.groups_before_look_behind = outer;
        }
        self.close(start)?;
        Ok(Opened::Node(Node::Look {
            behind,
            negated: kind == '!',
            body,
        }))
    }

    fn conditional(&mut self, verbose: bool, depth: usize, start: usize) -> Parsed<Opened> {
        let name = self.source.take_until(')', "group name")?;
        let back = text::length(&name) + 1;
        let group = if name.bytes().all(|byte| byte.is_ascii_digit()) {
            let number: u64 = name.parse().unwrap_or(u64::MAX);
            if number == 0 {
                return Err(self.source.error("bad group number", back));
            }
            if number >= GROUPS_MAX {
                let digits = name.trim_start_matches('0');
                return Err(self
                    .source
                    .error(format!("invalid group reference {digits}"), back));
            }
            self.wanted_groups
                .push((number as usize, self.source.position() - back));
            number as usize
        } else {
            self.source.check_group_name(&name)?;
            self.named_group(&name)?
        };
        self.check_look_behind(group)?;
        if depth >= DEPTH_MAX {
            return Err(PatternError::TooDeep);
        }
        let yes = self.sequence(verbose, depth + 1, false)?;
        let mut no = None;
        if self.source.take_if('|')? {
            no = Some(self.sequence(verbose, depth + 1, false)?);
            if self.source.peek() == Some('|') {
                return Err(self
                    .source
                    .error("conditional backref with more than two branches", 0));
            }
        }
        self.close(start)?;
        Ok(Opened::Node(Node::Conditional { group, yes, no }))
    }

    /// Flags to add and remove in a group, or none when they hold for the whole pattern.
    fn inline_flags(&mut self, first: char) -> Parsed<Option<(u32, u32)>> {
        let (mut add, mut remove) = (0, 0);
        let mut letter = first;
        while letter != '-' {
            let Some(bit) = flag::of_letter(letter) else {
                break;
            };
            self.check_type_flag(letter)?;
            add |= bit;
            if bit & flag::TYPES != 0 && add & flag::TYPES != bit {
                let message = "bad inline flags: flags 'a', 'u' and 'L' are incompatible";
                return Err(self.source.error(message, 0));
            }
            letter = self.flag_letter("missing -, : or )", &[')', '-', ':'])?;
            if matches!(letter, ')' | ':') {
                break;
            }
        }
        if letter == ')' {
            self.flags |= add;
            return Ok(None);
        }
        if add & flag::GLOBALS != 0 {
            return Err(self
                .source
                .error("bad inline flags: cannot turn on global flag", 1));
        }
        if letter == '-' {
            letter = self.flag_letter("missing flag", &[])?;
            while let Some(bit) = flag::of_letter(letter) {
                if bit & flag::TYPES != 0 {
                    let message = "bad inline flags: cannot turn off flags 'a', 'u' and 'L'";
                    return Err(self.source.error(message, 0));
                }
                remove |= bit;
                letter = self.flag_letter("missing :", &[':'])?;
            }
        }
        if remove & flag::GLOBALS != 0 {
            return Err(self
                .source
                .error("bad inline flags: cannot turn off global flag", 1));
        }
        if add & remove != 0 {
            return Err(self
                .source
                .error("bad inline flags: flag turned on and off", 1));
        }
        Ok(Some((add, remove)))
    }

    fn check_type_flag(&self, letter: char) -> Parsed<()> {
        let message = match (self.source.is_text, letter) {
            (true, 'L') => "bad inline flags: cannot use 'L' flag with a str pattern",
            (false, 'u') => "bad inline flags: cannot use 'u' flag with a bytes pattern",
            _ => return Ok(()),
        };
        Err(self.source.error(message, 0))
    }

    /// The next letter of flags: a flag, or one of those that end them.
    fn flag_letter(&mut self, missing: &str, ends: &[char]) -> Parsed<char> {
        let token = self
            .source
            .take()?
            .ok_or_else(|| self.source.error(missing, 0))?;
        match token.plain() {
            Some(letter) if ends.contains(&letter) || flag::of_letter(letter).is_some() => {
                Ok(letter)
            }
            letter => {
                let alphabetic = letter.is_some_and(crate::kernel::unicode::is_alpha);
                let message = if alphabetic { "unknown flag" } else { missing };
                Err(self.source.error(message, token.length()))
            }
        }
    }
}
