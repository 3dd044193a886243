//! What stakers do.

use super::looking;
use super::sending::Step;
use super::session::{Acting, Actor, Node, Session};
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolError;
use clap::{Args, Subcommand};
use eyre::{Result, bail, ensure};
use interfaces::{IERC20, ILens, IStrategyManager};
use restake::amounts::{Amount, Fraction, format};
use restake::refusal::Refusal;
use restake::verbs::{staker, token};

/// Stakers.
#[derive(Debug, Subcommand)]
pub(crate) enum StakerCommand {
    /// Stake tokens, idle or with an operator
    #[command(after_help = "Example: restake staker stake 1.5 --operator honest-op --max-commitment 50% --from alice")]
    Stake {
        /// How many tokens
        amount: Amount,
        #[command(flatten)]
        choice: Choice,
        #[command(flatten)]
        acting: Acting,
    },
    /// Move idle stake to an operator
    #[command(
        after_help = "Example: restake staker delegate max --operator honest-op --max-commitment 50% --from alice"
    )]
    Delegate {
        /// How many tokens of the idle stake
        amount: Amount,
        #[command(flatten)]
        choice: Choice,
        #[command(flatten)]
        acting: Acting,
    },
    /// Queue a withdrawal: the first of the steps out
    #[command(after_help = "Example: restake staker queue 0.5 --operator honest-op --from alice")]
    Queue {
        /// How many tokens
        amount: Amount,
        /// From whom: an operator, or idle
        #[arg(long, default_value = "idle")]
        operator: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take a withdrawal that is ready out as tokens
    #[command(after_help = "Example: restake staker complete --operator honest-op --epoch 2910 --from alice")]
    Complete {
        #[command(flatten)]
        withdrawal: Withdrawal,
        /// Who gets the tokens [default: who acts]
        #[arg(long)]
        recipient: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Stake a withdrawal that is ready again
    #[command(
        after_help = "Example: restake staker restake --operator honest-op --epoch 2910 --to crooked-op --from alice"
    )]
    Restake {
        #[command(flatten)]
        withdrawal: Withdrawal,
        /// With whom: an operator, or idle
        #[arg(long, default_value = "idle")]
        to: String,
        /// The highest commitment of the operator to accept
        #[arg(long, default_value = "100%")]
        max_commitment: Fraction,
        #[command(flatten)]
        acting: Acting,
    },
    /// Have what was set aside for an account (slashed funds, commission) paid to it, by anyone
    #[command(after_help = "Example: restake staker claim alice --epoch 2910 --from bob")]
    Claim {
        /// For whom
        claimant: String,
        /// The epoch of its release [default: that of the only one]
        #[arg(long)]
        epoch: Option<u64>,
        #[command(flatten)]
        acting: Acting,
    },
    /// What of an account is on its way out, and when it is ready
    #[command(after_help = "Example: restake staker withdrawals alice")]
    Withdrawals {
        /// Whose
        account: String,
        #[command(flatten)]
        node: Node,
    },
    /// What an account has at stake, and what of it is on its way out
    #[command(after_help = "Example: restake staker position alice")]
    Position {
        /// Whose
        account: String,
        #[command(flatten)]
        node: Node,
    },
}

/// With whom, and at what risk.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// With whom: an operator, or idle
    #[arg(long, default_value = "idle")]
    operator: String,
    /// The highest commitment of the operator to accept, announced raises included
    #[arg(long, default_value = "100%")]
    max_commitment: Fraction,
}

/// A withdrawal.
#[derive(Debug, Args)]
pub(crate) struct Withdrawal {
    /// From whom: an operator, or idle
    #[arg(long, default_value = "idle")]
    operator: String,
    /// The epoch of its release [default: that of the only one]
    #[arg(long)]
    epoch: Option<u64>,
}

