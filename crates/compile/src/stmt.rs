//! Statements: the dispatch, and the simple ones.

use crate::blocks::Block;
use crate::compiler::Compiler;
use crate::error::Step;
use crate::holes::Use;
use emulant_ask::CompileMode;
use emulant_machine::code::{CodeKind, Const, NO_REG, Op, Reg};
use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    /// The statements of a block.
    pub(crate) fn body(&mut self, body: &'a [Stmt]) -> Step {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Step {
        let range = stmt.range();
        self.charge(range)?;
        match stmt {
            Stmt::Expr(statement) => self.expression_statement(statement),
            Stmt::Assign(assign) => self.assign(assign),
            Stmt::AugAssign(assign) => self.augmented(assign),
            Stmt::AnnAssign(assign) => self.annotated_assign(assign),
            Stmt::Return(statement) => self.return_statement(statement),
            Stmt::If(statement) => self.if_statement(statement),
            Stmt::For(statement) if statement.is_async => self.async_for(statement),
            Stmt::For(statement) => self.for_statement(statement),
            Stmt::While(statement) => self.while_statement(statement),
            Stmt::FunctionDef(def) => self.function_def(def),
            Stmt::ClassDef(def) => self.class_def(def),
            Stmt::Try(statement) => self.try_statement(statement),
            Stmt::With(statement) => self.with_statement(statement),
            Stmt::Match(statement) => self.match_statement(statement),
            Stmt::Raise(statement) => self.raise(statement),
            Stmt::Assert(statement) => self.assert(statement),
            Stmt::Delete(statement) => self.delete_all(&statement.targets),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::Pass(_) => {
                self.emit(range, Op::Nop {});
                Ok(())
            }
            Stmt::Break(_) => self.break_statement(range),
            Stmt::Continue(_) => self.continue_statement(range),
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::IpyEscapeCommand(_) => Err(self.error(range, "invalid syntax")),
        }
    }

    fn expression_statement(&mut self, statement: &'a ast::StmtExpr) -> Step {
        let interactive = self.options.mode == CompileMode::Single && self.u.kind == CodeKind::Module;
        if !interactive {
            return self.effect(&statement.value);
        }
        let mark = self.u.b.mark();
        let func = self.temp();
        self.load_global("__displayhook__", statement.range, func);
        let value = self.temp();
        self.expr_to(&statement.value, value)?;
        self.emit(statement.range, Op::Call { dst: func, func, count: 1 });
        self.u.b.release(mark);
        Ok(())
    }

    fn return_statement(&mut self, statement: &'a ast::StmtReturn) -> Step {
        let range = statement.range;
        if !self.u.in_function {
            return Err(self.error(range, "'return' outside function"));
        }
        if statement.value.is_some() && self.u.kind == CodeKind::AsyncGenerator {
            return Err(self.error(range, "'return' with value in async generator"));
        }
        let mark = self.u.b.mark();
        let cleanup = self.u.blocks.iter().any(Block::has_cleanup);
        let src = match &statement.value {
            // What is returned is fixed before cleanup can rebind the local.
            Some(value) if cleanup => self.temp_of(value, Use::Returned)?,
            Some(value) => self.operand_for(value, Use::Returned)?,
            None => {
                let src = self.temp();
                self.emit(range, Op::LoadNone { dst: src });
                src
            }
        };
        let popped = self.unwind(0, range)?;
        self.emit(range, Op::Return { src });
        self.rewind(popped);
        self.u.b.release(mark);
        Ok(())
    }

    fn if_statement(&mut self, statement: &'a ast::StmtIf) -> Step {
        let end = self.label();
        let mut next = self.label();
        self.jump_if(&statement.test, false, next)?;
        self.body(&statement.body)?;
        for clause in &statement.elif_else_clauses {
            self.jump(end);
            self.place(next);
            next = self.label();
            if let Some(test) = &clause.test {
                self.jump_if(test, false, next)?;
            }
            self.body(&clause.body)?;
        }
        self.place(next);
        self.place(end);
        Ok(())
    }

    fn raise(&mut self, statement: &'a ast::StmtRaise) -> Step {
        let mark = self.u.b.mark();
        match &statement.exc {
            None => self.emit(statement.range, Op::RaiseAgain {}),
            Some(exc) => {
                // What a class gives when it is called takes its place, which must not be that of a name.
                let place = self.temp_of(exc, Use::Any)?;
                let cause = match &statement.cause {
                    Some(cause) => self.operand(cause)?,
                    None => NO_REG,
                };
                self.emit(statement.range, Op::Raise { exc: place, cause });
            }
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn assert(&mut self, statement: &'a ast::StmtAssert) -> Step {
        let end = self.label();
        self.jump_if(&statement.test, true, end)?;
        let mark = self.u.b.mark();
        let exc = self.temp();
        self.emit(statement.range, Op::LoadAssertionError { dst: exc });
        if let Some(message) = &statement.msg {
            let argument = self.temp();
            self.expr_to(message, argument)?;
            self.emit(statement.range, Op::Call { dst: exc, func: exc, count: 1 });
        }
        self.emit(statement.range, Op::Raise { exc, cause: NO_REG });
        self.u.b.release(mark);
        self.place(end);
        Ok(())
    }

    // ---- imports

    fn import(&mut self, import: &'a ast::StmtImport) -> Step {
        for alias in &import.names {
            let mark = self.u.b.mark();
            let dst = self.temp();
            self.import_module(&alias.name, Const::None, 0, import.range, dst);
            match &alias.asname {
                None => {
                    let first = alias.name.split('.').next().unwrap_or_default();
                    self.store_name(first, import.range, dst);
                }
                Some(asname) => {
                    // `import a.b.c as d` binds the last module.
                    for part in alias.name.split('.').skip(1) {
                        let site = self.u.b.site(part);
                        self.emit(import.range, Op::ImportFrom { dst, module: dst, site });
                    }
                    self.store_name(asname, import.range, dst);
                }
            }
            self.u.b.release(mark);
        }
        Ok(())
    }

    pub(crate) fn import_module(&mut self, name: &str, from: Const, level: u32, range: TextRange, dst: Reg) {
        let mark = self.u.b.mark();
        let args = self.u.b.take(3);
        self.constant(range, Const::Str(name.into()), args);
        self.constant(range, from, args + 1);
        self.constant(range, Const::Int(i64::from(level)), args + 2);
        self.emit(range, Op::Import { dst, args });
        self.u.b.release(mark);
    }

    fn import_from(&mut self, import: &'a ast::StmtImportFrom) -> Step {
        let (module, range) = (import.module.as_ref().map_or("", |module| module.as_str()), import.range);
        if module == "__future__" && import.level == 0 {
            self.check_future(import)?;
        }
        let mark = self.u.b.mark();
        let dst = self.temp();
        let names = import.names.iter().map(|alias| Const::Str(alias.name.as_str().into()));
        self.import_module(module, Const::Tuple(names.collect()), import.level, range, dst);
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.emit(range, Op::ImportStar { module: dst });
                continue;
            }
            let value = self.temp();
            let site = self.u.b.site(&alias.name);
            self.emit(range, Op::ImportFrom { dst: value, module: dst, site });
            self.store_name(alias.asname.as_ref().unwrap_or(&alias.name), range, value);
            self.u.b.release(mark + 1);
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn check_future(&self, import: &ast::StmtImportFrom) -> Step {
        const KNOWN: [&str; 10] = [
            "nested_scopes", "generators", "division", "absolute_import", "with_statement", "print_function",
            "unicode_literals", "barry_as_FLUFL", "generator_stop", "annotations",
        ];
        let place = TextRange::at(import.range.start(), 1.into());
        for alias in &import.names {
            if alias.name.as_str() == "braces" {
                return Err(self.error(place, "not a chance"));
            }
            if !KNOWN.contains(&alias.name.as_str()) {
                return Err(self.error(place, format!("future feature {} is not defined", alias.name)));
            }
        }
        Ok(())
    }
}
