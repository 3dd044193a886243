//! The state, and the rule for the next one.

use crate::{Account, Transfer};
use alloc::vec::Vec;
use alloy_primitives::B256;
use step::{Cursor, Opened, Rooted, State, Trees, WrongWitness};

/// A batch of transfers on its way: `T` stands for its trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T> {
    /// The [`Account`]s by number.
    pub accounts: T,
    /// The [`Transfer`]s in their order.
    pub transfers: T,
    /// How many transfers there are.
    pub length: u32,
    /// How many of them are done.
    pub next: u32,
}

impl<T: Rooted + Clone> State for Batch<T> {
    const TAG: &'static [u8] = b"transfers";
    type Tree = T;

    fn fields(&self) -> Vec<u8> {
        let mut fields = Vec::with_capacity(72);
        fields.extend_from_slice(self.accounts.root().as_slice());
        fields.extend_from_slice(self.transfers.root().as_slice());
        fields.extend_from_slice(&self.length.to_be_bytes());
        fields.extend_from_slice(&self.next.to_be_bytes());
        fields
    }

    fn advance<H: Trees<Tree = T>>(&mut self, trees: &mut H) -> Result<(), WrongWitness> {
        if self.next >= self.length {
            return Ok(());
        }
        let (transfer, _) = trees.open(&self.transfers, self.next)?;
        // Below the length, so there is a number after it.
        self.next = self.next.saturating_add(1);
        // A batch that is shorter than it says has nothing to do in its last steps.
        let Some(transfer) = transfer else { return Ok(()) };
        let mut accounts = self.accounts.clone();
        if make(trees, &mut accounts, &Transfer::decode(&transfer)?)? {
            self.accounts = accounts;
        }
        Ok(())
    }
}

impl Opened for Batch<B256> {
    fn read(fields: &mut Cursor<'_>) -> Result<Self, WrongWitness> {
        Ok(Self { accounts: fields.hash()?, transfers: fields.hash()?, length: fields.u32()?, next: fields.u32()? })
    }
}

/// Makes a transfer. Returns whether it could be made; if not, the accounts are not to be used.
fn make<H: Trees>(trees: &mut H, accounts: &mut H::Tree, transfer: &Transfer) -> Result<bool, WrongWitness> {
    let (payer, place) = trees.open(accounts, transfer.from)?;
    let Some(payer) = known(payer)?.and_then(|payer| payer.paying(transfer)) else { return Ok(false) };
    trees.replace(accounts, place, Some(payer.encode()));
    // Opened after the payer has paid: who pays itself has what it had.
    let (payee, place) = trees.open(accounts, transfer.to)?;
    let Some(payee) = known(payee)?.and_then(|payee| payee.paid(transfer)) else { return Ok(false) };
    trees.replace(accounts, place, Some(payee.encode()));
    Ok(true)
}

fn known(leaf: Option<[u8; 24]>) -> Result<Option<Account>, WrongWitness> {
    leaf.map(|bytes| Account::decode(&bytes)).transpose()
}
