//! Text of a chat, for servers of this model: free, or held to a JSON Schema.

use super::write::{Draw, first_line, picked};
use super::{Batch, Engine, Local, Memory, Tree};
use crate::{Chat, Finish, Said};
use llguidance::{Matcher, api::TopLevelGrammar};
use serde_json::Value as Json;

/// The marks around a turn in the layout that both families here were trained on.
const TURN_START: &str = "<|im_start|>";
const TURN_END: &str = "<|im_end|>";

impl Local {
    /// Continues a chat.
    pub(super) fn chat_with(&mut self, request: &Chat) -> Result<Said, String> {
        let room = self.options.question_tokens_max.min(self.engine.network.context().saturating_sub(request.tokens_max));
        let tokens = self.engine.turns(request);
        if tokens.len() > room {
            return Err(format!("the chat has {} tokens; {room} are the most that can be asked", tokens.len()));
        }
        let mut said = self.engine.say(&tokens, request)?;
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

    fn say(&mut self, tokens: &[u32], request: &Chat) -> Result<Said, String> {
        let trouble = |trouble: super::Trouble| match trouble {
            super::Trouble::Stopped => "stopped".to_string(),
            super::Trouble::Broken(reason) => reason,
        };
        let mut matcher = request.schema.as_ref().map(|schema| self.schema_matcher(schema)).transpose()?;
        let known = &tokens[..tokens.len() - 1];
        let prefix = self.prefixes.extend(&self.network, known, &mut || Ok(())).map_err(trouble)?;
        let mut batch = Batch { network: &self.network, start: prefix.tokens(), prefix, tree: Tree::default(), memory: Memory::default() };
        let mut end = batch.tree.insert(None, &tokens[batch.start..]).ok_or("an empty chat")?;
        let mut scores = batch.compute(vec![end]).map_err(trouble)?;
        self.prefixes.keep(known, &batch.prefix, &batch.memory).map_err(trouble)?;
        let ends: Vec<u32> = self.vocabulary.ends();
        let mut draw = (request.temperature > 0.0).then_some(Draw(request.seed));
        let mut written: Vec<u32> = Vec::new();
        let mut logs = Vec::new();
        let finish = loop {
            let row = scores.get(&end).map_or(&[][..], Vec::as_slice);
            let heat = if request.temperature > 0.0 { request.temperature as f32 } else { 1.0 };
            let score = |token: u32| row.get(token as usize).map_or(f32::NAN, |score| score / heat);
            let (token, log) = match &mut matcher {
                Some(matcher) => {
                    let mask = matcher.compute_mask().map_err(|error| first_line(&error.to_string()))?;
                    picked(|each: &mut dyn FnMut(u32, f32)| mask.iter().for_each(|token| each(token, score(token))), draw.as_mut())
                }
                None => {
                    let is_text = |token: &u32| ends.contains(token) || self.vocabulary.is_text(*token);
                    picked(|each: &mut dyn FnMut(u32, f32)| (0..row.len() as u32).filter(is_text).for_each(|token| each(token, score(token))), draw.as_mut())
                }
            }
            .ok_or("no token may follow")?;
            if ends.contains(&token) {
                break Finish::Stop;
            }
            if let Some(matcher) = &mut matcher {
                matcher.consume_token(token).map_err(|error| first_line(&error.to_string()))?;
            }
            written.push(token);
            logs.push((token, log));
            let text = String::from_utf8_lossy(&self.vocabulary.decode(&written)).into_owned();
            if let Some(at) = request.stop.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| text.find(stop.as_str())).min() {
                return Ok(self.said(&text[..at], tokens, &written, &logs, Finish::Stop));
            }
            if matcher.as_ref().is_some_and(Matcher::is_stopped) {
                break Finish::Stop;
            }
            if written.len() >= request.tokens_max {
                break Finish::Length;
            }
            end = batch.tree.append(end, token);
            scores = batch.compute(vec![end]).map_err(trouble)?;
        };
        let text = String::from_utf8_lossy(&self.vocabulary.decode(&written)).into_owned();
        Ok(self.said(&text, tokens, &written, &logs, finish))
    }

    fn said(&self, text: &str, tokens: &[u32], written: &[u32], logs: &[(u32, f64)], finish: Finish) -> Said {
        let spelled = |token: u32| String::from_utf8_lossy(&self.vocabulary.decode(&[token])).into_owned();
        Said {
            text: text.into(),
            by: String::new(),
            tokens_in: tokens.len() as u64,
            tokens_out: written.len() as u64,
            finish,
            logs: logs.iter().map(|(token, log)| (spelled(*token), *log)).collect(),
        }
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
