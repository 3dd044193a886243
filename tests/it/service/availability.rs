//! Availability: an operator that signed a commitment to data opens a leaf when asked, or is slashed.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolValue;
use arithmetic::pause::FREEZE;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::{
    AlreadyJudged, AnswerTooLate, AnswerWindowOpen, AvailabilityChallenged, ChallengeAnswered, ChallengeRanOut,
    Commitment, EvidenceExpired, MalformedEvidence, NoOpenChallenge, NotCommitted, NotSigned, OperatorNotRegistered,
    WrongBond, WrongOpening, answerChallengeCall, bondOfCall, challengeAvailabilityCall, challengeCountCall,
    challengeOfCall, resolveChallengeCall, withdrawBondCall,
};
use interfaces::IRegistry::deregisterOperatorCall;
use interfaces::ISlasher::{executeSlashCall, slashRequestCall};
use interfaces::{IAccess, IGovernance};
use restake::actors::Actor;
use restake::chain::event;
use restake::merkle::MerkleTree;
use restake_tests::{TASK, World};

/// `count` different leaves.
fn leaves(count: u8) -> Vec<Vec<u8>> {
    (0..count).map(|index| vec![index; usize::from(index) + 1]).collect()
}

/// `operator`'s signed commitment to the tree, and the question for the leaf at `index`.
async fn evidence(world: &World, operator: &Actor, tree: &MerkleTree, index: u64) -> Result<Commitment> {
    let now = world.chain.now().await?;
    let attestation = world.domain().await?.attest(&operator.key, TASK, now, tree.commitment())?;
    Ok(Commitment { attestation, root: tree.root(), leafCount: tree.leaf_count(), index })
}

fn ask(operator: Address, evidence: &Commitment) -> challengeAvailabilityCall {
    challengeAvailabilityCall { operator, evidence: evidence.abi_encode().into() }
}

/// The challenger asks with the bond. Returns the challenge's number and its deadline (Unix seconds).
async fn challenge(world: &World, operator: Address, evidence: &Commitment) -> Result<(u64, u64)> {
    let (who, disputes) = (&world.cast.challenger, world.suite.service.dispute_resolution);
    let receipt = world.chain.send(who.address, disputes, &ask(operator, evidence), world.parameters.bond).await?;
    let opened = event::<AvailabilityChallenged>(&receipt, disputes).ok_or_eyre("no AvailabilityChallenged event")?;
    assert_eq!(opened.deadline, world.chain.now().await? + world.parameters.answer_window);
    Ok((opened.challengeId, opened.deadline))
}

fn answer(challenge_id: u64, leaf: &[u8], proof: Bytes) -> answerChallengeCall {
    answerChallengeCall { challengeId: challenge_id, leaf: Bytes::copy_from_slice(leaf), proof }
}

async fn bond_of(world: &World, who: &Actor) -> Result<U256> {
    let call = bondOfCall { account: who.address };
    Ok(world.chain.view(world.suite.service.dispute_resolution, &call).await?)
}

/// The crooked operator serves and has committed to `count` leaves; the one at `index` is asked for.
async fn asked(count: u8, index: u64) -> Result<(World, MerkleTree, u64, u64)> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let tree = MerkleTree::new(&leaves(count));
    let evidence = evidence(&world, &world.cast.dishonest, &tree, index).await?;
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
    assert_eq!(bond_of(&world, operator).await?, world.parameters.bond);
    assert!(!world.is_frozen(operator.address).await?);
    let closed = NoOpenChallenge { challengeId: id };
    world.refuse(operator, disputes, &call, &closed).await?;
    world.chain.travel_to(deadline + 1).await?;
    world.refuse(&world.cast.challenger, disputes, &resolveChallengeCall { challengeId: id }, &closed).await
}

