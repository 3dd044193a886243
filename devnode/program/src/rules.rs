//! Where a program is activated, as far as its activation depends on it.

/// What the chain asks of a program at activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivationRules {
    /// The chain's ArbOS version.
    pub arbos_version: u64,
    /// The Stylus version to activate for.
    pub stylus_version: u16,
    /// Pages that the program may start with: the chain's limit less the pages now open in the transaction.
    pub page_limit: u16,
    /// Whether this is a debug chain. There the debugging host I/Os exist and all exports are kept; a start function is
    /// not refused but becomes an export that nobody calls.
    pub debug: bool,
}
