//! Where in a recorded answer a text stands, in words: `ticket 7, line 3`.
//!
//! A label says which answer a value came from. This finds the item in that
//! answer, and the line in the item, by looking for the value's text in it. It
//! describes; nothing is decided by what it finds.

use emulant_ask::path::{Step, first};
use emulant_ask::{Answer, Call, Origin, Request, Value};
use emulant_gate::{Declaration, Describe, Source, SourceKind};
use emulant_journal::Exchange;

/// Most places that are named for one value.
const PLACES_MAX: usize = 3;
/// Shortest piece of a text that is looked for by itself.
const PIECE_CHARS_MIN: usize = 4;
/// Names of fields that wrap a result and say nothing about it.
const GENERIC: [&str; 8] = ["content", "data", "items", "result", "results", "rows", "text", "value"];
/// First words of tools' names that fetch something: what follows is its kind.
const FETCHING: [&str; 8] = ["fetch", "find", "get", "list", "load", "query", "read", "search"];

/// Where a text stands in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The smallest record around it: `ticket 7`, or `ticket at index 6`.
    pub record: Option<String>,
    /// The line in the text field or file that holds it, from 1.
    pub line: Option<usize>,
    /// The file and its line, when the answer was the text of a file.
    pub file: Option<(String, usize)>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.record, self.line, &self.file) {
            (Some(record), Some(line), _) => write!(f, "{record}, line {line}"),
            (Some(record), None, _) => f.write_str(record),
            (None, _, Some((file, line))) => write!(f, "{file}, line {line}"),
            (None, Some(line), None) => write!(f, "line {line}"),
            (None, None, None) => f.write_str("the whole answer"),
        }
    }
}

/// Finds the places in `answer`, an answer to `call`, where the text of `value`
/// stands; at `path` (`[6].body`) or below it if anything stands there.
pub fn find(call: &Call, answer: &Value, path: &str, value: &Value) -> Vec<Place> {
    let names = Names::of(call);
    for needle in needles(value) {
        let mut search = Search { needle: &needle, names: &names, found: Vec::new() };
        search.value(answer, &mut Vec::new(), path, names.list.clone());
        if !search.found.is_empty() {
            return search.found;
        }
    }
    Vec::new()
}

/// Describes origins by the asks of a journal.
pub struct Origins<'a> {
    /// The journal's asks, by id.
    pub exchanges: &'a [Exchange],
    /// The tools that answered.
    pub tools: &'a [Declaration],
}

impl Describe for Origins<'_> {
    fn describe(&self, origin: &Origin, value: &Value) -> Source {
        let index = usize::try_from(origin.ask).unwrap_or(usize::MAX);
        let Some(exchange) = self.exchanges.get(index) else {
            // Unknown: say so, and count it as the worst it could be.
            return Source { kind: SourceKind::Tool, text: format!("answer {}", origin.ask), found: false, trusted: false, steady: false };
        };
        match &exchange.ask.request {
            // Names below a root that the user mounted are the user's own choice; contents are not.
            Request::Call(call) if crate::system::only_names(&call.tool) => {
                Source { kind: SourceKind::Other, text: call.tool.clone(), found: false, trusted: true, steady: true }
            }
            Request::Call(call) => self.of_tool(call, exchange.answered(), origin, value),
            Request::Emulate(hole) => {
                let name = if hole.name.is_empty() { "ask" } else { &hole.name };
                let trusted = hole.arguments.iter().any(|(_, seen)| repeats(seen, value)) && has_leaf(value);
                Source { kind: SourceKind::Model, text: format!("{name} (model)"), found: false, trusted, steady: true }
            }
            other => Source { kind: SourceKind::Other, text: other.kind().into(), found: false, trusted: true, steady: true },
        }
    }
}

