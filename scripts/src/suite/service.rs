//! The four contracts of a service.

use super::stylus_deployer::STYLUS_DEPLOYER;
use super::{Config, Deploying, Parameters, Progress, Scope, Suite, decimals};
use crate::actors::Actor;
use crate::build::{PROGRAMS, Program};
use crate::chain::Chain;
use crate::deployment::Deployment;
use alloy::primitives::Address;
use alloy::providers::Provider;
use eyre::{Result, WrapErr};
use stylus_program::format::decompress;

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
        Ok(Self::deploy_recorded(chain, suite, owner, parameters).await?.0)
    }

    /// The same; returns also what a deployment file says.
    ///
    /// # Errors
    /// The same.
    pub async fn deploy_recorded(
        chain: &Chain,
        suite: &Suite,
        owner: &Actor,
        parameters: &Parameters,
    ) -> Result<(Self, Deployment)> {
        let config = Config::of(parameters, decimals(chain, suite.token).await?);
        let mut record = Deployment::begin_service(chain, owner.address, config, suite).await?;
        let programs = code_of_service(chain, suite).await?;
        let keep = |_: &Deployment, _: &Progress| Ok(());
        let (scope, stylus_deployer) = (Scope::Service, STYLUS_DEPLOYER);
        let deploying = Deploying { scope, chain, programs: &programs, parameters, stylus_deployer, keep: &keep };
        let service = deploying.run(&mut record).await?.service;
        Ok((service, record))
    }
}

/// The programs of a suite's service, as they are on the chain.
///
/// # Errors
/// If the chain cannot be asked, or one of them is no program.
pub async fn code_of_service(chain: &Chain, suite: &Suite) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for (name, address) in PROGRAMS.into_iter().zip(suite.contracts()) {
        if Scope::SERVICE.contains(&name) {
            let code = chain.provider().get_code_at(address).await?;
            let module = decompress(&code, u32::MAX).wrap_err_with(|| format!("{name} has no program's code"))?;
            programs.push(Program { name: name.to_owned(), code, module_size: module.len() });
        }
    }
    Ok(programs)
}
