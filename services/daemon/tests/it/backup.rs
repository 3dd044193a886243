//! A record that is moved, or comes back from yesterday.

use crate::folder::Folder;
use crate::setting::{answer, identity, key, subject};
use alloy::primitives::Address;
use eyre::{Result, ensure};
use restake_daemon::record::{Backup, Identity, Merged, RecordError, SignError, Signed, SigningRecord};
use serde_json::json;

async fn record_with(folder: &Folder, answers: &[(u64, u64)]) -> Result<SigningRecord> {
    let key = key(1)?;
    let record = SigningRecord::open(folder.path(), identity(key.address()))?;
    for (time, number) in answers {
        record.sign_once(&key, subject(*time), &answer(*time, *number)).await?;
    }
    Ok(record)
}

#[tokio::test]
async fn an_import_adds_and_forgets_nothing() -> Result<()> {
    let (here, there) = (Folder::new()?, Folder::new()?);
    let (old, new) =
        (record_with(&here, &[(60, 1), (120, 1)]).await?, record_with(&there, &[(120, 2), (180, 1)]).await?);
    let text = serde_json::to_string(&old.export().await?)?;
    let backup: Backup = serde_json::from_str(&text)?;
    assert_eq!(new.import(backup.clone()).await?, Merged { added: 2, known: 0 });
    assert_eq!(new.import(backup).await?, Merged { added: 0, known: 2 });
    assert_eq!(new.len().await?, 4);
    let key = key(1)?;
    for (time, number) in [(60, 2), (120, 1), (120, 2), (120, 3), (180, 2)] {
        let signed = new.sign_once(&key, subject(time), &answer(time, number)).await;
        ensure!(matches!(signed, Err(SignError::Contradiction(_))), "{time} {number}: {signed:?}");
    }
    new.sign_once(&key, subject(60), &answer(60, 1)).await?;
    Ok(())
}

#[tokio::test]
async fn a_backup_of_somebody_else_or_of_another_version_adds_nothing() -> Result<()> {
    let (here, there) = (Folder::new()?, Folder::new()?);
    let record = record_with(&here, &[(60, 1)]).await?;
    let backup = serde_json::to_value(record.export().await?)?;
    let other = Identity { service: Address::repeat_byte(1), ..identity(key(1)?.address()) };
    let other = SigningRecord::open(there.path(), other)?;
    let imported = other.import(serde_json::from_value(backup.clone())?).await;
    ensure!(matches!(imported, Err(RecordError::OtherIdentity { .. })), "{imported:?}");
    assert!(other.is_empty().await?);

    let mut changed = backup.clone();
    changed["version"] = json!(2);
    let imported = record.import(serde_json::from_value(changed)?).await;
    ensure!(matches!(imported, Err(RecordError::Version(2))), "{imported:?}");

    // A signature over something else, behind one that holds.
    let mut changed = backup;
    let mut forged = changed["entries"][0].clone();
    forged["hash"] = json!(answer(60, 2).hash);
    let entries = changed["entries"].as_array_mut().into_iter();
    entries.for_each(|entries| entries.push(forged.clone()));
    let imported = record.import(serde_json::from_value(changed)?).await;
    ensure!(matches!(imported, Err(RecordError::NotSigned { .. })), "{imported:?}");
    assert_eq!(record.len().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_backup_of_yesterday_learns_what_was_signed_since() -> Result<()> {
    let (before, since) = (Folder::new()?, Folder::new()?);
    let yesterday = record_with(&before, &[(60, 1)]).await?.export().await?;
    let key = key(1)?;
    let restored = SigningRecord::open(since.path(), identity(key.address()))?;
    restored.import(yesterday).await?;
    let signature = key.sign(&answer(120, 1)).await?;
    assert!(restored.take_in(Signed::elsewhere(subject(120), &answer(120, 1), signature)).await?);
    let signed = restored.sign_once(&key, subject(120), &answer(120, 2)).await;
    ensure!(matches!(signed, Err(SignError::Contradiction(_))), "{signed:?}");
    Ok(())
}
