//! Nodes that are busy, slow, behind, lying, or gone: whatever they do, a transaction is sent once.

use crate::proxy::{Proxy, Whim};
use crate::stage::{Said, Stage, said};
use eyre::{OptionExt, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;

const SEND: &str = "eth_sendRawTransaction";

/// Runs a command through a proxy.
async fn through(
    stage: &Stage,
    words: &str,
    whim: impl Fn(&str, usize) -> Whim + Send + Sync + 'static,
) -> Result<Said> {
    let proxy = Proxy::before(&stage.url, whim).await?;
    let mut command = stage.command(&format!("{words} --rpc-url {}", proxy.url));
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    said(output)
}

fn minted(stage: &Stage) -> Result<String> {
    Ok(stage.json("token balance alice")?["tokens"].as_str().ok_or_eyre("no balance")?.to_owned())
}

/// Alice mints one token through a proxy, and that is how many more she has.
async fn mints_once(stage: &Stage, whim: impl Fn(&str, usize) -> Whim + Send + Sync + 'static) -> Result<()> {
    let before = minted(stage)?.parse::<u128>()?;
    let said = through(stage, "token mint 1 --from alice --timeout 20", whim).await?;
    ensure!(said.code == 0, "{}", said.error);
    ensure!(minted(stage)?.parse::<u128>()? == before + 10u128.pow(18), "not once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_node_is_asked_again() -> Result<()> {
    let stage = Stage::new("busy").await?;
    mints_once(&stage, |method, times| match (method, times) {
        ("eth_call" | SEND, 0 | 1) => Whim::Answer(429, "Too Many Requests".to_owned()),
        ("eth_estimateGas", 0) => Whim::Error(-32005, "daily request count exceeded, request rate limited"),
        (SEND, 2) => Whim::Error(-32005, "rate limited"),
        ("eth_getTransactionReceipt", 0) => Whim::Error(429, "Too Many Requests"),
        _ => Whim::Pass,
    })
    .await?;
    let never = |_: &str, _| Whim::Answer(429, String::new());
    let said = through(&stage, "token mint 1 --from alice", never).await?;
    ensure!(said.code == 4 && said.error.contains("nothing was sent"), "{} {}", said.code, said.error);
    ensure!(said.error.contains("the node has no time"), "{}", said.error);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_goes_away_is_told_of_and_so_is_what_was_sent() -> Result<()> {
    let stage = Stage::new("away").await?;
    let slow = |method: &str, _| match method {
        "eth_estimateGas" => Whim::Late(Duration::from_secs(5)),
        _ => Whim::Pass,
    };
    let said = through(&stage, "token mint 1 --from alice --timeout 1", slow).await?;
    ensure!(said.code == 4 && said.error.contains("nothing was sent"), "{} {}", said.code, said.error);
    ensure!(said.error.contains("the node did not answer in time"), "{}", said.error);
    let no_node = |_: &str, _| Whim::Answer(200, "<html>Welcome</html>".to_owned());
    let said = through(&stage, "status", no_node).await?;
    ensure!(said.code == 4 && said.error.contains("what answers there is no node"), "{} {}", said.code, said.error);
    // The first of the answers is lost: the same bytes are sent again, and it happens once.
    mints_once(&stage, |method, times| if method == SEND && times == 0 { Whim::Swallow } else { Whim::Pass }).await?;
    mints_once(&stage, |method, times| if method == SEND && times == 0 { Whim::Drop } else { Whim::Pass }).await?;
    // It goes away for good with the transaction.
    let before = minted(&stage)?.parse::<u128>()?;
    let gone = |method: &str, times| match (method, times) {
        (SEND, 0) => Whim::Swallow,
        (SEND | "eth_getTransactionReceipt", _) => Whim::Drop,
        _ => Whim::Pass,
    };
    let said = through(&stage, "token mint 1 --from alice --timeout 1", gone).await?;
    ensure!(said.code == 4 && said.error.contains("may have been sent"), "{} {}", said.code, said.error);
    let nonce = said.error.split("--nonce ").nth(1).ok_or_eyre("no nonce is named")?;
    let nonce: String = nonce.chars().take_while(char::is_ascii_digit).collect();
    // What it advises does no harm.
    stage.fail(&format!("token mint 1 --from alice --nonce {nonce}"), 1, "nonce too low")?;
    ensure!(minted(&stage)?.parse::<u128>()? == before + 10u128.pow(18), "not once");
    // Of two calls the first is done.
    let after_one = |method: &str, times| match (method, times) {
        (SEND, 1..) => Whim::Drop,
        _ => Whim::Pass,
    };
    let said = through(&stage, "staker stake 1 --from alice --timeout 1", after_one).await?;
    ensure!(said.code == 4 && said.error.contains("1 call(s) done"), "{} {}", said.code, said.error);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lags_or_rises_its_price_is_followed() -> Result<()> {
    let stage = Stage::new("lagging").await?;
    stage.succeed("token mint 1 --from alice")?;
    mints_once(&stage, |method, times| match (method, times) {
        ("eth_getTransactionReceipt", 0..=3) => Whim::Result(Value::Null),
        ("eth_getTransactionCount", 0 | 1) => Whim::Result(json!("0x0")),
        _ => Whim::Pass,
    })
    .await?;
    mints_once(&stage, |method, times| match (method, times) {
        (SEND, 0) => Whim::Error(-32000, "max fee per gas less than block base fee: maxFeePerGas: 1, baseFee: 2"),
        (SEND, 1) => Whim::Error(-32000, "intrinsic gas too low"),
        _ => Whim::Pass,
    })
    .await?;
    // What was fixed is not made anew.
    let taken = |method: &str, _| if method == SEND { Whim::Error(-32000, "nonce too low") } else { Whim::Pass };
    let said = through(&stage, "token mint 1 --from alice --nonce 0", taken).await?;
    ensure!(said.code == 1 && said.error.contains("nonce too low"), "{} {}", said.code, said.error);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_counts_when_it_is_as_deep_as_one_asks_for() -> Result<()> {
    const DEEP: &str = "token mint 1 --from alice --wait 3 --timeout 3";
    let stage = Stage::new("deep").await?;
    let later = |method: &str, times| match (method, times) {
        ("eth_blockNumber", 2..) => Whim::Result(json!("0xffff")),
        _ => Whim::Pass,
    };
    let said = through(&stage, DEEP, later).await?;
    ensure!(said.code == 0, "{}", said.error);
    // No block comes behind it.
    let said = through(&stage, DEEP, |_: &str, _| Whim::Pass).await?;
    ensure!(said.code == 4 && said.error.contains("only 0 block(s) were made behind it"), "{}", said.error);
    // It was there, and is not any more.
    let taken_back = |method: &str, times| match (method, times) {
        ("eth_blockNumber", _) => Whim::Result(json!("0xffff")),
        ("eth_getTransactionReceipt", 1..) => Whim::Result(Value::Null),
        _ => Whim::Pass,
    };
    let said = through(&stage, DEEP, taken_back).await?;
    ensure!(said.code == 4 && said.error.contains("that block was taken back"), "{}", said.error);
    // The node goes away meanwhile: something was sent all the same.
    let away = |method: &str, _| if method == "eth_blockNumber" { Whim::Drop } else { Whim::Pass };
    let said = through(&stage, DEEP, away).await?;
    ensure!(said.code == 4 && !said.error.contains("nothing was sent"), "{}", said.error);
    ensure!(said.error.contains("look for it before you do the same again"), "{}", said.error);
    assert_eq!(minted(&stage)?, "4000000000000000000", "each of them sent once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_that_another_process_takes_is_read_again() -> Result<()> {
    let stage = Stage::new("rivals").await?;
    let mut rivals = Vec::new();
    for _ in 0..4 {
        rivals.push(stage.command("token mint 1 --from alice").spawn()?);
    }
    for mut rival in rivals {
        ensure!(rival.wait()?.success());
    }
    assert_eq!(minted(&stage)?, "4000000000000000000");
    Ok(())
}

fn one_waits(parameters: &Value) -> Whim {
    if parameters[1] == "pending" { Whim::Result(json!("0xff")) } else { Whim::Pass }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_waits_for_what_its_account_sent_before() -> Result<()> {
    const ROUND: &str = "keeper --once --all --json --from bob --timeout 1";
    const COUNT: &str = "eth_getTransactionCount";
    let stage = Stage::new("waiting-keeper").await?;
    // The account is asked about twice at a time.
    let a_moment = |method: &str, times| match (method, times) {
        (COUNT, 0..=1) => Whim::Judge(one_waits),
        _ => Whim::Pass,
    };
    let said = through(&stage, ROUND, a_moment).await?;
    ensure!(said.code == 0, "{}", said.error);
    let for_good = |method: &str, _| if method == COUNT { Whim::Judge(one_waits) } else { Whim::Pass };
    let said = through(&stage, ROUND, for_good).await?;
    ensure!(said.code == 1 && said.out.contains("nothing is done before they are mined"), "{}", said.out);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lies_about_its_chain_is_refused_or_gains_nothing() -> Result<()> {
    let stage = Stage::new("lying").await?;
    let lies = |method: &str, _| if method == "eth_chainId" { Whim::Result(json!("0x1")) } else { Whim::Pass };
    let said = through(&stage, "token mint 1 --from alice", lies).await?;
    ensure!(said.code == 4, "{} {}", said.code, said.error);
    ensure!(said.error.contains("the deployment is on chain 412346, the node is on chain 1"), "{}", said.error);
    // It tells the truth until the deployment is found: then nothing is signed for another chain.
    mints_once(&stage, |method, times| match (method, times) {
        ("eth_chainId", 2..) => Whim::Result(json!("0x1")),
        _ => Whim::Pass,
    })
    .await
}
