//! A language model in this process: no server, no key, no network.
//!
//! A batch goes through in few passes. Questions are sorted and grouped; what a
//! group shares is computed once and kept for later batches, the rest is one tree
//! whose branches do not see each other. Closed types are then scored: the
//! probability of each allowed value, read off where values part. All other types
//! are written token by token inside a grammar, the whole group in step.

mod kernels;
mod network;
mod vocabulary;
mod tree;
mod prefixes;
mod snapshot;
mod plan;
mod write;
mod chat;
mod valid;
mod speed;

use crate::{Backend, Chat, Heard, ModelError, Options, Progress, Said, Watcher, calibrate::to_ppm, prompt, weights};
use candle_core::quantized::gguf_file;
use emulant_ask::{Answer, AnswerDetail, Hole, Value};
use llguidance::ParserFactory;
use network::{Memory, Network, Pass};
use plan::{Grammars, Question};
use prefixes::Prefixes;
use snapshot::Snapshot;
use std::{
    collections::HashMap,
    fs::File,
    io::BufReader,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Instant,
};
use tree::Tree;
use vocabulary::Vocabulary;

pub use speed::Speed;
pub use valid::random_shape;

/// Tokens of one pass beyond which a group is cut in two; bounds memory.
const PASS_TOKENS_MAX: usize = 384;

/// Holes that are prepared at the same time; bounds memory too.
const HOLES_MAX: usize = 256;

/// A model whose weights are in memory.
pub struct Local {
    engine: Engine,
    by: String,
    options: Options,
    watcher: Option<Watcher>,
    /// To be written when the beginning of all questions has been computed.
    missing: Option<Snapshot>,
}

/// What computes, apart from what watches.
struct Engine {
    network: Network,
    vocabulary: Vocabulary,
    grammars: ParserFactory,
    prefixes: Prefixes,
}

/// Why a group has no answers.
enum Trouble {
    /// The watcher wants no more.
    Stopped,
    /// The computation failed.
    Broken(String),
}

impl From<candle_core::Error> for Trouble {
    fn from(error: candle_core::Error) -> Trouble {
        Trouble::Broken(error.to_string())
    }
}

impl Local {
    /// Loads the GGUF file at `path`; its SHA-256 is computed first, because answers name it.
    ///
    /// # Errors
    /// The file cannot be read, is no sound GGUF, or is of a kind that cannot run here.
    pub fn open(path: &Path, options: &Options, progress: &mut dyn FnMut(&Progress)) -> Result<Local, ModelError> {
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        progress(&Progress::Checking { name: name.clone() });
        let sha256 = weights::sha256_of(path)?;
        Local::load(&name, &sha256, path, options, progress)
    }

    /// Loads weights that [`crate::pull`] has checked.
    ///
    /// # Errors
    /// As [`Local::open`].
    pub fn open_pinned(entry: &weights::Entry, path: &Path, options: &Options, progress: &mut dyn FnMut(&Progress)) -> Result<Local, ModelError> {
        let mut local = Local::load(&entry.name, &entry.sha256, path, options, progress)?;
        local.remember(path.with_extension("beginning"), &entry.sha256);
        Ok(local)
    }

    /// Takes what every question begins with from `path`, or plans to put it there.
    fn remember(&mut self, path: PathBuf, sha256: &str) {
        let tokens = self.engine.vocabulary.text(prompt::PREAMBLE);
        let snapshot = Snapshot::new(path, tokens, sha256);
        match snapshot.read(&self.engine.network) {
            Some(memory) => self.engine.prefixes.insert(snapshot.tokens().to_vec(), memory),
            None => self.missing = Some(snapshot),
        }
    }

    fn load(name: &str, sha256: &str, path: &Path, options: &Options, progress: &mut dyn FnMut(&Progress)) -> Result<Local, ModelError> {
        progress(&Progress::Loading { name: name.into() });
        // A malformed file may trip an assertion of the reader; it is still only a bad file.
        let loaded = catch_unwind(|| Engine::load(path));
        let engine = loaded.unwrap_or_else(|_| Err(ModelError::Format(format!("{} is damaged", path.display()))))?;
        let by = format!("{name}@{}", sha256.get(..12).unwrap_or(sha256));
        Ok(Local { engine, by, options: options.clone(), watcher: None, missing: None })
    }

    fn answer_all(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        let Local { engine, by, options, watcher, missing } = self;
        let mut told = Told { watcher, written: 0, done: 0, of: holes.len(), stopped: false };
        if let Some(snapshot) = missing.take() {
            // If this fails, so will the questions, which then say why.
            let step = &mut || told.tell_written(0);
            if let Ok(memory) = engine.prefixes.compute(&engine.network, snapshot.tokens(), Memory::default(), step) {
                snapshot.write(&memory);
            }
        }
        holes.chunks(HOLES_MAX).flat_map(|part| engine.answer_part(part, by, options, &mut told)).collect()
    }
}

