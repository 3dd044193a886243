//! What contracts see of the chain, the block and the transaction.

use super::{Context, Runtime};
use crate::{BlockEnv, ChainConfig, Checks, Transaction};
use revm::Database;
use revm::context::either::Either;
use revm::context::{BlockEnv as EvmBlock, CfgEnv, Journal, LocalContext, TxEnv};
use revm::context_interface::JournalTr;
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::context_interface::cfg::GasParams;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, U256, address};

/// The gas limit of every block: it bounds nothing, since the base fee and the limit per transaction do.
pub(crate) const BLOCK_GAS_LIMIT: u64 = 1 << 50;

/// COINBASE: the address that stands for the sequencer.
pub(crate) const SEQUENCER: Address = address!("0xA4B000000000000000000073657175656e636572");

/// PREVRANDAO of every block.
const PREVRANDAO: B256 = B256::with_last_byte(1);

/// A transaction with the block it is for and the rules that apply.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a> {
    /// The constants of the chain, with the version that the state of ArbOS has.
    pub(crate) config: ChainConfig,
    pub(crate) block: &'a BlockEnv,
    pub(crate) tx: &'a Transaction,
    pub(crate) checks: Checks,
    /// What the transaction's data costs on L1, in gas.
    pub(crate) l1_gas: u64,
    /// The most gas that the transaction may compute with, intrinsic gas included. It gets back what its limit is above
    /// that.
    pub(crate) max_tx_gas: u64,
    /// Whether call data has a price that is at least due (EIP-7623).
    pub(crate) calldata_floor: bool,
}

impl Environment<'_> {
    /// Wei per gas that the transaction pays and that contracts see as base fee: an `eth_call` without a price runs in
    /// a block without one.
    pub(crate) fn base_fee(&self) -> u64 {
        let unpriced = self.tx.max_fee_per_gas == 0 && self.tx.max_priority_fee_per_gas.unwrap_or(0) == 0;
        if self.checks.is_call() && unpriced { 0 } else { self.block.base_fee }
    }

    /// Wei per gas that the signer offers: the tip on top of the base fee, up to the cap. Only the base fee is paid.
    pub(crate) fn offered_price(&self) -> u128 {
        let cap = self.tx.max_fee_per_gas;
        match self.tx.tx_type {
            0 | 1 => cap,
            _ => {
                let tip = self.tx.max_priority_fee_per_gas.unwrap_or(0);
                cap.min(tip.saturating_add(u128::from(self.base_fee())))
            }
        }
    }

    /// The longest init code a create may have, in bytes (EIP-3860).
    pub(crate) fn max_init_code_size(&self) -> usize {
        self.config.max_code_size.saturating_mul(2)
    }

    /// What the transaction costs before anything runs, in gas: 21,000, call data, access list, authorizations, init
    /// code words.
    pub(crate) fn intrinsic_gas(&self) -> u64 {
        GasParams::new_spec(fork(self.config.arbos_version))
            .initial_tx_gas_for_tx(self.evm_transaction(), None)
            .initial_regular_gas()
    }

    /// What the transaction costs at least, if the chain's owner wants a floor for call data: zero if not.
    pub(crate) fn floor_gas(&self) -> u64 {
        if !self.calldata_floor {
            return 0;
        }
        GasParams::new_spec(fork(self.config.arbos_version))
            .initial_tx_gas_for_tx(self.evm_transaction(), None)
            .floor_gas()
    }

    /// The transaction as the EVM takes it: the price is the base fee, whatever the signer offered.
    pub(crate) fn evm_transaction(&self) -> TxEnv {
        let tx = self.tx;
        TxEnv {
            tx_type: tx.tx_type,
            caller: tx.from,
            gas_limit: tx.gas_limit,
            gas_price: u128::from(self.base_fee()),
            gas_priority_fee: None,
            kind: tx.to,
            value: tx.value,
            data: tx.input.clone(),
            nonce: tx.nonce,
            chain_id: Some(self.config.chain_id),
            access_list: tx.access_list.clone(),
            // Other types carry none, and must not pay for any.
            authorization_list: match tx.tx_type {
                4 => tx.authorization_list.iter().cloned().map(Either::Right).collect(),
                _ => Vec::new(),
            },
            blob_hashes: Vec::new(),
            max_fee_per_blob_gas: 0,
        }
    }

    /// The block as EVM instructions see it.
    fn evm_block(&self) -> EvmBlock {
        EvmBlock {
            number: U256::from(self.block.l1_number),
            beneficiary: self.block.pretended.beneficiary.unwrap_or(SEQUENCER),
            timestamp: U256::from(self.block.timestamp),
            gas_limit: self.block.pretended.gas_limit.unwrap_or(BLOCK_GAS_LIMIT),
            basefee: self.base_fee(),
            difficulty: U256::from(1),
            prevrandao: Some(self.block.pretended.randomness.unwrap_or(PREVRANDAO)),
            blob_excess_gas_and_price: Some(BlobExcessGasAndPrice { excess_blob_gas: 0, blob_gasprice: 1 }),
            slot_num: 0,
        }
    }

    /// The rules of the EVM.
    fn evm_rules(&self) -> CfgEnv {
        let mut cfg = CfgEnv::new_with_spec(fork(self.config.arbos_version));
        cfg.chain_id = self.config.chain_id;
        cfg.limit_contract_code_size = Some(self.config.max_code_size);
        cfg.limit_contract_initcode_size = Some(self.max_init_code_size());
        // EIP-7825 is replaced by a cap of ArbOS that holds gas back instead of rejecting the transaction.
        cfg.tx_gas_limit_cap = Some(u64::MAX);
        // Stylus programs start with 0xEF: the frame driver applies EIP-3541 to everything else.
        cfg.disable_eip3541 = true;
        // Whether call data has a floor is a switch of ArbOS.
        cfg.disable_eip7623 = !self.calldata_floor;
        cfg
    }
}

