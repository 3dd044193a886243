//! Gas prices of the EVM that host I/Os pay.

/// EIP-2929: a slot for the first time in a transaction.
pub(super) const COLD_SLOAD: u64 = 2_100;
/// EIP-2929: a slot or an account that was touched before. Also a transient load or store (EIP-1153).
pub(super) const WARM_ACCESS: u64 = 100;
/// EIP-2929: an account for the first time in a transaction.
pub(super) const COLD_ACCOUNT: u64 = 2_600;
/// EIP-2200: stores need more than this left.
pub(super) const STORE_SENTRY: u64 = 2_300;
/// Looking at the code of an account (EIP-150's EXTCODESIZE), per 24,576 bytes of code that the chain allows.
pub(super) const CODE_ACCESS: u64 = 700;
/// Calling an account that does not exist with value.
pub(super) const NEW_ACCOUNT: u64 = 25_000;
/// Sending value with a call.
pub(super) const VALUE_TRANSFER: u64 = 9_000;
/// What a callee gets on top when it is sent value.
pub(super) const CALL_STIPEND: u64 = 2_300;
/// Creating a contract.
pub(super) const CREATE: u64 = 32_000;
/// Hashing a word of the init code of a CREATE2.
pub(super) const HASH_WORD: u64 = 6;
/// A log, and each of its topics.
pub(super) const LOG: u64 = 375;
/// A byte of log data.
pub(super) const LOG_BYTE: u64 = 8;
/// The most that a cached slot costs by itself: a program must be able to pay it before it reads or writes the cache.
pub(super) const CACHE_ACCESS: u64 = 10;
/// Ink of a trip from a program to the chain's state, which a slot that is not cached pays in gas.
pub(super) const STATE_TRIP_INK: u64 = 59_673;
