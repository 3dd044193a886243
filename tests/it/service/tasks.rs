//! A TaskBoard: tasks with a fee and a deadline, answered by a quorum, paid through Rewards.

use super::support::{packed, serving, serving_with, tick};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolEvent};
use arithmetic::fault::{EQUIVOCATION, UNAVAILABILITY};
use eyre::{OptionExt, Result};
use interfaces::IAccess::ZeroAddress;
use interfaces::IGovernance::closeStrategyCall;
use interfaces::IQuorum::{InvalidLeaves, InvalidThreshold, UnsortedSigners};
use interfaces::IRewards::RewardPaid;
use interfaces::ITaskBoard::{
    FeePaid, FeeReturned, FeeTooLarge, FeeWithdrawn, InvalidDeadline, InvalidKind, NoOpenTask, NotAnswered,
    NothingReturned, OtherKind, QuorumNotReached, TaskAnswered, TaskClosed, TaskOver, TaskPosted, TaskStillOpen,
    TooFewLeaves, answerDataTaskCall, answerOfCall, answerTaskCall, closeTaskCall, contractsCall, postTaskCall,
    returnedToCall, taskCountCall, taskHashCall, taskOfCall, thresholdsCall, withdrawFeesCall,
};
use restake::actors::Actor;
use restake::availability::data_quorum;
use restake::chain::{CallError, event};
use restake::merkle::MerkleTree;
use restake::suite::for_services::task_board;
use restake::verbs::{task, token};
use restake_tests::programs::for_services;
use restake_tests::{World, ether};

/// Half of three days: for so long a quorum can be asked about.
const LONGEST: u64 = 129_600;

/// What answers are.
const ANSWER: B256 = B256::repeat_byte(7);

/// A world in which 96 and 32 ETH serve, with a board on which two thirds must sign and half of the leaves be kept;
/// Alice has 100 tokens that it may take.
async fn with_board() -> Result<(World, Address)> {
    board_in(serving().await?).await
}

async fn board_in(world: World) -> Result<(World, Address)> {
    let (owner, programs) = (world.cast.owner.address, for_services().await?);
    let board = task_board(&world.chain, owner, programs, &world.suite, (6_667, 5_000)).await?;
    let alice = &world.cast.alice;
    world.fund(alice, ether(100)).await?;
    world.perform(alice, &token::approve(world.token(), board, U256::MAX)).await?;
    Ok((world, board))
}

/// Alice posts a task, to be answered for an hour.
async fn post(world: &World, board: Address, kind: u8, question: B256, fee: u128) -> Result<TaskPosted> {
    let deadline = world.chain.now().await? + 3_600;
    let receipt = world.perform(&world.cast.alice, &task::post(board, kind, question, fee, deadline)).await?;
    event::<TaskPosted>(&receipt, board).ok_or_eyre("no TaskPosted event")
}

/// The call that answers it, signed.
async fn answer(world: &World, posted: &TaskPosted, signers: &[&Actor]) -> Result<answerTaskCall> {
    let domain = world.domain().await?;
    let mut signed = Vec::new();
    for signer in signers {
        let attestation = domain.attest(&signer.key, posted.task, posted.taskTime, ANSWER)?;
        signed.push((signer.address, attestation.r, attestation.vs));
    }
    Ok(answerTaskCall { taskId: posted.taskId, answer: ANSWER, signatures: packed(signed) })
}

/// Whose stakers were paid how much.
fn paid(receipt: &TransactionReceipt, board: Address) -> Vec<(Address, u128)> {
    let logs = receipt.logs().iter().filter(|log| log.address() == board);
    let paid = logs.filter_map(|log| FeePaid::decode_log(&log.inner).ok());
    paid.map(|paid| (paid.operator, paid.amount)).collect()
}

async fn balance(world: &World, account: Address) -> Result<u128> {
    Ok(world.chain.view(world.token(), &interfaces::IERC20::balanceOfCall { account }).await?.to())
}

async fn returned(world: &World, board: Address) -> Result<u128> {
    Ok(world.chain.view(board, &returnedToCall { account: world.cast.alice.address }).await?)
}

