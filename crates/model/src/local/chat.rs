//! Text of a chat, for clients of this model: free, or held to a JSON Schema.

use super::write::{Draw, first_line, picked};
use super::{Batch, Engine, Local, Memory, Tree, Trouble};
use crate::{Chat, Finish, Heard, Log, Said};
use llguidance::{Matcher, api::TopLevelGrammar};
use serde_json::Value as Json;

/// The marks around a turn in the layout that both families here were trained on.
const TURN_START: &str = "<|im_start|>";
const TURN_END: &str = "<|im_end|>";

impl Local {
    /// Continues a chat.
    pub(super) fn chat_with(&mut self, request: &Chat, heard: Heard<'_>) -> Result<Said, String> {
        let room = self.options.question_tokens_max.min(self.engine.network.context().saturating_sub(request.tokens_max));
        let tokens = self.engine.turns(request);
        if tokens.len() > room {
            return Err(format!("the chat has {} tokens; {room} are the most that can be asked", tokens.len()));
        }
        let mut said = self.engine.say(&tokens, request, heard)?;
        said.by = self.by.clone();
        Ok(said)
    }
}

impl Engine {
    /// The turns in tokens, ready for the assistant's next one. What a turn says stays
    /// text, also where it looks like a mark.
    fn turns(&self, request: &Chat) -> Vec<u32> {
        let mut tokens = Vec::new();
        let mark = |name: &str| self.vocabulary.control(name).map_or_else(|| self.vocabulary.piece(name), |token| vec![token]);
        for (role, text) in &request.messages {
            tokens.extend(mark(TURN_START));
            tokens.extend(self.vocabulary.piece(&format!("{role}\n{text}")));
            tokens.extend(mark(TURN_END));
            tokens.extend(self.vocabulary.piece("\n"));
        }
        tokens.extend(mark(TURN_START));
        tokens.extend(self.vocabulary.piece("assistant\n"));
        tokens
    }

    fn say(&mut self, tokens: &[u32], request: &Chat, heard: Heard<'_>) -> Result<Said, String> {
        let trouble = |trouble: Trouble| match trouble {
            Trouble::Stopped => "stopped".to_string(),
            Trouble::Broken(reason) => reason,
        };
        let mut alive = || match heard("", &[]).is_break() {
            true => Err(Trouble::Stopped),
            false => Ok(()),
        };
        let mut matcher = request.schema.as_ref().map(|schema| self.schema_matcher(schema)).transpose()?;
        let known = &tokens[..tokens.len() - 1];
        let prefix = self.prefixes.extend(&self.network, known, &mut alive).map_err(trouble)?;
        let mut batch = Batch { network: &self.network, start: prefix.tokens(), prefix, tree: Tree::default(), memory: Memory::default() };
        let mut end = batch.tree.insert(None, &tokens[batch.start..]).ok_or("an empty chat")?;
        let mut scores = batch.compute(vec![end]).map_err(trouble)?;
        self.prefixes.keep(known, &batch.prefix, &batch.memory).map_err(trouble)?;
        let ends: Vec<u32> = self.vocabulary.ends();
        let mut draw = (request.temperature > 0.0).then_some(Draw(request.seed));
        let mut text = Text::new(&request.stop);
        let finish = loop {
            let row = scores.get(&end).map_or(&[][..], Vec::as_slice);
            let heat = if request.temperature > 0.0 { request.temperature as f32 } else { 1.0 };
            let score = |token: u32| row.get(token as usize).map_or(f32::NAN, |score| score / heat);
            let mask = matcher.as_mut().map(Matcher::compute_mask).transpose().map_err(|error| first_line(&error.to_string()))?;
            let allowed = |each: &mut dyn FnMut(u32, f32)| match &mask {
                Some(mask) => mask.iter().for_each(|token| each(token, score(token))),
                None => {
                    let is_text = |token: &u32| ends.contains(token) || self.vocabulary.is_text(*token);
                    (0..row.len() as u32).filter(is_text).for_each(|token| each(token, score(token)));
                }
            };
            let (token, log) = picked(allowed, draw.as_mut()).ok_or("no token may follow")?;
            if ends.contains(&token) {
                break Finish::Stop;
            }
            if let Some(matcher) = &mut matcher {
                matcher.consume_token(token).map_err(|error| first_line(&error.to_string()))?;
            }
            let top = likeliest(allowed, request.top).into_iter().map(|(token, log)| (self.vocabulary.decode(&[token]), log));
            if text.add(Log { bytes: self.vocabulary.decode(&[token]), log, top: top.collect() }) {
                break Finish::Stop;
            }
            if text.tell(heard).is_break() {
                return Err(trouble(Trouble::Stopped));
            }
            if matcher.as_ref().is_some_and(Matcher::is_stopped) {
                break Finish::Stop;
            }
            if text.logs.len() >= request.tokens_max {
                break Finish::Length;
            }
            end = batch.tree.append(end, token);
            scores = batch.compute(vec![end]).map_err(trouble)?;
        };
        Ok(text.finish(tokens.len(), finish, heard))
    }

    fn schema_matcher(&self, schema: &Json) -> Result<Matcher, String> {
        let mut schema = schema.clone();
        if let Some(map) = schema.as_object_mut() {
            map.entry("x-guidance").or_insert_with(|| serde_json::json!({"whitespace_flexible": false, "item_separator": ", ", "key_separator": ": "}));
        }
        let grammar = TopLevelGrammar::from_lark(format!("start: answer\nanswer: %json {schema}\n"));
        let matcher = Matcher::new(self.grammars.create_parser(grammar));
        match matcher.get_error() {
            Some(error) => Err(format!("the schema cannot be kept to: {}", first_line(&error))),
            None => Ok(matcher),
        }
    }
}

