//! What `open`, `os` and `pathlib` ask about files.

use super::mount::Found;
use super::{System, Trouble};
use crate::builtin::Arguments;
use cap_std::fs::{Metadata, MetadataExt};
use emulant_ask::Value;
use std::io::{Read, Seek, SeekFrom, Write};
use std::time::{Duration, SystemTime};

/// Most bytes that one answer holds.
const READ_BYTES_MAX: u64 = 16 << 20;
/// Most entries of a folder.
const LIST_MAX: usize = 100_000;
/// Largest place in a file.
const OFFSET_MAX: i64 = 1 << 40;

type Answered = Result<Value, Trouble>;

fn walk(system: &mut System, arguments: &Arguments<'_>, name: &str) -> Result<Found, Trouble> {
    let follow = !matches!(arguments.optional("follow"), Some(Value::Bool(false)));
    walk_as(system, arguments, name, follow)
}

fn walk_as(system: &mut System, arguments: &Arguments<'_>, name: &str, follow: bool) -> Result<Found, Trouble> {
    let path = arguments.text(name)?;
    system.mount.walk(path, follow)
}

fn number(arguments: &Arguments<'_>, name: &str) -> Result<Option<u64>, Trouble> {
    match arguments.optional(name) {
        None | Some(Value::None) => Ok(None),
        Some(Value::Int(number)) if (0..=OFFSET_MAX).contains(number) => Ok(Some(*number as u64)),
        Some(_) => Err(Trouble::system(22, "Invalid argument")),
    }
}

/// Mode, number, device, links, owner, group, size, and times in nanoseconds.
pub(super) fn stat(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk(system, arguments, "path")?;
    let is = found.there()?;
    Ok(Value::List(facts(is).into()))
}

fn facts(is: &Metadata) -> [Value; 10] {
    let whole = |number: u64| i64::try_from(number).map_or_else(|_| Value::Big(number.to_string()), Value::Int);
    let time = |seconds: i64, nanos: i64| Value::Int(seconds.saturating_mul(1_000_000_000).saturating_add(nanos));
    [
        Value::Int(is.mode().into()),
        whole(is.ino()),
        whole(is.dev()),
        whole(is.nlink()),
        Value::Int(is.uid().into()),
        Value::Int(is.gid().into()),
        whole(is.len()),
        time(is.atime(), is.atime_nsec()),
        time(is.mtime(), is.mtime_nsec()),
        time(is.ctime(), is.ctime_nsec()),
    ]
}

/// Names with their modes, sorted by name.
pub(super) fn list(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk(system, arguments, "path")?;
    if !found.there()?.is_dir() {
        return Err(Trouble::system(20, "Not a directory"));
    }
    let entries = system.mount.tree(found.side)?.list(&found.path, LIST_MAX)?;
    Ok(Value::List(entries.into_iter().map(|(name, is)| Value::List(vec![Value::Str(name), Value::Int(is.mode().into())])).collect()))
}

/// `size` bytes from `offset`, fewer at the end.
pub(super) fn read(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk(system, arguments, "path")?;
    found.there()?;
    let mut file = system.mount.tree(found.side)?.open(&found.path)?;
    file.seek(SeekFrom::Start(number(arguments, "offset")?.unwrap_or(0)))?;
    let size = number(arguments, "size")?.unwrap_or(READ_BYTES_MAX).min(READ_BYTES_MAX);
    let mut bytes = Vec::new();
    file.take(size).read_to_end(&mut bytes)?;
    Ok(Value::Bytes(bytes))
}

pub(super) fn readlink(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk_as(system, arguments, "path", false)?;
    if !found.there()?.is_symlink() {
        return Err(Trouble::system(22, "Invalid argument"));
    }
    let target = system.mount.tree(found.side)?.readlink(&found.path)?;
    Ok(Value::Str(target.to_string_lossy().into()))
}

pub(super) fn resolve(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk(system, arguments, "path")?;
    let exists = found.is.is_some();
    Ok(Value::List(vec![Value::Str(found.shown()), Value::Bool(exists)]))
}

/// Makes a file ready: `r` as it is, `w` emptied, `a` made if it is missing, `x` made new. Gives its size.
pub(super) fn open(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let mode = arguments.text("mode")?;
    let found = walk_as(system, arguments, "path", true)?;
    match (&found.is, mode) {
        (Some(_), "x") => return Err(Trouble::system(17, "File exists")),
        (Some(is), _) if is.is_dir() => return Err(Trouble::system(21, "Is a directory")),
        (None, "r") => return Err(Trouble::system(2, "No such file or directory")),
        _ => {}
    }
    let file = system.mount.tree(found.side)?.open_to_write(&found.path, mode != "r", mode == "w")?;
    Ok(Value::Int(i64::try_from(file.metadata()?.len()).unwrap_or(i64::MAX)))
}

