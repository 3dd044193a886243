//! Act three: an operator slashes itself in front of the real slash, and those whom it harmed are paid all the same.

use super::dispute::prove;
use super::staking::{grant, idle_shares, opt_in, prepare_tokens, register, stake};
use super::teller::Teller;
use super::{ETHER, domain, wad};
use crate::chain::event;
use crate::suite::Parameters;
use crate::verbs::service::Slash;
use crate::verbs::{Verb, challenge, service, staker};
use alloy::primitives::{Address, B256, U256, keccak256};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::challengeCall;
use interfaces::{IRegistry, ISlasher, IStrategyManager};

/// Returns the epoch in which slashed funds are released.
pub(super) async fn play(teller: &mut Teller<'_>, parameters: &Parameters) -> Result<u64> {
    teller.act("Another operator plans to slash itself");
    let cast = teller.cast;
    let (sly, service) = (&cast.accuser, teller.suite.service);
    prepare_tokens(teller, sly, 40).await?;
    let text = "turns 40 ETH into 40 lsETH, and stakes them with itself";
    teller.step(sly, text, &stake(teller.suite, 40, sly.address, 0)).await?;
    opt_in(teller, sly, service, 50, "The service counts 20 of its 40 lsETH").await?;
    register(teller, sly, service).await?;
    let counted = IRegistry::stakeAtCall { operator: sly.address, time: teller.chain.now().await? };
    let counted = teller.chain.view(service.registry, &counted).await?;
    teller.expect("what the service counts", U256::from(counted), U256::from(20 * ETHER))?;
    grant_itself(teller).await?;

    teller.act("It is caught, and slashes itself first");
    let proof = answer_twice(teller, parameters.bond).await?;
    let own = freeze_itself(teller).await?;
    let text = "presents the two answers, one transaction later. The service's budget is whole: a second request";
    let real = prove(teller, text, &proof).await?;
    teller.wait_until(real.request.executableAt, "Two days pass.").await?;
    execute_both(teller, own, real).await
}

/// What is granted exclusively does not overlap; what is granted in front of a stake is not accepted.
async fn grant_itself(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let sly = &cast.accuser;
    let text = "tries to grant 60 % to a service of its own: to itself, for any account can be a service. Exclusive \
                budgets cannot overlap, and 50 % are the first service's";
    teller.reverts::<ISlasher::ExclusiveTierFull, _>(sly, text, &grant(suite, sly.address, 60)).await?;
    let text = "sees that Alice is about to delegate to it. In front of that it grants itself the other 50 %";
    let granted = teller.step(sly, text, &grant(suite, sly.address, 50)).await?;
    event::<ISlasher::OptedIntoSlashing>(&granted, suite.slasher).ok_or_eyre("the grant does not hold at once")?;
    let join = staker::delegate(suite, sly.address, idle_shares(teller).await?, wad(50));
    let text = "delegates to Sly Op, and accepts 50 %, not the 100 % that its services may slash now";
    teller.reverts::<ISlasher::CommitmentAboveMax, _>(&cast.alice, text, &join).await
}

/// Returns the proof of that.
async fn answer_twice(teller: &mut Teller<'_>, bond: U256) -> Result<Verb<challengeCall>> {
    let domain = domain(teller, teller.suite.service).await?;
    let (sly, task) = (&teller.cast.accuser, keccak256("What is the price of BTC?"));
    let task_time = teller.chain.now().await?;
    let answer = |answer: u64| domain.attest(&sly.key, task, task_time, B256::from(U256::from(answer)));
    let (first, second) = (answer(100_000)?, answer(2)?);
    let proof = challenge::equivocation(&teller.suite.service, sly.address, first, second, bond);
    teller.aside("The next task, and Sly Op gives two answers. It sees the proof come, and acts in front of it.");
    Ok(proof)
}

/// The operator's own service asks for all that it may slash, with the operator as the one to be paid.
async fn freeze_itself(teller: &mut Teller<'_>) -> Result<ISlasher::SlashRequested> {
    let (slasher, sly) = (teller.suite.slasher, &teller.cast.accuser);
    let slash = Slash {
        operator: sly.address,
        wad: ONE,
        challenger: sly.address,
        challenger_share: 0,
        recipient: sly.address,
        resolver: Address::ZERO,
    };
    let text = "freezes itself for the whole budget of its own service, to be paid to itself";
    let frozen = teller.step(sly, text, &service::freeze(teller.suite, &slash)).await?;
    event::<ISlasher::SlashRequested>(&frozen, slasher).ok_or_eyre("no slash was requested")
}

/// Whoever comes first, each request takes its part of the stake as it was before both.
async fn execute_both(
    teller: &mut Teller<'_>,
    own: ISlasher::SlashRequested,
    real: ISlasher::SlashRequested,
) -> Result<u64> {
    let (cast, suite) = (teller.cast, teller.suite);
    let sly = &cast.accuser;
    let execute = challenge::execute(suite, own.requestId, own.request);
    let text = "executes its own request first: half of 40 is 20";
    let executed = teller.step(sly, text, &execute).await?;
    let slashed = event::<IStrategyManager::PoolSlashed>(&executed, suite.strategy_manager);
    let release_epoch = slashed.ok_or_eyre("nothing was slashed")?.releaseEpoch;
    teller.expect_balance(sly, "lsETH at stake with Sly Op", 20)?;

    let execute = challenge::execute(suite, real.requestId, real.request);
    let text = "executes the service's. It takes the 20 that the service counted, as it would have in front: the order \
                of slashes changes nothing. Whom Sly Op harmed is paid all the same";
    teller.step(&cast.bob, text, &execute).await?;
    teller.expect_balance(sly, "lsETH at stake with Sly Op", 0)?;
    teller.expect_balance(sly, "lsETH of slashed funds to claim", 20)?;
    teller.expect_balance(&cast.challenger, "lsETH of slashed funds to claim", 4 + 2)?;
    teller.expect_balance(&cast.fund, "lsETH of slashed funds to claim", 36 + 18)?;

    let claim = staker::claim_funds(suite, sly.address, release_epoch);
    let text = "wants its own 20 at once. Slashed funds leave no faster than stake";
    teller.reverts::<IStrategyManager::WithdrawalNotReady, _>(sly, text, &claim).await?;
    Ok(release_epoch)
}
