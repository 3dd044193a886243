//! The driver: every call of the ABI that a step makes, and everything that is read of the chain. What the contracts
//! change in their ABI is followed here.

use crate::act::{terms, value};
use crate::action::{Action, Key, Owned};
use crate::evidence;
use crate::signing;
use crate::stage::{Service, Stage, Who};
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::{SolCall, SolEvent, SolValue};
use eyre::{Result, ensure, eyre};
use interfaces::IERC20Permit::{Permit, noncesCall, permitCall};
use interfaces::*;
use serde_json::json;
use stylus_devnode::{ChainState, Devnode, Executed, Impersonation};

/// The chain, and how to bring it back to where the play begins.
pub(crate) struct Chain {
    node: Devnode,
    beginning: serde_json::Value,
    /// The requests that were opened since the beginning, by number: whoever closes one gives it again.
    requests: Vec<ISlasher::SlashRequest>,
}

impl Chain {
    /// Takes a node on which the stage is set.
    pub(crate) fn new(node: Devnode) -> Result<Self> {
        let beginning = request(&node, "evm_snapshot", json!([]))?;
        Ok(Self { node, beginning, requests: Vec::new() })
    }

    /// Goes back to the beginning.
    pub(crate) fn rewind(&mut self) -> Result<()> {
        let reverted = request(&self.node, "evm_revert", json!([self.beginning]))?;
        ensure!(reverted == true, "there is no beginning to go back to");
        self.beginning = request(&self.node, "evm_snapshot", json!([]))?;
        self.requests.clear();
        Ok(())
    }

    /// The chain as it is.
    pub(crate) fn state(&self) -> Result<ChainState> {
        self.node.state().map_err(|error| eyre!("{error}"))
    }

    /// Does what the step says. Nothing is executed when only time passes.
    pub(crate) fn play(&mut self, stage: &Stage, action: &Action) -> Result<Option<Executed>> {
        if let Action::Travel { to } = *action {
            if to > self.state()?.timestamp() {
                request(&self.node, "evm_mine", json!([to]))?;
            }
            return Ok(None);
        }
        let from = action.sender().map(|who| stage.of(who)).unwrap_or_default();
        let (to, input) = self.target(stage, action, from)?;
        let call = Impersonation { from, to, value: value(stage, action), input: input.into() };
        let executed = self.node.impersonate(call).map_err(|error| eyre!("{error}"))?;
        let requested = executed.logs.iter().filter_map(|log| ISlasher::SlashRequested::decode_log(log).ok());
        self.requests.extend(requested.map(|requested| requested.data.request));
        Ok(Some(executed))
    }

