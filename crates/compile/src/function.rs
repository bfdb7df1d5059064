//! Functions, lambdas and decorators.

use crate::compiler::Compiler;
use crate::error::Step;
use crate::scope::ScopeId;
use emulant_machine::code::{Code, CodeKind, Const, Op, Params, Reg};
use ruff_python_ast::{self as ast, Decorator, Expr, ParameterWithDefault, Parameters, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::sync::Arc;

impl<'a> Compiler<'a> {
    pub(crate) fn function_def(&mut self, def: &'a ast::StmtFunctionDef) -> Step {
        let place = self.header(def.range, &def.decorator_list);
        self.decorated(&def.decorator_list, &def.name, place, |this, dst| {
            let first_line = this.first_line(def.range, &def.decorator_list);
            let scope = this.scopes.find(def.range);
            this.generic(def.type_params.as_deref(), (&def.name, place), &["__type_params__"], dst, &mut |this, dst| {
                let first = this.function_parts(&def.parameters, def.returns.as_deref(), place)?;
                let child = this.function_body(def, scope, first_line)?;
                this.make_function(child, scope, first, place, dst)
            })
        })
    }

    /// The range of a definition without its decorators.
    pub(crate) fn header(&self, range: TextRange, decorators: &[Decorator]) -> TextRange {
        let Some(last) = decorators.last() else { return range };
        let mut start = last.end().to_usize();
        let bytes = self.lines.text().as_bytes();
        let mut comment = false;
        while let Some(byte) = bytes.get(start) {
            match byte {
                b'\n' => comment = false,
                b'#' => comment = true,
                b' ' | b'\t' | b'\r' | b'\x0c' | b'\\' => {}
                _ if comment => {}
                _ => break,
            }
            start += 1;
        }
        let start = TextSize::try_from(start).unwrap_or(range.start()).min(range.end());
        TextRange::new(start, range.end())
    }

    pub(crate) fn first_line(&self, range: TextRange, decorators: &[Decorator]) -> u32 {
        self.lines.line(decorators.first().map_or(range.start(), Ranged::start))
    }

    /// Evaluate decorators, make what they decorate, apply them, and store the result under `name`.
    pub(crate) fn decorated(
        &mut self,
        decorators: &'a [Decorator],
        name: &str,
        place: TextRange,
        make: impl FnOnce(&mut Self, Reg) -> Step,
    ) -> Step {
        let mark = self.u.b.mark();
        let kept: Vec<&Decorator> = decorators.iter().filter(|d| !self.holes.is_taken(&d.expression)).collect();
        let mut slots = Vec::new();
        for decorator in &kept {
            let dst = self.temp();
            self.expr_to(&decorator.expression, dst)?;
            slots.push(dst);
        }
        let mut value = self.temp();
        make(self, value)?;
        for (decorator, func) in kept.iter().zip(slots).rev() {
            self.emit(decorator.expression.range(), Op::Call { dst: func, func, count: 1 });
            value = func;
        }
        self.store_name(name, place, value);
        self.u.b.release(mark);
        Ok(())
    }

    // ---- what MakeFunction needs

    /// Defaults, keyword defaults, room for the cells, annotations: four registers.
    fn function_parts(&mut self, parameters: &'a Parameters, returns: Option<&'a Expr>, place: TextRange) -> Step<Reg> {
        let first = self.u.b.take(4);
        self.defaults(parameters, first, place)?;
        self.keyword_defaults(&parameters.kwonlyargs, first + 1, place)?;
        self.annotations(parameters, returns, first + 3, place)?;
        Ok(first)
    }

    fn defaults(&mut self, parameters: &'a Parameters, dst: Reg, place: TextRange) -> Step {
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let defaults: Vec<&Expr> = positional.filter_map(ParameterWithDefault::default).collect();
        if defaults.is_empty() {
            self.emit(place, Op::Unbind { dst });
            return Ok(());
        }
        let mark = self.u.b.mark();
        let first = mark as Reg;
        for default in &defaults {
            let dst = self.temp();
            self.expr_to(default, dst)?;
        }
        self.emit(place, Op::BuildTuple { dst, first, count: defaults.len() as u16 });
        self.u.b.release(mark);
        Ok(())
    }

    fn keyword_defaults(&mut self, parameters: &'a [ParameterWithDefault], dst: Reg, place: TextRange) -> Step {
        let mark = self.u.b.mark();
        let first = mark as Reg;
        let mut count = 0;
        for parameter in parameters {
            let Some(default) = parameter.default() else { continue };
            let key = self.temp();
            let name = self.mangle(parameter.name());
            self.constant(place, Const::Str(name.into()), key);
            let value = self.temp();
            self.expr_to(default, value)?;
            count += 1;
        }
        let op = if count == 0 { Op::Unbind { dst } } else { Op::BuildDict { dst, first, count } };
        self.emit(place, op);
        self.u.b.release(mark);
        Ok(())
    }

    fn annotations(&mut self, parameters: &'a Parameters, returns: Option<&'a Expr>, dst: Reg, place: TextRange) -> Step {
        let mut annotated: Vec<(String, &Expr)> = Vec::new();
        for parameter in parameters {
            if let Some(annotation) = parameter.annotation() {
                annotated.push((self.mangle(parameter.name()), annotation));
            }
        }
        annotated.extend(returns.map(|returns| ("return".to_string(), returns)));
        if annotated.is_empty() {
            self.emit(place, Op::Unbind { dst });
            return Ok(());
        }
        let mark = self.u.b.mark();
        let count = annotated.len() as u16;
        for (name, annotation) in annotated {
            let key = self.temp();
            self.constant(place, Const::Str(name.into()), key);
            let value = self.temp();
            self.annotation(annotation, value)?;
        }
        self.emit(place, Op::BuildDict { dst, first: mark as Reg, count });
        self.u.b.release(mark);
        Ok(())
    }

    /// An annotation's value; its text under `from __future__ import annotations`.
    pub(crate) fn annotation(&mut self, annotation: &'a Expr, dst: Reg) -> Step {
        if self.lazy_annotations {
            let text = unparsed(annotation).unwrap_or_else(|| self.lines.slice(annotation).to_string());
            self.constant(annotation.range(), Const::Str(text.into()), dst);
            return Ok(());
        }
        match annotation {
            // `*args: *Ts`
            Expr::Starred(starred) => {
                let src = self.operand(&starred.value)?;
                self.emit(annotation.range(), Op::Unpack { src, first: dst, count: 1 });
                Ok(())
            }
            _ => self.expr_to(annotation, dst),
        }
    }

    /// Close the child over its free variables and make the function.
    pub(crate) fn make_function(&mut self, child: Arc<Code>, scope: ScopeId, first: Reg, place: TextRange, dst: Reg) -> Step {
        let cells: Vec<Reg> = self.captured(scope);
        let op = if cells.is_empty() {
            Op::Unbind { dst: first + 2 }
        } else {
            let mark = self.u.b.mark();
            for src in &cells {
                let dst = self.temp();
                self.emit(place, Op::Move { dst, src: *src });
            }
            self.u.b.release(mark);
            Op::BuildTuple { dst: first + 2, first: mark as Reg, count: cells.len() as u16 }
        };
        self.emit(place, op);
        let child = self.child(child, place)?;
        self.emit(place, Op::MakeFunction { dst, first, child });
        Ok(())
    }

    fn captured(&self, scope: ScopeId) -> Vec<Reg> {
        let free = &self.scopes.all[scope].free;
        let cell = |name: &String| self.scopes.cell_reg(self.u.scope, name);
        free.iter().map(|name| cell(name).expect("whoever makes a function owns or passes on its free variables")).collect()
    }

    pub(crate) fn child(&mut self, code: Arc<Code>, place: TextRange) -> Step<u16> {
        let Ok(index) = u16::try_from(self.u.children.len()) else {
            return Err(self.not_supported(place, "more than 65535 functions in one function or module"));
        };
        self.u.children.push(code);
        Ok(index)
    }

    /// A function without defaults and annotations, from finished code.
    pub(crate) fn bare_function(&mut self, code: Arc<Code>, scope: ScopeId, place: TextRange, dst: Reg) -> Step {
        let mark = self.u.b.mark();
        let first = self.u.b.take(4);
        for offset in [0, 1, 3] {
            self.emit(place, Op::Unbind { dst: first + offset });
        }
        self.make_function(code, scope, first, place, dst)?;
        self.u.b.release(mark);
        Ok(())
    }

    // ---- bodies

    fn function_body(&mut self, def: &'a ast::StmtFunctionDef, scope: ScopeId, first_line: u32) -> Step<Arc<Code>> {
        let kind = match (self.scopes.all[scope].generator, def.is_async) {
            (true, true) => CodeKind::AsyncGenerator,
            (true, false) => CodeKind::Generator,
            (false, true) => CodeKind::Coroutine,
            (false, false) => CodeKind::Function,
        };
        self.enter(scope, kind, &def.name, first_line);
        self.u.params = params(&def.parameters);
        if !self.stub_body(def)? {
            let body = self.docstring(&def.body);
            self.body(body)?;
            self.implicit_return();
        }
        self.leave()
    }

    /// Take the docstring off a function's body.
    fn docstring(&mut self, body: &'a [Stmt]) -> &'a [Stmt] {
        match docstring_of(body) {
            Some(text) => {
                self.u.doc = Some(text);
                &body[1..]
            }
            None => body,
        }
    }

    pub(crate) fn implicit_return(&mut self) {
        if self.u.b.reachable {
            let src = self.temp();
            self.emit_hidden(Op::LoadNone { dst: src });
            self.emit_hidden(Op::Return { src });
        }
    }

    pub(crate) fn lambda(&mut self, lambda: &'a ast::ExprLambda, dst: Reg) -> Step {
        let place = lambda.range;
        let scope = self.scopes.find(place);
        let first = match &lambda.parameters {
            Some(parameters) => self.function_parts(parameters, None, place)?,
            None => {
                let first = self.u.b.take(4);
                for offset in [0, 1, 3] {
                    self.emit(place, Op::Unbind { dst: first + offset });
                }
                first
            }
        };
        let kind = if self.scopes.all[scope].generator { CodeKind::Generator } else { CodeKind::Function };
        self.enter(scope, kind, "<lambda>", self.lines.line(place.start()));
        self.u.params = lambda.parameters.as_deref().map_or(Params::default(), params);
        let src = self.operand(&lambda.body)?;
        self.emit(lambda.body.range(), Op::Return { src });
        let child = self.leave()?;
        self.make_function(child, scope, first, place, dst)
    }
}

/// The text of an annotation as CPython writes it again; `None` for forms that annotations seldom have.
fn unparsed(expr: &Expr) -> Option<String> {
    let all = |items: &[Expr]| items.iter().map(unparsed).collect::<Option<Vec<_>>>().map(|items| items.join(", "));
    Some(match expr {
        Expr::Name(name) => name.id.to_string(),
        Expr::NoneLiteral(_) => "None".into(),
        Expr::EllipsisLiteral(_) => "...".into(),
        Expr::BooleanLiteral(literal) => if literal.value { "True".into() } else { "False".into() },
        Expr::StringLiteral(literal) => {
            let text = literal.value.to_str();
            let plain = text.chars().all(|c| c == ' ' || c.is_ascii_graphic() && c != '\'' && c != '\\');
            plain.then(|| format!("'{text}'"))?
        }
        Expr::Attribute(attribute) => format!("{}.{}", unparsed(&attribute.value)?, attribute.attr),
        Expr::List(list) => format!("[{}]", all(&list.elts)?),
        Expr::Subscript(subscript) => match &*subscript.slice {
            Expr::Tuple(tuple) if tuple.elts.len() > 1 => format!("{}[{}]", unparsed(&subscript.value)?, all(&tuple.elts)?),
            key => format!("{}[{}]", unparsed(&subscript.value)?, unparsed(key)?),
        },
        Expr::BinOp(binary) if binary.op == ast::Operator::BitOr && !binary.right.is_bin_op_expr() => {
            format!("{} | {}", unparsed(&binary.left)?, unparsed(&binary.right)?)
        }
        _ => return None,
    })
}

/// The docstring of a body, with its indentation as written.
pub(crate) fn docstring_of(body: &[Stmt]) -> Option<String> {
    match body.first() {
        Some(Stmt::Expr(statement)) => match &*statement.value {
            Expr::StringLiteral(literal) => Some(literal.value.to_str().to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn params(parameters: &Parameters) -> Params {
    Params {
        positional_only: parameters.posonlyargs.len() as u16,
        positional: (parameters.posonlyargs.len() + parameters.args.len()) as u16,
        keyword_only: parameters.kwonlyargs.len() as u16,
        star: parameters.vararg.is_some(),
        double_star: parameters.kwarg.is_some(),
    }
}
