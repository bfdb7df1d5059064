//! Tool servers: one of our own that misbehaves, and real ones that nobody here
//! wrote, where `check.d/10-mcp.sh` has installed them.

use emulant_ask::{Answer, Call, Value};
use emulant_host::tools::{ToolBox, ToolsFile};
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn toolbox(servers: Json, said: Json, timeout: f64) -> ToolBox {
    let text = json!({"mcpServers": servers, "emulant": said}).to_string();
    let file = ToolsFile::parse(&text, Path::new("")).unwrap();
    ToolBox::new(file, None).unwrap().with_timeout(Duration::from_secs_f64(timeout))
}

fn call(tools: &mut ToolBox, tool: &str, arguments: Json) -> Result<Value, String> {
    let arguments = arguments.as_object().unwrap().iter();
    let arguments = arguments.map(|(name, json)| (name.clone(), emulant_host::value::from_foreign(json))).collect();
    match tools.call(&Call { tool: tool.into(), arguments }) {
        Answer::Value { value, .. } => Ok(value),
        Answer::Raise { class, message } => Err(format!("{class}: {message}")),
        other => Err(format!("{other:?}")),
    }
}

/// The command and its arguments, if all of it is installed.
fn installed(what: &str, pieces: &[PathBuf]) -> bool {
    let missing = pieces.iter().find(|piece| !piece.exists() && Command::new(piece).arg("--version").output().is_err());
    if let Some(missing) = missing {
        // Written past the test harness, which hides what passing tests print.
        let left_out = format!("left out: {what} ({} is not installed; check.d/10-mcp.sh does it)\n", missing.display());
        std::io::stderr().write_all(left_out.as_bytes()).unwrap();
    }
    missing.is_none()
}

fn fake(mode: &str) -> Json {
    json!({"command": "python3", "args": [here("tests/fake_server.py"), mode]})
}

fn has_python() -> bool {
    installed("tool servers that misbehave", &["python3".into()])
}

#[test]
fn results_are_typed() {
    if !has_python() {
        return;
    }
    let mut tools = toolbox(json!({"fake": fake("")}), json!({"echo_back": {"acts": false, "origin": "third party"}}), 20.0);
    let declared = tools.declare().unwrap();
    let echo = declared.iter().find(|tool| tool.name == "echo_back").unwrap();
    assert_eq!((echo.acts, echo.origin.as_str(), &echo.critical), (false, "third party", &None));
    let silent = declared.iter().find(|tool| tool.name == "json").unwrap();
    assert!(silent.acts && silent.critical.is_none(), "a tool that nobody described is as guarded as can be");
    assert_eq!(call(&mut tools, "echo_back", json!({"a": "é{}"})), Ok(Value::str("é{}")));
    assert_eq!(call(&mut tools, "json", json!({})), Ok(Value::dict([("n", Value::Int(12_345_678_901_234_567))])));
    let image = json!({"type": "image", "data": "AA==", "mimeType": "image/png"});
    let parts = Value::List(vec![Value::str("{}"), emulant_host::value::from_foreign(&image)]);
    assert_eq!(call(&mut tools, "parts", json!({})), Ok(parts));
    assert_eq!(call(&mut tools, "nothing", json!({})), Ok(Value::None));
    let Answer::Value { detail, .. } = tools.call(&Call { tool: "nothing".into(), arguments: vec![] }) else { panic!() };
    assert_eq!(detail.by, "fake");
    assert!(detail.time_us > 0);
}

