//! Verdicts that cannot freeze at once: they stand, and freeze later.

use super::table::{Table, WAD, execution, number};
use crate::service::support::tick;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::bisection::state;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IBisection::{ClockRanOut, GameEnded, resolveGameCall, withdrawDepositCall};
use interfaces::IRegistry::deregisterOperatorCall;
use interfaces::ISlasher::SlashBudgetExhausted;
use restake::chain::event;

/// A table at which an equivocation takes the whole budget, and Bob may veto.
async fn strict() -> Result<Table> {
    Table::with(|world, parameters| {
        parameters.wads = [ONE, ONE, 0, 0];
        parameters.resolver = world.cast.bob.address;
    })
    .await
}

#[tokio::test]
async fn a_verdict_waits_for_a_budget_that_is_in_an_open_request_and_costs_the_challenger_nothing() -> Result<()> {
    let table = strict().await?;
    let (world, operator, bond) = (&table.world, table.operator(), table.world.parameters.bond);
    let id = table.one_step(true).await?;
    let taken = world.freeze(operator).await?;
    let receipt = table.act(table.challenger(), &execution(id)).await?;
    assert_eq!(event::<GameEnded>(&receipt, table.bisection), None);
    assert_eq!(table.state(id).await?, state::PROVEN, "the verdict stands");
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    let resolve = resolveGameCall { gameId: id };
    table.refuse((table.challenger(), id), &resolve, U256::ZERO, &exhausted).await?;
    // No clock runs any more, and nothing is to be executed.
    let deadline = table.wait(id).await?;
    world.chain.travel_to(deadline + 1).await?;
    table.refuse((table.challenger(), id), &execution(id), U256::ZERO, &ClockRanOut { deadline }).await?;
    table.refuse((table.challenger(), id), &resolve, U256::ZERO, &exhausted).await?;

    world.act(&world.cast.bob, world.suite.slasher, &taken.veto()).await?;
    let ended = table.resolve(id).await?;
    assert_eq!((ended.outcome, ended.frozen, ended.paid), (state::UPHELD, true, bond));
    assert_eq!(world.attack(ended.requestId).await?.request.wad, WAD);
    Ok(())
}

#[tokio::test]
async fn when_all_disputes_of_its_time_are_over_bond_and_deposit_go_back_without_a_freeze() -> Result<()> {
    let table = strict().await?;
    let (world, operator, bond) = (&table.world, table.operator(), table.world.parameters.bond);
    let signed = table.sign(2, number(9)).await?;
    let id = table.open(&signed).await?;
    table.name(id, number(1)).await?;
    table.judge(id, true).await?;
    let taken = world.freeze(operator).await?;
    table.act(table.challenger(), &execution(id)).await?;
    world.execute(&taken).await?;
    world.chain.travel_to(epoch::disputes_over(signed.computation.taskTime) - 1).await?;
    let exhausted = SlashBudgetExhausted { operator: operator.address };
    let resolve = resolveGameCall { gameId: id };
    table.refuse((table.challenger(), id), &resolve, U256::ZERO, &exhausted).await?;
    let open = interfaces::IBisection::GamesOpen { count: 1 };
    let withdraw = withdrawDepositCall { recipient: operator.address };
    table.refuse((operator, id), &withdraw, U256::ZERO, &open).await?;
    world.chain.travel_to(epoch::disputes_over(signed.computation.taskTime)).await?;
    let ended = table.resolve(id).await?;
    assert_eq!((ended.outcome, ended.frozen, ended.paid), (state::UPHELD, false, bond + bond));
    assert!(!table.is_judged(&signed).await?);
    Ok(())
}

#[tokio::test]
async fn a_grant_that_ended_long_ago_is_no_reason_to_keep_a_bond() -> Result<()> {
    let table = Table::new().await?;
    let (world, operator, bond) = (&table.world, table.operator(), table.world.parameters.bond);
    let id = table.open(&table.sign(1_000, number(9)).await?).await?;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    // Nobody resolves for weeks.
    world.chain.travel_to(epoch::can_slash_until(world.chain.now().await?) + 1).await?;
    let ended = table.resolve(id).await?;
    assert_eq!((ended.outcome, ended.frozen, ended.paid), (state::UPHELD, false, bond));
    Ok(())
}

/// Guards against: a friend of the operator executes the step with gas that is enough for it and too little for the
/// freeze, so that the game ends without one.
#[tokio::test]
async fn nobody_chooses_by_its_gas_that_there_is_no_freeze() -> Result<()> {
    let mut table = Table::new().await?;
    let (mut nothing, mut frozen) = (0, 0);
    for gas in (100_000..=400_000).step_by(5_000) {
        tick(&table.world).await?;
        let id = table.one_step(true).await?;
        let call = TransactionRequest::default()
            .with_from(table.operator().address)
            .with_to(table.bisection)
            .with_input(execution(id).abi_encode())
            .with_gas_limit(gas);
        if !table.world.chain.submit(call).await?.status() {
            assert_eq!(table.state(id).await?, state::CHALLENGER, "with {gas} gas nothing happened");
            nothing += 1;
            continue;
        }
        if table.state(id).await? == state::PROVEN {
            assert!(table.resolve(id).await?.frozen, "with {gas} gas it waits");
        }
        assert_eq!(table.state(id).await?, state::UPHELD, "with {gas} gas");
        assert!(table.world.is_frozen(table.operator().address).await?, "with {gas} gas");
        frozen += 1;
        // Of one operator many requests would leave no budget.
        if frozen % 8 == 0 {
            table = Table::new().await?;
        }
    }
    assert!(nothing > 10 && frozen > 10, "{nothing} times nothing, {frozen} times a freeze");
    Ok(())
}

/// Who is paid is no reason for a verdict to fail.
#[tokio::test]
async fn a_challenger_that_takes_no_money_is_credited() -> Result<()> {
    let table = Table::new().await?;
    let id = table.one_step(true).await?;
    table.execute(id).await?;
    assert_eq!(table.credit(table.challenger()).await?, table.world.parameters.bond);
    let nobody = interfaces::IBisection::withdrawBondCall { recipient: Address::ZERO };
    let zero = interfaces::IAccess::ZeroAddress {};
    table.refuse((table.challenger(), id), &nobody, U256::ZERO, &zero).await
}
