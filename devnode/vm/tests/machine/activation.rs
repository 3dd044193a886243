//! Activation: gas, fee, refund, event, and how it fails; then what starting costs.

use crate::chain::*;
use alloy_sol_types::{SolCall, SolError, sol};
use revm::primitives::{Address, U256, address};
use stylus_program::activation::ActivationRules;
use stylus_vm::{ExecutionOutcome, HaltReason, Transaction, revm};

const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");

sol! {
    error ProgramUpToDate();
    error ProgramNotActivated();
    error ProgramInsufficientValue(uint256 have, uint256 want);
    error ProgramKeepaliveTooSoon(uint64 age);
    error ProgramExpired(uint64 age);

    event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);
    event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);

    function stylusVersion() external view returns (uint16);
    function codehashVersion(bytes32 codehash) external view returns (uint16);
    function codehashAsmSize(bytes32 codehash) external view returns (uint32);
    function codehashKeepalive(bytes32 codehash) external payable;
    function programVersion(address program) external view returns (uint16);
    function programMemoryFootprint(address program) external view returns (uint16);
    function programTimeLeft(address program) external view returns (uint64);
    function cacheProgram(address program) external;
    function evictCodehash(bytes32 codehash) external;
    function codehashIsCached(bytes32 codehash) external view returns (bool);
}

/// A program that does nothing.
fn idle() -> Vec<u8> {
    wat::parse_str(wat("", "", "", 0)).unwrap()
}

/// The error that a reverted transaction carries.
fn error<E: SolError>(outcome: &ExecutionOutcome) -> E {
    match outcome {
        ExecutionOutcome::Revert { output } => E::abi_decode(output).unwrap(),
        outcome => panic!("no revert: {outcome:?}"),
    }
}

#[test]
fn activation_charges_gas_and_fee_and_returns_the_rest() {
    let mut chain = Chain::new();
    let wasm = idle();
    let program = chain.deploy_program(&wasm);
    let balance = chain.balance(OWNER);
    let network = chain.balance(Address::ZERO);
    let execution = chain.activate(program);

    let module = module_gas(&wasm);
    // Arguments 3, version 800, the fixed price, parameters 100, entry 800, module hash 20,000, pricer 44,000, entry
    // 20,000, network account 800, event 375 + 2·375 + 8·128 = 2,149, result 6.
    let fixed = 3 + 800 + 1_659_168 + 100 + 800 + 20_000 + 44_000 + 20_000 + 800 + 2_149 + 6;
    let call = activateProgramCall { program }.abi_encode();
    assert_eq!(execution.gas_used, intrinsic(&call) + fixed + module);

    let activated: ProgramActivated = event(&execution).unwrap();
    assert_eq!((activated.codehash, activated.program, activated.version), (chain.code_hash(program), program, 2));
    let (version, fee) = <(u16, U256)>::from(activateProgramCall::abi_decode_returns(&output(&execution)).unwrap());
    assert_eq!((version, fee), (2, activated.dataFee));
    assert!(!fee.is_zero());
    let gas_fee = U256::from(execution.gas_used) * U256::from(BASE_FEE);
    assert_eq!(chain.balance(OWNER), balance - gas_fee - fee, "only gas and data are paid for");
    assert_eq!(chain.balance(Address::ZERO), network + gas_fee + fee, "and the network gets both");
    assert_eq!(chain.balance(ARB_WASM), U256::ZERO);
}

/// What checking and metering the module costs, which the program crate derives.
fn module_gas(wasm: &[u8]) -> u64 {
    let rules = ActivationRules { arbos_version: 51, stylus_version: 2, page_limit: 128, debug: true };
    let mut gas = PLENTY;
    stylus_program::activation::activate(wasm, &rules, &mut gas).unwrap();
    PLENTY - gas
}

#[test]
fn a_program_is_activated_once() {
    let mut chain = Chain::new();
    let wasm = idle();
    let program = chain.deploy_program(&wasm);
    assert!(is_success(&chain.activate(program)));
    let balance = chain.balance(OWNER);
    let again = chain.activate(program);
    let _: ProgramUpToDate = error(&again.outcome);
    // Arguments, version, the fixed price, parameters, entry, and 3 for the word of the error; the value stays with the
    // sender.
    let call = activateProgramCall { program }.abi_encode();
    assert_eq!(again.gas_used, intrinsic(&call) + 3 + 800 + 1_659_168 + 100 + 800 + 3);
    assert_eq!(chain.balance(OWNER), balance - U256::from(again.gas_used) * U256::from(BASE_FEE));

    // The same code at another address is the same program.
    let twin = chain.deploy_program(&wasm);
    let _: ProgramUpToDate = error(&chain.activate(twin).outcome);
    assert!(is_success(&chain.call(twin, Vec::new())));
}

