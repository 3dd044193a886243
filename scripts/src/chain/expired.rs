//! Programs that nobody prolonged: the chain runs them no more.

use eyre::Report;

/// What to do, if a failure is that a program expired. Nodes say so with the name of ArbWasm's error.
pub fn expired(failure: &Report) -> Option<&'static str> {
    failure.chain().any(|cause| cause.to_string().contains("ProgramExpired(")).then_some(
        "a contract of the suite was not prolonged in time: anyone can activate it again with \
         ArbWasm.activateProgram (0x0000000000000000000000000000000000000071), for its data fee; \
         `restake keeper --prolong` keeps others from that",
    )
}
