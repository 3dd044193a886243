//! ArbOS 60: programs in fragments, the gas that the owner asks of activations, and programs that the block has called.

use crate::chain::*;
use alloy_sol_types::{SolCall, SolError, sol};
use revm::context_interface::transaction::{AccessList, AccessListItem};
use revm::primitives::{Address, Bytes, TxKind, U256, address};
use stylus_program::activation::{self, ActivationRules};
use stylus_program::{format, fragments};
use stylus_vm::{BlockVm, ChainConfig, Checks, Execution, ExecutionOutcome, HaltReason, Transaction, revm};

const ARB_OWNER_PUBLIC: Address = address!("0x000000000000000000000000000000000000006b");

sol! {
    error ProgramNotWasm();

    function activationGas() external view returns (uint64);
    function getMaxStylusContractFragments() external view returns (uint8);
    function setMaxStylusContractFragments(uint8 count) external;
    function setWasmActivationGas(uint64 gas) external;

    function getCollectTips() external view returns (bool);
    function setCollectTips(bool collect) external;
    function getMultiGasBaseFee() external view returns (uint256[]);
    function getTransactionFilteringFrom() external view returns (uint64);
}

fn chain() -> Chain {
    Chain::with(ChainConfig { arbos_version: 60, ..ChainConfig::default() })
}

/// A program that returns the last 32 of its `size` bytes of data, which cannot be compressed.
fn program(size: usize) -> (Vec<u8>, Bytes) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let data: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[7]
    })
    .take(size)
    .collect();
    let imports = r#"(import "vm_hooks" "write_result" (func $write_result (param i32 i32)))"#;
    let body = format!("(call $write_result (i32.const {}) (i32.const 32))", size - 32);
    let wasm = wat::parse_str(wat(imports, &hex(&data), &body, 0)).unwrap();
    (wasm, data[size - 32..].to_vec().into())
}

/// A small program cut into so many fragments, with the WASM.
fn small(chain: &mut Chain, parts: usize) -> (Vec<Address>, Vec<Vec<u8>>, Vec<u8>) {
    let (wasm, _) = program(100);
    let code = format::compress(&wasm).unwrap();
    // Each has three bytes of prefix, the code four.
    let fragments = fragments::cut(&code, 3 + (code.len() - 4).div_ceil(parts)).unwrap();
    assert_eq!(fragments.len(), parts);
    let addresses = fragments.iter().map(|fragment| chain.deploy(fragment)).collect();
    (addresses, fragments, wasm)
}

fn deploy_root(chain: &mut Chain, wasm: &[u8], addresses: &[Address]) -> Address {
    let addresses: Vec<[u8; 20]> = addresses.iter().map(|address| address.into_array()).collect();
    chain.deploy(&fragments::root(u32::try_from(wasm.len()).unwrap(), &addresses))
}

fn module_gas(wasm: &[u8]) -> u64 {
    let rules = ActivationRules { arbos_version: 60, stylus_version: 2, page_limit: 128, debug: true };
    let mut gas = PLENTY;
    activation::activate(wasm, &rules, &mut gas).unwrap();
    PLENTY - gas
}

fn intrinsic_of_activation(program: Address) -> u64 {
    intrinsic(&activateProgramCall { program }.abi_encode())
}

/// Gas of an activation up to where the code is read: arguments 3, version 800, what the owner asks for 800, the fixed
/// price, parameters 100, entry 800.
const BEFORE: u64 = 3 + 800 + 800 + 1_659_168 + 100 + 800;

/// Gas after the module is checked: module hash 20,000, pricer 44,000, entry 20,000, network account 800, event 2,149,
/// result 6.
const AFTER: u64 = 20_000 + 44_000 + 20_000 + 800 + 2_149 + 6;

/// Copying a fragment's code: 3 gas for each word begun.
fn words(fragments: &[Vec<u8>]) -> u64 {
    fragments.iter().map(|fragment| 3 * u64::try_from(fragment.len().div_ceil(32)).unwrap()).sum()
}

fn refused(execution: &Execution) -> &Bytes {
    match &execution.outcome {
        ExecutionOutcome::Revert { output } => output,
        outcome => panic!("no revert: {outcome:?}"),
    }
}

