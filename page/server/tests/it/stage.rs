//! A chain with a suite, its deployment file, and the server beside it.

use alloy::primitives::{Address, B256, U256, b256};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use alloy::transports::http::reqwest::{Client, StatusCode};
use eyre::{OptionExt, Result, WrapErr, ensure, eyre};
use interfaces::ISlasher::SlashRequested;
use restake::actors::{Actor, Cast};
use restake::attestation::Domain;
use restake::build;
use restake::chain::{Chain, event};
use restake::deployment::Deployment;
use restake::story;
use restake::suite::{Parameters, Suite};
use restake::verbs::{Verb, challenge, operator, staker, token};
use restake_daemon::stop::Stop;
use restake_indexer::{Follower, Index};
use restake_page::{Page, Place, Serving};
use serde_json::Value;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use stylus_devnode::{ChainState, Devnode};
use tokio::sync::OnceCell;

/// A task of the service.
const TASK: B256 = b256!("7461736b00000000000000000000000000000000000000000000000000000001");

/// One token, and one ETH.
pub(crate) const ETHER: u128 = 1_000_000_000_000_000_000;

/// The most that everybody accepts here.
const EVERYTHING: u64 = u64::MAX;

/// A chain with a suite, as every test begins.
struct Deployed {
    state: ChainState,
    suite: Suite,
    parameters: Parameters,
    file: PathBuf,
}

static DEPLOYED: OnceCell<Deployed> = OnceCell::const_new();

/// A chain, and where everything is.
pub(crate) struct Stage {
    pub(crate) node: Devnode,
    pub(crate) chain: Chain,
    pub(crate) suite: Suite,
    pub(crate) cast: Cast,
    pub(crate) parameters: Parameters,
    pub(crate) folder: PathBuf,
    pub(crate) place: Place,
}

/// A server that is asked. It ends with this.
pub(crate) struct Asked {
    pub(crate) serving: Serving,
    client: Client,
    stop: Stop,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.stop.stop();
    }
}

