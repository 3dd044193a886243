//! The weights by which tokens are restaked.

use super::restaked::{
    assets, deposit, rebalance, request, request_call, schedule, shared, stake_idle, staked, wait_and_claim, weighted,
};
use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{Result, bail};
use interfaces::IAccess::{Unauthorized, ZeroAddress};
use interfaces::IOwnable::ownerCall;
use interfaces::IRedemptionDesk::collectCall;
use interfaces::IRestakingVault::{CollectFirst, IsItself, TooManyOperators};
use interfaces::IRestakingWeights::{
    NoWeightPending, NothingToDo, WeightCancelled, WeightScheduled, WeightsTooHigh, cancelWeightCall, operatorAtCall,
    operatorAtReturn, rebalanceCall, scheduleWeightCall, stakeIdleCall,
};
use interfaces::ISlasher::{freezeOperatorCall, raiseBudgetCall};
use restake::chain::event;
use restake_tests::{World, ether};

fn weight(operator: Address, weight: u64) -> scheduleWeightCall {
    scheduleWeightCall { operator, weight, maxCommitment: ONE }
}

async fn operator_at(world: &World, index: u64) -> Result<operatorAtReturn> {
    Ok(world.chain.view(world.suite.restaking_weights, &operatorAtCall { index }).await?)
}

fn held(operator: Address, weight: u64, max_commitment: u64) -> operatorAtReturn {
    operatorAtReturn {
        operator,
        weight,
        nextWeight: weight,
        effectiveAt: 0,
        maxCommitment: max_commitment,
        nextMaxCommitment: max_commitment,
    }
}

#[tokio::test]
async fn a_weight_is_set_at_once_while_the_vault_is_empty() -> Result<()> {
    let world = World::new().await?;
    let (weights, operator) = (world.suite.restaking_weights, world.honest());
    let receipt = world.act(&world.cast.owner, weights, &weight(operator, ONE)).await?;
    let now = world.chain.now().await?;
    let scheduled = WeightScheduled { operator, weight: ONE, maxCommitment: ONE, effectiveAt: now };
    assert_eq!(event::<WeightScheduled>(&receipt, weights), Some(scheduled));
    assert_eq!(operator_at(&world, 0).await?, held(operator, ONE, ONE));
    assert_eq!(operator_at(&world, 1).await?.operator, Address::ZERO);
    assert_eq!(operator_at(&world, 8).await?.operator, Address::ZERO);
    Ok(())
}

#[tokio::test]
async fn less_of_a_weight_holds_at_once_and_so_does_a_lower_commitment() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE)]).await?;
    let (owner, weights, operator) = (&world.cast.owner, world.suite.restaking_weights, world.honest());
    deposit(&world, &world.cast.alice, ether(10)).await?;
    let call = scheduleWeightCall { maxCommitment: ONE / 4, ..weight(operator, ONE / 2) };
    world.act(owner, weights, &call).await?;
    assert_eq!(operator_at(&world, 0).await?, held(operator, ONE / 2, ONE / 4));
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(5));
    // More of one and less of the other: the less holds at once.
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    let call = scheduleWeightCall { maxCommitment: ONE / 8, ..weight(operator, ONE) };
    world.act(owner, weights, &call).await?;
    let now = operator_at(&world, 0).await?;
    assert_eq!((now.weight, now.maxCommitment, now.nextWeight, now.effectiveAt), (ONE / 2, ONE / 8, ONE, notice_ends));
    Ok(())
}

