//! Chat completions in the OpenAI dialect, held to a JSON Schema. Many servers speak it,
//! local ones too.

use super::{Dialect, Read, bearer, shortened};
use crate::{Options, prompt};
use emulant_ask::{Hole, Shape};
use serde_json::{Value as Json, json};

pub(super) const SYSTEM: &str = "You complete a Python session. Find the value that the last call returns, and reply with \
nothing but a JSON object whose only key is \"answer\" and whose value is that result in JSON.";

/// The dialect.
pub(super) struct OpenAi;

impl Dialect for OpenAi {
    fn word(&self) -> &'static str {
        "openai"
    }

    fn path(&self) -> &'static str {
        "/chat/completions"
    }

    fn key_variable(&self) -> &'static str {
        "OPENAI_API_KEY"
    }

    fn headers(&self, key: Option<&str>) -> Vec<(&'static str, String)> {
        bearer(key)
    }

    fn request(&self, model: &str, holes: &[&Hole], options: &Options, plain: bool) -> Result<Json, String> {
        let hole = holes.first().ok_or("there is nothing to ask")?;
        let question = prompt::question(hole, options.question_tokens_max)?;
        let mut request = json!({
            "model": model,
            "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}],
            "temperature": 0,
            "max_tokens": options.answer_tokens_max,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": !plain && strict(&hole.shape), "schema": wrapped(&hole.shape)},
            },
        });
        if !plain {
            request["logprobs"] = json!(true);
        }
        Ok(request)
    }

    fn read(&self, holes: &[&Hole], response: &Json, options: &Options) -> Result<Vec<Read>, String> {
        let choice = response.pointer("/choices/0").ok_or("its response holds no answer")?;
        let text = |pointer: &str| choice.pointer(pointer).and_then(Json::as_str);
        if let Some(refusal) = text("/message/refusal").filter(|refusal| !refusal.is_empty()) {
            return Ok(vec![Read::Refused(refusal.into())]);
        }
        if text("/finish_reason") == Some("length") {
            return Err(format!("the answer is longer than {} tokens", options.answer_tokens_max));
        }
        if text("/finish_reason") == Some("content_filter") {
            return Ok(vec![Read::Refused("the server's content filter held the answer back".into())]);
        }
        let content = text("/message/content").unwrap_or_default();
        let json: Json =
            serde_json::from_str(content.trim()).map_err(|error| format!("the answer {:?} is no JSON: {error}", shortened(content)))?;
        let answer = json.get("answer").ok_or_else(|| format!("the answer {:?} has no key \"answer\"", shortened(content)))?;
        let closed = holes.first().is_some_and(|hole| prompt::choices(&hole.shape).is_some());
        Ok(vec![Read::Answer { json: answer.clone(), confidence: confidence(choice, closed), probabilities: Vec::new() }])
    }
}

/// Servers want an object at the top, so the answer lies inside one.
pub(super) fn wrapped(shape: &Shape) -> Json {
    json!({
        "type": "object", "properties": {"answer": shape.json_schema()},
        "required": ["answer"], "additionalProperties": false,
    })
}

/// For a closed type the probability of the whole text, for others the mean of
/// its tokens: a long text is not wrong because it is long.
fn confidence(choice: &Json, closed: bool) -> Option<f64> {
    let tokens = choice.pointer("/logprobs/content")?.as_array()?;
    let sum: f64 = tokens.iter().map(|token| token.get("logprob").and_then(Json::as_f64)).sum::<Option<f64>>()?;
    let log = if closed { sum } else { sum / tokens.len().max(1) as f64 };
    (!tokens.is_empty() && !log.is_nan()).then(|| log.exp())
}

/// Whether the schema stays within what strict mode takes: closed objects, all
/// fields required, no bounds on lengths of strings.
fn strict(shape: &Shape) -> bool {
    match shape {
        Shape::None | Shape::Bool | Shape::Int { .. } | Shape::Float | Shape::Literal { .. } | Shape::Enum { .. } => true,
        Shape::Record { fields, .. } => fields.iter().all(|field| field.required && strict(&field.shape)),
        Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => strict(item),
        Shape::Union { options } => options.iter().all(strict),
        _ => false,
    }
}
