//! Sorting: `list.sort` and the merge sort under it.
//!
//! The sort is the adaptive stable merge sort of CPython's lists, with the same comparisons in the same order: what
//! a list with NaNs comes out as, and what an inconsistent comparison does, depend on that. Keys computed by program
//! code, and comparisons made by it, are the business of the hidden module.

use super::support::{self, forced, guarded, items, receiver, see, Outcome};
use crate::machine::Machine;
use crate::native::Args;
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{format, vec::Vec};
use core::cmp::Ordering;

/// An item with the key that it is ordered by.
pub type Keyed = (Slot, Slot);

/// The keyword arguments of `sort` and `sorted`: the key function, and the truth of `reverse`.
pub fn sort_options(m: &mut Machine, args: &Args) -> Result<(Option<Slot>, bool), Trap> {
    let [key, reverse] = support::keywords(m, args, ["key", "reverse"], |name| format!("'{name}' is an invalid keyword argument for sort()"))?;
    let key = match key {
        Some(slot) => Some(*m.force(slot)?).filter(|s| s.kind != Kind::None),
        None => None,
    };
    let reverse = match reverse {
        Some(slot) => m.truth(slot)?,
        None => false,
    };
    Ok((key, reverse))
}

/// `list.sort(*, key=None, reverse=False)`
pub fn list_sort(m: &mut Machine, args: &Args) -> Outcome {
    let list = receiver(m, args, Kind::List, "list", "sort")?;
    if args.count > 1 {
        return Err(m.type_error("sort() takes no positional arguments"));
    }
    let this = Slot::object(Kind::List, list);
    let (key, reverse) = sort_options(m, args)?;
    if let Some(key) = key {
        return Err(m.call_hidden("__list_sort__", &[this, key, Slot::bool(reverse)]));
    }
    let sorted = guarded(m, args, "", |m| {
        let all = items(m, this)?;
        let all = sort(m, all, reverse)?;
        *m.heap.lists.get_mut(list) = all;
        Ok(Value::NONE)
    });
    match sorted {
        Err(Trap::Call(_)) => Err(m.call_hidden("__list_sort__", &[this, Slot::NONE, Slot::bool(reverse)])),
        other => other,
    }
}

/// Plain items in order. A need of program code is a `Trap::Call`.
pub fn sort(m: &mut Machine, all: Vec<Slot>, reverse: bool) -> Result<Vec<Slot>, Trap> {
    let keyed = forced(m, all)?.into_iter().map(|slot| (slot, slot)).collect();
    Ok(sort_keyed(m, keyed, reverse)?.into_iter().map(|(_, item)| item).collect())
}

/// Items in the order of their keys.
pub fn sort_keyed(m: &mut Machine, mut all: Vec<Keyed>, reverse: bool) -> Result<Vec<Keyed>, Trap> {
    let len = all.len() as u64;
    m.charge(48 * len)?;
    m.spend(len * u64::from(len.max(1).ilog2() + 1))?;
    // A reversed sort keeps equal items in their order: the list is turned round before and after.
    if reverse {
        all.reverse();
    }
    if !sort_uniform(m, &mut all) {
        merge_sort(&mut all, &mut |a: &Keyed, b: &Keyed| {
            m.spend(4)?;
            match m.less(a.0, b.0)? {
                Some(less) => Ok(less),
                None => Err(support::needs_program(m)),
            }
        })?;
    }
    if reverse {
        all.reverse();
    }
    Ok(all)
}

/// Sort keys of one simple kind, where every stable sort gives the same; false when they are not.
fn sort_uniform(m: &mut Machine, all: &mut [Keyed]) -> bool {
    let kind = match all.first() {
        Some((key, _)) => key.kind,
        None => return true,
    };
    if !all.iter().all(|(key, _)| key.kind == kind) {
        return false;
    }
    match kind {
        Kind::Int => all.sort_by_key(|(key, _)| key.as_int()),
        Kind::Float if all.iter().all(|(key, _)| !key.as_float().is_nan()) => {
            all.sort_by(|a, b| a.0.as_float().partial_cmp(&b.0.as_float()).unwrap_or(Ordering::Equal));
        }
        Kind::Str => {
            let heap = &m.heap;
            all.sort_by(|a, b| heap.text(a.0.handle()).cmp(heap.text(b.0.handle())));
        }
        Kind::Tuple => return sort_tuples(m, all),
        _ => return false,
    }
    for (key, _) in all.iter() {
        see(m, *key);
    }
    true
}

