//! What one actor who is operator, service, holder and keeper at once cannot do to the other holders of a receipt.

use super::restaked::{
    accuse, assets, claim, deposit, half_idle, nearly, queue_waiting, rate, rebalance, redemption, request, schedule,
    shared, shared_with_an_account, stake_idle, staked, veto, wait_and_claim, weighted,
};
use alloy::primitives::U256;
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRestakingVault::transitAtCall;
use interfaces::IRestakingWeights::scheduleWeightCall;
use interfaces::ISlasher::raiseBudgetCall;
use restake::actors::Actor;
use restake_tests::{World, ether};

#[tokio::test]
async fn a_freeze_around_a_redemption_that_is_vetoed_pays_nobody_who_stays() -> Result<()> {
    let world = half_idle(ether(100)).await?;
    let attack = accuse(&world, ONE).await?;
    let opened = request(&world, &world.cast.alice, ether(100)).await?;
    veto(&world, &attack).await?;
    queue_waiting(&world, 0).await?;
    let paid = opened.paid + wait_and_claim(&world, &opened).await?;
    assert_eq!((paid, rate(&world).await?), (ether(100), ether(1)));
    Ok(())
}

#[tokio::test]
async fn a_freeze_behind_a_redemption_that_is_vetoed_changes_nothing_for_it() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    let opened = request(&world, &world.cast.alice, ether(10)).await?;
    let attack = accuse(&world, ONE).await?;
    // Deposits are priced by what is the holders', not by what redemptions are owed.
    assert_eq!(deposit(&world, &world.cast.fund, ether(10)).await?, ether(10));
    veto(&world, &attack).await?;
    assert_eq!(wait_and_claim(&world, &opened).await?, ether(10));
    assert_eq!((assets(&world).await?.0, rate(&world).await?), (ether(20), ether(1)));
    Ok(())
}

/// The token has an outflow limit of a tenth of what is owed per epoch.
async fn limited(each: u128) -> Result<World> {
    let world = weighted(&[("Honest Op", ONE)]).await?;
    world.set_limits(ether(1_000_000), 100, 10).await?;
    deposit(&world, &world.cast.alice, each).await?;
    deposit(&world, &world.cast.bob, each).await?;
    stake_idle(&world).await?;
    Ok(world)
}

async fn ready_at(world: &World, release_epoch: u64) -> Result<u64> {
    let call = interfaces::ILens::withdrawalsCall {
        staker: world.suite.restaking_vault,
        operator: world.honest(),
        token: world.token(),
        fromEpoch: release_epoch - 2,
        toEpoch: release_epoch - 2,
    };
    let list = world.chain.view(world.suite.lens, &call).await?;
    Ok(list.readyAt.first().copied().unwrap_or_default())
}

#[tokio::test]
async fn dust_that_is_redeemed_later_does_not_move_a_redemption_in_the_outflow_queue() -> Result<()> {
    let world = limited(ether(100)).await?;
    // Others queue in front, so that there is a queue.
    world.stake(&world.cast.fund, ether(100), world.honest()).await?;
    let shares = world.position(world.cast.fund.address, world.honest()).await?.0;
    let opened = request(&world, &world.cast.alice, ether(50)).await?;
    let before = ready_at(&world, opened.releaseEpoch).await?;
    world.act(&world.cast.fund, world.suite.token_pool, &world.queue_call(world.honest(), shares)).await?;
    request(&world, &world.cast.bob, 2).await?;
    let after = ready_at(&world, opened.releaseEpoch).await?;
    assert!(after - before <= 60, "{before} {after}");
    Ok(())
}

#[tokio::test]
async fn dust_in_many_epochs_takes_no_place_of_anybody() -> Result<()> {
    let world = shared(ether(10)).await?;
    for _ in 0..6 {
        request(&world, &world.cast.bob, 4).await?;
        world.enter_epoch(epoch::at(world.chain.now().await?) + 1).await?;
    }
    for index in 0..2 {
        let transit = world.chain.view(world.suite.restaking_vault, &transitAtCall { index, transit: 0 }).await?;
        assert_eq!((transit.releaseEpoch, transit.shares), (0, 0));
    }
    let opened = request(&world, &world.cast.alice, ether(10)).await?;
    assert_eq!(opened.parts, 2);
    assert_eq!(wait_and_claim(&world, &opened).await?, ether(10));
    schedule(&world, world.honest(), 0).await?;
    rebalance(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, 0, "and everything can be moved");
    Ok(())
}

#[tokio::test]
async fn moving_a_little_in_many_epochs_keeps_nobody_from_moving_everything() -> Result<()> {
    let world = shared(ether(100)).await?;
    for part in 1..=5u64 {
        schedule(&world, world.honest(), ONE / 2 - ONE / 50 * part).await?;
        // From the fourth on there is no room for a part.
        let moved = rebalance(&world).await.is_ok();
        assert_eq!(moved, part <= 3, "{part}");
        world.enter_epoch(epoch::at(world.chain.now().await?) + 1).await?;
    }
    schedule(&world, world.honest(), 0).await?;
    rebalance(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, 0);
    // All of it is divided, however long it was on its way.
    let opened = request(&world, &world.cast.alice, ether(100)).await?;
    assert_eq!(opened.parts, 5);
    let paid = wait_and_claim(&world, &opened).await?;
    assert!(nearly(paid, ether(100)), "{paid}");
    Ok(())
}

