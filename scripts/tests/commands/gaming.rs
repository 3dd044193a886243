//! Games about computations, by hand.

use crate::stage::Stage;
use alloy::hex;
use alloy::primitives::{Address, B256, Bytes};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure, eyre};
use interfaces::IBisection::Computation;
use restake::actors::Cast;
use restake::attestation::Domain;
use restake::build::{FOR_SERVICES, STEPS, build_these};
use restake::computation::SignedComputation;
use restake::deployment::Deployment;
use restake::suite::for_services::deploy_step;
use restake::suite::judged::judge_computations;
use restake_computation::{Execution, Tree, witness};
use serde_json::json;
use std::fs;
use step::State;
use transfers::{Account, Batch, Transfer};

/// Four transfers of one token between two accounts.
fn batch() -> Result<Execution<Batch<Tree>>> {
    let account = Account { balance: 10, nonce: 0 };
    let accounts = (0..2).map(|number: u32| (number, account.encode())).collect();
    let transfers = (0..4).map(|nonce| Transfer { from: 0, to: 1, amount: 1, nonce });
    let leaves = (0..4).zip(transfers).map(|(index, transfer): (u32, _)| (index, transfer.encode())).collect();
    Ok(Execution::run(Batch { accounts, transfers: leaves, length: 4, next: 0 }, 4)?)
}

/// The file of a signed result.
fn write(stage: &Stage, name: &str, signed: &SignedComputation) -> Result<()> {
    let Computation { task, taskTime, program, input, output, steps } = signed.computation;
    let signature = hex::encode_prefixed([signed.signature.r.0, signed.signature.vs.0].concat());
    let text = json!({
        "task": task, "taskTime": taskTime, "program": program, "input": input, "output": output, "steps": steps,
        "signature": signature,
    });
    Ok(fs::write(stage.folder.join(name), text.to_string())?)
}

/// A service with a judge, that an operator serves. Returns its domain, and the program.
async fn judged(stage: &Stage) -> Result<(Domain, Address)> {
    let (chain, owner) = (&stage.chain, Cast::development()?.owner.address);
    let service = Deployment::load(chain, Some(&stage.deployment)).await?.suite(chain).await?.service;
    let programs = build_these(&[&FOR_SERVICES[..], &STEPS].concat(), false)?;
    let program = programs.iter().find(|program| program.name == "transfers").ok_or_eyre("no program")?;
    let program = deploy_step(chain, owner, program).await?;
    let game = (alloy::primitives::U256::from(ONE), 3_600);
    let (_, holds_at) = judge_computations(chain, owner, &programs, &service, game, ONE / 2).await?;
    chain.travel_to(holds_at).await?;
    for words in
        ["operator opt-in 50%", "token mint 100", "staker stake 100 --operator crooked-op", "operator register"]
    {
        stage.succeed(&format!("{words} --from crooked-op"))?;
    }
    Ok((Domain::new(chain.id().await?, service.service_manager), program))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_is_played_by_hand_to_the_step_that_decides_it() -> Result<()> {
    let stage = Stage::new("gaming").await?;
    stage.fail("challenge game 0", 1, "nobody named who judges computations")?;
    let (domain, program) = judged(&stage).await?;
    let (key, right, now) = (Cast::development()?.dishonest.key, batch()?, stage.chain.now().await?);
    let sign = |steps: u64, output: B256| -> Result<SignedComputation> {
        let (task, input) = (B256::with_last_byte(7), right.hash_at(0)?);
        domain.compute(&key, Computation { task, taskTime: now, program, input, output, steps })
    };
    let lie = B256::repeat_byte(0xbb);
    write(&stage, "wrong.json", &sign(4, lie)?)?;
    write(&stage, "right.json", &sign(1, right.hash_at(1)?)?)?;

    stage.fail("challenge game 0", 1, "there is no game 0")?;
    stage.succeed("challenge computation crooked-op --result wrong.json --from challenger")?;
    ensure!(stage.succeed("challenge game 0")?.contains("the operator names a state"));
    let middle = right.hash_at(2)?;
    stage.fail(&format!("challenge name 0 --at 3 --state {middle} --from crooked-op"), 3, "OtherState")?;
    stage.fail(&format!("challenge name 0 --at 2 --state {middle} --from bob"), 3, "Bob may not do this")?;
    stage.succeed(&format!("challenge name 0 --at 2 --state {middle} --from crooked-op"))?;
    stage.succeed(&format!("challenge judge 0 --at 2 --state {middle} --agree --from challenger"))?;
    stage.succeed(&format!("challenge name 0 --at 3 --state {lie} --from crooked-op"))?;
    stage.fail("challenge resolve-game 0 --from bob", 3, "ClockRuns")?;
    stage.succeed(&format!("challenge judge 0 --at 3 --state {lie} --from challenger"))?;
    ensure!(stage.succeed("challenge game 0")?.contains("the challenger executes the step"));
    stage.fail("challenge step 0 --witness 0x00 --from bob", 3, "WrongWitness")?;
    let opened = Bytes::from(witness(&right.state_at(2)?).map_err(|_| eyre!("no witness"))?);
    let said = stage.succeed(&format!("challenge step 0 --witness {opened} --from bob"))?;
    ensure!(said.contains("OperatorFrozen"), "{said}");
    let game = stage.json("challenge game 0")?;
    assert_eq!((&game["state"], &game["first"], &game["last"]), (&5.into(), &2.into(), &3.into()));
    // Its deposit went with the game.
    stage.fail("challenge withdraw-deposit --from crooked-op", 3, "there is no bond to withdraw")?;

    stage.succeed("challenge computation crooked-op --result right.json --from challenger")?;
    stage.succeed("challenge pass 1 --from challenger")?;
    ensure!(stage.succeed("challenge game 1")?.contains("the operator executes the step"));
    stage.succeed("travel --days 1")?;
    stage.succeed("challenge resolve-game 1 --from bob")?;
    ensure!(stage.succeed("challenge game 1")?.contains("nobody could execute the step"));
    let first = batch()?.state_at(0)?;
    ensure!(first.hash() == right.hash_at(0)?, "the same batch");
    Ok(())
}
