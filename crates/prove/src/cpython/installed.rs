//! Where a CPython 3.12 with its `test` package is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The version whose tests are ours.
const VERSION: &str = "3.12.";

/// An installed CPython.
#[derive(Clone, Debug)]
pub struct Installed {
    /// Its version.
    pub version: String,
    /// The folder of its package `test`.
    pub folder: PathBuf,
}

impl Installed {
    /// The CPython of this command; without one, the first 3.12 found on the path or under pyenv.
    ///
    /// # Errors
    /// There is none, it is another version, or it has no tests.
    pub fn find(command: Option<&str>) -> Result<Installed, String> {
        match command {
            Some(command) => look_at(Path::new(command)),
            None => {
                let first = candidates().iter().find_map(|candidate| look_at(candidate).ok());
                first.ok_or_else(|| "no CPython 3.12 with its tests was found; name one: --cpython-tests=PYTHON".into())
            }
        }
    }

    /// Modules of a test file: itself, or what a package of tests holds.
    pub fn modules(&self, name: &str) -> Vec<String> {
        let folder = self.folder.join(name);
        if !folder.is_dir() {
            return vec![super::rules::module_of(name).into()];
        }
        let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
        let mut inside: Vec<String> = entries.iter().filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".py").map(String::from)).collect();
        inside.retain(|module| module.starts_with("test_"));
        inside.sort();
        std::iter::once(name.to_string()).chain(inside.iter().map(|module| format!("{name}.{module}"))).collect()
    }
}

fn candidates() -> Vec<PathBuf> {
    let mut all = vec![PathBuf::from("python3.12"), PathBuf::from("python3")];
    if let Some(home) = std::env::var_os("HOME") {
        let versions = std::fs::read_dir(Path::new(&home).join(".pyenv/versions"));
        let mut found: Vec<PathBuf> = versions.map(|entries| entries.flatten().map(|entry| entry.path().join("bin/python3")).collect()).unwrap_or_default();
        found.sort();
        all.append(&mut found);
    }
    all
}

fn look_at(command: &Path) -> Result<Installed, String> {
    let shown = command.display();
    let script = "import platform, test; print(platform.python_version()); print(list(test.__path__)[0])";
    let output = Command::new(command).args(["-I", "-c", script]).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let output = output.map_err(|error| format!("{shown}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = text.lines();
    let (Some(version), Some(folder)) = (lines.next(), lines.next()) else { return Err(format!("{shown} has no package 'test'")) };
    if !version.starts_with(VERSION) {
        return Err(format!("{shown} is CPython {version}; the tests of {VERSION}x are wanted"));
    }
    let folder = PathBuf::from(folder);
    if !folder.join("test_dict.py").is_file() {
        return Err(format!("{shown} is installed without its tests"));
    }
    Ok(Installed { version: version.into(), folder })
}
