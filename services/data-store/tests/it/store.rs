//! What is kept stays until it expires, and no longer; also when the process is killed.

use crate::folder::Folder;
use crate::random::Random;
use alloy::primitives::{B256, keccak256};
use alloy::sol_types::SolValue;
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::DataCommitment;
use restake_daemon::origin::Origin;
use restake_data_store::coding::Encoded;
use restake_data_store::opening::Opening;
use restake_data_store::store::{Asked, Pruned, Store, StoreError};
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

const QUOTA: u64 = 1 << 30;

/// By which a killed process knows where it keeps things.
const KILLED: &str = "RESTAKE_DATA_STORE_KILLED";

/// Data with some of its leaves, for a task of `time`.
struct Kept {
    hash: B256,
    commitment: DataCommitment,
    openings: Vec<Opening>,
}

impl Kept {
    fn of(blob: &[u8], time: u64, part: Range<u64>) -> Result<Self> {
        let encoded = Encoded::new(blob, 4)?;
        let commitment = DataCommitment {
            task: B256::ZERO,
            taskTime: time,
            root: encoded.tree().root(),
            leafCount: encoded.tree().leaf_count(),
            firstLeaf: part.start,
            keptLeaves: part.end - part.start,
        };
        let opening = |index| {
            let (leaf, proof) = encoded.opening(index).ok_or_eyre("no such leaf")?;
            Ok(Opening { index, leaf: leaf.to_vec().into(), proof })
        };
        let openings = part.map(opening).collect::<Result<_>>()?;
        Ok(Self { hash: keccak256(commitment.abi_encode()), commitment, openings })
    }

    fn keep(&self, store: &Store, expires: u64) -> Result<(), StoreError> {
        store.keep(self.hash, &self.commitment, self.openings.clone(), expires)
    }

    fn bytes(&self) -> u64 {
        let bytes = |opening: &Opening| u64::try_from(1 + opening.leaf.len() + opening.proof.len()).unwrap_or(u64::MAX);
        self.openings.iter().map(bytes).sum()
    }

    fn is_whole(&self, store: &Store) -> Result<bool> {
        let leaves = store.leaves(self.commitment.root, self.commitment.firstLeaf, self.openings.len())?;
        let root = (self.commitment.root, self.commitment.leafCount);
        let known = store.commitment(self.hash)?.as_ref() == Some(&self.commitment);
        Ok(known && leaves == self.openings && leaves.iter().all(|leaf| leaf.is_of(root.0, root.1)))
    }
}

#[test]
fn what_is_kept_is_given_until_it_expires() -> Result<()> {
    let folder = Folder::new()?;
    let store = Store::open(&folder.file("store.redb"), QUOTA)?;
    let (one, two) = (Kept::of(b"one", 10, 8..16)?, Kept::of(b"two", 20, 0..8)?);
    one.keep(&store, 100)?;
    two.keep(&store, 101)?;
    ensure!(one.is_whole(&store)? && two.is_whole(&store)?);
    assert_eq!(store.used()?, (2, one.bytes() + two.bytes()));
    assert_eq!(store.leaf(one.commitment.root, 9)?.as_ref(), one.openings.get(1));
    assert_eq!(store.leaf(one.commitment.root, 16)?, None, "that leaf is another operator's");
    assert_eq!(store.prune(100)?, Pruned::default(), "a challenge may end in the last second");
    assert_eq!(store.prune(101)?, Pruned { commitments: 1, bytes: one.bytes() });
    ensure!(!one.is_whole(&store)? && two.is_whole(&store)?);
    assert_eq!(store.leaf(one.commitment.root, 9)?, None);
    assert_eq!(store.used()?, (1, two.bytes()));
    Ok(())
}

#[test]
fn what_is_kept_again_is_counted_once() -> Result<()> {
    let folder = Folder::new()?;
    let store = Store::open(&folder.file("store.redb"), QUOTA)?;
    let one = Kept::of(b"one", 10, 8..16)?;
    one.keep(&store, 100)?;
    one.keep(&store, 100)?;
    assert_eq!(store.used()?, (1, one.bytes()));
    assert_eq!(store.prune(101)?.bytes, one.bytes());
    assert_eq!(store.used()?, (0, 0));
    Ok(())
}

