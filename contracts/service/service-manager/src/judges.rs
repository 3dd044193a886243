//! Judges: the contracts that decide kinds of faults beyond those of the DisputeResolution.

use crate::storage::ServiceManager;
use alloy_primitives::{Address, U8};
use alloy_sol_types::SolCall;
use arithmetic::fault::{wad_of, COUNT, UNAVAILABILITY};
use common::{access, calls, Emit, Outcome};
use interfaces::{IRegistry, IServiceManager};
use stylus_sdk::prelude::*;

impl ServiceManager {
    pub(crate) fn _name_judge(&mut self, kind: u8, judge: Address) -> Outcome {
        if kind <= UNAVAILABILITY || usize::from(kind) >= COUNT {
            return Err(IServiceManager::UnknownFaultKind { kind }.into());
        }
        if !self.judges.get(U8::from(kind)).is_zero() {
            return Err(IServiceManager::JudgeIsNamed { kind }.into());
        }
        // Before the service is connected nobody serves. Later every set of terms counts that a fault may be judged by,
        // so that nobody is judged by who was not to be seen at the time of the fault.
        let is_off = [&self.before, &self.after].iter().all(|terms| wad_of(&terms.wads(), kind) == Some(0));
        if !self.registry.get().is_zero() && !is_off {
            return Err(IServiceManager::FaultKindIsOn { kind }.into());
        }
        let judge = access::contract(self.vm(), judge)?;
        self.judges.insert(U8::from(kind), judge);
        self.vm().emit(&IServiceManager::JudgeNamed { kind, judge });
        Ok(())
    }

    pub(crate) fn _judge_of(&self, kind: u8) -> Address {
        if kind <= UNAVAILABILITY {
            self.dispute_resolution.get()
        } else {
            self.judges.get(U8::from(kind))
        }
    }

    /// Takes the weight from the signatures of an operator whose fault a judge has proven.
    pub(crate) fn suspend(&mut self, operator: Address) -> Outcome {
        let (registry, function) = (self.registry.get(), IRegistry::suspendOperatorCall::SELECTOR);
        let [] = calls::tell_words(self, registry, function, &[operator.into_word()])?;
        Ok(())
    }
}
