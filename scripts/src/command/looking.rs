//! What is there: views for people, and as JSON for programs.

use super::session::Session;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::epoch::{self, RELEASE_DELAY_EPOCHS};
use eyre::Result;
use interfaces::IStrategyManager::{Delegated, Staked, WithdrawalQueued, WithdrawalRestaked};
use interfaces::{
    IERC20, IGovernance, ILens, ILiquidRestakingToken, IRegistry, IServiceManager, ISlasher, IStrategyManager,
};
use restake::amounts::{Fraction, format};
use restake::times::{at, seen_from};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The decimals of rates.
const WAD_DECIMALS: u8 = 18;

/// For how many epochs back withdrawals are looked for.
const EPOCHS_BACK: u64 = 60;

/// Prints the lines for people, or the value for programs.
fn show(session: &Session, lines: &[String], value: &Value) {
    lines.iter().for_each(|line| session.say(line));
    if session.json {
        println!("{value}");
    }
}

/// A part in percent.
fn percent(wad: u64) -> String {
    Fraction(wad).to_string()
}

/// The accounts that a topic of some events of a contract names.
async fn named(session: &Session, filter: Filter, topic: usize) -> Result<BTreeSet<Address>> {
    let logs = session.chain.logs_since(&filter, session.since).await?;
    Ok(logs.iter().filter_map(|log| log.topics().get(topic).copied().map(Address::from_word)).collect())
}

/// Whose pools somebody has or had something in; idle stake is nobody's.
pub(crate) async fn pools_of(session: &Session, staker: Address) -> Result<BTreeSet<Address>> {
    let ledger = session.suite.strategy_manager;
    let moves = [Staked::SIGNATURE_HASH, Delegated::SIGNATURE_HASH, WithdrawalQueued::SIGNATURE_HASH].to_vec();
    let filter = Filter::new().address(ledger).event_signature(moves).topic1(staker);
    let mut pools = named(session, filter, 2).await?;
    let restaked = Filter::new().address(ledger).event_signature(WithdrawalRestaked::SIGNATURE_HASH).topic1(staker);
    let logs = session.chain.logs_since(&restaked, session.since).await?;
    pools.extend(
        logs.iter().filter_map(|log| log.log_decode::<WithdrawalRestaked>().ok()).map(|log| log.data().newOperator),
    );
    pools.insert(Address::ZERO);
    Ok(pools)
}

/// The withdrawals of a staker from a pool that were not completed: when each is released and ready, and what it pays.
pub(crate) async fn withdrawals(
    session: &Session,
    staker: Address,
    operator: Address,
) -> Result<Vec<(u64, u64, u128)>> {
    let this = epoch::at(session.chain.now().await?);
    let call = ILens::withdrawalsCall {
        staker,
        operator,
        token: session.suite.token,
        fromEpoch: this.saturating_sub(EPOCHS_BACK),
        toEpoch: this,
    };
    let queued = session.chain.view(session.suite.lens, &call).await?;
    let each = queued.releaseEpochs.into_iter().zip(queued.readyAt).zip(queued.assets);
    Ok(each.map(|((release_epoch, ready_at), assets)| (release_epoch, ready_at, assets)).collect())
}

/// What is set aside for an account: when it is released and ready, and how much.
pub(crate) async fn set_aside(session: &Session, claimant: Address) -> Result<Vec<(u64, u64, u128)>> {
    let (this, token) = (epoch::at(session.chain.now().await?), session.suite.token);
    let mut there = Vec::new();
    for release_epoch in this.saturating_sub(EPOCHS_BACK)..=this.saturating_add(RELEASE_DELAY_EPOCHS) {
        let call = ILens::fundsOfCall { claimant, token, releaseEpoch: release_epoch };
        let funds = session.chain.view(session.suite.lens, &call).await?;
        if funds.amount != 0 {
            there.push((release_epoch, funds.readyAt, funds.amount));
        }
    }
    Ok(there)
}

