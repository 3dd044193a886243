//! Two who differ about a result, and what they play on.

use crate::service::custom::{same_terms, schedule, with};
use crate::service::support::DAY;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, hex};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolError};
use arithmetic::bisection::state;
use arithmetic::fault::MISCOMPUTATION;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IBisection::{
    Computation, ComputationChallenged, GameEnded, bondOfCall, challengeComputationCall, depositOfCall,
    depositOfReturn, executeStepCall, isJudgedCall, judgeStateCall, nameStateCall, passStepCall, positionOfCall,
    positionOfReturn, resolveGameCall,
};
use interfaces::IServiceManager::nameJudgeCall;
use restake::actors::Actor;
use restake::chain::event;
use restake::computation::SignedComputation;
use restake::judgements::miscomputation_id;
use restake::suite::{Parameters, for_services};
use restake_tests::{TASK, World};

/// What each side has on its clock: six hours.
pub(super) const CLOCK: u64 = 21_600;

/// A quarter of what is left of the budget for a wrong result.
pub(super) const WAD: u64 = ONE / 4;

/// A world whose service has a Bisection for judge, and whose crooked operator serves.
pub(super) struct Table {
    pub(super) world: World,
    pub(super) bisection: Address,
    /// The program whose results are signed: the state after n steps of it, from zero, is n.
    pub(super) program: Address,
}

/// A move, as its receipt or as its refusal.
pub(super) type Move = Result<TransactionReceipt>;

impl Table {
    pub(super) async fn new() -> Result<Self> {
        Self::with(|_, _| ()).await
    }

    /// The same with other parameters of the service.
    pub(super) async fn with(change: impl FnOnce(&World, &mut Parameters)) -> Result<Self> {
        let table = Self::judged(with(change).await?).await?;
        let (world, manager) = (&table.world, table.world.suite.service.service_manager);
        let mut terms = same_terms(world);
        terms.wads[usize::from(MISCOMPUTATION)] = WAD;
        world.chain.travel_to(schedule(world, manager, &terms).await?).await?;
        world.join(&world.cast.dishonest, ONE).await?;
        Ok(table)
    }

    /// The same with a service whose terms do not punish wrong results.
    pub(super) async fn switched_off() -> Result<Self> {
        let table = Self::judged(World::new().await?).await?;
        table.world.join(&table.world.cast.dishonest, ONE).await?;
        Ok(table)
    }

    async fn judged(world: World) -> Result<Self> {
        let bisection = deploy(&world, (world.parameters.bond, CLOCK)).await?;
        let judge = nameJudgeCall { kind: MISCOMPUTATION, judge: bisection };
        world.act(&world.cast.owner, world.suite.service.service_manager, &judge).await?;
        // CALLDATALOAD(4) + 1, returned as a word.
        let program = contract(&world, &hex!("60043560010160005260206000f3")).await?;
        Ok(Self { world, bisection, program })
    }

    /// The crooked operator's.
    pub(super) fn operator(&self) -> &Actor {
        &self.world.cast.dishonest
    }

    pub(super) fn challenger(&self) -> &Actor {
        &self.world.cast.challenger
    }

    /// The operator says now that `steps` steps from zero lead to `output`.
    pub(super) async fn sign(&self, steps: u64, output: B256) -> Result<SignedComputation> {
        let program = self.program;
        self.sign_for(Computation { task: TASK, taskTime: 0, program, input: B256::ZERO, output, steps }).await
    }

    /// The same for any computation, whose task is set now.
    pub(super) async fn sign_for(&self, computation: Computation) -> Result<SignedComputation> {
        let computation = Computation { taskTime: self.world.chain.now().await?, ..computation };
        self.world.domain().await?.compute(&self.operator().key, computation)
    }

    /// The challenger opens a game. Returns its number.
    pub(super) async fn open(&self, signed: &SignedComputation) -> Result<u64> {
        self.open_by(self.challenger(), signed).await
    }

