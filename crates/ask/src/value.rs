//! Plain values as they stand in asks, answers and journals.
//!
//! JSON blurs big integers, floats, bytes, tuples, sets and the order of keys;
//! each of those is written as an object with one `$` key. The table:
//!
//! | value | JSON |
//! | --- | --- |
//! | int beyond ±2^53 | `{"$int":"123…"}` |
//! | float | `{"$float":"1.0"}` (Python's `repr`; `inf`, `-inf`, `nan`) |
//! | bytes | `{"$bytes":"base64"}` |
//! | tuple, set | `{"$tuple":[…]}`, `{"$set":[…]}` |
//! | dict | an object when all keys are strings in sorted order without a leading `$`, else `{"$dict":[[k,v],…]}` |
//! | record | `{"$record":[name,{…}]}` |

use alloc::{boxed::Box, format, string::{String, ToString}, vec::Vec};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

/// A plain value: data without identity, code or labels.
#[derive(Clone, Debug)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits in 64 bits.
    Int(i64),
    /// Any other integer, in decimal.
    Big(String),
    /// A float; equality of values compares its bits.
    Float(f64),
    /// A string.
    Str(String),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A set, in the order in which the program iterates it.
    Set(Vec<Value>),
    /// A dict, in insertion order.
    Dict(Vec<(Value, Value)>),
    /// An instance of a declared type: its name and its fields in order.
    Record(String, Vec<(String, Value)>),
}

const SAFE: i64 = 1 << 53;

impl Value {
    /// A dict with string keys.
    pub fn dict<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Value)>) -> Value {
        Value::Dict(pairs.into_iter().map(|(k, v)| (Value::Str(k.into()), v)).collect())
    }

    /// A string value.
    pub fn str(text: impl Into<String>) -> Value {
        Value::Str(text.into())
    }

    /// The text of a string value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The value under a string key of a dict, or a field of a record.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Dict(pairs) => pairs.iter().find(|(k, _)| k.as_str() == Some(key)).map(|(_, v)| v),
            Value::Record(_, fields) => fields.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Tagged JSON; `from_json` gives the same value back.
    pub fn to_json(&self) -> Json {
        match self {
            Value::None => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(i) if (-SAFE..=SAFE).contains(i) => json!(i),
            Value::Int(i) => json!({"$int": i.to_string()}),
            Value::Big(digits) => json!({"$int": digits}),
            Value::Float(f) => json!({"$float": float_text(*f)}),
            Value::Str(text) => Json::String(text.clone()),
            Value::Bytes(bytes) => json!({"$bytes": STANDARD.encode(bytes)}),
            Value::List(items) => Json::Array(items.iter().map(Value::to_json).collect()),
            Value::Tuple(items) => json!({"$tuple": items.iter().map(Value::to_json).collect::<Vec<_>>()}),
            Value::Set(items) => json!({"$set": items.iter().map(Value::to_json).collect::<Vec<_>>()}),
            Value::Dict(pairs) => dict_to_json(pairs),
            Value::Record(name, fields) => {
                let map: Vec<Json> = fields.iter().map(|(k, v)| json!([k, v.to_json()])).collect();
                json!({"$record": [name, map]})
            }
        }
    }

    /// Plain JSON as a foreign reader expects it: tuples and sets as arrays,
    /// records as objects, floats as numbers. Loses what JSON cannot say.
    pub fn to_plain_json(&self) -> Json {
        match self {
            Value::Int(i) => json!(i),
            Value::Float(f) => serde_json::Number::from_f64(*f).map_or_else(|| Json::String(float_text(*f)), Json::Number),
            Value::Big(digits) => Json::String(digits.clone()),
            Value::Bytes(bytes) => Json::String(STANDARD.encode(bytes)),
            Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().map(Value::to_plain_json).collect(),
            Value::Dict(pairs) => pairs
                .iter()
                .map(|(k, v)| (k.as_str().map_or_else(|| crate::canonical(&k.to_json()), String::from), v.to_plain_json()))
                .collect::<Map<_, _>>()
                .into(),
            Value::Record(_, fields) => fields.iter().map(|(k, v)| (k.clone(), v.to_plain_json())).collect::<Map<_, _>>().into(),
            other => other.to_json(),
        }
    }

    /// The value that tagged JSON stands for.
    ///
    /// # Errors
    /// A sentence that names the tag which is malformed.
    pub fn from_json(json: &Json) -> Result<Value, String> {
        Ok(match json {
            Json::Null => Value::None,
            Json::Bool(b) => Value::Bool(*b),
            Json::Number(n) => match (n.as_i64(), n.as_f64()) {
                (Some(i), _) => Value::Int(i),
                (None, _) if n.is_u64() => Value::Big(n.to_string()),
                (None, Some(f)) => Value::Float(f),
                _ => return Err(format!("number {n} is out of range")),
            },
            Json::String(text) => Value::Str(text.clone()),
            Json::Array(items) => Value::List(list_from_json(items)?),
            Json::Object(map) => match map.iter().next() {
                Some((tag, inner)) if map.len() == 1 && tag.starts_with('$') => tagged(tag, inner)?,
                _ => Value::Dict(
                    map.iter().map(|(k, v)| Ok((Value::Str(k.clone()), Value::from_json(v)?))).collect::<Result<_, String>>()?,
                ),
            },
        })
    }
}

