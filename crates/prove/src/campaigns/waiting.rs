//! What a waiting run costs: bytes of the process for each of many machines that wait at an ask,
//! and bytes of their images.

use super::answers::machine_options;
use crate::campaign::{Campaign, Fault, Findings, Order};
use crate::worker;
use emulant_ask::Limits;
use emulant_machine::{Machine, Step};

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "waiting",
    shows: "a waiting run is a few kilobytes and no thread",
    small: 50,
    full: 1_000,
    tried: &[],
    run,
};

/// A program that has a function, a class, some data and a suspended generator when it asks.
const PROGRAM: &str = "from emulant import tools\n\
class Row:\n    def __init__(self, name, size):\n        self.name, self.size = name, size\n\
def walk(rows):\n    for row in rows:\n        yield tools.size(row.name) + row.size\n\
rows = [Row(f'row {i}', i) for i in range(20)]\nseen = {row.name: row for row in rows}\nprint(sum(walk(rows)))\n";

fn run(order: &Order<'_>) -> Findings {
    let mut findings = Findings { cases: order.count, ..Findings::default() };
    let arguments = [order.count.to_string()];
    let printed = match order.worker.is_empty() {
        true => work(&arguments),
        false => worker::call(&order.worker, "waiting", &arguments),
    };
    let numbers: Option<Vec<u64>> = printed.as_ref().ok().map(|text| text.split_whitespace().filter_map(|word| word.parse().ok()).collect());
    match numbers.as_deref() {
        Some([process, image, trivial]) => {
            findings.peak("bytes of the process for a run", *process);
            findings.peak("bytes of an image", *image);
            findings.peak("bytes of the process for a trivial run", *trivial);
            (order.progress)(order.count);
        }
        _ => findings.faults.push(Fault::new(format!("{printed:?}"), "")),
    }
    findings
}

/// In a process of its own: bytes for a run, and of an image.
pub fn work(arguments: &[String]) -> Result<String, String> {
    let count: u64 = arguments.first().and_then(|text| text.parse().ok()).ok_or("a count is wanted")?;
    // The first ones are kept, so that the others do not take their place.
    let (trivial, _kept) = grown(count, "from emulant import tools\ntools.get('a')\n")?;
    let ((runs, _also_kept), image) = (grown(count, PROGRAM)?, image(PROGRAM)?);
    Ok(format!("{} {image} {}", runs / count.max(1), trivial / count.max(1)))
}

fn waiting(text: &str) -> Result<Machine, String> {
    let options = emulant_compile::Options { file: "program.py".into(), ..Default::default() };
    let code = emulant_compile::compile(text, &options).map_err(|error| error.to_string())?;
    let mut machine = Machine::new(emulant_stdlib::library(), Limits::default(), machine_options(false));
    match machine.start(code) {
        Step::Asks(_) => Ok(machine),
        other => Err(format!("it does not wait: {other:?}")),
    }
}

fn grown(count: u64, text: &str) -> Result<(u64, Vec<Machine>), String> {
    // What the first one loads is shared by all.
    drop(waiting(text)?);
    let before = resident_bytes().ok_or("this system does not tell")?;
    let machines = (0..count).map(|_| waiting(text)).collect::<Result<Vec<Machine>, String>>()?;
    let after = resident_bytes().ok_or("this system does not tell")?;
    Ok((after.saturating_sub(before), machines))
}

fn image(text: &str) -> Result<usize, String> {
    waiting(text)?.image().map(|bytes| bytes.len()).map_err(|error| error.to_string())
}

/// Bytes of memory that this process holds now.
fn resident_bytes() -> Option<u64> {
    super::hostile::status_kib("VmRSS:").map(|kib| kib * 1024)
}
