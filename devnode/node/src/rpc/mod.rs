//! The JSON-RPC methods, without a transport: each is a function of the node's state and the parameters of a request.
//!
//! # Standard methods
//!
//! * `debug_getRawBlock`, `debug_getRawHeader`, `debug_getRawReceipts`, `debug_getRawTransaction`: the encodings
//! * `debug_storageRangeAt`: the slots of an account before a transaction, a part at a time, by their hashes
//! * `debug_traceBlock`, `debug_traceBlockByHash`, `debug_traceBlockByNumber`: what happens inside the transactions of
//!   a block
//! * `debug_traceCall`, `debug_traceTransaction`: what happens inside, by go-ethereum's tracers and Nitro's
//!   `stylusTracer`
//! * `eth_accounts`: the development accounts, which the node signs for, and those that are impersonated
//! * `eth_blobBaseFee`: null, Arbitrum has no blobs
//! * `eth_blockNumber`: the number of the latest block
//! * `eth_call`: the output of a transaction that is not mined; takes state and block overrides
//! * `eth_chainId`: the chain id
//! * `eth_coinbase`: the address of the sequencer, as in headers
//! * `eth_config`: the chain id, the precompiles and the contracts of the system
//! * `eth_createAccessList`: the accounts and slots that a transaction looks at, to be announced
//! * `eth_estimateGas`: a gas limit that suffices, at most 1.5 % above the least one
//! * `eth_feeHistory`: base fees, and how much of what the chain sustains was computed
//! * `eth_fillTransaction`: a transaction with everything but a signature
//! * `eth_gasPrice`: the base fee
//! * `eth_getBalance`, `eth_getCode`, `eth_getStorageAt`, `eth_getTransactionCount`: an account's state after a block
//! * `eth_getBlockByHash`, `eth_getBlockByNumber`: a block, with its transactions or their hashes
//! * `eth_getBlockReceipts`: all receipts of a block
//! * `eth_getBlockTransactionCountByHash`, `eth_getBlockTransactionCountByNumber`: how many transactions a block has
//! * `eth_getFilterChanges`, `eth_getFilterLogs`: what a filter has to report, since it was asked or at all
//! * `eth_getHeaderByHash`, `eth_getHeaderByNumber`: a block without its transactions
//! * `eth_getLogs`: events
//! * `eth_getProof`: refused with -32004, since the node keeps no Merkle tries
//! * `eth_getRawTransactionByHash`: a transaction, mined or waiting, in its EIP-2718 encoding
//! * `eth_getRawTransactionByBlockHashAndIndex`, `eth_getRawTransactionByBlockNumberAndIndex`: the same by its place
//! * `eth_getTransactionByBlockHashAndIndex`, `eth_getTransactionByBlockNumberAndIndex`: a transaction by its place
//! * `eth_getTransactionByHash`: a transaction, mined or waiting
//! * `eth_getTransactionBySenderAndNonce`: a transaction by who sent it, mined or waiting
//! * `eth_getTransactionReceipt`: the receipt of a mined transaction
//! * `eth_getUncleByBlockHashAndIndex`, `eth_getUncleByBlockNumberAndIndex`: null, Arbitrum has no uncles
//! * `eth_getUncleCountByBlockHash`, `eth_getUncleCountByBlockNumber`: zero for every block
//! * `eth_hashrate`, `eth_mining`: zero and false, nobody proves work
//! * `eth_maxPriorityFeePerGas`: zero, tips are dropped
//! * `eth_newBlockFilter`, `eth_newFilter`, `eth_newPendingTransactionFilter`, `eth_uninstallFilter`: create a filter,
//!   or remove one
//! * `eth_protocolVersion`: 1
//! * `eth_sendRawTransaction`: takes a signed transaction
//! * `eth_sendRawTransactionSync`: takes a signed transaction and answers with its receipt
//! * `eth_sendTransaction`: completes and takes a transaction, signed for a development account, unsigned for an
//!   impersonated one
//! * `eth_sign`, `personal_sign`: a development account's signature of a message (EIP-191)
//! * `eth_signTransaction`: a development account's signed transaction, completed and encoded, but not sent
//! * `eth_signTypedData_v4`: a development account's signature of typed data (EIP-712)
//! * `eth_simulateV1`: blocks that might come, with calls that see what those before them did
//! * `eth_syncing`: false
//! * `net_listening`: true
//! * `net_peerCount`: zero
//! * `net_version`: the chain id in decimal
//! * `ots_getApiLevel`: 8, the version of Otterscan's methods
//! * `ots_getBlockDetails`, `ots_getBlockDetailsByHash`: a block without its transactions, with the fees paid in it
//! * `ots_getBlockTransactions`: a page of a block's transactions, with their receipts
//! * `ots_getContractCreator`: the transaction that created a contract, and who called for it
//! * `ots_getInternalOperations`: what moved wei or made contracts inside a transaction
//! * `ots_getTransactionBySenderAndNonce`: the hash of a mined transaction
//! * `ots_getTransactionError`: the data that a transaction reverted with
//! * `ots_hasCode`: whether an account has code
//! * `ots_searchTransactionsAfter`, `ots_searchTransactionsBefore`: transactions that an account has to do with
//! * `ots_traceTransaction`: the calls of a transaction, each with its depth
//! * `rpc_modules`: the prefixes of the methods
//! * `trace_block`, `trace_transaction`: the calls inside, flat, as OpenEthereum's clients ask for them
//! * `txpool_content`, `txpool_contentFrom`: the waiting transactions: "pending" ones wait for a block, "queued" ones
//!   for transactions before them
//! * `txpool_inspect`: the same, a line of text for each
//! * `txpool_status`: how many there are
//! * `web3_clientVersion`: name and version of the node
//! * `web3_sha3`: Keccak-256
//!
//! `eth_subscribe` and `eth_unsubscribe` need a connection and are the server's.
//!
//! # Development methods
//!
//! Nitro has none of these, and it knows no accounts to sign for. Clients of a node that was started without them get
//! what Nitro answers ([`DevnodeBuilder::development`](crate::DevnodeBuilder::development)).
//!
//! * `anvil_addBalance`: adds to a balance
//! * `anvil_autoImpersonateAccount`: whether everybody is impersonated
//! * `anvil_dealERC20`: refused with -32004, since nobody knows where a token keeps its balances
//! * `anvil_dropAllTransactions`, `anvil_dropTransaction`, `hardhat_dropTransaction`: forgets waiting transactions
//! * `anvil_dumpState`: the whole chain as bytes, in the node's own format
//! * `anvil_getAutomine`, `hardhat_getAutomine`: whether transactions are mined as they come
//! * `anvil_getIntervalMining`: the seconds between blocks that are mined by themselves
//! * `anvil_impersonateAccount`, `hardhat_impersonateAccount`: lets clients send in the name of an account, even of a
//!   contract
//! * `anvil_increaseTime`, `evm_increaseTime`: moves time forward by some seconds
//! * `anvil_loadState`: replaces the chain by one that was dumped
//! * `anvil_mine`, `hardhat_mine`: mines some blocks, some seconds apart; the first takes all transactions that wait
//!   for a block
//! * `anvil_metadata`, `anvil_nodeInfo`, `hardhat_metadata`: the latest block, the chain id and who this node is
//! * `anvil_removeBlockTimestampInterval`: lets time run again between blocks
//! * `anvil_removePoolTransactions`: forgets what waits of one account
//! * `anvil_reorg`, `anvil_rollback`: refused with -32004, snapshots do that
//! * `anvil_reset`, `hardhat_reset`: goes back to where the node was started, or begins anew as a fork of another
//! * `anvil_revert`, `evm_revert`: goes back to a snapshot and uses it up
//! * `anvil_setAutomine`, `evm_setAutomine`: whether transactions are mined as they come
//! * `anvil_setBalance`, `hardhat_setBalance`: sets a balance
//! * `anvil_setBlockGasLimit`, `evm_setBlockGasLimit`: how much gas the transactions of a block may use from now on
//! * `anvil_setBlockTimestampInterval`: makes every block so many seconds younger than its parent, whatever the time
//! * `anvil_setCode`, `hardhat_setCode`: sets the code of an account
//! * `anvil_setCoinbase`, `hardhat_setCoinbase`, `hardhat_setPrevRandao`: refused with -32004, since these are the same
//!   in all blocks of Arbitrum
//! * `anvil_setIntervalMining`, `evm_setIntervalMining`: mines a block every so many seconds, and at no other time
//! * `anvil_setMinGasPrice`, `hardhat_setMinGasPrice`: refused with -32004, the base fee is the least price
//! * `anvil_setNextBlockBaseFeePerGas`, `hardhat_setNextBlockBaseFeePerGas`: the base fee of the next block
//! * `anvil_setNextBlockTimestamp`, `evm_setNextBlockTimestamp`: sets the timestamp of the next block; time goes on
//!   from there
//! * `anvil_setNonce`, `hardhat_setNonce`: sets a nonce, also to a lower one
//! * `anvil_setStorageAt`, `hardhat_setStorageAt`: sets a storage slot
//! * `anvil_setTime`, `evm_setTime`: sets the time, in seconds since the Unix epoch
//! * `anvil_snapshot`, `evm_snapshot`: remembers the chain as it is
//! * `anvil_stopImpersonatingAccount`, `hardhat_stopImpersonatingAccount`: ends that
//! * `evm_mine`, `evm_mineDetailed`: mines blocks, the first with a given timestamp and all that waits for a block; the
//!   second answers with them
//!
//! Parameters that are not what a method takes get the error -32602 and change nothing.

