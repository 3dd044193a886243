//! Prints how fast the node is beside anvil, and how much memory it takes:
//! `cargo run -p restake-tests --example anvil`.
//!
//! Each node runs in a process of its own, this one as the command `stylus-devnode`. The same client gives both the
//! same signed transactions over HTTP, round after round in turn. npm installs the version of anvil that
//! tests/clients pins. The program prints figures, not verdicts: nothing fails if the machine is slow.

mod connection;
mod load;
mod process;
mod token;

use alloy::primitives::{Address, Bytes, TxKind, U256};
use alloy::sol_types::SolCall;
use eyre::{Result, ensure};
use interfaces::{IERC20, ILiquidStakingToken};
use load::{Batch, Sender, calls_per_second, transactions_per_second};
use process::{Process, Program};
use restake::actors::Cast;
use restake::build::{build, target_directory, workspace};
use restake::chain::Chain;
use restake::suite::{Parameters, Suite};
use restake_tests::npm;
use std::collections::BTreeMap;
use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::process::Command;

/// How often each node is measured.
const ROUNDS: usize = 5;

/// How many transactions one sender sends when it is alone.
const ALONE: u64 = 500;

/// How many each of all senders sends.
const TOGETHER: u64 = 100;

/// How many calls are asked for.
const CALLS: usize = 1_000;

/// A whole ETH, or more tokens than anybody moves.
const ETHER: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// What is measured, in the order of the table, and whether more is better.
const ROWS: [(&str, bool); 9] = [
    ("start, ms", false),
    ("ETH transfers/s, 1 connection", true),
    ("ETH transfers/s, 8 connections", true),
    ("ERC-20 transfers/s, 1 connection", true),
    ("ERC-20 transfers/s, 8 connections", true),
    ("ERC-20 eth_calls/s, 1 connection", true),
    ("memory after the start, MB", false),
    ("memory after all that, MB", false),
    ("most memory, MB", false),
];

/// The same of a Stylus program: the suite's liquid staking token.
const STYLUS_ROWS: [&str; 3] = [
    "Stylus ERC-20 transfers/s, 1 connection",
    "Stylus ERC-20 transfers/s, 8 connections",
    "Stylus ERC-20 eth_calls/s, 1 connection",
];

/// Figures by row.
type Figures = BTreeMap<&'static str, Vec<f64>>;

#[tokio::main]
async fn main() -> Result<()> {
    let cast = Cast::development()?;
    let programs = [devnode()?, anvil()?];
    let evm = Work::evm(&cast)?;
    let mut figures = [Figures::new(), Figures::new()];
    let built = build(false)?;
    for round in 1..=ROUNDS {
        for (program, figures) in programs.iter().zip(&mut figures) {
            eprintln!("round {round} of {ROUNDS}: {}", program.name);
            measure(program, &evm, figures)?;
        }
        let node = Process::start(&programs[0])?;
        let chain = Chain::connect(&format!("http://{}", node.address), [cast.owner.key.clone()])?;
        let suite = Suite::deploy(&chain, &built, &cast.owner, &Parameters::example(cast.fund.address)).await?;
        let stylus = Work::stylus(&cast, suite.token, &chain).await?;
        let [alone, together, calls] = STYLUS_ROWS;
        transactions_per_second(node.address, &stylus.first)?;
        add(&mut figures[0], alone, transactions_per_second(node.address, &stylus.tokens_alone)?);
        add(&mut figures[0], together, transactions_per_second(node.address, &stylus.tokens_together)?);
        add(&mut figures[0], calls, stylus.calls_per_second(&node)?);
    }
    let [ours, theirs] = figures
        .map(|figures| -> BTreeMap<_, _> { figures.into_iter().map(|(row, values)| (row, median(values))).collect() });
    println!("medians of {ROUNDS} rounds; a ratio above 1 says that this node is better");
    println!("{:<42} {:>10} {:>10} {:>8}", "", programs[0].name, programs[1].name, "ratio");
    for (row, more_is_better) in ROWS {
        let (ours, theirs) = (ours[row], theirs[row]);
        let ratio = if more_is_better { ours / theirs } else { theirs / ours };
        println!("{row:<42} {ours:>10.1} {theirs:>10.1} {ratio:>8.2}");
    }
    for row in STYLUS_ROWS {
        println!("{row:<42} {:>10.1}", ours[row]);
    }
    Ok(())
}

/// This node, built as users build it.
fn devnode() -> Result<Program> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let package = ["--package", "stylus-devnode", "--bin", "stylus-devnode", "--features", "cli,fast"];
    let built = Command::new(cargo).args(["build", "--locked"]).args(package).current_dir(workspace()).status()?;
    ensure!(built.success(), "the node does not build");
    let path = target_directory(workspace()).join("debug").join(format!("stylus-devnode{EXE_SUFFIX}"));
    Ok(Program { name: "devnode", path, arguments: &["--port"] })
}

