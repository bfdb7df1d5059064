//! Python expressions that judge: the one predicate language, run in the machine.
//!
//! An expression is compiled once and waits in a machine of its own at a mark,
//! right where it is given its names. Each judgement goes on from that mark and
//! comes back to it, so none sees another, and all have the same fuel. An
//! expression that asks for anything has no value.

use emulant_ask::{Answer, CompileMode, Limits, Predicate, Request, Value};
use emulant_machine::mark::Mark;
use emulant_machine::{Machine, Options, Reply, Step};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// What one judgement may spend.
const LIMITS: Limits = Limits { instructions: 500_000, memory_bytes: 64 << 20, output_bytes: 1 << 16, asks: 8, depth: 100 };
/// Longest expression.
const EXPRESSION_BYTES_MAX: usize = 1 << 16;
/// Most expressions that are kept ready.
const READY_MAX: usize = 500;
/// The names by which the frame around an expression asks for its names and gives its value.
const NEXT: &str = "next_names";
const TELL: &str = "tell_value";

/// Judges Python expressions.
#[derive(Default)]
pub struct Python {
    ready: RefCell<HashMap<(String, Vec<String>), Result<Ready, String>>>,
}

/// A machine that waits for the names of its expression.
struct Ready {
    machine: Machine,
    mark: Mark,
    ask: u64,
}

impl Python {
    /// Does the expression parse?
    ///
    /// # Errors
    /// Why not.
    pub fn check(expression: &str) -> Result<(), String> {
        if expression.len() > EXPRESSION_BYTES_MAX {
            return Err(format!("it is longer than {EXPRESSION_BYTES_MAX} bytes"));
        }
        let options = emulant_compile::Options { file: "<contract>".into(), mode: CompileMode::Eval, ..Default::default() };
        emulant_compile::compile(expression.trim(), &options).map(drop).map_err(|error| format!("{}: {}", error.kind.name(), error.message))
    }
}

impl Predicate for Python {
    fn value(&self, expression: &str, values: &[(String, Value)]) -> Result<Value, String> {
        let values: Vec<&(String, Value)> = values.iter().filter(|(name, _)| is_name(name)).collect();
        let names: Vec<String> = values.iter().map(|(name, _)| name.clone()).collect();
        let mut ready = self.ready.borrow_mut();
        if ready.len() >= READY_MAX {
            ready.clear();
        }
        let entry = ready.entry((expression.to_string(), names)).or_insert_with_key(|(expression, names)| prepare(expression, names));
        let Ready { machine, mark, ask } = entry.as_mut().map_err(|why| why.clone())?;
        let given = Value::Tuple(values.iter().map(|(_, value)| value.clone()).collect());
        let step = machine.resume(vec![(*ask, Reply::Answer(Answer::value(given)))]);
        let told = told(step);
        match machine.back_to(mark) {
            true => told,
            false => Err("the expression cannot be taken back".into()),
        }
    }
}

fn prepare(expression: &str, names: &[String]) -> Result<Ready, String> {
    Python::check(expression)?;
    // The expression parses by itself, so brackets around it keep it one expression.
    let text = format!(
        "from emulant import tools as __tools__\n__next__, __tell__ = __tools__.{NEXT}, __tools__.{TELL}\n\
         def __value__({}):\n    return (\n{}\n    )\nwhile True:\n    __tell__(__value__(*__next__()))\n",
        names.join(", "),
        expression.trim()
    );
    let inputs = vec![NEXT.to_string(), TELL.to_string()];
    let options = emulant_compile::Options { file: "<contract>".into(), inputs: inputs.into_iter().collect(), ..Default::default() };
    let code = emulant_compile::compile(&text, &options).map_err(|error| format!("{}: {}", error.kind.name(), error.message))?;
    let tools = BTreeMap::from([(NEXT.to_string(), Vec::new()), (TELL.to_string(), vec!["value".to_string()])]);
    let mut machine = Machine::new(emulant_stdlib::library(), LIMITS, Options { eager: true, tools, ..Options::default() });
    match machine.start(code) {
        Step::Asks(asks) => {
            let ask = asks.first().map(|ask| ask.id).ok_or("it does not begin")?;
            let mark = machine.mark();
            Ok(Ready { machine, mark, ask })
        }
        other => told(other).and(Err("it does not begin".into())),
    }
}

fn told(step: Step) -> Result<Value, String> {
    match step {
        Step::Asks(asks) => match asks.into_iter().next().map(|ask| (ask.site.function, ask.request)) {
            Some((function, Request::Call(call))) if call.tool == TELL && function == "<module>" => {
                call.arguments.into_iter().next().map(|(_, value)| value).ok_or_else(|| "it has no value".into())
            }
            _ => Err("it asks for something, and must not".into()),
        },
        Step::Raised(uncaught) => Err(format!("{}: {}", uncaught.class, uncaught.message)),
        Step::Limit(limit) => Err(crate::keep::limit_text(limit).into()),
        _ => Err("it ended without a value".into()),
    }
}

/// Can a function have a parameter of this name?
fn is_name(name: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
        "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
        "while", "with", "yield",
    ];
    let plain = name.chars().enumerate().all(|(at, c)| c == '_' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit()));
    !name.is_empty() && plain && !KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use emulant_ask::Verdict;

    fn names() -> Vec<(String, Value)> {
        vec![("amount".into(), Value::Int(3)), ("to".into(), Value::List(vec![Value::str("a@x")])), ("from".into(), Value::None)]
    }

    #[test]
    fn expressions_judge_and_none_sees_another() {
        let python = Python::default();
        for _ in 0..3 {
            assert_eq!(python.judge("0 < amount <= 5 and all('@' in one for one in to)", &names()), Verdict::Holds);
            assert_eq!(python.value("to.append('b') or len(to)", &names()), Ok(Value::Int(2)));
            assert!(matches!(python.judge("amount > 3", &names()), Verdict::Fails(why) if why == "it is False"));
        }
        assert_eq!(python.value("{'sum': amount + 1}['sum']", &names()), Ok(Value::Int(4)));
    }

    #[test]
    fn what_does_not_parse_type_or_finish_fails() {
        let python = Python::default();
        let why = |text: &str| match python.judge(text, &names()) {
            Verdict::Fails(why) => why,
            Verdict::Holds => panic!("{text} holds"),
        };
        assert!(why("amount >").starts_with("SyntaxError"));
        assert!(why("True) or (True").starts_with("SyntaxError"), "brackets do not escape");
        assert!(why("True\n    )\nx = (1").starts_with("SyntaxError"));
        assert!(why("nothing > 3").starts_with("NameError"));
        assert!(why("to > 3").starts_with("TypeError"));
        assert_eq!(why("amount"), "it is neither True nor False");
        assert_eq!(why("all(one >= 0 for one in range(10**9))"), "the limit of instructions is reached");
        assert!(why("len('a' * 10**12) > 0").to_lowercase().contains("memory"));
        assert_eq!(why("input()"), "it asks for something, and must not");
        assert_eq!(why("eval('True')"), "it asks for something, and must not");
        assert_eq!(why("__tell__(True)"), "it asks for something, and must not");
        assert!(matches!(python.judge("amount == 3", &names()), Verdict::Holds), "and the next is as before");
    }
}
