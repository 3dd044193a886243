//! Availability: an operator that signed a commitment to data opens a leaf when asked, or is slashed.

use super::leaves::{answer, ask, bond_of, challenge, commit, leaves, resolve, run_out};
use alloy::network::TransactionBuilder;
use alloy::primitives::{B256, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::fault::UNAVAILABILITY;
use arithmetic::pause;
use arithmetic::wad::ONE;
use eyre::{Result, bail};
use interfaces::IDisputeResolution::{
    AlreadyJudged, AnswerTooLate, AnswerWindowOpen, BondWithdrawn, ChallengeAnswered, ChallengeRanOut,
    MalformedEvidence, NoOpenChallenge, NotCommitted, NotSigned, OperatorNotRegistered, Unavailability, WrongBond,
    WrongOpening, challengeAvailabilityCall, challengeCountCall, challengeOfCall, dataCommitmentHashCall, isJudgedCall,
    resolveChallengeCall, withdrawBondCall,
};
use interfaces::IGovernance::pauseCall;
use interfaces::IRegistry::{OperatorSuspended, deregisterOperatorCall, isSuspendedCall};
use interfaces::ISlasher::requestCountCall;
use restake::chain::event;
use restake::judgements::{leaf_id, unavailability_id};
use restake::merkle::MerkleTree;
use restake_tests::{TASK, World};

/// The crooked operator serves and has committed to `count` leaves; the one at `index` is asked for.
async fn asked(count: u8, index: u64) -> Result<(World, MerkleTree, u64, u64)> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let tree = MerkleTree::new(&leaves(count));
    let evidence = commit(&world, &world.cast.dishonest, &tree).await?.leaf(index);
    let (id, deadline) = challenge(&world, world.dishonest(), &evidence).await?;
    Ok((world, tree, id, deadline))
}

#[tokio::test]
async fn a_leaf_that_is_opened_in_the_last_second_wins_the_bond_for_the_operator() -> Result<()> {
    let (world, tree, id, deadline) = asked(5, 3).await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.chain.travel_to(deadline).await?;
    let call = answer(id, &leaves(5)[3], tree.proof(3));
    let receipt = world.act(operator, disputes, &call).await?;
    let answered = ChallengeAnswered { challengeId: id, operator: operator.address, bond: world.parameters.bond };
    assert_eq!(event::<ChallengeAnswered>(&receipt, disputes), Some(answered));
    let account = operator.address;
    let paid = BondWithdrawn { account, amount: world.parameters.bond, recipient: account };
    assert_eq!(event::<BondWithdrawn>(&receipt, disputes), Some(paid), "who answers itself is paid at once");
    assert!(!world.is_frozen(operator.address).await?);
    let closed = NoOpenChallenge { challengeId: id };
    world.refuse(operator, disputes, &call, &closed).await?;
    world.chain.travel_to(deadline + 1).await?;
    world.refuse(&world.cast.challenger, disputes, &resolve(id), &closed).await
}

#[tokio::test]
async fn one_second_later_it_is_too_late_and_the_operator_is_frozen() -> Result<()> {
    let (world, tree, id, deadline) = asked(5, 3).await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    let disputes = service.dispute_resolution;
    world.chain.travel_to(deadline).await?;
    world.refuse(&world.cast.alice, disputes, &resolve(id), &AnswerWindowOpen { deadline }).await?;
    world.chain.travel_to(deadline + 1).await?;
    let call = answer(id, &leaves(5)[3], tree.proof(3));
    world.refuse(operator, disputes, &call, &AnswerTooLate { deadline }).await?;
    let receipt = world.act(&world.cast.alice, disputes, &resolve(id)).await?;
    let challenger = world.cast.challenger.address;
    let ran_out =
        ChallengeRanOut { challengeId: id, operator: operator.address, challenger, frozen: true, requestId: 0 };
    assert_eq!(event::<ChallengeRanOut>(&receipt, disputes), Some(ran_out));
    assert!(world.is_frozen(operator.address).await?);
    let suspended = OperatorSuspended { operator: operator.address };
    assert_eq!(event::<OperatorSuspended>(&receipt, service.registry), Some(suspended));
    assert!(world.chain.view(service.registry, &isSuspendedCall { operator: operator.address }).await?);
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, world.parameters.bond);
    let request = world.attack(0).await?.request;
    let part = world.parameters.wads[usize::from(UNAVAILABILITY)];
    assert_eq!((request.wad, request.challenger), (part, challenger));
    world.refuse(&world.cast.alice, disputes, &resolve(id), &NoOpenChallenge { challengeId: id }).await
}

