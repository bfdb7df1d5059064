//! What the campaign `lazy` found, as the smallest programs that show it.

use emulant_ask::{Answer, Ask, Request, Value};
use emulant_machine::{Machine, Options, Reply};
use emulant_prove::campaigns::lazy::LIMITS;
use emulant_prove::pure::drive;
use std::collections::BTreeMap;

const HEAD: &str = "from emulant import emulate, AskError\n@emulate\ndef number(x: int) -> int:\n    'A number.'\n\n@emulate\ndef word(x: int) -> str:\n    'A word.'\n\n";

/// Output and end of a program whose hole number N fails as often as `failures` says, and then answers N.
fn shown(text: &str, eager: bool, failures: &[(i64, u32)]) -> String {
    let code = emulant_compile::compile(&format!("{HEAD}{text}"), &emulant_compile::Options::default()).expect("it compiles");
    let mut left: BTreeMap<i64, u32> = failures.iter().copied().collect();
    let mut reply = |ask: &Ask| {
        let Request::Emulate(hole) = &ask.request else { panic!("{ask:?}") };
        let Value::Int(x) = hole.arguments[0].1 else { panic!("{hole:?}") };
        let fails = left.get_mut(&x).filter(|left| **left > 0).map(|left| *left -= 1).is_some();
        let value = if hole.name == "word" { Value::str(x.to_string()) } else { Value::Int(x) };
        (ask.id, Reply::Answer(if fails { Answer::Failed { reason: format!("of {x}") } } else { Answer::value(value) }))
    };
    let machine = Machine::new(emulant_stdlib::library(), LIMITS, Options { eager, ..Options::default() });
    let ran = drive(machine, code, |asks| asks.iter().map(&mut reply).collect());
    format!("{}{:?}", ran.output, ran.ended)
}

#[track_caller]
fn alike(text: &str, failures: &[(i64, u32)], output: &str) {
    let eager = shown(text, true, failures);
    assert!(eager.starts_with(output), "{eager}");
    assert_eq!(shown(text, false, failures), eager);
}

#[test]
fn a_failure_that_a_lost_bet_took_is_taken_again() {
    let text = "for _ in range(3):\n    try:\n        number(4)\n        print([number(x) for x in range(5)])\n    except AskError as error:\n        print('failed', str(error)[:4])\n";
    alike(text, &[(4, 2), (2, 1)], "failed of 4\nfailed of 4\nfailed of 2\nDone");
}

#[test]
fn exceptions_look_into_answers_that_are_open() {
    alike("print(repr(ExceptionGroup(word(1), [ValueError(word(2))])))\n", &[], "ExceptionGroup('1', [ValueError('2')])\n");
    alike("print(type(OSError(number(2), 'gone')).__name__)\n", &[], "FileNotFoundError\n");
}
