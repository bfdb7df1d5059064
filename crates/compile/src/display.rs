//! Lists, tuples, sets, dicts and f-strings. Long ones are built in pieces, so
//! that they need few registers.

use crate::compiler::Compiler;
use crate::error::Step;
use crate::holes::Use;
use emulant_machine::code::{Const, Convert, Op, Reg};
use ruff_python_ast::{self as ast, ConversionFlag, Expr, FStringPart, InterpolatedStringElement};
use ruff_text_size::TextRange;

/// Most values that stand in registers at once.
const PIECE: usize = 32;

#[derive(Clone, Copy, PartialEq)]
enum Container {
    List,
    Set,
}

impl<'a> Compiler<'a> {
    pub(crate) fn list(&mut self, items: &'a [Expr], range: TextRange, dst: Reg) -> Step {
        if items.len() > 2
            && let Some(constants) = self.fold_all(items)?
        {
            return self.extend_by_constant(Container::List, Const::Tuple(constants), range, dst);
        }
        self.sequence(Container::List, items, range, dst)
    }

    pub(crate) fn set(&mut self, items: &'a [Expr], range: TextRange, dst: Reg) -> Step {
        if items.len() > 2
            && let Some(constants) = self.fold_all(items)?
        {
            return self.extend_by_constant(Container::Set, Const::FrozenSet(constants), range, dst);
        }
        self.sequence(Container::Set, items, range, dst)
    }

    fn extend_by_constant(&mut self, container: Container, constant: Const, range: TextRange, dst: Reg) -> Step {
        self.emit(range, build(container, dst, dst, 0));
        let src = self.temp();
        self.constant(range, constant, src);
        self.emit(range, extend(container, dst, src));
        Ok(())
    }

    pub(crate) fn tuple(&mut self, items: &'a [Expr], range: TextRange, dst: Reg) -> Step {
        if items.len() <= PIECE && !items.iter().any(Expr::is_starred_expr) {
            let first = self.in_a_row(items)?;
            self.emit(range, Op::BuildTuple { dst, first, count: items.len() as u16 });
            return Ok(());
        }
        self.sequence(Container::List, items, range, dst)?;
        self.emit(range, Op::ListToTuple { dst, src: dst });
        Ok(())
    }

    /// Values into fresh consecutive registers.
    pub(crate) fn in_a_row(&mut self, items: &'a [Expr]) -> Step<Reg> {
        let first = self.u.b.mark() as Reg;
        for item in items {
            let dst = self.temp();
            self.expr_to(item, dst)?;
        }
        Ok(first)
    }

    /// Build from the values before the first star, then add the others.
    fn sequence(&mut self, container: Container, items: &'a [Expr], range: TextRange, dst: Reg) -> Step {
        let head = items.iter().take(PIECE).take_while(|item| !item.is_starred_expr()).count();
        let head = if head == items.len() || head < PIECE { head } else { 0 };
        let mark = self.u.b.mark();
        let first = self.in_a_row(&items[..head])?;
        self.emit(range, build(container, dst, if head == 0 { dst } else { first }, head as u16));
        self.u.b.release(mark);
        for item in &items[head..] {
            let op = match item {
                Expr::Starred(starred) => extend(container, dst, self.operand(&starred.value)?),
                item => add(container, dst, self.operand(item)?),
            };
            self.emit(range, op);
            self.u.b.release(mark);
        }
        Ok(())
    }

    pub(crate) fn dict(&mut self, dict: &'a ast::ExprDict, dst: Reg) -> Step {
        let head = dict.items.iter().take(PIECE).take_while(|item| item.key.is_some()).count();
        let head = if head == dict.items.len() || head < PIECE { head } else { 0 };
        let mark = self.u.b.mark();
        let first = if head == 0 { dst } else { mark as Reg };
        for item in &dict.items[..head] {
            for part in item.key.iter().chain([&item.value]) {
                let dst = self.temp();
                self.expr_to(part, dst)?;
            }
        }
        self.emit(dict.range, Op::BuildDict { dst, first, count: head as u16 });
        self.u.b.release(mark);
        for item in &dict.items[head..] {
            let op = match &item.key {
                Some(key) => {
                    let key = self.operand_before(key, Use::Any, &[&item.value])?;
                    Op::DictSet { dict: dst, key, value: self.operand(&item.value)? }
                }
                None => Op::DictUpdate { dict: dst, src: self.operand(&item.value)? },
            };
            self.emit(dict.range, op);
            self.u.b.release(mark);
        }
        Ok(())
    }

