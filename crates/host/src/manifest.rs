//! What a tools file says besides servers: typed state, budgets and policies of a
//! run, and the contract of each tool. It is kept in the journal's opening, so
//! that a run is judged alike in another process and years later.

use crate::predicate::Python;
use crate::secrets::Secret;
use crate::value::{from_foreign, to_foreign};
use emulant_ask::Value;
use emulant_gate::{Budget, Contract, Effect, Operation, SchemaCheck, State};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Largest policy file.
const POLICY_BYTES_MAX: u64 = 1 << 20;

/// What the rules that hold without policies say, as a policy.
const DEFAULT_POLICY: &str = include_str!("../../../policies/default.cedar");

/// State, budgets and policies of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// Cells: name, JSON Schema and first value.
    pub state: Vec<(String, Json, Value)>,
    /// What a run may spend.
    pub budget: Budget,
    /// Policies by name; none: the default one.
    pub policies: Vec<(String, String)>,
    /// Secrets by name; no values.
    pub secrets: BTreeMap<String, Secret>,
}

impl Manifest {
    /// The state that a run begins with.
    ///
    /// # Errors
    /// When a cell's first value does not fit its schema.
    pub fn state(&self, schemas: &dyn SchemaCheck) -> Result<State, String> {
        let mut state = State::default();
        for (name, schema, value) in &self.state {
            state.declare(name, schema.clone(), value.clone(), schemas)?;
        }
        Ok(state)
    }

    /// What stands for a manifest that cannot be read: nothing passes.
    pub fn nothing() -> Manifest {
        Manifest { policies: vec![("nothing".into(), "forbid (principal, action, resource);".into())], ..Manifest::default() }
    }

    /// For the journal.
    pub fn to_value(&self) -> Value {
        let number = |number: Option<u64>| number.and_then(|n| i64::try_from(n).ok()).map_or(Value::None, Value::Int);
        let cell = |(name, schema, value): &(String, Json, Value)| Value::List(vec![Value::str(name), from_foreign(schema), value.clone()]);
        let policy = |(name, text): &(String, String)| Value::List(vec![Value::str(name), Value::str(text)]);
        let secret = |secret: &Secret| Value::dict([("env", Value::str(&secret.env)), ("tools", Value::List(secret.tools.iter().map(Value::str).collect()))]);
        Value::dict([
            ("state", Value::List(self.state.iter().map(cell).collect())),
            ("budget", Value::List([self.budget.calls, self.budget.money, self.budget.bytes].map(number).into())),
            ("policies", Value::List(self.policies.iter().map(policy).collect())),
            ("secrets", Value::dict(self.secrets.iter().map(|(name, one)| (name.clone(), secret(one))))),
        ])
    }

    /// From a journal; what is malformed is an error, for it might have forbidden something.
    ///
    /// # Errors
    /// What is malformed.
    pub fn of_value(value: &Value) -> Result<Manifest, String> {
        let bad = || "the manifest in the journal is malformed".to_string();
        let list = |name: &str| match value.get(name) {
            Some(Value::List(items)) => Ok(items.as_slice()),
            _ => Err(bad()),
        };
        let cell = |item: &Value| match item {
            Value::List(parts) => match parts.as_slice() {
                [Value::Str(name), schema, value] => Ok((name.clone(), to_foreign(schema)?, value.clone())),
                _ => Err(bad()),
            },
            _ => Err(bad()),
        };
        let policy = |item: &Value| match item {
            Value::List(parts) => match parts.as_slice() {
                [Value::Str(name), Value::Str(text)] => Ok((name.clone(), text.clone())),
                _ => Err(bad()),
            },
            _ => Err(bad()),
        };
        let number = |value: Option<&Value>| match value {
            Some(Value::Int(int)) => u64::try_from(*int).map(Some).map_err(|_| bad()),
            Some(Value::None) => Ok(None),
            _ => Err(bad()),
        };
        let budget = list("budget")?;
        let secret = |(name, value): &(Value, Value)| {
            let tools = match value.get("tools") {
                Some(Value::List(tools)) => tools.iter().filter_map(|tool| tool.as_str().map(String::from)).collect(),
                _ => return Err(bad()),
            };
            let env = value.get("env").and_then(Value::as_str).ok_or_else(bad)?.to_string();
            Ok((name.as_str().ok_or_else(bad)?.to_string(), Secret { env, tools }))
        };
        let secrets = match value.get("secrets") {
            Some(Value::Dict(pairs)) => pairs.iter().map(secret).collect::<Result<_, _>>()?,
            _ => return Err(bad()),
        };
        Ok(Manifest {
            state: list("state")?.iter().map(cell).collect::<Result<_, _>>()?,
            budget: Budget { calls: number(budget.first())?, money: number(budget.get(1))?, bytes: number(budget.get(2))? },
            policies: list("policies")?.iter().map(policy).collect::<Result<_, _>>()?,
            secrets,
        })
    }
}

