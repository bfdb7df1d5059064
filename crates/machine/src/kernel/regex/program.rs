//! Turns a pattern's tree into instructions for the matcher.
//!
//! Repeats are loops with counters, never copies, so a program is as long as its pattern.

use super::syntax::{Category, Greed, Node, Place, Sequence, SetItem, Tree, UNBOUNDED};
use super::{PatternError, flag};
use crate::kernel::unicode;
use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

/// Which letters `\w`, `\d`, `\s`, `\b` and case mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    Ascii,
    Unicode,
}

impl Alphabet {
    fn of(flags: u32) -> Self {
        if flags & flag::UNICODE != 0 {
            Alphabet::Unicode
        } else {
            Alphabet::Ascii
        }
    }

    /// The code point that is compared when case is ignored.
    pub(super) fn lower(self, code: u32) -> u32 {
        match char::from_u32(code) {
            Some(letter) if letter.is_ascii() => letter.to_ascii_lowercase() as u32,
            Some(letter) if self == Alphabet::Unicode => unicode::pattern_lower(letter) as u32,
            _ => code,
        }
    }

    fn any_cased(self, first: u32, last: u32) -> bool {
        match self {
            Alphabet::Unicode => unicode::pattern_any_cased(first, last),
            Alphabet::Ascii => [('A', 'Z'), ('a', 'z')]
                .iter()
                .any(|&(a, z)| first <= z as u32 && last >= a as u32),
        }
    }

    pub(super) fn is_word(self, code: u32) -> bool {
        self.contains(Category::Word, code)
    }

    fn contains(self, category: Category, code: u32) -> bool {
        let Some(letter) =
            char::from_u32(code).filter(|letter| letter.is_ascii() || self == Alphabet::Unicode)
        else {
            return false;
        };
        match (category, self) {
            (Category::Digit, _) => unicode::decimal(letter).is_some(),
            (Category::Word, _) => letter == '_' || unicode::is_alnum(letter),
            (Category::Space, Alphabet::Ascii) => matches!(letter, ' ' | '\t'..='\r'),
            (Category::Space, Alphabet::Unicode) => unicode::is_space(letter),
        }
    }
}

/// A set of code points.
#[derive(Clone, Debug)]
pub(super) struct CharSet {
    negated: bool,
    /// Sorted and apart from each other.
    ranges: Vec<(u32, u32)>,
    categories: Vec<(Category, bool)>,
    alphabet: Alphabet,
    /// Whether the code point is made lower case before it is looked up.
    lowers: bool,
    /// The answers for ASCII, one bit each.
    ascii: u128,
}

impl CharSet {
    fn new(negated: bool, items: &[SetItem], flags: u32) -> Self {
        let alphabet = Alphabet::of(flags);
        let mut ranges = Vec::new();
        let mut categories = Vec::new();
        for item in items {
            match *item {
                SetItem::Range(first, last) => ranges.push((first, last)),
                SetItem::Category { category, negated } => categories.push((category, negated)),
            }
        }
        let ignores_case = flags & flag::IGNORECASE != 0;
        let changes =
            |&(first, last): &(u32, u32)| last > BASIC_PLANE || alphabet.any_cased(first, last);
        let lowers = ignores_case && ranges.iter().any(changes);
        if lowers {
            add_lower_case(&mut ranges, alphabet, items.len() == 1);
        }
        let mut set = Self {
            negated,
            ranges: merged(ranges),
            categories,
            alphabet,
            lowers,
            ascii: 0,
        };
        set.ascii = (0..128)
            .filter(|&code| set.looks_up(code))
            .fold(0, |bits, code| bits | 1 << code);
        set
    }

    pub(super) fn contains(&self, code: u32) -> bool {
        if code < 128 {
            self.ascii >> code & 1 == 1
        } else {
            self.looks_up(code)
        }
    }

    /// Whether anything beyond ASCII may be in it.
    fn may_hold_others(&self) -> bool {
        // Case may lead from beyond ASCII into it, as from the Kelvin sign to k.
        let beyond = self.ranges.last().is_some_and(|&(_, last)| last >= 128);
        self.negated || self.lowers || beyond || !self.categories.is_empty()
    }

    fn looks_up(&self, code: u32) -> bool {
        let code = if self.lowers {
            self.alphabet.lower(code)
        } else {
            code
        };
        let after = self.ranges.partition_point(|&(_, last)| last < code);
        let in_ranges = self
            .ranges
            .get(after)
            .is_some_and(|&(first, _)| first <= code);
        let mut categories = self.categories.iter();
        let found = in_ranges
            || categories.any(|&(category, not)| self.alphabet.contains(category, code) != not);
        found != self.negated
    }
}

