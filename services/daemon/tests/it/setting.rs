//! A key, a service, and what is signed for it.

use alloy::primitives::{Address, B256, U256};
use alloy::signers::local::PrivateKeySigner;
use eyre::Result;
use interfaces::IDisputeResolution::Attestation;
use restake::attestation::Domain;
use restake::typed_data::TypedData;
use restake_daemon::key::Key;
use restake_daemon::message::{Answer, Envelope};
use restake_daemon::origin::Origin;
use restake_daemon::record::{Identity, Subject};

pub(crate) const CHAIN: u64 = 412_346;
pub(crate) const SERVICE: Address = Address::repeat_byte(0x5e);
pub(crate) const TASK: B256 = B256::repeat_byte(7);

pub(crate) fn key(number: u64) -> Result<Key> {
    Ok(Key::Here(PrivateKeySigner::from_bytes(&B256::from(U256::from(number)))?))
}

pub(crate) fn domain() -> Domain {
    Domain::new(CHAIN, SERVICE)
}

pub(crate) fn identity(key: Address) -> Identity {
    let origin = Origin { number: 0, hash: B256::repeat_byte(1) };
    Identity { chain_id: CHAIN, origin, service: SERVICE, key }
}

pub(crate) fn subject(time: u64) -> Subject {
    Subject { task: TASK, time }
}

pub(crate) fn answer(time: u64, answer: u64) -> TypedData {
    domain().answer(&Attestation { task: TASK, taskTime: time, answer: B256::from(U256::from(answer)) })
}

/// An answer by a key, as it is sent.
pub(crate) async fn message(domain: &Domain, key: &Key, time: u64) -> Result<Envelope> {
    let answer = Attestation { task: TASK, taskTime: time, answer: B256::ZERO };
    let signature = key.sign(&domain.answer(&answer)).await?.into();
    let body = Answer { task: TASK, task_time: time, answer: B256::ZERO, signature };
    Envelope::seal(domain, key, &body).await
}
