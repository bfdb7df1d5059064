//! How fast the engine is, and whether what it computes depends on how it was computed.

use super::{Batch, Local, Memory, Tree};
use std::time::Instant;

/// Tokens and the time that they took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    /// Tokens that were read at once.
    pub read: u64,
    /// Microseconds for them.
    pub read_us: u64,
    /// Tokens that were written one by one behind these.
    pub written: u64,
    /// Microseconds for them.
    pub written_us: u64,
}

impl Local {
    /// Tokens that went through the network since it was loaded.
    pub fn computed(&self) -> u64 {
        self.engine.network.computed()
    }

    /// Drops what is kept of earlier questions.
    pub fn forget(&mut self) {
        self.engine.prefixes.forget();
    }

    /// How long reading the beginning of `text` takes, `read` tokens of it, and writing
    /// `written` tokens behind it. Nothing is kept from before.
    ///
    /// # Errors
    /// The text is too short, or the engine fails.
    pub fn speed(&mut self, text: &str, read: usize, written: usize) -> Result<Speed, String> {
        let tokens = self.engine.vocabulary.text(text);
        let tokens = tokens.get(..read.max(1)).ok_or("the text is too short")?.to_vec();
        let mut row = Vec::new();
        let mut speed = Speed { read: tokens.len() as u64, read_us: 0, written: 0, written_us: 0 };
        let started = Instant::now();
        self.walk(&tokens, 0, written, |scores, step| {
            match step {
                0 => speed.read_us = started.elapsed().as_micros() as u64,
                _ => speed.written += 1,
            }
            row = scores;
        })?;
        speed.written_us = (started.elapsed().as_micros() as u64).saturating_sub(speed.read_us);
        Ok(speed)
    }

    /// The scores of all tokens that may follow `text`, whose first `known` tokens are
    /// computed in a pass of their own. The same bits, whatever `known` is.
    ///
    /// # Errors
    /// The engine fails.
    pub fn scores_after(&mut self, text: &str, known: usize) -> Result<Vec<f32>, String> {
        let tokens = self.engine.vocabulary.text(text);
        let mut row = Vec::new();
        self.walk(&tokens, known, 0, |scores, _| row = scores)?;
        Ok(row)
    }

    /// Reads `tokens`, the first `known` of them before the others, then writes the
    /// likeliest token again and again.
    fn walk(&mut self, tokens: &[u32], known: usize, written: usize, mut each: impl FnMut(Vec<f32>, usize)) -> Result<(), String> {
        let trouble = |trouble: super::Trouble| match trouble {
            super::Trouble::Stopped => "stopped".to_string(),
            super::Trouble::Broken(reason) => reason,
        };
        let engine = &mut self.engine;
        engine.prefixes.forget();
        let known = known.min(tokens.len().saturating_sub(1));
        let mut prefix = Memory::default();
        if known > 0 {
            prefix = engine.prefixes.compute(&engine.network, &tokens[..known], prefix, &mut || Ok(())).map_err(trouble)?;
        }
        let mut batch = Batch { network: &engine.network, start: prefix.tokens(), prefix, tree: Tree::default(), memory: Memory::default() };
        let mut end = batch.tree.insert(None, &tokens[known..]).ok_or("an empty text")?;
        for step in 0..=written {
            let row = batch.compute(vec![end]).map_err(trouble)?.remove(&end).ok_or("no scores")?;
            let best = (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b])).ok_or("no vocabulary")?;
            end = batch.tree.append(end, best as u32);
            each(row, step);
        }
        engine.prefixes.forget();
        Ok(())
    }
}
