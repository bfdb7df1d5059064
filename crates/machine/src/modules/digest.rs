//! `_digest`: the digests of bytes. Objects that take them piece by piece are `hashlib.py`.

use crate::builtins::support::Outcome;
use crate::kernel::digest;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::value::Value;
use alloc::{string::String, vec::Vec};

/// Natives of `_digest`.
pub const TABLE: &[NativeRow] = &[NativeRow { owner: "_digest", name: "digest", code, bind: Bind::Function }];

/// `digest(name, data, size)`: the digest, or None for a name that is not here.
fn code(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "digest", 0, 3, 3)?;
    let (name, data, size) = (*m.arg(args, 0)?, *m.arg(args, 1)?, *m.arg(args, 2)?);
    let name = String::from(m.text_of(name).unwrap_or_default());
    let size = usize::try_from(m.index_value(size, "")?).unwrap_or(0);
    let data: Vec<u8> = m.bytes_of(m.payload(data)).to_vec();
    m.spend(8 * data.len() as u64 + 8 * size as u64 + 500)?;
    m.charge(data.len() as u64 + size as u64)?;
    match digest::digest(&name, &data, size) {
        Some(bytes) => m.new_bytes(bytes),
        None => Ok(Value::NONE),
    }
}
