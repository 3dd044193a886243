//! ArbRetryableTx (0x6e): messages from L1 that failed and may be tried again. Nothing comes from L1 here, so that no
//! ticket exists: it costs what it costs to find that out.

use super::Failure;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::Root;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, B256, U256, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x000000000000000000000000000000000000006e");

/// How long a ticket lives: a week, in seconds.
const LIFETIME: u64 = 604_800;

sol! {
    error NoTicketWithID();
    error NotCallable();

    function redeem(bytes32 ticketId) external returns (bytes32);
    function getLifetime() external view returns (uint256);
    function getTimeout(bytes32 ticketId) external view returns (uint256);
    function keepalive(bytes32 ticketId) external returns (uint256);
    function getBeneficiary(bytes32 ticketId) external view returns (address);
    function cancel(bytes32 ticketId) external;
    function getCurrentRedeemer() external view returns (address);
    function submitRetryable(
        bytes32 requestId,
        uint256 l1BaseFee,
        uint256 deposit,
        uint256 callvalue,
        uint256 gasFeeCap,
        uint64 gasLimit,
        uint256 maxSubmissionFee,
        address feeRefundAddress,
        address beneficiary,
        address retryTo,
        bytes retryData
    ) external;
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{View, Write};
    match selector {
        redeemCall::SELECTOR => Method::new(Write, |call, args: redeemCall| {
            // Its size decides the price, and is looked up before it.
            Root::retryable_timeout(call, args.ticketId)?;
            missing(call, args.ticketId)
        }),
        getLifetimeCall::SELECTOR => Method::new(View, |_, _: getLifetimeCall| Ok(U256::from(LIFETIME))),
        getTimeoutCall::SELECTOR => Method::new(View, |call, args: getTimeoutCall| missing(call, args.ticketId)),
        keepaliveCall::SELECTOR => Method::new(Write, |call, args: keepaliveCall| missing(call, args.ticketId)),
        getBeneficiaryCall::SELECTOR => {
            Method::new(View, |call, args: getBeneficiaryCall| missing(call, args.ticketId))
        }
        cancelCall::SELECTOR => Method::new(Write, |call, args: cancelCall| missing(call, args.ticketId)),
        getCurrentRedeemerCall::SELECTOR => Method::new(View, |_, _: getCurrentRedeemerCall| Ok(Address::ZERO)),
        submitRetryableCall::SELECTOR => {
            Method::new(Write, |_, _: submitRetryableCall| Err(Failure::error(NotCallable {})))
        }
        _ => None,
    }
}

/// There is no such ticket.
fn missing<DB: Database, T>(call: &mut Call<'_, DB>, ticket: B256) -> Answer<T, DB> {
    Root::retryable_timeout(call, ticket)?;
    Err(Failure::error(NoTicketWithID {}))
}
