//! Blocks that control leaves: loops, guarded bodies, handlers, `finally`, and
//! what each needs when `break`, `continue` or `return` goes through it.

use crate::builder::{Bound, Label};
use crate::compiler::Compiler;
use crate::error::Step;
use emulant_machine::code::{Op, Reg};
use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::{Ranged, TextRange};

/// The instructions that a handler guards; leaving code cuts holes into them.
pub(crate) struct Guard {
    start: u32,
    ranges: Vec<(u32, u32)>,
    bound: Bound,
}

/// A block around the statement that is compiled.
pub(crate) enum Block<'a> {
    Loop { exit: Label, head: Label, iter: Option<Reg> },
    /// A guarded body that needs nothing when it is left.
    Try(Guard),
    /// A body with a `finally` clause.
    Finally(Guard, &'a [Stmt]),
    /// The body of a handler: the exception in `save` is handled again afterwards.
    Handling(Guard, Reg),
    /// The body of `except … as name`.
    Named(Guard, &'a str),
    /// The body of a `with` item, whose `__exit__` is in the register.
    With { guard: Guard, exit: Reg, place: TextRange, is_async: bool },
}

impl Block<'_> {
    /// Does leaving the block run code?
    pub(crate) fn has_cleanup(&self) -> bool {
        !matches!(self, Block::Loop { .. } | Block::Try(_))
    }

    fn guard(&mut self) -> Option<&mut Guard> {
        match self {
            Block::Loop { .. } => None,
            Block::Try(guard) | Block::Finally(guard, _) | Block::Handling(guard, _) | Block::Named(guard, _) => Some(guard),
            Block::With { guard, .. } => Some(guard),
        }
    }
}

impl<'a> Compiler<'a> {
    // ---- guards

    pub(crate) fn guard(&mut self) -> Guard {
        Guard { start: self.u.b.here(), ranges: Vec::new(), bound: self.lasting_bound() }
    }

    /// Take the innermost block off, and let its guarded instructions lead to `target`.
    pub(crate) fn close_guard(&mut self, target: Label, exc: Reg) {
        let here = self.u.b.here();
        let mut block = self.u.blocks.pop().expect("a block is open");
        if let Some(guard) = block.guard() {
            guard.ranges.push((guard.start, here));
            for (start, end) in std::mem::take(&mut guard.ranges) {
                self.u.b.guard(start, end, target, exc, &guard.bound);
            }
        }
    }

