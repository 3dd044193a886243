//! Flow 6: after the challenge period anyone executes the slash; stakers lose pro rata, the challenger is paid, the
//! operator is released.

use alloy::primitives::U256;
use arithmetic::wad;
use eyre::Result;
use interfaces::ISlasher::{FrozenStatusReset, SlashExecuted, SlashNotExecutable};
use interfaces::IStrategyManager::PoolSlashed;
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn a_slash_is_refused_one_second_before_the_challenge_period_ends() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, wad::ONE).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.chain.travel_to(attack.executable_at - 1).await?;
    let execute = attack.execution();
    let expected = SlashNotExecutable { executableAt: attack.executable_at };
    world.refuse(&world.cast.accuser, world.suite.slasher, &execute, &expected).await
}

#[tokio::test]
async fn anyone_executes_a_slash_when_the_challenge_period_ends_and_releases_the_operator() -> Result<()> {
    let world = World::new().await?;
    let (operator, slasher, passer_by) = (world.dishonest(), world.suite.slasher, &world.cast.bob);
    world.join(&world.cast.dishonest, wad::ONE).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.chain.travel_to(attack.executable_at).await?;

    let execute = attack.execution();
    let receipt = world.act(passer_by, slasher, &execute).await?;

    let executed = SlashExecuted {
        requestId: attack.request_id,
        operator,
        executor: passer_by.address,
        taken: wad::ONE / 2,
        magnitude: wad::ONE,
    };
    assert_eq!(event::<SlashExecuted>(&receipt, slasher), Some(executed));
    assert_eq!(event::<FrozenStatusReset>(&receipt, slasher), Some(FrozenStatusReset { operator }));
    assert!(!world.is_frozen(operator).await?);
    assert_eq!(world.position(operator, operator).await?.1, world.parameters.minimum_stake / 2);
    Ok(())
}

#[tokio::test]
async fn a_slash_takes_the_same_part_of_every_position_and_of_both_buckets_on_their_way() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, operator) = (&world.cast.alice, &world.cast.bob, world.dishonest());
    world.join(&world.cast.dishonest, wad::ONE).await?;
    let alices = world.stake(alice, ether(60), operator).await?;
    let bobs = world.stake(bob, ether(20), operator).await?;
    // Alice's 20 leave in one epoch, Bob's 10 in the next; the fault is captured in the latter.
    let alices_epoch = world.queue(alice, operator, alices / 3).await?;
    world.enter_epoch(alices_epoch - 1).await?;
    let bobs_epoch = world.queue(bob, operator, bobs / 2).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;

    let receipt = world.execute(&attack).await?;

    // Half of everything. Active: 32 + 40 + 10 = 82, loses 41. On its way: 20 + 10 = 30, loses 15. A tenth of the 56 is
    // the challenger's.
    let slashed = PoolSlashed {
        operator,
        token: world.token(),
        fromPool: ether(41),
        fromBuckets: ether(15),
        challenger: world.cast.challenger.address,
        toChallenger: ether(56) / 10,
        recipient: world.cast.fund.address,
        releaseEpoch: world.release_epoch().await?,
    };
    assert_eq!(event::<PoolSlashed>(&receipt, world.suite.strategy_manager), Some(slashed));
    assert_eq!(world.position(operator, operator).await?.1, ether(16));
    assert_eq!(world.position(alice.address, operator).await?.1, ether(20));
    assert_eq!(world.position(bob.address, operator).await?.1, ether(5));
    assert_eq!(world.withdrawal(alice.address, operator, alices_epoch).await?.1, ether(10));
    assert_eq!(world.withdrawal(bob.address, operator, bobs_epoch).await?.1, ether(5));
    // Slashed funds are owed until they are claimed: 32 + 60 + 20.
    assert_eq!(world.owed().await?, ether(112));
    Ok(())
}

#[tokio::test]
async fn a_slash_leaves_the_stake_with_other_operators_alone() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    world.join(&world.cast.dishonest, wad::ONE).await?;
    world.join(&world.cast.honest, wad::ONE).await?;
    world.stake(alice, ether(10), world.honest()).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(10));
    assert_eq!(world.pool(world.honest()).await?.0, ether(42));
    Ok(())
}

#[tokio::test]
async fn challenger_and_recipient_collect_what_was_slashed_two_epochs_later() -> Result<()> {
    let world = World::new().await?;
    let (challenger, fund, pool) = (&world.cast.challenger, &world.cast.fund, world.suite.token_pool);
    world.join(&world.cast.dishonest, wad::ONE).await?;
    world.stake(&world.cast.alice, ether(8), world.dishonest()).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;

    let release_epoch = world.release_epoch().await?;
    world.enter_epoch(release_epoch).await?;
    world.act(challenger, pool, &world.claim_call(challenger.address, release_epoch)).await?;
    world.act(fund, pool, &world.claim_call(fund.address, release_epoch)).await?;

    // Half of 32 + 8 is 20: a tenth and the rest.
    assert_eq!(world.held(challenger.address).await?, U256::from(ether(2)));
    assert_eq!(world.held(fund.address).await?, U256::from(ether(18)));
    assert_eq!(world.owed().await?, ether(20));
    assert_eq!(world.held(pool).await?, U256::from(ether(20)));
    Ok(())
}

#[tokio::test]
async fn an_operator_is_released_with_its_last_open_request_only() -> Result<()> {
    let world = World::new().await?;
    let (crooked, slasher) = (&world.cast.dishonest, world.suite.slasher);
    world.join(crooked, wad::ONE).await?;
    let first = world.freeze(crooked).await?;
    // A task set one second later is another task.
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    let second = world.freeze(crooked).await?;

    let receipt = world.execute(&first).await?;
    assert_eq!(event::<FrozenStatusReset>(&receipt, slasher), None);
    assert!(world.is_frozen(crooked.address).await?);

    let receipt = world.execute(&second).await?;
    assert!(event::<FrozenStatusReset>(&receipt, slasher).is_some());
    assert!(!world.is_frozen(crooked.address).await?);
    // Half, and half of what the budget had left.
    assert_eq!(world.position(crooked.address, crooked.address).await?.1, world.parameters.minimum_stake / 4);
    Ok(())
}
