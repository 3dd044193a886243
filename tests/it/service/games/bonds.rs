//! Bonds and deposits: each goes whole to one side, and one deposit is enough for all games.

use super::table::{Table, balance, gas_of, number, wrong_after};
use alloy::primitives::{Address, U256};
use arithmetic::bisection::state;
use eyre::Result;
use interfaces::IAccess::ZeroAddress;
use interfaces::IBisection::{GamesOpen, nameStateCall, withdrawBondCall, withdrawDepositCall};
use interfaces::IDisputeResolution::{BondWithdrawn, NoBond, WrongBond};
use interfaces::ISlasher::requestCountCall;
use restake::chain::event;

/// Guards against: games are opened by the dozen against an honest operator, which has no bond for each and is slashed
/// for moves that it cannot pay for.
#[tokio::test]
async fn one_deposit_stands_for_all_games_of_an_operator() -> Result<()> {
    let table = Table::new().await?;
    let (operator, bond) = (table.operator(), table.world.parameters.bond);
    let signed = table.sign(1_000, number(1_000)).await?;
    let mut games = Vec::new();
    for _ in 0..5 {
        games.push(table.open(&signed).await?);
    }
    let name = |id| nameStateCall { gameId: id, at: 500, state: number(500) };
    for sent in [U256::ZERO, bond - U256::ONE, bond + U256::ONE] {
        table.refuse((operator, games[0]), &name(games[0]), sent, &WrongBond { sent, bond }).await?;
    }
    table.pay(operator, &name(games[0]), bond).await?;
    let twice = WrongBond { sent: bond, bond: U256::ZERO };
    table.refuse((operator, games[1]), &name(games[1]), bond, &twice).await?;
    for id in &games[1..] {
        table.pay(operator, &name(*id), U256::ZERO).await?;
    }
    let deposit = table.deposit().await?;
    assert_eq!((deposit.deposit, deposit.openGames), (bond, 5));

    let withdraw = withdrawDepositCall { recipient: operator.address };
    table.refuse((operator, games[0]), &withdraw, U256::ZERO, &GamesOpen { count: 5 }).await?;
    // The challenger gives all of them up.
    table.wait(games[4]).await?;
    table.world.chain.travel_to(table.world.chain.now().await? + 1).await?;
    for id in &games {
        assert_eq!(table.resolve(*id).await?.outcome, state::REJECTED);
    }
    assert_eq!(table.credit(operator).await?, bond * U256::from(5));
    let nowhere = withdrawDepositCall { recipient: Address::ZERO };
    table.refuse((operator, games[0]), &nowhere, U256::ZERO, &ZeroAddress {}).await?;
    let before = balance(&table, operator).await?;
    let receipt = table.act(operator, &withdraw).await?;
    let paid = BondWithdrawn { account: operator.address, amount: bond, recipient: operator.address };
    assert_eq!(event::<BondWithdrawn>(&receipt, table.bisection), Some(paid));
    assert_eq!(balance(&table, operator).await? + gas_of(&receipt), before + bond);
    table.refuse((operator, games[0]), &withdraw, U256::ZERO, &NoBond {}).await?;
    table.act(operator, &withdrawBondCall { recipient: operator.address }).await?;
    assert_eq!(table.held().await?, U256::ZERO, "bonds in are bonds out");
    Ok(())
}

#[tokio::test]
async fn two_challengers_at_once_have_their_bonds_back_for_one_freeze() -> Result<()> {
    let table = Table::new().await?;
    let (world, bond) = (&table.world, table.world.parameters.bond);
    let claimed = wrong_after(3);
    let signed = table.sign(8, claimed(8)).await?;
    let first = table.open(&signed).await?;
    let second = table.open_by(&world.cast.bob, &signed).await?;
    // They play side by side, and neither hinders the other.
    table.halve(first, &claimed, number).await?;
    for at in [4, 2, 3] {
        table.name(second, claimed(at)).await?;
        table.judge_by(&world.cast.bob, second, claimed(at) == number(at)).await?;
    }
    let later = table.execute(second).await?;
    assert_eq!((later.outcome, later.frozen, later.paid), (state::UPHELD, true, bond + bond), "with the deposit");
    let earlier = table.execute(first).await?;
    assert_eq!((earlier.outcome, earlier.frozen, earlier.paid), (state::UPHELD, false, bond), "nothing else is left");
    assert_eq!(world.chain.view(world.suite.slasher, &requestCountCall {}).await?, 1, "one freeze");
    assert_eq!(table.credit(table.challenger()).await?, bond);
    assert_eq!(table.credit(&world.cast.bob).await?, bond + bond);
    assert_eq!(table.held().await?, bond * U256::from(3));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_challenges_itself_and_gives_up_uses_nothing_up() -> Result<()> {
    let table = Table::new().await?;
    let (operator, bond) = (table.operator(), table.world.parameters.bond);
    let signed = table.sign(1, number(7)).await?;
    let own = table.open_by(operator, &signed).await?;
    let others = table.open(&signed).await?;
    // Its own clock began first, and runs out first.
    let deadline = table.position(own).await?.deadline;
    assert_eq!(table.execute(others).await?.outcome, state::UPHELD, "whatever becomes of the other game");
    table.world.chain.travel_to(deadline + 1).await?;
    assert_eq!(table.resolve(own).await?.outcome, state::REJECTED);
    assert_eq!(table.credit(operator).await?, bond, "its own bond");
    assert_eq!(table.credit(table.challenger()).await?, bond);

    let another = table.sign(1, number(8)).await?;
    let given_up = table.open_by(operator, &another).await?;
    table.wait(given_up).await?;
    table.world.chain.travel_to(table.world.chain.now().await? + 1).await?;
    assert_eq!(table.resolve(given_up).await?.outcome, state::REJECTED);
    let id = table.open(&another).await?;
    let ended = table.execute(id).await?;
    assert_eq!((ended.outcome, ended.frozen), (state::UPHELD, true), "the fault was not used up");
    Ok(())
}

#[tokio::test]
async fn the_next_move_after_a_lost_game_takes_a_new_deposit() -> Result<()> {
    let table = Table::new().await?;
    let (operator, bond) = (table.operator(), table.world.parameters.bond);
    let wrong = table.open(&table.sign(2, number(7)).await?).await?;
    let right = table.open(&table.sign(1_000, number(1_000)).await?).await?;
    table.name(wrong, number(1)).await?;
    table.judge(wrong, true).await?;
    assert_eq!(table.execute(wrong).await?.paid, bond + bond);
    let name = nameStateCall { gameId: right, at: 500, state: number(500) };
    table.refuse((operator, right), &name, U256::ZERO, &WrongBond { sent: U256::ZERO, bond }).await?;
    table.pay(operator, &name, bond).await?;
    assert_eq!(table.deposit().await?.openGames, 1);
    Ok(())
}