    /// Asks a contract.
    pub(crate) fn view<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        let data = Bytes::from(call.abi_encode());
        let answer = request(&self.node, "eth_call", json!([{ "to": to, "data": data }, "latest"]))?;
        let answer: Bytes = serde_json::from_value(answer)?;
        Ok(C::abi_decode_returns(&answer)?)
    }

    /// Which contract is called, and with what.
    fn target(&self, stage: &Stage, action: &Action, caller: Address) -> Result<(Address, Vec<u8>)> {
        use Action::*;
        Ok(match *action {
            Travel { .. } => (Address::ZERO, Vec::new()),
            Stake { .. }
            | StakeFor { .. }
            | StakeWithPermit { .. }
            | Delegate { .. }
            | Queue { .. }
            | Complete { .. }
            | Restake { .. }
            | StakeBoth { .. }
            | QueueBoth { .. }
            | CompleteBoth { .. }
            | QueueFunds { .. }
            | Claim { .. } => self.door(stage, action, caller)?,
            Donate { .. } | Transfer { .. } | Approve { .. } | Permit { .. } => self.token(stage, action)?,
            PayReward { operator, token, amount, .. } => {
                let call = IRewards::payRewardCall { operator: stage.of(operator), token: stage.tokens[token], amount };
                (stage.setup.contracts.rewards, call.abi_encode())
            }
            ScheduleCommission { wad, .. } => {
                let call = IRewards::scheduleCommissionCall { commission: wad };
                (stage.setup.contracts.rewards, call.abi_encode())
            }
            OptIn { .. }
            | Raise { .. }
            | CancelPending { .. }
            | Activate { .. }
            | ClearLapsed { .. }
            | OptOut { .. }
            | Release { .. }
            | Record { .. }
            | Freeze { .. }
            | Execute { .. }
            | Veto { .. }
            | Expire { .. } => (stage.setup.contracts.slasher, slasher(stage, action, &self.requests)),
            Register { .. }
            | Rotate { .. }
            | Deregister { .. }
            | Update { .. }
            | SetWeight { .. }
            | SetMinimum { .. }
            | SetAdmission { .. } => registry(stage, action, caller)?,
            Admit { operator, admitted, .. } => {
                (stage.admission, [vec![0; 4], (stage.of(operator), admitted).abi_encode_params()].concat())
            }
            Accuse { .. } | Ask { .. } | Answer { .. } | Resolve { .. } | WithdrawBond { .. } => {
                disputes(stage, action)?
            }
            ScheduleTerms { service, wads, share, resolver, .. } => {
                let terms = terms(stage, service, wads, share, resolver);
                let call = IServiceManager::scheduleTermsCall {
                    wads: terms.wads,
                    challengerShare: terms.share,
                    rewardRate: terms.rate,
                    profitFromCorruption: terms.profit,
                    recipient: terms.recipient,
                    resolver: terms.resolver,
                };
                (stage.manager(Service::Full(service)), call.abi_encode())
            }
            CancelTerms { service, .. } => {
                (stage.manager(Service::Full(service)), IServiceManager::cancelTermsCall {}.abi_encode())
            }
            OfferOwnership { of, to, .. } => {
                (stage.owned(of), IOwnable::transferOwnershipCall { newOwner: stage.of(to) }.abi_encode())
            }
            AcceptOwnership { of, .. } => (stage.owned(of), IOwnable::acceptOwnershipCall {}.abi_encode()),
            Deposit { .. }
            | SendReceipts { .. }
            | Redeem { .. }
            | ClaimRedemption { .. }
            | Collect { .. }
            | QueueWaiting { .. }
            | StakeIdle { .. }
            | Rebalance { .. }
            | WeighOperator { .. }
            | CancelWeight { .. } => receipts(stage, action),
            Pause { .. }
            | Unpause { .. }
            | SetRoles { .. }
            | ScheduleLimits { .. }
            | CancelLimits { .. }
            | ApplyLimits { .. }
            | CloseToken { .. } => (stage.owned(Owned::Governance), governance(stage, action)),
        })
    }

    /// What stakers do at their door.
    fn door(&self, stage: &Stage, action: &Action, caller: Address) -> Result<(Address, Vec<u8>)> {
        use Action::*;
        let (pool, batch) = (stage.setup.contracts.token_pool, stage.setup.contracts.batch);
        let coin = |token: usize| stage.tokens[token];
        let of = |who: Who| stage.of(who);
        Ok(match *action {
            Stake { token, amount, operator, max, .. } => {
                let (token, operator) = (coin(token), of(operator));
                (pool, ITokenPool::stakeCall { token, amount, operator, maxCommitment: max }.abi_encode())
            }
            StakeFor { token, amount, operator, staker, max, .. } => {
                let (token, operator, staker) = (coin(token), of(operator), of(staker));
                let call = ITokenPool::stakeForCall { token, amount, operator, staker, maxCommitment: max };
                (pool, call.abi_encode())
            }
            StakeWithPermit { token, amount, operator, max, signer, .. } => {
                let (value, deadline) = (U256::from(amount), U256::MAX);
                let (v, r, s) = self.permit(stage, coin(token), caller, value, deadline, signer)?;
                let (token, operator) = (coin(token), of(operator));
                let call =
                    IBatch::stakeWithPermitCall { token, amount, operator, maxCommitment: max, deadline, v, r, s };
                (batch, call.abi_encode())
            }
            Delegate { token, operator, shares, max, .. } => {
                let (token, operator) = (coin(token), of(operator));
                (pool, ITokenPool::delegateToCall { token, operator, shares, maxCommitment: max }.abi_encode())
            }
            Queue { token, operator, shares, .. } => {
                let call = ITokenPool::queueWithdrawalCall { token: coin(token), operator: of(operator), shares };
                (pool, call.abi_encode())
            }
            Complete { token, operator, epoch, recipient, .. } => {
                let (token, operator, recipient) = (coin(token), of(operator), of(recipient));
                let call = ITokenPool::completeQueuedWithdrawalCall { token, operator, releaseEpoch: epoch, recipient };
                (pool, call.abi_encode())
            }
            Restake { token, operator, epoch, to, max, .. } => {
                let call = ITokenPool::completeQueuedWithdrawalAsSharesCall {
                    token: coin(token),
                    operator: of(operator),
                    releaseEpoch: epoch,
                    newOperator: of(to),
                    maxCommitment: max,
                };
                (pool, call.abi_encode())
            }
            StakeBoth { token, operators, amounts, max, .. } => {
                let call = IBatch::stakeSplitCall {
                    token: coin(token),
                    operators: operators.map(of).to_vec(),
                    amounts: amounts.to_vec(),
                    maxCommitments: vec![max; 2],
                };
                (batch, call.abi_encode())
            }
            QueueBoth { tokens, operators, shares, .. } => {
                let (tokens, operators) = (tokens.map(coin).to_vec(), operators.map(of).to_vec());
                let call = IBatch::queueWithdrawalsCall { tokens, operators, shares: shares.to_vec() };
                (batch, call.abi_encode())
            }
            CompleteBoth { tokens, operators, epochs, recipient, .. } => {
                let call = IBatch::completeQueuedWithdrawalsCall {
                    tokens: tokens.map(coin).to_vec(),
                    operators: operators.map(of).to_vec(),
                    releaseEpochs: epochs.to_vec(),
                    recipient: of(recipient),
                };
                (batch, call.abi_encode())
            }
            QueueFunds { token, claimant, epoch, .. } => {
                let (token, claimant) = (coin(token), of(claimant));
                (pool, ITokenPool::queueFundsCall { token, claimant, releaseEpoch: epoch }.abi_encode())
            }
            Claim { token, claimant, epoch, .. } => {
                let (token, claimant) = (coin(token), of(claimant));
                (pool, ITokenPool::claimFundsCall { token, claimant, releaseEpoch: epoch }.abi_encode())
            }
            _ => (Address::ZERO, Vec::new()),
        })
    }

    /// What people do with tokens themselves.
    fn token(&self, stage: &Stage, action: &Action) -> Result<(Address, Vec<u8>)> {
        use Action::*;
        let pool = stage.setup.contracts.token_pool;
        Ok(match *action {
            Donate { token, amount, .. } => {
                let call = IERC20::transferCall { to: pool, value: U256::from(amount) };
                (stage.tokens[token], call.abi_encode())
            }
            Transfer { token, to, amount, .. } => {
                let call = IERC20::transferCall { to: stage.of(to), value: U256::from(amount) };
                (stage.tokens[token], call.abi_encode())
            }
            Approve { token, amount, .. } => {
                let call = IERC20::approveCall { spender: pool, value: U256::from(amount) };
                (stage.tokens[token], call.abi_encode())
            }
            Permit { token, owner, amount, signer, deadline, .. } => {
                let (token, owner) = (stage.tokens[token], stage.of(owner));
                let (value, deadline) = (U256::from(amount), U256::from(deadline));
                let (v, r, s) = self.permit(stage, token, owner, value, deadline, signer)?;
                (token, permitCall { owner, spender: pool, value, deadline, v, r, s }.abi_encode())
            }
            _ => (Address::ZERO, Vec::new()),
        })
    }

    /// A permit of `owner` to the TokenPool, as `signer` signs it.
    fn permit(
        &self,
        stage: &Stage,
        token: Address,
        owner: Address,
        value: U256,
        deadline: U256,
        signer: Who,
    ) -> Result<(u8, alloy::primitives::B256, alloy::primitives::B256)> {
        let nonce = self.view(token, &noncesCall { owner })?;
        let message = Permit { owner, spender: stage.setup.contracts.token_pool, value, nonce, deadline };
        let key = (signer != Who::NOBODY).then_some(Key { of: signer, number: 0 });
        signing::permit(stage, token, &message, key)
    }
}

