//! The endpoint, against servers that misbehave.

use super::*;
use crate::prompt::tests::stub;
use emulant_ask::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// A server that gives `replies` one after the other, each to one connection, and
/// keeps what it was sent. The last reply is repeated.
struct Server {
    url: String,
    seen: Arc<Mutex<Vec<Json>>>,
    /// A silent server is waited for one second only; others may be slow for once.
    timeout_seconds: u64,
}

impl Server {
    fn start(replies: Vec<String>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let bodies = Arc::clone(&seen);
        let timeout_seconds = if replies[0].is_empty() { 1 } else { 20 };
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().flatten().enumerate() {
                let reply = replies[index.min(replies.len() - 1)].clone();
                bodies.lock().unwrap().push(read_request(&stream));
                let _ = (&stream).write_all(reply.as_bytes());
                if reply.is_empty() {
                    // Say nothing, and keep the line open.
                    std::mem::forget(stream);
                }
            }
        });
        Server { url, seen, timeout_seconds }
    }

    fn answer(&self, hole: &Hole) -> Answer {
        let options = Options { timeout_seconds: self.timeout_seconds, retries: 2, ..Options::default() };
        let mut backend = OpenAi::new("m", &self.url, &options).unwrap();
        backend.answer(&[hole]).remove(0)
    }

    fn failure(&self) -> String {
        match self.answer(&stub("apple")) {
            Answer::Failed { reason } => reason,
            other => panic!("{other:?} is no failure"),
        }
    }
}

fn read_request(stream: &TcpStream) -> Json {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.to_ascii_lowercase();
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

fn completion(content: &str) -> String {
    let body = json!({
        "model": "m-2", "choices": [{
            "message": {"content": content}, "finish_reason": "stop",
            "logprobs": {"content": [{"logprob": -0.1}, {"logprob": -0.2}]},
        }],
        "usage": {"prompt_tokens": 30, "completion_tokens": 5},
    });
    response("200 OK", "", &body.to_string())
}

#[test]
fn an_answer_comes_with_all_that_is_known_about_it() {
    let server = Server::start(vec![completion("{\"answer\": true}")]);
    let Answer::Value { value, detail } = server.answer(&stub("apple")) else { panic!("no value") };
    assert_eq!(value, Value::Bool(true));
    assert_eq!((detail.tokens_in, detail.tokens_out, detail.confidence_ppm), (30, 5, Some(740_818)));
    assert!(detail.by.starts_with("m-2@127.0.0.1:"), "{}", detail.by);
    let seen = server.seen.lock().unwrap();
    let format = &seen[0]["response_format"]["json_schema"];
    assert_eq!((&format["strict"], &format["schema"]["properties"]["answer"]), (&json!(true), &json!({"type": "boolean"})));
    let question = seen[0]["messages"][1]["content"].as_str().unwrap();
    assert!(question.ends_with(">>> is_fruit(\"apple\")\n"), "{question}");
}

#[test]
fn a_busy_server_is_asked_again_after_the_pause_that_it_names() {
    let busy = response("429 Too Many Requests", "Retry-After: 0.3\r\n", "{}");
    let server = Server::start(vec![busy, response("500 Oops", "", "x"), completion("{\"answer\": false}")]);
    let started = Instant::now();
    assert!(matches!(server.answer(&stub("apple")), Answer::Value { value: Value::Bool(false), .. }));
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!(server.seen.lock().unwrap().len(), 3);
}

#[test]
fn tries_are_bounded() {
    let server = Server::start(vec![response("503 Busy", "Retry-After: 0\r\n", "{\"error\": {\"message\": \"too much\"}}")]);
    assert!(server.failure().ends_with(": status 503 (too much), also after 2 further tries"), "{}", server.failure());
}

#[test]
fn a_server_without_strict_schemas_is_asked_plainly() {
    let server = Server::start(vec![response("400 Bad Request", "", "{\"error\": \"logprobs?\"}"), completion("{\"answer\": true}")]);
    assert!(matches!(server.answer(&stub("apple")), Answer::Value { .. }));
    let seen = server.seen.lock().unwrap();
    assert_eq!((&seen[0]["logprobs"], &seen[1]["logprobs"]), (&json!(true), &Json::Null));
    assert_eq!(seen[1]["response_format"]["json_schema"]["strict"], json!(false));
}

#[test]
fn what_is_no_answer_fails_with_its_reason() {
    let cases = [
        (completion("yes"), "the answer \"yes\" is no JSON"),
        (completion("{\"reply\": 1}"), "has no key \"answer\""),
        (completion("{\"answer\": \"yes\"}"), "does not fit: $: expected bool, got \"yes\""),
        (response("200 OK", "", "<html>"), "its response is not as it should be"),
        (response("200 OK", "", "{\"choices\": []}"), "holds no answer"),
        (response("404 Not Found", "", "{\"error\": {\"message\": \"no such model\"}}"), "status 404 (no such model)"),
        (response("200 OK", "", "{\"choices\": [{\"message\": {}, \"finish_reason\": \"length\"}]}"), "longer than 512 tokens"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".into(), "its response cannot be read"),
        ("nonsense\r\n\r\n".into(), "it cannot be reached"),
        (format!("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n{}", " ".repeat(5 << 20)), "its response cannot be read"),
        (String::new(), "no answer within 1 seconds"),
    ];
    for (reply, reason) in cases {
        let shown: String = reply.chars().take(80).collect();
        let failure = Server::start(vec![reply]).failure();
        assert!(failure.contains(reason), "{shown:?} failed with {failure:?}");
    }
}

#[test]
fn a_refusal_abstains() {
    let body = json!({"choices": [{"message": {"content": null, "refusal": "I would rather not."}}]});
    let server = Server::start(vec![response("200 OK", "", &body.to_string())]);
    assert_eq!(server.answer(&stub("apple")), Answer::Abstained { reason: "I would rather not.".into() });
}

#[test]
fn nobody_there_is_a_failure_too() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut backend = OpenAi::new("m", &format!("http://{free}/v1"), &Options::default()).unwrap();
    let answers = backend.answer(&[&stub("a"), &stub("b")]);
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Failed { reason } if reason.contains("cannot be reached"))));
    assert!(matches!(OpenAi::new("m", "http://", &Options::default()), Err(ModelError::Spec(_))));
}

#[test]
fn answers_keep_their_places_and_the_watcher_can_stop() {
    let server = Server::start(vec![completion("{\"answer\": true}")]);
    let mut backend = OpenAi::new("m", &server.url, &Options::default()).unwrap();
    let holes: Vec<Hole> = (0..40).map(|number| stub(&number.to_string())).collect();
    backend.watch(Box::new(|_| ControlFlow::Break(())));
    let answers = backend.answer(&holes.iter().collect::<Vec<_>>());
    let stopped = answers.iter().filter(|answer| **answer == Answer::Stopped).count();
    assert_eq!(answers.len(), 40);
    assert!(stopped > 0 && stopped < 40, "{stopped} stopped");
}
