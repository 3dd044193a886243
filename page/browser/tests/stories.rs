//! Each story is a file of `node:test` that says what it expects; all need the browser, so they take turns.

use eyre::Result;
use restake_page_browser::{bundle, chromium, picture, program, stories};
use restake_tests::npm::run;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// One browser at a time.
static TURN: Mutex<()> = Mutex::new(());

fn play(story: &str) -> Result<()> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (folder, file) = (stories()?, format!("tests/{story}.test.mjs"));
    let restake = program("restake")?;
    run(Command::new("node")
        .args(["--test", "--test-reporter=spec", &file])
        .env("CHROMIUM", chromium()?)
        .env("RESTAKE_PICTURE", picture(&restake)?)
        .env("RESTAKE", restake)
        .env("RESTAKE_PAGE", program("restake-page")?)
        .env("RESTAKE_BUNDLE", bundle()?)
        .current_dir(folder))
}

#[test]
fn a_staker_goes_in_and_out_by_clicks() -> Result<()> {
    play("staking")
}

#[test]
fn an_operator_joins_promises_more_and_leaves_by_clicks() -> Result<()> {
    play("operating")
}

#[test]
fn a_fault_is_proven_slashed_and_claimed_by_clicks() -> Result<()> {
    play("disputes")
}

#[test]
fn a_request_is_vetoed_by_its_resolver_alone_and_closed_by_anyone_by_clicks() -> Result<()> {
    play("resolving")
}

#[test]
fn data_is_asked_for_and_opened_or_its_keeper_frozen_by_clicks() -> Result<()> {
    play("availability")
}

#[test]
fn a_run_is_paid_turn_by_turn_by_clicks() -> Result<()> {
    play("turns")
}

#[test]
fn receipts_are_deposited_for_redeemed_and_claimed_by_clicks() -> Result<()> {
    play("receipts")
}

#[test]
fn wallets_that_decline_wait_or_remember_are_met() -> Result<()> {
    play("wallets")
}

#[test]
fn every_view_is_accessible_fits_a_phone_and_follows_the_node() -> Result<()> {
    play("views")
}

#[test]
fn figures_show_no_more_stake_and_no_less_risk_than_there_is() -> Result<()> {
    play("figures")
}
