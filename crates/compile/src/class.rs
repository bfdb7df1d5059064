//! Classes, and the hidden functions of type parameters.

use crate::call::has_stars;
use crate::compiler::Compiler;
use crate::error::Step;
use crate::function::docstring_of;
use crate::scope::ScopeId;
use emulant_machine::code::{Code, CodeKind, Const, Op, Params, Reg};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Arguments, Expr, Stmt, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextRange};
use std::sync::Arc;

/// How the parts that may stand inside a hidden generic function are made.
type Make<'m, 'a> = &'m mut dyn FnMut(&mut Compiler<'a>, Reg) -> Step;

impl<'a> Compiler<'a> {
    pub(crate) fn class_def(&mut self, def: &'a ast::StmtClassDef) -> Step {
        let place = self.header(def.range, &def.decorator_list);
        self.decorated(&def.decorator_list, &def.name, place, |this, dst| {
            let parameters = def.type_params.as_deref();
            let variadic = parameters.is_some_and(|parameters| parameters.type_params.iter().any(TypeParam::is_type_var_tuple));
            if variadic {
                return Err(this.not_supported(place, "a class with a TypeVarTuple"));
            }
            this.generic(parameters, (&def.name, place), &["__type_params__"], dst, &mut |this, dst| this.build_class(def, place, dst))
        })
    }

    fn build_class(&mut self, def: &'a ast::StmtClassDef, place: TextRange, dst: Reg) -> Step {
        let mark = self.u.b.mark();
        let base = self.u.b.take(3);
        self.emit(place, Op::LoadBuildClass { dst: base });
        let scope = self.scopes.find(def.range);
        let starred = def.arguments.as_deref().is_some_and(has_stars);
        // Behind a star the body and the name go into a list, so they stand elsewhere first.
        let lead = if starred { self.u.b.take(2) } else { base + 1 };
        let code = self.class_body(def, scope, place)?;
        self.bare_function(code, scope, place, lead)?;
        self.constant(place, Const::Str(def.name.as_str().into()), lead + 1);
        let generic = self.u.type_parameters;
        if starred && let Some(arguments) = def.arguments.as_deref() {
            if generic.is_some() {
                return Err(self.not_supported(place, "a generic class with unpacked bases"));
            }
            self.unpacked_arguments(&[lead, lead + 1], arguments, base, place)?;
            self.emit(place, Op::CallEx { dst, func: base });
        } else {
            self.class_call(def.arguments.as_deref(), generic, (base, dst), place)?;
        }
        self.u.b.release(mark);
        Ok(())
    }

    /// Bases, `Generic[…]` when the class has type parameters, and keywords; then the call.
    fn class_call(&mut self, arguments: Option<&'a Arguments>, generic: Option<Reg>, (base, dst): (Reg, Reg), place: TextRange) -> Step {
        if let Some(arguments) = arguments {
            self.check_keywords(arguments)?;
        }
        let mut count = 2;
        for value in arguments.iter().flat_map(|arguments| &arguments.args) {
            let dst = self.temp();
            self.expr_to(value, dst)?;
            count += 1;
        }
        if let Some(key) = generic {
            let obj = self.temp();
            self.import_module("typing", Const::Tuple(vec![Const::Str("Generic".into())]), 0, place, obj);
            let site = self.u.b.site("Generic");
            self.emit(place, Op::ImportFrom { dst: obj, module: obj, site });
            self.emit(place, Op::GetItem { dst: obj, obj, key });
            count += 1;
        }
        let mut names = Vec::new();
        for keyword in arguments.iter().flat_map(|arguments| &arguments.keywords) {
            let dst = self.temp();
            self.expr_to(&keyword.value, dst)?;
            names.extend(keyword.arg.as_ref().map(|name| Const::Str(name.as_str().into())));
            count += 1;
        }
        if names.is_empty() {
            self.emit(place, Op::Call { dst, func: base, count });
        } else {
            let index = self.u.b.constant(Const::Tuple(names));
            self.emit(place, Op::CallKw { method: false, dst, func: base, count });
            self.emit(place, Op::Names { index });
        }
        Ok(())
    }