#[test]
fn a_program_of_two_contracts_runs() {
    let mut chain = chain();
    let (wasm, last) = program(40_000);
    let code = format::compress(&wasm).unwrap();
    assert!(code.len() > 24_576, "{} bytes are no test", code.len());
    let fragments = fragments::cut(&code, 24_576).unwrap();
    let addresses: Vec<Address> = fragments.iter().map(|fragment| chain.deploy(fragment)).collect();
    let root = deploy_root(&mut chain, &wasm, &addresses);
    let activation = chain.activate(root);
    assert!(is_success(&activation), "{:?}", activation.outcome);
    assert_eq!(output(&chain.call(root, [])), last);
    // A machine that has not compiled it yet reads the fragments again, and the call costs the same.
    let call = chain.transaction(root, []);
    let again = chain.send(&call);
    chain.vm = stylus_vm::Vm::new(ChainConfig { arbos_version: 60, ..ChainConfig::default() });
    let call = chain.transaction(root, []);
    let fresh = chain.send(&call);
    assert_eq!((output(&fresh), fresh.gas_used), (last, again.gas_used));
}

#[test]
fn fragments_are_paid_for_like_copied_code() {
    let mut chain = chain();
    let (addresses, fragments, wasm) = small(&mut chain, 2);
    let root = deploy_root(&mut chain, &wasm, &addresses);
    let rest = intrinsic_of_activation(root) + BEFORE + words(&fragments) + module_gas(&wasm) + AFTER;
    let call = activateProgramCall { program: root }.abi_encode();
    let tx = Transaction { value: U256::from(ETHER), ..chain.transaction(ARB_WASM, call) };
    let cold = chain.vm.execute(&mut chain.db, &chain.block, &tx, Checks::Transaction).unwrap();
    assert_eq!(cold.gas_used, rest + 2 * 2_600);
    // EIP-2930: an address of the list costs 2,400 and is warm.
    let item = AccessListItem { address: addresses[1], storage_keys: Vec::new() };
    let warm = chain.send(&Transaction { tx_type: 1, access_list: AccessList(vec![item]), ..tx });
    assert_eq!(warm.gas_used, rest + 2_600 + 100 + 2_400);
    assert!(event::<ProgramActivated>(&warm).is_some());
}

#[test]
fn a_fragment_that_was_read_is_warm() {
    let mut chain = chain();
    let (addresses, fragments, wasm) = small(&mut chain, 1);
    // The stream twice: bytes after its end are ignored, as in a classic program.
    let root = deploy_root(&mut chain, &wasm, &[addresses[0], addresses[0]]);
    let activation = chain.activate(root);
    let rest = intrinsic_of_activation(root) + BEFORE + 2 * words(&fragments) + module_gas(&wasm) + AFTER;
    assert_eq!(activation.gas_used, rest + 2_600 + 100);
    assert!(is_success(&chain.call(root, [])));
}

#[test]
fn who_cannot_pay_for_the_longest_fragment_loses_all_gas() {
    let mut chain = chain();
    let (addresses, _, wasm) = small(&mut chain, 1);
    let root = deploy_root(&mut chain, &wasm, &addresses);
    let call = activateProgramCall { program: root }.abi_encode();
    // 24,576 bytes are 768 words.
    let enough = intrinsic_of_activation(root) + BEFORE + 2_600 + 3 * 768;
    for (gas_limit, expected) in [(enough - 1, false), (enough, true)] {
        let tx = Transaction { gas_limit, value: U256::from(ETHER), ..chain.transaction(ARB_WASM, call.clone()) };
        let execution = chain.send(&tx);
        assert_eq!(execution.gas_used, gas_limit);
        // With one gas more the fragment is read, and the module cannot be paid for.
        let is_checked = matches!(&execution.outcome, ExecutionOutcome::Halt { reason: HaltReason::Precompile(_) });
        assert_eq!(is_checked, expected, "{:?}", execution.outcome);
    }
}

