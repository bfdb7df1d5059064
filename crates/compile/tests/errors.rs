//! Texts that are no programs, with what CPython 3.12 prints: `errors.txt`, one
//! block a text, written from CPython's own output. And hostile texts.

use emulant_compile::{CompileMode, ErrorKind, Options, carets, compile};

#[test]
fn errors_read_as_in_cpython() {
    let text = include_str!("errors.txt");
    let mut seen = 0;
    for block in text.split("=== line ").skip(1) {
        let (line, rest) = block.split_once('\n').expect("a block starts with a line number");
        let (source, expected) = rest.rsplit_once("---\n").expect("a block has two parts");
        let error = compile(source, &Options::default()).expect_err(source);
        let shown = format!("{}\n{error}", error.line);
        assert_eq!(shown, format!("{line}\n{}", expected.trim_end_matches('\n')), "{source}");
        seen += 1;
    }
    assert!(seen > 150, "only {seen} texts");
}

fn fails(source: &str) -> (ErrorKind, String) {
    let error = compile(source, &Options::default()).expect_err("the text is refused");
    (error.kind, error.message)
}

/// Bounds of a type are kept to exactly, or refused where they stand.
#[test]
fn bounds_that_no_answer_can_be_held_to_are_refused() {
    let message = |annotation: &str| fails(&format!("from emulant import emulate\n@emulate\ndef f(text: str) -> {annotation}: ...\n")).1;
    for (annotation, said) in [
        ("Annotated[int, Field(ge=LOW)]", "the bound ge of a type that is not written out here"),
        ("Annotated[int, Field(ge='a')]", "the bound ge of a type that is not written out here"),
        ("Annotated[str, Field(min_length=-1)]", "the bound min_length of a type that is not written out here"),
        ("Annotated[str, Field(ge=1)]", "this bound of a type: a str is not compared with a number"),
        ("Annotated[bool, Len(1)]", "this bound of a type: a bool has no length"),
        ("Annotated[int, Ge(3), Lt(3)]", "this bound of a type: no int is within the bounds"),
        ("list[Annotated[str, Field(pattern='(?=a)')]]", "the pattern \"(?=a)\": groups that look around, or set flags, are not supported"),
        ("Annotated[int, Predicate(even)]", "Predicate in a type (a check of an answer is written @ensures)"),
    ] {
        assert_eq!(message(annotation), said, "{annotation}");
    }
    // What bounds nothing is a note.
    let noted = "from emulant import emulate\n@emulate\ndef f(text: str) -> Annotated[int, 'a note', Field(description='d'), note(3)]: ...\n";
    assert!(compile(noted, &Options::default()).is_ok());
}

#[test]
fn hostile_texts_are_refused() {
    let nested = |open: &str, count: usize| format!("x = {}1", open.repeat(count));
    assert_eq!(fails(&nested("(", 201)), (ErrorKind::SyntaxError, "too many nested parentheses".into()));
    assert_eq!(fails(&nested("[", 1_000_000)).1, "too many nested parentheses");
    assert!(compile(&format!("x = {}1{}", "(".repeat(200), ")".repeat(200)), &Options::default()).is_ok());
    let mut indented = String::new();
    for depth in 0..101 {
        indented.push_str(&format!("{}if x:\n", " ".repeat(depth)));
    }
    indented.push_str(&format!("{}pass\n", " ".repeat(101)));
    assert_eq!(fails(&indented), (ErrorKind::IndentationError, "too many levels of indentation".into()));
    for chain in ["-", "not ", "a.b.", "1 + ", "lambda: ", "a if b else ", "x ** ", "await "] {
        assert_eq!(fails(&format!("x = {}y", chain.repeat(100_000))).0, ErrorKind::NotSupported, "{chain}");
    }
    assert_eq!(fails(&" ".repeat(11 << 20)).0, ErrorKind::NotSupported);
}

#[test]
fn deep_texts_within_the_limits_compile() {
    for (chain, end) in [("-", "y"), ("not ", "y"), ("y.", "b"), ("1 + ", "y"), ("lambda: ", "y"), ("a if b else ", "y"), ("x ** ", "y")] {
        let count = if chain.starts_with('a') { 1400 } else { 2900 };
        assert!(compile(&format!("x = {}{end}\n", chain.repeat(count)), &Options::default()).is_ok(), "{chain}");
    }
}

#[test]
fn copies_of_finally_bodies_are_bounded() {
    let mut source = String::from("def f():\n");
    for depth in 1..40 {
        source.push_str(&format!("{0}try:\n{0} pass\n{0}finally:\n", " ".repeat(depth)));
    }
    source.push_str(&format!("{}pass\n", " ".repeat(40)));
    assert_eq!(fails(&source), (ErrorKind::NotSupported, "so much code".into()));
}

#[test]
fn not_supported_names_construct_and_line() {
    let error = compile("x = 1\ntype A = list[A]\n", &Options::default()).expect_err("not supported");
    assert_eq!(error.to_string(), "not supported: a type that is evaluated later and names A (line 2)");
    let error = compile("from emulant import emulate\n\n@emulate\ndef f(x) -> Unknown: ...\n", &Options::default());
    assert_eq!(error.expect_err("no such type").to_string(), "not supported: the type Unknown as an answer (line 4)");
}

#[test]
fn any_garbage_is_an_error_or_a_program() {
    let pieces = ["def ", "f", "(", ")", ":", "\n", "    ", "x", " = ", "1", "if ", "else", "[", "]", "{", "}", "f'{", "'", "\"", "*", ",", "lambda ", "yield ", "\t", "class ", "try", "match ", "case ", "é", "\\", "\0", "@", "for ", " in ", "async ", "await ", "0x", "1_", "global ", "nonlocal ", "return "];
    let mut state = 12345u64;
    for _ in 0..1500 {
        let mut source = String::new();
        for _ in 0..20 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            source.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        for mode in [CompileMode::Exec, CompileMode::Eval] {
            if let Err(error) = compile(&source, &Options { mode, ..Options::default() }) {
                assert!(!error.to_string().is_empty());
            }
        }
        carets(&source);
    }
}
