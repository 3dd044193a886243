//! Several things in one transaction, permits, and stake for others.

use super::other_tokens::{answers, hand_written_token, list, second_token};
use alloy::primitives::{Address, B256, U256};
use alloy::signers::SignerSync;
use alloy::sol_types::{Eip712Domain, SolStruct};
use eyre::Result;
use interfaces::IAccess::{Unauthorized, ZeroAddress};
use interfaces::IBatch::{
    LengthMismatch, WithdrawalSkipped, completeQueuedWithdrawalsCall, queueWithdrawalsCall, stakeSplitCall,
    stakeWithPermitCall, tokenPoolCall,
};
use interfaces::IERC20::{ERC20InsufficientAllowance, approveCall};
use interfaces::IERC20Permit::{Permit, noncesCall};
use interfaces::ITokenPool::{
    completeQueuedWithdrawalForCall, queueWithdrawalForCall, stakeCall, stakeForCall, stakeFromCall,
    strategyManagerCall,
};
use interfaces::{ILiquidStakingToken, IStrategyManager};
use restake_tests::{World, ether};

#[tokio::test]
async fn stake_for_another_is_paid_by_the_caller_and_belongs_to_the_other() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, pool) = (&world.cast.alice, &world.cast.bob, world.suite.token_pool);
    world.fund(alice, ether(3)).await?;
    let call = stakeForCall {
        token: world.token(),
        amount: ether(3),
        operator: world.honest(),
        staker: bob.address,
        maxCommitment: u64::MAX,
    };
    world.act(alice, pool, &call).await?;
    assert_eq!(world.position(bob.address, world.honest()).await?.1, ether(3));
    assert_eq!(world.held(alice.address).await?, U256::ZERO);
    let nobody = stakeForCall { staker: Address::ZERO, ..call };
    world.refuse(alice, pool, &nobody, &ZeroAddress {}).await?;
    assert_eq!(world.chain.view(pool, &strategyManagerCall {}).await?, world.suite.strategy_manager);
    assert_eq!(world.chain.view(world.suite.batch, &tokenPoolCall {}).await?, pool);
    Ok(())
}

#[tokio::test]
async fn one_transaction_splits_stake_over_several_operators() -> Result<()> {
    let world = World::new().await?;
    let (alice, batch) = (&world.cast.alice, world.suite.batch);
    world.fund(alice, ether(5)).await?;
    let operators = vec![world.honest(), world.dishonest(), Address::ZERO];
    let split = stakeSplitCall {
        token: world.token(),
        operators: operators.clone(),
        amounts: vec![ether(1), ether(3), ether(1)],
        maxCommitments: vec![0; 3],
    };
    world.act(alice, batch, &split).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(1));
    assert_eq!(world.position(alice.address, world.dishonest()).await?.1, ether(3));
    assert_eq!(world.position(alice.address, Address::ZERO).await?.1, ether(1));
    let uneven = stakeSplitCall { amounts: vec![1], ..split.clone() };
    world.refuse(alice, batch, &uneven, &LengthMismatch {}).await?;
    let uneven = stakeSplitCall { maxCommitments: vec![0; 4], ..split.clone() };
    world.refuse(alice, batch, &uneven, &LengthMismatch {}).await?;
    let empty = stakeSplitCall { operators: vec![], amounts: vec![], maxCommitments: vec![], ..split };
    world.refuse(alice, batch, &empty, &LengthMismatch {}).await
}

#[tokio::test]
async fn a_batch_stakes_with_what_its_caller_allowed_and_nobody_elses() -> Result<()> {
    let world = World::new().await?;
    // Bob has tokens and an allowance; Alice has neither.
    world.fund(&world.cast.bob, ether(1)).await?;
    let call = stakeSplitCall {
        token: world.token(),
        operators: vec![world.honest()],
        amounts: vec![ether(1)],
        maxCommitments: vec![u64::MAX],
    };
    let spender = world.suite.token_pool;
    let refusal = ERC20InsufficientAllowance { spender, allowance: U256::ZERO, needed: U256::from(ether(1)) };
    world.refuse(&world.cast.alice, world.suite.batch, &call, &refusal).await
}

