//! Answers written token by token, always inside their grammar, a group in step.

use super::{Batch, Outcome, Scores, Told, Trouble, vocabulary::Vocabulary};
use emulant_ask::{Shape, Value};
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
    /// Draws tokens by their probabilities; without it the likeliest is taken.
    draw: Option<Draw>,
}

/// Random numbers that depend on a seed alone.
#[derive(Clone)]
pub(super) struct Draw(pub(super) u64);

impl Draw {
    /// Between 0 and 1, 1 excluded.
    pub(super) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mixed(self.0) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Bits that look random, always the same ones for the same number.
pub(super) fn mixed(number: u64) -> u64 {
    let mut bits = number;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Writer {
    pub(super) fn new(matcher: Matcher, forced: Vec<u32>, end: u32, shape: Shape, draw: Option<Draw>) -> Writer {
        Writer { matcher, tokens: forced, end, shape, log: 0.0, chosen: 0, draw }
    }

    /// Takes a token that the grammar allows, and those that must follow.
    pub(super) fn step(&mut self, score: impl Fn(u32) -> f32) -> Result<Vec<u32>, String> {
        let mask = self.matcher.compute_mask().map_err(|error| first_line(&error.to_string()))?;
        let (token, log) = picked(|each| mask.iter().for_each(|token| each(token, score(token))), self.draw.as_mut()).ok_or("no token may follow")?;
        self.log += log;
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

    pub(super) fn is_done(&self) -> bool {
        self.matcher.is_stopped()
    }

    pub(super) fn written(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn finish(&self, vocabulary: &Vocabulary) -> Outcome {
        let bytes = vocabulary.decode(&self.tokens);
        let text = String::from_utf8_lossy(&bytes);
        match value(&self.shape, text.trim_end_matches('\n')) {
            Ok(value) => Outcome::Value {
                value,
                confidence: (self.log / f64::from(self.chosen.max(1))).exp(),
                probabilities: Vec::new(),
                tokens_out: self.tokens.len() as u64,
            },
            Err(reason) => Outcome::Failed(reason),
        }
    }
}

/// A token out of those that `all` tells with their scores, and the logarithm of its
/// probability among them: the likeliest (of equals the first), or a drawn one.
pub(super) fn picked(all: impl Fn(&mut dyn FnMut(u32, f32)), draw: Option<&mut Draw>) -> Option<(u32, f64)> {
    let mut best: Option<(u32, f32)> = None;
    all(&mut |token, score| {
        if score > best.map_or(f32::NEG_INFINITY, |(_, top)| top) {
            best = Some((token, score));
        }
    });
    let (mut token, top) = best?;
    let weight = |score: f32| if score.is_nan() { 0.0 } else { f64::from((score - top).exp()) };
    let mut total = 0.0;
    all(&mut |_, score| total += weight(score));
    let mut chosen = 1.0;
    if let Some(draw) = draw {
        let mut left = draw.next() * total;
        let mut found = false;
        all(&mut |candidate, score| {
            let share = weight(score);
            if !found && share > 0.0 {
                (token, chosen) = (candidate, share);
                found = left < share;
                left -= share;
            }
        });
    }
    Some((token, (chosen / total).ln()))
}

/// What the text says, judged by the type.
fn value(shape: &Shape, text: &str) -> Result<Value, String> {
    let read = serde_json::from_str(text).or_else(|_| serde_json::from_str(&paired(text)));
    let json: Json = read.map_err(|error| format!("the answer {text:?} is no JSON that can be read: {error}"))?;
    shape.accept(&json).map_err(|mismatch| format!("the answer does not fit: {mismatch}"))
}

/// JSON may spell half of a surrogate pair, which is no text; it becomes the sign for that.
fn paired(text: &str) -> String {
    const LONE: &str = "\\ufffd";
    let unit = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(escape, 16).ok()
    };
    let (mut out, mut at) = (String::new(), 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => {
                out.push_str(&rest[..12]);
                at += 12;
            }
            (Some(0xd800..=0xdfff), _) => {
                out.push_str(LONE);
                at += 6;
            }
            _ => {
                // An escaped backslash must not be taken for the start of another escape.
                let length = if rest.starts_with("\\\\") { 2 } else { rest.chars().next().map_or(1, char::len_utf8) };
                out.push_str(&rest[..length]);
                at += length;
            }
        }
    }
    out
}

pub(super) fn first_line(text: &str) -> String {
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
            match writer.step(|token| row.get(token as usize).copied().unwrap_or(f32::NAN)) {
                Err(reason) => outcomes.push((index, Outcome::Failed(reason))),
                Ok(_) if writer.is_done() => outcomes.push((index, writer.finish(vocabulary))),
                Ok(_) if writer.written() >= tokens_max => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_pairs_become_the_sign_for_no_text() {
        let text = |json: &str| value(&Shape::Str { max: None }, json);
        assert_eq!(text(r#""a\ud83d\ude00\ud800b\udc00\\ud800""#), Ok(Value::str("a😀\u{fffd}b\u{fffd}\\ud800")));
        assert!(text("\"a").unwrap_err().contains("no JSON"));
    }

    #[test]
    fn tokens_are_drawn_by_their_probabilities() {
        let scores = [(7, 0.6f32.ln()), (8, 0.3f32.ln()), (9, f32::NAN), (10, 0.1f32.ln())];
        let all = |each: &mut dyn FnMut(u32, f32)| scores.iter().for_each(|(token, score)| each(*token, *score));
        let (token, log) = picked(all, None).unwrap();
        assert_eq!((token, (log.exp() * 1000.0).round()), (7, 600.0));
        let mut draw = Draw(1);
        let mut counts = std::collections::HashMap::new();
        (0..10_000).for_each(|_| *counts.entry(picked(all, Some(&mut draw)).unwrap().0).or_insert(0) += 1);
        assert!(!counts.contains_key(&9));
        assert!((5_800..6_200).contains(&counts[&7]) && (800..1_200).contains(&counts[&10]), "{counts:?}");
        assert_eq!(picked(|each: &mut dyn FnMut(u32, f32)| each(1, f32::NAN), None), None);
    }
}
