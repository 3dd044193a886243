//! A board on the chain.

use alloy::primitives::{Address, B256};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::Attestation;
use interfaces::IQuorum;
use interfaces::ITaskBoard::{TaskPosted, contractsCall, taskOfCall, thresholdsCall};
use restake::attestation::Domain;
use restake::chain::Chain;
use restake_daemon::message::{Answer, Signature};
use restake_daemon::record::Subject;

/// A board, and the service behind it.
#[derive(Debug, Clone)]
pub struct Board {
    /// The contract.
    pub address: Address,
    /// The service's Quorum.
    pub quorum: Address,
    /// The ServiceManager of the service.
    pub service: Address,
    /// What its operators sign in.
    pub domain: Domain,
    /// How much of the stake must sign (basis points).
    pub threshold: u16,
}

/// A task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: u64,
    /// Whether its answer is signed as it is, or commitments to data are: a kind of fault.
    pub kind: u8,
    /// What operators sign as the task.
    pub hash: B256,
    /// What is asked.
    pub question: B256,
    /// When it was posted (Unix seconds).
    pub time: u64,
    /// Until when it is answered (Unix seconds).
    pub deadline: u64,
}

impl From<TaskPosted> for Task {
    fn from(posted: TaskPosted) -> Self {
        let TaskPosted { taskId, kind, task, question, taskTime, deadline, .. } = posted;
        Self { id: taskId, kind, hash: task, question, time: taskTime, deadline }
    }
}

impl Task {
    /// What is signed about.
    pub fn subject(&self) -> Subject {
        Subject { task: self.hash, time: self.time }
    }

    /// What is signed to answer it.
    pub fn attestation(&self, answer: B256) -> Attestation {
        Attestation { task: self.hash, taskTime: self.time, answer }
    }

    /// An answer to it.
    pub fn answer(&self, answer: B256, signature: Signature) -> Answer {
        Answer { task: self.hash, task_time: self.time, answer, signature }
    }
}

impl Board {
    /// Looks at the board at an address.
    ///
    /// # Errors
    /// If there is none, or the node cannot be asked.
    pub async fn at(chain: &Chain, address: Address) -> Result<Self> {
        let no_board = || format!("there is no board for tasks at {address}");
        let contracts = chain.view(address, &contractsCall {}).await.wrap_err_with(no_board)?;
        let threshold = chain.view(address, &thresholdsCall {}).await.wrap_err_with(no_board)?.stake;
        let service = chain.view(contracts.quorum, &IQuorum::contractsCall {}).await?.serviceManager;
        let domain = Domain::new(chain.id().await?, service);
        Ok(Self { address, quorum: contracts.quorum, service, domain, threshold })
    }

    /// The tasks that were posted from a block on.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn posted(&self, chain: &Chain, first: u64) -> Result<Vec<Task>> {
        let filter = Filter::new().address(self.address).event_signature(TaskPosted::SIGNATURE_HASH);
        let logs = chain.logs_since(&filter, first).await?;
        logs.iter().map(|log| Ok(TaskPosted::decode_log(&log.inner)?.data.into())).collect()
    }

    /// Whether a task is neither answered nor closed.
    ///
    /// # Errors
    /// If the node cannot be asked.
    pub async fn is_open(&self, chain: &Chain, id: u64) -> Result<bool> {
        /// Of the states that a board knows.
        const OPEN: u8 = 1;
        Ok(chain.view(self.address, &taskOfCall { taskId: id }).await?.state == OPEN)
    }
}
