//! Compiled programs, so that a program is compiled once and not on each call.

use revm::primitives::{B256, HashMap};

/// The most programs that stay compiled. A compiled program of 40 KB takes about 1 MB.
const CAPACITY: usize = 256;

/// Compiled programs by code hash and Stylus version. It is a cache of pure functions of the code: blocks, reverts and
/// `eth_call` with replaced code leave it valid.
pub(crate) struct ModuleCache<M> {
    modules: HashMap<(B256, u16), Entry<M>>,
    clock: u64,
}

struct Entry<M> {
    module: M,
    last_used: u64,
}

impl<M: Clone> ModuleCache<M> {
    /// An empty cache.
    pub(crate) fn new() -> Self {
        Self { modules: HashMap::default(), clock: 0 }
    }

    /// The module of this code, made by `compile` if it is not here.
    pub(crate) fn get_or_compile<E>(
        &mut self,
        code_hash: B256,
        version: u16,
        compile: impl FnOnce() -> Result<M, E>,
    ) -> Result<M, E> {
        self.clock = self.clock.saturating_add(1);
        let last_used = self.clock;
        if let Some(entry) = self.modules.get_mut(&(code_hash, version)) {
            entry.last_used = last_used;
            return Ok(entry.module.clone());
        }
        let module = compile()?;
        if self.modules.len() >= CAPACITY {
            self.evict();
        }
        self.modules.insert((code_hash, version), Entry { module: module.clone(), last_used });
        Ok(module)
    }

    /// Drops the module that was not used for the longest time.
    fn evict(&mut self) {
        let oldest = self.modules.iter().min_by_key(|(_, entry)| entry.last_used).map(|(key, _)| *key);
        if let Some(key) = oldest {
            self.modules.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn get(cache: &mut ModuleCache<u8>, hash: usize, module: u8) -> u8 {
        let key = B256::left_padding_from(&hash.to_be_bytes());
        cache.get_or_compile(key, 2, || Ok::<_, Infallible>(module)).unwrap_or_default()
    }

    #[test]
    fn a_module_is_compiled_once() {
        let mut cache = ModuleCache::new();
        assert_eq!((get(&mut cache, 1, 7), get(&mut cache, 1, 8)), (7, 7));
    }

    #[test]
    fn the_least_recently_used_module_goes_first() {
        let mut cache = ModuleCache::new();
        for hash in 0..CAPACITY {
            get(&mut cache, hash, 1);
        }
        get(&mut cache, 0, 1);
        get(&mut cache, CAPACITY, 1);
        assert_eq!(get(&mut cache, 0, 2), 1, "used again before the eviction");
        assert_eq!(get(&mut cache, 1, 2), 2, "evicted and compiled again");
    }
}
