//! A machine that waits for an answer deep inside other work is written as an
//! image and goes on in a second machine as if nothing had happened; damaged
//! images are refused without a panic.

use emulant_ask::{Answer, Ask, CompileMode, Limits, Request, Value};
use emulant_compile::{compile, Options as CompileOptions};
use emulant_machine::code::Code;
use emulant_machine::image::{CodeName, ImageError};
use emulant_machine::{Machine, Options, Reply, Step, Stream};
use std::sync::Arc;

fn code_of(source: &str) -> Arc<Code> {
    let options = CompileOptions { file: "program.py".into(), mode: CompileMode::Exec, ..CompileOptions::default() };
    compile(source, &options).expect("the program compiles")
}

fn machine() -> Machine {
    let options = Options { tools: [("ask".into(), vec!["x".into()])].into(), ..Options::default() };
    Machine::new(emulant_stdlib::library(), Limits::default(), options)
}

fn load(bytes: &[u8], code: &Arc<Code>) -> Result<Machine, ImageError> {
    let name = CodeName::of(code);
    Machine::from_image(bytes, emulant_stdlib::library(), &|wanted| (*wanted == name).then(|| code.clone()))
}

/// What the tool answers: its argument, an int, plus 1; with a text the number of its letters.
fn answer(ask: &Ask) -> (u64, Reply) {
    let Request::Call(call) = &ask.request else { panic!("only the tool is asked: {ask:?}") };
    let value = match &call.arguments[0].1 {
        Value::Int(n) => Value::Int(n + 1),
        Value::Str(text) => Value::Int(text.len() as i64),
        other => panic!("{other:?}"),
    };
    (ask.id, Reply::Answer(Answer::Value { value, detail: Default::default() }))
}

fn written(machine: &mut Machine, output: &mut String) {
    for (stream, text) in machine.take_output() {
        assert_eq!(stream, Stream::Out, "{text}");
        output.push_str(&text);
    }
}

/// Run to the end in one machine. With `suspend`, every ask is answered in a machine loaded from an image.
fn run(source: &str, suspend: bool) -> (String, Vec<[u8; 32]>) {
    let (code, mut machine) = (code_of(source), machine());
    let mut step = machine.start(code.clone());
    let (mut output, mut hashes) = (String::new(), Vec::new());
    loop {
        match step {
            Step::Asks(asks) => {
                hashes.push(machine.state_hash());
                if suspend {
                    let bytes = machine.image().expect("an ask of a tool can be suspended");
                    machine = load(&bytes, &code).expect("the image loads");
                    assert_eq!(machine.image().expect("again"), bytes, "the image of a loaded machine is the same");
                }
                step = machine.resume(asks.iter().map(answer).collect());
            }
            Step::Done { status } => {
                assert_eq!(status, 0);
                written(&mut machine, &mut output);
                hashes.push(machine.state_hash());
                return (output, hashes);
            }
            other => panic!("{other:?}"),
        }
    }
}

fn goes_on(source: &str, expected: &str, asks: usize) {
    let source = format!("from _emulant import tool\nask = tool('ask')\n{source}");
    let (output, hashes) = run(&source, false);
    assert_eq!(output, expected);
    assert_eq!(hashes.len(), asks + 1);
    assert_eq!(run(&source, true), (output, hashes));
}

#[test]
fn inside_a_sort_key() {
    goes_on("print(sorted([3, 1, 2], key=lambda x: -ask(x=x)))\n", "[3, 2, 1]\n", 3);
}

#[test]
fn inside_a_generator() {
    let source = "\
def numbers(n):
    try:
        for i in range(n):
            yield ask(x=i) * 10
    finally:
        print('closed')
g = numbers(3)
print(next(g))
for x in g:
    print(x, end=' ')
print(sum(x for x in numbers(2)))
";
    goes_on(source, "10\n20 30 closed\nclosed\n30\n", 5);
}

#[test]
fn inside_an_equality_during_a_look_up() {
    let source = "\
class Key:
    def __init__(self, n):
        self.n = n
    def __hash__(self):
        return 7
    def __eq__(self, other):
        return ask(x=self.n) == other.n + 1
d = {Key(1): 'one'}
d[Key(2)] = 'two'
print(d[Key(2)], len(d), Key(1) in {Key(1), Key(3)})
";
    let (output, hashes) = run(&format!("from _emulant import tool\nask = tool('ask')\n{source}"), false);
    assert_eq!(output, "two 2 True\n");
    goes_on(source, "two 2 True\n", hashes.len() - 1);
}

