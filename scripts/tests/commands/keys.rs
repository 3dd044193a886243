//! Keys: kept in keystores, never printed, and asked for only by who acts.

use crate::stage::{Said, Stage, said};
use eyre::{OptionExt, Result, ensure};
use std::fs;
use std::path::Path;

/// A development key, well known and worthless: Alice's.
const KEY: &str = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const ALICE: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/// Runs with the folder of keystores and the key in the environment.
fn with_keys(stage: &Stage, words: &str) -> Result<Said> {
    let folder = stage.folder.join("keys");
    said(stage.command(words).env("RESTAKE_KEYSTORES", folder).env("ETH_PRIVATE_KEY", KEY).output()?)
}

/// Runs with the folder of keystores only.
fn with_keystores(stage: &Stage, words: &str) -> Result<Said> {
    said(stage.command(words).env("RESTAKE_KEYSTORES", stage.folder.join("keys")).output()?)
}

#[cfg(unix)]
fn is_private(file: &Path) -> Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(file)?.permissions().mode() & 0o777 == 0o600)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_a_keystore_signs_and_is_never_printed() -> Result<()> {
    let stage = Stage::new("keys").await?;
    fs::write(stage.folder.join("password"), "correct horse\n")?;
    fs::write(stage.folder.join("wrong"), "battery staple\n")?;
    let imported = with_keys(&stage, "account import mine --password-file password")?;
    ensure!(imported.code == 0 && imported.out.contains(ALICE), "{}", imported.error);
    let keystore = stage.folder.join("keys").join("mine");
    #[cfg(unix)]
    ensure!(is_private(&keystore)?);
    ensure!(!fs::read_to_string(&keystore)?.contains(&KEY[2..]));
    let again = with_keys(&stage, "account import mine --password-file password")?;
    ensure!(again.code == 1 && again.error.contains("is there already"));
    let made = with_keystores(&stage, "account new other --password-file password")?;
    ensure!(made.code == 0, "{}", made.error);
    assert_eq!(with_keystores(&stage, "account list")?.out, "mine\nother\n");

    let mint = "token mint 3 --keystore mine --password-file password";
    let minted = with_keystores(&stage, mint)?;
    ensure!(minted.code == 0 && minted.out.contains("Alice turns 3 ETH into tokens"), "{}", minted.error);
    let wrong = with_keystores(&stage, "token mint 3 --keystore mine --password-file wrong")?;
    ensure!(wrong.code == 1 && wrong.error.contains("cannot unlock"), "{}", wrong.error);
    let nobody = with_keystores(&stage, "token mint 3 --keystore theirs --password-file password")?;
    ensure!(nobody.code == 1 && nobody.error.contains("there is no keystore theirs"), "{}", nobody.error);
    let other = with_keystores(&stage, &format!("{mint} --from 0x00000000000000000000000000000000000000aa"))?;
    ensure!(other.code == 1 && other.error.contains("the key is that of"), "{}", other.error);

    let export = "account export mine --password-file password --to exported";
    let unsure = with_keystores(&stage, export)?;
    ensure!(unsure.code == 1 && !stage.folder.join("exported").exists(), "{}", unsure.error);
    let exported = with_keystores(&stage, &format!("{export} --yes"))?;
    ensure!(exported.code == 0 && !exported.out.contains(&KEY[2..]), "{}", exported.error);
    #[cfg(unix)]
    ensure!(is_private(&stage.folder.join("exported"))?);
    assert_eq!(fs::read_to_string(stage.folder.join("exported"))?, format!("{KEY}\n"));
    for said in [imported, minted, wrong, exported] {
        ensure!(!said.out.contains(&KEY[2..]) && !said.error.contains(&KEY[2..]));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_no_key_here_gets_the_calls_in_a_file() -> Result<()> {
    let stage = Stage::new("unsigned").await?;
    stage.succeed("token mint 10 --from alice")?;
    stage.succeed(&format!("staker stake 10 --from {ALICE} --unsigned batch.json"))?;
    let batch: serde_json::Value = serde_json::from_str(&fs::read_to_string(stage.folder.join("batch.json"))?)?;
    assert_eq!((&batch["chainId"], &batch["version"]), (&"412346".into(), &"1.0".into()));
    let calls = batch["transactions"].as_array().ok_or_eyre("no transactions")?;
    assert_eq!(calls.len(), 2, "an approval and a stake");
    ensure!(stage.succeed("staker position alice")?.contains("nothing"));
    let somebody = "0x00000000000000000000000000000000000000AA";
    stage.fail(&format!("token mint 1 --from {somebody}"), 1, &format!("no key for {somebody}"))?;
    stage.fail("staker stake 10", 1, "who acts?")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_signs_with_a_key_of_its_own_and_replaces_it() -> Result<()> {
    let stage = Stage::new("signing").await?;
    fs::write(stage.folder.join("password"), "correct horse\n")?;
    for name in ["first", "second"] {
        let made = with_keystores(&stage, &format!("account new {name} --password-file password"))?;
        ensure!(made.code == 0, "{}", made.error);
    }
    for words in [
        "operator opt-in 50% --from honest-op",
        "token mint 100 --from honest-op",
        "staker stake 100 --operator honest-op --from honest-op",
    ] {
        stage.succeed(words)?;
    }
    let signing = |name: &str| format!("--signing-keystore {name} --signing-password-file password --from honest-op");
    let joined = with_keystores(&stage, &format!("operator register {}", signing("first")))?;
    ensure!(joined.code == 0 && joined.out.contains("OperatorRegistered"), "{}", joined.error);
    let again = with_keystores(&stage, &format!("operator rotate-key {}", signing("first")))?;
    ensure!(again.code == 3 && again.error.contains("signs here already, or did"), "{}", again.error);
    let rotated = with_keystores(&stage, &format!("operator rotate-key {}", signing("second")))?;
    ensure!(rotated.code == 0 && rotated.out.contains("KeyRotated { operator: Honest Op"), "{}", rotated.error);
    Ok(())
}
