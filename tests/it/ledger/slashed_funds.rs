//! What slashes have set aside leaves no faster than stake: two epochs later, in turn where the token has an outflow
//! limit, and under the same pauses; anyone collects it for whom it belongs to, once.

use super::account_service::{grant_everything, slash};
use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::pause::{COMPLETE, QUEUE};
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad;
use eyre::{OptionExt, Result};
use interfaces::IAccess::Paused;
use interfaces::IGovernance::{pauseCall, unpauseCall};
use interfaces::ILens::fundsOfCall;
use interfaces::IRewards;
use interfaces::ISlasher::freezeOperatorCall;
use interfaces::IStrategyManager::{FundsClaimed, NothingToClaim, PoolSlashed, WithdrawalNotReady};
use interfaces::ITokenPool::{AlreadyQueued, FundsNotQueued, FundsQueued, WithdrawalDeferredUntil, queueFundsCall};
use restake::chain::event;
use restake_tests::{World, ether};

/// Half of the 20 tokens that Alice had with the crooked operator was slashed: 1 is the challenger's, 9 are for the
/// insurance fund, until the returned epoch.
async fn slashed() -> Result<(World, u64)> {
    let world = World::new().await?;
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, ether(20), world.dishonest()).await?;
    slash(&world, wad::ONE / 2).await?;
    let until = world.release_epoch().await?;
    Ok((world, until))
}

/// The same in a token of which a tenth of what is owed may leave per epoch, and Bob has 20 idle tokens beside.
async fn slashed_with_a_limit() -> Result<(World, u64)> {
    let world = World::new().await?;
    world.set_limits(ether(1_000), 100, 10).await?;
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, ether(20), world.dishonest()).await?;
    world.stake(&world.cast.bob, ether(20), Address::ZERO).await?;
    slash(&world, wad::ONE / 2).await?;
    let until = world.release_epoch().await?;
    Ok((world, until))
}

fn queue(world: &World, claimant: Address, release_epoch: u64) -> queueFundsCall {
    queueFundsCall { token: world.token(), claimant, releaseEpoch: release_epoch }
}

/// Anyone puts the funds into the queue. Returns their turn.
pub(super) async fn take_turn(world: &World, claimant: Address, release_epoch: u64) -> Result<FundsQueued> {
    let call = queue(world, claimant, release_epoch);
    let receipt = world.act(&world.cast.accuser, world.suite.token_pool, &call).await?;
    event::<FundsQueued>(&receipt, world.suite.token_pool).ok_or_eyre("no FundsQueued event")
}

/// What the lens says of them: all, those with a turn, and when that is.
async fn funds(world: &World, claimant: Address, release_epoch: u64) -> Result<(u128, u128, u64)> {
    let call = fundsOfCall { claimant, token: world.token(), releaseEpoch: release_epoch };
    let funds = world.chain.view(world.suite.lens, &call).await?;
    Ok((funds.amount, funds.queued, funds.readyAt))
}

#[tokio::test]
async fn anyone_collects_for_the_claimant_from_the_epoch_after_next_and_not_one_second_before() -> Result<()> {
    let (world, until) = slashed().await?;
    let (bob, claimant, pool) = (&world.cast.bob, world.cast.fund.address, world.suite.token_pool);
    let claim = world.claim_call(claimant, until);
    world.chain.travel_to(epoch::start(until) - 1).await?;
    world.refuse(bob, pool, &claim, &WithdrawalNotReady { releaseTime: epoch::start(until) }).await?;
    world.enter_epoch(until).await?;
    let receipt = world.act(bob, pool, &claim).await?;
    let expected = FundsClaimed { claimant, token: world.token(), releaseEpoch: until, amount: ether(9) };
    assert_eq!(event::<FundsClaimed>(&receipt, world.suite.strategy_manager), Some(expected));
    assert_eq!(world.held(claimant).await?, U256::from(ether(9)));
    assert_eq!(world.held(bob.address).await?, U256::ZERO);
    assert_eq!(world.slashed_funds(claimant, until).await?, 0);
    assert_eq!(world.slashed_funds(world.cast.challenger.address, until).await?, ether(1));
    assert_eq!(world.owed().await?, ether(11));
    Ok(())
}

#[tokio::test]
async fn slashed_funds_are_out_no_earlier_than_stake_that_was_queued_in_the_second_of_the_slash() -> Result<()> {
    let world = World::new().await?;
    let (operator, alice) = (world.dishonest(), &world.cast.alice);
    grant_everything(&world).await?;
    let shares = world.stake(alice, ether(20), operator).await?;
    let receipt = slash(&world, wad::ONE / 2).await?;
    let slashed = event::<PoolSlashed>(&receipt, world.suite.strategy_manager).ok_or_eyre("no PoolSlashed event")?;
    assert_eq!(world.queue(alice, operator, shares).await?, slashed.releaseEpoch);
    Ok(())
}

