//! Conditions: tests and jumps, without a value where none is needed.

use crate::builder::Label;
use crate::compiler::Compiler;
use crate::error::Step;
use crate::expr::{compare_op, compared_with, refs};
use crate::fold;
use crate::holes::Use;
use emulant_machine::code::{CompareOp, Op, Reg};
use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr, UnaryOp};
use ruff_text_size::Ranged;

impl<'a> Compiler<'a> {
    /// Go to `label` when the truth of `expr` is `sense`, else go on.
    pub(crate) fn jump_if(&mut self, expr: &'a Expr, sense: bool, label: Label) -> Step {
        let mark = self.u.b.mark();
        self.condition(expr, sense, label)?;
        self.u.b.release(mark);
        Ok(())
    }

    fn condition(&mut self, expr: &'a Expr, sense: bool, label: Label) -> Step {
        if let Some(value) = self.fold(expr)? {
            self.emit(expr.range(), Op::Nop {});
            if fold::truth(&value) == sense {
                self.jump(label);
            }
            return Ok(());
        }
        match expr {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => self.condition(&unary.operand, !sense, label),
            Expr::BoolOp(boolean) => self.boolean_condition(boolean, sense, label),
            Expr::Compare(compare) => self.comparison(compare, sense, label),
            Expr::If(conditional) => {
                let (otherwise, end) = (self.label(), self.label());
                self.jump_if(&conditional.test, false, otherwise)?;
                self.jump_if(&conditional.body, sense, label)?;
                self.jump(end);
                self.place(otherwise);
                self.jump_if(&conditional.orelse, sense, label)?;
                self.place(end);
                Ok(())
            }
            _ => {
                let a = self.operand_for(expr, Use::Condition)?;
                self.branch(expr.range(), Op::Test { sense, a }, label);
                Ok(())
            }
        }
    }

    fn boolean_condition(&mut self, boolean: &'a ast::ExprBoolOp, sense: bool, label: Label) -> Step {
        // The truth that decides the whole as soon as one value has it.
        let decisive = boolean.op == BoolOp::Or;
        let Some((last, init)) = boolean.values.split_last() else { return Ok(()) };
        let end = self.label();
        for value in init {
            self.jump_if(value, decisive, if sense == decisive { label } else { end })?;
        }
        self.jump_if(last, sense, label)?;
        self.place(end);
        Ok(())
    }

    fn comparison(&mut self, compare: &'a ast::ExprCompare, sense: bool, label: Label) -> Step {
        let last = compare.ops.len() - 1;
        let end = self.label();
        let first = &compare.comparators[0];
        let mut left = self.operand_before(&compare.left, compared_with(first), &refs(&compare.comparators))?;
        for (index, op) in compare.ops.iter().enumerate() {
            let right = &compare.comparators[index];
            let previous = if index == 0 { &*compare.left } else { &compare.comparators[index - 1] };
            let used = compared_with(previous);
            if index == last {
                return self.last_comparison(compare, left, (*op, right, used), (sense, label, end));
            }
            let right = self.operand_before(right, used, &refs(&compare.comparators[index + 1..]))?;
            let failed = if sense { end } else { label };
            self.branch(compare.range, test(*op, false, left, right), failed);
            left = right;
        }
        Ok(())
    }

    fn last_comparison(
        &mut self,
        compare: &'a ast::ExprCompare,
        left: Reg,
        (op, right, used): (CmpOp, &'a Expr, Use<'a>),
        (sense, label, end): (bool, Label, Label),
    ) -> Step {
        let test = match (op, right) {
            (CmpOp::Is, Expr::NoneLiteral(_)) => Op::TestNone { sense, a: left },
            (CmpOp::IsNot, Expr::NoneLiteral(_)) => Op::TestNone { sense: !sense, a: left },
            _ => match (compare_op(op), fold::immediate(right)) {
                (op, Some(imm)) if op as u8 <= CompareOp::Ne as u8 => Op::TestImm { sense, op, a: left, imm },
                _ => {
                    let right = self.comparator(op, right, used)?;
                    test(op, sense, left, right)
                }
            },
        };
        self.branch(compare.range, test, label);
        self.place(end);
        Ok(())
    }
}

fn test(op: CmpOp, sense: bool, a: Reg, b: Reg) -> Op {
    match op {
        CmpOp::Eq => Op::TestEq { sense, a, b },
        CmpOp::NotEq => Op::TestNe { sense, a, b },
        CmpOp::Lt => Op::TestLt { sense, a, b },
        CmpOp::LtE => Op::TestLe { sense, a, b },
        CmpOp::Gt => Op::TestGt { sense, a, b },
        CmpOp::GtE => Op::TestGe { sense, a, b },
        CmpOp::Is => Op::TestIs { sense, a, b },
        CmpOp::IsNot => Op::TestIs { sense: !sense, a, b },
        CmpOp::In => Op::TestIn { sense, a, b },
        CmpOp::NotIn => Op::TestIn { sense: !sense, a, b },
    }
}
