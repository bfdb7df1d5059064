//! The other way round: requests in public formats, answered by any backend here. Pure
//! functions from a request to a response; who listens, and to whom, is the host's business.

use crate::{Backend, Chat, Finish};
use emulant_ask::{Answer, AnswerDetail, Hole, Shape, Value};
use serde_json::{Map, Value as Json, json};

/// Longest state of a decision, in bytes.
const STATE_BYTES_MAX: usize = 1 << 18;
/// Most questions about one state.
const QUESTIONS_MAX: usize = 256;
/// Most options of a choice, and levels of a score.
const OPTIONS_MAX: usize = 255;
/// Tokens of a text when the request does not say how many, and the most that it may say.
const TOKENS_DEFAULT: u64 = 512;
const TOKENS_MAX: u64 = 4096;

/// What goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Status of HTTP.
    pub status: u16,
    /// `application/json` or `text/event-stream`.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// What is wrong with a request, and the status that says so.
struct Wrong(u16, String);

type Handler = fn(&mut dyn Backend, &Json) -> Result<Response, Wrong>;

/// All routes, each with the method that it takes.
const ROUTES: [(&str, &str, Handler); 4] = [
    ("POST", "/v1/systemone", systemone),
    ("POST", "/v1/decisions", decisions),
    ("POST", "/v1/chat/completions", chat),
    ("GET", "/v1/models", models),
];

/// Answers one request. Nothing that a client sends can make this fail otherwise than by a
/// status of 4xx.
pub fn serve(backend: &mut dyn Backend, method: &str, path: &str, body: &[u8]) -> Response {
    let result = match ROUTES.iter().find(|(_, known, _)| *known == path) {
        None => Err(Wrong(404, format!("there is no {path}; there are {}", ROUTES.map(|(_, path, _)| path).join(", ")))),
        Some((wanted, ..)) if *wanted != method => Err(Wrong(405, format!("{path} takes {wanted}"))),
        Some(("GET", _, handler)) => handler(backend, &Json::Null),
        Some((.., handler)) => match serde_json::from_slice(body) {
            Ok(json) => handler(backend, &json),
            Err(error) => Err(Wrong(400, format!("the body is no JSON: {error}"))),
        },
    };
    result.unwrap_or_else(|Wrong(status, message)| {
        let kind = if status < 500 { "invalid_request_error" } else { "server_error" };
        json_response(status, &json!({"error": {"message": message, "type": kind}}))
    })
}

fn json_response(status: u16, body: &Json) -> Response {
    Response { status, content_type: "application/json", body: body.to_string() }
}

fn wrong<T>(message: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong(400, message.into()))
}