pub(crate) async fn position(session: &Session, account: Address) -> Result<()> {
    let (suite, chain) = (&session.suite, &session.chain);
    let (now, token) = (chain.now().await?, suite.token);
    let (mut lines, mut stakes, mut leaving) = (vec![format!("{}:", session.people.name(account))], vec![], vec![]);
    for operator in pools_of(session, account).await? {
        let call = IStrategyManager::positionCall { staker: account, operator, token };
        let position = chain.view(suite.strategy_manager, &call).await?;
        if position.shares != 0 {
            let assets = session.written(position.assets).await?;
            lines.push(format!("  {assets} at stake {}", session.with(operator)));
            stakes.push(json!({
                "operator": operator, "shares": position.shares.to_string(), "assets": position.assets.to_string()
            }));
        }
        for (release_epoch, ready_at, assets) in withdrawals(session, account, operator).await? {
            let (written, ready) = (session.written(assets).await?, seen_from(ready_at, now));
            lines.push(format!(
                "  {written} on their way {}: epoch {release_epoch}, ready at {ready}",
                session.from(operator)
            ));
            leaving.push(json!({
                "operator": operator, "releaseEpoch": release_epoch, "readyAt": ready_at, "assets": assets.to_string()
            }));
        }
    }
    let mut funds = vec![];
    for (release_epoch, ready_at, amount) in set_aside(session, account).await? {
        let (written, ready) = (session.written(amount).await?, seen_from(ready_at, now));
        lines.push(format!("  {written} set aside: epoch {release_epoch}, ready at {ready}"));
        funds.push(json!({ "releaseEpoch": release_epoch, "readyAt": ready_at, "amount": amount.to_string() }));
    }
    if lines.len() == 1 {
        lines.push("  nothing".to_owned());
    }
    show(session, &lines, &json!({ "account": account, "stakes": stakes, "withdrawals": leaving, "setAside": funds }));
    Ok(())
}

pub(crate) async fn operator(session: &Session, operator: Address) -> Result<()> {
    let (suite, chain) = (&session.suite, &session.chain);
    let (now, token, service) = (chain.now().await?, suite.token, suite.service);
    let name = session.people.name(operator);
    let stake = chain.view(suite.strategy_manager, &IStrategyManager::operatorStakeCall { operator, token }).await?;
    let risk = chain.view(suite.lens, &ILens::commitmentOfCall { operator }).await?;
    let status = chain.view(suite.lens, &ILens::operatorStatusCall { operator }).await?;
    let grant = ILens::grantCall { operator, serviceManager: service.service_manager };
    let grant = chain.view(suite.lens, &grant).await?;
    let serves = chain.view(service.registry, &IRegistry::isRegisteredCall { operator }).await?;
    let weight = chain.view(service.registry, &IRegistry::weightedStakeOfCall { operator }).await?;
    let tier = if grant.exclusive { "exclusive" } else { "shared" };
    let frozen = match status.openRequests {
        0 => "not frozen".to_owned(),
        open => format!("frozen since {} by {open} open request(s)", seen_from(status.frozenSince, now)),
    };
    let lines = [
        format!("{name} ({operator}): {frozen}"),
        format!("  stake: {}", session.written(stake).await?),
        format!(
            "  commitment: {} ({} exclusive, {} shared, {} announced, of {})",
            percent(risk.commitment),
            percent(risk.exclusive),
            percent(risk.shared),
            percent(risk.announced),
            percent(risk.magnitude)
        ),
        format!(
            "  service: {}, budget {} of {} ({tier}), weighs {} guaranteed and {} shared",
            if serves { "serves" } else { "does not serve" },
            percent(grant.budget),
            percent(grant.fullBudget),
            session.written(weight.guaranteed).await?,
            session.written(weight.shared).await?
        ),
    ];
    let value = json!({
        "operator": operator, "stake": stake.to_string(), "openRequests": status.openRequests,
        "frozenSince": status.frozenSince, "commitment": risk.commitment.to_string(),
        "exclusive": risk.exclusive.to_string(), "shared": risk.shared.to_string(),
        "announced": risk.announced.to_string(), "magnitude": risk.magnitude.to_string(), "serves": serves,
        "budget": grant.budget.to_string(), "guaranteed": weight.guaranteed.to_string(),
        "sharedWeight": weight.shared.to_string()
    });
    show(session, &lines, &value);
    Ok(())
}

pub(crate) async fn terms(session: &Session) -> Result<()> {
    let (service, chain) = (session.suite.service.service_manager, &session.chain);
    let (now, terms) = (chain.now().await?, chain.view(service, &IServiceManager::termsCall {}).await?);
    let effective_at = chain.view(service, &IServiceManager::termsEffectiveAtCall {}).await?;
    let mut lines = vec![
        format!(
            "an equivocation costs {} of the budget, unavailability {}",
            percent(terms.wads[0]),
            percent(terms.wads[1])
        ),
        format!(
            "{} of that is for the challenger, the rest for {}",
            percent(terms.challengerShare),
            session.people.name(terms.recipient)
        ),
        format!("{} may veto", session.people.name(terms.resolver)),
        format!("it promises {} of the weighted stake a year", percent(terms.rewardRate)),
        format!("it says that corrupting it earns {} at most", session.written(terms.profitFromCorruption).await?),
    ];
    if effective_at > now {
        lines.push(format!("other terms hold from {} on", seen_from(effective_at, now)));
    }
    let value = json!({
        "equivocation": terms.wads[0].to_string(), "unavailability": terms.wads[1].to_string(),
        "challengerShare": terms.challengerShare.to_string(), "recipient": terms.recipient,
        "resolver": terms.resolver, "rewardRate": terms.rewardRate.to_string(),
        "profitFromCorruption": terms.profitFromCorruption.to_string(), "effectiveAt": effective_at
    });
    show(session, &lines, &value);
    Ok(())
}

