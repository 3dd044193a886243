//! What the chain remembers of an activated program.

use revm::primitives::U256;
use stylus_program::params::ProgramParams;
use stylus_program::start_cost::ProgramCosts;

/// Activation times count hours from here: 16 January 2015, in seconds since the Unix epoch.
const EPOCH: u64 = 1_421_388_000;

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// The largest number of 24 bits.
const U24_MAX: u32 = 0xff_ffff;

/// A program's entry. A version of zero means that there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProgramEntry {
    /// The Stylus version it was activated for.
    pub(crate) version: u16,
    /// Its own cost of starting.
    pub(crate) init_cost: u16,
    /// Its own cost of starting from the cache.
    pub(crate) cached_init_cost: u16,
    /// Its initial pages.
    pub(crate) footprint: u16,
    /// Hours since the epoch; 24 bits.
    activated_at: u32,
    /// Size of the machine code in KiB, rounded up; 24 bits.
    asm_kb: u32,
    /// Whether a cache manager keeps it in the cache.
    pub(crate) cached: bool,
}

/// Why a program cannot run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inactive {
    /// It was never activated.
    NotActivated,
    /// It was activated for another Stylus version.
    NeedsUpgrade { version: u16, stylus_version: u16 },
    /// Its activation is too old, in seconds.
    Expired { age: u64 },
}

impl ProgramEntry {
    /// An entry for a program that is activated now.
    pub(crate) fn new(costs: ProgramCosts, asm_bytes: u32, now: u64, cached: bool) -> Self {
        Self {
            version: costs.version,
            init_cost: costs.init_cost,
            cached_init_cost: costs.cached_init_cost,
            footprint: costs.footprint,
            activated_at: hours(now),
            asm_kb: asm_bytes.div_ceil(1024).min(U24_MAX),
            cached,
        }
    }

    /// The program, if it can run.
    pub(crate) fn active(self, params: &ProgramParams, now: u64) -> Result<Self, Inactive> {
        if self.version == 0 {
            return Err(Inactive::NotActivated);
        }
        if self.version != params.version {
            return Err(Inactive::NeedsUpgrade { version: self.version, stylus_version: params.version });
        }
        if self.is_expired(params, now) {
            return Err(Inactive::Expired { age: self.age(now) });
        }
        Ok(self)
    }

    /// Whether the activation is too old.
    pub(crate) fn is_expired(&self, params: &ProgramParams, now: u64) -> bool {
        self.age(now) > u64::from(params.expiry_days).saturating_mul(DAY)
    }

    /// Whether the activation is too young to be prolonged.
    pub(crate) fn is_young(&self, params: &ProgramParams, now: u64) -> bool {
        self.age(now) < u64::from(params.keepalive_days).saturating_mul(DAY)
    }

    /// Seconds until the activation expires.
    pub(crate) fn time_left(&self, params: &ProgramParams, now: u64) -> u64 {
        u64::from(params.expiry_days).saturating_mul(DAY).saturating_sub(self.age(now))
    }

    /// Seconds since the activation.
    pub(crate) fn age(&self, now: u64) -> u64 {
        now.saturating_sub(EPOCH.saturating_add(u64::from(self.activated_at).saturating_mul(HOUR)))
    }

    /// Starts a new life now.
    pub(crate) fn renew(&mut self, now: u64) {
        self.activated_at = hours(now);
    }

    /// Size of the machine code in bytes, rounded up to KiB.
    pub(crate) fn asm_bytes(&self) -> u32 {
        self.asm_kb.saturating_mul(1024)
    }

    /// What decides the price of starting.
    pub(crate) fn costs(&self) -> ProgramCosts {
        ProgramCosts {
            version: self.version,
            init_cost: self.init_cost,
            cached_init_cost: self.cached_init_cost,
            footprint: self.footprint,
        }
    }

    /// The entry as a storage word: the fields in order, big-endian and left-aligned.
    pub(crate) fn encode(&self) -> U256 {
        let mut word = [0; 32];
        for (offset, value) in [(0, self.version), (2, self.init_cost), (4, self.cached_init_cost), (6, self.footprint)]
        {
            word[offset..offset + 2].copy_from_slice(&value.to_be_bytes());
        }
        for (offset, value) in [(8, self.activated_at), (11, self.asm_kb)] {
            word[offset..offset + 3].copy_from_slice(&value.to_be_bytes()[1..]);
        }
        word[14] = self.cached.into();
        U256::from_be_bytes(word)
    }

    /// The inverse of [`encode`](Self::encode).
    pub(crate) fn decode(word: U256) -> Self {
        let word = word.to_be_bytes::<32>();
        let two = |offset: usize| u16::from_be_bytes([word[offset], word[offset + 1]]);
        let three = |offset: usize| u32::from_be_bytes([0, word[offset], word[offset + 1], word[offset + 2]]);
        Self {
            version: two(0),
            init_cost: two(2),
            cached_init_cost: two(4),
            footprint: two(6),
            activated_at: three(8),
            asm_kb: three(11),
            cached: word[14] != 0,
        }
    }
}

/// Hours from the epoch to `now`.
fn hours(now: u64) -> u32 {
    u32::try_from(now.saturating_sub(EPOCH) / HOUR).unwrap_or(U24_MAX).min(U24_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(now: u64) -> ProgramEntry {
        let costs = ProgramCosts { version: 2, init_cost: 6_322, cached_init_cost: 1_657, footprint: 1 };
        ProgramEntry::new(costs, 874_578, now, true)
    }

    #[test]
    fn an_entry_survives_its_word() {
        let entry = entry(EPOCH + 5 * HOUR);
        assert_eq!(ProgramEntry::decode(entry.encode()), entry);
        // 874,578 bytes are 854.08 KiB, so 855 = 0x357; five hours; version 2; costs 0x18b2 and 0x679; one page;
        // cached.
        let word = format!("{:064x}", entry.encode());
        assert_eq!(&word[..30], "000218b2067900010000050003570\u{31}");
    }

    #[test]
    fn a_program_ages() {
        let params = ProgramParams::initial(51);
        let entry = entry(EPOCH + 10 * HOUR + 59);
        let start = EPOCH + 10 * HOUR;
        assert_eq!(entry.active(&params, start + 365 * DAY), Ok(entry));
        assert_eq!(entry.active(&params, start + 365 * DAY + 1), Err(Inactive::Expired { age: 365 * DAY + 1 }));
        assert!(entry.is_young(&params, start + 31 * DAY - 1));
        assert!(!entry.is_young(&params, start + 31 * DAY));
        assert_eq!(entry.time_left(&params, start + DAY), 364 * DAY);
    }

    #[test]
    fn versions_must_match() {
        let params = ProgramParams { version: 3, ..ProgramParams::initial(51) };
        assert_eq!(ProgramEntry::default().active(&params, 0), Err(Inactive::NotActivated));
        let wrong = Inactive::NeedsUpgrade { version: 2, stylus_version: 3 };
        assert_eq!(entry(EPOCH).active(&params, EPOCH), Err(wrong));
    }
}
