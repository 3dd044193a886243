//! How fast an index catches up, and how long a first look at the page's data takes then: `cargo run --package
//! restake-page --example load`, on a node of its own. The events are 100,000 stakes of 10,000 accounts, made by code
//! that stands in for the ledger while they are made. With `--keep` the page is served until Ctrl-C, to be looked at in
//! a browser.

use alloy::primitives::{Address, Bytes, U256, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolEvent, SolValue};
use alloy::transports::http::reqwest::Client;
use eyre::{Result, ensure, eyre};
use interfaces::IStrategyManager::Staked;
use restake::actors::Cast;
use restake::build;
use restake::chain::Chain;
use restake::story;
use restake::suite::Suite;
use restake_daemon::stop::Stop;
use restake_indexer::{Follower, Index};
use restake_page::{Page, Place};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;
use stylus_devnode::Devnode;

/// Events of a block, and blocks.
const EVENTS: (u16, u64) = (200, 500);

/// How many accounts stake in turn.
const STAKERS: u64 = 10_000;

/// How many operators they stake with.
const OPERATORS: u64 = 20;

/// What a page asks for at first.
const FIRST_VIEW: [&str; 4] = ["/api/config", "/api/totals", "/api/strategies", "/api/operators"];

/// Code that logs `count` stakes: of the account whose number is the first word of the call's data and of those after
/// it, with the operator and the token that the next words say.
fn code(count: u16) -> Result<Bytes> {
    let (topic, count) = (hex::encode(Staked::SIGNATURE_HASH), hex::encode(count.to_be_bytes()));
    // An amount and shares in memory, and a counter on the stack; then, until it is enough: the topics, the event, one
    // more.
    let text = format!(
        "60015f52620f4240602052{}5b{}7f{topic}60405fa4{}8061{count}9010600c5700",
        "5f", "6040356020355f358301", "600101"
    );
    Ok(hex::decode(text)?.into())
}

#[tokio::main]
async fn main() -> Result<()> {
    let programs = tokio::task::spawn_blocking(|| build::build(false)).await??;
    let (cast, node) = (Cast::development()?, Devnode::builder().spawn().await?);
    let chain = Chain::connect(&node.http_url(), [cast.owner.key.clone()])?;
    let parameters = story::parameters(cast.fund.address)?;
    let (suite, record) = Suite::deploy_recorded(&chain, &programs, &cast.owner, &parameters).await?;
    let folder = build::target_directory(build::workspace()).join("tmp/page-load");
    std::fs::create_dir_all(&folder)?;
    let (deployment, file) = (folder.join("here.json"), folder.join("index.sqlite"));
    record.save(Some(&deployment))?;
    for old in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
        if folder.join(old).exists() {
            std::fs::remove_file(folder.join(old))?;
        }
    }

    let ledger = suite.strategy_manager;
    let program = chain.provider().get_code_at(ledger).await?;
    let set_code = |code: Bytes| {
        let set = node.request("anvil_setCode", serde_json::json!([ledger, code]));
        set.map_err(|error| eyre!("{error}"))
    };
    set_code(code(EVENTS.0)?)?;
    let made = Instant::now();
    for block in 0..EVENTS.1 {
        let first = 1_000_000 + block * u64::from(EVENTS.0) % STAKERS;
        let operator = Address::left_padding_from(&(2_000_000 + block % OPERATORS).to_be_bytes());
        let input = (U256::from(first), operator, suite.token).abi_encode();
        let call = TransactionRequest::default().from(cast.owner.address).to(ledger).input(Bytes::from(input).into());
        chain.transact(call).await?;
    }
    set_code(program)?;
    println!("{} events made in {:.1} s", u64::from(EVENTS.0) * EVENTS.1, made.elapsed().as_secs_f64());

    let index = Index::open(&file.display().to_string()).await?;
    let begun = Instant::now();
    let mut follower = Follower::open(chain.clone(), suite, record.since(), index).await?;
    let head = follower.catch_up().await?;
    println!("indexed up to block {} in {:.1} s", head.number, begun.elapsed().as_secs_f64());
    drop(follower);

    let (rpc_url, index) = (node.http_url(), Some(file.display().to_string()));
    let place = Place { rpc_url, ws_url: None, deployment: Some(deployment), timeout: 60, index };
    let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let keep = std::env::args().any(|word| word == "--keep");
    let stop = if keep { Stop::with_signals()? } else { Stop::default() };
    let page = Page { port: 0, listen, host: vec![], app: None, api_only: !keep, place };
    let serving = page.serve(stop.clone()).await?;
    let client = Client::new();
    for look in ["first", "second"] {
        let begun = Instant::now();
        for path in FIRST_VIEW {
            let answer = client.get(format!("http://{}{path}", serving.address)).send().await?;
            ensure!(answer.status().is_success(), "{path}: {}", answer.text().await?);
            let told: serde_json::Value = answer.json().await?;
            ensure!(path != "/api/totals" || told["stakers"] == STAKERS, "{told}");
        }
        println!("a {look} look took {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    }
    if keep {
        println!("The page is at http://{}", serving.address);
    } else {
        stop.stop();
    }
    serving.ended().await
}
