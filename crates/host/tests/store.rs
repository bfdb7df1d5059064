//! Journals survive whatever happens to the process, and only the user reads the key.

use emulant_ask::{Limits, Value};
use emulant_host::store::{RunState, Step, Store, StoreError, now_us};
use emulant_journal::{Close, Ending, Entry, Journal, Program, Run, Sign, Stop, verify};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn opening(id: &str) -> Entry {
    Entry::Run(Run {
        run: id.into(),
        program: Program::new("a.py", "print(1)\n"),
        inputs: vec![],
        limits: Limits::default(),
        options: Value::Dict(vec![]),
        semantics: 1,
        words: 1,
        started_us: 5,
        salt: "00".into(),
        parent: None,
    })
}

fn stop(n: u64) -> Entry {
    Entry::Stop(Stop { instructions: n, reason: "test".into() })
}

fn begin(store: &mut Store, id: &str) -> Journal {
    let mut journal = Journal::new();
    let line = journal.append(opening(id)).unwrap();
    store.begin(id, "a.py", &line, now_us()).unwrap();
    journal
}

fn close() -> Close {
    Close {
        ending: Ending::Done,
        exit_status: 0,
        message: String::new(),
        output_sha256: "00".into(),
        output_bytes: 0,
        instructions: 1,
        ended_us: 9,
        sign: Sign::blank(),
    }
}

#[test]
fn a_run_is_kept_listed_found_exported_and_imported() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let mut journal = begin(&mut store, "1abc");
    begin(&mut store, "1abd");
    let line = journal.append(stop(1)).unwrap();
    store.append("1abc", 1, &line, true).unwrap();
    let end = journal.close(close(), &store.key().unwrap()).unwrap();
    store.step("1abc", Step { lines: &[end], seq: 2, state: Some(RunState::Done), ..Step::default() }).unwrap();

    let rows = store.list().unwrap();
    let row = rows.iter().find(|row| row.id == "1abc").unwrap();
    assert_eq!((row.state, row.lines, row.file.as_str()), (RunState::Done, 3, "a.py"));
    assert_eq!(store.find("1abc").unwrap(), "1abc");
    assert_eq!(store.find("1ab").unwrap_err().to_string(), "1ab could be any of 1abc, 1abd");
    for text in ["2", "", "*", "1ab?", "../x"] {
        assert!(matches!(store.find(text), Err(StoreError::Run(_))), "{text}");
    }
    assert_eq!(store.journal("1abc").unwrap().head(), journal.head());

    let bytes = store.export("1abc").unwrap().into_bytes();
    let public = store.key().unwrap().public();
    assert!(verify(&bytes, Some(&public)).unwrap().is_finished());
    let file = folder.path().join("run.jsonl");
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(store.bytes_of("1abc").unwrap(), bytes);
    assert_eq!(store.bytes_of(file.to_str().unwrap()).unwrap(), bytes);
    assert_eq!(store.bytes_of("/no/such").unwrap_err().to_string(), "there is no run /no/such");

    let elsewhere = tempfile::tempdir().unwrap();
    let mut other = Store::open(elsewhere.path()).unwrap();
    assert_eq!(other.import(&bytes).unwrap(), "1abc");
    assert_eq!(other.import(&bytes).unwrap(), "1abc");
    assert_eq!(other.export("1abc").unwrap().into_bytes(), bytes);
    assert_eq!(other.list().unwrap()[0].state, RunState::Done);
    let mut broken = bytes.clone();
    broken[40] ^= 1;
    assert!(matches!(other.import(&broken), Err(StoreError::Journal(_))));
    let mut rival = Journal::new();
    let line = rival.append(opening("1abc")).unwrap();
    assert_eq!(other.import(line.as_bytes()).unwrap_err().to_string(), "another journal has the id 1abc");
}

#[test]
fn two_processes_cannot_go_on_with_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = Store::open(folder.path()).unwrap();
    let mut two = Store::open(folder.path()).unwrap();
    let mut journal = begin(&mut one, "1abc");
    let line = journal.append(stop(1)).unwrap();
    two.append("1abc", 1, &line, true).unwrap();
    let reason = one.append("1abc", 1, &line, true).unwrap_err().to_string();
    assert_eq!(reason, "run 1abc has 2 entries, expected 1: another process goes on with it");
    assert!(one.append("nope", 0, &line, false).is_err());
    assert_eq!(one.lines("1abc").unwrap().len(), 2);
}

