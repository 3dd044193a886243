//! Accounts and contracts by the names that people give them.

use crate::actors::{Actor, Cast};
use crate::build::PROGRAMS;
use crate::suite::Suite;
use alloy::primitives::Address;
use std::collections::BTreeMap;

/// Who is who on a chain.
#[derive(Debug, Clone, Default)]
pub struct People(BTreeMap<String, Address>);

/// Why a name is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Neither an address nor a known name.
    #[error("nobody is called '{name}': give an address, or one of {known}")]
    Unknown {
        /// What was given.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The start of several names.
    #[error("'{name}' may be {candidates}")]
    Ambiguous {
        /// What was given.
        name: String,
        /// Whose names begin so.
        candidates: String,
    },
}

/// A name as it is looked for: in lower case, without what separates words.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

impl People {
    /// The contracts of a suite, by the names of their programs; its service is also called `service`, and the zero
    /// address `nobody`, or `idle` where stake is.
    pub fn of(suite: &Suite) -> Self {
        let contracts = PROGRAMS.into_iter().zip(suite.contracts());
        let mut people: BTreeMap<String, Address> =
            contracts.map(|(name, address)| (name.to_owned(), address)).collect();
        people.insert("service".to_owned(), suite.service.service_manager);
        people.insert("idle".to_owned(), Address::ZERO);
        people.insert("nobody".to_owned(), Address::ZERO);
        Self(people)
    }

    /// The development accounts as well, whose keys everybody knows: on development chains only.
    pub fn with_development_accounts(mut self, cast: &Cast) -> Self {
        self.0.extend(cast.all().map(|Actor { name, address, .. }| ((*name).to_owned(), *address)));
        self
    }

    /// Somebody else as well.
    #[must_use]
    pub fn with(mut self, name: &str, account: Address) -> Self {
        self.0.insert(name.to_owned(), account);
        self
    }

    /// The account with this address or name. Case does not matter, nor what separates words, nor the end of a name
    /// that no other begins with.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn find(&self, name: &str) -> Result<Address, NameError> {
        if let Ok(address) = name.parse() {
            return Ok(address);
        }
        let wanted = plain(name);
        let of = |exactly: bool| {
            let named = self.0.iter().filter(move |(known, _)| {
                let known = plain(known);
                !wanted.is_empty() && if exactly { known == wanted } else { known.starts_with(&wanted) }
            });
            named.collect::<Vec<_>>()
        };
        let listed =
            |names: &[(&String, &Address)]| names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let exact = of.clone()(true);
        let found = if exact.is_empty() { of(false) } else { exact };
        match found.as_slice() {
            [(_, address)] => Ok(**address),
            [] => Err(NameError::Unknown { name: name.to_owned(), known: listed(&self.0.iter().collect::<Vec<_>>()) }),
            several => Err(NameError::Ambiguous { name: name.to_owned(), candidates: listed(several) }),
        }
    }

    /// The contracts of the suite, by the names of their programs.
    pub fn contracts(&self) -> Vec<(String, Address)> {
        let named = |name: &&str| self.0.get(*name).map(|address| ((*name).to_owned(), *address));
        PROGRAMS.iter().filter_map(named).collect()
    }

    /// The name of an account, or its address. The zero address is nobody.
    pub fn name(&self, account: Address) -> String {
        if account.is_zero() {
            return "nobody".to_owned();
        }
        let known = self.0.iter().find(|(name, address)| **address == account && name.as_str() != "service");
        known.map_or_else(|| account.to_string(), |(name, _)| name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> People {
        let names = ["Honest Op", "Crooked Op", "restaking-vault", "restaking-weights"];
        let known = names.into_iter().zip(1u8..).map(|(name, byte)| (name.to_owned(), Address::repeat_byte(byte)));
        People(known.collect())
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for name in ["Honest Op", "honest-op", "HONEST", "hon"] {
            assert_eq!(people().find(name), Ok(Address::repeat_byte(1)), "{name}");
        }
        let address = Address::repeat_byte(0x77);
        assert_eq!(people().find(&address.to_string()), Ok(address));
        assert_eq!(people().name(Address::repeat_byte(2)), "Crooked Op");
        assert_eq!(people().name(address), address.to_string());
    }

    #[test]
    fn who_is_unknown_or_ambiguous_is_nobody() {
        for name in ["Mallory", "", "-", "0x12"] {
            assert!(matches!(people().find(name), Err(NameError::Unknown { .. })), "{name}");
        }
        let candidates = "restaking-vault, restaking-weights".to_owned();
        assert_eq!(people().find("restaking"), Err(NameError::Ambiguous { name: "restaking".to_owned(), candidates }));
    }
}
