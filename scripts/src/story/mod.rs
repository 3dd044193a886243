//! The whole restaking story, played on a chain and told so that a person understands it. Every number that it prints
//! is read from the chain, and it fails if anything does not come out as it says.

mod dispute;
mod redeeming;
mod restaking;
mod self_slash;
mod staking;
mod teller;

use crate::actors::Cast;
use crate::attestation::Domain;
use crate::balances::units;
use crate::chain::Chain;
use crate::suite::{Parameters, Service, Suite};
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use arithmetic::fault::{EQUIVOCATION, ROOM};
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::{IERC20, ILens};
use teller::Teller;

/// One ETH, or one token of 18 decimals, in base units.
const ETHER: u128 = 1_000_000_000_000_000_000;

/// When the story begins (Unix seconds): one day into an epoch. With time that only the story moves, it is the same
/// story, to the unit of gas, whenever it is played.
pub const BEGINS: u64 = 2_960 * EPOCH_SECONDS + 24 * 60 * 60;

/// What the story is played with: an equivocation costs all of the budget that the operator granted, nothing else is
/// punished, and an operator joins with 20 tokens that the service could take.
///
/// # Errors
/// If there were no such kind of fault.
pub fn parameters(recipient: Address) -> Result<Parameters> {
    let example = Parameters::example(recipient);
    Ok(Parameters { minimum_stake: 20 * ETHER, wads: all_for(EQUIVOCATION)?, ..example })
}

/// Plays the story on a suite that was freshly deployed with [`parameters`], and writes it to standard output.
///
/// # Errors
/// If a step fails, a call does not revert that should, or a balance is not what the story says.
pub async fn play(chain: &Chain, suite: &Suite, cast: &Cast, parameters: &Parameters) -> Result<()> {
    let mut teller = Teller::new(chain, suite, cast).await?;
    introduce(&teller, parameters);
    staking::play(&mut teller).await?;
    let bobs_epoch = dispute::play(&mut teller, parameters).await?;
    let slashed_epoch = self_slash::play(&mut teller, parameters).await?;
    let alices_epoch = redeeming::play(&mut teller, bobs_epoch, slashed_epoch).await?;
    restaking::play(&mut teller, parameters, alices_epoch).await?;
    close_the_books(&mut teller).await
}

fn introduce(teller: &Teller<'_>, parameters: &Parameters) {
    teller.say(&format!(
        "Restaking lets one pool of staked ETH secure many services. Alice and Bob own lsETH, a liquid staking token. \
         They put it at stake with operators, who run services. An operator grants a service a part of its stake that \
         only this service can slash. The first service's terms: who gives two different answers to one task loses all \
         of that part; {} % of it goes to whoever proves it, and the rest to an insurance fund for the users who were \
         harmed. An accusation costs a bond of {} ETH, lost if it is false. Leaving takes one to two weeks, so that \
         nobody can run from a slash.",
        percent(parameters.challenger_share),
        units(parameters.bond),
    ));
}

/// Terms that punish one kind of fault by the whole budget, and no other.
fn all_for(kind: u8) -> Result<[u64; ROOM]> {
    let mut wads = [0; ROOM];
    *wads.get_mut(usize::from(kind)).ok_or_eyre("no such kind of fault")? = ONE;
    Ok(wads)
}

/// A wad in percent.
fn percent(wad: u64) -> u64 {
    wad / (ONE / 100)
}

/// Percent as a wad.
fn wad(percent: u64) -> u64 {
    ONE / 100 * percent
}

/// What signatures for a service are made in.
async fn domain(teller: &Teller<'_>, service: Service) -> Result<Domain> {
    Ok(Domain::new(teller.chain.provider().get_chain_id().await?, service.service_manager))
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
