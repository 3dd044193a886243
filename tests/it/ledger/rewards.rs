//! Rewards stream into the price of a pool, by a tenth of it in an epoch at most; the operator keeps an announced
//! commission.

use super::account_service::{grant_everything, slash};
use alloy::primitives::{Address, U256};
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::{MAX_COMMISSION, ONE};
use arithmetic::{epoch, pool};
use eyre::Result;
use interfaces::IAccess::{Unauthorized, ZeroAddress};
use interfaces::IGovernance::closeStrategyCall;
use interfaces::ILens::rewardStreamCall;
use interfaces::IRewards::{
    CommissionPending, CommissionScheduled, CommissionTooHigh, RewardPaid, commissionOfCall, contractsCall,
    payRewardCall, scheduleCommissionCall,
};
use interfaces::IStrategyManager::{NoRoomForReward, NothingStaked, RewardAdded, WithdrawalNotReady, ZeroAmount};
use interfaces::ITokenPool::{StrategyCapExceeded, StrategyIsClosed, StrategyNotListed, receiveRewardCall};
use restake::chain::event;
use restake_tests::{World, ether};

fn reward(world: &World, amount: u128) -> payRewardCall {
    payRewardCall { operator: world.dishonest(), token: world.token(), amount }
}

/// The fund pays `amount` to the stakers of the crooked operator.
async fn pay(world: &World, amount: u128) -> Result<()> {
    world.fund(&world.cast.fund, amount).await?;
    world.act(&world.cast.fund, world.suite.rewards, &reward(world, amount)).await?;
    Ok(())
}

async fn pass(world: &World, seconds: u64) -> Result<()> {
    world.chain.travel_to(world.chain.now().await? + seconds).await
}

async fn worth(world: &World, staker: Address) -> Result<u128> {
    Ok(world.position(staker, world.dishonest()).await?.1)
}

#[tokio::test]
async fn a_reward_streams_into_the_price_over_one_epoch() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, fund, suite) = (&world.cast.alice, &world.cast.bob, &world.cast.fund, world.suite);
    world.stake(alice, ether(30), world.dishonest()).await?;
    world.stake(bob, ether(10), world.dishonest()).await?;
    world.fund(fund, ether(2)).await?;
    let receipt = world.act(fund, suite.rewards, &reward(&world, ether(2))).await?;
    let ends = world.chain.now().await? + EPOCH_SECONDS;
    let (operator, token) = (world.dishonest(), world.token());
    let added = RewardAdded { operator, token, amount: ether(2), commission: 0, ends };
    assert_eq!(event::<RewardAdded>(&receipt, suite.strategy_manager), Some(added));
    let paid = RewardPaid { payer: fund.address, operator, token, amount: ether(2), commission: 0 };
    assert_eq!(event::<RewardPaid>(&receipt, suite.rewards), Some(paid));
    assert_eq!(worth(&world, alice.address).await?, ether(30), "nothing at once");
    assert_eq!(world.owed().await?, ether(42));

    pass(&world, EPOCH_SECONDS / 2).await?;
    assert_eq!(worth(&world, alice.address).await?, ether(123) / 4, "half of it, pro rata");
    assert_eq!(worth(&world, bob.address).await?, ether(41) / 4);
    let stream = world.chain.view(suite.lens, &rewardStreamCall { operator, token }).await?;
    assert_eq!((stream.remaining, stream.ends), (ether(1), ends));
    pass(&world, EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, alice.address).await?, ether(63) / 2);
    assert_eq!(worth(&world, bob.address).await?, ether(21) / 2);
    assert_eq!(world.held(suite.token_pool).await?, U256::from(ether(42)));
    Ok(())
}

#[tokio::test]
async fn who_joins_just_before_a_reward_and_leaves_just_after_gains_nothing() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    world.stake(alice, ether(10), operator).await?;
    let shares = world.stake(bob, ether(1_000), operator).await?;
    pay(&world, ether(1)).await?;
    let release_epoch = world.queue(bob, operator, shares).await?;
    assert_eq!(world.withdrawal(bob.address, operator, release_epoch).await?.1, ether(1_000));
    pass(&world, EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, alice.address).await?, ether(11), "all of it is for who stayed");
    Ok(())
}

