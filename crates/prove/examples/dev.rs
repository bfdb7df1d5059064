//! For quick work on the Python half of the library: its modules are read from a folder when a machine
//! asks for them, so that a change needs no build.
//!
//!     cargo run -p emulant-prove --example dev -- crates/stdlib/python run FILE
//!     cargo run -p emulant-prove --example dev -- crates/stdlib/python tests [--python=COMMAND] [--only=TEXT] [--json=FILE] test_dict...

use emulant_ask::Limits;
use emulant_compile::{Options, compile};
use emulant_machine::code::{Code, Span};
use emulant_machine::{Library, Options as MachineOptions};
use emulant_prove::cpython::{self, Wanted, installed::Installed};
use emulant_prove::pure::{self, Ended};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Modules as files: `collections.abc` is `collections_abc.py`.
struct Folder(PathBuf, Mutex<HashMap<String, Arc<Code>>>);

impl Library for Folder {
    fn module(&self, name: &str) -> Option<Arc<Code>> {
        let mut known = self.1.lock().ok()?;
        if let Some(code) = known.get(name) {
            return Some(code.clone());
        }
        let text = std::fs::read_to_string(self.0.join(format!("{}.py", name.replace('.', "_")))).ok()?;
        let options = Options { file: format!("<frozen {name}>"), ..Options::default() };
        match compile(&text, &options) {
            Ok(code) => {
                known.insert(name.into(), code.clone());
                Some(code)
            }
            Err(error) => {
                eprintln!("{name}: {error}");
                None
            }
        }
    }

    fn marks(&self, line: &str, span: &Span) -> Option<String> {
        emulant_compile::marks(line, span)
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, command, rest @ ..] = arguments.as_slice() else { return eprintln!("see the top of dev.rs") };
    let library: Arc<dyn Library> = Arc::new(Folder(folder.into(), Mutex::default()));
    match command.as_str() {
        "run" => run(library, rest),
        _ => tests(library, rest),
    }
}

fn run(library: Arc<dyn Library>, files: &[String]) {
    for file in files {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let options = Options { file: file.clone(), ..Options::default() };
        let code = match compile(&text, &options) {
            Ok(code) => code,
            Err(error) => return eprintln!("{error}"),
        };
        let ran = pure::run_in(library.clone(), code, Limits::default(), MachineOptions::default());
        print!("{}", ran.output);
        eprint!("{}", ran.errors);
        if ran.ended != (Ended::Done { status: 0 }) {
            eprintln!("{:?}", ran.ended);
        }
    }
}

fn tests(library: Arc<dyn Library>, rest: &[String]) {
    let flag = |name: &str| rest.iter().find_map(|a| a.strip_prefix(name)?.strip_prefix('=').map(String::from));
    let installed = match Installed::find(flag("--python").as_deref()) {
        Ok(installed) => installed,
        Err(error) => return eprintln!("{error}"),
    };
    let names = rest.iter().filter(|a| !a.starts_with("--")).cloned().collect();
    let files = cpython::run(&installed, library, &Wanted { names, only: flag("--only"), threads: 2 }, &|_, _| {});
    print!("{}", cpython::table::text(&files));
    if let Some(path) = flag("--json") {
        let _ = std::fs::write(path, cpython::table::json(&files, &installed.version).to_string());
    }
}