#[tokio::test]
async fn an_answer_that_a_quorum_signed_is_stored_with_the_stake_behind_it() -> Result<()> {
    let (world, board) = with_board().await?;
    let question = keccak256("how high is it?");
    let posted = post(&world, board, EQUIVOCATION, question, ether(4)).await?;
    let now = world.chain.now().await?;
    let hash = world.chain.view(board, &taskHashCall { taskId: 0 }).await?;
    let packed = [board.as_slice(), &0u64.to_be_bytes(), &[EQUIVOCATION], question.as_slice()].concat();
    assert_eq!((hash, posted.task), (keccak256(packed), hash));
    let stored = world.chain.view(board, &taskOfCall { taskId: 0 }).await?;
    assert_eq!((stored.poster, stored.kind, stored.state), (world.cast.alice.address, EQUIVOCATION, 1));
    assert_eq!((stored.question, stored.fee), (question, ether(4)));
    assert_eq!((stored.taskTime, stored.deadline), (now, now + 3_600));
    assert_eq!(balance(&world, board).await?, ether(4));
    let not_yet = NotAnswered { taskId: 0 };
    world.refuse(&world.cast.bob, board, &answerOfCall { taskId: 0 }, &not_yet).await?;

    let call = answer(&world, &posted, &[&world.cast.honest]).await?;
    let receipt = world.act(&world.cast.bob, board, &call).await?;
    let answered = TaskAnswered { taskId: 0, answer: ANSWER, signedStake: ether(96), totalStake: ether(128) };
    assert_eq!(event::<TaskAnswered>(&receipt, board), Some(answered));
    let stored = world.chain.view(board, &answerOfCall { taskId: 0 }).await?;
    assert_eq!((stored.answer, stored.answeredAt), (ANSWER, world.chain.now().await?));
    assert_eq!((stored.signedStake, stored.totalStake), (ether(96), ether(128)));
    assert_eq!(world.chain.view(board, &taskOfCall { taskId: 0 }).await?.state, 2);
    world.refuse(&world.cast.bob, board, &call, &NoOpenTask { taskId: 0 }).await?;
    assert_eq!(world.chain.view(board, &taskCountCall {}).await?, 1);
    Ok(())
}

#[tokio::test]
async fn the_fee_goes_to_those_who_signed_by_their_stake() -> Result<()> {
    let (world, board) = with_board().await?;
    let posted = post(&world, board, EQUIVOCATION, B256::ZERO, ether(4) + 1).await?;
    let call = answer(&world, &posted, &[&world.cast.honest, &world.cast.dishonest]).await?;
    let receipt = world.act(&world.cast.bob, board, &call).await?;
    let mut expected = vec![(world.honest(), ether(3)), (world.dishonest(), ether(1))];
    expected.sort_unstable();
    assert_eq!(paid(&receipt, board), expected);
    let reward = event::<RewardPaid>(&receipt, world.suite.rewards).ok_or_eyre("no reward")?;
    assert_eq!((reward.payer, reward.operator, reward.amount), (board, expected[0].0, expected[0].1));
    // What does not divide is the poster's again; the board owes nothing else.
    let rest = FeeReturned { taskId: 0, poster: world.cast.alice.address, amount: 1 };
    assert_eq!(event::<FeeReturned>(&receipt, board), Some(rest));
    assert_eq!(balance(&world, board).await?, 1);
    let (alice, recipient) = (&world.cast.alice, world.cast.fund.address);
    let nowhere = withdrawFeesCall { recipient: Address::ZERO };
    world.refuse(alice, board, &nowhere, &ZeroAddress {}).await?;
    let receipt = world.perform(alice, &task::withdraw_fees(board, recipient)).await?;
    let withdrawn = FeeWithdrawn { account: alice.address, amount: 1, recipient };
    assert_eq!(event::<FeeWithdrawn>(&receipt, board), Some(withdrawn));
    assert_eq!((balance(&world, board).await?, balance(&world, recipient).await?), (0, 1));
    world.refuse(alice, board, &withdrawFeesCall { recipient }, &NothingReturned {}).await
}

