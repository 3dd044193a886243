//! The challenges that an operator has to answer, remembered beside what it answers with: a start forgets none.

use super::tables::{ASKED, HASHES, NUMBERS};
use super::{Store, StoreError};
use alloy::primitives::B256;
use redb::{ReadableDatabase, ReadableTable};
use restake_daemon::origin::Origin;

/// By which it is remembered how far the chain was looked through.
const LOOKED: &str = "looked";

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
}

impl Store {
    /// The block up to which the chain was looked through.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn looked(&self) -> Result<Option<Origin>, StoreError> {
        let reading = self.database.begin_read()?;
        let number = reading.open_table(NUMBERS)?.get(LOOKED)?.map(|number| number.value());
        let hash = reading.open_table(HASHES)?.get(LOOKED)?.map(|hash| hash.value().into());
        Ok(number.zip(hash).map(|(number, hash)| Origin { number, hash }))
    }

    /// Remembers challenges, and that the chain was looked through up to a block.
    ///
    /// # Errors
    /// If the file cannot be used; then nothing is remembered.
    pub fn note(&self, challenges: &[Asked], looked: Origin) -> Result<(), StoreError> {
        let writing = self.database.begin_write()?;
        {
            let mut asked = writing.open_table(ASKED)?;
            for Asked { id, commitment, index, deadline } in challenges {
                asked.insert(id, (commitment.0, *index, *deadline))?;
            }
            writing.open_table(NUMBERS)?.insert(LOOKED, looked.number)?;
            writing.open_table(HASHES)?.insert(LOOKED, looked.hash.0)?;
        }
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
            let (commitment, index, deadline) = value.value();
            asked.push(Asked { id: id.value(), commitment: commitment.into(), index, deadline });
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