impl Origins<'_> {
    fn of_tool(&self, call: &Call, answer: Option<&Answer>, origin: &Origin, value: &Value) -> Source {
        let tool = self.tools.iter().find(|tool| tool.name == call.tool);
        let by_rule = tool.and_then(|tool| tool.contract.whose(&origin.path));
        let whose = by_rule.or(tool.map(|tool| tool.origin.as_str())).unwrap_or_default();
        // What an answer of a tool says when it fails is no part of a result.
        let is_result = matches!(answer, Some(Answer::Value { .. }));
        let trusted = is_result && tool.is_some_and(|tool| tool.contract.is_trusted(&origin.path));
        let steady = is_result && tool.is_some_and(|tool| tool.contract.is_steady(&origin.path));
        let places = match answer {
            Some(Answer::Value { value: answer, .. }) => {
                let path = if origin.path == Origin::ANY { "" } else { &origin.path };
                find(call, answer, path, value)
            }
            Some(Answer::Raise { message, .. }) => find(call, &Value::str(message.as_str()), "", value),
            _ => Vec::new(),
        };
        let mut texts: Vec<String> = places.iter().map(Place::to_string).collect();
        texts.dedup();
        let more = texts.len().saturating_sub(PLACES_MAX);
        texts.truncate(PLACES_MAX);
        let mut place = match texts.is_empty() {
            true => Names::of(call).file.unwrap_or_else(|| "an answer".into()),
            false => texts.join(" and "),
        };
        if more > 0 {
            place.push_str(&format!(" and {more} more"));
        }
        let by = if whose.is_empty() { call.tool.clone() } else { format!("{whose}, {}", call.tool) };
        Source { kind: SourceKind::Tool, text: format!("{place} ({by})"), found: !places.is_empty(), trusted, steady }
    }
}

/// Is every leaf of `value` one of the leaves of `seen`, byte for byte? Whether those are trusted
/// says the label of what was seen, which is in the answer's own.
fn repeats(seen: &Value, value: &Value) -> bool {
    let mut all = true;
    leaves(value, &mut |leaf| {
        let mut found = false;
        leaves(seen, &mut |other| found |= other == leaf);
        all &= found;
    });
    all
}

fn has_leaf(value: &Value) -> bool {
    let mut any = false;
    leaves(value, &mut |_| any = true);
    any
}

fn leaves<'v>(value: &'v Value, each: &mut dyn FnMut(&'v Value)) {
    match value {
        Value::None => {}
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().for_each(|item| leaves(item, each)),
        Value::Dict(pairs) => pairs.iter().for_each(|(_, value)| leaves(value, each)),
        Value::Record(_, fields) => fields.iter().for_each(|(_, value)| leaves(value, each)),
        leaf => each(leaf),
    }
}

/// What the arguments of a call tell about the names of what it returned.
struct Names {
    /// The file that was read.
    file: Option<String>,
    /// The name of the list that the answer is: the file's stem, a table.
    list: Option<String>,
}

impl Names {
    fn of(call: &Call) -> Names {
        let text = |name: &str| call.arguments.iter().find(|(given, _)| given == name).and_then(|(_, value)| value.as_str());
        let file = ["path", "file", "filename", "uri", "url"].into_iter().find_map(text);
        let file = file.and_then(|path| path.rsplit('/').find(|piece| !piece.is_empty())).map(String::from);
        let table = ["sql", "query"].into_iter().find_map(text).and_then(table_of);
        let stem = file.as_ref().map(|file| file.split('.').next().unwrap_or_default().to_string());
        // `get_ticket` returns a ticket.
        let kind = call.tool.split_once('_').filter(|(verb, _)| FETCHING.contains(verb)).map(|(_, noun)| noun.to_string());
        Names { list: table.or(stem).or(kind), file }
    }
}

/// The first table that SQL reads.
fn table_of(sql: &str) -> Option<String> {
    let mut words = sql.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("from")).skip(1);
    let name: String = words.next()?.trim_matches(['"', '`', '[']).chars().take_while(|c| is_word(*c)).collect();
    (!name.is_empty()).then_some(name)
}