#[tokio::test]
async fn more_of_a_weight_holds_after_its_notice_and_not_one_second_before() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2)]).await?;
    let (weights, operator) = (world.suite.restaking_weights, world.honest());
    deposit(&world, &world.cast.alice, ether(10)).await?;
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    schedule(&world, operator, ONE).await?;
    schedule(&world, world.dishonest(), 0).await?;
    let pending = operatorAtReturn { nextWeight: ONE, effectiveAt: notice_ends, ..held(operator, ONE / 2, ONE) };
    assert_eq!(operator_at(&world, 0).await?, pending);
    world.chain.travel_to(notice_ends - 1).await?;
    assert_eq!(operator_at(&world, 0).await?, pending);
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(5));
    world.refuse(&world.cast.alice, weights, &stakeIdleCall {}, &NothingToDo {}).await?;
    world.chain.travel_to(notice_ends).await?;
    assert_eq!(operator_at(&world, 0).await?, held(operator, ONE, ONE));
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn what_was_announced_is_replaced_or_cancelled() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 4)]).await?;
    let (owner, weights, operator) = (&world.cast.owner, world.suite.restaking_weights, world.honest());
    let cancel = cancelWeightCall { operator };
    world.refuse(owner, weights, &cancel, &NoWeightPending {}).await?;
    deposit(&world, &world.cast.alice, ether(10)).await?;
    schedule(&world, operator, ONE).await?;
    schedule(&world, operator, ONE / 2).await?;
    assert_eq!(operator_at(&world, 0).await?.nextWeight, ONE / 2, "replaced");
    let alice = &world.cast.alice;
    world.refuse(alice, weights, &cancel, &Unauthorized { caller: alice.address }).await?;
    let mined = world.act(owner, weights, &cancel).await?;
    assert_eq!(event::<WeightCancelled>(&mined, weights), Some(WeightCancelled { operator }));
    assert_eq!(operator_at(&world, 0).await?, held(operator, ONE / 4, ONE));
    world.refuse(owner, weights, &cancel, &NoWeightPending {}).await?;
    let stranger = cancelWeightCall { operator: Address::ZERO };
    world.refuse(owner, weights, &stranger, &NoWeightPending {}).await?;
    schedule(&world, operator, ONE).await?;
    world.chain.travel_to(epoch::notice_ends(world.chain.now().await?)).await?;
    world.refuse(owner, weights, &cancel, &NoWeightPending {}).await
}

#[tokio::test]
async fn holders_can_leave_before_a_weight_grows() -> Result<()> {
    let world = shared(ether(10)).await?;
    let alice = &world.cast.alice;
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    schedule(&world, world.honest(), 0).await?;
    schedule(&world, world.cast.fund.address, ONE / 2).await?;
    // A week is not too late.
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::EPOCH_SECONDS).await?;
    let redemption = request(&world, alice, ether(10)).await?;
    assert!(epoch::start(redemption.releaseEpoch) <= notice_ends);
    assert_eq!(wait_and_claim(&world, &redemption).await?, ether(10));
    Ok(())
}

#[tokio::test]
async fn weights_add_up_to_one_at_most() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2)]).await?;
    let (owner, vault) = (&world.cast.owner, world.suite.restaking_weights);
    let expected = WeightsTooHigh { total: ONE + 1 };
    world.refuse(owner, vault, &weight(world.dishonest(), ONE / 2 + 1), &expected).await?;
    world.refuse(owner, vault, &weight(world.honest(), ONE + 1), &expected).await?;
    world.act(owner, vault, &weight(world.dishonest(), ONE / 2)).await?;
    Ok(())
}

#[tokio::test]
async fn only_the_owner_sets_weights() -> Result<()> {
    let world = World::new().await?;
    let (alice, vault) = (&world.cast.alice, world.suite.restaking_weights);
    assert_eq!(world.chain.view(vault, &ownerCall {}).await?, world.cast.owner.address);
    world.refuse(alice, vault, &weight(world.honest(), ONE), &Unauthorized { caller: alice.address }).await
}

#[tokio::test]
async fn neither_nobody_nor_the_receipt_nor_its_vault_is_an_operator() -> Result<()> {
    let world = World::new().await?;
    let (owner, suite) = (&world.cast.owner, world.suite);
    let weights = suite.restaking_weights;
    world.refuse(owner, weights, &weight(Address::ZERO, ONE), &ZeroAddress {}).await?;
    for itself in [suite.restaking_token, suite.restaking_vault, suite.redemption_desk] {
        world.refuse(owner, weights, &weight(itself, ONE), &IsItself {}).await?;
    }
    Ok(())
}

