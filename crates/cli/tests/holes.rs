//! Programs with holes, answered by scripts: each form, lazily and eagerly, and what must never happen.

mod support;
use support::{Place, corpus};

fn programs() -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(corpus("holes")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    paths.sort();
    paths
}

#[test]
fn every_form_runs_with_scripted_answers() {
    let place = Place::new();
    let mut wrong = Vec::new();
    let paths = programs();
    for path in &paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected = std::fs::read_to_string(path.with_extension("out")).unwrap();
        let model = format!("script:{}", path.with_extension("json").display());
        for eager in [false, true] {
            let mut arguments = vec!["run", "--journal", "none", "--model", &model];
            arguments.extend(eager.then_some("--eager"));
            arguments.push(path.to_str().unwrap());
            let ran = place.run(&arguments);
            if (ran.status, &ran.out) != (0, &expected) {
                wrong.push(format!("--- {name}, eager {eager}: expected\n{expected}--- got ({})\n{}{}", ran.status, ran.out, ran.err));
            }
        }
    }
    assert!(paths.len() >= 9, "only {} programs were found", paths.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const FAILURES: &str = r#"# emulant: holes calls
from emulant import AskError, Abstained, AskFailed, Refused, emulate

@emulate
def judge(text: str) -> bool:
    "Is it good?"

state = {"seen": [1, 2]}
for text in TEXTS:
    try:
        if judge(text):
            state["seen"].append(text)
    except AskError as error:
        print(type(error).__name__, "|", error)
print(state)
"#;

const SAYS: &str = r#"[{"call": "judge(\"a\")", "answer": "yes"}, {"call": "judge(\"b\")", "refuse": "no"}, {"call": "judge(\"c\")", "abstain": "unsure"},
    {"call": "judge(\"d\")", "fail": "cut off"}]"#;

