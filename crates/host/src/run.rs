//! The loop: a program runs until it asks, the gate judges, the journal keeps,
//! somebody answers, and the program goes on.
//!
//! One path serves new runs, forks, and runs that another process began: asks
//! that the journal already holds get their recorded answers, the others live
//! ones. So resuming is running again, with the world silent until the record ends.

use crate::answer::{self, World};
use crate::image::Suspended;
use crate::{kept, narrow, undo};
use crate::manifest::Manifest;
use crate::keep::{Finished, Keeper, Opening, RunError, limit_text};
use crate::options::{Approve, RunOptions};
use crate::record::verdicts;
use crate::report::Report;
use crate::rules::Rules;
use crate::secrets::Secrets;
use crate::store::{RunState, Store};
use emulant_ask::{Answer, Ask, Call, Hole, HoleKind, Limit, Predicate, Request, Shape, Value};
use emulant_compile::CompileError;
use emulant_gate::{Approval, Bound, Declaration, Effect, Outcome as Judgement};
use emulant_journal::{Answered, Asked, Ending, Exchange, Leave, Parent, Program, Verdict};
use emulant_machine::code::Code;
use emulant_machine::image::CodeName;
use emulant_machine::{Machine, Reply, Step, Stream, Uncaught};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Instructions between two looks at the clock, about a tenth of a second. What a program wrote is shown then.
pub(crate) const SLICE: u64 = 10_000_000;
/// An image is kept when running again from the last one would cost this many instructions,
const IMAGE_INSTRUCTIONS: u64 = 20_000_000;
/// where a recorded ask costs as much as so many,
const ASK_INSTRUCTIONS: u64 = 100_000;
/// and a byte of the last image, which had to be written, as so many.
const BYTE_INSTRUCTIONS: u64 = 10;
/// Larger images are not kept.
const IMAGE_BYTES_MAX: usize = 256 << 20;

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The run's id, when its journal is stored.
    pub run: Option<String>,
    /// How it ended, or what it waits for.
    pub result: RunResult,
    /// What it took.
    pub report: Report,
    /// The entry where an image let it go on, when it did not have to run from its start.
    pub resumed_at: Option<u64>,
    /// What the program's forms of holes told the host, by name: functions that were accepted.
    pub notes: Vec<(String, Value)>,
}

/// How a run ended, or what it waits for.
#[derive(Debug)]
pub enum RunResult {
    /// The program ended with this exit status.
    Done {
        /// As the program gave it.
        status: i32,
    },
    /// An exception was not caught.
    Raised(Box<Uncaught>),
    /// A budget ran out.
    Limit(Limit),
    /// The text is no program, or one that we cannot run.
    Rejected(CompileError),
    /// A person must say something first.
    Waiting(Vec<Waiting>),
}

/// What a run waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The entry to answer.
    pub seq: u64,
    /// What is asked, for a person.
    pub sentence: String,
    /// Was the call let through by a process that died before its answer was written? It may
    /// have happened or not.
    pub in_doubt: bool,
}

impl RunResult {
    /// The exit status that the run deserves.
    pub fn exit_status(&self) -> u8 {
        match self {
            RunResult::Done { status } => u8::try_from((*status).clamp(0, 63)).unwrap_or(63),
            RunResult::Raised(uncaught) if uncaught.is_ask => 67,
            RunResult::Raised(_) => 1,
            RunResult::Rejected(_) => 65,
            RunResult::Limit(_) => 66,
            RunResult::Waiting(_) => 75,
        }
    }

    /// One line that says how it ended; empty for an ordinary end.
    pub fn message(&self) -> String {
        match self {
            RunResult::Done { .. } => String::new(),
            RunResult::Raised(uncaught) if uncaught.message.is_empty() => uncaught.class.clone(),
            RunResult::Raised(uncaught) => format!("{}: {}", uncaught.class, uncaught.message),
            RunResult::Limit(limit) => limit_text(*limit).into(),
            RunResult::Rejected(error) => format!("{}: {}", error.kind.name(), error.message),
            RunResult::Waiting(waiting) => waiting.iter().map(|w| w.sentence.clone()).collect::<Vec<_>>().join("; "),
        }
    }

    /// The word for it in reports.
    pub fn name(&self) -> &'static str {
        match self {
            RunResult::Done { status: 0 } => "done",
            RunResult::Done { .. } => "exit",
            RunResult::Raised(_) => "raised",
            RunResult::Limit(_) => "limit",
            RunResult::Rejected(_) => "rejected",
            RunResult::Waiting(_) => "waiting",
        }
    }

    pub(crate) fn ending(&self) -> Ending {
        match self {
            RunResult::Done { status: 0 } => Ending::Done,
            RunResult::Done { .. } => Ending::Exit,
            RunResult::Raised(_) => Ending::Raised,
            RunResult::Limit(_) => Ending::Limit,
            RunResult::Rejected(_) | RunResult::Waiting(_) => Ending::Rejected,
        }
    }
}

