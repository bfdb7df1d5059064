//! What is wrong from outside ends with a clear message and the right exit status, and nothing
//! that was recorded is lost. One table; a row is what is given, how it ends, and what is said.

mod support;
use serde_json::json;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::{Place, Ran, left_out};

/// A program with a hole.
const HOLE: &str = "from emulant import ask\nx: int = ask('how many?')\nprint(x)";

/// What is given, how it ends, what is said, and what goes to standard input.
struct Row(&'static [&'static str], i32, &'static str, &'static str);

/// `Row` without input.
const fn row(arguments: &'static [&'static str], status: i32, says: &'static str) -> Row {
    Row(arguments, status, says, "empty")
}

const ROWS: &[Row] = &[
    // Programs.
    row(&["run", "nothing.py"], 64, "nothing.py: No such file"),
    row(&["run", "."], 64, ".: Is a directory"),
    row(&["run"], 64, "give a FILE"),
    row(&["run", "empty"], 0, ""),
    row(&["run", "-"], 0, ""),
    row(&["run", "nul.py"], 65, "source code string cannot contain null bytes"),
    row(&["run", "latin.py"], 65, "latin.py: it is not UTF-8"),
    Row(&["run", "-"], 65, "standard input: it is not UTF-8", "latin.py"),
    row(&["run", "large.py"], 0, "10000000\n"),
    row(&["run", "brackets.py"], 65, "too many nested parentheses"),
    row(&["run", "-c", "def ("], 65, "SyntaxError"),
    row(&["holes", "nothing.py"], 64, "nothing.py: No such file"),
    row(&["holes", "latin.py"], 65, "it is not UTF-8"),
    row(&["trace", "nothing"], 64, "there is no run nothing"),
    row(&["conform", "nothing"], 64, "nothing: No such file"),
    // Standard input of a program.
    row(&["run", "-c", "input()"], 1, "EOFError: EOF when reading a line"),
    Row(&["run", "-c", "print(len(input()))"], 0, "10000000\n", "line"),
    Row(&["run", "-c", "print(len(input()))"], 1, "ValueError: standard input is not UTF-8", "latin.py"),
    Row(&["run", "-c", "print(repr(input()))"], 0, "'a\\x00b'", "nul"),
    // Values for it.
    row(&["run", "--input", "a", "ok.py"], 64, "it reads NAME=JSON"),
    row(&["run", "--input", "1a=2", "ok.py"], 64, "\"1a\" is no name"),
    row(&["run", "--input", "a=hello", "ok.py"], 64, "--input a is not JSON: expected value at line 1 column 1 (a text needs quotes: '\"hello\"')"),
    row(&["run", "--input", "a={", "ok.py"], 64, "--input a is not JSON: EOF while parsing an object at line 1 column 1\n"),
    row(&["run", "--input", "a=\"\\ud800\"", "ok.py"], 64, "--input a is not JSON"),
    row(&["run", "--input", "a=1e999", "ok.py"], 64, "number out of range"),
    row(&["run", "--input", "a=[1, 18446744073709551616]", "ok.py"], 64, "--input a: 18446744073709551616 does not fit 64 bits"),
    row(&["run", "--input", "a=[\"x\\\" 99999999999999999999\", 9]", "-c", "print(a[1])"], 0, "9\n"),
    row(&["run", "--input", "a=\"\\u0000\"", "-c", "print(len(a))"], 0, "1\n"),
    row(&["run", "--input", "a=-9223372036854775808", "-c", "print(a)"], 0, "-9223372036854775808\n"),
    // Limits and other numbers.
    row(&["run", "--limit-seconds", "99999999999999999999", "ok.py"], 64, "number too large"),
    row(&["run", "--limit-asks", "-1", "ok.py"], 64, "invalid digit"),
    row(&["run", "--limit-seconds", "18446744073709551615", "-c", "import random\nprint(random.random() < 1)"], 0, "True\n"),
    row(&["run", "--limit-instructions", "18446744073709551615", "ok.py"], 0, "1\n"),
    row(&["run", "--limit-memory", "18446744073709551615", "ok.py"], 0, "1\n"),
    row(&["run", "--limit-memory", "0", "ok.py"], 66, "the limit of memory is reached"),
    row(&["run", "-c", "10 ** 10 ** 10"], 66, "the limit of"),
    row(&["run", "-c", "print('a' * 10 ** 12)"], 66, "the limit of memory is reached"),
    // Tools files.
    row(&["run", "--tools", "nothing.json", "ok.py"], 64, "nothing.json: No such file"),
    row(&["run", "--tools", ".", "ok.py"], 64, "Is a directory"),
    row(&["run", "--tools", "brace", "ok.py"], 64, "brace: EOF while parsing an object"),
    row(&["run", "--tools", "empty", "ok.py"], 64, "empty: EOF while parsing"),
    row(&["run", "--tools", "list.json", "ok.py"], 64, "list.json: invalid type: sequence, expected a map"),
    row(&["run", "--tools", "number.json", "ok.py"], 64, "server \"a\": invalid type: integer `7`, expected a string"),
    row(&["run", "--tools", "latin.py", "ok.py"], 64, "did not contain valid UTF-8"),
    row(&["run", "--tools", "line", "ok.py"], 64, "larger than 1048576 bytes"),
    row(&["run", "--tools", "missing.json", "ok.py"], 74, "tool server a: no-such-program does not start: No such file"),
    row(&["run", "--tools", "dies.json", "ok.py"], 74, "tool server fake: it does not speak MCP"),
    row(&["tools", "lint", "brace"], 64, "brace: EOF while parsing an object"),
    row(&["run", "--policy", "nothing", "ok.py"], 64, "nothing: No such file"),
    row(&["run", "--root", "nothing", "ok.py"], 64, "nothing: No such file"),
    row(&["run", "--root", "ok.py", "ok.py"], 64, "ok.py: Not a directory"),
    // Tool servers in the middle of a run.
    row(&["run", "--tools", "fake.json", "-c", "from emulant import tools\ntools.crash()"], 67, "ToolError: crash: it ended before it answered: RuntimeError: boom"),
    row(&["run", "--tools", "fake.json", "-c", "from emulant import tools\ntools.hang()"], 67, "ToolError: hang: it did not answer within 0.5 s and was ended"),
    row(&["run", "--tools", "fake.json", "-c", "from emulant import tools\ntools.lie()"], 67, "ToolError: lie: its result does not fit its schema: $.n"),
    row(&["run", "--tools", "fake.json", "-c", "from emulant import tools\nprint(tools.garbage())"], 0, "after garbage"),
    row(&["run", "--tools", "fake.json", "-c", "from emulant import tools\nprint(len(tools.long()))"], 0, "10000000\n"),
    row(&["run", "--tools", "fake.json", "-c", "from emulant import tools\ntools.endless()"], 67, "ToolError: endless: it did not answer within 4 s"),
    // Serving.
    row(&["serve", "--listen", "0.0.0.0:0"], 64, "0.0.0.0:0 is reached from other computers: a token is needed (--token-file FILE)"),
    row(&["serve", "--listen", "nowhere"], 64, "invalid value 'nowhere' for '--listen <ADDRESS:PORT>'"),
    row(&["serve", "--token-file", "empty"], 64, "empty: its first line is no token"),
    row(&["mcp", "--tools", "brace"], 64, "brace: EOF while parsing an object"),
    row(&["mcp", "install", "--client", "nothing"], 64, "there is no client \"nothing\"; there are claude-desktop, "),
    row(&["hook", "pre-tool-use"], 2, "this is no hook's input: "),
    row(&["journal", "prune", "--older-than", "5x"], 64, "it reads 30d, 12h or 5m"),
    // Models.
    row(&["run", "--model", "cut.gguf", "-c", HOLE], 67, "emulant.AskFailed: cut.gguf cannot be used"),
    row(&["run", "--model", "nothing.gguf", "-c", HOLE], 67, "cannot read nothing.gguf: there is no such file"),
    row(&["run", "--model", "no such model", "ok.py"], 64, "--model: no model is called \"no such model\""),
    row(&["run", "--model", "openai:m@http://127.0.0.1:9/v1", "-c", HOLE], 67, "it cannot be reached: "),
    row(&["run", "--model", "script:brace", "-c", HOLE], 67, "AskFailed: script brace: "),
    row(&["run", "--model", "script:text.json", "-c", HOLE], 67, "AskFailed"),
    row(&["run", "--model", "test", "-c", HOLE], 67, "AskFailed: the weights of SmolLM2-135M-Instruct, 4 bits could not be fetched; model hub: "),
    row(&["model", "pull", "test"], 74, "could not be fetched; model hub: io: Connection refused"),
    row(&["model", "pull", "nothing"], 64, "no model is called \"nothing\""),
    // Answers.
    row(&["answer", "WAITS", "2", "7"], 64, "entry 2: it waits for an approval: answer true or false"),
    row(&["answer", "WAITS", "2", "yes"], 64, "the answer is not JSON"),
    row(&["answer", "WAITS", "99", "1"], 64, "asks nothing"),
    row(&["answer", "WAITS", "99999999999999999999999", "1"], 64, "number too large"),
    row(&["answer", "nothing", "1", "1"], 64, "there is no run nothing"),
    row(&["answer", "ENDED", "1", "1"], 64, "is finished"),
    row(&["fork", "ENDED", "--at", "1", "--answer", "\"many\""], 64, "$: expected int, got \"many\""),
    row(&["fork", "ENDED", "--at", "77", "--answer", "1"], 64, "entry 77 asks nothing"),
    // Exported journals.
    row(&["journal", "verify", "cut.jsonl"], 65, "is cut off: its newline is missing"),
    row(&["journal", "show", "cut.jsonl"], 65, "is cut off: its newline is missing"),
    row(&["replay", "cut.jsonl"], 65, "is cut off: its newline is missing"),
    row(&["replay", "shorter.jsonl"], 0, "the run is open"),
    row(&["replay", "empty"], 65, "empty: the journal is empty"),
    row(&["journal", "show", "empty"], 65, "empty: the journal is empty"),
    row(&["journal", "verify", "empty"], 65, "the journal is empty"),
    row(&["replay", "nul"], 65, "nul: line 1"),
    row(&["replay", "latin.py"], 65, "latin.py: it is not UTF-8"),
    row(&["why", "cut.jsonl", "1"], 65, "is cut off"),
    row(&["fork", "cut.jsonl", "--at", "1", "--answer", "1"], 65, "is cut off"),
    row(&["replay", "brackets.py"], 65, "line 1"),
    // Places for the record.
    row(&["--state", "ok.py", "run", "ok.py"], 74, "ok.py: File exists"),
    row(&["--state", "ok.py/below", "run", "ok.py"], 74, "ok.py/below: Not a directory"),
    row(&["--state", "/proc/nothing", "run", "ok.py"], 74, "/proc/nothing: No such file"),
    row(&["--state", "key", "run", "-c", "print('began')"], 65, "key: it is not a signing key"),
    row(&["--state", "head", "journal", "list"], 65, "the journal database is damaged: file is not a database"),
    row(&["--state", "head", "run", "-c", "print('began')"], 65, "the journal database is damaged"),
    row(&["--state", "tail", "run", "-c", "print('began')"], 65, "the journal database is damaged"),
    row(&["--state", "middle", "run", "-c", "print('began')"], 65, "the journal database is damaged"),
];

