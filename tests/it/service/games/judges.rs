//! Judges: who decides kinds of faults beyond those of the DisputeResolution is seen long before it can.

use super::table::{CLOCK, deploy};
use crate::service::custom::{same_terms, schedule};
use alloy::primitives::Address;
use arithmetic::fault::MISCOMPUTATION;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::{NotAContract, Unauthorized};
use interfaces::IRegistry::suspendOperatorCall;
use interfaces::IServiceManager::{
    FaultKindIsOn, JudgeIsNamed, JudgeNamed, UnknownFaultKind, freezeOperatorCall, judgeOfCall, nameJudgeCall,
    scheduleTermsCall,
};
use restake::chain::event;
use restake_tests::World;

async fn judge_of(world: &World, kind: u8) -> Result<Address> {
    Ok(world.chain.view(world.suite.service.service_manager, &judgeOfCall { kind }).await?)
}

/// The service's terms, with a part for a wrong result.
fn terms(world: &World, wad: u64) -> scheduleTermsCall {
    let mut terms = same_terms(world);
    terms.wads[usize::from(MISCOMPUTATION)] = wad;
    terms
}

#[tokio::test]
async fn the_owner_names_a_judge_once_for_a_kind_that_the_dispute_resolution_does_not_decide() -> Result<()> {
    let world = World::new().await?;
    let (manager, owner) = (world.suite.service.service_manager, &world.cast.owner);
    let judge = deploy(&world, (world.parameters.bond, CLOCK)).await?;
    let name = |kind| nameJudgeCall { kind, judge };
    let caller = world.cast.alice.address;
    world.refuse(&world.cast.alice, manager, &name(MISCOMPUTATION), &Unauthorized { caller }).await?;
    for kind in [0, 1, 3, 255] {
        world.refuse(owner, manager, &name(kind), &UnknownFaultKind { kind }).await?;
    }
    let nobody = nameJudgeCall { kind: MISCOMPUTATION, judge: caller };
    world.refuse(owner, manager, &nobody, &NotAContract { account: caller }).await?;
    assert_eq!(judge_of(&world, MISCOMPUTATION).await?, Address::ZERO);
    let receipt = world.act(owner, manager, &name(MISCOMPUTATION)).await?;
    assert_eq!(event::<JudgeNamed>(&receipt, manager), Some(JudgeNamed { kind: MISCOMPUTATION, judge }));
    assert_eq!(judge_of(&world, MISCOMPUTATION).await?, judge);
    let disputes = world.suite.service.dispute_resolution;
    assert_eq!((judge_of(&world, 0).await?, judge_of(&world, 1).await?), (disputes, disputes));
    let again = JudgeIsNamed { kind: MISCOMPUTATION };
    world.refuse(owner, manager, &name(MISCOMPUTATION), &again).await
}

/// Guards against: a service switches a kind on that nobody decides, operators join, and the owner names itself.
#[tokio::test]
async fn nobody_is_named_to_judge_what_terms_punish_or_did_or_will() -> Result<()> {
    let world = World::new().await?;
    let (manager, owner) = (world.suite.service.service_manager, &world.cast.owner);
    let judge = deploy(&world, (world.parameters.bond, CLOCK)).await?;
    let name = nameJudgeCall { kind: MISCOMPUTATION, judge };
    let on = FaultKindIsOn { kind: MISCOMPUTATION };
    let effective = schedule(&world, manager, &terms(&world, ONE / 4)).await?;
    world.refuse(owner, manager, &name, &on).await?;
    world.chain.travel_to(effective).await?;
    world.refuse(owner, manager, &name, &on).await?;
    // Two epochs later other terms can be scheduled; the old ones judge the faults of their time.
    world.chain.travel_to(effective + 21 * 86_400).await?;
    let off = schedule(&world, manager, &terms(&world, 0)).await?;
    world.refuse(owner, manager, &name, &on).await?;
    world.chain.travel_to(off).await?;
    world.refuse(owner, manager, &name, &on).await?;
    world.chain.travel_to(off + 21 * 86_400).await?;
    schedule(&world, manager, &terms(&world, 0)).await?;
    world.act(owner, manager, &name).await?;
    Ok(())
}

#[tokio::test]
async fn a_judge_freezes_for_its_kind_alone_and_nobody_else_for_it() -> Result<()> {
    let world = World::new().await?;
    let service = world.suite.service;
    world.join(&world.cast.dishonest, ONE).await?;
    // Anyone stands in for the judge here.
    let judge = super::table::contract(&world, &[0x00]).await?;
    world.act(&world.cast.owner, service.service_manager, &nameJudgeCall { kind: MISCOMPUTATION, judge }).await?;
    let fault_time = world.chain.now().await?;
    for (who, kinds) in [(judge, vec![0, 1, 3]), (world.cast.owner.address, vec![0, 1, 2, 3])] {
        for kind in kinds {
            let (operator, challenger) = (world.dishonest(), world.cast.challenger.address);
            let call = freezeOperatorCall { operator, challenger, kind, faultTime: fault_time };
            let refusal = world.chain.simulate(who, service.service_manager, &call, Default::default()).await;
            let refused = refusal.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(refused.contains("Unauthorized"), "{who} for kind {kind}: {refused}");
        }
    }
    let suspend = suspendOperatorCall { operator: world.dishonest() };
    let caller = world.cast.owner.address;
    world.refuse(&world.cast.owner, service.registry, &suspend, &Unauthorized { caller }).await
}
