//! The built-in tools, called as a run calls them.

use emulant_ask::{Answer, Call, Value};
use emulant_host::tools::{ToolBox, ToolsFile};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

fn tools(root: &Path) -> ToolBox {
    ToolBox::new(ToolsFile::default(), Some(root)).unwrap().with_timeout(Duration::from_secs(2))
}

fn call(tools: &mut ToolBox, tool: &str, arguments: Vec<(&str, Value)>) -> Result<Value, String> {
    let arguments = arguments.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    match tools.call(&Call { tool: tool.into(), arguments }) {
        Answer::Value { value, detail } => {
            assert_eq!(detail.by, "built-in");
            Ok(value)
        }
        Answer::Raise { class, message } => Err(format!("{class}: {message}")),
        other => Err(format!("{other:?}")),
    }
}

fn text(text: &str) -> Value {
    Value::str(text)
}

#[test]
fn files_are_written_listed_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut tools = tools(folder.path());
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    assert_eq!(call(&mut tools, "write_file", vec![("path", text("sub/a.txt")), ("text", text("é\r\nb"))]), Ok(Value::Int(4)));
    assert_eq!(call(&mut tools, "read_text", vec![("path", text("./sub/a.txt"))]), Ok(text("é\r\nb")));
    assert_eq!(call(&mut tools, "write_file", vec![("path", text("sub/a.txt")), ("text", text("new"))]), Ok(Value::Int(3)));
    assert_eq!(std::fs::read_to_string(folder.path().join("sub/a.txt")).unwrap(), "new");
    let entry = |name, kind, size| Value::dict([("name", text(name)), ("kind", text(kind)), ("size", Value::Int(size))]);
    assert_eq!(call(&mut tools, "list_dir", vec![("path", text("sub"))]), Ok(Value::List(vec![entry("a.txt", "file", 3)])));
    let Ok(Value::List(entries)) = call(&mut tools, "list_dir", vec![]) else { panic!() };
    assert_eq!(entries[0].get("kind"), Some(&text("folder")));
}

#[test]
fn failures_are_the_exceptions_that_open_raises() {
    let folder = tempfile::tempdir().unwrap();
    let mut tools = tools(folder.path());
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    std::fs::write(folder.path().join("bad"), b"ab\xff").unwrap();
    let mut read = |path: &str| call(&mut tools, "read_text", vec![("path", text(path))]).unwrap_err();
    assert_eq!(read("none.txt"), "FileNotFoundError: [Errno 2] No such file or directory: 'none.txt'");
    assert_eq!(read(""), "FileNotFoundError: [Errno 2] No such file or directory: ''");
    assert_eq!(read("sub"), "IsADirectoryError: [Errno 21] Is a directory: 'sub'");
    assert_eq!(read("bad/x"), "NotADirectoryError: [Errno 20] Not a directory: 'bad/x'");
    assert_eq!(read("bad"), "ValueError: 'bad': it is not UTF-8 at byte 2");
    assert_eq!(read("a\0b"), "ValueError: embedded null byte");
    let write = call(&mut tools, "write_file", vec![("path", text("sub")), ("text", text(""))]).unwrap_err();
    assert_eq!(write, "IsADirectoryError: [Errno 21] Is a directory: 'sub'");
    let write = call(&mut tools, "write_file", vec![("path", text("no/x")), ("text", text(""))]).unwrap_err();
    assert_eq!(write, "FileNotFoundError: [Errno 2] No such file or directory: 'no/x'");
}

#[test]
fn arguments_that_do_not_fit_name_path_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut tools = tools(folder.path());
    let error = call(&mut tools, "read_text", vec![("path", Value::Int(3))]).unwrap_err();
    assert_eq!(error, "ToolError: read_text: $.path: 3 is not of type \"string\"");
    let error = call(&mut tools, "read_text", vec![]).unwrap_err();
    assert_eq!(error, "ToolError: read_text: $: \"path\" is a required property");
    assert!(call(&mut tools, "read_text", vec![("path", text("a")), ("mode", text("w"))]).unwrap_err().contains("mode"));
    assert_eq!(call(&mut tools, "rm", vec![]).unwrap_err(), "ToolError: rm: no tool of this name is declared");
}

