//! What the model says about a few scenes that the rules are made for.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolError;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EPOCH_SECONDS, GRANT_NOTICE_SECONDS};
use arithmetic::wad::ONE;
use interfaces::IDisputeResolution::Attestation;
use interfaces::ISlasher::{CommitmentAboveMax, GrantPending};
use interfaces::IStrategyManager::{OperatorIsFrozen, WithdrawalNotReady};
use restake_model::{
    Answer, Bag, Contracts, Limits, Model, Protocol, ServiceContracts, ServiceSetup, Setup, Signed, Since, State,
    Terms, TokenSetup,
};

const OPERATOR: Address = Address::repeat_byte(1);
const ALICE: Address = Address::repeat_byte(2);
const FIRST: Address = Address::repeat_byte(3);
const SECOND: Address = Address::repeat_byte(4);
const FUND: Address = Address::repeat_byte(5);
const TOKEN: Address = Address::repeat_byte(6);
const MANAGER: Address = Address::repeat_byte(7);
const NOW: u64 = 3_000 * EPOCH_SECONDS;
const DAY: u64 = 24 * 60 * 60;

fn model() -> Model {
    let rich = [OPERATOR, ALICE].map(|account| (account, 1_000_000));
    let pool = Address::repeat_byte(0xa1);
    let token = TokenSetup {
        token: TOKEN,
        listed: Some(Limits { cap: 1 << 100, deposit: 100, outflow: 0 }),
        balances: rich.into(),
        allowances: rich.map(|(account, _)| ((account, pool), U256::MAX)).into(),
        ..TokenSetup::default()
    };
    let service = ServiceSetup {
        contracts: ServiceContracts { service_manager: MANAGER, ..ServiceContracts::default() },
        terms: Terms { wads: [ONE / 2, 0, 0, 0], recipient: FUND, ..Terms::default() },
        weights: vec![(TOKEN, Since { value: ONE, time: 0 })],
        evidence_window: 3 * DAY,
        answer_window: DAY,
        ..ServiceSetup::default()
    };
    let contracts = Contracts { token_pool: pool, ..Contracts::default() };
    Model::new(Setup { contracts, tokens: vec![token], services: vec![service], ..Setup::default() }, NOW)
}

fn did<T>(model: &mut Model, call: impl FnOnce(&mut Protocol) -> Answer<T>) {
    model.transact(call).unwrap();
}

fn freeze(service: Address, part: u64) -> impl Fn(&mut Protocol) -> Answer<u64> {
    move |call| {
        let now = call.now;
        call.freeze_operator(service, OPERATOR, part, FUND, 0, FUND, Address::ZERO, now)
    }
}

fn worth(model: &Model, owner: Address) -> u128 {
    model.ledger.worth(Bag::pool(OPERATOR, TOKEN), owner, model.now).1
}

#[test]
fn a_slash_of_its_own_in_front_takes_nothing_from_the_slash_of_a_service() {
    let mut model = model();
    did(&mut model, |call| call.opt_in(OPERATOR, FIRST, ONE / 2, true));
    did(&mut model, |call| call.opt_in(OPERATOR, SECOND, ONE / 2, true));
    assert!(model.transact(|call| call.opt_in(OPERATOR, FUND, ONE / 100, true)).is_err(), "the tier is full");
    did(&mut model, |call| call.stake(OPERATOR, TOKEN, 800, OPERATOR, ONE));
    did(&mut model, freeze(FIRST, ONE));
    did(&mut model, freeze(SECOND, ONE));
    model.wait(NOW + CHALLENGE_PERIOD_SECONDS);
    did(&mut model, |call| call.execute_slash(ALICE, 0));
    assert_eq!((worth(&model, OPERATOR), model.magnitude(OPERATOR)), (400, ONE / 2));
    did(&mut model, |call| call.execute_slash(ALICE, 1));
    assert_eq!(worth(&model, OPERATOR), 0, "the other half is the second one's");
    assert_eq!(model.magnitude(OPERATOR), ONE, "nothing is granted any more");
    let funds = (FUND, TOKEN, NOW / EPOCH_SECONDS + 2);
    assert_eq!(model.ledger.funds[&funds].amount, 800);
    let early = model.transact(|call| call.claim_funds(TOKEN, FUND, funds.2));
    assert_eq!(early, Err(WithdrawalNotReady { releaseTime: funds.2 * EPOCH_SECONDS }.abi_encode()), "no fast door");
}

#[test]
fn a_grant_in_front_of_a_stake_is_more_than_its_staker_accepts() {
    let mut model = model();
    let seen = model.commitment(OPERATOR);
    did(&mut model, |call| call.opt_in(OPERATOR, FIRST, ONE / 4, true));
    let stake = |max| move |call: &mut Protocol| call.stake(ALICE, TOKEN, 1_000, OPERATOR, max);
    let refused = CommitmentAboveMax { commitment: ONE / 4, maxCommitment: seen }.abi_encode();
    assert_eq!(model.transact(stake(seen)), Err(refused));
    did(&mut model, stake(ONE / 4));
    // What comes behind it is announced, and that counts.
    did(&mut model, |call| call.raise_budget(OPERATOR, FIRST, ONE / 2));
    assert_eq!(model.commitment(OPERATOR), ONE / 2);
    assert_eq!(model.guarantee(OPERATOR, FIRST), (ONE / 4, 0));
}

