//! What the Slasher stores, as other contracts read it through `extsload`.

use crate::calls;
use crate::layout::{after, entry_of, field, limbs};
use crate::revert::Outcome;
use alloy_primitives::{Address, B256};
use arithmetic::grant::Grant;
use arithmetic::magnitude::Budgets;
use interfaces::ISlasher;
use stylus_sdk::prelude::*;

/// Its field with the pauses of queueing.
pub const QUEUE_PAUSES: u64 = 2;
/// Its field with the pauses of executing.
pub const EXECUTE_PAUSES: u64 = 3;
const GRANTS: u64 = 4;
const OPERATORS: u64 = 5;

/// Of what it stores by operator, the word with budgets and the present freeze.
pub const OUTLINE: u64 = 0;
const BESIDE: u64 = 1;
/// Of what it stores by operator, the word with its freezes.
pub const FREEZES: u64 = 2;

/// Of what it stores by operator and service, the word with the grant.
pub const GRANT: u64 = 0;
/// Of what it stores by operator and service, the word with what is announced.
pub const NOTICE: u64 = 1;

/// Where it stores what concerns an operator.
pub fn operator_slot(operator: Address) -> B256 {
    entry_of(operator, field(OPERATORS))
}

/// Where it stores what an operator lets a service do.
pub fn grant_slot(operator: Address, service: Address) -> B256 {
    entry_of(service, entry_of(operator, field(GRANTS)))
}

/// The four numbers, lowest first, of the word `index` of what it stores from `slot` on.
///
/// # Errors
/// What the Slasher reverted with.
#[inline(never)]
pub fn numbers(vm: &impl Host, slasher: Address, slot: B256, index: u64) -> Outcome<[u64; 4]> {
    Ok(limbs(calls::view(vm, slasher, &ISlasher::extsloadCall { slot: after(slot, index) })?))
}

/// The budgets of an operator.
///
/// # Errors
/// As [`numbers`].
pub fn budgets(vm: &impl Host, slasher: Address, operator: Address) -> Outcome<Budgets> {
    let slot = operator_slot(operator);
    let outline = numbers(vm, slasher, slot, OUTLINE)?;
    let budgets = Budgets::from_limbs(outline, [0; 4]);
    if budgets.is_plain() {
        return Ok(budgets);
    }
    Ok(Budgets::from_limbs(outline, numbers(vm, slasher, slot, BESIDE)?))
}

/// The grant of an operator to a service.
///
/// # Errors
/// As [`numbers`].
pub fn grant(vm: &impl Host, slasher: Address, operator: Address, service: Address) -> Outcome<Grant> {
    Ok(Grant::from_limbs(numbers(vm, slasher, grant_slot(operator, service), GRANT)?))
}