#[test]
fn the_fee_must_be_covered() {
    let mut chain = Chain::new();
    let program = chain.deploy_program(&idle());
    let call = activateProgramCall { program }.abi_encode();
    let tx = Transaction { value: U256::from(5), ..chain.transaction(ARB_WASM, call) };
    let refused: ProgramInsufficientValue = error(&chain.send(&tx).outcome);
    assert_eq!(refused.have, U256::from(5));
    assert!(refused.want > refused.have);
    let tx = Transaction { value: refused.want, ..tx };
    let tx = Transaction { nonce: tx.nonce + 1, ..tx };
    assert!(is_success(&chain.send(&tx)), "the fee that was asked for suffices");
}

#[test]
fn invalid_programs_take_all_gas() {
    let mut chain = Chain::new();
    let program = chain.deploy_program(&wat::parse_str("(module)").unwrap());
    let execution = chain.activate(program);
    let ExecutionOutcome::Halt { reason: HaltReason::Precompile(reason) } = &execution.outcome else {
        panic!("{:?}", execution.outcome)
    };
    assert!(reason.starts_with("program activation failed: "), "{reason}");
    assert_eq!(execution.gas_used, PLENTY);
    assert_eq!(chain.balance(ARB_WASM), U256::ZERO, "the value went back");
}

#[test]
fn what_is_not_a_program_keeps_its_gas() {
    let mut chain = Chain::new();
    let contract = chain.deploy(&ANSWER);
    let execution = chain.activate(contract);
    assert_eq!(execution.outcome, ExecutionOutcome::Revert { output: Vec::new().into() });
    let call = activateProgramCall { program: contract }.abi_encode();
    assert_eq!(execution.gas_used, intrinsic(&call) + 3 + 800 + 1_659_168 + 100 + 800);
}

#[test]
fn an_inactive_program_takes_all_gas() {
    let mut chain = Chain::new();
    let program = chain.deploy_program(&idle());
    let execution = chain.call(program, Vec::new());
    let ExecutionOutcome::Halt { reason: HaltReason::Program(reason) } = &execution.outcome else {
        panic!("{:?}", execution.outcome)
    };
    assert!(reason.contains("ProgramNotActivated()"), "{reason}");
    assert_eq!(execution.gas_used, PLENTY);
}

#[test]
fn views_describe_a_program() {
    let mut chain = Chain::new();
    let wasm = idle();
    let program = chain.deploy_program(&wasm);
    let codehash = chain.code_hash(program);
    let tx = chain.transaction(ARB_WASM, codehashVersionCall { codehash }.abi_encode());
    let _: ProgramNotActivated = error(&chain.send(&tx).outcome);
    chain.activate(program);

    assert_eq!(chain.view(ARB_WASM, &stylusVersionCall {}), 2);
    assert_eq!(chain.view(ARB_WASM, &codehashVersionCall { codehash }), 2);
    assert_eq!(chain.view(ARB_WASM, &programVersionCall { program }), 2);
    assert_eq!(chain.view(ARB_WASM, &programMemoryFootprintCall { program }), 1);
    // 512,000, one function at 996, two values in its type at 11, its bytes at 6.26; rounded up to KiB.
    let length = u32::try_from(wasm.len()).unwrap();
    let asm = 512_000 + 996_829 / 1_000 + 2 * 11_416 / 1_000 + length * 62_628 / 10_000;
    assert_eq!(chain.view(ARB_WASM, &codehashAsmSizeCall { codehash }), asm.div_ceil(1_024) * 1_024);
    // Activation hours count from 1,421,388,000: 1,800,000,000 is in hour 105,170, 0 seconds after it began.
    assert_eq!(chain.view(ARB_WASM, &programTimeLeftCall { program }), 365 * 86_400);

    let call = stylusVersionCall {}.abi_encode();
    assert_eq!(chain.call(ARB_WASM, call.clone()).gas_used, intrinsic(&call) + 800 + 100 + 3);
    let call = programVersionCall { program }.abi_encode();
    assert_eq!(chain.call(ARB_WASM, call.clone()).gas_used, intrinsic(&call) + 3 + 800 + 2_600 + 100 + 800 + 3);
}

