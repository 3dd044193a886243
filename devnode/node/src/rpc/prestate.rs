//! `prestateTracer`: the accounts that a transaction looked at, as they were before it. In the mode for differences,
//! what the transaction changed, before and after.

use crate::chain::{ForkError, State, Traced};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use stylus_vm::revm::bytecode::Bytecode;

/// The options of the tracer.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PrestateConfig {
    /// Whether the answer is what changed.
    diff_mode: bool,
    /// Whether code is left out.
    disable_code: bool,
    /// Whether storage is left out.
    disable_storage: bool,
    /// Whether accounts that did not exist are in the answer.
    include_empty: bool,
}

impl PrestateConfig {
    /// Whether the options exclude each other: what did not exist is a part of each difference anyway.
    pub(super) fn is_contradictory(&self) -> bool {
        self.diff_mode && self.include_empty
    }
}

/// An account at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    balance: U256,
    nonce: u64,
    code: Bytes,
    storage: BTreeMap<U256, U256>,
}

impl Account {
    fn read(state: &State, address: Address, slots: &BTreeSet<U256>) -> Result<Self, ForkError> {
        let storage = slots.iter().map(|slot| Ok((*slot, state.storage(address, *slot)?)));
        Ok(Self {
            balance: state.balance(address)?,
            nonce: state.nonce(address)?,
            code: state.code(address)?,
            storage: storage.collect::<Result<_, ForkError>>()?,
        })
    }

    fn is_empty(&self) -> bool {
        self.balance.is_zero() && self.nonce == 0 && self.code.is_empty()
    }

    fn json(&self, config: &PrestateConfig) -> Value {
        let mut fields = Map::from_iter([("balance".into(), json!(self.balance))]);
        if self.nonce != 0 {
            fields.insert("nonce".into(), json!(self.nonce));
        }
        add_code(&mut fields, &self.code, config);
        if !config.disable_storage {
            add_storage(&mut fields, &self.storage);
        }
        Value::Object(fields)
    }
}

fn add_code(fields: &mut Map<String, Value>, code: &Bytes, config: &PrestateConfig) {
    if !code.is_empty() {
        fields.insert("codeHash".into(), json!(keccak256(code)));
    }
    if !code.is_empty() && !config.disable_code {
        fields.insert("code".into(), json!(code));
    }
}

fn add_storage(fields: &mut Map<String, Value>, storage: &BTreeMap<U256, U256>) {
    if !storage.is_empty() {
        let words = storage.iter().map(|(slot, value)| (B256::from(*slot), B256::from(*value)));
        fields.insert("storage".into(), json!(words.collect::<BTreeMap<_, _>>()));
    }
}

/// The answer of the tracer.
pub(super) fn prestate(traced: &Traced, config: &PrestateConfig) -> Result<Value, ForkError> {
    let mut accounts = traced.trace.looks.accounts.clone();
    for called in &traced.trace.looks.called {
        let code = traced.before.code(*called)?;
        let delegate = Bytecode::new_raw_checked(code).ok().and_then(|code| code.eip7702_address());
        if let Some(delegate) = delegate {
            accounts.entry(delegate).or_default();
        }
    }
    if config.diff_mode {
        return difference(traced, &accounts, config);
    }
    let mut shown = BTreeMap::new();
    for (address, slots) in &accounts {
        let account = Account::read(&traced.before, *address, slots)?;
        if config.include_empty || !account.is_empty() {
            shown.insert(address, account.json(config));
        }
    }
    Ok(json!(shown))
}

fn difference(
    traced: &Traced,
    accounts: &BTreeMap<Address, BTreeSet<U256>>,
    config: &PrestateConfig,
) -> Result<Value, ForkError> {
    let (mut pre, mut post) = (BTreeMap::new(), BTreeMap::new());
    for (address, slots) in accounts {
        let mut before = Account::read(&traced.before, *address, slots)?;
        let is_destroyed = traced.trace.looks.destroyed.contains(address);
        if !is_destroyed {
            let mut after = Account::read(&traced.after, *address, slots)?;
            if config.disable_storage {
                (before.storage, after.storage) = Default::default();
            }
            if before == after {
                continue;
            }
            let unchanged = |slot: &U256, value: &U256| after.storage.get(slot) == Some(value);
            before.storage.retain(|slot, value| !value.is_zero() && !unchanged(slot, value));
            post.insert(address, changes(traced, *address, &before, after, config)?);
        }
        if !before.is_empty() {
            pre.insert(address, before.json(config));
        }
    }
    Ok(json!({ "pre": pre, "post": post }))
}

/// What `after` has that the account had not before.
fn changes(
    traced: &Traced,
    address: Address,
    before: &Account,
    after: Account,
    config: &PrestateConfig,
) -> Result<Value, ForkError> {
    let mut fields = Map::new();
    if after.balance != before.balance {
        fields.insert("balance".into(), json!(after.balance));
    }
    if after.nonce != before.nonce && after.nonce != 0 {
        fields.insert("nonce".into(), json!(after.nonce));
    }
    if after.code != before.code {
        add_code(&mut fields, &after.code, config);
        if after.code.is_empty() {
            fields.insert("codeHash".into(), json!(B256::ZERO));
        }
    }
    let mut storage = BTreeMap::new();
    for (slot, value) in after.storage {
        if !value.is_zero() && traced.before.storage(address, slot)? != value {
            storage.insert(slot, value);
        }
    }
    add_storage(&mut fields, &storage);
    Ok(Value::Object(fields))
}
