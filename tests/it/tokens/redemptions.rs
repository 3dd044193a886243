//! Redeeming receipts: the wait, the order, the amounts.

use super::restaked::{assets, claim, deposit, half_and_half, rate, receipts, request, shared, staked, wait};
use alloy::primitives::U256;
use arithmetic::epoch;
use eyre::Result;
use interfaces::IAccess::Unauthorized;
use interfaces::IERC20::{ERC20InsufficientBalance, totalSupplyCall};
use interfaces::ILiquidRestakingToken::{
    NoRedemption, RedemptionNotFunded, RedemptionNotReady, ZeroAmount, claimRedemptionCall, redemptionCall,
    redemptionReturn, redemptionsCall, redemptionsReturn, requestRedemptionCall, stakeIdleCall, unstakeCall,
};
use interfaces::IRestakingVault::{NoReleaseAt, collectCall, releasesAtCall};
use interfaces::IStrategyManager::WithdrawalNotReady;
use restake_tests::{World, ether};

fn claim_of(id: u64) -> claimRedemptionCall {
    claimRedemptionCall { id }
}

#[tokio::test]
async fn a_redemption_takes_what_the_operators_give_and_pays_it() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, receipt) = (&world.cast.alice, world.suite.restaking_token);
    let redemption = request(&world, alice, ether(4)).await?;
    let release = epoch::release_of(world.chain.now().await?);
    assert_eq!((redemption.id, redemption.account, redemption.shares), (0, alice.address, ether(4)));
    assert_eq!((redemption.amount, redemption.claimableAt), (ether(4), epoch::start(release)));
    for operator in [&world.cast.honest, &world.cast.dishonest] {
        assert_eq!(staked(&world, operator).await?, ether(8), "half of what is missing from each");
    }
    let first = world.chain.view(world.suite.restaking_vault, &releasesAtCall { index: 0 }).await?.first;
    assert_eq!(first, release);
    assert_eq!(receipts(&world, alice).await?, U256::from(ether(6)));
    assert_eq!(assets(&world).await?, (ether(20), 0, 0));
    let stored = world.chain.view(receipt, &redemptionCall { id: 0 }).await?;
    let expected = redemptionReturn {
        account: alice.address,
        claimableAt: redemption.claimableAt,
        shares: ether(4),
        amount: ether(4),
        position: 0,
    };
    assert_eq!(stored, expected);

    wait(&world, redemption.claimableAt).await?;
    assert_eq!(claim(&world, alice, 0).await?, ether(4));

    assert_eq!(assets(&world).await?, (ether(16), 0, 0));
    assert_eq!(rate(&world).await?, ether(1));
    let supply: U256 = world.chain.view(receipt, &totalSupplyCall {}).await?;
    assert_eq!(supply, U256::from(ether(16)));
    let totals = world.chain.view(receipt, &redemptionsCall {}).await?;
    assert_eq!(totals, redemptionsReturn { requested: ether(4), claimed: ether(4), shares: 0 });
    Ok(())
}

