//! The journal as a value, and its grammar: which entry may follow which.
//!
//! Writing and reading go through one function, [`Journal::take`], so that what
//! is written can be read, and what is read could have been written.

use crate::chain::Tree;
use crate::{Answered, Asked, Close, Digest, Entry, Fault, Key, Leave, Outcome, Program, PublicKey, Run, Sign, Stop, Verdict};
use crate::{entry, hex, line, sha256};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use emulant_ask::{Answer, Ask, Request, Value};

/// Deepest value that is turned into text; a reader stops at about 120 brackets.
const NESTING_MAX: u32 = 100;

/// The record of one run.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    run: Option<Run>,
    exchanges: Vec<Exchange>,
    stops: Vec<Stop>,
    close: Option<Close>,
    /// Where the answer to an entry belongs, for each entry that waits for one.
    open: BTreeMap<u64, Open>,
    signs: Vec<(u64, PublicKey)>,
    next: u64,
    head: Digest,
    tree: Tree,
}

/// An ask, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Sequence number of the entry that asked.
    pub seq: u64,
    /// The ask.
    pub ask: Ask,
    /// Whether answering it may change the world outside.
    pub acts: bool,
    /// What the gate's stages said.
    pub verdicts: Vec<Verdict>,
    /// When it was asked, in microseconds since the epoch.
    pub at_us: u64,
    /// What people were asked about it.
    pub approvals: Vec<Approval>,
    /// That it left, where the ask does not say it; the last time, if it was sent again.
    pub left: Option<Leave>,
    /// The answer, once it is there.
    pub answer: Option<Settled>,
}

/// A person was asked about a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// Sequence number of the entry that asked.
    pub seq: u64,
    /// The sentence that the person saw.
    pub sentence: String,
    /// What the person said, once it is there: `True` approves.
    pub answer: Option<Settled>,
}

/// An answer with its place in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// Sequence number of its entry.
    pub seq: u64,
    /// The entry.
    pub entry: Answered,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    exchange: usize,
    approval: Option<usize>,
}

impl Exchange {
    /// What the program was told, once it was told.
    pub fn answered(&self) -> Option<&Answer> {
        self.answer.as_ref().map(|settled| &settled.entry.answer)
    }

    /// The approval that waits for a person.
    pub fn waits_for(&self) -> Option<&Approval> {
        self.approvals.iter().find(|approval| approval.answer.is_none())
    }

    /// Whether it may have acted without an answer on record: it must not be
    /// sent again unless a person says what happened.
    pub fn in_doubt(&self) -> bool {
        self.acts && self.answer.is_none() && self.was_let_through()
    }

    /// What the gate's stages said when it left and behind its answer, in order.
    pub fn later_verdicts(&self) -> impl Iterator<Item = &Verdict> {
        let left = self.left.iter().flat_map(|leave| &leave.verdicts);
        left.chain(self.answer.iter().flat_map(|settled| &settled.entry.verdicts))
    }

    fn was_let_through(&self) -> bool {
        if self.left.is_some() {
            return true;
        }
        let said = |outcome| self.verdicts.iter().any(|verdict| verdict.outcome == outcome);
        !said(Outcome::Refused) && (!said(Outcome::NeedsApproval) || self.approvals.iter().any(Approval::granted))
    }
}

impl Approval {
    /// Whether the person said yes.
    pub fn granted(&self) -> bool {
        let answer = self.answer.as_ref().map(|settled| &settled.entry.answer);
        matches!(answer, Some(Answer::Value { value: Value::Bool(true), .. }))
    }
}

impl Journal {
    /// An empty journal; append an [`Entry::Run`] first.
    pub fn new() -> Journal {
        Journal::default()
    }

    /// The journal that `lines` (each with its newline) are.
    ///
    /// # Errors
    /// The first line that does not belong there, and why.
    pub fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Journal, Fault> {
        let mut journal = Journal::new();
        for text in lines {
            let entry = line::read(text, journal.next, &journal.head)?;
            journal.take(entry, text)?;
        }
        Ok(journal)
    }

