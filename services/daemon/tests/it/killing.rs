//! A process that is killed at any moment: nothing that left it is missing in its record.

use crate::folder::Folder;
use crate::setting::{answer, identity, key, subject};
use eyre::{OptionExt, Result, ensure};
use restake_daemon::record::{SignError, SigningRecord};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// Names the folder of the record to who shall sign there.
const FOLDER: &str = "RESTAKE_DAEMON_TEST_FOLDER";

/// How often the process is killed.
const KILLS: u64 = 24;

/// Signs one task after another until it is killed. Only a process that was started for that does.
#[tokio::test]
async fn somebody_who_signs() -> Result<()> {
    let Ok(folder) = std::env::var(FOLDER) else { return Ok(()) };
    let key = key(1)?;
    let record = SigningRecord::open(Path::new(&folder), identity(key.address()))?;
    let first = record.len().await?;
    for time in first.. {
        record.sign_once(&key, subject(time), &answer(time, time)).await?;
        // It has left the process.
        println!("signed {time}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

#[tokio::test]
async fn nothing_that_left_a_killed_process_is_missing_in_its_record() -> Result<()> {
    let (folder, key) = (Folder::new()?, key(1)?);
    let (mut told, mut seed) = (Vec::<u64>::new(), 0x9e37_79b9_u64);
    for _ in 0..KILLS {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--exact", "killing::somebody_who_signs", "--nocapture", "--test-threads", "1"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or_eyre("no output")?).lines();
        // It runs, and then for a random time.
        while let Some(line) = lines.next_line().await? {
            if let Some(time) = signed(&line) {
                told.push(time);
                break;
            }
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        tokio::time::sleep(Duration::from_micros((seed >> 33) % 30_000)).await;
        child.kill().await?;
        while let Some(line) = lines.next_line().await? {
            told.extend(signed(&line));
        }
        let record = SigningRecord::open(folder.path(), identity(key.address()))?;
        for time in &told {
            let entries = record.signed(subject(*time), "Attestation").await?;
            ensure!(entries.len() == 1 && entries.iter().all(|entry| entry.signature.is_some()), "{time}: {entries:?}");
        }
        let last = *told.last().ok_or_eyre("it signed nothing")?;
        let second = record.sign_once(&key, subject(last), &answer(last, u64::MAX)).await;
        ensure!(matches!(second, Err(SignError::Contradiction(_))), "{second:?}");
    }
    ensure!(told.len() as u64 > KILLS, "it was always killed at the first");
    Ok(())
}

fn signed(line: &str) -> Option<u64> {
    line.split_once("signed ")?.1.trim().parse().ok()
}
