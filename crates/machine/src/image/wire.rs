//! The wire: numbers, texts and lists, written and read by one description.
//!
//! A [`Pass`] walks over a thing and either writes it or fills it in, so that
//! what is written and what is read cannot drift apart.

use super::ImageError;
use crate::value::{Handle, Kind, Label, Slot};
use alloc::{string::String, vec::Vec};

/// Result of one step of a pass.
pub(super) type Done = Result<(), ImageError>;

/// One walk, writing or reading.
pub(super) trait Pass {
    /// Does it fill in what it walks over?
    const READS: bool;
    /// A number, seven bits a byte, low ones first.
    fn number(&mut self, value: &mut u64) -> Done;
    /// Bytes as they are, behind their number.
    fn raw(&mut self, bytes: &mut Vec<u8>) -> Done;
    /// An object of the arena of `kind`.
    fn object(&mut self, kind: Kind, handle: &mut Handle) -> Done;
    /// A loaded code.
    fn code(&mut self, code: &mut u32) -> Done;
    /// A label.
    fn label(&mut self, label: &mut Label) -> Done;
    /// A row in the table of natives, or [`GONE`].
    fn native(&mut self, row: &mut u64) -> Done;
    /// What a slot holds once its answer is known.
    fn settled(&self, slot: Slot) -> Slot;
    /// Notes, when reading, that an instance of a class has this dict.
    fn instance(&mut self, class: Handle, dict: Handle);
    /// The hash of a string.
    fn text_hash(&self, string: Handle) -> u64;
}

/// Kinds by their number on the wire. New ones come last.
const KINDS: [Kind; 39] = [
    Kind::Unbound, Kind::Pending, Kind::None, Kind::NotImplemented, Kind::Ellipsis, Kind::Bool, Kind::Int, Kind::Float, Kind::Position,
    Kind::Str, Kind::Big, Kind::Complex, Kind::Bytes, Kind::ByteArray, Kind::Tuple, Kind::List, Kind::Dict, Kind::Set, Kind::FrozenSet,
    Kind::Range, Kind::Slice, Kind::Cell, Kind::Function, Kind::Native, Kind::Method, Kind::Class, Kind::Instance, Kind::Module,
    Kind::Generator, Kind::Iter, Kind::Descriptor, Kind::DictView, Kind::Exception, Kind::Traceback, Kind::Tool, Kind::Native2,
    Kind::Alias, Kind::Code, Kind::WideRange,
];

/// Row of a native that only code of another version speaks of.
pub(super) const GONE: u64 = u64::MAX;

/// A slot: kind and whether it is labelled, label, payload.
pub(super) fn slot<P: Pass>(p: &mut P, slot: &mut Slot) -> Done {
    let mut known = p.settled(*slot);
    let kind = KINDS.iter().position(|kind| *kind == known.kind).unwrap_or(0) as u64;
    let mut tag = 2 * kind + u64::from(known.label != 0);
    p.number(&mut tag)?;
    if P::READS {
        known = Slot::new(*KINDS.get(tag as usize / 2).ok_or(ImageError::Corrupt("a kind"))?, 0);
    }
    if tag & 1 == 1 {
        p.label(&mut known.label)?;
    }
    payload(p, &mut known)?;
    if P::READS {
        *slot = known;
    }
    Ok(())
}

fn payload<P: Pass>(p: &mut P, slot: &mut Slot) -> Done {
    let mut handle = slot.handle();
    match slot.kind {
        Kind::Unbound | Kind::None | Kind::NotImplemented | Kind::Ellipsis => return Ok(()),
        Kind::Bool => {
            let mut value = slot.bits != 0;
            flag(p, &mut value)?;
            slot.bits = u64::from(value);
            return Ok(());
        }
        Kind::Position | Kind::Pending => return p.number(&mut slot.bits),
        Kind::Float => return fixed(p, &mut slot.bits),
        Kind::Native => {
            p.native(&mut slot.bits)?;
            if slot.bits == GONE {
                *slot = Slot::NONE;
            }
            return Ok(());
        }
        Kind::Int => {
            let mut value = slot.as_int();
            signed(p, &mut value)?;
            slot.bits = value as u64;
            return Ok(());
        }
        Kind::Instance => {
            let mut class = slot.class_handle();
            p.object(Kind::Class, &mut class)?;
            p.object(Kind::Instance, &mut handle)?;
            slot.bits = u64::from(class) << 32 | u64::from(handle);
            if P::READS {
                p.instance(class, handle);
            }
            return Ok(());
        }
        Kind::Tool => p.object(Kind::Str, &mut handle)?,
        Kind::Code => p.object(Kind::Function, &mut handle)?,
        Kind::WideRange => p.object(Kind::Tuple, &mut handle)?,
        kind => p.object(kind, &mut handle)?,
    }
    slot.bits = u64::from(handle);
    Ok(())
}

