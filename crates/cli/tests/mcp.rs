//! `emulant mcp` spoken to over stdio, message by message.

mod support;
use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use support::Place;

struct Client {
    child: Child,
    write: Option<ChildStdin>,
    read: BufReader<ChildStdout>,
    id: u64,
}

impl Client {
    fn start(place: &Place, arguments: &[&str]) -> Client {
        let mut child = place.command(&[&["mcp"], arguments].concat()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (write, read) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Client { child, write, read, id: 0 };
        let about = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let initialized = client.ask("initialize", about);
        assert_eq!(initialized["serverInfo"]["name"], "emulant");
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    fn send(&mut self, message: &Json) {
        writeln!(self.write.as_mut().unwrap(), "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, params: Json) -> Json {
        self.id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}));
        loop {
            let mut line = String::new();
            assert!(self.read.read_line(&mut line).unwrap() > 0, "the server ended");
            let message: Json = serde_json::from_str(&line).unwrap();
            if message["id"] == json!(self.id) {
                return message["result"].clone();
            }
        }
    }

    fn call(&mut self, tool: &str, arguments: Json) -> Json {
        self.ask("tools/call", json!({"name": tool, "arguments": arguments}))
    }
}

#[test]
fn programs_run_wait_and_go_on_over_mcp() {
    let place = Place::new();
    let mut client = Client::start(&place, &["--root", "."]);
    let tools = client.ask("tools/list", json!({}));
    let names: Vec<&str> = tools["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["run_program", "resume", "journal"]);
    let ran = client.call("run_program", json!({"code": "print(n * 2)\n1 / 0", "inputs": {"n": 21}}));
    let ran = &ran["structuredContent"];
    assert_eq!((&ran["output"], &ran["exit_status"]), (&json!("42\n"), &json!(1)));
    assert!(ran["errors"].as_str().unwrap().ends_with("ZeroDivisionError: division by zero\n"));
    let waiting = client.call("run_program", json!({"code": "print(input('who? '))"}));
    let (run, seq) = (&waiting["structuredContent"]["run"], &waiting["structuredContent"]["waiting"][0]["seq"]);
    let resumed = client.call("resume", json!({"run": run, "seq": seq, "answer": "ada"}));
    assert_eq!(resumed["structuredContent"]["output"], "ada\n");
    // The client wrote the program, so it cannot approve what the program does.
    let acting = client.call("run_program", json!({"code": "from emulant import tools\ntools.write_file('x.txt', 'y')"}));
    let (run, seq) = (&acting["structuredContent"]["run"], &acting["structuredContent"]["waiting"][0]["seq"]);
    let refused = client.call("resume", json!({"run": run, "seq": seq, "answer": true}));
    assert_eq!(refused["isError"], true);
    assert!(!place.path().join("x.txt").exists());
    assert_eq!(client.call("run_program", json!({}))["isError"], true);
    client.write = None;
    assert_eq!(client.child.wait().unwrap().code(), Some(0));
}
