//! Receipts of decisions that others signed (draft-farley-acta-signed-receipts), verified with our own parts:
//! canonical JSON (RFC 8785), SHA-256, Ed25519, keys as JWK, Cedar, and the gate where a vector says that
//! nothing may be executed.

use super::court::{Court, call};
use super::{json, text};
use crate::common::Trouble;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use emulant_ask::{Answer, Call, Value, canonical};
use emulant_gate::{Approval, Bound, Contract, Declaration, Outcome, SchemaCheck, State};
use emulant_host::answer::{NoModel, Nobody, Tools, World};
use emulant_host::cedar::Cedar;
use emulant_host::manifest::Manifest;
use emulant_host::options::RunOptions;
use emulant_host::rules::Rules;
use emulant_host::schema::Schemas;
use emulant_host::store::Store;
use emulant_host::value::from_foreign;
use emulant_journal::{PublicKey, hex, sha256};
use serde_json::{Value as Json, json};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What was checked: a line each.
#[derive(Default)]
struct Checked(Vec<(String, Option<bool>)>);

impl Checked {
    fn say(&mut self, what: &str, holds: bool) {
        say_line!("receipts: {what}: {}", if holds { "yes" } else { "NO" });
        self.0.push((what.into(), Some(holds)));
    }

    fn leave_out(&mut self, what: &str, why: &str) {
        say_line!("receipts: {what}: left out ({why})");
        self.0.push((what.into(), None));
    }
}

pub fn measure(folder: &Path) -> Result<(Json, bool), Trouble> {
    let mut checked = Checked::default();
    let aps = folder.join("aps");
    fail_closed(&aps.join("1-fail-closed"), &mut checked)?;
    let key = external(&aps.join("2-external-verification"), &mut checked)?;
    drift(&aps.join("3-state-drift"), key, &mut checked)?;
    acta(&folder.join("acta"), &mut checked)?;
    let bad = checked.0.iter().any(|(_, holds)| *holds == Some(false));
    Ok((checked.0.into_iter().map(|(what, holds)| (what, json!(holds))).collect::<serde_json::Map<_, _>>().into(), bad))
}

/// A signing key that cannot be loaded: the run does not begin, and no tool is called.
fn fail_closed(folder: &Path, checked: &mut Checked) -> Result<(), Trouble> {
    let (input, expected) = (json(&folder.join("input.json"))?, json(&folder.join("expected-output.json"))?);
    let state = std::env::temp_dir().join(format!("emulant-receipts-{}", std::process::id()));
    let store = Store::open(&state)?;
    let key = state.join("key");
    let written = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&key).and_then(|mut file| std::io::Write::write_all(&mut file, b"not a key\n"));
    written.map_err(Trouble::computer)?;
    let mut tools = Counted::default();
    let url = &input["params"]["url"];
    let options = RunOptions { allowed: [NET.to_string()].into(), ..RunOptions::new("vector.py", format!("from emulant import tools\ntools.{NET}(url={url})\n")) };
    let world = World { tools: &mut tools, model: &mut NoModel, person: &mut Nobody, sink: &mut |_, _: &str| () };
    let refused = emulant_host::run::run(options, Some(store), world).is_err();
    let _ = std::fs::remove_dir_all(&state);
    let may_not = expected["side_effects"]["tool_invoked"] == false && expected["receipt"].is_null();
    checked.say("aps 1: without its signing key nothing is executed", may_not && refused && tools.calls == 0);
    Ok(())
}

/// The tool of the vectors.
const NET: &str = "http_get";

#[derive(Default)]
struct Counted {
    schemas: Schemas,
    calls: usize,
}

impl Tools for Counted {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        Ok(vec![Declaration { name: NET.into(), acts: true, critical: Some(Vec::new()), input_schema: json!({"type": "object", "properties": {"url": {"type": "string"}}}), ..Declaration::default() }])
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        &self.schemas
    }

    fn call(&mut self, _: &Call) -> Answer {
        self.calls += 1;
        Answer::value(Value::None)
    }
}

