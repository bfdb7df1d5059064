//! A session of a gateway. It is a run of a small program, `gateway.py`: each call of the client is
//! the answer to its ask for the next one, so that every call passes the gate, stands in one journal
//! with all others, and can be replayed, explained and undone like those of any program.
//!
//! The run lives in a thread of its own, with the tool servers. When a call needs a person, the run
//! waits in the store as any other does; who brings the answer, the client or another process, is one.

use super::front::Front;
use super::{CLIENT, Offer, Refusal};
use crate::answer::{Nobody, NoModel, World};
use crate::keep::RunError;
use crate::options::RunOptions;
use crate::replay::{self, Said};
use crate::run::{Outcome, RunResult, Waiting};
use crate::store::Store;
use crate::tools::ToolBox;
use crate::value::from_foreign;
use crate::{narrow, undo};
use emulant_ask::{Answer, Limits, Value};
use emulant_gate::Declaration;
use emulant_machine::Stream;
use serde_json::{Map, Value as Json, json};
use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// The program of a session.
const PROGRAM: &str = include_str!("gateway.py");
/// Its file name in journals.
pub(super) const FILE: &str = "<gateway>";

/// How a call of a client ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// With this result.
    Value(Json),
    /// With this exception.
    Error(String),
    /// A person must say something first.
    Waits {
        /// The session's run.
        run: String,
        /// The entry to answer.
        seq: u64,
        /// What is asked.
        sentence: String,
    },
}

/// A session. Dropping it ends its run.
pub struct Session {
    messages: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
    tools: Vec<Declaration>,
}

enum Message {
    Call(String, Map<String, Json>, Sender<Heard>),
    /// An answer to the entry that the session waits for, or a look whether another process gave it.
    Settle(Option<(u64, Json)>, Sender<Heard>),
}

impl Session {
    /// Starts the tool servers; the run begins with the first call.
    ///
    /// # Errors
    /// Why there are no tools.
    pub fn begin(offer: &Offer) -> Result<Session, Refusal> {
        let (messages, receiver) = channel();
        let (ready, declared) = channel();
        let offer = offer.clone();
        let work = move || {
            let tools = ToolBox::of(&offer.options(FILE, PROGRAM)).map_err(|error| error.0);
            let declared = tools.and_then(|mut tools| {
                let list = tools.declare().map_err(|error| error.0)?;
                // What belongs to a run's own record is for programs.
                let list: Vec<Declaration> = list.iter().filter(|tool| ![narrow::NAME, undo::RESTORE].contains(&tool.name.as_str())).cloned().collect();
                Ok((tools, list))
            });
            match declared {
                Ok((tools, list)) => {
                    drop(ready.send(Ok(list)));
                    serve(&offer, tools, receiver);
                }
                Err(reason) => drop(ready.send(Err(reason))),
            }
        };
        let thread = std::thread::Builder::new().name("gateway".into()).spawn(work).map_err(|error| error.to_string())?;
        let tools = declared.recv().map_err(|_| "the session's thread ended")??;
        Ok(Session { messages: Some(messages), thread: Some(thread), tools })
    }

    /// The tools that it offers.
    pub fn tools(&self) -> &[Declaration] {
        &self.tools
    }

    /// Calls a tool. `None`: the session has ended, and another is to be begun.
    pub fn call(&self, tool: &str, arguments: Map<String, Json>) -> Option<Heard> {
        self.send(|reply| Message::Call(tool.into(), arguments, reply))
    }

    /// Answers the entry that the session waits for; without an answer, looks whether another process did.
    pub fn settle(&self, answer: Option<(u64, Json)>) -> Option<Heard> {
        self.send(|reply| Message::Settle(answer, reply))
    }

    fn send(&self, message: impl FnOnce(Sender<Heard>) -> Message) -> Option<Heard> {
        let (reply, heard) = channel();
        self.messages.as_ref()?.send(message(reply)).ok()?;
        heard.recv().ok()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.messages = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has already been reported.
            let _ = thread.join();
        }
    }
}

/// Where the thread takes messages from, and who waits for an answer.
struct Inbox {
    messages: Receiver<Message>,
    reply: RefCell<Option<Sender<Heard>>>,
}

impl Inbox {
    fn answer(&self, heard: Heard) {
        if let Some(reply) = self.reply.borrow_mut().take() {
            // The client may have gone meanwhile.
            drop(reply.send(heard));
        }
    }

    /// The next call, for the program.
    fn next_call(&self) -> Option<Value> {
        loop {
            match self.messages.recv().ok()? {
                Message::Call(tool, arguments, reply) => {
                    *self.reply.borrow_mut() = Some(reply);
                    return Some(from_foreign(&json!({"tool": tool, "arguments": arguments})));
                }
                Message::Settle(_, reply) => drop(reply.send(Heard::Error("no call of this session waits".into()))),
            }
        }
    }