#[test]
fn what_is_no_whole_program_is_refused_and_keeps_its_gas() {
    let mut chain = chain();
    let (addresses, fragments, wasm) = small(&mut chain, 2);
    let (first, second) = (addresses[0], addresses[1]);
    let empty = address!("0x00000000000000000000000000000000000e0000");
    let contract = chain.deploy(&ANSWER);
    let roots = [
        ("no fragments", vec![], 0),
        ("more than four", vec![first, second, second, second, second], 0),
        ("a part is missing", vec![first], 2_600 + words(&fragments[..1])),
        ("no code", vec![empty, second], 2_600),
        ("other code", vec![first, contract], 2 * 2_600 + words(&fragments[..1]) + 3),
    ];
    for (what, addresses, reading) in roots {
        let root = deploy_root(&mut chain, &wasm, &addresses);
        let execution = chain.activate(root);
        assert!(refused(&execution).is_empty(), "{what}");
        assert_eq!(execution.gas_used, intrinsic_of_activation(root) + BEFORE + reading, "{what}");
    }
    let size = u32::try_from(wasm.len()).unwrap();
    let named = addresses.iter().map(|address| address.into_array()).collect::<Vec<_>>();
    let good = fragments::root(size, &named);
    let all = 2 * 2_600 + words(&fragments);
    let other_dictionary = [&good[..3], &[1], &good[4..]].concat();
    let codes = [
        ("shorter than it says", fragments::root(size + 1, &named), all),
        ("longer than it says", fragments::root(size - 1, &named), all),
        ("longer than programs may be", fragments::root(262_145, &named), 0),
        ("half an address", good[..good.len() - 1].to_vec(), 0),
        ("another dictionary", other_dictionary, all),
        ("a fragment", fragments[0].clone(), 0),
    ];
    for (what, code, reading) in codes {
        let root = chain.deploy(&code);
        let execution = chain.activate(root);
        assert!(refused(&execution).is_empty(), "{what}");
        assert_eq!(execution.gas_used, intrinsic_of_activation(root) + BEFORE + reading, "{what}");
    }
    for nothing in [contract, empty] {
        let execution = chain.activate(nothing);
        assert_eq!(refused(&execution)[..], ProgramNotWasm::SELECTOR);
        // An error is copied, a word of it.
        assert_eq!(execution.gas_used, intrinsic_of_activation(nothing) + BEFORE + 3);
    }
}

#[test]
fn only_parts_of_programs_may_begin_with_ef() {
    let (fragment, root) = ([0xef, 0xf0, 0x01, 0x00], [0xef, 0xf0, 0x02, 0x00]);
    let created = |version, code: &[u8]| {
        let mut chain = Chain::with(ChainConfig { arbos_version: version, ..ChainConfig::default() });
        let tx = chain.transaction(TxKind::Create, format::init_code(code));
        is_success(&chain.send(&tx))
    };
    assert!(created(60, &fragment) && created(60, &root));
    assert!(!created(51, &fragment) && !created(51, &root));
    for code in [&fragment[..3], &root[..3], &[0xef, 0xf0, 0x03, 0x00], &[0xef, 0xf1, 0x01, 0x00], &[0xef]] {
        assert!(!created(60, code), "{code:?}");
    }
}

#[test]
fn a_fragment_cannot_be_called() {
    let mut chain = chain();
    let (addresses, _, wasm) = small(&mut chain, 1);
    let execution = chain.call(addresses[0], []);
    assert_eq!(execution.outcome, ExecutionOutcome::Halt { reason: HaltReason::InvalidOpcode(0xef) });
    assert_eq!(execution.gas_used, PLENTY);
    let root = deploy_root(&mut chain, &wasm, &addresses);
    let reason = HaltReason::Program("error ProgramNotActivated()".into());
    assert_eq!(chain.call(root, []).outcome, ExecutionOutcome::Halt { reason });
}

#[test]
fn programs_with_other_fragments_are_other_programs() {
    let mut chain = chain();
    let (addresses, _, wasm) = small(&mut chain, 1);
    let root = deploy_root(&mut chain, &wasm, &addresses);
    assert!(is_success(&chain.activate(root)));
    let before = output(&chain.call(root, []));
    // As tests that set the code of accounts by hand can: the same length and another result.
    let other = wat::parse_str(wat(
        r#"(import "vm_hooks" "write_result" (func $write_result (param i32 i32)))"#,
        &hex(&[7; 100]),
        "(call $write_result (i32.const 68) (i32.const 32))",
        0,
    ))
    .unwrap();
    assert_eq!(other.len(), wasm.len());
    let fragment = fragments::cut(&format::compress(&other).unwrap(), 24_576).unwrap().remove(0);
    chain.place(addresses[0], &fragment);
    let after = output(&chain.call(root, []));
    assert_eq!((before == after, after[..] == [7; 32]), (false, true));
}

