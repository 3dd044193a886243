//! Receipts and slashes: requested, executed, and what leaving or joining in between is worth.

use super::restaked::{
    accuse, assets, claim, deposit, grant_the_owner, rate, request, shared, shared_with_an_account, staked, wait,
};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILiquidRestakingToken::{ZeroAmount, requestRedemptionCall, stakeIdleCall, unstakeCall};
use interfaces::IRestakingVault::{NothingToDo, collectCall};
use interfaces::ISlasher::pendingSlashCall;
use restake_tests::{World, ether};

#[tokio::test]
async fn pending_slashes_are_the_sum_of_the_open_requests() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    let call = pendingSlashCall { operator: world.dishonest() };
    let pending = async || Ok::<_, eyre::Report>(world.chain.view(world.suite.slasher, &call).await?.wad);
    assert_eq!(pending().await?, 0);
    let first = accuse(&world, ONE / 4).await?;
    // An eighth of the three quarters that are left of the budget.
    let second = accuse(&world, ONE / 8).await?;
    assert_eq!(pending().await?, ONE / 4 + ONE / 32 * 3);
    world.execute(&first).await?;
    assert_eq!(pending().await?, ONE / 8, "of what is left");
    world.execute(&second).await?;
    assert_eq!(pending().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_slash_counts_as_soon_as_it_is_requested() -> Result<()> {
    let world = shared(ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    assert_eq!(assets(&world).await?, (ether(20), ether(5), 0));
    assert_eq!(rate(&world).await?, ether(3) / 4);
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(15), 0, 0));
    assert_eq!(rate(&world).await?, ether(3) / 4, "the execution is no news");
    Ok(())
}

#[tokio::test]
async fn who_leaves_before_a_slash_is_executed_gets_no_more_than_who_stays() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    let attack = world.freeze(&world.cast.dishonest).await?;
    let before = request(&world, alice, ether(10)).await?;
    world.execute(&attack).await?;
    let after = request(&world, bob, ether(10)).await?;
    assert_eq!((before.amount, after.amount), (ether(10) * 3 / 4, ether(10) * 3 / 4));
    wait(&world, after.claimableAt).await?;
    assert_eq!(claim(&world, alice, before.id).await?, before.amount);
    assert_eq!(claim(&world, bob, after.id).await?, after.amount);
    assert_eq!(assets(&world).await?, (0, 0, 0));
    Ok(())
}

#[tokio::test]
async fn who_leaves_before_a_fault_is_proven_bears_its_slash_too() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    let early = request(&world, alice, ether(10)).await?;
    assert_eq!(early.amount, ether(10));
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;
    let late = request(&world, bob, ether(10)).await?;
    wait(&world, late.claimableAt).await?;
    let (paid, stayed) = (claim(&world, alice, early.id).await?, claim(&world, bob, late.id).await?);
    assert_eq!((paid, stayed), (ether(10) * 3 / 4, ether(10) * 3 / 4));
    Ok(())
}

#[tokio::test]
async fn all_who_wait_are_paid_in_any_order_when_a_slash_leaves_less_than_they_asked_for() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    let first = request(&world, alice, ether(10)).await?;
    let second = request(&world, bob, ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;
    wait(&world, second.claimableAt).await?;
    assert_eq!(claim(&world, bob, second.id).await?, ether(10) * 3 / 4, "the first has not claimed yet");
    assert_eq!(claim(&world, alice, first.id).await?, ether(10) * 3 / 4);
    Ok(())
}

#[tokio::test]
async fn open_requests_count_for_exactly_what_they_take() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    // A quarter, and a quarter of the three quarters that are left of the budget: seven sixteenths of one of two
    // operators.
    let attacks = [accuse(&world, ONE / 4).await?, accuse(&world, ONE / 4).await?];
    assert_eq!(rate(&world).await?, ether(25) / 32);
    for attack in attacks.iter().rev() {
        world.execute(attack).await?;
        assert!(ether(25) / 32 - rate(&world).await? <= 1, "in any order, within a base unit");
    }
    Ok(())
}

