//! An index in a PostgreSQL server: a real one, which lives as long as the test, on this machine alone.

use crate::index::contents;
use crate::stage::{ETHER, Stage};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure, eyre};
use restake_indexer::Index;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What to do where it is missing.
const MISSING: &str = "no PostgreSQL server is installed: run `apt-get install --yes postgresql`";

/// The account that it runs as where the test is root's, as which it does not run.
const ACCOUNT: &str = "postgres";

struct Server {
    programs: PathBuf,
    folder: PathBuf,
    url: String,
}

impl Server {
    fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("restake-index-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let url = format!("postgres://{ACCOUNT}@127.0.0.1:{port}/postgres");
        let server = Self { programs: programs()?, folder, url };
        if is_root()? {
            run(Command::new("chown").arg(ACCOUNT).arg(&server.folder))?;
        }
        let data = server.folder.join("data");
        run(server.command("initdb")?.args(["--auth=trust", "--no-sync", "-U", ACCOUNT, "-D"]).arg(&data))?;
        let options = format!("-h 127.0.0.1 -p {port} -c fsync=off -k {}", server.folder.display());
        let log = server.folder.join("log");
        run(server.command("pg_ctl")?.args(["start", "-w", "-o", &options, "-l"]).arg(log).arg("-D").arg(&data))?;
        Ok(server)
    }

    /// One of its programs, as an account that it takes.
    fn command(&self, program: &str) -> Result<Command> {
        let program = self.programs.join(program);
        let mut command = if is_root()? {
            let mut command = Command::new("runuser");
            command.args(["-u", ACCOUNT, "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder).stdin(Stdio::null());
        Ok(command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(mut stop) = self.command("pg_ctl") {
            let _ = stop.args(["stop", "-m", "immediate", "-D"]).arg(self.folder.join("data")).output();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where its programs are: on the path, or where Debian has them.
fn programs() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.filter_map(Result::ok).map(|version| version.path().join("bin")));
    }
    let has = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    folders.into_iter().find(has).ok_or_eyre(MISSING)
}

fn is_root() -> Result<bool> {
    Ok(Command::new("id").arg("-u").output()?.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<()> {
    // What it starts goes on, and would hold what is waited for.
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().map_err(|error| eyre!("{error}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_in_postgresql_is_the_one_in_a_file() -> Result<()> {
    let server = tokio::task::spawn_blocking(Server::start).await??;
    let mut stage = Stage::new("postgresql").await?;
    let (cast, node) = (stage.cast.clone(), stage.node.http_url());
    let mut there = stage.follower_into(&node, Index::open(&server.url).await?).await?;
    let mut here = stage.follower(&node, "file.sqlite").await?;
    stage.join(&cast.honest, ONE / 2).await?;
    there.catch_up().await?;
    here.catch_up().await?;
    // Blocks that are taken back are so in both.
    let picture = stage.snapshot()?;
    stage.stake(&cast.bob, 5 * ETHER, cast.honest.address).await?;
    there.catch_up().await?;
    here.catch_up().await?;
    assert_eq!(contents(&there).await?, contents(&here).await?);
    stage.revert(picture)?;
    stage.stake(&cast.alice, 7 * ETHER, Address::ZERO).await?;
    stage.freeze(&cast.honest).await?;
    there.catch_up().await?;
    here.catch_up().await?;
    let known = contents(&there).await?;
    assert_eq!(known, contents(&here).await?);
    ensure!(known.now["requests"].len() == 1 && known.now["positions"].len() == 2, "{:?}", known.now);
    drop(there);
    // Whoever serves it answers the same, and goes on with what is there.
    let file = stage.serve().await?.get(&format!("/api/stakers/{}", cast.alice.address)).await?;
    stage.place.index = Some(server.url.clone());
    let database = stage.serve().await?.get(&format!("/api/stakers/{}", cast.alice.address)).await?;
    assert_eq!(file, database);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_said_to_be_without_its_password() -> Result<()> {
    let url = "postgres://somebody:secret@127.0.0.1:9/index";
    let Err(error) = Index::open(url).await else { eyre::bail!("nobody listens there") };
    let told = error.to_string();
    ensure!(told.contains("postgres://127.0.0.1:9/index") && !told.contains("secret"), "{told}");
    Ok(())
}
