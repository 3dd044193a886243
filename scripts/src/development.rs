//! What only development nodes can: to move time, and to take over another chain.
//!
//! No real Nitro node has these methods. This file is the one place that names them, and a node is asked whether it has
//! them before any is used; a test looks that no other file does.

use alloy::providers::{DynProvider, Provider};
use eyre::{Result, WrapErr, bail, ensure};
use std::collections::BTreeMap;

/// The prefixes of the methods that are used here.
const PREFIXES: [&str; 2] = ["anvil", "evm"];

/// A node that said that it has development methods.
#[derive(Debug, Clone)]
pub struct Development {
    provider: DynProvider,
}

impl Development {
    /// Asks a node whether it has them (`rpc_modules`, which Nitro answers too).
    ///
    /// # Errors
    /// If it has not, or cannot be asked.
    pub async fn of(provider: DynProvider) -> Result<Self> {
        let modules: BTreeMap<String, String> = match provider.client().request("rpc_modules", ()).await {
            Ok(modules) => modules,
            Err(error) => bail!("this node has no development methods: it does not say which methods it has: {error}"),
        };
        let missing: Vec<&str> = PREFIXES.into_iter().filter(|prefix| !modules.contains_key(*prefix)).collect();
        ensure!(
            missing.is_empty(),
            "this node has no development methods: it has {} and not {}; `cargo restake devnode` starts one that has",
            modules.into_keys().collect::<Vec<_>>().join(", "),
            missing.join(", ")
        );
        Ok(Self { provider })
    }

    /// Mines a block now.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn mine(&self) -> Result<()> {
        let _: Option<String> = self.provider.client().request("evm_mine", ()).await?;
        Ok(())
    }

    /// Mines a block with this timestamp.
    ///
    /// # Errors
    /// If it is in the past.
    pub async fn mine_at(&self, timestamp: u64) -> Result<()> {
        let client = self.provider.client();
        let _: Option<String> = client.request("evm_setNextBlockTimestamp", (timestamp,)).await?;
        let _: Option<String> = client.request("evm_mine", ()).await?;
        Ok(())
    }

    /// Replaces the chain by the one of a picture, encoded and in hexadecimal digits.
    ///
    /// # Errors
    /// If the node does not take it.
    pub async fn load(&self, picture: &str) -> Result<()> {
        let loaded = self.provider.client().request::<_, bool>("anvil_loadState", (picture,)).await;
        ensure!(loaded.wrap_err("the node does not take the picture")?, "the node refused the picture");
        Ok(())
    }
}
