//! Telling one event, to each of those that want to hear it, once.

use super::Watcher;
use alloy::providers::Provider;
use alloy::rpc::types::Log;
use eyre::{Result, WrapErr, ensure};
use restake::events;
use restake::times::at;
use restake::warnings::warning;
use serde_json::json;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often an event is posted before it counts as not taken for now.
const POSTS: u32 = 5;

/// The pause after the first post that was not taken; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Where an event is: its block, and its number there.
type Place = (u64, u64);

/// How far telling is: an event that one has heard and another has not is not told to the first again.
#[derive(Debug, Default)]
pub(super) struct Told {
    executed: Option<Place>,
    posted: Option<Place>,
    printed: Option<Place>,
}

impl Watcher<'_> {
    /// Tells an event to whoever did not hear it.
    pub(super) async fn tell_one(&mut self, log: &Log) -> Result<()> {
        let session = &self.session;
        let number = log.block_number.unwrap_or_default();
        let place = Some((number, log.log_index.unwrap_or_default()));
        if self.told.printed >= place {
            return Ok(());
        }
        let time = match log.block_timestamp {
            Some(time) => time,
            None => {
                let block =
                    session.chain.provider().get_block(number.into()).await.wrap_err("cannot ask for a block")?;
                block.map(|block| block.header.timestamp).unwrap_or_default()
            }
        };
        let text = events::sentence(&session.people, &log.inner);
        let warning = warning(&session.people, &log.inner).map(|warning| warning.sentence);
        let value = json!({
            "block": number, "time": time, "transactionHash": log.transaction_hash, "logIndex": log.log_index,
            "contract": session.people.name(log.address()), "event": text, "warning": warning
        });
        if let Some(command) = &self.watching.exec
            && self.told.executed < place
        {
            execute(command, &value.to_string())?;
            self.told.executed = place;
        }
        if self.watching.webhook.is_some() && self.told.posted < place {
            self.post(&value.to_string()).await?;
            self.told.posted = place;
        }
        self.session.say(&format!("{} (block {number}) {text}", at(time)));
        if let Some(warning) = warning {
            self.session.say(&format!("    {warning}"));
        }
        if self.session.json {
            let mut out = std::io::stdout();
            // Who reads it is gone: nobody is told any more.
            writeln!(out, "{value}").and_then(|()| out.flush()).wrap_err("nobody reads this any more")?;
        }
        self.told.printed = place;
        Ok(())
    }

    /// Posts an event until it is taken.
    async fn post(&self, event: &str) -> Result<()> {
        let Some(url) = &self.watching.webhook else { return Ok(()) };
        let (mut pause, mut posts) = (FIRST_PAUSE, 0);
        loop {
            let post = self.client.post(url.clone()).header("content-type", "application/json").body(event.to_owned());
            let answer = post.send().await.and_then(|answer| answer.error_for_status());
            posts += 1;
            match answer {
                Ok(_) => return Ok(()),
                Err(error) if posts >= POSTS => return Err(error).wrap_err("an event could not be posted"),
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause = pause.saturating_mul(2);
        }
    }
}

fn execute(command: &str, event: &str) -> Result<()> {
    let mut child =
        Command::new("sh").args(["-c", command]).stdin(Stdio::piped()).spawn().wrap_err("cannot run a shell")?;
    if let Some(mut input) = child.stdin.take() {
        // A command need not read it.
        let _ = writeln!(input, "{event}");
    }
    let status = child.wait()?;
    ensure!(status.success(), "`{command}` ended with {status}");
    Ok(())
}
