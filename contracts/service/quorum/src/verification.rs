//! From signatures to the stake that they carry.

use crate::storage::Quorum;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use arithmetic::wide::mul_div_up;
use common::stored::number;
use common::{calls, signature, Outcome};
use interfaces::{IQuorum, IRegistry};
use stylus_sdk::prelude::*;

/// 100 % in basis points.
const ALL: u16 = 10_000;

impl Quorum {
    /// Whether the signers of `hash` have `threshold` of the stake at `task_time`, and how much they have of how much.
    pub(crate) fn verify(
        &self,
        hash: B256,
        task_time: u64,
        signatures: &[u8],
        threshold: u16,
    ) -> Outcome<(bool, u128, u128)> {
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
        let signing_keys = self.signers(hash, signatures)?;
        let request = IRegistry::signedStakeAtCall { signingKeys: signing_keys, time: task_time };
        let answer = calls::view_raw(self.vm(), self.registry.get(), &request.abi_encode())?;
        let (signed, total) = (calls::answer(&answer, 0)?, calls::answer(&answer, 1)?);
        // Rounded up, against the signers; the quotient is at most the total.
        let needed = mul_div_up(total, u128::from(threshold), u128::from(ALL)).unwrap_or(total);
        Ok((total != 0 && signed >= needed, signed, total))
    }

    /// The keys that signed `hash`, each once.
    fn signers(&self, hash: B256, signatures: &[u8]) -> Outcome<Vec<Address>> {
        let (signatures, rest) = signatures.as_chunks::<64>();
        if !rest.is_empty() {
            return Err(IQuorum::MalformedSignatures {}.into());
        }
        let mut signers: Vec<Address> = Vec::with_capacity(signatures.len());
        for compact in signatures {
            let (r, vs) = compact.split_at(32);
            let signer = signature::signer(self.vm(), hash, B256::from_slice(r), B256::from_slice(vs))?;
            // Nobody's signature does not count, wherever it stands.
            if signer.is_zero() {
                continue;
            }
            if signers.last().is_some_and(|last| signer <= *last) {
                return Err(IQuorum::UnsortedSigners { signer }.into());
            }
            signers.push(signer);
        }
        Ok(signers)
    }
}
