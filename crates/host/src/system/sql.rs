//! What `sqlite3` asks: databases in memory, and in files below the mounted root.
//!
//! SQL stays inside its one database: nothing can be attached, no extension loaded, no setting
//! changed that reaches further, and steps, time and size are bounded.

use super::mount::Found;
use super::{System, TIMEOUT, Trouble};
use crate::builtin::Arguments;
use emulant_ask::Value;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{Batch, Connection, OpenFlags, Statement, ffi};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Most connections of a run at a time.
const CONNECTIONS_MAX: usize = 100;
/// Most bytes of an answer, and of one cell.
const RESULT_BYTES_MAX: usize = 64 << 20;
/// Most rows of an answer.
const ROWS_MAX: usize = 1_000_000;
/// Steps of SQLite's machine between two looks at the budget, and looks that a call may take.
const STEPS_PER_LOOK: i32 = 10_000;
const LOOKS_MAX: u32 = 200_000;
/// Most bytes of one database.
const DATABASE_BYTES_MAX: u64 = 256 << 20;
/// Largest page that a program may choose.
const PAGE_BYTES_MAX: u64 = 4096;
/// Settings that reach no further than the database.
const PRAGMAS: &[&str] = &[
    "application_id", "auto_vacuum", "automatic_index", "busy_timeout", "cache_size", "case_sensitive_like", "collation_list",
    "compile_options", "data_version", "defer_foreign_keys", "encoding", "foreign_key_check", "foreign_key_list", "foreign_keys",
    "freelist_count", "function_list", "ignore_check_constraints", "incremental_vacuum", "index_info", "index_list", "index_xinfo",
    "integrity_check", "journal_mode", "locking_mode", "optimize", "page_count", "page_size", "query_only", "quick_check",
    "read_uncommitted", "recursive_triggers", "reverse_unordered_selects", "schema_version", "secure_delete", "synchronous",
    "table_info", "table_list", "table_xinfo", "user_version", "wal_autocheckpoint", "wal_checkpoint",
];

type Answered = Result<Value, Trouble>;

/// The open connections of a run.
#[derive(Default)]
pub(crate) struct Connections {
    open: BTreeMap<i64, Session>,
    last: i64,
}

struct Session {
    connection: Connection,
    in_memory: bool,
    budget: Arc<Mutex<Budget>>,
    /// Its largest size so far; what it grew by counts as written.
    bytes: u64,
}

struct Budget {
    looks: u32,
    until: Instant,
}

impl Connections {
    fn add(&mut self, mut connection: Connection, in_memory: bool) -> Answered {
        if self.open.len() >= CONNECTIONS_MAX {
            return Err(wrong("OperationalError", "unable to open database file: too many connections are open"));
        }
        let budget = Arc::new(Mutex::new(Budget { looks: 0, until: Instant::now() }));
        bound(&mut connection, &budget).map_err(failure)?;
        // What is no database says so at the first statement.
        let bytes = database_bytes(&connection).unwrap_or(0);
        self.last += 1;
        self.open.insert(self.last, Session { connection, in_memory, budget, bytes });
        Ok(Value::Int(self.last))
    }
}

fn wrong(class: &'static str, message: impl Into<String>) -> Trouble {
    Trouble::Other(class, message.into(), Vec::new())
}

pub(super) fn open_memory(system: &mut System, _: &Arguments<'_>) -> Answered {
    system.connections.add(Connection::open_in_memory().map_err(failure)?, true)
}

