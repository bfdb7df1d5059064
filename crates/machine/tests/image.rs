//! A stored image must load for ever. The code is built by hand, so that neither
//! the compiler nor the library can make the image old; `waiting.image` was
//! written once by the first version. When this fails, old images of suspended
//! runs no longer load either: give the format a new version that reads both.

use emulant_ask::{Answer, HoleKind, Limits, Shape, Value};
use emulant_machine::code::{BinaryOp, Code, CodeKind, Const, HoleSpec, Op, Params, Span};
use emulant_machine::image::{code_digest, CodeName};
use emulant_machine::{Library, Machine, Options, Reply, Step};
use std::sync::Arc;

const GOLDEN: &[u8] = include_bytes!("waiting.image");

/// No modules: nothing that could change.
struct Nothing;

impl Library for Nothing {
    fn module(&self, _: &str) -> Option<Arc<Code>> {
        None
    }
}

/// `kept = (1, 2.5, 'text', 2 ** 70, b'bytes')`, then `print(hole(kept) + 1, kept)`.
fn code() -> Arc<Code> {
    let hole = HoleSpec {
        kind: HoleKind::Stub, name: "hole".into(), signature: "hole(kept) -> int".into(), instruction: "Count.".into(),
        parameters: vec!["kept".into()], shape: Shape::Any, examples: Vec::new(), wish: Default::default(), context: "".into(), lazy: false, line: 2,
    };
    let kept = [
        Const::Int(1), Const::Float(2.5), Const::Str("text".into()), Const::Big("1180591620717411303424".into()), Const::Bytes(b"bytes"[..].into()),
    ];
    let mut ops: Vec<Op> = (0..5).map(|index| Op::LoadConst { dst: index as u16, index }).collect();
    ops.extend([
        Op::BuildTuple { dst: 0, first: 0, count: 5 }, Op::StoreGlobal { src: 0, site: 0 }, Op::BuildList { dst: 1, first: 0, count: 1 },
        Op::BuildDict { dst: 2, first: 3, count: 0 }, Op::Move { dst: 4, src: 0 }, Op::Ask { dst: 4, first: 4, hole: 0 },
        Op::LoadGlobal { dst: 3, site: 1 }, Op::LoadInt { dst: 5, value: 1 }, Op::Binary { op: BinaryOp::Add, dst: 4, a: 4, b: 5 },
        Op::LoadGlobal { dst: 5, site: 0 }, Op::Call { dst: 3, func: 3, count: 2 }, Op::Return { src: 3 },
    ]);
    Arc::new(Code {
        kind: CodeKind::Module, name: "<module>".into(), qualname: "<module>".into(), file: "golden.py".into(), first_line: 1,
        params: Params::default(), locals: Vec::new(), cells: Vec::new(), free: Vec::new(), registers: 6, spans: vec![Span::default(); ops.len()], ops,
        consts: kept.into(), sites: vec!["kept".into(), "print".into()], handlers: Vec::new(), holes: vec![hole], children: Vec::new(), doc: None, partial: false,
        source: "".into(),
    })
}

fn finish(machine: &mut Machine) -> String {
    let answer = Answer::Value { value: Value::Int(41), detail: Default::default() };
    let step = machine.resume(vec![(0, Reply::Answer(answer))]);
    assert!(matches!(step, Step::Done { status: 0 }), "{step:?}");
    machine.take_output().into_iter().map(|(_, text)| text).collect()
}

const PRINTED: &str = "42 (1, 2.5, 'text', 1180591620717411303424, b'bytes')\n";

#[test]
fn the_first_image_loads_and_goes_on() {
    let code = code();
    let name = CodeName::of(&code);
    let mut machine = Machine::from_image(GOLDEN, Arc::new(Nothing), &|wanted| (*wanted == name).then(|| code.clone())).expect("an old image loads");
    assert_eq!(finish(&mut machine), PRINTED);
}

#[test]
fn an_image_of_today_goes_on_too() {
    let code = code();
    let mut machine = Machine::new(Arc::new(Nothing), Limits::default(), Options::default());
    let Step::Asks(asks) = machine.start(code.clone()) else { panic!("it asks") };
    assert_eq!(asks.len(), 1);
    let bytes = machine.image().expect("a hole that waits can be suspended");
    let mut loaded = Machine::from_image(&bytes, Arc::new(Nothing), &|_| Some(code.clone())).expect("it loads");
    assert_eq!(loaded.state_hash(), machine.state_hash());
    assert_eq!((finish(&mut loaded), finish(&mut machine)), (PRINTED.into(), PRINTED.into()));
}

#[test]
fn a_digest_tells_codes_apart() {
    let (code, mut other) = (code(), code().as_ref().clone());
    assert_eq!(code_digest(&code), code_digest(&other));
    other.consts[0] = Const::Int(2);
    assert_ne!(code_digest(&code), code_digest(&other));
}
