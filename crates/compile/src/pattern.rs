//! `match`: patterns become tests and jumps; names are bound when a whole
//! pattern has matched.

use crate::builder::Label;
use crate::compiler::Compiler;
use crate::error::Step;
use crate::holes::Use;
use emulant_machine::code::{CompareOp, Const, Op, Reg};
use ruff_python_ast::{self as ast, Expr, Pattern, Singleton};
use ruff_text_size::{Ranged, TextRange};

/// A name that a pattern binds, and where its value stands.
struct Capture<'a> {
    name: &'a ast::Identifier,
    src: Reg,
}

/// The bindings of one case.
struct Matching<'a> {
    captures: Vec<Capture<'a>>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn match_statement(&mut self, statement: &'a ast::StmtMatch) -> Step {
        let end = self.label();
        let outer = self.u.b.mark();
        let subject = self.temp_of(&statement.subject, Use::Matched(statement))?;
        for (index, case) in statement.cases.iter().enumerate() {
            let last = index + 1 == statement.cases.len();
            if !last && case.guard.is_none() {
                self.check_reachable(&case.pattern)?;
            }
            let next = self.label();
            let mark = self.u.b.mark();
            let mut matching = Matching { captures: Vec::new() };
            let before = self.u.b.here();
            self.pattern(&case.pattern, subject, next, &mut matching)?;
            for capture in &matching.captures {
                self.store_name(capture.name, capture.name.range, capture.src);
            }
            if self.u.b.here() == before {
                self.emit(case.pattern.range(), Op::Nop {});
            }
            self.u.b.release(mark);
            if let Some(guard) = &case.guard {
                self.jump_if(guard, false, next)?;
            }
            self.body(&case.body)?;
            self.jump(end);
            self.place(next);
        }
        self.place(end);
        self.u.b.release(outer);
        Ok(())
    }

    fn check_reachable(&self, pattern: &Pattern) -> Step {
        match pattern {
            Pattern::MatchAs(ast::PatternMatchAs { pattern: None, name: None, range, .. }) => {
                Err(self.error(*range, "wildcard makes remaining patterns unreachable"))
            }
            Pattern::MatchAs(ast::PatternMatchAs { pattern: None, name: Some(name), range, .. }) => {
                Err(self.error(*range, format!("name capture '{name}' makes remaining patterns unreachable")))
            }
            Pattern::MatchAs(ast::PatternMatchAs { pattern: Some(inner), .. }) => self.check_reachable(inner),
            Pattern::MatchOr(alternatives) => match alternatives.patterns.last() {
                Some(last) => self.check_reachable(last),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Go to `fail` unless `src` matches.
    fn pattern(&mut self, pattern: &'a Pattern, src: Reg, fail: Label, matching: &mut Matching<'a>) -> Step {
        match pattern {
            Pattern::MatchValue(value) => self.value_pattern(value, src, fail),
            Pattern::MatchSingleton(singleton) => {
                let test = match singleton.value {
                    Singleton::None => Op::TestNone { sense: false, a: src },
                    value => {
                        let b = self.temp();
                        self.emit(singleton.range, Op::LoadBool { value: value == Singleton::True, dst: b });
                        Op::TestIs { sense: false, a: src, b }
                    }
                };
                self.branch(singleton.range, test, fail);
                Ok(())
            }
            Pattern::MatchSequence(sequence) => self.sequence_pattern(sequence, src, fail, matching),
            Pattern::MatchMapping(mapping) => self.mapping_pattern(mapping, src, fail, matching),
            Pattern::MatchClass(class) => self.class_pattern(class, src, fail, matching),
            Pattern::MatchStar(star) => Err(self.error(star.range, "star patterns may only appear as part of a sequence pattern")),
            Pattern::MatchAs(binding) => {
                if let Some(inner) = &binding.pattern {
                    self.pattern(inner, src, fail, matching)?;
                }
                self.capture(binding.name.as_ref(), src, matching)
            }
            Pattern::MatchOr(alternatives) => self.or_pattern(alternatives, src, fail, matching),
        }
    }

    fn capture(&mut self, name: Option<&'a ast::Identifier>, src: Reg, matching: &mut Matching<'a>) -> Step {
        let Some(name) = name else { return Ok(()) };
        if matching.captures.iter().any(|capture| capture.name.id == name.id) {
            return Err(self.error(name.range, format!("multiple assignments to name '{name}' in pattern")));
        }
        matching.captures.push(Capture { name, src });
        Ok(())
    }

    fn value_pattern(&mut self, value: &'a ast::PatternMatchValue, src: Reg, fail: Label) -> Step {
        if value.value.is_f_string_expr() {
            return Err(self.error(value.range, "patterns may only match literals and attribute lookups"));
        }
        let test = match crate::fold::immediate(&value.value) {
            Some(imm) => Op::TestImm { sense: false, op: CompareOp::Eq, a: src, imm },
            None => {
                let b = self.operand(&value.value)?;
                Op::TestEq { sense: false, a: src, b }
            }
        };
        self.branch(value.range, test, fail);
        Ok(())
    }

    fn test_kind(&mut self, op: fn(Reg, Reg) -> Op, src: Reg, range: TextRange, fail: Label) {
        let dst = self.temp();
        self.emit(range, op(dst, src));
        self.branch(range, Op::Test { sense: false, a: dst }, fail);
    }

    // ---- sequences

    fn sequence_pattern(
        &mut self,
        sequence: &'a ast::PatternMatchSequence,
        src: Reg,
        fail: Label,
        matching: &mut Matching<'a>,
    ) -> Step {
        let (patterns, range) = (&sequence.patterns, sequence.range);
        let stars: Vec<usize> = (0..patterns.len()).filter(|index| patterns[*index].is_match_star()).collect();
        if stars.len() > 1 {
            return Err(self.error(range, "multiple starred expressions in sequence pattern"));
        }
        self.test_kind(|dst, src| Op::MatchSequence { dst, src }, src, range, fail);
        let least = patterns.len() - stars.len();
        let Ok(imm) = i16::try_from(least) else { return Err(self.not_supported(range, "a sequence pattern this long")) };
        let length = self.temp();
        if stars.is_empty() || least > 0 {
            let op = if stars.is_empty() { CompareOp::Eq } else { CompareOp::Ge };
            self.emit(range, Op::Len { dst: length, src });
            self.branch(range, Op::TestImm { sense: false, op, a: length, imm }, fail);
        }
        match stars.first() {
            None if patterns.iter().all(is_wildcard) => Ok(()),
            None => {
                let first = self.u.b.take(patterns.len() as u32);
                self.emit(range, Op::Unpack { src, first, count: patterns.len() as u16 });
                self.subpatterns(patterns, first, fail, matching)
            }
            Some(star) if is_wildcard(&patterns[*star]) => self.indexed(patterns, *star, src, length, fail, matching),
            Some(star) => {
                let Ok(before) = u8::try_from(*star) else { return Err(self.not_supported(range, "a sequence pattern this long")) };
                let first = self.u.b.take(patterns.len() as u32);
                self.emit(range, Op::UnpackStar { before, src, first, after: (patterns.len() - star - 1) as u16 });
                self.subpatterns(patterns, first, fail, matching)
            }
        }
    }

    fn subpatterns(&mut self, patterns: &'a [Pattern], first: Reg, fail: Label, matching: &mut Matching<'a>) -> Step {
        for (offset, pattern) in patterns.iter().enumerate() {
            let src = first + offset as Reg;
            match pattern {
                Pattern::MatchStar(star) => self.capture(star.name.as_ref(), src, matching)?,
                pattern => self.pattern(pattern, src, fail, matching)?,
            }
        }
        Ok(())
    }

    /// A pattern with `*_` takes single items, from the front and from the back.
    fn indexed(&mut self, patterns: &'a [Pattern], star: usize, src: Reg, length: Reg, fail: Label, matching: &mut Matching<'a>) -> Step {
        for (index, pattern) in patterns.iter().enumerate() {
            if index == star || is_wildcard(pattern) {
                continue;
            }
            let range = pattern.range();
            let key = self.temp();
            match index < star {
                true => self.constant(range, Const::Int(index as i64), key),
                false => {
                    let imm = -((patterns.len() - index) as i16);
                    self.emit(range, Op::AddImm { negative: true, dst: key, a: length, imm });
                }
            }
            self.emit(range, Op::GetItem { dst: key, obj: src, key });
            self.pattern(pattern, key, fail, matching)?;
        }
        Ok(())
    }

    // ---- mappings

    fn mapping_pattern(&mut self, mapping: &'a ast::PatternMatchMapping, src: Reg, fail: Label, matching: &mut Matching<'a>) -> Step {
        let range = mapping.range;
        self.test_kind(|dst, src| Op::MatchMapping { dst, src }, src, range, fail);
        let count = mapping.keys.len();
        let keys = self.temp();
        if count > 0 {
            self.check_mapping_keys(mapping)?;
            let length = self.temp();
            self.emit(range, Op::Len { dst: length, src });
            let imm = i16::try_from(count).unwrap_or(i16::MAX);
            self.branch(range, Op::TestImm { sense: false, op: CompareOp::Ge, a: length, imm }, fail);
            let mark = self.u.b.mark();
            let first = self.in_a_row(&mapping.keys)?;
            self.emit(range, Op::BuildTuple { dst: keys, first, count: count as u16 });
            self.u.b.release(mark);
            let values = self.temp();
            self.emit(range, Op::MatchKeys { dst: values, src, keys });
            self.branch(range, Op::TestNone { sense: true, a: values }, fail);
            let first = self.u.b.take(count as u32);
            self.emit(range, Op::Unpack { src: values, first, count: count as u16 });
            self.subpatterns(&mapping.patterns, first, fail, matching)?;
        }
        match &mapping.rest {
            Some(rest) => self.mapping_rest(rest, src, keys, count, range, matching),
            None => Ok(()),
        }
    }

    fn mapping_rest(
        &mut self,
        rest: &'a ast::Identifier,
        src: Reg,
        keys: Reg,
        count: usize,
        range: TextRange,
        matching: &mut Matching<'a>,
    ) -> Step {
        let dict = self.temp();
        self.emit(range, Op::BuildDict { dst: dict, first: dict, count: 0 });
        self.emit(range, Op::DictUpdate { dict, src });
        if count > 0 {
            let first = self.u.b.take(count as u32);
            self.emit(range, Op::Unpack { src: keys, first, count: count as u16 });
            for offset in 0..count as Reg {
                self.emit(range, Op::DelItem { obj: dict, key: first + offset });
            }
        }
        self.capture(Some(rest), dict, matching)
    }

    fn check_mapping_keys(&self, mapping: &ast::PatternMatchMapping) -> Step {
        let mut seen: Vec<Const> = Vec::new();
        for key in &mapping.keys {
            let Some(value) = self.fold(key)? else { continue };
            let value = number(value);
            if seen.contains(&value) {
                let shown = self.lines.slice(key).replace('"', "'");
                return Err(self.error(mapping.range, format!("mapping pattern checks duplicate key ({shown})")));
            }
            seen.push(value);
        }
        Ok(())
    }

    // ---- classes

    fn class_pattern(&mut self, class: &'a ast::PatternMatchClass, src: Reg, fail: Label, matching: &mut Matching<'a>) -> Step {
        let range = class.range;
        let (positional, keywords) = (&class.arguments.patterns, &class.arguments.keywords);
        for (index, keyword) in keywords.iter().enumerate() {
            if keywords[..index].iter().any(|earlier| earlier.attr.id == keyword.attr.id) {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr);
                return Err(self.error(keyword.range, message));
            }
        }
        let dst = self.temp();
        let args = self.u.b.take(3);
        self.expr_to(&class.cls, args)?;
        let names = keywords.iter().map(|keyword| Const::Str(keyword.attr.as_str().into()));
        self.constant(range, Const::Tuple(names.collect()), args + 1);
        self.constant(range, Const::Int(positional.len() as i64), args + 2);
        self.emit(range, Op::MatchClass { dst, src, args });
        self.branch(range, Op::TestNone { sense: true, a: dst }, fail);
        let count = positional.len() + keywords.len();
        if count == 0 {
            return Ok(());
        }
        let first = self.u.b.take(count as u32);
        self.emit(range, Op::Unpack { src: dst, first, count: count as u16 });
        let patterns = positional.iter().chain(keywords.iter().map(|keyword| &keyword.pattern));
        for (offset, pattern) in patterns.enumerate() {
            self.pattern(pattern, first + offset as Reg, fail, matching)?;
        }
        Ok(())
    }

    // ---- alternatives

    fn or_pattern(&mut self, alternatives: &'a ast::PatternMatchOr, src: Reg, fail: Label, matching: &mut Matching<'a>) -> Step {
        let matched = self.label();
        let mut shared: Option<Vec<Capture<'a>>> = None;
        let room = self.u.b.take(names_in(&alternatives.patterns[0]) as u32);
        for (index, pattern) in alternatives.patterns.iter().enumerate() {
            let last = index + 1 == alternatives.patterns.len();
            if !last {
                self.check_reachable(pattern)?;
            }
            let next = if last { fail } else { self.label() };
            let mut inner = Matching { captures: Vec::new() };
            self.pattern(pattern, src, next, &mut inner)?;
            match &shared {
                None => {
                    let captures = inner.captures.iter().enumerate();
                    let captures = captures.map(|(offset, capture)| Capture { name: capture.name, src: room + offset as Reg });
                    shared = Some(captures.collect());
                }
                Some(shared) if !same_names(shared, &inner.captures) => {
                    return Err(self.error(alternatives.range, "alternative patterns bind different names"));
                }
                Some(_) => {}
            }
            for target in shared.iter().flatten() {
                let found = inner.captures.iter().find(|capture| capture.name.id == target.name.id);
                let found = found.expect("the names were compared").src;
                self.emit(pattern.range(), Op::Move { dst: target.src, src: found });
            }
            if !last {
                self.jump(matched);
                self.place(next);
            }
        }
        self.place(matched);
        for capture in shared.into_iter().flatten() {
            self.capture(Some(capture.name), capture.src, matching)?;
        }
        Ok(())
    }
}

fn same_names(a: &[Capture], b: &[Capture]) -> bool {
    a.len() == b.len() && a.iter().all(|x| b.iter().any(|y| x.name.id == y.name.id))
}

fn is_wildcard(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchAs(binding) => binding.pattern.is_none() && binding.name.is_none(),
        Pattern::MatchStar(star) => star.name.is_none(),
        _ => false,
    }
}

