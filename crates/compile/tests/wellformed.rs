//! What holds for every instruction of every program: operands inside their
//! tables, tests before jumps, only `Loop` goes back.

use emulant_compile::{Options, compile};
use emulant_machine::code::{Code, NO_REG, Op};
use std::path::{Path, PathBuf};

fn python_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            python_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

fn is_test(op: &Op) -> bool {
    op.listing().starts_with("Test") || matches!(op, Op::ForIter { .. })
}

/// Registers among the operands, by the names that the table gives them.
fn registers(op: &Op) -> Vec<u16> {
    const NAMES: [&str; 22] = [
        "dst", "src", "a", "b", "reg", "cell", "first", "obj", "key", "value", "list", "set", "dict", "func", "iter", "save", "exc",
        "cause", "class", "args", "keys", "module",
    ];
    let text = op.listing();
    let fields = text.split(' ').skip(1).filter_map(|field| field.split_once('='));
    let plain = !matches!(op, Op::LoadInt { .. } | Op::LoadBool { .. });
    let registers = fields.filter(|(name, _)| NAMES.contains(name) && (plain || *name == "dst"));
    registers.filter_map(|(_, value)| value.parse().ok()).filter(|reg| *reg != NO_REG).collect()
}

fn check(code: &Code, file: &str) {
    let length = code.ops.len() as u32;
    assert_eq!(code.ops.len(), code.spans.len());
    assert!(matches!(code.ops.last(), Some(Op::Return { .. } | Op::Reraise { .. } | Op::Raise { .. } | Op::Loop { .. } | Op::Jump { .. } | Op::RaiseAgain {})), "{file} {}", code.qualname);
    for (index, op) in code.ops.iter().enumerate() {
        let place = || format!("{file} {} {index}: {}", code.qualname, op.listing());
        match op {
            Op::Jump { to } => assert!(*to > index as u32 && *to < length, "{}", place()),
            Op::Loop { to } => assert!(*to <= index as u32, "{}", place()),
            Op::LoadConst { index, .. } => assert!((*index as usize) < code.consts.len(), "{}", place()),
            Op::Ask { hole, .. } => assert!(usize::from(*hole) < code.holes.len(), "{}", place()),
            Op::MakeFunction { child, .. } => assert!(usize::from(*child) < code.children.len(), "{}", place()),
            _ => {}
        }
        if is_test(op) {
            assert!(matches!(code.ops.get(index + 1), Some(Op::Jump { .. })), "{}", place());
        }
        for reg in registers(op) {
            assert!(reg < code.registers, "{} has register {reg} of {}", place(), code.registers);
        }
    }
    for handler in &code.handlers {
        assert!(handler.start < handler.end && handler.end <= length && handler.target < length && handler.exc < code.registers);
    }
    let names = code.locals.len();
    assert!(names <= usize::from(code.registers) && code.params.count() <= names);
    let free: Vec<_> = code.locals[names - code.free.len()..].to_vec();
    assert_eq!(free, code.free, "{file} {}", code.qualname);
    code.children.iter().for_each(|child| check(child, file));
}

#[test]
fn all_code_is_well_formed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["tests/listings", "../../corpus/python", "../stdlib/python"] {
        python_files(&root.join(folder), &mut files);
    }
    assert!(files.len() > 100, "only {} files", files.len());
    for path in files {
        let source = std::fs::read_to_string(&path).expect("the source can be read");
        for comprehension_frames in [false, true] {
            let file = path.display().to_string();
            let options = Options { file: file.clone(), comprehension_frames, ..Options::default() };
            match compile(&source, &options) {
                Ok(code) => check(&code, &file),
                Err(error) if error.kind == emulant_compile::ErrorKind::NotSupported => {}
                Err(error) => panic!("{file}:{}: {error}", error.line),
            }
        }
    }
}
