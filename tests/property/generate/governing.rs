//! Steps of owners, and of those who pause.

use super::Chooser;
use crate::action::{Action, Owned};
use crate::stage::{WHOLE, Who};
use arithmetic::pool::MAX_AMOUNT;

impl Chooser<'_> {
    pub(super) fn governing(&mut self) -> Action {
        let (who, token) = (self.somebody(), self.token());
        let owner = self.owner_of(Owned::Governance);
        match self.random.below(16) {
            0..=2 => {
                let who = if self.random.one_in(6) { who } else { self.stage.who(self.model.governance.pauser) };
                let flags = u8::try_from(self.random.below(70)).unwrap_or(0);
                Action::Pause { who, flags }
            }
            3..=5 => {
                let unpauser = self.stage.who(self.model.governance.unpauser);
                Action::Unpause { who: if self.random.one_in(6) { who } else { unpauser } }
            }
            6 | 7 => {
                let cap = self.random.pick(&[0, WHOLE, 1_000 * WHOLE, MAX_AMOUNT, MAX_AMOUNT + 1]).unwrap_or(0);
                let deposit = self.random.pick(&[0, 1, 50, 100, 101]).unwrap_or(100);
                let outflow = self.random.pick(&[0, 9, 10, 50, 100]).unwrap_or(0);
                Action::ScheduleLimits { who: owner, token, cap, deposit, outflow }
            }
            8 => Action::CancelLimits { who: owner, token },
            9 | 10 => Action::ApplyLimits { who, token },
            11 if self.random.one_in(3) => Action::CloseToken { who: owner, token },
            12 if self.random.one_in(4) => {
                // Not to the coalition: who pauses is trusted with delays.
                let unpauser = if self.random.one_in(4) { Who::NOBODY } else { Who::JUDGE };
                Action::SetRoles { who: owner, pauser: Who::JUDGE, unpauser }
            }
            13 | 14 => self.ownership(who),
            _ => Action::ApplyLimits { who, token },
        }
    }

    /// Mostly by whom it belongs to; and never to the coalition, but for its own service.
    fn ownership(&mut self, who: Who) -> Action {
        let of = match self.random.below(4) {
            0 => Owned::Governance,
            1 | 2 => Owned::Service(self.service()),
            _ => Owned::Token(self.token()),
        };
        let ownership = self.model.owners.get(&self.stage.owned(of)).copied().unwrap_or_default();
        if self.random.one_in(2) {
            let pending = self.stage.who(ownership.pending);
            return Action::AcceptOwnership { who: if self.random.one_in(6) { who } else { pending }, of };
        }
        let to = match of {
            Owned::Service(1) => self.anybody(),
            _ => self.random.pick(&[Who::GOV, Who::JUDGE, Who::NOBODY]).unwrap_or(Who::GOV),
        };
        let owner = if self.random.one_in(6) { who } else { self.stage.who(ownership.owner) };
        Action::OfferOwnership { who: owner, of, to }
    }

    /// Mostly who owns a contract.
    pub(super) fn owner_of(&mut self, of: Owned) -> Who {
        if self.random.one_in(6) { self.somebody() } else { self.stage.who(self.model.owner_of(self.stage.owned(of))) }
    }
}
