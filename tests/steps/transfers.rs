//! Random batches of transfers, followed by books that know no trees.

use crate::judged::Judged;
use crate::random::Random;
use eyre::{OptionExt, Result, ensure};
use restake_computation::Tree;
use std::collections::BTreeMap;
use transfers::{Account, Batch, Transfer};

/// How many transfers a batch has.
const LENGTH: u32 = 200;

/// Takes all steps of a random batch, and two after its end.
pub(crate) fn play(random: &mut Random, judged: &mut Judged) -> Result<()> {
    let mut books = accounts(random);
    let accounts: Tree = books.iter().map(|(number, account)| (*number, account.encode())).collect();
    let (mut after, numbers) = (books.clone(), books.keys().copied().collect::<Vec<_>>());
    let mut transfers = Vec::new();
    for _ in 0..LENGTH {
        let transfer = transfer(random, &after, &numbers)?;
        book(&mut after, &transfer);
        transfers.push(transfer);
    }
    let leaves: Tree = (0..).zip(&transfers).map(|(index, transfer)| (index, transfer.encode())).collect();
    let mut batch = Batch { accounts, transfers: leaves, length: LENGTH, next: 0 };
    let total = total(&books);
    for (done, transfer) in (1..).zip(transfers) {
        book(&mut books, &transfer);
        judged.take(&mut batch, random)?;
        ensure!(batch.next == done, "a step that is none");
        for number in [transfer.from, transfer.to] {
            let (known, expected) = (batch.accounts.get(number), books.get(&number).map(Account::encode));
            ensure!(known == expected.as_ref().map(<[u8; 24]>::as_slice), "account {number} after {transfer:?}");
        }
    }
    for _ in 0..2 {
        judged.take(&mut batch, random)?;
        ensure!(batch.next == LENGTH, "a step after the last");
    }
    ensure!(total == self::total(&books), "money came or went");
    let expected: Tree = books.iter().map(|(number, account)| (*number, account.encode())).collect();
    ensure!(step::Rooted::root(&batch.accounts) == step::Rooted::root(&expected), "other accounts");
    Ok(())
}

/// Some accounts in random places and in the first and last one: rich, poor, and at the end of their nonces.
fn accounts(random: &mut Random) -> BTreeMap<u32, Account> {
    let (edges, more): ([u32; 4], [u32; 12]) =
        ([0, 1, u32::MAX - 1, u32::MAX], std::array::from_fn(|_| number(random)));
    let mut accounts = BTreeMap::new();
    for number in edges.into_iter().chain(more) {
        let balance = match random.below(4) {
            0 => 0,
            // Two of these are more than there is room for.
            1 => u128::MAX - u128::from(random.below(3)),
            _ => random.up_to(1_000_000),
        };
        let nonce = if random.one_in(6) { u64::MAX - random.below(3) } else { random.below(3) };
        accounts.insert(number, Account { balance, nonce });
    }
    accounts
}

/// A transfer that can be made, as far as its payer is concerned, or one with something wrong.
fn transfer(random: &mut Random, accounts: &BTreeMap<u32, Account>, numbers: &[u32]) -> Result<Transfer> {
    let mut known = || random.pick(numbers).ok_or_eyre("no accounts");
    let (from, to) = (known()?, known()?);
    let Account { balance, nonce } = accounts.get(&from).copied().unwrap_or_default();
    let amount = if random.one_in(3) { random.up_to(balance) } else { random.up_to(balance.min(1_000)) };
    let right = Transfer { from, to, amount, nonce };
    Ok(match random.below(12) {
        0 => Transfer { from: number(random), ..right },
        1 => Transfer { to: number(random), ..right },
        2 => Transfer { to: from, ..right },
        3 => Transfer { amount: balance.saturating_add(1), ..right },
        4 => Transfer { amount: balance, ..right },
        5 => Transfer { nonce: nonce.wrapping_add(1), ..right },
        6 => Transfer { nonce: random.next(), ..right },
        _ => right,
    })
}

fn number(random: &mut Random) -> u32 {
    u32::try_from(random.below(1 << 32)).unwrap_or(0)
}

/// Makes a transfer in the books, if it can be made.
fn book(books: &mut BTreeMap<u32, Account>, transfer: &Transfer) {
    let Transfer { from, to, amount, nonce } = *transfer;
    let (Some(payer), Some(payee)) = (books.get(&from).copied(), books.get(&to).copied()) else { return };
    let has_room = from == to || payee.balance.checked_add(amount).is_some();
    if payer.nonce != nonce || nonce == u64::MAX || payer.balance < amount || !has_room {
        return;
    }
    books.entry(from).and_modify(|payer| {
        payer.balance -= amount;
        payer.nonce += 1;
    });
    books.entry(to).and_modify(|payee| payee.balance += amount);
}

/// The sum of all balances: its upper and its lower half.
fn total(books: &BTreeMap<u32, Account>) -> (u128, u128) {
    books.values().fold((0, 0), |(high, low): (u128, u128), account| {
        let (low, carry) = low.overflowing_add(account.balance);
        (high + u128::from(carry), low)
    })
}
