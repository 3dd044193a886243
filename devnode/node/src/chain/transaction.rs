//! Signed transactions, as they come in.

use alloy::consensus::transaction::{Recovered, SignerRecoverable};
use alloy::consensus::{Transaction as _, TxEnvelope, TypedTransaction};
use alloy::eips::eip2718::{Decodable2718, Encodable2718, Typed2718};
use alloy::primitives::{Address, B256, Signature, U256, uint};
use stylus_vm::{Checks, Transaction};

/// The longest transaction the chain takes, in bytes: what Nitro's sequencer takes.
const MAX_TRANSACTION_BYTES: usize = 95_000;

/// The most that a transaction may offer for its gas, in wei: one ether.
const FEE_CAP: U256 = uint!(1_000_000_000_000_000_000_U256);

/// The EIP-2718 type of blob transactions.
const BLOB_TYPE: u8 = 3;

/// A transaction with its signer.
#[derive(Clone, Debug)]
pub(crate) struct SignedTransaction {
    inner: Recovered<TxEnvelope>,
}

/// The signature of an impersonated account's transaction: it holds the address, so that no two signers' transactions
/// have the same hash. No key makes such a signature for this very address.
fn stand_in(signer: Address) -> Signature {
    Signature::new(U256::from_be_slice(signer.as_slice()), U256::from(1), false)
}

/// Bytes that are not a transaction of this chain. `Display` speaks like go-ethereum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    /// Longer than the chain takes.
    #[error("oversized data")]
    Oversized,
    /// Neither RLP nor a known envelope.
    #[error("{0}")]
    Malformed(String),
    /// It may cost more than Nitro's server lets anybody spend by mistake.
    #[error("tx fee ({0} ether) exceeds the configured cap (1.00 ether)")]
    FeeAboveCap(String),
    /// A blob transaction: Arbitrum has no blobs.
    #[error("transaction type not supported")]
    UnsupportedType,
    /// The signature is for another chain.
    #[error("invalid chain id for signer: have {have} want {want}")]
    WrongChain {
        /// The chain of the signature.
        have: u64,
        /// This chain.
        want: u64,
    },
    /// No key made this signature.
    #[error("invalid transaction v, r, s values")]
    BadSignature,
}

impl SignedTransaction {
    /// Reads the EIP-2718 encoding. Legacy transactions without a chain id (before EIP-155) are taken, like on
    /// Arbitrum: the well-known deployers of CREATE2 factories are such transactions.
    pub(crate) fn decode(raw: &[u8], chain_id: u64) -> Result<Self, DecodeError> {
        if raw.len() > MAX_TRANSACTION_BYTES {
            return Err(DecodeError::Oversized);
        }
        let malformed = |error: &str| Err(DecodeError::Malformed(error.into()));
        match raw {
            [] | [0..=0x7f] => return malformed("typed transaction too short"),
            // A list that begins a legacy transaction, or a known type with a list.
            [0xc0..=0xff, ..] | [1 | 2 | 4, 0xc1..=0xff, ..] => {}
            [BLOB_TYPE, 0xc1..=0xff, ..] => return Err(DecodeError::UnsupportedType),
            [1..=4, 0xc0, ..] => return malformed("unexpected EOF"),
            [1..=4, ..] => return malformed("rlp: expected input list"),
            _ => return Err(DecodeError::UnsupportedType),
        }
        let envelope = TxEnvelope::decode_2718_exact(raw).map_err(|error| DecodeError::Malformed(error.to_string()))?;
        match envelope.chain_id() {
            Some(have) if have != chain_id => return Err(DecodeError::WrongChain { have, want: chain_id }),
            _ => {}
        }
        let signer = envelope.recover_signer().map_err(|_| DecodeError::BadSignature)?;
        Ok(Self { inner: Recovered::new_unchecked(envelope, signer) })
    }

    /// A transaction with the signature that `signer` made for it.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Oversized`].
    pub(crate) fn signed(
        signer: Address,
        transaction: TypedTransaction,
        signature: Signature,
    ) -> Result<Self, DecodeError> {
        let envelope = transaction.into_envelope(signature);
        if envelope.encode_2718_len() > MAX_TRANSACTION_BYTES {
            return Err(DecodeError::Oversized);
        }
        Ok(Self { inner: Recovered::new_unchecked(envelope, signer) })
    }

    /// A transaction in `signer`'s name that nobody signed.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Oversized`].
    pub(crate) fn impersonated(signer: Address, transaction: TypedTransaction) -> Result<Self, DecodeError> {
        Self::signed(signer, transaction, stand_in(signer))
    }

    /// A transaction that was taken before, in its EIP-2718 encoding.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Malformed`].
    pub(crate) fn restore(raw: &[u8], signer: Address) -> Result<Self, DecodeError> {
        let envelope = TxEnvelope::decode_2718_exact(raw).map_err(|error| DecodeError::Malformed(error.to_string()))?;
        Ok(Self { inner: Recovered::new_unchecked(envelope, signer) })
    }

    /// Whether it offers at most one ether for its gas.
    ///
    /// # Errors
    ///
    /// [`DecodeError::FeeAboveCap`].
    pub(crate) fn check_fee(&self) -> Result<(), DecodeError> {
        let transaction = self.envelope();
        let fee = U256::from(transaction.max_fee_per_gas()).saturating_mul(U256::from(transaction.gas_limit()));
        if fee <= FEE_CAP {
            return Ok(());
        }
        // With two decimals, rounded.
        let hundredths = fee.saturating_add(FEE_CAP / U256::from(200)) / (FEE_CAP / U256::from(100));
        let (whole, rest) = hundredths.div_rem(U256::from(100));
        Err(DecodeError::FeeAboveCap(format!("{whole}.{rest:02}")))
    }

    /// The address of the contract, if it is a create, also if that fails.
    pub(crate) fn contract(&self) -> Option<Address> {
        self.envelope().is_create().then(|| self.signer().create(self.envelope().nonce()))
    }

    /// How strictly the machine checks it.
    pub(crate) fn checks(&self) -> Checks {
        if *self.envelope().signature() == stand_in(self.signer()) {
            Checks::Impersonation
        } else {
            Checks::Transaction
        }
    }

    /// Its hash.
    pub(crate) fn hash(&self) -> B256 {
        *self.inner.inner().tx_hash()
    }

    /// Its signer.
    pub(crate) fn signer(&self) -> Address {
        self.inner.signer()
    }

    /// The envelope with the signer.
    pub(crate) fn recovered(&self) -> &Recovered<TxEnvelope> {
        &self.inner
    }

    /// The envelope.
    pub(crate) fn envelope(&self) -> &TxEnvelope {
        self.inner.inner()
    }

    /// What the machine executes.
    pub(crate) fn executable(&self) -> Transaction {
        let tx = self.envelope();
        let authorizations = tx.authorization_list().unwrap_or_default();
        Transaction {
            from: self.signer(),
            to: tx.kind(),
            nonce: tx.nonce(),
            value: tx.value(),
            input: tx.input().clone(),
            gas_limit: tx.gas_limit(),
            max_fee_per_gas: tx.max_fee_per_gas(),
            max_priority_fee_per_gas: tx.max_priority_fee_per_gas(),
            tx_type: tx.ty(),
            access_list: tx.access_list().cloned().unwrap_or_default(),
            authorization_list: authorizations.iter().cloned().map(|signed| signed.into_recovered()).collect(),
            moved_precompiles: Vec::new(),
            encoded: tx.encoded_2718().into(),
        }
    }
}
