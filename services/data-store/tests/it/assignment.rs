//! Whoever signs: with two thirds of the stake enough leaves are kept, and each leaf is kept by one at most.

use crate::random::Random;
use alloy::primitives::{Address, U256};
use eyre::{Result, ensure};
use restake_data_store::assignment::{Signer, Signers, parts};
use restake_data_store::coding::least_leaves;

/// So many operators; some have very little of the stake, or nearly all.
fn signers(random: &mut Random, count: u64) -> Signers {
    let signer = |_| {
        let stake = match random.below(4) {
            0 => 1,
            1 => u128::from(random.next()) << 40,
            _ => u128::from(random.below(1_000)).saturating_add(1).saturating_mul(1_000_000_000_000_000_000),
        };
        let key = Address::from_slice(&random.bytes(20));
        (key, Signer { operator: Address::from_slice(&random.bytes(20)), stake })
    };
    (0..count).map(signer).collect()
}

#[test]
fn every_leaf_is_kept_by_exactly_one_operator() {
    let mut random = Random(1);
    for round in 0..500 {
        let count = random.below(40) + 1;
        let leaves = least_leaves(usize::try_from(count).unwrap_or_default()) + 2 * random.below(500);
        let signers = signers(&mut random, count);
        let mut next = 0;
        for (key, part) in parts(&signers, leaves) {
            assert!(part.start == next && part.end > next, "round {round}: {key} keeps {part:?} of {leaves}");
            next = part.end;
        }
        assert_eq!(next, leaves, "round {round}");
    }
}

#[test]
fn any_two_thirds_of_the_stake_keep_enough_leaves() -> Result<()> {
    let mut random = Random(2);
    for round in 0..3_000 {
        let count = random.below(60) + 1;
        let leaves = least_leaves(usize::try_from(count)?) + 2 * random.below(50);
        let signers = signers(&mut random, count);
        let parts = parts(&signers, leaves);
        let total: u128 = signers.values().map(|signer| signer.stake).sum();
        let kept_by = |key: &Address| parts.get(key).map_or(0, |part| part.end - part.start);
        // Signers join until their stake is enough: in any order, or those first who keep the least for their stake.
        let mut joining = random.shuffled(signers.iter().collect());
        if round % 2 == 0 {
            joining.sort_by_key(|(key, signer)| {
                U256::from(kept_by(key)) * U256::from(u128::MAX) / U256::from(signer.stake)
            });
        }
        let (mut signed, mut kept) = (0u128, 0);
        for (key, Signer { stake, .. }) in joining {
            signed += stake;
            kept += kept_by(key);
            if signed >= total.div_ceil(3) * 2 {
                break;
            }
        }
        ensure!(kept >= leaves / 2, "round {round}: {kept} of {leaves} leaves are kept");
    }
    Ok(())
}

/// Every second operator signs, and each of them misses its last leaf by a thousandth.
#[test]
fn two_thirds_of_the_stake_keep_enough_leaves_however_it_is_spread() {
    const LEAF: u128 = 1_000;
    for operators in 1..=80 {
        let leaves = least_leaves(operators);
        let all = u128::from(leaves) * LEAF;
        let enough = (all * 2).div_ceil(3);
        for wanted in 1..u128::from(leaves) {
            let most = wanted * LEAF - 1;
            let pairs = usize::try_from(enough / most).unwrap_or_default();
            if pairs * 2 + 2 > operators {
                continue;
            }
            let rest = enough % most;
            let mut stakes = [most, 1].repeat(pairs);
            let others = all - stakes.iter().sum::<u128>() - rest;
            stakes.extend([rest, others]);
            let keys = (1u8..).map(Address::repeat_byte);
            let signers = keys.zip(stakes).map(|(key, stake)| (key, Signer { operator: key, stake })).collect();
            let parts = parts(&signers, leaves);
            let signed = signers.keys().step_by(2);
            let kept: u64 = signed.filter_map(|key| parts.get(key)).map(|part| part.end - part.start).sum();
            assert!(kept >= leaves / 2, "{operators} operators keep {kept} of {leaves}");
        }
    }
}

#[test]
fn without_stake_nobody_keeps_anything() {
    let none = Signer { operator: Address::repeat_byte(2), stake: 0 };
    assert!(parts(&Signers::new(), 32).is_empty());
    assert!(parts(&Signers::from([(Address::repeat_byte(1), none)]), 32).is_empty());
}

#[test]
fn the_largest_stakes_and_counts_do_not_overflow() {
    let signer = |byte| (Address::repeat_byte(byte), Signer { operator: Address::repeat_byte(byte), stake: u128::MAX });
    let parts = parts(&Signers::from([signer(1), signer(2)]), u64::MAX);
    let half = u64::MAX / 2;
    assert_eq!(parts.into_values().collect::<Vec<_>>(), [0..half, half..u64::MAX]);
}
