//! Moves that are not to be made: nothing changes.

use super::table::{Table, execution, number, passing, wrong_after};
use crate::service::support::rotate;
use alloy::primitives::U256;
use arithmetic::bisection::state;
use eyre::Result;
use interfaces::IAccess::Unauthorized;
use interfaces::IBisection::{
    ClockRanOut, NoOpenGame, NotOneStep, OtherMove, OtherState, executeStepCall, judgeStateCall, nameStateCall,
    passStepCall, resolveGameCall,
};

const NOTHING: U256 = U256::ZERO;

#[tokio::test]
async fn only_the_two_who_play_move_each_in_its_turn() -> Result<()> {
    let table = Table::new().await?;
    let (operator, challenger, bob) = (table.operator(), table.challenger(), &table.world.cast.bob);
    let bond = table.world.parameters.bond;
    let id = table.open(&table.sign(1_000, number(999)).await?).await?;
    let name = nameStateCall { gameId: id, at: 500, state: number(500) };
    let judge = judgeStateCall { gameId: id, at: 500, state: number(500), agrees: true };
    for who in [challenger, bob] {
        table.refuse((who, id), &name, bond, &Unauthorized { caller: who.address }).await?;
    }
    let early = OtherMove { gameId: id, state: state::OPERATOR };
    table.refuse((challenger, id), &judge, NOTHING, &early).await?;
    table.refuse((challenger, id), &passing(id), NOTHING, &early).await?;
    table.pay(operator, &name, bond).await?;
    for who in [operator, bob] {
        table.refuse((who, id), &judge, NOTHING, &Unauthorized { caller: who.address }).await?;
    }
    let late = OtherMove { gameId: id, state: state::CHALLENGER };
    table.refuse((operator, id), &name, NOTHING, &late).await?;
    let far = NotOneStep { first: 0, last: 1_000 };
    table.refuse((challenger, id), &execution(id), NOTHING, &far).await?;
    table.refuse((challenger, id), &passing(id), NOTHING, &far).await
}

/// Guards against: a move that was sent again, or a block that a node takes back, makes of an answer to one state an
/// answer to another one.
#[tokio::test]
async fn a_move_counts_for_the_state_that_it_names_alone() -> Result<()> {
    let table = Table::new().await?;
    let (operator, challenger, bond) = (table.operator(), table.challenger(), table.world.parameters.bond);
    let id = table.open(&table.sign(1_000, number(999)).await?).await?;
    for at in [0, 499, 501, 1_000, u64::MAX] {
        let name = nameStateCall { gameId: id, at, state: number(at) };
        table.refuse((operator, id), &name, bond, &OtherState { at, expected: 500 }).await?;
    }
    table.name(id, number(500)).await?;
    for (at, named) in [(499, 500), (500, 499), (750, 500)] {
        let judge = judgeStateCall { gameId: id, at, state: number(named), agrees: true };
        table.refuse((challenger, id), &judge, NOTHING, &OtherState { at, expected: 500 }).await?;
    }
    table.judge(id, true).await?;
    let again = judgeStateCall { gameId: id, at: 500, state: number(500), agrees: true };
    table.refuse((challenger, id), &again, NOTHING, &OtherMove { gameId: id, state: state::OPERATOR }).await?;
    let again = nameStateCall { gameId: id, at: 500, state: number(500) };
    table.refuse((operator, id), &again, NOTHING, &OtherState { at: 500, expected: 750 }).await
}

#[tokio::test]
async fn where_one_step_is_left_there_is_nothing_to_judge() -> Result<()> {
    let table = Table::new().await?;
    let (challenger, bob) = (table.challenger(), &table.world.cast.bob);
    let id = table.one_step(true).await?;
    let judge = judgeStateCall { gameId: id, at: 0, state: number(0), agrees: false };
    table.refuse((challenger, id), &judge, NOTHING, &OtherState { at: 0, expected: 0 }).await?;
    table.refuse((bob, id), &passing(id), NOTHING, &Unauthorized { caller: bob.address }).await?;

    // The same after a whole game: the state that was named last is not judged again.
    let claimed = wrong_after(1);
    let played = table.open(&table.sign(4, claimed(4)).await?).await?;
    table.halve(played, &claimed, number).await?;
    let position = table.position(played).await?;
    let judge = judgeStateCall { gameId: played, at: position.first, state: position.middleState, agrees: false };
    let nothing = OtherState { at: position.first, expected: position.first };
    table.refuse((challenger, played), &judge, NOTHING, &nothing).await
}

#[tokio::test]
async fn the_key_that_signed_may_move_for_the_operator_also_after_it_was_replaced() -> Result<()> {
    let table = Table::new().await?;
    let (world, key, bond) = (&table.world, &table.world.cast.alice, table.world.parameters.bond);
    rotate(world, table.operator(), key).await?;
    let mut signed = table.sign(4, number(4)).await?;
    signed = world.domain().await?.compute(&key.key, signed.computation)?;
    let id = table.open(&signed).await?;
    rotate(world, table.operator(), &world.cast.bob).await?;
    let name = |at| nameStateCall { gameId: id, at, state: number(at) };
    let stranger = Unauthorized { caller: world.cast.bob.address };
    table.refuse((&world.cast.bob, id), &name(2), bond, &stranger).await?;
    table.pay(key, &name(2), bond).await?;
    assert_eq!(table.deposit().await?.deposit, bond, "it is the operator's deposit");
    table.judge(id, true).await?;
    table.pay(table.operator(), &name(3), U256::ZERO).await?;
    table.judge(id, false).await?;
    assert_eq!(table.execute(id).await?.outcome, state::REJECTED);
    Ok(())
}

#[tokio::test]
async fn a_game_that_is_over_or_was_never_opened_takes_no_move() -> Result<()> {
    let table = Table::new().await?;
    let (operator, challenger) = (table.operator(), table.challenger());
    let over = table.one_step(true).await?;
    table.execute(over).await?;
    for id in [over, over + 1, u64::MAX] {
        let none = NoOpenGame { gameId: id };
        let (at, state) = (0, number(0));
        table.refuse((operator, id), &nameStateCall { gameId: id, at, state }, NOTHING, &none).await?;
        let judge = judgeStateCall { gameId: id, at, state, agrees: true };
        table.refuse((challenger, id), &judge, NOTHING, &none).await?;
        table.refuse((challenger, id), &passStepCall { gameId: id }, NOTHING, &none).await?;
        let execute = executeStepCall { gameId: id, witness: Default::default() };
        table.refuse((challenger, id), &execute, NOTHING, &none).await?;
        table.refuse((challenger, id), &resolveGameCall { gameId: id }, NOTHING, &none).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_step_that_was_passed_is_the_operators_alone_to_wait_for() -> Result<()> {
    let table = Table::new().await?;
    let (operator, challenger) = (table.operator(), table.challenger());
    let id = table.one_step(false).await?;
    table.act(challenger, &passing(id)).await?;
    let passed = OtherMove { gameId: id, state: state::PASSED };
    table.refuse((challenger, id), &passing(id), NOTHING, &passed).await?;
    let name = nameStateCall { gameId: id, at: 0, state: number(0) };
    table.refuse((operator, id), &name, table.world.parameters.bond, &passed).await?;
    let deadline = table.wait(id).await?;
    table.world.chain.travel_to(deadline + 1).await?;
    table.refuse((operator, id), &execution(id), NOTHING, &ClockRanOut { deadline }).await
}
