//! The client of the measurements. It sends requests over one HTTP connection that is kept open. It is written by hand,
//! so that the client itself costs next to nothing.

use eyre::{OptionExt, Result, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// An open connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), line: String::new(), body: Vec::new() })
    }

    /// Sends a request from [`request`], and returns the result as it is written in the answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<&str> {
        self.stream.get_mut().write_all(request)?;
        let mut length = None;
        loop {
            self.line.clear();
            self.stream.read_line(&mut self.line)?;
            ensure!(!self.line.is_empty(), "the node hung up");
            if self.line == "\r\n" {
                break;
            }
            if let Some((name, value)) = self.line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        self.body.resize(length.ok_or_eyre("an answer without a length")?, 0);
        self.stream.read_exact(&mut self.body)?;
        let text = std::str::from_utf8(&self.body)?;
        let (_, result) = text.split_once("\"result\":").ok_or_else(|| eyre::eyre!("{text}"))?;
        Ok(result.trim_end_matches('}').trim_matches('"'))
    }
}

/// A request with its HTTP head, ready to be sent. `params` is JSON.
pub(crate) fn request(method: &str, params: &str) -> Vec<u8> {
    let body = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"{method}\",\"params\":{params}}}");
    let length = body.len();
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length:";
    format!("{head} {length}\r\n\r\n{body}").into_bytes()
}
