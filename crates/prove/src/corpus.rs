//! Public corpora in their own formats, as programs with what they must do.
//!
//! A format is recognised by its fields, so that any file of the same form
//! works. Nothing here runs a program.

use serde_json::Value as Json;
use std::fmt;
use std::path::{Path, PathBuf};

/// Largest corpus file that is read.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// One program of a corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The corpus: the format's name, or a folder's.
    pub corpus: String,
    /// Name inside the corpus.
    pub id: String,
    /// The whole program.
    pub program: String,
    /// What it must do.
    pub expected: Expected,
}

/// What a program must do to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// End with status 0: its asserts or its unit tests hold.
    Success,
    /// Write exactly this to standard output, and end with status 0.
    Output(String),
    /// Have exactly these events in its functions, as CPython 3.11 traced them.
    Trace(Vec<Json>),
}

/// Why a file is no corpus.
#[derive(Debug)]
pub struct CorpusError(pub PathBuf, pub String);

impl fmt::Display for CorpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.display(), self.1)
    }
}

impl std::error::Error for CorpusError {}

/// One row a format: its name, the fields that it is known by, and how a record becomes a program.
type Row = (&'static str, &'static [&'static str], fn(&Json) -> Option<(String, String, Expected)>);
const FORMATS: &[Row] = &[
    ("humaneval", &["prompt", "canonical_solution", "test", "entry_point"], humaneval),
    ("mbpp", &["code", "test_list"], mbpp),
    ("cruxeval", &["code", "input", "output"], cruxeval),
    ("thealgorithms", &["program", "stdout"], thealgorithms),
    ("classeval", &["import_statement", "solution_code", "test"], classeval),
];

/// All programs below `paths`: corpus files (`.jsonl`, `.json`), single programs
/// (`.py` with a `.out` beside it), and folders of both.
///
/// # Errors
/// A named file that cannot be read or has no known form. Inside folders, files
/// of other forms are passed over.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Case>, CorpusError> {
    let mut cases = Vec::new();
    for path in paths {
        let before = cases.len();
        match path.is_dir() {
            true => read_folder(path, &mut cases)?,
            false => read_file(path, &mut cases)?,
        }
        if cases.len() == before {
            return Err(CorpusError(path.clone(), "no programs of a known form are here".into()));
        }
    }
    Ok(cases)
}

fn read_folder(folder: &Path, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let at = |error: std::io::Error| CorpusError(folder.to_path_buf(), error.to_string());
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at)? {
        paths.push(entry.map_err(at)?.path());
    }
    paths.sort();
    for path in paths {
        // Links are not followed: a folder that contains itself has no end.
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            read_folder(&path, cases)?;
        } else if has_extension(&path, &["jsonl", "json"]) || (has_extension(&path, &["py"]) && path.with_extension("out").is_file()) {
            let _ = read_file(&path, cases);
        }
    }
    Ok(())
}

/// Name and text of programs that want to harm: records with `id` and `code`, or `.py` files.
///
/// # Errors
/// A file that cannot be read.
pub fn hostile(paths: &[PathBuf]) -> Result<Vec<(String, String)>, CorpusError> {
    let mut programs = Vec::new();
    for path in paths {
        let mut files = Vec::from([path.clone()]);
        if path.is_dir() {
            let at = |error: std::io::Error| CorpusError(path.clone(), error.to_string());
            files = std::fs::read_dir(path).map_err(at)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
            files.sort();
        }
        for file in files.iter().filter(|file| has_extension(file, &["jsonl", "py"])) {
            let text = read_text(file)?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            if has_extension(file, &["py"]) {
                programs.push((name.into_owned(), text));
                continue;
            }
            for (number, line) in text.lines().enumerate() {
                let record: Json = serde_json::from_str(line).map_err(|error| CorpusError(file.clone(), format!("line {}: {error}", number + 1)))?;
                let field = |name: &str| record.get(name).and_then(Json::as_str).map(String::from);
                if let (Some(id), Some(code)) = (field("id"), field("code")) {
                    programs.push((format!("{name} {id}"), code));
                }
            }
        }
    }
    Ok(programs)
}

fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| wanted.contains(&e))
}

fn read_file(path: &Path, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let text = read_text(path)?;
    match has_extension(path, &["py"]) {
        true => cases.push(python_case(path, text)?),
        false => read_records(path, &text, cases)?,
    }
    Ok(())
}

fn read_text(path: &Path) -> Result<String, CorpusError> {
    let at = |error: std::io::Error| CorpusError(path.to_path_buf(), error.to_string());
    let size = std::fs::metadata(path).map_err(at)?.len();
    if size > FILE_BYTES_MAX {
        return Err(CorpusError(path.to_path_buf(), format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    std::fs::read_to_string(path).map_err(at)
}

fn python_case(path: &Path, program: String) -> Result<Case, CorpusError> {
    let output = path.with_extension("out");
    let expected = match output.is_file() {
        true => Expected::Output(read_text(&output)?),
        false => Expected::Success,
    };
    let name = |path: Option<&std::ffi::OsStr>| path.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let corpus = name(path.parent().and_then(Path::file_name));
    Ok(Case { corpus, id: name(path.file_name()), program, expected })
}

fn read_records(path: &Path, text: &str, cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let unknown = |reason: String| CorpusError(path.to_path_buf(), reason);
    let records = records(text).map_err(unknown)?;
    if records.first().is_some_and(|record| record.get("events").is_some() && record.get("id").is_some()) {
        return read_traces(path, &records, cases);
    }
    let format = records.first().and_then(format_of).ok_or_else(|| unknown("its fields are those of no known corpus".into()))?;
    for (index, record) in records.iter().enumerate() {
        let (id, program, expected) =
            (format.2)(record).ok_or_else(|| unknown(format!("record {} is not of the form {}", index + 1, format.0)))?;
        let id = if id.is_empty() { (index + 1).to_string() } else { id };
        cases.push(Case { corpus: format.0.into(), id, program, expected });
    }
    Ok(())
}

/// Recorded traces of the functions in a corpus of the form `cruxeval`, which lies in the
/// folder of that name beside this one.
fn read_traces(path: &Path, records: &[Json], cases: &mut Vec<Case>) -> Result<(), CorpusError> {
    let unknown = |reason: String| CorpusError(path.to_path_buf(), reason);
    let beside = path.parent().and_then(Path::parent).unwrap_or(Path::new("")).join("cruxeval/cruxeval.jsonl");
    let programs = self::records(&read_text(&beside)?).map_err(unknown)?;
    for record in records {
        let id = id_of(record);
        let program = programs.iter().find(|program| id_of(program) == id).ok_or_else(|| unknown(format!("no program {id}")))?;
        let (code, input) = (text(program, "code").unwrap_or_default(), text(program, "input").unwrap_or_default());
        let events = record.get("events").and_then(Json::as_array).cloned().unwrap_or_default();
        cases.push(Case { corpus: "cruxeval-traces".into(), id, program: format!("{code}\nf({input})\n"), expected: Expected::Trace(events) });
    }
    Ok(())
}

fn format_of(record: &Json) -> Option<&'static Row> {
    FORMATS.iter().find(|(_, fields, _)| fields.iter().all(|field| record.get(field).is_some()))
}

/// One JSON array, or one JSON object a line.
fn records(text: &str) -> Result<Vec<Json>, String> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", index + 1))).collect()
}

fn text<'j>(record: &'j Json, field: &str) -> Option<&'j str> {
    record.get(field).and_then(Json::as_str)
}

