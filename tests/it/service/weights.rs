//! `scheduleStrategyWeight`, `weightedStakeOf`: how much a token counts, and how much of it the service can take.

use super::support::{service_with, signed_at, stake_at, tick, total_at, update};
use alloy::primitives::{Address, U256, address};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::NotAContract;
use interfaces::IRegistry::{
    StakeBelowMinimum, StrategyWeightScheduled, TooManyWeights, acceptsSharedCall, scheduleStrategyWeightCall,
    strategyWeightCall, weightedStakeOfCall,
};
use interfaces::ISlasher::{optOutOfSlashingCall, raiseBudgetCall};
use interfaces::{IERC20, ILiquidStakingToken, ITokenPool};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::{World, ether};

/// Contracts of the chain itself.
const PRECOMPILES: [Address; 2] =
    [address!("0000000000000000000000000000000000000064"), address!("000000000000000000000000000000000000006c")];

async fn set_weight(world: &World, token: Address, weight: u64) -> Result<()> {
    let call = scheduleStrategyWeightCall { token, weight };
    world.act(&world.cast.owner, world.suite.service.registry, &call).await?;
    Ok(())
}

/// What the service could take of `operator` alone.
async fn weighted_stake(world: &World, operator: Address) -> Result<u128> {
    Ok(weighed(world, operator).await?.0)
}

/// What the service could take of `operator`, alone or after others.
async fn weighed(world: &World, operator: Address) -> Result<(u128, u128)> {
    let weighed = world.chain.view(world.suite.service.registry, &weightedStakeOfCall { operator }).await?;
    Ok((weighed.guaranteed, weighed.shared))
}

/// A second token with the code of the first one, listed.
async fn second_token(world: &World) -> Result<Address> {
    let token = world.copy_of(world.token()).await?;
    world.act(&world.cast.owner, world.suite.governance, &World::list_call(token, ether(1000))).await?;
    Ok(token)
}

/// `operator` stakes `amount` of `token` with itself.
async fn stake(world: &World, operator: &Actor, token: Address, amount: u128) -> Result<()> {
    let pool = world.suite.token_pool;
    world.chain.send(operator.address, token, &ILiquidStakingToken::depositCall {}, U256::from(amount)).await?;
    world.act(operator, token, &IERC20::approveCall { spender: pool, value: U256::from(amount) }).await?;
    world
        .act(
            operator,
            pool,
            &ITokenPool::stakeCall { token, amount, operator: operator.address, maxCommitment: u64::MAX },
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn two_tokens_add_up_by_their_weights() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    let second = second_token(&world).await?;
    world.opt_in(operator, ONE).await?;
    stake(&world, operator, world.token(), ether(20)).await?;
    stake(&world, operator, second, ether(8)).await?;
    assert_eq!(weighted_stake(&world, operator.address).await?, ether(20), "the second one has no weight");
    set_weight(&world, second, ONE / 4).await?;
    assert_eq!(weighted_stake(&world, operator.address).await?, ether(22), "20 + 8/4");
    set_weight(&world, second, 3 * ONE).await?;
    assert_eq!(weighted_stake(&world, operator.address).await?, ether(44), "20 + 8*3");
    Ok(())
}

#[tokio::test]
async fn weighted_stake_is_rounded_down_per_token() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    let second = second_token(&world).await?;
    world.opt_in(operator, ONE).await?;
    stake(&world, operator, world.token(), 3).await?;
    stake(&world, operator, second, 3).await?;
    set_weight(&world, world.token(), ONE / 2).await?;
    set_weight(&world, second, ONE / 2).await?;
    assert_eq!(weighted_stake(&world, operator.address).await?, 2, "1.5 and 1.5 are 1 and 1, not 3");
    Ok(())
}

#[tokio::test]
async fn a_token_without_weight_does_not_count() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(32), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    set_weight(&world, world.token(), 0).await?;
    assert_eq!(weighted_stake(&world, operator.address).await?, 0);
    let join = world.register_call(operator, operator).await?;
    let refusal = StakeBelowMinimum { stake: 0, minimum: ether(32) };
    world.refuse(operator, world.suite.service.registry, &join, &refusal).await
}

#[tokio::test]
async fn eight_tokens_have_a_weight_and_no_more() -> Result<()> {
    let world = World::new().await?;
    let (suite, registry) = (world.suite, world.suite.service.registry);
    let contracts = [
        suite.token_pool,
        suite.strategy_manager,
        suite.slasher,
        registry,
        suite.service.service_manager,
        suite.service.dispute_resolution,
        PRECOMPILES[0],
    ];
    // The token is the first of eight.
    for token in contracts {
        set_weight(&world, token, ONE).await?;
    }
    let ninth = scheduleStrategyWeightCall { token: PRECOMPILES[1], weight: ONE };
    world.refuse(&world.cast.owner, registry, &ninth, &TooManyWeights { limit: 8 }).await?;
    set_weight(&world, PRECOMPILES[0], 2 * ONE).await?;
    let weight = world.chain.view(registry, &strategyWeightCall { token: PRECOMPILES[0] }).await?.weight;
    assert_eq!(weight, 2 * ONE, "one of the eight can be changed");
    Ok(())
}

