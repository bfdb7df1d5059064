//! Judges calls by Cedar policies: questions on standard input, one JSON object a
//! line, answers on standard output. It decides and never acts, keeps nothing, and
//! reads no file, clock or network.

mod words;
mod policy;
mod typed;
mod mutate;

use policy::Policy;
use std::io::{BufRead, Write};
use words::{Question, Said};

/// Longest question.
const LINE_BYTES_MAX: u64 = 64 << 20;

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut open: Option<Policy> = None;
    let mut line = String::new();
    loop {
        line.clear();
        if std::io::Read::take(&mut input, LINE_BYTES_MAX).read_line(&mut line)? == 0 {
            return Ok(());
        }
        let said = match serde_json::from_str(&line) {
            Ok(question) => answer(question, &mut open).unwrap_or_else(Said::Error),
            Err(error) => Said::Error(format!("the question is malformed: {error}")),
        };
        serde_json::to_writer(&mut output, &said)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
}

fn answer(question: Question, open: &mut Option<Policy>) -> Result<Said, String> {
    match question {
        Question::Open { policies, tools, state } => {
            let policy = Policy::new(&policies, &tools, &state)?;
            let said = Said::Ready { policies: policy.count(), schema: policy.schema().clone() };
            *open = Some(policy);
            Ok(said)
        }
        Question::Judge { call, facts, state } => {
            let policy = open.as_ref().ok_or("no policies are open")?;
            policy.judge(&call, &facts, &state).map(Said::Ruling)
        }
        Question::Mutants { policies } => {
            let mutants = mutate::mutants(&policies)?;
            Ok(Said::Mutants(mutants.into_iter().map(|mutant| (mutant.what, mutant.text)).collect()))
        }
    }
}
