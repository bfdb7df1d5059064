//! The types of arguments and cells as policies see them, from their JSON Schema.
//!
//! What JSON Schema leaves open has no type here, and no policy can speak of it.

use serde_json::{Map, Value as Json, json};

/// A type that policies know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Typed {
    Text,
    Int,
    Bool,
    /// Four digits behind the point.
    Decimal,
    Set(Box<Typed>),
    Record(Vec<Field>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) typed: Typed,
    pub(crate) required: bool,
}

/// Deepest schema that is followed.
const DEPTH_MAX: u32 = 20;

impl Typed {
    pub(crate) fn of(schema: &Json) -> Option<Typed> {
        of(schema, DEPTH_MAX).map(|(typed, _)| typed)
    }

    /// The arguments of a tool: a record, whatever its schema says.
    pub(crate) fn arguments(schema: &Json) -> Typed {
        match Typed::of(schema) {
            Some(record @ Typed::Record(_)) => record,
            _ => Typed::Record(Vec::new()),
        }
    }

    /// As a policy schema writes it.
    pub(crate) fn to_schema(&self) -> Json {
        match self {
            Typed::Text => json!({"type": "String"}),
            Typed::Int => json!({"type": "Long"}),
            Typed::Bool => json!({"type": "Boolean"}),
            Typed::Decimal => json!({"type": "Extension", "name": "decimal"}),
            Typed::Set(item) => json!({"type": "Set", "element": item.to_schema()}),
            Typed::Record(fields) => {
                let attribute = |field: &Field| {
                    let mut json = field.typed.to_schema();
                    if let Some(map) = json.as_object_mut() {
                        map.insert("required".into(), field.required.into());
                    }
                    (field.name.clone(), json)
                };
                json!({"type": "Record", "attributes": fields.iter().map(attribute).collect::<Map<_, _>>()})
            }
        }
    }
}

/// The type, and whether null is allowed too.
fn of(schema: &Json, depth: u32) -> Option<(Typed, bool)> {
    if depth == 0 {
        return None;
    }
    if let Some(options) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array) {
        let (nulls, others): (Vec<&Json>, Vec<&Json>) = options.iter().partition(|option| option["type"] == "null");
        let mut typed = others.iter().map(|option| of(option, depth - 1));
        let first = typed.next()??.0;
        // Several types at once: none that a policy could speak of.
        return typed.all(|other| other.is_some_and(|(other, _)| other == first)).then_some((first, !nulls.is_empty()));
    }
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        return values.iter().all(Json::is_string).then_some((Typed::Text, false));
    }
    let (name, optional) = match &schema["type"] {
        Json::String(name) => (name.clone(), false),
        Json::Array(names) => {
            let others: Vec<&str> = names.iter().filter_map(Json::as_str).filter(|name| *name != "null").collect();
            let [name] = others.as_slice() else { return None };
            (name.to_string(), others.len() < names.len())
        }
        _ => return None,
    };
    let typed = match name.as_str() {
        "string" => Typed::Text,
        "integer" => Typed::Int,
        "boolean" => Typed::Bool,
        "number" => Typed::Decimal,
        "array" => Typed::Set(Box::new(of(schema.get("items")?, depth - 1)?.0)),
        "object" => Typed::Record(fields(schema, depth)),
        _ => return None,
    };
    Some((typed, optional))
}

fn fields(schema: &Json, depth: u32) -> Vec<Field> {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let field = |(name, schema): (&String, &Json)| {
        let (typed, optional) = of(schema, depth - 1)?;
        Some(Field { name: name.clone(), typed, required: required.contains(&name.as_str()) && !optional })
    };
    schema["properties"].as_object().into_iter().flatten().filter_map(field).collect()
}
