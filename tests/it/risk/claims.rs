//! What services say that corrupting them could bring: a claim, never measured, whose changes wait for the notice of
//! terms.

use super::support::{
    EPOCH, UNBOUNDED, claim, claim_call, claim_of, grant, join, percent, service, total, utilisation, views,
};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IRisk::{Unreadable, claimOfCall, claimOfReturn, utilisationOfCall};
use interfaces::IServiceManager::{TermsPending, cancelTermsCall, contractsCall};
use restake::suite::Service;
use restake_tests::{World, ether};

fn same(found: &claimOfReturn, expected: &claimOfReturn) {
    assert_eq!(format!("{found:?}"), format!("{expected:?}"));
}

/// A service that claims 16 tokens, whose mildest fault takes a tenth, with 96 and 32 tokens at stake for it.
async fn serving() -> Result<(World, Address, Service)> {
    let world = World::new().await?;
    let deployed = service(&world, |_| ()).await?;
    for (operator, stake) in [(&world.cast.honest, 96), (&world.cast.dishonest, 32)] {
        world.stake(operator, ether(stake), operator.address).await?;
        grant(&world, operator, deployed.service_manager, ONE, true).await?;
        join(&world, operator, &deployed).await?;
    }
    let risk = views(&world).await?;
    Ok((world, risk, deployed))
}

#[tokio::test]
async fn a_claim_is_shown_with_the_stake_that_must_attack() -> Result<()> {
    let (world, risk, service) = serving().await?;
    assert_eq!(total(&world, &service).await?, ether(128));
    let shown = claimOfReturn {
        claimedProfit: ether(16),
        nextProfit: ether(16),
        effectiveAt: 0,
        countedStake: ether(128),
        // Half of what the mildest fault takes of it, which is a tenth.
        demand: ether(64) / 10,
        ratio: percent(250),
    };
    same(&claim_of(&world, risk, service.service_manager, ONE / 2).await?, &shown);
    let all = claimOfReturn { demand: ether(128) / 10, ratio: percent(125), ..shown };
    same(&claim_of(&world, risk, service.service_manager, ONE).await?, &all);
    Ok(())
}

