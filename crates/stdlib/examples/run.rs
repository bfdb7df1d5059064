//! Runs a Python file on the bare machine: no host, no journal, no answers.
use emulant_ask::{CompileMode, Limits};
use emulant_compile::{Options, compile};
use emulant_machine::{Machine, Step};

fn main() {
    let path = std::env::args().nth(1).expect("usage: run FILE");
    let source = std::fs::read_to_string(&path).expect("the file can be read");
    let options = Options { file: path, mode: CompileMode::Exec, ..Options::default() };
    let code = match compile(&source, &options) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(65);
        }
    };
    if std::env::var_os("LISTING").is_some() {
        print!("{}", code.listing());
    }
    let mut machine = Machine::new(emulant_stdlib::library(), Limits::default(), emulant_machine::Options::default());
    let step = machine.start(code);
    for (_, text) in machine.take_output() {
        print!("{text}");
    }
    match step {
        Step::Done { status } => std::process::exit(status),
        Step::Raised(error) => {
            for frame in &error.frames {
                eprintln!("  File \"{}\", line {}, in {}", frame.code.file, frame.span.line, frame.code.qualname);
            }
            eprintln!("{}: {}", error.class, error.message);
            std::process::exit(1);
        }
        other => {
            eprintln!("{other:?}");
            std::process::exit(66);
        }
    }
}
