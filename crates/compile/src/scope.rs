//! Who owns each name: the scopes of a file, decided before any code is made.
//!
//! The walk that collects them is in `collect`; here names are resolved and
//! numbered. Comprehensions have scopes of their own but live in the frame of
//! the function around them, unless traces want frames for them.

use crate::error::{CompileError, Step};
use crate::source::Lines;
use emulant_machine::code::Reg;
use emulant_machine::hash::Map;
use ruff_text_size::TextRange;
use std::collections::BTreeSet;

/// Index of a scope.
pub(crate) type ScopeId = usize;

/// What a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    /// A function, lambda, generator expression, or a comprehension with a frame of its own.
    Function,
    /// A comprehension that lives in the frame around it.
    Inlined,
}

/// How a name is used in a scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symbol {
    pub(crate) parameter: bool,
    pub(crate) assigned: bool,
    pub(crate) used: bool,
    pub(crate) global: bool,
    pub(crate) nonlocal: bool,
    pub(crate) annotated: bool,
    /// Target of a `for` in a comprehension.
    pub(crate) iteration: bool,
    /// `del` or the end of `except … as` can unbind it.
    pub(crate) unbound_somewhere: bool,
    /// Where `global` or `nonlocal` declared it.
    pub(crate) declared: Option<TextRange>,
    /// A function inside captures it, so it lives in a cell.
    pub(crate) cell: bool,
    /// The scope that owns it; `None` is global.
    pub(crate) owner: Option<ScopeId>,
    /// Register, where this scope owns it.
    pub(crate) reg: Reg,
}

impl Symbol {
    /// Does this scope itself bind the name?
    fn is_own(&self) -> bool {
        (self.parameter || self.assigned) && !self.global && !self.nonlocal
    }
}

/// One scope.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) parent: Option<ScopeId>,
    /// Where its text starts and ends, which finds it again.
    pub(crate) range: TextRange,
    pub(crate) name: String,
    /// Name of the class whose private names are mangled here.
    pub(crate) private: Option<String>,
    /// Is it a comprehension or generator expression, where `:=` binds outside?
    pub(crate) comprehension: bool,
    pub(crate) symbols: Vec<(String, Symbol)>,
    index: Map<String, usize>,
    pub(crate) children: Vec<ScopeId>,
    /// Free variables of the frame, in the order of their registers.
    pub(crate) free: BTreeSet<String>,
    pub(crate) generator: bool,
    pub(crate) coroutine: bool,
    /// Does it contain `:=`?
    pub(crate) walrus: bool,
    /// Depth among the comprehensions of its frame.
    depth: usize,
    // After numbering, for scopes that have a frame:
    /// Names of the registers.
    pub(crate) locals: Vec<String>,
}

impl Scope {
    pub(crate) fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.index.get(name).map(|index| &self.symbols[*index].1)
    }

    pub(crate) fn symbol_mut(&mut self, name: &str) -> &mut Symbol {
        let index = match self.index.get(name) {
            Some(index) => *index,
            None => {
                self.index.insert(name.to_string(), self.symbols.len());
                self.symbols.push((name.to_string(), Symbol::default()));
                self.symbols.len() - 1
            }
        };
        &mut self.symbols[index].1
    }

    /// Register of a free variable of this frame.
    pub(crate) fn free_reg(&self, name: &str) -> Option<Reg> {
        let position = self.free.iter().position(|free| free == name)?;
        Some((self.locals.len() - self.free.len() + position) as Reg)
    }
}

/// Where a name lives, as seen from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A register.
    Local(Reg),
    /// A cell in a register.
    Cell(Reg),
    Global,
    /// In a class body: namespace, global, builtin.
    Name,
    /// In a class body: namespace, then the cell.
    NameOrCell(Reg),
}

/// All scopes of a file.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    pub(crate) all: Vec<Scope>,
    by_range: Map<(u32, u32), ScopeId>,
}

