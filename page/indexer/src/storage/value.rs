//! What is in a row.

use super::StorageError;
use alloy::primitives::{Address, B256};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// None.
    Null,
    /// A block's number, its time, or how many there are.
    Number(i64),
    /// Everything else: accounts with their checksum, hashes in small digits, amounts as decimal numbers, JSON.
    Text(String),
}

/// The values of a row, in the order in which they were asked for.
pub type Row = Vec<Value>;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Address> for Value {
    fn from(account: Address) -> Self {
        Self::Text(account.to_string())
    }
}

impl From<B256> for Value {
    fn from(hash: B256) -> Self {
        Self::Text(hash.to_string())
    }
}

impl TryFrom<u64> for Value {
    type Error = StorageError;

    fn try_from(number: u64) -> Result<Self, StorageError> {
        i64::try_from(number).map(Self::Number).map_err(|_| StorageError::TooLarge(number))
    }
}

/// The number in a column.
///
/// # Errors
/// [`StorageError::Unexpected`], if there is another value, or none.
pub fn number(row: &[Value], column: usize) -> Result<u64, StorageError> {
    optional_number(row, column)?.ok_or(StorageError::Unexpected { expected: "a number" })
}

/// The number in a column that may have none.
///
/// # Errors
/// [`StorageError::Unexpected`], if there is another value.
pub fn optional_number(row: &[Value], column: usize) -> Result<Option<u64>, StorageError> {
    match row.get(column) {
        Some(Value::Null) => Some(None),
        Some(Value::Number(number)) => u64::try_from(*number).ok().map(Some),
        _ => None,
    }
    .ok_or(StorageError::Unexpected { expected: "a number" })
}

/// What the text in a column says.
///
/// # Errors
/// [`StorageError::Unexpected`], if there is another value, or it cannot be read.
pub fn text<T: std::str::FromStr>(row: &[Value], column: usize) -> Result<T, StorageError> {
    match row.get(column) {
        Some(Value::Text(text)) => text.parse().ok(),
        _ => None,
    }
    .ok_or(StorageError::Unexpected { expected: std::any::type_name::<T>() })
}