    pub(super) async fn open_by(&self, who: &Actor, signed: &SignedComputation) -> Result<u64> {
        let receipt = self.pay(who, &self.opening(signed), self.world.parameters.bond).await?;
        Ok(event::<ComputationChallenged>(&receipt, self.bisection).ok_or_eyre("no game was opened")?.gameId)
    }

    /// The call that opens a game.
    pub(super) fn opening(&self, signed: &SignedComputation) -> challengeComputationCall {
        challengeComputationCall { operator: self.operator().address, evidence: signed.evidence() }
    }

    /// Names the state in the middle, with a deposit where it is due.
    pub(super) async fn name(&self, game_id: u64, state: B256) -> Move {
        let due = if self.deposit().await?.deposit.is_zero() { self.world.parameters.bond } else { U256::ZERO };
        let call = nameStateCall { gameId: game_id, at: self.middle(game_id).await?, state };
        self.pay(self.operator(), &call, due).await
    }

    /// Judges the state that was named.
    pub(super) async fn judge(&self, game_id: u64, agrees: bool) -> Move {
        self.judge_by(self.challenger(), game_id, agrees).await
    }

    pub(super) async fn judge_by(&self, who: &Actor, game_id: u64, agrees: bool) -> Move {
        let (at, state) = (self.middle(game_id).await?, self.position(game_id).await?.middleState);
        self.act(who, &judgeStateCall { gameId: game_id, at, state, agrees }).await
    }

    /// Both play a game until one step is left: each says of a number of steps what it holds for the state after them.
    pub(super) async fn halve(
        &self,
        game_id: u64,
        claimed: impl Fn(u64) -> B256,
        held: impl Fn(u64) -> B256,
    ) -> Result<()> {
        loop {
            let position = self.position(game_id).await?;
            if position.last - position.first <= 1 {
                return Ok(());
            }
            let at = self.middle(game_id).await?;
            self.name(game_id, claimed(at)).await?;
            self.judge(game_id, claimed(at) == held(at)).await?;
        }
    }

    /// Somebody who has nothing to do with it executes the step that is left. Returns how the game ended.
    pub(super) async fn execute(&self, game_id: u64) -> Result<GameEnded> {
        let receipt = self.act(&self.world.cast.alice, &execution(game_id)).await?;
        event::<GameEnded>(&receipt, self.bisection).ok_or_eyre("the game goes on")
    }

    /// Somebody who has nothing to do with it ends a game whose clock ran out.
    pub(super) async fn resolve(&self, game_id: u64) -> Result<GameEnded> {
        let receipt = self.act(&self.world.cast.alice, &resolveGameCall { gameId: game_id }).await?;
        event::<GameEnded>(&receipt, self.bisection).ok_or_eyre("the game goes on")
    }

    pub(super) async fn act<C: SolCall>(&self, who: &Actor, call: &C) -> Move {
        Ok(self.world.act(who, self.bisection, call).await?)
    }

    pub(super) async fn pay<C: SolCall>(&self, who: &Actor, call: &C, value: U256) -> Move {
        Ok(self.world.chain.send(who.address, self.bisection, call, value).await?)
    }

    /// `who` moves, and is refused: nothing changes, neither in the game.
    pub(super) async fn refuse<C: SolCall, E: SolError>(
        &self,
        (who, game_id): (&Actor, u64),
        call: &C,
        value: U256,
        expected: &E,
    ) -> Result<()> {
        let before = self.position(game_id).await?;
        self.world.refuse_paying(who, self.bisection, call, value, expected).await?;
        let after = self.position(game_id).await?;
        ensure!(format!("{before:?}") == format!("{after:?}"), "{} changed the game", C::SIGNATURE);
        Ok(())
    }

    pub(super) async fn position(&self, game_id: u64) -> Result<positionOfReturn> {
        Ok(self.world.chain.view(self.bisection, &positionOfCall { gameId: game_id }).await?)
    }

    pub(super) async fn state(&self, game_id: u64) -> Result<u8> {
        Ok(self.position(game_id).await?.state)
    }

