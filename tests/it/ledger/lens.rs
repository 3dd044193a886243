//! The lens: previews come true, self-checks see what is wrong.

use super::account_service::{freeze, grant_everything};
use arithmetic::epoch;
use arithmetic::time::{GRANT_NOTICE_SECONDS, LAPSE_SECONDS};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILens::{
    TooManyEpochs, commitmentOfCall, contractsCall, grantCall, operatorIsConsistentCall, operatorStatusCall,
    pendingGrantCall, previewSlashCall, previewWithdrawCall, requestExpiryCall, solvencyCall, withdrawalsCall,
};
use interfaces::ISlasher::{InvalidWad, optOutOfSlashingCall, raiseBudgetCall};
use interfaces::IStrategyManager::{InsufficientShares, PoolSlashed, extsloadCall, operatorStakeCall};
use restake::chain::event;
use restake_tests::{Attack, World, ether};

#[tokio::test]
async fn a_previewed_slash_takes_what_it_said() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, token, lens) = (&world.cast.alice, world.dishonest(), world.token(), world.suite.lens);
    grant_everything(&world).await?;
    let shares = world.stake(alice, ether(10) + 7, operator).await?;
    world.queue(alice, operator, shares / 3).await?;
    let preview = world.chain.view(lens, &previewSlashCall { operator, token, wad: ONE / 3 }).await?;
    let attack = freeze(&world, ONE / 3).await?;
    let receipt = world.execute(&attack).await?;
    let slashed = event::<PoolSlashed>(&receipt, world.suite.strategy_manager).ok_or_else(|| eyre::eyre!("none"))?;
    assert_eq!((slashed.fromPool, slashed.fromBuckets), (preview.fromPool, preview.fromBuckets));
    assert!(preview.fromPool > 0 && preview.fromBuckets > 0);
    let above = previewSlashCall { operator, token, wad: ONE + 1 };
    world.refuse(alice, lens, &above, &InvalidWad { wad: ONE + 1 }).await
}

#[tokio::test]
async fn the_ledger_says_what_an_operator_has_at_stake() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, token) = (&world.cast.alice, world.honest(), world.token());
    let shares = world.stake(alice, ether(8), operator).await?;
    world.stake(alice, ether(1), alloy::primitives::Address::ZERO).await?;
    world.queue(alice, operator, shares / 4).await?;
    let stake = world.chain.view(world.suite.strategy_manager, &operatorStakeCall { operator, token }).await?;
    assert_eq!(stake, ether(6), "neither what leaves nor what is idle");
    Ok(())
}

#[tokio::test]
async fn a_preview_of_more_shares_than_there_are_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, token) = (world.honest(), world.token());
    let shares = world.stake(&world.cast.alice, 5, operator).await?;
    let call = previewWithdrawCall { operator, token, shares: shares + 1 };
    let refusal = InsufficientShares { have: shares, want: shares + 1 };
    world.refuse(&world.cast.bob, world.suite.lens, &call, &refusal).await
}

#[tokio::test]
async fn the_books_of_a_token_are_sound_and_a_donation_does_not_change_what_is_owed() -> Result<()> {
    let world = World::new().await?;
    let (bob, token, lens) = (&world.cast.bob, world.token(), world.suite.lens);
    world.stake(&world.cast.alice, ether(3), world.honest()).await?;
    world.fund(bob, ether(1)).await?;
    let gift =
        interfaces::IERC20::transferCall { to: world.suite.token_pool, value: alloy::primitives::U256::from(ether(1)) };
    world.act(bob, token, &gift).await?;
    let books = world.chain.view(lens, &solvencyCall { token }).await?;
    let held = alloy::primitives::U256::from(ether(4));
    assert_eq!((books.held, books.owed, books.solvent), (held, ether(3), true));
    Ok(())
}

#[tokio::test]
async fn a_token_that_loses_what_it_holds_is_seen_to_be_insolvent() -> Result<()> {
    let world = World::new().await?;
    // A token that says that it holds nothing for anyone, whatever was moved.
    let token = super::other_tokens::hand_written_token(&world, 0, super::other_tokens::answers::TRUE).await?;
    let stake = interfaces::ITokenPool::stakeCall { token, ..world.stake_call(1_000, world.honest()) };
    world.act(&world.cast.alice, world.suite.token_pool, &stake).await?;
    let steal = interfaces::IERC20::transferFromCall {
        from: world.suite.token_pool,
        to: world.cast.bob.address,
        value: alloy::primitives::U256::ONE,
    };
    world.act(&world.cast.bob, token, &steal).await?;
    let books = world.chain.view(world.suite.lens, &solvencyCall { token }).await?;
    assert_eq!((books.owed, books.solvent), (1_000, false));
    Ok(())
}

#[tokio::test]
async fn an_operator_is_consistent_free_frozen_and_released() -> Result<()> {
    let world = World::new().await?;
    let call = operatorIsConsistentCall { operator: world.dishonest() };
    assert!(world.chain.view(world.suite.lens, &call).await?);
    grant_everything(&world).await?;
    let attack = freeze(&world, ONE / 2).await?;
    assert!(world.chain.view(world.suite.lens, &call).await?);
    world.execute(&attack).await?;
    assert!(world.chain.view(world.suite.lens, &call).await?);
    Ok(())
}

