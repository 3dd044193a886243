//! Programs that expire, or are not in the chain's cache.

use crate::command::sending::Step;
use crate::command::session::{Actor, Session};
use alloy::primitives::{Address, U256};
use alloy::sol;
use eyre::Result;
use restake::amounts::{ETHER_DECIMALS, format};
use restake::build::PROGRAMS;
use restake::chain::CallError;
use restake::suite::cache::{CacheManager::placeBidCall, Place, place};
use restake::suite::stylus_deployer::ARB_WASM;
use restake::verbs::Verb;

/// One day in seconds.
const DAY: u64 = 24 * 60 * 60;

sol! {
    /// The part of ArbWasm that is used here.
    interface ArbWasm {
        /// Keeps a program active for as long as one that is activated now, for a fee.
        function codehashKeepalive(bytes32 codehash) external payable;
        /// The seconds before a program expires.
        function programTimeLeft(address program) external view returns (uint64 timeLeft);
        /// The fee is more than was paid.
        error ProgramInsufficientValue(uint256 have, uint256 want);
    }
}

impl Session {
    /// Programs that expire within so many days.
    pub(super) async fn due_to_expire(&self, actor: &Actor, days: u64) -> Result<Vec<Step>> {
        let mut due = Vec::new();
        for program in self.programs() {
            let left = match self.chain.view(ARB_WASM, &ArbWasm::programTimeLeftCall { program }).await {
                Ok(left) => left,
                // A token that was there before need not be a program, and what has expired cannot be kept.
                Err(CallError::Refused(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            if left > days.saturating_mul(DAY) {
                continue;
            }
            let call = ArbWasm::codehashKeepaliveCall { codehash: self.chain.code_hash(program).await? };
            // The chain says what it costs when one pays nothing, or refuses because it was done lately.
            if let Err(CallError::Refused(refusal)) =
                self.chain.simulate(actor.address, ARB_WASM, &call, U256::ZERO).await
                && let Some(ArbWasm::ProgramInsufficientValue { want, .. }) = refusal.decode()
            {
                let what = format!("prolongs {}, which expires in {} days", self.people.name(program), left / DAY);
                // The fee moves with what is activated elsewhere; what is too much comes back.
                let fee = want.saturating_add(want / U256::from(5));
                due.push(Step::new(what, &Verb::new(ARB_WASM, call, &[]).carrying(fee)));
            }
        }
        Ok(due)
    }

    /// Programs that are not in the cache, where a place costs at most so much.
    pub(super) async fn due_to_cache(&self, most: u128) -> Result<Vec<Step>> {
        let mut due = Vec::new();
        for program in self.programs() {
            if let Some(Place { manager, wei }) = place(&self.chain, program).await?
                && wei <= U256::from(most)
            {
                let (name, price) = (self.people.name(program), format(wei, ETHER_DECIMALS));
                let what = format!("buys {name} a place in the cache for {price} ETH");
                let bid = Verb::new(manager, placeBidCall { program }, &[]);
                due.push(Step::new(what, &bid.carrying(wei)));
            }
        }
        Ok(due)
    }

    fn programs(&self) -> impl Iterator<Item = Address> {
        self.suite.contracts().into_iter().take(PROGRAMS.len())
    }
}
