//! What revert data says, in the words of go-ethereum for Solidity's own errors and of Nitro for those of its
//! precompiles.

use alloy::primitives::U256;
use alloy::sol;
use alloy::sol_types::{Panic, Revert, SolError};

sol! {
    error InvalidBlockNumber(uint256 requested, uint256 current);
    error ProgramNotWasm();
    error ProgramNotActivated();
    error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
    error ProgramExpired(uint64 ageInSeconds);
    error ProgramUpToDate();
    error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
    error ProgramInsufficientValue(uint256 have, uint256 want);
    error NoTicketWithID();
    error NotCallable();
    error CallerNotArbOS();
    error Custom(uint64 number, string message, bool flag);
}

/// The meaning of revert data, if it is known.
pub(super) fn reason(data: &[u8]) -> Option<String> {
    solidity_reason(data).or_else(|| precompile_error(data))
}

/// The meaning of one of Solidity's own errors.
pub(super) fn solidity_reason(data: &[u8]) -> Option<String> {
    if let Ok(revert) = Revert::abi_decode(data) {
        return Some(revert.reason);
    }
    if let Ok(panic) = Panic::abi_decode(data) {
        return Some(panic_reason(panic.code));
    }
    None
}

/// Solidity's panics by their codes.
fn panic_reason(code: U256) -> String {
    let reason = match u64::try_from(code) {
        Ok(0x00) => "generic panic",
        Ok(0x01) => "assert(false)",
        Ok(0x11) => "arithmetic underflow or overflow",
        Ok(0x12) => "division or modulo by zero",
        Ok(0x21) => "enum overflow",
        Ok(0x22) => "invalid encoded storage byte array accessed",
        Ok(0x31) => "out-of-bounds array access; popping on an empty array",
        Ok(0x32) => "out-of-bounds access of an array or bytesN",
        Ok(0x41) => "out of memory",
        Ok(0x51) => "uninitialized function",
        _ => return format!("unknown panic code: {code:#x}"),
    };
    reason.into()
}

/// An error of one of ArbOS's precompiles, with its arguments.
fn precompile_error(data: &[u8]) -> Option<String> {
    let selector = *data.first_chunk::<4>()?;
    let (name, arguments) = match selector {
        InvalidBlockNumber::SELECTOR => {
            let error = InvalidBlockNumber::abi_decode(data).ok()?;
            ("InvalidBlockNumber", format!("{}, {}", error.requested, error.current))
        }
        ProgramNeedsUpgrade::SELECTOR => {
            let error = ProgramNeedsUpgrade::abi_decode(data).ok()?;
            ("ProgramNeedsUpgrade", format!("{}, {}", error.version, error.stylusVersion))
        }
        ProgramExpired::SELECTOR => ("ProgramExpired", ProgramExpired::abi_decode(data).ok()?.ageInSeconds.to_string()),
        ProgramKeepaliveTooSoon::SELECTOR => {
            ("ProgramKeepaliveTooSoon", ProgramKeepaliveTooSoon::abi_decode(data).ok()?.ageInSeconds.to_string())
        }
        ProgramInsufficientValue::SELECTOR => {
            let error = ProgramInsufficientValue::abi_decode(data).ok()?;
            ("ProgramInsufficientValue", format!("{}, {}", error.have, error.want))
        }
        Custom::SELECTOR => {
            let error = Custom::abi_decode(data).ok()?;
            ("Custom", format!("{}, {}, {}", error.number, error.message, error.flag))
        }
        ProgramNotWasm::SELECTOR => ("ProgramNotWasm", String::new()),
        ProgramNotActivated::SELECTOR => ("ProgramNotActivated", String::new()),
        ProgramUpToDate::SELECTOR => ("ProgramUpToDate", String::new()),
        NoTicketWithID::SELECTOR => ("NoTicketWithID", String::new()),
        NotCallable::SELECTOR => ("NotCallable", String::new()),
        CallerNotArbOS::SELECTOR => ("CallerNotArbOS", String::new()),
        _ => return None,
    };
    Some(format!("error {name}({arguments})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_with_their_arguments() {
        let error = ProgramNeedsUpgrade { version: 1, stylusVersion: 2 };
        assert_eq!(reason(&error.abi_encode()).as_deref(), Some("error ProgramNeedsUpgrade(1, 2)"));
        assert_eq!(reason(&ProgramUpToDate {}.abi_encode()).as_deref(), Some("error ProgramUpToDate()"));
        assert_eq!(reason(&Panic::from(0x77_u64).abi_encode()).as_deref(), Some("unknown panic code: 0x77"));
        assert_eq!(reason(&[1, 2, 3, 4]), None);
    }
}