    /// The number of steps after which the state is named next.
    pub(super) async fn middle(&self, game_id: u64) -> Result<u64> {
        let position = self.position(game_id).await?;
        Ok(position.first + (position.last - position.first) / 2)
    }

    /// The operator's deposit, and for how many games it stands.
    pub(super) async fn deposit(&self) -> Result<depositOfReturn> {
        let call = depositOfCall { operator: self.operator().address };
        Ok(self.world.chain.view(self.bisection, &call).await?)
    }

    /// What `who` can withdraw (wei).
    pub(super) async fn credit(&self, who: &Actor) -> Result<U256> {
        Ok(self.world.chain.view(self.bisection, &bondOfCall { account: who.address }).await?)
    }

    /// What the Bisection holds (wei).
    pub(super) async fn held(&self) -> Result<U256> {
        self.world.chain.balance(self.bisection).await
    }

    /// Whether a result is proven wrong.
    pub(super) async fn is_judged(&self, signed: &SignedComputation) -> Result<bool> {
        let hash = self.world.domain().await?.computation_hash(&signed.computation);
        let evidence = miscomputation_id(self.operator().address, hash);
        Ok(self.world.chain.view(self.bisection, &isJudgedCall { evidence }).await?)
    }

    /// Lets the turn end in its last second. Returns when that is.
    pub(super) async fn wait(&self, game_id: u64) -> Result<u64> {
        let deadline = self.position(game_id).await?.deadline;
        self.world.chain.travel_to(deadline).await?;
        Ok(deadline)
    }

    /// A game about one step, whose result is wrong if `wrong`.
    pub(super) async fn one_step(&self, wrong: bool) -> Result<u64> {
        let id = self.open(&self.sign(1, number(if wrong { 7 } else { 1 })).await?).await?;
        ensure!(self.state(id).await? == state::CHALLENGER);
        Ok(id)
    }
}

/// The state after so many steps.
pub(super) fn number(steps: u64) -> B256 {
    B256::from(U256::from(steps))
}

/// What an operator says that goes wrong with the step after `right` steps: one more from there on.
pub(super) fn wrong_after(right: u64) -> impl Fn(u64) -> B256 {
    move |steps| if steps > right { B256::from(U256::from(steps) + U256::ONE) } else { number(steps) }
}

/// The call that executes the step that is left: the program reads no witness.
pub(super) fn execution(game_id: u64) -> executeStepCall {
    executeStepCall { gameId: game_id, witness: Bytes::new() }
}

/// The call that leaves the step to the operator.
pub(super) fn passing(game_id: u64) -> passStepCall {
    passStepCall { gameId: game_id }
}

/// A Bisection of the world's service, with a bond and a clock.
pub(super) async fn deploy(world: &World, (bond, clock): (U256, u64)) -> Result<Address> {
    let programs = restake_tests::programs::for_services().await?;
    let owner = world.cast.owner.address;
    for_services::bisection(&world.chain, owner, programs, &world.suite.service, (bond, clock)).await
}

/// A contract with this code.
pub(super) async fn contract(world: &World, runtime: &[u8]) -> Result<Address> {
    let length = u8::try_from(runtime.len())?;
    // CODECOPY(0, 9, length), RETURN(0, length); the runtime code follows these 9 bytes.
    let init_code = [&[0x60, length, 0x80, 0x60, 0x09, 0x3d, 0x39, 0x3d, 0xf3], runtime].concat();
    let create = TransactionRequest::default().with_from(world.cast.owner.address).with_deploy_code(init_code);
    world.chain.transact(create).await?.contract_address.ok_or_eyre("a creation without an address")
}

/// The gas that an account spent in the transaction.
pub(super) fn gas_of(receipt: &TransactionReceipt) -> U256 {
    U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price)
}

/// What an account has (wei).
pub(super) async fn balance(table: &Table, who: &Actor) -> Result<U256> {
    Ok(table.world.chain.provider().get_balance(who.address).await?)
}

const _: () = assert!(CLOCK * 4 <= 3 * DAY, "a quarter of the window at most");
