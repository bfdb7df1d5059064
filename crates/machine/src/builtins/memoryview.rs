//! `memoryview`: a window on the bytes of a `bytes` or `bytearray`.
//!
//! A view of several dimensions, which only `cast` makes, has them side by side; its parts are refused, as by CPython.
//! Exports are not counted: a byte array that has a view can change its size, and a view then ends where its bytes do.

use super::common::{self, receiver, unpack, Signature};
use super::support::{self, Outcome};
use crate::class::Type;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeObject, NativeRow};
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{boxed::Box, format, vec::Vec};

/// What a view shows.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The `bytes` or `bytearray`; None once the view is released.
    pub base: Slot,
    /// Place of the first item's first byte.
    pub start: i64,
    /// Number of items.
    pub count: u64,
    /// Bytes from one item to the next.
    pub stride: i64,
    /// How an item is read, as `struct` names it.
    pub format: u8,
    /// Can it not be written to?
    pub readonly: bool,
    /// Tuple of its dimensions; None for the one of its items.
    pub shape: Slot,
}

const NAME: &str = "memoryview";

const fn method(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: NAME, name, code, bind: Bind::Method }
}

const fn getter(name: &'static str, code: crate::native::NativeFn) -> NativeRow {
    NativeRow { owner: NAME, name, code, bind: Bind::Getter }
}

/// Natives of `memoryview`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: NAME, name: "__new__", code: new, bind: Bind::Static },
    getter("obj", |m, args| this(m, args, "obj").and_then(|view| m.force(view.base))),
    getter("nbytes", |m, args| this(m, args, "nbytes").map(|view| Value::int((view.count * view.size()) as i64))),
    getter("itemsize", |m, args| this(m, args, "itemsize").map(|view| Value::int(view.size() as i64))),
    getter("format", format_of),
    getter("ndim", |m, args| this(m, args, "ndim").map(|view| Value::int(dimensions(m, view).len() as i64))),
    getter("shape", |m, args| this(m, args, "shape").and_then(|view| numbers(m, dimensions(m, view)))),
    getter("strides", |m, args| this(m, args, "strides").and_then(|view| numbers(m, strides(m, view)))),
    getter("suboffsets", |m, args| this(m, args, "suboffsets").and_then(|_| m.new_tuple([]))),
    getter("readonly", |m, args| this(m, args, "readonly").map(|view| Value::bool(view.readonly))),
    getter("c_contiguous", contiguous),
    getter("f_contiguous", contiguous),
    getter("contiguous", contiguous),
    method("__len__", |m, args| this(m, args, "__len__").map(|view| Value::int(dimensions(m, view).first().copied().unwrap_or(1)))),
    method("__getitem__", get_item),
    method("__setitem__", set_item),
    method("__delitem__", |m, _| Err(m.type_error("cannot delete memory"))),
    method("__iter__", iter),
    method("__eq__", |m, args| compare(m, args, "__eq__", false)),
    method("__ne__", |m, args| compare(m, args, "__ne__", true)),
    method("__hash__", |m, args| m.hash(m.arg_slot(args, 0)).map(|hash| Value::int(hash as i64))),
    method("__enter__", |m, args| this(m, args, "__enter__").and_then(|_| m.arg(args, 0))),
    method("__exit__", release),
    method("release", release),
    method("tobytes", to_bytes),
    method("tolist", |m, args| flat(m, args, "tolist").and_then(|view| m.view_items(view)).and_then(|items| m.new_list(items))),
    method("hex", hex),
    method("cast", cast),
    method("toreadonly", |m, args| this(m, args, "toreadonly").and_then(|view| made(m, View { readonly: true, ..view }))),
];

/// Bytes of an item; None for what is no format.
fn size_of(format: u8) -> Option<u64> {
    match format {
        b'c' | b'b' | b'B' | b'?' => Some(1),
        b'h' | b'H' => Some(2),
        b'i' | b'I' | b'f' => Some(4),
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' => Some(8),
        _ => None,
    }
}

