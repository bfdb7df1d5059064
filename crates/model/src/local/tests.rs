//! The engine over weights that mean nothing, made here in a moment: what it says
//! is noise, but how it says it is not.

use super::*;
use crate::prompt::tests::stub;
use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor},
};
use emulant_ask::{Field, RecordKind, Shape, Value};
use gguf_file::Value as Meta;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

const WIDTH: usize = 32;

/// A file of the given kind with two blocks, four heads, two of which share a key,
/// and one token for each byte.
fn weights_file(kind: &str) -> Vec<u8> {
    let mut noise = Noise(7);
    let mut tensors: Vec<(String, QTensor)> = Vec::new();
    let mut add = |name: String, rows: usize, columns: usize| {
        let shape = if rows == 0 { vec![columns] } else { vec![rows, columns] };
        let numbers: Vec<f32> = (0..rows.max(1) * columns).map(|_| noise.next() + if rows == 0 { 1.0 } else { 0.0 }).collect();
        let tensor = Tensor::from_vec(numbers, shape, &Device::Cpu).unwrap();
        tensors.push((name, QTensor::quantize(&tensor, GgmlDType::F32).unwrap()));
    };
    let words = words();
    add("token_embd.weight".into(), words.len(), WIDTH);
    add("output_norm.weight".into(), 0, WIDTH);
    for block in 0..2 {
        let sizes = [("attn_q", WIDTH, WIDTH), ("attn_k", 16, WIDTH), ("attn_v", 16, WIDTH), ("attn_output", WIDTH, WIDTH)];
        let feed = [("ffn_gate", 48, WIDTH), ("ffn_up", 48, WIDTH), ("ffn_down", WIDTH, 48)];
        for (name, rows, columns) in sizes.into_iter().chain(feed) {
            add(format!("blk.{block}.{name}.weight"), rows, columns);
        }
        add(format!("blk.{block}.attn_norm.weight"), 0, WIDTH);
        add(format!("blk.{block}.ffn_norm.weight"), 0, WIDTH);
        if kind == "qwen2" {
            add(format!("blk.{block}.attn_q.bias"), 0, WIDTH);
        }
    }
    let key = |name: &str| format!("{kind}.{name}");
    let mut meta = vec![
        ("general.architecture".to_string(), Meta::String(kind.into())),
        (key("block_count"), Meta::U32(2)),
        (key("embedding_length"), Meta::U32(WIDTH as u32)),
        (key("attention.head_count"), Meta::U32(4)),
        (key("attention.head_count_kv"), Meta::U32(2)),
        (key("attention.layer_norm_rms_epsilon"), Meta::F32(1e-6)),
        (key("context_length"), Meta::U32(4096)),
    ];
    let token = |name: &str| format!("tokenizer.ggml.{name}");
    meta.extend([
        (token("model"), Meta::String("gpt2".into())),
        (token("pre"), Meta::String("smollm".into())),
        (token("token_type"), Meta::Array((0..words.len()).map(|index| Meta::I32(if index == 256 { 3 } else { 1 })).collect())),
        (token("tokens"), Meta::Array(words.into_iter().map(Meta::String).collect())),
        (token("merges"), Meta::Array(["t r", "tr u", "\u{120} a"].map(|merge| Meta::String(merge.into())).to_vec())),
        (token("eos_token_id"), Meta::U32(256)),
    ]);
    let meta: Vec<(&str, &Meta)> = meta.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = std::io::Cursor::new(Vec::new());
    gguf_file::write(&mut file, &meta, &tensors).unwrap();
    file.into_inner()
}

/// The letters of all bytes, an end token, and what the merges make.
fn words() -> Vec<String> {
    let printable = |byte: u32| matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
    let shifted = (0..256u32).filter(|byte| !printable(*byte)).zip(0x100..).map(|(_, letter)| letter);
    let letters = (0..256u32).filter(|byte| printable(*byte)).chain(shifted);
    let ends = ["<end>", "tr", "tru", "\u{120}a"].map(String::from);
    letters.map(|letter| char::from_u32(letter).unwrap().to_string()).chain(ends).collect()
}

/// Numbers around zero, always the same ones.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 40) as f32 / (1u64 << 24) as f32 - 0.5) * 0.6
    }
}

fn model_with(kind: &str, options: Options) -> Local {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise.gguf");
    std::fs::write(&path, weights_file(kind)).unwrap();
    Local::open(&path, &options, &mut |_| {}).unwrap()
}

