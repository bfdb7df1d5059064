//! Python text to code for the machine.
//!
//! The only place that names the parser. It reads no files and runs nothing:
//! text and options go in, and [`Code`] or a [`CompileError`] comes out.

mod limits;
mod parse;
mod source;
mod scope;
mod collect;
mod builder;
mod compiler;
mod stmt;
mod assign;
mod blocks;
mod guarded;
mod function;
mod class;
mod expr;
mod cond;
mod call;
mod display;
mod comp;
mod pattern;
mod fold;
mod holes;
mod uses;
mod shapes;
mod desugar;
mod pseudo;
mod escapes;
mod builtins;
mod error;
mod carets;

pub use emulant_ask::CompileMode;
pub use carets::{carets, marks};
pub use error::{CompileError, ErrorKind};
pub use holes::{Hole, holes};

use collect::Collecting;
use compiler::Compiler;
use emulant_machine::code::{Code, Op};
use error::Step;
use holes::HoleFinder;
use ruff_python_ast::{Mod, Stmt};
use ruff_python_parser::Mode;
use source::Lines;
use std::sync::Arc;

/// How a text is compiled.
#[derive(Clone, Debug)]
pub struct Options {
    /// File name for tracebacks.
    pub file: String,
    /// What the text is.
    pub mode: CompileMode,
    /// Which holes are on besides the marked ones.
    pub holes: Holes,
    /// For traces: comprehensions in frames of their own, as in CPython 3.11, and an instruction for each
    /// line that would need none.
    pub comprehension_frames: bool,
    /// Names that the host defines beforehand.
    pub inputs: Vec<String>,
    /// Statements tell that they completed, for the line metric of `bench partial`.
    pub reached: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            file: "<string>".into(),
            mode: CompileMode::Exec,
            holes: Holes::default(),
            comprehension_frames: false,
            inputs: Vec::new(),
            reached: false,
        }
    }
}

/// Kinds of holes that are off unless asked for. Decorated stubs and `ask` are always on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holes {
    /// Calls of names that are defined nowhere.
    pub calls: bool,
    /// Functions without a decorator whose body is a docstring or `...` and that say what they return.
    pub stubs: bool,
    /// Texts that begin with `natural` and stand for themselves as a statement.
    pub blocks: bool,
    /// Lines that do not parse.
    pub pseudo: bool,
    /// Missing names, imports and attributes: an opaque value stands for each.
    pub partial: bool,
}

impl Holes {
    /// All kinds, by the words that a person uses.
    pub const WORDS: [&'static str; 5] = ["calls", "stubs", "blocks", "pseudo", "partial"];

    fn flag(&mut self, word: &str) -> Option<&mut bool> {
        match word {
            "calls" => Some(&mut self.calls),
            "stubs" => Some(&mut self.stubs),
            "blocks" => Some(&mut self.blocks),
            "pseudo" => Some(&mut self.pseudo),
            "partial" => Some(&mut self.partial),
            _ => None,
        }
    }

    /// Switch a kind on; false when no kind is called so.
    pub fn switch_on(&mut self, word: &str) -> bool {
        self.flag(word).map(|flag| *flag = true).is_some()
    }

    /// The words of what is on.
    pub fn words(mut self) -> Vec<&'static str> {
        Holes::WORDS.into_iter().filter(|word| self.flag(word).is_some_and(|flag| *flag)).collect()
    }

    /// With what the text itself switches on: a comment `# emulant: holes calls, stubs` in its first ten lines.
    fn marked(mut self, text: &str) -> Holes {
        for line in text.lines().take(10) {
            let Some(words) = line.trim().strip_prefix("# emulant: holes ") else { continue };
            words.split(',').for_each(|word| _ = self.switch_on(word.trim()));
        }
        self
    }
}

/// Stack for trees of ordinary depth, in bytes.
const STACK_BYTES: usize = 16 << 20;
/// Stack for each level of depth that a text can have, in bytes; measured without optimisation.
const STACK_BYTES_PER_LEVEL: usize = 24 << 10;
/// Deeper texts get a thread, which can be refused; a thread for every text would cost more than compiling most of them.
const ORDINARY_DEPTH: usize = 64;

/// Compile a text.
///
/// # Errors
/// What CPython would call a syntax error, or what our code cannot say.
pub fn compile(source: &str, options: &Options) -> Result<Arc<Code>, CompileError> {
    // Every line break is `\n` before Python looks at the text, also inside strings.
    let plain = source.contains('\r').then(|| source.replace("\r\n", "\n").replace('\r', "\n"));
    let text = plain.as_deref().unwrap_or(source);
    let options = &Options { holes: options.holes.marked(text), ..options.clone() };
    let recovered = options.holes.pseudo.then(|| pseudo::recover(text));
    let pseudo = recovered.as_ref().map_or(&[][..], |(_, lines)| lines);
    let lines = Lines::new(recovered.as_ref().map_or(text, |(blanked, _)| blanked));
    let depth = parse::check(&lines, mode_of(options.mode))?;
    let stack = STACK_BYTES + depth * STACK_BYTES_PER_LEVEL;
    let work = || compile_here(&lines, text, options, pseudo).map_err(|error| *error);
    if depth <= ORDINARY_DEPTH {
        return stacker::maybe_grow(stack, stack, work);
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(stack);
        let work = thread.spawn_scoped(scope, work);
        work.map_err(|error| CompileError::not_supported(&lines, Default::default(), format!("compiling now: {error}")))?
            .join()
            .expect("the compiler does not panic")
    })
}

