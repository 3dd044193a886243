//! The weights by which tokens are restaked.

use super::restaked::{assets, claim, deposit, request, shared, staked, wait, weighted};
use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{Result, bail};
use interfaces::IAccess::{Unauthorized, ZeroAddress};
use interfaces::ILiquidRestakingToken::{stakeIdleCall, unstakeCall};
use interfaces::IOwnable::ownerCall;
use interfaces::IRestakingVault::{
    IsItself, TooManyOperators, WeightPending, WeightScheduled, WeightsTooHigh, operatorAtCall, operatorAtReturn,
    scheduleWeightCall,
};
use restake::chain::event;
use restake_tests::{World, ether};

fn weight(operator: Address, weight: u64) -> scheduleWeightCall {
    scheduleWeightCall { operator, weight, maxCommitment: ONE }
}

async fn operator_at(world: &World, index: u64) -> Result<operatorAtReturn> {
    Ok(world.chain.view(world.suite.restaking_vault, &operatorAtCall { index }).await?)
}

#[tokio::test]
async fn a_weight_is_set_at_once_while_the_vault_is_empty() -> Result<()> {
    let world = World::new().await?;
    let (vault, operator, now) = (world.suite.restaking_vault, world.honest(), world.chain.now().await?);
    let receipt = world.act(&world.cast.owner, vault, &weight(operator, ONE)).await?;
    let scheduled = WeightScheduled { operator, weight: ONE, maxCommitment: ONE, effectiveAt: now };
    assert_eq!(event::<WeightScheduled>(&receipt, vault), Some(scheduled));
    let expected = operatorAtReturn {
        operator,
        weight: ONE,
        nextWeight: ONE,
        effectiveAt: now,
        maxCommitment: ONE,
        nextMaxCommitment: ONE,
    };
    assert_eq!(operator_at(&world, 0).await?, expected);
    assert_eq!(operator_at(&world, 1).await?.operator, Address::ZERO);
    assert_eq!(operator_at(&world, 8).await?.operator, Address::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_weight_changes_after_its_notice_and_not_one_second_before() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE)]).await?;
    let (vault, operator) = (world.suite.restaking_vault, world.honest());
    deposit(&world, &world.cast.alice, ether(10)).await?;
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    let call = scheduleWeightCall { maxCommitment: ONE / 4, ..weight(operator, ONE / 2) };
    world.act(&world.cast.owner, vault, &call).await?;
    let pending = operatorAtReturn {
        operator,
        weight: ONE,
        nextWeight: ONE / 2,
        effectiveAt: notice_ends,
        maxCommitment: ONE,
        nextMaxCommitment: ONE / 4,
    };
    assert_eq!(operator_at(&world, 0).await?, pending);
    world.chain.travel_to(notice_ends - 1).await?;
    assert_eq!(operator_at(&world, 0).await?, pending);
    world.chain.travel_to(notice_ends).await?;
    let now = operator_at(&world, 0).await?;
    assert_eq!((now.weight, now.maxCommitment), (ONE / 2, ONE / 4));
    world.act(&world.cast.alice, world.suite.restaking_token, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(5));
    Ok(())
}

#[tokio::test]
async fn a_new_operator_gets_nothing_before_its_notice_ends() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2)]).await?;
    let (vault, receipt) = (world.suite.restaking_vault, world.suite.restaking_token);
    deposit(&world, &world.cast.alice, ether(10)).await?;
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    world.act(&world.cast.owner, vault, &weight(world.dishonest(), ONE / 2)).await?;
    world.chain.travel_to(notice_ends - 1).await?;
    world.act(&world.cast.alice, receipt, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0);
    world.chain.travel_to(notice_ends).await?;
    world.act(&world.cast.alice, receipt, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(5));
    Ok(())
}

#[tokio::test]
async fn holders_can_leave_before_a_weight_changes() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, vault) = (&world.cast.alice, world.suite.restaking_vault);
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    world.act(&world.cast.owner, vault, &weight(world.cast.fund.address, 0)).await?;
    // A week is not too late.
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::EPOCH_SECONDS).await?;
    let redemption = request(&world, alice, ether(10)).await?;
    assert!(redemption.claimableAt <= notice_ends);
    wait(&world, redemption.claimableAt).await?;
    assert_eq!(claim(&world, alice, redemption.id).await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn a_change_that_is_pending_is_not_changed() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE)]).await?;
    let (owner, vault) = (&world.cast.owner, world.suite.restaking_vault);
    deposit(&world, &world.cast.alice, ether(10)).await?;
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    world.act(owner, vault, &weight(world.honest(), ONE / 2)).await?;
    world.chain.travel_to(notice_ends - 1).await?;
    let expected = WeightPending { effectiveAt: notice_ends };
    world.refuse(owner, vault, &weight(world.honest(), ONE / 4), &expected).await?;
    world.chain.travel_to(notice_ends).await?;
    world.act(owner, vault, &weight(world.honest(), ONE / 4)).await?;
    assert_eq!(operator_at(&world, 0).await?.weight, ONE / 2, "a notice of its own");
    Ok(())
}

