//! The step that is left: what executes it, and what becomes of a game in which nobody can.

use super::table::{CLOCK, Table, contract, execution, number, passing};
use alloy::primitives::{Address, B256, Bytes, U256, hex};
use arithmetic::bisection::state;
use eyre::Result;
use interfaces::IBisection::{Computation, StepFailed, StepPassed, executeStepCall};
use interfaces::IStep::WrongWitness;
use restake::chain::event;
use restake::suite::stylus_deployer::ARB_WASM;
use restake_computation::{Execution, Tree};
use restake_tests::programs::{deploy_program, steps};
use restake_tests::{TASK, ether};
use step::State;
use transfers::{Account, Batch, Transfer};

alloy::sol! {
    /// The part of ArbWasm that lets a program live on, or again.
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function codehashKeepalive(bytes32 codehash) external payable;
    }
}

/// Three accounts and ten transfers between them, one of which cannot be made.
fn batch() -> Batch<Tree> {
    let account = |balance| Account { balance, nonce: 0 }.encode();
    let transfer = |index: u32| Transfer {
        from: 0,
        to: 1 + index % 2,
        amount: if index == 4 { 5_000 } else { 10 },
        // The one that cannot be made uses no nonce.
        nonce: u64::from(index) - u64::from(index > 4),
    };
    Batch {
        accounts: Tree::from_iter([(0, account(1_000)), (1, account(0)), (2, account(7))]),
        transfers: Tree::from_iter((0..10).map(|index| (index, transfer(index).encode()))),
        length: 10,
        next: 0,
    }
}

/// Nine steps are right and the result is not: the batch that a sequencer would like to have made.
#[tokio::test]
async fn a_wrong_batch_of_transfers_is_found_by_the_program_that_made_it() -> Result<()> {
    let mut table = Table::new().await?;
    let owner = table.world.cast.owner.address;
    table.program = deploy_program(&table.world.chain, owner, &steps().await?[0]).await?;
    let right = Execution::run(batch(), 10)?;
    // From the seventh transfer on account 2 has a million more.
    let claimed = |at: u64| -> Result<B256> {
        let mut state = right.state_at(at)?;
        if at > 6 {
            state.accounts.set(2, Some(&Account { balance: 1_000_000, nonce: 0 }.encode()));
        }
        Ok(state.hash())
    };
    let (program, input, output) = (table.program, claimed(0)?, claimed(10)?);
    let computation = Computation { task: TASK, taskTime: 0, program, input, output, steps: 10 };
    let id = table.open(&table.sign_for(computation).await?).await?;
    let both: Vec<(B256, B256)> = (0..=10).map(|at| Ok((claimed(at)?, right.hash_at(at)?))).collect::<Result<_>>()?;
    let at = |steps: u64| both[usize::try_from(steps).unwrap_or(usize::MAX)];
    table.halve(id, |steps| at(steps).0, |steps| at(steps).1).await?;
    assert_eq!(table.position(id).await?.first, 6);

    // What opens another state, half of it, and nothing are refused, by whoever it is tried.
    let (good, other) = (right.witness_at(6)?, right.witness_at(5)?);
    for wrong in [other, good[..good.len() - 1].to_vec(), [&good[..], &[0]].concat(), Vec::new()] {
        let call = executeStepCall { gameId: id, witness: wrong.into() };
        table.refuse((table.challenger(), id), &call, U256::ZERO, &WrongWitness {}).await?;
    }
    let call = executeStepCall { gameId: id, witness: good.into() };
    table.act(&table.world.cast.bob, &call).await?;
    assert_eq!(table.state(id).await?, state::UPHELD);
    assert!(table.world.is_frozen(table.operator().address).await?);
    Ok(())
}

