//! Receipts as collateral.

use crate::output::{self, Output};
use clap::Args;
use eyre::{Result, WrapErr, ensure};
use restake::amounts::{Amount, ETHER_DECIMALS, Fraction};
use restake_simulator::leverage::Scenario;
use restake_simulator::report::tables;

/// A lending market for a receipt.
#[derive(Debug, Args)]
pub(crate) struct Leverage {
    /// What those hold who do not borrow (ETH)
    #[arg(long, default_value = "10000", value_name = "AMOUNT")]
    holders: Amount,
    /// How many borrow, the first little and the last as much as is allowed
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    borrowers: u32,
    /// What each of them begins with (ETH)
    #[arg(long, default_value = "100", value_name = "AMOUNT")]
    equity: Amount,
    /// How often each borrows and stakes what was borrowed
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(..=1_000))]
    turns: u32,
    /// What can be borrowed, of the collateral
    #[arg(long, default_value = "93%", value_name = "PART")]
    loan_to_value: Fraction,
    /// What can be owed, of the collateral, before it is sold
    #[arg(long, default_value = "94%", value_name = "PART")]
    liquidation_threshold: Fraction,
    /// What liquidators get above the debt
    #[arg(long, default_value = "1%", value_name = "PART")]
    bonus: Fraction,
    /// The ETH in the pool where receipts are sold
    #[arg(long, default_value = "3000", value_name = "AMOUNT")]
    depth: Amount,
    /// What the receipt loses in a slash
    #[arg(long, default_value = "2%", value_name = "PART")]
    fall: Fraction,
    #[command(flatten)]
    output: Output,
}

impl Leverage {
    /// Up, and down.
    pub(crate) fn run(&self) -> Result<()> {
        let amount = |amount: &Amount| {
            let parsed = amount.base_units(ETHER_DECIMALS, u128::MAX).wrap_err("an amount of ETH is needed")?;
            ensure!(parsed < 1 << 120, "{amount} is more than there can be");
            Ok(parsed)
        };
        let scenario = Scenario {
            holders: amount(&self.holders)?,
            borrowers: self.borrowers,
            equity: amount(&self.equity)?,
            turns: self.turns,
            loan_to_value: self.loan_to_value.0,
            liquidation_threshold: self.liquidation_threshold.0,
            bonus: self.bonus.0,
            depth: amount(&self.depth)?,
            fall: self.fall.0,
        };
        ensure!(self.fall.0 < arithmetic::wad::ONE, "a receipt that is worth nothing is not sold");
        let tables = [tables::leverage_up(&scenario), tables::leverage_down(&scenario)];
        self.output.show(&tables, &[output::prices(&scenario)])
    }
}
