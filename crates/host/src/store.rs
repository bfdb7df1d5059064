//! Where journals, suspended machines and the signing key are kept: one folder,
//! one SQLite database in it, one row for each line of a journal.
//!
//! A line is either wholly there or not at all, whenever the process dies. What
//! the lines mean is the `journal` crate's affair; nothing here changes one.

use crate::kept;
use emulant_journal::{Fault, Journal, Key, State as Verified, hex, sha256, verify};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Version of the tables.
const TABLES_VERSION: i64 = 1;
/// Marks the file as ours (`PRAGMA application_id`).
const APPLICATION_ID: i64 = 0x454d_554c;
/// Largest exported journal that is read from a file.
const IMPORT_BYTES_MAX: u64 = 1 << 30;
/// What images are signed for.
const IMAGE: &str = "image";

/// Journals and images below one folder.
pub struct Store {
    database: Connection,
    folder: PathBuf,
}

/// Why a store could not do what was asked.
#[derive(Debug)]
pub enum StoreError {
    /// The folder or a file in it could not be used.
    Files(PathBuf, std::io::Error),
    /// The database failed.
    Database(rusqlite::Error),
    /// What was stored or imported is not sound.
    Journal(Fault),
    /// No run, or more than one, is meant by the text.
    Run(String),
    /// A file of the store is not what it was.
    Damaged(String),
    /// Anything else, in one sentence.
    Other(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Files(path, error) => write!(f, "{}: {error}", path.display()),
            StoreError::Database(error) if is_damage(error) => {
                write!(f, "the journal database is damaged: {error}; put a copy of journal.db in its place, or take another --state DIR")
            }
            StoreError::Database(error) => write!(f, "the journal database: {error}"),
            StoreError::Journal(fault) => write!(f, "the journal is damaged: {fault}"),
            StoreError::Run(reason) | StoreError::Damaged(reason) | StoreError::Other(reason) => f.write_str(reason),
        }
    }
}

impl StoreError {
    /// Is what was stored not sound, whatever one tries?
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Database(error) => is_damage(error),
            StoreError::Journal(_) | StoreError::Damaged(_) => true,
            StoreError::Files(..) | StoreError::Run(_) | StoreError::Other(_) => false,
        }
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase))
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        StoreError::Database(error)
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> StoreError {
        StoreError::Journal(fault)
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Running, or killed.
    Open,
    /// Suspended until somebody answers.
    Waiting,
    /// Finished.
    Done,
}

impl RunState {
    /// The word in the database and in lists.
    pub fn name(self) -> &'static str {
        match self {
            RunState::Open => "open",
            RunState::Waiting => "waiting",
            RunState::Done => "done",
        }
    }

    fn of(name: &str) -> RunState {
        [RunState::Waiting, RunState::Done].into_iter().find(|state| state.name() == name).unwrap_or(RunState::Open)
    }
}

/// One run in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub state: RunState,
    /// The program's file name.
    pub file: String,
    /// When it was started, in microseconds since the epoch.
    pub created_us: u64,
    /// When its journal last grew.
    pub changed_us: u64,
    /// Number of lines in its journal.
    pub lines: u64,
}

/// A suspended machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The journal had this many entries when it was made.
    pub seq: u64,
    /// The machine's own bytes.
    pub bytes: Vec<u8>,
}

/// What is added to a run in one step: all of it or nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Step<'a> {
    /// Lines, each with its newline, from sequence number `seq` on.
    pub lines: &'a [String],
    /// Sequence number of the first line.
    pub seq: u64,
    /// The run's new state.
    pub state: Option<RunState>,
    /// An image made when the journal had `seq + lines.len()` entries.
    pub image: Option<&'a [u8]>,
    /// Whether it must be on the disk before this returns, also when the power
    /// fails: set for asks that act, and for their answers.
    pub durable: bool,
}

impl Store {
    /// The folder that is used when nobody names one: `$XDG_STATE_HOME/emulant`,
    /// or `~/.local/state/emulant`.
    pub fn default_folder() -> Option<PathBuf> {
        let given = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        given("XDG_STATE_HOME").or_else(|| given("HOME").map(|home| home.join(".local/state"))).map(|base| base.join("emulant"))
    }

