//! What the receipt costs with eight operators, the most.

use eyre::{OptionExt, Result};
use restake_tests::receipt_gas::measure_receipt;

#[tokio::test]
async fn a_receipt_of_eight_operators_is_affordable_for_holders_and_integrators() -> Result<()> {
    let gas = measure_receipt(true).await?;
    let of =
        |name: &str| gas.iter().find(|(other, _)| *other == name).map(|(_, used)| *used).ok_or_eyre("not measured");
    let published = [
        ("rate", 150_000),
        ("deposit", 250_000),
        ("requestRedemption: first of the epoch", 600_000),
        ("claimRedemption: the pots are there", 300_000),
    ];
    for (name, most) in published {
        // A contract that asks for the rate pays for no transaction.
        let intrinsic = if name == "rate" { 21_000 } else { 0 };
        let used = of(name)?;
        assert!(used - intrinsic < most, "{name} costs {used} gas, more than {most}");
    }
    // Who does not wait pays less than for two transactions.
    assert!(of("depositAndStake")? < of("deposit")? + of("stakeIdleWithOne")?);
    Ok(())
}
