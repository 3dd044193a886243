//! Joining a service, leaving it, and signing keys.

use crate::registry::Key;
use crate::{Answer, Protocol, revert};
use alloy_primitives::Address;
use interfaces::IRegistry::*;

impl Protocol {
    /// Operator: joins a service. `signer` is who signed that `key` signs for the operator; the zero address for
    /// nobody.
    pub fn register_operator(&mut self, operator: Address, service: usize, key: Address, signer: Address) -> Answer {
        if self.serves(service, operator) {
            return revert(AlreadyRegistered { operator });
        }
        self.check_key(service, key, signer)?;
        let contracts = self.setup.services[service].contracts;
        self.record_first_stake_update(contracts.service_manager, operator)?;
        let (stake, minimum) = (self.accepted(service, operator), self.registries[service].minimum.at(self.now));
        if stake < minimum {
            return revert(StakeBelowMinimum { stake, minimum });
        }
        if !self.is_admitted(service, operator) {
            return revert(NotAdmitted { operator });
        }
        self.open_key(service, operator, key);
        let member = self.member(service, operator);
        (member.serves, member.refused_since) = (true, 0);
        self.log(contracts.registry, OperatorRegistered { operator, signingKey: key, stake });
        self.count(service, operator, stake, true, true)
    }

    /// Operator: signs with another key from now on. `signer` is who signed that the key signs for the operator.
    pub fn rotate_key(&mut self, operator: Address, service: usize, key: Address, signer: Address) -> Answer {
        self.require_serving(service, operator)?;
        self.check_key(service, key, signer)?;
        let old_key = self.close_key(service, operator);
        self.open_key(service, operator, key);
        let event = KeyRotated { operator, oldKey: old_key, newKey: key };
        self.log(self.setup.services[service].contracts.registry, event);
        Ok(())
    }

    /// Operator: leaves a service.
    pub fn deregister_operator(&mut self, operator: Address, service: usize) -> Answer {
        self.require_serving(service, operator)?;
        self.close_key(service, operator);
        self.member(service, operator).serves = false;
        let contracts = self.setup.services[service].contracts;
        self.log(contracts.registry, OperatorDeregistered { operator });
        // A suspension goes on: only an update that finds no open request ends it.
        self.count(service, operator, 0, false, false)?;
        self.record_last_stake_update(contracts.service_manager, operator)
    }

    /// Whether an operator serves.
    pub fn serves(&self, service: usize, operator: Address) -> bool {
        self.registries[service].members.get(&operator).is_some_and(|member| member.serves)
    }

    fn require_serving(&self, service: usize, operator: Address) -> Answer {
        if self.serves(service, operator) { Ok(()) } else { revert(NotRegistered { operator }) }
    }

    /// A key is registered once, by the operator that proves to hold it.
    fn check_key(&self, service: usize, key: Address, signer: Address) -> Answer {
        if self.registries[service].keys.contains_key(&key) {
            return revert(SigningKeyInUse { signingKey: key });
        }
        if signer.is_zero() || signer != key {
            return revert(InvalidKeyProof {});
        }
        Ok(())
    }

    fn open_key(&mut self, service: usize, operator: Address, key: Address) {
        let from = self.now;
        self.member(service, operator).key = key;
        self.registries[service].keys.insert(key, Key { operator, from, until: u64::MAX });
    }

    /// From now on the operator's key signs nothing. Returns it.
    fn close_key(&mut self, service: usize, operator: Address) -> Address {
        let now = self.now;
        let key = self.member(service, operator).key;
        if let Some(known) = self.registries[service].keys.get_mut(&key) {
            known.until = now;
        }
        key
    }
}
