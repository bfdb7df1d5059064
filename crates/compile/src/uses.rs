//! What the values of holes are used for: one look over a file before it is compiled.
//!
//! A call of an undefined name has no type of its own, but the place where its value
//! goes has one: a condition, a comparison, an index, a `match`, a format, a
//! parameter of a function of this file. A value that first goes into a local
//! variable takes the first use of that variable in the same function that says
//! anything. Nothing is evaluated, and nothing here decides what a hole is.

use crate::holes::Use;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, CmpOp, Expr, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};
use std::collections::HashMap;

/// Methods that only texts have.
const TEXT_METHODS: [&str; 16] = [
    "capitalize", "casefold", "endswith", "isdigit", "join", "ljust", "lower", "lstrip", "partition", "rjust", "rstrip", "split",
    "splitlines", "startswith", "strip", "upper",
];
/// Methods that only dicts have.
const DICT_METHODS: [&str; 4] = ["items", "keys", "values", "setdefault"];
/// Methods that only lists have.
const LIST_METHODS: [&str; 4] = ["append", "extend", "sort", "reverse"];

type Key = (u32, u32);

/// The use of each call whose place says something.
#[derive(Default)]
pub(crate) struct Uses<'a> {
    by_call: HashMap<Key, Use<'a>>,
}

impl<'a> Uses<'a> {
    pub(crate) fn new(body: &'a [Stmt]) -> Uses<'a> {
        let mut finder = Finder { functions: vec![None], ..Finder::default() };
        Definitions(&mut finder).visit_body(body);
        finder.visit_body(body);
        for (call, function, name) in std::mem::take(&mut finder.stored) {
            if let Some(used) = finder.names.get(&(function, name)) {
                finder.calls.entry(call).or_insert(*used);
            }
        }
        Uses { by_call: finder.calls }
    }

    /// What the call at this place is used for, as far as the place says it.
    pub(crate) fn of(&self, call: TextRange) -> Option<Use<'a>> {
        self.by_call.get(&key(call)).copied()
    }
}

fn key(range: TextRange) -> Key {
    (range.start().to_u32(), range.end().to_u32())
}

/// A function or a class that can be called, as far as its parameters have types.
type Parameters<'a> = Vec<(&'a str, Option<&'a Expr>)>;

#[derive(Default)]
struct Finder<'a> {
    calls: HashMap<Key, Use<'a>>,
    /// First telling use of each variable, by function.
    names: HashMap<(usize, &'a str), Use<'a>>,
    /// Calls that are stored in a variable: call, function, variable.
    stored: Vec<(Key, usize, &'a str)>,
    /// Return annotation of each function met; the first entry is the module.
    functions: Vec<Option<&'a Expr>>,
    /// Number of the function that we are in.
    current: usize,
    parameters: HashMap<&'a str, Parameters<'a>>,
    /// Dicts and lists that a variable is bound to, written out.
    displays: HashMap<&'a str, &'a Expr>,
}

/// First look: what is defined in the file.
struct Definitions<'f, 'a>(&'f mut Finder<'a>);

impl<'a> Visitor<'a> for Definitions<'_, 'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                let parameters = def.parameters.iter_non_variadic_params();
                let parameters = parameters.map(|p| (p.parameter.name.as_str(), p.parameter.annotation.as_deref()));
                self.0.parameters.insert(&def.name, parameters.collect());
            }
            Stmt::ClassDef(class) => {
                let fields = class.body.iter().filter_map(|stmt| match stmt {
                    Stmt::AnnAssign(field) => match &*field.target {
                        Expr::Name(name) => Some((name.id.as_str(), Some(&*field.annotation))),
                        _ => None,
                    },
                    _ => None,
                });
                self.0.parameters.insert(&class.name, fields.collect());
                // Methods are called through an object: their names say nothing here.
                return;
            }
            Stmt::Assign(assign) => {
                if let ([Expr::Name(name)], Expr::Dict(_) | Expr::List(_) | Expr::Tuple(_)) = (&*assign.targets, &*assign.value) {
                    self.0.displays.insert(&name.id, &assign.value);
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }
}

