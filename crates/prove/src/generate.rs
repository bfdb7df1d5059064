//! Random programs from a grammar that is data: `generate/grammar.txt`.
//!
//! A program is valid Python and ends by itself, since no row loops without a bound. What it
//! does is left to chance, exceptions included; whoever compares two runs of it needs no
//! more. The same dice give the same program.

use crate::dice::Dice;
use std::fmt::Write;
use std::sync::LazyLock;

/// Deepest nesting of expressions.
const DEPTH_MAX: u32 = 4;
/// Deepest nesting of blocks.
const BLOCKS_MAX: u32 = 4;
/// Longest program, in characters, after which blocks get short.
const CHARACTERS_MAX: usize = 6000;

/// What a program may contain besides plain Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Only what CPython runs too.
    Plain,
    /// Holes, tools, input and clock.
    Asking,
    /// The same without the clock.
    Recorded,
}

/// A row of the grammar: one way to write something of a kind.
struct Row {
    kind: String,
    weight: usize,
    /// Words that say where the row may stand.
    tags: Vec<String>,
    lines: Vec<String>,
}

static GRAMMAR: LazyLock<Vec<Row>> = LazyLock::new(|| rows(include_str!("generate/grammar.txt")));
/// What every program begins with, and what those that ask begin with besides.
const HEAD: &str = include_str!("generate/plain.py");
const ASKING_HEAD: &str = include_str!("generate/asking.py");

fn rows(text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match (line.strip_prefix("@ "), rows.last_mut()) {
            (Some(head), _) => {
                let mut words = head.split(' ').map(String::from);
                let kind = words.next().unwrap_or_default();
                let weight = words.next().and_then(|word| word.parse().ok()).unwrap_or(1);
                rows.push(Row { kind, weight, tags: words.collect(), lines: Vec::new() });
            }
            (None, Some(row)) => row.lines.push(line.strip_prefix("    ").unwrap_or(line).into()),
            (None, None) => {}
        }
    }
    rows
}

/// A program of about `statements` statements at its top level.
pub fn program(dice: &mut Dice, dialect: Dialect, statements: usize) -> String {
    let mut writer = Writer { dice, dialect, names: Vec::new(), made: 0, depth: 0, blocks: 0, places: Vec::new(), length: 0, iterated: 0 };
    let mut out = String::from(HEAD);
    if dialect != Dialect::Plain {
        out.push_str(ASKING_HEAD);
    }
    for _ in 0..statements {
        let text = writer.top_statement();
        writer.length += text.len();
        out.push_str(&text);
    }
    let shown: Vec<String> = writer.names.iter().filter(|(kind, _)| SHOWN.contains(&kind.as_str())).map(|(_, name)| name.clone()).collect();
    for name in shown {
        let _ = writeln!(out, "show({name:?}, lambda: {name})");
    }
    out
}

/// Kinds whose variables are printed at the end.
const SHOWN: &[&str] = &["int", "str", "bool", "float", "list", "dict", "tuple", "obj"];

struct Writer<'d> {
    dice: &'d mut Dice,
    dialect: Dialect,
    /// Kinds and names of what can be used here.
    names: Vec<(String, String)>,
    made: usize,
    depth: u32,
    blocks: u32,
    /// Where we are: `fn`, `loop`, `gen`, as rows ask for them.
    places: Vec<String>,
    length: usize,
    /// Inside what a comprehension iterates over, where `:=` may not stand.
    iterated: u32,
}

