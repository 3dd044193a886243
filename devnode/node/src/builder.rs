//! How a node is configured and started.

use crate::accounts::{DEV_ACCOUNTS, DEV_BALANCE, DevAccount};
use crate::arbos_versions::ARBOS_VERSIONS;
use crate::chain::{
    ChainOptions, ChainState, ForkOptions, L1BlockNumber, Settings, StoppedClock, genesis, genesis_of_fork, open_fork,
};
use crate::node::Devnode;
use crate::rpc::Backend;
use crate::spawn_error::SpawnError;
use crate::thread::NodeThread;
use alloy::primitives::U256;
use std::io;
#[cfg(feature = "server")]
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use stylus_vm::ChainConfig;

/// Configures a [`Devnode`].
#[derive(Clone, Debug)]
pub struct DevnodeBuilder {
    #[cfg(feature = "server")]
    address: SocketAddr,
    chain_id: Option<u64>,
    accounts: Option<Vec<DevAccount>>,
    l1_block_number: Option<L1BlockNumber>,
    l1_price: Option<U256>,
    nitro: Option<bool>,
    arbos_version: Option<u64>,
    timestamp: Option<u64>,
    manual_time: Option<bool>,
    development: bool,
    balance: U256,
    options: ChainOptions,
    archive: Option<bool>,
    block_gas_limit: Option<u64>,
    state: Option<ChainState>,
    fork: Option<ForkOptions>,
}

impl Devnode {
    /// A node to be configured.
    pub fn builder() -> DevnodeBuilder {
        DevnodeBuilder::default()
    }
}

impl Default for DevnodeBuilder {
    /// A fresh chain with id 412346 and [`DEV_ACCOUNTS`], on any free port of this machine, in the present.
    fn default() -> Self {
        Self {
            #[cfg(feature = "server")]
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            chain_id: None,
            accounts: None,
            l1_block_number: None,
            l1_price: None,
            nitro: None,
            arbos_version: None,
            timestamp: None,
            manual_time: None,
            development: true,
            balance: DEV_BALANCE,
            options: ChainOptions::default(),
            archive: None,
            block_gas_limit: None,
            state: None,
            fork: None,
        }
    }
}

impl DevnodeBuilder {
    /// The address to listen on. Default: 127.0.0.1, so that only this machine reaches the node.
    #[cfg(feature = "server")]
    pub fn host(mut self, host: IpAddr) -> Self {
        self.address.set_ip(host);
        self
    }

    /// The TCP port for HTTP and WebSocket. Default: 0, any free one.
    #[cfg(feature = "server")]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// The chain id. Default: 412346, as in Nitro's development mode.
    pub fn chain_id(mut self, chain_id: u64) -> Self {
        self.chain_id = Some(chain_id);
        self
    }

    /// The accounts that get a [`balance`](Self::balance) at genesis. The first one owns the chain. Default:
    /// [`DEV_ACCOUNTS`].
    pub fn accounts(mut self, accounts: impl Into<Vec<DevAccount>>) -> Self {
        self.accounts = Some(accounts.into());
        self
    }

    /// What each of the accounts gets, in wei. Default: [`DEV_BALANCE`](crate::DEV_BALANCE).
    pub fn balance(mut self, wei: U256) -> Self {
        self.balance = wei;
        self
    }

    /// Whether transactions are mined as they come. Default: true.
    pub fn automine(mut self, automine: bool) -> Self {
        self.options.automine = automine;
        self
    }

    /// Mines a block every so often, and at no other time. Default: not.
    pub fn block_time(mut self, every: Duration) -> Self {
        self.options.block_time = Some(every);
        self
    }

    /// Whether clients may send in anybody's name. Default: false.
    pub fn auto_impersonate(mut self, everybody: bool) -> Self {
        self.options.auto_impersonate = everybody;
        self
    }

    /// How much gas the transactions of a block may use: what does not fit waits for the next. Default: any, as each
    /// has a block of its own.
    pub fn block_gas_limit(mut self, gas: u64) -> Self {
        self.block_gas_limit = Some(gas);
        self
    }

    /// Whether no past state is forgotten. Default: false, the last 1,024 are kept.
    pub fn archive(mut self, archive: bool) -> Self {
        self.archive = Some(archive);
        self
    }

