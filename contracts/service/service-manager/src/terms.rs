//! The terms: what a fault costs, who gets it, who may veto. Two sets are kept, so that a fault is judged by the terms
//! of its time.

use crate::storage::{ServiceManager, StoredTerms};
use alloy_primitives::{Address, U256};
use arithmetic::{epoch, fault, wad};
use common::stored::{large, number, set_large, set_number};
use common::{access, Emit, Outcome};
use interfaces::IServiceManager;
use stylus_sdk::prelude::*;

/// Terms, in the order of the ABI.
pub(crate) type TermsFields = ([u64; fault::ROOM], u64, u64, u128, Address, Address);

/// Terms.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) wads: [u64; fault::ROOM],
    pub(crate) challenger_share: u64,
    pub(crate) reward_rate: u64,
    pub(crate) profit_from_corruption: u128,
    pub(crate) recipient: Address,
    pub(crate) resolver: Address,
}

/// What a proven fault asks the Slasher for.
pub(crate) struct Penalty {
    pub(crate) wad: u64,
    pub(crate) challenger_share: u64,
    pub(crate) recipient: Address,
    pub(crate) resolver: Address,
}

impl Terms {
    fn check(&self) -> Outcome {
        access::nonzero(self.recipient)?;
        let (kinds, room) = self.wads.split_at(fault::COUNT);
        let in_range = kinds.iter().all(|wad| *wad <= wad::ONE)
            && kinds.iter().any(|wad| *wad != 0)
            && room.iter().all(|wad| *wad == 0)
            && self.challenger_share <= wad::MAX_CHALLENGER_SHARE
            && self.reward_rate <= wad::ONE;
        if in_range {
            Ok(())
        } else {
            Err(IServiceManager::InvalidTerms {}.into())
        }
    }

    pub(crate) fn fields(self) -> TermsFields {
        (self.wads, self.challenger_share, self.reward_rate, self.profit_from_corruption, self.recipient, self.resolver)
    }
}

impl StoredTerms {
    /// The wads are the limbs of their word, lowest first.
    pub(crate) fn wads(&self) -> [u64; fault::ROOM] {
        *self.wads.get().as_limbs()
    }

    fn read(&self) -> Terms {
        Terms {
            wads: self.wads(),
            challenger_share: number(&self.challenger_share),
            reward_rate: number(&self.reward_rate),
            profit_from_corruption: large(&self.profit_from_corruption),
            recipient: self.recipient.get(),
            resolver: self.resolver.get(),
        }
    }

    fn write(&mut self, terms: &Terms) {
        self.wads.set(U256::from_limbs(terms.wads));
        self.recipient.set(terms.recipient);
        set_number(&mut self.challenger_share, terms.challenger_share);
        self.resolver.set(terms.resolver);
        set_number(&mut self.reward_rate, terms.reward_rate);
        set_large(&mut self.profit_from_corruption, terms.profit_from_corruption);
    }
}

impl ServiceManager {
    /// The terms to begin with, which hold at once.
    pub(crate) fn begin_terms(&mut self, terms: &Terms) -> Outcome {
        terms.check()?;
        self.after.write(terms);
        self.announce(terms, 0);
        Ok(())
    }

    pub(crate) fn _schedule_terms(&mut self, terms: &Terms) -> Outcome {
        terms.check()?;
        let now = self.vm().block_timestamp();
        let effective_at = number(&self.effective_at);
        // The terms before the last change are overwritten, so all disputes about faults of their time must be over.
        let allowed_at = if effective_at == 0 { 0 } else { epoch::disputes_over(effective_at.saturating_sub(1)) };
        if now < allowed_at {
            return Err(IServiceManager::TermsPending { allowedAt: allowed_at }.into());
        }
        let old = self.after.read();
        self.before.write(&old);
        self.after.write(terms);
        let effective_at = epoch::terms_notice_ends(now);
        set_number(&mut self.effective_at, effective_at);
        self.announce(terms, effective_at);
        Ok(())
    }

    pub(crate) fn _cancel_terms(&mut self) -> Outcome {
        if self.vm().block_timestamp() >= number(&self.effective_at) {
            return Err(IServiceManager::NoTermsScheduled {}.into());
        }
        let old = self.before.read();
        self.after.write(&old);
        set_number(&mut self.effective_at, 0);
        self.vm().emit(&IServiceManager::TermsCancelled {});
        Ok(())
    }

    pub(crate) fn terms_of(&self, time: u64) -> Terms {
        self.stored_terms(number(&self.effective_at), time).read()
    }

    /// What a fault of `kind` at `fault_time` costs: the kind must have been punished at that time. A task can be dated
    /// back, but not to pay less: the wad in force now counts if it is the larger one.
    pub(crate) fn penalty(&self, kind: u8, fault_time: u64) -> Outcome<Penalty> {
        let now = self.vm().block_timestamp();
        if fault_time > now {
            return Err(IServiceManager::FaultInFuture { faultTime: fault_time }.into());
        }
        let effective_at = number(&self.effective_at);
        let terms = self.stored_terms(effective_at, fault_time);
        let unknown = || IServiceManager::UnknownFaultKind { kind };
        let then = fault::wad_of(&terms.wads(), kind).ok_or_else(unknown)?;
        if then == 0 {
            return Err(IServiceManager::FaultKindIsOff { kind }.into());
        }
        let changed = fault_time < effective_at && effective_at <= now;
        let wad =
            if changed { fault::wad_of(&self.after.wads(), kind).map_or(then, |wad| wad.max(then)) } else { then };
        Ok(Penalty {
            wad,
            challenger_share: number(&terms.challenger_share),
            recipient: terms.recipient.get(),
            resolver: terms.resolver.get(),
        })
    }

    fn stored_terms(&self, effective_at: u64, time: u64) -> &StoredTerms {
        if time < effective_at {
            &self.before
        } else {
            &self.after
        }
    }

    fn announce(&self, terms: &Terms, effective_at: u64) {
        self.vm().emit(&IServiceManager::TermsScheduled {
            wads: terms.wads,
            challengerShare: terms.challenger_share,
            rewardRate: terms.reward_rate,
            profitFromCorruption: terms.profit_from_corruption,
            recipient: terms.recipient,
            resolver: terms.resolver,
            effectiveAt: effective_at,
        });
    }
}
