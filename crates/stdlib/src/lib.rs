//! The standard library's Python sources, and of built-ins that call back.
//!
//! A module is read on first use, or compiled when its stored form is not fresh, and
//! kept for the process, shared by all machines. It is part of the machine: its frames
//! stand in no traceback.

use emulant_ask::CompileMode;
use emulant_compile::{Options, compile};
use emulant_machine::{Library, Template, code::{Code, Span}, stored};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

mod digest;
pub use digest::digest;

/// Modules whose code is stored in `frozen/`: what every process needs, and what programs import most.
pub const FROZEN: &[&str] = &[
    "builtins", "_sorting", "_frames", "_asyncgen", "_failed", "_holes", "abc", "asyncio", "bisect", "collections", "collections.abc", "contextlib",
    "copy", "dataclasses", "datetime", "decimal", "emulant", "enum", "functools", "heapq", "io", "itertools", "json", "json.decoder",
    "json.encoder", "numbers", "operator", "os", "os.path", "random", "re", "statistics", "string", "sys", "textwrap", "time", "types",
    "typing",
];

/// Modules whose code machines share: what a program loads that only calls tools.
const LOADED: &[&str] = &["emulant", "_failed"];

/// The stored forms that are fresh.
const FORMS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/frozen.rs"));

/// The stored form of a module, when there is one that is fresh.
pub fn stored_form(name: &str) -> Option<&'static [u8]> {
    FORMS.iter().find(|(known, _)| *known == name).map(|(_, form)| *form)
}

/// The code of a module, compiled now.
pub fn compiled(name: &str, source: &str) -> Arc<Code> {
    let options = Options { file: file(name), mode: CompileMode::Exec, ..Options::default() };
    compile(source, &options).unwrap_or_else(|error| panic!("the library's module {name} compiles: {error}"))
}

fn file(name: &str) -> String {
    format!("<frozen {name}>")
}

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
    "emulant.server" = "emulant_server.py",
    "_failed" = "_failed.py",
    "_holes" = "_holes.py",
    "_opaque" = "_opaque.py",
    "_emulated" = "_emulated.py",
    "_synthesized" = "_synthesized.py",
    "_search" = "_search.py",
    "nightjarpy" = "nightjarpy.py",
    "annotated_types" = "annotated_types.py",
    "pydantic" = "pydantic.py",
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
    "time" = "time.py",
    "timeit" = "timeit.py",
    "urllib.parse" = "urllib_parse.py",
    "urllib" = "urllib.py",
    "calendar" = "calendar.py",
    "array" = "array.py",
    "cmath" = "cmath.py",
    "atexit" = "atexit.py",
    "colorsys" = "colorsys.py",
    "contextvars" = "contextvars.py",
    "copyreg" = "copyreg.py",
    "errno" = "errno.py",
    "fnmatch" = "fnmatch.py",
    "gc" = "gc.py",
    "getopt" = "getopt.py",
    "getpass" = "getpass.py",
    "keyword" = "keyword.py",
    "linecache" = "linecache.py",
    "locale" = "locale.py",
    "platform" = "platform.py",
    "sched" = "sched.py",
    "signal" = "signal.py",
    "stat" = "stat.py",
    "_files" = "_files.py",
    "_disk" = "_disk.py",
    "_deflate" = "_deflate.py",
    "gzip" = "gzip.py",
    "xml" = "xml.py",
    "xml.etree" = "xml_etree.py",
    "xml.etree.ElementTree" = "xml_etree_ElementTree.py",
    "codecs" = "codecs.py",
    "configparser" = "configparser.py",
    "json.decoder" = "json_decoder.py",
    "json.encoder" = "json_encoder.py",
    "urllib.error" = "urllib_error.py",
    "urllib.request" = "urllib_request.py",
    "http" = "http.py",
    "pickle" = "pickle.py",
    "_codecs" = "_codecs.py",
    "sysconfig" = "sysconfig.py",
    "doctest" = "doctest.py",
    "argparse" = "argparse.py",
    "ast" = "ast.py",
    "difflib" = "difflib.py",
    "html.entities" = "html_entities.py",
    "html.parser" = "html_parser.py",
    "importlib" = "importlib.py",
    "importlib.util" = "importlib_util.py",
    "concurrent" = "concurrent.py",
    "concurrent.futures" = "concurrent_futures.py",
    "ipaddress" = "ipaddress.py",
    "tomllib" = "tomllib.py",
    "unicodedata" = "unicodedata.py",
    "glob" = "glob.py",
    "shutil" = "shutil.py",
    "sqlite3" = "sqlite3.py",
    "tempfile" = "tempfile.py",
    "subprocess" = "_refused.py",
    "multiprocessing" = "_refused.py",
    "multiprocessing.pool" = "_refused.py",
    "pty" = "_refused.py",
    "resource" = "_refused.py",
    "socket" = "_refused.py",
    "ssl" = "_refused.py",
    "select" = "_refused.py",
    "selectors" = "_refused.py",
    "socketserver" = "_refused.py",
    "http.client" = "_refused.py",
    "http.server" = "_refused.py",
    "http.cookiejar" = "_refused.py",
    "ftplib" = "_refused.py",
    "smtplib" = "_refused.py",
    "imaplib" = "_refused.py",
    "poplib" = "_refused.py",
    "telnetlib" = "_refused.py",
    "xmlrpc.client" = "_refused.py",
    "webbrowser" = "_refused.py",
    "tkinter" = "_refused.py",
    "turtle" = "_refused.py",
    "curses" = "_refused.py",
    "readline" = "_refused.py",
    "termios" = "_refused.py",
    "tty" = "_refused.py",
    "pwd" = "_refused.py",
    "grp" = "_refused.py",
    "fcntl" = "_refused.py",
    "mmap" = "_refused.py",
    "ctypes" = "_refused.py",
    "pdb" = "_refused.py",
    "bdb" = "_refused.py",
    "cProfile" = "_refused.py",
    "profile" = "_refused.py",
    "pstats" = "_refused.py",
    "tracemalloc" = "_refused.py",
    "faulthandler" = "_refused.py",
    "dis" = "_refused.py",
    "opcode" = "_refused.py",
    "marshal" = "_refused.py",
    "symtable" = "_refused.py",
    "code" = "_refused.py",
    "codeop" = "_refused.py",
    "cmd" = "_refused.py",
    "venv" = "_refused.py",
    "ensurepip" = "_refused.py",
    "dbm" = "_refused.py",
    "shelve" = "_refused.py",
    "bz2" = "_refused.py",
    "lzma" = "_refused.py",
    "tarfile" = "_refused.py",
    "weakref" = "weakref.py",
}

