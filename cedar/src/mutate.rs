//! Mutants of policies: each differs from the original in one place. A set of
//! tests that no mutant fails would not notice if that place were wrong.

use cedar_policy::{Policy as One, PolicyId, PolicySet};
use serde_json::{Value as Json, json};
use std::str::FromStr;

/// A set of policies that differs in one place.
pub struct Mutant {
    /// What was changed.
    pub what: String,
    /// The policies, as one text.
    pub text: String,
}

/// Mutants of policies that parse: each policy left out, its effect turned, each of its
/// conditions turned or left out, each side of an `&&` and `||` alone.
///
/// # Errors
/// When the policies do not parse.
pub fn mutants(texts: &[(String, String)]) -> Result<Vec<Mutant>, String> {
    let mut all: Vec<(String, Json)> = Vec::new();
    for (file, text) in texts {
        let set = PolicySet::from_str(text).map_err(|error| format!("{file}: {error}"))?;
        let mut policies: Vec<&One> = set.policies().collect();
        policies.sort_by_key(|policy| policy.id().to_string());
        for policy in policies {
            let name = policy.annotation("id").map_or_else(|| format!("{file}/{}", policy.id()), ToString::to_string);
            all.push((name, policy.to_json().map_err(|error| error.to_string())?));
        }
    }
    let mut mutants = Vec::new();
    for at in 0..all.len() {
        let name = all[at].0.clone();
        mutants.push(Mutant { what: format!("without {name}"), text: written(&all, at, None)? });
        for (what, changed) in changes(&all[at].1) {
            mutants.push(Mutant { what: format!("{name}: {what}"), text: written(&all, at, Some(&changed))? });
        }
    }
    Ok(mutants)
}

fn written(all: &[(String, Json)], at: usize, instead: Option<&Json>) -> Result<String, String> {
    let mut out = String::new();
    for (index, (_, json)) in all.iter().enumerate() {
        let json = match (index == at, instead) {
            (true, None) => continue,
            (true, Some(changed)) => changed,
            (false, _) => json,
        };
        let policy = One::from_json(Some(PolicyId::new(format!("p{index}"))), json.clone()).map_err(|error| error.to_string())?;
        out.push_str(&policy.to_cedar().unwrap_or_default());
        out.push('\n');
    }
    Ok(out)
}

fn changes(policy: &Json) -> Vec<(String, Json)> {
    let mut out = Vec::new();
    let turned = if policy["effect"] == "permit" { "forbid" } else { "permit" };
    let mut other = policy.clone();
    other["effect"] = json!(turned);
    out.push((format!("{turned} in its place"), other));
    let conditions = policy["conditions"].as_array().cloned().unwrap_or_default();
    for (index, condition) in conditions.iter().enumerate() {
        let mut without = conditions.clone();
        without.remove(index);
        let mut other = policy.clone();
        other["conditions"] = without.into();
        out.push((format!("without condition {}", index + 1), other));
        let mut other = policy.clone();
        other["conditions"][index]["kind"] = json!(if condition["kind"] == "when" { "unless" } else { "when" });
        out.push((format!("condition {} turned", index + 1), other));
        for (what, body) in halves(&condition["body"]) {
            let mut other = policy.clone();
            other["conditions"][index]["body"] = body;
            out.push((format!("condition {}: {what}", index + 1), other));
        }
    }
    out
}

/// The expression with one of its `&&` and `||` reduced to one side.
fn halves(body: &Json) -> Vec<(String, Json)> {
    let mut out = Vec::new();
    for (operator, side) in [("&&", "left"), ("&&", "right"), ("||", "left"), ("||", "right")] {
        if let Some(kept) = body[operator].get(side) {
            out.push((format!("only the {side} side of {operator}"), kept.clone()));
            for (what, inner) in halves(kept) {
                let mut other = body.clone();
                other[operator][side] = inner;
                out.push((what, other));
            }
        }
    }
    out
}
