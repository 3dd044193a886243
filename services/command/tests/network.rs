//! `restake network`, as a person runs it: its services live, and each kind of fault is found, proven and slashed by
//! nobody's hand.

use eyre::{OptionExt, Result, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// A network that runs, and what it says.
struct Network {
    process: Child,
    lines: Receiver<String>,
    said: Vec<String>,
    folder: PathBuf,
}

impl Network {
    fn start(name: &str, options: &[&str]) -> Result<Self> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("network-{name}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_restake-services"));
        command.args(["network", "--port", "0", "--interval", "2", "--folder"]).arg(&folder).args(options);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let lines = read(process.stdout.take().ok_or_eyre("no output")?);
        Ok(Self { process, lines, said: Vec::new(), folder })
    }

    /// Waits until all of these were said.
    fn until(&mut self, wanted: &[&str]) -> Result<()> {
        let began = Instant::now();
        let is_said = |said: &[String], what: &str| said.iter().any(|line| line.contains(what));
        while let Some(missing) = wanted.iter().find(|what| !is_said(&self.said, what)) {
            match self.lines.recv_timeout(PATIENCE.saturating_sub(began.elapsed())) {
                Ok(line) => self.said.push(line),
                Err(RecvTimeoutError::Timeout) => bail!("nobody said '{missing}':\n{}", self.said.join("\n")),
                Err(RecvTimeoutError::Disconnected) => bail!("it ended:\n{}", self.said.join("\n")),
            }
        }
        Ok(())
    }

    /// Kills whoever made a move in a game about a batch, until one is over. Returns how often.
    fn killing_players(&mut self) -> Result<usize> {
        use rustix::process::{Pid, Signal, kill_process};
        let (mut next, mut kills) = (0, 0);
        loop {
            let mover = self.said.get(next..).unwrap_or_default().iter().find_map(|line| {
                let player = line.split_once(" sequencer ")?.0;
                line.contains("State is done").then(|| format!("{player}-sequencer.pid"))
            });
            if let Some(file) = mover {
                let number = fs::read_to_string(self.folder.join("logs").join(file))?;
                let player = Pid::from_raw(number.trim().parse()?).ok_or_eyre("no process")?;
                // It may just have been killed, and not yet be there again.
                kills += usize::from(kill_process(player, Signal::KILL).is_ok());
            }
            next = self.said.len();
            if self.said.iter().any(|line| line.contains("bisection: GameEnded")) {
                return Ok(kills);
            }
            self.said.push(self.lines.recv_timeout(PATIENCE)?);
        }
    }

    /// Ctrl-C. Returns whether it ended well.
    fn end(&mut self) -> Result<bool> {
        use rustix::process::{Pid, Signal, kill_process};
        let id = Pid::from_raw(i32::try_from(self.process.id())?).ok_or_eyre("no process")?;
        kill_process(id, Signal::INT)?;
        Ok(self.process.wait()?.success())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(output: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

#[test]
fn a_lie_withheld_data_and_a_wrong_batch_are_found_challenged_and_slashed_by_nobodys_hand() -> Result<()> {
    let faults = ["--lie", "crooked-op", "--withhold", "sly-op", "--lie-batch", "bob"];
    let mut network = Network::start("faults", &faults)?;
    network.until(&["the price of round 1 is", "and all of them came back"])?;
    // Who plays about the batch is killed at each move, and plays on.
    let kills = network.killing_players()?;
    ensure!(kills > 5, "only {kills} moves");
    // Three services freeze an operator each, by evidence that was found by the watchers.
    network.until(&[
        "bisection: ComputationChallenged { gameId: 0, operator: Bob",
        "bisection: StepExecuted { gameId: 0",
        "slasher: OperatorFrozen { operator: Bob, serviceManager: sequencer-service }",
        "slasher: OperatorFrozen { operator: Crooked Op, serviceManager: service-manager }",
        "slasher: OperatorFrozen { operator: Sly Op, serviceManager: data-service }",
    ])?;
    network.until(&[
        "PoolSlashed { operator: Crooked Op",
        "PoolSlashed { operator: Sly Op",
        "PoolSlashed { operator: Bob",
        "slasher: FrozenStatusReset { operator: Crooked Op }",
        "slasher: FrozenStatusReset { operator: Sly Op }",
        "slasher: FrozenStatusReset { operator: Bob }",
    ])?;
    // Nobody else was frozen, and prices go on.
    let frozen = network.said.iter().filter(|line| line.contains("OperatorFrozen")).count();
    ensure!(frozen == 3, "{frozen} operators were frozen");
    let rounds = network.said.iter().filter(|line| line.contains("the price of round")).count();
    network.until(&[&format!("the price of round {} is", rounds + 1)])?;
    ensure!(network.end()?, "it did not end well");
    for log in
        ["alice", "challenger", "challenger-sequencer", "honest-op-oracle", "honest-op-data", "honest-op-sequencer"]
    {
        let text = fs::read_to_string(network.folder.join("logs").join(log).with_extension("log"))?;
        ensure!(text.contains("listens at"), "{log}: {text}");
    }
    Ok(())
}

/// Whether a process has not ended; one that ended and that nobody asked about (state Z) has.
fn goes_on(number: i32) -> Result<bool> {
    let process = rustix::process::Pid::from_raw(number).ok_or_eyre("no process")?;
    let state = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
    Ok(rustix::process::test_kill_process(process).is_ok() && !state.contains(") Z"))
}

/// How long processes are killed: thirty seconds, or as `RESTAKE_KILL_SECONDS` says.
fn killing_time() -> Result<Duration> {
    Ok(match std::env::var("RESTAKE_KILL_SECONDS") {
        Ok(seconds) => Duration::from_secs(seconds.parse()?),
        Err(_) => Duration::from_secs(30),
    })
}

#[test]
fn processes_that_are_killed_at_random_give_no_two_answers_and_go_on() -> Result<()> {
    let mut network = Network::start("killed", &[])?;
    network.until(&["the price of round 1 is", "and all of them came back"])?;
    let names =
        fs::read_dir(network.folder.join("logs"))?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let numbers: Vec<PathBuf> =
        names.into_iter().filter(|path| path.extension().is_some_and(|end| end == "pid")).collect();
    ensure!(numbers.len() == 15, "four operators of each, an aggregator and two watchers: {numbers:?}");
    let (until, mut kills) = (Instant::now() + killing_time()?, 0_usize);
    while Instant::now() < until {
        // As good as any chance.
        let chance = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.subsec_micros();
        let text = fs::read_to_string(&numbers[usize::try_from(chance)? % numbers.len()])?;
        let process = rustix::process::Pid::from_raw(text.trim().parse()?).ok_or_eyre("no process")?;
        // It may just have been killed, and not yet be there again.
        kills += usize::from(rustix::process::kill_process(process, rustix::process::Signal::KILL).is_ok());
        std::thread::sleep(Duration::from_millis(1_500));
    }
    ensure!(kills > 10, "only {kills} processes were killed");
    // What it said meanwhile.
    while let Ok(line) = network.lines.try_recv() {
        network.said.push(line);
    }
    let rounds = network.said.iter().filter(|line| line.contains("the price of round")).count();
    network.until(&[&format!("the price of round {} is", rounds + 2)])?;
    let frozen: Vec<&String> = network.said.iter().filter(|line| line.contains("OperatorFrozen")).collect();
    ensure!(frozen.is_empty(), "after {kills} kills: {frozen:?}");
    // One round has one price, and one task one answer, however often who sent it was killed.
    for what in ["the price of round 1 is", "TaskAnswered { taskId: 0"] {
        let count = network.said.iter().filter(|line| line.contains(what)).count();
        ensure!(count == 1, "'{what}' was said {count} times");
    }
    println!("{kills} kills, {rounds} rounds meanwhile");
    // One that is killed itself leaves nobody behind.
    network.process.kill()?;
    network.process.wait()?;
    for number in numbers {
        let (number, began) = (fs::read_to_string(number)?.trim().parse()?, Instant::now());
        while goes_on(number)? {
            ensure!(began.elapsed() < Duration::from_secs(30), "process {number} goes on alone");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    Ok(())
}

#[test]
fn a_folder_that_is_no_networks_is_left_alone() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("somebody-elses");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("letter.txt"), "Dear reader")?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_restake-services"));
    let ended = command.args(["network", "--port", "0", "--folder"]).arg(&folder).output()?;
    let error = String::from_utf8(ended.stderr)?;
    ensure!(!ended.status.success() && error.contains("is no network's"), "{error}");
    ensure!(folder.join("letter.txt").is_file());
    Ok(())
}
