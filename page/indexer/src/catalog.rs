//! Events by the interfaces of the contracts: their names, and their fields as JSON.

use alloy::json_abi::{Event, JsonAbi};
use alloy::primitives::{Address, B256, Log};
use alloy_dyn_abi::{DynSolValue, EventExt};
use eyre::{Result, WrapErr};
use restake::docs::abi_of;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What contracts are called that services bring: any of them may have any of a service's events.
pub const SERVICE: &str = "service";

/// The text of an interface.
macro_rules! interface {
    ($file:literal, $name:literal) => {
        ($name, include_str!(concat!("../../../contracts/lib/interfaces/src/", $file, ".rs")))
    };
}

/// Which interfaces the events of a program are in.
const PROGRAMS: [(&str, &[(&str, &str)]); 10] = [
    ("token-pool", &[interface!("token_pool", "ITokenPool")]),
    ("strategy-manager", &[interface!("strategy_manager", "IStrategyManager")]),
    ("slasher", &[interface!("slasher", "ISlasher")]),
    ("rewards", &[interface!("rewards", "IRewards")]),
    ("governance", &[interface!("governance", "IGovernance"), interface!("ownable", "IOwnable")]),
    ("restaking-vault", &[interface!("restaking_vault", "IRestakingVault")]),
    ("restaking-weights", &[interface!("restaking_weights", "IRestakingWeights"), interface!("ownable", "IOwnable")]),
    ("redemption-desk", &[interface!("redemption_desk", "IRedemptionDesk")]),
    ("liquid-restaking-token", &[interface!("liquid_restaking_token", "ILiquidRestakingToken")]),
    (
        SERVICE,
        &[
            interface!("service_manager", "IServiceManager"),
            interface!("registry", "IRegistry"),
            interface!("dispute_resolution", "IDisputeResolution"),
            interface!("bisection", "IBisection"),
            interface!("ownable", "IOwnable"),
        ],
    ),
];

/// An event as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub fields: Map<String, Value>,
    /// The accounts that it names.
    pub accounts: BTreeSet<Address>,
}

/// All events that are kept. Transfers and approvals of tokens are not: there are as many as one likes, and the tokens
/// say who has what.
#[derive(Debug)]
pub struct Catalog {
    programs: BTreeMap<&'static str, BTreeMap<B256, Event>>,
}

impl Catalog {
    /// Reads the interfaces.
    ///
    /// # Errors
    /// If one of them does not look as expected.
    pub fn new() -> Result<Self> {
        let mut programs = BTreeMap::new();
        for (program, interfaces) in PROGRAMS {
            let mut events = BTreeMap::new();
            for (name, source) in interfaces {
                let abi: JsonAbi =
                    serde_json::from_value(abi_of(source, name)?).wrap_err_with(|| (*name).to_owned())?;
                events.extend(abi.events().map(|event| (event.selector(), event.clone())));
            }
            programs.insert(program, events);
        }
        Ok(Self { programs })
    }

    /// Whether events of a program are kept, and what it is called here.
    pub fn program(&self, name: &str) -> Option<&'static str> {
        let service = ["registry", "service-manager", "dispute-resolution", "bisection"];
        let name = if service.contains(&name) { SERVICE } else { name };
        self.programs.keys().find(|program| **program == name).copied()
    }

    /// The first topics of all events.
    pub fn topics(&self) -> Vec<B256> {
        self.programs.values().flat_map(BTreeMap::keys).copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What a program said. Nothing where it is no event of this program: a contract that somebody else brought can log
    /// whatever it likes.
    pub fn decode(&self, program: &str, log: &Log) -> Option<Decoded> {
        let event = self.programs.get(program)?.get(log.topics().first()?)?;
        let decoded = event.decode_log(&log.data).ok()?;
        let (mut indexed, mut body) = (decoded.indexed.into_iter(), decoded.body.into_iter());
        let (mut fields, mut accounts) = (Map::new(), BTreeSet::new());
        for input in &event.inputs {
            let value = if input.indexed { indexed.next() } else { body.next() }?;
            collect(&value, &mut accounts);
            fields.insert(input.name.clone(), written(&value, &input.components)?);
        }
        accounts.remove(&Address::ZERO);
        Some(Decoded { name: event.name.clone(), fields, accounts })
    }
}

/// The accounts in a value.
fn collect(value: &DynSolValue, accounts: &mut BTreeSet<Address>) {
    match value {
        DynSolValue::Address(account) => {
            accounts.insert(*account);
        }
        DynSolValue::Array(values) | DynSolValue::FixedArray(values) | DynSolValue::Tuple(values) => {
            values.iter().for_each(|value| collect(value, accounts));
        }
        _ => {}
    }
}

/// A value as JSON: numbers of 64 bits and more as decimal strings, bytes in hexadecimal digits, structs by the names
/// of their fields.
fn written(value: &DynSolValue, components: &[alloy::json_abi::Param]) -> Option<Value> {
    Some(match value {
        DynSolValue::Bool(is) => json!(is),
        DynSolValue::Uint(number, bits) if *bits < 64 => json!(number.saturating_to::<u64>()),
        DynSolValue::Uint(number, _) => json!(number.to_string()),
        DynSolValue::Int(number, _) => json!(number.to_string()),
        DynSolValue::Address(account) => json!(account.to_string()),
        DynSolValue::FixedBytes(word, size) => json!(alloy::hex::encode_prefixed(word.get(..*size)?)),
        DynSolValue::Bytes(bytes) => json!(alloy::hex::encode_prefixed(bytes)),
        DynSolValue::String(text) => json!(text.replace('\0', "")),
        DynSolValue::Array(values) | DynSolValue::FixedArray(values) => {
            values.iter().map(|value| written(value, components)).collect::<Option<Vec<_>>>()?.into()
        }
        DynSolValue::Tuple(values) => {
            let named = components.iter().zip(values);
            let fields = named.map(|(field, value)| Some((field.name.clone(), written(value, &field.components)?)));
            Value::Object(fields.collect::<Option<Map<_, _>>>()?)
        }
        // No interface has any.
        DynSolValue::Function(_) | DynSolValue::CustomStruct { .. } => return None,
    })
}
