//! Forms of holes that become ordinary Python before anything is compiled: natural
//! blocks, lines of pseudocode, and what partial code needs to run.
//!
//! A form is a call of a function of the library, and assignments of what it
//! declares to write: so scopes, tracebacks and traces need to know nothing of
//! holes. New nodes have the range of the statement that they stand for.

use crate::pseudo::Line;
use crate::source::Lines;
use crate::{Holes, Options};
use emulant_ask::{Field, HoleKind, RecordKind, Shape, Value};
use emulant_machine::code::HoleSpec;
use ruff_python_ast::visitor::transformer::{self, Transformer};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt, Suite};
use ruff_text_size::{Ranged, TextRange};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

/// The variable that holds a form's result; no program can name it.
const RESULT: &str = ".hole";
/// Words by which a text may name how control goes on.
const CONTROLS: [&str; 4] = ["break", "continue", "return", "raise"];

/// Rewrite a module; the forms that were found are given for lists.
pub(crate) fn desugar(body: &mut Suite, lines: &Lines, options: &Options, pseudo: &[Line]) -> Vec<HoleSpec> {
    let blocks = Blocks::of(body, options.holes);
    let is_needed = blocks.module || !blocks.decorators.is_empty() || options.holes.partial || options.reached || !pseudo.is_empty();
    if !is_needed {
        return Vec::new();
    }
    if options.holes.partial {
        body.iter_mut().for_each(|stmt| Partial.visit_stmt(stmt));
    }
    let desugar = Desugar { lines, options, pseudo, decorators: blocks.decorators, defined: names_in(body).0, found: RefCell::default() };
    let place = Place { function: false, looping: false, blocks: blocks.module, names: &names_in(body) };
    let taken = std::mem::take(body);
    *body = desugar.suite(taken, place);
    desugar.found.into_inner()
}

/// Statements that the line metric counts, in the order of the source.
pub(crate) fn countable(body: &Suite) -> Vec<u32> {
    struct Counter(BTreeSet<u32>);
    impl<'a> Visitor<'a> for Counter {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(call) = expr
                && let Expr::Name(name) = &*call.func
                && name.id.as_str() == "__reached__"
                && let Some(Expr::NumberLiteral(number)) = call.arguments.args.first()
                && let ast::Number::Int(int) = &number.value
            {
                self.0.extend(int.as_u64().and_then(|place| u32::try_from(place).ok()));
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut counter = Counter(BTreeSet::new());
    counter.visit_body(body);
    counter.0.into_iter().collect()
}

/// Where natural blocks are looked for.
struct Blocks {
    /// Everywhere.
    module: bool,
    /// In functions with one of these decorators.
    decorators: HashSet<String>,
}

impl Blocks {
    fn of(body: &Suite, holes: Holes) -> Blocks {
        let mut decorators = HashSet::new();
        for stmt in body {
            match stmt {
                Stmt::Import(import) => {
                    for alias in import.names.iter().filter(|alias| alias.name.as_str() == "nightjarpy") {
                        decorators.insert(format!("{}.fn", alias.asname.as_ref().unwrap_or(&alias.name)));
                    }
                }
                Stmt::ImportFrom(import) if import.module.as_ref().is_some_and(|module| module.as_str() == "nightjarpy") => {
                    for alias in import.names.iter().filter(|alias| alias.name.as_str() == "fn") {
                        decorators.insert(alias.asname.as_ref().unwrap_or(&alias.name).to_string());
                    }
                }
                _ => {}
            }
        }
        Blocks { module: holes.blocks, decorators }
    }
}

/// Names stored, and names loaded, in a body without the functions in it.
type Names = (HashSet<String>, HashSet<String>);

fn names_in(body: &[Stmt]) -> Names {
    #[derive(Default)]
    struct Finder(Names);
    impl<'a> Visitor<'a> for Finder {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::FunctionDef(def) => _ = self.0.0.insert(def.name.to_string()),
                Stmt::ClassDef(class) => _ = self.0.0.insert(class.name.to_string()),
                Stmt::Import(import) => {
                    let names = import.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name));
                    self.0.0.extend(names.map(|name| name.split('.').next().unwrap_or_default().to_string()));
                }
                Stmt::ImportFrom(import) => {
                    self.0.0.extend(import.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string()));
                }
                other => visitor::walk_stmt(self, other),
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Name(name) = expr {
                let names = if name.ctx == ExprContext::Load { &mut self.0.1 } else { &mut self.0.0 };
                names.insert(name.id.to_string());
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut finder = Finder::default();
    finder.visit_body(body);
    finder.0
}

/// Where a statement stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    function: bool,
    looping: bool,
    blocks: bool,
    /// Names of the innermost function, or of the module.
    names: &'p Names,
}