#[test]
fn inside_a_comprehension() {
    let source = "\
rows = {n: [ask(x=n + k) for k in range(2) if ask(x=k) > 0] for n in (1, 2)}
print(rows, {ask(x=c) for c in 'ab'}, (1, ask(x=2), 3))
";
    goes_on(source, "{1: [2, 3], 2: [3, 4]} {1} (1, 3, 3)\n", 11);
}

#[test]
fn inside_the_exit_of_a_with() {
    let source = "\
class Guard:
    def __enter__(self):
        return ask(x=1)
    def __exit__(self, kind, value, trace):
        print(kind.__name__, value, ask(x=5))
        return True
with Guard() as g:
    print(g)
    raise ValueError('inside')
try:
    {}['missing']
except KeyError as error:
    print(ask(x=7), repr(error))
";
    goes_on(source, "2\nValueError inside 6\n8 KeyError('missing')\n", 3);
}

#[test]
fn inside_a_decorator_with_modules_loaded() {
    let source = "\
import collections, random, re, functools
from dataclasses import dataclass
@dataclass(order=True)
class Point:
    x: int
    y: float = 0.5
def counted(f):
    n = ask(x=1)
    @functools.wraps(f)
    def inner(*args, **kw):
        return n, ask(x=f(*args, **kw))
    return inner
@counted
def double(x, *, more=0):
    return 2 * x + more
random.seed(5)
first = random.random()
queue = collections.deque([1, 2, 3], maxlen=3)
found = re.match(r'(?P<word>[a-z]+) (\\d+)', 'abc 12')
counts = collections.Counter('abracadabra')
box = object()
number = id(box)
print(double(3, more=1))
queue.append(ask(x=3))
random.seed(5)
print(queue, found['word'], found.group(2), counts.most_common(1), random.random() == first, id(box) == number)
print(sorted([Point(2), Point(1)]), 2 ** 100, 1.5 + 2j, b'x', bytearray(b'y'), range(3), slice(1, 2), frozenset({1}))
";
    let expected = "\
(2, 8)
deque([2, 3, 4], maxlen=3) abc 12 [('a', 5)] True True
[Point(x=1, y=0.5), Point(x=2, y=0.5)] 1267650600228229401496703205376 (1.5+2j) b'x' bytearray(b'y') range(0, 3) slice(1, 2, None) frozenset({1})
";
    goes_on(source, expected, 3);
}

#[test]
fn identities_names_and_classes_stay_what_they_are() {
    let source = "\
class A:
    x = 1
    def f(self):
        return self.x
class B(A):
    pass
a, t = B(), (1, (2, 3))
def const():
    return (1, (2, 3))
same = const()
s = 'a b'
alias = s
m = a.f
cell = [a]
cell.append(cell)
v = {1: 2}.items()
it = iter([1, 2, 3]); next(it)
ask(x=1)
a.x = 5
print(a.f(), m(), same is const(), alias is s, A.__subclasses__(), cell[1] is cell, list(it), list(v))
ask(x=2)
A.f = lambda self: 'new'
a.__dict__['y'] = 3
print(a.f(), a.y, type(a) is B, B.__mro__[1] is A, isinstance(a, A), int.__subclasses__())
";
    let expected = "\
5 5 True True [<class '__main__.B'>] True [2, 3] [(1, 2)]
new 3 True True True [<class 'bool'>]
";
    goes_on(source, expected, 2);
}

/// Collections come at other moments in a loaded machine; what the program sees must not depend on them.
#[test]
fn garbage_is_no_part_of_the_state() {
    let source = "\
class A:
    pass
numbers = []
for turn in range(3):
    for i in range(12000):
        a = A()
        a.x = [i] * 100
        if i % 3000 == 0:
            numbers.append(id(a))
    kept = {A(), A(), A()}
    ask(x=turn)
    numbers.append(id(A()) % 1000)
print(numbers, [id(a) for a in kept])
";
    let source = format!("from _emulant import tool\nask = tool('ask')\n{source}");
    assert_eq!(run(&source, true), run(&source, false));
}

