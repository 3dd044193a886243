//! The terms: what a fault costs, who gets it, who may veto. Two sets are kept, so that a fault is judged by the terms of its time.

use crate::storage::{ServiceManager, StoredTerms};
use alloy_primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::{epoch, wad};
use common::stored::{number, set_number};
use common::{access, Outcome};
use interfaces::IServiceManager;
use stylus_sdk::prelude::*;

/// Terms, in the order of the ABI.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) equivocation_wad: u64,
    pub(crate) availability_wad: u64,
    pub(crate) challenger_share: u64,
    pub(crate) reward_rate: u64,
    pub(crate) recipient: Address,
    pub(crate) resolver: Address,
}

impl Terms {
    pub(crate) fn check(&self) -> Outcome {
        access::nonzero(self.recipient)?;
        let faults = [self.equivocation_wad, self.availability_wad];
        let in_range = faults.iter().all(|wad| *wad != 0 && *wad <= wad::ONE)
            && self.challenger_share <= wad::MAX_CHALLENGER_SHARE
            && self.reward_rate <= wad::ONE;
        if in_range {
            Ok(())
        } else {
            Err(IServiceManager::InvalidTerms {}.into())
        }
    }

    /// What a fault of the given kind asks for (wad).
    pub(crate) fn wad_of(&self, kind: u8) -> Outcome<u64> {
        match kind {
            0 => Ok(self.equivocation_wad),
            1 => Ok(self.availability_wad),
            _ => Err(IServiceManager::UnknownFaultKind { kind }.into()),
        }
    }

    pub(crate) fn fields(self) -> (u64, u64, u64, u64, Address, Address) {
        (
            self.equivocation_wad,
            self.availability_wad,
            self.challenger_share,
            self.reward_rate,
            self.recipient,
            self.resolver,
        )
    }
}

impl StoredTerms {
    fn read(&self) -> Terms {
        Terms {
            equivocation_wad: number(&self.equivocation_wad),
            availability_wad: number(&self.availability_wad),
            challenger_share: number(&self.challenger_share),
            reward_rate: number(&self.reward_rate),
            recipient: self.recipient.get(),
            resolver: self.resolver.get(),
        }
    }

    pub(crate) fn write(&mut self, terms: &Terms) {
        set_number(&mut self.equivocation_wad, terms.equivocation_wad);
        set_number(&mut self.availability_wad, terms.availability_wad);
        set_number(&mut self.challenger_share, terms.challenger_share);
        set_number(&mut self.reward_rate, terms.reward_rate);
        self.recipient.set(terms.recipient);
        self.resolver.set(terms.resolver);
    }
}

impl ServiceManager {
    pub(crate) fn begin_terms(&mut self, terms: &Terms) -> Outcome {
        terms.check()?;
        self.after.write(terms);
        self.announce(terms, 0);
        Ok(())
    }

    pub(crate) fn schedule(&mut self, terms: &Terms) -> Outcome {
        terms.check()?;
        let now = self.vm().block_timestamp();
        let effective_at = number(&self.effective_at);
        let allowed_at = effective_at.saturating_add(EPOCH_SECONDS);
        if effective_at != 0 && now < allowed_at {
            return Err(IServiceManager::TermsPending { allowedAt: allowed_at }.into());
        }
        let old = self.after.read();
        self.before.write(&old);
        self.after.write(terms);
        let effective_at = epoch::notice_ends(now);
        set_number(&mut self.effective_at, effective_at);
        self.announce(terms, effective_at);
        Ok(())
    }

    pub(crate) fn cancel(&mut self) -> Outcome {
        if self.vm().block_timestamp() >= number(&self.effective_at) {
            return Err(IServiceManager::NoTermsScheduled {}.into());
        }
        let old = self.before.read();
        self.after.write(&old);
        set_number(&mut self.effective_at, 0);
        self.vm().log(IServiceManager::TermsCancelled {});
        Ok(())
    }

    pub(crate) fn terms_of(&self, time: u64) -> Terms {
        if time < number(&self.effective_at) {
            self.before.read()
        } else {
            self.after.read()
        }
    }

    fn announce(&self, terms: &Terms, effective_at: u64) {
        self.vm().log(IServiceManager::TermsScheduled {
            equivocationWad: terms.equivocation_wad,
            availabilityWad: terms.availability_wad,
            challengerShare: terms.challenger_share,
            rewardRate: terms.reward_rate,
            recipient: terms.recipient,
            resolver: terms.resolver,
            effectiveAt: effective_at,
        });
    }
}