struct Desugar<'d> {
    lines: &'d Lines<'d>,
    options: &'d Options,
    pseudo: &'d [Line],
    decorators: HashSet<String>,
    /// Names of the module.
    defined: HashSet<String>,
    found: RefCell<Vec<HoleSpec>>,
}

impl Desugar<'_> {
    fn suite(&self, suite: Suite, place: Place) -> Suite {
        let mut out = Vec::new();
        suite.into_iter().for_each(|stmt| self.stmt(stmt, place, &mut out));
        out.into_iter().collect()
    }

    fn stmt(&self, mut stmt: Stmt, place: Place, out: &mut Vec<Stmt>) {
        if let Some(form) = self.form(&stmt, place) {
            let range = stmt.range();
            out.extend(form);
            out.extend(self.reached(range, 0));
            return;
        }
        self.inner(&mut stmt, place);
        if self.options.holes.partial
            && let Some(imports) = partial_import(&stmt)
        {
            let range = stmt.range();
            out.extend(imports);
            out.extend(self.reached(range, 0));
            return;
        }
        match self.options.reached {
            true => self.counted(stmt, out),
            false => out.push(stmt),
        }
    }

    /// The bodies inside a statement.
    fn inner(&self, stmt: &mut Stmt, place: Place) {
        let range = stmt.range();
        let go = |body: &mut Suite, place: Place, mark: u32| {
            let mut suite: Vec<Stmt> = if mark > 0 { self.reached(range, mark).into_iter().collect() } else { Vec::new() };
            suite.extend(self.suite(std::mem::take(body), place));
            *body = suite.into_iter().collect();
        };
        match stmt {
            Stmt::FunctionDef(def) => {
                let blocks = def.decorator_list.iter().any(|decorator| self.is_marker(&decorator.expression));
                let mut names = names_in(&def.body);
                names.0.extend(def.parameters.iter().map(|parameter| parameter.name().to_string()));
                go(&mut def.body, Place { function: true, looping: false, blocks: blocks || place.blocks, names: &names }, 1);
            }
            Stmt::ClassDef(class) => go(&mut class.body, Place { function: false, looping: false, ..place }, 1),
            Stmt::If(statement) => {
                go(&mut statement.body, place, 1);
                for (index, clause) in statement.elif_else_clauses.iter_mut().enumerate() {
                    let mark = if clause.test.is_some() { 8 + index as u32 } else { 0 };
                    go(&mut clause.body, place, mark);
                }
            }
            Stmt::For(statement) => {
                go(&mut statement.body, Place { looping: true, ..place }, 1);
                go(&mut statement.orelse, place, 0);
            }
            Stmt::While(statement) => {
                go(&mut statement.body, Place { looping: true, ..place }, 1);
                go(&mut statement.orelse, place, 0);
            }
            Stmt::With(statement) => go(&mut statement.body, place, 1),
            Stmt::Try(statement) => {
                go(&mut statement.body, place, 1);
                for (index, ast::ExceptHandler::ExceptHandler(handler)) in statement.handlers.iter_mut().enumerate() {
                    go(&mut handler.body, place, 8 + index as u32);
                }
                go(&mut statement.orelse, place, 0);
                if !statement.finalbody.is_empty() {
                    go(&mut statement.finalbody, place, 2);
                }
            }
            Stmt::Match(statement) if !self.options.reached => {
                statement.cases.iter_mut().for_each(|case| go(&mut case.body, place, 0));
            }
            _ => {}
        }
    }

    fn is_marker(&self, decorator: &Expr) -> bool {
        let decorator = match decorator {
            Expr::Call(call) => &call.func,
            other => other,
        };
        self.decorators.contains(self.lines.slice(decorator.range()))
    }

    // ---- natural blocks and pseudocode

    fn form(&self, stmt: &Stmt, place: Place) -> Option<Vec<Stmt>> {
        let Stmt::Expr(statement) = stmt else { return None };
        if let Expr::Name(_) = &*statement.value
            && let Some(line) = self.pseudo.iter().find(|line| line.range == statement.value.range())
        {
            return Some(self.line(line, statement.range, place));
        }
        if !place.blocks {
            return None;
        }
        let (text, literal) = natural(&statement.value)?;
        Some(self.block(text, &literal, statement.range, place))
    }

    fn block(&self, text: Expr, literal: &str, range: TextRange, place: Place) -> Vec<Stmt> {
        let (inputs, outputs) = references(literal);
        let controls = CONTROLS.into_iter().filter(|word| {
            let allowed = match *word {
                "break" | "continue" => place.looping,
                "return" => place.function,
                _ => true,
            };
            allowed && has_word(literal, word)
        });
        let controls: Vec<&str> = controls.collect();
        self.note(HoleKind::Block, literal, &outputs, &controls, range);
        self.call("__block__", text, &inputs, &outputs, &controls, range)
    }

    fn line(&self, line: &Line, range: TextRange, place: Place) -> Vec<Stmt> {
        let words: BTreeSet<&str> = line.text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
        let target = line.text.split_once('=').map(|(target, _)| target.trim()).filter(|target| is_name(target));
        let mut outputs: Vec<String> = Vec::new();
        for word in &words {
            let (stored, loaded) = place.names;
            let own = stored.contains(*word) || loaded.contains(*word) && !self.defined.contains(*word) && !crate::builtins::BUILTINS.contains(word);
            if (own || target == Some(*word)) && is_name(word) {
                outputs.push(word.to_string());
            }
        }
        self.note(HoleKind::Line, &line.text, &outputs, &[], range);
        self.call("__line__", Make(range).text(&line.text), &[], &outputs, &[], range)
    }

    /// The call of the library, and what is done with its result: a pair of control and values.
    fn call(&self, function: &str, text: Expr, inputs: &[String], outputs: &[String], controls: &[&str], range: TextRange) -> Vec<Stmt> {
        let make = Make(range);
        let read = inputs.iter().filter(|name| !outputs.contains(name));
        let read = make.dict(read.map(|name| (make.text(name), make.load(name))));
        let declared = make.tuple(outputs.iter().map(|name| make.text(name)));
        let named = make.tuple(controls.iter().map(|word| make.text(word)));
        let (here, there) = (make.call("locals", Vec::new()), make.call("globals", Vec::new()));
        let mut out = vec![make.assign(RESULT, make.call(function, vec![text, read, declared, named, here, there]))];
        for name in outputs {
            let value = make.item(make.item(make.load(RESULT), make.int(1)), make.text(name));
            out.push(make.when(make.is_in(make.text(name), make.item(make.load(RESULT), make.int(1))), make.assign(name, value)));
        }
        for word in controls {
            let go = match *word {
                "break" => Stmt::Break(ast::StmtBreak { node_index: Default::default(), range }),
                "continue" => Stmt::Continue(ast::StmtContinue { node_index: Default::default(), range }),
                "return" => {
                    let value = make.item(make.item(make.load(RESULT), make.int(1)), make.text("return"));
                    Stmt::Return(ast::StmtReturn { node_index: Default::default(), range, value: Some(Box::new(value)) })
                }
                _ => continue,
            };
            out.push(make.when(make.is_in(make.item(make.load(RESULT), make.int(0)), make.tuple([make.text(word)])), go));
        }
        out
    }

    fn note(&self, kind: HoleKind, text: &str, outputs: &[String], controls: &[&str], range: TextRange) {
        let field = |name: &String| Field { name: name.clone(), shape: Shape::Any, required: kind == HoleKind::Block };
        let mut fields: Vec<Field> = outputs.iter().map(field).collect();
        if !controls.is_empty() {
            let values = std::iter::once("done").chain(controls.iter().copied()).map(Value::str).collect();
            fields.push(Field { name: "end".into(), shape: Shape::Literal { values }, required: true });
        }
        self.found.borrow_mut().push(HoleSpec {
            kind,
            name: "".into(),
            signature: "".into(),
            instruction: text.trim().into(),
            parameters: Vec::new(),
            shape: Shape::Record { record: RecordKind::TypedDict, name: "writes".into(), fields },
            examples: Vec::new(),
            wish: Default::default(),
            context: "".into(),
            lazy: false,
            line: self.lines.line(range.start()),
        });
    }

    // ---- the line metric

    /// `__reached__(n)`, where `n` is a place in the text.
    fn reached(&self, range: TextRange, part: u32) -> Option<Stmt> {
        let make = Make(range);
        let number = range.start().to_u32().saturating_mul(64).saturating_add(part);
        self.options.reached.then(|| make.effect(make.call("__reached__", vec![make.int(number)])))
    }

    /// A statement with what tells that it completed.
    fn counted(&self, stmt: Stmt, out: &mut Vec<Stmt>) {
        let range = stmt.range();
        let mark = |out: &mut Vec<Stmt>| out.extend(self.reached(range, 0));
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::For(_) | Stmt::While(_) | Stmt::If(_) | Stmt::With(_) | Stmt::Try(_) => out.push(stmt),
            Stmt::Expr(ref statement) if statement.value.is_string_literal_expr() => out.push(stmt),
            Stmt::Return(mut statement) => {
                if let Some(value) = statement.value.take() {
                    out.push(Make(range).assign(RESULT, *value));
                    statement.value = Some(Box::new(Make(range).load(RESULT)));
                }
                mark(out);
                out.push(Stmt::Return(statement));
            }
            Stmt::Expr(mut statement) => {
                if let Expr::Call(call) = &mut *statement.value
                    && matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "exit")
                {
                    if let Some(first) = call.arguments.args.first_mut() {
                        let value = std::mem::replace(first, Make(range).load(RESULT));
                        out.push(Make(range).assign(RESULT, value));
                    }
                    mark(out);
                    out.push(Stmt::Expr(statement));
                    return;
                }
                out.push(Stmt::Expr(statement));
                mark(out);
            }
            // Nothing after these runs.
            Stmt::Break(_) | Stmt::Continue(_) => {
                out.push(stmt);
                mark(out);
            }
            other => {
                out.push(other);
                mark(out);
            }
        }
    }
}

