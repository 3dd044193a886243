//! Where the play happens: the people, tokens and services of the property test, and the chain on which they begin.

use alloy::primitives::{Address, B256, U256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolValue;
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::wad;
use eyre::{Result, eyre};
use interfaces::{IERC20, IGovernance, ILiquidStakingToken, IRegistry};
use restake::attestation::Domain;
use restake::suite::{Parameters, Service, Suite, construction};
use restake_tests::{World, ether};
use serde_json::json;
use std::fmt;
use stylus_devnode::Devnode;

/// Somebody, by number; [`Who::NOBODY`] is the zero address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Who(pub(crate) u8);

/// The names of the people: stakers, then operators, then others.
const NAMES: [&str; 10] = ["Ann", "Ben", "Cat", "Oz", "Pat", "Quin", "Eve", "Hal", "Fund", "Judge"];

impl Who {
    /// Nobody: as an operator, idle stake.
    pub(crate) const NOBODY: Self = Self(u8::MAX);
    /// Who is a service without contracts: an account that slashes who lets it.
    pub(crate) const SERVICE: Self = Self(7);
    /// Who may veto in the second service, and who owns and pauses everything.
    pub(crate) const JUDGE: Self = Self(9);

    /// Everybody.
    pub(crate) fn all() -> impl Iterator<Item = Self> + Clone {
        (0..10).map(Self)
    }

    /// Those who run services.
    pub(crate) fn operators() -> impl Iterator<Item = Self> + Clone {
        (3..6).map(Self)
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAMES.get(usize::from(self.0)).unwrap_or(&"nobody"))
    }
}

/// Tokens: plain, with huge amounts, with an outflow limit, and one that was never listed.
pub(crate) const TOKENS: usize = 4;
/// Services: the suite's, and one with a resolver, another minimum and two weighted tokens.
pub(crate) const SERVICES: usize = 2;

/// The limits with which each listed token begins: cap, deposit percent, outflow percent.
pub(crate) const LIMITS: [(u128, u8, u8); 3] =
    [(1_000_000 * ether(1), 100, 0), (MAX_AMOUNT, 100, 0), (1_000 * ether(1), 50, 10)];

/// What everybody holds of each token at first. Of the second more than a pool's shares can stand for.
pub(crate) const WALLETS: [u128; TOKENS] = [300_000 * ether(1), MAX_AMOUNT / 8, 600 * ether(1), ether(1)];

/// ETH of everybody at first: enough for fees and bonds.
pub(crate) const PURSE: u128 = 1_000_000_000 * ether(1);

/// A number of a service's owner as the play begins: what it is, and since when (Unix seconds).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Since<T> {
    pub(crate) value: T,
    pub(crate) time: u64,
}

/// The minimum stake and the weights of a service as the play begins.
#[derive(Debug)]
pub(crate) struct Weighing {
    pub(crate) minimum: Since<u128>,
    pub(crate) weights: Vec<(Address, Since<u64>)>,
}

/// Addresses and keys, and what the contracts were constructed with. It never changes.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) suite: Suite,
    pub(crate) tokens: [Address; TOKENS],
    pub(crate) services: [Service; SERVICES],
    pub(crate) parameters: [Parameters; SERVICES],
    pub(crate) weighings: [Weighing; SERVICES],
    pub(crate) domains: [Domain; SERVICES],
    pub(crate) owner: Address,
    keys: Vec<PrivateKeySigner>,
}

impl Stage {
    /// The account of somebody.
    pub(crate) fn of(&self, who: Who) -> Address {
        self.keys.get(usize::from(who.0)).map_or(Address::ZERO, PrivateKeySigner::address)
    }

    /// What operators let slash: a service's ServiceManager; beyond the services the account that is one itself.
    pub(crate) fn manager(&self, service: usize) -> Address {
        self.services.get(service).map_or(self.of(Who::SERVICE), |service| service.service_manager)
    }

    /// The key of somebody; of nobody, somebody's.
    pub(crate) fn key(&self, who: Who) -> &PrivateKeySigner {
        self.keys.get(usize::from(who.0)).unwrap_or(&self.keys[0])
    }

