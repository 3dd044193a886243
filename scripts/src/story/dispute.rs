//! Act two: attest, equivocate, challenge, freeze, refuse, slash, release.

use super::ETHER;
use super::teller::Teller;
use crate::attestation::{Domain, equivocation};
use crate::chain::event;
use crate::suite::Parameters;
use alloy::primitives::{B256, U256, keccak256};
use alloy::providers::Provider;
use eyre::{OptionExt, Result, ensure};
use interfaces::{IDisputeResolution, ISlasher, IStrategyManager, ITokenPool};

/// What the next act needs to know: when Bob's withdrawal is released.
pub(super) struct Released {
    pub(super) bobs_epoch: u64,
}

pub(super) async fn play(teller: &mut Teller<'_>, parameters: &Parameters) -> Result<Released> {
    let (cast, suite) = (teller.cast, teller.suite);
    let disputes = suite.service.dispute_resolution;
    let domain = Domain::new(teller.chain.provider().get_chain_id().await?, suite.service.service_manager);

    teller.act("The service sets a task, and one operator answers it twice");
    let (task, task_time) = (keccak256("What is the price of ETH?"), teller.chain.now().await?);
    let (true_answer, false_answer) = (B256::from(U256::from(3000)), B256::from(U256::from(1)));
    let honest_answer = domain.attest(&cast.honest.key, task, task_time, true_answer)?;
    teller.aside("Honest Op signs, off the chain, that the answer is 3000.");
    let first = domain.attest(&cast.dishonest.key, task, task_time, true_answer)?;
    let second = domain.attest(&cast.dishonest.key, task, task_time, false_answer)?;
    teller.aside("Crooked Op signs that it is 3000, and to somebody else that it is 1. Both signatures exist: that is the fault.");

    let leave = ITokenPool::queueWithdrawalCall {
        token: suite.token,
        operator: cast.dishonest.address,
        shares: bobs_third(teller).await?,
    };
    let queued = teller
        .step(
            &cast.bob,
            "has a bad feeling and queues a withdrawal of 20 lsETH from Crooked Op",
            suite.token_pool,
            &leave,
        )
        .await?;
    let bobs_epoch = event::<IStrategyManager::WithdrawalQueued>(&queued, suite.strategy_manager)
        .ok_or_eyre("no withdrawal was queued")?
        .releaseEpoch;

    teller.act("Challengers: one without a proof, one with");
    let false_evidence = equivocation(honest_answer.clone(), honest_answer);
    let accuse = IDisputeResolution::challengeCall { operator: cast.honest.address, evidence: false_evidence };
    let rejected = teller
        .step_paying(
            &cast.accuser,
            "accuses Honest Op with the same answer twice. That proves nothing: the bond goes to Honest Op",
            disputes,
            &accuse,
            parameters.bond,
        )
        .await?;
    ensure!(
        event::<IDisputeResolution::ChallengeRejected>(&rejected, disputes).is_some(),
        "the false accusation was not rejected"
    );
    teller.expect("Honest Op's bond", teller.now().of(&cast.honest, "ETH of bonds to withdraw"), parameters.bond)?;

    let challenge =
        IDisputeResolution::challengeCall { operator: cast.dishonest.address, evidence: equivocation(first, second) };
    let upheld = teller
        .step_paying(
            &cast.challenger,
            "presents Crooked Op's two signatures. The chain recovers both keys: the proof holds",
            disputes,
            &challenge,
            parameters.bond,
        )
        .await?;
    let requested = event::<ISlasher::SlashRequested>(&upheld, suite.slasher).ok_or_eyre("no slash was requested")?;

    refusals(teller).await?;

    teller.act("The slash, after the challenge period, by anyone");
    let execute = ISlasher::executeSlashCall { requestId: requested.requestId };
    teller
        .refused::<ISlasher::SlashNotExecutable, _>(
            &cast.bob,
            "tries to execute the slash at once",
            suite.slasher,
            &execute,
        )
        .await?;
    teller.wait_until(requested.executableAt, "Two days pass: the challenge period is over.").await?;
    teller.step(&cast.alice, "executes the slash. Half of everything at stake with Crooked Op is gone, also of what was leaving; it is released", suite.slasher, &execute).await?;
    // Alice had 20 and Bob 40 with Crooked Op, and 20 of Bob's were leaving: half of each. A tenth of the 40 is the challenger's.
    teller.expect_balance(&cast.alice, "lsETH at stake with Crooked Op", 10)?;
    teller.expect_balance(&cast.bob, "lsETH at stake with Crooked Op", 20)?;
    teller.expect_balance(&cast.bob, "lsETH leaving Crooked Op", 10)?;
    teller.expect_balance(&cast.challenger, "lsETH of slashed funds to claim", 4)?;
    teller.expect_balance(&cast.fund, "lsETH of slashed funds to claim", 36)?;
    teller.expect_balance(&cast.alice, "lsETH at stake with Honest Op", 60)?;
    collect(teller).await?;
    Ok(Released { bobs_epoch })
}

async fn bobs_third(teller: &Teller<'_>) -> Result<u128> {
    let position = IStrategyManager::positionCall {
        staker: teller.cast.bob.address,
        operator: teller.cast.dishonest.address,
        token: teller.suite.token,
    };
    Ok(teller.chain.view(teller.suite.strategy_manager, &position).await?.shares / 3)
}

/// While the operator is frozen nothing joins and nothing leaves.
async fn refusals(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let leave = ITokenPool::queueWithdrawalCall {
        token: suite.token,
        operator: cast.dishonest.address,
        shares: bobs_third(teller).await?,
    };
    teller
        .refused::<IStrategyManager::OperatorIsFrozen, _>(
            &cast.bob,
            "tries to withdraw more from Crooked Op",
            suite.token_pool,
            &leave,
        )
        .await?;
    let stake = ITokenPool::delegateToCall { token: suite.token, operator: cast.dishonest.address, shares: ETHER };
    teller
        .refused::<IStrategyManager::OperatorIsFrozen, _>(
            &cast.alice,
            "tries to delegate to Crooked Op",
            suite.token_pool,
            &stake,
        )
        .await
}

/// Everyone takes what is theirs.
async fn collect(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    for claimant in [&cast.challenger, &cast.fund] {
        let claim = ITokenPool::claimFundsCall { token: suite.token, claimant: claimant.address };
        teller.step(claimant, "collects its part of the slash", suite.token_pool, &claim).await?;
    }
    for winner in [&cast.challenger, &cast.honest] {
        let withdraw = IDisputeResolution::withdrawBondCall { recipient: winner.address };
        teller.step(winner, "withdraws its bond", suite.service.dispute_resolution, &withdraw).await?;
    }
    Ok(())
}
