// The digest that says whether a stored form is fresh: shared by the build script, the library and its test.

/// FNV-1a over all parts and their lengths. It finds what is stale, and guards against nobody: whoever can change the
/// stored forms can change the sources.
pub fn digest(parts: &[&[u8]]) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    parts.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| {
        let lengthy = (part.len() as u64).to_le_bytes().into_iter().fold(hash, mix);
        part.iter().copied().fold(lengthy, mix)
    })
}
