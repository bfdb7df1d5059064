//! The short text by which a person names a model, a route, or a recording.

use crate::cassette::Mode;
use crate::{ModelError, remote, weights};
use std::fmt;
use std::path::PathBuf;

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// One of the catalogue, by its name.
    Named(String),
    /// A GGUF file.
    File(PathBuf),
    /// An endpoint.
    Remote {
        /// The format it speaks.
        dialect: String,
        /// The model's name there.
        name: String,
        /// The address up to and with `/v1`.
        url: String,
    },
    /// Answers from a JSON file.
    Script(PathBuf),
    /// The person at the terminal.
    Person,
    /// A ladder: each with the confidence, in parts per million, below which the next is asked.
    Route(Vec<(Spec, Option<u32>)>),
    /// A recording, and who is behind it.
    Cassette {
        /// What to do.
        mode: Mode,
        /// The file.
        path: PathBuf,
        /// Who answers what is not recorded; a replay needs nobody.
        inner: Option<Box<Spec>>,
    },
}

/// How recordings are written in front of a model.
const MODES: [(&str, Mode); 3] = [("record", Mode::Record), ("replay", Mode::Replay), ("record-missing", Mode::RecordMissing)];

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spec::Named(name) => f.write_str(name),
            Spec::File(path) => write!(f, "{}", path.display()),
            Spec::Remote { dialect, name, url } => write!(f, "{dialect}:{name}@{url}"),
            Spec::Script(path) => write!(f, "script:{}", path.display()),
            Spec::Person => f.write_str("person"),
            Spec::Route(rungs) => {
                for (index, (spec, ppm)) in rungs.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    let threshold = ppm.map(|ppm| format!(":{}", f64::from(ppm) / 1e6)).unwrap_or_default();
                    write!(f, "{comma}{spec}{threshold}")?;
                }
                Ok(())
            }
            Spec::Cassette { mode, path, inner } => {
                let word = MODES.iter().find(|(_, known)| known == mode).map_or("", |(word, _)| word);
                let inner = inner.as_ref().map(|inner| format!("={inner}")).unwrap_or_default();
                write!(f, "{word}:{}{inner}", path.display())
            }
        }
    }
}

/// Reads `default`, `small`, `test`, a full name from the catalogue, the path of a `.gguf`
/// file, `FORMAT:NAME@URL` with a format of openai, anthropic, systemone and decisions,
/// `script:FILE` or `person`; several of them with commas between, each but the last with
/// the confidence that its answer must have, as in `small:0.9,default:0.6,person`; and in
/// front of it `record:FILE=`, `record-missing:FILE=` or `replay:FILE`.
///
/// # Errors
/// [`ModelError::Spec`] that lists what would have been possible.
pub fn parse_spec(text: &str) -> Result<Spec, ModelError> {
    for (word, mode) in MODES {
        if let Some(rest) = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(':')) {
            return cassette(mode, rest);
        }
    }
    match text.contains(',') || threshold(text)?.1.is_some() {
        true => text.split(',').map(rung).collect::<Result<Vec<_>, _>>().map(Spec::Route),
        false => one(text),
    }
}

fn bad<T>(reason: String) -> Result<T, ModelError> {
    Err(ModelError::Spec(reason))
}

fn cassette(mode: Mode, rest: &str) -> Result<Spec, ModelError> {
    let (path, inner) = match rest.split_once('=') {
        Some((path, inner)) => (path, Some(Box::new(parse_spec(inner)?))),
        None => (rest, None),
    };
    match (path.is_empty(), mode, &inner) {
        (false, Mode::Replay, _) | (false, _, Some(_)) => Ok(Spec::Cassette { mode, path: path.into(), inner }),
        _ => bad(format!("{rest:?} does not read FILE=MODEL, as in record:answers.jsonl=default")),
    }
}

fn rung(text: &str) -> Result<(Spec, Option<u32>), ModelError> {
    let (name, ppm) = threshold(text.trim())?;
    Ok((one(name)?, ppm))
}

/// What stands before a threshold, and the threshold.
fn threshold(text: &str) -> Result<(&str, Option<u32>), ModelError> {
    let Some((name, number)) = text.rsplit_once(':') else { return Ok((text, None)) };
    match number.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok((name, Some((share * 1e6).round() as u32))),
        // A port is no threshold, and neither is the name of a model behind a colon.
        Ok(_) if text.contains("://") => Ok((text, None)),
        Ok(share) if share.is_finite() => bad(format!("{text:?}: a threshold lies between 0 and 1")),
        _ => Ok((text, None)),
    }
}

