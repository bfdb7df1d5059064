//! The matcher: backtracking over an explicit stack, every step counted.
//!
//! Order of attempts, captures and empty rounds are those of CPython's engine. It holds no host stack per
//! character; only parts that are matched as a whole (look-around, atomic groups) nest, as deep as the
//! pattern does.

use super::program::{Alphabet, FirstBytes, One, Op, Program};
use super::syntax::{Greed, Place};
use super::{Budget, Found, Mode, OverBudget};
use alloc::vec;
use alloc::vec::Vec;

/// What is searched: code points with byte offsets.
pub(super) trait Subject: Copy {
    fn length(self) -> usize;
    /// The code point at an offset, and the offset behind it.
    fn next(self, at: usize) -> Option<(u32, usize)>;
    /// The code point before an offset, and its own offset.
    fn previous(self, at: usize) -> Option<(u32, usize)>;
    fn bytes(&self) -> &[u8];
    /// The bytes that code points have in this subject; none where they cannot occur.
    fn encode(codes: &[u32]) -> Option<Vec<u8>>;
}

impl Subject for &str {
    fn length(self) -> usize {
        self.len()
    }

    fn next(self, at: usize) -> Option<(u32, usize)> {
        let byte = *self.as_bytes().get(at)?;
        if byte < 128 {
            return Some((u32::from(byte), at + 1));
        }
        let letter = self[at..].chars().next()?;
        Some((letter as u32, at + letter.len_utf8()))
    }

    fn previous(self, at: usize) -> Option<(u32, usize)> {
        let letter = self[..at].chars().next_back()?;
        Some((letter as u32, at - letter.len_utf8()))
    }

    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn encode(codes: &[u32]) -> Option<Vec<u8>> {
        let letters: Option<alloc::string::String> =
            codes.iter().map(|&code| char::from_u32(code)).collect();
        letters.map(alloc::string::String::into_bytes)
    }
}

impl Subject for &[u8] {
    fn length(self) -> usize {
        self.len()
    }

    fn next(self, at: usize) -> Option<(u32, usize)> {
        Some((u32::from(*self.get(at)?), at + 1))
    }

    fn previous(self, at: usize) -> Option<(u32, usize)> {
        let before = at.checked_sub(1)?;
        Some((u32::from(*self.get(before)?), before))
    }

    fn bytes(&self) -> &[u8] {
        self
    }

    fn encode(codes: &[u32]) -> Option<Vec<u8>> {
        codes.iter().map(|&code| u8::try_from(code).ok()).collect()
    }
}

/// A position that is not set.
const NOWHERE: usize = usize::MAX;

#[derive(Clone, Copy, Debug)]
struct Counter {
    rounds: u32,
    /// Where the present round began, once the least number is reached.
    start: usize,
}

/// What to do when the present attempt fails.
#[derive(Clone, Copy, Debug)]
enum Frame {
    /// Go on there.
    Resume {
        op: usize,
        at: usize,
    },
    /// Give back one code point of a greedy repeat, down to `least`, and go on.
    GiveBack {
        op: usize,
        least: usize,
        at: usize,
    },
    /// Take one of at most `left` more code points of a lazy repeat, and go on.
    TakeMore {
        op: usize,
        at: usize,
        left: u32,
    },
    RestoreMark {
        slot: usize,
        old: usize,
    },
    RestoreLast {
        old: usize,
    },
    RestoreCounter {
        counter: usize,
        old: Counter,
    },
}

struct Matcher<'p, 'b, S> {
    program: &'p Program,
    subject: S,
    marks: Vec<usize>,
    last_group: usize,
    counters: Vec<Counter>,
    frames: Vec<Frame>,
    budget: &'b mut Budget,
    /// A match of the whole pattern must end here.
    must_end: Option<usize>,
    /// A match of the whole pattern must not end here.
    must_not_end: Option<usize>,
}

/// What is known of how every match begins, so that other places are passed over.
#[derive(Clone, Debug)]
pub(super) struct Beginning {
    /// The bytes that it begins with.
    prefix: Vec<u8>,
    first: Option<FirstBytes>,
}

