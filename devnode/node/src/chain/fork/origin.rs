//! The state at the forked block, as far as it was looked at.

use super::ForkError;
use super::fetch::Far;
use super::known::{FarAccount, Known};
use super::log::Log;
use super::piece::{Piece, PieceName};
use super::point::Point;
use alloy::primitives::{Address, B256, U256};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use stylus_vm::revm::state::Bytecode;

/// How many pieces are given at a time.
const SOME_PIECES: usize = 1_024;

/// The state at the forked block. Clones share what was fetched.
#[derive(Clone, Debug)]
pub(crate) struct Origin(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    point: Point,
    /// Who is asked. Nobody, if the fork was loaded from a file.
    far: Option<Far>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    known: Known,
    /// The names of all pieces, in the order in which they were fetched.
    order: Vec<PieceName>,
    log: Option<Log>,
}

impl Origin {
    /// A state of which much is still to be fetched.
    pub(super) fn fetching(far: Far, log: Option<Log>, known: Known) -> Self {
        let order = known.names().collect();
        Self(Arc::new(Shared { point: far.point, far: Some(far), kept: Mutex::new(Kept { known, order, log }) }))
    }

    /// A state of which nothing more can be fetched. What was fetched before is added to it.
    pub(crate) fn fetched(point: Point) -> Self {
        let kept = Kept { known: Known::default(), order: Vec::new(), log: None };
        Self(Arc::new(Shared { point, far: None, kept: Mutex::new(kept) }))
    }

    /// Adds a piece that was fetched before.
    ///
    /// # Errors
    ///
    /// The account whose code is another.
    pub(crate) fn add(&self, piece: Piece) -> Result<(), Address> {
        let mut kept = self.kept();
        let name = piece.name();
        kept.known.add(piece)?;
        kept.order.push(name);
        Ok(())
    }

    /// Some of the pieces after the first ones, in the order in which they were fetched; none if there are no more.
    pub(crate) fn pieces(&self, after: usize) -> Vec<Piece> {
        let kept = self.kept();
        let names = kept.order.get(after..).unwrap_or_default().iter().take(SOME_PIECES);
        names.map_while(|name| kept.known.piece(*name)).collect()
    }

    /// How many pieces there are.
    pub(crate) fn count(&self) -> usize {
        self.kept().order.len()
    }

    /// Whether both share what was fetched.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Where the fork begins.
    pub(crate) fn point(&self) -> Point {
        self.0.point
    }

    /// Where more is fetched from, without what may be a secret; none if nowhere.
    pub(crate) fn node(&self) -> Option<String> {
        self.0.far.as_ref().map(|far| far.node.name())
    }

    /// What the other node answers. Nothing of it is kept.
    pub(crate) fn ask(&self, method: &'static str, params: &Value) -> Result<Value, ForkError> {
        let gone = || ForkError::NotFetched(format!("what was before block {}", self.point().number));
        self.0.far.as_ref().ok_or_else(gone)?.node.ask(method, params)
    }

    /// All that was fetched so far.
    pub(crate) fn known(&self) -> Known {
        self.kept().known.clone()
    }

    /// An account.
    pub(crate) fn account(&self, address: Address) -> Result<FarAccount, ForkError> {
        if let Some(account) = self.kept().known.accounts.get(&address) {
            return Ok(*account);
        }
        let far = self.0.far.as_ref().ok_or_else(|| ForkError::NotFetched(format!("the account {address}")))?;
        let (account, code) = far.account(address)?;
        self.kept().remember(Piece::Account { address, account, code: code.original_bytes() });
        Ok(account)
    }

    /// A code that an account was found with.
    pub(crate) fn code(&self, hash: B256) -> Option<Bytecode> {
        self.kept().known.codes.get(&hash).cloned()
    }

    /// A slot of an account.
    pub(crate) fn slot(&self, address: Address, slot: U256) -> Result<U256, ForkError> {
        if let Some(value) = self.kept().known.slot(address, slot) {
            return Ok(value);
        }
        let far = self.0.far.as_ref().ok_or_else(|| ForkError::no_slot(address, slot))?;
        let value = far.slot(address, slot)?;
        self.kept().remember(Piece::Slot { address, slot, value });
        Ok(value)
    }

    /// The hash of a block before the forked one.
    pub(crate) fn block_hash(&self, number: u64) -> Result<B256, ForkError> {
        if let Some(hash) = self.kept().known.hashes.get(&number) {
            return Ok(*hash);
        }
        let far = self.0.far.as_ref().ok_or_else(|| ForkError::NotFetched(format!("the hash of block {number}")))?;
        let hash = far.block_hash(number)?;
        self.kept().remember(Piece::Hash { number, hash });
        Ok(hash)
    }

    /// A panic elsewhere leaves what was fetched valid: a piece is added whole or not at all.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Keeps a piece. A disk that is full only costs that it is fetched again another day.
    fn remember(&mut self, piece: Piece) {
        if self.log.as_mut().is_some_and(|log| log.add(&piece).is_err()) {
            self.log = None;
        }
        let name = piece.name();
        // Its code was hashed when it came.
        if self.known.add(piece).is_ok() {
            self.order.push(name);
        }
    }
}
