//! What leverage adds to a slash.

use restake_simulator::leverage::Scenario;

const ONE: u64 = 1_000_000_000_000_000_000;
const WAD: u128 = ONE as u128;

/// One borrower with 100, who borrows half of that twice, beside 325 of others.
fn one() -> Scenario {
    Scenario {
        holders: 325,
        borrowers: 1,
        equity: 100,
        turns: 2,
        loan_to_value: ONE / 2,
        liquidation_threshold: ONE / 10 * 6,
        bonus: ONE / 10,
        depth: 1_000,
        fall: ONE / 2,
    }
}

#[test]
fn each_turn_stakes_what_the_one_before_borrowed() {
    let up: Vec<(u128, u128)> = one().up().iter().map(|up| (up.staked, up.debt)).collect();
    assert_eq!(up, [(425, 0), (475, 50), (500, 75)]);
}

#[test]
fn without_debts_a_fall_takes_the_fall_and_nothing_follows() {
    let down = Scenario { turns: 0, ..one() }.down();
    assert_eq!((down.len(), down[0].staked, down[0].price), (1, 212, WAD / 2));
}

#[test]
fn a_liquidation_sells_what_was_owed_and_the_bonus_and_lowers_the_price() {
    // 175 of collateral are worth 87 after the fall, so that 52 may be owed and 75 are: 166 receipts are seized for
    // 83. The pool of 1,000 and 2,000 pays 76 for them.
    let down = one().down();
    assert_eq!(down.len(), 2);
    assert_eq!((down[0].staked, down[0].liquidated), (250, 0));
    let round = down[1];
    assert_eq!((round.liquidated, round.sold, round.bad_debt), (1, 166, 0));
    assert_eq!(round.price, 924 * WAD / 2_166);
    assert_eq!(round.staked, 167);
}

#[test]
fn a_small_slash_ends_a_large_part_of_what_leverage_staked_where_the_market_is_thin() {
    let scenario = Scenario {
        holders: 1_000_000,
        borrowers: 100,
        equity: 10_000,
        turns: 40,
        loan_to_value: ONE / 100 * 93,
        liquidation_threshold: ONE / 100 * 94,
        bonus: ONE / 100,
        depth: 300_000,
        fall: ONE / 50,
    };
    let (up, down) = (scenario.up(), scenario.down());
    let staked = up[40].staked;
    assert!(staked > 3_000_000 && up[40].debt > 1_000_000, "{up:?}");
    let left = down.last().unwrap();
    let decay = staked - left.staked;
    println!("{} rounds: {decay} of {staked} for a slash of {}", down.len(), staked / 50);
    assert!(decay > 10 * staked / 50, "{decay} of {staked}");
    assert!(down.iter().map(|round| round.bad_debt).sum::<u128>() > 0);
    let deep = Scenario { depth: 300_000_000, ..scenario.clone() }.down();
    assert!(deep.last().unwrap().staked > left.staked, "a deep market stops the spiral");
    assert_eq!(deep.iter().map(|round| round.bad_debt).sum::<u128>(), 0);
    let untouched = Scenario { fall: 0, ..scenario }.down();
    assert_eq!((untouched.len(), untouched[0].staked), (1, staked), "nothing happens where nothing falls");
}