impl Scopes {
    pub(crate) fn add(&mut self, kind: ScopeKind, parent: Option<ScopeId>, range: TextRange, name: &str) -> ScopeId {
        let id = self.all.len();
        let private = parent.and_then(|parent| self.all[parent].private.clone());
        let depth = match (kind, parent) {
            (ScopeKind::Inlined, Some(parent)) if self.all[parent].kind == ScopeKind::Inlined => self.all[parent].depth + 1,
            _ => 0,
        };
        self.all.push(Scope {
            kind,
            parent,
            range,
            name: name.to_string(),
            private,
            comprehension: false,
            symbols: Vec::new(),
            index: Map::default(),
            children: Vec::new(),
            free: BTreeSet::new(),
            generator: false,
            coroutine: false,
            walrus: false,
            depth,
            locals: Vec::new(),
        });
        if let Some(parent) = parent {
            self.all[parent].children.push(id);
            self.by_range.insert((range.start().to_u32(), range.end().to_u32()), id);
        }
        id
    }

    /// The scope of a function, class, lambda or comprehension by its place in the text.
    pub(crate) fn find(&self, range: TextRange) -> ScopeId {
        let key = (range.start().to_u32(), range.end().to_u32());
        *self.by_range.get(&key).expect("the collecting walk visited every scope")
    }

    /// The scope whose frame `id` lives in.
    pub(crate) fn frame(&self, mut id: ScopeId) -> ScopeId {
        while self.all[id].kind == ScopeKind::Inlined {
            id = self.all[id].parent.expect("a comprehension has a scope around it");
        }
        id
    }

    /// Decide every name's owner, which ones are cells, and all registers.
    pub(crate) fn resolve(&mut self, lines: &Lines) -> Step {
        for id in 0..self.all.len() {
            for index in 0..self.all[id].symbols.len() {
                self.resolve_symbol(lines, id, index)?;
            }
        }
        for id in 0..self.all.len() {
            if self.all[id].kind != ScopeKind::Inlined {
                self.number(id);
            }
        }
        Ok(())
    }

    fn resolve_symbol(&mut self, lines: &Lines, id: ScopeId, index: usize) -> Step {
        let (name, symbol) = &self.all[id].symbols[index];
        let name = name.clone();
        if symbol.global {
            return Ok(());
        }
        if symbol.is_own() {
            let owner = (self.all[id].kind != ScopeKind::Module).then_some(id);
            self.all[id].symbols[index].1.owner = owner;
            return Ok(());
        }
        let owner = self.owner_around(id, &name);
        if symbol.nonlocal && owner.is_none() && !self.all[id].comprehension {
            let message = format!("no binding for nonlocal '{name}' found");
            let range = symbol.declared.unwrap_or_default();
            return Err(Box::new(CompileError::syntax(lines, range, message)));
        }
        self.all[id].symbols[index].1.owner = owner;
        if let Some(owner) = owner {
            self.capture(id, owner, &name);
        }
        Ok(())
    }

    /// The function around `id` that binds `name`.
    fn owner_around(&self, id: ScopeId, name: &str) -> Option<ScopeId> {
        let mut at = self.all[id].parent;
        while let Some(id) = at {
            let scope = &self.all[id];
            match scope.kind {
                ScopeKind::Module => return None,
                ScopeKind::Class if name == "__class__" => return Some(id),
                ScopeKind::Class => {}
                ScopeKind::Function | ScopeKind::Inlined => match scope.symbol(name) {
                    Some(symbol) if symbol.global => return None,
                    Some(symbol) if symbol.is_own() => return Some(id),
                    _ => {}
                },
            }
            at = scope.parent;
        }
        None
    }

    /// Let the frame of `user` reach a name of `owner`, through cells when frames lie between.
    fn capture(&mut self, user: ScopeId, owner: ScopeId, name: &str) {
        let target = self.frame(owner);
        let mut frame = self.frame(user);
        if frame == target {
            return;
        }
        let symbol = self.all[owner].symbol_mut(name);
        symbol.cell = true;
        symbol.owner = Some(owner);
        while frame != target {
            self.all[frame].free.insert(name.to_string());
            frame = self.frame(self.all[frame].parent.expect("the owner is around its user"));
        }
    }

