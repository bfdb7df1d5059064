//! Python objects to plain values and back. What is not plain data does not cross.

use emulant_ask::Value;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple};

/// Deepest nesting of a value.
const DEPTH_MAX: u32 = 100;

/// The value of a Python object. Sets are in the order of Python's iteration.
pub fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    value(object, 0)
}

fn value(object: &Bound<'_, PyAny>, depth: u32) -> PyResult<Value> {
    if depth > DEPTH_MAX {
        return Err(PyTypeError::new_err("a value is nested too deeply, or contains itself"));
    }
    let items = |iterable: &Bound<'_, PyAny>| iterable.try_iter()?.map(|item| value(&item?, depth + 1)).collect::<PyResult<Vec<_>>>();
    Ok(match () {
        () if object.is_none() => Value::None,
        () if object.is_instance_of::<PyBool>() => Value::Bool(object.extract()?),
        () if object.is_instance_of::<PyInt>() => match object.extract::<i64>() {
            Ok(int) => Value::Int(int),
            // `int.__str__`, whatever a derived class says; it refuses what is too long to be read back.
            Err(_) => Value::Big(object.py().get_type::<PyInt>().call_method1("__repr__", (object,))?.extract()?),
        },
        () if object.is_instance_of::<PyFloat>() => Value::Float(object.extract()?),
        () if object.is_instance_of::<PyString>() => Value::Str(object.extract()?),
        () if object.is_instance_of::<PyBytes>() => Value::Bytes(object.extract()?),
        () if object.is_instance_of::<PyList>() => Value::List(items(object)?),
        () if object.is_instance_of::<PyTuple>() => Value::Tuple(items(object)?),
        () if object.is_instance_of::<PySet>() || object.is_instance_of::<PyFrozenSet>() => Value::Set(items(object)?),
        () => match object.cast::<PyDict>() {
            Ok(dict) => Value::Dict(dict.iter().map(|(key, item)| Ok((value(&key, depth + 1)?, value(&item, depth + 1)?))).collect::<PyResult<_>>()?),
            Err(_) => return record(object, depth),
        },
    })
}

/// An instance of a dataclass is a record of its fields.
fn record(object: &Bound<'_, PyAny>, depth: u32) -> PyResult<Value> {
    let class = object.get_type();
    let Ok(fields) = class.getattr("__dataclass_fields__") else {
        return Err(PyTypeError::new_err(format!("a value of type {} does not cross: only plain data and dataclasses do", class.qualname()?)));
    };
    let mut values = Vec::new();
    for name in fields.try_iter()? {
        let name: String = name?.extract()?;
        let field = value(&object.getattr(name.as_str())?, depth + 1)?;
        values.push((name, field));
    }
    Ok(Value::Record(class.name()?.to_string(), values))
}

/// The Python object of a value; a record is a dict of its fields.
pub fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    let list = |items: &[Value]| items.iter().map(|item| to_python(py, item)).collect::<PyResult<Vec<_>>>();
    Ok(match value {
        Value::None => py.None().into_bound(py),
        Value::Bool(b) => PyBool::new(py, *b).to_owned().into_any(),
        Value::Int(i) => i.into_pyobject(py)?.into_any(),
        Value::Big(digits) => py.get_type::<PyInt>().call1((digits,))?,
        Value::Float(f) => PyFloat::new(py, *f).into_any(),
        Value::Str(text) => PyString::new(py, text).into_any(),
        Value::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
        Value::List(items) => PyList::new(py, list(items)?)?.into_any(),
        Value::Tuple(items) => PyTuple::new(py, list(items)?)?.into_any(),
        Value::Set(items) => PySet::new(py, list(items)?)?.into_any(),
        Value::Dict(pairs) => {
            let dict = PyDict::new(py);
            for (key, item) in pairs {
                dict.set_item(to_python(py, key)?, to_python(py, item)?)?;
            }
            dict.into_any()
        }
        Value::Record(_, fields) => {
            let dict = PyDict::new(py);
            for (name, field) in fields {
                dict.set_item(name, to_python(py, field)?)?;
            }
            dict.into_any()
        }
    })
}
