//! Labels: which answers a value derives from.
//!
//! A label names an interned pair of sets of origins: *data* (whose bytes these
//! are) and *choice* (what selected them). Joining equal or empty labels costs a
//! compare; other joins are remembered.

use crate::hash::Map;
use crate::value::Label;
use crate::without;
use alloc::{string::String, vec::Vec};
use emulant_ask::Origin;

/// A set that grows beyond this collapses parts of one answer into the whole answer.
const SET_MAX: usize = 64;
/// How many joins are looked up without a table.
const RECENT: usize = 64;
/// Beyond so many labels in one run, new ones name whole answers only; beyond twice as many,
/// all answers so far. So no program makes the table grow without bound.
const LABELS_MAX: usize = if cfg!(test) { 1 << 10 } else { 1 << 18 };

/// What a run's labels follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Bytes, and what selected them by key or index.
    #[default]
    Flow,
    /// Also the branches taken under a labelled condition.
    Control,
    /// Also what a branch that was not taken would have written.
    Strict,
}

impl Level {
    const ALL: [(Level, &str); 3] = [(Level::Flow, "flow"), (Level::Control, "control"), (Level::Strict, "strict")];

    /// The word on the command line and in journals.
    pub fn name(self) -> &'static str {
        Level::ALL.iter().find(|(level, _)| *level == self).map_or("strict", |(_, name)| name)
    }

    /// The level of this name.
    pub fn named(name: &str) -> Option<Level> {
        Level::ALL.iter().find(|(_, word)| *word == name).map(|(level, _)| *level)
    }
}

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
    /// The last joins, each at the place that its labels give it: most are asked for again at once.
    recent: [(Label, Label, Label); RECENT],
    /// The choice of each label, 0 while nobody asked.
    choices: Vec<Label>,
}

impl Default for Labels {
    fn default() -> Labels {
        Labels {
            origins: Vec::new(),
            origin_index: Map::default(),
            sets: Vec::from([Sets::default()]),
            set_index: Map::from_iter([(Sets::default(), 0)]),
            joins: Map::default(),
            recent: [(0, 0, 0); RECENT],
            choices: Vec::new(),
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
        if without::LABELS {
            0
        } else if a == b || b == 0 {
            a
        } else if a == 0 {
            b
        } else {
            let place = (a ^ b.rotate_left(3)) as usize % RECENT;
            match self.recent[place] {
                (left, right, label) if (left, right) == (a, b) => label,
                _ => {
                    let label = self.join_slow(a.min(b), a.max(b));
                    self.recent[place] = (a, b, label);
                    label
                }
            }
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
        let label = self.intern_bounded(Sets { data, choice });
        if self.joins.len() < LABELS_MAX {
            self.joins.insert((a, b), label);
        }
        label
    }

    /// The label of what `label` selected: all that it names is choice.
    pub fn as_choice(&mut self, label: Label) -> Label {
        if label == 0 {
            return 0;
        }
        match self.choices.get(label as usize) {
            Some(0) | None => self.new_choice(label),
            Some(choice) => *choice,
        }
    }

    #[cold]
    fn new_choice(&mut self, label: Label) -> Label {
        let sets = self.sets[label as usize].clone();
        let choice = self.union(sets.data, sets.choice);
        let choice = self.intern_bounded(Sets { data: Vec::new(), choice });
        if self.choices.len() <= label as usize {
            self.choices.resize(self.sets.len(), 0);
        }
        self.choices[label as usize] = choice;
        choice
    }

    /// The label of `item`, selected by what has the label `by`.
    #[inline]
    pub fn selected(&mut self, item: Label, by: Label) -> Label {
        if by == 0 {
            return item;
        }
        let choice = self.as_choice(by);
        self.join(item, choice)
    }

    fn intern_bounded(&mut self, sets: Sets) -> Label {
        let many = self.sets.len();
        if many < LABELS_MAX || self.set_index.contains_key(&sets) {
            return self.intern(sets);
        }
        let Sets { data, choice } = sets;
        let sets = Sets { data: self.whole(data), choice: self.whole(choice) };
        if many < 2 * LABELS_MAX || self.set_index.contains_key(&sets) {
            return self.intern(sets);
        }
        let all: Vec<u32> = (0..self.origins.len() as u32).collect();
        let all = self.whole(all);
        self.intern(Sets { data: all.clone(), choice: all })
    }

    /// The whole answers that these are parts of.
    fn whole(&mut self, ids: Vec<u32>) -> Vec<u32> {
        let whole: Vec<Origin> = ids.iter().map(|&id| Origin { ask: self.origins[id as usize].ask, path: Origin::ANY.into() }).collect();
        let mut ids: Vec<u32> = whole.into_iter().map(|origin| self.origin_id(origin)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn union(&mut self, mut a: Vec<u32>, b: Vec<u32>) -> Vec<u32> {
        a.extend(b);
        a.sort_unstable();
        a.dedup();
        if a.len() > SET_MAX { self.whole(a) } else { a }
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
    fn what_selects_is_choice_and_stays_so() {
        let mut labels = Labels::default();
        let (item, key) = (labels.origin(1, String::new()), labels.origin(2, "k".into()));
        let label = labels.selected(item, key);
        let (data, choice) = labels.origins(label);
        assert_eq!((data.len(), data[0].ask), (1, 1));
        assert_eq!((choice.len(), choice[0].ask), (1, 2));
        let again = labels.as_choice(label);
        assert_eq!(labels.as_choice(again), again);
        assert_eq!(labels.selected(item, 0), item);
    }

    #[test]
    fn the_table_of_labels_is_bounded() {
        let mut labels = Labels::default();
        let parts: Vec<Label> = (0..40).map(|i| labels.origin(i, "x".into())).collect();
        // Each number names another set of origins.
        for number in 0..(1u32 << 14) {
            let chosen = (0..14).filter(|bit| number >> bit & 1 == 1);
            chosen.fold(parts[20 + (number % 20) as usize], |label, bit| labels.join(label, parts[bit as usize]));
        }
        assert!(labels.sets.len() <= 2 * LABELS_MAX + 100, "{}", labels.sets.len());
        assert!(labels.joins.len() <= LABELS_MAX);
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
