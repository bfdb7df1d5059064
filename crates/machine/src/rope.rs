//! Texts that grow: what `s += x` makes of a long string.
//!
//! A string may stand at the beginning of a buffer that it shares with the strings it was built from. Appending to the
//! longest of them writes behind it, so that building a text piece by piece costs what is appended, not what is there.
//! Strings stay immutable: nothing in front of the end of a buffer ever changes.

use alloc::{string::String, vec::Vec};

/// The buffer of strings that have none.
pub const NO_ROPE: u32 = u32::MAX;
/// Shorter texts are copied.
pub const ROPE_MIN: usize = 256;
/// Longer ones too: a place in a buffer has 32 bits.
const ROPE_MAX: usize = 1 << 30;

/// All buffers of a heap.
#[derive(Clone, Debug, Default)]
pub struct Ropes {
    texts: Vec<String>,
    free: Vec<u32>,
}

impl Ropes {
    /// The first `bytes` of a buffer.
    #[inline]
    pub fn text(&self, rope: u32, bytes: u32) -> &str {
        self.texts.get(rope as usize).and_then(|text| text.get(..bytes as usize)).unwrap_or_default()
    }

    /// Append behind the first `bytes`, when nothing stands there yet. Returns the new end.
    pub fn append(&mut self, rope: u32, bytes: u32, more: &str) -> Option<u32> {
        let text = self.texts.get_mut(rope as usize)?;
        if text.len() != bytes as usize || text.len() + more.len() > ROPE_MAX {
            return None;
        }
        text.push_str(more);
        Some(text.len() as u32)
    }

    /// A new buffer with this text.
    pub fn begin(&mut self, text: String) -> u32 {
        match self.free.pop() {
            Some(rope) => {
                self.texts[rope as usize] = text;
                rope
            }
            None => {
                self.texts.push(text);
                (self.texts.len() - 1) as u32
            }
        }
    }

    /// Are there any?
    pub fn is_empty(&self) -> bool {
        self.texts.len() == self.free.len()
    }

    /// Number of places, free ones included.
    pub fn places(&self) -> usize {
        self.texts.len()
    }

    /// Keep of each buffer only what the longest living string on it needs.
    pub fn keep(&mut self, needed: &[u32]) {
        self.free.clear();
        for (rope, text) in self.texts.iter_mut().enumerate().rev() {
            let bytes = needed.get(rope).copied().unwrap_or(0) as usize;
            if bytes == 0 {
                *text = String::new();
                self.free.push(rope as u32);
            } else if text.len() > bytes {
                text.truncate(bytes);
                text.shrink_to_fit();
            }
        }
    }

    /// Ends of all buffers.
    pub fn ends(&self) -> Vec<usize> {
        self.texts.iter().map(String::len).collect()
    }

    /// Cut all buffers back to earlier ends.
    pub fn back_to(&mut self, ends: &[usize]) {
        for (rope, text) in self.texts.iter_mut().enumerate() {
            text.truncate(ends.get(rope).copied().unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_longest_text_grows_in_place() {
        let mut ropes = Ropes::default();
        let rope = ropes.begin("abc".into());
        assert_eq!(ropes.append(rope, 3, "de"), Some(5));
        assert_eq!(ropes.append(rope, 3, "x"), None);
        assert_eq!((ropes.text(rope, 3), ropes.text(rope, 5)), ("abc", "abcde"));
    }

    #[test]
    fn what_no_string_needs_is_dropped() {
        let mut ropes = Ropes::default();
        let (a, b) = (ropes.begin("abcdef".into()), ropes.begin("xyz".into()));
        ropes.keep(&[2, 0]);
        assert_eq!(ropes.text(a, 2), "ab");
        assert_eq!(ropes.begin("new".into()), b);
        let ends = ropes.ends();
        ropes.append(a, 2, "more");
        ropes.back_to(&ends);
        assert_eq!(ropes.append(a, 2, "c"), Some(3));
    }
}
