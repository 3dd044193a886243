//! Clocks: who does not move in time loses, and all ends while the fault can still be slashed.

use super::table::{CLOCK, Table, execution, number, passing, wrong_after};
use crate::service::support::{DAY, next_epoch};
use alloy::primitives::U256;
use arithmetic::bisection::state;
use arithmetic::pause;
use eyre::Result;
use interfaces::IBisection::{ClockRanOut, ClockRuns, judgeStateCall, nameStateCall, resolveGameCall};
use interfaces::IDisputeResolution::EvidenceExpired;
use interfaces::IGovernance::pauseCall;
use interfaces::IRegistry::deregisterOperatorCall;
use restake_tests::ether;

#[tokio::test]
async fn an_operator_that_does_not_move_in_time_loses() -> Result<()> {
    let table = Table::new().await?;
    let (operator, bond) = (table.operator(), table.world.parameters.bond);
    let signed = table.sign(1_000, number(1_000)).await?;
    let id = table.open(&signed).await?;
    let deadline = table.wait(id).await?;
    let (resolve, name) = (resolveGameCall { gameId: id }, nameStateCall { gameId: id, at: 500, state: number(500) });
    table.refuse((&table.world.cast.alice, id), &resolve, U256::ZERO, &ClockRuns { deadline }).await?;
    table.world.chain.travel_to(deadline + 1).await?;
    table.refuse((operator, id), &name, bond, &ClockRanOut { deadline }).await?;
    let ended = table.resolve(id).await?;
    assert_eq!((ended.outcome, ended.paid, ended.frozen), (state::UPHELD, bond, true), "it made no deposit");
    assert_eq!(table.credit(table.challenger()).await?, bond);
    assert!(table.world.is_frozen(operator.address).await? && table.is_judged(&signed).await?);
    Ok(())
}

#[tokio::test]
async fn a_challenger_that_does_not_move_in_time_loses_its_bond_to_the_operator() -> Result<()> {
    let table = Table::new().await?;
    let bond = table.world.parameters.bond;
    // In the middle, and at the end: even if the result is wrong.
    for at_the_end in [false, true] {
        let id = if at_the_end {
            table.one_step(true).await?
        } else {
            table.open(&table.sign(1_000, number(1)).await?).await?
        };
        if !at_the_end {
            table.name(id, number(500)).await?;
        }
        let deadline = table.wait(id).await?;
        table.world.chain.travel_to(deadline + 1).await?;
        let late = ClockRanOut { deadline };
        let judge = judgeStateCall { gameId: id, at: 500, state: number(500), agrees: false };
        table.refuse((table.challenger(), id), &judge, U256::ZERO, &late).await?;
        table.refuse((table.challenger(), id), &execution(id), U256::ZERO, &late).await?;
        table.refuse((table.challenger(), id), &passing(id), U256::ZERO, &late).await?;
        let ended = table.resolve(id).await?;
        assert_eq!((ended.outcome, ended.paid, ended.frozen), (state::REJECTED, bond, false));
    }
    assert_eq!(table.credit(table.operator()).await?, bond + bond);
    assert!(!table.world.is_frozen(table.operator().address).await?);
    Ok(())
}

#[tokio::test]
async fn a_clock_is_for_all_moves_of_a_side_and_runs_in_its_turns_alone() -> Result<()> {
    let table = Table::new().await?;
    let id = table.open(&table.sign(1 << 20, number(1 << 20)).await?).await?;
    let (mut operator, mut challenger) = (CLOCK, CLOCK);
    for _ in 0..3 {
        table.world.chain.travel_to(table.world.chain.now().await? + 7_000).await?;
        table.name(id, number(table.middle(id).await?)).await?;
        operator -= 7_000;
        table.world.chain.travel_to(table.world.chain.now().await? + 1_000).await?;
        table.judge(id, true).await?;
        challenger -= 1_000;
        let position = table.position(id).await?;
        assert_eq!((position.operatorClock, position.challengerClock), (operator, challenger));
        assert_eq!(position.deadline, table.world.chain.now().await? + operator);
    }
    // 600 seconds are left of six hours.
    let deadline = table.wait(id).await?;
    table.world.chain.travel_to(deadline + 1).await?;
    assert_eq!(table.resolve(id).await?.outcome, state::UPHELD);
    Ok(())
}

/// The last moment at which a game can be opened, all of both clocks, an operator that left in the first second of the
/// task's epoch, and the longest pause of all that can be paused.
#[tokio::test]
async fn games_end_in_time_also_for_who_left_in_the_first_second_and_in_the_longest_pause() -> Result<()> {
    let table = Table::new().await?;
    let (world, operator) = (&table.world, table.operator());
    world.chain.travel_to(next_epoch(world).await?).await?;
    let claimed = wrong_after(2);
    let signed = table.sign(4, claimed(4)).await?;
    let task_time = signed.computation.taskTime;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    let (shares, _) = world.position(operator.address, operator.address).await?;
    let release = world.queue(operator, operator.address, shares).await?;

    world.chain.travel_to(task_time + 3 * DAY - 2 * CLOCK).await?;
    let id = table.open(&signed).await?;
    world.act(&world.cast.owner, world.suite.governance, &pauseCall { flags: pause::BOUNDED }).await?;
    // The operator's first turn, and the challenger's last one, take all the time that there is.
    table.wait(id).await?;
    table.name(id, claimed(2)).await?;
    table.judge(id, true).await?;
    // Nothing is left of the operator's clock but this second.
    table.name(id, claimed(3)).await?;
    table.judge(id, false).await?;
    assert_eq!(table.wait(id).await?, task_time + 3 * DAY, "the last second of the window");
    assert_eq!(table.execute(id).await?.outcome, state::UPHELD);
    assert!(world.is_frozen(operator.address).await?);

    // The pause ends by itself, and what was queued is slashed as it is.
    let request = world.attack(0).await?;
    world.chain.travel_to(world.chain.now().await? + 7 * DAY).await?;
    world.execute_now(&request).await?;
    let (_, left) = world.withdrawal(operator.address, operator.address, release).await?;
    assert_eq!(left, ether(24), "a quarter of 32 was taken");
    Ok(())
}

#[tokio::test]
async fn a_game_can_be_opened_until_both_clocks_before_the_end_of_the_window() -> Result<()> {
    let table = Table::new().await?;
    let (chain, bond) = (&table.world.chain, table.world.parameters.bond);
    let signed = table.sign(10, number(9)).await?;
    let deadline = signed.computation.taskTime + 3 * DAY - 2 * CLOCK;
    chain.travel_to(deadline).await?;
    let id = table.open(&signed).await?;
    chain.travel_to(deadline + 1).await?;
    let late = EvidenceExpired { deadline };
    table.refuse((table.challenger(), id), &table.opening(&signed), bond, &late).await
}