#[tokio::test]
async fn a_redemption_gains_nothing_that_comes_after_its_request() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    let alice = &world.cast.alice;
    let attack = accuse(&world, ONE / 2).await?;
    let redemption = request(&world, alice, ether(10)).await?;
    assert_eq!(redemption.amount, ether(10) * 3 / 4);
    // Nobody executes it in time.
    world.chain.travel_to(attack.executable_at + arithmetic::time::EXECUTION_WINDOW_SECONDS).await?;
    let close = interfaces::ISlasher::closeExpiredRequestCall { requestId: attack.request_id };
    world.act(&world.cast.accuser, world.suite.slasher, &close).await?;
    world.act(alice, world.suite.restaking_token, &unstakeCall {}).await?;
    wait(&world, arithmetic::epoch::start(arithmetic::epoch::release_of(world.chain.now().await?))).await?;
    assert_eq!(claim(&world, alice, redemption.id).await?, redemption.amount);
    assert!(rate(&world).await? > ether(1), "the difference is theirs who stay");
    Ok(())
}

#[tokio::test]
async fn a_deposit_while_a_request_is_open_takes_nothing_from_the_others_and_gains_nothing() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, newcomer) = (&world.cast.alice, &world.cast.fund);
    let attack = world.freeze(&world.cast.dishonest).await?;
    let shares = deposit(&world, newcomer, ether(10)).await?;
    assert_eq!(shares, ether(10), "at the rate that a veto would bring back");
    assert!(rate(&world).await? >= ether(3) / 4);
    world.execute(&attack).await?;
    assert!(request(&world, newcomer, shares).await?.amount < ether(10));
    assert!(request(&world, alice, ether(10)).await?.amount >= ether(10) * 3 / 4);
    Ok(())
}

#[tokio::test]
async fn joining_and_leaving_while_a_request_is_open_loses() -> Result<()> {
    let world = shared(ether(10)).await?;
    world.freeze(&world.cast.dishonest).await?;
    let before = rate(&world).await?;
    let shares = deposit(&world, &world.cast.fund, ether(10)).await?;
    let redemption = request(&world, &world.cast.fund, shares).await?;
    assert!(redemption.amount < ether(9), "{}", redemption.amount);
    assert!(rate(&world).await? >= before);
    Ok(())
}

#[tokio::test]
async fn receipts_that_may_lose_everything_cannot_be_redeemed_for_nothing() -> Result<()> {
    let world = super::restaked::weighted(&[("Crooked Op", ONE)]).await?;
    grant_the_owner(&world).await?;
    deposit(&world, &world.cast.alice, ether(10)).await?;
    world.act(&world.cast.alice, world.suite.restaking_token, &stakeIdleCall {}).await?;
    accuse(&world, ONE).await?;
    assert_eq!((rate(&world).await?, assets(&world).await?), (0, (ether(10), ether(10), 0)));
    let call = requestRedemptionCall { shares: ether(10) };
    world.refuse(&world.cast.alice, world.suite.restaking_token, &call, &ZeroAmount {}).await
}

#[tokio::test]
async fn nothing_is_issued_for_worthless_receipts() -> Result<()> {
    let world = super::restaked::weighted(&[("Crooked Op", ONE)]).await?;
    grant_the_owner(&world).await?;
    deposit(&world, &world.cast.alice, ether(10)).await?;
    world.act(&world.cast.alice, world.suite.restaking_token, &stakeIdleCall {}).await?;
    let attack = accuse(&world, ONE).await?;
    world.execute(&attack).await?;
    super::restaked::fund(&world, &world.cast.bob, ether(1)).await?;
    let call = interfaces::ILiquidRestakingToken::depositCall { amount: ether(1), recipient: world.cast.bob.address };
    let expected = interfaces::ILiquidRestakingToken::Depleted {};
    world.refuse(&world.cast.bob, world.suite.restaking_token, &call, &expected).await
}