fn mode_of(mode: CompileMode) -> Mode {
    match mode {
        CompileMode::Eval => Mode::Expression,
        CompileMode::Exec | CompileMode::Single => Mode::Module,
    }
}

/// What the line metric counts in a text compiled with [`Options::reached`].
///
/// # Errors
/// As [`compile`].
pub fn countable(source: &str, options: &Options) -> Result<Vec<u32>, CompileError> {
    let lines = Lines::new(source);
    parse::check(&lines, Mode::Module)?;
    let mut tree = parse::parse(&lines, Mode::Module)?;
    let Mod::Module(module) = &mut tree else { return Ok(Vec::new()) };
    desugar::desugar(&mut module.body, &lines, &Options { reached: true, ..options.clone() }, &[]);
    Ok(desugar::countable(&module.body))
}

fn compile_here(lines: &Lines, text: &str, options: &Options, pseudo: &[pseudo::Line]) -> Step<Arc<Code>> {
    let mut tree = parse::parse(lines, mode_of(options.mode)).map_err(Box::new)?;
    let source: Arc<str> = text.into();
    let forms = match &mut tree {
        Mod::Module(module) => desugar::desugar(&mut module.body, lines, options, pseudo),
        Mod::Expression(_) => Vec::new(),
    };
    let lazy_annotations = matches!(&tree, Mod::Module(module) if future_annotations(&module.body));
    let collecting = Collecting { comprehension_frames: options.comprehension_frames, lazy_annotations };
    match &tree {
        Mod::Module(module) => {
            let scopes = collect::module(lines, &module.body, collecting)?;
            let quoted = holes::quoted_annotations(lines, &module.body);
            let holes = HoleFinder::new(&module.body, options, &quoted);
            let mut compiler = Compiler::new(lines, options, &scopes, &holes, source);
            compiler.lazy_annotations = lazy_annotations;
            compiler.module_body(&module.body)?;
            // Forms are calls of the library by now; here they are for lists only.
            compiler.u.holes.extend(forms);
            compiler.finish()
        }
        Mod::Expression(expression) => {
            let scopes = collect::expression(lines, &expression.body, collecting)?;
            let holes = HoleFinder::default();
            let mut compiler = Compiler::new(lines, options, &scopes, &holes, source);
            compiler.expression_body(&expression.body)?;
            compiler.finish()
        }
    }
}

impl<'a> Compiler<'a> {
    fn module_body(&mut self, body: &'a [Stmt]) -> Step {
        self.check_future_place(body)?;
        self.module_annotations(body);
        let rest = match function::docstring_of(body) {
            Some(text) if self.options.mode == CompileMode::Exec => {
                self.module_docstring(&body[0], text);
                &body[1..]
            }
            _ => body,
        };
        self.body(rest)?;
        self.implicit_return();
        Ok(())
    }

    /// `from __future__ import …` stands before everything but the docstring.
    fn check_future_place(&self, body: &[Stmt]) -> Step {
        let is_future = |stmt: &Stmt| {
            matches!(stmt, Stmt::ImportFrom(import) if import.level == 0
                && import.module.as_ref().is_some_and(|module| module.as_str() == "__future__"))
        };
        let skipped = usize::from(function::docstring_of(body).is_some());
        let rest = &body[skipped..];
        let late = rest.iter().skip_while(|stmt| is_future(stmt)).find(|stmt| is_future(stmt));
        match late {
            Some(stmt) => {
                use ruff_text_size::Ranged;
                Err(self.error(stmt.range(), "from __future__ imports must occur at the beginning of the file"))
            }
            None => Ok(()),
        }
    }

    fn module_docstring(&mut self, statement: &Stmt, text: String) {
        use ruff_text_size::Ranged;
        let mark = self.u.b.mark();
        let dst = self.temp();
        self.constant(statement.range(), emulant_machine::code::Const::Str(text.as_str().into()), dst);
        self.store_name("__doc__", statement.range(), dst);
        self.u.b.release(mark);
        self.u.doc = Some(text);
    }

    fn expression_body(&mut self, body: &'a ruff_python_ast::Expr) -> Step {
        use ruff_text_size::Ranged;
        let src = self.operand(body)?;
        self.emit(body.range(), Op::Return { src });
        Ok(())
    }
}

fn future_annotations(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::ImportFrom(import) => {
            let future = import.level == 0 && import.module.as_ref().is_some_and(|module| module.as_str() == "__future__");
            future && import.names.iter().any(|alias| alias.name.as_str() == "annotations")
        }
        _ => false,
    })
}
