//! At a terminal one sees how far long work is; a pipe gets no more than was asked for.

use crate::stage::{Stage, said};
use eyre::{Result, ensure};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::Read;
use std::process::Command;
use stylus_devnode::Devnode;

/// What a command writes to a terminal, and how it ended.
fn at_a_terminal(mut command: Command) -> Result<(i32, String)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let theirs = File::options().read(true).write(true).open(ptsname(&ours, Vec::new())?.to_str()?)?;
    command.stdout(theirs.try_clone()?).stderr(theirs).env("TERM", "xterm");
    let mut child = command.spawn()?;
    // Its end of the terminal is closed with it alone.
    drop(command);
    let (mut terminal, mut read, mut piece) = (File::from(ours), Vec::new(), [0; 4096]);
    // Linux says with an error that nobody is there any more.
    while let Ok(count @ 1..) = terminal.read(&mut piece) {
        read.extend(piece.get(..count).unwrap_or_default());
    }
    Ok((child.wait()?.code().unwrap_or(-1), String::from_utf8_lossy(&read).into_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bar_is_shown_at_a_terminal_and_never_to_programs() -> Result<()> {
    let stage = Stage::bare("terminal", Devnode::builder()).await?;
    let deploy = |file: &str, more: &str| {
        let mut command = stage.command(&format!("deploy --from owner --yes {more}"));
        command.env("RESTAKE_DEPLOYMENT", stage.folder.join(file));
        command
    };
    let (code, seen) = at_a_terminal(deploy("seen.json", ""))?;
    ensure!(code == 0 && seen.contains("deploying [") && seen.contains("/"), "{seen}");
    ensure!(!seen.contains("\u{1b}[3"), "it has colours: {seen}");
    let (code, seen) = at_a_terminal(deploy("json.json", "--json"))?;
    ensure!(code == 0 && !seen.contains("deploying ["), "{seen}");
    let piped = said(deploy("piped.json", "").output()?)?;
    ensure!(piped.code == 0 && !piped.out.contains("deploying [") && piped.error.is_empty(), "{}", piped.error);
    Ok(())
}
