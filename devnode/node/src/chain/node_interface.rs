//! NodeInterface (0xc8), a contract without code. The node itself answers `eth_call` and `eth_estimateGas` to its
//! address, as Nitro does; contracts and transactions find nothing at that address.

use super::Chain;
use super::call_request::CallRequest;
use super::error::ChainError;
use super::state_reader::StateReader;
use alloy::eips::BlockId;
use alloy::primitives::{Address, Bytes, TxKind, U256, address};
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use alloy::sol_types::{Revert, SolCall, SolError};
use stylus_vm::Checks;

/// Where it would be.
const ADDRESS: Address = address!("00000000000000000000000000000000000000c8");

sol! {
    function gasEstimateComponents(address to, bool contractCreation, bytes data) external payable returns (
        uint64 gasEstimate,
        uint64 gasEstimateForL1,
        uint256 baseFee,
        uint256 l1BaseFeeEstimate
    );
    function gasEstimateL1Component(address to, bool contractCreation, bytes data) external payable returns (
        uint64 gasEstimateForL1,
        uint256 baseFee,
        uint256 l1BaseFeeEstimate
    );
    function nitroGenesisBlock() external pure returns (uint256 number);
    function blockL1Num(uint64 l2BlockNum) external view returns (uint64 l1BlockNum);
    function l2BlockRangeForL1(uint64 blockNum) external view returns (uint64 firstBlock, uint64 lastBlock);

    function estimateRetryableTicket(
        address sender,
        uint256 deposit,
        address to,
        uint256 l2CallValue,
        address excessFeeRefundAddress,
        address callValueRefundAddress,
        bytes data
    ) external;
    function constructOutboxProof(uint64 size, uint64 leaf) external view returns (
        bytes32 send,
        bytes32 root,
        bytes32[] proof
    );
    function findBatchContainingBlock(uint64 blockNum) external view returns (uint64 batch);
    function getL1Confirmations(bytes32 blockHash) external view returns (uint64 confirmations);
    function legacyLookupMessageBatchProof(uint256 batchNum, uint64 index) external view returns (
        bytes32[] proof,
        uint256 path,
        address l2Sender,
        address l1Dest,
        uint256 l2Block,
        uint256 l1Block,
        uint256 timestamp,
        uint256 amount,
        bytes calldataForL1
    );
}

/// What a transaction pays for its data on L1, in the block in which it would happen.
struct L1Part {
    gas: u64,
    /// Wei per gas.
    base_fee: U256,
    /// Wei per unit of data.
    price: U256,
}

/// Whether the request is for the node itself.
pub(super) fn is_asked(request: &CallRequest) -> bool {
    request.transaction.to == Some(TxKind::Call(ADDRESS))
}

impl Chain {
    /// Answers a call to NodeInterface.
    ///
    /// # Errors
    ///
    /// [`ChainError::Reverted`] with a reason if there is no answer, and what an estimate fails with. A chain that is
    /// to be like Nitro's gives no reasons.
    pub(super) fn answer(&mut self, request: CallRequest) -> Result<Bytes, ChainError> {
        self.reasoned_answer(request).map_err(|error| match error {
            ChainError::Reverted(_) if self.settings.nitro => ChainError::BadRequest("execution reverted".into()),
            error => error,
        })
    }

    fn reasoned_answer(&mut self, request: CallRequest) -> Result<Bytes, ChainError> {
        let Ok(input) = request.transaction.input.clone().try_into_unique_input() else {
            return Err(ChainError::BadRequest("both \"data\" and \"input\" are set and not equal".into()));
        };
        let input = input.unwrap_or_default();
        let answer = match input.first_chunk::<4>() {
            Some(&gasEstimateComponentsCall::SELECTOR) => self.components(decode(&input)?, request)?,
            Some(&gasEstimateL1ComponentCall::SELECTOR) => self.l1_component(decode(&input)?, request)?,
            // The first block of Nitro is the first block of this chain.
            Some(&nitroGenesisBlockCall::SELECTOR) => nitroGenesisBlockCall::abi_encode_returns(&U256::ZERO),
            Some(&blockL1NumCall::SELECTOR) => self.l1_number_of(decode(&input)?)?,
            Some(&l2BlockRangeForL1Call::SELECTOR) => self.blocks_with(decode(&input)?)?,
            Some(&estimateRetryableTicketCall::SELECTOR) => {
                return Err(reverted("this chain has no retryable tickets"));
            }
            Some(&constructOutboxProofCall::SELECTOR) => return Err(reverted("this chain proves no messages to L1")),
            Some(
                &findBatchContainingBlockCall::SELECTOR
                | &getL1ConfirmationsCall::SELECTOR
                | &legacyLookupMessageBatchProofCall::SELECTOR,
            ) => return Err(reverted("this chain posts no batches to L1")),
            _ => return Err(reverted("NodeInterface has no such function")),
        };
        Ok(answer.into())
    }

