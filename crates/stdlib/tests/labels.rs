//! Labels, tried on whole programs: whatever shows a piece of an answer names that
//! piece as its origin (a shadow that looks at values, not at labels), and
//! programs that somebody else's words steer are seen to be.

use emulant_ask::{Answer, Ask, Limits, Request, Seen, Value};
use emulant_machine::label::Level;
use emulant_machine::{Machine, Options, Reply, Step};
use std::collections::BTreeMap;
use std::path::Path;

/// What every program begins with.
const TOOLS: &str = "from emulant import tools\nread, send, tell = tools.read, tools.send, tools.tell\n";

/// What expressions of the shadow use.
const IMPORTS: &str = "import base64, collections, copy, functools, html, itertools, json, operator, re, string, textwrap, urllib.parse";

/// Runs a program; `read` gives `answer`, and the first call of any other tool is what it leads to.
fn first_act(text: &str, answer: &Value, level: Level) -> Result<Ask, String> {
    let inputs = ["read", "send", "tell"].map(String::from).into_iter().collect();
    let options = emulant_compile::Options { file: "p.py".into(), inputs, ..Default::default() };
    let code = emulant_compile::compile(text, &options).map_err(|error| error.message)?;
    let tools = [("read", vec![]), ("send", vec!["to".to_string()]), ("tell", vec!["what".to_string()])];
    let tools = tools.into_iter().map(|(name, parameters)| (name.to_string(), parameters)).collect::<BTreeMap<_, _>>();
    let limits = Limits { instructions: 50_000_000, ..Limits::default() };
    let mut machine = Machine::new(emulant_stdlib::library(), limits, Options { tools, labels: level, ..Options::default() });
    let mut step = machine.start(code);
    loop {
        match step {
            Step::Asks(asks) => {
                let ask = asks.into_iter().next().ok_or("it asks nothing")?;
                let reply = match &ask.request {
                    Request::Call(call) if call.tool == "read" => Answer::value(answer.clone()),
                    Request::Call(_) => return Ok(ask),
                    Request::Clock => Answer::value(Value::Float(0.0)),
                    other => return Err(format!("it asks {}", other.kind())),
                };
                step = machine.resume(vec![(ask.id, Reply::Answer(reply))]);
            }
            Step::Raised(uncaught) => return Err(format!("{}: {}", uncaught.class, uncaught.message)),
            other => return Err(format!("{other:?}")),
        }
    }
}

fn corpus(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/labels").join(name)).expect("the file is there")
}

/// Does anything that decides the call name an answer?
fn shows(ask: &Ask) -> bool {
    let names = |seen: &Seen| !seen.data.is_empty() || !seen.choice.is_empty();
    ask.seen.iter().any(|seen| (seen.part.is_empty() || seen.part == "to") && names(seen))
}