#[tokio::test]
async fn who_has_nothing_set_aside_collects_nothing() -> Result<()> {
    let (world, until) = slashed().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    world.enter_epoch(until).await?;
    world.refuse(alice, pool, &world.claim_call(alice.address, until), &NothingToClaim {}).await?;
    // Of another epoch nothing is there for the fund either.
    world.refuse(alice, pool, &world.claim_call(world.cast.fund.address, until - 1), &NothingToClaim {}).await?;
    world.refuse(alice, pool, &queue(&world, alice.address, until), &NothingToClaim {}).await
}

#[tokio::test]
async fn slashed_funds_are_collected_once() -> Result<()> {
    let (world, until) = slashed().await?;
    let (challenger, pool) = (&world.cast.challenger, world.suite.token_pool);
    world.enter_epoch(until).await?;
    let claim = world.claim_call(challenger.address, until);
    world.act(challenger, pool, &claim).await?;
    world.refuse(challenger, pool, &claim, &NothingToClaim {}).await
}

#[tokio::test]
async fn the_funds_of_several_slashes_of_one_epoch_add_up() -> Result<()> {
    let (world, until) = slashed().await?;
    // A quarter of the 10 that are left.
    slash(&world, wad::ONE / 4).await?;
    assert_eq!(world.release_epoch().await?, until);
    assert_eq!(world.slashed_funds(world.cast.fund.address, until).await?, ether(9) + ether(9) / 4);
    assert_eq!(world.slashed_funds(world.cast.challenger.address, until).await?, ether(1) + ether(1) / 4);
    Ok(())
}

#[tokio::test]
async fn a_later_slash_resets_no_clock() -> Result<()> {
    let (world, until) = slashed().await?;
    let (fund, pool) = (&world.cast.fund, world.suite.token_pool);
    world.enter_epoch(until - 1).await?;
    slash(&world, wad::ONE / 4).await?;
    world.enter_epoch(until).await?;
    world.act(fund, pool, &world.claim_call(fund.address, until)).await?;
    assert_eq!(world.held(fund.address).await?, U256::from(ether(9)));
    let not_yet = WithdrawalNotReady { releaseTime: epoch::start(until + 1) };
    world.refuse(fund, pool, &world.claim_call(fund.address, until + 1), &not_yet).await
}

