//! JSON Schema back to a shape: what foreign tools say of their values.
//!
//! The way back is exact for what [`Shape::json_schema`] writes, up to names of
//! classes and the order of keys; of other schemas what cannot be said becomes
//! [`Shape::Any`], which accepts more, never less.

use crate::shape::{ITEMS_MAX, STRING_MAX};
use crate::{Bounds, Field, Pattern, RecordKind, Shape, Value};
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
    match word {
        "null" => Shape::None,
        "boolean" => Shape::Bool,
        "integer" => bounded(Shape::Int { min: None, max: None }, map, ["", "", "multipleOf"], 0),
        "number" => bounded(Shape::Float, map, ["", "", ""], 0),
        "string" => bounded(Shape::Str { max: None }, map, ["minLength", "maxLength", "pattern"], STRING_MAX),
        "array" => match (map.get("prefixItems").and_then(Json::as_array), map.get("items")) {
            (Some(items), _) => Shape::Tuple { items: items.iter().map(inner).collect() },
            (None, item) => bounded(Shape::List { item: Box::new(item.map_or(Shape::Any, inner)) }, map, ["minItems", "maxItems", ""], ITEMS_MAX),
        },
        "object" => object(map, depth),
        _ => Shape::Any,
    }
}

/// The shape within what the schema says by these names for fewest, most, and one thing more. The usual limit is no
/// bound; a bound that cannot be kept to says nothing.
fn bounded(shape: Shape, map: &serde_json::Map<alloc::string::String, Json>, [fewest, most, more]: [&str; 3], limit: u64) -> Shape {
    let count = |name: &str| map.get(name).and_then(Json::as_u64);
    let number = |name: &str| map.get(name).filter(|value| value.is_number() && limit == 0).and_then(|value| Value::from_json(value).ok());
    let bounds = Bounds {
        ge: number("minimum"),
        gt: number("exclusiveMinimum"),
        le: number("maximum"),
        lt: number("exclusiveMaximum"),
        multiple_of: map.get(more).and_then(Json::as_i64),
        min_length: count(fewest).filter(|min| *min > 0),
        max_length: count(most).filter(|max| *max != limit),
        pattern: map.get(more).and_then(Json::as_str).and_then(|text| Pattern::new(text).ok()).filter(Pattern::is_exact),
    };
    shape.clone().within(bounds).unwrap_or(shape)
}

