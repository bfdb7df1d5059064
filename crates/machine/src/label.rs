//! Labels: which answers a value derives from.
//!
//! A label names an interned pair of sets of origins: *data* (whose bytes these
//! are) and *choice* (what selected them). Joining equal or empty labels costs a
//! compare; other joins are remembered.

use crate::value::Label;
use alloc::{string::String, vec::Vec};
use emulant_ask::Origin;
use crate::hash::Map;

/// A set that grows beyond this collapses parts of one answer into the whole answer.
const SET_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
struct Sets {
    data: Vec<u32>,
    choice: Vec<u32>,
}

/// All labels of one run.
#[derive(Clone, Debug)]
pub struct Labels {
    origins: Vec<Origin>,
    origin_index: Map<Origin, u32>,
    sets: Vec<Sets>,
    set_index: Map<Sets, Label>,
    joins: Map<(Label, Label), Label>,
}

impl Default for Labels {
    fn default() -> Labels {
        Labels {
            origins: Vec::new(),
            origin_index: Map::default(),
            sets: Vec::from([Sets::default()]),
            set_index: Map::from_iter([(Sets::default(), 0)]),
            joins: Map::default(),
        }
    }
}

impl Labels {
    /// The label of bytes that come from this part of an answer.
    pub fn origin(&mut self, ask: u64, path: String) -> Label {
        let id = self.origin_id(Origin { ask, path });
        self.intern(Sets { data: Vec::from([id]), choice: Vec::new() })
    }

    fn origin_id(&mut self, origin: Origin) -> u32 {
        if let Some(&id) = self.origin_index.get(&origin) {
            return id;
        }
        let id = self.origins.len() as u32;
        self.origins.push(origin.clone());
        self.origin_index.insert(origin, id);
        id
    }

    fn intern(&mut self, sets: Sets) -> Label {
        if let Some(&label) = self.set_index.get(&sets) {
            return label;
        }
        let label = self.sets.len() as Label;
        self.sets.push(sets.clone());
        self.set_index.insert(sets, label);
        label
    }

    /// The label of what derives from both.
    #[inline]
    pub fn join(&mut self, a: Label, b: Label) -> Label {
        if a == b || b == 0 {
            a
        } else if a == 0 {
            b
        } else {
            self.join_slow(a.min(b), a.max(b))
        }
    }

    #[cold]
    fn join_slow(&mut self, a: Label, b: Label) -> Label {
        if let Some(&label) = self.joins.get(&(a, b)) {
            return label;
        }
        let (left, right) = (self.sets[a as usize].clone(), self.sets[b as usize].clone());
        let data = self.union(left.data, right.data);
        let choice = self.union(left.choice, right.choice);
        let label = self.intern(Sets { data, choice });
        self.joins.insert((a, b), label);
        label
    }

    fn union(&mut self, mut a: Vec<u32>, b: Vec<u32>) -> Vec<u32> {
        a.extend(b);
        a.sort_unstable();
        a.dedup();
        if a.len() > SET_MAX {
            let whole: Vec<Origin> = a.iter().map(|&id| Origin { ask: self.origins[id as usize].ask, path: String::new() }).collect();
            a = whole.into_iter().map(|origin| self.origin_id(origin)).collect();
            a.sort_unstable();
            a.dedup();
        }
        a
    }

    /// The origins behind a label: data, choice; sorted.
    pub fn origins(&self, label: Label) -> (Vec<Origin>, Vec<Origin>) {
        let sets = &self.sets[label as usize];
        let list = |ids: &[u32]| {
            let mut origins: Vec<Origin> = ids.iter().map(|&id| self.origins[id as usize].clone()).collect();
            origins.sort();
            origins
        };
        (list(&sets.data), list(&sets.choice))
    }

    /// Place of an origin that some label names.
    pub(crate) fn place_of(&self, origin: &Origin) -> u32 {
        self.origin_index[origin]
    }

    /// The origin at a place.
    pub(crate) fn at_place(&self, place: u32) -> Origin {
        self.origins[place as usize].clone()
    }

    /// The label of these origins (loading an image).
    pub fn of(&mut self, data: Vec<Origin>, choice: Vec<Origin>) -> Label {
        let mut ids = |origins: Vec<Origin>| {
            let mut ids: Vec<u32> = origins.into_iter().map(|o| self.origin_id(o)).collect();
            ids.sort_unstable();
            ids
        };
        let sets = Sets { data: ids(data), choice: ids(choice) };
        self.intern(sets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_are_interned_and_commute() {
        let mut labels = Labels::default();
        let (a, b) = (labels.origin(1, "x".into()), labels.origin(2, String::new()));
        assert_eq!(labels.join(a, b), labels.join(b, a));
        assert_eq!(labels.join(a, 0), a);
        let ab = labels.join(a, b);
        assert_eq!(labels.join(ab, b), ab);
        assert_eq!(labels.origins(ab).0.len(), 2);
    }

    #[test]
    fn large_sets_collapse_to_whole_answers() {
        let mut labels = Labels::default();
        let mut all = 0;
        for i in 0..1000 {
            let one = labels.origin(7, alloc::format!("[{i}]"));
            all = labels.join(all, one);
        }
        assert!(labels.origins(all).0.len() <= SET_MAX + 1);
    }
}
