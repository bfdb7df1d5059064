//! What was computed for the beginnings of earlier questions, kept while there is room.

use super::{
    Trouble,
    network::{Memory, Network, Pass},
};

/// Tokens of all kept beginnings together; for the largest model here, half a gigabyte.
const KEPT_TOKENS_MAX: usize = 8192;
/// Tokens of one pass over a long beginning.
const STEP_TOKENS: usize = 256;

/// Beginnings, the one that was used last at the end.
#[derive(Default)]
pub(super) struct Prefixes {
    kept: Vec<(Vec<u32>, Memory)>,
}

impl Prefixes {
    pub(super) fn forget(&mut self) {
        self.kept.clear();
    }

    /// Tokens of all kept beginnings.
    #[cfg(test)]
    pub(super) fn tokens(&self) -> usize {
        self.kept.iter().map(|(kept, _)| kept.len()).sum()
    }

    /// The longest known beginning of `tokens`. When more than one pass is missing,
    /// all of `tokens` is computed first; `step` is called between passes.
    pub(super) fn extend(
        &mut self,
        network: &Network,
        tokens: &[u32],
        step: &mut dyn FnMut() -> Result<(), Trouble>,
    ) -> Result<Memory, Trouble> {
        let memory = self.longest(tokens);
        match tokens.len() - memory.tokens() <= STEP_TOKENS {
            true => Ok(memory),
            false => self.compute(network, tokens, memory, step),
        }
    }

    /// The whole of `tokens`, of which `memory` is the first part.
    pub(super) fn compute(
        &mut self,
        network: &Network,
        tokens: &[u32],
        mut memory: Memory,
        step: &mut dyn FnMut() -> Result<(), Trouble>,
    ) -> Result<Memory, Trouble> {
        for chunk in tokens[memory.tokens()..].chunks(STEP_TOKENS) {
            step()?;
            memory = memory.join(&chain(network, &memory, chunk)?)?;
        }
        self.insert(tokens.to_vec(), memory.clone());
        Ok(memory)
    }

    /// Remembers the beginning `tokens`, of which `prefix` is the first part and
    /// the first nodes of `tree` are the rest.
    pub(super) fn keep(&mut self, tokens: &[u32], prefix: &Memory, tree: &Memory) -> Result<(), Trouble> {
        if tokens.len() > prefix.tokens() {
            let rest = tree.head(tokens.len() - prefix.tokens());
            self.insert(tokens.to_vec(), prefix.join(&rest)?);
        }
        Ok(())
    }

    fn longest(&mut self, tokens: &[u32]) -> Memory {
        let alike = |kept: &[u32]| kept.iter().zip(tokens).take_while(|(a, b)| a == b).count();
        let best = (0..self.kept.len()).max_by_key(|index| alike(&self.kept[*index].0));
        let Some(best) = best else { return Memory::default() };
        let used = self.kept.remove(best);
        let memory = used.1.head(alike(&used.0));
        self.kept.push(used);
        memory
    }

    pub(super) fn insert(&mut self, tokens: Vec<u32>, memory: Memory) {
        self.kept.retain(|(kept, _)| !tokens.starts_with(kept));
        self.kept.push((tokens, memory));
        let mut total: usize = self.kept.iter().map(|(kept, _)| kept.len()).sum();
        while total > KEPT_TOKENS_MAX && self.kept.len() > 1 {
            total -= self.kept.remove(0).0.len();
        }
    }
}

/// Computes `tokens` one behind the other, after `prefix`.
fn chain(network: &Network, prefix: &Memory, tokens: &[u32]) -> Result<Memory, Trouble> {
    let positions: Vec<usize> = (0..tokens.len()).map(|index| prefix.tokens() + index).collect();
    let sees: Vec<Vec<bool>> = (0..tokens.len()).map(|index| (0..tokens.len()).map(|other| other <= index).collect()).collect();
    let mut memory = Memory::default();
    network.forward(&Pass { prefix, tokens, positions: &positions, sees: &sees, wanted: &[] }, &mut memory)?;
    Ok(memory)
}
