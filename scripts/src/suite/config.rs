//! Parameters as people write them, in JSON: amounts of the token as `32.5`, parts as `10%`, times as `3days`.

use super::Parameters;
use crate::amounts::{AmountError, ETHER_DECIMALS, Fraction, format, parse};
use alloy::primitives::{Address, U256};
use arithmetic::fault::{EQUIVOCATION, ROOM, UNAVAILABILITY};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Nobody's address: what is sent there is gone, so nobody gains from a slash.
const BURN: Address = alloy::primitives::address!("000000000000000000000000000000000000dEaD");

/// What a suite is deployed with. What is left out is as in [`Config::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Config {
    /// Who owns everything; whoever deploys, where nobody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Address>,
    /// Who may pause; the owner, where nobody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pauser: Option<Address>,
    /// Who may end a pause; the owner, where nobody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpauser: Option<Address>,
    /// The token to stake; a LiquidStakingToken of the suite's own, which its owner mints, where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Address>,
    /// Most tokens that the protocol may hold.
    pub cap: String,
    /// Most of the cap that one deposit may bring (percent).
    pub deposit_percent: u8,
    /// Most of what the protocol owes that may leave per epoch (percent), zero for no limit.
    pub outflow_percent: u8,
    /// The first service.
    pub service: ServiceConfig,
}

/// What a service is deployed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ServiceConfig {
    /// The stake that an operator needs to join (tokens).
    pub minimum_stake: String,
    /// The part of its budget that an equivocation costs; 0% where it is no fault.
    pub equivocation: String,
    /// The part of its budget that data costs which was not available; 0% where it is no fault.
    pub unavailability: String,
    /// The challenger's part of a slash.
    pub challenger_share: String,
    /// What the service promises to pay (part of the stake, per year).
    pub reward_rate: String,
    /// What the service says that corrupting it could earn at most (tokens).
    pub profit_from_corruption: String,
    /// Who gets the rest of a slash.
    pub recipient: Address,
    /// Who may veto a slash; nobody, where nobody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolver: Option<Address>,
    /// The bond of a challenge (ETH).
    pub bond: String,
    /// How long evidence of a task is good: three days at most.
    pub evidence_window: String,
    /// How long an operator has to open a leaf: half of that at most.
    pub answer_window: String,
    /// Whether stake of the shared tier counts.
    pub accepts_shared: bool,
    /// The contract that decides who signs; none, where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admission: Option<Address>,
}

/// Why nothing can be deployed with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// An amount or a part.
    #[error("{field}: {reason}")]
    Amount {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        reason: AmountError,
    },
    /// A time.
    #[error("{field}: '{text}' is no time: write it like 36h, or 3days")]
    Time {
        /// Which.
        field: &'static str,
        /// What was written.
        text: String,
    },
    /// Something that no contract takes.
    #[error("{field}: {reason}")]
    OutOfRange {
        /// Which.
        field: &'static str,
        /// What would be.
        reason: &'static str,
    },
}

impl Default for Config {
    /// A million tokens at most, the service of [`Parameters::example`], and slashed funds for nobody.
    fn default() -> Self {
        Self::of(&Parameters::example(BURN), ETHER_DECIMALS)
    }
}

impl Default for ServiceConfig {
    fn default() -> Self {
        Config::default().service
    }
}

impl Config {
    /// Writes parameters, with amounts of a token with so many decimals.
    pub fn of(parameters: &Parameters, decimals: u8) -> Self {
        let p = parameters;
        let tokens = |amount: u128| format(U256::from(amount), decimals);
        let part = |wad: u64| Fraction(wad).to_string();
        let time = |seconds| humantime::format_duration(Duration::from_secs(seconds)).to_string();
        let some = |account: Address| (!account.is_zero()).then_some(account);
        let wad = |kind: u8| part(p.wads.get(usize::from(kind)).copied().unwrap_or_default());
        Self {
            owner: p.owner,
            pauser: p.pauser,
            unpauser: p.unpauser,
            token: some(p.token),
            cap: tokens(p.cap),
            deposit_percent: p.deposit_percent,
            outflow_percent: p.outflow_percent,
            service: ServiceConfig {
                minimum_stake: tokens(p.minimum_stake),
                equivocation: wad(EQUIVOCATION),
                unavailability: wad(UNAVAILABILITY),
                challenger_share: part(p.challenger_share),
                reward_rate: part(p.reward_rate),
                profit_from_corruption: tokens(p.profit_from_corruption),
                recipient: p.recipient,
                resolver: some(p.resolver),
                bond: format(p.bond, ETHER_DECIMALS),
                evidence_window: time(p.evidence_window),
                answer_window: time(p.answer_window),
                accepts_shared: p.accepts_shared,
                admission: some(p.admission),
            },
        }
    }

