//! The pure crates in a world without an operating system: a panic handler and an allocator of its own,
//! so that a standard library anywhere below would be a second one, and the build would fail.
#![no_std]
#![allow(missing_docs)]

extern crate alloc;

use alloc::{string::String, sync::Arc, vec::Vec};
use emulant_ask::Limits;
use emulant_journal::{Journal, Key};
use emulant_machine::code::Code;
use emulant_machine::{Library, Machine, Options, Reply, Step};

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// A library with nothing in it.
struct Nothing;

impl Library for Nothing {
    fn module(&self, _: &str) -> Option<Arc<Code>> {
        None
    }
}

/// Runs code with answers from somewhere.
pub fn run(code: Arc<Code>, mut answer: impl FnMut(u64) -> Reply) -> (u64, [u8; 32]) {
    let mut machine = Machine::new(Arc::new(Nothing), Limits::default(), Options::default());
    let mut step = machine.start(code);
    while let Step::Asks(asks) = step {
        step = machine.resume(asks.iter().map(|ask| (ask.id, answer(ask.id))).collect());
    }
    (machine.instructions(), machine.state_hash())
}

/// Reads a journal and signs something.
pub fn read(lines: &[&str], seed: &[u8; 32]) -> Option<(u64, String)> {
    let journal = Journal::read(lines.iter().copied()).ok()?;
    Some((journal.next_seq(), Key::from_seed(seed).sign_bytes("test", &Vec::new())))
}

/// What a foreign linker sees.
pub extern "C" fn semantics() -> u32 {
    let code: Option<Arc<Code>> = Nothing.module("");
    code.map_or(emulant_ask::VERSION, |code| run(code, |_| Reply::Answer(emulant_ask::Answer::Stopped)).0 as u32)
}
