//! The driver: every call of the ABI that a step makes, and everything that is read of the chain. What the contracts change in their ABI is followed here.

use crate::action::Action;
use crate::evidence;
use crate::stage::{Stage, Who};
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use eyre::{Result, ensure, eyre};
use interfaces::*;
use serde_json::json;
use stylus_devnode::{ChainState, Devnode, Executed, Impersonation};

/// The chain, and how to bring it back to where the play begins.
pub(crate) struct Chain {
    node: Devnode,
    beginning: serde_json::Value,
}

impl Chain {
    /// Takes a node on which the stage is set.
    pub(crate) fn new(node: Devnode) -> Result<Self> {
        let beginning = request(&node, "evm_snapshot", json!([]))?;
        Ok(Self { node, beginning })
    }

    /// Goes back to the beginning.
    pub(crate) fn rewind(&mut self) -> Result<()> {
        let reverted = request(&self.node, "evm_revert", json!([self.beginning]))?;
        ensure!(reverted == true, "there is no beginning to go back to");
        self.beginning = request(&self.node, "evm_snapshot", json!([]))?;
        Ok(())
    }

    /// The chain as it is.
    pub(crate) fn state(&self) -> Result<ChainState> {
        self.node.state().map_err(|error| eyre!("{error}"))
    }

    /// Does what the step says. Nothing is executed when only time passes.
    pub(crate) fn play(&self, stage: &Stage, action: &Action) -> Result<Option<Executed>> {
        if let Action::Travel { to } = *action {
            if to > self.state()?.timestamp() {
                request(&self.node, "evm_mine", json!([to]))?;
            }
            return Ok(None);
        }
        let call = call(stage, action)?;
        self.node.impersonate(call).map(Some).map_err(|error| eyre!("{error}"))
    }

    /// Asks a contract.
    pub(crate) fn view<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        let data = Bytes::from(call.abi_encode());
        let answer = request(&self.node, "eth_call", json!([{ "to": to, "data": data }, "latest"]))?;
        let answer: Bytes = serde_json::from_value(answer)?;
        Ok(C::abi_decode_returns(&answer)?)
    }
}

fn request(node: &Devnode, method: &str, params: serde_json::Value) -> Result<serde_json::Value> {
    node.request(method, params).map_err(|error| eyre!("{method}: {error}"))
}

/// Who acts where the step says whether it is the owner: the owner, or the first of the people.
pub(crate) fn owner_or_stranger(stage: &Stage, owner: bool) -> Address {
    if owner { stage.owner } else { stage.of(Who(0)) }
}

/// Who sends a step's transaction; nobody where only time passes.
pub(crate) fn sender(stage: &Stage, action: &Action) -> Option<Address> {
    use Action::*;
    match *action {
        Travel { .. } => None,
        SetWeight { owner, .. }
        | SetMinimum { owner, .. }
        | ScheduleTerms { owner, .. }
        | CancelTerms { owner, .. }
        | ScheduleLimits { owner, .. }
        | CancelLimits { owner, .. }
        | CloseToken { owner, .. } => Some(owner_or_stranger(stage, owner)),
        Stake { who, .. }
        | StakeFor { who, .. }
        | Delegate { who, .. }
        | Queue { who, .. }
        | Complete { who, .. }
        | Restake { who, .. }
        | StakeBoth { who, .. }
        | QueueBoth { who, .. }
        | CompleteBoth { who, .. }
        | Claim { who, .. }
        | Donate { who, .. }
        | Approve { who, .. }
        | PayReward { who, .. }
        | ScheduleCommission { who, .. }
        | OptIn { who, .. }
        | Raise { who, .. }
        | CancelPending { who, .. }
        | Activate { who, .. }
        | OptOut { who, .. }
        | Release { who, .. }
        | Record { who, .. }
        | Freeze { who, .. }
        | Execute { who, .. }
        | Veto { who, .. }
        | Expire { who, .. }
        | Register { who, .. }
        | Deregister { who, .. }
        | UpdateStake { who, .. }
        | Accuse { who, .. }
        | Ask { who, .. }
        | Answer { who, .. }
        | Resolve { who, .. }
        | WithdrawBond { who, .. }
        | Pause { who, .. }
        | Unpause { who }
        | ApplyLimits { who, .. } => Some(stage.of(who)),
    }
}

/// Wei that a step carries: the bond of a challenge, or one wei less.
pub(crate) fn value(stage: &Stage, action: &Action) -> U256 {
    match *action {
        Action::Accuse { service, bonded, .. } | Action::Ask { service, bonded, .. } => {
            stage.parameters[service].bond - U256::from(!bonded)
        }
        _ => U256::ZERO,
    }
}