/// The text of a natural block, and what of it is written out.
fn natural(expr: &Expr) -> Option<(Expr, String)> {
    match expr {
        Expr::StringLiteral(string) => {
            let text = string.value.to_str().trim_start().strip_prefix("natural")?;
            text.starts_with(['\n', ' ', '\t']).then(|| (Make(expr.range()).text(text.trim()), text.to_string()))
        }
        Expr::FString(string) => {
            let literal: String = string.value.elements().filter_map(|element| element.as_literal()).map(|text| &*text.value).collect();
            literal.trim_start().strip_prefix("natural")?.starts_with(['\n', ' ', '\t']).then(|| (expr.clone(), literal))
        }
        _ => None,
    }
}

/// Names in `<x>` or `<x.y>`, and names in `<:x>`; an attribute that is written belongs to an object that is read.
fn references(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut inputs, mut outputs, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (at, _) in text.match_indices('<') {
        let Some(inner) = text[at + 1..].split('>').next() else { continue };
        let (list, path) = match inner.strip_prefix(':') {
            Some(path) if path.contains('.') => (&mut parts, path),
            Some(path) => (&mut outputs, path),
            None => (&mut inputs, inner),
        };
        let name = path.split('.').next().unwrap_or_default();
        if path.split('.').all(is_name) && !list.iter().any(|known| known == name) {
            list.push(name.to_string());
        }
    }
    for name in parts {
        if !outputs.contains(&name) && !inputs.contains(&name) {
            inputs.push(name);
        }
    }
    (inputs, outputs)
}

fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
        && !is_keyword(word)
}

/// Python's keywords.
fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
        "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
        "return", "try", "while", "with", "yield",
    ];
    KEYWORDS.contains(&word)
}

/// Does the text say the word?
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|found| found.eq_ignore_ascii_case(word))
}

// ---- partial code

/// Rewrites places that tell a missing value how many parts it has, or that it is an exception.
struct Partial;

impl Transformer for Partial {
    fn visit_stmt(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Assign(assign) => {
                if let [target] = &*assign.targets {
                    wrap(&mut assign.value, "__opaque_unpack__", arity(target));
                }
            }
            Stmt::For(statement) => wrap(&mut statement.iter, "__opaque_items__", arity(&statement.target)),
            Stmt::Raise(statement) => {
                if let Some(exc) = &mut statement.exc {
                    wrap(exc, "__opaque_raise__", Some(0));
                }
            }
            _ => {}
        }
        transformer::walk_stmt(self, stmt);
    }

    fn visit_expr(&self, expr: &mut Expr) {
        transformer::walk_expr(self, expr);
        // A body that was taken out of its class has no base to go to.
        if let Expr::Call(call) = expr
            && call.arguments.is_empty()
            && matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "super")
        {
            *expr = Make(call.range()).call("__opaque_super__", Vec::new());
        }
    }

    fn visit_except_handler(&self, handler: &mut ast::ExceptHandler) {
        let ast::ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(class) = &mut inner.type_ {
            wrap(class, "__opaque_caught__", Some(0));
        }
        transformer::walk_except_handler(self, handler);
    }

    fn visit_comprehension(&self, comprehension: &mut ast::Comprehension) {
        let parts = arity(&comprehension.target);
        wrap(&mut comprehension.iter, "__opaque_items__", parts);
        transformer::walk_comprehension(self, comprehension);
    }
}

