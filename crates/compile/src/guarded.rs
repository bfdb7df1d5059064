//! `try`, `with`, `async with` and `async for`: everything that guards code.

use crate::blocks::Block;
use crate::builder::Label;
use crate::compiler::Compiler;
use crate::error::Step;
use emulant_machine::code::{Op, Reg};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use ruff_text_size::TextRange;

/// A handler's registers and the label of the code that gives up.
struct Handling {
    exc: Reg,
    save: Reg,
    failed: Label,
    end: Label,
}

impl<'a> Compiler<'a> {
    pub(crate) fn try_statement(&mut self, statement: &'a ast::StmtTry) -> Step {
        let keyword = TextRange::at(statement.range.start(), 3.into());
        self.emit(keyword, Op::Nop {});
        if statement.finalbody.is_empty() {
            return self.try_except(statement);
        }
        let guard = self.guard();
        self.u.blocks.push(Block::Finally(guard, &statement.finalbody));
        match statement.handlers.is_empty() {
            true => self.body(&statement.body)?,
            false => self.try_except(statement)?,
        }
        self.finish_finally(&statement.finalbody)
    }

    fn finish_finally(&mut self, body: &'a [Stmt]) -> Step {
        let mark = self.u.b.mark();
        let handling = self.handling();
        let handler = self.label();
        self.close_guard(handler, handling.exc);
        self.body(body)?;
        self.jump(handling.end);
        self.place(handler);
        self.enter_handler(&handling);
        self.body(body)?;
        self.leave_handler(&handling);
        self.place(handling.end);
        self.u.b.release(mark);
        Ok(())
    }

    fn handling(&mut self) -> Handling {
        let first = self.u.b.take(2);
        Handling { exc: first, save: first + 1, failed: self.label(), end: self.label() }
    }

    fn enter_handler(&mut self, handling: &Handling) {
        self.emit_hidden(Op::PushHandled { save: handling.save, exc: handling.exc });
        let guard = self.guard();
        self.u.blocks.push(Block::Handling(guard, handling.save));
    }

    /// The handler is done: whatever comes here with an exception goes on with it.
    fn leave_handler(&mut self, handling: &Handling) {
        self.close_guard(handling.failed, handling.exc);
        self.place(handling.failed);
        self.emit_hidden(Op::PopHandled { save: handling.save });
        self.emit_hidden(Op::Reraise { exc: handling.exc });
    }

    // ---- except

    fn try_except(&mut self, statement: &'a ast::StmtTry) -> Step {
        let mark = self.u.b.mark();
        let handling = self.handling();
        let handler = self.label();
        let guard = self.guard();
        self.u.blocks.push(Block::Try(guard));
        self.body(&statement.body)?;
        self.close_guard(handler, handling.exc);
        self.body(&statement.orelse)?;
        self.jump(handling.end);
        self.place(handler);
        self.enter_handler(&handling);
        match statement.is_star {
            true => self.star_clauses(&statement.handlers, &handling)?,
            false => self.clauses(&statement.handlers, &handling)?,
        }
        self.leave_handler(&handling);
        self.place(handling.end);
        self.u.b.release(mark);
        Ok(())
    }

    fn clauses(&mut self, handlers: &'a [ExceptHandler], handling: &Handling) -> Step {
        for (index, ExceptHandler::ExceptHandler(clause)) in handlers.iter().enumerate() {
            let next = self.label();
            match &clause.type_ {
                Some(class) => {
                    let mark = self.u.b.mark();
                    let class = self.operand(class)?;
                    let dst = self.temp();
                    self.emit(clause.range, Op::MatchException { dst, exc: handling.exc, class });
                    self.branch(clause.range, Op::Test { sense: false, a: dst }, next);
                    self.u.b.release(mark);
                }
                None if index + 1 < handlers.len() => {
                    return Err(self.error(clause.range, "default 'except:' must be last"));
                }
                None => self.emit(clause.range, Op::Nop {}),
            }
            self.clause(clause, handling)?;
            self.place(next);
        }
        Ok(())
    }

    fn clause(&mut self, clause: &'a ast::ExceptHandlerExceptHandler, handling: &Handling) -> Step {
        let Some(name) = &clause.name else {
            self.body(&clause.body)?;
            return self.handled(handling);
        };
        self.store_name(name, clause.range, handling.exc);
        let failed = self.label();
        let guard = self.guard();
        self.u.blocks.push(Block::Named(guard, name));
        self.body(&clause.body)?;
        self.close_guard(failed, handling.exc);
        self.forget_name(name);
        self.handled(handling)?;
        self.place(failed);
        self.forget_name(name);
        self.jump(handling.failed);
        Ok(())
    }

    /// The normal end of a clause, which its own guard does not cover.
    fn handled(&mut self, handling: &Handling) -> Step {
        if self.u.b.reachable {
            let depth = self.u.blocks.len() - 1;
            let left = self.unwind(depth, TextRange::default())?;
            self.jump(handling.end);
            self.rewind(left);
        }
        Ok(())
    }

