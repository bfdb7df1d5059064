//! The official conformance suite of MCP, against a server that is an Emulant program.

mod support;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use support::{Place, Ran, left_out};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A Node that runs the suite (22 or newer), and the suite, if both are there.
fn suite() -> Option<(PathBuf, PathBuf)> {
    let suite = here("../../.check/node_modules/@modelcontextprotocol/conformance/dist/index.js");
    let is_new = |node: &PathBuf| {
        let version = Command::new(node).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&version.stdout).trim().trim_start_matches('v').to_string();
        text.split('.').next()?.parse::<u32>().ok().filter(|major| *major >= 22)
    };
    let node = [PathBuf::from("node"), here("../../.check/node22/node")].into_iter().find(|node| is_new(node).is_some());
    match (node, suite.exists()) {
        (Some(node), true) => Some((node, suite)),
        _ => {
            left_out("the official conformance suite of MCP", "check.d/30-conformance.sh");
            None
        }
    }
}

/// A server, ended with the test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(place: &Place) -> Server {
        let program = here("tests/conformance_server.py");
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--program", &program.display().to_string()]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Server { child, url: url.trim().into() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs all that a revision requires of servers; nothing may fail but what the suite itself does not score.
fn server_passes(revision: &str) {
    let Some((node, suite)) = suite() else { return };
    let place = Place::new();
    let server = Server::start(&place);
    let mut command = Command::new(node);
    command.arg(suite).args(["server", "--url", &server.url, "--requirements", revision]).current_dir(place.path());
    let ran = Ran::of(command.output().unwrap());
    let total = ran.out.lines().rev().find(|line| line.contains("passed") && line.contains("failed")).unwrap_or_default().to_string();
    std::io::stderr().write_all(format!("conformance, server, {revision}: {total}\n").as_bytes()).unwrap();
    // What the suite runs beyond the required set (extensions, pending ones) does not count in its status.
    assert!(ran.status == 0 && ran.out.contains("✓ tools-list"), "{}\n{}", ran.out, ran.err);
}

#[test]
fn a_program_is_a_server_of_2025_11_25() {
    server_passes("2025-11-25");
}

#[test]
fn a_program_is_a_server_of_2026_07_28() {
    server_passes("2026-07-28");
}
