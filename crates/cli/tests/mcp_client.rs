//! `emulant mcp` driven by an MCP client that nobody here wrote: the one of the PyPI package
//! `mcp`, where `check.d/10-mcp.sh` has installed it.

mod support;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Place, Ran, left_out};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The Python that has the client, if it is installed.
fn client() -> Option<PathBuf> {
    let python = here("../../.check/venv/bin/python");
    let has_client = Command::new(&python).args(["-c", "import mcp"]).output().is_ok_and(|output| output.status.success());
    if !has_client {
        left_out("`emulant mcp` driven by the client of the package `mcp`", "check.d/10-mcp.sh");
    }
    has_client.then_some(python)
}

/// Runs a script with `emulant` and arguments for it, in a folder of its own.
fn drive(place: &Place, python: &Path, script: &str, arguments: &[&str]) -> Ran {
    let mut command = Command::new(python);
    command.arg(here(script)).arg(env!("CARGO_BIN_EXE_emulant")).args(arguments).current_dir(place.path());
    command.env("XDG_STATE_HOME", place.path().join("state")).env("XDG_CACHE_HOME", place.path().join("cache"));
    Ran::of(command.output().expect("Python runs"))
}

#[test]
fn a_client_that_nobody_here_wrote_runs_programs() {
    let Some(python) = client() else { return };
    let ran = drive(&Place::new(), &python, "tests/mcp_client.py", &["--root", "."]);
    assert_eq!((ran.status, ran.out.starts_with("all as it should be")), (0, true), "{}{}", ran.out, ran.err);
}

#[test]
fn five_real_servers_stand_behind_the_gateway() {
    let Some(python) = client() else { return };
    let npm = |server: &str| here(&format!("../../.check/node_modules/@modelcontextprotocol/server-{server}/dist/index.js"));
    let venv = |server: &str| here(&format!("../../.check/venv/bin/{server}"));
    let pieces = [npm("everything"), npm("filesystem"), npm("memory"), venv("mcp-server-git"), venv("mcp-server-time")];
    if pieces.iter().any(|piece| !piece.exists()) || Command::new("git").arg("--version").output().is_err() {
        return left_out("five real servers behind the gateway", "check.d/10-mcp.sh");
    }
    let place = Place::new();
    let servers = json!({
        "everything": {"command": "node", "args": [&pieces[0]]},
        "filesystem": {"command": "node", "args": [&pieces[1], place.path()]},
        "memory": {"command": "node", "args": [&pieces[2]], "env": {"MEMORY_FILE_PATH": place.path().join("memory.json")}},
        "git": {"command": &pieces[3]},
        "time": {"command": &pieces[4]},
    });
    let reads = ["echo", "get_tiny_image", "read_graph", "read_text_file", "git_status", "get_current_time"];
    let said: serde_json::Map<_, _> = reads.iter().map(|tool| (tool.to_string(), json!({"acts": false}))).collect();
    place.write("tools.json", &json!({"mcpServers": servers, "emulant": said}).to_string());
    let fake = json!({"command": "python3", "args": [here("../host/tests/fake_server.py")]});
    let said: serde_json::Map<_, _> = ["crash", "echo_back", "lie"].iter().map(|tool| (tool.to_string(), json!({"acts": false}))).collect();
    place.write("fake.json", &json!({"mcpServers": {"fake": fake}, "emulant": said}).to_string());
    place.write("note.txt", "the note");
    assert!(Command::new("git").args(["init", "--quiet"]).current_dir(place.path()).status().unwrap().success());
    let ran = drive(&place, &python, "tests/mcp_gateway.py", &["tools.json"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "all as it should be, protocols [\"2025-11-25\", \"2026-07-28\", \"2025-11-25\", \"2026-07-28\"]\n"), "{}", ran.err);
}
