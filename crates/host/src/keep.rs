//! The journal of a run while it grows: in memory, and in the store if there is
//! one. What it accepted is stored before it returns.

use crate::answer::now_us;
use crate::store::{Image, RunState, Step, Store, StoreError};
use emulant_ask::Limit;
use emulant_journal::{Answered, Asked, Close, Digest, Entry, Exchange, Fault, Journal, Leave, Parent, Program, Run, Sign, Stop};
use std::fmt;

/// Version of the language's semantics, written into every journal. It rises when a program may run otherwise than
/// before: another output, other labels, sites or counts of instructions.
pub const SEMANTICS: u64 = 2;

/// Why a run could not go on: the host's own trouble, not the program's.
#[derive(Debug)]
pub enum RunError {
    /// The store failed.
    Store(StoreError),
    /// An entry cannot be written.
    Journal(Fault),
    /// There are no tools.
    Tools(String),
    /// The text given as an answer, a run or an entry does not fit.
    Usage(String),
    /// Whoever started the run wants it no more; it stays open.
    Interrupted,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Store(error) => write!(f, "{error}"),
            RunError::Journal(fault) => write!(f, "the journal: {fault}"),
            RunError::Tools(reason) | RunError::Usage(reason) => f.write_str(reason),
            RunError::Interrupted => f.write_str("interrupted; the run is open"),
        }
    }
}

impl std::error::Error for RunError {}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> RunError {
        RunError::Store(error)
    }
}

impl From<Fault> for RunError {
    fn from(fault: Fault) -> RunError {
        RunError::Journal(fault)
    }
}

/// How a run ended, as its closing entry says it.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) ending: emulant_journal::Ending,
    pub(crate) exit_status: u8,
    pub(crate) message: String,
    pub(crate) output_sha256: Digest,
    pub(crate) output_bytes: u64,
    pub(crate) instructions: u64,
}

/// A journal that grows.
pub struct Keeper {
    journal: Journal,
    id: String,
    store: Option<Store>,
}

