//! What stands between a command and its node, and has whims.

use alloy::transports::http::reqwest::Client;
use eyre::{OptionExt, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What becomes of a question.
pub(crate) enum Whim {
    /// The node answers it.
    Pass,
    /// The node answers it later.
    Late(Duration),
    /// This is the answer: an HTTP status, and a body.
    Answer(u16, String),
    /// This is the result.
    Result(Value),
    /// This is the error: a code, and a message.
    Error(i64, &'static str),
    /// It depends on the parameters.
    Judge(fn(&Value) -> Whim),
    /// The connection breaks before the node hears it.
    Drop,
    /// The connection breaks after the node heard it.
    Swallow,
}

/// A proxy on a port of this machine.
pub(crate) struct Proxy {
    pub(crate) url: String,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Stands before a node. A whim is for a method, or `batch` for several questions at once, and how often it was
    /// called before.
    pub(crate) async fn before(node: &str, whim: impl Fn(&str, usize) -> Whim + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (node, whim, calls) = (node.to_owned(), Arc::new(whim), Arc::new(Mutex::new(BTreeMap::new())));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (node, whim, calls) = (node.clone(), whim.clone(), calls.clone());
                let count = move |method: &str| count(&calls, method);
                // A broken connection is the client's to notice.
                tokio::spawn(async move { answer(stream, &node, &*whim, &count).await });
            }
        });
        Ok(Self { url, task })
    }
}

fn count(calls: &Mutex<BTreeMap<String, usize>>, method: &str) -> usize {
    let mut calls = calls.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let counted = calls.entry(method.to_owned()).or_default();
    *counted += 1;
    *counted - 1
}

/// Reads one question of a connection, answers it, and closes.
async fn answer(
    stream: TcpStream,
    node: &str,
    whim: &(dyn Fn(&str, usize) -> Whim + Send + Sync),
    count: &(dyn Fn(&str) -> usize + Send + Sync),
) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let body = body(&mut stream).await?;
    let question: Value = serde_json::from_str(&body)?;
    let method = if question.is_array() { Some("batch") } else { question["method"].as_str() };
    let method = method.ok_or_eyre("no method")?;
    let whim = match whim(method, count(method)) {
        Whim::Judge(judge) => judge(&question["params"]),
        whim => whim,
    };
    let (status, text) = match whim {
        Whim::Pass => (200, ask(node, body).await?),
        Whim::Late(time) => {
            tokio::time::sleep(time).await;
            (200, ask(node, body).await?)
        }
        Whim::Answer(status, text) => (status, text),
        Whim::Result(result) => (200, json!({ "jsonrpc": "2.0", "id": question["id"], "result": result }).to_string()),
        Whim::Error(code, message) => {
            let error = json!({ "code": code, "message": message });
            (200, json!({ "jsonrpc": "2.0", "id": question["id"], "error": error }).to_string())
        }
        Whim::Drop | Whim::Judge(_) => return Ok(()),
        Whim::Swallow => {
            ask(node, body).await?;
            return Ok(());
        }
    };
    let head = format!(
        "HTTP/1.1 {status} Whim\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await?;
    Ok(stream.shutdown().await?)
}

/// The body of an HTTP request.
pub(crate) async fn body(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(String::from_utf8(body)?)
}

async fn ask(node: &str, body: String) -> Result<String> {
    let post = Client::new().post(node).header("content-type", "application/json").body(body);
    Ok(post.send().await?.text().await?)
}
