//! Built-in tools for files below one root. No path leads out of it, also not
//! through symbolic links: `cap-std` resolves each path beneath an open folder.

use crate::builtin::{Arguments, Failure};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use emulant_ask::Value;
use std::io::{ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Largest text that is read.
pub const READ_BYTES_MAX: u64 = 64 << 20;
/// Most entries of a listed folder.
const LIST_MAX: usize = 100_000;

/// The folder that the built-in tools work in.
pub struct Root {
    folder: Dir,
    path: PathBuf,
}

impl Root {
    /// Opens the folder.
    ///
    /// # Errors
    /// When it is none, or cannot be opened.
    pub fn open(path: &Path) -> std::io::Result<Root> {
        let path = path.canonicalize()?;
        Ok(Root { folder: Dir::open_ambient_dir(&path, ambient_authority())?, path })
    }

    /// The real path of a file below the root that exists, or whose folder does.
    /// It holds no symbolic link when this returns.
    pub(crate) fn resolve(&self, path: &str) -> Result<PathBuf, Failure> {
        let at = |error| failure(path, error);
        let relative = inside(path)?;
        match self.folder.canonicalize(&relative) {
            Ok(real) => Ok(self.path.join(real)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // A link that leads nowhere is not a file that can be made.
                if self.folder.symlink_metadata(&relative).is_ok() {
                    return Err(at(error));
                }
                let name = relative.file_name().ok_or_else(|| out_of_root(path))?;
                let parent = relative.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
                Ok(self.path.join(self.folder.canonicalize(parent).map_err(at)?).join(name))
            }
            Err(error) => Err(at(error)),
        }
    }
}

/// `read_text(path)`: the text of a UTF-8 file.
pub(crate) fn read_text(root: &Root, arguments: &Arguments<'_>) -> Result<Value, Failure> {
    let path = arguments.text("path")?;
    let at = |error| failure(path, error);
    let file = root.folder.open(inside(path)?).map_err(at)?;
    if !file.metadata().map_err(at)?.is_file() {
        return Err(Failure::new("IsADirectoryError", format!("[Errno 21] Is a directory: {}", quoted(path))));
    }
    let mut bytes = Vec::new();
    file.take(READ_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(at)?;
    if bytes.len() as u64 > READ_BYTES_MAX {
        return Err(Failure::tool(format!("{}: larger than {READ_BYTES_MAX} bytes", quoted(path))));
    }
    let text = String::from_utf8(bytes);
    text.map(Value::Str).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Failure::new("ValueError", format!("{}: it is not UTF-8 at byte {place}", quoted(path)))
    })
}

/// `write_file(path, text)`: replaces a file in one step and says how many characters it has.
pub(crate) fn write_file(root: &Root, arguments: &Arguments<'_>) -> Result<Value, Failure> {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let (path, text) = (arguments.text("path")?, arguments.text("text")?);
    let at = |error| failure(path, error);
    let relative = inside(path)?;
    let name = relative.file_name().ok_or_else(|| out_of_root(path))?.to_os_string();
    let parent = relative.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let folder = root.folder.open_dir(parent).map_err(at)?;
    match folder.symlink_metadata(&name) {
        Ok(present) if present.is_dir() => {
            return Err(Failure::new("IsADirectoryError", format!("[Errno 21] Is a directory: {}", quoted(path))));
        }
        Ok(present) if !present.is_file() => return Err(Failure::tool(format!("{}: it is not a plain file", quoted(path)))),
        _ => {}
    }
    let draft = format!(".emulant-{}-{}", std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let written = folder.open_with(&draft, &options).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        folder.rename(&draft, &folder, &name)
    });
    if let Err(error) = written {
        let _ = folder.remove_file(&draft);
        return Err(at(error));
    }
    Ok(Value::Int(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)))
}

