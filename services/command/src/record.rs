//! The record of what a key signed, on its way to another machine.

use clap::{Args, Subcommand};
use eyre::{Result, WrapErr};
use restake_daemon::record::{Backup, Identity, Merged, SigningRecord};
use restake_services::chain::{KeySource, Node};
use std::fs;
use std::path::PathBuf;

/// What can be done with a record.
#[derive(Debug, Subcommand)]
pub(crate) enum RecordCommand {
    /// Write it to a file. The operator must not run: from then on the other machine signs
    #[command(
        after_help = "Example: restake operator record export record.json --folder honest --keystore honest.json \
                            --password-file password"
    )]
    Export(Carrying),
    /// Add what is in a file; nothing is forgotten
    #[command(
        after_help = "Example: restake operator record import record.json --folder honest --keystore honest.json \
                            --password-file password"
    )]
    Import(Carrying),
}

/// Which record, and which file.
#[derive(Debug, Args)]
pub(crate) struct Carrying {
    /// The file
    file: PathBuf,
    /// The operator's folder
    #[arg(long, value_name = "FOLDER")]
    folder: PathBuf,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    keys: KeySource,
}

pub(crate) async fn run(command: RecordCommand) -> Result<()> {
    match command {
        RecordCommand::Export(carrying) => {
            let backup = carrying.record().await?.export().await?;
            let file = &carrying.file;
            fs::write(file, format!("{}\n", serde_json::to_string_pretty(&backup)?))
                .wrap_err_with(|| format!("cannot write {}", file.display()))?;
            println!("Written to {}.", file.display());
        }
        RecordCommand::Import(carrying) => {
            let file = &carrying.file;
            let text = fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
            let backup: Backup =
                serde_json::from_str(&text).wrap_err_with(|| format!("{} is no record", file.display()))?;
            let Merged { added, known } = carrying.record().await?.import(backup).await?;
            println!("{added} signatures were new, {known} were known.");
        }
    }
    Ok(())
}

impl Carrying {
    async fn record(&self) -> Result<SigningRecord> {
        let (place, key) = self.node.act(&self.keys).await?;
        let service = place.suite.service.service_manager;
        let identity = Identity::on(&place.chain, place.since, service, key.address()).await?;
        Ok(SigningRecord::open(&self.folder, identity)?)
    }
}
