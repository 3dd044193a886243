//! What a transaction looks at, as Nitro tells it to go-ethereum's `prestateTracer`.

use crate::arbos::ARBOS_ADDRESS;
use crate::evm::SEQUENCER;
use crate::host_io::HostIo;
use crate::{Transaction, block_history};
use revm::bytecode::opcode;
use revm::primitives::{Address, U256, uint};
use std::collections::{BTreeMap, BTreeSet};

/// Slots of ArbOS that every transaction looks at, before or after it runs: the version, the fee accounts and the level
/// of compression; the features; the units and the price of L1 data and the fees for it; the backlog and the limit of
/// gas; how many constraints there are.
const ALWAYS: [U256; 11] = uint!([
    0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400_U256,
    0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b403_U256,
    0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b406_U256,
    0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b407_U256,
    0x52232757544c763eb1c1511dc67b97f352c88a089b72a204b89e1c66fc278300_U256,
    0xa9f6f085d78d1d37c5819e5c16c9e03198bd14e08cd1f6f8191bc6207b9e9706_U256,
    0xa9f6f085d78d1d37c5819e5c16c9e03198bd14e08cd1f6f8191bc6207b9e9707_U256,
    0xa9f6f085d78d1d37c5819e5c16c9e03198bd14e08cd1f6f8191bc6207b9e970b_U256,
    0xe54de2a4cdacc0a0059d2b6e16348103df8c4aff409c31e40ec73d11926c8204_U256,
    0xe54de2a4cdacc0a0059d2b6e16348103df8c4aff409c31e40ec73d11926c8207_U256,
    0xefc8dd7022cc6868c21a903d9f02794bd02dbc621457d359f75e9f68bc7b1100_U256,
]);

/// The accounts and slots that a transaction looked at.
///
/// Nitro's reports have a peculiarity that is kept: what ArbOS reads on behalf of a call, and what a program reads and
/// writes, is in the storage of the caller.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Looks {
    /// The accounts with their slots.
    pub accounts: BTreeMap<Address, BTreeSet<U256>>,
    /// Those that were called: their delegates (EIP-7702) are looked at too.
    pub called: BTreeSet<Address>,
    /// Those that destroyed themselves.
    pub destroyed: BTreeSet<Address>,
    /// Slots that programs have in their caches to be written, by the depth of the program.
    unflushed: Vec<(usize, U256)>,
}

impl Looks {
    /// A look at an account.
    pub(crate) fn at_account(&mut self, address: Address) {
        self.accounts.entry(address).or_default();
    }

    /// A look at a slot.
    pub(crate) fn at_slot(&mut self, address: Address, slot: U256) {
        self.accounts.entry(address).or_default().insert(slot);
    }

    /// The frame at `depth` has ended.
    pub(crate) fn close(&mut self, depth: usize) {
        self.unflushed.retain(|(at, _)| *at < depth);
    }

    /// What comes with every transaction.
    pub(crate) fn around(&mut self, tx: &Transaction) {
        [tx.from, SEQUENCER, block_history::ADDRESS].into_iter().for_each(|address| self.at_account(address));
        tx.authorization_list.iter().filter_map(|signed| signed.authority()).for_each(|signer| self.at_account(signer));
        ALWAYS.into_iter().for_each(|slot| self.at_slot(ARBOS_ADDRESS, slot));
    }

    /// An instruction of the contract at `address` with this stack, its top last. Calls and creates are not looked for
    /// here.
    pub(crate) fn of_instruction(&mut self, opcode: u8, address: Address, stack: &[U256]) {
        match (opcode, stack.last()) {
            (opcode::SLOAD | opcode::SSTORE, Some(slot)) => self.at_slot(address, *slot),
            (opcode::EXTCODECOPY | opcode::EXTCODEHASH | opcode::EXTCODESIZE | opcode::BALANCE, Some(word)) => {
                self.at_account(Address::from_word((*word).into()));
            }
            _ => {}
        }
    }

    /// A host I/O of a program that `caller` called at `depth`.
    pub(crate) fn of_host_io(&mut self, host_io: &HostIo, caller: Address, depth: usize) {
        match host_io.name.as_str() {
            "storage_load_bytes32" => {
                if let Some(slot) = host_io.args.first_chunk::<32>() {
                    self.at_slot(caller, U256::from_be_bytes(*slot));
                }
            }
            // What is never flushed is never written.
            "storage_cache_bytes32" => {
                if let Some(slot) = host_io.args.first_chunk::<32>() {
                    self.unflushed.push((depth, U256::from_be_bytes(*slot)));
                }
            }
            "storage_flush_cache" => {
                let (flushed, others) = self.unflushed.drain(..).partition(|(at, _)| *at == depth);
                self.unflushed = others;
                let flushed: Vec<(usize, U256)> = flushed;
                flushed.into_iter().for_each(|(_, slot)| self.at_slot(caller, slot));
            }
            "account_balance" | "account_code" | "account_code_size" | "account_codehash" => {
                if let Some(address) = host_io.args.first_chunk::<20>() {
                    self.at_account(Address::from(address));
                }
            }
            _ => {}
        }
    }
}
