//! Nitro shows tracers of instructions what a program does, too: as the EVM instruction that is most like its host I/O,
//! and a POP of its result.

use crate::host_io::HostIo;
use crate::hostio::StorageCache;
use revm::bytecode::opcode as op;
use revm::primitives::{B256, Bytes, U256};

/// Ink per gas as Nitro converts it here, whatever the chain's price is.
const INK_PER_GAS: u64 = 10_000;

/// An instruction that stands for something else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Likeness {
    pub(crate) opcode: u8,
    /// Gas that was left after it.
    pub(crate) gas: u64,
    /// Gas that it took.
    pub(crate) gas_cost: u64,
    /// The stack, its top first.
    pub(crate) operands: Vec<U256>,
    /// The memory.
    pub(crate) memory: Bytes,
}

/// A host I/O that takes operands and gives a result as an instruction does: its name, the instruction, the lengths of
/// its operands in bytes, and the length of its result.
type Plain = (&'static str, u8, &'static [usize], usize);

const PLAIN: &[Plain] = &[
    ("account_balance", op::BALANCE, &[20], 32),
    ("account_code_size", op::EXTCODESIZE, &[20], 4),
    ("account_codehash", op::EXTCODEHASH, &[20], 32),
    ("block_basefee", op::BASEFEE, &[], 32),
    ("block_coinbase", op::COINBASE, &[], 20),
    ("block_gas_limit", op::GASLIMIT, &[], 8),
    ("block_number", op::NUMBER, &[], 8),
    ("block_timestamp", op::TIMESTAMP, &[], 8),
    ("chainid", op::CHAINID, &[], 8),
    ("contract_address", op::ADDRESS, &[], 20),
    ("evm_gas_left", op::GAS, &[], 8),
    ("evm_ink_left", op::GAS, &[], 8),
    ("math_add_mod", op::ADDMOD, &[32, 32, 32], 32),
    ("math_div", op::DIV, &[32, 32], 32),
    ("math_mod", op::MOD, &[32, 32], 32),
    ("math_mul_mod", op::MULMOD, &[32, 32, 32], 32),
    ("math_pow", op::EXP, &[32, 32], 32),
    ("msg_sender", op::CALLER, &[], 20),
    ("msg_value", op::CALLVALUE, &[], 32),
    ("return_data_size", op::RETURNDATASIZE, &[], 4),
    ("transient_load_bytes32", op::TLOAD, &[32], 32),
    ("tx_gas_price", op::GASPRICE, &[], 32),
    ("tx_ink_price", op::GASPRICE, &[], 4),
    ("tx_origin", op::ORIGIN, &[], 20),
];

impl Likeness {
    /// An instruction that costs nothing.
    pub(crate) fn new(opcode: u8, operands: Vec<U256>) -> Self {
        Self { opcode, operands, ..Self::default() }
    }

    /// With this memory.
    pub(crate) fn with_memory(self, memory: Bytes) -> Self {
        Self { memory, ..self }
    }
}

/// The instructions that are like a host I/O; none if there are none, or if the EVM would not see it: `cache` is what
/// the program has read and not flushed. Calls are not here, as they are shown before they happen, nor is what ends the
/// program.
pub(super) fn of_host_io(host_io: &HostIo, cache: &mut StorageCache) -> Vec<Likeness> {
    let mut all = likenesses(host_io, cache).unwrap_or_default();
    for likeness in &mut all {
        likeness.gas = host_io.end_ink / INK_PER_GAS;
    }
    // The first is what happened, the others take its results from the stack.
    if let Some(first) = all.first_mut() {
        first.gas_cost = host_io.start_ink.saturating_sub(host_io.end_ink) / INK_PER_GAS;
    }
    all
}

