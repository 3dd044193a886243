//! What a process tells about itself, and how it ends.

use alloy::transports::http::reqwest::{Client, get};
use async_trait::async_trait;
use eyre::{OptionExt, Result, ensure};
use restake_daemon::health::Health;
use restake_daemon::metrics::{Metric, Metrics};
use restake_daemon::serving::{Asked, Reply, Route, Server, StatusCode};
use restake_daemon::stop::Stop;
use serde_json::Value;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::sync::Notify;

static ROUNDS: Metric = Metric::counter("test_rounds_total", "Rounds.");

/// Says what it was asked, and takes its time if it is asked to.
#[derive(Default)]
struct Echo {
    began: Notify,
    go_on: Notify,
}

#[async_trait]
impl Route for Echo {
    fn longest_body(&self) -> usize {
        8
    }

    async fn reply(&self, asked: Asked) -> Reply {
        if asked.path.ends_with("/slow") {
            self.began.notify_one();
            self.go_on.notified().await;
        }
        let query = asked.query.unwrap_or_default();
        Reply::text(StatusCode::OK, format!("{} {} {query} {}", asked.method, asked.path, asked.body.len()))
    }
}

#[tokio::test]
async fn pages_and_routes_answer_within_limits() -> Result<()> {
    let (health, metrics, stop) = (Health::default(), Metrics::default(), Stop::default());
    let server = Server::new(health.clone(), metrics.clone()).route("/echo", Arc::new(Echo::default()));
    let at = server.serve(([127, 0, 0, 1], 0).into(), stop.clone()).await?.address;
    health.well("oracle", Duration::from_secs(60));
    metrics.count(&ROUNDS, &[]);
    assert_eq!(get(format!("http://{at}/health")).await?.status(), 200);
    ensure!(get(format!("http://{at}/metrics")).await?.text().await?.contains("test_rounds_total 1\n"), "no rounds");
    health.ill("oracle", "the source is down");
    let told = get(format!("http://{at}/health")).await?;
    assert_eq!(told.status(), 503);
    let told: Value = serde_json::from_str(&told.text().await?)?;
    assert_eq!(told["parts"]["oracle"]["failure"], "the source is down");

    assert_eq!(get(format!("http://{at}/echo/a?b=c")).await?.text().await?, "GET /echo/a b=c 0\n");
    for path in ["", "echoes", "healthy"] {
        assert_eq!(get(format!("http://{at}/{path}")).await?.status(), 404, "{path}");
    }
    let post = async |length| {
        Ok::<_, eyre::Report>(
            Client::new().post(format!("http://{at}/echo")).body(vec![1_u8; length]).send().await?.status().as_u16(),
        )
    };
    assert_eq!((post(8).await?, post(9).await?), (200, 413));
    stop.stop();
    Ok(())
}

#[tokio::test]
async fn a_question_that_was_taken_is_answered_before_the_end() -> Result<()> {
    let (stop, echo) = (Stop::default(), Arc::new(Echo::default()));
    let server = Server::new(Health::default(), Metrics::default()).route("/echo", echo.clone());
    let serving = server.serve(([127, 0, 0, 1], 0).into(), stop.clone()).await?;
    let at = serving.address;
    let asking = tokio::spawn(get(format!("http://{at}/echo/slow")));
    echo.began.notified().await;
    stop.stop();
    let ending = tokio::spawn(serving.ended());
    echo.go_on.notify_one();
    assert_eq!(asking.await??.status(), 200);
    ending.await?;
    ensure!(get(format!("http://{at}/health")).await.is_err(), "it listens still");
    Ok(())
}

/// Names to a process that it shall run until it is told to end.
const RUN: &str = "RESTAKE_DAEMON_TEST_RUN";

/// Only a process that was started for that does.
#[tokio::test]
async fn somebody_who_runs() -> Result<()> {
    if std::env::var(RUN).is_err() {
        return Ok(());
    }
    let stop = Stop::with_signals()?;
    println!("it works");
    stop.stopped().await;
    println!("ended as it should");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_process_ends_gracefully_when_it_is_told_to() -> Result<()> {
    for signal in ["TERM", "INT"] {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--exact", "pages::somebody_who_runs", "--nocapture"])
            .env(RUN, "yes")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or_eyre("no output")?).lines();
        while !lines.next_line().await?.ok_or_eyre("it ended early")?.contains("it works") {}
        let id = child.id().ok_or_eyre("it ended early")?.to_string();
        ensure!(Command::new("kill").args([&format!("-{signal}"), &id]).status().await?.success(), "no kill");
        let mut ended = false;
        while let Some(line) = lines.next_line().await? {
            ended |= line.contains("ended as it should");
        }
        ensure!(ended && child.wait().await?.success(), "{signal}");
    }
    Ok(())
}
