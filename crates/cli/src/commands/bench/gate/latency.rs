//! How long a decision takes: schema, contract, scan, budget and policy of AgentDojo's acting calls, then the
//! canonical bytes of the ask and their hash, and a share of the signature that a batch of asks has. Default
//! rules judge in this process, 200 Cedar policies in their own.

use super::benign::Suites;
use super::court::{page, seen, site};
use crate::common::Trouble;
use emulant_ask::{Ask, Call, Limits, Mismatch, Predicate, Request, Seen, Value, canonical};
use emulant_gate::{Approval, Declaration, DefaultRules, Facts, Gate, Outcome, Policies, Ruling, Scanner, SchemaCheck, Spent, State};
use emulant_host::cedar::Cedar;
use emulant_host::manifest;
use emulant_host::origin::Origins;
use emulant_host::predicate::Python;
use emulant_host::record::verdicts;
use emulant_host::schema::Schemas;
use emulant_journal::{Asked, Entry, Exchange, Journal, Key, Program, Run, sha256};
use serde_json::{Value as Json, json};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// Asks that one signature stands for.
const BATCH: usize = 64;
/// Cedar policies.
const POLICIES: usize = 200;
/// The most that a decision may take, in microseconds: half of them, and all but one in a hundred.
const REACH_US: (f64, f64) = (40.0, 200.0);

/// One call with what is known of it.
struct Case {
    ask: Ask,
    call: Call,
    page: [Exchange; 1],
}

/// What each stage took, summed.
#[derive(Default)]
struct Shares {
    schema: Cell<Duration>,
    predicates: Cell<Duration>,
    policy: Cell<Duration>,
}

struct Timed<'t, T: ?Sized>(&'t T, &'t Cell<Duration>);

impl<T: ?Sized> Timed<'_, T> {
    fn time<R>(&self, act: impl FnOnce(&T) -> R) -> R {
        let started = Instant::now();
        let result = act(self.0);
        self.1.set(self.1.get() + started.elapsed());
        result
    }
}

impl SchemaCheck for Timed<'_, dyn SchemaCheck + '_> {
    fn check(&self, schema: &Json, json: &Json) -> Result<(), Mismatch> {
        self.time(|inner| inner.check(schema, json))
    }
}

impl Predicate for Timed<'_, dyn Predicate + '_> {
    fn value(&self, expression: &str, values: &[(String, Value)]) -> Result<Value, String> {
        self.time(|inner| inner.value(expression, values))
    }
}

impl Policies for Timed<'_, dyn Policies + '_> {
    fn judge(&self, call: &Call, facts: &Facts, state: &State) -> Result<Ruling, String> {
        self.time(|inner| inner.judge(call, facts, state))
    }
}

/// All that a gate needs.
struct Bench<'s> {
    suites: &'s Suites,
    allowed: BTreeSet<String>,
    scanner: Scanner,
    state: State,
    spent: Spent,
}

impl Bench<'_> {
    fn decide(&self, case: &Case, schemas: &dyn SchemaCheck, predicates: &dyn Predicate, policy: &dyn Policies) -> (Outcome, Vec<emulant_journal::Verdict>) {
        let origins = Origins { exchanges: &case.page, tools: &self.suites.tools };
        let gate = Gate {
            tools: &self.suites.tools,
            allowed: &self.allowed,
            schemas,
            origins: &origins,
            predicates,
            policy,
            scanner: &self.scanner,
            state: &self.state,
            budget: &self.suites.manifest.budget,
            spent: &self.spent,
            level: "flow",
            foreign_program: None,
        };
        let decision = gate.decide(&case.call, &case.ask.seen, &case.ask.site, &Approval::Nobody);
        (decision.outcome, verdicts(&decision.verdicts))
    }

    /// Times of whole decisions in nanoseconds, with canonical bytes and hash; and how many passed.
    fn run(&self, cases: &[Case], count: usize, schemas: &dyn SchemaCheck, predicates: &dyn Predicate, policy: &dyn Policies) -> (Vec<u64>, usize) {
        let (mut times, mut passed) = (Vec::with_capacity(count), 0);
        for (at, case) in cases.iter().cycle().take(count).enumerate() {
            let started = Instant::now();
            let (outcome, verdicts) = self.decide(case, schemas, predicates, policy);
            black_box(sha256(canonical(&line(case, verdicts, at)).as_bytes()));
            times.push(u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX));
            passed += usize::from(outcome == Outcome::Pass);
        }
        (times, passed)
    }
}

