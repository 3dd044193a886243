//! Whether enough stake signed an answer.

use crate::history;
use crate::storage::Registry;
use alloy_primitives::{Address, B256};
use arithmetic::wide::mul_div_up;
use common::{signature, typed_data, Outcome};
use interfaces::IRegistry;
use stylus_sdk::prelude::*;

/// 100 % in basis points.
const ALL: u16 = 10_000;

impl Registry {
    pub(crate) fn quorum(
        &self,
        attestation: (B256, u64, B256),
        signatures: &[u8],
        threshold: u16,
    ) -> Outcome<(bool, u128, u128)> {
        let (task, task_time, answer) = attestation;
        if threshold == 0 || threshold > ALL {
            return Err(IRegistry::InvalidThreshold { threshold }.into());
        }
        if task_time > self.vm().block_timestamp() {
            return Err(IRegistry::TaskInFuture { taskTime: task_time }.into());
        }
        let (signatures, rest) = signatures.as_chunks::<64>();
        if !rest.is_empty() {
            return Err(IRegistry::MalformedSignatures {}.into());
        }
        let hash = typed_data::attestation(self.vm(), self.service_manager.get(), task, task_time, answer);
        let (mut last, mut signed) = (Address::ZERO, 0u128);
        for compact in signatures {
            let (r, vs) = compact.split_at(32);
            let signer = signature::signer(self.vm(), hash, B256::from_slice(r), B256::from_slice(vs))?;
            let operator = self.key_owners.get(signer);
            // Its current key only: two keys of one operator do not count its stake twice.
            if operator.is_zero() || self.operators.getter(operator).signing_key.get() != signer {
                return Err(IRegistry::UnknownSigner { signer }.into());
            }
            if signer <= last {
                return Err(IRegistry::UnsortedSigners { signer }.into());
            }
            last = signer;
            let stake = history::at(&self.histories.getter(operator), task_time);
            signed = signed.checked_add(stake).ok_or(IRegistry::StakeTooLarge {})?;
        }
        let total = history::at(&self.total, task_time);
        // Rounded up, against the signers; the quotient is at most the total.
        let needed = mul_div_up(total, u128::from(threshold), u128::from(ALL)).unwrap_or(total);
        Ok((total != 0 && signed >= needed, signed, total))
    }
}