/// A number of another width.
pub(super) fn small<P: Pass, N: Copy + TryFrom<u64> + TryInto<u64>>(p: &mut P, value: &mut N) -> Done {
    let mut wide = (*value).try_into().unwrap_or(0);
    p.number(&mut wide)?;
    *value = N::try_from(wide).map_err(|_| ImageError::Corrupt("a number"))?;
    Ok(())
}

/// A number with a sign: the sign is the lowest bit.
pub(super) fn signed<P: Pass>(p: &mut P, value: &mut i64) -> Done {
    let mut folded = ((*value << 1) ^ (*value >> 63)) as u64;
    p.number(&mut folded)?;
    *value = (folded >> 1) as i64 ^ -((folded & 1) as i64);
    Ok(())
}

/// Yes or no.
pub(super) fn flag<P: Pass>(p: &mut P, value: &mut bool) -> Done {
    let mut number = u64::from(*value);
    p.number(&mut number)?;
    *value = match number {
        0 => false,
        1 => true,
        _ => return Err(ImageError::Corrupt("a flag")),
    };
    Ok(())
}

/// Eight bytes: hashes and the bits of floats, which are seldom small.
pub(super) fn fixed<P: Pass>(p: &mut P, value: &mut u64) -> Done {
    let (mut low, mut high) = (*value & 0xffff_ffff, *value >> 32);
    p.number(&mut low)?;
    p.number(&mut high)?;
    if (low | high) >> 32 != 0 {
        return Err(ImageError::Corrupt("a number"));
    }
    *value = high << 32 | low;
    Ok(())
}

/// A text.
pub(super) fn text<P: Pass>(p: &mut P, text: &mut String) -> Done {
    let mut bytes = if P::READS { Vec::new() } else { text.as_bytes().to_vec() };
    p.raw(&mut bytes)?;
    if P::READS {
        *text = String::from_utf8(bytes).map_err(|_| ImageError::Corrupt("a text"))?;
    }
    Ok(())
}

/// Several things, behind their number. What is read grows with the bytes that are there, not with the number.
pub(super) fn list<P: Pass, T>(p: &mut P, items: &mut Vec<T>, blank: fn() -> T, mut each: impl FnMut(&mut P, &mut T) -> Done) -> Done {
    let mut len = items.len() as u64;
    p.number(&mut len)?;
    if !P::READS {
        return items.iter_mut().try_for_each(|item| each(p, item));
    }
    items.clear();
    for _ in 0..len {
        let mut item = blank();
        each(p, &mut item)?;
        items.push(item);
    }
    items.shrink_to_fit();
    Ok(())
}

/// Several slots.
pub(super) fn slots<P: Pass>(p: &mut P, items: &mut Vec<Slot>) -> Done {
    list(p, items, Slot::default, slot)
}

/// Something or nothing.
pub(super) fn optional<P: Pass, T>(p: &mut P, item: &mut Option<T>, blank: fn() -> T, each: impl FnOnce(&mut P, &mut T) -> Done) -> Done {
    let mut some = item.is_some();
    flag(p, &mut some)?;
    if P::READS {
        *item = some.then(blank);
    }
    item.as_mut().map_or(Ok(()), |item| each(p, item))
}

/// One of a short list of words of Rust, by its place.
pub(super) fn choice<P: Pass, T: Copy + PartialEq>(p: &mut P, value: &mut T, all: &[T]) -> Done {
    let mut place = all.iter().position(|one| one == value).unwrap_or(all.len()) as u64;
    p.number(&mut place)?;
    if P::READS {
        *value = *all.get(place as usize).ok_or(ImageError::Corrupt("a choice"))?;
    }
    Ok(())
}

/// Append a number.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Bytes that are being read.
pub(super) struct Source<'b> {
    pub(super) rest: &'b [u8],
}

impl Source<'_> {
    pub(super) fn take_number(&mut self) -> Result<u64, ImageError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(ImageError::Corrupt("the end is missing"))?;
            self.rest = rest;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                break;
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ImageError::Corrupt("a number"))
    }

    pub(super) fn take_raw(&mut self) -> Result<Vec<u8>, ImageError> {
        let len = usize::try_from(self.take_number()?).map_err(|_| ImageError::Corrupt("a length"))?;
        let (bytes, rest) = self.rest.split_at_checked(len).ok_or(ImageError::Corrupt("the end is missing"))?;
        self.rest = rest;
        Ok(bytes.to_vec())
    }
}
