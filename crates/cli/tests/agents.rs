//! Emulant among other programs: the hook before a coding agent's tool calls, and the files of MCP hosts.

mod support;
use serde_json::{Value as Json, json};
use std::io::Write;
use std::process::Stdio;
use support::{Place, Ran};

/// What the hook says to `input`.
fn hook(place: &Place, flags: &[&str], input: &str) -> Ran {
    let mut command = place.command(&[&["hook", "pre-tool-use"], flags].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // What ends before it has read everything has made up its mind.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Ran::of(child.wait_with_output().unwrap())
}

fn said(tool: &str, input: Json) -> String {
    json!({"session_id": "s", "cwd": "/", "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input, "tool_use_id": "t"}).to_string()
}

fn word(ran: &Ran) -> (String, String) {
    assert_eq!(ran.status, 0, "{}", ran.err);
    let answer: Json = serde_json::from_str(&ran.out).unwrap();
    let answer = &answer["hookSpecificOutput"];
    assert_eq!(answer["hookEventName"], "PreToolUse");
    let text = |name: &str| answer[name].as_str().unwrap().to_string();
    (text("permissionDecision"), text("permissionDecisionReason"))
}

const TOOLS: &str = r#"{"emulant": {
    "Read": {"acts": false},
    "Bash": {"contract": {"pre": "'rm ' not in command"}},
    "mcp__mail__send": {"critical": ["to"], "contract": {"pre": "to.endswith('@example.org')"}}
}}"#;

#[test]
fn the_hook_allows_denies_and_asks() {
    let place = Place::new();
    place.write("tools.json", TOOLS);
    let judge = |flags: &[&str], tool: &str, input: Json| word(&hook(&place, &[&["--tools", "tools.json"], flags].concat(), &said(tool, input)));
    assert_eq!(judge(&[], "Read", json!({"file_path": "/etc/hosts"})).0, "allow");
    let (asked, reason) = judge(&[], "Bash", json!({"command": "ls -l"}));
    assert_eq!((asked.as_str(), reason.contains("Bash(command=\"ls -l\")")), ("ask", true), "{reason}");
    assert_eq!(judge(&["--allow", "Bash"], "Bash", json!({"command": "ls -l"})).0, "allow");
    let (denied, reason) = judge(&["--allow", "Bash"], "Bash", json!({"command": "rm -rf /"}));
    assert_eq!((denied.as_str(), reason.contains("its contract does not hold")), ("deny", true), "{reason}");
    assert_eq!(judge(&["--allow", "mcp__mail__send"], "mcp__mail__send", json!({"to": "a@example.org"})).0, "allow");
    assert_eq!(judge(&["--allow", "mcp__mail__send"], "mcp__mail__send", json!({"to": "a@evil.example"})).0, "deny");
    // A tool that the file does not name acts.
    let (asked, reason) = judge(&[], "WebFetch", json!({"url": "http://x"}));
    assert_eq!(asked, "ask");
    // Each decision is on record.
    let run = reason.rsplit_once("run ").unwrap().1.trim_end_matches(')');
    let shown = place.run(&["journal", "show", run]).out;
    assert!(shown.contains("WebFetch(url=\"http://x\")"), "{shown}");
    assert_eq!(place.run(&["journal", "list"]).out.lines().filter(|line| line.ends_with("<hook>")).count(), 7);
}

#[test]
fn what_the_hook_cannot_judge_is_blocked() {
    let place = Place::new();
    place.write("tools.json", TOOLS);
    place.write("bad.json", "{");
    let good = said("Read", json!({}));
    let other = good.replace("PreToolUse", "Stop");
    for (flags, input, says) in [
        (vec!["--tools", "tools.json"], "", "no hook's input"),
        (vec!["--tools", "tools.json"], "{}", "no hook's input"),
        (vec!["--tools", "tools.json"], "{\"tool_name\": 7}", "no hook's input"),
        (vec!["--tools", "tools.json"], "\0\0", "no hook's input"),
        (vec!["--tools", "tools.json"], other.as_str(), "for PreToolUse, not for Stop"),
        (vec!["--tools", "bad.json"], good.as_str(), "EOF while parsing"),
        (vec!["--tools", "nothing.json"], good.as_str(), "No such file"),
        (vec!["--no-such-flag"], good.as_str(), "unexpected argument"),
    ] {
        let ran = hook(&place, &flags, input);
        assert_eq!((ran.status, ran.out.as_str(), ran.err.contains(says)), (2, "", true), "{flags:?} {input:?}: {}", ran.err);
    }
}

#[test]
fn hosts_files_get_the_server_and_keep_the_rest() {
    let place = Place::new();
    let install = |arguments: &[&str]| {
        let mut command = place.command(&[&["mcp", "install"], arguments].concat());
        Ran::of(command.env("HOME", place.path()).env("XDG_CONFIG_HOME", place.path().join("config")).output().unwrap())
    };
    let printed = install(&["--client", "cursor", "--print", "--", "--tools", "/t.json"]);
    let json: Json = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(json["mcpServers"]["emulant"]["args"], json!(["mcp", "--tools", "/t.json"]));
    assert!(!place.path().join(".cursor").exists());
    for (client, file) in [("cursor", ".cursor/mcp.json"), ("claude-desktop", "config/Claude/claude_desktop_config.json"), ("claude-code", ".mcp.json"), ("vscode", ".vscode/mcp.json")] {
        assert_eq!(install(&["--client", client]).status, 0, "{client}");
        assert!(place.read(file).contains("emulant"), "{client}");
        assert!(install(&["--client", client]).err.contains("has it already"), "{client}");
    }
    std::fs::create_dir_all(place.path().join(".codex")).unwrap();
    place.write(".codex/config.toml", "# mine\nmodel = \"x\"\n");
    assert_eq!(install(&["--client", "codex"]).status, 0);
    assert!(place.read(".codex/config.toml").starts_with("# mine\nmodel = \"x\"\n\n[mcp_servers.\"emulant\"]\n"));
    assert_eq!(place.read(".codex/config.toml.before-emulant"), "# mine\nmodel = \"x\"\n");
    let unknown = install(&["--client", "nobody"]);
    assert_eq!((unknown.status, unknown.err.contains("there are claude-desktop, ")), (64, true), "{}", unknown.err);
    place.write(".mcp.json", "{");
    let left = install(&["--client", "claude-code"]);
    assert_eq!((left.status, place.read(".mcp.json").as_str()), (64, "{"), "{}", left.err);
}
