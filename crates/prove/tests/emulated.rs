//! Tools that a model plays: whatever valid answers come, observations fit the toolkit's own text.

use emulant_prove::toolemu;
use serde_json::json;

#[test]
fn every_observation_fits_or_is_a_declared_exception() {
    let kinds = ["string", "integer", "number", "boolean", "array", "object"];
    let returns: Vec<_> = kinds.iter().map(|kind| json!({"name": format!("a_{kind}"), "type": kind})).collect();
    let mut tools: Vec<_> = kinds
        .iter()
        .map(|kind| {
            json!({"name": format!("Get{kind}"), "summary": "One part.", "parameters": [{"name": "x", "type": kind, "required": true}],
                "returns": [{"name": "value", "type": kind}], "exceptions": [{"name": "NotFound", "description": "It is gone."}]})
        })
        .collect();
    tools.push(json!({"name": "All", "summary": "Ä \"quoted\" text\nof two lines.", "parameters": [{"name": "y", "type": "array", "required": false}],
        "returns": returns, "exceptions": []}));
    let toolkit = json!({"toolkit": "Parts", "tools": tools});
    let played = toolemu::play(&toolkit, 40, 3);
    assert!(played.loaded, "{}", played.ended);
    assert_eq!((played.observations, played.valid), (280, 280), "{}", played.ended);
    assert!(played.raised > 20, "only {} exceptions", played.raised);
}
