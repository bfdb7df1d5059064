//! The compiler's state and what all its parts use: the unit in the making,
//! names, constants and places. Each construct has its own file.

use crate::blocks::Block;
use crate::builtins::BUILTINS;
use crate::builder::{Bound, Builder, Label};
use crate::error::{CompileError, Step};
use crate::holes::HoleFinder;
use crate::scope::{Place, ScopeId, ScopeKind, Scopes};
use crate::source::Lines;
use crate::{Options, fold};
use emulant_machine::code::{Code, CodeKind, Const, HoleSpec, Op, Params, Reg, Span};
use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange};
use std::collections::HashSet;
use std::sync::Arc;

/// Most statements compiled in one text, with the copies of `finally` bodies.
const WORK_MAX: usize = 2_000_000;
/// Most instructions in one code object.
const OPS_MAX: usize = 4_000_000;

/// Everything while one text is compiled.
pub(crate) struct Compiler<'a> {
    pub(crate) lines: &'a Lines<'a>,
    pub(crate) options: &'a Options,
    pub(crate) scopes: &'a Scopes,
    pub(crate) holes: &'a HoleFinder<'a>,
    pub(crate) file: Arc<str>,
    pub(crate) source: Arc<str>,
    pub(crate) lazy_annotations: bool,
    /// The code object in the making, and those around it.
    pub(crate) u: Unit<'a>,
    outer: Vec<Unit<'a>>,
    work: usize,
    /// Names stored by name so far, for what CPython would evaluate later.
    stored: HashSet<String>,
}

