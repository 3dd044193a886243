//! The `restake` command.
#![deny(missing_docs)]

mod command;
mod fork;
mod stop;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use eyre::{Result, WrapErr};
use restake::actors::Cast;
use restake::build::{self, Program};
use restake::chain::Chain;
use restake::deployment::{Deployment, DeploymentError};
use restake::docs;
use restake::story;
use restake::suite::Suite;
use restake::suite::cache::cache_programs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use stop::Stop;
use stylus_devnode::{ChainState, Devnode, DevnodeBuilder, SpawnError};

/// Builds, runs and shows the restaking protocol.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the contracts, start a node, deploy, and play the whole restaking story.
    Demo {
        /// Keep the node running afterwards, with a fresh suite deployed, for wallets and scripts.
        #[arg(long)]
        keep: bool,
        /// The port to keep it on.
        #[arg(long, default_value_t = 8547)]
        port: u16,
    },
    /// Build the contracts, print their sizes, and fail if one exceeds its budget.
    Build {
        /// Also say what these programs spend their bytes on, or all of them if none is named: by crate, and the
        /// largest functions. They are compiled once more for that, with the names of their functions.
        #[arg(long, value_name = "PROGRAM", num_args = 0..)]
        sizes: Option<Vec<String>>,
    },
    /// Write the page of each contract (docs/contracts) from its code.
    Docs,
    /// Write the ABI of each contract to a folder, in JSON.
    #[command(after_help = "Example: restake abi abi")]
    Abi {
        /// The folder to write them to
        folder: PathBuf,
    },
    /// Start the development node.
    Devnode {
        /// The port to listen on.
        #[arg(long, default_value_t = 8547)]
        port: u16,
        /// A file that keeps the chain: it is read at the start, if it is there, and written at the end.
        #[arg(long)]
        state: Option<PathBuf>,
        /// What a unit of L1 data costs, in wei; a byte has sixteen. Nitro's development mode begins with 50000000000.
        #[arg(long)]
        l1_price: Option<u64>,
        /// Deploy a suite, and write where it is to deployments/<chain id>.json; a suite that is there stays.
        #[arg(long)]
        deploy: bool,
        /// The ArbOS version: 51, or 60 for programs in fragments.
        #[arg(long)]
        arbos_version: Option<u64>,
        /// Be like Nitro's development mode also where this node is kinder to developers: prices that follow use, full
        /// blocks, one account, no contracts but Nitro's and StylusDeployer.
        #[arg(long)]
        like_nitro: bool,
        /// Let clients have no more than Nitro's: no methods of development, and no accounts that the node signs for.
        #[arg(long)]
        no_development: bool,
        #[command(flatten)]
        fork: fork::ForkArguments,
    },
    /// Print what a shell completes commands with
    #[command(after_help = "Example: restake completions bash > ~/.local/share/bash-completion/completions/restake")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write a manual page for each command
    #[command(after_help = "Example: restake man ~/.local/share/man/man1")]
    Man {
        /// The folder to write them to
        folder: PathBuf,
    },
    #[command(flatten)]
    Act(Box<command::Acts>),
}

/// Whether a program reads what is printed: a flag of most commands.
fn wants_json(matches: &ArgMatches) -> bool {
    match matches.subcommand() {
        Some((_, inner)) => wants_json(inner),
        None => matches.try_get_one("json").ok().flatten().copied().unwrap_or(false),
    }
}

/// Prints a line. That nobody reads it any more is no reason to end, and to lose a chain that way.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

#[tokio::main]
async fn main() -> ExitCode {
    let matches = Arguments::command().get_matches();
    let as_json = wants_json(&matches);
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match run(arguments.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if as_json => {
            say!("{}", command::as_json(&failure));
            command::exit_code(&failure)
        }
        Err(failure) => {
            eprintln!("Error: {}", command::sentence(&failure));
            command::exit_code(&failure)
        }
    }
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Act(act) => act.run().await,
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "restake", &mut text);
            say!("{}", String::from_utf8(text)?);
            Ok(())
        }
        Command::Man { folder } => {
            std::fs::create_dir_all(&folder).wrap_err_with(|| format!("cannot make {}", folder.display()))?;
            clap_mangen::generate_to(Arguments::command().name("restake"), &folder)
                .wrap_err_with(|| format!("cannot write to {}", folder.display()))
        }
        Command::Demo { keep, port } => demo(keep, port).await,
        Command::Build { sizes } => {
            let programs = build_programs()?;
            if let Some(named) = sizes {
                let tables = build::contents_tables(&programs, &named).wrap_err("cannot say what programs consist of");
                println!("\n{}", tables?);
            }
            Ok(())
        }
        Command::Docs => {
            let count = docs::write(build::workspace()).wrap_err("cannot write the pages")?;
            println!("{count} pages in docs/contracts.");
            Ok(())
        }
        Command::Abi { folder } => {
            let count = docs::write_abis(build::workspace(), &folder).wrap_err("cannot write the ABI")?;
            say!("{count} files in {}.", folder.display());
            Ok(())
        }
        Command::Devnode { port, state, l1_price, deploy, arbos_version, like_nitro, no_development, fork } => {
            let mut builder = Devnode::builder().development(!no_development);
            // A chain that goes on has its settings: only what was asked for is set, and refused there.
            if like_nitro {
                builder = builder.like_nitro(true);
            }
            if let Some(price) = l1_price {
                builder = builder.l1_price(price);
            }
            if let Some(version) = arbos_version {
                builder = builder.arbos_version(version);
            }
            if let Some(fork) = fork.options() {
                builder = builder.fork(fork);
            }
            devnode(builder, port, state.as_deref(), deploy).await
        }
    }
}