#[tokio::test]
async fn one_second_later_it_is_too_late_and_the_operator_is_frozen() -> Result<()> {
    let (world, tree, id, deadline) = asked(5, 3).await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    let resolve = resolveChallengeCall { challengeId: id };
    world.chain.travel_to(deadline).await?;
    world.refuse(&world.cast.alice, disputes, &resolve, &AnswerWindowOpen { deadline }).await?;
    world.chain.travel_to(deadline + 1).await?;
    let call = answer(id, &leaves(5)[3], tree.proof(3));
    world.refuse(operator, disputes, &call, &AnswerTooLate { deadline }).await?;
    let receipt = world.act(&world.cast.alice, disputes, &resolve).await?;
    let challenger = world.cast.challenger.address;
    let ran_out =
        ChallengeRanOut { challengeId: id, operator: operator.address, challenger, frozen: true, requestId: 0 };
    assert_eq!(event::<ChallengeRanOut>(&receipt, disputes), Some(ran_out));
    assert!(world.is_frozen(operator.address).await?);
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, world.parameters.bond);
    let request = world.chain.view(world.suite.slasher, &slashRequestCall { requestId: 0 }).await?;
    assert_eq!((request.wad, request.challenger), (world.parameters.availability_wad, challenger));
    world.refuse(&world.cast.alice, disputes, &resolve, &NoOpenChallenge { challengeId: id }).await
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
            let evidence = evidence(&world, operator, &tree, u64::from(index)).await?;
            let (id, _) = challenge(&world, operator.address, &evidence).await?;
            let index = usize::from(index);
            world.act(operator, disputes, &answer(id, &leaves[index], tree.proof(index))).await?;
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
    // The node above leaves 2 and 3 is the hash of theirs; as a leaf its preimage hashes to something else, also with as long a proof as a leaf has.
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
    let good = evidence(&world, operator, &tree, 0).await?;
    let bond = world.parameters.bond;
    // A padding leaf, another number of leaves, another root.
    for bad in [
        Commitment { index: 5, ..good.clone() },
        Commitment { leafCount: 8, index: 5, ..good.clone() },
        Commitment { root: B256::ZERO, ..good.clone() },
    ] {
        world.refuse_paying(who, disputes, &ask(operator.address, &bad), bond, &NotCommitted {}).await?;
    }
    let others =
        Commitment { attestation: evidence(&world, &world.cast.bob, &tree, 0).await?.attestation, ..good.clone() };
    let refusal = NotSigned { operator: operator.address };
    world.refuse_paying(who, disputes, &ask(operator.address, &others), bond, &refusal).await?;
    let stranger = world.cast.bob.address;
    let refusal = OperatorNotRegistered { operator: stranger };
    world.refuse_paying(who, disputes, &ask(stranger, &good), bond, &refusal).await?;
    let short = challengeAvailabilityCall { operator: operator.address, evidence: vec![0; 255].into() };
    world.refuse_paying(who, disputes, &short, bond, &MalformedEvidence {}).await?;
    let sent = bond - U256::ONE;
    world.refuse_paying(who, disputes, &ask(operator.address, &good), sent, &WrongBond { sent, bond }).await?;

    let deadline = good.attestation.taskTime + world.parameters.challenge_window;
    world.chain.travel_to(deadline + 1).await?;
    let late = EvidenceExpired { deadline };
    world.refuse_paying(who, disputes, &ask(operator.address, &good), bond, &late).await
}

#[tokio::test]
async fn a_leaf_is_asked_for_once() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let tree = MerkleTree::new(&leaves(5));
    let evidence = evidence(&world, operator, &tree, 1).await?;
    let (id, _) = challenge(&world, operator.address, &evidence).await?;
    let call = ask(operator.address, &evidence);
    let again = world.refusal(&world.cast.accuser, disputes, &call, world.parameters.bond).await?;
    assert!(again.decode::<AlreadyJudged>().is_some(), "{again}");
    world.act(operator, disputes, &answer(id, &leaves(5)[1], tree.proof(1))).await?;
    let again = world.refusal(&world.cast.accuser, disputes, &call, world.parameters.bond).await?;
    assert!(again.decode::<AlreadyJudged>().is_some(), "also after it was answered: {again}");
    Ok(())
}

#[tokio::test]
async fn several_missing_leaves_of_one_attestation_are_punished_once_and_return_every_bond() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let tree = MerkleTree::new(&leaves(5));
    let first = evidence(&world, operator, &tree, 1).await?;
    let second = Commitment { index: 2, ..first.clone() };
    let (first, _) = challenge(&world, operator.address, &first).await?;
    let (second, deadline) = challenge(&world, operator.address, &second).await?;
    world.chain.travel_to(deadline + 1).await?;
    world.act(&world.cast.alice, disputes, &resolveChallengeCall { challengeId: first }).await?;
    let receipt = world.act(&world.cast.alice, disputes, &resolveChallengeCall { challengeId: second }).await?;
    let ran_out = event::<ChallengeRanOut>(&receipt, disputes).ok_or_eyre("no ChallengeRanOut event")?;
    assert!(!ran_out.frozen);
    assert_eq!(world.chain.view(world.suite.slasher, &interfaces::ISlasher::requestCountCall {}).await?, 1);
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, world.parameters.bond * U256::from(2));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_left_inside_the_window_is_asked_and_slashed_all_the_same() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let tree = MerkleTree::new(&leaves(3));
    let evidence = evidence(&world, operator, &tree, 0).await?;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    // Asked in the last second, and resolved as late as that allows: its liability has not ended.
    world.chain.travel_to(evidence.attestation.taskTime + world.parameters.challenge_window).await?;
    let (id, deadline) = challenge(&world, operator.address, &evidence).await?;
    world.chain.travel_to(deadline + 1).await?;
    world.act(&world.cast.alice, disputes, &resolveChallengeCall { challengeId: id }).await?;
    assert!(world.is_frozen(operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn where_nothing_is_left_to_slash_the_challenger_gets_its_bond_back() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    // The whole budget is used up by an equivocation.
    world.join(operator, ONE / 2).await?;
    let tree = MerkleTree::new(&leaves(3));
    let evidence = evidence(&world, operator, &tree, 0).await?;
    let (id, deadline) = challenge(&world, operator.address, &evidence).await?;
    let attack = world.freeze(operator).await?;
    world.chain.travel_to(deadline + 1).await?;
    let receipt = world.act(&world.cast.alice, disputes, &resolveChallengeCall { challengeId: id }).await?;
    let ran_out = event::<ChallengeRanOut>(&receipt, disputes).ok_or_eyre("no ChallengeRanOut event")?;
    assert!(!ran_out.frozen);
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, world.parameters.bond * U256::from(2));
    world.chain.travel_to(attack.executable_at).await?;
    world.act(&world.cast.alice, world.suite.slasher, &executeSlashCall { requestId: attack.request_id }).await?;
    Ok(())
}