    /// What a transaction needs in gas, and which part of it pays for L1 data.
    fn components(&mut self, call: gasEstimateComponentsCall, asked: CallRequest) -> Result<Vec<u8>, ChainError> {
        let planned = planned(call.to, call.contractCreation, call.data, asked);
        let part = self.l1_part(planned.clone())?;
        Ok(gasEstimateComponentsCall::abi_encode_returns(&gasEstimateComponentsReturn {
            gasEstimate: self.estimate(planned)?,
            gasEstimateForL1: part.gas,
            baseFee: part.base_fee,
            l1BaseFeeEstimate: part.price,
        }))
    }

    /// The part for L1 data alone.
    fn l1_component(&self, call: gasEstimateL1ComponentCall, asked: CallRequest) -> Result<Vec<u8>, ChainError> {
        let part = self.l1_part(planned(call.to, call.contractCreation, call.data, asked))?;
        Ok(gasEstimateL1ComponentCall::abi_encode_returns(&gasEstimateL1ComponentReturn {
            gasEstimateForL1: part.gas,
            baseFee: part.base_fee,
            l1BaseFeeEstimate: part.price,
        }))
    }

    /// What a transaction pays for its data on L1.
    fn l1_part(&self, planned: CallRequest) -> Result<L1Part, ChainError> {
        let call = self.prepare(planned, Checks::Estimate)?;
        let mut reader = StateReader { state: &call.state, ledger: &self.ledger };
        let price = self.vm.l1_price(&mut reader)?;
        let gas = self.vm.l1_gas(&mut reader, &call.env, &call.transaction, Checks::Estimate)?;
        Ok(L1Part { gas, base_fee: U256::from(call.env.base_fee), price })
    }

    /// What `block.number` was in a block.
    fn l1_number_of(&self, call: blockL1NumCall) -> Result<Vec<u8>, ChainError> {
        let block = self.block(BlockId::number(call.l2BlockNum))?.ok_or_else(|| reverted("no such block"))?;
        Ok(blockL1NumCall::abi_encode_returns(&block.env().l1_number))
    }

    /// The first and the last block in which `block.number` was so.
    fn blocks_with(&self, call: l2BlockRangeForL1Call) -> Result<Vec<u8>, ChainError> {
        let first = self.first_from(call.blockNum);
        let after = call.blockNum.checked_add(1).map_or(self.block_count(), |next| self.first_from(next));
        match after.checked_sub(1) {
            Some(last) if first <= last => Ok(l2BlockRangeForL1Call::abi_encode_returns(&l2BlockRangeForL1Return {
                firstBlock: first,
                lastBlock: last,
            })),
            _ => Err(reverted("no block has this L1 block number")),
        }
    }

    fn block_count(&self) -> u64 {
        self.head().number().saturating_add(1)
    }

    /// The number of the first block in which `block.number` was at least this, or the number of the next block if
    /// there is none. The search can halve the range because `block.number` never decreases.
    fn first_from(&self, l1_number: u64) -> u64 {
        let (mut low, mut high) = (self.ledger.first(), self.block_count());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.ledger.block(middle) {
                Some(block) if block.env().l1_number < l1_number => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }
}

/// The transaction that is asked about: the question's own in all but its callee and its data. Whatever else it says,
/// as its authorizations, counts.
fn planned(to: Address, creation: bool, data: Bytes, asked: CallRequest) -> CallRequest {
    let transaction = TransactionRequest {
        to: Some(if creation { TxKind::Create } else { TxKind::Call(to) }),
        input: data.into(),
        ..asked.transaction
    };
    CallRequest { transaction, ..asked }
}

/// The arguments of a call.
fn decode<C: SolCall>(input: &[u8]) -> Result<C, ChainError> {
    C::abi_decode(input).map_err(|error| reverted(&error.to_string()))
}

/// A revert with a reason.
fn reverted(reason: &str) -> ChainError {
    ChainError::Reverted(Revert { reason: reason.into() }.abi_encode().into())
}
