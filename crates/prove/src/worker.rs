//! What a process of its own does for a campaign: `emulant prove --worker JOB ARGUMENT...`.
//!
//! Only such a process can be killed, measured and left behind. It prints one line.

use crate::campaigns::{hostile, kill, suspend, waiting};
use std::ffi::OsString;
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest time that a worker may take: what takes longer hangs.
const TIME_MAX: Duration = Duration::from_secs(240);

type Job = fn(&[String]) -> Result<String, String>;

/// Jobs by name.
const JOBS: &[(&str, Job)] =
    &[("kill", kill::work), ("suspend", suspend::work), ("waiting", waiting::work), ("hostile", hostile::work)];

/// Does a job, in this process.
///
/// # Errors
/// What went wrong, in one line.
pub fn work(arguments: &[String]) -> Result<String, String> {
    let (name, rest) = arguments.split_first().ok_or("no job is named")?;
    let job = JOBS.iter().find(|(one, _)| one == name).ok_or_else(|| format!("there is no job {name}"))?;
    // On a thread with the stack of an ordinary main thread, wherever the process got its own from.
    let (job, rest) = (job.1, rest.to_vec());
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || job(&rest));
    let joined = thread.map_err(|error| error.to_string())?.join();
    joined.unwrap_or_else(|panic| Err(format!("panic: {}", crate::campaign::panic_text(&*panic))))
}

/// Has a process of its own do a job, and gives what it printed.
///
/// # Errors
/// When it failed or died.
pub fn call(command: &[OsString], job: &str, arguments: &[String]) -> Result<String, String> {
    let (program, rest) = command.split_first().ok_or("there is no command for workers")?;
    let mut child = Command::new(program)
        .args(rest)
        .arg(job)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the worker does not start: {error}"))?;
    // Read beside the waiting, so that a full pipe does not block the worker.
    let printed = child.stdout.take().map(read_beside);
    let told = child.stderr.take().map(read_beside);
    let deadline = Instant::now() + TIME_MAX;
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if Instant::now() > deadline => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("the worker does not end within {} seconds", TIME_MAX.as_secs()));
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let text = |reader: Option<JoinHandle<String>>| reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    match status.success() {
        true => Ok(text(printed)),
        false => Err(format!("{status}: {}", text(told).trim())),
    }
}

fn read_beside(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
