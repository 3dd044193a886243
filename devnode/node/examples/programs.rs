//! Prints how fast programs run: `cargo run -p stylus-devnode --features fast --example programs`, or in slices without
//! the feature. Figures, not verdicts: nothing fails if the machine is slow.

use serde_json::{Value, json};
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;
use stylus_devnode::{DEV_ACCOUNTS, Devnode};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How often each is measured. The best counts: whatever else the machine does only slows it down.
const ROUNDS: usize = 5;

/// What the endless loop may use.
const GAS: u32 = 20_000_000;

/// How many calls are asked for.
const CALLS: u32 = 2_000;

/// A loop that never ends, and does what compiled loops do: it counts, computes, and touches memory.
const LOOP: &str = r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 1) (func (export "user_entrypoint") (param i32) (result i32)
    (local $i i32) (local $x i64)
    (loop $again
        (local.set $i (i32.add (local.get $i) (i32.const 8)))
        (local.set $x (i64.mul (local.get $x) (i64.const 6364136223846793005)))
        (local.set $x (i64.xor (local.get $x) (i64.extend_i32_u (local.get $i))))
        (i64.store (i32.and (local.get $i) (i32.const 0xfff8)) (local.get $x))
        (local.set $x (i64.add (i64.load (i32.and (local.get $i) (i32.const 0x7f8))) (local.get $x)))
        (br $again))
    (unreachable)))"#;

/// The liquid staking token of the recorded suite, and a holder.
const TOKEN: &str = "0xc6e7df5e7b4f2a278906862b61205850344d4e7d";
const HOLDER: &str = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

#[tokio::main]
async fn main() -> Result<()> {
    let mut best = [f64::MAX; 4];
    let mut keep = |row: usize, seconds: f64| best[row] = best[row].min(seconds);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let node = Devnode::builder().spawn().await?;
        keep(0, started.elapsed().as_secs_f64());
        let program = node.deploy_program(&wat::parse_str(LOOP)?)?;
        let call = json!([{ "to": program, "gas": format!("{GAS:#x}") }, "latest"]);
        let started = Instant::now();
        let ended = node.request("eth_call", call);
        keep(1, started.elapsed().as_secs_f64());
        assert!(ended.is_err_and(|error| error.message().contains("out of gas")), "the loop ends with its gas");
    }
    let node = suite().await?;
    let input = format!("0xa9059cbb{:0>64}{:0>64}", "44".repeat(20), "1");
    let call = json!([{ "from": HOLDER, "to": TOKEN, "data": input }, "latest"]);
    let started = Instant::now();
    node.request("eth_call", call.clone())?;
    keep(2, started.elapsed().as_secs_f64());
    for _ in 0..ROUNDS {
        keep(3, calls(&node, &call)?);
    }
    println!("start of a node: {:.1} ms", best[0] * 1e3);
    println!("a loop: {:.1} M gas/s", f64::from(GAS) / best[1] / 1e6);
    println!("first eth_call of an ERC-20: {:.1} ms", best[2] * 1e3);
    println!("its eth_calls on one connection: {:.0}/s", f64::from(CALLS) / best[3]);
    Ok(())
}

/// A node on which the recorded suite has lived.
async fn suite() -> Result<Devnode> {
    let mut text = Vec::new();
    brotli::Decompressor::new(&include_bytes!("../tests/vectors/recorded/suite.json.br")[..], 4_096)
        .read_to_end(&mut text)?;
    let rows: Vec<Value> = serde_json::from_slice(&text)?;
    let start = rows.first().and_then(|row| row["time"].as_u64()).ok_or("a time")?;
    let node = Devnode::builder().like_nitro(true).timestamp(start).manual_time(true).spawn().await?;
    node.request("anvil_setBalance", json!([DEV_ACCOUNTS[0].address, "0x3635c9adc5dea00000"]))?;
    for row in &rows {
        if let Some(time) = row.get("time") {
            node.request("evm_setNextBlockTimestamp", json!([time]))?;
        }
        node.request("eth_sendRawTransaction", json!([row["raw"]]))?;
    }
    Ok(node)
}

/// The seconds that the calls take, one after the other over HTTP.
fn calls(node: &Devnode, call: &Value) -> Result<f64> {
    let url = node.http_url();
    let mut stream = BufReader::new(TcpStream::connect(url.trim_start_matches("http://"))?);
    stream.get_ref().set_nodelay(true)?;
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": call }).to_string();
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length:";
    let request = format!("{head} {}\r\n\r\n{body}", body.len());
    let started = Instant::now();
    for _ in 0..CALLS {
        stream.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line)?;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer)?;
        assert!(answer.windows(8).any(|part| part == b"\"result\""), "{}", String::from_utf8_lossy(&answer));
    }
    Ok(started.elapsed().as_secs_f64())
}