pub(super) fn open_file(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let path = arguments.text("path")?;
    let cannot = |trouble: Trouble| match trouble {
        Trouble::System(13, words) if words.contains("--root") => Trouble::System(13, words),
        Trouble::System(..) => coded("OperationalError", "unable to open database file", ffi::SQLITE_CANTOPEN),
        other => other,
    };
    let found: Found = system.mount.walk(path, true).map_err(cannot)?;
    if found.is.as_ref().is_some_and(|is| !is.is_file()) {
        return Err(cannot(Trouble::system(21, "")));
    }
    let (real, writable) = system.mount.real_path(&found).map_err(cannot)?;
    let how = match writable {
        true => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        false => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    // The walked path holds no link, and SQLite is told to follow none that appears.
    let flags = how | OpenFlags::SQLITE_OPEN_NOFOLLOW | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    system.connections.add(Connection::open_with_flags(real, flags).map_err(failure)?, false)
}

pub(super) fn close(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let (id, _) = session(system, arguments)?;
    system.connections.open.remove(&id);
    Ok(Value::None)
}

fn session<'s>(system: &'s mut System, arguments: &Arguments<'_>) -> Result<(i64, &'s mut Session), Trouble> {
    let Some(Value::Int(id)) = arguments.optional("connection") else { return Err(wrong("ProgrammingError", "no connection")) };
    let in_memory = arguments.tool().starts_with("memory.");
    let session = system.connections.open.get_mut(id).filter(|session| session.in_memory == in_memory);
    Ok((*id, session.ok_or_else(|| wrong("ProgrammingError", "Cannot operate on a closed database."))?))
}

/// Bounds what SQL can reach, and how long and how large it gets.
fn bound(connection: &mut Connection, budget: &Arc<Mutex<Budget>>) -> rusqlite::Result<()> {
    // The size of pages is known when the first one was read.
    let page = database_bytes(connection).and_then(|_| pragma(connection, "page_size")).unwrap_or(0);
    let pages = DATABASE_BYTES_MAX / page.max(PAGE_BYTES_MAX);
    connection.execute_batch(&format!(
        "PRAGMA temp_store=MEMORY; PRAGMA max_page_count={pages}; PRAGMA temp.max_page_count={pages}; PRAGMA trusted_schema=OFF;"
    ))?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(RESULT_BYTES_MAX).unwrap_or(i32::MAX))?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let budget = budget.clone();
    let is_spent = move || match budget.lock() {
        Ok(mut budget) => {
            budget.looks += 1;
            budget.looks > LOOKS_MAX || Instant::now() > budget.until
        }
        Err(_) => true,
    };
    connection.progress_handler(STEPS_PER_LOOK, Some(is_spent))?;
    connection.authorizer(Some(allows))
}