/// A cell as a tools file writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CellForm {
    schema: Json,
    value: Json,
}

/// Budgets as a tools file writes them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BudgetForm {
    calls: Option<u64>,
    money: Option<f64>,
    bytes: Option<u64>,
}

/// The contract of one tool as a tools file writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ContractForm {
    effect: Option<String>,
    pre: OneOrMany,
    post: OneOrMany,
    state: BTreeMap<String, String>,
    labels: BTreeMap<String, String>,
    audience: OneOrMany,
    cost: Option<String>,
    idempotency: Option<String>,
    observe: Option<OperationForm>,
    inverse: Option<OperationForm>,
    calls_max: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_list(self) -> Vec<String> {
        match self {
            OneOrMany::None => Vec::new(),
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct OperationForm {
    tool: String,
    #[serde(default)]
    arguments: BTreeMap<String, String>,
}

impl ContractForm {
    /// The contract, with the effect that it gives if it gives one.
    ///
    /// # Errors
    /// An expression that does not parse, an effect that there is not.
    pub(crate) fn read(self) -> Result<(Contract, Option<Effect>), String> {
        let effect = self.effect.as_ref().map(|name| Effect::named(name).ok_or_else(|| format!("there is no effect {name:?}"))).transpose()?;
        let operation = |form: OperationForm| Operation { tool: form.tool, arguments: form.arguments.into_iter().collect() };
        let contract = Contract {
            effect: effect.unwrap_or_default(),
            pre: self.pre.into_list(),
            post: self.post.into_list(),
            state: self.state.into_iter().collect(),
            labels: self.labels.into_iter().collect(),
            audience: self.audience.into_list(),
            cost: self.cost,
            idempotency: self.idempotency,
            observe: self.observe.map(operation),
            inverse: self.inverse.map(operation),
            calls_max: self.calls_max,
        };
        for expression in expressions(&contract) {
            Python::check(expression).map_err(|why| format!("{expression:?}: {why}"))?;
        }
        if contract.effect == Effect::Inverse && contract.inverse.is_none() {
            return Err("its effect is inverse, and it has no `inverse`".into());
        }
        Ok((contract, effect))
    }
}

/// All expressions of a contract.
pub(crate) fn expressions(contract: &Contract) -> Vec<&String> {
    let operations = contract.observe.iter().chain(&contract.inverse).flat_map(|operation| operation.arguments.iter().map(|(_, text)| text));
    let state = contract.state.iter().map(|(_, text)| text);
    contract.pre.iter().chain(&contract.post).chain(state).chain(&contract.cost).chain(&contract.idempotency).chain(operations).collect()
}

pub(crate) fn state(forms: BTreeMap<String, CellForm>) -> Vec<(String, Json, Value)> {
    forms.into_iter().map(|(name, form)| (name, form.schema, from_foreign(&form.value))).collect()
}

pub(crate) fn budget(form: &BudgetForm) -> Result<Budget, String> {
    let money = form.money.map(|money| match money {
        money if (0.0..1e15).contains(&money) => Ok((money * 1000.0).floor() as u64),
        money => Err(format!("a budget of {money} is none")),
    });
    Ok(Budget { calls: form.calls, money: money.transpose()?, bytes: form.bytes })
}

/// Policy files, or `default` for the one that comes with the program; a relative path is below `folder`.
///
/// # Errors
/// When one cannot be read.
pub fn policies(names: &[String], folder: &Path) -> Result<Vec<(String, String)>, String> {
    let read = |name: &String| {
        if name == "default" {
            return Ok((name.clone(), DEFAULT_POLICY.to_string()));
        }
        let path = folder.join(name);
        let at = |error: std::io::Error| format!("{}: {error}", path.display());
        if std::fs::metadata(&path).map_err(at)?.len() > POLICY_BYTES_MAX {
            return Err(format!("{}: larger than {POLICY_BYTES_MAX} bytes", path.display()));
        }
        let stem = path.file_stem().map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned());
        Ok((stem, std::fs::read_to_string(&path).map_err(at)?))
    };
    names.iter().map(read).collect()
}

/// A contract as JSON, for the journal: what is as by default is not said.
pub(crate) fn contract_to_json(contract: &Contract) -> Json {
    let pairs = |pairs: &[(String, String)]| pairs.iter().map(|(name, text)| (name.clone(), Json::from(text.as_str()))).collect::<Map<_, _>>();
    let operation = |operation: &Operation| json!({"tool": operation.tool, "arguments": pairs(&operation.arguments)});
    let mut map = Map::new();
    let mut say = |name: &str, json: Json, said: bool| {
        if said {
            map.insert(name.into(), json);
        }
    };
    say("effect", contract.effect.name().into(), true);
    say("pre", contract.pre.clone().into(), !contract.pre.is_empty());
    say("post", contract.post.clone().into(), !contract.post.is_empty());
    say("state", pairs(&contract.state).into(), !contract.state.is_empty());
    say("labels", pairs(&contract.labels).into(), !contract.labels.is_empty());
    say("audience", contract.audience.clone().into(), !contract.audience.is_empty());
    say("cost", json!(contract.cost), contract.cost.is_some());
    say("idempotency", json!(contract.idempotency), contract.idempotency.is_some());
    say("observe", json!(contract.observe.as_ref().map(operation)), contract.observe.is_some());
    say("inverse", json!(contract.inverse.as_ref().map(operation)), contract.inverse.is_some());
    say("calls_max", json!(contract.calls_max), contract.calls_max.is_some());
    map.into()
}

/// The contract that a journal holds.
pub(crate) fn contract_of_json(json: &Json) -> Option<Contract> {
    ContractForm::deserialize(json).ok()?.read().ok().map(|(contract, _)| contract)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contracts_come_back_equal_from_a_journal() {
        let json = json!({
            "effect": "inverse", "pre": "amount > 0", "post": ["result['ok']", "True"], "state": {"spent": "state['spent'] + amount"},
            "labels": {"[].id": "system", "[].body": "third party"}, "audience": ["to"], "cost": "amount", "idempotency": "str(amount)",
            "observe": {"tool": "look", "arguments": {"id": "result['id']"}}, "inverse": {"tool": "take_back"}, "calls_max": 3,
        });
        let (contract, effect) = ContractForm::deserialize(&json).unwrap().read().unwrap();
        assert_eq!(effect, Some(Effect::Inverse));
        assert_eq!(contract_of_json(&contract_to_json(&contract)), Some(contract));
        assert_eq!(contract_of_json(&contract_to_json(&Contract::default())), Some(Contract::default()));
        for bad in [json!({"pre": "amount >"}), json!({"effect": "maybe"}), json!({"effect": "inverse"}), json!({"prey": "x"})] {
            assert!(!ContractForm::deserialize(&bad).is_ok_and(|form| form.read().is_ok()), "{bad}");
        }
    }

    #[test]
    fn manifests_come_back_equal_and_damage_is_an_error() {
        let manifest = Manifest {
            state: vec![("spent".into(), json!({"type": "number"}), Value::Int(0))],
            budget: Budget { calls: Some(3), money: None, bytes: Some(9) },
            policies: vec![("mine".into(), "permit (principal, action, resource);".into())],
            secrets: BTreeMap::from([("key".into(), Secret { env: "KEY".into(), tools: vec!["get".into()] })]),
        };
        assert_eq!(Manifest::of_value(&manifest.to_value()), Ok(manifest));
        assert!(Manifest::of_value(&Value::dict([("state", Value::None)])).is_err());
    }
}