/// The peer, quiet and with this node's chain id.
fn anvil() -> Result<Program> {
    let platform = match OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let architecture = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let package = format!("node_modules/@foundry-rs/anvil-{platform}-{architecture}/bin/anvil{EXE_SUFFIX}");
    let path = npm::install(&[])?.join(package);
    Ok(Program { name: "anvil", path, arguments: &["--silent", "--chain-id", "412346", "--port"] })
}

/// Everything that a node is given to do, signed before.
struct Work {
    /// Deploys the token if there is none, and gives everybody some.
    first: Vec<Batch>,
    ether_alone: Vec<Batch>,
    ether_together: Vec<Batch>,
    tokens_alone: Vec<Batch>,
    tokens_together: Vec<Batch>,
    token: Address,
    caller: Address,
}

impl Work {
    /// For a fresh chain: with a token in EVM code.
    fn evm(cast: &Cast) -> Result<Self> {
        let mut senders = cast.all().map(|actor| Sender { key: actor.key.clone(), nonce: 0 });
        let token = senders[0].key.address().create(0);
        let deployment = (TxKind::Create, U256::ZERO, token::init_code()?, 1_000_000);
        let mut first = vec![senders[0].sign([deployment])?];
        for sender in &mut senders {
            let input = call(token::MINT, sender.key.address(), ETHER);
            first.push(sender.sign([(token.into(), U256::ZERO, input, 200_000)])?);
        }
        Self::new(&mut senders, first, token, [ALONE, TOGETHER])
    }

    /// For a chain with the suite.
    async fn stylus(cast: &Cast, token: Address, chain: &Chain) -> Result<Self> {
        use alloy::providers::Provider;
        let mut senders = Vec::new();
        for actor in cast.all() {
            let nonce = chain.provider().get_transaction_count(actor.address).await?;
            senders.push(Sender { key: actor.key.clone(), nonce });
        }
        let mut first = Vec::new();
        for sender in &mut senders {
            let deposit = ILiquidStakingToken::depositCall {}.abi_encode();
            first.push(sender.sign([(token.into(), ETHER, deposit.into(), 2_000_000)])?);
        }
        Self::new(&mut senders, first, token, [0, 0])
    }

    /// `ether` is how many transfers of ETH one sender signs alone, and each of all.
    fn new(senders: &mut [Sender], first: Vec<Batch>, token: Address, ether: [u64; 2]) -> Result<Self> {
        let [alone, together] = ether;
        // Everybody who receives something is new to the chain.
        let mut receivers = (0x1_0000_0000_u64..).map(|number| Address::left_padding_from(&number.to_be_bytes()));
        let mut ether = |sender: &mut Sender, count: u64| {
            let transfers = (0..count).zip(receivers.by_ref());
            sender.sign(transfers.map(|(_, to)| (to.into(), U256::from(1), Bytes::new(), 21_000)))
        };
        let ether_alone = vec![ether(&mut senders[0], alone)?];
        let ether_together = senders.iter_mut().map(|sender| ether(sender, together)).collect::<Result<_>>()?;
        let mut tokens = |sender: &mut Sender, count: u64| {
            let transfers = (0..count).zip(receivers.by_ref());
            let input = |to| call(token::TRANSFER, to, U256::from(1));
            sender.sign(transfers.map(|(_, to)| (token.into(), U256::ZERO, input(to), 2_000_000)))
        };
        let tokens_alone = vec![tokens(&mut senders[0], ALONE)?];
        let tokens_together = senders.iter_mut().map(|sender| tokens(sender, TOGETHER)).collect::<Result<_>>()?;
        let caller = senders[0].key.address();
        Ok(Self { first, ether_alone, ether_together, tokens_alone, tokens_together, token, caller })
    }

    fn calls_per_second(&self, node: &Process) -> Result<f64> {
        let input = IERC20::transferCall { to: Address::repeat_byte(0x44), value: U256::from(1) }.abi_encode();
        calls_per_second(node.address, self.caller, self.token, &input.into(), CALLS)
    }
}

/// The call data of a function that takes an account and an amount.
fn call(selector: [u8; 4], account: Address, amount: U256) -> Bytes {
    [&selector[..], account.into_word().as_slice(), &amount.to_be_bytes::<32>()].concat().into()
}

/// A fresh process does all the work.
fn measure(program: &Program, work: &Work, figures: &mut Figures) -> Result<()> {
    let node = Process::start(program)?;
    let memory_at_first = node.megabytes("VmRSS")?;
    for batch in work.first.chunks(1) {
        transactions_per_second(node.address, batch)?;
    }
    let values = [
        node.start.as_secs_f64() * 1_000.0,
        transactions_per_second(node.address, &work.ether_alone)?,
        transactions_per_second(node.address, &work.ether_together)?,
        transactions_per_second(node.address, &work.tokens_alone)?,
        transactions_per_second(node.address, &work.tokens_together)?,
        work.calls_per_second(&node)?,
        memory_at_first,
        node.megabytes("VmRSS")?,
        node.megabytes("VmHWM")?,
    ];
    for ((row, _), value) in ROWS.into_iter().zip(values) {
        add(figures, row, value);
    }
    Ok(())
}

fn add(figures: &mut Figures, row: &'static str, value: f64) {
    figures.entry(row).or_default().push(value);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