/// An empty folder.
pub(crate) fn folder(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

async fn deploy() -> Result<Deployed> {
    let programs = tokio::task::spawn_blocking(|| build::build(false)).await.wrap_err("the build broke off")??;
    let (cast, folder) = (Cast::development()?, folder("deployed")?);
    let node = Devnode::builder().timestamp(story::BEGINS).manual_time(true).spawn().await?;
    let chain = Chain::connect(&node.http_url(), [cast.owner.key.clone()])?;
    let parameters = story::parameters(cast.fund.address)?;
    let (suite, record) = Suite::deploy_recorded(&chain, &programs, &cast.owner, &parameters).await?;
    let file = folder.join("here.json");
    record.save(Some(&file))?;
    let state = node.state().map_err(|error| eyre!("{error}"))?;
    Ok(Deployed { state, suite, parameters, file })
}

impl Stage {
    pub(crate) async fn new(name: &str) -> Result<Self> {
        let Deployed { state, suite, parameters, file } = DEPLOYED.get_or_try_init(deploy).await?;
        let (cast, folder) = (Cast::development()?, folder(name)?);
        let deployment = folder.join("here.json");
        fs::copy(file, &deployment)?;
        let node = Devnode::builder().state(state.clone()).spawn().await?;
        let (chain, rpc_url) = (connect(&node.http_url(), &cast)?, node.http_url());
        let place = Place { rpc_url, ws_url: None, deployment: Some(deployment), timeout: 20, index: None };
        Ok(Self { node, chain, suite: *suite, cast, parameters: *parameters, folder, place })
    }

    /// The server, with the API alone.
    pub(crate) async fn serve(&self) -> Result<Asked> {
        self.serve_page(|_| {}).await
    }

    /// The server, otherwise than usual.
    pub(crate) async fn serve_page(&self, change: impl FnOnce(&mut Page)) -> Result<Asked> {
        let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let place = self.place.clone();
        let mut page = Page { port: 0, listen, host: vec![], app: None, api_only: true, place };
        change(&mut page);
        let stop = Stop::default();
        let serving = page.serve(stop.clone()).await?;
        Ok(Asked { serving, client: Client::new(), stop })
    }

    /// A follower of the chain at a URL, with an index of its own.
    pub(crate) async fn follower(&self, url: &str, name: &str) -> Result<Follower> {
        let place = self.folder.join(name).display().to_string();
        self.follower_into(url, Index::open(&place).await?).await
    }

    /// The same with an index that there is.
    pub(crate) async fn follower_into(&self, url: &str, index: Arc<Index>) -> Result<Follower> {
        let chain = connect(url, &self.cast)?;
        let deployment = Deployment::load(&chain, self.place.deployment.as_deref()).await?;
        Ok(Follower::open(chain, self.suite, deployment.since(), index).await?)
    }

    /// Somebody does what must succeed.
    pub(crate) async fn act<C: SolCall>(&self, who: &Actor, verb: &Verb<C>) -> Result<()> {
        verb.send(&self.chain, who.address).await?;
        Ok(())
    }

    /// Somebody gets tokens, and stakes them.
    pub(crate) async fn stake(&self, who: &Actor, amount: u128, with: Address) -> Result<()> {
        self.act(who, &token::mint(&self.suite, U256::from(amount))).await?;
        self.act(who, &token::approve(self.suite.token, self.suite.token_pool, U256::MAX)).await?;
        self.act(who, &staker::stake(&self.suite, amount, with, EVERYTHING)).await
    }

    /// An operator stakes, opts in and registers.
    pub(crate) async fn join(&self, who: &Actor, budget: u64) -> Result<()> {
        let service = self.suite.service;
        self.stake(who, 100 * ETHER, who.address).await?;
        self.act(who, &operator::opt_in(&self.suite, service.service_manager, budget, true)).await?;
        let proof = self.domain().await?.bind_key(&who.key, who.address)?;
        self.act(who, &operator::register(&service, who.address, proof)).await
    }

    /// The challenger proves that an operator gave two answers. Returns the request that is open then.
    pub(crate) async fn freeze(&self, who: &Actor) -> Result<SlashRequested> {
        let (domain, now) = (self.domain().await?, self.chain.now().await?);
        let answer = |number: u64| domain.attest(&who.key, TASK, now, B256::from(U256::from(number)));
        let (service, bond) = (&self.suite.service, self.parameters.bond);
        let proof = challenge::equivocation(service, who.address, answer(1)?, answer(2)?, bond);
        let receipt = proof.send(&self.chain, self.cast.challenger.address).await?;
        event::<SlashRequested>(&receipt, self.suite.slasher).ok_or_eyre("no request was opened")
    }

    async fn domain(&self) -> Result<Domain> {
        let chain_id = self.chain.provider().get_chain_id().await?;
        Ok(Domain::new(chain_id, self.suite.service.service_manager))
    }

    /// Takes a picture of the chain, to go back to.
    pub(crate) fn snapshot(&self) -> Result<Value> {
        self.node.request("evm_snapshot", serde_json::json!([])).map_err(|error| eyre!("{error}"))
    }

    /// Goes back.
    pub(crate) fn revert(&self, to: Value) -> Result<()> {
        let reverted = self.node.request("evm_revert", serde_json::json!([to])).map_err(|error| eyre!("{error}"))?;
        ensure!(reverted == true, "the node did not go back");
        Ok(())
    }
}

pub(crate) fn connect(url: &str, cast: &Cast) -> Result<Chain> {
    Chain::connect(url, cast.all().map(|actor| actor.key.clone()))
}

impl Asked {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.serving.address)
    }

    /// The answer to a question, with its status.
    pub(crate) async fn ask(&self, path: &str) -> Result<(StatusCode, Value)> {
        let answer = self.client.get(self.url(path)).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        Ok((status, serde_json::from_str(&text).wrap_err_with(|| format!("{path}: {text}"))?))
    }

    /// The answer to a question that has one.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        let (status, answer) = self.ask(path).await?;
        ensure!(status == StatusCode::OK, "{path}: {status} {answer}");
        Ok(answer)
    }
}

/// A list in an answer.
pub(crate) fn list<'a>(answer: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    answer[name].as_array().ok_or_eyre(format!("no {name} in {answer}"))
}
