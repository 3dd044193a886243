//! Batch: several things at the stakers' door in one transaction. See [`interfaces::IBatch`].
//!
//! Invariant: it acts for its caller alone, and holds nothing. A program of its own because lists in signatures are
//! what makes a program large; and because here each withdrawal of a batch is a call of its own, which a bad token can
//! fail without touching the rest.
#![deny(missing_docs)]
// The function that the macros add for `cargo stylus` has none.
#![cfg_attr(feature = "export-abi", allow(missing_docs))]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod storage;

pub use storage::Batch;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use common::{access, calls, words, Emit, Outcome};
use interfaces::{IBatch, IERC20Permit, ITokenPool};
use stylus_sdk::prelude::*;

/// The most gas for one withdrawal of a batch: several times what one with a sound token takes.
const WITHDRAWAL_GAS: u64 = 1_000_000;

#[public]
impl Batch {
    /// Sets the door, for good.
    #[constructor]
    pub fn constructor(&mut self, token_pool: Address) -> Outcome {
        self.token_pool.set(access::contract(self.vm(), token_pool)?);
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn stake_with_permit(
        &mut self,
        token: Address,
        amount: u128,
        operator: Address,
        max_commitment: u64,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Outcome<u128> {
        let (staker, spender) = (self.vm().msg_sender(), self.token_pool.get());
        let permit = IERC20Permit::permitCall { owner: staker, spender, value: U256::from(amount), deadline, v, r, s };
        // Whoever saw the permit may have used it first, and then it is refused here: the allowance is there all the
        // same, and without one the transfer is refused.
        let _ = calls::send_raw(self, token, U256::ZERO, &words::call(&permit));
        self.stake(token, amount, operator, max_commitment)
    }

    fn stake_split(
        &mut self,
        token: Address,
        operators: Vec<Address>,
        amounts: Vec<u128>,
        max_commitments: Vec<u64>,
    ) -> Outcome {
        require_lengths(operators.len(), &[amounts.len(), max_commitments.len()])?;
        for ((&operator, &amount), &max_commitment) in operators.iter().zip(&amounts).zip(&max_commitments) {
            self.stake(token, amount, operator, max_commitment)?;
        }
        Ok(())
    }

    fn queue_withdrawals(&mut self, tokens: Vec<Address>, operators: Vec<Address>, shares: Vec<u128>) -> Outcome {
        require_lengths(tokens.len(), &[operators.len(), shares.len()])?;
        let (staker, door) = (self.vm().msg_sender(), self.token_pool.get());
        for ((&token, &operator), &shares) in tokens.iter().zip(&operators).zip(&shares) {
            calls::send(self, door, &ITokenPool::queueWithdrawalForCall { staker, token, operator, shares })?;
        }
        Ok(())
    }

    fn complete_queued_withdrawals(
        &mut self,
        tokens: Vec<Address>,
        operators: Vec<Address>,
        release_epochs: Vec<u64>,
        recipient: Address,
    ) -> Outcome {
        require_lengths(tokens.len(), &[operators.len(), release_epochs.len()])?;
        let (staker, door) = (self.vm().msg_sender(), self.token_pool.get());
        for ((&token, &operator), &release_epoch) in tokens.iter().zip(&operators).zip(&release_epochs) {
            let request = ITokenPool::completeQueuedWithdrawalForCall {
                staker,
                token,
                operator,
                releaseEpoch: release_epoch,
                recipient,
            };
            if calls::send_within(self, door, WITHDRAWAL_GAS, &words::call(&request)).is_err() {
                self.vm().emit(&IBatch::WithdrawalSkipped { staker, operator, token, releaseEpoch: release_epoch });
            }
        }
        Ok(())
    }

    // Views.

    fn token_pool(&self) -> Address {
        self.token_pool.get()
    }
}

impl Batch {
    /// Stakes for the caller, out of its allowance to the door.
    fn stake(&mut self, token: Address, amount: u128, operator: Address, max_commitment: u64) -> Outcome<u128> {
        let (staker, door) = (self.vm().msg_sender(), self.token_pool.get());
        let request = ITokenPool::stakeFromCall { staker, token, amount, operator, maxCommitment: max_commitment };
        calls::send(self, door, &request)
    }
}

/// The lists are as long as the first, which is not empty.
fn require_lengths(length: usize, others: &[usize]) -> Outcome {
    if length == 0 || others.iter().any(|other| *other != length) {
        return Err(IBatch::LengthMismatch {}.into());
    }
    Ok(())
}
