//! `restake devnode` as people run it: a process of its own, ended by a signal, with its chain in a file.
#![cfg(unix)]

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, bytes};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use eyre::{OptionExt, Result, ensure};
use restake::actors::Cast;
use restake::chain::Chain;
use std::fs;
use std::io::{BufRead, BufReader, Lines, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

/// Who has nothing at first.
const FRIEND: Address = Address::repeat_byte(0x44);

/// What stands on the chain once it was deployed: RETURN(0, 32).
const CODE: Bytes = bytes!("60205ff3");

/// A node in a process. It is killed if a test leaves it behind.
struct Node {
    child: Child,
    /// What it prints. Without it, its standard output is closed.
    lines: Option<Lines<BufReader<ChildStdout>>>,
    said: Vec<String>,
}

impl Node {
    fn start(port: u16, file: &Path) -> Result<Self> {
        Self::with(&[format!("--port={port}"), format!("--state={}", file.display())])
    }

    fn with(arguments: &[String]) -> Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_restake"))
            .arg("devnode")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or_eyre("no standard output")?;
        Ok(Self { child, lines: Some(BufReader::new(stdout).lines()), said: Vec::new() })
    }

    /// Reads what it prints until it listens. Returns the address.
    fn listening(&mut self) -> Result<String> {
        for line in self.lines.iter_mut().flatten() {
            let line = line?;
            let url = line.strip_prefix("Listening on ").and_then(|rest| rest.split(' ').next()).map(str::to_owned);
            self.said.push(line);
            if let Some(url) = url {
                return Ok(url);
            }
        }
        let mut error = String::new();
        self.child.stderr.take().ok_or_eyre("no standard error")?.read_to_string(&mut error)?;
        eyre::bail!("{error}")
    }

    /// Sends it a signal, and waits for its end. Returns how it ended; [`Node::said`] has all that it printed then.
    fn end(&mut self, signal: &str) -> Result<ExitStatus> {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status()?;
        ensure!(sent.success(), "kill: {sent}");
        for line in self.lines.iter_mut().flatten() {
            self.said.push(line?);
        }
        Ok(self.child.wait()?)
    }

    fn said(&self, line: &str) -> bool {
        self.said.iter().any(|said| said == line)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It has ended already if all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file in a folder of its own that is not there yet.
fn fresh(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("devnode");
    fs::create_dir_all(&folder)?;
    let file = folder.join(name);
    if file.exists() {
        fs::remove_file(&file)?;
    }
    Ok(file)
}

/// Starts a node, changes its chain, ends it with a signal, and starts it again.
async fn a_signal_keeps_the_chain(signal: &str, file: &Path) -> Result<()> {
    let owner = Cast::development()?.owner;
    let mut node = Node::start(0, file)?;
    let chain = Chain::connect(&node.listening()?, [owner.key.clone()])?;
    let request = TransactionRequest::default().with_from(owner.address);
    // PUSH4 code, PUSH0, MSTORE, RETURN(28, 4).
    let init_code = Bytes::from([&[0x63], CODE.as_ref(), &[0x5f, 0x52, 0x60, 0x04, 0x60, 0x1c, 0xf3]].concat());
    let created = chain.transact(request.clone().with_deploy_code(init_code)).await?;
    let contract = created.contract_address.ok_or_eyre("no contract")?;
    chain.transact(request.with_to(FRIEND).with_value(U256::from(7))).await?;
    let (balance, latest) = (chain.balance(owner.address).await?, chain.provider().get_block(2.into()).await?);
    let status = node.end(signal)?;
    ensure!(status.code() == Some(0), "it ended with {status}");
    ensure!(node.said("Stopped.") && node.said(&format!("The chain up to block 2 is in {}.", file.display())));

    let mut again = Node::start(0, file)?;
    let chain = Chain::connect(&again.listening()?, [owner.key])?;
    ensure!(again.said(&format!("Going on from block 2 of {}.", file.display())), "it said {:?}", again.said);
    assert_eq!(chain.provider().get_block_number().await?, 2);
    assert_eq!(chain.provider().get_block(2.into()).await?, latest);
    assert_eq!(chain.balance(owner.address).await?, balance);
    assert_eq!(chain.balance(FRIEND).await?, U256::from(7));
    assert_eq!(chain.provider().get_code_at(contract).await?, CODE);
    assert_eq!(chain.provider().get_transaction_receipt(created.transaction_hash).await?, Some(created));
    let transfer = TransactionRequest::default().with_from(owner.address).with_to(FRIEND).with_value(U256::from(1));
    chain.transact(transfer).await?;
    assert_eq!(chain.provider().get_block_number().await?, 3);
    Ok(())
}

#[tokio::test]
async fn ctrl_c_keeps_the_chain() -> Result<()> {
    a_signal_keeps_the_chain("-INT", &fresh("interrupted.json")?).await
}

#[tokio::test]
async fn the_signal_to_terminate_keeps_the_chain() -> Result<()> {
    a_signal_keeps_the_chain("-TERM", &fresh("terminated.json")?).await
}

/// Even one that comes before anything was asked.
#[test]
fn a_signal_at_once_ends_it_as_well() -> Result<()> {
    let file = fresh("at-once.json")?;
    let mut node = Node::start(0, &file)?;
    node.listening()?;
    let status = node.end("-INT")?;
    ensure!(status.code() == Some(0), "it ended with {status}");
    ensure!(file.exists(), "nothing was written");
    Ok(())
}

/// As in a pipe to something that ends early, or with a terminal that was closed.
#[tokio::test]
async fn a_node_that_nobody_listens_to_keeps_the_chain_too() -> Result<()> {
    let (owner, file) = (Cast::development()?.owner, fresh("unheard.json")?);
    let mut node = Node::start(0, &file)?;
    let chain = Chain::connect(&node.listening()?, [owner.key])?;
    // Nobody reads what it prints from here on.
    node.lines = None;
    let transfer = TransactionRequest::default().with_from(owner.address).with_to(FRIEND).with_value(U256::from(7));
    chain.transact(transfer).await?;
    let status = node.end("-INT")?;
    ensure!(status.code() == Some(0), "it ended with {status}");
    let mut again = Node::start(0, &file)?;
    again.listening()?;
    ensure!(again.said(&format!("Going on from block 1 of {}.", file.display())), "it said {:?}", again.said);
    Ok(())
}

#[test]
fn a_taken_port_is_named_and_the_file_stays_as_it_is() -> Result<()> {
    let (first, second) = (fresh("first.json")?, fresh("second.json")?);
    let mut node = Node::start(0, &first)?;
    let url = node.listening()?;
    let port: u16 = url.rsplit(':').next().ok_or_eyre("no port")?.parse()?;
    let mut refused = Node::start(port, &second)?;
    let Err(error) = refused.listening() else { eyre::bail!("both listen on port {port}") };
    let (error, status) = (error.to_string(), refused.child.wait()?);
    ensure!(status.code() == Some(1), "it ended with {status}");
    ensure!(error.contains(&format!("cannot start the node on port {port};")), "{error}");
    ensure!(error.contains("Address already in use") && error.contains("--port"), "{error}");
    ensure!(!second.exists(), "a chain was written that never was");
    Ok(())
}

#[test]
fn an_unknown_version_is_named() -> Result<()> {
    let refused = Command::new(env!("CARGO_BIN_EXE_restake"))
        .args(["devnode", "--port", "0", "--arbos-version", "52"])
        .output()?;
    ensure!(refused.status.code() == Some(1), "it ended with {}", refused.status);
    let error = String::from_utf8(refused.stderr)?;
    ensure!(error.contains("ArbOS 52") && error.contains("[51, 60]") && !error.contains("on port"), "{error}");
    Ok(())
}

#[test]
fn a_file_that_holds_no_chain_is_named_and_stays_as_it_is() -> Result<()> {
    let file = fresh("other.json")?;
    fs::write(&file, "{\"mine\":true}")?;
    let mut node = Node::start(0, &file)?;
    let Err(error) = node.listening() else { eyre::bail!("it started") };
    ensure!(error.to_string().contains(&format!("cannot read {}", file.display())), "{error}");
    ensure!(node.child.wait()?.code() == Some(1));
    assert_eq!(fs::read_to_string(&file)?, "{\"mine\":true}");
    Ok(())
}

/// A node in another process goes on from what is on this one, keeps its chain, and goes on once more when this one is
/// gone.
#[tokio::test]
async fn another_process_forks_the_chain() -> Result<()> {
    let owner = Cast::development()?.owner;
    let (first, second) = (fresh("forked.json")?, fresh("fork.json")?);
    let mut node = Node::start(0, &first)?;
    let url = node.listening()?;
    let chain = Chain::connect(&url, [owner.key.clone()])?;
    let request = TransactionRequest::default().with_from(owner.address);
    chain.transact(request.clone().with_to(FRIEND).with_value(U256::from(7))).await?;
    let fork = |more: &str| {
        let arguments = format!("--port=0 --state={} {more}", second.display());
        Node::with(&arguments.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    };
    let options = format!("--fork-url={url} --fork-block=1 --retries=2 --timeout=9000 --fork-retry-backoff=9");
    let mut forked = fork(&format!("{options} --no-storage-caching"))?;
    let here = Chain::connect(&forked.listening()?, [owner.key.clone()])?;
    assert_eq!(here.balance(FRIEND).await?, U256::from(7));
    here.transact(request.clone().with_to(FRIEND).with_value(U256::from(1))).await?;
    assert_eq!((here.balance(FRIEND).await?, chain.balance(FRIEND).await?), (U256::from(8), U256::from(7)));
    assert_eq!(here.provider().get_block_number().await?, 2);
    ensure!(forked.end("-INT")?.success() && node.end("-INT")?.success());

    let mut alone = fork("")?;
    let here = Chain::connect(&alone.listening()?, [owner.key])?;
    assert_eq!(here.balance(FRIEND).await?, U256::from(8));
    here.transact(request.with_to(FRIEND).with_value(U256::from(1))).await?;
    assert_eq!(here.provider().get_block_number().await?, 3);
    ensure!(alone.end("-INT")?.success());
    // The node that was forked is gone.
    let mut refused = Node::with(&[format!("--fork-url={url}"), "--retries=0".into(), "--port=0".into()])?;
    let Err(error) = refused.listening() else { eyre::bail!("there is nobody to fork") };
    ensure!(error.to_string().contains("does not answer, asked 1 times"), "{error}");
    Ok(())
}
