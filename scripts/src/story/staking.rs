//! Act one: operators grant, stakers stake and delegate, operators join.

use super::teller::Teller;
use super::{ETHER, domain, wad};
use crate::actors::Actor;
use crate::chain::event;
use crate::suite::{Service, Suite};
use crate::verbs::{Verb, operator, staker, token};
use alloy::primitives::{Address, U256};
use arithmetic::freeze;
use eyre::{OptionExt, Result, ensure};
use interfaces::ITokenPool::stakeCall;
use interfaces::{ISlasher, IStrategyManager};

pub(super) async fn play(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    teller.act("Operators let the service slash, while nobody else's stake is with them");
    opt_in(teller, &cast.honest, suite.service, 50, "Nobody else can slash that half").await?;
    opt_in(teller, &cast.dishonest, suite.service, 50, "It holds at once: it risks nobody else's stake").await?;

    teller.act("Stakers lock their tokens, choose operators, and say what they accept");
    prepare_tokens(teller, &cast.alice, 100).await?;
    let text =
        "turns 100 ETH into 100 lsETH, and stakes 60 with Honest Op. She accepts that services may slash 50 % there";
    teller.step(&cast.alice, text, &stake(suite, 60, cast.honest.address, 50)).await?;
    let text = "stakes the other 40 without choosing an operator yet: idle stake is never slashed";
    teller.step(&cast.alice, text, &stake(suite, 40, Address::ZERO, 0)).await?;
    prepare_tokens(teller, &cast.bob, 60).await?;
    let text = "turns 60 ETH into 60 lsETH, and stakes them with Crooked Op. He accepts the same";
    teller.step(&cast.bob, text, &stake(suite, 60, cast.dishonest.address, 50)).await?;

    let half = idle_shares(teller).await? / 2;
    let delegate = staker::delegate(suite, cast.dishonest.address, half, wad(50));
    let text = "delegates half of her idle stake to Crooked Op";
    teller.step(&cast.alice, text, &delegate).await?;
    teller.expect_balance(&cast.alice, "lsETH at stake with Crooked Op", 20)?;
    teller.expect_balance(&cast.alice, "lsETH at stake with idle", 20)?;

    teller.act("Operators join the service");
    register(teller, &cast.honest, suite.service).await?;
    register(teller, &cast.dishonest, suite.service).await?;
    announce_more(teller, &cast.dishonest).await
}

/// `staker` gets tokens for as much ETH and lets the TokenPool take them, as a part of its next step.
pub(super) async fn prepare_tokens(teller: &mut Teller<'_>, staker: &Actor, tokens: u128) -> Result<()> {
    let suite = teller.suite;
    let value = U256::from(tokens * ETHER);
    teller.prepare(staker, &token::mint(suite, value)).await?;
    teller.prepare(staker, &token::approve(suite.token, suite.token_pool, value)).await
}

/// Stakes whole tokens with an operator whose commitment is at most `percent`.
pub(super) fn stake(suite: &Suite, tokens: u128, operator: Address, percent: u64) -> Verb<stakeCall> {
    staker::stake(suite, tokens * ETHER, operator, wad(percent))
}

/// Alice's shares of all idle stake.
pub(super) async fn idle_shares(teller: &Teller<'_>) -> Result<u128> {
    let (staker, token) = (teller.cast.alice.address, teller.suite.token);
    let position = IStrategyManager::positionCall { staker, operator: Address::ZERO, token };
    Ok(teller.chain.view(teller.suite.strategy_manager, &position).await?.shares)
}

/// The operator grants a service an exclusive budget, which holds at once.
pub(super) async fn opt_in(
    teller: &mut Teller<'_>,
    operator: &Actor,
    service: Service,
    percent: u64,
    remark: &str,
) -> Result<()> {
    let slasher = teller.suite.slasher;
    let opt_in = grant(teller.suite, service.service_manager, percent);
    let text = format!("grants the service an exclusive budget of {percent} % of its stake. {remark}");
    let granted = teller.step(operator, &text, &opt_in).await?;
    event::<ISlasher::OptedIntoSlashing>(&granted, slasher).ok_or_eyre("the grant does not hold at once")?;
    Ok(())
}

/// Lets a service slash up to `percent` of the operator's stake, which nobody else can slash then.
pub(super) fn grant(suite: &Suite, service: Address, percent: u64) -> Verb<ISlasher::optIntoSlashingCall> {
    operator::opt_in(suite, service, wad(percent), true)
}

pub(super) async fn register(teller: &mut Teller<'_>, who: &Actor, service: Service) -> Result<()> {
    let proof = domain(teller, service).await?.bind_key(&who.key, who.address)?;
    let register = operator::register(&service, who.key.address(), proof);
    let text = "registers its signing key: Registry, ServiceManager and Slasher in one transaction";
    teller.step(who, text, &register).await?;
    Ok(())
}

/// With other people's stake an operator cannot risk more at once.
async fn announce_more(teller: &mut Teller<'_>, operator: &Actor) -> Result<()> {
    let (slasher, friend) = (teller.suite.slasher, teller.cast.accuser.address);
    let text =
        "grants the other half to a friend. Others have stake with it: they have 28 days to leave before that holds";
    let announced = teller.step(operator, text, &grant(teller.suite, friend, 50)).await?;
    let announced = event::<ISlasher::GrantAnnounced>(&announced, slasher).ok_or_eyre("nothing was announced")?;
    ensure!(
        announced.effectiveAt == freeze::notice_ends(teller.chain.now().await?, 0),
        "the notice ends at {}",
        announced.effectiveAt
    );
    let can_slash = ISlasher::canSlashCall { operator: operator.address, serviceManager: friend };
    ensure!(!teller.chain.view(slasher, &can_slash).await?, "the friend could slash at once");
    Ok(())
}