/// Runs a program. With a store, its journal is kept there.
///
/// # Errors
/// The host's own trouble: no tools, no disk. The program's troubles are outcomes.
pub fn run(options: RunOptions, store: Option<Store>, world: World<'_>) -> Result<Outcome, RunError> {
    run_below(options, store, world, None)
}

/// As [`run`], for a run that belongs to another.
pub(crate) fn run_below(mut options: RunOptions, store: Option<Store>, world: World<'_>, parent: Option<Parent>) -> Result<Outcome, RunError> {
    let tools = world.tools.declare().map_err(RunError::Tools)?;
    if options.manifest == Manifest::default() {
        options.manifest = world.tools.manifest();
    }
    // What cannot be judged must not even begin.
    let judged = kept_by(store.as_ref(), judged(&options, &tools));
    let rules = Rules::new(&options, &judged, &[], world.tools.schemas()).map_err(RunError::Tools)?;
    let keeper = open(&options, &tools, store, parent)?;
    Runner::new(options, tools, judged, keeper, rules, world).go(BTreeSet::new())
}

/// Goes on with a run that waits or was killed, in this process. Asks in `settled`
/// were just answered by a person, so that what they let through has not happened yet.
pub(crate) fn go_on(keeper: Keeper, settled: BTreeSet<u64>, world: World<'_>) -> Result<Outcome, RunError> {
    let run = keeper.journal().run().ok_or_else(|| RunError::Usage("the journal is empty".into()))?;
    let (options, tools) = RunOptions::of_run(run);
    // Started now, so that a tool that is gone is told before anything runs.
    world.tools.declare().map_err(RunError::Tools)?;
    let judged = judged(&options, &tools);
    let rules = Rules::new(&options, &judged, keeper.exchanges(), world.tools.schemas()).map_err(RunError::Tools)?;
    let judged = kept_by(keeper.store(), judged);
    Runner::new(options, tools, judged, keeper, rules, world).go(settled)
}

pub(crate) fn open(options: &RunOptions, tools: &[Declaration], store: Option<Store>, parent: Option<Parent>) -> Result<Keeper, RunError> {
    let opening = Opening {
        program: Program::new(options.file.clone(), options.text.clone()),
        inputs: options.inputs.clone(),
        limits: options.limits,
        options: options.to_value(tools),
        parent,
    };
    Keeper::begin(opening, store)
}

/// A run in progress.
struct Runner<'w> {
    options: RunOptions,
    tools: Vec<Declaration>,
    /// The same with the tools of the library's modules, as the gate knows them.
    judged: Vec<Declaration>,
    keeper: Keeper,
    rules: Rules,
    secrets: Secrets,
    world: World<'w>,
    started: Instant,
    /// Asks with smaller ids were in the journal when this process took over.
    recorded: usize,
    /// Recorded asks that were let through only now, see [`go_on`].
    settled: BTreeSet<u64>,
    output: Sha256,
    output_bytes: u64,
    /// Asks with smaller ids were made in this process too.
    reached: u64,
    resumed_at: Option<u64>,
    /// Instructions, asks and bytes of the last image.
    imaged: (u64, u64, u64),
    notes: Vec<(String, Value)>,
}

/// All tools that the gate knows.
pub(crate) fn judged(options: &RunOptions, tools: &[Declaration]) -> Vec<Declaration> {
    tools.iter().cloned().chain(options.system_tools()).collect()
}

/// Where nothing is kept, nothing can be taken back: the gate must not say so.
fn kept_by(store: Option<&Store>, mut tools: Vec<Declaration>) -> Vec<Declaration> {
    if store.is_none() {
        let undoable = |tool: &&mut Declaration| matches!(tool.contract.effect, Effect::Staged | Effect::Inverse);
        tools.iter_mut().filter(undoable).for_each(|tool| tool.contract.effect = Effect::Irreversible);
    }
    tools
}

/// An answer, or a person is needed.
enum Settling {
    Answered(Answer, Vec<Verdict>),
    Waits(Waiting),
}