    /// Number the registers of a frame: parameters, own names, names of comprehensions, free variables.
    fn number(&mut self, id: ScopeId) {
        let mut locals: Vec<String> = Vec::new();
        let class = self.all[id].kind == ScopeKind::Class;
        if class {
            locals.push(".namespace".into());
        }
        if self.all[id].kind != ScopeKind::Module {
            let scope = &mut self.all[id];
            for pass in [true, false] {
                for (name, symbol) in &mut scope.symbols {
                    let placed = !class || (name == "__class__" && symbol.cell);
                    if placed && symbol.owner == Some(id) && symbol.parameter == pass {
                        symbol.reg = locals.len().min(65_000) as Reg;
                        locals.push(name.clone());
                    }
                }
            }
        }
        self.number_inlined(id, &mut Map::default(), &mut locals);
        locals.extend(self.all[id].free.iter().cloned());
        self.all[id].locals = locals;
    }

    /// Comprehensions that never run at the same time share registers.
    fn number_inlined(&mut self, id: ScopeId, shared: &mut Map<(String, usize, bool), Reg>, locals: &mut Vec<String>) {
        for child in self.all[id].children.clone() {
            if self.all[child].kind != ScopeKind::Inlined {
                continue;
            }
            let depth = self.all[child].depth;
            for (name, symbol) in &mut self.all[child].symbols {
                if symbol.owner == Some(child) {
                    symbol.reg = *shared.entry((name.clone(), depth, symbol.cell)).or_insert_with(|| {
                        locals.push(format!(".{name}"));
                        (locals.len() - 1).min(65_000) as Reg
                    });
                }
            }
            self.number_inlined(child, shared, locals);
        }
    }

    /// Where `name` lives, seen from `scope`.
    pub(crate) fn place(&self, scope: ScopeId, name: &str) -> Place {
        let at = &self.all[scope];
        let class = at.kind == ScopeKind::Class;
        let Some(symbol) = at.symbol(name) else { return if class { Place::Name } else { Place::Global } };
        if symbol.global {
            return Place::Global;
        }
        let Some(owner) = symbol.owner else {
            return if class { Place::Name } else { Place::Global };
        };
        let frame = self.frame(scope);
        if class && owner == scope && !(name == "__class__" && symbol.cell && !symbol.assigned) {
            return Place::Name;
        }
        if self.frame(owner) == frame {
            let symbol = self.all[owner].symbol(name).expect("the owner knows its name");
            return if symbol.cell { Place::Cell(symbol.reg) } else { Place::Local(symbol.reg) };
        }
        let reg = self.all[frame].free_reg(name).expect("a captured name is free in every frame between");
        if class && !symbol.nonlocal { Place::NameOrCell(reg) } else { Place::Cell(reg) }
    }

    /// Register of the cell that a nested function of `scope` captures as `name`.
    pub(crate) fn cell_reg(&self, scope: ScopeId, name: &str) -> Option<Reg> {
        let frame = self.frame(scope);
        let mut at = scope;
        loop {
            if let Some(symbol) = self.all[at].symbol(name)
                && symbol.cell
                && symbol.owner == Some(at)
            {
                return Some(symbol.reg);
            }
            if at == frame {
                return self.all[frame].free_reg(name);
            }
            at = self.all[at].parent?;
        }
    }

    /// The mangled form of a private name.
    pub(crate) fn mangle(&self, scope: ScopeId, name: &str) -> String {
        mangle(self.all[scope].private.as_deref(), name)
    }
}

/// `__x` in class `_C` is `_C__x`.
pub(crate) fn mangle(private: Option<&str>, name: &str) -> String {
    let Some(class) = private.map(|class| class.trim_start_matches('_')) else { return name.to_string() };
    if class.is_empty() || !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.to_string();
    }
    format!("_{class}{name}")
}