impl View {
    fn size(&self) -> u64 {
        size_of(self.format).unwrap_or(1)
    }

    fn is_contiguous(&self) -> bool {
        self.count < 2 || self.stride == self.size() as i64
    }

    /// The view that begins at another item.
    fn item(self, index: i64) -> View {
        View { start: self.start.saturating_add(index.saturating_mul(self.stride)), ..self }
    }

    /// Place of an item's first byte.
    fn place(&self, index: u64) -> usize {
        usize::try_from(self.item(index as i64).start).unwrap_or(usize::MAX)
    }
}

impl Machine {
    /// The view that a value is, unless it is released.
    pub(crate) fn view_of(&self, slot: Slot) -> Option<View> {
        if slot.kind != Kind::Native2 {
            return None;
        }
        match self.heap.natives.get(slot.handle()) {
            NativeObject::View(view) if matches!(view.base.kind, Kind::Bytes | Kind::ByteArray) => Some(**view),
            _ => None,
        }
    }

    /// The bytes of a view that has them side by side.
    pub(crate) fn view_slice(&self, slot: Slot) -> &[u8] {
        let Some(view) = self.view_of(slot).filter(View::is_contiguous) else { return &[] };
        let (start, bytes) = (view.place(0), self.bytes_of(view.base));
        let end = start.saturating_add((view.count * view.size()) as usize).min(bytes.len());
        bytes.get(start..end).unwrap_or(&[])
    }

    /// The bytes of all items of a view.
    pub(crate) fn view_bytes(&self, view: View) -> Vec<u8> {
        let (size, bytes) = (view.size() as usize, self.bytes_of(view.base));
        let item = |index| bytes.get(view.place(index)..).and_then(|rest| rest.get(..size)).unwrap_or(&[]);
        (0..view.count).flat_map(item).copied().collect()
    }

    fn view_items(&mut self, view: View) -> Result<Vec<Slot>, Trap> {
        self.charge(16 * view.count)?;
        self.spend(view.count)?;
        let bytes = self.view_bytes(view);
        let mut items = Vec::with_capacity(view.count as usize);
        for item in bytes.chunks_exact(view.size() as usize) {
            items.push(read(self, view.format, item)?);
        }
        Ok(items)
    }

    /// `a == b`, of which one is a view.
    pub(crate) fn equal_views(&mut self, a: Slot, b: Slot) -> Result<Option<bool>, Trap> {
        if a.same(b) {
            return Ok(Some(true));
        }
        let (Some(left), Some(right)) = (self.shown_bytes(a), self.shown_bytes(b)) else { return Ok(Some(false)) };
        if left.count != right.count {
            return Ok(Some(false));
        }
        let (left, right) = (self.view_items(left)?, self.view_items(right)?);
        for (x, y) in left.into_iter().zip(right) {
            match self.equal_native(x, y, 0)? {
                Some(true) => {}
                other => return Ok(other),
            }
        }
        Ok(Some(true))
    }

    /// A view, or the view on something with bytes.
    fn shown_bytes(&self, slot: Slot) -> Option<View> {
        let plain = self.payload(slot);
        match plain.kind {
            Kind::Bytes | Kind::ByteArray => {
                let count = self.bytes_of(plain).len() as u64;
                Some(View { base: plain, start: 0, count, stride: 1, format: b'B', readonly: plain.kind == Kind::Bytes, shape: Slot::NONE })
            }
            _ => self.view_of(plain),
        }
    }

