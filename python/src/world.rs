//! Python functions as answerers: tools, a model, a person, and who takes the output.
//!
//! A run holds no lock of the interpreter but while one of them is called. An exception that is
//! no answer (an interrupt from the keyboard, `SystemExit`) leaves the run open and is raised again.

use crate::convert::{from_python, to_python};
use crate::{Told, report, run_error};
use emulant_ask::{Answer, AnswerDetail, Call, Hole, Value};
use emulant_gate::{Declaration, SchemaCheck};
use emulant_host::answer::{Holes, LazyModel, Person, Tools, World};
use emulant_host::keep::RunError;
use emulant_host::manifest::Manifest;
use emulant_host::options::RunOptions;
use emulant_host::record::to_declarations;
use emulant_host::run::Outcome;
use emulant_host::schema::Schemas;
use emulant_host::tools::{ToolBox, ToolsFile};
use emulant_host::value::from_foreign;
use emulant_machine::Stream;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Everybody who answers from Python; a dict, checked by the package.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Answerers {
    /// The declarations of `functions`, as JSON.
    declarations: String,
    functions: HashMap<String, Py<PyAny>>,
    model: Option<Py<PyAny>>,
    approve: Option<Py<PyAny>>,
    stdin: Option<Py<PyAny>>,
    on_output: Option<Py<PyAny>>,
}

/// The first exception that is no answer.
type Stop = Arc<Mutex<Option<PyErr>>>;

fn stopped(stop: &Stop) -> bool {
    stop.lock().is_ok_and(|stop| stop.is_some())
}

fn note(stop: &Stop, error: PyErr) {
    if let Ok(mut stop) = stop.lock() {
        stop.get_or_insert(error);
    }
}

impl Answerers {
    /// Calls `act` with the world of these answerers, without the interpreter's lock.
    pub fn run(
        self,
        py: Python<'_>,
        file: &str,
        options: RunOptions,
        act: impl FnOnce(World<'_>) -> Result<Outcome, RunError> + Send,
    ) -> PyResult<Told> {
        let stop = Stop::default();
        let (mut output, mut errors) = (String::new(), String::new());
        let done = py.detach(|| {
            let mut tools = PythonTools::new(&self, &options, stop.clone())?;
            let mut model = PythonModel { function: self.model, model: LazyModel::new(options.model.clone(), |_| {}), stop: stop.clone() };
            let mut person = PythonPerson { approve: self.approve, stdin: self.stdin, stop: stop.clone() };
            let mut sink = |stream: Stream, text: &str| {
                let name = if stream == Stream::Out { "stdout" } else { "stderr" };
                if let Some(function) = &self.on_output {
                    let told = Python::attach(|py| function.call1(py, (name, text)).map(|_| ()));
                    told.unwrap_or_else(|error| note(&stop, error));
                }
                if stream == Stream::Out { output.push_str(text) } else { errors.push_str(text) }
            };
            act(World { tools: &mut tools, model: &mut model, person: &mut person, sink: &mut sink })
        });
        if let Some(error) = stop.lock().ok().and_then(|mut stop| stop.take()) {
            return Err(error);
        }
        let outcome = done.map_err(|fault| run_error(py, &fault))?;
        let (json, traceback) = report(file, &outcome);
        Ok((json.to_string(), output, errors + &traceback))
    }
}

/// What a Python function that answers an ask raised: an exception in the program, or the end of everything.
fn raised(py: Python<'_>, error: PyErr, stop: &Stop) -> Answer {
    if !error.is_instance_of::<PyException>(py) {
        note(stop, error);
        return Answer::Failed { reason: "interrupted".into() };
    }
    let value = error.value(py);
    let class = value.get_type().name().map(|name| name.to_string()).unwrap_or_default();
    // The one argument itself where there is one: the text of a KeyError has quotes of its own.
    let only = || value.getattr("args").ok()?.extract::<(String,)>().ok().map(|(only,)| only);
    let message = only().or_else(|| Some(value.str().ok()?.to_string())).unwrap_or_default();
    match class.as_str() {
        "Refused" => Answer::Refused { reason: message },
        "Abstained" => Answer::Abstained { reason: message },
        _ if emulant_machine::class::Type::named(&class).is_some_and(|class| class.is_exception()) => Answer::Raise { class, message },
        _ => Answer::Raise { class: "ToolError".into(), message: format!("{class}: {message}") },
    }
}

fn by(answer: Answer, who: &str, started: Instant) -> Answer {
    match answer {
        Answer::Value { value, .. } => {
            let time_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
            Answer::Value { value, detail: AnswerDetail { by: who.into(), time_us, ..AnswerDetail::default() } }
        }
        other => other,
    }
}

struct PythonTools {
    declarations: Vec<Declaration>,
    functions: HashMap<String, Py<PyAny>>,
    others: ToolBox,
    schemas: Schemas,
    stop: Stop,
}

impl PythonTools {
    fn new(answerers: &Answerers, options: &RunOptions, stop: Stop) -> Result<PythonTools, RunError> {
        let malformed = || RunError::Usage("a tool is declared wrongly".into());
        let json: serde_json::Value = serde_json::from_str(&answerers.declarations).map_err(|_| malformed())?;
        let declarations = to_declarations(&from_foreign(&json)).ok_or_else(malformed)?;
        let file = match &options.tools_file {
            Some(path) => ToolsFile::read(path).map_err(|fault| RunError::Usage(fault.to_string()))?,
            None => ToolsFile::default(),
        };
        let others = ToolBox::new(file, options.root.as_deref()).map_err(|fault| RunError::Usage(fault.to_string()))?;
        let functions = Python::attach(|py| answerers.functions.iter().map(|(name, function)| (name.clone(), function.clone_ref(py))).collect());
        Ok(PythonTools { declarations, functions, others, schemas: Schemas::default(), stop })
    }