/// A place with all files that the rows name, one finished run and one that waits.
fn prepared() -> (Place, String, String) {
    let place = Place::new();
    let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/tests/fake_server.py");
    let server = |mode: &str| json!({"command": "python3", "args": [fake, mode]});
    let reads = |seconds: f64| json!({"acts": false, "timeout_seconds": seconds});
    let said = json!({"crash": reads(20.0), "hang": reads(0.5), "lie": reads(20.0), "garbage": reads(20.0), "long": reads(30.0), "endless": reads(4.0)});
    for (name, text) in [
        ("ok.py", "print(1)\n".to_string()),
        ("empty", String::new()),
        ("nul.py", "print('a\0b')\n".into()),
        ("nul", "a\0b\n".into()),
        ("large.py", format!("x = '{}'\nprint(len(x))\n", "a".repeat(10_000_000))),
        ("brackets.py", "(".repeat(100_000)),
        ("line", "a".repeat(10_000_000) + "\n"),
        ("brace", "{".into()),
        ("list.json", "[]".into()),
        ("text.json", "[{\"answer\": \"many\"}]".into()),
        ("number.json", json!({"mcpServers": {"a": {"command": 7}}}).to_string()),
        ("missing.json", json!({"mcpServers": {"a": {"command": "no-such-program"}}}).to_string()),
        ("dies.json", json!({"mcpServers": {"fake": server("dies")}}).to_string()),
        ("fake.json", json!({"mcpServers": {"fake": server("")}, "emulant": said}).to_string()),
        ("cut.gguf", "GGUF\u{3}\0\0\0".into()),
        ("three.json", "[{\"answer\": 3}]".into()),
    ] {
        place.write(name, &text);
    }
    std::fs::write(place.path().join("latin.py"), b"print('\xff')\n").unwrap();
    let ended = place.run(&["run", "--model", "script:three.json", "-c", HOLE]);
    assert_eq!((ended.status, ended.out.as_str()), (0, "3\n"), "{}", ended.err);
    let ended = place.newest();
    let waits = place.run(&["run", "--root", ".", "--approve", "later", "-c", "from emulant import tools\ntools.write_file('w', 'x')"]);
    assert_eq!(waits.status, 75, "{}", waits.err);
    let listed = place.run(&["journal", "list"]).out;
    let waits = listed.lines().find(|line| line.contains("waiting")).and_then(|line| line.split_whitespace().next()).unwrap().to_string();
    let exported = place.run(&["journal", "export", &ended]).out;
    place.write("cut.jsonl", &exported[..exported.len() - 20]);
    place.write("shorter.jsonl", &exported.split_inclusive('\n').take(2).collect::<String>());
    damage(&place.path().join("state/emulant"), place.path());
    (place, ended, waits)
}

