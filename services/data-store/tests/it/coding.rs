//! Blobs of all lengths are cut, coded, and come back.

use crate::random::Random;
use alloy::primitives::B256;
use eyre::{OptionExt, Result, ensure};
use restake::availability::LEAF_BYTES;
use restake_data_store::coding::{CodingError, Encoded, LONGEST_BLOB, least_leaves, recover};
use restake_data_store::opening::Opening;
use std::collections::BTreeMap;

/// Any half of the leaves, by their indices.
fn half(encoded: &Encoded, random: &mut Random) -> BTreeMap<u64, Vec<u8>> {
    let all: Vec<(u64, Vec<u8>)> = (0..).zip(encoded.leaves().iter().cloned()).collect();
    let half = all.len() / 2;
    random.shuffled(all).into_iter().take(half).collect()
}

#[test]
fn any_half_of_the_leaves_gives_the_blob_back() -> Result<()> {
    let mut random = Random(17);
    let edge = 16 * LEAF_BYTES - 8;
    for length in [0, 1, 2, 7, 8, 9, 100, edge - 1, edge, edge + 1, 50_000] {
        for operators in [1, 4, 10] {
            let blob = random.bytes(length);
            let encoded = Encoded::new(&blob, operators)?;
            for _ in 0..4 {
                let leaves = half(&encoded, &mut random);
                let (root, count) = (encoded.tree().root(), encoded.tree().leaf_count());
                ensure!(recover(root, count, &leaves)? == blob, "{length} bytes for {operators} operators");
            }
        }
    }
    Ok(())
}

#[test]
fn a_blob_of_four_megabytes_comes_back_from_what_the_code_added() -> Result<()> {
    let blob = Random(4).bytes(4 * 1024 * 1024 + 1);
    let encoded = Encoded::new(&blob, 4)?;
    let (root, count) = (encoded.tree().root(), encoded.tree().leaf_count());
    assert_eq!(count, 2 * 4_097);
    let added = (0..).zip(encoded.leaves().iter().cloned()).skip(4_097).collect();
    assert_eq!(recover(root, count, &added)?, blob);
    Ok(())
}

#[test]
fn one_leaf_less_than_half_gives_nothing_back() -> Result<()> {
    let mut random = Random(5);
    let encoded = Encoded::new(&random.bytes(1_000), 4)?;
    let mut leaves = half(&encoded, &mut random);
    leaves.pop_first().ok_or_eyre("no leaves")?;
    let (root, count) = (encoded.tree().root(), encoded.tree().leaf_count());
    assert_eq!(recover(root, count, &leaves), Err(CodingError::Missing { found: 15, needed: 16 }));
    Ok(())
}

/// Guards against: a root over leaves of which different halves give different blobs.
#[test]
fn leaves_that_are_no_encoding_give_nothing_back() -> Result<()> {
    let mut random = Random(6);
    let honest = Encoded::new(&random.bytes(1_000), 4)?;
    let mut leaves = honest.leaves().to_vec();
    leaves.last_mut().and_then(|leaf| leaf.first_mut()).map(|byte| *byte ^= 1).ok_or_eyre("no leaves")?;
    let tree = restake::merkle::MerkleTree::new(&leaves);
    let all: BTreeMap<u64, Vec<u8>> = (0..).zip(leaves).collect();
    for some in [all.clone(), all.into_iter().skip(16).collect()] {
        assert_eq!(recover(tree.root(), 32, &some), Err(CodingError::NotEncoded));
    }
    Ok(())
}

#[test]
fn a_blob_has_one_root_for_each_number_of_leaves_and_every_leaf_opens_it() -> Result<()> {
    let blob = Random(7).bytes(3_000);
    let encoded = Encoded::new(&blob, 12)?;
    let (root, count) = (encoded.tree().root(), encoded.tree().leaf_count());
    assert_eq!((count, Encoded::to(&blob, count)?.tree().root()), (least_leaves(12), root));
    assert_ne!(Encoded::to(&blob, count + 2)?.tree().root(), root);
    for index in 0..count {
        let (leaf, proof) = encoded.opening(index).ok_or_eyre("no such leaf")?;
        let good = Opening { index, leaf: leaf.to_vec().into(), proof };
        assert!(good.is_of(root, count), "leaf {index}");
        let other = Opening { index: index ^ 1, ..good.clone() };
        let shorter = Opening { proof: good.proof.slice(32..), ..good.clone() };
        let beyond = Opening { index: index + 128, ..good.clone() };
        let longer = Opening { proof: [&good.proof[..], B256::ZERO.as_slice()].concat().into(), ..good };
        assert!([other, shorter, beyond, longer].iter().all(|bad| !bad.is_of(root, count)), "leaf {index}");
    }
    Ok(())
}

#[test]
fn limits_are_typed_errors() {
    let root = B256::ZERO;
    let long = vec![0; LONGEST_BLOB + 1];
    assert_eq!(Encoded::new(&long, 4).err(), Some(CodingError::TooLong { bytes: long.len() }));
    for leaves in [0, 30, 33, 65_538, u64::MAX] {
        assert_eq!(Encoded::to(b"blob", leaves).err(), Some(CodingError::LeafCount { leaves }));
        assert_eq!(recover(root, leaves, &BTreeMap::new()), Err(CodingError::LeafCount { leaves }));
    }
    let blob = vec![0; 16 * LEAF_BYTES - 7];
    let few = CodingError::TooFewLeaves { leaves: 32, bytes: blob.len() };
    assert_eq!(Encoded::to(&blob, 32).err(), Some(few), "no leaf is longer than a transaction can answer with");
    assert_eq!(Encoded::new(b"blob", 20_000).err(), Some(CodingError::LeafCount { leaves: 80_000 }));
}
