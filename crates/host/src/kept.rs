//! What was there before a call changed it, kept by digest beside the journals
//! and synced before the call leaves.

use crate::keep::RunError;
use emulant_ask::{Value, canonical};
use std::io::Write;
use std::path::Path;

/// The sentence in a journal that names what was kept.
pub(crate) const SENTENCE: &str = "what was there before is kept as ";

/// The folder beside the journals.
pub(crate) const FOLDER: &str = "kept";

/// Keeps a value and gives its digest.
pub(crate) fn put(folder: &Path, value: &Value) -> Result<String, RunError> {
    let trouble = |error: std::io::Error| RunError::Tools(format!("what was there before cannot be kept: {error}"));
    let text = canonical(&value.to_json());
    let digest = emulant_journal::hex(&emulant_journal::sha256(text.as_bytes()));
    let folder = folder.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(trouble)?;
    let path = folder.join(&digest);
    if path.exists() {
        // It is needed from now on, also by this run; see [`sweep`].
        std::fs::File::open(&path).and_then(|file| file.set_modified(std::time::SystemTime::now())).map_err(trouble)?;
        return Ok(digest);
    }
    let draft = folder.join(format!("{digest}.{}", std::process::id()));
    let mut file = std::fs::File::create(&draft).map_err(trouble)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(trouble)?;
    std::fs::rename(&draft, &path).map_err(trouble)?;
    // The name must be there after a crash too.
    std::fs::File::open(&folder).and_then(|folder| folder.sync_all()).map_err(trouble)?;
    Ok(digest)
}

/// What was kept under a digest.
///
/// # Errors
/// When it is not there, or is not what was kept.
pub(crate) fn get(folder: &Path, digest: &str) -> Result<Value, String> {
    if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format!("{digest:?} is no digest"));
    }
    let text = std::fs::read_to_string(folder.join(FOLDER).join(digest)).map_err(|error| format!("what was kept as {digest}: {error}"))?;
    if emulant_journal::hex(&emulant_journal::sha256(text.as_bytes())) != digest {
        return Err(format!("what was kept as {digest} was changed"));
    }
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    Value::from_json(&json)
}

/// Removes what none of these lines names and nobody kept since `before_us` (microseconds since the epoch): a call
/// that is about to leave may not be on record yet. Gives how many were removed.
pub(crate) fn sweep(folder: &Path, lines: &[String], before_us: u64) -> std::io::Result<usize> {
    let named = |line: &String| line.split(SENTENCE).skip(1).filter_map(|rest| rest.get(..64)).map(String::from).collect::<Vec<_>>();
    let named: std::collections::BTreeSet<String> = lines.iter().flat_map(named).collect();
    let before = std::time::UNIX_EPOCH + std::time::Duration::from_micros(before_us);
    let entries = match std::fs::read_dir(folder.join(FOLDER)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let entry = entry?;
        let is_named = entry.file_name().to_str().is_some_and(|name| named.contains(name));
        if !is_named && entry.metadata()?.modified()? < before {
            std::fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// The sentence for a digest.
pub(crate) fn sentence(digest: &str) -> String {
    format!("{SENTENCE}{digest}")
}

/// The digest in a sentence.
pub(crate) fn digest(reason: &str) -> Option<&str> {
    reason.strip_prefix(SENTENCE)
}