/// Copies of the store, each damaged in another way.
fn damage(store: &Path, place: &Path) {
    let copy = |name: &str| -> PathBuf {
        let folder = place.join(name);
        std::fs::create_dir(&folder).unwrap();
        for entry in std::fs::read_dir(store).unwrap().map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_file()) {
            std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
        }
        folder
    };
    std::fs::write(copy("key").join("key"), "zz").unwrap();
    let change = |name: &str, change: fn(&mut Vec<u8>)| {
        let path = copy(name).join("journal.db");
        let mut bytes = std::fs::read(&path).unwrap();
        change(&mut bytes);
        std::fs::write(path, bytes).unwrap();
    };
    change("head", |bytes| bytes[..16].fill(b'x'));
    change("tail", |bytes| bytes.truncate(bytes.len() / 2 + 100));
    change("middle", |bytes| bytes[8192..].iter_mut().for_each(|byte| *byte ^= 0x5a));
}

/// Runs a row, without a way to any hub or package index.
fn run(place: &Place, arguments: &[&str], input: &str) -> Ran {
    let mut command = place.command(arguments);
    for name in ["HF_ENDPOINT", "PIP_INDEX_URL"] {
        command.env(name, "http://127.0.0.1:9/");
    }
    command.env_remove("PIP_FIND_LINKS").env_remove("PIP_EXTRA_INDEX_URL").env("PIP_CONFIG_FILE", "/dev/null").env("PIP_RETRIES", "0");
    command.stdin(Stdio::from(std::fs::File::open(place.path().join(input)).unwrap()));
    Ran::of(command.output().unwrap())
}

