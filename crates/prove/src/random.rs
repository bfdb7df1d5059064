//! Random answers: any value of a type, from a seed. What a program must survive.

use emulant_ask::{Answer, Bounds, Hole, Shape, Value};
use serde_json::{Map, Value as Json, json};

/// Deepest free JSON.
const DEPTH_MAX: u32 = 3;

/// Most tries at JSON within bounds.
const TRIES_MAX: u32 = 200;

/// A stream of numbers from a seed; the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `below`, which is not 0.
    pub fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    /// JSON that this shape accepts.
    pub fn json(&mut self, shape: &Shape) -> Json {
        match shape {
            Shape::Any => self.any(0),
            Shape::None => Json::Null,
            Shape::Bool => json!(self.below(2) == 0),
            Shape::Int { min, max } => {
                let (low, high) = (min.unwrap_or(max.map_or(-1000, |max| max.saturating_sub(1000))), max.unwrap_or(min.map_or(1000, |min| min.saturating_add(1000))));
                json!(low.saturating_add(self.below(high.saturating_sub(low).max(0) as u64 + 1) as i64))
            }
            Shape::Float => json!(self.below(20_000) as f64 / 16.0 - 500.0),
            Shape::Str { max } => json!(self.text(max.unwrap_or(40).min(40))),
            Shape::Literal { values } if values.is_empty() => Json::Null,
            Shape::Literal { values } => values[self.below(values.len() as u64) as usize].to_plain_json(),
            Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => (0..self.below(4)).map(|_| self.json(item)).collect(),
            Shape::Tuple { items } => items.iter().map(|item| self.json(item)).collect(),
            Shape::Dict { value } => (0..self.below(4)).map(|index| (format!("k{index}"), self.json(value))).collect::<Map<_, _>>().into(),
            Shape::Record { fields, .. } => {
                let mut map = Map::new();
                for field in fields {
                    if field.required || self.below(2) == 0 {
                        map.insert(field.name.clone(), self.json(&field.shape));
                    }
                }
                map.into()
            }
            Shape::Enum { members, .. } if members.is_empty() => Json::Null,
            Shape::Enum { members, .. } => json!(members[self.below(members.len() as u64) as usize]),
            Shape::Union { options } if options.is_empty() => Json::Null,
            Shape::Union { options } => {
                let index = self.below(options.len() as u64) as usize;
                self.json(&options[index])
            }
            Shape::Bounded { shape: inner, bounds } => self.within(shape, inner, bounds),
        }
    }

    /// JSON that a bounded shape accepts: tries, with texts from the pattern and containers of the right length; when
    /// none of them fits, the last try.
    fn within(&mut self, shape: &Shape, inner: &Shape, bounds: &Bounds) -> Json {
        let fewest = bounds.min_length.unwrap_or(0);
        let most = bounds.max_length.unwrap_or(fewest + 3).min(fewest + 3);
        let mut json = Json::Null;
        for _ in 0..TRIES_MAX {
            let length = fewest + self.below(most.saturating_sub(fewest) + 1);
            json = match inner {
                Shape::Str { .. } => match &bounds.pattern {
                    Some(pattern) => json!(pattern.sample(&mut |below| self.below(below))),
                    None => json!((0..length).map(|_| char::from(b'a' + self.below(26) as u8)).collect::<String>()),
                },
                Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => (0..length).map(|_| self.json(item)).collect(),
                Shape::Dict { value } => (0..length).map(|index| (format!("k{index}"), self.json(value))).collect::<Map<_, _>>().into(),
                Shape::Float => {
                    let end = |bound: &Option<Value>| bound.as_ref().and_then(|bound| bound.to_plain_json().as_f64());
                    let (low, high) = (end(&bounds.ge).or(end(&bounds.gt)), end(&bounds.le).or(end(&bounds.lt)));
                    let low = low.unwrap_or(high.unwrap_or(0.0) - 1.0);
                    json!(low + (high.unwrap_or(low + 1.0) - low) * self.below(65) as f64 / 64.0)
                }
                other => self.json(other),
            };
            if shape.accept(&json).is_ok() {
                break;
            }
        }
        json
    }

    fn any(&mut self, depth: u32) -> Json {
        match self.below(if depth >= DEPTH_MAX { 5 } else { 7 }) {
            0 => Json::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(1000)),
            3 => json!(self.below(1000) as f64 / 8.0),
            4 => json!(self.text(20)),
            5 => (0..self.below(3)).map(|_| self.any(depth + 1)).collect(),
            _ => (0..self.below(3)).map(|index| (format!("k{index}"), self.any(depth + 1))).collect::<Map<_, _>>().into(),
        }
    }

    fn text(&mut self, length_max: u64) -> String {
        const LETTERS: [char; 16] = ['a', 'e', 'n', 'r', 't', 'S', 'Z', '0', '7', ' ', '-', '_', '"', '\\', 'é', '漢'];
        (0..self.below(length_max + 1)).map(|_| LETTERS[self.below(16) as usize]).collect()
    }

    /// A valid answer to each hole.
    pub fn answers(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        holes
            .iter()
            .map(|hole| {
                let json = self.json(&hole.shape);
                match hole.shape.accept(&json) {
                    Ok(value) => Answer::value(value),
                    Err(mismatch) => Answer::Failed { reason: format!("the generator gave {json}: {mismatch}") },
                }
            })
            .collect()
    }
}
