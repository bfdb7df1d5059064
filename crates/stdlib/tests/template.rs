//! A machine that began from the library's template is one that started by itself: same output, same count of
//! instructions, same state and image at every ask, whatever the program does to what is shared.

use emulant_ask::{Answer, CompileMode, Limits, Value};
use emulant_compile::{Options as CompileOptions, compile};
use emulant_machine::code::{Code, Span};
use emulant_machine::image::CodeName;
use emulant_machine::{Library, Machine, Options, Reply, Step};
use std::sync::Arc;

/// The library without its template.
struct Plain;

impl Library for Plain {
    fn module(&self, name: &str) -> Option<Arc<Code>> {
        emulant_stdlib::library().module(name)
    }

    fn marks(&self, line: &str, span: &Span) -> Option<String> {
        emulant_stdlib::library().marks(line, span)
    }
}

const PROGRAMS: &[&str] = &[
    "ask(0)\nprint(1 + 1)\n",
    // What is shared is written: names, classes, functions, modules.
    "import builtins, sys\nbuiltins.mine = ['a']\nask(0)\nmine.append('b')\nprint(mine, sorted(k for k in vars(builtins) if k == 'mine'))\nask(1)\ndel builtins.mine\nprint(list(sys.modules)[:2])\n",
    "class Wrong(ValueError):\n    pass\nask(0)\nprint(ValueError.__subclasses__()[-1], Wrong.__mro__)\ndel Wrong\nask(1)\nprint([list(range(50)) for _ in range(3000)][-1][-1])\nprint([c.__name__ for c in ValueError.__subclasses__()])\n",
    "from collections import OrderedDict, deque, namedtuple\nfrom dataclasses import dataclass\nimport enum, functools, re, json\n@dataclass\nclass P:\n    x: int\n    y: list\nclass C(enum.Enum):\n    A = 1\n    B = 2\nask(0)\nprint(P(1, [2]), C.A, re.findall(r'\\d+', 'a1b22'), json.dumps({'a': [1, 2.5, None]}), deque([1, 2], 3))\nprint(functools.reduce(lambda a, b: a * b, range(1, 30)), namedtuple('T', 'a b')(1, 2), OrderedDict(a=1))\n",
    // More than the collector waits for, with what is shared holding what is not.
    "import builtins\nbuiltins.kept = {}\nfor i in range(40000):\n    kept[i % 100] = [i, str(i), (i, i)]\n    if i % 20000 == 0:\n        ask(i)\nprint(len(kept), kept[99])\nclass K:\n    def __del__(self):\n        print('gone')\nk = K()\ndel k\nask(1)\n",
    "def gen():\n    x = yield 1\n    print(x)\n    yield from map(str, range(3))\ng = gen()\nprint(next(g))\nask(0)\nprint(g.send('hello'), list(g), sorted('hello', key=lambda c: -ord(c)), max([3, 1, 2], key=lambda x: -x))\nprint(id(g) == id(g), hash('x') == hash('x'), isinstance(1, int), len.__name__)\n",
    "f(*range(300)) if False else None\ndef f(*a):\n    return len(a)\nprint(f(*range(900)), f(*range(2000)))\ndef deep(n):\n    return 0 if n == 0 else 1 + deep(n - 1)\nprint(deep(900))\nask(0)\ntry:\n    deep(2000)\nexcept RecursionError as e:\n    print(e)\n",
    "ask(0)\nimport random\nrandom.seed(3)\nprint(random.random(), sum(x * x for x in range(100)))\nraise KeyError('last')\n",
];

fn code_of(source: &str) -> Arc<Code> {
    let options = CompileOptions { file: "program.py".into(), mode: CompileMode::Exec, ..CompileOptions::default() };
    compile(&format!("from emulant import tools\nask = tools.ask\n{source}"), &options).expect("the program compiles")
}

fn machine(library: Arc<dyn Library>, limits: Limits) -> Machine {
    Machine::new(library, limits, Options { tools: [("ask".into(), vec!["x".into()])].into(), ..Options::default() })
}

fn replies(step: &Step) -> Option<Vec<(u64, Reply)>> {
    let Step::Asks(asks) = step else { return None };
    Some(asks.iter().map(|ask| (ask.id, Reply::Answer(Answer::Value { value: Value::Int(7), detail: Default::default() }))).collect())
}