/// The Ethereum fork whose rules the EVM follows at an ArbOS version.
pub(crate) fn fork(arbos_version: u64) -> SpecId {
    match arbos_version {
        0..=10 => SpecId::MERGE,
        11..=19 => SpecId::SHANGHAI,
        20..=39 => SpecId::CANCUN,
        40..=49 => SpecId::PRAGUE,
        _ => SpecId::OSAKA,
    }
}

/// A context in which `environment`'s transaction can run on `db`.
pub(crate) fn context<DB: Database>(db: DB, environment: &Environment<'_>) -> Context<DB> {
    let cfg = environment.evm_rules();
    let mut journaled_state = Journal::new(db);
    journaled_state.set_spec_id(cfg.spec);
    Context {
        block: environment.evm_block(),
        tx: environment.evm_transaction(),
        cfg,
        journaled_state,
        chain: Runtime::new(environment),
        local: LocalContext::default(),
        error: Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_without_a_price_sees_no_base_fee() {
        let (config, block) = (ChainConfig::default(), BlockEnv { base_fee: 7, ..BlockEnv::default() });
        let free = Transaction::default();
        let priced = Transaction { max_fee_per_gas: 9, ..Transaction::default() };
        let fee = |tx, checks| {
            Environment { config, block: &block, tx, checks, l1_gas: 0, max_tx_gas: 0, calldata_floor: false }
                .base_fee()
        };
        assert_eq!(fee(&free, Checks::Call), 0);
        assert_eq!(fee(&free, Checks::Estimate), 0);
        assert_eq!(fee(&priced, Checks::Call), 7);
        assert_eq!(fee(&free, Checks::Transaction), 7);
    }

    #[test]
    fn the_fork_follows_arbos() {
        assert_eq!([10, 11, 31, 40, 51, 60].map(fork), {
            use SpecId::*;
            [MERGE, SHANGHAI, CANCUN, PRAGUE, OSAKA, OSAKA]
        });
    }
}
