//! Where the play happens: the people, tokens and services of the property test.
//!
//! Some of the people are honest. The others are one: a coalition that owns accounts in every role, and acts in front
//! of and behind whatever the honest do.

use crate::action::{Key, Owned};
use alloy::primitives::{Address, B256, U256};
use alloy::signers::local::PrivateKeySigner;
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::wad;
use restake_model::{Contracts, Limits, ReceiptContracts, ServiceContracts, ServiceSetup, Setup, Terms, TokenSetup};
use std::fmt;

/// Somebody, by number; [`Who::NOBODY`] is the zero address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Who(pub(crate) u8);

/// The names of the people: honest stakers, honest operators, operators and others of the coalition, and who belongs to
/// the protocol and its first service.
const NAMES: [&str; 12] = ["Ann", "Ben", "Cat", "Oz", "Pat", "Rex", "Rob", "Sly", "Lou", "Fund", "Judge", "Gov"];

impl Who {
    /// Nobody: as an operator, idle stake.
    pub(crate) const NOBODY: Self = Self(u8::MAX);
    /// An honest operator.
    pub(crate) const OZ: Self = Self(3);
    /// An operator of the coalition.
    pub(crate) const REX: Self = Self(5);
    /// Another one.
    pub(crate) const ROB: Self = Self(6);
    /// Of the coalition, and a service without contracts: an account that slashes who lets it.
    pub(crate) const SLY: Self = Self(7);
    /// Of the coalition: owns a service, stakes, challenges and receives.
    pub(crate) const LOU: Self = Self(8);
    /// Who gets what the first service slashes.
    pub(crate) const FUND: Self = Self(9);
    /// Who pauses, and may veto in the first service.
    pub(crate) const JUDGE: Self = Self(10);
    /// Who owns the protocol and the first service.
    pub(crate) const GOV: Self = Self(11);

    /// Everybody.
    pub(crate) fn all() -> impl Iterator<Item = Self> + Clone {
        (0..12).map(Self)
    }

    /// Those who run services.
    pub(crate) fn operators() -> impl Iterator<Item = Self> + Clone {
        (3..7).map(Self)
    }

    /// Those who only stake.
    pub(crate) fn honest_stakers() -> impl Iterator<Item = Self> + Clone {
        (0..3).map(Self)
    }

    /// All accounts of the one who sits on every side.
    pub(crate) fn coalition() -> impl Iterator<Item = Self> + Clone {
        (5..9).map(Self)
    }

    /// Whether it is one of them.
    pub(crate) fn is_coalition(self) -> bool {
        Self::coalition().any(|who| who == self)
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAMES.get(usize::from(self.0)).unwrap_or(&"nobody"))
    }
}

/// Tokens: plain, with huge amounts, with an outflow limit, and one that was never listed.
pub(crate) const TOKENS: usize = 4;
/// Services with contracts: an honest one, and one of the coalition.
pub(crate) const SERVICES: usize = 2;
/// Signing keys of everybody.
pub(crate) const KEYS: u8 = 4;

/// One whole token.
pub(crate) const WHOLE: u128 = 1_000_000_000_000_000_000;

/// The limits with which each listed token begins.
pub(crate) const LIMITS: [Limits; 3] = [
    Limits { cap: 1_000_000 * WHOLE, deposit: 100, outflow: 0 },
    Limits { cap: MAX_AMOUNT, deposit: 100, outflow: 0 },
    Limits { cap: 1_000 * WHOLE, deposit: 50, outflow: 10 },
];

/// What everybody holds of each token at first. Of the second more than a pool's shares can stand for.
pub(crate) const WALLETS: [u128; TOKENS] = [300_000 * WHOLE, MAX_AMOUNT / 8, 600 * WHOLE, WHOLE];

/// ETH of everybody at first: enough for fees and bonds.
pub(crate) const PURSE: u128 = 1_000_000_000 * WHOLE;

/// The chain's number.
pub(crate) const CHAIN_ID: u64 = 412_346;

/// What an operator lets slash it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// A service with contracts, by number.
    Full(usize),
    /// An account that is one.
    Account(Who),
}

