//! Games that are played to their ends.

use crate::stage::{CLOCK, Stage, published, wait};
use alloy::primitives::U256;
use arithmetic::bisection::Position;
use arithmetic::bisection::state::{CHALLENGER, REJECTED, UPHELD};
use eyre::{Result, ensure};
use interfaces::IBisection::{depositOfCall, gameCountCall};
use interfaces::ISlasher::requestHashCall;
use restake::verbs::game;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_result_is_found_bisected_and_slashed_by_nobodys_hand() -> Result<()> {
    let stage = Stage::new().await?;
    let (cast, chain) = (&stage.world.cast, &stage.world.chain);
    let honest = stage.operator(&cast.honest, false, true).await?;
    let lying = stage.operator(&cast.dishonest, true, true).await?;
    let challenger = stage.challenger(&cast.challenger).await?;
    stage.after_listening().await?;
    assert_eq!(stage.over(0).await?, UPHELD);
    ensure!(stage.is_frozen(cast.dishonest.address).await?, "it is not frozen");
    // The slash is executed by the challenger when it is due, with that the operator is released.
    let request = async || {
        let hash = chain.view(stage.world.suite.slasher, &requestHashCall { requestId: 0 }).await?;
        Ok(hash.is_zero().then_some(()))
    };
    chain.travel_to(chain.now().await? + 2 * 24 * 3_600 + 1).await?;
    wait("the slash", request).await?;
    ensure!(!stage.is_frozen(cast.dishonest.address).await?, "it is frozen still");
    // Nobody else was doubted, and the liar told the truth from then on.
    assert_eq!(chain.view(stage.bisection, &gameCountCall {}).await?, 1);
    ensure!(honest.is_running() && lying.is_running() && challenger.is_running(), "somebody ended");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_that_is_away_loses_by_its_clock() -> Result<()> {
    let stage = Stage::new().await?;
    let (cast, chain) = (&stage.world.cast, &stage.world.chain);
    let lying = stage.operator(&cast.dishonest, true, false).await?;
    let challenger = stage.challenger(&cast.challenger).await?;
    stage.after_listening().await?;
    let opened = async || Ok((stage.position(0).await?.state == 1).then_some(()));
    wait("the game", opened).await?;
    lying.kill().await;
    chain.travel_to(stage.position(0).await?.deadline + 1).await?;
    assert_eq!(stage.over(0).await?, UPHELD);
    ensure!(stage.is_frozen(cast.dishonest.address).await?, "it is not frozen");
    ensure!(challenger.is_running(), "the challenger ended");
    Ok(())
}

/// A challenger that disagrees whatever it is told, or stops in the middle: the bond is the operator's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_result_that_is_attacked_brings_the_operator_the_bond() -> Result<()> {
    let stage = Stage::new().await?;
    let (cast, chain) = (&stage.world.cast, &stage.world.chain);
    let mut listener = stage.listen();
    let honest = stage.operator(&cast.honest, false, true).await?;
    stage.after_listening().await?;
    let claim = published(&mut listener, cast.honest.address).await?;
    let (attacker, operator) = (cast.accuser.address, cast.honest.address);
    for (id, stops) in [(0, false), (1, true)] {
        let before = chain.balance(operator).await?;
        game::open(stage.bisection, operator, &claim.signed(), stage.bond()).send(chain, attacker).await?;
        loop {
            let named = async || {
                let at = stage.position(id).await?;
                Ok((at.state == CHALLENGER || at.state >= UPHELD).then_some(at))
            };
            let at = wait("a move", named).await?;
            let range = Position { first: at.first, last: at.last, ..Position::default() };
            if at.state >= UPHELD || range.is_one_step() {
                break;
            }
            if stops {
                chain.travel_to(at.deadline + 1).await?;
                break;
            }
            game::judge(stage.bisection, id, range.middle(), at.middleState, false).send(chain, attacker).await?;
        }
        assert_eq!(stage.over(id).await?, REJECTED);
        // It paid one deposit, for all of its games, and gas.
        let deposit = chain.view(stage.bisection, &depositOfCall { operator }).await?;
        assert_eq!((deposit.deposit, deposit.openGames), (stage.bond(), 0));
        let paid = if id == 0 { stage.bond() } else { U256::ZERO };
        let gas = U256::from(10u64.pow(16));
        let richer = async || Ok((chain.balance(operator).await? + paid + gas > before + stage.bond()).then_some(()));
        wait("the bond", richer).await?;
    }
    ensure!(honest.is_running() && !stage.is_frozen(operator).await?, "the operator");
    assert_eq!(CLOCK, 3_600);
    Ok(())
}
