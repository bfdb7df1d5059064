//! Annotations as shapes: what type of answer an annotation asks for, as far as
//! this file alone can say. Nothing is evaluated.

use crate::fold;
use emulant_ask::{Bounds, Field, Pattern, RecordKind, Shape, Value};
use emulant_machine::code::Const;
use ruff_python_ast::{self as ast, Expr, ExprContext, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};
use std::collections::HashMap;

/// Deepest nesting of classes in classes.
const DEPTH_MAX: usize = 12;

/// The types that a file defines.
#[derive(Default)]
pub(crate) struct Types<'a> {
    pub(crate) classes: HashMap<&'a str, &'a ast::StmtClassDef>,
    /// `Name = Literal[…]` and the like at module level.
    pub(crate) aliases: HashMap<&'a str, &'a Expr>,
    /// Annotations in quotes, parsed, by the place of the string.
    pub(crate) quoted: HashMap<(u32, u32), &'a Expr>,
}

/// An annotation that cannot be resolved, and why.
#[derive(Debug)]
pub(crate) struct Unresolved {
    pub(crate) range: TextRange,
    pub(crate) what: String,
}

type Resolved<T = Shape> = Result<T, Unresolved>;

impl<'a> Types<'a> {
    /// The shape that an annotation asks for.
    pub(crate) fn shape(&self, annotation: &Expr) -> Resolved {
        self.at(annotation, 0)
    }

    fn at(&self, expr: &Expr, depth: usize) -> Resolved {
        if depth > DEPTH_MAX {
            return Err(unresolved(expr, "a type that contains itself"));
        }
        match expr {
            Expr::NoneLiteral(_) => Ok(Shape::None),
            Expr::Name(name) => self.named(&name.id, expr, depth),
            Expr::Attribute(attribute) => self.named(&attribute.attr, expr, depth),
            Expr::StringLiteral(_) => match self.quoted.get(&key(expr.range())) {
                Some(inner) => self.at(inner, depth + 1),
                None => Err(unresolved(expr, "this annotation in quotes")),
            },
            Expr::BinOp(binary) if binary.op == Operator::BitOr => {
                self.union(&[&binary.left, &binary.right], depth)
            }
            Expr::Subscript(subscript) => self.subscript(subscript, depth),
            _ => Err(unresolved(expr, "this annotation")),
        }
    }

    fn union(&self, parts: &[&Expr], depth: usize) -> Resolved {
        let mut options = Vec::new();
        for part in parts {
            match self.at(part, depth + 1)? {
                Shape::Union { options: inner } => options.extend(inner),
                shape => options.push(shape),
            }
        }
        Ok(Shape::Union { options })
    }

    fn named(&self, name: &str, expr: &Expr, depth: usize) -> Resolved {
        let any = || Box::new(Shape::Any);
        Ok(match name {
            "int" => Shape::Int { min: None, max: None },
            "float" => Shape::Float,
            "str" => Shape::Str { max: None },
            "bool" => Shape::Bool,
            "object" | "Any" => Shape::Any,
            "list" | "List" | "Sequence" | "Iterable" | "Collection" => Shape::List { item: any() },
            "set" | "Set" | "frozenset" | "FrozenSet" => Shape::Set { item: any() },
            "tuple" | "Tuple" => Shape::TupleOf { item: any() },
            "dict" | "Dict" | "Mapping" => Shape::Dict { value: any() },
            _ => match (self.classes.get(name), self.aliases.get(name)) {
                (Some(class), _) => return self.class(class, expr, depth + 1),
                (None, Some(alias)) => return self.at(alias, depth + 1),
                (None, None) => return Err(unresolved(expr, format!("the type {name} as an answer"))),
            },
        })
    }

    fn subscript(&self, subscript: &ast::ExprSubscript, depth: usize) -> Resolved {
        let base = match &*subscript.value {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            other => return Err(unresolved(other, "this annotation")),
        };
        let parts: Vec<&Expr> = match &*subscript.slice {
            Expr::Tuple(tuple) => tuple.elts.iter().collect(),
            single => vec![single],
        };
        let one = || -> Resolved<Box<Shape>> { Ok(Box::new(self.at(parts[0], depth + 1)?)) };
        if parts.is_empty() && base != "tuple" && base != "Tuple" {
            return Err(unresolved(&*subscript.slice, "this annotation"));
        }
        match base {
            "list" | "List" | "Sequence" | "Iterable" | "Collection" => Ok(Shape::List { item: one()? }),
            "set" | "Set" | "frozenset" | "FrozenSet" => Ok(Shape::Set { item: one()? }),
            "tuple" | "Tuple" => self.tuple(&parts, depth),
            "dict" | "Dict" | "Mapping" => self.dict(&parts, depth),
            "Optional" => self.union(&[parts[0], &none_expr(subscript.range)], depth),
            "Union" => self.union(&parts, depth),
            "Literal" => self.literal(&parts),
            "Annotated" => {
                let shape = self.at(parts[0], depth + 1)?;
                parts[1..].iter().try_fold(shape, |shape, part| constrained(shape, part))
            }
            "Final" | "Required" | "NotRequired" | "ReadOnly" => self.at(parts[0], depth + 1),
            _ => Err(unresolved(&*subscript.value, format!("the type {base}[…] as an answer"))),
        }
    }