    // ---- except*

    /// Each clause takes its part of the group; what is left and what the clauses raised is joined.
    fn star_clauses(&mut self, handlers: &'a [ExceptHandler], handling: &Handling) -> Step {
        let mark = self.u.b.mark();
        let list = self.temp();
        let parts = self.u.b.take(2);
        self.emit_hidden(Op::BuildList { dst: list, first: list, count: 0 });
        self.emit_hidden(Op::Move { dst: parts + 1, src: handling.exc });
        for ExceptHandler::ExceptHandler(clause) in handlers {
            self.star_clause(clause, parts, list)?;
        }
        self.emit_hidden(Op::ListAppend { list, src: parts + 1 });
        let dst = self.temp();
        self.emit_hidden(Op::JoinGroup { dst, exc: handling.exc, list });
        let none = self.label();
        self.u.b.span = Default::default();
        self.u.b.branch(Op::TestNone { sense: true, a: dst }, none);
        self.emit_hidden(Op::Move { dst: handling.exc, src: dst });
        self.jump(handling.failed);
        self.place(none);
        self.handled(handling)?;
        self.u.b.release(mark);
        Ok(())
    }

    fn star_clause(&mut self, clause: &'a ast::ExceptHandlerExceptHandler, parts: Reg, list: Reg) -> Step {
        let Some(class) = &clause.type_ else {
            return Err(self.error(clause.range, "expected one or more exception types"));
        };
        let (next, skip) = (self.label(), self.label());
        self.u.b.span = Default::default();
        self.u.b.branch(Op::TestNone { sense: true, a: parts + 1 }, skip);
        let mark = self.u.b.mark();
        let class = self.operand(class)?;
        let split = self.u.b.take(2);
        self.emit(clause.range, Op::SplitGroup { dst: split, exc: parts + 1, class });
        self.emit_hidden(Op::Move { dst: parts, src: split });
        self.emit_hidden(Op::Move { dst: parts + 1, src: split + 1 });
        self.u.b.release(mark);
        self.u.b.span = Default::default();
        self.u.b.branch(Op::TestNone { sense: true, a: parts }, skip);
        self.star_body(clause, parts, list, next)?;
        self.place(skip);
        self.place(next);
        Ok(())
    }

    fn star_body(&mut self, clause: &'a ast::ExceptHandlerExceptHandler, group: Reg, list: Reg, next: Label) -> Step {
        let mark = self.u.b.mark();
        let raised = self.handling();
        let handler = self.label();
        // While the clause runs, its part of the group is the exception handled.
        self.emit_hidden(Op::PushHandled { save: raised.save, exc: group });
        if let Some(name) = &clause.name {
            self.store_name(name, clause.range, group);
        }
        let guard = self.guard();
        self.u.blocks.push(Block::Handling(guard, raised.save));
        let guard = self.guard();
        let name: Option<&'a str> = clause.name.as_ref().map(|name| name.as_str());
        self.u.blocks.push(match name {
            Some(name) => Block::Named(guard, name),
            None => Block::Try(guard),
        });
        self.star_block(&clause.body, clause.range)?;
        self.close_guard(handler, raised.exc);
        self.close_guard(handler, raised.exc);
        if let Some(name) = name {
            self.forget_name(name);
        }
        self.emit_hidden(Op::PopHandled { save: raised.save });
        self.jump(next);
        self.place(handler);
        if let Some(name) = name {
            self.forget_name(name);
        }
        self.emit_hidden(Op::PopHandled { save: raised.save });
        self.emit_hidden(Op::ListAppend { list, src: raised.exc });
        self.jump(next);
        self.u.b.release(mark);
        Ok(())
    }

    fn star_block(&mut self, body: &'a [Stmt], range: TextRange) -> Step {
        match leaves(body) {
            true => Err(self.error(range, "'break', 'continue' and 'return' cannot appear in an except* block")),
            false => self.body(body),
        }
    }

    // ---- with

    pub(crate) fn with_statement(&mut self, statement: &'a ast::StmtWith) -> Step {
        if statement.is_async && !self.u.awaits {
            return Err(self.error(statement.range, "'async with' outside async function"));
        }
        self.with_items(&statement.items, &statement.body, statement)
    }

    fn with_items(&mut self, items: &'a [ast::WithItem], body: &'a [Stmt], statement: &'a ast::StmtWith) -> Step {
        let Some((item, rest)) = items.split_first() else { return self.body(body) };
        let (place, is_async) = (statement.range, statement.is_async);
        let mark = self.u.b.mark();
        let context = self.u.b.take(2);
        let src = self.operand(&item.context_expr)?;
        let load = match is_async {
            true => Op::LoadAsyncContext { dst: context, src },
            false => Op::LoadContext { dst: context, src },
        };
        self.emit(place, load);
        let entered = self.temp();
        self.emit(place, Op::Call { dst: entered, func: context + 1, count: 0 });
        if is_async {
            self.emit_await(place, entered);
        }
        let guard = self.guard();
        self.u.blocks.push(Block::With { guard, exit: context, place, is_async });
        if let Some(target) = &item.optional_vars {
            self.store(target, entered)?;
        }
        self.with_items(rest, body, statement)?;
        self.finish_with(context, place, is_async);
        self.u.b.release(mark);
        Ok(())
    }