    /// Opens the store in `folder`, and makes it when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be used, or its database is from a later version.
    pub fn open(folder: &Path) -> Result<Store, StoreError> {
        let at = |error| StoreError::Files(folder.to_path_buf(), error);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at)?;
        let database = Connection::open(folder.join("journal.db"))?;
        database.busy_timeout(Duration::from_secs(10))?;
        let mut store = Store { database, folder: folder.to_path_buf() };
        store.make_tables()?;
        Ok(store)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A new run id: sortable by time (seconds), unique by 40 random bits.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn new_id(now_us: u64) -> Result<String, StoreError> {
        let mut random = [0; 8];
        random_bytes(&mut random[..5])?;
        let random = u64::from_le_bytes(random);
        Ok(format!("{}{}", base32(now_us / 1_000_000, 7), base32(random, 4)))
    }

    /// Begins a run with its first line.
    ///
    /// # Errors
    /// When the id is taken, the signing key cannot be used, or the database fails.
    pub fn begin(&mut self, id: &str, file: &str, line: &str, now_us: u64) -> Result<(), StoreError> {
        check_id(id)?;
        // A run whose end cannot be signed must not begin.
        self.key()?;
        let transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sql = "INSERT INTO runs (id, state, file, created_us, changed_us) VALUES (?1, 'open', ?2, ?3, ?3)";
        transaction.execute(sql, params![id, file, signed(now_us)])?;
        insert_line(&transaction, id, 0, line)?;
        Ok(transaction.commit()?)
    }

    /// Adds one line.
    ///
    /// # Errors
    /// As [`Store::step`].
    pub fn append(&mut self, id: &str, seq: u64, line: &str, durable: bool) -> Result<(), StoreError> {
        self.step(id, Step { lines: &[line.to_string()], seq, durable, ..Step::default() })
    }

    /// Adds lines, a state and an image in one step.
    ///
    /// # Errors
    /// When another process has added to the run, or the database fails; nothing
    /// was added then.
    pub fn step(&mut self, id: &str, step: Step<'_>) -> Result<(), StoreError> {
        // In write-ahead mode, NORMAL survives the death of the process, FULL also that of the power.
        self.database.pragma_update(None, "synchronous", if step.durable { "FULL" } else { "NORMAL" })?;
        let signature = match step.image {
            Some(bytes) => Some((self.key()?.sign_bytes(IMAGE, &image_bytes(id, step.next(), bytes)), bytes)),
            None => None,
        };
        let transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let next: i64 =
            transaction.query_row("SELECT coalesce(max(seq) + 1, 0) FROM lines WHERE run = ?1", [id], |row| row.get(0))?;
        if !step.lines.is_empty() && next != signed(step.seq) {
            let reason = format!("run {id} has {next} entries, expected {}: another process goes on with it", step.seq);
            return Err(StoreError::Other(reason));
        }
        for (seq, line) in (step.seq..).zip(step.lines) {
            insert_line(&transaction, id, seq, line)?;
        }
        if let Some((signature, bytes)) = signature {
            // The newest one is enough; a finished step leaves exactly one.
            transaction.execute("DELETE FROM images WHERE run = ?1", [id])?;
            let sql = "INSERT INTO images (run, seq, signature, bytes) VALUES (?1, ?2, ?3, ?4)";
            transaction.execute(sql, params![id, signed(step.next()), signature, bytes])?;
        }
        let sql = "UPDATE runs SET state = coalesce(?2, state), changed_us = ?3 WHERE id = ?1";
        let changed = transaction.execute(sql, params![id, step.state.map(RunState::name), signed(now_us())])?;
        match changed {
            1 => Ok(transaction.commit()?),
            _ => Err(StoreError::Run(format!("there is no run {id}"))),
        }
    }

