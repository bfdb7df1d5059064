//! The machine's library, and beside it the package `test` of an installed CPython.

use super::installed::Installed;
use super::rules;
use emulant_machine::{Library, Template};
use emulant_machine::code::{Code, Span};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Our own modules in the place of CPython's helpers.
const OWN: &[(&str, &str)] = &[
    ("test", ""),
    ("test.support", include_str!("../../python/support.py")),
    ("test.support.import_helper", include_str!("../../python/import_helper.py")),
    ("test.support.warnings_helper", include_str!("../../python/warnings_helper.py")),
];
/// Stands for every module that is not to be had.
const STOPPING: &str = include_str!("../../python/stopping.py");
/// Stands for a module that is still to come: a test that uses it fails.
const FAILING: &str = "def __getattr__(name):\n    if name.startswith('__'): raise AttributeError(name)\n    def fail(*args, **kwargs): \
                       raise NotImplementedError(f'not supported: module {__name__}')\n    return fail\n";
/// Largest test file that is read.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// A library with CPython's tests in it. Texts are read and compiled on first use.
pub struct TestLibrary {
    base: Arc<dyn Library>,
    folder: PathBuf,
    /// By module: the code, or why there is none.
    compiled: Mutex<HashMap<String, Result<Arc<Code>, String>>>,
}

impl TestLibrary {
    /// With the tests of this installation, beside the machine's library.
    pub fn new(installed: &Installed, base: Arc<dyn Library>) -> TestLibrary {
        TestLibrary { base, folder: installed.folder.clone(), compiled: Mutex::default() }
    }

    /// Why a module of the tests did not compile.
    pub fn refused(&self, module: &str) -> Option<String> {
        let compiled = self.compiled.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        compiled.get(&format!("test.{module}"))?.as_ref().err().cloned()
    }

    /// A message without the place where the tests are installed.
    pub fn without_place(&self, text: &str) -> String {
        text.replace(&format!("{}", self.folder.display()), "test")
    }

    /// The file that a module of the tests is read from.
    fn path(&self, name: &str) -> Option<PathBuf> {
        let inside = name.strip_prefix("test.")?;
        let plain = inside.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'));
        let base = plain.then(|| inside.split('.').fold(self.folder.clone(), |path, part| path.join(part)))?;
        [base.with_extension("py"), base.join("__init__.py")].into_iter().find(|path| path.is_file())
    }

    fn text(&self, name: &str) -> Option<Result<(String, String), String>> {
        if let Some((_, text)) = OWN.iter().find(|(own, _)| *own == name) {
            return Some(Ok((format!("<{name}>"), (*text).into())));
        }
        if rules::is_stopping(name) {
            return Some(Ok((format!("<{name}>"), STOPPING.into())));
        }
        if rules::LATER.contains(&name) {
            return Some(Ok((format!("<{name}>"), FAILING.into())));
        }
        let path = self.path(name)?;
        let size = std::fs::metadata(&path).map_or(0, |data| data.len());
        if size > FILE_BYTES_MAX {
            return Some(Err(format!("{}: larger than {FILE_BYTES_MAX} bytes", path.display())));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()));
        Some(text.map(|text| (path.display().to_string(), text)))
    }

    fn compile(&self, name: &str) -> Option<Result<Arc<Code>, String>> {
        let read = self.text(name)?;
        Some(read.and_then(|(file, text)| compile_most(&emulant_compile::Options { file, ..Default::default() }, text)))
    }
}

/// Compiles a text. A function that is refused does not take the file along: its body says so instead.
fn compile_most(options: &emulant_compile::Options, mut text: String) -> Result<Arc<Code>, String> {
    loop {
        let error = match emulant_compile::compile(&text, options) {
            Ok(code) => return Ok(code),
            Err(error) => error,
        };
        text = without_function(&text, error.line as usize, &error.message).ok_or_else(|| format!("does not compile: {error}"))?;
    }
}

/// The text with the body of the function around `line` (from 1) replaced by a refusal, on the same lines.
/// `None` where no function is around it, or the refusal stands there already.
fn without_function(text: &str, line: usize, reason: &str) -> Option<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines: Vec<&str> = text.lines().collect();
    let inside = indent(lines.get(line.checked_sub(1)?)?);
    let is_head = |line: &&str| line.trim_start().starts_with("def ") || line.trim_start().starts_with("async def ");
    // A method or a function of the module: tests are not nested deeper, what they define inside is.
    let start = (0..line).rev().find(|&at| is_head(&lines[at]) && indent(lines[at]) <= inside.min(4))?;
    let column = indent(lines[start]);
    let after = (start + 1..lines.len()).find(|&at| !lines[at].trim().is_empty() && indent(lines[at]) <= column && !lines[at].trim().starts_with(')'));
    let end = after.unwrap_or(lines.len());
    let refusal = format!("{}def {}(self, *args): raise NotImplementedError({reason:?})", " ".repeat(column), name_of(lines[start])?);
    if end <= line - 1 || lines[start] == refusal {
        return None;
    }
    lines.splice(start..end, std::iter::once(refusal.as_str()).chain(std::iter::repeat_n("", end - start - 1)));
    Some(lines.join("\n") + "\n")
}

fn name_of(head: &str) -> Option<&str> {
    let after = head.split("def ").nth(1)?;
    after.split('(').next().map(str::trim)
}

impl Library for TestLibrary {
    fn module(&self, name: &str) -> Option<Arc<Code>> {
        if let Some(code) = self.base.module(name) {
            return Some(code);
        }
        let mut compiled = self.compiled.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(known) = compiled.get(name) {
            return known.as_ref().ok().cloned();
        }
        let code = self.compile(name)?;
        compiled.insert(name.into(), code.clone());
        code.ok()
    }

    fn template(&self) -> Option<Arc<Template>> {
        self.base.template()
    }

    fn marks(&self, line: &str, span: &Span) -> Option<String> {
        self.base.marks(line, span)
    }

    fn is_program(&self, name: &str) -> bool {
        name == "test" || name.starts_with("test.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_method_is_replaced_on_its_lines() {
        let text = "class T:\n    def a(self):\n        x = 1\n        y = 2\n\n    def b(self):\n        pass\n";
        let expected = "class T:\n    def a(self, *args): raise NotImplementedError(\"no\")\n\n\n\n    def b(self):\n        pass\n";
        assert_eq!(without_function(text, 3, "no").as_deref(), Some(expected));
        assert_eq!(without_function(text, 1, "no"), None);
        assert_eq!(without_function(expected, 2, "no"), None);
    }
}
