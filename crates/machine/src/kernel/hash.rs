//! Hashes of what is not a number, equal to CPython's with `PYTHONHASHSEED=0`.
//!
//! The order of a set follows from them, so they are part of what a program can see. Hashes of numbers
//! stand beside the numbers, in `int` and `float`.

/// `hash(None)`.
pub const NONE: i64 = 0xfca8_6420;

/// `hash(text)`: of the narrowest of three fixed widths that holds every code point.
pub fn text(text: &str) -> i64 {
    if text.is_ascii() {
        return bytes(text.as_bytes());
    }
    let widest = text.chars().map(|letter| letter as u32).max().unwrap_or(0);
    let width = match widest {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    };
    let mut state = SipState::new();
    for letter in text.chars() {
        (letter as u32).to_le_bytes()[..width]
            .iter()
            .for_each(|&byte| state.push(byte));
    }
    not_minus_one(state.finish() as i64)
}

/// `hash(data)` of bytes.
pub fn bytes(data: &[u8]) -> i64 {
    if data.is_empty() {
        return 0;
    }
    let mut state = SipState::new();
    let (words, rest) = data.as_chunks::<8>();
    words
        .iter()
        .for_each(|word| state.push_word(u64::from_le_bytes(*word)));
    state.length = (words.len() * 8) as u64;
    rest.iter().for_each(|&byte| state.push(byte));
    not_minus_one(state.finish() as i64)
}

/// The one value that no hash has, because it tells of an error in CPython.
pub fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// SipHash-1-3 with a key of zeros.
struct SipState {
    parts: [u64; 4],
    tail: u64,
    length: u64,
}

impl SipState {
    fn new() -> Self {
        // The words spell "somepseudorandomlygeneratedbytes", as the algorithm prescribes.
        let parts = [
            0x736f_6d65_7073_6575,
            0x646f_7261_6e64_6f6d,
            0x6c79_6765_6e65_7261,
            0x7465_6462_7974_6573,
        ];
        Self {
            parts,
            tail: 0,
            length: 0,
        }
    }

    fn push(&mut self, byte: u8) {
        self.tail |= u64::from(byte) << (8 * (self.length % 8));
        self.length += 1;
        if self.length.is_multiple_of(8) {
            let word = core::mem::take(&mut self.tail);
            self.push_word(word);
        }
    }

    fn push_word(&mut self, word: u64) {
        self.parts[3] ^= word;
        self.round();
        self.parts[0] ^= word;
    }

    fn round(&mut self) {
        let [mut a, mut b, mut c, mut d] = self.parts;
        a = a.wrapping_add(b);
        b = b.rotate_left(13) ^ a;
        a = a.rotate_left(32);
        c = c.wrapping_add(d);
        d = d.rotate_left(16) ^ c;
        a = a.wrapping_add(d);
        d = d.rotate_left(21) ^ a;
        c = c.wrapping_add(b);
        b = b.rotate_left(17) ^ c;
        c = c.rotate_left(32);
        self.parts = [a, b, c, d];
    }

    fn finish(mut self) -> u64 {
        let last = self.tail | self.length << 56;
        self.push_word(last);
        self.parts[2] ^= 0xff;
        (0..3).for_each(|_| self.round());
        self.parts.iter().fold(0, |hash, part| hash ^ part)
    }
}

/// The hash of a sequence of hashes, as tuples, ranges and slices have it.
#[derive(Clone, Debug)]
pub struct Sequence {
    state: u64,
    length: u64,
}

const PRIME_1: u64 = 11400714785074694791;
const PRIME_2: u64 = 14029467366897019727;
const PRIME_5: u64 = 2870177450012600261;

impl Sequence {
    /// No item yet.
    pub fn new() -> Self {
        Self {
            state: PRIME_5,
            length: 0,
        }
    }

    /// Adds the hash of the next item.
    pub fn push(&mut self, hash: i64) {
        let mixed = self.state.wrapping_add((hash as u64).wrapping_mul(PRIME_2));
        self.state = mixed.rotate_left(31).wrapping_mul(PRIME_1);
        self.length += 1;
    }

    /// The hash of the whole tuple.
    pub fn finish(&self) -> i64 {
        match self.state.wrapping_add(self.length ^ (PRIME_5 ^ 3527539)) as i64 {
            -1 => 1546275796,
            hash => hash,
        }
    }
}

impl Default for Sequence {
    fn default() -> Self {
        Self::new()
    }
}

/// `hash(items)` of a tuple, from the hashes of its items.
pub fn tuple(hashes: impl IntoIterator<Item = i64>) -> i64 {
    let mut sequence = Sequence::new();
    hashes.into_iter().for_each(|hash| sequence.push(hash));
    sequence.finish()
}

/// `hash(items)` of a frozenset, from the hashes of its items in any order.
pub fn frozenset(hashes: impl IntoIterator<Item = i64>) -> i64 {
    let (mut mixed, mut count) = (0u64, 0u64);
    for hash in hashes {
        let hash = hash as u64;
        mixed ^= ((hash ^ 89869747) ^ (hash << 16)).wrapping_mul(3644798167);
        count += 1;
    }
    mixed ^= (count + 1).wrapping_mul(1927868237);
    mixed ^= (mixed >> 11) ^ (mixed >> 25);
    match mixed.wrapping_mul(69069).wrapping_add(907133923) as i64 {
        -1 => 590923713,
        hash => hash,
    }
}

/// `hash(z)` of a complex number, from the hashes of its parts.
pub fn complex(real: i64, imaginary: i64) -> i64 {
    not_minus_one(real.wrapping_add(imaginary.wrapping_mul(1000003)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_hashes_by_its_width() {
        assert_eq!(text("a"), 4644417185603328019);
        assert_eq!(text(""), 0);
        assert_eq!(text("é"), bytes(&[0xe9]));
    }

    #[test]
    fn containers_mix_their_items() {
        assert_eq!(tuple([1, 2, 3]), 529344067295497451);
        assert_eq!(frozenset([1, 2, 3]), frozenset([3, 1, 2]));
    }
}
