//! Tuples: short ones stand in the arena itself, longer ones in a block of their own.

use crate::value::Slot;
use alloc::{boxed::Box, vec::Vec};
use core::ops::Deref;

/// This many items need no block of their own.
const SHORT: usize = 3;

/// The items of a tuple.
#[derive(Clone, Debug)]
pub struct TupleObject(Items);

#[derive(Clone, Debug)]
enum Items {
    Short(u32, [Slot; SHORT]),
    Long(Box<[Slot]>),
}

impl Default for TupleObject {
    fn default() -> TupleObject {
        TupleObject(Items::Short(0, [Slot::UNBOUND; SHORT]))
    }
}

impl Deref for TupleObject {
    type Target = [Slot];
    #[inline]
    fn deref(&self) -> &[Slot] {
        match &self.0 {
            Items::Short(len, items) => &items[..(*len as usize).min(SHORT)],
            Items::Long(items) => items,
        }
    }
}

impl From<&[Slot]> for TupleObject {
    #[inline]
    fn from(items: &[Slot]) -> TupleObject {
        if items.len() > SHORT {
            return TupleObject(Items::Long(items.into()));
        }
        let mut short = [Slot::UNBOUND; SHORT];
        short[..items.len()].copy_from_slice(items);
        TupleObject(Items::Short(items.len() as u32, short))
    }
}

impl<const N: usize> From<[Slot; N]> for TupleObject {
    #[inline]
    fn from(items: [Slot; N]) -> TupleObject {
        TupleObject::from(&items[..])
    }
}

impl From<Vec<Slot>> for TupleObject {
    fn from(items: Vec<Slot>) -> TupleObject {
        if items.len() > SHORT { TupleObject(Items::Long(items.into())) } else { TupleObject::from(&items[..]) }
    }
}

impl From<Box<[Slot]>> for TupleObject {
    fn from(items: Box<[Slot]>) -> TupleObject {
        if items.len() > SHORT { TupleObject(Items::Long(items)) } else { TupleObject::from(&items[..]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_ones_hold_the_same() {
        for len in 0..6 {
            let items: Vec<Slot> = (0..len).map(Slot::int).collect();
            let tuples = [TupleObject::from(&items[..]), TupleObject::from(items.clone()), TupleObject::from(items.clone().into_boxed_slice())];
            for tuple in tuples {
                assert_eq!(tuple.iter().map(|s| s.as_int()).collect::<Vec<_>>(), (0..len).collect::<Vec<_>>());
            }
        }
    }
}