fn request(node: &Devnode, method: &str, params: serde_json::Value) -> Result<serde_json::Value> {
    node.request(method, params).map_err(|error| eyre!("{method}: {error}"))
}

/// What operators and services say to the Slasher, and anybody about requests, of which `requests` were published.
fn slasher(stage: &Stage, action: &Action, requests: &[ISlasher::SlashRequest]) -> Vec<u8> {
    use Action::*;
    let published = |id: u64| usize::try_from(id).ok().and_then(|id| requests.get(id)).cloned().unwrap_or_default();
    let of = |who: Who| stage.of(who);
    let manager = |service: Service| stage.manager(service);
    match *action {
        OptIn { service, wad, exclusive, .. } => {
            let service = manager(service);
            ISlasher::optIntoSlashingCall { serviceManager: service, budget: wad, exclusive }.abi_encode()
        }
        Raise { service, wad, .. } => {
            ISlasher::raiseBudgetCall { serviceManager: manager(service), budget: wad }.abi_encode()
        }
        CancelPending { service, .. } => {
            ISlasher::cancelPendingGrantCall { serviceManager: manager(service) }.abi_encode()
        }
        Activate { operator, service, .. } => {
            ISlasher::activateGrantCall { operator: of(operator), serviceManager: manager(service) }.abi_encode()
        }
        ClearLapsed { operator, service, .. } => {
            ISlasher::clearLapsedGrantCall { operator: of(operator), serviceManager: manager(service) }.abi_encode()
        }
        OptOut { service, .. } => ISlasher::optOutOfSlashingCall { serviceManager: manager(service) }.abi_encode(),
        Release { operator, service, .. } => {
            ISlasher::releaseCommitmentCall { operator: of(operator), serviceManager: manager(service) }.abi_encode()
        }
        Record { operator, last: false, .. } => {
            ISlasher::recordFirstStakeUpdateCall { operator: of(operator) }.abi_encode()
        }
        Record { operator, last: true, .. } => {
            ISlasher::recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: of(operator) }.abi_encode()
        }
        Freeze { operator, wad, share, challenger, recipient, resolver, .. } => ISlasher::freezeOperatorCall {
            operator: of(operator),
            wad,
            challenger: of(challenger),
            challengerShare: share,
            recipient: of(recipient),
            resolver: of(resolver),
        }
        .abi_encode(),
        Execute { request, .. } => {
            ISlasher::executeSlashCall { requestId: request, request: published(request) }.abi_encode()
        }
        Veto { request, .. } => {
            ISlasher::vetoSlashCall { requestId: request, request: published(request) }.abi_encode()
        }
        Expire { request, .. } => {
            ISlasher::closeExpiredRequestCall { requestId: request, request: published(request) }.abi_encode()
        }
        _ => Vec::new(),
    }
}

