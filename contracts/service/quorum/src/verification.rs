//! From who signed to the stake that it carries.

use crate::signers::Signature;
use crate::storage::Quorum;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use arithmetic::wide::mul_div_up;
use common::stored::number;
use common::{calls, Outcome, Revert};
use interfaces::{IQuorum, IRegistry};
use stylus_sdk::prelude::*;

/// 100 % in basis points.
const ALL: u16 = 10_000;

/// A signature that counts, with the stake that it carries.
pub(crate) struct Carrying {
    pub(crate) signature: Signature,
    pub(crate) stake: u128,
}

impl Quorum {
    /// Checks that this can be asked about, now and for so much of the stake.
    pub(crate) fn require_askable(&self, task_time: u64, threshold: u16) -> Outcome {
        if threshold == 0 || threshold > ALL {
            return Err(IQuorum::InvalidThreshold { threshold }.into());
        }
        let now = self.vm().block_timestamp();
        if task_time > now {
            return Err(IQuorum::TaskInFuture { taskTime: task_time }.into());
        }
        // The other half of the window is left to prove a fault of the signers.
        let askable_until = task_time.saturating_add(number(&self.evidence_window) / 2);
        if now > askable_until {
            return Err(IQuorum::TaskTooOld { askableUntil: askable_until }.into());
        }
        Ok(())
    }

    /// The stake that signatures by these keys carry together, and the total.
    pub(crate) fn signed_stake_at(&self, signing_keys: Vec<Address>, time: u64) -> Outcome<(u128, u128)> {
        let request = IRegistry::signedStakeAtCall { signingKeys: signing_keys, time };
        let answer = calls::view_raw(self.vm(), self.registry.get(), &request.abi_encode())?;
        Ok((calls::answer(&answer, 0)?, calls::answer(&answer, 1)?))
    }

    /// Those whose signatures carry stake, with it.
    pub(crate) fn carrying(&self, signatures: Vec<Signature>, time: u64) -> Outcome<Vec<Carrying>> {
        let mut carrying = Vec::with_capacity(signatures.len());
        for signature in signatures {
            let (stake, _) = self.signed_stake_at(vec![signature.signer], time)?;
            if stake != 0 {
                carrying.push(Carrying { signature, stake });
            }
        }
        Ok(carrying)
    }

    /// Those whose signatures carry stake and who keep leaves of the data, none of which is counted twice.
    pub(crate) fn keepers(
        &self,
        task: B256,
        task_time: u64,
        root: B256,
        leaf_count: u64,
        signatures: &[u8],
    ) -> Outcome<Vec<Carrying>> {
        let signers = self.signers_of_data(task, task_time, root, leaf_count, signatures)?;
        let keepers = self.carrying(signers, task_time)?;
        let mut counted = 0u64;
        for Carrying { signature: Signature { signer, first_leaf, kept_leaves }, .. } in &keepers {
            let end = first_leaf.checked_add(*kept_leaves).filter(|end| *end <= leaf_count);
            match end {
                Some(end) if *first_leaf >= counted && *kept_leaves != 0 => counted = end,
                _ => return Err(IQuorum::InvalidLeaves { signer: *signer }.into()),
            }
        }
        Ok(keepers)
    }

    /// Whose keys signed, with the stake of each.
    pub(crate) fn operators_of(&self, carrying: &[Carrying]) -> Outcome<(Vec<Address>, Vec<u128>)> {
        let mut operators = Vec::with_capacity(carrying.len());
        for Carrying { signature, .. } in carrying {
            let key = signature.signer;
            let answer = calls::ask(self.vm(), self.registry.get(), IRegistry::keyOfCall::SELECTOR, &[key])?;
            let operator = answer.first_chunk::<32>().ok_or_else(|| Revert::passed_on(Vec::new()))?;
            operators.push(Address::from_word(operator.into()));
        }
        Ok((operators, carrying.iter().map(|signer| signer.stake).collect()))
    }
}

/// Whether `signed` is `threshold` (basis points) of `total`.
pub(crate) fn is_reached(signed: u128, total: u128, threshold: u16) -> bool {
    // Rounded up, against the signers; the quotient is at most the total.
    let needed = mul_div_up(total, u128::from(threshold), u128::from(ALL)).unwrap_or(total);
    total != 0 && signed >= needed
}
