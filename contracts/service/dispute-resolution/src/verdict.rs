//! The verdict on a challenge.

use crate::equivocation::{Equivocation, SignedAttestation};
use crate::storage::DisputeResolution;
use alloc::vec::Vec;
use alloy_primitives::{keccak256, Address, B256};
use common::stored::number;
use common::{calls, signature, typed_data, Outcome};
use interfaces::{IDisputeResolution, IRegistry, IServiceManager};
use stylus_sdk::prelude::*;

/// The kind of this fault, as the service's terms count them.
const EQUIVOCATION: u8 = 0;

impl DisputeResolution {
    pub(crate) fn judge(&mut self, challenger: Address, operator: Address, evidence: &[u8]) -> Outcome<bool> {
        let bond = self.take_bond()?;
        let accusation = Equivocation::decode(evidence).ok_or(IDisputeResolution::MalformedEvidence {})?;
        self.require_operator(operator)?;
        self.require_in_window(&accusation.first)?;

        // A rejected evidence is remembered as it was given, a proven fault by what it was: an operator cannot have a fault of its own rejected in advance, and a
        // proven one is not punished again for a third answer.
        let given = name(operator, evidence);
        let fault = name(operator, fault_of(&accusation.first).as_slice());
        for known in [given, fault] {
            if self.judged.get(known) {
                return Err(IDisputeResolution::AlreadyJudged { evidence: known }.into());
            }
        }

        let upheld = accusation.contradicts_itself()
            && self.is_signed_by(operator, &accusation.first)?
            && self.is_signed_by(operator, &accusation.second)?;
        if upheld {
            self.judged.insert(fault, true);
            self.credit_bond(challenger, bond);
            let service = self.service_manager.get();
            let request_id = calls::send(
                self,
                service,
                &IServiceManager::freezeOperatorCall {
                    operator,
                    challenger,
                    kind: EQUIVOCATION,
                    faultTime: accusation.first.task_time,
                },
            )?;
            self.vm().log(IDisputeResolution::ChallengeUpheld {
                operator,
                challenger,
                evidence: fault,
                requestId: request_id,
            });
        } else {
            self.judged.insert(given, true);
            self.credit_bond(operator, bond);
            self.vm().log(IDisputeResolution::ChallengeRejected { operator, challenger, evidence: given, bond });
        }
        Ok(upheld)
    }

    pub(crate) fn require_operator(&self, operator: Address) -> Outcome {
        let request = IRegistry::signingKeyOfCall { operator };
        if calls::view(self.vm(), self.registry.get(), &request)?.is_zero() {
            return Err(IDisputeResolution::OperatorNotRegistered { operator }.into());
        }
        Ok(())
    }

    pub(crate) fn require_in_window(&self, attestation: &SignedAttestation) -> Outcome {
        let deadline = attestation.task_time.saturating_add(number(&self.challenge_window));
        if self.vm().block_timestamp() > deadline {
            return Err(IDisputeResolution::EvidenceExpired { deadline }.into());
        }
        Ok(())
    }

    /// Whether a key that belongs to `operator` signed the attestation: any key it ever registered, so taking another one does not undo a fault.
    pub(crate) fn is_signed_by(&self, operator: Address, attestation: &SignedAttestation) -> Outcome<bool> {
        let SignedAttestation { task, task_time, answer, r, vs } = *attestation;
        let hash = typed_data::attestation(self.vm(), self.service_manager.get(), task, task_time, answer);
        let signer = signature::signer(self.vm(), hash, r, vs)?;
        if signer.is_zero() {
            return Ok(false);
        }
        let owner = calls::view(self.vm(), self.registry.get(), &IRegistry::operatorOfCall { signingKey: signer })?;
        Ok(owner == operator)
    }
}

/// keccak256(task ‖ taskTime): what the operator answered twice.
fn fault_of(attestation: &SignedAttestation) -> B256 {
    let mut bytes = Vec::from(attestation.task.as_slice());
    bytes.extend_from_slice(&attestation.task_time.to_be_bytes());
    keccak256(bytes)
}

/// keccak256(operator ‖ subject): the name under which a judgement on `operator` is remembered.
pub(crate) fn name(operator: Address, subject: &[u8]) -> B256 {
    let mut bytes = Vec::from(operator.as_slice());
    bytes.extend_from_slice(subject);
    keccak256(bytes)
}