#[test]
fn what_goes_wrong_raises_and_the_next_call_works() {
    if !has_python() {
        return;
    }
    let mut tools = toolbox(json!({"fake": fake("")}), json!({"hang": {"timeout_seconds": 0.5}}), 20.0);
    let mut error = |tool: &str, arguments: Json| call(&mut tools, tool, arguments).unwrap_err();
    assert_eq!(error("echo_back", json!({"a": 3})), "ToolError: echo_back: $.a: 3 is not of type \"string\"");
    let lie = "ToolError: lie: its result does not fit its schema: $.n: \"many\" is not of type \"integer\"";
    assert_eq!(error("lie", json!({})), lie);
    assert_eq!(error("fail", json!({})), "ToolError: fail: disk full");
    assert_eq!(error("refuse", json!({})), "ToolError: refuse: I will not");
    assert_eq!(error("crash", json!({})), "ToolError: crash: it ended before it answered: RuntimeError: boom");
    let started = Instant::now();
    let hang = "ToolError: hang: it did not answer within 0.5 s and was ended; what it did until then is not known";
    assert_eq!(error("hang", json!({})), hang);
    assert!(started.elapsed() < Duration::from_secs(15));
    assert_eq!(call(&mut tools, "garbage", json!({})), Ok(Value::str("after garbage")));
    assert_eq!(call(&mut tools, "count", json!({})), Ok(Value::str("1")));
    assert_eq!(call(&mut tools, "count", json!({})), Ok(Value::str("2")));
}

#[test]
fn servers_that_do_not_serve_are_named() {
    if !has_python() {
        return;
    }
    let error = |server: Json, seconds: u64| {
        let tools = toolbox(json!({"bad": server}), json!({}), 20.0);
        let mut tools = tools.with_start_timeout(Duration::from_secs(seconds));
        tools.declare().map(<[_]>::len).unwrap_err().0
    };
    let missing = error(json!({"command": "/no/such/program"}), 20);
    assert!(missing.starts_with("tool server bad: /no/such/program does not start: "), "{missing}");
    let dies = error(fake("dies"), 20);
    assert!(dies.starts_with("tool server bad: it does not speak MCP: ") && dies.ends_with(": no license"), "{dies}");
    assert_eq!(error(fake("endless"), 20), "tool server bad: its list of tools has more than 100 pages");
    assert_eq!(error(fake("silent"), 1), "tool server bad: it did not tell its tools within 1 s");
}

#[test]
fn equal_names_carry_the_name_of_their_server() {
    if !has_python() {
        return;
    }
    let mut tools = toolbox(json!({"one": fake(""), "two-b": fake("")}), json!({"two_b_count": {"acts": false}}), 20.0);
    let names: Vec<String> = tools.declare().unwrap().iter().map(|tool| tool.name.clone()).collect();
    assert!(names.contains(&"one_count".into()) && names.contains(&"two_b_count".into()), "{names:?}");
    assert_eq!(call(&mut tools, "one_count", json!({})), Ok(Value::str("1")));
    assert_eq!(call(&mut tools, "two_b_count", json!({})), Ok(Value::str("1")));
}

#[test]
fn a_server_gets_no_keys_of_ours_and_ends_with_us() {
    if !has_python() {
        return;
    }
    let mut server = fake("");
    server["env"] = json!({"GIVEN": "1"});
    let mut tools = toolbox(json!({"fake": server}), json!({}), 20.0);
    let Ok(Value::Str(names)) = call(&mut tools, "environment", json!({})) else { panic!() };
    assert!(names.contains("GIVEN") && names.contains("PATH"));
    assert!(!names.contains("CARGO"), "{names}");
    let started = Instant::now();
    drop(tools);
    assert!(started.elapsed() < Duration::from_secs(10));
}

fn node_server(name: &str) -> Option<PathBuf> {
    let script = here("../../.check/node_modules/@modelcontextprotocol").join(name).join("dist/index.js");
    installed(name, &["node".into(), script.clone()]).then_some(script)
}

