//! A hole as text: the transcript of a Python session that stops where the answer
//! stands.
//!
//! What all holes share comes first (a constant preamble, then the program), what
//! differs comes last (signature, examples, the call), so that a backend can keep
//! what it computed for the shared part. Answers are JSON, strings stand in double
//! quotes throughout, and a newline ends an answer: with single quotes, or without
//! the newline, small models answer far worse.

use emulant_ask::{Field, Hole, HoleKind, ITEMS_MAX, RecordKind, STRING_MAX, Shape, Value};
use serde_json::{Value as Json, json};

/// What all questions begin with: seven foreign functions that show how answers look. Both
/// booleans occur, and a value beside `null`, because a model tends to repeat the labels it
/// has seen.
pub(crate) const PREAMBLE: &str = include_str!("../prompts/session-1.txt");

/// The version of what all questions share.
pub const SESSION: &str = "session-1";

/// Name and version of how each form of hole is shown, and the text, with places in braces.
/// A changed text is a new version.
fn form(kind: HoleKind) -> (&'static str, &'static str) {
    match kind {
        HoleKind::Stub => ("stub-1", include_str!("../prompts/stub-1.txt")),
        HoleKind::Expression => ("expression-1", include_str!("../prompts/expression-1.txt")),
        HoleKind::Call => ("call-1", include_str!("../prompts/call-1.txt")),
        HoleKind::Phrase => ("phrase-1", include_str!("../prompts/phrase-1.txt")),
        HoleKind::Block => ("block-1", include_str!("../prompts/block-1.txt")),
        HoleKind::Line => ("line-1", include_str!("../prompts/line-1.txt")),
        HoleKind::Opaque => ("opaque-1", include_str!("../prompts/opaque-1.txt")),
        HoleKind::Tool => ("tool-1", include_str!("../prompts/tool-1.txt")),
        HoleKind::Code => ("code-2", include_str!("../prompts/code-2.txt")),
    }
}

/// Versions of the texts that a question of this form is made of.
pub fn prompt_version(kind: HoleKind) -> String {
    format!("{SESSION} {}", form(kind).0)
}

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
/// How deep a value of any type may be written.
const ANY_DEPTH_MAX: usize = 3;
/// The largest integer that is written out, either side of 0; the range has to have limits.
const INT_MAX: i64 = 1_000_000_000_000_000_000;
/// The largest float that is written out.
const FLOAT_MAX: f64 = 1e15;
/// Keys of a dict that is written out.
const KEY: &str = "^.{1,64}$";
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
pub(crate) fn whole_question(hole: &Hole) -> String {
    let mut text = String::from(PREAMBLE);
    program(&hole.context, &mut text);
    fill(form(hole.hole).1, &mut text, |place| match place {
        "types" => types(&hole.shape),
        "signature" => signature(hole),
        "type" => hole.shape.python(),
        "doc" => documentation(&hole.instruction),
        "examples" => examples(hole),
        "feedback" => feedback(hole),
        "call" => call(hole),
        other => format!("{{{other}}}"),
    });
    text
}

/// Copies `template`, and what `of` says for each place in braces.
fn fill(template: &str, text: &mut String, of: impl Fn(&str) -> String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((place, after)) = after.split_once('}') else { break };
        text.push_str(&of(place));
        rest = after;
    }
    text.push_str(rest);
}

fn examples(hole: &Hole) -> String {
    if hole.hole == HoleKind::Code {
        return solved(hole);
    }
    let shown = |(arguments, answer): &(Vec<(String, Value)>, Value)| {
        format!(">>> {}\n{}\n", call_with(hole, arguments), json_text(&answer_json(&hole.shape, answer)))
    };
    hole.examples.iter().map(shown).collect()
}

/// The calls that a function which is to be written must answer, as `examples` of the hole's arguments says them.
fn solved(hole: &Hole) -> String {
    let Some((_, Value::List(all))) = hole.arguments.iter().find(|(name, _)| name == "examples") else { return String::new() };
    let part = |example: &Value, wanted: &str| match example {
        Value::Dict(pairs) => pairs.iter().find(|(name, _)| *name == Value::str(wanted)).map(|(_, value)| value.clone()),
        _ => None,
    };
    let shown = |example: &Value| match (part(example, "call"), part(example, "returns")) {
        (Some(Value::Str(call)), Some(answer)) => format!(">>> {}\n{}\n", call.lines().collect::<Vec<_>>().join(" "), python(&answer)),
        _ => String::new(),
    };
    all.iter().map(shown).collect()
}

