//! Redeeming receipts in kind: the parts, when they are paid, and that nothing in between changes them.

use super::restaked::{
    accuse, assets, claim, deposit, grant_the_owner, half_idle, nearly, part, queue_waiting, rate, rebalance, receipts,
    redemption, request, request_call, schedule, shared, stake_idle, staked, veto, wait_and_claim, weighted,
};
use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IERC20::{ERC20InsufficientBalance, totalSupplyCall};
use interfaces::ILiquidRestakingToken::{self, ZeroAmount};
use interfaces::IRedemptionDesk::{
    NoRedemption, NothingToClaim, NothingWaiting, claimRedemptionCall, collectCall, countsCall, partOfReturn,
    potOfCall, queueWaitingCall, redemptionReturn, waitingOfCall,
};
use interfaces::IRestakingVault::{NoReleaseAt, WorthNothing, setApartAtCall, transitAtCall};
use interfaces::IStrategyManager::{OperatorIsFrozen, WithdrawalNotReady};
use restake_tests::{World, ether};

fn claim_of(id: u64) -> claimRedemptionCall {
    claimRedemptionCall { id }
}

/// What is set apart with the operator at the first place.
async fn set_apart(world: &World) -> Result<u128> {
    Ok(world.chain.view(world.suite.restaking_vault, &setApartAtCall { index: 0 }).await?)
}

#[tokio::test]
async fn a_redemption_owns_its_part_of_everything_and_is_paid_it() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", ONE / 4)]).await?;
    let (alice, desk) = (&world.cast.alice, world.suite.redemption_desk);
    deposit(&world, alice, ether(16)).await?;
    stake_idle(&world).await?;
    let opened = request(&world, alice, ether(4)).await?;
    let release = epoch::release_of(world.chain.now().await?);
    assert_eq!((opened.id, opened.paid, opened.parts, opened.releaseEpoch), (0, ether(1), 2, release));
    assert_eq!(receipts(&world, alice).await?, U256::from(ether(12)), "burned at once");
    let supply: U256 = world.chain.view(world.suite.restaking_token, &totalSupplyCall {}).await?;
    assert_eq!(supply, U256::from(ether(12)));
    assert_eq!(
        (staked(&world, &world.cast.honest).await?, staked(&world, &world.cast.dishonest).await?),
        (ether(6), ether(3))
    );
    assert_eq!((assets(&world).await?, rate(&world).await?), ((ether(12), 0, ether(3)), ether(1)));
    let stored = redemption(&world, 0).await?;
    assert_eq!(stored, redemptionReturn { account: alice.address, releaseEpoch: release, period: 0, parts: 2 });
    let first = partOfReturn { operator: world.honest(), units: ether(2) * 1_000_000, releaseEpoch: release };
    assert_eq!(part(&world, 0, 0).await?, first);
    assert_eq!(part(&world, 0, 2).await?.operator, Address::ZERO);

    assert_eq!(wait_and_claim(&world, &opened).await?, ether(3));
    assert_eq!((assets(&world).await?, rate(&world).await?), ((ether(12), 0, ether(3)), ether(1)));
    world.refuse(alice, desk, &claim_of(0), &NoRedemption { id: 0 }).await?;
    world.refuse(alice, desk, &claim_of(1), &NoRedemption { id: 1 }).await?;
    assert_eq!(world.held(world.suite.restaking_vault).await?, U256::from(ether(3)));
    Ok(())
}

