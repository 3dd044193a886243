//! Deploying on a node that has only what a real one has, with an L1 price.

use crate::stage::{Said, Stage};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use eyre::{OptionExt, Result, ensure};
use restake::actors::{Actor, Cast};
use restake::chain::Chain;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use stylus_devnode::{Devnode, DevnodeBuilder};

/// As dear as in Nitro's development mode, in wei for a unit.
const L1_PRICE: u64 = 50_000_000_000;

/// The steps of a deployment: 16 contracts, 6 that are told of the others, the token listed and weighed.
const STEPS: u64 = 24;

/// A node like a real one.
fn real() -> DevnodeBuilder {
    Devnode::builder().development(false).l1_price(L1_PRICE)
}

/// The command with the key of somebody whose name this node does not know.
fn as_actor(stage: &Stage, actor: &Actor, words: &str) -> Result<Said> {
    let mut command = stage.command(words);
    command.env("ETH_PRIVATE_KEY", actor.key.to_bytes().to_string());
    crate::stage::said(command.output()?)
}

fn succeed_as(stage: &Stage, actor: &Actor, words: &str) -> Result<String> {
    let said = as_actor(stage, actor, words)?;
    ensure!(said.code == 0, "`{words}` ended with {}: {}{}", said.code, said.out, said.error);
    Ok(said.out)
}

