//! What a RiskAdmission compares with its cap, and which rules there are.

use super::support::{admission, bound, claim, freeze, grant, percent, service};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAdmission::isAdmittedCall;
use interfaces::IRiskAdmission::{AdmitsNobody, InvalidRule, contractsCall, ownRatioCall, ruleCall};
use interfaces::ISlasher::{optOutOfSlashingCall, releaseCommitmentCall};
use restake::actors::Actor;
use restake::suite::for_services::AdmissionRule;
use restake_tests::{World, ether};

/// Of a service with a profit of 16 and a mildest fault of a tenth: 32 of 640 must attack, so its own ratio is a half.
pub(super) const RULE: AdmissionRule =
    AdmissionRule { cap: ONE / 20 * 19, assumed_ratio: ONE / 5 * 3, threshold: ONE / 2, counted_stake: ether(640) };

/// A world whose service counts shared stake, and its RiskAdmission.
pub(super) async fn ruled() -> Result<(World, Address)> {
    let mut world = World::new().await?;
    world.suite.service = service(&world, |_| ()).await?;
    let admission = admission(&world, RULE).await?;
    Ok((world, admission))
}

pub(super) fn manager(world: &World) -> Address {
    world.suite.service.service_manager
}

pub(super) async fn admits(world: &World, admission: Address, operator: &Actor) -> Result<bool> {
    Ok(world.chain.view(admission, &isAdmittedCall { operator: operator.address }).await?)
}

