//! Programs with files and databases: as CPython runs them, recorded and replayed, and inside their root.

mod support;
use support::{Place, corpus};

fn programs() -> Vec<(String, String, String)> {
    let mut found: Vec<_> = std::fs::read_dir(corpus("files"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap(), std::fs::read_to_string(path.with_extension("out")).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn programs_with_files_run_as_cpython_runs_them() {
    for (name, text, expected) in programs() {
        for access in ["overlay", "rw"] {
            let place = Place::new();
            place.write(&name, &text);
            std::fs::create_dir(place.path().join("root")).unwrap();
            let ran = place.run(&["run", "--root", &format!("root:{access}"), &name]);
            assert_eq!((ran.status, ran.out.as_str()), (0, expected.as_str()), "{name} {access}: {}", ran.err);
            assert_eq!(ran.err, "", "{name} {access}");
            let left = std::fs::read_dir(place.path().join("root")).unwrap().count();
            assert_eq!(left > 0, access == "rw", "{name} {access}: what is in the root afterwards");
            std::fs::remove_dir_all(place.path().join("root")).unwrap();
            let replayed = place.run(&["replay", &place.newest()]);
            assert_eq!((replayed.status, replayed.out.as_str()), (0, expected.as_str()), "{name} {access}: {}", replayed.err);
        }
    }
}

#[test]
fn without_a_root_files_are_refused_and_the_message_says_what_to_do() {
    let place = Place::new();
    place.write("secret.txt", "secret");
    for line in ["open('secret.txt')", "open('new.txt', 'w')", "import os; os.listdir()", "import sqlite3; sqlite3.connect('x.db')",
        "import pathlib; pathlib.Path('secret.txt').read_text()", "import tempfile; tempfile.mkdtemp()"] {
        let ran = place.run(&["run", "-c", line]);
        assert_eq!((ran.status, ran.out.as_str()), (1, ""), "{line}: {}", ran.err);
        assert!(ran.err.contains("PermissionError: [Errno 13] no files are mounted (run with --root DIR, DIR:overlay or DIR:rw)"), "{line}: {}", ran.err);
    }
    let ran = place.run(&["run", "-c", "import os, sqlite3\nprint(os.path.exists('secret.txt'), sqlite3.connect(':memory:').execute('select 6 * 7').fetchall())"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "False [(42,)]\n"), "{}", ran.err);
}

#[test]
fn a_root_to_be_read_is_not_written() {
    let place = Place::new();
    std::fs::create_dir(place.path().join("root")).unwrap();
    place.write("root/a.txt", "text");
    for line in ["open('a.txt', 'w')", "open('new', 'x')", "import os; os.remove('a.txt')", "import os; os.mkdir('d')",
        "import os; os.rename('a.txt', 'b.txt')", "import os; os.chmod('a.txt', 0)", "import os; os.symlink('a.txt', 'l')"] {
        for root in ["root", "root:ro"] {
            let ran = place.run(&["run", "--root", root, "-c", line]);
            assert_eq!(ran.status, 1, "{line}");
            assert!(ran.err.contains("OSError: [Errno 30] Read-only file system"), "{line}: {}", ran.err);
        }
    }
    let ran = place.run(&["run", "--root", "root", "-c", "print(open('a.txt').read())"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "text\n"), "{}", ran.err);
    assert_eq!(std::fs::read_dir(place.path().join("root")).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn no_path_leads_out_of_the_root() {
    let place = Place::new();
    std::fs::create_dir_all(place.path().join("root/in")).unwrap();
    place.write("outside.txt", "outside");
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, place.path().join("root").join(name)).unwrap();
    link("../outside.txt", "up");
    link("..", "folder");
    link("/etc/passwd", "absolute");
    link("in/../../outside.txt", "winding");
    link("/proc/self/root", "process");
    let program = r#"
import os, shutil, sqlite3
paths = ['up', 'folder/outside.txt', 'absolute', 'winding', '../outside.txt', '/etc/passwd', 'in/../../outside.txt',
         '/mnt/../outside.txt', '/tmp/../outside.txt', 'process/etc/passwd', '/proc/self/environ', '/dev/null']
for path in paths:
    for action in (lambda: open(path).read(), lambda: open(path, 'a'), lambda: os.stat(path), lambda: os.chmod(path, 0),
                   lambda: os.listdir(os.path.dirname(path) or path), lambda: shutil.copy(path, 'copy'),
                   lambda: os.utime(path), lambda: os.rename('in', '../in'), lambda: os.link(path, 'hard')):
        try:
            result = action()
        except (OSError, NotImplementedError):
            continue
        if not isinstance(result, list):
            print('reached', path, result)
    try:
        sqlite3.connect(path).execute('create table t(x)')
        print('database', path)
    except (OSError, sqlite3.Error):
        pass
db = sqlite3.connect('ok.db')
for sql in ("attach '../out.db' as o", "vacuum into '../out.db'", "select load_extension('x')", "pragma temp_store_directory='/'",
            "select writefile('x', 'y')", "pragma database_list"):
    try:
        print('did', sql, db.execute(sql).fetchall())
    except sqlite3.Error:
        pass
os.symlink('/etc', 'made')
try:
    print(os.listdir('made'))
except PermissionError as error:
    print(error)
"#;
    place.write("p.py", program);
    for access in ["ro", "overlay", "rw"] {
        let ran = place.run(&["run", "--root", &format!("root:{access}"), "p.py"]);
        let expected = if access == "ro" { "" } else { "[Errno 13] the path leads out of the root: 'made'\n" };
        assert_eq!(ran.out, expected, "{access}: {}", ran.err);
        assert_eq!(place.read("outside.txt"), "outside");
        assert!(!place.path().join("out.db").exists() && !place.path().join("in").exists());
    }
}

#[test]
fn a_run_that_waited_finds_its_files_and_databases_in_another_process() {
    let place = Place::new();
    std::fs::create_dir(place.path().join("root")).unwrap();
    place.write("root/old.txt", "old");
    place.write("p.py", "import sqlite3, os\n\
        from emulant import tools\n\
        db = sqlite3.connect(':memory:')\n\
        db.execute('create table t(x)')\n\
        db.execute('insert into t values (1)')\n\
        f = open('new.txt', 'w')\n\
        f.write('before ')\n\
        f.flush()\n\
        os.remove('old.txt')\n\
        tools.write_file('made.txt', 'x')\n\
        f.write('after')\n\
        f.close()\n\
        db.execute('insert into t values (2)')\n\
        print(open('new.txt').read(), os.listdir(), db.execute('select sum(x) from t').fetchone())\n");
    let ran = place.run(&["run", "--root", "root:overlay", "--approve", "later", "p.py"]);
    assert_eq!(ran.status, 75, "{}", ran.err);
    let run = place.newest();
    let line = ran.err.lines().find(|line| line.contains("emulant answer")).expect("it says how to answer").to_string();
    let seq = line.split_whitespace().rev().nth(1).expect("the entry").to_string();
    let went_on = place.run(&["answer", &run, &seq, "true"]);
    assert_eq!((went_on.status, went_on.out.as_str()), (0, "before after ['made.txt', 'new.txt'] (3,)\n"), "{}", went_on.err);
    assert_eq!(place.read("root/old.txt"), "old");
}

#[test]
fn what_a_file_says_does_not_decide_which_file_is_written() {
    let place = Place::new();
    std::fs::create_dir(place.path().join("root")).unwrap();
    place.write("root/list.txt", "victim.txt");
    place.write("root/victim.txt", "precious");
    place.write("p.py", "open(open('list.txt').read(), 'w').write('gone')\n");
    let ran = place.run(&["run", "--root", "root:rw", "p.py"]);
    assert_eq!(ran.status, 67, "{}", ran.err);
    assert!(ran.err.contains("list.txt"), "the reason names where the path came from: {}", ran.err);
    assert_eq!(place.read("root/victim.txt"), "precious");
    // Names in a folder that the user mounted may decide.
    place.write("q.py", "import os\nfor name in os.listdir():\n    os.rename(name, name.replace('.txt', '.md'))\nprint(os.listdir())\n");
    let ran = place.run(&["run", "--root", "root:rw", "q.py"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "['list.md', 'victim.md']\n"), "{}", ran.err);
}
