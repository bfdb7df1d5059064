//! How one hole will be answered: by scoring all values it allows, or by writing.

use super::{Engine, Outcome, Scores, tree::Tree, write::{Draw, Writer, mixed}};
use crate::{Options, prompt};
use emulant_ask::{Answer, AnswerDetail, Hole, Shape, Value};
use llguidance::{Matcher, api::TopLevelGrammar};
use serde_json::Value as Json;
use std::collections::HashMap;

/// Grammars of one batch by their text. Copies share what they learn on the way.
pub(super) type Grammars = HashMap<String, Matcher>;

/// Most answers that are drawn for one hole.
const SAMPLES_MAX: u32 = 32;

/// A hole in tokens.
pub(super) struct Question {
    /// Which holes of the batch ask it.
    pub(super) holes: Vec<usize>,
    /// The question, and what the answer is forced to begin with.
    pub(super) tokens: Vec<u32>,
    pub(super) plan: Plan,
    pub(super) shape: Shape,
    /// Answers to draw; 1 is the likeliest alone.
    pub(super) samples: u32,
}

pub(super) enum Plan {
    Choose { choices: Vec<Choice>, branches: Vec<Branch> },
    Write { matcher: Box<Matcher>, forced: Vec<u32>, end: u32 },
}

/// A value that the hole allows, and how it is written.
pub(super) struct Choice {
    json: Json,
    tokens: Vec<u32>,
}

/// A place where values part: after `node`, each token leads to some of them.
pub(super) struct Branch {
    node: u32,
    ways: Vec<(u32, Vec<usize>)>,
}

impl Engine {
    /// The question of `hole`, or the answer when none needs to be asked.
    pub(super) fn question(&self, hole: &Hole, options: &Options, grammars: &mut Grammars) -> Result<Question, Box<Answer>> {
        let room = options.question_tokens_max.min(self.network.context().saturating_sub(options.answer_tokens_max));
        let text = prompt::question(hole, room).map_err(|reason| Box::new(Answer::Failed { reason }))?;
        let mut tokens = self.vocabulary.text(&text);
        if tokens.len() > room {
            let reason = format!("the question has {} tokens; {room} are the most that can be asked", tokens.len());
            return Err(Box::new(Answer::Failed { reason }));
        }
        let plan = match prompt::choices(&hole.shape) {
            Some(only) if only.len() == 1 => return Err(Box::new(certain(&hole.shape, &only[0]))),
            Some(all) => Plan::Choose { choices: all.into_iter().map(|json| self.choice(json)).collect(), branches: Vec::new() },
            None => {
                let text = prompt::grammar(&hole.shape);
                let fresh = |text: &String| Matcher::new(self.grammars.create_parser(TopLevelGrammar::from_lark(text.clone())));
                let mut matcher = grammars.entry(text).or_insert_with_key(fresh).clone();
                if let Some(error) = matcher.get_error() {
                    let why = error.lines().next().unwrap_or_default();
                    let reason = format!("no grammar for an answer of the type {}: {why}", hole.shape.python());
                    return Err(Box::new(Answer::Failed { reason }));
                }
                let forced = matcher.consume_ff_tokens();
                tokens.extend(&forced);
                Plan::Write { matcher: Box::new(matcher), forced, end: 0 }
            }
        };
        Ok(Question { holes: Vec::new(), tokens, plan, shape: hole.shape.clone(), samples: hole.wish.samples.clamp(1, SAMPLES_MAX) })
    }

    fn choice(&self, json: Json) -> Choice {
        let tokens = self.vocabulary.piece(&format!("{}\n", prompt::json_text(&json)));
        Choice { json, tokens }
    }
}

/// The answer of a type that has one value.
fn certain(shape: &Shape, only: &Json) -> Answer {
    let detail = AnswerDetail { confidence_ppm: Some(1_000_000), by: "its type".into(), ..AnswerDetail::default() };
    crate::script::accepted(shape, only, detail)
}

impl Question {
    /// Equal for questions that have equal answers.
    pub(super) fn key(&self) -> (Vec<u32>, String) {
        (self.tokens.clone(), format!("{} {:?}", self.samples, self.shape))
    }

