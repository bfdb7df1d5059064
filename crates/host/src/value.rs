//! Foreign JSON to values and back. Tools know nothing of our tags: an object
//! with one `$` key is a dict to them, and what JSON cannot say is an error.

use emulant_ask::Value;
use serde_json::{Map, Number, Value as Json, json};

/// The value that a tool's JSON stands for.
pub fn from_foreign(json: &Json) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(int), _) => Value::Int(int),
            (None, _) if n.is_u64() => Value::Big(n.to_string()),
            (None, float) => Value::Float(float.unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::Str(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(from_foreign).collect()),
        Json::Object(map) => Value::dict(map.iter().map(|(key, value)| (key.clone(), from_foreign(value)))),
    }
}

/// The JSON that a tool gets for `value`.
///
/// # Errors
/// What JSON cannot say, in a sentence.
pub fn to_foreign(value: &Value) -> Result<Json, String> {
    Ok(match value {
        Value::Big(digits) => match digits.parse::<u64>() {
            Ok(int) => json!(int),
            Err(_) => return Err(format!("an integer of {} digits does not fit in JSON", digits.len())),
        },
        Value::Float(float) => Json::Number(Number::from_f64(*float).ok_or("JSON has no inf and nan")?),
        Value::Bytes(_) => return Err("JSON has no bytes".into()),
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
            items.iter().map(to_foreign).collect::<Result<Vec<_>, _>>()?.into()
        }
        Value::Dict(pairs) => {
            let mut map = Map::new();
            for (key, value) in pairs {
                let key = key.as_str().ok_or("a key of a JSON object is a string")?;
                map.insert(key.into(), to_foreign(value)?);
            }
            map.into()
        }
        Value::Record(_, fields) => {
            fields.iter().map(|(name, value)| Ok((name.clone(), to_foreign(value)?))).collect::<Result<Map<_, _>, String>>()?.into()
        }
        plain => plain.to_plain_json(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_json_has_no_tags_and_keeps_its_order() {
        let json: Json = serde_json::from_str(r#"{"z":{"$float":"1.5"},"a":[1.0,18446744073709551615,null]}"#).unwrap();
        let value = from_foreign(&json);
        let float = Value::dict([("$float", Value::str("1.5"))]);
        let list = Value::List(vec![Value::Float(1.0), Value::Big("18446744073709551615".into()), Value::None]);
        assert_eq!(value, Value::dict([("z", float), ("a", list)]));
        assert_eq!(to_foreign(&value).unwrap().to_string(), json.to_string());
    }

    #[test]
    fn what_json_cannot_say_is_an_error() {
        for value in [Value::Float(f64::NAN), Value::Bytes(vec![]), Value::Big("9".repeat(30)), Value::Dict(vec![(Value::Int(1), Value::None)])] {
            assert!(to_foreign(&Value::List(vec![value])).is_err());
        }
    }
}
