//! Holes: places that a model answers. Which they are, what type the answer has,
//! and the instructions that ask.

use crate::builtins::BUILTINS;
use crate::compiler::Compiler;
use crate::error::{CompileError, Step};
use crate::function::docstring_of;
use crate::pattern::literal_cases;
use crate::shapes::{self, Types, Unresolved, literal_value, needs_class};
use crate::source::Lines;
use crate::uses::{Item, Uses};
use crate::{Holes, Options};
use emulant_ask::{Field, HoleKind, RecordKind, Shape, Value, Wish};
use emulant_machine::code::{Code, HoleSpec, Op, Reg};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};
use ruff_text_size::{Ranged, TextRange};
use std::collections::HashSet;

/// Most characters of source around a hole.
const CONTEXT_MAX: usize = 4000;
/// Longest annotation in quotes that is looked into.
const QUOTED_MAX: usize = 400;

/// What a value is used for, which types a hole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Use<'a> {
    Any,
    Condition,
    Text,
    Integer,
    Number,
    Iterated,
    Returned,
    /// Iterated, each item taken apart into so many parts.
    Pairs(usize),
    /// Taken apart into so many parts.
    Unpacked(usize),
    Mapping,
    /// Iterated, with items of this use.
    Items(Item),
    Annotated(&'a Expr),
    /// As annotated, but by a place nearby: what cannot be resolved says nothing.
    Hinted(&'a Expr),
    /// One of the items or keys of a display.
    Among(&'a Expr),
    Matched(&'a ast::StmtMatch),
}

/// One hole of a program, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Hole {
    /// Line, from 1.
    pub line: u32,
    /// Its dress.
    pub kind: HoleKind,
    /// Name of the function, or empty.
    pub name: String,
    /// Type of the answer.
    pub shape: Shape,
    /// What is asked, with the names of arguments in place of their values.
    pub asked: emulant_ask::Hole,
}

/// What would be asked: arguments are not known before the program runs.
fn asked(spec: &HoleSpec) -> emulant_ask::Hole {
    let placeholder = |name: &str| match name.bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!("<argument {name}>"),
        false => format!("<{name}>"),
    };
    let arguments = spec.parameters.iter().map(|name| (name.to_string(), Value::Str(placeholder(name)))).collect();
    let instruction = match spec.kind {
        HoleKind::Expression => "<question>".into(),
        _ => spec.instruction.to_string(),
    };
    emulant_ask::Hole {
        hole: spec.kind,
        name: spec.name.to_string(),
        signature: spec.signature.to_string(),
        instruction,
        arguments,
        shape: spec.shape.clone(),
        examples: spec.examples.clone(),
        context: spec.context.to_string(),
        wish: spec.wish.clone(),
        ..emulant_ask::Hole::default()
    }
}

/// Every hole of a program, in the order of the source.
pub fn holes(code: &Code) -> Vec<Hole> {
    fn add(code: &Code, found: &mut Vec<Hole>) {
        for hole in &code.holes {
            let hole = Hole { line: hole.line, kind: hole.kind, name: hole.name.to_string(), shape: hole.shape.clone(), asked: asked(hole) };
            // A `finally` body is compiled more than once.
            if !found.contains(&hole) {
                found.push(hole);
            }
        }
        code.children.iter().for_each(|child| add(child, found));
    }
    let mut found = Vec::new();
    add(code, &mut found);
    found.sort_by_key(|hole| hole.line);
    found
}

// ---- what the file says

/// Annotations in quotes, parsed, with the place of the string.
pub(crate) type Quoted = Vec<(TextRange, Expr)>;

/// Parse the annotations in quotes that holes may need.
pub(crate) fn quoted_annotations(lines: &Lines, body: &[Stmt]) -> Quoted {
    struct Finder<'l>(&'l Lines<'l>, Quoted);
    impl<'a> Visitor<'a> for Finder<'_> {
        fn visit_annotation(&mut self, expr: &'a Expr) {
            self.visit_expr(expr);
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::StringLiteral(string) = expr
                && let Some(literal) = string.as_single_part_string()
                && literal.value.len() < QUOTED_MAX
                && let Ok(parsed) = ruff_python_parser::parse_string_annotation(self.0.text(), literal)
            {
                self.1.push((expr.range(), parsed.into_expr()));
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut finder = Finder(lines, Vec::new());
    if mentions_emulant(lines) {
        finder.visit_body(body);
    }
    finder.1
}

fn mentions_emulant(lines: &Lines) -> bool {
    lines.text().contains("emulant")
}

/// What of a file's text concerns holes.
#[derive(Default)]
pub(crate) struct HoleFinder<'a> {
    enabled: Holes,
    /// Names of `emulate`, of `ask`, and of the module itself.
    emulate: HashSet<&'a str>,
    ask: HashSet<&'a str>,
    module: HashSet<&'a str>,
    /// Every name that the file binds somewhere, or that exists anyway.
    defined: HashSet<&'a str>,
    star_import: bool,
    types: Types<'a>,
    uses: Uses<'a>,
    /// Names of `example` and `raises`, and of `synthesize` and `auto`.
    examples: HashSet<&'a str>,
    raises: HashSet<&'a str>,
    written: HashSet<&'a str>,
}

impl<'a> HoleFinder<'a> {
    pub(crate) fn new(body: &'a [Stmt], options: &'a Options, quoted: &'a Quoted) -> HoleFinder<'a> {
        let mut finder = HoleFinder { enabled: options.holes, ..HoleFinder::default() };
        finder.types.quoted = quoted.iter().map(|(range, expr)| (shapes::key(*range), expr)).collect();
        finder.defined.extend(BUILTINS);
        finder.defined.extend(options.inputs.iter().map(String::as_str));
        for stmt in body {
            if let Stmt::Assign(assign) = stmt
                && let [Expr::Name(name)] = &*assign.targets
            {
                finder.types.aliases.insert(&name.id, &assign.value);
            }
        }
        finder.visit_body(body);
        if finder.enabled.calls || !finder.ask.is_empty() || !finder.module.is_empty() {
            finder.uses = Uses::new(body);
        }
        finder
    }

    fn is_named(names: &HashSet<&str>, modules: &HashSet<&str>, word: &str, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => names.contains(name.id.as_str()),
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Name(name) => attribute.attr.as_str() == word && modules.contains(name.id.as_str()),
                _ => false,
            },
            _ => false,
        }
    }

    /// Is the decorator `@emulate` or `@emulate(…)`?
    pub(crate) fn is_marker(&self, decorator: &Expr) -> bool {
        match decorator {
            Expr::Call(call) => self.is_marker(&call.func),
            other => Self::is_named(&self.emulate, &self.module, "emulate", other),
        }
    }

    /// Is the decorator `@synthesize` or `@auto`, whose function is a stub too until it is written?
    fn is_writer(&self, decorator: &Expr) -> bool {
        match decorator {
            Expr::Call(call) => self.is_writer(&call.func),
            other => ["synthesize", "auto"].iter().any(|word| Self::is_named(&self.written, &self.module, word, other)),
        }
    }

    fn is_ask(&self, expr: &Expr) -> bool {
        Self::is_named(&self.ask, &self.module, "ask", expr)
    }

    /// Is a function's body left to a model?
    pub(crate) fn is_stub(&self, def: &ast::StmtFunctionDef) -> bool {
        let marked = def.decorator_list.iter().any(|decorator| self.is_marker(&decorator.expression) || self.is_writer(&decorator.expression));
        let plain = self.enabled.stubs && def.decorator_list.is_empty() && def.returns.is_some();
        (marked || plain) && is_empty_body(&def.body)
    }

    /// The call that a decorator `@example(…)` or `@raises(…)` is.
    fn decorator<'d>(&self, decorator: &'d Expr, word: &str) -> Option<&'d ast::ExprCall> {
        let names = if word == "example" { &self.examples } else { &self.raises };
        match decorator {
            Expr::Call(call) if Self::is_named(names, &self.module, word, &call.func) => Some(call),
            _ => None,
        }
    }

    /// Does the compiler take the decorator off a function?
    pub(crate) fn is_taken(&self, decorator: &Expr) -> bool {
        self.is_marker(decorator) || self.decorator(decorator, "raises").is_some()
    }

    /// Is a call of this name a hole?
    fn is_undefined(&self, name: &str) -> bool {
        self.enabled.calls && !self.star_import && !self.defined.iter().any(|defined| is_near(name, defined))
    }
}