/// `tickets` holds a `ticket`.
fn singular(list: &str) -> String {
    let lower = list.to_lowercase();
    if lower.is_empty() || !lower.chars().all(is_word) {
        return "record".into();
    }
    match lower.as_str() {
        word if word.ends_with("ies") && word.len() > 4 => format!("{}y", &word[..word.len() - 3]),
        word if ["sses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end)) => word[..word.len() - 2].into(),
        word if word.ends_with('s') && !word.ends_with("ss") && word.len() > 3 => word[..word.len() - 1].into(),
        word => word.into(),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What to look for, the most telling first: the text itself, then the pieces of
/// it that no model makes up (addresses, numbers, long words).
fn needles(value: &Value) -> Vec<String> {
    let mut needles = Vec::new();
    for text in texts(value) {
        let text = text.trim().to_string();
        let mut pieces: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || "<>()[]{},;\"'".contains(c))
            .map(|piece| piece.trim_matches(|c: char| ".:!?".contains(c)))
            .map(|piece| piece.strip_prefix("mailto:").unwrap_or(piece))
            .filter(|piece| piece.chars().count() >= PIECE_CHARS_MIN && *piece != text)
            .collect();
        pieces.sort_by_key(|piece| (!piece.contains(['@', '/']), std::cmp::Reverse(piece.len())));
        let pieces: Vec<String> = pieces.into_iter().map(String::from).collect();
        if !text.is_empty() {
            needles.push(text);
        }
        needles.extend(pieces);
    }
    needles.truncate(50);
    needles
}

/// All texts and numbers in a value, as texts.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Str(text) | Value::Big(text) => vec![text.clone()],
        Value::Int(int) => vec![int.to_string()],
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().flat_map(texts).collect(),
        Value::Dict(pairs) => pairs.iter().flat_map(|(key, value)| [texts(key), texts(value)].concat()).collect(),
        Value::Record(_, fields) => fields.iter().flat_map(|(_, value)| texts(value)).collect(),
        _ => Vec::new(),
    }
}

/// A record on the way down: its name, and whether it has an id of its own.
struct Around {
    name: String,
    has_id: bool,
}

struct Search<'a> {
    needle: &'a str,
    names: &'a Names,
    found: Vec<Place>,
}

