//! Operators on built-in kinds, and the order in which a program's own methods
//! are tried around them.

use crate::class::Type;
use crate::code::{BinaryOp, UnaryOp};
use crate::kernel::{float, int};
use crate::machine::Machine;
use crate::trap::{Adapt, BinaryTry, Trap};
use crate::value::{Handle, Kind, Slot, Value};
use alloc::{format, string::String, vec::Vec};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// Signs and method names by operator: sign, in-place sign, `__x__`, `__rx__`, `__ix__`.
const NAMES: [(&str, &str, &str, &str, &str); 13] = [
    ("+", "+=", "__add__", "__radd__", "__iadd__"),
    ("-", "-=", "__sub__", "__rsub__", "__isub__"),
    ("*", "*=", "__mul__", "__rmul__", "__imul__"),
    ("/", "/=", "__truediv__", "__rtruediv__", "__itruediv__"),
    ("//", "//=", "__floordiv__", "__rfloordiv__", "__ifloordiv__"),
    ("%", "%=", "__mod__", "__rmod__", "__imod__"),
    ("** or pow()", "**=", "__pow__", "__rpow__", "__ipow__"),
    ("@", "@=", "__matmul__", "__rmatmul__", "__imatmul__"),
    ("&", "&=", "__and__", "__rand__", "__iand__"),
    ("|", "|=", "__or__", "__ror__", "__ior__"),
    ("^", "^=", "__xor__", "__rxor__", "__ixor__"),
    ("<<", "<<=", "__lshift__", "__rlshift__", "__ilshift__"),
    (">>", ">>=", "__rshift__", "__rrshift__", "__irshift__"),
];

impl Machine {
    /// `a <op> b`. A `Trap::Call` carries how to go on when a method says NotImplemented.
    pub fn binary(&mut self, op: BinaryOp, in_place: bool, a: Slot, b: Slot) -> Result<Value, Trap> {
        let (a, b) = (*self.force(a)?, *self.force(b)?);
        if op == BinaryOp::Add && a.kind == Kind::Str && b.kind == Kind::Str {
            let label = self.labels.join(a.label, b.label);
            return Ok(self.join_texts(a.handle(), b.handle(), in_place)?.with_label(label));
        }
        self.binary_from(BinaryTry { op, in_place, a, b, stage: 0 })
    }

    /// `a + b` of texts.
    fn join_texts(&mut self, a: Handle, b: Handle, in_place: bool) -> Result<Value, Trap> {
        let more = self.heap.text(b).len();
        if in_place && more > 0 && self.heap.grows(a, more) {
            self.fits((self.heap.text(a).len() + more) as u64)?;
            self.charge(more as u64)?;
            return Ok(Value::object(Kind::Str, self.heap.add_grown(a, b)));
        }
        let (left, right) = (self.heap.text(a), self.heap.text(b));
        let mut text = String::with_capacity(left.len() + right.len());
        text.push_str(left);
        text.push_str(right);
        self.new_str(text)
    }

    /// Go on with a binary operation at a stage.
    pub fn binary_from(&mut self, attempt: BinaryTry) -> Result<Value, Trap> {
        let BinaryTry { op, in_place, a, b, stage } = attempt;
        let program = |kind| kind == Kind::Instance || kind == Kind::Class;
        if program(a.kind) || program(b.kind) {
            if let Some((method, args)) = self.binary_candidate(&attempt) {
                let next = BinaryTry { stage: stage + 1, ..attempt };
                return Err(self.call_trap(method, args, Adapt::Binary(next)));
            }
        }
        let (pa, pb) = (self.payload(a), self.payload(b));
        if op == BinaryOp::Mod && matches!(pa.kind, Kind::Str | Kind::Bytes | Kind::ByteArray) {
            // Formatting sees the argument as it is, not what its class extends, and looks inside.
            let before = core::mem::take(&mut self.seen);
            let value = crate::builtins::format::percent(self, pa, b);
            let seen = core::mem::replace(&mut self.seen, before);
            let label = self.labels.join(a.label, b.label);
            return Ok(value?.with_label(self.labels.join(label, seen)));
        }
        let value = if in_place { self.in_place_native(op, pa, pb, a)? } else { None };
        let value = match value {
            Some(value) => Some(value),
            None => self.binary_native(op, pa, pb)?,
        };
        match value {
            Some(value) => Ok(value.with_label(self.labels.join(a.label, b.label))),
            None => Err(self.unsupported(op, in_place, a, b)),
        }
    }

