//! Where the index is kept. A [`Storage`] takes SQL, and all SQL of this crate is such that SQLite and PostgreSQL take
//! it: numbers are `BIGINT`, everything else is `TEXT`, and values stand for `$1`, `$2` and so on.

#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
mod value;

pub use value::{Row, Value, number, optional_number, text};

/// A connection to a database.
pub trait Storage: Send {
    /// Carries out a statement. Returns how many rows it changed.
    ///
    /// # Errors
    /// [`StorageError`].
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StorageError>;

    /// The rows that a statement selects.
    ///
    /// # Errors
    /// [`StorageError`].
    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StorageError>;

    /// Carries out several statements without values.
    ///
    /// # Errors
    /// [`StorageError`].
    fn run(&mut self, sql: &str) -> Result<(), StorageError>;

    /// Begins a transaction.
    ///
    /// # Errors
    /// [`StorageError`].
    fn begin(&mut self, access: Access) -> Result<(), StorageError>;

    /// Another connection to the same database.
    ///
    /// # Errors
    /// [`StorageError`].
    fn another(&self) -> Result<Box<dyn Storage>, StorageError>;
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It sees one state of everything, whatever others write meanwhile.
    Read,
    /// It writes all or nothing.
    Write,
}

/// The database failed, or holds something that this crate did not write.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// It cannot be opened, or refused a statement.
    #[error("the index at {place}: {reason}")]
    Failed {
        /// Where it is.
        place: String,
        /// What it said.
        reason: String,
    },
    /// It was left out of this program.
    #[error("{place} is a PostgreSQL database, which this program was built without (feature `postgres`)")]
    LeftOut {
        /// Where it is, without a password.
        place: String,
    },
    /// A row is not as it was written.
    #[error("the index holds something else than {expected}: remove it, and it is made anew")]
    Unexpected {
        /// What should be there.
        expected: &'static str,
    },
    /// A block's number or time does not fit 63 bits.
    #[error("{0} does not fit the index")]
    TooLarge(u64),
}

/// Opens the database at a place: a file, or `postgres://..`.
///
/// # Errors
/// [`StorageError`].
pub fn open(place: &str) -> Result<Box<dyn Storage>, StorageError> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| place.starts_with(scheme)) {
        return Ok(Box::new(sqlite::Sqlite::open(place)?));
    }
    #[cfg(feature = "postgres")]
    return Ok(Box::new(postgres::Postgres::open(place)?));
    #[cfg(not(feature = "postgres"))]
    Err(StorageError::LeftOut { place: without_password(place) })
}

/// What `work` does, as one transaction: if it fails, nothing of it is done.
///
/// # Errors
/// Those of `work`, and [`StorageError`].
pub fn in_transaction<T, E: From<StorageError>>(
    storage: &mut dyn Storage,
    access: Access,
    work: impl FnOnce(&mut dyn Storage) -> Result<T, E>,
) -> Result<T, E> {
    storage.begin(access)?;
    match work(storage) {
        Ok(done) => {
            storage.run("COMMIT")?;
            Ok(done)
        }
        Err(failure) => {
            // What failed first is what is told. A connection that cannot even do this is not used again.
            let _ = storage.run("ROLLBACK");
            Err(failure)
        }
    }
}

/// The URL of a database as it may be shown.
fn without_password(place: &str) -> String {
    let Some((scheme, rest)) = place.split_once("://") else { return place.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let path = path.split('?').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_not_shown() {
        let shown = without_password("postgres://somebody:secret@127.0.0.1:5432/index?password=secret");
        assert_eq!(shown, "postgres://127.0.0.1:5432/index");
    }
}