    /// Starts a chain on which everything is deployed, three tokens are listed, and everybody has some of each.
    pub(crate) async fn set() -> Result<(Self, Devnode)> {
        let world = World::new().await?;
        let keys: Result<Vec<_>, _> =
            (0..NAMES.len()).map(|n| PrivateKeySigner::from_bytes(&B256::from(U256::from(1_000_003 + n)))).collect();
        let keys = keys?;
        let (owner, fund, judge) = (&world.cast.owner, keys[8].address(), keys[9].address());
        let suite = world.suite;
        let first = Parameters { recipient: world.cast.fund.address, ..world.parameters };
        let second = Parameters {
            minimum_stake: 0,
            equivocation_wad: wad::ONE / 3,
            availability_wad: wad::ONE,
            challenger_share: wad::ONE / 17,
            recipient: fund,
            resolver: judge,
            ..first
        };
        let mut tokens = [suite.token; TOKENS];
        for token in &mut tokens[1..] {
            *token = world.copy_of(suite.token).await?;
            world.chain.transact(construction(owner.address, *token, &(owner.address,).abi_encode_params())).await?;
        }
        let other = Service::deploy(&world.chain, &suite, owner, &second).await?;
        for (token, (cap, deposit, outflow)) in tokens.iter().zip(LIMITS).skip(1) {
            let list =
                IGovernance::addStrategyCall { token: *token, cap, depositPercent: deposit, outflowPercent: outflow };
            world.act(owner, suite.governance, &list).await?;
        }
        let weigh = IRegistry::scheduleStrategyWeightCall { token: tokens[1], weight: wad::ONE / 1_000 };
        world.act(owner, other.registry, &weigh).await?;
        let weighings = [
            weighing(&world, suite.service.registry, &tokens[..1]).await?,
            weighing(&world, other.registry, &tokens[..2]).await?,
        ];
        let roles = IGovernance::setRolesCall { pauser: judge, unpauser: judge };
        world.act(owner, suite.governance, &roles).await?;
        let domain = |service: &Service| Domain::new(412_346, service.service_manager);
        let services = [suite.service, other];
        let stage = Self {
            suite,
            tokens,
            domains: [domain(&services[0]), domain(&services[1])],
            services,
            parameters: [first, second],
            weighings,
            owner: owner.address,
            keys,
        };
        let node = world.into_node()?;
        stage.fund(&node)?;
        Ok((stage, node))
    }

    fn fund(&self, node: &Devnode) -> Result<()> {
        for who in Who::all() {
            let rich = U256::from(u128::MAX);
            set_balance(node, self.of(who), rich)?;
            for (token, amount) in self.tokens.iter().zip(WALLETS) {
                let deposit = ILiquidStakingToken::depositCall {};
                send(node, self.of(who), *token, U256::from(amount), &deposit)?;
                let approve = IERC20::approveCall { spender: self.suite.token_pool, value: U256::MAX };
                send(node, self.of(who), *token, U256::ZERO, &approve)?;
            }
            set_balance(node, self.of(who), U256::from(PURSE))?;
        }
        set_balance(node, self.owner, U256::from(PURSE))
    }
}

/// What the registry of a service begins with.
async fn weighing(world: &World, registry: Address, tokens: &[Address]) -> Result<Weighing> {
    let minimum = world.chain.view(registry, &IRegistry::minimumStakeCall {}).await?;
    let mut weights = Vec::new();
    for token in tokens {
        let weight = world.chain.view(registry, &IRegistry::strategyWeightCall { token: *token }).await?;
        weights.push((*token, Since { value: weight.weight, time: weight.effectiveAt }));
    }
    Ok(Weighing { minimum: Since { value: minimum.stake, time: minimum.effectiveAt }, weights })
}

fn set_balance(node: &Devnode, account: Address, balance: U256) -> Result<()> {
    node.request("anvil_setBalance", json!([account, balance])).map_err(|error| eyre!("{error}"))?;
    Ok(())
}

fn send<C: alloy::sol_types::SolCall>(node: &Devnode, from: Address, to: Address, value: U256, call: &C) -> Result<()> {
    let call = stylus_devnode::Impersonation { from, to, value, input: call.abi_encode().into() };
    let executed = node.impersonate(call).map_err(|error| eyre!("{error}"))?;
    eyre::ensure!(executed.success, "{} was refused with {}", C::SIGNATURE, executed.output);
    Ok(())
}