/// Sort tuples of one length whose columns are of one simple kind each, without labels; false when they are not.
fn sort_tuples(m: &Machine, all: &mut [Keyed]) -> bool {
    let heap = &m.heap;
    let items = |key: Slot| -> &[Slot] { heap.tuples.get(key.handle()) };
    let Some((first, _)) = all.first() else { return true };
    let model = items(*first);
    let simple = |slot: &Slot| slot.label == 0 && match slot.kind {
        Kind::Int | Kind::Str => true,
        Kind::Float => !slot.as_float().is_nan(),
        _ => false,
    };
    let alike = |key: Slot| {
        let row = items(key);
        key.label == 0 && row.len() == model.len() && row.iter().zip(model).all(|(slot, other)| slot.kind == other.kind && simple(slot))
    };
    if !all.iter().all(|(key, _)| alike(*key)) {
        return false;
    }
    let order = |a: &Slot, b: &Slot| match a.kind {
        Kind::Int => a.as_int().cmp(&b.as_int()),
        Kind::Str => heap.text(a.handle()).cmp(heap.text(b.handle())),
        _ => a.as_float().partial_cmp(&b.as_float()).unwrap_or(Ordering::Equal),
    };
    all.sort_by(|(a, _), (b, _)| {
        let columns = items(*a).iter().zip(items(*b)).map(|(x, y)| order(x, y));
        columns.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    });
    true
}

// ---- the merge sort

const GALLOP_MIN: usize = 7;
const RUN_SHORT: usize = 64;

/// A sorted stretch that waits for its merge: place, length, and the depth of the merge tree to its right.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    len: usize,
    power: u32,
}

struct Sorter<'s, T, E> {
    all: &'s mut [T],
    less: &'s mut dyn FnMut(&T, &T) -> Result<bool, E>,
    gallop_min: usize,
    runs: Vec<Run>,
}

/// Sort stably with CPython's sequence of comparisons. When a comparison fails, the items are in some order.
pub fn merge_sort<T: Copy, E>(all: &mut [T], less: &mut dyn FnMut(&T, &T) -> Result<bool, E>) -> Result<(), E> {
    let len = all.len();
    let mut sorter = Sorter { all, less, gallop_min: GALLOP_MIN, runs: Vec::new() };
    let run_min = shortest_run(len);
    let mut start = 0;
    while start < len && len > 1 {
        let mut run = sorter.natural_run(start)?;
        if run < run_min {
            let wanted = run_min.min(len - start);
            sorter.insert_binary(start, start + run, start + wanted)?;
            run = wanted;
        }
        sorter.push_run(start, run)?;
        start += run;
    }
    sorter.merge_rest()
}

/// Runs shorter than this are extended: chosen so that the number of runs is just below a power of two.
fn shortest_run(mut len: usize) -> usize {
    let mut odd = 0;
    while len >= RUN_SHORT {
        odd |= len & 1;
        len >>= 1;
    }
    len + odd
}

