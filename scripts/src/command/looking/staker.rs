//! What an account has at stake, and what of it is on its way out.

use super::super::session::Session;
use super::{named, show};
use alloy::primitives::Address;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::epoch::{self, RELEASE_DELAY_EPOCHS};
use eyre::Result;
use interfaces::IStrategyManager::{Delegated, Staked, WithdrawalQueued, WithdrawalRestaked};
use interfaces::{ILens, IStrategyManager};
use restake::times::seen_from;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// For how many epochs back withdrawals are looked for.
const EPOCHS_BACK: u64 = 60;

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
    let token = suite.token;
    let (mut lines, mut stakes) = (vec![format!("{}:", session.people.name(account))], vec![]);
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
    }
    let (going, leaving) = on_their_way(session, account).await?;
    lines.extend(going);
    let (waiting, funds) = waiting_for(session, account).await?;
    lines.extend(waiting);
    if lines.len() == 1 {
        lines.push("  nothing".to_owned());
    }
    show(session, &lines, &json!({ "account": account, "stakes": stakes, "withdrawals": leaving, "setAside": funds }));
    Ok(())
}

pub(crate) async fn withdrawals_of(session: &Session, account: Address) -> Result<()> {
    let mut lines = vec![format!("{}:", session.people.name(account))];
    let (going, leaving) = on_their_way(session, account).await?;
    lines.extend(going);
    let (waiting, funds) = waiting_for(session, account).await?;
    lines.extend(waiting);
    if lines.len() == 1 {
        lines.push("  nothing is on its way".to_owned());
    }
    show(session, &lines, &json!({ "account": account, "withdrawals": leaving, "setAside": funds }));
    Ok(())
}

/// The withdrawals of an account from all pools, for people and for programs.
async fn on_their_way(session: &Session, account: Address) -> Result<(Vec<String>, Vec<Value>)> {
    let (now, mut lines, mut values) = (session.chain.now().await?, vec![], vec![]);
    for operator in pools_of(session, account).await? {
        for (release_epoch, ready_at, assets) in withdrawals(session, account, operator).await? {
            let (written, ready) = (session.written(assets).await?, seen_from(ready_at, now));
            lines.push(format!(
                "  {written} on their way {}: epoch {release_epoch}, ready at {ready}",
                session.from(operator)
            ));
            values.push(json!({
                "operator": operator, "releaseEpoch": release_epoch, "readyAt": ready_at, "assets": assets.to_string()
            }));
        }
    }
    Ok((lines, values))
}

/// What is set aside for an account, for people and for programs.
async fn waiting_for(session: &Session, account: Address) -> Result<(Vec<String>, Vec<Value>)> {
    let (now, mut lines, mut values) = (session.chain.now().await?, vec![], vec![]);
    for (release_epoch, ready_at, amount) in set_aside(session, account).await? {
        let (written, ready) = (session.written(amount).await?, seen_from(ready_at, now));
        lines.push(format!("  {written} set aside: epoch {release_epoch}, ready at {ready}"));
        values.push(json!({ "releaseEpoch": release_epoch, "readyAt": ready_at, "amount": amount.to_string() }));
    }
    Ok((lines, values))
}
