//! Made-up answers: random, of the right type, and the same for the same question.

use crate::dice::{Dice, number_of};
use crate::pure;
use crate::random::Random;
use emulant_ask::{Answer, Ask, RecordKind, Request, Shape, Value, canonical};
use emulant_machine::{Options, Reply};
use std::collections::BTreeMap;

/// Words that answers are made of: some are keys of the programs' dicts, some are hostile to careless code.
const WORDS: &[&str] = &["a", "b", "key", "", "12", "-3", "Zoë", "x y", "a,b", "line\nline", "\u{1F600}", "'", "{}", "%d"];
/// Exceptions that an answerer may raise.
const CLASSES: &[&str] = &["ValueError", "KeyError", "ToolError", "ZeroDivisionError", "StopIteration", "OSError"];

/// Tools of the programs that campaigns generate, as the machine knows them.
pub fn machine_options(eager: bool) -> Options {
    let tool = |name: &str, parameters: &[&str]| (name.to_string(), parameters.iter().map(|p| (*p).to_string()).collect());
    let tools = [tool("get", &["key"]), tool("size", &["key"]), tool("put", &["key", "value"])];
    Options { eager, tools: tools.into(), ..Options::default() }
}

/// One who answers by chance. The n-th time of the same question has an answer of its own.
pub struct Answerer {
    seed: u64,
    /// How many of 100 answers are failures.
    failing: usize,
    asked: BTreeMap<String, u64>,
}

impl Answerer {
    /// With a seed, and so many of 100 answers failures.
    pub fn new(seed: u64, failing: usize) -> Answerer {
        Answerer { seed, failing, asked: BTreeMap::new() }
    }

    /// The reply to an ask.
    pub fn reply(&mut self, ask: &Ask) -> Reply {
        match &ask.request {
            Request::Compile(compile) => pure::compiled(compile),
            request => Reply::Answer(self.answer(request)),
        }
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let text = serde_json::to_value(request).map(|json| canonical(&json)).unwrap_or_default();
        let times = self.asked.entry(text.clone()).or_default();
        *times += 1;
        random(&mut Dice::new(self.seed ^ number_of(&text), *times), request, self.failing)
    }
}

/// A random answer to a request.
pub fn random(dice: &mut Dice, request: &Request, failing: usize) -> Answer {
    if dice.chance(failing) && !matches!(request, Request::Clock | Request::Seed) {
        return failure(dice);
    }
    Answer::value(match request {
        Request::Emulate(hole) => of_shape(dice, &hole.shape),
        Request::Call(call) => match call.tool.as_str() {
            "get" => Value::str(*dice.pick(WORDS)),
            _ => Value::Int(dice.below(50) as i64),
        },
        Request::Approve { .. } => Value::Bool(dice.chance(70)),
        Request::Input { .. } => Value::str(*dice.pick(WORDS)),
        Request::Clock => Value::Float(1.7e9 + dice.below(1000) as f64),
        Request::Seed => Value::Int(dice.below(1 << 40) as i64),
        Request::Compile(_) => Value::None,
        #[allow(unreachable_patterns)]
        _ => Value::None,
    })
}

fn failure(dice: &mut Dice) -> Answer {
    let reason = format!("reason {}", dice.below(100));
    match dice.below(4) {
        0 => Answer::Failed { reason },
        1 => Answer::Abstained { reason },
        2 => Answer::Refused { reason },
        _ => Answer::Raise { class: (*dice.pick(CLASSES)).into(), message: reason },
    }
}

/// A random value of a shape.
pub fn of_shape(dice: &mut Dice, shape: &Shape) -> Value {
    let some = |dice: &mut Dice, item: &Shape| (0..dice.below(4)).map(|_| of_shape(dice, item)).collect();
    match shape {
        Shape::Any => Value::Int(dice.below(9) as i64),
        Shape::None => Value::None,
        Shape::Bool => Value::Bool(dice.chance(50)),
        Shape::Int { min, max } => {
            let number = match dice.below(8) {
                0 => -(dice.below(1000) as i64),
                1 => dice.bits() as i64,
                _ => dice.below(10) as i64,
            };
            Value::Int(number.clamp(min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX)))
        }
        Shape::Float => Value::Float(dice.below(64) as f64 / 8.0 - 2.0),
        Shape::Str { .. } => Value::str(*dice.pick(WORDS)),
        Shape::Literal { values } => values.get(dice.below(values.len())).cloned().unwrap_or(Value::None),
        Shape::List { item } => Value::List(some(dice, item)),
        Shape::Set { item } => Value::Set(Vec::from([of_shape(dice, item)])),
        Shape::Tuple { items } => Value::Tuple(items.iter().map(|item| of_shape(dice, item)).collect()),
        Shape::TupleOf { item } => Value::Tuple(some(dice, item)),
        Shape::Dict { value } => Value::Dict(Vec::from([(Value::str("key"), of_shape(dice, value))])),
        Shape::Record { record, name, fields } => {
            let fields: Vec<(String, Value)> = fields.iter().map(|field| (field.name.clone(), of_shape(dice, &field.shape))).collect();
            match record {
                RecordKind::TypedDict => Value::Dict(fields.into_iter().map(|(name, value)| (Value::str(name), value)).collect()),
                _ => Value::Record(name.clone(), fields),
            }
        }
        Shape::Enum { name, members } => {
            let member = members.get(dice.below(members.len())).cloned().unwrap_or_default();
            Value::Record(name.clone(), Vec::from([("name".to_string(), Value::str(member))]))
        }
        Shape::Union { options } => options.get(dice.below(options.len())).map_or(Value::None, |shape| of_shape(dice, shape)),
        Shape::Bounded { .. } => shape.accept(&Random::new(dice.bits()).json(shape)).unwrap_or(Value::None),
        #[allow(unreachable_patterns)]
        _ => Value::None,
    }
}