#[test]
fn no_path_leads_out_of_the_root() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "s").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("sub")).unwrap();
    std::fs::write(at("inside"), "i").unwrap();
    symlink(outside.path(), at("out")).unwrap();
    symlink(outside.path().join("secret"), at("leak")).unwrap();
    symlink("../../..", at("sub/up")).unwrap();
    symlink(outside.path().join("made"), at("dangling")).unwrap();
    symlink("../inside", at("sub/fine")).unwrap();
    symlink("loop", at("loop")).unwrap();
    let secret = outside.path().join("secret");
    let mut tools = tools(folder.path());
    let paths = ["../x", "sub/../../x", "/etc/passwd", secret.to_str().unwrap(), "out/secret", "leak", "sub/up/etc/passwd", "..", "out"];
    for path in paths {
        for (tool, more) in [("read_text", None), ("list_dir", None), ("write_file", Some("text"))] {
            let mut arguments = vec![("path", text(path))];
            arguments.extend(more.map(|name| (name, text("x"))));
            // A link's own name may be written: the link is never followed.
            if tool == "write_file" && ["leak", "out"].contains(&path) {
                assert!(call(&mut tools, tool, arguments).is_err(), "{tool} {path}");
                continue;
            }
            let error = call(&mut tools, tool, arguments).unwrap_err();
            let known = error == format!("PermissionError: [Errno 1] the path leads out of the root: '{path}'");
            assert!(known, "{tool} {path}: {error}");
        }
        for tool in ["sqlite_query", "sqlite_execute"] {
            let error = call(&mut tools, tool, vec![("database", text(path)), ("sql", text("SELECT 1"))]).unwrap_err();
            assert!(error.contains("out of the root"), "{tool} {path}: {error}");
        }
    }
    assert!(call(&mut tools, "write_file", vec![("path", text("dangling")), ("text", text("x"))]).is_err());
    assert!(call(&mut tools, "sqlite_execute", vec![("database", text("dangling")), ("sql", text("CREATE TABLE t (a)"))]).is_err());
    assert!(call(&mut tools, "read_text", vec![("path", text("loop"))]).is_err());
    assert!(!outside.path().join("made").exists());
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "s");
    assert_eq!(call(&mut tools, "read_text", vec![("path", text("sub/fine"))]), Ok(text("i")));
}

fn sql(tools: &mut ToolBox, tool: &str, sql: &str, parameters: Vec<Value>) -> Result<Value, String> {
    call(tools, tool, vec![("database", text("a.db")), ("sql", text(sql)), ("parameters", Value::List(parameters))])
}

#[test]
fn databases_are_changed_and_queried() {
    let folder = tempfile::tempdir().unwrap();
    let mut tools = tools(folder.path());
    let missing = sql(&mut tools, "sqlite_query", "SELECT 1", vec![]).unwrap_err();
    assert_eq!(missing, "FileNotFoundError: [Errno 2] No such file or directory: 'a.db'");
    assert_eq!(sql(&mut tools, "sqlite_execute", "CREATE TABLE t (a INTEGER, b, c)", vec![]), Ok(Value::Int(0)));
    let row = || vec![Value::Int(i64::MIN), Value::Float(0.5), text("é")];
    assert_eq!(sql(&mut tools, "sqlite_execute", "INSERT INTO t VALUES (?, ?, ?), (2, NULL, x'00ff');", row()), Ok(Value::Int(2)));
    let rows = sql(&mut tools, "sqlite_query", "SELECT * FROM t ORDER BY a -- all", vec![]).unwrap();
    let first = Value::dict([("a", Value::Int(i64::MIN)), ("b", Value::Float(0.5)), ("c", text("é"))]);
    let second = Value::dict([("a", Value::Int(2)), ("b", Value::None), ("c", Value::Bytes(vec![0, 255]))]);
    assert_eq!(rows, Value::List(vec![first, second]));
    let columns = sql(&mut tools, "sqlite_query", "SELECT count(*) AS n FROM pragma_table_info('t')", vec![]).unwrap();
    assert_eq!(columns, Value::List(vec![Value::dict([("n", Value::Int(3))])]));
}