impl<'a> Visitor<'a> for HoleFinder<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.defined.insert(&def.name);
            }
            Stmt::ClassDef(def) => {
                self.defined.insert(&def.name);
                self.types.classes.insert(&def.name, def);
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.defined.insert(bound.split('.').next().unwrap_or_default());
                    if alias.name.as_str() == "emulant" {
                        self.module.insert(bound);
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let ours = import.module.as_ref().is_some_and(|module| module.as_str() == "emulant");
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.star_import |= bound == "*";
                    self.defined.insert(bound);
                    match alias.name.as_str() {
                        "emulate" if ours => _ = self.emulate.insert(bound),
                        "ask" if ours => _ = self.ask.insert(bound),
                        "example" if ours => _ = self.examples.insert(bound),
                        "raises" if ours => _ = self.raises.insert(bound),
                        "synthesize" | "auto" if ours => _ = self.written.insert(bound),
                        _ => {}
                    }
                }
            }
            Stmt::Global(global) => self.defined.extend(global.names.iter().map(|name| name.as_str())),
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.ctx == ExprContext::Store
        {
            self.defined.insert(&name.id);
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_parameter(&mut self, parameter: &'a ast::Parameter) {
        self.defined.insert(&parameter.name);
        visitor::walk_parameter(self, parameter);
    }

    fn visit_except_handler(&mut self, handler: &'a ast::ExceptHandler) {
        let ast::ExceptHandler::ExceptHandler(inner) = handler;
        self.defined.extend(inner.name.as_ref().map(|name| name.as_str()));
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        let name = match pattern {
            ast::Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            ast::Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            ast::Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        self.defined.extend(name.map(|name| name.as_str()));
        visitor::walk_pattern(self, pattern);
    }
}

/// A docstring, `...`, or both, and nothing else.
fn is_empty_body(body: &[Stmt]) -> bool {
    !body.is_empty()
        && body.iter().all(|stmt| match stmt {
            Stmt::Expr(statement) => matches!(&*statement.value, Expr::EllipsisLiteral(_) | Expr::StringLiteral(_)),
            _ => false,
        })
}

/// Is the edit distance of two names at most two? A slip of the pen is never a hole.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.len()] <= 2
}

