//! The page about the precompiles is what they do.

use alloy::primitives::{Address, Bytes, U256, keccak256};
use serde_json::json;
use std::fmt::Write;
use std::fs;
use stylus_devnode::Devnode;

/// The interface of each precompile at ArbOS 51.
const ABI: &str = include_str!("../../../vm/src/precompiles/abi.txt");

/// The page. With the environment variable `STYLUS_WRITE_PAGES` the test writes it.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/PRECOMPILES.md");

const HEAD: &str = "# What the precompiles of ArbOS answer

Each method of ArbOS 51, called by nobody in particular and by the chain's owner, with zeros and empty lists as
arguments, on a fresh chain that is like Nitro's and has no L1. A test writes this page from the node's answers
(`STYLUS_WRITE_PAGES=1 cargo test -p stylus-devnode precompiles`). That such answers are Nitro's shows
`answers_are_those_of_nitro`, with arguments that mean something.
";

/// Arguments of zeros: lists are empty.
fn arguments(signature: &str) -> Vec<u8> {
    let types = signature.split_once('(').map_or("", |(_, types)| types.trim_end_matches(')'));
    let types: Vec<&str> = types.split(',').filter(|name| !name.is_empty()).collect();
    let is_list = |name: &str| name == "bytes" || name.ends_with("[]");
    let lists = types.iter().filter(|name| is_list(name)).count();
    let mut words = Vec::new();
    let mut next = types.len();
    for name in &types {
        words.push(if is_list(name) { U256::from(next * 32) } else { U256::ZERO });
        next += usize::from(is_list(name));
    }
    words.extend(std::iter::repeat_n(U256::ZERO, lists));
    words.iter().flat_map(|word| word.to_be_bytes::<32>()).collect()
}

/// What a call answers, in a few words.
fn answer(node: &Devnode, from: Address, to: &str, signature: &str) -> String {
    let data = Bytes::from([&keccak256(signature)[..4], &arguments(signature)].concat());
    match node.request("eth_call", json!([{ "from": from, "to": to, "data": data }, "latest"])) {
        Ok(result) => {
            let bytes: Bytes = serde_json::from_value(result).expect("bytes");
            match bytes.len() {
                0 => "nothing".into(),
                32 => match u64::try_from(U256::from_be_slice(&bytes)) {
                    Ok(number) => number.to_string(),
                    Err(_) => format!("{:#x}", U256::from_be_slice(&bytes)),
                },
                length => format!("{} words", length.div_ceil(32)),
            }
        }
        Err(error) => error.message().to_owned(),
    }
}

#[tokio::test]
async fn the_page_about_precompiles_is_what_they_answer() {
    let builder = Devnode::builder().like_nitro(true).timestamp(1_800_000_000).manual_time(true);
    let node = builder.spawn().await.expect("a node");
    let (nobody, owner) = (Address::repeat_byte(0x77), node.accounts()[0].address);
    let mut page = HEAD.to_owned();
    let mut to = String::new();
    for line in ABI.lines() {
        if let Some(signature) = line.strip_prefix("    ") {
            let [nobodys, owners] = [nobody, owner].map(|from| answer(&node, from, &to, signature));
            assert!(!nobodys.contains("internal") && !owners.contains("internal"), "{signature}");
            let owners = if owners == nobodys { "the same".into() } else { owners };
            writeln!(page, "| `{signature}` | {nobodys} | {owners} |").expect("text");
        } else {
            let (name, address) = line.split_once(' ').expect("a name and an address");
            to = format!("0x{:0>40}", address.trim_start_matches("0x"));
            writeln!(page, "\n## {name} ({address})\n\n| method | nobody | the owner |\n| --- | --- | --- |")
                .expect("text");
        }
    }
    if std::env::var_os("STYLUS_WRITE_PAGES").is_some() {
        fs::write(PAGE, &page).expect("the page");
    }
    assert_eq!(fs::read_to_string(PAGE).expect("the page"), page, "STYLUS_WRITE_PAGES=1 writes it anew");
}
