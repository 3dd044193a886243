//! Act two: answer twice, ask the quorum, challenge, freeze, slash, release.

use super::teller::Teller;
use super::{ETHER, domain, wad};
use crate::balances::units;
use crate::chain::event;
use crate::suite::Parameters;
use crate::verbs::{Verb, challenge, staker};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::{SignedAttestation, challengeCall};
use interfaces::{IDisputeResolution, IQuorum, ISlasher, IStrategyManager};

/// Two thirds, in basis points.
const TWO_THIRDS: u16 = 6_667;

/// Both answers of Crooked Op, and that of Honest Op.
struct Answers {
    honest: SignedAttestation,
    first: SignedAttestation,
    second: SignedAttestation,
}

/// Returns the epoch in which Bob's withdrawal is released.
pub(super) async fn play(teller: &mut Teller<'_>, parameters: &Parameters) -> Result<u64> {
    let (cast, suite) = (teller.cast, teller.suite);
    teller.act("The service sets a task, and one operator answers it twice");
    let answers = answer(teller).await?;
    ask_the_quorum(teller, &answers).await?;
    let shares = thirds(teller).await?;
    let leave = staker::queue(suite, cast.dishonest.address, shares);
    let text = "has a bad feeling and queues a withdrawal of 20 lsETH from Crooked Op";
    let queued = teller.step(&cast.bob, text, &leave).await?;
    let queued = event::<IStrategyManager::WithdrawalQueued>(&queued, suite.strategy_manager);
    let bobs_epoch = queued.ok_or_eyre("no withdrawal was queued")?.releaseEpoch;

    teller.act("Challengers: one without a proof, one with");
    accuse_falsely(teller, &answers, parameters.bond).await?;
    let (first, second) = (answers.first.clone(), answers.second.clone());
    let crooked = cast.dishonest.address;
    let proof = challenge::equivocation(&suite.service, crooked, first, second, parameters.bond);
    let text = "presents Crooked Op's two signatures. The chain recovers both keys: the proof holds, and it has \
                its bond back";
    let requested = prove(teller, text, &proof).await?;
    let (_, signed, total) = quorum(teller, &answers.first, &answers).await?;
    teller.expect("what signed 3000", signed, U256::from(30 * ETHER))?;
    teller.expect("the total stake", total, U256::from(70 * ETHER))?;
    teller.remark(&format!(
        "Crooked Op's signatures count no longer: 3000 has {} of {} lsETH left.",
        units(signed),
        units(total)
    ));
    try_while_frozen(teller).await?;

    teller.act("The slash, after the challenge period, by anyone");
    let executable_at = requested.request.executableAt;
    let execute = challenge::execute(suite, requested.requestId, requested.request);
    let text = "tries to execute the slash at once";
    teller.reverts::<ISlasher::SlashNotExecutable, _>(&cast.bob, text, &execute).await?;
    teller.wait_until(executable_at, "Two days pass: the challenge period is over.").await?;
    let text = "executes the slash. Half of everything at stake with Crooked Op is gone, also of what was leaving; \
                it is released";
    teller.step(&cast.alice, text, &execute).await?;
    // Alice had 20 and Bob 40 with Crooked Op, and 20 of Bob's were leaving: half of each. A tenth of the 40 is the
    // challenger's.
    teller.expect_balance(&cast.alice, "lsETH at stake with Crooked Op", 10)?;
    teller.expect_balance(&cast.bob, "lsETH at stake with Crooked Op", 20)?;
    teller.expect_balance(&cast.bob, "lsETH leaving Crooked Op", 10)?;
    teller.expect_balance(&cast.challenger, "lsETH of slashed funds to claim", 4)?;
    teller.expect_balance(&cast.fund, "lsETH of slashed funds to claim", 36)?;
    teller.expect_balance(&cast.alice, "lsETH at stake with Honest Op", 60)?;
    Ok(bobs_epoch)
}

async fn answer(teller: &mut Teller<'_>) -> Result<Answers> {
    let cast = teller.cast;
    let domain = domain(teller, teller.suite.service).await?;
    let (task, task_time) = (keccak256("What is the price of ETH?"), teller.chain.now().await?);
    let (true_answer, false_answer) = (B256::from(U256::from(3000)), B256::from(U256::from(1)));
    let answers = Answers {
        honest: domain.attest(&cast.honest.key, task, task_time, true_answer)?,
        first: domain.attest(&cast.dishonest.key, task, task_time, true_answer)?,
        second: domain.attest(&cast.dishonest.key, task, task_time, false_answer)?,
    };
    teller.aside(
        "Off the chain, both operators sign that the answer is 3000. To somebody else, Crooked Op signs that it is 1: \
         that is the fault.",
    );
    Ok(answers)
}

