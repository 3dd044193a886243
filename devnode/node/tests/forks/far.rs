//! A small server in the place of the node that is forked: it answers what a test wants.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;

/// What the server does with a request.
#[allow(dead_code, reason = "not every test binary needs all")]
pub(crate) enum Answer {
    /// Answers with a result.
    Result(Value),
    /// Answers with an error.
    Error(Value),
    /// Sends these bytes, and closes the connection.
    Bytes(String),
}

/// Starts a server that lives as long as the process. Returns its URL.
pub(crate) fn serve(answer: impl Fn(&str, &Value) -> Answer + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            // A client that goes away ends its thread.
            std::thread::spawn(move || connection(stream, &*answer));
        }
    });
    url
}

fn connection(stream: TcpStream, answer: &(impl Fn(&str, &Value) -> Answer + ?Sized)) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some((_, value)) = line.to_lowercase().split_once("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let request: Value = serde_json::from_slice(&body).expect("JSON");
        let body = match answer(request["method"].as_str().expect("a method"), &request["params"]) {
            Answer::Result(result) => json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }),
            Answer::Error(error) => json!({ "jsonrpc": "2.0", "id": request["id"], "error": error }),
            Answer::Bytes(bytes) => return writer.write_all(bytes.as_bytes()),
        };
        let body = body.to_string();
        write!(
            writer,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
    }
}
