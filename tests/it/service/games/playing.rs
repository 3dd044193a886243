//! Games that are played to the end: whoever is right wins.

use super::table::{Table, WAD, balance, execution, gas_of, number, wrong_after};
use crate::service::support::tick;
use alloy::primitives::{B256, U256};
use alloy::providers::Provider;
use arithmetic::bisection::state;
use eyre::Result;
use interfaces::IBisection::{ComputationChallenged, Deposited, GameEnded, StateJudged, StateNamed, StepExecuted};
use interfaces::IDisputeResolution::{AlreadyJudged, BondWithdrawn};
use interfaces::IRegistry::{OperatorSuspended, isSuspendedCall};
use interfaces::ISlasher::OperatorFrozen;
use restake::chain::event;
use restake::judgements::miscomputation_id;
use std::collections::BTreeSet;

#[tokio::test]
async fn a_wrong_result_is_halved_to_the_step_that_is_wrong_and_slashed() -> Result<()> {
    let table = Table::new().await?;
    let (world, bisection, bond) = (&table.world, table.bisection, table.world.parameters.bond);
    let (operator, challenger) = (table.operator(), table.challenger());
    let claimed = wrong_after(617);
    let signed = table.sign(1_000, claimed(1_000)).await?;
    let receipt = table.pay(challenger, &table.opening(&signed), bond).await?;
    let now = world.chain.now().await?;
    let computation = world.domain().await?.computation_hash(&signed.computation);
    let opened = ComputationChallenged {
        gameId: 0,
        operator: operator.address,
        challenger: challenger.address,
        computation,
        steps: 1_000,
        deadline: now + 21_600,
    };
    assert_eq!(event::<ComputationChallenged>(&receipt, bisection), Some(opened));

    let first = table.name(0, claimed(500)).await?;
    let deadline = table.position(0).await?.deadline;
    let named = StateNamed { gameId: 0, at: 500, state: number(500), deadline };
    assert_eq!(event::<StateNamed>(&first, bisection), Some(named));
    let deposited = Deposited { operator: operator.address, amount: bond };
    assert_eq!(event::<Deposited>(&first, bisection), Some(deposited));
    let judged = table.judge(0, true).await?;
    let deadline = table.position(0).await?.deadline;
    let expected = StateJudged { gameId: 0, at: 500, agrees: true, first: 500, last: 1_000, deadline };
    assert_eq!(event::<StateJudged>(&judged, bisection), Some(expected));
    table.halve(0, &claimed, number).await?;
    let position = table.position(0).await?;
    assert_eq!((position.first, position.last), (617, 618), "the step that is wrong");
    assert_eq!((position.firstState, position.lastState), (number(617), number(619)));

    let receipt = table.act(challenger, &execution(0)).await?;
    let executed = StepExecuted { gameId: 0, first: 617, state: number(618), asClaimed: false };
    assert_eq!(event::<StepExecuted>(&receipt, bisection), Some(executed));
    let ended = GameEnded {
        gameId: 0,
        operator: operator.address,
        challenger: challenger.address,
        outcome: state::UPHELD,
        paid: bond + bond,
        frozen: true,
        requestId: 0,
    };
    assert_eq!(event::<GameEnded>(&receipt, bisection), Some(ended));
    let account = challenger.address;
    let paid = BondWithdrawn { account, amount: bond + bond, recipient: account };
    assert_eq!(event::<BondWithdrawn>(&receipt, bisection), Some(paid), "its bond, and the operator's deposit");
    assert!(event::<OperatorFrozen>(&receipt, world.suite.slasher).is_some(), "in the same transaction");
    let suspended = OperatorSuspended { operator: operator.address };
    assert_eq!(event::<OperatorSuspended>(&receipt, world.suite.service.registry), Some(suspended));
    assert!(world.is_frozen(operator.address).await? && table.is_judged(&signed).await?);
    let call = isSuspendedCall { operator: operator.address };
    assert!(world.chain.view(world.suite.service.registry, &call).await?);
    let request = world.attack(0).await?;
    assert_eq!((request.request.wad, request.request.challenger), (WAD, challenger.address));

    let fault = AlreadyJudged { evidence: miscomputation_id(operator.address, computation) };
    table.refuse((challenger, 0), &table.opening(&signed), bond, &fault).await?;
    world.execute(&request).await?;
    assert!(!world.is_frozen(operator.address).await?, "released with its last request");
    assert_eq!(table.held().await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_right_result_that_is_attacked_wins_the_bond() -> Result<()> {
    let table = Table::new().await?;
    let bond = table.world.parameters.bond;
    let signed = table.sign(1_000, number(1_000)).await?;
    let id = table.open(&signed).await?;
    // The challenger disagrees with everything from 300 on, and finds that the step before is as it was said.
    table.halve(id, number, wrong_after(299)).await?;
    let before = balance(&table, table.operator()).await?;
    let receipt = table.act(table.operator(), &execution(id)).await?;
    let ended = event::<GameEnded>(&receipt, table.bisection).map(|ended| (ended.outcome, ended.paid, ended.frozen));
    assert_eq!(ended, Some((state::REJECTED, bond, false)));
    let after = balance(&table, table.operator()).await?;
    assert_eq!(after + gas_of(&receipt), before + bond, "who executes it itself is paid at once");
    assert!(!table.world.is_frozen(table.operator().address).await? && !table.is_judged(&signed).await?);
    assert_eq!((table.deposit().await?.deposit, table.deposit().await?.openGames), (bond, 0));

    let again = table.open_by(&table.world.cast.bob, &signed).await?;
    assert_eq!((again, table.state(again).await?), (1, state::OPERATOR), "nothing is remembered of it");
    Ok(())
}

#[tokio::test]
async fn every_step_of_traces_of_all_lengths_can_be_the_wrong_one() -> Result<()> {
    for steps in [1, 2, 3, 4, 5, 8, 13] {
        // Of one operator so many requests would leave no budget.
        let table = Table::new().await?;
        for right in BTreeSet::from([0, 1.min(steps - 1), steps / 2, steps - 1]) {
            // A task of its own for each.
            tick(&table.world).await?;
            let claimed = wrong_after(right);
            let id = table.open(&table.sign(steps, claimed(steps)).await?).await?;
            table.halve(id, &claimed, number).await?;
            assert_eq!(table.position(id).await?.first, right, "of {steps} steps");
            let ended = table.execute(id).await?;
            assert_eq!((ended.outcome, ended.frozen), (state::UPHELD, true), "step {right} of {steps}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn no_step_of_traces_of_all_lengths_can_be_made_wrong() -> Result<()> {
    let table = Table::new().await?;
    for steps in [1, 2, 3, 4, 5, 8, 13] {
        for doubted in [0, steps / 2, steps - 1] {
            let id = table.open(&table.sign(steps, number(steps)).await?).await?;
            table.halve(id, number, wrong_after(doubted)).await?;
            assert_eq!(table.position(id).await?.first, doubted, "of {steps} steps");
            assert_eq!(table.execute(id).await?.outcome, state::REJECTED, "step {doubted} of {steps}");
        }
    }
    assert!(!table.world.is_frozen(table.operator().address).await?);
    assert_eq!(table.held().await?, table.deposit().await?.deposit + table.credit(table.operator()).await?);
    Ok(())
}

#[tokio::test]
async fn a_trace_without_steps_ends_where_it_begins() -> Result<()> {
    let table = Table::new().await?;
    let right = table.open(&table.sign(0, number(0)).await?).await?;
    assert_eq!(table.execute(right).await?.outcome, state::REJECTED);
    let wrong = table.open(&table.sign(0, number(1)).await?).await?;
    assert_eq!(table.execute(wrong).await?.outcome, state::UPHELD);
    assert!(table.world.is_frozen(table.operator().address).await?);
    Ok(())
}

/// The longest trace that can be signed: there is no number for one step more.
#[tokio::test]
async fn the_longest_trace_is_halved_in_sixty_four_turns_of_each_side() -> Result<()> {
    const STEPS: u64 = u64::MAX;
    let table = Table::new().await?;
    for right in [0, STEPS / 3, STEPS - 1] {
        let claimed = wrong_after(right);
        // A task of its own for each.
        tick(&table.world).await?;
        let id = table.open(&table.sign(STEPS, claimed(STEPS)).await?).await?;
        let block = table.world.chain.provider().get_block_number().await?;
        table.halve(id, &claimed, number).await?;
        assert!(table.world.chain.provider().get_block_number().await? - block <= 128, "a block for each turn");
        assert_eq!(table.position(id).await?.first, right);
        assert_eq!(table.execute(id).await?.outcome, state::UPHELD);
    }
    Ok(())
}

#[tokio::test]
async fn nonsense_and_the_same_state_twice_lose_as_any_wrong_state_does() -> Result<()> {
    let table = Table::new().await?;
    let (nonsense, zero) = (|_: u64| B256::repeat_byte(0xee), |_: u64| B256::ZERO);
    let first = table.open(&table.sign(100, B256::repeat_byte(0xee)).await?).await?;
    table.halve(first, nonsense, number).await?;
    assert_eq!(table.execute(first).await?.outcome, state::UPHELD);
    // Whoever says that nothing ever happens is wrong about the first step.
    let second = table.open(&table.sign(100, number(100)).await?).await?;
    table.halve(second, zero, number).await?;
    assert_eq!(table.position(second).await?.first, 0);
    assert_eq!(table.execute(second).await?.outcome, state::UPHELD, "though the result was right");

    // A challenger that takes nonsense for right, and doubts what follows from it, proves what is wrong there.
    let third = table.open(&table.sign(2, number(2)).await?).await?;
    table.name(third, B256::repeat_byte(0xee)).await?;
    table.judge(third, true).await?;
    assert_eq!(table.execute(third).await?.outcome, state::UPHELD);
    Ok(())
}
