//! Answers written token by token, always inside their grammar, a group in step.

use super::{Batch, Outcome, Scores, Told, Trouble, plan::log_sum, vocabulary::Vocabulary};
use emulant_ask::Shape;
use llguidance::Matcher;
use serde_json::Value as Json;

/// An answer on its way.
pub(super) struct Writer {
    matcher: Matcher,
    tokens: Vec<u32>,
    /// Where in the tree the text ends by now.
    end: u32,
    shape: Shape,
    /// Sum of the logarithms of the probabilities of the tokens that were chosen.
    log: f64,
    chosen: u32,
}

impl Writer {
    pub(super) fn new(matcher: Matcher, forced: Vec<u32>, end: u32, shape: Shape) -> Writer {
        Writer { matcher, tokens: forced, end, shape, log: 0.0, chosen: 0 }
    }

    /// Takes the likeliest token that the grammar allows, and those that must follow.
    fn step(&mut self, scores: &[f32]) -> Result<Vec<u32>, String> {
        let mask = self.matcher.compute_mask().map_err(|error| first_line(&error.to_string()))?;
        let allowed: Vec<(u32, f64)> =
            mask.iter().filter_map(|token| Some((token, f64::from(*scores.get(token as usize)?)))).filter(|(_, score)| !score.is_nan()).collect();
        let best = allowed.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
        let (token, score) = best.ok_or("no token may follow")?;
        self.log += score - log_sum(allowed.iter().map(|(_, score)| *score));
        self.chosen += 1;
        self.matcher.consume_token(token).map_err(|error| first_line(&error.to_string()))?;
        let mut new = vec![token];
        if !self.matcher.is_stopped() {
            new.extend(self.matcher.consume_ff_tokens());
        }
        self.tokens.extend(&new);
        match self.matcher.get_error() {
            Some(error) => Err(first_line(&error)),
            None => Ok(new),
        }
    }

    fn finish(&self, vocabulary: &Vocabulary) -> Outcome {
        let bytes = vocabulary.decode(&self.tokens);
        let text = String::from_utf8_lossy(&bytes);
        let json: Json = match serde_json::from_str(text.trim_end_matches('\n')) {
            Ok(json) => json,
            Err(error) => return Outcome::Failed(format!("the answer {text:?} is no JSON that can be read: {error}")),
        };
        let confidence = (self.log / f64::from(self.chosen.max(1))).exp();
        match self.shape.accept(&json) {
            Ok(value) => Outcome::Value { value, confidence, tokens_out: self.tokens.len() as u64 },
            Err(mismatch) => Outcome::Failed(format!("the answer does not fit: {mismatch}")),
        }
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().into()
}

/// Writes all answers to their end. `scores` has what may follow each one's text.
pub(super) fn write_all(
    batch: &mut Batch,
    vocabulary: &Vocabulary,
    mut writers: Vec<(usize, Writer)>,
    mut scores: Scores,
    tokens_max: usize,
    told: &mut Told,
) -> Result<Vec<(usize, Outcome)>, Trouble> {
    let mut outcomes = Vec::new();
    while !writers.is_empty() {
        let (mut going, mut wanted) = (Vec::new(), Vec::new());
        let before = batch.tree.len();
        for (index, mut writer) in writers {
            let row = scores.get(&writer.end).map_or(&[][..], Vec::as_slice);
            match writer.step(row) {
                Err(reason) => outcomes.push((index, Outcome::Failed(reason))),
                Ok(_) if writer.matcher.is_stopped() => outcomes.push((index, writer.finish(vocabulary))),
                Ok(_) if writer.tokens.len() >= tokens_max => {
                    outcomes.push((index, Outcome::Failed(format!("the answer is longer than {tokens_max} tokens"))));
                }
                Ok(new) => {
                    writer.end = new.into_iter().fold(writer.end, |end, token| batch.tree.append(end, token));
                    wanted.push(writer.end);
                    going.push((index, writer));
                }
            }
        }
        told.tell_written(batch.tree.len() - before)?;
        if !going.is_empty() {
            scores = batch.compute(wanted)?;
        }
        writers = going;
    }
    Ok(outcomes)
}
