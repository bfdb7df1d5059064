//! Programs that ask: answers from a script, built-in tools, approvals; replay, fork,
//! why, and going on in another process.

mod support;
use support::Place;

const JUDGE: &str = r#"from emulant import emulate, tools

@emulate
def urgent(text: str) -> bool:
    "Is this urgent?"

lines = tools.read_text(path="tickets.txt").splitlines()
flags = [urgent(line) for line in lines]
print(flags)
"#;

const ANSWERS: &str = r#"[{"call": "urgent(\"fire\")", "answer": true}, {"answer": false}]"#;

fn judge(place: &Place) {
    place.write("judge.py", JUDGE);
    place.write("tickets.txt", "fire\nlunch\n");
    place.write("answers.json", ANSWERS);
    let ran = place.run(&["run", "--model", "script:answers.json", "judge.py"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "[True, False]\n"), "{}", ran.err);
    assert!(ran.err.contains("2 emulate") && ran.err.contains("1 call"), "{}", ran.err);
}

#[test]
fn a_run_replays_byte_for_byte_without_model_and_tools() {
    let place = Place::new();
    judge(&place);
    for name in ["tickets.txt", "answers.json", "judge.py"] {
        std::fs::remove_file(place.path().join(name)).unwrap();
    }
    let run = place.newest();
    let replayed = place.run(&["replay", &run]);
    assert_eq!((replayed.status, replayed.out.as_str()), (0, "[True, False]\n"), "{}", replayed.err);
    assert!(replayed.err.starts_with("same: 3 asks"), "{}", replayed.err);
    let exported = place.run(&["journal", "export", &run]);
    place.write("run.jsonl", &exported.out);
    assert_eq!(place.run(&["replay", "run.jsonl"]).status, 0);
    let key = place.run(&["journal", "key"]).out;
    assert_eq!(place.run(&["journal", "verify", "run.jsonl", "--key", key.trim()]).status, 0);
    place.write("bad.jsonl", &exported.out.replace("fire", "hire"));
    assert_eq!(place.run(&["journal", "verify", "bad.jsonl", "--key", key.trim()]).status, 65);
    assert_eq!(place.run(&["replay", "bad.jsonl"]).status, 65);
}

#[test]
fn a_fork_takes_another_answer_and_goes_on_live() {
    let place = Place::new();
    judge(&place);
    let run = place.newest();
    let shown = place.run(&["journal", "show", &run]).out;
    let seq = shown.lines().find(|line| line.contains("urgent(text=\"lunch\")")).unwrap().split_whitespace().next().unwrap().to_string();
    let forked = place.run(&["fork", &run, "--at", &seq, "--answer", "true"]);
    assert_eq!((forked.status, forked.out.as_str()), (0, "[True, True]\n"), "{}", forked.err);
    assert!(!forked.err.contains(&run), "a fork is a run of its own: {}", forked.err);
    assert_eq!(place.run(&["journal", "list"]).out.lines().count(), 2);
    let wrong = place.run(&["fork", &run, "--at", &seq, "--answer", "\"yes\""]);
    assert_eq!(wrong.status, 64, "{}", wrong.err);
    assert!(wrong.err.contains("expected bool"), "{}", wrong.err);
}

