//! The views of risk, a rule of admission and a declared profit, by hand.

use crate::stage::Stage;
use alloy::primitives::Address;
use alloy::providers::Provider;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IRegistry::admissionCall;
use interfaces::IRiskAdmission::ruleCall;
use interfaces::IServiceManager::{termsAtCall, termsEffectiveAtCall};
use interfaces::{IRisk, IRiskAdmission};
use restake::deployment::Deployment;

/// The address on the first line that a deployment prints.
fn deployed(out: &str) -> Result<Address> {
    Ok(out.lines().next().ok_or_eyre("nothing is printed")?.parse()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_admission_is_deployed_and_named_by_the_owner_of_the_service() -> Result<()> {
    let stage = Stage::new("admitting").await?;
    let chain = &stage.chain;
    let suite = Deployment::load(chain, Some(&stage.deployment)).await?.suite(chain).await?;
    let rule = "service deploy-admission --counted-stake 1000";
    stage.fail(&format!("{rule} --cap 90% --assumed-ratio 95% --from owner"), 1, "is above the cap")?;
    stage.fail(&format!("{rule} --cap 0% --assumed-ratio 0% --from owner"), 1, "is not within 0 and 100%")?;
    stage.fail(&format!("{rule} --cap 1% --assumed-ratio 1% --from owner"), 1, "AdmitsNobody")?;
    let said = stage.run(&format!("{rule} --cap 90% --assumed-ratio 50% --from bob"))?;
    ensure!(said.code == 3 && said.error.contains("it is deployed, and not named"), "{}: {}", said.code, said.error);

    let admission = deployed(&stage.succeed(&format!("{rule} --cap 90% --assumed-ratio 50% --from owner"))?)?;
    let named = chain.view(suite.service.registry, &admissionCall {}).await?;
    // Nobody serves: no notice is needed.
    assert_eq!(named.admission, admission);
    let IRiskAdmission::ruleReturn { cap, assumedRatio, countedStake, .. } =
        chain.view(admission, &ruleCall {}).await?;
    assert_eq!((cap, assumedRatio, countedStake), (ONE / 10 * 9, ONE / 2, 1_000 * u128::from(ONE)));
    for words in ["operator opt-in 50%", "token mint 100", "staker stake 100 --operator crooked-op"] {
        stage.succeed(&format!("{words} --from crooked-op"))?;
    }
    stage.succeed("operator register --from crooked-op")?;
    stage.succeed("service schedule-admission nobody --from owner")?;
    let scheduled = chain.view(suite.service.registry, &admissionCall {}).await?;
    assert_eq!((scheduled.admission, scheduled.nextAdmission), (admission, Address::ZERO));
    assert_eq!(scheduled.effectiveAt, epoch::notice_ends(chain.now().await?));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profit_is_declared_and_nothing_else_of_the_terms_changes() -> Result<()> {
    let stage = Stage::new("declaring").await?;
    let chain = &stage.chain;
    let service = Deployment::load(chain, Some(&stage.deployment)).await?.suite(chain).await?.service.service_manager;
    let now = chain.now().await?;
    let before = chain.view(service, &termsAtCall { time: now }).await?;
    stage.fail("service declare-profit 120 --from bob", 3, "Bob may not do this")?;
    stage.succeed("service declare-profit 120 --from owner")?;
    let effective_at = chain.view(service, &termsEffectiveAtCall {}).await?;
    let after = chain.view(service, &termsAtCall { time: effective_at }).await?;
    assert_eq!(after.profitFromCorruption, 120 * u128::from(ONE));
    assert_eq!(
        (after.wads, after.challengerShare, after.rewardRate),
        (before.wads, before.challengerShare, before.rewardRate)
    );
    assert_eq!((after.recipient, after.resolver), (before.recipient, before.resolver));

    let views = deployed(&stage.succeed("service deploy-risk --from owner")?)?;
    ensure!(chain.provider().get_code_at(views).await?.len() > 1, "nothing is at {views}");
    let claim = IRisk::claimOfCall { serviceManager: service, threshold: ONE / 2 };
    let claim = chain.view(views, &claim).await?;
    assert_eq!((claim.claimedProfit, claim.nextProfit), (before.profitFromCorruption, 120 * u128::from(ONE)));
    assert_eq!((claim.effectiveAt, claim.countedStake), (effective_at, 0));
    Ok(())
}
