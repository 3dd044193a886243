//! Processes: each with its own log and the number that it has, and a line of it here with its name in front. One that
//! ends by itself is started again, as whoever runs such a process sees to it.

use super::say;
use eyre::{Result, WrapErr};
use restake_daemon::stop::Stop;
use restake_services::listening::ENDS_WITH_INPUT;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

/// The pause before a process is started again.
const PAUSE: Duration = Duration::from_secs(1);

/// What is run: the arguments of this program.
pub(super) type Arguments = Vec<String>;

/// The processes of a network.
#[derive(Debug)]
pub(super) struct Processes {
    logs: PathBuf,
    stop: Stop,
    running: Mutex<JoinSet<()>>,
}

impl Processes {
    pub(super) fn new(logs: PathBuf, stop: Stop) -> Result<Self> {
        std::fs::create_dir_all(&logs).wrap_err_with(|| format!("cannot make the folder {}", logs.display()))?;
        Ok(Self { logs, stop, running: Mutex::default() })
    }

    /// Starts a process under a name, and starts it again whenever it ends.
    pub(super) fn start(&self, name: &str, arguments: Arguments) -> Result<()> {
        let program = std::env::current_exe().wrap_err("cannot find this program")?;
        let path = self.logs.join(name.replace(' ', "-")).with_extension("log");
        let log = OpenOptions::new().create(true).append(true).open(&path);
        let log = Arc::new(Mutex::new(log.wrap_err_with(|| format!("cannot write {}", path.display()))?));
        let (name, stop, pid) = (name.to_owned(), self.stop.clone(), path.with_extension("pid"));
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.spawn(async move {
            while !stop.is_stopped() {
                match run(&program, &name, &arguments, (&log, &pid), &stop).await {
                    Ok(_) if stop.is_stopped() => {}
                    Ok(how) => say!("{name:<20} | ended ({how}), and is started again"),
                    Err(failure) => say!("{name:<20} | cannot be started: {failure:#}"),
                }
                stop.or(tokio::time::sleep(PAUSE)).await;
            }
        });
        Ok(())
    }

    /// Waits until all of them have ended, which they were told to; whoever takes longer is killed.
    pub(super) async fn end(&self, patience: Duration) {
        let mut running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        let ended = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, ended).await.is_err() {
            say!("Some processes take longer than {} s to end, and are killed.", patience.as_secs());
        }
    }
}

/// Runs a process until it ends; tells it to when everything does.
async fn run(
    program: &Path,
    name: &str,
    arguments: &Arguments,
    (log, pid): (&Arc<Mutex<File>>, &Path),
    stop: &Stop,
) -> Result<std::process::ExitStatus> {
    let mut command = Command::new(program);
    // What it reads ends with this program, however that ends, and the process with it.
    command.args(arguments).env("NO_COLOR", "1").env(ENDS_WITH_INPUT, "1").stdin(Stdio::piped()).kill_on_drop(true);
    // Ctrl-C is for this program, which tells the others.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // Waiting for it would close this.
    let _input = child.stdin.take();
    // Whoever wants to kill it, and see what happens, finds it there.
    if let Some(id) = child.id() {
        std::fs::write(pid, format!("{id}\n"))?;
    }
    for output in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)].into_iter().flatten() {
        tokio::spawn(pass_on(name.to_owned(), output, log.clone()));
    }
    match stop.or(child.wait()).await {
        Some(ended) => Ok(ended?),
        None => {
            terminate(&child);
            Ok(child.wait().await?)
        }
    }
}

fn boxed(output: impl AsyncRead + Send + Unpin + 'static) -> Box<dyn AsyncRead + Send + Unpin> {
    Box::new(output)
}

/// Writes each line to the log, and here under the name.
async fn pass_on(name: String, output: Box<dyn AsyncRead + Send + Unpin>, log: Arc<Mutex<File>>) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            // A log that cannot be written is no reason to end.
            let _ = writeln!(log, "{line}");
        }
        say!("{name:<20} | {}", shown(&line));
    }
}

/// The line without its time, which everybody has here: "2026-01-01T00:00:00.000000Z  INFO it happened".
fn shown(line: &str) -> &str {
    match line.split_once("Z ") {
        Some((time, rest)) if time.starts_with("20") => rest.trim_start().trim_start_matches("INFO ").trim_start(),
        _ => line,
    }
}

/// Asks a process to end.
#[cfg(unix)]
fn terminate(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(id) = id {
        // It may have ended by itself.
        let _ = kill_process(id, Signal::TERM);
    }
}

/// Asks a process to end.
#[cfg(not(unix))]
fn terminate(_: &Child) {}