/// A file as it is: its bytes and mode, None when it is not there, False where no file can be written: the
/// tool itself will say so.
pub(crate) fn before(root: &Root, path: &str) -> Result<Value, String> {
    let plain = |error: std::io::Error| format!("{}: {error}", quoted(path));
    let told = |state: Value| Ok(Value::dict([("path", Value::str(path)), ("file", state)]));
    let Ok(relative) = inside(path) else { return told(Value::Bool(false)) };
    // A database that somebody else is writing is more than its file.
    let wal = PathBuf::from(format!("{path}-wal"));
    if root.folder.metadata(&wal).is_ok_and(|data| data.len() > 0) {
        return Err(format!("{}: another process is writing it", quoted(path)));
    }
    let state = match root.folder.open(&relative) {
        Err(error) if error.kind() == ErrorKind::NotFound => Value::None,
        Err(error) if error.kind() == ErrorKind::NotADirectory || error.raw_os_error().is_none() => Value::Bool(false),
        Err(error) => return Err(plain(error)),
        Ok(file) => {
            let data = file.metadata().map_err(plain)?;
            if !data.is_file() {
                return told(Value::Bool(false));
            }
            let mut bytes = Vec::new();
            file.take(READ_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(plain)?;
            if bytes.len() as u64 > READ_BYTES_MAX {
                return Err(format!("{}: larger than {READ_BYTES_MAX} bytes", quoted(path)));
            }
            let mode = i64::from(cap_std::fs::PermissionsExt::mode(&data.permissions()));
            Value::dict([("bytes", Value::Bytes(bytes)), ("mode", Value::Int(mode))])
        }
    };
    told(state)
}

/// Puts a file back as [`before`] saw it.
pub(crate) fn restore(root: &Root, before: &Value) -> Result<(), String> {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let path = before.get("path").and_then(Value::as_str).ok_or("it is no file that was kept")?;
    let plain = |error: std::io::Error| format!("{}: {error}", quoted(path));
    let relative = inside(path).map_err(|_| format!("{}: it leads out of the root", quoted(path)));
    let (bytes, mode) = match before.get("file") {
        Some(Value::Bool(false)) => return Ok(()),
        Some(Value::None) => {
            return match root.folder.remove_file(relative?) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(plain(error)),
                _ => Ok(()),
            };
        }
        Some(file) => match (file.get("bytes"), file.get("mode")) {
            (Some(Value::Bytes(bytes)), Some(Value::Int(mode))) => (bytes, *mode),
            _ => return Err("it is no file that was kept".into()),
        },
        None => return Err("it is no file that was kept".into()),
    };
    let relative = relative?;
    let parent = relative.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let name = relative.file_name().ok_or("it has no name")?.to_os_string();
    let folder = root.folder.open_dir(parent).map_err(plain)?;
    let draft = format!(".emulant-back-{}-{}", std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let written = folder.open_with(&draft, &options).and_then(|mut file| {
        file.write_all(bytes)?;
        let mode = u32::try_from(mode & 0o7777).unwrap_or(0o600);
        file.set_permissions(cap_std::fs::PermissionsExt::from_mode(mode))?;
        file.sync_all()?;
        folder.rename(&draft, &folder, &name)
    });
    if let Err(error) = written {
        let _ = folder.remove_file(&draft);
        return Err(plain(error));
    }
    Ok(())
}

/// `list_dir(path=".")`: name, kind and size of each entry, sorted by name.
pub(crate) fn list_dir(root: &Root, arguments: &Arguments<'_>) -> Result<Value, Failure> {
    let path = arguments.optional_text("path")?.unwrap_or(".");
    let at = |error| failure(path, error);
    let mut entries = Vec::new();
    for entry in root.folder.read_dir(inside(path)?).map_err(at)? {
        let entry = entry.map_err(at)?;
        let name = entry.file_name().into_string().map_err(|_| Failure::tool("a name in the folder is not UTF-8"))?;
        let data = entry.metadata().map_err(at)?;
        let kind = match data.file_type() {
            kind if kind.is_dir() => "folder",
            kind if kind.is_file() => "file",
            kind if kind.is_symlink() => "link",
            _ => "other",
        };
        if entries.len() == LIST_MAX {
            return Err(Failure::tool(format!("{}: more than {LIST_MAX} entries", quoted(path))));
        }
        entries.push((name, kind, i64::try_from(data.len()).unwrap_or(i64::MAX)));
    }
    entries.sort();
    let row = |(name, kind, size): (String, &str, i64)| {
        Value::dict([("name", Value::Str(name)), ("kind", Value::str(kind)), ("size", Value::Int(size))])
    };
    Ok(Value::List(entries.into_iter().map(row).collect()))
}

/// The path as one below the root. `cap-std` judges the rest, links included.
fn inside(path: &str) -> Result<PathBuf, Failure> {
    if path.contains('\0') {
        return Err(Failure::new("ValueError", "embedded null byte"));
    }
    let path_text = path;
    let path = Path::new(path);
    match path.components().any(|part| matches!(part, Component::RootDir | Component::Prefix(_))) {
        true => Err(out_of_root(path_text)),
        false if path_text.is_empty() => Err(failure(path_text, ErrorKind::NotFound.into())),
        false => Ok(path.to_path_buf()),
    }
}

fn out_of_root(path: &str) -> Failure {
    Failure::new("PermissionError", format!("[Errno 1] the path leads out of the root: {}", quoted(path)))
}

/// An error of the system as the exception that CPython's `open` would raise.
fn failure(path: &str, error: std::io::Error) -> Failure {
    let path = quoted(path);
    match error.kind() {
        ErrorKind::NotFound => Failure::new("FileNotFoundError", format!("[Errno 2] No such file or directory: {path}")),
        ErrorKind::NotADirectory => Failure::new("NotADirectoryError", format!("[Errno 20] Not a directory: {path}")),
        ErrorKind::IsADirectory => Failure::new("IsADirectoryError", format!("[Errno 21] Is a directory: {path}")),
        ErrorKind::PermissionDenied if error.raw_os_error().is_none() => {
            Failure::new("PermissionError", format!("[Errno 1] the path leads out of the root: {path}"))
        }
        ErrorKind::PermissionDenied => Failure::new("PermissionError", format!("[Errno 13] Permission denied: {path}")),
        _ => Failure::new("OSError", format!("{error}: {path}")),
    }
}

/// A path in messages: quoted as Python does for plain names.
pub(crate) fn quoted(path: &str) -> String {
    format!("'{}'", path.escape_debug().to_string().replace("\\\"", "\""))
}
