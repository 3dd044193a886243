//! Equivocation: two answers of one operator to one task, proven by its signatures and judged at once.

use crate::attestation::SignedAttestation;
use crate::storage::DisputeResolution;
use alloy_primitives::{Address, B256};
use arithmetic::fault::EQUIVOCATION as KIND;
use common::bonds::{self, Bonds};
use common::words::decoded;
use common::{disputes, ids, typed_data, Emit, Outcome};
use interfaces::IDisputeResolution;
use stylus_sdk::prelude::*;

/// A decoded [`interfaces::IDisputeResolution::Equivocation`].
struct Equivocation {
    first: SignedAttestation,
    second: SignedAttestation,
}

impl Equivocation {
    /// Decodes the ABI encoding: ten words. `None` if the length differs or a time exceeds 64 bits.
    fn decode(evidence: &[u8]) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i, j] = decoded(evidence)?;
        let first = SignedAttestation::from_words([a, b, c, d, e])?;
        Some(Self { first, second: SignedAttestation::from_words([f, g, h, i, j])? })
    }

    /// Whether it accuses at all: different answers to the same task.
    fn contradicts_itself(&self) -> bool {
        let (first, second) = (&self.first, &self.second);
        first.task == second.task && first.task_time == second.task_time && first.answer != second.answer
    }

    /// A fault is all that one operator answered to one task: a third answer to it is no other fault.
    fn fault(&self, operator: Address) -> B256 {
        ids::judgement(operator, KIND, self.first.task, &self.first.task_time.to_be_bytes())
    }
}

impl DisputeResolution {
    pub(crate) fn _challenge(&mut self, challenger: Address, operator: Address, evidence: &[u8]) -> Outcome<bool> {
        let bond = bonds::take(self.vm(), bonds::bond_in(&self.bond))?;
        let accusation = Equivocation::decode(evidence).ok_or(IDisputeResolution::MalformedEvidence {})?;
        let fault_time = accusation.first.task_time;
        self.require_in_window(fault_time, 0)?;
        let fault = accusation.fault(operator);
        self.require_unjudged(fault)?;

        if !self.suspend_if_proven(&accusation, operator)? {
            // A key that accuses the operator shows that it served; here nothing has shown it.
            self.require_operator(operator)?;
            self.vm().emit(&IDisputeResolution::ChallengeRejected { operator, challenger, evidence: fault, bond });
            self.settle_bond(operator, bond);
            return Ok(false);
        }
        self.judged.insert(fault, true);
        let request_id = self.freeze(operator, challenger, KIND, fault_time)?;
        self.vm().emit(&IDisputeResolution::ChallengeUpheld {
            operator,
            challenger,
            evidence: fault,
            requestId: request_id,
        });
        self.settle_bond(challenger, bond);
        Ok(true)
    }

    /// Whether the evidence proves a fault of `operator`, whose signatures carry nothing then: unless the freeze that
    /// follows reverts, and this with it.
    fn suspend_if_proven(&mut self, accusation: &Equivocation, operator: Address) -> Outcome<bool> {
        if !accusation.contradicts_itself() {
            return Ok(false);
        }
        let domain = typed_data::domain_of(self.vm(), self.service_manager.get());
        let signer = |attestation| self.attestation_signer(domain, attestation);
        let keys = (signer(&accusation.first)?, signer(&accusation.second)?);
        let (Some(first), Some(second)) = keys else { return Ok(false) };
        let time = accusation.first.task_time;
        // Mostly it is one key, and the Registry is called once.
        Ok((first == second || self.accuses(first, operator, time)?) && self.suspend_accused(second, operator, time)?)
    }

    #[inline(never)]
    fn attestation_signer(&self, domain: B256, attestation: &SignedAttestation) -> Outcome<Option<Address>> {
        let SignedAttestation { task, task_time, answer, r, vs } = *attestation;
        let hash = typed_data::attestation_in(domain, task, task_time, answer);
        disputes::signer(self.vm(), hash, r, vs)
    }
}
