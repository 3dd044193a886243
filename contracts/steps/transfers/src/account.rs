//! Accounts and transfers, and the bytes that they are in their trees.

use step::{Cursor, WrongWitness};

/// What an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// Base units of the token.
    pub balance: u128,
    /// How many transfers it has made.
    pub nonce: u64,
}

/// A transfer between two accounts, which are known by their places in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Who pays.
    pub from: u32,
    /// Who is paid.
    pub to: u32,
    /// Base units of the token.
    pub amount: u128,
    /// The payer's nonce, so that no transfer is made twice.
    pub nonce: u64,
}

impl Account {
    /// As a leaf.
    #[must_use]
    pub fn encode(&self) -> [u8; 24] {
        let (mut bytes, fields) = ([0; 24], self.balance.to_be_bytes().into_iter().chain(self.nonce.to_be_bytes()));
        bytes.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        bytes
    }

    /// From a leaf.
    ///
    /// # Errors
    /// None: the leaf is as long as it must be.
    pub fn decode(bytes: &[u8; 24]) -> Result<Self, WrongWitness> {
        let mut cursor = Cursor::new(bytes);
        Ok(Self { balance: cursor.u128()?, nonce: cursor.u64()? })
    }

    /// After it made a transfer, if it can.
    pub(crate) fn paying(self, transfer: &Transfer) -> Option<Self> {
        if self.nonce != transfer.nonce {
            return None;
        }
        Some(Self { balance: self.balance.checked_sub(transfer.amount)?, nonce: self.nonce.checked_add(1)? })
    }

    /// After it was paid, if it has room for that.
    pub(crate) fn paid(self, transfer: &Transfer) -> Option<Self> {
        Some(Self { balance: self.balance.checked_add(transfer.amount)?, ..self })
    }
}

impl Transfer {
    /// As a leaf.
    #[must_use]
    pub fn encode(&self) -> [u8; 32] {
        let accounts = self.from.to_be_bytes().into_iter().chain(self.to.to_be_bytes());
        let fields = accounts.chain(self.amount.to_be_bytes()).chain(self.nonce.to_be_bytes());
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        bytes
    }

    /// From a leaf.
    ///
    /// # Errors
    /// None: the leaf is as long as it must be.
    pub fn decode(bytes: &[u8; 32]) -> Result<Self, WrongWitness> {
        let mut cursor = Cursor::new(bytes);
        Ok(Self { from: cursor.u32()?, to: cursor.u32()?, amount: cursor.u128()?, nonce: cursor.u64()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_say_what_they_were_made_of() {
        let account = Account { balance: u128::MAX - 1, nonce: 3 };
        assert_eq!(Account::decode(&account.encode()), Ok(account));
        let transfer = Transfer { from: 1, to: u32::MAX, amount: 1 << 100, nonce: u64::MAX - 2 };
        assert_eq!(Transfer::decode(&transfer.encode()), Ok(transfer));
    }

    #[test]
    fn an_account_pays_with_its_next_nonce_what_it_has() {
        let account = Account { balance: 10, nonce: 4 };
        let transfer = Transfer { from: 0, to: 1, amount: 10, nonce: 4 };
        assert_eq!(account.paying(&transfer), Some(Account { balance: 0, nonce: 5 }));
        assert_eq!(account.paying(&Transfer { amount: 11, ..transfer }), None);
        assert_eq!(account.paying(&Transfer { nonce: 3, ..transfer }), None);
        assert_eq!(account.paying(&Transfer { nonce: 5, ..transfer }), None);
        let last = Account { nonce: u64::MAX, ..account };
        assert_eq!(last.paying(&Transfer { nonce: u64::MAX, ..transfer }), None);
    }

    #[test]
    fn nobody_is_paid_more_than_it_has_room_for() {
        let transfer = Transfer { from: 0, to: 1, amount: 10, nonce: 4 };
        let rich = Account { balance: u128::MAX - 10, nonce: 0 };
        assert_eq!(rich.paid(&transfer), Some(Account { balance: u128::MAX, nonce: 0 }));
        assert_eq!(Account { balance: u128::MAX - 9, nonce: 0 }.paid(&transfer), None);
    }
}
