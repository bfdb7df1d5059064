//! `_json`: the quick ways of reading and writing plain JSON with default options. What is unusual is left to
//! `json.py`, which knows all options and gives the exact errors.

use crate::builtins::support::Outcome;
use crate::dict::DictObject;
use crate::kernel::json::{self, JsonError, Number, Options, Visitor};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeRow};
use crate::trap::Trap;
use crate::value::{Kind, Slot, Value};
use alloc::{borrow::Cow, format, string::String, vec::Vec};

/// Natives of `_json`.
pub const TABLE: &[NativeRow] = &[
    NativeRow { owner: "_json", name: "loads_fast", code: loads_fast, bind: Bind::Function },
    NativeRow { owner: "_json", name: "dumps_fast", code: dumps_fast, bind: Bind::Function },
];

/// Deeper nesting is left to `json.py`, which meets its recursion limit.
const DEPTH_MAX: usize = 200;

/// `loads_fast(text)`: the value; ValueError for anything unusual.
fn loads_fast(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "loads_fast", 0, 1, 1)?;
    let given = *m.arg(args, 0)?;
    if given.kind != Kind::Str {
        return Err(m.value_error("not a text"));
    }
    let text: String = m.heap.text(given.handle()).into();
    m.spend(8 * text.len() as u64)?;
    m.charge(text.len() as u64)?;
    let mut builder = Builder { machine: m, open: Vec::new(), keys: Vec::new(), done: Slot::NONE };
    match json::parse_document(&text, Options { strict: true, depth_max: DEPTH_MAX }, &mut builder) {
        Ok(()) => builder.done.value().ok_or(Trap::Pending),
        Err(JsonError::Visitor(trap)) => Err(trap),
        Err(_) => Err(m.value_error("unusual")),
    }
}

/// Something that is being read.
enum Open {
    List(Vec<Slot>),
    Object(DictObject),
}

struct Builder<'m> {
    machine: &'m mut Machine,
    open: Vec<Open>,
    keys: Vec<Slot>,
    done: Slot,
}

impl Builder<'_> {
    fn put(&mut self, item: Slot) -> Result<(), Trap> {
        match self.open.last_mut() {
            Some(Open::List(items)) => items.push(item),
            Some(Open::Object(dict)) => {
                let key = self.keys.pop().unwrap_or(Slot::NONE);
                let heap = &self.machine.heap;
                let hash = self.machine.hash_of_string(key.handle());
                let found = dict.find(hash, |other| heap.text(other.handle()) == heap.text(key.handle()));
                match found {
                    Some(place) => dict.set_value(place, item),
                    None => {
                        dict.insert_new(hash, key, item);
                    }
                }
            }
            None => self.done = item,
        }
        Ok(())
    }
}

impl Visitor for Builder<'_> {
    type Error = Trap;

    fn null(&mut self) -> Result<(), Trap> {
        self.put(Slot::NONE)
    }

    fn boolean(&mut self, value: bool) -> Result<(), Trap> {
        self.put(Slot::bool(value))
    }

    fn number(&mut self, written: &str, is_float: bool) -> Result<(), Trap> {
        let value = match json::read_number(written, is_float).map_err(|fault| self.machine.fault(fault))? {
            Number::Small(number) => Slot::int(number),
            Number::Big(number) => *self.machine.new_int(number)?,
            Number::Float(number) => Slot::float(number),
        };
        self.put(value)
    }

    fn constant(&mut self, written: &str) -> Result<(), Trap> {
        self.put(Slot::float(json::constant_value(written)))
    }

    fn string(&mut self, value: Cow<'_, str>) -> Result<(), Trap> {
        let value = *self.machine.new_str(value.into_owned())?;
        self.put(value)
    }

    fn begin_list(&mut self) -> Result<(), Trap> {
        self.open.push(Open::List(Vec::new()));
        Ok(())
    }

    fn end_list(&mut self) -> Result<(), Trap> {
        let Some(Open::List(items)) = self.open.pop() else { return Ok(()) };
        let list = *self.machine.new_list(items)?;
        self.put(list)
    }

    fn begin_object(&mut self) -> Result<(), Trap> {
        self.open.push(Open::Object(DictObject::default()));
        Ok(())
    }

    fn key(&mut self, key: Cow<'_, str>) -> Result<(), Trap> {
        // Keys repeat from object to object: one string for each spelling, as long as it is short.
        let key = if key.len() <= 32 { self.machine.intern_value(&key) } else { *self.machine.new_str(key.into_owned())? };
        self.keys.push(key);
        Ok(())
    }

    fn end_object(&mut self) -> Result<(), Trap> {
        let Some(Open::Object(dict)) = self.open.pop() else { return Ok(()) };
        let dict = *self.machine.new_dict(dict)?;
        self.put(dict)
    }
}

/// `dumps_fast(obj)`: the text, or None when something in it is not plain.
fn dumps_fast(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "dumps_fast", 0, 1, 1)?;
    let mut out = String::new();
    let given = m.arg_slot(args, 0);
    if write(m, given, &mut out, 0)? { m.new_str(out) } else { Ok(Value::NONE) }
}

/// Append a value; false when it is not plain.
fn write(m: &mut Machine, slot: Slot, out: &mut String, depth: usize) -> Result<bool, Trap> {
    let value = *m.force(slot)?;
    m.see(value, value);
    m.spend(8)?;
    if out.len() % 4096 < 64 {
        m.charge(2 * out.len() as u64)?;
    }
    match value.kind {
        Kind::None => out.push_str("null"),
        Kind::Bool => out.push_str(if value.bits != 0 { "true" } else { "false" }),
        Kind::Int => out.push_str(&format!("{}", value.as_int())),
        Kind::Float => {
            let text = json::encode_float(value.as_float(), true).map_err(|fault| m.fault(fault))?;
            out.push_str(&text);
        }
        Kind::Str => {
            let text = m.heap.text(value.handle());
            let bytes = text.len() as u64;
            json::encode_string(text, true, out);
            m.spend(bytes)?;
        }
        Kind::List | Kind::Tuple if depth < DEPTH_MAX => return write_items(m, value, out, depth),
        Kind::Dict if depth < DEPTH_MAX => return write_entries(m, value, out, depth),
        _ => return Ok(false),
    }
    Ok(true)
}

fn write_items(m: &mut Machine, list: Slot, out: &mut String, depth: usize) -> Result<bool, Trap> {
    out.push('[');
    for (index, item) in m.items(list).to_vec().into_iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if !write(m, item, out, depth + 1)? {
            return Ok(false);
        }
    }
    out.push(']');
    Ok(true)
}

fn write_entries(m: &mut Machine, dict: Slot, out: &mut String, depth: usize) -> Result<bool, Trap> {
    out.push('{');
    let entries: Vec<(Slot, Slot)> = m.heap.dicts.get(dict.handle()).iter().map(|e| (e.key, e.value)).collect();
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        // Keys that are no texts are turned into texts; of those only ints are plain enough here.
        match key.kind {
            Kind::Str => json::encode_string(m.heap.text(key.handle()), true, out),
            Kind::Int => out.push_str(&format!("\"{}\"", key.as_int())),
            _ => return Ok(false),
        }
        m.see(key, key);
        out.push_str(": ");
        if !write(m, value, out, depth + 1)? {
            return Ok(false);
        }
    }
    out.push('}');
    Ok(true)
}