// ---- asking

impl<'a> Compiler<'a> {
    fn shape_of(&self, annotation: &Expr) -> Step<Shape> {
        self.holes.types.shape(annotation).map_err(|Unresolved { range, what }| {
            Box::new(CompileError::not_supported(self.lines, range, what))
        })
    }

    /// Compile the body of a stub: ask with all parameters, and return the answer.
    pub(crate) fn stub_body(&mut self, def: &'a ast::StmtFunctionDef) -> Step<bool> {
        let marked = def.decorator_list.iter().any(|decorator| self.holes.is_marker(&decorator.expression));
        if !self.holes.is_stub(def) {
            return match marked {
                true => Err(self.not_supported(def.name.range(), "@emulate on a function that has a body")),
                false => Ok(false),
            };
        }
        let place = TextRange::new(self.header(def.range, &def.decorator_list).start(), def.parameters.range.end());
        let mut shape = match &def.returns {
            Some(annotation) => self.shape_of(annotation)?,
            None => Shape::Str { max: None },
        };
        let classes = self.raised_classes(def)?;
        // What is written once judges its examples itself, and keeps one back.
        let writer = def.decorator_list.iter().any(|decorator| self.holes.is_writer(&decorator.expression));
        let examples = if writer { Vec::new() } else { self.examples_of(def)? };
        if !classes.is_empty() {
            shape = with_failure(shape, &classes);
        }
        self.u.doc = docstring_of(&def.body);
        let count = self.u.params.count();
        let frame = &self.scopes.all[self.scopes.frame(self.u.scope)];
        let spec = HoleSpec {
            kind: HoleKind::Stub,
            name: def.name.as_str().into(),
            signature: self.signature(def).into(),
            instruction: clean_docstring(self.u.doc.as_deref().unwrap_or_default()).into(),
            parameters: frame.locals[..count].iter().map(|name| name.as_str().into()).collect(),
            shape,
            examples,
            wish: self.wish_of(def)?,
            context: "".into(),
            lazy: true,
            line: self.lines.line(place.start()),
        };
        let dst = self.temp();
        match classes.is_empty() {
            true => self.ask(spec, 0, dst, def.returns.as_deref(), place)?,
            false => self.ask_that_may_raise(spec, dst, def.returns.as_deref(), &classes, place)?,
        }
        self.emit(place, Op::Return { src: dst });
        Ok(true)
    }