#[tokio::test]
async fn several_withdrawals_are_queued_at_once_all_or_nothing() -> Result<()> {
    let world = World::new().await?;
    let (alice, batch, token) = (&world.cast.alice, world.suite.batch, world.token());
    let honest = world.stake(alice, ether(1), world.honest()).await?;
    let dishonest = world.stake(alice, ether(2), world.dishonest()).await?;
    let call = queueWithdrawalsCall {
        tokens: vec![token; 2],
        operators: vec![world.honest(), world.dishonest()],
        shares: vec![honest, dishonest + 1],
    };
    let refusal = IStrategyManager::InsufficientShares { have: dishonest, want: dishonest + 1 };
    world.refuse(alice, batch, &call, &refusal).await?;
    let uneven = queueWithdrawalsCall { shares: vec![1], ..call.clone() };
    world.refuse(alice, batch, &uneven, &LengthMismatch {}).await?;
    let call = queueWithdrawalsCall { shares: vec![honest, dishonest], ..call };
    world.act(alice, batch, &call).await?;
    let release_epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    assert_eq!(world.withdrawal(alice.address, world.honest(), release_epoch).await?.1, ether(1));
    assert_eq!(world.withdrawal(alice.address, world.dishonest(), release_epoch).await?.1, ether(2));
    Ok(())
}

#[tokio::test]
async fn one_bad_token_does_not_block_the_rest_of_a_batch() -> Result<()> {
    let world = World::new().await?;
    let (alice, batch, operator) = (&world.cast.alice, world.suite.batch, world.honest());
    let bad = hand_written_token(&world, 0, answers::FALSE_WHEN_PAYING_OUT).await?;
    world
        .act(alice, world.suite.token_pool, &stakeCall { token: bad, amount: 1_000, operator, maxCommitment: u64::MAX })
        .await?;
    let good = world.stake(alice, ether(1), operator).await?;
    let bad_shares = world
        .chain
        .view(
            world.suite.strategy_manager,
            &IStrategyManager::positionCall { staker: alice.address, operator, token: bad },
        )
        .await?
        .shares;
    let tokens = vec![bad, world.token(), world.token()];
    let queue = queueWithdrawalsCall {
        tokens: tokens[..2].to_vec(),
        operators: vec![operator; 2],
        shares: vec![bad_shares, good],
    };
    world.act(alice, batch, &queue).await?;
    let release_epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release_epoch).await?;

    // The third does not exist.
    let complete = completeQueuedWithdrawalsCall {
        tokens,
        operators: vec![operator; 3],
        releaseEpochs: vec![release_epoch, release_epoch, release_epoch + 1],
        recipient: world.cast.bob.address,
    };
    let receipt = world.act(alice, batch, &complete).await?;
    let skipped = receipt.logs().iter().filter(|log| log.address() == batch).count();
    assert_eq!(skipped, 2);
    let first = WithdrawalSkipped { staker: alice.address, operator, token: bad, releaseEpoch: release_epoch };
    assert_eq!(restake::chain::event::<WithdrawalSkipped>(&receipt, batch), Some(first));
    assert_eq!(world.held(world.cast.bob.address).await?, U256::from(ether(1)), "the good one is paid");
    // Nothing is lost: the bad one is still there.
    let withdrawal =
        IStrategyManager::withdrawalCall { staker: alice.address, operator, token: bad, releaseEpoch: release_epoch };
    assert_eq!(world.chain.view(world.suite.strategy_manager, &withdrawal).await?.assets, 1_000);
    Ok(())
}

#[tokio::test]
async fn a_batch_completes_nobody_elses_withdrawal() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, batch) = (&world.cast.alice, &world.cast.bob, world.suite.batch);
    let shares = world.stake(alice, ether(1), world.honest()).await?;
    let release_epoch = world.queue(alice, world.honest(), shares).await?;
    world.enter_epoch(release_epoch).await?;
    let complete = completeQueuedWithdrawalsCall {
        tokens: vec![world.token()],
        operators: vec![world.honest()],
        releaseEpochs: vec![release_epoch],
        recipient: bob.address,
    };
    world.act(bob, batch, &complete).await?;
    assert_eq!(world.held(bob.address).await?, U256::ZERO);
    assert_eq!(world.withdrawal(alice.address, world.honest(), release_epoch).await?.1, ether(1));
    let uneven = completeQueuedWithdrawalsCall { operators: vec![], ..complete };
    world.refuse(bob, batch, &uneven, &LengthMismatch {}).await
}

#[tokio::test]
async fn only_the_batch_acts_for_others_at_the_door() -> Result<()> {
    let world = World::new().await?;
    let (owner, pool, token) = (&world.cast.owner, world.suite.token_pool, world.token());
    let refusal = Unauthorized { caller: owner.address };
    let (staker, operator) = (world.cast.alice.address, world.honest());
    // She holds it, and allows the pool to take it.
    hold(&world, ether(1)).await?;
    world.act(&world.cast.alice, token, &approveCall { spender: pool, value: U256::MAX }).await?;
    let stake = stakeFromCall { staker, token, amount: ether(1), operator, maxCommitment: u64::MAX };
    world.refuse(owner, pool, &stake, &refusal).await?;
    let queue = queueWithdrawalForCall { staker, token, operator, shares: 1 };
    world.refuse(owner, pool, &queue, &refusal).await?;
    let recipient = owner.address;
    let complete = completeQueuedWithdrawalForCall { staker, token, operator, releaseEpoch: 0, recipient };
    world.refuse(owner, pool, &complete, &refusal).await
}

