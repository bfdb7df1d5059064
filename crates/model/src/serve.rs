//! The other way round: requests in public formats, answered by any backend here. Functions
//! from a request to a response; who listens, and to whom, is the host's business.

use crate::{Backend, Chat, Finish, Log, NO_TEXT};
use emulant_ask::{Answer, AnswerDetail, Hole, Shape, Value};
use serde_json::{Map, Value as Json, json};
use std::ops::ControlFlow;

/// Longest state of a decision, in bytes.
const STATE_BYTES_MAX: usize = 1 << 18;
/// Most questions about one state.
const QUESTIONS_MAX: usize = 256;
/// Most options of a choice, and levels of a score.
const OPTIONS_MAX: usize = 255;
/// Tokens of a text when the request does not say how many, and the most that it may say.
const TOKENS_DEFAULT: u64 = 512;
const TOKENS_MAX: u64 = 4096;
/// Most alternatives to a token that are told.
const TOP_MAX: u64 = 20;
/// Longest schema of a text, in bytes.
const SCHEMA_BYTES_MAX: usize = 1 << 16;
/// Wishes that change what is written and are not met here, each with what wishes for nothing.
const UNMET: [(&str, fn(&Json) -> bool); 7] = [
    ("tools", is_empty),
    ("functions", is_empty),
    ("logit_bias", is_empty),
    ("n", |value| value.as_f64() == Some(1.0)),
    ("top_p", |value| value.as_f64() == Some(1.0)),
    ("presence_penalty", |value| value.as_f64() == Some(0.0)),
    ("frequency_penalty", |value| value.as_f64() == Some(0.0)),
];

fn is_empty(value: &Json) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

/// What goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Status of HTTP.
    pub status: u16,
    /// `application/json` or `text/event-stream`.
    pub content_type: &'static str,
    /// The body, behind the parts that were told.
    pub body: String,
}

/// Hears of a response that is a stream of events before it is complete, part by part; also the empty
/// part, between. When it breaks, nobody waits for the response any more.
pub type Parts<'p> = &'p mut dyn FnMut(&str) -> ControlFlow<()>;

/// What is wrong with a request, and the status that says so.
struct Wrong(u16, String);

