//! Evidence in files: answers, commitments and the data behind them.

use crate::stage::Stage;
use eyre::Result;
use std::fs;

const TASK: &str = "0x0000000000000000000000000000000000000000000000000000000000000007";

#[tokio::test(flavor = "multi_thread")]
async fn evidence_that_is_none_is_refused_before_a_bond_is_sent() -> Result<()> {
    let stage = Stage::new("proving").await?;
    for words in ["operator opt-in 50%", "token mint 100", "staker stake 100 --operator honest-op", "operator register"]
    {
        stage.succeed(&format!("{words} --from honest-op"))?;
    }
    fs::write(stage.folder.join("data.bin"), [7; 40])?;
    fs::write(stage.folder.join("empty.bin"), [])?;
    let commit = |file: &str, more: &str| format!("operator commit {file} --task {TASK} {more} --from honest-op");
    stage.fail(&commit("nothing.bin", ""), 1, "cannot read nothing.bin")?;
    stage.fail(&commit("empty.bin", ""), 1, "there is nothing to keep available")?;
    stage.fail(&commit("data.bin", "--leaf-size 0"), 1, "a leaf has 1 to 4096 bytes")?;
    stage.fail(&commit("data.bin", "--leaf-size 4097"), 1, "a leaf has 1 to 4096 bytes")?;
    fs::write(stage.folder.join("kept.json"), stage.succeed(&commit("data.bin", "--leaf-size 16"))?)?;
    let attest = |answer: &str| format!("operator attest --task {TASK} --answer 0x{answer:0>64} --from honest-op");
    fs::write(stage.folder.join("answer.json"), stage.succeed(&attest("1"))?)?;
    fs::write(stage.folder.join("other.json"), stage.succeed(&attest("2"))?)?;

    let ask = |file: &str, leaf: u64| {
        format!("challenge availability honest-op --commitment {file} --leaf {leaf} --from challenger")
    };
    stage.fail(&ask("answer.json", 0), 1, "answer.json is no signed commitment")?;
    stage.fail(&ask("kept.json", 3), 3, "none of those that the operator said it keeps")?;
    stage.succeed(&ask("kept.json", 2))?;
    stage.fail(&ask("kept.json", 2), 3, "this leaf asked for")?;
    let answer = |id: u64, more: &str| format!("challenge answer {id} {more} --from honest-op");
    stage.fail(&answer(0, "--data data.bin --leaf-size 8"), 3, "not the leaf that was asked for")?;
    stage.fail(&answer(0, "--data empty.bin"), 1, "empty.bin has no leaf 2")?;
    stage.fail(&answer(1, "--data data.bin --leaf-size 16"), 3, "challenge 1 is not open")?;
    stage.succeed(&answer(0, "--data data.bin --leaf-size 16"))?;

    stage.fail("service quorum kept.json", 1, "kept.json is no signed answer")?;
    stage.fail("service quorum answer.json other.json", 1, "is not the first one")?;
    stage.fail("service quorum --threshold 0.001% answer.json", 1, "no multiple of 0.01%")?;
    stage.fail("service quorum --threshold 0 answer.json", 3, "InvalidThreshold")?;
    // Twice the same counts once.
    stage.succeed("travel --days 1")?;
    let found = stage.json("service quorum --threshold 1% answer.json answer.json")?;
    let guaranteed = "50000000000000000000";
    assert_eq!((&found["signedStake"], &found["totalStake"]), (&guaranteed.into(), &guaranteed.into()), "{found}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_service_has_a_file_of_its_own_and_the_same_protocol() -> Result<()> {
    let stage = Stage::new("another-service").await?;
    fs::write(stage.folder.join("mine.json"), r#"{ "service": { "minimumStake": "5" } }"#)?;
    stage.succeed("service deploy --to mine-deployed.json --config mine.json --from bob")?;
    let read = |name: &str| -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&fs::read_to_string(stage.folder.join(name))?)?)
    };
    let (suite, mine) = (read("here.json")?, read("mine-deployed.json")?);
    let address = |of: &serde_json::Value, name: &str| of["contracts"][name]["address"].clone();
    for (name, is_own) in [("registry", true), ("service-manager", true), ("slasher", false), ("lens", false)] {
        assert_eq!(address(&suite, name) != address(&mine, name), is_own, "{name}");
    }
    let terms = stage.json("service terms --deployment mine-deployed.json")?;
    assert_ne!(terms, stage.json("service terms")?);
    // Done is done.
    let again = stage.succeed("service deploy --to mine-deployed.json --config mine.json --from bob")?;
    assert!(again.contains("0 steps are left"), "{again}");
    let nobody = "service deploy --to mine-deployed.json --from alice";
    stage.fail(nobody, 1, "was begun by")?;
    stage.fail("service deploy --to x.json --deployment nowhere.json --from bob", 4, "nowhere.json is not there")
}
