//! Act one: stake, delegate, join, attest.

use super::ETHER;
use super::teller::Teller;
use crate::actors::Actor;
use crate::attestation::Domain;
use crate::chain::event;
use crate::suite::Service;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use eyre::{OptionExt, Result, ensure};
use interfaces::{IERC20, ILiquidStakingToken, IRegistry, ISlasher, IStrategyManager, ITokenPool};

pub(super) async fn play(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    teller.act("Operators let the service slash, while nobody else's stake is with them");
    opt_in(teller, &cast.honest, suite.service, 50).await?;
    opt_in(teller, &cast.dishonest, suite.service, 50).await?;

    teller.act("Stakers lock their tokens and choose operators");
    get_tokens(teller, &cast.alice, 100, "the TokenPool", suite.token_pool).await?;
    get_tokens(teller, &cast.bob, 60, "the TokenPool", suite.token_pool).await?;

    let honest = ITokenPool::stakeCall { token: suite.token, amount: 60 * ETHER, operator: cast.honest.address };
    teller.step(&cast.alice, "stakes 60 lsETH with Honest Op", suite.token_pool, &honest).await?;
    let idle = ITokenPool::stakeCall { token: suite.token, amount: 40 * ETHER, operator: Address::ZERO };
    teller
        .step(
            &cast.alice,
            "stakes 40 lsETH without choosing an operator yet: idle stake is never slashed",
            suite.token_pool,
            &idle,
        )
        .await?;
    let crooked = ITokenPool::stakeCall { token: suite.token, amount: 60 * ETHER, operator: cast.dishonest.address };
    teller.step(&cast.bob, "stakes 60 lsETH with Crooked Op", suite.token_pool, &crooked).await?;

    let half = half_of_idle(teller).await?;
    let delegate = ITokenPool::delegateToCall { token: suite.token, operator: cast.dishonest.address, shares: half };
    teller.step(&cast.alice, "delegates half of her idle stake to Crooked Op", suite.token_pool, &delegate).await?;
    teller.expect_balance(&cast.alice, "lsETH at stake with Crooked Op", 20)?;
    teller.expect_balance(&cast.alice, "lsETH at stake with idle", 20)?;

    teller.act("Operators join the service");
    register(teller, &cast.honest, suite.service).await?;
    register(teller, &cast.dishonest, suite.service).await?;
    announce_more(teller, &cast.dishonest).await
}

/// `staker` gets tokens for as much ETH, and lets `spender`, who is called `name`, take them.
pub(super) async fn get_tokens(
    teller: &mut Teller<'_>,
    staker: &Actor,
    tokens: u128,
    name: &str,
    spender: Address,
) -> Result<()> {
    let suite = teller.suite;
    let amount = U256::from(tokens * ETHER);
    let text = format!("turns {tokens} ETH into {tokens} lsETH");
    teller.step_paying(staker, &text, suite.token, &ILiquidStakingToken::depositCall {}, amount).await?;
    let approve = IERC20::approveCall { spender, value: amount };
    teller.step(staker, &format!("lets {name} take them"), suite.token, &approve).await?;
    Ok(())
}

async fn half_of_idle(teller: &Teller<'_>) -> Result<u128> {
    let position = IStrategyManager::positionCall {
        staker: teller.cast.alice.address,
        operator: Address::ZERO,
        token: teller.suite.token,
    };
    Ok(teller.chain.view(teller.suite.strategy_manager, &position).await?.shares / 2)
}

pub(super) async fn opt_in(teller: &mut Teller<'_>, operator: &Actor, service: Service, percent: u64) -> Result<()> {
    let max_slash = arithmetic::wad::ONE / 100 * percent;
    let opt_in = ISlasher::optIntoSlashingCall { serviceManager: service.service_manager, maxSlash: max_slash };
    let text = format!("lets the service slash up to {percent} % of its stake");
    teller.step(operator, &text, teller.suite.slasher, &opt_in).await?;
    Ok(())
}

pub(super) async fn register(teller: &mut Teller<'_>, operator: &Actor, service: Service) -> Result<()> {
    let chain_id = teller.chain.provider().get_chain_id().await?;
    let proof = Domain::new(chain_id, service.service_manager).bind_key(&operator.key, operator.address)?;
    let register = IRegistry::registerOperatorCall { signingKey: operator.key.address(), r: proof.r, vs: proof.vs };
    let text = "registers its signing key: Registry, ServiceManager and Slasher in one transaction";
    teller.step(operator, text, service.registry, &register).await?;
    Ok(())
}

/// With other people's stake an operator cannot risk more at once: not even to a service of its own.
async fn announce_more(teller: &mut Teller<'_>, operator: &Actor) -> Result<()> {
    let slasher = teller.suite.slasher;
    let own_service = teller.cast.accuser.address;
    let opt_in = ISlasher::optIntoSlashingCall { serviceManager: own_service, maxSlash: arithmetic::wad::ONE };
    let text = "lets a friend's service slash everything. Others have stake with it: they have three weeks and more to leave before that holds";
    let announced = teller.step(operator, text, slasher, &opt_in).await?;
    event::<ISlasher::GrantAnnounced>(&announced, slasher).ok_or_eyre("nothing was announced")?;
    let can_slash = ISlasher::canSlashCall { operator: operator.address, serviceManager: own_service };
    ensure!(!teller.chain.view(slasher, &can_slash).await?, "the friend could slash at once");
    Ok(())
}
