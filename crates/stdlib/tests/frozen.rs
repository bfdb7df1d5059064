//! The stored forms in `frozen/` are what the compiler makes of the library's text today.
//!
//! After a change of a module that is stored, or of the compiler: `EMULANT_FROZEN=write cargo test -p emulant-stdlib --test frozen`.
//! A form that is stale is not used (see `build.rs`): nothing is wrong then, but every process compiles the module anew.

use emulant_machine::stored;
use emulant_stdlib::{FROZEN, MODULES, compiled, digest, stored_form};
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[test]
fn stored_forms_are_fresh() {
    let writes = std::env::var("EMULANT_FROZEN").is_ok_and(|v| v == "write");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("frozen");
    let compiler = u64::from_str_radix(env!("EMULANT_COMPILER"), 16).expect("the build script gives a digest");
    let mut digests = String::new();
    for name in FROZEN {
        let (_, text) = MODULES.iter().find(|(known, _)| known == name).expect("a stored module is a module");
        let code = compiled(name, text);
        let form = stored::encode(&code).unwrap_or_else(|| panic!("{name} has holes and cannot be stored"));
        let again = stored::decode(&form, &code.file, &code.source).expect("what was encoded is decoded");
        assert!(*again == *code, "{name}: another code was read than was written");
        writeln!(digests, "{name} {:016x}", digest(&[&compiler.to_le_bytes(), text.as_bytes(), &form])).expect("a text grows");
        if writes {
            fs::write(folder.join(format!("{name}.code")), form).expect("the stored form is written");
        } else {
            assert!(stored_form(name) == Some(&form), "{name}: the stored form is stale; see the top of this test for how to make it anew");
        }
    }
    if writes {
        fs::write(folder.join("digests.txt"), digests).expect("the digests are written");
    }
}

#[test]
fn damaged_forms_give_no_panic() {
    let code = compiled("bisect", MODULES.iter().find(|(name, _)| *name == "bisect").expect("a module").1);
    let form = stored::encode(&code).expect("it has no holes");
    for place in 0..form.len() {
        assert!(stored::decode(&form[..place], "", "").is_none(), "cut at {place}");
        for bit in 0..8 {
            let mut damaged = form.clone();
            damaged[place] ^= 1 << bit;
            let _ = stored::decode(&damaged, "", "");
        }
    }
}