mod accounts;
mod alterations;
mod arity;
mod before;
mod blocks;
mod call_traces;
mod calls;
mod debug;
mod error;
mod fees;
mod filters;
mod hexadecimal;
mod logs;
mod mining;
mod network;
mod otterscan;
mod otterscan_search;
mod params;
mod pool;
mod prestate;
mod raw;
mod reasons;
mod simulate;
mod snapshots;
mod state;
mod storage_range;
mod time;
mod tracer;
mod traces;
mod transactions;
mod unsupported;
mod validation;
mod views;
#[cfg(feature = "server")]
mod withheld;

use arity::{check as check_arity, is_foreign, is_of_development};
#[cfg(feature = "server")]
pub(crate) use error::invalid_params;
pub(crate) use error::{failure, internal, unknown_method};
#[cfg(feature = "server")]
pub(crate) use logs::matching_logs;
use params::Params;
#[cfg(feature = "server")]
pub(crate) use views::{bare_header, transaction_view};

use crate::chain::{Chain, ChainOptions, ChainState};
use crate::rpc_error::RpcError;
use alloy::primitives::B256;
use filters::Filters;
use serde_json::Value;
use std::hash::{BuildHasher, RandomState};

/// What a request gets: a JSON value, or an error with go-ethereum's code and wording.
pub(crate) type RpcResult = Result<Value, RpcError>;