impl<'w> Runner<'w> {
    fn new(mut options: RunOptions, tools: Vec<Declaration>, judged: Vec<Declaration>, keeper: Keeper, rules: Rules, world: World<'w>) -> Runner<'w> {
        options.allowed = options.granted();
        let recorded = keeper.exchanges().len();
        let secrets = Secrets::new(&options.manifest.secrets);
        Runner {
            options, tools, judged, keeper, rules, secrets, world, recorded,
            started: Instant::now(), settled: BTreeSet::new(), output: Sha256::new(), output_bytes: 0, reached: 0, resumed_at: None, imaged: (0, 0, 0), notes: Vec::new(),
        }
    }

    fn go(mut self, settled: BTreeSet<u64>) -> Result<Outcome, RunError> {
        self.settled = settled;
        self.recall();
        let code = match emulant_compile::compile(&self.options.text, &self.options.compile_options(&self.tools)) {
            Ok(code) => code,
            Err(error) => return self.finish(RunResult::Rejected(error), 0),
        };
        self.drive(code)
    }

    /// What another process wrote into its private layer and into databases in memory is written into this one's.
    fn recall(&mut self) {
        for exchange in self.keeper.exchanges() {
            if let (Request::Call(call), Some(Answer::Value { .. })) = (&exchange.ask.request, exchange.answered()) {
                self.world.tools.recall(call);
            }
        }
    }

    /// The asks before an image are not made again: the model hears their answers here.
    fn recall_holes(&mut self, before: u64) {
        for exchange in self.keeper.exchanges().iter().take_while(|exchange| exchange.ask.id < before) {
            if let (Request::Emulate(hole), Some(answer)) = (&exchange.ask.request, exchange.answered()) {
                self.world.model.recall(hole, answer);
            }
        }
    }

    fn drive(mut self, code: Arc<Code>) -> Result<Outcome, RunError> {
        let (mut machine, mut step) = match self.from_image(&code) {
            Some((machine, ask)) => {
                self.recall_holes(ask.id);
                (machine, Step::Asks(vec![ask]))
            }
            None => {
                let mut machine = Machine::new(emulant_stdlib::library(), self.options.limits, self.options.machine_options(&self.tools));
                machine.pause_every(SLICE);
                let step = machine.start(code);
                (machine, step)
            }
        };
        loop {
            if let Step::Asks(asks) = &step {
                self.reached = asks.iter().map(|ask| ask.id + 1).chain([self.reached]).max().unwrap_or(0);
            }
            let shown_before = self.shown_before(&step);
            self.emit(machine.take_output(), shown_before);
            self.heed()?;
            let result = match step {
                Step::Paused if self.out_of_time() => {
                    // A replay that is limited to one instruction less ends at this very place.
                    let instructions = machine.instructions().saturating_sub(1);
                    self.keeper.stop(instructions, limit_text(Limit::Seconds))?;
                    return self.finish(RunResult::Limit(Limit::Seconds), instructions);
                }
                Step::Paused => {
                    step = machine.go_on();
                    continue;
                }
                Step::Asks(asks) => {
                    self.journal_asks(&asks)?;
                    self.keep_image(&machine, &asks)?;
                    match self.reply_to(&asks)? {
                        Ok(replies) => {
                            step = machine.resume(replies);
                            continue;
                        }
                        Err(waiting) => {
                            self.write_image(&machine)?;
                            RunResult::Waiting(waiting)
                        }
                    }
                }
                Step::Done { status } => RunResult::Done { status },
                Step::Raised(uncaught) => RunResult::Raised(uncaught),
                Step::Limit(limit) => RunResult::Limit(limit),
            };
            self.notes = machine.take_notes();
            return self.finish(result, machine.instructions());
        }
    }

    /// Output before a recorded ask was shown when the ask was recorded.
    fn shown_before(&self, step: &Step) -> bool {
        match step {
            Step::Asks(asks) => asks.iter().any(|ask| self.is_recorded(ask.id)),
            Step::Paused => self.is_recorded(self.reached),
            _ => false,
        }
    }

    // ---- images

    /// The machine as its last image has it, and the ask that it waits for. `None` when there is no image that fits:
    /// none was made yet, another version made it, somebody changed it.
    fn from_image(&mut self, program: &Arc<Code>) -> Option<(Machine, Ask)> {
        let bytes = self.keeper.image()?.bytes;
        let suspended = Suspended::read(&bytes)?;
        let codes = |wanted: &CodeName| self.code_of(program, wanted);
        let mut machine = Machine::from_image(suspended.machine, emulant_stdlib::library(), &codes).ok()?;
        machine.set_settings(self.options.settings.clone());
        machine.pause_every(SLICE);
        let exchange = self.exchange(machine.waits_for()?).ok()?;
        let (ask, seq) = (exchange.ask.clone(), exchange.seq);
        (self.output, self.output_bytes) = (suspended.output, suspended.output_bytes);
        (self.resumed_at, self.imaged) = (Some(seq), (machine.instructions(), ask.id, bytes.len() as u64));
        Some((machine, ask))
    }

    /// The program, or what one of its `compile` asks gave.
    fn code_of(&self, program: &Arc<Code>, wanted: &CodeName) -> Option<Arc<Code>> {
        if CodeName::of(program) == *wanted {
            return Some(program.clone());
        }
        let texts = self.keeper.exchanges().iter().filter_map(|exchange| match &exchange.ask.request {
            Request::Compile(compile) if compile.file == wanted.file => Some(compile),
            _ => None,
        });
        texts.filter_map(|compile| match answer::compiled(compile) {
            Reply::Code(code) => Some(code),
            _ => None,
        }).find(|code| CodeName::of(code) == *wanted)
    }

    /// Keeps an image when going on without one would take long.
    fn keep_image(&mut self, machine: &Machine, asks: &[Ask]) -> Result<(), RunError> {
        let [ask] = asks else { return Ok(()) };
        let (instructions, asked, bytes) = self.imaged;
        let price = (machine.instructions() - instructions).saturating_add(ASK_INSTRUCTIONS * (ask.id - asked));
        if self.is_recorded(ask.id) || price < IMAGE_INSTRUCTIONS + BYTE_INSTRUCTIONS * bytes {
            return Ok(());
        }
        self.write_image(machine)
    }

    fn write_image(&mut self, machine: &Machine) -> Result<(), RunError> {
        // The answer to a hole becomes known for the whole run, under a name that images do not keep.
        let is_hole = |id| self.exchange(id).is_ok_and(|exchange| matches!(exchange.ask.request, Request::Emulate(_)));
        let Some(ask) = machine.waits_for().filter(|id| !is_hole(*id)) else { return Ok(()) };
        let Ok(image) = machine.image() else { return Ok(()) };
        self.imaged = (machine.instructions(), ask, image.len() as u64);
        if image.len() > IMAGE_BYTES_MAX || !self.keeper.is_stored() {
            return Ok(());
        }
        self.keeper.keep_image(&Suspended { output: self.output.clone(), output_bytes: self.output_bytes, machine: &image }.write())
    }

    fn emit(&mut self, output: Vec<(Stream, String)>, shown_before: bool) {
        for (stream, text) in output {
            if stream == Stream::Out {
                self.output.update(text.as_bytes());
                self.output_bytes += text.len() as u64;
            }
            if !shown_before {
                (self.world.sink)(stream, &text);
            }
        }
    }

    fn is_recorded(&self, id: u64) -> bool {
        usize::try_from(id).is_ok_and(|id| id < self.recorded)
    }

    fn finish(mut self, result: RunResult, instructions: u64) -> Result<Outcome, RunError> {
        let digest: [u8; 32] = self.output.clone().finalize().into();
        match &result {
            RunResult::Waiting(_) => self.keeper.state(RunState::Waiting)?,
            ended => self.keeper.close(&Finished {
                ending: ended.ending(),
                exit_status: ended.exit_status(),
                message: ended.message(),
                output_sha256: digest,
                output_bytes: self.output_bytes,
                instructions,
            })?,
        }
        let run = self.keeper.is_stored().then(|| self.keeper.id().to_string());
        let report = Report::new(run.clone(), &result, self.keeper.journal(), instructions, self.started.elapsed());
        Ok(Outcome { run, result, report, resumed_at: self.resumed_at, notes: self.notes })
    }

    // ---- asks

    /// Replies to all asks of a step, or what they wait for.
    fn reply_to(&mut self, asks: &[Ask]) -> Result<Result<Vec<(u64, Reply)>, Vec<Waiting>>, RunError> {
        self.fill_holes(asks)?;
        let mut waiting = Vec::new();
        for ask in asks {
            if self.exchange(ask.id)?.answer.is_some() {
                continue;
            }
            match self.settle(ask)? {
                Settling::Waits(one) => waiting.push(one),
                Settling::Answered(answer, verdicts) => self.keep_answer(ask.id, answer, verdicts)?,
            }
        }
        if !waiting.is_empty() {
            return Ok(Err(waiting));
        }
        let reply = |ask: &Ask| Ok((ask.id, self.reply(ask)?));
        asks.iter().map(reply).collect::<Result<Vec<_>, RunError>>().map(Ok)
    }

    fn reply(&self, ask: &Ask) -> Result<Reply, RunError> {
        match &ask.request {
            Request::Compile(compile) => Ok(answer::compiled(compile)),
            _ => {
                let answer = self.exchange(ask.id)?.answered().cloned();
                Ok(Reply::Answer(answer.unwrap_or(Answer::Failed { reason: "nobody answered".into() })))
            }
        }
    }

    fn exchange(&self, id: u64) -> Result<&Exchange, RunError> {
        let index = usize::try_from(id).unwrap_or(usize::MAX);
        self.keeper.exchanges().get(index).ok_or_else(|| RunError::Usage(format!("the program asked {id} out of order")))
    }

    /// Writes the asks that are new, with what the gate says to them, before anything leaves.
    fn journal_asks(&mut self, asks: &[Ask]) -> Result<(), RunError> {
        let mut fresh = Vec::new();
        let mut durable = false;
        for ask in asks {
            if let Some(exchange) = self.keeper.exchanges().get(usize::try_from(ask.id).unwrap_or(usize::MAX)) {
                if let Some(difference) = difference(&exchange.ask, ask) {
                    let reason = format!("entry {}: the program asked something else than recorded: {difference}", exchange.seq);
                    return Err(RunError::Usage(reason));
                }
                continue;
            }
            let mut asked = Asked { ask: ask.clone(), acts: false, verdicts: Vec::new(), at_us: answer::now_us() };
            if let Request::Call(call) = &ask.request {
                let approval = self.first_approval();
                let (judged, _) = self.judge(ask, call, &approval);
                asked.verdicts = judged;
                asked.acts = self.acts(call) && !self.options.rehearse;
                durable |= asked.acts;
            }
            fresh.push(asked);
        }
        if fresh.is_empty() { Ok(()) } else { self.keeper.ask(fresh, durable) }
    }

    fn acts(&self, call: &Call) -> bool {
        self.judged.iter().find(|tool| tool.name == call.tool).is_some_and(|tool| tool.acts)
    }

    /// What is known about a person's will before anybody was asked.
    fn first_approval(&mut self) -> Approval {
        match self.options.approve {
            // Nobody is asked, and what somebody would be asked is told.
            _ if self.options.rehearse => Approval::Open,
            Approve::Later => Approval::Open,
            Approve::Now if self.world.person.is_there() => Approval::Open,
            Approve::Now | Approve::Never => Approval::Nobody,
        }
    }

    fn judge(&self, ask: &Ask, call: &Call, approval: &Approval) -> (Vec<Verdict>, Judgement) {
        let schemas = self.world.tools.schemas();
        let decision = self.rules.decide(&self.options, &self.judged, self.keeper.exchanges(), schemas, ask, call, approval);
        (verdicts(&decision.verdicts), decision.outcome)
    }

    /// All open holes of the step go to the model together.
    fn fill_holes(&mut self, asks: &[Ask]) -> Result<(), RunError> {
        let is_open = |ask: &&Ask| self.exchange(ask.id).is_ok_and(|exchange| exchange.answer.is_none());
        let (open, known): (Vec<&Ask>, Vec<&Ask>) = asks.iter().partition(is_open);
        // A resumed run: the model takes up again what it knew from its recorded answers.
        let mut recorded: Vec<(&Hole, Answer)> = Vec::new();
        for ask in known {
            if let (Request::Emulate(hole), Some(answer)) = (&ask.request, self.exchange(ask.id)?.answered()) {
                recorded.push((hole, answer.clone()));
            }
        }
        recorded.iter().for_each(|(hole, answer)| self.world.model.recall(hole, answer));
        let holes: Vec<_> = open
            .iter()
            .filter_map(|ask| match &ask.request {
                Request::Emulate(hole) => Some((ask.id, hole)),
                _ => None,
            })
            .collect();
        if holes.is_empty() {
            return Ok(());
        }
        let only: Vec<_> = holes.iter().map(|(_, hole)| *hole).collect();
        let answers = match self.out_of_time() {
            true => vec![Answer::Stopped; only.len()],
            false => self.world.model.answer(&only, self.deadline()),
        };
        let ids: Vec<u64> = holes.iter().map(|(id, _)| *id).collect();
        self.heed()?;
        for (index, id) in ids.into_iter().enumerate() {
            let answer = answers.get(index).cloned().unwrap_or(Answer::Failed { reason: "the model gave no answer".into() });
            let answer = explained_for(asks, id, answer);
            self.keep_answer(id, answer, Vec::new())?;
        }
        Ok(())
    }

    fn keep_answer(&mut self, id: u64, answer: Answer, verdicts: Vec<Verdict>) -> Result<(), RunError> {
        let exchange = self.exchange(id)?;
        let (to, durable) = (exchange.seq, exchange.acts);
        let answered = |answer| Answered { to, answer, verdicts: verdicts.clone(), detail: Default::default(), at_us: answer::now_us() };
        match self.keeper.answer(vec![answered(answer)], durable) {
            // An answer that no journal can hold is one that the program cannot get.
            Err(RunError::Journal(fault)) => {
                self.keeper.answer(vec![answered(Answer::Failed { reason: format!("the answer cannot be recorded: {}", fault.reason) })], durable)
            }
            other => other,
        }
    }

    fn settle(&mut self, ask: &Ask) -> Result<Settling, RunError> {
        if self.out_of_time() {
            return Ok(Settling::Answered(Answer::Stopped, Vec::new()));
        }
        let seq = self.exchange(ask.id)?.seq;
        let answer = match &ask.request {
            Request::Call(call) => return self.settle_call(ask, call),
            Request::Clock => answer::clock(),
            Request::Seed => answer::seed(self.options.seed),
            Request::Compile(compile) => answer::compile_answer(compile, &answer::compiled(compile)),
            Request::Input { prompt } => match self.world.person.input(prompt) {
                Some(answer) => answer,
                None if self.options.approve == Approve::Later => {
                    return Ok(Settling::Waits(Waiting { seq, sentence: format!("input({prompt:?})"), in_doubt: false }));
                }
                None => Answer::Raise { class: "EOFError".into(), message: "EOF when reading a line".into() },
            },
            Request::Emulate(_) | Request::Approve { .. } => Answer::Failed { reason: "nobody is there to answer".into() },
        };
        Ok(Settling::Answered(answer, Vec::new()))
    }

    fn settle_call(&mut self, ask: &Ask, call: &Call) -> Result<Settling, RunError> {
        let exchange = self.exchange(ask.id)?;
        let seq = exchange.seq;
        let is_doubted = self.is_recorded(ask.id) && !self.settled.contains(&ask.id) && exchange.in_doubt();
        let again = if is_doubted { self.key_of(call) } else { None };
        if is_doubted && again.is_none() {
            let sentence = format!("{} may have happened or not: the process died before its answer was written", shown_call(call));
            return Ok(Settling::Waits(Waiting { seq, sentence, in_doubt: true }));
        }
        loop {
            let approval = self.approval_of(ask, call)?;
            let (judged, outcome) = self.judge(ask, call, &approval);
            let answer = match outcome {
                Judgement::Pass => return self.perform(ask, call, judged, again),
                Judgement::NeedsApproval { .. } if self.options.rehearse => return self.perform(ask, call, judged, None),
                Judgement::Malformed(mismatch) => {
                    Answer::Raise { class: "ToolError".into(), message: format!("{}: {mismatch}", call.tool) }
                }
                Judgement::Refused { reason } => Answer::Refused { reason },
                Judgement::NeedsApproval { sentence } => match self.ask_person(ask, &sentence)? {
                    Some(waiting) => return Ok(Settling::Waits(waiting)),
                    None => continue,
                },
            };
            return Ok(Settling::Answered(answer, judged));
        }
    }

    /// The key under which the tool takes a call that is made twice as one, if its contract says so.
    fn key_of(&self, call: &Call) -> Option<String> {
        let tool = self.judged.iter().find(|tool| tool.name == call.tool)?;
        let names = call.arguments.iter().cloned().chain([("args".into(), Value::dict(call.arguments.iter().cloned()))]);
        match self.rules.predicates().value(tool.contract.idempotency.as_ref()?, &names.collect::<Vec<_>>()).ok()? {
            Value::None => None,
            key => Some(emulant_gate::shown(&key)),
        }
    }

    fn approval_of(&mut self, ask: &Ask, call: &Call) -> Result<Approval, RunError> {
        let asked = self.exchange(ask.id)?.approvals.last().cloned();
        Ok(match asked {
            None => self.first_approval(),
            Some(approval) if approval.granted() => Approval::Given(Bound::to(call, &ask.seen)),
            Some(approval) if approval.answer.is_some() => Approval::Denied,
            Some(_) => Approval::Open,
        })
    }

    /// Asks a person to approve; `None` when there is an answer in the journal now.
    fn ask_person(&mut self, ask: &Ask, sentence: &str) -> Result<Option<Waiting>, RunError> {
        if self.exchange(ask.id)?.waits_for().is_none() {
            let request = Request::Approve { call: ask.id, sentence: sentence.into() };
            let approve = Ask { id: ask.id, request, site: ask.site.clone(), seen: Vec::new() };
            self.keeper.ask(vec![Asked { ask: approve, acts: false, verdicts: Vec::new(), at_us: answer::now_us() }], true)?;
        }
        let seq = self.exchange(ask.id)?.waits_for().map_or(0, |approval| approval.seq);
        let said = match self.options.approve {
            Approve::Now => self.world.person.approve(sentence),
            Approve::Never => Some(false),
            Approve::Later => None,
        };
        let answer = match (said, self.options.approve) {
            (Some(granted), _) => answer::said(granted),
            (None, Approve::Later) => return Ok(Some(Waiting { seq, sentence: sentence.into(), in_doubt: false })),
            // Neither yes nor no is no.
            (None, _) => answer::said(false),
        };
        self.keeper.answer(vec![Answered { to: seq, answer, verdicts: Vec::new(), detail: Default::default(), at_us: answer::now_us() }], true)?;
        Ok(None)
    }

    /// Makes a call that was let through. `again`: it may have been made before, under this key.
    fn perform(&mut self, ask: &Ask, call: &Call, mut judged: Vec<Verdict>, again: Option<String>) -> Result<Settling, RunError> {
        if self.options.rehearse && self.acts(call) {
            return self.rehearse(ask, call, judged);
        }
        // What was there before the first time counts, not what it left.
        let earlier = self.exchange(ask.id)?.left.as_ref().filter(|_| again.is_some());
        let earlier = earlier.and_then(|leave| leave.verdicts.iter().find_map(|verdict| kept::digest(&verdict.reason)).map(String::from));
        let kept = match earlier.map_or_else(|| self.keep_before(call), |digest| Ok(Some(digest))) {
            Ok(kept) => kept,
            Err(reason) => {
                judged.push(Verdict { stage: "execution".into(), outcome: emulant_journal::Outcome::Refused, reason: reason.clone() });
                return Ok(Settling::Answered(Answer::Refused { reason: format!("{} refused: it could not be undone: {reason}", call.tool) }, judged));
            }
        };
        let sent = match self.fill_secrets(ask, call) {
            Ok(filled) => filled,
            Err(reason) => {
                judged.push(Verdict { stage: "execution".into(), outcome: emulant_journal::Outcome::Refused, reason: reason.clone() });
                return Ok(Settling::Answered(Answer::Refused { reason: format!("{} refused: {reason}", call.tool) }, judged));
            }
        };
        self.rules.count(&self.options, &self.judged, self.keeper.exchanges(), ask.id, call, self.world.tools.schemas());
        let was_kept = kept.is_some();
        let again = again.map(|key| format!("made again under the key {key}")).unwrap_or_default();
        let reason = kept.map_or(again, |digest| kept::sentence(&digest));
        judged.push(Verdict { stage: "execution".into(), outcome: emulant_journal::Outcome::Pass, reason });
        self.note_leaving(ask.id, &judged, was_kept)?;
        let answer = match call.tool.as_str() {
            narrow::NAME => narrow::answer(ask, self.keeper.exchanges(), &self.judged),
            undo::RESTORE => self.restore(call),
            _ => self.secrets.scrub(self.world.tools.call(&sent)),
        };
        self.judge_answer(ask, call, answer, judged)
    }

    /// In the place of an acting call: what a model says that it would give.
    fn rehearse(&mut self, ask: &Ask, call: &Call, mut judged: Vec<Verdict>) -> Result<Settling, RunError> {
        self.rules.count(&self.options, &self.judged, self.keeper.exchanges(), ask.id, call, self.world.tools.schemas());
        judged.push(Verdict { stage: "execution".into(), outcome: emulant_journal::Outcome::Skip, reason: "rehearsed: nothing was called".into() });
        let tool = self.judged.iter().find(|tool| tool.name == call.tool);
        let shape = tool.and_then(|tool| tool.output_schema.as_ref()).map_or(Shape::Any, Shape::of_schema);
        let instruction = tool.map(|tool| tool.description.clone()).unwrap_or_default();
        let hole = Hole { hole: HoleKind::Tool, name: call.tool.clone(), instruction, arguments: call.arguments.clone(), shape, ..Hole::default() };
        let answer = match hole.shape {
            Shape::None => Answer::value(Value::None),
            _ => self.world.model.answer(&[&hole], self.deadline()).pop().unwrap_or(Answer::Failed { reason: "the model gave no answer".into() }),
        };
        self.judge_answer(ask, call, answer, judged)
    }

    /// What a call gave is judged before the program gets it.
    fn judge_answer(&mut self, ask: &Ask, call: &Call, answer: Answer, mut judged: Vec<Verdict>) -> Result<Settling, RunError> {
        self.heed()?;
        if let Answer::Value { value, .. } = &answer {
            let schemas = self.world.tools.schemas();
            let (more, outcome) = self.rules.judge_result(&self.options, &self.judged, self.keeper.exchanges(), ask.id, call, value, schemas);
            judged.extend(more);
            if let Err(reason) = outcome {
                let message = format!("{}: {reason}", call.tool);
                return Ok(Settling::Answered(Answer::Raise { class: "ToolError".into(), message }, judged));
            }
        }
        Ok(Settling::Answered(answer, judged))
    }

    /// Writes, before an acting call leaves, what its ask does not say: that it was let through after all, or what was
    /// kept before it.
    fn note_leaving(&mut self, id: u64, judged: &[Verdict], was_kept: bool) -> Result<(), RunError> {
        let exchange = self.exchange(id)?;
        if !exchange.acts || (exchange.in_doubt() && !was_kept) {
            return Ok(());
        }
        let to = exchange.seq;
        self.keeper.leave(Leave { to, verdicts: judged.to_vec(), at_us: answer::now_us() })
    }

    /// Leaves everything as it is when whoever started the run wants it no more: a call that was under way
    /// has no answer then, and is in doubt.
    fn heed(&mut self) -> Result<(), RunError> {
        if self.world.person.interrupts() { Err(RunError::Interrupted) } else { Ok(()) }
    }

    /// Keeps what a call will change, where its contract says that it can be taken back. Without a
    /// store there is nothing to undo from, and nothing is kept.
    fn keep_before(&mut self, call: &Call) -> Result<Option<String>, String> {
        let Some(tool) = self.judged.iter().find(|tool| tool.name == call.tool) else { return Ok(None) };
        let Some(folder) = self.keeper.folder() else { return Ok(None) };
        let before = match (tool.contract.effect, &tool.contract.observe) {
            (Effect::Staged, _) => self.world.tools.before(call)?,
            (Effect::Inverse, Some(observe)) => {
                let look = undo::operation(observe, call, None, None)?;
                match self.world.tools.call(&look) {
                    Answer::Value { value, .. } => value,
                    _ => return Err(format!("{} does not show what it will change", look.tool)),
                }
            }
            _ => return Ok(None),
        };
        kept::put(folder, &before).map(Some).map_err(|error| error.to_string())
    }

    fn fill_secrets(&self, ask: &Ask, call: &Call) -> Result<Call, String> {
        let labels = |gate: &emulant_gate::Gate<'_>| gate.provenance(call, &ask.seen);
        let labels = self.rules.with_gate(&self.options, &self.judged, self.keeper.exchanges(), self.world.tools.schemas(), labels);
        self.secrets.fill(call, &|name| labels.iter().any(|(known, provenance)| known == name && provenance.untrusted))
    }

    fn restore(&mut self, call: &Call) -> Answer {
        let digest = call.arguments.iter().find(|(name, _)| name == "kept").and_then(|(_, value)| value.as_str()).unwrap_or_default();
        let folder = self.keeper.folder().ok_or_else(|| "there is no store".to_string());
        let restored = folder.and_then(|folder| kept::get(folder, digest)).and_then(|before| self.world.tools.restore(&before));
        match restored {
            Ok(()) => Answer::value(emulant_ask::Value::None),
            Err(reason) => Answer::Raise { class: "ToolError".into(), message: format!("{}: {reason}", call.tool) },
        }
    }

    // ---- time

    fn deadline(&self) -> Option<Instant> {
        // A time that no clock reaches is no limit.
        self.options.seconds.and_then(|seconds| self.started.checked_add(Duration::from_secs(seconds)))
    }

    fn out_of_time(&self) -> bool {
        self.deadline().is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// `tool(name=value, …)`, safe to print.
pub fn shown_call(call: &Call) -> String {
    let arguments: Vec<String> =
        call.arguments.iter().map(|(name, value)| format!("{name}={}", emulant_gate::shown(value))).collect();
    format!("{}({})", call.tool, arguments.join(", "))
}

/// A failure of one of these asks, in the words for a program.
fn explained_for(asks: &[Ask], id: u64, answer: Answer) -> Answer {
    match asks.iter().find(|ask| ask.id == id).map(|ask| &ask.request) {
        Some(Request::Emulate(hole)) => answer::explained(answer, hole),
        _ => answer,
    }
}

/// How two asks differ, if they do.
pub(crate) fn difference(recorded: &Ask, now: &Ask) -> Option<String> {
    if recorded == now {
        return None;
    }
    let what = match () {
        () if recorded.request.kind() != now.request.kind() => {
            format!("{} where {} is recorded", now.request.kind(), recorded.request.kind())
        }
        () if recorded.request != now.request => format!("another {} than recorded", now.request.kind()),
        () if recorded.site != now.site => {
            format!("in line {} of {} where line {} of {} is recorded", now.site.line, now.site.function, recorded.site.line, recorded.site.function)
        }
        () => "its arguments derive from other answers than recorded".into(),
    };
    Some(what)
}