#[tokio::test]
async fn setting_a_weight_twice_counts_the_token_once() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.opt_in(operator, ONE).await?;
    world.stake(operator, ether(10), operator.address).await?;
    let call = scheduleStrategyWeightCall { token: world.token(), weight: ONE / 2 };
    let receipt = world.act(&world.cast.owner, world.suite.service.registry, &call).await?;
    let effective_at = world.chain.now().await?;
    let set = StrategyWeightScheduled { token: world.token(), weight: ONE / 2, effectiveAt: effective_at };
    assert_eq!(event::<StrategyWeightScheduled>(&receipt, world.suite.service.registry), Some(set));
    assert_eq!(weighted_stake(&world, operator.address).await?, ether(5));
    Ok(())
}

#[tokio::test]
async fn an_account_without_code_gets_no_weight() -> Result<()> {
    let world = World::new().await?;
    let account = Address::repeat_byte(0x99);
    let call = scheduleStrategyWeightCall { token: account, weight: ONE };
    world.refuse(&world.cast.owner, world.suite.service.registry, &call, &NotAContract { account }).await
}

#[tokio::test]
async fn without_a_grant_in_force_nothing_weighs() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(64), operator.address).await?;
    assert_eq!(weighed(&world, operator.address).await?, (0, 0), "not opted in");
    world.stake(&world.cast.alice, ether(64), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    assert_eq!(weighed(&world, operator.address).await?, (0, 0), "announced");
    let world = World::new().await?;
    world.join(&world.cast.honest, ONE).await?;
    let opt_out = optOutOfSlashingCall { serviceManager: world.suite.service.service_manager };
    world.act(&world.cast.honest, world.suite.slasher, &opt_out).await?;
    assert_eq!(weighed(&world, world.honest()).await?, (0, 0), "ended, although it can still slash");
    Ok(())
}

#[tokio::test]
async fn a_service_weighs_what_it_can_take() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(400), operator.address).await?;
    world.opt_in(operator, ONE / 10).await?;
    assert_eq!(weighed(&world, operator.address).await?, (ether(40), 0));
    world.register(operator).await?;
    let now = world.chain.now().await?;
    assert_eq!(stake_at(&world, operator.address, now).await?, ether(40), "and not 400");
    // What is announced weighs nothing before it is in force; of its own stake alone it is at once.
    let raise = raiseBudgetCall { serviceManager: world.suite.service.service_manager, budget: ONE / 5 };
    world.act(operator, world.suite.slasher, &raise).await?;
    assert_eq!(weighed(&world, operator.address).await?, (ether(80), 0));
    assert_eq!(stake_at(&world, operator.address, now).await?, ether(40), "before an update");
    tick(&world).await?;
    update(&world, operator.address).await?;
    assert_eq!(total_at(&world, u64::MAX).await?, ether(80));
    Ok(())
}

#[tokio::test]
async fn what_is_counted_can_be_taken() -> Result<()> {
    // All of the budget, for any fault.
    let world = service_with(|parameters| parameters.wads[0] = ONE).await?;
    let operator = &world.cast.honest;
    let stake = ether(97) + 1;
    world.stake(operator, stake, operator.address).await?;
    world.opt_in(operator, ONE / 3).await?;
    world.register(operator).await?;
    let counted = stake_at(&world, operator.address, world.chain.now().await?).await?;
    assert_eq!(counted, ether(97) / 3 - 32, "97 tokens and one base unit, times 0.333333333333333333");
    let attack = world.freeze(operator).await?;
    world.execute(&attack).await?;
    let taken = stake - world.pool(operator.address).await?.0;
    assert!(taken >= counted, "{taken} of {counted}");
    Ok(())
}

#[tokio::test]
async fn shared_stake_is_always_shown_and_counts_where_the_service_accepts_it() -> Result<()> {
    for accepts in [false, true] {
        let world = service_with(|parameters| {
            parameters.accepts_shared = accepts;
            parameters.minimum_stake = 0;
        })
        .await?;
        let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
        assert_eq!(world.chain.view(registry, &acceptsSharedCall {}).await?, accepts);
        world.opt_in_shared(operator, ONE / 2).await?;
        world.stake(operator, ether(64), operator.address).await?;
        world.register(operator).await?;
        assert_eq!(weighed(&world, operator.address).await?, (0, ether(32)));
        let now = world.chain.now().await?;
        let counts = if accepts { ether(32) } else { 0 };
        assert_eq!(signed_at(&world, &[operator.address], now).await?, counts);
        assert_eq!(total_at(&world, now).await?, counts);
    }
    Ok(())
}