impl Keeper {
    /// Begins the journal of a run.
    pub(crate) fn begin(opening: Opening, store: Option<Store>) -> Result<Keeper, RunError> {
        let started_us = now_us();
        let id = Store::new_id(started_us)?;
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|error| RunError::Tools(format!("the system has no random bytes: {error}")))?;
        let run = Run {
            run: id.clone(),
            program: opening.program,
            inputs: opening.inputs,
            limits: opening.limits,
            options: opening.options,
            semantics: SEMANTICS,
            words: u64::from(emulant_ask::VERSION),
            started_us,
            salt: emulant_journal::hex(&salt),
            parent: opening.parent,
        };
        let file = run.program.file.clone();
        let mut keeper = Keeper { journal: Journal::new(), id: id.clone(), store };
        match &mut keeper.store {
            Some(store) => {
                let line = keeper.journal.append(Entry::Run(run))?;
                store.begin(&id, &file, &line, started_us)?;
            }
            None => keeper.journal.note(Entry::Run(run))?,
        }
        Ok(keeper)
    }

    /// Goes on with a stored journal.
    pub(crate) fn reopen(store: Store, id: &str) -> Result<Keeper, RunError> {
        let journal = store.journal(id)?;
        Ok(Keeper { journal, id: id.into(), store: Some(store) })
    }

    /// The run's id; it names a stored run only when there is a store.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Is the journal stored?
    pub fn is_stored(&self) -> bool {
        self.store.is_some()
    }

    /// The store, if there is one.
    pub(crate) fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// Where the store keeps things.
    pub(crate) fn folder(&self) -> Option<&std::path::Path> {
        self.store.as_ref().map(Store::folder)
    }

    /// The journal so far.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// All asks so far.
    pub(crate) fn exchanges(&self) -> &[Exchange] {
        self.journal.exchanges()
    }

    /// Writes asks, all or none. `durable`: one of them may act.
    pub(crate) fn ask(&mut self, asks: Vec<Asked>, durable: bool) -> Result<(), RunError> {
        self.write(asks.into_iter().map(Entry::Ask).collect(), durable, None)
    }

    /// Writes that a call leaves, before it does.
    pub(crate) fn leave(&mut self, leave: Leave) -> Result<(), RunError> {
        self.write(vec![Entry::Leave(leave)], true, None)
    }

    /// Writes answers, all or none.
    pub(crate) fn answer(&mut self, answers: Vec<Answered>, durable: bool) -> Result<(), RunError> {
        self.write(answers.into_iter().map(Entry::Answer).collect(), durable, None)
    }

    /// Notes whether the run waits.
    pub(crate) fn state(&mut self, state: RunState) -> Result<(), RunError> {
        self.write(Vec::new(), true, Some(state))
    }

    /// Keeps the suspended run as it is now, in place of an earlier image.
    pub(crate) fn keep_image(&mut self, bytes: &[u8]) -> Result<(), RunError> {
        let seq = self.journal.next_seq();
        match &mut self.store {
            Some(store) => Ok(store.step(&self.id, Step { seq, image: Some(bytes), ..Step::default() })?),
            None => Ok(()),
        }
    }

    /// The last image that was kept. One that is damaged is as good as none: the journal has everything.
    pub(crate) fn image(&self) -> Option<Image> {
        let image = self.store.as_ref()?.image(&self.id).ok().flatten()?;
        (image.seq <= self.journal.next_seq()).then_some(image)
    }

    /// Notes that the host stopped the program at this count of instructions.
    pub(crate) fn stop(&mut self, instructions: u64, reason: &str) -> Result<(), RunError> {
        self.write(vec![Entry::Stop(Stop { instructions, reason: reason.into() })], true, None)
    }

    /// Writes the signed end.
    pub(crate) fn close(&mut self, finished: &Finished) -> Result<(), RunError> {
        let Some(store) = &mut self.store else { return Ok(()) };
        let close = Close {
            ending: finished.ending,
            exit_status: finished.exit_status,
            message: finished.message.clone(),
            output_sha256: emulant_journal::hex(&finished.output_sha256),
            output_bytes: finished.output_bytes,
            instructions: finished.instructions,
            ended_us: now_us(),
            sign: Sign::blank(),
        };
        let key = store.key()?;
        let seq = self.journal.next_seq();
        let line = self.journal.close(close, &key)?;
        store.step(&self.id, Step { lines: &[line], seq, state: Some(RunState::Done), durable: true, ..Step::default() })?;
        Ok(store.drop_images(&self.id)?)
    }

    fn write(&mut self, entries: Vec<Entry>, durable: bool, state: Option<RunState>) -> Result<(), RunError> {
        let seq = self.journal.next_seq();
        // One entry is taken or not; of several, the first ones may be taken before one is not.
        let before = (entries.len() > 1).then(|| self.journal.clone());
        let mut lines = Vec::new();
        for entry in entries {
            match self.journal.append(entry) {
                Ok(line) => lines.push(line),
                Err(fault) => {
                    if let Some(before) = before {
                        self.journal = before;
                    }
                    return Err(fault.into());
                }
            }
        }
        if let Some(store) = &mut self.store {
            store.step(&self.id, Step { lines: &lines, seq, state, durable, ..Step::default() })?;
        }
        Ok(())
    }
}

/// What a journal begins with.
pub(crate) struct Opening {
    pub(crate) program: Program,
    pub(crate) inputs: Vec<(String, emulant_ask::Value)>,
    pub(crate) limits: emulant_ask::Limits,
    pub(crate) options: emulant_ask::Value,
    pub(crate) parent: Option<Parent>,
}

/// A limit as a person reads it.
pub fn limit_text(limit: Limit) -> &'static str {
    match limit {
        Limit::Instructions => "the limit of instructions is reached",
        Limit::Memory => "the limit of memory is reached",
        Limit::Output => "the limit of output is reached",
        Limit::Asks => "the limit of asks is reached",
        Limit::Seconds => "the limit of seconds is reached",
    }
}
