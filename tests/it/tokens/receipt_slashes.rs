//! Receipts and slashes: requested, vetoed, executed, and what leaving or joining in between is worth.

use super::restaked::{
    accuse, assets, claim, deposit, exit_rate, nearly, queue_waiting, rate, request, shared, shared_with_an_account,
    stake_idle, staked, veto, wait_and_claim, weighted,
};
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRestakingWeights::{NothingToDo, stakeIdleCall};
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
async fn the_rate_follows_executed_slashes_and_the_careful_rate_requested_ones() -> Result<()> {
    let world = shared(ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    assert_eq!(assets(&world).await?, (ether(20), ether(5), 0));
    assert_eq!((rate(&world).await?, exit_rate(&world).await?), (ether(1), ether(3) / 4));
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(15), 0, 0));
    assert_eq!((rate(&world).await?, exit_rate(&world).await?), (ether(3) / 4, ether(3) / 4));
    Ok(())
}

#[tokio::test]
async fn open_requests_count_in_the_careful_rate_for_exactly_what_they_take() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    // A quarter, and a quarter of the three quarters that are left of the budget: seven sixteenths of one of two
    // operators.
    let attacks = [accuse(&world, ONE / 4).await?, accuse(&world, ONE / 4).await?];
    assert_eq!(exit_rate(&world).await?, ether(25) / 32);
    for attack in attacks.iter().rev() {
        world.execute(attack).await?;
        assert!(ether(25) / 32 - exit_rate(&world).await? <= 1, "in any order, within a base unit");
    }
    Ok(())
}

#[tokio::test]
async fn who_leaves_before_during_and_after_a_slash_bears_the_same() -> Result<()> {
    let world = shared(ether(12)).await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    let before = request(&world, alice, ether(4)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    let during = request(&world, alice, ether(4)).await?;
    world.execute(&attack).await?;
    let after = request(&world, bob, ether(4)).await?;
    let released = queue_waiting(&world, 0).await?;
    world.enter_epoch(released).await?;
    for opened in [during, after, before] {
        let paid = claim(&world, opened.id).await?;
        assert!(nearly(paid, ether(3)), "{paid}");
    }
    let (left, _, _) = assets(&world).await?;
    assert!(left >= ether(9) && left - ether(9) < 10, "{left}");
    Ok(())
}

#[tokio::test]
async fn no_order_of_freeze_requests_and_verdict_changes_what_anybody_gets() -> Result<()> {
    for upheld in [true, false] {
        let mut outcomes = Vec::new();
        for order in 0..4 {
            let world = shared_with_an_account(ether(12)).await?;
            let (alice, bob) = (&world.cast.alice, &world.cast.bob);
            let mut opened = Vec::new();
            if order == 0 {
                opened.push(request(&world, alice, ether(12)).await?);
            }
            let attack = accuse(&world, ONE / 2).await?;
            if order == 1 {
                opened.push(request(&world, alice, ether(12)).await?);
            }
            if order == 2 {
                opened.push(request(&world, bob, ether(6)).await?);
                opened.push(request(&world, alice, ether(12)).await?);
            }
            if upheld {
                world.execute(&attack).await?;
            } else {
                world.chain.travel_to(attack.executable_at - 1).await?;
                veto(&world, &attack).await?;
            }
            if order == 3 {
                opened.push(request(&world, alice, ether(12)).await?);
            }
            if order == 1 || order == 2 {
                queue_waiting(&world, 0).await?;
            }
            world.enter_epoch(epoch::release_of(world.chain.now().await?)).await?;
            for redemption in &opened {
                claim(&world, redemption.id).await?;
            }
            outcomes.push(world.held(alice.address).await?.to::<u128>());
        }
        let expected = if upheld { ether(9) } else { ether(12) };
        assert!(outcomes.iter().all(|paid| nearly(*paid, expected)), "{upheld}: {outcomes:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_deposit_while_a_request_is_open_takes_nothing_from_the_others_and_gains_nothing() -> Result<()> {
    let world = shared(ether(10)).await?;
    let newcomer = &world.cast.fund;
    let attack = world.freeze(&world.cast.dishonest).await?;
    let shares = deposit(&world, newcomer, ether(10)).await?;
    assert_eq!(shares, ether(10), "at the rate that a veto would bring back");
    let opened = request(&world, newcomer, shares).await?;
    world.execute(&attack).await?;
    let released = queue_waiting(&world, 0).await?;
    world.enter_epoch(released).await?;
    let paid = opened.paid + claim(&world, opened.id).await?;
    assert!(paid < ether(9), "{paid}");
    assert!(rate(&world).await? >= ether(3) / 4);
    Ok(())
}

#[tokio::test]
async fn idle_tokens_are_not_staked_with_a_frozen_operator() -> Result<()> {
    let world = shared(ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    deposit(&world, &world.cast.fund, ether(10)).await?;
    let weights = world.suite.restaking_weights;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(15));
    assert_eq!(assets(&world).await?.2, ether(5), "the rest waits");
    world.refuse(&world.cast.accuser, weights, &stakeIdleCall {}, &NothingToDo {}).await?;
    world.execute(&attack).await?;
    stake_idle(&world).await?;
    assert_eq!(assets(&world).await?.2, 0);
    Ok(())
}

#[tokio::test]
async fn what_had_matured_before_a_freeze_is_paid_during_it() -> Result<()> {
    let world = shared(ether(10)).await?;
    let opened = request(&world, &world.cast.alice, ether(10)).await?;
    world.enter_epoch(opened.releaseEpoch).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    // Half of the five that Bob's receipts own of its pool is at stake.
    assert_eq!(assets(&world).await?, (ether(10), ether(5) / 2, 0));
    assert_eq!(claim(&world, opened.id).await?, ether(10));
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(15) / 2, 0, 0));
    Ok(())
}

#[tokio::test]
async fn a_part_that_was_slashed_to_nothing_pays_nothing_and_holds_nothing_up() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    let opened = request(&world, &world.cast.alice, ether(10)).await?;
    let attack = accuse(&world, ONE).await?;
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(5), 0, 0));
    assert_eq!(wait_and_claim(&world, &opened).await?, ether(5));
    assert_eq!(super::restaked::redemption(&world, opened.id).await?.parts, 0, "it is done");
    Ok(())
}

#[tokio::test]
async fn another_operators_receipts_are_not_concerned() -> Result<()> {
    let world: World = weighted(&[("Honest Op", ONE)]).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    deposit(&world, &world.cast.alice, ether(10)).await?;
    stake_idle(&world).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    assert_eq!(exit_rate(&world).await?, ether(1));
    world.execute(&attack).await?;
    assert_eq!(rate(&world).await?, ether(1));
    Ok(())
}