    /// What `block.number` is for contracts. Default: [`L1BlockNumber::FollowsL2`].
    pub fn l1_block_number(mut self, mode: L1BlockNumber) -> Self {
        self.l1_block_number = Some(mode);
        self
    }

    /// What a unit of L1 data costs, in wei; a byte of a compressed transaction has sixteen units. Default: 0, so that
    /// data costs nothing, as in the usual development setups. The chain's owner can change the price
    /// (`ArbOwner.setL1PricePerUnit`).
    pub fn l1_price(mut self, wei_per_unit: u64) -> Self {
        self.l1_price = Some(U256::from(wei_per_unit));
        self
    }

    /// Whether the chain is like that of Nitro's development mode where this node is otherwise kinder to developers:
    /// `block.number` stays 0; the base fee rises with the gas that is used, and a block takes 32 million gas; there
    /// are no contracts but Nitro's and the deployer of programs that public chains have, so that whoever wants the
    /// CREATE2 factory or a cache manager creates them; only the first account has a balance, and the node signs for
    /// nobody; methods that Nitro lacks are unknown, except those of development; and all past states are kept. What is
    /// set beside it holds. Default: false.
    pub fn like_nitro(mut self, nitro: bool) -> Self {
        self.nitro = Some(nitro);
        self
    }

    /// Whether clients have the methods of development (`anvil_*`, `evm_*`, `hardhat_*`) and accounts that the node
    /// signs for. Without them the node answers its clients what Nitro does, and calls itself `nitro/...`. Whoever
    /// holds the node still has them ([`Devnode::request`]). Default: true.
    pub fn development(mut self, development: bool) -> Self {
        self.development = development;
        self
    }

    /// The ArbOS version, one of [`ARBOS_VERSIONS`]. Default: 51, as in Nitro's development mode. Version 60 adds
    /// programs in fragments, cheaper starts of programs that the block has called before, and gas that activations pay
    /// on top.
    pub fn arbos_version(mut self, version: u64) -> Self {
        self.arbos_version = Some(version);
        self
    }

    /// The time when the node starts, in seconds since the Unix epoch. Default: now, or where the state's time stopped.
    pub fn timestamp(mut self, seconds: u64) -> Self {
        self.timestamp = Some(seconds);
        self
    }

    /// Whether time stands still unless a request moves it. Default: false, it runs with the wall clock.
    pub fn manual_time(mut self, manual: bool) -> Self {
        self.manual_time = Some(manual);
        self
    }

    /// Starts the node as the chain in this snapshot instead of a fresh one. The snapshot brings the chain id, the
    /// ArbOS version, the accounts, the meaning of `block.number` and the price of L1 data. Time goes on where it
    /// stopped.
    pub fn state(mut self, state: ChainState) -> Self {
        self.state = Some(state);
        self
    }

    /// Starts the node as a fork: a chain that goes on from a block of another Arbitrum node. What is there at that
    /// block (accounts, code, programs with their activation, the state of ArbOS) is fetched when something first looks
    /// at it; everything after it happens here only. The fork has the chain id, the ArbOS version, the prices and the
    /// L1 block number of that chain, its time goes on from the block's, and its [`accounts`](Self::accounts) get
    /// balances. A chain id that was set is the one that is expected. Takes a URL, or [`ForkOptions`].
    ///
    /// Together with [`state`](Self::state), which must be a snapshot of a fork of the same chain, that snapshot goes
    /// on being fetched from here.
    pub fn fork(mut self, fork: impl Into<ForkOptions>) -> Self {
        self.fork = Some(fork.into());
        self
    }

    /// Starts the node. It is ready when this returns.
    ///
    /// # Errors
    ///
    /// [`SpawnError`].
    pub async fn spawn(self) -> Result<Devnode, SpawnError> {
        #[cfg(feature = "server")]
        let address = self.address;
        #[cfg(not(feature = "server"))]
        let address = ();
        let (development, options) = (self.development, self.options);
        // Another node may have to be asked.
        let state = tokio::task::spawn_blocking(move || self.initial_state()).await.map_err(io::Error::other)??;
        let accounts = state.settings.accounts.clone();
        Ok(Devnode::new(NodeThread::start(address, Backend::new(state, options, development)).await?, accounts))
    }

