//! A service's terms, and the notice before others hold.

use crate::{Answer, Mistake, Protocol, nonzero, only, revert};
use alloy_primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::{epoch, fault, wad};
use interfaces::IServiceManager::*;

/// How many epochs after the one of its task a fault can still be judged.
pub(crate) const DISPUTE_EPOCHS: u64 = 3;

/// Terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// What a fault of each kind costs (wad of the budget), zero for a kind that is off.
    pub wads: [u64; fault::ROOM],
    /// The challenger's share of it (wad).
    pub share: u64,
    /// What the service promises to pay (wad of the weighted stake per year).
    pub rate: u64,
    /// What it says that a corrupt quorum could gain at most (weighted stake).
    pub profit: u128,
    /// Who gets the rest of a slash.
    pub recipient: Address,
    /// Who may veto; the zero address for nobody.
    pub resolver: Address,
}

/// The terms of a service that hold from a time on, and those before.
#[derive(Debug, Clone, Copy)]
pub struct TermsOf {
    /// Those before, if others were ever scheduled.
    pub before: Option<Terms>,
    /// Those as scheduled last.
    pub after: Terms,
    /// From when these hold (Unix seconds); zero if they always did.
    pub effective_at: u64,
}

impl TermsOf {
    pub(crate) fn new(after: Terms) -> Self {
        Self { before: None, after, effective_at: 0 }
    }

    /// The terms that hold at a time.
    pub fn at(&self, time: u64) -> Terms {
        self.before.filter(|_| time < self.effective_at).unwrap_or(self.after)
    }
}

impl Protocol {
    /// Owner of the service: schedules other terms.
    pub fn schedule_terms(&mut self, caller: Address, service: usize, terms: Terms) -> Answer {
        let contract = self.setup.services[service].contracts.service_manager;
        only(caller, self.owner_of(contract))?;
        nonzero(terms.recipient)?;
        let (kinds, room) = terms.wads.split_at(fault::COUNT);
        let fit = kinds.iter().all(|part| *part <= wad::ONE)
            && kinds.iter().any(|part| *part != 0)
            && room.iter().all(|part| *part == 0);
        if !fit || terms.share > wad::MAX_CHALLENGER_SHARE || terms.rate > wad::ONE {
            return revert(InvalidTerms {});
        }
        let old = self.terms[service];
        if old.effective_at != 0 {
            // The terms before are forgotten: no dispute about a fault of their time may be open.
            let allowed_at = disputes_over(old.effective_at - 1);
            if self.now < allowed_at {
                return revert(TermsPending { allowedAt: allowed_at });
            }
        }
        let effective_at = epoch::terms_notice_ends(self.now);
        self.terms[service] = TermsOf { before: Some(old.after), after: terms, effective_at };
        let event = TermsScheduled {
            wads: terms.wads,
            challengerShare: terms.share,
            rewardRate: terms.rate,
            profitFromCorruption: terms.profit,
            recipient: terms.recipient,
            resolver: terms.resolver,
            effectiveAt: effective_at,
        };
        self.log(contract, event);
        Ok(())
    }

    /// Owner of the service: withdraws terms that were scheduled.
    pub fn cancel_terms(&mut self, caller: Address, service: usize) -> Answer {
        let contract = self.setup.services[service].contracts.service_manager;
        only(caller, self.owner_of(contract))?;
        let terms = &mut self.terms[service];
        let (Some(before), true) = (terms.before, self.now < terms.effective_at) else {
            return revert(NoTermsScheduled {});
        };
        (terms.after, terms.effective_at) = (before, 0);
        self.log(contract, TermsCancelled {});
        Ok(())
    }

    /// What a fault of a kind costs (wad of the budget), and the other terms of its time: the harsher of that time and
    /// now.
    pub(crate) fn penalty(&self, service: usize, kind: u8, fault_time: u64) -> Answer<(u64, Terms)> {
        if fault_time > self.now && self.mistake != Mistake::EvidenceAboutTheFuture {
            return revert(FaultInFuture { faultTime: fault_time });
        }
        let (then, now) = (self.terms[service].at(fault_time), self.terms[service].at(self.now));
        let of = |terms: &Terms| fault::wad_of(&terms.wads, kind);
        let Some(asked) = of(&then) else { return revert(UnknownFaultKind { kind }) };
        if asked == 0 {
            return revert(FaultKindIsOff { kind });
        }
        let harsher = if self.mistake == Mistake::MilderTerms { asked } else { asked.max(of(&now).unwrap_or(0)) };
        Ok((harsher, then))
    }
}

/// From when a fault of a task of `time` freezes nobody any more.
pub(crate) fn disputes_over(time: u64) -> u64 {
    (time / EPOCH_SECONDS + DISPUTE_EPOCHS) * EPOCH_SECONDS
}
