//! What the owner of the protocol and its pausers do.

use super::operator::send;
use super::sending::Step;
use super::session::{Acting, Session};
use arithmetic::pause;
use clap::{Args, Subcommand, ValueEnum};
use eyre::Result;
use restake::amounts::Amount;
use restake::verbs::governance;

/// The owner of the protocol and its pausers.
#[derive(Debug, Subcommand)]
pub(crate) enum GovernanceCommand {
    /// Let a token be staked
    #[command(after_help = "Example: restake governance list 0x.. --cap 1000000 --from owner")]
    List {
        #[command(flatten)]
        limits: Limits,
        #[command(flatten)]
        acting: Acting,
    },
    /// Announce other limits of a token: they can be applied after a notice
    #[command(after_help = "Example: restake governance schedule-limits --cap 500 --outflow-percent 10 --from owner")]
    ScheduleLimits {
        #[command(flatten)]
        limits: Limits,
        #[command(flatten)]
        acting: Acting,
    },
    /// Apply announced limits when their notice has ended, by anyone
    #[command(after_help = "Example: restake governance apply-limits --from bob")]
    ApplyLimits {
        #[command(flatten)]
        which: Token,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take announced limits back
    #[command(after_help = "Example: restake governance cancel-limits --from owner")]
    CancelLimits {
        #[command(flatten)]
        which: Token,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take no new stake of a token; stake that is there leaves as always
    #[command(after_help = "Example: restake governance close --from owner")]
    Close {
        #[command(flatten)]
        which: Token,
        #[command(flatten)]
        acting: Acting,
    },
    /// Pause actions: exits for a week at most
    #[command(after_help = "Example: restake governance pause stake delegate --from owner")]
    Pause {
        /// Which
        #[arg(required = true)]
        actions: Vec<Action>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Let everything go on
    #[command(after_help = "Example: restake governance unpause --from owner")]
    Unpause {
        #[command(flatten)]
        acting: Acting,
    },
}

/// A token.
#[derive(Debug, Args)]
pub(crate) struct Token {
    /// Its address
    #[arg(default_value = "liquid-staking-token")]
    token: String,
}

/// A token and its limits.
#[derive(Debug, Args)]
pub(crate) struct Limits {
    #[command(flatten)]
    which: Token,
    /// The most that the protocol takes in
    #[arg(long)]
    cap: Amount,
    /// The part of the cap that one deposit may bring, in percent
    #[arg(long, default_value_t = 100)]
    deposit_percent: u8,
    /// The part of what is owed that may leave per epoch, in percent; 0 for no limit
    #[arg(long, default_value_t = 0)]
    outflow_percent: u8,
}

/// What can be paused.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Action {
    /// Staking
    Stake,
    /// Delegating
    Delegate,
    /// Queueing withdrawals
    Queue,
    /// Completing withdrawals
    Complete,
    /// Executing slashes
    Execute,
    /// Opting in
    OptIn,
}

impl Action {
    fn flag(self) -> u8 {
        match self {
            Self::Stake => pause::STAKE,
            Self::Delegate => pause::DELEGATE,
            Self::Queue => pause::QUEUE,
            Self::Complete => pause::COMPLETE,
            Self::Execute => pause::EXECUTE,
            Self::OptIn => pause::OPT_IN,
        }
    }
}

pub(crate) async fn run(command: GovernanceCommand) -> Result<()> {
    match command {
        GovernanceCommand::List { limits, acting } => set_limits(&limits, &acting, true).await,
        GovernanceCommand::ScheduleLimits { limits, acting } => set_limits(&limits, &acting, false).await,
        GovernanceCommand::ApplyLimits { which, acting } => {
            send(&acting, |session, _| {
                let verb = governance::apply_limits(&session.suite, session.people.find(&which.token)?);
                Ok(Step::new("applies the announced limits".to_owned(), &verb))
            })
            .await
        }
        GovernanceCommand::CancelLimits { which, acting } => {
            send(&acting, |session, _| {
                let verb = governance::cancel_limits(&session.suite, session.people.find(&which.token)?);
                Ok(Step::new("takes the announced limits back".to_owned(), &verb))
            })
            .await
        }
        GovernanceCommand::Close { which, acting } => {
            send(&acting, |session, _| {
                let verb = governance::close(&session.suite, session.people.find(&which.token)?);
                Ok(Step::new("closes a token for new stake".to_owned(), &verb))
            })
            .await
        }
        GovernanceCommand::Pause { actions, acting } => {
            send(&acting, |session, _| {
                let flags = actions.iter().fold(0, |flags, action| flags | action.flag());
                Ok(Step::new(format!("pauses {actions:?}"), &governance::pause(&session.suite, flags)))
            })
            .await
        }
        GovernanceCommand::Unpause { acting } => {
            send(&acting, |session, _| {
                Ok(Step::new("lets everything go on".to_owned(), &governance::unpause(&session.suite)))
            })
            .await
        }
    }
}

/// Lists a token with these limits, or announces them.
async fn set_limits(limits: &Limits, acting: &Acting, lists: bool) -> Result<()> {
    let (session, actor) = Session::act(acting).await?;
    let token = session.people.find(&limits.which.token)?;
    let cap = session.tokens(token, actor.address, &limits.cap).await?;
    let (deposit_percent, outflow_percent) = (limits.deposit_percent, limits.outflow_percent);
    let limits = governance::Limits { cap, deposit_percent, outflow_percent };
    let name = session.people.name(token);
    let step = if lists {
        Step::new(format!("lists {name}"), &governance::list(&session.suite, token, limits))
    } else {
        let verb = governance::schedule_limits(&session.suite, token, limits);
        Step::new(format!("announces other limits of {name}"), &verb)
    };
    session.perform(&actor, &acting.sending, vec![step]).await
}