async fn nonce(chain: &Chain, actor: &Actor) -> Result<u64> {
    Ok(chain.provider().get_transaction_count(actor.address).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suite_deployed_without_development_methods_is_staked_in_served_with_and_slashed() -> Result<()> {
    let (cast, stage) = (Cast::development()?, Stage::bare("deploying", real()).await?);
    let (alice, honest, crooked) = (&cast.alice, &cast.honest, &cast.dishonest);
    succeed_as(&stage, &cast.owner, "deploy --cache --yes")?;
    assert_eq!(nonce(&stage.chain, &cast.owner).await?, STEPS + 16, "each step once, and sixteen bids");
    for operator in [honest, crooked] {
        succeed_as(&stage, operator, "operator opt-in 50%")?;
        succeed_as(&stage, operator, "token mint 100")?;
        succeed_as(&stage, operator, &format!("staker stake 100 --operator {}", operator.address))?;
        succeed_as(&stage, operator, "operator register")?;
    }
    succeed_as(&stage, alice, "token mint 100")?;
    succeed_as(&stage, alice, "staker stake 40")?;
    succeed_as(&stage, alice, &format!("staker delegate 30 --operator {} --max-commitment 50%", honest.address))?;
    succeed_as(&stage, alice, &format!("staker queue 10 --operator {}", honest.address))?;
    let (task, yes, no) = (word(1), word(2), word(3));
    for (answer, file) in [(yes, "yes.json"), (no, "no.json")] {
        let said = succeed_as(&stage, crooked, &format!("operator attest --task {task} --answer {answer}"))?;
        fs::write(stage.folder.join(file), said)?;
    }
    let accused = crooked.address;
    let challenge = format!("challenge equivocation {accused} --first yes.json --second no.json");
    succeed_as(&stage, &cast.challenger, &challenge)?;
    assert!(stage.succeed("status")?.contains(&accused.to_string()), "it is frozen");

    // A development chain, deployed on and used in the same way, looks the same.
    let there = Stage::bare("deploying-there", Devnode::builder().l1_price(L1_PRICE)).await?;
    there.succeed("deploy --from owner --yes")?;
    let name = |file: &Stage| -> Result<Value> {
        let read: Value = serde_json::from_str(&fs::read_to_string(&file.deployment)?)?;
        Ok(read["contracts"]["slasher"]["address"].clone())
    };
    assert_eq!(name(&stage)?, name(&there)?, "the same account deploys to the same addresses");
    for operator in [honest, crooked] {
        there.succeed(&format!("operator opt-in 50% --from {}", plain(operator)))?;
        there.succeed(&format!("token mint 100 --from {}", plain(operator)))?;
        there.succeed(&format!("staker stake 100 --operator {0} --from {0}", plain(operator)))?;
        there.succeed(&format!("operator register --from {}", plain(operator)))?;
    }
    there.succeed("token mint 100 --from alice")?;
    there.succeed("staker stake 40 --from alice")?;
    there.succeed("staker delegate 30 --operator honest-op --max-commitment 50% --from alice")?;
    there.succeed("staker queue 10 --operator honest-op --from alice")?;
    for view in [
        format!("token balance {}", alice.address),
        format!("staker position {}", alice.address),
        format!("operator show {}", honest.address),
    ] {
        let strip = |value: Value| without_times(value).to_string().replace(&honest.address.to_string(), honest.name);
        let strip = |value: Value| strip(value).replace(&alice.address.to_string(), alice.name);
        assert_eq!(strip(stage.json(&view)?), strip(there.json(&view)?), "{view}");
    }
    Ok(())
}

/// The name as one word.
fn plain(actor: &Actor) -> String {
    actor.name.to_lowercase().replace(' ', "-")
}

fn word(number: u64) -> String {
    format!("0x{number:064x}")
}

/// What does not depend on when it was done, nor on what gas cost.
fn without_times(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(name, _)| {
                !["ether", "now", "since", "block", "time", "transactionHash"].contains(&name.as_str())
            });
            Value::Object(kept.map(|(name, value)| (name, without_times(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(without_times).collect()),
        other => other,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_is_killed_at_each_step_goes_on_and_does_nothing_twice() -> Result<()> {
    let (cast, stage) = (Cast::development()?, Stage::bare("killed", real()).await?);
    let mut kills = 0u32;
    loop {
        let mut command = stage.command("deploy --yes");
        command.env("ETH_PRIVATE_KEY", cast.owner.key.to_bytes().to_string());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or_eyre("no standard output")?).lines();
        // Killed when it says that a second thing happened: what comes next may have been sent, or not.
        let mut seen = 0u32;
        for line in lines {
            seen += u32::from(line?.starts_with('['));
            if seen == 2 {
                break;
            }
        }
        if seen < 2 {
            let status = child.wait()?;
            ensure!(status.success(), "{status}");
            break;
        }
        child.kill()?;
        child.wait()?;
        kills += 1;
        if let Ok(text) = fs::read_to_string(&stage.deployment) {
            ensure!(serde_json::from_str::<Value>(&text).is_ok(), "half a file is left");
        }
    }
    assert!(kills >= 16, "killed {kills} times");
    assert_eq!(nonce(&stage.chain, &cast.owner).await?, STEPS);
    stage.succeed("status")?;
    let again = succeed_as(&stage, &cast.owner, "deploy")?;
    assert!(again.contains("0 steps are left"), "{again}");
    assert_eq!(nonce(&stage.chain, &cast.owner).await?, STEPS);
    Ok(())
}

/// Leaves `account` so much.
async fn fund(stage: &Stage, from: &Actor, to: Address, wei: U256) -> Result<()> {
    let gift = TransactionRequest::default().with_from(from.address).with_to(to).with_value(wei);
    ensure!(stage.chain.provider().send_transaction(gift).await?.get_receipt().await?.status(), "no gift");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_deployment_costs_is_said_before_and_an_empty_purse_loses_nothing() -> Result<()> {
    let (cast, stage) = (Cast::development()?, Stage::bare("purse", real()).await?);
    let key = PrivateKeySigner::from_slice(&[7; 32])?;
    let poor = Actor { name: "Poor", address: key.address(), key };
    let asked = as_actor(&stage, &poor, "deploy --dry-run --json")?;
    ensure!(asked.code == 0, "{}", asked.error);
    let forecast: Value = serde_json::from_str(&asked.out)?;
    let number = |name: &str| -> Result<U256> {
        let value = &forecast["forecast"][name];
        Ok(value.as_str().map_or_else(|| value.to_string(), str::to_owned).parse()?)
    };
    assert_eq!(number("steps")?, U256::from(STEPS));
    assert!(!stage.deployment.exists(), "a question leaves nothing");
    let refused = as_actor(&stage, &poor, "deploy --yes")?;
    assert_eq!(refused.code, 6, "{}", refused.error);
    assert!(refused.error.contains("has 0 ETH and needs"), "{}", refused.error);
    // Enough at first; then something else empties the purse in the middle.
    let total = number("total")?;
    fund(&stage, &cast.owner, poor.address, total).await?;
    let mut command = stage.command("deploy --yes");
    command.env("ETH_PRIVATE_KEY", poor.key.to_bytes().to_string());
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or_eyre("no standard output")?).lines();
    for line in lines {
        if line?.starts_with("[ 5/") {
            break;
        }
    }
    child.kill()?;
    child.wait()?;
    let chain = Chain::connect(&stage.url, [poor.key.clone()])?;
    let rest = chain.balance(poor.address).await? / U256::from(2);
    let spend = TransactionRequest::default().with_from(poor.address).with_to(cast.bob.address).with_value(rest);
    ensure!(chain.provider().send_transaction(spend).await?.get_receipt().await?.status(), "not spent");
    let refused = as_actor(&stage, &poor, "deploy --yes")?;
    assert_eq!(refused.code, 6, "{}", refused.error);
    fund(&stage, &cast.bob, poor.address, rest).await?;
    let before_rest = succeed_as(&stage, &poor, "deploy --yes")?;
    assert!(before_rest.contains("deployed, and read back"), "{before_rest}");
    // It cost no more than was said, and was not said to cost much more than it did.
    let left = chain.balance(poor.address).await?;
    assert!(left < total / U256::from(4), "{left} of {total} is left");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_goes_on_with_the_deployment_of_somebody_else_or_with_other_parameters() -> Result<()> {
    let (cast, stage) = (Cast::development()?, Stage::bare("begun", real()).await?);
    let config = stage.folder.join("suite.json");
    let fails = |actor: &Actor, words: &str, why: &str| -> Result<()> {
        let said = as_actor(&stage, actor, words)?;
        ensure!(said.code != 0 && said.error.contains(why), "`{words}` ended with {}: {}", said.code, said.error);
        Ok(())
    };
    fs::write(&config, r#"{ "cap": "-5" }"#)?;
    fails(&cast.owner, "deploy --config suite.json", "cap: '-5' is negative")?;
    fs::write(&config, r#"{ "caps": "5" }"#)?;
    fails(&cast.owner, "deploy --config suite.json", "unknown field `caps`")?;
    let nowhere = Address::repeat_byte(0x77);
    fails(&cast.owner, &format!("deploy --stylus-deployer {nowhere}"), "there is no StylusDeployer at")?;
    fails(&cast.owner, "deploy --config nowhere.json", "cannot read nowhere.json")?;
    assert_eq!(nonce(&stage.chain, &cast.owner).await?, 0, "nothing was sent");
    fs::write(&config, r#"{ "cap": "5" }"#)?;
    succeed_as(&stage, &cast.owner, "deploy --config suite.json --yes")?;
    fails(&cast.alice, "deploy", "was begun by")?;
    fs::write(&config, r#"{ "cap": "6" }"#)?;
    fails(&cast.owner, "deploy --config suite.json", "was begun with other parameters")?;
    // On a chain that has the same id and another past the file is worth nothing.
    let other = Stage::bare("begun-elsewhere", real().timestamp(1_800_000_000)).await?;
    fs::copy(&stage.deployment, &other.deployment)?;
    let said = as_actor(&other, &cast.owner, "deploy")?;
    assert_eq!(said.code, 4, "{}", said.error);
    assert!(said.error.contains("began again"), "{}", said.error);
    drop(stage.node);
    Ok(())
}