#[tokio::test]
async fn a_reward_raises_what_withdrawals_take_and_deposits_pay() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    let alices = world.stake(alice, ether(10), operator).await?;
    pay(&world, ether(1)).await?;
    pass(&world, EPOCH_SECONDS).await?;
    assert_eq!(world.stake(bob, ether(11), operator).await?, alices, "a share is worth a tenth more");
    let release_epoch = world.queue(alice, operator, alices / 2).await?;
    assert_eq!(world.withdrawal(alice.address, operator, release_epoch).await?.1, ether(11) / 2);
    Ok(())
}

#[tokio::test]
async fn a_slash_takes_of_what_was_released_and_leaves_the_stream() -> Result<()> {
    let world = World::new().await?;
    grant_everything(&world).await?;
    world.stake(&world.cast.alice, ether(10), world.dishonest()).await?;
    pay(&world, ether(7) / 10).await?;
    // The slash is executed two of seven days later: a fifth of a token has been released.
    slash(&world, ONE / 2).await?;
    assert_eq!(worth(&world, world.cast.alice.address).await?, ether(51) / 10);
    pass(&world, EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, world.cast.alice.address).await?, ether(56) / 10);
    Ok(())
}

#[tokio::test]
async fn tiny_rewards_never_move_the_end_of_a_large_one() -> Result<()> {
    let world = World::new().await?;
    world.stake(&world.cast.alice, ether(10), world.dishonest()).await?;
    pay(&world, ether(7) / 10).await?;
    let ends = world.chain.now().await? + EPOCH_SECONDS;
    let call = rewardStreamCall { operator: world.dishonest(), token: world.token() };
    for _ in 0..3 {
        pass(&world, EPOCH_SECONDS / 7).await?;
        pay(&world, 1).await?;
        assert_eq!(world.chain.view(world.suite.lens, &call).await?.ends, ends);
    }
    world.chain.travel_to(ends).await?;
    assert_eq!(worth(&world, world.cast.alice.address).await?, ether(107) / 10 + 3);
    Ok(())
}

#[tokio::test]
async fn no_more_than_a_tenth_of_a_pool_is_released_in_an_epoch_and_the_rest_goes_on() -> Result<()> {
    let world = World::new().await?;
    let alice = world.cast.alice.address;
    world.stake(&world.cast.alice, ether(10), world.dishonest()).await?;
    pay(&world, ether(2)).await?;
    pass(&world, EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, alice).await?, ether(11));
    // Nobody touches it for ten epochs: one epoch's worth is there at once, and no more.
    pass(&world, 9 * EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, alice).await?, ether(11));
    pay(&world, 1).await?;
    assert_eq!(worth(&world, alice).await?, ether(11));
    pass(&world, EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, alice).await?, ether(12) + 1, "nothing is lost");
    Ok(())
}

#[tokio::test]
async fn a_tail_that_nobody_touched_is_not_there_at_once_for_who_joins_with_much() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    world.stake(alice, ether(1), operator).await?;
    pay(&world, ether(5)).await?;
    pass(&world, 10 * EPOCH_SECONDS).await?;
    // Bob comes with a thousand times as much, and stays for one hour.
    let shares = world.stake(bob, ether(1_000), operator).await?;
    assert!(worth(&world, alice.address).await?.abs_diff(ether(11) / 10) <= 1);
    pass(&world, 60 * 60).await?;
    let release_epoch = world.queue(bob, operator, shares).await?;
    let got = world.withdrawal(bob.address, operator, release_epoch).await?.1 - ether(1_000);
    // What is left is spread over an epoch of 168 hours.
    assert!(got <= ether(5) / 168, "{got}");
    Ok(())
}

#[tokio::test]
async fn who_stakes_dust_into_an_emptied_pool_gets_a_tenth_of_the_dust() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    let shares = world.stake(alice, ether(10), operator).await?;
    pay(&world, ether(1)).await?;
    pass(&world, EPOCH_SECONDS / 2).await?;
    world.queue(alice, operator, shares).await?;
    pass(&world, EPOCH_SECONDS).await?;
    world.stake(bob, 1_000, operator).await?;
    pass(&world, 5 * EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, bob.address).await?, 1_100);
    Ok(())
}