#[test]
fn starting_costs_what_the_module_suggests() {
    let mut chain = Chain::new();
    let wasm = idle();
    let program = chain.program(&wat("", "", "", 0));
    let length = u64::try_from(wasm.len()).unwrap();
    // From the cache: the bytes, four metering globals, the data segment with its header, one page; a function at 0.13
    // and two values at 0.0009 add nothing. Otherwise: one function, two values, the bytes.
    let cached = length * 122 / 100_000 + 4 * 1_628 / 1_000 + data_range(&wasm) * 75_244 / 100_000 + 5;
    let init = 8_252 / 1_000 + 2 * 1_059 / 1_000 + length * 1_286 / 10_000;
    // The least costs are 69·128 and 11·32; both scalars are 100 %.
    assert_eq!(chain.start_gas(program), 8_832 + init + 352 + cached);
    let execution = chain.call(program, Vec::new());
    // One page is free. Nothing but a constant and the end runs.
    assert_eq!(execution.gas_used, 21_000 + 8_832 + init + 352 + cached + gas(2_452));

    let call = cacheProgramCall { program }.abi_encode();
    let caching = chain.call(ARB_WASM_CACHE, call.clone());
    let update: UpdateProgramCache = event(&caching).unwrap();
    assert_eq!((update.manager, update.codehash, update.cached), (OWNER, chain.code_hash(program), true));
    // Arguments 3, version 800, code hash 2,600, two membership reads 1,600, parameters 100, entry 800, event 375·4 +
    // 8·32 = 1,756, the initial cost, module hash 800, entry 20,000.
    let price = 3 + 800 + 2_600 + 1_600 + 100 + 800 + 1_756 + init + 800 + 20_000;
    assert_eq!(caching.gas_used, intrinsic(&call) + price);
    assert_eq!(chain.call(program, Vec::new()).gas_used, 21_000 + 352 + cached + gas(2_452));

    let codehash = chain.code_hash(program);
    assert!(chain.view(ARB_WASM_CACHE, &codehashIsCachedCall { codehash }));
    assert!(is_success(&chain.call(ARB_WASM_CACHE, evictCodehashCall { codehash }.abi_encode())));
    assert!(!chain.view(ARB_WASM_CACHE, &codehashIsCachedCall { codehash }));
}

/// Bytes of the module's one data segment with its header: what follows the section's id, size and count.
fn data_range(wasm: &[u8]) -> u64 {
    // A flag, `i32.const 0`, `end`, and a length of zero.
    let segment: &[u8] = &[0, 0x41, 0, 0x0b, 0];
    assert!(wasm.windows(5).any(|window| window == segment));
    5
}

#[test]
fn programs_expire_and_can_be_kept_alive() {
    let mut chain = Chain::new();
    let program = chain.program(&wat("", "", "", 0));
    let codehash = chain.code_hash(program);
    let keep_alive = codehashKeepaliveCall { codehash }.abi_encode();
    let tx = Transaction { value: U256::from(ETHER), ..chain.transaction(ARB_WASM, keep_alive.clone()) };
    let early: ProgramKeepaliveTooSoon = error(&chain.send(&tx).outcome);
    assert_eq!(early.age, 0);

    chain.block.timestamp += 31 * 86_400;
    let tx = Transaction { value: U256::from(ETHER), ..chain.transaction(ARB_WASM, keep_alive) };
    let extended: ProgramLifetimeExtended = event(&chain.send(&tx)).unwrap();
    assert_eq!(extended.codehash, codehash);

    chain.block.timestamp += 365 * 86_400;
    assert!(is_success(&chain.call(program, Vec::new())), "to the second");
    chain.block.timestamp += 1;
    let ExecutionOutcome::Halt { reason: HaltReason::Program(reason) } = chain.call(program, Vec::new()).outcome else {
        panic!("the program runs on")
    };
    assert!(reason.contains("ProgramExpired"), "{reason}");
    let tx = chain.transaction(ARB_WASM, programVersionCall { program }.abi_encode());
    let expired: ProgramExpired = error(&chain.send(&tx).outcome);
    assert_eq!(expired.age, 365 * 86_400 + 1);
    assert!(is_success(&chain.activate(program)), "it can be activated again");
}