pub(crate) async fn rate(session: &Session) -> Result<()> {
    let receipt = session.suite.restaking_token;
    let rate = session.chain.view(receipt, &ILiquidRestakingToken::rateCall {}).await?;
    let exit = session.chain.view(receipt, &ILiquidRestakingToken::exitRateCall {}).await?;
    let written = |rate: u128| format(U256::from(rate), WAD_DECIMALS);
    let lines = [
        format!("A receipt is worth {}", written(rate)),
        format!("and {} if all pending slashes are executed", written(exit)),
    ];
    show(session, &lines, &json!({ "rate": rate.to_string(), "exitRate": exit.to_string() }));
    Ok(())
}

pub(crate) async fn balance(session: &Session, account: Address) -> Result<()> {
    let (suite, chain) = (&session.suite, &session.chain);
    let tokens = chain.view(suite.token, &IERC20::balanceOfCall { account }).await?;
    let receipts = chain.view(suite.restaking_token, &IERC20::balanceOfCall { account }).await?;
    let ether = chain.balance(account).await?;
    let symbol = chain.view(suite.token, &IERC20::symbolCall {}).await?;
    let receipt = chain.view(suite.restaking_token, &IERC20::symbolCall {}).await?;
    let written = |amount: U256| format(amount, WAD_DECIMALS);
    let line = format!(
        "{}: {} ETH, {} {symbol}, {} {receipt}",
        session.people.name(account),
        written(ether),
        written(tokens),
        written(receipts)
    );
    let value = json!({
        "account": account, "ether": ether.to_string(), "tokens": tokens.to_string(), "receipts": receipts.to_string()
    });
    show(session, &[line], &value);
    Ok(())
}

pub(crate) async fn status(session: &Session) -> Result<()> {
    let (suite, chain) = (&session.suite, &session.chain);
    let now = chain.now().await?;
    let this = epoch::at(now);
    let strategy = chain.view(suite.lens, &ILens::strategyCall { token: suite.token }).await?;
    let books = chain.view(suite.lens, &ILens::solvencyCall { token: suite.token }).await?;
    let paused = chain.view(suite.governance, &IGovernance::pausedCall {}).await?;
    let operators = chain.view(suite.service.registry, &IRegistry::operatorCountCall {}).await?;
    let total = chain.view(suite.service.registry, &IRegistry::totalStakeAtCall { time: now }).await?;
    let terms = chain.view(suite.service.service_manager, &IServiceManager::termsCall {}).await?;
    let requests = chain.view(suite.slasher, &ISlasher::requestCountCall {}).await?;
    let mut frozen = Vec::new();
    let were = Filter::new().address(suite.slasher).event_signature(ISlasher::OperatorFrozen::SIGNATURE_HASH);
    for operator in named(session, were, 1).await? {
        if chain.view(suite.slasher, &ISlasher::isFrozenCall { operator }).await? {
            frozen.push(session.people.name(operator));
        }
    }
    let next = epoch::start(this.saturating_add(1));
    let mut lines = vec![
        format!("Epoch {this} since {}; the next one begins {}", at(epoch::start(this)), seen_from(next, now)),
        format!(
            "Token {}: {} owed of a cap of {}, {}",
            suite.token,
            session.written(strategy.owed).await?,
            session.written(strategy.cap).await?,
            if strategy.open { "takes deposits" } else { "takes no deposits" }
        ),
        format!("The vault {} what the ledger owes", if books.solvent { "covers" } else { "DOES NOT COVER" }),
        format!("Service: {operators} operator(s) weighing {}", session.written(total).await?),
        format!(
            "  an equivocation costs {}, unavailability {} of the budget, {} of it for the challenger",
            percent(terms.wads[0]),
            percent(terms.wads[1]),
            percent(terms.challengerShare)
        ),
        format!(
            "Slash requests so far: {requests}; frozen: {}",
            if frozen.is_empty() { "nobody".to_owned() } else { frozen.join(", ") }
        ),
    ];
    if paused.flags != 0 {
        lines.push(format!("PAUSED: actions {} until {}", paused.flags, seen_from(paused.until, now)));
    }
    for (name, address) in session.people.contracts() {
        lines.push(format!("  {name:<22} {address}"));
    }
    let contracts: serde_json::Map<String, Value> =
        session.people.contracts().into_iter().map(|(name, address)| (name, json!(address))).collect();
    let value = json!({
        "epoch": this, "now": now, "owed": strategy.owed.to_string(), "cap": strategy.cap.to_string(),
        "open": strategy.open, "solvent": books.solvent, "operators": operators, "totalStake": total.to_string(),
        "slashRequests": requests, "frozen": frozen, "pausedFlags": paused.flags, "contracts": contracts
    });
    show(session, &lines, &value);
    Ok(())
}
