//! A grant, what is announced to change it, and the freezes of an operator, each in one storage word of four 64-bit
//! numbers, lowest bits first, and its present freeze in one such number: as the Slasher writes them and the lens reads
//! them.

use crate::captures::Captures;

/// The last second at which a service can slash by a grant that was not ended: the largest time of 63 bits.
pub const NO_END: u64 = u64::MAX >> 1;

/// Where the tier stands in the number of that second.
const EXCLUSIVE: u64 = 1 << 63;

/// What an operator lets one service do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grant {
    /// What is left of the budget (wad).
    pub budget: u64,
    /// The budget as it came into force (wad).
    pub full_budget: u64,
    /// The sum of the service's open requests (wad).
    pub pending: u64,
    /// Last second at which the service may open a request: zero for no grant, [`NO_END`] while it was not ended.
    pub can_slash_until: u64,
    /// Whether it is, or what is announced will be, of the exclusive tier.
    pub exclusive: bool,
}

impl Grant {
    /// Whether it is in force and was not ended.
    pub fn is_granted(&self) -> bool {
        self.can_slash_until == NO_END
    }

    /// The end as views show it: the maximum for none.
    pub fn shown_end(&self) -> u64 {
        if self.is_granted() { u64::MAX } else { self.can_slash_until }
    }

    /// Unpacks a word.
    pub fn from_limbs([budget, full_budget, pending, last]: [u64; 4]) -> Self {
        Self { budget, full_budget, pending, can_slash_until: last & NO_END, exclusive: last & EXCLUSIVE != 0 }
    }

    /// Packs it into a word.
    pub fn to_limbs(self) -> [u64; 4] {
        let tier = if self.exclusive { EXCLUSIVE } else { 0 };
        [self.budget, self.full_budget, self.pending, self.can_slash_until.min(NO_END) | tier]
    }
}

/// What an operator announced to one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Notice {
    /// What is added to the budget (wad), zero for nothing.
    pub raise: u64,
    /// When it was announced (Unix seconds).
    pub announced_at: u64,
    /// For how many seconds queueing had been refused or paused until then.
    pub refused_before: u64,
}

impl Notice {
    /// Unpacks a word.
    pub fn from_limbs([raise, announced_at, refused_before, _]: [u64; 4]) -> Self {
        Self { raise, announced_at, refused_before }
    }

    /// Packs it into a word.
    pub fn to_limbs(self) -> [u64; 4] {
        [self.raise, self.announced_at, self.refused_before, 0]
    }
}

/// The present freeze of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freeze {
    /// When it began (Unix seconds, 40 bits), zero for no freeze.
    pub since: u64,
    /// How many requests are open (23 bits).
    pub open_requests: u64,
    /// Whether one was executed in it while others were open, which these have to know.
    pub noted: bool,
}

impl Freeze {
    /// How many bits hold the time, and the largest time.
    const TIME_BITS: u32 = 40;
    const MAX_TIME: u64 = (1 << Self::TIME_BITS) - 1;

    /// How many requests can be open at a time.
    pub const MAX_OPEN_REQUESTS: u64 = u64::MAX >> (Self::TIME_BITS + 1);

    /// The bit for [`Freeze::noted`].
    const NOTED: u64 = 1 << 63;

    /// Whether the operator is frozen.
    pub fn is_frozen(&self) -> bool {
        self.open_requests != 0
    }

    /// Counts one more open request: the first freezes the operator at `now`. `None` if there are
    /// [`Self::MAX_OPEN_REQUESTS`] already.
    pub fn opened(self, now: u64) -> Option<Self> {
        if self.open_requests >= Self::MAX_OPEN_REQUESTS {
            return None;
        }
        let since = if self.is_frozen() { self.since } else { now };
        Some(Self { since, open_requests: self.open_requests.saturating_add(1), ..self })
    }

    /// Counts one less: the last releases the operator.
    pub fn closed(self) -> Self {
        match self.open_requests.saturating_sub(1) {
            0 => Self::default(),
            open_requests => Self { open_requests, ..self },
        }
    }

    /// Unpacks a number.
    pub fn from_limb(limb: u64) -> Self {
        let open_requests = (limb >> Self::TIME_BITS) & Self::MAX_OPEN_REQUESTS;
        Self { since: limb & Self::MAX_TIME, open_requests, noted: limb & Self::NOTED != 0 }
    }

    /// Packs it into a number.
    pub fn to_limb(self) -> u64 {
        let noted = if self.noted { Self::NOTED } else { 0 };
        noted | (self.open_requests.min(Self::MAX_OPEN_REQUESTS) << Self::TIME_BITS) | self.since.min(Self::MAX_TIME)
    }
}

