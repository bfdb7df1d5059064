//! A tree of files of one or two layers: what can be written lies above what cannot.
//!
//! Paths come here without links, as lists of names. What is removed from the lower layer is
//! remembered as gone; a file of it is copied up before it changes.

use super::Trouble;
use super::mount::Room;
use cap_std::fs::{Dir, File, Metadata, OpenOptions, OpenOptionsExt};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Do not wait for a pipe's other end.
const NONBLOCK: i32 = rustix::fs::OFlags::NONBLOCK.bits() as i32;

/// The layers.
pub(crate) struct Tree {
    upper: Option<Dir>,
    lower: Option<Dir>,
    gone: BTreeSet<PathBuf>,
    /// Copies count as written.
    room: Room,
    /// Removes the upper layer's folder at the end, when it is ours.
    _own: Option<tempfile::TempDir>,
}

impl Tree {
    /// One layer that can be written, or not.
    pub(crate) fn one(folder: Dir, writable: bool) -> Tree {
        let (upper, lower) = if writable { (Some(folder), None) } else { (None, Some(folder)) };
        Tree { upper, lower, gone: BTreeSet::new(), room: Room::default(), _own: None }
    }

    /// An empty layer that lives as long as this, above another or alone.
    pub(crate) fn private(lower: Option<Dir>, room: Room) -> std::io::Result<Tree> {
        let own = tempfile::Builder::new().prefix("emulant-").tempdir()?;
        let upper = Dir::open_ambient_dir(own.path(), cap_std::ambient_authority())?;
        Ok(Tree { upper: Some(upper), lower, gone: BTreeSet::new(), room, _own: Some(own) })
    }

    /// Where the file of the upper layer is for who needs a name of the real system.
    pub(crate) fn own_path(&self, path: &Path) -> Option<PathBuf> {
        self._own.as_ref().map(|own| own.path().join(path))
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.upper.is_some()
    }

    fn lower(&self, path: &Path) -> Option<&Dir> {
        self.lower.as_ref().filter(|_| !path.ancestors().any(|above| self.gone.contains(above)))
    }

    fn is_upper(&self, path: &Path) -> bool {
        self.upper.as_ref().is_some_and(|upper| upper.symlink_metadata(path).is_ok())
    }

    /// What is at a path, links not followed.
    pub(crate) fn lstat(&self, path: &Path) -> std::io::Result<Metadata> {
        if path == Path::new("") {
            let top = self.lower.as_ref().or(self.upper.as_ref()).ok_or(ErrorKind::NotFound)?;
            return top.dir_metadata();
        }
        match self.upper.as_ref().map(|upper| upper.symlink_metadata(path)) {
            Some(Ok(found)) => Ok(found),
            upper => match self.lower(path) {
                Some(lower) => lower.symlink_metadata(path),
                None => upper.unwrap_or(Err(rustix::io::Errno::NOENT.into())),
            },
        }
    }

    fn layer_of(&self, path: &Path) -> Result<&Dir, Trouble> {
        let upper = self.upper.as_ref().filter(|_| self.is_upper(path));
        upper.or_else(|| self.lower(path)).ok_or_else(|| Trouble::system(2, "No such file or directory"))
    }

    /// The text of a link.
    pub(crate) fn readlink(&self, path: &Path) -> Result<PathBuf, Trouble> {
        Ok(self.layer_of(path)?.read_link_contents(path)?)
    }

    /// A plain file, to be read.
    pub(crate) fn open(&self, path: &Path) -> Result<File, Trouble> {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(NONBLOCK);
        plain(self.layer_of(path)?.open_with(path, &options)?)
    }