#[test]
fn the_owner_says_how_many_fragments_and_what_activations_pay() {
    let mut chain = chain();
    assert_eq!(chain.view(ARB_OWNER_PUBLIC, &getMaxStylusContractFragmentsCall {}), 4);
    assert_eq!(chain.view(ARB_WASM, &activationGasCall {}), 0);
    let (addresses, fragments, wasm) = small(&mut chain, 5);
    let root = deploy_root(&mut chain, &wasm, &addresses);
    assert!(refused(&chain.activate(root)).is_empty(), "four are the most");
    chain.call(ARB_OWNER, setMaxStylusContractFragmentsCall { count: 5 }.abi_encode());
    chain.call(ARB_OWNER, setWasmActivationGasCall { gas: 12_345 }.abi_encode());
    assert_eq!(chain.view(ARB_OWNER_PUBLIC, &getMaxStylusContractFragmentsCall {}), 5);
    assert_eq!(chain.view(ARB_WASM, &activationGasCall {}), 12_345);
    let reading = 5 * 2_600 + words(&fragments);
    let expected = intrinsic_of_activation(root) + 12_345 + BEFORE + reading + module_gas(&wasm) + AFTER;
    assert_eq!(chain.activate(root).gas_used, expected);
}

#[test]
fn older_chains_have_none_of_it() {
    let mut chain = Chain::new();
    let calls: [(Address, Vec<u8>); 3] = [
        (ARB_OWNER_PUBLIC, getMaxStylusContractFragmentsCall {}.abi_encode()),
        (ARB_WASM, activationGasCall {}.abi_encode()),
        (ARB_OWNER, setWasmActivationGasCall { gas: 1 }.abi_encode()),
    ];
    for (precompile, call) in calls {
        assert!(refused(&chain.call(precompile, call)).is_empty());
    }
    // Set by hand, a root is no program either.
    let root = address!("0x00000000000000000000000000000000000e0000");
    chain.place(root, &fragments::root(1, &[[0x11; 20]]));
    let execution = chain.activate(root);
    assert!(refused(&execution).is_empty());
    // Without what the owner asks for, whose slot takes 800.
    assert_eq!(execution.gas_used, intrinsic_of_activation(root) + BEFORE - 800);
    assert_eq!(chain.call(root, []).outcome, ExecutionOutcome::Halt { reason: HaltReason::InvalidOpcode(0xef) });
}

#[test]
fn what_else_comes_with_arbos_60_is_not_there() {
    let mut chain = chain();
    let gas_info = address!("0x000000000000000000000000000000000000006c");
    let calls = [
        (ARB_OWNER, setCollectTipsCall { collect: true }.abi_encode()),
        (ARB_OWNER_PUBLIC, getCollectTipsCall {}.abi_encode()),
        (ARB_OWNER_PUBLIC, getTransactionFilteringFromCall {}.abi_encode()),
        (gas_info, getMultiGasBaseFeeCall {}.abi_encode()),
    ];
    for (precompile, call) in calls {
        assert!(refused(&chain.call(precompile, call)).is_empty());
    }
}

#[test]
fn a_program_that_the_block_has_called_starts_from_the_cache() {
    for (version, is_cheaper) in [(51, false), (60, true)] {
        let mut chain = Chain::with(ChainConfig { arbos_version: version, ..ChainConfig::default() });
        let programs = [program(100), program(200)].map(|(wasm, _)| {
            let address = chain.deploy_program(&wasm);
            assert!(is_success(&chain.activate(address)));
            address
        });
        let mut block = chain.vm.block(chain.block);
        let mut other_block = block.clone();
        let mut call = |program, block: &mut BlockVm| {
            let tx = chain.transaction(program, []);
            block.execute(&mut chain.db, &tx, Checks::Transaction).unwrap().gas_used
        };
        let first = call(programs[0], &mut block);
        assert_eq!(call(programs[1], &mut block), call(programs[1], &mut other_block), "it was not called before");
        let second = call(programs[0], &mut block);
        // With Stylus 2 a start costs both, and one from the cache the second only.
        let cost = chain.view(ARB_WASM, &programInitGasCall { program: programs[0] });
        let saved = if is_cheaper { cost.gas - cost.gasWhenCached } else { 0 };
        assert_eq!(second, first - saved);
        assert!(cost.gas > cost.gasWhenCached);
    }
}
