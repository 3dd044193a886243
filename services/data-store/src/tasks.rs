//! The tasks that are done by keeping data: nothing else is kept, or anybody could fill the disks of operators.

use crate::certificate::Certificate;
use crate::message::Promise;
use crate::setting::Setting;
use alloy::consensus::Transaction;
use alloy::primitives::{Address, B256, FixedBytes};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log, TransactionReceipt};
use alloy::sol_types::{SolCall, SolEvent};
use arithmetic::fault::UNAVAILABILITY;
use async_trait::async_trait;
use eyre::{OptionExt, Result, WrapErr};
use interfaces::ITaskBoard::{TaskAnswered, TaskPosted, answerDataTaskCall, taskHashCall, taskOfCall};
use restake::chain::{CallError, event};
use restake::verbs::task;
use std::ops::RangeInclusive;

/// A task to keep data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// Its number on its board.
    pub id: u64,
    /// What is signed as the task.
    pub task: B256,
    /// When it was set (Unix seconds).
    pub time: u64,
    /// The root of the data.
    pub root: B256,
    /// What those get who do it (base units of the board's token).
    pub fee: u128,
    /// Until when it can be done (Unix seconds).
    pub deadline: u64,
}

/// Where tasks are set.
#[async_trait]
pub trait Tasks: Send + Sync + 'static {
    /// The task with this number, if there is one that asks for data and is not done.
    ///
    /// # Errors
    /// If it cannot be asked.
    async fn open(&self, id: u64) -> Result<Option<Task>>;
}

/// A TaskBoard on chain.
#[derive(Debug, Clone)]
pub struct Board {
    setting: Setting,
    address: Address,
}

/// The state of a task that waits for an answer.
const OPEN: u8 = 1;

#[async_trait]
impl Tasks for Board {
    async fn open(&self, id: u64) -> Result<Option<Task>> {
        let (task, state) = self.task(id).await?;
        Ok(task.filter(|_| state == OPEN))
    }
}

impl Board {
    /// The board at this address, of the service of a setting.
    pub fn new(setting: Setting, address: Address) -> Self {
        Self { setting, address }
    }

    /// Where it is.
    pub fn address(&self) -> Address {
        self.address
    }

    /// A task to keep data, and its state.
    async fn task(&self, id: u64) -> Result<(Option<Task>, u8)> {
        let chain = &self.setting.chain;
        let posted = chain.view(self.address, &taskOfCall { taskId: id }).await?;
        if posted.state == 0 || posted.kind != UNAVAILABILITY {
            return Ok((None, posted.state));
        }
        let task = chain.view(self.address, &taskHashCall { taskId: id }).await?;
        let (time, root, fee, deadline) = (posted.taskTime, posted.question, posted.fee, posted.deadline);
        Ok((Some(Task { id, task, time, root, fee, deadline }), posted.state))
    }

    /// `from` asks for the data with this root to be kept, for a fee that the board may take, until `deadline` (Unix
    /// seconds).
    ///
    /// # Errors
    /// If the board refuses, or the node cannot be asked.
    pub async fn post(&self, from: Address, root: B256, fee: u128, deadline: u64) -> Result<Task> {
        let verb = task::post(self.address, UNAVAILABILITY, root, fee, deadline);
        let receipt = verb.send(&self.setting.chain, from).await?;
        let posted = event::<TaskPosted>(&receipt, self.address).ok_or_eyre("the board told of no task")?;
        Ok(Task { id: posted.taskId, task: posted.task, time: posted.taskTime, root, fee, deadline })
    }

    /// `from` shows the board that a task is done, which pays the fee to those who promised.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn answer(
        &self,
        from: Address,
        id: u64,
        certificate: &Certificate,
    ) -> Result<TransactionReceipt, CallError> {
        let signatures = certificate.signatures(&self.setting.domain).map_err(CallError::Node)?;
        let verb = task::answer_data(self.address, id, certificate.leaf_count(), signatures);
        verb.send(&self.setting.chain, from).await
    }

    /// The certificates of the tasks that were done in these blocks. One that a contract gave to the board cannot be
    /// read from its transaction: whoever dispersed has it.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn certificates(&self, blocks: RangeInclusive<u64>) -> Result<Vec<Certificate>> {
        let filter = Filter::new().address(self.address).event_signature(TaskAnswered::SIGNATURE_HASH);
        let logs = self.setting.chain.logs(&filter, *blocks.start(), *blocks.end()).await;
        let mut found = Vec::new();
        for log in logs.wrap_err("cannot ask for tasks that were done")? {
            found.extend(self.certificate(&log).await?);
        }
        Ok(found)
    }

    async fn certificate(&self, log: &Log) -> Result<Option<Certificate>> {
        let id = TaskAnswered::decode_log(&log.inner)?.taskId;
        let (Some(task), _) = self.task(id).await? else { return Ok(None) };
        let Some(hash) = log.transaction_hash else { return Ok(None) };
        let sent = self.setting.chain.provider().get_transaction_by_hash(hash).await?;
        let Some(sent) = sent.filter(|sent| sent.inner.to() == Some(self.address)) else { return Ok(None) };
        let call = answerDataTaskCall::abi_decode(sent.inner.input()).ok().filter(|call| call.taskId == id);
        let promises = call.map(|call| promised(&task, &call)).unwrap_or_default();
        // The board skips what nobody signed.
        let signed = promises.into_iter().filter(|promise| promise.signer(&self.setting.domain).is_ok());
        Ok(Certificate::try_from(signed.collect::<Vec<_>>()).ok())
    }
}

/// The promises of which a board was told: a signature, the first leaf, and how many.
fn promised(task: &Task, call: &answerDataTaskCall) -> Vec<Promise> {
    let (signed, _) = call.signatures.as_chunks::<80>();
    let promise = |bytes: &[u8; 80]| {
        let (signature, rest) = bytes.split_first_chunk::<64>()?;
        let (first, kept) = rest.split_first_chunk::<8>()?;
        Some(Promise {
            task: task.task,
            task_time: task.time,
            root: task.root,
            leaf_count: call.leafCount,
            first_leaf: u64::from_be_bytes(*first),
            kept_leaves: u64::from_be_bytes(*kept.first_chunk()?),
            signature: FixedBytes(*signature).into(),
        })
    };
    signed.iter().filter_map(promise).collect()
}