/// None where bytes are missing, which no host I/O leaves out.
fn likenesses(host_io: &HostIo, cache: &mut StorageCache) -> Option<Vec<Likeness>> {
    let HostIo { name, args, outs, .. } = host_io;
    let zero = U256::ZERO;
    if let Some((_, opcode, lengths, result)) = PLAIN.iter().find(|(plain, ..)| plain == name) {
        let mut rest = args.as_ref();
        let operands = lengths.iter().map(|length| {
            let (operand, others) = rest.split_at_checked(*length)?;
            rest = others;
            Some(U256::from_be_slice(operand))
        });
        let operands = operands.collect::<Option<_>>()?;
        return Some(vec![Likeness::new(*opcode, operands), pop(outs, *result)?]);
    }
    let all = match name.as_str() {
        "read_args" => vec![Likeness::new(op::CALLDATACOPY, vec![zero, zero, size(outs)]).with_memory(outs.clone())],
        "storage_load_bytes32" => {
            let (key, value) = (B256::from(*args.first_chunk()?), B256::from(*outs.first_chunk()?));
            if cache.get(&key).is_some() {
                return None;
            }
            cache.load(key, value);
            vec![Likeness::new(op::SLOAD, vec![key.into()]), pop(outs, 32)?]
        }
        "storage_cache_bytes32" => {
            cache.store(B256::from(*args.first_chunk()?), B256::from(*args.get(32..)?.first_chunk()?));
            Vec::new()
        }
        "storage_flush_cache" => {
            let stores = cache.take_dirty();
            if *args.first()? != 0 {
                cache.clear();
            }
            stores.into_iter().map(|(key, value)| Likeness::new(op::SSTORE, vec![key.into(), value.into()])).collect()
        }
        "transient_store_bytes32" => vec![Likeness::new(op::TSTORE, vec![word(args, 0, 32)?, word(args, 32, 32)?])],
        "create1" => {
            let code = args.slice(args.len().min(32)..);
            create(op::CREATE, vec![word(args, 0, 32)?, zero, size(&code)], code, outs)?
        }
        "create2" => {
            let code = args.slice(args.len().min(64)..);
            create(op::CREATE2, vec![word(args, 0, 32)?, zero, size(&code), word(args, 32, 32)?], code, outs)?
        }
        "read_return_data" => {
            let operands = vec![zero, word(args, 0, 4)?, word(args, 4, 4)?];
            vec![Likeness::new(op::RETURNDATACOPY, operands).with_memory(outs.clone())]
        }
        "emit_log" => {
            let topics: usize = word(args, 0, 4)?.try_into().ok()?;
            let data = args.slice(topics.checked_mul(32)?.checked_add(4).filter(|start| *start <= args.len())?..);
            let mut operands = vec![zero, size(&data)];
            for topic in 0..topics {
                operands.push(word(args, 4 + 32 * topic, 32)?);
            }
            vec![Likeness::new(op::LOG0.checked_add(topics.try_into().ok()?)?, operands).with_memory(data)]
        }
        "account_code" => {
            let operands = vec![word(args, 0, 20)?, zero, word(args, 20, 4)?, word(args, 24, 4)?];
            vec![Likeness::new(op::EXTCODECOPY, operands)]
        }
        "native_keccak256" => {
            let hash = Likeness::new(op::KECCAK256, vec![zero, size(args)]).with_memory(args.clone());
            vec![hash, pop(outs, 32)?.with_memory(args.clone())]
        }
        _ => Vec::new(),
    };
    Some(all)
}

fn create(opcode: u8, operands: Vec<U256>, code: Bytes, outs: &Bytes) -> Option<Vec<Likeness>> {
    Some(vec![Likeness::new(opcode, operands).with_memory(code.clone()), pop(outs, 20)?.with_memory(code)])
}

/// What takes a result of so many bytes from the stack.
fn pop(outs: &Bytes, length: usize) -> Option<Likeness> {
    Some(Likeness::new(op::POP, vec![word(outs, 0, length)?]))
}

fn word(bytes: &Bytes, start: usize, length: usize) -> Option<U256> {
    bytes.get(start..start.checked_add(length)?).map(U256::from_be_slice)
}

fn size(bytes: &Bytes) -> U256 {
    U256::from(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use stylus_program::hostio::{SIGNATURES, VM_HOOKS};

    /// What no instruction is like, or what is shown at another time: see the comment at [`of_host_io`].
    const OTHERS: [&str; 8] = [
        "call_contract",
        "delegate_call_contract",
        "static_call_contract",
        "write_result",
        "exit_early",
        "msg_reentrant",
        "pay_for_memory_grow",
        "storage_cache_bytes32",
    ];

    #[test]
    fn every_host_io_is_like_an_instruction_or_known_not_to_be() {
        let mut count = 0;
        for signature in SIGNATURES.iter().filter(|signature| signature.module == VM_HOOKS) {
            let bytes = Bytes::from(vec![0; 128]);
            let (name, args, outs) = (signature.name.into(), bytes.clone(), bytes);
            let host_io = HostIo { name, args, outs, start_ink: 70_000, end_ink: 20_000, address: None, steps: None };
            let mut cache = StorageCache::default();
            cache.store(B256::repeat_byte(1), B256::ZERO);
            let shown = of_host_io(&host_io, &mut cache);
            assert_eq!(shown.is_empty(), OTHERS.contains(&signature.name), "{}", signature.name);
            assert!(shown.first().is_none_or(|first| (first.gas, first.gas_cost) == (2, 5)), "{}", signature.name);
            assert!(shown.iter().skip(1).all(|other| (other.gas, other.gas_cost) == (2, 0)), "{}", signature.name);
            count += 1;
        }
        assert_eq!(count, 42);
    }

    #[test]
    fn what_lacks_bytes_is_not_shown() {
        for name in ["storage_load_bytes32", "emit_log", "create2", "math_pow", "account_code", "read_return_data"] {
            let (name, args) = (name.into(), Bytes::from_static(&[0, 0, 0]));
            let host_io =
                HostIo { name, args, outs: Bytes::new(), start_ink: 0, end_ink: 0, address: None, steps: None };
            assert!(of_host_io(&host_io, &mut StorageCache::default()).is_empty());
        }
    }
}
