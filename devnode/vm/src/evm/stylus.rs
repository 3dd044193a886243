//! The engine of programs, with those that it has compiled.

use crate::engine::{ModuleCache, Pace, WasmiEngine};
use crate::hostio::Invocation;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The compiled programs of this machine.
pub(crate) type Modules = ModuleCache<wasmi::Module>;

/// What runs programs: it outlives the transaction, and machines on several threads may share it.
pub(crate) struct Stylus {
    pub(crate) engine: WasmiEngine<Invocation>,
    modules: Mutex<Modules>,
}

impl Stylus {
    /// An engine with nothing compiled.
    pub(crate) fn new() -> Self {
        let pace = if cfg!(feature = "fast") { Pace::Whole } else { Pace::Slices };
        Self { engine: WasmiEngine::new(pace), modules: Mutex::new(ModuleCache::new()) }
    }

    /// The compiled programs. A panic elsewhere leaves them valid: an entry is made whole or not at all.
    pub(crate) fn modules(&self) -> MutexGuard<'_, Modules> {
        self.modules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
