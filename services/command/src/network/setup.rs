//! From a fresh chain to three services that run: a suite, whose own service is the oracle's; others for the data store
//! and the sequencer; a feed, a board, a consumer and a judge; and operators that serve all of them.

use super::people::{AGGREGATOR, KEEPER, OPERATORS, OWNER, WATCHER, actor};
use super::ports::Ports;
use super::processes::Arguments;
use super::{NetworkCommand, say};
use alloy::primitives::{Address, U256};
use arithmetic::fault::{EQUIVOCATION, ROOM, UNAVAILABILITY};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, WrapErr, ensure};
use restake::actors::{Actor, Cast};
use restake::attestation::Domain;
use restake::build::{self, Program};
use restake::chain::Chain;
use restake::people::People;
use restake::suite::cache::cache_programs;
use restake::suite::for_services::{FeedTerms, deploy_step, lending_check, price_feed, task_board};
use restake::suite::judged::judge_computations;
use restake::suite::{Parameters, Service, Suite};
use restake::verbs::{operator, staker, token};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// One token, and one ETH.
const ETHER: u128 = 1_000_000_000_000_000_000;

/// What each operator stakes.
const STAKE: u128 = 100 * ETHER;

/// By which the folder of a network is known to be one.
const MARK: &str = "network.json";

/// How long an operator has to open a leaf (seconds).
const ANSWER_WINDOW: u64 = 60 * 60;

/// What each side of a game has on its clock (seconds).
const CLOCK: u64 = 60 * 60;

/// A network that is set up.
#[derive(Debug, Clone)]
pub(super) struct Network {
    pub(super) chain: Chain,
    pub(super) url: String,
    pub(super) people: People,
    /// With the oracle's service.
    pub(super) oracle: Suite,
    /// With the data store's.
    pub(super) data: Suite,
    /// With the sequencer's.
    pub(super) sequencer: Suite,
    pub(super) feed: Address,
    pub(super) board: Address,
    /// Who judges what the sequencer's operators sign, by the program that makes transfers.
    pub(super) bisection: Address,
    transfers: Address,
    pub(super) lending: Address,
    pub(super) folder: PathBuf,
    ports: Ports,
}

/// Deploys the sequencer's service with its judge and the program of its steps, and lets the notice pass after which a
/// wrong result costs half of a budget.
async fn sequencer(
    chain: &Chain,
    programs: &[Program],
    owner: &Actor,
    oracle: &Suite,
    folder: &Path,
) -> Result<(Suite, Address, Address)> {
    let cast = Cast::development()?;
    let example = Parameters { minimum_stake: 20 * ETHER, ..Parameters::example(cast.fund.address) };
    let parameters = Parameters { wads: only(EQUIVOCATION, ONE / 2), ..example };
    let (service, record) = Service::deploy_recorded(chain, oracle, owner, &parameters).await?;
    record.save(Some(&folder.join("sequencer.json")))?;
    let game = (parameters.bond, CLOCK);
    let (bisection, holds_at) = judge_computations(chain, owner.address, programs, &service, game, ONE / 2).await?;
    let program = programs.iter().find(|program| program.name == "transfers").ok_or_eyre("no program")?;
    let transfers = deploy_step(chain, owner.address, program).await?;
    chain.travel_to(holds_at).await?;
    Ok((Suite { service, ..*oracle }, bisection, transfers))
}

/// Removes what an earlier network left in its folder.
pub(super) fn clear(folder: &Path) -> Result<()> {
    let is_one = folder.join(MARK).is_file() || fs::read_dir(folder)?.next().is_none();
    ensure!(is_one, "{} is there and is no network's: choose another one with --folder", folder.display());
    fs::remove_dir_all(folder).wrap_err_with(|| format!("cannot remove {}", folder.display()))
}

/// Builds everything that is deployed.
pub(super) async fn programs() -> Result<Vec<Program>> {
    let build = || build::build_these(&build::all_programs().collect::<Vec<_>>(), true);
    tokio::task::spawn_blocking(build).await.wrap_err("the build was interrupted")?
}

