//! How much an operator does for strangers.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// How much an operator does for strangers. Beside it stand the quota of its store, and the tasks: data that no task
/// asks for is not kept.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest blob that is taken.
    pub longest_blob: usize,
    /// How many are looked at at once: each takes a core for a while, and a few times its length of memory.
    pub dispersals: usize,
    /// The least fee of a task for each begun mebibyte of its data (base units of the board's token): tasks that cost
    /// nothing could fill the disk.
    pub least_fee: u128,
    /// The bytes that a client sends and gets in a second, on average of some seconds.
    pub bytes_per_second: u64,
}

impl Limits {
    /// The least fee for so many bytes.
    pub(super) fn fee_for(&self, bytes: usize) -> u128 {
        let mebibytes = u128::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u128::MAX);
        self.least_fee.saturating_mul(mebibytes)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { longest_blob: 8 * 1024 * 1024, dispersals: 2, least_fee: 0, bytes_per_second: 32 * 1024 * 1024 }
    }
}

/// For how many seconds a client can save what it does not ask for.
const BURST: u64 = 4;

/// How many clients are told apart. Beyond it those who asked least are taken for new ones.
const MOST_CLIENTS: usize = 4_096;

/// What clients asked for lately.
pub(super) struct Rates {
    per_second: u64,
    clients: Mutex<BTreeMap<IpAddr, Spent>>,
}

/// The bytes that a client got, less what it could have had since.
struct Spent {
    bytes: u64,
    since: Instant,
}

impl Rates {
    pub(super) fn new(per_second: u64) -> Self {
        Self { per_second, clients: Mutex::default() }
    }

    /// Whether a client may have more now.
    pub(super) fn allows(&self, client: IpAddr) -> bool {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.get(&client).is_none_or(|spent| self.left_of(spent) < self.per_second.saturating_mul(BURST))
    }

    /// A client got so many bytes.
    pub(super) fn spend(&self, client: IpAddr, bytes: u64) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let before = clients.get(&client).map_or(0, |spent| self.left_of(spent));
        clients.insert(client, Spent { bytes: before.saturating_add(bytes), since: Instant::now() });
        if clients.len() > MOST_CLIENTS {
            clients.retain(|_, spent| self.left_of(spent) > self.per_second);
        }
    }

    fn left_of(&self, spent: &Spent) -> u64 {
        let millis = u64::try_from(spent.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        spent.bytes.saturating_sub(self.per_second.saturating_mul(millis) / 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn a_client_that_took_too_much_waits_and_others_do_not() {
        let rates = Rates::new(1_000);
        let client = |last| IpAddr::V4(Ipv4Addr::new(127, 0, 0, last));
        rates.spend(client(1), 4_000 + 60_000);
        assert!(!rates.allows(client(1)) && rates.allows(client(2)));
        rates.spend(client(2), 3_000);
        assert!(rates.allows(client(2)));
    }
}
