//! What a tool promises and demands: the part of a declaration that the user's
//! tools file gives, and a server never.

use alloc::{string::String, vec::Vec};
use emulant_ask::Origin;
use emulant_ask::path::{general, is_within};

/// What calling a tool does to the world, and how it is taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It only reads.
    Read,
    /// What it will change is kept before, and can be put back.
    Staged,
    /// The tool itself sends it later. Nothing here holds it back.
    Delayed,
    /// It happens at once, and a declared call takes it back.
    Inverse,
    /// It happens at once, and nothing takes it back.
    #[default]
    Irreversible,
}

impl Effect {
    /// All of them, with their names in tools files and policies.
    pub const ALL: [(Effect, &str); 5] = [
        (Effect::Read, "read"),
        (Effect::Staged, "staged"),
        (Effect::Delayed, "delayed"),
        (Effect::Inverse, "inverse"),
        (Effect::Irreversible, "irreversible"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Effect::ALL.iter().find(|(effect, _)| *effect == self).map_or("irreversible", |(_, name)| name)
    }

    /// The effect of this name.
    pub fn named(name: &str) -> Option<Effect> {
        Effect::ALL.iter().find(|(_, word)| *word == name).map(|(effect, _)| *effect)
    }
}

/// Names in label rules that stand for words which nobody outside can choose:
/// what the tool's own system made (an id, a date), and what the user wrote.
const TRUSTED: [&str; 2] = ["system", "user"];

/// What a tool promises and demands. Expressions are Python, judged by
/// [`emulant_ask::Predicate`] over the arguments by name, `args`, `state` and, behind
/// the call, `result`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contract {
    /// What calling it does.
    pub effect: Effect,
    /// What must hold before the call.
    pub pre: Vec<String>,
    /// What must hold of the result; else it is not committed.
    pub post: Vec<String>,
    /// Cells of the typed state that a call changes, and their new values.
    pub state: Vec<(String, String)>,
    /// Whose words the parts of a result are: path (`[].sender`) and `system`, `user`, or a name
    /// for anybody else. What no rule names is somebody else's.
    pub labels: Vec<(String, String)>,
    /// Arguments that name who will see what is sent.
    pub audience: Vec<String>,
    /// What a call costs, in units of money.
    pub cost: Option<String>,
    /// Over the arguments: the tool takes two calls with the same key as one, so that a call in doubt is
    /// made again. A key of `None` promises nothing.
    pub idempotency: Option<String>,
    /// A read that shows what the call changed.
    pub observe: Option<Operation>,
    /// The call that takes it back.
    pub inverse: Option<Operation>,
    /// Calls of this tool in one run.
    pub calls_max: Option<u64>,
}

/// A call of a tool whose arguments are expressions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// The tool's name.
    pub tool: String,
    /// Arguments by name, as expressions.
    pub arguments: Vec<(String, String)>,
}

impl Contract {
    /// Whose words the part of a result at `path` (`[3].sender`) is; `None`: no rule says it.
    pub fn whose(&self, path: &str) -> Option<&str> {
        let path = general(path);
        let rules = self.labels.iter().filter(|(rule, _)| covers(rule, &path));
        rules.max_by_key(|(rule, _)| rule.len()).map(|(_, who)| who.as_str())
    }

    /// Are length, order and keys of what stands at `path` decided by nobody outside?
    pub fn is_steady(&self, path: &str) -> bool {
        self.is_trusted(path) || (path != Origin::ANY && self.whose(path).is_some_and(|who| TRUSTED.contains(&who)))
    }

    /// Is the part at `path`, with all that lies below it, made of words that nobody outside can choose?
    pub fn is_trusted(&self, path: &str) -> bool {
        // Any part may be the one that is not.
        let path = if path == Origin::ANY { "" } else { path };
        let place = general(path);
        let is_trusted = |who: &str| TRUSTED.contains(&who);
        let below = self.labels.iter().filter(|(rule, _)| covers(&place, rule));
        self.whose(path).is_some_and(is_trusted) && below.into_iter().all(|(_, who)| is_trusted(who))
    }
}

/// Does the rule for `outer` also speak of what lies at `inner`?
fn covers(outer: &str, inner: &str) -> bool {
    let outer = outer.strip_prefix('.').unwrap_or(outer);
    let inner = inner.strip_prefix('.').unwrap_or(inner);
    outer.is_empty() || is_within(inner, outer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn contract(rules: &[(&str, &str)]) -> Contract {
        let labels = rules.iter().map(|(path, who)| (String::from(*path), String::from(*who))).collect();
        Contract { labels, ..Contract::default() }
    }

    #[test]
    fn the_longest_rule_speaks_and_silence_is_distrust() {
        let mails = contract(&[("[]", "system"), ("[].body", "third party")]);
        assert!(mails.is_trusted("[3].id"));
        assert!(!mails.is_trusted("[3].body"));
        assert_eq!(mails.whose("[3].body"), Some("third party"));
        assert!(!mails.is_trusted("[3]"), "a whole mail holds its body");
        assert!(!mails.is_trusted(""), "no rule speaks of the whole");
        assert!(!contract(&[]).is_trusted("[0].id"));
        assert!(mails.is_steady("[3]") && !mails.is_steady("[3].body") && !mails.is_steady(""));
        let all = contract(&[("", "system"), ("[].body", "third party")]);
        assert!(all.is_steady("") && !all.is_trusted("") && !all.is_steady("*") && !all.is_trusted("*"));
    }

    #[test]
    fn names_are_matched_whole() {
        let rules = contract(&[(".id", "system")]);
        assert!(rules.is_trusted(".id"));
        assert!(!rules.is_trusted(".identity"));
        assert!(!rules.is_trusted(&emulant_ask::path::name_step("id.x")), "another key, which somebody else chose");
        assert!(contract(&[("", "system")]).is_trusted("[1].anything"));
        assert_eq!(Effect::ALL.map(|(effect, name)| Effect::named(name) == Some(effect)), [true; 5]);
        assert_eq!(vec![Effect::named("maybe")], vec![None]);
    }
}