/// A step that nobody can execute: the program is not there, never was activated, never ends, fails without a reason,
/// or answers something that is no state.
#[tokio::test]
async fn a_step_that_nobody_can_execute_costs_nobody_what_it_had() -> Result<()> {
    let mut table = Table::new().await?;
    let (world, bond) = (&table.world, table.world.parameters.bond);
    let inactive = [&hex!("eff00000")[..], &[1, 2, 3]].concat();
    let programs = [
        world.cast.bob.address,
        contract(world, &inactive).await.unwrap_or(Address::repeat_byte(0x11)),
        // JUMPDEST, JUMP to it.
        contract(world, &hex!("5b600056")).await?,
        // REVERT(0, 0); RETURN(0, 31); RETURN(0, 64).
        contract(world, &hex!("60006000fd")).await?,
        contract(world, &hex!("601f6000f3")).await?,
        contract(world, &hex!("60406000f3")).await?,
    ];
    for program in programs {
        table.program = program;
        let wrong = table.one_step(true).await?;
        let failed = StepFailed { program };
        for who in [table.challenger(), table.operator()] {
            table.refuse((who, wrong), &execution(wrong), U256::ZERO, &failed).await?;
        }
        let before = (table.held().await?, table.deposit().await?.deposit);
        let receipt = table.act(table.challenger(), &passing(wrong)).await?;
        let deadline = table.world.chain.now().await? + CLOCK;
        assert_eq!(event::<StepPassed>(&receipt, table.bisection), Some(StepPassed { gameId: wrong, deadline }));
        table.refuse((table.operator(), wrong), &execution(wrong), U256::ZERO, &failed).await?;
        assert_eq!(table.wait(wrong).await?, deadline);
        table.world.chain.travel_to(deadline + 1).await?;
        let credit = table.credit(table.challenger()).await?;
        let ended = table.resolve(wrong).await?;
        assert_eq!((ended.outcome, ended.paid, ended.frozen), (state::DRAWN, bond, false));
        assert_eq!(table.credit(table.challenger()).await?, credit + bond, "the bond goes back");
        assert_eq!((table.held().await?, table.deposit().await?.deposit), before);
        assert_eq!(table.deposit().await?.openGames, 0);
    }
    assert!(!table.world.is_frozen(table.operator().address).await?);
    Ok(())
}

/// Guards against: who attacks a right result passes at the end, to have its bond back.
#[tokio::test]
async fn who_passes_a_step_that_can_be_executed_loses_its_bond() -> Result<()> {
    let table = Table::new().await?;
    let bond = table.world.parameters.bond;
    let id = table.one_step(false).await?;
    table.act(table.challenger(), &passing(id)).await?;
    table.wait(id).await?;
    let ended = table.execute(id).await?;
    assert_eq!((ended.outcome, ended.paid), (state::REJECTED, bond));
    // And who passes a step that is wrong has not lost it yet: anyone executes it.
    let wrong = table.one_step(true).await?;
    table.act(table.challenger(), &passing(wrong)).await?;
    assert_eq!(table.execute(wrong).await?.outcome, state::UPHELD);
    Ok(())
}

#[tokio::test]
async fn a_program_that_expired_in_the_middle_of_a_game_is_executed_after_somebody_activated_it() -> Result<()> {
    let mut table = Table::new().await?;
    let (owner, chain) = (table.world.cast.owner.address, &table.world.chain);
    let program = deploy_program(chain, owner, &steps().await?[0]).await?;
    let activated = chain.now().await?;
    let fee = U256::from(ether(1));
    // The contracts of the suite are kept alive; the step's program is not.
    chain.travel_to(activated + 200 * 86_400).await?;
    for contract in table.world.suite.contracts().into_iter().chain([table.bisection]) {
        let call = ArbWasm::codehashKeepaliveCall { codehash: chain.code_hash(contract).await? };
        chain.send(owner, ARB_WASM, &call, fee).await?;
    }
    chain.travel_to(activated + 365 * 86_400 - CLOCK / 2).await?;
    table.program = program;
    let right = Execution::run(batch(), 1)?;
    let (input, output) = (right.hash_at(0)?, number(7));
    let computation = Computation { task: TASK, taskTime: 0, program, input, output, steps: 1 };
    let id = table.open(&table.sign_for(computation).await?).await?;
    let call = executeStepCall { gameId: id, witness: Bytes::from(right.witness_at(0)?) };
    table.world.chain.travel_to(activated + 365 * 86_400 + 3_600).await?;
    table.refuse((table.challenger(), id), &call, U256::ZERO, &StepFailed { program }).await?;

    let again = ArbWasm::activateProgramCall { program };
    table.world.chain.send(owner, ARB_WASM, &again, fee).await?;
    table.act(table.challenger(), &call).await?;
    assert_eq!(table.state(id).await?, state::UPHELD);
    Ok(())
}
