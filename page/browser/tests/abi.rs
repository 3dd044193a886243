//! The page's calls are written from the interfaces of the contracts.

use eyre::{OptionExt, Result, ensure};
use restake::build::workspace;
use restake::docs::abis;
use std::fmt::Write;
use std::fs;

/// The contracts that the page calls.
const CONTRACTS: [&str; 9] = [
    "Batch",
    "DisputeResolution",
    "LiquidRestakingToken",
    "LiquidStakingToken",
    "RedemptionDesk",
    "Registry",
    "RestakingWeights",
    "Slasher",
    "TokenPool",
];

/// The functions of each, as constants of TypeScript. Errors are explained by the server, events told by it.
fn written() -> Result<String> {
    let abis = abis(workspace())?;
    let mut text = String::from(
        "// Written from the interfaces: RESTAKE_WRITE_ABI=1 cargo test -p restake-page-browser --test page abi\n",
    );
    for name in CONTRACTS {
        let items = abis.get(name).and_then(|abi| abi.as_array()).ok_or_eyre(format!("no ABI of {name}"))?;
        let (first, rest) = name.split_at(1);
        writeln!(text, "\nexport const {}{rest} = [", first.to_lowercase())?;
        for item in items.iter().filter(|item| item["type"] == "function") {
            writeln!(text, "  {item},")?;
        }
        text.push_str("] as const;\n");
    }
    Ok(text)
}

#[test]
fn the_page_speaks_the_abi_of_the_contracts() -> Result<()> {
    let path = workspace().join("page/app/src/abi.ts");
    let expected = written()?;
    if std::env::var_os("RESTAKE_WRITE_ABI").is_some() {
        fs::write(&path, &expected)?;
    }
    ensure!(
        fs::read_to_string(path)? == expected,
        "page/app/src/abi.ts is not what the interfaces say: write it anew with RESTAKE_WRITE_ABI=1"
    );
    Ok(())
}
