//! The ABI of ArbWasm, and what its methods share.

use super::Failure;
use super::call::{Answer, Call};
use crate::arbos::{Inactive, Root};
use alloy_sol_types::sol;
use revm::Database;
use revm::primitives::{Address, U256, address};
use stylus_program::params::ProgramParams;

/// Where it is.
pub const ADDRESS: Address = address!("0x0000000000000000000000000000000000000071");

sol! {
    event ProgramActivated(
        bytes32 indexed codehash,
        bytes32 moduleHash,
        address program,
        uint256 dataFee,
        uint16 version
    );
    event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);

    error ProgramNotWasm();
    error ProgramNotActivated();
    error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
    error ProgramExpired(uint64 ageInSeconds);
    error ProgramUpToDate();
    error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
    error ProgramInsufficientValue(uint256 have, uint256 want);

    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function codehashKeepalive(bytes32 codehash) external payable;
    function stylusVersion() external view returns (uint16 version);
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);
    function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
    function programVersion(address program) external view returns (uint16 version);
    function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    function programMemoryFootprint(address program) external view returns (uint16 footprint);
    function programTimeLeft(address program) external view returns (uint64 timeLeft);
    function inkPrice() external view returns (uint32 price);
    function maxStackDepth() external view returns (uint32 depth);
    function freePages() external view returns (uint16 pages);
    function pageGas() external view returns (uint16 gas);
    function pageRamp() external view returns (uint64 ramp);
    function pageLimit() external view returns (uint16 limit);
    function minInitGas() external view returns (uint64 gas, uint64 cached);
    function initCostScalar() external view returns (uint64 percent);
    function expiryDays() external view returns (uint16 numberOfDays);
    function keepaliveDays() external view returns (uint16 numberOfDays);
    function blockCacheSize() external view returns (uint16 count);
    function activationGas() external view returns (uint64 gas);
}

/// What the chain asks of programs.
pub(super) fn params<DB: Database>(call: &mut Call<'_, DB>) -> Answer<ProgramParams, DB> {
    let version = call.version();
    Root::programs().params(call, version)
}

/// The Solidity error for a program that cannot run.
pub(super) fn inactive<E>(inactive: Inactive) -> Failure<E> {
    match inactive {
        Inactive::NotActivated => Failure::error(ProgramNotActivated {}),
        Inactive::NeedsUpgrade { version, stylus_version } => {
            Failure::error(ProgramNeedsUpgrade { version, stylusVersion: stylus_version })
        }
        Inactive::Expired { age } => Failure::error(ProgramExpired { ageInSeconds: age }),
    }
}

/// The Solidity error for too little value.
pub(super) fn insufficient_value<E>(have: U256, want: U256) -> Failure<E> {
    Failure::error(ProgramInsufficientValue { have, want })
}