#[tokio::test]
async fn a_pause_delays_a_verdict_and_lets_nobody_off() -> Result<()> {
    let (world, _, id, deadline) = asked(3, 0).await?;
    let (owner, disputes, governance) =
        (&world.cast.owner, world.suite.service.dispute_resolution, world.suite.governance);
    world.chain.travel_to(deadline + 1).await?;
    world.act(owner, governance, &IGovernance::pauseCall { flags: FREEZE }).await?;
    let resolve = resolveChallengeCall { challengeId: id };
    world.refuse(&world.cast.alice, disputes, &resolve, &IAccess::Paused { action: FREEZE }).await?;
    world.act(owner, governance, &IGovernance::unpauseCall {}).await?;
    world.act(&world.cast.alice, disputes, &resolve).await?;
    assert!(world.is_frozen(world.dishonest()).await?);
    Ok(())
}

#[tokio::test]
async fn no_choice_of_gas_lets_an_operator_off() -> Result<()> {
    use alloy::network::TransactionBuilder;
    use alloy::rpc::types::TransactionRequest;
    use alloy::sol_types::SolCall;
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
    eyre::bail!("it was never resolved")
}

#[tokio::test]
async fn bonds_of_availability_challenges_go_out_to_the_wei() -> Result<()> {
    let (world, tree, id, _) = asked(3, 0).await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    assert_eq!(world.chain.balance(disputes).await?, world.parameters.bond);
    world.act(operator, disputes, &answer(id, &leaves(3)[0], tree.proof(0))).await?;
    let withdraw = withdrawBondCall { recipient: world.cast.fund.address };
    world.act(operator, disputes, &withdraw).await?;
    assert_eq!(world.chain.balance(disputes).await?, U256::ZERO);
    let challenge = world.chain.view(disputes, &challengeOfCall { challengeId: id }).await?;
    assert_eq!((challenge.operator, challenge.index, challenge.state), (operator.address, 0, 2));
    Ok(())
}

#[tokio::test]
async fn a_leaf_is_at_most_4096_bytes_long() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let data = [vec![7; 4_096], vec![7; 4_097]];
    let tree = MerkleTree::new(&data);
    let longest = evidence(&world, operator, &tree, 0).await?;
    let too_long = Commitment { index: 1, ..longest.clone() };
    let (longest, _) = challenge(&world, operator.address, &longest).await?;
    let (too_long, _) = challenge(&world, operator.address, &too_long).await?;
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
    let empty = evidence(&world, operator, &MerkleTree::new(&[]), 0).await?;
    world.refuse_paying(who, disputes, &ask(operator.address, &empty), bond, &NotCommitted {}).await?;
    let good = evidence(&world, operator, &MerkleTree::new(&leaves(2)), 0).await?;
    let sent = bond + U256::ONE;
    world.refuse_paying(who, disputes, &ask(operator.address, &good), sent, &WrongBond { sent, bond }).await
}

#[tokio::test]
async fn once_the_liability_has_ended_the_challenger_gets_its_bond_back() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let evidence = evidence(&world, operator, &MerkleTree::new(&leaves(3)), 0).await?;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    let (id, deadline) = challenge(&world, operator.address, &evidence).await?;
    world.chain.travel_to(deadline + 8 * 86_400).await?;
    let receipt = world.act(&world.cast.alice, disputes, &resolveChallengeCall { challengeId: id }).await?;
    let ran_out = event::<ChallengeRanOut>(&receipt, disputes).ok_or_eyre("no ChallengeRanOut event")?;
    assert!(!ran_out.frozen);
    assert!(!world.is_frozen(operator.address).await?);
    assert_eq!(bond_of(&world, &world.cast.challenger).await?, world.parameters.bond);
    Ok(())
}