    /// What `@emulate(model="…", n=…, threshold=…)` wishes.
    fn wish_of(&self, def: &'a ast::StmtFunctionDef) -> Step<Wish> {
        let mut wish = Wish::default();
        for decorator in &def.decorator_list {
            let Expr::Call(call) = &decorator.expression else { continue };
            if !self.holes.is_marker(&call.func) {
                continue;
            }
            for keyword in &call.arguments.keywords {
                let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
                match (name, literal_value(&keyword.value)) {
                    ("model", Some(Value::Str(model))) => wish.model = model,
                    ("n" | "samples", Some(Value::Int(samples))) => wish.samples = u32::try_from(samples).unwrap_or(0),
                    ("threshold", Some(Value::Float(share))) => wish.threshold_ppm = Some((share.clamp(0.0, 1.0) * 1e6) as u32),
                    ("threshold", Some(Value::Int(share))) => wish.threshold_ppm = Some(share.clamp(0, 1) as u32 * 1_000_000),
                    _ => return Err(self.not_supported(keyword.range, format!("the option {name} of @emulate with this value"))),
                }
            }
        }
        Ok(wish)
    }

    /// The classes that `@raises(…)` names.
    fn raised_classes(&self, def: &'a ast::StmtFunctionDef) -> Step<Vec<&'a ast::ExprName>> {
        let mut classes = Vec::new();
        for decorator in &def.decorator_list {
            let Some(call) = self.holes.decorator(&decorator.expression, "raises") else { continue };
            for argument in &call.arguments.args {
                match argument {
                    Expr::Name(name) => classes.push(name),
                    other => return Err(self.not_supported(other.range(), "@raises with other than names of classes")),
                }
            }
        }
        Ok(classes)
    }

    /// The solved calls that `@example(…, returns=…)` writes out.
    fn examples_of(&self, def: &'a ast::StmtFunctionDef) -> Step<Vec<(Vec<(String, Value)>, Value)>> {
        let mut examples = Vec::new();
        let names: Vec<&str> = def.parameters.iter_non_variadic_params().map(|p| p.parameter.name.as_str()).collect();
        for decorator in def.decorator_list.iter() {
            let Some(call) = self.holes.decorator(&decorator.expression, "example") else { continue };
            let written = |expr: &Expr| self.holes.types.value(expr).ok_or_else(|| self.not_supported(expr.range(), "an example that is not written out"));
            let mut arguments = Vec::new();
            for (index, argument) in call.arguments.args.iter().enumerate() {
                let name = names.get(index).ok_or_else(|| self.not_supported(argument.range(), "an example with more arguments than parameters"))?;
                arguments.push((name.to_string(), written(argument)?));
            }
            let mut answer = None;
            for keyword in &call.arguments.keywords {
                match keyword.arg.as_ref().map(|name| name.as_str()) {
                    Some("returns") => answer = Some(written(&keyword.value)?),
                    Some(name) => arguments.push((name.to_string(), written(&keyword.value)?)),
                    None => return Err(self.not_supported(keyword.range, "an example with **")),
                }
            }
            let answer = answer.ok_or_else(|| self.not_supported(call.range(), "an example without returns="))?;
            examples.push((arguments, answer));
        }
        Ok(examples)
    }

    /// Ask a stub whose answer may be one of its exceptions.
    fn ask_that_may_raise(&mut self, mut spec: HoleSpec, dst: Reg, annotation: Option<&'a Expr>, classes: &[&'a ast::ExprName], place: TextRange) -> Step {
        spec.lazy = false;
        let Ok(hole) = u16::try_from(self.u.holes.len()) else {
            return Err(self.not_supported(place, "more than 65535 holes in one function or module"));
        };
        self.u.holes.push(spec);
        let mark = self.u.b.mark();
        let func = self.u.b.take(4);
        self.emit(place, Op::Ask { dst: func + 1, first: 0, hole });
        self.load_global("__answered__", place, func);
        match annotation {
            Some(annotation) => self.evaluated_annotation(annotation, func + 2)?,
            None => self.emit(place, Op::LoadNone { dst: func + 2 }),
        }
        let inner = self.u.b.mark();
        let first = inner as Reg;
        for class in classes {
            let dst = self.temp();
            self.load_name(&class.id, class.range, dst);
        }
        self.emit(place, Op::BuildTuple { dst: func + 3, first, count: classes.len() as u16 });
        self.u.b.release(inner);
        self.emit(place, Op::Call { dst, func, count: 3 });
        self.u.b.release(mark);
        Ok(())
    }

