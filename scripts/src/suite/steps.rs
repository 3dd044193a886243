//! What a deployment consists of, in its order: every contract is constructed with those that are there already, and
//! told of the others by the account that deploys. Six are: three circles need two each.

use super::Parameters;
use alloy::primitives::{Address, Bytes, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use eyre::{OptionExt, Result, bail};
use interfaces::{IDisputeResolution, IRedemptionDesk, IRestakingVault, IServiceManager, ISlasher, ITokenPool};
use std::collections::BTreeMap;

/// The program of the suite's own token.
pub(super) const TOKEN: &str = "liquid-staking-token";

/// The protocol and its token.
const PROTOCOL: [&str; 8] =
    ["token-pool", "slasher", "strategy-manager", "batch", "rewards", "governance", "lens", TOKEN];

/// The receipt, and what is behind it.
const RECEIPT: [&str; 4] = ["restaking-vault", "redemption-desk", "restaking-weights", "liquid-restaking-token"];

/// Those that are told of the others.
const CONNECTED: [&str; 6] =
    ["token-pool", "slasher", "service-manager", "dispute-resolution", "restaking-vault", "redemption-desk"];

/// What is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The protocol, a service, and a receipt.
    Suite,
    /// Another service of a protocol that is there.
    Service,
}

impl Scope {
    /// The contracts of a service.
    pub const SERVICE: [&str; 4] = ["service-manager", "dispute-resolution", "registry", "quorum"];

    /// The contracts, in the order in which they are created; without a token of the suite's own where there is one.
    pub(super) fn names(self, parameters: &Parameters) -> Vec<&'static str> {
        let all = PROTOCOL.into_iter().chain(Self::SERVICE).chain(RECEIPT);
        match self {
            Self::Suite => all.filter(|name| parameters.token.is_zero() || *name != TOKEN).collect(),
            Self::Service => Self::SERVICE.to_vec(),
        }
    }

    /// Those of them that are told of the others.
    pub(super) fn connected(self) -> impl Iterator<Item = &'static str> {
        CONNECTED.into_iter().filter(move |name| self == Self::Suite || Self::SERVICE.contains(name))
    }
}

/// Where contracts are, by the names of their programs.
pub(super) type Addresses = BTreeMap<String, Address>;

/// A deployment: who does it, with what, and how far it is.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// Who deploys, and connects.
    pub(super) from: Address,
    pub(super) parameters: &'a Parameters,
    pub(super) addresses: Addresses,
}

impl Plan<'_> {
    /// Where a contract is.
    pub(super) fn at(&self, name: &str) -> Result<Address> {
        self.addresses.get(name).copied().ok_or_eyre(format!("{name} was not deployed"))
    }

    /// The call of a program's constructor, whose selector is the SDK's `stylus_constructor()` whatever its arguments.
    pub(super) fn construction(&self, name: &str) -> Result<Bytes> {
        let selector = keccak256("stylus_constructor()");
        Ok([&selector[..4], &self.arguments(name)?].concat().into())
    }

    fn arguments(&self, name: &str) -> Result<Vec<u8>> {
        let (p, from) = (self.parameters, self.from);
        let owner = p.owner.unwrap_or(from);
        let at = |name| self.at(name);
        Ok(match name {
            "token-pool" | "slasher" | "redemption-desk" => from.abi_encode(),
            "strategy-manager" => (at("token-pool")?, at("slasher")?).abi_encode_params(),
            "batch" => at("token-pool")?.abi_encode(),
            "rewards" => (at("strategy-manager")?, at("token-pool")?).abi_encode_params(),
            "governance" => {
                let (pauser, unpauser) = (p.pauser.unwrap_or(owner), p.unpauser.unwrap_or(owner));
                (owner, pauser, unpauser, at("token-pool")?, at("slasher")?).abi_encode_params()
            }
            "lens" => (at("token-pool")?, at("strategy-manager")?, at("slasher")?).abi_encode_params(),
            TOKEN => owner.abi_encode(),
            "service-manager" => (
                (from, owner, at("slasher")?),
                (p.wads, p.challenger_share, p.reward_rate, p.profit_from_corruption),
                (p.recipient, p.resolver),
            )
                .abi_encode_params(),
            "dispute-resolution" => (from, p.bond, p.answer_window).abi_encode_params(),
            "registry" => {
                let protocol = (at("strategy-manager")?, at("slasher")?);
                let parts = (at("service-manager")?, protocol.0, protocol.1, at("dispute-resolution")?);
                (parts, (p.minimum_stake, p.evidence_window, p.accepts_shared, p.admission)).abi_encode_params()
            }
            "quorum" => (at("registry")?, at("service-manager")?).abi_encode_params(),
            "restaking-vault" => {
                (from, at(TOKEN)?, at("token-pool")?, at("strategy-manager")?, at("slasher")?).abi_encode_params()
            }
            "restaking-weights" => (owner, at("restaking-vault")?, at("slasher")?).abi_encode_params(),
            "liquid-restaking-token" => {
                (at("restaking-vault")?, at("redemption-desk")?, at("restaking-weights")?, at(TOKEN)?)
                    .abi_encode_params()
            }
            _ => bail!("no program is called {name}"),
        })
    }

    /// The call that tells a contract of the others.
    pub(super) fn connection(&self, name: &str) -> Result<Bytes> {
        let at = |name| self.at(name);
        let call = match name {
            "token-pool" => ITokenPool::connectCall {
                strategyManager: at("strategy-manager")?,
                governance: at("governance")?,
                rewards: at("rewards")?,
                batch: at("batch")?,
            }
            .abi_encode(),
            "slasher" => {
                let (governance, ledger) = (at("governance")?, at("strategy-manager")?);
                ISlasher::connectCall { governance, strategyManager: ledger }.abi_encode()
            }
            "service-manager" => {
                let (registry, disputes) = (at("registry")?, at("dispute-resolution")?);
                IServiceManager::connectCall { registry, disputeResolution: disputes }.abi_encode()
            }
            "dispute-resolution" => {
                let (service, registry) = (at("service-manager")?, at("registry")?);
                IDisputeResolution::connectCall { serviceManager: service, registry }.abi_encode()
            }
            "restaking-vault" => {
                let (receipt, desk) = (at("liquid-restaking-token")?, at("redemption-desk")?);
                IRestakingVault::connectCall { receipt, desk, weights: at("restaking-weights")? }.abi_encode()
            }
            "redemption-desk" => {
                let (receipt, vault) = (at("liquid-restaking-token")?, at("restaking-vault")?);
                IRedemptionDesk::connectCall { receipt, vault }.abi_encode()
            }
            _ => bail!("{name} is told of nobody"),
        };
        Ok(call.into())
    }
}
