//! What only development nodes can is behind one switch.

use eyre::{Result, bail, ensure};
use restake::build::workspace;
use restake::chain::Chain;
use restake_tests::World;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

/// Answers one request as `answer` tells, and no other. Returns the address and a thread, which ends with the body of
/// that request.
fn answer_once(answer: &'static str) -> Result<(String, thread::JoinHandle<Result<String>>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let served = thread::spawn(move || {
        let (stream, _) = listener.accept()?;
        drop(listener);
        let mut reader = BufReader::new(&stream);
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let text = format!("{{\"jsonrpc\":\"2.0\",\"id\":0,{answer}}}");
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", text.len());
        (&stream).write_all(format!("{head}{text}").as_bytes())?;
        Ok(String::from_utf8(body)?)
    });
    Ok((url, served))
}

/// The answer of Nitro's development mode, and that of a node which does not know the question.
#[tokio::test]
async fn a_node_without_development_methods_is_told_apart_before_one_is_used() -> Result<()> {
    for answer in [
        r#""result":{"arb":"1.0","debug":"1.0","eth":"1.0","net":"1.0","web3":"1.0"}"#,
        r#""error":{"code":-32601,"message":"the method rpc_modules does not exist/is not available"}"#,
    ] {
        let (url, served) = answer_once(answer)?;
        let Err(error) = Chain::connect(&url, [])?.travel_to(1).await else { bail!("it travelled") };
        ensure!(error.to_string().starts_with("this node has no development methods"), "{error}");
        let asked = served.join().map_err(|_| eyre::eyre!("the server panicked"))??;
        ensure!(asked.contains("\"rpc_modules\""), "the first question was {asked}");
    }
    let world = World::new().await?;
    world.chain.development().await?;
    Ok(())
}

#[test]
fn only_one_file_names_development_methods() -> Result<()> {
    let switch = workspace().join("scripts/src/development.rs");
    let (mut files, mut folders) =
        (0, ["scripts/src", "tests/src", "tests/it"].map(|path| workspace().join(path)).to_vec());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files += 1;
                ensure!(path == switch || !names_one(&path)?, "{} names a development method", path.display());
            }
        }
    }
    ensure!(files > 50, "only {files} files were read");
    ensure!(names_one(&switch)?, "{} names none", switch.display());
    Ok(())
}

/// Whether a string in this code begins like the name of a development method.
fn names_one(path: &Path) -> Result<bool> {
    let code = fs::read_to_string(path)?;
    // Put together here, so that this file does not name one.
    let prefixes = ["anvil", "evm", "hardhat"].map(|prefix| format!("\"{prefix}_"));
    Ok(prefixes.iter().any(|prefix| code.contains(prefix)))
}
