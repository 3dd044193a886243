//! A network as it is on a chain.

use alloy::network::EthereumWallet;
use alloy::primitives::{Address, KECCAK256_EMPTY};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::fault::mildest;
use arithmetic::wad::ONE;
use clap::Args;
use eyre::Result;
use interfaces::ISlasher::{GrantAnnounced, OptedIntoSlashing};
use interfaces::IStrategyManager::{Delegated, Staked, WithdrawalRestaked};
use interfaces::{IERC20, ILens, IServiceManager, IStrategyManager};
use restake::actors::Cast;
use restake::amounts::Fraction;
use restake::chain::{Chain, PATIENCE};
use restake::deployment::Deployment;
use restake::people::People;
use restake::suite::Suite;
use restake_simulator::Network;
use restake_simulator::network::{Grant, Operator, Position, Service, Tier, Token};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// Where the suite is, by the names that all commands give this.
#[derive(Debug, Args)]
#[command(next_help_heading = "Chain")]
pub(crate) struct Place {
    /// The node
    #[arg(long, env = "ETH_RPC_URL", default_value = "http://127.0.0.1:8547", value_name = "URL")]
    rpc_url: String,
    /// The file that says where the contracts are [default: that of the chain in deployments/]
    #[arg(long, env = "RESTAKE_DEPLOYMENT", value_name = "FILE")]
    deployment: Option<PathBuf>,
    /// How long an answer of the node is waited for
    #[arg(long, env = "RESTAKE_TIMEOUT", default_value_t = PATIENCE.as_secs(), value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// The part of a service's stake that corrupts it: no contract says it, each use of a quorum has its own
    #[arg(long, default_value = "66.67%", value_name = "PART")]
    threshold: Fraction,
}

/// A suite that is read as a network.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    #[command(flatten)]
    place: Place,
    /// The part of a budget that an attack costs [default: what the mildest kind of fault costs by a service's terms]
    #[arg(long, value_name = "PART")]
    penalty: Option<Fraction>,
}

/// A chain with a suite, and who is who.
pub(crate) struct Chained {
    pub(crate) chain: Chain,
    pub(crate) suite: Suite,
    pub(crate) people: People,
    since: u64,
}

/// What is asked.
struct Reader {
    on: Chained,
    threshold: u64,
    penalty: Option<u64>,
}

/// What takes of operators beside grants in force: grants that ended and are not released, and open requests.
const LEFT_OVER: [&str; 2] = ["ended or open, exclusive", "ended or open, shared"];

/// The network of the suite at a place.
pub(crate) async fn read(reading: &Reading) -> Result<Network> {
    let (place, penalty) = (&reading.place, reading.penalty.map(|penalty| penalty.0));
    Reader { on: place.open().await?, threshold: place.threshold(), penalty }.network().await
}

impl Place {
    /// Connects, and finds the suite.
    pub(crate) async fn open(&self) -> Result<Chained> {
        let patience = Duration::from_secs(self.timeout);
        let chain = Chain::open(&self.rpc_url, EthereumWallet::default(), patience).await?;
        let deployment = Deployment::load(&chain, self.deployment.as_deref()).await?;
        let suite = deployment.suite(&chain).await?;
        let mut people = People::of(&suite);
        if chain.development().await.is_ok() {
            people = people.with_development_accounts(&Cast::development()?);
        }
        Ok(Chained { chain, suite, people, since: deployment.since() })
    }

    /// The part of a service's stake that corrupts it (wad).
    pub(crate) fn threshold(&self) -> u64 {
        self.threshold.0
    }
}

impl Chained {
    /// The services that were ever granted something, in ascending order.
    pub(crate) async fn services(&self) -> Result<Vec<Address>> {
        self.named(Filter::new(), 2).await
    }

    /// Those that this operator granted something.
    pub(crate) async fn services_of(&self, operator: Address) -> Result<Vec<Address>> {
        self.named(Filter::new().topic1(operator), 2).await
    }

    /// The operators that ever granted something, in ascending order.
    async fn operators(&self) -> Result<Vec<Address>> {
        self.named(Filter::new(), 1).await
    }

    /// Whom a topic of the events about grants names.
    async fn named(&self, filter: Filter, topic: usize) -> Result<Vec<Address>> {
        let signatures = vec![OptedIntoSlashing::SIGNATURE_HASH, GrantAnnounced::SIGNATURE_HASH];
        let filter = filter.address(self.suite.slasher).event_signature(signatures);
        let logs = self.chain.logs_since(&filter, self.since).await?;
        let accounts = logs.iter().filter_map(|log| log.topics().get(topic).copied().map(Address::from_word));
        Ok(accounts.collect::<BTreeSet<_>>().into_iter().collect())
    }
}