impl Backend for Local {
    fn identity(&self) -> String {
        self.by.clone()
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        catch_unwind(AssertUnwindSafe(|| self.answer_all(holes))).unwrap_or_else(|_| {
            self.engine.prefixes.forget();
            let reason = format!("{} failed: an assertion inside the engine does not hold", self.by);
            vec![Answer::Failed { reason }; holes.len()]
        })
    }

    fn watch(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
    }

    fn decoding(&self) -> String {
        format!("local tokens={}", self.options.answer_tokens_max)
    }

    fn chat(&mut self, request: &Chat, heard: Heard<'_>) -> Result<Said, String> {
        catch_unwind(AssertUnwindSafe(|| self.chat_with(request, heard))).unwrap_or_else(|_| {
            self.engine.prefixes.forget();
            Err(format!("{} failed: an assertion inside the engine does not hold", self.by))
        })
    }
}

/// The watcher, and what it was told.
struct Told<'a> {
    watcher: &'a mut Option<Watcher>,
    written: u64,
    done: usize,
    of: usize,
    /// The watcher wants no more.
    stopped: bool,
}

impl Told<'_> {
    fn tell(&mut self, progress: &Progress) -> Result<(), Trouble> {
        match self.watcher.as_mut().map(|watcher| watcher(progress)) {
            Some(ControlFlow::Break(())) => {
                self.stopped = true;
                Err(Trouble::Stopped)
            }
            _ => Ok(()),
        }
    }

    fn tell_done(&mut self, more: usize) {
        self.done += more;
        // A wish to stop is kept, and heeded before the next group.
        let _ = self.tell(&Progress::Answered { done: self.done, of: self.of });
    }

    fn tell_written(&mut self, tokens: usize) -> Result<(), Trouble> {
        self.written += tokens as u64;
        self.tell(&Progress::Written { tokens: self.written })
    }
}

/// What came out for one question.
enum Outcome {
    Value { value: Value, confidence: f64, probabilities: Vec<(Value, f64)>, tokens_out: u64 },
    Failed(String),
}

impl Outcome {
    fn answer(&self, by: &str, tokens_in: u64, time_us: u64) -> Answer {
        match self {
            Outcome::Value { value, confidence, probabilities, tokens_out } => Answer::Value {
                value: value.clone(),
                detail: AnswerDetail {
                    confidence_ppm: Some(to_ppm(*confidence)),
                    probabilities: probabilities.iter().map(|(value, p)| (value.clone(), to_ppm(*p))).collect(),
                    by: by.into(),
                    tokens_in,
                    tokens_out: *tokens_out,
                    time_us,
                    ..AnswerDetail::default()
                },
            },
            Outcome::Failed(reason) => Answer::Failed { reason: format!("{by}: {reason}") },
        }
    }
}

/// Cuts the questions into groups that fit into one pass, neighbours together.
fn groups(mut questions: Vec<Question>) -> Vec<Vec<Question>> {
    questions.sort_by(|a, b| a.tokens.cmp(&b.tokens));
    let mut groups: Vec<Vec<Question>> = Vec::new();
    for question in questions {
        match groups.last_mut() {
            Some(group) if pass_tokens(group, &question) <= PASS_TOKENS_MAX => group.push(question),
            _ => groups.push(vec![question]),
        }
    }
    groups
}

/// At most so many tokens has the pass of `group` and `further` behind what they share.
fn pass_tokens(group: &[Question], further: &Question) -> usize {
    let all = || group.iter().chain([further]);
    let texts: Vec<&[u32]> = all().map(|question| question.tokens.as_slice()).collect();
    let shared = tree::shared(&texts);
    // Sorted texts share most with their neighbour.
    let own = |pair: &[&[u32]]| pair[1].len() - tree::shared(pair).min(pair[1].len());
    let first = texts.first().map_or(0, |text| text.len() - shared);
    first + texts.windows(2).map(own).sum::<usize>() + all().map(Question::branch_tokens).sum::<usize>()
}

impl Engine {
    fn load(path: &Path) -> Result<Engine, ModelError> {
        let file = File::open(path).map_err(|error| ModelError::disk("open", path, &error))?;
        let mut reader = BufReader::new(file);
        let bad = |error: candle_core::Error| ModelError::Format(format!("{} cannot be used: {error}", path.display()));
        let content = gguf_file::Content::read(&mut reader).map_err(bad)?;
        let vocabulary = Vocabulary::load(&content).map_err(bad)?;
        let network = Network::load(&content, &mut reader).map_err(bad)?;
        let grammars = ParserFactory::new_simple(&vocabulary.environment());
        let mut grammars = grammars.map_err(|error| ModelError::Unsupported(format!("{}: {error}", path.display())))?;
        grammars.quiet();
        Ok(Engine { network, vocabulary, grammars, prefixes: Prefixes::default() })
    }