    /// `def name(parameters) -> type` on one line.
    fn signature(&self, def: &ast::StmtFunctionDef) -> String {
        let start = self.header(def.range, &def.decorator_list).start();
        let end = def.returns.as_ref().map_or(def.parameters.range.end(), |returns| returns.end());
        self.lines.slice(TextRange::new(start, end)).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Ask, and make objects of the program from the answer where it needs them.
    fn ask(&mut self, mut spec: HoleSpec, first: Reg, dst: Reg, annotation: Option<&'a Expr>, place: TextRange) -> Step {
        let hydrate = needs_class(&spec.shape);
        spec.lazy = !hydrate;
        let Ok(hole) = u16::try_from(self.u.holes.len()) else {
            return Err(self.not_supported(place, "more than 65535 holes in one function or module"));
        };
        self.u.holes.push(spec);
        if !hydrate {
            self.emit(place, Op::Ask { dst, first, hole });
            return Ok(());
        }
        let mark = self.u.b.mark();
        let func = self.u.b.take(3);
        self.emit(place, Op::Ask { dst: func + 1, first, hole });
        self.load_global("__hydrate__", place, func);
        match annotation {
            Some(annotation) => self.evaluated_annotation(annotation, func + 2)?,
            None => self.emit(place, Op::LoadNone { dst: func + 2 }),
        }
        self.emit(place, Op::Call { dst, func, count: 2 });
        self.u.b.release(mark);
        Ok(())
    }

    fn evaluated_annotation(&mut self, annotation: &'a Expr, dst: Reg) -> Step {
        match self.holes.types.quoted.get(&shapes::key(annotation.range())) {
            Some(parsed) => self.expr_to(parsed, dst),
            None => self.expr_to(annotation, dst),
        }
    }

    /// Compile a call that is a hole; false when it is none.
    pub(crate) fn hole_call(&mut self, call: &'a ast::ExprCall, dst: Reg, used: Use<'a>) -> Step<bool> {
        let used = match used {
            Use::Annotated(_) => used,
            _ => self.holes.uses.of(call.range()).unwrap_or(used),
        };
        match &*call.func {
            Expr::Subscript(subscript) if self.holes.is_ask(&subscript.value) => {
                let shape = self.shape_of(&subscript.slice)?;
                self.ask_call(call, dst, shape, Some(&subscript.slice))
            }
            func if self.holes.is_ask(func) => {
                let (shape, annotation) = self.asked_type(used)?;
                self.ask_call(call, dst, shape, annotation)
            }
            Expr::Name(name) if self.holes.is_undefined(&name.id) && !crate::call::has_stars(&call.arguments) => {
                self.undefined_call(call, HoleKind::Call, &name.id, dst, used)
            }
            Expr::StringLiteral(phrase) if self.holes.enabled.calls && !crate::call::has_stars(&call.arguments) => {
                self.undefined_call(call, HoleKind::Phrase, phrase.value.to_str(), dst, used)
            }
            _ => Ok(false),
        }
    }

    fn asked_type(&self, used: Use<'a>) -> Step<(Shape, Option<&'a Expr>)> {
        Ok(match used {
            Use::Annotated(annotation) => (self.shape_of(annotation)?, Some(annotation)),
            Use::Any | Use::Returned => (Shape::Str { max: None }, None),
            used => self.used_type(used)?,
        })
    }

    fn ask_call(&mut self, call: &'a ast::ExprCall, dst: Reg, shape: Shape, annotation: Option<&'a Expr>) -> Step<bool> {
        let range = call.range();
        let question = match (&*call.arguments.args, &*call.arguments.keywords) {
            ([question], []) if !question.is_starred_expr() => question,
            ([], [keyword]) if keyword.arg.as_ref().is_some_and(|name| name.as_str() == "question") => &keyword.value,
            _ => return Err(self.not_supported(range, "ask() with other than one question")),
        };
        let spec = self.expression_hole(HoleKind::Expression, "", vec!["question".into()], shape, range);
        let mark = self.u.b.mark();
        let first = self.temp_of(question, Use::Text)?;
        self.ask(spec, first, dst, annotation, range)?;
        self.u.b.release(mark);
        Ok(true)
    }

    fn expression_hole(&self, kind: HoleKind, name: &str, parameters: Vec<Box<str>>, shape: Shape, range: TextRange) -> HoleSpec {
        HoleSpec {
            kind,
            name: name.into(),
            signature: "".into(),
            instruction: "".into(),
            parameters,
            shape,
            examples: Vec::new(),
            wish: Wish::default(),
            context: self.context(range).into(),
            lazy: true,
            line: self.lines.line(range.start()),
        }
    }

    /// The source of the function around a hole, or the lines near it.
    fn context(&self, range: TextRange) -> String {
        let frame = &self.scopes.all[self.scopes.frame(self.u.scope)];
        let function = self.lines.slice(frame.range).trim_end();
        if self.u.in_function && function.len() <= CONTEXT_MAX {
            return function.to_string();
        }
        let line = self.lines.line(range.start());
        let near = line.saturating_sub(20).max(1)..=(line + 20).min(self.lines.count());
        let text = near.map(|line| self.lines.line_text(line)).collect::<Vec<_>>().join("\n");
        match text.char_indices().nth(CONTEXT_MAX) {
            Some((cut, _)) => text[..cut].to_string(),
            None => text,
        }
    }

    // ---- calls of names that are defined nowhere

    fn undefined_call(&mut self, call: &'a ast::ExprCall, kind: HoleKind, name: &str, dst: Reg, used: Use<'a>) -> Step<bool> {
        let arguments = &call.arguments;
        let mut parameters: Vec<Box<str>> = (0..arguments.args.len()).map(|index| index.to_string().into()).collect();
        let mut values: Vec<&Expr> = arguments.args.iter().collect();
        let mut told = None;
        for keyword in &arguments.keywords {
            let Some(word) = &keyword.arg else { continue };
            match (word.as_str(), &keyword.value) {
                ("ret_type", Expr::StringLiteral(text)) => told = Some(told_type(text.value.to_str())),
                _ => {
                    parameters.push(word.as_str().into());
                    values.push(&keyword.value);
                }
            }
        }
        let (shape, annotation) = match told {
            Some(Some(shape)) => (shape, None),
            Some(None) => return Err(self.not_supported(call.range(), "this ret_type")),
            None => self.used_type(used)?,
        };
        let spec = self.expression_hole(kind, name, parameters, shape, call.range());
        let mark = self.u.b.mark();
        let first = mark as Reg;
        for value in values {
            let dst = self.temp();
            self.expr_to(value, dst)?;
        }
        self.ask(spec, first, dst, annotation, call.range())?;
        self.u.b.release(mark);
        Ok(true)
    }

    /// The type that the use of a value asks for.
    fn used_type(&self, used: Use<'a>) -> Step<(Shape, Option<&'a Expr>)> {
        let int = Shape::Int { min: None, max: None };
        Ok((
            match used {
                Use::Any | Use::Returned => Shape::Any,
                Use::Condition => Shape::Bool,
                Use::Text => Shape::Str { max: None },
                Use::Integer => int,
                Use::Number => Shape::Union { options: vec![int, Shape::Float] },
                Use::Iterated => Shape::List { item: Box::new(Shape::Str { max: None }) },
                Use::Pairs(parts) => Shape::List { item: Box::new(Shape::Tuple { items: vec![Shape::Any; parts] }) },
                Use::Unpacked(parts) => Shape::Tuple { items: vec![Shape::Any; parts] },
                Use::Mapping => Shape::Dict { value: Box::new(Shape::Any) },
                Use::Items(item) => Shape::List { item: Box::new(self.used_type(item.used())?.0) },
                Use::Among(display) => among(display).unwrap_or(Shape::Any),
                Use::Hinted(annotation) => {
                    return Ok(match self.holes.types.shape(annotation) {
                        Ok(shape) => (shape, Some(annotation)),
                        Err(_) => (Shape::Any, None),
                    });
                }
                Use::Annotated(annotation) => return Ok((self.shape_of(annotation)?, Some(annotation))),
                Use::Matched(statement) => {
                    let values: Vec<_> = literal_cases(statement).into_iter().filter_map(literal_value).collect();
                    if values.is_empty() { Shape::Any } else { Shape::Literal { values } }
                }
            },
            None,
        ))
    }

    /// What a builtin function wants of its only argument.
    pub(crate) fn argument_use(&self, call: &ast::ExprCall) -> Use<'static> {
        let Expr::Name(name) = &*call.func else { return Use::Any };
        if call.arguments.len() != 1 || !self.holes.enabled.calls {
            return Use::Any;
        }
        match name.id.as_str() {
            "int" | "range" | "abs" => Use::Integer,
            "float" | "round" => Use::Number,
            "str" => Use::Text,
            "bool" => Use::Condition,
            "list" | "set" | "tuple" | "sorted" | "enumerate" => Use::Iterated,
            _ => Use::Any,
        }
    }
}

