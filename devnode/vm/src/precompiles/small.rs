//! The precompiles that have little to say: ArbBLS (0x67), ArbFunctionTable (0x68), ArbosTest (0x69), ArbStatistics
//! (0x6f), and ArbosActs (0xa4b05), which only ArbOS itself may call.

use super::Failure;
use super::method::{Method, Purity};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, U256, address};

/// Where it was. It has no methods any more.
pub(crate) const ARB_BLS: Address = address!("0x0000000000000000000000000000000000000067");

/// Where the functions of contracts had numbers.
pub(crate) const ARB_FUNCTION_TABLE: Address = address!("0x0000000000000000000000000000000000000068");

/// Where gas can be burnt.
pub(crate) const ARBOS_TEST: Address = address!("0x0000000000000000000000000000000000000069");

/// Where the chain's predecessor is counted.
pub(crate) const ARB_STATISTICS: Address = address!("0x000000000000000000000000000000000000006f");

/// Where ArbOS tells itself what happens.
pub(crate) const ARBOS_ACTS: Address = address!("0x00000000000000000000000000000000000a4b05");

sol! {
    error CallerNotArbOS();

    function upload(bytes buffer) external;
    function size(address account) external view returns (uint256);
    function get(address account, uint256 index) external view returns (uint256, bool, uint256);

    function burnArbGas(uint256 gasAmount) external pure;

    function getStats() external view returns (
        uint256 blockNumber,
        uint256 accounts,
        uint256 storageSum,
        uint256 gasSum,
        uint256 transactions,
        uint256 contracts
    );

    function startBlock(uint256 l1BaseFee, uint64 l1BlockNumber, uint64 l2BlockNumber, uint64 timePassed) external;
    function batchPostingReport(
        uint256 batchTimestamp,
        address batchPosterAddress,
        uint64 batchNumber,
        uint64 batchDataGas,
        uint256 l1BaseFeeWei
    ) external;
    function batchPostingReportV2(
        uint256 batchTimestamp,
        address batchPosterAddress,
        uint64 batchNumber,
        uint64 batchCalldataLength,
        uint64 batchCalldataNonZeros,
        uint64 batchExtraGas,
        uint256 l1BaseFeeWei
    ) external;
}

/// ArbBLS has no method.
pub(super) fn no_method<DB: Database>(_: [u8; 4]) -> Option<Method<DB>> {
    None
}

/// The method of ArbFunctionTable with this selector: the table takes nothing any more.
pub(super) fn function_table<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    match selector {
        uploadCall::SELECTOR => Method::new(Purity::Write, |_, _: uploadCall| Ok(uploadReturn {})),
        sizeCall::SELECTOR => Method::new(Purity::View, |_, _: sizeCall| Ok(U256::ZERO)),
        getCall::SELECTOR => Method::new(Purity::View, |_, _: getCall| Err(Failure::Plain)),
        _ => None,
    }
}

/// The method of ArbosTest with this selector.
pub(super) fn test<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    match selector {
        burnArbGasCall::SELECTOR => Method::new(Purity::Pure, |call, args: burnArbGasCall| {
            let gas = u64::try_from(args.gasAmount).map_err(|_| Failure::Plain)?;
            // All there is, if that is less: it succeeds anyway.
            call.gas_left = call.gas_left.saturating_sub(gas);
            Ok(burnArbGasReturn {})
        }),
        _ => None,
    }
}

/// The method of ArbStatistics with this selector: what the chain's predecessor left is nothing here.
pub(super) fn statistics<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    match selector {
        getStatsCall::SELECTOR => Method::new(Purity::View, |call, _: getStatsCall| {
            Ok(getStatsReturn {
                blockNumber: U256::from(call.context.chain.block.number),
                accounts: U256::ZERO,
                storageSum: U256::ZERO,
                gasSum: U256::ZERO,
                transactions: U256::ZERO,
                contracts: U256::ZERO,
            })
        }),
        _ => None,
    }
}

/// The method of ArbosActs with this selector.
pub(super) fn acts<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    let refused = || Failure::error(CallerNotArbOS {});
    match selector {
        startBlockCall::SELECTOR => Method::new(Purity::Write, move |_, _: startBlockCall| Err(refused())),
        batchPostingReportCall::SELECTOR => {
            Method::new(Purity::Write, move |_, _: batchPostingReportCall| Err(refused()))
        }
        batchPostingReportV2Call::SELECTOR => {
            Method::new(Purity::Write, move |_, _: batchPostingReportV2Call| Err(refused()))
        }
        _ => None,
    }
}