    /// Leave all blocks above `depth`: their code to leave them is emitted, innermost
    /// first, outside of their own guards. After this, emit the jump and call `rewind`.
    pub(crate) fn unwind(&mut self, depth: usize, place: TextRange) -> Step<Vec<Block<'a>>> {
        let mut left = Vec::new();
        while self.u.blocks.len() > depth {
            let Some(mut block) = self.u.blocks.pop() else { break };
            let here = self.u.b.here();
            if let Some(guard) = block.guard() {
                guard.ranges.push((guard.start, here));
            }
            self.cleanup(&block, place)?;
            left.push(block);
        }
        Ok(left)
    }

    /// Put blocks back after the jump that left them.
    pub(crate) fn rewind(&mut self, left: Vec<Block<'a>>) {
        let here = self.u.b.here();
        for mut block in left.into_iter().rev() {
            if let Some(guard) = block.guard() {
                guard.start = here;
            }
            self.u.blocks.push(block);
        }
    }

    fn cleanup(&mut self, block: &Block<'a>, place: TextRange) -> Step {
        self.charge(place)?;
        match block {
            Block::Loop { .. } | Block::Try(_) => {}
            Block::Finally(_, body) => self.body(body)?,
            Block::Handling(_, save) => self.emit_hidden(Op::PopHandled { save: *save }),
            Block::Named(_, name) => self.forget_name(name),
            Block::With { exit, place, is_async, .. } => self.call_exit(*exit, *place, *is_async),
        }
        Ok(())
    }

    // ---- loops

    fn loop_head(&mut self) -> Label {
        let head = self.label();
        self.u.b.bound = self.lasting_bound();
        self.place(head);
        head
    }

    pub(crate) fn while_statement(&mut self, statement: &'a ast::StmtWhile) -> Step {
        let (exit, after) = (self.label(), self.label());
        let endless = self.fold(&statement.test)?.is_some_and(|value| crate::fold::truth(&value));
        if endless {
            self.emit(statement.test.range(), Op::Nop {});
        }
        let head = self.loop_head();
        if !endless {
            self.jump_if(&statement.test, false, exit)?;
        }
        self.u.blocks.push(Block::Loop { exit: after, head, iter: None });
        self.body(&statement.body)?;
        self.u.blocks.pop();
        // The test that always holds takes no instruction but still has its line.
        if endless && self.u.b.reachable {
            self.u.b.span = self.lines.span(statement.test.range());
        } else {
            self.u.b.span = Default::default();
        }
        self.u.b.repeat(head);
        self.place(exit);
        self.body(&statement.orelse)?;
        self.place(after);
        Ok(())
    }

    pub(crate) fn for_statement(&mut self, statement: &'a ast::StmtFor) -> Step {
        let (exit, after) = (self.label(), self.label());
        let mark = self.u.b.mark();
        let iter = self.iteration(&statement.iter, statement.range)?;
        let head = self.loop_head();
        self.next_item(iter, &statement.target, statement.range, exit)?;
        self.u.blocks.push(Block::Loop { exit: after, head, iter: Some(iter) });
        self.body(&statement.body)?;
        self.u.blocks.pop();
        self.u.b.span = Default::default();
        self.u.b.repeat(head);
        self.place(exit);
        self.body(&statement.orelse)?;
        self.place(after);
        self.u.b.release(mark);
        Ok(())
    }

    /// Two registers that iterate over a value. `place` is what CPython shows when it cannot be iterated.
    pub(crate) fn iteration(&mut self, value: &'a ast::Expr, place: TextRange) -> Step<Reg> {
        let iter = self.u.b.take(2);
        let src = self.iterable(value, iter)?;
        self.emit(place, Op::GetIter { dst: iter, src });
        Ok(iter)
    }

    /// What is iterated: a local itself, else in `dst`, so that no other register keeps it alive.
    /// A list of constants is iterated as a tuple.
    pub(crate) fn iterable(&mut self, value: &'a ast::Expr, dst: Reg) -> Step<Reg> {
        if let ast::Expr::List(list) = value
            && let Some(constants) = self.fold_all(&list.elts)?
        {
            self.constant(value.range(), emulant_machine::code::Const::Tuple(constants), dst);
            return Ok(dst);
        }
        if let ast::Expr::Name(name) = value
            && let Some(reg) = self.local(name)
        {
            return Ok(reg);
        }
        self.expr_for(value, dst, crate::holes::Use::Iterated)?;
        Ok(dst)
    }

    /// The next item into a target, or go to `exit`.
    pub(crate) fn next_item(&mut self, iter: Reg, target: &'a ast::Expr, place: TextRange, exit: Label) -> Step {
        if let ast::Expr::Name(name) = target
            && let crate::scope::Place::Local(dst) = self.place_of(&self.mangle(&name.id))
        {
            self.branch(place, Op::ForIter { iter, dst }, exit);
            self.u.b.bound.set(dst, true);
            return Ok(());
        }
        let mark = self.u.b.mark();
        let dst = self.temp();
        self.branch(place, Op::ForIter { iter, dst }, exit);
        self.store(target, dst)?;
        self.u.b.release(mark);
        Ok(())
    }

    pub(crate) fn break_statement(&mut self, range: TextRange) -> Step {
        let Some((depth, exit, _, iter)) = self.innermost_loop() else {
            return Err(self.error(range, "'break' outside loop"));
        };
        let mut shown = self.u.blocks[depth..].iter().any(Block::has_cleanup);
        if shown {
            self.emit(range, Op::Nop {});
        }
        let left = self.unwind(depth + 1, range)?;
        if let Some(dst) = iter {
            // The iterator dies here, so that a generator's cleanup runs now.
            let span = if shown { Default::default() } else { self.lines.span(range) };
            self.emit_span(span, Op::Unbind { dst });
            shown = true;
        }
        if shown {
            self.jump(exit);
        } else {
            self.u.b.span = self.lines.span(range);
            self.u.b.jump(exit);
        }
        self.rewind(left);
        Ok(())
    }

    pub(crate) fn continue_statement(&mut self, range: TextRange) -> Step {
        let Some((depth, _, head, _)) = self.innermost_loop() else {
            return Err(self.error(range, "'continue' not properly in loop"));
        };
        let shown = self.u.blocks[depth..].iter().any(Block::has_cleanup);
        if shown {
            self.emit(range, Op::Nop {});
        }
        let left = self.unwind(depth + 1, range)?;
        self.u.b.span = if shown { Default::default() } else { self.lines.span(range) };
        self.u.b.repeat(head);
        self.rewind(left);
        Ok(())
    }

    fn innermost_loop(&self) -> Option<(usize, Label, Label, Option<Reg>)> {
        self.u.blocks.iter().enumerate().rev().find_map(|(depth, block)| match block {
            Block::Loop { exit, head, iter } => Some((depth, *exit, *head, *iter)),
            _ => None,
        })
    }
}