    fn tuple(&self, parts: &[&Expr], depth: usize) -> Resolved {
        match parts {
            [item, Expr::EllipsisLiteral(_)] => Ok(Shape::TupleOf { item: Box::new(self.at(item, depth + 1)?) }),
            _ => {
                let items = parts.iter().map(|part| self.at(part, depth + 1));
                Ok(Shape::Tuple { items: items.collect::<Resolved<_>>()? })
            }
        }
    }

    fn dict(&self, parts: &[&Expr], depth: usize) -> Resolved {
        let [key, value] = parts else { return Err(unresolved(parts[0], "a dict type without two parts")) };
        match self.at(key, depth + 1)? {
            Shape::Str { .. } => Ok(Shape::Dict { value: Box::new(self.at(value, depth + 1)?) }),
            _ => Err(unresolved(*key, "a dict whose keys are no strings as an answer")),
        }
    }

    fn literal(&self, parts: &[&Expr]) -> Resolved {
        let mut values = Vec::new();
        for part in parts {
            values.push(literal_value(part).ok_or_else(|| unresolved(*part, "this literal type"))?);
        }
        Ok(Shape::Literal { values })
    }

    /// The value that an expression writes out: literals, containers, members of enums, and classes called with such.
    pub(crate) fn value(&self, expr: &Expr) -> Option<Value> {
        if let Some(value) = literal_value(expr) {
            return Some(value);
        }
        let all = |elts: &[Expr]| elts.iter().map(|item| self.value(item)).collect::<Option<Vec<_>>>();
        match expr {
            Expr::List(list) => all(&list.elts).map(Value::List),
            Expr::Tuple(tuple) => all(&tuple.elts).map(Value::Tuple),
            Expr::Set(set) => all(&set.elts).map(Value::Set),
            Expr::Dict(dict) => {
                let pair = |item: &ast::DictItem| Some((self.value(item.key.as_ref()?)?, self.value(&item.value)?));
                dict.items.iter().map(pair).collect::<Option<Vec<_>>>().map(Value::Dict)
            }
            Expr::Attribute(attribute) => {
                let name = last_name(&attribute.value)?;
                let class = self.classes.get(name)?;
                let member = members(class).into_iter().find(|member| *member == attribute.attr.as_str())?;
                Some(Value::Record(name.into(), Vec::from([("name".into(), Value::Str(member))])))
            }
            Expr::Call(call) => {
                let name = last_name(&call.func)?;
                let class = self.classes.get(name)?;
                let fields: Vec<&str> = class.body.iter().filter_map(field_name).collect();
                let mut values = Vec::new();
                for (index, argument) in call.arguments.args.iter().enumerate() {
                    values.push((fields.get(index)?.to_string(), self.value(argument)?));
                }
                for keyword in &call.arguments.keywords {
                    values.push((keyword.arg.as_ref()?.to_string(), self.value(&keyword.value)?));
                }
                Some(Value::Record(name.into(), values))
            }
            _ => None,
        }
    }

    // ---- classes of the file

    fn class(&self, class: &ast::StmtClassDef, used: &Expr, depth: usize) -> Resolved {
        let bases: Vec<&str> = class.bases().iter().filter_map(last_name).collect();
        let name = class.name.to_string();
        if bases.iter().any(|base| matches!(*base, "Enum" | "IntEnum" | "StrEnum" | "Flag" | "IntFlag")) {
            return Ok(Shape::Enum { name, members: members(class) });
        }
        let kind = match () {
            () if bases.contains(&"TypedDict") || self.derives(class, "TypedDict", 0) => RecordKind::TypedDict,
            () if bases.contains(&"NamedTuple") => RecordKind::NamedTuple,
            () if is_dataclass(class) || self.derives(class, "BaseModel", 0) => RecordKind::Dataclass,
            () => return Err(unresolved(used, format!("the class {name} as an answer (no dataclass, NamedTuple, TypedDict or Enum)"))),
        };
        let fields = self.fields(class, kind, depth)?;
        Ok(Shape::Record { record: kind, name, fields })
    }

