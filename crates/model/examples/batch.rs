//! Prints what batching is worth: one batch of 32 alike holes against 32 cold
//! questions, and a few typed answers. Models of the catalogue are opened as plain
//! files here, so that nothing is kept from an earlier run.
//!
//! `cargo run -p emulant-model --example batch -- [MODEL]`

use emulant_ask::{Answer, Field, Hole, HoleKind, RecordKind, Shape, Value};
use emulant_model::{Options, Progress, Spec, open, parse_spec, pull};
use std::time::Instant;

const WORDS: [&str; 32] = [
    "apple", "stone", "pear", "lamp", "cherry", "truck", "plum", "window", "mango", "pencil", "grape", "river", "banana",
    "hammer", "peach", "carpet", "lemon", "bottle", "orange", "engine", "apricot", "shoe", "kiwi", "mirror", "fig", "door",
    "papaya", "needle", "melon", "ladder", "raspberry", "wheel",
];

fn main() {
    let text = std::env::args().nth(1).unwrap_or_else(|| "default".into());
    if let Err(error) = run(&text) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn run(text: &str) -> Result<(), emulant_model::ModelError> {
    let mut spec = parse_spec(text)?;
    if let Spec::Named(name) = &spec {
        spec = Spec::File(pull(name, &mut show)?);
    }
    let tell: emulant_model::Teller = std::sync::Arc::new(std::sync::Mutex::new(|progress: &Progress| show(progress)));
    let start = || open(&spec, &Options::default(), &tell);
    let started = Instant::now();
    let mut backend = start()?;
    println!("{} after {:.1} s", backend.identity(), started.elapsed().as_secs_f64());

    let holes: Vec<Hole> = WORDS.iter().map(|word| is_fruit(word)).collect();
    let all: Vec<&Hole> = holes.iter().collect();
    let started = Instant::now();
    let together = backend.answer(&all);
    let batch = started.elapsed().as_secs_f64();
    let right = together.iter().enumerate().filter(|(index, answer)| is(answer, index % 2 == 0)).count();
    println!("32 holes in one batch: {batch:.2} s, {right} right");
    for (word, answer) in WORDS.iter().zip(&together).take(4) {
        println!("  {word}: {}", shown(answer));
    }

    // A fresh backend knows nothing of what the others computed. Four tell enough.
    let mut cold = 0.0;
    let tries = 4;
    for hole in holes.iter().take(tries) {
        let mut fresh = start()?;
        let started = Instant::now();
        fresh.answer(&[hole]);
        cold += started.elapsed().as_secs_f64();
    }
    let cold = cold / tries as f64;
    let started = Instant::now();
    backend.answer(&[&is_fruit("coconut")]);
    println!("one cold question: {cold:.2} s, so 32 take {:.1} s: {:.1} times the batch", cold * 32.0, cold * 32.0 / batch);
    println!("one warm question: {:.2} s", started.elapsed().as_secs_f64());

    let typed = typed_holes();
    let started = Instant::now();
    let answers = backend.answer(&typed.iter().collect::<Vec<_>>());
    println!("{} typed holes in one batch: {:.2} s", typed.len(), started.elapsed().as_secs_f64());
    for (hole, answer) in typed.iter().zip(&answers) {
        println!("  {} -> {}", hole.signature, shown(answer));
    }
    Ok(())
}

fn show(progress: &Progress) {
    match progress {
        Progress::Fetched { bytes, total } => eprint!("\r{} of {} MB ", bytes / 1_000_000, total / 1_000_000),
        other => eprintln!("{other:?}"),
    }
}

fn is(answer: &Answer, expected: bool) -> bool {
    matches!(answer, Answer::Value { value: Value::Bool(found), .. } if *found == expected)
}

fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Value { value, detail } => format!(
            "{} ({:.3}, {} tokens in, {} out, {} ms)",
            value.to_plain_json(),
            f64::from(detail.confidence_ppm.unwrap_or(0)) / 1e6,
            detail.tokens_in,
            detail.tokens_out,
            detail.time_us / 1000
        ),
        other => format!("{other:?}"),
    }
}

fn stub(signature: &str, instruction: &str, argument: &str, shape: Shape) -> Hole {
    let name = signature.trim_start_matches("def ").split('(').next().unwrap_or_default();
    Hole {
        hole: HoleKind::Stub,
        name: name.into(),
        signature: signature.into(),
        instruction: instruction.into(),
        arguments: vec![("text".into(), Value::str(argument))],
        shape,
        examples: Vec::new(), feedback: Vec::new(),
        context: String::new(),
        ..Hole::default()
    }
}

fn is_fruit(word: &str) -> Hole {
    stub("def is_fruit(text: str) -> bool", "Whether the word names a fruit.", word, Shape::Bool)
}

fn typed_holes() -> Vec<Hole> {
    let field = |name: &str, shape: Shape| Field { name: name.into(), shape, required: true };
    let (int, text) = (Shape::Int { min: None, max: None }, Shape::Str { max: None });
    let topics = Shape::Literal { values: ["sports", "technology", "politics"].map(Value::str).to_vec() };
    let person = Shape::Record {
        record: RecordKind::Dataclass,
        name: "Person".into(),
        fields: vec![field("name", text.clone()), field("age", int.clone()), field("city", text.clone())],
    };
    vec![
        stub("def is_question(text: str) -> bool", "Whether the text asks something.", "Where is the station?", Shape::Bool),
        stub(
            "def topic(text: str) -> Literal[\"sports\", \"technology\", \"politics\"]",
            "What the headline is about.",
            "New phone has a faster chip",
            topics,
        ),
        stub("def minutes(text: str) -> int", "The duration in minutes.", "an hour and a half", int.clone()),
        stub("def capital(text: str) -> str", "The capital of the country.", "France", text.clone()),
        stub(
            "def people(text: str) -> list[str]",
            "The names of all people in the text.",
            "Anna met Tom and Maria in Rome.",
            Shape::List { item: Box::new(text) },
        ),
        stub("def person(text: str) -> Person", "Who the text describes.", "Eve, 31 years old, lives in Oslo.", person),
    ]
}