/// The key of a JWKS by its id, which is the key's own thumbprint (RFC 7638).
fn jwk(keys: &Json, kid: &Json) -> Option<PublicKey> {
    let key = keys["keys"].as_array()?.iter().find(|key| key["kid"] == *kid)?;
    let (kind, curve, x) = (key["kty"].as_str()?, key["crv"].as_str()?, key["x"].as_str()?);
    let print = canonical(&json!({"crv": curve, "kty": kind, "x": x}));
    let is_own = URL_SAFE_NO_PAD.encode(sha256(print.as_bytes())) == kid.as_str()?;
    let bytes = URL_SAFE_NO_PAD.decode(x).ok()?;
    ((kind, curve) == ("OKP", "Ed25519") && is_own).then(|| PublicKey::from_hex(&hex(&bytes)))?
}

/// What a receipt signs, and its signature.
fn signed(receipt: &Json) -> (String, String) {
    let mut body = receipt.clone();
    let signature = body.as_object_mut().and_then(|map| map.remove("signature"));
    (canonical(&body), signature.and_then(|text| text.as_str().map(String::from)).unwrap_or_default())
}

fn digest(json: &Json) -> String {
    format!("sha256:{}", hex(&sha256(canonical(json).as_bytes())))
}

fn external(folder: &Path, checked: &mut Checked) -> Result<Option<PublicKey>, Trouble> {
    let [receipt, input, keys, expected] = ["receipt.json", "input.json", "jwks.json", "expected-output.json"].map(|name| json(&folder.join(name)));
    let (receipt, input, expected) = (receipt?, input?, expected?);
    let (body, signature) = signed(&receipt);
    let key = jwk(&keys?, &receipt["kid"]);
    checked.say("aps 2: our canonical bytes are the vector's", body == text(&folder.join("canonical.txt"))?);
    checked.say("aps 2: their SHA-256 is the vector's", hex(&sha256(body.as_bytes())) == expected["receipt_canonical_sha256"]);
    checked.say("aps 2: the JWK is its id's, and verifies the signature", key.is_some_and(|key| key.verify_foreign(body.as_bytes(), &signature)));
    checked.say("aps 2: the arguments' digest is the signed one", digest(&input["params"]) == receipt["payload"]["params_hash"]);
    checked.say("aps 2: no byte can be changed", key.is_some_and(|key| no_byte_can_change(key, &body, &signature)));
    Ok(key)
}

/// Does every change of one byte, of what was signed and of the signature, fail to verify?
fn no_byte_can_change(key: PublicKey, body: &str, signature: &str) -> bool {
    let changed = |text: &str, at: usize| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1;
        bytes
    };
    let of_body = (0..body.len()).all(|at| !key.verify_foreign(&changed(body, at), signature));
    of_body && (0..signature.len()).all(|at| !key.verify_foreign(body.as_bytes(), &String::from_utf8_lossy(&changed(signature, at))))
}

/// A state that changed between yes and call: the digest differs, and our gate, which judges again with the
/// state of the moment, refuses what it had passed.
fn drift(folder: &Path, key: Option<PublicKey>, checked: &mut Checked) -> Result<(), Trouble> {
    let [receipt, before, after, expected] = ["receipt.json", "state-at-signing.json", "state-at-execution.json", "expected-output.json"].map(|name| json(&folder.join(name)));
    let (receipt, before, after, expected) = (receipt?, before?, after?, expected?);
    let (body, signature) = signed(&receipt);
    checked.say("aps 3: the receipt verifies", key.is_some_and(|key| key.verify_foreign(body.as_bytes(), &signature)));
    checked.say("aps 3: no byte can be changed", key.is_some_and(|key| no_byte_can_change(key, &body, &signature)));
    let at_signing = digest(&before) == receipt["payload"]["state_hash_at_signing"];
    let at_execution = digest(&after) == expected["state_hash_at_execution"];
    checked.say("aps 3: the digests of both states are the vector's, and differ", at_signing && at_execution && digest(&before) != digest(&after));
    let pass_then_refuse = decided(&before)? && !decided(&after)?;
    checked.say("aps 3: what was approved is refused when the state has drifted", pass_then_refuse);
    Ok(())
}

