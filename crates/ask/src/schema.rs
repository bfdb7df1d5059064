//! JSON Schema back to a shape: what foreign tools say of their values.
//!
//! The way back is exact for what [`Shape::json_schema`] writes, up to names of
//! classes and the order of keys; of other schemas what cannot be said becomes
//! [`Shape::Any`], which accepts more, never less.

use crate::shape::STRING_MAX;
use crate::{Field, RecordKind, Shape, Value};
use alloc::{boxed::Box, string::ToString, vec::Vec};
use serde_json::Value as Json;

/// Deepest schema that is looked into.
const DEPTH_MAX: usize = 64;

impl Shape {
    /// The shape that a schema describes.
    pub fn of_schema(schema: &Json) -> Shape {
        of(schema, 0)
    }
}

fn of(schema: &Json, depth: usize) -> Shape {
    let Some(map) = schema.as_object().filter(|_| depth <= DEPTH_MAX) else { return Shape::Any };
    let inner = |schema: &Json| of(schema, depth + 1);
    if let Some(values) = map.get("enum").and_then(Json::as_array) {
        let values: Option<Vec<Value>> = values.iter().map(|value| Value::from_json(value).ok()).collect();
        return values.map_or(Shape::Any, |values| Shape::Literal { values });
    }
    if let Some(value) = map.get("const").and_then(|value| Value::from_json(value).ok()) {
        return Shape::Literal { values: Vec::from([value]) };
    }
    if let Some(options) = map.get("anyOf").or_else(|| map.get("oneOf")).and_then(Json::as_array) {
        return Shape::Union { options: options.iter().map(inner).collect() };
    }
    let word = map.get("type").and_then(Json::as_str).unwrap_or_default();
    let number = |name: &str| map.get(name).and_then(Json::as_i64);
    match word {
        "null" => Shape::None,
        "boolean" => Shape::Bool,
        "integer" => Shape::Int { min: number("minimum"), max: number("maximum") },
        "number" => Shape::Float,
        "string" => Shape::Str { max: number("maxLength").and_then(|max| u64::try_from(max).ok()).filter(|max| *max != STRING_MAX) },
        "array" => match (map.get("prefixItems").and_then(Json::as_array), map.get("items")) {
            (Some(items), _) => Shape::Tuple { items: items.iter().map(inner).collect() },
            (None, item) => Shape::List { item: Box::new(item.map_or(Shape::Any, inner)) },
        },
        "object" => object(map, depth),
        _ => Shape::Any,
    }
}

