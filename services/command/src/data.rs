//! Whoever has data to keep, or wants it back.

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use clap::{Args, Subcommand};
use eyre::{OptionExt, Result, WrapErr, ensure};
use interfaces::IERC20::allowanceCall;
use interfaces::ITaskBoard::{contractsCall, taskOfCall, thresholdsCall};
use restake::amounts::{ETHER_DECIMALS, parse};
use restake::verbs::token;
use restake_data_store::certificate::Certificate;
use restake_data_store::client::Client;
use restake_data_store::coding::Encoded;
use restake_data_store::setting::Setting;
use restake_data_store::tasks::Board;
use restake_services::chain::{KeySource, Node};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// What can be done with data.
#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Have a file kept: post a task for it, give it to the operators, and show the board what they promised
    #[command(after_help = "Example: restake data keep file --board 0x.. --operator http://honest:9001 --fee 1 \
                            --certificate promised.json --from owner")]
    Keep(Keeping),
    /// Get data back that a task asked for
    #[command(after_help = "Example: restake data get 0 --to file --board 0x.. --operator http://honest:9001")]
    Get(Getting),
}

/// A file to keep.
#[derive(Debug, Args)]
pub(crate) struct Keeping {
    /// The file
    file: PathBuf,
    /// What those who keep it get (tokens)
    #[arg(long, default_value = "0")]
    fee: String,
    /// Write what they promised to a file
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    keys: KeySource,
}

/// Data to get back.
#[derive(Debug, Args)]
pub(crate) struct Getting {
    /// The number of its task
    task: u64,
    /// The file to write it to, which must not be there
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    asking: Asking,
}

/// Whom to ask.
#[derive(Debug, Args)]
pub(crate) struct Asking {
    /// The board
    #[arg(long, value_name = "ADDRESS")]
    board: Address,
    /// Where an operator is (http://..); may be given several times
    #[arg(long = "operator", value_name = "URL", required = true)]
    operators: Vec<String>,
    #[command(flatten)]
    node: Node,
}

/// How long an operator is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// For how long a task is open (seconds).
const OPEN_FOR: u64 = 600;

pub(crate) async fn run(command: DataCommand) -> Result<()> {
    match command {
        DataCommand::Keep(keeping) => keep_file(keeping).await,
        DataCommand::Get(getting) => get(getting).await,
    }
}

/// Data that is kept.
pub(crate) struct Kept {
    pub(crate) task_id: u64,
    pub(crate) certificate: Certificate,
    /// How many of its leaves.
    pub(crate) kept: u64,
}

/// Has data kept: `from` posts a task with a fee, which the board may take, and shows the board the promises.
pub(crate) async fn keep(
    setting: &Setting,
    client: &Client,
    board: Address,
    from: Address,
    blob: &[u8],
    fee: u128,
) -> Result<Kept> {
    let threshold = setting.chain.view(board, &thresholdsCall {}).await?.stake;
    let now = setting.chain.now().await?;
    let operators = setting.signers_at(now).await?.len();
    let encoded = Encoded::new(blob, operators)?;
    let (root, leaf_count) = (encoded.tree().root(), encoded.tree().leaf_count());
    let board = Board::new(setting.clone(), board);
    let task = board.post(from, root, fee, now.saturating_add(OPEN_FOR)).await?;
    let dispersed = client.disperse(setting, &task, blob, leaf_count, threshold).await?;
    for (key, why) in &dispersed.refused {
        tracing::warn!("the operator with key {key} does not keep it: {why}");
    }
    let certificate = dispersed.certificate;
    board.answer(from, task.id, &certificate).await?;
    Ok(Kept { task_id: task.id, certificate, kept: dispersed.kept })
}

async fn keep_file(keeping: Keeping) -> Result<()> {
    let Keeping { file, fee, certificate, asking: Asking { board, operators, node }, keys } = keeping;
    let blob = fs::read(&file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
    let fee = parse(&fee, ETHER_DECIMALS)?;
    let (place, key) = node.act(&keys).await?;
    let (chain, from) = (&place.chain, key.address());
    let fee_token = chain.view(board, &contractsCall {}).await.wrap_err("no board")?.token;
    let allowed = chain.view(fee_token, &allowanceCall { owner: from, spender: board }).await?;
    if allowed < U256::from(fee) {
        token::approve(fee_token, board, U256::from(fee)).send(chain, from).await?;
    }
    let setting = Setting::new(place.chain.clone(), place.suite, place.since).await?;
    let client = find(&operators).await?;
    let Kept { task_id, certificate: promised, kept } = keep(&setting, &client, board, from, &blob, fee).await?;
    if let Some(to) = certificate {
        let text = serde_json::to_string_pretty(&promised)?;
        fs::write(&to, format!("{text}\n")).wrap_err_with(|| format!("cannot write {}", to.display()))?;
    }
    println!("Task {task_id}: {kept} of {} leaves of {} are kept.", promised.leaf_count(), promised.root());
    Ok(())
}

async fn get(getting: Getting) -> Result<()> {
    let Getting { task, to, asking: Asking { board, operators, node } } = getting;
    let place = node.open().await?;
    let posted = place.chain.view(board, &taskOfCall { taskId: task }).await.wrap_err("no board")?;
    ensure!(posted.state != 0, "the board has no task {task}");
    let setting = Setting::new(place.chain.clone(), place.suite, place.since).await?;
    let head = place.chain.provider().get_block_number().await?;
    let certificates = Board::new(setting.clone(), board).certificates(place.since..=head).await?;
    let certificate = certificates.into_iter().find(|one| one.root() == posted.question);
    let certificate = certificate.ok_or_eyre("nobody showed the board that this is kept")?;
    let blob = find(&operators).await?.retrieve(&setting.domain, &certificate).await?;
    ensure!(!to.exists(), "{} is there", to.display());
    fs::write(&to, &blob).wrap_err_with(|| format!("cannot write {}", to.display()))?;
    println!("{} bytes are in {}.", blob.len(), to.display());
    Ok(())
}

/// The operators that answer at these addresses.
async fn find(operators: &[String]) -> Result<Client> {
    let (client, silent) = Client::find(operators, PATIENCE).await?;
    silent.iter().for_each(|operator| tracing::warn!("{operator} does not answer"));
    Ok(client)
}
