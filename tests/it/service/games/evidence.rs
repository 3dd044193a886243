//! What opens a game, and what does not.

use super::table::{CLOCK, Table, deploy, number};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolValue;
use eyre::{Result, bail};
use interfaces::IAccess::NotAContract;
use interfaces::IBisection::{
    Computation, InvalidClock, Miscomputation, NotSigned, bondCall, challengeComputationCall, clockCall,
    computationHashCall, contractsCall, evidenceWindowCall, gameCountCall, gameOfCall,
};
use interfaces::IDisputeResolution::{BondTooLarge, EvidenceFromFuture, FaultKindIsOff, MalformedEvidence, WrongBond};
use restake::computation::SignedComputation;
use restake::suite::for_services;
use restake_tests::TASK;

#[tokio::test]
async fn evidence_that_is_no_signed_result_opens_nothing() -> Result<()> {
    let table = Table::new().await?;
    let (world, bond) = (&table.world, table.world.parameters.bond);
    let signed = table.sign(10, number(9)).await?;
    let operator = table.operator().address;
    let at = (table.challenger(), 0);
    let whole = signed.evidence();
    let mut beyond = whole.to_vec();
    // The program is no address, a time or a number of steps has more than 64 bits.
    let mut malformed = vec![Bytes::new(), whole.slice(..255), [&whole[..], &[0; 32]].concat().into()];
    for word in [1, 2, 5] {
        beyond[word * 32] = 1;
        malformed.push(beyond.clone().into());
        beyond[word * 32] = 0;
    }
    for evidence in malformed {
        let call = challengeComputationCall { operator, evidence };
        table.refuse(at, &call, bond, &MalformedEvidence {}).await?;
    }
    for sent in [U256::ZERO, bond - U256::ONE, bond + U256::ONE] {
        table.refuse(at, &table.opening(&signed), sent, &WrongBond { sent, bond }).await?;
    }
    // Another result than was signed, somebody else's, and nobody's signature.
    let Computation { task, taskTime, program, input, output, steps } = signed.computation;
    let (r, vs) = (signed.signature.r, signed.signature.vs);
    let claim = Miscomputation { task, taskTime, program, input, output, steps, r, vs };
    let changed = [
        Miscomputation { task: B256::ZERO, ..claim.clone() },
        Miscomputation { program: operator, ..claim.clone() },
        Miscomputation { input: number(1), ..claim.clone() },
        Miscomputation { output: number(8), ..claim.clone() },
        Miscomputation { steps: 11, ..claim.clone() },
        Miscomputation { r: B256::ZERO, ..claim.clone() },
    ];
    for claim in changed {
        let call = challengeComputationCall { operator, evidence: claim.abi_encode().into() };
        table.refuse(at, &call, bond, &NotSigned { operator }).await?;
    }
    let stranger = world.cast.bob.address;
    for operator in [stranger, Address::ZERO] {
        let call = challengeComputationCall { operator, evidence: whole.clone() };
        table.refuse(at, &call, bond, &NotSigned { operator }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_proves_another_kind_of_fault_opens_no_game() -> Result<()> {
    let table = Table::new().await?;
    let (world, operator) = (&table.world, table.operator());
    // The same words signed as an answer.
    let answer = world.attest(operator, 7).await?;
    let computation = Computation {
        task: TASK,
        taskTime: answer.taskTime,
        program: table.program,
        input: B256::ZERO,
        output: answer.answer,
        steps: 1,
    };
    let signature = restake::attestation::CompactSignature { r: answer.r, vs: answer.vs };
    let signed = SignedComputation { computation, signature };
    let not = NotSigned { operator: operator.address };
    table.refuse((table.challenger(), 0), &table.opening(&signed), world.parameters.bond, &not).await
}

#[tokio::test]
async fn results_of_the_future_and_of_times_when_the_kind_was_off_open_nothing() -> Result<()> {
    let table = Table::new().await?;
    let (world, bond) = (&table.world, table.world.parameters.bond);
    let at = (table.challenger(), 0);
    let mut signed = table.sign(10, number(9)).await?;
    let now = world.chain.now().await?;
    signed.computation.taskTime = now + 1_000;
    let signed = world.domain().await?.compute(&table.operator().key, signed.computation)?;
    table.refuse(at, &table.opening(&signed), bond, &EvidenceFromFuture { taskTime: now + 1_000 }).await?;

    // A service whose terms do not punish it.
    let off = Table::switched_off().await?;
    let signed = off.sign(10, number(9)).await?;
    let kind = FaultKindIsOff { kind: 2 };
    off.refuse((off.challenger(), 0), &off.opening(&signed), bond, &kind).await
}

#[tokio::test]
async fn the_hash_to_sign_is_the_one_that_operators_sign() -> Result<()> {
    let table = Table::new().await?;
    let signed = table.sign(10, number(9)).await?;
    let Computation { task, taskTime, program, input, output, steps } = signed.computation;
    let call = computationHashCall { task, taskTime, program, input, output, steps };
    let hash = table.world.chain.view(table.bisection, &call).await?;
    assert_eq!(hash, table.world.domain().await?.computation_hash(&signed.computation));
    assert_eq!(signed.signature.signer(hash)?, table.operator().address);
    Ok(())
}

#[tokio::test]
async fn a_bisection_says_what_it_plays_for_and_with_whom() -> Result<()> {
    let table = Table::new().await?;
    let (world, at) = (&table.world, table.bisection);
    let signed = table.sign(10, number(9)).await?;
    let id = table.open(&signed).await?;
    let (chain, service) = (&world.chain, world.suite.service);
    assert_eq!(chain.view(at, &bondCall {}).await?, world.parameters.bond);
    assert_eq!((chain.view(at, &clockCall {}).await?, chain.view(at, &evidenceWindowCall {}).await?), (CLOCK, 259_200));
    assert_eq!(chain.view(at, &gameCountCall {}).await?, 1);
    let contracts = chain.view(at, &contractsCall {}).await?;
    assert_eq!((contracts.registry, contracts.serviceManager), (service.registry, service.service_manager));
    let game = chain.view(at, &gameOfCall { gameId: id }).await?;
    let (operator, challenger) = (table.operator().address, table.challenger().address);
    assert_eq!((game.operator, game.challenger, game.signingKey), (operator, challenger, operator));
    assert_eq!((game.program, game.taskTime), (table.program, signed.computation.taskTime));
    assert_eq!(game.computation, world.domain().await?.computation_hash(&signed.computation));
    Ok(())
}

#[tokio::test]
async fn nothing_is_constructed_whose_games_could_end_too_late() -> Result<()> {
    let table = Table::new().await?;
    let (world, bond) = (&table.world, table.world.parameters.bond);
    let programs = restake_tests::programs::for_services().await?;
    deploy(world, (bond, 3 * CLOCK)).await?;
    let mut service = world.suite.service;
    let limit = 64_800;
    let mut refused = Vec::new();
    for (clock, of) in [(0, service), (limit + 1, service), (u64::MAX, service)] {
        refused.push((of, bond, clock, InvalidClock { clock, limit }.into_revert()));
    }
    let too_large = U256::ONE << 96;
    refused.push((service, too_large, CLOCK, BondTooLarge { bond: too_large }.into_revert()));
    let nobody = world.cast.bob.address;
    service.registry = nobody;
    refused.push((service, bond, CLOCK, NotAContract { account: nobody }.into_revert()));
    for (service, bond, clock, expected) in refused {
        let owner = world.cast.owner.address;
        let made = for_services::bisection(&world.chain, owner, programs, &service, (bond, clock)).await;
        let Err(error) = made else { bail!("{expected} was expected") };
        assert!(format!("{error:#}").contains(&expected), "{error:#} is not {expected}");
    }
    Ok(())
}

/// What an error reads like.
trait IntoRevert {
    fn into_revert(self) -> String;
}

impl<E: alloy::sol_types::SolError> IntoRevert for E {
    fn into_revert(self) -> String {
        restake::refusal::Refusal { data: self.abi_encode().into() }.to_string()
    }
}