#[test]
fn steered_programs_show_from_their_level_on() {
    let mail = Value::dict([
        ("kind", Value::str("urgent")),
        ("flag", Value::Bool(true)),
        ("count", Value::Int(3)),
        ("name", Value::str("bob")),
        ("words", Value::List(vec![Value::str("x"), Value::str("y")])),
    ]);
    let text = corpus("steering.py.txt");
    let (mut steered, mut wrong) = (0, Vec::new());
    for block in text.split("\n## ").skip(1) {
        let (head, body) = block.split_once('\n').expect("a name and a program");
        let (name, expected) = head.rsplit_once(": ").expect("a name and a level");
        let program = format!("{TOOLS}mail = read()\npeople = [\"bob\", \"eve\", \"ann\", \"joe\"]\n{body}");
        let at = |level| first_act(&program, &mail, level).map(|ask| shows(&ask)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let seen = [at(Level::Flow), at(Level::Control), at(Level::Strict)];
        let wanted: &[[bool; 3]] = match expected {
            "flow" => &[[true, true, true]],
            "control" => &[[false, true, true]],
            "strict" => &[[false, false, true]],
            // Strict may show more than there is.
            "innocent" => &[[false, false, false], [false, false, true]],
            other => panic!("{name}: there is no level {other}"),
        };
        steered += usize::from(expected != "innocent");
        if !wanted.contains(&seen) {
            wrong.push(format!("{name}: expected {expected}, shows {seen:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(steered >= 40, "{steered} programs");
}

/// Pieces of the answer by path, and the forms in which they may be shown.
fn pieces() -> (Value, Vec<(&'static str, Vec<String>)>) {
    let texts = [(".a", "mark1x"), (".list[0]", "mark2x"), (".list[1]", "mark3x"), (".deep.b", "mark4x")];
    let value = Value::dict([
        ("a", Value::str("mark1x")),
        ("n", Value::Int(71_993)),
        ("list", Value::List(vec![Value::str("mark2x"), Value::str("mark3x")])),
        ("deep", Value::dict([("b", Value::str("mark4x"))])),
    ]);
    let forms = |text: &str| {
        let half = text[2..].to_string();
        vec![half.clone(), half.to_uppercase(), text.bytes().map(|byte| format!("{byte:02x}")).collect(), "bWFyazF4".into()]
    };
    let mut all: Vec<(&str, Vec<String>)> = texts.iter().map(|(path, text)| (*path, forms(text))).collect();
    // The encoded form above is that of the first piece alone.
    all.iter_mut().skip(1).for_each(|(_, forms)| drop(forms.pop()));
    let numbers = ["71993", "71994", "10284", "23997", "5182992049", "11939"].map(String::from).to_vec();
    all.push((".n", numbers));
    (value, all)
}

#[test]
fn what_shows_a_piece_of_an_answer_names_it() {
    let (answer, pieces) = pieces();
    let (mut tried, mut wrong) = (0, Vec::new());
    for expression in corpus("shadow.txt").lines().filter(|line| !line.is_empty()) {
        let program = format!("{TOOLS}{IMPORTS}\nr = read()\ntell({expression})\n");
        let ask = match first_act(&program, &answer, Level::Flow) {
            Ok(ask) => ask,
            Err(error) => {
                wrong.push(format!("{expression}: {error}"));
                continue;
            }
        };
        let Request::Call(call) = &ask.request else { continue };
        let shown = emulant_ask::canonical(&call.arguments[0].1.to_json());
        let named = |path: &str| ask.seen.iter().any(|seen| seen.data.iter().any(|origin| origin.path == path || origin.path.is_empty() || origin.path == emulant_ask::Origin::ANY));
        for (path, forms) in &pieces {
            if forms.iter().any(|form| shown.contains(form.as_str())) {
                tried += 1;
                if !named(path) {
                    wrong.push(format!("{expression}: it shows {path} and does not name it: {shown} {:?}", ask.seen));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 100, "{tried} pieces");
}

/// At level `flow` the run loop does the frequent cases in place; at level `control` each instruction is done in full.
#[test]
fn in_place_and_in_full_give_the_same_labels() {
    let answer = Value::dict([
        ("i", Value::Int(3)),
        ("j", Value::Int(4)),
        ("f", Value::Float(2.5)),
        ("s", Value::str("hey")),
        ("l", Value::List(vec![Value::Int(5), Value::Int(6), Value::Int(7)])),
    ]);
    let expressions = "i + j|i - j|i * j|i / j|i // j|i % j|i & j|i ^ j|i << j|i >> j|-i|i + 1|i - 1|f * 2|f + i|f - f|f / j|i < j|i == 3|i != j|f < 3.0\
        |l[i - 3]|l[0]|l[-1]|'abc'[i - 3]|[1, 2, 3][i - 3]|(1, 2, 3)[i - 3]|{3: 'x'}[i]|{'hey': j}[s]|{(3, 4): f}[i, j]|s[0]|s[i - 2]\
        |len(l)|len(s)|min(i, j)|max(i, 2)|abs(i)|ord(s[0])|chr(i + 90)|isinstance(i, int)|{3: f}.get(i)|{1: 2}.get(i, j)|str(i)|int(f)|float(i)|bool(i)\
        |s.startswith('h')|s.isalpha()|[l.append(i), l][1]|[1, f].pop()|l.pop()|[l, l.pop()][0]|range(i)[1]|[x for x in l]|[x + i for x in (1, 2)]\
        |[i, j][0]|(lambda n: n * n)(i)|next(iter(l))|sum(l)|i * s|s + s";
    let mut wrong = Vec::new();
    for expression in expressions.split('|') {
        let program = format!("{TOOLS}r = read()\ni, j, f, s, l = r['i'], r['j'], r['f'], r['s'], r['l']\ntell({expression})\n");
        let seen = |level| first_act(&program, &answer, level).unwrap_or_else(|error| panic!("{expression}: {error}")).seen;
        let (flow, control) = (seen(Level::Flow), seen(Level::Control));
        if flow.is_empty() || flow != control {
            wrong.push(format!("{expression}: in place {flow:?}, in full {control:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
