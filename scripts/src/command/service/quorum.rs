//! Whether enough of the stake signed one answer.

use super::super::session::Session;
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::{Attestation, SignedAttestation};
use interfaces::IQuorum;
use restake::amounts::Fraction;
use restake::attestation::{self, CompactSignature};
use restake::chain::CallError;

/// Says whether these answers are one, and enough of the stake signed it.
pub(super) async fn ask(session: &Session, threshold: Fraction, answers: Vec<SignedAttestation>) -> Result<()> {
    let first = answers.first().ok_or_eyre("no answer")?;
    let question = Attestation { task: first.task, taskTime: first.taskTime, answer: first.answer };
    let domain = session.domain().await?;
    let hash = domain.attestation_hash(&question);
    let mut signed = Vec::new();
    for SignedAttestation { task, taskTime, answer, r, vs } in answers {
        ensure!(
            Attestation { task, taskTime, answer } == question,
            "these are answers of their own: {answer} to {task} at {taskTime} is not the first one"
        );
        signed.push((hash, CompactSignature { r, vs }));
    }
    let call = IQuorum::verifyQuorumCall {
        task: question.task,
        taskTime: question.taskTime,
        answer: question.answer,
        signatures: attestation::quorum(signed)?,
        threshold: basis_points(threshold)?,
    };
    let found = match session.chain.view(session.suite.service.quorum, &call).await {
        Ok(found) => found,
        Err(CallError::Refused(refusal)) => {
            return Err(session.refused("asks for a quorum".to_owned(), &refusal).await?.into());
        }
        Err(CallError::Node(error)) => return Err(error),
    };
    let (signed, total) = (found.signedStake, found.totalStake);
    if session.json {
        let (signed, total) = (signed.to_string(), total.to_string());
        println!("{}", serde_json::json!({ "reached": found.reached, "signedStake": signed, "totalStake": total }));
        return Ok(());
    }
    let (signed, total) = (session.written(signed).await?, session.written(total).await?);
    let verdict = if found.reached { "Enough" } else { "Not enough" };
    session.say(&format!("{verdict}: {signed} of {total} signed, {threshold} is asked for."));
    Ok(())
}

/// A part in basis points, which the Quorum counts in.
fn basis_points(part: Fraction) -> Result<u16> {
    const STEP: u64 = arithmetic::wad::ONE / 10_000;
    ensure!(part.0.is_multiple_of(STEP), "{part} is no multiple of 0.01%");
    Ok(u16::try_from(part.0 / STEP)?)
}