    /// What is said to the entry that the session waits for. Other calls have to wait as well.
    fn settlement(&self, waiting: &Waiting) -> Option<Option<(u64, Json)>> {
        loop {
            match self.messages.recv().ok()? {
                Message::Settle(answer, reply) => {
                    *self.reply.borrow_mut() = Some(reply);
                    return Some(answer);
                }
                Message::Call(tool, _, reply) => {
                    let reason = format!("{tool} was not called: an earlier call waits for a person ({}); `resume` goes on, and with the answer false it is withdrawn", waiting.sentence);
                    drop(reply.send(Heard::Error(reason)));
                }
            }
        }
    }

    /// The program's lines are the answers.
    fn hear(&self, stream: Stream, text: &str, line: &mut String) {
        if stream == Stream::Err {
            return;
        }
        line.push_str(text);
        while let Some((whole, rest)) = line.split_once('\n') {
            let mut reply: Json = serde_json::from_str(whole).unwrap_or_default();
            let heard = match reply.get("error").and_then(Json::as_str) {
                Some(error) => Heard::Error(error.into()),
                None => Heard::Value(reply["value"].take()),
            };
            self.answer(heard);
            *line = rest.to_string();
        }
    }
}

/// A session's thread: its run, as often as it has to be taken up again.
fn serve(offer: &Offer, tools: ToolBox, messages: Receiver<Message>) {
    let inbox = Inbox { messages, reply: RefCell::new(None) };
    let take = || inbox.next_call();
    let mut front = Front::new(offer, tools, &take);
    let mut line = String::new();
    let mut outcome = within(&inbox, &mut front, &mut line, |world| {
        let options = RunOptions { limits: session_limits(), ..offer.options(FILE, PROGRAM) };
        crate::run::run(options, Some(offer.store().map_err(RunError::Usage)?), world)
    });
    loop {
        let (run, waiting) = match outcome {
            Ok(Outcome { run: Some(run), result: RunResult::Waiting(mut waiting), .. }) if !waiting.is_empty() => (run, waiting.remove(0)),
            Ok(ended) => return inbox.answer(Heard::Error(format!("the session ended: {}", ended.report.message))),
            Err(error) => return inbox.answer(Heard::Error(error.to_string())),
        };
        inbox.answer(Heard::Waits { run: run.clone(), seq: waiting.seq, sentence: waiting.sentence.clone() });
        let Some(said) = inbox.settlement(&waiting) else { return };
        match said {
            Some((seq, _)) if seq != waiting.seq => {
                inbox.answer(Heard::Error(format!("the session waits for an answer to entry {}, not {seq}", waiting.seq)));
                outcome = within(&inbox, &mut front, &mut line, |world| replay::resume(from_its_start(offer, &run)?, &run, world));
            }
            Some((seq, answer)) => {
                outcome = within(&inbox, &mut front, &mut line, |world| replay::answer(from_its_start(offer, &run)?, &run, seq, &Said::Json(answer), world));
            }
            None => match settled_elsewhere(offer, &run, waiting.seq) {
                Some(heard) => return inbox.answer(heard),
                None => outcome = within(&inbox, &mut front, &mut line, |world| replay::resume(from_its_start(offer, &run)?, &run, world)),
            },
        }
    }
}

/// The store, without an image of the run: a session's program costs nothing to run again with the recorded answers,
/// and what it spends is then what its replay spends.
fn from_its_start(offer: &Offer, run: &str) -> Result<Store, RunError> {
    let mut store = offer.store().map_err(RunError::Usage)?;
    store.drop_images(run)?;
    Ok(store)
}

fn within(
    inbox: &Inbox,
    front: &mut Front<'_>,
    line: &mut String,
    act: impl FnOnce(World<'_>) -> Result<Outcome, RunError>,
) -> Result<Outcome, RunError> {
    let mut sink = |stream: Stream, text: &str| inbox.hear(stream, text, line);
    act(World { tools: front, model: &mut NoModel, person: &mut Nobody, sink: &mut sink })
}

/// How the call ended, when another process went on with the session.
pub(super) fn settled_elsewhere(offer: &Offer, run: &str, seq: u64) -> Option<Heard> {
    let (_, _, journal) = offer.own(run).ok()?;
    let exchange = journal.exchanges().iter().find(|exchange| exchange.approvals.iter().any(|approval| approval.seq == seq) || exchange.seq == seq)?;
    Some(match exchange.answered()? {
        Answer::Value { value, .. } => Heard::Value(value.to_plain_json()),
        Answer::Raise { class, message } => Heard::Error(format!("{class}: {message}")),
        Answer::Refused { reason } | Answer::Failed { reason } | Answer::Abstained { reason } => Heard::Error(reason.clone()),
        Answer::Stopped => Heard::Error("it was stopped".into()),
    })
}

/// A session lasts as long as its client: its calls are counted, not its instructions.
pub(super) fn session_limits() -> Limits {
    Limits { instructions: u64::MAX >> 1, output_bytes: u64::MAX >> 1, asks: 1_000_000, ..Limits::default() }
}

/// Is this run a session of a gateway?
pub(super) fn is_session(options: &RunOptions) -> bool {
    options.file == FILE && options.settings.contains_key(CLIENT)
}
