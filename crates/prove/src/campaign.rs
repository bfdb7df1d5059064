//! Campaigns: claims about all programs, tried on many. One row in the table, one file each.
//!
//! A case is named by seed and number: the same pair is the same program, the same answers
//! and the same damage for ever, so a fault is reported as two numbers. `cargo test` runs
//! each campaign at its small size; `emulant prove NAME` at any.

use crate::campaigns;
use std::any::Any;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Stack of a thread that runs cases: that of an ordinary main thread.
const STACK_BYTES: usize = 8 << 20;

/// One campaign.
pub struct Campaign {
    /// Its name on the command line.
    pub name: &'static str,
    /// The claim, in one sentence.
    pub shows: &'static str,
    /// Cases in `cargo test`.
    pub small: u64,
    /// Cases that the claim is made for.
    pub full: u64,
    /// Figures that show that the claim was tried, and how much 100 cases must have of each.
    pub tried: &'static [(&'static str, u64)],
    /// Runs it.
    pub run: fn(&Order<'_>) -> Findings,
}

/// What a campaign is told.
pub struct Order<'o> {
    /// The seed of everything.
    pub seed: u64,
    /// Number of the first case.
    pub first: u64,
    /// How many cases.
    pub count: u64,
    /// How many at the same time.
    pub jobs: usize,
    /// The command that runs [`crate::worker`] in a process of its own.
    pub worker: Vec<OsString>,
    /// Files and folders, for campaigns that read programs.
    pub paths: Vec<PathBuf>,
    /// When to stop, in seconds from the start, with the cases that were done until then.
    pub seconds: Option<u64>,
    /// Hears how many cases are done.
    pub progress: &'o (dyn Fn(u64) + Sync),
}

/// What a campaign found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Cases that were run.
    pub cases: u64,
    /// Sums by name.
    pub figures: BTreeMap<&'static str, u64>,
    /// Largest values by name.
    pub peaks: BTreeMap<&'static str, u64>,
    /// What contradicts the claim.
    pub faults: Vec<Fault>,
}

/// One case that contradicts the claim.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Number of the case.
    pub case: u64,
    /// What is wrong, in one line.
    pub what: String,
    /// The program or whatever else shows it.
    pub text: String,
}

impl Fault {
    /// A fault of a case whose number [`each`] fills in.
    pub fn new(what: impl Into<String>, text: impl Into<String>) -> Fault {
        Fault { case: 0, what: what.into(), text: text.into() }
    }
}

impl Findings {
    /// Adds to a sum.
    pub fn add(&mut self, name: &'static str, number: u64) {
        *self.figures.entry(name).or_default() += number;
    }

    /// Keeps the largest.
    pub fn peak(&mut self, name: &'static str, number: u64) {
        let largest = self.peaks.entry(name).or_default();
        *largest = number.max(*largest);
    }

    fn take(&mut self, other: Findings) {
        self.cases += other.cases;
        other.figures.into_iter().for_each(|(name, number)| self.add(name, number));
        other.peaks.into_iter().for_each(|(name, number)| self.peak(name, number));
        self.faults.extend(other.faults);
    }

    /// The report, as lines.
    pub fn text(&self, name: &str, seed: u64) -> String {
        let mut out = String::new();
        for fault in &self.faults {
            out += &format!("{name} --seed {seed} --first {}: {}\n", fault.case, fault.what);
        }
        let figures: Vec<String> = self.figures.iter().map(|(name, number)| format!("{name} {number}")).collect();
        let peaks: Vec<String> = self.peaks.iter().map(|(name, number)| format!("{name} at most {number}")).collect();
        let all: Vec<String> = figures.into_iter().chain(peaks).collect();
        out += &format!("{name}: {} cases, {} faults ({})\n", self.cases, self.faults.len(), all.join(", "));
        out
    }
}

/// All campaigns.
pub const CAMPAIGNS: &[Campaign] = &[
    campaigns::lazy::CAMPAIGN,
    campaigns::back::CAMPAIGN,
    campaigns::replay::CAMPAIGN,
    campaigns::tamper::CAMPAIGN,
    campaigns::kill::CAMPAIGN,
    campaigns::suspend::CAMPAIGN,
    campaigns::waiting::CAMPAIGN,
    campaigns::hostile::CAMPAIGN,
    campaigns::limits::CAMPAIGN,
    campaigns::differ::CAMPAIGN,
    campaigns::fuzz_source::CAMPAIGN,
    campaigns::fuzz_image::CAMPAIGN,
    campaigns::fuzz_journal::CAMPAIGN,
    campaigns::fuzz_answers::CAMPAIGN,
];

/// The campaign of this name.
pub fn find(name: &str) -> Option<&'static Campaign> {
    CAMPAIGNS.iter().find(|campaign| campaign.name == name)
}

impl Campaign {
    /// Runs it. A campaign in which too little happened to contradict the claim is a fault; fewer
    /// cases than its small size show one of them, and are not judged so.
    pub fn hold(&self, order: &Order<'_>) -> Findings {
        let mut findings = (self.run)(order);
        for (name, wanted) in self.tried {
            let had = findings.figures.get(name).copied().unwrap_or_default();
            if findings.cases >= self.small && had * 100 < findings.cases * wanted {
                findings.faults.push(Fault::new(format!("tried too little: {name} {had}, at least {wanted} in 100 cases are wanted"), ""));
            }
        }
        findings
    }
}

/// Runs `case` for each number of the order, in parallel. A panic is a fault of its case.
pub fn each(order: &Order<'_>, case: impl Fn(u64, &mut Findings) -> Result<(), Fault> + Sync) -> Findings {
    let (next, all) = (AtomicU64::new(order.first), Mutex::new(Findings::default()));
    let end = order.first.saturating_add(order.count);
    let late = AtomicBool::new(false);
    let began = std::time::Instant::now();
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= end || late.load(Ordering::Relaxed) {
                return;
            }
            let mut own = Findings { cases: 1, ..Findings::default() };
            let result = catch_unwind(AssertUnwindSafe(|| case(number, &mut own)));
            let fault = match result {
                Ok(result) => result.err(),
                Err(panic) => Some(Fault::new(format!("panic: {}", panic_text(&*panic)), "")),
            };
            own.faults.extend(fault.map(|fault| Fault { case: if fault.case == 0 { number } else { fault.case }, ..fault }));
            if order.seconds.is_some_and(|seconds| began.elapsed().as_secs() >= seconds) {
                late.store(true, Ordering::Relaxed);
            }
            if let Ok(mut all) = all.lock() {
                all.take(own);
                (order.progress)(all.cases);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..order.jobs.max(1) {
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
            thread.spawn_scoped(scope, work).expect("a thread can be made");
        }
    });
    let mut findings = all.into_inner().unwrap_or_default();
    findings.faults.sort_by_key(|fault| fault.case);
    findings
}

/// What a panic said.
pub fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string()).or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_default()
}