    fn class_body(&mut self, def: &'a ast::StmtClassDef, scope: ScopeId, place: TextRange) -> Step<Arc<Code>> {
        let first_line = self.first_line(def.range, &def.decorator_list);
        self.enter(scope, CodeKind::Class, &def.name, first_line);
        // The namespace comes in as the only argument.
        self.u.params = Params { positional: 1, positional_only: 1, ..Params::default() };
        let header = TextRange::new(place.start(), place.start());
        let value = self.temp();
        self.load_name("__name__", header, value);
        self.store_name("__module__", header, value);
        self.constant(header, Const::Str(self.u.qualname.clone().into()), value);
        self.store_name("__qualname__", header, value);
        if has_annotations(&def.body) {
            self.emit(header, Op::BuildDict { dst: value, first: value, count: 0 });
            self.store_name("__annotations__", header, value);
        }
        let mut body: &[Stmt] = &def.body;
        if let Some(text) = docstring_of(body) {
            self.constant(body[0].range(), Const::Str(text.clone().into()), value);
            self.store_name("__doc__", body[0].range(), value);
            self.u.doc = Some(text);
            body = &body[1..];
        }
        self.body(body)?;
        self.class_end(scope, value);
        self.leave()
    }

    /// Hand the `__class__` cell to whoever makes the class.
    fn class_end(&mut self, scope: ScopeId, value: Reg) {
        match self.scopes.cell_reg(scope, "__class__") {
            Some(cell) if self.scopes.all[scope].symbol("__class__").is_some_and(|symbol| symbol.cell) => {
                self.emit_hidden(Op::Move { dst: value, src: cell });
                let site = self.u.b.site("__classcell__");
                self.emit_hidden(Op::StoreName { src: value, site });
                self.emit_hidden(Op::Return { src: value });
            }
            _ => self.implicit_return(),
        }
    }

    // ---- type parameters

    /// Run `make`; with type parameters inside a hidden function that binds them and tells the
    /// result of them under `attributes`.
    pub(crate) fn generic(
        &mut self,
        parameters: Option<&'a TypeParams>,
        (name, place): (&str, TextRange),
        attributes: &[&str],
        dst: Reg,
        make: Make<'_, 'a>,
    ) -> Step {
        let Some(parameters) = parameters else { return make(self, dst) };
        let scope = self.scopes.find(parameters.range);
        if self.u.kind == CodeKind::Class {
            self.check_class_names(scope, place)?;
        }
        let line = self.lines.line(place.start());
        self.enter(scope, CodeKind::Function, &format!("<generic parameters of {name}>"), line);
        let tuple = self.type_parameters(parameters)?;
        self.u.type_parameters = Some(tuple);
        let result = self.temp();
        make(self, result)?;
        for attribute in attributes {
            let site = self.u.b.site(attribute);
            self.emit(place, Op::StoreAttr { obj: result, src: tuple, site });
        }
        self.emit(place, Op::Return { src: result });
        let code = self.leave()?;
        let mark = self.u.b.mark();
        let func = self.temp();
        self.bare_function(code, scope, place, func)?;
        self.emit(place, Op::Call { dst, func, count: 0 });
        self.u.b.release(mark);
        Ok(())
    }

    /// A function cannot see the names of the class around it, as CPython's hidden scope can.
    fn check_class_names(&self, scope: ScopeId, place: TextRange) -> Step {
        let class = &self.scopes.all[self.u.scope];
        let seen = |name: &str| class.symbol(name).is_some_and(|symbol| symbol.assigned);
        match self.scopes.all[scope].symbols.iter().find(|(name, symbol)| symbol.used && seen(name)) {
            Some((name, _)) => Err(self.not_supported(place, format!("a generic signature that uses the class's own {name}"))),
            None => Ok(()),
        }
    }

    /// Bind each type parameter to an object of `typing`; the register of their tuple.
    fn type_parameters(&mut self, parameters: &'a TypeParams) -> Step<Reg> {
        let tuple = self.temp();
        let mark = self.u.b.mark();
        let module = self.temp();
        self.import_module("typing", Const::Tuple(vec![Const::Str("TypeVar".into())]), 0, parameters.range, module);
        let first = self.u.b.mark() as Reg;
        for parameter in &parameters.type_params {
            let dst = self.temp();
            self.type_parameter(parameter, module, dst)?;
        }
        let count = parameters.type_params.len() as u16;
        self.emit(parameters.range, Op::BuildTuple { dst: tuple, first, count });
        self.u.b.release(mark);
        Ok(tuple)
    }