impl<'a> Finder<'a> {
    /// Note that the value of `expr` is used so.
    fn expect(&mut self, expr: &'a Expr, used: Use<'a>) {
        if used == Use::Any {
            return;
        }
        match expr {
            Expr::Name(name) => _ = self.names.entry((self.current, &name.id)).or_insert(used),
            Expr::Call(call) => _ = self.calls.entry(key(call.range())).or_insert(used),
            Expr::Await(wait) => self.expect(&wait.value, used),
            Expr::Named(named) => {
                self.expect(&named.target, used);
                self.expect(&named.value, used);
            }
            Expr::If(conditional) => {
                self.expect(&conditional.body, used);
                self.expect(&conditional.orelse, used);
            }
            Expr::List(list) => self.expect_items(&list.elts, used),
            Expr::ListComp(comprehension) => self.expect_items(std::slice::from_ref(&*comprehension.elt), used),
            Expr::SetComp(comprehension) => self.expect_items(std::slice::from_ref(&*comprehension.elt), used),
            Expr::Generator(comprehension) => self.expect_items(std::slice::from_ref(&*comprehension.elt), used),
            _ => {}
        }
    }

    /// Items of a display that is used so.
    fn expect_items(&mut self, items: &'a [Expr], used: Use<'a>) {
        let item = match used {
            Use::Annotated(Expr::Subscript(subscript)) | Use::Hinted(Expr::Subscript(subscript)) => Use::Hinted(&subscript.slice),
            Use::Items(inner) => inner.used(),
            _ => return,
        };
        items.iter().for_each(|expr| self.expect(expr, item));
    }

    fn condition(&mut self, expr: &'a Expr) {
        match expr {
            Expr::BoolOp(boolean) => boolean.values.iter().for_each(|value| self.condition(value)),
            Expr::UnaryOp(unary) if unary.op == ast::UnaryOp::Not => {}
            other => self.expect(other, Use::Condition),
        }
    }

    fn iterated(&mut self, iter: &'a Expr, target: &'a Expr) {
        let used = match target {
            Expr::Tuple(tuple) if !tuple.elts.iter().any(Expr::is_starred_expr) => Use::Pairs(tuple.elts.len()),
            _ => Use::Iterated,
        };
        self.expect(iter, used);
    }

