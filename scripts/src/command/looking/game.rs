//! How a game about a computation stands.

use super::super::session::Session;
use super::show;
use alloy::primitives::Address;
use eyre::{Result, ensure};
use interfaces::IBisection::{gameOfCall, positionOfCall};
use restake::times;
use serde_json::json;

pub(crate) async fn game(session: &Session, bisection: Address, id: u64) -> Result<()> {
    let at = session.chain.view(bisection, &positionOfCall { gameId: id }).await?;
    ensure!(at.state != 0, "there is no game {id}");
    let of = session.chain.view(bisection, &gameOfCall { gameId: id }).await?;
    let due = times::seen_from(at.deadline, session.chain.now().await?);
    let is_one_step = at.last.saturating_sub(at.first) <= 1;
    let turn = match at.state {
        1 => format!("the operator names a state, until {due}"),
        2 if is_one_step => format!("the challenger executes the step, until {due}"),
        2 => format!("the challenger judges the state {}, until {due}", at.middleState),
        3 => format!("the operator executes the step, until {due}"),
        4 => "the result is wrong, and the freeze has to wait".to_owned(),
        5 => "over: the result is wrong".to_owned(),
        6 => "over: the result was not shown to be wrong".to_owned(),
        _ => "over: nobody could execute the step".to_owned(),
    };
    let lines = [
        format!("Game {id}: {} against {}", session.people.name(of.challenger), session.people.name(of.operator)),
        format!("  about {}, of {}", of.computation, times::at(of.taskTime)),
        format!("  they agree about the state after {} steps, and not after {}", at.first, at.last),
        format!("  {turn}"),
        format!("  {} s are left to the operator, {} s to the challenger", at.operatorClock, at.challengerClock),
    ];
    let value = json!({
        "game": id, "operator": of.operator, "challenger": of.challenger, "program": of.program,
        "computation": of.computation, "state": at.state, "first": at.first, "last": at.last,
        "firstState": at.firstState, "middleState": at.middleState, "lastState": at.lastState,
        "operatorClock": at.operatorClock, "challengerClock": at.challengerClock, "deadline": at.deadline,
    });
    show(session, &lines, &value);
    Ok(())
}
