//! A run as an attestation that others can check: an in-toto statement about the exported journal, in a signed DSSE
//! envelope. It says no more than the journal does.

use crate::options::RunOptions;
use crate::record::from_declarations;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use emulant_ask::canonical;
use emulant_gate::Declaration;
use emulant_journal::{Journal, Key, hex, sha256};
use serde_json::{Value as Json, json};

/// What the envelope holds.
pub const MEDIA_TYPE: &str = "application/vnd.in-toto+json";
/// What the statement says.
pub const PREDICATE_TYPE: &str = "urn:emulant:run:v1";

/// The statement about `journal`, whose exported bytes are `lines`: what ran, under which tools and policies, and how
/// it ended.
///
/// # Errors
/// When the journal is empty.
pub fn statement(journal: &Journal, lines: &[u8]) -> Result<Json, String> {
    let run = journal.run().ok_or("the journal is empty")?;
    let (options, tools) = RunOptions::of_run(run);
    let digest = |bytes: &[u8]| json!({"sha256": hex(&sha256(bytes))});
    let named = |name: &str, bytes: &[u8]| json!({"name": name, "digest": digest(bytes)});
    let tool = |tool: &Declaration| canonical(&from_declarations(std::slice::from_ref(tool)).to_json());
    let tools: Vec<Json> = tools.iter().map(|one| named(&one.name, tool(one).as_bytes())).collect();
    let policies: Vec<Json> = options.manifest.policies.iter().map(|(name, text)| named(name, text.as_bytes())).collect();
    let acted = journal.exchanges().iter().filter(|exchange| exchange.acts && exchange.answer.is_some()).count();
    let end = journal.ending().map(|close| {
        json!({"ending": close.ending, "exit_status": close.exit_status, "output": {"sha256": close.output_sha256}, "root": close.sign.root})
    });
    Ok(json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [named(&format!("{}.jsonl", run.run), lines)],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "run": run.run, "program": {"name": run.program.file, "digest": {"sha256": run.program.sha256}},
            "semantics": run.semantics, "words": run.words, "tools": tools, "policies": policies,
            "entries": journal.next_seq(), "asks": journal.exchanges().len(), "acting_calls": acted,
            "in_doubt": journal.in_doubt().map(|exchange| exchange.seq).collect::<Vec<_>>(), "end": end,
        },
    }))
}

/// The statement in an envelope that `key` signed.
pub fn envelope(statement: &Json, key: &Key) -> Json {
    let payload = canonical(statement);
    let signature = emulant_journal::unhex::<64>(&key.sign_dsse(MEDIA_TYPE, payload.as_bytes())).unwrap_or([0; 64]);
    json!({
        "payloadType": MEDIA_TYPE, "payload": STANDARD.encode(&payload),
        "signatures": [{"keyid": key.public().to_hex(), "sig": STANDARD.encode(signature)}],
    })
}
