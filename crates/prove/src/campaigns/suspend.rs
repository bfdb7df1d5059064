//! A run waits anywhere, as bytes: at each ask the machine is written out and goes on in another
//! process, with the same state hash, to the same end.
//!
//! The first cases are the places in which a host stack would be in the way; the others are
//! generated programs.

use super::answers::{Answerer, machine_options};
use super::lazy::{LIMITS, ending};
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::generate::{Dialect, program};
use crate::{pure, worker};
use emulant_ask::{Answer, Ask, Compile, Request};
use emulant_compile::Options;
use emulant_journal::hex;
use emulant_machine::code::Code;
use emulant_machine::image::CodeName;
use emulant_machine::{Machine, Reply, Step};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "suspend",
    shows: "a run that waits in a sort key, a generator, __eq__, a comprehension, a with exit, a decorator or anywhere else \
        goes on in another process with the same state hash",
    small: 16,
    full: 300,
    tried: &[("hops between processes", 200)],
    run,
};

const HEAD: &str = "from emulant import tools\nimport functools\nf = tools.size\n";

/// Where a run waits, and a program that does.
const PLACES: &[(&str, &str)] = &[
    ("a sort key", "print(sorted(['b', 'a', 'c'], key=lambda k: (f(k), k)))"),
    ("a generator", "def g():\n    try:\n        for k in 'abc':\n            yield f(k)\n    finally:\n        print(f('end'))\nprint(list(g()), sum(x for x in g()))"),
    (
        "__eq__ in a dict probe",
        "class K:\n    def __init__(self, n): self.n = n\n    def __hash__(self): return 1\n    def __eq__(self, other): return f(str(self.n)) % 3 == other.n % 3\n\
         d = {K(1): 1}\nd[K(2)] = 2\nd[K(4)] = 3\nprint(len(d), K(9) in d, {K(1), K(3), K(5)} != set())",
    ),
    ("a comprehension", "print([f(k) for k in 'ab'], {k: f(k) for k in 'cd' if f(k)}, {f(k) for k in 'ee'})"),
    ("a with exit", "class C:\n    def __enter__(self): return f('in')\n    def __exit__(self, *e):\n        print(e[0], f('out'))\n        return True\nwith C() as c:\n    1 / 0\nprint(c)"),
    ("a decorator", "def d(g):\n    n = f('d')\n    @functools.wraps(g)\n    def inner(*a):\n        return n, g(*a)\n    return inner\n@d\n@d\ndef g(x): return f(x)\nprint(g('x'))"),
    ("a comparison in sort", "class L:\n    def __init__(self, n): self.n = n\n    def __lt__(self, o): return f(str(self.n)) < f(str(o.n))\nprint([x.n for x in sorted(L(n) for n in range(5))])"),
    ("a default and a class body", "class A:\n    x = f('x')\n    y = [f(str(i)) for i in range(2)]\n    def m(self, z=f('z')): return z + self.x\nprint(A().m(), A.y)"),
    ("a format and an f-string", "class P:\n    def __format__(self, spec): return spec + str(f('p'))\n    def __repr__(self): return str(f('r'))\nprint(f'{P():>3}', f'{P()!r:>8}', [P(), {1: P()}], '{}'.format(P()))"),
    ("a native that calls back", "print(functools.reduce(lambda a, b: a + f(str(b)), range(3), 0), max('abc', key=f), list(map(f, 'ab')), any(f(k) > 40 for k in 'abc'))"),
    ("an except, a finally and a raise", "try:\n    try:\n        raise ValueError(f('v'))\n    except ValueError as e:\n        raise KeyError(f('k')) from e\n    finally:\n        print(f('fin'))\nexcept KeyError as e:\n    print(repr(e), repr(e.__cause__), f('after'))"),
    ("attributes and properties", "class A:\n    def __getattr__(self, name): return f(name)\n    @property\n    def p(self): return f('p') + self.q\n    def __setattr__(self, n, v): object.__setattr__(self, n, v + f(n))\na = A()\na.z = 1\nprint(a.p, a.z, a.w)"),
    ("iteration and unpacking", "class I:\n    def __iter__(self): return self\n    n = 0\n    def __next__(self):\n        self.n += 1\n        if self.n > 3: raise StopIteration\n        return f(str(self.n))\na, *b = I()\nprint(a, b, *I(), sep=',')\nprint(dict(zip(I(), I())))"),
    ("code from text", "exec('def h(n):\\n    return [f(str(k)) for k in range(n)]')\nprint(h(2), eval('f(\"e\") + 1'))"),
    ("a coroutine", "import asyncio\nasync def w(k):\n    await asyncio.sleep(0)\n    return f(k)\nasync def main():\n    return await asyncio.gather(w('a'), w('b'))\nprint(asyncio.run(main()))"),
    ("a deep recursion", "def r(n): return f('bottom') if n == 0 else r(n - 1) + 1\nprint(r(300))"),
];

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let (name, text) = text(order.seed, case);
        one(order, &text, findings).map_err(|what| Fault::new(format!("{name}: {what}"), text))
    })
}

fn text(seed: u64, case: u64) -> (&'static str, String) {
    match usize::try_from(case).ok().and_then(|case| PLACES.get(case)) {
        Some((name, text)) => (name, format!("{HEAD}{text}\n")),
        None => {
            let mut dice = Dice::new(seed, case);
            let statements = 3 + dice.below(6);
            ("a generated program", program(&mut dice, Dialect::Asking, statements))
        }
    }
}