    /// Most tokens that scoring adds to a pass.
    pub(super) fn branch_tokens(&self) -> usize {
        match &self.plan {
            Plan::Choose { choices, .. } => choices.iter().map(|choice| choice.tokens.len() - 1).sum::<usize>() / 2,
            Plan::Write { .. } => 0,
        }
    }

    /// Puts behind `end`, where the question ends, what its plan needs in the tree,
    /// and adds to `wanted` the nodes whose continuations it must know.
    pub(super) fn place(&mut self, end: u32, tree: &mut Tree, wanted: &mut Vec<u32>) {
        match &mut self.plan {
            Plan::Write { end: place, .. } => {
                *place = end;
                wanted.push(end);
            }
            Plan::Choose { choices, branches } => {
                part(choices, (0..choices.len()).collect(), 0, end, tree, branches);
                wanted.extend(branches.iter().map(|branch| branch.node));
            }
        }
    }

    /// The likeliest choice: at each branch the probabilities of the ways that
    /// lead on are scaled to one, and those on the way to a value multiplied.
    pub(super) fn choose(&self, scores: &Scores) -> Option<Outcome> {
        let Plan::Choose { choices, branches } = &self.plan else { return None };
        let mut logs = vec![0.0; choices.len()];
        for branch in branches {
            let row = scores.get(&branch.node)?;
            let score = |token: u32| row.get(token as usize).copied().map_or(f64::NEG_INFINITY, f64::from);
            let total = log_sum(branch.ways.iter().map(|(token, _)| score(*token)));
            for (token, members) in &branch.ways {
                members.iter().for_each(|member| logs[*member] += score(*token) - total);
            }
        }
        let best = (0..choices.len()).rev().max_by(|a, b| logs[*a].total_cmp(&logs[*b]))?;
        let tokens_out = choices[best].tokens.len() as u64;
        let values: Result<Vec<Value>, _> = choices.iter().map(|choice| self.shape.accept(&choice.json)).collect();
        Some(match values {
            Ok(values) if logs[best].is_finite() => Outcome::Value {
                value: values[best].clone(),
                confidence: logs[best].exp(),
                probabilities: values.into_iter().zip(&logs).map(|(value, log)| (value, log.exp())).collect(),
                tokens_out,
            },
            Ok(_) => Outcome::Failed("the scores are no numbers".into()),
            Err(mismatch) => Outcome::Failed(mismatch.to_string()),
        })
    }

    /// What writes the answer, when it is not chosen: one that takes the likeliest tokens,
    /// or several that draw them. What they draw depends on the question alone.
    pub(super) fn writers(self) -> Vec<Writer> {
        let seed = self.tokens.iter().fold(0, |seed, token| mixed(seed ^ u64::from(*token)));
        let draw = |sample: u32| (self.samples > 1).then_some(Draw(mixed(seed ^ u64::from(sample))));
        match self.plan {
            Plan::Write { matcher, forced, end } => {
                let writer = |sample| Writer::new((*matcher).clone(), forced.clone(), end, self.shape.clone(), draw(sample));
                (0..self.samples).map(writer).collect()
            }
            Plan::Choose { .. } => Vec::new(),
        }
    }
}

/// One outcome out of several drawn ones: the value that came most often, with how often
/// each came. Drafts that failed count, so that the shares tell how often nothing came.
pub(super) fn counted(mut drafts: Vec<Outcome>) -> Option<Outcome> {
    if drafts.len() <= 1 {
        return drafts.pop();
    }
    let all = drafts.len() as f64;
    let mut counts: Vec<(Value, f64)> = Vec::new();
    let (mut tokens, mut failure) = (0, None);
    for draft in drafts {
        match draft {
            Outcome::Failed(reason) => failure = Some(reason),
            Outcome::Value { value, tokens_out, .. } => {
                tokens += tokens_out;
                match counts.iter_mut().find(|(known, _)| *known == value) {
                    Some((_, count)) => *count += 1.0,
                    None => counts.push((value, 1.0)),
                }
            }
        }
    }
    counts.iter_mut().for_each(|(_, count)| *count /= all);
    counts.sort_by(|a, b| b.1.total_cmp(&a.1));
    match counts.first().cloned() {
        Some((value, confidence)) => Some(Outcome::Value { value, confidence, probabilities: counts, tokens_out: tokens }),
        None => failure.map(Outcome::Failed),
    }
}

