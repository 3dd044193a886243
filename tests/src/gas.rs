//! What operations cost: measured on a chain of their own each, with programs outside and inside the chain's cache,
//! beside what the same cost the first release of EigenLayer.

use crate::world::{World, ether};
use alloy::primitives::{Address, U256, address};
use alloy::rpc::types::TransactionReceipt;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IRegistry;
use restake::chain::Chain;
use std::collections::BTreeMap;
use stylus_devnode::DEV_ACCOUNTS;

/// The precompile that keeps programs in the chain's cache.
const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");

sol! {
    /// The part of ArbWasmCache that is used here.
    interface ArbWasmCache {
        /// Chain owners and cache managers: keeps `program` in the cache.
        function cacheProgram(address program) external;
    }
}

/// An operation, and what it cost in EigenLayer's contracts at the tag `mainnet-deployment` behind their proxies (gas
/// with the intrinsic part, on a plain EVM, in the same state: others hold stake, the token's rate is 1).
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// What it is.
    pub name: &'static str,
    /// The peer's gas.
    pub peer: u64,
}

/// What is measured, in the order of the table.
pub const OPERATIONS: [Operation; 14] = [
    Operation { name: "stake: first of this staker", peer: 179_875 },
    Operation { name: "stake: more, idle", peer: 118_146 },
    Operation { name: "stake: more, with an operator", peer: 133_704 },
    Operation { name: "delegate: one token", peer: 103_777 },
    Operation { name: "opt into slashing", peer: 67_988 },
    Operation { name: "register with a service", peer: 164_655 },
    Operation { name: "update an operator's stake", peer: 85_653 },
    Operation { name: "deregister", peer: 85_285 },
    Operation { name: "queue a withdrawal: first", peer: 139_640 },
    Operation { name: "queue a withdrawal: later one", peer: 122_540 },
    Operation { name: "complete as tokens", peer: 121_664 },
    Operation { name: "complete as shares", peer: 102_901 },
    // The peer's figure is a bare freeze; here two signatures are recovered, the proof is judged, and a request is
    // stored.
    Operation { name: "challenge, proof and freeze", peer: 64_002 },
    // The peer's figure is one staker's slash and the release.
    Operation { name: "execute a slash and release", peer: 172_126 },
];

/// Measures all operations. Returns gas by name.
///
/// # Errors
/// If one fails.
pub async fn measure(cached: bool) -> Result<BTreeMap<&'static str, u64>> {
    let mut gas = BTreeMap::new();
    let [
        first,
        more_idle,
        more,
        delegate,
        opt_in,
        register,
        update,
        deregister,
        queue,
        later,
        tokens,
        shares,
        challenge,
        execute,
    ] = OPERATIONS.map(|operation| operation.name);
    let mut note = |name, receipt: &TransactionReceipt| gas.insert(name, receipt.gas_used);

    // Stakers.
    let world = prepared(cached).await?;
    let (alice, operator, pool) = (&world.cast.alice, world.honest(), world.suite.token_pool);
    world.fund(alice, ether(1_000)).await?;
    note(first, &world.act(alice, pool, &world.stake_call(ether(10), Address::ZERO)).await?);
    note(more_idle, &world.act(alice, pool, &world.stake_call(ether(5), Address::ZERO)).await?);
    let idle = world.position(alice.address, Address::ZERO).await?.0;
    note(delegate, &world.act(alice, pool, &world.delegate_call(operator, idle / 2)).await?);
    note(more, &world.act(alice, pool, &world.stake_call(ether(5), operator)).await?);
    let mine = world.position(alice.address, operator).await?.0;
    note(queue, &world.act(alice, pool, &world.queue_call(operator, mine / 4)).await?);
    let release_epoch = arithmetic::epoch::release_of(world.chain.now().await?);
    world.enter_epoch(release_epoch - 1).await?;
    note(later, &world.act(alice, pool, &world.queue_call(operator, mine / 4)).await?);
    world.enter_epoch(release_epoch + 1).await?;
    let complete = world.complete_call(operator, release_epoch, alice.address);
    note(tokens, &world.act(alice, pool, &complete).await?);
    let restake = world.restake_call(operator, release_epoch + 1, operator);
    note(shares, &world.act(alice, pool, &restake).await?);

    // An operator and its service.
    drop(world);
    let world = prepared(cached).await?;
    let (operator, service, slasher) = (&world.cast.dishonest, world.suite.service, world.suite.slasher);
    note(opt_in, &world.act(operator, slasher, &world.opt_in_call(ONE)).await?);
    world.stake(&world.cast.alice, ether(100), operator.address).await?;
    let call = world.register_call(operator, operator).await?;
    note(register, &world.act(operator, service.registry, &call).await?);
    world.stake(&world.cast.bob, ether(1), operator.address).await?;
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    let call = IRegistry::updateStakesCall { operators: vec![operator.address] };
    note(update, &world.act(&world.cast.bob, service.registry, &call).await?);
    let (one, two) = (world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let receipt = world.challenge(&world.cast.challenger, &World::challenge_call(operator.address, one, two)).await?;
    note(challenge, &receipt);
    world.chain.travel_to(world.chain.now().await? + arithmetic::time::CHALLENGE_PERIOD_SECONDS).await?;
    let call = interfaces::ISlasher::executeSlashCall { requestId: 0 };
    note(execute, &world.act(&world.cast.bob, slasher, &call).await?);
    note(deregister, &world.act(operator, service.registry, &IRegistry::deregisterOperatorCall {}).await?);
    Ok(gas)
}

/// A chain on which others hold stake, idle and with the honest operator; with the programs in the cache or not.
async fn prepared(cached: bool) -> Result<World> {
    let world = World::new().await?;
    world.stake(&world.cast.bob, ether(100), Address::ZERO).await?;
    world.stake(&world.cast.bob, ether(100), world.honest()).await?;
    if cached {
        // The first development account owns the chain, and so may say what is cached.
        let chain_owner = DEV_ACCOUNTS.first().ok_or_eyre("no development accounts")?;
        let (address, key) = (chain_owner.address, PrivateKeySigner::from_bytes(&chain_owner.key)?);
        let chain = Chain::connect(&world.url, [key])?;
        let (suite, service) = (world.suite, world.suite.service);
        let protocol = [suite.token_pool, suite.strategy_manager, suite.slasher, suite.token];
        let programs =
            protocol.into_iter().chain([service.registry, service.service_manager, service.dispute_resolution]);
        for program in programs {
            let call = ArbWasmCache::cacheProgramCall { program };
            chain.send(address, ARB_WASM_CACHE, &call, U256::ZERO).await?;
        }
    }
    Ok(world)
}
