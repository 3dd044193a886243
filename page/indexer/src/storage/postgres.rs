//! A PostgreSQL server.

use super::{Access, Row, Storage, StorageError, Value, without_password};
use postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, NoTls, Statement};
use std::collections::HashMap;
use std::error::Error;

pub(super) struct Postgres {
    place: String,
    /// There until it is dropped.
    client: Option<Client>,
    /// What the server has prepared.
    statements: HashMap<String, Statement>,
}

impl Postgres {
    pub(super) fn open(place: &str) -> Result<Self, StorageError> {
        let client = Client::connect(place, NoTls).map_err(|error| failed(place, &error))?;
        Ok(Self { place: place.to_owned(), client: Some(client), statements: HashMap::new() })
    }

    fn client(&mut self) -> Result<&mut Client, StorageError> {
        self.client.as_mut().ok_or(StorageError::Unexpected { expected: "an open connection" })
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StorageError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let place = self.place.clone();
        let statement = self.client()?.prepare(sql).map_err(|error| failed(&place, &error))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn failed(place: &str, error: &postgres::Error) -> StorageError {
    let reason = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
    StorageError::Failed { place: without_password(place), reason }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A client waits until the server has heard that it goes, which it may not do where others wait for nothing.
        if let Some(client) = self.client.take() {
            let _ = std::thread::spawn(move || drop(client)).join();
        }
    }
}

impl Storage for Postgres {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StorageError> {
        let (statement, place) = (self.prepared(sql)?, self.place.clone());
        self.client()?.execute(&statement, &parameters(values)).map_err(|error| failed(&place, &error))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StorageError> {
        let (statement, place) = (self.prepared(sql)?, self.place.clone());
        let rows = self.client()?.query(&statement, &parameters(values)).map_err(|error| failed(&place, &error))?;
        let read = |row: &postgres::Row| (0..row.len()).map(|column| row.try_get(column)).collect::<Result<Row, _>>();
        rows.iter().map(|row| read(row).map_err(|error| failed(&place, &error))).collect()
    }

    fn run(&mut self, sql: &str) -> Result<(), StorageError> {
        let place = self.place.clone();
        self.client()?.batch_execute(sql).map_err(|error| failed(&place, &error))
    }

    fn begin(&mut self, access: Access) -> Result<(), StorageError> {
        self.run(match access {
            Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Access::Write => "BEGIN",
        })
    }

    fn another(&self) -> Result<Box<dyn Storage>, StorageError> {
        Ok(Box::new(Self::open(&self.place)?))
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Number(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT].contains(kind)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        if *kind == Type::INT8 {
            i64::from_sql(kind, raw).map(Self::Number)
        } else {
            String::from_sql(kind, raw).map(Self::Text)
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        <Self as ToSql>::accepts(kind)
    }
}
