//! What owners of services do, and whoever pays an operator's stakers.

mod quorum;
mod risk;

use super::deploy::{self, DeployServiceCommand};
use super::evidence::{SignedAnswer, read};
use super::handing::{self, Handed};
use super::looking;
use super::operator::send;
use super::sending::Step;
use super::session::{Acting, Node, Session};
use alloy::primitives::Address;
use arithmetic::fault::MISCOMPUTATION;
use clap::{Args, Subcommand};
use eyre::Result;
use interfaces::IServiceManager::termsCall;
use restake::amounts::{Amount, Fraction};
use restake::verbs::service::{self, Terms};
use std::path::PathBuf;

/// Services.
#[derive(Debug, Subcommand)]
pub(crate) enum ServiceCommand {
    /// Deploy another service on the protocol of the deployment file
    #[command(after_help = "Example: restake service deploy --to mine.json --config mine-config.json --from bob")]
    Deploy(DeployServiceCommand),
    /// Begin a crate for a service of your own: its tasks, its operators, its consumer, and a test
    #[command(after_help = "Example: restake service new weather")]
    New(Handed),
    /// Deploy what decides wrong results of computations, and name it as the service's judge
    #[command(after_help = "Example: restake service deploy-bisection --bond 1 --clock 21600 --from owner")]
    DeployBisection(Handed),
    /// Deploy views of what operators, services and receipts risk
    #[command(after_help = "Example: restake service deploy-risk --from owner")]
    DeployRisk {
        #[command(flatten)]
        acting: Acting,
    },
    /// Deploy what admits only operators whose stake is not promised too often, and name it
    #[command(after_help = "Example: restake service deploy-admission --cap 90% --assumed-ratio 50% \
        --counted-stake 1000 --from owner")]
    DeployAdmission {
        #[command(flatten)]
        rule: risk::NewRule,
        #[command(flatten)]
        acting: Acting,
    },
    /// What faults cost, and what the service promises
    #[command(after_help = "Example: restake service terms")]
    Terms {
        #[command(flatten)]
        node: Node,
    },
    /// Who serves, and with what weight
    #[command(after_help = "Example: restake service operators")]
    Operators {
        #[command(flatten)]
        node: Node,
    },
    /// Announce other terms: they hold after a notice of five epochs
    #[command(after_help = "Example: restake service schedule-terms --equivocation 50% --recipient bob --from owner")]
    ScheduleTerms {
        #[command(flatten)]
        terms: NewTerms,
        #[command(flatten)]
        acting: Acting,
    },
    /// Name the contract that decides wrong results of computations, for good: before terms punish them
    #[command(after_help = "Example: restake service name-judge 0x.. --from owner")]
    NameJudge {
        /// A Bisection of this service
        judge: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Announce another profit from corruption and no other change of the terms: it holds after a notice of five epochs
    #[command(after_help = "Example: restake service declare-profit 120 --from owner")]
    DeclareProfit {
        /// What corrupting the service could earn at most, in tokens
        profit: Amount,
        #[command(flatten)]
        acting: Acting,
    },
    /// Announce who decides which operators sign: it holds after a notice
    #[command(after_help = "Example: restake service schedule-admission 0x.. --from owner")]
    ScheduleAdmission {
        /// The contract; `nobody` for none
        admission: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take announced terms back
    #[command(after_help = "Example: restake service cancel-terms --from owner")]
    CancelTerms {
        #[command(flatten)]
        acting: Acting,
    },
    /// Announce what one token of the suite counts: it holds after a notice
    #[command(after_help = "Example: restake service schedule-weight 100% --from owner")]
    ScheduleWeight {
        /// A part of its amount
        weight: Fraction,
        #[command(flatten)]
        acting: Acting,
    },
    /// Announce the stake that an operator needs: it holds after a notice
    #[command(after_help = "Example: restake service schedule-minimum-stake 32 --from owner")]
    ScheduleMinimumStake {
        /// In tokens that count in full
        stake: Amount,
        #[command(flatten)]
        acting: Acting,
    },
    /// Ask whether enough of the stake signed one answer
    #[command(after_help = "Example: restake service quorum --threshold 67% honest.json crooked.json")]
    Quorum {
        /// The part of the stake that is enough, in steps of 0.01%
        #[arg(long, default_value = "67%")]
        threshold: Fraction,
        /// Files with signed answers, as `attest` writes them
        #[arg(required = true, value_name = "FILE")]
        answers: Vec<PathBuf>,
        #[command(flatten)]
        node: Node,
    },
    /// Pay the stakers of an operator: it streams into the price of their shares
    #[command(after_help = "Example: restake service pay honest-op 1.5 --from owner")]
    Pay {
        /// Whose stakers
        operator: String,
        /// How many tokens
        amount: Amount,
        #[command(flatten)]
        acting: Acting,
    },
}

/// Terms.
#[derive(Debug, Args)]
#[command(next_help_heading = "Terms")]
pub(crate) struct NewTerms {
    /// What an equivocation costs, of what is left of the operator's budget; 0 switches it off
    #[arg(long, default_value = "0")]
    equivocation: Fraction,
    /// What it costs not to open a leaf; 0 switches it off
    #[arg(long, default_value = "0")]
    unavailability: Fraction,
    /// What a wrong result of a computation costs; 0 switches it off
    #[arg(long, default_value = "0")]
    miscomputation: Fraction,
    /// The challenger's part of a slash
    #[arg(long, default_value = "10%")]
    challenger_share: Fraction,
    /// What the service promises to pay, of the weighted stake in a year
    #[arg(long, default_value = "0")]
    reward_rate: Fraction,
    /// What the service says that corrupting it could earn at most, in tokens
    #[arg(long, default_value = "0")]
    profit_from_corruption: Amount,
    /// Who gets the rest of a slash
    #[arg(long)]
    recipient: String,
    /// Who may veto a slash
    #[arg(long, default_value = "nobody")]
    resolver: String,
}

pub(crate) async fn run(command: ServiceCommand) -> Result<()> {
    match command {
        ServiceCommand::Deploy(command) => deploy::run_service(command).await,
        ServiceCommand::New(handed) => handing::run(&handing::SERVICES, &["service", "new"], &handed),
        ServiceCommand::DeployBisection(handed) => {
            handing::run(&handing::SERVICES, &["service", "deploy-bisection"], &handed)
        }
        ServiceCommand::DeployRisk { acting } => risk::deploy_views(&acting).await,
        ServiceCommand::DeployAdmission { rule, acting } => risk::deploy_admission(&rule, &acting).await,
        ServiceCommand::Terms { node } => looking::terms(&Session::open(&node).await?).await,
        ServiceCommand::Operators { node } => looking::operators(&Session::open(&node).await?).await,
        ServiceCommand::ScheduleTerms { terms, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let profit = session.tokens(session.suite.token, actor.address, &terms.profit_from_corruption).await?;
            let terms = Terms {
                wads: [terms.equivocation.0, terms.unavailability.0, terms.miscomputation.0, 0],
                challenger_share: terms.challenger_share.0,
                reward_rate: terms.reward_rate.0,
                profit_from_corruption: profit,
                recipient: session.people.find(&terms.recipient)?,
                resolver: session.people.find(&terms.resolver)?,
            };
            let verb = service::schedule_terms(&session.suite.service, &terms);
            let step = Step::new("announces other terms".to_owned(), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ServiceCommand::NameJudge { judge, acting } => {
            send(&acting, |session, _| {
                let judge = session.people.find(&judge)?;
                let verb = service::name_judge(&session.suite.service, MISCOMPUTATION, judge);
                Ok(Step::new(format!("lets {judge} decide wrong results, for good"), &verb))
            })
            .await
        }
        ServiceCommand::DeclareProfit { profit, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let amount = session.tokens(session.suite.token, actor.address, &profit).await?;
            let service = session.suite.service;
            let terms = session.chain.view(service.service_manager, &termsCall {}).await?;
            let terms = Terms { profit_from_corruption: amount, ..Terms::of(&terms) };
            let verb = service::schedule_terms(&service, &terms);
            let step = Step::new(format!("declares a profit from corruption of {profit}"), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ServiceCommand::ScheduleAdmission { admission, acting } => {
            send(&acting, |session, _| {
                let admission = session.people.find(&admission)?;
                let verb = service::schedule_admission(&session.suite.service, admission);
                let what = match admission {
                    Address::ZERO => "lets everybody sign who has stake".to_owned(),
                    admission => format!("lets {admission} decide who signs"),
                };
                Ok(Step::new(what, &verb))
            })
            .await
        }
        ServiceCommand::CancelTerms { acting } => {
            send(&acting, |session, _| {
                let verb = service::cancel_terms(&session.suite.service);
                Ok(Step::new("takes announced terms back".to_owned(), &verb))
            })
            .await
        }
        ServiceCommand::ScheduleWeight { weight, acting } => {
            send(&acting, |session, _| {
                let verb = service::schedule_weight(&session.suite.service, session.suite.token, weight.0);
                Ok(Step::new(format!("lets the token count {weight}"), &verb))
            })
            .await
        }
        ServiceCommand::ScheduleMinimumStake { stake, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let minimum = session.tokens(session.suite.token, actor.address, &stake).await?;
            let verb = service::schedule_minimum_stake(&session.suite.service, minimum);
            let step = Step::new(format!("asks operators for {stake}"), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ServiceCommand::Quorum { threshold, answers, node } => {
            let session = Session::open(&node).await?;
            let read = answers.iter().map(|file| Ok(read::<SignedAnswer>(file, "signed answer")?.into()));
            quorum::ask(&session, threshold, read.collect::<Result<_>>()?).await
        }
        ServiceCommand::Pay { operator, amount, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let (token, operator) = (session.suite.token, session.people.find(&operator)?);
            let amount = session.tokens(token, actor.address, &amount).await?;
            let approval = session.approval(token, actor.address, session.suite.token_pool, amount).await?;
            let mut steps: Vec<Step> = approval.into_iter().collect();
            let what =
                format!("pays {} to the stakers of {}", session.written(amount).await?, session.people.name(operator));
            steps.push(Step::new(what, &service::pay(&session.suite, operator, amount)));
            session.perform(&actor, &acting.sending, steps).await
        }
    }
}