/// Depth in the ideal merge tree of the border between two neighbours.
fn border_power(start: usize, left: usize, right: usize, len: usize) -> u32 {
    let mut a = 2 * start + left;
    let mut b = a + left + right;
    let mut power = 0;
    loop {
        power += 1;
        if a >= len {
            a -= len;
            b -= len;
        } else if b >= len {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

impl<T: Copy, E> Sorter<'_, T, E> {
    fn less(&mut self, a: T, b: T) -> Result<bool, E> {
        (self.less)(&a, &b)
    }

    fn less_at(&mut self, a: usize, b: usize) -> Result<bool, E> {
        self.less(self.all[a], self.all[b])
    }

    /// Length of the run at `start`; a strictly falling one is turned round.
    fn natural_run(&mut self, start: usize) -> Result<usize, E> {
        let len = self.all.len();
        if start + 1 == len {
            return Ok(1);
        }
        let falling = self.less_at(start + 1, start)?;
        let mut end = start + 2;
        while end < len && self.less_at(end, end - 1)? == falling {
            end += 1;
        }
        if falling {
            self.all[start..end].reverse();
        }
        Ok(end - start)
    }

    /// Insert `sorted..end` into the sorted stretch before it.
    fn insert_binary(&mut self, start: usize, sorted: usize, end: usize) -> Result<(), E> {
        for place in sorted..end {
            let pivot = self.all[place];
            let (mut low, mut high) = (start, place);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.less(pivot, self.all[middle])? { high = middle } else { low = middle + 1 }
            }
            self.all.copy_within(low..place, low + 1);
            self.all[low] = pivot;
        }
        Ok(())
    }

    fn push_run(&mut self, start: usize, len: usize) -> Result<(), E> {
        if let Some(last) = self.runs.last().copied() {
            let power = border_power(last.start, last.len, len, self.all.len());
            while self.runs.len() > 1 && self.runs[self.runs.len() - 2].power > power {
                self.merge_at(self.runs.len() - 2)?;
            }
            if let Some(last) = self.runs.last_mut() {
                last.power = power;
            }
        }
        self.runs.push(Run { start, len, power: 0 });
        Ok(())
    }

    fn merge_rest(&mut self) -> Result<(), E> {
        while self.runs.len() > 1 {
            let mut at = self.runs.len() - 2;
            if at > 0 && self.runs[at - 1].len < self.runs[at + 1].len {
                at -= 1;
            }
            self.merge_at(at)?;
        }
        Ok(())
    }

    /// Merge the runs at `at` and `at + 1`.
    fn merge_at(&mut self, at: usize) -> Result<(), E> {
        let (left, right) = (self.runs[at], self.runs.remove(at + 1));
        self.runs[at].len = left.len + right.len;
        let first_right = self.all[right.start];
        let skip = gallop_right(self.less, first_right, &self.all[left.start..left.start + left.len], 0)?;
        let (start, left_len) = (left.start + skip, left.len - skip);
        if left_len == 0 {
            return Ok(());
        }
        let last_left = self.all[start + left_len - 1];
        let right_len = gallop_left(self.less, last_left, &self.all[right.start..right.start + right.len], right.len - 1)?;
        if right_len == 0 {
            return Ok(());
        }
        if left_len <= right_len { self.merge_low(start, left_len, right.start, right_len) } else { self.merge_high(start, left_len, right.start, right_len) }
    }

    /// Merge from the left; the shorter left side waits outside.
    fn merge_low(&mut self, start: usize, left_len: usize, right: usize, right_len: usize) -> Result<(), E> {
        let kept: Vec<T> = self.all[start..start + left_len].to_vec();
        let mut merge = Low { left: 0, right, end: right + right_len, to: start };
        let outcome = self.run_low(&kept, &mut merge);
        // Whatever stopped it, each item is in the list exactly once.
        let rest = kept.len() - merge.left;
        let right_rest = merge.end - merge.right;
        if rest == 1 && right_rest > 0 && outcome.is_ok() {
            self.all.copy_within(merge.right..merge.end, merge.to);
            self.all[merge.to + right_rest] = kept[merge.left];
        } else {
            self.all[merge.to..merge.to + rest].copy_from_slice(&kept[merge.left..]);
        }
        outcome
    }

    fn run_low(&mut self, kept: &[T], m: &mut Low) -> Result<(), E> {
        self.take_right(m);
        if m.right == m.end || kept.len() - m.left == 1 {
            return Ok(());
        }
        let mut gallop_min = self.gallop_min;
        loop {
            let (mut from_left, mut from_right) = (0, 0);
            loop {
                if self.less(self.all[m.right], kept[m.left])? {
                    self.take_right(m);
                    (from_right, from_left) = (from_right + 1, 0);
                    if m.right == m.end {
                        return Ok(());
                    }
                    if from_right >= gallop_min {
                        break;
                    }
                } else {
                    self.all[m.to] = kept[m.left];
                    (m.to, m.left) = (m.to + 1, m.left + 1);
                    (from_left, from_right) = (from_left + 1, 0);
                    if kept.len() - m.left == 1 {
                        return Ok(());
                    }
                    if from_left >= gallop_min {
                        break;
                    }
                }
            }
            gallop_min += 1;
            loop {
                gallop_min -= usize::from(gallop_min > 1);
                self.gallop_min = gallop_min;
                let key = self.all[m.right];
                from_left = gallop_right(self.less, key, &kept[m.left..], 0)?;
                if from_left > 0 {
                    self.all[m.to..m.to + from_left].copy_from_slice(&kept[m.left..m.left + from_left]);
                    (m.to, m.left) = (m.to + from_left, m.left + from_left);
                    if kept.len() - m.left <= 1 {
                        return Ok(());
                    }
                }
                self.take_right(m);
                if m.right == m.end {
                    return Ok(());
                }
                from_right = gallop_left(self.less, kept[m.left], &self.all[m.right..m.end], 0)?;
                if from_right > 0 {
                    self.all.copy_within(m.right..m.right + from_right, m.to);
                    (m.to, m.right) = (m.to + from_right, m.right + from_right);
                    if m.right == m.end {
                        return Ok(());
                    }
                }
                self.all[m.to] = kept[m.left];
                (m.to, m.left) = (m.to + 1, m.left + 1);
                if kept.len() - m.left == 1 {
                    return Ok(());
                }
                if from_left < GALLOP_MIN && from_right < GALLOP_MIN {
                    break;
                }
            }
            gallop_min += 1;
            self.gallop_min = gallop_min;
        }
    }

    fn take_right(&mut self, m: &mut Low) {
        self.all[m.to] = self.all[m.right];
        (m.to, m.right) = (m.to + 1, m.right + 1);
    }

    /// Merge from the right; the shorter right side waits outside.
    fn merge_high(&mut self, start: usize, left_len: usize, right: usize, right_len: usize) -> Result<(), E> {
        let kept: Vec<T> = self.all[right..right + right_len].to_vec();
        let mut merge = High { start, left: start + left_len, right: right_len, to: right + right_len };
        let outcome = self.run_high(&kept, &mut merge);
        let left_rest = merge.left - start;
        if merge.right == 1 && left_rest > 0 && outcome.is_ok() {
            self.all.copy_within(start..merge.left, start + 1);
            self.all[start] = kept[0];
        } else {
            self.all[merge.to - merge.right..merge.to].copy_from_slice(&kept[..merge.right]);
        }
        outcome
    }

    fn run_high(&mut self, kept: &[T], m: &mut High) -> Result<(), E> {
        self.take_left(m);
        if m.left == m.start || m.right == 1 {
            return Ok(());
        }
        let mut gallop_min = self.gallop_min;
        loop {
            let (mut from_left, mut from_right) = (0, 0);
            loop {
                if self.less(kept[m.right - 1], self.all[m.left - 1])? {
                    self.take_left(m);
                    (from_left, from_right) = (from_left + 1, 0);
                    if m.left == m.start {
                        return Ok(());
                    }
                    if from_left >= gallop_min {
                        break;
                    }
                } else {
                    (m.to, m.right) = (m.to - 1, m.right - 1);
                    self.all[m.to] = kept[m.right];
                    (from_right, from_left) = (from_right + 1, 0);
                    if m.right == 1 {
                        return Ok(());
                    }
                    if from_right >= gallop_min {
                        break;
                    }
                }
            }
            gallop_min += 1;
            loop {
                gallop_min -= usize::from(gallop_min > 1);
                self.gallop_min = gallop_min;
                let left_len = m.left - m.start;
                from_left = left_len - gallop_right(self.less, kept[m.right - 1], &self.all[m.start..m.left], left_len - 1)?;
                if from_left > 0 {
                    self.all.copy_within(m.left - from_left..m.left, m.to - from_left);
                    (m.to, m.left) = (m.to - from_left, m.left - from_left);
                    if m.left == m.start {
                        return Ok(());
                    }
                }
                (m.to, m.right) = (m.to - 1, m.right - 1);
                self.all[m.to] = kept[m.right];
                if m.right == 1 {
                    return Ok(());
                }
                let key = self.all[m.left - 1];
                from_right = m.right - gallop_left(self.less, key, &kept[..m.right], m.right - 1)?;
                if from_right > 0 {
                    self.all[m.to - from_right..m.to].copy_from_slice(&kept[m.right - from_right..m.right]);
                    (m.to, m.right) = (m.to - from_right, m.right - from_right);
                    if m.right <= 1 {
                        return Ok(());
                    }
                }
                self.take_left(m);
                if m.left == m.start {
                    return Ok(());
                }
                if from_left < GALLOP_MIN && from_right < GALLOP_MIN {
                    break;
                }
            }
            gallop_min += 1;
            self.gallop_min = gallop_min;
        }
    }

    fn take_left(&mut self, m: &mut High) {
        (m.to, m.left) = (m.to - 1, m.left - 1);
        self.all[m.to] = self.all[m.left];
    }
}

/// Places of a merge from the left: next of the kept left side, next and end of the right side, next target.
struct Low {
    left: usize,
    right: usize,
    end: usize,
    to: usize,
}

/// Places of a merge from the right; each behind the next item.
struct High {
    start: usize,
    left: usize,
    right: usize,
    to: usize,
}

type Less<'l, T, E> = &'l mut dyn FnMut(&T, &T) -> Result<bool, E>;

/// First place in `stretch` whose item is not less than `key`, found by growing steps from `hint`.
fn gallop_left<T, E>(less: Less<T, E>, key: T, stretch: &[T], hint: usize) -> Result<usize, E> {
    let (mut last, mut step) = (0, 1);
    let (mut low, mut high);
    if less(&stretch[hint], &key)? {
        let most = stretch.len() - hint;
        while step < most && less(&stretch[hint + step], &key)? {
            (last, step) = (step, 2 * step + 1);
        }
        (low, high) = (hint + last + 1, hint + step.min(most));
    } else {
        let most = hint + 1;
        while step < most && !less(&stretch[hint - step], &key)? {
            (last, step) = (step, 2 * step + 1);
        }
        (low, high) = (hint + 1 - step.min(most), hint - last);
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if less(&stretch[middle], &key)? { low = middle + 1 } else { high = middle }
    }
    Ok(high)
}

/// First place in `stretch` whose item is greater than `key`.
fn gallop_right<T, E>(less: Less<T, E>, key: T, stretch: &[T], hint: usize) -> Result<usize, E> {
    let (mut last, mut step) = (0, 1);
    let (mut low, mut high);
    if less(&key, &stretch[hint])? {
        let most = hint + 1;
        while step < most && less(&key, &stretch[hint - step])? {
            (last, step) = (step, 2 * step + 1);
        }
        (low, high) = (hint + 1 - step.min(most), hint - last);
    } else {
        let most = stretch.len() - hint;
        while step < most && !less(&key, &stretch[hint + step])? {
            (last, step) = (step, 2 * step + 1);
        }
        (low, high) = (hint + last + 1, hint + step.min(most));
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if less(&key, &stretch[middle])? { high = middle } else { low = middle + 1 }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(len: usize, seed: u64, range: u64) -> Vec<(u64, usize)> {
        let mut state = seed;
        (0..len)
            .map(|i| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                ((state >> 33) % range, i)
            })
            .collect()
    }

    #[test]
    fn sorts_stably() {
        for len in [0, 1, 2, 3, 10, 63, 64, 65, 200, 1000, 5000] {
            for range in [2, 10, 1 << 30] {
                let mut all = numbers(len, len as u64 + range, range);
                // Long runs provoke galloping.
                let middle = len / 2;
                all[..middle].sort_by_key(|p| p.0);
                let mut expected = all.clone();
                expected.sort_by_key(|p| p.0);
                let sorted: Result<(), ()> = merge_sort(&mut all, &mut |a, b| Ok(a.0 < b.0));
                assert_eq!(sorted, Ok(()));
                assert_eq!(all, expected);
            }
        }
    }

    #[test]
    fn a_failing_comparison_loses_nothing() {
        for stop in [1, 50, 500, 3000] {
            let mut all = numbers(400, 5, 50);
            let mut expected = all.clone();
            let mut left = stop;
            let _ = merge_sort(&mut all, &mut |a: &(u64, usize), b: &(u64, usize)| {
                left -= 1;
                if left <= 0 { Err(()) } else { Ok(a.0 < b.0) }
            });
            all.sort();
            expected.sort();
            assert_eq!(all, expected);
        }
    }
}
