//! Typed state: named cells that only verified results change, with their history.

use crate::SchemaCheck;
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use emulant_ask::Value;
use serde_json::Value as Json;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// JSON Schema that every value fits.
    pub schema: Json,
    /// What it holds now.
    pub value: Value,
    /// Values that it held before, each with the ask whose answer replaced it.
    pub history: Vec<(u64, Value)>,
}

/// All cells of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    cells: BTreeMap<String, Cell>,
}

impl State {
    /// Declares a cell.
    ///
    /// # Errors
    /// When its first value does not fit its schema, or the name is taken.
    pub fn declare(&mut self, name: &str, schema: Json, value: Value, schemas: &dyn SchemaCheck) -> Result<(), String> {
        schemas.check(&schema, &value.to_plain_json()).map_err(|mismatch| format!("state {name:?}: {mismatch}"))?;
        match self.cells.insert(name.into(), Cell { schema, value, history: Vec::new() }) {
            None => Ok(()),
            Some(_) => Err(format!("state {name:?} is declared twice")),
        }
    }

    /// All cells by name.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &Cell)> {
        self.cells.iter().map(|(name, cell)| (name.as_str(), cell))
    }

    /// The state as predicates see it: a dict.
    pub fn to_value(&self) -> Value {
        Value::dict(self.cells.iter().map(|(name, cell)| (name.clone(), cell.value.clone())))
    }

    /// Puts new values into cells, all or none; `ask` is the one whose answer did it.
    ///
    /// # Errors
    /// The first cell that is not there or whose value does not fit.
    pub fn commit(&mut self, ask: u64, updates: Vec<(String, Value)>, schemas: &dyn SchemaCheck) -> Result<(), String> {
        for (name, value) in &updates {
            let cell = self.cells.get(name).ok_or_else(|| format!("state {name:?} is not declared"))?;
            schemas.check(&cell.schema, &value.to_plain_json()).map_err(|mismatch| format!("state {name:?}: {mismatch}"))?;
        }
        for (name, value) in updates {
            if let Some(cell) = self.cells.get_mut(&name) {
                let before = core::mem::replace(&mut cell.value, value);
                cell.history.push((ask, before));
            }
        }
        Ok(())
    }

    /// What a cell held before the answer to `ask` was committed.
    pub fn before(&self, name: &str, ask: u64) -> Option<&Value> {
        let cell = self.cells.get(name)?;
        Some(cell.history.iter().find(|(by, _)| *by >= ask).map_or(&cell.value, |(_, value)| value))
    }
}