/// The last code point of the basic plane.
const BASIC_PLANE: u32 = 0xffff;

/// Adds the lower case of every member, and what counts as the same letter.
fn add_lower_case(ranges: &mut Vec<(u32, u32)>, alphabet: Alphabet, alone: bool) {
    let mut added = Vec::new();
    for &(first, last) in ranges.iter() {
        // CPython looks single letters beyond the basic plane up as they are, unless they stand alone, and
        // ranges of them always with Unicode's cases.
        if first == last && first > BASIC_PLANE && !(alone && alphabet == Alphabet::Unicode) {
            continue;
        }
        let from = if alphabet == Alphabet::Unicode {
            first
        } else {
            first.max(BASIC_PLANE + 1)
        };
        unicode::pattern_lowered(from, last, |code| added.push((code, code)));
        let (first, last) = (first.max('A' as u32), last.min('Z' as u32));
        if first <= last {
            added.push((first + 32, last + 32));
        }
    }
    ranges.append(&mut added);
    if alphabet == Alphabet::Unicode {
        for &(first, last) in ranges.iter() {
            unicode::pattern_extra_cases_in(first, last, |others| {
                added.extend(others.iter().map(|&other| (other, other)));
            });
        }
        ranges.append(&mut added);
    }
}

fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match out.last_mut() {
            Some(previous) if first <= previous.1.saturating_add(1) => {
                previous.1 = previous.1.max(last)
            }
            _ => out.push((first, last)),
        }
    }
    out
}

/// What one code point must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum One {
    Code(u32),
    NotNewline,
    Any,
    Set(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    One(One),
    At {
        place: Place,
        multiline: bool,
        alphabet: Alphabet,
    },
    Jump(usize),
    /// Goes on here, and there if that fails.
    Split(usize),
    /// Stores the position: even slots open a group, odd ones close it.
    Mark(usize),
    BackReference {
        group: usize,
        ignore_case: bool,
        alphabet: Alphabet,
    },
    /// Goes there unless the group has matched.
    UnlessGroup {
        group: usize,
        otherwise: usize,
    },
    /// Begins a loop.
    LoopStart(usize),
    /// Decides on one more round, which begins at the next instruction, or on leaving.
    LoopTest {
        counter: usize,
        least: u32,
        most: u32,
        greed: Greed,
        exit: usize,
    },
    /// Counts the round that begins.
    LoopEnter {
        counter: usize,
    },
    /// A repeat of one code point, without captures.
    OneRepeat {
        one: One,
        least: u32,
        most: u32,
        greed: Greed,
    },
    /// Matches the instructions up to `end` as a whole, again and again, without ever going back into them.
    PossessiveRepeat {
        least: u32,
        most: u32,
        end: usize,
    },
    /// Matches the instructions up to `end` as a whole.
    Atomic {
        end: usize,
    },
    /// Looks ahead, or as many code points behind.
    Look {
        behind: Option<u64>,
        negated: bool,
        end: usize,
    },
    /// The end of the pattern, or of a part that is matched as a whole.
    Accept,
}

#[derive(Debug)]
pub(super) struct Program {
    pub(super) ops: Vec<Op>,
    pub(super) sets: Vec<CharSet>,
    pub(super) counters: usize,
    pub(super) groups: usize,
}

/// A set of bytes, of which those beyond ASCII are in it together or not at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstBytes {
    ascii: u128,
    others: bool,
}

impl FirstBytes {
    pub(super) fn contains(self, byte: u8) -> bool {
        if byte < 128 {
            self.ascii >> byte & 1 == 1
        } else {
            self.others
        }
    }

    fn add(&mut self, one: One, sets: &[CharSet]) {
        match one {
            One::Code(code @ 0..128) => self.ascii |= 1 << code,
            One::Code(_) => self.others = true,
            One::NotNewline | One::Any => {
                self.ascii = u128::MAX;
                self.others = true;
            }
            One::Set(set) => {
                self.ascii |= sets[set].ascii;
                self.others |= sets[set].may_hold_others();
            }
        }
    }
}

struct Compiler {
    ops: Vec<Op>,
    sets: Vec<CharSet>,
    /// The sets of single letters, so that a long pattern that ignores case has each but once.
    letters: BTreeMap<(u32, u32), usize>,
    counters: usize,
}

