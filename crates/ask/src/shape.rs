//! The type of an answer: what an annotation says, as data.
//!
//! A shape goes out as a JSON Schema (draft 2020-12 keywords only, strings and
//! arrays bounded so that constrained decoding always ends), and judges the JSON
//! that comes back, turning it into a [`Value`].

use crate::Value;
use alloc::{boxed::Box, format, string::{String, ToString}, vec::Vec};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// Longest string that a schema allows, in characters, where no bound is given.
pub const STRING_MAX: u64 = 2000;
/// Longest array that a schema allows, where no bound is given.
pub const ITEMS_MAX: u64 = 64;

/// The type of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Shape {
    /// Any JSON value: the last resort.
    Any,
    /// `None`.
    None,
    /// `bool`.
    Bool,
    /// `int`, with optional bounds.
    Int {
        /// Smallest value allowed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        /// Largest value allowed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// `float`.
    Float,
    /// `str`, with an optional bound in characters.
    Str {
        /// Longest text allowed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u64>,
    },
    /// `Literal[…]`.
    Literal {
        /// The values allowed.
        values: Vec<Value>,
    },
    /// `list[item]`.
    List {
        /// Type of an item.
        item: Box<Shape>,
    },
    /// `set[item]`.
    Set {
        /// Type of an item.
        item: Box<Shape>,
    },
    /// `tuple[a, b]`.
    Tuple {
        /// Types by position.
        items: Vec<Shape>,
    },
    /// `tuple[item, ...]`.
    TupleOf {
        /// Type of an item.
        item: Box<Shape>,
    },
    /// `dict[str, value]`.
    Dict {
        /// Type of a value.
        value: Box<Shape>,
    },
    /// A dataclass, `NamedTuple` or `TypedDict`.
    Record {
        /// Which of them.
        record: RecordKind,
        /// Name of the class.
        name: String,
        /// Its fields, in order.
        fields: Vec<Field>,
    },
    /// An `Enum`: answered by member name.
    Enum {
        /// Name of the class.
        name: String,
        /// Names of its members.
        members: Vec<String>,
    },
    /// `A | B`; the first that accepts wins.
    Union {
        /// The alternatives.
        options: Vec<Shape>,
    },
}

/// What a [`Shape::Record`] becomes in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// A dataclass: called with the fields as keywords.
    Dataclass,
    /// A `NamedTuple`: called with the fields as keywords.
    NamedTuple,
    /// A `TypedDict`: a plain dict.
    TypedDict,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub shape: Shape,
    /// Whether it has no default.
    pub required: bool,
}

/// Where and why a value does not fit a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Path inside the value (`$.items[2].name`).
    pub path: String,
    /// What was expected, and what stood there.
    pub reason: String,
}

impl core::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl Shape {
    /// JSON Schema that exactly the accepted JSON satisfies, within the bounds above.
    pub fn json_schema(&self) -> Json {
        match self {
            Shape::Any => json!({}),
            Shape::None => json!({"type": "null"}),
            Shape::Bool => json!({"type": "boolean"}),
            Shape::Int { min, max } => int_schema(*min, *max),
            Shape::Float => json!({"type": "number"}),
            Shape::Str { max } => json!({"type": "string", "maxLength": max.unwrap_or(STRING_MAX)}),
            Shape::Literal { values } => json!({"enum": values.iter().map(Value::to_plain_json).collect::<Vec<_>>()}),
            Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => {
                json!({"type": "array", "items": item.json_schema(), "maxItems": ITEMS_MAX})
            }
            Shape::Tuple { items } => json!({
                "type": "array", "prefixItems": items.iter().map(Shape::json_schema).collect::<Vec<_>>(),
                "items": false, "minItems": items.len(), "maxItems": items.len(),
            }),
            Shape::Dict { value } => json!({"type": "object", "additionalProperties": value.json_schema()}),
            Shape::Record { fields, .. } => record_schema(fields),
            Shape::Enum { members, .. } => json!({"enum": members}),
            Shape::Union { options } => json!({"anyOf": options.iter().map(Shape::json_schema).collect::<Vec<_>>()}),
        }
    }

    /// The annotation as a Python programmer would write it.
    pub fn python(&self) -> String {
        let all = |shapes: &[Shape]| shapes.iter().map(Shape::python).collect::<Vec<_>>();
        match self {
            Shape::Any => "object".into(),
            Shape::None => "None".into(),
            Shape::Bool => "bool".into(),
            Shape::Int { .. } => "int".into(),
            Shape::Float => "float".into(),
            Shape::Str { .. } => "str".into(),
            Shape::Literal { values } => {
                let shown: Vec<String> = values.iter().map(|v| v.to_plain_json().to_string()).collect();
                format!("Literal[{}]", shown.join(", "))
            }
            Shape::List { item } => format!("list[{}]", item.python()),
            Shape::Set { item } => format!("set[{}]", item.python()),
            Shape::Tuple { items } => format!("tuple[{}]", all(items).join(", ")),
            Shape::TupleOf { item } => format!("tuple[{}, ...]", item.python()),
            Shape::Dict { value } => format!("dict[str, {}]", value.python()),
            Shape::Record { name, .. } | Shape::Enum { name, .. } => name.clone(),
            Shape::Union { options } => all(options).join(" | "),
        }
    }

    /// The value that `json` stands for under this shape.
    ///
    /// # Errors
    /// The first place that does not fit.
    pub fn accept(&self, json: &Json) -> Result<Value, Mismatch> {
        self.accept_at(json, "$")
    }