    fn derives(&self, class: &ast::StmtClassDef, root: &str, depth: usize) -> bool {
        depth < DEPTH_MAX
            && class.bases().iter().filter_map(last_name).any(|base| {
                base == root || self.classes.get(base).is_some_and(|class| self.derives(class, root, depth + 1))
            })
    }

    /// Fields of a class, those of its bases first.
    fn fields(&self, class: &ast::StmtClassDef, kind: RecordKind, depth: usize) -> Resolved<Vec<Field>> {
        let mut fields: Vec<Field> = Vec::new();
        for base in class.bases().iter().filter_map(last_name) {
            if let Some(base) = self.classes.get(base)
                && depth <= DEPTH_MAX
            {
                fields.extend(self.fields(base, kind, depth + 1)?);
            }
        }
        let total = !class.keywords().iter().any(|keyword| {
            keyword.arg.as_ref().is_some_and(|name| name.as_str() == "total") && is_false(&keyword.value)
        });
        for stmt in &class.body {
            let Stmt::AnnAssign(assign) = stmt else { continue };
            let Expr::Name(name) = &*assign.target else { continue };
            let wrapper = match &*assign.annotation {
                Expr::Subscript(subscript) => last_name(&subscript.value).unwrap_or_default(),
                other => last_name(other).unwrap_or_default(),
            };
            if matches!(wrapper, "ClassVar" | "InitVar") || !in_init(assign.value.as_deref()) {
                continue;
            }
            let required = match (kind, wrapper) {
                (RecordKind::TypedDict, "Required") => true,
                (RecordKind::TypedDict, "NotRequired") => false,
                (RecordKind::TypedDict, _) => total,
                _ => !has_default(assign.value.as_deref()),
            };
            let mut shape = self.at(&assign.annotation, depth + 1)?;
            if let Some(value @ Expr::Call(_)) = assign.value.as_deref().filter(|value| last_name(value) == Some("Field")) {
                shape = constrained(shape, value)?;
            }
            fields.retain(|field| field.name != name.id.as_str());
            fields.push(Field { name: name.id.to_string(), shape, required });
        }
        Ok(fields)
    }
}

/// Does making the value in the program need a class of the program?
pub(crate) fn needs_class(shape: &Shape) -> bool {
    match shape {
        Shape::Record { record: RecordKind::TypedDict, fields, .. } => fields.iter().any(|field| needs_class(&field.shape)),
        Shape::Record { .. } | Shape::Enum { .. } => true,
        Shape::List { item } | Shape::Set { item } | Shape::TupleOf { item } => needs_class(item),
        Shape::Tuple { items } => items.iter().any(needs_class),
        Shape::Dict { value } => needs_class(value),
        Shape::Union { options } => options.iter().any(needs_class),
        Shape::Bounded { shape, .. } => needs_class(shape),
        Shape::Any | Shape::None | Shape::Bool | Shape::Int { .. } | Shape::Float | Shape::Str { .. } | Shape::Literal { .. } => false,
    }
}

fn field_name(stmt: &Stmt) -> Option<&str> {
    let Stmt::AnnAssign(assign) = stmt else { return None };
    match &*assign.target {
        Expr::Name(name) => Some(&name.id),
        _ => None,
    }
}

/// The key of a place.
pub(crate) fn key(range: TextRange) -> (u32, u32) {
    (range.start().to_u32(), range.end().to_u32())
}

/// The value of a literal in `Literal[…]` or in a `case`.
pub(crate) fn literal_value(expr: &Expr) -> Option<Value> {
    Some(match fold::constant(expr).ok()?? {
        Const::None => Value::None,
        Const::Bool(value) => Value::Bool(value),
        Const::Int(value) => Value::Int(value),
        Const::Float(value) => Value::Float(value),
        Const::Str(text) => Value::Str(text.into()),
        _ => return None,
    })
}

/// `x` of `x` and of `a.b.x`, also when called.
pub(crate) fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(&name.id),
        Expr::Attribute(attribute) => Some(&attribute.attr),
        Expr::Call(call) => last_name(&call.func),
        _ => None,
    }
}

fn unresolved(at: impl Ranged, what: impl Into<String>) -> Unresolved {
    Unresolved { range: at.range(), what: what.into() }
}

fn none_expr(range: TextRange) -> Expr {
    Expr::NoneLiteral(ast::ExprNoneLiteral { node_index: Default::default(), range })
}

fn is_false(expr: &Expr) -> bool {
    matches!(expr, Expr::BooleanLiteral(literal) if !literal.value)
}

fn is_dataclass(class: &ast::StmtClassDef) -> bool {
    class.decorator_list.iter().any(|decorator| last_name(&decorator.expression) == Some("dataclass"))
}