#[tokio::test]
async fn a_claim_changes_five_epochs_after_it_was_announced_and_not_one_second_before() -> Result<()> {
    let (world, risk, service) = serving().await?;
    let manager = service.service_manager;
    for profit in [ether(32), ether(4)] {
        let before = claim_of(&world, risk, manager, ONE).await?;
        let effective_at = claim(&world, manager, profit).await?;
        assert_eq!(effective_at, (world.chain.now().await? / EPOCH + 5) * EPOCH, "a raise and less wait as long");
        world.chain.travel_to(effective_at - 1).await?;
        let announced = claimOfReturn { nextProfit: profit, effectiveAt: effective_at, ..before };
        same(&claim_of(&world, risk, manager, ONE).await?, &announced);
        world.chain.travel_to(effective_at).await?;
        let holds = claim_of(&world, risk, manager, ONE).await?;
        assert_eq!((holds.claimedProfit, holds.nextProfit), (profit, profit));
        assert_eq!(holds.ratio, profit * 10 / 128);
        // All disputes of the terms before must be over.
        world.chain.travel_to(effective_at + 2 * EPOCH).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_claim_that_is_lowered_and_raised_again_or_taken_back_waits_in_full_each_time() -> Result<()> {
    let (world, risk, service) = serving().await?;
    let (owner, manager) = (&world.cast.owner, service.service_manager);
    let lowered_at = claim(&world, manager, 0).await?;
    let raise = claim_call(&world, manager, ether(99)).await?;
    world.refuse(owner, manager, &raise, &TermsPending { allowedAt: lowered_at + 2 * EPOCH }).await?;
    // Taken back, and announced anew in the last second: the notice begins again.
    world.chain.travel_to(lowered_at - 1).await?;
    world.act(owner, manager, &cancelTermsCall {}).await?;
    assert_eq!(claim_of(&world, risk, manager, ONE).await?.nextProfit, ether(16));
    let raised_at = claim(&world, manager, ether(99)).await?;
    assert_eq!(raised_at, lowered_at + 4 * EPOCH);
    world.chain.travel_to(raised_at - 1).await?;
    assert_eq!(claim_of(&world, risk, manager, ONE).await?.claimedProfit, ether(16));
    Ok(())
}

#[tokio::test]
async fn an_account_claims_nothing_and_nor_does_who_counts_no_stake() -> Result<()> {
    let world = World::new().await?;
    let risk = views(&world).await?;
    let nothing =
        claimOfReturn { claimedProfit: 0, nextProfit: 0, effectiveAt: 0, countedStake: 0, demand: 1, ratio: 0 };
    same(&claim_of(&world, risk, world.cast.bob.address, ONE).await?, &nothing);
    let empty = claimOfReturn { claimedProfit: ether(16), nextProfit: ether(16), ..nothing };
    same(&claim_of(&world, risk, world.suite.service.service_manager, ONE).await?, &empty);
    let operator = &world.cast.honest;
    grant(&world, operator, world.cast.bob.address, ONE, true).await?;
    assert_eq!(utilisation(&world, risk, operator, &[world.cast.bob.address]).await?, (0, 0));
    Ok(())
}

/// A contract with this code.
async fn contract(world: &World, runtime: &[u8]) -> Result<Address> {
    let size = u8::try_from(runtime.len())?;
    let init = [&[0x60, size, 0x60, 0x0b, 0x60, 0x00, 0x39, 0x60, size, 0x5f, 0xf3][..], runtime].concat();
    let create = TransactionRequest::default().with_from(world.cast.owner.address).with_deploy_code(init);
    world.chain.transact(create).await?.contract_address.ok_or_eyre("no address")
}

/// A service that says a profit of 2^255, a total stake of one, and that it is its own Registry.
async fn boaster(world: &World) -> Result<Address> {
    let code = [
        // Where its contracts are asked for: mstore(32, address)
        &hex!("5f3560e01c63")[..],
        &contractsCall::SELECTOR,
        &hex!("143002602052"),
        // mstore(192, 2^255); mstore(0, 1); return(0, 288)
        &hex!("600160ff1b60c05260015f526101205ff3"),
    ]
    .concat();
    contract(world, &code).await
}

#[tokio::test]
async fn a_claim_beyond_128_bits_leaves_no_bound_for_who_lets_that_service_slash() -> Result<()> {
    let (world, risk, service) = serving().await?;
    let boaster = boaster(&world).await?;
    let said = claim_of(&world, risk, boaster, ONE).await?;
    assert_eq!((said.claimedProfit, said.nextProfit, said.countedStake), (u128::MAX, u128::MAX, 1));
    assert_eq!((said.demand, said.ratio), (1, UNBOUNDED));
    let (honest, crooked) = (&world.cast.honest, &world.cast.dishonest);
    grant(&world, crooked, boaster, ONE, false).await?;
    let services = [service.service_manager, boaster];
    assert_eq!(utilisation(&world, risk, honest, &services).await?, (percent(125), 0));
    assert_eq!(utilisation(&world, risk, crooked, &services).await?, (UNBOUNDED, 0));
    Ok(())
}

#[tokio::test]
async fn a_contract_that_cannot_be_read_is_said_to_be_and_leaves_no_bound_and_spoils_nobody_else() -> Result<()> {
    let (world, risk, service) = serving().await?;
    let (honest, crooked, caller) = (&world.cast.honest, &world.cast.dishonest, &world.cast.alice);
    // Burns its gas; answers nothing; a token.
    let burns = contract(&world, &hex!("5b5f56")).await?;
    let silent = contract(&world, &hex!("00")).await?;
    for account in [burns, silent, world.token()] {
        let call = claimOfCall { serviceManager: account, threshold: ONE };
        world.refuse(caller, risk, &call, &Unreadable { account }).await?;
    }
    grant(&world, crooked, burns, ONE, false).await?;
    let services = [service.service_manager, burns];
    assert_eq!(utilisation(&world, risk, honest, &services).await?, (percent(125), 0));
    assert_eq!(utilisation(&world, risk, crooked, &services).await?, (UNBOUNDED, 0));
    Ok(())
}

#[tokio::test]
async fn no_gas_limit_makes_a_claim_another_one() -> Result<()> {
    let (world, risk, service) = serving().await?;
    let (operator, services) = (world.honest(), vec![service.service_manager]);
    let call = utilisationOfCall { operator, services, threshold: ONE };
    let mut outcomes = (0, 0);
    for gas in (40_000..900_000).step_by(20_000) {
        let request = TransactionRequest::default()
            .with_from(world.cast.alice.address)
            .with_to(risk)
            .with_input(call.abi_encode())
            .with_gas_limit(gas);
        match world.chain.provider().call(request).await {
            Ok(answer) => {
                let found = utilisationOfCall::abi_decode_returns(&answer)?;
                ensure!((found.utilisation, found.unlisted) == (percent(125), 0), "with {gas} gas: {found:?}");
                outcomes.0 += 1;
            }
            Err(_) => outcomes.1 += 1,
        }
    }
    assert!(outcomes.0 > 3 && outcomes.1 > 3, "both outcomes occur: {outcomes:?}");
    Ok(())
}
