//! Endpoints that speak the OpenAI dialect: chat completions whose answer is held
//! to a JSON Schema. Many servers do, local ones too.
//!
//! The key, if there is one, comes from `OPENAI_API_KEY` and goes nowhere but into
//! the header. Prices and routing between models are none of this file's business.

use crate::{Backend, ModelError, Options, Progress, Watcher, prompt, script::accepted};
use emulant_ask::{Answer, AnswerDetail, Hole, Shape};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::{
    ops::ControlFlow,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// Requests that are under way at the same time.
const PARALLEL_MAX: usize = 8;
/// A response larger than this is not read to its end.
const BODY_BYTES_MAX: u64 = 4 << 20;
/// Longest pause before a further try, whatever the server asks for.
const PAUSE_SECONDS_MAX: u64 = 60;
const CONNECT_SECONDS: u64 = 10;
const SYSTEM: &str = "You complete a Python session. Find the value that the last call returns, and reply with \
nothing but a JSON object whose only key is \"answer\" and whose value is that result in JSON.";

/// A model behind an endpoint.
pub struct OpenAi {
    client: Client,
    watcher: Option<Watcher>,
}

struct Client {
    agent: ureq::Agent,
    name: String,
    url: String,
    host: String,
    key: Option<String>,
    options: Options,
    /// Set when the server does not take strict schemas or log-probabilities.
    plain: AtomicBool,
    /// Set when nobody waits for answers any more.
    stop: AtomicBool,
}

/// What a try came to.
enum Reply {
    /// A response that can be read.
    Text(String),
    /// It is worth trying again after this pause, if the server named one.
    Again { reason: String, pause: Option<Duration> },
    /// The server does not take the request as it is.
    Rejected(String),
    /// It is no use.
    Broken(String),
}

#[derive(Deserialize)]
struct Completion {
    model: Option<String>,
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
    logprobs: Option<LogProbs>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct LogProbs {
    content: Option<Vec<LogProb>>,
}

#[derive(Deserialize)]
struct LogProb {
    logprob: f64,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl OpenAi {
    /// The model `name` at `url` (up to and with `/v1`). Nothing is sent yet.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(name: &str, url: &str, options: &Options) -> Result<OpenAi, ModelError> {
        let url = url.trim_end_matches('/');
        let address: ureq::http::Uri = url.parse().map_err(|error| ModelError::Spec(format!("{url:?} is no address: {error}")))?;
        let host = address.authority().map(|authority| match authority.port() {
            Some(port) => format!("{}:{port}", authority.host()),
            None => authority.host().to_string(),
        });
        let web = matches!(address.scheme_str(), Some("http" | "https"));
        let host = host.filter(|_| web).ok_or_else(|| ModelError::Spec(format!("{url:?} does not read http://HOST/v1")))?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(CONNECT_SECONDS.min(options.timeout_seconds))))
            .timeout_per_call(Some(Duration::from_secs(options.timeout_seconds)))
            .build();
        let client = Client {
            agent: ureq::Agent::new_with_config(config),
            name: name.into(),
            url: format!("{url}/chat/completions"),
            host,
            key: std::env::var("OPENAI_API_KEY").ok().filter(|key| !key.is_empty()),
            options: options.clone(),
            plain: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        };
        Ok(OpenAi { client, watcher: None })
    }
}

impl Backend for OpenAi {
    fn identity(&self) -> String {
        format!("openai:{}@{}", self.client.name, self.client.host)
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        let (client, watcher) = (&self.client, &mut self.watcher);
        client.stop.store(false, Ordering::Relaxed);
        let next = AtomicUsize::new(0);
        let (sender, receiver) = mpsc::channel();
        let mut answers = vec![Answer::Stopped; holes.len()];
        std::thread::scope(|scope| {
            for _ in 0..holes.len().min(PARALLEL_MAX) {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    while !client.stop.load(Ordering::Relaxed) {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(hole) = holes.get(index) else { break };
                        let _ = sender.send((index, client.answer(hole)));
                    }
                });
            }
            drop(sender);
            for (done, (index, answer)) in receiver.into_iter().enumerate() {
                answers[index] = answer;
                let progress = Progress::Answered { done: done + 1, of: holes.len() };
                if let Some(ControlFlow::Break(())) = watcher.as_mut().map(|watcher| watcher(&progress)) {
                    client.stop.store(true, Ordering::Relaxed);
                }
            }
        });
        answers
    }

    fn watch(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
    }
}

