//! A node in a process of its own: how fast it starts, and how much memory it holds.

use crate::connection::{Connection, request};
use eyre::{OptionExt, Result, WrapErr, ensure};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait before a node that does not listen yet is tried again: short beside what is measured.
const PAUSE: Duration = Duration::from_micros(100);

/// How a node is started.
#[derive(Clone)]
pub(crate) struct Program {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// The executable.
    pub(crate) path: PathBuf,
    /// What it is given; the port comes after that.
    pub(crate) arguments: &'static [&'static str],
}

/// A running node. It is killed when dropped, and its files go.
pub(crate) struct Process {
    child: Child,
    /// What it takes for its user's home: anvil keeps old states below it, a gigabyte in one run, and a killed one
    /// leaves them.
    home: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From the start of the process until it told its chain id.
    pub(crate) start: Duration,
}

impl Process {
    /// Starts a node on a free port and waits until it answers.
    pub(crate) fn start(program: &Program) -> Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let home = std::env::temp_dir().join(format!("beside-anvil-{}-{}", std::process::id(), address.port()));
        fs::create_dir(&home)?;
        let started = Instant::now();
        let child = Command::new(&program.path)
            .args(program.arguments)
            .arg(address.port().to_string())
            .env("HOME", &home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .wrap_err_with(|| format!("cannot start {}", program.path.display()))?;
        let mut process = Self { child, home, address, start: Duration::ZERO };
        let chain_id = request("eth_chainId", "[]");
        loop {
            if let Ok(mut connection) = Connection::open(address) {
                connection.ask(&chain_id)?;
                process.start = started.elapsed();
                return Ok(process);
            }
            ensure!(process.child.try_wait()?.is_none(), "{} ended", program.name);
            thread::sleep(PAUSE);
        }
    }

    /// The megabytes that it holds now (`VmRSS`) or held at most (`VmHWM`), as Linux tells.
    pub(crate) fn megabytes(&self, what: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).wrap_err("this needs Linux")?;
        let line =
            status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':')).ok_or_eyre("no memory")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // There is nothing to do about one that cannot be killed, nor about files that stay.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.home);
    }
}