impl Service {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Full(0), Self::Full(1), Self::Account(Who::SLY), Self::Account(Who::FUND)];
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(number) => write!(f, "service {number}"),
            Self::Account(who) => write!(f, "{who}"),
        }
    }
}

/// Keys, and what the contracts were constructed with. It never changes.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) setup: Setup,
    pub(crate) tokens: [Address; TOKENS],
    /// The contract that services may ask who signs.
    pub(crate) admission: Address,
    accounts: Vec<Address>,
    keys: Vec<[PrivateKeySigner; KEYS as usize]>,
}

impl Stage {
    /// People and their keys, with the protocol as it was set up. `owner` is whose account owns it.
    pub(crate) fn new(setup: Setup, admission: Address, owner: Option<Address>) -> Self {
        let key = |n: usize| PrivateKeySigner::from_bytes(&B256::from(U256::from(1_000_003 + n))).expect("a key");
        let keys: Vec<[PrivateKeySigner; KEYS as usize]> =
            (0..NAMES.len()).map(|who| std::array::from_fn(|n| key(100 * n + who))).collect();
        let mut accounts: Vec<Address> = keys.iter().map(|keys| keys[0].address()).collect();
        accounts[usize::from(Who::GOV.0)] = owner.unwrap_or(accounts[usize::from(Who::GOV.0)]);
        let tokens = std::array::from_fn(|n| setup.tokens.get(n).map_or(Address::ZERO, |token| token.token));
        Self { setup, tokens, admission, accounts, keys }
    }

    /// A stage without a chain: the contracts are where nothing is.
    pub(crate) fn imagined() -> Self {
        let at = |n: u64| Address::left_padding_from(&(0xc0_0000 + n).to_be_bytes());
        let contracts = Contracts {
            token_pool: at(1),
            strategy_manager: at(2),
            slasher: at(3),
            batch: at(4),
            rewards: at(5),
            governance: at(6),
        };
        let token = |n: usize| TokenSetup { token: at(10 + u64::try_from(n).unwrap_or(0)), ..TokenSetup::default() };
        let service = |n: u64| ServiceSetup {
            contracts: ServiceContracts {
                registry: at(20 + n),
                service_manager: at(30 + n),
                dispute_resolution: at(40 + n),
            },
            ..ServiceSetup::default()
        };
        let receipt = ReceiptContracts { receipt: at(60), vault: at(61), desk: at(62), weights: at(63), token: at(10) };
        let empty = Setup {
            chain_id: CHAIN_ID,
            contracts,
            receipt,
            tokens: (0..TOKENS).map(token).collect(),
            services: vec![service(0), service(1)],
            ..Setup::default()
        };
        let mut stage = Self::new(empty, at(50), None);
        stage.furnish();
        stage
    }

    /// Sets up what is the same with a chain and without: who owns what, parameters, and purses.
    pub(crate) fn furnish(&mut self) {
        let of = |who: Who| self.of(who);
        let (gov, judge, sly, lou, fund) = (of(Who::GOV), of(Who::JUDGE), of(Who::SLY), of(Who::LOU), of(Who::FUND));
        let people: Vec<Address> = Who::all().map(of).collect();
        let (tokens, admission) = (self.tokens, self.admission);
        let setup = &mut self.setup;
        (setup.owner, setup.pauser, setup.unpauser) = (gov, judge, judge);
        setup.receipt_owner = gov;
        setup.eth = people.iter().map(|account| (*account, U256::from(PURSE))).collect();
        setup.admissions = [(admission, Default::default())].into();
        for (n, token) in setup.tokens.iter_mut().enumerate() {
            token.owner = gov;
            token.listed = LIMITS.get(n).copied();
            token.balances = people.iter().map(|account| (*account, WALLETS[n])).collect();
            token.allowances =
                people.iter().map(|account| ((*account, setup.contracts.token_pool), U256::MAX)).collect();
            if token.token == setup.receipt.token {
                let vault = setup.receipt.vault;
                token.allowances.extend(people.iter().map(|account| ((*account, vault), U256::MAX)));
                token.allowances.insert((vault, setup.contracts.token_pool), U256::MAX);
            }
        }
        let terms = [
            Terms {
                wads: [wad::ONE / 2, wad::ONE / 10, 0, 0],
                share: wad::MAX_CHALLENGER_SHARE,
                rate: wad::ONE / 20,
                profit: 0,
                recipient: fund,
                resolver: Address::ZERO,
            },
            Terms {
                wads: [wad::ONE / 3, wad::ONE, 0, 0],
                share: wad::ONE / 17,
                rate: wad::ONE / 20,
                profit: 7 * WHOLE,
                recipient: lou,
                resolver: sly,
            },
        ];
        for (n, service) in setup.services.iter_mut().enumerate() {
            service.owner = [gov, lou][n];
            service.terms = terms[n];
            service.minimum_stake.value = [32 * WHOLE, 0][n];
            let weights = [(tokens[0], wad::ONE), (tokens[1], wad::ONE / 1_000)];
            let since = |value| restake_model::Since { value, time: 0 };
            service.weights = weights[..=n].iter().map(|(token, weight)| (*token, since(*weight))).collect();
            service.accepts_shared = n == 1;
            service.evidence_window = [3 * 24 * 60 * 60, 2 * 24 * 60 * 60][n];
            service.answer_window = 24 * 60 * 60;
            service.bond = U256::from(WHOLE);
        }
    }

