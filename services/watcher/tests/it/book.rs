//! What was seen is kept, and evidence made of it, also by a later life.

use crate::folder::Folder;
use alloy::primitives::{Address, B256, FixedBytes};
use eyre::Result;
use restake_daemon::message::Answer;
use restake_daemon::origin::Origin;
use restake_watcher::book::{Book, Equivocation};

const ORIGIN: Origin = Origin { number: 0, hash: B256::repeat_byte(1) };

fn answer(time: u64, number: u8) -> Answer {
    let signature = FixedBytes::<64>::repeat_byte(number).into();
    Answer { task: B256::repeat_byte(7), task_time: time, answer: B256::repeat_byte(number), signature }
}

#[test]
fn two_answers_of_one_key_to_one_task_are_found_once() -> Result<()> {
    let folder = Folder::new()?;
    let book = Book::open(folder.path(), ORIGIN)?;
    let (signer, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
    let (first, second) = (answer(60, 1), answer(60, 2));
    assert_eq!(book.note(signer, &first)?, None);
    assert_eq!(book.note(signer, &first)?, None, "the same again");
    assert_eq!(book.note(other, &second)?, None, "another key");
    assert_eq!(book.note(signer, &answer(120, 2))?, None, "another task");
    let again = Answer { signature: FixedBytes::<64>::repeat_byte(9).into(), ..first };
    assert_eq!(book.note(signer, &again)?, None, "the same answer, signed otherwise");
    let found = Equivocation { signer, first, second };
    assert_eq!(book.note(signer, &second)?, Some(found));
    assert_eq!(book.note(signer, &second)?, None);
    assert_eq!(book.note(signer, &answer(60, 3))?, None, "two are enough");
    assert_eq!(book.equivocations(0)?, [found]);
    assert_eq!(book.equivocations(61)?, []);
    Ok(())
}

#[test]
fn evidence_outlives_the_watcher_until_it_is_too_old_and_is_of_one_chain() -> Result<()> {
    let folder = Folder::new()?;
    let signer = Address::repeat_byte(1);
    let book = Book::open(folder.path(), ORIGIN)?;
    book.note(signer, &answer(60, 1))?;
    book.looked_until(9)?;
    drop(book);
    let book = Book::open(folder.path(), ORIGIN)?;
    assert_eq!(book.next_block()?, Some(9));
    assert!(book.note(signer, &answer(60, 2))?.is_some(), "it has the first of an earlier life");
    drop(book);
    let book = Book::open(folder.path(), ORIGIN)?;
    assert_eq!(book.equivocations(0)?.len(), 1);
    book.forget_before(60)?;
    assert_eq!(book.equivocations(0)?.len(), 1);
    book.forget_before(61)?;
    assert_eq!(book.equivocations(0)?, []);

    let again = Book::open(folder.path(), Origin { hash: B256::repeat_byte(2), ..ORIGIN })?;
    assert_eq!(again.next_block()?, None);
    Ok(())
}
