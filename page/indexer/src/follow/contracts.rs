//! Whose events are kept: the contracts of the suite, and those that services bring.
//!
//! Anybody can be a service, and bring any contract. So such contracts are asked with little gas, one that does not
//! answer brings nothing, and none can pass for a contract that is known.

use super::{FollowError, Follower};
use crate::catalog::SERVICE;
use crate::storage::{StorageError, Value, text};
use crate::tables::{CONTRACTS, SERVICES};
use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use alloy::transports::RpcError;
use arithmetic::fault::MISCOMPUTATION;
use eyre::{Result, WrapErr};
use interfaces::IServiceManager;
use restake::people::People;
use std::collections::BTreeMap;

/// The gas that a question to a contract of somebody else may cost.
const FOREIGN_GAS: u64 = 10_000_000;

/// What a service says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ServiceFound {
    pub(super) service: Address,
    pub(super) registry: Address,
    pub(super) dispute_resolution: Address,
    pub(super) judge: Address,
}

impl ServiceFound {
    pub(super) fn contracts(&self) -> impl Iterator<Item = Address> + use<> {
        let all = [self.service, self.registry, self.dispute_resolution, self.judge];
        all.into_iter().filter(|contract| !contract.is_zero())
    }

    pub(super) fn values(&self) -> [Value; 3] {
        [self.registry.into(), self.dispute_resolution.into(), self.judge.into()]
    }
}

impl Follower {
    /// Writes down the contracts of the suite, as known since a block, with its service.
    pub(super) async fn know_suite(&self, block: u64) -> Result<(), FollowError> {
        let contracts = People::of(&self.suite).contracts();
        let programs =
            contracts.into_iter().filter_map(|(name, address)| Some((address, self.catalog.program(&name)?)));
        let (programs, suite) = (programs.collect::<Vec<_>>(), self.suite.service);
        let judge = self.judge_of(suite.service_manager).await?;
        let (service, registry) = (suite.service_manager, suite.registry);
        let own = ServiceFound { service, registry, dispute_resolution: suite.dispute_resolution, judge };
        self.index
            .write(move |storage| {
                for (address, program) in programs {
                    CONTRACTS.put(storage, block, &[address.into()], &[program.into()])?;
                }
                if !judge.is_zero() {
                    CONTRACTS.put(storage, block, &[judge.into()], &[SERVICE.into()])?;
                }
                SERVICES.put(storage, block, &[service.into()], &own.values())
            })
            .await?;
        Ok(())
    }

    /// The contracts whose events are kept, with what their programs are called.
    pub(super) async fn contracts(&self) -> Result<BTreeMap<Address, String>, StorageError> {
        let rows = self.index.read(|storage| CONTRACTS.current(storage, &[])).await?;
        rows.iter().map(|row| Ok((text(row, 0)?, text(row, 1)?))).collect()
    }

    /// What a service says of itself, if it says anything.
    pub(super) async fn ask_service(&self, service: Address) -> Result<ServiceFound> {
        let said = self.ask(service, &IServiceManager::contractsCall {}).await?;
        let (registry, dispute_resolution) =
            said.map(|said| (said.registry, said.disputeResolution)).unwrap_or_default();
        Ok(ServiceFound { service, registry, dispute_resolution, judge: self.judge_of(service).await? })
    }

    /// Who decides wrong results of computations for a service.
    async fn judge_of(&self, service: Address) -> Result<Address> {
        let kind = IServiceManager::judgeOfCall { kind: MISCOMPUTATION };
        Ok(self.ask(service, &kind).await?.unwrap_or_default())
    }

    /// Asks a contract that may be anything, at the latest block. None, where it does not answer as asked.
    async fn ask<C: SolCall>(&self, contract: Address, call: &C) -> Result<Option<C::Return>> {
        let request = TransactionRequest::default().with_to(contract).with_input(call.abi_encode());
        match self.chain.provider().call(request.with_gas_limit(FOREIGN_GAS)).await {
            Ok(answer) => Ok(C::abi_decode_returns_validate(&answer).ok()),
            Err(RpcError::ErrorResp(_)) => Ok(None),
            Err(error) => Err(error).wrap_err("cannot ask a contract"),
        }
    }
}
