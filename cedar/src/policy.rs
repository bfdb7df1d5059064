//! Policies: Cedar over the facts of a call. The only place that names it.
//!
//! Nothing acts that no `permit` allows, a `forbid` wins, and a policy that fails
//! to evaluate refuses the call: Cedar itself would pass over it. Policies are
//! sorted by tool when they are read, so that a call is judged by its own.

use crate::typed::{Field, Typed};
use crate::words::{Facts, Provenance, Ruling, State, Tool};
use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityUid, Policy as One, PolicyId, PolicySet, Request,
    RestrictedExpression as Expression, Schema, ValidationMode, Validator,
};
use emulant_ask::{Call, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;

/// Policies, made ready for a set of tools.
pub struct Policy {
    tools: BTreeMap<String, Prepared>,
    all: PolicySet,
    schema: Json,
    entities: Entities,
    principal: EntityUid,
    state: Vec<Field>,
}

struct Prepared {
    policies: PolicySet,
    action: EntityUid,
    server: EntityUid,
    arguments: Typed,
}

impl Policy {
    /// Policies from texts (name and content), for these tools and this state.
    ///
    /// # Errors
    /// What does not parse, or does not fit the tools, in one sentence a line.
    pub fn new(texts: &[(String, String)], tools: &[Tool], state: &[(String, Json)]) -> Result<Policy, String> {
        let all = parsed(texts)?;
        let cell = |(name, schema): &(String, Json)| Some(Field { name: name.clone(), typed: Typed::of(schema)?, required: true });
        let cells: Vec<Field> = state.iter().filter_map(cell).collect();
        let schema = schema(tools, &cells);
        check(&all, &schema)?;
        let mut prepared = BTreeMap::new();
        let mut entities = Vec::new();
        for tool in tools {
            let groups = groups(tool);
            let mut policies = PolicySet::new();
            for policy in all.policies().filter(|policy| concerns(policy, &tool.name, &groups)) {
                policies.add(policy.clone()).map_err(|error| error.to_string())?;
            }
            let parents = groups.iter().map(|group| uid("Action", group)).collect::<Result<HashSet<_>, _>>()?;
            let action = uid("Action", &tool.name)?;
            entities.push(Entity::new_no_attrs(action.clone(), parents));
            let arguments = Typed::arguments(&tool.input_schema);
            prepared.insert(tool.name.clone(), Prepared { policies, action, server: uid("Server", &tool.server)?, arguments });
        }
        let entities = Entities::from_entities(entities, None).map_err(|error| error.to_string())?;
        Ok(Policy { tools: prepared, all, schema, entities, principal: uid("Principal", "local")?, state: cells })
    }

    /// The schema that the policies were checked against, as JSON.
    pub fn schema(&self) -> &Json {
        &self.schema
    }

    /// How many policies there are.
    pub fn count(&self) -> usize {
        self.all.policies().count()
    }

    /// Judges a call.
    ///
    /// # Errors
    /// Why it cannot be judged; it must not happen then.
    pub fn judge(&self, call: &Call, facts: &Facts, state: &State) -> Result<Ruling, String> {
        let tool = self.tools.get(&call.tool).ok_or("no policy knows this tool")?;
        let context = self.context(call, tool, facts, state)?;
        let context = Context::from_pairs(context).map_err(|error| error.to_string())?;
        let request = Request::new(self.principal.clone(), tool.action.clone(), tool.server.clone(), context, None);
        let request = request.map_err(|error| error.to_string())?;
        let response = Authorizer::new().is_authorized(&request, &tool.policies, &self.entities);
        let because = |id: &PolicyId| {
            let policy = tool.policies.policy(id)?;
            Some((name(policy), policy.annotation("reason").unwrap_or_default().to_owned()))
        };
        let mut because: Vec<_> = response.diagnostics().reason().filter_map(because).collect();
        because.sort();
        let errors: Vec<String> = response.diagnostics().errors().map(ToString::to_string).collect();
        let allowed = response.decision() == Decision::Allow && errors.is_empty();
        Ok(Ruling { allowed, because, errors })
    }

    fn context(&self, call: &Call, tool: &Prepared, facts: &Facts, state: &State) -> Result<Vec<(String, Expression)>, String> {
        let text = |text: &str| Expression::new_string(text.into());
        let flag = Expression::new_bool;
        let critical = |is: fn(&Provenance) -> bool| facts.labels.iter().any(|(_, provenance)| provenance.critical && is(provenance));
        let labels = facts.labels.iter().map(|(name, provenance)| Ok((name.clone(), provenance_record(provenance)?)));
        let labels = record(labels.collect::<Result<Vec<_>, String>>()?)?;
        let values: Vec<(&str, &Value)> = state.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let arguments: Vec<(&str, &Value)> = call.arguments.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let Typed::Record(fields) = &tool.arguments else { return Err("its arguments are no record".into()) };
        Ok(vec![
            ("args".into(), fields_of(&arguments, fields)?),
            ("state".into(), fields_of(&values, &self.state)?),
            ("labels".into(), labels),
            ("granted".into(), flag(facts.granted)),
            ("approved".into(), flag(facts.approved)),
            ("untrusted".into(), flag(critical(|provenance| provenance.untrusted))),
            ("chosen".into(), flag(critical(|provenance| provenance.chosen))),
            ("under".into(), flag(facts.under)),
            ("level".into(), text(&facts.level)),
            ("risk".into(), Expression::new_long(facts.risk)),
            ("findings".into(), Expression::new_set(facts.findings.iter().map(|name| text(name)))),
            ("digest".into(), text(&facts.digest)),
            ("calls_left".into(), Expression::new_long(facts.calls_left)),
            ("money_left".into(), Expression::new_long(facts.money_left)),
        ])
    }
}

/// What else every call's context holds besides `args`, `state` and `labels`.
const FACTS: [(&str, Typed); 10] = [
    ("granted", Typed::Bool),
    ("approved", Typed::Bool),
    ("untrusted", Typed::Bool),
    ("chosen", Typed::Bool),
    ("under", Typed::Bool),
    ("level", Typed::Text),
    ("risk", Typed::Int),
    ("digest", Typed::Text),
    ("calls_left", Typed::Int),
    ("money_left", Typed::Int),
];

fn parsed(texts: &[(String, String)]) -> Result<PolicySet, String> {
    let mut all = PolicySet::new();
    for (file, text) in texts {
        let set = PolicySet::from_str(text).map_err(|error| format!("{file}: {error}"))?;
        if set.templates().next().is_some() {
            return Err(format!("{file}: templates are not supported"));
        }
        let mut policies: Vec<&One> = set.policies().collect();
        policies.sort_by_key(|policy| policy.id().to_string().trim_start_matches("policy").parse::<u64>().unwrap_or(0));
        for (index, policy) in policies.into_iter().enumerate() {
            let id = policy.annotation("id").map_or_else(|| format!("{file}#{}", index + 1), ToOwned::to_owned);
            all.add(policy.new_id(PolicyId::new(&id))).map_err(|error| format!("{file}: {error}"))?;
        }
    }
    Ok(all)
}

fn name(policy: &One) -> String {
    policy.id().to_string()
}

fn check(all: &PolicySet, schema: &Json) -> Result<(), String> {
    let schema = Schema::from_json_value(schema.clone()).map_err(|error| format!("the schema of the tools: {error}"))?;
    let result = Validator::new(schema).validate(all, ValidationMode::Strict);
    let errors: Vec<String> = result.validation_errors().map(ToString::to_string).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
}

/// The names of groups hold a colon, so that no tool can have one.
fn groups(tool: &Tool) -> Vec<String> {
    let class = if tool.acts { "class:acts" } else { "class:reads" };
    vec![class.into(), format!("effect:{}", tool.effect)]
}

fn concerns(policy: &One, tool: &str, groups: &[String]) -> bool {
    let is_meant = |uid: &EntityUid| {
        let id: &str = uid.id().unescaped();
        id == tool || groups.iter().any(|group| group == id)
    };
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => is_meant(&uid),
        ActionConstraint::In(uids) => uids.iter().any(is_meant),
    }
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind = cedar_policy::EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, cedar_policy::EntityId::new(id)))
}