#[tokio::test]
async fn weights_add_up_to_one_at_most() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2)]).await?;
    let (owner, vault) = (&world.cast.owner, world.suite.restaking_vault);
    let expected = WeightsTooHigh { total: ONE + 1 };
    world.refuse(owner, vault, &weight(world.dishonest(), ONE / 2 + 1), &expected).await?;
    world.refuse(owner, vault, &weight(world.honest(), ONE + 1), &expected).await?;
    world.act(owner, vault, &weight(world.dishonest(), ONE / 2)).await?;
    Ok(())
}

#[tokio::test]
async fn only_the_owner_sets_weights() -> Result<()> {
    let world = World::new().await?;
    let (alice, vault) = (&world.cast.alice, world.suite.restaking_vault);
    assert_eq!(world.chain.view(vault, &ownerCall {}).await?, world.cast.owner.address);
    world.refuse(alice, vault, &weight(world.honest(), ONE), &Unauthorized { caller: alice.address }).await
}

#[tokio::test]
async fn neither_nobody_nor_the_receipt_nor_its_vault_is_an_operator() -> Result<()> {
    let world = World::new().await?;
    let (owner, vault) = (&world.cast.owner, world.suite.restaking_vault);
    world.refuse(owner, vault, &weight(Address::ZERO, ONE), &ZeroAddress {}).await?;
    world.refuse(owner, vault, &weight(vault, ONE), &IsItself {}).await?;
    world.refuse(owner, vault, &weight(world.suite.restaking_token, ONE), &IsItself {}).await
}

#[tokio::test]
async fn there_are_at_most_eight_operators_and_a_place_is_free_again() -> Result<()> {
    let world = World::new().await?;
    let (owner, vault) = (&world.cast.owner, world.suite.restaking_vault);
    let operator = Address::repeat_byte;
    for byte in 1..=8 {
        world.act(owner, vault, &weight(operator(byte), ONE / 8)).await?;
    }
    let expected = TooManyOperators { limit: 8 };
    world.refuse(owner, vault, &weight(operator(9), 0), &expected).await?;
    world.act(owner, vault, &weight(operator(3), 0)).await?;
    world.act(owner, vault, &weight(operator(9), ONE / 8)).await?;
    assert_eq!(operator_at(&world, 2).await?.operator, operator(9));
    // All eight are used, and counted.
    deposit(&world, &world.cast.alice, ether(8)).await?;
    world.act(&world.cast.alice, world.suite.restaking_token, &stakeIdleCall {}).await?;
    assert_eq!(assets(&world).await?, (ether(8), 0, 0));
    let redemption = request(&world, &world.cast.alice, ether(8)).await?;
    wait(&world, redemption.claimableAt).await?;
    assert_eq!(claim(&world, &world.cast.alice, redemption.id).await?, ether(8));
    Ok(())
}

#[tokio::test]
async fn an_operator_with_stake_keeps_its_place() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (owner, vault) = (&world.cast.owner, world.suite.restaking_vault);
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    world.act(owner, vault, &weight(world.honest(), 0)).await?;
    world.chain.travel_to(notice_ends).await?;
    world.act(owner, vault, &weight(world.cast.fund.address, 1)).await?;
    assert_eq!(operator_at(&world, 0).await?.operator, world.honest());
    assert_eq!(operator_at(&world, 2).await?.operator, world.cast.fund.address);
    Ok(())
}

#[tokio::test]
async fn anyone_takes_everything_from_an_operator_without_weight() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (owner, receipt, vault) = (&world.cast.owner, world.suite.restaking_token, world.suite.restaking_vault);
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    world.act(owner, vault, &weight(world.honest(), 0)).await?;
    world.chain.travel_to(notice_ends - 1).await?;
    world.act(&world.cast.accuser, receipt, &unstakeCall {}).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(10));
    world.chain.travel_to(notice_ends).await?;
    world.act(&world.cast.accuser, receipt, &unstakeCall {}).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, 0);
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(10));
    wait(&world, epoch::start(epoch::release_of(notice_ends))).await?;
    assert_eq!(assets(&world).await?, (ether(20), 0, ether(10)));
    Ok(())
}

