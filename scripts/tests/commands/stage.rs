//! A chain with a suite, its deployment file, and the command as people run it.

use eyre::{OptionExt, Result, ensure};
use restake::actors::Cast;
use restake::build;
use restake::chain::Chain;
use restake::suite::{Parameters, Suite};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use stylus_devnode::{ChainState, Devnode, DevnodeBuilder};

/// What the command answered.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

/// Where commands are run.
pub(crate) struct Stage {
    pub(crate) chain: Chain,
    pub(crate) folder: PathBuf,
    pub(crate) deployment: PathBuf,
    pub(crate) url: String,
    /// Ends with the stage.
    pub(crate) node: Devnode,
}

/// An empty folder.
pub(crate) fn folder(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("commands").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

impl Stage {
    pub(crate) async fn new(name: &str) -> Result<Self> {
        let (cast, stage) = (Cast::development()?, Self::bare(name, Devnode::builder()).await?);
        let parameters = Parameters::example(cast.fund.address);
        let (_, record) = Suite::deploy_recorded(&stage.chain, &build::build(false)?, &cast.owner, &parameters).await?;
        record.save(Some(&stage.deployment))?;
        Ok(stage)
    }

    /// A chain without a suite.
    pub(crate) async fn bare(name: &str, builder: DevnodeBuilder) -> Result<Self> {
        let (cast, node) = (Cast::development()?, builder.spawn().await?);
        let (folder, url) = (folder(name)?, node.http_url());
        let chain = Chain::connect(&url, cast.all().map(|actor| actor.key.clone()))?;
        let deployment = folder.join("here.json");
        Ok(Self { chain, folder, deployment, url, node })
    }

    /// The command with these words, on this chain.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_restake"));
        command.args(words.split_whitespace()).current_dir(&self.folder).stdin(Stdio::null());
        command.env("ETH_RPC_URL", &self.url).env("RESTAKE_DEPLOYMENT", &self.deployment);
        for name in
            ["ETH_FROM", "ETH_KEYSTORE", "ETH_PASSWORD", "ETH_PRIVATE_KEY", "RESTAKE_KEYSTORES", "RESTAKE_SIGNER_URL"]
        {
            command.env_remove(name);
        }
        // Built beside this one when everything is tested; else the command builds it.
        let services = Path::new(env!("CARGO_BIN_EXE_restake")).with_file_name("restake-services");
        if services.is_file() {
            command.env("RESTAKE_SERVICES", services);
        }
        command
    }

    /// Runs it.
    pub(crate) fn run(&self, words: &str) -> Result<Said> {
        said(self.command(words).output()?)
    }

    /// Runs what goes well. Returns what it printed.
    pub(crate) fn succeed(&self, words: &str) -> Result<String> {
        let said = self.run(words)?;
        ensure!(said.code == 0, "`{words}` ended with {}: {}", said.code, said.error);
        Ok(said.out)
    }

    /// Runs what goes well, for a program.
    pub(crate) fn json(&self, words: &str) -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&self.succeed(&format!("{words} --json"))?)?)
    }

    /// Runs what ends with `code` and says `why`.
    pub(crate) fn fail(&self, words: &str, code: i32, why: &str) -> Result<()> {
        let said = self.run(words)?;
        ensure!(said.code == code && said.error.contains(why), "`{words}` ended with {}: {}", said.code, said.error);
        Ok(())
    }
}

pub(crate) fn said(output: Output) -> Result<Said> {
    let code = output.status.code().unwrap_or(-1);
    Ok(Said { code, out: String::from_utf8(output.stdout)?, error: String::from_utf8(output.stderr)? })
}

/// A stage whose node is away.
pub(crate) struct Away {
    state: ChainState,
    folder: PathBuf,
    deployment: PathBuf,
    url: String,
}

impl Stage {
    /// The node goes away.
    pub(crate) async fn away(self) -> Result<Away> {
        let Self { folder, deployment, url, node, .. } = self;
        Ok(Away { state: node.stop_with_state().await?, folder, deployment, url })
    }
}

impl Away {
    /// It comes back where it was, with the chain as it was.
    pub(crate) async fn back(self) -> Result<Stage> {
        let port = self.url.rsplit_once(':').ok_or_eyre("no port")?.1.parse()?;
        let node = Devnode::builder().port(port).state(self.state).spawn().await?;
        let chain = Chain::connect(&self.url, Cast::development()?.all().map(|actor| actor.key.clone()))?;
        Ok(Stage { chain, folder: self.folder, deployment: self.deployment, url: self.url, node })
    }
}
