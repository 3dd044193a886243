//! What holds from some block on, until another: one table for each kind of thing, with all of its past, so that blocks
//! that are taken back take with them what they brought.

use crate::storage::{Row, Storage, StorageError, Value, number};

/// A kind of thing. All columns are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// What it is called.
    pub name: &'static str,
    /// The columns that name a thing.
    pub keys: &'static [&'static str],
    /// The columns that say something about it.
    pub values: &'static [&'static str],
}

/// Contracts whose events are kept: `program` is the program's name, or `service` for contracts that services bring.
pub const CONTRACTS: Table = Table { name: "contracts", keys: &["address"], values: &["program"] };

/// Accounts that others staked with, or that ever let a service slash.
pub const OPERATORS: Table = Table { name: "operators", keys: &["operator"], values: &[] };

/// Accounts that were ever allowed to slash, and where they say that their operators register and are challenged
/// (the zero address where they say nothing).
pub const SERVICES: Table =
    Table { name: "services", keys: &["service"], values: &["registry", "dispute_resolution", "judge"] };

/// Grants, in force, announced or ended.
pub const GRANTS: Table = Table { name: "grants", keys: &["operator", "service"], values: &[] };

/// Who serves which service.
pub const MEMBERS: Table = Table { name: "members", keys: &["service", "operator"], values: &[] };

/// Shares of pools that are not zero.
pub const POSITIONS: Table = Table { name: "positions", keys: &["staker", "operator", "token"], values: &["shares"] };

/// Pools that a slash may have taken whole, which voids the shares of everybody: the chain has to be asked.
pub const DOUBTS: Table = Table { name: "doubts", keys: &["operator", "token"], values: &[] };

/// Withdrawals that nobody completed.
pub const WITHDRAWALS: Table =
    Table { name: "withdrawals", keys: &["staker", "operator", "token", "release_epoch"], values: &["queued_at"] };

/// What was set aside and not claimed.
pub const FUNDS: Table = Table { name: "funds", keys: &["claimant", "token", "release_epoch"], values: &[] };

/// Open slash requests; `request` is JSON.
pub const REQUESTS: Table =
    Table { name: "requests", keys: &["request_id"], values: &["operator", "service", "opened_at", "request"] };

/// Open availability challenges.
pub const CHALLENGES: Table = Table {
    name: "challenges",
    keys: &["contract", "challenge_id"],
    values: &["operator", "challenger", "commitment", "leaf", "deadline"],
};

/// Open games about computations.
pub const GAMES: Table =
    Table { name: "games", keys: &["contract", "game_id"], values: &["operator", "challenger", "computation"] };

/// Redemptions of the receipt of which something is left.
pub const REDEMPTIONS: Table = Table {
    name: "redemptions",
    keys: &["redemption_id"],
    values: &["account", "opened_at", "shares", "paid", "claimed", "parts_left"],
};

/// All of them.
pub const ALL: [Table; 13] = [
    CONTRACTS,
    OPERATORS,
    SERVICES,
    GRANTS,
    MEMBERS,
    POSITIONS,
    DOUBTS,
    WITHDRAWALS,
    FUNDS,
    REQUESTS,
    CHALLENGES,
    GAMES,
    REDEMPTIONS,
];

impl Table {
    /// The statements that make it.
    pub(crate) fn definition(&self) -> String {
        let columns: String = self.columns().map(|column| format!("{column} TEXT NOT NULL, ")).collect();
        let (name, keys) = (self.name, self.keys.join(", "));
        let mut made = format!(
            "CREATE TABLE {name} ({columns}from_block BIGINT NOT NULL, until_block BIGINT, \
             PRIMARY KEY ({keys}, from_block));\n\
             CREATE INDEX {name}_from ON {name} (from_block);\n\
             CREATE INDEX {name}_until ON {name} (until_block);\n"
        );
        // Things are also looked for by any one of their names, and by whom they are about.
        let about = self.values.iter().filter(|value| ["operator", "account", "registry"].contains(value));
        for column in self.keys.iter().skip(1).chain(about) {
            made.push_str(&format!("CREATE INDEX {name}_{column} ON {name} ({column});\n"));
        }
        made
    }

