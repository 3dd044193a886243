//! The challenges that an operator has to answer, remembered beside what it answers with: a start forgets none.

use super::tables::ASKED;
use super::{Store, StoreError};
use crate::cursor;
use alloy::primitives::B256;
use redb::{ReadableDatabase, ReadableTable};
use restake_daemon::origin::Origin;

/// A challenge to open a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its number.
    pub id: u64,
    /// The hash of the commitment that named the leaf.
    pub commitment: B256,
    /// The leaf.
    pub index: u64,
    /// Until when it can be answered, this second included (Unix seconds).
    pub deadline: u64,
    /// The transaction that made it.
    pub transaction: B256,
}

impl Store {
    /// The block up to which the chain was looked through.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn looked(&self) -> Result<Option<Origin>, StoreError> {
        cursor::looked(&self.database)
    }

    /// Remembers challenges, and that the chain was looked through up to a block.
    ///
    /// # Errors
    /// If the file cannot be used; then nothing is remembered.
    pub fn note(&self, challenges: &[Asked], looked: Origin) -> Result<(), StoreError> {
        let writing = self.database.begin_write()?;
        {
            let mut asked = writing.open_table(ASKED)?;
            for Asked { id, commitment, index, deadline, transaction } in challenges {
                asked.insert(id, (commitment.0, *index, *deadline, transaction.0))?;
            }
        }
        cursor::set_looked(&writing, looked)?;
        writing.commit()?;
        Ok(())
    }

    /// The challenges that are open as far as is known, the next deadline first.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn asked(&self) -> Result<Vec<Asked>, StoreError> {
        let table = self.database.begin_read()?.open_table(ASKED)?;
        let mut asked = Vec::new();
        for entry in table.iter()? {
            let (id, value) = entry?;
            let (commitment, index, deadline, transaction) = value.value();
            let (commitment, transaction) = (commitment.into(), transaction.into());
            asked.push(Asked { id: id.value(), commitment, index, deadline, transaction });
        }
        asked.sort_by_key(|challenge| challenge.deadline);
        Ok(asked)
    }

    /// Forgets a challenge that is over.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn settle(&self, id: u64) -> Result<(), StoreError> {
        let writing = self.database.begin_write()?;
        writing.open_table(ASKED)?.remove(id)?;
        writing.commit()?;
        Ok(())
    }
}