#[tokio::test]
async fn the_lens_reads_what_the_slasher_stores() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, suite, chain) =
        (&world.cast.dishonest, world.cast.owner.address, world.suite, &world.chain);
    let account = operator.address;
    let commitment = async || {
        let now = chain.view(suite.lens, &commitmentOfCall { operator: account }).await?;
        Ok::<_, eyre::Report>((now.exclusive, now.shared, now.announced, now.magnitude, now.commitment))
    };
    let grant = async || {
        let call = grantCall { operator: account, serviceManager: service };
        let now = chain.view(suite.lens, &call).await?;
        Ok::<_, eyre::Report>((now.budget, now.fullBudget, now.exclusive, now.canSlashUntil, now.pending))
    };
    let announced = pendingGrantCall { operator: account, serviceManager: service };
    let status = operatorStatusCall { operator: account };
    assert_eq!(commitment().await?, (0, 0, 0, ONE, 0));
    assert_eq!(grant().await?, (0, 0, false, 0, 0));

    world.act(operator, suite.slasher, &World::grant_call(service, ONE / 2)).await?;
    assert_eq!(grant().await?, (ONE / 2, ONE / 2, true, u64::MAX, 0));
    world.stake(&world.cast.alice, ether(1), account).await?;
    let raise = raiseBudgetCall { serviceManager: service, budget: ONE / 4 * 3 };
    let raised_at = chain.now().await?;
    world.act(operator, suite.slasher, &raise).await?;
    assert_eq!(commitment().await?, (ONE / 2, 0, ONE / 4, ONE, ONE / 4 * 3));
    let pending = chain.view(suite.lens, &announced).await?;
    let effective_at = raised_at + GRANT_NOTICE_SECONDS;
    assert_eq!((pending.raise, pending.exclusive), (ONE / 4, true));
    assert_eq!((pending.effectiveAt, pending.lapsesAt), (effective_at, effective_at + LAPSE_SECONDS));

    let attack = freeze(&world, ONE / 2).await?;
    let captured_at = chain.now().await?;
    let expires_at = async |attack: &Attack| {
        let (executable_at, paused_before) = (attack.executable_at, attack.request.pausedBefore);
        let call = requestExpiryCall { executableAt: executable_at, pausedBefore: paused_before };
        Ok::<_, eyre::Report>(chain.view(suite.lens, &call).await?)
    };
    assert_eq!(expires_at(&attack).await?, captured_at + 9 * 86_400);
    assert_eq!(grant().await?, (ONE / 4, ONE / 2, true, u64::MAX, ONE / 4));
    let frozen = chain.view(suite.lens, &status).await?;
    assert_eq!((frozen.openRequests, frozen.frozenSince), (1, captured_at));
    assert_eq!((frozen.releasedAt, frozen.refusedSeconds), (0, 0));

    // The notice does not run while nobody can queue.
    chain.travel_to(captured_at + 1_000).await?;
    assert_eq!(chain.view(suite.lens, &status).await?.refusedSeconds, 1_000);
    assert_eq!(chain.view(suite.lens, &announced).await?.effectiveAt, effective_at + 1_000);
    world.execute(&attack).await?;
    let released = chain.view(suite.lens, &status).await?;
    assert_eq!((released.openRequests, released.frozenSince), (0, 0));
    let lasted = attack.executable_at - captured_at;
    assert_eq!((released.releasedAt, released.refusedSeconds), (attack.executable_at, lasted));
    assert_eq!(commitment().await?, (ONE / 4, 0, ONE / 4, ONE / 4 * 3, ONE.div_ceil(3) * 2 - 1));

    world.act(operator, suite.slasher, &optOutOfSlashingCall { serviceManager: service }).await?;
    let until = epoch::can_slash_until(chain.now().await?);
    assert_eq!(grant().await?, (ONE / 4, ONE / 2, true, until, 0));
    assert_eq!(chain.view(suite.lens, &announced).await?.raise, 0);
    Ok(())
}

#[tokio::test]
async fn withdrawals_are_listed_oldest_first_within_64_epochs() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator, token) = (&world.cast.alice, world.honest(), world.token());
    let shares = world.stake(alice, ether(9), operator).await?;
    let first = world.queue(alice, operator, shares / 9).await?;
    world.enter_epoch(first - 1).await?;
    let second = world.queue(alice, operator, shares / 9 * 2).await?;
    let now = epoch::at(world.chain.now().await?);
    let call = withdrawalsCall { staker: alice.address, operator, token, fromEpoch: now - 63, toEpoch: now };
    let found = world.chain.view(world.suite.lens, &call).await?;
    assert_eq!(found.releaseEpochs, vec![first, second]);
    assert_eq!(found.readyAt, vec![epoch::start(first), epoch::start(second)]);
    assert_eq!(found.assets, vec![ether(1), ether(2)]);
    for (from, to) in [(now - 64, now), (now, now - 1)] {
        let call = withdrawalsCall { fromEpoch: from, toEpoch: to, ..call.clone() };
        world.refuse(alice, world.suite.lens, &call, &TooManyEpochs { limit: 64 }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_lens_names_whose_books_it_reads_and_anyone_reads_a_word() -> Result<()> {
    let world = World::new().await?;
    let (suite, chain) = (world.suite, &world.chain);
    let named = chain.view(suite.lens, &contractsCall {}).await?;
    let named = (named.tokenPool, named.strategyManager, named.slasher);
    assert_eq!(named, (suite.token_pool, suite.strategy_manager, suite.slasher));
    // The first word of the ledger is the TokenPool's address.
    let word = chain.view(suite.strategy_manager, &extsloadCall { slot: Default::default() }).await?;
    assert_eq!(alloy::primitives::Address::from_word(word), suite.token_pool);
    let slot = interfaces::ITokenPool::extsloadCall { slot: alloy::primitives::B256::with_last_byte(1) };
    let word = chain.view(suite.token_pool, &slot).await?;
    assert_eq!(alloy::primitives::Address::from_word(word), suite.governance);
    Ok(())
}
