//! Asserting that a call is refused for the right reason and changes nothing.

use crate::picture::Picture;
use crate::world::World;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolError};
use eyre::{Result, bail, ensure};
use restake::actors::Actor;
use restake::chain::CallError;
use restake::refusal::Refusal;

/// Gas for a transaction that is meant to fail: more than any operation takes.
const PLENTY: u64 = 3_000_000;

impl World {
    /// `who` calls `to`: refused with exactly `expected`, and nothing changes.
    ///
    /// # Errors
    /// If it is not.
    pub async fn refuse<C: SolCall, E: SolError>(
        &self,
        who: &Actor,
        to: Address,
        call: &C,
        expected: &E,
    ) -> Result<()> {
        self.refuse_paying(who, to, call, U256::ZERO, expected).await
    }

    /// The same for a call that carries `value` wei.
    ///
    /// # Errors
    /// If it is not refused so.
    pub async fn refuse_paying<C: SolCall, E: SolError>(
        &self,
        who: &Actor,
        to: Address,
        call: &C,
        value: U256,
        expected: &E,
    ) -> Result<()> {
        let refusal = self.refusal(who, to, call, value).await?;
        let wanted = Refusal { data: expected.abi_encode().into() };
        ensure!(refusal == wanted, "{} by {} was refused with {refusal}, expected {wanted}", C::SIGNATURE, who.name);
        Ok(())
    }

    /// What a call is refused with. The refused transaction is mined as well, with the picture of the chain taken
    /// before and after.
    ///
    /// # Errors
    /// If it is not refused, or something changed.
    pub async fn refusal<C: SolCall>(&self, who: &Actor, to: Address, call: &C, value: U256) -> Result<Refusal> {
        let refusal = match self.chain.simulate(who.address, to, call, value).await {
            Err(CallError::Refused(refusal)) => refusal,
            Err(error) => return Err(error.into()),
            Ok(_) => bail!("{} by {} should have been refused", C::SIGNATURE, who.name),
        };
        let before = Picture::take(self).await?;
        let request = TransactionRequest::default()
            .with_from(who.address)
            .with_to(to)
            .with_input(call.abi_encode())
            .with_value(value)
            .with_gas_limit(PLENTY);
        let receipt = self.chain.submit(request).await?;
        ensure!(
            !receipt.status(),
            "{} by {} was refused when simulated and went through when sent",
            C::SIGNATURE,
            who.name
        );
        ensure!(receipt.logs().is_empty(), "a refused {} logged something", C::SIGNATURE);
        let after = Picture::take(self).await?;
        before.must_equal(&after)?;
        Ok(refusal)
    }
}
