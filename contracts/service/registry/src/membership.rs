//! Joining and leaving the service.

use crate::storage::{set_time, time, Member, Registry};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use common::{calls, Emit, Outcome};
use interfaces::{IRegistry, IServiceManager};
use stylus_sdk::prelude::*;

impl Registry {
    pub(crate) fn _register_operator(&mut self, signing_key: Address, r: B256, vs: B256) -> Outcome {
        let operator = self.vm().msg_sender();
        if self.operators.getter(operator).read().serves {
            return Err(IRegistry::AlreadyRegistered { operator }.into());
        }
        self.check_key(operator, signing_key, r, vs)?;
        // First, because the Slasher answers with what it would be asked otherwise; a refusal takes it back.
        let grant = self.record(operator, IServiceManager::recordFirstStakeUpdateCall::SELECTOR)?;
        let weighed = self.weighed(operator, &grant)?;
        let (stake, minimum) = (self.accepted(&weighed), self.minimum_stake.at(self.vm().block_timestamp()));
        if stake < minimum {
            return Err(IRegistry::StakeBelowMinimum { stake, minimum }.into());
        }
        if !self.is_admitted(operator)? {
            return Err(IRegistry::NotAdmitted { operator }.into());
        }

        self.open_key(operator, signing_key);
        let mut stored = self.operators.setter(operator);
        let member = stored.read();
        stored.write(&Member { serves: true, refused_epoch: 0, ..member });
        let operator_count = time(&self.operator_count).saturating_add(1);
        set_time(&mut self.operator_count, operator_count);
        self.vm().emit(&IRegistry::OperatorRegistered { operator, signingKey: signing_key, stake });
        self.count(operator, stake, true, weighed.pending)
    }

    /// Nobody is asked: neither the admission contract nor what the operator weighs.
    pub(crate) fn _deregister_operator(&mut self) -> Outcome {
        let operator = self.vm().msg_sender();
        self.require_serving(operator)?;
        self.close_key(operator);
        let mut stored = self.operators.setter(operator);
        let member = stored.read();
        stored.write(&Member { serves: false, ..member });
        let operator_count = time(&self.operator_count).saturating_sub(1);
        set_time(&mut self.operator_count, operator_count);
        self.vm().emit(&IRegistry::OperatorDeregistered { operator });
        // A suspension goes on: only an update that finds no open request ends it.
        self.count(operator, 0, false, u128::MAX)?;
        self.record(operator, IServiceManager::recordLastStakeUpdateAndRevokeSlashingAbilityCall::SELECTOR)?;
        Ok(())
    }

    pub(crate) fn require_serving(&self, operator: Address) -> Outcome {
        if self.operators.getter(operator).read().serves {
            Ok(())
        } else {
            Err(IRegistry::NotRegistered { operator }.into())
        }
    }

    /// Tells the ServiceManager about the operator. `function` is the selector of one of its two recordings: they take
    /// the same, so their code exists once in this program.
    fn record(&mut self, operator: Address, function: [u8; 4]) -> Outcome<Vec<u8>> {
        let calldata = calls::question(function, &[operator]);
        calls::send_raw(self, self.service_manager.get(), U256::ZERO, &calldata)
    }
}
