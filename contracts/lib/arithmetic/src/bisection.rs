//! Games about a trace: which state is named next, and how time is counted.

/// The number of steps after which the state is named: in the middle of what they differ about, the smaller half first.
/// Nothing is left to name between neighbours.
const fn middle(first: u64, last: u64) -> u64 {
    first.saturating_add(last.saturating_sub(first) / 2)
}

/// Whether one step is left, or none: a trace without steps leads nowhere.
const fn is_one_step(first: u64, last: u64) -> bool {
    last.saturating_sub(first) <= 1
}

/// How a game stands, without its states: what every move reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Both sides agree about the state after so many steps,
    pub first: u64,
    /// and not about that after so many.
    pub last: u64,
    /// When the turn began (Unix seconds, below 2^56).
    pub since: u64,
    /// A number of [`state`].
    pub state: u8,
    /// What the operator had on its clock at the last move (seconds).
    pub operator_clock: u32,
    /// What the challenger had.
    pub challenger_clock: u32,
}

/// The states of a game.
pub mod state {
    /// There is no such game.
    pub const NONE: u8 = 0;
    /// The operator names the state in the middle.
    pub const OPERATOR: u8 = 1;
    /// The challenger judges it, or executes the step where one is left.
    pub const CHALLENGER: u8 = 2;
    /// The challenger left the step to the operator.
    pub const PASSED: u8 = 3;
    /// The result is proven wrong, and the freeze has to wait.
    pub const PROVEN: u8 = 4;
    /// The result is wrong.
    pub const UPHELD: u8 = 5;
    /// It was not shown to be wrong.
    pub const REJECTED: u8 = 6;
    /// Nobody could execute the step.
    pub const DRAWN: u8 = 7;
}

impl Position {
    /// A game about a trace of so many steps, that begins now, with so many seconds for each side.
    pub const fn opened(steps: u64, now: u64, clock: u32) -> Self {
        let state = next_state(0, steps);
        Self { first: 0, last: steps, since: now, state, operator_clock: clock, challenger_clock: clock }
    }

    /// The number of steps after which the state is named.
    pub const fn middle(&self) -> u64 {
        middle(self.first, self.last)
    }

    /// Whether one step is left, or none.
    pub const fn is_one_step(&self) -> bool {
        is_one_step(self.first, self.last)
    }

    /// Whether the game is not over.
    pub const fn is_open(&self) -> bool {
        self.state != state::NONE && self.state <= state::PROVEN
    }

    /// Until when the turn lasts (Unix seconds, included).
    pub const fn deadline(&self) -> u64 {
        self.since.saturating_add(self.clock() as u64)
    }

    /// Whether the side whose turn it is can move now.
    pub const fn is_in_time(&self, now: u64) -> bool {
        self.state != state::PROVEN && now <= self.deadline()
    }

    /// After the challenger judged the state in the middle: what they differ about now.
    pub const fn judged(self, agrees: bool) -> Self {
        let at = self.middle();
        if agrees { Self { first: at, ..self } } else { Self { last: at, ..self } }
    }

    /// After a move at `now`, which was in time: the clock that ran stops, and that of the turn `next` begins. A second
    /// that has begun is not counted, so both clocks together never run for longer than they have.
    pub fn moved(self, now: u64, next: u8) -> Self {
        let left = u32::try_from(self.deadline().saturating_sub(now)).unwrap_or(u32::MAX).min(self.clock());
        let (operator_clock, challenger_clock) = match self.state {
            state::CHALLENGER => (self.operator_clock, left),
            _ => (left, self.challenger_clock),
        };
        Self { since: now, state: next, operator_clock, challenger_clock, ..self }
    }

    /// Whose turn it is about what is left: the challenger's where that is one step.
    pub const fn next_state(&self) -> u8 {
        next_state(self.first, self.last)
    }

    const fn clock(&self) -> u32 {
        match self.state {
            state::CHALLENGER => self.challenger_clock,
            _ => self.operator_clock,
        }
    }

    /// Packs it into one word, limb by limb, lowest first.
    pub fn to_limbs(self) -> [u64; 4] {
        let turn = (self.since & MAX_TIME) | (u64::from(self.state) << 56);
        let clocks = u64::from(self.operator_clock) | (u64::from(self.challenger_clock) << 32);
        [self.first, self.last, turn, clocks]
    }

