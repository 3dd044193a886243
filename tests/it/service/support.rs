//! What the tests of a service's operator set share.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IDisputeResolution::SignedAttestation;
use interfaces::IQuorum::verifyQuorumCall;
use interfaces::IRegistry::{
    StakeUpdated, isSuspendedCall, registerOperatorCall, rotateKeyCall, signedStakeAtCall, stakeAtCall,
    totalStakeAtCall, updateStakesCall,
};
use restake::actors::Actor;
use restake::attestation::Domain;
use restake::chain::event;
use restake::suite::{Parameters, Service};
use restake_tests::{Attack, TASK, World, ether};

/// One epoch, in seconds.
pub(super) const EPOCH: u64 = 604_800;
/// One day, in seconds.
pub(super) const DAY: u64 = 86_400;

/// The first second of the epoch after this one.
pub(super) async fn next_epoch(world: &World) -> Result<u64> {
    Ok((world.chain.now().await? / EPOCH + 1) * EPOCH)
}

/// One second passes, so that the next change is another checkpoint. Returns the time.
pub(super) async fn tick(world: &World) -> Result<u64> {
    let now = world.chain.now().await? + 1;
    world.chain.travel_to(now).await?;
    Ok(now)
}

/// The stake that signatures of `operator` carry at `time`, by the history.
pub(super) async fn stake_at(world: &World, operator: Address, time: u64) -> Result<u128> {
    Ok(world.chain.view(world.suite.service.registry, &stakeAtCall { operator, time }).await?)
}

/// The stake of all operators at `time`.
pub(super) async fn total_at(world: &World, time: u64) -> Result<u128> {
    Ok(world.chain.view(world.suite.service.registry, &totalStakeAtCall { time }).await?)
}

/// The stake that signatures by the `keys` carry at `time`, asked now.
pub(super) async fn signed_at(world: &World, keys: &[Address], time: u64) -> Result<u128> {
    let call = signedStakeAtCall { signingKeys: keys.to_vec(), time };
    Ok(world.chain.view(world.suite.service.registry, &call).await?.signedStake)
}

/// Whether a fault of `operator` keeps its signatures from counting.
pub(super) async fn is_suspended(world: &World, operator: Address) -> Result<bool> {
    Ok(world.chain.view(world.suite.service.registry, &isSuspendedCall { operator }).await?)
}

/// Anyone weighs `operator` again. Returns what was written, if anything was.
pub(super) async fn update(world: &World, operator: Address) -> Result<Option<StakeUpdated>> {
    let receipt = update_all(world, vec![operator]).await?;
    Ok(event::<StakeUpdated>(&receipt, world.suite.service.registry))
}

/// Anyone weighs `operators` again.
pub(super) async fn update_all(world: &World, operators: Vec<Address>) -> Result<TransactionReceipt> {
    let call = updateStakesCall { operators };
    Ok(world.act(&world.cast.accuser, world.suite.service.registry, &call).await?)
}

/// The honest operator serves with 96 tokens, the crooked one with 32, both with a budget of all they have.
pub(super) async fn serving() -> Result<World> {
    join_both(World::new().await?).await
}

/// The same with a service of other parameters.
pub(super) async fn serving_with(change: impl FnOnce(&mut Parameters)) -> Result<World> {
    join_both(service_with(change).await?).await
}

async fn join_both(world: World) -> Result<World> {
    world.join(&world.cast.dishonest, ONE).await?;
    world.opt_in(&world.cast.honest, ONE).await?;
    world.stake(&world.cast.honest, ether(96), world.honest()).await?;
    world.register(&world.cast.honest).await?;
    Ok(world)
}

/// A world with a service of other parameters.
pub(super) async fn service_with(change: impl FnOnce(&mut Parameters)) -> Result<World> {
    let mut world = World::new().await?;
    change(&mut world.parameters);
    let service = Service::deploy(&world.chain, &world.suite, &world.cast.owner, &world.parameters).await?;
    world.suite.service = service;
    Ok(world)
}

/// `operator` signs with its own key for another `service`, too, which it lets slash up to `budget` (wad).
pub(super) async fn join_another(world: &World, operator: &Actor, service: &Service, budget: u64) -> Result<()> {
    world.act(operator, world.suite.slasher, &World::grant_call(service.service_manager, budget)).await?;
    let proof = another_domain(world, service).await?.bind_key(&operator.key, operator.address)?;
    let join = registerOperatorCall { signingKey: operator.address, r: proof.r, vs: proof.vs };
    world.act(operator, service.registry, &join).await?;
    Ok(())
}