    fn binary_candidate(&mut self, attempt: &BinaryTry) -> Option<(Slot, Vec<Slot>)> {
        let BinaryTry { op, in_place, a, b, stage } = *attempt;
        let [forward_name, reflected_name, in_place_name] = self.operators[op as usize];
        let find = |m: &Machine, slot: Slot, name: Handle| m.user_method(slot, name);
        let forward = find(self, a, forward_name).map(|f| (f, alloc::vec![a, b]));
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let reflected = if ca == cb { None } else { find(self, b, reflected_name).map(|f| (f, alloc::vec![b, a])) };
        let in_place = if in_place { find(self, a, in_place_name).map(|f| (f, alloc::vec![a, b])) } else { None };
        // A derived class goes first where it has a reflected method of its own.
        let inherited = |m: &Machine, method: &(Slot, Vec<Slot>)| m.lookup_class(ca, reflected_name).is_some_and(|known| known.same(method.0));
        let b_first = ca != cb && self.is_subclass(cb, ca) && reflected.as_ref().is_some_and(|method| !inherited(self, method));
        let order = if b_first { [in_place, reflected, forward] } else { [in_place, forward, reflected] };
        order.into_iter().flatten().nth(stage as usize)
    }

    /// The TypeError of an operator that neither side supports.
    fn unsupported(&mut self, op: BinaryOp, in_place: bool, a: Slot, b: Slot) -> Trap {
        let (name_a, name_b) = (self.type_name(a), self.type_name(b));
        let (pa, pb) = (self.payload(a), self.payload(b));
        let sequence = |k: Kind| matches!(k, Kind::Str | Kind::List | Kind::Tuple | Kind::Bytes | Kind::ByteArray);
        for (of, count) in [(pa, b), (pb, a)] {
            // A count may be an object of the program with `__index__`.
            if op == BinaryOp::Mul && sequence(of.kind) && self.user_method(count, self.names.index).is_some() {
                let native = format!("{}.__mul__", self.type_name(of));
                let (native, args) = (self.native_value(&native), [of, count].to_vec());
                return match self.new_list(args) {
                    Ok(args) => self.call_hidden("__with_index__", &[native, *args, Slot::int(1)]),
                    Err(trap) => trap,
                };
            }
        }
        let message = match op {
            BinaryOp::Add if matches!(pa.kind, Kind::Str | Kind::List | Kind::Tuple) => {
                let kind = match pa.kind { Kind::Str => "str", Kind::List => "list", _ => "tuple" };
                format!("can only concatenate {kind} (not \"{name_b}\") to {kind}")
            }
            BinaryOp::Add if matches!(pa.kind, Kind::Bytes | Kind::ByteArray) => format!("can't concat {name_b} to {}", if pa.kind == Kind::Bytes { "bytes" } else { "bytearray" }),
            BinaryOp::Mul if sequence(pa.kind) => format!("can't multiply sequence by non-int of type '{name_b}'"),
            BinaryOp::Mul if sequence(pb.kind) => format!("can't multiply sequence by non-int of type '{name_a}'"),
            _ => {
                let sign = if in_place { NAMES[op as usize].1 } else { NAMES[op as usize].0 };
                let (shown_a, shown_b) = (self.operand_name(a), self.operand_name(b));
                format!("unsupported operand type(s) for {sign}: '{shown_a}' and '{shown_b}'")
            }
        };
        self.raise(Type::TypeError, message)
    }

    fn operand_name(&self, slot: Slot) -> String {
        self.type_name(slot)
    }

    /// Intern the names of all operators' methods.
    pub(crate) fn boot_operators(&mut self) {
        self.operators = NAMES.map(|(_, _, forward, reflected, in_place)| [self.intern(forward), self.intern(reflected), self.intern(in_place)]);
    }

