//! What a challenge said: for an operator whose disk is lost, or is that of yesterday, so that it does not know what it
//! promised any more.

use crate::setting::Setting;
use alloy::consensus::Transaction;
use alloy::primitives::B256;
use alloy::providers::Provider;
use alloy::sol_types::SolValue;
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::{DataCommitment, Unavailability};
use restake::attestation::Domain;

/// The words of the evidence, in bytes.
const EVIDENCE: usize = 9 * 32;

/// The selector of a call, in bytes.
const SELECTOR: usize = 4;

/// The commitment with this hash that the challenger presented in a transaction, itself or through a contract.
pub(super) async fn presented(setting: &Setting, transaction: B256, commitment: B256) -> Result<DataCommitment> {
    let sent = setting.chain.provider().get_transaction_by_hash(transaction).await?;
    let sent = sent.ok_or_eyre("the node does not have the challenge's transaction")?;
    let found = find(&setting.domain, sent.inner.input(), commitment);
    found.ok_or_eyre("this store has never kept anything for this commitment, and the challenge does not show it")
}

/// What is said in the words of a call, if it is what was signed.
fn find(domain: &Domain, input: &[u8], commitment: B256) -> Option<DataCommitment> {
    let words = input.get(SELECTOR..)?;
    let places = (0..words.len()).step_by(32);
    let mut evidence = places.filter_map(|place| words.get(place..place.saturating_add(EVIDENCE)));
    evidence.find_map(|evidence| {
        let Unavailability { task, taskTime, root, leafCount, firstLeaf, keptLeaves, .. } =
            Unavailability::abi_decode_validate(evidence).ok()?;
        let said = DataCommitment { task, taskTime, root, leafCount, firstLeaf, keptLeaves };
        (domain.data_commitment_hash(&said) == commitment).then_some(said)
    })
}