#[test]
fn code_from_text_is_found_by_its_name() {
    let source = "\
from _emulant import tool
ask = tool('ask')
space = {'ask': ask}
exec('def f(n):\\n    return [ask(x=k) for k in range(n)]', space)
print(space['f'](2), eval('1 + ask(x=5)'))
";
    let code = code_of(source);
    let mut machine = machine();
    let mut step = machine.start(code.clone());
    let (mut texts, mut suspended, mut output) = (vec![code], 0, String::new());
    while let Step::Asks(asks) = step {
        let ask = &asks[0];
        let reply = match &ask.request {
            Request::Compile(text) => {
                let options = CompileOptions { file: text.file.clone(), mode: text.mode, ..CompileOptions::default() };
                texts.push(compile(&text.text, &options).expect("the text compiles"));
                (ask.id, Reply::Code(texts[texts.len() - 1].clone()))
            }
            _ => answer(ask),
        };
        let bytes = machine.image().expect("it waits");
        let known = |wanted: &CodeName| texts.iter().find(|code| CodeName::of(code) == *wanted).cloned();
        machine = Machine::from_image(&bytes, emulant_stdlib::library(), &known).expect("the image loads");
        suspended += 1;
        step = machine.resume(vec![reply]);
    }
    assert!(matches!(step, Step::Done { status: 0 }), "{step:?}");
    written(&mut machine, &mut output);
    assert_eq!((output.as_str(), suspended), ("[1, 2] 7\n", 5));
}

/// An image while a bet is open is refused; afterwards the answered slots are the values, and the memo is kept.
#[test]
fn answers_of_holes_are_kept() {
    let source = "\
from _emulant import tool
import emulant
ask = tool('ask')
@emulant.emulate
def twice(n: int) -> int:
    \"\"\"Twice the number.\"\"\"
a, b = twice(3), twice(4)
rows = [a, {'b': b}]
print(a + 1)
print(ask(x=b), twice(3), rows)
";
    let code = code_of(source);
    let mut machine = machine();
    let mut step = machine.start(code.clone());
    let (mut images, mut refused, mut holes, mut output) = (0, 0, 0, String::new());
    while let Step::Asks(asks) = step {
        let replies = asks.iter().map(|ask| match &ask.request {
            Request::Emulate(hole) => {
                holes += 1;
                let Value::Int(n) = hole.arguments[0].1 else { panic!("{hole:?}") };
                (ask.id, Reply::Answer(Answer::Value { value: Value::Int(2 * n), detail: Default::default() }))
            }
            _ => answer(ask),
        });
        let replies = replies.collect();
        match machine.image() {
            Err(ImageError::BetsOpen) => refused += 1,
            Err(other) => panic!("{other}"),
            Ok(bytes) => {
                images += 1;
                let loaded = load(&bytes, &code).expect("the image loads");
                assert_eq!(loaded.state_hash(), machine.state_hash());
                machine = loaded;
            }
        }
        step = machine.resume(replies);
    }
    assert!(matches!(step, Step::Done { status: 0 }), "{step:?}");
    written(&mut machine, &mut output);
    assert_eq!((output.as_str(), images, refused, holes), ("7\n9 6 [6, {'b': 8}]\n", 1, 1, 2));
}

/// A waiting run costs kilobytes.
#[test]
fn images_are_small() {
    let (_, bytes) = suspended();
    assert!(bytes.len() < 64 << 10, "{} bytes", bytes.len());
}

/// How deep a program was before it waited has no influence on what it costs afterwards.
#[test]
fn deep_calls_cost_the_same_after_an_image() {
    let source = "def deep(n):\n    return 0 if n == 0 else 1 + deep(n - 1)\n\
        print(deep(900))\nask(x=1)\nprint(deep(900))\nask(x=2)\nprint(max(*range(5000)))\nask(x=3)\nprint(max(*range(5000)))\n";
    goes_on(source, "900\n900\n4999\n4999\n", 3);
}