#[test]
fn a_hole_that_fails_says_what_was_asked_what_came_and_how_to_go_on() {
    let place = Place::new();
    place.write("p.py", FAILURES);
    place.write("says.json", SAYS);
    let ran = place.run(&["run", "--model", "script:says.json", "--input", r#"TEXTS=["a", "b", "c", "d"]"#, "p.py"]);
    let expected = "AskFailed | the answer of script:says does not fit: $: expected bool, got \"yes\" (the last of 3); asked for judge() -> bool; take another --model, or catch AskFailed\n\
        Refused | no; asked for judge() -> bool; say it differently, or catch Refused\n\
        Abstained | unsure; asked for judge() -> bool; take another --model, or catch Abstained\n\
        AskFailed | cut off; asked for judge() -> bool; take another --model, or catch AskFailed\n\
        {'seen': [1, 2]}\n";
    assert_eq!((ran.status, ran.out.as_str()), (0, expected), "{}", ran.err);
    let none = place.run(&["run", "--model", "script:missing.json", "--input", r#"TEXTS=["a"]"#, "p.py"]);
    assert!(none.out.contains("missing.json: there is no such file; asked for judge() -> bool"), "{}", none.out);
    let budget = place.run(&["run", "--model", "script:says.json", "--limit-asks", "0", "--input", r#"TEXTS=["a"]"#, "p.py"]);
    assert_eq!(budget.status, 66, "{}", budget.err);
}

#[test]
fn replays_ask_nobody_and_written_functions_are_kept() {
    let place = Place::new();
    place.write("p.py", FAILURES);
    place.write("says.json", r#"[{"answer": true}]"#);
    let run = |extra: &[&str], texts: &str| {
        let texts = format!("TEXTS={texts}");
        let mut arguments = vec!["run", "--journal", "none", "--input", &texts];
        arguments.extend_from_slice(extra);
        arguments.push("p.py");
        place.run(&arguments)
    };
    let missing = ["--model", "script:says.json", "--record-missing", "known.jsonl"];
    assert_eq!(run(&missing, r#"["a"]"#).out, "{'seen': [1, 2, 'a']}\n");
    // What is known is not asked: the script would now say something else.
    place.write("says.json", r#"[{"answer": false}]"#);
    assert_eq!(run(&missing, r#"["a", "c"]"#).out, "{'seen': [1, 2, 'a']}\n");
    std::fs::remove_file(place.path().join("says.json")).unwrap();
    let known = run(&["--replay", "known.jsonl"], r#"["a"]"#);
    assert_eq!((known.status, known.out.as_str()), (0, "{'seen': [1, 2, 'a']}\n"), "{}", known.err);
    let unknown = run(&["--replay", "known.jsonl"], r#"["b"]"#);
    assert!(unknown.out.contains("known.jsonl has no answer to this question (--record-missing asks for it); the nearest one differs in prompt"), "{}", unknown.out);

    let program = corpus("holes").join("synthesized.py");
    let model = format!("script:{}", program.with_extension("json").display());
    let first = place.run(&["run", "--journal", "none", "--lock", "emulant.lock", "--model", &model, program.to_str().unwrap()]);
    assert_eq!(first.status, 0, "{}", first.err);
    let lock: serde_json::Value = serde_json::from_str(&place.read("emulant.lock")).expect("the lock is JSON");
    let names: Vec<&str> = lock.as_array().unwrap().iter().filter_map(|entry| entry["name"].as_str()).collect();
    assert_eq!(names, ["words", "double"]);
    assert_eq!(place.run(&["tools", "make", "emulant.lock"]).out, "2 functions added to tools.json\n");
    assert!(place.run(&["tools", "search", "how", "many", "words"]).out.contains("def words(text: str) -> int  How many words the text has."));
}

#[test]
fn every_byte_of_a_prompt_can_be_seen_before_a_run() {
    let place = Place::new();
    let program = corpus("holes").join("stubs.py");
    let shown = place.run(&["holes", "--prompts", program.to_str().unwrap()]);
    assert_eq!(shown.status, 0, "{}", shown.err);
    assert!(shown.out.contains(">>> mood(\"I love this!\")\n    \"GOOD\"\n"), "{}", shown.out);
    assert!(shown.out.contains(">>> mood(\"<text>\")"), "{}", shown.out);
    let blocks = place.run(&["holes", corpus("holes").join("block.py").to_str().unwrap()]);
    assert!(blocks.out.contains("block.py:28  block"), "{}", blocks.out);
}

#[test]
fn a_search_takes_the_program_that_is_right_most_often() {
    let place = Place::new();
    let source = |body: &str| serde_json::json!({"name": "initials", "times": 1, "answer": {"source": format!("def initials(name):\n    {body}\n")}});
    let right = "return ' '.join(word[0].upper() + '.' for word in name.split())";
    let programs = [
        source("return name[0] + '.'"),
        source("while True: pass"),
        source("return open('/etc/passwd').read()"),
        serde_json::json!({"name": "initials", "times": 1, "answer": {"source": "def other(): ..."}}),
        source(right),
        source(right),
        serde_json::json!({"name": "initials", "times": 1, "fail": "cut off"}),
    ];
    place.write("writes.json", &serde_json::Value::from(programs.to_vec()).to_string());
    let data = corpus("search").join("initials.json");
    let ran = place.run(&["search", data.to_str().unwrap(), "--programs", "7", "--model", "script:writes.json", "--save", "best.py"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    let starts = [
        "program 1   training 0 of 10   initials('Ann Lee') gave 'A.'",
        "program 2   training 0 of 10   initials('Ann Lee') it took more than",
        "program 3   training 0 of 10   initials('Ann Lee') raised",
        "program 4   training 0 of 10   NameError: it does not define initials",
        "program 5   training 10 of 10",
        "program 6   is program 5",
        "program 7   was not written",
        "chosen: program 5   training 10 of 10   held out 10 of 10",
    ];
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}\n{}", ran.out);
    }
    assert_eq!(place.read("best.py"), format!("def initials(name):\n    {right}\n"));
    assert_eq!(place.run(&["replay", &place.newest()]).out, ran.out);
    // Nothing right is no program.
    place.write("writes.json", r#"[{"answer": {"source": "def initials(name): return 0"}}]"#);
    let ran = place.run(&["search", data.to_str().unwrap(), "--programs", "1", "--model", "script:writes.json"]);
    assert!(ran.status == 1 && ran.out.ends_with("no program is right anywhere\n"), "{ran:?}");
    place.write("bad.json", r#"{"signature": "def f() -> int", "cases": [{"in": []}]}"#);
    assert_eq!(place.run(&["search", "bad.json"]).status, 65);
}