#[tokio::test]
async fn every_leaf_of_trees_of_all_shapes_can_be_opened() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    for count in [1, 2, 3, 4, 5, 8, 9] {
        let (leaves, tree) = (leaves(count), MerkleTree::new(&leaves(count)));
        for index in [0, count / 2, count - 1] {
            // A task of its own for each.
            world.chain.travel_to(world.chain.now().await? + 1).await?;
            let evidence = commit(&world, operator, &tree).await?.leaf(u64::from(index));
            let (id, _) = challenge(&world, operator.address, &evidence).await?;
            let index = usize::from(index);
            world.act(&world.cast.bob, disputes, &answer(id, &leaves[index], tree.proof(index))).await?;
        }
    }
    let count = world.chain.view(disputes, &challengeCountCall {}).await?;
    assert_eq!(bond_of(&world, operator).await?, world.parameters.bond * U256::from(count));
    Ok(())
}

#[tokio::test]
async fn what_is_not_the_leaf_does_not_answer() -> Result<()> {
    let (world, tree, id, _) = asked(5, 3).await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    let good = leaves(5);
    // The node above leaves 2 and 3 is the hash of theirs; as a leaf its preimage hashes to something else, also with
    // as long a proof as a leaf has.
    let inner = [tree.proof(3).slice(..32), tree.proof(2).slice(..32)].concat();
    let above = [B256::ZERO.into(), tree.proof(3).slice(32..)].concat();
    let long = [tree.proof(3), B256::ZERO.into()].concat();
    let wrong = [
        answer(id, b"something else", tree.proof(3)),
        answer(id, &good[2], tree.proof(2)),
        answer(id, &good[3], tree.proof(3).slice(..64)),
        answer(id, &good[3], long.into()),
        answer(id, &good[3], tree.proof(3).slice(..95)),
        answer(id, &good[3], [&tree.proof(3)[..], &[0]].concat().into()),
        // An inner node is no leaf.
        answer(id, &inner, tree.proof(3).slice(32..)),
        answer(id, &inner, above.into()),
        answer(id, &vec![0; 4_097], tree.proof(3)),
    ];
    for call in wrong {
        world.refuse(operator, disputes, &call, &WrongOpening {}).await?;
    }
    world.act(&world.cast.bob, disputes, &answer(id, &good[3], tree.proof(3))).await?;
    assert_eq!(bond_of(&world, operator).await?, world.parameters.bond, "whoever answers, it is the operator's");
    Ok(())
}

