//! Digests of bytes, one row each.

use alloc::{vec, vec::Vec};
use blake2::{Blake2b512, Blake2s256};
use sha2::Digest;
use shake::digest::{ExtendableOutput, Update, XofReader};

fn of<D: Digest>(data: &[u8]) -> Vec<u8> {
    D::digest(data).to_vec()
}

fn sponge<D: Default + Update + ExtendableOutput>(data: &[u8], size: usize) -> Vec<u8> {
    let mut state = D::default();
    state.update(data);
    let mut out = vec![0; size];
    state.finalize_xof().read(&mut out);
    out
}

type Row = (&'static str, fn(&[u8], usize) -> Vec<u8>);

const ROWS: &[Row] = &[
    ("md5", |data, _| of::<md5::Md5>(data)),
    ("sha1", |data, _| of::<sha1::Sha1>(data)),
    ("sha224", |data, _| of::<sha2::Sha224>(data)),
    ("sha256", |data, _| of::<sha2::Sha256>(data)),
    ("sha384", |data, _| of::<sha2::Sha384>(data)),
    ("sha512", |data, _| of::<sha2::Sha512>(data)),
    ("sha512_224", |data, _| of::<sha2::Sha512_224>(data)),
    ("sha512_256", |data, _| of::<sha2::Sha512_256>(data)),
    ("sha3_224", |data, _| of::<sha3::Sha3_224>(data)),
    ("sha3_256", |data, _| of::<sha3::Sha3_256>(data)),
    ("sha3_384", |data, _| of::<sha3::Sha3_384>(data)),
    ("sha3_512", |data, _| of::<sha3::Sha3_512>(data)),
    ("shake_128", sponge::<shake::Shake128>),
    ("shake_256", sponge::<shake::Shake256>),
    ("blake2b", |data, _| of::<Blake2b512>(data)),
    ("blake2s", |data, _| of::<Blake2s256>(data)),
];

/// The digest of a name; `size` counts for those whose size is free.
pub fn digest(name: &str, data: &[u8], size: usize) -> Option<Vec<u8>> {
    ROWS.iter().find(|(row, _)| *row == name).map(|(_, function)| function(data, size))
}