/// One code object in the making.
pub(crate) struct Unit<'a> {
    pub(crate) b: Builder,
    pub(crate) kind: CodeKind,
    /// Scope at this place; inside an inlined comprehension not the frame's.
    pub(crate) scope: ScopeId,
    frame: ScopeId,
    pub(crate) name: String,
    pub(crate) qualname: String,
    pub(crate) first_line: u32,
    pub(crate) params: Params,
    pub(crate) blocks: Vec<Block<'a>>,
    pub(crate) children: Vec<Arc<Code>>,
    pub(crate) holes: Vec<HoleSpec>,
    pub(crate) doc: Option<String>,
    /// Are we in the body of a function whose `yield` and `return` mean something?
    pub(crate) in_function: bool,
    /// May `await` stand here?
    pub(crate) awaits: bool,
    /// In the hidden function of type parameters: the register of their tuple.
    pub(crate) type_parameters: Option<Reg>,
    /// Locals that something can unbind.
    unbindable: Vec<Reg>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(
        lines: &'a Lines<'a>,
        options: &'a Options,
        scopes: &'a Scopes,
        holes: &'a HoleFinder<'a>,
        source: Arc<str>,
    ) -> Compiler<'a> {
        Compiler {
            lines,
            options,
            scopes,
            holes,
            file: options.file.as_str().into(),
            source,
            lazy_annotations: false,
            u: Unit::new(scopes, 0, CodeKind::Module, "<module>", "<module>".into(), 1),
            outer: Vec::new(),
            work: 0,
            stored: HashSet::new(),
        }
    }

    // ---- units

    /// Start the code object of a scope.
    pub(crate) fn enter(&mut self, scope: ScopeId, kind: CodeKind, name: &str, first_line: u32) {
        let qualname = self.qualname_of(name);
        let unit = Unit::new(self.scopes, scope, kind, name, qualname, first_line);
        self.outer.push(std::mem::replace(&mut self.u, unit));
        self.prologue();
    }

    fn prologue(&mut self) {
        let frame = &self.scopes.all[self.u.frame];
        if matches!(self.u.kind, CodeKind::Generator | CodeKind::Coroutine | CodeKind::AsyncGenerator) {
            let line = self.u.first_line;
            self.emit_span(Span { line, end_line: line, col: 0, end_col: 0 }, Op::StartGenerator {});
        }
        for (_, symbol) in &frame.symbols {
            if symbol.owner == Some(self.u.frame) && symbol.parameter {
                self.u.b.bound.set(symbol.reg, true);
            }
        }
        for reg in self.u.cells(self.scopes) {
            self.emit_hidden(Op::MakeCell { reg });
        }
    }

    fn qualname_of(&self, name: &str) -> String {
        let parent = &self.u;
        let scope = &self.scopes.all[parent.scope];
        let declared_global = scope.symbol(&self.mangle(name)).is_some_and(|symbol| symbol.global);
        if parent.kind == CodeKind::Module || (declared_global && scope.kind != ScopeKind::Module) {
            return name.to_string();
        }
        let generic = parent.name.starts_with("<generic parameters of ");
        match parent.kind {
            _ if generic => parent.qualname.rsplit_once("<generic").map_or("", |(outer, _)| outer).to_string() + name,
            CodeKind::Class => format!("{}.{name}", parent.qualname),
            _ => format!("{}.<locals>.{name}", parent.qualname),
        }
    }

    /// Finish the code object in the making and go back to the one around it.
    pub(crate) fn leave(&mut self) -> Step<Arc<Code>> {
        let outer = self.outer.pop().expect("every leave has its enter");
        let unit = std::mem::replace(&mut self.u, outer);
        self.finish_unit(unit)
    }

    /// Finish the outermost code object.
    pub(crate) fn finish(mut self) -> Step<Arc<Code>> {
        let unit = std::mem::replace(&mut self.u, Unit::new(self.scopes, 0, CodeKind::Module, "", String::new(), 1));
        self.finish_unit(unit)
    }

    fn finish_unit(&mut self, mut unit: Unit<'a>) -> Step<Arc<Code>> {
        if let Some(what) = unit.b.overflow {
            let range = self.scopes.all[unit.frame].range;
            return Err(Box::new(CompileError::not_supported(self.lines, range, format!("so many {what}"))));
        }
        unit.b.finish();
        let frame = &self.scopes.all[unit.frame];
        Ok(Arc::new(Code {
            kind: unit.kind,
            cells: unit.cells(self.scopes),
            name: unit.name.into(),
            qualname: unit.qualname.into(),
            file: self.file.clone(),
            first_line: unit.first_line,
            params: unit.params,
            locals: frame.locals.iter().map(|name| name.as_str().into()).collect(),
            free: frame.free.iter().map(|name| name.as_str().into()).collect(),
            registers: unit.b.registers(),
            ops: unit.b.ops,
            spans: unit.b.spans,
            consts: unit.b.consts,
            sites: unit.b.sites,
            handlers: unit.b.handlers,
            holes: unit.holes,
            children: unit.children,
            doc: unit.doc.map(Into::into),
            partial: self.options.holes.partial,
            source: self.source.clone(),
        }))
    }

    /// Count a step of work; copies of `finally` bodies must not grow without bound.
    pub(crate) fn charge(&mut self, range: TextRange) -> Step {
        self.work += 1;
        match self.work > WORK_MAX || self.u.b.ops.len() > OPS_MAX {
            true => Err(self.not_supported(range, "so much code")),
            false => Ok(()),
        }
    }

    // ---- errors

    pub(crate) fn error(&self, range: TextRange, message: impl Into<String>) -> Box<CompileError> {
        Box::new(CompileError::syntax(self.lines, range, message))
    }

    pub(crate) fn not_supported(&self, range: TextRange, what: impl Into<String>) -> Box<CompileError> {
        Box::new(CompileError::not_supported(self.lines, range, what))
    }

    // ---- instructions

    pub(crate) fn emit(&mut self, range: TextRange, op: Op) {
        if self.u.b.reachable {
            self.u.b.span = self.lines.span(range);
            self.u.b.emit(op);
        }
    }

    pub(crate) fn emit_span(&mut self, span: Span, op: Op) {
        self.u.b.span = span;
        self.u.b.emit(op);
    }

    /// An instruction that belongs to no line.
    pub(crate) fn emit_hidden(&mut self, op: Op) {
        self.emit_span(Span::default(), op);
    }

    pub(crate) fn branch(&mut self, range: TextRange, test: Op, label: Label) {
        if self.u.b.reachable {
            self.u.b.span = self.lines.span(range);
            self.u.b.branch(test, label);
        }
    }

    /// A jump that belongs to no line.
    pub(crate) fn jump(&mut self, label: Label) {
        self.u.b.span = Span::default();
        self.u.b.jump(label);
    }

    pub(crate) fn label(&mut self) -> Label {
        self.u.b.label()
    }

    pub(crate) fn place(&mut self, label: Label) {
        self.u.b.place(label);
    }

    pub(crate) fn temp(&mut self) -> Reg {
        self.u.b.temp()
    }

    pub(crate) fn constant(&mut self, range: TextRange, value: Const, dst: Reg) {
        let op = match value {
            Const::None => Op::LoadNone { dst },
            Const::Bool(value) => Op::LoadBool { value, dst },
            Const::Int(int) if i32::try_from(int).is_ok() => Op::LoadInt { dst, value: int as i32 },
            other => Op::LoadConst { dst, index: self.u.b.constant(other) },
        };
        self.emit(range, op);
    }

    /// The constant that an expression is, if it is one.
    pub(crate) fn fold(&self, expr: &Expr) -> Step<Option<Const>> {
        fold::constant(expr).map_err(|message| self.error(expr.range(), message))
    }

    // ---- names

    pub(crate) fn mangle(&self, name: &str) -> String {
        self.scopes.mangle(self.u.scope, name)
    }

    pub(crate) fn place_of(&self, mangled: &str) -> Place {
        self.scopes.place(self.u.scope, mangled)
    }

    /// The register of a local that lives in one, made sure to be bound.
    pub(crate) fn local(&mut self, name: &ast::ExprName) -> Option<Reg> {
        match self.place_of(&self.mangle(&name.id)) {
            Place::Local(reg) => {
                self.check_bound(reg, name.range);
                self.pass_line(name.range);
                Some(reg)
            }
            _ => None,
        }
    }

    /// In a traced program, whatever takes no instruction still shows its line when that is another one.
    pub(crate) fn pass_line(&mut self, range: TextRange) {
        if self.options.comprehension_frames && self.u.b.last_line() != self.lines.line(range.start()) {
            self.emit(range, Op::Nop {});
        }
    }

    fn check_bound(&mut self, reg: Reg, range: TextRange) {
        if !self.u.b.bound.has(reg) {
            self.emit(range, Op::CheckBound { src: reg });
            self.u.b.bound.set(reg, true);
        }
    }

    pub(crate) fn load_name(&mut self, name: &str, range: TextRange, dst: Reg) {
        let name = self.mangle(name);
        match self.place_of(&name) {
            Place::Local(reg) => {
                self.check_bound(reg, range);
                if reg != dst {
                    self.emit(range, Op::Move { dst, src: reg });
                }
            }
            Place::Cell(cell) => self.emit(range, Op::LoadCell { dst, cell }),
            Place::Global => self.load_global(&name, range, dst),
            Place::Name => {
                let site = self.u.b.site(&name);
                self.emit(range, Op::LoadName { dst, site });
            }
            Place::NameOrCell(cell) => {
                let site = self.u.b.site(&name);
                self.emit(range, Op::LoadNameOrCell { dst, cell, site });
            }
        }
    }

    pub(crate) fn load_global(&mut self, name: &str, range: TextRange, dst: Reg) {
        let site = self.u.b.site(name);
        self.emit(range, Op::LoadGlobal { dst, site });
    }

    pub(crate) fn store_name(&mut self, name: &str, range: TextRange, src: Reg) {
        let name = self.mangle(name);
        match self.place_of(&name) {
            Place::Local(reg) => {
                if reg != src {
                    self.emit(range, Op::Move { dst: reg, src });
                }
                self.u.b.bound.set(reg, true);
            }
            Place::Cell(cell) => self.emit(range, Op::StoreCell { cell, src }),
            Place::Global => {
                let site = self.u.b.site(&name);
                self.emit(range, Op::StoreGlobal { src, site });
                self.stored.insert(name);
            }
            Place::Name | Place::NameOrCell(_) => {
                let site = self.u.b.site(&name);
                self.emit(range, Op::StoreName { src, site });
                self.stored.insert(format!(".{name}"));
            }
        }
    }

    /// Is the name surely the same now as when CPython would look it up, later?
    pub(crate) fn is_known(&self, name: &str) -> bool {
        let name = self.mangle(name);
        match self.place_of(&name) {
            Place::Local(reg) => self.u.b.bound.has(reg),
            Place::Cell(_) | Place::NameOrCell(_) => false,
            Place::Name if self.stored.contains(&format!(".{name}")) => true,
            Place::Global | Place::Name => self.stored.contains(&name) || BUILTINS.contains(&name.as_str()),
        }
    }

    pub(crate) fn delete_name(&mut self, name: &str, range: TextRange) {
        let name = self.mangle(name);
        match self.place_of(&name) {
            Place::Local(reg) => {
                self.check_bound(reg, range);
                self.emit(range, Op::Unbind { dst: reg });
                self.u.b.bound.set(reg, false);
            }
            Place::Cell(cell) => self.emit(range, Op::DeleteCell { cell }),
            Place::Global => {
                let site = self.u.b.site(&name);
                self.emit(range, Op::DeleteGlobal { site });
            }
            Place::Name | Place::NameOrCell(_) => {
                let site = self.u.b.site(&name);
                self.emit(range, Op::DeleteName { site });
            }
        }
    }

    /// The end of `except … as name`: unbind it without ever raising.
    pub(crate) fn forget_name(&mut self, name: &str) {
        let mangled = self.mangle(name);
        match self.place_of(&mangled) {
            Place::Local(reg) => {
                self.emit_hidden(Op::Unbind { dst: reg });
                self.u.b.bound.set(reg, false);
            }
            Place::Cell(cell) => self.emit_hidden(Op::ClearCell { cell }),
            // The name may be deleted already, so it gets a value first.
            Place::Global => {
                let (src, mark) = self.hidden_none();
                let site = self.u.b.site(&mangled);
                self.emit_hidden(Op::StoreGlobal { src, site });
                self.emit_hidden(Op::DeleteGlobal { site });
                self.u.b.release(mark);
            }
            Place::Name | Place::NameOrCell(_) => {
                let (src, mark) = self.hidden_none();
                let site = self.u.b.site(&mangled);
                self.emit_hidden(Op::StoreName { src, site });
                self.emit_hidden(Op::DeleteName { site });
                self.u.b.release(mark);
            }
        }
    }

    fn hidden_none(&mut self) -> (Reg, u32) {
        let mark = self.u.b.mark();
        let dst = self.temp();
        self.emit_hidden(Op::LoadNone { dst });
        (dst, mark)
    }

    /// What is bound here and stays so whatever the code between does.
    pub(crate) fn lasting_bound(&self) -> Bound {
        let mut bound = self.u.b.bound.clone();
        self.u.unbindable.iter().for_each(|reg| bound.set(*reg, false));
        bound
    }

    /// Run `body` with another scope for names (an inlined comprehension).
    pub(crate) fn in_scope<T>(&mut self, scope: ScopeId, body: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.u.scope, scope);
        let result = body(self);
        self.u.scope = outer;
        result
    }
}