#[tokio::test]
async fn a_redemption_is_not_paid_one_second_early_nor_collected() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, desk) = (&world.cast.alice, world.suite.redemption_desk);
    let opened = request(&world, alice, ether(10)).await?;
    let released = epoch::start(opened.releaseEpoch);
    world.chain.travel_to(released - 1).await?;
    world.refuse(alice, desk, &claim_of(0), &NothingToClaim {}).await?;
    let call = collectCall { operator: world.honest(), releaseEpoch: opened.releaseEpoch };
    world.refuse(alice, desk, &call, &WithdrawalNotReady { releaseTime: released }).await?;
    world.chain.travel_to(released).await?;
    assert_eq!(claim(&world, 0).await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_is_collected_once_and_the_pot_pays_who_owns_it() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (desk, vault) = (world.suite.redemption_desk, world.suite.restaking_vault);
    let first = request(&world, &world.cast.alice, ether(4)).await?;
    let second = request(&world, &world.cast.bob, ether(8)).await?;
    world.chain.travel_to(epoch::start(first.releaseEpoch)).await?;
    let call = collectCall { operator: world.honest(), releaseEpoch: first.releaseEpoch };
    world.act(&world.cast.accuser, desk, &call).await?;
    let pot = potOfCall { operator: world.honest(), releaseEpoch: first.releaseEpoch };
    let came = world.chain.view(desk, &pot).await?;
    assert_eq!((came.amount, came.shares), (ether(6), ether(6) * 1_000_000));
    assert_eq!(assets(&world).await?, (ether(8), 0, 0), "nothing of it is the holders'");
    assert_eq!(world.held(vault).await?, U256::from(ether(6)));
    let again = NoReleaseAt { releaseEpoch: first.releaseEpoch };
    world.refuse(&world.cast.bob, desk, &call, &again).await?;
    assert_eq!(claim(&world, second.id).await?, ether(8), "in any order");
    assert_eq!(claim(&world, first.id).await?, ether(4));
    assert_eq!(world.chain.view(desk, &pot).await?.amount, 0);
    assert_eq!(world.held(vault).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn anyone_claims_for_the_account_also_through_the_receipt() -> Result<()> {
    let world = shared(ether(10)).await?;
    let opened = request(&world, &world.cast.alice, ether(10)).await?;
    world.chain.travel_to(epoch::start(opened.releaseEpoch)).await?;
    let call = ILiquidRestakingToken::claimRedemptionCall { id: 0 };
    world.act(&world.cast.accuser, world.suite.restaking_token, &call).await?;
    assert_eq!(world.held(world.cast.alice.address).await?, U256::from(ether(10)));
    assert_eq!(world.held(world.cast.accuser.address).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn only_receipts_that_are_held_are_redeemed() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, receipt) = (&world.cast.alice, world.suite.restaking_token);
    let (balance, needed) = (U256::from(ether(10)), U256::from(ether(10) + 1));
    let expected = ERC20InsufficientBalance { sender: alice.address, balance, needed };
    world.refuse(alice, receipt, &request_call(ether(10) + 1), &expected).await?;
    world.refuse(alice, receipt, &request_call(0), &ZeroAmount {}).await
}

/// A hundred are idle and a hundred with the crooked operator, which half may be taken of; Alice redeems all hers.
async fn the_example() -> Result<(World, restake_tests::Attack, u64)> {
    let world = half_idle(ether(100)).await?;
    let attack = accuse(&world, ONE / 2).await?;
    let opened = request(&world, &world.cast.alice, ether(100)).await?;
    assert_eq!((opened.paid, opened.parts), (ether(50), 1), "her part of what is idle, at once");
    Ok((world, attack, opened.id))
}

/// Queueing is open again: what waits is queued, released and paid.
async fn paid_later(world: &World, ids: &[u64]) -> Result<Vec<u128>> {
    let released = queue_waiting(world, 0).await?;
    world.enter_epoch(released).await?;
    let mut paid = Vec::new();
    for id in ids {
        paid.push(claim(world, *id).await?);
    }
    Ok(paid)
}

#[tokio::test]
async fn who_leaves_during_a_freeze_bears_half_of_its_slash_and_no_more() -> Result<()> {
    let (world, attack, id) = the_example().await?;
    world.execute(&attack).await?;
    assert_eq!(paid_later(&world, &[id]).await?, [ether(25)]);
    assert_eq!(assets(&world).await?, (ether(75), 0, ether(50)), "and Bob has the same");
    assert_eq!(rate(&world).await?, ether(3) / 4);
    Ok(())
}

#[tokio::test]
async fn a_vetoed_freeze_takes_nothing_from_who_left_during_it() -> Result<()> {
    let (world, attack, id) = the_example().await?;
    veto(&world, &attack).await?;
    assert_eq!(paid_later(&world, &[id]).await?, [ether(50)]);
    assert_eq!(assets(&world).await?, (ether(100), 0, ether(50)), "and who stayed gained nothing");
    assert_eq!(rate(&world).await?, ether(1));
    Ok(())
}

#[tokio::test]
async fn neither_a_deposit_nor_another_redemption_in_between_changes_what_anybody_gets() -> Result<()> {
    for upheld in [true, false] {
        let (world, attack, id) = the_example().await?;
        let newcomer = &world.cast.challenger;
        assert_eq!(deposit(&world, newcomer, ether(100)).await?, ether(100), "at the price without the request");
        let bobs = request(&world, &world.cast.bob, ether(50)).await?;
        // Of 150 idle and 50 with the operator that 200 receipts own.
        assert_eq!((bobs.paid, bobs.parts), (ether(75) / 2, 1));
        if upheld {
            world.execute(&attack).await?;
        } else {
            veto(&world, &attack).await?;
        }
        let half = if upheld { 2 } else { 1 };
        let paid = paid_later(&world, &[bobs.id, id]).await?;
        assert_eq!(paid, [ether(25) / 2 / half, ether(50) / half], "{upheld}");
    }
    Ok(())
}

#[tokio::test]
async fn a_frozen_operator_delays_its_part_and_nothing_else() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, desk) = (&world.cast.alice, world.suite.redemption_desk);
    let attack = world.freeze(&world.cast.dishonest).await?;
    let opened = request(&world, alice, ether(10)).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(10), "nothing leaves the frozen one");
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(5), "and the other gives its part");
    assert_eq!(assets(&world).await?, (ether(10), ether(5) / 2, 0), "what waits is no holder's");
    let frozen = OperatorIsFrozen { operator: world.dishonest() };
    let queue = queueWaitingCall { operator: world.dishonest(), period: 0 };
    world.refuse(alice, desk, &queue, &frozen).await?;
    // The slash comes in the next epoch, and so its part is released an epoch later.
    world.enter_epoch(opened.releaseEpoch - 1).await?;
    world.chain.travel_to(attack.executable_at.max(world.chain.now().await?)).await?;
    world.execute_now(&attack).await?;
    let released = queue_waiting(&world, 0).await?;
    assert_eq!(released, opened.releaseEpoch + 1);
    assert_eq!(wait_and_claim(&world, &opened).await?, ether(5));
    world.refuse(alice, desk, &claim_of(0), &NothingToClaim {}).await?;
    world.enter_epoch(released).await?;
    assert_eq!(claim(&world, 0).await?, ether(5) / 2);
    assert_eq!((assets(&world).await?, rate(&world).await?), ((ether(15) / 2, 0, 0), ether(3) / 4));
    Ok(())
}