#[tokio::test]
async fn a_reward_cannot_inflate_the_price_of_a_share_above_one_base_unit() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    // The first depositor stakes one base unit and pays itself a large reward, so that the next would lose to rounding.
    let alices = world.stake(alice, 1, operator).await?;
    assert_eq!(alices, pool::SHARES_PER_ASSET);
    let room = pool::SHARES_PER_ASSET - 1;
    world.fund(&world.cast.fund, ether(1)).await?;
    for amount in [ether(1), room + 1] {
        let refusal = NoRoomForReward { room };
        world.refuse(&world.cast.fund, world.suite.rewards, &reward(&world, amount), &refusal).await?;
    }
    pay(&world, room).await?;
    let refusal = NoRoomForReward { room: 0 };
    world.refuse(&world.cast.fund, world.suite.rewards, &reward(&world, 1), &refusal).await?;
    pass(&world, 2 * EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, alice.address).await?, 1, "a tenth of dust is nothing");
    world.stake(bob, 1_500_001, operator).await?;
    assert_eq!(worth(&world, bob.address).await?, 1_500_001, "the next loses nothing");
    Ok(())
}

#[tokio::test]
async fn dust_in_front_of_rewards_does_not_keep_a_pool_from_them() -> Result<()> {
    let world = World::new().await?;
    let (alice, operator) = (&world.cast.alice, world.dishonest());
    // One base unit, a reward of a millionth of a millionth of a token, one second.
    world.stake(&world.cast.accuser, 1, operator).await?;
    pay(&world, pool::SHARES_PER_ASSET - 1).await?;
    pass(&world, 1).await?;
    world.stake(alice, ether(10), operator).await?;
    pay(&world, ether(1) / 2).await?;
    pass(&world, EPOCH_SECONDS).await?;
    assert!(worth(&world, alice.address).await? >= ether(21) / 2 - 1);
    Ok(())
}

#[tokio::test]
async fn what_a_share_could_not_take_is_not_there_at_once_for_who_joins_next() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    // All that Alice's one base unit could ever be worth; the stream ends, and she leaves.
    let alices = world.stake(alice, 1, operator).await?;
    pay(&world, pool::SHARES_PER_ASSET - 1).await?;
    pass(&world, EPOCH_SECONDS).await?;
    world.queue(alice, operator, alices).await?;
    pass(&world, 3 * EPOCH_SECONDS).await?;
    world.stake(bob, ether(1), operator).await?;
    assert_eq!(worth(&world, bob.address).await?, ether(1), "nothing at once");
    pass(&world, EPOCH_SECONDS / 2).await?;
    assert_eq!(worth(&world, bob.address).await?, ether(1) + pool::SHARES_PER_ASSET / 2 - 1, "it streams, as ever");
    Ok(())
}

#[tokio::test]
async fn a_reward_needs_somebody_to_earn_it() -> Result<()> {
    let world = World::new().await?;
    let (fund, rewards, token) = (&world.cast.fund, world.suite.rewards, world.token());
    world.fund(fund, ether(1)).await?;
    let nobody = NothingStaked { operator: world.dishonest(), token };
    world.refuse(fund, rewards, &reward(&world, ether(1)), &nobody).await?;
    world.stake(&world.cast.alice, ether(1), world.dishonest()).await?;
    world.refuse(fund, rewards, &reward(&world, 0), &ZeroAmount {}).await?;
    let idle = payRewardCall { operator: Address::ZERO, token, amount: 1 };
    world.refuse(fund, rewards, &idle, &ZeroAddress {}).await?;
    let unlisted = payRewardCall { token: world.suite.slasher, ..reward(&world, 1) };
    world.refuse(fund, rewards, &unlisted, &StrategyNotListed { token: world.suite.slasher }).await
}

#[tokio::test]
async fn rewards_keep_within_the_cap_and_not_within_the_limit_of_one_deposit() -> Result<()> {
    let world = World::new().await?;
    let (fund, rewards) = (&world.cast.fund, world.suite.rewards);
    world.set_limits(ether(12), 20, 0).await?;
    for _ in 0..4 {
        world.stake(&world.cast.alice, ether(2), world.dishonest()).await?;
    }
    world.fund(fund, ether(5)).await?;
    let above = StrategyCapExceeded { total: ether(12) + 1, cap: ether(12) };
    world.refuse(fund, rewards, &reward(&world, ether(4) + 1), &above).await?;
    world.act(fund, rewards, &reward(&world, ether(4))).await?;
    assert_eq!(world.owed().await?, ether(12));
    Ok(())
}

