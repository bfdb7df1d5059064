//! A hole as text: the transcript of a Python session that stops where the answer
//! stands.
//!
//! What all holes share comes first (a constant preamble, then the program), what
//! differs comes last (signature, examples, the call), so that a backend can keep
//! what it computed for the shared part. Answers are JSON, strings stand in double
//! quotes throughout, and a newline ends an answer: with single quotes, or without
//! the newline, small models answer far worse.

use emulant_ask::{Field, Hole, HoleKind, RecordKind, Shape, Value};
use serde_json::{Value as Json, json};

/// Six foreign functions that show how answers look. Both booleans occur, and a
/// value beside `null`, because a model tends to repeat the labels it has seen.
pub(crate) const PREAMBLE: &str = r#">>> # Each result is shown as JSON.
>>> def is_prime(n: int) -> bool:
...     """Whether n is a prime number."""
>>> is_prime(7)
true
>>> is_prime(8)
false
>>> def opposite(word: str) -> str:
...     """The opposite of the word."""
>>> opposite("hot")
"cold"
>>> def price(text: str) -> int | None:
...     """The price in the text, or None."""
>>> price("The lamp costs 40 dollars.")
40
>>> price("The lamp is green.")
null
>>> def measures(unit: str) -> Literal["length", "mass", "time"]:
...     """What the unit measures."""
>>> measures("gram")
"mass"
>>> def colours(text: str) -> list[str]:
...     """All colours that the text names."""
>>> colours("A red car beside a blue house.")
["red", "blue"]
>>> def split_date(text: str) -> dict[str, int]:
...     """Year, month and day of the date."""
>>> split_date("5 March 2021")
{"year": 2021, "month": 3, "day": 5}
"#;

/// Most bytes of the surrounding program that are shown.
const CONTEXT_BYTES_MAX: usize = 6000;
/// Most values that are scored one by one; types with more are written out token by token.
const CHOICES_MAX: usize = 256;
/// Most bytes of all such values together.
const CHOICE_BYTES_MAX: usize = 8192;
/// How deep a value is shown; the rest of it is dots.
const DEPTH_MAX: usize = 50;
/// A token of ordinary text stands for four bytes; a text with more than this per
/// token allowed need not be cut into tokens to know that it is too long.
const TOKEN_BYTES_MAX: usize = 16;
/// Widest range of integers that is scored one by one.
const RANGE_MAX: i128 = 32;

/// The question, unless it is so long that counting its tokens is a waste.
///
/// # Errors
/// The reason, for a person.
pub(crate) fn question(hole: &Hole, tokens_max: usize) -> Result<String, String> {
    let text = whole_question(hole);
    match text.len() <= tokens_max.saturating_mul(TOKEN_BYTES_MAX) {
        true => Ok(text),
        false => Err(format!("the question has {} bytes; {tokens_max} tokens are the most that can be asked", text.len())),
    }
}

/// Every byte that a model of this process reads about a hole.
pub fn prompt_text(hole: &Hole) -> String {
    whole_question(hole)
}

/// The answer in JSON and a newline are expected to follow.
fn whole_question(hole: &Hole) -> String {
    let mut text = String::from(PREAMBLE);
    program(&hole.context, &mut text);
    types(&hole.shape, &mut text);
    definition(hole, &mut text);
    for (arguments, answer) in &hole.examples {
        let result = json_text(&answer_json(&hole.shape, answer));
        text.push_str(&format!(">>> {}\n{result}\n", call_with(hole, arguments)));
    }
    for (answer, problem) in &hole.feedback {
        let result = json_text(&answer_json(&hole.shape, answer));
        let reason = problem.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&format!(">>> {}\n{result}\n>>> # That was wrong: {reason}\n", call(hole)));
    }
    text.push_str(&format!(">>> {}\n", call(hole)));
    text
}

/// The call as the session shows it: `name("text", 3)`.
pub(crate) fn call(hole: &Hole) -> String {
    call_with(hole, &hole.arguments)
}

fn call_with(hole: &Hole, arguments: &[(String, Value)]) -> String {
    if hole.hole == HoleKind::Expression {
        return format!("ask({})", python(&Value::str(&hole.instruction)));
    }
    let shown: Vec<String> = arguments
        .iter()
        .map(|(name, value)| match hole.hole {
            HoleKind::Call if !name.bytes().all(|b| b.is_ascii_digit()) => format!("{name}={}", python(value)),
            _ => python(value),
        })
        .collect();
    format!("{}({})", hole.name, shown.join(", "))
}

