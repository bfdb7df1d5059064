//! The verifier in Python under `docs/` and the one here say the same about
//! journals that somebody changed. 1,000 of them; all 10,000 with EMULANT_FULL=1.

use emulant_journal::{Key, PublicKey, verify};
use std::io::Write;
use std::process::{Command, Stdio};

/// A generator of numbers that is the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }
}

/// One change: a flipped bit, another byte, a dropped, doubled, moved or cut line, a cut anywhere.
fn changed(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let (a, b) = (dice.roll(lines.len()), dice.roll(lines.len()));
    let mut whole = bytes.to_vec();
    let at = dice.roll(whole.len());
    match dice.roll(8) {
        0 | 1 => whole[at] ^= 1 << dice.roll(7),
        2 => whole[at] = b"0123456789abcdef\"{}[],: "[dice.roll(24)],
        3 => drop(lines.remove(a)),
        4 => lines.insert(a, lines[b]),
        5 => lines.swap(a, b),
        6 => lines.truncate(a),
        _ => whole.truncate(at),
    }
    if lines.concat() == bytes { whole } else { lines.concat() }
}

fn said(bytes: &[u8], key: &PublicKey) -> &'static str {
    match verify(bytes, Some(key)) {
        Ok(report) if report.is_finished() => "finished",
        Ok(_) => "open",
        Err(_) => "not sound",
    }
}

#[test]
fn two_verifiers_agree_on_changed_journals() {
    let golden = include_bytes!("../../../corpus/journal/v1.jsonl").to_vec();
    let key = PublicKey::from_hex(include_str!("../../../corpus/journal/v1.key").trim_end()).unwrap();
    let count = if std::env::var_os("EMULANT_FULL").is_some() { 10_000 } else { 1000 };
    let mut dice = Dice(20_261_130);
    let mut cases = vec![golden.clone()];
    cases.extend((0..count).map(|_| changed(&golden, &mut dice)));
    let script = "import sys, functools\nsys.path.insert(0, sys.argv[1])\nimport verify_journal as v\n\
        v.signed_by = functools.lru_cache(None)(v.signed_by)\nkey = bytes.fromhex(sys.argv[2])\n\
        while size := sys.stdin.buffer.read(8):\n    data = sys.stdin.buffer.read(int.from_bytes(size, 'little'))\n    \
        try:\n        said = v.verify(data, key)\n    except UnicodeDecodeError:\n        said = 'not sound'\n    print(said.split(':')[0])\n";
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
    let child = Command::new("python3").args(["-c", script, docs, &key.to_hex()]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else { return println!("skipped: no python3 on PATH") };
    let mut stdin = child.stdin.take().unwrap();
    let framed: Vec<u8> = cases.iter().flat_map(|case| [&(case.len() as u64).to_le_bytes()[..], case.as_slice()].concat()).collect();
    let writer = std::thread::spawn(move || stdin.write_all(&framed));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let theirs: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect();
    assert_eq!(theirs.len(), cases.len());
    let mut found = 0;
    for (case, theirs) in cases.iter().zip(&theirs) {
        let ours = said(case, &key);
        assert_eq!(ours, theirs, "{}", String::from_utf8_lossy(case));
        found += usize::from(ours == "not sound");
        assert!(ours != "finished" || *case == golden, "a changed journal passes for a finished one");
    }
    assert!(found > count / 2, "{found}");
}

#[test]
fn a_fork_signed_with_another_key_is_told() {
    let golden = include_bytes!("../../../corpus/journal/v1.jsonl");
    let other = Key::from_seed(&[9; 32]).public();
    assert!(verify(golden, Some(&other)).unwrap_err().reason.contains("signed by"));
}