#[test]
fn leaves_that_another_task_names_outlive_the_first() -> Result<()> {
    let folder = Folder::new()?;
    let store = Store::open(&folder.file("store.redb"), QUOTA)?;
    let (early, late) = (Kept::of(b"one", 10, 8..16)?, Kept::of(b"one", 20, 12..20)?);
    early.keep(&store, 100)?;
    late.keep(&store, 200)?;
    store.prune(101)?;
    ensure!(late.is_whole(&store)?);
    assert_eq!(store.used()?, (1, late.bytes()));
    assert_eq!(store.leaf(early.commitment.root, 8)?, None);
    Ok(())
}

#[test]
fn above_the_quota_nothing_is_kept() -> Result<()> {
    let folder = Folder::new()?;
    let (one, two) = (Kept::of(b"one", 10, 8..16)?, Kept::of(b"two", 20, 8..16)?);
    let quota = one.bytes() + two.bytes() - 1;
    let store = Store::open(&folder.file("store.redb"), quota)?;
    one.keep(&store, 100)?;
    let refused = two.keep(&store, 100);
    let Err(StoreError::Full { used, more, quota: most }) = refused else { eyre::bail!("{refused:?}") };
    assert_eq!((used, more, most), (one.bytes(), two.bytes(), quota));
    assert_eq!((store.used()?, store.leaf(two.commitment.root, 8)?), ((1, one.bytes()), None));
    store.prune(101)?;
    two.keep(&store, 200)?;
    ensure!(two.is_whole(&store)?);
    Ok(())
}

#[test]
fn challenges_are_remembered_over_a_start_until_they_are_over() -> Result<()> {
    let folder = Folder::new()?;
    let asked = |id, deadline| Asked { id, commitment: B256::ZERO, index: 7, deadline, transaction: B256::ZERO };
    let looked = Origin { number: 5, hash: B256::repeat_byte(5) };
    let store = Store::open(&folder.file("store.redb"), QUOTA)?;
    assert_eq!((store.asked()?, store.looked()?), (vec![], None));
    store.note(&[asked(1, 30), asked(2, 20)], looked)?;
    drop(store);
    let store = Store::open(&folder.file("store.redb"), QUOTA)?;
    assert_eq!(store.looked()?, Some(looked));
    assert_eq!(store.asked()?, [asked(2, 20), asked(1, 30)], "the next deadline is the first");
    store.settle(2)?;
    assert_eq!(store.asked()?, [asked(1, 30)]);
    Ok(())
}

/// The blob of a number, of another length each.
fn numbered(number: u64) -> Result<Kept> {
    let blob = Random(number).bytes(usize::try_from(number % 50)? * 1_000 + 16);
    Kept::of(&blob, number, 8..24)
}

/// Keeps one thing after another, and says so, until it is killed. Without a file this is not the process to kill.
#[test]
fn one_that_is_killed() -> Result<()> {
    let Some(file) = std::env::var_os(KILLED) else { return Ok(()) };
    let store = Store::open(Path::new(&file), QUOTA)?;
    let mut out = std::io::stdout();
    for number in store.used()?.0.. {
        numbered(number)?.keep(&store, u64::MAX)?;
        writeln!(out, "\nkept {number}")?;
        out.flush()?;
    }
    Ok(())
}

#[test]
fn what_was_said_to_be_kept_is_there_after_the_process_was_killed() -> Result<()> {
    let (folder, mut random) = (Folder::new()?, Random(9));
    let file = folder.file("store.redb");
    let mut said = 0;
    for _ in 0..6 {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--exact", "store::one_that_is_killed", "--nocapture"])
            .env(KILLED, &file)
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or_eyre("no output")?).lines();
        let enough = random.below(20) + 1;
        let mut heard = 0;
        for line in lines {
            if let Some(number) = line?.strip_prefix("kept ") {
                (said, heard) = (number.parse::<u64>()? + 1, heard + 1);
            }
            if heard == enough {
                // In the middle of the next one, or of its way to the disk.
                std::thread::sleep(std::time::Duration::from_micros(random.below(3_000)));
                child.kill()?;
                break;
            }
        }
        child.wait()?;
        let store = Store::open(&file, QUOTA)?;
        let (count, bytes) = store.used()?;
        ensure!(count >= said, "{said} were said to be kept, {count} are");
        let mut sum = 0;
        for number in 0..count {
            let kept = numbered(number)?;
            ensure!(kept.is_whole(&store)?, "{number} of {count}");
            sum += kept.bytes();
        }
        assert_eq!(sum, bytes);
    }
    Ok(())
}
