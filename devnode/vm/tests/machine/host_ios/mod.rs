//! Every host I/O: what exactly a call of it charges, what it does, and what a trace keeps of it.
//!
//! Prices in gas are multiplied by [`GAS`], the ink price. Each call runs in a program of its own, which looks at its
//! ink before and after the call.

mod accounts;
mod args;
mod calls;
mod console;
mod creates;
mod environment;
mod exit;
mod logs;
mod math;
mod memory;
mod probe;
mod storage;

use probe::{Case, Probe};
use stylus_program::hostio::SIGNATURES;

/// Ink of one gas.
const GAS: u64 = 10_000;

fn cases() -> Vec<Case> {
    [
        accounts::cases(),
        args::cases(),
        calls::cases(),
        console::cases(),
        creates::cases(),
        environment::cases(),
        logs::cases(),
        math::cases(),
        memory::cases(),
        storage::cases(),
    ]
    .concat()
}

#[test]
fn every_host_io_has_a_case() {
    let cases = cases();
    for host_io in SIGNATURES {
        // What ends the program cannot be looked at from inside: its tests are apart.
        let is_tested = host_io.name == "exit_early" || cases.iter().any(|case| case.host_io == host_io.name);
        assert!(is_tested, "{}.{} has no case", host_io.module, host_io.name);
    }
}

#[test]
fn every_host_io_charges_what_it_says_and_does_what_it_should() {
    for case in cases() {
        let mut probe = Probe::new(&case);
        let mut run = probe.run();
        assert_eq!(run.ink, case.ink, "{case:?}");
        for effect in &case.effects {
            run.assert(effect, &case);
        }
    }
}

#[test]
fn every_host_io_is_in_the_trace() {
    for case in cases() {
        let mut probe = Probe::new(&case);
        let record = probe.record();
        let Some(expected) = &case.record else {
            assert_eq!(record, None, "{case:?}");
            continue;
        };
        let record = record.unwrap_or_else(|| panic!("no record: {case:?}"));
        assert_eq!(record.name, expected.name, "{case:?}");
        assert_eq!(
            (record.args.as_ref(), record.outs.as_ref()),
            (&expected.args[..], &expected.outs(&record)[..]),
            "{case:?}"
        );
        assert_eq!(record.start_ink - record.end_ink, case.ink, "{case:?}");
    }
}
