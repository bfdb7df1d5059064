//! Is every answer valid? Types made by chance, written by chance, through the mask that
//! holds a model inside its type. What is written means nothing; it must only be valid.

use super::write::{Writer, mixed};
use super::{Engine, Local, Outcome};
use crate::prompt;
use emulant_ask::{Bounds, Field, Pattern, RecordKind, Shape, Value};
use llguidance::{Matcher, api::TopLevelGrammar};

/// More tokens than any of these types needs.
const TOKENS_MAX: usize = 20_000;
/// How deep the types nest.
const DEPTH_MAX: u64 = 3;

impl Local {
    /// Writes one answer of the type `shape` with random scores that depend on `seed`
    /// alone, and judges it.
    ///
    /// # Errors
    /// What is not valid about it.
    pub fn valid_under_noise(&self, shape: &Shape, seed: u64) -> Result<Value, String> {
        self.engine.noise(shape, seed)
    }
}

impl Engine {
    pub(super) fn noise(&self, shape: &Shape, seed: u64) -> Result<Value, String> {
        let grammar = TopLevelGrammar::from_lark(prompt::grammar(shape));
        let mut matcher = Matcher::new(self.grammars.create_parser(grammar));
        if let Some(error) = matcher.get_error() {
            return Err(format!("no grammar: {error}"));
        }
        let forced = matcher.consume_ff_tokens();
        let mut writer = Writer::new(matcher, forced, 0, shape.clone(), None);
        let mut step = 0;
        while !writer.is_done() {
            let salt = mixed(seed ^ mixed(step));
            writer.step(|token| (mixed(salt ^ u64::from(token)) >> 40) as f32)?;
            step += 1;
            if writer.written() > TOKENS_MAX {
                return Err("it does not end".into());
            }
        }
        match writer.finish(&self.vocabulary) {
            Outcome::Value { value, .. } => Ok(value),
            Outcome::Failed(reason) => Err(reason),
        }
    }
}

/// A type that depends on `seed` alone.
pub fn random_shape(seed: u64) -> Shape {
    shape(&mut Chance(seed), DEPTH_MAX)
}

struct Chance(u64);

impl Chance {
    /// Below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0) % end.max(1)
    }

    fn name(&mut self, start: &str) -> String {
        format!("{start}{}", self.below(1000))
    }
}

/// Texts that are awkward for tokens, JSON or grammars.
const AWKWARD: [&str; 12] = ["", "'s", "a\"b", "\\", "\n", "true", "null", "12", "naïve", "日本", "😀", " lead"];

fn shape(chance: &mut Chance, depth: u64) -> Shape {
    let kinds = if depth == 0 { 9 } else { 17 };
    let inner = |chance: &mut Chance| Box::new(shape(chance, depth - 1));
    match chance.below(kinds) {
        0 => Shape::Bool,
        1 => match chance.below(3) {
            0 => Shape::Int { min: None, max: None },
            1 => Shape::Int { min: Some(-(chance.below(1 << 40) as i64)), max: None },
            _ => {
                let min = chance.below(1 << 20) as i64 - (1 << 19);
                Shape::Int { min: Some(min), max: Some(min + chance.below(1 << 20) as i64) }
            }
        },
        2 => Shape::Float,
        3 => Shape::Str { max: Some(chance.below(40)) },
        4 => Shape::Literal {
            values: (0..=chance.below(4))
                .map(|index| match chance.below(3) {
                    0 => Value::Int(index as i64),
                    1 => Value::str(AWKWARD[chance.below(12) as usize]),
                    _ => Value::str(chance.name("v")),
                })
                .collect(),
        },
        5 => Shape::Enum { name: "E".into(), members: (0..=chance.below(5)).map(|index| format!("M{index}")).collect() },
        6 => Shape::None,
        7 | 8 => bounded(chance),
        9 => Shape::List { item: inner(chance) },
        10 => Shape::Set { item: inner(chance) },
        11 => Shape::TupleOf { item: inner(chance) },
        12 => {
            let min = chance.below(3);
            let bounds = Bounds { min_length: Some(min), max_length: Some(min + chance.below(3)), ..Bounds::default() };
            within(Shape::List { item: inner(chance) }, bounds)
        }
        13 => Shape::Tuple { items: (0..chance.below(4)).map(|_| *inner(chance)).collect() },
        14 => Shape::Dict { value: inner(chance) },
        15 => Shape::Union { options: (0..=chance.below(3)).map(|_| *inner(chance)).collect() },
        _ => {
            let kinds = [RecordKind::Dataclass, RecordKind::NamedTuple, RecordKind::TypedDict];
            let record = kinds[chance.below(3) as usize];
            let field = |chance: &mut Chance, index: u64| Field {
                name: format!("f{index}"),
                shape: *inner(chance),
                required: record != RecordKind::TypedDict || chance.below(3) > 0,
            };
            let count = 1 + chance.below(4);
            Shape::Record { record, name: chance.name("R"), fields: (0..count).map(|index| field(chance, index)).collect() }
        }
    }
}

/// A scalar within bounds.
fn bounded(chance: &mut Chance) -> Shape {
    let low = chance.below(2000) as i64 - 1000;
    let high = low + 1 + chance.below(1000) as i64;
    match chance.below(4) {
        0 => {
            let float = |number: i64| Some(Value::Float(number as f64 / 8.0));
            let (open, closed) = (Bounds { gt: float(low), lt: float(high), ..Bounds::default() }, Bounds { ge: float(low), le: float(high), ..Bounds::default() });
            within(Shape::Float, if chance.below(2) == 0 { open } else { closed })
        }
        1 => within(Shape::Int { min: Some(low), max: Some(low + 10_000) }, Bounds { multiple_of: Some(1 + chance.below(9) as i64), ..Bounds::default() }),
        2 => {
            let min = chance.below(9);
            within(Shape::Str { max: None }, Bounds { min_length: Some(min), max_length: Some(min + chance.below(20)), ..Bounds::default() })
        }
        _ => {
            let pattern = PATTERNS[chance.below(PATTERNS.len() as u64) as usize];
            within(Shape::Str { max: Some(40) }, Bounds { pattern: Pattern::new(pattern).ok(), ..Bounds::default() })
        }
    }
}

/// Patterns that are awkward for tokens, JSON or grammars.
const PATTERNS: [&str; 10] = [
    r"^\d{3}-\d{4}$",
    r#"^["\\]{1,5}$"#,
    "^(?:ab|c)*$",
    r"^[^\x00-\x1f]{2,6}$",
    "x",
    "^a|b$",
    r"^[\w.+-]+@[\w-]+\.[a-z]{2,}$",
    "^[À-ÿ日本😀]+$",
    r"^\s\S$",
    r"^(?P<year>[12]\d{3})(?:-(?:0[1-9]|1[0-2]))?$",
];

/// Bounds made here leave room.
fn within(shape: Shape, bounds: Bounds) -> Shape {
    let plain = shape.clone();
    shape.within(bounds).unwrap_or(plain)
}