#[tokio::test]
async fn no_choice_of_gas_leaves_an_operator_out() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", ONE / 2)]).await?;
    deposit(&world, &world.cast.alice, ether(8)).await?;
    for (failed, gas) in (100_000..3_000_000).step_by(25_000).enumerate() {
        let request = TransactionRequest::default()
            .with_from(world.cast.accuser.address)
            .with_to(world.suite.restaking_token)
            .with_input(stakeIdleCall {}.abi_encode())
            .with_gas_limit(gas);
        if world.chain.submit(request).await?.status() {
            assert_eq!(staked(&world, &world.cast.honest).await?, ether(4), "with {gas} gas");
            assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(4), "with {gas} gas");
            assert!(failed > 3, "too little gas was tried too");
            return Ok(());
        }
    }
    bail!("it never went through")
}

#[tokio::test]
async fn what_is_nobodys_weight_stays_idle() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", ONE / 4)]).await?;
    deposit(&world, &world.cast.alice, ether(8)).await?;
    world.act(&world.cast.alice, world.suite.restaking_token, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(4));
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(2));
    assert_eq!(assets(&world).await?, (ether(8), 0, ether(2)));
    Ok(())
}

/// Both operators have half of the weight and may be committed to `max_commitment`; Alice has deposited 8 tokens.
async fn agreed(max_commitment: u64) -> Result<World> {
    let world = World::new().await?;
    for operator in [world.honest(), world.dishonest()] {
        let call = scheduleWeightCall { maxCommitment: max_commitment, ..weight(operator, ONE / 2) };
        world.act(&world.cast.owner, world.suite.restaking_vault, &call).await?;
    }
    deposit(&world, &world.cast.alice, ether(8)).await?;
    Ok(world)
}

#[tokio::test]
async fn a_grant_in_front_of_the_vaults_stake_keeps_the_stake_away() -> Result<()> {
    let world = agreed(ONE / 2).await?;
    let (receipt, accuser) = (world.suite.restaking_token, &world.cast.accuser);
    world.act(&world.cast.dishonest, world.suite.slasher, &World::grant_call(world.cast.bob.address, ONE)).await?;
    world.act(accuser, receipt, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(4));
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0, "left out, like a frozen one");
    assert_eq!(assets(&world).await?, (ether(8), 0, ether(4)));
    Ok(())
}

#[tokio::test]
async fn an_announced_raise_keeps_the_vaults_stake_away_as_well() -> Result<()> {
    let world = agreed(ONE / 2).await?;
    let (receipt, accuser, slasher) = (world.suite.restaking_token, &world.cast.accuser, world.suite.slasher);
    world.act(&world.cast.dishonest, slasher, &World::grant_call(world.cast.bob.address, ONE / 2)).await?;
    world.act(accuser, receipt, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(4), "as much as was agreed");
    deposit(&world, &world.cast.alice, ether(8)).await?;
    let raise = interfaces::ISlasher::raiseBudgetCall { serviceManager: world.cast.bob.address, budget: ONE / 2 + 1 };
    world.act(&world.cast.dishonest, slasher, &raise).await?;
    world.act(accuser, receipt, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(4), "announced, and not in force for four weeks");
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(8));
    Ok(())
}

#[tokio::test]
async fn a_higher_commitment_is_accepted_after_a_notice_in_which_holders_can_leave() -> Result<()> {
    let world = agreed(ONE / 2).await?;
    let (receipt, vault, accuser) = (world.suite.restaking_token, world.suite.restaking_vault, &world.cast.accuser);
    world.act(&world.cast.dishonest, world.suite.slasher, &World::grant_call(world.cast.bob.address, ONE)).await?;
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    world.act(&world.cast.owner, vault, &weight(world.dishonest(), ONE / 2)).await?;
    world.act(accuser, receipt, &stakeIdleCall {}).await?;
    world.chain.travel_to(notice_ends - 1).await?;
    assert_eq!(operator_at(&world, 1).await?.maxCommitment, ONE / 2);
    world.refuse(accuser, receipt, &stakeIdleCall {}, &interfaces::IRestakingVault::NothingToDo {}).await?;
    world.chain.travel_to(notice_ends).await?;
    world.act(accuser, receipt, &stakeIdleCall {}).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(4));
    Ok(())
}
