//! The file that says where a suite is: written by whoever deploys it, read by every command that acts on it.
//!
//! It lies in the working directory as `deployments/<chain id>.json`, or where one says. A development chain has the
//! same id as every other, so the file also names the block before the deployment: on a chain that began again it is
//! refused, and so is a file whose contracts have other code than was deployed.

use crate::build::PROGRAMS;
use crate::chain::Chain;
use crate::suite::Suite;
use alloy::eips::BlockNumberOrTag;
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The version of the form of the file.
const VERSION: u64 = 1;

/// Where a suite is, on which chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deployment {
    version: u64,
    chain_id: u64,
    /// The block before the first contract.
    before: Block,
    /// By name.
    contracts: BTreeMap<String, Contract>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    number: u64,
    hash: B256,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Contract {
    address: Address,
    code_hash: B256,
}

/// Why a deployment cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// There is no file.
    #[error(
        "no deployment of chain {chain_id}: {path} is not there. `cargo restake devnode --deploy` starts a node with a \
         suite and writes it; --deployment names another file"
    )]
    Missing {
        /// The chain.
        chain_id: u64,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// It cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no deployment: half-written, or something else.
    #[error("{path} is no deployment: {reason}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It is from another version.
    #[error("{path} has version {version}, this command reads version {VERSION}")]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// It is about another chain.
    #[error("the deployment is on chain {expected}, the node is on chain {found}")]
    OtherChain {
        /// The chain of the file.
        expected: u64,
        /// The chain of the node.
        found: u64,
    },
    /// The chain has the same id and another past.
    #[error("chain {chain_id} began again since the deployment: its block {number} is another one")]
    BeganAgain {
        /// The chain.
        chain_id: u64,
        /// The block before the deployment.
        number: u64,
    },
    /// What stands at an address is not what was deployed.
    #[error("{name} at {address} does not have the code that was deployed")]
    OtherCode {
        /// The contract.
        name: String,
        /// Its address in the file.
        address: Address,
    },
    /// The node cannot be asked.
    #[error("{0:#}")]
    Node(eyre::Report),
}

/// Where the deployment of a chain lies, unless one says otherwise.
pub fn default_path(chain_id: u64) -> PathBuf {
    PathBuf::from("deployments").join(format!("{chain_id}.json"))
}

impl Deployment {
    /// Describes a suite that was deployed after the block `before`.
    ///
    /// # Errors
    /// [`DeploymentError::Node`].
    pub async fn of(chain: &Chain, suite: &Suite, before: u64) -> Result<Self, DeploymentError> {
        let mut contracts = BTreeMap::new();
        for (name, address) in PROGRAMS.into_iter().zip(suite.contracts()) {
            let code_hash = chain.code_hash(address).await.map_err(DeploymentError::Node)?;
            contracts.insert(name.to_owned(), Contract { address, code_hash });
        }
        let before = Block { number: before, hash: block_hash(chain, before).await?.unwrap_or_default() };
        Ok(Self { version: VERSION, chain_id: chain_id(chain).await?, before, contracts })
    }

    /// Reads the file of the chain, or the one at `path`.
    ///
    /// # Errors
    /// [`DeploymentError`], if there is none or it cannot be read.
    pub async fn load(chain: &Chain, path: Option<&Path>) -> Result<Self, DeploymentError> {
        let chain_id = chain_id(chain).await?;
        let path = path.map_or_else(|| default_path(chain_id), Path::to_owned);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(DeploymentError::Missing { chain_id, path });
            }
            Err(source) => return Err(DeploymentError::Io { path, source }),
        };
        Self::parse(&text, &path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, DeploymentError> {
        let malformed = |reason: String| DeploymentError::Malformed { path: path.to_owned(), reason };
        // The version first: another one may have other fields.
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(VERSION) => {}
            Some(version) => return Err(DeploymentError::OtherVersion { path: path.to_owned(), version }),
            None => return Err(malformed("it names no version".to_owned())),
        }
        let read: Self = serde_json::from_value(value).map_err(|error| malformed(error.to_string()))?;
        match PROGRAMS.into_iter().find(|name| !read.contracts.contains_key(*name)) {
            Some(missing) => Err(malformed(format!("it does not say where {missing} is"))),
            None => Ok(read),
        }
    }

    /// Writes the file of the chain, or the one at `path`, and the folder it lies in: all of it, or nothing. Returns
    /// where it is.
    ///
    /// # Errors
    /// [`DeploymentError::Io`].
    pub fn save(&self, path: Option<&Path>) -> Result<PathBuf, DeploymentError> {
        let path = path.map_or_else(|| default_path(self.chain_id), Path::to_owned);
        let write = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let unfinished = path.with_extension("json.new");
            fs::write(&unfinished, format!("{}\n", serde_json::to_string_pretty(self)?))?;
            fs::rename(&unfinished, &path)
        };
        write().map_err(|source| DeploymentError::Io { path: path.clone(), source })?;
        Ok(path)
    }

    /// The number of the block before the deployment: no event of it is older.
    pub fn since(&self) -> u64 {
        self.before.number
    }

    /// The suite, if the node is on the chain that it was deployed on and everything there has the code that was
    /// deployed.
    ///
    /// # Errors
    /// [`DeploymentError::OtherChain`], [`DeploymentError::BeganAgain`], [`DeploymentError::OtherCode`],
    /// [`DeploymentError::Node`].
    pub async fn suite(&self, chain: &Chain) -> Result<Suite, DeploymentError> {
        let found = chain_id(chain).await?;
        if found != self.chain_id {
            return Err(DeploymentError::OtherChain { expected: self.chain_id, found });
        }
        if block_hash(chain, self.before.number).await? != Some(self.before.hash) {
            return Err(DeploymentError::BeganAgain { chain_id: found, number: self.before.number });
        }
        for (name, Contract { address, code_hash }) in &self.contracts {
            if chain.code_hash(*address).await.map_err(DeploymentError::Node)? != *code_hash {
                return Err(DeploymentError::OtherCode { name: name.clone(), address: *address });
            }
        }
        let at = |name: &str| self.contracts.get(name).map(|contract| contract.address);
        Suite::at(at).map_err(DeploymentError::Node)
    }
}

async fn chain_id(chain: &Chain) -> Result<u64, DeploymentError> {
    chain.provider().get_chain_id().await.map_err(|error| DeploymentError::Node(error.into()))
}

/// The hash of a block, if the chain has it.
async fn block_hash(chain: &Chain, number: u64) -> Result<Option<B256>, DeploymentError> {
    let block = chain.provider().get_block_by_number(BlockNumberOrTag::Number(number)).await;
    Ok(block.map_err(|error| DeploymentError::Node(error.into()))?.map(|block| block.header.hash))
}