pub(crate) async fn run(command: StakerCommand) -> Result<()> {
    match command {
        StakerCommand::Stake { amount, choice, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let steps = session.stake(&actor, &amount, &choice).await?;
            session.perform(&actor, &acting.sending, steps).await
        }
        StakerCommand::Delegate { amount, choice, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let shares = session.shares(actor.address, Address::ZERO, &amount).await?;
            let operator = session.people.find(&choice.operator)?;
            let verb = staker::delegate(&session.suite, operator, shares, choice.max_commitment.0);
            let what = format!("delegates {amount} of the idle stake to {}", session.people.name(operator));
            let step = Step::new(what, &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        StakerCommand::Queue { amount, operator, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let operator = session.people.find(&operator)?;
            let shares = session.shares(actor.address, operator, &amount).await?;
            let verb = staker::queue(&session.suite, operator, shares);
            let what = format!("queues a withdrawal of {amount} {}", session.from(operator));
            let step = Step::new(what, &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        StakerCommand::Complete { withdrawal, recipient, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let operator = session.people.find(&withdrawal.operator)?;
            let recipient = recipient.map_or(Ok(actor.address), |name| session.people.find(&name))?;
            let release_epoch = session.release_epoch(actor.address, operator, withdrawal.epoch).await?;
            let verb = staker::complete(&session.suite, operator, release_epoch, recipient);
            let (from, to) = (session.from(operator), session.people.name(recipient));
            let what = format!("takes the withdrawal {from} of epoch {release_epoch} out, to {to}");
            let step = Step::new(what, &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        StakerCommand::Restake { withdrawal, to, max_commitment, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let (operator, new_operator) = (session.people.find(&withdrawal.operator)?, session.people.find(&to)?);
            let release_epoch = session.release_epoch(actor.address, operator, withdrawal.epoch).await?;
            let verb = staker::restake(&session.suite, operator, release_epoch, new_operator, max_commitment.0);
            let (from, with) = (session.from(operator), session.with(new_operator));
            let what = format!("stakes the withdrawal {from} of epoch {release_epoch} again, {with}");
            let step = Step::new(what, &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        StakerCommand::Claim { claimant, epoch, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let claimant = session.people.find(&claimant)?;
            let set_aside =
                looking::set_aside(&session, claimant).await?.into_iter().map(|(epoch, ..)| epoch).collect();
            let epoch = only(epoch, set_aside, &format!("nothing is set aside for {}", session.people.name(claimant)))?;
            let steps = session.claim(claimant, epoch).await?;
            session.perform(&actor, &acting.sending, steps).await
        }
        StakerCommand::Withdrawals { account, node } => {
            let session = Session::open(&node).await?;
            let account = session.people.find(&account)?;
            looking::withdrawals_of(&session, account).await
        }
        StakerCommand::Position { account, node } => {
            let session = Session::open(&node).await?;
            let account = session.people.find(&account)?;
            looking::position(&session, account).await
        }
    }
}

/// The epoch that was named, or the only one that there is.
fn only(named: Option<u64>, there: Vec<u64>, none: &str) -> Result<u64> {
    match (named, there.as_slice()) {
        (Some(epoch), _) => Ok(epoch),
        (None, [epoch]) => Ok(*epoch),
        (None, []) => bail!("{none}"),
        (None, several) => bail!("there are several, of the epochs {several:?}: name one with --epoch"),
    }
}

impl Session {
    async fn stake(&self, actor: &Actor, amount: &Amount, choice: &Choice) -> Result<Vec<Step>> {
        let operator = self.people.find(&choice.operator)?;
        let amount = self.tokens(self.suite.token, actor.address, amount).await?;
        let verb = staker::stake(&self.suite, amount, operator, choice.max_commitment.0);
        let mut steps = Vec::new();
        steps.extend(self.approval(self.suite.token, actor.address, self.suite.token_pool, amount).await?);
        let what = format!("stakes {} {}", self.written(amount).await?, self.with(operator));
        steps.push(Step::new(what, &verb));
        Ok(steps)
    }

    async fn claim(&self, claimant: Address, epoch: u64) -> Result<Vec<Step>> {
        let (name, token) = (self.people.name(claimant), self.suite.token);
        let funds =
            self.chain.view(self.suite.lens, &ILens::fundsOfCall { claimant, token, releaseEpoch: epoch }).await?;
        ensure!(funds.amount != 0, "nothing is set aside for {name} until epoch {epoch}");
        let mut steps = Vec::new();
        if funds.queued < funds.amount {
            let verb = staker::queue_funds(&self.suite, claimant, epoch);
            steps.push(Step::new(format!("queues what is set aside for {name}"), &verb));
        }
        let verb = staker::claim_funds(&self.suite, claimant, epoch);
        let what = format!("has {} that are set aside paid to {name}", self.written(funds.amount).await?);
        steps.push(Step::new(what, &verb));
        Ok(steps)
    }

    /// The epoch of a withdrawal's release: the one that was named, or that of the only one.
    async fn release_epoch(&self, staker: Address, operator: Address, named: Option<u64>) -> Result<u64> {
        let queued = looking::withdrawals(self, staker, operator).await?.into_iter().map(|(epoch, ..)| epoch).collect();
        only(named, queued, &format!("no withdrawal {} is on its way", self.from(operator)))
    }

    /// The amount of a token in base units; max is all that `owner` holds.
    pub(crate) async fn tokens(&self, token: Address, owner: Address, amount: &Amount) -> Result<u128> {
        let decimals = self.chain.view(token, &IERC20::decimalsCall {}).await?;
        let held = match amount {
            Amount::Max => self.chain.view(token, &IERC20::balanceOfCall { account: owner }).await?,
            Amount::Exactly(_) => U256::ZERO,
        };
        Ok(amount.base_units(decimals, held.try_into().unwrap_or(u128::MAX))?)
    }

    /// The shares of a position that are worth an amount, rounded up (so much at least leaves); max is all of them.
    async fn shares(&self, staker: Address, operator: Address, amount: &Amount) -> Result<u128> {
        let token = self.suite.token;
        let position = IStrategyManager::positionCall { staker, operator, token };
        let position = self.chain.view(self.suite.strategy_manager, &position).await?;
        let wanted = self.tokens(token, staker, amount).await?;
        if *amount == Amount::Max || wanted == position.assets {
            ensure!(position.shares != 0, "{} has nothing there", self.people.name(staker));
            return Ok(position.shares);
        }
        let (has, name) = (self.written(position.assets).await?, self.people.name(staker));
        ensure!(wanted < position.assets, "{name} has {has} there, less than {amount}");
        let shares = U256::from(wanted) * U256::from(position.shares);
        Ok(shares.div_ceil(U256::from(position.assets)).to())
    }

    /// How a stake is placed: `with` an operator, or idle.
    pub(crate) fn with(&self, operator: Address) -> String {
        if operator.is_zero() {
            "without an operator".to_owned()
        } else {
            format!("with {}", self.people.name(operator))
        }
    }

    /// Where a stake leaves.
    pub(crate) fn from(&self, operator: Address) -> String {
        if operator.is_zero() { "of idle stake".to_owned() } else { format!("from {}", self.people.name(operator)) }
    }

    /// What lets `spender` take `amount`, if it may not yet. Nothing is approved that is not there.
    pub(crate) async fn approval(
        &self,
        token: Address,
        owner: Address,
        spender: Address,
        amount: u128,
    ) -> Result<Option<Step>> {
        let value = U256::from(amount);
        let held = self.chain.view(token, &IERC20::balanceOfCall { account: owner }).await?;
        if held < value {
            let error = IERC20::ERC20InsufficientBalance { sender: owner, balance: held, needed: value };
            return Err(self.refused("pays".to_owned(), &Refusal { data: error.abi_encode().into() }).await?.into());
        }
        if self.chain.view(token, &IERC20::allowanceCall { owner, spender }).await? >= value {
            return Ok(None);
        }
        let what = format!("lets {} take {}", self.people.name(spender), self.written(amount).await?);
        Ok(Some(Step::new(what, &token::approve(token, spender, value))))
    }

    /// An amount of the suite's token with its symbol.
    pub(crate) async fn written(&self, amount: u128) -> Result<String> {
        let token = self.suite.token;
        let decimals = self.chain.view(token, &IERC20::decimalsCall {}).await?;
        let symbol = self.chain.view(token, &IERC20::symbolCall {}).await?;
        Ok(format!("{} {symbol}", format(U256::from(amount), decimals)))
    }
}