fn schema(tools: &[Tool], state: &[Field]) -> Json {
    let mut actions = Map::new();
    for name in ["read", "staged", "delayed", "inverse", "irreversible"] {
        actions.insert(format!("effect:{name}"), json!({}));
    }
    actions.insert("class:acts".into(), json!({}));
    actions.insert("class:reads".into(), json!({}));
    for tool in tools {
        let members: Vec<Json> = groups(tool).iter().map(|group| json!({"id": group})).collect();
        let applies = json!({"principalTypes": ["Principal"], "resourceTypes": ["Server"], "context": context_type(tool, state).to_schema()});
        actions.insert(tool.name.clone(), json!({"memberOf": members, "appliesTo": applies}));
    }
    json!({"": {"entityTypes": {"Principal": {}, "Server": {}}, "actions": actions}})
}

fn context_type(tool: &Tool, state: &[Field]) -> Typed {
    let field = |name: &str, typed: Typed| Field { name: name.into(), typed, required: true };
    let provenance = Typed::Record(vec![
        field("critical", Typed::Bool),
        field("untrusted", Typed::Bool),
        field("chosen", Typed::Bool),
        field("sources", Typed::Set(Box::new(Typed::Text))),
    ]);
    let properties = tool.input_schema["properties"].as_object();
    let labels = properties.into_iter().flatten().map(|(name, _)| Field { name: name.clone(), typed: provenance.clone(), required: false });
    let mut fields: Vec<Field> = FACTS.iter().map(|(name, typed)| field(name, typed.clone())).collect();
    fields.push(field("findings", Typed::Set(Box::new(Typed::Text))));
    fields.push(field("args", Typed::arguments(&tool.input_schema)));
    fields.push(field("state", Typed::Record(state.to_vec())));
    fields.push(field("labels", Typed::Record(labels.collect())));
    Typed::Record(fields)
}

