//! A service's terms, and the notice before others hold.

use super::{Answer, Model, nonzero, refuse};
use alloy::primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::{epoch, wad};
use interfaces::IServiceManager::*;
use restake::suite::Parameters;

/// Terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terms {
    /// What an equivocation and an answer that is not available cost.
    pub(crate) wads: (u64, u64),
    pub(crate) share: u64,
    pub(crate) rate: u64,
    pub(crate) recipient: Address,
    pub(crate) resolver: Address,
}

/// The terms of a service that hold from a time on, and those before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TermsOf {
    pub(crate) before: Option<Terms>,
    pub(crate) after: Terms,
    pub(crate) effective_at: u64,
}

impl TermsOf {
    pub(super) fn new(parameters: &Parameters) -> Self {
        let Parameters {
            equivocation_wad, availability_wad, challenger_share, reward_rate, recipient, resolver, ..
        } = *parameters;
        let wads = (equivocation_wad, availability_wad);
        let after = Terms { wads, share: challenger_share, rate: reward_rate, recipient, resolver };
        Self { before: None, after, effective_at: 0 }
    }

    /// The terms that hold at a time.
    pub(crate) fn at(&self, time: u64) -> Terms {
        self.before.filter(|_| time < self.effective_at).unwrap_or(self.after)
    }
}

impl Model {
    pub(super) fn schedule_terms(&mut self, service: usize, wads: (u64, u64), share: u64, resolver: Address) -> Answer {
        let Terms { rate, recipient, .. } = self.terms[service].after;
        nonzero(recipient)?;
        let wad_fits = |part: u64| part != 0 && part <= wad::ONE;
        if !wad_fits(wads.0) || !wad_fits(wads.1) || share > wad::MAX_CHALLENGER_SHARE {
            return refuse(InvalidTerms {});
        }
        let old = self.terms[service];
        let allowed_at = old.effective_at + EPOCH_SECONDS;
        if old.effective_at != 0 && self.now < allowed_at {
            return refuse(TermsPending { allowedAt: allowed_at });
        }
        let effective_at = epoch::notice_ends(self.now);
        let after = Terms { wads, share, rate, recipient, resolver };
        self.terms[service] = TermsOf { before: Some(old.after), after, effective_at };
        let event = TermsScheduled {
            equivocationWad: wads.0,
            availabilityWad: wads.1,
            challengerShare: share,
            rewardRate: rate,
            recipient,
            resolver,
            effectiveAt: effective_at,
        };
        self.log(self.stage.services[service].service_manager, event);
        Ok(())
    }

    pub(super) fn cancel_terms(&mut self, service: usize) -> Answer {
        let terms = &mut self.terms[service];
        let (Some(before), true) = (terms.before, self.now < terms.effective_at) else {
            return refuse(NoTermsScheduled {});
        };
        (terms.after, terms.effective_at) = (before, 0);
        self.log(self.stage.services[service].service_manager, TermsCancelled {});
        Ok(())
    }
}
