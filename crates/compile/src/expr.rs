//! Expressions: values into registers.
//!
//! A local is an operand by its own register; every other value goes through a
//! temporary. `expr_to` may write a temporary early, but writes a local last.

use crate::compiler::Compiler;
use crate::error::Step;
use crate::fold;
use crate::holes::Use;
use emulant_machine::code::{BinaryOp, CompareOp, Const, Op, Reg, Span, UnaryOp};
use ruff_python_ast::{self as ast, CmpOp, Expr, Operator};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    /// A register that holds the value: a local itself, or a fresh temporary.
    pub(crate) fn operand(&mut self, expr: &'a Expr) -> Step<Reg> {
        self.operand_for(expr, Use::Any)
    }

    pub(crate) fn operand_for(&mut self, expr: &'a Expr, used: Use<'a>) -> Step<Reg> {
        if let Expr::Name(name) = expr
            && let Some(reg) = self.local(name)
        {
            return Ok(reg);
        }
        self.temp_of(expr, used)
    }

    /// A fresh temporary that holds the value.
    pub(crate) fn temp_of(&mut self, expr: &'a Expr, used: Use<'a>) -> Step<Reg> {
        let dst = self.temp();
        self.expr_for(expr, dst, used)?;
        Ok(dst)
    }

    /// As `operand`, for a value that is used after `later` was evaluated.
    pub(crate) fn operand_before(&mut self, expr: &'a Expr, used: Use<'a>, later: &[&'a Expr]) -> Step<Reg> {
        let walrus = self.scopes.all[self.u.scope].walrus;
        let fixed = |expr: &&Expr| matches!(expr, Expr::Name(_)) || expr.is_literal_expr();
        match walrus && !later.iter().all(fixed) {
            true => self.temp_of(expr, used),
            false => self.operand_for(expr, used),
        }
    }

    /// Evaluate for its effects alone.
    pub(crate) fn effect(&mut self, expr: &'a Expr) -> Step {
        let mark = self.u.b.mark();
        if self.fold(expr)?.is_some() {
            self.emit(expr.range(), Op::Nop {});
        } else {
            let before = self.u.b.here();
            self.operand_for(expr, Use::Any)?;
            if self.u.b.here() == before {
                self.emit(expr.range(), Op::Nop {});
            }
        }
        self.u.b.release(mark);
        Ok(())
    }

    /// The value into `dst`.
    pub(crate) fn expr_to(&mut self, expr: &'a Expr, dst: Reg) -> Step {
        self.expr_for(expr, dst, Use::Any)
    }

    /// The value into `dst`; `used` says what for, which types a hole.
    pub(crate) fn expr_for(&mut self, expr: &'a Expr, dst: Reg, used: Use<'a>) -> Step {
        let mark = self.u.b.mark();
        if self.u.b.is_local(dst) && writes_early(expr) {
            let value = self.temp();
            self.value_to(expr, value, used)?;
            self.emit(expr.range(), Op::Move { dst, src: value });
        } else {
            self.value_to(expr, dst, used)?;
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn value_to(&mut self, expr: &'a Expr, dst: Reg, used: Use<'a>) -> Step {
        let range = expr.range();
        if let Some(value) = self.fold(expr)? {
            self.constant(range, value, dst);
            return Ok(());
        }
        match expr {
            Expr::Name(name) => {
                self.load_name(&name.id, range, dst);
                Ok(())
            }
            Expr::BinOp(binary) => self.binary(binary, dst),
            Expr::UnaryOp(unary) => self.unary(unary, dst),
            Expr::Compare(compare) => self.compare(compare, dst),
            Expr::BoolOp(boolean) => self.boolean(boolean, dst, used),
            Expr::If(conditional) => self.conditional(conditional, dst, used),
            Expr::Call(call) => self.call(call, dst, used),
            Expr::Attribute(attribute) => self.attribute(attribute, dst),
            Expr::Subscript(subscript) => self.subscript(subscript, dst),
            Expr::Slice(slice) => self.slice(slice, dst),
            Expr::List(list) => self.list(&list.elts, range, dst),
            Expr::Tuple(tuple) => self.tuple(&tuple.elts, range, dst),
            Expr::Set(set) => self.set(&set.elts, range, dst),
            Expr::Dict(dict) => self.dict(dict, dst),
            Expr::FString(string) => self.f_string(string, dst),
            Expr::TString(_) => Err(self.not_supported(range, "template strings")),
            Expr::Lambda(lambda) => self.lambda(lambda, dst),
            Expr::Named(named) => self.named(named, dst, used),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => self.comprehension(expr, dst),
            Expr::Await(wait) => self.await_value(wait, dst),
            Expr::Yield(value) => self.yield_value(value, dst),
            Expr::YieldFrom(from) => self.yield_from(from, dst),
            Expr::Starred(_) => Err(self.error(range, "can't use starred expression here")),
            _ => Err(self.not_supported(range, "this expression")),
        }
    }

    fn binary(&mut self, binary: &'a ast::ExprBinOp, dst: Reg) -> Step {
        let (range, right) = (binary.range, &*binary.right);
        if let Some((negative, imm)) = addend(binary.op, right) {
            let a = self.operand_for(&binary.left, Use::Number)?;
            self.emit(range, Op::AddImm { negative, dst, a, imm });
            return Ok(());
        }
        let text = |expr: &Expr| matches!(expr, Expr::StringLiteral(_) | Expr::FString(_));
        let sequence = |expr: &Expr| matches!(expr, Expr::List(_) | Expr::ListComp(_) | Expr::Tuple(_) | Expr::Dict(_));
        let used = |other: &Expr| match (text(other), sequence(other)) {
            (true, _) => Use::Text,
            (_, true) => Use::Any,
            _ => Use::Number,
        };
        let a = self.operand_before(&binary.left, used(right), &[right])?;
        let b = self.operand_for(right, used(&binary.left))?;
        self.emit(range, binary_op(binary.op, dst, a, b));
        Ok(())
    }

    fn unary(&mut self, unary: &'a ast::ExprUnaryOp, dst: Reg) -> Step {
        let op = match unary.op {
            ast::UnaryOp::Not => {
                let a = self.operand_for(&unary.operand, Use::Condition)?;
                self.emit(unary.range, Op::Not { dst, a });
                return Ok(());
            }
            ast::UnaryOp::USub => UnaryOp::Neg,
            ast::UnaryOp::UAdd => UnaryOp::Pos,
            ast::UnaryOp::Invert => UnaryOp::Invert,
        };
        let a = self.operand_for(&unary.operand, Use::Number)?;
        self.emit(unary.range, Op::Unary { op, dst, a });
        Ok(())
    }

    /// The right side of a comparison; a display of constants after `in` becomes one constant.
    pub(crate) fn comparator(&mut self, op: CmpOp, expr: &'a Expr, used: Use<'a>) -> Step<Reg> {
        if matches!(op, CmpOp::In | CmpOp::NotIn) {
            let constant = match expr {
                Expr::List(list) => self.fold_all(&list.elts)?.map(Const::Tuple),
                Expr::Set(set) => self.fold_all(&set.elts)?.map(Const::FrozenSet),
                _ => None,
            };
            if let Some(constant) = constant {
                let dst = self.temp();
                self.constant(expr.range(), constant, dst);
                return Ok(dst);
            }
        }
        self.operand_for(expr, used)
    }

    pub(crate) fn fold_all(&self, exprs: &[Expr]) -> Step<Option<Vec<Const>>> {
        let range = exprs.first().map_or(TextRange::default(), Ranged::range);
        fold::all(exprs).map_err(|message| self.error(range, message))
    }

    fn compare(&mut self, compare: &'a ast::ExprCompare, dst: Reg) -> Step {
        let last = compare.ops.len() - 1;
        let end = self.label();
        let mut left = self.operand_before(&compare.left, compared_with(&compare.comparators[0]), &refs(&compare.comparators))?;
        for (index, (op, right)) in compare.ops.iter().zip(&compare.comparators).enumerate() {
            let previous = if index == 0 { &*compare.left } else { &compare.comparators[index - 1] };
            let used = compared_with(previous);
            let right = match index == last {
                true => self.comparator(*op, right, used)?,
                false => self.operand_before(right, used, &refs(&compare.comparators[index + 1..]))?,
            };
            self.emit(compare.range, Op::Compare { op: compare_op(*op), dst, a: left, b: right });
            if index < last {
                self.branch(compare.range, Op::Test { sense: false, a: dst }, end);
            }
            left = right;
        }
        self.place(end);
        Ok(())
    }

    fn boolean(&mut self, boolean: &'a ast::ExprBoolOp, dst: Reg, used: Use<'a>) -> Step {
        let end = self.label();
        let sense = boolean.op == ast::BoolOp::Or;
        let Some((last, init)) = boolean.values.split_last() else { return Ok(()) };
        for value in init {
            self.expr_for(value, dst, used)?;
            self.branch(value.range(), Op::Test { sense, a: dst }, end);
        }
        self.expr_for(last, dst, used)?;
        self.place(end);
        Ok(())
    }

    fn conditional(&mut self, conditional: &'a ast::ExprIf, dst: Reg, used: Use<'a>) -> Step {
        let (otherwise, end) = (self.label(), self.label());
        self.jump_if(&conditional.test, false, otherwise)?;
        self.expr_for(&conditional.body, dst, used)?;
        self.jump(end);
        self.place(otherwise);
        self.expr_for(&conditional.orelse, dst, used)?;
        self.place(end);
        Ok(())
    }

    fn named(&mut self, named: &'a ast::ExprNamed, dst: Reg, used: Use<'a>) -> Step {
        let Expr::Name(target) = &*named.target else { return Ok(()) };
        self.expr_for(&named.value, dst, used)?;
        self.store_name(&target.id, target.range, dst);
        Ok(())
    }

    // ---- attributes and items

    /// The place CPython shows for an attribute: on the line of its name.
    pub(crate) fn attribute_span(&self, range: TextRange, attribute: &ast::ExprAttribute) -> Span {
        let mut span = self.lines.span(range);
        let name = self.lines.span(attribute.attr.range());
        if span.line != name.end_line {
            (span.line, span.col, span.end_col) = (name.end_line, name.col, name.end_col);
        }
        span
    }

    fn attribute(&mut self, attribute: &'a ast::ExprAttribute, dst: Reg) -> Step {
        let obj = self.operand(&attribute.value)?;
        let site = self.attribute_site(&attribute.attr);
        self.emit_span(self.attribute_span(attribute.range, attribute), Op::LoadAttr { dst, obj, site });
        Ok(())
    }

    pub(crate) fn attribute_site(&mut self, name: &str) -> u16 {
        let name = self.mangle(name);
        self.u.b.site(&name)
    }

    fn subscript(&mut self, subscript: &'a ast::ExprSubscript, dst: Reg) -> Step {
        let obj = self.operand_before(&subscript.value, Use::Any, &[&subscript.slice])?;
        let key = self.operand(&subscript.slice)?;
        self.emit(subscript.range, Op::GetItem { dst, obj, key });
        Ok(())
    }

    fn slice(&mut self, slice: &'a ast::ExprSlice, dst: Reg) -> Step {
        let first = self.u.b.take(3);
        for (offset, part) in [&slice.lower, &slice.upper, &slice.step].into_iter().enumerate() {
            let dst = first + offset as Reg;
            match part {
                Some(part) => self.expr_to(part, dst)?,
                None => self.emit(slice.range, Op::LoadNone { dst }),
            }
        }
        self.emit(slice.range, Op::BuildSlice { dst, first });
        Ok(())
    }

    // ---- generators

    fn await_value(&mut self, wait: &'a ast::ExprAwait, dst: Reg) -> Step {
        self.check_await(wait.range)?;
        let src = self.operand(&wait.value)?;
        self.emit(wait.range, Op::GetAwaitable { dst, src });
        self.emit(wait.range, Op::YieldFrom { dst, iter: dst });
        Ok(())
    }

    pub(crate) fn check_await(&self, range: TextRange) -> Step {
        if !self.u.in_function {
            return Err(self.error(range, "'await' outside function"));
        }
        match self.u.awaits {
            true => Ok(()),
            false => Err(self.error(range, "'await' outside async function")),
        }
    }

    fn yield_value(&mut self, value: &'a ast::ExprYield, dst: Reg) -> Step {
        self.check_yield(value.range)?;
        let src = match &value.value {
            Some(value) => self.operand(value)?,
            None => {
                let src = self.temp();
                self.emit(value.range, Op::LoadNone { dst: src });
                src
            }
        };
        self.emit_yield(value.range, dst, src);
        Ok(())
    }

    pub(crate) fn emit_yield(&mut self, range: TextRange, dst: Reg, src: Reg) {
        let op = match self.u.kind {
            emulant_machine::code::CodeKind::AsyncGenerator => Op::YieldAsync { dst, src },
            _ => Op::Yield { dst, src },
        };
        self.emit(range, op);
    }

    fn check_yield(&self, range: TextRange) -> Step {
        match self.u.in_function {
            true => Ok(()),
            false => Err(self.error(range, "'yield' outside function")),
        }
    }

    fn yield_from(&mut self, from: &'a ast::ExprYieldFrom, dst: Reg) -> Step {
        self.check_yield(from.range)?;
        if self.u.awaits {
            return Err(self.error(from.range, "'yield from' inside async function"));
        }
        let src = self.operand(&from.value)?;
        self.emit(from.range, Op::GetYieldFromIter { dst, src });
        self.emit(from.range, Op::YieldFrom { dst, iter: dst });
        Ok(())
    }
}

/// Does evaluating the expression write its destination before the last instruction?
fn writes_early(expr: &Expr) -> bool {
    match expr {
        Expr::BoolOp(_) | Expr::Await(_) | Expr::YieldFrom(_) | Expr::Named(_) => true,
        Expr::Compare(compare) => compare.ops.len() > 1,
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => true,
        Expr::List(_) | Expr::Set(_) | Expr::Dict(_) | Expr::Tuple(_) => true,
        _ => false,
    }
}

/// What a hole is used for when it is compared with `other`.
pub(crate) fn compared_with(other: &Expr) -> Use<'static> {
    match other {
        Expr::StringLiteral(_) | Expr::FString(_) => Use::Text,
        Expr::BooleanLiteral(_) => Use::Condition,
        Expr::NumberLiteral(literal) if literal.value.is_int() => Use::Integer,
        Expr::NumberLiteral(_) => Use::Number,
        Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::Set(ast::ExprSet { elts, .. }) => {
            elts.first().map_or(Use::Any, compared_with)
        }
        _ => Use::Any,
    }
}

/// The sign and the addend of `+ n` and `- n` with a small number.
pub(crate) fn addend(op: Operator, right: &Expr) -> Option<(bool, i16)> {
    let imm = fold::immediate(right)?;
    match op {
        Operator::Add => Some((false, imm)),
        Operator::Sub => Some((true, imm.checked_neg()?)),
        _ => None,
    }
}

pub(crate) fn refs(exprs: &[Expr]) -> Vec<&Expr> {
    exprs.iter().collect()
}

fn binary_op(op: Operator, dst: Reg, a: Reg, b: Reg) -> Op {
    match in_place_op(op) {
        BinaryOp::Add => Op::Add { dst, a, b },
        BinaryOp::Sub => Op::Sub { dst, a, b },
        BinaryOp::Mul => Op::Mul { dst, a, b },
        BinaryOp::TrueDiv => Op::TrueDiv { dst, a, b },
        BinaryOp::FloorDiv => Op::FloorDiv { dst, a, b },
        BinaryOp::Mod => Op::Mod { dst, a, b },
        op => Op::Binary { op, dst, a, b },
    }
}

pub(crate) fn in_place_op(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mult => BinaryOp::Mul,
        Operator::MatMult => BinaryOp::MatMul,
        Operator::Div => BinaryOp::TrueDiv,
        Operator::Mod => BinaryOp::Mod,
        Operator::Pow => BinaryOp::Pow,
        Operator::LShift => BinaryOp::Shl,
        Operator::RShift => BinaryOp::Shr,
        Operator::BitOr => BinaryOp::Or,
        Operator::BitXor => BinaryOp::Xor,
        Operator::BitAnd => BinaryOp::And,
        Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

pub(crate) fn compare_op(op: CmpOp) -> CompareOp {
    match op {
        CmpOp::Eq => CompareOp::Eq,
        CmpOp::NotEq => CompareOp::Ne,
        CmpOp::Lt => CompareOp::Lt,
        CmpOp::LtE => CompareOp::Le,
        CmpOp::Gt => CompareOp::Gt,
        CmpOp::GtE => CompareOp::Ge,
        CmpOp::Is => CompareOp::Is,
        CmpOp::IsNot => CompareOp::IsNot,
        CmpOp::In => CompareOp::In,
        CmpOp::NotIn => CompareOp::NotIn,
    }
}