    fn compared(&mut self, left: &'a Expr, op: CmpOp, right: &'a Expr) {
        match op {
            CmpOp::In | CmpOp::NotIn => {
                if let Some(display) = self.display(right) {
                    self.expect(left, Use::Among(display));
                }
                if matches!(left, Expr::StringLiteral(_)) {
                    self.expect(right, Use::Iterated);
                }
            }
            CmpOp::Is | CmpOp::IsNot => {}
            CmpOp::Eq | CmpOp::NotEq => {
                self.expect(left, like(right));
                self.expect(right, like(left));
            }
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
                let ordered = |other: &Expr| match like(other) {
                    Use::Any | Use::Integer => Use::Number,
                    used => used,
                };
                self.expect(left, ordered(right));
                self.expect(right, ordered(left));
            }
        }
    }

    /// The display that an expression is, itself or by a variable.
    fn display(&self, expr: &'a Expr) -> Option<&'a Expr> {
        match expr {
            Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) => Some(expr),
            Expr::Name(name) => self.displays.get(name.id.as_str()).copied(),
            _ => None,
        }
    }

    fn index(&mut self, subscript: &'a ast::ExprSubscript) {
        match self.display(&subscript.value) {
            Some(display @ Expr::Dict(_)) => self.expect(&subscript.slice, Use::Among(display)),
            Some(_) => self.expect(&subscript.slice, Use::Integer),
            None => {}
        }
    }

    fn call(&mut self, call: &'a ast::ExprCall) {
        match &*call.func {
            Expr::Name(name) => self.named_call(call, &name.id),
            Expr::Attribute(attribute) => {
                let method = attribute.attr.as_str();
                self.expect(&attribute.value, owner_of(method));
                if method == "join" {
                    self.all_arguments(call, Use::Items(Item::Text));
                }
            }
            _ => {}
        }
    }

    fn named_call(&mut self, call: &'a ast::ExprCall, name: &str) {
        if let Some(parameters) = self.parameters.get(name).cloned() {
            for (value, (_, annotation)) in call.arguments.args.iter().zip(&parameters) {
                self.expect(value, annotation.map_or(Use::Any, Use::Hinted));
            }
            for keyword in &call.arguments.keywords {
                let annotation = keyword.arg.as_ref().and_then(|word| parameters.iter().find(|(name, _)| *name == word.as_str()));
                self.expect(&keyword.value, annotation.and_then(|(_, a)| *a).map_or(Use::Any, Use::Hinted));
            }
            return;
        }
        match name {
            "int" | "abs" | "chr" | "hex" | "bin" => self.all_arguments(call, Use::Integer),
            "range" => self.all_arguments(call, Use::Integer),
            "float" | "round" => self.all_arguments(call, Use::Number),
            "str" | "ord" => self.all_arguments(call, Use::Text),
            "bool" => self.all_arguments(call, Use::Condition),
            "len" | "list" | "set" | "tuple" | "sorted" | "enumerate" | "reversed" => self.all_arguments(call, Use::Iterated),
            "any" | "all" => self.all_arguments(call, Use::Items(Item::Condition)),
            "sum" => self.all_arguments(call, Use::Items(Item::Number)),
            "filter" => self.lambda(call.arguments.args.first(), Use::Condition),
            _ => {}
        }
        if matches!(name, "sorted" | "max" | "min") {
            self.lambda(call.arguments.find_keyword("key").map(|keyword| &keyword.value), Use::Number);
        }
    }

    fn lambda(&mut self, function: Option<&'a Expr>, used: Use<'a>) {
        if let Some(Expr::Lambda(lambda)) = function {
            self.expect(&lambda.body, used);
        }
    }

    fn all_arguments(&mut self, call: &'a ast::ExprCall, used: Use<'a>) {
        call.arguments.args.iter().for_each(|argument| self.expect(argument, used));
    }
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::If(statement) => {
                self.condition(&statement.test);
                statement.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref()).for_each(|test| self.condition(test));
            }
            Stmt::While(statement) => self.condition(&statement.test),
            Stmt::Assert(statement) => self.condition(&statement.test),
            Stmt::Match(statement) => self.expect(&statement.subject, Use::Matched(statement)),
            Stmt::For(statement) => self.iterated(&statement.iter, &statement.target),
            Stmt::Return(statement) => {
                if let (Some(value), Some(annotation)) = (&statement.value, self.functions[self.current]) {
                    self.expect(value, Use::Hinted(annotation));
                }
            }
            Stmt::AnnAssign(assign) => {
                self.expect(&assign.target, Use::Hinted(&assign.annotation));
                if let Some(value) = &assign.value {
                    self.expect(value, Use::Annotated(&assign.annotation));
                }
            }
            Stmt::AugAssign(assign) => {
                let used = if matches!(like(&assign.target), Use::Text) { Use::Text } else { Use::Number };
                self.expect(&assign.value, used);
            }
            Stmt::Assign(assign) => match (&*assign.targets, &*assign.value) {
                ([Expr::Name(name)], value) => {
                    if let Expr::Call(call) = unwaited(value) {
                        self.stored.push((key(call.range()), self.current, &name.id));
                    }
                }
                ([Expr::Tuple(tuple)], value) if !tuple.elts.iter().any(Expr::is_starred_expr) => {
                    self.expect(value, Use::Unpacked(tuple.elts.len()));
                }
                _ => {}
            },
            Stmt::FunctionDef(def) => {
                let outer = self.current;
                self.current = self.functions.len();
                self.functions.push(def.returns.as_deref());
                for parameter in def.parameters.iter_non_variadic_params() {
                    // A parameter's own annotation is no use of a hole's value; it shields the name.
                    self.names.entry((self.current, parameter.parameter.name.as_str())).or_insert(Use::Any);
                }
                visitor::walk_stmt(self, stmt);
                self.current = outer;
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Compare(compare) => {
                let mut left = &*compare.left;
                for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                    self.compared(left, *op, right);
                    left = right;
                }
            }
            Expr::BinOp(binary) => {
                self.expect(&binary.left, operand(binary.op, &binary.right));
                self.expect(&binary.right, operand(binary.op, &binary.left));
            }
            Expr::UnaryOp(unary) if unary.op == ast::UnaryOp::Not => self.condition(&unary.operand),
            Expr::UnaryOp(unary) => self.expect(&unary.operand, Use::Number),
            Expr::If(conditional) => self.condition(&conditional.test),
            Expr::Subscript(subscript) => self.index(subscript),
            Expr::Call(call) => self.call(call),
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_comprehension(&mut self, comprehension: &'a ast::Comprehension) {
        self.iterated(&comprehension.iter, &comprehension.target);
        comprehension.ifs.iter().for_each(|test| self.condition(test));
        visitor::walk_comprehension(self, comprehension);
    }

    fn visit_interpolated_string_element(&mut self, element: &'a ast::InterpolatedStringElement) {
        if let ast::InterpolatedStringElement::Interpolation(field) = element {
            match field.format_spec.as_ref().map(|spec| &*spec.elements) {
                Some([ast::InterpolatedStringElement::Literal(text)]) => self.expect(&field.expression, formatted(&text.value)),
                _ if matches!(unwaited(&field.expression), Expr::Call(_)) => self.expect(&field.expression, Use::Text),
                _ => {}
            }
        }
        visitor::walk_interpolated_string_element(self, element);
    }
}