fn record(fields: Vec<(String, Expression)>) -> Result<Expression, String> {
    Expression::new_record(fields).map_err(|error| error.to_string())
}

fn provenance_record(provenance: &Provenance) -> Result<Expression, String> {
    record(vec![
        ("critical".into(), Expression::new_bool(provenance.critical)),
        ("untrusted".into(), Expression::new_bool(provenance.untrusted)),
        ("chosen".into(), Expression::new_bool(provenance.chosen)),
        ("sources".into(), Expression::new_set(provenance.sources.iter().map(|source| Expression::new_string(source.clone())))),
    ])
}

/// Values of a record; those that have no type are left out, those that do not fit theirs are errors.
fn fields_of(values: &[(&str, &Value)], fields: &[Field]) -> Result<Expression, String> {
    let mut out = Vec::new();
    for field in fields {
        match values.iter().find(|(name, _)| *name == field.name) {
            Some((_, Value::None)) | None if !field.required => {}
            Some((_, value)) => out.push((field.name.clone(), expression(value, &field.typed).map_err(|why| format!("{}: {why}", field.name))?)),
            None => return Err(format!("{} is missing", field.name)),
        }
    }
    record(out)
}

fn expression(value: &Value, typed: &Typed) -> Result<Expression, String> {
    Ok(match (typed, value) {
        (Typed::Text, Value::Str(text)) => Expression::new_string(text.clone()),
        (Typed::Bool, Value::Bool(flag)) => Expression::new_bool(*flag),
        (Typed::Int, Value::Int(int)) => Expression::new_long(*int),
        (Typed::Int, Value::Float(float)) if float.fract() == 0.0 && float.abs() < 9e15 => Expression::new_long(*float as i64),
        (Typed::Decimal, Value::Int(int)) => decimal(*int as f64)?,
        (Typed::Decimal, Value::Float(float)) => decimal(*float)?,
        (Typed::Set(item), Value::List(items) | Value::Tuple(items) | Value::Set(items)) => {
            Expression::new_set(items.iter().map(|value| expression(value, item)).collect::<Result<Vec<_>, _>>()?)
        }
        (Typed::Record(fields), Value::Dict(pairs)) => {
            let named: Vec<(&str, &Value)> = pairs.iter().filter_map(|(key, value)| Some((key.as_str()?, value))).collect();
            fields_of(&named, fields)?
        }
        (Typed::Record(fields), Value::Record(_, pairs)) => {
            let named: Vec<(&str, &Value)> = pairs.iter().map(|(key, value)| (key.as_str(), value)).collect();
            fields_of(&named, fields)?
        }
        _ => return Err("policies cannot see a value of this kind".into()),
    })
}

fn decimal(float: f64) -> Result<Expression, String> {
    if !float.is_finite() || float.abs() > 9e14 {
        return Err("policies cannot see a number of this size".into());
    }
    Ok(Expression::new_decimal(format!("{float:.4}")))
}

