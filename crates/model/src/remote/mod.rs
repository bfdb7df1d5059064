//! Models behind an address. What they all need is here: one request at a time for each of
//! a few threads, patience with a busy server, bounds on what is read, and a reason for
//! everything that goes wrong. How a hole is put and an answer read is a dialect: a row in
//! the table below, and a file of its own.
//!
//! A key comes from the dialect's environment variable and goes nowhere but into a header.
//! Prices and routing between models are none of this module's business.

mod openai;
mod anthropic;
mod systemone;
mod decisions;

use crate::{Backend, ModelError, Options, Progress, Watcher, calibrate::to_ppm, script::accepted};
use emulant_ask::{Answer, AnswerDetail, Hole};
use serde_json::Value as Json;
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
/// Most holes that go out as one request, where the dialect takes several.
const TOGETHER_MAX: usize = 64;

/// A wire format.
pub(crate) trait Dialect: Sync {
    /// The word before the colon in `WORD:NAME@URL`.
    fn word(&self) -> &'static str;
    /// Where requests go, below the address.
    fn path(&self) -> &'static str;
    /// Where a key is looked for.
    fn key_variable(&self) -> &'static str;
    /// The headers that carry the key, and others that the format needs.
    fn headers(&self, key: Option<&str>) -> Vec<(&'static str, String)>;
    /// Holes for which this is equal may go out together; a hole without it goes alone.
    fn together(&self, _: &Hole) -> Option<String> {
        None
    }
    /// The body that asks all of `holes`. `plain` leaves out what some servers reject.
    ///
    /// # Errors
    /// The format has no way to ask this.
    fn request(&self, model: &str, holes: &[&Hole], options: &Options, plain: bool) -> Result<Json, String>;
    /// What the response says, one for each of `holes`.
    ///
    /// # Errors
    /// It is not as it should be.
    fn read(&self, holes: &[&Hole], response: &Json, options: &Options) -> Result<Vec<Read>, String>;
}

/// What a response says about one hole.
pub(crate) enum Read {
    /// An answer, still to be judged by the type.
    Answer {
        json: Json,
        confidence: Option<f64>,
        /// In the order of the type's values; empty when there are none.
        probabilities: Vec<(Json, f64)>,
    },
    Refused(String),
    Broken(String),
}

/// All wire formats.
pub(crate) const DIALECTS: [&dyn Dialect; 4] = [&openai::OpenAi, &anthropic::Anthropic, &systemone::SystemOne, &decisions::Decisions];

/// A model behind an endpoint.
pub struct Remote {
    client: Client,
    watcher: Option<Watcher>,
}

struct Client {
    dialect: &'static dyn Dialect,
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

impl Remote {
    /// The model `name` at `url` (up to and with `/v1`), which speaks the dialect `word`.
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// The address is none, or nothing speaks so.
    pub fn new(word: &str, name: &str, url: &str, options: &Options) -> Result<Remote, ModelError> {
        let dialect = DIALECTS.into_iter().find(|dialect| dialect.word() == word);
        let dialect = dialect.ok_or_else(|| ModelError::Spec(format!("nothing speaks {word:?}")))?;
        let url = url.trim_end_matches('/');
        let host = host(url)?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(CONNECT_SECONDS.min(options.timeout_seconds))))
            .timeout_per_call(Some(Duration::from_secs(options.timeout_seconds)))
            .build();
        let client = Client {
            dialect,
            agent: ureq::Agent::new_with_config(config),
            name: name.into(),
            url: format!("{url}{}", dialect.path()),
            host,
            key: std::env::var(dialect.key_variable()).ok().filter(|key| !key.is_empty()),
            options: options.clone(),
            plain: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        };
        Ok(Remote { client, watcher: None })
    }

    /// Which holes go out together, in their order.
    fn groups(&self, holes: &[&Hole]) -> Vec<Vec<usize>> {
        let mut groups: Vec<(Option<String>, Vec<usize>)> = Vec::new();
        for (index, hole) in holes.iter().enumerate() {
            let key = self.client.dialect.together(hole);
            let fitting = |(known, members): &&mut (Option<String>, Vec<usize>)| key.is_some() && *known == key && members.len() < TOGETHER_MAX;
            match groups.iter_mut().find(fitting) {
                Some((_, members)) => members.push(index),
                None => groups.push((key, vec![index])),
            }
        }
        groups.into_iter().map(|(_, members)| members).collect()
    }
}

/// Host and port of `url`, as answers name them.
pub(crate) fn host(url: &str) -> Result<String, ModelError> {
    let address: ureq::http::Uri = url.parse().map_err(|error| ModelError::Spec(format!("{url:?} is no address: {error}")))?;
    let host = address.authority().map(|authority| match authority.port() {
        Some(port) => format!("{}:{port}", authority.host()),
        None => authority.host().to_string(),
    });
    let web = matches!(address.scheme_str(), Some("http" | "https"));
    host.filter(|_| web).ok_or_else(|| ModelError::Spec(format!("{url:?} does not read http://HOST/v1")))
}

