//! `_heapq`: the two walks through a heap, for lists whose items are plain data. They make the comparisons of
//! `heapq.py` in its order, and move nothing before the last of them; where one is not plain, they do nothing at all
//! and say so, and `heapq.py` walks itself.

use crate::builtins::support::{receiver, Outcome};
use crate::heap::Heap;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::value::{Kind, Slot, Value};

/// Natives of `_heapq`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "_heapq", name: "rise", code: rise, bind: Bind::Function },
    NativeRow { owner: "_heapq", name: "sink", code: sink, bind: Bind::Function },
];

/// `a < b`, when both are plain.
fn less(heap: &Heap, a: Slot, b: Slot) -> Option<bool> {
    heap.order_simple(a, b).map(|order| order.is_lt())
}

/// `rise(list, top, place)`: let the item at `place` rise towards `top`; False when nothing was done.
fn rise(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "rise", 0, 3, 3)?;
    let list = receiver(m, args, Kind::List, "list", "rise")?;
    let (top, place) = (m.arg(args, 1)?.as_int(), m.arg(args, 2)?.as_int());
    let items = m.heap.lists.get(list);
    let Some(&item) = usize::try_from(place).ok().and_then(|place| items.get(place)) else { return Ok(Value::bool(false)) };
    let (top, start) = (top.max(0) as usize, place as usize);
    let Some(end) = risen(&m.heap, items, item, top, start) else { return Ok(Value::bool(false)) };
    m.spend(4)?;
    lift(m.heap.lists.get_mut(list), item, end, start);
    Ok(Value::bool(true))
}

/// Where an item that stands at `place` comes to stand.
fn risen(heap: &Heap, items: &[Slot], item: Slot, top: usize, mut place: usize) -> Option<usize> {
    while place > top {
        let parent = (place - 1) >> 1;
        if !less(heap, item, items[parent])? {
            break;
        }
        place = parent;
    }
    Some(place)
}

/// Move the parents between two places of one path down by one, and put the item above them.
fn lift(items: &mut [Slot], item: Slot, end: usize, start: usize) {
    let mut place = start;
    while place > end {
        let parent = (place - 1) >> 1;
        items[place] = items[parent];
        place = parent;
    }
    items[end] = item;
}

/// `sink(list, place)`: let the item at `place` sink to a leaf along the smaller children, then rise; False when
/// nothing was done.
fn sink(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "sink", 0, 2, 2)?;
    let list = receiver(m, args, Kind::List, "list", "sink")?;
    let top = m.arg(args, 1)?.as_int();
    let items = m.heap.lists.get(list);
    let len = items.len();
    let Some(&item) = usize::try_from(top).ok().and_then(|top| items.get(top)) else { return Ok(Value::bool(false)) };
    let top = top as usize;
    // The path down, one place for each level.
    let mut path = [0usize; 48];
    let (mut depth, mut place) = (0, top);
    while 2 * place + 1 < len {
        let mut child = 2 * place + 1;
        if child + 1 < len {
            match less(&m.heap, items[child], items[child + 1]) {
                Some(true) => {}
                Some(false) => child += 1,
                None => return Ok(Value::bool(false)),
            }
        }
        place = child;
        path[depth] = place;
        depth += 1;
    }
    // How far it rises again: compared with what will stand above it, which is what stood one level deeper.
    let mut level = depth;
    while level > 0 {
        match less(&m.heap, item, items[path[level - 1]]) {
            Some(true) => level -= 1,
            Some(false) => break,
            None => return Ok(Value::bool(false)),
        }
    }
    m.spend(4 + depth as u64)?;
    let items = m.heap.lists.get_mut(list);
    let mut place = top;
    for &deeper in &path[..level] {
        items[place] = items[deeper];
        place = deeper;
    }
    items[place] = item;
    Ok(Value::bool(true))
}