/// The likeliest of the tokens that `all` tells, with the logarithms of their probabilities.
fn likeliest(all: impl Fn(&mut dyn FnMut(u32, f32)), count: usize) -> Vec<(u32, f64)> {
    if count == 0 {
        return Vec::new();
    }
    let mut known: Vec<(u32, f32)> = Vec::new();
    all(&mut |token, score| {
        if !score.is_nan() {
            known.push((token, score));
        }
    });
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total = super::plan::log_sum(known.iter().map(|(_, score)| f64::from(*score)));
    known.into_iter().take(count).map(|(token, score)| (token, f64::from(score) - total)).collect()
}

/// A text that grows, and ends before the first of some texts.
struct Text<'a> {
    stops: Vec<&'a str>,
    bytes: Vec<u8>,
    logs: Vec<Log>,
    /// Bytes and tokens that were told.
    told: (usize, usize),
}

impl<'a> Text<'a> {
    fn new(stops: &'a [String]) -> Text<'a> {
        Text { stops: stops.iter().map(String::as_str).filter(|stop| !stop.is_empty()).collect(), bytes: Vec::new(), logs: Vec::new(), told: (0, 0) }
    }

    /// Takes a token; true when the text is complete, and cut where it ends.
    fn add(&mut self, log: Log) -> bool {
        self.bytes.extend(&log.bytes);
        self.logs.push(log);
        let find = |stop: &&str| self.bytes.windows(stop.len()).position(|window| window == stop.as_bytes());
        match self.stops.iter().filter_map(find).min() {
            Some(at) => {
                self.bytes.truncate(at);
                true
            }
            None => false,
        }
    }

    /// How much can no longer change: whole characters that begin no text to end before.
    fn certain(&self) -> usize {
        let begins = |at: usize| self.stops.iter().any(|stop| stop.as_bytes().starts_with(&self.bytes[at..]));
        let longest = self.stops.iter().map(|stop| stop.len()).max().unwrap_or(0);
        let from = self.bytes.len().saturating_sub(longest).max(self.told.0);
        let free = (from..self.bytes.len()).find(|at| begins(*at)).unwrap_or(self.bytes.len());
        match std::str::from_utf8(&self.bytes[self.told.0..free]) {
            // What is no text and never becomes any is told as the sign for that.
            Err(error) if error.error_len().is_none() => self.told.0 + error.valid_up_to(),
            _ => free,
        }
    }

    fn tell(&mut self, heard: Heard<'_>) -> std::ops::ControlFlow<()> {
        let certain = self.certain();
        if certain == self.told.0 {
            return heard("", &[]);
        }
        let (part, logs) = (String::from_utf8_lossy(&self.bytes[self.told.0..certain]), &self.logs[self.told.1..]);
        let flow = heard(&part, logs);
        self.told = (certain, self.logs.len());
        flow
    }

    fn finish(self, tokens_in: usize, finish: Finish, heard: Heard<'_>) -> Said {
        let rest = String::from_utf8_lossy(&self.bytes[self.told.0.min(self.bytes.len())..]);
        if !rest.is_empty() || self.told.1 < self.logs.len() {
            // All is written, so a wish to stop changes nothing.
            let _ = heard(&rest, &self.logs[self.told.1..]);
        }
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        Said { text, by: String::new(), tokens_in: tokens_in as u64, tokens_out: self.logs.len() as u64, finish, logs: self.logs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    /// What is told of pieces, and whether they end the text.
    fn told(stops: &[&str], pieces: &[&[u8]]) -> (Vec<String>, String) {
        let stops: Vec<String> = stops.iter().map(|stop| stop.to_string()).collect();
        let (mut text, mut parts) = (Text::new(&stops), Vec::new());
        let mut heard = |part: &str, _: &[Log]| {
            parts.extend((!part.is_empty()).then(|| part.to_string()));
            ControlFlow::Continue(())
        };
        for piece in pieces {
            if text.add(Log { bytes: piece.to_vec(), log: 0.0, top: Vec::new() }) || text.tell(&mut heard).is_break() {
                break;
            }
        }
        let said = text.finish(1, Finish::Stop, &mut heard);
        (parts, said.text)
    }

    #[test]
    fn parts_are_told_when_they_can_no_longer_change() {
        let of = |parts: &[&str], whole: &str| (parts.iter().map(|part| part.to_string()).collect::<Vec<_>>(), whole.to_string());
        assert_eq!(told(&[], &[b"a", b"b"]), of(&["a", "b"], "ab"));
        // A character of two tokens, and bytes that never become one.
        assert_eq!(told(&[], &[b"\xc3", b"\xa9x"]), of(&["éx"], "éx"));
        assert_eq!(told(&[], &[b"\xff", b"x"]), of(&["\u{fffd}", "x"], "\u{fffd}x"));
        // The beginning of a text to end before is held back, and given back when it was none.
        assert_eq!(told(&["END"], &[b"aE", b"N", b"Db"]), of(&["a"], "a"));
        assert_eq!(told(&["END"], &[b"aE", b"x"]), of(&["a", "Ex"], "aEx"));
        assert_eq!(told(&["x", "ab"], &[b"1a", b"b2"]), of(&["1"], "1"));
    }
}