/// Writes at `offset`, or at the end without one. Gives the place behind.
pub(super) fn write(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let Some(Value::Bytes(data)) = arguments.optional("data") else { return Err(Trouble::system(22, "Invalid argument")) };
    let found = walk(system, arguments, "path")?;
    let offset = number(arguments, "offset")?;
    let size = found.there()?.len();
    let gap = offset.map_or(0, |offset| offset.saturating_sub(size));
    system.mount.room().charge(gap.saturating_add(data.len() as u64))?;
    let mut file = system.mount.tree(found.side)?.open_to_write(&found.path, false, false)?;
    let at = file.seek(offset.map_or(SeekFrom::End(0), SeekFrom::Start))?;
    file.write_all(data)?;
    Ok(Value::Int(i64::try_from(at + data.len() as u64).unwrap_or(i64::MAX)))
}

pub(super) fn truncate(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk(system, arguments, "path")?;
    let size = number(arguments, "size")?.ok_or_else(|| Trouble::system(22, "Invalid argument"))?;
    system.mount.room().charge(size.saturating_sub(found.there()?.len()))?;
    system.mount.tree(found.side)?.open_to_write(&found.path, false, false)?.set_len(size)?;
    Ok(Value::None)
}

/// Where something new can be made.
fn free(system: &mut System, arguments: &Arguments<'_>, name: &str) -> Result<Found, Trouble> {
    // A folder's name may end with a slash before it exists.
    let path = arguments.text(name)?.trim_end_matches('/');
    let found = system.mount.walk(path, false)?;
    match found.is {
        Some(_) => Err(Trouble::system(17, "File exists")),
        None => Ok(found),
    }
}

pub(super) fn mkdir(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = free(system, arguments, "path")?;
    system.mount.room().charge(4096)?;
    system.mount.tree(found.side)?.mkdir(&found.path)?;
    Ok(Value::None)
}

pub(super) fn symlink(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = free(system, arguments, "path")?;
    let target = arguments.text("to")?;
    if target.is_empty() {
        return Err(Trouble::system(2, "No such file or directory"));
    }
    system.mount.room().charge(4096)?;
    system.mount.tree(found.side)?.symlink(target.as_ref(), &found.path)?;
    Ok(Value::None)
}

pub(super) fn rmdir(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk_as(system, arguments, "path", false)?;
    if !found.there()?.is_dir() {
        return Err(Trouble::system(20, "Not a directory"));
    }
    if found.path.as_os_str().is_empty() {
        return Err(Trouble::system(16, "Device or resource busy"));
    }
    system.mount.tree(found.side)?.remove(&found.path, true)?;
    Ok(Value::None)
}

pub(super) fn unlink(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk_as(system, arguments, "path", false)?;
    if found.there()?.is_dir() {
        return Err(Trouble::system(21, "Is a directory"));
    }
    system.mount.tree(found.side)?.remove(&found.path, false)?;
    Ok(Value::None)
}

pub(super) fn rename(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let from = walk_as(system, arguments, "path", false)?;
    let is_folder = from.there()?.is_dir();
    let to = arguments.text("to")?;
    let to = system.mount.walk(if is_folder { to.trim_end_matches('/') } else { to }, false)?;
    match &to.is {
        Some(is) if is.is_dir() && !is_folder => return Err(Trouble::system(21, "Is a directory")),
        Some(is) if !is.is_dir() && is_folder => return Err(Trouble::system(20, "Not a directory")),
        _ => {}
    }
    if from.side != to.side {
        return Err(Trouble::system(18, "Invalid cross-device link"));
    }
    if from.path.as_os_str().is_empty() || to.path.as_os_str().is_empty() {
        return Err(Trouble::system(16, "Device or resource busy"));
    }
    if to.path != from.path && to.path.starts_with(&from.path) {
        return Err(Trouble::system(22, "Invalid argument"));
    }
    if to.path != from.path {
        system.mount.tree(from.side)?.rename(&from.path, &to.path, LIST_MAX)?;
    }
    Ok(Value::None)
}

pub(super) fn chmod(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk(system, arguments, "path")?;
    found.there()?;
    // No set-user-id bits: a program makes nothing that runs with another's rights.
    let mode = number(arguments, "mode")?.unwrap_or(0) as u32 & 0o1777;
    system.mount.tree(found.side)?.chmod(&found.path, mode)?;
    Ok(Value::None)
}

/// Times in nanoseconds, or now.
pub(super) fn utime(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let found = walk(system, arguments, "path")?;
    found.there()?;
    let time = |name: &str| match arguments.optional(name) {
        Some(Value::Int(nanos)) if *nanos >= 0 => SystemTime::UNIX_EPOCH + Duration::from_nanos(*nanos as u64),
        _ => SystemTime::now(),
    };
    let times = std::fs::FileTimes::new().set_accessed(time("accessed")).set_modified(time("modified"));
    system.mount.tree(found.side)?.set_times(&found.path, times)?;
    Ok(Value::None)
}
