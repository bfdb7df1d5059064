//! The Mersenne Twister MT19937 as `random.Random` uses it: the same seed gives the same numbers as CPython.
//!
//! Distributions, shuffling and seeds that are not integers are Python code in the module `random`.

use super::Fault;
use alloc::vec::Vec;
use num_bigint::{BigInt, BigUint, Sign};

const WORDS: usize = 624;
const MIDDLE: usize = 397;

/// The state of a generator.
#[derive(Clone, PartialEq, Eq)]
pub struct Twister {
    pub(crate) words: [u32; WORDS],
    /// The next word to give; all are used up at 624.
    pub(crate) index: usize,
}

impl Twister {
    /// The generator that `random.seed(n)` makes of an integer.
    pub fn seeded(seed: &BigInt) -> Self {
        // `to_u32_digits` has no word for zero, CPython has one.
        let mut key = seed.magnitude().to_u32_digits();
        if key.is_empty() {
            key.push(0);
        }
        Self::from_key(&key)
    }

    /// The reference initialisation by one word.
    fn from_word(seed: u32) -> Self {
        let mut words = [seed; WORDS];
        for at in 1..WORDS {
            let last = words[at - 1];
            words[at] = 1812433253u32
                .wrapping_mul(last ^ last >> 30)
                .wrapping_add(at as u32);
        }
        Self {
            words,
            index: WORDS,
        }
    }

    /// The reference initialisation by an array of words, which is not empty.
    fn from_key(key: &[u32]) -> Self {
        let mut state = Self::from_word(19650218);
        let words = &mut state.words;
        let mut at = 1;
        let mut mix = |factor: u32, add: u32, subtract: bool| {
            let last = words[at - 1];
            let mixed = words[at] ^ (last ^ last >> 30).wrapping_mul(factor);
            words[at] = if subtract {
                mixed.wrapping_sub(at as u32)
            } else {
                mixed.wrapping_add(add)
            };
            at += 1;
            if at == WORDS {
                words[0] = words[WORDS - 1];
                at = 1;
            }
        };
        for step in 0..WORDS.max(key.len()) {
            let part = step % key.len();
            mix(1664525, key[part].wrapping_add(part as u32), false);
        }
        for _ in 1..WORDS {
            mix(1566083941, 0, true);
        }
        state.words[0] = 0x8000_0000;
        state
    }

    /// The next 32 bits.
    pub fn next_word(&mut self) -> u32 {
        if self.index >= WORDS {
            self.refill();
        }
        let mut word = self.words[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ word >> 18
    }

    fn refill(&mut self) {
        for at in 0..WORDS {
            let joined =
                (self.words[at] & 0x8000_0000) | (self.words[(at + 1) % WORDS] & 0x7fff_ffff);
            let twist = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[at] = self.words[(at + MIDDLE) % WORDS] ^ joined >> 1 ^ twist;
        }
        self.index = 0;
    }

    /// `random()`: 53 random bits in 0..1.
    pub fn next_float(&mut self) -> f64 {
        let high = f64::from(self.next_word() >> 5);
        let low = f64::from(self.next_word() >> 6);
        (high * 67108864.0 + low) / 9007199254740992.0
    }

    /// `getrandbits(k)`; more than `bytes_max` bytes are a limit.
    pub fn next_bits(&mut self, count: i64, bytes_max: u64) -> Result<BigInt, Fault> {
        let Ok(count) = u64::try_from(count) else {
            return Err(Fault::value("number of bits must be non-negative"));
        };
        if count.div_ceil(8) > bytes_max {
            return Err(Fault::limit(count.div_ceil(8)));
        }
        let mut words: Vec<u32> = (0..count / 32).map(|_| self.next_word()).collect();
        if count % 32 > 0 {
            words.push(self.next_word() >> (32 - count % 32));
        }
        Ok(BigInt::from_biguint(Sign::Plus, BigUint::new(words)))
    }

    /// `getrandbits(k)` for at most 63 bits.
    pub fn next_small_bits(&mut self, count: u32) -> u64 {
        match count {
            0 => 0,
            1..=32 => u64::from(self.next_word() >> (32 - count)),
            _ => {
                let low = u64::from(self.next_word());
                low | u64::from(self.next_word() >> (64 - count.min(64))) << 32
            }
        }
    }

    /// The 624 words and the index of `getstate()`.
    pub fn state(&self) -> (&[u32], usize) {
        (&self.words, self.index)
    }

    /// The generator with the state of `setstate()`.
    pub fn from_state(words: &[u32], index: i64) -> Result<Self, Fault> {
        let words: [u32; WORDS] = words
            .try_into()
            .map_err(|_| Fault::value("state vector is the wrong size"))?;
        match usize::try_from(index) {
            Ok(index) if index <= WORDS => Ok(Self { words, index }),
            _ => Err(Fault::value("invalid state")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_give_the_known_numbers() {
        let mut twister = Twister::seeded(&BigInt::from(42));
        assert_eq!(twister.next_float(), 0.6394267984578837);
        assert_eq!(twister.next_bits(8, 64), Ok(BigInt::from(6)));
    }

    #[test]
    fn states_are_checked() {
        assert!(Twister::from_state(&[0; 624], 625).is_err());
        assert!(Twister::from_state(&[0; 623], 0).is_err());
        assert!(
            Twister::seeded(&BigInt::from(0))
                .next_bits(1 << 50, 1 << 20)
                .is_err()
        );
    }
}