#[tokio::test]
async fn the_vault_leaves_before_what_an_operator_announced_holds() -> Result<()> {
    let world = World::new().await?;
    let (weights, slasher, service) = (world.suite.restaking_weights, world.suite.slasher, world.cast.bob.address);
    let (operator, max_commitment) = (world.dishonest(), ONE / 2);
    let call = scheduleWeightCall { operator, weight: ONE, maxCommitment: max_commitment };
    world.act(&world.cast.owner, weights, &call).await?;
    world.act(&world.cast.dishonest, slasher, &World::grant_call(service, ONE / 2)).await?;
    deposit(&world, &world.cast.alice, ether(10)).await?;
    stake_idle(&world).await?;
    assert!(rebalance(&world).await.is_err(), "as much as was agreed");
    let raise = raiseBudgetCall { serviceManager: service, budget: ONE / 2 + 1 };
    world.act(&world.cast.dishonest, slasher, &raise).await?;
    let announced = world.chain.now().await?;
    rebalance(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0, "anyone takes everything out");
    let released = epoch::start(epoch::release_of(announced));
    assert!(released < announced + arithmetic::time::GRANT_NOTICE_SECONDS);
    Ok(())
}

#[tokio::test]
async fn an_operator_that_got_another_grant_before_it_was_agreed_is_left_by_anyone() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    assert!(rebalance(&world).await.is_err());
    let lower = scheduleWeightCall { operator: world.dishonest(), weight: ONE / 2, maxCommitment: ONE - 1 };
    world.act(&world.cast.owner, world.suite.restaking_weights, &lower).await?;
    rebalance(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0, "a lower commitment holds at once");
    Ok(())
}

#[tokio::test]
async fn a_redemption_that_nobody_claims_delays_no_other() -> Result<()> {
    let world = shared_with_an_account(ether(10)).await?;
    let forgotten = request(&world, &world.cast.bob, ether(5)).await?;
    let attack = accuse(&world, ONE / 2).await?;
    world.execute(&attack).await?;
    let opened = request(&world, &world.cast.alice, ether(10)).await?;
    let paid = wait_and_claim(&world, &opened).await?;
    assert!(nearly(paid, ether(15) / 2), "{paid}");
    world.chain.travel_to(world.chain.now().await? + 40 * EPOCH_SECONDS).await?;
    let last = request(&world, &world.cast.bob, ether(5)).await?;
    let paid = wait_and_claim(&world, &last).await?;
    assert!(nearly(paid, ether(15) / 4), "{paid}");
    let paid = claim(&world, forgotten.id).await?;
    assert!(nearly(paid, ether(15) / 4), "{paid}");
    assert!(world.held(world.suite.restaking_vault).await? <= U256::from(10), "nothing is left over");
    Ok(())
}

#[tokio::test]
async fn idle_above_the_limit_of_a_deposit_is_staked_in_parts() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE)]).await?;
    // One per cent of a thousand may come at once.
    world.set_limits(ether(1_000), 1, 0).await?;
    deposit(&world, &world.cast.alice, ether(35)).await?;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(35));
    Ok(())
}

#[tokio::test]
async fn idle_is_staked_up_to_the_cap_of_the_token() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE)]).await?;
    world.set_limits(ether(20), 100, 0).await?;
    deposit(&world, &world.cast.alice, ether(35)).await?;
    stake_idle(&world).await?;
    assert_eq!((staked(&world, &world.cast.honest).await?, assets(&world).await?.2), (ether(20), ether(15)));
    Ok(())
}

#[tokio::test]
async fn no_choice_of_gas_leaves_a_part_out_of_a_claim_or_sets_it_apart() -> Result<()> {
    use alloy::network::TransactionBuilder;
    use alloy::rpc::types::TransactionRequest;
    use alloy::sol_types::SolCall;
    let world = shared(ether(10)).await?;
    let send = async |who: &Actor, to, input: Vec<u8>| -> Result<u32> {
        for (failed, gas) in (100_000..3_000_000).step_by(20_000).enumerate() {
            let sent = TransactionRequest::default().with_from(who.address).with_to(to).with_input(input.clone());
            if world.chain.submit(sent.with_gas_limit(gas)).await?.status() {
                return Ok(u32::try_from(failed)?);
            }
        }
        eyre::bail!("it never went through")
    };
    let alice = &world.cast.alice;
    let call = super::restaked::request_call(ether(10)).abi_encode();
    assert!(send(alice, world.suite.restaking_token, call).await? > 3);
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(5), "queued and not set apart");
    let release = redemption(&world, 0).await?.releaseEpoch;
    world.enter_epoch(release).await?;
    let claim = interfaces::IRedemptionDesk::claimRedemptionCall { id: 0 }.abi_encode();
    assert!(send(&world.cast.accuser, world.suite.redemption_desk, claim).await? > 3);
    assert_eq!(redemption(&world, 0).await?.parts, 0, "with whatever gas it went through");
    Ok(())
}
