//! Holes: places that a model answers.

use crate::compiler::Compiler;
use crate::error::Step;
use emulant_machine::code::Reg;
use ruff_python_ast::{self as ast, Expr};

/// What a value is used for, which types a hole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Use<'a> {
    Any,
    Condition,
    Text,
    Integer,
    Number,
    Iterated,
    Returned,
    Annotated(&'a Expr),
    Matched(&'a ast::StmtMatch),
}

/// What of a file's text concerns holes.
#[derive(Default)]
pub(crate) struct HoleFinder<'a> {
    _markers: Vec<&'a str>,
}

impl HoleFinder<'_> {
    pub(crate) fn is_marker(&self, _decorator: &Expr) -> bool {
        false
    }
}

impl<'a> Compiler<'a> {
    pub(crate) fn assigned_use(&self, _targets: &'a [Expr]) -> Use<'a> {
        Use::Any
    }

    pub(crate) fn hole_call(&mut self, _call: &'a ast::ExprCall, _dst: Reg, _used: Use) -> Step<bool> {
        Ok(false)
    }

    pub(crate) fn stub_body(&mut self, _def: &'a ast::StmtFunctionDef) -> Step<bool> {
        Ok(false)
    }
}
