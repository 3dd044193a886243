//! A program that ends before its entry point returns. The program cannot look at its ink afterwards, so the chain's
//! ink price is set to one: one ink is one gas.

use super::probe::imports;
use crate::chain::*;
use alloy_sol_types::{SolCall, sol};
use stylus_vm::{Execution, ExecutionOutcome, HostIo};

sol! {
    function setInkPrice(uint32 price) external;
}

/// Runs a program that ends early with `status`; its block is a constant and a call.
fn run(status: u32) -> (u64, Execution, Vec<HostIo>) {
    let mut chain = Chain::new();
    assert!(is_success(&chain.call(ARB_OWNER, setInkPriceCall { price: 1 }.abi_encode())));
    let program = chain.program(&wat(&imports(), "", &format!("i32.const {status} call $exit_early unreachable"), 0));
    let start = chain.start_gas(program);
    let tx = chain.transaction(program, Vec::new());
    let (execution, trace) = chain.trace(&tx);
    (execution.gas_used - 21_000 - start - (2_450 + 1 + 3_800), execution, trace.host_ios)
}

#[test]
fn exit_early_is_free_and_ends_with_its_status() {
    let (ink, execution, _) = run(0);
    assert_eq!((ink, is_success(&execution)), (0, true));
    let (ink, execution, _) = run(3);
    assert_eq!((ink, execution.outcome), (0, ExecutionOutcome::Revert { output: Vec::new().into() }));
}

#[test]
fn exit_early_is_in_the_trace_before_the_end() {
    let (_, _, host_ios) = run(3);
    let [entry, exit, end] = &host_ios[..] else { panic!("{host_ios:?}") };
    assert_eq!(entry.name, "user_entrypoint");
    assert_eq!(
        (exit.name.as_str(), exit.args.as_ref(), exit.outs.as_ref()),
        ("exit_early", &[0, 0, 0, 3][..], &[][..])
    );
    assert_eq!(exit.start_ink, exit.end_ink);
    assert_eq!((end.name.as_str(), end.outs.as_ref()), ("user_returned", &[0, 0, 0, 3][..]));
}