/// A method.
pub(crate) type Method = fn(&mut Backend, Params) -> RpcResult;

/// What the methods work on: the chain, and what the server remembers for its clients.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) chain: Chain,
    filters: Filters,
    /// Tells this node from all others.
    instance: B256,
    /// Whether clients have the methods of development.
    development: bool,
}

impl Backend {
    /// A backend of the chain in the snapshot, whose clients have the methods of `development` or not.
    pub(crate) fn new(state: ChainState, options: ChainOptions, development: bool) -> Self {
        Self { chain: Chain::start(state, options), filters: Filters::default(), instance: random(), development }
    }

    /// Calls a method for a client.
    #[cfg(feature = "server")]
    pub(crate) fn serve(&mut self, name: &'static str, method: Method, params: Value) -> RpcResult {
        match withheld::instead_of(name).filter(|_| !self.development) {
            Some(answer) => {
                check_arity(name, &params)?;
                answer
            }
            None => self.answer(name, method, params),
        }
    }

    /// Calls a method for whoever holds the node.
    pub(crate) fn answer(&mut self, name: &'static str, method: Method, params: Value) -> RpcResult {
        if self.chain.is_like_nitro() && is_foreign(name) {
            return Err(unknown_method(name));
        }
        check_arity(name, &params)?;
        if let Some(answer) = before::pass_on(self, name, &params) {
            return answer;
        }
        method(self, Params::new(params)?)
    }
}

/// A number that no two nodes share, from the keys that the standard library draws for its hash maps.
fn random() -> B256 {
    let words = [0_u64; 4].map(|word| RandomState::new().hash_one(word).to_be_bytes());
    B256::from_slice(words.as_flattened())
}

/// All methods with their names.
pub(crate) fn methods() -> impl Iterator<Item = (&'static str, Method)> {
    [
        network::METHODS,
        state::METHODS,
        blocks::METHODS,
        raw::METHODS,
        storage_range::METHODS,
        transactions::METHODS,
        calls::METHODS,
        simulate::METHODS,
        fees::METHODS,
        logs::METHODS,
        filters::METHODS,
        time::METHODS,
        snapshots::METHODS,
        accounts::METHODS,
        mining::METHODS,
        pool::METHODS,
        alterations::METHODS,
        debug::METHODS,
        unsupported::METHODS,
        otterscan::METHODS,
        otterscan_search::METHODS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

#[cfg(test)]
mod tests {
    use super::methods;
    use std::collections::BTreeSet;
    use std::fs;

    /// The page about the methods. With the environment variable `STYLUS_WRITE_PAGES` the test writes it.
    const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/METHODS.md");

    #[test]
    fn the_page_about_methods_is_their_documentation() {
        let documentation = include_str!("mod.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let mut lines = documentation.map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.by_ref().find(|line| line.starts_with("# "));
        let text: Vec<_> = lines.map(|line| line.replace("# Dev", "## Dev")).collect();
        let text = text.join("\n").replace("(crate::DevnodeBuilder::development)", "");
        let page = format!(
            "# The methods of the node\n\nA test writes this page from the documentation of `src/rpc`, which another \
             test holds against the\nmethods that there are (`STYLUS_WRITE_PAGES=1 cargo test -p stylus-devnode --lib \
             methods`).\n\n## Standard methods\n{text}\n"
        );
        if std::env::var_os("STYLUS_WRITE_PAGES").is_some() {
            fs::write(PAGE, &page).expect("the page");
        }
        assert_eq!(fs::read_to_string(PAGE).expect("the page"), page, "STYLUS_WRITE_PAGES=1 writes it anew");
    }

    #[test]
    fn the_documentation_lists_every_method_and_no_other() {
        let documentation = include_str!("mod.rs").lines().filter(|line| line.starts_with("//! * "));
        let items = documentation.filter_map(|line| line.split_once(':')).map(|(names, _)| names);
        let listed: Vec<&str> = items.flat_map(|names| names.split('`').skip(1).step_by(2)).collect();
        let known: BTreeSet<&str> = methods().map(|(name, _)| name).collect();
        assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), known);
        assert_eq!(listed.len(), known.len(), "each is listed once");
        assert_eq!(methods().count(), known.len(), "no name is used twice");
    }
}
