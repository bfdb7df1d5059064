//! Calls: arguments in consecutive registers, methods without a bound object,
//! and zero-argument `super()`.

use crate::compiler::Compiler;
use crate::error::Step;
use crate::holes::Use;
use crate::scope::Place;
use emulant_machine::code::{Const, Op, Reg, Span};
use ruff_python_ast::{self as ast, Arguments, Expr};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub(crate) fn call(&mut self, call: &'a ast::ExprCall, dst: Reg, used: Use<'a>) -> Step {
        if self.hole_call(call, dst, used)? || self.zero_super(call, dst)? {
            return Ok(());
        }
        let range = call.range();
        if has_stars(&call.arguments) {
            let base = self.base(dst, 3);
            self.expr_to(&call.func, base)?;
            self.unpacked_arguments(&[], &call.arguments, base, range)?;
            self.emit(range, Op::CallEx { dst, func: base });
            return Ok(());
        }
        match &*call.func {
            Expr::Attribute(attribute) => self.method_call(call, attribute, dst),
            func => {
                let base = self.base(dst, 1);
                self.expr_to(func, base)?;
                let count = self.arguments_for(&call.arguments, self.argument_use(call))?;
                let span = self.lines.span(range);
                self.emit_call(span, false, dst, base, count, &call.arguments);
                Ok(())
            }
        }
    }

    /// First of `count` new registers at the top; `dst` itself when it is the top temporary.
    fn base(&mut self, dst: Reg, count: u32) -> Reg {
        if self.u.b.is_top(dst) {
            if count > 1 {
                self.u.b.take(count - 1);
            }
            return dst;
        }
        self.u.b.take(count)
    }

    fn method_call(&mut self, call: &'a ast::ExprCall, attribute: &'a ast::ExprAttribute, dst: Reg) -> Step {
        let base = self.base(dst, 2);
        let mark = self.u.b.mark();
        let obj = match &*attribute.value {
            Expr::Name(name) => match self.local(name) {
                Some(reg) => reg,
                None => {
                    self.expr_to(&attribute.value, base)?;
                    base
                }
            },
            value => {
                self.expr_to(value, base)?;
                base
            }
        };
        self.u.b.release(mark);
        let site = self.attribute_site(&attribute.attr);
        self.emit_span(self.attribute_span(attribute.range, attribute), Op::LoadMethod { dst: base, obj, site });
        let count = self.plain_arguments(&call.arguments)?;
        let span = self.attribute_span(call.range(), attribute);
        self.emit_call(span, true, dst, base, count, &call.arguments);
        Ok(())
    }

    fn emit_call(&mut self, span: Span, method: bool, dst: Reg, func: Reg, count: u16, arguments: &Arguments) {
        if arguments.keywords.is_empty() {
            let op = if method { Op::CallMethod { dst, func, count } } else { Op::Call { dst, func, count } };
            return self.emit_span(span, op);
        }
        let names = arguments.keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        let names = Const::Tuple(names.map(|name| Const::Str(name.as_str().into())).collect());
        let index = self.u.b.constant(names);
        self.emit_span(span, Op::CallKw { method, dst, func, count });
        self.emit_span(span, Op::Names { index });
    }

    /// Positional and keyword values at the top of the registers; how many.
    pub(crate) fn plain_arguments(&mut self, arguments: &'a Arguments) -> Step<u16> {
        self.arguments_for(arguments, Use::Any)
    }

    fn arguments_for(&mut self, arguments: &'a Arguments, used: Use<'a>) -> Step<u16> {
        self.check_keywords(arguments)?;
        let values = arguments.args.iter().chain(arguments.keywords.iter().map(|keyword| &keyword.value));
        let mut count = 0u32;
        for value in values {
            let dst = self.temp();
            self.expr_for(value, dst, used)?;
            count += 1;
        }
        Ok(count.min(65_000) as u16)
    }

    pub(crate) fn check_keywords(&self, arguments: &Arguments) -> Step {
        let mut seen = std::collections::HashSet::new();
        for keyword in &arguments.keywords {
            if let Some(name) = &keyword.arg
                && !seen.insert(name.as_str())
            {
                return Err(self.error(keyword.range, format!("keyword argument repeated: {name}")));
            }
        }
        Ok(())
    }

    /// Arguments with `*` or `**`: a list in `base+1`, and a dict or nothing in `base+2`.
    /// `lead` are registers whose values come first.
    pub(crate) fn unpacked_arguments(&mut self, lead: &[Reg], arguments: &'a Arguments, base: Reg, range: TextRange) -> Step {
        self.check_keywords(arguments)?;
        let (list, dict) = (base + 1, base + 2);
        self.emit(range, Op::BuildList { dst: list, first: list, count: 0 });
        for src in lead {
            self.emit(range, Op::ListAppend { list, src: *src });
        }
        let mark = self.u.b.mark();
        for argument in &arguments.args {
            match argument {
                Expr::Starred(starred) => {
                    let src = self.operand(&starred.value)?;
                    self.emit(range, Op::ListExtend { list, src });
                }
                value => {
                    let src = self.operand(value)?;
                    self.emit(range, Op::ListAppend { list, src });
                }
            }
            self.u.b.release(mark);
        }
        self.keyword_dict(arguments, base, dict, range)
    }

    fn keyword_dict(&mut self, arguments: &'a Arguments, func: Reg, dict: Reg, range: TextRange) -> Step {
        if arguments.keywords.is_empty() {
            self.emit(range, Op::Unbind { dst: dict });
            return Ok(());
        }
        self.emit(range, Op::BuildDict { dst: dict, first: dict, count: 0 });
        let mark = self.u.b.mark();
        for run in arguments.keywords.chunk_by(|a, b| a.arg.is_some() == b.arg.is_some()) {
            // Names written out are merged as one dict, so that a repeated one is found.
            let named = run[0].arg.is_some();
            let target = if named { self.temp() } else { dict };
            if named {
                self.emit(range, Op::BuildDict { dst: target, first: target, count: 0 });
            }
            for keyword in run {
                match &keyword.arg {
                    Some(name) => {
                        let key = self.temp();
                        self.constant(keyword.range, Const::Str(name.as_str().into()), key);
                        let value = self.operand(&keyword.value)?;
                        self.emit(keyword.range, Op::DictSet { dict: target, key, value });
                    }
                    None => {
                        let src = self.operand(&keyword.value)?;
                        self.emit(range, Op::DictMerge { dict, src, func });
                    }
                }
            }
            if named {
                self.emit(range, Op::DictMerge { dict, src: target, func });
            }
            self.u.b.release(mark);
        }
        Ok(())
    }

    // ---- super()

    /// `super()` in a method is `super(__class__, first_parameter)`.
    fn zero_super(&mut self, call: &'a ast::ExprCall, dst: Reg) -> Step<bool> {
        let Expr::Name(name) = &*call.func else { return Ok(false) };
        let plain = name.id.as_str() == "super" && call.arguments.is_empty();
        // A module that has a `super` of its own calls that one.
        let shadowed = self.scopes.all.first().and_then(|module| module.symbol("super")).is_some_and(|symbol| symbol.assigned);
        if !plain || shadowed || !self.u.in_function || self.place_of("super") != Place::Global || self.u.params.positional == 0 {
            return Ok(false);
        }
        let Place::Cell(cell) = self.place_of("__class__") else { return Ok(false) };
        let range = call.range();
        let base = self.base(dst, 3);
        self.load_global("super", name.range, base);
        self.emit(range, Op::LoadCell { dst: base + 1, cell });
        let frame = &self.scopes.all[self.scopes.frame(self.u.scope)];
        let first = frame.symbols.iter().map(|(_, symbol)| symbol).find(|symbol| symbol.parameter && symbol.reg == 0);
        match first.is_some_and(|symbol| symbol.cell) {
            true => self.emit(range, Op::LoadCell { dst: base + 2, cell: 0 }),
            false => {
                if !self.u.b.bound.has(0) {
                    self.emit(range, Op::CheckBound { src: 0 });
                }
                self.emit(range, Op::Move { dst: base + 2, src: 0 });
            }
        }
        self.emit(range, Op::Call { dst, func: base, count: 2 });
        Ok(true)
    }
}

/// Does the call unpack anything?
pub(crate) fn has_stars(arguments: &Arguments) -> bool {
    arguments.args.iter().any(Expr::is_starred_expr) || arguments.keywords.iter().any(|keyword| keyword.arg.is_none())
}