impl Beginning {
    pub(super) fn of<S: Subject>(program: &Program) -> Self {
        let prefix = S::encode(&program.prefix()).unwrap_or_default();
        Self {
            prefix,
            first: program.first_bytes(),
        }
    }

    /// The next place where a match may begin.
    fn next_place(
        &self,
        bytes: &[u8],
        at: usize,
        budget: &mut Budget,
    ) -> Result<Option<usize>, OverBudget> {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let skipped = if self.prefix.len() > 1 {
            memchr::memmem::find(rest, &self.prefix)
        } else if let Some(first) = self.first {
            rest.iter().position(|&byte| first.contains(byte))
        } else {
            Some(0)
        };
        budget.spend(skipped.unwrap_or(rest.len()) as u64 / 16)?;
        Ok(skipped.map(|skipped| at + skipped))
    }
}

/// Looks for a match from an offset on.
pub(super) fn search<S: Subject>(
    program: &Program,
    beginning: &Beginning,
    subject: S,
    start: usize,
    mode: Mode,
    must_advance: bool,
    budget: &mut Budget,
) -> Result<Option<Found>, OverBudget> {
    let slots = if program.groups == 0 {
        0
    } else {
        program.groups * 2 + 2
    };
    let mut matcher = Matcher {
        program,
        subject,
        marks: vec![NOWHERE; slots],
        last_group: 0,
        counters: vec![
            Counter {
                rounds: 0,
                start: NOWHERE
            };
            program.counters
        ],
        frames: Vec::new(),
        budget,
        must_end: (mode == Mode::Fullmatch).then_some(subject.length()),
        must_not_end: must_advance.then_some(start),
    };
    let mut at = start;
    loop {
        if mode == Mode::Search {
            let place = beginning.next_place(subject.bytes(), at, matcher.budget)?;
            let Some(place) = place else { return Ok(None) };
            at = place;
        }
        if let Some(end) = matcher.whole_match(at)? {
            return Ok(Some(matcher.found(at, end)));
        }
        matcher.must_not_end = None;
        match subject.next(at) {
            Some((_, next)) if mode == Mode::Search && !program.is_anchored() => at = next,
            _ => return Ok(None),
        }
    }
}

impl<S: Subject> Matcher<'_, '_, S> {
    fn found(&self, start: usize, end: usize) -> Found {
        let span = |pair: &[usize]| match pair {
            [from, to] if *from != NOWHERE && *to != NOWHERE => Some((*from, *to)),
            _ => None,
        };
        let groups = self.marks.get(2..).unwrap_or(&[]);
        let mut spans = Vec::with_capacity(groups.len() / 2 + 1);
        spans.push(Some((start, end)));
        spans.extend(groups.chunks(2).map(span));
        Found {
            spans,
            last_index: (self.last_group > 0).then_some(self.last_group),
        }
    }

    fn whole_match(&mut self, at: usize) -> Result<Option<usize>, OverBudget> {
        self.budget.spend(self.marks.len() as u64 / 16)?;
        self.marks.fill(NOWHERE);
        self.last_group = 0;
        self.frames.clear();
        self.run(0, at, true)
    }

    fn push(&mut self, frame: Frame) -> Result<(), OverBudget> {
        if self.frames.len() >= self.budget.frames_max {
            return Err(OverBudget);
        }
        self.frames.push(frame);
        Ok(())
    }

    fn matches(&self, one: One, code: u32) -> bool {
        match one {
            One::Code(wanted) => code == wanted,
            One::NotNewline => code != '\n' as u32,
            One::Any => true,
            One::Set(set) => self.program.sets[set].contains(code),
        }
    }