fn program(context: &str, text: &mut String) {
    if context.trim().is_empty() {
        return;
    }
    let shown = match context.get(..floor_boundary(context, CONTEXT_BYTES_MAX)) {
        Some(head) if head.len() < context.len() => head.rsplit_once('\n').map_or(head, |(lines, _)| lines),
        _ => context,
    };
    text.push_str(">>> exit()\n$ cat program.py\n");
    text.push_str(shown.trim_end());
    text.push_str("\n$ python -i program.py\n");
}

/// The largest character boundary in `text` that is at most `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}

/// Definitions of the classes that the answer is made of.
fn types(shape: &Shape, text: &mut String) {
    let mut seen = Vec::new();
    classes(shape, &mut seen, text);
}

fn classes<'a>(shape: &'a Shape, seen: &mut Vec<&'a str>, text: &mut String) {
    match shape {
        Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => classes(item, seen, text),
        Shape::Dict { value } => classes(value, seen, text),
        Shape::Tuple { items } | Shape::Union { options: items } => items.iter().for_each(|item| classes(item, seen, text)),
        Shape::Record { record, name, fields } if !seen.contains(&name.as_str()) => {
            seen.push(name);
            fields.iter().for_each(|field| classes(&field.shape, seen, text));
            text.push_str(&class(*record, name, fields));
        }
        Shape::Enum { name, members } if !seen.contains(&name.as_str()) => {
            seen.push(name);
            text.push_str(&format!(">>> class {name}(Enum):\n"));
            members.iter().for_each(|member| text.push_str(&format!("...     {member} = auto()\n")));
        }
        _ => {}
    }
}

fn class(record: RecordKind, name: &str, fields: &[Field]) -> String {
    let head = match record {
        RecordKind::Dataclass => format!(">>> @dataclass\n... class {name}:\n"),
        RecordKind::NamedTuple => format!(">>> class {name}(NamedTuple):\n"),
        RecordKind::TypedDict => format!(">>> class {name}(TypedDict):\n"),
    };
    let lines: Vec<String> = fields.iter().map(|field| format!("...     {}: {}\n", field.name, field.shape.python())).collect();
    head + &lines.concat()
}

fn definition(hole: &Hole, text: &mut String) {
    let instruction = match hole.hole {
        HoleKind::Expression => "The answer to the question.",
        _ => hole.instruction.trim(),
    };
    text.push_str(&format!(">>> {}:\n", signature(hole)));
    let mut lines = instruction.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    if lines.peek().is_none() {
        text.push_str("...     ...\n");
        return;
    }
    let doc: Vec<&str> = lines.collect();
    text.push_str(&format!("...     \"\"\"{}\"\"\"\n", doc.join("\n...     ")));
}

fn signature(hole: &Hole) -> String {
    let written = hole.signature.split_whitespace().collect::<Vec<_>>().join(" ");
    match hole.hole {
        HoleKind::Expression => format!("def ask(question: str) -> {}", hole.shape.python()),
        _ if !written.is_empty() => written.trim_end_matches(':').trim_end().to_string(),
        _ => {
            let parameter = |name: &String| match name.bytes().all(|b| b.is_ascii_digit()) {
                true => format!("argument_{name}"),
                false => name.clone(),
            };
            let names: Vec<String> = hole.arguments.iter().map(|(name, _)| parameter(name)).collect();
            format!("def {}({}) -> {}", hole.name, names.join(", "), hole.shape.python())
        }
    }
}

/// A value as Python source, but with strings in JSON's double quotes.
fn python(value: &Value) -> String {
    python_at(value, DEPTH_MAX)
}

/// As [`python`], with so many levels left to show.
fn python_at(value: &Value, depth: usize) -> String {
    let Some(below) = depth.checked_sub(1) else { return "...".into() };
    let python = |value: &Value| python_at(value, below);
    let list = |items: &[Value]| items.iter().map(python).collect::<Vec<_>>().join(", ");
    match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(int) => int.to_string(),
        Value::Big(digits) => digits.clone(),
        Value::Float(float) => format!("{float:?}"),
        Value::Str(text) => Json::from(text.as_str()).to_string(),
        Value::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Value::List(items) => format!("[{}]", list(items)),
        Value::Tuple(items) if items.len() == 1 => format!("({},)", list(items)),
        Value::Tuple(items) => format!("({})", list(items)),
        Value::Set(items) if items.is_empty() => "set()".into(),
        Value::Set(items) => format!("{{{}}}", list(items)),
        Value::Dict(pairs) => {
            let shown: Vec<String> = pairs.iter().map(|(key, value)| format!("{}: {}", python(key), python(value))).collect();
            format!("{{{}}}", shown.join(", "))
        }
        Value::Record(name, fields) => {
            let shown: Vec<String> = fields.iter().map(|(field, value)| format!("{field}={}", python(value))).collect();
            format!("{name}({})", shown.join(", "))
        }
    }
}