#[tokio::test]
async fn a_reward_that_is_refused_goes_back_and_keeps_nobody_else_from_being_paid() -> Result<()> {
    let (world, board) = with_board().await?;
    let posted = post(&world, board, EQUIVOCATION, B256::ZERO, ether(4)).await?;
    // The larger operator's stakers left since: nothing is at stake there that a reward could go to.
    let shares = world.position(world.honest(), world.honest()).await?.0;
    world.queue(&world.cast.honest, world.honest(), shares).await?;
    let call = answer(&world, &posted, &[&world.cast.honest, &world.cast.dishonest]).await?;
    let receipt = world.act(&world.cast.bob, board, &call).await?;
    assert_eq!(paid(&receipt, board), vec![(world.dishonest(), ether(1))]);
    assert_eq!((returned(&world, board).await?, balance(&world, board).await?), (ether(3), ether(3)));
    // With nobody left to pay, the answer is stored all the same.
    let posted = post(&world, board, EQUIVOCATION, B256::ZERO, ether(4)).await?;
    world.act(&world.cast.owner, world.suite.governance, &closeStrategyCall { token: world.token() }).await?;
    let call = answer(&world, &posted, &[&world.cast.honest, &world.cast.dishonest]).await?;
    world.act(&world.cast.bob, board, &call).await?;
    assert_eq!(world.chain.view(board, &answerOfCall { taskId: 1 }).await?.answer, ANSWER);
    assert_eq!((returned(&world, board).await?, balance(&world, board).await?), (ether(7), ether(7)));
    Ok(())
}

#[tokio::test]
async fn who_answers_cannot_choose_by_the_gas_who_is_paid() -> Result<()> {
    let (world, board) = with_board().await?;
    let posted = post(&world, board, EQUIVOCATION, B256::ZERO, ether(4)).await?;
    let call = answer(&world, &posted, &[&world.cast.honest, &world.cast.dishonest]).await?;
    let enough = world.act(&world.cast.bob, board, &call).await?.gas_used;
    let (mut stored, mut reverted) = (0, 0);
    for part in 8..=22 {
        let posted = post(&world, board, EQUIVOCATION, B256::ZERO, ether(4)).await?;
        let call = answer(&world, &posted, &[&world.cast.honest, &world.cast.dishonest]).await?;
        let request = TransactionRequest::default().with_from(world.cast.bob.address).with_to(board);
        let request = request.with_input(call.abi_encode()).with_gas_limit(enough * part / 20);
        match world.chain.transact(request).await {
            Ok(receipt) => {
                assert_eq!(paid(&receipt, board).len(), 2, "{part}");
                stored += 1;
            }
            Err(_) => {
                assert_eq!(world.chain.view(board, &taskOfCall { taskId: posted.taskId }).await?.state, 1);
                reverted += 1;
            }
        }
    }
    assert!(stored > 2 && reverted > 2, "{stored} were stored, {reverted} were not");
    Ok(())
}