/// The entry of an ask, as JSON.
fn line(case: &Case, verdicts: Vec<emulant_journal::Verdict>, at: usize) -> Json {
    serde_json::to_value(Entry::Ask(Asked { ask: case.ask.clone(), acts: true, verdicts, at_us: at as u64 })).unwrap_or_default()
}

pub fn measure(suites: &Suites, count: usize) -> Result<(Json, bool), Trouble> {
    let acting: Vec<&Call> = suites.calls.iter().filter(|call| suites.tools.iter().any(|tool| tool.name == call.tool && tool.acts)).collect();
    if acting.is_empty() {
        return Err(Trouble::usage("there is no acting call that could be timed"));
    }
    let case = |call: &&Call| {
        // What decides nothing came from somebody else, as it mostly does.
        let tool = suites.tools.iter().find(|tool| tool.name == call.tool);
        let is_critical = |name: &str| tool.is_none_or(|tool: &Declaration| tool.critical.as_ref().is_none_or(|all| all.iter().any(|one| one == name)));
        let seen: Vec<Seen> = seen(call, |name| !is_critical(name));
        Case { ask: Ask { id: 1, request: Request::Call((*call).clone()), site: site(), seen }, call: (*call).clone(), page: [page(call)] }
    };
    let cases: Vec<Case> = acting.iter().map(case).collect();
    let with_contract = acting.iter().filter(|call| suites.tools.iter().any(|tool| tool.name == call.tool && !tool.contract.pre.is_empty())).count();
    let (schemas, python, rules) = (Schemas::default(), Python::default(), DefaultRules::new(&suites.tools));
    let bench = Bench { suites, allowed: suites.tools.iter().filter(|tool| tool.acts).map(|tool| tool.name.clone()).collect(), scanner: Scanner::default(), state: State::default(), spent: Spent::default() };
    // What is made once a run: compiled schemas and predicates.
    bench.run(&cases, cases.len(), &schemas, &python, &rules);
    let signing = signing(&cases)?;
    let (mut times, passed) = bench.run(&cases, count, &schemas, &python, &rules);
    times.iter_mut().for_each(|time| *time += signing / BATCH as u64);
    let (best_p50, best_p99) = undisturbed(&times, cases.len());
    let ((p50, p99), reached) = (percentiles(&mut times), passed == count);
    say_line!("latency: {count} decisions over {} acting calls ({with_contract} with a contract): P50 {p50:.1} us, P99 {p99:.1} us, by the default rules in this process", cases.len());
    say_line!("latency: each call at its best, when nothing else took the processor: P50 {best_p50:.1} us, P99 {best_p99:.1} us");
    say_line!("latency: a signature of {:.1} us for {BATCH} asks is {:.2} us of each", signing as f64 / 1e3, signing as f64 / 1e3 / BATCH as f64);
    let shares = shares(&bench, &cases, count, &schemas, &python, &rules);
    for (name, us) in &shares {
        say_line!("latency: {name:12} {us:7.2} us");
    }
    let cedar = match emulant_host::cedar::program() {
        None => {
            say_line!("latency: left out: {POLICIES} Cedar policies (emulant-cedar is not installed)");
            Json::Null
        }
        Some(_) => {
            let policy = Cedar::open(&policies(&suites.tools)?, &suites.tools, &bench.state).map_err(Trouble::usage)?;
            bench.run(&cases, cases.len(), &schemas, &python, &policy);
            let (mut times, passed) = bench.run(&cases, count, &schemas, &python, &policy);
            times.iter_mut().for_each(|time| *time += signing / BATCH as u64);
            let (p50, p99) = percentiles(&mut times);
            say_line!("latency: the same by {} Cedar policies in a process of their own: P50 {p50:.1} us, P99 {p99:.1} us", policy.count);
            json!({"policies": policy.count, "p50_us": p50, "p99_us": p99, "passed": passed})
        }
    };
    let shares: serde_json::Map<String, Json> = shares.into_iter().map(|(name, us)| (name.to_string(), json!(us))).collect();
    let json = json!({
        "calls": count, "distinct": cases.len(), "with_contract": with_contract, "passed": passed, "p50_us": p50, "p99_us": p99, "best_p50_us": best_p50, "best_p99_us": best_p99, "batch": BATCH,
        "signature_us": signing as f64 / 1e3, "shares_us": shares, "cedar": cedar,
    });
    // Speed is judged in a build that is meant to be fast.
    let slow = !cfg!(debug_assertions) && (p50 > REACH_US.0 || p99 > REACH_US.1);
    Ok((json, !reached || slow))
}