#[test]
fn every_row_ends_clearly_and_nothing_is_lost() {
    if Command::new("python3").arg("--version").output().is_err() {
        return left_out("what is wrong from outside", "a python3");
    }
    let (place, ended, waits) = prepared();
    let record = |run: &str| place.run(&["journal", "export", run]).out;
    let before = (record(&ended), record(&waits));
    let mut wrong = Vec::new();
    for Row(arguments, status, says, input) in ROWS {
        let arguments: Vec<&str> = arguments.iter().map(|word| match *word {
            "ENDED" => ended.as_str(),
            "WAITS" => waits.as_str(),
            word => word,
        }).collect();
        let ran = run(&place, &arguments, input);
        let said = format!("{}{}", ran.out, ran.err);
        let lost = (record(&ended), record(&waits)) != before;
        if ran.status != *status || !said.contains(says) || said.contains("panicked") || said.contains("began\n") || lost {
            let start = |text: &str| text.chars().take(600).collect::<String>();
            wrong.push(format!("{arguments:?}: status {} for {status}, lost: {lost}\n{}{}", ran.status, start(&ran.out), start(&ran.err)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let listed = place.run(&["journal", "list"]).out;
    assert!(listed.contains(&ended) && listed.contains(&waits), "{listed}");
    assert_eq!(place.run(&["replay", &ended]).out, "3\n");
    assert_eq!(place.run(&["answer", &waits, "2", "true"]).status, 0);
    assert_eq!(place.read("w"), "x");
}

/// The superuser may write everywhere, so that for it the binary runs as somebody else.
fn as_nobody(place: &Place, arguments: &[&str]) -> Option<Ran> {
    let name = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !is_root {
        return Some(place.run(arguments));
    }
    let can = Command::new("setpriv").args(name).args([env!("CARGO_BIN_EXE_emulant"), "--version"]).output().is_ok_and(|output| output.status.success());
    let plain = place.command(arguments);
    let mut command = Command::new("setpriv");
    command.args(name).arg(plain.get_program()).args(plain.get_args()).current_dir(place.path()).stdin(Stdio::null());
    command.envs(plain.get_envs().filter_map(|(key, value)| Some((key, value?))));
    can.then(|| Ran::of(command.output().unwrap()))
}

#[test]
fn a_state_folder_that_cannot_be_written_is_told() {
    let place = Place::new();
    place.write("ok.py", "print(1)\n");
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(place.path(), 0o777);
    let Some(first) = as_nobody(&place, &["run", "ok.py"]) else { return left_out("a state folder that cannot be written", "util-linux") };
    assert_eq!(first.status, 0, "{}", first.err);
    let store = place.path().join("state/emulant");
    mode(&store, 0o500);
    mode(&store.join("journal.db"), 0o400);
    let ran = as_nobody(&place, &["run", "-c", "print('began')"]).unwrap();
    assert_eq!((ran.status, ran.out.as_str()), (74, ""), "{}", ran.err);
    assert!(ran.err.contains("journal.db") || ran.err.contains("the journal database: "), "{}", ran.err);
    mode(&store, 0o700);
    mode(&store.join("journal.db"), 0o600);
    assert!(as_nobody(&place, &["journal", "list"]).unwrap().out.contains("ok.py"));
    // A folder that cannot even be made.
    let none = as_nobody(&place, &["--state", "/nothing/at/all", "run", "ok.py"]).unwrap();
    assert_eq!((none.status, none.err.contains("/nothing/at/all: Permission denied")), (74, true), "{}", none.err);
}
