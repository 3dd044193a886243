//! Contracts that name each other. No constructor can name a contract that is constructed later, and an address that
//! follows from the constructor's arguments closes no circle. So some contracts are constructed with a connector, and
//! that account tells them of the others, once. Until then they hold zero addresses where those will be: nobody calls
//! from there, and [`crate::calls`] calls nobody there, so nothing can be done with them.

use crate::access;
use crate::revert::Outcome;
use crate::words::Emit;
use alloc::vec::Vec;
use alloy_primitives::Address;
use interfaces::IAccess;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageAddress;

/// Who may still connect a contract.
#[storage]
pub struct Connection {
    connector: StorageAddress,
}

impl Connection {
    /// Sets who connects, in a constructor.
    ///
    /// # Errors
    /// [`interfaces::IAccess::ZeroAddress`].
    pub fn begin(&mut self, connector: Address) -> Outcome {
        self.connector.set(access::nonzero(connector)?);
        Ok(())
    }

    /// Begins to connect: for the connector, and once.
    ///
    /// # Errors
    /// [`interfaces::IAccess::Unauthorized`].
    pub fn connect(&mut self) -> Outcome {
        access::only(self.vm(), self.connector.get())?;
        self.connector.set(Address::ZERO);
        self.vm().emit(&IAccess::Connected {});
        Ok(())
    }
}
