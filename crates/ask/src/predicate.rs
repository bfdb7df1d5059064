//! The one predicate language, seen as a trait: Python expressions that a host
//! can judge. The gate and the model hold predicates without knowing how they run.

use crate::Value;
use alloc::string::String;

/// What a predicate said.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It does not; the reason can be shown to a person or a model.
    Fails(String),
}

/// Judges Python expressions over named values. Fails closed: an expression
/// that does not parse, type or finish is [`Verdict::Fails`].
pub trait Predicate {
    /// Judge `expression` where each name in `values` stands for its value.
    fn judge(&self, expression: &str, values: &[(String, Value)]) -> Verdict {
        match self.value(expression, values) {
            Ok(Value::Bool(true)) => Verdict::Holds,
            Ok(Value::Bool(false)) => Verdict::Fails("it is False".into()),
            Ok(_) => Verdict::Fails("it is neither True nor False".into()),
            Err(why) => Verdict::Fails(why),
        }
    }

    /// The value of `expression`, with the same names.
    ///
    /// # Errors
    /// Why it has none.
    fn value(&self, expression: &str, values: &[(String, Value)]) -> Result<Value, String>;
}