fn call(stage: &Stage, action: &Action) -> Result<Impersonation> {
    let from = sender(stage, action).unwrap_or_default();
    let (to, input) = target(stage, action)?;
    Ok(Impersonation { from, to, value: value(stage, action), input: input.into() })
}

/// Which contract is called, and with what.
#[rustfmt::skip]
fn target(stage: &Stage, action: &Action) -> Result<(Address, Vec<u8>)> {
    use Action::*;
    let suite = &stage.suite;
    let (pool, slasher, governance, rewards) = (suite.token_pool, suite.slasher, suite.governance, suite.rewards);
    let coin = |token: usize| stage.tokens[token];
    let of = |who: Who| stage.of(who);
    let manager = |service: usize| stage.manager(service);
    let registry = |service: usize| stage.services[service].registry;
    let disputes = |service: usize| stage.services[service].dispute_resolution;
    Ok(match *action {
        Travel { .. } => (Address::ZERO, Vec::new()),
        Stake { token, amount, operator, .. } => (pool, ITokenPool::stakeCall { token: coin(token), amount, operator: of(operator) }.abi_encode()),
        StakeFor { token, amount, operator, staker, .. } => (pool, ITokenPool::stakeForCall { token: coin(token), amount, operator: of(operator), staker: of(staker) }.abi_encode()),
        Delegate { token, operator, shares, .. } => (pool, ITokenPool::delegateToCall { token: coin(token), operator: of(operator), shares }.abi_encode()),
        Queue { token, operator, shares, .. } => (pool, ITokenPool::queueWithdrawalCall { token: coin(token), operator: of(operator), shares }.abi_encode()),
        Complete { token, operator, epoch, recipient, .. } => (pool, ITokenPool::completeQueuedWithdrawalCall { token: coin(token), operator: of(operator), releaseEpoch: epoch, recipient: of(recipient) }.abi_encode()),
        Restake { token, operator, epoch, to, .. } => (pool, ITokenPool::completeQueuedWithdrawalAsSharesCall { token: coin(token), operator: of(operator), releaseEpoch: epoch, newOperator: of(to) }.abi_encode()),
        StakeBoth { token, operators, amounts, .. } => (suite.batch, IBatch::stakeSplitCall { token: coin(token), operators: operators.map(of).to_vec(), amounts: amounts.to_vec() }.abi_encode()),
        QueueBoth { tokens, operators, shares, .. } => (suite.batch, IBatch::queueWithdrawalsCall { tokens: tokens.map(coin).to_vec(), operators: operators.map(of).to_vec(), shares: shares.to_vec() }.abi_encode()),
        CompleteBoth { tokens, operators, epochs, recipient, .. } => {
            let call = IBatch::completeQueuedWithdrawalsCall { tokens: tokens.map(coin).to_vec(), operators: operators.map(of).to_vec(), releaseEpochs: epochs.to_vec(), recipient: of(recipient) };
            (suite.batch, call.abi_encode())
        }
        Claim { token, claimant, .. } => (pool, ITokenPool::claimFundsCall { token: coin(token), claimant: of(claimant) }.abi_encode()),
        Donate { token, amount, .. } => (coin(token), IERC20::transferCall { to: pool, value: U256::from(amount) }.abi_encode()),
        Approve { token, amount, .. } => (coin(token), IERC20::approveCall { spender: pool, value: U256::from(amount) }.abi_encode()),
        PayReward { operator, token, amount, .. } => (rewards, IRewards::payRewardCall { operator: of(operator), token: coin(token), amount }.abi_encode()),
        ScheduleCommission { wad, .. } => (rewards, IRewards::scheduleCommissionCall { commission: wad }.abi_encode()),
        OptIn { service, wad, .. } => (slasher, ISlasher::optIntoSlashingCall { serviceManager: manager(service), maxSlash: wad }.abi_encode()),
        Raise { service, wad, .. } => (slasher, ISlasher::raiseBudgetCall { serviceManager: manager(service), maxSlash: wad }.abi_encode()),
        CancelPending { service, .. } => (slasher, ISlasher::cancelPendingGrantCall { serviceManager: manager(service) }.abi_encode()),
        Activate { operator, service, .. } => (slasher, ISlasher::activateGrantCall { operator: of(operator), serviceManager: manager(service) }.abi_encode()),
        OptOut { service, .. } => (slasher, ISlasher::optOutOfSlashingCall { serviceManager: manager(service) }.abi_encode()),
        Release { operator, service, .. } => (slasher, ISlasher::releaseCommitmentCall { operator: of(operator), serviceManager: manager(service) }.abi_encode()),
        Record { operator, until, last: false, .. } => (slasher, ISlasher::recordStakeUpdateCall { operator: of(operator), serveUntil: until }.abi_encode()),
        Record { operator, until, last: true, .. } => (slasher, ISlasher::recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: of(operator), serveUntil: until }.abi_encode()),
        Freeze { operator, wad, share, challenger, resolver, .. } => {
            let recipient = of(Who::SERVICE);
            let call = ISlasher::freezeOperatorCall { operator: of(operator), wad, challenger: of(challenger), challengerShare: share, recipient, resolver: of(resolver) };
            (slasher, call.abi_encode())
        }
        Execute { request, .. } => (slasher, ISlasher::executeSlashCall { requestId: request }.abi_encode()),
        Veto { request, .. } => (slasher, ISlasher::vetoSlashCall { requestId: request }.abi_encode()),
        Expire { request, .. } => (slasher, ISlasher::closeExpiredRequestCall { requestId: request }.abi_encode()),
        Register { who, service, key } => {
            let proof = stage.domains[service].bind_key(stage.key(key), of(who))?;
            (registry(service), IRegistry::registerOperatorCall { signingKey: of(key), r: proof.r, vs: proof.vs }.abi_encode())
        }
        Deregister { service, .. } => (registry(service), IRegistry::deregisterOperatorCall {}.abi_encode()),
        UpdateStake { service, operator, .. } => (registry(service), IRegistry::updateStakesCall { operators: vec![of(operator)] }.abi_encode()),
        SetWeight { service, token, wad, .. } => (registry(service), IRegistry::scheduleStrategyWeightCall { token: coin(token), weight: wad }.abi_encode()),
        SetMinimum { service, stake, .. } => (registry(service), IRegistry::scheduleMinimumStakeCall { minimumStake: stake }.abi_encode()),
        Accuse { service, operator, task, answers, signer, .. } => {
            let evidence = evidence::accusation(stage, service, task, answers, signer)?;
            (disputes(service), IDisputeResolution::challengeCall { operator: of(operator), evidence }.abi_encode())
        }
        Ask { service, operator, task, leaf, signer, .. } => {
            let evidence = evidence::commitment(stage, service, task, leaf, signer)?;
            (disputes(service), IDisputeResolution::challengeAvailabilityCall { operator: of(operator), evidence }.abi_encode())
        }
        Answer { service, challenge, leaf, .. } => {
            let inside = leaf.index < leaf.of;
            let proof = if inside { evidence::tree(leaf.of).proof(usize::from(leaf.index)) } else { Bytes::new() };
            (disputes(service), IDisputeResolution::answerChallengeCall { challengeId: challenge, leaf: evidence::content(leaf).into(), proof }.abi_encode())
        }
        Resolve { service, challenge, .. } => (disputes(service), IDisputeResolution::resolveChallengeCall { challengeId: challenge }.abi_encode()),
        WithdrawBond { service, recipient, .. } => (disputes(service), IDisputeResolution::withdrawBondCall { recipient: of(recipient) }.abi_encode()),
        ScheduleTerms { service, wads, share, resolver, .. } => {
            let now = stage.parameters[service];
            let call = IServiceManager::scheduleTermsCall { equivocationWad: wads.0, availabilityWad: wads.1, challengerShare: share, rewardRate: now.reward_rate, recipient: now.recipient, resolver: of(resolver) };
            (manager(service), call.abi_encode())
        }
        CancelTerms { service, .. } => (manager(service), IServiceManager::cancelTermsCall {}.abi_encode()),
        Pause { flags, .. } => (governance, IGovernance::pauseCall { flags }.abi_encode()),
        Unpause { .. } => (governance, IGovernance::unpauseCall {}.abi_encode()),
        ScheduleLimits { token, cap, deposit, outflow, .. } => (governance, IGovernance::scheduleLimitsCall { token: coin(token), cap, depositPercent: deposit, outflowPercent: outflow }.abi_encode()),
        CancelLimits { token, .. } => (governance, IGovernance::cancelLimitsCall { token: coin(token) }.abi_encode()),
        ApplyLimits { token, .. } => (governance, IGovernance::applyLimitsCall { token: coin(token) }.abi_encode()),
        CloseToken { token, .. } => (governance, IGovernance::closeStrategyCall { token: coin(token) }.abi_encode()),
    })
}

/// What a refused call returned, by the name of the error, for messages.
pub(crate) fn refusal(output: &[u8]) -> String {
    restake::refusal::Refusal { data: Bytes::copy_from_slice(output) }.to_string()
}