impl Writer<'_> {
    /// A statement that mostly does not end the program when it fails.
    fn top_statement(&mut self) -> String {
        let before = self.names.len();
        let text = self.statement(0);
        if text.starts_with("def ") || text.starts_with("class ") || text.starts_with('@') || self.dice.chance(12) {
            return text;
        }
        let inner: String = text.lines().map(|line| format!("    {line}\n")).collect();
        // Names that the failing part would have bound may be unbound later: rarely interesting.
        if self.dice.chance(30) {
            self.names.truncate(before.max(self.names.len().saturating_sub(1)));
        }
        format!("try:\n{inner}except Exception as error:\n    print(type(error).__name__, error)\n")
    }

    fn statement(&mut self, indent: usize) -> String {
        let lines = self.row("stmt");
        self.fill_lines(&lines, indent)
    }

    /// Some statements, one at least.
    fn block(&mut self, indent: usize, places: &[&str]) -> String {
        let (names, before) = (self.names.len(), self.places.len());
        self.places.extend(places.iter().map(|place| (*place).to_string()));
        self.blocks += 1;
        let long = self.length < CHARACTERS_MAX && self.blocks < BLOCKS_MAX;
        let count = if long { 1 + self.dice.below(3) } else { 1 };
        let mut out = String::new();
        for _ in 0..count {
            let text = if self.blocks <= BLOCKS_MAX { self.statement(indent) } else { self.simple(indent) };
            self.length += text.len();
            out.push_str(&text);
        }
        self.blocks -= 1;
        self.places.truncate(before);
        // What a block binds may be unbound behind it.
        if self.dice.chance(80) {
            self.names.truncate(names);
        }
        out
    }

    fn simple(&mut self, indent: usize) -> String {
        let lines = self.row("simple");
        self.fill_lines(&lines, indent)
    }

    /// A row of this kind that may stand here.
    fn row(&mut self, kind: &str) -> Vec<String> {
        let deep = self.depth >= DEPTH_MAX;
        let fits = |row: &&Row| row.kind == kind && self.may_stand(row) && !(deep && row.lines.iter().any(|line| is_open(line)));
        let mut fitting: Vec<&Row> = GRAMMAR.iter().filter(fits).collect();
        if fitting.is_empty() {
            fitting = GRAMMAR.iter().filter(|row| row.kind == kind && self.may_stand(row)).collect();
        }
        let total: usize = fitting.iter().map(|row| row.weight).sum();
        let mut at = self.dice.below(total);
        for row in &fitting {
            if at < row.weight {
                return row.lines.clone();
            }
            at -= row.weight;
        }
        unreachable!("the grammar has rows for {kind}, and a number below the sum of weights falls into one of them")
    }

    fn may_stand(&self, row: &Row) -> bool {
        let fits = |tag: &String| match tag.as_str() {
            "asking" => self.dialect != Dialect::Plain,
            "clock" => self.dialect == Dialect::Asking,
            "recorded" => self.dialect == Dialect::Recorded,
            // Whether a generator that is dropped runs its cleanup is another question.
            "kept" => self.dialect != Dialect::Plain || !self.is_in("gen"),
            "plain" => self.dialect == Dialect::Plain,
            place => self.is_in(place),
        };
        let walrus = self.iterated > 0 && row.lines.iter().any(|line| line.contains(":="));
        !walrus && row.tags.iter().all(fits) && row.lines.iter().all(|line| self.has_names(line))
    }

    /// The innermost of `fn`, `gen` and `class`, or the loop inside of it.
    fn is_in(&self, place: &str) -> bool {
        let function = self.places.iter().rposition(|one| one != "loop");
        match place {
            "loop" => self.places.iter().skip(function.map_or(0, |at| at + 1)).any(|one| one == "loop"),
            _ => function.is_some_and(|at| self.places[at] == place),
        }
    }

    /// Is there a variable for each `<v:KIND>`?
    fn has_names(&self, line: &str) -> bool {
        let mut rest = line;
        while let Some(at) = rest.find("<v:") {
            rest = &rest[at + 3..];
            let kind = rest.split('>').next().unwrap_or_default();
            if !self.names.iter().any(|(one, _)| one == kind) {
                return false;
            }
        }
        true
    }

    fn fill_lines(&mut self, lines: &[String], indent: usize) -> String {
        let scope = self.names.len();
        // Names that the row itself binds: those that stay, and those that end with it.
        let (mut stay, mut local) = (Vec::new(), Vec::new());
        for line in lines {
            for hole in holes(line) {
                if let Some((name, kind)) = hole.strip_prefix('=').and_then(|hole| hole.split_once(':')) {
                    stay.push((name.to_string(), kind.to_string(), self.fresh(name)));
                }
                if let Some((name, kind)) = hole.strip_prefix('+').and_then(|hole| hole.split_once(':')) {
                    local.push((name.to_string(), kind.to_string(), self.fresh(name)));
                }
            }
        }
        self.names.extend(local.iter().map(|(_, kind, name)| (kind.clone(), name.clone())));
        let bound: Vec<_> = stay.iter().chain(&local).cloned().collect();
        let mut out = String::new();
        for line in lines {
            let own = line.len() - line.trim_start().len();
            match line.trim_start().strip_prefix("<block") {
                Some(rest) => {
                    let places: Vec<&str> = rest.trim_end_matches('>').split(':').filter(|place| !place.is_empty()).collect();
                    out.push_str(&self.block(indent + own, &places));
                }
                None => {
                    let filled = self.fill(line, &bound, scope);
                    let _ = writeln!(out, "{}{filled}", " ".repeat(indent));
                }
            }
        }
        self.names.truncate(scope);
        self.names.extend(stay.into_iter().map(|(_, kind, name)| (kind, name)));
        out
    }

    /// Replaces each `<…>` of a line. `scope`: names before the row's own, for `<^KIND>`.
    fn fill(&mut self, line: &str, bound: &[(String, String, String)], scope: usize) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some(at) = rest.find('<') {
            let Some(end) = rest[at..].find('>').filter(|end| is_hole(&rest[at + 1..at + end])) else {
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
                continue;
            };
            out.push_str(&rest[..at]);
            let filled = self.hole(&rest[at + 1..at + end], bound, scope);
            out.push_str(&filled);
            rest = &rest[at + end + 1..];
        }
        out.push_str(rest);
        out
    }

    fn hole(&mut self, hole: &str, bound: &[(String, String, String)], scope: usize) -> String {
        if let Some(declared) = hole.strip_prefix(['=', '+', '$']) {
            let name = declared.split(':').next().unwrap_or_default();
            return bound.iter().find(|(one, ..)| one == name).map(|(_, _, name)| name.clone()).unwrap_or_else(|| name.into());
        }
        if let Some(kind) = hole.strip_prefix("v:") {
            let names: Vec<String> = self.names.iter().filter(|(one, _)| one == kind).map(|(_, name)| name.clone()).collect();
            return if names.is_empty() { "missing".into() } else { self.dice.pick(&names).clone() };
        }
        if let Some(kind) = hole.strip_prefix('^') {
            let own = self.names.split_off(scope.min(self.names.len()));
            self.iterated += 1;
            let text = self.expression(kind);
            self.iterated -= 1;
            self.names.extend(own);
            return text;
        }
        self.expression(hole)
    }

    /// An expression of a kind; on one line.
    fn expression(&mut self, kind: &str) -> String {
        match kind {
            "n" => return self.dice.below(6).to_string(),
            "s" => return (*self.dice.pick(&["'a'", "'b'", "'key'", "''", "'Zoë'", "'x y'", "'12'"])).into(),
            _ => {}
        }
        let variables: Vec<String> = self.names.iter().filter(|(one, _)| one == kind).map(|(_, name)| name.clone()).collect();
        if !variables.is_empty() && self.dice.chance(if self.depth >= 2 { 60 } else { 35 }) {
            return self.dice.pick(&variables).clone();
        }
        self.depth += 1;
        let lines = self.row(kind);
        let text = self.fill_lines(&lines, 0);
        self.depth -= 1;
        // An opening brace would mean something else in an f-string.
        match lines.first().is_some_and(|line| has_operator(line)) || text.starts_with('{') {
            true => format!("({})", text.trim_end()),
            false => text.trim_end().to_string(),
        }
    }

    fn fresh(&mut self, name: &str) -> String {
        self.made += 1;
        format!("{name}{}", self.made)
    }
}

/// Does a template have a blank outside of brackets and quotes? Then what is around it could bind tighter.
fn has_operator(line: &str) -> bool {
    let (mut depth, mut quote) = (0, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ' ') if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Does a template hold an expression that may grow further?
fn is_open(line: &str) -> bool {
    holes(line).iter().any(|hole| !["n", "s"].contains(hole) && !hole.starts_with("v:"))
}

/// What stands between the brackets of a line.
fn holes(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(end) = rest.find('>').filter(|end| is_hole(&rest[..*end])) {
            found.push(&rest[..end]);
        }
    }
    found
}

fn is_hole(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "=+$^:_".contains(c)) && !text.starts_with(char::is_numeric) && text != "="
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_compiles_and_is_the_same_for_the_same_dice() {
        for case in 0..300 {
            let dialect = if case % 2 == 0 { Dialect::Plain } else { Dialect::Asking };
            let text = program(&mut Dice::new(1, case), dialect, 8);
            assert_eq!(text, program(&mut Dice::new(1, case), dialect, 8));
            let compiled = emulant_compile::compile(&text, &emulant_compile::Options::default());
            assert!(compiled.is_ok(), "case {case}: {:?}\n{text}", compiled.err());
        }
    }
}
