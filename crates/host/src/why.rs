//! Where a value in an ask came from: which answers, which item and line in them,
//! and which line of the program used it.

use crate::keep::RunError;
use crate::options::RunOptions;
use crate::origin::Origins;
use crate::run::shown_call;
use emulant_ask::path::is_within;
use emulant_ask::{Answer, Ask, Origin, Request, Seen, Value};
use emulant_gate::Describe;
use emulant_journal::{Exchange, Journal, Settled};

/// The whole story of one ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Entry of the ask.
    pub seq: u64,
    /// What was asked.
    pub asked: String,
    /// Where in the program.
    pub site: String,
    /// The line of the program.
    pub line: String,
    /// One for each labelled part.
    pub parts: Vec<Part>,
}

/// One part of an ask, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The argument, or a path below it.
    pub name: String,
    /// Answers whose bytes it holds.
    pub sources: Vec<Told>,
    /// Answers that selected it.
    pub chosen_by: Vec<Told>,
}

/// One answer that something came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Entry of the ask that was answered.
    pub seq: u64,
    /// Where in the answer, as a person would say it.
    pub place: String,
    /// What was asked there.
    pub asked: String,
    /// The line of the program that asked.
    pub line: u32,
}

/// Tells where the parts of the ask at `seq` came from; only `argument`, when it is given.
///
/// # Errors
/// When nothing is asked at `seq`, or the ask has no such argument.
pub fn why(journal: &Journal, seq: u64, argument: Option<&str>) -> Result<Why, RunError> {
    let run = journal.run().ok_or_else(|| RunError::Usage("the journal is empty".into()))?;
    let exchange = journal.exchange_at(seq).ok_or_else(|| RunError::Usage(format!("entry {seq} asks nothing")))?;
    if let Some(argument) = argument {
        let name = argument.split(['.', '[']).next().unwrap_or_default();
        if !arguments(&exchange.ask.request).iter().any(|(known, _)| known == name) {
            let known: Vec<&str> = arguments(&exchange.ask.request).iter().map(|(known, _)| known.as_str()).collect();
            return Err(RunError::Usage(format!("entry {seq} has no argument {argument}; there are: {}", known.join(", "))));
        }
    }
    let (_, tools) = RunOptions::of_run(run);
    let origins = Origins { exchanges: journal.exchanges(), tools: &tools };
    let wanted = |seen: &&Seen| argument.is_none_or(|argument| overlaps(&seen.part, argument));
    let parts = exchange.ask.seen.iter().filter(wanted).map(|seen| part(seen, &exchange.ask, &origins)).collect();
    let site = &exchange.ask.site;
    Ok(Why {
        seq: exchange.seq,
        asked: shown(&exchange.ask),
        site: format!("line {} of {}, in {}", site.line, site.file, site.function),
        line: source_line(&run.program.text, site.line),
        parts,
    })
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "entry {}: {}", self.seq, self.asked)?;
        writeln!(f, "  used in {}:", self.site)?;
        writeln!(f, "    {}", self.line)?;
        for part in &self.parts {
            writeln!(f, "  {:?} comes from", part.name)?;
            for told in &part.sources {
                writeln!(f, "    {}: entry {}, line {}: {}", told.place, told.seq, told.line, told.asked)?;
            }
            for told in &part.chosen_by {
                writeln!(f, "    chosen by {}: entry {}, line {}: {}", told.place, told.seq, told.line, told.asked)?;
            }
        }
        match self.parts.is_empty() {
            true => writeln!(f, "  it comes from the program alone"),
            false => Ok(()),
        }
    }
}

fn part(seen: &Seen, ask: &Ask, origins: &Origins<'_>) -> Part {
    let value = argument_value(ask, &seen.part);
    let tell = |origin: &Origin| told(origin, &value, origins);
    let mut sources: Vec<Told> = seen.data.iter().filter_map(tell).collect();
    let mut chosen_by: Vec<Told> = seen.choice.iter().filter_map(tell).collect();
    sources.dedup();
    chosen_by.dedup();
    Part { name: seen.part.clone(), sources, chosen_by }
}

fn told(origin: &Origin, value: &Value, origins: &Origins<'_>) -> Option<Told> {
    let exchange: &Exchange = origins.exchanges.get(usize::try_from(origin.ask).ok()?)?;
    let source = origins.describe(origin, value);
    Some(Told { seq: exchange.seq, place: source.text, asked: shown(&exchange.ask), line: exchange.ask.site.line })
}