    /// Runs from an instruction to the `Accept` of its part; gives where the match ends.
    fn run(&mut self, op: usize, at: usize, whole: bool) -> Result<Option<usize>, OverBudget> {
        let base = self.frames.len();
        let program = self.program;
        let (mut op, mut at) = (op, at);
        loop {
            self.budget.spend(1)?;
            let next = match &program.ops[op] {
                Op::One(one) => match self.subject.next(at) {
                    Some((code, after)) if self.matches(*one, code) => Some((op + 1, after)),
                    _ => None,
                },
                Op::Accept => {
                    let refused = whole
                        && (self.must_end.is_some_and(|end| end != at)
                            || self.must_not_end == Some(at));
                    if !refused {
                        return Ok(Some(at));
                    }
                    None
                }
                Op::Jump(target) => Some((*target, at)),
                Op::Split(other) => {
                    self.push(Frame::Resume { op: *other, at })?;
                    Some((op + 1, at))
                }
                Op::Mark(slot) => {
                    self.mark(*slot, at)?;
                    Some((op + 1, at))
                }
                Op::At {
                    place,
                    multiline,
                    alphabet,
                } => self
                    .stands_at(*place, *multiline, *alphabet, at)
                    .then_some((op + 1, at)),
                Op::BackReference {
                    group,
                    ignore_case,
                    alphabet,
                } => self
                    .back_reference(*group, *ignore_case, *alphabet, at)?
                    .map(|after| (op + 1, after)),
                Op::UnlessGroup { group, otherwise } => Some((
                    if self.group(*group).is_some() {
                        op + 1
                    } else {
                        *otherwise
                    },
                    at,
                )),
                Op::LoopStart(counter) => {
                    self.set_counter(
                        *counter,
                        Counter {
                            rounds: 0,
                            start: NOWHERE,
                        },
                    )?;
                    Some((op + 1, at))
                }
                Op::LoopTest {
                    counter,
                    least,
                    most,
                    greed,
                    exit,
                } => self.loop_test(op, at, *counter, (*least, *most), *greed, *exit)?,
                Op::LoopEnter { counter } => {
                    let rounds = self.counters[*counter].rounds + 1;
                    self.set_counter(*counter, Counter { rounds, start: at })?;
                    Some((op + 1, at))
                }
                Op::OneRepeat {
                    one,
                    least,
                    most,
                    greed,
                } => self.one_repeat(op, at, *one, (*least, *most), *greed)?,
                Op::PossessiveRepeat { least, most, end } => self
                    .possessive(op + 1, at, *least, *most)?
                    .map(|after| (*end, after)),
                Op::Atomic { end } => self.as_a_whole(op + 1, at)?.map(|after| (*end, after)),
                Op::Look {
                    behind,
                    negated,
                    end,
                } => self
                    .look(op + 1, at, *behind, *negated)?
                    .then_some((*end, at)),
            };
            (op, at) = match next {
                Some(next) => next,
                None => match self.backtrack(base)? {
                    Some(resumed) => resumed,
                    None => return Ok(None),
                },
            };
        }
    }

    /// Undoes changes down to the last open choice above `base`, and takes it.
    fn backtrack(&mut self, base: usize) -> Result<Option<(usize, usize)>, OverBudget> {
        while self.frames.len() > base {
            let Some(frame) = self.frames.pop() else {
                break;
            };
            match frame {
                Frame::Resume { op, at } => return Ok(Some((op, at))),
                Frame::GiveBack { op, least, at } => {
                    if let Some(back) = self.give_back(op, least, at)? {
                        return Ok(Some((op + 1, back)));
                    }
                }
                Frame::TakeMore { op, at, left } => {
                    if let Some(after) = self.take_more(op, at, left)? {
                        return Ok(Some((op + 1, after)));
                    }
                }
                restore => self.restore(restore),
            }
        }
        Ok(None)
    }

    fn restore(&mut self, frame: Frame) {
        match frame {
            Frame::RestoreMark { slot, old } => self.marks[slot] = old,
            Frame::RestoreLast { old } => self.last_group = old,
            Frame::RestoreCounter { counter, old } => self.counters[counter] = old,
            Frame::Resume { .. } | Frame::GiveBack { .. } | Frame::TakeMore { .. } => {}
        }
    }

    fn mark(&mut self, slot: usize, at: usize) -> Result<(), OverBudget> {
        self.push(Frame::RestoreMark {
            slot,
            old: self.marks[slot],
        })?;
        self.marks[slot] = at;
        if slot % 2 == 1 {
            self.push(Frame::RestoreLast {
                old: self.last_group,
            })?;
            self.last_group = slot / 2;
        }
        Ok(())
    }