#[test]
fn an_image_comes_back_or_is_known_to_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let mut journal = begin(&mut store, "1abc");
    assert_eq!(store.image("1abc").unwrap(), None);
    let line = journal.checkpoint(&store.key().unwrap()).unwrap();
    let step = Step { lines: &[line], seq: 1, state: Some(RunState::Waiting), image: Some(b"machine"), durable: true };
    store.step("1abc", step).unwrap();
    let image = store.image("1abc").unwrap().unwrap();
    assert_eq!((image.seq, image.bytes.as_slice()), (2, &b"machine"[..]));
    let database = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    database.execute("UPDATE images SET bytes = 'Machine'", []).unwrap();
    assert!(store.image("1abc").is_err());
    store.drop_images("1abc").unwrap();
    assert_eq!(store.image("1abc").unwrap(), None);
}

#[test]
fn the_signing_key_stays_private_and_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("state/emulant");
    let store = Store::open(&inner).unwrap();
    let public = store.key().unwrap().public();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&inner), mode(&inner.join("key"))), (0o700, 0o600));
    assert_eq!(Store::open(&inner).unwrap().key().unwrap().public(), public);
    std::fs::set_permissions(inner.join("key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(store.key().unwrap_err().to_string().ends_with("others can read the signing key; run chmod 600 on it"));
    std::fs::set_permissions(inner.join("key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(inner.join("key"), "short\n").unwrap();
    assert!(store.key().unwrap_err().to_string().contains("it is not a signing key; put a copy in its place"));
}

#[test]
fn foreign_databases_and_later_versions_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    database.pragma_update(None, "user_version", 3).unwrap();
    drop(database);
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Other(_))));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("journal.db"), "not a database at all, just text").unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Database(_))));
}

#[test]
fn ids_sort_by_time() {
    let second = 1_000_000;
    let ids: Vec<String> = (0..50).map(|i| Store::new_id(1_795_327_200 * second + i * second).unwrap()).collect();
    assert!(ids.is_sorted());
    assert!(ids.iter().all(|id| id.len() == 11));
    assert_ne!(Store::new_id(5).unwrap(), Store::new_id(5).unwrap());
}

/// The half that is killed: adds entries until it dies.
#[test]
fn half_that_is_killed() {
    let Ok(folder) = std::env::var("EMULANT_TEST_KILLED") else { return };
    let mut store = Store::open(Path::new(&folder)).unwrap();
    let mut journal = begin(&mut store, "1abc");
    for n in 1.. {
        let line = journal.append(stop(n)).unwrap();
        let state = if n % 2 == 0 { RunState::Open } else { RunState::Waiting };
        let image = n.to_string();
        let step = Step { lines: &[line], seq: n, state: Some(state), image: Some(image.as_bytes()), durable: n % 3 == 0 };
        store.step("1abc", step).unwrap();
    }
}

#[test]
fn a_killed_process_leaves_whole_entries() {
    for round in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "half_that_is_killed"])
            .env("EMULANT_TEST_KILLED", folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let lines = || Store::open(folder.path()).and_then(|store| Ok(store.lines("1abc")?.len())).unwrap_or(0);
        let patience = std::time::Instant::now();
        while lines() < 5 && patience.elapsed().as_secs() < 60 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        std::thread::sleep(std::time::Duration::from_millis(round * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let journal = store.journal("1abc").unwrap();
        let image = store.image("1abc").unwrap().unwrap();
        assert!(journal.next_seq() >= 5);
        // State, image and lines are of one step.
        assert_eq!(image.seq, journal.next_seq());
        assert_eq!(image.bytes, (journal.next_seq() - 1).to_string().into_bytes());
        let state = store.list().unwrap()[0].state;
        assert_eq!(state == RunState::Open, (journal.next_seq() - 1).is_multiple_of(2));
    }
}
