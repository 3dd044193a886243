//! Whether operators with enough stake signed an answer.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::SignedAttestation;
use interfaces::IRegistry::{
    InvalidThreshold, MalformedSignatures, TaskInFuture, UnknownSigner, UnsortedSigners, deregisterOperatorCall,
    registerOperatorCall, totalStakeAtCall, updateStakesCall, verifyQuorumCall,
};
use interfaces::ISlasher::optIntoSlashingCall;
use restake::actors::Actor;
use restake::attestation::Domain;
use restake::suite::Service;
use restake_tests::{TASK, World, ether};

/// Signatures in the order of their signers' addresses.
fn packed(mut signed: Vec<(Address, SignedAttestation)>) -> Bytes {
    signed.sort_by_key(|(signer, _)| *signer);
    signed.iter().flat_map(|(_, attestation)| [attestation.r, attestation.vs]).flatten().collect::<Vec<u8>>().into()
}

/// The question whether `signers` reach `threshold` with the answer 7 to [`TASK`], set now.
async fn question(world: &World, signers: &[&Actor], threshold: u16) -> Result<verifyQuorumCall> {
    let mut signed = Vec::new();
    for signer in signers {
        signed.push((signer.address, world.attest(signer, 7).await?));
    }
    Ok(verifyQuorumCall {
        task: TASK,
        taskTime: world.chain.now().await?,
        answer: B256::from(U256::from(7)),
        signatures: packed(signed),
        threshold,
    })
}

async fn ask(world: &World, question: &verifyQuorumCall) -> Result<(bool, u128, u128)> {
    let answer = world.chain.view(world.suite.service.registry, question).await?;
    Ok((answer.reached, answer.signedStake, answer.totalStake))
}

/// The honest operator serves with 96 tokens, the crooked one with 32.
async fn serving() -> Result<World> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    world.opt_in(&world.cast.honest, ONE).await?;
    world.stake(&world.cast.honest, ether(96), world.honest()).await?;
    world.register(&world.cast.honest).await?;
    Ok(world)
}

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
    let (dishonest, registry) = (&world.cast.dishonest, world.suite.service.registry);
    let once = question(&world, &[dishonest], 5_000).await?;
    let twice = verifyQuorumCall { signatures: [&once.signatures[..], &once.signatures[..]].concat().into(), ..once };
    let refusal = UnsortedSigners { signer: dishonest.address };
    world.refuse(&world.cast.alice, registry, &twice, &refusal).await
}

#[tokio::test]
async fn signers_come_in_ascending_order() -> Result<()> {
    let world = serving().await?;
    let (honest, dishonest) = (&world.cast.honest, &world.cast.dishonest);
    let good = question(&world, &[honest, dishonest], 5_000).await?;
    let swapped = [&good.signatures[64..], &good.signatures[..64]].concat();
    let refusal = UnsortedSigners { signer: honest.address.min(dishonest.address) };
    let swapped = verifyQuorumCall { signatures: swapped.into(), ..good };
    world.refuse(&world.cast.alice, world.suite.service.registry, &swapped, &refusal).await
}

#[tokio::test]
async fn a_stranger_or_a_tampered_signature_is_refused() -> Result<()> {
    let world = serving().await?;
    let registry = world.suite.service.registry;
    let stranger = question(&world, &[&world.cast.bob], 1).await?;
    let refusal = UnknownSigner { signer: world.cast.bob.address };
    world.refuse(&world.cast.alice, registry, &stranger, &refusal).await?;
    // Of another answer: whoever that recovers to, it is no operator.
    let other =
        verifyQuorumCall { answer: B256::from(U256::from(8)), ..question(&world, &[&world.cast.honest], 1).await? };
    let refusal = world.refusal(&world.cast.alice, registry, &other, U256::ZERO).await?;
    assert!(refusal.decode::<UnknownSigner>().is_some(), "{refusal}");
    let mut bytes = question(&world, &[&world.cast.honest], 1).await?.signatures.to_vec();
    bytes[0] ^= 1;
    let tampered = verifyQuorumCall { signatures: bytes.into(), ..question(&world, &[], 1).await? };
    let refusal = world.refusal(&world.cast.alice, registry, &tampered, U256::ZERO).await?;
    assert!(refusal.decode::<UnknownSigner>().is_some(), "{refusal}");
    Ok(())
}

