//! `verifyQuorum`: whether operators with enough stake signed an answer, and which did.

use super::support::{DAY, ask, forwarder, next_epoch, question, rotate, serving, serving_with, tick, update};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolValue};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IQuorum::{
    InvalidThreshold, MalformedSignatures, TaskInFuture, TaskTooOld, UnsortedSigners, contractsCall, signersOfCall,
    verifyQuorumCall,
};
use interfaces::IRegistry::{InvalidEvidenceWindow, deregisterOperatorCall, evidenceWindowCall};
use restake::chain::CallError;
use restake_tests::programs::{construction, copy_program};
use restake_tests::{World, ether};

#[tokio::test]
async fn stake_that_signed_is_weighed_against_all_stake() -> Result<()> {
    let world = serving().await?;
    let (honest, dishonest) = (&world.cast.honest, &world.cast.dishonest);
    assert_eq!(ask(&world, &question(&world, &[honest], 7_500).await?).await?, (true, ether(96), ether(128)));
    assert_eq!(ask(&world, &question(&world, &[honest], 7_501).await?).await?, (false, ether(96), ether(128)));
    assert_eq!(ask(&world, &question(&world, &[dishonest], 2_500).await?).await?, (true, ether(32), ether(128)));
    assert!(ask(&world, &question(&world, &[honest, dishonest], 10_000).await?).await?.0);
    assert_eq!(ask(&world, &question(&world, &[], 1).await?).await?, (false, 0, ether(128)));
    Ok(())
}

#[tokio::test]
async fn one_base_unit_below_the_threshold_is_not_enough() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    world.opt_in(&world.cast.honest, ONE).await?;
    world.stake(&world.cast.honest, ether(96) - 1, world.honest()).await?;
    world.register(&world.cast.honest).await?;
    let question = question(&world, &[&world.cast.honest], 7_500).await?;
    assert_eq!(ask(&world, &question).await?, (false, ether(96) - 1, ether(128) - 1));
    Ok(())
}

#[tokio::test]
async fn where_nobody_has_stake_nothing_is_reached() -> Result<()> {
    let world = World::new().await?;
    assert_eq!(ask(&world, &question(&world, &[], 1).await?).await?, (false, 0, 0));
    Ok(())
}

#[tokio::test]
async fn a_signature_counts_once() -> Result<()> {
    let world = serving().await?;
    let (dishonest, quorum) = (&world.cast.dishonest, world.suite.service.quorum);
    let once = question(&world, &[dishonest], 5_000).await?;
    let twice = verifyQuorumCall { signatures: [&once.signatures[..], &once.signatures[..]].concat().into(), ..once };
    let refusal = UnsortedSigners { signer: dishonest.address };
    world.refuse(&world.cast.alice, quorum, &twice, &refusal).await
}

#[tokio::test]
async fn signers_come_in_ascending_order() -> Result<()> {
    let world = serving().await?;
    let (honest, dishonest) = (&world.cast.honest, &world.cast.dishonest);
    let good = question(&world, &[honest, dishonest], 5_000).await?;
    let swapped = [&good.signatures[64..], &good.signatures[..64]].concat();
    let refusal = UnsortedSigners { signer: honest.address.min(dishonest.address) };
    let swapped = verifyQuorumCall { signatures: swapped.into(), ..good };
    world.refuse(&world.cast.alice, world.suite.service.quorum, &swapped, &refusal).await
}

#[tokio::test]
async fn signatures_that_do_not_count_are_passed_over() -> Result<()> {
    let world = serving().await?;
    let honest = &world.cast.honest;
    // A stranger's.
    let stranger = question(&world, &[&world.cast.bob, honest], 7_500).await?;
    assert_eq!(ask(&world, &stranger).await?, (true, ether(96), ether(128)));
    // Of another answer: whoever that recovers to, it is no operator.
    let good = question(&world, &[honest], 7_500).await?;
    let other = verifyQuorumCall { answer: B256::from(U256::from(8)), ..good.clone() };
    assert_eq!(ask(&world, &other).await?, (false, 0, ether(128)));
    // Nobody's, in front, behind, and twice.
    let nobody = [0; 64];
    let around = [&nobody[..], &nobody[..], &good.signatures[..], &nobody[..]].concat();
    assert!(ask(&world, &verifyQuorumCall { signatures: around.into(), ..good }).await?.0);
    Ok(())
}

