//! `emulant bench valid`: whether every answer is valid. Random types, written by chance through
//! the real mask, or by the model itself.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_ask::{Answer, Hole, Value};
use emulant_model::{Backend, Local, Options, random_shape};

/// What `bench valid` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench valid --model test --schemas 1000\n\n\
    Each type has a number, so a part is taken by --seed (where to begin) and --schemas (how many):\n\
    nice -n 15 emulant bench valid --seed 4000 --schemas 1000        is the fifth tenth of the usual 10,000, and\n\
    nice -n 15 emulant bench valid --model default --real --schemas 300        lets that model write 300.")]
pub struct Arguments {
    /// Whose vocabulary makes the mask
    #[arg(long, value_name = "NAME|FILE", default_value = "test")]
    model: String,
    /// Types
    #[arg(long, default_value_t = 10_000)]
    schemas: u64,
    /// Where the chance begins
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Let the model itself write, in place of chance
    #[arg(long)]
    real: bool,
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let options = Options { answer_tokens_max: 2048, ..Options::default() };
    let path = super::speed::weights(&arguments.model)?;
    let mut local = Local::open(&path, &options, &mut common::watcher()).map_err(Trouble::computer)?;
    let mut failures = 0;
    let seeds: Vec<u64> = (arguments.seed..arguments.seed.saturating_add(arguments.schemas)).collect();
    let mut failed = |seed: u64, reason: &str| {
        failures += 1;
        say_line!("seed {seed}: {reason}\n  {}", random_shape(seed).python());
    };
    match arguments.real {
        false => seeds.iter().for_each(|seed| {
            if let Err(reason) = local.valid_under_noise(&random_shape(*seed), *seed) {
                failed(*seed, &reason);
            }
        }),
        true => {
            let holes: Vec<Hole> = seeds.iter().map(|seed| hole(*seed)).collect();
            for (seed, answer) in seeds.iter().zip(local.answer(&holes.iter().collect::<Vec<_>>())) {
                if !matches!(answer, Answer::Value { .. }) {
                    failed(*seed, &format!("{answer:?}"));
                }
            }
        }
    }
    say_line!("{} of {} answers are valid", seeds.len() - failures, seeds.len());
    Ok(u8::from(failures > 0))
}

/// A question that has nothing to do with the type of its answer.
fn hole(seed: u64) -> Hole {
    let shape = random_shape(seed);
    Hole {
        name: "f".into(),
        signature: format!("def f(n: int) -> {}", shape.python()),
        instruction: "A short poem about the sea.".into(),
        arguments: vec![("n".into(), Value::Int((seed % 1000) as i64))],
        shape,
        ..Hole::default()
    }
}