    /// All runs, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list(&self) -> Result<Vec<RunRow>, StoreError> {
        let sql = "SELECT id, state, file, created_us, changed_us, (SELECT count(*) FROM lines WHERE run = id) \
                   FROM runs ORDER BY id DESC";
        let mut statement = self.database.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(RunRow {
                id: row.get(0)?,
                state: RunState::of(&row.get::<_, String>(1)?),
                file: row.get(2)?,
                created_us: unsigned(row.get(3)?),
                changed_us: unsigned(row.get(4)?),
                lines: unsigned(row.get(5)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The id that `prefix` is, or is the only one to begin with.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn find(&self, prefix: &str) -> Result<String, StoreError> {
        let none = || StoreError::Run(format!("there is no run {prefix}"));
        check_id(prefix).map_err(|_| none())?;
        // Ids hold no character that is special in GLOB.
        let sql = "SELECT id FROM runs WHERE id GLOB ?1 || '*' ORDER BY id LIMIT 6";
        let ids: Vec<String> =
            self.database.prepare(sql)?.query_map([prefix], |row| row.get(0))?.collect::<Result<_, _>>()?;
        match ids.as_slice() {
            [] => Err(none()),
            [id] => Ok(id.clone()),
            [id, ..] if id == prefix => Ok(id.clone()),
            _ => Err(StoreError::Run(format!("{prefix} could be any of {}", ids.join(", ")))),
        }
    }

    /// A run's lines, each with its newline.
    ///
    /// # Errors
    /// When there is no such run.
    pub fn lines(&self, id: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.database.prepare("SELECT line FROM lines WHERE run = ?1 ORDER BY seq")?;
        let lines: Vec<String> = statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        match lines.is_empty() {
            true => Err(StoreError::Run(format!("there is no run {id}"))),
            false => Ok(lines),
        }
    }

    /// A run's journal.
    ///
    /// # Errors
    /// When there is no such run, or its lines are damaged.
    pub fn journal(&self, id: &str) -> Result<Journal, StoreError> {
        Ok(Journal::read(self.lines(id)?.iter().map(String::as_str))?)
    }

    /// The bytes that go to another computer: exactly the lines.
    ///
    /// # Errors
    /// When there is no such run.
    pub fn export(&self, id: &str) -> Result<String, StoreError> {
        Ok(self.lines(id)?.concat())
    }

    /// The bytes of a RUN: an id, a unique prefix of one, or an exported file.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn bytes_of(&self, run: &str) -> Result<Vec<u8>, StoreError> {
        match self.find(run) {
            Ok(id) => Ok(self.export(&id)?.into_bytes()),
            Err(StoreError::Run(reason)) => match Path::new(run).is_file() {
                true => read_file(Path::new(run)),
                false => Err(StoreError::Run(reason)),
            },
            Err(other) => Err(other),
        }
    }

    /// Takes in an exported journal under its own id, which is returned. One that
    /// is already here stays as it is.
    ///
    /// # Errors
    /// When it is damaged, or another journal has this id.
    pub fn import(&mut self, bytes: &[u8]) -> Result<String, StoreError> {
        let report = verify(bytes, None)?;
        let id = report.run.clone();
        check_id(&id)?;
        if let Ok(present) = self.export(&id) {
            return match present.as_bytes() == bytes {
                true => Ok(id),
                false => Err(StoreError::Other(format!("another journal has the id {id}"))),
            };
        }
        let text = std::str::from_utf8(bytes).expect("verified journals are UTF-8");
        let lines: Vec<String> = text.split_inclusive('\n').map(String::from).collect();
        let journal = Journal::read(lines.iter().map(String::as_str))?;
        let opening = journal.run().expect("verified journals begin with a run");
        let waits = journal.exchanges().iter().any(|exchange| exchange.waits_for().is_some());
        let state = match report.state {
            Verified::Finished(_) => RunState::Done,
            Verified::Open if waits => RunState::Waiting,
            Verified::Open => RunState::Open,
        };
        let transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sql = "INSERT INTO runs (id, state, file, created_us, changed_us) VALUES (?1, ?2, ?3, ?4, ?5)";
        let times = (signed(opening.started_us), signed(now_us()));
        transaction.execute(sql, params![id, state.name(), opening.program.file, times.0, times.1])?;
        for (seq, line) in (0..).zip(&lines) {
            insert_line(&transaction, &id, seq, line)?;
        }
        transaction.commit()?;
        Ok(id)
    }

    /// The last image of a run that was made here, if there is one.
    ///
    /// # Errors
    /// When its bytes are not those that were stored.
    pub fn image(&self, id: &str) -> Result<Option<Image>, StoreError> {
        let sql = "SELECT seq, signature, bytes FROM images WHERE run = ?1 ORDER BY seq DESC LIMIT 1";
        let row = self.database.query_row(sql, [id], |row| {
            Ok((unsigned(row.get(0)?), row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?))
        });
        let Some((seq, signature, bytes)) = row.optional()? else { return Ok(None) };
        match self.key()?.public().verify_bytes(IMAGE, &image_bytes(id, seq, &bytes), &signature) {
            true => Ok(Some(Image { seq, bytes })),
            false => Err(StoreError::Damaged(format!("the image of run {id} was changed after it was written"))),
        }
    }

    /// Removes a run's images, which a finished run no longer needs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn drop_images(&mut self, id: &str) -> Result<(), StoreError> {
        self.database.execute("DELETE FROM images WHERE run = ?1", [id])?;
        Ok(())
    }

    /// Removes finished runs that have not changed since `before_us`, and what was kept for undoing runs that are
    /// gone. A run that took another one back stays as long as that one. Gives the ids, and how many things were kept
    /// for nothing.
    ///
    /// # Errors
    /// When the database or the folder fails.
    pub fn prune(&mut self, before_us: u64) -> Result<(Vec<String>, usize), StoreError> {
        let old = |row: &RunRow| row.state == RunState::Done && row.changed_us < before_us;
        let mut gone: Vec<String> = self.list()?.iter().filter(|row| old(row)).map(|row| row.id.clone()).collect();
        let parents = gone.iter().map(|id| self.parent(id)).collect::<Result<Vec<_>, _>>()?;
        let known: Vec<String> = self.list()?.into_iter().map(|row| row.id).filter(|id| !gone.contains(id)).collect();
        let stays: Vec<bool> = parents.iter().map(|parent| parent.as_ref().is_some_and(|parent| known.contains(parent))).collect();
        let mut stays = stays.into_iter();
        gone.retain(|_| !stays.next().unwrap_or(true));
        let transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for id in &gone {
            for table in ["images", "lines"] {
                transaction.execute(&format!("DELETE FROM {table} WHERE run = ?1"), [id])?;
            }
            transaction.execute("DELETE FROM runs WHERE id = ?1", [id])?;
        }
        transaction.commit()?;
        if !gone.is_empty() {
            // The space is given back when nobody else uses the database now.
            let _ = self.database.execute_batch("VACUUM");
        }
        let mut statement = self.database.prepare("SELECT line FROM lines WHERE instr(line, ?1)")?;
        let lines = statement.query_map([kept::SENTENCE], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let swept = kept::sweep(&self.folder, &lines, before_us).map_err(|error| StoreError::Files(self.folder.join(kept::FOLDER), error))?;
        Ok((gone, swept))
    }

    /// The run that this one forked from, or took back.
    fn parent(&self, id: &str) -> Result<Option<String>, StoreError> {
        let line: String = self.database.query_row("SELECT line FROM lines WHERE run = ?1 AND seq = 0", [id], |row| row.get(0))?;
        let opening: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        Ok(opening["parent"]["run"].as_str().map(String::from))
    }

    /// The key that signs checkpoints, made on first use in a file that only the
    /// user can read.
    ///
    /// # Errors
    /// When the file cannot be used, or others can read it.
    pub fn key(&self) -> Result<Key, StoreError> {
        let path = self.folder.join("key");
        match read_key(&path)? {
            Some(key) => Ok(key),
            None => {
                make_key(&self.folder, &path)?;
                read_key(&path)?.ok_or_else(|| StoreError::Other("the signing key vanished".into()))
            }
        }
    }

    fn make_tables(&mut self) -> Result<(), StoreError> {
        self.database.pragma_update(None, "journal_mode", "WAL")?;
        if has_tables(&self.database)? {
            return Ok(());
        }
        let transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have made them while this one waited.
        if has_tables(&transaction)? {
            return Ok(());
        }
        transaction.execute_batch(
            "CREATE TABLE runs (
                 id TEXT PRIMARY KEY, state TEXT NOT NULL, file TEXT NOT NULL,
                 created_us INTEGER NOT NULL, changed_us INTEGER NOT NULL);
             CREATE TABLE lines (
                 run TEXT NOT NULL REFERENCES runs (id), seq INTEGER NOT NULL, line TEXT NOT NULL,
                 UNIQUE (run, seq));
             CREATE TABLE images (
                 run TEXT NOT NULL REFERENCES runs (id), seq INTEGER NOT NULL, signature TEXT NOT NULL,
                 bytes BLOB NOT NULL, UNIQUE (run, seq));",
        )?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", TABLES_VERSION)?;
        Ok(transaction.commit()?)
    }
}

impl Step<'_> {
    fn next(&self) -> u64 {
        self.seq + self.lines.len() as u64
    }
}