#[tokio::test]
async fn a_challenger_who_is_the_recipient_too_gets_both_parts() -> Result<()> {
    let world = World::new().await?;
    let challenger = world.cast.challenger.address;
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, ether(20), world.dishonest()).await?;
    let request = freezeOperatorCall {
        operator: world.dishonest(),
        wad: wad::ONE / 2,
        challenger,
        challengerShare: wad::ONE / 10,
        recipient: challenger,
        resolver: Address::ZERO,
    };
    world.act(&world.cast.owner, world.suite.slasher, &request).await?;
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::CHALLENGE_PERIOD_SECONDS).await?;
    world.act(&world.cast.bob, world.suite.slasher, &world.attack(0).await?.execution()).await?;
    assert_eq!(world.slashed_funds(challenger, world.release_epoch().await?).await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn slashing_nothing_sets_nothing_aside() -> Result<()> {
    let world = World::new().await?;
    grant_everything(&world).await?;
    let receipt = slash(&world, wad::ONE / 2).await?;
    assert_eq!(event::<PoolSlashed>(&receipt, world.suite.strategy_manager), None);
    let until = world.release_epoch().await?;
    world.enter_epoch(until).await?;
    let claim = world.claim_call(world.cast.fund.address, until);
    world.refuse(&world.cast.fund, world.suite.token_pool, &claim, &NothingToClaim {}).await
}

#[tokio::test]
async fn without_a_limit_nothing_needs_a_turn() -> Result<()> {
    let (world, until) = slashed().await?;
    let claimant = world.cast.fund.address;
    assert_eq!(funds(&world, claimant, until).await?, (ether(9), ether(9), epoch::start(until)));
    let call = queue(&world, claimant, until);
    world.refuse(&world.cast.fund, world.suite.token_pool, &call, &AlreadyQueued {}).await
}

#[tokio::test]
async fn slashed_funds_leave_in_turn_where_the_token_has_a_limit() -> Result<()> {
    let (world, until) = slashed_with_a_limit().await?;
    let (fund, bob, pool) = (&world.cast.fund, &world.cast.bob, world.suite.token_pool);
    // Bob was first: 8 of the 40 that are owed, of which 4 leave an epoch.
    let idle = world.position(bob.address, Address::ZERO).await?.0;
    world.queue(bob, Address::ZERO, idle / 20 * 8).await?;
    assert_eq!(funds(&world, fund.address, until).await?, (ether(9), 0, epoch::start(until)));

    let turn = take_turn(&world, fund.address, until).await?;
    let ready_at = epoch::start(until) + EPOCH_SECONDS / 4 * 13;
    let expected = FundsQueued {
        claimant: fund.address,
        token: world.token(),
        releaseEpoch: until,
        amount: ether(9),
        readyAt: ready_at,
    };
    assert_eq!(turn, expected, "8 and 9 are four epochs and a quarter, the first of which ends at the release");
    assert_eq!(funds(&world, fund.address, until).await?, (ether(9), ether(9), ready_at));
    world.refuse(bob, pool, &queue(&world, fund.address, until), &AlreadyQueued {}).await?;

    let claim = world.claim_call(fund.address, until);
    world.chain.travel_to(ready_at - 1).await?;
    world.refuse(bob, pool, &claim, &WithdrawalDeferredUntil { readyAt: ready_at }).await?;
    world.chain.travel_to(ready_at).await?;
    world.act(bob, pool, &claim).await?;
    assert_eq!(world.held(fund.address).await?, U256::from(ether(9)));
    assert_eq!(funds(&world, fund.address, until).await?, (0, 0, epoch::start(until)));
    world.refuse(bob, pool, &claim, &NothingToClaim {}).await
}

#[tokio::test]
async fn nothing_that_was_set_aside_leaves_without_a_turn() -> Result<()> {
    let (world, until) = slashed_with_a_limit().await?;
    let (fund, pool) = (&world.cast.fund, world.suite.token_pool);
    let claim = world.claim_call(fund.address, until);
    // Part of it has a turn, and more is set aside in the same epoch.
    take_turn(&world, fund.address, until).await?;
    slash(&world, wad::ONE / 2).await?;
    assert_eq!(world.release_epoch().await?, until);
    world.enter_epoch(until + 20).await?;
    world.refuse(fund, pool, &claim, &FundsNotQueued { amount: ether(9) / 2 }).await?;
    assert_eq!(funds(&world, fund.address, until).await?.1, ether(9));
    let turn = take_turn(&world, fund.address, until).await?;
    assert_eq!(turn.amount, ether(9) / 2 * 3);
    assert!(
        turn.readyAt < world.chain.now().await?,
        "what had its turn long ago waited for the rest, which gains by that"
    );
    world.act(fund, pool, &claim).await?;
    assert_eq!(world.held(fund.address).await?, U256::from(ether(9) / 2 * 3));
    Ok(())
}

#[tokio::test]
async fn who_waits_with_queueing_saves_up_no_turn() -> Result<()> {
    let (world, until) = slashed_with_a_limit().await?;
    let fund = &world.cast.fund;
    // Ten epochs in which nothing left: what is queued now waits as if it had been slashed now.
    world.enter_epoch(until + 10).await?;
    let turn = take_turn(&world, fund.address, until).await?;
    assert_eq!(turn.readyAt, epoch::start(until + 12) + EPOCH_SECONDS / 4 * 5, "9 of 40, 4 an epoch");
    let claim = world.claim_call(fund.address, until);
    let early = WithdrawalDeferredUntil { readyAt: turn.readyAt };
    world.refuse(fund, world.suite.token_pool, &claim, &early).await
}

#[tokio::test]
async fn one_base_unit_more_moves_no_turn() -> Result<()> {
    let (world, until) = with_a_commission().await?;
    let (operator, alice) = (world.dishonest(), &world.cast.alice);
    let before = take_turn(&world, operator, until).await?.readyAt;
    assert_eq!(before, epoch::start(until));
    // A long queue behind it, and then one base unit more, again and again.
    let shares = world.position(alice.address, operator).await?.0;
    world.queue(alice, operator, shares / 2).await?;
    for times in 1..=3 {
        pay(&world, 5).await?;
        assert_eq!(funds(&world, operator, until).await?.1, ether(2) + times - 1);
        let turn = take_turn(&world, operator, until).await?;
        assert_eq!(turn.amount, ether(2) + times);
        assert!(turn.readyAt - before <= u64::try_from(times)?, "a second each at most: {}", turn.readyAt - before);
    }
    Ok(())
}

#[tokio::test]
async fn lifting_the_limit_frees_what_was_set_aside_as_well() -> Result<()> {
    let (world, until) = slashed_with_a_limit().await?;
    let fund = &world.cast.fund;
    world.set_limits(ether(1_000), 100, 0).await?;
    assert!(world.chain.now().await? > epoch::start(until));
    world.act(fund, world.suite.token_pool, &world.claim_call(fund.address, until)).await?;
    assert_eq!(world.held(fund.address).await?, U256::from(ether(9)));
    Ok(())
}

#[tokio::test]
async fn slashed_funds_wait_for_the_same_pauses_as_stake() -> Result<()> {
    let (world, until) = slashed_with_a_limit().await?;
    let (fund, owner, suite) = (&world.cast.fund, &world.cast.owner, world.suite);
    world.act(owner, suite.governance, &pauseCall { flags: QUEUE }).await?;
    let queueing = queue(&world, fund.address, until);
    world.refuse(fund, suite.token_pool, &queueing, &Paused { action: QUEUE }).await?;
    world.act(owner, suite.governance, &unpauseCall {}).await?;
    let turn = take_turn(&world, fund.address, until).await?;

    world.chain.travel_to(turn.readyAt.max(world.chain.now().await? + 5 * EPOCH_SECONDS)).await?;
    world.act(owner, suite.governance, &pauseCall { flags: COMPLETE }).await?;
    let claim = world.claim_call(fund.address, until);
    world.refuse(fund, suite.token_pool, &claim, &Paused { action: COMPLETE }).await?;
    world.act(owner, suite.governance, &unpauseCall {}).await?;
    world.act(fund, suite.token_pool, &claim).await?;
    Ok(())
}

#[tokio::test]
async fn an_operator_that_slashes_itself_is_out_no_earlier_than_who_queues() -> Result<()> {
    let world = World::new().await?;
    world.set_limits(ether(1_000), 100, 10).await?;
    let (operator, alice, suite) = (&world.cast.dishonest, &world.cast.alice, world.suite);
    // Its own service with its own account as recipient, for all of its 20; Alice has 20 with the honest operator.
    grant_everything(&world).await?;
    world.stake(operator, ether(20), operator.address).await?;
    let shares = world.stake(alice, ether(20), world.honest()).await?;
    let request = freezeOperatorCall {
        operator: operator.address,
        wad: wad::ONE,
        challenger: operator.address,
        challengerShare: 0,
        recipient: operator.address,
        resolver: Address::ZERO,
    };
    world.act(&world.cast.owner, suite.slasher, &request).await?;
    let release_epoch = world.queue(alice, world.honest(), shares).await?;
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::CHALLENGE_PERIOD_SECONDS).await?;
    world.act(operator, suite.slasher, &world.attack(0).await?.execution()).await?;
    let until = world.release_epoch().await?;
    let turn = take_turn(&world, operator.address, until).await?;
    // 40 are owed, 4 an epoch: Alice's 20 are before it, the first 4 of which leave at the release.
    assert_eq!(turn.readyAt, epoch::start(release_epoch) + 9 * EPOCH_SECONDS);
    Ok(())
}