fn model() -> Local {
    model_with("qwen2", Options { answer_tokens_max: 300, ..Options::default() })
}

fn hole(word: &str, shape: Shape) -> Hole {
    Hole { signature: format!("def f(w) -> {}", shape.python()), shape, ..stub(word) }
}

/// One shape of each kind that ends soon even when written by noise.
fn shapes() -> Vec<Shape> {
    let text = Shape::Str { max: Some(4) };
    let int = Shape::Int { min: Some(-500), max: Some(500) };
    let field = |name: &str, shape: &Shape| Field { name: name.into(), shape: shape.clone(), required: true };
    let fields = vec![field("name", &text), field("age", &int)];
    vec![
        Shape::Bool,
        Shape::Literal { values: ["art", "armour", "tool"].map(Value::str).to_vec() },
        Shape::Enum { name: "Colour".into(), members: vec!["RED".into(), "ROSE".into()] },
        Shape::Record { record: RecordKind::Dataclass, name: "Person".into(), fields },
        Shape::Tuple { items: vec![Shape::Bool, text.clone()] },
        Shape::Union { options: vec![Shape::None, text.clone()] },
        text,
        int,
    ]
}

fn value(answer: &Answer) -> (Value, f64) {
    match answer {
        Answer::Value { value, detail } => (value.clone(), f64::from(detail.confidence_ppm.unwrap())),
        other => panic!("{other:?} is no value"),
    }
}

fn same(one: &Answer, other: &Answer) {
    let ((a, p), (b, q)) = (value(one), value(other));
    assert_eq!(a, b);
    assert!((p - q).abs() < 100.0, "{p} and {q} ppm for {a:?}");
}

#[test]
fn a_batch_answers_as_each_hole_alone() {
    let words = ["apple", "a \"quoted\" word", "apple", "other"];
    let holes: Vec<Hole> = shapes().iter().flat_map(|shape| words.map(|word| hole(word, shape.clone()))).collect();
    for kind in ["qwen2", "llama"] {
        let mut local = model_with(kind, Options { answer_tokens_max: 300, ..Options::default() });
        let together = local.answer(&holes.iter().collect::<Vec<_>>());
        for (hole, answer) in holes.iter().zip(&together) {
            let mut fresh = model_with(kind, Options { answer_tokens_max: 300, ..Options::default() });
            same(&fresh.answer(&[hole])[0], answer);
            same(&local.answer(&[hole])[0], answer);
        }
    }
}