type Handler = fn(&mut dyn Backend, &Json, Parts<'_>) -> Result<Response, Wrong>;

/// All routes, each with the method that it takes.
const ROUTES: [(&str, &str, Handler); 4] = [
    ("POST", "/v1/systemone", systemone),
    ("POST", "/v1/decisions", decisions),
    ("POST", "/v1/chat/completions", chat),
    ("GET", "/v1/models", models),
];

/// Answers one request. Nothing that a client sends can make this fail otherwise than by a
/// status of 4xx. A stream of events is told to `parts`, and the response is its rest.
pub fn serve(backend: &mut dyn Backend, method: &str, path: &str, body: &[u8], parts: Parts<'_>) -> Response {
    let result = match ROUTES.iter().find(|(_, known, _)| *known == path) {
        None => Err(Wrong(404, format!("there is no {path}; there are {}", ROUTES.map(|(_, path, _)| path).join(", ")))),
        Some((wanted, ..)) if *wanted != method => Err(Wrong(405, format!("{path} takes {wanted}"))),
        Some(("GET", _, handler)) => handler(backend, &Json::Null, parts),
        Some((.., handler)) => match serde_json::from_slice(body) {
            Ok(json) => handler(backend, &json, parts),
            Err(error) => Err(Wrong(400, format!("the body is no JSON: {error}"))),
        },
    };
    result.unwrap_or_else(|Wrong(status, message)| refusal(status, &message))
}

/// An error in the dress that clients of these formats expect.
pub fn refusal(status: u16, message: &str) -> Response {
    json_response(status, &error(status, message))
}

fn error(status: u16, message: &str) -> Json {
    let kind = match status {
        429 => "rate_limit_error",
        401 => "authentication_error",
        ..500 => "invalid_request_error",
        _ => "server_error",
    };
    json!({"error": {"message": message, "type": kind, "param": null, "code": null}})
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
    if answers.contains(&Answer::Stopped) {
        return Err(Wrong(500, "stopped".into()));
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

fn systemone(backend: &mut dyn Backend, request: &Json, _: Parts<'_>) -> Result<Response, Wrong> {
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

fn decisions(backend: &mut dyn Backend, request: &Json, _: Parts<'_>) -> Result<Response, Wrong> {
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
    if let Some((name, _)) = UNMET.iter().find(|(name, is_nothing)| request.get(*name).is_some_and(|value| !value.is_null() && !is_nothing(value))) {
        return wrong(format!("{name} is not supported here"));
    }
    let format = request.get("response_format").filter(|format| !format.is_null());
    let schema = match format.map(|format| format.get("type").and_then(Json::as_str)) {
        None | Some(Some("text")) => None,
        Some(Some("json_object")) => Some(json!({"type": "object"})),
        Some(Some("json_schema")) => match request.pointer("/response_format/json_schema/schema") {
            Some(schema @ Json::Object(_)) if schema.to_string().len() <= SCHEMA_BYTES_MAX => Some(schema.clone()),
            _ => return wrong(format!("response_format.json_schema.schema is an object of at most {SCHEMA_BYTES_MAX} bytes")),
        },
        Some(other) => return wrong(format!("response_format has the type {other:?}; there are text, json_object and json_schema")),
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
    let top = request.get("top_logprobs").and_then(Json::as_u64).unwrap_or(0);
    if top > TOP_MAX {
        return wrong(format!("top_logprobs lies between 0 and {TOP_MAX}"));
    }
    Ok(Chat { messages, schema, temperature, seed, tokens_max: tokens as usize, stop, top: top as usize })
}

fn chat(backend: &mut dyn Backend, request: &Json, parts: Parts<'_>) -> Result<Response, Wrong> {
    let chat = chat_request(request)?;
    let wants = |pointer: &str| request.pointer(pointer) == Some(&Json::Bool(true));
    let (streams, logs) = (wants("/stream"), wants("/logprobs"));
    // The clock is the host's, so there is no time of creation here.
    let by = backend.identity();
    let head = |object: &str| json!({"id": "chatcmpl-0", "object": object, "created": 0, "model": by});
    let event = |delta: Json, logs: Json, finish: Json| {
        let mut chunk = head("chat.completion.chunk");
        chunk["choices"] = json!([{"index": 0, "delta": delta, "logprobs": logs, "finish_reason": finish}]);
        format!("data: {chunk}\n\n")
    };
    let mut begun = false;
    let said = backend.chat(&chat, &mut |text, tokens| {
        if !streams || (text.is_empty() && tokens.is_empty()) {
            return parts("");
        }
        let mut delta = json!({"content": text});
        if !std::mem::replace(&mut begun, true) {
            delta["role"] = json!("assistant");
        }
        parts(&event(delta, if logs { shown(tokens) } else { Json::Null }, Json::Null))
    });
    let said = match said {
        Ok(said) => said,
        Err(reason) if begun => {
            let body = format!("data: {}\n\n", error(500, &reason));
            return Ok(Response { status: 200, content_type: "text/event-stream", body });
        }
        Err(reason) => {
            let theirs = ["are the most that can be asked", "schema cannot be kept", NO_TEXT].iter().any(|part| reason.contains(part));
            return Err(Wrong(if theirs { 400 } else { 500 }, reason));
        }
    };
    let finish = match said.finish {
        Finish::Stop => "stop",
        Finish::Length => "length",
    };
    let usage = json!({"prompt_tokens": said.tokens_in, "completion_tokens": said.tokens_out, "total_tokens": said.tokens_in + said.tokens_out});
    if streams {
        // A text without a token has had no first part.
        let delta = if begun { json!({}) } else { json!({"role": "assistant", "content": said.text}) };
        let mut body = event(delta, Json::Null, json!(finish));
        if wants("/stream_options/include_usage") {
            let mut last = head("chat.completion.chunk");
            (last["choices"], last["usage"]) = (json!([]), usage);
            body.push_str(&format!("data: {last}\n\n"));
        }
        body.push_str("data: [DONE]\n\n");
        return Ok(Response { status: 200, content_type: "text/event-stream", body });
    }
    let mut choice = json!({"index": 0, "message": {"role": "assistant", "content": said.text, "refusal": null}, "finish_reason": finish, "logprobs": null});
    if logs {
        choice["logprobs"] = shown(&said.logs);
    }
    let mut body = head("chat.completion");
    (body["model"], body["choices"], body["usage"]) = (json!(said.by), json!([choice]), usage);
    Ok(json_response(200, &body))
}

/// Tokens as this format shows them.
fn shown(logs: &[Log]) -> Json {
    let one = |bytes: &[u8], log: f64| json!({"token": String::from_utf8_lossy(bytes), "logprob": log, "bytes": bytes});
    let tokens = logs.iter().map(|log| {
        let mut token = one(&log.bytes, log.log);
        token["top_logprobs"] = log.top.iter().map(|(bytes, log)| one(bytes, *log)).collect();
        token
    });
    json!({"content": tokens.collect::<Vec<Json>>(), "refusal": null})
}

fn models(backend: &mut dyn Backend, _: &Json, _: Parts<'_>) -> Result<Response, Wrong> {
    let model = json!({"id": backend.identity(), "object": "model", "created": 0, "owned_by": "emulant"});
    Ok(json_response(200, &json!({"object": "list", "data": [model]})))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Heard, Said, Script, Watcher};

    fn serve(backend: &mut dyn Backend, method: &str, path: &str, body: &[u8]) -> Response {
        super::serve(backend, method, path, body, &mut |_| ControlFlow::Continue(()))
    }

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
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}]}), 400, "writes no text"),
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}], "n": 2}), 400, "n is not supported"),
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}], "tools": [{}]}), 400, "tools is not supported"),
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}], "top_logprobs": 21}), 400, "between 0 and 20"),
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}], "response_format": {"type": "xml"}}), 400, "json_schema"),
            ("/v1/chat/completions", json!({"messages": [{"role": "user", "content": "x"}], "response_format": {"type": "json_schema"}}), 400, "is an object"),
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

        fn chat(&mut self, chat: &Chat, heard: Heard<'_>) -> Result<Said, String> {
            let text = chat.messages.iter().map(|(role, text)| format!("{role}={text}")).collect::<Vec<_>>().join(" ");
            let logs: Vec<Log> = text.split_inclusive(' ').map(|word| Log { bytes: word.into(), log: -0.5, top: vec![(b"x".to_vec(), -1.5)] }).collect();
            for log in &logs {
                if heard(&String::from_utf8_lossy(&log.bytes), std::slice::from_ref(log)).is_break() {
                    return Err("stopped".into());
                }
            }
            match text.contains("break") {
                true => Err("it broke".into()),
                false => Ok(Said { text, by: "parrot".into(), tokens_in: 3, tokens_out: logs.len() as u64, finish: Finish::Length, logs }),
            }
        }
    }

    #[test]
    fn a_chat_is_continued_whole() {
        let request = json!({"messages": [{"role": "developer", "content": "be kind"}, {"role": "user", "content": "hi"}], "logprobs": true});
        let (status, response) = post(&mut Parrot, "/v1/chat/completions", &request);
        assert_eq!((status, &response["choices"][0]["message"]["content"]), (200, &json!("system=be kind user=hi")));
        assert_eq!((&response["choices"][0]["finish_reason"], &response["usage"]["total_tokens"]), (&json!("length"), &json!(6)));
        let log = &response["choices"][0]["logprobs"]["content"][0];
        assert_eq!((&log["logprob"], &log["top_logprobs"][0]["token"]), (&json!(-0.5), &json!("x")));
    }

    #[test]
    fn a_stream_is_told_part_by_part() {
        let mut request = json!({"messages": [{"role": "user", "content": "a b"}], "stream": true, "stream_options": {"include_usage": true}});
        let mut told = Vec::new();
        let mut stream = |request: &Json| {
            told.clear();
            let mut parts = |part: &str| {
                told.push(part.to_string());
                ControlFlow::Continue(())
            };
            let response = super::serve(&mut Parrot, "POST", "/v1/chat/completions", request.to_string().as_bytes(), &mut parts);
            assert_eq!((response.status, response.content_type), (200, "text/event-stream"));
            let events = told.iter().chain([&response.body]).flat_map(|part| part.split_terminator("\n\n"));
            events.map(|event| event.strip_prefix("data: ").unwrap().to_string()).collect::<Vec<String>>()
        };
        let events = stream(&request);
        assert_eq!(events.last().unwrap(), "[DONE]");
        let events: Vec<Json> = events[..events.len() - 1].iter().map(|event| serde_json::from_str(event).unwrap()).collect();
        assert_eq!(events[0]["choices"][0]["delta"], json!({"content": "user=a ", "role": "assistant"}));
        assert_eq!(events[1]["choices"][0]["delta"], json!({"content": "b"}));
        assert_eq!(events[2]["choices"][0]["finish_reason"], json!("length"));
        assert_eq!((&events[3]["choices"], &events[3]["usage"]["completion_tokens"]), (&json!([]), &json!(2)));
        // What goes wrong in the middle is an event too.
        request["messages"][0]["content"] = json!("break now");
        let events = stream(&request);
        assert!(events.len() == 3 && events[2].contains("it broke"), "{events:?}");
        // A client that leaves ends the work.
        let response = super::serve(&mut Parrot, "POST", "/v1/chat/completions", request.to_string().as_bytes(), &mut |_| ControlFlow::Break(()));
        assert!(response.body.contains("stopped"));
    }
}
