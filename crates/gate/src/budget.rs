//! What a run may still spend, by the tools file.

use alloc::{collections::BTreeMap, format, string::String};

/// Limits of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Calls of acting tools.
    pub calls: Option<u64>,
    /// Units of money, as contracts' `cost` counts them, in thousandths.
    pub money: Option<u64>,
    /// Bytes of arguments that leave.
    pub bytes: Option<u64>,
}

/// What a run has spent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Calls of acting tools.
    pub calls: u64,
    /// Calls by tool.
    pub by_tool: BTreeMap<String, u64>,
    /// Thousandths of units of money.
    pub money: u64,
    /// Bytes of arguments that left.
    pub bytes: u64,
}

/// What is left, for policies; without a limit as much as there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Calls of acting tools.
    pub calls: i64,
    /// Whole units of money.
    pub money: i64,
}

impl Default for Left {
    fn default() -> Left {
        Left { calls: i64::MAX, money: i64::MAX }
    }
}

/// What one call takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Does it count as a call?
    pub acts: bool,
    /// Thousandths of units of money.
    pub money: u64,
    /// Bytes of arguments.
    pub bytes: u64,
}

impl Budget {
    /// What is left.
    pub fn left(&self, spent: &Spent) -> Left {
        let left = |max: Option<u64>, spent: u64| max.map_or(i64::MAX, |max| i64::try_from(max.saturating_sub(spent)).unwrap_or(i64::MAX));
        Left { calls: left(self.calls, spent.calls), money: self.money.map_or(i64::MAX, |max| left(Some(max), spent.money) / 1000) }
    }

    /// Why a call of this price does not fit any more, if it does not.
    pub fn exceeded(&self, spent: &Spent, tool: &str, calls_max: Option<u64>, price: &Price) -> Option<String> {
        let over = |max: Option<u64>, spent: u64, more: u64| max.is_some_and(|max| spent.saturating_add(more) > max);
        let of_tool = spent.by_tool.get(tool).copied().unwrap_or(0);
        let calls = u64::from(price.acts);
        if over(calls_max, of_tool, 1) {
            return Some(format!("{tool} may be called {} times in a run", calls_max.unwrap_or(0)));
        }
        if over(self.calls, spent.calls, calls) {
            return Some(format!("a run may make {} acting calls", self.calls.unwrap_or(0)));
        }
        if over(self.money, spent.money, price.money) {
            return Some(format!("a run may spend {} of money", thousandths(self.money.unwrap_or(0))));
        }
        over(self.bytes, spent.bytes, price.bytes).then(|| format!("a run may send {} bytes", self.bytes.unwrap_or(0)))
    }
}

impl Spent {
    /// Counts a call that was let through, before it is known what came of it.
    pub fn add(&mut self, tool: &str, price: &Price) {
        self.calls += u64::from(price.acts);
        *self.by_tool.entry(tool.into()).or_default() += 1;
        self.money = self.money.saturating_add(price.money);
        self.bytes = self.bytes.saturating_add(price.bytes);
    }
}

fn thousandths(money: u64) -> String {
    format!("{}.{:03}", money / 1000, money % 1000)
}
