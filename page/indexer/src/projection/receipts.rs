//! Redemptions of the receipt, by the events of its desk.

use super::{Happened, ProjectionError};
use crate::storage::{Storage, Value, text};
use crate::tables::REDEMPTIONS;
use alloy::primitives::U256;

pub(super) fn project(storage: &mut dyn Storage, happened: &Happened<'_>) -> Result<(), ProjectionError> {
    let id = || happened.values(["id"]);
    match happened.event.name.as_str() {
        "RedemptionOpened" if !happened.amount("parts")?.is_zero() => {
            let account = happened.value("account")?;
            let [shares, paid, parts] = [happened.value("shares")?, happened.value("paid")?, happened.value("parts")?];
            let values = [account, happened.time(), shares, paid, "0".into(), parts];
            Ok(REDEMPTIONS.put(storage, happened.block, &id()?, &values)?)
        }
        "RedemptionClaimed" if happened.amount("left")?.is_zero() => {
            Ok(REDEMPTIONS.end(storage, happened.block, &id()?)?)
        }
        "RedemptionClaimed" => {
            let Some(mut values) = REDEMPTIONS.get(storage, &id()?)? else { return Ok(()) };
            let claimed: U256 = text(&values, 4)?;
            let claimed: Value = claimed.saturating_add(happened.amount("amount")?).to_string().into();
            values.truncate(4);
            values.extend([claimed, happened.value("left")?]);
            Ok(REDEMPTIONS.put(storage, happened.block, &id()?, &values)?)
        }
        _ => Ok(()),
    }
}
