//! From a call to a method's answer, by the rules that hold for all precompiles of ArbOS.

use super::ARB_SYS;
use super::arb_owner::OwnerActs;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use super::{
    Failure, arb_address_table, arb_aggregator, arb_debug, arb_gas_info, arb_info, arb_native_token_manager, arb_owner,
    arb_owner_public, arb_retryable_tx, arb_sys, arb_wasm, arb_wasm_abi, arb_wasm_cache, small,
};
use crate::HaltReason;
use crate::arbos::{L2Parameter, Root};
use crate::evm::Context;
use revm::Database;
use revm::context::ContextError;
use revm::interpreter::{CallInputs, CallScheme, Gas, InstructionResult, InterpreterResult};
use revm::primitives::{Address, Bytes, FixedBytes};

/// Which method a precompile has for a selector.
type Methods<DB> = fn([u8; 4]) -> Option<Method<DB>>;

/// Who may call a precompile, and what it costs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Everyone, for gas.
    Public,
    /// Chain owners, for free.
    Owner,
    /// Everyone, on debug chains.
    Debug,
}

/// The precompile at `address`.
fn precompile<DB: Database>(address: Address) -> Option<(Methods<DB>, Access)> {
    let precompile: (Methods<DB>, Access) = match address {
        ARB_SYS => (arb_sys::method, Access::Public),
        arb_info::ADDRESS => (arb_info::method, Access::Public),
        arb_owner_public::ADDRESS => (arb_owner_public::method, Access::Public),
        arb_gas_info::ADDRESS => (arb_gas_info::method, Access::Public),
        arb_owner::ADDRESS => (arb_owner::method, Access::Owner),
        arb_wasm_abi::ADDRESS => (arb_wasm::method, Access::Public),
        arb_wasm_cache::ADDRESS => (arb_wasm_cache::method, Access::Public),
        arb_debug::ADDRESS => (arb_debug::method, Access::Debug),
        arb_address_table::ADDRESS => (arb_address_table::method, Access::Public),
        arb_aggregator::ADDRESS => (arb_aggregator::method, Access::Public),
        arb_retryable_tx::ADDRESS => (arb_retryable_tx::method, Access::Public),
        arb_native_token_manager::ADDRESS => (arb_native_token_manager::method, Access::Public),
        small::ARB_BLS => (small::no_method, Access::Public),
        small::ARB_FUNCTION_TABLE => (small::function_table, Access::Public),
        small::ARBOS_TEST => (small::test, Access::Public),
        small::ARB_STATISTICS => (small::statistics, Access::Public),
        small::ARBOS_ACTS => (small::acts, Access::Public),
        _ => return None,
    };
    Some(precompile)
}

/// Runs the precompile that `inputs` call; `None` if there is none.
pub(super) fn run<DB: Database>(context: &mut Context<DB>, inputs: &CallInputs) -> Option<InterpreterResult> {
    let (methods, access) = precompile::<DB>(inputs.bytecode_address)?;
    let input = inputs.input.bytes(context);
    let mut call = Call {
        gas_left: inputs.gas_limit,
        address: inputs.bytecode_address,
        caller: inputs.caller,
        value: inputs.value.get(),
        context,
    };
    let answer = authorize(&mut call, access, inputs, &input, methods);
    let gas_left = if access == Access::Owner { inputs.gas_limit } else { call.gas_left };
    Some(settle(call, inputs.gas_limit, gas_left, answer))
}

/// Lets the right callers in.
fn authorize<DB: Database>(
    call: &mut Call<'_, DB>,
    access: Access,
    inputs: &CallInputs,
    input: &[u8],
    methods: Methods<DB>,
) -> Answer<Vec<u8>, DB> {
    match access {
        Access::Public => answer(call, inputs, input, methods),
        Access::Debug if call.config().debug => answer(call, inputs, input, methods),
        Access::Debug => Err(Failure::Halt(HaltReason::Precompile("debug precompiles are disabled".into()))),
        Access::Owner => {
            let caller = call.caller;
            if !is_owner(call)? {
                let reason = "unauthorized caller to access-controlled method";
                return Err(Failure::Halt(HaltReason::Precompile(reason.into())));
            }
            // Owners need the gas that the method costs, but do not pay it, even if they break a rule.
            call.gas_left = inputs.gas_limit;
            let output = answer(call, inputs, input, methods).map_err(|failure| match failure {
                Failure::AllGas => Failure::Plain,
                failure => failure,
            })?;
            if let (false, Some(selector)) = (inputs.is_static, input.first_chunk::<4>()) {
                let data = Bytes::copy_from_slice(input);
                call.gas_left = u64::MAX;
                call.emit(&OwnerActs { method: FixedBytes(*selector), owner: caller, data })?;
            }
            Ok(output)
        }
    }
}