/// What operators and the owner say to a Registry, and anybody about stake.
fn registry(stage: &Stage, action: &Action, caller: Address) -> Result<(Address, Vec<u8>)> {
    use Action::*;
    let registry = |service: usize| stage.setup.services[service].contracts.registry;
    Ok(match *action {
        Register { service, key, .. } => {
            let (signing_key, proof) = (evidence::address(stage, key), signing::binding(stage, service, key, caller)?);
            let call = IRegistry::registerOperatorCall { signingKey: signing_key, r: proof.r, vs: proof.vs };
            (registry(service), call.abi_encode())
        }
        Rotate { service, key, .. } => {
            let (signing_key, proof) = (evidence::address(stage, key), signing::binding(stage, service, key, caller)?);
            let call = IRegistry::rotateKeyCall { signingKey: signing_key, r: proof.r, vs: proof.vs };
            (registry(service), call.abi_encode())
        }
        Deregister { service, .. } => (registry(service), IRegistry::deregisterOperatorCall {}.abi_encode()),
        Update { service, operators, .. } => {
            let operators = operators.map(|who| stage.of(who)).to_vec();
            (registry(service), IRegistry::updateStakesCall { operators }.abi_encode())
        }
        SetWeight { service, token, wad, .. } => {
            let call = IRegistry::scheduleStrategyWeightCall { token: stage.tokens[token], weight: wad };
            (registry(service), call.abi_encode())
        }
        SetMinimum { service, stake, .. } => {
            (registry(service), IRegistry::scheduleMinimumStakeCall { minimumStake: stake }.abi_encode())
        }
        SetAdmission { service, asks, .. } => {
            let admission = if asks { stage.admission } else { Address::ZERO };
            (registry(service), IRegistry::scheduleAdmissionCall { admission }.abi_encode())
        }
        _ => (Address::ZERO, Vec::new()),
    })
}

/// Challenges.
fn disputes(stage: &Stage, action: &Action) -> Result<(Address, Vec<u8>)> {
    use Action::*;
    let disputes = |service: usize| stage.setup.services[service].contracts.dispute_resolution;
    Ok(match *action {
        Accuse { service, operator, task, answers, signer, .. } => {
            let (operator, evidence) =
                (stage.of(operator), signing::accusation(stage, service, task, answers, signer)?);
            (disputes(service), IDisputeResolution::challengeCall { operator, evidence }.abi_encode())
        }
        Ask { service, operator, task, leaf, signer, .. } => {
            let (operator, evidence) = (stage.of(operator), signing::commitment(stage, service, task, leaf, signer)?);
            (disputes(service), IDisputeResolution::challengeAvailabilityCall { operator, evidence }.abi_encode())
        }
        Answer { service, challenge, leaf, .. } => {
            let opening = evidence::opening(leaf);
            let proof: Vec<u8> = opening.proof.concat();
            let (leaf, proof) = (opening.leaf.into(), proof.into());
            let call = IDisputeResolution::answerChallengeCall { challengeId: challenge, leaf, proof };
            (disputes(service), call.abi_encode())
        }
        Resolve { service, challenge, .. } => {
            (disputes(service), IDisputeResolution::resolveChallengeCall { challengeId: challenge }.abi_encode())
        }
        WithdrawBond { service, recipient, .. } => {
            let recipient = stage.of(recipient);
            (disputes(service), IDisputeResolution::withdrawBondCall { recipient }.abi_encode())
        }
        _ => (Address::ZERO, Vec::new()),
    })
}

