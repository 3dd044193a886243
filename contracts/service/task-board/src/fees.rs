//! Where fees go.

use crate::storage::TaskBoard;
use alloy_primitives::{Address, U64};
use arithmetic::wide::mul_div_down;
use common::stored::{large, set_large};
use common::{access, calls, token, Emit, Outcome};
use interfaces::{IRewards, ITaskBoard};
use stylus_sdk::prelude::*;

impl TaskBoard {
    /// Divides a fee among the stakers of those who signed, by their stake. What is refused, and what does not divide,
    /// is the poster's again.
    pub(crate) fn divide_fee(&mut self, task_id: u64, fee: u128, signers: &[(Address, u128)]) -> Outcome {
        // Parts of one total: the sum cannot overflow.
        let all = signers.iter().fold(0u128, |sum, (_, stake)| sum.saturating_add(*stake));
        let mut rest = fee;
        for (operator, stake) in signers {
            // Rounded down, against the operators; the parts sum up to the fee at most.
            let part = mul_div_down(fee, *stake, all).unwrap_or(0);
            if part != 0 && self.pay(task_id, *operator, part)? {
                rest = rest.saturating_sub(part);
            }
        }
        self.return_fee(task_id, rest);
        Ok(())
    }

    /// Pays a part of a fee, unless it is refused for a reason.
    fn pay(&mut self, task_id: u64, operator: Address, part: u128) -> Outcome<bool> {
        // Owed to nobody before it is sent, whoever is called by that.
        let owed = large(&self.owed);
        set_large(&mut self.owed, owed.saturating_sub(part));
        let (rewards, fee_token) = (self.rewards.get(), self.token.get());
        let request = IRewards::payRewardCall { operator, token: fee_token, amount: part };
        match calls::send(self, rewards, &request) {
            Ok(_) => {
                self.vm().emit(&ITaskBoard::FeePaid { taskId: task_id, operator, amount: part });
                Ok(true)
            }
            Err(refusal) if refusal.has_reason() => {
                set_large(&mut self.owed, owed);
                Ok(false)
            }
            // It may have run out of gas: whoever sends the transaction shall not choose so who is paid.
            Err(failure) => Err(failure),
        }
    }

    /// Gives a part of a fee back to who posted the task.
    pub(crate) fn return_fee(&mut self, task_id: u64, part: u128) {
        if part == 0 {
            return;
        }
        let poster = self.tasks.getter(U64::from(task_id)).poster.get();
        // At most what is owed: it cannot overflow.
        let returned = large(&self.returned.getter(poster)).saturating_add(part);
        set_large(&mut self.returned.setter(poster), returned);
        self.vm().emit(&ITaskBoard::FeeReturned { taskId: task_id, poster, amount: part });
    }

    pub(crate) fn _withdraw_fees(&mut self, recipient: Address) -> Outcome<u128> {
        access::nonzero(recipient)?;
        let account = self.vm().msg_sender();
        let returned = large(&self.returned.getter(account));
        if returned == 0 {
            return Err(ITaskBoard::NothingReturned {}.into());
        }
        set_large(&mut self.returned.setter(account), 0);
        let owed = large(&self.owed).saturating_sub(returned);
        set_large(&mut self.owed, owed);
        self.vm().emit(&ITaskBoard::FeeWithdrawn { account, amount: returned, recipient });
        let fee_token = self.token.get();
        token::push(self, fee_token, recipient, returned)?;
        Ok(returned)
    }
}