#[tokio::test]
async fn nothing_but_the_answer_of_a_quorum_to_this_task_is_stored() -> Result<()> {
    let (world, board) = with_board().await?;
    let (bob, honest) = (&world.cast.bob, &world.cast.honest);
    let posted = post(&world, board, EQUIVOCATION, B256::ZERO, 0).await?;
    let few = answer(&world, &posted, &[&world.cast.dishonest]).await?;
    let refusal = QuorumNotReached { signedStake: ether(32), totalStake: ether(128) };
    world.refuse(bob, board, &few, &refusal).await?;
    let good = answer(&world, &posted, &[honest]).await?;
    let nobody = QuorumNotReached { signedStake: 0, totalStake: ether(128) };
    let other = answerTaskCall { answer: B256::ZERO, ..good.clone() };
    world.refuse(bob, board, &other, &nobody).await?;
    // The same question again, and on another board.
    tick(&world).await?;
    let again = post(&world, board, EQUIVOCATION, B256::ZERO, 0).await?;
    world.refuse(bob, board, &answerTaskCall { taskId: again.taskId, ..good.clone() }, &nobody).await?;
    let (owner, programs) = (world.cast.owner.address, for_services().await?);
    let second = task_board(&world.chain, owner, programs, &world.suite, (6_667, 5_000)).await?;
    post(&world, second, EQUIVOCATION, B256::ZERO, 0).await?;
    world.refuse(bob, second, &good, &nobody).await?;
    // What the Quorum refuses, and what there is not.
    let twice = [&good.signatures[..], &good.signatures[..]].concat();
    let twice = answerTaskCall { signatures: twice.into(), ..good.clone() };
    world.refuse(bob, board, &twice, &UnsortedSigners { signer: honest.address }).await?;
    let none = answerTaskCall { taskId: 9, ..good.clone() };
    world.refuse(bob, board, &none, &NoOpenTask { taskId: 9 }).await?;
    let data = answerDataTaskCall { taskId: 0, leafCount: 1, signatures: Bytes::new() };
    world.refuse(bob, board, &data, &OtherKind { kind: EQUIVOCATION }).await?;
    world.act(bob, board, &good).await?;
    Ok(())
}

#[tokio::test]
async fn a_task_is_answered_until_its_deadline_and_closed_after_it() -> Result<()> {
    let (world, board) = with_board().await?;
    let (bob, poster) = (&world.cast.bob, world.cast.alice.address);
    let posted = post(&world, board, EQUIVOCATION, B256::ZERO, ether(4)).await?;
    let second = post(&world, board, EQUIVOCATION, B256::ZERO, ether(5)).await?;
    let deadline = posted.deadline;
    let call = answer(&world, &posted, &[&world.cast.honest]).await?;
    world.chain.travel_to(deadline).await?;
    let close = closeTaskCall { taskId: 0 };
    world.refuse(bob, board, &close, &TaskStillOpen { deadline }).await?;
    world.act(bob, board, &call).await?;
    world.refuse(bob, board, &close, &NoOpenTask { taskId: 0 }).await?;
    world.chain.travel_to(second.deadline + 1).await?;
    let late = answer(&world, &second, &[&world.cast.honest]).await?;
    world.refuse(bob, board, &late, &TaskOver { deadline: second.deadline }).await?;
    let receipt = world.perform(bob, &task::close(board, 1)).await?;
    assert_eq!(event::<TaskClosed>(&receipt, board), Some(TaskClosed { taskId: 1 }));
    let back = FeeReturned { taskId: 1, poster, amount: ether(5) };
    assert_eq!(event::<FeeReturned>(&receipt, board), Some(back));
    world.refuse(bob, board, &closeTaskCall { taskId: 1 }, &NoOpenTask { taskId: 1 }).await?;
    assert_eq!(world.chain.view(board, &taskOfCall { taskId: 1 }).await?.state, 3);
    assert_eq!((returned(&world, board).await?, balance(&world, board).await?), (ether(5), ether(5)));
    Ok(())
}

#[tokio::test]
async fn a_task_that_cannot_be_asked_or_paid_is_not_posted() -> Result<()> {
    let (world, board) = with_board().await?;
    let (alice, now) = (&world.cast.alice, world.chain.now().await?);
    let good = postTaskCall { kind: EQUIVOCATION, question: B256::ZERO, fee: ether(1), deadline: now + 60 };
    for kind in [2, u8::MAX] {
        world.refuse(alice, board, &postTaskCall { kind, ..good.clone() }, &InvalidKind { kind }).await?;
    }
    let limit = now + LONGEST;
    for deadline in [0, now, limit + 1, u64::MAX] {
        let refusal = InvalidDeadline { deadline, limit };
        world.refuse(alice, board, &postTaskCall { deadline, ..good.clone() }, &refusal).await?;
    }
    let dear = postTaskCall { fee: ether(101), ..good.clone() };
    let short = interfaces::IERC20::ERC20InsufficientBalance {
        sender: alice.address,
        balance: U256::from(ether(100)),
        needed: U256::from(ether(101)),
    };
    world.refuse(alice, board, &dear, &short).await?;
    world.act(alice, board, &good).await?;
    let more = postTaskCall { fee: u128::MAX, ..good.clone() };
    world.refuse(alice, board, &more, &FeeTooLarge {}).await?;
    world.act(alice, board, &postTaskCall { deadline: limit, ..good }).await?;
    Ok(())
}

