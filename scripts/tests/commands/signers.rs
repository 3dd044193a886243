//! Keys that somebody else keeps.

use crate::proxy::body;
use crate::stage::{Said, Stage, said};
use alloy::eips::eip2718::Encodable2718;
use alloy::network::{EthereumWallet, TransactionBuilder};
use alloy::primitives::{Address, U256, hex, keccak256};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync;
use alloy_dyn_abi::TypedData;
use eyre::{OptionExt, Result, ensure};
use restake::actors::{Actor, Cast};
use serde_json::{Value, json};
use std::fs;
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
    /// It knows typed data by its other name only.
    Other,
    /// It signs typed data as a message.
    Message,
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
        Some("eth_signTypedData") if trick == Trick::Other => {
            text["error"] = json!({ "code": -32601, "message": "no such method" });
        }
        Some("eth_signTypedData" | "eth_signTypedData_v4") => {
            text["result"] = json!(sign_data(&question["params"], accounts, trick)?);
        }
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
        Trick::None | Trick::Refuse | Trick::Other | Trick::Message => {}
    }
    let signed = request.build(&EthereumWallet::from(key)).await?;
    Ok(hex::encode_prefixed(signed.encoded_2718()))
}

/// Signs typed data as it reads it.
fn sign_data(params: &Value, accounts: &[Actor], trick: Trick) -> Result<String> {
    let account: Address = serde_json::from_value(params[0].clone())?;
    let of = accounts.iter().find(|actor| actor.address == account).ok_or_eyre("no key")?;
    // web3signer takes a text.
    let data: TypedData = serde_json::from_str(params[1].as_str().ok_or_eyre("no text")?)?;
    let hash = data.eip712_signing_hash()?;
    let signed = match trick {
        Trick::Message => of.key.sign_message_sync(hash.as_slice())?,
        Trick::Key => Cast::development()?.owner.key.sign_hash_sync(&hash)?,
        _ => of.key.sign_hash_sync(&hash)?,
    };
    Ok(hex::encode_prefixed(signed.as_bytes()))
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

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_whose_key_is_elsewhere_registers_answers_and_commits() -> Result<()> {
    let (stage, cast) = (Stage::new("typed").await?, Cast::development()?);
    stage.succeed("token mint 70 --from alice")?;
    let (task, early) = (keccak256("a task"), stage.chain.now().await?);
    let attest = |answer: &str, time: u64| {
        format!("operator attest --task {task} --task-time {time} --answer {} --from honest", keccak256(answer))
    };
    let data = stage.folder.join("data.bin");
    fs::write(&data, [7; 3000])?;
    let commit = |time: u64| format!("operator commit data.bin --task {task} --task-time {time} --from honest");
    for trick in [Trick::Message, Trick::Key, Trick::Refuse] {
        let signer = Signer::with(vec![cast.honest.clone()], trick).await?;
        let why = if trick == Trick::Refuse { "not on my list" } else { "signed something else" };
        for words in ["operator register --from honest", &attest("yes", early), &commit(early)] {
            let said = run(&stage, words, &signer).await?;
            ensure!(said.code == 1 && said.error.contains(why), "{trick:?}: {} {}", said.code, said.error);
        }
    }
    // The chain takes what both kinds of signers sign.
    let one = Signer::with(vec![cast.honest.clone()], Trick::None).await?;
    let other = Signer::with(vec![cast.honest.clone()], Trick::Other).await?;
    let granted = run(&stage, "operator opt-in 50% --from honest", &one).await?;
    ensure!(granted.code == 0, "{}", granted.error);
    stage.succeed("staker stake 70 --operator honest --from alice")?;
    let registered = run(&stage, "operator register --from honest", &one).await?;
    ensure!(registered.code == 0, "{}", registered.error);
    // A key answers for tasks from its registration on.
    let now = stage.chain.now().await?;
    for (words, file, signer) in
        [(attest("yes", now), "yes", &one), (attest("no", now), "no", &other), (commit(now), "commitment", &other)]
    {
        let said = run(&stage, &words, signer).await?;
        ensure!(said.code == 0, "{words}: {}", said.error);
        fs::write(stage.folder.join(file), said.out)?;
    }
    let ask = "challenge availability honest --commitment commitment --leaf 1 --from challenger";
    ensure!(stage.succeed(ask)?.contains("AvailabilityChallenged"));
    let accuse = "challenge equivocation honest --first yes --second no --from challenger";
    ensure!(stage.succeed(accuse)?.contains("OperatorFrozen { operator: Honest Op"));
    Ok(())
}