/// The freezes of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freezes {
    /// Sum of open requests (wad).
    pub pending: u64,
    /// When the last freeze ended (Unix seconds), zero for never.
    pub released_at: u64,
    /// For how many seconds freezes that ended refused queueing (32 bits).
    pub refused: u64,
    /// Open requests by the epoch of their capture (of which 32 bits are kept).
    pub captures: Captures,
}

impl Freezes {
    /// Unpacks a word.
    pub fn from_limbs([pending, released_at, halves, open]: [u64; 4]) -> Self {
        let [a, b, c, d, e, f, g, h] = open.to_le_bytes();
        let open = [[a, b], [c, d], [e, f], [g, h]].map(u16::from_le_bytes);
        let captures = Captures { newest: halves >> 32, open };
        Self { pending, released_at, refused: halves & u64::from(u32::MAX), captures }
    }

    /// Packs it into a word.
    pub fn to_limbs(self) -> [u64; 4] {
        let Self { pending, released_at, refused, captures: Captures { newest, open } } = self;
        let open = open.into_iter().rev().fold(0, |number, count| (number << 16) | u64::from(count));
        [pending, released_at, (newest << 32) | refused.min(u32::MAX.into()), open]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_unpacked_as_it_was_packed() {
        for exclusive in [false, true] {
            for can_slash_until in [0, 7, NO_END] {
                let grant = Grant { budget: 1, full_budget: 2, pending: 3, can_slash_until, exclusive };
                assert_eq!(Grant::from_limbs(grant.to_limbs()), grant);
                assert_eq!(grant.is_granted(), can_slash_until == NO_END);
            }
        }
        assert_eq!(Grant { can_slash_until: 7, ..Grant::default() }.shown_end(), 7);
        assert_eq!(Grant { can_slash_until: NO_END, ..Grant::default() }.shown_end(), u64::MAX);
        assert_eq!(Grant::default().to_limbs(), [0; 4], "no grant is an empty word");
        let notice = Notice { raise: 1, announced_at: 2, refused_before: 3 };
        assert_eq!(Notice::from_limbs(notice.to_limbs()), notice);
    }

    #[test]
    fn the_first_request_freezes_and_the_last_releases() {
        let first = Freeze::default().opened(7).unwrap();
        assert_eq!((Freeze::default().is_frozen(), first.is_frozen()), (false, true));
        assert_eq!(first, Freeze { since: 7, open_requests: 1, noted: false });
        let second = first.opened(9).unwrap();
        assert_eq!(second, Freeze { open_requests: 2, ..first }, "frozen since the first");
        let noted = Freeze { noted: true, ..second };
        assert_eq!((noted.opened(9).map(|freeze| freeze.noted), noted.closed().noted), (Some(true), true));
        assert_eq!(noted.closed().closed(), Freeze::default(), "noted until the release");
        assert_eq!((second.closed(), first.closed()), (first, Freeze::default()));
        assert_eq!(Freeze::default().closed(), Freeze::default());
    }

    #[test]
    fn the_count_of_open_requests_never_reaches_the_time_nor_wraps() {
        let full = Freeze { since: 5, open_requests: 8_388_607, noted: true };
        assert_eq!((Freeze { open_requests: 8_388_606, ..full }.opened(9), full.opened(9)), (Some(full), None));
        assert_eq!(Freeze { open_requests: u64::MAX, ..full }.opened(9), None);
        for freeze in [Freeze::default(), full, Freeze { since: (1 << 40) - 1, ..full }, full.closed()] {
            assert_eq!(Freeze::from_limb(freeze.to_limb()), freeze);
        }
        assert_eq!(Freeze::default().to_limb(), 0, "nothing is an empty part of a word");
        let beyond = Freeze { since: u64::MAX, open_requests: u64::MAX, noted: true };
        assert_eq!(beyond.to_limb(), u64::MAX, "a later time and a larger count are the largest");
        let late = Freeze { since: 1 << 40, open_requests: 1, noted: false };
        assert_eq!(Freeze::from_limb(late.to_limb()), Freeze { since: (1 << 40) - 1, ..late });
    }

    #[test]
    fn freezes_are_unpacked_as_they_were_packed() {
        let captures = Captures { newest: u64::from(u32::MAX), open: [1, 2, 3, u16::MAX] };
        let freezes = Freezes { pending: u64::MAX, released_at: 5, refused: 7, captures };
        assert_eq!(Freezes::from_limbs(freezes.to_limbs()), freezes);
        let endless = Freezes { refused: u64::MAX, ..freezes };
        assert_eq!(Freezes::from_limbs(endless.to_limbs()).refused, u32::MAX.into());
    }
}
