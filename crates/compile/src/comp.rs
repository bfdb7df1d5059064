//! Comprehensions and generator expressions.
//!
//! List, set and dict comprehensions run in the frame around them, on registers
//! of their own; generator expressions (and, for traces, all of them) are
//! functions that get the first iterator as `.0`.

use crate::compiler::Compiler;
use crate::error::Step;
use crate::scope::{ScopeId, ScopeKind};
use emulant_machine::code::{Code, CodeKind, Op, Params, Reg};
use ruff_python_ast::{Comprehension, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::sync::Arc;

/// What a comprehension makes of each round.
#[derive(Clone, Copy)]
enum Element<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
    Yield(&'a Expr),
}

impl<'a> Compiler<'a> {
    pub(crate) fn comprehension(&mut self, expr: &'a Expr, dst: Reg) -> Step {
        let (generators, element, name): (&'a [Comprehension], _, _) = match expr {
            Expr::ListComp(c) => (&c.generators, Element::List(&c.elt), "<listcomp>"),
            Expr::SetComp(c) => (&c.generators, Element::Set(&c.elt), "<setcomp>"),
            Expr::Generator(c) => (&c.generators, Element::Yield(&c.elt), "<genexpr>"),
            Expr::DictComp(c) => match &c.key {
                Some(key) => (&c.generators, Element::Dict(key, &c.value), "<dictcomp>"),
                None => return Err(self.error(c.range, "dict unpacking cannot be used in dict comprehension")),
            },
            _ => return Ok(()),
        };
        if let Element::List(Expr::Starred(_)) | Element::Set(Expr::Starred(_)) | Element::Yield(Expr::Starred(_)) = element {
            return Err(self.error(expr.range(), "iterable unpacking cannot be used in comprehension"));
        }
        let scope = self.scopes.find(expr.range());
        match self.scopes.all[scope].kind {
            ScopeKind::Inlined => self.inlined(scope, generators, element, expr.range(), dst),
            _ => self.framed(scope, generators, element, self.with_brackets(expr), name, dst),
        }
    }

    /// A generator expression that is a call's only argument shares the call's brackets, which
    /// CPython counts to it.
    fn with_brackets(&self, expr: &Expr) -> TextRange {
        let range = expr.range();
        if !matches!(expr, Expr::Generator(generator) if !generator.parenthesized) {
            return range;
        }
        let text = self.lines.text();
        let before = text[..range.start().to_usize()].trim_end();
        let after = &text[range.end().to_usize()..];
        let closing = after.len() - after.trim_start().len();
        match before.ends_with('(') && after.trim_start().starts_with(')') {
            true => TextRange::new(
                TextSize::of(before) - TextSize::new(1),
                range.end() + TextSize::of(&after[..=closing]),
            ),
            false => range,
        }
    }

    // ---- in the frame around

    fn inlined(&mut self, scope: ScopeId, generators: &'a [Comprehension], element: Element<'a>, range: TextRange, dst: Reg) -> Step {
        if self.scopes.all[scope].coroutine && !self.u.awaits {
            return Err(self.error(range, "asynchronous comprehension outside of an asynchronous function"));
        }
        let first = &generators[0];
        let mark = self.u.b.mark();
        let iter = self.u.b.take(2);
        if first.is_async {
            let src = self.operand(&first.iter)?;
            self.emit(range, Op::GetAIter { dst: iter, src });
        } else {
            let src = self.iterable(&first.iter, iter)?;
            self.emit(range, Op::GetIter { dst: iter, src });
        }
        self.u.b.release(mark + 2);
        self.emit(range, empty(element, dst));
        self.fresh_names(scope, generators.len() > 1);
        self.in_scope(scope, |this| this.rounds(generators, element, iter, dst, range))?;
        self.drop_names(scope);
        self.u.b.release(mark);
        Ok(())
    }

    /// Each run has names of its own, and cells that closures of earlier runs do not share.
    fn fresh_names(&mut self, scope: ScopeId, several: bool) {
        for (reg, cell) in self.own_names(scope) {
            self.u.b.bound.set(reg, false);
            if cell || several {
                self.emit_hidden(Op::Unbind { dst: reg });
            }
            if cell {
                self.emit_hidden(Op::MakeCell { reg });
            }
        }
    }

    /// The names end with the comprehension, and what they hold may die.
    fn drop_names(&mut self, scope: ScopeId) {
        for (reg, _) in self.own_names(scope) {
            self.emit_hidden(Op::Unbind { dst: reg });
            self.u.b.bound.set(reg, false);
        }
    }

    fn own_names(&self, scope: ScopeId) -> Vec<(Reg, bool)> {
        let symbols = self.scopes.all[scope].symbols.iter().map(|(_, symbol)| symbol);
        symbols.filter(|symbol| symbol.owner == Some(scope)).map(|symbol| (symbol.reg, symbol.cell)).collect()
    }

    // ---- in a frame of its own

    fn framed(
        &mut self,
        scope: ScopeId,
        generators: &'a [Comprehension],
        element: Element<'a>,
        range: TextRange,
        name: &str,
        dst: Reg,
    ) -> Step {
        let first = &generators[0];
        let is_async = self.scopes.all[scope].coroutine;
        let generator = matches!(element, Element::Yield(_));
        if is_async && !generator && !self.u.awaits {
            return Err(self.error(range, "asynchronous comprehension outside of an asynchronous function"));
        }
        let kind = match (is_async, generator) {
            (true, true) => CodeKind::AsyncGenerator,
            (false, true) => CodeKind::Generator,
            (true, false) => CodeKind::Coroutine,
            (false, false) => CodeKind::Function,
        };
        let mark = self.u.b.mark();
        let func = self.u.b.take(2);
        let code = self.comprehension_code(scope, generators, element, (range, name), kind)?;
        self.bare_function(code, scope, range, func)?;
        let src = self.iterable(&first.iter, func + 1)?;
        let op = match first.is_async {
            true => Op::GetAIter { dst: func + 1, src },
            false => Op::GetIterObject { dst: func + 1, src },
        };
        self.emit(range, op);
        self.emit(range, Op::Call { dst: func, func, count: 1 });
        if is_async && !generator {
            self.emit(range, Op::GetAwaitable { dst: func, src: func });
            self.emit(range, Op::YieldFrom { dst: func, iter: func });
        }
        if func != dst {
            self.emit(range, Op::Move { dst, src: func });
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn comprehension_code(
        &mut self,
        scope: ScopeId,
        generators: &'a [Comprehension],
        element: Element<'a>,
        (range, name): (TextRange, &str),
        kind: CodeKind,
    ) -> Step<Arc<Code>> {
        self.enter(scope, kind, name, self.lines.line(range.start()));
        self.u.params = Params { positional: 1, positional_only: 1, ..Params::default() };
        let result = self.temp();
        self.emit(range, empty(element, result));
        let iter = self.u.b.take(2);
        let place = range;
        match generators[0].is_async {
            true => self.emit(place, Op::Move { dst: iter, src: 0 }),
            false => self.emit(place, Op::GetIter { dst: iter, src: 0 }),
        }
        self.rounds(generators, element, iter, result, range)?;
        self.emit(range, Op::Return { src: result });
        self.leave()
    }

    // ---- loops

    /// The loops over `generators`, the first of which iterates in `iter` already.
    fn rounds(&mut self, generators: &'a [Comprehension], element: Element<'a>, iter: Reg, result: Reg, range: TextRange) -> Step {
        let Some((generator, rest)) = generators.split_first() else {
            return self.element(element, result);
        };
        let mark = self.u.b.mark();
        let (head, exit, next) = (self.label(), self.label(), self.label());
        self.u.b.bound = self.lasting_bound();
        self.place(head);
        // As in CPython, an error of the iterator is one of the whole comprehension.
        let place = range;
        let ended = match generator.is_async {
            true => Some(self.next_async(iter, &generator.target, place)?),
            false => {
                self.next_item(iter, &generator.target, place, exit)?;
                None
            }
        };
        for condition in &generator.ifs {
            self.jump_if(condition, false, next)?;
        }
        let inner = match rest.first() {
            Some(following) if following.is_async => {
                let inner = self.temp();
                let src = self.operand(&following.iter)?;
                self.emit(range, Op::GetAIter { dst: inner, src });
                inner
            }
            Some(following) => self.iteration(&following.iter, range)?,
            None => iter,
        };
        self.rounds(rest, element, inner, result, range)?;
        self.place(next);
        self.u.b.span = Default::default();
        self.u.b.repeat(head);
        if let Some(ended) = ended {
            self.end_async(ended, exit);
        }
        self.place(exit);
        self.u.b.release(mark);
        Ok(())
    }


    fn element(&mut self, element: Element<'a>, result: Reg) -> Step {
        let mark = self.u.b.mark();
        match element {
            Element::List(item) => {
                let src = self.operand(item)?;
                self.emit(item.range(), Op::ListAppend { list: result, src });
            }
            Element::Set(item) => {
                let src = self.operand(item)?;
                self.emit(item.range(), Op::SetAdd { set: result, src });
            }
            Element::Dict(key, value) => {
                let key_reg = self.operand_before(key, crate::holes::Use::Any, &[value])?;
                let value_reg = self.operand(value)?;
                let place = TextRange::new(key.start(), value.end());
                self.emit(place, Op::DictSet { dict: result, key: key_reg, value: value_reg });
            }
            Element::Yield(item) => {
                let src = self.operand(item)?;
                let dst = self.temp();
                self.emit_yield(item.range(), dst, src);
            }
        }
        self.u.b.release(mark);
        Ok(())
    }
}

fn empty(element: Element, dst: Reg) -> Op {
    match element {
        Element::List(_) => Op::BuildList { dst, first: dst, count: 0 },
        Element::Set(_) => Op::BuildSet { dst, first: dst, count: 0 },
        Element::Dict(..) => Op::BuildDict { dst, first: dst, count: 0 },
        Element::Yield(_) => Op::LoadNone { dst },
    }
}