pub(super) fn compile(tree: &Tree) -> Result<Program, PatternError> {
    let mut compiler = Compiler {
        ops: Vec::new(),
        sets: Vec::new(),
        letters: BTreeMap::new(),
        counters: 0,
    };
    compiler.sequence(&tree.root, tree.flags)?;
    compiler.ops.push(Op::Accept);
    let Compiler {
        ops,
        sets,
        counters,
        ..
    } = compiler;
    Ok(Program {
        ops,
        sets,
        counters,
        groups: tree.groups,
    })
}

fn combined(flags: u32, add: u32, remove: u32) -> u32 {
    let flags = if add & flag::TYPES != 0 {
        flags & !flag::TYPES
    } else {
        flags
    };
    (flags | add) & !remove
}

impl Compiler {
    fn sequence(&mut self, sequence: &Sequence, flags: u32) -> Result<(), PatternError> {
        sequence
            .nodes
            .iter()
            .try_for_each(|node| self.node(node, flags))
    }

    /// Puts in an instruction whose target is set later.
    fn reserve(&mut self) -> usize {
        self.ops.push(Op::Accept);
        self.ops.len() - 1
    }

    fn here(&self) -> usize {
        self.ops.len()
    }

    fn set(&mut self, negated: bool, items: &[SetItem], flags: u32) -> One {
        self.sets.push(CharSet::new(negated, items, flags));
        One::Set(self.sets.len() - 1)
    }

    /// The test that a node of one code point stands for.
    fn one(&mut self, node: &Node, flags: u32) -> Option<One> {
        Some(match node {
            Node::Literal(code) => {
                let ignores_case = flags & flag::IGNORECASE != 0;
                if !ignores_case || !Alphabet::of(flags).any_cased(*code, *code) {
                    return Some(One::Code(*code));
                }
                let known = self.letters.get(&(*code, flags)).copied();
                One::Set(known.unwrap_or_else(|| {
                    self.sets
                        .push(CharSet::new(false, &[SetItem::Range(*code, *code)], flags));
                    self.letters.insert((*code, flags), self.sets.len() - 1);
                    self.sets.len() - 1
                }))
            }
            Node::Any if flags & flag::DOTALL != 0 => One::Any,
            Node::Any => One::NotNewline,
            Node::Set { negated, items } => self.set(*negated, items, flags),
            _ => return None,
        })
    }

    fn node(&mut self, node: &Node, flags: u32) -> Result<(), PatternError> {
        if let Some(one) = self.one(node, flags) {
            self.ops.push(Op::One(one));
            return Ok(());
        }
        let alphabet = Alphabet::of(flags);
        match node {
            Node::Literal(_) | Node::Any | Node::Set { .. } => {}
            Node::At(place) => {
                self.ops.push(Op::At {
                    place: *place,
                    multiline: flags & flag::MULTILINE != 0,
                    alphabet,
                });
            }
            Node::Branch(branches) => self.branch(branches, flags)?,
            Node::Group {
                index,
                add,
                remove,
                body,
            } => {
                self.ops.extend(index.map(|index| Op::Mark(index * 2)));
                self.sequence(body, combined(flags, *add, *remove))?;
                self.ops.extend(index.map(|index| Op::Mark(index * 2 + 1)));
            }
            Node::Repeat {
                least,
                most,
                greed,
                body,
            } => self.repeat(*least, *most, *greed, body, flags)?,
            Node::Atomic(body) => self.whole(body, flags, |end| Op::Atomic { end })?,
            Node::Look {
                behind,
                negated,
                body,
            } => {
                if *behind && body.least != body.most {
                    let message = "look-behind requires fixed-width pattern".to_string();
                    return Err(PatternError::Syntax {
                        message,
                        position: None,
                    });
                }
                let (behind, negated) = (behind.then_some(body.least), *negated);
                self.whole(body, flags, |end| Op::Look {
                    behind,
                    negated,
                    end,
                })?;
            }
            Node::BackReference(group) => {
                let ignore_case = flags & flag::IGNORECASE != 0;
                self.ops.push(Op::BackReference {
                    group: *group,
                    ignore_case,
                    alphabet,
                });
            }
            Node::Conditional { group, yes, no } => {
                self.conditional(*group, yes, no.as_ref(), flags)?
            }
        }
        Ok(())
    }

    fn branch(&mut self, branches: &[Sequence], flags: u32) -> Result<(), PatternError> {
        let mut jumps = Vec::new();
        for (nth, branch) in branches.iter().enumerate() {
            if nth + 1 == branches.len() {
                self.sequence(branch, flags)?;
                break;
            }
            let split = self.reserve();
            self.sequence(branch, flags)?;
            jumps.push(self.reserve());
            self.ops[split] = Op::Split(self.here());
        }
        let end = self.here();
        jumps
            .into_iter()
            .for_each(|jump| self.ops[jump] = Op::Jump(end));
        Ok(())
    }

