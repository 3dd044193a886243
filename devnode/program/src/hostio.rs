//! The host I/Os that a program may import, with their signatures and base prices.

use wasmparser as wasm;

/// A number type of WASM: all that host I/Os take and return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValType {
    /// 32-bit integer, also a pointer into the program's memory.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float, only in the debugging host I/Os.
    F32,
    /// 64-bit float, only in the debugging host I/Os.
    F64,
}

use ValType::{F32, F64, I32, I64};

impl ValType {
    /// The same type in the parser's terms.
    pub(crate) const fn parsed(self) -> wasm::ValType {
        match self {
            I32 => wasm::ValType::I32,
            I64 => wasm::ValType::I64,
            F32 => wasm::ValType::F32,
            F64 => wasm::ValType::F64,
        }
    }
}

/// The module that programs import the chain's host I/Os from.
pub const VM_HOOKS: &str = "vm_hooks";

/// The host I/O that a program whose memory can grow must import: the metering pass calls it before each `memory.grow`.
pub const PAY_FOR_MEMORY_GROW: &str = "pay_for_memory_grow";

/// A host I/O: what a program imports, and what a call costs at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The module it is imported from.
    pub module: &'static str,
    /// Its name in that module.
    pub name: &'static str,
    /// Parameter types.
    pub params: &'static [ValType],
    /// Result types, at most one.
    pub results: &'static [ValType],
    /// Ink charged before anything else; ink that depends on the arguments comes on top. `pay_for_memory_grow` charges
    /// this ink only when a program asks for no page, since pages have a price in gas.
    pub base_ink: u64,
    /// Whether only debug chains have it.
    pub debug_only: bool,
}

/// The host I/O of this name, on debug chains or not (see [`Signature::debug_only`]).
pub fn find(module: &str, name: &str) -> Option<&'static Signature> {
    SIGNATURES.iter().find(|signature| signature.module == module && signature.name == name)
}

const fn chain(
    name: &'static str,
    params: &'static [ValType],
    results: &'static [ValType],
    base_ink: u64,
) -> Signature {
    Signature { module: VM_HOOKS, name, params, results, base_ink, debug_only: false }
}

const fn console(name: &'static str, params: &'static [ValType], results: &'static [ValType]) -> Signature {
    Signature { module: "console", name, params, results, base_ink: 0, debug_only: true }
}

