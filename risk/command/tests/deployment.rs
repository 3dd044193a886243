//! A deployment is looked at as a person does it.

use eyre::{Result, ensure};
use restake::actors::Cast;
use restake::build;
use restake::chain::Chain;
use restake::suite::{Parameters, Suite, for_services};
use restake::verbs::operator;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use stylus_devnode::Devnode;

/// A chain with a suite, to whose service the honest operator grants a quarter in the shared tier.
struct Stage {
    cast: Cast,
    node: Devnode,
    chain: Chain,
    suite: Suite,
    file: PathBuf,
}

impl Stage {
    async fn new(name: &str) -> Result<Self> {
        let (cast, node) = (Cast::development()?, Devnode::builder().spawn().await?);
        let chain = Chain::connect(&node.http_url(), cast.all().map(|actor| actor.key.clone()))?;
        let parameters = Parameters::example(cast.fund.address);
        let (suite, record) = Suite::deploy_recorded(&chain, &build::build(false)?, &cast.owner, &parameters).await?;
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        record.save(Some(&file))?;
        let grant = operator::opt_in(&suite, suite.service.service_manager, arithmetic::wad::ONE / 4, false);
        grant.send(&chain, cast.honest.address).await?;
        Ok(Self { cast, node, chain, suite, file })
    }

    fn run(&self, words: &[&str], url: &str, more: &[&str]) -> Result<Output> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_restake-risk"));
        command.arg("risk").args(words).args(["--rpc-url", url, "--deployment"]).arg(&self.file).args(more);
        Ok(command.output()?)
    }

    /// What is printed by a command that goes well.
    fn succeed(&self, words: &[&str], more: &[&str]) -> Result<String> {
        let ended = self.run(words, &self.node.http_url(), more)?;
        ensure!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
        Ok(String::from_utf8(ended.stdout)?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_of_a_deployment_file_is_shown_with_its_operators() -> Result<()> {
    let stage = Stage::new("risk-deployment.json").await?;
    let out = stage.succeed(&["deployment"], &["--take", "service-manager"])?;
    for expected in ["1 operators, 3 services, 0 of the stakers", "Honest Op", "shared", "0.25", "cascade\n"] {
        ensure!(out.contains(expected), "{expected} is not in\n{out}");
    }
    let gone = stage.run(&["deployment"], "http://127.0.0.1:9", &["--timeout", "2"])?;
    ensure!(!gone.status.success() && !gone.stderr.is_empty(), "a node that is not there is said to be");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_views_on_the_chain_are_shown_of_an_operator_a_service_and_a_receipt() -> Result<()> {
    let stage = Stage::new("risk-views.json").await?;
    let (programs, owner) = (build::build_these(&["risk"], false)?, stage.cast.owner.address);
    let views = for_services::risk(&stage.chain, owner, &programs, stage.suite.slasher).await?.to_string();
    for (words, expected) in [
        (
            &["operator", "honest-op"][..],
            &["lets slash: service-manager", "shared 0.25", "loses 0.25", "utilisation 0"][..],
        ),
        (&["service"], &["corrupting it brings 16 at most", "counts 0 of stake", "ratio 0"]),
        (&["receipt", "0"], &["0 receipts, layers: liquid-restaking-token, liquid-staking-token", "idle 0"]),
    ] {
        let out = stage.succeed(words, &["--views", &views])?;
        for text in expected {
            ensure!(out.contains(text), "{text} is not in\n{out}");
        }
        let told: serde_json::Value = serde_json::from_str(&stage.succeed(words, &["--views", &views, "--json"])?)?;
        ensure!(told.is_object(), "{told}");
    }
    let token = stage.suite.token.to_string();
    let other = stage.run(&["service"], &stage.node.http_url(), &["--views", &token])?;
    let why = String::from_utf8(other.stderr)?;
    ensure!(!other.status.success() && why.contains("there are no views of risk at"), "{why}");
    Ok(())
}