/// Finds where `members`, which agree on their first `depth` tokens and stand at
/// `node`, part.
fn part(choices: &[Choice], members: Vec<usize>, depth: usize, node: u32, tree: &mut Tree, branches: &mut Vec<Branch>) {
    let mut ways: Vec<(u32, Vec<usize>)> = Vec::new();
    for member in members {
        // The newline at the end keeps one value from being the beginning of another.
        let Some(token) = choices[member].tokens.get(depth) else { continue };
        match ways.iter_mut().find(|(way, _)| way == token) {
            Some((_, members)) => members.push(member),
            None => ways.push((*token, vec![member])),
        }
    }
    for (token, members) in ways.iter().filter(|(_, members)| members.len() > 1) {
        let child = tree.child(Some(node), *token);
        part(choices, members.clone(), depth + 1, child, tree, branches);
    }
    if ways.len() > 1 {
        branches.push(Branch { node, ways });
    }
}

/// The logarithm of the sum of the exponentials.
pub(super) fn log_sum(logs: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = logs.clone().fold(f64::NEG_INFINITY, f64::max);
    if top.is_finite() { top + logs.map(|log| (log - top).exp()).sum::<f64>().ln() } else { top }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emulant_ask::Value;
    use serde_json::json;

    fn choice(text: &str, tokens: &[u32]) -> Choice {
        Choice { json: json!(text), tokens: tokens.to_vec() }
    }

    #[test]
    fn probabilities_multiply_where_values_part() {
        let choices = vec![choice("ab", &[9, 1, 2, 0]), choice("ac", &[9, 1, 3, 0]), choice("d", &[9, 4, 0])];
        let values = ["ab", "ac", "d"].map(Value::str).to_vec();
        let plan = Plan::Choose { choices, branches: Vec::new() };
        let mut question = Question { holes: vec![0], tokens: vec![7, 7], plan, shape: Shape::Literal { values }, samples: 1 };
        let (mut tree, mut wanted) = (Tree::default(), Vec::new());
        let end = tree.insert(None, &[7, 7]).unwrap();
        question.place(end, &mut tree, &mut wanted);
        // 9 is forced, then 1 or 4, then 2 or 3; no leaf is ever computed.
        assert_eq!((tree.tokens.clone(), wanted), (vec![7, 7, 9, 1], vec![3, 2]));
        let row = |pairs: &[(usize, f32)]| {
            let mut row = vec![50.0; 10];
            pairs.iter().for_each(|(token, p)| row[*token] = p.ln());
            row
        };
        let scores = Scores::from([(2, row(&[(1, 0.3), (4, 0.1)])), (3, row(&[(2, 0.2), (3, 0.6)]))]);
        match question.choose(&scores).unwrap() {
            Outcome::Value { value, confidence, tokens_out, probabilities } => {
                assert_eq!((value, tokens_out), (Value::str("ac"), 4));
                assert!((confidence - 0.75 * 0.75).abs() < 1e-6, "{confidence}");
                let shares: Vec<f64> = probabilities.iter().map(|(_, p)| (p * 1e4).round() / 1e4).collect();
                assert_eq!(shares, [0.1875, 0.5625, 0.25]);
            }
            Outcome::Failed(reason) => panic!("{reason}"),
        }
    }

    #[test]
    fn scores_that_are_no_numbers_fail() {
        let plan = Plan::Choose { choices: vec![choice("a", &[1]), choice("b", &[2])], branches: Vec::new() };
        let shape = Shape::Literal { values: ["a", "b"].map(Value::str).to_vec() };
        let mut question = Question { holes: vec![0], tokens: vec![7], plan, shape, samples: 1 };
        let mut tree = Tree::default();
        let end = tree.insert(None, &[7]).unwrap();
        question.place(end, &mut tree, &mut Vec::new());
        let scores = Scores::from([(end, vec![f32::NAN; 3])]);
        assert!(matches!(question.choose(&scores), Some(Outcome::Failed(_))));
    }
}