fn allows(context: AuthContext<'_>) -> Authorization {
    match context.action {
        // `VACUUM` attaches a nameless database for a while.
        AuthAction::Attach { filename: "" } | AuthAction::Detach { .. } => Authorization::Allow,
        AuthAction::Attach { .. } | AuthAction::Unknown { .. } => Authorization::Deny,
        AuthAction::Pragma { pragma_name, pragma_value: Some(value) } if pragma_name.eq_ignore_ascii_case("page_size") => {
            match value.parse::<u64>().is_ok_and(|bytes| bytes <= PAGE_BYTES_MAX) {
                true => Authorization::Allow,
                false => Authorization::Deny,
            }
        }
        AuthAction::Pragma { pragma_name, .. } if !PRAGMAS.contains(&pragma_name.to_ascii_lowercase().as_str()) => Authorization::Deny,
        AuthAction::Function { function_name } if function_name.eq_ignore_ascii_case("load_extension") => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

/// Runs SQL: one statement with `parameters`, or with each of `many`, or a `script`. `begin` is
/// what goes before a statement that changes rows outside of a transaction.
pub(super) fn execute(system: &mut System, arguments: &Arguments<'_>) -> Answered {
    let sql = arguments.text("sql")?;
    let begin = arguments.optional_text("begin").unwrap_or_default();
    let script = matches!(arguments.optional("script"), Some(Value::Bool(true)));
    let room = system.mount.room().clone();
    let (_, session) = session(system, arguments)?;
    room.charge(0).map_err(full)?;
    if let Ok(mut budget) = session.budget.lock() {
        *budget = Budget { looks: 0, until: Instant::now() + TIMEOUT };
    }
    let connection = &session.connection;
    let before = connection.total_changes();
    let done = match script {
        true => run_script(connection, sql),
        false => run_one(connection, sql, begin, arguments),
    };
    // What a statement that failed wrote is there until it is rolled back.
    let bytes = database_bytes(connection).unwrap_or(session.bytes);
    room.charge(bytes.saturating_sub(session.bytes)).map_err(full)?;
    session.bytes = session.bytes.max(bytes);
    let (connection, mut done) = (&session.connection, done?);
    done.extend([
        ("lastrowid", Value::Int(connection.last_insert_rowid())),
        ("changes", Value::Int(i64::try_from(connection.total_changes() - before).unwrap_or(0))),
        ("in_transaction", Value::Bool(!connection.is_autocommit())),
    ]);
    Ok(Value::dict(done))
}

type Facts = Vec<(&'static str, Value)>;

fn run_script(connection: &Connection, sql: &str) -> Result<Facts, Trouble> {
    if !connection.is_autocommit() {
        connection.execute_batch("COMMIT").map_err(failure)?;
    }
    let mut batch = Batch::new(connection, sql);
    while let Some(mut statement) = batch.next().map_err(failure)? {
        let mut rows = statement.raw_query();
        while rows.next().map_err(failure)?.is_some() {}
    }
    Ok(Vec::new())
}

fn run_one(connection: &Connection, sql: &str, begin: Option<&str>, arguments: &Arguments<'_>) -> Result<Facts, Trouble> {
    let mut batch = Batch::new(connection, sql);
    let Some(mut statement) = batch.next().map_err(failure)? else { return Ok(vec![("rowcount", Value::Int(-1))]) };
    // What follows must be nothing; a text that does not even parse is something.
    if !matches!(batch.next(), Ok(None)) {
        return Err(wrong("ProgrammingError", "You can only execute one statement at a time."));
    }
    let changes = changes_rows(sql);
    let many = arguments.optional("many");
    if many.is_some() && !changes {
        return Err(wrong("ProgrammingError", "executemany() can only execute DML statements."));
    }
    if let Some(begin) = begin.filter(|_| changes && connection.is_autocommit()) {
        connection.execute_batch(begin).map_err(failure)?;
    }
    let nothing = Value::List(Vec::new());
    let each: Vec<&Value> = match many {
        Some(Value::List(sets) | Value::Tuple(sets)) => sets.iter().collect(),
        Some(_) => return Err(wrong("ProgrammingError", "parameters are of unsupported type")),
        None => vec![arguments.optional("parameters").unwrap_or(&nothing)],
    };
    let columns = columns(&statement);
    let (mut rows, mut bytes, mut changed) = (Vec::new(), 0, 0);
    for parameters in each {
        bind(&mut statement, parameters)?;
        let before = connection.total_changes();
        let width = columns.len();
        let mut found = statement.raw_query();
        while let Some(row) = found.next().map_err(failure)? {
            let mut cells = Vec::with_capacity(width);
            for (index, (name, _)) in columns.iter().enumerate() {
                let cell = row.get_ref(index).map_err(failure)?;
                bytes += size(cell);
                cells.push(from_cell(cell, name)?);
            }
            if rows.len() == ROWS_MAX || bytes > RESULT_BYTES_MAX {
                return Err(wrong("DataError", format!("the result has more than {ROWS_MAX} rows or {RESULT_BYTES_MAX} bytes")));
            }
            rows.push(Value::List(cells));
        }
        changed += connection.total_changes() - before;
        if connection.total_changes() != before {
            // As the library counts: without what triggers changed.
            changed = changed - (connection.total_changes() - before) + connection.changes();
        }
    }
    let rowcount = if changes { i64::try_from(changed).unwrap_or(i64::MAX) } else { -1 };
    let mut facts = vec![("rowcount", Value::Int(rowcount))];
    if !columns.is_empty() {
        let shown = |(name, kind): (String, Option<String>)| Value::List(vec![Value::Str(name), kind.map_or(Value::None, Value::Str)]);
        facts.push(("columns", Value::List(columns.into_iter().map(shown).collect())));
        facts.push(("rows", Value::List(rows)));
    }
    Ok(facts)
}

/// Names and declared types of the columns.
fn columns(statement: &Statement<'_>) -> Vec<(String, Option<String>)> {
    statement.columns().into_iter().map(|column| (column.name().to_string(), column.decl_type().map(String::from))).collect()
}

/// Does it begin with a word that changes rows? Comments go before it.
fn changes_rows(sql: &str) -> bool {
    let mut rest = sql.trim_start();
    loop {
        rest = match (rest.strip_prefix("--"), rest.strip_prefix("/*")) {
            (Some(comment), _) => comment.split_once('\n').map_or("", |(_, after)| after).trim_start(),
            (_, Some(comment)) => comment.split_once("*/").map_or("", |(_, after)| after).trim_start(),
            _ => break,
        };
    }
    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    ["INSERT", "UPDATE", "DELETE", "REPLACE"].contains(&word.to_ascii_uppercase().as_str())
}

fn bind(statement: &mut Statement<'_>, parameters: &Value) -> Result<(), Trouble> {
    let wanted = statement.parameter_count();
    match parameters {
        Value::List(items) | Value::Tuple(items) => {
            if items.len() != wanted {
                let given = items.len();
                let plural = if given == 1 { "is" } else { "are" };
                let message = format!("Incorrect number of bindings supplied. The current statement uses {wanted}, and there {plural} {given} supplied.");
                return Err(wrong("ProgrammingError", message));
            }
            for (index, item) in items.iter().enumerate() {
                let cell = to_cell(item, &(index + 1).to_string())?;
                statement.raw_bind_parameter(index + 1, cell).map_err(failure)?;
            }
        }
        Value::Dict(_) => {
            for index in 1..=wanted {
                let Some(name) = statement.parameter_name(index).map(String::from) else {
                    let message = format!("Binding {index} has no name, but you supplied a dictionary (which has only names).");
                    return Err(wrong("ProgrammingError", message));
                };
                let bare = name.trim_start_matches([':', '@', '$']);
                let item = parameters.get(bare);
                let item = item.ok_or_else(|| wrong("ProgrammingError", format!("You did not supply a value for binding parameter {name}.")))?;
                statement.raw_bind_parameter(index, to_cell(item, &format!("':{bare}'"))?).map_err(failure)?;
            }
        }
        _ => return Err(wrong("ProgrammingError", "parameters are of unsupported type")),
    }
    Ok(())
}

fn to_cell(value: &Value, place: &str) -> Result<Cell, Trouble> {
    Ok(match value {
        Value::None => Cell::Null,
        Value::Bool(b) => Cell::Integer(i64::from(*b)),
        Value::Int(int) => Cell::Integer(*int),
        Value::Float(float) => Cell::Real(*float),
        Value::Str(text) => Cell::Text(text.clone()),
        Value::Bytes(bytes) => Cell::Blob(bytes.clone()),
        Value::Big(_) => return Err(wrong("OverflowError", "Python int too large to convert to SQLite INTEGER")),
        _ => return Err(wrong("ProgrammingError", format!("Error binding parameter {place}: type is not supported"))),
    })
}

/// What a cell takes in an answer.
fn size(cell: ValueRef<'_>) -> usize {
    size_of::<Value>() + match cell {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
        _ => 0,
    }
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map(|number| u64::try_from(number).unwrap_or(0))
}

fn database_bytes(connection: &Connection) -> rusqlite::Result<u64> {
    Ok(pragma(connection, "page_count")?.saturating_mul(pragma(connection, "page_size")?))
}

fn full(_: Trouble) -> Trouble {
    coded("OperationalError", "database or disk is full", ffi::SQLITE_FULL)
}

fn from_cell(cell: ValueRef<'_>, column: &str) -> Result<Value, Trouble> {
    Ok(match cell {
        ValueRef::Null => Value::None,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Real(float) => Value::Float(float),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::str(text),
            Err(_) => {
                let text = String::from_utf8_lossy(bytes);
                return Err(wrong("OperationalError", format!("Could not decode to UTF-8 column '{column}' with text '{text}'")));
            }
        },
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    })
}

/// An error of SQLite as the exception that `sqlite3` raises for its number.
fn failure(error: rusqlite::Error) -> Trouble {
    let (code, message) = match &error {
        rusqlite::Error::SqliteFailure(inner, message) => (inner.extended_code, message.clone()),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error.extended_code, Some(msg.clone())),
        _ => (ffi::SQLITE_ERROR, None),
    };
    let class = match code & 0xff {
        ffi::SQLITE_INTERNAL | ffi::SQLITE_NOTFOUND => "InternalError",
        ffi::SQLITE_NOMEM => "MemoryError",
        ffi::SQLITE_ERROR | ffi::SQLITE_PERM | ffi::SQLITE_ABORT | ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_READONLY
        | ffi::SQLITE_INTERRUPT | ffi::SQLITE_IOERR | ffi::SQLITE_FULL | ffi::SQLITE_CANTOPEN | ffi::SQLITE_PROTOCOL
        | ffi::SQLITE_EMPTY | ffi::SQLITE_SCHEMA => "OperationalError",
        ffi::SQLITE_TOOBIG => "DataError",
        ffi::SQLITE_CONSTRAINT | ffi::SQLITE_MISMATCH => "IntegrityError",
        ffi::SQLITE_MISUSE | ffi::SQLITE_RANGE => "InterfaceError",
        _ => "DatabaseError",
    };
    coded(class, &message.unwrap_or_else(|| error.to_string()), code)
}

fn coded(class: &'static str, message: &str, code: i32) -> Trouble {
    Trouble::Other(class, message.into(), vec![("code", Value::Int(code.into()))])
}

#[cfg(test)]
mod tests {
    use super::super::mount::WRITTEN_BYTES_MAX;
    use super::*;
    use emulant_ask::{Answer, Call};

    fn call(system: &mut System, tool: &str, sql: &str) -> Value {
        let arguments = vec![("connection".to_string(), Value::Int(1)), ("sql".to_string(), Value::str(sql))];
        match system.call(&Call { tool: tool.into(), arguments }) {
            Answer::Value { value, .. } => value,
            other => panic!("{other:?}"),
        }
    }

    fn opened() -> System {
        let mut system = System::new(None, None).unwrap();
        call(&mut system, "memory.open", "");
        system
    }

    #[test]
    fn a_database_grows_into_the_room_that_the_run_has() {
        let mut system = opened();
        let mut run = |sql: &str| call(&mut system, "memory.execute", sql).get("message").cloned();
        assert_eq!(run("CREATE TABLE t (x)"), None);
        assert_eq!(run("INSERT INTO t VALUES (zeroblob(3000000))"), None);
        system.mount.room().charge(WRITTEN_BYTES_MAX - (4 << 20)).unwrap();
        let mut run = |sql: &str| call(&mut system, "memory.execute", sql).get("message").cloned();
        let full = Some(Value::str("database or disk is full"));
        assert_eq!(run("INSERT INTO t VALUES (zeroblob(3000000))"), full);
        assert_eq!(run("SELECT 1"), full, "nothing more, also from other statements");
    }

    #[test]
    fn pages_and_answers_are_no_larger_than_counted() {
        let mut system = opened();
        let mut run = |sql: &str| call(&mut system, "memory.execute", sql).get("message").cloned();
        assert_eq!(run("PRAGMA page_size = 4096"), None);
        for beyond in ["PRAGMA page_size = 65536", "PRAGMA page_size = -1", "PRAGMA max_page_count = 4000000000"] {
            assert_eq!(run(beyond), Some(Value::str("not authorized")), "{beyond}");
        }
        let many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 900000) SELECT n, n, n, n FROM c";
        assert!(matches!(run(many), Some(Value::Str(why)) if why.starts_with("the result has more than")));
    }
}
