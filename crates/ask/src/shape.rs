//! The type of an answer: what an annotation says, as data.
//!
//! A shape goes out as a JSON Schema (draft 2020-12 keywords only, strings and
//! arrays bounded so that constrained decoding always ends), and judges the JSON
//! that comes back, turning it into a [`Value`].

use crate::{Pattern, Value};
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
    /// `Annotated[shape, …]`, with bounds that the shape alone cannot say.
    Bounded {
        /// What is bounded: int, float, str, or a container without fixed places.
        shape: Box<Shape>,
        /// How.
        bounds: Bounds,
    },
}

/// Bounds of a [`Shape::Bounded`].
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Smallest float allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ge: Option<Value>,
    /// All allowed floats are larger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gt: Option<Value>,
    /// Largest float allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub le: Option<Value>,
    /// All allowed floats are smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lt: Option<Value>,
    /// Ints allowed are multiples of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple_of: Option<i64>,
    /// Fewest characters or items; of a set or dict, different ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    /// Most characters or items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// What must occur in a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
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
            Shape::Bounded { shape, bounds } => {
                let mut schema = shape.json_schema();
                bounds.add_to(shape, &mut schema);
                schema
            }
        }
    }

    /// This shape within bounds, said as plainly as may be.
    ///
    /// # Errors
    /// Which bound says nothing about it, or that no value is within them.
    pub fn within(self, bounds: Bounds) -> Result<Shape, String> {
        bounds.bind(self)
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
            Shape::Bounded { shape, bounds } => format!("Annotated[{}, Field({})]", shape.python(), bounds.python().join(", ")),
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
            Shape::Int { min, max } => accept_int(json, *min, *max).ok_or_else(|| {
                let bound = |word: &str, bound: &Option<i64>| bound.map(|bound| format!(" {word} {bound}")).unwrap_or_default();
                Mismatch { path: path.into(), reason: format!("expected int{}{}, got {}", bound("from", min), bound("to", max), shown(json)) }
            }),
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
            Shape::Bounded { shape, bounds } => {
                let value = shape.accept_at(json, path)?;
                if bounds.hold(&value) { Ok(value) } else { Err(wrong()) }
            }
        }
    }
}

