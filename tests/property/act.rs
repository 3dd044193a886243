//! Steps on the model.

use crate::action::{Action, Key};
use crate::evidence;
use crate::stage::{Service, Stage, Who};
use alloy::primitives::{Address, Log, U256};
use restake_model::{Answer, Limits, Model, Protocol, Terms};

/// Does what a step says. Returns its events, or what it reverts with; then nothing has changed.
pub(crate) fn act(model: &mut Model, stage: &Stage, action: &Action) -> Answer<Vec<Log>> {
    if let Action::Travel { to } = *action {
        model.wait(to);
        return Ok(Vec::new());
    }
    model.transact(|protocol| call(protocol, stage, action))
}

/// Wei that a step carries: the bond of a challenge, or one wei less.
pub(crate) fn value(stage: &Stage, action: &Action) -> U256 {
    match *action {
        Action::Accuse { service, bonded, .. } | Action::Ask { service, bonded, .. } => {
            stage.setup.services[service].bond - U256::from(!bonded)
        }
        _ => U256::ZERO,
    }
}

/// The terms that a step schedules: what it does not name stays as it was at the beginning.
pub(crate) fn terms(stage: &Stage, service: usize, wads: (u64, u64), share: u64, resolver: Who) -> Terms {
    let begin = stage.setup.services[service].terms;
    Terms { wads: [wads.0, wads.1, 0, 0], share, resolver: stage.of(resolver), ..begin }
}

/// The account whose signature a permit has.
fn permit_signer(stage: &Stage, signer: Who) -> Address {
    if signer == Who::NOBODY { Address::ZERO } else { stage.key(Key { of: signer, number: 0 }).address() }
}

