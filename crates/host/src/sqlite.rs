//! Built-in tools for SQLite databases below the root. SQL stays inside the one
//! file that the call names: nothing can be attached, no extension loaded, no
//! setting changed, and time and size are bounded.

use crate::builtin::{Arguments, Failure};
use crate::files::{Root, quoted};
use emulant_ask::Value;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, params_from_iter};
use std::time::{Duration, Instant};

/// Most bytes of a query's result, and of one cell.
const RESULT_BYTES_MAX: usize = 64 << 20;
/// Most rows of a query's result.
const ROWS_MAX: usize = 1_000_000;
/// Settings that only tell something.
const READABLE_PRAGMAS: [&str; 9] = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list", "user_version",
    "foreign_key_check",
];

/// `sqlite_query(database, sql, parameters=[])`: rows as dicts.
pub(crate) fn query(root: &Root, arguments: &Arguments<'_>) -> Result<Value, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = open(root, arguments, flags)?;
    let mut statement = prepare(&connection, arguments)?;
    if !statement.readonly() {
        return Err(Failure::tool("the statement would change the database; use sqlite_execute"));
    }
    if statement.column_count() == 0 {
        return Err(Failure::tool("the statement returns no rows"));
    }
    let names = column_names(&statement)?;
    let parameters = parameters(arguments)?;
    let mut found = statement.query(params_from_iter(parameters)).map_err(failure)?;
    let mut rows = Vec::new();
    let mut bytes = 0;
    while let Some(row) = found.next().map_err(failure)? {
        let mut fields = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let cell = row.get_ref(index).map_err(failure)?;
            bytes += name.len() + size(cell);
            fields.push((name.clone(), from_cell(cell)?));
        }
        if rows.len() == ROWS_MAX || bytes > RESULT_BYTES_MAX {
            return Err(Failure::tool(format!("the result has more than {ROWS_MAX} rows or {RESULT_BYTES_MAX} bytes")));
        }
        rows.push(Value::dict(fields));
    }
    Ok(Value::List(rows))
}

/// `sqlite_execute(database, sql, parameters=[])`: the number of rows changed.
pub(crate) fn execute(root: &Root, arguments: &Arguments<'_>) -> Result<Value, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = open(root, arguments, flags)?;
    let mut statement = prepare(&connection, arguments)?;
    if statement.column_count() > 0 {
        return Err(Failure::tool("the statement returns rows; use sqlite_query"));
    }
    let changed = statement.execute(params_from_iter(parameters(arguments)?)).map_err(failure)?;
    Ok(Value::Int(i64::try_from(changed).unwrap_or(i64::MAX)))
}

fn open(root: &Root, arguments: &Arguments<'_>, flags: OpenFlags) -> Result<Connection, Failure> {
    let database = arguments.text("database")?;
    let path = root.resolve(database)?;
    if flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) && !path.is_file() {
        return Err(Failure::new("FileNotFoundError", format!("[Errno 2] No such file or directory: {}", quoted(database))));
    }
    // The resolved path holds no link, and SQLite is told to follow none that appears.
    let flags = flags | OpenFlags::SQLITE_OPEN_NOFOLLOW | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(failure)?;
    bound(&mut connection, arguments.timeout()).map_err(failure)?;
    Ok(connection)
}

/// Bounds what SQL can reach, and how long and how large it gets.
fn bound(connection: &mut Connection, timeout: Duration) -> rusqlite::Result<()> {
    let length = i32::try_from(RESULT_BYTES_MAX).unwrap_or(i32::MAX);
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, length)?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.busy_timeout(timeout)?;
    let deadline = Instant::now() + timeout;
    connection.progress_handler(10_000, Some(move || Instant::now() > deadline))?;
    connection.authorizer(Some(allows))
}

fn allows(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } | AuthAction::Unknown { .. } => Authorization::Deny,
        AuthAction::Pragma { pragma_name, pragma_value } => {
            // The table functions pass their argument as a value; `user_version = 1` would set it.
            let sets = pragma_name == "user_version" && pragma_value.is_some();
            match READABLE_PRAGMAS.contains(&pragma_name) && !sets {
                true => Authorization::Allow,
                false => Authorization::Deny,
            }
        }
        AuthAction::Function { function_name } if function_name.eq_ignore_ascii_case("load_extension") => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

fn prepare<'c>(connection: &'c Connection, arguments: &Arguments<'_>) -> Result<Statement<'c>, Failure> {
    let sql = arguments.text("sql")?;
    // `prepare` takes the first statement and drops the rest unseen.
    let mut batch = rusqlite::Batch::new(connection, sql);
    let first = batch.next().map_err(failure)?.ok_or_else(|| Failure::tool("there is no statement in the SQL text"))?;
    match batch.next() {
        Ok(None) => Ok(first),
        _ => Err(Failure::tool("one call runs one statement")),
    }
}

fn column_names(statement: &Statement<'_>) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = statement.column_names().map(String::from).collect();
    match names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
        Some((_, name)) => Err(Failure::tool(format!("two columns are named {name}; name one with AS"))),
        None => Ok(names),
    }
}

fn parameters(arguments: &Arguments<'_>) -> Result<Vec<Cell>, Failure> {
    let cell = |value: &Value| match value {
        Value::None => Ok(Cell::Null),
        Value::Bool(b) => Ok(Cell::Integer(i64::from(*b))),
        Value::Int(int) => Ok(Cell::Integer(*int)),
        Value::Float(float) => Ok(Cell::Real(*float)),
        Value::Str(text) => Ok(Cell::Text(text.clone())),
        Value::Bytes(bytes) => Ok(Cell::Blob(bytes.clone())),
        Value::Big(_) => Err(Failure::new("OverflowError", "Python int too large to convert to SQLite INTEGER")),
        _ => Err(Failure::tool("$.parameters: a parameter is None, a number, a text or bytes")),
    };
    match arguments.optional("parameters") {
        None => Ok(Vec::new()),
        Some(Value::List(items) | Value::Tuple(items)) => items.iter().map(cell).collect(),
        Some(_) => Err(Failure::tool("$.parameters: expected a list")),
    }
}

fn size(cell: ValueRef<'_>) -> usize {
    match cell {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
        _ => 8,
    }
}

fn from_cell(cell: ValueRef<'_>) -> Result<Value, Failure> {
    Ok(match cell {
        ValueRef::Null => Value::None,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Real(float) => Value::Float(float),
        ValueRef::Text(bytes) => {
            Value::str(std::str::from_utf8(bytes).map_err(|_| Failure::tool("a text in the database is not UTF-8"))?)
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    })
}

fn failure(error: rusqlite::Error) -> Failure {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => Failure::tool("the statement ran out of time and was undone"),
        _ => Failure::tool(error.to_string()),
    }
}
