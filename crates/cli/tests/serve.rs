//! `emulant serve` as an endpoint of models: raw requests, our own client, and the client of the PyPI
//! package `openai`.

mod support;
use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use support::{Place, Ran, left_out};

/// A server, ended with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn of(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map(|line| line.expect("text"));
        let mcp = lines.next().expect("it prints where it listens");
        let address = mcp.strip_prefix("http://").and_then(|rest| rest.strip_suffix("/mcp")).expect("an address").to_string();
        assert_eq!(lines.next(), Some(format!("http://{address}/v1")));
        Server { child, address }
    }

    fn start(place: &Place, arguments: &[&str]) -> Server {
        Server::of(place.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat()))
    }

    /// Status and body of a request as it goes over the wire.
    fn raw(&self, request: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        // A server that refuses may close before all is sent.
        let _ = stream.write_all(request);
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, body.to_string())
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Json) {
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        let head = format!("{method} {path} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        let (status, body) = self.raw(&[head.as_bytes(), body.as_bytes()].concat());
        (status, serde_json::from_str(&body).unwrap_or(Json::String(body)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const SCRIPT: &str = r#"[{"name": "urgent", "answer": true, "confidence_ppm": 900000}, {"name": "topic", "answer": "b", "confidence_ppm": 700000}]"#;

#[test]
fn typed_questions_are_answered_over_http() {
    let place = Place::new();
    place.write("script.json", SCRIPT);
    let server = Server::start(&place, &["--model", "script:script.json"]);
    let body = json!({"model": "any", "state": "the tap drips", "questions": {"urgent": {"type": "noul", "instructions": "Is it urgent?"}}}).to_string();
    let (status, answer) = server.send("POST", "/v1/systemone", "", &body);
    assert_eq!((status, &answer["answers"]["urgent"]["noul"]), (200, &json!(0.9)), "{answer}");
    assert_eq!(server.send("GET", "/v1/models", "", "").1["data"][0]["id"], json!("script:script"));
    let chat = json!({"messages": [{"role": "user", "content": "hi"}]}).to_string();
    let long = format!("{{\"state\": \"{}\"}}", "x".repeat(1 << 20));
    let cases = [
        ("POST", "/v1/systemone", "", "{", 400, "no JSON"),
        ("POST", "/v1/systemone", "", "{}", 400, "there is no state"),
        ("POST", "/v1/chat/completions", "", &chat, 400, "writes no text"),
        ("POST", "/v1/systemone", "Origin: http://evil.example\r\n", &body, 403, "--origin"),
        ("POST", "/v1/systemone", "Host: evil.example\r\n", &body, 403, "--host"),
        ("GET", "/v1/systemone", "", "", 405, "takes POST"),
        ("POST", "/v1/other", "", "{}", 404, "there is no /v1/other"),
        ("POST", "/v1/systemone", "", &long, 413, "are the most"),
    ];
    for (method, path, headers, body, status, said) in cases {
        let (found, answer) = server.send(method, path, headers, body);
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(found == status && message.contains(said), "{path} {headers}: {found} {answer}");
    }
    assert_eq!(server.send("POST", "/v1/systemone", "Origin: http://localhost:3000\r\n", &body).0, 200);
    let (status, text) = server.send("GET", "/", "", "");
    assert_eq!((status, text.as_str()), (404, Some("the server is at /mcp, the model at /v1")));
}

#[test]
fn the_model_asks_for_the_same_token() {
    let place = Place::new();
    place.write("script.json", SCRIPT);
    place.write("token", "a-secret\n");
    let server = Server::start(&place, &["--model", "script:script.json", "--token-file", "token"]);
    assert_eq!(server.send("GET", "/v1/models", "", "").0, 401);
    assert_eq!(server.send("GET", "/v1/models", "Authorization: Bearer wrong\r\n", "").0, 401);
    assert_eq!(server.send("GET", "/v1/models", "Authorization: Bearer a-secret\r\n", "").0, 200);
}

#[test]
fn a_program_here_asks_the_model_that_is_served_there() {
    let place = Place::new();
    // The questions on the way are numbered, so the script goes by what they say.
    place.write("script.json", r#"[{"instruction": "Is it urgent?", "answer": true}, {"instruction": "Which topic?", "answer": "b"}]"#);
    let program = "from typing import Literal\nfrom emulant import emulate\n\n@emulate\ndef urgent(text: str) -> bool:\n    'Is it urgent?'\n\n@emulate\ndef topic(text: str) -> Literal['a', 'b']:\n    'Which topic?'\n\nprint(urgent('fire'), topic('fire'))\n";
    place.write("program.py", program);
    let server = Server::start(&place, &["--model", "script:script.json"]);
    for format in ["systemone", "decisions"] {
        let model = format!("{format}:any@http://{}/v1", server.address);
        let ran = place.run(&["run", "--model", &model, "program.py"]);
        assert_eq!((ran.status, ran.out.as_str()), (0, "True b\n"), "{format}: {}", ran.err);
    }
}

#[test]
fn a_client_that_nobody_here_wrote_chats() {
    if std::env::var_os("EMULANT_MODEL_TESTS").is_none() {
        return left_out("a chat with a served model", "EMULANT_MODEL_TESTS=1");
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../.check/venv/bin/python");
    if !Command::new(&python).args(["-c", "import openai"]).output().is_ok_and(|output| output.status.success()) {
        return left_out("a chat by the client of the package `openai`", "check.d/20-agentdojo.sh");
    }
    let place = Place::new();
    // The weights are where they always are.
    let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--model", "test"]);
    command.env_remove("XDG_CACHE_HOME");
    let server = Server::of(command);
    let ran = Command::new(python).arg(here.join("tests/openai_client.py")).arg(format!("http://{}/v1", server.address)).output().expect("Python runs");
    let ran = Ran::of(ran);
    assert_eq!((ran.status, ran.out.as_str()), (0, "all as it should be\n"), "{}{}", ran.out, ran.err);
}