    /// Names in a folder with what they are.
    pub(crate) fn list(&self, path: &Path, most: usize) -> Result<BTreeMap<String, Metadata>, Trouble> {
        let place = if path == Path::new("") { Path::new(".") } else { path };
        let mut found = BTreeMap::new();
        for (layer, is_upper) in [(self.lower(path), false), (self.upper.as_ref(), true)] {
            let Some(layer) = layer else { continue };
            let entries = match layer.read_dir(place) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                // A folder of one layer may be hidden by a file of the other; the caller looked.
                Err(_) if self.upper.is_some() && self.lower.is_some() => continue,
                Err(error) => return Err(error.into()),
            };
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().into_string().map_err(|_| Trouble::system(84, "a name in the folder is not UTF-8"))?;
                if found.len() == most {
                    return Err(Trouble::system(75, "the folder has too many entries"));
                }
                if is_upper || !self.gone.contains(&path.join(&name)) {
                    found.insert(name, entry.metadata()?);
                }
            }
        }
        Ok(found)
    }

    // ---- changes, all in the upper layer

    fn upper(&self) -> Result<&Dir, Trouble> {
        self.upper.as_ref().ok_or_else(|| Trouble::system(30, "Read-only file system (run with --root DIR:overlay or DIR:rw)"))
    }

    /// The folders above a path exist in the upper layer afterwards.
    fn raise_folders(&self, path: &Path) -> Result<(), Trouble> {
        match (self.lower.as_ref(), path.parent()) {
            (Some(_), Some(parent)) if parent != Path::new("") && !self.is_upper(parent) => Ok(self.upper()?.create_dir_all(parent)?),
            _ => Ok(()),
        }
    }

    /// A file of the lower layer lies in the upper one afterwards.
    pub(crate) fn raise_file(&self, path: &Path) -> Result<(), Trouble> {
        let upper = self.upper()?;
        if self.is_upper(path) || self.lower(path).is_none_or(|lower| lower.symlink_metadata(path).is_err()) {
            return Ok(());
        }
        let from = self.open(path)?;
        let (size, mode) = (from.metadata()?.len(), from.metadata()?.permissions());
        self.room.charge(size)?;
        self.raise_folders(path)?;
        let mut to = upper.create(path)?;
        std::io::copy(&mut from.take(size), &mut to)?;
        Ok(to.set_permissions(mode)?)
    }

    fn raise(&self, path: &Path, most: usize) -> Result<(), Trouble> {
        let found = self.lstat(path)?;
        if found.is_symlink() {
            if !self.is_upper(path) {
                self.raise_folders(path)?;
                self.upper()?.symlink_contents(self.readlink(path)?, path)?;
            }
            return Ok(());
        }
        if !found.is_dir() {
            return self.raise_file(path);
        }
        self.upper()?.create_dir_all(path)?;
        for name in self.list(path, most)?.keys() {
            self.raise(&path.join(name), most)?;
        }
        Ok(())
    }

    /// A plain file, to be written; made when `create` says so.
    pub(crate) fn open_to_write(&mut self, path: &Path, create: bool, truncate: bool) -> Result<File, Trouble> {
        self.upper()?;
        if truncate { self.raise_folders(path)? } else { self.raise_file(path)? }
        self.raise_folders(path)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(create || truncate).truncate(truncate).custom_flags(NONBLOCK);
        plain(self.upper()?.open_with(path, &options)?)
    }

    pub(crate) fn mkdir(&mut self, path: &Path) -> Result<(), Trouble> {
        self.raise_folders(path)?;
        let hidden = self.lower.as_ref().is_some_and(|lower| lower.symlink_metadata(path).is_ok());
        self.upper()?.create_dir(path)?;
        if hidden {
            self.gone.insert(path.into());
        }
        Ok(())
    }

    pub(crate) fn symlink(&mut self, target: &Path, path: &Path) -> Result<(), Trouble> {
        self.raise_folders(path)?;
        Ok(self.upper()?.symlink_contents(target, path)?)
    }

    /// Takes away a file or link, or an empty folder.
    pub(crate) fn remove(&mut self, path: &Path, folder: bool) -> Result<(), Trouble> {
        let upper = self.upper()?;
        if folder && !self.list(path, usize::MAX)?.is_empty() {
            return Err(Trouble::system(39, "Directory not empty"));
        }
        if self.is_upper(path) {
            if folder { upper.remove_dir(path)? } else { upper.remove_file(path)? }
        }
        self.hide(path);
        Ok(())
    }

    fn hide(&mut self, path: &Path) {
        if self.lower.as_ref().is_some_and(|lower| lower.symlink_metadata(path).is_ok()) {
            self.gone.insert(path.into());
        }
    }

    pub(crate) fn rename(&mut self, from: &Path, to: &Path, most: usize) -> Result<(), Trouble> {
        self.upper()?;
        if self.lower.is_some() {
            self.raise(from, most)?;
            self.raise_folders(to)?;
            if self.lstat(to).is_ok_and(|found| found.is_dir()) && !self.list(to, most)?.is_empty() {
                return Err(Trouble::system(39, "Directory not empty"));
            }
        }
        let upper = self.upper()?;
        upper.rename(from, upper, to)?;
        self.hide(from);
        self.hide(to);
        Ok(())
    }

    pub(crate) fn chmod(&mut self, path: &Path, mode: u32) -> Result<(), Trouble> {
        self.raise(path, usize::MAX)?;
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        let mode: std::fs::Permissions = mode;
        Ok(self.upper()?.set_permissions(path, cap_std::fs::Permissions::from_std(mode))?)
    }

    pub(crate) fn set_times(&mut self, path: &Path, times: std::fs::FileTimes) -> Result<(), Trouble> {
        self.raise(path, usize::MAX)?;
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(NONBLOCK);
        Ok(self.upper()?.open_with(path, &options)?.into_std().set_times(times)?)
    }
}

fn plain(file: File) -> Result<File, Trouble> {
    let kind = file.metadata()?.file_type();
    match () {
        () if kind.is_file() => Ok(file),
        () if kind.is_dir() => Err(Trouble::system(21, "Is a directory")),
        () => Err(Trouble::system(13, "it is not a plain file")),
    }
}