    fn set_counter(&mut self, counter: usize, new: Counter) -> Result<(), OverBudget> {
        let old = core::mem::replace(&mut self.counters[counter], new);
        self.push(Frame::RestoreCounter { counter, old })
    }

    /// The span of a group that is closed. While it is open again, its end may lie before its start.
    fn group(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (*self.marks.get(group * 2)?, *self.marks.get(group * 2 + 1)?);
        (start != NOWHERE && end != NOWHERE && start <= end).then_some((start, end))
    }

    fn stands_at(&self, place: Place, multiline: bool, alphabet: Alphabet, at: usize) -> bool {
        let before = self.subject.previous(at).map(|(code, _)| code);
        let after = self.subject.next(at);
        let newline = '\n' as u32;
        match place {
            Place::TextStart => at == 0,
            Place::TextEnd => after.is_none(),
            Place::LineStart => at == 0 || multiline && before == Some(newline),
            Place::LineEnd => match after {
                None => true,
                Some((code, end)) => code == newline && (multiline || end == self.subject.length()),
            },
            // CPython finds neither a boundary nor none in an empty text.
            Place::Boundary | Place::NotBoundary if self.subject.length() == 0 => false,
            Place::Boundary | Place::NotBoundary => {
                let is_word = |code: Option<u32>| code.is_some_and(|code| alphabet.is_word(code));
                let differs = is_word(before) != is_word(after.map(|(code, _)| code));
                differs == (place == Place::Boundary)
            }
        }
    }

    fn back_reference(
        &mut self,
        group: usize,
        ignore_case: bool,
        alphabet: Alphabet,
        at: usize,
    ) -> Result<Option<usize>, OverBudget> {
        let Some((mut from, to)) = self.group(group) else {
            return Ok(None);
        };
        self.budget.spend((to - from) as u64 / 8)?;
        let mut at = at;
        while from < to {
            let (Some((wanted, from_after)), Some((code, after))) =
                (self.subject.next(from), self.subject.next(at))
            else {
                return Ok(None);
            };
            let same =
                code == wanted || ignore_case && alphabet.lower(code) == alphabet.lower(wanted);
            if !same {
                return Ok(None);
            }
            (from, at) = (from_after, after);
        }
        Ok(Some(at))
    }

    fn loop_test(
        &mut self,
        op: usize,
        at: usize,
        counter: usize,
        (least, most): (u32, u32),
        greed: Greed,
        exit: usize,
    ) -> Result<Option<(usize, usize)>, OverBudget> {
        let Counter { rounds, start } = self.counters[counter];
        if rounds < least {
            // The rounds that must be are not checked for being empty.
            self.set_counter(
                counter,
                Counter {
                    rounds: rounds + 1,
                    start,
                },
            )?;
            return Ok(Some((op + 2, at)));
        }
        let another = Program::has_rounds_left(rounds, most) && at != start;
        match (another, greed) {
            (false, _) => Ok(Some((exit, at))),
            (true, Greed::Lazy) => {
                self.push(Frame::Resume { op: op + 1, at })?;
                Ok(Some((exit, at)))
            }
            (true, Greed::Greedy | Greed::Possessive) => {
                self.push(Frame::Resume { op: exit, at })?;
                Ok(Some((op + 1, at)))
            }
        }
    }

    /// Takes as many code points as match, at most `most`.
    fn take(&mut self, one: One, at: usize, most: u32) -> Result<(u32, usize), OverBudget> {
        let (mut count, mut at) = (0, at);
        while Program::has_rounds_left(count, most)
            && let Some((code, after)) = self.subject.next(at)
            && self.matches(one, code)
        {
            at = after;
            // More than fit in a counter cannot be told from an unbounded number.
            count = count.saturating_add(1).min(u32::MAX - 1);
        }
        self.budget.spend(u64::from(count) / 4)?;
        Ok((count, at))
    }

