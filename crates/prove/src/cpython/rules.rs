//! Which tests are left out, and why: one row each.
//!
//! Only for what the machine cannot have (files, processes, threads, the C API, counts of
//! references). What it merely has not yet is a failure.

/// Files that run when none is named: the core of the language, and the modules around it.
pub const FILES: &[&str] = &[
    "test_generators", "test_dict", "test_list", "test_string", "test_unicode", "test_int", "test_float", "test_set", "test_class", "test_descr",
    "test_exceptions", "test_with", "test_patma", "test_unpack", "test_unpack_ex", "test_fstring", "test_format", "test_itertools", "test_functools",
    "test_collections", "test_heapq", "test_bisect", "test_re", "test_json", "test_math", "test_random", "test_statistics", "test_textwrap",
    "test_enum", "test_dataclasses", "test_decimal", "test_fractions", "test_datetime",
    "test_tuple", "test_slice", "test_bool", "test_range", "test_iter", "test_property", "test_super", "test_coroutines", "test_asyncgen",
];

/// Modules that tests import before they know whether they need them: they can be imported, and using them skips.
const STOPPING: &[&str] = &[
    "test.support.os_helper", "test.support.script_helper", "test.support.socket_helper", "test.support.threading_helper",
    "test.support.interpreters", "test.support.pty_helper", "test.support.hashlib_helper",
    "doctest", "locale", "multiprocessing", "subprocess", "signal", "socket", "select", "concurrent", "concurrent.futures", "pydoc", "platform", "optparse", "errno", "_string", "_strptime",
];

/// Modules that many files import first and few of their tests use. Using one is a failure.
pub const LATER: &[&str] = &["pickle", "copyreg", "weakref", "gc", "ast"];

/// Modules whose absence tests expect, each with what it is needed for.
const MISSING: &[(&str, &str)] = &[
    ("_testcapi", "the C API"), ("_testinternalcapi", "the C API"), ("_testmultiphase", "the C API"), ("_testbuffer", "the C API"),
    ("_testclinic", "the C API"), ("xxsubtype", "the C API"), ("ctypes", "the C API"), ("_ctypes", "the C API"), ("ctypes.util", "the C API"), ("_pylong", "details of CPython"),
    ("_xxsubinterpreters", "a sub-interpreter"), ("dis", "bytecode of CPython"), ("opcode", "bytecode of CPython"), ("marshal", "bytecode of CPython"),
    ("test.support.bytecode_helper", "bytecode of CPython"), ("tracemalloc", "details of CPython"), ("fcntl", "a file"), ("mmap", "a file"),
    ("shelve", "a file"), ("dbm", "a file"), ("faulthandler", "a process"), ("_sre", "details of CPython"),
];

/// Refusals of the machine that stand for what it cannot have: how they begin, and what is needed.
const REFUSALS: &[(&str, &str)] = &[
    ("not supported: sys.getrefcount", "reference counts"), ("not supported: gc.", "CPython's collector"),
    ("not supported: the number of objects that gc.collect found", "CPython's collector"), ("not supported: marshal.", "bytecode of CPython"),
];

/// Tests that need what no helper of `test.support` names: module, a part of `Class.method`, what it needs.
const EXCUSED: &[(&str, &str, &str)] = &[
    ("test_json", "TestCTest.test_cjson", C_FORM), ("test_json", "TestPyTest.test_pyjson", C_FORM),
    ("test_json.test_speedups", "TestSpeedups.", C_FORM), ("test_json.test_speedups", "TestDecode.test_make_scanner", C_FORM),
    ("test_json.test_speedups", "TestEncode.test_make_encoder", C_FORM), ("test_json.test_speedups", "TestEncode.test_bad_str_encoder", C_FORM),
    ("test_json.test_speedups", "TestEncode.test_bad_markers", C_FORM), ("test_heapq", "TestModules.test_c_functions", C_FORM),
    ("test_statistics", "TestModules.test_c_functions", C_FORM),
];

/// These look at the functions of a module that is written in C, by their module's name or their messages.
const C_FORM: &str = "the form of the module in C";

/// Is this a module that only stops who uses it?
pub fn is_stopping(name: &str) -> bool {
    STOPPING.contains(&name)
}

/// Files whose tests stand in another one, which they load by themselves twice: for a form of the module in C and for one
/// in Python. Here there is one form.
const ELSEWHERE: &[(&str, &str)] = &[("test_datetime", "datetimetester")];

/// The module that holds the tests of a file.
pub fn module_of(file: &str) -> &str {
    ELSEWHERE.iter().find(|(name, _)| *name == file).map_or(file, |(_, module)| module)
}

/// Why this method is not run.
pub fn excuse(module: &str, class: &str, method: &str) -> Option<String> {
    let full = format!("{class}.{method}");
    let row = EXCUSED.iter().find(|(file, part, _)| *file == module && full.contains(part))?;
    Some(format!("needs {}", row.2))
}

/// Does this exception say that something is missing which cannot be here? Then what the test needs.
pub fn missing(kind: &str, text: &str) -> Option<String> {
    if text == "name 'open' is not defined" || text.contains("nobody is there to answer") || text.contains("no files are mounted") {
        return Some("needs a file".into());
    }
    if kind == "NotImplementedError" {
        return REFUSALS.iter().find(|(start, _)| text.starts_with(start)).map(|(_, what)| format!("needs {what}"));
    }
    if kind != "ModuleNotFoundError" && kind != "ImportError" {
        return None;
    }
    let name = text.split('\'').nth(1)?;
    let row = MISSING.iter().find(|(module, _)| *module == name)?;
    Some(format!("needs {}", row.1))
}
