//! What stands behind a receipt.

use super::support::{grant, sorted, views};
use alloy::primitives::{Address, U256};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILiquidRestakingToken::{depositCall, requestRedemptionCall};
use interfaces::IRestakingVault::totalAssetsCall;
use interfaces::IRestakingWeights::{rebalanceCall, scheduleWeightCall, stakeIdleCall};
use interfaces::IRisk::{SharesAboveSupply, layersOfCall, lookThroughCall, lookThroughReturn, takesBehindCall};
use interfaces::{IERC20, ILiquidStakingToken};
use restake::actors::Actor;
use restake_tests::{World, ether};

/// Alice has 100 receipts: half is with the honest operator, which promised 0.5 and shares 1.0 beside it, a quarter
/// with the crooked one, which promised a fifth, and a quarter idle.
async fn restaked() -> Result<(World, Address)> {
    let world = World::new().await?;
    let (honest, crooked) = (&world.cast.honest, &world.cast.dishonest);
    grant(&world, honest, world.cast.owner.address, ONE / 2, true).await?;
    grant(&world, honest, world.cast.bob.address, ONE, false).await?;
    grant(&world, crooked, world.cast.owner.address, ONE / 5, true).await?;
    weigh(&world, honest, ONE / 2).await?;
    weigh(&world, crooked, ONE / 4).await?;
    let (alice, receipt) = (&world.cast.alice, world.suite.restaking_token);
    let mint = ILiquidStakingToken::depositCall {};
    world.chain.send(alice.address, world.token(), &mint, U256::from(ether(100))).await?;
    let approve = IERC20::approveCall { spender: world.suite.restaking_vault, value: U256::MAX };
    world.act(alice, world.token(), &approve).await?;
    let deposit = depositCall { amount: ether(100), recipient: alice.address, minShares: 0 };
    world.act(alice, receipt, &deposit).await?;
    world.act(alice, world.suite.restaking_weights, &stakeIdleCall {}).await?;
    let risk = views(&world).await?;
    Ok((world, risk))
}

async fn weigh(world: &World, operator: &Actor, weight: u64) -> Result<()> {
    let call = scheduleWeightCall { operator: operator.address, weight, maxCommitment: 2 * ONE };
    world.act(&world.cast.owner, world.suite.restaking_weights, &call).await?;
    Ok(())
}

async fn look(world: &World, risk: Address, shares: u128) -> Result<lookThroughReturn> {
    Ok(world.chain.view(risk, &lookThroughCall { receipt: world.suite.restaking_token, shares }).await?)
}

fn sum(behind: &lookThroughReturn) -> u128 {
    behind.idle + behind.leaving + behind.stakes.iter().sum::<u128>()
}

#[tokio::test]
async fn what_stands_behind_a_receipt_adds_up_to_what_it_owns() -> Result<()> {
    let (world, risk) = restaked().await?;
    for step in 0..3 {
        let owned = world.chain.view(world.suite.restaking_vault, &totalAssetsCall {}).await?;
        let supply: u128 = world.chain.view(world.suite.restaking_token, &IERC20::totalSupplyCall {}).await?.to();
        let behind = look(&world, risk, supply).await?;
        assert_eq!((sum(&behind), behind.idle), (owned.assets, owned.idle), "step {step}");
        assert_eq!(behind.stakes, owned.stakes, "step {step}");
        // A third of the receipts: no more than a third, and less by rounding alone.
        let third = sum(&look(&world, risk, supply / 3).await?);
        assert!(third <= owned.assets / 3 && third + 4 >= owned.assets / 3, "step {step}: {third}");
        match step {
            // Some is on its way out: of one operator the holders', of all what was redeemed.
            0 => {
                weigh(&world, &world.cast.dishonest, 0).await?;
                world.act(&world.cast.bob, world.suite.restaking_weights, &rebalanceCall {}).await?;
                assert_eq!(look(&world, risk, supply).await?.leaving, ether(25));
            }
            _ => {
                let redeem = requestRedemptionCall { shares: ether(10), minAssets: 0 };
                world.act(&world.cast.alice, world.suite.restaking_token, &redeem).await?;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn one_receipt_shows_its_operators_what_it_loses_at_worst_and_how_often_it_is_promised() -> Result<()> {
    let (world, risk) = restaked().await?;
    let behind = look(&world, risk, ether(1)).await?;
    let (honest, crooked, nobody) = (world.honest(), world.dishonest(), Address::ZERO);
    assert_eq!(behind.operators, [honest, crooked, nobody, nobody, nobody, nobody, nobody, nobody]);
    assert_eq!(behind.stakes[..3], [ether(1) / 2, ether(1) / 4, 0]);
    assert_eq!((behind.idle, behind.leaving), (ether(1) / 4, 0));
    // All that is with the one, and a fifth of what is with the other.
    assert_eq!(behind.worstLoss, ether(1) / 2 + ether(1) / 20);
    // 1.5 times the half and 0.2 times the quarter, of three quarters.
    assert_eq!(behind.degree, 1_066_666_666_666_666_667);
    Ok(())
}

#[tokio::test]
async fn each_service_shows_what_it_could_take_of_a_receipt() -> Result<()> {
    let (world, risk) = restaked().await?;
    let services = sorted(&[world.cast.owner.address, world.cast.bob.address, world.cast.fund.address]);
    let receipt = world.suite.restaking_token;
    let call = takesBehindCall { receipt, shares: ether(100), services: services.clone() };
    let takes = world.chain.view(risk, &call).await?;
    for (service, taken) in services.into_iter().zip(takes) {
        let expected = match service {
            // Half of 50 and a fifth of 25.
            owner if owner == world.cast.owner.address => ether(30),
            // Everything is shared, and half of the stake is left beside the exclusive tier.
            bob if bob == world.cast.bob.address => ether(25),
            _ => 0,
        };
        assert_eq!(taken, expected, "{service}");
    }
    Ok(())
}

#[tokio::test]
async fn more_receipts_than_there_are_have_nothing_behind_them() -> Result<()> {
    let (world, risk) = restaked().await?;
    let (receipt, caller) = (world.suite.restaking_token, &world.cast.bob);
    let call = lookThroughCall { receipt, shares: ether(100) + 1 };
    world.refuse(caller, risk, &call, &SharesAboveSupply { supply: ether(100) }).await?;
    let call = takesBehindCall { receipt, shares: u128::MAX, services: vec![] };
    world.refuse(caller, risk, &call, &SharesAboveSupply { supply: ether(100) }).await?;
    assert_eq!(sum(&look(&world, risk, 0).await?), 0);
    Ok(())
}

#[tokio::test]
async fn a_receipt_shows_the_token_behind_it_and_a_token_itself_alone() -> Result<()> {
    let world = World::new().await?;
    let (risk, receipt) = (views(&world).await?, world.suite.restaking_token);
    assert_eq!(world.chain.view(risk, &layersOfCall { receipt }).await?, [receipt, world.token()]);
    assert_eq!(world.chain.view(risk, &layersOfCall { receipt: world.token() }).await?, [world.token()]);
    let account = world.cast.bob.address;
    assert_eq!(world.chain.view(risk, &layersOfCall { receipt: account }).await?, [account]);
    Ok(())
}
