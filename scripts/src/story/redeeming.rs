//! Act three: withdrawals pay what is left, and the crooked operator leaves.

use super::dispute::Released;
use super::teller::Teller;
use crate::chain::event;
use arithmetic::epoch;
use eyre::{OptionExt, Result};
use interfaces::{IRegistry, IStrategyManager, ITokenPool};

pub(super) async fn play(teller: &mut Teller<'_>, released: &Released) -> Result<()> {
    teller.act("Withdrawals pay what is left");
    let (cast, suite) = (teller.cast, teller.suite);
    let position = IStrategyManager::positionCall {
        staker: cast.alice.address,
        operator: cast.honest.address,
        token: suite.token,
    };
    let shares = teller.chain.view(suite.strategy_manager, &position).await?.shares;
    let leave = ITokenPool::queueWithdrawalCall { token: suite.token, operator: cast.honest.address, shares };
    let queued = teller
        .step(&cast.alice, "queues a withdrawal of everything she has with Honest Op", suite.token_pool, &leave)
        .await?;
    let alices_epoch = event::<IStrategyManager::WithdrawalQueued>(&queued, suite.strategy_manager)
        .ok_or_eyre("no withdrawal was queued")?
        .releaseEpoch;

    let bobs = complete(teller, cast.dishonest.address, released.bobs_epoch, cast.bob.address);
    teller
        .refused::<IStrategyManager::WithdrawalNotReady, _>(
            &cast.bob,
            "tries to collect his withdrawal early",
            suite.token_pool,
            &bobs,
        )
        .await?;
    teller.wait_until(epoch::start(released.bobs_epoch), "The second epoch after Bob queued begins.").await?;
    teller
        .step(&cast.bob, "collects his withdrawal: 10 of the 20 lsETH, the slash reached it", suite.token_pool, &bobs)
        .await?;
    teller.expect_balance(&cast.bob, "lsETH in the wallet", 10)?;

    if alices_epoch > released.bobs_epoch {
        teller.wait_until(epoch::start(alices_epoch), "Another epoch begins.").await?;
    }
    let alices = complete(teller, cast.honest.address, alices_epoch, cast.alice.address);
    teller
        .step(
            &cast.alice,
            "collects hers: all 60 lsETH, nobody pays for another operator's fault",
            suite.token_pool,
            &alices,
        )
        .await?;
    teller.expect_balance(&cast.alice, "lsETH in the wallet", 60)?;

    let text = "leaves the service. Nobody had to agree to any of this";
    teller.step(&cast.dishonest, text, suite.service.registry, &IRegistry::deregisterOperatorCall {}).await?;
    Ok(())
}

fn complete(
    teller: &Teller<'_>,
    operator: alloy::primitives::Address,
    release_epoch: u64,
    recipient: alloy::primitives::Address,
) -> ITokenPool::completeQueuedWithdrawalCall {
    ITokenPool::completeQueuedWithdrawalCall {
        token: teller.suite.token,
        operator,
        releaseEpoch: release_epoch,
        recipient,
    }
}