fn call(protocol: &mut Protocol, stage: &Stage, action: &Action) -> Answer {
    use Action::*;
    let of = |who: Who| stage.of(who);
    let coin = |token: usize| stage.tokens[token];
    let manager = |service: Service| stage.manager(service);
    let caller = action.sender().map(of).unwrap_or_default();
    let pool = stage.setup.contracts.token_pool;
    match *action {
        Travel { .. } => Ok(()),
        Stake { token, amount, operator, max, .. } => {
            protocol.stake(caller, coin(token), amount, of(operator), max).map(drop)
        }
        StakeFor { token, amount, operator, staker, max, .. } => {
            protocol.stake_for(caller, coin(token), amount, of(operator), of(staker), max).map(drop)
        }
        StakeWithPermit { token, amount, operator, max, signer, .. } => {
            let (value, signer) = (U256::from(amount), permit_signer(stage, signer));
            let permit = restake_model::Permit { owner: caller, spender: pool, value, deadline: U256::MAX, signer };
            protocol.stake_with_permit(caller, coin(token), amount, of(operator), max, permit).map(drop)
        }
        Delegate { token, operator, shares, max, .. } => {
            protocol.delegate_to(caller, coin(token), of(operator), shares, max).map(drop)
        }
        Queue { token, operator, shares, .. } => {
            protocol.queue_withdrawal(caller, coin(token), of(operator), shares).map(drop)
        }
        Complete { token, operator, epoch, recipient, .. } => {
            protocol.complete_queued_withdrawal(caller, coin(token), of(operator), epoch, of(recipient)).map(drop)
        }
        Restake { token, operator, epoch, to, max, .. } => {
            protocol.complete_as_shares(caller, coin(token), of(operator), epoch, of(to), max).map(drop)
        }
        StakeBoth { token, operators, amounts, max, .. } => {
            let parts = [0, 1].map(|n| (of(operators[n]), amounts[n], max));
            protocol.stake_split(caller, coin(token), &parts)
        }
        QueueBoth { tokens, operators, shares, .. } => {
            let parts = [0, 1].map(|n| (coin(tokens[n]), of(operators[n]), shares[n]));
            protocol.queue_withdrawals(caller, &parts)
        }
        CompleteBoth { tokens, operators, epochs, recipient, .. } => {
            let parts = [0, 1].map(|n| (coin(tokens[n]), of(operators[n]), epochs[n]));
            protocol.complete_queued_withdrawals(caller, &parts, of(recipient))
        }
        QueueFunds { token, claimant, epoch, .. } => protocol.queue_funds(coin(token), of(claimant), epoch).map(drop),
        Claim { token, claimant, epoch, .. } => protocol.claim_funds(coin(token), of(claimant), epoch).map(drop),
        Donate { token, amount, .. } => protocol.transfer(caller, coin(token), pool, amount),
        Transfer { token, to, amount, .. } => protocol.transfer(caller, coin(token), of(to), amount),
        Approve { token, amount, .. } => protocol.approve(caller, coin(token), pool, U256::from(amount)),
        Permit { token, owner, amount, signer, deadline, .. } => {
            let (value, deadline) = (U256::from(amount), U256::from(deadline));
            let signer = permit_signer(stage, signer);
            let permit = restake_model::Permit { owner: of(owner), spender: pool, value, deadline, signer };
            protocol.permit(coin(token), permit)
        }
        PayReward { operator, token, amount, .. } => protocol.pay_reward(caller, of(operator), coin(token), amount),
        ScheduleCommission { wad, .. } => protocol.schedule_commission(caller, wad),
        OptIn { service, wad, exclusive, .. } => protocol.opt_in(caller, manager(service), wad, exclusive),
        Raise { service, wad, .. } => protocol.raise_budget(caller, manager(service), wad),
        CancelPending { service, .. } => protocol.cancel_pending_grant(caller, manager(service)),
        Activate { operator, service, .. } => protocol.activate_grant(of(operator), manager(service)),
        ClearLapsed { operator, service, .. } => protocol.clear_lapsed_grant(of(operator), manager(service)),
        OptOut { service, .. } => protocol.opt_out(caller, manager(service)),
        Release { operator, service, .. } => protocol.release_commitment(of(operator), manager(service)),
        Record { operator, last: false, .. } => protocol.record_first_stake_update(caller, of(operator)),
        Record { operator, last: true, .. } => protocol.record_last_stake_update(caller, of(operator)),
        Freeze { operator, wad, share, challenger, recipient, resolver, .. } => {
            let (now, operator) = (protocol.now, of(operator));
            let (challenger, recipient, resolver) = (of(challenger), of(recipient), of(resolver));
            protocol.freeze_operator(caller, operator, wad, challenger, share, recipient, resolver, now).map(drop)
        }
        Execute { request, .. } => protocol.execute_slash(caller, request),
        Veto { request, .. } => protocol.veto_slash(caller, request),
        Expire { request, .. } => protocol.close_expired_request(request),
        Register { service, key, .. } => {
            let (address, signer) = (evidence::address(stage, key), stage.key(key).address());
            protocol.register_operator(caller, service, address, signer)
        }
        Rotate { service, key, .. } => {
            let (address, signer) = (evidence::address(stage, key), stage.key(key).address());
            protocol.rotate_key(caller, service, address, signer)
        }
        Deregister { service, .. } => protocol.deregister_operator(caller, service),
        Update { service, operators, .. } => protocol.update_stakes(service, &operators.map(of)),
        SetWeight { service, token, wad, .. } => protocol.schedule_strategy_weight(caller, service, coin(token), wad),
        SetMinimum { service, stake, .. } => protocol.schedule_minimum_stake(caller, service, stake),
        SetAdmission { service, asks, .. } => {
            protocol.schedule_admission(caller, service, if asks { stage.admission } else { Address::ZERO })
        }
        Admit { operator, admitted, .. } => protocol.admit(stage.admission, of(operator), admitted),
        Accuse { service, operator, task, answers, signer, .. } => {
            let sent = value(stage, action);
            let answers = [answers.0, answers.1].map(|answer| evidence::attestation(task, answer));
            let [first, second] = answers.map(|answer| evidence::signed(stage, answer, signer));
            protocol.challenge(caller, sent, service, of(operator), &first, &second).map(drop)
        }
        Ask { service, operator, task, leaf, signer, .. } => {
            let sent = value(stage, action);
            let signed = evidence::signed(stage, evidence::commitment(task, leaf), signer);
            let index = u64::from(leaf.index);
            protocol.challenge_availability(caller, sent, service, of(operator), &signed, index).map(drop)
        }
        Answer { service, challenge, leaf, .. } => {
            protocol.answer_challenge(caller, service, challenge, &evidence::opening(leaf))
        }
        Resolve { service, challenge, .. } => protocol.resolve_challenge(caller, service, challenge),
        WithdrawBond { service, recipient, .. } => protocol.withdraw_bond(caller, service, of(recipient)).map(drop),
        ScheduleTerms { service, wads, share, resolver, .. } => {
            protocol.schedule_terms(caller, service, terms(stage, service, wads, share, resolver))
        }
        CancelTerms { service, .. } => protocol.cancel_terms(caller, service),
        Pause { flags, .. } => protocol.pause(caller, flags),
        Unpause { .. } => protocol.unpause(caller),
        SetRoles { pauser, unpauser, .. } => protocol.set_roles(caller, of(pauser), of(unpauser)),
        ScheduleLimits { token, cap, deposit, outflow, .. } => {
            protocol.schedule_limits(caller, coin(token), Limits { cap, deposit, outflow })
        }
        CancelLimits { token, .. } => protocol.cancel_limits(caller, coin(token)),
        ApplyLimits { token, .. } => protocol.apply_limits(coin(token)),
        CloseToken { token, .. } => protocol.close_strategy(caller, coin(token)),
        OfferOwnership { of: owned, to, .. } => protocol.transfer_ownership(caller, stage.owned(owned), of(to)),
        AcceptOwnership { of: owned, .. } => protocol.accept_ownership(caller, stage.owned(owned)),
        Deposit { amount, recipient, min, stakes: true, .. } => {
            protocol.deposit_and_stake(caller, amount, of(recipient), min).map(drop)
        }
        Deposit { amount, recipient, min, .. } => protocol.deposit(caller, amount, of(recipient), min).map(drop),
        SendReceipts { to, shares, .. } => protocol.transfer_receipts(caller, of(to), shares),
        Redeem { shares, min, .. } => protocol.request_redemption(caller, shares, min).map(drop),
        ClaimRedemption { id, .. } => protocol.claim_redemption(id).map(drop),
        Collect { operator, epoch, .. } => protocol.collect(of(operator), epoch).map(drop),
        QueueWaiting { operator, period, .. } => protocol.queue_waiting(of(operator), period).map(drop),
        StakeIdle { .. } => protocol.stake_idle(),
        Rebalance { .. } => protocol.rebalance(),
        WeighOperator { operator, weight, max, .. } => protocol.schedule_weight(caller, of(operator), weight, max),
        CancelWeight { operator, .. } => protocol.cancel_weight(caller, of(operator)),
    }
}
