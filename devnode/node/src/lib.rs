//! An in-memory Arbitrum Stylus development chain with a JSON-RPC server.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use stylus_devnode::Devnode;
//!
//! let node = Devnode::builder().spawn().await?;
//! println!("{} speaks HTTP and WebSocket", node.http_url());
//!
//! // Set up once, then start as many chains from the snapshot as there are tests: it takes a few milliseconds.
//! let snapshot = node.state()?;
//! let other = Devnode::builder().state(snapshot).spawn().await?;
//! other.request("evm_mine", serde_json::json!([]))?;
//!
//! // Or keep a chain for another day.
//! other.stop_with_state().await?.save("chain.json")?;
//! # Ok(())
//! # }
//! ```
//!
//! A contract of one's own is tested in a few lines:
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use serde_json::json;
//! use stylus_devnode::Devnode;
//!
//! // What `cargo build --release --target wasm32-unknown-unknown` leaves in target/.
//! // Here it is a program that returns its call data.
//! let wasm = wat::parse_str(r#"(module
//!     (import "vm_hooks" "read_args" (func $read_args (param i32)))
//!     (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
//!     (memory (export "memory") 1 1)
//!     (func (export "user_entrypoint") (param $len i32) (result i32)
//!         (call $read_args (i32.const 0))
//!         (call $write_result (i32.const 0) (local.get $len))
//!         (i32.const 0)))"#)?;
//!
//! let node = Devnode::builder().spawn().await?;
//! let contract = node.deploy_program(&wasm)?;
//! let answer = node.request("eth_call", json!([{ "to": contract, "data": "0xc0ffee" }, "latest"]))?;
//! assert_eq!(answer, "0xc0ffee");
//! # Ok(())
//! # }
//! ```
//!
//! * `chain` holds the chain: it executes transactions with [`stylus_vm`], seals blocks, keeps states, and knows
//!   nothing of JSON;
//! * `rpc` holds the methods, as functions of the chain and the parameters of a request;
//! * `server` brings the methods to HTTP and WebSocket (only with the feature of that name, which is on by default;
//!   [`Devnode::request`] does without);
//! * `shared` is what the methods work on, and `thread` the thread where all of this happens;
//! * `builder`, `spawn_error`, `node`, `rpc_error` and `deployment` are what a user of the crate sees, and `provider`
//!   with the feature of that name.
//!
//! The node differs from Nitro's development mode where tests need it:
//!
//! * unless told otherwise, blocks are mined the moment a transaction comes, one transaction per block and without
//!   Nitro's internal first transaction;
//! * `block.number` follows the L2 block number ([`L1BlockNumber`]);
//! * there are the development methods of anvil and hardhat: snapshots, time travel, impersonation, accounts changed by
//!   hand (`rpc` lists them all);
//! * `stateRoot` is a hash over the changes of all blocks, not the root of a Merkle trie.

mod accounts;
mod arbos_versions;
mod builder;
mod chain;
#[cfg(feature = "cli")]
pub mod cli;
mod deployment;
mod node;
#[cfg(feature = "provider")]
mod provider;
mod rpc;
mod rpc_error;
#[cfg(feature = "server")]
mod server;
#[cfg(not(feature = "server"))]
#[path = "no_server.rs"]
mod server;
mod shared;
mod spawn_error;
mod thread;

/// The libraries whose types this crate takes and gives.
pub use {alloy, serde_json};

pub use accounts::{DEV_ACCOUNTS, DEV_BALANCE, DevAccount};
pub use arbos_versions::ARBOS_VERSIONS;
pub use builder::DevnodeBuilder;
pub use chain::{
    ChainState, Executed, ForkError, ForkOptions, FoundState, Impersonation, L1BlockNumber, StateDecodeError,
    StateFile, StateFileError,
};
pub use deployment::DeployError;
pub use node::Devnode;
pub use rpc_error::RpcError;
pub use spawn_error::SpawnError;

#[cfg(test)]
mod tests {
    use super::{ChainState, Devnode, DevnodeBuilder};

    #[test]
    fn nodes_and_snapshots_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Devnode>();
        shared::<DevnodeBuilder>();
        shared::<ChainState>();
    }
}