/// What goes from process to process, besides the image.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Baggage {
    program: String,
    /// Texts that became code.
    texts: Vec<Compile>,
    /// The answer to the ask that is open; a text that becomes code is in `texts`.
    answer: Option<(u64, Option<Answer>)>,
    /// What a worker saw: the hash after loading, the next ask or the end, the hash there, the output.
    loaded: String,
    ask: Option<Ask>,
    ending: String,
    hash: String,
    instructions: u64,
    output: String,
}

fn one(order: &Order<'_>, text: &str, findings: &mut Findings) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (image, baggage_file) = (folder.path().join("image"), folder.path().join("baggage.json"));
    let mut answerer = Answerer::new(crate::dice::number_of(text), 5);
    let mut machine = Machine::new(emulant_stdlib::library(), LIMITS, machine_options(true));
    let mut step = machine.start(compile(text)?);
    let mut baggage = Baggage { program: text.into(), ..Baggage::default() };
    let mut output = written(&mut machine);
    let mut first = true;
    while let Step::Asks(asks) = &step {
        let ask = asks.first().ok_or("an empty batch")?.clone();
        if first {
            let bytes = machine.image().map_err(|error| format!("no image: {error}"))?;
            findings.peak("bytes of an image", bytes.len() as u64);
            std::fs::write(&image, bytes).map_err(|error| error.to_string())?;
            first = false;
        }
        let before = hex(&machine.state_hash());
        let reply = answerer.reply(&ask);
        if let Request::Compile(compile) = &ask.request {
            baggage.texts.push(compile.clone());
        }
        let answer = match &reply {
            Reply::Answer(answer) => Some(answer.clone()),
            _ => None,
        };
        baggage.answer = Some((ask.id, answer));
        let there = hop(order, &baggage, &baggage_file, &image)?;
        findings.add("hops between processes", 1);
        step = machine.resume(Vec::from([(ask.id, reply)]));
        let here = written(&mut machine);
        let next = if let Step::Asks(asks) = &step { asks.first().cloned() } else { None };
        let wrong = [
            ("hash after loading", there.loaded != before),
            ("hash at the next ask", there.hash != hex(&machine.state_hash())),
            ("number of instructions", there.instructions != machine.instructions()),
            ("next ask", there.ask != next),
            ("ending", next.is_none() && there.ending != ending(&step)),
            ("output", there.output != here),
        ];
        if let Some((what, _)) = wrong.iter().find(|(_, wrong)| *wrong) {
            return Err(format!("behind ask {} in line {}: another {what}: {there:?}, here {:?} {here:?}", ask.id, ask.site.line, ending(&step)));
        }
        output += &here;
    }
    Ok(())
}

fn hop(order: &Order<'_>, baggage: &Baggage, file: &Path, image: &Path) -> Result<Baggage, String> {
    let json = serde_json::to_string(baggage).map_err(|error| error.to_string())?;
    std::fs::write(file, json).map_err(|error| error.to_string())?;
    let arguments = [file.display().to_string(), image.display().to_string()];
    let printed = match order.worker.is_empty() {
        true => work(&arguments)?,
        false => worker::call(&order.worker, "suspend", &arguments)?,
    };
    serde_json::from_str(&printed).map_err(|error| format!("{error}: {printed}"))
}

/// In the other process: load, go on to the next ask, write out again.
pub fn work(arguments: &[String]) -> Result<String, String> {
    let [file, image] = arguments else { return Err("two files are wanted".into()) };
    let json = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut baggage: Baggage = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let mut codes = Vec::from([compile(&baggage.program)?]);
    let mut last = None;
    for text in &baggage.texts {
        last = Some(pure::compiled(text));
        if let Some(Reply::Code(code)) = &last {
            codes.push(code.clone());
        }
    }
    let bytes = std::fs::read(image).map_err(|error| error.to_string())?;
    let known = |wanted: &CodeName| codes.iter().find(|code| CodeName::of(code) == *wanted).cloned();
    let mut machine = Machine::from_image(&bytes, emulant_stdlib::library(), &known).map_err(|error| format!("the image: {error}"))?;
    baggage.loaded = hex(&machine.state_hash());
    let (id, answer) = baggage.answer.take().ok_or("no answer is given")?;
    let reply = answer.map(Reply::Answer).or(last).ok_or("no text is given")?;
    let step = machine.resume(Vec::from([(id, reply)]));
    baggage.output = written(&mut machine);
    baggage.hash = hex(&machine.state_hash());
    baggage.instructions = machine.instructions();
    match &step {
        Step::Asks(asks) => {
            baggage.ask = asks.first().cloned();
            let bytes = machine.image().map_err(|error| format!("no image: {error}"))?;
            std::fs::write(image, bytes).map_err(|error| error.to_string())?;
        }
        end => baggage.ending = ending(end),
    }
    serde_json::to_string(&baggage).map_err(|error| error.to_string())
}

fn compile(text: &str) -> Result<Arc<Code>, String> {
    let options = Options { file: "program.py".into(), ..Options::default() };
    emulant_compile::compile(text, &options).map_err(|error| error.to_string())
}

fn written(machine: &mut Machine) -> String {
    machine.take_output().into_iter().map(|(_, text)| text).collect()
}
