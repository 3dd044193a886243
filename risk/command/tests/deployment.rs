//! A deployment is looked at as a person does it.

use eyre::{Result, ensure};
use restake::actors::Cast;
use restake::build;
use restake::chain::Chain;
use restake::suite::{Parameters, Suite};
use restake::verbs::operator;
use std::path::Path;
use std::process::{Command, Output};
use stylus_devnode::Devnode;

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_of_a_deployment_file_is_shown_with_its_operators() -> Result<()> {
    let (cast, node) = (Cast::development()?, Devnode::builder().spawn().await?);
    let chain = Chain::connect(&node.http_url(), cast.all().map(|actor| actor.key.clone()))?;
    let parameters = Parameters::example(cast.fund.address);
    let (suite, record) = Suite::deploy_recorded(&chain, &build::build(false)?, &cast.owner, &parameters).await?;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("risk-deployment.json");
    record.save(Some(&file))?;
    let grant = operator::opt_in(&suite, suite.service.service_manager, arithmetic::wad::ONE / 4, false);
    grant.send(&chain, cast.honest.address).await?;

    let url = node.http_url();
    let run = |url: &str, more: &[&str]| -> Result<Output> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_restake-risk"));
        command.args(["risk", "deployment", "--rpc-url", url, "--deployment"]).arg(&file).args(more);
        Ok(command.output()?)
    };
    let shown = run(&url, &["--take", "service-manager"])?;
    let (out, error) = (String::from_utf8(shown.stdout)?, String::from_utf8(shown.stderr)?);
    ensure!(shown.status.success(), "{error}");
    for expected in ["1 operators, 3 services, 0 of the stakers", "Honest Op", "shared", "0.25", "cascade\n"] {
        ensure!(out.contains(expected), "{expected} is not in\n{out}");
    }
    let gone = run("http://127.0.0.1:9", &["--timeout", "2"])?;
    ensure!(!gone.status.success() && !gone.stderr.is_empty(), "a node that is not there is said to be");
    Ok(())
}
