//! Finds which stored forms of modules in `frozen/` are fresh: made from this text by this compiler. Only those are
//! built in; a module whose form is stale or missing is compiled on first use, as all others are.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/digest.rs"]
mod digest;

/// What decides how text becomes stored code.
const COMPILER: [&str; 3] = ["../compile/src", "../machine/src/code.rs", "../machine/src/stored.rs"];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let compiler = compiler(&root);
    println!("cargo::rustc-env=EMULANT_COMPILER={compiler:016x}");
    for path in ["build.rs", "src/digest.rs", "python", "frozen"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut table = String::from("&[\n");
    for line in fs::read_to_string(root.join("frozen/digests.txt")).unwrap_or_default().lines() {
        let Some((name, known)) = line.split_once(' ') else { continue };
        let (text, form) = (root.join(format!("python/{}.py", name.replace('.', "_"))), root.join(format!("frozen/{name}.code")));
        let (Ok(text), Ok(bytes)) = (fs::read(text), fs::read(&form)) else { continue };
        if format!("{:016x}", digest::digest(&[&compiler.to_le_bytes(), &text, &bytes])) == known {
            writeln!(table, "    ({name:?}, include_bytes!({form:?})),").expect("a text grows");
        }
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("frozen.rs"), table).expect("the table of stored forms is written");
}

/// Digest of the compiler: its sources, and the versions of the parser behind it.
fn compiler(root: &Path) -> u64 {
    let mut files = Vec::new();
    for path in COMPILER {
        println!("cargo::rerun-if-changed={path}");
        collect(&root.join(path), &mut files);
    }
    files.sort();
    let mut parts: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap_or_default()).collect();
    let lock = root.join("../../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    let lock = fs::read_to_string(lock).unwrap_or_default();
    parts.extend(lock.split("[[package]]").filter(|package| package.contains("name = \"ruff_")).map(|package| package.trim().as_bytes().to_vec()));
    digest::digest(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_path_buf()),
    }
}
