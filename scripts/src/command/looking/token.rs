//! What accounts hold, and what a receipt is worth.

use super::super::session::Session;
use super::show;
use alloy::primitives::{Address, U256};
use eyre::Result;
use interfaces::{IERC20, ILiquidRestakingToken};
use restake::amounts::format;
use serde_json::json;

/// The decimals of rates.
const WAD_DECIMALS: u8 = 18;

pub(crate) async fn rate(session: &Session) -> Result<()> {
    let receipt = session.suite.restaking_token;
    let rate = session.chain.view(receipt, &ILiquidRestakingToken::rateCall {}).await?;
    let exit = session.chain.view(receipt, &ILiquidRestakingToken::exitRateCall {}).await?;
    let written = |rate: u128| format(U256::from(rate), WAD_DECIMALS);
    let lines = [
        format!("A receipt is worth {}", written(rate)),
        format!("and {} if all pending slashes are executed", written(exit)),
    ];
    show(session, &lines, &json!({ "rate": rate.to_string(), "exitRate": exit.to_string() }));
    Ok(())
}

pub(crate) async fn balance(session: &Session, account: Address) -> Result<()> {
    let (suite, chain) = (&session.suite, &session.chain);
    let tokens = chain.view(suite.token, &IERC20::balanceOfCall { account }).await?;
    let receipts = chain.view(suite.restaking_token, &IERC20::balanceOfCall { account }).await?;
    let ether = chain.balance(account).await?;
    let symbol = chain.view(suite.token, &IERC20::symbolCall {}).await?;
    let receipt = chain.view(suite.restaking_token, &IERC20::symbolCall {}).await?;
    let written = |amount: U256| format(amount, WAD_DECIMALS);
    let line = format!(
        "{}: {} ETH, {} {symbol}, {} {receipt}",
        session.people.name(account),
        written(ether),
        written(tokens),
        written(receipts)
    );
    let value = json!({
        "account": account, "ether": ether.to_string(), "tokens": tokens.to_string(), "receipts": receipts.to_string()
    });
    show(session, &[line], &value);
    Ok(())
}