#[test]
fn the_everything_server_works() {
    let Some(script) = node_server("server-everything") else { return };
    let mut tools = toolbox(json!({"everything": {"command": "node", "args": [script, "stdio"]}}), json!({}), 60.0);
    let names: Vec<String> = tools.declare().unwrap().iter().map(|tool| tool.name.clone()).collect();
    assert!(names.contains(&"get_sum".into()), "{names:?}");
    let sum = call(&mut tools, "get_sum", json!({"a": 2, "b": 40})).unwrap();
    assert!(sum.as_str().is_some_and(|text| text.contains("42")), "{sum:?}");
    assert_eq!(call(&mut tools, "echo", json!({"message": "hi"})), Ok(Value::str("Echo: hi")));
    let weather = call(&mut tools, "get_structured_content", json!({"location": "New York"})).unwrap();
    assert!(matches!(weather.get("temperature"), Some(Value::Int(_) | Value::Float(_))), "{weather:?}");
    let wrong = call(&mut tools, "get_structured_content", json!({"location": "Atlantis"})).unwrap_err();
    assert!(wrong.starts_with("ToolError: get_structured_content: $.location: "), "{wrong}");
}

#[test]
fn the_filesystem_server_works() {
    let Some(script) = node_server("server-filesystem") else { return };
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut tools = toolbox(json!({"filesystem": {"command": "node", "args": [script, &root]}}), json!({}), 60.0);
    let file = root.join("a.txt");
    // Its name is that of a built-in, so it carries the server's.
    call(&mut tools, "filesystem_write_file", json!({"path": file, "content": "one\ntwo"})).unwrap();
    let read = call(&mut tools, "read_text_file", json!({"path": file})).unwrap();
    assert_eq!(read, Value::dict([("content", Value::str("one\ntwo"))]));
    let outside = call(&mut tools, "read_text_file", json!({"path": "/etc/hostname"})).unwrap_err();
    assert!(outside.contains("Access denied"), "{outside}");
}

#[test]
fn the_git_server_works() {
    let server = here("../../.check/venv/bin/mcp-server-git");
    if !installed("mcp-server-git", &[server.clone(), "git".into()]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let done = Command::new("git").args(identity).args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q"]);
    std::fs::write(folder.path().join("a.txt"), "one\n").unwrap();
    git(&["add", "a.txt"]);
    git(&["commit", "-q", "-m", "the first commit"]);
    std::fs::write(folder.path().join("a.txt"), "two\n").unwrap();
    let mut tools = toolbox(json!({"git": {"command": server}}), json!({"git_status": {"acts": false}}), 60.0);
    let path = folder.path();
    let status = call(&mut tools, "git_status", json!({"repo_path": path})).unwrap();
    assert!(status.as_str().is_some_and(|text| text.contains("modified:   a.txt")), "{status:?}");
    let log = call(&mut tools, "git_log", json!({"repo_path": path, "max_count": 1})).unwrap();
    assert!(format!("{log:?}").contains("the first commit"), "{log:?}");
    let missing = call(&mut tools, "git_status", json!({"repo_path": "/no/such/repository"})).unwrap_err();
    assert!(missing.starts_with("ToolError: git_status: "), "{missing}");
}

#[test]
fn the_tools_file_of_the_examples_works() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for file in ["triage.json", "mail_server.py", "tickets.jsonl"] {
        std::fs::copy(here("../../examples").join(file), folder.path().join(file)).unwrap();
    }
    let file = ToolsFile::read(&folder.path().join("triage.json")).unwrap();
    let mut tools = ToolBox::new(file, Some(folder.path())).unwrap();
    let declared = tools.declare().unwrap();
    let mail = declared.iter().find(|tool| tool.name == "send_mail").unwrap();
    assert_eq!((mail.acts, mail.critical.as_deref()), (true, Some(&["to".to_string()][..])));
    let read = call(&mut tools, "read_text", json!({"path": "tickets.jsonl"})).unwrap();
    assert_eq!(read.as_str().map(|text| text.lines().count()), Some(12));
    let sent = call(&mut tools, "send_mail", json!({"to": "a@b.example", "subject": "s", "body": "b"}));
    assert_eq!(sent, Ok(Value::dict([("number", Value::Int(1))])));
    assert!(std::fs::read_to_string(folder.path().join("outbox.jsonl")).unwrap().contains("a@b.example"));
}
