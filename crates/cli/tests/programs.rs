//! Programs that ask nobody: exit statuses, output, and tracebacks as CPython prints them.

mod support;
use support::{Place, corpus};

#[test]
fn exit_statuses_say_how_a_run_ended() {
    let place = Place::new();
    let rows: &[(&[&str], i32, &str)] = &[
        (&["run", "-c", "print(1 + 1)"], 0, "2\n"),
        (&["run", "-c", "import sys; print('a'); sys.exit(3)"], 3, "a\n"),
        (&["run", "-c", "import sys; sys.exit(200)"], 63, ""),
        (&["run", "-c", "import sys; sys.exit('message')"], 1, ""),
        (&["run", "-c", "1 / 0"], 1, ""),
        (&["run", "-c", "def f(:"], 65, ""),
        (&["run", "--limit-instructions", "100000", "-c", "while True: pass"], 66, ""),
        (&["run", "--limit-memory", "20000000", "-c", "x = 'a' * 10**12"], 66, ""),
        (&["run", "--limit-output", "100", "-c", "while True: print('x' * 50)"], 66, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"),
        (&["run"], 64, ""),
        (&["run", "no_such_file.py"], 64, ""),
        (&["run", "--no-such-flag", "-c", "1"], 64, ""),
        (&["run", "--input", "x", "-c", "1"], 64, ""),
        (&["run", "--input", "x={", "-c", "1"], 64, ""),
        (&["replay", "nothing"], 64, ""),
        (&["run", "--input", "n=[1, 2.5]", "-c", "print(n)"], 0, "[1, 2.5]\n"),
        (&["run", "-c", "import sys; print(sys.argv)", "a", "--b"], 0, "['-c', 'a', '--b']\n"),
    ];
    for (arguments, status, out) in rows {
        let ran = place.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (*status, *out), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_trivial_program_prints_its_output_and_nothing_else() {
    let place = Place::new();
    place.write("hello.py", "print('hello')\n");
    let ran = place.run(&["run", "hello.py"]);
    assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (0, "hello\n", ""));
    let reported = place.run(&["run", "--report", "hello.py"]);
    assert!(reported.err.contains("instructions"), "{}", reported.err);
    let json = place.run(&["run", "--json", "hello.py"]);
    let report: serde_json::Value = serde_json::from_str(&json.err).expect("the report is JSON");
    assert_eq!(report["result"], "done");
    assert_eq!(report["exit_status"], 0);
}

#[test]
fn programs_come_from_standard_input_and_read_it() {
    use std::io::Write;
    let place = Place::new();
    let mut child = place.command(&["run", "-"]);
    let mut child = child.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"print('from stdin')").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "from stdin\n");
    let mut child = place.command(&["run", "-c", "print(input('name? ').upper())"]);
    let mut child = child.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"ada\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "name? ADA\n");
}

#[test]
fn tracebacks_read_as_cpython_prints_them() {
    let place = Place::new();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(corpus("tracebacks")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        std::fs::copy(&path, place.path().join(&name)).unwrap();
        let expected = std::fs::read_to_string(path.with_extension("err")).unwrap();
        let ran = place.run(&["run", "--journal", "none", &name]);
        seen += 1;
        if ran.err != expected {
            wrong.push(format!("--- {name}: expected\n{expected}--- got\n{}", ran.err));
        }
    }
    assert!(seen >= 15, "only {seen} programs were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_has_help_with_an_example() {
    let place = Place::new();
    for command in ["run", "answer", "resume", "replay", "fork", "why", "journal", "holes", "tools", "model", "conform", "bench", "trace", "mcp"] {
        let ran = place.run(&[command, "--help"]);
        assert_eq!(ran.status, 0, "{command}: {}", ran.err);
        assert!(ran.out.contains("Example: emulant "), "{command}: {}", ran.out);
    }
}

#[test]
fn conform_tells_wrong_unsupported_and_limits_apart() {
    let place = Place::new();
    let rows = [
        r#"{"id": "good", "program": "print(1)", "stdout": "1\n"}"#,
        r#"{"id": "bad", "program": "print(1)", "stdout": "2\n"}"#,
        r#"{"id": "missing", "program": "import no_such_module", "stdout": ""}"#,
        r#"{"id": "raises", "program": "raise ValueError('x')", "stdout": ""}"#,
    ];
    place.write("own.jsonl", &rows.join("\n"));
    let ran = place.run(&["conform", "--no-oracle", "own.jsonl", "--json", "result.json"]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(ran.out.contains("thealgorithms bad: wrong: output line 1: expected \"2\", got \"1\""), "{}", ran.out);
    assert!(ran.out.contains("thealgorithms missing: unsupported: ModuleNotFoundError"), "{}", ran.out);
    assert!(ran.out.contains("thealgorithms raises: wrong: ValueError: x (line 1)"), "{}", ran.out);
    assert!(ran.out.ends_with("thealgorithms: passed 1 of 4 (unsupported 1, wrong 2)\n"), "{}", ran.out);
    let json: serde_json::Value = serde_json::from_str(&place.read("result.json")).unwrap();
    assert_eq!(json["programs"].as_array().unwrap().len(), 4);
}

#[test]
fn a_reader_that_left_is_no_reason_to_panic() {
    let place = Place::new();
    let mut child = place.command(&["run", "--help"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_ne!(child.wait().unwrap().code(), Some(101));
    place.run(&["run", "-c", "1"]);
    let mut child = place.command(&["journal", "list"]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.is_empty()), (Some(0), true));
}
