//! The views of risk, and a rule of admission by it, deployed for a service that exists.

use super::super::sending::Step;
use super::super::session::{Acting, Actor, Session};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use clap::Args;
use eyre::{Result, WrapErr, ensure};
use restake::amounts::{Amount, Fraction};
use restake::build::{self, Program};
use restake::suite::for_services::{self, AdmissionRule};
use restake::verbs::service::schedule_admission;

/// A rule of admission, which never changes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rule")]
pub(crate) struct NewRule {
    /// The highest utilisation of an operator that is admitted
    #[arg(long, value_name = "PART")]
    cap: Fraction,
    /// The ratio of profit to stake that every other service is taken to have; at most the cap
    #[arg(long, value_name = "PART")]
    assumed_ratio: Fraction,
    /// The part of the service's stake that corrupts it: the lowest threshold that anybody asks its quorum for
    #[arg(long, default_value = "66.67%", value_name = "PART")]
    threshold: Fraction,
    /// The stake below which nobody should rely on the service, in tokens that count in full
    #[arg(long, value_name = "AMOUNT")]
    counted_stake: Amount,
}

/// Deploys the views. Prints where they are.
pub(super) async fn deploy_views(acting: &Acting) -> Result<()> {
    let (session, actor) = sender(acting).await?;
    let programs = build_program("risk").await?;
    let views = for_services::risk(&session.chain, actor.address, &programs, session.suite.slasher).await?;
    print(&session, "views", views);
    Ok(())
}

/// Deploys a rule, and has the owner, who sends, name it: it holds after a notice of four epochs, and at once while
/// nobody serves.
pub(super) async fn deploy_admission(rule: &NewRule, acting: &Acting) -> Result<()> {
    let NewRule { cap, assumed_ratio, threshold, counted_stake } = rule;
    ensure!((1..=ONE).contains(&cap.0), "a cap of {cap} is not within 0 and 100%");
    ensure!(assumed_ratio.0 <= cap.0, "an assumed ratio of {assumed_ratio} is above the cap of {cap}");
    let (session, actor) = sender(acting).await?;
    let counted_stake = session.tokens(session.suite.token, actor.address, counted_stake).await?;
    let rule = AdmissionRule { cap: cap.0, assumed_ratio: assumed_ratio.0, threshold: threshold.0, counted_stake };
    let programs = build_program("risk-admission").await?;
    let service = session.suite.service;
    let manager = service.service_manager;
    let admission = for_services::risk_admission(&session.chain, actor.address, &programs, manager, rule).await?;
    print(&session, "admission", admission);
    let step = Step::new(format!("lets {admission} decide who signs"), &schedule_admission(&service, admission));
    session.perform(&actor, &acting.sending, vec![step]).await.wrap_err_with(|| {
        format!("it is deployed, and not named: `restake service schedule-admission {admission}` is the owner's")
    })
}

/// Who sends: a deployment is not written to a file.
async fn sender(acting: &Acting) -> Result<(Session, Actor)> {
    ensure!(acting.sending.unsigned.is_none(), "a deployment is sent: give a key instead of --unsigned");
    Session::act(acting).await
}

async fn build_program(name: &'static str) -> Result<Vec<Program>> {
    let build = move || build::build_these(&[name], true);
    tokio::task::spawn_blocking(build).await.wrap_err("the build was interrupted")?
}

fn print(session: &Session, what: &str, address: Address) {
    if session.json {
        println!("{}", serde_json::json!({ what: address }));
    } else {
        println!("{address}");
    }
}
