//! Stakers, operators, challengers and holders of receipts act from a shell.

use crate::stage::{Stage, said};
use alloy::primitives::keccak256;
use alloy::providers::Provider;
use arithmetic::epoch;
use eyre::{OptionExt, Result, ensure};
use std::fs;
use std::process::Stdio;

/// Alice has 70 staked with the honest operator, which serves.
fn served(stage: &Stage) -> Result<()> {
    for words in [
        "token mint 110 --from alice",
        "operator opt-in 50% --from honest-op",
        "staker stake 70 --operator honest --max-commitment 50% --from alice",
        "operator register --from honest-op",
    ] {
        stage.succeed(words)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_staker_goes_all_the_way_in_and_out() -> Result<()> {
    let stage = Stage::new("staker").await?;
    served(&stage)?;
    ensure!(stage.succeed("staker position alice")?.contains("70 lsETH at stake with Honest Op"));
    stage.succeed("staker stake max --from alice")?;
    stage.succeed("staker delegate 10.5 --operator honest --from alice")?;
    stage.succeed("staker queue 0.5 --operator honest --from alice")?;
    let position = stage.json("staker position alice")?;
    assert_eq!(stage.json("staker withdrawals alice")?["withdrawals"], position["withdrawals"]);
    ensure!(stage.succeed("staker withdrawals alice")?.contains("0.5 lsETH on their way from Honest Op"));
    ensure!(stage.succeed("staker withdrawals bob")?.contains("nothing is on its way"));
    let withdrawal = &position["withdrawals"][0];
    assert_eq!(withdrawal["assets"], "500000000000000000");
    let release_epoch = withdrawal["releaseEpoch"].as_u64().ok_or_eyre("no release epoch")?;
    let complete = format!("staker complete --operator honest --epoch {release_epoch} --from alice");
    stage.fail(&complete, 3, "not ready before")?;
    stage.chain.travel_to(epoch::start(release_epoch)).await?;
    ensure!(stage.succeed(&complete)?.contains("WithdrawalCompleted"));
    stage.fail(&complete, 3, "there is no withdrawal of this epoch")?;
    let balance = stage.json("token balance alice")?;
    assert_eq!(balance["tokens"], "500000000000000000");
    let position = stage.json("staker position alice")?;
    let stakes = position["stakes"].as_array().ok_or_eyre("no stakes")?;
    let assets: Vec<&str> = stakes.iter().filter_map(|stake| stake["assets"].as_str()).collect();
    assert_eq!(assets, ["29500000000000000000", "80000000000000000000"], "idle, and with the operator");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenger_proves_a_fault_and_everybody_is_told() -> Result<()> {
    let stage = Stage::new("challenger").await?;
    served(&stage)?;
    let (task, time) = (keccak256("a task"), stage.chain.now().await?);
    for answer in ["yes", "no"] {
        let (file, answer) = (stage.folder.join(answer), keccak256(answer));
        let words = format!("operator attest --task {task} --task-time {time} --answer {answer} --from honest");
        fs::write(file, stage.succeed(&words)?)?;
    }
    let serving = stage.json("service operators")?;
    let honest = &serving["operators"][0];
    assert_eq!((&honest["guaranteed"], &honest["frozen"]), (&"35000000000000000000".into(), &false.into()));
    let accuse = "challenge equivocation honest --first yes --second no --from challenger";
    ensure!(stage.succeed(accuse)?.contains("OperatorFrozen { operator: Honest Op"));
    stage.fail("staker stake max --operator honest --from alice", 3, "Honest Op is frozen since")?;
    ensure!(stage.succeed("status")?.contains("frozen: Honest Op"));
    let shown = stage.json("operator show honest")?;
    assert_eq!((shown["openRequests"].as_u64(), shown["serves"].as_bool()), (Some(1), Some(true)));
    assert_eq!(shown["requests"][0]["requestId"], 0);
    ensure!(stage.succeed("operator show honest")?.contains("request 0 of service-manager"));
    ensure!(stage.succeed("service operators")?.contains("suspended, frozen"));
    stage.fail("challenge execute 0 --from bob", 3, "the challenge period runs until")?;
    stage.chain.travel_to(stage.chain.now().await? + arithmetic::time::CHALLENGE_PERIOD_SECONDS).await?;
    ensure!(stage.succeed("challenge execute 0 --from bob")?.contains("FrozenStatusReset { operator: Honest Op"));
    stage.fail("challenge execute 0 --from bob", 3, "request 0 is not open")?;
    let shown = stage.json("operator show honest")?;
    assert_eq!(shown["requests"], serde_json::json!([]));
    let history = shown["history"].as_array().ok_or_eyre("no history")?;
    let executed =
        |event: &&serde_json::Value| event["event"].as_str().is_some_and(|told| told.contains("SlashExecuted"));
    assert_eq!(history.iter().filter(executed).count(), 1);
    // The challenger is paid what was set aside for it, in time.
    let set_aside = stage.json("staker position challenger")?;
    let release_epoch = set_aside["setAside"][0]["releaseEpoch"].as_u64().ok_or_eyre("nothing is set aside")?;
    stage.chain.travel_to(epoch::start(release_epoch)).await?;
    stage.succeed(&format!("staker claim challenger --epoch {release_epoch} --from bob"))?;
    stage.fail(&format!("staker claim challenger --epoch {release_epoch} --from bob"), 1, "nothing is set aside")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_of_receipts_comes_and_goes() -> Result<()> {
    let stage = Stage::new("receipts").await?;
    stage.succeed("token mint 10 --from alice")?;
    stage.succeed("receipt deposit 10 --stake --from alice")?;
    ensure!(stage.succeed("receipt rate")?.contains("A receipt is worth 1\n"));
    stage.fail("receipt redeem 1 --min-assets 1.1 --from alice", 3, "are worth 1 with pending slashes")?;
    stage.succeed("receipt redeem 4 --min-assets 4 --from alice")?;
    let balance = stage.json("token balance alice")?;
    assert_eq!(
        (&balance["tokens"], &balance["receipts"]),
        (&"4000000000000000000".into(), &"6000000000000000000".into())
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_reads_is_one_json_object_whatever_happens() -> Result<()> {
    let stage = Stage::new("json").await?;
    served(&stage)?;
    let sent = stage.json("token transfer bob 1 --from alice")?;
    assert_eq!(sent["ok"], true);
    let transaction = &sent["transactions"][0];
    let hash = transaction["transactionHash"].as_str().ok_or_eyre("no hash")?.parse()?;
    let receipt = stage.chain.provider().get_transaction_receipt(hash).await?.ok_or_eyre("no receipt")?;
    assert_eq!(transaction["gasUsed"], receipt.gas_used);
    assert_eq!(transaction["contract"], "liquid-staking-token");
    let refused = stage.run("staker stake 1000 --from alice --json")?;
    let told: serde_json::Value = serde_json::from_str(&refused.out)?;
    assert_eq!((refused.code, &told["ok"]), (3, &false.into()));
    let error = told["error"].as_str().ok_or_eyre("no error")?;
    ensure!(error.starts_with("ERC20InsufficientBalance"), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_before_all_that_is_known_to_be_refused_was_refused() -> Result<()> {
    let stage = Stage::new("refused").await?;
    served(&stage)?;
    let before = stage.chain.provider().get_block_number().await?;
    stage.fail("staker stake 1000 --from alice", 3, "Alice has 40 and needs 1000")?;
    stage.fail("staker queue 71 --operator honest --from alice", 1, "has 70 lsETH there, less than 71")?;
    stage.fail("operator opt-in 50% --from honest", 3, "this service has a grant")?;
    stage.fail("operator register --from bob", 3, "Bob lets service-manager slash nothing")?;
    stage.fail("challenge veto 7 --from bob", 1, "no request was opened under this number")?;
    for (words, why) in [
        ("staker stake -1 --from alice", "unexpected argument"),
        ("staker stake 1.0000000000000000001 --from alice", "has more than the 18 decimals"),
        ("staker stake 1,5 --from alice", "is no amount"),
        ("staker stake 1 --max-commitment 101% --from alice", "more than there can be"),
        ("staker stake 1 --operator mallory --from alice", "nobody is called 'mallory'"),
        ("staker stake 1 --operator restaking --from alice", "may be"),
    ] {
        stage.fail(words, 2, why)?;
    }
    stage.fail("staker stake 1 --from alice --gas-limit 30000", 1, "failed")?;
    assert_eq!(stage.chain.provider().get_block_number().await?, before + 1, "the one without enough gas");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_does_not_stop_what_was_begun() -> Result<()> {
    let stage = Stage::new("pipe").await?;
    stage.succeed("token mint 10 --from alice")?;
    let mut command = stage.command("staker stake 10 --from alice");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    drop(child.stdout.take());
    let ended = said(child.wait_with_output()?)?;
    ensure!(ended.code == 0, "it ended with {}: {}", ended.code, ended.error);
    ensure!(stage.succeed("staker position alice")?.contains("10 lsETH at stake without an operator"));
    Ok(())
}