#[test]
fn a_notice_does_not_run_while_nobody_can_queue_and_everybody_can_on_the_ninth_day() {
    let mut model = model();
    did(&mut model, |call| call.opt_in(OPERATOR, FIRST, ONE / 4, true));
    did(&mut model, |call| call.stake(ALICE, TOKEN, 1_000, OPERATOR, ONE));
    did(&mut model, |call| call.raise_budget(OPERATOR, FIRST, ONE / 2));
    did(&mut model, freeze(FIRST, ONE / 100));
    let queue = |call: &mut Protocol| call.queue_withdrawal(ALICE, TOKEN, OPERATOR, 1_000_000);
    assert_eq!(model.transact(queue), Err(OperatorIsFrozen { operator: OPERATOR }.abi_encode()));
    model.wait(NOW + 9 * DAY);
    did(&mut model, queue);
    did(&mut model, |call| call.close_expired_request(0));
    model.wait(NOW + GRANT_NOTICE_SECONDS);
    let ends = NOW + GRANT_NOTICE_SECONDS + 9 * DAY;
    let pending = GrantPending { effectiveAt: ends }.abi_encode();
    assert_eq!(model.transact(|call| call.activate_grant(OPERATOR, FIRST)), Err(pending));
    model.wait(ends);
    did(&mut model, |call| call.activate_grant(OPERATOR, FIRST));
    assert_eq!(model.guarantee(OPERATOR, FIRST).0, ONE / 2);
}

#[test]
fn a_bucket_feels_each_slash_once_whatever_the_order() {
    let outcome = |order: [u64; 2]| {
        let mut model = model();
        did(&mut model, |call| call.opt_in(OPERATOR, FIRST, ONE / 2, true));
        did(&mut model, |call| call.opt_in(OPERATOR, SECOND, ONE / 4, true));
        did(&mut model, |call| call.stake(OPERATOR, TOKEN, 1_000, OPERATOR, ONE));
        did(&mut model, |call| call.stake(ALICE, TOKEN, 800, OPERATOR, ONE));
        // Queued in an epoch, slashed for a fault captured before its release, and for one captured at it.
        did(&mut model, |call| call.queue_withdrawal(ALICE, TOKEN, OPERATOR, 800_000_000));
        model.wait(NOW + 2 * EPOCH_SECONDS - DAY);
        did(&mut model, freeze(FIRST, ONE));
        model.wait(NOW + 2 * EPOCH_SECONDS);
        did(&mut model, freeze(SECOND, ONE));
        model.wait(NOW + 2 * EPOCH_SECONDS + CHALLENGE_PERIOD_SECONDS);
        for request in order {
            did(&mut model, |call| call.execute_slash(ALICE, request));
        }
        let bucket = Bag::pool(OPERATOR, TOKEN).bucket(NOW / EPOCH_SECONDS + 2);
        assert!(model.requests.all.iter().all(|request| request.state == State::Executed));
        (worth(&model, OPERATOR), model.ledger.worth(bucket, ALICE, model.now).1)
    };
    assert_eq!(outcome([0, 1]), (250, 400), "the bucket had matured when the second fault was captured");
    assert_eq!(outcome([1, 0]), (250, 400));
}

#[test]
fn evidence_is_about_the_past_and_a_rejected_one_uses_nothing_up() {
    let mut model = model();
    let key = Address::repeat_byte(9);
    let answers = |time: u64, signer: Address| {
        [1u8, 2].map(|answer| {
            let answer = U256::from(answer).into();
            Signed { message: Attestation { task: Default::default(), taskTime: time, answer }, signer }
        })
    };
    let accuse = |time: u64, signer: Address| {
        move |call: &mut Protocol| {
            let [first, second] = answers(time, signer);
            call.challenge(ALICE, U256::ZERO, 0, OPERATOR, &first, &second)
        }
    };
    did(&mut model, |call| call.opt_in(OPERATOR, MANAGER, ONE, true));
    did(&mut model, |call| call.stake(OPERATOR, TOKEN, 1_000, OPERATOR, ONE));
    did(&mut model, |call| call.register_operator(OPERATOR, 0, key, key));
    assert!(model.transact(accuse(NOW + 1, key)).is_err(), "there is no evidence about the future");
    did(&mut model, accuse(NOW, Address::repeat_byte(10)));
    assert!(!model.is_frozen(OPERATOR), "a key of nobody's proves nothing");
    did(&mut model, accuse(NOW, key));
    assert_eq!((model.is_frozen(OPERATOR), model.requests.all[0].wad), (true, ONE / 2));
    assert!(model.transact(accuse(NOW, key)).is_err(), "once");
}