impl Search<'_> {
    /// Looks below `value`. `path` is what is still to be followed; `list` is the
    /// name of the list that `value` may be.
    fn value(&mut self, value: &Value, around: &mut Vec<Around>, path: &str, list: Option<String>) {
        match value {
            Value::Str(text) if around.is_empty() => self.whole_text(text, list),
            Value::Str(text) => self.field(text, around, None),
            Value::Int(int) if int.to_string() == self.needle => self.push(around, None, None),
            Value::Big(digits) if digits == self.needle => self.push(around, None, None),
            Value::List(items) | Value::Tuple(items) | Value::Set(items) => self.items(items, around, path, list.as_deref()),
            Value::Dict(pairs) => {
                let named = pairs.iter().map(|(key, value)| (key.as_str().unwrap_or_default(), value)).collect();
                self.record(named, around, path, list);
            }
            Value::Record(_, fields) => {
                let named = fields.iter().map(|(name, value)| (name.as_str(), value)).collect();
                self.record(named, around, path, list);
            }
            _ => {}
        }
    }

    fn items(&mut self, items: &[Value], around: &mut Vec<Around>, path: &str, list: Option<&str>) {
        let (only, rest) = match first(path) {
            Some((Step::Index(index), rest)) => (Some(index), rest),
            _ => (None, path),
        };
        for (index, item) in items.iter().enumerate() {
            if only.is_some_and(|only| only != index) {
                continue;
            }
            let kind = singular(list.unwrap_or_default());
            around.push(match id_of(item) {
                Some(id) => Around { name: format!("{kind} {id}"), has_id: true },
                None => Around { name: format!("{kind} at index {index}"), has_id: false },
            });
            self.value(item, around, rest, None);
            around.pop();
        }
    }

    fn record(&mut self, fields: Vec<(&str, &Value)>, around: &mut Vec<Around>, path: &str, list: Option<String>) {
        let (only, rest) = match first(path) {
            Some((Step::Name(name), rest)) => (Some(name), rest),
            _ => (None, path),
        };
        let id = fields.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id_text(id));
        // A lone record takes its kind from what was asked for.
        let alone = around.is_empty().then_some(id).flatten();
        if let Some(id) = &alone {
            let kind = singular(list.as_deref().unwrap_or_default());
            around.push(Around { name: format!("{kind} {id}"), has_id: true });
        }
        for (name, value) in fields {
            if only.as_ref().is_none_or(|only| only == name) {
                let told = if GENERIC.contains(&name) { list.clone() } else { Some(name.to_string()) };
                self.value(value, around, rest, told.or_else(|| self.names.list.clone()));
            }
        }
        if alone.is_some() {
            around.pop();
        }
    }

    /// A text that is the whole answer: JSON, JSON Lines, or lines.
    fn whole_text(&mut self, text: &str, list: Option<String>) {
        if let Ok(json @ (serde_json::Value::Array(_) | serde_json::Value::Object(_))) = serde_json::from_str(text) {
            let value = crate::value::from_foreign(&json);
            let before = self.found.len();
            self.value(&value, &mut Vec::new(), "", list.clone());
            if self.found.len() > before {
                return;
            }
        }
        let kind = singular(list.as_deref().unwrap_or_default());
        for (index, line) in text.lines().enumerate() {
            let place = self.names.file.clone().map(|file| (file, index + 1));
            match serde_json::from_str::<serde_json::Value>(line) {
                Ok(json @ serde_json::Value::Object(_)) => self.json_line(&json, &kind, place),
                _ if contains(line, self.needle) => {
                    self.found.push(Place { record: None, line: Some(index + 1), file: place });
                }
                _ => {}
            }
        }
    }

    fn json_line(&mut self, json: &serde_json::Value, kind: &str, place: Option<(String, usize)>) {
        let value = crate::value::from_foreign(json);
        let mut inner = Search { needle: self.needle, names: self.names, found: Vec::new() };
        let around = match id_of(&value) {
            Some(id) => Around { name: format!("{kind} {id}"), has_id: true },
            None => Around { name: String::new(), has_id: false },
        };
        inner.value(&value, &mut vec![around], "", None);
        for mut found in inner.found {
            found.file = place.clone();
            found.record = found.record.filter(|record| !record.is_empty());
            self.found.push(found);
        }
    }

    fn field(&mut self, text: &str, around: &[Around], file: Option<(String, usize)>) {
        for (index, line) in text.lines().enumerate() {
            if contains(line, self.needle) {
                self.push(around, Some(index + 1), file.clone());
            }
        }
        // The needle may itself have several lines.
        if self.needle.contains('\n') && contains(text, self.needle) {
            let at = text.to_lowercase().find(&self.needle.to_lowercase()).unwrap_or_default();
            let line = text.char_indices().take_while(|(place, _)| *place < at).filter(|(_, c)| *c == '\n').count() + 1;
            self.push(around, Some(line), file);
        }
    }

    /// The smallest record with an id of its own names the place, else the smallest one.
    fn push(&mut self, around: &[Around], line: Option<usize>, file: Option<(String, usize)>) {
        let record = around.iter().rev().find(|record| record.has_id).or_else(|| around.last());
        let place = Place { record: record.map(|record| record.name.clone()), line, file };
        if !self.found.contains(&place) && self.found.len() < 1000 {
            self.found.push(place);
        }
    }
}

/// Whether `text` holds `needle` as a piece of its own (`7` is not in `17`),
/// whatever the case of letters.
fn contains(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.to_lowercase(), needle.to_lowercase());
    let inside = |c: Option<char>| c.is_some_and(is_word);
    text.match_indices(&needle).any(|(at, piece)| {
        let joined_before = inside(piece.chars().next()) && inside(text[..at].chars().next_back());
        let joined_after = inside(piece.chars().next_back()) && inside(text[at + piece.len()..].chars().next());
        !joined_before && !joined_after
    })
}

fn id_of(value: &Value) -> Option<String> {
    id_text(value.get("id")?)
}

fn id_text(id: &Value) -> Option<String> {
    match id {
        Value::Int(int) => Some(int.to_string()),
        Value::Str(text) if (1..=40).contains(&text.chars().count()) && text.chars().all(|c| is_word(c) || "-./#".contains(c)) => {
            Some(text.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
