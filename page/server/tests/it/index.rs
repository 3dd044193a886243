//! All that an index holds, to be compared with another one.

use eyre::Result;
use restake_indexer::events::{Wanted, events};
use restake_indexer::storage::{StorageError, Value};
use restake_indexer::{Follower, tables};
use std::collections::BTreeMap;

/// What is so now, by table, and everything that happened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) now: BTreeMap<&'static str, Vec<Vec<Value>>>,
    pub(crate) events: Vec<(u64, u64, String, String)>,
}

pub(crate) async fn contents(follower: &Follower) -> Result<Contents> {
    let read = follower.index().read(|storage| -> Result<Contents, StorageError> {
        let mut now = BTreeMap::new();
        for table in tables::ALL {
            now.insert(table.name, table.current(storage, &[])?);
        }
        let all = events(storage, &Wanted { limit: 1_000_000, ..Wanted::default() })?;
        let short = all.into_iter().map(|event| (event.block, event.log_index, event.name, event.fields.to_string()));
        Ok(Contents { now, events: short.collect() })
    });
    Ok(read.await?)
}
