//! A service that is just an account, the owner's: it slashes the crooked operator by any fraction, where the suite's
//! service wants a proof and has fixed terms.

use alloy::primitives::Address;
use alloy::rpc::types::TransactionReceipt;
use arithmetic::wad;
use eyre::Result;
use interfaces::ISlasher;
use restake_tests::{Attack, World};

/// The crooked operator lets the account slash everything.
pub(super) async fn grant_everything(world: &World) -> Result<()> {
    let grant = World::grant_call(world.cast.owner.address, wad::ONE);
    world.act(&world.cast.dishonest, world.suite.slasher, &grant).await?;
    Ok(())
}

/// The crooked operator lets the account slash all but `left` (wad) of everything; and in the shared tier the honest
/// operator a hundredth, so that something is granted still, and the magnitude not one again, when all but `left` is
/// gone.
pub(super) async fn grant_all_but(world: &World, left: u64) -> Result<()> {
    let grant = World::grant_call(world.cast.owner.address, wad::ONE - left);
    world.act(&world.cast.dishonest, world.suite.slasher, &grant).await?;
    let (service, budget) = (world.honest(), wad::ONE / 100);
    let shared = ISlasher::optIntoSlashingCall { serviceManager: service, budget, exclusive: false };
    world.act(&world.cast.dishonest, world.suite.slasher, &shared).await?;
    Ok(())
}

/// The account freezes the crooked operator and asks for `wad` of what is left of its budget: a tenth for the
/// challenger, the rest for the insurance fund.
pub(super) async fn freeze(world: &World, wad: u64) -> Result<Attack> {
    let request = ISlasher::freezeOperatorCall {
        operator: world.dishonest(),
        wad,
        challenger: world.cast.challenger.address,
        challengerShare: wad::ONE / 10,
        recipient: world.cast.fund.address,
        resolver: Address::ZERO,
    };
    let receipt = world.act(&world.cast.owner, world.suite.slasher, &request).await?;
    Attack::of(&receipt, world.suite.slasher)
}

/// The same, executed after the challenge period of two days.
pub(super) async fn slash(world: &World, wad: u64) -> Result<TransactionReceipt> {
    let attack = freeze(world, wad).await?;
    world.execute(&attack).await
}