#[tokio::test]
async fn there_are_at_most_eight_operators_and_a_place_is_free_again() -> Result<()> {
    let world = World::new().await?;
    let (owner, vault) = (&world.cast.owner, world.suite.restaking_weights);
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
    stake_idle(&world).await?;
    assert_eq!(assets(&world).await?, (ether(8), 0, 0));
    let redemption = request(&world, &world.cast.alice, ether(8)).await?;
    assert_eq!(redemption.parts, 8);
    assert_eq!(wait_and_claim(&world, &redemption).await?, ether(8));
    Ok(())
}

#[tokio::test]
async fn an_operator_keeps_its_place_until_all_has_come_from_it() -> Result<()> {
    let world = shared(ether(10)).await?;
    schedule(&world, world.honest(), 0).await?;
    schedule(&world, world.cast.fund.address, 1).await?;
    assert_eq!(operator_at(&world, 0).await?.operator, world.honest());
    assert_eq!(operator_at(&world, 2).await?.operator, world.cast.fund.address);
    rebalance(&world).await?;
    let release = epoch::release_of(world.chain.now().await?);
    schedule(&world, world.cast.bob.address, 1).await?;
    assert_eq!(operator_at(&world, 3).await?.operator, world.cast.bob.address, "it is still on its way");
    world.enter_epoch(release).await?;
    let collect = interfaces::IRedemptionDesk::collectCall { operator: world.honest(), releaseEpoch: release };
    world.act(&world.cast.accuser, world.suite.redemption_desk, &collect).await?;
    schedule(&world, world.cast.alice.address, 1).await?;
    assert_eq!(operator_at(&world, 0).await?.operator, world.cast.alice.address, "and now it is free");
    Ok(())
}

#[tokio::test]
async fn anyone_takes_everything_from_an_operator_without_weight_at_once() -> Result<()> {
    let world = shared(ether(10)).await?;
    let weights = world.suite.restaking_weights;
    world.refuse(&world.cast.accuser, weights, &rebalanceCall {}, &NothingToDo {}).await?;
    schedule(&world, world.honest(), 0).await?;
    rebalance(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, 0);
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(10));
    assert_eq!(assets(&world).await?, (ether(20), 0, 0));
    let release = epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release).await?;
    let collect = interfaces::IRedemptionDesk::collectCall { operator: world.honest(), releaseEpoch: release };
    world.act(&world.cast.accuser, world.suite.redemption_desk, &collect).await?;
    assert_eq!(assets(&world).await?, (ether(20), 0, ether(10)));
    Ok(())
}

#[tokio::test]
async fn what_is_above_a_weight_moves_from_a_hundredth_on() -> Result<()> {
    let world = shared(ether(100)).await?;
    let (weights, accuser) = (world.suite.restaking_weights, &world.cast.accuser);
    schedule(&world, world.honest(), ONE / 1_000 * 496).await?;
    world.refuse(accuser, weights, &rebalanceCall {}, &NothingToDo {}).await?;
    schedule(&world, world.honest(), ONE / 1_000 * 400).await?;
    rebalance(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(80));
    Ok(())
}

#[tokio::test]
async fn no_choice_of_gas_leaves_an_operator_out() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", ONE / 2)]).await?;
    deposit(&world, &world.cast.alice, ether(8)).await?;
    for (failed, gas) in (100_000..3_000_000).step_by(25_000).enumerate() {
        let request = TransactionRequest::default()
            .with_from(world.cast.accuser.address)
            .with_to(world.suite.restaking_weights)
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
    stake_idle(&world).await?;
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
        world.act(&world.cast.owner, world.suite.restaking_weights, &call).await?;
    }
    deposit(&world, &world.cast.alice, ether(8)).await?;
    Ok(world)
}

#[tokio::test]
async fn a_grant_in_front_of_the_vaults_stake_keeps_the_stake_away() -> Result<()> {
    let world = agreed(ONE / 2).await?;
    world.act(&world.cast.dishonest, world.suite.slasher, &World::grant_call(world.cast.bob.address, ONE)).await?;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(4));
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0, "left out, like a frozen one");
    assert_eq!(assets(&world).await?, (ether(8), 0, ether(4)));
    Ok(())
}

