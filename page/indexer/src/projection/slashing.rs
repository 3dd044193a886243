//! Grants and requests, by the events of the Slasher.

use super::{Happened, ProjectionError};
use crate::storage::Storage;
use crate::tables::{GRANTS, MEMBERS, OPERATORS, REQUESTS};

pub(super) fn project(storage: &mut dyn Storage, happened: &Happened<'_>) -> Result<(), ProjectionError> {
    match happened.event.name.as_str() {
        "OptedIntoSlashing" | "GrantAnnounced" => {
            OPERATORS.put(storage, happened.block, &[happened.value("operator")?], &[])?;
            let grant = happened.values(["operator", "serviceManager"])?;
            Ok(GRANTS.put(storage, happened.block, &grant, &[])?)
        }
        "ServiceJoined" => {
            let member = happened.values(["serviceManager", "operator"])?;
            Ok(MEMBERS.put(storage, happened.block, &member, &[])?)
        }
        "SlashRequested" => {
            let request = [
                happened.value("operator")?,
                happened.value("serviceManager")?,
                happened.time(),
                happened.value("request")?,
            ];
            Ok(REQUESTS.put(storage, happened.block, &[happened.value("requestId")?], &request)?)
        }
        "SlashExecuted" | "SlashVetoed" | "SlashExpired" => {
            Ok(REQUESTS.end(storage, happened.block, &[happened.value("requestId")?])?)
        }
        _ => Ok(()),
    }
}