/// What can be said of a machine at a step.
fn told(machine: &mut Machine, step: &Step) -> (String, u64, [u8; 32], Option<Vec<u8>>) {
    let output: String = machine.take_output().into_iter().map(|(stream, text)| format!("{stream:?} {text}")).collect();
    let shown = match step {
        Step::Raised(raised) => format!("{} {}", raised.class, raised.message),
        Step::Asks(asks) => format!("{asks:?}"),
        step => format!("{step:?}"),
    };
    (format!("{output}\n{shown}"), machine.instructions(), machine.state_hash(), machine.image().ok())
}

fn run(library: Arc<dyn Library>, limits: Limits, code: &Arc<Code>) -> Vec<(String, u64, [u8; 32], Option<Vec<u8>>)> {
    let mut machine = machine(library, limits);
    let mut step = machine.start(code.clone());
    let mut all = vec![told(&mut machine, &step)];
    while let Some(replies) = replies(&step) {
        step = machine.resume(replies);
        all.push(told(&mut machine, &step));
    }
    all
}

#[test]
fn it_is_as_one_that_started_by_itself() {
    for source in PROGRAMS {
        let code = code_of(source);
        let (plain, begun) = (run(Arc::new(Plain), Limits::default(), &code), run(emulant_stdlib::library(), Limits::default(), &code));
        assert_eq!(plain.len(), begun.len(), "{source}");
        for (plain, begun) in plain.iter().zip(&begun) {
            assert_eq!(plain.0, begun.0, "{source}");
            assert_eq!(plain.1, begun.1, "instructions of {source}");
            assert!(plain.2 == begun.2, "state of {source}");
            assert!(plain.3 == begun.3, "image of {source}");
        }
    }
}

#[test]
fn limits_end_it_at_the_same_instruction() {
    let code = code_of("print(sum(x * x for x in range(1000)))\n");
    let whole = run(Arc::new(Plain), Limits::default(), &code)[0].1;
    for instructions in [0, 1, 100, 2000, whole / 2, whole - 1, whole, whole + 1] {
        let limits = Limits { instructions, ..Limits::default() };
        assert_eq!(run(Arc::new(Plain), limits, &code), run(emulant_stdlib::library(), limits, &code), "{instructions}");
    }
    for (memory_bytes, depth) in [(1, 1000), (100_000, 1000), (256 << 20, 1), (256 << 20, 10), (256 << 20, 100)] {
        let limits = Limits { memory_bytes, depth, ..Limits::default() };
        assert_eq!(run(Arc::new(Plain), limits, &code), run(emulant_stdlib::library(), limits, &code), "{memory_bytes} {depth}");
    }
}

#[test]
fn stepping_back_takes_back_what_was_written_to_what_is_shared() {
    for source in PROGRAMS {
        let code = code_of(source);
        let mut machine = machine(emulant_stdlib::library(), Limits::default());
        let mut step = machine.start(code);
        while let Some(replies) = replies(&step) {
            let (mark, before) = (machine.mark(), told(&mut machine, &step));
            let first = machine.resume(replies.clone());
            let after = told(&mut machine, &first);
            assert!(machine.back_to(&mark), "the mark holds");
            assert!(told(&mut machine, &step) == before, "{source}");
            step = machine.resume(replies);
            assert!(told(&mut machine, &step) == after, "{source}");
        }
    }
}

#[test]
fn images_load_beside_the_template() {
    for source in PROGRAMS {
        let code = code_of(source);
        let expected = run(emulant_stdlib::library(), Limits::default(), &code);
        let mut machine = machine(emulant_stdlib::library(), Limits::default());
        let mut step = machine.start(code.clone());
        let mut at = 0;
        while let Some(replies) = replies(&step) {
            let bytes = machine.image().expect("it can be suspended");
            let name = CodeName::of(&code);
            machine = Machine::from_image(&bytes, emulant_stdlib::library(), &|wanted| (*wanted == name).then(|| code.clone())).expect("it loads");
            step = machine.resume(replies);
            at += 1;
            assert!(machine.state_hash() == expected[at].2, "{source}");
        }
    }
}

#[test]
fn machines_of_one_template_do_not_see_each_other() {
    let codes: Vec<Arc<Code>> = PROGRAMS.iter().map(|source| code_of(source)).collect();
    let expected: Vec<_> = codes.iter().map(|code| run(Arc::new(Plain), Limits::default(), code)).collect();
    std::thread::scope(|scope| {
        for offset in 0..4 {
            let (codes, expected) = (&codes, &expected);
            scope.spawn(move || {
                for index in 0..codes.len() {
                    let index = (index + 3 * offset) % codes.len();
                    assert!(run(emulant_stdlib::library(), Limits::default(), &codes[index]) == expected[index], "{}", PROGRAMS[index]);
                }
            });
        }
    });
}
