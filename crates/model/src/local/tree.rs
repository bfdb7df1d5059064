//! Many texts as one tree of tokens: what they share is computed once.

use std::collections::HashMap;

/// Texts that begin alike share nodes. Parents have smaller numbers than children.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) tokens: Vec<u32>,
    parents: Vec<Option<u32>>,
    children: HashMap<(Option<u32>, u32), u32>,
}

impl Tree {
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The node in which `tokens` end when they start behind `from`, made where it
    /// does not exist.
    pub(super) fn insert(&mut self, from: Option<u32>, tokens: &[u32]) -> Option<u32> {
        tokens.iter().fold(from, |parent, token| Some(self.child(parent, *token)))
    }

    /// The child of `parent` that carries `token`.
    pub(super) fn child(&mut self, parent: Option<u32>, token: u32) -> u32 {
        let next = self.tokens.len() as u32;
        let node = *self.children.entry((parent, token)).or_insert(next);
        if node == next {
            self.tokens.push(token);
            self.parents.push(parent);
        }
        node
    }

    /// A new child of `parent` that shares nothing with the others.
    pub(super) fn append(&mut self, parent: u32, token: u32) -> u32 {
        self.tokens.push(token);
        self.parents.push(Some(parent));
        self.tokens.len() as u32 - 1
    }

    /// How many nodes lie above `node`.
    pub(super) fn depth(&self, node: u32) -> usize {
        self.ancestors(node).count() - 1
    }

    /// Which of all nodes `node` sees: itself and all above it.
    pub(super) fn sees(&self, node: u32) -> Vec<bool> {
        let mut sees = vec![false; self.len()];
        self.ancestors(node).for_each(|above| sees[above as usize] = true);
        sees
    }

    fn ancestors(&self, node: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(node), |node| self.parents[*node as usize])
    }
}

/// How many tokens all of `texts` begin with, leaving at least one to each.
pub(super) fn shared(texts: &[&[u32]]) -> usize {
    let Some((first, rest)) = texts.split_first() else { return 0 };
    let alike = |text: &&[u32]| first.iter().zip(*text).take_while(|(a, b)| a == b).count();
    let length = rest.iter().map(alike).min().unwrap_or(first.len());
    let shortest = texts.iter().map(|text| text.len()).min().unwrap_or(0);
    length.min(shortest.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_alike_is_shared() {
        let mut tree = Tree::default();
        let abc = tree.insert(None, &[1, 2, 3]).unwrap();
        let abd = tree.insert(None, &[1, 2, 4]).unwrap();
        assert_eq!(tree.insert(None, &[1, 2, 3]), Some(abc));
        assert_eq!(tree.tokens, [1, 2, 3, 4]);
        assert_eq!(tree.sees(abd), [true, true, false, true]);
        assert_eq!((tree.depth(abc), tree.depth(abd)), (2, 2));
        assert_eq!(tree.insert(None, &[]), None);
    }

    #[test]
    fn each_text_keeps_a_token_of_its_own() {
        assert_eq!(shared(&[&[1, 2, 3], &[1, 2, 4, 5]]), 2);
        assert_eq!(shared(&[&[1, 2], &[1, 2, 3]]), 1);
        assert_eq!(shared(&[&[1, 2, 3]]), 2);
        assert_eq!(shared(&[&[9], &[8]]), 0);
        assert_eq!(shared(&[]), 0);
    }
}