#[tokio::test]
async fn what_waits_is_queued_once_and_what_waits_later_is_apart() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, bob, desk) = (&world.cast.alice, &world.cast.bob, world.suite.redemption_desk);
    let attack = world.freeze(&world.cast.dishonest).await?;
    request(&world, alice, ether(10)).await?;
    let shares = set_apart(&world).await?;
    let mut waits = world.chain.view(desk, &waitingOfCall { operator: world.dishonest(), period: 0 }).await?;
    assert_eq!((waits.poolShares, waits.releaseEpoch, waits.bucketShares), (ether(5) * 1_000_000, 0, 0));
    assert_eq!(shares, 0, "of the first place, which is the honest operator's");
    world.execute(&attack).await?;
    let released = queue_waiting(&world, 0).await?;
    waits = world.chain.view(desk, &waitingOfCall { operator: world.dishonest(), period: 0 }).await?;
    assert_eq!(waits.releaseEpoch, released);
    let counts = world.chain.view(desk, &countsCall {}).await?;
    assert_eq!((counts.period, counts.redemptions), (1, 1));
    for (operator, period) in [(world.dishonest(), 0), (world.dishonest(), 1), (world.honest(), 0), (Address::ZERO, 0)]
    {
        let call = queueWaitingCall { operator, period };
        world.refuse(bob, desk, &call, &NothingWaiting { period }).await?;
    }
    world.freeze(&world.cast.dishonest).await.ok();
    let later = request(&world, bob, ether(10)).await?;
    assert_eq!(later.period, 1);
    Ok(())
}

#[tokio::test]
async fn dust_with_one_operator_delays_no_part_with_another() -> Result<()> {
    // Ten base units with the crooked operator, of which a slash takes one: a ninth of the rest rounds to nothing.
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", 1)]).await?;
    grant_the_owner(&world).await?;
    let alice = &world.cast.alice;
    deposit(&world, alice, ether(10)).await?;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 10);
    let attack = accuse(&world, ONE / 10).await?;
    world.execute(&attack).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 9);
    let before = staked(&world, &world.cast.honest).await?;
    request(&world, alice, ether(10) / 9 + 1).await?;
    let queued = before - staked(&world, &world.cast.honest).await?;
    assert!(queued >= before / 9, "{queued} of {before} are on their way");
    Ok(())
}

