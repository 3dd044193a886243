//! What the ratios of services make of an operator that lets them slash.

use crate::claims::Claim;
use crate::storage::Risk;
use alloy_primitives::Address;
use arithmetic::exposure::takes;
use arithmetic::risk::shared_part;
use common::Outcome;

impl Risk {
    /// The utilisation of an operator by the services with these claims, and how much of its budgets is of others.
    pub(crate) fn utilisation(&self, operator: Address, claims: &[Claim]) -> Outcome<(u128, u64)> {
        let budgets = self.budgets(operator)?;
        let mut unlisted = budgets.exclusive.saturating_add(budgets.shared());
        let (mut largest, mut shared) = (0u128, 0u128);
        for claim in claims {
            // Nothing is left that anybody could take.
            if unlisted == 0 {
                break;
            }
            let grant = self.grant(operator, claim.service())?;
            unlisted = unlisted.saturating_sub(grant.budget).saturating_sub(grant.pending);
            // A grant that ended backs no service any more, but what it can take is not there for others.
            if !grant.is_granted() || grant.budget == 0 {
                continue;
            }
            let ratio = claim.ratio();
            largest = largest.max(ratio);
            if !grant.exclusive {
                let takes = takes(&budgets, &grant, claim.penalty());
                shared = shared.saturating_add(shared_part(ratio, takes, budgets.beside_exclusive().into()));
            }
        }
        Ok((largest.max(shared), unlisted))
    }
}
