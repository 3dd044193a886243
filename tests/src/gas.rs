//! What operations cost: measured on a chain of their own each, with programs outside and inside the chain's cache.

use crate::operations::OPERATIONS;
use crate::spent::Spent;
use crate::token::Token;
use crate::world::{World, ether, wei};
use alloy::primitives::Address;
use alloy::rpc::types::TransactionReceipt;
use arithmetic::wad::ONE;
use eyre::{Result, ensure};
use interfaces::{IERC20, IRegistry};
use restake::suite::cache::evict_programs;
use std::collections::BTreeMap;

/// Costs by name.
pub type Costs = BTreeMap<&'static str, Cost>;

/// What the TokenPool may take of the staker: as with the peer, a number that each stake makes smaller.
pub(crate) const ALLOWANCE: u128 = ether(1_000_000);

/// What an operation cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// As the receipt says.
    pub gas: u64,
    /// Where it went.
    pub spent: Spent,
}

/// Collects what operations cost.
#[derive(Default)]
struct Notes(Costs);

impl Notes {
    async fn note(&mut self, world: &World, name: &'static str, receipt: &TransactionReceipt) -> Result<()> {
        let spent = Spent::of(&world.chain, receipt).await?;
        self.0.insert(name, Cost { gas: receipt.gas_used, spent });
        Ok(())
    }
}

/// Measures all operations. Returns what they cost by name.
///
/// # Errors
/// If one fails, or cannot be traced.
pub async fn measure(token: Token, cached: bool) -> Result<Costs> {
    let mut notes = Notes::default();
    let [
        first,
        more_idle,
        more,
        delegate,
        opt_in,
        register,
        update,
        next_update,
        deregister,
        queue,
        later,
        tokens,
        shares,
        challenge,
        execute,
    ] = OPERATIONS.map(|operation| operation.name);
    // Stakers.
    let world = prepared(token, cached).await?;
    let (alice, operator, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    world.fund(alice, ether(1_000)).await?;
    let approve = IERC20::approveCall { spender: pool, value: wei(ALLOWANCE) };
    world.act(alice, world.token(), &approve).await?;
    notes.note(&world, first, &world.act(alice, pool, &world.stake_call(ether(10), Address::ZERO)).await?).await?;
    notes.note(&world, more_idle, &world.act(alice, pool, &world.stake_call(ether(5), Address::ZERO)).await?).await?;
    let idle = world.position(alice.address, Address::ZERO).await?.0;
    notes.note(&world, delegate, &world.act(alice, pool, &world.delegate_call(operator, idle / 2)).await?).await?;
    notes.note(&world, more, &world.act(alice, pool, &world.stake_call(ether(5), operator)).await?).await?;
    let mine = world.position(alice.address, operator).await?.0;
    notes.note(&world, queue, &world.act(alice, pool, &world.queue_call(operator, mine / 4)).await?).await?;
    let release_epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release_epoch - 1).await?;
    notes.note(&world, later, &world.act(alice, pool, &world.queue_call(operator, mine / 4)).await?).await?;
    world.enter_epoch(release_epoch + 1).await?;
    let complete = world.complete_call(operator, release_epoch, alice.address);
    notes.note(&world, tokens, &world.act(alice, pool, &complete).await?).await?;
    let restake = world.restake_call(operator, release_epoch + 1, operator);
    notes.note(&world, shares, &world.act(alice, pool, &restake).await?).await?;

    // An operator and its service.
    drop(world);
    let world = prepared(token, cached).await?;
    let (operator, service, slasher) = (&world.cast.dishonest, world.suite.service, world.suite.slasher);
    notes.note(&world, opt_in, &world.act(operator, slasher, &world.opt_in_call(ONE)).await?).await?;
    world.stake(&world.cast.alice, ether(100), operator.address).await?;
    let call = world.register_call(operator, operator).await?;
    notes.note(&world, register, &world.act(operator, service.registry, &call).await?).await?;
    let renew = async || {
        world.stake(&world.cast.bob, ether(1), operator.address).await?;
        world.chain.travel_to(world.chain.now().await? + 1).await?;
        let call = IRegistry::updateStakesCall { operators: vec![operator.address] };
        Ok::<_, eyre::Report>(world.act(&world.cast.bob, service.registry, &call).await?)
    };
    notes.note(&world, update, &renew().await?).await?;
    notes.note(&world, next_update, &renew().await?).await?;
    // Leaving is measured where it needs new words.
    renew().await?;
    let (one, two) = (world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let receipt = world.challenge(&world.cast.challenger, &World::challenge_call(operator.address, one, two)).await?;
    notes.note(&world, challenge, &receipt).await?;
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::CHALLENGE_PERIOD_SECONDS).await?;
    let call = world.attack(0).await?.execution();
    notes.note(&world, execute, &world.act(&world.cast.bob, slasher, &call).await?).await?;
    notes
        .note(&world, deregister, &world.act(operator, service.registry, &IRegistry::deregisterOperatorCall {}).await?)
        .await?;
    Ok(notes.0)
}

/// A chain on which others hold stake, idle and with the honest operator; with the programs in the cache, as they were
/// deployed, or not.
pub(crate) async fn prepared(token: Token, cached: bool) -> Result<World> {
    let world = World::with(token).await?;
    world.stake(&world.cast.bob, ether(100), Address::ZERO).await?;
    world.stake(&world.cast.bob, ether(100), world.honest()).await?;
    if !cached {
        let programs = world.suite.programs(&world.parameters).into_iter().map(|(_, program)| program);
        let evicted = evict_programs(&world.url, &programs.collect::<Vec<_>>()).await?;
        ensure!(evicted, "this chain keeps its cache");
    }
    Ok(world)
}