    /// Unpacks what [`Self::to_limbs`] packed.
    pub fn from_limbs([first, last, turn, clocks]: [u64; 4]) -> Self {
        let low = |limb: u64| u32::try_from(limb & u64::from(u32::MAX)).unwrap_or(u32::MAX);
        Self {
            first,
            last,
            since: turn & MAX_TIME,
            state: u8::try_from(turn >> 56).unwrap_or(u8::MAX),
            operator_clock: low(clocks),
            challenger_clock: low(clocks >> 32),
        }
    }
}

const MAX_TIME: u64 = (1 << 56) - 1;

const fn next_state(first: u64, last: u64) -> u8 {
    if is_one_step(first, last) { state::CHALLENGER } else { state::OPERATOR }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_halved_to_one_step_in_as_many_moves_as_it_has_bits() {
        for steps in [1, 2, 3, 4, 5, 7, 8, 1_000, (1 << 40) + 1, u64::MAX - 1, u64::MAX] {
            for always_second in [false, true] {
                let (mut first, mut last, mut moves) = (0, steps, 0);
                while !is_one_step(first, last) {
                    let at = middle(first, last);
                    assert!(first < at && at < last, "{first} {at} {last}");
                    if always_second {
                        first = at
                    } else {
                        last = at
                    }
                    moves += 1;
                }
                assert_eq!(last - first, 1);
                assert!(moves <= 64 - (steps - 1).leading_zeros(), "{steps} steps took {moves} moves");
            }
        }
    }

    #[test]
    fn a_trace_without_steps_has_nothing_to_halve() {
        assert!(is_one_step(0, 0));
        assert_eq!((middle(0, 0), middle(7, 7), middle(7, 8)), (0, 7, 7));
        assert_eq!(middle(u64::MAX, 0), u64::MAX, "what cannot be is no panic");
    }

    #[test]
    fn a_clock_runs_out_after_its_last_second() {
        let opened = Position::opened(1_000, 100, 10);
        assert_eq!((opened.state, opened.deadline()), (state::OPERATOR, 110));
        assert!(opened.is_in_time(110) && !opened.is_in_time(111));
        let named = opened.moved(110, state::CHALLENGER);
        assert_eq!((named.operator_clock, named.challenger_clock, named.deadline()), (0, 10, 120));
        let judged = named.judged(true).moved(113, state::OPERATOR);
        assert_eq!((judged.first, judged.last, judged.challenger_clock, judged.deadline()), (500, 1_000, 7, 113));
        assert!(!judged.is_in_time(114), "nothing is left of the operator's clock");
    }

    #[test]
    fn both_clocks_together_end_where_twice_the_clock_after_the_opening_is() {
        for spent in [[0, 0], [10, 10], [3, 7], [10, 0], [1, 9]] {
            let mut position = Position::opened(u64::MAX, 1_000, 10);
            let mut now = 1_000;
            for seconds in spent {
                now += seconds;
                assert!(position.is_in_time(now));
                let next = if position.state == state::OPERATOR { state::CHALLENGER } else { state::OPERATOR };
                position = position.moved(now, next);
                assert!(position.deadline() <= 1_020);
            }
        }
    }

    #[test]
    fn who_executes_the_last_step_is_the_challenger_first() {
        assert_eq!([0, 1, 2].map(|steps| Position::opened(steps, 0, 1).state), [2, 2, 1]);
        let two = Position::opened(2, 0, 1);
        for agrees in [false, true] {
            assert_eq!((two.judged(agrees).is_one_step(), two.judged(agrees).next_state()), (true, state::CHALLENGER));
        }
        assert_eq!(Position::opened(3, 0, 1).judged(true).next_state(), state::OPERATOR);
        assert_eq!(Position::opened(3, 0, 1).judged(false).next_state(), state::CHALLENGER);
    }

    #[test]
    fn a_position_is_unpacked_as_it_was_packed() {
        let position = Position {
            first: 1,
            last: u64::MAX,
            since: MAX_TIME,
            state: state::DRAWN,
            operator_clock: u32::MAX - 1,
            challenger_clock: 2,
        };
        assert_eq!(Position::from_limbs(position.to_limbs()), position);
        assert_eq!(Position::from_limbs([0; 4]), Position::default());
        assert!(!Position::default().is_open() && !position.is_open());
        let proven = Position { state: state::PROVEN, ..position };
        assert!(proven.is_open() && !proven.is_in_time(0), "nobody moves any more");
    }
}