    // ---- f-strings

    pub(crate) fn f_string(&mut self, string: &'a ast::ExprFString, dst: Reg) -> Step {
        let mut parts = Vec::new();
        for part in &string.value {
            match part {
                FStringPart::Literal(literal) => parts.push(Part::Text(literal.as_str())),
                FStringPart::FString(inner) => parts.extend(inner.elements.iter().map(Part::of)),
            }
        }
        self.strings(&parts, string.range, dst)
    }

    /// Concatenate parts, in pieces when they are many.
    fn strings(&mut self, parts: &[Part<'a>], range: TextRange, dst: Reg) -> Step {
        let mark = self.u.b.mark();
        let first = mark as Reg;
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Value(value) => {
                    if let Some(debug) = &value.debug_text {
                        text.push_str(debug.as_str());
                    }
                    self.text_part(&mut text, range);
                    let slot = self.temp();
                    self.formatted(value, slot)?;
                }
            }
            if self.u.b.mark() - mark > PIECE as u32 {
                let count = (self.u.b.mark() - mark) as u16;
                self.emit(range, Op::BuildString { dst: first, first, count });
                self.u.b.release(mark + 1);
            }
        }
        self.text_part(&mut text, range);
        let count = (self.u.b.mark() - mark) as u16;
        match count {
            0 => self.constant(range, Const::Str("".into()), dst),
            1 => self.emit(range, Op::Move { dst, src: first }),
            _ => self.emit(range, Op::BuildString { dst, first, count }),
        }
        self.u.b.release(mark);
        Ok(())
    }

    fn text_part(&mut self, text: &mut String, range: TextRange) {
        if !text.is_empty() {
            let dst = self.temp();
            self.constant(range, Const::Str(std::mem::take(text).into()), dst);
        }
    }

    fn formatted(&mut self, value: &'a ast::InterpolatedElement, dst: Reg) -> Step {
        let mark = self.u.b.mark();
        let src = self.operand(&value.expression)?;
        let convert = match value.conversion {
            ConversionFlag::None if value.debug_text.is_some() && value.format_spec.is_none() => Convert::Repr,
            ConversionFlag::None => Convert::None,
            ConversionFlag::Str => Convert::Str,
            ConversionFlag::Repr => Convert::Repr,
            ConversionFlag::Ascii => Convert::Ascii,
        };
        let spec = match &value.format_spec {
            Some(spec) if !spec.elements.is_empty() => {
                let parts: Vec<Part> = spec.elements.iter().map(Part::of).collect();
                let dst = self.temp();
                self.strings(&parts, spec.range, dst)?;
                dst
            }
            _ => emulant_machine::code::NO_REG,
        };
        self.emit(value.range, Op::Format { convert, dst, src, spec });
        self.u.b.release(mark);
        Ok(())
    }
}

/// A part of an f-string.
enum Part<'a> {
    Text(&'a str),
    Value(&'a ast::InterpolatedElement),
}

impl<'a> Part<'a> {
    fn of(element: &'a InterpolatedStringElement) -> Part<'a> {
        match element {
            InterpolatedStringElement::Literal(literal) => Part::Text(&literal.value),
            InterpolatedStringElement::Interpolation(value) => Part::Value(value),
        }
    }
}

fn build(container: Container, dst: Reg, first: Reg, count: u16) -> Op {
    match container {
        Container::List => Op::BuildList { dst, first, count },
        Container::Set => Op::BuildSet { dst, first, count },
    }
}

fn extend(container: Container, dst: Reg, src: Reg) -> Op {
    match container {
        Container::List => Op::ListExtend { list: dst, src },
        Container::Set => Op::SetUpdate { set: dst, src },
    }
}

fn add(container: Container, dst: Reg, src: Reg) -> Op {
    match container {
        Container::List => Op::ListAppend { list: dst, src },
        Container::Set => Op::SetAdd { set: dst, src },
    }
}
