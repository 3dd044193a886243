//! A file: SQLite, compiled in.

use super::{Access, Row, Storage, StorageError, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// How long another process that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Readers see one state while somebody writes, and what was committed is there after a crash of the process.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;";

pub(super) struct Sqlite {
    place: String,
    connection: Connection,
}

impl Sqlite {
    pub(super) fn open(place: &str) -> Result<Self, StorageError> {
        let failed = |reason: String| StorageError::Failed { place: place.to_owned(), reason };
        if let Some(folder) = Path::new(place).parent() {
            fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        }
        let connection = Connection::open(place).map_err(|error| failed(error.to_string()))?;
        connection.busy_timeout(PATIENCE).map_err(|error| failed(error.to_string()))?;
        connection.execute_batch(SETTINGS).map_err(|error| failed(error.to_string()))?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self { place: place.to_owned(), connection })
    }
}

impl Storage for Sqlite {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StorageError> {
        let place = &self.place;
        let failed = |error: rusqlite::Error| StorageError::Failed { place: place.clone(), reason: error.to_string() };
        let mut statement = self.connection.prepare_cached(&numbered(sql)).map_err(failed)?;
        let changed = statement.execute(params_from_iter(values)).map_err(failed)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StorageError> {
        let place = &self.place;
        let failed = |error: rusqlite::Error| StorageError::Failed { place: place.clone(), reason: error.to_string() };
        let mut statement = self.connection.prepare_cached(&numbered(sql)).map_err(failed)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(failed)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let values = (0..columns).map(|column| value(row.get_ref(column).map_err(failed)?));
            found.push(values.collect::<Result<Row, _>>()?);
        }
        Ok(found)
    }

    fn run(&mut self, sql: &str) -> Result<(), StorageError> {
        let ran = self.connection.execute_batch(sql);
        ran.map_err(|error| StorageError::Failed { place: self.place.clone(), reason: error.to_string() })
    }

    fn begin(&mut self, access: Access) -> Result<(), StorageError> {
        self.run(match access {
            Access::Read => "BEGIN",
            // At once, so that it does not fail after it has read.
            Access::Write => "BEGIN IMMEDIATE",
        })
    }

    fn another(&self) -> Result<Box<dyn Storage>, StorageError> {
        Ok(Box::new(Self::open(&self.place)?))
    }
}

/// `$1` is the name of a value here, and `?1` its number.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn value(stored: ValueRef<'_>) -> Result<Value, StorageError> {
    match stored {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Number(number)),
        ValueRef::Text(text) => Ok(Value::Text(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(StorageError::Unexpected { expected: "a number or a text" }),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