#[tokio::test]
async fn a_rule_is_what_was_said_and_the_own_ratio_follows_from_the_terms() -> Result<()> {
    let (world, admission) = ruled().await?;
    let rule = world.chain.view(admission, &ruleCall {}).await?;
    let said = (rule.cap, rule.assumedRatio, rule.threshold, rule.countedStake);
    assert_eq!(said, (ONE / 20 * 19, ONE / 5 * 3, ONE / 2, ether(640)));
    assert_eq!(world.chain.view(admission, &ownRatioCall {}).await?, percent(50));
    let contracts = world.chain.view(admission, &contractsCall {}).await?;
    assert_eq!((contracts.serviceManager, contracts.slasher), (manager(&world), world.suite.slasher));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_lets_nobody_else_slash_has_the_own_ratio_of_the_service() -> Result<()> {
    let (world, admission) = ruled().await?;
    let (nobody, shares, excludes) = (&world.cast.alice, &world.cast.honest, &world.cast.dishonest);
    grant(&world, shares, manager(&world), ONE, false).await?;
    grant(&world, excludes, manager(&world), ONE / 4, true).await?;
    for operator in [nobody, shares, excludes] {
        assert_eq!(bound(&world, admission, operator).await?, percent(50), "{}", operator.name);
        assert!(admits(&world, admission, operator).await?);
    }
    Ok(())
}

#[tokio::test]
async fn what_others_share_counts_at_the_assumed_ratio_by_the_room_that_is_left() -> Result<()> {
    let (world, admission) = ruled().await?;
    let (operator, [one, other]) = (&world.cast.honest, [&world.cast.bob, &world.cast.fund]);
    grant(&world, operator, manager(&world), ONE / 2, false).await?;
    grant(&world, operator, one.address, ONE / 4 * 3, false).await?;
    // A tenth of its half at 0.5, and 0.75 at 0.6: less than the assumed ratio, which another service may have.
    assert_eq!(bound(&world, admission, operator).await?, percent(60));
    grant(&world, operator, other.address, ONE / 2, true).await?;
    // Half of the stake is left: twice of both.
    assert_eq!(bound(&world, admission, operator).await?, percent(95));
    assert!(admits(&world, admission, operator).await?, "the cap itself is allowed");
    grant(&world, operator, world.cast.accuser.address, ONE / 100, true).await?;
    assert!(bound(&world, admission, operator).await? > percent(95));
    assert!(!admits(&world, admission, operator).await?);
    Ok(())
}

#[tokio::test]
async fn an_ended_grant_counts_until_it_is_released() -> Result<()> {
    let (world, admission) = ruled().await?;
    let (operator, other) = (&world.cast.honest, world.cast.bob.address);
    grant(&world, operator, other, ONE / 2, true).await?;
    grant(&world, operator, manager(&world), ONE / 2, false).await?;
    grant(&world, operator, world.cast.fund.address, ONE, false).await?;
    assert_eq!(bound(&world, admission, operator).await?, percent(125));
    world.act(operator, world.suite.slasher, &optOutOfSlashingCall { serviceManager: other }).await?;
    assert_eq!(bound(&world, admission, operator).await?, percent(125), "it can still be slashed by it");
    world.chain.travel_to((world.chain.now().await? / 604_800 + 2) * 604_800).await?;
    let release = releaseCommitmentCall { operator: operator.address, serviceManager: other };
    world.act(operator, world.suite.slasher, &release).await?;
    assert_eq!(bound(&world, admission, operator).await?, percent(62) + percent(1) / 2);
    Ok(())
}

#[tokio::test]
async fn slashes_of_exclusive_budgets_and_of_what_fits_change_nothing() -> Result<()> {
    let (world, admission) = ruled().await?;
    let (operator, [one, other]) = (&world.cast.honest, [&world.cast.bob, &world.cast.fund]);
    grant(&world, operator, one.address, ONE / 2, true).await?;
    grant(&world, operator, manager(&world), ONE / 2, false).await?;
    grant(&world, operator, other.address, ONE / 2, false).await?;
    assert_eq!(bound(&world, admission, operator).await?, percent(65));
    for service in [one, other] {
        let attack = freeze(&world, service, operator, ONE / 2).await?;
        assert_eq!(bound(&world, admission, operator).await?, percent(65), "requested by {}", service.name);
        world.execute(&attack).await?;
        assert_eq!(bound(&world, admission, operator).await?, percent(65), "taken by {}", service.name);
    }
    Ok(())
}

#[tokio::test]
async fn a_slash_that_leaves_less_than_others_are_promised_counts() -> Result<()> {
    let (world, admission) = ruled().await?;
    let (operator, [one, other]) = (&world.cast.honest, [&world.cast.bob, &world.cast.fund]);
    grant(&world, operator, manager(&world), ONE / 2, false).await?;
    grant(&world, operator, one.address, ONE, false).await?;
    grant(&world, operator, other.address, ONE / 2, false).await?;
    assert_eq!(bound(&world, admission, operator).await?, percent(92) + percent(1) / 2);
    let attack = freeze(&world, one, operator, ONE / 2).await?;
    world.execute(&attack).await?;
    // Half is left: what others are promised is twice that.
    assert_eq!(bound(&world, admission, operator).await?, percent(125));
    assert!(!admits(&world, admission, operator).await?);
    Ok(())
}

#[tokio::test]
async fn nobodys_stake_and_nobodys_split_moves_the_bound() -> Result<()> {
    let (world, admission) = ruled().await?;
    let (one, half) = (&world.cast.honest, &world.cast.dishonest);
    for operator in [one, half] {
        grant(&world, operator, manager(&world), ONE / 2, false).await?;
        grant(&world, operator, world.cast.bob.address, ONE, false).await?;
        grant(&world, operator, world.cast.fund.address, ONE / 2, false).await?;
    }
    let before = bound(&world, admission, one).await?;
    assert_eq!(bound(&world, admission, half).await?, before, "without any stake");
    world.stake(&world.cast.alice, ether(1_000), one.address).await?;
    world.stake(&world.cast.alice, 1, half.address).await?;
    assert_eq!(bound(&world, admission, one).await?, before);
    assert_eq!(bound(&world, admission, half).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_claim_of_the_service_itself_moves_its_bound_when_its_notice_ends() -> Result<()> {
    let (world, admission) = ruled().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, manager(&world), ONE, false).await?;
    let effective_at = claim(&world, manager(&world), ether(31)).await?;
    world.chain.travel_to(effective_at - 1).await?;
    assert_eq!(bound(&world, admission, operator).await?, percent(50));
    world.chain.travel_to(effective_at).await?;
    // 31 for the 32 that must attack.
    assert_eq!(bound(&world, admission, operator).await?, 968_750_000_000_000_000);
    assert!(!admits(&world, admission, operator).await?);
    Ok(())
}

#[tokio::test]
async fn a_claim_of_the_largest_number_admits_nobody_and_wraps_nowhere() -> Result<()> {
    let (world, admission) = ruled().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, manager(&world), ONE, false).await?;
    grant(&world, operator, world.cast.bob.address, ONE, false).await?;
    let effective_at = claim(&world, manager(&world), u128::MAX).await?;
    world.chain.travel_to(effective_at).await?;
    // 2^128 - 1 for 32.
    assert_eq!(bound(&world, admission, operator).await?, 1 << 123);
    assert!(!admits(&world, admission, operator).await?);
    world.chain.travel_to(effective_at + 2 * 604_800).await?;
    let lowered_at = claim(&world, manager(&world), 0).await?;
    world.chain.travel_to(lowered_at).await?;
    assert_eq!(bound(&world, admission, operator).await?, percent(60), "nothing can be gained by corrupting it");
    Ok(())
}

#[tokio::test]
async fn a_rule_that_cannot_be_or_admits_nobody_is_refused() -> Result<()> {
    let (world, _) = ruled().await?;
    let world = &world;
    let refused = |rule| async move { format!("{:#}", admission(world, rule).await.unwrap_err()) };
    for rule in [
        AdmissionRule { cap: 0, assumed_ratio: 0, ..RULE },
        AdmissionRule { cap: ONE + 1, ..RULE },
        AdmissionRule { threshold: 0, ..RULE },
        AdmissionRule { threshold: ONE + 1, ..RULE },
        AdmissionRule { assumed_ratio: RULE.cap + 1, ..RULE },
        AdmissionRule { counted_stake: 0, ..RULE },
    ] {
        let why = refused(rule).await;
        assert!(why.contains(&format!("{:?}", InvalidRule {})), "{rule:?}: {why}");
    }
    let nobody = AdmitsNobody { ratio: percent(50), cap: ONE / 5 * 2 };
    let why = refused(AdmissionRule { cap: ONE / 5 * 2, assumed_ratio: 0, ..RULE }).await;
    assert!(why.contains(&format!("{nobody:?}")), "{why}");
    Ok(())
}
