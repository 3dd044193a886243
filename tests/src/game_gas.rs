//! What games about computations cost, by the number of steps: what each side pays for all of its turns.

use crate::programs::{deploy_program, for_services, steps};
use crate::token::Token;
use crate::world::World;
use alloy::primitives::{B256, Bytes, U256};
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IBisection::{
    Computation, challengeComputationCall, executeStepCall, judgeStateCall, nameStateCall, positionOfCall,
};
use restake::actors::Actor;
use restake::suite::cache::{cache_programs, evict_programs};
use restake::suite::judged::judge_computations;
use restake_computation::{Execution, Tree};
use transfers::{Account, Batch, Transfer};

/// The numbers of steps: 2 to the power of these.
pub const EXPONENTS: [u32; 3] = [10, 20, 40];

/// What each side has on its clock (seconds).
const CLOCK: u64 = 21_600;

/// What a game cost (gas).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GameCost {
    /// Of 2 to the power of so many steps: each side has so many turns.
    pub exponent: u32,
    /// Opening it.
    pub opening: u64,
    /// All states that the operator named, the first one with its deposit.
    pub naming: u64,
    /// All that the challenger judged.
    pub judging: u64,
    /// The step that was left, the freeze with it.
    pub step: u64,
}

impl GameCost {
    /// What the operator paid.
    pub fn operator(&self) -> u64 {
        self.naming
    }

    /// What the challenger paid.
    pub fn challenger(&self) -> u64 {
        self.opening + self.judging + self.step
    }
}

/// Plays a game of each size, in the state that costs most: the first step is the wrong one, so that every turn changes
/// the state that is claimed.
///
/// # Errors
/// If a move fails.
pub async fn measure_games(cached: bool) -> Result<Vec<GameCost>> {
    let mut costs = Vec::new();
    for exponent in EXPONENTS {
        costs.push(play(exponent, cached).await?);
    }
    Ok(costs)
}

async fn play(exponent: u32, cached: bool) -> Result<GameCost> {
    let world = World::with(Token::Own).await?;
    let (owner, chain, service) = (&world.cast.owner, &world.chain, world.suite.service);
    let (operator, challenger, bond) = (&world.cast.dishonest, &world.cast.challenger, world.parameters.bond);
    let (programs, game) = (for_services().await?, (bond, CLOCK));
    let (bisection, effective_at) = judge_computations(chain, owner.address, programs, &service, game, ONE / 4).await?;
    let transfers = steps().await?.iter().find(|program| program.name == "transfers").ok_or_eyre("no transfers")?;
    let program = deploy_program(chain, owner.address, transfers).await?;
    chain.travel_to(effective_at).await?;
    world.join(operator, ONE).await?;
    let mut programs: Vec<_> =
        world.suite.programs(&world.parameters).into_iter().map(|(_, program)| program).collect();
    programs.extend([bisection, program]);
    let done = if cached {
        cache_programs(&world.url, &programs).await?
    } else {
        evict_programs(&world.url, &programs).await?
    };
    ensure!(done, "this chain keeps its cache");

    let states = Execution::run(batch(), 1)?;
    let (steps, output) = (1u64 << exponent, B256::repeat_byte(0xee));
    let task_time = chain.now().await?;
    let input = states.hash_at(0)?;
    let computation = Computation { task: crate::TASK, taskTime: task_time, program, input, output, steps };
    let evidence = world.domain().await?.compute(&operator.key, computation)?.evidence();
    let pay = async |who: &Actor, call: Vec<u8>, value| -> Result<u64> {
        let request = alloy::rpc::types::TransactionRequest::default().from(who.address).to(bisection).value(value);
        Ok(chain.transact(request.input(Bytes::from(call).into())).await?.gas_used)
    };
    let open = challengeComputationCall { operator: operator.address, evidence };
    let opening = pay(challenger, open.abi_encode(), bond).await?;
    let (mut naming, mut judging) = (0, 0);
    for turn in 1..=exponent {
        let (at, state) = (steps >> turn, B256::repeat_byte(u8::try_from(turn)?));
        let due = if turn == 1 { bond } else { U256::ZERO };
        naming += pay(operator, nameStateCall { gameId: 0, at, state }.abi_encode(), due).await?;
        judging +=
            pay(challenger, judgeStateCall { gameId: 0, at, state, agrees: false }.abi_encode(), U256::ZERO).await?;
    }
    let call = executeStepCall { gameId: 0, witness: states.witness_at(0)?.into() };
    let step = pay(challenger, call.abi_encode(), U256::ZERO).await?;
    let state = chain.view(bisection, &positionOfCall { gameId: 0 }).await?.state;
    ensure!(state == arithmetic::bisection::state::UPHELD, "the game ended in state {state}");
    Ok(GameCost { exponent, opening, naming, judging, step })
}

/// A thousand accounts and a batch of a thousand transfers.
fn batch() -> Batch<Tree> {
    const COUNT: u32 = 1_000;
    let account = Account { balance: 1_000_000, nonce: 0 }.encode();
    let transfer = |index| Transfer { from: index, to: COUNT - 1 - index, amount: 1_000, nonce: 0 }.encode();
    Batch {
        accounts: Tree::from_iter((0..COUNT).map(|index| (index, account))),
        transfers: Tree::from_iter((0..COUNT).map(|index| (index, transfer(index)))),
        length: COUNT,
        next: 0,
    }
}
