//! Blocks and their receipts.

use super::header::{KeptHeader, Messages, Seal, l1_number};
use super::transaction::SignedTransaction;
use alloy::consensus::proofs::ordered_trie_root_with_encoder;
use alloy::consensus::{Header, Receipt, ReceiptEnvelope, Sealed};
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{B256, Log};
use stylus_vm::BlockEnv;

/// Wei per gas of the first block: Arbitrum's minimum, where an idle chain stays.
pub(crate) const BASE_FEE: u64 = 100_000_000;

/// A block of the chain. It holds one transaction, unless it was mined by hand or at an interval.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    hash: B256,
    header: KeptHeader,
    env: BlockEnv,
    transactions: Vec<Included>,
}

/// A transaction in a block.
#[derive(Clone, Debug)]
pub(crate) struct Included {
    /// The transaction.
    pub(crate) transaction: SignedTransaction,
    /// Status, cumulative gas and events.
    pub(crate) receipt: Receipt<Log>,
    /// The gas its signer paid for.
    pub(crate) gas_used: u64,
    /// The part of it for the transaction's data on L1.
    pub(crate) gas_used_for_l1: u64,
    /// How many events of the block come before its own.
    pub(crate) first_log: usize,
}

impl Included {
    /// The receipt as clients know it: with the transaction's type, and with the bloom of the events, which would be
    /// most of it if it was kept.
    pub(crate) fn receipt_envelope(&self) -> ReceiptEnvelope<Log> {
        ReceiptEnvelope::from_typed(self.transaction.envelope().tx_type(), self.receipt.clone().with_bloom())
    }
}

/// An executed transaction that still needs its block.
#[derive(Clone, Debug)]
pub(crate) struct Executed {
    /// The transaction.
    pub(crate) transaction: SignedTransaction,
    /// Whether it took effect.
    pub(crate) success: bool,
    /// The gas its signer pays for.
    pub(crate) gas_used: u64,
    /// The part of it for the transaction's data on L1.
    pub(crate) gas_used_for_l1: u64,
    /// Its events.
    pub(crate) logs: Vec<Log>,
}

impl Block {
    /// Seals a block on `parent_hash`. `state_root` is a commitment of this node, see [`super::commitment`].
    pub(crate) fn seal(
        parent_hash: B256,
        env: BlockEnv,
        arbos_version: u64,
        state_root: B256,
        messages: Messages,
        executed: Vec<Executed>,
    ) -> Self {
        let transactions = include(executed);
        let seal = Seal {
            parent_hash,
            state_root,
            transactions_root: transactions_root(&transactions),
            receipts_root: receipts_root(&transactions),
            arbos_version,
            messages,
        };
        Self { hash: seal.header(&env, &transactions).hash_slow(), header: KeptHeader::Own(seal), env, transactions }
    }

    /// The same with another header.
    pub(crate) fn with_header(self, change: impl FnOnce(&mut Header)) -> Self {
        let mut header = self.header().into_inner();
        change(&mut header);
        Self { hash: header.hash_slow(), header: KeptHeader::new(header, &self.env, &self.transactions), ..self }
    }

    /// A block that was sealed before, from its header and its transactions with their receipts and their gas for
    /// L1 data.
    ///
    /// # Errors
    ///
    /// What the header says otherwise.
    pub(crate) fn restore(
        header: Header,
        transactions: Vec<(SignedTransaction, Receipt<Log>, u64)>,
    ) -> Result<Self, &'static str> {
        let (mut gas_before, mut first_log) = (0, 0);
        let mut included = Vec::with_capacity(transactions.len());
        for (transaction, receipt, gas_used_for_l1) in transactions {
            let cumulative = receipt.cumulative_gas_used;
            let gas_used = cumulative.checked_sub(gas_before).ok_or("cumulative gas that decreases")?;
            let logs = receipt.logs.len();
            if gas_used_for_l1 > gas_used {
                return Err("less gas than was used for L1");
            }
            included.push(Included { transaction, receipt, gas_used, gas_used_for_l1, first_log });
            gas_before = cumulative;
            first_log += logs;
        }
        if transactions_root(&included) != header.transactions_root {
            return Err("other transactions");
        }
        if receipts_root(&included) != header.receipts_root {
            return Err("other receipts");
        }
        let env = BlockEnv {
            number: header.number,
            l1_number: l1_number(header.mix_hash),
            timestamp: header.timestamp,
            base_fee: header.base_fee_per_gas.ok_or("no base fee")?,
            ..BlockEnv::default()
        };
        let hash = header.hash_slow();
        Ok(Self { hash, header: KeptHeader::new(header, &env, &included), env, transactions: included })
    }

    /// A block of another chain, of which only the header is here.
    pub(crate) fn of_another_chain(header: Sealed<Header>) -> Self {
        let env = BlockEnv {
            number: header.number,
            l1_number: l1_number(header.mix_hash),
            timestamp: header.timestamp,
            base_fee: header.base_fee_per_gas.unwrap_or(BASE_FEE),
            ..BlockEnv::default()
        };
        let (header, hash) = header.into_parts();
        Self { hash, header: KeptHeader::new(header, &env, &[]), env, transactions: Vec::new() }
    }

    /// The hash of the header.
    pub(crate) fn hash(&self) -> B256 {
        self.hash
    }

    /// The L2 block number.
    pub(crate) fn number(&self) -> u64 {
        self.env.number
    }

    /// The version of ArbOS after the block, which its header tells.
    pub(crate) fn arbos_version(&self) -> u64 {
        self.header.seal().arbos_version
    }

    /// Seconds since the Unix epoch.
    pub(crate) fn timestamp(&self) -> u64 {
        self.env.timestamp
    }

    /// The hash of the block before.
    pub(crate) fn parent_hash(&self) -> B256 {
        self.header.seal().parent_hash
    }

    /// The commitment to the state after it.
    pub(crate) fn state_root(&self) -> B256 {
        self.header.seal().state_root
    }

    /// The header with its hash, put together from what is kept.
    pub(crate) fn header(&self) -> Sealed<Header> {
        Sealed::new_unchecked(self.header.header(&self.env, &self.transactions), self.hash)
    }

    /// What contracts saw of the block.
    pub(crate) fn env(&self) -> BlockEnv {
        self.env
    }

    /// The messages to L1 until its end.
    pub(crate) fn messages(&self) -> Messages {
        self.header.seal().messages
    }

    /// The transactions in order.
    pub(crate) fn transactions(&self) -> &[Included] {
        &self.transactions
    }
}