/// `operator` signs with `key` from now on.
pub(super) async fn rotate(world: &World, operator: &Actor, key: &Actor) -> Result<TransactionReceipt> {
    let call = rotate_call(world, operator, key).await?;
    Ok(world.act(operator, world.suite.service.registry, &call).await?)
}

/// The call that lets `operator` sign with `key`, proven by that key.
pub(super) async fn rotate_call(world: &World, operator: &Actor, key: &Actor) -> Result<rotateKeyCall> {
    let proof = world.domain().await?.bind_key(&key.key, operator.address)?;
    Ok(rotateKeyCall { signingKey: key.address, r: proof.r, vs: proof.vs })
}

/// The domain of what the operators of another `service` sign.
pub(super) async fn another_domain(world: &World, service: &Service) -> Result<Domain> {
    Ok(Domain::new(world.chain.provider().get_chain_id().await?, service.service_manager))
}

/// `operator` signs two answers for another `service`, which are proven. Returns the request's number, and when it can
/// be executed.
pub(super) async fn freeze_by_another(world: &World, operator: &Actor, service: &Service) -> Result<(u64, u64)> {
    let (domain, now) = (another_domain(world, service).await?, world.chain.now().await?);
    let answer = |number: u8| domain.attest(&operator.key, TASK, now, B256::with_last_byte(number));
    let call = World::challenge_call(operator.address, answer(1)?, answer(2)?);
    let (challenger, bond) = (world.cast.challenger.address, world.parameters.bond);
    let receipt = world.chain.send(challenger, service.dispute_resolution, &call, bond).await?;
    let attack = Attack::of(&receipt, world.suite.slasher)?;
    Ok((attack.request_id, attack.executable_at))
}

/// Compact signatures in the order of their signers' addresses.
pub(super) fn packed(mut signed: Vec<(Address, B256, B256)>) -> Bytes {
    signed.sort_by_key(|(signer, _, _)| *signer);
    signed.iter().flat_map(|(_, r, vs)| [*r, *vs]).flatten().collect::<Vec<u8>>().into()
}

/// The question whether `signers` reach `threshold` with the answer 7 to [`TASK`], set now.
pub(super) async fn question(world: &World, signers: &[&Actor], threshold: u16) -> Result<verifyQuorumCall> {
    let mut signed = Vec::new();
    for signer in signers {
        let SignedAttestation { r, vs, .. } = world.attest(signer, 7).await?;
        signed.push((signer.address, r, vs));
    }
    Ok(verifyQuorumCall {
        task: TASK,
        taskTime: world.chain.now().await?,
        answer: B256::from(U256::from(7)),
        signatures: packed(signed),
        threshold,
    })
}

/// Whether it is reached, and how much signed of how much.
pub(super) async fn ask(world: &World, question: &verifyQuorumCall) -> Result<(bool, u128, u128)> {
    let answer = world.chain.view(world.suite.service.quorum, question).await?;
    Ok((answer.reached, answer.signedStake, answer.totalStake))
}

/// Creates a contract with this code. Returns its address.
pub(super) async fn create(world: &World, runtime: &[u8]) -> Result<Address> {
    let size = u8::try_from(runtime.len())?;
    let init = [&[0x60, size, 0x60, 0x0b, 0x60, 0x00, 0x39, 0x60, size, 0x5f, 0xf3][..], runtime].concat();
    let create = TransactionRequest::default().with_from(world.cast.owner.address).with_deploy_code(init);
    world.chain.transact(create).await?.contract_address.ok_or_eyre("no address")
}

/// A contract that passes calls and ETH on to `target`, and what that answers back.
pub(super) async fn forwarder(world: &World, target: Address) -> Result<Address> {
    let runtime = [
        // calldatacopy(0, 0, calldatasize)
        &alloy::hex!("365f5f37")[..],
        // call(gas, target, callvalue, 0, calldatasize, 0, 0)
        &alloy::hex!("5f5f365f3473"),
        target.as_slice(),
        &alloy::hex!("5af1"),
        // returndatacopy(0, 0, returndatasize), and return or revert
        &alloy::hex!("3d5f5f3e602a573d5ffd5b3d5ff3"),
    ]
    .concat();
    create(world, &runtime).await
}
