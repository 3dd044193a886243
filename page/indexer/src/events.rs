//! Events as they came.

use crate::catalog::Decoded;
use crate::schema::Block;
use crate::storage::{Row, Storage, StorageError, Value, number, text};
use alloy::hex;
use alloy::primitives::{Address, B256, Bytes, Log, LogData};
use alloy::rpc::types::Log as RpcLog;
use eyre::OptionExt;
use serde_json::Value as Json;

/// An event that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The number of its block.
    pub block: u64,
    /// The time of its block (Unix seconds).
    pub timestamp: u64,
    /// Its place among the events of the block.
    pub log_index: u64,
    /// The transaction.
    pub transaction_hash: B256,
    /// Who logged it.
    pub contract: Address,
    /// What it is called.
    pub name: String,
    /// What it says: an object by the names of its fields.
    pub fields: Json,
    topics: Vec<B256>,
    data: Bytes,
}

/// Which events are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those that name this account.
    pub account: Option<Address>,
    /// Those of this contract.
    pub contract: Option<Address>,
    /// Those with this name.
    pub name: Option<String>,
    /// Those before this place (block, index), which the last answer ended with.
    pub before: Option<(u64, u64)>,
    /// How many at most.
    pub limit: u64,
}

impl Stored {
    pub(crate) fn of(log: &RpcLog, block: &Block, decoded: &Decoded) -> eyre::Result<Self> {
        Ok(Self {
            block: block.number,
            timestamp: block.timestamp,
            log_index: log.log_index.ok_or_eyre("the node gave an event without its place")?,
            transaction_hash: log.transaction_hash.ok_or_eyre("the node gave an event without its transaction")?,
            contract: log.address(),
            name: decoded.name.clone(),
            fields: Json::Object(decoded.fields.clone()),
            topics: log.topics().to_vec(),
            data: log.inner.data.data.clone(),
        })
    }

    /// The event as the chain has it.
    pub fn log(&self) -> Log {
        let data = LogData::new_unchecked(self.topics.clone(), self.data.clone());
        Log { address: self.contract, data }
    }
}

/// Stores an event, unless it is. Returns whether it was not.
pub(crate) fn insert(storage: &mut dyn Storage, event: &Stored, decoded: &Decoded) -> Result<bool, StorageError> {
    let place: [Value; 2] = [event.block.try_into()?, event.log_index.try_into()?];
    let topics: Vec<String> = event.topics.iter().map(ToString::to_string).collect();
    let rest: [Value; 6] = [
        event.transaction_hash.into(),
        event.contract.into(),
        event.name.as_str().into(),
        event.fields.to_string().into(),
        topics.join(" ").into(),
        hex::encode_prefixed(&event.data).into(),
    ];
    let sql = "INSERT INTO events (block, log_index, transaction_hash, contract, name, fields, topics, data) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (block, log_index) DO NOTHING";
    if storage.execute(sql, &[&place[..], &rest[..]].concat())? == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO mentions (account, block, log_index) VALUES ($1, $2, $3)";
    for account in &decoded.accounts {
        let [block, log_index] = place.clone();
        storage.execute(sql, &[(*account).into(), block, log_index])?;
    }
    Ok(true)
}

/// The events that are wanted, the last first.
///
/// # Errors
/// [`StorageError`].
pub fn events(storage: &mut dyn Storage, wanted: &Wanted) -> Result<Vec<Stored>, StorageError> {
    let (mut conditions, mut values) = (Vec::new(), Vec::<Value>::new());
    let (from, ordered) = match wanted.account {
        Some(account) => {
            values.push(account.into());
            conditions.push("m.account = $1".to_owned());
            let join = "mentions m JOIN events e ON e.block = m.block AND e.log_index = m.log_index";
            (join, "m.block DESC, m.log_index DESC")
        }
        None => ("events e", "e.block DESC, e.log_index DESC"),
    };
    let place = |values: &[Value]| values.len().saturating_add(1);
    if let Some(contract) = wanted.contract {
        conditions.push(format!("e.contract = ${}", place(&values)));
        values.push(contract.into());
    }
    if let Some(name) = &wanted.name {
        conditions.push(format!("e.name = ${}", place(&values)));
        values.push(name.as_str().into());
    }
    if let Some((block, log_index)) = wanted.before {
        let (first, second) = (place(&values), place(&values).saturating_add(1));
        conditions.push(format!("(e.block < ${first} OR (e.block = ${first} AND e.log_index < ${second}))"));
        values.extend([block.try_into()?, log_index.try_into()?]);
    }
    let condition = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    let sql = format!(
        "SELECT e.block, b.timestamp, e.log_index, e.transaction_hash, e.contract, e.name, e.fields, e.topics, e.data \
         FROM {from} JOIN blocks b ON b.number = e.block{condition} ORDER BY {ordered} LIMIT ${}",
        place(&values)
    );
    values.push(wanted.limit.try_into()?);
    storage.query(&sql, &values)?.iter().map(stored).collect()
}

fn stored(row: &Row) -> Result<Stored, StorageError> {
    let topics: String = text(row, 7)?;
    let topic = |topic: &str| topic.parse().map_err(|_| StorageError::Unexpected { expected: "a topic" });
    Ok(Stored {
        block: number(row, 0)?,
        timestamp: number(row, 1)?,
        log_index: number(row, 2)?,
        transaction_hash: text(row, 3)?,
        contract: text(row, 4)?,
        name: text(row, 5)?,
        fields: text(row, 6)?,
        topics: topics.split(' ').filter(|topic| !topic.is_empty()).map(topic).collect::<Result<_, _>>()?,
        data: text(row, 8)?,
    })
}