    /// Hash of a view: of its bytes, if they cannot be written to.
    pub(crate) fn hash_view(&mut self, view: View) -> Result<u64, Trap> {
        if !view.readonly {
            return Err(self.value_error("cannot hash writable memoryview object"));
        }
        if view.size() != 1 || view.format == b'?' {
            return Err(self.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        self.spend(view.count / 4)?;
        Ok(crate::hash::of_bytes(&self.view_bytes(view)))
    }
}

fn made(m: &mut Machine, view: View) -> Outcome {
    m.new_native(NativeObject::View(Box::new(view)))
}

fn this(m: &mut Machine, args: &Args, name: &str) -> Result<View, Trap> {
    let this = receiver(m, args, &[Kind::Native2], NAME, name)?;
    match m.view_of(this) {
        Some(view) => Ok(view),
        None => Err(m.value_error("operation forbidden on released memoryview object")),
    }
}

/// As `this`, for what is refused of a view of several dimensions.
fn flat(m: &mut Machine, args: &Args, name: &str) -> Result<View, Trap> {
    let view = this(m, args, name)?;
    if view.shape.kind == Kind::None {
        return Ok(view);
    }
    Err(m.raise(Type::NotImplementedError, "multi-dimensional sub-views are not implemented"))
}

fn dimensions(m: &Machine, view: View) -> Vec<i64> {
    match view.shape.kind {
        Kind::Tuple => m.items(view.shape).iter().map(|size| size.as_int()).collect(),
        _ => Vec::from([view.count as i64]),
    }
}

fn strides(m: &Machine, view: View) -> Vec<i64> {
    let mut all: Vec<i64> = dimensions(m, view).iter().rev().scan(view.stride, |stride, size| {
        let here = *stride;
        *stride = stride.saturating_mul(*size);
        Some(here)
    }).collect();
    all.reverse();
    all
}

fn numbers(m: &mut Machine, all: Vec<i64>) -> Outcome {
    m.new_tuple(all.into_iter().map(Slot::int).collect::<Vec<_>>())
}

fn new(m: &mut Machine, args: &Args) -> Outcome {
    let signature = Signature { name: NAME, names: ["object"], positional: 1, required: 1 };
    let [object] = unpack(m, args, 1, &signature)?;
    let object = common::known(object.map_or(Slot::NONE, Value::slot));
    match m.shown_bytes(*object) {
        Some(view) => made(m, view),
        None => {
            let message = format!("memoryview: a bytes-like object is required, not '{}'", m.type_name(*object));
            Err(m.type_error(message))
        }
    }
}

fn format_of(m: &mut Machine, args: &Args) -> Outcome {
    let view = this(m, args, "format")?;
    m.new_str(alloc::string::String::from(view.format as char))
}

fn contiguous(m: &mut Machine, args: &Args) -> Outcome {
    this(m, args, "contiguous").map(|view| Value::bool(view.is_contiguous()))
}

/// An item from its bytes.
fn read(m: &mut Machine, format: u8, bytes: &[u8]) -> Result<Slot, Trap> {
    let mut all = [0u8; 8];
    all[..bytes.len()].copy_from_slice(bytes);
    let number = u64::from_le_bytes(all);
    Ok(match format {
        b'c' => *m.new_bytes(bytes.to_vec())?,
        b'?' => Slot::bool(number != 0),
        b'b' => Slot::int(i64::from(number as i8)),
        b'h' => Slot::int(i64::from(number as i16)),
        b'i' => Slot::int(i64::from(number as i32)),
        b'l' | b'q' | b'n' => Slot::int(number as i64),
        b'f' => Slot::float(f64::from(f32::from_bits(number as u32))),
        b'd' => Slot::float(f64::from_bits(number)),
        _ => *m.new_int(number.into())?,
    })
}

/// The bytes of an item that is to be stored.
fn written(m: &mut Machine, format: u8, value: Value) -> Result<Vec<u8>, Trap> {
    let plain = m.payload(*value);
    let wrong = |m: &mut Machine| m.type_error(format!("memoryview: invalid type for format '{}'", format as char));
    let size = size_of(format).unwrap_or(1) as usize;
    match format {
        b'c' => match plain.kind {
            Kind::Bytes if m.bytes_of(plain).len() == 1 => Ok(m.bytes_of(plain).to_vec()),
            Kind::Bytes => Err(m.value_error("memoryview: invalid value for format 'c'")),
            _ => Err(wrong(m)),
        },
        b'?' => m.truth(*value).map(|truth| Vec::from([u8::from(truth)])),
        b'f' | b'd' => {
            let number = match plain.kind {
                Kind::Float => plain.as_float(),
                Kind::Int | Kind::Bool => plain.as_int() as f64,
                _ => return Err(wrong(m)),
            };
            Ok(if format == b'f' { (number as f32).to_le_bytes().to_vec() } else { number.to_le_bytes().to_vec() })
        }
        _ => {
            if !matches!(plain.kind, Kind::Int | Kind::Bool | Kind::Big) {
                return Err(wrong(m));
            }
            let bits = 8 * size as u32;
            let (low, high) = match format {
                b'B' | b'H' | b'I' | b'L' | b'Q' | b'N' => (0i128, (1i128 << bits) - 1),
                _ => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
            };
            let number = num_traits::ToPrimitive::to_i128(&m.big(plain)).filter(|number| (low..=high).contains(number));
            match number {
                Some(number) => Ok(number.to_le_bytes()[..size].to_vec()),
                None => Err(m.value_error(format!("memoryview: invalid value for format '{}'", format as char))),
            }
        }
    }
}

fn index_of(m: &mut Machine, view: View, key: Slot) -> Result<u64, Trap> {
    let place = m.index_value(key, "memoryview: invalid slice key")?;
    let place = if place < 0 { place.saturating_add(view.count as i64) } else { place };
    match u64::try_from(place).ok().filter(|place| *place < view.count) {
        Some(place) => Ok(place),
        None => Err(m.raise(Type::IndexError, "index out of bounds on dimension 1")),
    }
}

fn sliced(m: &mut Machine, view: View, key: Slot) -> Result<View, Trap> {
    let (start, _, step, count) = m.slice_indices(key, view.count)?;
    Ok(View { count, stride: view.stride.saturating_mul(step), ..view.item(start) })
}

/// The key of an item: an index, a slice, or one of them made by program code.
fn key(m: &mut Machine, args: &Args, hidden: &str) -> Result<Slot, Trap> {
    let key = *m.arg(args, 1)?;
    if support::is_program_index(m, key) {
        let all = support::positional(m, args);
        return Err(m.call_hidden(hidden, &all));
    }
    // A tuple of one index is that index.
    if key.kind == Kind::Tuple {
        match m.items(key) {
            [one] if one.kind != Kind::Slice => return m.force(*one).map(Value::slot),
            _ => return Err(m.raise(Type::NotImplementedError, "not supported: views of more than one dimension")),
        }
    }
    if !matches!(key.kind, Kind::Slice | Kind::Int | Kind::Bool | Kind::Big) {
        return Err(m.type_error("memoryview: invalid slice key"));
    }
    Ok(key)
}

fn get_item(m: &mut Machine, args: &Args) -> Outcome {
    let view = flat(m, args, "__getitem__")?;
    support::expect_exactly(m, args, 1)?;
    let key = key(m, args, "__get_item_at__")?;
    match key.kind {
        Kind::Slice => {
            let part = sliced(m, view, key)?;
            made(m, part)
        }
        _ => {
            let place = index_of(m, view, key)?;
            let bytes = m.view_bytes(View { count: 1, ..view.item(place as i64) });
            read(m, view.format, &bytes).map(common::known)
        }
    }
}

fn set_item(m: &mut Machine, args: &Args) -> Outcome {
    let view = flat(m, args, "__setitem__")?;
    support::expect_exactly(m, args, 2)?;
    if view.readonly || view.base.kind != Kind::ByteArray {
        return Err(m.type_error("cannot modify read-only memory"));
    }
    let (key, value) = (key(m, args, "__set_item_at__")?, m.arg(args, 2)?);
    let (part, bytes) = match key.kind {
        Kind::Slice => {
            let part = sliced(m, view, key)?;
            let Some(source) = m.shown_bytes(*value) else {
                let message = format!("a bytes-like object is required, not '{}'", m.type_name(*value));
                return Err(m.type_error(message));
            };
            if source.count != part.count || source.format != part.format {
                return Err(m.value_error("memoryview assignment: lvalue and rvalue have different structures"));
            }
            (part, m.view_bytes(source))
        }
        _ => {
            let place = index_of(m, view, key)?;
            let bytes = written(m, view.format, value)?;
            (View { count: 1, ..view.item(place as i64) }, bytes)
        }
    };
    m.spend(bytes.len() as u64 / 8)?;
    let size = part.size() as usize;
    let target = m.heap.byte_arrays.get_mut(part.base.handle());
    for (index, item) in bytes.chunks_exact(size).enumerate() {
        if let Some(place) = target.get_mut(part.place(index as u64)..).and_then(|rest| rest.get_mut(..size)) {
            place.copy_from_slice(item);
        }
    }
    Ok(Value::NONE)
}

fn iter(m: &mut Machine, args: &Args) -> Outcome {
    let view = flat(m, args, "__iter__")?;
    let items = m.view_items(view)?;
    Ok(m.new_iter(crate::heap::IterObject::Items(items, 0)))
}

fn compare(m: &mut Machine, args: &Args, name: &str, negate: bool) -> Outcome {
    let this = receiver(m, args, &[Kind::Native2], NAME, name)?;
    support::expect_exactly(m, args, 1)?;
    let other = *m.arg(args, 1)?;
    if m.shown_bytes(other).is_none() && !this.same(other) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(Value::bool(m.equal_views(this, other)?.unwrap_or(false) != negate))
}

fn release(m: &mut Machine, args: &Args) -> Outcome {
    let this = receiver(m, args, &[Kind::Native2], NAME, "release")?;
    if let NativeObject::View(view) = m.heap.natives.get_mut(this.handle()) {
        view.base = Slot::NONE;
    }
    Ok(Value::NONE)
}

fn to_bytes(m: &mut Machine, args: &Args) -> Outcome {
    let view = this(m, args, "tobytes")?;
    m.charge(view.count * view.size())?;
    m.spend(view.count / 4)?;
    let bytes = m.view_bytes(view);
    m.new_bytes(bytes)
}

fn hex(m: &mut Machine, args: &Args) -> Outcome {
    let view = this(m, args, "hex")?;
    let bytes = m.view_bytes(view);
    super::bytes::hex_of(m, args, bytes)
}

fn cast(m: &mut Machine, args: &Args) -> Outcome {
    let view = this(m, args, "cast")?;
    let signature = Signature { name: "cast", names: ["format", "shape"], positional: 2, required: 1 };
    let [format, shape] = unpack(m, args, 1, &signature)?;
    let text = format.and_then(|format| common::text(m, *format));
    let Some(text) = text else { return Err(m.type_error("format argument must be a string")) };
    let letters = text.strip_prefix('@').unwrap_or(&text).as_bytes();
    let Some((format, size)) = (match letters {
        [letter] => size_of(*letter).map(|size| (*letter, size)),
        _ => None,
    }) else {
        return Err(m.value_error("memoryview: destination format must be a native single character format prefixed with an optional '@'"));
    };
    if !view.is_contiguous() {
        return Err(m.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let bytelike = |format: u8| matches!(format, b'b' | b'B' | b'c');
    if !bytelike(format) && !bytelike(view.format) {
        return Err(m.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let bytes = view.count * view.size();
    if bytes % size != 0 {
        return Err(m.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let shape = match shape {
        None => Slot::NONE,
        Some(shape) => {
            let sizes = m.items(*shape).to_vec();
            let positive = sizes.iter().all(|size| size.kind == Kind::Int && size.as_int() > 0);
            if sizes.is_empty() || sizes.len() > 64 || !positive {
                return Err(m.type_error("shape must be a list or a tuple of positive integers"));
            }
            let product = sizes.iter().fold(size as i64, |product, size| product.saturating_mul(size.as_int()));
            if product != bytes as i64 {
                return Err(m.type_error("memoryview: product(shape) * itemsize != buffer size"));
            }
            if sizes.len() == 1 { Slot::NONE } else { *m.new_tuple(sizes)? }
        }
    };
    made(m, View { count: bytes / size, stride: size as i64, format, shape, ..view })
}