/// Terms that take `part` for a kind of fault, and nothing for others.
fn only(kind: u8, part: u64) -> [u64; ROOM] {
    let mut wads = [0; ROOM];
    if let Some(wad) = wads.get_mut(usize::from(kind)) {
        *wad = part;
    }
    wads
}

impl Network {
    pub(super) async fn set_up(
        url: &str,
        command: &NetworkCommand,
        programs: &[Program],
        ports: Ports,
    ) -> Result<Self> {
        let folder = command.folder.clone();
        fs::create_dir_all(&folder).wrap_err_with(|| format!("cannot make the folder {}", folder.display()))?;
        // From here on the folder may be cleared.
        fs::write(folder.join(MARK), "{}\n")?;
        let cast = Cast::development()?;
        let chain = Chain::connect(url, cast.all().map(|actor| actor.key.clone()))?;
        let owner = actor(&cast, OWNER)?;
        let example = Parameters { minimum_stake: 20 * ETHER, ..Parameters::example(cast.fund.address) };
        let parameters = Parameters { wads: only(EQUIVOCATION, ONE / 2), ..example };
        let (oracle, record) = Suite::deploy_recorded(&chain, programs, owner, &parameters).await?;
        record.save(Some(&folder.join("oracle.json")))?;
        let parameters = Parameters { wads: only(UNAVAILABILITY, ONE / 2), answer_window: ANSWER_WINDOW, ..example };
        let (service, record) = Service::deploy_recorded(&chain, &oracle, owner, &parameters).await?;
        record.save(Some(&folder.join("data.json")))?;
        let data = Suite { service, ..oracle };
        let (sequencer, bisection, transfers) = sequencer(&chain, programs, owner, &oracle, &folder).await?;
        let terms = FeedTerms {
            description: "ETH / USD".to_owned(),
            decimals: 8,
            interval: command.interval,
            heartbeat: command.interval * 12,
            deviation: 50,
            threshold: 6_667,
        };
        let from = owner.address;
        let feed = price_feed(&chain, from, programs, oracle.service.quorum, &terms).await?;
        let lending = lending_check(&chain, from, programs, feed, (3_600, 2 * STAKE, 7_500)).await?;
        let board = task_board(&chain, from, programs, &data, (6_667, 5_000)).await?;
        let of_services = [service.registry, service.quorum, service.service_manager, service.dispute_resolution];
        let more = [feed, lending, board, bisection, transfers, sequencer.service.service_manager];
        let contracts = [&oracle.contracts()[..], &of_services, &more].concat();
        cache_programs(url, &contracts).await?;
        let people = People::of(&oracle).with_development_accounts(&cast);
        let people = people.with("price-feed", feed).with("lending-check", lending).with("task-board", board);
        let people = people
            .with("data-service", service.service_manager)
            .with("data-registry", service.registry)
            .with("data-disputes", service.dispute_resolution);
        let people = people
            .with("sequencer-service", sequencer.service.service_manager)
            .with("sequencer-registry", sequencer.service.registry)
            .with("bisection", bisection)
            .with("transfers", transfers);
        let url = url.to_owned();
        let network = Self {
            chain,
            url,
            people,
            oracle,
            data,
            sequencer,
            feed,
            board,
            bisection,
            transfers,
            lending,
            folder,
            ports,
        };
        for name in OPERATORS {
            network.join(actor(&cast, name)?).await.wrap_err_with(|| format!("{name} cannot join"))?;
        }
        network.fund_tasks(owner).await?;
        network.write()?;
        Ok(network)
    }

    /// An operator lets each service slash a third of its stake, stakes, and serves all of them.
    async fn join(&self, who: &Actor) -> Result<()> {
        let (chain, suite, from) = (&self.chain, &self.oracle, who.address);
        let services = [self.oracle.service, self.data.service, self.sequencer.service];
        for service in services {
            operator::opt_in(suite, service.service_manager, ONE / 3, true).send(chain, from).await?;
        }
        token::mint(suite, U256::from(STAKE)).send(chain, from).await?;
        token::approve(suite.token, suite.token_pool, U256::MAX).send(chain, from).await?;
        staker::stake(suite, STAKE, from, ONE).send(chain, from).await?;
        for service in services {
            let domain = Domain::new(chain.id().await?, service.service_manager);
            let proof = domain.bind_key(&who.key, from)?;
            operator::register(&service, from, proof).send(chain, from).await?;
        }
        Ok(())
    }