#[tokio::test]
async fn a_closed_token_takes_no_rewards_and_what_streams_goes_on() -> Result<()> {
    let world = World::new().await?;
    let (fund, suite, token) = (&world.cast.fund, world.suite, world.token());
    world.stake(&world.cast.alice, ether(10), world.dishonest()).await?;
    pay(&world, ether(1)).await?;
    world.act(&world.cast.owner, suite.governance, &closeStrategyCall { token }).await?;
    world.fund(fund, 1).await?;
    world.refuse(fund, suite.rewards, &reward(&world, 1), &StrategyIsClosed { token }).await?;
    pass(&world, EPOCH_SECONDS).await?;
    assert_eq!(worth(&world, world.cast.alice.address).await?, ether(11));
    Ok(())
}

#[tokio::test]
async fn a_commission_is_kept_from_the_end_of_its_notice_and_claimed() -> Result<()> {
    let world = World::new().await?;
    let (operator, rewards) = (&world.cast.dishonest, world.suite.rewards);
    world.stake(&world.cast.alice, ether(10), operator.address).await?;
    let receipt = world.act(operator, rewards, &scheduleCommissionCall { commission: MAX_COMMISSION }).await?;
    let effective_at = epoch::notice_ends(world.chain.now().await?);
    let scheduled =
        CommissionScheduled { operator: operator.address, commission: MAX_COMMISSION, effectiveAt: effective_at };
    assert_eq!(event::<CommissionScheduled>(&receipt, rewards), Some(scheduled));
    world.chain.travel_to(effective_at - 1).await?;
    pay(&world, ether(10)).await?;
    let until = world.release_epoch().await?;
    assert_eq!(world.slashed_funds(operator.address, until).await?, 0);
    let pending = CommissionPending { effectiveAt: effective_at };
    world.refuse(operator, rewards, &scheduleCommissionCall { commission: 0 }, &pending).await?;

    world.chain.travel_to(effective_at).await?;
    let commission = world.chain.view(rewards, &commissionOfCall { operator: operator.address }).await?;
    assert_eq!((commission.commission, commission.next), (MAX_COMMISSION, MAX_COMMISSION));
    pay(&world, ether(10)).await?;
    let until = world.release_epoch().await?;
    assert_eq!(world.slashed_funds(operator.address, until).await?, ether(2), "a fifth");
    let claim = world.claim_call(operator.address, until);
    let not_yet = WithdrawalNotReady { releaseTime: epoch::start(until) };
    world.refuse(&world.cast.bob, world.suite.token_pool, &claim, &not_yet).await?;
    world.enter_epoch(until).await?;
    world.act(&world.cast.bob, world.suite.token_pool, &claim).await?;
    assert_eq!(world.held(operator.address).await?, U256::from(ether(2)));
    world.act(operator, rewards, &scheduleCommissionCall { commission: 0 }).await?;
    Ok(())
}

#[tokio::test]
async fn a_commission_is_capped() -> Result<()> {
    let world = World::new().await?;
    let call = scheduleCommissionCall { commission: MAX_COMMISSION + 1 };
    let refusal = CommissionTooHigh { commission: MAX_COMMISSION + 1, limit: MAX_COMMISSION };
    world.refuse(&world.cast.dishonest, world.suite.rewards, &call, &refusal).await
}

#[tokio::test]
async fn an_operator_sets_its_own_commission_only() -> Result<()> {
    let world = World::new().await?;
    world.act(&world.cast.bob, world.suite.rewards, &scheduleCommissionCall { commission: 1 }).await?;
    let operator = world.dishonest();
    let commission = world.chain.view(world.suite.rewards, &commissionOfCall { operator }).await?;
    assert_eq!((commission.commission, commission.next, commission.effectiveAt), (0, 0, 0));
    Ok(())
}

#[tokio::test]
async fn only_the_rewards_contract_brings_rewards_to_the_vault() -> Result<()> {
    let world = World::new().await?;
    let owner = &world.cast.owner;
    let call = receiveRewardCall {
        payer: world.cast.alice.address,
        operator: world.dishonest(),
        token: world.token(),
        amount: 1,
        commission: 0,
    };
    world.refuse(owner, world.suite.token_pool, &call, &Unauthorized { caller: owner.address }).await?;
    let contracts = world.chain.view(world.suite.rewards, &contractsCall {}).await?;
    let named = (contracts.strategyManager, contracts.tokenPool);
    assert_eq!(named, (world.suite.strategy_manager, world.suite.token_pool));
    Ok(())
}
