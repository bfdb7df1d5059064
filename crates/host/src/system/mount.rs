//! What a program sees of the disk: `/mnt`, the mounted root, where it starts, and `/tmp`, which is
//! empty at first and gone at the end. There is nothing else.
//!
//! Paths are walked here name by name, links included, so that no `..` and no link leads out; the
//! layers below are opened so that the system would refuse it once more.

use super::layer::Tree;
use super::Trouble;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the root is for the program, and where it starts.
pub(crate) const MOUNT: &str = "mnt";
const SCRATCH: &str = "tmp";
/// Most links on the way to a file.
const LINKS_MAX: usize = 40;
/// Longest path.
const PATH_BYTES_MAX: usize = 4096;
/// Most bytes that a run writes, with what is copied for it and what its databases grow by.
pub(super) const WRITTEN_BYTES_MAX: u64 = 1 << 30;

/// What programs may do below the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read.
    ReadOnly,
    /// Read, and write into a private layer that is gone at the end.
    Overlay,
    /// Read and write.
    ReadWrite,
}

impl Access {
    const ALL: [(Access, &str); 3] = [(Access::ReadOnly, "ro"), (Access::Overlay, "overlay"), (Access::ReadWrite, "rw")];

    /// The word on the command line and in journals.
    pub fn name(self) -> &'static str {
        Access::ALL.iter().find(|(access, _)| *access == self).map_or("ro", |(_, name)| name)
    }

    /// The access of a word.
    pub fn of(name: &str) -> Option<Access> {
        Access::ALL.iter().find(|(_, word)| *word == name).map(|(access, _)| *access)
    }
}

/// The two trees.
pub(crate) struct Mount {
    root: Option<(Tree, PathBuf)>,
    scratch: Option<Tree>,
    access: Option<Access>,
    room: Room,
}

/// What a run may still write, shared by all that it writes to.
#[derive(Clone, Default)]
pub(crate) struct Room(Arc<AtomicU64>);

impl Room {
    /// Counts bytes before they are written; with 0, tells whether there is room at all.
    pub(crate) fn charge(&self, bytes: u64) -> Result<(), Trouble> {
        let before = self.0.fetch_add(bytes.min(WRITTEN_BYTES_MAX + 1), Ordering::Relaxed);
        match before.saturating_add(bytes) > WRITTEN_BYTES_MAX {
            true => Err(Trouble::system(28, "No space left on device (a run writes at most 1 GiB)")),
            false => Ok(()),
        }
    }
}

/// Which tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Root,
    Scratch,
}

/// A path that was walked: no links on the way, the last one too if it was followed.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) side: Side,
    pub(crate) path: PathBuf,
    /// What is there; its folder is there in any case.
    pub(crate) is: Option<Metadata>,
}

impl Found {
    /// The path as the program sees it.
    pub(crate) fn shown(&self) -> String {
        let top = if self.side == Side::Root { MOUNT } else { SCRATCH };
        let path = Path::new("/").join(top).join(&self.path);
        path.to_string_lossy().trim_end_matches('/').to_string()
    }

    /// What is there, which must be something.
    pub(crate) fn there(&self) -> Result<&Metadata, Trouble> {
        self.is.as_ref().ok_or_else(|| Trouble::system(2, "No such file or directory"))
    }
}

pub(crate) fn outside() -> Trouble {
    Trouble::system(13, "the path leads out of the root")
}

impl Mount {
    pub(crate) fn new(root: Option<&Path>, access: Option<Access>) -> std::io::Result<Mount> {
        let (Some(root), Some(how)) = (root, access) else {
            return Ok(Mount { root: None, scratch: None, access: None, room: Room::default() });
        };
        let real = root.canonicalize()?;
        let folder = Dir::open_ambient_dir(&real, ambient_authority())?;
        let room = Room::default();
        let tree = match how {
            Access::ReadOnly => Tree::one(folder, false),
            Access::Overlay => Tree::private(Some(folder), room.clone())?,
            Access::ReadWrite => Tree::one(folder, true),
        };
        Ok(Mount { root: Some((tree, real)), scratch: Some(Tree::private(None, room.clone())?), access, room })
    }

