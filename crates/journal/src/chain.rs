//! SHA-256, hex, and the Merkle root over the digests of entries (the tree of
//! RFC 6962: leaves and nodes are hashed under different prefixes, so that no
//! node can pass for a leaf).

use alloc::{string::String, vec::Vec};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// The bytes that lower-case hex stands for, if it is that and `N` bytes long.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// A Merkle tree that keeps only the roots of its full subtrees, so that adding
/// a leaf and asking for the root take logarithmic space.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    /// Height and root of each full subtree, highest first.
    peaks: Vec<(u32, Digest)>,
}

impl Tree {
    pub(crate) fn push(&mut self, entry: &Digest) {
        let mut peak = (0, prefixed(0, &[entry]));
        while let Some((height, left)) = self.peaks.pop_if(|(height, _)| *height == peak.0) {
            peak = (height + 1, prefixed(1, &[&left, &peak.1]));
        }
        self.peaks.push(peak);
    }

    pub(crate) fn root(&self) -> Digest {
        let peaks = self.peaks.iter().rev().map(|(_, digest)| *digest);
        peaks.reduce(|right, left| prefixed(1, &[&left, &right])).unwrap_or_else(|| sha256(b""))
    }
}

fn prefixed(prefix: u8, parts: &[&Digest]) -> Digest {
    let mut hash = Sha256::new();
    hash.update([prefix]);
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recursive(leaves: &[Digest]) -> Digest {
        match leaves {
            [one] => prefixed(0, &[one]),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                prefixed(1, &[&recursive(&leaves[..split]), &recursive(&leaves[split..])])
            }
        }
    }

    #[test]
    fn the_running_root_is_that_of_the_recursive_definition() {
        let leaves: Vec<Digest> = (0..40u8).map(|i| sha256(&[i])).collect();
        let mut tree = Tree::default();
        for (index, leaf) in leaves.iter().enumerate() {
            tree.push(leaf);
            assert_eq!(tree.root(), recursive(&leaves[..=index]));
        }
    }

    #[test]
    fn hex_comes_back_and_has_one_form() {
        assert_eq!(unhex::<3>(&hex(&[0, 171, 255])), Some([0, 171, 255]));
        assert_eq!(unhex::<1>("AB"), None);
        assert_eq!(unhex::<1>("abc"), None);
    }
}
