//! What people do: each is one transaction, or what has to come before it.

use crate::Attack;
use crate::world::{World, wei};
use alloy::primitives::{Address, B256, U256, b256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::SignedAttestation;
use interfaces::{
    IDisputeResolution, IERC20, IGovernance, ILens, ILiquidStakingToken, IRegistry, ISlasher, IStrategyManager,
    ITokenPool,
};
use restake::actors::Actor;
use restake::attestation::{Domain, equivocation};
use restake::chain::{CallError, event};

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

    /// `staker` gets `amount` of the token and lets the TokenPool take it.
    pub async fn fund(&self, staker: &Actor, amount: u128) -> Result<()> {
        if self.parameters.token.is_zero() {
            self.chain.send(staker.address, self.token(), &ILiquidStakingToken::depositCall {}, wei(amount)).await?;
        } else {
            let transfer = IERC20::transferCall { to: staker.address, value: wei(amount) };
            self.act(&self.cast.owner, self.token(), &transfer).await?;
        }
        let approve = IERC20::approveCall { spender: self.suite.token_pool, value: U256::MAX };
        self.act(staker, self.token(), &approve).await?;
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
        ITokenPool::stakeCall { token: self.token(), amount, operator, maxCommitment: u64::MAX }
    }

    /// `staker` queues `shares` out of `operator`'s pool. Returns the release epoch.
    pub async fn queue(&self, staker: &Actor, operator: Address, shares: u128) -> Result<u64> {
        let receipt = self.act(staker, self.suite.token_pool, &self.queue_call(operator, shares)).await?;
        let queued = event::<IStrategyManager::WithdrawalQueued>(&receipt, self.suite.strategy_manager);
        Ok(queued.ok_or_eyre("no WithdrawalQueued event")?.releaseEpoch)
    }

    /// The call that queues `shares` out of `operator`'s pool.
    pub fn queue_call(&self, operator: Address, shares: u128) -> ITokenPool::queueWithdrawalCall {
        ITokenPool::queueWithdrawalCall { token: self.token(), operator, shares }
    }

    /// The call that completes the caller's withdrawal of `release_epoch` to `recipient`.
    pub fn complete_call(
        &self,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> ITokenPool::completeQueuedWithdrawalCall {
        ITokenPool::completeQueuedWithdrawalCall {
            token: self.token(),
            operator,
            releaseEpoch: release_epoch,
            recipient,
        }
    }

    /// The call that stakes the caller's withdrawal of `release_epoch` again, with `new_operator`.
    pub fn restake_call(
        &self,
        operator: Address,
        release_epoch: u64,
        new_operator: Address,
    ) -> ITokenPool::completeQueuedWithdrawalAsSharesCall {
        ITokenPool::completeQueuedWithdrawalAsSharesCall {
            token: self.token(),
            operator,
            releaseEpoch: release_epoch,
            newOperator: new_operator,
            maxCommitment: u64::MAX,
        }
    }

    /// `operator` lets the service slash up to `budget` (wad), in the exclusive tier.
    pub async fn opt_in(&self, operator: &Actor, budget: u64) -> Result<()> {
        self.act(operator, self.suite.slasher, &self.opt_in_call(budget)).await?;
        Ok(())
    }

    /// The call that lets the service slash up to `budget` (wad), in the exclusive tier.
    pub fn opt_in_call(&self, budget: u64) -> ISlasher::optIntoSlashingCall {
        Self::grant_call(self.suite.service.service_manager, budget)
    }

    /// The call that lets `service` slash up to `budget` (wad), in the exclusive tier.
    pub fn grant_call(service: Address, budget: u64) -> ISlasher::optIntoSlashingCall {
        ISlasher::optIntoSlashingCall { serviceManager: service, budget, exclusive: true }
    }

    /// `operator` lets the service slash up to `budget` (wad), in the shared tier.
    pub async fn opt_in_shared(&self, operator: &Actor, budget: u64) -> Result<()> {
        let call = ISlasher::optIntoSlashingCall { exclusive: false, ..self.opt_in_call(budget) };
        self.act(operator, self.suite.slasher, &call).await?;
        Ok(())
    }

    /// Anyone weighs `operators` again.
    pub async fn update_stakes(&self, operators: &[Address]) -> Result<()> {
        let call = IRegistry::updateStakesCall { operators: operators.to_vec() };
        self.act(&self.cast.accuser, self.suite.service.registry, &call).await?;
        Ok(())
    }

    /// The call that registers `operator` with `key`, proven by that key.
    pub async fn register_call(&self, operator: &Actor, key: &Actor) -> Result<IRegistry::registerOperatorCall> {
        let proof = self.domain().await?.bind_key(&key.key, operator.address)?;
        Ok(IRegistry::registerOperatorCall { signingKey: key.address, r: proof.r, vs: proof.vs })
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

    /// The call that accuses `operator` of having signed both.
    pub fn challenge_call(
        operator: Address,
        first: SignedAttestation,
        second: SignedAttestation,
    ) -> IDisputeResolution::challengeCall {
        IDisputeResolution::challengeCall { operator, evidence: equivocation(first, second) }
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
        let call =
            Self::challenge_call(operator.address, self.attest(operator, 1).await?, self.attest(operator, 2).await?);
        let receipt = self.challenge(&self.cast.challenger, &call).await?;
        Attack::of(&receipt, self.suite.slasher)
    }

    /// Waits for the challenge period to end and executes the slash.
    pub async fn execute(&self, attack: &Attack) -> Result<TransactionReceipt> {
        self.chain.travel_to(attack.executable_at).await?;
        self.execute_now(attack).await
    }

    /// Executes the slash at the present time.
    pub async fn execute_now(&self, attack: &Attack) -> Result<TransactionReceipt> {
        Ok(self.act(&self.cast.accuser, self.suite.slasher, &attack.execution()).await?)
    }

    /// Whether `operator` is frozen.
    pub async fn is_frozen(&self, operator: Address) -> Result<bool> {
        Ok(self.chain.view(self.suite.slasher, &ISlasher::isFrozenCall { operator }).await?)
    }

    /// The staker's shares of `operator`'s pool and what they are worth.
    pub async fn position(&self, staker: Address, operator: Address) -> Result<(u128, u128)> {
        let call = IStrategyManager::positionCall { staker, operator, token: self.token() };
        let position = self.chain.view(self.suite.strategy_manager, &call).await?;
        Ok((position.shares, position.assets))
    }

    /// The tokens that `account` holds, outside the protocol.
    pub async fn held(&self, account: Address) -> Result<U256> {
        Ok(self.chain.view(self.token(), &IERC20::balanceOfCall { account }).await?)
    }

    /// The call that lists `token` with a `cap`, without other limits.
    pub fn list_call(token: Address, cap: u128) -> IGovernance::addStrategyCall {
        IGovernance::addStrategyCall { token, cap, depositPercent: 100, outflowPercent: 0 }
    }

    /// The owner announces other limits of the token, and they are applied when their notice ends.
    pub async fn set_limits(&self, cap: u128, deposit_percent: u8, outflow_percent: u8) -> Result<()> {
        let effective_at = self.announce_limits(cap, deposit_percent, outflow_percent).await?;
        self.chain.travel_to(effective_at).await?;
        self.apply_limits().await
    }

    /// The owner announces other limits of the token. Returns from when they can be applied.
    pub async fn announce_limits(&self, cap: u128, deposit_percent: u8, outflow_percent: u8) -> Result<u64> {
        let schedule = IGovernance::scheduleLimitsCall {
            token: self.token(),
            cap,
            depositPercent: deposit_percent,
            outflowPercent: outflow_percent,
        };
        let receipt = self.act(&self.cast.owner, self.suite.governance, &schedule).await?;
        let scheduled = event::<IGovernance::LimitsScheduled>(&receipt, self.suite.governance);
        Ok(scheduled.ok_or_eyre("no LimitsScheduled event")?.effectiveAt)
    }

    /// Anyone applies what was announced.
    pub async fn apply_limits(&self) -> Result<()> {
        let apply = IGovernance::applyLimitsCall { token: self.token() };
        self.act(&self.cast.accuser, self.suite.governance, &apply).await?;
        Ok(())
    }

    /// The call that moves `shares` of the caller's idle stake to `operator`.
    pub fn delegate_call(&self, operator: Address, shares: u128) -> ITokenPool::delegateToCall {
        ITokenPool::delegateToCall { token: self.token(), operator, shares, maxCommitment: u64::MAX }
    }

    /// The call that pays what was set aside for `claimant` until `release_epoch` to it.
    pub fn claim_call(&self, claimant: Address, release_epoch: u64) -> ITokenPool::claimFundsCall {
        ITokenPool::claimFundsCall { token: self.token(), claimant, releaseEpoch: release_epoch }
    }

    /// Lets the first second of `epoch` come.
    pub async fn enter_epoch(&self, epoch: u64) -> Result<()> {
        self.chain.travel_to(arithmetic::epoch::start(epoch)).await
    }

    /// `operator`'s active stake in the token: base units, shares, and how often it was slashed to nothing.
    pub async fn pool(&self, operator: Address) -> Result<(u128, u128, u32)> {
        let call = ILens::poolCall { operator, token: self.token() };
        let pool = self.chain.view(self.suite.lens, &call).await?;
        Ok((pool.assets, pool.shares, pool.generation))
    }

    /// The staker's shares of the bucket of `operator`'s pool that is released at `release_epoch`, and what they pay
    /// now.
    pub async fn withdrawal(&self, staker: Address, operator: Address, release_epoch: u64) -> Result<(u128, u128)> {
        let call =
            IStrategyManager::withdrawalCall { staker, operator, token: self.token(), releaseEpoch: release_epoch };
        let withdrawal = self.chain.view(self.suite.strategy_manager, &call).await?;
        Ok((withdrawal.shares, withdrawal.assets))
    }

    /// What is set aside of the token for `claimant` until `release_epoch`.
    pub async fn slashed_funds(&self, claimant: Address, release_epoch: u64) -> Result<u128> {
        let call = IStrategyManager::fundsOfCall { claimant, token: self.token(), releaseEpoch: release_epoch };
        Ok(self.chain.view(self.suite.strategy_manager, &call).await?.amount)
    }

    /// The release epoch of what is queued or set aside now.
    pub async fn release_epoch(&self) -> Result<u64> {
        Ok(arithmetic::epoch::release_of(self.chain.now().await?))
    }

    /// What the protocol owes of the token, in all.
    pub async fn owed(&self) -> Result<u128> {
        let call = ILens::strategyCall { token: self.token() };
        Ok(self.chain.view(self.suite.lens, &call).await?.owed)
    }

    /// See [`copy_program`](crate::programs::copy_program).
    pub async fn copy_of(&self, original: Address) -> Result<Address> {
        crate::programs::copy_program(&self.chain, self.cast.owner.address, original).await
    }
}
