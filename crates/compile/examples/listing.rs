//! Print the code of Python files: `cargo run -p emulant-compile --example listing FILE...`
//! With several files, only errors are printed.

use emulant_compile::{Options, compile};

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        match compile(&text, &Options { file: file.clone(), ..Options::default() }) {
            Ok(code) if files.len() == 1 => print!("{}", code.listing()),
            Ok(_) => {}
            Err(error) => println!("{file}:{}\n{error}", error.line),
        }
    }
}