#[tokio::test]
async fn a_redemption_is_not_claimed_one_second_early() -> Result<()> {
    let world = half_and_half().await?;
    let alice = &world.cast.alice;
    deposit(&world, alice, ether(10)).await?;
    let redemption = request(&world, alice, ether(10)).await?;
    assert_eq!(assets(&world).await?.2, ether(10), "nothing was staked, and still it waits");
    world.chain.travel_to(redemption.claimableAt - 1).await?;
    let expected = RedemptionNotReady { claimableAt: redemption.claimableAt };
    world.refuse(alice, world.suite.restaking_token, &claim_of(0), &expected).await?;
    world.chain.travel_to(redemption.claimableAt).await?;
    assert_eq!(claim(&world, alice, 0).await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_is_not_collected_one_second_early() -> Result<()> {
    let world = shared(ether(10)).await?;
    let redemption = request(&world, &world.cast.alice, ether(10)).await?;
    let release_epoch = epoch::at(redemption.claimableAt);
    let call = collectCall { operator: world.honest(), releaseEpoch: release_epoch };
    world.chain.travel_to(redemption.claimableAt - 1).await?;
    let expected = WithdrawalNotReady { releaseTime: redemption.claimableAt };
    world.refuse(&world.cast.accuser, world.suite.restaking_vault, &call, &expected).await?;
    world.chain.travel_to(redemption.claimableAt).await?;
    world.act(&world.cast.accuser, world.suite.restaking_vault, &call).await?;
    assert_eq!(assets(&world).await?, (ether(20), 0, ether(5)));
    let again = NoReleaseAt { releaseEpoch: release_epoch };
    world.refuse(&world.cast.accuser, world.suite.restaking_vault, &call, &again).await
}

#[tokio::test]
async fn a_redemption_is_claimed_by_whoever_requested_it_and_once() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, bob, receipt) = (&world.cast.alice, &world.cast.bob, world.suite.restaking_token);
    let redemption = request(&world, alice, ether(10)).await?;
    wait(&world, redemption.claimableAt).await?;
    world.refuse(bob, receipt, &claim_of(0), &Unauthorized { caller: bob.address }).await?;
    world.refuse(alice, receipt, &claim_of(1), &NoRedemption { id: 1 }).await?;
    claim(&world, alice, 0).await?;
    world.refuse(alice, receipt, &claim_of(0), &NoRedemption { id: 0 }).await
}

#[tokio::test]
async fn only_receipts_that_are_held_are_redeemed() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, receipt) = (&world.cast.alice, world.suite.restaking_token);
    let (balance, needed) = (U256::from(ether(10)), U256::from(ether(10) + 1));
    let expected = ERC20InsufficientBalance { sender: alice.address, balance, needed };
    let call = requestRedemptionCall { shares: ether(10) + 1 };
    world.refuse(alice, receipt, &call, &expected).await?;
    world.refuse(alice, receipt, &requestRedemptionCall { shares: 0 }, &ZeroAmount {}).await
}

/// Alice has requested 4 tokens, and Bob 4 one epoch later; both can claim, and nothing was collected. Returns the
/// epochs at which their withdrawals were released.
async fn two_in_order() -> Result<(World, u64, u64)> {
    let world = shared(ether(10)).await?;
    let first = request(&world, &world.cast.alice, ether(4)).await?;
    world.enter_epoch(epoch::at(first.claimableAt) - 1).await?;
    let second = request(&world, &world.cast.bob, ether(4)).await?;
    world.chain.travel_to(second.claimableAt).await?;
    Ok((world, epoch::at(first.claimableAt), epoch::at(second.claimableAt)))
}

#[tokio::test]
async fn redemptions_are_paid_in_the_order_of_their_requests() -> Result<()> {
    let (world, _, second) = two_in_order().await?;
    let (alice, bob, receipt) = (&world.cast.alice, &world.cast.bob, world.suite.restaking_token);
    world.refuse(alice, receipt, &claim_of(0), &RedemptionNotFunded { idle: 0 }).await?;
    // Bob's withdrawals come in first: they are Alice's all the same.
    for operator in [world.honest(), world.dishonest()] {
        let call = collectCall { operator, releaseEpoch: second };
        world.act(bob, world.suite.restaking_vault, &call).await?;
    }
    world.refuse(bob, receipt, &claim_of(1), &RedemptionNotFunded { idle: ether(4) }).await?;
    assert_eq!(claim(&world, alice, 0).await?, ether(4));
    world.refuse(bob, receipt, &claim_of(1), &RedemptionNotFunded { idle: 0 }).await?;
    super::restaked::collect_until(&world, second).await?;
    assert_eq!(claim(&world, bob, 1).await?, ether(4));
    Ok(())
}