/// Microseconds since the epoch.
pub fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// Random text for [`emulant_journal::Run::salt`].
///
/// # Errors
/// When the system has no random bytes.
pub fn new_salt() -> Result<String, StoreError> {
    let mut salt = [0; 16];
    random_bytes(&mut salt)?;
    Ok(hex(&salt))
}

/// Reads an exported journal.
///
/// # Errors
/// When it cannot be read, or is larger than any journal should be.
pub fn read_file(path: &Path) -> Result<Vec<u8>, StoreError> {
    let at = |error| StoreError::Files(path.to_path_buf(), error);
    let mut bytes = Vec::new();
    File::open(path).map_err(at)?.take(IMPORT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(at)?;
    match bytes.len() as u64 > IMPORT_BYTES_MAX {
        true => Err(StoreError::Other(format!("{}: larger than {IMPORT_BYTES_MAX} bytes", path.display()))),
        false => Ok(bytes),
    }
}

/// Whether the database is ours and of this version; an empty one has no tables yet.
fn has_tables(database: &Connection) -> Result<bool, StoreError> {
    let pragma = |name: &str| database.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    match (pragma("application_id")?, pragma("user_version")?) {
        (APPLICATION_ID, TABLES_VERSION) => Ok(true),
        (0, 0) => Ok(false),
        (APPLICATION_ID, version) => {
            let reason = format!("the journal database is of version {version}; this program knows version {TABLES_VERSION}");
            Err(StoreError::Other(reason))
        }
        _ => Err(StoreError::Other("journal.db is the database of another program".into())),
    }
}

fn insert_line(transaction: &Connection, id: &str, seq: u64, line: &str) -> Result<(), StoreError> {
    transaction.execute("INSERT INTO lines (run, seq, line) VALUES (?1, ?2, ?3)", params![id, signed(seq), line])?;
    Ok(())
}

fn image_bytes(id: &str, seq: u64, bytes: &[u8]) -> Vec<u8> {
    format!("{id}\n{seq}\n{}", hex(&sha256(bytes))).into_bytes()
}

/// Ids come from journals that anyone may have written, and go into messages.
fn check_id(id: &str) -> Result<(), StoreError> {
    let sound = (1..=64).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
    match sound {
        true => Ok(()),
        false => Err(StoreError::Run(format!("{id:?} is not a run id"))),
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// The low `digits` digits of `n`, in Crockford's alphabet, which sorts as it counts.
fn base32(n: u64, digits: u32) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    (0..digits).rev().map(|place| char::from(ALPHABET[(n >> (5 * place) & 31) as usize])).collect()
}

fn random_bytes(bytes: &mut [u8]) -> Result<(), StoreError> {
    getrandom::fill(bytes).map_err(|error| StoreError::Other(format!("no random bytes: {error}")))
}

fn read_key(path: &Path) -> Result<Option<Key>, StoreError> {
    let at = |error| StoreError::Files(path.to_path_buf(), error);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(error)),
    };
    if file.metadata().map_err(at)?.permissions().mode() & 0o077 != 0 {
        let reason = format!("{}: others can read the signing key; run chmod 600 on it", path.display());
        return Err(StoreError::Other(reason));
    }
    let mut text = String::new();
    file.take(100).read_to_string(&mut text).map_err(at)?;
    let seed = emulant_journal::unhex::<32>(text.trim_end());
    let damaged = || StoreError::Damaged(format!("{}: it is not a signing key; put a copy in its place, or move it away and a new one is made", path.display()));
    let seed = seed.ok_or_else(damaged)?;
    Ok(Some(Key::from_seed(&seed)))
}

/// Writes a new key beside `path` and links it there: two processes that do so at
/// once agree on the first one, and a half-written key is never seen.
fn make_key(folder: &Path, path: &Path) -> Result<(), StoreError> {
    let mut seed = [0; 32];
    random_bytes(&mut seed)?;
    let draft = folder.join(format!("key.{}.{}", std::process::id(), hex(&sha256(&seed)[..4])));
    let at = |error| StoreError::Files(draft.clone(), error);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(at)?;
    let written = file.write_all(format!("{}\n", hex(&seed)).as_bytes()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let _ = fs::remove_file(&draft);
    linked.map_err(at)
}
