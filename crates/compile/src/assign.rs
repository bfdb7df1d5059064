//! Targets: assignment, augmented assignment, annotations and `del`.

use crate::compiler::Compiler;
use crate::error::Step;
use crate::expr::{addend, in_place_op};
use crate::holes::Use;
use crate::scope::Place;
use emulant_machine::code::{CodeKind, Const, NO_REG, Op, Reg};
use ruff_python_ast::{self as ast, Expr, Operator};
use ruff_text_size::{Ranged, TextRange};

/// The evaluated parts of a target that is read and then written.
enum Target<'a> {
    Name(&'a ast::ExprName),
    Attribute(&'a ast::ExprAttribute, Reg),
    Item(TextRange, Reg, Reg),
}

impl<'a> Compiler<'a> {
    pub(crate) fn assign(&mut self, assign: &'a ast::StmtAssign) -> Step {
        let used = Use::Any;
        if let [target @ Expr::Name(name)] = &*assign.targets {
            return self.assign_name(name, target, &assign.value, used);
        }
        if let ([Expr::Tuple(target)], Expr::Tuple(values)) = (&*assign.targets, &*assign.value)
            && self.swap(target, values)?
        {
            return Ok(());
        }
        let mark = self.u.b.mark();
        // A later target may be the very local that the value stands in.
        let src = match assign.targets.len() == 1 && !matches!(&assign.targets[0], Expr::Tuple(_) | Expr::List(_)) {
            true => self.operand_for(&assign.value, used)?,
            false => self.temp_of(&assign.value, used)?,
        };
        for target in &assign.targets {
            self.store(target, src)?;
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn assign_name(&mut self, name: &'a ast::ExprName, target: &'a Expr, value: &'a Expr, used: Use<'a>) -> Step {
        let mark = self.u.b.mark();
        match self.place_of(&self.mangle(&name.id)) {
            Place::Local(reg) => {
                self.expr_for(value, reg, used)?;
                self.pass_line(name.range);
                self.u.b.bound.set(reg, true);
            }
            _ => {
                let src = self.operand_for(value, used)?;
                self.store(target, src)?;
            }
        }
        self.u.b.release(mark);
        Ok(())
    }

    /// `a, b = x, y` without a tuple: all values first, then the targets from left to right.
    fn swap(&mut self, target: &'a ast::ExprTuple, values: &'a ast::ExprTuple) -> Step<bool> {
        let plain = |items: &[Expr]| items.len() <= 3 && !items.iter().any(Expr::is_starred_expr);
        if target.elts.len() != values.elts.len() || !plain(&target.elts) || self.fold_all(&values.elts)?.is_some() {
            return Ok(false);
        }
        let mark = self.u.b.mark();
        let Some((last, init)) = values.elts.split_last() else { return Ok(false) };
        if let Some(regs) = self.distinct_locals(&target.elts) {
            // Only moves follow the last value, so it may go where it belongs at once.
            let first = self.in_a_row(init)?;
            self.expr_to(last, regs[init.len()])?;
            for (offset, dst) in regs[..init.len()].iter().enumerate() {
                self.emit(target.elts[offset].range(), Op::Move { dst: *dst, src: first + offset as Reg });
            }
            regs.iter().for_each(|reg| self.u.b.bound.set(*reg, true));
            self.u.b.release(mark);
            return Ok(true);
        }
        let first = self.in_a_row(&values.elts)?;
        for (offset, target) in target.elts.iter().enumerate() {
            self.store(target, first + offset as Reg)?;
        }
        self.u.b.release(mark);
        Ok(true)
    }

    /// The registers of targets that are different locals.
    fn distinct_locals(&self, targets: &[Expr]) -> Option<Vec<Reg>> {
        let mut regs = Vec::new();
        for target in targets {
            let Expr::Name(name) = target else { return None };
            match self.place_of(&self.mangle(&name.id)) {
                Place::Local(reg) if !regs.contains(&reg) => regs.push(reg),
                _ => return None,
            }
        }
        Some(regs)
    }

    /// Store `src` into a target.
    pub(crate) fn store(&mut self, target: &'a Expr, src: Reg) -> Step {
        let mark = self.u.b.mark();
        match target {
            Expr::Name(name) => self.store_name(&name.id, name.range, src),
            Expr::Attribute(attribute) => {
                let obj = self.operand(&attribute.value)?;
                let site = self.attribute_site(&attribute.attr);
                self.emit_span(self.attribute_span(attribute.range, attribute), Op::StoreAttr { obj, src, site });
            }
            Expr::Subscript(subscript) => {
                let obj = self.operand_before(&subscript.value, Use::Any, &[&subscript.slice])?;
                let key = self.operand(&subscript.slice)?;
                self.emit(subscript.range, Op::SetItem { obj, key, src });
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, tuple.range, src)?,
            Expr::List(list) => self.unpack(&list.elts, list.range, src)?,
            Expr::Starred(starred) => {
                return Err(self.error(starred.range, "starred assignment target must be in a list or tuple"));
            }
            other => return Err(self.error(other.range(), "cannot assign to expression")),
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], range: TextRange, src: Reg) -> Step {
        let stars = targets.iter().filter(|target| target.is_starred_expr()).count();
        if stars > 1 {
            return Err(self.error(range, "multiple starred expressions in assignment"));
        }
        let star = targets.iter().position(Expr::is_starred_expr);
        let first = self.u.b.take(targets.len() as u32);
        match star {
            None => self.emit(range, Op::Unpack { src, first, count: targets.len() as u16 }),
            Some(star) => {
                let Ok(before) = u8::try_from(star) else {
                    return Err(self.error(range, "too many expressions in star-unpacking assignment"));
                };
                let after = (targets.len() - star - 1) as u16;
                self.emit(range, Op::UnpackStar { before, src, first, after });
            }
        }
        for (offset, target) in targets.iter().enumerate() {
            let target = match target {
                Expr::Starred(starred) => &starred.value,
                target => target,
            };
            self.store(target, first + offset as Reg)?;
        }
        Ok(())
    }

    // ---- augmented

    pub(crate) fn augmented(&mut self, assign: &'a ast::StmtAugAssign) -> Step {
        let mark = self.u.b.mark();
        let (target, old) = self.read_target(&assign.target, assign.range)?;
        let is_text = matches!(&*assign.value, Expr::StringLiteral(_) | Expr::FString(_));
        let used = if is_text { Use::Text } else { Use::Number };
        let range = assign.range;
        let immediate = addend(assign.op, &assign.value);
        let b = if immediate.is_some() { NO_REG } else { self.operand_for(&assign.value, used)? };
        let in_place = |dst| match immediate {
            Some((negative, imm)) => Op::InPlaceImm { negative, dst, a: old, imm },
            None => Op::InPlace { op: in_place_op(assign.op), dst, a: old, b },
        };
        match target {
            Target::Name(name) => {
                let dst = match self.place_of(&self.mangle(&name.id)) {
                    Place::Local(reg) => reg,
                    _ => old,
                };
                self.emit(range, in_place(dst));
                self.store_name(&name.id, name.range, dst);
            }
            Target::Attribute(attribute, obj) => {
                self.emit(range, in_place(old));
                let site = self.attribute_site(&attribute.attr);
                let span = self.attribute_span(attribute.range, attribute);
                self.emit_span(span, Op::StoreAttr { obj, src: old, site });
            }
            Target::Item(place, obj, key) => {
                self.emit(range, in_place(old));
                self.emit(place, Op::SetItem { obj, key, src: old });
            }
        }
        self.u.b.release(mark);
        Ok(())
    }

    /// Evaluate a target's parts once, and its old value.
    fn read_target(&mut self, target: &'a Expr, range: TextRange) -> Step<(Target<'a>, Reg)> {
        match target {
            Expr::Name(name) => {
                let walrus = self.scopes.all[self.u.scope].walrus;
                let old = match self.local(name) {
                    Some(reg) if !walrus => reg,
                    _ => {
                        let old = self.temp();
                        self.load_name(&name.id, name.range, old);
                        old
                    }
                };
                Ok((Target::Name(name), old))
            }
            Expr::Attribute(attribute) => {
                let obj = self.stable(&attribute.value)?;
                let old = self.temp();
                let site = self.attribute_site(&attribute.attr);
                let span = self.attribute_span(attribute.range, attribute);
                self.emit_span(span, Op::LoadAttr { dst: old, obj, site });
                Ok((Target::Attribute(attribute, obj), old))
            }
            Expr::Subscript(subscript) => {
                let obj = self.stable(&subscript.value)?;
                let key = self.stable(&subscript.slice)?;
                let old = self.temp();
                self.emit(subscript.range, Op::GetItem { dst: old, obj, key });
                Ok((Target::Item(subscript.range, obj, key), old))
            }
            other => Err(self.error(range, format!("'{}' is an illegal expression for augmented assignment", described(other)))),
        }
    }

    /// An operand that a walrus further on cannot change.
    fn stable(&mut self, expr: &'a Expr) -> Step<Reg> {
        match self.scopes.all[self.u.scope].walrus {
            true => self.temp_of(expr, Use::Any),
            false => self.operand(expr),
        }
    }

    // ---- annotated

    pub(crate) fn annotated_assign(&mut self, assign: &'a ast::StmtAnnAssign) -> Step {
        let mark = self.u.b.mark();
        if let Some(value) = &assign.value {
            let used = Use::Annotated(&assign.annotation);
            match &*assign.target {
                target @ Expr::Name(name) => self.assign_name(name, target, value, used)?,
                target => {
                    let src = self.operand_for(value, used)?;
                    self.store(target, src)?;
                }
            }
        }
        let evaluated = matches!(self.u.kind, CodeKind::Module | CodeKind::Class);
        match &*assign.target {
            Expr::Name(name) if assign.simple && evaluated => self.record_annotation(name, &assign.annotation, assign.range)?,
            // In a function the annotation is not evaluated, but the line counts.
            Expr::Name(_) if assign.value.is_none() => self.emit(assign.range, Op::Nop {}),
            Expr::Name(_) => {}
            target if assign.value.is_none() => self.evaluate_parts(target)?,
            _ => {}
        }
        if evaluated && !assign.simple && !self.lazy_annotations {
            self.effect(&assign.annotation)?;
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn evaluate_parts(&mut self, target: &'a Expr) -> Step {
        match target {
            Expr::Attribute(attribute) => self.effect(&attribute.value),
            Expr::Subscript(subscript) => {
                self.effect(&subscript.value)?;
                self.effect(&subscript.slice)
            }
            _ => Ok(()),
        }
    }

    fn record_annotation(&mut self, name: &'a ast::ExprName, annotation: &'a Expr, range: TextRange) -> Step {
        let src = self.temp();
        self.annotation(annotation, src)?;
        let obj = self.temp();
        self.load_name("__annotations__", range, obj);
        let key = self.temp();
        let name = self.mangle(&name.id);
        self.constant(range, Const::Str(name.into()), key);
        self.emit(range, Op::SetItem { obj, key, src });
        Ok(())
    }

    // ---- del

    pub(crate) fn delete(&mut self, target: &'a Expr) -> Step {
        let mark = self.u.b.mark();
        match target {
            Expr::Name(name) => self.delete_name(&name.id, name.range),
            Expr::Attribute(attribute) => {
                let obj = self.operand(&attribute.value)?;
                let site = self.attribute_site(&attribute.attr);
                self.emit_span(self.attribute_span(attribute.range, attribute), Op::DeleteAttr { obj, site });
            }
            Expr::Subscript(subscript) => {
                let obj = self.operand_before(&subscript.value, Use::Any, &[&subscript.slice])?;
                let key = self.operand(&subscript.slice)?;
                self.emit(subscript.range, Op::DelItem { obj, key });
            }
            Expr::Tuple(tuple) => self.delete_all(&tuple.elts)?,
            Expr::List(list) => self.delete_all(&list.elts)?,
            other => return Err(self.error(other.range(), format!("cannot delete {}", described(other)))),
        }
        self.u.b.release(mark);
        Ok(())
    }

    pub(crate) fn delete_all(&mut self, targets: &'a [Expr]) -> Step {
        targets.iter().try_for_each(|target| self.delete(target))
    }
}

/// CPython's word for an expression in errors about targets.
pub(crate) fn described(expr: &Expr) -> &'static str {
    match expr {
        Expr::Call(_) => "function call",
        Expr::BinOp(ast::ExprBinOp { op: Operator::Add | Operator::Sub, .. }) | Expr::BinOp(_) | Expr::UnaryOp(_) => "expression",
        Expr::BoolOp(_) => "expression",
        Expr::Compare(_) => "comparison",
        Expr::Lambda(_) => "lambda",
        Expr::If(_) => "conditional expression",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Generator(_) => "generator expression",
        Expr::Await(_) => "await expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::FString(_) => "f-string expression",
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => "literal",
        Expr::BooleanLiteral(literal) => if literal.value { "True" } else { "False" },
        Expr::NoneLiteral(_) => "None",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Named(_) => "named expression",
        Expr::Tuple(_) => "tuple",
        Expr::List(_) => "list",
        Expr::Starred(_) => "starred",
        Expr::Name(_) => "name",
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        _ => "expression",
    }
}
