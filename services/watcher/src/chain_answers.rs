//! The answers that the chain shows: whoever stores one there sends the signatures under it.

use alloy::consensus::Transaction;
use alloy::primitives::{Address, B256, FixedBytes};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;
use interfaces::IPriceFeed::{AnswerUpdated, taskCall, updateCall};
use interfaces::ITaskBoard::{TaskAnswered, answerTaskCall, taskHashCall, taskOfCall};
use restake::chain::Chain;
use restake_daemon::message::{Answer, Signature};

/// What can be read where signatures were sent.
pub(crate) struct Found {
    /// The answers.
    pub(crate) answers: Vec<Answer>,
    /// How many transactions sent them in a way that is not understood.
    pub(crate) unreadable: u64,
}

/// The answers that were sent to feeds and boards in the blocks from `first` to `last`.
pub(crate) async fn between(chain: &Chain, contracts: &[Address], first: u64, last: u64) -> Result<Found> {
    let mut found = Found { answers: Vec::new(), unreadable: 0 };
    if contracts.is_empty() {
        return Ok(found);
    }
    let events = vec![AnswerUpdated::SIGNATURE_HASH, TaskAnswered::SIGNATURE_HASH];
    let filter = Filter::new().address(contracts.to_vec()).event_signature(events);
    for log in chain.logs(&filter, first, last).await? {
        match sent(chain, &log).await? {
            Some(answers) => found.answers.extend(answers),
            None => found.unreadable = found.unreadable.saturating_add(1),
        }
    }
    Ok(found)
}

/// What a transaction sent that stored an answer; nothing if another contract called, or it is about data.
async fn sent(chain: &Chain, log: &Log) -> Result<Option<Vec<Answer>>> {
    let contract = log.address();
    let Some(hash) = log.transaction_hash else { return Ok(None) };
    let Some(transaction) = chain.provider().get_transaction_by_hash(hash).await? else { return Ok(None) };
    if transaction.inner.to() != Some(contract) {
        return Ok(None);
    }
    let input = transaction.inner.input();
    if let Ok(updateCall { slot, price, signatures }) = updateCall::abi_decode_validate(input) {
        let task = chain.view(contract, &taskCall {}).await?;
        return Ok(Some(signed(task, slot, price.into(), &signatures)));
    }
    if let Ok(answerTaskCall { taskId, answer, signatures }) = answerTaskCall::abi_decode_validate(input) {
        let task = chain.view(contract, &taskHashCall { taskId }).await?;
        let time = chain.view(contract, &taskOfCall { taskId }).await?.taskTime;
        return Ok(Some(signed(task, time, answer, &signatures)));
    }
    Ok(None)
}

/// An answer for each signature, of 64 bytes.
fn signed(task: B256, task_time: u64, answer: B256, signatures: &[u8]) -> Vec<Answer> {
    let (signatures, _) = signatures.as_chunks::<64>();
    let answered = |bytes: &[u8; 64]| {
        let signature = Signature::from(FixedBytes(*bytes));
        Answer { task, task_time, answer, signature }
    };
    signatures.iter().map(answered).collect()
}
