//! What the receipt costs with eight operators, the most: for who holds it and for who integrates it.

use crate::gas::prepared;
use crate::token::Token;
use crate::world::{World, ether};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILiquidRestakingToken::{
    depositAndStakeCall, depositCall, exitRateCall, rateCall, requestRedemptionCall,
};
use interfaces::IRedemptionDesk::{claimRedemptionCall, collectCall};
use interfaces::IRestakingWeights::{scheduleWeightCall, stakeIdleCall, stakeIdleWithOneCall};
use interfaces::{IERC20, ILiquidStakingToken};

/// How many operators there are.
const OPERATORS: u8 = 8;

/// Measures the receipt with eight operators. Returns names and gas, the intrinsic part included.
///
/// # Errors
/// If an operation fails.
pub async fn measure_receipt(cached: bool) -> Result<Vec<(&'static str, u64)>> {
    let world = prepared(Token::Own, cached).await?;
    let (alice, bob, suite) = (&world.cast.alice, &world.cast.bob, world.suite);
    let receipt = suite.restaking_token;
    for byte in 1..=OPERATORS {
        let operator = Address::repeat_byte(byte);
        let call = scheduleWeightCall { operator, weight: ONE / u64::from(OPERATORS), maxCommitment: ONE };
        world.act(&world.cast.owner, suite.restaking_weights, &call).await?;
    }
    for actor in [alice, bob] {
        let mint = ILiquidStakingToken::depositCall {};
        world.chain.send(actor.address, world.token(), &mint, U256::from(ether(1_000))).await?;
        let approve = IERC20::approveCall { spender: suite.restaking_vault, value: U256::MAX };
        world.act(actor, world.token(), &approve).await?;
    }
    let deposit = |account, amount| depositCall { amount, recipient: account, minShares: 0 };
    world.act(bob, receipt, &deposit(bob.address, ether(80))).await?;
    let mut gas = Vec::new();
    let staking = world.act(&world.cast.accuser, suite.restaking_weights, &stakeIdleCall {}).await?;
    gas.push(("stakeIdle: 8 stakes", staking.gas_used));
    gas.push(("rate", estimate(&world, receipt, &rateCall {}).await?));
    gas.push(("exitRate", estimate(&world, receipt, &exitRateCall {}).await?));
    let joined = world.act(alice, receipt, &deposit(alice.address, ether(40))).await?;
    gas.push(("deposit", joined.gas_used));
    world.act(&world.cast.accuser, suite.restaking_weights, &stakeIdleCall {}).await?;
    world.act(bob, receipt, &deposit(bob.address, ether(1) / 100)).await?;
    let staking = world.act(&world.cast.accuser, suite.restaking_weights, &stakeIdleWithOneCall {}).await?;
    gas.push(("stakeIdleWithOne", staking.gas_used));
    let call = depositAndStakeCall { amount: ether(1) / 100, recipient: bob.address, minShares: 0 };
    let joined = world.act(bob, receipt, &call).await?;
    gas.push(("depositAndStake", joined.gas_used));
    let request = requestRedemptionCall { shares: ether(10), minAssets: 0 };
    let first = world.act(alice, receipt, &request).await?;
    gas.push(("requestRedemption: first of the epoch", first.gas_used));
    let second = world.act(bob, receipt, &request).await?;
    gas.push(("requestRedemption: later one", second.gas_used));
    let careful = requestRedemptionCall { shares: ether(10), minAssets: ether(9) };
    let third = world.act(bob, receipt, &careful).await?;
    gas.push(("requestRedemption: with a minimum", third.gas_used));
    let release_epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release_epoch).await?;
    let collecting = world.act(alice, suite.redemption_desk, &claimRedemptionCall { id: 0 }).await?;
    gas.push(("claimRedemption: collects 8", collecting.gas_used));
    let claimed = world.act(bob, suite.redemption_desk, &claimRedemptionCall { id: 1 }).await?;
    gas.push(("claimRedemption: the pots are there", claimed.gas_used));
    // One more, whose withdrawals are collected one by one.
    let one = world.act(alice, receipt, &request).await?;
    world.enter_epoch(arithmetic::epoch::release_of(world.chain.now().await?)).await?;
    gas.push(("requestRedemption: first of a later epoch", one.gas_used));
    let collect = collectCall { operator: Address::repeat_byte(1), releaseEpoch: release_epoch + 2 };
    let collected = world.act(bob, suite.redemption_desk, &collect).await?;
    gas.push(("collect", collected.gas_used));
    Ok(gas)
}

async fn estimate<C: SolCall>(world: &World, to: Address, call: &C) -> Result<u64> {
    let request =
        TransactionRequest::default().with_from(world.cast.bob.address).with_to(to).with_input(call.abi_encode());
    // Mined, so that it is what was used and not what was estimated.
    Ok(world.chain.provider().send_transaction(request).await?.get_receipt().await?.gas_used)
}
