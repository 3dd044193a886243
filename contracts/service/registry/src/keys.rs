//! Signing keys: each belongs to one operator for good, signs for a time, and never returns.

use crate::storage::{set_time, time, Member, Registry, NO_END};
use alloy_primitives::{Address, B256};
use common::{signature, typed_data, Emit, Outcome};
use interfaces::IRegistry;
use stylus_sdk::prelude::*;

impl Registry {
    pub(crate) fn _rotate_key(&mut self, signing_key: Address, r: B256, vs: B256) -> Outcome {
        let operator = self.vm().msg_sender();
        self.require_serving(operator)?;
        self.check_key(operator, signing_key, r, vs)?;
        let old_key = self.close_key(operator);
        self.open_key(operator, signing_key);
        self.vm().emit(&IRegistry::KeyRotated { operator, oldKey: old_key, newKey: signing_key });
        Ok(())
    }

    pub(crate) fn _key_of(&self, signing_key: Address) -> (Address, u64, u64) {
        let key = self.keys.getter(signing_key);
        let until = time(&key.until);
        (key.operator.get(), time(&key.from), if until == NO_END { u64::MAX } else { until })
    }

    /// A key is registered once, by the operator that proves to hold it: a signature by it accuses nobody else, and
    /// what it signed before it was replaced or after is never counted.
    pub(crate) fn check_key(&self, operator: Address, signing_key: Address, r: B256, vs: B256) -> Outcome {
        if !self.keys.getter(signing_key).operator.get().is_zero() {
            return Err(IRegistry::SigningKeyInUse { signingKey: signing_key }.into());
        }
        let hash = typed_data::key_binding(self.vm(), self.service_manager.get(), operator);
        let signer = signature::signer(self.vm(), hash, r, vs)?;
        if signer.is_zero() || signer != signing_key {
            return Err(IRegistry::InvalidKeyProof {}.into());
        }
        Ok(())
    }

    /// From now on `signing_key`, which was checked, signs for the operator.
    pub(crate) fn open_key(&mut self, operator: Address, signing_key: Address) {
        let now = self.vm().block_timestamp();
        let mut stored = self.operators.setter(operator);
        let member = stored.read();
        stored.write(&Member { signing_key, ..member });
        let mut key = self.keys.setter(signing_key);
        key.operator.set(operator);
        set_time(&mut key.from, now);
        set_time(&mut key.until, NO_END);
    }

    /// From now on the operator's key signs nothing. Returns it.
    pub(crate) fn close_key(&mut self, operator: Address) -> Address {
        let now = self.vm().block_timestamp();
        let signing_key = self.operators.getter(operator).read().signing_key;
        set_time(&mut self.keys.setter(signing_key).until, now);
        signing_key
    }
}