fn one(text: &str) -> Result<Spec, ModelError> {
    if text == "person" {
        return Ok(Spec::Person);
    }
    if let Some(file) = text.strip_prefix("script:") {
        return if file.is_empty() { bad("script: needs a file name".into()) } else { Ok(Spec::Script(file.into())) };
    }
    if let Some((word, rest)) = text.split_once(':')
        && remote::DIALECTS.iter().any(|dialect| dialect.word() == word)
    {
        return match rest.split_once('@') {
            Some((name, url)) if !name.is_empty() && (url.starts_with("http://") || url.starts_with("https://")) => {
                Ok(Spec::Remote { dialect: word.into(), name: name.into(), url: url.trim_end_matches('/').into() })
            }
            _ => bad(format!("{text:?} does not read {word}:NAME@URL, as in {word}:some-model@http://localhost:8080/v1")),
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
    let formats: Vec<&str> = remote::DIALECTS.iter().map(|dialect| dialect.word()).collect();
    bad(format!(
        "no model is called {text:?}; there are {}, the path of a .gguf file, FORMAT:NAME@URL (with {}), script:FILE and person",
        names.join(", "),
        formats.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(dialect: &str, name: &str, url: &str) -> Spec {
        Spec::Remote { dialect: dialect.into(), name: name.into(), url: url.into() }
    }

    #[test]
    fn every_form_is_read() {
        let default = Spec::Named("qwen2.5-coder-1.5b-instruct-q4_k_m".into());
        assert_eq!(parse_spec("default").unwrap(), default);
        assert_eq!(parse_spec("qwen2.5-coder-1.5b-instruct-q4_k_m").unwrap(), default);
        assert_eq!(parse_spec("a/b.gguf").unwrap(), Spec::File("a/b.gguf".into()));
        assert_eq!(parse_spec("script:x.json").unwrap(), Spec::Script("x.json".into()));
        assert_eq!(parse_spec("openai:org/m:7b@http://localhost:1/v1/").unwrap(), remote("openai", "org/m:7b", "http://localhost:1/v1"));
        assert_eq!(parse_spec("anthropic:m@https://h:8080").unwrap(), remote("anthropic", "m", "https://h:8080"));
    }

    #[test]
    fn routes_and_recordings_are_read_and_written() {
        let small = Spec::Named("qwen2.5-coder-0.5b-instruct-q4_k_m".into());
        let default = Spec::Named("qwen2.5-coder-1.5b-instruct-q4_k_m".into());
        let route = Spec::Route(vec![(small.clone(), Some(900_000)), (default.clone(), Some(600_000)), (Spec::Person, None)]);
        assert_eq!(parse_spec("small:0.9,default:0.6,person").unwrap(), route);
        assert_eq!(parse_spec("small:0.9").unwrap(), Spec::Route(vec![(small, Some(900_000))]));
        let url = "systemone:m@http://h:80/v1:0.5,default";
        assert_eq!(parse_spec(url).unwrap(), Spec::Route(vec![(remote("systemone", "m", "http://h:80/v1"), Some(500_000)), (default.clone(), None)]));
        let tape = Spec::Cassette { mode: Mode::RecordMissing, path: "a.jsonl".into(), inner: Some(Box::new(route)) };
        assert_eq!(parse_spec("record-missing:a.jsonl=small:0.9,default:0.6,person").unwrap(), tape);
        assert_eq!(parse_spec(&tape.to_string()).unwrap(), tape);
        assert_eq!(parse_spec("replay:a.jsonl").unwrap(), Spec::Cassette { mode: Mode::Replay, path: "a.jsonl".into(), inner: None });
    }

    #[test]
    fn nonsense_names_what_would_be_possible() {
        let reason = parse_spec("gpt").unwrap_err().to_string();
        assert!(reason.contains("default, small, test") && reason.contains("systemone"), "{reason}");
        for text in ["openai:x", "openai:@http://h", "openai:x@ftp://h", "script:", "", "small:2", "small,", "record:a.jsonl", "replay:", "record:=small"] {
            assert!(matches!(parse_spec(text), Err(ModelError::Spec(_))), "{text:?}");
        }
    }
}