    /// Starts the node from code that is not asynchronous. It is ready when this returns.
    ///
    /// # Errors
    ///
    /// [`SpawnError`].
    pub fn spawn_blocking(self) -> Result<Devnode, SpawnError> {
        // A thread of its own, because the caller's may belong to a runtime, and no runtime starts within another. The
        // node does not need this one any more when it has started.
        let start = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(self.spawn())
        };
        std::thread::spawn(start).join().map_err(|_| io::Error::other("the start of the node panicked"))?
    }

    fn initial_state(self) -> Result<ChainState, SpawnError> {
        if let Some(unknown) = self.arbos_version.filter(|version| !ARBOS_VERSIONS.contains(version)) {
            return Err(SpawnError::UnknownArbosVersion(unknown));
        }
        if let (None, Some(fork)) = (&self.state, &self.fork) {
            return self.forked(fork);
        }
        let Some(mut state) = self.state.clone() else {
            return Ok(genesis(self.settings(), self.balance, self.clock(StoppedClock::wall(), 0)?));
        };
        let fixed = [
            ("the chain id", self.chain_id.is_some()),
            ("the accounts", self.accounts.is_some()),
            ("what block.number is", self.l1_block_number.is_some()),
            ("the price of L1 data", self.l1_price.is_some()),
            ("whether it is like Nitro's", self.nitro.is_some()),
            ("the ArbOS version", self.arbos_version.is_some()),
            ("whether states are kept", self.archive.is_some()),
            ("the gas limit of blocks", self.block_gas_limit.is_some()),
        ];
        if let Some((setting, _)) = fixed.into_iter().find(|(_, set)| *set) {
            return Err(SpawnError::FixedByState(setting));
        }
        if let Some(fork) = &self.fork {
            state.fetch_from(fork)?;
        }
        state.clock = self.clock(state.clock, state.ledger.head().timestamp())?;
        Ok(state)
    }

    /// A chain that goes on from another.
    fn forked(&self, fork: &ForkOptions) -> Result<ChainState, SpawnError> {
        let fixed =
            [("the ArbOS version", self.arbos_version.is_some()), ("the price of L1 data", self.l1_price.is_some())];
        if let Some((setting, _)) = fixed.into_iter().find(|(_, set)| *set) {
            return Err(SpawnError::FixedByFork(setting));
        }
        let settings = self.settings();
        let opened = open_fork(fork, self.chain_id, &settings.accounts, self.balance)?;
        let head = opened.block.timestamp();
        let clock = self.clock(StoppedClock::wall().set(head), head)?;
        Ok(genesis_of_fork(settings, opened, self.l1_block_number, clock))
    }

    /// The clock of a chain whose latest block has this timestamp.
    fn clock(&self, clock: StoppedClock, head: u64) -> Result<StoppedClock, SpawnError> {
        let clock = match self.timestamp {
            Some(wanted) if wanted < head => return Err(SpawnError::TimeGoesBack { wanted, head }),
            Some(wanted) => clock.set(wanted),
            None => clock,
        };
        Ok(self.manual_time.map_or(clock, |manual| clock.by_hand(manual)))
    }

    /// What is fixed for the life of a fresh chain.
    fn settings(&self) -> Settings {
        let mut config = ChainConfig::default();
        if let Some(chain_id) = self.chain_id {
            config.chain_id = chain_id;
        }
        if let Some(arbos_version) = self.arbos_version {
            config.arbos_version = arbos_version;
        }
        let nitro = self.nitro.unwrap_or(false);
        let (funded, l1_block_number) = if nitro {
            (&DEV_ACCOUNTS[..1], L1BlockNumber::Zero)
        } else {
            (&DEV_ACCOUNTS[..], L1BlockNumber::default())
        };
        Settings {
            config,
            l1_block_number: self.l1_block_number.unwrap_or(l1_block_number),
            accounts: self.accounts.clone().unwrap_or_else(|| funded.to_vec()).into(),
            l1_price: self.l1_price.unwrap_or_default(),
            nitro,
            archive: self.archive.unwrap_or(false),
            block_gas_limit: self.block_gas_limit,
        }
    }
}
