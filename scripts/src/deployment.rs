//! The file that says where a suite is: written by whoever deploys it, step by step, and read by every command that
//! acts on it.
//!
//! It lies in the working directory as `deployments/<chain id>.json`, or where one says. A development chain has the
//! same id as every other, so the file also names the block before the deployment: on a chain that began again it is
//! refused, and so is a file whose contracts have other code than was deployed, or whose deployment is not finished.

use crate::build::PROGRAMS;
use crate::chain::Chain;
use crate::suite::{Config, Scope, Suite};
use alloy::eips::BlockNumberOrTag;
use alloy::primitives::{Address, B256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::SolValue;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The version of the form of the file.
const VERSION: u64 = 2;

/// Where a suite is, on which chain, and how it came there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deployment {
    version: u64,
    chain_id: u64,
    /// The version of what deployed it.
    restake: String,
    /// Whether all of it is there.
    finished: bool,
    /// Who deploys it.
    from: Address,
    /// What makes its addresses its own.
    salt: B256,
    /// The block before the first contract.
    before: Block,
    parameters: Config,
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
    /// The block in which it was created, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    block: Option<u64>,
}

/// Why a deployment cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// There is no file.
    #[error(
        "no deployment of chain {chain_id}: {path} is not there. `restake deploy` writes it, `restake devnode \
         --deploy` starts a node with a suite and writes it, and --deployment names another file"
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
    /// Its contracts are not all there, or do not know each other yet.
    #[error("the deployment in {path} is not finished: `restake deploy` goes on with it")]
    Unfinished {
        /// The file.
        path: PathBuf,
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
    /// Begins a deployment by `from`, at the latest block.
    ///
    /// # Errors
    /// [`DeploymentError::Node`].
    pub async fn begin(chain: &Chain, from: Address, parameters: Config) -> Result<Self, DeploymentError> {
        let number = chain.provider().get_block_number().await.map_err(node)?;
        let before = Block { number, hash: block_hash(chain, number).await?.unwrap_or_default() };
        let nonce = chain.provider().get_transaction_count(from).await.map_err(node)?;
        // Another one for each deployment. Who knows it can do no more than this account: what the StylusDeployer
        // creates at an address was constructed as this deployment says.
        let salt = keccak256((from, nonce).abi_encode());
        let (chain_id, restake) = (chain_id(chain).await?, env!("CARGO_PKG_VERSION").to_owned());
        let contracts = BTreeMap::new();
        Ok(Self { version: VERSION, chain_id, restake, finished: false, from, salt, before, parameters, contracts })
    }

    /// Begins a deployment of another service on the protocol of `suite`.
    ///
    /// # Errors
    /// [`DeploymentError::Node`].
    pub async fn begin_service(
        chain: &Chain,
        from: Address,
        parameters: Config,
        suite: &Suite,
    ) -> Result<Self, DeploymentError> {
        let mut record = Self::begin(chain, from, parameters).await?;
        for (name, address) in PROGRAMS.into_iter().zip(suite.contracts()) {
            if !Scope::SERVICE.contains(&name) {
                record.adopt(chain, name, address).await?;
            }
        }
        Ok(record)
    }

    /// The deployment that a file describes, whatever chain there is.
    ///
    /// # Errors
    /// [`DeploymentError`], if there is none or it cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, DeploymentError> {
        let text = fs::read_to_string(path);
        let text = text.map_err(|source| DeploymentError::Io { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// The number of the chain that it is on.
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// Whether everything is there.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Who deploys it.
    pub fn from(&self) -> Address {
        self.from
    }

    /// What it is deployed with.
    pub fn parameters(&self) -> &Config {
        &self.parameters
    }

    /// What makes its addresses its own.
    pub(crate) fn salt(&self) -> B256 {
        self.salt
    }

    /// Where its contracts are, or will be, by their names.
    pub fn addresses(&self) -> BTreeMap<String, Address> {
        self.contracts.iter().map(|(name, contract)| (name.clone(), contract.address)).collect()
    }

    /// The hash of the code that a contract has, or will have.
    pub(crate) fn code_hash(&self, name: &str) -> Option<B256> {
        self.contracts.get(name).map(|contract| contract.code_hash)
    }

    /// Notes where a contract will be.
    pub(crate) fn plan(&mut self, name: &str, address: Address, code_hash: B256) {
        self.contracts.insert(name.to_owned(), Contract { address, code_hash, block: None });
    }

    /// Notes in which block it was created.
    pub(crate) fn created(&mut self, name: &str, block: Option<u64>) {
        if let Some(contract) = self.contracts.get_mut(name) {
            contract.block = block;
        }
    }

    /// Notes a contract that was there before.
    pub(crate) async fn adopt(&mut self, chain: &Chain, name: &str, address: Address) -> Result<(), DeploymentError> {
        let code_hash = chain.code_hash(address).await.map_err(DeploymentError::Node)?;
        self.plan(name, address, code_hash);
        Ok(())
    }

    pub(crate) fn finish(&mut self) {
        self.finished = true;
    }

    /// Reads the file of the chain, or the one at `path`.
    ///
    /// # Errors
    /// [`DeploymentError`], if there is none, it cannot be read, or the deployment is not finished.
    pub async fn load(chain: &Chain, path: Option<&Path>) -> Result<Self, DeploymentError> {
        let (read, path) = Self::read(chain, path).await?;
        if read.finished { Ok(read) } else { Err(DeploymentError::Unfinished { path }) }
    }

    /// The same, however far it is. Returns also where the file is.
    ///
    /// # Errors
    /// [`DeploymentError`], if there is none or it cannot be read.
    pub async fn read(chain: &Chain, path: Option<&Path>) -> Result<(Self, PathBuf), DeploymentError> {
        let chain_id = chain_id(chain).await?;
        let path = path.map_or_else(|| default_path(chain_id), Path::to_owned);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(DeploymentError::Missing { chain_id, path });
            }
            Err(source) => return Err(DeploymentError::Io { path, source }),
        };
        Ok((Self::parse(&text, &path)?, path))
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
        match PROGRAMS.into_iter().find(|name| read.finished && !read.contracts.contains_key(*name)) {
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
            let mut file = fs::File::create(&unfinished)?;
            writeln!(file, "{}", serde_json::to_string_pretty(self)?)?;
            // On the disk before what it says is done: it may be all that is left.
            file.sync_all()?;
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
        self.require_chain(chain).await?;
        for (name, Contract { address, code_hash, .. }) in &self.contracts {
            if chain.code_hash(*address).await.map_err(DeploymentError::Node)? != *code_hash {
                return Err(DeploymentError::OtherCode { name: name.clone(), address: *address });
            }
        }
        let at = |name: &str| self.contracts.get(name).map(|contract| contract.address);
        Suite::at(at).map_err(DeploymentError::Node)
    }

    /// Refuses another chain than that of the deployment.
    ///
    /// # Errors
    /// [`DeploymentError::OtherChain`], [`DeploymentError::BeganAgain`], [`DeploymentError::Node`].
    pub async fn require_chain(&self, chain: &Chain) -> Result<(), DeploymentError> {
        let found = chain_id(chain).await?;
        if found != self.chain_id {
            return Err(DeploymentError::OtherChain { expected: self.chain_id, found });
        }
        if block_hash(chain, self.before.number).await? != Some(self.before.hash) {
            return Err(DeploymentError::BeganAgain { chain_id: found, number: self.before.number });
        }
        Ok(())
    }
}

fn node(error: impl std::error::Error + Send + Sync + 'static) -> DeploymentError {
    DeploymentError::Node(error.into())
}

async fn chain_id(chain: &Chain) -> Result<u64, DeploymentError> {
    chain.id().await.map_err(DeploymentError::Node)
}

/// The hash of a block, if the chain has it.
async fn block_hash(chain: &Chain, number: u64) -> Result<Option<B256>, DeploymentError> {
    let block = chain.provider().get_block_by_number(BlockNumberOrTag::Number(number)).await;
    Ok(block.map_err(node)?.map(|block| block.header.hash))
}
