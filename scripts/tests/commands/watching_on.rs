//! Watching through lost connections, refusals and receivers that do not listen: nothing is lost, or told twice.

use crate::proxy::{Proxy, Whim, body};
use crate::stage::{Stage, said};
use alloy::providers::Provider;
use eyre::{OptionExt, Result, ensure};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

/// Somebody who watches, and its lines. It ends with the test.
struct Watcher {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watcher {
    fn begin(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (out, mut error) =
            (child.stdout.take().ok_or_eyre("no output")?, child.stderr.take().ok_or_eyre("no standard error")?);
        let (send, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        // What it complains of must not fill the pipe.
        std::thread::spawn(move || error.read_to_end(&mut Vec::new()));
        Ok(Self { child, lines })
    }

    /// The lines up to the one that contains this.
    fn until(&self, text: &str) -> Result<Vec<String>> {
        let mut told = Vec::new();
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(60))?;
            let is_last = line.contains(text);
            told.push(line);
            if is_last {
                return Ok(told);
            }
        }
    }
}

fn all(stage: &Stage, from: u64) -> Result<Vec<String>> {
    Ok(stage.succeed(&format!("watch --once --json --from-block {from}"))?.lines().map(str::to_owned).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_websocket_events_come_at_once_and_outlive_the_node() -> Result<()> {
    let stage = Stage::new("websocket").await?;
    let ws = stage.url.replace("http://", "ws://");
    stage.succeed("token mint 1 --from alice")?;
    let words = format!("watch --json --from-block 0 --every 3600 --rpc-url {ws}");
    let watcher = Watcher::begin(stage.command(&words))?;
    let mut told = watcher.until("value: 1000000000000000000 }")?;
    // Only the node can have told of this one so soon.
    let minted = Instant::now();
    stage.succeed("token mint 2 --from alice")?;
    told.extend(watcher.until("value: 2000000000000000000 }")?);
    ensure!(minted.elapsed() < Duration::from_secs(15), "it came after {:?}", minted.elapsed());
    let (mut stage, mut amount) = (stage, 3);
    for _ in 0..2 {
        stage = stage.away().await?.back().await?;
        stage.succeed(&format!("token mint {amount} --from alice"))?;
        told.extend(watcher.until(&format!("value: {amount}000000000000000000 }}"))?);
        amount += 1;
    }
    assert_eq!(told, all(&stage, 0)?, "each once, and in its order");
    // Other commands can be used over it, too.
    stage.succeed(&format!("token mint 9 --from alice --rpc-url {ws}"))?;
    stage.fail("status --rpc-url ws://127.0.0.1:1", 4, "cannot connect to")?;
    let tls = if cfg!(feature = "https") { (4, "cannot connect to") } else { (1, "needs TLS") };
    stage.fail("status --rpc-url wss://127.0.0.1:1", tls.0, tls.1)?;
    stage.fail("status --rpc-url ftp://127.0.0.1:1", 1, "is neither http://")
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_asked_for_in_pieces_that_a_node_gives() -> Result<()> {
    let stage = Stage::new("pieces").await?;
    for _ in 0..3 {
        stage.succeed("token mint 1 --from alice")?;
    }
    let proxy = Proxy::before(&stage.url, |method, _| match method {
        "eth_getLogs" => Whim::Judge(|params| {
            let number = |name: &str| {
                let digits = params[0][name].as_str().unwrap_or_default().trim_start_matches("0x");
                u64::from_str_radix(digits, 16).unwrap_or_default()
            };
            if number("toBlock") - number("fromBlock") >= 4 {
                return Whim::Error(-32005, "query returned more than 10000 results");
            }
            Whim::Pass
        }),
        _ => Whim::Pass,
    })
    .await?;
    let mut command = stage.command(&format!("watch --once --json --from-block 0 --rpc-url {}", proxy.url));
    let told = said(tokio::task::spawn_blocking(move || command.output()).await??)?;
    ensure!(told.code == 0, "{}", told.error);
    assert_eq!(told.out.lines().collect::<Vec<_>>(), all(&stage, 0)?);
    Ok(())
}

/// Takes posts; of the first three two are refused, and the answer of the third breaks off before it was taken.
async fn receive(listener: TcpListener, taken: std::sync::mpsc::Sender<String>) -> Result<()> {
    for number in 0.. {
        let mut stream = tokio::io::BufReader::new(listener.accept().await?.0);
        let event = body(&mut stream).await?;
        let status = match number {
            0 => "500 Internal Server Error",
            1 => "429 Too Many Requests",
            2 => continue,
            _ => {
                taken.send(event)?;
                "204 No Content"
            }
        };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_gets_each_event_until_it_takes_it() -> Result<()> {
    let stage = Stage::new("webhook").await?;
    let from = stage.chain.provider().get_block_number().await? + 1;
    for _ in 0..2 {
        stage.succeed("token mint 1 --from alice")?;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let hook = format!("http://{}/hook", listener.local_addr()?);
    let (taken, posted) = channel();
    let receiver = tokio::spawn(receive(listener, taken));
    let mut command = stage.command(&format!("watch --once --json --from-block {from} --webhook {hook}"));
    let told = said(tokio::task::spawn_blocking(move || command.output()).await??)?;
    ensure!(told.code == 0, "{}", told.error);
    receiver.abort();
    assert_eq!(posted.try_iter().collect::<Vec<_>>(), told.out.lines().collect::<Vec<_>>(), "each once");
    // Nobody listens: it is not lost silently.
    stage.fail("watch --once --from-block 0 --webhook http://127.0.0.1:1/", 1, "an event could not be posted")
}
