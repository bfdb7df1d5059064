//! What a run took, in a few lines or as JSON.

use crate::options::RunOptions;
use crate::run::{RunResult, judged, shown_call};
use emulant_ask::{Answer, Request};
use emulant_journal::{Exchange, Journal, Outcome};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// A summary of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The run's id, when its journal is stored.
    pub run: Option<String>,
    /// How it ended, in a word.
    pub result: &'static str,
    /// The exception, the limit or what it waits for; may be empty.
    pub message: String,
    /// The exit status that goes with it.
    pub exit_status: u8,
    /// Instructions spent.
    pub instructions: u64,
    /// Asks by kind.
    pub asks: BTreeMap<&'static str, u64>,
    /// Asks that were refused.
    pub refused: u64,
    /// Tokens that models read.
    pub tokens_in: u64,
    /// Tokens that models wrote.
    pub tokens_out: u64,
    /// Wall time of this process.
    pub time_ms: u64,
    /// What a rehearsed run would have done: a line for each call of a tool that acts.
    pub would_have: Vec<String>,
    /// Open entries: sequence number, sentence, and whether it is in doubt.
    pub waiting: Vec<(u64, String, bool)>,
}

/// What kind of ask it is: what modules of the library ask about files and the like is none of the
/// program's tools.
fn kind(request: &Request) -> &'static str {
    match request {
        Request::Call(call) if crate::system::is_system(&call.tool) => "system",
        other => other.kind(),
    }
}

fn would_have(journal: &Journal) -> Vec<String> {
    let Some((options, tools)) = journal.run().map(RunOptions::of_run).filter(|(options, _)| options.rehearse) else { return Vec::new() };
    let acting: Vec<String> = judged(&options, &tools).into_iter().filter(|tool| tool.acts).map(|tool| tool.name).collect();
    let line = |exchange: &Exchange| {
        let Request::Call(call) = &exchange.ask.request else { return None };
        let said = |outcome: Outcome| exchange.verdicts.iter().rfind(|verdict| verdict.outcome == outcome);
        let what = match (said(Outcome::Refused), said(Outcome::NeedsApproval)) {
            _ if !acting.contains(&call.tool) => return None,
            (Some(refused), _) => format!("refused {}: {}", shown_call(call), refused.reason),
            (None, Some(asked)) => format!("asked a person: {}", asked.reason),
            (None, None) => format!("made {}", shown_call(call)),
        };
        Some(format!("entry {}, line {}: {what}", exchange.seq, exchange.ask.site.line))
    };
    journal.exchanges().iter().filter_map(line).collect()
}

impl Report {
    pub(crate) fn new(run: Option<String>, result: &RunResult, journal: &Journal, instructions: u64, time: Duration) -> Report {
        let mut report = Report {
            run,
            result: result.name(),
            message: result.message(),
            exit_status: result.exit_status(),
            instructions,
            asks: BTreeMap::new(),
            refused: 0,
            tokens_in: 0,
            tokens_out: 0,
            time_ms: u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
            would_have: would_have(journal),
            waiting: Vec::new(),
        };
        for exchange in journal.exchanges() {
            *report.asks.entry(kind(&exchange.ask.request)).or_default() += 1;
            if !exchange.approvals.is_empty() {
                *report.asks.entry("approve").or_default() += exchange.approvals.len() as u64;
            }
            match (exchange.answered(), &exchange.ask.request) {
                (Some(Answer::Refused { .. }), _) => report.refused += 1,
                (Some(Answer::Value { detail, .. }), Request::Emulate(_)) => {
                    report.tokens_in += detail.tokens_in;
                    report.tokens_out += detail.tokens_out;
                }
                _ => {}
            }
        }
        if let RunResult::Waiting(waiting) = result {
            report.waiting = waiting.iter().map(|w| (w.seq, w.sentence.clone(), w.in_doubt)).collect();
        }
        report
    }

    /// Did the program ask anything?
    pub fn has_asks(&self) -> bool {
        !self.asks.is_empty()
    }

    /// As JSON.
    pub fn to_json(&self) -> Json {
        let waiting: Vec<Json> =
            self.waiting.iter().map(|(seq, sentence, in_doubt)| json!({"seq": seq, "sentence": sentence, "in_doubt": in_doubt})).collect();
        json!({
            "run": self.run, "result": self.result, "message": self.message, "exit_status": self.exit_status,
            "instructions": self.instructions, "asks": self.asks, "refused": self.refused,
            "tokens_in": self.tokens_in, "tokens_out": self.tokens_out, "time_ms": self.time_ms, "waiting": waiting,
            "would_have": self.would_have,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asks: Vec<String> = self.asks.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let asks = if asks.is_empty() { "none".into() } else { asks.join(", ") };
        let refused = if self.refused == 0 { String::new() } else { format!("; {} refused", self.refused) };
        let seconds = self.time_ms as f64 / 1000.0;
        writeln!(f, "result        {}", self.result)?;
        writeln!(f, "instructions  {}", self.instructions)?;
        writeln!(f, "asks          {asks}{refused}")?;
        if self.tokens_in + self.tokens_out > 0 {
            writeln!(f, "tokens        {} read, {} written", self.tokens_in, self.tokens_out)?;
        }
        writeln!(f, "time          {seconds:.2} s")?;
        for line in &self.would_have {
            writeln!(f, "would have    {line}")?;
        }
        for (seq, sentence, in_doubt) in &self.waiting {
            writeln!(f, "{}  entry {seq}: {sentence}", if *in_doubt { "in doubt    " } else { "waits for   " })?;
        }
        match &self.run {
            Some(run) => writeln!(f, "run           {run}"),
            None => Ok(()),
        }
    }
}