#[test]
fn sql_stays_inside_its_file_and_its_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let mut tools = tools(folder.path());
    sql(&mut tools, "sqlite_execute", "CREATE TABLE t (a)", vec![]).unwrap();
    let mut refused = |tool: &str, statement: &str| sql(&mut tools, tool, statement, vec![]).unwrap_err();
    for statement in [
        "ATTACH DATABASE '/tmp/x.db' AS x",
        "VACUUM INTO '/tmp/x.db'",
        "PRAGMA temp_store_directory = '/tmp'",
        "PRAGMA journal_mode = OFF",
        "PRAGMA user_version = 7",
        "SELECT load_extension('/tmp/x.so')",
        "INSERT INTO t VALUES (1); DELETE FROM t",
        "SELECT",
        "",
        "-- nothing",
    ] {
        for tool in ["sqlite_query", "sqlite_execute"] {
            assert!(refused(tool, statement).starts_with("ToolError: "), "{tool} {statement}");
        }
    }
    for statement in ["INSERT INTO t VALUES (1)", "DROP TABLE t", "CREATE TABLE u (a)"] {
        assert!(refused("sqlite_query", statement).starts_with("ToolError: "), "{statement}");
    }
    assert_eq!(refused("sqlite_query", "SELECT 1 AS a, 2 AS a"), "ToolError: two columns are named a; name one with AS");
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n";
    assert_eq!(refused("sqlite_query", endless), "ToolError: the statement ran out of time and was undone");
    assert!(refused("sqlite_query", "SELECT zeroblob(1000000000) AS b").contains("too big"));
    assert!(!Path::new("/tmp/x.db").exists());
}

#[test]
fn a_tools_file_is_read_strictly() {
    let parse = |text: &str| ToolsFile::parse(text, Path::new("/data")).map(|_| ()).map_err(|error| error.0);
    assert_eq!(parse("{}"), Ok(()));
    assert_eq!(parse(r#"{"mcpServers": {"a": {"command": "x", "args": ["${HOME}", "${NO_SUCH:-y}"], "type": "stdio", "alwaysAllow": []}}, "other": 1}"#), Ok(()));
    assert!(parse(r#"{"emulant": {"send_mail": {"critcal": ["to"]}}}"#).unwrap_err().starts_with("unknown field `critcal`"));
    assert!(parse(r#"{"mcpServers": {"a": {"url": "http://x"}}}"#).unwrap_err().contains("only servers on stdio"));
    let unset = parse(r#"{"mcpServers": {"a": {"command": "${NO_SUCH_VARIABLE_HERE}"}}}"#).unwrap_err();
    assert_eq!(unset, "server \"a\": the environment variable NO_SUCH_VARIABLE_HERE is not set");
    assert!(parse(r#"{"emulant": {"t": {"timeout_seconds": 1e300}}}"#).is_err());
    assert!(parse("[]").is_err() && parse("{").is_err());
    let folder = tempfile::tempdir().unwrap();
    let declare = |text: &str| {
        let file = ToolsFile::parse(text, folder.path()).unwrap();
        let mut tools = ToolBox::new(file, Some(folder.path())).unwrap();
        tools.declare().map(<[_]>::to_vec).map_err(|error| error.0)
    };
    let said = declare(r#"{"emulant": {"read_text": {"origin": "third party"}, "write_file": {"critical": ["path", "text"]}}}"#).unwrap();
    assert_eq!(said.iter().find(|tool| tool.name == "read_text").unwrap().origin, "third party");
    assert_eq!(declare(r#"{"emulant": {"sendmail": {}}}"#).unwrap_err(), "the tools file speaks of \"sendmail\", a tool that no server has");
    assert_eq!(declare(r#"{"emulant": {"write_file": {"acts": false}}}"#).unwrap_err(), "write_file acts; the tools file cannot say otherwise");
}
