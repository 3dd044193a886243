//! A slash that takes everything makes void what was set apart or queued for redemptions; it does not come back when
//! the operator gets stake again.

use super::restaked::{
    accuse, assets, claim, deposit, queue_waiting, redemption, request, shared_with_an_account, stake_idle, staked,
    veto, wait_and_claim,
};
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRedemptionDesk::waitingOfCall;
use interfaces::IRestakingVault::setApartAtCall;
use interfaces::IRestakingWeights::{NothingToDo, stakeIdleCall};
use interfaces::ISlasher::{optOutOfSlashingCall, releaseCommitmentCall};
use interfaces::ITokenPool;
use restake_tests::{Attack, World, ether};

/// The crooked operator ended its grant, which can be used until the end of the next epoch.
async fn ending() -> Result<(World, u64)> {
    let world = shared_with_an_account(ether(10)).await?;
    let call = optOutOfSlashingCall { serviceManager: world.cast.owner.address };
    world.act(&world.cast.dishonest, world.suite.slasher, &call).await?;
    let usable = epoch::at(world.chain.now().await?) + 1;
    Ok((world, usable))
}

/// Executes the slash and has the operator's magnitude start at one again.
async fn execute_and_reset(world: &World, attack: &Attack) -> Result<()> {
    world.execute(attack).await?;
    let call = releaseCommitmentCall { operator: world.dishonest(), serviceManager: world.cast.owner.address };
    world.act(&world.cast.accuser, world.suite.slasher, &call).await?;
    Ok(())
}

#[tokio::test]
async fn what_waits_with_an_operator_that_lost_everything_is_void_and_new_stake_does_not_pay_it() -> Result<()> {
    let (world, usable) = ending().await?;
    let weights = world.suite.restaking_weights;
    world.chain.travel_to(epoch::start(usable + 1) - 10).await?;
    let attack = accuse(&world, ONE).await?;
    let alices = request(&world, &world.cast.alice, ether(10)).await?;
    execute_and_reset(&world, &attack).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0);
    // Her part is void, and nothing is staked with the operator before that is noted.
    deposit(&world, &world.cast.fund, ether(10)).await?;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0);
    world.refuse(&world.cast.bob, weights, &stakeIdleCall {}, &NothingToDo {}).await?;
    queue_waiting(&world, 0).await?;
    let batch = waitingOfCall { operator: world.dishonest(), period: 0 };
    assert_eq!(world.chain.view(world.suite.redemption_desk, &batch).await?.bucketShares, 0);
    let apart = setApartAtCall { index: 1 };
    assert_eq!(world.chain.view(world.suite.restaking_vault, &apart).await?, 0);
    stake_idle(&world).await?;
    assert!(staked(&world, &world.cast.dishonest).await? > ether(1));
    let before = assets(&world).await?;
    assert_eq!(wait_and_claim(&world, &alices).await?, ether(5), "with the honest operator");
    assert_eq!((redemption(&world, alices.id).await?.parts, assets(&world).await?), (0, before));
    Ok(())
}

#[tokio::test]
async fn a_gift_of_stake_to_the_vault_does_not_bring_back_what_is_void() -> Result<()> {
    let (world, usable) = ending().await?;
    let (giver, operator) = (&world.cast.fund, world.dishonest());
    world.chain.travel_to(epoch::start(usable + 1) - 10).await?;
    let attack = accuse(&world, ONE).await?;
    let alices = request(&world, &world.cast.alice, ether(10)).await?;
    execute_and_reset(&world, &attack).await?;
    world.fund(giver, ether(1)).await?;
    let gift = ITokenPool::stakeForCall {
        token: world.token(),
        amount: ether(1),
        operator,
        staker: world.suite.restaking_vault,
        maxCommitment: ONE,
    };
    world.act(giver, world.suite.token_pool, &gift).await?;
    queue_waiting(&world, 0).await?;
    assert_eq!(assets(&world).await?, (ether(6), 0, 0), "the gift is the holders'");
    assert_eq!(wait_and_claim(&world, &alices).await?, ether(5));
    Ok(())
}

#[tokio::test]
async fn what_was_queued_and_lost_does_not_share_what_is_queued_in_the_same_epoch() -> Result<()> {
    let (world, usable) = ending().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    // A freeze that is vetoed opens queueing for a day, during the next one too, and across the end of the epoch.
    world.chain.travel_to(epoch::start(usable + 1) - 40_000).await?;
    let opening = accuse(&world, ONE / 100).await?;
    veto(&world, &opening).await?;
    let attack = accuse(&world, ONE).await?;
    world.enter_epoch(usable + 1).await?;
    let alices = request(&world, alice, ether(10)).await?;
    assert_eq!(alices.parts, 2);
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(5), "queued, frozen or not");
    execute_and_reset(&world, &attack).await?;
    assert_eq!(epoch::at(world.chain.now().await?), usable + 1);
    deposit(&world, &world.cast.fund, ether(10)).await?;
    // It would be queued into the bucket that Alice has void shares of: not in this epoch.
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0);
    let bobs = request(&world, bob, ether(10)).await?;
    world.enter_epoch(usable + 2).await?;
    stake_idle(&world).await?;
    assert!(staked(&world, &world.cast.dishonest).await? > 0);
    world.enter_epoch(alices.releaseEpoch).await?;
    let before = assets(&world).await?;
    assert_eq!(claim(&world, alices.id).await?, ether(5), "her part with the honest operator");
    claim(&world, bobs.id).await?;
    assert_eq!(assets(&world).await?, before);
    Ok(())
}