/// Mean times of the stages, in microseconds.
fn shares(bench: &Bench<'_>, cases: &[Case], count: usize, schemas: &dyn SchemaCheck, predicates: &dyn Predicate, policy: &dyn Policies) -> Vec<(&'static str, f64)> {
    let shares = Shares::default();
    let (schemas, predicates, policy) = (Timed(schemas, &shares.schema), Timed(predicates, &shares.predicates), Timed(policy, &shares.policy));
    let mean = |all: Duration| all.as_secs_f64() * 1e6 / count as f64;
    let (mut all, mut scan, mut bytes, mut hash) = (Duration::ZERO, Duration::ZERO, Duration::ZERO, Duration::ZERO);
    for (at, case) in cases.iter().cycle().take(count).enumerate() {
        let started = Instant::now();
        let (_, verdicts) = bench.decide(case, &schemas, &predicates, &policy);
        all += started.elapsed();
        let started = Instant::now();
        let text = canonical(&line(case, verdicts, at));
        bytes += started.elapsed();
        let started = Instant::now();
        black_box(sha256(text.as_bytes()));
        hash += started.elapsed();
        let started = Instant::now();
        black_box(bench.scanner.scan(&case.call));
        scan += started.elapsed();
    }
    let [schema, predicates, policy] = [&shares.schema, &shares.predicates, &shares.policy].map(Cell::get);
    let rest = all.saturating_sub(schema + predicates + policy + scan);
    vec![
        ("schema", mean(schema)),
        ("contract", mean(predicates)),
        ("scan", mean(scan)),
        ("policy", mean(policy)),
        ("labels, rest", mean(rest)),
        ("bytes", mean(bytes)),
        ("hash", mean(hash)),
    ]
}

/// What a signed checkpoint over a batch of asks takes, in nanoseconds: the median of many.
fn signing(cases: &[Case]) -> Result<u64, Trouble> {
    let key = Key::from_seed(&[7; 32]);
    let mut times = Vec::new();
    for _ in 0..101 {
        let mut journal = Journal::new();
        let run = Run {
            run: "bench".into(),
            program: Program::new("bench.py", ""),
            inputs: Vec::new(),
            limits: Limits::default(),
            options: Value::None,
            semantics: 0,
            words: u64::from(emulant_ask::VERSION),
            started_us: 0,
            salt: String::new(),
            parent: None,
        };
        journal.append(Entry::Run(run)).map_err(Trouble::computer)?;
        for (id, case) in cases.iter().cycle().take(BATCH).enumerate() {
            let ask = Ask { id: id as u64, seen: Vec::new(), ..case.ask.clone() };
            journal.append(Entry::Ask(Asked { ask, acts: true, verdicts: Vec::new(), at_us: 0 })).map_err(Trouble::computer)?;
        }
        let started = Instant::now();
        black_box(journal.checkpoint(&key).map_err(Trouble::computer)?);
        times.push(u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}

/// The default policy, and as many more as make 200: each forbids something to one of the tools in turn.
fn policies(tools: &[Declaration]) -> Result<Vec<(String, String)>, Trouble> {
    let mut all = manifest::policies(&["default".to_string()], Path::new("")).map_err(Trouble::usage)?;
    let own = all.iter().map(|(_, text)| text.matches("@id(").count()).sum::<usize>();
    let rule = |(n, tool): (usize, &Declaration)| {
        format!("@id(\"limit-{n}\")\nforbid (principal, action == Action::\"{}\", resource) when {{ context.risk > {} }};\n", tool.name, 100 + n)
    };
    all.push(("limits".into(), tools.iter().cycle().enumerate().take(POLICIES.saturating_sub(own)).map(rule).collect()));
    Ok(all)
}

/// The percentiles of the least time that each of `distinct` calls took: what other programs take on a shared computer
/// is not in it.
fn undisturbed(times: &[u64], distinct: usize) -> (f64, f64) {
    let mut least: Vec<u64> = (0..distinct.min(times.len())).filter_map(|at| times.iter().skip(at).step_by(distinct).min().copied()).collect();
    percentiles(&mut least)
}

/// The median and the 99th percentile, in microseconds.
fn percentiles(times: &mut [u64]) -> (f64, f64) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)] as f64 / 1e3;
    (at(50), at(99))
}
