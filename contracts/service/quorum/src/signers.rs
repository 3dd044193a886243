//! From signatures to who signed.

use crate::storage::Quorum;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use common::{signature, typed_data, Outcome};
use interfaces::IQuorum;
use stylus_sdk::prelude::*;

/// A signature that is somebody's.
pub(crate) struct Signature {
    pub(crate) signer: Address,
    /// Of data: which leaves the signer keeps. Of an answer: none.
    pub(crate) first_leaf: u64,
    pub(crate) kept_leaves: u64,
}

impl Quorum {
    /// Who signed the answer, each once.
    pub(crate) fn signers_of_answer(
        &self,
        task: B256,
        task_time: u64,
        answer: B256,
        signatures: &[u8],
    ) -> Outcome<Vec<Signature>> {
        let hash = typed_data::attestation_in(self.domain(), task, task_time, answer);
        let (signatures, rest) = signatures.as_chunks::<64>();
        self.recover(signatures.iter().map(|signature| (hash, signature, [0; 2])), rest)
    }

    /// Who signed that it keeps leaves of the data, each once.
    pub(crate) fn signers_of_data(
        &self,
        task: B256,
        task_time: u64,
        root: B256,
        leaf_count: u64,
        signatures: &[u8],
    ) -> Outcome<Vec<Signature>> {
        let domain = self.domain();
        let (signatures, rest) = signatures.as_chunks::<80>();
        let signed = signatures.iter().filter_map(|bytes| {
            let (signature, leaves) = bytes.split_first_chunk::<64>()?;
            let (first, kept) = leaves.split_first_chunk::<8>()?;
            let leaves = [u64::from_be_bytes(*first), u64::from_be_bytes(kept.try_into().ok()?)];
            let [first, kept] = leaves;
            let hash = typed_data::data_commitment(domain, task, task_time, root, [leaf_count, first, kept]);
            Some((hash, signature, leaves))
        });
        self.recover(signed, rest)
    }

    fn domain(&self) -> B256 {
        typed_data::domain_of(self.vm(), self.service_manager.get())
    }

    /// Recovers who signed, in ascending order, each once. `rest` is what is no whole signature.
    fn recover<'a>(
        &self,
        signed: impl Iterator<Item = (B256, &'a [u8; 64], [u64; 2])>,
        rest: &[u8],
    ) -> Outcome<Vec<Signature>> {
        if !rest.is_empty() {
            return Err(IQuorum::MalformedSignatures {}.into());
        }
        let mut signers: Vec<Signature> = Vec::with_capacity(signed.size_hint().1.unwrap_or(0));
        for (hash, compact, [first_leaf, kept_leaves]) in signed {
            let (r, vs) = compact.split_at(32);
            let signer = signature::signer(self.vm(), hash, B256::from_slice(r), B256::from_slice(vs))?;
            // Nobody's signature does not count, wherever it stands.
            if signer.is_zero() {
                continue;
            }
            if signers.last().is_some_and(|last| signer <= last.signer) {
                return Err(IQuorum::UnsortedSigners { signer }.into());
            }
            signers.push(Signature { signer, first_leaf, kept_leaves });
        }
        Ok(signers)
    }
}
