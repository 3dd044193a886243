//! The four contracts of a service.

use super::deploying::weighing;
use super::steps::{Plan, SERVICE, TOKEN};
use super::stylus_deployer::{Creation, STYLUS_DEPLOYER};
use super::{Parameters, Suite};
use crate::actors::Actor;
use crate::build::PROGRAMS;
use crate::chain::Chain;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolValue;
use eyre::{Result, WrapErr};

/// The addresses of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Who serves.
    pub registry: Address,
    /// What asks whether enough of its stake signed.
    pub quorum: Address,
    /// The service's identity.
    pub service_manager: Address,
    /// Where its operators are challenged.
    pub dispute_resolution: Address,
}

impl Service {
    /// Deploys another service on the same protocol, with the code of the suite's own; the suite's token counts for
    /// what it is. `owner` pays, and owns where the parameters do not say otherwise.
    ///
    /// # Errors
    /// If the chain refuses a step.
    pub async fn deploy(chain: &Chain, suite: &Suite, owner: &Actor, parameters: &Parameters) -> Result<Self> {
        let from = owner.address;
        let addresses = PROGRAMS.into_iter().map(str::to_owned).zip(suite.contracts());
        let mut plan = Plan { from, parameters, addresses: addresses.collect() };
        let nonce = chain.provider().get_transaction_count(from).await?;
        let salt = keccak256((from, nonce).abi_encode());
        for name in SERVICE {
            let code: Bytes = chain.provider().get_code_at(plan.at(name)?).await?;
            let construction = plan.construction(name)?;
            let creation = Creation { stylus_deployer: STYLUS_DEPLOYER, from, name, code: &code, construction, salt };
            let fee = creation.fee(chain).await?;
            let address = creation.address(chain, fee, Default::default()).await?;
            chain.transact(creation.transaction(fee)).await.map_err(|error| creation.reason(error))?;
            plan.addresses.insert(name.to_owned(), address);
        }
        for name in ["service-manager", "dispute-resolution"] {
            let call = TransactionRequest::default().with_from(from).with_to(plan.at(name)?);
            let connected = chain.transact(call.with_input(plan.connection(name)?)).await;
            connected.wrap_err_with(|| format!("cannot connect {name}"))?;
        }
        let service = Self {
            registry: plan.at("registry")?,
            quorum: plan.at("quorum")?,
            service_manager: plan.at("service-manager")?,
            dispute_resolution: plan.at("dispute-resolution")?,
        };
        chain.send(from, service.registry, &weighing(plan.at(TOKEN)?), U256::ZERO).await?;
        Ok(service)
    }
}