impl Client {
    fn answer(&self, hole: &Hole) -> Answer {
        let started = Instant::now();
        let failed = |reason: String| Answer::Failed { reason: format!("{} at {}: {reason}", self.name, self.host) };
        let question = match prompt::question(hole, self.options.question_tokens_max) {
            Ok(question) => question,
            Err(reason) => return failed(reason),
        };
        let mut tries = 0;
        loop {
            let plain = self.plain.load(Ordering::Relaxed);
            let (reason, pause) = match self.send(&self.request(&question, &hole.shape, plain).to_string()) {
                Reply::Text(text) => return self.read(hole, &text, started),
                Reply::Rejected(_) if !plain => {
                    self.plain.store(true, Ordering::Relaxed);
                    continue;
                }
                Reply::Rejected(reason) | Reply::Broken(reason) => return failed(reason),
                Reply::Again { reason, pause } => (reason, pause),
            };
            if tries == self.options.retries {
                return failed(format!("{reason}, also after {tries} further tries"));
            }
            tries += 1;
            let pause = pause.unwrap_or(Duration::from_millis(250 << tries.min(8)));
            if !self.sleep(pause.min(Duration::from_secs(PAUSE_SECONDS_MAX))) {
                return Answer::Stopped;
            }
        }
    }

    /// False when the wait was broken off.
    fn sleep(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        while !self.stop.load(Ordering::Relaxed) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
        false
    }

    fn request(&self, question: &str, shape: &Shape, plain: bool) -> Json {
        // Servers want an object at the top, so the answer lies inside one.
        let schema = json!({
            "type": "object", "properties": {"answer": shape.json_schema()},
            "required": ["answer"], "additionalProperties": false,
        });
        let mut request = json!({
            "model": self.name,
            "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}],
            "temperature": 0,
            "max_tokens": self.options.answer_tokens_max,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": !plain && strict(shape), "schema": schema},
            },
        });
        if !plain {
            request["logprobs"] = json!(true);
        }
        request
    }

    fn send(&self, body: &str) -> Reply {
        let mut request = self.agent.post(&self.url).header("Content-Type", "application/json");
        if let Some(key) = &self.key {
            request = request.header("Authorization", &format!("Bearer {key}"));
        }
        let mut response = match request.send(body) {
            Ok(response) => response,
            Err(ureq::Error::Timeout(_)) => return Reply::Broken(format!("no answer within {} seconds", self.options.timeout_seconds)),
            Err(error) => return Reply::Broken(format!("it cannot be reached: {error}")),
        };
        let (status, pause) = (response.status().as_u16(), retry_after(&response));
        let text = match response.body_mut().with_config().limit(BODY_BYTES_MAX).lossy_utf8(true).read_to_string() {
            Ok(text) => text,
            Err(error) => return Reply::Broken(format!("its response cannot be read: {error}")),
        };
        match status {
            200 => Reply::Text(text),
            429 | 500 | 502 | 503 | 504 => Reply::Again { reason: format!("status {status}{}", complaint(&text)), pause },
            400 | 422 => Reply::Rejected(format!("status {status}{}", complaint(&text))),
            401 | 403 if self.key.is_none() => {
                Reply::Broken(format!("status {status}{}; OPENAI_API_KEY is not set", complaint(&text)))
            }
            _ => Reply::Broken(format!("status {status}{}", complaint(&text))),
        }
    }

    fn read(&self, hole: &Hole, text: &str, started: Instant) -> Answer {
        let failed = |reason: String| Answer::Failed { reason: format!("{} at {}: {reason}", self.name, self.host) };
        let completion: Completion = match serde_json::from_str(text) {
            Ok(completion) => completion,
            Err(error) => return failed(format!("its response is not as it should be: {error}")),
        };
        let Some(choice) = completion.choices.first() else { return failed("its response holds no answer".into()) };
        if let Some(refusal) = choice.message.refusal.as_ref().filter(|refusal| !refusal.is_empty()) {
            return Answer::Abstained { reason: shortened(refusal) };
        }
        if choice.finish_reason.as_deref() == Some("length") {
            return failed(format!("the answer is longer than {} tokens", self.options.answer_tokens_max));
        }
        let content = choice.message.content.as_deref().unwrap_or_default();
        let json = match serde_json::from_str::<Json>(content.trim()) {
            Ok(json) => json,
            Err(error) => return failed(format!("the answer {:?} is no JSON: {error}", shortened(content))),
        };
        let usage = completion.usage.unwrap_or(Usage { prompt_tokens: 0, completion_tokens: 0 });
        let detail = AnswerDetail {
            confidence_ppm: confidence(choice, prompt::choices(&hole.shape).is_some()),
            by: format!("{}@{}", completion.model.as_ref().unwrap_or(&self.name), self.host),
            tokens_in: usage.prompt_tokens,
            tokens_out: usage.completion_tokens,
            time_us: started.elapsed().as_micros() as u64,
            ..AnswerDetail::default()
        };
        match json.get("answer") {
            Some(answer) => accepted(&hole.shape, answer, detail),
            None => failed(format!("the answer {:?} has no key \"answer\"", shortened(content))),
        }
    }
}

