//! What was computed for the constant beginning of all questions, kept in a file
//! beside the weights: a new process then answers its first hole seconds sooner.
//!
//! Only a cache. A file that is not exactly what is expected counts as missing,
//! and one that cannot be written is not written.

use super::network::{Memory, Network};
use sha2::{Digest, Sha256};
use std::{fs, io::Write, path::PathBuf};

const MAGIC: &[u8] = b"emulant-beginning-1\n";
const DIGEST_BYTES: usize = 32;

/// The file, and what its contents must belong to.
pub(super) struct Snapshot {
    path: PathBuf,
    tokens: Vec<u32>,
    key: [u8; DIGEST_BYTES],
}

impl Snapshot {
    /// The snapshot of `tokens` under the weights with this digest, in `path`.
    pub(super) fn new(path: PathBuf, tokens: Vec<u32>, weights_sha256: &str) -> Snapshot {
        let mut hasher = Sha256::new();
        hasher.update(weights_sha256);
        tokens.iter().for_each(|token| hasher.update(token.to_le_bytes()));
        let key = hasher.finalize().into();
        Snapshot { path, tokens, key }
    }

    pub(super) fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    pub(super) fn read(&self, network: &Network) -> Option<Memory> {
        let numbers = network.memory_numbers(self.tokens.len());
        let expected = MAGIC.len() + DIGEST_BYTES + numbers * 4 + DIGEST_BYTES;
        if fs::metadata(&self.path).ok()?.len() != expected as u64 {
            return None;
        }
        let bytes = fs::read(&self.path).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&self.key[..])?;
        let (body, digest) = rest.split_at_checked(numbers * 4)?;
        if Sha256::digest(body)[..] != *digest {
            return None;
        }
        let numbers = body.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
        network.memory_from(numbers, self.tokens.len()).ok()
    }

    /// Failure is silent: the next process computes what this one did.
    pub(super) fn write(&self, memory: &Memory) {
        let _ = self.try_write(memory);
    }

    fn try_write(&self, memory: &Memory) -> Option<()> {
        let numbers = memory.numbers().ok()?;
        let body: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let mut file = tempfile::NamedTempFile::new_in(self.path.parent()?).ok()?;
        for piece in [MAGIC, &self.key, &body, &Sha256::digest(&body)] {
            file.write_all(piece).ok()?;
        }
        file.persist(&self.path).ok()?;
        Some(())
    }
}
