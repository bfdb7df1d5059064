//! The formats of model endpoints, answered by the model that fills holes: any client of those can use it.
//! One thread owns the model; requests wait for it in a short queue. No program runs here, so nothing is
//! journalled; who wants a record serves `record:FILE=MODEL`.

use super::Refusal;
use emulant_model::{Backend, Options, Response, open, parse_spec, refusal, serve};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Requests that wait while one is answered; a further one is told to come again.
const QUEUE_MAX: usize = 16;

/// Where requests are handed in.
pub(super) struct Desk {
    queue: SyncSender<Work>,
}

/// A piece of what goes back.
pub(super) enum Piece {
    /// A part of a stream of events.
    Part(String),
    /// The whole response, or the rest of the stream.
    Last(Response),
}

struct Work {
    method: String,
    path: String,
    body: Vec<u8>,
    reply: UnboundedSender<Piece>,
}

impl Desk {
    /// The desk of the model that `spec` names, which is opened by the first request. None takes longer than so many
    /// seconds.
    pub(super) fn new(spec: &str, seconds: u64) -> Result<Desk, Refusal> {
        let (queue, work) = sync_channel(QUEUE_MAX);
        let clerk = Clerk { spec: spec.into(), limit: Duration::from_secs(seconds), model: None, now: Arc::default() };
        std::thread::Builder::new().name("model".into()).spawn(move || clerk.run(&work)).map_err(|error| error.to_string())?;
        Ok(Desk { queue })
    }

    /// Hands in a request. The last piece of its answer is a [`Piece::Last`]; dropping the receiver ends the work.
    pub(super) fn ask(&self, method: &str, path: &str, body: Vec<u8>) -> Result<UnboundedReceiver<Piece>, Response> {
        let (reply, pieces) = unbounded_channel();
        match self.queue.try_send(Work { method: method.into(), path: path.into(), body, reply }) {
            Ok(()) => Ok(pieces),
            Err(TrySendError::Full(_)) => Err(refusal(429, &format!("{QUEUE_MAX} requests wait for the model already; come again"))),
            Err(TrySendError::Disconnected(_)) => Err(refusal(503, "the model's thread has ended; start the server again")),
        }
    }
}

/// Is somebody still waiting?
#[derive(Clone)]
struct Waiting {
    reply: UnboundedSender<Piece>,
    until: Option<Instant>,
}

impl Waiting {
    fn flow(&self) -> ControlFlow<()> {
        match self.reply.is_closed() || self.is_late() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

struct Clerk {
    spec: String,
    limit: Duration,
    model: Option<Box<dyn Backend>>,
    /// Who waits now, for the model's watcher.
    now: Arc<Mutex<Option<Waiting>>>,
}

impl Clerk {
    fn run(mut self, queue: &Receiver<Work>) {
        for work in queue {
            if work.reply.is_closed() {
                continue;
            }
            // An assertion in a backend costs this request and the model, which is opened anew.
            let response = catch_unwind(AssertUnwindSafe(|| self.answer(&work))).unwrap_or_else(|_| {
                self.model = None;
                refusal(500, "an assertion inside the model does not hold")
            });
            // A client that has left hears nothing.
            let _ = work.reply.send(Piece::Last(response));
        }
    }

    fn answer(&mut self, work: &Work) -> Response {
        if let Err(reason) = self.open() {
            return refusal(503, &reason);
        }
        let Some(model) = &mut self.model else { return refusal(503, "there is no model") };
        let waiting = Waiting { reply: work.reply.clone(), until: Instant::now().checked_add(self.limit) };
        if let Ok(mut now) = self.now.lock() {
            *now = Some(waiting.clone());
        }
        let mut begun = false;
        let mut parts = |part: &str| {
            if !part.is_empty() {
                begun = true;
                let _ = waiting.reply.send(Piece::Part(part.into()));
            }
            waiting.flow()
        };
        let response = serve(model.as_mut(), &work.method, &work.path, &work.body, &mut parts);
        match waiting.is_late() && response.status >= 500 && !begun {
            true => refusal(504, &format!("this takes longer than {} seconds (--limit-seconds)", self.limit.as_secs())),
            false => response,
        }
    }

    /// Opens the model if it is not; one that could not be opened is tried again by the next request.
    fn open(&mut self) -> Result<(), Refusal> {
        if self.model.is_some() {
            return Ok(());
        }
        let spec = parse_spec(&self.spec).map_err(|error| error.to_string())?;
        let tell: emulant_model::Teller = Arc::new(Mutex::new(|_: &emulant_model::Progress| {}));
        let mut model = open(&spec, &Options::default(), &tell).map_err(|error| error.to_string())?;
        let now = self.now.clone();
        model.watch(Box::new(move |_| now.lock().ok().and_then(|now| now.as_ref().map(Waiting::flow)).unwrap_or(ControlFlow::Continue(()))));
        self.model = Some(model);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    /// A desk whose model is a script in a file of its own.
    fn desk(name: &str, script: &Json) -> (Desk, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{name}.json"));
        std::fs::write(&path, script.to_string()).unwrap();
        (Desk::new(&format!("script:{}", path.display()), 5).unwrap(), folder)
    }

    fn last(mut pieces: UnboundedReceiver<Piece>) -> Response {
        loop {
            match pieces.blocking_recv().expect("a last piece comes") {
                Piece::Part(_) => {}
                Piece::Last(response) => return response,
            }
        }
    }

    fn question(name: &str) -> Vec<u8> {
        json!({"state": "s", "questions": {name: {"type": "noul", "instructions": "?"}}}).to_string().into_bytes()
    }

    #[test]
    fn requests_are_answered_in_turn_and_a_model_that_is_not_there_says_so() {
        let (desk, folder) = desk("t", &json!([{"name": "yes", "answer": true, "confidence_ppm": 800_000}]));
        let both = [desk.ask("POST", "/v1/systemone", question("yes")), desk.ask("POST", "/v1/systemone", question("other"))];
        let [one, other] = both.map(|pieces| last(pieces.ok().unwrap()));
        assert_eq!(one.status, 200, "{}", one.body);
        assert_eq!(serde_json::from_str::<Json>(&one.body).unwrap()["answers"]["yes"]["noul"], json!(0.8));
        assert!(other.status == 500 && other.body.contains("has no answer"), "{}", other.body);
        let gone = Desk::new(&format!("script:{}", folder.path().join("gone.json").display()), 5).unwrap();
        let response = last(gone.ask("GET", "/v1/models", Vec::new()).ok().unwrap());
        assert!(response.status == 503 && response.body.contains("there is no such file"), "{}", response.body);
    }

    #[test]
    fn a_full_queue_tells_to_come_again() {
        // Nobody takes from this queue.
        let (queue, _work) = sync_channel(QUEUE_MAX);
        let desk = Desk { queue };
        let waiting: Vec<_> = (0..QUEUE_MAX).map(|_| desk.ask("GET", "/v1/models", Vec::new()).ok().unwrap()).collect();
        let refused = desk.ask("GET", "/v1/models", Vec::new()).err().unwrap();
        assert_eq!((waiting.len(), refused.status), (QUEUE_MAX, 429));
        drop(_work);
        assert_eq!(desk.ask("GET", "/v1/models", Vec::new()).err().unwrap().status, 503);
    }
}