    /// The operator's method names, for natives that call them by name.
    pub fn binary_names(op: BinaryOp) -> (&'static str, &'static str) {
        (NAMES[op as usize].2, NAMES[op as usize].3)
    }

    /// In place on mutable built-ins: list `+=`, `*=`, set and dict updates. The result is `a` itself.
    fn in_place_native(&mut self, op: BinaryOp, pa: Slot, pb: Slot, a: Slot) -> Result<Option<Value>, Trap> {
        let done = match (op, pa.kind) {
            (BinaryOp::Add, Kind::List) => {
                let Some(items) = self.items_of(pb)? else {
                    if !self.iterable(pb) {
                        let message = format!("'{}' object is not iterable", self.type_name(pb));
                        return Err(self.raise(Type::TypeError, message));
                    }
                    return Err(self.call_hidden("__list_iadd__", &[a, pb]));
                };
                crate::builtins::list::reserve(self, pa.handle(), items.len())?;
                self.heap.lists.get_mut(pa.handle()).extend(items);
                true
            }
            (BinaryOp::Mul, Kind::List) if matches!(pb.kind, Kind::Int | Kind::Bool) => {
                let repeated = self.repeat(pa, pb.as_int())?;
                let items = self.heap.lists.get(repeated.handle()).clone();
                *self.heap.lists.get_mut(pa.handle()) = items;
                true
            }
            (BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Sub, Kind::Set) if matches!(pb.kind, Kind::Set | Kind::FrozenSet) => {
                return crate::builtins::set::in_place(self, op, a, pa, pb);
            }
            (BinaryOp::Or, Kind::Dict) => return crate::builtins::dict::update_in_place(self, a, pa, pb),
            (BinaryOp::Add, Kind::ByteArray) if matches!(pb.kind, Kind::Bytes | Kind::ByteArray) => {
                let more = self.bytes_of(pb).to_vec();
                self.charge(more.len() as u64)?;
                self.heap.bytes += more.len() as u64;
                self.heap.byte_arrays.get_mut(pa.handle()).extend(more);
                true
            }
            (BinaryOp::Add, Kind::Native2) => return crate::modules::collections::in_place_add(self, pa, pb),
            _ => false,
        };
        Ok(if done { a.value() } else { None })
    }

