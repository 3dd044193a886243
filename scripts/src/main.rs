//! The `restake` command.
#![deny(missing_docs)]

mod command;

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
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use stylus_devnode::Devnode;
use stylus_devnode::cli::{NodeArguments, Session};

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
        /// Write a subgraph of the suite of this deployment file for The Graph: manifest, schema, mappings, and the ABI
        /// beside them in abis/
        #[arg(long, value_name = "DEPLOYMENT")]
        subgraph: Option<PathBuf>,
    },
    /// Start the development node.
    Devnode {
        /// Deploy a suite, and write where it is to deployments/<chain id>.json; a suite that is there stays.
        #[arg(long)]
        deploy: bool,
        #[command(flatten)]
        node: Box<NodeArguments>,
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
            let programs = build_programs(&build::all_programs().collect::<Vec<_>>())?;
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
        Command::Abi { folder, subgraph } => {
            let folder = match subgraph {
                Some(deployment) => {
                    let subgraph = docs::Subgraph::of(build::workspace(), &Deployment::from_file(&deployment)?);
                    subgraph.wrap_err("cannot describe a subgraph")?.write(&folder)?;
                    folder.join("abis")
                }
                None => folder,
            };
            let count = docs::write_abis(build::workspace(), &folder).wrap_err("cannot write the ABI")?;
            say!("{count} files in {}.", folder.display());
            Ok(())
        }
        Command::Devnode { deploy: deploys, node } => {
            let session = Session::start(&node).await?;
            if deploys {
                deploy(session.node()).await?;
            }
            Ok(session.serve().await?)
        }
    }
}

fn build_programs(names: &[&str]) -> Result<Vec<Program>> {
    let started = Instant::now();
    let programs = build::build_these(names, true).wrap_err("cannot build the contracts")?;
    println!("{}", build::size_table(&programs));
    build::check_sizes(&programs)?;
    println!("Built in {:.1} s.", started.elapsed().as_secs_f64());
    Ok(programs)
}

async fn demo(keep: bool, port: u16) -> Result<()> {
    let programs = build_programs(&build::PROGRAMS)?;
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
        let session = Session::start(&NodeArguments::on_port(port)).await?;
        deploy_programs(session.node(), &programs).await?;
        session.serve().await?;
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
            deploy_programs(node, &build_programs(&build::PROGRAMS)?).await
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