#[tokio::test]
async fn only_what_the_operator_committed_to_is_asked_for() -> Result<()> {
    let world = World::new().await?;
    let (operator, who, disputes) =
        (&world.cast.dishonest, &world.cast.challenger, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let tree = MerkleTree::new(&leaves(5));
    let good = commit(&world, operator, &tree).await?.leaf(0);
    let bond = world.parameters.bond;
    // A padding leaf.
    let padding = Unavailability { index: 5, ..good.clone() };
    world.refuse_paying(who, disputes, &ask(operator.address, &padding), bond, &NotCommitted {}).await?;
    // Another number of leaves, root, task or time, or somebody else's commitment.
    let not_signed = NotSigned { operator: operator.address };
    for bad in [
        Unavailability { leafCount: 8, keptLeaves: 8, index: 5, ..good.clone() },
        Unavailability { firstLeaf: 1, index: 1, ..good.clone() },
        Unavailability { keptLeaves: 4, ..good.clone() },
        Unavailability { root: B256::ZERO, ..good.clone() },
        Unavailability { task: B256::ZERO, ..good.clone() },
        Unavailability { taskTime: good.taskTime - 1, ..good.clone() },
        Unavailability { r: B256::ZERO, ..good.clone() },
        commit(&world, &world.cast.bob, &tree).await?.leaf(0),
    ] {
        world.refuse_paying(who, disputes, &ask(operator.address, &bad), bond, &not_signed).await?;
    }
    let stranger = world.cast.bob.address;
    let refusal = OperatorNotRegistered { operator: stranger };
    world.refuse_paying(who, disputes, &ask(stranger, &good), bond, &refusal).await?;
    let sent = bond - U256::ONE;
    world.refuse_paying(who, disputes, &ask(operator.address, &good), sent, &WrongBond { sent, bond }).await
}

#[tokio::test]
async fn only_leaves_that_the_operator_keeps_are_asked_for() -> Result<()> {
    let world = World::new().await?;
    let (operator, who, disputes) =
        (&world.cast.dishonest, &world.cast.challenger, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let (tree, now) = (MerkleTree::new(&leaves(5)), world.chain.now().await?);
    let signed = world.domain().await?.commit_to(&operator.key, TASK, now, &tree, 1..3)?;
    for index in [0, 3, 4, 5, u64::MAX] {
        let call = ask(operator.address, &signed.leaf(index));
        world.refuse_paying(who, disputes, &call, world.parameters.bond, &NotCommitted {}).await?;
    }
    for index in 1..3 {
        let (id, _) = challenge(&world, operator.address, &signed.leaf(index)).await?;
        let index = usize::try_from(index)?;
        world.act(operator, disputes, &answer(id, &leaves(5)[index], tree.proof(index))).await?;
    }
    Ok(())
}

#[tokio::test]
async fn evidence_that_is_no_unavailability_is_malformed() -> Result<()> {
    let world = World::new().await?;
    let (operator, who, disputes) =
        (&world.cast.dishonest, &world.cast.challenger, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let good = ask(operator.address, &commit(&world, operator, &MerkleTree::new(&leaves(5))).await?.leaf(0)).evidence;
    let changed = |word: usize| {
        let mut evidence = good.to_vec();
        // The ninth byte from the end of a word is worth 2^64.
        evidence[word * 32 + 32 - 9] = 1;
        evidence
    };
    // The second word is the time, the fourth to the seventh say which leaves.
    let numbers = [1, 3, 4, 5, 6].map(changed);
    let wrong = [good[1..].to_vec(), [&good[..], &[0; 32]].concat(), vec![]].into_iter().chain(numbers);
    for evidence in wrong {
        let call = challengeAvailabilityCall { operator: operator.address, evidence: evidence.into() };
        world.refuse_paying(who, disputes, &call, world.parameters.bond, &MalformedEvidence {}).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_leaf_is_asked_for_once() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let tree = MerkleTree::new(&leaves(5));
    let commitment = commit(&world, operator, &tree).await?;
    let hash = world.domain().await?.data_commitment_hash(&commitment.commitment);
    let (id, _) = challenge(&world, operator.address, &commitment.leaf(1)).await?;
    let (call, bond) = (ask(operator.address, &commitment.leaf(1)), world.parameters.bond);
    let known = AlreadyJudged { evidence: leaf_id(operator.address, hash, 1) };
    world.refuse_paying(&world.cast.accuser, disputes, &call, bond, &known).await?;
    world.act(operator, disputes, &answer(id, &leaves(5)[1], tree.proof(1))).await?;
    world.refuse_paying(&world.cast.accuser, disputes, &call, bond, &known).await?;
    challenge(&world, operator.address, &commitment.leaf(2)).await?;
    Ok(())
}

#[tokio::test]
async fn several_missing_leaves_of_one_commitment_are_punished_once_and_return_every_bond() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let commitment = commit(&world, operator, &MerkleTree::new(&leaves(5))).await?;
    let (first, _) = challenge(&world, operator.address, &commitment.leaf(1)).await?;
    let (second, deadline) = challenge(&world, operator.address, &commitment.leaf(2)).await?;
    world.chain.travel_to(deadline + 1).await?;
    assert!(run_out(&world, first).await?.frozen);
    let hash = world.domain().await?.data_commitment_hash(&commitment.commitment);
    let fault = isJudgedCall { evidence: unavailability_id(operator.address, hash) };
    assert!(world.chain.view(disputes, &fault).await?);
    assert!(!run_out(&world, second).await?.frozen);
    assert_eq!(world.chain.view(world.suite.slasher, &requestCountCall {}).await?, 1);
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, world.parameters.bond * U256::from(2));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_left_inside_the_window_is_asked_and_slashed_all_the_same() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    world.join(operator, ONE).await?;
    let evidence = commit(&world, operator, &MerkleTree::new(&leaves(3))).await?.leaf(0);
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    // Asked in the last second, and resolved as late as that allows: its grant has not ended.
    let last = evidence.taskTime + world.parameters.evidence_window - world.parameters.answer_window;
    world.chain.travel_to(last).await?;
    let (id, deadline) = challenge(&world, operator.address, &evidence).await?;
    assert_eq!(deadline, evidence.taskTime + world.parameters.evidence_window, "the game ends inside the window");
    world.chain.travel_to(deadline + 1).await?;
    assert!(run_out(&world, id).await?.frozen);
    assert!(world.is_frozen(operator.address).await?);
    Ok(())
}

/// Guards against: a pause of freezes of seven days, while faults can be challenged for three.
#[tokio::test]
async fn a_pause_delays_no_verdict() -> Result<()> {
    let (world, _, id, deadline) = asked(3, 0).await?;
    let (owner, governance) = (&world.cast.owner, world.suite.governance);
    world.join(&world.cast.honest, ONE).await?;
    world.act(owner, governance, &pauseCall { flags: pause::ALL }).await?;
    world.chain.travel_to(deadline + 1).await?;
    assert!(run_out(&world, id).await?.frozen);
    world.freeze(&world.cast.honest).await?;
    assert!(world.is_frozen(world.dishonest()).await? && world.is_frozen(world.honest()).await?);
    Ok(())
}

#[tokio::test]
async fn no_choice_of_gas_lets_an_operator_off() -> Result<()> {
    let (world, _, id, deadline) = asked(3, 0).await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.chain.travel_to(deadline + 1).await?;
    for gas in (80_000..400_000).step_by(10_000) {
        let request = TransactionRequest::default()
            .with_from(operator.address)
            .with_to(disputes)
            .with_input(resolveChallengeCall { challengeId: id }.abi_encode())
            .with_gas_limit(gas);
        let receipt = world.chain.submit(request).await?;
        let frozen = world.is_frozen(operator.address).await?;
        assert_eq!(receipt.status(), frozen, "with {gas} gas");
        if frozen {
            return Ok(());
        }
    }
    bail!("it was never resolved")
}

#[tokio::test]
async fn bonds_of_availability_challenges_go_out_to_the_wei() -> Result<()> {
    let (world, tree, id, _) = asked(3, 0).await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    assert_eq!(world.chain.balance(disputes).await?, world.parameters.bond);
    world.act(&world.cast.bob, disputes, &answer(id, &leaves(3)[0], tree.proof(0))).await?;
    let withdraw = withdrawBondCall { recipient: world.cast.fund.address };
    world.act(operator, disputes, &withdraw).await?;
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    let challenge = world.chain.view(disputes, &challengeOfCall { challengeId: id }).await?;
    assert_eq!((challenge.operator, challenge.index, challenge.state), (operator.address, 0, 2));
    Ok(())
}

#[tokio::test]
async fn a_challenger_that_resolves_its_challenge_is_paid_its_bond_at_once() -> Result<()> {
    let (world, _, id, deadline) = asked(3, 0).await?;
    let (challenger, disputes) = (&world.cast.challenger, world.suite.service.dispute_resolution);
    world.chain.travel_to(deadline + 1).await?;
    let receipt = world.act(challenger, disputes, &resolve(id)).await?;
    let account = challenger.address;
    let paid = BondWithdrawn { account, amount: world.parameters.bond, recipient: account };
    assert_eq!(event::<BondWithdrawn>(&receipt, disputes), Some(paid));
    assert_eq!(bond_of(&world, challenger).await?, U256::ZERO);
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    Ok(())
}

#[tokio::test]
async fn a_leaf_is_at_most_4096_bytes_long() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let data = [vec![7; 4_096], vec![7; 4_097]];
    let tree = MerkleTree::new(&data);
    let commitment = commit(&world, operator, &tree).await?;
    let (longest, _) = challenge(&world, operator.address, &commitment.leaf(0)).await?;
    let (too_long, _) = challenge(&world, operator.address, &commitment.leaf(1)).await?;
    world.act(operator, disputes, &answer(longest, &data[0], tree.proof(0))).await?;
    world.refuse(operator, disputes, &answer(too_long, &data[1], tree.proof(1)), &WrongOpening {}).await
}

#[tokio::test]
async fn a_tree_without_leaves_and_a_bond_that_is_too_high_are_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, who, disputes) =
        (&world.cast.dishonest, &world.cast.challenger, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let bond = world.parameters.bond;
    let empty = commit(&world, operator, &MerkleTree::new(&[])).await?.leaf(0);
    world.refuse_paying(who, disputes, &ask(operator.address, &empty), bond, &NotCommitted {}).await?;
    let good = commit(&world, operator, &MerkleTree::new(&leaves(2))).await?.leaf(0);
    let sent = bond + U256::ONE;
    world.refuse_paying(who, disputes, &ask(operator.address, &good), sent, &WrongBond { sent, bond }).await
}

#[tokio::test]
async fn the_contract_and_the_client_hash_data_commitments_alike() -> Result<()> {
    let world = World::new().await?;
    let (tree, now) = (MerkleTree::new(&leaves(5)), world.chain.now().await?);
    let signed = world.domain().await?.commit_to(&world.cast.honest.key, TASK, now, &tree, 1..4)?.commitment;
    let call = dataCommitmentHashCall {
        task: signed.task,
        taskTime: signed.taskTime,
        root: signed.root,
        leafCount: signed.leafCount,
        firstLeaf: signed.firstLeaf,
        keptLeaves: signed.keptLeaves,
    };
    let hash = world.chain.view(world.suite.service.dispute_resolution, &call).await?;
    assert_eq!(hash, world.domain().await?.data_commitment_hash(&signed));
    Ok(())
}