/// Number of parts that a target wants, when it is fixed.
fn arity(target: &Expr) -> Option<usize> {
    let elts = match target {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => return None,
    };
    (!elts.iter().any(Expr::is_starred_expr)).then_some(elts.len())
}

fn wrap(expr: &mut Expr, function: &str, parts: Option<usize>) {
    let Some(parts) = parts else { return };
    let make = Make(expr.range());
    let value = std::mem::replace(expr, make.int(0));
    let mut arguments = vec![value];
    if parts > 0 {
        arguments.push(make.int(parts as u32));
    }
    *expr = make.call(function, arguments);
}

/// An import of what may be missing, as assignments.
fn partial_import(stmt: &Stmt) -> Option<Vec<Stmt>> {
    let make = Make(stmt.range());
    match stmt {
        Stmt::Import(import) => Some(import.names.iter().map(|alias| {
            let bound = alias.asname.as_ref().map_or_else(|| alias.name.split('.').next().unwrap_or_default(), |name| name.as_str());
            let last = make.int(u32::from(alias.asname.is_some()));
            make.assign(bound, make.call("__opaque_import__", vec![make.text(&alias.name), last]))
        }).collect()),
        Stmt::ImportFrom(import) if import.module.as_ref().is_none_or(|module| module.as_str() != "__future__") => {
            let module = import.module.as_ref().map_or("", |module| module.as_str());
            let names = import.names.iter().filter(|alias| alias.name.as_str() != "*").map(|alias| {
                let value = make.call("__opaque_from__", vec![make.text(module), make.int(import.level), make.text(&alias.name)]);
                make.assign(alias.asname.as_ref().unwrap_or(&alias.name), value)
            });
            let mut out: Vec<Stmt> = names.collect();
            if out.is_empty() {
                out.push(make.effect(make.call("__opaque_star__", vec![make.text(module), make.call("globals", Vec::new())])));
            }
            Some(out)
        }
        _ => None,
    }
}

