//! `_random`: the Mersenne Twister as an object. Distributions are Python, in `random`.
//!
//! A generator without a seed asks for one when it gives its first number, not before.

use crate::builtins::common::{room, OrRaise};
use crate::builtins::support::{receiver_of, Outcome};
use crate::kernel::random::Twister;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeObject, NativeRow};
use crate::trap::{AskTrap, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{boxed::Box, vec::Vec};
use emulant_ask::Request;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

/// A generator; None until it has a seed.
#[derive(Clone, Default)]
pub struct State(pub(crate) Option<Twister>);

impl core::fmt::Debug for State {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("State")
    }
}

const fn method(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "Random", name, code, bind: Bind::Method }
}

/// Natives of `_random.Random`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "Random", name: "__new__", code: new, bind: Bind::Static },
    method("random", random),
    method("seed", seed),
    method("getrandbits", getrandbits),
    method("getstate", getstate),
    method("setstate", setstate),
    NativeRow { owner: "intrinsics", name: "fresh_seed", code: fresh_seed, bind: Bind::Function },
];

fn this(m: &mut Machine, args: &Args, name: &str) -> Result<Handle, Trap> {
    let slot = receiver_of(m, args, &[Kind::Native2], "_random.Random", name)?;
    match m.heap.natives.get(slot.handle()) {
        NativeObject::Random(_) => Ok(slot.handle()),
        _ => Err(m.type_error("a random generator is expected")),
    }
}

fn new(m: &mut Machine, args: &Args) -> Outcome {
    // A derived class seeds it in `__init__`.
    let twister = match m.optional(args, 1)? {
        Some(seed) if m.arg_slot(args, 0).same(*crate::class::Type::Random.value()) && !seed.is_none() => Some(seeded(m, *seed)?),
        _ => None,
    };
    m.new_native(NativeObject::Random(Box::new(State(twister))))
}

/// The generator of an int (its sign does not matter) or of another object's hash.
fn seeded(m: &mut Machine, seed: Slot) -> Result<Twister, Trap> {
    let plain = m.payload(seed);
    let number = match plain.kind {
        Kind::Int | Kind::Bool | Kind::Big => m.int_arg(plain)?.abs(),
        _ => BigInt::from(m.hash(seed)?),
    };
    m.spend(20_000)?;
    Ok(Twister::seeded(&number))
}

fn seed(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "seed")?;
    m.expect(args, "seed", 1, 0, 1)?;
    let twister = match m.optional(args, 1)? {
        Some(seed) if !seed.is_none() => Some(seeded(m, *seed)?),
        _ => None,
    };
    *m.heap.natives.get_mut(this) = NativeObject::Random(Box::new(State(twister)));
    Ok(Value::NONE)
}

/// The generator, or a call of hidden code that seeds it and calls the method again.
fn twister<'m>(m: &'m mut Machine, args: &Args, name: &str) -> Result<&'m mut Twister, Trap> {
    let this = this(m, args, name)?;
    let unseeded = matches!(m.heap.natives.get(this), NativeObject::Random(state) if state.0.is_none());
    if unseeded {
        let callee = m.native_value(&alloc::format!("Random.{name}"));
        let mut all = Vec::from([callee]);
        all.extend(crate::builtins::support::positional(m, args));
        return Err(m.call_hidden("__random_seeded__", &all));
    }
    match m.heap.natives.get_mut(this) {
        NativeObject::Random(state) => state.0.as_mut().ok_or(Trap::Pending),
        _ => Err(Trap::Pending),
    }
}

fn random(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "Random.random", 1, 0, 0)?;
    twister(m, args, "random").map(|twister| Value::float(twister.next_float()))
}

fn getrandbits(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "Random.getrandbits", 1, 1, 1)?;
    let count = *m.arg(args, 1)?;
    let count = m.index_value(count, "")?;
    if (0..=62).contains(&count) {
        return twister(m, args, "getrandbits").map(|twister| Value::int(twister.next_small_bits(count as u32) as i64));
    }
    let room = room(m);
    m.spend(count.max(0) as u64 / 8)?;
    let bits = twister(m, args, "getrandbits")?.next_bits(count, room).or_raise(m)?;
    m.new_int(bits)
}

fn getstate(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "Random.getstate", 1, 0, 0)?;
    let (words, index) = twister(m, args, "getstate")?.state();
    let mut all: Vec<Slot> = words.iter().map(|word| Slot::int(i64::from(*word))).collect();
    all.push(Slot::int(index as i64));
    m.new_tuple(all)
}

fn setstate(m: &mut Machine, args: &Args) -> Outcome {
    let this = this(m, args, "setstate")?;
    m.expect(args, "Random.setstate", 1, 1, 1)?;
    let given = *m.arg(args, 1)?;
    if m.payload(given).kind != Kind::Tuple {
        return Err(m.type_error("state vector must be a tuple"));
    }
    let all = crate::builtins::support::items(m, given)?;
    let mut words = Vec::with_capacity(all.len());
    for slot in &all {
        words.push(m.int_arg(*slot)?);
    }
    let Some(index) = words.pop().and_then(|index| index.to_i64()) else { return Err(m.value_error("state vector is the wrong size")) };
    let words: Vec<u32> = words.iter().filter_map(|word| word.to_u32()).collect();
    let twister = Twister::from_state(&words, index).or_raise(m)?;
    *m.heap.natives.get_mut(this) = NativeObject::Random(Box::new(State(Some(twister))));
    Ok(Value::NONE)
}

/// A seed from outside the program: an ask.
fn fresh_seed(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "fresh_seed", 0, 0, 0)?;
    Err(Trap::Ask(Box::new(AskTrap { request: Request::Seed, seen: Vec::new() })))
}