fn transactions_root(transactions: &[Included]) -> B256 {
    ordered_trie_root_with_encoder(transactions, |included, out| included.transaction.envelope().encode_2718(out))
}

fn receipts_root(transactions: &[Included]) -> B256 {
    ordered_trie_root_with_encoder(transactions, |included, out| included.receipt_envelope().encode_2718(out))
}

/// Adds what depends on the transactions before it to each receipt.
fn include(executed: Vec<Executed>) -> Vec<Included> {
    let mut cumulative_gas_used = 0;
    let mut first_log = 0;
    executed
        .into_iter()
        .map(|Executed { transaction, success, gas_used, gas_used_for_l1, logs }| {
            cumulative_gas_used += gas_used;
            let start = first_log;
            first_log += logs.len();
            let receipt = Receipt { status: success.into(), cumulative_gas_used, logs };
            Included { transaction, receipt, gas_used, gas_used_for_l1, first_log: start }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{BASE_FEE, Block, Executed};
    use crate::DEV_ACCOUNTS;
    use crate::chain::header::Messages;
    use crate::chain::transaction::SignedTransaction;
    use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
    use alloy::eips::eip2718::Encodable2718;
    use alloy::primitives::{Address, B256, Log, b256};
    use alloy::signers::SignerSync;
    use alloy::signers::local::PrivateKeySigner;
    use stylus_vm::BlockEnv;

    fn executed(nonce: u64, gas_used: u64, logs: usize) -> Executed {
        let signer = PrivateKeySigner::from_bytes(&DEV_ACCOUNTS[0].key).expect("a valid key");
        let transaction = TxEip1559 { chain_id: 1, nonce, ..TxEip1559::default() };
        let signature = signer.sign_hash_sync(&transaction.signature_hash()).expect("a signature");
        let raw = TxEnvelope::from(transaction.into_signed(signature)).encoded_2718();
        let log = Log::new_unchecked(Address::repeat_byte(1), Vec::new(), Vec::new().into());
        Executed {
            transaction: SignedTransaction::decode(&raw, 1).expect("a transaction"),
            success: true,
            gas_used,
            gas_used_for_l1: 0,
            logs: vec![log; logs],
        }
    }

    #[test]
    fn receipts_count_on_from_the_ones_before() {
        let env = BlockEnv { number: 5, l1_number: 5, timestamp: 9, base_fee: BASE_FEE, ..BlockEnv::default() };
        let executed = vec![executed(0, 100, 2), executed(1, 20, 0), executed(2, 3, 1)];
        let block = Block::seal(B256::ZERO, env, 51, B256::ZERO, Messages::default(), executed);
        let gas: Vec<_> = block.transactions().iter().map(|included| included.receipt.cumulative_gas_used).collect();
        assert_eq!(gas, [100, 120, 123]);
        assert_eq!(block.header().gas_used, 123);
        let first_logs: Vec<_> = block.transactions().iter().map(|included| included.first_log).collect();
        assert_eq!(first_logs, [0, 2, 2]);
    }

    #[test]
    fn an_empty_block_has_the_roots_of_empty_tries() {
        let block = Block::seal(B256::ZERO, BlockEnv::default(), 51, B256::ZERO, Messages::default(), Vec::new());
        // keccak256(rlp("")), the root of a Merkle trie with nothing in it.
        let empty = b256!("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
        assert_eq!((block.header().transactions_root, block.header().receipts_root), (empty, empty));
    }
}
