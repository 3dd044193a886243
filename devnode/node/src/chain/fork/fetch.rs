//! What of another node's state at one block is asked for, and how.

use super::ForkError;
use super::known::FarAccount;
use super::node::Node;
use super::point::Point;
use alloy::primitives::{Address, B256, Bytes, U256};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stylus_vm::revm::state::Bytecode;

/// How the block is named in requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// By its hash, so that a node tells if the block is not a part of its chain any more (EIP-1898).
    Hash,
    /// By its number, for nodes that take nothing else.
    Number,
}

/// A node and the block that is forked.
#[derive(Debug)]
pub(super) struct Far {
    pub(super) node: Node,
    pub(super) point: Point,
    pub(super) naming: Naming,
}

impl Far {
    /// An account with its code.
    pub(super) fn account(&self, address: Address) -> Result<(FarAccount, Bytecode), ForkError> {
        let (balance, nonce, code) = std::thread::scope(|scope| {
            let balance = scope.spawn(|| self.number("eth_getBalance", &[json!(address)]));
            let nonce = scope.spawn(|| self.number("eth_getTransactionCount", &[json!(address)]));
            let code = self.code(address);
            (joined(balance), joined(nonce), code)
        });
        let (balance, code) = (balance?, code?);
        let nonce = u64::try_from(nonce?).map_err(|error| ForkError::garbage("eth_getTransactionCount", error))?;
        Ok((FarAccount { nonce, balance, code_hash: code.hash_slow() }, code))
    }

    fn code(&self, address: Address) -> Result<Bytecode, ForkError> {
        let method = "eth_getCode";
        let code: Bytes = parse(method, self.state(method, &[json!(address)])?)?;
        Bytecode::new_raw_checked(code).map_err(|error| ForkError::garbage(method, error))
    }

    /// A slot of an account.
    pub(super) fn slot(&self, address: Address, slot: U256) -> Result<U256, ForkError> {
        self.number("eth_getStorageAt", &[json!(address), json!(B256::from(slot))])
    }

    /// The hash of the block with this number; zero if there is none.
    pub(super) fn block_hash(&self, number: u64) -> Result<B256, ForkError> {
        let block = header(&self.node, number)?;
        block.map_or(Ok(B256::ZERO), |block| parse("eth_getBlockByNumber", block["hash"].clone()))
    }

    fn number(&self, method: &'static str, params: &[Value]) -> Result<U256, ForkError> {
        let answer = self.state(method, params)?;
        // Nobody pads numbers in the same way.
        let digits = answer.as_str().and_then(|text| text.strip_prefix("0x")).filter(|digits| !digits.is_empty());
        let number = digits.and_then(|digits| U256::from_str_radix(digits, 16).ok());
        number.ok_or_else(|| ForkError::garbage(method, answer))
    }

    /// Asks for something at the forked block.
    fn state(&self, method: &'static str, params: &[Value]) -> Result<Value, ForkError> {
        let Point { number, hash, .. } = self.point;
        let block = match self.naming {
            Naming::Hash => json!({ "blockHash": hash, "requireCanonical": true }),
            Naming::Number => json!(format!("{number:#x}")),
        };
        let params = params.iter().cloned().chain([block]).collect();
        self.node.ask(method, &Value::Array(params)).map_err(|error| match error {
            ForkError::Refused { why, .. } if is_not_canonical(&why) => {
                ForkError::Reorganised { block: number, was: hash }
            }
            ForkError::Refused { why, .. } if is_forgotten(&why) => ForkError::NoState { block: number, why },
            error => error,
        })
    }
}

/// The block with this number as clients get it, or null.
pub(super) fn header(node: &Node, number: u64) -> Result<Option<Value>, ForkError> {
    let block = node.ask("eth_getBlockByNumber", &json!([format!("{number:#x}"), false]))?;
    Ok(Some(block).filter(|block| !block.is_null()))
}

/// An answer of a type.
pub(super) fn parse<T: DeserializeOwned>(method: &'static str, answer: Value) -> Result<T, ForkError> {
    serde_json::from_value(answer).map_err(|error| ForkError::garbage(method, error))
}

/// What a thread found out.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Whether a node says that the block was replaced: by go-ethereum's words, or by not knowing its hash.
fn is_not_canonical(why: &str) -> bool {
    ["not currently canonical", "header for hash not found", "header not found", "unknown block"]
        .iter()
        .any(|words| why.contains(words))
}

/// Whether a node says that it has forgotten a state, in the words of those that are in use.
fn is_forgotten(why: &str) -> bool {
    let words = ["missing trie node", "pruned", "state not available", "is not available", "is not kept", "archive"];
    words.iter().any(|words| why.contains(words))
}