/// What the protocol's owner and its pausers do.
fn governance(stage: &Stage, action: &Action) -> Vec<u8> {
    use Action::*;
    let coin = |token: usize| stage.tokens[token];
    match *action {
        Pause { flags, .. } => IGovernance::pauseCall { flags }.abi_encode(),
        Unpause { .. } => IGovernance::unpauseCall {}.abi_encode(),
        SetRoles { pauser, unpauser, .. } => {
            IGovernance::setRolesCall { pauser: stage.of(pauser), unpauser: stage.of(unpauser) }.abi_encode()
        }
        ScheduleLimits { token, cap, deposit, outflow, .. } => IGovernance::scheduleLimitsCall {
            token: coin(token),
            cap,
            depositPercent: deposit,
            outflowPercent: outflow,
        }
        .abi_encode(),
        CancelLimits { token, .. } => IGovernance::cancelLimitsCall { token: coin(token) }.abi_encode(),
        ApplyLimits { token, .. } => IGovernance::applyLimitsCall { token: coin(token) }.abi_encode(),
        CloseToken { token, .. } => IGovernance::closeStrategyCall { token: coin(token) }.abi_encode(),
        _ => Vec::new(),
    }
}

/// What holders of receipts do, and anybody about what is behind them.
fn receipts(stage: &Stage, action: &Action) -> (Address, Vec<u8>) {
    use Action::*;
    let (of, receipt) = (|who: Who| stage.of(who), stage.setup.receipt);
    match *action {
        Deposit { amount, recipient, min, stakes: true, .. } => {
            let call = ILiquidRestakingToken::depositAndStakeCall { amount, recipient: of(recipient), minShares: min };
            (receipt.receipt, call.abi_encode())
        }
        Deposit { amount, recipient, min, .. } => {
            let call = ILiquidRestakingToken::depositCall { amount, recipient: of(recipient), minShares: min };
            (receipt.receipt, call.abi_encode())
        }
        SendReceipts { to, shares, .. } => {
            (receipt.receipt, IERC20::transferCall { to: of(to), value: U256::from(shares) }.abi_encode())
        }
        Redeem { shares, min, .. } => {
            let call = ILiquidRestakingToken::requestRedemptionCall { shares, minAssets: min };
            (receipt.receipt, call.abi_encode())
        }
        ClaimRedemption { id, .. } => (receipt.desk, IRedemptionDesk::claimRedemptionCall { id }.abi_encode()),
        Collect { operator, epoch, .. } => {
            let call = IRedemptionDesk::collectCall { operator: of(operator), releaseEpoch: epoch };
            (receipt.desk, call.abi_encode())
        }
        QueueWaiting { operator, period, .. } => {
            let call = IRedemptionDesk::queueWaitingCall { operator: of(operator), period };
            (receipt.desk, call.abi_encode())
        }
        StakeIdle { .. } => (receipt.weights, IRestakingWeights::stakeIdleCall {}.abi_encode()),
        Rebalance { .. } => (receipt.weights, IRestakingWeights::rebalanceCall {}.abi_encode()),
        WeighOperator { operator, weight, max, .. } => {
            let call = IRestakingWeights::scheduleWeightCall { operator: of(operator), weight, maxCommitment: max };
            (receipt.weights, call.abi_encode())
        }
        CancelWeight { operator, .. } => {
            (receipt.weights, IRestakingWeights::cancelWeightCall { operator: of(operator) }.abi_encode())
        }
        _ => (Address::ZERO, Vec::new()),
    }
}

/// What a call that reverts returned, by the name of the error, for messages.
pub(crate) fn refusal(output: &[u8]) -> String {
    restake::refusal::Refusal { data: Bytes::copy_from_slice(output) }.to_string()
}
