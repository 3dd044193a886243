//! A key answers once.

use crate::folder::Folder;
use crate::setting::{answer, identity, key, subject};
use alloy::primitives::{Address, B256};
use eyre::{Result, ensure};
use restake_daemon::lock::LockError;
use restake_daemon::origin::Origin;
use restake_daemon::record::{Identity, RecordError, SignError, Signed, SigningRecord};

#[tokio::test]
async fn the_same_content_gives_the_same_signature_and_other_content_none() -> Result<()> {
    let (folder, key) = (Folder::new()?, key(1)?);
    let record = SigningRecord::open(folder.path(), identity(key.address()))?;
    let first = record.sign_once(&key, subject(60), &answer(60, 5)).await?;
    assert_eq!(record.sign_once(&key, subject(60), &answer(60, 5)).await?, first);
    let second = record.sign_once(&key, subject(60), &answer(60, 6)).await;
    let Err(SignError::Contradiction(why)) = second else { eyre::bail!("{second:?}") };
    assert_eq!((why.signed, why.asked), (answer(60, 5).hash, answer(60, 6).hash));
    assert_eq!(first.signer(answer(60, 5).hash)?, key.address());
    // Another task, and another kind of typed data, are other things.
    record.sign_once(&key, subject(120), &answer(120, 6)).await?;
    record.sign_once(&key, subject(60), &crate::setting::domain().key_binding(Address::ZERO)).await?;
    assert_eq!(record.len().await?, 3);
    Ok(())
}

#[tokio::test]
async fn who_asks_at_once_gets_one_signature() -> Result<()> {
    let (folder, key) = (Folder::new()?, key(1)?);
    let record = SigningRecord::open(folder.path(), identity(key.address()))?;
    let asking = (0..16_u64).map(|number| {
        let (record, key) = (record.clone(), key.clone());
        tokio::spawn(async move { record.sign_once(&key, subject(60), &answer(60, number)).await })
    });
    let (mut signed, mut refused) = (0, 0);
    for asked in asking.collect::<Vec<_>>() {
        match asked.await? {
            Ok(_) => signed += 1,
            Err(SignError::Contradiction(_)) => refused += 1,
            Err(other) => return Err(other.into()),
        }
    }
    assert_eq!((signed, refused), (1, 15));
    Ok(())
}

#[tokio::test]
async fn a_record_is_not_open_twice() -> Result<()> {
    let (folder, key) = (Folder::new()?, key(1)?);
    let record = SigningRecord::open(folder.path(), identity(key.address()))?;
    let second = SigningRecord::open(folder.path(), identity(key.address()));
    let Err(RecordError::Locked(LockError::Held { path, holder })) = second else { eyre::bail!("{second:?}") };
    assert_eq!(holder, std::process::id().to_string());
    ensure!(path.starts_with(folder.path()), "{}", path.display());
    // Another key's is another file.
    SigningRecord::open(folder.path(), identity(Address::repeat_byte(9)))?;
    drop(record);
    SigningRecord::open(folder.path(), identity(key.address()))?;
    Ok(())
}

#[tokio::test]
async fn a_chain_that_began_again_is_noticed_and_what_was_signed_stays_signed() -> Result<()> {
    let (folder, key) = (Folder::new()?, key(1)?);
    let before = identity(key.address());
    let record = SigningRecord::open(folder.path(), before.clone())?;
    record.sign_once(&key, subject(60), &answer(60, 5)).await?;
    drop(record);
    let after = Identity { origin: Origin { number: 0, hash: B256::repeat_byte(2) }, ..before.clone() };
    let opened = SigningRecord::open(folder.path(), after.clone());
    ensure!(matches!(opened, Err(RecordError::OtherChain { .. })), "{opened:?}");
    let record = SigningRecord::open_for_new_chain(folder.path(), after.clone())?;
    let other = record.sign_once(&key, subject(60), &answer(60, 6)).await;
    ensure!(matches!(other, Err(SignError::Contradiction(_))), "a signature does not say for which of both it is");
    drop(record);
    SigningRecord::open(folder.path(), after)?;
    let opened = SigningRecord::open(folder.path(), before);
    ensure!(matches!(opened, Err(RecordError::OtherChain { .. })), "{opened:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_seen_of_the_own_key_is_taken_in_and_never_contradicted() -> Result<()> {
    let (folder, key, other) = (Folder::new()?, key(1)?, key(2)?);
    let record = SigningRecord::open(folder.path(), identity(key.address()))?;
    let seen = |signature| Signed::elsewhere(subject(60), &answer(60, 5), signature);
    let foreign = record.take_in(seen(other.sign(&answer(60, 5)).await?)).await;
    ensure!(matches!(foreign, Err(RecordError::NotSigned { .. })), "{foreign:?}");
    let signature = key.sign(&answer(60, 5)).await?;
    assert!(record.take_in(seen(signature)).await?);
    assert!(!record.take_in(seen(signature)).await?, "it has that");
    assert_eq!(record.sign_once(&key, subject(60), &answer(60, 5)).await?, signature);
    let contradiction = record.sign_once(&key, subject(60), &answer(60, 6)).await;
    ensure!(matches!(contradiction, Err(SignError::Contradiction(_))), "{contradiction:?}");
    let foreign = record.sign_once(&other, subject(90), &answer(90, 5)).await;
    ensure!(matches!(foreign, Err(SignError::OtherKey { .. })), "{foreign:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_forgotten_is_never_signed_again() -> Result<()> {
    let (folder, key) = (Folder::new()?, key(1)?);
    let record = SigningRecord::open(folder.path(), identity(key.address()))?;
    for time in [60, 120, 180] {
        record.sign_once(&key, subject(time), &answer(time, 1)).await?;
    }
    record.forget_before(120).await?;
    record.forget_before(60).await?;
    assert_eq!(record.len().await?, 2);
    let backup = record.export().await?;
    drop(record);
    let elsewhere = Folder::new()?;
    for record in [
        SigningRecord::open(folder.path(), identity(key.address()))?,
        SigningRecord::open(elsewhere.path(), identity(key.address()))?,
    ] {
        record.import(backup.clone()).await?;
        for number in [1, 2] {
            let signed = record.sign_once(&key, subject(119), &answer(119, number)).await;
            ensure!(matches!(signed, Err(SignError::Forgotten { forgotten_before: 120, .. })), "{signed:?}");
        }
        let signed = record.sign_once(&key, subject(120), &answer(120, 2)).await;
        ensure!(matches!(signed, Err(SignError::Contradiction(_))), "{signed:?}");
        assert_eq!(record.len().await?, 2);
    }
    Ok(())
}
