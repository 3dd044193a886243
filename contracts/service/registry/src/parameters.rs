//! What the owner of the service decides: how much a token counts, how much stake an operator needs, and who says which
//! operators sign. Changes come with a notice of four epochs, so that operators and those who rely on a quorum are not
//! taken by surprise; at once while nobody serves, because then nobody is.

use crate::storage::{time, Registry, MAX_SCHEDULED};
use alloy_primitives::{Address, U64, U8};
use arithmetic::epoch;
use arithmetic::limits::MAX_WEIGHTS;
use common::stored::byte;
use common::{access, Emit, Outcome};
use interfaces::IRegistry;
use stylus_sdk::prelude::*;

impl Registry {
    pub(crate) fn _schedule_strategy_weight(&mut self, token: Address, weight: u64) -> Outcome {
        access::contract(self.vm(), token)?;
        let (weight_count, index) = (byte(&self.weight_count), self.weight_index(token));
        if index >= MAX_WEIGHTS {
            return Err(IRegistry::TooManyWeights { limit: MAX_WEIGHTS.into() }.into());
        }
        let (now, effective_at) = self.notice();
        self.weights.setter(U64::from(index)).schedule(token, now, weight, effective_at);
        self.weight_count.set(U8::from(weight_count.max(index.saturating_add(1))));
        self.vm().emit(&IRegistry::StrategyWeightScheduled { token, weight, effectiveAt: effective_at });
        Ok(())
    }

    /// Where the weight of a token is stored: behind all others if it never had one.
    pub(crate) fn weight_index(&self, token: Address) -> u8 {
        let count = byte(&self.weight_count);
        (0..count).find(|index| self.weights.getter(U64::from(*index)).token.get() == token).unwrap_or(count)
    }

    pub(crate) fn _schedule_minimum_stake(&mut self, minimum_stake: u128) -> Outcome {
        if minimum_stake > MAX_SCHEDULED {
            return Err(IRegistry::StakeTooLarge {}.into());
        }
        let (now, effective_at) = self.notice();
        self.minimum_stake.schedule(now, minimum_stake, effective_at);
        self.vm().emit(&IRegistry::MinimumStakeScheduled { minimumStake: minimum_stake, effectiveAt: effective_at });
        Ok(())
    }

    pub(crate) fn _schedule_admission(&mut self, admission: Address) -> Outcome {
        if !admission.is_zero() {
            access::contract(self.vm(), admission)?;
        }
        let (now, effective_at) = self.notice();
        self.admission.schedule(now, admission, effective_at);
        self.vm().emit(&IRegistry::AdmissionScheduled { admission, effectiveAt: effective_at });
        Ok(())
    }

    /// Now, and when what is scheduled now takes effect.
    fn notice(&self) -> (u64, u64) {
        let now = self.vm().block_timestamp();
        (now, if time(&self.operator_count) == 0 { now } else { epoch::notice_ends(now) })
    }
}