/// Appending to a text costs what is appended, the first time; the price does not depend on an image between.
#[test]
fn a_growing_text_costs_its_pieces() {
    let source = "base = 'x' * 3000\ngrown = base\ngrown += 'y' * 300\nask(x=1)\nother = base\nother += 'z' * 300\n\
        grown += 'w' * 300\nask(x=2)\nprint(len(base), len(other), len(grown))\n";
    goes_on(source, "3000 3300 3600\n", 2);
    let mut machine = machine();
    let pieces = "text = ''\nfor i in range(100_000):\n    text += 'piece by piece'\n";
    assert!(matches!(machine.start(code_of(pieces)), Step::Done { status: 0 }));
    assert!(machine.instructions() < 2_000_000, "{}", machine.instructions());
}

/// The state after stepping back and going on again is the state that was.
#[test]
fn stepping_back_and_on_gives_the_same_hash() {
    let code = code_of("from _emulant import tool\nask = tool('ask')\nseen = []\nfor i in range(3):\n    seen.append(ask(x=i))\n    import json\nprint(seen)\n");
    let mut machine = machine();
    let Step::Asks(first) = machine.start(code) else { panic!("it asks") };
    let (mark, before) = (machine.mark(), machine.state_hash());
    let Step::Asks(_) = machine.resume(first.iter().map(answer).collect()) else { panic!("it asks again") };
    let after = machine.state_hash();
    assert_ne!(before, after);
    assert!(machine.back_to(&mark));
    assert_eq!(machine.state_hash(), before);
    let Step::Asks(_) = machine.resume(first.iter().map(answer).collect()) else { panic!("it asks again") };
    assert_eq!(machine.state_hash(), after);
}

#[test]
fn what_cannot_be_suspended_says_so() {
    let mut machine = machine();
    let code = code_of("pass\n");
    assert!(matches!(machine.start(code.clone()), Step::Done { .. }));
    assert_eq!(machine.image(), Err(ImageError::Ended));
    assert_eq!(load(b"EMULANT\0\x63\0", &code).err(), Some(ImageError::Version));
    assert_eq!(load(b"", &code).err(), Some(ImageError::Version));
}

#[test]
fn other_code_is_refused() {
    let (code, bytes) = suspended();
    let nothing = Machine::from_image(&bytes, emulant_stdlib::library(), &|_| None).err();
    assert_eq!(nothing, Some(ImageError::NoCode("program.py".into())));
    let other = code_of("print(1)\n");
    let wrong = Machine::from_image(&bytes, emulant_stdlib::library(), &|_| Some(other.clone())).err();
    assert_eq!(wrong, Some(ImageError::OtherCode("program.py".into())));
    assert!(load(&bytes, &code).is_ok());
}

/// A program that waits with objects of many kinds, and its image.
fn suspended() -> (Arc<Code>, Vec<u8>) {
    let source = "\
from _emulant import tool
ask = tool('ask')
class A:
    def __init__(self, n):
        self.n, self.l = n, [n, str(n), {n: n}, {n, n + 1}, 2 ** 70, 1.5, b'x', range(n), slice(n)]
def walk(n):
    if n:
        yield from walk(n - 1)
    yield A(n), iter([1]), {}.keys(), zip([1], [2])
g = walk(2)
next(g)
try:
    1 / 0
except ZeroDivisionError as error:
    kept = error
def f(x, *, k=(1, 2)):
    return [ask(x=i) + x for i in range(k[0])]
f(3)
";
    let (code, mut machine) = (code_of(source), machine());
    assert!(matches!(machine.start(code.clone()), Step::Asks(_)));
    let bytes = machine.image().expect("it waits for a tool");
    (code, bytes)
}

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[test]
fn damaged_images_never_panic() {
    let (code, bytes) = suspended();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut refused = 0;
    for case in 0..1500 {
        let mut damaged = bytes.clone();
        if case % 3 == 0 {
            damaged.truncate(dice.below(bytes.len()));
            assert!(load(&damaged, &code).is_err(), "cut to {}", damaged.len());
            refused += 1;
            continue;
        }
        for _ in 0..1 + dice.below(3) {
            let place = 10 + dice.below(bytes.len() - 10);
            damaged[place] ^= 1 << dice.below(8);
        }
        match load(&damaged, &code) {
            Err(_) => refused += 1,
            // What still loads can be looked at and saved.
            Ok(machine) => drop(machine.state_hash()),
        }
    }
    assert!(refused > 500);
}
