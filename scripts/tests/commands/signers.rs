//! Keys that somebody else keeps.

use crate::proxy::body;
use crate::stage::{Said, Stage, said};
use alloy::eips::eip2718::Encodable2718;
use alloy::network::{EthereumWallet, TransactionBuilder};
use alloy::primitives::{Address, U256, hex};
use alloy::rpc::types::TransactionRequest;
use eyre::{OptionExt, Result, ensure};
use restake::actors::{Actor, Cast};
use serde_json::{Value, json};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a signer does beside signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trick {
    None,
    /// It signs for a wei more.
    Amount,
    /// It signs with the key of somebody else.
    Key,
    /// It refuses.
    Refuse,
}

/// A signer on a port of this machine, with the keys of these accounts.
struct Signer {
    url: String,
    task: JoinHandle<()>,
}

impl Drop for Signer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Signer {
    async fn with(accounts: Vec<Actor>, trick: Trick) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A broken connection is the client's to notice.
                let _ = answer(stream, &accounts, trick).await;
            }
        });
        Ok(Self { url, task })
    }
}

async fn answer(stream: TcpStream, accounts: &[Actor], trick: Trick) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let question: Value = serde_json::from_str(&body(&mut stream).await?)?;
    let mut text = json!({ "jsonrpc": "2.0", "id": question["id"] });
    match question["method"].as_str() {
        Some("eth_accounts") => {
            let addresses: Vec<Address> = accounts.iter().map(|actor| actor.address).collect();
            text["result"] = json!(addresses);
        }
        _ if trick == Trick::Refuse => text["error"] = json!({ "code": -32000, "message": "not on my list" }),
        _ => text["result"] = json!(sign(&question["params"][0], accounts, trick).await?),
    }
    let text = text.to_string();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", text.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await?;
    Ok(stream.shutdown().await?)
}

async fn sign(wanted: &Value, accounts: &[Actor], trick: Trick) -> Result<String> {
    // web3signer knows the data of a call by this name only.
    ensure!(wanted["data"].is_string(), "no data in {wanted}");
    let mut request: TransactionRequest = serde_json::from_value(wanted.clone())?;
    let of = accounts.iter().find(|actor| Some(actor.address) == request.from).ok_or_eyre("no key")?;
    let mut key = of.key.clone();
    match trick {
        Trick::Amount => request.set_value(request.value.unwrap_or_default() + U256::ONE),
        Trick::Key => {
            key = Cast::development()?.owner.key;
            request.set_from(key.address());
        }
        Trick::None | Trick::Refuse => {}
    }
    let signed = request.build(&EthereumWallet::from(key)).await?;
    Ok(hex::encode_prefixed(signed.encoded_2718()))
}

async fn run(stage: &Stage, words: &str, signer: &Signer) -> Result<Said> {
    let mut command = stage.command(words);
    command.env("RESTAKE_SIGNER_URL", &signer.url);
    said(tokio::task::spawn_blocking(move || command.output()).await??)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signer_elsewhere_signs_what_is_asked_for_and_nothing_else() -> Result<()> {
    let (stage, cast) = (Stage::new("signers").await?, Cast::development()?);
    let both = || vec![cast.alice.clone(), cast.bob.clone()];
    let signer = Signer::with(both(), Trick::None).await?;
    let minted = run(&stage, "token mint 3 --from alice", &signer).await?;
    ensure!(minted.code == 0 && minted.out.contains("Alice turns 3 ETH into tokens"), "{}", minted.error);
    let staked = run(&stage, "staker stake 2 --from alice", &signer).await?;
    ensure!(staked.code == 0, "{}", staked.error);
    ensure!(stage.succeed("staker position alice")?.contains("2 lsETH"));

    let unnamed = run(&stage, "token mint 1", &signer).await?;
    ensure!(unnamed.code == 1 && unnamed.error.contains("has 2 keys: say with --from whose"), "{}", unnamed.error);
    let other = run(&stage, "token mint 1 --from owner", &signer).await?;
    ensure!(other.code == 1 && other.error.contains("has no key of"), "{}", other.error);
    let both_ways = run(&stage, "token mint 1 --keystore mine", &signer).await?;
    ensure!(both_ways.code == 2, "{}", both_ways.error);
    let only = Signer::with(vec![cast.bob.clone()], Trick::None).await?;
    let bobs = run(&stage, "token mint 1", &only).await?;
    ensure!(bobs.code == 0 && bobs.out.contains("Bob turns 1 ETH into tokens"), "{}", bobs.error);

    for (trick, why) in [
        (Trick::Amount, "the signer signed another transaction"),
        (Trick::Key, "the signer signed as"),
        (Trick::Refuse, "not on my list"),
    ] {
        let signer = Signer::with(both(), trick).await?;
        let said = run(&stage, "token mint 1 --from alice", &signer).await?;
        ensure!(said.code == 1 && said.error.contains(why), "{trick:?}: {} {}", said.code, said.error);
    }
    stage.fail("token mint 1 --signer-url http://127.0.0.1:1", 1, "cannot ask the signer at")?;
    assert_eq!(stage.json("token balance alice")?["tokens"], "1000000000000000000", "nothing else was signed");
    Ok(())
}
