//! Slash requests by the epoch in which they were captured: how many are open, and what executed ones took.
//!
//! Only the last epochs matter. A request lives for nine days and the overlap of one pause, 16 days at most, so one
//! that was captured more than three epochs ago has expired.

/// Open requests, counted by the epoch of their capture, for the newest such epoch and the three before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captures {
    /// The newest epoch in which a request was captured.
    pub newest: u64,
    /// How many that were captured in `newest`, and one, two and three epochs before it, are open.
    pub open: [u16; 4],
}

impl Captures {
    /// Counts one more that is captured in `epoch`, which is not before the newest. `None` if 65,535 are open already.
    pub fn opened(mut self, epoch: u64) -> Option<Self> {
        self.open = shifted(self.open, epoch.saturating_sub(self.newest));
        self.newest = self.newest.max(epoch);
        let [first, ..] = &mut self.open;
        *first = first.checked_add(1)?;
        Some(self)
    }

    /// Counts one less that was captured in `epoch`.
    pub fn closed(mut self, epoch: u64) -> Self {
        if let Some(count) = self.place(epoch).and_then(|place| self.open.get_mut(place)) {
            *count = count.saturating_sub(1);
        }
        self
    }

    /// Whether one that was captured in one of the three epochs before `release_epoch` is open: it still reaches what
    /// is released then.
    pub fn hold(&self, release_epoch: u64) -> bool {
        (1..=3).any(|before| {
            let place = release_epoch.checked_sub(before).and_then(|epoch| self.place(epoch));
            place.and_then(|place| self.open.get(place)).is_some_and(|count| *count != 0)
        })
    }

    fn place(&self, epoch: u64) -> Option<usize> {
        self.newest.checked_sub(epoch).and_then(|back| usize::try_from(back).ok())
    }
}

/// What executed requests took of the magnitude, by the epoch of their capture, for an epoch and the two before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Executed {
    /// The newest epoch of a capture that was executed.
    pub newest: u64,
    /// What was taken by requests captured in `newest`, and one and two epochs before it.
    pub taken: [u64; 3],
}

impl Executed {
    /// Counts what a request that was captured in `epoch` took. What is older than two epochs before the newest no open
    /// request needs to know.
    pub fn add(mut self, epoch: u64, taken: u64) -> Self {
        self.taken = shifted(self.taken, epoch.saturating_sub(self.newest));
        self.newest = self.newest.max(epoch);
        let place = self.newest.checked_sub(epoch).and_then(|back| usize::try_from(back).ok());
        if let Some(sum) = place.and_then(|place| self.taken.get_mut(place)) {
            *sum = sum.saturating_add(taken);
        }
        self
    }

    /// What was taken by requests captured at or after `epoch`: a bucket released then has not felt them.
    pub fn since(&self, epoch: u64) -> u64 {
        let mut sum = 0u64;
        let mut captured = Some(self.newest);
        for taken in self.taken {
            if captured.is_some_and(|captured| captured >= epoch) {
                sum = sum.saturating_add(taken);
            }
            captured = captured.and_then(|captured| captured.checked_sub(1));
        }
        sum
    }

    /// The same for the buckets released in the four epochs after `captured`.
    pub fn later(&self, captured: u64) -> [u64; 4] {
        let mut later = [0; 4];
        let mut release = captured;
        for sum in &mut later {
            release = release.saturating_add(1);
            *sum = self.since(release);
        }
        later
    }
}

/// The counts, `epochs` epochs later.
fn shifted<T: Copy + Default, const N: usize>(mut counts: [T; N], epochs: u64) -> [T; N] {
    for _ in 0..epochs.min(u64::try_from(N).unwrap_or(u64::MAX)) {
        counts.rotate_right(1);
        if let Some(first) = counts.first_mut() {
            *first = T::default();
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_request_holds_the_three_releases_after_its_capture() {
        let captures = Captures::default().opened(10).unwrap();
        for (release, held) in [(9, false), (10, false), (11, true), (12, true), (13, true), (14, false), (0, false)] {
            assert_eq!(captures.hold(release), held, "{release}");
        }
        assert!(!captures.closed(10).hold(11));
    }

    #[test]
    fn requests_of_four_epochs_are_counted_apart() {
        let mut captures = Captures::default();
        for epoch in [10, 10, 11, 13] {
            captures = captures.opened(epoch).unwrap();
        }
        assert_eq!((captures.newest, captures.open), (13, [1, 0, 1, 2]));
        captures = captures.closed(10).closed(13);
        assert_eq!(captures.open, [0, 0, 1, 1]);
        captures = captures.opened(14).unwrap();
        assert_eq!(captures.open, [1, 0, 0, 1], "what was captured four epochs ago has expired");
        assert_eq!(captures.closed(10).open, captures.open, "and closing it changes nothing");
        assert_eq!(captures.opened(30).unwrap().open, [1, 0, 0, 0]);
    }

    #[test]
    fn a_count_never_wraps() {
        let captures = Captures { newest: 4, open: [u16::MAX, 0, 0, 0] };
        assert_eq!(captures.opened(4), None);
        assert_eq!(Captures::default().closed(0), Captures::default());
        assert_eq!(Captures::default().closed(9), Captures::default());
    }

    #[test]
    fn a_bucket_has_not_felt_what_was_captured_at_or_after_its_release() {
        let executed = Executed::default().add(10, 5).add(11, 7).add(10, 1);
        assert_eq!((executed.since(9), executed.since(10), executed.since(11), executed.since(12)), (13, 13, 7, 0));
        assert_eq!(executed.later(9), [13, 7, 0, 0]);
        assert_eq!(executed.later(10), [7, 0, 0, 0]);
        let executed = executed.add(13, 2);
        assert_eq!((executed.taken, executed.since(11)), ([2, 0, 7], 9));
        assert_eq!(executed.add(10, 100), executed, "older than any open request");
        assert_eq!(executed.later(10), [9, 2, 2, 0]);
    }
}