impl Reader {
    /// The network of all operators that ever let a service slash them, at prices of one.
    async fn network(&self) -> Result<Network> {
        let tokens = self.tokens().await?;
        let (services, operators) = (self.on.services().await?, self.on.operators().await?);
        let mut network = Network::default();
        for token in &tokens {
            let name = self.on.chain.view(*token, &IERC20::symbolCall {}).await?;
            network.tokens.push(Token { name, price: ONE });
        }
        for service in &services {
            network.services.push(self.service(*service).await?);
        }
        for name in LEFT_OVER {
            network.services.push(Service { name: name.to_owned(), profit: 0, threshold: ONE, penalty: ONE });
        }
        for operator in &operators {
            network.operators.push(self.operator(*operator, &tokens, &services).await?);
        }
        self.positions(&mut network, &tokens, &operators).await?;
        Ok(network)
    }

    async fn tokens(&self) -> Result<Vec<Address>> {
        let count = self.on.chain.view(self.on.suite.lens, &ILens::strategyCountCall {}).await?;
        let mut tokens = vec![];
        for index in 0..count {
            tokens.push(self.on.chain.view(self.on.suite.lens, &ILens::strategyAtCall { index }).await?);
        }
        Ok(tokens)
    }

    /// What a service says of itself. An account without code declares nothing, and takes all of its budgets.
    async fn service(&self, service: Address) -> Result<Service> {
        let (name, threshold) = (self.on.people.name(service), self.threshold);
        if self.on.chain.code_hash(service).await? == KECCAK256_EMPTY {
            return Ok(Service { name, profit: 0, threshold, penalty: self.penalty.unwrap_or(ONE) });
        }
        let terms = self.on.chain.view(service, &IServiceManager::termsCall {}).await?;
        let penalty = self.penalty.unwrap_or_else(|| mildest(&terms.wads));
        Ok(Service { name, profit: terms.profitFromCorruption, threshold, penalty })
    }

    async fn operator(&self, operator: Address, tokens: &[Address], services: &[Address]) -> Result<Operator> {
        let lens = self.on.suite.lens;
        let committed = self.on.chain.view(lens, &ILens::commitmentOfCall { operator }).await?;
        let (name, magnitude) = (self.on.people.name(operator), committed.magnitude);
        let mut read = Operator { name, magnitude, stakes: vec![], grants: vec![] };
        for token in tokens {
            read.stakes.push(self.on.chain.view(lens, &ILens::poolCall { operator, token: *token }).await?.assets);
        }
        for (service, manager) in services.iter().enumerate() {
            let grant = self.on.chain.view(lens, &ILens::grantCall { operator, serviceManager: *manager }).await?;
            // A grant that ended backs no service any more.
            if grant.budget > 0 && grant.canSlashUntil == u64::MAX {
                let tier = if grant.exclusive { Tier::Exclusive } else { Tier::Shared };
                read.grants.push(Grant { service, budget: grant.budget, tier });
            }
        }
        for (service, tier, all) in [
            (services.len(), Tier::Exclusive, committed.exclusive),
            (services.len().saturating_add(1), Tier::Shared, committed.shared),
        ] {
            let budget = all.saturating_sub(read.granted(tier));
            if budget > 0 {
                read.grants.push(Grant { service, budget, tier });
            }
        }
        Ok(read)
    }

    /// What everybody has with these operators who ever staked with one.
    async fn positions(&self, network: &mut Network, tokens: &[Address], operators: &[Address]) -> Result<()> {
        let mut stakers: Vec<Address> = vec![];
        for (staker, operator, token) in self.staked().await? {
            let places =
                (operators.iter().position(|one| *one == operator), tokens.iter().position(|one| *one == token));
            let (Some(at), Some(of)) = places else { continue };
            let position = IStrategyManager::positionCall { staker, operator, token };
            let amount = self.on.chain.view(self.on.suite.strategy_manager, &position).await?.assets;
            if amount == 0 {
                continue;
            }
            let place = stakers.iter().position(|known| *known == staker).unwrap_or_else(|| {
                stakers.push(staker);
                network.stakers.push(self.on.people.name(staker));
                stakers.len().saturating_sub(1)
            });
            network.positions.push(Position { staker: place, operator: at, token: of, amount });
        }
        Ok(())
    }

    /// Who ever staked what with whom.
    async fn staked(&self) -> Result<BTreeSet<(Address, Address, Address)>> {
        let signatures =
            [Staked::SIGNATURE_HASH, Delegated::SIGNATURE_HASH, WithdrawalRestaked::SIGNATURE_HASH].to_vec();
        let filter = Filter::new().address(self.on.suite.strategy_manager).event_signature(signatures);
        let logs = self.on.chain.logs_since(&filter, self.on.since).await?;
        let of = |log: &alloy::rpc::types::Log| {
            let topic = |number: usize| log.topics().get(number).copied().map(Address::from_word);
            let restaked = log.log_decode::<WithdrawalRestaked>().ok().map(|log| log.data().newOperator);
            Some((topic(1)?, restaked.or_else(|| topic(2))?, topic(3)?))
        };
        Ok(logs.iter().filter_map(of).collect())
    }
}

#[cfg(test)]
mod on_chain;
#[cfg(test)]
mod tests;
