//! The phases of a transaction, where Arbitrum's differ from Ethereum's.

use super::Context;
use super::{Environment, units};
use crate::arbos::{FUNDS_POOL, L1Parameter, L2Parameter, Root};
use crate::{Checks, Transfer};
use revm::Database;
use revm::context::result::{EVMError, HaltReason};
use revm::context_interface::journaled_state::account::JournaledAccountTr;
use revm::context_interface::{Block, Cfg, ContextTr, JournalTr, Transaction};
use revm::handler::{EthFrame, EvmTr, FrameResult, Handler};
use revm::interpreter::{GasTracker, InitialAndFloorGas};
use revm::primitives::U256;
use std::marker::PhantomData;

/// Runs one transaction that [`validate`](super::validate) has accepted.
pub(crate) struct ArbHandler<EVM> {
    intrinsic_gas: u64,
    floor_gas: u64,
    l1_gas: u64,
    held_gas: u64,
    /// Units of data on L1, if the transaction stays.
    units: u64,
    evm: PhantomData<EVM>,
}

impl<EVM> ArbHandler<EVM> {
    /// A handler for the environment's transaction.
    pub(crate) fn new(environment: &Environment<'_>) -> Self {
        let (intrinsic_gas, l1_gas) = (environment.intrinsic_gas(), environment.l1_gas);
        let held_gas = match environment.checks {
            Checks::Transaction | Checks::Impersonation | Checks::Estimate => {
                let most = environment.max_tx_gas.max(intrinsic_gas);
                environment.tx.gas_limit.saturating_sub(l1_gas).saturating_sub(most)
            }
            Checks::Call => 0,
        };
        let checks = environment.checks;
        let units = if checks.is_call() { 0 } else { units(&environment.tx.encoded, checks) };
        let floor_gas = environment.floor_gas();
        Self { intrinsic_gas, floor_gas, l1_gas, held_gas, units, evm: PhantomData }
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

    /// Takes the gas limit at the base fee from the signer, and counts the data. Nothing is left to check.
    fn validate(&self, evm: &mut EVM) -> Result<InitialAndFloorGas, Self::Error> {
        let (block, tx, _, journal, _, _) = evm.ctx().all_mut();
        let fee = U256::from(block.basefee()).saturating_mul(U256::from(tx.gas_limit()));
        let is_call = tx.kind().is_call();
        let payment = Transfer { purpose: "feePayment", from: Some(tx.caller()), to: None, value: fee };
        let mut signer = journal.load_account_with_code_mut(tx.caller())?.data;
        let balance = signer.balance().saturating_sub(fee);
        signer.set_balance(balance);
        if is_call {
            signer.bump_nonce();
        }
        evm.ctx().chain.recorder.transfer_before(payment);
        if self.units > 0 {
            Root::l1_pricing().add(evm.ctx(), L1Parameter::UnitsSinceUpdate, U256::from(self.units))?;
        }
        Ok(InitialAndFloorGas::new(self.intrinsic_gas, self.floor_gas))
    }

    fn tx_gas(&self, evm: &mut EVM, _: &InitialAndFloorGas) -> GasTracker {
        let limit = evm.ctx_ref().tx().gas_limit();
        let taken = self.intrinsic_gas.saturating_add(self.l1_gas).saturating_add(self.held_gas);
        GasTracker::new(limit, limit.saturating_sub(taken), 0)
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

    /// A refund is at most a fifth of what was used, without what the data on L1 costs.
    fn refund(&self, evm: &mut EVM, frame_result: &mut FrameResult, eip7702_refund: i64) -> Result<(), Self::Error> {
        let quotient = evm.ctx_ref().cfg().gas_params().max_refund_quotient();
        let gas = frame_result.gas_mut();
        gas.record_refund(eip7702_refund);
        let most = gas.total_gas_spent().saturating_sub(self.l1_gas).checked_div(quotient).unwrap_or_default();
        gas.set_refund(gas.refunded().min(i64::try_from(most).unwrap_or(i64::MAX)));
        Ok(())
    }

    /// Nothing is burnt and there is no tip. What the data on L1 costs goes to the pool that pays for it, at most the
    /// minimum base fee of the rest to the infrastructure, if that has an account, and what remains to the network. A
    /// call that pays nothing is settled at the block's base fee all the same.
    fn reward_beneficiary(&self, evm: &mut EVM, frame_result: &mut FrameResult) -> Result<(), Self::Error> {
        let context = evm.ctx();
        let (gas_price, base_fee) = (context.block().basefee(), U256::from(context.chain.block.base_fee));
        let (used, signer) = (frame_result.gas().used(), context.tx().caller());
        let unused = U256::from(context.tx().gas_limit().saturating_sub(used));
        let refund = U256::from(gas_price).saturating_mul(unused);
        let came = |purpose, to, value| Transfer { purpose, from: None, to: Some(to), value };
        context.chain.recorder.transfer_after(came("gasRefund", signer, refund));
        let fee = base_fee.saturating_mul(U256::from(used));
        let l1_fee = base_fee.saturating_mul(U256::from(self.l1_gas)).min(fee);
        let mut rest = fee.saturating_sub(l1_fee);
        let infrastructure = Root::infra_fee_account(context)?;
        if !infrastructure.is_zero() {
            let minimum = U256::from(Root::l2_pricing().get(context, L2Parameter::MinimumBaseFee)?);
            let compute = U256::from(used.saturating_sub(self.l1_gas));
            let part = minimum.min(base_fee).saturating_mul(compute).min(rest);
            context.journal_mut().balance_incr(infrastructure, part)?;
            context.chain.recorder.transfer_after(came("feeCollection", infrastructure, part));
            rest = rest.saturating_sub(part);
        }
        let network = Root::network_fee_account(context)?;
        context.journal_mut().balance_incr(network, rest)?;
        if !rest.is_zero() {
            context.chain.recorder.transfer_after(came("feeCollection", network, rest));
        }
        if !l1_fee.is_zero() {
            context.journal_mut().balance_incr(FUNDS_POOL, l1_fee)?;
            Root::l1_pricing().add(context, L1Parameter::FeesAvailable, l1_fee)?;
        }
        context.chain.recorder.transfer_after(came("feeCollection", FUNDS_POOL, l1_fee));
        let dead = context.journaled_state.evm_state().iter().filter(|(_, account)| account.is_selfdestructed());
        for (address, account) in dead {
            let (from, value) = (Some(*address), account.info.balance);
            context.chain.recorder.transfer_after(Transfer { purpose: "selfDestruct", from, to: None, value });
        }
        Ok(())
    }
}