#[tokio::test]
async fn nobodys_signature_hides_no_signer_that_comes_twice() -> Result<()> {
    let world = serving().await?;
    let dishonest = &world.cast.dishonest;
    let once = question(&world, &[dishonest], 5_000).await?;
    let twice = [&once.signatures[..], &[0; 64], &once.signatures[..]].concat();
    let twice = verifyQuorumCall { signatures: twice.into(), ..once };
    let refusal = UnsortedSigners { signer: dishonest.address };
    world.refuse(&world.cast.alice, world.suite.service.quorum, &twice, &refusal).await
}

#[tokio::test]
async fn a_tampered_signature_adds_nothing() -> Result<()> {
    let world = serving().await?;
    let good = question(&world, &[&world.cast.honest], 1).await?;
    for byte in [0, 31, 33, 63] {
        let mut bytes = good.signatures.to_vec();
        bytes[byte] ^= 1;
        let tampered = verifyQuorumCall { signatures: bytes.into(), ..good.clone() };
        assert_eq!(ask(&world, &tampered).await?, (false, 0, ether(128)), "byte {byte}");
    }
    Ok(())
}

#[tokio::test]
async fn bad_questions_are_refused() -> Result<()> {
    let world = serving().await?;
    let (alice, quorum) = (&world.cast.alice, world.suite.service.quorum);
    let good = question(&world, &[&world.cast.honest], 1).await?;
    for threshold in [0, 10_001, u16::MAX] {
        let call = verifyQuorumCall { threshold, ..good.clone() };
        world.refuse(alice, quorum, &call, &InvalidThreshold { threshold }).await?;
    }
    for task_time in [world.chain.now().await? + 1, u64::MAX] {
        let early = verifyQuorumCall { taskTime: task_time, ..good.clone() };
        world.refuse(alice, quorum, &early, &TaskInFuture { taskTime: task_time }).await?;
    }
    let short = verifyQuorumCall { signatures: good.signatures.slice(..63), ..good };
    world.refuse(alice, quorum, &short, &MalformedSignatures {}).await
}

#[tokio::test]
async fn a_quorum_can_be_asked_about_for_half_of_the_evidence_window() -> Result<()> {
    for (window, half) in [(3 * DAY, 129_600), (2, 1), (7, 3)] {
        let world = serving_with(|parameters| {
            parameters.evidence_window = window;
            parameters.answer_window = 1;
        })
        .await?;
        let asked = question(&world, &[&world.cast.honest], 7_500).await?;
        let askable_until = asked.taskTime + half;
        world.chain.travel_to(askable_until).await?;
        assert!(ask(&world, &asked).await?.0, "{window}");
        tick(&world).await?;
        let refusal = TaskTooOld { askableUntil: askable_until };
        world.refuse(&world.cast.alice, world.suite.service.quorum, &asked, &refusal).await?;
    }
    Ok(())
}

#[tokio::test]
async fn whoever_left_since_the_task_signed_for_it() -> Result<()> {
    let world = serving().await?;
    let (honest, registry) = (&world.cast.honest, world.suite.service.registry);
    let before = question(&world, &[honest], 7_500).await?;
    tick(&world).await?;
    world.act(honest, registry, &deregisterOperatorCall {}).await?;
    assert_eq!(ask(&world, &before).await?, (true, ether(96), ether(128)));
    let after = question(&world, &[honest], 1).await?;
    assert_eq!(ask(&world, &after).await?, (false, 0, ether(32)));
    Ok(())
}

#[tokio::test]
async fn the_key_of_the_time_of_the_task_signs() -> Result<()> {
    let world = serving().await?;
    let (honest, bob) = (&world.cast.honest, &world.cast.bob);
    let old = question(&world, &[honest], 7_500).await?;
    let early = question(&world, &[bob], 1).await?;
    tick(&world).await?;
    rotate(&world, honest, bob).await?;
    assert!(ask(&world, &old).await?.0, "replaced since");
    assert_eq!(ask(&world, &early).await?, (false, 0, ether(128)), "not registered then");
    let both = question(&world, &[honest, bob], 7_500).await?;
    assert_eq!(ask(&world, &both).await?, (true, ether(96), ether(128)), "one of them counts");
    Ok(())
}

#[tokio::test]
async fn what_expired_signs_nothing_until_it_is_renewed() -> Result<()> {
    let world = serving().await?;
    let honest = &world.cast.honest;
    let expired = next_epoch(&world).await? + 3 * DAY;
    world.chain.travel_to(expired - 1).await?;
    let last = question(&world, &[honest], 7_500).await?;
    world.chain.travel_to(expired).await?;
    assert!(ask(&world, &last).await?.0, "of the last second in which it signed");
    assert_eq!(ask(&world, &question(&world, &[honest], 1).await?).await?, (false, 0, ether(128)));
    update(&world, honest.address).await?;
    assert_eq!(ask(&world, &question(&world, &[honest], 7_500).await?).await?, (true, ether(96), ether(128)));
    Ok(())
}

