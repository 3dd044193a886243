//! What the staked token's own operations cost, each in a transaction of its own.

use crate::gas::{ALLOWANCE, prepared};
use crate::spent::intrinsic;
use crate::token::Token;
use crate::world::{World, ether, wei};
use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use eyre::Result;
use interfaces::IERC20;
use restake::actors::Actor;

/// What a call cost.
#[derive(Debug, Clone, Copy)]
pub struct CallCost {
    /// As the receipt says.
    pub gas: u64,
    /// What a transaction with its data costs that does nothing.
    pub intrinsic: u64,
}

impl CallCost {
    /// What it costs whoever calls in the middle of a transaction, the price of the call not included.
    pub(crate) fn execution(self) -> u64 {
        self.gas.saturating_sub(self.intrinsic)
    }
}

/// What the operations cost of accounts that hold the token before and after.
#[derive(Debug, Clone, Copy)]
pub struct TokenCosts {
    /// The first allowance of a spender.
    pub approve: CallCost,
    /// By who owns it.
    pub transfer: CallCost,
    /// By who has the allowance that the TokenPool has.
    pub transfer_from: CallCost,
    /// The question about a balance, asked by a transaction.
    pub balance_of: CallCost,
}

impl TokenCosts {
    /// The operations with their names, and what the peer's token cost in the same state: recorded.
    pub(crate) fn named(&self) -> [(&'static str, CallCost, Option<u64>); 4] {
        [
            ("approve: the first of a spender", self.approve, Some(46_256)),
            ("transfer", self.transfer, Some(34_502)),
            ("transferFrom", self.transfer_from, Some(42_358)),
            ("balanceOf, asked by a transaction", self.balance_of, None),
        ]
    }
}

/// Measures a token.
///
/// # Errors
/// If an operation fails.
pub async fn measure_token(token: Token, cached: bool) -> Result<TokenCosts> {
    let world = prepared(token, cached).await?;
    let (alice, bob, spender) = (&world.cast.alice, &world.cast.bob, &world.cast.challenger);
    for actor in [alice, bob] {
        world.fund(actor, ether(1_000)).await?;
    }
    let (to, from, value) = (bob.address, alice.address, wei(ether(10)));
    let approve = IERC20::approveCall { spender: spender.address, value: wei(ALLOWANCE) };
    Ok(TokenCosts {
        approve: cost(&world, alice, &approve).await?,
        transfer: cost(&world, alice, &IERC20::transferCall { to, value }).await?,
        transfer_from: cost(&world, spender, &IERC20::transferFromCall { from, to, value }).await?,
        balance_of: cost(&world, spender, &IERC20::balanceOfCall { account: Address::ZERO }).await?,
    })
}

async fn cost<C: SolCall>(world: &World, who: &Actor, call: &C) -> Result<CallCost> {
    let receipt = world.act(who, world.token(), call).await?;
    Ok(CallCost { gas: receipt.gas_used, intrinsic: intrinsic(&call.abi_encode()) })
}