    /// Adds `entry` and gives the line to store, with its newline.
    ///
    /// # Errors
    /// When the entry may not stand here or cannot be read back (nested too
    /// deep, too long); the journal is as before.
    pub fn append(&mut self, entry: Entry) -> Result<String, Fault> {
        let text = self.line_of(&entry)?;
        // A line that could be written but not read would be lost for ever.
        line::read(&text, self.next, &self.head)?;
        self.take(entry, &text)?;
        Ok(text)
    }

    /// As [`Journal::append`], for a journal that nobody reads again: its lines are not tried.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn note(&mut self, entry: Entry) -> Result<(), Fault> {
        let text = self.line_of(&entry)?;
        self.take(entry, &text)
    }

    fn line_of(&self, entry: &Entry) -> Result<String, Fault> {
        if entry.values().into_iter().any(|value| entry::is_deep(value, NESTING_MAX)) {
            return Err(Fault::new(self.next + 1, format!("a value is nested deeper than {NESTING_MAX}")));
        }
        line::write(entry, self.next, &self.head)
    }

    /// Adds a checkpoint over all entries so far.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn checkpoint(&mut self, key: &Key) -> Result<String, Fault> {
        let sign = self.sign_with(key, Entry::Sign)?;
        self.append(Entry::Sign(sign))
    }

    /// Adds the end of the run, signed; `close.sign` is filled in.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn close(&mut self, mut close: Close, key: &Key) -> Result<String, Fault> {
        close.sign = self.sign_with(key, |sign| Entry::Close(Close { sign, ..close.clone() }))?;
        self.append(Entry::Close(close))
    }

    /// The opening.
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// All asks in creation order; the one with id `n` stands at `n`.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// The ask with this entry, or the one that this approval or answer is about.
    pub fn exchange_at(&self, seq: u64) -> Option<&Exchange> {
        let answered = |answer: &Option<Settled>| answer.as_ref().is_some_and(|settled| settled.seq == seq);
        self.exchanges.iter().find(|exchange| {
            exchange.seq == seq
                || answered(&exchange.answer)
                || exchange.approvals.iter().any(|approval| approval.seq == seq || answered(&approval.answer))
        })
    }

    /// Asks that may have acted without an answer on record.
    pub fn in_doubt(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().filter(|exchange| exchange.in_doubt())
    }

    /// Where the host stopped the program, in order.
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// The end, once it is written.
    pub fn ending(&self) -> Option<&Close> {
        self.close.as_ref()
    }

    /// Sequence number of the next entry.
    pub fn next_seq(&self) -> u64 {
        self.next
    }

    /// Digest of the last line.
    pub fn head(&self) -> &Digest {
        &self.head
    }

    /// Checkpoints: their sequence numbers and who signed them.
    pub fn signatures(&self) -> &[(u64, PublicKey)] {
        &self.signs
    }

    fn sign_with(&self, key: &Key, entry: impl Fn(Sign) -> Entry) -> Result<Sign, Fault> {
        let mut sign = Sign { root: hex(&self.tree.root()), key: key.public().to_hex(), signature: String::new() };
        let part = line::signed_part(&entry(sign.clone()), self.next, &self.head)?;
        sign.signature = key.sign(part.as_bytes());
        Ok(sign)
    }

    /// Adds an entry whose line is `text`, if it may stand here.
    fn take(&mut self, entry: Entry, text: &str) -> Result<(), Fault> {
        self.grammar(entry).map_err(|reason| Fault::new(self.next + 1, reason))?;
        self.head = sha256(text.as_bytes());
        self.tree.push(&self.head);
        self.next += 1;
        Ok(())
    }

    fn grammar(&mut self, entry: Entry) -> Result<(), String> {
        if self.close.is_some() {
            return Err("it stands behind the end of the run".into());
        }
        match (&self.run, entry) {
            (None, Entry::Run(run)) => self.take_run(run),
            (None, _) => Err("a journal begins with a run".into()),
            (Some(_), Entry::Run(_)) => Err("a journal has one run".into()),
            (Some(_), Entry::Ask(asked)) => self.take_ask(asked),
            (Some(_), Entry::Leave(leave)) => self.take_leave(leave),
            (Some(_), Entry::Answer(answered)) => self.take_answer(answered),
            (Some(_), Entry::Stop(stop)) => {
                self.stops.push(stop);
                Ok(())
            }
            (Some(_), Entry::Sign(sign)) => {
                let key = self.check_sign(&sign, &Entry::Sign(sign.clone()))?;
                self.signs.push((self.next, key));
                Ok(())
            }
            (Some(_), Entry::Close(close)) => {
                let key = self.check_sign(&close.sign, &Entry::Close(close.clone()))?;
                self.signs.push((self.next, key));
                self.close = Some(close);
                Ok(())
            }
        }
    }

    fn take_run(&mut self, run: Run) -> Result<(), String> {
        if run.program != Program::new(run.program.file.clone(), run.program.text.clone()) {
            return Err("the digest of the program is not that of its text".into());
        }
        if run.words != u64::from(emulant_ask::VERSION) {
            return Err(format!("its words are of version {}; this program reads version {}", run.words, emulant_ask::VERSION));
        }
        self.run = Some(run);
        Ok(())
    }

    fn take_ask(&mut self, asked: Asked) -> Result<(), String> {
        match &asked.ask.request {
            // An approval that the host asks for carries the id of its call, and
            // takes no place in the program's sequence of asks.
            Request::Approve { call, sentence } if *call == asked.ask.id => self.take_approval(*call, sentence.clone()),
            _ => self.take_exchange(asked),
        }
    }

    fn take_exchange(&mut self, asked: Asked) -> Result<(), String> {
        let Asked { ask, acts, verdicts, at_us } = asked;
        let seq = self.next;
        let expected = self.exchanges.len();
        if ask.id != expected as u64 {
            return Err(format!("the id of its ask is {}, expected {expected}", ask.id));
        }
        self.open.insert(seq, Open { exchange: expected, approval: None });
        self.exchanges.push(Exchange { seq, ask, acts, verdicts, at_us, approvals: Vec::new(), left: None, answer: None });
        Ok(())
    }

    fn take_approval(&mut self, call: u64, sentence: String) -> Result<(), String> {
        let seq = self.next;
        let index = usize::try_from(call).unwrap_or(usize::MAX);
        match self.exchanges.get_mut(index) {
            Some(exchange) if exchange.answer.is_none() => {
                self.open.insert(seq, Open { exchange: index, approval: Some(exchange.approvals.len()) });
                exchange.approvals.push(Approval { seq, sentence, answer: None });
                Ok(())
            }
            _ => Err(format!("it asks to approve call {call}, which is not open")),
        }
    }

    fn take_leave(&mut self, leave: Leave) -> Result<(), String> {
        let open = self.open.get(&leave.to).filter(|open| open.approval.is_none());
        match open.map(|open| &mut self.exchanges[open.exchange]) {
            Some(exchange) if exchange.acts => {
                exchange.left = Some(leave);
                Ok(())
            }
            _ => Err(format!("it lets entry {} leave, which is not an open call that acts", leave.to)),
        }
    }

    fn take_answer(&mut self, entry: Answered) -> Result<(), String> {
        let Some(open) = self.open.remove(&entry.to) else {
            return Err(format!("it answers entry {}, which is not an open ask", entry.to));
        };
        let exchange = &mut self.exchanges[open.exchange];
        let settled = Some(Settled { seq: self.next, entry });
        match open.approval {
            Some(index) => exchange.approvals[index].answer = settled,
            None => exchange.answer = settled,
        }
        Ok(())
    }

    fn check_sign(&self, sign: &Sign, entry: &Entry) -> Result<PublicKey, String> {
        if sign.root != hex(&self.tree.root()) {
            return Err("its root is not that of the lines before it".into());
        }
        let key = PublicKey::from_hex(&sign.key).ok_or("its key is malformed")?;
        let part = line::signed_part(entry, self.next, &self.head).map_err(|fault| fault.reason)?;
        match key.verify(part.as_bytes(), &sign.signature) {
            true => Ok(key),
            false => Err("its signature is wrong".into()),
        }
    }
}