impl Bounds {
    /// Writes the bounds into the schema of `shape`.
    pub fn add_to(&self, shape: &Shape, schema: &mut Json) {
        let (fewest, most, limit) = match shape {
            Shape::Str { .. } => ("minLength", "maxLength", STRING_MAX),
            Shape::Dict { .. } => ("minProperties", "maxProperties", ITEMS_MAX),
            _ => ("minItems", "maxItems", ITEMS_MAX),
        };
        let Some(map) = schema.as_object_mut() else { return };
        let mut put = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                map.insert(name.into(), value);
            }
        };
        put(fewest, self.min_length.map(Json::from));
        // A container that needs more than the usual limit has room for them.
        put(most, self.max_length.or(self.min_length.filter(|min| *min > limit)).map(Json::from));
        put("multipleOf", self.multiple_of.map(Json::from));
        put("pattern", self.pattern.as_ref().map(|pattern| pattern.plain().into()));
        for (name, bound) in [("minimum", &self.ge), ("exclusiveMinimum", &self.gt), ("maximum", &self.le), ("exclusiveMaximum", &self.lt)] {
            put(name, bound.as_ref().and_then(number).map(Json::from));
        }
    }

    /// The bounds as keywords of Python.
    pub fn python(&self) -> Vec<String> {
        let numbers = [("ge", &self.ge), ("gt", &self.gt), ("le", &self.le), ("lt", &self.lt)];
        let mut all: Vec<String> = numbers.iter().filter_map(|(name, bound)| Some(format!("{name}={:?}", number(bound.as_ref()?)?))).collect();
        all.extend(self.multiple_of.map(|count| format!("multiple_of={count}")));
        all.extend(self.min_length.map(|length| format!("min_length={length}")));
        all.extend(self.max_length.map(|length| format!("max_length={length}")));
        all.extend(self.pattern.as_ref().map(|pattern| format!("pattern={}", Json::from(pattern.as_str()))));
        all
    }

    fn is_none(&self) -> bool {
        *self == Bounds::default()
    }

    /// Is an accepted value within them?
    fn hold(&self, value: &Value) -> bool {
        let length = match value {
            Value::Str(text) => Some(text.chars().count() as u64),
            Value::List(items) | Value::Tuple(items) => Some(items.len() as u64),
            Value::Set(items) => Some(items.iter().enumerate().filter(|(index, item)| !items[..*index].contains(item)).count() as u64),
            Value::Dict(pairs) => Some(pairs.len() as u64),
            _ => None,
        };
        let keeps = |bound: &Option<Value>, holds: fn(f64, f64) -> bool| match (bound.as_ref().and_then(number), number(value)) {
            (Some(bound), Some(value)) => holds(value, bound),
            (None, _) => true,
            // No number is no number.
            (Some(_), None) => false,
        };
        self.min_length.is_none_or(|min| length.is_some_and(|length| length >= min))
            && self.max_length.is_none_or(|max| length.is_some_and(|length| length <= max))
            && self.multiple_of.is_none_or(|count| matches!(value, Value::Int(int) if int.checked_rem(count) == Some(0)))
            && self.pattern.as_ref().is_none_or(|pattern| matches!(value, Value::Str(text) if pattern.is_match(text)))
            && keeps(&self.ge, |value, bound| value >= bound)
            && keeps(&self.gt, |value, bound| value > bound)
            && keeps(&self.le, |value, bound| value <= bound)
            && keeps(&self.lt, |value, bound| value < bound)
    }

    /// Bounds that both hold.
    fn and(self, inner: &Bounds) -> Result<Bounds, String> {
        let tighter = |one: Option<Value>, other: &Option<Value>, keeps: fn(f64, f64) -> bool| match (one, other) {
            (Some(one), Some(other)) => Some(if keeps(number(&one).unwrap_or(0.0), number(other).unwrap_or(0.0)) { one } else { other.clone() }),
            (one, other) => one.or_else(|| other.clone()),
        };
        if self.pattern.is_some() && inner.pattern.is_some() && self.pattern != inner.pattern {
            return Err("two patterns".into());
        }
        if self.multiple_of.is_some() && inner.multiple_of.is_some() && self.multiple_of != inner.multiple_of {
            return Err("two multiples".into());
        }
        Ok(Bounds {
            ge: tighter(self.ge, &inner.ge, |one, other| one >= other),
            gt: tighter(self.gt, &inner.gt, |one, other| one >= other),
            le: tighter(self.le, &inner.le, |one, other| one <= other),
            lt: tighter(self.lt, &inner.lt, |one, other| one <= other),
            multiple_of: self.multiple_of.or(inner.multiple_of),
            min_length: self.min_length.max(inner.min_length),
            max_length: least(self.max_length, inner.max_length),
            pattern: self.pattern.or_else(|| inner.pattern.clone()),
        })
    }

    fn bind(mut self, shape: Shape) -> Result<Shape, String> {
        self.min_length = self.min_length.filter(|min| *min > 0);
        if self.is_none() {
            return Ok(shape);
        }
        let shape = match shape {
            Shape::Union { options } => {
                // They are of the value, where there is one.
                let bind = |option: Shape| if option == Shape::None { Ok(option) } else { self.clone().bind(option) };
                return options.into_iter().map(bind).collect::<Result<_, _>>().map(|options| Shape::Union { options });
            }
            Shape::Bounded { shape, bounds } => return self.and(&bounds)?.bind(*shape),
            Shape::Int { min, max } => {
                let low = most(min, most(self.ge.take().map(|bound| rounded(&bound, true, 0)).transpose()?, self.gt.take().map(|bound| rounded(&bound, false, 1)).transpose()?));
                let high = least(max, least(self.le.take().map(|bound| rounded(&bound, false, 0)).transpose()?, self.lt.take().map(|bound| rounded(&bound, true, -1)).transpose()?));
                Shape::Int { min: low, max: high }
            }
            Shape::Str { max } => Shape::Str { max: least(max, self.max_length.take()) },
            other => other,
        };
        let has_length = matches!(shape, Shape::Str { .. } | Shape::List { .. } | Shape::Set { .. } | Shape::TupleOf { .. } | Shape::Dict { .. });
        let is_compared = [&self.ge, &self.gt, &self.le, &self.lt].into_iter().any(Option::is_some);
        let is_empty = |low: Option<f64>, high: Option<f64>| matches!((low, high), (Some(low), Some(high)) if low > high);
        let longest = match &shape {
            Shape::Str { max } => *max,
            _ => self.max_length,
        };
        let values = |bound: &Option<Value>| bound.as_ref().and_then(number);
        match &shape {
            _ if (self.min_length.is_some() || self.max_length.is_some()) && !has_length => Err(format!("a {} has no length", shape.python())),
            _ if self.pattern.is_some() && !matches!(shape, Shape::Str { .. }) => Err(format!("a {} has no pattern", shape.python())),
            _ if self.multiple_of.is_some() && !matches!(shape, Shape::Int { .. }) => Err(format!("multiples of a {} are not supported", shape.python())),
            _ if self.multiple_of.is_some_and(|count| count < 1) => Err("multiples of less than 1".into()),
            _ if is_compared && shape != Shape::Float => Err(format!("a {} is not compared with a number", shape.python())),
            Shape::Int { min: Some(min), max: Some(max) } if min > max => Err("no int is within the bounds".into()),
            _ if self.min_length.is_some_and(|min| longest.is_some_and(|max| min > max)) => Err("no length is within the bounds".into()),
            _ if is_empty(values(&self.ge).or(values(&self.gt)), values(&self.le).or(values(&self.lt))) => Err("no float is within the bounds".into()),
            _ if self.is_none() => Ok(shape),
            _ => Ok(Shape::Bounded { shape: Box::new(shape), bounds: self }),
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(int) => Some(*int as f64),
        Value::Float(float) => Some(*float),
        _ => None,
    }
}