impl Backend for Remote {
    fn identity(&self) -> String {
        format!("{}:{}@{}", self.client.dialect.word(), self.client.name, self.client.host)
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        let groups = self.groups(holes);
        let (client, watcher) = (&self.client, &mut self.watcher);
        client.stop.store(false, Ordering::Relaxed);
        let next = AtomicUsize::new(0);
        let (sender, receiver) = mpsc::channel();
        let mut answers = vec![Answer::Stopped; holes.len()];
        let mut done = 0;
        std::thread::scope(|scope| {
            for _ in 0..groups.len().min(PARALLEL_MAX) {
                let (sender, next, groups) = (sender.clone(), &next, &groups);
                scope.spawn(move || {
                    while !client.stop.load(Ordering::Relaxed) {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(members) = groups.get(index) else { break };
                        let asked: Vec<&Hole> = members.iter().map(|member| holes[*member]).collect();
                        let _ = sender.send((index, client.answer(&asked)));
                    }
                });
            }
            drop(sender);
            for (index, given) in receiver {
                done += given.len();
                groups[index].iter().zip(given).for_each(|(member, answer)| answers[*member] = answer);
                let progress = Progress::Answered { done, of: holes.len() };
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

    fn decoding(&self) -> String {
        format!("remote temperature=0 tokens={}", self.client.options.answer_tokens_max)
    }
}

impl Client {
    fn answer(&self, holes: &[&Hole]) -> Vec<Answer> {
        let started = Instant::now();
        let all = |answer: Answer| vec![answer; holes.len()];
        let failed = |reason: String| Answer::Failed { reason: format!("{} at {}: {reason}", self.name, self.host) };
        let mut tries = 0;
        loop {
            let plain = self.plain.load(Ordering::Relaxed);
            let body = match self.dialect.request(&self.name, holes, &self.options, plain) {
                Ok(body) => body.to_string(),
                Err(reason) => return all(failed(reason)),
            };
            let (reason, pause) = match self.send(&body) {
                Reply::Text(text) => return self.read(holes, &text, started).unwrap_or_else(|reason| all(failed(reason))),
                Reply::Rejected(_) if !plain => {
                    self.plain.store(true, Ordering::Relaxed);
                    continue;
                }
                Reply::Rejected(reason) | Reply::Broken(reason) => return all(failed(reason)),
                Reply::Again { reason, pause } => (reason, pause),
            };
            if tries == self.options.retries {
                return all(failed(format!("{reason}, also after {tries} further tries")));
            }
            tries += 1;
            let pause = pause.unwrap_or(Duration::from_millis(250 << tries.min(8)));
            if !self.sleep(pause.min(Duration::from_secs(PAUSE_SECONDS_MAX))) {
                return all(Answer::Stopped);
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

    fn send(&self, body: &str) -> Reply {
        let mut request = self.agent.post(&self.url).header("Content-Type", "application/json");
        for (name, value) in self.dialect.headers(self.key.as_deref()) {
            request = request.header(name, &value);
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
            429 | 500 | 502 | 503 | 504 | 529 => Reply::Again { reason: format!("status {status}{}", complaint(&text)), pause },
            400 | 422 => Reply::Rejected(format!("status {status}{}", complaint(&text))),
            401 | 403 if self.key.is_none() => {
                Reply::Broken(format!("status {status}{}; {} is not set", complaint(&text), self.dialect.key_variable()))
            }
            _ => Reply::Broken(format!("status {status}{}", complaint(&text))),
        }
    }

    fn read(&self, holes: &[&Hole], text: &str, started: Instant) -> Result<Vec<Answer>, String> {
        let response: Json = serde_json::from_str(text).map_err(|error| format!("its response is not as it should be: {error}"))?;
        let reads = self.dialect.read(holes, &response, &self.options)?;
        let share = |total: u64| total / holes.len().max(1) as u64;
        let count = |names: [&str; 2]| names.iter().find_map(|name| response.get("usage")?.get(name)?.as_u64()).unwrap_or(0);
        let served = response.get("model").and_then(Json::as_str).unwrap_or(&self.name);
        let detail = AnswerDetail {
            by: format!("{served}@{}", self.host),
            tokens_in: share(count(["prompt_tokens", "input_tokens"])),
            tokens_out: share(count(["completion_tokens", "output_tokens"])),
            time_us: share(started.elapsed().as_micros() as u64),
            ..AnswerDetail::default()
        };
        Ok(holes.iter().zip(reads).map(|(hole, read)| self.judged(hole, read, detail.clone())).collect())
    }

    fn judged(&self, hole: &Hole, read: Read, mut detail: AnswerDetail) -> Answer {
        match read {
            Read::Refused(reason) => Answer::Abstained { reason: shortened(&reason) },
            Read::Broken(reason) => Answer::Failed { reason: format!("{} at {}: {reason}", self.name, self.host) },
            Read::Answer { json, confidence, probabilities } => {
                detail.confidence_ppm = confidence.filter(|confidence| confidence.is_finite()).map(to_ppm);
                let known = |(json, p): &(Json, f64)| Some((hole.shape.accept(json).ok()?, to_ppm(*p)));
                detail.probabilities = probabilities.iter().filter(|(_, p)| p.is_finite()).filter_map(known).collect();
                accepted(&hole.shape, &json, detail)
            }
        }
    }
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

pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.into(),
    }
}

/// An API key as most formats want it.
fn bearer(key: Option<&str>) -> Vec<(&'static str, String)> {
    key.map(|key| ("Authorization", format!("Bearer {key}"))).into_iter().collect()
}

#[cfg(test)]
mod tests;
