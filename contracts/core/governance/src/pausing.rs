//! Pauses: by one hand to stop, by another to go on, and exits and slashes for a bounded time only.

use crate::storage::Governance;
use alloy_primitives::{U64, U8};
use arithmetic::pause;
use arithmetic::time::{LONGEST_PAUSE_SECONDS, PAUSE_INTERVAL_SECONDS};
use common::stored::{byte, number};
use common::{access, calls, Emit, Outcome};
use interfaces::{IGovernance, ISlasher, ITokenPool};
use stylus_sdk::prelude::*;

impl Governance {
    pub(crate) fn _pause(&mut self, more: u8) -> Outcome {
        access::only(self.vm(), self.pauser.get())?;
        if more == 0 || more & !pause::ALL != 0 {
            return Err(IGovernance::InvalidFlags { flags: more }.into());
        }
        let now = self.vm().block_timestamp();
        let mut until = number(&self.paused_until);
        // What has ended by itself is not paused again by whatever is paused next.
        let mut flags = if now < until { byte(&self.paused) } else { byte(&self.paused) & !pause::BOUNDED };
        if more & pause::BOUNDED & !flags != 0 {
            let allowed_at = self.allowed_at();
            if now < allowed_at {
                return Err(IGovernance::PausedTooSoon { allowedAt: allowed_at }.into());
            }
            until = now.saturating_add(LONGEST_PAUSE_SECONDS);
        }
        flags |= more;
        self.tell(flags, until)?;
        self.vm().emit(&IGovernance::Paused { account: self.vm().msg_sender(), flags, until });
        Ok(())
    }

    pub(crate) fn _unpause(&mut self) -> Outcome {
        access::only(self.vm(), self.unpauser.get())?;
        let now = self.vm().block_timestamp();
        // The interval counts from the end, so a pause that is ended early can be followed by another earlier.
        let until = number(&self.paused_until).min(now);
        self.tell(0, until)?;
        self.vm().emit(&IGovernance::Unpaused { account: self.vm().msg_sender() });
        Ok(())
    }

    /// From when exits and slashes may be paused again: at any time if they never were.
    pub(crate) fn allowed_at(&self) -> u64 {
        match number(&self.paused_until) {
            0 => 0,
            until => until.saturating_add(PAUSE_INTERVAL_SECONDS),
        }
    }

    /// The actions that are paused now.
    pub(crate) fn _paused(&self) -> u8 {
        let flags = byte(&self.paused);
        if self.vm().block_timestamp() < number(&self.paused_until) {
            flags
        } else {
            flags & !pause::BOUNDED
        }
    }

    fn tell(&mut self, flags: u8, until: u64) -> Outcome {
        self.paused.set(U8::from(flags));
        self.paused_until.set(U64::from(until));
        let (vault, slasher) = (self.token_pool.get(), self.slasher.get());
        calls::send(self, vault, &ITokenPool::setPauseCall { flags, until })?;
        calls::send(self, slasher, &ISlasher::setPauseCall { flags, until })?;
        Ok(())
    }
}
