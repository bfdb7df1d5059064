//! Small sources and their code, as data: `listings/NAME.py` beside `NAME.txt`.
//! `ACCEPT=1 cargo test -p emulant-compile` writes the texts anew; read the difference.

use emulant_compile::{Holes, Options, compile, holes};
use std::path::Path;

fn options(name: &str) -> Options {
    Options {
        file: format!("{name}.py"),
        holes: Holes { calls: name.starts_with("hole"), ..Holes::default() },
        comprehension_frames: name.ends_with("frames"),
        ..Options::default()
    }
}

fn shown(name: &str, source: &str) -> String {
    let code = compile(source, &options(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut text = code.listing();
    for hole in holes(&code) {
        text.push_str(&format!("hole {:?} {:?} line {}: {}\n", hole.kind, hole.name, hole.line, hole.shape.python()));
    }
    text
}

#[test]
fn listings_are_as_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listings");
    let accept = std::env::var_os("ACCEPT").is_some();
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder is part of the crate") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("names are plain").to_string();
        let source = std::fs::read_to_string(&path).expect("the source can be read");
        let text = shown(&name, &source);
        let expected = path.with_extension("txt");
        if accept {
            std::fs::write(&expected, &text).expect("the folder can be written");
        }
        let accepted = std::fs::read_to_string(&expected).unwrap_or_default();
        assert!(text == accepted, "{name} has changed:\n{text}");
        seen += 1;
    }
    assert!(seen >= 15, "only {seen} sources");
}
