//! What holders of the liquid restaking receipt do.

use super::looking;
use super::operator::send;
use super::sending::Step;
use super::session::{Acting, Node, Session};
use clap::Subcommand;
use eyre::Result;
use restake::amounts::Amount;
use restake::verbs::receipt;

/// Holders of the receipt.
#[derive(Debug, Subcommand)]
pub(crate) enum ReceiptCommand {
    /// Put tokens behind new receipts
    #[command(after_help = "Example: restake receipt deposit 10 --stake --from alice")]
    Deposit {
        /// How many tokens
        amount: Amount,
        /// The fewest receipts to accept
        #[arg(long, default_value = "0")]
        min_shares: Amount,
        /// Have them staked at once, instead of waiting until somebody does
        #[arg(long)]
        stake: bool,
        #[command(flatten)]
        acting: Acting,
    },
    /// Burn receipts for their part of everything
    #[command(after_help = "Example: restake receipt redeem max --from alice")]
    Redeem {
        /// How many receipts
        shares: Amount,
        /// The least that they must be worth, with pending slashes
        #[arg(long, default_value = "0")]
        min_assets: Amount,
        #[command(flatten)]
        acting: Acting,
    },
    /// Have what a redemption is due paid to its account, by anyone
    #[command(after_help = "Example: restake receipt claim 0 --from bob")]
    Claim {
        /// Its number
        id: u64,
        #[command(flatten)]
        acting: Acting,
    },
    /// What a receipt is worth
    #[command(after_help = "Example: restake receipt rate")]
    Rate {
        #[command(flatten)]
        node: Node,
    },
}

pub(crate) async fn run(command: ReceiptCommand) -> Result<()> {
    match command {
        ReceiptCommand::Deposit { amount, min_shares, stake, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let (suite, recipient) = (session.suite, actor.address);
            let tokens = session.tokens(suite.token, recipient, &amount).await?;
            let least = session.tokens(suite.restaking_token, recipient, &min_shares).await?;
            let approval = session.approval(suite.token, recipient, suite.restaking_vault, tokens).await?;
            let mut steps: Vec<Step> = approval.into_iter().collect();
            let written = session.written(tokens).await?;
            steps.push(if stake {
                let verb = receipt::deposit_and_stake(&suite, tokens, recipient, least);
                Step::new(format!("deposits {written} and has them staked"), &verb)
            } else {
                Step::new(format!("deposits {written}"), &receipt::deposit(&suite, tokens, recipient, least))
            });
            session.perform(&actor, &acting.sending, steps).await
        }
        ReceiptCommand::Redeem { shares, min_assets, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let burned = session.tokens(session.suite.restaking_token, actor.address, &shares).await?;
            let least = session.tokens(session.suite.token, actor.address, &min_assets).await?;
            let verb = receipt::redeem(&session.suite, burned, least);
            let step = Step::new(format!("redeems {shares} receipts"), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ReceiptCommand::Claim { id, acting } => {
            send(&acting, |session, _| {
                Ok(Step::new(format!("claims redemption {id}"), &receipt::claim(&session.suite, id)))
            })
            .await
        }
        ReceiptCommand::Rate { node } => looking::rate(&Session::open(&node).await?).await,
    }
}
