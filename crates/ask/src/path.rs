//! Paths into values: `[3].sender`. A name that holds `.`, `[`, `]` or `\` has a backslash before each of
//! them, and an empty one is `\e`, so that no key that somebody else chose reads as two steps or as a rule
//! for another key.

use alloc::{borrow::Cow, string::String};

/// What an escaped name may hold.
const SPECIAL: [char; 4] = ['.', '[', ']', '\\'];

/// The step to the value of `name`, as it is appended to a path.
pub fn name_step(name: &str) -> String {
    let mut step = String::with_capacity(name.len() + 1);
    step.push('.');
    if name.is_empty() {
        step.push_str("\\e");
    }
    for c in name.chars() {
        if SPECIAL.contains(&c) {
            step.push('\\');
        }
        step.push(c);
    }
    step
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// To an item of a list.
    Index(usize),
    /// To the value of a key, or of a field.
    Name(Cow<'p, str>),
}

/// The first step of a path, and the rest; `None` at its end. What is no index in brackets is a name that no
/// value has.
pub fn first(path: &str) -> Option<(Step<'_>, &str)> {
    if let Some((inside, rest)) = path.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let step = inside.parse().map_or_else(|_| Step::Name(Cow::Owned(alloc::format!("[{inside}]"))), Step::Index);
        return Some((step, rest));
    }
    if path.is_empty() {
        return None;
    }
    let (name, rest) = split_name(path.strip_prefix('.').unwrap_or(path));
    Some((Step::Name(name), rest))
}

/// The name that a path begins with: of an argument, or of a key.
fn split_name(path: &str) -> (Cow<'_, str>, &str) {
    let mut escaped = false;
    let end = path.char_indices().find(|(_, c)| {
        let ends = !escaped && matches!(c, '.' | '[');
        escaped = !escaped && *c == '\\';
        ends
    });
    let (name, rest) = path.split_at(end.map_or(path.len(), |(at, _)| at));
    match name {
        "\\e" => (Cow::Borrowed(""), rest),
        plain if !plain.contains('\\') => (Cow::Borrowed(plain), rest),
        escaped => (Cow::Owned(unescaped(escaped)), rest),
    }
}

fn unescaped(name: &str) -> String {
    let mut out = String::new();
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

/// Is the path `inner` the same as `outer`, or does it lead to a place below it?
pub fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// `[3].sender` is `[].sender`: the place that a rule speaks of.
pub fn general(path: &str) -> String {
    let mut out = String::new();
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        out.push(c);
        match c {
            '\\' => out.extend(chars.next()),
            '[' => out.extend(chars.by_ref().find(|c| *c == ']')),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec, vec::Vec};

    fn steps(mut path: &str) -> Vec<Step<'_>> {
        let mut all = vec![];
        while let Some((step, rest)) = first(path) {
            all.push(step);
            path = rest;
        }
        all
    }

    #[test]
    fn a_key_is_one_step_whatever_it_holds() {
        for name in ["id", "id.x", "a[0]", "a]b", "\\", "a\\.b", "", "é.", "[]", "\\e"] {
            let path = format!("[7]{}{}.end", name_step(name), name_step(name));
            let named = || Step::Name(Cow::Owned(String::from(name)));
            assert_eq!(steps(&path), [Step::Index(7), named(), named(), Step::Name(Cow::Borrowed("end"))], "{path}");
            assert!(!is_within(&name_step(name), ".id") || name == "id", "{name}");
        }
        assert_eq!(name_step("sender"), ".sender");
    }

    #[test]
    fn a_rule_speaks_of_all_items_and_of_no_brackets_in_a_name() {
        assert_eq!(general("[3].a[4][5].b"), "[].a[][].b");
        assert_eq!(general(".a\\[3\\].b[1]"), ".a\\[3\\].b[]");
        assert_eq!(general("[3"), "[");
        assert!(is_within("[].a.b", "[].a") && is_within("[].a[]", "[].a") && !is_within("[].ab", "[].a") && !is_within("[].a\\.b", "[].a"));
    }
}
