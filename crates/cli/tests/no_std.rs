//! `ask`, `machine` and `journal` build into a static library without std, with its own panic handler.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project is there")
}

/// The pure crates come from the project; everything else from its lock file, so that nothing is fetched.
fn manifest(extra: &str) -> String {
    let crates = root().join("crates");
    let ours = ["ask", "machine", "journal"].map(|name| format!("emulant-{name} = {{ path = {:?} }}\n", crates.join(name))).concat();
    format!(
        "[package]\nname = \"no-std\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\ncrate-type = [\"staticlib\"]\n\n\
         [dependencies]\ndlmalloc = {{ version = \"0.2\", features = [\"global\"] }}\n{ours}{extra}\n[profile.dev]\npanic = \"abort\"\ndebug = false\nincremental = false\n\n[workspace]\n"
    )
}

fn build(source: &str, extra: &str) -> Result<PathBuf, String> {
    let folder = tempfile::tempdir().expect("a folder for the crate");
    std::fs::write(folder.path().join("Cargo.toml"), manifest(extra)).expect("it can be written");
    std::fs::write(folder.path().join("lib.rs"), source).expect("it can be written");
    std::fs::copy(root().join("Cargo.lock"), folder.path().join("Cargo.lock")).expect("the lock file is there");
    // Kept between runs: only the small crate itself is built again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_std");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--quiet"])
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    match output.status.success() {
        true => Ok(target.join("debug/libno_std.a")),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[test]
fn the_pure_crates_link_without_std() {
    let source = include_str!("no_std/lib.rs");
    let library = build(source, "").unwrap_or_else(|error| panic!("{error}"));
    assert!(std::fs::metadata(library).expect("the library is there").len() > 100_000);
    // The check itself: with std below, there are two panic handlers.
    let with_std = source.replace("extern crate alloc;", "extern crate alloc;\nextern crate std;");
    let error = build(&with_std, "").expect_err("a panic handler beside that of std");
    assert!(error.contains("panic_impl"), "{error}");
}