    /// The account of somebody.
    pub(crate) fn of(&self, who: Who) -> Address {
        self.accounts.get(usize::from(who.0)).copied().unwrap_or_default()
    }

    /// Whose account it is; nobody's, if nobody's.
    pub(crate) fn who(&self, account: Address) -> Who {
        Who::all().find(|who| self.of(*who) == account).unwrap_or(Who::NOBODY)
    }

    /// What operators let slash: a service's ServiceManager, or the account that is one itself.
    pub(crate) fn manager(&self, service: Service) -> Address {
        match service {
            Service::Full(number) => self.setup.services[number].contracts.service_manager,
            Service::Account(who) => self.of(who),
        }
    }

    /// The service with this address, if there is one.
    pub(crate) fn service(&self, manager: Address) -> Option<Service> {
        Service::ALL.into_iter().find(|service| self.manager(*service) == manager)
    }

    /// A contract that somebody owns.
    pub(crate) fn owned(&self, of: Owned) -> Address {
        match of {
            Owned::Governance => self.setup.contracts.governance,
            Owned::Service(service) => self.setup.services[service].contracts.service_manager,
            Owned::Token(token) => self.tokens[token],
        }
    }

    /// A signing key; of nobody, somebody's.
    pub(crate) fn key(&self, key: Key) -> &PrivateKeySigner {
        &self.keys.get(usize::from(key.of.0)).unwrap_or(&self.keys[0])[usize::from(key.number % KEYS)]
    }

    /// The signing key with this address, if somebody has it.
    pub(crate) fn key_at(&self, address: Address) -> Option<Key> {
        let keys = Who::all().flat_map(|of| (0..KEYS).map(move |number| Key { of, number }));
        keys.into_iter().find(|key| self.key(*key).address() == address)
    }

    /// A message with the names of people and contracts instead of their addresses.
    pub(crate) fn named(&self, message: &str) -> String {
        let contracts = &self.setup.contracts;
        let mut names: Vec<(String, Address)> = Who::all().map(|who| (who.to_string(), self.of(who))).collect();
        names.extend(self.tokens.iter().enumerate().map(|(n, token)| (format!("token {n}"), *token)));
        for (n, service) in self.setup.services.iter().enumerate() {
            names.push((format!("service {n}"), service.contracts.service_manager));
            names.push((format!("the registry of service {n}"), service.contracts.registry));
            names.push((format!("the disputes of service {n}"), service.contracts.dispute_resolution));
        }
        names.push(("the TokenPool".into(), contracts.token_pool));
        names.push(("the StrategyManager".into(), contracts.strategy_manager));
        names.push(("the Slasher".into(), contracts.slasher));
        let receipt = self.setup.receipt;
        names.push(("the receipt".into(), receipt.receipt));
        names.push(("the vault".into(), receipt.vault));
        names.push(("the desk".into(), receipt.desk));
        names.push(("the weights".into(), receipt.weights));
        names.into_iter().fold(message.to_owned(), |text, (name, address)| {
            text.replace(&address.to_string(), &name).replace(&format!("{address:?}"), &name)
        })
    }
}