/// Alice's permit to the TokenPool for `amount`, as the arguments of a stake.
pub(super) async fn permitted(world: &World, amount: u128) -> Result<stakeWithPermitCall> {
    let (alice, token) = (&world.cast.alice, world.token());
    let nonce = world.chain.view(token, &noncesCall { owner: alice.address }).await?;
    let chain_id = alloy::providers::Provider::get_chain_id(world.chain.provider()).await?;
    let name = Some("Liquid Staked Ether".into());
    let domain = Eip712Domain::new(name, Some("1".into()), Some(U256::from(chain_id)), Some(token), None);
    let deadline = U256::from(world.chain.now().await?);
    let permit =
        Permit { owner: alice.address, spender: world.suite.token_pool, value: U256::from(amount), nonce, deadline };
    let signature = alice.key.sign_hash_sync(&permit.eip712_signing_hash(&domain))?;
    Ok(stakeWithPermitCall {
        token,
        amount,
        operator: world.honest(),
        maxCommitment: 0,
        deadline,
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    })
}

pub(super) async fn hold(world: &World, amount: u128) -> Result<()> {
    let deposit = ILiquidStakingToken::depositCall {};
    world.chain.send(world.cast.alice.address, world.token(), &deposit, U256::from(amount)).await?;
    Ok(())
}

#[tokio::test]
async fn a_permit_stakes_without_an_approval_before() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    hold(&world, ether(2)).await?;
    let call = permitted(&world, ether(2)).await?;
    world.act(alice, world.suite.batch, &call).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(2));
    Ok(())
}

#[tokio::test]
async fn a_permit_that_somebody_used_first_stakes_all_the_same() -> Result<()> {
    let world = World::new().await?;
    let alice = &world.cast.alice;
    hold(&world, ether(2)).await?;
    let call = permitted(&world, ether(2)).await?;
    let stolen = interfaces::IERC20Permit::permitCall {
        owner: alice.address,
        spender: world.suite.token_pool,
        value: U256::from(ether(2)),
        deadline: call.deadline,
        v: call.v,
        r: call.r,
        s: call.s,
    };
    world.act(&world.cast.accuser, world.token(), &stolen).await?;
    world.act(alice, world.suite.batch, &call).await?;
    assert_eq!(world.position(alice.address, world.honest()).await?.1, ether(2));
    Ok(())
}

#[tokio::test]
async fn a_bad_permit_without_an_allowance_stakes_nothing() -> Result<()> {
    let world = World::new().await?;
    hold(&world, ether(2)).await?;
    let call = stakeWithPermitCall { r: B256::repeat_byte(1), ..permitted(&world, ether(2)).await? };
    let spender = world.suite.token_pool;
    let refusal = ERC20InsufficientAllowance { spender, allowance: U256::ZERO, needed: U256::from(ether(2)) };
    world.refuse(&world.cast.alice, world.suite.batch, &call, &refusal).await
}

#[tokio::test]
async fn a_batch_spans_several_tokens() -> Result<()> {
    let world = World::new().await?;
    let (alice, pool) = (&world.cast.alice, world.suite.token_pool);
    let second = second_token(&world).await?;
    list(&world, second, ether(10)).await?;
    world.chain.send(alice.address, second, &ILiquidStakingToken::depositCall {}, U256::from(ether(1))).await?;
    world.act(alice, second, &approveCall { spender: pool, value: U256::MAX }).await?;
    world.act(alice, pool, &stakeCall { token: second, ..world.stake_call(ether(1), world.honest()) }).await?;
    let first = world.stake(alice, ether(1), world.honest()).await?;
    let queue = queueWithdrawalsCall {
        tokens: vec![world.token(), second],
        operators: vec![world.honest(); 2],
        shares: vec![first; 2],
    };
    world.act(alice, world.suite.batch, &queue).await?;
    let release_epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release_epoch).await?;
    let complete = completeQueuedWithdrawalsCall {
        tokens: vec![world.token(), second],
        operators: vec![world.honest(); 2],
        releaseEpochs: vec![release_epoch; 2],
        recipient: alice.address,
    };
    world.act(alice, world.suite.batch, &complete).await?;
    assert_eq!(world.held(alice.address).await?, U256::from(ether(1)));
    assert_eq!(super::other_tokens::held(&world, second, alice.address).await?, U256::from(ether(1)));
    Ok(())
}
