//! The phases of a transaction, where Arbitrum's differ from Ethereum's.

use super::Context;
use crate::Checks;
use crate::arbos::Root;
use revm::Database;
use revm::context::result::{EVMError, HaltReason};
use revm::context_interface::journaled_state::account::JournaledAccountTr;
use revm::context_interface::{Block, ContextTr, JournalTr, Transaction};
use revm::handler::{EthFrame, EvmTr, FrameResult, Handler};
use revm::interpreter::{GasTracker, InitialAndFloorGas};
use revm::primitives::U256;
use std::marker::PhantomData;

/// ArbOS lets a transaction compute with at most this much gas, intrinsic gas included, and gives back what the limit
/// is above it.
const MAX_TX_GAS: u64 = 32_000_000;

/// Runs one transaction that [`validate`](super::validate) has accepted.
pub(crate) struct ArbHandler<EVM> {
    intrinsic_gas: u64,
    held_gas: u64,
    evm: PhantomData<EVM>,
}

impl<EVM> ArbHandler<EVM> {
    /// A handler for a transaction that costs `intrinsic_gas` before it runs and has `gas_limit`.
    pub(crate) fn new(intrinsic_gas: u64, gas_limit: u64, checks: Checks) -> Self {
        let held_gas = match checks {
            Checks::Transaction | Checks::Impersonation => gas_limit.saturating_sub(MAX_TX_GAS.max(intrinsic_gas)),
            Checks::Call => 0,
        };
        Self { intrinsic_gas, held_gas, evm: PhantomData }
    }
}

impl<DB, EVM> Handler for ArbHandler<EVM>
where
    DB: Database,
    EVM: EvmTr<Context = Context<DB>, Frame = EthFrame>,
{
    type Evm = EVM;
    type Error = EVMError<DB::Error>;
    type HaltReason = HaltReason;

    /// Takes the gas limit at the base fee from the signer. Nothing is left to check.
    fn validate(&self, evm: &mut EVM) -> Result<InitialAndFloorGas, Self::Error> {
        let (block, tx, _, journal, _, _) = evm.ctx().all_mut();
        let fee = U256::from(block.basefee()).saturating_mul(U256::from(tx.gas_limit()));
        let is_call = tx.kind().is_call();
        let mut signer = journal.load_account_with_code_mut(tx.caller())?.data;
        let balance = signer.balance().saturating_sub(fee);
        signer.set_balance(balance);
        if is_call {
            signer.bump_nonce();
        }
        Ok(InitialAndFloorGas::new(self.intrinsic_gas, 0))
    }

    fn tx_gas(&self, evm: &mut EVM, _: &InitialAndFloorGas) -> GasTracker {
        let limit = evm.ctx_ref().tx().gas_limit();
        GasTracker::new(limit, limit.saturating_sub(self.intrinsic_gas).saturating_sub(self.held_gas), 0)
    }

    /// The first frame settles as on Ethereum; then the gas that was held back returns.
    fn last_frame_result(
        &mut self,
        _: &mut EVM,
        frame_result: &mut FrameResult,
        parent_gas: &mut GasTracker,
    ) -> Result<(), Self::Error> {
        let result = frame_result.instruction_result();
        parent_gas.spend_all();
        revm::handler::handle_reservoir_remaining_gas(result, parent_gas, frame_result.gas_mut().tracker_mut());
        parent_gas.erase_cost(self.held_gas);
        *frame_result.gas_mut().tracker_mut() = *parent_gas;
        Ok(())
    }

    /// The whole fee goes to the network: nothing is burnt and there is no tip.
    fn reward_beneficiary(&self, evm: &mut EVM, frame_result: &mut FrameResult) -> Result<(), Self::Error> {
        let context = evm.ctx();
        let fee = U256::from(context.block().basefee()).saturating_mul(U256::from(frame_result.gas().used()));
        let network = Root::network_fee_account(context)?;
        context.journal_mut().balance_incr(network, fee)?;
        Ok(())
    }
}
