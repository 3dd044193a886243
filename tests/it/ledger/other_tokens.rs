//! Tokens beside the suite's: a second one of the same code, and hand-written EVM contracts that do what no token
//! should.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, hex};
use alloy::rpc::types::TransactionRequest;
use eyre::{OptionExt, Result};
use interfaces::IERC20;
use restake_tests::World;

/// What a hand-written token answers to a transfer, in EVM code.
pub(super) mod answers {
    use alloy::primitives::hex;
    use alloy::sol_types::SolCall;
    use interfaces::ITokenPool::strategyManagerCall;

    /// Nothing: STOP.
    pub(crate) const NOTHING: &[u8] = &hex!("00");
    /// `true`: MSTORE(0, 1), RETURN(0, 32).
    pub(crate) const TRUE: &[u8] = &hex!("60015f5260205ff3");
    /// `false`: RETURN(0, 32) of memory that is zero.
    pub(crate) const FALSE: &[u8] = &hex!("60205ff3");
    /// The number two: MSTORE(0, 2), RETURN(0, 32).
    pub(crate) const TWO: &[u8] = &hex!("60025f5260205ff3");
    /// `true` with a bit in its first byte: MSTORE(0, 1), MSTORE8(0, 1), RETURN(0, 32).
    pub(crate) const TRUE_AND_MORE: &[u8] = &hex!("60015f5260015f5360205ff3");
    /// `true` in the second of two words: MSTORE(32, 1), RETURN(0, 64).
    pub(crate) const TWO_WORDS: &[u8] = &hex!("600160205260405ff3");
    /// `true` to `transferFrom` (23b872dd), `false` to `transfer`: MSTORE(0, CALLDATALOAD(0) >> 224 == 23b872dd),
    /// RETURN(0, 32).
    pub(crate) const FALSE_WHEN_PAYING_OUT: &[u8] = &hex!("5f3560e01c6323b872dd145f5260205ff3");

    /// Calls `strategyManager()` of its caller, a view, and answers whether that was refused: MSTORE(0, selector <<
    /// 224), MSTORE(0, ISZERO(CALL(GAS, CALLER, 0, 0, 4, 0, 0))), RETURN(0, 32).
    pub(crate) fn whether_calling_back_is_refused() -> Vec<u8> {
        [&hex!("63")[..], &strategyManagerCall::SELECTOR, &hex!("60e01b5f525f5f60045f5f335af1155f5260205ff3")].concat()
    }
}

/// A second liquid staking token, not listed: the first one's code at another address, active already.
pub(super) async fn second_token(world: &World) -> Result<Address> {
    world.copy_of(world.token()).await
}

/// Creates a contract that is only this runtime code.
pub(super) async fn contract(world: &World, runtime: &[u8]) -> Result<Address> {
    let length = u8::try_from(runtime.len())?;
    // CODECOPY(0, 9, length), RETURN(0, length); the runtime code follows these 9 bytes.
    let init_code = [&[0x60, length, 0x80, 0x60, 0x09, 0x3d, 0x39, 0x3d, 0xf3], runtime].concat();
    create(world, init_code.into()).await
}

async fn create(world: &World, init_code: Bytes) -> Result<Address> {
    let create = TransactionRequest::default().with_from(world.cast.owner.address).with_deploy_code(init_code);
    world.chain.transact(create).await?.contract_address.ok_or_eyre("a creation without an address")
}

/// A token that lets everyone spend without end, keeps `fee` base units of each transfer and answers transfers with
/// `answer`. Listed, with the highest cap.
pub(super) async fn hand_written_token(world: &World, fee: u8, answer: &[u8]) -> Result<Address> {
    // Balances are in storage under the account itself. Stacks are noted with their top on the right.
    let parts: [&[u8]; 9] = [
        // The selector: balanceOf is at 0x22, transferFrom at 0x2d.
        &hex!("5f3560e01c" "806370a0823114602257" "6323b872dd14602d57"),
        // transfer: [from = the caller, to, value], on to 0x37.
        &hex!("33" "600435" "602435" "603756"),
        // 0x22, balanceOf: RETURN(SLOAD(account)).
        &hex!("5b" "600435545f5260205ff3"),
        // 0x2d, transferFrom: [from, to, value].
        &hex!("5b" "600435" "602435" "604435"),
        // 0x37: balance[from] -= value, whether it is there or not.
        &hex!("5b" "80835403" "8355"),
        // [from, to, value - fee].
        &[0x60, fee],
        &hex!("9003"),
        // balance[to] += value - fee.
        &hex!("815401" "9055"),
        answer,
    ];
    let token = contract(world, &parts.concat()).await?;
    list(world, token, arithmetic::pool::MAX_AMOUNT).await?;
    Ok(token)
}

/// The owner lists `token`.
pub(super) async fn list(world: &World, token: Address, cap: u128) -> Result<()> {
    world.act(&world.cast.owner, world.suite.governance, &World::list_call(token, cap)).await?;
    Ok(())
}

/// Base units of `token` that `account` holds.
pub(super) async fn held(world: &World, token: Address, account: Address) -> Result<U256> {
    Ok(world.chain.view(token, &IERC20::balanceOfCall { account }).await?)
}