fn dict_to_json(pairs: &[(Value, Value)]) -> Json {
    let keys: Option<Vec<&str>> = pairs.iter().map(|(k, _)| k.as_str()).collect();
    let plain = keys.is_some_and(|keys| {
        keys.iter().all(|k| !k.starts_with('$')) && keys.windows(2).all(|w| w[0].encode_utf16().lt(w[1].encode_utf16()))
    });
    if plain {
        pairs.iter().map(|(k, v)| (String::from(k.as_str().unwrap_or_default()), v.to_json())).collect::<Map<_, _>>().into()
    } else {
        json!({"$dict": pairs.iter().map(|(k, v)| json!([k.to_json(), v.to_json()])).collect::<Vec<_>>()})
    }
}

fn list_from_json(items: &[Json]) -> Result<Vec<Value>, String> {
    items.iter().map(Value::from_json).collect()
}

fn tagged(tag: &str, inner: &Json) -> Result<Value, String> {
    let bad = || format!("malformed {tag} value");
    let text = || inner.as_str().ok_or_else(bad);
    let items = || inner.as_array().ok_or_else(bad).and_then(|items| list_from_json(items));
    Ok(match tag {
        "$int" => {
            let digits = text()?;
            let bare = digits.strip_prefix('-').unwrap_or(digits);
            if bare.is_empty() || !bare.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            digits.parse().map_or_else(|_| Value::Big(digits.into()), Value::Int)
        }
        "$float" => Value::Float(text()?.parse().map_err(|_| bad())?),
        "$bytes" => Value::Bytes(STANDARD.decode(text()?).map_err(|_| bad())?),
        "$tuple" => Value::Tuple(items()?),
        "$set" => Value::Set(items()?),
        "$dict" => Value::Dict(inner.as_array().ok_or_else(bad)?.iter().map(pair).collect::<Result<_, _>>()?),
        "$record" => {
            let name = inner.get(0).and_then(Json::as_str).ok_or_else(bad)?;
            let fields = inner.get(1).and_then(Json::as_array).ok_or_else(bad)?;
            let field = |item: &Json| match pair(item)? {
                (Value::Str(name), value) => Ok((name, value)),
                _ => Err(bad()),
            };
            Value::Record(name.into(), fields.iter().map(field).collect::<Result<_, _>>()?)
        }
        _ => Value::Dict(Vec::from([(Value::Str(tag.into()), Value::from_json(inner)?)])),
    })
}

fn pair(item: &Json) -> Result<(Value, Value), String> {
    match item.as_array().map(Vec::as_slice) {
        Some([key, value]) => Ok((Value::from_json(key)?, Value::from_json(value)?)),
        _ => Err("a pair is an array of two".into()),
    }
}

/// Text that parses back to the same bits (any NaN becomes the one `nan`).
fn float_text(f: f64) -> String {
    if f.is_nan() { "nan".into() } else { format!("{f:?}") }
}

impl PartialEq for Value {
    /// Equality of the canonical form: `1 != 1.0`, and a NaN equals itself.
    fn eq(&self, other: &Value) -> bool {
        self.to_json() == other.to_json()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        let json = Box::<Json>::deserialize(deserializer)?;
        Value::from_json(&json).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tagged_values_come_back_equal() {
        let value = Value::Dict(Vec::from([
            (Value::str("b"), Value::Int(i64::MAX)),
            (Value::str("a"), Value::Float(1.0)),
            (Value::Int(3), Value::Tuple(Vec::from([Value::Bytes(Vec::from([0, 255])), Value::None]))),
            (Value::str("$x"), Value::Set(Vec::from([Value::Big("123456789012345678901234567890".into())]))),
        ]));
        let text = crate::canonical(&value.to_json());
        let back = Value::from_json(&serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(back, value);
        assert_eq!(crate::canonical(&back.to_json()), text);
    }

    #[test]
    fn an_int_is_not_a_float() {
        assert_ne!(Value::Int(1), Value::Float(1.0));
        assert_eq!(crate::canonical(&Value::Float(1.0).to_json()), r#"{"$float":"1.0"}"#);
    }
}