#[tokio::test]
async fn who_is_first_and_does_not_claim_keeps_nobody_waiting() -> Result<()> {
    let (world, _, second) = two_in_order().await?;
    super::restaked::collect_until(&world, second).await?;
    assert_eq!(claim(&world, &world.cast.bob, 1).await?, ether(4));
    assert_eq!(claim(&world, &world.cast.alice, 0).await?, ether(4));
    Ok(())
}

#[tokio::test]
async fn what_is_kept_for_redemptions_is_not_staked() -> Result<()> {
    let (world, _, second) = two_in_order().await?;
    super::restaked::collect_until(&world, second).await?;
    let (receipt, newcomer) = (world.suite.restaking_token, &world.cast.fund);
    deposit(&world, newcomer, ether(3)).await?;
    world.act(newcomer, receipt, &stakeIdleCall {}).await?;
    assert_eq!(assets(&world).await?, (ether(23), 0, ether(8)));
    assert_eq!(claim(&world, &world.cast.alice, 0).await?, ether(4));
    assert_eq!(claim(&world, &world.cast.bob, 1).await?, ether(4));
    Ok(())
}

#[tokio::test]
async fn idle_tokens_serve_redemptions_first() -> Result<()> {
    let world = shared(ether(10)).await?;
    deposit(&world, &world.cast.fund, ether(6)).await?;
    let redemption = request(&world, &world.cast.alice, ether(6)).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(10), "no withdrawal is needed");
    let nothing =
        world.chain.simulate(world.cast.alice.address, world.suite.restaking_token, &unstakeCall {}, U256::ZERO);
    assert!(!nothing.await?, "and none is queued by anyone else");
    world.chain.travel_to(redemption.claimableAt).await?;
    assert_eq!(claim(&world, &world.cast.alice, redemption.id).await?, ether(6));
    Ok(())
}

#[tokio::test]
async fn a_round_trip_pays_no_more_than_was_put_in() -> Result<()> {
    let world = shared(ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;
    for amount in [2, 3, 1_000_003, ether(1) + 1] {
        let shares = deposit(&world, &world.cast.fund, amount).await?;
        let before = rate(&world).await?;
        assert!(request(&world, &world.cast.fund, shares).await?.amount <= amount);
        assert!(rate(&world).await? >= before);
    }
    Ok(())
}

#[tokio::test]
async fn everything_can_be_redeemed_in_the_end() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    request(&world, alice, ether(10)).await?;
    let last = request(&world, bob, ether(10)).await?;
    wait(&world, last.claimableAt).await?;
    claim(&world, bob, 1).await?;
    claim(&world, alice, 0).await?;
    assert_eq!((assets(&world).await?, rate(&world).await?), ((0, 0, 0), ether(1)));
    assert_eq!(world.held(world.suite.restaking_vault).await?, U256::ZERO);
    assert_eq!(deposit(&world, alice, ether(1)).await?, ether(1), "and it starts again");
    Ok(())
}

#[tokio::test]
async fn withdrawals_that_nobody_collects_delay_the_next_and_lose_nothing() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, receipt) = (&world.cast.alice, world.suite.restaking_token);
    for _ in 0..4 {
        request(&world, alice, ether(2)).await?;
        world.enter_epoch(epoch::at(world.chain.now().await?) + 1).await?;
    }
    let staked_before = staked(&world, &world.cast.honest).await?;
    let fifth = request(&world, alice, ether(2)).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, staked_before, "there is no place to note a fifth");
    wait(&world, fifth.claimableAt).await?;
    world.act(&world.cast.accuser, receipt, &unstakeCall {}).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, staked_before - ether(1));
    let release = epoch::release_of(world.chain.now().await?);
    wait(&world, epoch::start(release)).await?;
    for id in 0..5 {
        assert_eq!(claim(&world, alice, id).await?, ether(2));
    }
    assert_eq!(assets(&world).await?, (ether(10), 0, 0));
    Ok(())
}