/// JSON with the spaces that Python's `json.dumps` writes.
pub(crate) fn json_text(json: &Json) -> String {
    match json {
        Json::Array(items) => format!("[{}]", items.iter().map(json_text).collect::<Vec<_>>().join(", ")),
        Json::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{}: {}", Json::from(key.as_str()), json_text(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

/// The JSON that this shape would accept as `answer`: an enum's member is its name.
fn answer_json(shape: &Shape, answer: &Value) -> Json {
    match (shape, answer) {
        (Shape::Enum { .. }, Value::Record(_, fields)) => fields.first().map_or(Json::Null, |(_, name)| name.to_plain_json()),
        _ => answer.to_plain_json(),
    }
}

/// All answers that this shape allows, when they are few enough to be scored.
pub(crate) fn choices(shape: &Shape) -> Option<Vec<Json>> {
    let mut all: Vec<Json> = Vec::new();
    collect_choices(shape, &mut all)?;
    let bytes: usize = all.iter().map(|choice| json_text(choice).len()).sum();
    (!all.is_empty() && all.len() <= CHOICES_MAX && (all.len() == 1 || bytes <= CHOICE_BYTES_MAX)).then_some(all)
}

fn collect_choices(shape: &Shape, all: &mut Vec<Json>) -> Option<()> {
    let mut add = |json: Json| {
        if !all.contains(&json) {
            all.push(json);
        }
    };
    match shape {
        Shape::None => add(Json::Null),
        Shape::Bool => [true, false].into_iter().for_each(|b| add(Json::Bool(b))),
        Shape::Literal { values } if values.len() <= CHOICES_MAX => values.iter().for_each(|value| add(value.to_plain_json())),
        Shape::Enum { members, .. } if members.len() <= CHOICES_MAX => members.iter().for_each(|member| add(json!(member))),
        Shape::Int { min: Some(min), max: Some(max) } if i128::from(*max) - i128::from(*min) < RANGE_MAX => {
            (*min..=*max).for_each(|int| add(json!(int)));
        }
        Shape::Union { options } => options.iter().try_for_each(|option| collect_choices(option, all))?,
        _ => return None,
    }
    Some(())
}

/// The grammar of an answer that is written out: JSON of this shape, and the newline.
pub(crate) fn grammar(shape: &Shape) -> String {
    let mut schema = shape.json_schema();
    if let Some(map) = schema.as_object_mut() {
        map.insert("x-guidance".into(), json!({"whitespace_flexible": false, "item_separator": ", ", "key_separator": ": "}));
    }
    format!("start: answer \"\\n\"\nanswer: %json {schema}\n")
}

/// A warning when examples show some values of a closed type and not others: models
/// then answer the missing ones, because each seems to occur once.
pub fn uncovered_labels(hole: &Hole) -> Option<String> {
    let all = choices(&hole.shape)?;
    let shown: Vec<Json> = hole.examples.iter().map(|(_, answer)| answer_json(&hole.shape, answer)).collect();
    let missing: Vec<String> = all.iter().filter(|choice| !shown.contains(choice)).map(Json::to_string).collect();
    (!shown.is_empty() && !missing.is_empty())
        .then(|| format!("the examples of {} never show {}; such answers become too likely", hole.name, missing.join(", ")))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// `is_fruit(word)`, the hole that most tests ask.
    pub(crate) fn stub(word: &str) -> Hole {
        Hole {
            hole: HoleKind::Stub,
            name: "is_fruit".into(),
            signature: "def is_fruit(w: str) -> bool".into(),
            instruction: "Is w a fruit?".into(),
            arguments: vec![("w".into(), Value::str(word))],
            shape: Shape::Bool,
            examples: Vec::new(), feedback: Vec::new(),
            context: String::new(),
            ..Hole::default()
        }
    }

    fn after_preamble(hole: &Hole) -> String {
        whole_question(hole).strip_prefix(PREAMBLE).expect("the preamble comes first").to_string()
    }

    #[test]
    fn a_stub_reads_as_a_session() {
        let mut hole = stub("the \"big\"\napple");
        hole.examples.push((vec![("w".into(), Value::str("pear"))], Value::Bool(true)));
        let expected = concat!(
            ">>> def is_fruit(w: str) -> bool:\n...     \"\"\"Is w a fruit?\"\"\"\n",
            ">>> is_fruit(\"pear\")\ntrue\n>>> is_fruit(\"the \\\"big\\\"\\napple\")\n"
        );
        assert_eq!(after_preamble(&hole), expected);
    }

    #[test]
    fn the_program_stands_before_everything_that_differs() {
        let mut hole = stub("pear");
        hole.context = format!("x = 1\n{}", "# ä\n".repeat(CONTEXT_BYTES_MAX));
        let text = after_preamble(&hole);
        assert!(text.starts_with(">>> exit()\n$ cat program.py\nx = 1\n# ä\n"), "{text}");
        assert!(text.contains("# ä\n$ python -i program.py\n>>> def is_fruit"));
        assert!(text.len() < CONTEXT_BYTES_MAX + 300);
    }

    #[test]
    fn an_expression_asks_and_an_undefined_call_names_its_keywords() {
        let mut hole = stub("x");
        hole.hole = HoleKind::Expression;
        hole.instruction = "Who?".into();
        hole.shape = Shape::Str { max: None };
        let expected = ">>> def ask(question: str) -> str:\n...     \"\"\"The answer to the question.\"\"\"\n>>> ask(\"Who?\")\n";
        assert_eq!(after_preamble(&hole), expected);
        hole.hole = HoleKind::Call;
        hole.signature.clear();
        hole.instruction.clear();
        hole.arguments = vec![("0".into(), Value::Tuple(vec![Value::Int(1)])), ("loud".into(), Value::Bool(true))];
        let expected = ">>> def is_fruit(argument_0, loud) -> str:\n...     ...\n>>> is_fruit((1,), loud=True)\n";
        assert_eq!(after_preamble(&hole), expected);
    }

    #[test]
    fn classes_are_defined_before_they_are_used() {
        let colour = Shape::Enum { name: "Colour".into(), members: vec!["RED".into(), "BLUE".into()] };
        let field = |name: &str, shape: Shape| Field { name: name.into(), shape, required: true };
        let mut hole = stub("x");
        hole.shape = Shape::Record {
            record: RecordKind::Dataclass,
            name: "Car".into(),
            fields: vec![field("colour", colour.clone()), field("doors", Shape::Int { min: None, max: None })],
        };
        let text = after_preamble(&hole);
        let expected = concat!(
            ">>> class Colour(Enum):\n...     RED = auto()\n...     BLUE = auto()\n",
            ">>> @dataclass\n... class Car:\n...     colour: Colour\n...     doors: int\n>>> def is_fruit"
        );
        assert!(text.starts_with(expected), "{text}");
        assert_eq!(answer_json(&colour, &Value::Record("Colour".into(), vec![("name".into(), Value::str("RED"))])), json!("RED"));
    }

    #[test]
    fn closed_types_are_choices() {
        let literal = Shape::Literal { values: vec![Value::str("a"), Value::Int(2)] };
        let either = Shape::Union { options: vec![literal, Shape::None, Shape::Bool, Shape::None] };
        assert_eq!(choices(&either).unwrap(), [json!("a"), json!(2), json!(null), json!(true), json!(false)]);
        assert_eq!(choices(&Shape::Int { min: Some(-1), max: Some(1) }).unwrap(), [json!(-1), json!(0), json!(1)]);
        assert_eq!(choices(&Shape::Int { min: Some(i64::MIN), max: Some(i64::MAX) }), None);
        assert_eq!(choices(&Shape::Union { options: vec![Shape::None, Shape::Float] }), None);
        assert_eq!(choices(&Shape::Literal { values: Vec::new() }), None);
    }

    #[test]
    fn examples_that_miss_a_label_are_named() {
        let mut hole = stub("x");
        assert_eq!(uncovered_labels(&hole), None);
        hole.examples.push((hole.arguments.clone(), Value::Bool(true)));
        let warning = "the examples of is_fruit never show false; such answers become too likely";
        assert_eq!(uncovered_labels(&hole).as_deref(), Some(warning));
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = (0..10_000).fold(Value::None, |inner, _| Value::List(vec![inner]));
        let mut hole = stub("x");
        hole.arguments[0].1 = deep;
        let shown = call(&hole);
        assert!(shown.contains("[[...]]") && shown.len() < 200, "{shown}");
        // Taken apart by hand: dropping it as a whole would need as deep a stack.
        let mut rest = std::mem::replace(&mut hole.arguments[0].1, Value::None);
        while let Value::List(mut items) = rest {
            rest = items.pop().unwrap_or(Value::None);
        }
        hole.arguments[0].1 = Value::str("x".repeat(2000));
        assert_eq!(question(&hole, 200), Ok(whole_question(&hole)));
        assert!(question(&hole, 100).unwrap_err().ends_with("100 tokens are the most that can be asked"));
    }

    #[test]
    fn json_is_spaced_as_python_spaces_it() {
        assert_eq!(json_text(&json!({"a": [1, "x, y"]})), r#"{"a": [1, "x, y"]}"#);
    }
}
