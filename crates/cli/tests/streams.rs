//! Standard output: it comes while the program runs, and a reader may leave.

mod support;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use support::Place;

#[test]
fn output_comes_while_a_program_computes() {
    let place = Place::new();
    // Neither an ask nor an end: what is read here came in between. A loop in one, only calls in the other.
    for busy in ["while True: pass", "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\nf(90)"] {
        let code = format!("print('first')\n{busy}");
        let mut child = place.command(&["run", "--limit-instructions", "9000000000000", "-c", &code]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "first\n");
        assert!(child.try_wait().unwrap().is_none(), "it still runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn a_reader_that_left_is_no_trouble() {
    let place = Place::new();
    let mut child =
        place.command(&["run", "-c", "for i in range(200000): print(i)"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "0\n");
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(0), ""));
}

#[test]
fn output_of_a_bet_is_held_until_it_is_won() {
    let place = Place::new();
    place.write("answers.json", r#"[{"call": "size(\"a\")", "answer": 1}, {"answer": "no number"}]"#);
    // The second hole fails where it is called: what was printed behind it was never printed.
    let program = "from emulant import AskFailed, emulate\n\n@emulate\ndef size(text: str) -> int:\n    \"How long?\"\n\n\
        a = size('a')\nprint('one')\ntry:\n    b = size('b')\n    print('never')\n    print(a + b)\nexcept AskFailed:\n    print('failed', a)\n";
    place.write("bets.py", program);
    for flags in [&["run", "--model", "script:answers.json"][..], &["run", "--eager", "--model", "script:answers.json"]] {
        let ran = place.run(&[flags, &["bets.py"]].concat());
        assert_eq!((ran.status, ran.out.as_str()), (0, "one\nfailed 1\n"), "{}", ran.err);
    }
}
