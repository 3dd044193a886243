//! The deployment file is believed only where it is true.

use crate::stage::Stage;
use eyre::Result;
use serde_json::{Value, json};
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_is_not_of_this_chain_is_refused() -> Result<()> {
    let stage = Stage::new("finding").await?;
    stage.succeed("status")?;
    let good = fs::read_to_string(&stage.deployment)?;
    let read: Value = serde_json::from_str(&good)?;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = read.clone();
        change(&mut changed);
        changed.to_string()
    };
    let other = json!("0x00000000000000000000000000000000000000000000000000000000000000aa");
    let elsewhere = json!("0x00000000000000000000000000000000000000aa");
    for (text, why) in [
        (good[..good.len() / 2].to_owned(), "is no deployment"),
        ("{}".to_owned(), "it names no version"),
        (with(&|file| file["version"] = json!(1)), "has version 1, this command reads version 2"),
        (with(&|file| file["finished"] = json!(false)), "is not finished: `restake deploy` goes on with it"),
        (with(&|file| file["chainId"] = json!(1)), "the deployment is on chain 1, the node is on chain 412346"),
        (with(&|file| file["before"]["hash"] = other.clone()), "began again since the deployment"),
        (with(&|file| file["before"]["number"] = json!(1_000_000)), "began again since the deployment"),
        (
            with(&|file| file["contracts"]["token-pool"]["address"] = elsewhere.clone()),
            "does not have the code that was deployed",
        ),
        (with(&|file| drop(file["contracts"].as_object_mut().map(|of| of.remove("lens")))), "where lens is"),
        (with(&|file| file["owner"] = json!("me")), "unknown field"),
    ] {
        fs::write(&stage.deployment, text)?;
        stage.fail("status", 4, why)?;
        stage.fail("token mint 1 --from alice", 4, why)?;
    }
    fs::remove_file(&stage.deployment)?;
    stage.fail("status", 4, "no deployment of chain 412346")?;
    fs::write(&stage.deployment, good)?;
    stage.succeed("status")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_not_there_is_named() -> Result<()> {
    let stage = Stage::new("nowhere").await?;
    let mut command = stage.command("status --rpc-url http://127.0.0.1:1");
    let ended = crate::stage::said(command.output()?)?;
    assert_eq!(ended.code, 4, "{}", ended.error);
    Ok(())
}