#[test]
fn a_statement_about_a_run_is_checked_by_others() {
    let place = Place::new();
    judge(&place);
    let run = place.newest();
    place.write("run.jsonl", &place.run(&["journal", "export", &run]).out);
    place.write("run.dsse", &place.run(&["journal", "export", &run, "--dsse"]).out);
    let key = place.run(&["journal", "key"]).out;
    // With nothing of ours but the Ed25519 of docs/verify_journal.py.
    let check = "import base64, hashlib, json, sys\nsys.path.insert(0, sys.argv[1])\nfrom verify_journal import signed_by\n\
        envelope = json.load(open('run.dsse'))\npayload = base64.b64decode(envelope['payload'])\nkind = envelope['payloadType']\n\
        def holds(payload):\n    message = b'DSSEv1 %d %s %d ' % (len(kind), kind.encode(), len(payload)) + payload\n    \
        return signed_by(bytes.fromhex(sys.argv[2]), message, base64.b64decode(envelope['signatures'][0]['sig']))\n\
        assert holds(payload) and not holds(payload.replace(b'judge.py', b'fudge.py'))\n\
        said = json.loads(payload)\nassert said['_type'] == 'https://in-toto.io/Statement/v1'\n\
        assert said['subject'][0]['digest']['sha256'] == hashlib.sha256(open('run.jsonl', 'rb').read()).hexdigest()\n\
        assert said['predicate']['end']['exit_status'] == 0 and said['predicate']['asks'] == 3, said\n";
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
    let checked = std::process::Command::new("python3").args(["-c", check, docs, key.trim()]).current_dir(place.path()).output();
    let Ok(checked) = checked else { return println!("skipped: no python3 on PATH") };
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn an_exported_run_grants_nothing_to_its_fork() {
    let place = Place::new();
    judge(&place);
    let export = |place: &Place, name: &str| place.write(name, &place.run(&["journal", "export", &place.newest()]).out);
    export(&place, "run.jsonl");
    let fork = |file: &str, more: &[&str]| place.run(&[&["fork", file, "--at", "1", "--answer", "\"lunch\""], more].concat());
    let refused = fork("run.jsonl", &[]);
    assert_eq!(refused.status, 64, "{}", refused.err);
    assert!(refused.err.contains("recorded elsewhere, with a model of its choice: give yours with --model NAME|URL"), "{}", refused.err);
    let forked = fork("run.jsonl", &["--model", "script:answers.json"]);
    assert_eq!((forked.status, forked.out.as_str()), (0, "[False]\n"), "{}", forked.err);
    let other = Place::new();
    other.write("files.py", "open('new.txt', 'w').write('x')\n");
    assert_eq!(other.run(&["run", "--root", ".:rw", "files.py"]).status, 0);
    let refused = fork(&export(&other, "files.jsonl").display().to_string(), &[]);
    assert_eq!(refused.status, 64, "{}", refused.err);
    assert!(refused.err.contains("with files: give a folder of yours with --root DIR"), "{}", refused.err);
}

const ACT: &str = r#"from emulant import Refused, tools

print("before")
try:
    print(tools.write_file(path="out.txt", text="written"))
except Refused as refusal:
    print("refused:", refusal)
print("after")
"#;

#[test]
fn what_acts_needs_a_grant_or_a_yes() {
    let place = Place::new();
    place.write("act.py", ACT);
    let refused = place.run(&["run", "--approve", "never", "act.py"]);
    assert_eq!(refused.status, 0, "{}", refused.err);
    assert!(refused.out.contains("refused: write_file refused: it acts and was not allowed for this run; used in line 5"), "{}", refused.out);
    assert_eq!(place.read("out.txt"), "");
    let allowed = place.run(&["run", "--allow", "write_file", "act.py"]);
    assert_eq!((allowed.status, allowed.out.as_str()), (0, "before\n7\nafter\n"), "{}", allowed.err);
    assert_eq!(place.read("out.txt"), "written");
}

#[test]
fn a_rehearsal_tells_what_would_have_happened_and_does_nothing() {
    let place = Place::new();
    place.write("act.py", ACT);
    place.write("answers.json", r#"[{"call": "write_file(\"out.txt\", \"written\")", "answer": 7}]"#);
    for (allow, told) in [(&["--allow", "write_file"][..], "made write_file(path=\"out.txt\", text=\"written\")"), (&[], "asked a person: write_file(")] {
        let ran = place.run(&[&["run", "--rehearse", "--model", "script:answers.json"], allow, &["act.py"]].concat());
        assert_eq!((ran.status, ran.out.as_str()), (0, "before\n7\nafter\n"), "{}", ran.err);
        assert!(ran.err.contains(&format!("would have    entry 1, line 5: {told}")), "{}", ran.err);
        assert!(!place.path().join("out.txt").exists());
        // Nothing acted: the record replays, and there is nothing to take back.
        let run = place.newest();
        let verified = place.run(&["journal", "verify", &run, "--replay"]);
        assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
        assert!(verified.out.contains("the decisions follow: 1 calls"), "{}", verified.out);
        assert!(place.run(&["undo", &run]).out.contains("0 acts to take back, 0 cannot be"));
    }
    place.write("disk.py", "open('new.txt', 'w').write('x')\nprint(open('new.txt').read())\n");
    let ran = place.run(&["run", "--rehearse", "--root", ".:rw", "disk.py"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "x\n"), "{}", ran.err);
    assert!(!place.path().join("new.txt").exists());
}

#[test]
fn an_uncaught_refusal_has_its_own_status() {
    let place = Place::new();
    place.write("act.py", "from emulant import tools\ntools.write_file(path='out.txt', text='x')\n");
    let ran = place.run(&["run", "--approve", "never", "act.py"]);
    assert_eq!(ran.status, 67, "{}", ran.err);
    assert!(ran.err.contains("Refused: write_file refused"), "{}", ran.err);
}

#[test]
fn a_waiting_run_goes_on_in_another_process_at_the_exact_place() {
    for (said, out) in [("true", "7\nafter\n"), ("false", "refused: write_file refused by a person: it acts and was not allowed for this run; used in line 5\nafter\n")] {
        let place = Place::new();
        place.write("act.py", ACT);
        let waiting = place.run(&["run", "--approve", "later", "act.py"]);
        assert_eq!((waiting.status, waiting.out.as_str()), (75, "before\n"), "{}", waiting.err);
        assert_eq!(place.read("out.txt"), "");
        let run = place.newest();
        assert!(waiting.err.contains(&run), "{}", waiting.err);
        let seq = waiting.err.lines().find_map(|line| line.strip_prefix(&format!("answer with: emulant answer {run} "))).unwrap();
        let seq = seq.split_whitespace().next().unwrap();
        let wrong = place.run(&["answer", &run, seq, "7"]);
        assert_eq!(wrong.status, 64, "{}", wrong.err);
        let answered = place.run(&["answer", &run, seq, said]);
        assert_eq!((answered.status, answered.out.as_str()), (0, out), "{}", answered.err);
        assert_eq!(place.read("out.txt"), if said == "true" { "written" } else { "" });
        let again = place.run(&["answer", &run, seq, said]);
        assert_eq!(again.status, 64, "{}", again.err);
        let replayed = place.run(&["replay", &run]);
        assert_eq!((replayed.status, replayed.out.as_str()), (0, format!("before\n{out}").as_str()), "{}", replayed.err);
    }
}

#[test]
fn why_names_the_answers_and_the_lines() {
    let place = Place::new();
    judge(&place);
    let run = place.newest();
    let shown = place.run(&["journal", "show", &run]).out;
    let seq = shown.lines().find(|line| line.contains("urgent(text=\"lunch\")")).unwrap().split_whitespace().next().unwrap().to_string();
    let why = place.run(&["why", &run, &seq, "text"]);
    assert_eq!(why.status, 0, "{}", why.err);
    assert!(why.out.contains("tickets.txt, line 2 (read_text)"), "{}", why.out);
    assert!(why.out.contains("line 7: read_text(path=\"tickets.txt\")"), "{}", why.out);
    let missing = place.run(&["why", &run, &seq, "other"]);
    assert_eq!(missing.status, 64);
    assert!(missing.err.contains("there are: text"), "{}", missing.err);
}

#[test]
fn holes_are_listed_before_anything_runs() {
    let place = Place::new();
    place.write("judge.py", JUDGE);
    let listed = place.run(&["holes", "judge.py"]);
    assert_eq!(listed.status, 0, "{}", listed.err);
    assert!(listed.out.contains("stub  urgent  bool"), "{}", listed.out);
}

#[test]
fn a_hole_without_a_fitting_answer_is_the_programs_exception() {
    let place = Place::new();
    place.write("judge.py", JUDGE);
    place.write("tickets.txt", "fire\n");
    place.write("answers.json", r#"[{"answer": "yes"}]"#);
    let ran = place.run(&["run", "--model", "script:answers.json", "judge.py"]);
    assert_eq!(ran.status, 67, "{}", ran.err);
    assert!(ran.err.contains("AskFailed: the answer of script:answers does not fit: $: expected bool, got \"yes\""), "{}", ran.err);
}

#[test]
fn an_answer_that_is_looked_into_inside_a_bound_method_finds_it_again() {
    let place = Place::new();
    let program = "from collections import Counter\nfrom emulant import emulate\n\n@emulate\ndef kind(n: int) -> str:\n    \"Kind\"\n\n\
        kinds = [kind(n) for n in range(3)]\nprint(Counter(kinds))\ncount = [\"even\"].count\nprint([count(kind(n)) for n in range(3, 5)])\n";
    place.write("count.py", program);
    place.write("answers.json", r#"[{"call": "kind(1)", "answer": "odd"}, {"answer": "even"}]"#);
    let ran = place.run(&["run", "--model", "script:answers.json", "count.py"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "Counter({'even': 2, 'odd': 1})\n[1, 1]\n"), "{}", ran.err);
    let eager = place.run(&["run", "--eager", "--model", "script:answers.json", "count.py"]);
    assert_eq!(eager.out, ran.out, "{}", eager.err);
}

#[test]
fn a_limit_of_seconds_stops_at_an_instruction_that_replays() {
    let place = Place::new();
    place.write("spin.py", "print('begins')\nn = 0\nwhile True:\n    n += 1\n");
    let started = std::time::Instant::now();
    let ran = place.run(&["run", "--limit-seconds", "2", "--limit-instructions", "1000000000000", "spin.py"]);
    assert_eq!((ran.status, ran.out.as_str()), (66, "begins\n"), "{}", ran.err);
    assert!(ran.err.contains("the limit of seconds is reached"), "{}", ran.err);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    let replayed = place.run(&["replay", &place.newest()]);
    assert_eq!((replayed.status, replayed.out.as_str()), (0, "begins\n"), "{}", replayed.err);
    let enough = place.run(&["run", "--limit-seconds", "600", "-c", "for i in range(3000000): pass\nprint('ends')"]);
    assert_eq!((enough.status, enough.out.as_str()), (0, "ends\n"), "{}", enough.err);
}