#[tokio::test]
async fn dust_starts_nothing_and_is_not_burned_for_nothing() -> Result<()> {
    let world = shared(ether(10)).await?;
    let alice = &world.cast.alice;
    // Half a base unit from each of two operators.
    world.refuse(alice, world.suite.restaking_token, &request_call(1), &WorthNothing {}).await?;
    let opened = request(&world, alice, 2).await?;
    assert_eq!((opened.paid, opened.parts), (0, 2));
    assert_eq!(wait_and_claim(&world, &opened).await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_redemption_owns_its_part_of_what_is_on_its_way_to_be_staked_elsewhere() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (desk, vault) = (world.suite.redemption_desk, world.suite.restaking_vault);
    schedule(&world, world.honest(), 0).await?;
    rebalance(&world).await?;
    let release = epoch::release_of(world.chain.now().await?);
    let own = async || Ok::<_, eyre::Report>(world.chain.view(vault, &transitAtCall { index: 0, transit: 0 }).await?);
    assert_eq!((own().await?.releaseEpoch, own().await?.shares), (release, ether(10) * 1_000_000));
    assert_eq!(assets(&world).await?, (ether(20), 0, 0));
    world.enter_epoch(release - 1).await?;
    let opened = request(&world, &world.cast.alice, ether(4)).await?;
    assert_eq!((opened.parts, opened.releaseEpoch), (2, release + 1));
    assert_eq!(part(&world, 0, 0).await?.releaseEpoch, release, "what was queued an epoch ago");
    assert_eq!(own().await?.shares, ether(8) * 1_000_000);
    assert_eq!(assets(&world).await?, (ether(16), 0, 0));
    world.enter_epoch(release).await?;
    assert_eq!(claim(&world, 0).await?, ether(2));
    assert_eq!(assets(&world).await?, (ether(16), 0, ether(8)), "the holders' part came in with it");
    assert_eq!(own().await?.releaseEpoch, 0);
    assert_eq!(wait_and_claim(&world, &opened).await?, ether(2));
    let collect = collectCall { operator: world.honest(), releaseEpoch: release };
    world.refuse(&world.cast.bob, desk, &collect, &NoReleaseAt { releaseEpoch: release }).await
}

#[tokio::test]
async fn a_slash_of_what_is_on_its_way_is_borne_by_holders_and_redemptions_alike() -> Result<()> {
    let world = super::restaked::shared_with_an_account(ether(10)).await?;
    schedule(&world, world.dishonest(), 0).await?;
    rebalance(&world).await?;
    let opened = request(&world, &world.cast.alice, ether(10)).await?;
    let attack = accuse(&world, ONE / 2).await?;
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(15) / 2, 0, 0));
    assert_eq!(wait_and_claim(&world, &opened).await?, ether(15) / 2);
    assert_eq!(assets(&world).await?, (ether(15) / 2, 0, ether(5) / 2));
    Ok(())
}

#[tokio::test]
async fn a_round_trip_pays_no_more_than_was_put_in() -> Result<()> {
    let world = shared(ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;
    for amount in [1_000_003, ether(1) + 1] {
        let shares = deposit(&world, &world.cast.fund, amount).await?;
        let before = rate(&world).await?;
        let opened = request(&world, &world.cast.fund, shares).await?;
        let paid = opened.paid + wait_and_claim(&world, &opened).await?;
        assert!(nearly(paid, amount) || paid < amount, "{paid} for {amount}");
        assert!(rate(&world).await? >= before);
    }
    Ok(())
}

#[tokio::test]
async fn everything_can_be_redeemed_in_the_end() -> Result<()> {
    let world = shared(ether(10)).await?;
    let first = request(&world, &world.cast.alice, ether(10)).await?;
    let last = request(&world, &world.cast.bob, ether(10)).await?;
    assert_eq!(wait_and_claim(&world, &last).await?, ether(10));
    assert_eq!(claim(&world, first.id).await?, ether(10));
    assert_eq!((assets(&world).await?, rate(&world).await?), ((0, 0, 0), ether(1)));
    assert_eq!(world.held(world.suite.restaking_vault).await?, U256::ZERO);
    assert_eq!(deposit(&world, &world.cast.alice, ether(1)).await?, ether(1), "and it starts again");
    Ok(())
}