    fn one_repeat(
        &mut self,
        op: usize,
        at: usize,
        one: One,
        (least, most): (u32, u32),
        greed: Greed,
    ) -> Result<Option<(usize, usize)>, OverBudget> {
        let (count, floor) = self.take(one, at, least)?;
        if count < least {
            return Ok(None);
        }
        let more = if most == u32::MAX { most } else { most - least };
        if greed == Greed::Lazy {
            self.push(Frame::TakeMore {
                op,
                at: floor,
                left: more,
            })?;
            return Ok(Some((op + 1, floor)));
        }
        let (_, end) = self.take(one, floor, more)?;
        // Behind the last repeat of a pattern there is nothing that could want less.
        let is_last = op + 2 == self.program.ops.len()
            && self.must_end.is_none()
            && self.must_not_end != Some(end);
        if greed == Greed::Greedy && end > floor && !is_last {
            self.push(Frame::GiveBack {
                op,
                least: floor,
                at: end,
            })?;
        }
        Ok(Some((op + 1, end)))
    }

    /// The next shorter end of a greedy repeat behind which the next instruction may match.
    fn give_back(
        &mut self,
        op: usize,
        least: usize,
        at: usize,
    ) -> Result<Option<usize>, OverBudget> {
        let wanted = match self.program.ops[op + 1] {
            Op::One(One::Code(code)) => Some(code),
            _ => None,
        };
        let mut at = at;
        while at > least
            && let Some((code, before)) = self.subject.previous(at)
        {
            self.budget.spend(1)?;
            at = before;
            if wanted.is_none_or(|wanted| wanted == code) {
                if at > least {
                    self.push(Frame::GiveBack { op, least, at })?;
                }
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// The next longer end of a lazy repeat.
    fn take_more(&mut self, op: usize, at: usize, left: u32) -> Result<Option<usize>, OverBudget> {
        let Op::OneRepeat { one, .. } = self.program.ops[op] else {
            return Ok(None);
        };
        match self.subject.next(at) {
            Some((code, after)) if left > 0 && self.matches(one, code) => {
                let left = if left == u32::MAX { left } else { left - 1 };
                self.push(Frame::TakeMore {
                    op,
                    at: after,
                    left,
                })?;
                Ok(Some(after))
            }
            _ => Ok(None),
        }
    }

    /// Matches a part and forgets its choices, but not how to undo its captures.
    fn as_a_whole(&mut self, op: usize, at: usize) -> Result<Option<usize>, OverBudget> {
        let base = self.frames.len();
        let end = self.run(op, at, false)?;
        if end.is_some() {
            let mut kept = base;
            for index in base..self.frames.len() {
                let frame = self.frames[index];
                let choice = matches!(
                    frame,
                    Frame::Resume { .. } | Frame::GiveBack { .. } | Frame::TakeMore { .. }
                );
                if !choice {
                    self.frames[kept] = frame;
                    kept += 1;
                }
            }
            self.frames.truncate(kept);
        }
        Ok(end)
    }

    fn possessive(
        &mut self,
        body: usize,
        at: usize,
        least: u32,
        most: u32,
    ) -> Result<Option<usize>, OverBudget> {
        let (mut at, mut rounds) = (at, 0);
        while rounds < least {
            match self.as_a_whole(body, at)? {
                Some(end) => at = end,
                None => return Ok(None),
            }
            rounds += 1;
        }
        let mut start = NOWHERE;
        while Program::has_rounds_left(rounds, most) && at != start {
            start = at;
            match self.as_a_whole(body, at)? {
                Some(end) => at = end,
                None => break,
            }
            rounds = rounds.saturating_add(1).min(u32::MAX - 1);
        }
        Ok(Some(at))
    }

    fn look(
        &mut self,
        body: usize,
        at: usize,
        behind: Option<u64>,
        negated: bool,
    ) -> Result<bool, OverBudget> {
        let mut from = at;
        for _ in 0..behind.unwrap_or(0) {
            self.budget.spend(1)?;
            match self.subject.previous(from) {
                Some((_, before)) => from = before,
                None => return Ok(negated),
            }
        }
        if !negated {
            return Ok(self.as_a_whole(body, from)?.is_some());
        }
        let base = self.frames.len();
        let found = self.run(body, from, false)?.is_some();
        // What a refused look captured is undone.
        while self.frames.len() > base {
            let Some(frame) = self.frames.pop() else {
                break;
            };
            self.restore(frame);
        }
        Ok(!found)
    }
}
