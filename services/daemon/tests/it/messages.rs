//! What changes nothing: garbage, what is too long, for another service, forged, of another version, or repeated.

use crate::setting::{CHAIN, domain, key, message};
use alloy::primitives::Address;
use eyre::{OptionExt, Result};
use restake::attestation::Domain;
use restake_daemon::message::{Answer, Body, Envelope, Inbox, LONGEST, RECEIVED, REFUSED, Rejected};
use restake_daemon::metrics::Metrics;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Other(String);

impl Body for Other {
    const KIND: &'static str = "other";
}

#[tokio::test]
async fn a_message_is_taken_once_and_read_as_it_was_signed() -> Result<()> {
    let (metrics, key) = (Metrics::default(), key(1)?);
    let inbox = Inbox::new(domain(), metrics.clone());
    let sent = message(&domain(), &key, 60).await?;
    let bytes = serde_json::to_vec(&sent)?;
    let taken = inbox.read(&bytes)?;
    assert_eq!((&taken, taken.from), (&sent, key.address()));
    let answer: Answer = taken.open()?.ok_or_eyre("an answer")?;
    assert_eq!((answer.signer(&domain())?, answer.task_time), (key.address(), 60));
    assert!(taken.open::<Other>()?.is_none(), "it is of another kind");
    for _ in 0..3 {
        assert_eq!(inbox.read(&bytes), Err(Rejected::Repeated));
    }
    assert_eq!((metrics.sum(&RECEIVED), metrics.get(&REFUSED, &[("reason", "repeated")])), (1, 3));
    Ok(())
}

#[tokio::test]
async fn what_does_not_hold_changes_nothing_and_is_counted() -> Result<()> {
    let (metrics, key) = (Metrics::default(), key(1)?);
    let inbox = Inbox::new(domain(), metrics.clone());
    let sent = message(&domain(), &key, 60).await?;
    let refuse = |envelope: &Envelope| -> Result<_> { Ok(inbox.read(&serde_json::to_vec(envelope)?).err()) };

    assert_eq!(inbox.read(b"\x00\xff{"), Err(Rejected::Garbage));
    assert_eq!(inbox.read(b"{}"), Err(Rejected::Garbage));
    assert_eq!(inbox.read(&vec![b' '; LONGEST + 1]), Err(Rejected::Oversized));
    assert_eq!(refuse(&Envelope { version: 2, ..sent.clone() })?, Some(Rejected::OtherVersion));
    assert_eq!(refuse(&Envelope { from: Address::repeat_byte(2), ..sent.clone() })?, Some(Rejected::NotSigned));
    assert_eq!(refuse(&Envelope { body: sent.body.clone() + " ", ..sent.clone() })?, Some(Rejected::NotSigned));
    assert_eq!(refuse(&Envelope { kind: "other".to_owned(), ..sent.clone() })?, Some(Rejected::NotSigned));
    for foreign in [Domain::new(CHAIN, Address::repeat_byte(1)), Domain::new(1, crate::setting::SERVICE)] {
        assert_eq!(refuse(&message(&foreign, &key, 60).await?)?, Some(Rejected::NotSigned));
    }
    // Signed, and not what it says that it is.
    let wrong =
        Envelope { kind: "answer".to_owned(), ..Envelope::seal(&domain(), &key, &Other("x".to_owned())).await? };
    assert_eq!(wrong.open::<Answer>(), Err(Rejected::Garbage));

    let counted = |reason| metrics.get(&REFUSED, &[("reason", reason)]);
    assert_eq!((counted("garbage"), counted("oversized"), counted("version"), counted("unsigned")), (2, 1, 1, 5));
    assert_eq!(metrics.sum(&RECEIVED), 0);
    inbox.take(&sent)?;
    Ok(())
}
