//! An index: one connection that writes, and as many that read as are needed at once.

use crate::schema::{self, Block, Origin};
use crate::storage::{self, Access, Storage, StorageError, in_transaction};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Events of a suite, and what follows from them, in a database.
pub struct Index {
    writer: Mutex<Box<dyn Storage>>,
    readers: Mutex<Vec<Box<dyn Storage>>>,
}

/// How many connections are kept for readers to come.
const KEPT_READERS: usize = 16;

impl Index {
    /// Opens the one at a place (see [`storage::open`]).
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn open(place: &str) -> Result<Arc<Self>, StorageError> {
        let place = place.to_owned();
        let writer = Mutex::new(blocking(move || storage::open(&place)).await?);
        Ok(Arc::new(Self { writer, readers: Mutex::default() }))
    }

    /// What it is about, if it is about anything.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn origin(self: &Arc<Self>) -> Result<Option<Origin>, StorageError> {
        self.write(schema::origin).await
    }

    /// Forgets everything, and begins with the block before the suite.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn begin(self: &Arc<Self>, origin: Origin, before: Block) -> Result<(), StorageError> {
        // Connections of readers know the tables that are no more.
        lock(&self.readers).clear();
        self.write(move |storage| {
            schema::begin(storage, &origin)?;
            schema::put_block(storage, &before, 0)
        })
        .await
    }

    /// The last block that is indexed.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn head(self: &Arc<Self>) -> Result<Option<Block>, StorageError> {
        self.read(schema::head).await
    }

    /// The index as it is now, whatever is written afterwards, with the last block of that.
    ///
    /// # Errors
    /// [`StorageError`], also if it is not about anything yet.
    pub async fn snapshot(self: &Arc<Self>) -> Result<Snapshot, StorageError> {
        let index = Arc::clone(self);
        let opening = move || {
            let mut reader = index.reader()?;
            reader.begin(Access::Read)?;
            let block = schema::head(reader.as_mut())?.ok_or(StorageError::Unexpected { expected: "a block" })?;
            Ok(Snapshot { index, block, reader: Arc::new(Mutex::new(Some(reader))) })
        };
        blocking(opening).await
    }

    fn reader(&self) -> Result<Box<dyn Storage>, StorageError> {
        let kept = lock(&self.readers).pop();
        match kept {
            Some(reader) => Ok(reader),
            None => lock(&self.writer).another(),
        }
    }

    fn keep(&self, reader: Box<dyn Storage>) {
        let mut readers = lock(&self.readers);
        if readers.len() < KEPT_READERS {
            readers.push(reader);
        }
    }

    /// What `work` finds in one state of the index.
    ///
    /// # Errors
    /// Those of `work`, and [`StorageError`].
    pub async fn read<T, E>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut dyn Storage) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let index = Arc::clone(self);
        let reading = move || {
            let mut reader = index.reader()?;
            let found = in_transaction(reader.as_mut(), Access::Read, work);
            if found.is_ok() {
                index.keep(reader);
            }
            found
        };
        blocking(reading).await
    }

    /// Does what `work` does, or nothing of it.
    ///
    /// # Errors
    /// Those of `work`, and [`StorageError`].
    pub(crate) async fn write<T, E>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut dyn Storage) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let index = Arc::clone(self);
        blocking(move || in_transaction(lock(&index.writer).as_mut(), Access::Write, work)).await
    }
}

/// The index as it was at one time.
pub struct Snapshot {
    index: Arc<Index>,
    block: Block,
    reader: Arc<Mutex<Option<Box<dyn Storage>>>>,
}

impl Snapshot {
    /// The last block that was indexed.
    pub fn block(&self) -> Block {
        self.block
    }

    /// What `work` finds there.
    ///
    /// # Errors
    /// Those of `work`, and [`StorageError`].
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut dyn Storage) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let reader = Arc::clone(&self.reader);
        let reading = move || match lock(&reader).as_mut() {
            Some(reader) => work(reader.as_mut()),
            None => Err(StorageError::Unexpected { expected: "an open connection" }.into()),
        };
        blocking(reading).await
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let reader = lock(&self.reader).take();
        // Without a runtime the connection is closed, which ends the transaction as well.
        if let (Some(mut reader), Ok(runtime)) = (reader, tokio::runtime::Handle::try_current()) {
            let index = Arc::clone(&self.index);
            runtime.spawn_blocking(move || {
                if reader.run("COMMIT").is_ok() {
                    index.keep(reader);
                }
            });
        }
    }
}

/// A transaction that was interrupted is rolled back with its connection, so what is behind a lock is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StorageError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(broken) => match broken.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => {
                Err(StorageError::Failed { place: "this process".to_owned(), reason: error.to_string() }.into())
            }
        },
    }
}