#[tokio::test]
async fn data_is_answered_by_those_who_keep_enough_of_it() -> Result<()> {
    let (world, board) = with_board().await?;
    let (bob, honest, domain) = (&world.cast.bob, &world.cast.honest, world.domain().await?);
    let tree = MerkleTree::new(&(0..7).map(|index| vec![index]).collect::<Vec<_>>());
    let posted = post(&world, board, UNAVAILABILITY, tree.root(), ether(3)).await?;
    let keep = |kept| {
        let signed = domain.commit_to(&honest.key, posted.task, posted.taskTime, &tree, kept)?;
        let signatures = data_quorum(&domain, [signed])?;
        Ok::<_, eyre::Report>(answerDataTaskCall { taskId: 0, leafCount: 7, signatures })
    };
    // Half of seven, rounded up against those who sign.
    let few = TooFewLeaves { keptLeaves: 3, needed: 4 };
    world.refuse(bob, board, &keep(0..3)?, &few).await?;
    world.refuse(bob, board, &keep(0..8)?, &InvalidLeaves { signer: honest.address }).await?;
    let attested = answer(&world, &posted, &[honest]).await?;
    world.refuse(bob, board, &attested, &OtherKind { kind: UNAVAILABILITY }).await?;
    let call = keep(2..6)?;
    let receipt = world.perform(bob, &task::answer_data(board, 0, 7, call.signatures)).await?;
    let answered =
        TaskAnswered { taskId: 0, answer: B256::from(U256::from(7)), signedStake: ether(96), totalStake: ether(128) };
    assert_eq!(event::<TaskAnswered>(&receipt, board), Some(answered));
    assert_eq!(paid(&receipt, board), vec![(honest.address, ether(3))]);
    Ok(())
}

#[tokio::test]
async fn a_board_is_made_for_a_part_of_the_stake_and_of_the_leaves() -> Result<()> {
    let (world, board) = with_board().await?;
    let thresholds = world.chain.view(board, &thresholdsCall {}).await?;
    assert_eq!((thresholds.stake, thresholds.leaves), (6_667, 5_000));
    let contracts = world.chain.view(board, &contractsCall {}).await?;
    let suite = world.suite;
    assert_eq!(
        (contracts.quorum, contracts.rewards, contracts.token),
        (suite.service.quorum, suite.rewards, suite.token)
    );
    let (owner, programs) = (world.cast.owner.address, for_services().await?);
    for (stake, leaves, threshold) in [(0, 1, 0), (10_001, 1, 10_001), (1, 0, 0), (1, 10_001, 10_001)] {
        let made = task_board(&world.chain, owner, programs, &world.suite, (stake, leaves)).await;
        let error = made.err().ok_or_eyre("it was made")?;
        let Some(CallError::Refused(refusal)) = error.downcast_ref() else { return Err(error) };
        assert_eq!(refusal.decode::<InvalidThreshold>(), Some(InvalidThreshold { threshold }));
    }
    Ok(())
}

#[tokio::test]
async fn a_board_takes_no_longer_than_its_service_can_be_asked() -> Result<()> {
    let world = serving_with(|parameters| {
        parameters.evidence_window = 7;
        parameters.answer_window = 1;
    })
    .await?;
    let (world, board) = board_in(world).await?;
    let (alice, now) = (&world.cast.alice, world.chain.now().await?);
    let call = postTaskCall { kind: EQUIVOCATION, question: B256::ZERO, fee: 0, deadline: now + 4 };
    world.refuse(alice, board, &call, &InvalidDeadline { deadline: now + 4, limit: now + 3 }).await?;
    let call = postTaskCall { deadline: now + 3, ..call };
    world.act(alice, board, &call).await?;
    Ok(())
}