#[test]
fn equal_questions_are_asked_once_and_all_get_the_answer() {
    let mut local = model();
    let holes = vec![hole("x", Shape::Str { max: Some(4) }); 40];
    let answers = local.answer(&holes.iter().collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let (_, ppm) = value(&answers[0]);
    assert!(ppm > 0.0);
}

#[test]
fn more_than_one_pass_is_cut_into_groups() {
    let mut local = model();
    let holes: Vec<Hole> = (0..60).map(|number| hole(&format!("{number:0>40}"), Shape::Bool)).collect();
    let answers = local.answer(&holes.iter().collect::<Vec<_>>());
    for index in [0, 31, 59] {
        same(&model().answer(&[&holes[index]])[0], &answers[index]);
    }
}

#[test]
fn long_programs_are_computed_once_and_kept() {
    let mut local = model();
    let ask = |local: &mut Local, word: &str| {
        let mut hole = hole(word, Shape::Bool);
        hole.context = "value = compute(value)\n".repeat(60);
        local.answer(&[&hole]).remove(0)
    };
    let cold = ask(&mut local, "apple");
    ask(&mut local, "pear");
    same(&ask(&mut local, "apple"), &cold);
    assert!(local.engine.prefixes.tokens() < 8192);
}

#[test]
fn a_batch_computes_what_it_shares_once() {
    let mut local = model();
    let holes: Vec<Hole> = (0..64).map(|number| hole(&format!("word {number}"), Shape::Bool)).collect();
    let all: Vec<&Hole> = holes.iter().collect();
    let question = prompt::whole_question(&holes[0]);
    let shared = question.find("word 0").unwrap() as u64;
    local.answer(&all);
    // Tokens are bytes here. Besides what is shared each hole has its word and its branches.
    let own = 64 * (question.len() as u64 - shared + 8);
    assert!((shared..shared + own).contains(&local.computed()), "{} tokens for {shared} shared and {own} own ones", local.computed());
    let before = local.computed();
    local.answer(&all);
    assert!(local.computed() - before < own, "the beginning is kept between calls");
}

/// The same bits where products do not depend on the number of rows: see `bench speed` for
/// real weights. Here the products are floats, whose library cuts them by size.
#[test]
fn scores_are_the_same_cold_and_warm() {
    let mut local = model();
    let text = prompt::whole_question(&hole("apple", Shape::Bool));
    let cold = local.scores_after(&text, 0).unwrap();
    for known in [1, 100, 256, 300] {
        let warm = local.scores_after(&text, known).unwrap();
        let far = cold.iter().zip(&warm).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(far < 1e-4, "{far} apart with {known} tokens known before");
    }
}

#[test]
fn several_answers_are_drawn_and_counted() {
    let mut local = model();
    let mut drawn = hole("x", Shape::Str { max: Some(1) });
    drawn.wish.samples = 8;
    let answers = local.answer(&[&drawn, &hole("x", Shape::Str { max: Some(1) })]);
    let Answer::Value { detail, .. } = &answers[0] else { panic!("{answers:?}") };
    let sum: u32 = detail.probabilities.iter().map(|(_, ppm)| ppm).sum();
    assert!(sum == 1_000_000 && detail.probabilities.len() > 1, "{detail:?}");
    assert_eq!(detail.confidence_ppm, Some(detail.probabilities[0].1));
    // What is drawn depends on the question alone.
    assert_eq!(value(&model().answer(&[&drawn])[0]), value(&answers[0]));
    let Answer::Value { detail, .. } = &answers[1] else { panic!("{answers:?}") };
    assert!(detail.probabilities.is_empty());
}

#[test]
fn decisions_carry_the_probabilities_of_all_values() {
    let answers = model().answer(&[&hole("x", Shape::Literal { values: ["art", "armour", "tool"].map(Value::str).to_vec() })]);
    let Answer::Value { value, detail } = &answers[0] else { panic!("{answers:?}") };
    let sum: u32 = detail.probabilities.iter().map(|(_, ppm)| ppm).sum();
    assert!(sum.abs_diff(1_000_000) <= 3 && detail.probabilities.len() == 3, "{detail:?}");
    let best = detail.probabilities.iter().max_by_key(|(_, ppm)| *ppm).unwrap();
    assert_eq!((value, detail.confidence_ppm), (&best.0, Some(best.1)));
}

/// Types and scores by chance through the real mask. The full campaign is
/// `emulant bench valid`, with the vocabulary of a real model.
#[test]
fn every_answer_is_valid_under_noise() {
    let local = model();
    for seed in 0..300 {
        let shape = random_shape(seed);
        if let Err(reason) = local.valid_under_noise(&shape, seed) {
            panic!("seed {seed}: {reason} ({})", shape.python());
        }
    }
}

#[test]
fn a_chat_is_continued_and_held_to_its_schema() {
    let mut local = model();
    let mut chat = Chat {
        messages: vec![("user".into(), "hi <end>".into())],
        schema: Some(serde_json::json!({"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": false})),
        temperature: 1.0,
        seed: 3,
        tokens_max: 40,
        stop: Vec::new(),
        top: 2,
    };
    let mut heard = String::new();
    let said = local.chat(&chat, &mut |part, _| {
        heard.push_str(part);
        ControlFlow::Continue(())
    });
    let said = said.unwrap();
    assert_eq!(heard, said.text);
    let mut still = |_: &str, _: &[crate::Log]| ControlFlow::Continue(());
    assert!(matches!(serde_json::from_str(&said.text).unwrap(), serde_json::Value::Object(map) if map["ok"].is_boolean()), "{said:?}");
    assert_eq!((said.finish, said.text.clone()), (crate::Finish::Stop, local.chat(&chat, &mut still).unwrap().text));
    chat.schema = None;
    chat.tokens_max = 5;
    let said = local.chat(&chat, &mut still).unwrap();
    assert!(said.tokens_out <= 5 && said.logs.iter().all(|log| log.log <= 0.0 && log.top.len() <= 2), "{said:?}");
    chat.schema = Some(serde_json::json!({"type": "nonsense"}));
    assert!(local.chat(&chat, &mut still).unwrap_err().contains("cannot be kept to"));
    chat.schema = None;
    assert_eq!(local.chat(&chat, &mut |_, _| ControlFlow::Break(())), Err("stopped".into()));
}

#[test]
fn the_common_beginning_is_kept_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise.beginning");
    let hole = hole("apple", Shape::Bool);
    let ask = |sha256: &str| {
        let mut local = model();
        local.remember(path.clone(), sha256);
        let known = local.missing.is_none();
        (known, local.answer(&[&hole]).remove(0))
    };
    let (known, cold) = ask("a");
    assert!(!known);
    let whole = std::fs::read(&path).unwrap();
    let (known, warm) = ask("a");
    assert!(known);
    same(&cold, &warm);
    // Other weights, a cut file and a flipped bit are noticed, and repaired.
    assert!(!ask("b").0);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [&whole[..whole.len() - 1], &flipped, &[]] {
        std::fs::write(&path, damaged).unwrap();
        let (known, answer) = ask("a");
        assert!(!known);
        same(&cold, &answer);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
}

#[test]
fn answers_say_who_gave_them_and_what_they_cost() {
    let mut local = model();
    let answers = local.answer(&[&hole("x", Shape::Bool)]);
    let Answer::Value { detail, .. } = &answers[0] else { panic!("{answers:?}") };
    assert_eq!(detail.by, local.identity());
    assert!(detail.by.starts_with("noise@") && detail.by.len() == 18, "{}", detail.by);
    assert!(detail.tokens_in > 100 && detail.tokens_out > 1 && detail.time_us > 0);
}

#[test]
fn budgets_end_in_failures_not_in_rubbish() {
    let mut short = model_with("llama", Options { answer_tokens_max: 3, ..Options::default() });
    let long = hole("x", Shape::Str { max: Some(100) });
    assert!(matches!(&short.answer(&[&long])[0], Answer::Failed { reason } if reason.ends_with("the answer is longer than 3 tokens")));
    for (tokens, reason) in [(300, "tokens; 300 are the most"), (50, "bytes; 50 tokens are the most")] {
        let mut narrow = model_with("llama", Options { question_tokens_max: tokens, ..Options::default() });
        let answers = narrow.answer(&[&long]);
        assert!(matches!(&answers[0], Answer::Failed { reason: found } if found.contains(reason)), "{answers:?}");
    }
}

#[test]
fn a_type_with_one_value_needs_no_model() {
    assert_eq!(value(&model().answer(&[&hole("x", Shape::None)])[0]), (Value::None, 1e6));
}

#[test]
fn a_type_without_values_fails() {
    let answers = model().answer(&[&hole("x", Shape::Literal { values: Vec::new() })]);
    assert!(matches!(&answers[0], Answer::Failed { reason } if reason.contains("no grammar")), "{answers:?}");
}

#[test]
fn the_watcher_hears_and_stops() {
    let mut local = model();
    let written = Arc::new(AtomicU64::new(0));
    let heard = Arc::clone(&written);
    local.watch(Box::new(move |progress| match progress {
        Progress::Written { tokens } if *tokens >= 5 => ControlFlow::Break(()),
        Progress::Written { tokens } => {
            heard.store(*tokens, Ordering::Relaxed);
            ControlFlow::Continue(())
        }
        _ => ControlFlow::Continue(()),
    }));
    let answers = local.answer(&[&hole("x", Shape::Str { max: Some(200) })]);
    assert_eq!(answers, [Answer::Stopped]);
    assert!(written.load(Ordering::Relaxed) > 0);
}

#[test]
fn text_that_looks_like_a_control_token_stays_text() {
    let local = model();
    assert_eq!(local.engine.vocabulary.text("<end>").len(), 5);
    assert_eq!(local.engine.vocabulary.text("true a").len(), 3);
}

#[test]
fn a_damaged_file_is_named_and_nothing_panics() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.gguf");
    let whole = weights_file("llama");
    for length in [0, 3, 4, 30, 200, 3000, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let error = Local::open(&path, &Options::default(), &mut |_| {}).err().expect("a cut file is no model");
        assert!(matches!(&error, ModelError::Format(reason) if reason.contains("cut.gguf")), "{length}: {error}");
    }
    std::fs::write(&path, weights_file("gemma")).unwrap();
    let error = Local::open(&path, &Options::default(), &mut |_| {}).err().expect("another kind of model");
    assert!(error.to_string().contains("only qwen2 and llama can run here"), "{error}");
    let missing = Local::open(&folder.path().join("none.gguf"), &Options::default(), &mut |_| {}).err().unwrap();
    assert!(missing.to_string().ends_with("none.gguf: there is no such file"), "{missing}");
}