/// How many names a pattern binds at most.
fn names_in(pattern: &Pattern) -> usize {
    match pattern {
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => 0,
        Pattern::MatchSequence(sequence) => sequence.patterns.iter().map(names_in).sum(),
        Pattern::MatchMapping(mapping) => {
            mapping.patterns.iter().map(names_in).sum::<usize>() + usize::from(mapping.rest.is_some())
        }
        Pattern::MatchClass(class) => {
            let keywords = class.arguments.keywords.iter().map(|keyword| names_in(&keyword.pattern));
            class.arguments.patterns.iter().map(names_in).sum::<usize>() + keywords.sum::<usize>()
        }
        Pattern::MatchStar(star) => usize::from(star.name.is_some()),
        Pattern::MatchAs(binding) => usize::from(binding.name.is_some()) + binding.pattern.as_deref().map_or(0, names_in),
        Pattern::MatchOr(alternatives) => alternatives.patterns.first().map_or(0, names_in),
    }
}

/// Literal values that the cases of a `match` compare with, when they are all literals.
pub(crate) fn literal_cases(statement: &ast::StmtMatch) -> Vec<&Expr> {
    fn add<'p>(pattern: &'p Pattern, found: &mut Vec<&'p Expr>) {
        match pattern {
            Pattern::MatchValue(value) if value.value.is_literal_expr() => found.push(&value.value),
            Pattern::MatchOr(alternatives) => alternatives.patterns.iter().for_each(|pattern| add(pattern, found)),
            Pattern::MatchAs(ast::PatternMatchAs { pattern: Some(inner), .. }) => add(inner, found),
            _ => {}
        }
    }
    let mut found = Vec::new();
    statement.cases.iter().for_each(|case| add(&case.pattern, &mut found));
    found
}

/// A key as it is compared: `0`, `False`, `0.0` and `0j` are one.
fn number(key: Const) -> Const {
    match key {
        Const::Bool(value) => Const::Int(value.into()),
        Const::Complex(real, imaginary) if imaginary == 0.0 => number(Const::Float(real)),
        Const::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Const::Int(value as i64),
        other => other,
    }
}
