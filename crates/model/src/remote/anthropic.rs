//! Anthropic's Messages: the answer is the input of a tool that the model has to call.
//! There are no log-probabilities, so such answers carry no confidence.

use super::openai::{SYSTEM, wrapped};
use super::{Dialect, Read};
use crate::{Options, prompt};
use emulant_ask::Hole;
use serde_json::{Value as Json, json};

/// The version of the format, which every request names.
const VERSION: &str = "2023-06-01";

/// The dialect.
pub(super) struct Anthropic;

impl Dialect for Anthropic {
    fn word(&self) -> &'static str {
        "anthropic"
    }

    fn path(&self) -> &'static str {
        "/messages"
    }

    fn key_variable(&self) -> &'static str {
        "ANTHROPIC_API_KEY"
    }

    fn headers(&self, key: Option<&str>) -> Vec<(&'static str, String)> {
        let key = key.map(|key| ("x-api-key", key.to_string()));
        key.into_iter().chain([("anthropic-version", VERSION.to_string())]).collect()
    }

    fn request(&self, model: &str, holes: &[&Hole], options: &Options, plain: bool) -> Result<Json, String> {
        let hole = holes.first().ok_or("there is nothing to ask")?;
        let question = prompt::question(hole, options.question_tokens_max)?;
        let mut request = json!({
            "model": model,
            "max_tokens": options.answer_tokens_max,
            "system": SYSTEM,
            "messages": [{"role": "user", "content": question}],
            "tools": [{"name": "answer", "description": "Gives the value that the last call returns.", "input_schema": wrapped(&hole.shape)}],
            "tool_choice": {"type": "tool", "name": "answer"},
        });
        if !plain {
            request["temperature"] = json!(0);
        }
        Ok(request)
    }

    fn read(&self, _: &[&Hole], response: &Json, options: &Options) -> Result<Vec<Read>, String> {
        let blocks = response.get("content").and_then(Json::as_array).ok_or("its response holds no content")?;
        let kind = |block: &&Json, kind: &str| block.get("type").and_then(Json::as_str) == Some(kind);
        let text = || blocks.iter().find(|block| kind(block, "text")).and_then(|block| block.get("text")?.as_str()).unwrap_or_default();
        match response.get("stop_reason").and_then(Json::as_str) {
            Some("refusal") => return Ok(vec![Read::Refused(if text().is_empty() { "the model refused".into() } else { text().into() })]),
            Some("max_tokens") => return Err(format!("the answer is longer than {} tokens", options.answer_tokens_max)),
            _ => {}
        }
        let call = blocks.iter().find(|block| kind(block, "tool_use"));
        let answer = call.and_then(|call| call.pointer("/input/answer"));
        let answer = answer.ok_or_else(|| format!("it did not call the tool that takes the answer ({})", super::shortened(text())))?;
        Ok(vec![Read::Answer { json: answer.clone(), confidence: None, probabilities: Vec::new() }])
    }
}
