//! The short text by which a person names a model.

use crate::{ModelError, weights};
use std::path::PathBuf;

/// Which model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// One of the catalogue, by its name.
    Named(String),
    /// A GGUF file.
    File(PathBuf),
    /// An endpoint that speaks the OpenAI dialect.
    OpenAi {
        /// The model's name there.
        name: String,
        /// The address up to and with `/v1`.
        url: String,
    },
    /// Answers from a JSON file.
    Script(PathBuf),
}

/// Reads `default`, `small`, `test`, a full name from the catalogue, the path of a
/// `.gguf` file, `openai:NAME@URL` or `script:FILE`.
///
/// # Errors
/// [`ModelError::Spec`] that lists what would have been possible.
pub fn parse_spec(text: &str) -> Result<Spec, ModelError> {
    let bad = |reason: String| Err(ModelError::Spec(reason));
    if let Some(file) = text.strip_prefix("script:") {
        return if file.is_empty() { bad("script: needs a file name".into()) } else { Ok(Spec::Script(file.into())) };
    }
    if let Some(rest) = text.strip_prefix("openai:") {
        return match rest.split_once('@') {
            Some((name, url)) if !name.is_empty() && (url.starts_with("http://") || url.starts_with("https://")) => {
                Ok(Spec::OpenAi { name: name.into(), url: url.trim_end_matches('/').into() })
            }
            _ => bad(format!("{text:?} does not read openai:NAME@URL, as in openai:some-model@http://localhost:8080/v1")),
        };
    }
    if let Ok(entry) = weights::find(text) {
        return Ok(Spec::Named(entry.name));
    }
    let path = PathBuf::from(text);
    let gguf = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"));
    if gguf || path.is_file() {
        return Ok(Spec::File(path));
    }
    let names: Vec<String> = weights::catalogue().into_iter().map(|entry| entry.alias).collect();
    bad(format!(
        "no model is called {text:?}; there are {}, the path of a .gguf file, openai:NAME@URL and script:FILE",
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let default = Spec::Named("qwen2.5-coder-1.5b-instruct-q4_k_m".into());
        assert_eq!(parse_spec("default").unwrap(), default);
        assert_eq!(parse_spec("qwen2.5-coder-1.5b-instruct-q4_k_m").unwrap(), default);
        assert_eq!(parse_spec("a/b.gguf").unwrap(), Spec::File("a/b.gguf".into()));
        assert_eq!(parse_spec("script:x.json").unwrap(), Spec::Script("x.json".into()));
        let endpoint = Spec::OpenAi { name: "org/m:7b".into(), url: "http://localhost:1/v1".into() };
        assert_eq!(parse_spec("openai:org/m:7b@http://localhost:1/v1/").unwrap(), endpoint);
    }

    #[test]
    fn nonsense_names_what_would_be_possible() {
        let reason = parse_spec("gpt").unwrap_err().to_string();
        assert!(reason.contains("default, small, test"), "{reason}");
        for text in ["openai:x", "openai:@http://h", "openai:x@ftp://h", "script:", ""] {
            assert!(matches!(parse_spec(text), Err(ModelError::Spec(_))), "{text:?}");
        }
    }
}