fn arguments(request: &Request) -> &[(String, Value)] {
    match request {
        Request::Call(call) => &call.arguments,
        Request::Emulate(hole) => &hole.arguments,
        _ => &[],
    }
}

fn argument_value(ask: &Ask, part: &str) -> Value {
    let name = part.split(['.', '[']).next().unwrap_or_default();
    let found = arguments(&ask.request).iter().find(|(known, _)| known == name);
    found.map_or(Value::None, |(_, value)| value.clone())
}

/// Is one of the paths the other, or below it?
fn overlaps(a: &str, b: &str) -> bool {
    is_within(a, b) || is_within(b, a)
}

/// What an ask asks, in one line that is safe to print.
pub fn shown(ask: &Ask) -> String {
    match &ask.request {
        Request::Call(call) => shown_call(call),
        Request::Emulate(hole) => {
            let arguments: Vec<String> =
                hole.arguments.iter().map(|(name, value)| format!("{name}={}", emulant_gate::shown(value))).collect();
            let name = if hole.name.is_empty() { "ask" } else { &hole.name };
            format!("{name}({}) -> {}", arguments.join(", "), hole.shape.python())
        }
        Request::Approve { sentence, .. } => sentence.clone(),
        Request::Input { prompt } => format!("input({})", emulant_gate::shown(&Value::str(prompt))),
        Request::Compile(compile) => format!("compile({} characters)", compile.text.chars().count()),
        other => other.kind().into(),
    }
}

/// The entries of a journal, each in a line: number and text, in order.
pub fn rows(journal: &Journal) -> Vec<(u64, String)> {
    let mut rows: Vec<(u64, String)> = Vec::new();
    if let Some(run) = journal.run() {
        rows.push((0, format!("run {} of {} at {}", run.run, run.program.file, time(run.started_us))));
    }
    for exchange in journal.exchanges() {
        let doubt = if exchange.in_doubt() { " (in doubt)" } else { "" };
        rows.push((exchange.seq, format!("ask     {} line {}: {}{doubt}", exchange.ask.request.kind(), exchange.ask.site.line, shown(&exchange.ask))));
        for approval in &exchange.approvals {
            rows.push((approval.seq, format!("ask     approve entry {}: {}", exchange.seq, approval.sentence)));
            rows.extend(approval.answer.as_ref().map(answered));
        }
        rows.extend(exchange.answer.as_ref().map(answered));
    }
    rows.extend(journal.signatures().iter().map(|(seq, key)| (*seq, format!("signed by {}", key.to_hex()))));
    if let Some(close) = journal.ending() {
        rows.push((journal.next_seq() - 1, format!("end     {:?}, exit status {} {}", close.ending, close.exit_status, close.message)));
    }
    rows.sort_by_key(|(seq, _)| *seq);
    rows
}

fn answered(settled: &Settled) -> (u64, String) {
    let what = match &settled.entry.answer {
        Answer::Value { value, detail } if detail.by.is_empty() => emulant_gate::shown(value),
        Answer::Value { value, detail } => format!("{} by {}", emulant_gate::shown(value), detail.by),
        Answer::Raise { class, message } => format!("raises {class}: {message}"),
        Answer::Refused { reason } => format!("refused: {reason}"),
        Answer::Failed { reason } => format!("failed: {reason}"),
        Answer::Abstained { reason } => format!("abstained: {reason}"),
        Answer::Stopped => "stopped".into(),
    };
    (settled.seq, format!("answer  to {}: {what}", settled.entry.to))
}

/// Microseconds since the epoch as `2026-11-22 08:15:00Z`.
pub fn time(microseconds: u64) -> String {
    let seconds = microseconds / 1_000_000;
    let (days, clock) = (seconds / 86_400, seconds % 86_400);
    // The civil calendar from a count of days, with years that begin in March.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02} {:02}:{:02}:{:02}Z", clock / 3600, clock / 60 % 60, clock % 60)
}

fn source_line(text: &str, line: u32) -> String {
    let index = (line as usize).saturating_sub(1);
    text.lines().nth(index).unwrap_or_default().trim().into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_told_in_the_civil_calendar() {
        assert_eq!(super::time(0), "1970-01-01 00:00:00Z");
        assert_eq!(super::time(951_827_696_000_000), "2000-02-29 12:34:56Z");
        assert_eq!(super::time(1_795_335_300_000_000), "2026-11-22 08:15:00Z");
    }
}