    /// What is so now, where columns are equal to values: the keys, then the values of each, in the order of the keys.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn current(&self, storage: &mut dyn Storage, equal: &[(&str, Value)]) -> Result<Vec<Row>, StorageError> {
        let columns: Vec<&str> = self.columns().collect();
        let condition = condition(equal.iter().map(|(column, _)| *column), 1);
        let (columns, name, keys) = (columns.join(", "), self.name, self.keys.join(", "));
        let sql = format!("SELECT {columns} FROM {name} WHERE until_block IS NULL{condition} ORDER BY {keys}");
        storage.query(&sql, &equal.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>())
    }

    /// How many there are now.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn count(&self, storage: &mut dyn Storage) -> Result<u64, StorageError> {
        let rows = storage.query(&format!("SELECT COUNT(*) FROM {} WHERE until_block IS NULL", self.name), &[])?;
        number(rows.first().map(Vec::as_slice).unwrap_or_default(), 0)
    }

    /// The values of a thing now.
    pub(crate) fn get(&self, storage: &mut dyn Storage, key: &[Value]) -> Result<Option<Row>, StorageError> {
        Ok(self.latest(storage, key)?.map(|row| row.into_iter().skip(1).collect()))
    }

    /// From a block on a thing is so.
    pub(crate) fn put(
        &self,
        storage: &mut dyn Storage,
        block: u64,
        key: &[Value],
        values: &[Value],
    ) -> Result<(), StorageError> {
        if let Some(latest) = self.latest(storage, key)? {
            if latest.iter().skip(1).eq(values) {
                return Ok(());
            }
            self.end(storage, block, key)?;
        }
        let columns: Vec<&str> = self.columns().collect();
        let places: Vec<String> = (1..=columns.len().saturating_add(1)).map(|place| format!("${place}")).collect();
        let (name, columns, places) = (self.name, columns.join(", "), places.join(", "));
        let sql = format!("INSERT INTO {name} ({columns}, from_block) VALUES ({places})");
        storage.execute(&sql, &[key, values, &[Value::try_from(block)?]].concat())?;
        Ok(())
    }

    /// From a block on a thing is not there any more. Nothing, if it was not.
    pub(crate) fn end(&self, storage: &mut dyn Storage, block: u64, key: &[Value]) -> Result<(), StorageError> {
        let (name, block) = (self.name, Value::try_from(block)?);
        let condition = condition(self.keys.iter().copied(), 2);
        let values = [&[block], key].concat();
        // What began in the same block was never there at the end of one.
        let began = format!("DELETE FROM {name} WHERE from_block = $1 AND until_block IS NULL{condition}");
        if storage.execute(&began, &values)? == 0 {
            let ended = format!("UPDATE {name} SET until_block = $1 WHERE until_block IS NULL{condition}");
            storage.execute(&ended, &values)?;
        }
        Ok(())
    }

    /// Forgets what happened after a block.
    pub(crate) fn roll_back(&self, storage: &mut dyn Storage, block: u64) -> Result<(), StorageError> {
        let (name, block) = (self.name, [Value::try_from(block)?]);
        storage.execute(&format!("DELETE FROM {name} WHERE from_block > $1"), &block)?;
        storage.execute(&format!("UPDATE {name} SET until_block = NULL WHERE until_block > $1"), &block)?;
        Ok(())
    }

    /// Since when a thing is so, and how.
    fn latest(&self, storage: &mut dyn Storage, key: &[Value]) -> Result<Option<Row>, StorageError> {
        let columns: String = self.values.iter().map(|value| format!(", {value}")).collect();
        let (name, condition) = (self.name, condition(self.keys.iter().copied(), 1));
        let sql = format!("SELECT from_block{columns} FROM {name} WHERE until_block IS NULL{condition}");
        Ok(storage.query(&sql, key)?.into_iter().next())
    }

    fn columns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.keys.iter().chain(self.values).copied()
    }
}

/// `AND a = $1 AND b = $2`, from a number on.
fn condition<'a>(columns: impl Iterator<Item = &'a str>, first: usize) -> String {
    columns.zip(first..).map(|(column, place)| format!(" AND {column} = ${place}")).collect()
}
