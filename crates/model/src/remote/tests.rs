//! Endpoints of each dialect, against servers that misbehave.

use super::*;
use crate::prompt::tests::stub;
use emulant_ask::{Shape, Value};
use serde_json::json;
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
        self.answer_all("openai", &[hole]).remove(0)
    }

    fn answer_all(&self, word: &str, holes: &[&Hole]) -> Vec<Answer> {
        let options = Options { timeout_seconds: self.timeout_seconds, retries: 2, ..Options::default() };
        Remote::new(word, "m", &self.url, &options).unwrap().answer(holes)
    }

    fn failure(&self) -> String {
        self.failure_in("openai")
    }

    fn failure_in(&self, word: &str) -> String {
        match self.answer_all(word, &[&stub("apple")]).remove(0) {
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
    let mut backend = Remote::new("openai", "m", &format!("http://{free}/v1"), &Options::default()).unwrap();
    let answers = backend.answer(&[&stub("a"), &stub("b")]);
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Failed { reason } if reason.contains("cannot be reached"))));
    assert!(matches!(Remote::new("openai", "m", "http://", &Options::default()), Err(ModelError::Spec(_))));
}

#[test]
fn answers_keep_their_places_and_the_watcher_can_stop() {
    let server = Server::start(vec![completion("{\"answer\": true}")]);
    let mut backend = Remote::new("openai", "m", &server.url, &Options::default()).unwrap();
    let holes: Vec<Hole> = (0..40).map(|number| stub(&number.to_string())).collect();
    backend.watch(Box::new(|_| ControlFlow::Break(())));
    let answers = backend.answer(&holes.iter().collect::<Vec<_>>());
    let stopped = answers.iter().filter(|answer| **answer == Answer::Stopped).count();
    assert_eq!(answers.len(), 40);
    assert!(stopped > 0 && stopped < 40, "{stopped} stopped");
}

fn ok(body: &Json) -> String {
    response("200 OK", "", &body.to_string())
}

/// A good answer to `stub("apple")` in each dialect: true, with 0.9 where there is a probability.
fn good(word: &str) -> String {
    let usage = json!({"input_tokens": 30, "output_tokens": 5});
    match word {
        "openai" => completion("{\"answer\": true}"),
        "anthropic" => ok(&json!({
            "model": "m-2", "usage": usage, "stop_reason": "tool_use",
            "content": [{"type": "text", "text": "So."}, {"type": "tool_use", "id": "t", "name": "answer", "input": {"answer": true}}],
        })),
        "systemone" => ok(&json!({"model": "m-2", "usage": usage, "answers": {"q0": {"type": "noul", "noul": 0.9}}})),
        "decisions" => ok(&json!({"model": "m-2", "usage": usage, "answers": [{"type": "predicate", "name": "q0", "probability": 0.9}]})),
        other => panic!("{other}"),
    }
}

fn words() -> [&'static str; 4] {
    DIALECTS.map(|dialect| dialect.word())
}

#[test]
fn every_dialect_answers_and_waits_for_a_busy_server() {
    for word in words() {
        let busy = response("429 Too Many Requests", "Retry-After: 0.2\r\n", "{}");
        let server = Server::start(vec![busy, response("500 Oops", "Retry-After: 0\r\n", "x"), good(word)]);
        let started = Instant::now();
        let Answer::Value { value, detail } = server.answer_all(word, &[&stub("apple")]).remove(0) else { panic!("{word}") };
        assert_eq!((value, detail.tokens_in, detail.tokens_out), (Value::Bool(true), 30, 5), "{word}");
        assert!(detail.by.starts_with("m-2@127.0.0.1:"), "{}", detail.by);
        assert!(started.elapsed() >= Duration::from_millis(200));
        assert_eq!(server.seen.lock().unwrap().len(), 3);
    }
}

#[test]
fn every_dialect_names_what_went_wrong() {
    for word in words() {
        let faults = [
            (response("500 Oops", "Retry-After: 0\r\n", "x"), "also after 2 further tries"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_string(), "its response cannot be read"),
            (format!("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n{}", " ".repeat(5 << 20)), "its response cannot be read"),
            (ok(&json!({"model": "m"})), "its response holds no"),
            (ok(&json!([1, 2])), "its response holds no"),
            (response("200 OK", "", "<html>"), "its response is not as it should be"),
            (String::new(), "no answer within 1 seconds"),
        ];
        for (reply, reason) in faults {
            let failure = Server::start(vec![reply]).failure_in(word);
            assert!(failure.contains(reason), "{word} failed with {failure:?}, not with {reason:?}");
        }
    }
}

#[test]
fn answers_of_the_wrong_type_fail_in_every_dialect() {
    let tool = |input: Json| json!({"stop_reason": "tool_use", "content": [{"type": "tool_use", "input": input}]});
    let cases = [
        ("openai", completion("{\"answer\": \"yes\"}"), "expected bool"),
        ("anthropic", ok(&tool(json!({"answer": "yes"}))), "expected bool"),
        ("anthropic", ok(&tool(json!({"reply": 1}))), "did not call the tool"),
        ("anthropic", ok(&json!({"stop_reason": "max_tokens", "content": []})), "longer than 512 tokens"),
        ("systemone", ok(&json!({"answers": {"q0": {"type": "noul", "noul": 7}}})), "a noul without a probability"),
        ("systemone", ok(&json!({"answers": {"q0": {"type": "choice", "choice": "x"}}})), "a noul without a probability"),
        ("decisions", ok(&json!({"answers": [{"type": "choice", "name": "q0", "choice": "x"}]})), "is none of those"),
        ("decisions", ok(&json!({"answers": []})), "the question has no answer"),
    ];
    for (word, reply, reason) in cases {
        let failure = Server::start(vec![reply]).failure_in(word);
        assert!(failure.contains(reason), "{word} failed with {failure:?}, not with {reason:?}");
    }
}

