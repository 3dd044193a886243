//! What events change, by the program that logged them.

mod receipts;
mod services;
mod slashing;
mod stakes;

pub(crate) use stakes::set as set_position;

use crate::catalog::{Decoded, SERVICE};
use crate::storage::{Storage, StorageError, Value};
use alloy::primitives::{Address, U256};

/// An event, where it happened.
pub(crate) struct Happened<'a> {
    pub(crate) block: u64,
    pub(crate) timestamp: u64,
    pub(crate) contract: Address,
    pub(crate) program: &'a str,
    pub(crate) event: &'a Decoded,
}

/// The events of a suite do not fit each other.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// An event of a contract of the suite lacks a field.
    #[error("{event} has no field {field}")]
    NoField {
        /// The event.
        event: String,
        /// The field.
        field: &'static str,
    },
    /// Somebody gave away more shares than it had.
    #[error("{staker} gave away more shares of the pool of {operator} than it had")]
    Overdrawn {
        /// Who.
        staker: String,
        /// With whom.
        operator: String,
    },
}

impl Happened<'_> {
    /// What a field says: text and numbers as text.
    fn field(&self, field: &'static str) -> Result<String, ProjectionError> {
        match self.event.fields.get(field) {
            Some(serde_json::Value::String(text)) => Ok(text.clone()),
            Some(serde_json::Value::Null) | None => {
                Err(ProjectionError::NoField { event: self.event.name.clone(), field })
            }
            Some(other) => Ok(other.to_string()),
        }
    }

    /// The same, for a row.
    fn value(&self, field: &'static str) -> Result<Value, ProjectionError> {
        Ok(self.field(field)?.into())
    }

    /// Several of them.
    fn values<const N: usize>(&self, fields: [&'static str; N]) -> Result<Vec<Value>, ProjectionError> {
        fields.into_iter().map(|field| self.value(field)).collect()
    }

    /// An amount.
    fn amount(&self, field: &'static str) -> Result<U256, ProjectionError> {
        let text = self.field(field)?;
        text.parse().map_err(|_| ProjectionError::NoField { event: self.event.name.clone(), field })
    }

    /// When it happened, for a row.
    fn time(&self) -> Value {
        self.timestamp.to_string().into()
    }
}

/// Changes what an event changes.
pub(crate) fn project(storage: &mut dyn Storage, happened: &Happened<'_>) -> Result<(), ProjectionError> {
    match happened.program {
        "strategy-manager" => stakes::project(storage, happened),
        "slasher" => slashing::project(storage, happened),
        "redemption-desk" => receipts::project(storage, happened),
        SERVICE => services::project(storage, happened),
        _ => Ok(()),
    }
}

/// The zero address, as it is written.
fn nobody() -> Value {
    Address::ZERO.into()
}
