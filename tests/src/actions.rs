//! What people do, by the verbs of [`restake::verbs`]: each is one transaction, or what has to come before it. Tests of
//! a contract's edges take the call of a verb and change it, or make their own of the ABI that they test.

use crate::Attack;
use crate::world::{World, wei};
use alloy::primitives::{Address, B256, U256, b256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::SignedAttestation;
use interfaces::{IDisputeResolution, IGovernance, IRegistry, ISlasher, IStrategyManager, ITokenPool};
use restake::actors::Actor;
use restake::attestation::Domain;
use restake::chain::{CallError, event};
use restake::verbs::governance::Limits;
use restake::verbs::{Verb, challenge, governance, operator, staker, token};

/// A task of the service.
pub const TASK: B256 = b256!("7461736b00000000000000000000000000000000000000000000000000000001");

impl World {
    /// Sends a call that must succeed.
    ///
    /// # Errors
    /// If it does not.
    pub async fn act<C: SolCall>(&self, who: &Actor, to: Address, call: &C) -> Result<TransactionReceipt, CallError> {
        self.chain.send(who.address, to, call, U256::ZERO).await
    }

    /// `who` does what must succeed.
    ///
    /// # Errors
    /// If it does not, or logs nothing that it is known by.
    pub async fn perform<C: SolCall>(&self, who: &Actor, verb: &Verb<C>) -> Result<TransactionReceipt> {
        let receipt = verb.send(&self.chain, who.address).await?;
        ensure!(verb.is_done_in(&receipt), "{} by {} logged nothing that it is known by", verb.name(), who.name);
        Ok(receipt)
    }

    /// `staker` gets `amount` of the token and lets the TokenPool take it.
    pub async fn fund(&self, staker: &Actor, amount: u128) -> Result<()> {
        if self.parameters.token.is_zero() {
            self.perform(staker, &token::mint(&self.suite, wei(amount))).await?;
        } else {
            self.perform(&self.cast.owner, &token::transfer(self.token(), staker.address, wei(amount))).await?;
        }
        self.perform(staker, &token::approve(self.token(), self.suite.token_pool, U256::MAX)).await?;
        Ok(())
    }

    /// `staker` stakes `amount`, which it gets for that, with `operator`. Returns the shares.
    pub async fn stake(&self, staker: &Actor, amount: u128, operator: Address) -> Result<u128> {
        self.fund(staker, amount).await?;
        let receipt = self.act(staker, self.suite.token_pool, &self.stake_call(amount, operator)).await?;
        let staked = event::<IStrategyManager::Staked>(&receipt, self.suite.strategy_manager);
        Ok(staked.ok_or_eyre("no Staked event")?.shares)
    }

    /// The call that stakes `amount` with `operator`.
    pub fn stake_call(&self, amount: u128, operator: Address) -> ITokenPool::stakeCall {
        staker::stake(&self.suite, amount, operator, u64::MAX).call
    }

    /// `staker` queues `shares` out of `operator`'s pool. Returns the release epoch.
    pub async fn queue(&self, staker: &Actor, operator: Address, shares: u128) -> Result<u64> {
        let receipt = self.act(staker, self.suite.token_pool, &self.queue_call(operator, shares)).await?;
        let queued = event::<IStrategyManager::WithdrawalQueued>(&receipt, self.suite.strategy_manager);
        Ok(queued.ok_or_eyre("no WithdrawalQueued event")?.releaseEpoch)
    }

    /// The call that queues `shares` out of `operator`'s pool.
    pub fn queue_call(&self, operator: Address, shares: u128) -> ITokenPool::queueWithdrawalCall {
        staker::queue(&self.suite, operator, shares).call
    }

    /// The call that completes the caller's withdrawal of `release_epoch` to `recipient`.
    pub fn complete_call(
        &self,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> ITokenPool::completeQueuedWithdrawalCall {
        staker::complete(&self.suite, operator, release_epoch, recipient).call
    }

    /// The call that stakes the caller's withdrawal of `release_epoch` again, with `new_operator`.
    pub fn restake_call(
        &self,
        operator: Address,
        release_epoch: u64,
        new_operator: Address,
    ) -> ITokenPool::completeQueuedWithdrawalAsSharesCall {
        staker::restake(&self.suite, operator, release_epoch, new_operator, u64::MAX).call
    }

    /// `operator` lets the service slash up to `budget` (wad), in the exclusive tier.
    pub async fn opt_in(&self, operator: &Actor, budget: u64) -> Result<()> {
        self.act(operator, self.suite.slasher, &self.opt_in_call(budget)).await?;
        Ok(())
    }

    /// The call that lets the service slash up to `budget` (wad), in the exclusive tier.
    pub fn opt_in_call(&self, budget: u64) -> ISlasher::optIntoSlashingCall {
        operator::opt_in(&self.suite, self.suite.service.service_manager, budget, true).call
    }

    /// `operator` lets the service slash up to `budget` (wad), in the shared tier.
    pub async fn opt_in_shared(&self, operator: &Actor, budget: u64) -> Result<()> {
        let service = self.suite.service.service_manager;
        self.perform(operator, &operator::opt_in(&self.suite, service, budget, false)).await?;
        Ok(())
    }

    /// Anyone weighs `operators` again.
    pub async fn update_stakes(&self, operators: &[Address]) -> Result<()> {
        let update = operator::update(&self.suite.service, operators.to_vec());
        update.send(&self.chain, self.cast.accuser.address).await?;
        Ok(())
    }

    /// The call that registers `who` with `key`, proven by that key.
    pub async fn register_call(&self, who: &Actor, key: &Actor) -> Result<IRegistry::registerOperatorCall> {
        let proof = self.domain().await?.bind_key(&key.key, who.address)?;
        Ok(operator::register(&self.suite.service, key.address, proof).call)
    }

    /// `operator` registers with its own key.
    pub async fn register(&self, operator: &Actor) -> Result<()> {
        let call = self.register_call(operator, operator).await?;
        self.act(operator, self.suite.service.registry, &call).await?;
        Ok(())
    }

    /// `operator` joins the service: its own stake of 32 tokens, opted in with a budget of `budget`, registered.
    pub async fn join(&self, operator: &Actor, budget: u64) -> Result<()> {
        self.stake(operator, self.parameters.minimum_stake, operator.address).await?;
        self.opt_in(operator, budget).await?;
        self.register(operator).await
    }

    /// The domain of what the service's operators sign.
    pub async fn domain(&self) -> Result<Domain> {
        Ok(Domain::new(self.chain.provider().get_chain_id().await?, self.suite.service.service_manager))
    }

    /// `operator` signs `answer` to [`TASK`], set now.
    pub async fn attest(&self, operator: &Actor, answer: u64) -> Result<SignedAttestation> {
        self.domain().await?.attest(&operator.key, TASK, self.chain.now().await?, B256::from(U256::from(answer)))
    }

    /// `challenger` sends a challenge with the bond.
    pub async fn challenge(
        &self,
        challenger: &Actor,
        call: &IDisputeResolution::challengeCall,
    ) -> Result<TransactionReceipt, CallError> {
        self.chain.send(challenger.address, self.suite.service.dispute_resolution, call, self.parameters.bond).await
    }

    /// `operator` signs two answers and the challenger proves it: the operator is frozen.
    pub async fn freeze(&self, operator: &Actor) -> Result<Attack> {
        let (first, second) = (self.attest(operator, 1).await?, self.attest(operator, 2).await?);
        let (service, bond) = (&self.suite.service, self.parameters.bond);
        let proof = challenge::equivocation(service, operator.address, first, second, bond);
        let receipt = self.perform(&self.cast.challenger, &proof).await?;
        Attack::of(&receipt, self.suite.slasher)
    }

    /// Waits for the challenge period to end and executes the slash.
    pub async fn execute(&self, attack: &Attack) -> Result<TransactionReceipt> {
        self.chain.travel_to(attack.executable_at).await?;
        self.execute_now(attack).await
    }

    /// Executes the slash at the present time.
    pub async fn execute_now(&self, attack: &Attack) -> Result<TransactionReceipt> {
        let execute = challenge::execute(&self.suite, attack.request_id, attack.request.clone());
        self.perform(&self.cast.accuser, &execute).await
    }

    /// The owner announces other limits of the token, and they are applied when their notice ends.
    pub async fn set_limits(&self, cap: u128, deposit_percent: u8, outflow_percent: u8) -> Result<()> {
        let effective_at = self.announce_limits(cap, deposit_percent, outflow_percent).await?;
        self.chain.travel_to(effective_at).await?;
        self.apply_limits().await
    }

    /// The owner announces other limits of the token. Returns from when they can be applied.
    pub async fn announce_limits(&self, cap: u128, deposit_percent: u8, outflow_percent: u8) -> Result<u64> {
        let limits = Limits { cap, deposit_percent, outflow_percent };
        let schedule = governance::schedule_limits(&self.suite, self.token(), limits);
        let receipt = self.perform(&self.cast.owner, &schedule).await?;
        let scheduled = event::<IGovernance::LimitsScheduled>(&receipt, self.suite.governance);
        Ok(scheduled.ok_or_eyre("no LimitsScheduled event")?.effectiveAt)
    }

    /// Anyone applies what was announced.
    pub async fn apply_limits(&self) -> Result<()> {
        self.perform(&self.cast.accuser, &governance::apply_limits(&self.suite, self.token())).await?;
        Ok(())
    }

    /// The call that moves `shares` of the caller's idle stake to `operator`.
    pub fn delegate_call(&self, operator: Address, shares: u128) -> ITokenPool::delegateToCall {
        staker::delegate(&self.suite, operator, shares, u64::MAX).call
    }

    /// The call that pays what was set aside for `claimant` until `release_epoch` to it.
    pub fn claim_call(&self, claimant: Address, release_epoch: u64) -> ITokenPool::claimFundsCall {
        staker::claim_funds(&self.suite, claimant, release_epoch).call
    }

    /// Lets the first second of `epoch` come.
    pub async fn enter_epoch(&self, epoch: u64) -> Result<()> {
        self.chain.travel_to(arithmetic::epoch::start(epoch)).await
    }

    /// See [`copy_program`](crate::programs::copy_program).
    pub async fn copy_of(&self, original: Address) -> Result<Address> {
        crate::programs::copy_program(&self.chain, self.cast.owner.address, original).await
    }
}