/// An answer counts if enough stake signed it, as far as the service could slash that stake.
async fn ask_the_quorum(teller: &mut Teller<'_>, answers: &Answers) -> Result<()> {
    let (reached, signed, total) = quorum(teller, &answers.first, answers).await?;
    ensure!(reached, "the true answer has no quorum");
    let (wrong, signed_wrong, _) = quorum(teller, &answers.second, answers).await?;
    ensure!(!wrong, "the false answer has a quorum");
    // The service can take half of the 60 lsETH with Honest Op and of the 80 with Crooked Op.
    teller.expect("what signed 3000", signed, U256::from(70 * ETHER))?;
    teller.expect("what signed 1", signed_wrong, U256::from(40 * ETHER))?;
    teller.expect("the total stake", total, U256::from(70 * ETHER))?;
    teller.aside(&format!(
        "A user of the service asks the chain what two thirds of the stake signed, counted as far as the service could \
         take it: 3000 has {} of {} lsETH, 1 has {}. So 3000 it is.",
        units(signed),
        units(total),
        units(signed_wrong)
    ));
    Ok(())
}

/// Whether two thirds of the stake signed the answer of `asked`, and how much did of how much.
async fn quorum(teller: &Teller<'_>, asked: &SignedAttestation, answers: &Answers) -> Result<(bool, U256, U256)> {
    let (honest, crooked) = (teller.cast.honest.address, teller.cast.dishonest.address);
    let all = [(honest, &answers.honest), (crooked, &answers.first), (crooked, &answers.second)];
    let mut signed: Vec<_> = all.into_iter().filter(|(_, signed)| signed.answer == asked.answer).collect();
    signed.sort_by_key(|(signer, _)| *signer);
    let signatures: Vec<u8> = signed.into_iter().flat_map(|(_, signed)| [signed.r, signed.vs].concat()).collect();
    let question = IQuorum::verifyQuorumCall {
        task: asked.task,
        taskTime: asked.taskTime,
        answer: asked.answer,
        signatures: Bytes::from(signatures),
        threshold: TWO_THIRDS,
    };
    let answer = teller.chain.view(teller.suite.service.quorum, &question).await?;
    Ok((answer.reached, U256::from(answer.signedStake), U256::from(answer.totalStake)))
}

/// A third of Bob's shares with Crooked Op.
async fn thirds(teller: &Teller<'_>) -> Result<u128> {
    let (staker, operator) = (teller.cast.bob.address, teller.cast.dishonest.address);
    let position = IStrategyManager::positionCall { staker, operator, token: teller.suite.token };
    Ok(teller.chain.view(teller.suite.strategy_manager, &position).await?.shares / 3)
}

async fn accuse_falsely(teller: &mut Teller<'_>, answers: &Answers, bond: U256) -> Result<()> {
    let (cast, service) = (teller.cast, &teller.suite.service);
    let (first, second) = (answers.honest.clone(), answers.honest.clone());
    let accuse = challenge::equivocation(service, cast.honest.address, first, second, bond);
    let text = "accuses its competitor Honest Op with the same answer twice. That proves nothing: the bond goes to \
                Honest Op";
    let rejected = teller.step(&cast.accuser, text, &accuse).await?;
    let rejected = event::<IDisputeResolution::ChallengeRejected>(&rejected, service.dispute_resolution);
    ensure!(rejected.is_some(), "the false accusation was not rejected");
    teller.expect("Honest Op's bond", teller.now().of(&cast.honest, "ETH of bonds to withdraw"), bond)
}

/// Challenger proves a fault. Returns the request that this opens.
pub(super) async fn prove(
    teller: &mut Teller<'_>,
    text: &str,
    proof: &Verb<challengeCall>,
) -> Result<ISlasher::SlashRequested> {
    let (cast, suite) = (teller.cast, teller.suite);
    let upheld = teller.step(&cast.challenger, text, proof).await?;
    event::<ISlasher::SlashRequested>(&upheld, suite.slasher).ok_or_eyre("no slash was requested")
}

/// While the operator is frozen nothing joins its stake, and what is at stake does not leave.
async fn try_while_frozen(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let operator: Address = cast.dishonest.address;
    let shares = thirds(teller).await?;
    let leave = staker::queue(suite, operator, shares);
    let text = "tries to withdraw more from Crooked Op. While it is frozen nothing is queued, for nine days at most";
    teller.reverts::<IStrategyManager::OperatorIsFrozen, _>(&cast.bob, text, &leave).await?;
    // Also to its announced grant: what she accepts is looked at before what passes.
    let join = staker::delegate(suite, operator, ETHER, wad(100));
    let text = "tries to delegate to Crooked Op, accepting all of its risk";
    teller.reverts::<IStrategyManager::OperatorIsFrozen, _>(&cast.alice, text, &join).await
}