/// The library of this version, the same in every call.
pub fn library() -> Arc<dyn Library> {
    static LIBRARY: OnceLock<Arc<Modules>> = OnceLock::new();
    LIBRARY.get_or_init(Arc::default).clone()
}

#[derive(Default)]
struct Modules {
    compiled: Mutex<HashMap<&'static str, Arc<Code>>>,
    template: OnceLock<Option<Arc<Template>>>,
}

impl Library for Modules {
    fn module(&self, name: &str) -> Option<Arc<Code>> {
        #[cfg(debug_assertions)]
        if let Some(code) = written::module(name) {
            return Some(code);
        }
        let (name, source) = MODULES.iter().find(|(known, _)| *known == name)?;
        let mut compiled = self.compiled.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(code) = compiled.get(name) {
            return Some(code.clone());
        }
        let stored = stored_form(name).and_then(|form| stored::decode(form, &file(name), source));
        let code = stored.unwrap_or_else(|| self::compiled(name, source));
        compiled.insert(name, code.clone());
        Some(code)
    }

    fn template(&self) -> Option<Arc<Template>> {
        self.template.get_or_init(|| Template::new(library(), LOADED).map(Arc::new)).clone()
    }

    fn marks(&self, line: &str, span: &Span) -> Option<String> {
        emulant_compile::marks(line, span)
    }
}

/// For work on the library: in a debug build, `EMULANT_LIBRARY=crates/stdlib/python` takes modules
/// from the files there, so that one that is being written is tried without building.
#[cfg(debug_assertions)]
mod written {
    use super::*;

    pub fn module(name: &str) -> Option<Arc<Code>> {
        let path = format!("{}/{}.py", std::env::var("EMULANT_LIBRARY").ok()?, name.replace('.', "_"));
        let source = std::fs::read_to_string(path).ok()?;
        Some(compiled(name, &source))
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