// ---- new nodes, all at one place

#[derive(Clone, Copy)]
struct Make(TextRange);

impl Make {
    fn name(self, name: &str, ctx: ExprContext) -> Expr {
        Expr::Name(ast::ExprName { node_index: Default::default(), range: self.0, id: ast::name::Name::new(name), ctx })
    }

    fn load(self, name: &str) -> Expr {
        self.name(name, ExprContext::Load)
    }

    fn text(self, text: &str) -> Expr {
        let flags = ast::StringLiteralFlags::empty();
        let literal = ast::StringLiteral { range: self.0, node_index: Default::default(), value: text.into(), flags };
        Expr::StringLiteral(ast::ExprStringLiteral { node_index: Default::default(), range: self.0, value: ast::StringLiteralValue::single(literal) })
    }

    fn int(self, int: u32) -> Expr {
        Expr::NumberLiteral(ast::ExprNumberLiteral { node_index: Default::default(), range: self.0, value: ast::Number::Int(int.into()) })
    }

    fn tuple(self, items: impl IntoIterator<Item = Expr>) -> Expr {
        let elts = items.into_iter().collect();
        Expr::Tuple(ast::ExprTuple { node_index: Default::default(), range: self.0, elts, ctx: ExprContext::Load, parenthesized: true })
    }

    fn dict(self, items: impl IntoIterator<Item = (Expr, Expr)>) -> Expr {
        let items = items.into_iter().map(|(key, value)| ast::DictItem { key: Some(key), value }).collect();
        Expr::Dict(ast::ExprDict { node_index: Default::default(), range: self.0, items })
    }

    fn call(self, function: &str, arguments: Vec<Expr>) -> Expr {
        let arguments = ast::Arguments { range: self.0, node_index: Default::default(), args: arguments.into(), keywords: Default::default() };
        Expr::Call(ast::ExprCall { node_index: Default::default(), range_start: self.0.start(), func: Box::new(self.load(function)), arguments })
    }

    fn item(self, value: Expr, key: Expr) -> Expr {
        let (value, slice) = (Box::new(value), Box::new(key));
        Expr::Subscript(ast::ExprSubscript { node_index: Default::default(), range: self.0, value, slice, ctx: ExprContext::Load })
    }

    fn is_in(self, left: Expr, right: Expr) -> Expr {
        let (ops, comparators) = (Box::from([ast::CmpOp::In]), Box::from([right]));
        Expr::Compare(ast::ExprCompare { node_index: Default::default(), range: self.0, left: Box::new(left), ops, comparators })
    }

    fn assign(self, name: &str, value: Expr) -> Stmt {
        let targets = vec![self.name(name, ExprContext::Store)];
        Stmt::Assign(ast::StmtAssign { node_index: Default::default(), range: self.0, targets, value: Box::new(value) })
    }

    fn effect(self, value: Expr) -> Stmt {
        Stmt::Expr(ast::StmtExpr { node_index: Default::default(), range: self.0, value: Box::new(value) })
    }

    fn when(self, test: Expr, then: Stmt) -> Stmt {
        let (test, body) = (Box::new(test), std::iter::once(then).collect());
        Stmt::If(ast::StmtIf { node_index: Default::default(), range: self.0, test, body, elif_else_clauses: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_what_it_reads_writes_and_how_it_ends() {
        let text = "Give <a> to <b.c>; save <:d> and <:b.e>, <:f.g>. It returns, or breaks; Return if 1 < 2 > 0.";
        let names = |list: &[&str]| list.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        assert_eq!(references(text), (names(&["a", "b", "f"]), names(&["d"])));
        assert!(has_word(text, "return") && !has_word(text, "break"));
        assert!(!has_word("It returns 3.", "return"));
    }
}