/// The keys of a dict or the items of another display, when they are written out.
fn among(display: &Expr) -> Option<Shape> {
    let values: Option<Vec<Value>> = match display {
        Expr::Dict(dict) => dict.items.iter().map(|item| literal_value(item.key.as_ref()?)).collect(),
        Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::Set(ast::ExprSet { elts, .. }) => {
            elts.iter().map(literal_value).collect()
        }
        _ => None,
    };
    values.filter(|values| !values.is_empty()).map(|values| Shape::Literal { values })
}

/// An answer of this type, or one of these exceptions with a message.
fn with_failure(shape: Shape, classes: &[&ast::ExprName]) -> Shape {
    let field = |name: &str, shape: Shape| Field { name: name.into(), shape, required: true };
    let record = |name: &str, fields: Vec<Field>| Shape::Record { record: RecordKind::TypedDict, name: name.into(), fields };
    let values = classes.iter().map(|class| Value::str(class.id.as_str())).collect();
    let failure = vec![field("raise", Shape::Literal { values }), field("message", Shape::Str { max: None })];
    Shape::Union { options: vec![record("Value", vec![field("value", shape)]), record("Raise", failure)] }
}

/// The type that `ret_type="…"` names.
fn told_type(text: &str) -> Option<Shape> {
    Some(match text.trim() {
        "bool" => Shape::Bool,
        "int" => Shape::Int { min: None, max: None },
        "float" => Shape::Float,
        "str" => Shape::Str { max: None },
        "list" => Shape::List { item: Box::new(Shape::Any) },
        "dict" => Shape::Dict { value: Box::new(Shape::Any) },
        "None" => Shape::None,
        other => {
            let item = other.strip_prefix("list[").and_then(|rest| rest.strip_suffix(']'))?;
            Shape::List { item: Box::new(told_type(item)?) }
        }
    })
}

/// A docstring without the indentation that the source gives it.
fn clean_docstring(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let indent = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let indent = indent.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    for line in lines.iter_mut().skip(1) {
        *line = line.get(indent..).unwrap_or("").trim_end();
    }
    lines.join("\n").trim().to_string()
}
