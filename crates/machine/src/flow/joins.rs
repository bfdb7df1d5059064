//! Where the ways from a branch meet again: the nearest instruction that every way
//! from it to the end of the code passes (its immediate post-dominator).
//!
//! Exceptions that any instruction may raise are no edges here, or nothing would
//! meet before the end; an entered handler is looked at when it happens
//! (`common`). A `raise` statement is an edge to its handler, or to the end; an exception
//! that no clause takes is none.

use crate::code::{Code, Op};
use alloc::{vec, vec::Vec};

/// The ways meet at the end of the frame only.
pub(crate) const END: u32 = u32::MAX;

/// The joins of one code object.
#[derive(Debug)]
pub(crate) struct Joins {
    /// By instruction; the end has the last place.
    nearest: Vec<usize>,
    /// Number of each instruction in an order in which joins have greater numbers.
    order: Vec<usize>,
}

/// Can the program go on in two ways behind this instruction?
pub(crate) fn is_branch(op: Op) -> bool {
    matches!(op,
        Op::Test { .. } | Op::TestLt { .. } | Op::TestLe { .. } | Op::TestGt { .. } | Op::TestGe { .. } | Op::TestEq { .. }
        | Op::TestNe { .. } | Op::TestImm { .. } | Op::TestIs { .. } | Op::TestNone { .. } | Op::TestIn { .. } | Op::ForIter { .. })
}

impl Joins {
    pub(crate) fn new(code: &Code) -> Joins {
        let count = code.ops.len();
        let next: Vec<Vec<usize>> = (0..count).map(|at| successors(code, at)).collect();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); count + 1];
        for (at, ways) in next.iter().enumerate() {
            ways.iter().for_each(|way| before[*way].push(at));
        }
        let order = numbered(&before, count);
        let mut by_order: Vec<usize> = (0..count).filter(|at| order[*at] != usize::MAX).collect();
        by_order.sort_by_key(|at| core::cmp::Reverse(order[*at]));
        let mut joins = Joins { nearest: vec![usize::MAX; count + 1], order };
        joins.nearest[count] = count;
        loop {
            let mut changed = false;
            for at in &by_order {
                let known = next[*at].iter().copied().filter(|way| joins.nearest[*way] != usize::MAX);
                let Some(nearest) = known.reduce(|a, b| joins.meet(a, b)) else { continue };
                changed |= joins.nearest[*at] != nearest;
                joins.nearest[*at] = nearest;
            }
            if !changed {
                return joins;
            }
        }
    }

    /// Where all ways from the branch at `at` meet.
    pub(crate) fn of(&self, at: u32) -> u32 {
        match self.nearest.get(at as usize) {
            Some(place) if *place < self.nearest.len() - 1 => *place as u32,
            _ => END,
        }
    }

    /// Where the ways from both meet.
    pub(crate) fn common(&self, a: u32, b: u32) -> u32 {
        let count = self.nearest.len() - 1;
        let known = |at: u32| at as usize <= count && self.nearest[at as usize] != usize::MAX;
        if !known(a) || !known(b) {
            return END;
        }
        match self.meet(a as usize, b as usize) {
            place if place < count => place as u32,
            _ => END,
        }
    }

    /// Instructions between a branch and its join, on all ways.
    pub(crate) fn between(&self, code: &Code, branch: u32, join: u32) -> Vec<u32> {
        let mut found = vec![false; code.ops.len()];
        let mut work = successors(code, branch as usize);
        while let Some(at) = work.pop() {
            if at < found.len() && at != join as usize && !found[at] {
                found[at] = true;
                work.extend(successors(code, at));
            }
        }
        (0..found.len() as u32).filter(|at| found[*at as usize]).collect()
    }

    fn meet(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            while self.order[a] < self.order[b] {
                a = self.nearest[a];
            }
            while self.order[b] < self.order[a] {
                b = self.nearest[b];
            }
        }
        a
    }
}

/// Post-order numbers of a walk from the end backwards: what is nearer the end has the greater one.
fn numbered(before: &[Vec<usize>], end: usize) -> Vec<usize> {
    let mut order = vec![usize::MAX; end + 1];
    let mut seen = vec![false; end + 1];
    let mut next = 0;
    let mut work = vec![(end, 0)];
    seen[end] = true;
    while let Some((at, way)) = work.pop() {
        match before[at].get(way) {
            Some(&other) => {
                work.push((at, way + 1));
                if !seen[other] {
                    seen[other] = true;
                    work.push((other, 0));
                }
            }
            None => {
                order[at] = next;
                next += 1;
            }
        }
    }
    order
}

/// Where the program may go on behind an instruction; the number of instructions is the end.
fn successors(code: &Code, at: usize) -> Vec<usize> {
    let end = code.ops.len();
    let place = |to: usize| to.min(end);
    match code.ops[at] {
        Op::Jump { to } | Op::Loop { to } => vec![place(to as usize)],
        op if is_branch(op) => vec![place(at + 1), place(at + 2)],
        Op::Return { .. } => vec![end],
        op @ (Op::Raise { .. } | Op::RaiseAgain {} | Op::Reraise { .. }) => {
            match code.handlers.iter().find(|h| (h.start as usize..h.end as usize).contains(&at)) {
                Some(handler) => vec![place(handler.target as usize)],
                // The end of every handler that does not match: it would join nothing before the end.
                None if matches!(op, Op::Reraise { .. }) => Vec::new(),
                None => vec![end],
            }
        }
        _ => vec![place(at + 1)],
    }
}
