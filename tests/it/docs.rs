//! The pages of the contracts are what the code says, and say where things are stored.

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use eyre::{OptionExt, Result, ensure};
use restake::build::{PROGRAMS, workspace};
use restake::docs::{pages, places};
use restake_tests::World;
use std::fs;

#[test]
fn the_pages_of_the_contracts_are_up_to_date() -> Result<()> {
    for page in pages(workspace())? {
        let written = fs::read_to_string(workspace().join(&page.path)).unwrap_or_default();
        ensure!(written == page.text, "{} is out of date: run `cargo restake docs`", page.path.display());
    }
    Ok(())
}

/// Every function of the contracts is called by a test, and each that refuses callers has a test of that.
#[test]
fn every_function_has_a_test_and_who_may_not_call_it_is_refused() -> Result<()> {
    let folder = |path: &str| -> Result<Vec<String>> {
        let mut files = Vec::new();
        let mut folders = vec![workspace().join(path)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() { folders.push(path) } else { files.push(fs::read_to_string(path)?) }
            }
        }
        Ok(files)
    };
    let (tests, helpers) = ([folder("tests/it")?, folder("tests/steps")?].concat(), folder("tests/src")?);
    let mut functions = 0;
    // What services bring along is no contract of the suite.
    let interfaces = folder("contracts/lib/interfaces/src")?;
    for interface in interfaces.iter().filter(|interface| !interface.contains("interface IAdmission")) {
        let mut documentation = String::new();
        for line in interface.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix("///") {
                documentation.push_str(comment);
            } else if let Some((name, _)) = line.strip_prefix("function ").and_then(|rest| rest.split_once('(')) {
                let call = format!("{name}Call");
                let callers = tests.iter().chain(&helpers).filter(|file| file.contains(&call));
                ensure!(callers.count() > 0, "no test calls {name}");
                let refuses = |file: &&String| file.contains(&call) && file.contains("Unauthorized");
                ensure!(
                    !documentation.contains("`Unauthorized`") || tests.iter().any(|file| refuses(&file)),
                    "no test shows who may not call {name}"
                );
                functions += 1;
                documentation.clear();
            } else {
                documentation.clear();
            }
        }
    }
    ensure!(functions > 150, "only {functions} functions were found");
    Ok(())
}

/// Each collaborator that a page names is in its slot, at its bytes: on the chain.
#[tokio::test]
async fn the_pages_say_where_things_are_stored() -> Result<()> {
    let world = World::new().await?;
    let (suite, service) = (world.suite, world.suite.service);
    let known: [(&str, Address); 12] = [
        ("token_pool", suite.token_pool),
        ("strategy_manager", suite.strategy_manager),
        ("slasher", suite.slasher),
        ("governance", suite.governance),
        ("rewards", suite.rewards),
        ("batch", suite.batch),
        ("registry", service.registry),
        ("service_manager", service.service_manager),
        ("dispute_resolution", service.dispute_resolution),
        ("receipt", suite.restaking_token),
        ("token", suite.token),
        ("ownership.owner", world.cast.owner.address),
    ];
    let mut compared = 0;
    for (program, contract) in PROGRAMS.into_iter().zip(suite.contracts()) {
        for place in places(workspace(), program)? {
            let Some((_, expected)) = known.iter().find(|(name, _)| *name == place.name) else { continue };
            let word = world.chain.provider().get_storage_at(contract, U256::from(place.slot)).await?;
            let bytes: [u8; 32] = word.to_le_bytes();
            let mut stored = bytes.get(place.bytes.clone()).ok_or_eyre("no such bytes")?.to_vec();
            stored.reverse();
            ensure!(stored == expected.as_slice(), "{program} does not store {} in {place:?}", place.name);
            compared += 1;
        }
    }
    ensure!(compared > 25, "only {compared} places were compared");
    Ok(())
}