#[test]
fn refusals_abstain_in_every_dialect() {
    let cases = [
        ("anthropic", ok(&json!({"stop_reason": "refusal", "content": [{"type": "text", "text": "No."}]})), "No."),
        ("systemone", ok(&json!({"answers": {}})), "the model left the question out"),
        ("decisions", ok(&json!({"answers": [{"type": "refusal", "name": "q0", "refusal": "No."}]})), "No."),
    ];
    for (word, reply, reason) in cases {
        let answer = Server::start(vec![reply]).answer_all(word, &[&stub("apple")]).remove(0);
        assert_eq!(answer, Answer::Abstained { reason: reason.into() }, "{word}");
    }
}

#[test]
fn decisions_about_one_state_go_out_together_with_their_probabilities() {
    let mut topic = stub("apple");
    topic.instruction = "What is it?".into();
    topic.shape = Shape::Literal { values: ["fruit", "tool"].map(Value::str).to_vec() };
    let mut other = stub("hammer");
    other.shape = topic.shape.clone();
    let (apple, choice) = (stub("apple"), json!({"fruit": 0.25, "tool": 0.75}));
    let one = ok(&json!({"answers": {"q0": {"noul": 0.1}, "q1": {"choice": "tool", "probabilities": choice, "confidence": 0.5}}}));
    let server = Server::start(vec![one]);
    let answers = server.answer_all("systemone", &[&apple, &topic]);
    let seen = server.seen.lock().unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0]["state"], json!({"function": "is_fruit", "arguments": {"w": "apple"}}));
    assert_eq!(seen[0]["questions"]["q1"], json!({"type": "choice", "instructions": "What is it?", "criteria": {"fruit": null, "tool": null}}));
    let Answer::Value { value, detail } = &answers[1] else { panic!("{answers:?}") };
    // The probability of the choice, not how peaked the distribution is.
    assert_eq!((value, detail.confidence_ppm), (&Value::str("tool"), Some(750_000)));
    assert_eq!(detail.probabilities, [(Value::str("fruit"), 250_000), (Value::str("tool"), 750_000)]);
    let list = json!([{"value": "fruit", "probability": 0.25}, {"value": "tool", "probability": 0.75}]);
    let reply = ok(&json!({"answers": [{"type": "choice", "name": "q0", "choice": "tool", "probabilities": list}]}));
    let server = Server::start(vec![reply]);
    let answers = server.answer_all("decisions", &[&other]);
    assert!(matches!(&answers[0], Answer::Value { detail, .. } if detail.confidence_ppm == Some(750_000)), "{answers:?}");
    assert_eq!(server.seen.lock().unwrap()[0]["questions"][0]["choices"], json!([{"value": "fruit"}, {"value": "tool"}]));
}

#[test]
fn what_is_not_closed_is_no_decision() {
    let mut hole = stub("apple");
    hole.shape = Shape::Str { max: None };
    let server = Server::start(vec![good("systemone")]);
    let answers = server.answer_all("systemone", &[&hole]);
    assert!(matches!(&answers[0], Answer::Failed { reason } if reason.contains("no question whose answer is a str")), "{answers:?}");
    assert_eq!(server.seen.lock().unwrap().len(), 0);
}

#[test]
fn the_formats_that_we_serve_are_those_that_we_speak() {
    let script = r#"[{"name": "q0", "answer": true, "confidence_ppm": 800000}, {"name": "q1", "answer": "tool", "confidence_ppm": 600000}]"#;
    let mut topic = stub("apple");
    topic.shape = Shape::Literal { values: ["fruit", "tool"].map(Value::str).to_vec() };
    let apple = stub("apple");
    for dialect in DIALECTS.into_iter().filter(|dialect| dialect.together(&apple).is_some()) {
        let holes = [&apple, &topic];
        let options = Options::default();
        let request = dialect.request("m", &holes, &options, false).unwrap();
        let mut backend = crate::Script::from_json("t", script).unwrap();
        let response = crate::serve(&mut backend, "POST", &format!("/v1{}", dialect.path()), request.to_string().as_bytes(), &mut |_| std::ops::ControlFlow::Continue(()));
        let reads = dialect.read(&holes, &serde_json::from_str(&response.body).unwrap(), &options).unwrap();
        let shown: Vec<(Json, Option<f64>)> = reads
            .into_iter()
            .map(|read| match read {
                super::Read::Answer { json, confidence, .. } => (json, confidence),
                super::Read::Refused(reason) | super::Read::Broken(reason) => panic!("{reason}"),
            })
            .collect();
        assert_eq!(shown, [(json!(true), Some(0.8)), (json!("tool"), Some(0.6))]);
    }
}