    /// The owner can pay for tasks.
    async fn fund_tasks(&self, owner: &Actor) -> Result<()> {
        token::mint(&self.data, U256::from(STAKE)).send(&self.chain, owner.address).await?;
        token::approve(self.data.token, self.board, U256::MAX).send(&self.chain, owner.address).await?;
        Ok(())
    }

    /// Writes where everything is.
    fn write(&self) -> Result<()> {
        let urls = |first: usize| -> serde_json::Map<String, serde_json::Value> {
            let operators = (first..).step_by(SERVICES).zip(OPERATORS);
            operators.map(|(index, name)| (name.to_owned(), json!(self.at(index)))).collect()
        };
        let text = json!({
            "rpcUrl": self.url,
            "oracle": { "deployment": self.deployment("oracle"), "feed": self.feed, "consumer": self.lending,
                "operators": urls(0) },
            "data": { "deployment": self.deployment("data"), "board": self.board, "operators": urls(1) },
            "sequencer": { "deployment": self.deployment("sequencer"), "bisection": self.bisection,
                "program": self.transfers, "operators": urls(2) },
            "aggregator": self.at(AGGREGATORS_PLACE),
            "watchers": [self.at(WATCHERS_PLACE), self.at(DOUBTERS_PLACE)],
        });
        fs::write(self.folder.join(MARK), format!("{text:#}\n"))?;
        Ok(())
    }

    /// Says what there is, and how to look at it.
    pub(super) fn introduce(&self) {
        let folder = self.folder.display();
        say!("\nA network of {} operators with {} tokens each.", OPERATORS.len(), STAKE / ETHER);
        say!("  node          {}", self.url);
        say!("  oracle        {folder}/oracle.json, feed {}", self.feed);
        say!("  data store    {folder}/data.json, board {}", self.board);
        say!("  sequencer     {folder}/sequencer.json, bisection {}", self.bisection);
        say!("  everything    {folder}/network.json; a log of each process in {folder}/logs");
        say!("Look at it from another shell:");
        say!("  cargo restake feed show {} --rpc-url {}", self.feed, self.url);
        say!("  cargo restake watch --rpc-url {} --deployment {folder}/oracle.json", self.url);
        say!("  curl {}/metrics", self.at(AGGREGATORS_PLACE));
        say!("Ctrl-C ends it.\n");
    }

    /// What the process of an oracle's operator is started with.
    pub(super) fn oracle_operator(&self, name: &str, lies: bool) -> Arguments {
        let place = place(name).saturating_mul(SERVICES);
        let mut arguments = self.arguments(&["operator", "run", "oracle"], "oracle", name, place);
        arguments.extend(words(&["--feed", &self.feed.to_string(), "--source", &format!("series:{}", place + 1)]));
        let peers = places(0).filter(|other| *other != place);
        self.add_peers(&mut arguments, peers.chain([AGGREGATORS_PLACE, WATCHERS_PLACE]));
        arguments.extend(lies.then(|| "--lie".to_owned()));
        arguments
    }

    /// What the process of a data store's operator is started with.
    pub(super) fn data_operator(&self, name: &str, withholds: bool) -> Arguments {
        let place = place(name).saturating_mul(SERVICES).saturating_add(1);
        let mut arguments = self.arguments(&["operator", "run", "data"], "data", name, place);
        arguments.extend(words(&["--board", &self.board.to_string()]));
        let others = places(1).filter(|other| *other != place);
        self.add_peers(&mut arguments, others);
        arguments.extend(withholds.then(|| "--withhold".to_owned()));
        arguments
    }

