//! The walk that finds every scope and how each name is used in it, with the
//! errors that CPython's symbol table reports. It makes no code.

use crate::error::{CompileError, Step};
use crate::scope::{ScopeId, ScopeKind, Scopes, mangle};
use crate::source::Lines;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Comprehension, ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange};

/// What the walk must know from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Collecting {
    /// Comprehensions get frames of their own.
    pub(crate) comprehension_frames: bool,
    /// `from __future__ import annotations`: annotations are not evaluated.
    pub(crate) lazy_annotations: bool,
}

/// Find and resolve all scopes of a module.
pub(crate) fn module(lines: &Lines, body: &[Stmt], options: Collecting) -> Step<Scopes> {
    walk(lines, options, |collector| collector.visit_body(body))
}

/// Find and resolve all scopes of a single expression.
pub(crate) fn expression(lines: &Lines, body: &Expr, options: Collecting) -> Step<Scopes> {
    walk(lines, options, |collector| collector.visit_expr(body))
}

fn walk<'a>(lines: &'a Lines<'a>, options: Collecting, visit: impl FnOnce(&mut Collector<'a>)) -> Step<Scopes> {
    let mut scopes = Scopes::default();
    let whole = TextRange::up_to(ruff_text_size::TextSize::of(lines.text()));
    scopes.add(ScopeKind::Module, None, whole, "<module>");
    let mut collector = Collector { lines, options, scopes, at: 0, error: None, iterable: false };
    visit(&mut collector);
    if let Some(error) = collector.error {
        return Err(Box::new(error));
    }
    collector.scopes.resolve(lines)?;
    Ok(collector.scopes)
}

struct Collector<'a> {
    lines: &'a Lines<'a>,
    options: Collecting,
    scopes: Scopes,
    at: ScopeId,
    error: Option<CompileError>,
    /// Inside the iterable of a comprehension, where `:=` is not allowed.
    iterable: bool,
}

impl<'a> Collector<'a> {
    fn fail(&mut self, range: TextRange, message: impl Into<String>) {
        if self.error.is_none() {
            self.error = Some(CompileError::syntax(self.lines, range, message));
        }
    }

    fn mangle(&self, name: &str) -> String {
        mangle(self.scopes.all[self.at].private.as_deref(), name)
    }

    fn used(&mut self, name: &str) {
        let mangled = self.mangle(name);
        let mut at = self.at;
        loop {
            let scope = &mut self.scopes.all[at];
            let symbol = scope.symbol_mut(&mangled);
            symbol.used = true;
            let binds = symbol.assigned || symbol.parameter;
            // What an inlined comprehension does not bind belongs to the scope around it.
            match (scope.kind, scope.parent) {
                (ScopeKind::Inlined, Some(parent)) if !binds && self.scopes.all[parent].kind != ScopeKind::Class => at = parent,
                _ => break,
            }
        }
        if name == "super" && self.is_function(self.at) {
            self.scopes.all[self.at].symbol_mut("__class__").used = true;
        }
    }

    fn is_function(&self, id: ScopeId) -> bool {
        self.scopes.all[self.scopes.frame(id)].kind == ScopeKind::Function
    }

    fn assigned(&mut self, name: &str) {
        let mangled = self.mangle(name);
        self.scopes.all[self.at].symbol_mut(&mangled).assigned = true;
    }

    fn deleted(&mut self, name: &str) {
        let mangled = self.mangle(name);
        let symbol = self.scopes.all[self.at].symbol_mut(&mangled);
        symbol.assigned = true;
        symbol.unbound_somewhere = true;
    }

    fn forbidden(&mut self, name: &str, range: TextRange) {
        if name == "__debug__" {
            self.fail(range, "cannot assign to __debug__");
        }
    }

    /// Run `body` in a new scope.
    fn scoped(&mut self, kind: ScopeKind, range: TextRange, name: &str, body: impl FnOnce(&mut Self)) -> ScopeId {
        let (outer, iterable) = (self.at, self.iterable);
        self.at = self.scopes.add(kind, Some(outer), range, name);
        self.iterable = false;
        let inner = self.at;
        body(self);
        self.at = outer;
        self.iterable = iterable;
        inner
    }

    // ---- functions and classes

    fn annotation(&mut self, expr: &'a Expr) {
        if !self.options.lazy_annotations {
            self.visit_expr(expr);
        }
    }

