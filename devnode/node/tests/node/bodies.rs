//! Nothing that comes as the body of an HTTP request ends the node, or is left without an answer.

use crate::random::{inputs, pick};
use crate::support::{node, raw_transfer};
use alloy::transports::http::reqwest::{Client, StatusCode};
use fastrand::Rng;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use stylus_devnode::{DEV_ACCOUNTS, Devnode};

/// JSON-RPC for "internal error": a bug of the node.
const INTERNAL_ERROR: i64 = -32603;

/// Posts a body over the client's open connection, and returns what came back.
async fn post(client: &Client, node: &Devnode, body: Vec<u8>) -> (StatusCode, Vec<u8>) {
    let request = client.post(node.http_url()).header("content-type", "application/json").body(body);
    let answer = request.send().await.expect("an answer");
    (answer.status(), answer.bytes().await.expect("a whole answer").to_vec())
}

/// Posts a body whose answer may be anything but an internal error. Returns whether a method gave a result.
async fn check(client: &Client, node: &Devnode, body: Vec<u8>) -> bool {
    let start = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
    let (status, answer) = post(client, node, body).await;
    // What does not even begin like JSON is a bad request; the error is in the body all the same.
    assert!([StatusCode::OK, StatusCode::BAD_REQUEST].contains(&status), "{start}: {status}");
    // Notifications are not answered.
    if answer.is_empty() {
        return false;
    }
    let answer: Value = serde_json::from_slice(&answer).unwrap_or_else(|error| panic!("{start}: {error}"));
    let answers = answer.as_array().cloned().unwrap_or_else(|| vec![answer]);
    assert!(answers.iter().all(|answer| answer["error"]["code"] != INTERNAL_ERROR), "{start}: {answers:?}");
    answers.iter().any(|answer| answer.get("result").is_some())
}

async fn check_that_it_lives(client: &Client, node: &Devnode) {
    let question = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_chainId" }).to_string().into_bytes();
    let (status, answer) = post(client, node, question).await;
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    assert_eq!((status, &answer["result"]), (StatusCode::OK, &json!("0x64aba")));
}

/// Requests that mean something, to be malformed.
fn seeds() -> Vec<Vec<u8>> {
    let sender = DEV_ACCOUNTS[0].address;
    let call = |method: &str, params: Value| json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let requests = [
        call("eth_chainId", json!([])),
        call("eth_getBalance", json!([sender, "latest"])),
        call("eth_getBlockByNumber", json!(["0x0", true])),
        call("eth_call", json!([{ "from": sender, "to": sender, "data": "0x1234" }, "latest"])),
        call("eth_estimateGas", json!([{ "from": sender, "value": "0x1" }])),
        call("eth_sendRawTransaction", json!([raw_transfer(DEV_ACCOUNTS[0], 0, 100_000_000)])),
        call("eth_sendTransaction", json!([{ "from": sender, "to": sender, "value": "0x1" }])),
        call("eth_getLogs", json!([{ "fromBlock": "0x0", "toBlock": "latest", "topics": [[], null] }])),
        call("eth_feeHistory", json!(["0x4", "latest", [1.5, 50]])),
        call("debug_traceCall", json!([{ "to": sender }, "latest", { "tracer": "callTracer" }])),
        call("anvil_setBalance", json!([sender, "0xffffffffffffffffffff"])),
        call("anvil_loadState", json!(["0x7b7d"])),
        call("web3_sha3", json!(["0x616263"])),
    ];
    let batch = json!(requests).to_string().into_bytes();
    requests.iter().map(|request| request.to_string().into_bytes()).chain([batch]).collect()
}