    /// What the process of a sequencer's operator is started with.
    pub(super) fn sequencer_operator(&self, name: &str, lies: bool) -> Arguments {
        let place = place(name).saturating_mul(SERVICES).saturating_add(2);
        let mut arguments = self.arguments(&["operator", "run", "sequencer"], "sequencer", name, place);
        arguments.extend(self.game());
        let others = places(2).filter(|other| *other != place);
        self.add_peers(&mut arguments, others.chain([DOUBTERS_PLACE]));
        arguments.extend(lies.then(|| "--lie".to_owned()));
        arguments
    }

    /// What the process is started with that computes after the sequencer's operators.
    pub(super) fn doubter(&self) -> Arguments {
        let mut arguments = self.arguments(&["watcher", "run"], "sequencer", WATCHER, DOUBTERS_PLACE);
        arguments.extend(self.game());
        arguments
    }

    fn game(&self) -> Arguments {
        words(&["--bisection", &self.bisection.to_string(), "--program", &self.transfers.to_string()])
    }

    pub(super) fn aggregator(&self) -> Arguments {
        let mut arguments = self.arguments(&["aggregator", "run"], "oracle", AGGREGATOR, AGGREGATORS_PLACE);
        arguments.extend(words(&["--feed", &self.feed.to_string()]));
        self.add_peers(&mut arguments, places(0).chain([WATCHERS_PLACE]));
        arguments
    }

    pub(super) fn watcher(&self) -> Arguments {
        let mut arguments = self.arguments(&["watcher", "run"], "oracle", WATCHER, WATCHERS_PLACE);
        let data = self.deployment("data").display().to_string();
        arguments.extend(words(&["--contract", &self.feed.to_string()]));
        arguments.extend(words(&["--data-deployment", &data, "--board", &self.board.to_string()]));
        for place in places(1) {
            arguments.extend(words(&["--store", &self.at(place)]));
        }
        arguments
    }

    /// What the keeper's command is started with, for one of the two services.
    pub(super) fn keeper(&self, service: &str) -> Arguments {
        let deployment = self.deployment(service).display().to_string();
        words(&[
            "keeper",
            "--all",
            "--once",
            "--yes",
            "--rpc-url",
            &self.url,
            "--deployment",
            &deployment,
            "--from",
            KEEPER,
        ])
    }

    /// Where the data store's operators are.
    pub(super) fn stores(&self) -> Vec<String> {
        places(1).map(|place| self.at(place)).collect()
    }

    fn arguments(&self, verb: &[&str], service: &str, name: &str, place: usize) -> Arguments {
        let deployment = self.deployment(service).display().to_string();
        let folder = self.folder.join(format!("{name}-{service}")).display().to_string();
        let listen = self.ports.process(place).to_string();
        let mut arguments = words(verb);
        arguments.extend(words(&["--rpc-url", &self.url, "--deployment", &deployment, "--from", name]));
        arguments.extend(words(&["--folder", &folder, "--listen", &listen]));
        arguments
    }

    fn add_peers(&self, arguments: &mut Arguments, places: impl Iterator<Item = usize>) {
        for place in places {
            arguments.extend(words(&["--peer", &self.at(place)]));
        }
    }

    fn deployment(&self, service: &str) -> PathBuf {
        self.folder.join(service).with_extension("json")
    }

    fn at(&self, place: usize) -> String {
        format!("http://{}", self.ports.process(place))
    }
}

/// How many services there are, each with a process of each operator.
pub(super) const SERVICES: usize = 3;

/// Where the aggregator listens: behind the processes of the operators.
const AGGREGATORS_PLACE: usize = OPERATORS.len() * SERVICES;

/// Where the watcher listens.
const WATCHERS_PLACE: usize = AGGREGATORS_PLACE + 1;

/// Where the sequencer's watcher listens.
const DOUBTERS_PLACE: usize = WATCHERS_PLACE + 1;

/// Where the operators of a service listen.
fn places(service: usize) -> impl Iterator<Item = usize> {
    (service..).step_by(SERVICES).take(OPERATORS.len())
}

/// The number of an operator.
fn place(name: &str) -> usize {
    OPERATORS.iter().position(|operator| *operator == name).unwrap_or_default()
}

fn words(words: &[&str]) -> Arguments {
    words.iter().map(|word| (*word).to_owned()).collect()
}