/// What the items of a container are used for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Item {
    Condition,
    Number,
    Text,
}

impl Item {
    pub(crate) fn used<'a>(self) -> Use<'a> {
        match self {
            Item::Condition => Use::Condition,
            Item::Number => Use::Number,
            Item::Text => Use::Text,
        }
    }
}

fn unwaited(expr: &Expr) -> &Expr {
    match expr {
        Expr::Await(wait) => &wait.value,
        other => other,
    }
}

fn owner_of<'a>(method: &str) -> Use<'a> {
    match method {
        _ if TEXT_METHODS.contains(&method) => Use::Text,
        _ if DICT_METHODS.contains(&method) => Use::Mapping,
        _ if LIST_METHODS.contains(&method) => Use::Iterated,
        _ => Use::Any,
    }
}

/// What a value is that is compared with `other`.
fn like<'a>(other: &Expr) -> Use<'a> {
    match other {
        Expr::StringLiteral(_) | Expr::FString(_) => Use::Text,
        Expr::BooleanLiteral(_) => Use::Condition,
        Expr::NumberLiteral(literal) if literal.value.is_int() => Use::Integer,
        Expr::NumberLiteral(_) => Use::Number,
        Expr::UnaryOp(unary) => like(&unary.operand),
        Expr::Call(call) => match &*call.func {
            Expr::Name(name) if name.id.as_str() == "len" => Use::Integer,
            Expr::Attribute(attribute) if matches!(attribute.attr.as_str(), "lower" | "upper" | "strip") => Use::Text,
            _ => Use::Any,
        },
        _ => Use::Any,
    }
}

/// What a value is that stands beside `other` at an operator.
fn operand<'a>(op: Operator, other: &Expr) -> Use<'a> {
    match (op, other) {
        (Operator::Mod, Expr::StringLiteral(_)) => Use::Any,
        (Operator::Add, Expr::StringLiteral(_) | Expr::FString(_)) => Use::Text,
        (Operator::Mult, Expr::StringLiteral(_) | Expr::List(_)) => Use::Integer,
        (_, Expr::List(_) | Expr::ListComp(_) | Expr::Tuple(_) | Expr::Dict(_) | Expr::Set(_)) => Use::Any,
        (Operator::BitOr | Operator::BitAnd | Operator::BitXor, _) => Use::Any,
        _ => Use::Number,
    }
}

/// What a format wants.
fn formatted<'a>(spec: &str) -> Use<'a> {
    match spec.chars().next_back() {
        Some('b' | 'c' | 'd' | 'o' | 'x' | 'X') => Use::Integer,
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => Use::Number,
        Some(',' | '_') => Use::Number,
        _ => Use::Text,
    }
}