/// Every host I/O: the 42 of all chains, then the free ones of debug chains.
///
/// A base price is 8,400 ink, plus 5,040 for each pointer that is always used, plus 59,673 if the host I/O asks the
/// chain, plus the cost of the arithmetic.
pub static SIGNATURES: &[Signature] = &[
    chain("read_args", &[I32], &[], 8_400),
    chain("write_result", &[I32, I32], &[], 8_400),
    chain("exit_early", &[I32], &[], 0),
    chain("storage_load_bytes32", &[I32, I32], &[], 18_480),
    chain("storage_cache_bytes32", &[I32, I32], &[], 18_480),
    chain("storage_flush_cache", &[I32], &[], 68_073),
    chain("transient_load_bytes32", &[I32, I32], &[], 78_153),
    chain("transient_store_bytes32", &[I32, I32], &[], 78_153),
    chain("call_contract", &[I32, I32, I32, I32, I64, I32], &[I32], 83_193),
    chain("delegate_call_contract", &[I32, I32, I32, I64, I32], &[I32], 83_193),
    chain("static_call_contract", &[I32, I32, I32, I64, I32], &[I32], 83_193),
    chain("create1", &[I32, I32, I32, I32, I32], &[], 83_193),
    chain("create2", &[I32, I32, I32, I32, I32, I32], &[], 88_233),
    chain("read_return_data", &[I32, I32, I32], &[I32], 68_073),
    chain("return_data_size", &[], &[I32], 8_400),
    chain("emit_log", &[I32, I32, I32], &[], 68_073),
    chain("account_balance", &[I32, I32], &[], 78_153),
    chain("account_code", &[I32, I32, I32, I32], &[I32], 68_073),
    chain("account_code_size", &[I32], &[I32], 68_073),
    chain("account_codehash", &[I32, I32], &[], 78_153),
    chain("block_basefee", &[I32], &[], 13_440),
    chain("block_coinbase", &[I32], &[], 13_440),
    chain("contract_address", &[I32], &[], 13_440),
    chain("msg_sender", &[I32], &[], 13_440),
    chain("msg_value", &[I32], &[], 13_440),
    chain("tx_gas_price", &[I32], &[], 13_440),
    chain("tx_origin", &[I32], &[], 13_440),
    chain("block_gas_limit", &[], &[I64], 8_400),
    chain("block_number", &[], &[I64], 8_400),
    chain("block_timestamp", &[], &[I64], 8_400),
    chain("chainid", &[], &[I64], 8_400),
    chain("evm_gas_left", &[], &[I64], 8_400),
    chain("evm_ink_left", &[], &[I64], 8_400),
    chain("msg_reentrant", &[], &[I32], 8_400),
    chain("tx_ink_price", &[], &[I32], 8_400),
    chain("math_div", &[I32, I32], &[], 43_520),
    chain("math_mod", &[I32, I32], &[], 43_520),
    chain("math_pow", &[I32, I32], &[], 23_520),
    chain("math_add_mod", &[I32, I32, I32], &[], 49_560),
    chain("math_mul_mod", &[I32, I32, I32], &[], 52_660),
    chain("native_keccak256", &[I32, I32, I32], &[], 0),
    chain("pay_for_memory_grow", &[I32], &[], 8_400),
    console("log_txt", &[I32, I32], &[]),
    console("log_i32", &[I32], &[]),
    console("log_i64", &[I64], &[]),
    console("log_f32", &[F32], &[]),
    console("log_f64", &[F64], &[]),
    console("tee_i32", &[I32], &[I32]),
    console("tee_i64", &[I64], &[I64]),
    console("tee_f32", &[F32], &[F32]),
    console("tee_f64", &[F64], &[F64]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_have_42_host_ios_and_debug_chains_9_more() {
        assert_eq!(SIGNATURES.iter().filter(|signature| !signature.debug_only).count(), 42);
        assert_eq!(SIGNATURES.iter().filter(|signature| signature.debug_only).count(), 9);
        assert!(SIGNATURES.iter().all(|signature| signature.debug_only != (signature.module == VM_HOOKS)));
    }

    #[test]
    fn names_are_unique() {
        for (index, signature) in SIGNATURES.iter().enumerate() {
            assert!(
                SIGNATURES[..index]
                    .iter()
                    .all(|other| (other.module, other.name) != (signature.module, signature.name)),
                "{}",
                signature.name
            );
        }
    }

    #[test]
    fn they_are_found_in_their_module_only() {
        let call = find("vm_hooks", "call_contract").unwrap();
        assert_eq!(call.params, [I32, I32, I32, I32, I64, I32]);
        assert_eq!(call.results, [I32]);
        assert_eq!(find("console", "call_contract"), None);
        assert!(find("console", "tee_f64").unwrap().debug_only);
    }

    #[test]
    fn base_prices_add_up() {
        let (base, pointer, request) = (8_400, 5_040, 59_673);
        let price = |name| find("vm_hooks", name).unwrap().base_ink;
        assert_eq!(price("msg_sender"), base + pointer);
        assert_eq!(price("storage_load_bytes32"), base + 2 * pointer);
        assert_eq!(price("storage_flush_cache"), base + request);
        assert_eq!(price("transient_load_bytes32"), base + 2 * pointer + request);
        assert_eq!(price("call_contract"), base + 3 * pointer + request);
        assert_eq!(price("create2"), base + 4 * pointer + request);
        assert_eq!(price("math_div"), base + 3 * pointer + 20_000);
        assert_eq!(price("math_mod"), base + 3 * pointer + 20_000);
        assert_eq!(price("math_pow"), base + 3 * pointer);
        assert_eq!(price("math_add_mod"), base + 4 * pointer + 21_000);
        assert_eq!(price("math_mul_mod"), base + 4 * pointer + 24_100);
    }
}