    pub(crate) fn tree(&mut self, side: Side) -> Result<&mut Tree, Trouble> {
        let tree = match side {
            Side::Root => self.root.as_mut().map(|(tree, _)| tree),
            Side::Scratch => self.scratch.as_mut(),
        };
        tree.ok_or_else(nothing)
    }

    /// Does what is written at this path outlive the process?
    pub(crate) fn is_kept(&mut self, path: &str) -> bool {
        self.access == Some(Access::ReadWrite) && self.walk(path, true).is_ok_and(|found| found.side == Side::Root)
    }

    /// The name of a file in the real system, for SQLite; an overlay's file is copied up before.
    pub(crate) fn real_path(&mut self, found: &Found) -> Result<(PathBuf, bool), Trouble> {
        let real = self.root.as_ref().map(|(_, real)| real.clone());
        let tree = self.tree(found.side)?;
        let writable = tree.is_writable();
        match tree.own_path(&found.path) {
            Some(own) => {
                tree.raise_file(&found.path)?;
                Ok((own, writable))
            }
            None => Ok((real.ok_or_else(nothing)?.join(&found.path), writable)),
        }
    }

    /// What may still be written.
    pub(crate) fn room(&self) -> &Room {
        &self.room
    }

    /// Walks an absolute path of the program. Its folder must exist, the last name need not.
    pub(crate) fn walk(&mut self, path: &str, follow: bool) -> Result<Found, Trouble> {
        if self.access.is_none() {
            return Err(nothing());
        }
        if path.len() > PATH_BYTES_MAX {
            return Err(Trouble::system(36, "File name too long"));
        }
        let mut todo: Vec<String> = path.split('/').rev().map(String::from).collect();
        let must_be_folder = path.ends_with('/') || path.ends_with("/.");
        let mut links = 0;
        let (mut side, mut at) = (None, PathBuf::new());
        while let Some(name) = todo.pop() {
            let is_last = todo.iter().all(|name| name.is_empty() || name == ".");
            match (side, name.as_str()) {
                (_, "" | ".") => {}
                (None, "..") => {}
                (None, MOUNT) => side = Some(Side::Root),
                (None, SCRATCH) => side = Some(Side::Scratch),
                (None, _) => return Err(outside()),
                (Some(_), "..") => {
                    if !at.pop() {
                        side = None;
                    }
                }
                (Some(tree), name) => {
                    if name.len() > 255 {
                        return Err(Trouble::system(36, "File name too long"));
                    }
                    at.push(name);
                    let found = match self.tree(tree)?.lstat(&at) {
                        Ok(found) => found,
                        Err(error) if is_last && error.kind() == std::io::ErrorKind::NotFound => {
                            return Ok(Found { side: tree, path: at, is: None });
                        }
                        Err(error) => return Err(error.into()),
                    };
                    if found.is_symlink() && (follow || !is_last || must_be_folder) {
                        links += 1;
                        if links > LINKS_MAX {
                            return Err(Trouble::system(40, "Too many levels of symbolic links"));
                        }
                        let target = self.tree(tree)?.readlink(&at)?;
                        let target = target.to_str().ok_or_else(|| Trouble::system(84, "a link's text is not UTF-8"))?.to_string();
                        at.pop();
                        if target.starts_with('/') {
                            (side, at) = (None, PathBuf::new());
                        }
                        todo.extend(target.split('/').rev().map(String::from));
                    } else if !is_last && !found.is_dir() {
                        return Err(Trouble::system(20, "Not a directory"));
                    }
                }
            }
        }
        let side = side.ok_or_else(outside)?;
        let is = self.tree(side)?.lstat(&at)?;
        if must_be_folder && !is.is_dir() {
            return Err(Trouble::system(20, "Not a directory"));
        }
        Ok(Found { side, path: at, is: Some(is) })
    }
}

fn nothing() -> Trouble {
    Trouble::system(13, "no files are mounted (run with --root DIR, DIR:overlay or DIR:rw)")
}
