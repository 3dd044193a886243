//! Whoever is right and moves in time wins against anybody who moves at random: names what was never a state, judges by
//! chance, lets its clock run, passes, executes, or goes away. `RESTAKE_GAMES` sets how many games are played,
//! `RESTAKE_GAMES_SEED` what chance there is.

use super::table::{Table, execution, number, passing, wrong_after};
use crate::service::support::tick;
use alloy::primitives::{B256, U256};
use arithmetic::bisection::state::{CHALLENGER, DRAWN, OPERATOR, PASSED, REJECTED, UPHELD};
use eyre::{Result, WrapErr, ensure};
use fastrand::Rng;

/// A setting of the environment.
fn setting(name: &str, default: u64) -> Result<u64> {
    std::env::var(name).map_or(Ok(default), |text| text.parse().wrap_err_with(|| format!("{name}={text}")))
}

/// Who plays by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Careless {
    /// An operator that signed a wrong result.
    Operator,
    /// A challenger of a right one.
    Challenger,
}

#[tokio::test]
async fn who_is_right_and_in_time_wins_against_anybody_who_moves_at_random() -> Result<()> {
    let (games, seed) = (setting("RESTAKE_GAMES", 40)?, setting("RESTAKE_GAMES_SEED", 1_830)?);
    println!("{games} games, RESTAKE_GAMES_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let mut table = Table::new().await?;
    for game in 0..games {
        // Of one operator many requests would leave no budget.
        if game % 8 == 0 {
            table = Table::new().await?;
        }
        tick(&table.world).await?;
        let steps = random.u64(0..40);
        let careless = if random.bool() { Careless::Operator } else { Careless::Challenger };
        let right = careless == Careless::Challenger;
        let output = if right { number(steps) } else { wrong_after(steps)(steps + random.u64(1..9)) };
        let id = table.open(&table.sign(steps, output).await?).await?;
        let outcome = play(&table, &mut random, id, careless).await.wrap_err_with(|| format!("game {game}"))?;
        let expected = if right { REJECTED } else { UPHELD };
        ensure!(outcome == expected, "game {game} of {steps} steps, {careless:?}: it ended in {outcome}");
    }
    Ok(())
}

/// Both move until the game is over. Returns how it ended.
async fn play(table: &Table, random: &mut Rng, id: u64, careless: Careless) -> Result<u8> {
    loop {
        let position = table.position(id).await?;
        if position.state > PASSED {
            check_books(table, id).await?;
            return Ok(position.state);
        }
        let turn = if position.state == CHALLENGER { Careless::Challenger } else { Careless::Operator };
        let one_step = position.last - position.first <= 1;
        if turn == careless {
            // Some of its clock, sometimes all of it.
            let left = position.deadline.saturating_sub(table.world.chain.now().await?);
            let wait = if random.u8(0..12) == 0 { left + 1 } else { random.u64(0..=left / 4) };
            table.world.chain.travel_to(table.world.chain.now().await? + wait).await?;
            if wait > left {
                table.resolve(id).await?;
                continue;
            }
            match position.state {
                OPERATOR => {
                    drop(table.name(id, any_state(random, &position.firstState, table.middle(id).await?)).await?)
                }
                PASSED => drop(table.act(table.operator(), &execution(id)).await?),
                _ if !one_step => drop(table.judge(id, random.bool()).await?),
                _ if random.bool() => drop(table.act(table.challenger(), &passing(id)).await?),
                _ => drop(table.act(table.challenger(), &execution(id)).await?),
            }
        } else {
            match position.state {
                OPERATOR => drop(table.name(id, number(table.middle(id).await?)).await?),
                CHALLENGER if !one_step => {
                    let is_right = position.middleState == number(table.middle(id).await?);
                    drop(table.judge(id, is_right).await?);
                }
                CHALLENGER => drop(table.act(table.challenger(), &execution(id)).await?),
                _ => drop(table.act(table.operator(), &execution(id)).await?),
            }
        }
    }
}

/// A state that an operator may name that does not care.
fn any_state(random: &mut Rng, last_agreed: &B256, at: u64) -> B256 {
    match random.u8(0..4) {
        0 => number(at),
        1 => *last_agreed,
        2 => number(at + random.u64(1..5)),
        _ => B256::from(U256::from(random.u128(..))),
    }
}

/// What the contract holds is what it owes: bonds in are bonds out.
async fn check_books(table: &Table, id: u64) -> Result<()> {
    let (deposit, mut owed) = (table.deposit().await?, U256::ZERO);
    ensure!(deposit.openGames == 0, "game {id} counts still");
    for who in [table.operator(), table.challenger()] {
        owed += table.credit(who).await?;
    }
    ensure!(table.held().await? == owed + deposit.deposit, "after game {id} it holds something else than it owes");
    ensure!(table.state(id).await? != DRAWN, "game {id} was drawn, though its steps can be executed");
    Ok(())
}
