//! Joining and leaving the service.

use crate::storage::Registry;
use alloy_primitives::{Address, B256, U256, U64};
use alloy_sol_types::{SolCall, SolValue};
use arithmetic::time::EPOCH_SECONDS;
use common::stored::number;
use common::{calls, signature, typed_data, Outcome};
use interfaces::{IRegistry, IServiceManager};
use stylus_sdk::prelude::*;

impl Registry {
    pub(crate) fn join(&mut self, operator: Address, signing_key: Address, r: B256, vs: B256) -> Outcome {
        if self.operators.getter(operator).serves.get() {
            return Err(IRegistry::AlreadyRegistered { operator }.into());
        }
        self.require_key(operator, signing_key, r, vs)?;
        let (stake, minimum) = (self.weigh(operator)?, self.minimum_stake.at(self.vm().block_timestamp()));
        if stake < minimum {
            return Err(IRegistry::StakeBelowMinimum { stake, minimum }.into());
        }

        let mut member = self.operators.setter(operator);
        member.signing_key.set(signing_key);
        member.serves.set(true);
        self.key_owners.insert(signing_key, operator);
        let count = number(&self.operator_count).saturating_add(1);
        self.operator_count.set(U64::from(count));
        self.vm().log(IRegistry::OperatorRegistered { operator, signingKey: signing_key, stake });
        let counting = self.counting(operator, stake)?;
        self.count(operator, counting)?;

        self.record(operator, IServiceManager::recordFirstStakeUpdateCall::SELECTOR)
    }

    pub(crate) fn leave(&mut self, operator: Address) -> Outcome {
        let mut member = self.operators.setter(operator);
        if !member.serves.get() {
            return Err(IRegistry::NotRegistered { operator }.into());
        }
        member.serves.set(false);
        let count = number(&self.operator_count).saturating_sub(1);
        self.operator_count.set(U64::from(count));
        self.vm().log(IRegistry::OperatorDeregistered { operator });
        self.count(operator, 0)?;
        self.record(operator, IServiceManager::recordLastStakeUpdateAndRevokeSlashingAbilityCall::SELECTOR)
    }

    /// A key belongs to the first operator that proves to hold it: a signature by it can never accuse anybody else.
    fn require_key(&self, operator: Address, signing_key: Address, r: B256, vs: B256) -> Outcome {
        let owner = self.key_owners.get(signing_key);
        if !owner.is_zero() && owner != operator {
            return Err(IRegistry::SigningKeyInUse { signingKey: signing_key }.into());
        }
        let hash = typed_data::key_binding(self.vm(), self.service_manager.get(), operator);
        let signer = signature::signer(self.vm(), hash, r, vs)?;
        if signer.is_zero() || signer != signing_key {
            return Err(IRegistry::InvalidKeyProof {}.into());
        }
        Ok(())
    }

    /// Tells the ServiceManager that the operator owes service for one epoch from now: as long as leaving stake stays slashable. `function` is the selector of one of
    /// its three recordings: they take the same and answer nothing, so their code exists once in this program.
    pub(crate) fn record(&mut self, operator: Address, function: [u8; 4]) -> Outcome {
        let serve_until = self.vm().block_timestamp().saturating_add(EPOCH_SECONDS);
        let calldata = [&function[..], &(operator, serve_until).abi_encode_params()].concat();
        calls::send_raw(self, self.service_manager.get(), U256::ZERO, &calldata)?;
        Ok(())
    }
}