    fn accept_at(&self, json: &Json, path: &str) -> Result<Value, Mismatch> {
        let wrong = || Mismatch { path: path.into(), reason: format!("expected {}, got {}", self.python(), shown(json)) };
        let items = |shape: &Shape| -> Result<Vec<Value>, Mismatch> {
            let array = json.as_array().ok_or_else(wrong)?;
            array.iter().enumerate().map(|(i, v)| shape.accept_at(v, &format!("{path}[{i}]"))).collect()
        };
        match self {
            Shape::Any => Value::from_json(json).map_err(|reason| Mismatch { path: path.into(), reason }),
            Shape::None => json.as_null().map(|()| Value::None).ok_or_else(wrong),
            Shape::Bool => json.as_bool().map(Value::Bool).ok_or_else(wrong),
            Shape::Int { min, max } => accept_int(json, *min, *max).ok_or_else(wrong),
            Shape::Float => accept_float(json).ok_or_else(wrong),
            Shape::Str { max } => match json.as_str() {
                Some(text) if max.is_none_or(|max| text.chars().count() as u64 <= max) => Ok(Value::Str(text.into())),
                _ => Err(wrong()),
            },
            Shape::Literal { values } => values.iter().find(|v| v.to_plain_json() == *json).cloned().ok_or_else(wrong),
            Shape::List { item } => items(item).map(Value::List),
            Shape::Set { item } => items(item).map(Value::Set),
            Shape::TupleOf { item } => items(item).map(Value::Tuple),
            Shape::Tuple { items } => accept_tuple(items, json, path).ok_or_else(wrong)?,
            Shape::Dict { value } => {
                let map = json.as_object().ok_or_else(wrong)?;
                let pair = |(k, v): (&String, &Json)| Ok((Value::Str(k.clone()), value.accept_at(v, &format!("{path}.{k}"))?));
                map.iter().map(pair).collect::<Result<_, _>>().map(Value::Dict)
            }
            Shape::Record { record, name, fields } => accept_record(*record, name, fields, json, path),
            Shape::Enum { name, members } => match json.as_str() {
                Some(member) if members.iter().any(|m| m == member) => {
                    Ok(Value::Record(name.clone(), Vec::from([("name".into(), Value::str(member))])))
                }
                _ => Err(wrong()),
            },
            Shape::Union { options } => options.iter().find_map(|o| o.accept_at(json, path).ok()).ok_or_else(wrong),
        }
    }
}

fn int_schema(min: Option<i64>, max: Option<i64>) -> Json {
    let mut schema = Map::from_iter([("type".to_string(), json!("integer"))]);
    if let Some(min) = min {
        schema.insert("minimum".into(), json!(min));
    }
    if let Some(max) = max {
        schema.insert("maximum".into(), json!(max));
    }
    schema.into()
}

fn record_schema(fields: &[Field]) -> Json {
    let properties: Map<String, Json> = fields.iter().map(|f| (f.name.clone(), f.shape.json_schema())).collect();
    let required: Vec<&str> = fields.iter().filter(|f| f.required).map(|f| f.name.as_str()).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn accept_int(json: &Json, min: Option<i64>, max: Option<i64>) -> Option<Value> {
    let Some(int) = json.as_i64() else {
        let plain = json.is_u64() && max.is_none();
        return plain.then(|| Value::Big(json.to_string()));
    };
    (min.is_none_or(|min| int >= min) && max.is_none_or(|max| int <= max)).then_some(Value::Int(int))
}

fn accept_float(json: &Json) -> Option<Value> {
    match json {
        Json::Object(_) => match Value::from_json(json) {
            Ok(Value::Float(f)) => Some(Value::Float(f)),
            _ => None,
        },
        _ => json.as_f64().map(Value::Float),
    }
}

fn accept_tuple(shapes: &[Shape], json: &Json, path: &str) -> Option<Result<Value, Mismatch>> {
    let array = json.as_array().filter(|a| a.len() == shapes.len())?;
    let items = shapes.iter().zip(array).enumerate().map(|(i, (s, v))| s.accept_at(v, &format!("{path}[{i}]")));
    Some(items.collect::<Result<_, _>>().map(Value::Tuple))
}

fn accept_record(record: RecordKind, name: &str, fields: &[Field], json: &Json, path: &str) -> Result<Value, Mismatch> {
    let fail = |reason: String| Mismatch { path: path.into(), reason };
    let map = json.as_object().ok_or_else(|| fail(format!("expected {name}, got {}", shown(json))))?;
    if let Some(extra) = map.keys().find(|k| fields.iter().all(|f| f.name != **k)) {
        return Err(fail(format!("{name} has no field {extra:?}")));
    }
    let mut values = Vec::new();
    for field in fields {
        match map.get(&field.name) {
            Some(json) => values.push((field.name.clone(), field.shape.accept_at(json, &format!("{path}.{}", field.name))?)),
            None if field.required => return Err(fail(format!("field {:?} is missing", field.name))),
            None => {}
        }
    }
    Ok(match record {
        RecordKind::TypedDict => Value::dict(values),
        _ => Value::Record(name.into(), values),
    })
}

fn shown(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mismatch_names_path_and_reason() {
        let shape = Shape::List { item: Box::new(Shape::Int { min: Some(0), max: None }) };
        let error = shape.accept(&json!([1, -2])).unwrap_err();
        assert_eq!(error.to_string(), "$[1]: expected int, got -2");
    }

    #[test]
    fn the_first_option_that_accepts_wins() {
        let shape = Shape::Union { options: Vec::from([Shape::Literal { values: Vec::from([Value::str("a")]) }, Shape::None]) };
        assert_eq!(shape.accept(&json!("a")), Ok(Value::str("a")));
        assert_eq!(shape.accept(&json!(null)), Ok(Value::None));
        assert_eq!(shape.python(), "Literal[\"a\"] | None");
        assert!(shape.accept(&json!("b")).is_err());
    }
}