    fn emit_await(&mut self, place: TextRange, reg: Reg) {
        self.emit(place, Op::GetAwaitable { dst: reg, src: reg });
        self.emit(place, Op::YieldFrom { dst: reg, iter: reg });
    }

    fn finish_with(&mut self, exit: Reg, place: TextRange, is_async: bool) {
        let handling = self.handling();
        let (handler, suppressed) = (self.label(), self.label());
        self.close_guard(handler, handling.exc);
        self.call_exit(exit, place, is_async);
        self.jump(handling.end);
        self.place(handler);
        self.enter_handler(&handling);
        let func = self.u.b.take(4);
        self.emit(place, Op::Move { dst: func, src: exit });
        self.emit(place, Op::LoadExcInfo { dst: func + 1, exc: handling.exc });
        self.emit(place, Op::Call { dst: func, func, count: 3 });
        if is_async {
            self.emit_await(place, func);
        }
        self.branch(place, Op::Test { sense: true, a: func }, suppressed);
        self.leave_handler(&handling);
        self.place(suppressed);
        self.emit_hidden(Op::PopHandled { save: handling.save });
        self.place(handling.end);
    }

    /// `exit(None, None, None)`
    pub(crate) fn call_exit(&mut self, exit: Reg, place: TextRange, is_async: bool) {
        let mark = self.u.b.mark();
        let func = self.u.b.take(4);
        self.emit(place, Op::Move { dst: func, src: exit });
        for offset in 1..4 {
            self.emit(place, Op::LoadNone { dst: func + offset });
        }
        self.emit(place, Op::Call { dst: func, func, count: 3 });
        if is_async {
            self.emit_await(place, func);
        }
        self.u.b.release(mark);
    }

    // ---- async for

    pub(crate) fn async_for(&mut self, statement: &'a ast::StmtFor) -> Step {
        if !self.u.awaits {
            return Err(self.error(statement.range, "'async for' outside async function"));
        }
        let (exit, after, head) = (self.label(), self.label(), self.label());
        let mark = self.u.b.mark();
        let iter = self.temp();
        let place = statement.range;
        let src = self.operand(&statement.iter)?;
        self.emit(place, Op::GetAIter { dst: iter, src });
        self.u.b.bound = self.lasting_bound();
        self.place(head);
        let ended = self.next_async(iter, &statement.target, place)?;
        self.u.blocks.push(Block::Loop { exit: after, head, iter: Some(iter) });
        self.body(&statement.body)?;
        self.u.blocks.pop();
        self.u.b.span = Default::default();
        self.u.b.repeat(head);
        self.end_async(ended, exit);
        self.place(exit);
        self.body(&statement.orelse)?;
        self.place(after);
        self.u.b.release(mark);
        Ok(())
    }

    /// Await the next item into a target; what is raised meanwhile goes to the label returned.
    pub(crate) fn next_async(&mut self, iter: Reg, target: &'a Expr, place: TextRange) -> Step<(Label, Reg, TextRange)> {
        let ended = self.label();
        let exc = self.temp();
        let item = self.temp();
        let guard = self.guard();
        self.u.blocks.push(Block::Try(guard));
        self.emit(place, Op::GetANext { dst: item, src: iter });
        self.emit(place, Op::YieldFrom { dst: item, iter: item });
        self.close_guard(ended, exc);
        self.store(target, item)?;
        Ok((ended, exc, place))
    }

    /// StopAsyncIteration ends the loop; anything else goes on.
    pub(crate) fn end_async(&mut self, (ended, exc, place): (Label, Reg, TextRange), exit: Label) {
        self.place(ended);
        let mark = self.u.b.mark();
        let class = self.temp();
        let dst = self.temp();
        self.emit(place, Op::LoadStopAsyncIteration { dst: class });
        self.emit(place, Op::MatchException { dst, exc, class });
        self.branch(place, Op::Test { sense: true, a: dst }, exit);
        self.emit_hidden(Op::Reraise { exc });
        self.u.b.release(mark);
    }
}

/// Does a body leave itself by `break`, `continue` or `return`?
fn leaves(body: &[Stmt]) -> bool {
    use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
    struct Finder {
        loops: usize,
        found: bool,
    }
    impl<'a> StatementVisitor<'a> for Finder {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::Return(_) => self.found = true,
                Stmt::Break(_) | Stmt::Continue(_) => self.found |= self.loops == 0,
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                Stmt::For(_) | Stmt::While(_) => {
                    self.loops += 1;
                    walk_stmt(self, stmt);
                    self.loops -= 1;
                }
                _ => walk_stmt(self, stmt),
            }
        }
    }
    let mut finder = Finder { loops: 0, found: false };
    finder.visit_body(body);
    finder.found
}