    /// A part that is matched as a whole, behind the instruction that does so.
    fn whole(
        &mut self,
        body: &Sequence,
        flags: u32,
        op: impl FnOnce(usize) -> Op,
    ) -> Result<(), PatternError> {
        let start = self.reserve();
        self.sequence(body, flags)?;
        self.ops.push(Op::Accept);
        self.ops[start] = op(self.here());
        Ok(())
    }

    fn repeat(
        &mut self,
        least: u32,
        most: u32,
        greed: Greed,
        body: &Sequence,
        flags: u32,
    ) -> Result<(), PatternError> {
        if let [node] = body.nodes.as_slice()
            && let Some(one) = self.one(node, flags)
        {
            self.ops.push(Op::OneRepeat {
                one,
                least,
                most,
                greed,
            });
            return Ok(());
        }
        if greed == Greed::Possessive {
            return self.whole(body, flags, |end| Op::PossessiveRepeat { least, most, end });
        }
        let counter = self.counters;
        self.counters += 1;
        self.ops.push(Op::LoopStart(counter));
        let test = self.reserve();
        self.ops.push(Op::LoopEnter { counter });
        self.sequence(body, flags)?;
        self.ops.push(Op::Jump(test));
        self.ops[test] = Op::LoopTest {
            counter,
            least,
            most,
            greed,
            exit: self.here(),
        };
        Ok(())
    }

    fn conditional(
        &mut self,
        group: usize,
        yes: &Sequence,
        no: Option<&Sequence>,
        flags: u32,
    ) -> Result<(), PatternError> {
        let test = self.reserve();
        self.sequence(yes, flags)?;
        let mut otherwise = self.here();
        if let Some(no) = no {
            let jump = self.reserve();
            otherwise = self.here();
            self.sequence(no, flags)?;
            self.ops[jump] = Op::Jump(self.here());
        }
        self.ops[test] = Op::UnlessGroup { group, otherwise };
        Ok(())
    }
}

impl Program {
    /// The code points that every match begins with, as far as they are fixed.
    pub(super) fn prefix(&self) -> Vec<u32> {
        let mut prefix = vec![];
        for op in &self.ops {
            match op {
                Op::One(One::Code(code)) => prefix.push(*code),
                Op::Mark(_) => {}
                _ => break,
            }
        }
        prefix
    }

    /// The bytes with which a match may begin; `None` when that cannot be told.
    ///
    /// Bytes beyond ASCII are not told apart.
    pub(super) fn first_bytes(&self) -> Option<FirstBytes> {
        let mut first = FirstBytes {
            ascii: 0,
            others: false,
        };
        let mut seen = vec![false; self.ops.len()];
        let mut open = vec![0];
        while let Some(op) = open.pop() {
            let again = core::mem::replace(&mut seen[op], true);
            match &self.ops[op] {
                // A loop is seen again when its body matched nothing, and then may end.
                Op::LoopTest { exit, .. } if again => open.push(*exit),
                _ if again => {}
                Op::One(one) => first.add(*one, &self.sets),
                Op::OneRepeat {
                    one, least, most, ..
                } => {
                    if *most > 0 {
                        first.add(*one, &self.sets);
                    }
                    if *least == 0 {
                        open.push(op + 1);
                    }
                }
                Op::Mark(_) | Op::At { .. } | Op::LoopStart(_) | Op::LoopEnter { .. } => {
                    open.push(op + 1)
                }
                Op::Jump(target) => open.push(*target),
                Op::Split(other) => open.extend([op + 1, *other]),
                Op::LoopTest { least, exit, .. } => {
                    open.push(op + 1);
                    if *least == 0 {
                        open.push(*exit);
                    }
                }
                Op::Look { end, .. } => open.push(*end),
                Op::BackReference { .. }
                | Op::UnlessGroup { .. }
                | Op::PossessiveRepeat { .. }
                | Op::Atomic { .. }
                | Op::Accept => return None,
            }
        }
        Some(first)
    }

    /// Whether a match can only begin where the text does.
    pub(super) fn is_anchored(&self) -> bool {
        let first = self.ops.iter().find(|op| !matches!(op, Op::Mark(_)));
        match first {
            Some(Op::At {
                place: Place::TextStart,
                ..
            }) => true,
            Some(Op::At {
                place: Place::LineStart,
                multiline,
                ..
            }) => !multiline,
            _ => false,
        }
    }

    /// Whether a loop with so many rounds behind it may begin another one.
    pub(super) fn has_rounds_left(count: u32, most: u32) -> bool {
        most == UNBOUNDED || count < most
    }
}