/// A text, or JSON as text.
fn text_of(json: Option<&Json>) -> Option<String> {
    match json? {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// One question of either decision format.
struct Question {
    name: String,
    kind: Kind,
    hole: Hole,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    YesOrNo,
    Choice,
    Score,
}

/// The question as a hole: the state stands before it, so that all questions about it share
/// what was computed.
fn question(state: &str, name: &str, kind: Kind, instructions: &str, options: &[(Json, Option<String>)]) -> Result<Question, Wrong> {
    if kind != Kind::YesOrNo && !(2..=OPTIONS_MAX).contains(&options.len()) {
        return wrong(format!("question {name:?} needs 2 to {OPTIONS_MAX} options"));
    }
    let values: Vec<Value> = options.iter().filter_map(|(value, _)| Value::from_json(value).ok()).collect();
    let mut instruction = instructions.to_string();
    for (value, description) in options {
        if let Some(description) = description {
            instruction.push_str(&format!("\n{}: {description}", text_of(Some(value)).unwrap_or_default()));
        }
    }
    let shape = if kind == Kind::YesOrNo { Shape::Bool } else { Shape::Literal { values } };
    let function = identifier(name);
    let hole = Hole {
        signature: format!("def {function}() -> {}", shape.python()),
        name: function,
        instruction,
        shape,
        context: format!(">>> state = {}\n", Json::from(state)),
        ..Hole::default()
    };
    Ok(Question { name: name.into(), kind, hole })
}

/// A name that Python takes, as like the given one as may be.
fn identifier(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("q_{plain}") }
}

fn checked_state(state: Option<&Json>) -> Result<String, Wrong> {
    let Some(state) = text_of(state) else { return wrong("there is no state to decide about") };
    match state.len() <= STATE_BYTES_MAX {
        true => Ok(state),
        false => Err(Wrong(413, format!("the state has {} bytes; {STATE_BYTES_MAX} are the most", state.len()))),
    }
}

fn counted(questions: usize) -> Result<(), Wrong> {
    match questions {
        1..=QUESTIONS_MAX => Ok(()),
        _ => wrong(format!("1 to {QUESTIONS_MAX} questions can be asked at once")),
    }
}

fn asked(backend: &mut dyn Backend, questions: &[Question]) -> Result<Vec<(Answer, AnswerDetail)>, Wrong> {
    let holes: Vec<&Hole> = questions.iter().map(|question| &question.hole).collect();
    let answers = backend.answer(&holes);
    let detail = |answer: &Answer| match answer {
        Answer::Value { detail, .. } => detail.clone(),
        _ => AnswerDetail::default(),
    };
    if let Some(Answer::Failed { reason }) = answers.iter().find(|answer| matches!(answer, Answer::Failed { .. })) {
        let status = if reason.contains("are the most that can be asked") { 413 } else { 500 };
        return Err(Wrong(status, reason.clone()));
    }
    Ok(answers.into_iter().map(|answer| (answer.clone(), detail(&answer))).collect())
}

/// The probability of each option, in the order given; the whole of the confidence on the
/// answer where the backend gives no distribution.
fn shares(question: &Question, value: &Value, detail: &AnswerDetail) -> Vec<(Value, f64)> {
    let options = match &question.hole.shape {
        Shape::Literal { values } => values.clone(),
        _ => vec![Value::Bool(false), Value::Bool(true)],
    };
    let share = |option: &Value| match detail.probabilities.iter().find(|(known, _)| known == option) {
        Some((_, ppm)) => f64::from(*ppm) / 1e6,
        None if detail.probabilities.is_empty() && option == value => detail.confidence_ppm.map_or(1.0, |ppm| f64::from(ppm) / 1e6),
        None => 0.0,
    };
    options.into_iter().map(|option| (option.clone(), share(&option))).collect()
}

/// 1 when one option has all the probability, 0 when all have the same.
fn peak(shares: &[(Value, f64)]) -> f64 {
    let top = shares.iter().map(|(_, share)| *share).fold(0.0, f64::max);
    let count = shares.len() as f64;
    ((count * top - 1.0) / (count - 1.0)).clamp(0.0, 1.0)
}

fn expected(shares: &[(Value, f64)]) -> f64 {
    let total: f64 = shares.iter().map(|(_, share)| share).sum();
    shares.iter().enumerate().map(|(level, (_, share))| level as f64 * share).sum::<f64>() / total.max(f64::MIN_POSITIVE)
}

fn usage(answers: &[(Answer, AnswerDetail)]) -> Json {
    let sum = |of: fn(&AnswerDetail) -> u64| answers.iter().map(|(_, detail)| of(detail)).sum::<u64>();
    let (read, written) = (sum(|detail| detail.tokens_in), sum(|detail| detail.tokens_out));
    json!({"input_tokens": read, "output_tokens": written, "total_tokens": read + written})
}

fn systemone(backend: &mut dyn Backend, request: &Json) -> Result<Response, Wrong> {
    let state = checked_state(request.get("state"))?;
    let Some(given) = request.get("questions").and_then(Json::as_object) else { return wrong("questions is no map of questions") };
    counted(given.len())?;
    let mut questions = Vec::new();
    for (name, one) in given {
        let kind = match one.get("type").and_then(Json::as_str) {
            Some("noul") => Kind::YesOrNo,
            Some("choice") => Kind::Choice,
            Some("score") => Kind::Score,
            other => return wrong(format!("question {name:?} has the type {other:?}; there are noul, choice and score")),
        };
        let instructions = text_of(one.get("instructions")).unwrap_or_default();
        let options: Vec<(Json, Option<String>)> = match one.get("criteria") {
            Some(Json::Object(map)) => map.iter().map(|(key, text)| (json!(key), text_of(Some(text)))).collect(),
            Some(Json::Array(levels)) => levels.iter().map(|level| (json!(text_of(Some(level)).unwrap_or_default()), None)).collect(),
            _ => Vec::new(),
        };
        questions.push(question(&state, name, kind, &instructions, &options)?);
    }
    let answers = asked(backend, &questions)?;
    let mut shown = Map::new();
    for (question, (answer, detail)) in questions.iter().zip(&answers) {
        // A question without an answer is left out.
        let Answer::Value { value, .. } = answer else { continue };
        let shares = shares(question, value, detail);
        let label = |value: &Value| text_of(Some(&value.to_plain_json())).unwrap_or_default();
        let calibrated = !detail.calibration.is_empty();
        let json = match question.kind {
            Kind::YesOrNo => json!({"type": "noul", "noul": shares[1].1, "calibrated": calibrated}),
            Kind::Choice => {
                let map: Map<String, Json> = shares.iter().map(|(value, share)| (label(value), json!(share))).collect();
                json!({"type": "choice", "choice": label(value), "probabilities": map, "confidence": peak(&shares), "calibrated": calibrated})
            }
            Kind::Score => {
                let levels = |of: &dyn Fn(&(Value, f64)) -> Json| -> Map<String, Json> {
                    shares.iter().enumerate().map(|(level, pair)| (level.to_string(), of(pair))).collect()
                };
                json!({
                    "type": "score", "score": expected(&shares), "legend": levels(&|(value, _)| json!(label(value))),
                    "probabilities": levels(&|(_, share)| json!(share)), "confidence": peak(&shares), "calibrated": calibrated,
                })
            }
        };
        shown.insert(question.name.clone(), json);
    }
    Ok(json_response(200, &json!({"model": backend.identity(), "answers": shown, "usage": usage(&answers)})))
}

fn decisions(backend: &mut dyn Backend, request: &Json) -> Result<Response, Wrong> {
    let input = match request.get("input") {
        Some(Json::Array(messages)) => Some(json!(messages.iter().map(|message| content(message.get("content"))).collect::<Result<Vec<_>, _>>()?.join("\n"))),
        other => other.cloned(),
    };
    let state = checked_state(input.as_ref())?;
    let Some(given) = request.get("questions").and_then(Json::as_array) else { return wrong("questions is no list of questions") };
    counted(given.len())?;
    let mut questions = Vec::new();
    for (index, one) in given.iter().enumerate() {
        let name = one.get("name").and_then(Json::as_str).map_or_else(|| format!("question_{index}"), String::from);
        let list = |key: &str, value: &str| -> Vec<(Json, Option<String>)> {
            let all = one.get(key).and_then(Json::as_array).into_iter().flatten();
            all.map(|option| (option.get(value).cloned().unwrap_or_default(), text_of(option.get("description")))).collect()
        };
        let (kind, options) = match one.get("type").and_then(Json::as_str) {
            Some("predicate") => (Kind::YesOrNo, Vec::new()),
            Some("choice") => (Kind::Choice, list("choices", "value")),
            Some("score") => (Kind::Score, list("levels", "label")),
            other => return wrong(format!("question {name:?} has the type {other:?}; there are predicate, choice and score")),
        };
        questions.push(question(&state, &name, kind, &text_of(one.get("instructions")).unwrap_or_default(), &options)?);
    }
    let answers = asked(backend, &questions)?;
    let shown = questions.iter().zip(&answers).zip(given).map(|((question, (answer, detail)), one)| {
        // A question that was not named stays without a name.
        let name = one.get("name").cloned().unwrap_or(Json::Null);
        let Answer::Value { value, .. } = answer else {
            let Answer::Abstained { reason } = answer else { return json!({"type": "refusal", "name": name, "refusal": "no answer"}) };
            return json!({"type": "refusal", "name": name, "refusal": reason});
        };
        let shares = shares(question, value, detail);
        match question.kind {
            Kind::YesOrNo => json!({"type": "predicate", "name": name, "probability": shares[1].1}),
            Kind::Choice => {
                let all: Vec<Json> = shares.iter().map(|(value, share)| json!({"value": value.to_plain_json(), "probability": share})).collect();
                json!({"type": "choice", "name": name, "choice": value.to_plain_json(), "probabilities": all, "confidence": peak(&shares)})
            }
            Kind::Score => {
                let level = |(index, (value, share)): (usize, &(Value, f64))| json!({"value": index, "label": value.to_plain_json(), "probability": share});
                let all: Vec<Json> = shares.iter().enumerate().map(level).collect();
                json!({"type": "score", "name": name, "score": expected(&shares), "probabilities": all, "confidence": peak(&shares)})
            }
        }
    });
    let shown: Vec<Json> = shown.collect();
    Ok(json_response(200, &json!({"object": "decision", "model": backend.identity(), "answers": shown, "usage": usage(&answers)})))
}

/// The text of a message, which may be in parts.
fn content(content: Option<&Json>) -> Result<String, Wrong> {
    match content {
        Some(Json::String(text)) => Ok(text.clone()),
        Some(Json::Array(parts)) => {
            let part = |part: &Json| match part.get("text").and_then(Json::as_str) {
                Some(text) => Ok(text.to_string()),
                None => wrong("only parts of text are understood"),
            };
            parts.iter().map(part).collect::<Result<Vec<_>, _>>().map(|parts| parts.concat())
        }
        Some(Json::Null) | None => Ok(String::new()),
        Some(_) => wrong("the content of a message is a text or a list of parts"),
    }
}

fn chat_request(request: &Json) -> Result<Chat, Wrong> {
    let Some(given) = request.get("messages").and_then(Json::as_array).filter(|given| !given.is_empty()) else {
        return wrong("messages is no list of messages");
    };
    let mut messages = Vec::new();
    for message in given {
        let role = match message.get("role").and_then(Json::as_str) {
            Some(role @ ("system" | "user" | "assistant")) => role,
            Some("developer") => "system",
            other => return wrong(format!("a message has the role {other:?}; there are system, user and assistant")),
        };
        messages.push((role.to_string(), content(message.get("content"))?));
    }
    if request.get("tools").and_then(Json::as_array).is_some_and(|tools| !tools.is_empty()) {
        return wrong("tools are not supported here");
    }
    if request.get("n").and_then(Json::as_u64).is_some_and(|n| n != 1) {
        return wrong("only one choice (n = 1) is given");
    }
    let format = request.get("response_format").filter(|format| !format.is_null());
    let schema = match format.and_then(|format| format.get("type")?.as_str()) {
        Some("json_schema") => format.and_then(|format| format.pointer("/json_schema/schema").cloned()),
        Some("json_object") => Some(json!({"type": "object"})),
        _ => None,
    };
    let tokens = ["max_completion_tokens", "max_tokens"].iter().find_map(|key| request.get(*key)?.as_u64());
    let tokens = tokens.unwrap_or(TOKENS_DEFAULT);
    if !(1..=TOKENS_MAX).contains(&tokens) {
        return wrong(format!("max_tokens lies between 1 and {TOKENS_MAX}"));
    }
    let temperature = request.get("temperature").and_then(Json::as_f64).unwrap_or(0.0);
    if !(0.0..=2.0).contains(&temperature) {
        return wrong("temperature lies between 0 and 2");
    }
    let stop = match request.get("stop") {
        Some(Json::String(text)) => vec![text.clone()],
        Some(Json::Array(all)) => all.iter().filter_map(|text| text.as_str().map(String::from)).take(4).collect(),
        _ => Vec::new(),
    };
    let seed = request.get("seed").and_then(Json::as_i64).unwrap_or(0) as u64;
    Ok(Chat { messages, schema, temperature, seed, tokens_max: tokens as usize, stop })
}

fn chat(backend: &mut dyn Backend, request: &Json) -> Result<Response, Wrong> {
    let chat = chat_request(request)?;
    let said = backend.chat(&chat).map_err(|reason| match reason {
        _ if reason.contains("are the most that can be asked") || reason.contains("schema cannot be kept") => Wrong(400, reason),
        _ => Wrong(500, reason),
    })?;
    let finish = match said.finish {
        Finish::Stop => "stop",
        Finish::Length => "length",
    };
    let usage = json!({"prompt_tokens": said.tokens_in, "completion_tokens": said.tokens_out, "total_tokens": said.tokens_in + said.tokens_out});
    // The clock is the host's, so there is no time of creation here.
    let head = |object: &str| json!({"id": "chatcmpl-0", "object": object, "created": 0, "model": said.by});
    if request.get("stream") == Some(&Json::Bool(true)) {
        let chunk = |delta: Json, finish: Json, usage: Json| {
            let mut chunk = head("chat.completion.chunk");
            chunk["choices"] = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
            if !usage.is_null() {
                chunk["usage"] = usage;
            }
            format!("data: {chunk}\n\n")
        };
        let body = chunk(json!({"role": "assistant", "content": said.text}), Json::Null, Json::Null) + &chunk(json!({}), json!(finish), usage) + "data: [DONE]\n\n";
        return Ok(Response { status: 200, content_type: "text/event-stream", body });
    }
    let mut choice = json!({"index": 0, "message": {"role": "assistant", "content": said.text, "refusal": null}, "finish_reason": finish});
    if request.get("logprobs") == Some(&Json::Bool(true)) {
        let tokens: Vec<Json> = said.logs.iter().map(|(token, log)| json!({"token": token, "logprob": log, "bytes": token.as_bytes(), "top_logprobs": []})).collect();
        choice["logprobs"] = json!({"content": tokens, "refusal": null});
    }
    let mut body = head("chat.completion");
    body["choices"] = json!([choice]);
    body["usage"] = usage;
    Ok(json_response(200, &body))
}

fn models(backend: &mut dyn Backend, _: &Json) -> Result<Response, Wrong> {
    let model = json!({"id": backend.identity(), "object": "model", "created": 0, "owned_by": "emulant"});
    Ok(json_response(200, &json!({"object": "list", "data": [model]})))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Said, Script, Watcher};

    fn post(backend: &mut dyn Backend, path: &str, body: &Json) -> (u16, Json) {
        let response = serve(backend, "POST", path, body.to_string().as_bytes());
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    fn script() -> Script {
        let text = r#"[{"name": "urgent", "answer": true, "confidence_ppm": 900000}, {"name": "topic", "answer": "b", "confidence_ppm": 700000},
            {"name": "grade", "answer": "high", "confidence_ppm": 1000000}, {"name": "odd", "abstain": "I do not know"}]"#;
        Script::from_json("t", text).unwrap()
    }

    #[test]
    fn a_system_one_request_is_answered() {
        let request = json!({"model": "x", "state": {"mail": "help!"}, "questions": {
            "urgent": {"type": "noul", "instructions": "Is it urgent?"},
            "topic": {"type": "choice", "instructions": "Which?", "criteria": {"a": "the first", "b": null}},
            "grade": {"type": "score", "instructions": "How bad?", "criteria": ["low", "high"]},
            "odd": {"type": "noul", "instructions": "?"}}});
        let (status, response) = post(&mut script(), "/v1/systemone", &request);
        assert_eq!(status, 200, "{response}");
        assert_eq!(response["answers"]["urgent"]["noul"], json!(0.9));
        assert_eq!(response["answers"]["topic"]["choice"], json!("b"));
        assert_eq!(response["answers"]["topic"]["probabilities"], json!({"a": 0.0, "b": 0.7}));
        assert_eq!((&response["answers"]["grade"]["score"], &response["answers"]["grade"]["legend"]["1"]), (&json!(1.0), &json!("high")));
        assert_eq!(response["answers"].get("odd"), None);
        assert_eq!(response["model"], json!("script:t"));
    }

    #[test]
    fn a_decisions_request_is_answered() {
        let request = json!({"model": "x", "input": [{"role": "user", "content": [{"type": "input_text", "text": "help!"}]}], "questions": [
            {"type": "predicate", "name": "urgent", "instructions": "Is it urgent?"},
            {"type": "choice", "name": "topic", "instructions": "Which?", "choices": [{"value": "a"}, {"value": "b", "description": "the second"}]},
            {"type": "score", "name": "grade", "instructions": "How bad?", "levels": [{"label": "low"}, {"label": "high"}]},
            {"type": "predicate", "name": "odd", "instructions": "?"}]});
        let (status, response) = post(&mut script(), "/v1/decisions", &request);
        assert_eq!(status, 200, "{response}");
        let answers = &response["answers"];
        assert_eq!((&answers[0]["probability"], &answers[1]["choice"], &answers[2]["score"]), (&json!(0.9), &json!("b"), &json!(1.0)));
        assert_eq!(answers[1]["probabilities"][1], json!({"value": "b", "probability": 0.7}));
        assert_eq!(answers[3], json!({"type": "refusal", "name": "odd", "refusal": "I do not know"}));
    }

    #[test]
    fn what_a_client_gets_wrong_is_said() {
        let cases = [
            ("/v1/other", json!({}), 404, "there is no /v1/other"),
            ("/v1/models", json!({}), 405, "takes GET"),
            ("/v1/systemone", json!({"questions": {}}), 400, "no state"),
            ("/v1/systemone", json!({"state": "s"}), 400, "no map"),
            ("/v1/systemone", json!({"state": "s", "questions": {}}), 400, "1 to 256"),
            ("/v1/systemone", json!({"state": "s".repeat(STATE_BYTES_MAX + 1), "questions": {"a": {}}}), 413, "bytes"),
            ("/v1/systemone", json!({"state": "s", "questions": {"a": {"type": "box"}}}), 400, "noul, choice and score"),
            ("/v1/systemone", json!({"state": "s", "questions": {"a": {"type": "choice", "criteria": {"one": null}}}}), 400, "2 to 255"),
            ("/v1/systemone", json!({"state": "s", "questions": {"unknown": {"type": "noul"}}}), 500, "has no answer"),
            ("/v1/decisions", json!({"input": [{"content": [{"type": "input_image"}]}], "questions": []}), 400, "parts of text"),
            ("/v1/chat/completions", json!({"messages": []}), 400, "no list"),
            ("/v1/chat/completions", json!({"messages": [{"role": "tool", "content": ""}]}), 400, "role"),
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}], "max_tokens": 0}), 400, "max_tokens"),
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}]}), 500, "writes no text"),
        ];
        for (path, body, status, message) in cases {
            let (found, response) = post(&mut script(), path, &body);
            assert_eq!(found, status, "{path} {response}");
            assert!(response["error"]["message"].as_str().unwrap().contains(message), "{response}");
        }
        assert_eq!(serve(&mut script(), "POST", "/v1/systemone", b"\xff{").status, 400);
        assert_eq!(serve(&mut script(), "GET", "/v1/models", b"").status, 200);
    }

    struct Parrot;

    impl Backend for Parrot {
        fn identity(&self) -> String {
            "parrot".into()
        }

        fn answer(&mut self, _: &[&Hole]) -> Vec<Answer> {
            Vec::new()
        }

        fn watch(&mut self, _: Watcher) {}

        fn chat(&mut self, chat: &Chat) -> Result<Said, String> {
            let text = chat.messages.iter().map(|(role, text)| format!("{role}={text}")).collect::<Vec<_>>().join(" ");
            Ok(Said { text, by: "parrot".into(), tokens_in: 3, tokens_out: 2, finish: Finish::Length, logs: vec![("a".into(), -0.5)] })
        }
    }

    #[test]
    fn a_chat_is_continued_whole_or_as_a_stream() {
        let mut request = json!({"messages": [{"role": "developer", "content": "be kind"}, {"role": "user", "content": "hi"}], "logprobs": true});
        let (status, response) = post(&mut Parrot, "/v1/chat/completions", &request);
        assert_eq!((status, &response["choices"][0]["message"]["content"]), (200, &json!("system=be kind user=hi")));
        assert_eq!((&response["choices"][0]["finish_reason"], &response["usage"]["total_tokens"]), (&json!("length"), &json!(5)));
        assert_eq!(response["choices"][0]["logprobs"]["content"][0]["logprob"], json!(-0.5));
        request["stream"] = json!(true);
        let stream = serve(&mut Parrot, "POST", "/v1/chat/completions", request.to_string().as_bytes());
        assert_eq!(stream.content_type, "text/event-stream");
        assert!(stream.body.contains("\"content\":\"system=be kind user=hi\"") && stream.body.ends_with("data: [DONE]\n\n"), "{}", stream.body);
    }
}
