//! What an operator promised is on its disk, at whatever moment its process is killed.

use crate::random::Random;
use crate::stage::{Operator, Slate, Stage};
use alloy::primitives::{Address, keccak256};
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::DataCommitment;
use restake::actors::Cast;
use restake::build::PROGRAMS;
use restake::chain::Chain;
use restake::suite::Suite;
use restake_daemon::record::{Identity, SigningRecord, Subject};
use restake_data_store::coding::Encoded;
use restake_data_store::message::{Dispersal, Promise};
use restake_data_store::setting::Setting;
use restake_data_store::store::Store;
use restake_data_store::tasks::Task;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// By which a process that is killed knows what to do.
const KILLED: &str = "RESTAKE_DATA_OPERATOR_KILLED";

/// The blob of a number.
fn blob(number: u64) -> Vec<u8> {
    Random(number).bytes(20_000)
}

/// Promises to keep one blob after another, and says so, until it is killed. Without orders this is not the process to
/// kill.
#[tokio::test]
async fn one_that_is_killed() -> Result<()> {
    let Ok(orders) = std::env::var(KILLED) else { return Ok(()) };
    let orders: Value = serde_json::from_str(&orders)?;
    let at = |name: &str| orders["suite"][name].as_str().and_then(|address| address.parse().ok());
    let (cast, chain) = (Cast::development()?, Chain::connect(orders["url"].as_str().unwrap_or_default(), [])?);
    let setting = Setting::new(chain, Suite::at(at)?, 0).await?;
    let (folder, slate) = (PathBuf::from(orders["folder"].as_str().unwrap_or_default()), Arc::new(Slate::default()));
    let people = (&cast.dishonest, &cast.accuser);
    let operator = Operator::start(&setting, slate.clone(), &folder, people, false).await?;
    let (time, mut out) = (orders["time"].as_u64().ok_or_eyre("no time")?, std::io::stdout());
    for id in operator.store.used()?.0.. {
        let encoded = Encoded::new(&blob(id), 4)?;
        let (root, task) = (encoded.tree().root(), keccak256(id.to_be_bytes()));
        slate.set(Task { id, task, time, root, fee: 10, deadline: u64::MAX });
        let dispersal = Dispersal { taskId: id, leafCount: encoded.tree().leaf_count(), blob: blob(id).into() };
        let promise = operator.keeper.disperse(dispersal).await?;
        writeln!(out, "\npromised {}", json!(promise))?;
        out.flush()?;
    }
    Ok(())
}

#[tokio::test]
async fn what_an_operator_promised_is_on_its_disk_when_it_is_killed() -> Result<()> {
    let (stage, mut random) = (Stage::new(false).await?, Random(13));
    let (folder, world) = (stage.folder.file("killed"), &stage.world);
    let suite: BTreeMap<&str, Address> = PROGRAMS.into_iter().zip(world.suite.contracts()).collect();
    let time = world.chain.now().await?;
    let orders = json!({ "url": world.url, "suite": suite, "folder": folder, "time": time }).to_string();
    let mut promised: Vec<Promise> = Vec::new();
    for _ in 0..5 {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--exact", "killing::one_that_is_killed", "--nocapture"])
            .env(KILLED, &orders)
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or_eyre("no output")?).lines();
        let enough = promised.len() + usize::try_from(random.below(8) + 1)?;
        for line in lines {
            if let Some(promise) = line?.strip_prefix("promised ") {
                promised.push(serde_json::from_str(promise)?);
            }
            if promised.len() == enough {
                std::thread::sleep(Duration::from_micros(random.below(8_000)));
                child.kill()?;
                break;
            }
        }
        child.wait()?;
        ensure!(promised.len() == enough, "it ended before it was killed");
        check(&stage, &folder.join(world.cast.dishonest.name), &promised).await?;
    }
    Ok(())
}

/// Everything that was promised is kept, and in the record.
async fn check(stage: &Stage, folder: &std::path::Path, promised: &[Promise]) -> Result<()> {
    let (store, domain) = (Store::open(&folder.join("store.redb"), u64::MAX)?, &stage.setting.domain);
    let (service, key) = (stage.world.suite.service.service_manager, stage.world.cast.accuser.address);
    let identity = Identity::on(&stage.world.chain, 0, service, key).await?;
    let record = SigningRecord::open(folder, identity)?;
    for promise in promised {
        let hash = domain.data_commitment_hash(&promise.commitment());
        ensure!(store.commitment(hash)?.is_some(), "{} is not known", promise.root);
        let leaves = store.leaves(promise.root, promise.first_leaf, usize::MAX)?;
        ensure!(u64::try_from(leaves.len())? == promise.kept_leaves, "{} leaves are kept", leaves.len());
        ensure!(leaves.iter().all(|leaf| leaf.is_of(promise.root, promise.leaf_count)), "other leaves are kept");
        let subject = Subject { task: promise.task, time: promise.task_time };
        let signed = record.signed(subject, <DataCommitment as alloy::sol_types::SolStruct>::NAME).await?;
        ensure!(signed.iter().any(|signed| signed.hash == hash), "it is not in the record");
    }
    Ok(())
}
