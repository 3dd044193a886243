//! A batch with the accounts before it, in bytes: the number of accounts; of each its place, balance and nonce; and the
//! transfers. Numbers are big-endian.

use eyre::{Result, WrapErr, ensure, eyre};
use restake_computation::Tree;
use step::Cursor;
use transfers::{Account, Batch, Transfer};

/// The accounts before a batch, and its transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchData {
    /// Accounts by their places.
    pub accounts: Vec<(u32, Account)>,
    /// Transfers in their order.
    pub transfers: Vec<Transfer>,
}

/// The bytes of a transfer.
const TRANSFER: usize = 32;

impl BatchData {
    /// The state before the first transfer.
    #[must_use]
    pub fn first(&self) -> Batch<Tree> {
        let accounts = self.accounts.iter().map(|(place, account)| (*place, account.encode())).collect();
        let leaves = (0..).zip(&self.transfers).map(|(index, transfer)| (index, transfer.encode()));
        let length = u32::try_from(self.transfers.len()).unwrap_or(u32::MAX);
        Batch { accounts, transfers: leaves.collect(), length, next: 0 }
    }

    /// In how many steps it is done.
    #[must_use]
    pub fn steps(&self) -> u64 {
        u64::try_from(self.transfers.len()).unwrap_or(u64::MAX)
    }

    /// In bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let count = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
        let mut bytes = count.to_be_bytes().to_vec();
        for (place, account) in &self.accounts {
            bytes.extend(place.to_be_bytes());
            bytes.extend(account.encode());
        }
        self.transfers.iter().for_each(|transfer| bytes.extend(transfer.encode()));
        bytes
    }

    /// From bytes.
    ///
    /// # Errors
    /// If they are none of a batch.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let short = |_| eyre!("the batch is cut off");
        let mut cursor = Cursor::new(bytes);
        let count = cursor.u32().map_err(short)?;
        let (mut accounts, mut transfers) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let (place, leaf) = (cursor.u32().map_err(short)?, cursor.array().map_err(short)?);
            accounts.push((place, Account::decode(&leaf).map_err(short)?));
        }
        ensure!(accounts.is_sorted_by(|one, next| one.0 < next.0), "the accounts are not in order");
        while let Ok(leaf) = cursor.array::<TRANSFER>() {
            transfers.push(Transfer::decode(&leaf).map_err(short)?);
        }
        cursor.end().map_err(short).wrap_err("of the last transfer")?;
        Ok(Self { accounts, transfers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_what_was_written_and_cut_off_it_is_none() {
        let account = Account { balance: 7, nonce: 2 };
        let transfer = Transfer { from: 3, to: u32::MAX, amount: 5, nonce: 2 };
        let data = BatchData { accounts: vec![(3, account), (u32::MAX, account)], transfers: vec![transfer; 2] };
        let bytes = data.encode();
        assert_eq!(BatchData::decode(&bytes).unwrap(), data);
        assert_eq!((data.steps(), data.first().length), (2, 2));
        for cut in [0, 3, 4, 20, 59, 61, bytes.len() - 1] {
            assert!(BatchData::decode(&bytes[..cut]).is_err(), "{cut} bytes");
        }
        let unordered = BatchData { accounts: vec![(3, account), (3, account)], ..data };
        assert!(BatchData::decode(&unordered.encode()).is_err());
    }
}
