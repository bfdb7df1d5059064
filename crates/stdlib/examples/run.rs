//! Runs a Python file on the bare machine: no host, no journal. Texts become code; the tool `given` answers its argument
//! `x`, so that a value comes from outside and has a label; nothing else is answered.
use emulant_ask::{Answer, CompileMode, Limits, Request};
use emulant_compile::{Options, compile};
use emulant_machine::{Machine, Reply, Step};

fn reply(ask: &emulant_ask::Ask) -> Option<(u64, Reply)> {
    let wanted = match &ask.request {
        Request::Compile(wanted) => wanted,
        Request::Call(call) => {
            let (_, value) = call.arguments.first()?;
            return Some((ask.id, Reply::Answer(Answer::Value { value: value.clone(), detail: Default::default() })));
        }
        _ => return None,
    };
    let options = Options { file: wanted.file.clone(), mode: wanted.mode, ..Options::default() };
    let reply = match compile(&wanted.text, &options) {
        Ok(code) => Reply::Code(code),
        Err(error) => {
            let class = error.kind.name().to_string();
            Reply::SyntaxError { class, message: error.message, line: error.line, col: error.col, text: error.text }
        }
    };
    Some((ask.id, reply))
}

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
    // What a build without fuel or without reclamation needs more must not end it.
    let limits = Limits { instructions: u64::MAX >> 1, memory_bytes: 16 << 30, ..Limits::default() };
    let tools = [("given".into(), vec!["x".into()])].into();
    let mut machine = Machine::new(emulant_stdlib::library(), limits, emulant_machine::Options { tools, ..Default::default() });
    let mut step = machine.start(code);
    while let Step::Asks(asks) = &step {
        let Some(replies) = asks.iter().map(reply).collect::<Option<Vec<_>>>() else { break };
        step = machine.resume(replies);
    }
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