#[tokio::test]
async fn a_frozen_operator_delays_a_redemption_and_loses_nobodys_money() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, receipt) = (&world.cast.alice, world.suite.restaking_token);
    let attack = world.freeze(&world.cast.dishonest).await?;
    let redemption = request(&world, alice, ether(10)).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(10), "nothing leaves the frozen one");
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(25) / 4, "and the other gives its part");
    world.execute(&attack).await?;
    world.act(&world.cast.accuser, receipt, &unstakeCall {}).await?;
    let epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    wait(&world, arithmetic::epoch::start(epoch)).await?;
    assert_eq!(claim(&world, alice, redemption.id).await?, ether(10) * 3 / 4);
    assert_eq!(rate(&world).await?, ether(3) / 4);
    Ok(())
}

#[tokio::test]
async fn idle_tokens_are_not_staked_with_a_frozen_operator() -> Result<()> {
    let world = shared(ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    deposit(&world, &world.cast.fund, ether(10)).await?;
    let receipt = world.suite.restaking_token;
    world.act(&world.cast.accuser, receipt, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(15));
    assert_eq!(assets(&world).await?.2, ether(5), "the rest waits");
    world.refuse(&world.cast.accuser, receipt, &stakeIdleCall {}, &NothingToDo {}).await?;
    world.execute(&attack).await?;
    world.act(&world.cast.accuser, receipt, &stakeIdleCall {}).await?;
    assert_eq!(assets(&world).await?.2, 0);
    Ok(())
}

#[tokio::test]
async fn what_had_matured_before_a_freeze_is_not_counted_as_pending() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, vault) = (&world.cast.alice, world.suite.restaking_vault);
    let redemption = request(&world, alice, ether(10)).await?;
    world.chain.travel_to(redemption.claimableAt).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    // Five of its ten left two epochs ago; half of the other five is at stake.
    assert_eq!(assets(&world).await?, (ether(20), ether(5) / 2, 0));
    let release_epoch = arithmetic::epoch::at(redemption.claimableAt);
    let collect = collectCall { operator: world.dishonest(), releaseEpoch: release_epoch };
    world.act(alice, vault, &collect).await?;
    assert_eq!(assets(&world).await?, (ether(20), ether(5) / 2, ether(5)), "nor does it wait");
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(35) / 2, 0, ether(5)));
    Ok(())
}

#[tokio::test]
async fn what_is_queued_when_a_fault_is_proven_is_slashed_and_counted() -> Result<()> {
    let world = shared(ether(10)).await?;
    let redemption = request(&world, &world.cast.alice, ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    assert_eq!(assets(&world).await?, (ether(20), ether(5), 0));
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(15), 0, 0));
    wait(&world, redemption.claimableAt).await?;
    assert_eq!(assets(&world).await?, (ether(15), 0, ether(15) / 2));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_that_was_slashed_to_nothing_is_struck_off() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    let redemption = request(&world, &world.cast.alice, ether(10)).await?;
    let attack = accuse(&world, ONE).await?;
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(10), 0, 0));
    wait(&world, redemption.claimableAt).await?;
    assert_eq!(assets(&world).await?, (ether(10), 0, ether(5)));
    assert_eq!(claim(&world, &world.cast.alice, redemption.id).await?, ether(5));
    Ok(())
}

#[tokio::test]
async fn another_operators_receipts_are_not_concerned() -> Result<()> {
    let world: World = super::restaked::weighted(&[("Honest Op", ONE)]).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    deposit(&world, &world.cast.alice, ether(10)).await?;
    world.act(&world.cast.alice, world.suite.restaking_token, &stakeIdleCall {}).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    assert_eq!(rate(&world).await?, ether(1));
    world.execute(&attack).await?;
    assert_eq!(rate(&world).await?, ether(1));
    Ok(())
}