#[tokio::test]
async fn an_announced_raise_keeps_the_vaults_stake_away_as_well() -> Result<()> {
    let world = agreed(ONE / 2).await?;
    let slasher = world.suite.slasher;
    world.act(&world.cast.dishonest, slasher, &World::grant_call(world.cast.bob.address, ONE / 2)).await?;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(4), "as much as was agreed");
    deposit(&world, &world.cast.alice, ether(8)).await?;
    let raise = raiseBudgetCall { serviceManager: world.cast.bob.address, budget: ONE / 2 + 1 };
    world.act(&world.cast.dishonest, slasher, &raise).await?;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(4), "announced, and not in force for four weeks");
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(8));
    Ok(())
}

#[tokio::test]
async fn a_freeze_does_not_hide_a_raise_from_who_takes_everything_out() -> Result<()> {
    let world = agreed(ONE / 2).await?;
    let (slasher, weights, bob) = (world.suite.slasher, world.suite.restaking_weights, &world.cast.bob);
    world.act(&world.cast.dishonest, slasher, &World::grant_call(bob.address, ONE / 2)).await?;
    stake_idle(&world).await?;
    let raise = raiseBudgetCall { serviceManager: bob.address, budget: ONE / 2 + 1 };
    world.act(&world.cast.dishonest, slasher, &raise).await?;
    let request = freezeOperatorCall {
        operator: world.dishonest(),
        wad: 1,
        challenger: bob.address,
        challengerShare: 0,
        recipient: bob.address,
        resolver: Address::ZERO,
    };
    world.act(bob, slasher, &request).await?;
    // Nobody executes it.
    let opens = world.chain.now().await? + 9 * 86_400;
    world.chain.travel_to(opens - 1).await?;
    world.refuse(&world.cast.alice, weights, &rebalanceCall {}, &NothingToDo {}).await?;
    world.chain.travel_to(opens).await?;
    rebalance(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_higher_commitment_is_accepted_after_a_notice_in_which_holders_can_leave() -> Result<()> {
    let world = agreed(ONE / 2).await?;
    let (weights, accuser) = (world.suite.restaking_weights, &world.cast.accuser);
    world.act(&world.cast.dishonest, world.suite.slasher, &World::grant_call(world.cast.bob.address, ONE)).await?;
    let notice_ends = epoch::notice_ends(world.chain.now().await?);
    schedule(&world, world.dishonest(), ONE / 2).await?;
    stake_idle(&world).await?;
    world.chain.travel_to(notice_ends - 1).await?;
    assert_eq!(operator_at(&world, 1).await?.maxCommitment, ONE / 2);
    world.refuse(accuser, weights, &stakeIdleCall {}, &NothingToDo {}).await?;
    world.chain.travel_to(notice_ends).await?;
    stake_idle(&world).await?;
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(4));
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_of_the_vault_that_is_fifteen_epochs_old_is_collected_before_a_redemption() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, receipt) = (&world.cast.alice, world.suite.restaking_token);
    let operator = world.dishonest();
    let release_epoch = epoch::release_of(world.chain.now().await?);
    schedule(&world, operator, 0).await?;
    rebalance(&world).await?;
    world.enter_epoch(release_epoch + 12).await?;
    // What is queued now is released fourteen epochs later.
    let opened = request(&world, alice, ether(1)).await?;
    world.enter_epoch(release_epoch + 13).await?;
    let error = CollectFirst { operator, releaseEpoch: release_epoch };
    world.refuse(alice, receipt, &request_call(ether(1)), &error).await?;
    let collect = collectCall { operator, releaseEpoch: release_epoch };
    world.act(&world.cast.bob, world.suite.redemption_desk, &collect).await?;
    request(&world, alice, ether(1)).await?;
    assert_eq!(wait_and_claim(&world, &opened).await?, ether(1));
    Ok(())
}