    fn type_parameter(&mut self, parameter: &'a TypeParam, module: Reg, dst: Reg) -> Step {
        let (class, range, bound) = match parameter {
            TypeParam::TypeVar(variable) => ("TypeVar", variable.range, variable.bound.as_deref()),
            TypeParam::TypeVarTuple(variable) => ("TypeVarTuple", variable.range, None),
            TypeParam::ParamSpec(variable) => ("ParamSpec", variable.range, None),
        };
        let mark = self.u.b.mark();
        let func = self.u.b.take(2);
        let site = self.u.b.site(class);
        self.emit(range, Op::ImportFrom { dst: func, module, site });
        self.constant(range, Const::Str(parameter.name().as_str().into()), func + 1);
        match bound {
            None => self.emit(range, Op::Call { dst, func, count: 1 }),
            Some(Expr::Tuple(constraints)) => {
                self.check_known(&constraints.elts)?;
                self.in_a_row(&constraints.elts)?;
                self.emit(range, Op::Call { dst, func, count: constraints.elts.len() as u16 + 1 });
            }
            Some(bound) => {
                self.check_known(std::slice::from_ref(bound))?;
                let value = self.temp();
                self.expr_to(bound, value)?;
                let index = self.u.b.constant(Const::Tuple(vec![Const::Str("bound".into())]));
                self.emit(range, Op::CallKw { method: false, dst, func, count: 2 });
                self.emit(range, Op::Names { index });
            }
        }
        self.u.b.release(mark);
        self.store_name(parameter.name(), range, dst);
        Ok(())
    }

    /// What CPython evaluates only when it is asked for is evaluated at once here, so it may only
    /// name what is there already.
    fn check_known(&self, exprs: &[Expr]) -> Step {
        struct Names<'n>(Vec<&'n ast::ExprName>);
        impl<'n> Visitor<'n> for Names<'n> {
            fn visit_expr(&mut self, expr: &'n Expr) {
                if let Expr::Name(name) = expr {
                    self.0.push(name);
                }
                visitor::walk_expr(self, expr);
            }
        }
        let mut names = Names(Vec::new());
        exprs.iter().for_each(|expr| names.visit_expr(expr));
        match names.0.iter().find(|name| !self.is_known(&name.id)) {
            Some(name) => Err(self.not_supported(name.range, format!("a type that is evaluated later and names {}", name.id))),
            None => Ok(()),
        }
    }

    /// `type X[T] = …`, evaluated at once.
    pub(crate) fn type_alias(&mut self, alias: &'a ast::StmtTypeAlias) -> Step {
        let Expr::Name(name) = &*alias.name else { return Ok(()) };
        let place = alias.range;
        let mark = self.u.b.mark();
        let dst = self.temp();
        let attributes = ["__type_params__", "__parameters__"];
        self.generic(alias.type_params.as_deref(), (&name.id, place), &attributes, dst, &mut |this, dst| {
            this.check_known(std::slice::from_ref(&*alias.value))?;
            let mark = this.u.b.mark();
            let func = this.u.b.take(3);
            this.import_module("typing", Const::Tuple(vec![Const::Str("TypeAliasType".into())]), 0, place, func);
            let site = this.u.b.site("TypeAliasType");
            this.emit(place, Op::ImportFrom { dst: func, module: func, site });
            this.constant(place, Const::Str(name.id.as_str().into()), func + 1);
            this.expr_to(&alias.value, func + 2)?;
            this.emit(place, Op::Call { dst, func, count: 2 });
            this.u.b.release(mark);
            Ok(())
        })?;
        self.store_name(&name.id, place, dst);
        self.u.b.release(mark);
        Ok(())
    }

    /// Make `__annotations__` of a module when it has annotated names.
    pub(crate) fn module_annotations(&mut self, body: &'a [Stmt]) {
        if has_annotations(body) {
            let mark = self.u.b.mark();
            let dst = self.temp();
            self.emit_hidden(Op::BuildDict { dst, first: dst, count: 0 });
            let site = self.u.b.site("__annotations__");
            self.emit_hidden(Op::StoreGlobal { src: dst, site });
            self.u.b.release(mark);
        }
    }
}

/// Does a body annotate names, also inside its blocks?
fn has_annotations(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::AnnAssign(assign) => assign.simple,
        Stmt::If(statement) => {
            has_annotations(&statement.body) || statement.elif_else_clauses.iter().any(|clause| has_annotations(&clause.body))
        }
        Stmt::For(statement) => has_annotations(&statement.body) || has_annotations(&statement.orelse),
        Stmt::While(statement) => has_annotations(&statement.body) || has_annotations(&statement.orelse),
        Stmt::With(statement) => has_annotations(&statement.body),
        Stmt::Try(statement) => {
            let handlers = statement.handlers.iter().any(|ast::ExceptHandler::ExceptHandler(h)| has_annotations(&h.body));
            handlers || [&statement.body, &statement.orelse, &statement.finalbody].into_iter().any(|body| has_annotations(body))
        }
        Stmt::Match(statement) => statement.cases.iter().any(|case| has_annotations(&case.body)),
        _ => false,
    })
}
