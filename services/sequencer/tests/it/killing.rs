//! Players that are killed at each move, and started again.

use crate::stage::{Stage, wait};
use eyre::{Result, ensure};
use interfaces::IBisection::gameCountCall;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_at_any_move_plays_on() -> Result<()> {
    let stage = Stage::new().await?;
    let (cast, chain) = (&stage.world.cast, &stage.world.chain);
    let mut lying = stage.operator(&cast.dishonest, true, true).await?;
    let mut challenger = stage.challenger(&cast.challenger).await?;
    stage.after_listening().await?;
    let (mut before, mut kills) = ((0, 0, 0), 0);
    loop {
        let moved = async || {
            let at = stage.position(0).await?;
            let now = (at.state, at.first, at.last);
            Ok((now != before).then_some(now))
        };
        before = wait("a move", moved).await?;
        if before.0 >= 5 {
            break;
        }
        lying.kill().await;
        challenger.kill().await;
        kills += 1;
        // It knows from its store that it lied, and what.
        lying = stage.operator(&cast.dishonest, true, true).await?;
        challenger = stage.challenger(&cast.challenger).await?;
    }
    assert_eq!(before.0, 5, "the result is wrong");
    ensure!(kills >= 5, "only {kills} moves");
    ensure!(stage.is_frozen(cast.dishonest.address).await?, "it is not frozen");
    assert_eq!(chain.view(stage.bisection, &gameCountCall {}).await?, 1, "one result, one game");
    Ok(())
}