/// The fund pays `amount` to the stakers of the crooked operator.
async fn pay(world: &World, amount: u128) -> Result<()> {
    world.fund(&world.cast.fund, amount).await?;
    let call = IRewards::payRewardCall { operator: world.dishonest(), token: world.token(), amount };
    world.act(&world.cast.fund, world.suite.rewards, &call).await?;
    Ok(())
}

/// Alice has 10 tokens with the crooked operator, for which 2 of a reward of 10 are set aside until the returned epoch;
/// a tenth of what is owed may leave per epoch.
async fn with_a_commission() -> Result<(World, u64)> {
    let world = World::new().await?;
    let commission = IRewards::scheduleCommissionCall { commission: wad::MAX_COMMISSION };
    world.act(&world.cast.dishonest, world.suite.rewards, &commission).await?;
    world.set_limits(ether(1_000), 100, 10).await?;
    world.stake(&world.cast.alice, ether(10), world.dishonest()).await?;
    pay(&world, ether(10)).await?;
    let until = world.release_epoch().await?;
    Ok((world, until))
}

#[tokio::test]
async fn commissions_leave_in_turn_as_well() -> Result<()> {
    let (world, until) = with_a_commission().await?;
    let (operator, pool) = (&world.cast.dishonest, world.suite.token_pool);
    assert_eq!(world.slashed_funds(operator.address, until).await?, ether(2));
    assert_eq!(world.owed().await?, ether(20));
    let claim = world.claim_call(operator.address, until);
    world.enter_epoch(until).await?;
    world.refuse(operator, pool, &claim, &FundsNotQueued { amount: ether(2) }).await?;
    let turn = take_turn(&world, operator.address, until).await?;
    assert_eq!(turn.readyAt, epoch::start(until + 2), "as if it had been set aside now");
    world.chain.travel_to(turn.readyAt).await?;
    world.act(operator, pool, &claim).await?;
    assert_eq!(world.held(operator.address).await?, U256::from(ether(2)));
    Ok(())
}