fn object(map: &serde_json::Map<alloc::string::String, Json>, depth: usize) -> Shape {
    let inner = |schema: &Json| of(schema, depth + 1);
    let required = |name: &str| map.get("required").and_then(Json::as_array).is_some_and(|names| names.iter().any(|n| n.as_str() == Some(name)));
    match (map.get("properties").and_then(Json::as_object), map.get("additionalProperties")) {
        (Some(properties), Some(Json::Bool(false))) => {
            let field = |(name, schema): (&alloc::string::String, &Json)| Field { name: name.clone(), shape: inner(schema), required: required(name) };
            Shape::Record { record: RecordKind::TypedDict, name: "object".to_string(), fields: properties.iter().map(field).collect() }
        }
        (None, Some(schema @ Json::Object(_))) => Shape::Dict { value: Box::new(inner(schema)) },
        _ => Shape::Dict { value: Box::new(Shape::Any) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String};
    use serde_json::json;

    /// A small generator of random bits, so that the test needs no crate.
    struct Bits(u64);

    impl Bits {
        fn next(&mut self, below: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % below
        }
    }

    fn shape(bits: &mut Bits, depth: u32) -> Shape {
        let item = |bits: &mut Bits| Box::new(shape(bits, depth + 1));
        match bits.next(if depth > 3 { 7 } else { 13 }) {
            0 => Shape::None,
            1 => Shape::Bool,
            2 => Shape::Int { min: None, max: None },
            3 => Shape::Int { min: Some(-5), max: Some(bits.next(9) as i64) },
            4 => Shape::Float,
            5 => Shape::Str { max: (bits.next(2) == 0).then_some(3) },
            6 => Shape::Literal { values: Vec::from([Value::str("a"), Value::Int(2), Value::None, Value::Bool(true)]) },
            7 => Shape::List { item: item(bits) },
            8 => Shape::Tuple { items: (0..bits.next(3)).map(|_| shape(bits, depth + 1)).collect() },
            9 => Shape::Dict { value: item(bits) },
            10 => Shape::Union { options: (0..1 + bits.next(3)).map(|_| shape(bits, depth + 1)).collect() },
            11 => Shape::Any,
            _ => {
                let field = |index: u64, bits: &mut Bits| Field { name: format!("f{index}"), shape: shape(bits, depth + 1), required: bits.next(2) == 0 };
                let fields = (0..1 + bits.next(3)).map(|index| field(index, bits)).collect();
                Shape::Record { record: RecordKind::TypedDict, name: "object".into(), fields }
            }
        }
    }

    fn json(bits: &mut Bits, depth: u32) -> Json {
        match bits.next(if depth > 3 { 6 } else { 8 }) {
            0 => Json::Null,
            1 => json!(bits.next(2) == 0),
            2 => json!(bits.next(12) as i64 - 6),
            3 => json!(bits.next(9) as f64 / 2.0),
            4 => json!("a"),
            5 => json!("abcd"),
            6 => (0..bits.next(4)).map(|_| json(bits, depth + 1)).collect(),
            _ => (0..bits.next(4)).map(|index| (format!("f{index}"), json(bits, depth + 1))).collect::<serde_json::Map<String, Json>>().into(),
        }
    }

    /// JSON that fits the shape.
    fn fitting(shape: &Shape, bits: &mut Bits) -> Json {
        match shape {
            Shape::Any => json(bits, 3),
            Shape::None => Json::Null,
            Shape::Bool => json!(bits.next(2) == 0),
            Shape::Int { min, max } => json!(min.unwrap_or(-9).max(max.unwrap_or(9) - bits.next(3) as i64)),
            Shape::Float => json!(bits.next(100) as f64 / 4.0),
            Shape::Str { .. } => json!("abc"),
            Shape::Literal { values } => values[bits.next(values.len() as u64) as usize].to_plain_json(),
            Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => (0..bits.next(3)).map(|_| fitting(item, bits)).collect(),
            Shape::Tuple { items } => items.iter().map(|item| fitting(item, bits)).collect(),
            Shape::Dict { value } => (0..bits.next(3)).map(|index| (format!("k{index}"), fitting(value, bits))).collect::<serde_json::Map<String, Json>>().into(),
            Shape::Record { fields, .. } => {
                let kept: Vec<&Field> = fields.iter().filter(|field| field.required || bits.next(2) == 0).collect();
                kept.into_iter().map(|field| (field.name.clone(), fitting(&field.shape, bits))).collect::<serde_json::Map<String, Json>>().into()
            }
            Shape::Enum { members, .. } => json!(members[0]),
            Shape::Union { options } => fitting(&options[bits.next(options.len() as u64) as usize], bits),
        }
    }

    #[test]
    fn schema_and_back_accepts_the_same_values() {
        let mut bits = Bits(20_260_101);
        let mut accepted = 0;
        for case in 0..4000 {
            let shape = shape(&mut bits, 0);
            let back = Shape::of_schema(&shape.json_schema());
            assert_eq!(back.json_schema(), shape.json_schema(), "case {case}: {}", shape.python());
            for round in 0..4 {
                let value = if round < 2 { fitting(&shape, &mut bits) } else { json(&mut bits, 0) };
                let (one, other) = (shape.accept(&value), back.accept(&value));
                if round < 2 {
                    assert!(one.is_ok(), "case {case}: {} refuses its own {value}: {one:?}", shape.python());
                    accepted += 1;
                }
                assert_eq!(one.is_ok(), other.is_ok(), "case {case}: {} and {value}", shape.python());
            }
        }
        assert_eq!(accepted, 8000);
    }

    #[test]
    fn a_foreign_schema_accepts_more_never_less() {
        for (schema, value) in [
            (json!({"type": "string", "pattern": "^a"}), json!("a")),
            (json!({"type": "object", "properties": {"a": {"type": "integer"}}}), json!({"a": 1, "b": 2})),
            (json!({"$ref": "#/x"}), json!(1)),
            (json!({"type": ["string", "null"]}), Json::Null),
            (json!(true), json!([1])),
            (json!({"const": 3}), json!(3)),
        ] {
            assert!(Shape::of_schema(&schema).accept(&value).is_ok(), "{schema}");
        }
    }
}