/// For a closed type the probability of the whole text, for others the mean of
/// its tokens: a long text is not wrong because it is long.
fn confidence(choice: &Choice, closed: bool) -> Option<u32> {
    let tokens = choice.logprobs.as_ref()?.content.as_ref()?;
    let sum: f64 = tokens.iter().map(|token| token.logprob).sum();
    let log = if closed { sum } else { sum / tokens.len().max(1) as f64 };
    (!tokens.is_empty() && !log.is_nan()).then(|| (log.exp().clamp(0.0, 1.0) * 1e6).round() as u32)
}

fn retry_after(response: &ureq::http::Response<ureq::Body>) -> Option<Duration> {
    let text = response.headers().get("retry-after")?.to_str().ok()?;
    let seconds: f64 = text.trim().parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(PAUSE_SECONDS_MAX as f64)))
}

/// The message inside an error response, or its beginning.
fn complaint(body: &str) -> String {
    let json: Option<Json> = serde_json::from_str(body).ok();
    let message = json.as_ref().and_then(|json| {
        let error = json.get("error").unwrap_or(json);
        error.get("message").unwrap_or(error).as_str().map(String::from)
    });
    let text = message.unwrap_or_else(|| body.trim().to_string());
    if text.is_empty() { String::new() } else { format!(" ({})", shortened(&text)) }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.into(),
    }
}

/// Whether the schema stays within what strict mode takes: closed objects, all
/// fields required, no bounds on lengths of strings.
fn strict(shape: &Shape) -> bool {
    match shape {
        Shape::None | Shape::Bool | Shape::Int { .. } | Shape::Float | Shape::Literal { .. } | Shape::Enum { .. } => true,
        Shape::Record { fields, .. } => fields.iter().all(|field| field.required && strict(&field.shape)),
        Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => strict(item),
        Shape::Union { options } => options.iter().all(strict),
        Shape::Any | Shape::Str { .. } | Shape::Tuple { .. } | Shape::Dict { .. } => false,
    }
}

#[cfg(test)]
#[path = "openai_tests.rs"]
mod tests;
