//! The methods of ArbSys that send messages to L1. On this side that is all they do: the message joins the tree that
//! L1 would know the root of, its ether is gone, and events tell of both.

use super::Failure;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::{Root, outbox_root};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, B256, U256, keccak256};

/// Gas of a hash, and of each of its words.
const KECCAK: u64 = 30;
const KECCAK_WORD: u64 = 6;

/// The native token has owners from this ArbOS version on.
const NATIVE_TOKEN: u64 = 41;

sol! {
    event L2ToL1Tx(
        address caller,
        address indexed destination,
        uint256 indexed hash,
        uint256 indexed position,
        uint256 arbBlockNum,
        uint256 ethBlockNum,
        uint256 timestamp,
        uint256 callvalue,
        bytes data
    );
    event SendMerkleUpdate(uint256 indexed reserved, bytes32 indexed hash, uint256 indexed position);

    function sendTxToL1(address destination, bytes data) external payable returns (uint256);
    function withdrawEth(address destination) external payable returns (uint256);
    function sendMerkleTreeState() external view returns (uint256 size, bytes32 root, bytes32[] partials);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{Payable, View};
    match selector {
        sendTxToL1Call::SELECTOR => {
            Method::new(Payable, |call, args: sendTxToL1Call| send(call, args.destination, &args.data))
        }
        withdrawEthCall::SELECTOR => {
            Method::new(Payable, |call, args: withdrawEthCall| send(call, args.destination, &[]))
        }
        sendMerkleTreeStateCall::SELECTOR => Method::new(View, |call, _: sendMerkleTreeStateCall| state(call)),
        _ => None,
    }
}

/// Sends a message with the value of the call. Returns its number.
fn send<DB: Database>(call: &mut Call<'_, DB>, destination: Address, data: &[u8]) -> Answer<U256, DB> {
    let (caller, value, block, l1_number) = (call.caller, call.value, call.context.chain.block, call.l1_number()?);
    // Who can make ether could withdraw more than L1 holds.
    if call.version() >= NATIVE_TOKEN && !value.is_zero() && Root::native_token_owners().size(call)? > 0 {
        return Err(Failure::Plain);
    }
    let numbers = [block.number, l1_number, block.timestamp].map(U256::from);
    let mut message = [caller.as_slice(), destination.as_slice()].concat();
    numbers.iter().chain([&value]).for_each(|number| message.extend(number.to_be_bytes::<32>()));
    message.extend(data);
    pay_hash(call, message.len())?;
    let hash = keccak256(message);
    let nodes = Root::outbox().append(call, hash, |call| pay_hash(call, 64))?;
    let position = Root::outbox().size(call)?.saturating_sub(1);
    call.destroy(value)?;
    for node in nodes {
        let position = (U256::from(node.level) << 192) | U256::from(node.leaf);
        call.emit(&SendMerkleUpdate { reserved: U256::ZERO, hash: node.hash, position })?;
    }
    let [arb_block, l1_block, timestamp] = numbers;
    call.emit(&L2ToL1Tx {
        caller,
        destination,
        hash: hash.into(),
        position: U256::from(position),
        arbBlockNum: arb_block,
        ethBlockNum: l1_block,
        timestamp,
        callvalue: value,
        data: data.to_vec().into(),
    })?;
    Ok(U256::from(position))
}

/// The tree, for the zero address only: whoever posts the chain asks in its name.
fn state<DB: Database>(call: &mut Call<'_, DB>) -> Answer<sendMerkleTreeStateReturn, DB> {
    if !call.caller.is_zero() {
        return Err(Failure::Plain);
    }
    let size = Root::outbox().size(call)?;
    let partials: Vec<B256> = Root::outbox().waiting(call)?;
    Ok(sendMerkleTreeStateReturn { size: U256::from(size), root: outbox_root(&partials), partials })
}

fn pay_hash<DB: Database>(call: &mut Call<'_, DB>, bytes: usize) -> Answer<(), DB> {
    let words = u64::try_from(bytes.div_ceil(32)).unwrap_or(u64::MAX);
    call.burn(words.saturating_mul(KECCAK_WORD).saturating_add(KECCAK))
}