/// Names assigned in an enum's body, in order.
fn members(class: &ast::StmtClassDef) -> Vec<String> {
    let mut members = Vec::new();
    for stmt in &class.body {
        let Stmt::Assign(assign) = stmt else { continue };
        for target in &assign.targets {
            if let Expr::Name(ast::ExprName { id, ctx: ExprContext::Store, .. }) = target
                && !id.starts_with('_')
            {
                members.push(id.to_string());
            }
        }
    }
    members
}

fn field_keyword<'e>(value: Option<&'e Expr>, wanted: &str) -> Option<&'e Expr> {
    let Some(Expr::Call(call)) = value else { return None };
    if last_name(&call.func) != Some("field") {
        return None;
    }
    call.arguments.find_keyword(wanted).map(|keyword| &keyword.value)
}

fn in_init(value: Option<&Expr>) -> bool {
    !field_keyword(value, "init").is_some_and(is_false)
}

fn has_default(value: Option<&Expr>) -> bool {
    match value {
        None => false,
        Some(Expr::Call(call)) if last_name(&call.func) == Some("Field") => {
            !call.arguments.args.is_empty() && !call.arguments.args[0].is_ellipsis_literal_expr()
                || ["default", "default_factory"].iter().any(|name| call.arguments.find_keyword(name).is_some())
        }
        Some(Expr::Call(call)) if last_name(&call.func) == Some("field") => {
            ["default", "default_factory"].iter().any(|name| call.arguments.find_keyword(name).is_some())
        }
        Some(_) => true,
    }
}

/// Words that bound a type: what they are called with, in order, as words of pydantic and `annotated_types`.
const BOUNDS: [(&str, &[&str]); 11] = [
    ("Field", &[]),
    ("StringConstraints", &[]),
    ("Interval", &["gt", "ge", "lt", "le"]),
    ("Len", &["min_length", "max_length"]),
    ("Gt", &["gt"]),
    ("Ge", &["ge"]),
    ("Lt", &["lt"]),
    ("Le", &["le"]),
    ("MinLen", &["min_length"]),
    ("MaxLen", &["max_length"]),
    ("MultipleOf", &["multiple_of"]),
];
/// Words that check a value by code, which no type can say.
const CHECKS: [&str; 6] = ["Predicate", "AfterValidator", "BeforeValidator", "WrapValidator", "PlainValidator", "Not"];

/// The shape within the bounds of one part of `Annotated[…]`; what bounds nothing is a note.
fn constrained(shape: Shape, part: &Expr) -> Resolved {
    let Expr::Call(call) = part else { return Ok(shape) };
    let name = last_name(&call.func).unwrap_or_default();
    if CHECKS.contains(&name) {
        return Err(unresolved(part, format!("{name} in a type (a check of an answer is written @ensures)")));
    }
    let Some((_, places)) = BOUNDS.iter().find(|(known, _)| *known == name) else { return Ok(shape) };
    let mut bounds = Bounds::default();
    let placed = call.arguments.args.iter().zip(*places).map(|(value, name)| (*name, value));
    let named = call.arguments.keywords.iter().filter_map(|keyword| Some((keyword.arg.as_ref()?.as_str(), &keyword.value)));
    for (name, value) in placed.chain(named) {
        let not_written_out = || unresolved(value, format!("the bound {name} of a type that is not written out here"));
        let number = || match literal_value(value).ok_or_else(not_written_out)? {
            Value::None => Ok(None),
            number @ (Value::Int(_) | Value::Float(_)) => Ok(Some(number)),
            _ => Err(not_written_out()),
        };
        let count = || match number()? {
            None => Ok(None),
            Some(Value::Int(count)) => Ok(Some(count)),
            Some(_) => Err(not_written_out()),
        };
        let length = || count()?.map(u64::try_from).transpose().map_err(|_| not_written_out());
        match name {
            "ge" => bounds.ge = number()?,
            "gt" => bounds.gt = number()?,
            "le" => bounds.le = number()?,
            "lt" => bounds.lt = number()?,
            "multiple_of" => bounds.multiple_of = count()?,
            "min_length" => bounds.min_length = length()?,
            "max_length" => bounds.max_length = length()?,
            "pattern" => {
                bounds.pattern = match literal_value(value).ok_or_else(not_written_out)? {
                    Value::None => None,
                    Value::Str(text) => Some(Pattern::new(&text).map_err(|reason| unresolved(value, reason))?),
                    _ => return Err(not_written_out()),
                }
            }
            _ => {}
        }
    }
    shape.within(bounds).map_err(|reason| unresolved(part, format!("this bound of a type: {reason}")))
}