    /// Reads them, with amounts of a token with so many decimals.
    ///
    /// # Errors
    /// [`ConfigError`]: whatever a constructor would refuse, before anything is deployed.
    pub fn parameters(&self, decimals: u8) -> Result<Parameters, ConfigError> {
        let s = &self.service;
        let mut wads = [0; ROOM];
        for (kind, field, text) in [
            (EQUIVOCATION, "service.equivocation", &s.equivocation),
            (UNAVAILABILITY, "service.unavailability", &s.unavailability),
        ] {
            if let Some(wad) = wads.get_mut(usize::from(kind)) {
                *wad = part(field, text)?;
            }
        }
        let parameters = Parameters {
            owner: self.owner,
            pauser: self.pauser,
            unpauser: self.unpauser,
            token: self.token.unwrap_or_default(),
            cap: amount("cap", &self.cap, decimals)?,
            deposit_percent: self.deposit_percent,
            outflow_percent: self.outflow_percent,
            minimum_stake: amount("service.minimumStake", &s.minimum_stake, decimals)?,
            wads,
            challenger_share: part("service.challengerShare", &s.challenger_share)?,
            reward_rate: part("service.rewardRate", &s.reward_rate)?,
            profit_from_corruption: amount("service.profitFromCorruption", &s.profit_from_corruption, decimals)?,
            recipient: s.recipient,
            resolver: s.resolver.unwrap_or_default(),
            bond: U256::from(amount("service.bond", &s.bond, ETHER_DECIMALS)?),
            evidence_window: time("service.evidenceWindow", &s.evidence_window)?,
            answer_window: time("service.answerWindow", &s.answer_window)?,
            accepts_shared: s.accepts_shared,
            admission: s.admission.unwrap_or_default(),
        };
        parameters.check().map_err(|(field, reason)| ConfigError::OutOfRange { field, reason })?;
        Ok(parameters)
    }
}

fn amount(field: &'static str, text: &str, decimals: u8) -> Result<u128, ConfigError> {
    parse(text, decimals).map_err(|reason| ConfigError::Amount { field, reason })
}

fn part(field: &'static str, text: &str) -> Result<u64, ConfigError> {
    let part: Fraction = text.parse().map_err(|reason| ConfigError::Amount { field, reason })?;
    Ok(part.0)
}

fn time(field: &'static str, text: &str) -> Result<u64, ConfigError> {
    let time = humantime::parse_duration(text);
    time.map(|time| time.as_secs()).map_err(|_| ConfigError::Time { field, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let config = Config { owner: Some(Address::repeat_byte(7)), ..Config::default() };
        let text = serde_json::to_string_pretty(&config).expect("JSON");
        assert_eq!(serde_json::from_str::<Config>(&text).expect("a configuration"), config);
        let parameters = config.parameters(18).expect("parameters");
        assert_eq!((Config::of(&parameters, 18), parameters.owner), (config, Some(Address::repeat_byte(7))));
        // A few words are enough.
        let short: Config = serde_json::from_str(r#"{ "cap": "12.5", "service": { "bond": "2" } }"#).expect("JSON");
        let parameters = short.parameters(6).expect("parameters");
        assert_eq!((parameters.cap, parameters.bond), (12_500_000, U256::from(2_000_000_000_000_000_000_u64)));
        assert!(serde_json::from_str::<Config>(r#"{ "capp": "1" }"#).is_err(), "a field that is none");
    }

    #[test]
    fn what_a_constructor_would_refuse_is_refused_before() {
        let with = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            config.parameters(18).expect_err("out of range").to_string()
        };
        for (change, field) in [
            (|config: &mut Config| "-1".clone_into(&mut config.cap), "cap"),
            (|config| config.deposit_percent = 101, "depositPercent"),
            (|config| config.outflow_percent = 101, "outflowPercent"),
            (|config| "1.5".clone_into(&mut config.service.equivocation), "service.equivocation"),
            (|config| "11%".clone_into(&mut config.service.challenger_share), "service.challengerShare"),
            (|config| "4days".clone_into(&mut config.service.evidence_window), "service.evidenceWindow"),
            (|config| "37h".clone_into(&mut config.service.answer_window), "service.answerWindow"),
            (|config| "soon".clone_into(&mut config.service.answer_window), "service.answerWindow"),
            (|config| config.service.recipient = Address::ZERO, "service.recipient"),
            (|config| config.owner = Some(Address::ZERO), "owner"),
        ] as [(fn(&mut Config), &str); 10]
        {
            let said = with(change);
            assert!(said.starts_with(&format!("{field}: ")), "{field}: {said}");
        }
        let nothing = with(|config| {
            "0".clone_into(&mut config.service.equivocation);
            "0%".clone_into(&mut config.service.unavailability);
        });
        assert!(nothing.starts_with("service: "), "{nothing}");
    }
}