#[tokio::test]
async fn a_signature_of_nobody_is_refused() -> Result<()> {
    let world = serving().await?;
    let empty = Bytes::from_static(&[0; 64]);
    let nobody = verifyQuorumCall { signatures: empty, ..question(&world, &[], 1).await? };
    let refusal = UnknownSigner { signer: Address::ZERO };
    world.refuse(&world.cast.alice, world.suite.service.registry, &nobody, &refusal).await
}

#[tokio::test]
async fn a_slashed_operator_counts_what_was_left_of_it_from_the_next_update_on() -> Result<()> {
    let world = serving().await?;
    let (honest, registry) = (&world.cast.honest, world.suite.service.registry);
    let update = updateStakesCall { operators: vec![world.honest()] };
    let attack = world.freeze(honest).await?;
    assert_eq!(
        ask(&world, &question(&world, &[honest], 1).await?).await?,
        (true, ether(96), ether(128)),
        "not updated"
    );
    world.act(&world.cast.bob, registry, &update).await?;
    assert_eq!(ask(&world, &question(&world, &[honest], 1).await?).await?, (false, 0, ether(32)), "frozen");
    world.execute(&attack).await?;
    world.act(&world.cast.bob, registry, &update).await?;
    assert_eq!(ask(&world, &question(&world, &[honest], 6_000).await?).await?, (true, ether(48), ether(80)));
    Ok(())
}

#[tokio::test]
async fn an_operator_whose_budget_is_used_up_counts_nothing() -> Result<()> {
    let world = World::new().await?;
    let (honest, registry) = (&world.cast.honest, world.suite.service.registry);
    // The terms take half, which is all that it granted.
    world.opt_in(honest, ONE / 2).await?;
    world.stake(honest, ether(96), world.honest()).await?;
    world.register(honest).await?;
    let attack = world.freeze(honest).await?;
    world.execute(&attack).await?;
    world.act(&world.cast.bob, registry, &updateStakesCall { operators: vec![world.honest()] }).await?;
    assert_eq!(ask(&world, &question(&world, &[honest], 1).await?).await?, (false, 0, 0));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_another_service_froze_joins_without_stake_that_counts() -> Result<()> {
    let world = World::new().await?;
    let honest = &world.cast.honest;
    let second = Service::deploy(&world.chain, &world.suite, &world.cast.owner, &world.parameters).await?;
    world.stake(honest, ether(96), world.honest()).await?;
    world.opt_in(honest, ONE).await?;
    let grant = optIntoSlashingCall { serviceManager: second.service_manager, maxSlash: ONE };
    world.act(honest, world.suite.slasher, &grant).await?;
    world.register(honest).await?;
    world.freeze(honest).await?;
    let chain_id = world.chain.provider().get_chain_id().await?;
    let proof = Domain::new(chain_id, second.service_manager).bind_key(&honest.key, honest.address)?;
    let join = registerOperatorCall { signingKey: honest.address, r: proof.r, vs: proof.vs };
    world.act(honest, second.registry, &join).await?;
    let counted = world.chain.view(second.registry, &totalStakeAtCall { time: u64::MAX }).await?;
    assert_eq!(counted, 0);
    Ok(())
}

#[tokio::test]
async fn bad_questions_are_refused() -> Result<()> {
    let world = serving().await?;
    let (alice, registry) = (&world.cast.alice, world.suite.service.registry);
    let good = question(&world, &[&world.cast.honest], 1).await?;
    for threshold in [0, 10_001] {
        let call = verifyQuorumCall { threshold, ..good.clone() };
        world.refuse(alice, registry, &call, &InvalidThreshold { threshold }).await?;
    }
    let task_time = world.chain.now().await? + 1;
    let early = verifyQuorumCall { taskTime: task_time, ..good.clone() };
    world.refuse(alice, registry, &early, &TaskInFuture { taskTime: task_time }).await?;
    let short = verifyQuorumCall { signatures: good.signatures.slice(..63), ..good };
    world.refuse(alice, registry, &short, &MalformedSignatures {}).await
}

#[tokio::test]
async fn only_the_current_key_of_an_operator_signs() -> Result<()> {
    let world = serving().await?;
    let (honest, registry) = (&world.cast.honest, world.suite.service.registry);
    world.act(honest, registry, &deregisterOperatorCall {}).await?;
    // Its grant ends with an epoch; then it comes back with another key.
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::EPOCH_SECONDS + 1).await?;
    world.opt_in(honest, ONE).await?;
    world.act(honest, registry, &world.register_call(honest, &world.cast.bob).await?).await?;
    let old = question(&world, &[honest], 1).await?;
    world.refuse(&world.cast.alice, registry, &old, &UnknownSigner { signer: honest.address }).await?;
    let both = question(&world, &[honest, &world.cast.bob], 1).await?;
    world.refuse(&world.cast.alice, registry, &both, &UnknownSigner { signer: honest.address }).await?;
    let new = question(&world, &[&world.cast.bob], 7_500).await?;
    assert_eq!(ask(&world, &new).await?, (true, ether(96), ether(128)));
    Ok(())
}

