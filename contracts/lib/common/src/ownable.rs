//! Ownership that moves in two steps. A contract that has an owner stores an [`Ownership`] and passes the functions of
//! [`interfaces::IOwnable`] on to it.

use crate::access;
use crate::revert::Outcome;
use crate::words::Emit;
use alloc::vec::Vec;
use alloy_primitives::Address;
use interfaces::IOwnable;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageAddress;

/// Who owns a contract, and whom it is offered to.
#[storage]
pub struct Ownership {
    owner: StorageAddress,
    pending: StorageAddress,
}

impl Ownership {
    /// Sets the first owner, in a constructor.
    ///
    /// # Errors
    /// [`interfaces::IAccess::ZeroAddress`].
    pub fn begin(&mut self, owner: Address) -> Outcome {
        self.owner.set(access::nonzero(owner)?);
        self.vm().emit(&IOwnable::OwnershipTransferred { previousOwner: Address::ZERO, newOwner: owner });
        Ok(())
    }

    /// Refuses every caller but the owner.
    ///
    /// # Errors
    /// [`interfaces::IAccess::Unauthorized`].
    pub fn only_owner(&self) -> Outcome {
        access::only(self.vm(), self.owner.get())
    }

    /// The owner.
    pub fn owner(&self) -> Address {
        self.owner.get()
    }

    /// Whom the ownership is offered to.
    pub fn pending(&self) -> Address {
        self.pending.get()
    }

    /// Offers the ownership.
    ///
    /// # Errors
    /// [`interfaces::IAccess::Unauthorized`].
    pub fn offer(&mut self, new_owner: Address) -> Outcome {
        self.only_owner()?;
        self.pending.set(new_owner);
        self.vm().emit(&IOwnable::OwnershipTransferStarted { owner: self.owner.get(), pendingOwner: new_owner });
        Ok(())
    }

    /// Takes the ownership that was offered.
    ///
    /// # Errors
    /// [`interfaces::IAccess::Unauthorized`].
    pub fn accept(&mut self) -> Outcome {
        // Nobody calls from the zero address, so an offer to nobody is taken by nobody.
        access::only(self.vm(), self.pending.get())?;
        let (previous, new) = (self.owner.get(), self.pending.get());
        self.owner.set(new);
        self.pending.set(Address::ZERO);
        self.vm().emit(&IOwnable::OwnershipTransferred { previousOwner: previous, newOwner: new });
        Ok(())
    }
}
