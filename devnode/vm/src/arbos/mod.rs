//! The chain's own state: the storage of one account, divided into spaces.

mod address_set;
mod address_table;
mod found;
mod genesis;
mod l1_pricing;
mod l2_pricing;
mod outbox;
mod program_entry;
mod programs;
mod root;
mod slots;
mod space;
mod storage;
mod upgrade;

pub(crate) use address_set::AddressSet;
pub(crate) use address_table::AddressTable;
pub use found::FoundChain;
pub(crate) use genesis::genesis;
pub(crate) use l1_pricing::{BATCH_POSTER, FUNDS_POOL, L1Parameter, L1Pricing};
pub(crate) use l2_pricing::{Constraint, L2Parameter, L2Pricing};
pub(crate) use outbox::{Outbox, root as outbox_root};
pub(crate) use program_entry::{Inactive, ProgramEntry};
pub(crate) use programs::Programs;
pub(crate) use root::Root;
pub(crate) use slots::Slots;
pub(crate) use space::Space;
pub(crate) use storage::{Storage, insert_account};
pub(crate) use upgrade::upgrade_if_due;

use revm::primitives::{Address, address};

/// The account whose storage is the state. Its nonce is 1, so that it never counts as empty.
pub const ARBOS_ADDRESS: Address = address!("0xA4B05FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
