//! Who serves, and what is disputed, by the events of contracts that services bring. They say what they like: nothing
//! that they say is about another service.

use super::{Happened, ProjectionError};
use crate::storage::Storage;
use crate::tables::{CHALLENGES, GAMES, MEMBERS, SERVICES};

pub(super) fn project(storage: &mut dyn Storage, happened: &Happened<'_>) -> Result<(), ProjectionError> {
    let here = happened.contract;
    match happened.event.name.as_str() {
        "OperatorDeregistered" => {
            let operator = happened.value("operator")?;
            for service in SERVICES.current(storage, &[("registry", here.into())])? {
                let service = service.into_iter().take(1);
                let member: Vec<_> = service.chain([operator.clone()]).collect();
                MEMBERS.end(storage, happened.block, &member)?;
            }
            Ok(())
        }
        "AvailabilityChallenged" => {
            let values = happened.values(["operator", "challenger", "commitment", "index", "deadline"])?;
            Ok(CHALLENGES.put(storage, happened.block, &[here.into(), happened.value("challengeId")?], &values)?)
        }
        "ChallengeAnswered" | "ChallengeRanOut" => {
            Ok(CHALLENGES.end(storage, happened.block, &[here.into(), happened.value("challengeId")?])?)
        }
        "ComputationChallenged" => {
            let values = happened.values(["operator", "challenger", "computation"])?;
            Ok(GAMES.put(storage, happened.block, &[here.into(), happened.value("gameId")?], &values)?)
        }
        "GameEnded" => Ok(GAMES.end(storage, happened.block, &[here.into(), happened.value("gameId")?])?),
        _ => Ok(()),
    }
}