    fn defaults_and_annotations(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
        }
        for parameter in parameters {
            if let Some(annotation) = parameter.annotation() {
                self.annotation(annotation);
            }
        }
    }

    fn parameters(&mut self, parameters: &'a Parameters) {
        // The order of the registers: positional, keyword-only, `*args`, `**kwargs`.
        let plain = parameters.iter_non_variadic_params().map(|parameter| &parameter.parameter);
        let starred = parameters.vararg.iter().chain(&parameters.kwarg).map(|parameter| &**parameter);
        for parameter in plain.chain(starred) {
            let name = parameter.name();
            self.forbidden(name, name.range());
            let mangled = self.mangle(name);
            let symbol = self.scopes.all[self.at].symbol_mut(&mangled);
            let twice = symbol.parameter;
            symbol.parameter = true;
            if twice {
                self.fail(name.range(), format!("duplicate argument '{name}' in function definition"));
            }
        }
    }

    fn function(&mut self, def: &'a ast::StmtFunctionDef) {
        for decorator in &def.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.forbidden(&def.name, def.name.range());
        self.assigned(&def.name);
        self.generic(def.type_params.as_deref(), &def.name, |this| {
            this.defaults_and_annotations(&def.parameters);
            if let Some(returns) = &def.returns {
                this.annotation(returns);
            }
            let inner = this.scoped(ScopeKind::Function, def.range, &def.name, |this| {
                this.parameters(&def.parameters);
                this.visit_body(&def.body);
            });
            this.scopes.all[inner].coroutine = def.is_async;
        });
    }

    /// Type parameters live in a hidden function around what they belong to.
    fn generic(&mut self, parameters: Option<&'a ast::TypeParams>, name: &str, body: impl FnOnce(&mut Self)) {
        let Some(parameters) = parameters else { return body(self) };
        self.scoped(ScopeKind::Function, parameters.range, &format!("<generic parameters of {name}>"), |this| {
            for parameter in &parameters.type_params {
                this.assigned(parameter.name());
                if let ast::TypeParam::TypeVar(variable) = parameter
                    && let Some(bound) = &variable.bound
                {
                    this.visit_expr(bound);
                }
            }
            body(this);
        });
    }

    fn class(&mut self, def: &'a ast::StmtClassDef) {
        for decorator in &def.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.forbidden(&def.name, def.name.range());
        self.assigned(&def.name);
        self.generic(def.type_params.as_deref(), &def.name, |this| {
            if let Some(arguments) = &def.arguments {
                this.visit_arguments(arguments);
            }
            this.scoped(ScopeKind::Class, def.range, &def.name, |this| {
                this.scopes.all[this.at].private = Some(def.name.to_string());
                this.visit_body(&def.body);
            });
        });
    }

    fn lambda(&mut self, lambda: &'a ast::ExprLambda) {
        if let Some(parameters) = &lambda.parameters {
            self.defaults_and_annotations(parameters);
        }
        self.scoped(ScopeKind::Function, lambda.range, "<lambda>", |this| {
            if let Some(parameters) = &lambda.parameters {
                this.parameters(parameters);
            }
            this.visit_expr(&lambda.body);
        });
    }

    // ---- comprehensions

    fn comprehension(&mut self, range: TextRange, name: &str, generators: &'a [Comprehension], parts: &[&'a Expr]) {
        let Some((first, rest)) = generators.split_first() else { return };
        self.iterable_of(&first.iter);
        let generator = name == "<genexpr>";
        let framed = generator || self.options.comprehension_frames;
        let kind = if framed { ScopeKind::Function } else { ScopeKind::Inlined };
        let awaits = generators.iter().any(|g| g.is_async)
            || parts.iter().any(|part| contains_await(part))
            || generators.iter().skip(1).any(|g| contains_await(&g.iter))
            || generators.iter().flat_map(|g| &g.ifs).any(contains_await);
        self.scoped(kind, range, name, |this| {
            let scope = &mut this.scopes.all[this.at];
            scope.comprehension = true;
            scope.generator = generator;
            scope.coroutine = awaits;
            if framed {
                scope.symbol_mut(".0").parameter = true;
            }
            this.iteration_target(&first.target);
            this.visit_all(&first.ifs);
            for generator in rest {
                this.iteration_target(&generator.target);
                this.iterable_of(&generator.iter);
                this.visit_all(&generator.ifs);
            }
            parts.iter().for_each(|part| this.visit_expr(part));
        });
    }

    fn visit_all(&mut self, exprs: &'a [Expr]) {
        exprs.iter().for_each(|expr| self.visit_expr(expr));
    }

    fn iterable_of(&mut self, expr: &'a Expr) {
        let outer = std::mem::replace(&mut self.iterable, true);
        self.visit_expr(expr);
        self.iterable = outer;
    }

    fn iteration_target(&mut self, target: &'a Expr) {
        let before: Vec<String> = self.own_assigned();
        self.visit_expr(target);
        let scope = &mut self.scopes.all[self.at];
        for (name, symbol) in &mut scope.symbols {
            symbol.iteration |= symbol.assigned && !before.contains(name);
        }
    }

    fn own_assigned(&self) -> Vec<String> {
        let symbols = &self.scopes.all[self.at].symbols;
        symbols.iter().filter(|(_, symbol)| symbol.assigned).map(|(name, _)| name.clone()).collect()
    }

    fn walrus(&mut self, named: &'a ast::ExprNamed) {
        let Expr::Name(target) = &*named.target else { return };
        if self.iterable {
            return self.fail(named.range, "assignment expression cannot be used in a comprehension iterable expression");
        }
        self.forbidden(&target.id, target.range);
        self.visit_expr(&named.value);
        let name = self.mangle(&target.id);
        let mut at = self.at;
        let mut inner = Vec::new();
        loop {
            let scope = &mut self.scopes.all[at];
            scope.walrus = true;
            if !scope.comprehension {
                break;
            }
            if scope.symbol(&name).is_some_and(|symbol| symbol.iteration) {
                let message = format!("assignment expression cannot rebind comprehension iteration variable '{}'", target.id);
                return self.fail(target.range, message);
            }
            inner.push(at);
            let Some(parent) = scope.parent else { break };
            at = parent;
        }
        let owner = &mut self.scopes.all[at];
        if owner.kind == ScopeKind::Class && !inner.is_empty() {
            let message = "assignment expression within a comprehension cannot be used in a class body";
            return self.fail(named.range, message);
        }
        let global = owner.kind == ScopeKind::Module || owner.symbol(&name).is_some_and(|symbol| symbol.global);
        owner.symbol_mut(&name).assigned = true;
        for id in inner {
            let symbol = self.scopes.all[id].symbol_mut(&name);
            symbol.global |= global;
            symbol.nonlocal |= !global;
        }
    }

    // ---- declarations

    fn declare(&mut self, names: &'a [ast::Identifier], statement: TextRange, global: bool) {
        let word = if global { "global" } else { "nonlocal" };
        if !global && self.scopes.all[self.at].kind == ScopeKind::Module {
            return self.fail(statement, "nonlocal declaration not allowed at module level");
        }
        for name in names {
            let mangled = self.mangle(name);
            let symbol = self.scopes.all[self.at].symbol_mut(&mangled);
            let problem = if symbol.parameter {
                Some(format!("name '{name}' is parameter and {word}"))
            } else if symbol.annotated {
                Some(format!("annotated name '{name}' can't be {word}"))
            } else if symbol.used {
                Some(format!("name '{name}' is used prior to {word} declaration"))
            } else if symbol.assigned {
                Some(format!("name '{name}' is assigned to before {word} declaration"))
            } else if symbol.global && !global || symbol.nonlocal && global {
                Some(format!("name '{name}' is nonlocal and global"))
            } else {
                None
            };
            symbol.global |= global;
            symbol.nonlocal |= !global;
            symbol.declared = Some(statement);
            if let Some(problem) = problem {
                return self.fail(statement, problem);
            }
            if global {
                self.scopes.all[0].symbol_mut(&mangled);
            }
        }
    }

    fn import_names(&mut self, names: &'a [ast::Alias], from: bool) {
        for alias in names {
            if from && alias.name.as_str() == "*" {
                if self.scopes.all[self.at].kind != ScopeKind::Module {
                    self.fail(alias.range, "import * only allowed at module level");
                }
                continue;
            }
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            let first = bound.split('.').next().unwrap_or_default();
            self.forbidden(first, bound.range());
            self.assigned(first);
        }
    }

    fn annotated(&mut self, assign: &'a ast::StmtAnnAssign) {
        if let (Expr::Name(name), true) = (&*assign.target, assign.simple) {
            let mangled = self.mangle(&name.id);
            let symbol = self.scopes.all[self.at].symbol_mut(&mangled);
            let declared = (symbol.global || symbol.nonlocal).then_some(if symbol.global { "global" } else { "nonlocal" });
            symbol.annotated = true;
            if let Some(word) = declared
                && self.scopes.all[self.at].kind != ScopeKind::Module
            {
                return self.fail(assign.range, format!("annotated name '{}' can't be {word}", name.id));
            }
        }
        self.visit_expr(&assign.target);
        self.annotation(&assign.annotation);
        if let Some(value) = &assign.value {
            self.visit_expr(value);
        }
    }
}

