//! Who, and with what: accounts, keys, tokens and services.

use super::Chooser;
use crate::action::Key;
use crate::stage::{KEYS, SERVICES, Service, TOKENS, Who};
use alloy::primitives::Address;
use restake_model::Bag;

impl Chooser<'_> {
    pub(crate) fn owned(&self, of: impl Fn(&Bag) -> bool) -> Vec<(Bag, Address)> {
        self.model.ledger.positions.keys().filter(|(bag, _)| of(bag)).copied().collect()
    }

    pub(super) fn number_of(&self, token: Address) -> usize {
        self.stage.tokens.iter().position(|known| *known == token).unwrap_or(0)
    }

    pub(crate) fn coin(&self, token: usize) -> Address {
        self.stage.tokens[token]
    }

    pub(crate) fn somebody(&mut self) -> Who {
        Who(u8::try_from(self.random.below(12)).unwrap_or(0))
    }

    pub(crate) fn anybody(&mut self) -> Who {
        if self.random.one_in(10) { Who::NOBODY } else { self.somebody() }
    }

    pub(crate) fn operator(&mut self) -> Who {
        if self.random.one_in(20) {
            return self.anybody();
        }
        self.random.pick(&Who::operators().collect::<Vec<_>>()).unwrap_or(Who::NOBODY)
    }

    /// An operator, or idle.
    pub(super) fn pool(&mut self) -> Who {
        if self.random.one_in(4) { Who::NOBODY } else { self.operator() }
    }

    pub(super) fn key(&mut self) -> Key {
        Key { of: self.anybody(), number: u8::try_from(self.random.below(u64::from(KEYS))).unwrap_or(0) }
    }

    /// The first key of an operator that a service does not know, or its last one.
    pub(crate) fn unused_key(&self, service: usize, of: Who) -> Key {
        let keys = &self.model.registries[service].keys;
        let mut own = (0..KEYS).map(|number| Key { of, number });
        own.find(|key| !keys.contains_key(&self.stage.key(*key).address())).unwrap_or(Key { of, number: KEYS - 1 })
    }

    /// Mostly a key that the operator has in a service, and mostly the one of the time.
    pub(crate) fn signer(&mut self, service: usize, operator: Who, time: u64) -> Key {
        if self.random.one_in(8) {
            return self.key();
        }
        let keys = self.model.registries[service].keys.iter();
        let own = keys.filter(|(_, key)| key.operator == self.stage.of(operator));
        let own: Vec<_> = own.map(|(address, key)| (*address, *key)).collect();
        let then: Vec<_> = own.iter().filter(|(_, key)| (key.from..=key.until).contains(&time)).copied().collect();
        let from = if then.is_empty() || self.random.one_in(6) { own } else { then };
        let key = self.random.pick(&from).and_then(|(address, _)| self.stage.key_at(address));
        key.unwrap_or(Key { of: operator, number: 0 })
    }

    pub(super) fn token(&mut self) -> usize {
        let any = usize::try_from(self.random.below(30)).unwrap_or(0);
        if any == 0 { TOKENS - 1 } else { any % (TOKENS - 1) }
    }

    /// A service, or an account that is one.
    pub(super) fn grantee(&mut self) -> Service {
        self.random.pick(&Service::ALL).unwrap_or(Service::Full(0))
    }

    pub(super) fn service(&mut self) -> usize {
        usize::try_from(self.random.below(2)).unwrap_or(0) % SERVICES
    }
}
