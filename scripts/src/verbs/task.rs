//! What is done with a TaskBoard, and a PriceFeed. Whoever posts a task lets the board take its fee before
//! ([`approve`](super::token::approve)).

use super::Verb;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolEvent;
use interfaces::IPriceFeed::{AnswerUpdated, updateCall};
use interfaces::ITaskBoard::{
    FeeWithdrawn, TaskAnswered, TaskClosed, TaskPosted, answerDataTaskCall, answerTaskCall, closeTaskCall,
    postTaskCall, withdrawFeesCall,
};

/// Posts a task of a kind of fault that its signers can be slashed for, to be answered until `deadline` (Unix seconds).
pub fn post(board: Address, kind: u8, question: B256, fee: u128, deadline: u64) -> Verb<postTaskCall> {
    Verb::new(board, postTaskCall { kind, question, fee, deadline }, &[TaskPosted::SIGNATURE_HASH])
}

/// Stores what a quorum answered ([`quorum`](crate::attestation::quorum)), by anyone.
pub fn answer(board: Address, task_id: u64, answer: B256, signatures: Bytes) -> Verb<answerTaskCall> {
    let call = answerTaskCall { taskId: task_id, answer, signatures };
    Verb::new(board, call, &[TaskAnswered::SIGNATURE_HASH])
}

/// Stores that a quorum keeps data ([`data_quorum`](crate::availability::data_quorum)), by anyone.
pub fn answer_data(board: Address, task_id: u64, leaf_count: u64, signatures: Bytes) -> Verb<answerDataTaskCall> {
    let call = answerDataTaskCall { taskId: task_id, leafCount: leaf_count, signatures };
    Verb::new(board, call, &[TaskAnswered::SIGNATURE_HASH])
}

/// Closes a task that nobody answered in time, by anyone.
pub fn close(board: Address, task_id: u64) -> Verb<closeTaskCall> {
    Verb::new(board, closeTaskCall { taskId: task_id }, &[TaskClosed::SIGNATURE_HASH])
}

/// Withdraws the fees that were returned to the sender.
pub fn withdraw_fees(board: Address, recipient: Address) -> Verb<withdrawFeesCall> {
    Verb::new(board, withdrawFeesCall { recipient }, &[FeeWithdrawn::SIGNATURE_HASH])
}

/// Stores the price of a slot that a quorum signed, by anyone.
pub fn update_price(feed: Address, slot: u64, price: U256, signatures: Bytes) -> Verb<updateCall> {
    Verb::new(feed, updateCall { slot, price, signatures }, &[AnswerUpdated::SIGNATURE_HASH])
}
