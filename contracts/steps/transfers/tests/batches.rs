//! Whole batches, step by step.

use restake_computation::{witness, Execution, Tree};
use step::{Rooted, State, Step};
use transfers::{Account, Batch, Transfer, Transfers};

/// Alice (7), Bob (9) and Carol (the last number).
const PEOPLE: [(u32, Account); 3] = [
    (7, Account { balance: 100, nonce: 0 }),
    (9, Account { balance: 5, nonce: 3 }),
    (u32::MAX, Account { balance: u128::MAX, nonce: u64::MAX }),
];

fn accounts(of: [(u32, Account); 3]) -> Tree {
    of.into_iter().map(|(number, account)| (number, account.encode())).collect()
}

fn batch(transfers: &[Transfer]) -> Batch<Tree> {
    let leaves = (0..).zip(transfers).map(|(index, transfer)| (index, transfer.encode()));
    let length = u32::try_from(transfers.len()).expect("short");
    Batch { accounts: accounts(PEOPLE), transfers: leaves.collect(), length, next: 0 }
}

fn transfer(from: u32, to: u32, amount: u128, nonce: u64) -> Transfer {
    Transfer { from, to, amount, nonce }
}

/// The state after all of these, each step taken by its witness, too.
fn after(transfers: &[Transfer]) -> Batch<Tree> {
    let first = batch(transfers);
    let steps = u64::from(first.length);
    let execution = Execution::run(first, steps).expect("a rule for each state");
    for step in 0..steps {
        let (state, witness) = (execution.hash_at(step).expect("taken"), execution.witness_at(step).expect("taken"));
        assert_eq!(Transfers::step(state, &witness).ok(), execution.hash_at(step + 1).ok(), "step {step}");
    }
    execution.state_at(steps).expect("taken")
}

#[test]
fn a_transfer_moves_money_and_counts() {
    let end = after(&[transfer(7, 9, 60, 0), transfer(9, 7, 65, 3), transfer(7, 9, 0, 1)]);
    let [alice, bob] = [Account { balance: 105, nonce: 2 }, Account { balance: 0, nonce: 4 }];
    assert_eq!(end.accounts.root(), accounts([(7, alice), (9, bob), PEOPLE[2]]).root());
    assert_eq!(end.next, 3);
}

#[test]
fn a_transfer_that_cannot_be_made_changes_nothing_but_the_index() {
    for invalid in [
        transfer(7, 9, 101, 0),
        transfer(7, 9, 1, 1),
        transfer(9, 7, 1, 2),
        transfer(8, 9, 0, 0),
        transfer(7, 8, 1, 0),
        transfer(7, 7, 101, 0),
        transfer(7, u32::MAX, 1, 0),
        transfer(u32::MAX, 7, 1, u64::MAX),
    ] {
        let end = after(&[invalid]);
        assert_eq!((end.accounts.root(), end.next), (accounts(PEOPLE).root(), 1), "{invalid:?}");
    }
}

#[test]
fn who_pays_itself_has_what_it_had() {
    let end = after(&[transfer(7, 7, 100, 0)]);
    let alice = Account { balance: 100, nonce: 1 };
    assert_eq!(end.accounts.root(), accounts([(7, alice), PEOPLE[1], PEOPLE[2]]).root());
}

#[test]
fn nothing_happens_after_the_last_transfer_nor_where_a_batch_has_none() {
    let mut ended = batch(&[transfer(7, 9, 1, 0)]);
    ended.next = 1;
    let mut shorter = batch(&[]);
    shorter.length = 1;
    for (state, next) in [(ended, 1), (batch(&[]), 0), (shorter, 1)] {
        let then = Transfers::step(state.hash(), &witness(&state).expect("well formed"));
        assert_eq!(then, Ok(Batch { next, ..state }.hash()));
    }
}

#[test]
fn a_witness_of_another_state_is_refused() {
    let (one, other) = (batch(&[transfer(7, 9, 1, 0)]), batch(&[transfer(7, 9, 2, 0)]));
    let right = witness(&one).expect("well formed");
    assert!(Transfers::step(one.hash(), &right).is_ok());
    assert!(Transfers::step(other.hash(), &right).is_err());
    assert!(Transfers::step(one.hash(), &witness(&other).expect("well formed")).is_err());
}