impl Unit<'_> {
    fn new(scopes: &Scopes, frame: ScopeId, kind: CodeKind, name: &str, qualname: String, first_line: u32) -> Self {
        let scope = &scopes.all[frame];
        let function = !matches!(kind, CodeKind::Module | CodeKind::Class);
        let unbindable = scope.symbols.iter().map(|(_, symbol)| symbol);
        let unbindable = unbindable.filter(|symbol| symbol.unbound_somewhere && symbol.owner == Some(frame) && function);
        Unit {
            b: Builder::new(scope.locals.len()),
            kind,
            scope: frame,
            frame,
            name: name.to_string(),
            qualname,
            first_line,
            params: Params::default(),
            blocks: Vec::new(),
            children: Vec::new(),
            holes: Vec::new(),
            doc: None,
            in_function: function,
            awaits: matches!(kind, CodeKind::Coroutine | CodeKind::AsyncGenerator),
            type_parameters: None,
            unbindable: unbindable.map(|symbol| symbol.reg).collect(),
        }
    }

    /// Registers that hold cells of this frame's own names.
    fn cells(&self, scopes: &Scopes) -> Vec<Reg> {
        let symbols = scopes.all[self.frame].symbols.iter().map(|(_, symbol)| symbol);
        let cells = symbols.filter(|symbol| symbol.cell && symbol.owner == Some(self.frame));
        let mut regs: Vec<Reg> = cells.map(|symbol| symbol.reg).collect();
        regs.sort_unstable();
        regs
    }
}