/// Earlier answers that did not pass, and why.
fn feedback(hole: &Hole) -> String {
    let shown = |(answer, problem): &(Value, String)| {
        let reason = problem.split_whitespace().collect::<Vec<_>>().join(" ");
        format!(">>> {}\n{}\n>>> # That was wrong: {reason}\n", call(hole), json_text(&answer_json(&hole.shape, answer)))
    };
    hole.feedback.iter().map(shown).collect()
}

/// The call as the session shows it: `name("text", 3)`.
pub fn call(hole: &Hole) -> String {
    call_with(hole, &hole.arguments)
}

fn call_with(hole: &Hole, arguments: &[(String, Value)]) -> String {
    if hole.hole == HoleKind::Expression {
        return format!("ask({})", python(&Value::str(&hole.instruction)));
    }
    if hole.hole == HoleKind::Code {
        return format!("{{\"source\": inspect.getsource({})}}", hole.name);
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
    if context.starts_with(">>> ") {
        // Lines of a session already.
        text.push_str(context);
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
fn types(shape: &Shape) -> String {
    let mut text = String::new();
    classes(shape, &mut Vec::new(), &mut text);
    text
}

fn classes<'a>(shape: &'a Shape, seen: &mut Vec<&'a str>, text: &mut String) {
    match shape {
        Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } | Shape::Bounded { shape: item, .. } => classes(item, seen, text),
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

fn documentation(instruction: &str) -> String {
    let lines: Vec<&str> = instruction.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.is_empty() {
        true => "...     ...\n".into(),
        false => format!("...     \"\"\"{}\"\"\"\n", lines.join("\n...     ")),
    }
}

fn signature(hole: &Hole) -> String {
    let written = hole.signature.split_whitespace().collect::<Vec<_>>().join(" ");
    if !written.is_empty() {
        return written.trim_end_matches(':').trim_end().to_string();
    }
    let parameter = |name: &String| match name.bytes().all(|b| b.is_ascii_digit()) {
        true => format!("argument_{name}"),
        false => name.clone(),
    };
    let names: Vec<String> = hole.arguments.iter().map(|(name, _)| parameter(name)).collect();
    format!("def {}({}) -> {}", hole.name, names.join(", "), hole.shape.python())
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
        Shape::Bounded { shape: inner, .. } => {
            let mut within = Vec::new();
            collect_choices(inner, &mut within)?;
            within.into_iter().filter(|json| shape.accept(json).is_ok()).for_each(add);
        }
        _ => return None,
    }
    Some(())
}

/// The grammar of an answer that is written out: JSON of this shape, and the newline.
pub(crate) fn grammar(shape: &Shape) -> String {
    let mut schema = bounded(shape);
    if let Some(map) = schema.as_object_mut() {
        map.insert("x-guidance".into(), json!({"whitespace_flexible": false, "item_separator": ", ", "key_separator": ": "}));
    }
    format!("start: answer \"\\n\"\nanswer: %json {schema}\n")
}

/// The schema of `shape`, with bounds where it has none, so that what is written can be read:
/// numbers that fit, keys that end, and values of any type that do not nest for ever.
fn bounded(shape: &Shape) -> Json {
    match shape {
        Shape::Any => anything(ANY_DEPTH_MAX),
        Shape::Int { min, max } => json!({"type": "integer", "minimum": min.unwrap_or(-INT_MAX).max(-INT_MAX), "maximum": max.unwrap_or(INT_MAX).min(INT_MAX)}),
        Shape::Float => json!({"type": "number", "minimum": -FLOAT_MAX, "maximum": FLOAT_MAX}),
        Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => {
            json!({"type": "array", "items": bounded(item), "maxItems": ITEMS_MAX})
        }
        Shape::Tuple { items } => json!({
            "type": "array", "prefixItems": items.iter().map(bounded).collect::<Vec<_>>(),
            "items": false, "minItems": items.len(), "maxItems": items.len(),
        }),
        Shape::Dict { value } => keyed(bounded(value)),
        Shape::Record { fields, .. } => {
            let mut schema = shape.json_schema();
            fields.iter().for_each(|field| schema["properties"][&field.name] = bounded(&field.shape));
            schema
        }
        Shape::Union { options } => json!({"anyOf": options.iter().map(bounded).collect::<Vec<_>>()}),
        Shape::Bounded { shape: inner, bounds } => {
            let mut schema = bounded(inner);
            bounds.add_to(inner, &mut schema);
            if let Some(pattern) = &bounds.pattern {
                schema["pattern"] = pattern.whole().into();
            }
            schema
        }
        other => other.json_schema(),
    }
}

/// An object with keys of any name, up to a length.
fn keyed(value: Json) -> Json {
    json!({"type": "object", "patternProperties": {KEY: value}, "additionalProperties": false})
}

/// Any JSON with so many levels below.
fn anything(depth: usize) -> Json {
    let mut options = vec![
        json!({"type": "null"}),
        json!({"type": "boolean"}),
        bounded(&Shape::Int { min: None, max: None }),
        bounded(&Shape::Float),
        json!({"type": "string", "maxLength": STRING_MAX}),
    ];
    if let Some(below) = depth.checked_sub(1) {
        options.push(json!({"type": "array", "items": anything(below), "maxItems": ITEMS_MAX}));
        options.push(keyed(anything(below)));
    }
    json!({"anyOf": options})
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

    /// The second trap: a label that no example shows becomes the answer to everything.
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

    /// What each form of hole looks like, byte by byte, in `prompts/golden`. Set
    /// `EMULANT_BLESS` to write the files anew, and read the difference.
    #[test]
    fn every_form_looks_as_its_golden_says() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("prompts/golden");
        for (kind, word) in HoleKind::ALL {
            let mut hole = stub("pear");
            hole.hole = kind;
            hole.instruction = "Is w a fruit?\n\n  Vegetables are none.".into();
            hole.context = "fruit = is_fruit(\"pear\")\n".into();
            hole.shape = Shape::Record {
                record: RecordKind::NamedTuple,
                name: "Verdict".into(),
                fields: vec![Field { name: "sure".into(), shape: Shape::Bool, required: true }],
            };
            let verdict = |sure| Value::Record("Verdict".into(), vec![("sure".into(), Value::Bool(sure))]);
            hole.examples.push((vec![("w".into(), Value::str("plum"))], verdict(true)));
            if kind == HoleKind::Code {
                let example = Value::dict(vec![("call", Value::str("is_fruit('plum')")), ("returns", Value::Bool(true))]);
                hole.arguments = vec![("examples".into(), Value::List(vec![example]))];
            }
            hole.feedback.push((verdict(false), "it is\nno stone".into()));
            let path = folder.join(format!("{word}.txt"));
            let text = format!("# {}\n{}", prompt_version(kind), after_preamble(&hole));
            if std::env::var_os("EMULANT_BLESS").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{}", path.display());
        }
    }

    /// The first trap: a single quote before a letter is cut off with it by many tokenizers.
    #[test]
    fn texts_stand_in_double_quotes_throughout() {
        let mut hole = stub("it's");
        hole.shape = Shape::Literal { values: ["technology", "sports"].map(Value::str).to_vec() };
        hole.signature = format!("def is_fruit(w: str) -> {}", hole.shape.python());
        hole.examples.push((vec![("w".into(), Value::str("a"))], Value::str("sports")));
        let text = after_preamble(&hole);
        assert!(text.contains("Literal[\"technology\", \"sports\"]") && text.contains("\n\"sports\"\n"), "{text}");
        assert_eq!((text.matches('\'').count(), PREAMBLE.matches('\'').count()), (1, 0), "{text}");
        assert!(choices(&hole.shape).unwrap().iter().all(|choice| json_text(choice).starts_with('"')));
    }

    /// The third trap: without the newline a model that wants to end cannot, and goes on.
    #[test]
    fn the_grammar_ends_with_the_newline_that_ends_answers_in_the_prompt() {
        let grammar = grammar(&Shape::Int { min: None, max: None });
        assert!(grammar.starts_with("start: answer \"\\n\"\n"), "{grammar}");
        assert!(PREAMBLE.lines().all(|line| !line.is_empty()) && PREAMBLE.ends_with('\n'));
    }

    #[test]
    fn json_is_spaced_as_python_spaces_it() {
        assert_eq!(json_text(&json!({"a": [1, "x, y"]})), r#"{"a": [1, "x, y"]}"#);
    }
}