fn id_of(record: &Json) -> String {
    match record.get("task_id").or_else(|| record.get("id")) {
        Some(Json::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// A list of lines, or a text that is empty or a line.
fn lines(record: &Json, field: &str) -> Vec<String> {
    match record.get(field) {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).map(String::from).collect(),
        Some(Json::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn humaneval(record: &Json) -> Option<(String, String, Expected)> {
    let [prompt, solution, test, entry] = ["prompt", "canonical_solution", "test", "entry_point"].map(|field| text(record, field));
    let program = format!("{}{}\n{}\ncheck({})\n", prompt?, solution?, test?, entry?);
    Some((id_of(record), program, Expected::Success))
}

fn mbpp(record: &Json) -> Option<(String, String, Expected)> {
    let setup = text(record, "test_setup_code").unwrap_or_default();
    let program = format!("{setup}\n{}\n{}\n", text(record, "code")?, lines(record, "test_list").join("\n"));
    Some((id_of(record), program, Expected::Success))
}

fn cruxeval(record: &Json) -> Option<(String, String, Expected)> {
    let [code, input, output] = ["code", "input", "output"].map(|field| text(record, field));
    let program = format!("{}\nassert f({}) == {}\n", code?, input?, output?);
    Some((id_of(record), program, Expected::Success))
}

fn thealgorithms(record: &Json) -> Option<(String, String, Expected)> {
    Some((id_of(record), text(record, "program")?.into(), Expected::Output(text(record, "stdout")?.into())))
}

fn classeval(record: &Json) -> Option<(String, String, Expected)> {
    let imports = lines(record, "import_statement").join("\n");
    let [solution, test] = ["solution_code", "test"].map(|field| text(record, field));
    let program = format!("{imports}\n{}\n{}\nif __name__ == '__main__':\n    unittest.main()\n", solution?, test?);
    let needs_import = !program.contains("import unittest");
    let program = if needs_import { format!("import unittest\n{program}") } else { program };
    Some((id_of(record), program, Expected::Success))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Case {
        let mut cases = Vec::new();
        read_records(Path::new("x.jsonl"), text, &mut cases).unwrap();
        assert_eq!(cases.len(), 1);
        cases.remove(0)
    }

    #[test]
    fn each_format_is_known_by_its_fields() {
        let case = one(r#"{"task_id": "HumanEval/0", "prompt": "def f():\n", "canonical_solution": "    return 1\n", "test": "def check(c):\n    assert c() == 1", "entry_point": "f"}"#);
        assert_eq!((case.corpus.as_str(), case.id.as_str()), ("humaneval", "HumanEval/0"));
        assert_eq!(case.program, "def f():\n    return 1\n\ndef check(c):\n    assert c() == 1\ncheck(f)\n");
        let case = one(r#"{"task_id": 3, "code": "x = 1", "test_list": ["assert x == 1", "assert x"], "test_setup_code": "y = 2"}"#);
        assert_eq!((case.corpus.as_str(), case.id.as_str()), ("mbpp", "3"));
        assert_eq!(case.program, "y = 2\nx = 1\nassert x == 1\nassert x\n");
        let case = one(r#"{"code": "def f(a): return a", "input": "1", "output": "1", "id": "s"}"#);
        assert_eq!(case.program, "def f(a): return a\nassert f(1) == 1\n");
        let case = one(r#"{"id": "a.py", "program": "print(1)", "stdout": "1\n"}"#);
        assert_eq!(case.expected, Expected::Output("1\n".into()));
        let case = one(r#"[{"task_id": "C", "import_statement": ["import json"], "solution_code": "class A: pass", "test": "import unittest"}]"#);
        assert_eq!(case.program, "import json\nclass A: pass\nimport unittest\nif __name__ == '__main__':\n    unittest.main()\n");
    }

    #[test]
    fn other_files_are_named_with_a_reason() {
        for text in ["", "{", "[1", r#"{"a": 1}"#, "[]"] {
            assert!(read_records(Path::new("x.jsonl"), text, &mut Vec::new()).is_err(), "{text:?}");
        }
        let error = read(&[PathBuf::from("/nowhere/x.jsonl")]).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/x.jsonl: "), "{error}");
    }
}