    /// `a <op> b` of built-in kinds; None when they do not support it.
    pub fn binary_native(&mut self, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
        use Kind::{Big, Bool, Complex, Float, Int};
        match (a.kind, b.kind) {
            (Bool, Bool) if matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor) => {
                let (x, y) = (a.bits != 0, b.bits != 0);
                Ok(Some(Value::bool(match op { BinaryOp::And => x & y, BinaryOp::Or => x | y, _ => x ^ y })))
            }
            (Int | Bool, Int | Bool) => self.small_binary(op, a.as_int(), b.as_int()),
            (Int | Bool | Big, Int | Bool | Big) => self.big_binary(op, a, b),
            (Float, Float | Int | Bool | Big) | (Int | Bool | Big, Float) => self.float_binary(op, a, b),
            (Complex, Int | Bool | Big | Float | Complex) | (Int | Bool | Big | Float, Complex) => crate::builtins::complex::binary(self, op, a, b),
            _ => self.container_binary(op, a, b),
        }
    }

    /// An int of any size as a big one.
    pub fn big(&self, slot: Slot) -> BigInt {
        match slot.kind {
            Kind::Big => self.heap.bigs.get(slot.handle()).clone(),
            _ => BigInt::from(slot.as_int()),
        }
    }

    fn small_binary(&mut self, op: BinaryOp, a: i64, b: i64) -> Result<Option<Value>, Trap> {
        let small = match op {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Sub => a.checked_sub(b),
            BinaryOp::Mul => a.checked_mul(b),
            BinaryOp::FloorDiv => int::floor_divide_small(a, b).map_err(|f| self.fault(f))?,
            BinaryOp::Mod => Some(int::modulo_small(a, b).map_err(|f| self.fault(f))?),
            BinaryOp::And => Some(a & b),
            BinaryOp::Or => Some(a | b),
            BinaryOp::Xor => Some(a ^ b),
            BinaryOp::Shr if b >= 0 => Some(a >> b.min(63)),
            BinaryOp::Shl if (0..62).contains(&b) && a.unsigned_abs() < 1 << (62 - b) => Some(a << b),
            BinaryOp::TrueDiv => {
                let quotient = int::true_divide_small(a, b).map_err(|f| self.fault(f))?;
                return Ok(Some(Value::float(quotient)));
            }
            BinaryOp::Pow if b >= 0 => u32::try_from(b).ok().and_then(|e| a.checked_pow(e)),
            BinaryOp::MatMul => return Ok(None),
            _ => None,
        };
        match small {
            Some(value) => Ok(Some(Value::int(value))),
            None => self.big_binary(op, Slot::int(a), Slot::int(b)),
        }
    }

    /// Number of bits of an int of any size.
    fn bits_of(&self, slot: Slot) -> u64 {
        match slot.kind {
            Kind::Big => self.heap.bigs.get(slot.handle()).bits(),
            _ => u64::from(64 - slot.as_int().unsigned_abs().leading_zeros()),
        }
    }

    fn big_binary(&mut self, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
        let bytes_max = self.limits.memory_bytes.saturating_sub(self.heap.bytes);
        match op {
            BinaryOp::Mul => {
                let (x, y) = (self.bits_of(a), self.bits_of(b));
                self.charge((x + y) / 8)?;
                self.spend(int::multiply_cost(x, y))?;
            }
            BinaryOp::FloorDiv | BinaryOp::Mod => self.spend(int::divide_cost(self.bits_of(a), self.bits_of(b)))?,
            BinaryOp::Pow => {
                let (a, b) = (self.big(a), self.big(b));
                return self.big_power(&a, &b).map(Some);
            }
            BinaryOp::MatMul => return Ok(None),
            _ => {}
        }
        let (small_a, small_b);
        let x: &BigInt = if a.kind == Kind::Big { self.heap.bigs.get(a.handle()) } else { small_a = BigInt::from(a.as_int()); &small_a };
        let y: &BigInt = if b.kind == Kind::Big { self.heap.bigs.get(b.handle()) } else { small_b = BigInt::from(b.as_int()); &small_b };
        let result = match op {
            BinaryOp::Add => Ok(x + y),
            BinaryOp::Sub => Ok(x - y),
            BinaryOp::Mul => Ok(x * y),
            BinaryOp::FloorDiv => int::floor_divide(x, y),
            BinaryOp::Mod => int::modulo(x, y),
            BinaryOp::And => Ok(x & y),
            BinaryOp::Or => Ok(x | y),
            BinaryOp::Xor => Ok(x ^ y),
            BinaryOp::Shl => int::shift_left(x, y, bytes_max),
            BinaryOp::Shr => int::shift_right(x, y),
            _ => {
                let quotient = int::true_divide(x, y).map_err(|f| self.fault(f))?;
                return Ok(Some(Value::float(quotient)));
            }
        };
        let result = result.map_err(|f| self.fault(f))?;
        self.new_int(result).map(Some)
    }

    /// Integer power: a float for a negative exponent.
    fn big_power(&mut self, a: &BigInt, b: &BigInt) -> Result<Value, Trap> {
        if b.sign() == num_bigint::Sign::Minus {
            let (x, y) = (int::to_float(a), int::to_float(b));
            let (x, y) = (x.map_err(|f| self.fault(f))?, y.map_err(|f| self.fault(f))?);
            return self.float_power(x, y);
        }
        if let Some(exponent) = b.to_u64() {
            if a.bits() > 1 {
                self.charge(int::power_bytes(a.bits(), exponent))?;
                self.spend(int::power_cost(a.bits(), exponent))?;
            }
        }
        let bytes_max = self.limits.memory_bytes;
        let result = int::power(a, b, bytes_max).map_err(|f| self.fault(f))?;
        self.new_int(result)
    }

    /// A number as a float.
    pub fn number_as_float(&mut self, slot: Slot) -> Result<f64, Trap> {
        match slot.kind {
            Kind::Float => Ok(slot.as_float()),
            Kind::Big => int::to_float(self.heap.bigs.get(slot.handle())).map_err(|f| self.fault(f)),
            _ => Ok(slot.as_int() as f64),
        }
    }

    fn float_binary(&mut self, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
        let (x, y) = (self.number_as_float(a)?, self.number_as_float(b)?);
        let result = match op {
            BinaryOp::Add => Ok(x + y),
            BinaryOp::Sub => Ok(x - y),
            BinaryOp::Mul => Ok(x * y),
            BinaryOp::TrueDiv => float::divide(x, y),
            BinaryOp::FloorDiv => float::floor_divide(x, y),
            BinaryOp::Mod => float::modulo(x, y),
            BinaryOp::Pow => return self.float_power(x, y).map(Some),
            _ => return Ok(None),
        };
        result.map(|f| Some(Value::float(f))).map_err(|f| self.fault(f))
    }

    fn float_power(&mut self, x: f64, y: f64) -> Result<Value, Trap> {
        match float::power(x, y).map_err(|f| self.fault(f))? {
            float::Power::Real(f) => Ok(Value::float(f)),
            float::Power::Complex => crate::builtins::complex::power(self, (x, 0.0), (y, 0.0)),
        }
    }

    fn container_binary(&mut self, op: BinaryOp, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
        let number = |s: Slot| matches!(s.kind, Kind::Int | Kind::Bool | Kind::Big);
        match op {
            BinaryOp::Add => self.concatenate(a, b),
            BinaryOp::Mul if number(b) => self.repeat_checked(a, b),
            BinaryOp::Mul if number(a) => self.repeat_checked(b, a),
            BinaryOp::Mod if matches!(a.kind, Kind::Str | Kind::Bytes | Kind::ByteArray) => crate::builtins::format::percent(self, a, b).map(Some),
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Sub => match (a.kind, b.kind) {
                (Kind::Set | Kind::FrozenSet, Kind::Set | Kind::FrozenSet) => crate::builtins::set::operator(self, op, a, b),
                (Kind::DictView, _) | (_, Kind::DictView) => crate::builtins::views::operator(self, op, a, b),
                (Kind::Dict, Kind::Dict) if op == BinaryOp::Or => crate::builtins::dict::merged(self, a, b).map(Some),
                (Kind::Class | Kind::None | Kind::Alias, Kind::Class | Kind::None | Kind::Alias) if op == BinaryOp::Or => crate::builtins::alias::union(self, a, b),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn concatenate(&mut self, a: Slot, b: Slot) -> Result<Option<Value>, Trap> {
        let (ha, hb) = (a.handle(), b.handle());
        Ok(Some(match (a.kind, b.kind) {
            (Kind::Str, Kind::Str) => self.join_texts(ha, hb, false)?,
            (Kind::List, Kind::List) => {
                let items = [self.items(a), self.items(b)].concat();
                self.new_list(items)?
            }
            (Kind::Tuple, Kind::Tuple) => {
                let items = [self.items(a), self.items(b)].concat();
                self.new_tuple(items)?
            }
            (Kind::Bytes | Kind::ByteArray, Kind::Bytes | Kind::ByteArray) => {
                let bytes = [self.bytes_of(a), self.bytes_of(b)].concat();
                let value = self.new_bytes(bytes.clone())?;
                if a.kind == Kind::ByteArray { Value::object(Kind::ByteArray, self.heap.byte_arrays.add(bytes)) } else { value }
            }
            (Kind::Native2, Kind::Native2) => return crate::modules::collections::concatenate(self, a, b),
            _ => return Ok(None),
        }))
    }

    fn repeat_checked(&mut self, sequence: Slot, count: Slot) -> Result<Option<Value>, Trap> {
        if !matches!(sequence.kind, Kind::Str | Kind::List | Kind::Tuple | Kind::Bytes | Kind::ByteArray | Kind::Native2) {
            return Ok(None);
        }
        if count.kind == Kind::Big {
            if self.big(count).sign() == num_bigint::Sign::Minus {
                return self.repeat(sequence, 0).map(Some);
            }
            return Err(self.raise(Type::OverflowError, "cannot fit 'int' into an index-sized integer"));
        }
        if sequence.kind == Kind::Native2 {
            return crate::modules::collections::repeat(self, sequence, count.as_int());
        }
        self.repeat(sequence, count.as_int()).map(Some)
    }

    /// A sequence repeated; a count below one gives an empty one.
    pub fn repeat(&mut self, sequence: Slot, count: i64) -> Result<Value, Trap> {
        let count = count.max(0) as u64;
        let (handle, unit) = (sequence.handle(), if matches!(sequence.kind, Kind::List | Kind::Tuple) { 16 } else { 1 });
        let len = match sequence.kind {
            Kind::Str => self.heap.text(handle).len(),
            Kind::List | Kind::Tuple => self.items(sequence).len(),
            _ => self.bytes_of(sequence).len(),
        } as u64;
        let total = len.saturating_mul(count).saturating_mul(unit);
        self.charge(total)?;
        self.spend(total / 64)?;
        let count = count as usize;
        match sequence.kind {
            Kind::Str => {
                let text = self.heap.text(handle).repeat(count);
                self.new_str(text)
            }
            Kind::List => {
                let items = self.items(sequence).repeat(count);
                self.new_list(items)
            }
            Kind::Tuple => {
                let items = self.items(sequence).repeat(count);
                self.new_tuple(items)
            }
            Kind::ByteArray => {
                let bytes = self.bytes_of(sequence).repeat(count);
                self.heap.bytes += total;
                Ok(Value::object(Kind::ByteArray, self.heap.byte_arrays.add(bytes)))
            }
            _ => {
                let bytes = self.bytes_of(sequence).repeat(count);
                self.new_bytes(bytes)
            }
        }
    }

    /// `-a`, `+a`, `~a`.
    pub fn unary(&mut self, op: UnaryOp, a: Slot) -> Result<Value, Trap> {
        let a = *self.force(a)?;
        let (name, sign) = match op {
            UnaryOp::Neg => (self.names.neg, "-"),
            UnaryOp::Pos => (self.names.pos, "+"),
            UnaryOp::Invert => (self.names.invert, "~"),
        };
        if let Some(method) = self.user_method(a, name) {
            return Err(self.call_trap(method, alloc::vec![a], Adapt::Plain));
        }
        let plain = self.payload(a);
        let value = match (op, plain.kind) {
            (UnaryOp::Neg, Kind::Int | Kind::Bool) => match plain.as_int().checked_neg() {
                Some(i) => Value::int(i),
                None => self.new_int(-BigInt::from(plain.as_int()))?,
            },
            (UnaryOp::Pos, Kind::Int | Kind::Bool) => Value::int(plain.as_int()),
            (UnaryOp::Invert, Kind::Int | Kind::Bool) => Value::int(!plain.as_int()),
            (UnaryOp::Neg, Kind::Float) => Value::float(-plain.as_float()),
            (UnaryOp::Pos, Kind::Float | Kind::Big | Kind::Complex) => plain.value().unwrap_or(Value::NONE),
            (UnaryOp::Neg, Kind::Big) => self.new_int(-self.big(plain))?,
            (UnaryOp::Invert, Kind::Big) => self.new_int(!self.big(plain))?,
            (UnaryOp::Neg, Kind::Complex) => {
                let (re, im) = *self.heap.complexes.get(plain.handle());
                self.new_complex(-re, -im)
            }
            _ => {
                let message = format!("bad operand type for unary {sign}: '{}'", self.type_name(a));
                return Err(self.raise(Type::TypeError, message));
            }
        };
        Ok(value.with_label(a.label))
    }

    // ---- arguments that must be numbers

    /// A value that is an int (or has `__index__`), as 64 bits.
    pub fn index_value(&mut self, slot: Slot, what: &str) -> Result<i64, Trap> {
        let value = *self.force(slot)?;
        let plain = self.payload(value);
        match plain.kind {
            Kind::Int | Kind::Bool => Ok(plain.as_int()),
            Kind::Big => Err(self.raise(Type::IndexError, "cannot fit 'int' into an index-sized integer")),
            _ => {
                let message = if what.is_empty() { format!("'{}' object cannot be interpreted as an integer", self.type_name(value)) } else { format!("{what}, not {}", self.type_name(value)) };
                Err(self.raise(Type::TypeError, message))
            }
        }
    }

    /// An int argument of any size.
    pub fn int_arg(&mut self, slot: Slot) -> Result<BigInt, Trap> {
        let value = *self.force(slot)?;
        let plain = self.payload(value);
        match plain.kind {
            Kind::Int | Kind::Bool | Kind::Big => Ok(self.big(plain)),
            _ => {
                let message = format!("'{}' object cannot be interpreted as an integer", self.type_name(value));
                Err(self.raise(Type::TypeError, message))
            }
        }
    }

    /// A float argument.
    pub fn float_arg(&mut self, slot: Slot) -> Result<f64, Trap> {
        let value = *self.force(slot)?;
        let plain = self.payload(value);
        match plain.kind {
            Kind::Int | Kind::Bool | Kind::Big | Kind::Float => self.number_as_float(plain),
            _ => {
                let message = format!("must be real number, not {}", self.type_name(value));
                Err(self.raise(Type::TypeError, message))
            }
        }
    }

    /// Start, stop, step and number of items of a slice on a sequence of `len` items.
    pub fn slice_indices(&mut self, slice: Slot, len: u64) -> Result<(i64, i64, i64, u64), Trap> {
        let parts = *self.heap.slices.get(slice.handle());
        let bound = |m: &mut Machine, slot: Slot| -> Result<Option<i64>, Trap> {
            let value = *m.force(slot)?;
            let plain = m.payload(value);
            match plain.kind {
                Kind::None => Ok(None),
                Kind::Int | Kind::Bool => Ok(Some(plain.as_int())),
                Kind::Big => Ok(Some(if m.big(plain).sign() == num_bigint::Sign::Minus { i64::MIN + 1 } else { i64::MAX })),
                _ => Err(m.raise(Type::TypeError, "slice indices must be integers or None or have an __index__ method")),
            }
        };
        let (start, stop, step) = (bound(self, parts[0])?, bound(self, parts[1])?, bound(self, parts[2])?.unwrap_or(1));
        if step == 0 {
            return Err(self.raise(Type::ValueError, "slice step cannot be zero"));
        }
        let len = len as i64;
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let place = |bound: Option<i64>, default: i64| match bound {
            None => default,
            Some(i) if i < 0 => i.saturating_add(len).max(low),
            Some(i) => i.min(high),
        };
        let (from, to) = if step > 0 { (place(start, low), place(stop, high)) } else { (place(start, high), place(stop, low)) };
        let count = match step {
            _ if step > 0 && from < to => ((to - from - 1) as u64) / step as u64 + 1,
            _ if step < 0 && to < from => ((from - to - 1) as u64) / step.unsigned_abs() + 1,
            _ => 0,
        };
        Ok((from, to, step, count))
    }

    /// Normalised index into a sequence of `len` items, or None when it is out of range.
    #[inline]
    pub fn place(index: i64, len: usize) -> Option<usize> {
        let index = if index < 0 { index + len as i64 } else { index };
        (index >= 0 && (index as usize) < len).then_some(index as usize)
    }

    /// Can the value be called?
    pub fn callable(&self, slot: Slot) -> bool {
        match slot.kind {
            Kind::Function | Kind::Native | Kind::Method | Kind::Class | Kind::Tool => true,
            Kind::Alias => true,
            Kind::Descriptor => matches!(self.heap.descriptors.get(slot.handle()), crate::heap::DescriptorObject::Static(_)),
            Kind::Instance => self.special(slot, self.names.call).is_some(),
            _ => false,
        }
    }

    /// Handle of the dict inside a dict or an instance of a class derived from it.
    pub fn dict_of(&self, slot: Slot) -> Option<Handle> {
        let plain = self.payload(slot);
        (plain.kind == Kind::Dict).then(|| plain.handle())
    }
}
