//! A suspended run as bytes: the machine's image, with what the host counted beside it.
//!
//! The store signs these bytes and checks them. Whoever reads ones that do not fit runs the program
//! again from its start, with the answers of the journal.

use sha2::Sha256;
use sha2::digest::common::hazmat::{SerializableState, SerializedState};

/// First bytes; the last one is the version.
const MAGIC: [u8; 8] = *b"EMULRUN\x01";

/// A run that waits for an answer.
pub(crate) struct Suspended<'b> {
    /// Digest of the output so far.
    pub(crate) output: Sha256,
    pub(crate) output_bytes: u64,
    /// The machine's image.
    pub(crate) machine: &'b [u8],
}

impl<'b> Suspended<'b> {
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::from(MAGIC);
        bytes.extend(self.output_bytes.to_le_bytes());
        bytes.extend(self.output.serialize());
        bytes.extend(self.machine);
        bytes
    }

    /// `None` for bytes that are no image of this version.
    pub(crate) fn read(bytes: &'b [u8]) -> Option<Suspended<'b>> {
        let rest = bytes.strip_prefix(&MAGIC)?;
        let (output_bytes, rest) = rest.split_first_chunk::<8>()?;
        let mut state = SerializedState::<Sha256>::default();
        let (digest, machine) = rest.split_at_checked(state.len())?;
        state.copy_from_slice(digest);
        let output = Sha256::deserialize(&state).ok()?;
        Some(Suspended { output, output_bytes: u64::from_le_bytes(*output_bytes), machine })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::Digest as _;

    #[test]
    fn the_digest_goes_on_where_it_stood() {
        let text = "abc".repeat(100);
        for cut in [0, 1, 63, 64, 65, 299] {
            let output = Sha256::new_with_prefix(&text[..cut]);
            let bytes = Suspended { output, output_bytes: cut as u64, machine: b"m" }.write();
            let back = Suspended::read(&bytes).unwrap();
            assert_eq!((back.output_bytes, back.machine), (cut as u64, &b"m"[..]));
            assert_eq!(back.output.chain_update(&text[cut..]).finalize(), Sha256::digest(&text));
            for short in 0..bytes.len() - 1 {
                assert!(Suspended::read(&bytes[..short]).is_none());
            }
        }
    }
}