impl<'a> Visitor<'a> for Collector<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => self.function(def),
            Stmt::ClassDef(def) => self.class(def),
            Stmt::Global(global) => self.declare(&global.names, global.range, true),
            Stmt::Nonlocal(nonlocal) => self.declare(&nonlocal.names, nonlocal.range, false),
            Stmt::Import(import) => self.import_names(&import.names, false),
            Stmt::ImportFrom(import) => self.import_names(&import.names, true),
            Stmt::AnnAssign(assign) => self.annotated(assign),
            Stmt::AugAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    self.used(&name.id);
                }
                visitor::walk_stmt(self, stmt);
            }
            Stmt::TypeAlias(alias) => {
                if let Expr::Name(name) = &*alias.name {
                    self.assigned(&name.id);
                    self.generic(alias.type_params.as_deref(), &name.id, |this| {
                        this.visit_expr(&alias.value);
                    });
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => match name.ctx {
                ExprContext::Store => {
                    self.forbidden(&name.id, name.range);
                    self.assigned(&name.id);
                }
                ExprContext::Del => {
                    if name.id.as_str() == "__debug__" {
                        self.fail(name.range, "cannot delete __debug__");
                    }
                    self.deleted(&name.id);
                }
                _ => self.used(&name.id),
            },
            Expr::Attribute(attribute) if attribute.attr.as_str() == "__debug__" && !attribute.ctx.is_load() => {
                self.fail(attribute.range, "cannot assign to __debug__");
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::ListComp(c) => self.comprehension(c.range, "<listcomp>", &c.generators, &[&c.elt]),
            Expr::SetComp(c) => self.comprehension(c.range, "<setcomp>", &c.generators, &[&c.elt]),
            Expr::Generator(c) => self.comprehension(c.range, "<genexpr>", &c.generators, &[&c.elt]),
            Expr::DictComp(c) => {
                let parts: Vec<&Expr> = c.key.as_deref().into_iter().chain([&*c.value]).collect();
                self.comprehension(c.range, "<dictcomp>", &c.generators, &parts);
            }
            Expr::Named(named) => self.walrus(named),
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                let scope = &mut self.scopes.all[self.at];
                if scope.comprehension {
                    let name = match scope.name.as_str() {
                        "<listcomp>" => "list comprehension",
                        "<setcomp>" => "set comprehension",
                        "<dictcomp>" => "dict comprehension",
                        _ => "generator expression",
                    };
                    return self.fail(expr.range(), format!("'yield' inside {name}"));
                }
                scope.generator = true;
                visitor::walk_expr(self, expr);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(class) = &handler.type_ {
            self.visit_expr(class);
        }
        if let Some(name) = &handler.name {
            self.forbidden(name, name.range());
            self.deleted(name);
        }
        self.visit_body(&handler.body);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        visitor::walk_pattern(self, pattern);
        if let Some(name) = name {
            self.forbidden(name, name.range());
            self.assigned(name);
        }
    }

    fn visit_keyword(&mut self, keyword: &'a ast::Keyword) {
        if let Some(name) = &keyword.arg {
            self.forbidden(name, keyword.range);
        }
        self.visit_expr(&keyword.value);
    }
}

/// Does evaluating the expression await in its own frame?
fn contains_await(expr: &Expr) -> bool {
    struct Finder(bool);
    impl<'a> Visitor<'a> for Finder {
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Await(_) => self.0 = true,
                Expr::Lambda(_) => {}
                Expr::Generator(generator) => {
                    generator.generators.first().into_iter().for_each(|first| self.visit_expr(&first.iter));
                }
                _ => visitor::walk_expr(self, expr),
            }
        }
        fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
            self.0 |= comprehension.is_async;
            visitor::walk_comprehension(self, comprehension);
        }
    }
    let mut finder = Finder(false);
    finder.visit_expr(expr);
    finder.0
}
