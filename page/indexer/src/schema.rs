//! The tables beside those of [`tables`](crate::tables): which chain it is, its blocks, and events as they came.

use crate::storage::{Row, Storage, StorageError, Value, number, text};
use crate::tables;
use alloy::primitives::{Address, B256};

/// The version of the tables, and of what is written into them. An index of another one is made anew.
const VERSION: u64 = 1;

/// What an index is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The chain's number.
    pub chain_id: u64,
    /// The hash of its first block, by which a chain is known that began again.
    pub genesis: B256,
    /// The Slasher of the suite, by which that is known.
    pub slasher: Address,
    /// The block before the suite: no event is older.
    pub since: u64,
}

/// A block that is stored: one that has events, or one that was the last of those that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// The hash of the one before.
    pub parent: B256,
    /// Its time (Unix seconds).
    pub timestamp: u64,
}

const TABLES: &str = "
CREATE TABLE origin (
    chain_id TEXT NOT NULL, genesis TEXT NOT NULL, slasher TEXT NOT NULL, since BIGINT NOT NULL
);
CREATE TABLE blocks (
    number BIGINT PRIMARY KEY, hash TEXT NOT NULL, parent TEXT NOT NULL, timestamp BIGINT NOT NULL,
    events BIGINT NOT NULL
);
CREATE INDEX blocks_without_events ON blocks (number) WHERE events = 0;
CREATE TABLE events (
    block BIGINT NOT NULL, log_index BIGINT NOT NULL, transaction_hash TEXT NOT NULL, contract TEXT NOT NULL,
    name TEXT NOT NULL, fields TEXT NOT NULL, topics TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (block, log_index)
);
CREATE INDEX events_contract ON events (contract, name, block, log_index);
CREATE TABLE mentions (
    account TEXT NOT NULL, block BIGINT NOT NULL, log_index BIGINT NOT NULL,
    PRIMARY KEY (account, block, log_index)
);
CREATE INDEX mentions_block ON mentions (block);
";

/// What the index is about, if it is of this version and about anything.
pub(crate) fn origin(storage: &mut dyn Storage) -> Result<Option<Origin>, StorageError> {
    // A database without the table says so by an error, which may have any other reason: it is asked what it has.
    storage.run("CREATE TABLE IF NOT EXISTS versions (version BIGINT NOT NULL)")?;
    let versions = storage.query("SELECT version FROM versions", &[])?;
    match versions.as_slice() {
        [row] if number(row, 0)? == VERSION => {}
        _ => return Ok(None),
    }
    let rows = storage.query("SELECT chain_id, genesis, slasher, since FROM origin", &[])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Origin { chain_id: text(row, 0)?, genesis: text(row, 1)?, slasher: text(row, 2)?, since: number(row, 3)? }))
}

/// Forgets everything, and begins to be about something.
pub(crate) fn begin(storage: &mut dyn Storage, origin: &Origin) -> Result<(), StorageError> {
    let old = ["origin", "blocks", "events", "mentions", "versions"];
    for name in old.into_iter().chain(tables::ALL.iter().map(|table| table.name)) {
        storage.run(&format!("DROP TABLE IF EXISTS {name}"))?;
    }
    storage.run("CREATE TABLE versions (version BIGINT NOT NULL)")?;
    storage.run(TABLES)?;
    for table in tables::ALL {
        storage.run(&table.definition())?;
    }
    let Origin { chain_id, genesis, slasher, since } = *origin;
    storage.execute("INSERT INTO versions (version) VALUES ($1)", &[VERSION.try_into()?])?;
    let values = [chain_id.to_string().into(), genesis.into(), slasher.into(), since.try_into()?];
    storage.execute("INSERT INTO origin (chain_id, genesis, slasher, since) VALUES ($1, $2, $3, $4)", &values)?;
    Ok(())
}

/// Stores a block, with how many events it has; one that is stored gets more.
pub(crate) fn put_block(storage: &mut dyn Storage, block: &Block, events: u64) -> Result<(), StorageError> {
    let sql = "INSERT INTO blocks (number, hash, parent, timestamp, events) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (number) DO UPDATE SET events = blocks.events + excluded.events";
    let (number, timestamp) = (block.number.try_into()?, block.timestamp.try_into()?);
    storage.execute(sql, &[number, block.hash.into(), block.parent.into(), timestamp, events.try_into()?])?;
    Ok(())
}

/// Forgets blocks between two that have no events: they only say more exactly where a
/// reorganization began.
pub(crate) fn thin_out(storage: &mut dyn Storage, after: u64, before: u64) -> Result<(), StorageError> {
    let sql = "DELETE FROM blocks WHERE events = 0 AND number > $1 AND number < $2";
    storage.execute(sql, &[after.try_into()?, before.try_into()?])?;
    Ok(())
}

/// The last block that is indexed.
pub(crate) fn head(storage: &mut dyn Storage) -> Result<Option<Block>, StorageError> {
    let sql = "SELECT number, hash, parent, timestamp FROM blocks ORDER BY number DESC LIMIT 1";
    storage.query(sql, &[])?.first().map(block).transpose()
}

/// The numbers and hashes of all blocks that are stored, the first first.
pub(crate) fn hashes(storage: &mut dyn Storage) -> Result<Vec<(u64, B256)>, StorageError> {
    let rows = storage.query("SELECT number, hash FROM blocks ORDER BY number", &[])?;
    rows.iter().map(|row| Ok((number(row, 0)?, text(row, 1)?))).collect()
}

/// Forgets all blocks after one, and what they brought.
pub(crate) fn roll_back(storage: &mut dyn Storage, to: u64) -> Result<(), StorageError> {
    let block: [Value; 1] = [to.try_into()?];
    for sql in [
        "DELETE FROM blocks WHERE number > $1",
        "DELETE FROM events WHERE block > $1",
        "DELETE FROM mentions WHERE block > $1",
    ] {
        storage.execute(sql, &block)?;
    }
    tables::ALL.iter().try_for_each(|table| table.roll_back(storage, to))
}

fn block(row: &Row) -> Result<Block, StorageError> {
    Ok(Block { number: number(row, 0)?, hash: text(row, 1)?, parent: text(row, 2)?, timestamp: number(row, 3)? })
}
