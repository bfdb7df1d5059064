//! The standard library's Python sources, and of built-ins that call back.
//!
//! A module is compiled on first use and kept for the process, shared by all
//! machines. It is part of the machine: its frames stand in no traceback.

use emulant_ask::CompileMode;
use emulant_compile::{Options, compile};
use emulant_machine::{Library, code::{Code, Span}};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

macro_rules! modules {
    ($($name:literal = $file:literal),* $(,)?) => {
        /// Every module: its name and its text.
        pub const MODULES: &[(&str, &str)] = &[ $( ($name, include_str!(concat!("../python/", $file))) ),* ];
    };
}

modules! {
    "builtins" = "builtins.py",
    "_sorting" = "_sorting.py",
    "_frames" = "_frames.py",
    "_asyncgen" = "_asyncgen.py",
    "__future__" = "__future__.py",
    "abc" = "abc.py",
    "bisect" = "bisect.py",
    "collections" = "collections.py",
    "collections.abc" = "collections_abc.py",
    "contextlib" = "contextlib.py",
    "copy" = "copy.py",
    "dataclasses" = "dataclasses.py",
    "emulant" = "emulant.py",
    "enum" = "enum.py",
    "functools" = "functools.py",
    "heapq" = "heapq.py",
    "itertools" = "itertools.py",
    "json" = "json.py",
    "operator" = "operator.py",
    "random" = "random.py",
    "reprlib" = "reprlib.py",
    "re" = "re.py",
    "sys" = "sys.py",
    "string" = "string.py",
    "types" = "types.py",
    "typing" = "typing.py",
    "unittest" = "unittest.py",
    "unittest.mock" = "unittest_mock.py",
    "datetime" = "datetime.py",
    "io" = "io.py",
    "numbers" = "numbers.py",
    "fractions" = "fractions.py",
    "hashlib" = "hashlib.py",
    "hmac" = "hmac.py",
    "base64" = "base64.py",
    "binascii" = "binascii.py",
    "zlib" = "zlib.py",
    "struct" = "struct.py",
    "decimal" = "decimal.py",
    "statistics" = "statistics.py",
    "asyncio" = "asyncio.py",
    "textwrap" = "textwrap.py",
    "threading" = "threading.py",
    "queue" = "queue.py",
    "warnings" = "warnings.py",
    "os.path" = "os_path.py",
    "os" = "os.py",
    "uuid" = "uuid.py",
    "graphlib" = "graphlib.py",
    "html" = "html.py",
    "traceback" = "traceback.py",
    "secrets" = "secrets.py",
    "logging" = "logging.py",
    "pprint" = "pprint.py",
    "csv" = "csv.py",
    "pathlib" = "pathlib.py",
    "shlex" = "shlex.py",
    "inspect" = "inspect.py",
    "timeit" = "timeit.py",
    "urllib.parse" = "urllib_parse.py",
    "urllib" = "urllib.py",
    "calendar" = "calendar.py",
    "array" = "array.py",
    "cmath" = "cmath.py",
}

/// The library of this version, the same in every call.
pub fn library() -> Arc<dyn Library> {
    static LIBRARY: OnceLock<Arc<Modules>> = OnceLock::new();
    LIBRARY.get_or_init(Arc::default).clone()
}

#[derive(Default)]
struct Modules {
    compiled: Mutex<HashMap<&'static str, Arc<Code>>>,
}

impl Library for Modules {
    fn module(&self, name: &str) -> Option<Arc<Code>> {
        let (name, source) = MODULES.iter().find(|(known, _)| *known == name)?;
        let mut compiled = self.compiled.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(code) = compiled.get(name) {
            return Some(code.clone());
        }
        let options = Options { file: format!("<frozen {name}>"), mode: CompileMode::Exec, ..Options::default() };
        let code = compile(source, &options).unwrap_or_else(|error| panic!("the library's module {name} compiles: {error}"));
        compiled.insert(name, code.clone());
        Some(code)
    }

    fn marks(&self, line: &str, span: &Span) -> Option<String> {
        emulant_compile::marks(line, span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_compiles() {
        for (name, _) in MODULES {
            assert!(library().module(name).is_some(), "{name}");
        }
    }
}
