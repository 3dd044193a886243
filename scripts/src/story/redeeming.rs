//! Act four: in the epoch after next withdrawals pay what is left, and slashed funds are paid.

use super::teller::Teller;
use crate::actors::Actor;
use crate::chain::event;
use crate::verbs::{challenge, operator, staker};
use arithmetic::epoch;
use eyre::{OptionExt, Result, ensure};
use interfaces::IStrategyManager;

/// `bobs_epoch` is the one in which Bob's withdrawal is released, `slashed_epoch` the same for slashed funds. Returns
/// the one in which Alice's is.
pub(super) async fn play(teller: &mut Teller<'_>, bobs_epoch: u64, slashed_epoch: u64) -> Result<u64> {
    teller.act("Withdrawals pay what is left, and slashed funds are paid");
    let (cast, suite) = (teller.cast, teller.suite);
    let (alice, honest) = (cast.alice.address, cast.honest.address);
    let position = IStrategyManager::positionCall { staker: alice, operator: honest, token: suite.token };
    let shares = teller.chain.view(suite.strategy_manager, &position).await?.shares;
    let leave = staker::queue(suite, honest, shares);
    let text = "queues a withdrawal of everything she has with Honest Op";
    let queued = teller.step(&cast.alice, text, &leave).await?;
    let queued = event::<IStrategyManager::WithdrawalQueued>(&queued, suite.strategy_manager);
    let alices_epoch = queued.ok_or_eyre("no withdrawal was queued")?.releaseEpoch;

    // All of it happened within one epoch.
    ensure!(bobs_epoch == alices_epoch && bobs_epoch == slashed_epoch, "released in different epochs");
    teller.wait_until(epoch::start(bobs_epoch), "The second epoch from then begins.").await?;
    let bobs = staker::complete(suite, cast.dishonest.address, bobs_epoch, cast.bob.address);
    let text = "collects his withdrawal: 10 of the 20 lsETH, the slash reached it";
    teller.step(&cast.bob, text, &bobs).await?;
    teller.expect_balance(&cast.bob, "lsETH in the wallet", 10)?;
    collect(teller, slashed_epoch).await?;

    let text = "leaves the service. Nobody had to agree to any of this";
    teller.step(&cast.dishonest, text, &operator::deregister(&suite.service)).await?;
    Ok(alices_epoch)
}

/// Everyone takes what is theirs.
async fn collect(teller: &mut Teller<'_>, slashed_epoch: u64) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let claim = |claimant: &Actor| staker::claim_funds(suite, claimant.address, slashed_epoch);
    let text = "collects its part of both slashes. Its bonds it had back with the verdicts";
    teller.step(&cast.challenger, text, &claim(&cast.challenger)).await?;
    let text = "collects the rest of both, for the users who were harmed";
    teller.step(&cast.fund, text, &claim(&cast.fund)).await?;
    let text = "collects the half that it slashed itself for. It saved nothing that the service had counted";
    teller.step(&cast.accuser, text, &claim(&cast.accuser)).await?;
    let withdraw = challenge::withdraw_bond(&suite.service, cast.honest.address);
    let text = "withdraws the bond that it won";
    teller.step(&cast.honest, text, &withdraw).await?;
    for (actor, tokens) in [(&cast.challenger, 4 + 2), (&cast.fund, 36 + 18), (&cast.accuser, 20)] {
        teller.expect_balance(actor, "lsETH in the wallet", tokens)?;
    }
    Ok(())
}
