//! The whole restaking story, played on a chain and told so that a person understands it. Every number that it prints is read from the chain, and it fails if
//! anything does not come out as it says.

mod dispute;
mod redeeming;
mod restaking;
mod staking;
mod teller;

use crate::actors::Cast;
use crate::balances::units;
use crate::chain::Chain;
use crate::suite::{Parameters, Suite};
use alloy::primitives::U256;
use arithmetic::time::EPOCH_SECONDS;
use eyre::Result;
use interfaces::{IERC20, ILens};
use teller::Teller;

/// One ETH, or one token of 18 decimals, in base units.
const ETHER: u128 = 1_000_000_000_000_000_000;

/// When the story begins (Unix seconds): one day into an epoch. With time that only the story moves, it is the same story, to the unit of gas, whenever it is played.
pub const BEGINS: u64 = 2_960 * EPOCH_SECONDS + 24 * 60 * 60;

/// Plays the story on a freshly deployed suite and writes it to standard output.
///
/// # Errors
/// If a step fails, a refusal does not come, or a balance is not what the story says.
pub async fn play(chain: &Chain, suite: &Suite, cast: &Cast, parameters: &Parameters) -> Result<()> {
    let mut teller = Teller::new(chain, suite, cast).await?;
    introduce(&teller, parameters);
    staking::play(&mut teller).await?;
    let released = dispute::play(&mut teller, parameters).await?;
    redeeming::play(&mut teller, &released).await?;
    restaking::play(&mut teller, parameters).await?;
    close_the_books(&mut teller).await
}

fn introduce(teller: &Teller<'_>, parameters: &Parameters) {
    teller.say(&format!(
        "Restaking lets one pool of staked ETH secure many services. Alice and Bob own lsETH, a liquid staking token. They put it at stake with operators, who \
         run a service. The service's terms: who gives two different answers to one task loses {} % of its stake, {} % of which goes to whoever proves it and the \
         rest to an insurance fund for the users it harmed. An accusation costs a bond of {} ETH, lost if it is false. Leaving takes one to two weeks, so that nobody can run \
         from a slash.",
        percent(parameters.equivocation_wad),
        percent(parameters.challenger_share),
        units(parameters.bond),
    ));
}

/// A wad in percent.
fn percent(wad: u64) -> u64 {
    wad / (arithmetic::wad::ONE / 100)
}

/// At the end nothing is missing and nothing is left over.
async fn close_the_books(teller: &mut Teller<'_>) -> Result<()> {
    teller.act("The books");
    let (chain, suite) = (teller.chain, teller.suite);
    let held = chain.view(suite.token, &IERC20::balanceOfCall { account: suite.token_pool }).await?;
    let owed = chain.view(suite.lens, &ILens::strategyCall { token: suite.token }).await?.owed;
    let claims =
        teller.now().sum("lsETH at stake") + teller.now().sum("lsETH leaving") + teller.now().sum("lsETH of slashed");
    teller.expect("the vault holds exactly what the ledger owes", held, U256::from(owed))?;
    teller.expect("which is exactly what everyone can still claim", claims, held)?;
    teller.say(&format!(
        "The vault holds {} lsETH, the ledger owes {}, and everyone together can claim {}: not one wei is missing.",
        units(held),
        units(U256::from(owed)),
        units(claims)
    ));
    Ok(())
}
