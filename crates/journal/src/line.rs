//! An entry as bytes: one line of canonical JSON, and exactly one such line for
//! each entry, so that any other byte is a fault.

use crate::{Digest, Entry, Fault, VERSION, hex};
use alloc::{format, string::{String, ToString}};
use emulant_ask::canonical;
use serde_json::{Value as Json, json};

/// Longest line that is written or read.
pub const LINE_BYTES_MAX: usize = 64 << 20;

/// What the signature of a line signs begins with this, so that it can never
/// pass for a signature of something else.
const SIGNED: &str = "emulant journal checkpoint v1\n";

/// The line of `entry`, with its newline.
pub(crate) fn write(entry: &Entry, seq: u64, prev: &Digest) -> Result<String, Fault> {
    let mut line = canonical(&to_json(entry, seq, prev)?);
    line.push('\n');
    if line.len() > LINE_BYTES_MAX {
        return Err(Fault::new(seq + 1, format!("an entry of {} bytes is longer than the limit of {LINE_BYTES_MAX}", line.len())));
    }
    Ok(line)
}

/// The entry of `line`, which must be the one that [`write`] gives for it.
pub(crate) fn read(line: &str, seq: u64, prev: &Digest) -> Result<Entry, Fault> {
    let fault = |reason: String| Fault::new(seq + 1, reason);
    if line.len() > LINE_BYTES_MAX {
        return Err(fault(format!("it is longer than the limit of {LINE_BYTES_MAX} bytes")));
    }
    if !line.ends_with('\n') {
        return Err(fault("it is cut off: its newline is missing".into()));
    }
    let json: Json = serde_json::from_str(line).map_err(|error| fault(format!("it is not JSON: {error}")))?;
    check_frame(&json, seq, prev).map_err(fault)?;
    let entry = Entry::deserialize_from(&json).map_err(|error| fault(format!("it is not an entry: {error}")))?;
    match write(&entry, seq, prev)? == line {
        true => Ok(entry),
        false => Err(fault("it is not in the canonical form".into())),
    }
}

/// What the signature of a checkpoint or a close signs.
pub(crate) fn signed_part(entry: &Entry, seq: u64, prev: &Digest) -> Result<String, Fault> {
    let mut json = to_json(entry, seq, prev)?;
    if let Some(map) = json.as_object_mut() {
        map.remove("signature");
    }
    Ok(format!("{SIGNED}{}", canonical(&json)))
}

fn to_json(entry: &Entry, seq: u64, prev: &Digest) -> Result<Json, Fault> {
    let mut json = serde_json::to_value(entry).map_err(|error| Fault::new(seq + 1, error.to_string()))?;
    if let Some(map) = json.as_object_mut() {
        map.insert("v".into(), json!(VERSION));
        map.insert("seq".into(), json!(seq));
        map.insert("prev".into(), json!(hex(prev)));
    }
    Ok(json)
}

fn check_frame(json: &Json, seq: u64, prev: &Digest) -> Result<(), String> {
    match json.get("v").and_then(Json::as_u64) {
        Some(VERSION) => {}
        Some(version) => return Err(format!("its version is {version}; this program reads version {VERSION}")),
        None => return Err("it has no version".into()),
    }
    if json.get("seq").and_then(Json::as_u64) != Some(seq) {
        return Err(format!("its sequence number is not {seq}: a line was dropped, inserted or moved"));
    }
    if json.get("prev").and_then(Json::as_str) != Some(hex(prev).as_str()) {
        return Err("its `prev` is not the digest of the line before it: one of the two was changed".into());
    }
    Ok(())
}

impl Entry {
    fn deserialize_from(json: &Json) -> Result<Entry, serde_json::Error> {
        serde::Deserialize::deserialize(json)
    }
}
