//! Ownership that moves in two steps.

use crate::{Answer, Protocol, only};
use alloy_primitives::Address;
use interfaces::IOwnable::{OwnershipTransferStarted, OwnershipTransferred};

/// Who owns a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ownership {
    /// The owner.
    pub owner: Address,
    /// Whom the ownership is offered to; the zero address for nobody.
    pub pending: Address,
}

impl Protocol {
    /// Who owns a contract; the zero address for one without an owner.
    pub fn owner_of(&self, contract: Address) -> Address {
        self.owners.get(&contract).copied().unwrap_or_default().owner
    }

    /// Owner: offers the ownership.
    pub fn transfer_ownership(&mut self, caller: Address, contract: Address, new_owner: Address) -> Answer {
        only(caller, self.owner_of(contract))?;
        self.owners.entry(contract).or_default().pending = new_owner;
        self.log(contract, OwnershipTransferStarted { owner: caller, pendingOwner: new_owner });
        Ok(())
    }

    /// Whoever the ownership was offered to: takes it.
    pub fn accept_ownership(&mut self, caller: Address, contract: Address) -> Answer {
        let ownership = self.owners.get(&contract).copied().unwrap_or_default();
        only(caller, ownership.pending)?;
        self.owners.insert(contract, Ownership { owner: caller, pending: Address::ZERO });
        self.log(contract, OwnershipTransferred { previousOwner: ownership.owner, newOwner: caller });
        Ok(())
    }
}
