//! What the index knows is what the chain says.

use crate::stage::{ETHER, Stage, list};
use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::{Result, ensure};
use interfaces::{IERC20, ILens, ISlasher, IStrategyManager};
use restake::story;
use restake::verbs::{challenge, operator};
use restake_indexer::storage::{StorageError, text};
use restake_indexer::tables::POSITIONS;
use std::collections::BTreeSet;

/// How far back withdrawals are looked for (epochs).
const EPOCHS: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_those_of_the_chain_after_the_whole_story() -> Result<()> {
    let stage = Stage::new("story").await?;
    let (chain, suite, cast) = (&stage.chain, &stage.suite, &stage.cast);
    let mut follower = stage.follower(&stage.node.http_url(), "followed.sqlite").await?;
    follower.catch_up().await?;
    let server = stage.serve().await?;
    story::play(chain, suite, cast, &stage.parameters).await?;
    follower.catch_up().await?;
    // Everybody who could have anything, asked of the ledger, by no event.
    let operators: Vec<Address> = cast.all().into_iter().map(|actor| actor.address).chain([Address::ZERO]).collect();
    let accounts: Vec<Address> = operators.iter().copied().chain([suite.restaking_vault]).collect();
    let (token, this) = (suite.token, epoch::at(chain.now().await?));
    let (mut positions, mut withdrawals, mut staked) = (BTreeSet::new(), 0, U256::ZERO);
    for operator in &operators {
        let operator = *operator;
        staked += U256::from(chain.view(suite.lens, &ILens::poolCall { operator, token }).await?.assets);
        for staker in &accounts {
            let staker = *staker;
            let held = IStrategyManager::positionCall { staker, operator, token };
            let held = chain.view(suite.strategy_manager, &held).await?;
            if held.shares != 0 {
                positions.insert((staker, operator, held.shares.to_string()));
            }
            let from = this.saturating_sub(EPOCHS);
            let call = ILens::withdrawalsCall { staker, operator, token, fromEpoch: from, toEpoch: this };
            withdrawals += chain.view(suite.lens, &call).await?.assets.len();
        }
    }
    ensure!(positions.len() > 3 && !staked.is_zero(), "the story left nothing");
    let indexed = follower.index().read(|storage| {
        let rows = POSITIONS.current(storage, &[])?;
        let read = |row: &Vec<_>| Ok((text(row, 0)?, text(row, 1)?, text::<String>(row, 3)?));
        rows.iter().map(read).collect::<Result<BTreeSet<(Address, Address, String)>, StorageError>>()
    });
    assert_eq!(indexed.await?, positions, "shares");
    let totals = server.get("/api/totals").await?;
    assert_eq!(totals["staked"][0]["amount"], staked.to_string());
    let stakers: BTreeSet<_> = positions.iter().map(|(staker, ..)| *staker).collect();
    assert_eq!(totals["stakers"], stakers.len());
    assert_eq!(totals["queuedWithdrawals"], withdrawals);
    let requests = chain.view(suite.slasher, &ISlasher::requestCountCall {}).await?;
    let mut open = 0;
    for id in 0..requests {
        open += usize::from(!chain.view(suite.slasher, &ISlasher::requestHashCall { requestId: id }).await?.is_zero());
    }
    ensure!(requests > 1, "the story has slashes");
    assert_eq!(
        (&totals["openRequests"], list(&server.get("/api/requests").await?, "slashRequests")?.len()),
        (&open.into(), open)
    );
    // What each account is told to have is what it has.
    for staker in &stakers {
        let told = server.get(&format!("/api/stakers/{staker}")).await?;
        let mut shares = BTreeSet::new();
        for position in list(&told, "positions")? {
            let operator: Address = position["operator"].as_str().unwrap_or_default().parse().unwrap_or_default();
            shares.insert((*staker, operator, position["shares"].as_str().unwrap_or_default().to_owned()));
        }
        let own: BTreeSet<_> = positions.iter().filter(|(of, ..)| of == staker).cloned().collect();
        assert_eq!(shares, own, "{staker}");
        let call = IERC20::balanceOfCall { account: *staker };
        let receipts = chain.view(suite.restaking_token, &call).await?;
        assert_eq!(told["receipts"]["balance"], receipts.to_string());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_is_told_first_and_so_is_the_last_moment_to_leave() -> Result<()> {
    let stage = Stage::new("warned").await?;
    let (cast, suite) = (&stage.cast, &stage.suite);
    let (server, service) = (stage.serve().await?, suite.service.service_manager);
    stage.join(&cast.honest, ONE / 2).await?;
    stage.stake(&cast.alice, 10 * ETHER, cast.honest.address).await?;
    let warnings = || async {
        let told = server.get(&format!("/api/stakers/{}", cast.alice.address)).await?;
        Ok::<_, eyre::Report>(list(&told, "warnings")?.clone())
    };
    assert_eq!(warnings().await?, Vec::<serde_json::Value>::new());
    stage.act(&cast.honest, &operator::raise(suite, service, ONE / 4 * 3)).await?;
    let call = ILens::pendingGrantCall { operator: cast.honest.address, serviceManager: service };
    let effective_at = stage.chain.view(suite.lens, &call).await?.effectiveAt;
    let told = warnings().await?;
    // A withdrawal that is queued in the second before is released when the raise takes effect, or earlier.
    let before = (effective_at / EPOCH_SECONDS - 1) * EPOCH_SECONDS;
    assert_eq!((&told[0]["leaveBefore"], &told[0]["severity"]), (&before.into(), &"warning".into()));
    ensure!(epoch::start(epoch::release_of(before - 1)) <= effective_at, "too late");
    ensure!(epoch::start(epoch::release_of(before)) > effective_at, "earlier than needed");
    stage.freeze(&cast.honest).await?;
    let told = warnings().await?;
    ensure!(told[0]["severity"] == "danger" && told[1]["severity"] == "danger", "{told:?}");
    ensure!(told[0]["sentence"].as_str().is_some_and(|told| told.starts_with("Honest Op is frozen")), "{told:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_a_slash_takes_whole_leaves_no_stakers() -> Result<()> {
    let stage = Stage::new("taken-whole").await?;
    let (cast, suite) = (&stage.cast, &stage.suite);
    let server = stage.serve().await?;
    stage.join(&cast.honest, ONE).await?;
    stage.stake(&cast.alice, 10 * ETHER, cast.honest.address).await?;
    stage.stake(&cast.bob, 10 * ETHER, Address::ZERO).await?;
    assert_eq!(server.get("/api/totals").await?["stakers"], 3);
    // A fault costs all of the budget here, and that is all of the stake.
    let open = stage.freeze(&cast.honest).await?;
    stage.chain.travel_to(open.request.executableAt).await?;
    stage.act(&cast.bob, &challenge::execute(suite, open.requestId, open.request)).await?;
    let (staker, operator, token) = (cast.alice.address, cast.honest.address, suite.token);
    let held = IStrategyManager::positionCall { staker, operator, token };
    assert_eq!(stage.chain.view(suite.strategy_manager, &held).await?.shares, 0);
    assert_eq!(server.get("/api/totals").await?["stakers"], 1);
    let told = server.get(&format!("/api/stakers/{staker}")).await?;
    assert_eq!(list(&told, "positions")?.len(), 0);
    Ok(())
}
