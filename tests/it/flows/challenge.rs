//! Flow 5: a challenge with a bond is decided at once: the operator is frozen, or the bond is the operator's.

use alloy::primitives::{Address, U256};
use arithmetic::wad;
use eyre::Result;
use interfaces::IDisputeResolution::{BondWithdrawn, ChallengeRejected, ChallengeUpheld};
use interfaces::ISlasher::{OperatorFrozen, SlashRequest, SlashRequested};
use interfaces::{IDisputeResolution, ILens, IRegistry, ISlasher};
use restake::balances::Balances;
use restake::chain::event;
use restake::judgements::equivocation_id;
use restake_tests::{TASK, World, ether};

#[tokio::test]
async fn a_proven_fault_freezes_the_operator_and_requests_its_slash() -> Result<()> {
    let world = World::new().await?;
    let (crooked, challenger) = (&world.cast.dishonest, &world.cast.challenger);
    let (operator, slasher, service) = (crooked.address, world.suite.slasher, world.suite.service);
    world.join(crooked, wad::ONE).await?;

    let (first, second) = (world.attest(crooked, 1).await?, world.attest(crooked, 2).await?);
    let receipt = world.challenge(challenger, &World::challenge_call(operator, first, second)).await?;

    assert!(world.is_frozen(operator).await?);
    let frozen = OperatorFrozen { operator, serviceManager: service.service_manager };
    assert_eq!(event::<OperatorFrozen>(&receipt, slasher), Some(frozen));
    let now = world.chain.now().await?;
    let request = SlashRequest {
        operator,
        serviceManager: service.service_manager,
        wad: wad::ONE / 2,
        exclusive: true,
        challenger: challenger.address,
        challengerShare: wad::ONE / 10,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
        executableAt: now + 172_800,
        pausedBefore: 0,
    };
    let requested = SlashRequested { requestId: 0, operator, serviceManager: service.service_manager, request };
    assert_eq!(event::<SlashRequested>(&receipt, slasher), Some(requested));
    // The fault is the task and its time, whatever the two answers were.
    let evidence = equivocation_id(operator, TASK, now);
    let upheld = ChallengeUpheld { operator, challenger: challenger.address, evidence, requestId: 0 };
    assert_eq!(event::<ChallengeUpheld>(&receipt, service.dispute_resolution), Some(upheld));
    let status = world.chain.view(world.suite.lens, &ILens::operatorStatusCall { operator }).await?;
    assert_eq!((status.openRequests, status.frozenSince), (1, now));
    // And its signatures carry nothing any more.
    assert!(world.chain.view(service.registry, &IRegistry::isSuspendedCall { operator }).await?);
    Ok(())
}

#[tokio::test]
async fn a_proven_fault_pays_the_challenger_its_bond_at_once() -> Result<()> {
    let world = World::new().await?;
    let (crooked, challenger) = (&world.cast.dishonest, world.cast.challenger.address);
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    world.join(crooked, wad::ONE).await?;
    let proof =
        World::challenge_call(crooked.address, world.attest(crooked, 1).await?, world.attest(crooked, 2).await?);
    let before = world.chain.balance(challenger).await?;
    let receipt = world.challenge(&world.cast.challenger, &proof).await?;

    let fee = U256::from(u128::from(receipt.gas_used) * receipt.effective_gas_price);
    assert_eq!(world.chain.balance(challenger).await?, before - fee, "it paid nothing but the gas");
    let paid = BondWithdrawn { account: challenger, amount: bond, recipient: challenger };
    assert_eq!(event::<BondWithdrawn>(&receipt, disputes), Some(paid));
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    let credited = IDisputeResolution::bondOfCall { account: challenger };
    assert_eq!(world.chain.view(disputes, &credited).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_fault_is_not_slashed_before_anyone_executes_it() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, wad::ONE).await?;
    world.stake(&world.cast.alice, ether(8), world.dishonest()).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.chain.travel_to(attack.executable_at).await?;
    assert_eq!(world.position(world.cast.alice.address, world.dishonest()).await?.1, ether(8));
    assert!(world.is_frozen(world.dishonest()).await?);
    Ok(())
}

#[tokio::test]
async fn an_unproven_fault_gives_the_bond_to_the_operator_and_changes_nothing_else() -> Result<()> {
    let world = World::new().await?;
    let (honest, accuser) = (&world.cast.honest, &world.cast.accuser);
    let (operator, disputes) = (honest.address, world.suite.service.dispute_resolution);
    world.join(honest, wad::ONE).await?;
    world.stake(&world.cast.alice, ether(8), operator).await?;
    let before = Balances::take(&world.chain, &world.suite, &world.cast).await?;

    // The same answer twice contradicts nothing.
    let answer = world.attest(honest, 1).await?;
    let challenge = World::challenge_call(operator, answer.clone(), answer);
    let evidence = equivocation_id(operator, TASK, world.chain.now().await?);
    let receipt = world.challenge(accuser, &challenge).await?;

    let rejected = ChallengeRejected { operator, challenger: accuser.address, evidence, bond: world.parameters.bond };
    assert_eq!(event::<ChallengeRejected>(&receipt, disputes), Some(rejected));
    let after = Balances::take(&world.chain, &world.suite, &world.cast).await?;
    assert_eq!(after.changes_since(&before), ["Honest Op: ETH of bonds to withdraw 0 -> 1"]);
    assert_eq!(receipt.logs().len(), 1);
    assert_eq!(world.chain.view(world.suite.slasher, &ISlasher::requestCountCall {}).await?, 0);
    assert_eq!(world.chain.balance(disputes).await?, world.parameters.bond);
    assert_eq!(
        world.chain.view(disputes, &IDisputeResolution::bondOfCall { account: accuser.address }).await?,
        U256::ZERO
    );
    Ok(())
}