/// A bound as an int, rounded up or down, and moved.
fn rounded(bound: &Value, up: bool, by: i64) -> Result<i64, String> {
    let far = || format!("the bound {} of an int is no number of 64 bits", bound.to_plain_json());
    let int = match bound {
        Value::Int(int) => *int,
        Value::Float(float) if float.abs() < 9e18 => {
            let down = *float as i64 - i64::from((*float as i64) as f64 > *float);
            down + i64::from(up && (down as f64) < *float)
        }
        _ => return Err(far()),
    };
    int.checked_add(by).ok_or_else(far)
}

fn most<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.max(other)
}

fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
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
    // `-0` is an int, which the reader of JSON takes for a float, because ints have no such sign.
    let is_zero = || json.as_f64().is_some_and(|float| float == 0.0 && float.is_sign_negative());
    let Some(int) = json.as_i64().or_else(|| is_zero().then_some(0)) else {
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
        assert_eq!(error.to_string(), "$[1]: expected int from 0, got -2");
    }

    #[test]
    fn a_zero_with_a_sign_is_an_int() {
        let int = |min| Shape::Int { min, max: None };
        let zero: Json = serde_json::from_str("-0").unwrap();
        assert_eq!(int(None).accept(&zero), Ok(Value::Int(0)));
        assert!(int(Some(1)).accept(&zero).is_err() && int(None).accept(&json!(0.0)).is_err() && int(None).accept(&json!(-0.5)).is_err());
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
