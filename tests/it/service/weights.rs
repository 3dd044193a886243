//! Weights: how much a token counts.

use alloy::primitives::{Address, U256, address};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::NotAContract;
use interfaces::IRegistry::{
    StakeBelowMinimum, StrategyWeightScheduled, TooManyWeights, scheduleStrategyWeightCall, strategyWeightCall,
    weightedStakeOfCall,
};
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

async fn weighted_stake(world: &World, operator: Address) -> Result<u128> {
    Ok(world.chain.view(world.suite.service.registry, &weightedStakeOfCall { operator }).await?)
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
    world.act(operator, pool, &ITokenPool::stakeCall { token, amount, operator: operator.address }).await?;
    Ok(())
}

#[tokio::test]
async fn two_tokens_add_up_by_their_weights() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    let second = second_token(&world).await?;
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