fn object(map: &serde_json::Map<alloc::string::String, Json>, depth: usize) -> Shape {
    let inner = |schema: &Json| of(schema, depth + 1);
    let required = |name: &str| map.get("required").and_then(Json::as_array).is_some_and(|names| names.iter().any(|n| n.as_str() == Some(name)));
    match (map.get("properties").and_then(Json::as_object), map.get("additionalProperties")) {
        (Some(properties), Some(Json::Bool(false))) => {
            let field = |(name, schema): (&alloc::string::String, &Json)| Field { name: name.clone(), shape: inner(schema), required: required(name) };
            Shape::Record { record: RecordKind::TypedDict, name: "object".to_string(), fields: properties.iter().map(field).collect() }
        }
        (None, Some(schema @ Json::Object(_))) => bounded(Shape::Dict { value: Box::new(inner(schema)) }, map, ["minProperties", "maxProperties", ""], ITEMS_MAX),
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
        match bits.next(if depth > 3 { 10 } else { 16 }) {
            0 => Shape::None,
            1 => Shape::Bool,
            2 => Shape::Int { min: None, max: None },
            3 => Shape::Int { min: Some(-5), max: Some(bits.next(9) as i64) },
            4 => Shape::Float,
            5 => Shape::Str { max: (bits.next(2) == 0).then_some(3) },
            6 => Shape::Literal { values: Vec::from([Value::str("a"), Value::Int(2), Value::None, Value::Bool(true)]) },
            7..=9 => within(bits, depth),
            10 => Shape::List { item: item(bits) },
            11 => Shape::Tuple { items: (0..bits.next(3)).map(|_| shape(bits, depth + 1)).collect() },
            12 => Shape::Dict { value: item(bits) },
            13 => Shape::Union { options: (0..1 + bits.next(3)).map(|_| shape(bits, depth + 1)).collect() },
            14 => Shape::Any,
            _ => {
                let field = |index: u64, bits: &mut Bits| Field { name: format!("f{index}"), shape: shape(bits, depth + 1), required: bits.next(2) == 0 };
                let fields = (0..1 + bits.next(3)).map(|index| field(index, bits)).collect();
                Shape::Record { record: RecordKind::TypedDict, name: "object".into(), fields }
            }
        }
    }

    /// A shape within bounds that [`fitting`] knows how to keep.
    fn within(bits: &mut Bits, depth: u32) -> Shape {
        let (low, high) = (bits.next(3), 3 + bits.next(3));
        let lengths = Bounds { min_length: Some(low), max_length: (bits.next(2) == 0).then_some(high), ..Bounds::default() };
        let any = Box::new(Shape::Any);
        let item = if depth > 3 { any } else { Box::new(shape(bits, depth + 1)) };
        let (shape, bounds) = match bits.next(6) {
            0 => (Shape::Int { min: Some(-7), max: None }, Bounds { multiple_of: Some(1 + bits.next(4) as i64), lt: Some(Value::Float(8.5)), ..Bounds::default() }),
            1 => (Shape::Float, Bounds { ge: Some(Value::Float(0.25)), lt: Some(Value::Int(20)), ..Bounds::default() }),
            2 => (Shape::Str { max: None }, lengths),
            3 => (Shape::Str { max: Some(9) }, Bounds { pattern: Pattern::new(["^[a-c]{1,3}$", r"\d", "^x|y$", r"^[^\n.]+$"][bits.next(4) as usize]).ok(), ..Bounds::default() }),
            4 => (Shape::List { item }, lengths),
            _ => (Shape::Dict { value: item }, lengths),
        };
        shape.within(bounds).unwrap()
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
            Shape::Bounded { shape, bounds } => {
                let length = bounds.min_length.unwrap_or(0) + bits.next(2);
                let length = length.min(bounds.max_length.unwrap_or(length));
                match &**shape {
                    Shape::Int { .. } => json!(bounds.multiple_of.unwrap_or(1) * (bits.next(3) as i64 - 1)),
                    Shape::Float => json!(bits.next(79) as f64 / 4.0 + 0.25),
                    Shape::Str { .. } => match &bounds.pattern {
                        Some(pattern) => json!(pattern.sample(&mut |below| bits.next(below))),
                        None => json!("aé😀z1"[..].chars().take(length as usize).collect::<String>()),
                    },
                    Shape::List { item } => (0..length).map(|_| fitting(item, bits)).collect(),
                    Shape::Dict { value } => (0..length).map(|index| (format!("k{index}"), fitting(value, bits))).collect::<serde_json::Map<String, Json>>().into(),
                    other => panic!("{other:?}"),
                }
            }
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
    fn bounds_are_kept_and_said() {
        let number = |float: f64| Some(Value::Float(float));
        let int = || Shape::Int { min: None, max: None };
        let within = |shape: Shape, bounds: Bounds| shape.within(bounds).unwrap();
        let shape = within(int(), Bounds { gt: number(2.5), lt: Some(Value::Int(7)), ..Bounds::default() });
        assert_eq!(shape, Shape::Int { min: Some(3), max: Some(6) });
        let shape = within(int(), Bounds { ge: number(-2.5), le: number(-0.5), ..Bounds::default() });
        assert_eq!(shape, Shape::Int { min: Some(-2), max: Some(-1) });
        let even = within(shape, Bounds { multiple_of: Some(2), ..Bounds::default() });
        assert!(even.accept(&json!(-2)).is_ok() && even.accept(&json!(-1)).is_err() && even.accept(&json!(-4)).is_err());
        assert_eq!(even.accept(&json!(-1)).unwrap_err().to_string(), "$: expected Annotated[int, Field(multiple_of=2)], got -1");
        let share = within(Shape::Float, Bounds { ge: number(0.0), lt: number(1.0), ..Bounds::default() });
        assert!([0.0, 0.5].iter().all(|share_| share.accept(&json!(share_)).is_ok()) && share.accept(&json!(1)).is_err());
        assert!(share.accept(&json!({"$float": "nan"})).is_err());
        let name = within(Shape::Str { max: None }, Bounds { min_length: Some(2), max_length: Some(3), pattern: Pattern::new("^[A-Z]").ok(), ..Bounds::default() });
        assert_eq!(["Éa", "A", "Ab", "Abc", "Abcd", "ab"].map(|text| name.accept(&json!(text)).is_ok()), [false, false, true, true, false, false]);
        assert_eq!(name.json_schema(), json!({"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^[A-Z]"}));
        assert_eq!(name.python(), r#"Annotated[str, Field(min_length=2, pattern="^[A-Z]")]"#);
        let pair = within(Shape::Set { item: Box::new(int()) }, Bounds { min_length: Some(2), ..Bounds::default() });
        assert!(pair.accept(&json!([1, 1])).is_err() && pair.accept(&json!([1, 2])).is_ok());
        // A bound of what may be none, and a bound of a bound.
        let maybe = within(Shape::Union { options: Vec::from([Shape::None, int()]) }, Bounds { ge: Some(Value::Int(0)), ..Bounds::default() });
        assert!(maybe.accept(&Json::Null).is_ok() && maybe.accept(&json!(-1)).is_err());
        let twice = within(share.clone(), Bounds { ge: number(0.5), ..Bounds::default() });
        assert!(twice.accept(&json!(0.25)).is_err() && twice.accept(&json!(0.5)).is_ok() && twice.accept(&json!(1.0)).is_err());
        // What is stored comes back.
        for shape in [even, share, name, pair, maybe, twice] {
            assert_eq!(serde_json::from_str::<Shape>(&serde_json::to_string(&shape).unwrap()).unwrap(), shape);
        }
        assert!(serde_json::from_str::<Shape>(r#"{"type": "bounded", "shape": {"type": "str"}, "bounds": {"pattern": "("}}"#).is_err());
    }

    #[test]
    fn bounds_that_say_nothing_are_refused() {
        let number = |int: i64| Some(Value::Int(int));
        for (shape, bounds, said) in [
            (Shape::Str { max: None }, Bounds { ge: number(1), ..Bounds::default() }, "is not compared"),
            (Shape::Bool, Bounds { min_length: Some(1), ..Bounds::default() }, "has no length"),
            (Shape::Float, Bounds { pattern: Pattern::new("a").ok(), ..Bounds::default() }, "has no pattern"),
            (Shape::Float, Bounds { multiple_of: Some(2), ..Bounds::default() }, "multiples of a float"),
            (Shape::Int { min: None, max: None }, Bounds { multiple_of: Some(0), ..Bounds::default() }, "less than 1"),
            (Shape::Int { min: None, max: None }, Bounds { gt: number(3), lt: number(4), ..Bounds::default() }, "no int"),
            (Shape::Int { min: None, max: None }, Bounds { gt: number(i64::MAX), ..Bounds::default() }, "64 bits"),
            (Shape::Float, Bounds { ge: number(3), le: number(2), ..Bounds::default() }, "no float"),
            (Shape::Str { max: Some(2) }, Bounds { min_length: Some(3), ..Bounds::default() }, "no length"),
        ] {
            let reason = shape.within(bounds).unwrap_err();
            assert!(reason.contains(said), "{reason}");
        }
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
            // Spaces of JSON Schema are more than ours, and look-around is not ours.
            (json!({"type": "string", "pattern": "^\\s$"}), json!("\u{a0}")),
            (json!({"type": "string", "pattern": "^(?!b)"}), json!("a")),
            (json!({"type": "number", "minimum": 5, "maximum": 4}), json!(1.5)),
        ] {
            assert!(Shape::of_schema(&schema).accept(&value).is_ok(), "{schema}");
        }
    }
}
