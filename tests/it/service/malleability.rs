//! Each ECDSA signature has a second form, with the other `s`: it is not accepted (EIP-2).

use alloy::primitives::{B256, U256, b256, uint};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Eip712Domain, SolStruct, eip712_domain};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::{Attestation, ChallengeRejected, SignedAttestation};
use interfaces::IQuorum::verifyQuorumCall;
use interfaces::IRegistry::{InvalidKeyProof, KeyBinding, registerOperatorCall};
use restake::actors::Actor;
use restake::attestation::CompactSignature;
use restake::chain::event;
use restake_tests::{TASK, World, ether};

use alloy::providers::Provider;

/// The order of secp256k1.
const ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);
/// The x coordinate of its generator, whose y coordinate is even.
const GENERATOR_X: B256 = b256!("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
/// The largest `s` that the compact form can hold. It is above half of the order.
const HIGH_S: U256 = uint!(0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff_U256);

/// A key, and both forms of a signature of it over one hash.
struct TwoForms {
    key: PrivateKeySigner,
    high: CompactSignature,
    low: CompactSignature,
}

/// Only one in 2^127 signatures has a second form that fits the compact encoding, so the key is made for the signature.
///
/// With the nonce 1 the point is the generator, r = GENERATOR_X, and s = hash + r·key (mod order): so key = (s −
/// hash)/r.
fn two_forms(hash: B256) -> Result<TwoForms> {
    let r = U256::from_be_bytes(GENERATOR_X.0);
    let inverse = r.inv_mod(ORDER).ok_or_eyre("a prime order")?;
    let hash = U256::from_be_bytes(hash.0).reduce_mod(ORDER);
    let key = HIGH_S.add_mod(ORDER - hash, ORDER).mul_mod(inverse, ORDER);
    // Changing the sign of s changes that of the point: its y coordinate becomes odd.
    let odd = U256::from(1) << 255;
    Ok(TwoForms {
        key: PrivateKeySigner::from_bytes(&B256::from(key))?,
        high: CompactSignature { r: GENERATOR_X, vs: B256::from(HIGH_S) },
        low: CompactSignature { r: GENERATOR_X, vs: B256::from((ORDER - HIGH_S) | odd) },
    })
}

/// The domain of what the service's operators sign, from its definition.
async fn domain(world: &World) -> Result<Eip712Domain> {
    Ok(eip712_domain! {
        name: "Restaking Service",
        version: "1",
        chain_id: world.chain.provider().get_chain_id().await?,
        verifying_contract: world.suite.service.service_manager,
    })
}

#[tokio::test]
async fn the_second_form_of_a_key_proof_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.stake(operator, world.parameters.minimum_stake, operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let binding = KeyBinding { operator: operator.address };
    let TwoForms { key, high, low } = two_forms(binding.eip712_signing_hash(&domain(&world).await?))?;
    let join = |proof: CompactSignature| registerOperatorCall { signingKey: key.address(), r: proof.r, vs: proof.vs };
    world.refuse(operator, registry, &join(high), &InvalidKeyProof {}).await?;
    world.act(operator, registry, &join(low)).await?;
    Ok(())
}

#[tokio::test]
async fn the_second_form_of_a_signature_adds_nothing_to_a_quorum() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    let attestation = Attestation { task: TASK, taskTime: world.chain.now().await?, answer: B256::with_last_byte(1) };
    let TwoForms { key, high, low } = two_forms(attestation.eip712_signing_hash(&domain(&world).await?))?;
    let signer = Actor { name: "Signing key", address: key.address(), key };
    world.stake(operator, world.parameters.minimum_stake, operator.address).await?;
    world.opt_in(operator, ONE).await?;
    world.act(operator, world.suite.service.registry, &world.register_call(operator, &signer).await?).await?;
    let Attestation { task, taskTime, answer } = attestation;
    let bytes = |form: CompactSignature| [form.r, form.vs].concat();
    let both = [bytes(low), bytes(high)].concat();
    for (signatures, signed) in [(bytes(high), 0), (bytes(low), ether(32)), (both, ether(32))] {
        let call = verifyQuorumCall { task, taskTime, answer, signatures: signatures.into(), threshold: 1 };
        let quorum = world.chain.view(world.suite.service.quorum, &call).await?;
        assert_eq!((quorum.signedStake, quorum.totalStake), (signed, ether(32)));
    }
    Ok(())
}

#[tokio::test]
async fn the_second_form_of_an_attestation_proves_nothing() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    let attestation = Attestation { task: TASK, taskTime: world.chain.now().await?, answer: B256::with_last_byte(1) };
    let TwoForms { key, high, low } = two_forms(attestation.eip712_signing_hash(&domain(&world).await?))?;
    let signer = Actor { name: "Signing key", address: key.address(), key };
    world.stake(operator, world.parameters.minimum_stake, operator.address).await?;
    world.opt_in(operator, ONE).await?;
    world.act(operator, world.suite.service.registry, &world.register_call(operator, &signer).await?).await?;
    let Attestation { task, taskTime, answer } = attestation;
    let signed = |form: CompactSignature| SignedAttestation { task, taskTime, answer, r: form.r, vs: form.vs };
    let other = world.attest(&signer, 2).await?;

    let accuse = |form| World::challenge_call(operator.address, signed(form), other.clone());
    let receipt = world.challenge(&world.cast.challenger, &accuse(high)).await?;
    assert!(event::<ChallengeRejected>(&receipt, disputes).is_some());
    assert!(!world.is_frozen(operator.address).await?);

    world.challenge(&world.cast.challenger, &accuse(low)).await?;
    assert!(world.is_frozen(operator.address).await?, "the first form does prove it");
    Ok(())
}