/// A body with one thing wrong, or several.
fn malform(random: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut body = seeds[random.usize(..seeds.len())].clone();
    for _ in 0..=random.usize(..3) {
        let at = random.usize(..(body.len() + 1));
        let until = at + random.usize(..((body.len() - at).min(20) + 1));
        match random.usize(..9) {
            0 => body.truncate(at),
            1 => body[at..until].iter_mut().for_each(|byte| *byte ^= 1 << random.usize(..8)),
            2 => drop(body.drain(at..until)),
            3 => {
                let part = body[at..until].to_vec();
                (0..random.usize(..50)).for_each(|_| drop(body.splice(at..at, part.iter().copied())));
            }
            4 => {
                let noise: Vec<u8> = (0..random.usize(..40)).map(|_| random.u8(..)).collect();
                body.splice(at..until, noise);
            }
            5 => {
                const NUMBERS: &[&str] =
                    &["-1", "1e999", "0.1", "340282366920938463463374607431768211456", "18446744073709551616"];
                let digits = "9".repeat([1, 400, 20_000][random.usize(..3)]);
                let numbers = [NUMBERS, &[digits.as_str()]].concat();
                body.splice(at..until, pick(random, &numbers).bytes());
            }
            6 => {
                const WRONG: &[&[u8]] = &[b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\"\\ud800\"", b"\0", b"\\", b"\""];
                body.splice(at..until, WRONG[random.usize(..WRONG.len())].iter().copied());
            }
            7 => {
                let (open, depth) =
                    (pick(random, &["[", "{\"a\":", "[{\"a\":"]), [3, 127, 128, 5_000][random.usize(..4)]);
                body.splice(at..until, open.repeat(depth).into_bytes());
            }
            _ => {
                let parts: Vec<&[u8]> =
                    (0..random.usize(..8)).map(|_| seeds[random.usize(..seeds.len())].as_slice()).collect();
                let separator: &[u8] = pick(random, &[",", ""]).as_bytes();
                body = [b"[", parts.join(separator).as_slice(), b",", &body, b"]"].concat();
            }
        }
    }
    // A body that does not begin like JSON is refused before it is read. If the body is long, the client may hear only
    // "broken pipe".
    if !body.trim_ascii_start().starts_with(b"[") && !body.trim_ascii_start().starts_with(b"{") {
        body.truncate(1 << 12);
    }
    body
}

/// As many malformed bodies as `STYLUS_FUZZ_INPUTS` says, over one connection that is kept open.
#[tokio::test]
async fn malformed_bodies_get_an_answer() {
    let (node, client, seeds) = (node().await, Client::new(), seeds());
    for seed in &seeds {
        check(&client, &node, seed.clone()).await;
    }
    let (inputs, mut random, mut results) = (inputs(2_000), Rng::with_seed(0xb0d1e5), 0);
    for _ in 0..inputs {
        results += usize::from(check(&client, &node, malform(&mut random, &seeds)).await);
    }
    assert!(results > inputs / 50, "only {results} of {inputs} bodies meant something");
    check_that_it_lives(&client, &node).await;
}

/// Bodies of megabytes: of one kind of bracket, of numbers, of noise, of strings without end, of requests.
#[tokio::test]
async fn big_bodies_get_an_answer() {
    let (node, client) = (node().await, Client::new());
    let mut random = Rng::with_seed(0xb16);
    // All begin like JSON: others are refused before they are read.
    let noise = b"[".iter().copied().chain((0..1 << 20).map(|_| random.u8(..))).collect();
    let request = r#"{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x00"]}"#;
    let with_params = |params: String| request.replace(r#"["0x00"]"#, &params).into_bytes();
    for body in [
        "[".repeat(4 << 20).into_bytes(),
        "{\"\":".repeat(1 << 20).into_bytes(),
        format!("[{}", "9".repeat(4 << 20)).into_bytes(),
        format!("[{}", "\"".repeat(4 << 20)).into_bytes(),
        noise,
        with_params("[".repeat(1 << 20)),
        with_params(format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20))),
        with_params(format!("[{}]", "9".repeat(1 << 20))),
        with_params(format!("[{}1]", "1,".repeat(1 << 20))),
        format!("[{}1]", "1,".repeat(100_000)).into_bytes(),
        format!("[{}]", vec!["[]"; 100_000].join(",")).into_bytes(),
    ] {
        assert!(!check(&client, &node, body).await, "it meant something");
    }
    assert!(check(&client, &node, with_params(format!("[\"0x{}\"]", "00".repeat(4 << 20)))).await, "8 MB to hash");
    assert!(check(&client, &node, format!("[{}]", vec![request; 2_000].join(",")).into_bytes()).await, "a long batch");
    check_that_it_lives(&client, &node).await;
}

/// The longest request is 128 MiB. One that says that it is longer is not even read.
#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_at_once() {
    let node = node().await;
    let url = node.http_url();
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("a connection");
    let head =
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 134217729\r\n\r\n[";
    stream.write_all(head.as_bytes()).expect("a sent head");
    let mut start = [0; 12];
    stream.read_exact(&mut start).expect("an answer");
    assert_eq!(String::from_utf8_lossy(&start), "HTTP/1.1 413");
    check_that_it_lives(&Client::new(), &node).await;
}