#[tokio::test]
async fn stake_counts_as_it_was_when_the_task_was_set() -> Result<()> {
    let world = serving().await?;
    let (honest, registry) = (&world.cast.honest, world.suite.service.registry);
    let before = question(&world, &[honest], 7_500).await?;
    world.chain.travel_to(before.taskTime + 1).await?;
    world.act(honest, registry, &deregisterOperatorCall {}).await?;
    assert_eq!(ask(&world, &before).await?, (true, ether(96), ether(128)), "who left since was there then");
    let after = question(&world, &[honest], 1).await?;
    assert_eq!(ask(&world, &after).await?, (false, 0, ether(32)));
    Ok(())
}

/// A contract that passes its calldata on to the Registry and returns what it answers.
async fn consumer(world: &World) -> Result<Address> {
    let runtime = [
        // calldatacopy(0, 0, calldatasize)
        &alloy::hex!("3660006000 37")[..],
        // staticcall(gas, registry, 0, calldatasize, 0, 0)
        &alloy::hex!("6000600036600073"),
        world.suite.service.registry.as_slice(),
        &alloy::hex!("5afa"),
        // returndatacopy(0, 0, returndatasize), return
        &alloy::hex!("503d6000803e3d6000f3"),
    ]
    .concat();
    let size = u8::try_from(runtime.len())?;
    let init = [&[0x60, size, 0x60, 0x0b, 0x60, 0x00, 0x39, 0x60, size, 0x5f, 0xf3][..], &runtime].concat();
    let create = TransactionRequest::default().with_from(world.cast.owner.address).with_deploy_code(init);
    world.chain.transact(create).await?.contract_address.ok_or_eyre("no address")
}

#[tokio::test]
async fn any_contract_can_ask() -> Result<()> {
    let world = serving().await?;
    let consumer = consumer(&world).await?;
    let question = question(&world, &[&world.cast.honest], 7_500).await?;
    let request = TransactionRequest::default().with_to(consumer).with_input(question.abi_encode());
    let returned = world.chain.provider().call(request).await?;
    let answer = verifyQuorumCall::abi_decode_returns_validate(&returned)?;
    assert_eq!((answer.reached, answer.signedStake, answer.totalStake), (true, ether(96), ether(128)));
    Ok(())
}