/// Does a call that was approved pass with this state of its delegation?
fn decided(delegation: &Json) -> Result<bool, Trouble> {
    let contract = Contract { pre: vec!["state['delegation']['status'] == 'active'".into()], ..Contract::default() };
    let tools = vec![Declaration { name: NET.into(), acts: true, input_schema: json!({"type": "object"}), contract, ..Declaration::default() }];
    let schemas = Schemas::default();
    let manifest = Manifest { state: vec![("delegation".into(), json!({"type": "object"}), from_foreign(delegation))], ..Manifest::default() };
    let options = RunOptions { manifest, ..RunOptions::new("", "") };
    let rules = Rules::new(&options, &tools, &[], &schemas).map_err(Trouble::usage)?;
    let one = Call { tool: NET.into(), arguments: vec![("url".into(), Value::str("https://example.com/data"))] };
    let approval = Approval::Given(Bound::to(&one, &[]));
    let decision = rules.with_gate(&options, &tools, &[], &schemas, |gate| gate.decide(&one, &[], &super::court::site(), &approval));
    Ok(decision.outcome == Outcome::Pass)
}

/// The decisions of the Acta vectors, by Cedar. Their policy compares strings by `in`, which Cedar has for entities
/// only: a policy with it fails to evaluate. It is read with `contains` in its place, and what the vectors call
/// the context are a call's arguments here.
fn acta(folder: &Path, checked: &mut Checked) -> Result<(), Trouble> {
    let policy = text(&folder.join("policy/autoresearch-safe.cedar"))?;
    let mut inputs: Vec<_> = std::fs::read_dir(folder.join("inputs")).map_err(Trouble::computer)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    inputs.sort();
    let chain = super::lines(&folder.join("expected/chain.jsonl"))?;
    if emulant_host::cedar::program().is_none() {
        checked.leave_out("acta: decisions", "emulant-cedar is not installed");
        return Ok(());
    }
    let arguments = json!({"type": "object", "properties": {"command_pattern": {"type": "string"}, "path_starts_with": {"type": "string"}}, "required": []});
    let required = |name: &str| match name {
        "Bash" => json!(["command_pattern"]),
        "Write" | "Edit" => json!(["path_starts_with"]),
        _ => json!([]),
    };
    let tool = |name: &str| {
        let mut schema = arguments.clone();
        schema["required"] = required(name);
        Declaration { name: name.into(), acts: true, input_schema: schema, ..Declaration::default() }
    };
    let tools: Vec<Declaration> = ["Read", "Glob", "Grep", "WebSearch", "Bash", "Write", "Edit"].map(tool).into();
    let as_it_stands = Cedar::open(&[("acta".into(), policy.clone())], &tools, &State::default());
    checked.say("acta: the policy as it stands is refused, for it compares strings by `in`", as_it_stands.is_err());
    let ours = contains(&policy).replace("context.", "context.args.");
    let court = Court::new(tools, Manifest { policies: vec![("acta".into(), ours)], ..Manifest::default() })?;
    for (file, expected) in inputs.iter().zip(&chain) {
        let input = json(file)?;
        let empty = serde_json::Map::new();
        let one = call(input["tool_name"].as_str().unwrap_or_default(), input["context"].as_object().unwrap_or(&empty));
        let said = if court.decide(&one, |_| false).outcome == Outcome::Pass { "allow" } else { "deny" };
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        checked.say(&format!("acta: {name} is decided as expected ({said})"), input["expected_decision"] == said && expected["decision"] == said && expected["tool_name"] == input["tool_name"]);
    }
    checked.say("acta: each of the chain's decisions has its input", inputs.len() == chain.len());
    Ok(())
}

/// `context.x in ["a", "b"]` as `["a", "b"].contains(context.x)`.
fn contains(policy: &str) -> String {
    let line = |line: &str| match line.trim().split_once(" in [") {
        Some((left, rest)) if left.starts_with("context.") => match rest.strip_suffix(']') {
            Some(items) => format!("    [{items}].contains({left})"),
            None => line.into(),
        },
        _ => line.into(),
    };
    policy.lines().map(line).collect::<Vec<_>>().join("\n")
}