async fn devnode(mut builder: DevnodeBuilder, port: u16, file: Option<&Path>, deploys: bool) -> Result<()> {
    if let Some(file) = file
        && file.try_exists().wrap_err_with(|| format!("cannot find {}", file.display()))?
    {
        let state = ChainState::load(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
        say!("Going on from block {} of {}.", state.block_number(), file.display());
        builder = builder.state(state);
    }
    // From here on nobody ends this without the chain being written.
    let stop = Stop::listen().wrap_err("cannot listen for Ctrl-C")?;
    let node = start(builder, port).await?;
    let save =
        |state: &ChainState, file: &Path| state.save(file).wrap_err_with(|| format!("cannot write {}", file.display()));
    if let Some(file) = file {
        // If it cannot be written, better now than when there is something to lose.
        save(&node.state()?, file)?;
    }
    if deploys {
        deploy(&node).await?;
    }
    introduce(&node)?;
    let state = serve(node, stop).await?;
    if let Some(file) = file {
        save(&state, file)?;
        say!("The chain up to block {} is in {}.", state.block_number(), file.display());
    }
    Ok(())
}

fn build_programs() -> Result<Vec<Program>> {
    let started = Instant::now();
    let programs = build::build(true).wrap_err("cannot build the contracts")?;
    println!("{}", build::size_table(&programs));
    build::check_sizes(&programs)?;
    println!("Built in {:.1} s.", started.elapsed().as_secs_f64());
    Ok(programs)
}

async fn demo(keep: bool, port: u16) -> Result<()> {
    let programs = build_programs()?;
    let started = Instant::now();
    let cast = Cast::development()?;
    let parameters = story::parameters(cast.fund.address)?;
    let node = Devnode::builder()
        .timestamp(story::BEGINS)
        .manual_time(true)
        .spawn()
        .await
        .wrap_err("cannot start the node")?;
    let chain = Chain::connect(&node.http_url(), cast.all().map(|actor| actor.key.clone()))?;
    let suite = Suite::deploy(&chain, &programs, &cast.owner, &parameters).await?;
    cache_programs(&node.http_url(), &suite.contracts()).await?;
    println!("Deployed on {} in {:.1} s.", node.http_url(), started.elapsed().as_secs_f64());
    println!("The programs are in the chain's cache, for which somebody must bid on a public chain (docs/gas.md).");
    story::play(&chain, &suite, &cast, &parameters).await?;
    let seconds = started.elapsed().as_secs_f64();
    println!("\nEvery step and every number came out as told. Deployed and played in {seconds:.1} s{}.", memory_used());
    node.stop().await?;

    if keep {
        let stop = Stop::listen().wrap_err("cannot listen for Ctrl-C")?;
        let node = start(Devnode::builder(), port).await?;
        deploy_programs(&node, &programs).await?;
        introduce(&node)?;
        serve(node, stop).await?;
    }
    Ok(())
}

/// Builds and deploys a suite, unless the chain has the one of its file.
async fn deploy(node: &Devnode) -> Result<()> {
    let chain = Chain::connect(&node.http_url(), [])?;
    let known = match Deployment::load(&chain, None).await {
        Ok(deployment) => deployment.suite(&chain).await,
        Err(error) => Err(error),
    };
    match known {
        Ok(suite) => {
            println!("{suite}");
            Ok(())
        }
        Err(DeploymentError::Missing { .. } | DeploymentError::BeganAgain { .. }) => {
            deploy_programs(node, &build_programs()?).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Deploys a suite, puts it into the cache, and writes where it is.
async fn deploy_programs(node: &Devnode, programs: &[Program]) -> Result<()> {
    let cast = Cast::development()?;
    let chain = Chain::connect(&node.http_url(), [cast.owner.key.clone()])?;
    let parameters = story::parameters(cast.fund.address)?;
    let (suite, record) = Suite::deploy_recorded(&chain, programs, &cast.owner, &parameters).await?;
    cache_programs(&node.http_url(), &suite.contracts()).await?;
    let file = record.save(None)?;
    println!("{suite}");
    println!("Where it is stands in {}.", file.display());
    Ok(())
}

/// The most memory that this process, node included, has held, where the system tells (Linux).
fn memory_used() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    peak.map_or_else(String::new, |kilobytes| format!(", with at most {} MB of memory", kilobytes.div_ceil(1024)))
}

fn introduce(node: &Devnode) -> Result<()> {
    let chain_id = node.state()?.chain_id();
    say!("\nListening on {} and {}, chain id {chain_id}.", node.http_url(), node.ws_url());
    say!("Funded development accounts (their keys are public: never use them elsewhere):");
    for account in node.accounts() {
        say!("  {}  key {}", account.address, account.key);
    }
    Ok(())
}

/// Starts a node on a port that others may have taken.
async fn start(builder: DevnodeBuilder, port: u16) -> Result<Devnode> {
    builder.port(port).spawn().await.map_err(|error| {
        let what = match error {
            SpawnError::Io(_) => format!(
                "cannot start the node on port {port}; if another process has it, choose one with --port, or 0 for any"
            ),
            _ => "cannot start the node".to_owned(),
        };
        eyre::Report::new(error).wrap_err(what)
    })
}

/// Waits for Ctrl-C or a signal to end, stops the node, and returns the last picture of its chain.
async fn serve(node: Devnode, mut stop: Stop) -> Result<ChainState> {
    say!("Stop with Ctrl-C.");
    stop.wait().await;
    let state = node.stop_with_state().await?;
    say!("Stopped.");
    Ok(state)
}
