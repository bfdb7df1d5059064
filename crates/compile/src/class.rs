//! Classes, and the hidden functions of type parameters.

use crate::call::has_stars;
use crate::compiler::Compiler;
use crate::error::Step;
use crate::function::docstring_of;
use crate::scope::ScopeId;
use emulant_machine::code::{Code, CodeKind, Const, Op, Params, Reg};
use ruff_python_ast::{self as ast, Stmt, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextRange};
use std::sync::Arc;

/// How the parts that may stand inside a hidden generic function are made.
type Make<'m, 'a> = &'m mut dyn FnMut(&mut Compiler<'a>, Reg) -> Step;

impl<'a> Compiler<'a> {
    pub(crate) fn class_def(&mut self, def: &'a ast::StmtClassDef) -> Step {
        let place = self.header(def.range, &def.decorator_list);
        self.decorated(&def.decorator_list, &def.name, place, |this, dst| {
            this.generic(def.type_params.as_deref(), &def.name, place, dst, &mut |this, dst| this.build_class(def, place, dst))
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
        match def.arguments.as_deref() {
            Some(arguments) if starred => {
                self.unpacked_arguments(&[lead, lead + 1], arguments, base, place)?;
                self.emit(place, Op::CallEx { dst, func: base });
            }
            Some(arguments) => {
                let count = self.plain_arguments(arguments)? + 2;
                let names = arguments.keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
                let names: Vec<Const> = names.map(|name| Const::Str(name.as_str().into())).collect();
                if names.is_empty() {
                    self.emit(place, Op::Call { dst, func: base, count });
                } else {
                    let index = self.u.b.constant(Const::Tuple(names));
                    self.emit(place, Op::CallKw { method: false, dst, func: base, count });
                    self.emit(place, Op::Names { index });
                }
            }
            None => self.emit(place, Op::Call { dst, func: base, count: 2 }),
        }
        self.u.b.release(mark);
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

    /// Run `make`; with type parameters inside a hidden function that binds them.
    pub(crate) fn generic(
        &mut self,
        parameters: Option<&'a TypeParams>,
        name: &str,
        place: TextRange,
        dst: Reg,
        make: Make<'_, 'a>,
    ) -> Step {
        let Some(parameters) = parameters else { return make(self, dst) };
        if self.u.kind == CodeKind::Class {
            return Err(self.not_supported(place, "type parameters in a class body"));
        }
        let scope = self.scopes.find(parameters.range);
        let line = self.lines.line(place.start());
        self.enter(scope, CodeKind::Function, &format!("<generic parameters of {name}>"), line);
        let tuple = self.type_parameters(parameters)?;
        let result = self.temp();
        make(self, result)?;
        let site = self.u.b.site("__type_params__");
        self.emit(place, Op::StoreAttr { obj: result, src: tuple, site });
        self.emit(place, Op::Return { src: result });
        let code = self.leave()?;
        let mark = self.u.b.mark();
        let func = self.temp();
        self.bare_function(code, scope, place, func)?;
        self.emit(place, Op::Call { dst, func, count: 0 });
        self.u.b.release(mark);
        Ok(())
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
        let (class, range) = match parameter {
            TypeParam::TypeVar(variable) if variable.bound.is_some() => {
                return Err(self.not_supported(variable.range, "bounds of type parameters"));
            }
            TypeParam::TypeVar(variable) => ("TypeVar", variable.range),
            TypeParam::TypeVarTuple(variable) => ("TypeVarTuple", variable.range),
            TypeParam::ParamSpec(variable) => ("ParamSpec", variable.range),
        };
        let mark = self.u.b.mark();
        let func = self.u.b.take(2);
        let site = self.u.b.site(class);
        self.emit(range, Op::ImportFrom { dst: func, module, site });
        self.constant(range, Const::Str(parameter.name().as_str().into()), func + 1);
        self.emit(range, Op::Call { dst, func, count: 1 });
        self.u.b.release(mark);
        self.store_name(parameter.name(), range, dst);
        Ok(())
    }

    /// `type X = …` is evaluated at once: its value is the type itself, never lazy.
    pub(crate) fn type_alias(&mut self, alias: &'a ast::StmtTypeAlias) -> Step {
        Err(self.not_supported(alias.range, "the `type` statement"))
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
