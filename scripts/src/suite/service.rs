//! The four contracts of a service.

use super::{Parameters, Suite, construction, copy_program};
use crate::actors::Actor;
use crate::chain::Chain;
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolValue;
use eyre::{Result, WrapErr};
use interfaces::IRegistry;

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
    /// Deploys another service on the same protocol, with the code of the suite's own. `owner` pays and owns.
    ///
    /// # Errors
    /// If the chain refuses a step.
    pub async fn deploy(chain: &Chain, suite: &Suite, owner: &Actor, parameters: &Parameters) -> Result<Self> {
        let code = suite.service;
        let service = Self {
            registry: copy_program(chain, owner.address, code.registry).await?,
            quorum: copy_program(chain, owner.address, code.quorum).await?,
            service_manager: copy_program(chain, owner.address, code.service_manager).await?,
            dispute_resolution: copy_program(chain, owner.address, code.dispute_resolution).await?,
        };
        service.construct(chain, suite, owner, parameters).await?;
        Ok(service)
    }

    /// Calls the constructors; the suite's token counts for what it is.
    pub(super) async fn construct(&self, chain: &Chain, suite: &Suite, owner: &Actor, p: &Parameters) -> Result<()> {
        let Self { registry, quorum, service_manager, dispute_resolution } = *self;
        // The Registry first: the others take the evidence window from it.
        let calls: [(Address, Bytes); 4] = [
            (
                registry,
                (
                    (service_manager, suite.strategy_manager, suite.slasher, dispute_resolution),
                    (p.minimum_stake, p.evidence_window, p.accepts_shared, p.admission),
                )
                    .abi_encode_params()
                    .into(),
            ),
            (quorum, (registry, service_manager).abi_encode_params().into()),
            (
                service_manager,
                (
                    (owner.address, suite.slasher, registry, dispute_resolution),
                    (p.wads, p.challenger_share, p.reward_rate, p.profit_from_corruption),
                    (p.recipient, p.resolver),
                )
                    .abi_encode_params()
                    .into(),
            ),
            (
                dispute_resolution,
                (service_manager, registry, p.bond, p.evidence_window, p.answer_window).abi_encode_params().into(),
            ),
        ];
        for (contract, arguments) in calls {
            let call = construction(owner.address, contract, &arguments);
            chain.transact(call).await.wrap_err_with(|| format!("cannot construct {contract}"))?;
        }
        let weigh = IRegistry::scheduleStrategyWeightCall { token: suite.token, weight: arithmetic::wad::ONE };
        chain.send(owner.address, registry, &weigh, U256::ZERO).await?;
        Ok(())
    }
}