#[tokio::test]
async fn stake_that_comes_after_the_task_does_not_sign_for_it() -> Result<()> {
    let world = serving().await?;
    let dishonest = &world.cast.dishonest;
    let asked = question(&world, &[dishonest], 2_501).await?;
    tick(&world).await?;
    world.stake(dishonest, ether(9_000), dishonest.address).await?;
    update(&world, dishonest.address).await?;
    assert_eq!(ask(&world, &asked).await?, (false, ether(32), ether(128)));
    Ok(())
}

#[tokio::test]
async fn any_contract_can_ask() -> Result<()> {
    let world = serving().await?;
    let consumer = forwarder(&world, world.suite.service.quorum).await?;
    let question = question(&world, &[&world.cast.honest], 7_500).await?;
    let request = TransactionRequest::default().with_to(consumer).with_input(question.abi_encode());
    let returned = world.chain.provider().call(request).await?;
    let answer = verifyQuorumCall::abi_decode_returns_validate(&returned)?;
    assert_eq!((answer.reached, answer.signedStake, answer.totalStake), (true, ether(96), ether(128)));
    Ok(())
}

#[tokio::test]
async fn those_who_signed_are_named_with_the_stake_that_counts() -> Result<()> {
    let world = serving().await?;
    let (honest, dishonest) = (&world.cast.honest, &world.cast.dishonest);
    let asked = question(&world, &[honest, dishonest, &world.cast.bob], 1).await?;
    let verifyQuorumCall { task, taskTime, answer, signatures, .. } = asked;
    let call = signersOfCall { task, taskTime, answer, signatures };
    let signers = world.chain.view(world.suite.service.quorum, &call).await?;
    let mut expected = vec![(honest.address, ether(96)), (dishonest.address, ether(32))];
    // These operators sign with their own keys.
    expected.sort_unstable();
    assert_eq!(signers.operators.into_iter().zip(signers.stakes).collect::<Vec<_>>(), expected);
    let short = signersOfCall { signatures: call.signatures.slice(1..), ..call };
    world.refuse(&world.cast.alice, world.suite.service.quorum, &short, &MalformedSignatures {}).await
}

#[tokio::test]
async fn a_quorum_names_what_it_asks() -> Result<()> {
    let world = World::new().await?;
    let service = world.suite.service;
    let contracts = world.chain.view(service.quorum, &contractsCall {}).await?;
    assert_eq!((contracts.registry, contracts.serviceManager), (service.registry, service.service_manager));
    Ok(())
}

#[tokio::test]
async fn a_quorum_is_made_after_its_registry() -> Result<()> {
    let world = World::new().await?;
    let owner = world.cast.owner.address;
    let registry = copy_program(&world.chain, owner, world.suite.service.registry).await?;
    let quorum = copy_program(&world.chain, owner, world.suite.service.quorum).await?;
    let arguments = (registry, world.suite.service.service_manager).abi_encode_params();
    let call = construction(owner, quorum, &arguments);
    let Err(CallError::Refused(refusal)) = world.chain.transact(call).await else { eyre::bail!("it was made") };
    let expected = InvalidEvidenceWindow { evidenceWindow: 0, limit: 259_200 };
    assert_eq!(refusal.decode::<InvalidEvidenceWindow>(), Some(expected));
    Ok(())
}

#[tokio::test]
async fn an_evidence_window_is_one_second_to_three_days() -> Result<()> {
    let world = World::new().await?;
    let (owner, service) = (world.cast.owner.address, world.suite.service);
    let make = async |window: u64| -> Result<(Address, Result<_, CallError>)> {
        let registry = copy_program(&world.chain, owner, service.registry).await?;
        let arguments = (
            (service.service_manager, world.suite.strategy_manager, world.suite.slasher, service.dispute_resolution),
            (0u128, window, false, Address::ZERO),
        )
            .abi_encode_params();
        Ok((registry, world.chain.transact(construction(owner, registry, &arguments)).await))
    };
    for window in [0, 259_201, u64::MAX] {
        let (_, Err(CallError::Refused(refusal))) = make(window).await? else { eyre::bail!("{window} was taken") };
        let expected = InvalidEvidenceWindow { evidenceWindow: window, limit: 259_200 };
        assert_eq!(refusal.decode::<InvalidEvidenceWindow>(), Some(expected));
    }
    for window in [1, 259_200] {
        let (registry, made) = make(window).await?;
        made?;
        assert_eq!(world.chain.view(registry, &evidenceWindowCall {}).await?, window);
    }
    Ok(())
}
