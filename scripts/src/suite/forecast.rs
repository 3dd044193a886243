//! What a deployment will cost, asked of a chain on which nothing of it exists yet: what is not there is supposed to
//! be.

use super::deploying::Deploying;
use super::stylus_deployer::ANYWHERE;
use crate::deployment::Deployment;
use alloy::network::TransactionBuilder;
use alloy::primitives::{B256, Bytes, U256, hex, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use eyre::{Result, WrapErr};

/// More than a program uses of its own when it is told of the others, or is configured: code that is not there cannot
/// be asked, since no program runs that was not activated.
pub const CALL_GAS: u64 = 250_000;

/// What the steps cost that are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// How many steps are left.
    pub steps: usize,
    /// The gas of all of them, at most.
    pub gas: u64,
    /// What their activations cost beside it (wei), at most.
    pub data_fees: U256,
    /// What gas costs now (wei).
    pub gas_price: U256,
    /// What the account has (wei).
    pub balance: U256,
}

impl Forecast {
    /// All of it, at the present price (wei).
    pub fn total(&self) -> U256 {
        self.data_fees.saturating_add(self.gas_price.saturating_mul(U256::from(self.gas)))
    }
}

impl Deploying<'_> {
    /// Asks what is left to do, and what it will cost. Nothing is sent.
    ///
    /// # Errors
    /// If the chain cannot be asked, or would refuse a step.
    pub async fn forecast(&self, record: &Deployment) -> Result<Forecast> {
        let (mut record, mut supposed) = (record.clone(), StateOverride::default());
        let (mut steps, mut gas, mut data_fees) = (0usize, 0u64, U256::ZERO);
        self.adopt_token(&mut record).await?;
        for name in self.scope.names(self.parameters) {
            let creation = self.creation(&record, name)?;
            if let Some(address) = record.addresses().get(name).copied()
                && self.is_there(name, address, creation.code).await?
            {
                continue;
            }
            let fee = creation.fee(self.chain).await?;
            let address = creation.address(self.chain, fee, supposed.clone()).await?;
            let overrides: StateOverride = supposed.clone().into_iter().chain([creation.rich()]).collect();
            let estimate = self.chain.provider().estimate_gas(creation.transaction(fee)).overrides(overrides).await;
            gas = gas.saturating_add(estimate.wrap_err_with(|| format!("cannot estimate {name}"))?);
            data_fees = data_fees.saturating_add(fee);
            steps += 1;
            record.plan(name, address, keccak256(creation.code));
            supposed.insert(address, stand_in(self.answer(name)));
        }
        for name in self.scope.connected() {
            if self.is_to_connect(&record, name).await? {
                gas = gas.saturating_add(self.call_gas(&record, self.plan(&record).connection(name)?).await?);
                steps += 1;
            }
        }
        for call in self.left_to_configure(&record).await? {
            gas = gas.saturating_add(self.call_gas(&record, call).await?);
            steps += 1;
        }
        let gas_price = U256::from(self.chain.provider().get_gas_price().await?);
        let balance = self.chain.balance(record.from()).await?;
        Ok(Forecast { steps, gas, data_fees, gas_price, balance })
    }

    /// What a contract answers, where the constructor of another asks it.
    fn answer(&self, name: &str) -> U256 {
        // A token says that it worked; a Registry how long evidence is good.
        if name == "registry" { U256::from(self.parameters.evidence_window) } else { U256::ONE }
    }

    /// What a call costs at most: to be sent, and to be executed.
    async fn call_gas(&self, record: &Deployment, input: Bytes) -> Result<u64> {
        let request = TransactionRequest::default().with_from(record.from()).with_to(ANYWHERE).with_input(input);
        let sent = self.chain.provider().estimate_gas(request).await.wrap_err("cannot estimate a call")?;
        Ok(sent.saturating_add(CALL_GAS))
    }

    async fn is_to_connect(&self, record: &Deployment, name: &str) -> Result<bool> {
        let Some(address) = record.addresses().get(name).copied() else { return Ok(true) };
        if self.chain.provider().get_code_at(address).await?.is_empty() {
            return Ok(true);
        }
        Ok(!super::verify::is_connected(self.chain, name, address).await?)
    }
}

/// An account whose code answers every call with this word.
fn stand_in(word: U256) -> AccountOverride {
    // PUSH32 word, PUSH0, MSTORE, RETURN(0, 32).
    let code = [&hex!("7f")[..], B256::from(word).as_slice(), &hex!("5f5260205ff3")].concat();
    AccountOverride { code: Some(Bytes::from(code)), ..Default::default() }
}