/// Whether the caller owns the chain. Whoever cannot pay for this question fails for want of gas.
fn is_owner<DB: Database>(call: &mut Call<'_, DB>) -> Answer<bool, DB> {
    let caller = call.caller;
    let version = Root::version(call);
    version.and_then(|_| Root::chain_owners().contains(call, caller)).map_err(out_of_gas)
}

/// What a precompile looks at before its method begins is paid for like an instruction.
fn out_of_gas<E>(failure: Failure<E>) -> Failure<E> {
    match failure {
        Failure::AllGas => Failure::Halt(HaltReason::OutOfGas),
        failure => failure,
    }
}

/// Finds the method, checks that it may be called this way, and runs it.
fn answer<DB: Database>(
    call: &mut Call<'_, DB>,
    inputs: &CallInputs,
    input: &[u8],
    methods: Methods<DB>,
) -> Answer<Vec<u8>, DB> {
    let (selector, args) = input.split_first_chunk::<4>().ok_or(Failure::AllGas)?;
    let method = methods(*selector).ok_or(Failure::AllGas)?;
    let is_delegated = inputs.target_address != inputs.bytecode_address;
    let is_forbidden = method.since > call.version()
        || (method.purity >= Purity::View && is_delegated)
        || (method.purity >= Purity::Write && inputs.scheme == CallScheme::StaticCall)
        || (method.purity < Purity::Payable && !inputs.value.get().is_zero());
    if is_forbidden {
        return Err(Failure::AllGas);
    }
    if method.purity > Purity::Pure {
        // Opening the state reads its version.
        Root::version(call).map_err(out_of_gas)?;
    }
    if method.purity >= Purity::Write && inputs.is_static {
        // Not the call itself is static, but one around it. Who has still more gas than this may even write.
        let most = Root::l2_pricing().get(call, L2Parameter::TransactionGasLimit).map_err(out_of_gas)?;
        call.burn(most).map_err(out_of_gas)?;
    }
    call.burn_copy(args.len())?;
    let output = match (method.body)(call, args) {
        Err(Failure::Error(data)) => {
            call.burn_copy(data.len())?;
            return Err(Failure::Error(data));
        }
        answer => answer?,
    };
    call.burn_copy(output.len())?;
    Ok(output)
}

/// The frame's result. `gas_left` is what an answer or a revert that keeps its gas leaves.
fn settle<DB: Database>(
    call: Call<'_, DB>,
    gas_limit: u64,
    gas_left: u64,
    answer: Answer<Vec<u8>, DB>,
) -> InterpreterResult {
    let (result, output, gas_left) = match answer {
        Ok(output) => (InstructionResult::Return, output, gas_left),
        Err(Failure::AllGas) => (InstructionResult::Revert, Vec::new(), 0),
        Err(Failure::Plain) => (InstructionResult::Revert, Vec::new(), gas_left),
        Err(Failure::Error(data)) => (InstructionResult::Revert, data, gas_left),
        Err(Failure::Halt(reason)) => {
            call.context.chain.halt = Some(reason);
            (InstructionResult::PrecompileError, Vec::new(), 0)
        }
        Err(Failure::Database(error)) => {
            call.context.error = Err(ContextError::Db(error));
            (InstructionResult::PrecompileError, Vec::new(), 0)
        }
    };
    let mut gas = Gas::new(gas_limit);
    gas.set_remaining(gas_left.min(gas_limit));
    InterpreterResult { result, output: output.into(), gas }
}

#[cfg(test)]
mod tests {
    use super::precompile;
    use revm::database_interface::EmptyDB;
    use revm::primitives::{Address, U256, keccak256};

    /// The interface of each precompile at ArbOS 51, as Offchain Labs publish it.
    const ABI: &str = include_str!("abi.txt");

    #[test]
    fn every_method_of_arbos_51_is_there() {
        let (mut methods, mut count) = (None, 0);
        for line in ABI.lines() {
            let Some(signature) = line.strip_prefix("    ") else {
                let (_, address) = line.split_once(' ').expect("a name and an address");
                let number = U256::from_str_radix(address.trim_start_matches("0x"), 16).expect("an address");
                methods = precompile::<EmptyDB>(Address::from_word(number.into())).map(|(methods, _)| methods);
                assert!(methods.is_some(), "{line}");
                continue;
            };
            let selector = keccak256(signature).0[..4].try_into().expect("four bytes");
            let method = methods.and_then(|methods| methods(selector));
            assert!(method.is_some_and(|method| method.since <= 51), "{signature}");
            count += 1;
        }
        assert_eq!(count, 167);
    }
}