    fn answer(&self, py: Python<'_>, function: &Py<PyAny>, call: &Call) -> PyResult<Answer> {
        let arguments = PyDict::new(py);
        for (name, value) in &call.arguments {
            arguments.set_item(name, to_python(py, value)?)?;
        }
        let result = function.bind(py).call((), Some(&arguments))?;
        Ok(Answer::value(from_python(&result)?))
    }
}

impl Tools for PythonTools {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        let mut all = self.declarations.clone();
        for other in Tools::declare(&mut self.others)? {
            if self.functions.contains_key(&other.name) {
                return Err(format!("two tools are named {}", other.name));
            }
            all.push(other);
        }
        Ok(all)
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        &self.schemas
    }

    fn manifest(&self) -> Manifest {
        Tools::manifest(&self.others)
    }

    fn before(&mut self, call: &Call) -> Result<Value, String> {
        Tools::before(&mut self.others, call)
    }

    fn restore(&mut self, before: &Value) -> Result<(), String> {
        Tools::restore(&mut self.others, before)
    }

    fn call(&mut self, call: &Call) -> Answer {
        let Some(function) = self.functions.get(&call.tool) else { return Tools::call(&mut self.others, call) };
        if stopped(&self.stop) {
            return Answer::Failed { reason: "interrupted".into() };
        }
        let started = Instant::now();
        Python::attach(|py| match self.answer(py, function, call) {
            Ok(answer) => by(answer, "python", started),
            Err(error) => raised(py, error, &self.stop),
        })
    }
}

struct PythonModel {
    function: Option<Py<PyAny>>,
    model: LazyModel,
    stop: Stop,
}

impl PythonModel {
    /// The function gets a dict and gives plain data, which has to fit the hole's type.
    fn one(py: Python<'_>, function: &Py<PyAny>, hole: &Hole) -> PyResult<Answer> {
        let asked = PyDict::new(py);
        asked.set_item("name", &hole.name)?;
        asked.set_item("instruction", &hole.instruction)?;
        let arguments = PyDict::new(py);
        for (name, value) in &hole.arguments {
            arguments.set_item(name, to_python(py, value)?)?;
        }
        asked.set_item("arguments", arguments)?;
        asked.set_item("type", hole.shape.python())?;
        asked.set_item("schema", py.import("json")?.call_method1("loads", (hole.shape.json_schema().to_string(),))?)?;
        let given = from_python(&function.bind(py).call1((asked,))?)?;
        Ok(match hole.shape.accept(&given.to_plain_json()) {
            Ok(value) => Answer::value(value),
            Err(mismatch) => Answer::Failed { reason: format!("the answer does not fit: {mismatch}") },
        })
    }
}

impl Holes for PythonModel {
    fn answer(&mut self, holes: &[&Hole], deadline: Option<Instant>) -> Vec<Answer> {
        let Some(function) = &self.function else { return self.model.answer(holes, deadline) };
        let answer = |hole: &&Hole| {
            let started = Instant::now();
            match stopped(&self.stop) {
                true => Answer::Failed { reason: "interrupted".into() },
                false => Python::attach(|py| match PythonModel::one(py, function, hole) {
                    Ok(answer) => by(answer, "python", started),
                    Err(error) => raised(py, error, &self.stop),
                }),
            }
        };
        holes.iter().map(answer).collect()
    }
}

struct PythonPerson {
    approve: Option<Py<PyAny>>,
    stdin: Option<Py<PyAny>>,
    stop: Stop,
}

impl Person for PythonPerson {
    fn is_there(&mut self) -> bool {
        self.approve.is_some()
    }

    fn approve(&mut self, sentence: &str) -> Option<bool> {
        let function = self.approve.as_ref()?;
        Python::attach(|py| match function.call1(py, (sentence,)).and_then(|said| said.extract::<bool>(py)) {
            Ok(granted) => Some(granted),
            Err(error) => {
                note(&self.stop, error);
                None
            }
        })
    }

    /// The next item of the iterator `stdin`.
    fn input(&mut self, _: &str) -> Option<Answer> {
        let lines = self.stdin.as_ref()?;
        Python::attach(|py| match lines.bind(py).try_iter().and_then(|mut lines| lines.next().transpose()) {
            Ok(None) => Some(Answer::Raise { class: "EOFError".into(), message: "EOF when reading a line".into() }),
            Ok(Some(line)) => match from_python(&line) {
                Ok(value @ Value::Str(_)) => Some(by(Answer::value(value), "python", Instant::now())),
                _ => Some(Answer::Raise { class: "ValueError".into(), message: "a line of input is a text".into() }),
            },
            Err(error) => Some(raised(py, error, &self.stop)),
        })
    }

    fn interrupts(&mut self) -> bool {
        if !stopped(&self.stop) {
            Python::attach(|py| py.check_signals()).unwrap_or_else(|error| note(&self.stop, error));
        }
        stopped(&self.stop)
    }
}
