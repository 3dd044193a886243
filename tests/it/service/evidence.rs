//! Evidence that is not an encoded equivocation.

use alloy::primitives::Bytes;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{MalformedEvidence, challengeCall};
use restake_tests::World;

/// Where the word with the first attestation's time begins: the second of ten words.
const FIRST_TIME: usize = 32;
/// The same of the second attestation: the seventh word.
const SECOND_TIME: usize = 6 * 32;

/// A world with a proof against the dishonest operator, and the proof.
async fn fault() -> Result<(World, Vec<u8>)> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    world.join(operator, ONE).await?;
    let call =
        World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    Ok((world, call.evidence.to_vec()))
}

async fn refuse(world: &World, evidence: impl Into<Bytes>) -> Result<()> {
    let call = challengeCall { operator: world.dishonest(), evidence: evidence.into() };
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    world.refuse_paying(&world.cast.challenger, disputes, &call, bond, &MalformedEvidence {}).await
}

#[tokio::test]
async fn no_evidence_is_refused() -> Result<()> {
    let (world, _) = fault().await?;
    refuse(&world, Bytes::new()).await
}

#[tokio::test]
async fn evidence_that_is_one_byte_short_is_refused() -> Result<()> {
    let (world, mut evidence) = fault().await?;
    evidence.pop();
    refuse(&world, evidence).await
}

#[tokio::test]
async fn evidence_that_is_one_byte_long_is_refused() -> Result<()> {
    let (world, mut evidence) = fault().await?;
    evidence.push(0);
    refuse(&world, evidence).await
}

#[tokio::test]
async fn evidence_that_is_one_word_long_is_refused() -> Result<()> {
    let (world, mut evidence) = fault().await?;
    evidence.extend_from_slice(&[0; 32]);
    refuse(&world, evidence).await
}

#[tokio::test]
async fn a_time_above_64_bits_is_refused() -> Result<()> {
    for time in [FIRST_TIME, SECOND_TIME] {
        let (world, mut evidence) = fault().await?;
        // The ninth byte from the end of the word is worth 2^64.
        evidence[time + 32 - 9] = 1;
        refuse(&world, evidence).await?;
    }
    Ok(())
}