    /// One answer for each hole, in their order.
    fn answer_part(&mut self, holes: &[&Hole], by: &str, options: &Options, told: &mut Told) -> Vec<Answer> {
        let (mut answers, questions) = self.questions(holes, options);
        for group in groups(questions) {
            let started = Instant::now();
            let asked: Vec<(Vec<usize>, u64)> = group.iter().map(|question| (question.holes.clone(), question.tokens.len() as u64)).collect();
            let results = if told.stopped { Err(Trouble::Stopped) } else { self.answer_group(group, options, told) };
            let holes: usize = asked.iter().map(|(holes, _)| holes.len()).sum();
            let time_us = started.elapsed().as_micros() as u64 / holes.max(1) as u64;
            for (position, (indexes, tokens_in)) in asked.into_iter().enumerate() {
                let answer = match &results {
                    Ok(results) => results[position].answer(by, tokens_in, time_us),
                    Err(Trouble::Stopped) => Answer::Stopped,
                    Err(Trouble::Broken(reason)) => Answer::Failed { reason: format!("{by} failed: {reason}") },
                };
                indexes.into_iter().for_each(|index| answers[index] = Some(answer.clone()));
            }
            told.tell_done(holes);
        }
        answers.into_iter().map(|answer| answer.expect("each hole is in a group or has failed before")).collect()
    }

    /// The questions of `holes`, equal ones once, and the answers that need none.
    fn questions(&self, holes: &[&Hole], options: &Options) -> (Vec<Option<Answer>>, Vec<Question>) {
        let mut answers: Vec<Option<Answer>> = vec![None; holes.len()];
        let mut questions: Vec<Question> = Vec::new();
        let mut known: HashMap<(Vec<u32>, String), usize> = HashMap::new();
        let mut grammars = Grammars::default();
        for (index, hole) in holes.iter().enumerate() {
            match self.question(hole, options, &mut grammars) {
                Ok(question) => {
                    let place = *known.entry(question.key()).or_insert(questions.len());
                    if place == questions.len() {
                        questions.push(question);
                    }
                    questions[place].holes.push(index);
                }
                Err(answer) => answers[index] = Some(*answer),
            }
        }
        (answers, questions)
    }

    /// One outcome for each question, in their order.
    fn answer_group(&mut self, mut group: Vec<Question>, options: &Options, told: &mut Told) -> Result<Vec<Outcome>, Trouble> {
        let texts: Vec<&[u32]> = group.iter().map(|question| question.tokens.as_slice()).collect();
        let shared = texts[0][..tree::shared(&texts)].to_vec();
        let prefix = self.prefixes.extend(&self.network, &shared, &mut || told.tell_written(0))?;
        let mut batch = Batch { network: &self.network, start: prefix.tokens(), prefix, tree: Tree::default(), memory: Memory::default() };
        let mut wanted = Vec::new();
        for question in &mut group {
            let end = batch.tree.insert(None, &question.tokens[batch.start..]).expect("each text keeps a token of its own");
            question.place(end, &mut batch.tree, &mut wanted);
        }
        let scores = batch.compute(wanted)?;
        self.prefixes.keep(&shared, &batch.prefix, &batch.memory)?;
        let mut outcomes: Vec<Option<Outcome>> = group.iter().map(|question| question.choose(&scores)).collect();
        let writers: Vec<(usize, write::Writer)> =
            group.into_iter().enumerate().flat_map(|(index, question)| question.writers().into_iter().map(move |writer| (index, writer))).collect();
        let mut drafts: Vec<Vec<Outcome>> = outcomes.iter().map(|_| Vec::new()).collect();
        let written = write::write_all(&mut batch, &self.vocabulary, writers, scores, options.answer_tokens_max, told)?;
        written.into_iter().for_each(|(index, outcome)| drafts[index].push(outcome));
        outcomes.iter_mut().zip(drafts).filter(|(outcome, _)| outcome.is_none()).for_each(|(outcome, drafts)| *outcome = plan::counted(drafts));
        Ok(outcomes.into_iter().map(|outcome| outcome.expect("a question is chosen or written")).collect())
    }
}

/// One group on its way: a prefix, the tree behind it, and what was computed of it.
struct Batch<'a> {
    network: &'a Network,
    prefix: Memory,
    /// Tokens of the prefix.
    start: usize,
    tree: Tree,
    memory: Memory,
}

/// What may follow each node that was asked for.
type Scores = HashMap<u32, Vec<f32>>;

impl Batch<'_> {
    /// Computes all nodes that are new in the tree.
    fn compute(&mut self, mut wanted: Vec<u32>) -> Result<Scores, Trouble> {
        let done = self.memory.tokens();
        let new = done as u32..self.tree.len() as u32;
        wanted.sort_unstable();
        wanted.dedup();
        let rows: Vec<u32> = wanted.iter().map(|node| node - new.start).collect();
        let positions: Vec<usize> = new.clone().map(|node| self.start + self.tree.depth(node)).collect();
        let sees: Vec<Vec<bool>> = new.map(|node| self.tree.sees(node)).collect();
        let pass = Pass { prefix: &self.prefix, tokens: &self.tree.tokens[done..], positions: &positions, sees: &sees, wanted: &rows };
        let scores = self.network.forward(&pass, &mut self.memory)?;
        Ok(wanted.into_iter().zip(scores).collect())
    }
}

#[cfg(test)]
mod tests;
