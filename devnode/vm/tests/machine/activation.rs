//! Activation: gas, fee, refund, event, and how it fails.

use crate::chain::*;

#[test]
fn smoke() {
    let mut chain = Chain::new();
    let program = chain.program(&wat("", "", "", 0));
    let execution = chain.call(program, Vec::new());
    let start = chain.start_gas(program);
    println!("{:?} {} {}", execution.outcome, execution.gas_used, start);
    assert_eq!(execution.gas_used, 21_000 + start + 1);
}
