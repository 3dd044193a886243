//! What a program can ask about the block, the transaction and the message.

use super::probe::*;
use crate::chain::*;
use revm::primitives::{Address, address};
use stylus_vm::revm;

pub(super) fn cases() -> Vec<Case> {
    [addresses(), amounts(), numbers()].concat()
}

/// Each writes 20 bytes.
fn addresses() -> Vec<Case> {
    let sequencer: Address = address!("0xA4B000000000000000000073657175656e636572");
    [("block_coinbase", sequencer), ("contract_address", program()), ("msg_sender", OWNER), ("tx_origin", OWNER)]
        .map(|(name, address)| {
            let written = [address.as_slice(), &[0; 12]].concat();
            case(name, constants([OUT]), 13_440).does(Effect::Memory(OUT, written)).traced(&[], &[address.as_slice()])
        })
        .into()
}

/// Each writes a word.
fn amounts() -> Vec<Case> {
    [("block_basefee", BASE_FEE), ("tx_gas_price", BASE_FEE), ("msg_value", VALUE)]
        .map(|(name, amount)| {
            case(name, constants([OUT]), 13_440).does(Effect::Memory(OUT, word(amount))).traced(&[], &[&word(amount)])
        })
        .into()
}

fn numbers() -> Vec<Case> {
    let long =
        [("block_gas_limit", 1 << 50), ("block_number", 5), ("block_timestamp", 1_800_000_000), ("chainid", 412_346)]
            .map(|(name, number)| {
                let bytes: [u8; 8] = u64::to_be_bytes(number);
                case(name, "", 8_400).does(Effect::Result(number)).traced(&[], &[&bytes])
            });
    let short = [("msg_reentrant", 0), ("tx_ink_price", 10_000)].map(|(name, number)| {
        case(name, "", 8_400).does(Effect::Result(number.into())).traced(&[], &[&u32::to_be_bytes(number)])
    });
    let left = [
        case("evm_gas_left", "", 8_400).does(Effect::ResultIsGas).traced(&[], &[]),
        case("evm_ink_left", "", 8_400).does(Effect::ResultIsInk).traced(&[], &[]),
    ];
    [long.to_vec(), short.to_vec(), left.to_vec()].concat()
}
